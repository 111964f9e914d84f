/*
 * panel_build.c
 *	  The expanded form of a panel: a column of cells for each period and
 *	  indicator, grown in place.
 *
 * In: cells one by one, or whole panels.  Out: the canonical flat form.  All of
 * it lives in the expanded object's own memory context, a child of the one
 * that asked for it.  Rows come mostly in some order, so the unit, period and
 * indicator that follow the last ones are tried before any hash is computed.
 * Interrupts are checked while flattening; adding a cell takes no time.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "memory.h"
#include "miscadmin.h"
#include "panel_build.h"
#include "panel_flat.h"
#include "panel_names.h"
#include "sort.h"
#include "method/method.h"
#include "utils/expandeddatum.h"
#include "utils/memutils.h"

#include "compat.h"

/* Periods by value, and rows of a period by unit. */
typedef struct NumberEntry
{
	uint32		key;
	uint32		number;
	char		status;
} NumberEntry;

#define SH_PREFIX number_hash
#define SH_ELEMENT_TYPE NumberEntry
#define SH_KEY_TYPE uint32
#define SH_KEY key
#define SH_HASH_KEY(tb, key) murmurhash32(key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DEFINE
#define SH_DECLARE
#include "lib/simplehash.h"

/*
 * Cells of a column that lie together.  A column grows by segments, so that its
 * cells never move; only one that has no more than these is copied to grow.
 * Segments of that size are cut from slabs, each twice the one before.
 */
#define SEGMENT 1024
#define SLAB_MIN (128 * 1024)
#define SLAB_MAX (32 * 1024 * 1024)

typedef struct Column
{
	uint32		n_segments;
	double	  **segment;		/* each is NULL until its first value */
} Column;

typedef struct Period
{
	int32		period;
	uint32		n;				/* rows */
	uint32		capacity;		/* for rows in unit[] */
	uint32		segment_size;	/* cells for which a segment has room */
	uint32		last;			/* row turned to last … */
	const text *name;			/* … and its unit's, NULL before the first */
	bool		in_order;		/* was it the one after that before? */
	uint32	   *unit;			/* each row's unit */
	bool		is_ascending;	/* unit[] */
	number_hash_hash *rows;		/* by unit; NULL while bisection finds them */
	uint32		n_columns;
	Column	   *column;			/* by indicator */
} Period;

struct CiPanelBuild
{
	ExpandedObjectHeader header;
	CiPanelNames units;
	CiPanelNames indicators;
	uint32		n_periods;
	uint32		periods_capacity;
	Period	   *periods;
	number_hash_hash *period_hash;
	uint64		n_rows;
	Period	   *at;				/* the row turned to */
	uint32		row;
	struct varlena *array;		/* of indicators, whose numbers are kept */
	uint32	   *numbers;
	char	   *slab;			/* what is left of it */
	Size		slab_left;
	Size		slab_size;
};

static Size get_flat_size(ExpandedObjectHeader *header);
static void flatten_into(ExpandedObjectHeader *header, void *result, Size size);

const ExpandedObjectMethods ci_panel_build_methods = {get_flat_size, flatten_into};

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
										build->periods_capacity * sizeof(Period));
	build->period_hash = number_hash_create(context, 4, NULL);
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

static void
check_size(const CiPanelBuild *build, uint64 n_rows, uint64 n_indicators)
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
		check_size(build, build->n_rows, build->indicators.n);
	return number;
}

uint32
ci_panel_build_indicator(CiPanelBuild *build, const text *name)
{
	return find_indicator(build, name);
}

static Period *
add_period(CiPanelBuild *build, int32 value, NumberEntry *entry)
{
	Period	   *period;

	if (build->n_periods == build->periods_capacity)
	{
		build->periods_capacity = next_capacity(build->periods_capacity);
		build->periods = repalloc_huge(build->periods,
									   (Size) build->periods_capacity * sizeof(Period));
	}
	entry->number = build->n_periods;
	period = &build->periods[build->n_periods++];
	memset(period, 0, sizeof(Period));
	period->period = value;
	period->capacity = 4;
	period->segment_size = 4;
	period->is_ascending = true;
	period->unit = MemoryContextAlloc(build->header.eoh_context,
									  period->capacity * sizeof(uint32));
	return period;
}

static Period *
find_period(CiPanelBuild *build, int32 value)
{
	NumberEntry *entry;
	bool		found;

	if (build->at != NULL)
	{
		Period	   *next = build->at + 1;

		if (next < build->periods + build->n_periods && next->period == value)
			return next;
	}
	entry = number_hash_insert(build->period_hash, (uint32) value, &found);
	return found ? &build->periods[entry->number] : add_period(build, value, entry);
}

static void
make_missing(double *cell, uint32 n)
{
	for (uint32 i = 0; i < n; i++)
		cell[i] = CI_MISSING;
}

/* Give the segments, of which there is one at most in each column, twice the room. */
static void
grow_segments(Period *period)
{
	uint32		size = period->segment_size;

	for (uint32 j = 0; j < period->n_columns; j++)
	{
		double	  **segment = period->column[j].segment;

		if (segment == NULL)
			continue;
		segment[0] = repalloc(segment[0], 2 * size * sizeof(double));
		make_missing(segment[0] + size, size);
	}
	period->segment_size = 2 * size;
}

static uint32
add_row(CiPanelBuild *build, Period *period, uint32 unit)
{
	check_size(build, build->n_rows + 1, build->indicators.n);
	if (period->n == period->segment_size && period->n < SEGMENT)
		grow_segments(period);
	if (period->n == period->capacity)
	{
		period->capacity = next_capacity(period->capacity);
		period->unit = repalloc_huge(period->unit, (Size) period->capacity * sizeof(uint32));
	}
	period->is_ascending &= period->n == 0 || unit > period->unit[period->n - 1];
	period->unit[period->n] = unit;
	build->n_rows++;
	return period->n++;
}

/* From now on find the period's rows by hash. */
static void
hash_rows(CiPanelBuild *build, Period *period)
{
	bool		found;

	period->rows = number_hash_create(build->header.eoh_context, 2 * period->n, NULL);
	for (uint32 i = 0; i < period->n; i++)
		number_hash_insert(period->rows, period->unit[i], &found)->number = i;
}

/*
 * Row of a unit in a period, made if it is new.  Units mostly come in the order
 * in which they were first seen, and a row is then found by bisection.
 */
static uint32
find_row(CiPanelBuild *build, Period *period, uint32 unit)
{
	NumberEntry *entry;
	bool		found;

	if (period->rows == NULL && period->is_ascending)
	{
		uint32		low = 0;
		uint32		high = period->n;

		if (high == 0 || unit > period->unit[high - 1])
			return add_row(build, period, unit);
		while (low < high)
		{
			uint32		mid = low + (high - low) / 2;

			if (period->unit[mid] < unit)
				low = mid + 1;
			else
				high = mid;
		}
		if (period->unit[low] == unit)
			return low;
	}
	if (period->rows == NULL)
		hash_rows(build, period);
	entry = number_hash_insert(period->rows, unit, &found);
	if (!found)
		entry->number = add_row(build, period, unit);
	return entry->number;
}

/*
 * Turn a period to another unit.  The next row is tried first if the last unit's
 * was the next one too; where rows come in no order, a look at its name would be
 * one more wait for memory.
 */
static void
turn_period(CiPanelBuild *build, Period *at, const text *unit)
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
	Period	   *at = build->at;

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

static void
add_columns(CiPanelBuild *build, Period *period, uint32 indicator)
{
	uint32		n = Max(next_capacity(Max(period->n_columns, 4)), indicator + 1);

	n = Min(n, CI_PANEL_MAX_INDICATORS);
	if (period->column == NULL)
		period->column = MemoryContextAlloc(build->header.eoh_context, n * sizeof(Column));
	else
		period->column = repalloc(period->column, n * sizeof(Column));
	memset(period->column + period->n_columns, 0,
		   (n - period->n_columns) * sizeof(Column));
	period->n_columns = n;
}

/*
 * Room for the cells of a segment.  Columns are filled side by side: a cache line
 * between segments keeps the lines that are filled at a time in different parts of
 * the cache.
 */
static double *
alloc_segment(CiPanelBuild *build, uint32 n)
{
	Size		size = n * sizeof(double) + 64;
	double	   *segment;

	if (n < SEGMENT)
		return MemoryContextAlloc(build->header.eoh_context, n * sizeof(double));
	if (build->slab_left < size)
	{
		build->slab_size = Max(SLAB_MIN, Min(2 * build->slab_size, SLAB_MAX));
		build->slab_left = build->slab_size;
		build->slab = MemoryContextAlloc(build->header.eoh_context, build->slab_size);
		ci_memory_huge(build->slab, build->slab_size);
	}
	segment = (double *) build->slab;
	build->slab += size;
	build->slab_left -= size;
	return segment;
}

/* Make a segment of an indicator's column, all of it missing. */
static void
add_segment(CiPanelBuild *build, Period *period, uint32 indicator, uint32 number)
{
	MemoryContext context = build->header.eoh_context;
	Column	   *column;

	if (indicator >= period->n_columns)
		add_columns(build, period, indicator);
	column = &period->column[indicator];
	if (number >= column->n_segments)
	{
		uint32		n = number == 0 ? 1 : Max(2 * column->n_segments, number + 1);

		if (column->segment == NULL)
			column->segment = MemoryContextAlloc(context, n * sizeof(double *));
		else
			column->segment = repalloc(column->segment, n * sizeof(double *));
		memset(column->segment + column->n_segments, 0,
			   (n - column->n_segments) * sizeof(double *));
		column->n_segments = n;
	}
	column->segment[number] = alloc_segment(build, period->segment_size);
	make_missing(column->segment[number], period->segment_size);
}

/* A segment, made if it is new. */
static inline double *
get_segment(CiPanelBuild *build, Period *period, uint32 indicator, uint32 number)
{
	if (indicator >= period->n_columns ||
		number >= period->column[indicator].n_segments ||
		period->column[indicator].segment[number] == NULL)
		add_segment(build, period, indicator, number);
	return period->column[indicator].segment[number];
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
	double	   *cell = get_segment(build, build->at, indicator, build->row / SEGMENT) +
		build->row % SEGMENT;

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

#define NO_ROW PG_UINT32_MAX

/*
 * Find the rows of a period's units, given by number, or make them.  row_of[], by
 * unit, holds NO_ROW throughout before and after.
 */
static uint32 *
find_rows(CiPanelBuild *build, Period *period, const CiPanelPeriod *from, const uint32 *unit,
		  uint32 *row_of)
{
	uint32	   *row = palloc_extended(Max(from->n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < period->n; i++)
		row_of[period->unit[i]] = i;
	for (uint32 i = 0; i < from->n; i++)
	{
		uint32		u = unit[from->unit[i]];

		if (row_of[u] != NO_ROW)
			row[i] = row_of[u];
		else if (period->rows != NULL)
			row[i] = find_row(build, period, u);
		else
			row[i] = add_row(build, period, u);
	}
	for (uint32 i = 0; i < period->n; i++)
		row_of[period->unit[i]] = NO_ROW;
	return row;
}

/* Set n cells of an indicator, from a row on, to what is not missing of a column. */
static void
merge_cells(CiPanelBuild *build, uint32 indicator, uint32 row, const double *cells, uint32 n)
{
	double	   *segment = NULL;

	for (uint32 i = 0; i < n; i++, row++)
	{
		if (row % SEGMENT == 0)
			segment = NULL;
		if (ci_is_missing(cells[i]))
			continue;
		if (segment == NULL)
			segment = get_segment(build, build->at, indicator, row / SEGMENT);
		if (!ci_is_missing(segment[row % SEGMENT]))
		{
			build->row = row;
			report_duplicate(build, indicator, segment[row % SEGMENT], cells[i]);
		}
		segment[row % SEGMENT] = cells[i];
	}
}

/* Names are looked up once for each unit, and cells go in runs of rows. */
void
ci_panel_build_merge(CiPanelBuild *build, const CiPanel *panel)
{
	uint32	   *indicator = palloc(Max(panel->n_indicators, 1) * sizeof(uint32));
	uint32	   *unit = palloc_extended(Max(panel->n_units, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	uint32	   *row_of;

	for (uint32 j = 0; j < panel->n_indicators; j++)
		indicator[j] = ci_panel_build_indicator(build, panel->indicators[j]);
	for (uint32 u = 0; u < panel->n_units; u++)
		unit[u] = ci_panel_build_unit(build, panel->units[u]);
	row_of = palloc_extended(Max(build->units.n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	memset(row_of, 0xFF, build->units.n * sizeof(uint32));
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		const CiPanelPeriod *from = &panel->periods[p];
		uint32	   *row;

		build->at = find_period(build, from->period);
		row = find_rows(build, build->at, from, unit, row_of);
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
	pfree(row_of);
	pfree(unit);
	pfree(indicator);
}

/*
 * Flattening
 */

static CiPanelFlat
flat_header(const CiPanelBuild *build)
{
	CiPanelFlat flat;
	Size		total;

	check_size(build, build->n_rows, build->indicators.n);
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
	int32		x = ((Period *) periods)[*(const uint32 *) a].period;
	int32		y = ((Period *) periods)[*(const uint32 *) b].period;

	return x < y ? -1 : x > y;
}

/* Rows of a period, by the place of each one's unit in the order of names. */
typedef struct Rows
{
	const uint32 *unit;
	const uint32 *place;
} Rows;

static int
compare_rows(const void *a, const void *b, void *things)
{
	const Rows *rows = things;
	uint32		x = rows->place[rows->unit[*(const uint32 *) a]];
	uint32		y = rows->place[rows->unit[*(const uint32 *) b]];

	return x < y ? -1 : x > y;
}

/* Write the cells of a column; row[] says from which row each is, NULL that none moves. */
static void
flatten_column(const Column *column, uint32 n, const uint32 *row, double *cells)
{
	for (uint32 i = 0; row != NULL && i < n; i++)
	{
		uint32		r = row[i];
		const double *segment = r / SEGMENT < column->n_segments ?
			column->segment[r / SEGMENT] : NULL;

		cells[i] = segment == NULL ? CI_MISSING : segment[r % SEGMENT];
	}
	for (uint32 start = 0; row == NULL && start < n; start += SEGMENT)
	{
		uint32		size = Min(SEGMENT, n - start);
		const double *segment = start / SEGMENT < column->n_segments ?
			column->segment[start / SEGMENT] : NULL;

		if (segment == NULL)
			make_missing(cells + start, size);
		else
			memcpy(cells + start, segment, size * sizeof(double));
	}
}

/*
 * Write a period: its units in order into unit[], its cells by indicator into
 * cells.  place is each unit's place in the order of names.
 */
static void
flatten_period(const Period *period, const uint32 *place, const uint32 *indicators,
			   uint32 n_indicators, uint32 *unit, double *cells)
{
	static const Column none = {0, NULL};
	Rows		rows = {period->unit, place};
	uint32	   *row = ci_order(period->n, compare_rows, &rows);
	bool		moved = false;

	for (uint32 i = 0; i < period->n; i++)
	{
		unit[i] = place[period->unit[row[i]]];
		moved |= row[i] != i;
	}
	for (uint32 j = 0; j < n_indicators; j++, cells += period->n)
	{
		CHECK_FOR_INTERRUPTS();
		flatten_column(indicators[j] < period->n_columns ? &period->column[indicators[j]] : &none,
					   period->n, moved ? row : NULL, cells);
	}
	pfree(row);
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
		const Period *period = &build->periods[periods[p]];

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
