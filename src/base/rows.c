/*
 * base/rows.c
 *	  Giving rows, names and arrays back to SQL.
 *
 * Sets are materialised: they are complete when the function returns, spill to
 * disk beyond work_mem, and are interruptible row by row.
 */
#include "postgres.h"

#include "base/rows.h"
#include "catalog/pg_type.h"
#include "method/method.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "base/compat.h"

#define CI_ROWS_MAX_COLUMNS 32

/* From so many on it pays to keep them apart. */
#define MANY_ROWS 4096

ReturnSetInfo *
ci_rows_start(FunctionCallInfo fcinfo)
{
	InitMaterializedSRF(fcinfo, 0);
	return (ReturnSetInfo *) fcinfo->resultinfo;
}

/*
 * Where the tuples of a large set are kept, one for all sets of a query: a context
 * that neither rounds their sizes up to a power of two, as that of the query does,
 * nor keeps the memory of those that were freed.
 */
static MemoryContext
rows_context(MemoryContext query)
{
	static const char name[] = "ci rows";

	for (MemoryContext child = query->firstchild; child != NULL; child = child->nextchild)
		if (child->name == name)
			return child;
	return GenerationContextCreate(query, name, ALLOCSET_SMALL_MINSIZE, ALLOCSET_SMALL_INITSIZE,
								   ALLOCSET_DEFAULT_MAXSIZE);
}

/* From PostgreSQL 18 on every tuplestore has such a context of its own. */
ReturnSetInfo *
ci_rows_start_many(FunctionCallInfo fcinfo, uint64 n)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	bool		random = (rows->allowedModes & SFRM_Materialize_Random) != 0;
	MemoryContext caller;

	if (n < MANY_ROWS)
		return rows;
	tuplestore_end(rows->setResult);
	caller = MemoryContextSwitchTo(rows_context(rows->econtext->ecxt_per_query_memory));
	rows->setResult = tuplestore_begin_heap(random, false, work_mem);
	MemoryContextSwitchTo(caller);
	return rows;
}

void
ci_rows_put(ReturnSetInfo *rows, const CiValue *values, int n)
{
	Datum		value[CI_ROWS_MAX_COLUMNS];
	bool		null[CI_ROWS_MAX_COLUMNS];

	if (n != rows->setDesc->natts || n > CI_ROWS_MAX_COLUMNS)
		elog(ERROR, "row of %d columns for a type of %d", n, rows->setDesc->natts);
	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < n; i++)
	{
		value[i] = values[i].value;
		null[i] = values[i].null;
	}
	tuplestore_putvalues(rows->setResult, rows->setDesc, value, null);
}

CiValue
ci_null(void)
{
	return (CiValue) {(Datum) 0, true};
}

CiValue
ci_bool(bool value)
{
	return (CiValue) {BoolGetDatum(value), false};
}

CiValue
ci_int(int32 value)
{
	return (CiValue) {Int32GetDatum(value), false};
}

CiValue
ci_float(double value)
{
	return (CiValue) {Float8GetDatum(value), !isfinite(value)};
}

CiValue
ci_text(const text *value)
{
	return (CiValue) {PointerGetDatum(value), value == NULL};
}

CiValue
ci_cstring(const char *value)
{
	return value == NULL ? ci_null() : ci_text(cstring_to_text(value));
}

Datum
ci_text_array(text **names, int n)
{
	Datum	   *values = palloc(Max(n, 1) * sizeof(Datum));

	for (int i = 0; i < n; i++)
		values[i] = PointerGetDatum(names[i]);
	return PointerGetDatum(construct_array(values, n, TEXTOID, -1, false, TYPALIGN_INT));
}

static Datum *
array_arg(FunctionCallInfo fcinfo, int argno, const char *what, Oid type, int16 len,
		  bool by_value, char align, int *n)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);
	Datum	   *values;

	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("%s must not contain null", what)));
	deconstruct_array(array, type, len, by_value, align, &values, NULL, n);
	return values;
}

text	  **
ci_text_array_arg(FunctionCallInfo fcinfo, int argno, const char *what, int *n)
{
	Datum	   *values = array_arg(fcinfo, argno, what, TEXTOID, -1, false, TYPALIGN_INT, n);
	text	  **result = palloc(Max(*n, 1) * sizeof(text *));

	for (int i = 0; i < *n; i++)
		result[i] = DatumGetTextPP(values[i]);
	return result;
}

int32 *
ci_int_array_arg(FunctionCallInfo fcinfo, int argno, const char *what, int *n)
{
	Datum	   *values = array_arg(fcinfo, argno, what, INT4OID, sizeof(int32), true,
								   TYPALIGN_INT, n);
	int32	   *result = palloc(Max(*n, 1) * sizeof(int32));

	for (int i = 0; i < *n; i++)
		result[i] = DatumGetInt32(values[i]);
	return result;
}

double *
ci_float_array_arg(FunctionCallInfo fcinfo, int argno, const char *what, int *n)
{
	Datum	   *values = array_arg(fcinfo, argno, what, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
								   TYPALIGN_DOUBLE, n);
	double	   *result = palloc(Max(*n, 1) * sizeof(double));

	for (int i = 0; i < *n; i++)
		result[i] = DatumGetFloat8(values[i]);
	return result;
}
