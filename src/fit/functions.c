/*
 * fit/functions.c
 *	  ci.fit: a methodology whose estimated parameters are numbers.
 *
 * In: a panel, a methodology, and the period to fit it to.  Out: the same
 * document, in which every stage that was estimated holds what it was estimated
 * to be.  Evaluation itself goes through the same fits, so a panel scored by its
 * fitted methodology gives the same bits.
 */
#include "postgres.h"

#include "fit/fit.h"
#include "miscadmin.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_fit);

bool
ci_is_to_be_fitted(const CiNormaliseStage *stage)
{
	return stage->spec.method != NULL && stage->spec.method->fitted != NULL &&
		stage->scope.by == NULL && !ci_normalise_is_fitted(&stage->spec);
}

static CiJson *
parameter(const CiNormaliseFit *fit, double value)
{
	if (fit->status == CI_NO_DATA)
		return ci_json_new(CI_JSON_NULL);
	return ci_json_new_number(ci_is_missing(value) ? 0 : value);
}

/* Bounds between bands, null if they could not be estimated. */
static CiJson *
fitted_bounds(const CiNormalise *spec, const CiNormaliseFit *fit)
{
	CiJson	   *bounds = ci_json_new(CI_JSON_ARRAY);

	for (int k = 0; k < spec->bounds_of_bands.n; k++)
		ci_json_append(bounds, NULL, fit->status == CI_NO_DATA ? ci_json_new(CI_JSON_NULL) :
					   ci_json_new_number(ci_normalise_bound(spec, fit, k)));
	return bounds;
}

/*
 * Goalposts that turned out reversed are met by on_constant, as equal ones are, so
 * they become that; a spread that one value does not have becomes 0.
 */
CiJson *
ci_fitted_normalise(const CiNormaliseStage *stage, const CiNormaliseFit *fit)
{
	const CiNormaliseMethod *method = stage->spec.method;
	CiJson	   *json = ci_normalise_stage_json(stage);

	ci_json_set(json, "method", ci_json_new_string(method->fitted));
	if (method->fitted_a != NULL)
		ci_json_set(json, method->fitted_a, parameter(fit, fit->a));
	if (method->fitted_b != NULL)
		ci_json_set(json, method->fitted_b,
					parameter(fit, fit->status == CI_REVERSED ? fit->a : fit->b));
	if (stage->spec.bounds_of_bands.n > 0)
		ci_json_set(json, "bounds", fitted_bounds(&stage->spec, fit));
	ci_json_remove(json, "reference");
	ci_json_remove(json, "about");
	ci_json_remove(json, "scope");
	return json;
}

CiJson *
ci_fitted_impute(const CiImputeStage *stage, const CiImputeFit *fit)
{
	CiImputeStage fitted = {.spec.method = NULL};

	ci_impute_defaults(&fitted.spec, ci_impute_method(stage->spec.method->fitted));
	fitted.spec.value = fit->value;
	return ci_impute_stage_json(&fitted);
}

/*
 * What a component's stages become in a period; NULL where one stays
 */

static CiJson *
fitted_normalise(const CiEvaluation *ev, int c, uint32 period)
{
	const CiNormaliseStage *stage = &ev->methodology->components[c].normalise;

	return ci_is_to_be_fitted(stage) ?
		ci_fitted_normalise(stage, ci_fit_set(ev, ev->normalise, c, period)->fit) : NULL;
}

static CiJson *
fitted_rescale(const CiEvaluation *ev, int c, uint32 period)
{
	const CiNormaliseStage *stage = &ev->methodology->components[c].rescale;

	return ci_is_to_be_fitted(stage) ?
		ci_fitted_normalise(stage, ci_fit_set(ev, ev->rescale, c, period)->fit) : NULL;
}

static CiJson *
fitted_impute(const CiEvaluation *ev, int c, uint32 period)
{
	const CiImputeStage *stage = &ev->methodology->components[c].impute;

	if (stage->spec.method == NULL || stage->spec.method->estimate == NULL ||
		stage->scope.by != NULL)
		return NULL;
	return ci_fitted_impute(stage, ci_fit_set(ev, ev->impute, c, period)->fit);
}

/* A column that needs no treatment is not treated by the numbers found either. */
static CiJson *
fitted_treat(const CiEvaluation *ev, int c, uint32 period)
{
	const CiTreatStage *stage = &ev->methodology->components[c].treat;
	CiTreatStage fitted = {.spec.method = NULL};

	if (stage->spec.method == NULL || stage->spec.method->fit == NULL || stage->scope.by != NULL)
		return NULL;
	fitted.spec = ((const CiTreatFit *) ci_fit_set(ev, ev->treat, c, period)->fit)->treat;
	return fitted.spec.method == NULL ? ci_json_new_string("none") : ci_treat_stage_json(&fitted);
}

/* The stages that fitting changes, in order, and what each becomes. */
static const struct
{
	const char *key;
	CiJson	   *(*fitted) (const CiEvaluation *ev, int c, uint32 period);
}			stages[] = {
	{"impute", fitted_impute},
	{"treat", fitted_treat},
	{"normalise", fitted_normalise},
	{"rescale", fitted_rescale}
};

/*
 * What stays and looks at other periods
 *
 * A stage by groups, or of ranks, stays.  Where it looks at other periods than
 * the one that is fitted, what comes before it stays as well: fitted to one
 * period, it would give that stage other cells of the others.
 */

enum
{
	IMPUTE,
	TREAT,
	NORMALISE,
	RESCALE,
	N_STAGES = lengthof(stages)
};

static const CiScope *
stage_scope(const CiComponent *component, int k)
{
	const CiScope *const scopes[N_STAGES] = {
		[IMPUTE] = &component->impute.scope,
		[TREAT] = &component->treat.scope,
		[NORMALISE] = &component->normalise.scope,
		[RESCALE] = &component->rescale.scope
	};

	return scopes[k];
}

static bool
is_other_period(const CiPanel *panel, int32 period, int fitted)
{
	int			p = ci_panel_period(panel, period);

	return p >= 0 && p != fitted;
}

static bool
pools_others(const CiPanel *panel, const CiScope *scope, int fitted)
{
	if (scope->kind == CI_SCOPE_PANEL)
		return panel->n_periods > 1;
	for (int k = 0; scope->kind == CI_SCOPE_PERIODS && k < scope->n_periods; k++)
		if (is_other_period(panel, scope->periods[k], fitted))
			return true;
	return false;
}

static bool
treat_looks_at_others(const CiPanel *panel, const CiTreatStage *stage, int fitted)
{
	return stage->spec.method != NULL && stage->spec.method->fit != NULL &&
		stage->scope.by != NULL && pools_others(panel, &stage->scope, fitted);
}

static bool
normalise_looks_at_others(const CiPanel *panel, const CiNormaliseStage *stage, int fitted)
{
	const CiReference *reference = &stage->spec.reference;

	if (stage->spec.method == NULL || ci_normalise_is_fitted(&stage->spec) ||
		ci_is_to_be_fitted(stage))
		return false;
	return pools_others(panel, &stage->scope, fitted) ||
		(reference->has_period && is_other_period(panel, reference->period, fitted));
}

/* How many stages of each component come before one that stays and looks at others. */
static int *
stages_looked_at(const CiEvaluation *ev, int fitted)
{
	const CiMethodology *m = ev->methodology;
	int		   *looked_at = palloc(m->n * sizeof(int));

	for (int c = m->n - 1; c >= 0; c--)
	{
		const CiComponent *component = &m->components[c];

		if (component->parent >= 0 && looked_at[component->parent] > 0)
			looked_at[c] = N_STAGES;
		else if (normalise_looks_at_others(ev->panel, &component->rescale, fitted))
			looked_at[c] = RESCALE;
		else if (normalise_looks_at_others(ev->panel, &component->normalise, fitted))
			looked_at[c] = NORMALISE;
		else
			looked_at[c] = treat_looks_at_others(ev->panel, &component->treat, fitted) ? TREAT : 0;
	}
	return looked_at;
}

static char *
json_text(const CiJson *json)
{
	StringInfoData text;

	initStringInfo(&text);
	ci_json_write(&text, json);
	return text.data;
}

/* The period to fit to if none was named: any, if all have the same parameters. */
static void
require_same(const CiEvaluation *ev, int k, int c, const CiJson *first)
{
	for (uint32 p = 1; p < ev->panel->n_periods; p++)
	{
		CiJson	   *json = stages[k].fitted(ev, c, p);

		CHECK_FOR_INTERRUPTS();
		if (ci_json_equal(json, first))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("parameters of component \"%s\" differ between periods",
						ev->methodology->components[c].code),
				 errdetail("In period %d it is fitted to %s, in period %d to %s.",
						   ev->panel->periods[0].period, json_text(first),
						   ev->panel->periods[p].period, json_text(json)),
				 errhint("Name the period to fit to.")));
	}
}

/*
 * The k-th stage of each component, fitted; period is -1 if none was named, when
 * all have the same parameters.
 */
static CiStageChange
fitted_stages(const CiEvaluation *ev, int k, int period, const int *looked_at)
{
	int			n = ev->methodology->n;
	CiStageChange change = {stages[k].key, palloc0(n * sizeof(CiJson *))};

	for (int c = 0; c < n; c++)
	{
		CHECK_FOR_INTERRUPTS();
		if (period >= 0 && k < looked_at[c] &&
			stage_scope(&ev->methodology->components[c], k)->kind == CI_SCOPE_PERIOD)
			continue;
		change.stage[c] = stages[k].fitted(ev, c, (uint32) Max(period, 0));
		if (period < 0 && change.stage[c] != NULL)
			require_same(ev, k, c, change.stage[c]);
	}
	return change;
}

Datum
ci_fit(PG_FUNCTION_ARGS)
{
	CiPanel    *panel;
	const CiMethodology *m;
	CiEvaluation *ev;
	CiStageChange changes[N_STAGES];
	int		   *looked_at;
	int			period = -1;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	panel = ci_panel_arg(fcinfo, 0);
	m = ci_methodology_arg(fcinfo, 1);
	if (!PG_ARGISNULL(2))
		period = ci_panel_period_named(panel, PG_GETARG_INT32(2));
	ev = ci_evaluate_begin(panel, m, period, NULL);
	looked_at = stages_looked_at(ev, period);
	for (int k = 0; k < N_STAGES; k++)
		changes[k] = fitted_stages(ev, k, period, looked_at);
	PG_RETURN_POINTER(ci_methodology_make(ci_methodology_with_stages(m, changes, N_STAGES)));
}
