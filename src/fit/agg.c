/*
 * fit/agg.c
 *	  ci.fit_agg: a methodology fitted by rows that are not kept.
 *
 * The items of the state (methodology/state.h) are accumulators, one for each stage that can
 * be fitted now.  It does not grow, and is changed in place.  Every call checks
 * that each accumulator can be worked with.
 */
#include "postgres.h"

#include "base/report.h"
#include "fit/fit.h"
#include "methodology/state.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_fit_add);
PG_FUNCTION_INFO_V1(ci_fit_combine);
PG_FUNCTION_INFO_V1(ci_fit_final);

typedef struct FitState
{
	CiState		state;
	CiFitPeriods periods;
} FitState;

static const CiStateKind fit_state = {
	"ci.fit_agg", 0x43494631, MAXALIGN(sizeof(FitState)), sizeof(CiFitAccumulator)
};

static CiFitAccumulator *
state_accumulators(FitState *state)
{
	return ci_state_items(&fit_state, state);
}

/* stream is NULL for a group whose methodology is NULL: nothing is fitted. */
static FitState *
make_state(const CiFitStream *stream, int32 period)
{
	int			n = stream == NULL ? 0 : stream->n;
	FitState   *state = ci_state_make(&fit_state, stream == NULL ? NULL : stream->kept.datum, (uint32) n);

	state->periods = (CiFitPeriods) {period, period};
	for (int k = 0; k < n; k++)
		ci_accumulator_start(&state_accumulators(state)[k].accumulator, stream->stage[k].kind);
	return state;
}

/* Take a state from bytes that may be anything. */
static FitState *
check_state(Datum bytes)
{
	FitState   *state = ci_state_take(&fit_state, bytes);

	for (uint32 k = 0; k < state->state.n; k++)
		if (!ci_accumulator_is_sound(&state_accumulators(state)[k].accumulator))
			ci_state_reject(&fit_state);
	return state;
}

/* The accumulators must be those that the methodology wants. */
static void
check_kinds(FitState *state, const CiFitStream *stream)
{
	if (state->state.n != (uint32) stream->n)
		ci_state_reject(&fit_state);
	for (int k = 0; k < stream->n; k++)
		if (state_accumulators(state)[k].accumulator.kind != (int32) stream->stage[k].kind)
			ci_state_reject(&fit_state);
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
	ci_state_require(&fit_state, state, stream == NULL ? NULL : stream->kept.datum);
	if (stream == NULL)
		PG_RETURN_POINTER(state);
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
	ci_state_require_alike(&fit_state, state, other);
	widen_periods(state, &other->periods);
	for (uint32 k = 0; k < state->state.n; k++)
	{
		CiFitAccumulator *counted = &state_accumulators(state)[k];
		const CiFitAccumulator *more = &state_accumulators(other)[k];

		if (more->accumulator.kind != counted->accumulator.kind)
			ci_state_reject(&fit_state);
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
	CiFitStream *stream;

	if (state->state.methodology_size == 0)
		PG_RETURN_NULL();
	stream = ci_fit_stream(fcinfo, PointerGetDatum(ci_state_methodology(&fit_state, state)));
	check_kinds(state, stream);
	PG_RETURN_POINTER(ci_fit_stream_result(stream, &state->periods, state_accumulators(state)));
}
