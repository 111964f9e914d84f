/*
 * methodology/read.c
 *	  From a JSON document to a resolved methodology.
 *
 * Each key is a row of a table with the function that reads it.  What needs
 * the tree (parents, inheritance, scales) is settled after all keys are read.
 */
#include "postgres.h"

#include <math.h>

#include "methodology/stage.h"
#include "methodology/tree.h"
#include "miscadmin.h"

#define MAX_COMPONENTS 65535

const CiPlace ci_methodology_place = {.name = "methodology"};

/*
 * Keys of a component.  Those that need the tree are read later, as is "code",
 * which names all other places.
 */

static void
read_label(const CiJson *value, const CiPlace *place, void *target)
{
	if (value->kind != CI_JSON_STRING)
		ci_fail_kind(place, "a string", value);
	((CiComponent *) target)->label = value->text;
}

static void
read_parent(const CiJson *value, const CiPlace *place, void *target)
{
	(void) ci_read_string(value, place);
}

static void
read_weight(const CiJson *value, const CiPlace *place, void *target)
{
	((CiComponent *) target)->weight = ci_read_number(value, place, 0, INFINITY);
}

static void
read_direction(const CiJson *value, const CiPlace *place, void *target)
{
	double		direction = ci_read_number(value, place, -INFINITY, INFINITY);

	if (direction != 1 && direction != -1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be 1 or -1, not %s", ci_place_name(place), value->text)));
	((CiComponent *) target)->direction = (int) direction;
}

static void
read_units(const CiJson *value, const CiPlace *place, void *target)
{
	ci_units_read(&((CiComponent *) target)->units, value, place);
}

static void
read_indicator(const CiJson *value, const CiPlace *place, void *target)
{
	((CiComponent *) target)->indicator = ci_read_text(value, place);
}

static void
read_min_coverage(const CiJson *value, const CiPlace *place, void *target)
{
	((CiComponent *) target)->min_coverage = ci_read_number(value, place, 0, 1);
}

static void
read_min_count(const CiJson *value, const CiPlace *place, void *target)
{
	((CiComponent *) target)->min_count = ci_read_whole(value, place, 0, MAX_COMPONENTS);
}

const CiKey ci_component_keys[] = {
	{"code", ci_read_nothing},
	{"parent", read_parent},
	{"label", read_label},
	{"meta", ci_read_nothing},
	{"weight", read_weight},
	{"direction", read_direction},
	{"units", read_units},
	{"indicator", read_indicator},
	{"denominator", ci_read_nothing},
	{"impute", ci_read_nothing},
	{"treat", ci_read_nothing},
	{"normalise", ci_read_nothing},
	{"rescale", ci_read_nothing},
	{"aggregate", ci_read_nothing},
	{"min_coverage", read_min_coverage},
	{"min_count", read_min_count},
	{0}
};

static void
read_component(CiComponent *component, const CiJson *json, int position)
{
	CiPlace		numbered = {.of = &ci_methodology_place, .number = position};
	CiPlace		code_place = {.of = &numbered, .name = "code"};
	const CiJson *code;
	CiPlace		place;

	if (json->kind != CI_JSON_OBJECT)
		ci_fail_kind(&numbered, "an object", json);
	code = ci_json_get(json, "code");
	if (code == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has no code", ci_place_name(&numbered))));
	component->code = ci_read_string(code, &code_place);
	component->json = json;
	component->position = position;
	component->weight = 1;
	component->direction = 1;
	component->min_count = 1;
	place = ci_component_place(component);
	ci_read_object(json, &place, ci_component_keys, component);
}

/*
 * Keys of the methodology
 */

static void
read_components(const CiJson *value, const CiPlace *place, void *target)
{
	CiMethodology *methodology = target;

	if (value->kind != CI_JSON_ARRAY)
		ci_fail_kind(place, "an array", value);
	if (value->n > MAX_COMPONENTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("methodology has more than %d components", MAX_COMPONENTS)));
	methodology->components = palloc0(Max(value->n, 1) * sizeof(CiComponent));
	for (const CiJson *member = value->first; member != NULL; member = member->next)
	{
		int			i = methodology->n++;

		read_component(&methodology->components[i], member, i + 1);
	}
}

static void
read_name(const CiJson *value, const CiPlace *place, void *target)
{
	if (value->kind != CI_JSON_STRING)
		ci_fail_kind(place, "a string", value);
	*(const char **) target = value->text;
}

static void
read_methodology_name(const CiJson *value, const CiPlace *place, void *target)
{
	read_name(value, place, &((CiMethodology *) target)->name);
}

static void
read_version(const CiJson *value, const CiPlace *place, void *target)
{
	read_name(value, place, &((CiMethodology *) target)->version);
}

static void
read_screen_min_coverage(const CiJson *value, const CiPlace *place, void *target)
{
	((CiScreen *) target)->min_coverage = ci_read_number(value, place, 0, 1);
}

static void
read_screen_max_zeros(const CiJson *value, const CiPlace *place, void *target)
{
	((CiScreen *) target)->max_zeros = ci_read_number(value, place, 0, 1);
}

static void
read_screen_units(const CiJson *value, const CiPlace *place, void *target)
{
	ci_units_read(&((CiScreen *) target)->units, value, place);
}

static void
read_screen_include(const CiJson *value, const CiPlace *place, void *target)
{
	ci_units_read_list(&((CiScreen *) target)->include, value, place);
}

static void
read_screen_exclude(const CiJson *value, const CiPlace *place, void *target)
{
	ci_units_read_list(&((CiScreen *) target)->exclude, value, place);
}

static void
read_screen(const CiJson *value, const CiPlace *place, void *target)
{
	static const CiKey keys[] = {
		{"min_coverage", read_screen_min_coverage},
		{"max_zeros", read_screen_max_zeros},
		{"units", read_screen_units},
		{"include", read_screen_include},
		{"exclude", read_screen_exclude},
		{0}
	};
	CiScreen   *screen = &((CiMethodology *) target)->screen;

	screen->given = true;
	ci_read_object(value, place, keys, screen);
}

static void
read_ties(const CiJson *value, const CiPlace *place, void *target)
{
	const char *name = ci_read_string(value, place);
	const CiTiesMethod *ties = ci_ties_method(name);
	CiNames		names = CI_NAMES(ci_ties_methods);

	if (ties == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be \"%s\"", ci_place_name(place), name),
				 errdetail("It is one of: %s.", ci_names_list(names)),
				 ci_hint_nearest(ci_nearest(name, names))));
	((CiMethodology *) target)->ties = ties;
}

static void
read_decimals(const CiJson *value, const CiPlace *place, void *target)
{
	((CiMethodology *) target)->decimals =
		ci_read_whole(value, place, CI_DECIMALS_MIN, CI_DECIMALS_MAX);
}

static void
read_rank(const CiJson *value, const CiPlace *place, void *target)
{
	static const CiKey keys[] = {
		{"ties", read_ties},
		{"decimals", read_decimals},
		{0}
	};

	ci_read_object(value, place, keys, target);
}

static const CiChoice on_constant[] = {
	{"error", CI_POLICY_ERROR},
	{"missing", CI_POLICY_MISSING},
	{"midpoint", CI_POLICY_MIDPOINT},
	{0}
};

static const CiChoice on_nonpositive[] = {
	{"error", CI_POLICY_ERROR},
	{"missing", CI_POLICY_MISSING},
	{"zero", CI_POLICY_ZERO},
	{0}
};

static void
read_on_constant(const CiJson *value, const CiPlace *place, void *target)
{
	((CiMethodology *) target)->on_constant = ci_read_choice(value, place, on_constant);
}

static void
read_on_nonpositive(const CiJson *value, const CiPlace *place, void *target)
{
	CiNonpositive *policy = &((CiMethodology *) target)->on_nonpositive;

	if (value->kind == CI_JSON_STRING)
		policy->policy = ci_read_choice(value, place, on_nonpositive);
	else if (value->kind != CI_JSON_NUMBER)
		ci_fail_kind(place, "a string or a number", value);
	else if (value->number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be above 0, not %s", ci_place_name(place), value->text),
				 errdetail("A number is the floor that lower values are raised to.")));
	else
		*policy = (CiNonpositive) {CI_POLICY_FLOOR, value->number};
}

/* The word for a policy other than a floor. */
const char *
ci_policy_name(CiPolicy policy)
{
	for (const CiChoice *choice = on_constant; choice->name != NULL; choice++)
	{
		if (choice->value == (int) policy)
			return choice->name;
	}
	return "zero";
}

const CiKey ci_methodology_keys[] = {
	{"name", read_methodology_name},
	{"version", read_version},
	{"components", read_components},
	{"screen", read_screen},
	{"rank", read_rank},
	{"on_constant", read_on_constant},
	{"on_nonpositive", read_on_nonpositive},
	{0}
};

void
ci_methodology_defaults(CiMethodology *methodology)
{
	memset(methodology, 0, sizeof(*methodology));
	methodology->name = "";
	methodology->version = "";
	methodology->screen.min_coverage = 0.65;
	methodology->screen.max_zeros = 1;
	methodology->ties = ci_ties_method("min");
	methodology->decimals = 9;
}

static void
fail_key(const CiComponent *component, const char *key, const char *only)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("methodology component \"%s\" has key \"%s\", which is for %s",
					component->code, key, only)));
}

/* Settle what depends on being a leaf, and that keys are where they mean something. */
static void
settle_kind(CiComponent *component)
{
	static const char *const inner_keys[] = {"aggregate", "min_coverage", "min_count"};
	bool		is_leaf = component->n_children == 0;

	if (!is_leaf && component->indicator != NULL)
		fail_key(component, "indicator", "components without children");
	for (size_t i = 0; is_leaf && i < lengthof(inner_keys); i++)
	{
		if (ci_json_get(component->json, inner_keys[i]) != NULL)
			fail_key(component, inner_keys[i], "components with children");
	}
	if (is_leaf && component->indicator == NULL)
		component->indicator = component->code;
}

/* Read stages from the root down, each component's after its parent's. */
static void
read_stages(CiMethodology *methodology)
{
	CiComponent *components = methodology->components;

	for (int i = methodology->root; i >= 0; i--)
	{
		CiComponent *component = &components[i];
		CiPlace		place = ci_component_place(component);

		CHECK_FOR_INTERRUPTS();
		settle_kind(component);
		ci_stages_read(component,
					   component->parent >= 0 ? &components[component->parent] : NULL, &place);
	}
	for (int i = 0; i < methodology->n; i++)
	{
		if (components[i].n_children > 0)
		{
			components[i].denominator = (CiDenominator) {NULL, 0};
			components[i].impute = (CiImputeStage) {.spec.method = NULL};
			components[i].treat = (CiTreatStage) {.spec.method = NULL};
			components[i].normalise = (CiNormaliseStage) {.spec.method = NULL};
		}
		else
			components[i].normalise.spec.direction = components[i].direction;
	}
}

CiMethodology *
ci_methodology_read(const CiJson *json)
{
	CiMethodology *methodology = palloc(sizeof(CiMethodology));

	ci_methodology_defaults(methodology);
	methodology->json = json;
	ci_read_object(json, &ci_methodology_place, ci_methodology_keys, methodology);
	if (methodology->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("methodology has no components")));
	ci_methodology_plant(methodology);
	read_stages(methodology);
	ci_methodology_check(methodology);
	return methodology;
}

CiMethodology *
ci_methodology_resolve(const CiJson *json)
{
	CiMethodology *methodology = ci_methodology_read(json);

	ci_methodology_digest(methodology);
	return methodology;
}

/* Does a leaf's value depend on its unit's own cells of that period alone? */
static bool
is_prepared_alone(const CiComponent *leaf)
{
	const CiImputeMethod *impute = leaf->impute.spec.method;
	const CiTreatMethod *treat = leaf->treat.spec.method;

	return (impute == NULL || (impute->estimate == NULL && impute->fill == NULL)) &&
		(treat == NULL || treat->fit == NULL);
}

/*
 * Does a unit's score depend on that unit and the methodology alone?  A stage
 * that is estimated group by group is not fitted even if it could be.
 */
static bool
is_fitted(const CiNormaliseStage *stage)
{
	return stage->spec.method == NULL ||
		(ci_normalise_is_fitted(&stage->spec) && stage->scope.by == NULL);
}

bool
ci_methodology_rescales_by_numbers(const CiMethodology *methodology)
{
	for (int c = 0; c < methodology->n; c++)
		if (methodology->components[c].indicator == NULL &&
			!is_fitted(&methodology->components[c].rescale))
			return false;
	return true;
}

int
ci_methodology_first_dependent(const CiMethodology *methodology)
{
	for (int i = 0; i < methodology->n; i++)
	{
		const CiComponent *component = &methodology->components[i];

		if (!is_prepared_alone(component) ||
			!is_fitted(&component->normalise) || !is_fitted(&component->rescale))
			return i;
		if (component->n_children > 0 &&
			component->aggregate.method->flags & CI_AGGREGATE_PEERS)
			return i;
	}
	return -1;
}
