/*
 * methodology/prepare.c
 *	  The stages before normalise: denominator, impute and treat.
 *
 * They are read, inherited and written as the others are; a component has none
 * of them unless it, or one above it, gives it, and "none" switches it off.
 */
#include "postgres.h"

#include <math.h>

#include "methodology/stage.h"

/* Is the stage switched off? */
static bool
is_none(const CiJson *value, const CiPlace *place)
{
	static const CiParam no_params[] = {{.name = NULL}};
	const CiJson *method = ci_json_get(value, "method");

	if (value->kind != CI_JSON_OBJECT)
		return ci_json_is_string(value, "none");
	if (method == NULL || !ci_json_is_string(method, "none"))
		return false;
	ci_stage_read_params(value, place, "none", no_params, false, NULL, NULL);
	return true;
}

/* An object without a method refines what is inherited: there must be something. */
static void
require_method(const void *method, CiNames methods, const CiPlace *place)
{
	if (method == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has no method", ci_place_name(place)),
				 errdetail("No component above it gives one. The methods are: %s.",
						   ci_names_list(methods))));
}

/*
 * Denominator
 */

static void
read_indicator(const CiJson *value, const CiPlace *place, void *target)
{
	((CiDenominator *) target)->indicator = ci_read_text(value, place);
}

static void
read_scale(const CiJson *value, const CiPlace *place, void *target)
{
	static const CiParam scale = {
		"scale", CI_PARAM_POSITIVE, offsetof(CiDenominator, scale), -HUGE_VAL, HUGE_VAL, NULL
	};

	ci_param_read(&scale, value, place, false, target);
}

void
ci_denominator_read(CiComponent *component, const CiComponent *parent,
					const CiJson *value, const CiPlace *place)
{
	static const CiKey keys[] = {
		{"indicator", read_indicator},
		{"scale", read_scale},
		{0}
	};
	CiDenominator *denominator = &component->denominator;

	if (parent != NULL)
		*denominator = parent->denominator;
	if (value == NULL)
		return;
	if (value->kind == CI_JSON_STRING)
	{
		*denominator = (CiDenominator) {ci_read_string(value, place), 1};
		if (ci_json_is_string(value, "none"))
			denominator->indicator = NULL;
		return;
	}
	if (value->kind != CI_JSON_OBJECT)
		ci_fail_kind(place, "a string or an object", value);
	if (ci_json_get(value, "indicator") != NULL)
		denominator->scale = 1;
	ci_read_object(value, place, keys, denominator);
	if (denominator->indicator == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s needs \"indicator\"", ci_place_name(place)),
				 errdetail("No component above it gives one.")));
}

CiJson *
ci_stage_write_denominator(const CiDenominator *denominator, bool all)
{
	CiJson	   *json;

	if (denominator->indicator == NULL)
		return NULL;
	json = ci_json_new(CI_JSON_OBJECT);
	ci_json_append(json, "indicator", ci_json_new_string(denominator->indicator));
	if (all || denominator->scale != 1)
		ci_json_append(json, "scale", ci_json_new_number(denominator->scale));
	return json;
}

CiJson *
ci_denominator_json(const CiDenominator *denominator)
{
	return ci_stage_write_denominator(denominator, true);
}

/*
 * Impute
 */

/* A scope means something where a value is estimated from a pool. */
static CiScope *
impute_scope(CiImputeStage *stage)
{
	return stage->spec.method->estimate != NULL ? &stage->scope : NULL;
}

void
ci_impute_read(CiComponent *component, const CiComponent *parent,
			   const CiJson *value, const CiPlace *place)
{
	CiNames		methods = CI_NAMES(ci_impute_methods);
	CiImputeStage *stage = &component->impute;
	const CiImputeMethod *method;

	if (parent != NULL)
		*stage = parent->impute;
	if (value == NULL)
		return;
	if (is_none(value, place))
	{
		*stage = (CiImputeStage) {.spec.method = NULL};
		return;
	}
	method = ci_stage_method(methods, value, place);
	if (method != NULL)
	{
		*stage = (CiImputeStage) {.spec.method = NULL};
		ci_impute_defaults(&stage->spec, method);
	}
	require_method(stage->spec.method, methods, place);
	method = stage->spec.method;
	ci_stage_read_params(value, place, method->name, method->params, false, &stage->spec,
						 impute_scope(stage));
}

/* Add a scope to a stage's JSON, the default one only if all is wanted. */
static void
write_scope(CiJson *json, const CiScope *scope, bool all)
{
	CiJson	   *value = ci_scope_write(scope);

	if (all || !ci_json_is_string(value, "period"))
		ci_json_append(json, "scope", value);
}

CiJson *
ci_stage_write_impute(const CiImputeStage *stage, bool all)
{
	const CiImputeMethod *method = stage->spec.method;
	CiJson	   *json;
	CiImpute	defaults;

	if (method == NULL)
		return NULL;
	json = ci_json_new(CI_JSON_OBJECT);
	ci_json_append(json, "method", ci_json_new_string(method->name));
	ci_impute_defaults(&defaults, method);
	ci_stage_write_params(json, method->params, &stage->spec, all ? NULL : &defaults);
	if (method->estimate != NULL)
		write_scope(json, &stage->scope, all);
	return json;
}

CiJson *
ci_impute_stage_json(const CiImputeStage *stage)
{
	return ci_stage_write_impute(stage, true);
}

/*
 * Treat
 */

static CiScope *
treat_scope(CiTreatStage *stage)
{
	return stage->spec.method->fit != NULL ? &stage->scope : NULL;
}

void
ci_treat_read(CiComponent *component, const CiComponent *parent,
			  const CiJson *value, const CiPlace *place)
{
	CiNames		methods = CI_NAMES(ci_treat_methods);
	CiTreatStage *stage = &component->treat;
	const CiTreatMethod *method;

	if (parent != NULL)
		*stage = parent->treat;
	if (value == NULL)
		return;
	if (is_none(value, place))
	{
		*stage = (CiTreatStage) {.spec.method = NULL};
		return;
	}
	method = ci_stage_method(methods, value, place);
	if (method != NULL)
	{
		*stage = (CiTreatStage) {.spec.method = NULL};
		ci_treat_defaults(&stage->spec, method);
	}
	require_method(stage->spec.method, methods, place);
	method = stage->spec.method;
	ci_stage_read_params(value, place, method->name, method->params, false, &stage->spec,
						 treat_scope(stage));
}

CiJson *
ci_stage_write_treat(const CiTreatStage *stage, bool all)
{
	const CiTreatMethod *method = stage->spec.method;
	CiJson	   *json;
	CiTreat		defaults;

	if (method == NULL)
		return NULL;
	json = ci_json_new(CI_JSON_OBJECT);
	ci_json_append(json, "method", ci_json_new_string(method->name));
	ci_treat_defaults(&defaults, method);
	ci_stage_write_params(json, method->params, &stage->spec, all ? NULL : &defaults);
	if (method->fit != NULL)
		write_scope(json, &stage->scope, all);
	return json;
}

CiJson *
ci_treat_stage_json(const CiTreatStage *stage)
{
	return ci_stage_write_treat(stage, true);
}

/*
 * Parameters that a leaf's stages need, or that contradict each other
 */

static bool
has_param(const CiParam *params, size_t offset)
{
	while (params->name != NULL && params->offset != offset)
		params++;
	return params->name != NULL;
}

static void
fail_missing(const CiPlace *place, const char *name, const char *method)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s needs %s", ci_place_name(place), name),
			 errdetail("Method \"%s\" has no default for it.", method)));
}

static void
check_lambda(const CiTreat *spec, const CiPlace *place)
{
	bool		estimates = spec->method->fit != NULL;
	bool		used = !estimates || spec->otherwise == CI_OTHERWISE_BOXCOX;

	if (used && ci_is_missing(spec->lambda))
		fail_missing(place, "\"lambda\"", estimates ? "boxcox" : spec->method->name);
	if (!used && !ci_is_missing(spec->lambda))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has a lambda without \"boxcox\"", ci_place_name(place)),
				 errhint("Set \"otherwise\" to \"boxcox\", or leave lambda out.")));
}

static void
check_ends(const CiTreat *spec, const CiPlace *place)
{
	if (ci_is_missing(spec->lower) && ci_is_missing(spec->upper))
		fail_missing(place, "\"lower\" or \"upper\"", spec->method->name);
	if (isfinite(spec->lower) && isfinite(spec->upper) && spec->lower > spec->upper)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("lower of %s must not be above upper", ci_place_name(place)),
				 errdetail("lower is %s, upper is %s.", ci_json_new_number(spec->lower)->text,
						   ci_json_new_number(spec->upper)->text)));
}

void
ci_prepare_check(const CiComponent *leaf, const CiPlace *place)
{
	const CiImpute *impute = &leaf->impute.spec;
	const CiTreat *treat = &leaf->treat.spec;
	CiPlace		impute_place = {.of = place, .name = "impute"};
	CiPlace		treat_place = {.of = place, .name = "treat"};

	if (impute->method != NULL && ci_is_missing(impute->value) &&
		has_param(impute->method->params, offsetof(CiImpute, value)))
		fail_missing(&impute_place, "\"value\"", impute->method->name);
	if (treat->method == NULL)
		return;
	if (has_param(treat->method->params, offsetof(CiTreat, lambda)))
		check_lambda(treat, &treat_place);
	if (has_param(treat->method->params, offsetof(CiTreat, lower)))
		check_ends(treat, &treat_place);
}
