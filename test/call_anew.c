/*
 * call_anew.c
 *	  Calls of an aggregate's functions as Citus makes them, for t/012_citus.pl.
 *
 * A function by this symbol calls the one of the same name and arguments in schema
 * ci, within the aggregate that it is called by itself.  Each time it sets it up
 * for that call alone, as worker_partial_agg and coord_combine_agg do.
 */
#include "postgres.h"

#include "fmgr.h"
#include "nodes/pg_list.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(call_anew);
PG_FUNCTION_INFO_V1(calls_that_kept);

static int32 kept = 0;

static Oid
function_in_ci(Oid wrapper)
{
	Oid		   *types;
	int			n;

	get_func_signature(wrapper, &types, &n);
	return LookupFuncName(list_make2(makeString("ci"), makeString(get_func_name(wrapper))),
						  n, types, false);
}

Datum
call_anew(PG_FUNCTION_ARGS)
{
	LOCAL_FCINFO(call, FUNC_MAX_ARGS);
	FmgrInfo	function;
	MemoryContext states;
	MemoryContext before;
	MemoryContext before_call = CurrentMemoryContext->firstchild;
	Datum		result;

	if (!AggCheckCallContext(fcinfo, &states))
		elog(ERROR, "not called by an aggregate");
	before = states->firstchild;
	fmgr_info(function_in_ci(fcinfo->flinfo->fn_oid), &function);
	InitFunctionCallInfoData(*call, &function, PG_NARGS(), PG_GET_COLLATION(),
							 fcinfo->context, fcinfo->resultinfo);
	memcpy(call->args, fcinfo->args, PG_NARGS() * sizeof(NullableDatum));
	result = FunctionCallInvoke(call);
	fcinfo->isnull = call->isnull;
	if (states->firstchild != before || CurrentMemoryContext->firstchild != before_call)
		kept++;
	return result;
}

/* How many calls, since this was last asked, left something that they had made. */
Datum
calls_that_kept(PG_FUNCTION_ARGS)
{
	int32		n = kept;

	kept = 0;
	PG_RETURN_INT32(n);
}
