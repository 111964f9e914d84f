/*
 * simulate/read.c
 *	  What is uncertain, from its JSON: weights, what is left out, choices.
 */
#include "postgres.h"

#include "methodology/stage.h"
#include "simulate/read.h"

static const CiPlace uncertainty_place = {.name = "uncertainty"};

static void
read_weights(const CiJson *value, const CiPlace *place, void *target)
{
	CiUncertainty *uncertainty = target;
	const CiSpreadMethod *method = ci_stage_method(CI_NAMES(ci_spread_methods), value, place);

	if (method == NULL)
		method = ci_spread_methods;
	uncertainty->spread.method = method;
	if (method->by_experts && value->kind == CI_JSON_OBJECT)
		ci_experts_read(value, place, &uncertainty->experts);
	else
		ci_stage_read_params(value, place, method->name, method->params, false,
							 &uncertainty->spread, NULL);
	if (method->required != NULL &&
		(value->kind != CI_JSON_OBJECT || ci_json_get(value, method->required) == NULL))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must have \"%s\"", ci_place_name(place), method->required)));
}

static void
read_omitted(CiUncertainty *uncertainty, const CiJson *value, const CiPlace *place)
{
	if (value->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be empty", ci_place_name(place))));
	uncertainty->omitted = palloc(value->n * sizeof(char *));
	for (const CiJson *member = value->first; member != NULL; member = member->next)
	{
		const char *code = ci_read_string(member, place);

		for (int i = 0; i < uncertainty->n_omitted; i++)
			if (strcmp(uncertainty->omitted[i], code) == 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("%s has \"%s\" twice", ci_place_name(place), code)));
		uncertainty->omitted[uncertainty->n_omitted++] = code;
	}
}

static void
read_omit(const CiJson *value, const CiPlace *place, void *target)
{
	CiUncertainty *uncertainty = target;

	if (value->kind == CI_JSON_ARRAY)
		read_omitted(uncertainty, value, place);
	else if (value->kind == CI_JSON_TRUE || value->kind == CI_JSON_FALSE)
		uncertainty->omits_each = ci_read_bool(value, place);
	else
		ci_fail_kind(place, "true, false or an array of codes", value);
}

static CiAlternatives
read_alternatives(const CiJson *value, const CiPlace *place)
{
	CiAlternatives alternatives = {0, NULL};

	if (value->kind != CI_JSON_ARRAY)
		ci_fail_kind(place, "an array of arrays of patches", value);
	if (value->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has a choice without a patch", ci_place_name(place)),
				 errhint("The patch that changes nothing is {}.")));
	alternatives.patch = palloc(value->n * sizeof(CiJson *));
	for (const CiJson *patch = value->first; patch != NULL; patch = patch->next)
	{
		if (patch->kind != CI_JSON_OBJECT)
			ci_fail_kind(place, "an array of arrays of objects", patch);
		alternatives.patch[alternatives.n++] = patch;
	}
	return alternatives;
}

static void
read_choices(const CiJson *value, const CiPlace *place, void *target)
{
	CiUncertainty *uncertainty = target;
	uint64		combinations = 1;

	if (value->kind != CI_JSON_ARRAY)
		ci_fail_kind(place, "an array of arrays of patches", value);
	uncertainty->choices = palloc(Max(value->n, 1) * sizeof(CiAlternatives));
	for (const CiJson *member = value->first; member != NULL; member = member->next)
	{
		CiAlternatives alternatives = read_alternatives(member, place);

		combinations *= alternatives.n;
		if (combinations > CI_SIMULATE_MAX_COMBINATIONS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("%s has more than %d combinations", ci_place_name(place),
							CI_SIMULATE_MAX_COMBINATIONS)));
		uncertainty->choices[uncertainty->n_choices++] = alternatives;
	}
	uncertainty->n_combinations = (uint32) combinations;
}

static const CiKey uncertainty_keys[] = {
	{"weights", read_weights},
	{"omit", read_omit},
	{"choices", read_choices},
	{.name = NULL}
};

CiUncertainty *
ci_uncertainty_read(const CiJson *json)
{
	CiUncertainty *uncertainty = palloc0(sizeof(CiUncertainty));

	uncertainty->n_combinations = 1;
	ci_read_object(json, &uncertainty_place, uncertainty_keys, uncertainty);
	return uncertainty;
}
