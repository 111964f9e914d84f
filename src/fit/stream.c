/*
 * fit/stream.c
 *	  Fitting a methodology by one unit after the other.
 *
 * In: a methodology, and rows that are set as its single unit.  Out: accumulators
 * of what its stages receive, and from them the numbers.  A stage is fitted once
 * all before it is numbers, so a methodology may take several passes over the same
 * rows: children before what rescales their parent, a mean before what is imputed
 * by it is normalised.  A spread takes two passes, as deviations are taken from a
 * centre that only the first finds.
 *
 * Rows are evaluated as a panel's are, through the same functions, so what is
 * counted are the same bits.  What a row needs beyond the stream is freed when it
 * is counted.
 */
#include "postgres.h"

#include "fit/fit.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

/*
 * Steps: what a stage receives for the single unit, and what it becomes
 */

struct CiFitStep
{
	const char *key;
	double		(*receive) (const CiFitStream *stream, const CiFitStage *stage, const bool *applies);
	double		(*term) (const CiFitStream *stream, const CiFitStage *stage, double value);
	CiJson	   *(*settle) (const CiFitStream *stream, const CiFitStage *stage, const CiAccumulator *accumulator);
};

static const CiComponent *
component_of(const CiFitStream *stream, const CiFitStage *stage)
{
	return &stream->methodology.components[stage->component];
}

static double
receive_observed(const CiFitStream *stream, const CiFitStage *stage, const bool *applies)
{
	return ci_prepared_cell(stream->ev, stage->component, applies, CI_OBSERVED, 0, 0);
}

static double
receive_cell(const CiFitStream *stream, const CiFitStage *stage, const bool *applies)
{
	double		room;

	return *ci_prepare_cells(stream->ev, stage->component, applies, NULL, 0, 0, 1, &room);
}

static double
receive_score(const CiFitStream *stream, const CiFitStage *stage, const bool *applies)
{
	double	   *score = ci_compute(stage->computation)->score[stage->component];

	ci_prepare_scores(stream->ev, stage->component, NULL, 0, 0, 1, score);
	return score[0];
}

static double
term_itself(const CiFitStream *stream, const CiFitStage *stage, double value)
{
	return value;
}

static double
term_of_cell(const CiFitStream *stream, const CiFitStage *stage, double value)
{
	return ci_normalise_term(&component_of(stream, stage)->normalise.spec, value);
}

static double
term_of_score(const CiFitStream *stream, const CiFitStage *stage, double value)
{
	return ci_normalise_term(&component_of(stream, stage)->rescale.spec, value);
}

static CiJson *
settle_impute(const CiFitStream *stream, const CiFitStage *stage, const CiAccumulator *accumulator)
{
	const CiImputeStage *impute = &component_of(stream, stage)->impute;
	CiImputeFit fit;

	ci_impute_settle(&impute->spec, accumulator, &fit);
	return ci_fitted_impute(impute, &fit);
}

/* What a stage is about, as errors name it. */
static char *
describe(const CiFitStream *stream, const CiFitStage *stage)
{
	const CiComponent *component = component_of(stream, stage);

	return stage->scope == &component->rescale.scope ?
		psprintf("component \"%s\"", component->code) :
		psprintf("indicator \"%s\"", component->indicator);
}

static void
fail_constant(const CiFitStream *stream, const CiFitStage *stage, const CiNormalise *spec,
			  const CiNormaliseFit *fit)
{
	StringInfoData detail;

	initStringInfo(&detail);
	ci_describe_fit(&detail, spec, fit);
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("%s has no variation", describe(stream, stage)),
			 errdetail("In the rows of its scope %s.", detail.data),
			 errhint("Give goalposts, remove the indicator, or set on_constant.")));
}

/* Raise what evaluation by these parameters would. */
static void
check_fit(const CiFitStream *stream, const CiFitStage *stage, const CiNormalise *spec,
		  const CiNormaliseFit *fit)
{
	if (fit->status == CI_OVERFLOW || fit->status == CI_NONPOSITIVE)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("parameters of %s are out of range", describe(stream, stage))));
	if (ci_fit_is_degenerate(fit) && stream->methodology.on_constant == CI_POLICY_ERROR)
		fail_constant(stream, stage, spec, fit);
}

static CiJson *
settle_normalise(const CiFitStream *stream, const CiFitStage *stage, const CiAccumulator *accumulator,
				 const CiNormaliseStage *normalise)
{
	double		about[CI_ABOUT_NUMBERS];
	CiNormaliseFit fit;
	bool		fitted = ci_normalise_settle(&normalise->spec, accumulator, &fit, about);
	CiJson	   *json;
	CiJson	   *numbers;

	check_fit(stream, stage, &normalise->spec, &fit);
	if (fitted)
		return ci_fitted_normalise(normalise, &fit);
	json = ci_normalise_stage_json(normalise);
	numbers = ci_json_new(CI_JSON_ARRAY);
	for (int k = 0; k < CI_ABOUT_NUMBERS; k++)
		ci_json_append(numbers, NULL, ci_json_new_number(about[k]));
	ci_json_set(json, "about", numbers);
	return json;
}

static CiJson *
settle_cells(const CiFitStream *stream, const CiFitStage *stage, const CiAccumulator *accumulator)
{
	return settle_normalise(stream, stage, accumulator, &component_of(stream, stage)->normalise);
}

static CiJson *
settle_scores(const CiFitStream *stream, const CiFitStage *stage, const CiAccumulator *accumulator)
{
	return settle_normalise(stream, stage, accumulator, &component_of(stream, stage)->rescale);
}

static const CiFitStep impute_step = {"impute", receive_observed, term_itself, settle_impute};
static const CiFitStep normalise_step = {"normalise", receive_cell, term_of_cell, settle_cells};
static const CiFitStep rescale_step = {"rescale", receive_score, term_of_score, settle_scores};
static const CiFitStep *const steps[] = {&impute_step, &normalise_step, &rescale_step};

/*
 * Which stages can be fitted now
 */

/* How far a component's value is known by numbers, before and after each stage. */
typedef enum Readiness
{
	READY,
	LATER,						/* once what is estimated is numbers */
	NEVER						/* it depends on other units, or periods */
} Readiness;

static void
fail_stage(const CiComponent *component, const char *key, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("%s of component \"%s\" cannot be fitted in a stream", key, component->code),
			 errdetail_internal("%s", detail),
			 errhint("Fit a panel with ci.fit, one panel per period if all are too large, or give the numbers.")));
}

/* A stage that is to be fitted; missing names a parameter that no accumulator is enough for. */
static void
plan_stage(CiFitStream *stream, const CiFitStep *step, int c, const CiScope *scope,
		   CiAccumulatorKind kind, const char *method, const char *missing, Readiness *readiness)
{
	const CiComponent *component = &stream->methodology.components[c];

	if (missing != NULL)
		fail_stage(component, step->key,
				   psprintf("Method \"%s\" needs all values at once to estimate \"%s\".",
							method, missing));
	if (*readiness == NEVER)
		fail_stage(component, step->key, "What it is estimated from depends on other units or periods.");
	if (*readiness == READY)
		stream->stage[stream->n++] = (CiFitStage)
	{
		.step = step, .component = c, .scope = scope, .kind = kind, .column = -1
	};
	*readiness = LATER;
}

static void
plan_normalise(CiFitStream *stream, const CiFitStep *step, int c, const CiNormaliseStage *stage,
			   Readiness *readiness)
{
	const CiNormalise *spec = &stage->spec;

	if (spec->method == NULL || (ci_normalise_is_fitted(spec) && stage->scope.by == NULL))
		return;
	if (!ci_is_to_be_fitted(stage))
		*readiness = NEVER;
	else
		plan_stage(stream, step, c, &stage->scope, ci_normalise_accumulator(spec), spec->method->name,
				   ci_normalise_unaccumulated(spec), readiness);
}

static void
plan_impute(CiFitStream *stream, int c, const CiImputeStage *stage, Readiness *readiness)
{
	const CiImputeMethod *method = stage->spec.method;

	if (method == NULL || (method->estimate == NULL && method->fill == NULL))
		return;
	if (method->fill != NULL || stage->scope.by != NULL)
		*readiness = NEVER;
	else
		plan_stage(stream, &impute_step, c, &stage->scope, method->accumulator, method->name,
				   method->settle == NULL ? method->name : NULL, readiness);
}

static void
plan_treat(CiFitStream *stream, int c, const CiTreatStage *stage, Readiness *readiness)
{
	const CiTreatMethod *method = stage->spec.method;

	if (method == NULL || method->fit == NULL)
		return;
	if (stage->scope.by == NULL)
		fail_stage(&stream->methodology.components[c], "treat",
				   psprintf("Method \"%s\" needs all values at once.", method->name));
	*readiness = NEVER;
}

static Readiness
plan_component(CiFitStream *stream, int c, const Readiness *all)
{
	const CiComponent *component = &stream->methodology.components[c];
	Readiness	readiness = READY;

	for (int k = 0; k < component->n_children; k++)
		readiness = Max(readiness, all[component->children[k]]);
	if (component->indicator == NULL &&
		(component->aggregate.method->flags & CI_AGGREGATE_PEERS) != 0)
		readiness = NEVER;
	if (component->indicator != NULL)
	{
		plan_impute(stream, c, &component->impute, &readiness);
		plan_treat(stream, c, &component->treat, &readiness);
		plan_normalise(stream, &normalise_step, c, &component->normalise, &readiness);
	}
	plan_normalise(stream, &rescale_step, c, &component->rescale, &readiness);
	return readiness;
}

static void
plan_stages(CiFitStream *stream)
{
	const CiMethodology *m = &stream->methodology;
	Readiness  *readiness = palloc(m->n * sizeof(Readiness));

	stream->stage = palloc((Size) m->n * lengthof(steps) * sizeof(CiFitStage));
	for (int c = 0; c < m->n; c++)
		readiness[c] = plan_component(stream, c, readiness);
}

/*
 * Making a stream
 */

/* Is it a set of some units, not of all? */
static bool
is_given(const CiUnits *units)
{
	return units->indicator != NULL || units->list != NULL;
}

/* The panel of one unit: also with the flags of screen and scopes. */
static void
make_single(CiFitStream *stream)
{
	const CiMethodology *m = &stream->methodology;
	const char **flags = palloc((stream->n + 1) * sizeof(char *));
	int			n = 0;

	if (m->screen.given && m->screen.units.indicator != NULL)
		flags[n++] = m->screen.units.indicator;
	for (int k = 0; k < stream->n; k++)
		if (stream->stage[k].scope->units.indicator != NULL)
			flags[n++] = stream->stage[k].scope->units.indicator;
	ci_single_make(&stream->single, m, flags, n);
}

/* The methodology without what is still to be estimated, nor a screen. */
static CiMethodology *
without_estimates(const CiMethodology *m)
{
	CiMethodology *rest = palloc(sizeof(CiMethodology));

	*rest = *m;
	rest->screen.given = false;
	rest->components = palloc(m->n * sizeof(CiComponent));
	for (int c = 0; c < m->n; c++)
	{
		CiComponent *component = &rest->components[c];

		*component = m->components[c];
		if (component->impute.spec.method != NULL && component->impute.spec.method->estimate != NULL)
			component->impute.spec.method = NULL;
		if (component->treat.spec.method != NULL && component->treat.spec.method->fit != NULL)
			component->treat.spec.method = NULL;
		if (component->indicator != NULL && !ci_normalise_is_fitted(&component->normalise.spec))
		{
			ci_normalise_defaults(&component->normalise.spec, ci_normalise_method("none"));
			component->normalise.scope = (CiScope) {CI_SCOPE_PERIOD};
		}
		if (component->rescale.spec.method != NULL &&
			!ci_normalise_is_fitted(&component->rescale.spec))
			component->rescale.spec.method = NULL;
	}
	return rest;
}

static bool
is_restricted(const CiMethodology *m, int component)
{
	for (int c = component; c >= 0; c = m->components[c].parent)
		if (is_given(&m->components[c].units))
			return true;
	return false;
}

static void
prepare_stage(CiFitStream *stream, CiFitStage *stage)
{
	const CiMethodology *m = &stream->methodology;
	int			c = stage->component;

	stage->restricted = is_restricted(m, c);
	if (stage->kind == CI_ACCUMULATE_DEVIATIONS)
		stage->centre = ci_normalise_centre(stage->step == &rescale_step ?
											&m->components[c].rescale.spec :
											&m->components[c].normalise.spec);
	if (stage->step == &rescale_step)
		stage->computation = ci_computation_make(stream->ev, 0, c, CI_KEEP_ROOT, false);
	if (stage->step == &normalise_step && !ci_cells_need_room(stream->ev, c) &&
		!stage->restricted && !is_given(&stage->scope->units))
		stage->column = stream->ev->indicator[c];
}

/*
 * What is still to be estimated is left out of the evaluation when it begins, so
 * that it is not estimated from a single unit, and then known again.
 */
static CiKept *
make_stream(CiMethodologyDatum *datum)
{
	CiFitStream *stream = palloc0(sizeof(CiFitStream));

	stream->work = AllocSetContextCreate(CurrentMemoryContext, "ci.fit_agg unit", ALLOCSET_DEFAULT_SIZES);
	stream->methodology = *ci_methodology_open(datum);
	plan_stages(stream);
	make_single(stream);
	stream->ev = ci_evaluate_begin(&stream->single.panel,
								   without_estimates(&stream->methodology), -1, NULL);
	stream->ev->methodology = &stream->methodology;
	for (int k = 0; k < stream->n; k++)
		prepare_stage(stream, &stream->stage[k]);
	return &stream->kept;
}

CiFitStream *
ci_fit_stream(FunctionCallInfo fcinfo, Datum methodology)
{
	return (CiFitStream *) ci_kept(fcinfo, methodology, make_stream);
}

/*
 * Counting
 */

static bool
is_in_periods(const CiScope *scope, int32 period)
{
	int			low = 0;
	int			high = scope->n_periods;

	if (scope->kind != CI_SCOPE_PERIODS)
		return true;
	while (low < high)
	{
		int			mid = low + (high - low) / 2;

		if (scope->periods[mid] < period)
			low = mid + 1;
		else
			high = mid;
	}
	return low < scope->n_periods && scope->periods[low] == period;
}

/* What a stage receives; missing where the unit is not one to estimate from. */
static double
received(const CiFitStream *stream, const CiFitStage *stage, bool passes)
{
	const CiComponent *component = component_of(stream, stage);
	const bool *applies = stage->restricted ?
		ci_component_applying(stream->ev, stage->component, 0) : NULL;
	const bool *units = ci_units_in_period(stream->ev, &stage->scope->units, 0, component);
	double		value = stage->step->receive(stream, stage, applies);

	return !passes || (applies != NULL && !applies[0]) || (units != NULL && !units[0]) ?
		CI_MISSING : value;
}

void
ci_fit_stream_add(CiFitStream *stream, CiFitAccumulator *accumulators)
{
	MemoryContext caller = MemoryContextSwitchTo(stream->work);
	bool		screens = stream->methodology.screen.given;
	bool		passes = true;

	stream->single.panel.units[0] = stream->single.unit;
	if (screens)
	{
		ci_screen_units(stream->ev);
		passes = ci_screening(stream->ev, 0, 0) == CI_PASSED;
	}
	for (int k = 0; k < stream->n; k++)
	{
		const CiFitStage *stage = &stream->stage[k];
		double		value;

		if (!is_in_periods(stage->scope, stream->single.period.period))
			continue;
		if (stage->column >= 0)
			value = passes ? stream->single.cells[stage->column] : CI_MISSING;
		else
			value = received(stream, stage, passes);
		accumulators[k].rows++;
		if (!ci_is_missing(value))
			ci_accumulator_add(&accumulators[k].accumulator, &stage->centre,
							   stage->step->term(stream, stage, value));
	}
	MemoryContextSwitchTo(caller);
	MemoryContextReset(stream->work);
}

/*
 * From what was counted to numbers
 */

static void
check_accumulator(const CiFitStream *stream, const CiFitStage *stage, const CiFitAccumulator *counted)
{
	if (stage->scope->kind == CI_SCOPE_PERIODS && counted->rows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("no row is of the periods in the scope of component \"%s\"",
						component_of(stream, stage)->code),
				 errdetail("The first of them is %d.", stage->scope->periods[0])));
	if (counted->accumulator.n > 0 && !ci_accumulator_is_exact(&counted->accumulator))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("values of %s are too far apart to be added up in a stream",
						describe(stream, stage)),
				 errdetail("Beside the largest, of magnitude %g, one of %g would lose digits in a panel.",
						   Max(-counted->accumulator.min, counted->accumulator.max), counted->accumulator.least),
				 errhint("Fit a panel with ci.fit.")));
}

static void
fail_periods(const CiFitStream *stream, const CiFitStage *stage, const CiFitPeriods *periods)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("component \"%s\" is fitted to one period, and rows are of several",
					component_of(stream, stage)->code),
			 errdetail("They are of the periods %d to %d.", periods->first, periods->last),
			 errhint("Group by period, choose the rows of one with FILTER, or give the stage the scope \"panel\".")));
}

CiMethodologyDatum *
ci_fit_stream_result(const CiFitStream *stream, const CiFitPeriods *periods,
					 const CiFitAccumulator *accumulators)
{
	CiStageChange changes[lengthof(steps)];
	const CiFitStage *waits = NULL;
	int			n = 0;

	for (int k = 0; k < (int) lengthof(steps); k++)
		changes[k] = (CiStageChange)
	{
			steps[k]->key, palloc0(stream->methodology.n * sizeof(CiJson *))
	};
	for (int k = 0; k < stream->n; k++)
	{
		const CiFitStage *stage = &stream->stage[k];

		if (stage->scope->kind == CI_SCOPE_PERIOD && periods->first != periods->last)
		{
			waits = waits == NULL ? stage : waits;
			continue;
		}
		check_accumulator(stream, stage, &accumulators[k]);
		for (int i = 0; i < (int) lengthof(steps); i++)
			if (steps[i] == stage->step)
				changes[i].stage[stage->component] =
					stage->step->settle(stream, stage, &accumulators[k].accumulator);
		n++;
	}
	if (waits != NULL && n == 0)
		fail_periods(stream, waits, periods);
	return ci_methodology_make(ci_methodology_with_stages(&stream->methodology, changes,
														  lengthof(steps)));
}
