/*
 * methodology/digest.c
 *	  SHA-256 of what can change a number.
 *
 * The canonical text is a line of JSON for the policies and one for each
 * component, in bytewise order of code, keys in the order below, stages as
 * resolved.  What equals its default is left out, so that keys which a later
 * version adds leave the digest of older methodologies as it is.  Names are in
 * the encoding of the database.
 */
#include "postgres.h"

#include "methodology/stage.h"
#include "methodology/tree.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#define FORMAT "composite_indicator methodology 1\n"

static void
put_line(CiDigest *digest, const CiJson *json)
{
	StringInfoData line;

	initStringInfo(&line);
	ci_json_write(&line, json);
	appendStringInfoChar(&line, '\n');
	ci_digest_bytes(digest, line.data, line.len);
	pfree(line.data);
}

static void
put_number(CiJson *json, const char *key, double number, double standard)
{
	if (number != standard)
		ci_json_append(json, key, ci_json_new_number(number));
}

static void
put_units(CiJson *json, const char *key, const CiUnits *units)
{
	if (ci_units_given(units))
		ci_json_append(json, key, ci_units_write(units));
}

static void
put_screen(CiJson *json, const CiScreen *screen, const CiScreen *standard)
{
	CiJson	   *value = ci_json_new(CI_JSON_OBJECT);

	if (!screen->given)
		return;
	put_number(value, "min_coverage", screen->min_coverage, standard->min_coverage);
	put_number(value, "max_zeros", screen->max_zeros, standard->max_zeros);
	put_units(value, "units", &screen->units);
	put_units(value, "include", &screen->include);
	put_units(value, "exclude", &screen->exclude);
	ci_json_append(json, "screen", value);
}

static CiJson *
canonical_policies(const CiMethodology *methodology)
{
	CiJson	   *json = ci_json_new(CI_JSON_OBJECT);
	CiNonpositive nonpositive = methodology->on_nonpositive;
	CiMethodology standard;

	ci_methodology_defaults(&standard);
	put_screen(json, &methodology->screen, &standard.screen);
	if (methodology->ties != standard.ties)
		ci_json_append(json, "ties", ci_json_new_string(methodology->ties->name));
	put_number(json, "decimals", methodology->decimals, standard.decimals);
	if (methodology->on_constant != standard.on_constant)
		ci_json_append(json, "on_constant",
					   ci_json_new_string(ci_policy_name(methodology->on_constant)));
	if (nonpositive.policy == CI_POLICY_FLOOR)
		ci_json_append(json, "on_nonpositive", ci_json_new_number(nonpositive.floor));
	else if (nonpositive.policy != standard.on_nonpositive.policy)
		ci_json_append(json, "on_nonpositive",
					   ci_json_new_string(ci_policy_name(nonpositive.policy)));
	return json;
}

/* A stage that is all default is left out where there is one anyway. */
static void
put_stage(CiJson *json, const char *key, CiJson *stage, bool optional)
{
	if (stage == NULL && optional)
		stage = ci_json_new(CI_JSON_OBJECT);
	if (stage != NULL)
		ci_json_append(json, key, stage);
}

/* The root has no siblings, so its weight means nothing. */
static CiJson *
canonical_component(const CiMethodology *methodology, const CiComponent *component)
{
	CiJson	   *json = ci_json_new(CI_JSON_OBJECT);

	ci_json_append(json, "code", ci_json_new_string(component->code));
	if (component->parent >= 0)
	{
		const CiComponent *parent = &methodology->components[component->parent];

		ci_json_append(json, "parent", ci_json_new_string(parent->code));
		put_number(json, "weight", component->weight, 1);
	}
	put_number(json, "direction", component->direction, 1);
	put_units(json, "units", &component->units);
	if (component->n_children == 0)
	{
		if (strcmp(component->indicator, component->code) != 0)
			ci_json_append(json, "indicator", ci_json_new_string(component->indicator));
		put_stage(json, "denominator", ci_stage_write_denominator(&component->denominator, false), false);
		put_stage(json, "impute", ci_stage_write_impute(&component->impute, false), false);
		put_stage(json, "treat", ci_stage_write_treat(&component->treat, false), false);
		put_stage(json, "normalise", ci_stage_write_normalise(&component->normalise, false), false);
	}
	else
	{
		put_stage(json, "aggregate", ci_stage_write_aggregate(&component->aggregate, false), false);
		put_number(json, "min_coverage", component->min_coverage, 0);
		put_number(json, "min_count", component->min_count, 1);
	}
	if (component->rescale.spec.method != NULL)
		put_stage(json, "rescale", ci_stage_write_normalise(&component->rescale, false), true);
	return json;
}

void
ci_methodology_digest(CiMethodology *methodology)
{
	CiDigest   *digest = ci_digest_start();
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.methodology digest",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	ci_digest_bytes(digest, FORMAT, strlen(FORMAT));
	put_line(digest, canonical_policies(methodology));
	for (int i = 0; i < methodology->n; i++)
	{
		const CiComponent *component = &methodology->components[methodology->by_code[i]];

		CHECK_FOR_INTERRUPTS();
		put_line(digest, canonical_component(methodology, component));
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	ci_digest_end(digest, methodology->digest);
}
