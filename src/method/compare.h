/*
 * method/compare.h
 *	  How alike two rankings are, and which of two units dominates the other.
 *
 * Rankings are two columns of ranks of the same units, 1 the best.  A coefficient
 * is NaN where it is undefined.  "check" is called at least every 65 536 steps and
 * may not return.
 */
#ifndef CI_METHOD_COMPARE_H
#define CI_METHOD_COMPARE_H

#include "method/method.h"

typedef struct CiRankings
{
	const double *x;
	const double *y;
	size_t		n;
	void		(*check) (void);
} CiRankings;

/*
 * Ranks of the units that order[0..n) numbers, in ascending order of key: equal
 * keys share the mean of the ranks that they take up, or the first of them.
 */
extern void ci_mean_ranks(const uint32_t *order, size_t n, const double *key,
						  void (*check) (void), double *rank);
extern void ci_first_ranks(const uint32_t *order, size_t n, const double *key,
						   void (*check) (void), double *rank);

/* Of mean ranks. */
extern double ci_spearman(const CiRankings *rankings);
extern double ci_weighted_spearman(const CiRankings *rankings);
extern double ci_ws(const CiRankings *rankings);	/* x is the reference */
extern double ci_mean_rank_shift(const CiRankings *rankings);

/* Of any values, in ascending order of x, then of y.  Both scratch: n doubles. */
extern double ci_kendall_tau(const CiRankings *rankings, double *scratch, double *scratch2);

/*
 * Of first ranks among the units that a list holds; NaN for a unit that it does
 * not.  Scratch: 3 * (n + 1) doubles.
 */
extern double ci_rank_biased_overlap(const CiRankings *lists, double p, double *scratch);
extern double ci_top_overlap(const CiRankings *lists, double k);

/*
 * Ranks of the same n units before and after something, 0 for none, ties allowed.
 * order[0..n_ordered) lists those that have one before, by it.
 */
typedef struct CiReordering
{
	const int32_t *before;
	const int32_t *after;
	size_t		n;
	const uint32_t *order;
	size_t		n_ordered;
	void		(*check) (void);
} CiReordering;

/*
 * For each unit, how many others it was strictly ahead of before and is strictly behind
 * after, or the other way round; of those with both ranks.  Ranks are n at most; tree
 * has room for n.
 */
extern void ci_reversals(const CiReordering *reordering, uint32_t *tree, uint32_t *reversals);

/*
 * Whether a dominates b: nowhere worse, somewhere better.  Each of n values counts
 * in its direction, 1 or -1, all 1 if that is NULL; NaN is unknown, and so may the
 * answer be.
 */
typedef enum CiDominance
{
	CI_DOMINATES_NOT,
	CI_DOMINATES,
	CI_DOMINATES_PERHAPS
} CiDominance;

extern CiDominance ci_dominance(const double *a, const double *b, const int32_t *direction,
								size_t n);

#endif							/* CI_METHOD_COMPARE_H */
