/*
 * base/read.c
 *	  Reading values out of JSON, each at a place that errors name.
 */
#include "postgres.h"

#include <math.h>

#include "base/read.h"

void
ci_fail_kind(const CiPlace *place, const char *expected, const CiJson *found)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be %s, not %s", ci_place_name(place), expected,
					ci_json_kind_name(found))));
}

void
ci_fail_unknown(const CiPlace *place, const char *what, const char *name,
				CiNames names, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s has unknown %s \"%s\"", ci_place_name(place), what, name),
			 detail ? errdetail_internal("%s", detail) : 0,
			 ci_hint_nearest(ci_nearest(name, names))));
}

void
ci_read_object(const CiJson *value, const CiPlace *place, const CiKey *keys, void *target)
{
	if (value->kind != CI_JSON_OBJECT)
		ci_fail_kind(place, "an object", value);
	for (const CiJson *member = value->first; member != NULL; member = member->next)
	{
		const CiKey *key = ci_names_find(CI_NAMES(keys), member->key);
		CiPlace		here = {.of = place, .name = member->key};

		if (key == NULL)
			ci_fail_unknown(place, "key", member->key, CI_NAMES(keys), NULL);
		key->read(member, &here, target);
	}
}

/* "between 0 and 1", "at least 0", "at most 9" */
static const char *
describe_limits(double lowest, double highest)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, !isfinite(lowest) ? "at most " :
						   !isfinite(highest) ? "at least " : "between ");
	if (isfinite(lowest))
		ci_json_write_number(&out, lowest);
	if (isfinite(lowest) && isfinite(highest))
		appendStringInfoString(&out, " and ");
	if (isfinite(highest))
		ci_json_write_number(&out, highest);
	return out.data;
}

double
ci_read_number(const CiJson *value, const CiPlace *place, double lowest, double highest)
{
	if (value->kind != CI_JSON_NUMBER)
		ci_fail_kind(place, "a number", value);
	if (value->number < lowest || value->number > highest)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be %s, not %s", ci_place_name(place),
						describe_limits(lowest, highest), value->text)));
	return value->number + 0.0; /* no -0 */
}

int
ci_read_whole(const CiJson *value, const CiPlace *place, int lowest, int highest)
{
	if (value->kind != CI_JSON_NUMBER)
		ci_fail_kind(place, "a whole number", value);
	if (value->number != floor(value->number))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be a whole number, not %s", ci_place_name(place), value->text)));
	return (int) ci_read_number(value, place, lowest, highest);
}

bool
ci_read_bool(const CiJson *value, const CiPlace *place)
{
	if (value->kind != CI_JSON_TRUE && value->kind != CI_JSON_FALSE)
		ci_fail_kind(place, "true or false", value);
	return value->kind == CI_JSON_TRUE;
}

const char *
ci_read_text(const CiJson *value, const CiPlace *place)
{
	if (value->kind != CI_JSON_STRING)
		ci_fail_kind(place, "a string", value);
	return value->text;
}

const char *
ci_read_string(const CiJson *value, const CiPlace *place)
{
	(void) ci_read_text(value, place);
	if (value->text[0] == '\0')
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be empty", ci_place_name(place))));
	return value->text;
}

int
ci_read_choice(const CiJson *value, const CiPlace *place, const CiChoice *choices)
{
	const char *word = ci_read_string(value, place);
	const CiChoice *choice = ci_names_find(CI_NAMES(choices), word);

	if (choice == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be \"%s\"", ci_place_name(place), word),
				 errdetail("It is one of: %s.", ci_names_list(CI_NAMES(choices))),
				 ci_hint_nearest(ci_nearest(word, CI_NAMES(choices)))));
	return choice->value;
}

void
ci_read_nothing(const CiJson *value, const CiPlace *place, void *target)
{
}
