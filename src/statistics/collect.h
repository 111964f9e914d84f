/*
 * statistics/collect.h
 *	  The rows that a statistical aggregate has seen: the state of all of them.
 */
#ifndef CI_STATISTICS_STATE_H
#define CI_STATISTICS_STATE_H

#include "fmgr.h"
#include "method/method.h"

/* What the rows hold. */
typedef enum CiCollectKind
{
	CI_COLLECT_VALUE,			/* value */
	CI_COLLECT_WEIGHTED,		/* value, weight above 0 */
	CI_COLLECT_POWER,			/* value; parameter p */
	CI_COLLECT_WEIGHTED_POWER,	/* value, weight above 0; parameter p */
	CI_COLLECT_PAIR,			/* x, y */
	CI_COLLECT_LISTS,			/* x, y, one of which may be missing;
								 * parameter p */
	CI_COLLECT_TOP,				/* the same; parameter k */
	CI_COLLECT_ITEMS			/* any number of items */
} CiCollectKind;

typedef struct CiCollected
{
	CiCollectKind kind;
	Size		n;
	Size		width;			/* numbers in a row */
	double		parameter;
	const double *row;
} CiCollected;

/*
 * The rows of the state that is argument 0, which are not to be changed, once
 * they are seen to be what one of the kinds may hold; false if there are none.
 */
extern bool ci_collected(FunctionCallInfo fcinfo, uint32 kinds, CiCollected *rows);

#define CI_KIND(kind) ((uint32) 1 << (kind))

/* What a final function returns: null for a statistic that is missing. */
static inline Datum
ci_statistic(FunctionCallInfo fcinfo, double x)
{
	if (ci_is_missing(x))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(x);
}

#endif							/* CI_STATISTICS_STATE_H */
