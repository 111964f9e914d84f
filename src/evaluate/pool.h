/*
 * evaluate/pool.h
 *	  Fitting one stage of one component to the cells of its scope.
 *
 * What a family estimates is its own affair: it gives the function that fits to
 * a pool of values, and the size of what that finds.
 */
#ifndef CI_EVALUATE_POOL_H
#define CI_EVALUATE_POOL_H

#include "evaluate/evaluate.h"

/* The cells that parameters are estimated from, missing ones left out if filtered. */
typedef struct CiPool
{
	const uint32 *periods;		/* that it is gathered from */
	uint32		n_periods;
	size_t		n;
	const double *values;
} CiPool;

/* A stage of a component, on its way to being fitted. */
typedef struct CiFitting
{
	const CiEvaluation *ev;
	int			component;
	const void *stage;
	const CiScope *scope;
	bool		given;			/* no parameter is estimated */
	size_t		fit_size;

	/* What the stage receives in a period. */
	const double *(*receive) (const CiEvaluation *ev, int component, uint32 period);

	/* Find what is taken from outside the pool, into found; or NULL. */
	void		(*find) (const struct CiFitting *fitting, const CiPool *pool);
	void	   *found;

	/* Fit to a pool; what the fit points to is allocated in context. */
	void		(*fit) (const struct CiFitting *fitting, const CiPool *pool, void *fit);

	/* Report what is wrong with the fits of the periods that are evaluated. */
	void		(*report) (const struct CiFitting *fitting, CiFitSet **sets);
	MemoryContext context;		/* of what is found; all else is short-lived */
	const double **column;		/* by period: what was received, or NULL */
} CiFitting;

/*
 * Fit the stage in the periods that are evaluated.  Where neither parameters nor
 * pool depend on the period, all periods share one set.
 */
extern void ci_fit_stage(CiFitting *fitting, CiFitSet **sets);

/* The pool of these periods, whatever the values of "by". */
extern CiPool ci_gather_pool(const CiFitting *fitting, const uint32 *periods, uint32 n_periods);

/* What the stage receives in a period, computed once. */
extern const double *ci_received(const CiFitting *fitting, uint32 period);

#endif							/* CI_EVALUATE_POOL_H */
