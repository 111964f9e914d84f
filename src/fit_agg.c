/*
 * fit_agg.c
 *	  ci.fit_agg: a methodology fitted by rows that are not kept.
 *
 * The state is a bytea, so that it can be sent between processes and servers: a
 * header, the methodology, and an accumulator for each stage that can be fitted
 * now.  It does not grow, and is changed in place.  Any user can hand any bytes to
 * the functions here, so every call checks that the sizes agree and that each
 * accumulator can be worked with.
 */
#include "postgres.h"

#include "fit.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "report.h"
#include "utils/builtins.h"

#include "compat.h"

PG_FUNCTION_INFO_V1(ci_fit_add);
PG_FUNCTION_INFO_V1(ci_fit_combine);
PG_FUNCTION_INFO_V1(ci_fit_final);

#define STATE_MAGIC 0x43494631	/* also tells a foreign byte order */

typedef struct FitState
{
	int32		vl_len_;
	uint32		magic;
	uint32		n;				/* accumulators */
	uint32		methodology_size;
	CiFitPeriods periods;
	char		methodology[FLEXIBLE_ARRAY_MEMBER]; /* and, aligned, the
													 * accumulators */
} FitState;

static Size
state_size(Size methodology_size, Size n)
{
	return offsetof(FitState, methodology) + MAXALIGN(methodology_size) + n * sizeof(CiFitAccumulator);
}

static CiFitAccumulator *
state_accumulators(FitState *state)
{
	return (CiFitAccumulator *) (state->methodology + MAXALIGN(state->methodology_size));
}

/* stream is NULL for a group whose methodology is NULL: nothing is fitted. */
static FitState *
make_state(const CiFitStream *stream, int32 period)
{
	Size		methodology_size = stream == NULL ? 0 : VARSIZE(stream->datum);
	int			n = stream == NULL ? 0 : stream->n;
	Size		size = state_size(methodology_size, n);
	FitState   *state = palloc0(size);

	StaticAssertStmt(offsetof(FitState, methodology) % MAXIMUM_ALIGNOF == 0,
					 "a methodology and accumulators in a state are aligned");
	SET_VARSIZE(state, size);
	state->magic = STATE_MAGIC;
	state->n = n;
	state->methodology_size = (uint32) methodology_size;
	state->periods = (CiFitPeriods) {period, period};
	if (stream != NULL)
		memcpy(state->methodology, stream->datum, methodology_size);
	for (int k = 0; k < n; k++)
		ci_accumulator_start(&state_accumulators(state)[k].accumulator, stream->stage[k].kind);
	return state;
}

static void
reject_state(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid state of ci.fit_agg")));
}

/* Is there a methodology in the state, or none and no accumulators? */
static bool
holds_methodology(const FitState *state)
{
	if (state->methodology_size == 0)
		return state->n == 0;
	return state->methodology_size >= offsetof(CiMethodologyDatum, json) &&
		VARATT_IS_4B_U(state->methodology) &&
		VARSIZE(state->methodology) == state->methodology_size;
}

/* Take a state from bytes that may be anything. */
static FitState *
check_state(Datum bytes)
{
	FitState   *state = (FitState *) PG_DETOAST_DATUM(bytes);

	if ((uintptr_t) state % MAXIMUM_ALIGNOF != 0)	/* it lies in a tuple */
		state = (FitState *) PG_DETOAST_DATUM_COPY(bytes);
	if (VARSIZE(state) < offsetof(FitState, methodology) ||
		state->magic != STATE_MAGIC ||
		state_size(state->methodology_size, state->n) != VARSIZE(state) ||
		!holds_methodology(state))
		reject_state();
	for (uint32 k = 0; k < state->n; k++)
		if (!ci_accumulator_is_sound(&state_accumulators(state)[k].accumulator))
			reject_state();
	return state;
}

/* The accumulators must be those that the methodology wants. */
static void
check_kinds(FitState *state, const CiFitStream *stream)
{
	if (state->n != (uint32) stream->n)
		reject_state();
	for (int k = 0; k < stream->n; k++)
		if (state_accumulators(state)[k].accumulator.kind != (int32) stream->stage[k].kind)
			reject_state();
}

/* Refuse a methodology, size bytes of it, that is not the state's. */
static void
require_same(const FitState *state, const void *methodology, Size size)
{
	if (state->methodology_size != size ||
		memcmp(state->methodology, methodology, size) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("methodology differs between the rows of a group")));
}

static void
widen_periods(FitState *state, const CiFitPeriods *more)
{
	state->periods.first = Min(state->periods.first, more->first);
	state->periods.last = Max(state->periods.last, more->last);
}

/* ci.fit_agg(unit, period, indicators, cells, methodology): the next row. */
Datum
ci_fit_add(PG_FUNCTION_ARGS)
{
	CiFitStream *stream;
	FitState   *state;
	CiFitPeriods period;

	(void) ci_aggregate_context(fcinfo, "ci.fit_agg");
	ci_refuse_null(fcinfo, 1, "unit");
	ci_refuse_null(fcinfo, 2, "period");
	ci_refuse_null(fcinfo, 3, "array of indicators");
	period.first = period.last = PG_GETARG_INT32(2);
	stream = PG_ARGISNULL(5) ? NULL : ci_fit_stream(fcinfo, PG_GETARG_DATUM(5));
	state = PG_ARGISNULL(0) ? make_state(stream, period.first) : check_state(PG_GETARG_DATUM(0));
	if (stream == NULL)
	{
		require_same(state, "", 0);
		PG_RETURN_POINTER(state);
	}
	require_same(state, stream->datum, VARSIZE(stream->datum));
	check_kinds(state, stream);
	stream->single.unit = PG_GETARG_TEXT_PP(1);
	stream->single.period.period = period.first;
	ci_single_set(&stream->single, PG_GETARG_ARRAYTYPE_P(3),
				  PG_ARGISNULL(4) ? NULL : PG_GETARG_ARRAYTYPE_P(4));
	widen_periods(state, &period);
	ci_fit_stream_add(stream, state_accumulators(state));
	PG_RETURN_POINTER(state);
}

/* Both states, added up in the first. */
Datum
ci_fit_combine(PG_FUNCTION_ARGS)
{
	FitState   *state;
	FitState   *other;

	(void) ci_aggregate_context(fcinfo, "ci.fit_agg");
	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(PG_ARGISNULL(0) ? 1 : 0));
	state = check_state(PG_GETARG_DATUM(0));
	other = check_state(PG_GETARG_DATUM(1));
	require_same(state, other->methodology, other->methodology_size);
	if (other->n != state->n)
		reject_state();
	widen_periods(state, &other->periods);
	for (uint32 k = 0; k < state->n; k++)
	{
		CiFitAccumulator *counted = &state_accumulators(state)[k];
		const CiFitAccumulator *more = &state_accumulators(other)[k];

		if (more->accumulator.kind != counted->accumulator.kind)
			reject_state();
		counted->rows += more->rows;
		ci_accumulator_merge(&counted->accumulator, &more->accumulator);
	}
	PG_RETURN_POINTER(state);
}

/* The methodology of the state, with what was counted as numbers. */
Datum
ci_fit_final(PG_FUNCTION_ARGS)
{
	FitState   *state = check_state(PG_GETARG_DATUM(0));
	const CiMethodologyDatum *methodology = (const CiMethodologyDatum *) state->methodology;
	CiFitStream *stream;

	if (state->methodology_size == 0)
		PG_RETURN_NULL();
	if (!pg_verifymbstr(methodology->json,
						(int) (VARSIZE(methodology) - offsetof(CiMethodologyDatum, json)), true))
		reject_state();
	stream = ci_fit_stream(fcinfo, PointerGetDatum(methodology));
	check_kinds(state, stream);
	PG_RETURN_POINTER(ci_fit_stream_result(stream, &state->periods, state_accumulators(state)));
}
