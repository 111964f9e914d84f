/*
 * base/sort.c
 *	  Sorting with PostgreSQL's own template, interruptible.
 */
#include "postgres.h"

#include "base/sort.h"
#include "method/method.h"
#include "miscadmin.h"

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

void
ci_sort_pairs(double *pairs, size_t n)
{
	sort_pairs((Pair *) pairs, n);
}

static void
sort_few(uint32 *order, size_t n, const double *key, bool descending)
{
	Keyed	   *keyed = palloc_extended(Max(n, 1) * sizeof(Keyed), MCXT_ALLOC_HUGE);

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

/*
 * Many units are sorted by digits.  An element is a place, 32 bits in the order of
 * the keys, and below it a unit's number.
 */
#define DIGIT_BITS 11
#define DIGITS 3				/* of them make a place */
#define BUCKETS (1 << DIGIT_BITS)
#define NUMBER_BITS 32

static inline uint32
digit_of(uint64 element, int digit)
{
	return (uint32) (element >> (NUMBER_BITS + digit * DIGIT_BITS)) % BUCKETS;
}

/* Bits in the order of the numbers that they stand for. */
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
 * Sort stably by place, digit by digit from the lowest, skipping those that all
 * have in common; other[] is room for as many.  Returns which of the two holds the
 * result.
 */
static uint64 *
radix_sort(uint64 *elements, size_t n, uint64 *other)
{
	uint32		(*count)[BUCKETS] = palloc0(DIGITS * sizeof(*count));

	for (size_t i = 0; i < n; i++)
		for (int d = 0; d < DIGITS; d++)
			count[d][digit_of(elements[i], d)]++;
	for (int d = 0; d < DIGITS; d++)
	{
		uint64	   *from = elements;
		uint32		start = 0;

		CHECK_FOR_INTERRUPTS();
		if (count[d][digit_of(from[0], d)] == n)
			continue;
		for (int b = 0; b < BUCKETS; b++)
		{
			uint32		size = count[d][b];

			count[d][b] = start;
			start += size;
		}
		for (size_t i = 0; i < n; i++)
			other[count[d][digit_of(from[i], d)]++] = from[i];
		elements = other;
		other = from;
	}
	pfree(count);
	return elements;
}

/* Sort by comparing what came into order by its place alone. */
static void
sort_shared_places(const uint64 *sorted, uint32 *order, size_t n, const double *key, bool descending)
{
	for (size_t start = 0, end; start < n; start = end)
	{
		bool		in_order = true;

		CHECK_FOR_INTERRUPTS();
		for (end = start + 1; end < n && sorted[end] >> NUMBER_BITS == sorted[start] >> NUMBER_BITS; end++)
		{
			double		ahead = key[order[end - 1]];
			double		behind = key[order[end]];

			in_order &= descending ? ahead >= behind : ahead <= behind;
		}
		if (!in_order)
			sort_few(order + start, end - start, key, descending);
	}
}

/*
 * The places are those of the keys between the lowest and the highest, so that few
 * keys that differ share one.
 */
static void
sort_many(uint32 *order, size_t n, const double *key, bool descending)
{
	uint64	   *room = palloc_extended(2 * n * sizeof(uint64), MCXT_ALLOC_HUGE);
	uint64		low = PG_UINT64_MAX;
	uint64		high = 0;
	int			lost = 0;		/* bits that are not part of a place */
	uint64	   *sorted;

	for (size_t i = 0; i < n; i++)
	{
		room[i] = ordered_bits(descending ? -key[order[i]] : key[order[i]]);
		low = Min(low, room[i]);
		high = Max(high, room[i]);
	}
	while ((high - low) >> lost > PG_UINT32_MAX)
		lost++;
	for (size_t i = 0; i < n; i++)
		room[i] = (room[i] - low) >> lost << NUMBER_BITS | order[i];
	sorted = radix_sort(room, n, room + n);
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32) sorted[i];
	if (lost > 0)
		sort_shared_places(sorted, order, n, key, descending);
	pfree(room);
}

/* By digits many are sorted in an eighth of the time; few are not. */
#define MANY 4096

void
ci_sort_order(uint32 *order, size_t n, const double *key, bool descending)
{
	if (n >= MANY)
		sort_many(order, n, key, descending);
	else
		sort_few(order, n, key, descending);
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
