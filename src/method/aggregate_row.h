/*
 * method/aggregate_row.h
 *	  One unit's children, for methods that take units one by one.
 */
#ifndef CI_METHOD_AGGREGATE_ROW_H
#define CI_METHOD_AGGREGATE_ROW_H

#include "method/aggregate.h"

struct CiAggregateRow
{
	const CiAggregate *spec;
	const double *const *child;
	const double *weight;
	double		factor;			/* of weights */
	int			n_children;
	size_t		unit;
	double		bar;			/* values up to this are not admitted */
	double		floor;			/* that values are raised to */
	double	   *scratch;
};

/* The child's score; NaN if it is missing or has no weight. */
static inline double
ci_row_value(const CiAggregateRow *row, int j)
{
	double		s = row->weight[j] > 0 ? row->child[j][row->unit] : CI_MISSING;

	return s < row->floor ? row->floor : s;
}

/* All of them together come to 1 at most. */
static inline double
ci_row_weight(const CiAggregateRow *row, int j)
{
	return row->weight[j] * row->factor;
}

/* The arithmetic mean; NaN without any child. */
extern double ci_row_mean(const CiAggregateRow *row);

/* The largest child for a power above 0, else the smallest; NaN without any. */
extern double ci_row_extreme(const CiAggregateRow *row, double power);

/* The "aggregate" of a method that has a "mean". */
extern CiStatus ci_aggregate_rows(CiAggregation *a);

#endif							/* CI_METHOD_AGGREGATE_ROW_H */
