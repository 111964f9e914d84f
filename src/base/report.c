/*
 * base/report.c
 *	  What error messages share: naming a place, and the nearest right name.
 */
#include "postgres.h"

#include "base/report.h"
#include "lib/stringinfo.h"
#include "utils/varlena.h"

/* As core's hints on column names: no more changes than this, nor than half of the name. */
#define MAX_CHANGES 3
#define MAX_NAME 63

const char *
ci_place_name(const CiPlace *place)
{
	StringInfoData out;

	initStringInfo(&out);
	for (; place->of != NULL && place->component == NULL && place->number == 0; place = place->of)
		appendStringInfo(&out, "%s of ", place->name);
	if (place->of == NULL)
		appendStringInfoString(&out, place->name);
	else if (place->component != NULL)
		appendStringInfo(&out, "%s component \"%s\"", place->of->name, place->component);
	else
		appendStringInfo(&out, "%s component %d", place->of->name, place->number);
	return out.data;
}

const void *
ci_names_find(CiNames names, const char *name)
{
	const char *candidate;

	for (int i = 0; (candidate = ci_names_get(names, i)) != NULL; i++)
	{
		if (strcmp(candidate, name) == 0)
			return (const char *) names.rows + names.row_size * i;
	}
	return NULL;
}

const char *
ci_names_list(CiNames names)
{
	StringInfoData out;
	const char *name;

	initStringInfo(&out);
	for (int i = 0; (name = ci_names_get(names, i)) != NULL; i++)
		appendStringInfo(&out, "%s%s", i > 0 ? ", " : "", name);
	return out.data;
}

const char *
ci_nearest(const char *name, CiNames names)
{
	int			length = (int) strnlen(name, MAX_NAME + 1);
	int			most = Min(MAX_CHANGES, length / 2);
	const char *nearest = NULL;
	const char *candidate;

	if (length > MAX_NAME)
		return NULL;
	for (int i = 0; most >= 0 && (candidate = ci_names_get(names, i)) != NULL; i++)
	{
		int			candidate_length = (int) strnlen(candidate, MAX_NAME + 1);
		int			changes;

		if (candidate_length > MAX_NAME)
			continue;
		changes = varstr_levenshtein_less_equal(name, length, candidate, candidate_length,
												1, 1, 1, most, true);
		if (changes > most)
			continue;
		nearest = candidate;
		most = changes - 1;
	}
	return nearest;
}

int
ci_hint_nearest(const char *nearest)
{
	return nearest ? errhint("Perhaps you meant \"%s\".", nearest) : 0;
}

MemoryContext
ci_aggregate_context(FunctionCallInfo fcinfo, const char *aggregate)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function called in non-aggregate context"),
				 errhint("Use the aggregate %s.", aggregate)));
	return context;
}
