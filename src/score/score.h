/*
 * score/score.h
 *	  Scoring one unit at a time by a methodology that needs no peers.
 */
#ifndef CI_SCORE_H
#define CI_SCORE_H

#include "evaluate/evaluate.h"
#include "evaluate/single.h"
#include "methodology/kept.h"

/* See score/additive.c. */
typedef struct CiAdditive CiAdditive;

/*
 * A methodology made ready to score a unit: a panel of one unit whose cells are
 * set anew for each.
 */
typedef struct CiScorer
{
	CiKept		kept;
	MemoryContext work;			/* of one unit's evaluation */
	CiMethodology methodology;
	CiSingle	single;
	CiEvaluation *ev;
	CiComputation *computation;
	CiAdditive *additive;		/* the same straight on, NULL if it cannot be */
} CiScorer;

/* Kept for as long as the methodology stays the same. */
extern CiScorer *ci_scorer(FunctionCallInfo fcinfo, Datum methodology);

/* NULL for a methodology that is not additive. */
extern CiAdditive *ci_additive_make(const CiEvaluation *ev);

/* False if a score is out of range: evaluation then says which. */
extern bool ci_additive_score(const CiAdditive *additive, const double *cells, double *score);

/* Score the unit whose cells are set; NaN if it has no score. */
extern double ci_scorer_score(CiScorer *scorer);

#endif							/* CI_SCORE_H */
