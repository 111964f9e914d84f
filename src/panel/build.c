/*
 * panel/build.c
 *	  The expanded form of a panel: a block of cells for each period, grown as rows
 *	  and indicators come.
 *
 * In: cells one by one, or whole panels.  Out: what panel/view.c reads.  All of it
 * lives in the expanded object's own memory context, a child of the one that asked
 * for it.  Rows come mostly in some order, so the unit, period and indicator that
 * follow the last ones are tried before any hash is computed.  Interrupts are
 * checked while blocks move and panels are merged; adding a cell takes no time.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "method/method.h"
#include "miscadmin.h"
#include "panel/expanded.h"
#include "panel/flat.h"
#include "utils/memutils.h"

#include "base/compat.h"

/* Periods by value. */
typedef struct PeriodEntry
{
	int32		period;
	uint32		number;
	char		status;
} PeriodEntry;

#define SH_PREFIX ci_period
#define SH_ELEMENT_TYPE PeriodEntry
#define SH_KEY_TYPE int32
#define SH_KEY period
#define SH_HASH_KEY(tb, key) murmurhash32((uint32) (key))
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DEFINE
#define SH_DECLARE
#include "lib/simplehash.h"

/*
 * Making one
 */

CiPanelBuild *
ci_panel_build_new(MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "ci.panel",
												  ALLOCSET_START_SMALL_SIZES);
	CiPanelBuild *build = MemoryContextAllocZero(context, sizeof(CiPanelBuild));

	EOH_init_header(&build->header, &ci_panel_build_methods, context);
	ci_panel_names_init(&build->units, context);
	ci_panel_names_init(&build->indicators, context);
	build->periods_capacity = 4;
	build->periods = MemoryContextAlloc(context,
										build->periods_capacity * sizeof(CiPanelRows));
	build->period_hash = ci_period_create(context, 4, NULL);
	return build;
}

CiPanelBuild *
ci_panel_build_copy(Datum panel, MemoryContext parent)
{
	CiPanelBuild *build = ci_panel_build_new(parent);

	ci_panel_build_merge(build, ci_panel_open(panel));
	return build;
}

/*
 * Growing it
 */

static uint32
next_capacity(uint32 capacity)
{
	return capacity < 1024 ? 2 * capacity : capacity + capacity / 2;
}

void
ci_panel_check_size(const CiPanelBuild *build, uint64 n_rows, uint64 n_indicators)
{
	if (n_indicators > CI_PANEL_MAX_INDICATORS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("panel has more than %d indicators", CI_PANEL_MAX_INDICATORS),
				 errhint("Aggregate one panel for each set of indicators, or score rows with ci.score.")));
	if (n_rows * (n_indicators * sizeof(double) + sizeof(uint32)) > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("panel exceeds the maximum size of a value"),
				 errdetail("%llu rows of %llu indicators do not fit into 1 GB.",
						   (unsigned long long) n_rows, (unsigned long long) n_indicators),
				 errhint("Aggregate one panel per period, or score rows with ci.score.")));
	if (build->units.size + build->indicators.size > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("panel exceeds the maximum size of a value"),
				 errdetail("The names of its units and indicators do not fit into 1 GB."),
				 errhint("Give units and indicators short codes for names.")));
}

uint32
ci_panel_build_unit(CiPanelBuild *build, const text *name)
{
	return ci_panel_names_number(&build->units, name, build->header.eoh_context);
}

static pg_attribute_always_inline uint32
find_indicator(CiPanelBuild *build, const text *name)
{
	uint32		before = build->indicators.n;
	uint32		number = ci_panel_names_number(&build->indicators, name, build->header.eoh_context);

	if (build->indicators.n != before)
		ci_panel_check_size(build, build->n_rows, build->indicators.n);
	return number;
}

uint32
ci_panel_build_indicator(CiPanelBuild *build, const text *name)
{
	return find_indicator(build, name);
}

static CiPanelRows *
add_period(CiPanelBuild *build, int32 period, PeriodEntry *entry)
{
	if (build->n_periods == build->periods_capacity)
	{
		build->periods_capacity = next_capacity(build->periods_capacity);
		build->periods = repalloc_huge(build->periods,
									   (Size) build->periods_capacity * sizeof(CiPanelRows));
	}
	entry->number = build->n_periods;
	ci_panel_rows_init(&build->periods[build->n_periods], period, build->header.eoh_context);
	return &build->periods[build->n_periods++];
}

static CiPanelRows *
find_period(CiPanelBuild *build, int32 period)
{
	PeriodEntry *entry;
	bool		found;

	if (build->at != NULL)
	{
		CiPanelRows *next = build->at + 1;

		if (next < build->periods + build->n_periods && next->period == period)
			return next;
	}
	entry = ci_period_insert(build->period_hash, period, &found);
	return found ? &build->periods[entry->number] : add_period(build, period, entry);
}

static uint32
add_row(CiPanelBuild *build, CiPanelRows *period, uint32 unit)
{
	ci_panel_check_size(build, build->n_rows + 1, build->indicators.n);
	build->n_rows++;
	return ci_panel_rows_add(period, unit, build->header.eoh_context);
}

/* Row of a unit in a period, made if it is new. */
static uint32
find_row(CiPanelBuild *build, CiPanelRows *period, uint32 unit)
{
	uint32		row = ci_panel_rows_find(period, unit, build->header.eoh_context);

	return row == CI_NO_ROW ? add_row(build, period, unit) : row;
}

/*
 * Turn a period to another unit.  The next row is tried first if the last unit's
 * was the next one too; where rows come in no order, a look at its name would be
 * one more wait for memory.
 */
static void
turn_period(CiPanelBuild *build, CiPanelRows *at, const text *unit)
{
	uint32		row = at->last + 1;
	uint32		number;

	if (at->in_order && row < at->n &&
		ci_same_name(build->units.name[at->unit[row]], unit))
		number = at->unit[row];
	else
	{
		number = ci_panel_build_unit(build, unit);
		row = find_row(build, at, number);
		at->in_order = row == at->last + 1;
	}
	at->last = row;
	at->name = build->units.name[number];
}

static pg_attribute_always_inline void
turn_to_row(CiPanelBuild *build, const text *unit, int32 period)
{
	CiPanelRows *at = build->at;

	if (at == NULL || at->period != period)
		at = find_period(build, period);
	if (at->name == NULL || !ci_same_name(at->name, unit))
		turn_period(build, at, unit);
	build->at = at;
	build->row = at->last;
}

void
ci_panel_build_row(CiPanelBuild *build, const text *unit, int32 period)
{
	turn_to_row(build, unit, period);
}

uint32
ci_panel_build_row_number(const CiPanelBuild *build)
{
	return build->row;
}

void
ci_panel_build_turn(CiPanelBuild *build, uint32 row)
{
	build->row = row;
}

/* A cell of the row turned to; its column is made if it is new. */
static inline double *
get_cell(CiPanelBuild *build, uint32 indicator, uint32 row)
{
	if (indicator >= build->at->n_columns)
		ci_panel_rows_columns(build->at, build->indicators.n, build->header.eoh_context);
	return ci_panel_rows_cell(build->at, indicator, row);
}

/* Name, in an error, the cell that is being set. */
static char *
describe_cell(const CiPanelBuild *build, uint32 indicator)
{
	return psprintf("Unit \"%s\", period %d, indicator \"%s\"",
					text_to_cstring(build->units.name[build->at->unit[build->row]]),
					build->at->period, text_to_cstring(build->indicators.name[indicator]));
}

static void
report_not_finite(const CiPanelBuild *build, uint32 indicator, double value)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("value is not finite"),
			 errdetail("%s: %g.", describe_cell(build, indicator), value),
			 errhint("Use NULL for a missing value.")));
}

static void
report_duplicate(const CiPanelBuild *build, uint32 indicator, double there, double value)
{
	ereport(ERROR,
			(errcode(ERRCODE_UNIQUE_VIOLATION),
			 errmsg("duplicate observation"),
			 errdetail("%s: %g and %g.", describe_cell(build, indicator), there, value),
			 errhint("Aggregate the rows first.")));
}

static inline void
put_cell(CiPanelBuild *build, uint32 indicator, double value)
{
	double	   *cell = get_cell(build, indicator, build->row);

	if (!ci_is_missing(*cell))
		report_duplicate(build, indicator, *cell, value);
	*cell = value + 0.0;		/* -0 becomes 0 */
}

static inline void
set_cell(CiPanelBuild *build, uint32 indicator, double value)
{
	if (!isfinite(value))
		report_not_finite(build, indicator, value);
	put_cell(build, indicator, value);
}

void
ci_panel_build_cell(CiPanelBuild *build, uint32 indicator, double value)
{
	set_cell(build, indicator, value);
}

const uint32 *
ci_panel_build_kept_numbers(const CiPanelBuild *build, const struct varlena *array)
{
	return build->array != NULL && VARSIZE(build->array) == VARSIZE(array) &&
		memcmp(build->array, array, VARSIZE(array)) == 0 ? build->numbers : NULL;
}

void
ci_panel_build_keep_numbers(CiPanelBuild *build, const struct varlena *array,
							const uint32 *numbers, int n)
{
	MemoryContext context = build->header.eoh_context;

	if (build->array != NULL)
	{
		pfree(build->array);
		pfree(build->numbers);
		build->array = NULL;
	}
	build->numbers = MemoryContextAlloc(context, Max(n, 1) * sizeof(uint32));
	memcpy(build->numbers, numbers, n * sizeof(uint32));
	build->array = MemoryContextAlloc(context, VARSIZE(array));
	memcpy(build->array, array, VARSIZE(array));
}

void
ci_panel_build_cells(CiPanelBuild *build, const uint32 *indicators, int n,
					 const double *values, const bits8 *present)
{
	for (int i = 0; i < n; i++)
		if (present == NULL || (present[i / 8] & (1 << (i % 8))) != 0)
			set_cell(build, indicators[i], *values++);
}

void
ci_panel_build_observe(CiPanelBuild *build, const text *unit, int32 period,
					   const text *indicator, NullableDatum value)
{
	uint32		number;

	turn_to_row(build, unit, period);
	number = find_indicator(build, indicator);
	if (!value.isnull)
		set_cell(build, number, DatumGetFloat8(value.value));
}

/*
 * Merging
 */

/* Find the rows of units one by one, or make them. */
static void
find_few_rows(CiPanelBuild *build, CiPanelRows *period, const CiPanelPeriod *from,
			  const uint32 *unit, uint32 *row)
{
	for (uint32 i = 0; i < from->n; i++)
		row[i] = find_row(build, period, unit[from->unit[i]]);
}

/* The same of many, with each unit's row at hand. */
static void
find_many_rows(CiPanelBuild *build, CiPanelRows *period, const CiPanelPeriod *from,
			   const uint32 *unit, uint32 *row)
{
	uint32	   *row_of = palloc_extended(build->units.n * sizeof(uint32), MCXT_ALLOC_HUGE);
	uint32		n_new = 0;

	memset(row_of, 0xFF, build->units.n * sizeof(uint32));	/* CI_NO_ROW */
	for (uint32 i = 0; i < period->n; i++)
		row_of[period->unit[i]] = i;
	for (uint32 i = 0; i < from->n; i++)
	{
		row[i] = row_of[unit[from->unit[i]]];
		n_new += row[i] == CI_NO_ROW;
	}
	ci_panel_check_size(build, build->n_rows + n_new, build->indicators.n);
	ci_panel_rows_reserve(period, n_new, build->header.eoh_context);
	for (uint32 i = 0; i < from->n; i++)
		if (row[i] == CI_NO_ROW)
			row[i] = add_row(build, period, unit[from->unit[i]]);
	pfree(row_of);
}

/* Find the rows of a period's units, given by number, or make them. */
static uint32 *
find_rows(CiPanelBuild *build, CiPanelRows *period, const CiPanelPeriod *from, const uint32 *unit)
{
	uint32	   *row = palloc_extended(Max(from->n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);

	if (from->n < build->units.n / 16)
		find_few_rows(build, period, from, unit, row);
	else
		find_many_rows(build, period, from, unit, row);
	return row;
}

/* Set n cells of an indicator, from a row on, to what is not missing of a column. */
static void
merge_cells(CiPanelBuild *build, uint32 indicator, uint32 row, const double *cells, uint32 n)
{
	double	   *to = get_cell(build, indicator, row);

	for (uint32 i = 0; i < n; i++)
	{
		if (ci_is_missing(cells[i]))
			continue;
		if (!ci_is_missing(to[i]))
		{
			build->row = row + i;
			report_duplicate(build, indicator, to[i], cells[i]);
		}
		to[i] = cells[i];
	}
}

/* Names are looked up once for each unit, and cells go in runs of rows. */
void
ci_panel_build_merge(CiPanelBuild *build, const CiPanel *panel)
{
	uint32	   *indicator = palloc(Max(panel->n_indicators, 1) * sizeof(uint32));
	uint32	   *unit = palloc_extended(Max(panel->n_units, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);

	for (uint32 j = 0; j < panel->n_indicators; j++)
		indicator[j] = ci_panel_build_indicator(build, panel->indicators[j]);
	for (uint32 u = 0; u < panel->n_units; u++)
		unit[u] = ci_panel_build_unit(build, panel->units[u]);
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		const CiPanelPeriod *from = &panel->periods[p];
		uint32	   *row;

		build->at = find_period(build, from->period);
		row = find_rows(build, build->at, from, unit);
		for (uint32 start = 0, end; start < from->n; start = end)
		{
			end = start + 1;
			while (end < from->n && row[end] == row[end - 1] + 1)
				end++;
			CHECK_FOR_INTERRUPTS();
			for (uint32 j = 0; j < panel->n_indicators; j++)
				merge_cells(build, indicator[j], row[start], ci_panel_column(from, j) + start,
							end - start);
		}
		pfree(row);
	}
	pfree(unit);
	pfree(indicator);
}
