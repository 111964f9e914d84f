/*
 * bounds/bounds.h
 *	  Weights within bounds, and the units of a period as a tree of weighted
 *	  means over them.
 */
#ifndef CI_BOUNDS_H
#define CI_BOUNDS_H

#include "evaluate/evaluate.h"
#include "method/bounds.h"

/* The weights that are admissible, by component, relative to their siblings'. */
typedef struct CiWeightBounds
{
	double	   *low;
	double	   *high;
} CiWeightBounds;

/*
 * What a component's own score contributes to the root's: slope * score +
 * intercept, turned so that more is better.  Where a node on the way is no weighted sum there is
 * none.  Size is what terms of the intercept come to without their signs.
 */
typedef struct CiLine
{
	bool		exists;
	double		slope;
	double		intercept;
	double		size;
} CiLine;

/* By component; raises if one is needed for which fixed is false and there is none. */
extern CiLine *ci_lines(const CiEvaluation *ev, uint32 period, const bool *needed);

/*
 * Units with a rank as ci_bounds takes them.  The tree's components are those of
 * the methodology whose numbers are in component[]; scale[] is what their weights
 * are multiplied by.
 */
typedef struct CiStanding
{
	const CiEvaluation *ev;
	const CiOutcome *outcome;
	CiBounds	bounds;
	uint32	   *row;			/* by unit of bounds */
	uint32	   *by_rank;		/* units of bounds, by rank and then by name */
	int		   *component;
	double	   *scale;
	double	   *room;			/* scratch for a tree */
	CiBoundsTally *tally;		/* see ci_standing_compare */
	bits8	   *open;
} CiStanding;

extern CiStanding *ci_standing_make(const CiEvaluation *ev, uint32 period,
									const CiWeightBounds *admissible);

/* Compare all pairs of units; then list those whose order with a unit depends on weights. */
extern void ci_standing_compare(CiStanding *standing);
extern size_t ci_standing_rivals(const CiStanding *standing, size_t unit, uint32 *rival);

#endif							/* CI_BOUNDS_H */
