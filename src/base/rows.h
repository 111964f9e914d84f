/*
 * base/rows.h
 *	  Giving rows, names and arrays back to SQL.
 */
#ifndef CI_ROWS_H
#define CI_ROWS_H

#include "fmgr.h"
#include "funcapi.h"

/* A column's value, which may be NULL. */
typedef struct CiValue
{
	Datum		value;
	bool		null;
} CiValue;

/*
 * The set that the function called returns, to be filled by ci_rows_put with
 * as many values as its row type has columns.
 */
extern ReturnSetInfo *ci_rows_start(FunctionCallInfo fcinfo);

/* The same for about n rows: many take less memory. */
extern ReturnSetInfo *ci_rows_start_many(FunctionCallInfo fcinfo, uint64 n);

extern void ci_rows_put(ReturnSetInfo *rows, const CiValue *values, int n);

extern CiValue ci_null(void);
extern CiValue ci_bool(bool value);
extern CiValue ci_int(int32 value);
extern CiValue ci_float(double value);	/* what is not finite is NULL */
extern CiValue ci_text(const text *value);	/* NULL is NULL */
extern CiValue ci_cstring(const char *value);	/* NULL is NULL */

/* A one-dimensional text[] of n names, and reading one, which holds no NULL. */
extern Datum ci_text_array(text **names, int n);
extern text **ci_text_array_arg(FunctionCallInfo fcinfo, int argno, const char *what, int *n);
extern double *ci_float_array_arg(FunctionCallInfo fcinfo, int argno, const char *what, int *n);
extern int32 *ci_int_array_arg(FunctionCallInfo fcinfo, int argno, const char *what, int *n);

#endif							/* CI_ROWS_H */
