/*
 * result/explain.h
 *	  What each component of a unit's score has to do with it.
 */
#ifndef CI_EXPLAIN_H
#define CI_EXPLAIN_H

#include "evaluate/evaluate.h"

/*
 * What a component's score weighs in the root's.  Where all nodes on the way
 * are sums, its contribution is effective * (slope * score + intercept).
 */
typedef struct CiShare
{
	double		weight;			/* within the parent, of what is present */
	double		effective;
	bool		additive;
	double		slope;
	double		intercept;
} CiShare;

/*
 * Work out every component's share for one unit, from the root down.  The
 * outcome keeps all components.
 */
extern void ci_share_out(const CiEvaluation *ev, const CiOutcome *outcome, uint32 row,
						 CiShare *shares);

#endif							/* CI_EXPLAIN_H */
