/*
 * fit/fit.h
 *	  Stages whose parameters become numbers, from a panel or in a stream.
 */
#ifndef CI_FIT_H
#define CI_FIT_H

#include "evaluate/evaluate.h"
#include "evaluate/single.h"
#include "method/accumulator.h"
#include "methodology/kept.h"

/* Does the stage have parameters that fitting turns into numbers? */
extern bool ci_is_to_be_fitted(const CiNormaliseStage *stage);

/* The stage as a fitted methodology holds it. */
extern CiJson *ci_fitted_normalise(const CiNormaliseStage *stage, const CiNormaliseFit *fit);
extern CiJson *ci_fitted_impute(const CiImputeStage *stage, const CiImputeFit *fit);

/*
 * What of its values is counted, for parameters that can be estimated now, what
 * comes before them being numbers (fit/stream.c).
 */
typedef struct CiFitStep CiFitStep;

typedef struct CiFitStage
{
	const CiFitStep *step;		/* impute, normalise or rescale */
	int			component;
	const CiScope *scope;
	CiAccumulatorKind kind;
	CiCentre	centre;			/* CI_ACCUMULATE_DEVIATIONS */
	int			column;			/* whose cells are taken as they are; or -1 */
	bool		restricted;		/* to units that the component applies to */
	CiComputation *computation; /* of what is rescaled */
} CiFitStage;

/* A methodology made ready to be fitted by one unit after the other. */
typedef struct CiFitStream
{
	CiKept		kept;
	MemoryContext work;			/* of one unit's evaluation */
	CiMethodology methodology;
	CiSingle	single;
	CiEvaluation *ev;
	int			n;				/* stages that can be fitted now */
	CiFitStage *stage;
} CiFitStream;

/* What is kept of the values of a stage. */
typedef struct CiFitAccumulator
{
	uint64		rows;			/* of the periods of its scope */
	CiAccumulator accumulator;
} CiFitAccumulator;

/* The periods of all rows. */
typedef struct CiFitPeriods
{
	int32		first;
	int32		last;
} CiFitPeriods;

/* Kept for as long as the methodology stays the same. */
extern CiFitStream *ci_fit_stream(FunctionCallInfo fcinfo, Datum methodology);

/* Count what is set as the single unit, each stage in its accumulator. */
extern void ci_fit_stream_add(CiFitStream *stream, CiFitAccumulator *accumulators);

/* The methodology with what was counted as numbers, as far as that goes. */
extern CiMethodologyDatum *ci_fit_stream_result(const CiFitStream *stream, const CiFitPeriods *periods,
												const CiFitAccumulator *accumulators);

#endif							/* CI_FIT_H */
