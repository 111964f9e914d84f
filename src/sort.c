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
ci_sort_order(uint32 *order, size_t n, const double *key, bool descending)
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

uint32 *
ci_order(uint32 n, int (*compare) (const void *a, const void *b, void *things), void *things)
{
	uint32	   *order = palloc_extended(Max(n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < n; i++)
		order[i] = i;
	qsort_interruptible(order, n, sizeof(uint32), compare, things);
	return order;
}
