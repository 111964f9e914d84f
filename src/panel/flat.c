/*
 * panel/flat.c
 *	  Opening a panel, and finding names in it.
 *
 * In: a panel in any form.  Out: a CiPanel in the current memory context, pointers
 * into the expanded form if that can be read as it lies, else into the flat one.
 * Nothing here runs long.
 */
#include "postgres.h"

#include "base/compat.h"
#include "panel/build.h"
#include "panel/flat.h"

/*
 * Say where the parts are.  The counts may be anything that 32 bits hold: sizes
 * are 64 bits wide and cannot overflow.
 */
CiPanelLayout
ci_panel_layout(const CiPanelFlat *header)
{
	CiPanelLayout at;

	StaticAssertStmt(sizeof(Size) >= 8, "sizes must be 64 bits wide");
	at.periods = sizeof(CiPanelFlat);
	at.period_units = at.periods + (Size) header->n_periods * sizeof(int32);
	at.rows = at.period_units + (Size) header->n_periods * sizeof(uint32);
	at.unit_at = at.rows + (Size) header->n_rows * sizeof(uint32);
	at.indicator_at = at.unit_at + (Size) header->n_units * sizeof(uint32);
	at.names = at.indicator_at + (Size) header->n_indicators * sizeof(uint32);
	at.cells = TYPEALIGN(sizeof(double), at.names + header->names_size);
	at.total = at.cells +
		(Size) header->n_rows * header->n_indicators * sizeof(double);
	return at;
}

static text **
open_names(char *names, const uint32 *at, uint32 n)
{
	text	  **result = palloc(Max(n, 1) * sizeof(text *));

	for (uint32 i = 0; i < n; i++)
		result[i] = (text *) (names + at[i]);
	return result;
}

static CiPanelPeriod *
open_periods(char *base, const CiPanelFlat *header, const CiPanelLayout *at)
{
	CiPanelPeriod *result = palloc(Max(header->n_periods, 1) * sizeof(CiPanelPeriod));
	const int32 *period = (const int32 *) (base + at->periods);
	const uint32 *n = (const uint32 *) (base + at->period_units);
	const uint32 *unit = (const uint32 *) (base + at->rows);
	const double *cells = (const double *) (base + at->cells);

	for (uint32 i = 0; i < header->n_periods; i++)
	{
		result[i].period = period[i];
		result[i].n = n[i];
		result[i].unit = unit;
		ci_panel_set_cells(&result[i], cells);
		unit += n[i];
		cells += (Size) n[i] * header->n_indicators;
	}
	return result;
}

static CiPanel *
open_flat(CiPanelFlat *flat)
{
	CiPanel    *result = palloc(sizeof(CiPanel));
	char	   *base = (char *) flat;
	CiPanelLayout at;

	if (VARSIZE(flat) < sizeof(CiPanelFlat) || flat->version != CI_PANEL_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("invalid panel: unknown version %d",
						VARSIZE(flat) < sizeof(CiPanelFlat) ? 0 : flat->version)));
	at = ci_panel_layout(flat);
	if (at.total != VARSIZE(flat))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("invalid panel: %zu bytes instead of %zu",
						(Size) VARSIZE(flat), at.total)));
	result->n_periods = flat->n_periods;
	result->n_units = flat->n_units;
	result->n_indicators = flat->n_indicators;
	result->n_rows = flat->n_rows;
	result->periods = open_periods(base, flat, &at);
	result->units = open_names(base + at.names,
							   (uint32 *) (base + at.unit_at), flat->n_units);
	result->indicators = open_names(base + at.names,
									(uint32 *) (base + at.indicator_at), flat->n_indicators);
	return result;
}

CiPanel *
ci_panel_open(Datum panel)
{
	const CiPanelBuild *build = ci_panel_build_of(panel);
	CiPanel    *view = build == NULL ? NULL : ci_panel_build_view(build);

	return view != NULL ? view : open_flat((CiPanelFlat *) PG_DETOAST_DATUM(panel));
}

CiPanel *
ci_panel_arg(FunctionCallInfo fcinfo, int argno)
{
	return ci_panel_open(PG_GETARG_DATUM(argno));
}

static int
find_name(text **names, uint32 n, const char *name, int len)
{
	uint32		low = 0;
	uint32		high = n;

	while (low < high)
	{
		uint32		mid = low + (high - low) / 2;
		int			c = ci_name_compare(VARDATA_ANY(names[mid]), VARSIZE_ANY_EXHDR(names[mid]),
										name, len);

		if (c == 0)
			return (int) mid;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

int
ci_panel_indicator(const CiPanel *panel, const char *name, int len)
{
	return find_name(panel->indicators, panel->n_indicators, name, len);
}

int
ci_panel_unit(const CiPanel *panel, const char *name, int len)
{
	return find_name(panel->units, panel->n_units, name, len);
}

int
ci_panel_period(const CiPanel *panel, int32 period)
{
	uint32		low = 0;
	uint32		high = panel->n_periods;

	while (low < high)
	{
		uint32		mid = low + (high - low) / 2;

		if (panel->periods[mid].period == period)
			return (int) mid;
		if (panel->periods[mid].period < period)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

int
ci_panel_period_named(const CiPanel *panel, int32 period)
{
	int			at = ci_panel_period(panel, period);

	if (at < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("panel has no period %d", period)));
	return at;
}

int
ci_panel_unit_arg(FunctionCallInfo fcinfo, int argno, const CiPanel *panel)
{
	text	   *name = PG_GETARG_TEXT_PP(argno);
	int			unit = ci_panel_unit(panel, VARDATA_ANY(name), (int) VARSIZE_ANY_EXHDR(name));

	if (unit < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("panel has no unit \"%s\"", text_to_cstring(name))));
	return unit;
}

static bool
are_same_names(text **a, text **b, uint32 n)
{
	for (uint32 i = 0; i < n; i++)
		if (VARSIZE_ANY(a[i]) != VARSIZE_ANY(b[i]) || memcmp(a[i], b[i], VARSIZE_ANY(a[i])) != 0)
			return false;
	return true;
}

static bool
are_same_periods(const CiPanelPeriod *a, const CiPanelPeriod *b, uint32 n_indicators)
{
	if (a->period != b->period || a->n != b->n ||
		memcmp(a->unit, b->unit, a->n * sizeof(uint32)) != 0)
		return false;
	for (uint32 j = 0; j < n_indicators; j++)
		if (memcmp(ci_panel_column(a, j), ci_panel_column(b, j), a->n * sizeof(double)) != 0)
			return false;
	return true;
}

bool
ci_panel_same(const CiPanel *a, const CiPanel *b)
{
	if (a->n_periods != b->n_periods || a->n_units != b->n_units ||
		a->n_indicators != b->n_indicators ||
		!are_same_names(a->units, b->units, a->n_units) ||
		!are_same_names(a->indicators, b->indicators, a->n_indicators))
		return false;
	for (uint32 p = 0; p < a->n_periods; p++)
		if (!are_same_periods(&a->periods[p], &b->periods[p], a->n_indicators))
			return false;
	return true;
}

int64
ci_panel_row(const CiPanelPeriod *period, uint32 unit)
{
	uint32		low = 0;
	uint32		high = period->n;

	while (low < high)
	{
		uint32		mid = low + (high - low) / 2;

		if (period->unit[mid] == unit)
			return mid;
		if (period->unit[mid] < unit)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}
