/*
 * base/report.h
 *	  What error messages share: naming a place, and the nearest right name.
 */
#ifndef CI_REPORT_H
#define CI_REPORT_H

#include "fmgr.h"

/*
 * A place in a document.  It reads "lower of normalise of methodology
 * component "gdp"": the name, of what it belongs to; one without "of" is the
 * document itself.  A component is given by its code, or by its number.
 */
typedef struct CiPlace
{
	const struct CiPlace *of;
	const char *name;
	const char *component;		/* code, if it is a component */
	int			number;			/* of a component without a code, else 0 */
} CiPlace;

/*
 * Names to choose from: the rows of a table, each of which begins with its
 * name; a NULL name ends it.
 */
typedef struct CiNames
{
	const void *rows;
	size_t		row_size;
} CiNames;

#define CI_NAMES(table) ((CiNames) {(table), sizeof((table)[0])})

static inline const char *
ci_names_get(CiNames names, int i)
{
	return *(const char *const *) ((const char *) names.rows + names.row_size * i);
}

extern const char *ci_place_name(const CiPlace *place);

/* The row that has this name, NULL if there is none. */
extern const void *ci_names_find(CiNames names, const char *name);

/* "a, b, c" */
extern const char *ci_names_list(CiNames names);

/* The name that was perhaps meant, NULL if none comes near. */
extern const char *ci_nearest(const char *name, CiNames names);

/* In ereport: the hint that asks for that name; none if it is NULL. */
extern int	ci_hint_nearest(const char *nearest);

/* The memory context of an aggregate's states; a call of its part by itself is an error. */
extern MemoryContext ci_aggregate_context(FunctionCallInfo fcinfo, const char *aggregate);

#endif							/* CI_REPORT_H */
