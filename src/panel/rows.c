/*
 * panel/rows.c
 *	  One period of a panel that is being built: finding and adding rows and
 *	  columns, and laying rows in order.
 *
 * In: numbers of units and indicators.  Out: where cells are.  All that stays lies
 * in the context that is given, the expanded panel's.  Interrupts are checked
 * between columns while they move; nothing else takes time.
 */
#include "postgres.h"

#include "base/memory.h"
#include "base/sort.h"
#include "common/hashfn.h"
#include "method/method.h"
#include "miscadmin.h"
#include "panel/rows.h"
#include "utils/memutils.h"

#include "base/compat.h"

typedef struct RowEntry
{
	uint32		unit;
	uint32		row;
	char		status;
} RowEntry;

#define SH_PREFIX ci_rows
#define SH_ELEMENT_TYPE RowEntry
#define SH_KEY_TYPE uint32
#define SH_KEY unit
#define SH_HASH_KEY(tb, key) murmurhash32(key)
#define SH_EQUAL(tb, a, b) ((a) == (b))
#define SH_SCOPE static inline
#define SH_DEFINE
#define SH_DECLARE
#include "lib/simplehash.h"

/* How many rows are made missing at a time: while they are filled they stay in the cache. */
#define FILL 32

void
ci_panel_rows_init(CiPanelRows *rows, int32 period, MemoryContext context)
{
	memset(rows, 0, sizeof(CiPanelRows));
	rows->period = period;
	rows->is_ascending = true;
	rows->stride = 1;
	rows->unit = MemoryContextAlloc(context, rows->stride * sizeof(uint32));
}

void
ci_panel_make_missing(double *cell, size_t n)
{
	for (size_t i = 0; i < n; i++)
		cell[i] = CI_MISSING;
}

/* Move the columns to a block with more room. */
static void
move_block(CiPanelRows *rows, size_t stride, uint32 columns_capacity, MemoryContext context)
{
	Size		size = stride * columns_capacity * sizeof(double);
	double	   *cells = MemoryContextAllocHuge(context, size);

	ci_memory_huge(cells, size);
	for (uint32 j = 0; j < rows->n_columns; j++)
	{
		CHECK_FOR_INTERRUPTS();
		memcpy(cells + stride * j, ci_panel_rows_cell(rows, j, 0), rows->n * sizeof(double));
	}
	if (rows->cells != NULL)
		pfree(rows->cells);
	rows->cells = cells;
	rows->stride = stride;
	rows->columns_capacity = columns_capacity;
	rows->filled = rows->n;
}

/*
 * Give columns room for n rows.  They are filled side by side: an odd number of
 * cache lines from one to the next keeps the lines that are filled at a time in
 * different parts of the cache.
 */
static void
grow_columns(CiPanelRows *rows, size_t n, MemoryContext context)
{
	size_t		stride = n <= 8 ? n : TYPEALIGN(16, n - 8) + 8;

	rows->unit = repalloc_huge(rows->unit, stride * sizeof(uint32));
	if (rows->cells != NULL)
		move_block(rows, stride, rows->columns_capacity, context);
	rows->stride = stride;
}

void
ci_panel_rows_reserve(CiPanelRows *rows, uint32 n, MemoryContext context)
{
	if ((size_t) rows->n + n > rows->stride)
		grow_columns(rows, Max((size_t) rows->n + n, rows->stride + rows->stride / 2), context);
}

/* From now on find rows by hash. */
static void
hash_rows(CiPanelRows *rows, MemoryContext context)
{
	bool		found;

	rows->hash = ci_rows_create(context, 2 * rows->n, NULL);
	for (uint32 i = 0; i < rows->n; i++)
		ci_rows_insert(rows->hash, rows->unit[i], &found)->row = i;
}

/*
 * Units mostly come in the order in which they were first seen: rows are found by
 * bisection until one does not.
 */
uint32
ci_panel_rows_find(CiPanelRows *rows, uint32 unit, MemoryContext context)
{
	RowEntry   *entry;

	if (rows->hash == NULL && rows->is_ascending)
	{
		uint32		low = 0;
		uint32		high = rows->n;

		if (high == 0 || unit > rows->unit[high - 1])
			return CI_NO_ROW;
		while (low < high)
		{
			uint32		mid = low + (high - low) / 2;

			if (rows->unit[mid] < unit)
				low = mid + 1;
			else
				high = mid;
		}
		return rows->unit[low] == unit ? low : CI_NO_ROW;
	}
	if (rows->hash == NULL)
		hash_rows(rows, context);
	entry = ci_rows_lookup(rows->hash, unit);
	return entry == NULL ? CI_NO_ROW : entry->row;
}

uint32
ci_panel_rows_add(CiPanelRows *rows, uint32 unit, MemoryContext context)
{
	uint32		row = rows->n;
	bool		found;

	if (row == rows->stride)
		grow_columns(rows, 2 * rows->stride, context);
	if (row == rows->filled)
	{
		rows->filled = (uint32) Min(rows->stride, (size_t) row + FILL);
		for (uint32 j = 0; j < rows->n_columns; j++)
			ci_panel_make_missing(ci_panel_rows_cell(rows, j, row), rows->filled - row);
	}
	rows->is_ascending &= row == 0 || unit > rows->unit[row - 1];
	rows->unit[row] = unit;
	if (rows->hash != NULL)
		ci_rows_insert(rows->hash, unit, &found)->row = row;
	return rows->n++;
}

/* Make columns for which there is room. */
static void
make_columns(CiPanelRows *rows, uint32 n)
{
	for (; rows->n_columns < n; rows->n_columns++)
		ci_panel_make_missing(ci_panel_rows_cell(rows, rows->n_columns, 0), rows->filled);
}

void
ci_panel_rows_columns(CiPanelRows *rows, uint32 n, MemoryContext context)
{
	if (n > rows->columns_capacity)
	{
		uint32		capacity = rows->columns_capacity + rows->columns_capacity / 2;

		move_block(rows, rows->stride, Max(n, capacity), context);
	}
	make_columns(rows, n);
}

/* A block that must grow, or of which less than half would be used, is moved. */
void
ci_panel_rows_settle(CiPanelRows *rows, uint32 n, MemoryContext context)
{
	if (n <= rows->n_columns)
		return;
	if (n > rows->columns_capacity ||
		rows->stride * rows->columns_capacity > 2 * (size_t) rows->n * n)
		move_block(rows, Max(rows->n, 1), n, context);
	make_columns(rows, n);
}

/* What rows are compared by: their units' places. */
typedef struct Places
{
	const uint32 *unit;
	const uint32 *place;
} Places;

static int
compare_places(const void *a, const void *b, void *things)
{
	const Places *places = things;
	uint32		x = places->place[places->unit[*(const uint32 *) a]];
	uint32		y = places->place[places->unit[*(const uint32 *) b]];

	return x < y ? -1 : x > y;
}

uint32 *
ci_panel_rows_order(const CiPanelRows *rows, const uint32 *place, uint32 *unit)
{
	Places		places = {rows->unit, place};
	uint32	   *order = ci_order(rows->n, compare_places, &places);
	bool		moved = false;

	for (uint32 i = 0; i < rows->n; i++)
	{
		unit[i] = place[rows->unit[order[i]]];
		moved |= order[i] != i;
	}
	if (moved)
		return order;
	pfree(order);
	return NULL;
}

void
ci_panel_rows_gather(const CiPanelRows *rows, uint32 column, const uint32 *order, double *cells)
{
	const double *from = ci_panel_rows_cell(rows, column, 0);

	if (order == NULL)
		memcpy(cells, from, rows->n * sizeof(double));
	else
		for (uint32 i = 0; i < rows->n; i++)
			cells[i] = from[order[i]];
}

void
ci_panel_rows_sort(CiPanelRows *rows, const uint32 *place)
{
	uint32	   *unit = palloc_extended(Max(rows->n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	double	   *cells = palloc_extended(Max(rows->n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	uint32	   *order = ci_panel_rows_order(rows, place, unit);

	memcpy(rows->unit, unit, rows->n * sizeof(uint32));
	for (uint32 j = 0; order != NULL && j < rows->n_columns; j++)
	{
		CHECK_FOR_INTERRUPTS();
		ci_panel_rows_gather(rows, j, order, cells);
		memcpy(ci_panel_rows_cell(rows, j, 0), cells, rows->n * sizeof(double));
	}
	if (order != NULL)
		pfree(order);
	pfree(cells);
	pfree(unit);
	if (rows->hash != NULL)
		ci_rows_destroy(rows->hash);
	rows->hash = NULL;
	rows->is_ascending = true;
	rows->last = 0;
	rows->name = NULL;
	rows->in_order = false;
}
