/*
 * method/order.c
 *	  Units in the order of a column's values: a merge sort in scratch memory.
 */
#include <string.h>

#include "method/order.h"

#define RUN 12					/* sorted by insertion */
#define STEPS_PER_CHECK 500000

static void
sort_run(CiKeyed *run, size_t n)
{
	for (size_t i = 1; i < n; i++)
	{
		CiKeyed		moved = run[i];
		size_t		at = i;

		for (; at > 0 && run[at - 1].key > moved.key; at--)
			run[at] = run[at - 1];
		run[at] = moved;
	}
}

/* Merge from[0..middle) and from[middle..n), of equal keys the former first. */
static void
merge(const CiKeyed *from, size_t middle, size_t n, CiKeyed *to)
{
	size_t		a = 0;
	size_t		b = middle;

	if (from[middle - 1].key <= from[middle].key)
	{
		memcpy(to, from, n * sizeof(CiKeyed));
		return;
	}
	while (a < middle && b < n)
	{
		bool		second = from[b].key < from[a].key;

		*to++ = from[second ? b : a];
		b += second;
		a += !second;
	}
	memcpy(to, from + a, (middle - a) * sizeof(CiKeyed));
	memcpy(to + (middle - a), from + b, (n - b) * sizeof(CiKeyed));
}

/* Merge runs of this length in pairs. */
static void
merge_runs(const CiKeyed *from, size_t n, size_t length, CiKeyed *to, void (*check) (void))
{
	size_t		steps = 0;

	for (size_t start = 0; start < n; start += 2 * length)
	{
		size_t		left = n - start;

		if (left <= length)
			memcpy(to + start, from + start, left * sizeof(CiKeyed));
		else
			merge(from + start, length, left < 2 * length ? left : 2 * length, to + start);
		steps += 2 * length;
		if (steps >= STEPS_PER_CHECK)
		{
			check();
			steps = 0;
		}
	}
}

size_t
ci_order_column(const double *x, size_t n, CiKeyed *sorted, CiKeyed *room,
				void (*check) (void))
{
	CiKeyed    *from = room;
	CiKeyed    *to = sorted;
	size_t		present = 0;

	for (size_t i = 0; i < n; i++)
		if (!ci_is_missing(x[i]))
			from[present++] = (CiKeyed) {x[i], (double) i};
	for (size_t start = 0; start < present; start += RUN)
		sort_run(from + start, present - start < RUN ? present - start : RUN);
	for (size_t length = RUN; length < present; length *= 2)
	{
		CiKeyed    *swap = from;

		merge_runs(from, present, length, to, check);
		from = to;
		to = swap;
	}
	if (from != sorted)
		memcpy(sorted, from, present * sizeof(CiKeyed));
	return present;
}
