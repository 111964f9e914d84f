/*
 * method/accumulator.h
 *	  What is kept of a column whose values come one at a time: enough for a
 *	  parameter to be estimated, in a size that does not grow.
 *
 * An accumulator gives the bits that the statistics of stats.h give of the same values in
 * a column, in whatever order they come and however accumulators are merged.
 */
#ifndef CI_METHOD_ACCUMULATOR_H
#define CI_METHOD_ACCUMULATOR_H

#include "method/stats.h"

/* Each with how many values there were, the smallest and the largest. */
typedef enum CiAccumulatorKind
{
	CI_ACCUMULATE_NONE,			/* none will do: all values are needed */
	CI_ACCUMULATE_RANGE,		/* no more */
	CI_ACCUMULATE_SUM,			/* their sum */
	CI_ACCUMULATE_SQUARES,		/* the sum of their squares */
	CI_ACCUMULATE_DEVIATIONS	/* the sum of squared deviations from a centre */
} CiAccumulatorKind;

typedef struct CiAccumulator
{
	int32_t		kind;			/* CiAccumulatorKind */
	int32_t		exponent;		/* values are added as multiples of 2 to this */
	uint64_t	n;
	double		min;
	double		max;
	double		least;			/* magnitude of one that is not 0 */
	CiSum		sum;
} CiAccumulator;

extern void ci_accumulator_start(CiAccumulator *accumulator, CiAccumulatorKind kind);

/* Add a value, unless it is missing; centre is that of the deviations, or NULL. */
extern void ci_accumulator_add(CiAccumulator *accumulator, const CiCentre *centre, double x);

/* Add what another of the same kind, and about the same centre, holds. */
extern void ci_accumulator_merge(CiAccumulator *accumulator, const CiAccumulator *other);

/* Can bytes that came from elsewhere be worked with? */
extern bool ci_accumulator_is_sound(const CiAccumulator *accumulator);

/*
 * Are values near enough to each other in magnitude for a column of them to give
 * the same bits?  Else the smallest would lose some beside the largest there.
 */
extern bool ci_accumulator_is_exact(const CiAccumulator *accumulator);

/* Of CI_ACCUMULATE_SUM: the sum, and what deviations are taken from; n > 0. */
extern double ci_accumulator_sum(const CiAccumulator *accumulator);
extern CiCentre ci_accumulator_centre(const CiAccumulator *accumulator);
extern double ci_accumulator_mean(const CiAccumulator *accumulator);

/* Of CI_ACCUMULATE_SQUARES: the root of the sum. */
extern double ci_accumulator_norm(const CiAccumulator *accumulator);

/* Of CI_ACCUMULATE_DEVIATIONS from a centre: as ci_mean_sd. */
extern void ci_accumulator_moments(const CiAccumulator *accumulator, const CiCentre *centre, CiMoments *result);

#endif							/* CI_METHOD_ACCUMULATOR_H */
