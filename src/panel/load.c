/*
 * panel/load.c
 *	  A panel on its way in: names, periods, rows and cells as they come.
 *
 * In: what a reader of text or bytes has found.  Out: a flat panel, or an error.
 * It is built as an aggregate would, so that it is canonical; no more is allocated
 * than in proportion to what has come.
 */
#include "postgres.h"

#include "panel/load.h"
#include "utils/builtins.h"

void
ci_panel_reject(const CiPanelLoad *load, const char *reason)
{
	ereport(ERROR,
			(errcode(load->sqlstate),
			 errmsg("invalid panel: %s", reason)));
}

void
ci_panel_load_start(CiPanelLoad *load, int sqlstate)
{
	memset(load, 0, sizeof(CiPanelLoad));
	load->sqlstate = sqlstate;
	load->build = ci_panel_build_new(CurrentMemoryContext);
	load->units_capacity = load->rows_capacity = 16;
	load->unit = palloc(load->units_capacity * sizeof(text *));
	load->row = palloc(load->rows_capacity * sizeof(uint32));
}

void
ci_panel_load_indicator(CiPanelLoad *load, const char *name, int len)
{
	if (ci_panel_build_indicator(load->build, cstring_to_text_with_len(name, len)) !=
		load->n_indicators)
		ci_panel_reject(load, "an indicator is named twice");
	load->n_indicators++;
}

void
ci_panel_load_unit(CiPanelLoad *load, const char *name, int len)
{
	if (load->n_units == load->units_capacity)
	{
		load->units_capacity *= 2;
		load->unit = repalloc_huge(load->unit, (Size) load->units_capacity * sizeof(text *));
	}
	load->unit[load->n_units] = cstring_to_text_with_len(name, len);
	if (ci_panel_build_unit(load->build, load->unit[load->n_units]) != load->n_units)
		ci_panel_reject(load, "a unit is named twice");
	load->n_units++;
}

void
ci_panel_load_period(CiPanelLoad *load, int32 period)
{
	if (load->used == NULL)
		load->used = palloc_extended(Max(load->n_units, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (load->any_period && period <= load->period)
		ci_panel_reject(load, "periods are not in ascending order");
	load->any_period = true;
	load->period = period;
	load->n_rows = 0;
	load->last_unit = -1;
}

void
ci_panel_load_row(CiPanelLoad *load, int64 unit)
{
	if (unit <= load->last_unit || unit >= load->n_units)
		ci_panel_reject(load, "the units of a period are not ascending numbers of units");
	if (load->n_rows == load->rows_capacity)
	{
		load->rows_capacity *= 2;
		load->row = repalloc_huge(load->row, (Size) load->rows_capacity * sizeof(uint32));
	}
	ci_panel_build_row(load->build, load->unit[unit], load->period);
	load->row[load->n_rows++] = ci_panel_build_row_number(load->build);
	load->used[unit] = true;
	load->last_unit = unit;
}

CiPanelFlat *
ci_panel_load_end(CiPanelLoad *load)
{
	if (!load->any_period)
		ci_panel_reject(load, "it has no periods");
	for (uint32 i = 0; i < load->n_units; i++)
		if (!load->used[i])
			ci_panel_reject(load, "a unit is in no period");
	return ci_panel_build_flat(load->build);
}
