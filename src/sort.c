/*
 * sort.c
 *	  Sorting with PostgreSQL's own template, interruptible.
 */
#include "postgres.h"

#include "method/method.h"
#include "miscadmin.h"
#include "sort.h"

#define ST_SORT sort_doubles
#define ST_ELEMENT_TYPE double
#define ST_COMPARE(a, b) (*(a) < *(b) ? -1 : *(a) > *(b))
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

typedef struct Keyed
{
	double		key;
	uint32		number;
} Keyed;

#define ST_SORT sort_keyed
#define ST_ELEMENT_TYPE Keyed
#define ST_COMPARE(a, b) \
	((a)->key < (b)->key ? -1 : (a)->key > (b)->key ? 1 : \
	 (a)->number < (b)->number ? -1 : (a)->number > (b)->number)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

typedef struct Pair
{
	double		first;
	double		second;
} Pair;

#define ST_SORT sort_pairs
#define ST_ELEMENT_TYPE Pair
#define ST_COMPARE(a, b) \
	((a)->first < (b)->first ? -1 : (a)->first > (b)->first ? 1 : \
	 (a)->second < (b)->second ? -1 : (a)->second > (b)->second)
#define ST_SCOPE static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * What radix_sort sorts by: bits in the order of the numbers that they stand for.
 */
typedef struct Ranked
{
	uint64		bits;
	uint32		number;
} Ranked;

#define DIGIT_BITS 11
#define DIGITS 6				/* of them make 64 bits */
#define BUCKETS (1 << DIGIT_BITS)

static inline uint32
digit_of(uint64 bits, int digit)
{
	return (uint32) (bits >> (digit * DIGIT_BITS)) % BUCKETS;
}

static inline uint64
ordered_bits(double key)
{
	union
	{
		double		number;
		uint64		bits;
	}			u = {key + 0.0};	/* -0 becomes 0 */

	return u.bits >> 63 ? ~u.bits : u.bits | UINT64CONST(1) << 63;
}

/*
 * Sort stably, digit by digit from the lowest, skipping those that all have in
 * common; other[] is room for as many.  Returns which of the two holds the result.
 */
static Ranked *
radix_sort(Ranked *ranked, size_t n, Ranked *other)
{
	uint32		(*count)[BUCKETS] = palloc0(DIGITS * sizeof(*count));

	for (size_t i = 0; i < n; i++)
		for (int d = 0; d < DIGITS; d++)
			count[d][digit_of(ranked[i].bits, d)]++;
	for (int d = 0; d < DIGITS; d++)
	{
		Ranked	   *from = ranked;
		uint32		start = 0;

		CHECK_FOR_INTERRUPTS();
		if (count[d][digit_of(from[0].bits, d)] == n)
			continue;
		for (int b = 0; b < BUCKETS; b++)
		{
			uint32		size = count[d][b];

			count[d][b] = start;
			start += size;
		}
		for (size_t i = 0; i < n; i++)
			other[count[d][digit_of(from[i].bits, d)]++] = from[i];
		ranked = other;
		other = from;
	}
	pfree(count);
	return ranked;
}

size_t
ci_sort_present(const double *values, size_t n, double *sorted)
{
	size_t		present = 0;

	for (size_t i = 0; i < n; i++)
		if (!ci_is_missing(values[i]))
			sorted[present++] = values[i];
	sort_doubles(sorted, present);
	return present;
}

/* Many units are sorted in a third of the time by digits; few, by comparing. */
#define MANY 4096

static void
sort_many(uint32 *order, size_t n, const double *key, bool descending)
{
	Ranked	   *room = palloc_extended(2 * n * sizeof(Ranked), MCXT_ALLOC_HUGE);
	Ranked	   *sorted;

	for (size_t i = 0; i < n; i++)
	{
		room[i].bits = ordered_bits(descending ? -key[order[i]] : key[order[i]]);
		room[i].number = order[i];
	}
	sorted = radix_sort(room, n, room + n);
	for (size_t i = 0; i < n; i++)
		order[i] = sorted[i].number;
	pfree(room);
}

void
ci_sort_pairs(double *pairs, size_t n)
{
	sort_pairs((Pair *) pairs, n);
}

void
ci_sort_order(uint32 *order, size_t n, const double *key, bool descending)
{
	Keyed	   *keyed;

	if (n >= MANY)
	{
		sort_many(order, n, key, descending);
		return;
	}
	keyed = palloc(Max(n, 1) * sizeof(Keyed));
	for (size_t i = 0; i < n; i++)
	{
		keyed[i].key = descending ? -key[order[i]] : key[order[i]];
		keyed[i].number = order[i];
	}
	sort_keyed(keyed, n);
	for (size_t i = 0; i < n; i++)
		order[i] = keyed[i].number;
	pfree(keyed);
}

/* Where the ascending run ends that begins at start. */
static uint32
end_of_run(const uint32 *order, uint32 start, uint32 n, CiCompare compare, void *things)
{
	uint32		end = start + 1;

	while (end < n && compare(&order[end - 1], &order[end], things) <= 0)
		end++;
	return Min(end, n);
}

static void
merge_runs(const uint32 *a, const uint32 *a_end, const uint32 *b, const uint32 *b_end,
		   uint32 *to, CiCompare compare, void *things)
{
	while (a < a_end && b < b_end)
		*to++ = compare(a, b, things) <= 0 ? *a++ : *b++;
	while (a < a_end)
		*to++ = *a++;
	while (b < b_end)
		*to++ = *b++;
}

/*
 * Merge neighbouring runs until there is one: names and units mostly come in
 * order, or as a few parts, from parallel workers, that are in order.
 */
uint32 *
ci_order(uint32 n, CiCompare compare, void *things)
{
	uint32	   *order = palloc_extended(Max(n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	uint32	   *other = NULL;

	for (uint32 i = 0; i < n; i++)
		order[i] = i;
	while (end_of_run(order, 0, n, compare, things) < n)
	{
		uint32	   *merged = other != NULL ? other :
			palloc_extended(n * sizeof(uint32), MCXT_ALLOC_HUGE);

		for (uint32 start = 0, end; start < n; start = end)
		{
			uint32		middle = end_of_run(order, start, n, compare, things);

			CHECK_FOR_INTERRUPTS();
			end = middle < n ? end_of_run(order, middle, n, compare, things) : n;
			merge_runs(order + start, order + middle, order + middle, order + end,
					   merged + start, compare, things);
		}
		other = order;
		order = merged;
	}
	if (other != NULL)
		pfree(other);
	return order;
}
