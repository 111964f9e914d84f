/*
 * score_agg.c
 *	  ci.score_agg: the score of a unit whose cells come as rows.
 *
 * The state is a bytea, so that it can be sent between processes and servers:
 * a header, the methodology, and a cell for each indicator that it uses.  Any
 * user can hand any bytes to the functions here, so every call checks that the
 * sizes agree and that the methodology is the one it holds, or resolves it anew.
 */
#include "postgres.h"

#include "report.h"
#include "score.h"
#include "utils/builtins.h"

#include "compat.h"

PG_FUNCTION_INFO_V1(ci_score_add);
PG_FUNCTION_INFO_V1(ci_score_combine);
PG_FUNCTION_INFO_V1(ci_score_final);

#define STATE_MAGIC 0x43495331	/* also tells a foreign byte order */

typedef struct ScoreState
{
	int32		vl_len_;
	uint32		magic;
	uint32		n;				/* cells */
	uint32		methodology_size;
	char		methodology[FLEXIBLE_ARRAY_MEMBER]; /* and, aligned, the cells */
} ScoreState;

static Size
state_size(Size methodology_size, Size n)
{
	return offsetof(ScoreState, methodology) + MAXALIGN(methodology_size) + n * sizeof(double);
}

static double *
state_cells(ScoreState *state)
{
	return (double *) (state->methodology + MAXALIGN(state->methodology_size));
}

/* scorer is NULL for a group whose methodology is NULL: it has no score. */
static ScoreState *
make_state(const CiScorer *scorer)
{
	Size		methodology_size = scorer == NULL ? 0 : VARSIZE(scorer->datum);
	uint32		n = scorer == NULL ? 0 : scorer->single.panel.n_indicators;
	Size		size = state_size(methodology_size, n);
	ScoreState *state = palloc0(size);

	StaticAssertStmt(offsetof(ScoreState, methodology) % MAXIMUM_ALIGNOF == 0,
					 "a methodology and cells in a state are aligned");
	SET_VARSIZE(state, size);
	state->magic = STATE_MAGIC;
	state->n = n;
	state->methodology_size = (uint32) methodology_size;
	if (scorer != NULL)
		memcpy(state->methodology, scorer->datum, methodology_size);
	for (uint32 j = 0; j < state->n; j++)
		state_cells(state)[j] = CI_MISSING;
	return state;
}

static void
reject_state(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid state of ci.score_agg")));
}

/* Is there a methodology in the state, or none and no cells? */
static bool
holds_methodology(const ScoreState *state)
{
	if (state->methodology_size == 0)
		return state->n == 0;
	return state->methodology_size >= offsetof(CiMethodologyDatum, json) &&
		VARATT_IS_4B_U(state->methodology) &&
		VARSIZE(state->methodology) == state->methodology_size;
}

/* Take a state from bytes that may be anything. */
static ScoreState *
check_state(Datum bytes)
{
	ScoreState *state = (ScoreState *) PG_DETOAST_DATUM(bytes);

	if ((uintptr_t) state % MAXIMUM_ALIGNOF != 0)	/* it lies in a tuple */
		state = (ScoreState *) PG_DETOAST_DATUM_COPY(bytes);
	if (VARSIZE(state) < offsetof(ScoreState, methodology) ||
		state->magic != STATE_MAGIC ||
		state_size(state->methodology_size, state->n) != VARSIZE(state) ||
		!holds_methodology(state))
		reject_state();
	return state;
}

/*
 * The methodology of a state, ready to score: it must be text in the encoding of
 * the database, and use as many cells.
 */
static CiScorer *
state_scorer(FunctionCallInfo fcinfo, ScoreState *state)
{
	const CiMethodologyDatum *methodology = (const CiMethodologyDatum *) state->methodology;
	int			size = (int) (VARSIZE(methodology) - offsetof(CiMethodologyDatum, json));
	CiScorer   *scorer;

	if (!pg_verifymbstr(methodology->json, size, true))
		reject_state();
	scorer = ci_scorer(fcinfo, PointerGetDatum(methodology));
	if (scorer->single.panel.n_indicators != state->n)
		reject_state();
	return scorer;
}

/* Refuse a methodology, size bytes of it, that is not the state's. */
static void
require_same(const ScoreState *state, const void *methodology, Size size)
{
	if (state->methodology_size != size ||
		memcmp(state->methodology, methodology, size) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("methodology differs between the rows of a group")));
}

static void
put_cell(const CiScorer *scorer, ScoreState *state, int cell, double value)
{
	const text *indicator = scorer->single.panel.indicators[cell];

	if (!isfinite(value))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("value is not finite"),
				 errdetail("Indicator \"%s\": %g.", text_to_cstring(indicator), value),
				 errhint("Use NULL for a missing value.")));
	if (!ci_is_missing(state_cells(state)[cell]))
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("duplicate observation"),
				 errdetail("Indicator \"%s\": %g and %g.",
						   text_to_cstring(indicator), state_cells(state)[cell], value),
				 errhint("Aggregate the rows first, or group by unit and period.")));
	state_cells(state)[cell] = value + 0.0; /* -0 becomes 0 */
}

/* ci.score_agg(indicator, value, methodology): a unit's next cell. */
Datum
ci_score_add(PG_FUNCTION_ARGS)
{
	CiScorer   *scorer;
	ScoreState *state;
	text	   *indicator;
	int			cell;

	(void) ci_aggregate_context(fcinfo, "ci.score_agg");
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("indicator of an observation is null")));
	scorer = PG_ARGISNULL(3) ? NULL : ci_scorer(fcinfo, PG_GETARG_DATUM(3));
	state = PG_ARGISNULL(0) ? make_state(scorer) : check_state(PG_GETARG_DATUM(0));
	if (scorer == NULL)
	{
		require_same(state, "", 0);
		PG_RETURN_POINTER(state);
	}
	require_same(state, scorer->datum, VARSIZE(scorer->datum));
	if (state->n != scorer->single.panel.n_indicators)
		reject_state();
	indicator = PG_GETARG_TEXT_PP(1);
	cell = ci_panel_indicator(&scorer->single.panel, VARDATA_ANY(indicator),
							  (int) VARSIZE_ANY_EXHDR(indicator));
	if (cell >= 0 && !PG_ARGISNULL(2))
		put_cell(scorer, state, cell, PG_GETARG_FLOAT8(2));
	PG_RETURN_POINTER(state);
}

Datum
ci_score_combine(PG_FUNCTION_ARGS)
{
	ScoreState *state;
	ScoreState *other;
	CiScorer   *scorer;

	(void) ci_aggregate_context(fcinfo, "ci.score_agg");
	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(PG_ARGISNULL(0) ? 1 : 0));
	state = check_state(PG_GETARG_DATUM(0));
	other = check_state(PG_GETARG_DATUM(1));
	require_same(state, other->methodology, other->methodology_size);
	if (state->methodology_size == 0)
		PG_RETURN_POINTER(state);
	scorer = state_scorer(fcinfo, state);
	if (other->n != state->n)
		reject_state();
	for (uint32 j = 0; j < state->n; j++)
		if (!ci_is_missing(state_cells(other)[j]))
			put_cell(scorer, state, (int) j, state_cells(other)[j]);
	PG_RETURN_POINTER(state);
}

Datum
ci_score_final(PG_FUNCTION_ARGS)
{
	ScoreState *state = check_state(PG_GETARG_DATUM(0));
	CiScorer   *scorer;
	double		score;

	if (state->methodology_size == 0)
		PG_RETURN_NULL();
	scorer = state_scorer(fcinfo, state);
	for (uint32 j = 0; j < state->n; j++)
		if (isinf(state_cells(state)[j]))
			reject_state();
	memcpy(scorer->single.cells, state_cells(state), state->n * sizeof(double));
	score = ci_scorer_score(scorer);
	if (ci_is_missing(score))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(score);
}
