/*
 * weigh/weigh.h
 *	  The data that weights, components and correlations are found from.
 */
#ifndef CI_WEIGH_H
#define CI_WEIGH_H

#include "base/compat.h"
#include "evaluate/evaluate.h"
#include "method/pca.h"

/*
 * A node and its children, over the units that take part, period after period.
 * A child's column is its score, of which more is better: an inner child's is
 * reflected where it is not.  Natural columns are an indicator's own values, or
 * an inner child's own score, and have directions.
 */
typedef struct CiSample
{
	const CiEvaluation *ev;
	const CiComponent *node;
	size_t		n;
	double	  **child;			/* by child */
	int		   *direction;		/* by child, of its column */
	double	   *score;			/* the node's own */
	uint32	   *period;			/* numbers: where a unit is from */
	uint32	   *row;
} CiSample;

/* Which periods: those of an int[], by number; all if the argument is NULL. */
typedef struct CiPeriods
{
	int			only;			/* number if it is just one, else -1 */
	bool	   *pooled;			/* by number */
} CiPeriods;

extern CiPeriods ci_periods_arg(FunctionCallInfo fcinfo, int argno, const CiPanel *panel);

extern CiSample *ci_sample_make(const CiEvaluation *ev, int component, const CiPeriods *periods,
								bool natural);

/* What the kernel needs to know of a sample; scratch and weight are new. */
extern CiWeighing ci_sample_weighing(const CiSample *sample);

/* Raise what the kernel returned, for a method or what else needs it. */
pg_noreturn extern void ci_sample_fail(const CiSample *sample, const CiWeighing *w,
									   CiStatus status, const char *what);

/* The nodes asked for: one by its code, or all inner components if that is NULL. */
extern bool *ci_nodes_arg(FunctionCallInfo fcinfo, int argno, const CiMethodology *methodology);

#endif							/* CI_WEIGH_H */
