/*
 * evaluate_fit.c
 *	  Estimating the parameters of normalise and rescale stages.
 *
 * In: an evaluation whose units are screened.  Out: for each component and
 * period a CiFitSet, in the current memory context.  A pool is gathered only
 * where it is not a whole column, in a context that is deleted with the
 * component, unless it is what is fitted (peer-dependent methods).  Interrupts
 * are checked once per column.
 */
#include "postgres.h"

#include "evaluate.h"
#include "method/stats.h"
#include "miscadmin.h"
#include "sort.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"

/* A stage of a component, on its way to being fitted. */
typedef struct Fitting
{
	const CiEvaluation *ev;
	int			component;
	const CiNormaliseStage *stage;
	MemoryContext context;		/* of what is found; all else is short-lived */
	const double **column;		/* by period: what the stage receives, or NULL */
	const double *(*receive) (const CiEvaluation *ev, int component, uint32 period);
} Fitting;

/* The cells that parameters are estimated from, missing ones left out if filtered. */
typedef struct Pool
{
	size_t		n;
	const double *values;
	double	   *own;			/* the same, if it was gathered */
	double	   *by;				/* by value, NULL without "by" */
} Pool;

static const double *
received(Fitting *fitting, uint32 period)
{
	if (fitting->column[period] == NULL)
	{
		CHECK_FOR_INTERRUPTS();
		fitting->column[period] = fitting->receive(fitting->ev, fitting->component, period);
	}
	return fitting->column[period];
}

static double *
new_column(size_t n)
{
	return palloc_extended(Max(n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
}

static const double *
receive_cells(const CiEvaluation *ev, int component, uint32 period)
{
	uint32		n = ev->panel->periods[period].n;
	bool		room = ci_cells_need_room(ev, component);
	double	   *buffer = room ? new_column(n) : NULL;
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

/*
 * The periods that a scope pools for a period; returns how many.
 */
static uint32
pool_periods(const Fitting *fitting, uint32 period, uint32 *periods)
{
	const CiScope *scope = &fitting->stage->scope;
	const CiPanel *panel = fitting->ev->panel;
	uint32		n = 0;

	switch (scope->kind)
	{
		case CI_SCOPE_PERIOD:
			periods[n++] = period;
			break;
		case CI_SCOPE_PANEL:
			for (uint32 p = 0; p < panel->n_periods; p++)
				periods[n++] = p;
			break;
		case CI_SCOPE_PERIODS:
			for (int k = 0; k < scope->n_periods; k++)
			{
				int			p = ci_panel_period(panel, scope->periods[k]);

				if (p >= 0)
					periods[n++] = (uint32) p;
			}
			break;
	}
	return n;
}

/* Add a period's cells to a pool that has room for them. */
static void
gather_period(Fitting *fitting, uint32 period, Pool *pool)
{
	const CiEvaluation *ev = fitting->ev;
	const CiComponent *component = &ev->methodology->components[fitting->component];
	const CiScope *scope = &fitting->stage->scope;
	const CiPanelPeriod *at = &ev->panel->periods[period];
	const double *x = received(fitting, period);
	bool	   *applies = ci_component_applying(ev, fitting->component, period);
	bool	   *units = ci_units_in_period(ev, &scope->units, period, component);
	int			by = scope->by == NULL ? -1 : ci_find_indicator(ev, scope->by, component);

	for (uint32 i = 0; i < at->n; i++)
	{
		if (ci_is_missing(x[i]) || ci_screening(ev, period, i) != CI_PASSED ||
			(applies != NULL && !applies[i]) || (units != NULL && !units[i]))
			continue;
		if (pool->by != NULL)
		{
			double		value = by < 0 ? CI_MISSING : ci_panel_column(at, (uint32) by)[i];

			if (ci_is_missing(value))
				continue;
			pool->by[pool->n] = value;
		}
		pool->own[pool->n++] = x[i];
	}
}

static Pool
gather_pool(Fitting *fitting, const uint32 *periods, uint32 n_periods)
{
	const CiEvaluation *ev = fitting->ev;
	const CiScope *scope = &fitting->stage->scope;
	Pool		pool = {0};
	size_t		room = 0;

	if (n_periods == 1 && ev->screening[periods[0]] == NULL && scope->by == NULL &&
		scope->units.indicator == NULL && scope->units.list == NULL &&
		ci_component_applying(ev, fitting->component, periods[0]) == NULL)
	{
		pool.n = ev->panel->periods[periods[0]].n;
		pool.values = received(fitting, periods[0]);
		return pool;
	}
	for (uint32 k = 0; k < n_periods; k++)
		room += ev->panel->periods[periods[k]].n;
	pool.own = new_column(room);
	if (scope->by != NULL)
		pool.by = new_column(room);
	for (uint32 k = 0; k < n_periods; k++)
		gather_period(fitting, periods[k], &pool);
	pool.values = pool.own;
	return pool;
}

/* The number of a unit that a stage refers to, -1 if the panel has none. */
static int
referred_unit(const Fitting *fitting, const char *name)
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
value_of_unit(Fitting *fitting, uint32 unit, uint32 period)
{
	int64		row = ci_panel_row(&fitting->ev->panel->periods[period], unit);

	return row < 0 ? CI_MISSING : received(fitting, period)[row];
}

/* The goalpost that is a unit's value: in several periods the smallest or the largest. */
static double
unit_post(Fitting *fitting, const CiPost *post, const uint32 *periods, uint32 n_periods,
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
reference_value(Fitting *fitting, const uint32 *periods, uint32 n_periods)
{
	const CiReference *reference = &fitting->stage->spec.reference;
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
		double	   *values = new_column(n_periods);

		unit = referred_unit(fitting, reference->unit);
		for (uint32 k = 0; k < n_periods; k++)
			values[k] = unit < 0 ? CI_MISSING : value_of_unit(fitting, (uint32) unit, periods[k]);
		ci_mean_sd(values, n_periods, &moments);
	}
	else if (reference->has_period)
	{
		Pool		pool = gather_pool(fitting, periods, n_periods);

		ci_mean_sd(pool.values, pool.n, &moments);
	}
	return moments.mean;
}

/* Fit to n values of a pool, from "values" on. */
static CiNormaliseFit
fit_values(const Fitting *fitting, const double *values, size_t n, const CiFound *found)
{
	const CiNormalise *spec = &fitting->stage->spec;
	CiNormaliseFit fit = {CI_OK};
	double	   *sorted = NULL;
	double	   *scratch;

	if (ci_normalise_wants_sorted(spec))
	{
		sorted = MemoryContextAllocHuge(fitting->context, Max(n, 1) * sizeof(double));
		n = ci_sort_present(values, n, sorted);
		values = sorted;
	}
	scratch = new_column(n);
	ci_normalise_fit(spec, values, n, found, scratch, &fit);
	pfree(scratch);
	if (sorted != NULL && fit.sorted != sorted)
		pfree(sorted);
	return fit;
}

/* One fit for each value of the pool's "by". */
static void
fit_groups(const Fitting *fitting, const Pool *pool, const CiFound *found, CiFitSet *set)
{
	uint32	   *order = palloc_extended(Max(pool->n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	double	   *values = new_column(pool->n);
	double	   *by;
	size_t		start = 0;

	for (size_t i = 0; i < pool->n; i++)
		order[i] = (uint32) i;
	ci_sort_order(order, pool->n, pool->by, false);
	for (size_t i = 0; i < pool->n; i++)
	{
		values[i] = pool->own[order[i]];
		set->n += i == 0 || pool->by[order[i]] != pool->by[order[i - 1]];
	}
	set->fit = MemoryContextAllocHuge(fitting->context, Max(set->n, 1) * sizeof(CiNormaliseFit));
	set->by = by = MemoryContextAllocHuge(fitting->context, Max(set->n, 1) * sizeof(double));
	for (int group = 0; group < set->n; group++)
	{
		size_t		end = start;

		while (end < pool->n && pool->by[order[end]] == pool->by[order[start]])
			end++;
		by[group] = pool->by[order[start]];
		set->fit[group] = fit_values(fitting, values + start, end - start, found);
		start = end;
	}
}

static CiFitSet *
new_fit_set(const Fitting *fitting)
{
	return MemoryContextAllocZero(fitting->context, sizeof(CiFitSet));
}

static void
fit_one(const Fitting *fitting, const double *values, size_t n, const CiFound *found,
		CiFitSet *set)
{
	set->n = 1;
	set->fit = MemoryContextAlloc(fitting->context, sizeof(CiNormaliseFit));
	set->fit[0] = fit_values(fitting, values, n, found);
}

static CiFitSet *
fit_period(Fitting *fitting, uint32 period)
{
	const CiNormalise *spec = &fitting->stage->spec;
	CiFitSet   *set = new_fit_set(fitting);
	uint32		most = fitting->stage->scope.kind == CI_SCOPE_PERIOD ? 1 : fitting->ev->panel->n_periods;
	uint32	   *periods = palloc(most * sizeof(uint32));
	uint32		n_periods = pool_periods(fitting, period, periods);
	Pool		pool = gather_pool(fitting, periods, n_periods);
	CiFound		found;

	found.lower = unit_post(fitting, &spec->lower, periods, n_periods, false);
	found.upper = unit_post(fitting, &spec->upper, periods, n_periods, true);
	found.reference = reference_value(fitting, periods, n_periods);
	if (pool.by != NULL)
		fit_groups(fitting, &pool, &found, set);
	else
		fit_one(fitting, pool.values, pool.n, &found, set);
	return set;
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

static void
describe_fit(StringInfo out, const CiNormalise *spec, const CiNormaliseFit *fit)
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
	bool		any = false;

	for (int g = 0; g < set->n; g++)
	{
		if (!ci_fit_is_degenerate(&set->fit[g]))
			continue;
		appendStringInfo(detail, "%s%d", detail->len > 0 ? "; " : "Period ", period);
		if (set->by != NULL)
			appendStringInfo(detail, ", group %.15g", set->by[g]);
		appendStringInfoString(detail, ": ");
		describe_fit(detail, spec, &set->fit[g]);
		any = true;
	}
	return any;
}

/* What a stage is about, as errors name it. */
static char *
describe_stage(const Fitting *fitting)
{
	const CiComponent *component = &fitting->ev->methodology->components[fitting->component];

	return fitting->stage == &component->normalise ?
		psprintf("indicator \"%s\"", component->indicator) :
		psprintf("component \"%s\"", component->code);
}

/* Raise, for all periods at once, that a component has no variation. */
static void
report_constant(const Fitting *fitting, CiFitSet **sets)
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
			!describe_period(&fitting->stage->spec, sets[p], period, &detail))
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
report_unusable(const Fitting *fitting, CiFitSet **sets)
{
	const CiEvaluation *ev = fitting->ev;

	for (uint32 p = 0; p < ev->panel->n_periods; p++)
	{
		const char *code = ev->methodology->components[fitting->component].code;
		CiProblem	problem = ci_problem_about("overflow", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, code);
		int			g = 0;

		if (!ci_is_evaluated(ev, p))
			continue;
		while (g < sets[p]->n && sets[p]->fit[g].status != CI_OVERFLOW &&
			   sets[p]->fit[g].status != CI_NONPOSITIVE)
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
check_reference(const Fitting *fitting)
{
	const CiEvaluation *ev = fitting->ev;
	const CiComponent *component = &ev->methodology->components[fitting->component];
	const CiReference *reference = &fitting->stage->spec.reference;
	CiProblem	problem = ci_problem_about("missing_period", ERRCODE_UNDEFINED_OBJECT, component->code);

	if (!reference->has_period || ci_panel_period(ev->panel, reference->period) >= 0)
		return;
	problem.message = psprintf("panel has no period %d", reference->period);
	problem.detail = psprintf("Component \"%s\" of the methodology takes its reference from it.",
							  component->code);
	ci_problem(ev->sink, &problem);
}

/* So would a scope whose periods are all absent. */
static void
check_periods(const Fitting *fitting)
{
	const CiEvaluation *ev = fitting->ev;
	const CiComponent *component = &ev->methodology->components[fitting->component];
	const CiScope *scope = &fitting->stage->scope;
	CiProblem	problem = ci_problem_about("missing_period", ERRCODE_UNDEFINED_OBJECT, component->code);

	check_reference(fitting);
	if (scope->kind != CI_SCOPE_PERIODS)
		return;
	for (int k = 0; k < scope->n_periods; k++)
		if (ci_panel_period(ev->panel, scope->periods[k]) >= 0)
			return;
	problem.message = psprintf("panel has none of the periods in the scope of component \"%s\"",
							   component->code);
	problem.detail = psprintf("The first of them is %d.", scope->periods[0]);
	ci_problem(ev->sink, &problem);
}

static CiFitSet *
fit_given(const Fitting *fitting)
{
	CiFitSet   *set = new_fit_set(fitting);
	CiFound		found = {CI_MISSING, CI_MISSING, CI_MISSING};

	fit_one(fitting, NULL, 0, &found, set);
	return set;
}

/*
 * Fit a stage in the periods that are evaluated.  Where neither parameters nor
 * pool depend on the period, all periods share one set.
 */
static void
fit_stage(Fitting *fitting, CiFitSet **sets)
{
	const CiEvaluation *ev = fitting->ev;
	const CiNormaliseStage *stage = fitting->stage;
	bool		fitted = ci_normalise_is_fitted(&stage->spec);
	bool		shared = fitted || stage->scope.kind != CI_SCOPE_PERIOD;
	CiFitSet   *first = NULL;
	MemoryContext temporary = AllocSetContextCreate(CurrentMemoryContext, "ci fit",
													ALLOCSET_DEFAULT_SIZES);

	fitting->context = MemoryContextSwitchTo(temporary);
	fitting->column = palloc0(ev->panel->n_periods * sizeof(double *));
	if (!fitted)
		check_periods(fitting);
	for (uint32 p = 0; p < ev->panel->n_periods; p++)
	{
		if (!ci_is_evaluated(ev, p))
			continue;
		if (shared && first != NULL)
			sets[p] = first;
		else
			sets[p] = first = fitted ? fit_given(fitting) : fit_period(fitting, p);
	}
	report_constant(fitting, sets);
	report_unusable(fitting, sets);
	MemoryContextSwitchTo(fitting->context);
	MemoryContextDelete(temporary);
}

void
ci_fit_normalise(CiEvaluation *ev, int component)
{
	Fitting		fitting = {ev, component, &ev->methodology->components[component].normalise};

	fitting.receive = receive_cells;
	fit_stage(&fitting, &ev->normalise[(size_t) component * ev->panel->n_periods]);
}

void
ci_fit_rescale(CiEvaluation *ev, int component)
{
	Fitting		fitting = {ev, component, &ev->methodology->components[component].rescale};

	fitting.receive = receive_scores;
	fit_stage(&fitting, &ev->rescale[(size_t) component * ev->panel->n_periods]);
}
