/*
 * simulate/rows.h
 *	  What was counted in the draws of a period, and its rows.
 */
#ifndef CI_SIMULATE_ROWS_H
#define CI_SIMULATE_ROWS_H

#include "fmgr.h"
#include "method/simulate.h"
#include "nodes/execnodes.h"

/* Who has which rank without uncertainty, in what order: those without a rank last, by row. */
typedef struct CiNominalRanks
{
	int32	   *rank;
	uint32	   *order;
} CiNominalRanks;

/* What was not counted has count or ahead NULL. */
typedef struct CiTally
{
	int32		period;
	uint32		n;				/* units */
	text	  **unit;			/* their names, by row */
	CiNominalRanks nominal;
	uint64		draws;
	CiRankCounts ranks;
	CiPairCounts pairs;
} CiTally;

/* Put the rows, in the order of nominal ranks; only intervals have a level. */
typedef void (*CiTallyPut) (ReturnSetInfo *rows, const CiTally *tally, double level);

extern void ci_tally_put_intervals(ReturnSetInfo *rows, const CiTally *tally, double level);
extern void ci_tally_put_acceptability(ReturnSetInfo *rows, const CiTally *tally, double level);
extern void ci_tally_put_pairs(ReturnSetInfo *rows, const CiTally *tally, double level);
extern double ci_level_arg(FunctionCallInfo fcinfo, int argno);

#endif							/* CI_SIMULATE_ROWS_H */
