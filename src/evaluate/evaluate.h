/*
 * evaluate/evaluate.h
 *	  From a panel and a methodology to the scores of every component.
 *
 * Two steps.  Begin finds the indicators in the panel, screens units and fits
 * every stage's parameters, for all periods.  Then each period is computed on
 * its own, component by component, column by column, through those parameters.
 * ci.rank, ci.scores, ci.explain, ci.audit, ci.fit and ci.score all go this
 * way.
 */
#ifndef CI_EVALUATE_H
#define CI_EVALUATE_H

#include "base/problem.h"
#include "methodology/methodology.h"
#include "panel/panel.h"

/* Whether a unit takes part: only then is it ranked, and estimated from. */
typedef enum CiScreening
{
	CI_PASSED,
	CI_SCREENED,				/* fails the screen's shares */
	CI_EXCLUDED,				/* by name, or not among the screen's units */
	CI_ABSENT					/* as if not in the panel: nothing applies to
								 * it */
} CiScreening;

/*
 * The parameters of one stage in one period: one fit, or, if the scope has a
 * "by", one for each value of that indicator, by[] in ascending order.
 */
typedef struct CiFitSet
{
	int			n;
	const double *by;			/* NULL without "by" */
	void	   *fit;			/* of the stage's family, fit_size bytes each */
	size_t		fit_size;
} CiFitSet;

/*
 * What is imputed for units of one period from other periods: rows in ascending
 * order, and the period that each value comes from.
 */
typedef struct CiFilled
{
	uint32		n;
	uint32		room;
	uint32	   *row;
	double	   *value;
	int32	   *from;
} CiFilled;

typedef struct CiEvaluation
{
	const CiPanel *panel;
	const CiMethodology *methodology;
	const CiProblemSink *sink;	/* NULL: problems are errors */
	int			only;			/* number of the one period evaluated, -1: all */
	int		   *indicator;		/* by component: column, -1 if it has none */
	int		   *denominator;	/* likewise */
	uint8	  **screening;		/* by period: by row; NULL if all pass */
	CiFilled  **filled;			/* by component: by period; NULL if there is
								 * none */
	CiFitSet  **impute;			/* see ci_fit_set; NULL if there is no stage */
	CiFitSet  **treat;
	CiFitSet  **normalise;
	CiFitSet  **rescale;
} CiEvaluation;

/* The scores of one period. */
typedef struct CiOutcome
{
	uint32		period;			/* its number in the panel */
	uint32		n;				/* units */
	double	  **score;			/* by component; NULL if not kept */
	bool	  **applies;		/* by component; NULL if it applies to all */
	uint32	  **observed;		/* by inner component kept: leaves seen */
	uint32	  **imputed;		/* likewise: leaves imputed */
	uint32	  **applicable;		/* likewise: leaves that apply */
	double	   *optima;			/* by component: best orders of units, if it
								 * is one of them; 0 if perhaps it is not */
} CiOutcome;

/* Comparing shares must not fail by the last bit of 13/20 against 0.65. */
#define CI_SHARE_TOLERANCE 1e-9

/* Which components' scores an outcome keeps. */
typedef enum CiKeep
{
	CI_KEEP_ROOT,
	CI_KEEP_ALL
} CiKeep;

/* All is allocated in the current memory context, which the caller resets. */
extern CiEvaluation *ci_evaluate_begin(const CiPanel *panel, const CiMethodology *methodology,
									   int only, const CiProblemSink *sink);
extern CiOutcome *ci_evaluate_period(const CiEvaluation *ev, uint32 period, CiKeep keep);

/*
 * What an evaluation takes over from others: who passes the screen, from one of a
 * panel with the same rows, and by component of the methodology the parameters
 * that another one found, where its ev is not NULL.  A stage that compares units
 * takes none over.
 */
typedef struct CiHeldFit
{
	const CiEvaluation *ev;
	int			component;
	uint32		period;
} CiHeldFit;

typedef struct CiHeld
{
	const CiEvaluation *screened;
	const CiHeldFit *fits;
} CiHeld;

extern CiEvaluation *ci_evaluate_held(const CiPanel *panel, const CiMethodology *methodology,
									  int only, const CiProblemSink *sink, const CiHeld *held);

/*
 * The same in two steps, for a component and what is below it, with or without
 * its own rescale stage.  It may be computed again when cells have changed.
 */
typedef struct CiComputation CiComputation;

extern CiComputation *ci_computation_make(const CiEvaluation *ev, uint32 period, int component,
										  CiKeep keep, bool rescaled);
extern CiOutcome *ci_compute(CiComputation *computation);

/*
 * Compute inner components again, after nothing but weights of the methodology has
 * changed since ci_compute; the computation keeps all.  What the rescale stages of
 * inner components fitted, by the weights that were, stays.
 */
extern void ci_compute_inner(CiComputation *computation);

/* The set of a component's stage in a period. */
static inline CiFitSet *
ci_fit_set(const CiEvaluation *ev, CiFitSet **sets, int component, uint32 period)
{
	return sets[(size_t) component * ev->panel->n_periods + period];
}

/* Before a stage is fitted: are its parameters taken over from another evaluation? */
static inline bool
ci_is_held(const CiEvaluation *ev, CiFitSet **sets, int component)
{
	return ev->panel->n_periods > 0 && ci_fit_set(ev, sets, component, 0) != NULL;
}

/* Share of a component's indicators that are observed; NaN if none applies. */
extern double ci_coverage(const CiEvaluation *ev, const CiOutcome *outcome, int component,
						  uint32 row);

/* Share of a component's indicators that are imputed; NaN if none applies. */
extern double ci_imputed_share(const CiEvaluation *ev, const CiOutcome *outcome, int component,
							   uint32 row);

/*
 * Rank the units on a component: rank[row] is 0 where a unit has none.
 * order[] receives the rows that are ranked, by rank and then by unit;
 * returns how many.
 */
extern uint32 ci_rank_units(const CiEvaluation *ev, const CiOutcome *outcome, int component,
							int32 *rank, uint32 *order);

static inline bool
ci_is_evaluated(const CiEvaluation *ev, uint32 period)
{
	return ev->only < 0 || (uint32) ev->only == period;
}

/* The raw cells of a component in a period, NULL if it has none. */
static inline const double *
ci_raw_cells(const CiEvaluation *ev, int component, uint32 period)
{
	return ev->indicator[component] < 0 ? NULL :
		ci_panel_column(&ev->panel->periods[period], (uint32) ev->indicator[component]);
}

/* What they are divided by, NULL if by nothing. */
static inline const double *
ci_denominator_cells(const CiEvaluation *ev, int component, uint32 period)
{
	return ev->denominator[component] < 0 ? NULL :
		ci_panel_column(&ev->panel->periods[period], (uint32) ev->denominator[component]);
}

static inline CiScreening
ci_screening(const CiEvaluation *ev, uint32 period, uint32 row)
{
	return ev->screening[period] == NULL ? CI_PASSED : ev->screening[period][row];
}

/* Is any unit of the period absent? */
static inline bool
ci_has_absent(const CiEvaluation *ev, uint32 period)
{
	return ev->screening[period] != NULL &&
		memchr(ev->screening[period], CI_ABSENT, ev->panel->periods[period].n) != NULL;
}

/*
 * Units (evaluate/units.c): which rows of a period are in a set, NULL if all
 * are; to which rows a component, or each, applies; and who passes the screen.
 */
extern bool *ci_units_in_period(const CiEvaluation *ev, const CiUnits *units, uint32 period,
								const CiComponent *component);
extern bool *ci_component_applying(const CiEvaluation *ev, int component, uint32 period);
extern bool **ci_components_applying(const CiEvaluation *ev, uint32 period);
extern void ci_screen_units(CiEvaluation *ev);
extern int	ci_find_indicator(const CiEvaluation *ev, const char *indicator,
							  const CiComponent *component);

/*
 * Preparing (evaluate/prepare.c): a leaf's cells before it is normalised.  Fitting
 * takes a leaf whose indicator is found, or not found and reported.
 */
typedef enum CiStep
{
	CI_OBSERVED,				/* divided by the denominator */
	CI_IMPUTED,
	CI_TREATED
} CiStep;

extern void ci_fit_prepare(CiEvaluation *ev, int component);

static inline bool
ci_is_prepared(const CiComponent *leaf)
{
	return leaf->denominator.indicator != NULL || leaf->impute.spec.method != NULL ||
		leaf->treat.spec.method != NULL;
}

/*
 * The n cells of a leaf from row start on, after a step.  Where applies, by row of
 * the period, is false, they are missing; it may be NULL.
 */
extern void ci_prepare_step(const CiEvaluation *ev, int component, const bool *applies,
							CiStep step, uint32 period, uint32 start, uint32 n, double *cells);

/* The same for one row. */
extern double ci_prepared_cell(const CiEvaluation *ev, int component, const bool *applies,
							   CiStep step, uint32 period, uint32 row);

/* The cell of a period that a row's is imputed from; NULL if it is from none. */
extern const int32 *ci_filled_from(const CiEvaluation *ev, int component, uint32 period, uint32 row);

/* Is a cell observed, so that it is not to be imputed? */
static inline bool
ci_is_observed(const double *raw, const double *denominator, uint32 row)
{
	return raw != NULL && !ci_is_missing(raw[row]) &&
		(denominator == NULL || !ci_is_missing(denominator[row]));
}

/* Fitting (evaluate/fit.c). */
extern void ci_fit_normalise(CiEvaluation *ev, int component);
extern void ci_fit_rescale(CiEvaluation *ev, int component);

/* Did fitting find no usable range?  on_constant then says what becomes of scores. */
static inline bool
ci_fit_is_degenerate(const CiNormaliseFit *fit)
{
	return fit->status == CI_CONSTANT || fit->status == CI_REVERSED;
}

/* Say what such a fit found, as part of a sentence. */
extern void ci_describe_fit(StringInfo out, const CiNormalise *spec, const CiNormaliseFit *fit);

/*
 * Stages (evaluate/stage.c).
 *
 * The cells of n rows of a leaf, from row start on, prepared, as its normalise
 * stage transforms them: in the panel, or in buffer if there was anything to do.
 * They are clamped to the goalposts of set, which is NULL while parameters are
 * still to be estimated.  Where applies, by row of the period, is false, cells
 * that are not prepared stay as they are; it may be NULL.
 */
extern const double *ci_prepare_cells(const CiEvaluation *ev, int component, const bool *applies,
									  const CiFitSet *set, uint32 period, uint32 start, uint32 n,
									  double *buffer);

/* Is there anything to do, so that it needs a buffer? */
extern bool ci_cells_need_room(const CiEvaluation *ev, int component);

/* The same, in place, for a component's scores and its rescale stage. */
extern void ci_prepare_scores(const CiEvaluation *ev, int component, const CiFitSet *set,
							  uint32 period, uint32 start, uint32 n, double *score);

/* Apply fitted parameters to x, which are the n rows from start on and may be out. */
extern void ci_apply_stage(const CiEvaluation *ev, const CiNormaliseStage *stage,
						   const CiFitSet *set, uint32 period, uint32 start, uint32 n,
						   const double *x, double *out);

/* The fit that is a row's, NULL if its "by" cell is missing or has none. */
extern const void *ci_fit_of_row(const CiEvaluation *ev, const CiScope *scope,
								 const CiFitSet *set, uint32 period, uint32 row);

/* Room for so many numbers, also where there are none. */
static inline double *
ci_new_column(size_t n)
{
	return palloc_extended(Max(n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
}

#endif							/* CI_EVALUATE_H */
