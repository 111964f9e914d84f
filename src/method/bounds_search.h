/*
 * method/bounds_search.h
 *	  Where a search for weights is: what its files share.
 */
#ifndef CI_METHOD_BOUNDS_SEARCH_H
#define CI_METHOD_BOUNDS_SEARCH_H

#include "method/bounds.h"

/* Where a search is: all arrays are scratch. */
typedef struct CiBoundsState
{
	const CiBounds *bounds;
	CiBoundsSearch *search;
	double	   *room;			/* for a tree */
	double	   *trial;			/* weights, by component */
	double	   *delta;			/* by component */
	double	   *score;			/* of rivals, by their place in the list */
	double	   *groups;
	double	   *times;			/* by rival: how often it was the hardest; -1:
								 * it is no longer targeted */
	double	   *mean;			/* weights, by component */
	double		own;			/* score of the unit */
	size_t		spent;			/* steps, of this budget */
	size_t		budget;
	size_t		unchecked;		/* since the last check */
	int32_t		rank;			/* best so far, at search->weight */
} CiBoundsState;

/* Count steps of this many terms; checks for interrupts. */
extern void ci_bounds_take_steps(CiBoundsState *state, size_t steps);

/* Keep the weights on trial if they are better; true if they are. */
extern bool ci_bounds_try(CiBoundsState *state);

/* Is a rank better than the best so far: lower (up), or higher? */
static inline bool
ci_bounds_is_better(const CiBoundsState *state, int32_t rank)
{
	return state->search->up ? rank < state->rank : rank > state->rank;
}

static inline bool
ci_bounds_is_done(const CiBoundsState *state)
{
	return state->rank == state->search->goal;
}

/* Start what rivals are better in by (up), or worse; and add a rival's. */
extern void ci_bounds_clear_delta(CiBoundsState *state);
extern void ci_bounds_add_rival(CiBoundsState *state, size_t rival, double share);

/* Put on trial the weights within these limits that make the mean of delta least. */
extern void ci_bounds_answer(CiBoundsState *state, const CiBoundsTree *tree);

/*
 * bounds_branch.c: where weights and rivals are few, try the edges of the box of
 * weights, and ever smaller parts of it.
 */
extern size_t ci_bounds_branch_room(const CiBounds *bounds);
extern void ci_bounds_branch(CiBoundsState *state, double *scratch);

/* bounds_exact.c: by linear programs, where besides no cell is missing. */
extern void ci_bounds_exact(CiBoundsState *state);

#endif							/* CI_METHOD_BOUNDS_SEARCH_H */
