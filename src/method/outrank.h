/*
 * method/outrank.h
 *	  What outranking methods share: who is whose opponent, and majorities.
 */
#ifndef CI_METHOD_OUTRANK_H
#define CI_METHOD_OUTRANK_H

#include "method/aggregate.h"

/* More units than that take minutes to compare in pairs. */
#define CI_MOST_PAIRED 20000

/* Does a unit have any child, so that it has a score? */
extern bool ci_outrank_has_score(const CiAggregation *a, size_t unit);

/* Count the units that others are compared with. */
extern size_t ci_outrank_count_opponents(const CiAggregation *a);

/*
 * Of two weights of children, those on which a unit is better and worse than
 * another: 1 if the majority is for it, -1 if it is against it, 0 for a tie, which
 * rounding does not break (.1 + .2 against .3).
 */
extern int	ci_outrank_majority(double better, double worse);

/* kemeny.c */
extern CiStatus ci_aggregate_kemeny(CiAggregation *a);
extern size_t ci_scratch_kemeny(const CiAggregate *spec, int n_children, size_t n);

/* promethee.c */
extern const CiParam ci_promethee_params[];
extern CiStatus ci_aggregate_promethee(CiAggregation *a);
extern size_t ci_scratch_promethee(const CiAggregate *spec, int n_children, size_t n);
extern CiScale ci_scale_promethee(const CiAggregate *spec);
extern void ci_defaults_promethee(CiAggregate *spec);
extern const char *ci_fault_promethee(const CiAggregate *spec, int n_children, int *which);

#endif							/* CI_METHOD_OUTRANK_H */
