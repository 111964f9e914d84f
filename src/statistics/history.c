/*
 * statistics/history.c
 *	  ci.streak, ci.longest_streak, ci.first_time: runs over rows in order.
 *	  ci.cagr: the growth rate between the first and the last period.
 *
 * All are aggregates whose states are plain SQL values, so any user can hand
 * any value to the functions here: each checks what it gets.  A state of the
 * executor's is changed in place.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/array.h"

PG_FUNCTION_INFO_V1(ci_streak_add);
PG_FUNCTION_INFO_V1(ci_longest_streak_add);
PG_FUNCTION_INFO_V1(ci_longest_streak_final);
PG_FUNCTION_INFO_V1(ci_first_time_add);
PG_FUNCTION_INFO_V1(ci_first_time_final);
PG_FUNCTION_INFO_V1(ci_cagr_add);
PG_FUNCTION_INFO_V1(ci_cagr_combine);
PG_FUNCTION_INFO_V1(ci_cagr_final);

/* What is null is not known to be true. */
static bool
is_true(FunctionCallInfo fcinfo, int argno)
{
	return !PG_ARGISNULL(argno) && PG_GETARG_BOOL(argno);
}

/* The data of an array state that must have n elements of 8 bytes. */
static void *
state_data(ArrayType *state, int n, Oid type, const char *aggregate)
{
	if (ARR_NDIM(state) != 1 || ARR_DIMS(state)[0] != n || ARR_HASNULL(state) ||
		ARR_ELEMTYPE(state) != type)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid state of %s", aggregate),
				 errhint("Use the aggregate %s.", aggregate)));
	return ARR_DATA_PTR(state);
}

/* An array state that may be changed. */
static ArrayType *
own_state(FunctionCallInfo fcinfo, int argno)
{
	return AggCheckCallContext(fcinfo, NULL) ? PG_GETARG_ARRAYTYPE_P(argno) :
		PG_GETARG_ARRAYTYPE_P_COPY(argno);
}

/* Count one more, or begin anew. */
static int64
run_length(int64 before, bool condition)
{
	if (!condition)
		return 0;
	return before < PG_INT64_MAX ? before + 1 : before;
}

/* ci.streak(condition) */
Datum
ci_streak_add(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(run_length(PG_ARGISNULL(0) ? 0 : PG_GETARG_INT64(0), is_true(fcinfo, 1)));
}

/* The state of ci.longest_streak: the present run, and the longest so far. */
static int64 *
longest_runs(ArrayType *state)
{
	return state_data(state, 2, INT8OID, "ci.longest_streak");
}

/* ci.longest_streak(condition) */
Datum
ci_longest_streak_add(PG_FUNCTION_ARGS)
{
	ArrayType  *state;
	int64	   *runs;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	state = own_state(fcinfo, 0);
	runs = longest_runs(state);
	runs[0] = run_length(runs[0], is_true(fcinfo, 1));
	runs[1] = Max(runs[0], runs[1]);
	PG_RETURN_ARRAYTYPE_P(state);
}

Datum
ci_longest_streak_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(longest_runs(PG_GETARG_ARRAYTYPE_P(0))[1]);
}

/* The state of ci.first_time: when the condition was true for the first time. */
#define NEVER	0
#define NOW		1
#define BEFORE	2

/* ci.first_time(condition) */
Datum
ci_first_time_add(PG_FUNCTION_ARGS)
{
	int32		state = PG_ARGISNULL(0) ? NEVER : PG_GETARG_INT32(0);

	if (state != NEVER)
		PG_RETURN_INT32(BEFORE);
	PG_RETURN_INT32(is_true(fcinfo, 1) ? NOW : NEVER);
}

Datum
ci_first_time_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_INT32(0) == NOW);
}

/*
 * One end of the span that ci.cagr is about.  Only doubles, so that a state is
 * an array of them: an int is exact in a double.
 */
typedef struct End
{
	double		period;
	double		value;
	double		n;				/* values that this period has */
} End;

typedef struct Span
{
	End			first;
	End			last;
} Span;

#define SPAN_LENGTH ((int) (sizeof(Span) / sizeof(double)))

static Span *
span_of(ArrayType *state)
{
	return state_data(state, SPAN_LENGTH, FLOAT8OID, "ci.cagr");
}

static ArrayType *
make_span_state(const Span *span)
{
	Size		size = ARR_OVERHEAD_NONULLS(1) + sizeof(Span);
	ArrayType  *state = palloc0(size);

	SET_VARSIZE(state, size);
	state->ndim = 1;
	state->elemtype = FLOAT8OID;
	ARR_DIMS(state)[0] = SPAN_LENGTH;
	ARR_LBOUND(state)[0] = 1;
	memcpy(ARR_DATA_PTR(state), span, sizeof(Span));
	return state;
}

/* Keep the earlier of two ends (the later, if sign is -1). */
static void
extend(End *end, const End *other, int sign)
{
	if (other->period == end->period)
		end->n += other->n;
	else if (sign * other->period < sign * end->period)
		*end = *other;
}

/* Widen a state, NULL if there is none yet, by a span. */
static Datum
widen(FunctionCallInfo fcinfo, const Span *by)
{
	ArrayType  *state;
	Span	   *span;

	if (PG_ARGISNULL(0))
		return PointerGetDatum(make_span_state(by));
	state = own_state(fcinfo, 0);
	span = span_of(state);
	extend(&span->first, &by->first, 1);
	extend(&span->last, &by->last, -1);
	return PointerGetDatum(state);
}

static void
check_observation(FunctionCallInfo fcinfo, double value)
{
	if (PG_ARGISNULL(2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("period of an observation is null")));
	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("value is not finite"),
				 errdetail("Period %d: %g.", PG_GETARG_INT32(2), value),
				 errhint("Use NULL for a missing value.")));
}

/* ci.cagr(value, period) */
Datum
ci_cagr_add(PG_FUNCTION_ARGS)
{
	Span		span;

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	check_observation(fcinfo, PG_GETARG_FLOAT8(1));
	span.first = (End) {PG_GETARG_INT32(2), PG_GETARG_FLOAT8(1), 1};
	span.last = span.first;
	PG_RETURN_DATUM(widen(fcinfo, &span));
}

Datum
ci_cagr_combine(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	PG_RETURN_DATUM(widen(fcinfo, span_of(PG_GETARG_ARRAYTYPE_P(1))));
}

static void
require_one_value(const End *end)
{
	if (end->n != 1)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("duplicate observation"),
				 errdetail("Period %.0f has %.0f values.", end->period, end->n),
				 errhint("Aggregate the rows first.")));
}

static void
require_growth(const Span *span)
{
	if (span->first.value == 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("growth from 0 has no rate"),
				 errdetail("Period %.0f: 0.", span->first.period)));
	if (span->last.value != 0 && (span->first.value < 0) != (span->last.value < 0))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("growth with a change of sign has no rate"),
				 errdetail("Period %.0f: %.15g; period %.0f: %.15g.",
						   span->first.period, span->first.value,
						   span->last.period, span->last.value)));
}

/*
 * The constant rate by which the first value becomes the last.  Where their
 * ratio leaves the range of a double, the root is taken of each.
 */
static double
growth_rate(const Span *span)
{
	double		root = 1 / (span->last.period - span->first.period);
	double		ratio = span->last.value / span->first.value;

	if (fabs(ratio - 1) < 0.5)	/* a small rate would be lost beside 1 */
		return expm1(root * log1p((span->last.value - span->first.value) / span->first.value));
	if (isnormal(ratio) || span->last.value == 0)
		return pow(ratio, root) - 1;
	return pow(fabs(span->last.value), root) / pow(fabs(span->first.value), root) - 1;
}

Datum
ci_cagr_final(PG_FUNCTION_ARGS)
{
	const Span *span = span_of(PG_GETARG_ARRAYTYPE_P(0));
	double		rate;

	require_one_value(&span->first);
	if (span->first.period == span->last.period)
		PG_RETURN_NULL();
	require_one_value(&span->last);
	require_growth(span);
	rate = growth_rate(span);
	if (!isfinite(rate))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("growth rate is out of range")));
	PG_RETURN_FLOAT8(rate);
}
