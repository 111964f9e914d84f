/*
 * simulate/simulate.h
 *	  Draws from what is uncertain, and the ranks of each.
 */
#ifndef CI_SIMULATE_H
#define CI_SIMULATE_H

#include "panel/panel.h"
#include "simulate/rows.h"
#include "simulate/weights.h"

/* A draw, but for some variables, which are taken from the second sample. */
typedef struct CiVariant
{
	CiVariables second;
	const char *label;			/* in errors, after the number of the draw */
} CiVariant;

typedef struct CiSimulation CiSimulation;

struct CiSimulation
{
	CiPanel    *panel;
	const CiMethodology *methodology;
	const CiUncertainty *uncertainty;
	const CiPanel *errors;		/* standard deviations; NULL: none */
	uint32		first;			/* number of the first draw, from 0 on */
	uint32		draws;
	uint32		n_variants;		/* of each draw; 0: it is taken once, as it is */
	const CiVariant *variant;
	uint32		seed;
	int			only;			/* number of the one period, -1: all */
	void		(*take) (const CiSimulation *simulation, uint32 period, uint32 point,
						 const int32 *rank);
	CiNominalRanks *nominal;	/* by period, as are the next */
	CiRankCounts *ranks;		/* for take */
	CiPairCounts *pairs;
};

static inline bool
ci_simulates(const CiSimulation *simulation, uint32 period)
{
	return simulation->only < 0 || (uint32) simulation->only == period;
}

/*
 * simulate/draw.c: resolve every combination of choices, which raises what is wrong
 * with any, and give it to visit, if that is not NULL.  What is allocated meanwhile
 * is gone afterwards.
 */
extern void ci_simulation_check(CiSimulation *simulation,
								void (*visit) (CiSimulation *simulation, const CiWeights *weights));

/*
 * Check, find nominal ranks, and give the ranks at every point to take.  A point is a
 * variant of a draw, numbered (draw - first) * n_variants + variant; there must be less
 * than 2^32.
 */
extern void ci_simulation_run(CiSimulation *simulation);

/*
 * simulate/functions.c: arguments from the panel to the period, as all functions have them,
 * and errors; is one null that must not be?  Count over all draws; give a period.
 */
extern CiSimulation ci_simulation_args(FunctionCallInfo fcinfo, int errors);
extern bool ci_simulation_lacks_argument(FunctionCallInfo fcinfo);
extern void ci_simulation_count(CiSimulation *simulation, bool ranks, bool pairs);
extern CiTally ci_simulation_tally(const CiSimulation *simulation, uint32 period);

#endif							/* CI_SIMULATE_H */
