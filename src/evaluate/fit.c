/*
 * evaluate/fit.c
 *	  Estimating the parameters of normalise and rescale stages, and what is said
 *	  where they cannot be used.
 */
#include "postgres.h"

#include "base/sort.h"
#include "evaluate/pool.h"
#include "method/stats.h"
#include "utils/builtins.h"

#include "base/compat.h"

static const CiNormalise *
spec_of(const CiFitting *fitting)
{
	return &((const CiNormaliseStage *) fitting->stage)->spec;
}

static const double *
receive_cells(const CiEvaluation *ev, int component, uint32 period)
{
	uint32		n = ev->panel->periods[period].n;
	bool		room = ci_cells_need_room(ev, component);
	double	   *buffer = room ? ci_new_column(n) : NULL;
	const bool *applies = room ? ci_component_applying(ev, component, period) : NULL;

	return ci_prepare_cells(ev, component, applies, NULL, period, 0, n, buffer);
}

static const double *
receive_scores(const CiEvaluation *ev, int component, uint32 period)
{
	double	   *score = ci_compute(ci_computation_make(ev, period, component, CI_KEEP_ROOT, false))->
		score[component];

	ci_prepare_scores(ev, component, NULL, period, 0, ev->panel->periods[period].n, score);
	return score;
}

/* The number of a unit that a stage refers to, -1 if the panel has none. */
static int
referred_unit(const CiFitting *fitting, const char *name)
{
	const CiEvaluation *ev = fitting->ev;
	const CiComponent *component = &ev->methodology->components[fitting->component];
	int			unit = ci_panel_unit(ev->panel, name, (int) strlen(name));
	CiProblem	problem = ci_problem_about("missing_unit", ERRCODE_UNDEFINED_OBJECT, component->code);

	if (unit >= 0)
		return unit;
	problem.message = psprintf("panel has no unit \"%s\"", name);
	problem.detail = psprintf("Component \"%s\" of the methodology refers to its value.",
							  component->code);
	ci_problem(ev->sink, &problem);
	return -1;
}

static double
value_of_unit(const CiFitting *fitting, uint32 unit, uint32 period)
{
	int64		row = ci_panel_row(&fitting->ev->panel->periods[period], unit);

	return row < 0 ? CI_MISSING : ci_received(fitting, period)[row];
}

/* The goalpost that is a unit's value: in several periods the smallest or the largest. */
static double
unit_post(const CiFitting *fitting, const CiPost *post, const uint32 *periods, uint32 n_periods,
		  bool largest)
{
	double		result = CI_MISSING;
	int			unit;

	if (post->kind != CI_POST_UNIT)
		return result;
	unit = referred_unit(fitting, post->unit);
	for (uint32 k = 0; unit >= 0 && k < n_periods; k++)
	{
		double		value = value_of_unit(fitting, (uint32) unit, periods[k]);

		if (ci_is_missing(result) || (largest ? value > result : value < result))
			result = value;
	}
	return result;
}

/*
 * The reference that lies outside the pool: the mean of a unit's values, or of
 * the pool of one period.
 */
static double
reference_value(const CiFitting *fitting, const uint32 *periods, uint32 n_periods)
{
	const CiReference *reference = &spec_of(fitting)->reference;
	CiMoments	moments = {.mean = CI_MISSING};
	uint32		base;
	int			unit;

	if (reference->has_period)
	{
		int			found = ci_panel_period(fitting->ev->panel, reference->period);

		if (found < 0)
			return CI_MISSING;	/* check_periods has said so */
		base = (uint32) found;
		periods = &base;
		n_periods = 1;
	}
	if (reference->kind == CI_REFERENCE_UNIT)
	{
		double	   *values = ci_new_column(n_periods);

		unit = referred_unit(fitting, reference->unit);
		for (uint32 k = 0; k < n_periods; k++)
			values[k] = unit < 0 ? CI_MISSING : value_of_unit(fitting, (uint32) unit, periods[k]);
		ci_mean_sd(values, n_periods, &moments);
	}
	else if (reference->has_period)
	{
		CiPool		pool = ci_gather_pool(fitting, periods, n_periods);

		ci_mean_sd(pool.values, pool.n, &moments);
	}
	return moments.mean;
}

/* Find what lies outside the pool, before anything is fitted to it. */
static void
find_outside(const CiFitting *fitting, const CiPool *pool)
{
	const CiNormalise *spec = spec_of(fitting);
	CiFound    *found = fitting->found;

	found->lower = unit_post(fitting, &spec->lower, pool->periods, pool->n_periods, false);
	found->upper = unit_post(fitting, &spec->upper, pool->periods, pool->n_periods, true);
	found->reference = reference_value(fitting, pool->periods, pool->n_periods);
}

static void
fit_pool(const CiFitting *fitting, const CiPool *pool, void *to)
{
	const CiNormalise *spec = spec_of(fitting);
	CiNormaliseFit *fit = to;
	const double *values = pool->values;
	size_t		n = pool->n;
	double	   *sorted = NULL;
	double	   *scratch;

	if (ci_normalise_wants_sorted(spec))
	{
		sorted = MemoryContextAllocHuge(fitting->context, Max(n, 1) * sizeof(double));
		n = ci_sort_present(values, n, sorted);
		values = sorted;
	}
	scratch = ci_new_column(n);
	ci_normalise_fit(spec, values, n, fitting->found, scratch, fit);
	pfree(scratch);
	if (sorted != NULL && fit->sorted != sorted)
		pfree(sorted);
}

/*
 * What is said of a stage that found no variation
 */

/* Does the scale, if it has ends, go from the smallest to the largest value? */
static bool
spans_values(const CiNormalise *spec)
{
	return spec->lower.kind == CI_POST_QUANTILE && spec->lower.value == 0 &&
		spec->upper.kind == CI_POST_QUANTILE && spec->upper.value == 1;
}

void
ci_describe_fit(StringInfo out, const CiNormalise *spec, const CiNormaliseFit *fit)
{
	if (fit->status == CI_REVERSED || (fit->n != 1 && !spans_values(spec)))
		appendStringInfo(out, "the lower goalpost is %.15g, the upper %.15g", fit->a, fit->b);
	else if (fit->n == 0)
		appendStringInfoString(out, "the methodology gives a spread of 0");
	else if (fit->n == 1)
		appendStringInfoString(out, "there is one unit with a value");
	else if ((spec->method->flags & CI_NORMALISE_ORDER) != 0)
		appendStringInfo(out, "more than half of the %zu values are the same", fit->n);
	else
		appendStringInfo(out, "all %zu values are the same", fit->n);
}

/* Add what is degenerate in a period; false if nothing is. */
static bool
describe_period(const CiNormalise *spec, const CiFitSet *set, int32 period, StringInfo detail)
{
	const CiNormaliseFit *fit = set->fit;
	bool		any = false;

	for (int g = 0; g < set->n; g++)
	{
		if (!ci_fit_is_degenerate(&fit[g]))
			continue;
		appendStringInfo(detail, "%s%d", detail->len > 0 ? "; " : "Period ", period);
		if (set->by != NULL)
			appendStringInfo(detail, ", group %.15g", set->by[g]);
		appendStringInfoString(detail, ": ");
		ci_describe_fit(detail, spec, &fit[g]);
		any = true;
	}
	return any;
}

/* What a stage is about, as errors name it. */
static char *
describe_stage(const CiFitting *fitting)
{
	const CiComponent *component = &fitting->ev->methodology->components[fitting->component];

	return fitting->stage == &component->normalise ?
		psprintf("indicator \"%s\"", component->indicator) :
		psprintf("component \"%s\"", component->code);
}

/* Raise, for all periods at once, that a component has no variation. */
static void
report_constant(const CiFitting *fitting, CiFitSet **sets)
{
	const CiEvaluation *ev = fitting->ev;
	const char *code = ev->methodology->components[fitting->component].code;
	CiProblem	problem = ci_problem_about("constant", ERRCODE_DATA_EXCEPTION, code);
	StringInfoData periods;
	StringInfoData detail;
	int			n = 0;

	if (ev->methodology->on_constant != CI_POLICY_ERROR)
		return;
	initStringInfo(&periods);
	initStringInfo(&detail);
	for (uint32 p = 0; p < ev->panel->n_periods; p++)
	{
		int32		period = ev->panel->periods[p].period;

		if (!ci_is_evaluated(ev, p) ||
			!describe_period(spec_of(fitting), sets[p], period, &detail))
			continue;
		appendStringInfo(&periods, "%s%d", n++ > 0 ? ", " : "", period);
		problem.period = period;
	}
	if (n == 0)
		return;
	appendStringInfoChar(&detail, '.');
	problem.has_period = n == 1;
	problem.message = psprintf("%s has no variation in %s %s", describe_stage(fitting),
							   n == 1 ? "period" : "periods", periods.data);
	problem.detail = detail.data;
	problem.hint = "Give goalposts, remove the indicator, or set on_constant.";
	ci_problem(ev->sink, &problem);
}

/*
 * Raise that a stage's parameters cannot be used: they are beyond a double, or
 * have no transform.
 */
static void
report_unusable(const CiFitting *fitting, CiFitSet **sets)
{
	const CiEvaluation *ev = fitting->ev;

	for (uint32 p = 0; p < ev->panel->n_periods; p++)
	{
		const char *code = ev->methodology->components[fitting->component].code;
		CiProblem	problem = ci_problem_about("overflow", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, code);
		const CiNormaliseFit *fit;
		int			g = 0;

		if (!ci_is_evaluated(ev, p))
			continue;
		fit = sets[p]->fit;
		while (g < sets[p]->n && fit[g].status != CI_OVERFLOW && fit[g].status != CI_NONPOSITIVE)
			g++;
		if (g == sets[p]->n)
			continue;
		problem.has_period = true;
		problem.period = ev->panel->periods[p].period;
		problem.message = psprintf("parameters of %s are out of range in period %d",
								   describe_stage(fitting), problem.period);
		ci_problem(ev->sink, &problem);
	}
}

/* A reference to an absent period would make everything missing, silently. */
static void
check_reference(const CiFitting *fitting)
{
	const CiEvaluation *ev = fitting->ev;
	const CiComponent *component = &ev->methodology->components[fitting->component];
	const CiReference *reference = &spec_of(fitting)->reference;
	CiProblem	problem = ci_problem_about("missing_period", ERRCODE_UNDEFINED_OBJECT, component->code);

	if (!reference->has_period || ci_panel_period(ev->panel, reference->period) >= 0)
		return;
	problem.message = psprintf("panel has no period %d", reference->period);
	problem.detail = psprintf("Component \"%s\" of the methodology takes its reference from it.",
							  component->code);
	ci_problem(ev->sink, &problem);
}

static void
report(const CiFitting *fitting, CiFitSet **sets)
{
	report_constant(fitting, sets);
	report_unusable(fitting, sets);
}

static void
fit_stage(CiEvaluation *ev, int component, const CiNormaliseStage *stage,
		  const double *(*receive) (const CiEvaluation *, int, uint32), CiFitSet **sets)
{
	CiFound		found = {CI_MISSING, CI_MISSING, CI_MISSING};
	CiFitting	fitting = {
		.ev = ev, .component = component, .stage = stage, .scope = &stage->scope,
		.given = ci_normalise_is_fitted(&stage->spec), .fit_size = sizeof(CiNormaliseFit),
		.receive = receive, .find = find_outside, .found = &found, .fit = fit_pool,
		.report = report
	};

	if (!fitting.given)
		check_reference(&fitting);
	ci_fit_stage(&fitting, &sets[(size_t) component * ev->panel->n_periods]);
}

void
ci_fit_normalise(CiEvaluation *ev, int component)
{
	fit_stage(ev, component, &ev->methodology->components[component].normalise, receive_cells,
			  ev->normalise);
}

void
ci_fit_rescale(CiEvaluation *ev, int component)
{
	fit_stage(ev, component, &ev->methodology->components[component].rescale, receive_scores,
			  ev->rescale);
}
