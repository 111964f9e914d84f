/*
 * method/rank.h
 *	  Ranking: from scores in order to ranks, ties decided on rounded scores.
 */
#ifndef CI_METHOD_RANK_H
#define CI_METHOD_RANK_H

#include "method/method.h"

/* How units with the same rounded score share ranks. */
typedef struct CiTiesMethod
{
	const char *name;			/* "min" 1224, "max" 1334, "dense" 1223 */

	/* rank of a group: units ahead of it, groups ahead of it, its size */
	int32_t		(*rank) (size_t ahead, size_t groups, size_t size);
} CiTiesMethod;

#define CI_DECIMALS_MIN (-30)
#define CI_DECIMALS_MAX 30

extern const CiTiesMethod ci_ties_methods[];
extern const CiTiesMethod *ci_ties_method(const char *name);

/*
 * Do two finite scores round to the same number, as SQL's
 * round(score::numeric, decimals) does?  (The cast keeps 15 significant
 * digits; halves round away from zero.)
 */
extern bool ci_rank_same(double a, double b, int decimals);

/*
 * Give ranks: order[0..n) lists units from the first to the last, no missing
 * score among them; rank[] is indexed by unit.
 */
extern void ci_rank_assign(const CiTiesMethod *ties, int decimals, const double *score,
						   const uint32_t *order, size_t n, int32_t *rank);

#endif							/* CI_METHOD_RANK_H */
