/*
 * methodology/rows.h
 *	  Rows on their way to components.
 */
#ifndef CI_METHODOLOGY_ROWS_H
#define CI_METHODOLOGY_ROWS_H

#include "base/json.h"

typedef struct CiRow
{
	CiJson	   *component;		/* made of it so far */
	int			number;			/* of the row, from 1 */
	double		position;		/* NaN if it has none */
	const char *type;			/* iMeta: NULL for a row that is not */
	int			level;			/* iMeta: 0 if not given */
} CiRow;

/* methodology/imeta.c: COINr's iMeta. */
extern bool ci_imeta_is_row(const CiJson *json);

/* Make a component of the row; false if it is of a type that is left out. */
extern bool ci_imeta_collect(CiRow *row, const CiJson *json);

/* Check Type and Level of the rows that come from iMeta. */
extern void ci_imeta_check(const CiRow *rows, int n);

#endif							/* CI_METHODOLOGY_ROWS_H */
