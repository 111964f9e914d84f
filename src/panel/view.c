/*
 * panel/view.c
 *	  Reading the expanded form of a panel: its flat form, or as it lies.
 *
 * In: a panel that was built.  Out: the canonical flat form, or, once its rows are
 * settled in the same order, an open panel that points into the expanded form, so
 * that a large panel is not copied to be ranked.  Interrupts are checked between
 * columns.
 */
#include "postgres.h"

#include "base/memory.h"
#include "base/sort.h"
#include "method/method.h"
#include "miscadmin.h"
#include "panel/expanded.h"
#include "panel/flat.h"
#include "utils/memutils.h"

#include "base/compat.h"

static Size get_flat_size(ExpandedObjectHeader *header);
static void flatten_into(ExpandedObjectHeader *header, void *result, Size size);

const ExpandedObjectMethods ci_panel_build_methods = {get_flat_size, flatten_into};

/*
 * Flat
 */

static CiPanelFlat
flat_header(const CiPanelBuild *build)
{
	CiPanelFlat flat;
	Size		total;

	ci_panel_check_size(build, build->n_rows, build->indicators.n);
	memset(&flat, 0, sizeof(flat));
	flat.version = CI_PANEL_VERSION;
	flat.n_periods = build->n_periods;
	flat.n_units = build->units.n;
	flat.n_indicators = build->indicators.n;
	flat.n_rows = (uint32) build->n_rows;
	flat.names_size = (uint32) (build->units.size + build->indicators.size);
	total = ci_panel_layout(&flat).total;
	if (total > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("panel exceeds the maximum size of a value"),
				 errdetail("Its %zu bytes are more than 1 GB.", total),
				 errhint("Aggregate one panel per period, or score rows with ci.score.")));
	SET_VARSIZE(&flat, total);
	return flat;
}

void
ci_panel_build_counts(const CiPanelBuild *build, CiPanelFlat *counts)
{
	*counts = flat_header(build);
}

static Size
get_flat_size(ExpandedObjectHeader *header)
{
	CiPanelFlat flat = flat_header((CiPanelBuild *) header);

	return VARSIZE(&flat);
}

static int
compare_periods(const void *a, const void *b, void *periods)
{
	int32		x = ((CiPanelRows *) periods)[*(const uint32 *) a].period;
	int32		y = ((CiPanelRows *) periods)[*(const uint32 *) b].period;

	return x < y ? -1 : x > y;
}

/*
 * Write a period: its units in order into unit[], its cells by indicator into
 * cells.  place is each unit's place in the order of names.
 */
static void
flatten_period(const CiPanelRows *period, const uint32 *place, const uint32 *indicators,
			   uint32 n_indicators, uint32 *unit, double *cells)
{
	uint32	   *order = ci_panel_rows_order(period, place, unit);

	for (uint32 j = 0; j < n_indicators; j++, cells += period->n)
	{
		CHECK_FOR_INTERRUPTS();
		if (indicators[j] < period->n_columns)
			ci_panel_rows_gather(period, indicators[j], order, cells);
		else
			ci_panel_make_missing(cells, period->n);
	}
	if (order != NULL)
		pfree(order);
}

/*
 * Write the flat form.  Scratch space is the object's own: the caller's context
 * may be one, as a sort's, whose chunks cannot be freed.
 */
static void
flatten_into(ExpandedObjectHeader *header, void *result, Size size)
{
	CiPanelBuild *build = (CiPanelBuild *) header;
	MemoryContext caller = MemoryContextSwitchTo(build->header.eoh_context);
	CiPanelFlat *flat = (CiPanelFlat *) result;
	CiPanelFlat counts = flat_header(build);
	CiPanelLayout at = ci_panel_layout(&counts);
	char	   *base = (char *) result;
	uint32	   *units = ci_panel_names_order(&build->units);
	uint32	   *indicators = ci_panel_names_order(&build->indicators);
	uint32	   *periods = ci_order(build->n_periods, compare_periods, build->periods);
	uint32	   *place = palloc_extended(Max(build->units.n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	uint32	   *unit = (uint32 *) (base + at.rows);
	double	   *cells = (double *) (base + at.cells);
	Size		offset;

	Assert(size == at.total);
	ci_memory_huge(result, size);
	memset(base, 0, at.cells);
	*flat = counts;
	offset = ci_panel_names_flatten(&build->units, units, base + at.names, 0,
									(uint32 *) (base + at.unit_at));
	ci_panel_names_flatten(&build->indicators, indicators, base + at.names, offset,
						   (uint32 *) (base + at.indicator_at));
	for (uint32 i = 0; i < build->units.n; i++)
		place[units[i]] = i;
	for (uint32 p = 0; p < build->n_periods; p++)
	{
		const CiPanelRows *period = &build->periods[periods[p]];

		((int32 *) (base + at.periods))[p] = period->period;
		((uint32 *) (base + at.period_units))[p] = period->n;
		flatten_period(period, place, indicators, build->indicators.n, unit, cells);
		unit += period->n;
		cells += (Size) period->n * build->indicators.n;
	}
	pfree(place);
	pfree(periods);
	pfree(indicators);
	pfree(units);
	MemoryContextSwitchTo(caller);
}

CiPanelFlat *
ci_panel_build_flat(CiPanelBuild *build)
{
	Size		size = get_flat_size(&build->header);
	void	   *result = palloc(size);

	flatten_into(&build->header, result, size);
	return result;
}

/*
 * As it lies
 */

/* Do rows lie as in a flat panel? */
static bool
is_in_order(const CiPanelBuild *build)
{
	if (!build->units.in_order)
		return false;
	for (uint32 p = 0; p < build->n_periods; p++)
		if (!build->periods[p].is_ascending)
			return false;
	return true;
}

/* Lay units, and the rows of all periods, in the order of names. */
static void
put_in_order(CiPanelBuild *build)
{
	uint32	   *order = ci_panel_names_order(&build->units);
	uint32	   *place = palloc_extended(Max(build->units.n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < build->units.n; i++)
		place[order[i]] = i;
	ci_panel_names_sort(&build->units, order);
	for (uint32 p = 0; p < build->n_periods; p++)
		ci_panel_rows_sort(&build->periods[p], place);
	build->at = NULL;
	pfree(place);
	pfree(order);
}

void
ci_panel_build_settle(CiPanelBuild *build)
{
	MemoryContext caller = MemoryContextSwitchTo(build->header.eoh_context);

	(void) flat_header(build);	/* too large is too large, flat or not */
	if (!is_in_order(build))
		put_in_order(build);
	for (uint32 p = 0; p < build->n_periods; p++)
	{
		CHECK_FOR_INTERRUPTS();
		ci_panel_rows_settle(&build->periods[p], build->indicators.n, build->header.eoh_context);
	}
	MemoryContextSwitchTo(caller);
}

/* Has, besides, every period all columns? */
static bool
is_settled(const CiPanelBuild *build)
{
	for (uint32 p = 0; p < build->n_periods; p++)
		if (build->periods[p].n_columns < build->indicators.n)
			return false;
	return is_in_order(build);
}

static CiPanelPeriod *
view_periods(const CiPanelBuild *build, const uint32 *column)
{
	uint32	   *order = ci_order(build->n_periods, compare_periods, build->periods);
	CiPanelPeriod *result = palloc(Max(build->n_periods, 1) * sizeof(CiPanelPeriod));

	for (uint32 p = 0; p < build->n_periods; p++)
	{
		const CiPanelRows *rows = &build->periods[order[p]];

		result[p] = (CiPanelPeriod)
			{
			.period = rows->period, .n = rows->n, .unit = rows->unit,
				.cells = rows->cells, .stride = rows->stride, .column = column
			};
	}
	pfree(order);
	return result;
}

CiPanel *
ci_panel_build_view(const CiPanelBuild *build)
{
	CiPanel    *result;
	uint32	   *column;

	if (!is_settled(build))
		return NULL;
	result = palloc(sizeof(CiPanel));
	column = ci_panel_names_order(&build->indicators);
	result->n_periods = build->n_periods;
	result->n_units = build->units.n;
	result->n_indicators = build->indicators.n;
	result->n_rows = build->n_rows;
	result->periods = view_periods(build, column);
	result->units = build->units.name;
	result->indicators = palloc(Max(build->indicators.n, 1) * sizeof(text *));
	for (uint32 j = 0; j < build->indicators.n; j++)
		result->indicators[j] = build->indicators.name[column[j]];
	return result;
}
