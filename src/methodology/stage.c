/*
 * methodology/stage.c
 *	  The stages of a component: reading, inheriting, checking, writing.
 *
 * A component starts with what its parent has.  A string, or an object with
 * "method", replaces that; an object without refines it key by key.
 */
#include "postgres.h"

#include <math.h>

#include "methodology/stage.h"

#define DEFAULT_NORMALISE "minmax"
#define DEFAULT_AGGREGATE "arithmetic"

/* The name of the method that a stage gives, NULL if it gives none. */
static const char *
method_name(const CiJson *value, const CiPlace *place)
{
	CiPlace		here = {.of = place, .name = "method"};

	if (value->kind == CI_JSON_OBJECT)
	{
		value = ci_json_get(value, "method");
		return value == NULL ? NULL : ci_read_string(value, &here);
	}
	if (value->kind == CI_JSON_STRING)
		return ci_read_string(value, place);
	ci_fail_kind(place, "a string or an object", value);
}

pg_noreturn static void fail_method(const CiPlace *place, const char *name, CiNames methods);

static void
fail_method(const CiPlace *place, const char *name, CiNames methods)
{
	ci_fail_unknown(place, "method", name, methods,
					psprintf("The methods are: %s.", ci_names_list(methods)));
}

const void *
ci_stage_method(CiNames methods, const CiJson *value, const CiPlace *place)
{
	const char *name = method_name(value, place);
	const void *method = name == NULL ? NULL : ci_names_find(methods, name);

	if (name != NULL && method == NULL)
		fail_method(place, name, methods);
	return method;
}

/* Report a parameter that the method does not have, and what it does have. */
static void
fail_parameter(const CiPlace *place, const char *method, const CiParam *params,
			   bool has_scope, const char *name)
{
	const char **names;
	int			n = 0;

	while (params[n].name != NULL)
		n++;
	names = palloc0((n + 2) * sizeof(char *));
	for (int i = 0; i < n; i++)
		names[i] = params[i].name;
	if (has_scope)
		names[n++] = "scope";
	ci_fail_unknown(place, "parameter", name, CI_NAMES(names),
					n == 0 ? psprintf("Method \"%s\" has no parameters.", method)
					: psprintf("Method \"%s\" has: %s.", method, ci_names_list(CI_NAMES(names))));
}

void
ci_stage_read_params(const CiJson *value, const CiPlace *place, const char *method,
					 const CiParam *params, bool given_only, void *spec, CiScope *scope)
{
	if (value->kind != CI_JSON_OBJECT)
		return;
	for (const CiJson *member = value->first; member != NULL; member = member->next)
	{
		CiPlace		here = {.of = place, .name = member->key};
		const CiParam *param = ci_names_find(CI_NAMES(params), member->key);

		if (strcmp(member->key, "method") == 0)
			continue;
		if (scope != NULL && strcmp(member->key, "scope") == 0)
			ci_scope_read(scope, member, &here);
		else if (param != NULL)
			ci_param_read(param, member, &here, given_only, spec);
		else
			fail_parameter(place, method, params, scope != NULL, member->key);
	}
}

void
ci_stage_write_params(CiJson *json, const CiParam *params, const void *spec,
					  const void *defaults)
{
	for (; params->name != NULL; params++)
	{
		CiJson	   *value = ci_param_write(params, spec);
		CiJson	   *standard = defaults ? ci_param_write(params, defaults) : NULL;

		if (value != NULL && !(standard != NULL && ci_json_equal(value, standard)))
			ci_json_append(json, params->name, value);
	}
}

/*
 * Normalise, rescale
 */

static void
set_method(CiNormaliseStage *stage, const CiNormaliseMethod *method)
{
	memset(stage, 0, sizeof(*stage));
	ci_normalise_defaults(&stage->spec, method);
	stage->spec.direction = 1;
}

static void
read_normalise(CiNormaliseStage *stage, const CiJson *value, const CiPlace *place)
{
	const CiNormaliseMethod *method = ci_stage_method(CI_NAMES(ci_normalise_methods), value, place);

	if (method != NULL)
		set_method(stage, method);
	method = stage->spec.method;
	ci_stage_read_params(value, place, method->name, method->params,
						 (method->flags & CI_NORMALISE_GIVEN) != 0, &stage->spec, &stage->scope);
}

static void
inherit_normalise(CiComponent *component, const CiComponent *parent,
				  const CiJson *value, const CiPlace *place)
{
	if (parent != NULL)
		component->normalise = parent->normalise;
	else
		set_method(&component->normalise, ci_normalise_method(DEFAULT_NORMALISE));
	if (value != NULL)
		read_normalise(&component->normalise, value, place);
}

/* Its own score is turned already, so a rescale never turns. */
static void
read_rescale(CiComponent *component, const CiComponent *parent,
			 const CiJson *value, const CiPlace *place)
{
	if (value == NULL || ci_json_is_string(value, "none"))
		return;
	set_method(&component->rescale, ci_normalise_method(DEFAULT_NORMALISE));
	read_normalise(&component->rescale, value, place);
}

CiJson *
ci_stage_write_normalise(const CiNormaliseStage *stage, bool all)
{
	const CiNormaliseMethod *method = stage->spec.method;
	CiJson	   *json = ci_json_new(CI_JSON_OBJECT);
	CiJson	   *scope = ci_scope_write(&stage->scope);
	CiNormalise defaults;

	if (all || strcmp(method->name, DEFAULT_NORMALISE) != 0)
		ci_json_append(json, "method", ci_json_new_string(method->name));
	ci_normalise_defaults(&defaults, method);
	ci_stage_write_params(json, method->params, &stage->spec, all ? NULL : &defaults);
	if (all || !ci_json_is_string(scope, "period"))
		ci_json_append(json, "scope", scope);
	return json->n > 0 ? json : NULL;
}

CiJson *
ci_normalise_stage_json(const CiNormaliseStage *stage)
{
	return ci_stage_write_normalise(stage, true);
}

/*
 * Aggregate
 */

/* The names of all methods, which stand in several tables. */
static const char **
aggregate_names(void)
{
	const CiAggregateMethod *method = NULL;
	const char **names;
	int			n = 0;

	while ((method = ci_aggregate_next(method)) != NULL)
		n++;
	names = palloc0((n + 1) * sizeof(char *));
	for (n = 0; (method = ci_aggregate_next(method)) != NULL; n++)
		names[n] = method->name;
	return names;
}

static const CiAggregateMethod *
named_aggregate(const CiJson *value, const CiPlace *place)
{
	const char *name = method_name(value, place);
	const CiAggregateMethod *method = ci_aggregate_method(name == NULL ? DEFAULT_AGGREGATE : name);

	if (method == NULL)
		fail_method(place, name, CI_NAMES(aggregate_names()));
	return method;
}

/* Give parameters by child their standards. */
static void
make_by_child(CiComponent *component)
{
	CiAggregate *spec = &component->aggregate;

	for (const CiParam *param = spec->method->params; param->name != NULL; param++)
		if (param->kind == CI_PARAM_BY_CHILD)
			ci_by_child_make((CiByChild *) ((char *) spec + param->offset), param->more,
							 component->n_children, component->child_codes);
}

static void
check_aggregate(const CiComponent *component, const CiPlace *place)
{
	const CiAggregate *spec = &component->aggregate;
	int			which = -1;
	const char *fault = spec->method->fault == NULL ? NULL :
		spec->method->fault(spec, component->n_children, &which);
	CiPlace		at = {.of = place};

	if (fault == NULL)
		return;
	if (which >= 0)
		at.name = psprintf("child \"%s\"", component->child_codes[which]);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s %s", ci_place_name(which < 0 ? place : &at), fault)));
}

static void
read_aggregate(CiComponent *component, const CiComponent *parent,
			   const CiJson *value, const CiPlace *place)
{
	const CiAggregateMethod *method;

	if (component->n_children == 0)
		return;
	method = value == NULL ? ci_aggregate_method(DEFAULT_AGGREGATE) : named_aggregate(value, place);
	ci_aggregate_defaults(&component->aggregate, method);
	make_by_child(component);
	if (value != NULL)
		ci_stage_read_params(value, place, method->name, method->params, false,
							 &component->aggregate, NULL);
	check_aggregate(component, place);
	component->aggregate_json = ci_stage_write_aggregate(&component->aggregate, true);
}

CiJson *
ci_stage_write_aggregate(const CiAggregate *spec, bool all)
{
	CiJson	   *json = ci_json_new(CI_JSON_OBJECT);
	CiAggregate defaults;

	if (all || strcmp(spec->method->name, DEFAULT_AGGREGATE) != 0)
		ci_json_append(json, "method", ci_json_new_string(spec->method->name));
	ci_aggregate_defaults(&defaults, spec->method);
	ci_stage_write_params(json, spec->method->params, spec, all ? NULL : &defaults);
	return json->n > 0 ? json : NULL;
}

/*
 * All stages
 */

static const struct
{
	const char *name;

	/* value is NULL if the component does not give the stage */
	void		(*read) (CiComponent *component, const CiComponent *parent,
						 const CiJson *value, const CiPlace *place);
}			stages[] = {
	{"denominator", ci_denominator_read},
	{"impute", ci_impute_read},
	{"treat", ci_treat_read},
	{"normalise", inherit_normalise},
	{"rescale", read_rescale},
	{"aggregate", read_aggregate}
};

void
ci_stages_read(CiComponent *component, const CiComponent *parent, const CiPlace *place)
{
	for (size_t i = 0; i < lengthof(stages); i++)
	{
		CiPlace		here = {.of = place, .name = stages[i].name};

		stages[i].read(component, parent, ci_json_get(component->json, stages[i].name), &here);
	}
}
