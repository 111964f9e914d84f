/*
 * methodology/scope.c
 *	  Sets of units, and the scope that a stage's parameters are estimated from.
 */
#include "postgres.h"

#include "methodology/stage.h"

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static int
compare_int32(const void *a, const void *b)
{
	int32		x = *(const int32 *) a;
	int32		y = *(const int32 *) b;

	return (x > y) - (x < y);
}

void
ci_units_read_list(CiUnits *units, const CiJson *value, const CiPlace *place)
{
	CiPlace		here = {.of = place, .name = "member"};
	int			n = 0;

	if (value->kind != CI_JSON_ARRAY)
		ci_fail_kind(place, "an array of names of units", value);
	units->indicator = NULL;
	units->list = palloc(Max(value->n, 1) * sizeof(char *));
	for (const CiJson *member = value->first; member != NULL; member = member->next)
		units->list[n++] = ci_read_string(member, &here);
	qsort(units->list, n, sizeof(char *), compare_names);
	units->n = 0;
	for (int i = 0; i < n; i++)
	{
		if (i == 0 || strcmp(units->list[i], units->list[i - 1]) != 0)
			units->list[units->n++] = units->list[i];
	}
}

void
ci_units_read(CiUnits *units, const CiJson *value, const CiPlace *place)
{
	if (value->kind == CI_JSON_STRING)
	{
		units->indicator = ci_read_string(value, place);
		units->list = NULL;
		units->n = 0;
		return;
	}
	if (value->kind != CI_JSON_ARRAY)
		ci_fail_kind(place, "the name of an indicator or an array of names of units", value);
	ci_units_read_list(units, value, place);
	if (units->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be empty", ci_place_name(place))));
}

bool
ci_units_given(const CiUnits *units)
{
	return units->indicator != NULL || units->n > 0;
}

CiJson *
ci_units_write(const CiUnits *units)
{
	CiJson	   *json;

	if (units->indicator != NULL)
		return ci_json_new_string(units->indicator);
	json = ci_json_new(CI_JSON_ARRAY);
	for (int i = 0; i < units->n; i++)
		ci_json_append(json, NULL, ci_json_new_string(units->list[i]));
	return json;
}

static void
read_period_list(CiScope *scope, const CiJson *value, const CiPlace *place)
{
	CiPlace		here = {.of = place, .name = "member"};
	int			n = 0;

	if (value->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be empty", ci_place_name(place))));
	scope->periods = palloc(value->n * sizeof(int32));
	for (const CiJson *member = value->first; member != NULL; member = member->next)
		scope->periods[n++] = ci_read_whole(member, &here, PG_INT32_MIN, PG_INT32_MAX);
	qsort(scope->periods, n, sizeof(int32), compare_int32);
	scope->n_periods = 0;
	for (int i = 0; i < n; i++)
	{
		if (i == 0 || scope->periods[i] != scope->periods[i - 1])
			scope->periods[scope->n_periods++] = scope->periods[i];
	}
}

static void
read_periods(const CiJson *value, const CiPlace *place, void *target)
{
	static const CiChoice words[] = {
		{"period", CI_SCOPE_PERIOD},
		{"panel", CI_SCOPE_PANEL},
		{0}
	};
	CiScope    *scope = target;

	if (value->kind == CI_JSON_ARRAY)
	{
		scope->kind = CI_SCOPE_PERIODS;
		read_period_list(scope, value, place);
	}
	else if (value->kind == CI_JSON_STRING)
		scope->kind = ci_read_choice(value, place, words);
	else
		ci_fail_kind(place, "\"period\", \"panel\" or an array of periods", value);
}

static void
read_units(const CiJson *value, const CiPlace *place, void *target)
{
	ci_units_read(&((CiScope *) target)->units, value, place);
}

static void
read_by(const CiJson *value, const CiPlace *place, void *target)
{
	((CiScope *) target)->by = ci_read_string(value, place);
}

/* Read a scope, which replaces the one there was. */
void
ci_scope_read(CiScope *scope, const CiJson *value, const CiPlace *place)
{
	static const CiKey keys[] = {
		{"periods", read_periods},
		{"units", read_units},
		{"by", read_by},
		{0}
	};

	memset(scope, 0, sizeof(*scope));
	if (value->kind == CI_JSON_OBJECT)
		ci_read_object(value, place, keys, scope);
	else
		read_periods(value, place, scope);
}

static CiJson *
write_periods(const CiScope *scope)
{
	CiJson	   *json;

	if (scope->kind != CI_SCOPE_PERIODS)
		return ci_json_new_string(scope->kind == CI_SCOPE_PANEL ? "panel" : "period");
	json = ci_json_new(CI_JSON_ARRAY);
	for (int i = 0; i < scope->n_periods; i++)
		ci_json_append(json, NULL, ci_json_new_number(scope->periods[i]));
	return json;
}

CiJson *
ci_scope_write(const CiScope *scope)
{
	CiJson	   *json;

	if (!ci_units_given(&scope->units) && scope->by == NULL)
		return write_periods(scope);
	json = ci_json_new(CI_JSON_OBJECT);
	ci_json_append(json, "periods", write_periods(scope));
	if (ci_units_given(&scope->units))
		ci_json_append(json, "units", ci_units_write(&scope->units));
	if (scope->by != NULL)
		ci_json_append(json, "by", ci_json_new_string(scope->by));
	return json;
}
