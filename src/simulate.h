/*
 * simulate.h
 *	  What is uncertain, and ranks over draws from it.
 */
#ifndef CI_SIMULATE_H
#define CI_SIMULATE_H

#include "evaluate.h"
#include "method/simulate.h"
#include "nodes/execnodes.h"
#include "report.h"

#define CI_SIMULATE_MAX_COMBINATIONS 4096	/* of choices */
#define CI_SIMULATE_MAX_DRAWS 10000000
#define CI_SIMULATE_MAX_COUNTS (64 * 1024 * 1024)	/* 4 bytes each */

/* Patches of which each draw takes one. */
typedef struct CiAlternatives
{
	int			n;
	const CiJson **patch;
} CiAlternatives;

/* Weights that experts give. */
typedef struct CiExperts
{
	int			n;
	int			n_codes;		/* components that each of them names */
	const char **code;
	double	   *weight;			/* expert by expert */
	bool		ranges;			/* a draw is between what they give, not one's */
} CiExperts;

typedef struct CiUncertainty
{
	CiSpread	spread;
	CiExperts	experts;		/* of a method that wants them */
	bool		omits_each;		/* each indicator, or those listed */
	int			n_omitted;
	const char **omitted;		/* codes of components */
	int			n_choices;
	CiAlternatives *choices;
	uint32		n_combinations; /* of choices, 1 if there are none */
} CiUncertainty;

/* simulate_read.c: from JSON; whatever is wrong is an error that names it. */
extern CiUncertainty *ci_uncertainty_read(const CiJson *json);

/*
 * A methodology whose weights change from draw to draw, in place.
 */
typedef struct CiWeights
{
	CiMethodology *methodology;
	double	   *nominal;		/* by component, as is the next */
	uint32	   *variable;		/* number by which random numbers know it */
	bool		is_direct;		/* no parameter depends on weights */
	double	   *given;			/* room for those of siblings */
	double	   *drawn;
	uint32	   *siblings;
	int			n_targets;		/* components that may be left out */
	int		   *target;
	int		   *named;			/* components, by the experts' codes */
	double	   *lowest;			/* what experts give, by variable */
	double	   *highest;
} CiWeights;

/* simulate_weights.c: a copy, and changes to it. */
extern CiWeights *ci_weights_make(const CiMethodology *methodology);
extern void ci_weights_restore(CiWeights *weights);

/*
 * The component without which a draw is, if by the present weights this one is left
 * out: itself, or the one above it of which nothing else is left; -1 if nothing is left
 * at all.
 */
extern int	ci_weights_target(const CiWeights *weights, int component);

/* The same, but raise if nothing is left. */
extern int	ci_weights_require_target(const CiWeights *weights, int component);

/* Find the targets of what is uncertain. */
extern void ci_weights_omit(CiWeights *weights, const CiUncertainty *uncertainty);

/* Set the weights of the draw of a stream. */
extern void ci_weights_draw(CiWeights *weights, const CiUncertainty *uncertainty,
							CiStream stream);

/* simulate_experts.c: the parameters of a method by experts. */
extern void ci_experts_read(const CiJson *value, const CiPlace *place, CiExperts *experts);

/* Find the components that experts name, once it is known what may be left out. */
extern void ci_weights_ask(CiWeights *weights, const CiExperts *experts);

/* Set the lowest and highest weights of a draw; which expert it is, is variable 0. */
extern void ci_weights_choose(CiWeights *weights, const CiExperts *experts, CiStream stream);

/* Who has which rank without uncertainty, in what order: those without a rank last, by row. */
typedef struct CiNominal
{
	int32	   *rank;
	uint32	   *order;
} CiNominal;

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
	CiNominal  *standing;		/* by period: without uncertainty */
	CiRankCounts *ranks;		/* by period, for take */
	CiPairCounts *pairs;
};

/*
 * simulate_draw.c: resolve every combination of choices, which raises what is wrong
 * with any, and give it to visit, if that is not NULL.  What is allocated meanwhile
 * is gone afterwards.
 */
extern void ci_simulation_check(CiSimulation *simulation,
								void (*visit) (CiSimulation *simulation, const CiWeights *weights));

/*
 * Check, and give the ranks at every point to take.  A point is a variant of a draw,
 * numbered (draw - first) * n_variants + variant; there must be less than 2^32.
 */
extern void ci_simulation_run(CiSimulation *simulation);

/*
 * What was counted in the draws of a period.  What was not counted has count or
 * ahead NULL.
 */
typedef struct CiTally
{
	int32		period;
	uint32		n;				/* units */
	text	  **unit;			/* their names, by row */
	CiNominal	standing;
	uint64		draws;
	CiRankCounts ranks;
	CiPairCounts pairs;
} CiTally;

/*
 * simulate.c: arguments from the panel to the period, as all functions have them,
 * and errors; is one null that must not be?  Count over all draws; give a period.
 */
extern CiSimulation ci_simulation_args(FunctionCallInfo fcinfo, int errors);
extern bool ci_simulation_lacks_argument(FunctionCallInfo fcinfo);
extern void ci_simulation_count(CiSimulation *simulation, bool ranks, bool pairs);
extern CiTally ci_simulation_tally(const CiSimulation *simulation, uint32 period);

/*
 * simulate_rows.c: the rows of a period, in the order of ranks without uncertainty;
 * only intervals have a level.
 */
typedef void (*CiTallyPut) (ReturnSetInfo *rows, const CiTally *tally, double level);

extern void ci_tally_put_intervals(ReturnSetInfo *rows, const CiTally *tally, double level);
extern void ci_tally_put_acceptability(ReturnSetInfo *rows, const CiTally *tally, double level);
extern void ci_tally_put_pairs(ReturnSetInfo *rows, const CiTally *tally, double level);
extern double ci_level_arg(FunctionCallInfo fcinfo, int argno);

/* simulate_errors.c: a panel whose cells are drawn around those observed. */
typedef struct CiNoisyPanel CiNoisyPanel;

extern CiNoisyPanel *ci_noisy_panel_make(const CiPanel *panel, const CiPanel *errors);
extern const CiPanel *ci_noisy_panel_draw(CiNoisyPanel *noisy, CiStream stream);

static inline bool
ci_simulates(const CiSimulation *simulation, uint32 period)
{
	return simulation->only < 0 || (uint32) simulation->only == period;
}

#endif							/* CI_SIMULATE_H */
