/*
 * method/simulate.h
 *	  Uncertainty: weights drawn around those given, and ranks counted over draws.
 */
#ifndef CI_METHOD_SIMULATE_H
#define CI_METHOD_SIMULATE_H

#include "method/rng.h"

/*
 * How weights are drawn.  A method draws one, given the weight above 0 and the sum
 * of its siblings', or between what experts give.  Weights that come out are relative.
 */
typedef struct CiSpread CiSpread;

typedef struct CiSpreadMethod
{
	const char *name;
	const CiParam *params;		/* ends with a NULL name */
	const char *required;		/* the parameter that has no default, or NULL */
	double		(*draw) (const CiSpread *spread, const CiStream *stream, double weight,
						 double sum);
	bool		logarithm;		/* draw gives the logarithm of the weight */
	bool		by_experts;		/* draw wants lowest and highest */
} CiSpreadMethod;

struct CiSpread
{
	const CiSpreadMethod *method;	/* NULL: weights are certain */
	double		share;			/* share: of each weight, up and down */
	double		concentration;	/* dirichlet: sum of its parameters */
	const double *lowest;		/* experts: what they give, by variable */
	const double *highest;
};

extern const CiSpreadMethod ci_spread_methods[];

/*
 * Draw the weights of siblings.  variable[k] is the number by which random numbers
 * know child k.  A child of weight 0 keeps it.  seed, draw and purpose of the
 * stream are set.
 */
extern void ci_spread_weights(const CiSpread *spread, CiStream *stream, const uint32_t *variable,
							  const double *nominal, int n, double *weight);

/*
 * How often each of n units had which rank: count[unit * (n + 1) + rank], rank 0
 * where it had none.
 */
typedef struct CiRankCounts
{
	size_t		n;
	uint32_t   *count;
} CiRankCounts;

extern void ci_rank_counts_add(CiRankCounts *counts, const int32_t *rank);

/* How often a unit had a rank; and, if ever, its mean rank. */
extern uint64_t ci_rank_counts_ranked(const CiRankCounts *counts, size_t unit);
extern double ci_rank_counts_mean(const CiRankCounts *counts, size_t unit);

/* The lowest rank that the share of draws in which the unit was ranked did not exceed. */
extern int32_t ci_rank_counts_quantile(const CiRankCounts *counts, size_t unit, double share);

/*
 * How often unit a was ahead of unit b, and how often they had the same rank: at
 * [a * n + b].  Only draws in which both have ranks count.
 */
typedef struct CiPairCounts
{
	size_t		n;
	uint32_t   *ahead;
	uint32_t   *tied;
} CiPairCounts;

extern void ci_pair_counts_add(CiPairCounts *counts, const int32_t *rank);

#endif							/* CI_METHOD_SIMULATE_H */
