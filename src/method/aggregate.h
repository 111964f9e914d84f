/*
 * aggregate.h
 *	  Aggregation: from the scores of a node's children to its own.
 *
 * A method works on columns: child[j][i] is what child j contributes for unit
 * i, already on the scale on which it is to be aggregated, NaN if missing.
 * Weights are relative; they are renormalised over what is present.  A child
 * of weight 0 has no influence; a unit without any child of positive weight
 * has no score.
 */
#ifndef CI_METHOD_AGGREGATE_H
#define CI_METHOD_AGGREGATE_H

#include "method.h"

typedef struct CiAggregateMethod CiAggregateMethod;
typedef struct CiAggregateRow CiAggregateRow;

typedef struct CiAggregate
{
	const CiAggregateMethod *method;
	double		power;			/* exponent of the power mean; NaN: none */
	double		scale[2];		/* aggregate on this scale; NaN: as it is */
} CiAggregate;

#define CI_AGGREGATE_PEERS		0x01	/* a score depends on other units */

struct CiAggregateMethod
{
	const char *name;
	const CiParam *params;
	unsigned	flags;

	/*
	 * Exponent of the power mean that the method is, or the default of its
	 * parameter: 1 is a weighted sum, up to 0 children must be positive.  NaN
	 * if it is no power mean.
	 */
	double		power;

	/*
	 * Aggregate n units into out.  CI_NONPOSITIVE names, in *unit and *which,
	 * the value that the policy says to raise.
	 */
	CiStatus	(*aggregate) (const CiAggregate *spec, CiNonpositive policy,
							  const double *const *child, const double *weight,
							  int n_children, size_t n, double *out,
							  size_t *unit, int *which);

	/* The mean of one unit, for an aggregate that takes units one by one. */
	double		(*mean) (const CiAggregateRow *row, double power);
};

extern const CiAggregateMethod ci_aggregate_methods[];
extern const CiAggregateMethod *ci_aggregate_method(const char *name);
extern void ci_aggregate_defaults(CiAggregate *spec, const CiAggregateMethod *method);

/*
 * Does this spec need positive children (power does only for a finite exponent
 * <= 0)?  Other powers but 1 and infinity need children >= 0.
 */
extern bool ci_aggregate_needs_positive(const CiAggregate *spec);

/* Is this spec a weighted sum (a power mean with exponent 1 is)? */
extern bool ci_aggregate_is_additive(const CiAggregate *spec);

#endif							/* CI_METHOD_AGGREGATE_H */
