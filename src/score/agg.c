/*
 * score/agg.c
 *	  ci.score_agg: the score of a unit whose cells come as rows.
 *
 * The items of the state (methodology/state.h) are cells, one for each indicator that the
 * methodology uses.  Every call checks that the methodology is the one it holds, or
 * resolves it anew.
 */
#include "postgres.h"

#include "base/report.h"
#include "methodology/state.h"
#include "score/score.h"
#include "utils/builtins.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_score_add);
PG_FUNCTION_INFO_V1(ci_score_combine);
PG_FUNCTION_INFO_V1(ci_score_final);

static const CiStateKind score_state = {
	"ci.score_agg", 0x43495331, sizeof(CiState), sizeof(double)
};

static double *
state_cells(CiState *state)
{
	return ci_state_items(&score_state, state);
}

/* scorer is NULL for a group whose methodology is NULL: it has no score. */
static CiState *
make_state(const CiScorer *scorer)
{
	CiState    *state = scorer == NULL ? ci_state_make(&score_state, NULL, 0) :
		ci_state_make(&score_state, scorer->kept.datum, scorer->single.panel.n_indicators);

	for (uint32 j = 0; j < state->n; j++)
		state_cells(state)[j] = CI_MISSING;
	return state;
}

/* The methodology of a state, ready to score: it must use as many cells. */
static CiScorer *
state_scorer(FunctionCallInfo fcinfo, CiState *state)
{
	CiScorer   *scorer = ci_scorer(fcinfo, PointerGetDatum(ci_state_methodology(&score_state, state)));

	if (scorer->single.panel.n_indicators != state->n)
		ci_state_reject(&score_state);
	return scorer;
}

static void
put_cell(const CiScorer *scorer, CiState *state, int cell, double value)
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
	CiState    *state;
	text	   *indicator;
	int			cell;

	(void) ci_aggregate_context(fcinfo, "ci.score_agg");
	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("indicator of an observation is null")));
	scorer = PG_ARGISNULL(3) ? NULL : ci_scorer(fcinfo, PG_GETARG_DATUM(3));
	state = PG_ARGISNULL(0) ? make_state(scorer) : ci_state_take(&score_state, PG_GETARG_DATUM(0));
	ci_state_require(&score_state, state, scorer == NULL ? NULL : scorer->kept.datum);
	if (scorer == NULL)
		PG_RETURN_POINTER(state);
	if (state->n != scorer->single.panel.n_indicators)
		ci_state_reject(&score_state);
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
	CiState    *state;
	CiState    *other;
	CiScorer   *scorer;

	(void) ci_aggregate_context(fcinfo, "ci.score_agg");
	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(PG_ARGISNULL(0) ? 1 : 0));
	state = ci_state_take(&score_state, PG_GETARG_DATUM(0));
	other = ci_state_take(&score_state, PG_GETARG_DATUM(1));
	ci_state_require_alike(&score_state, state, other);
	if (state->methodology_size == 0)
		PG_RETURN_POINTER(state);
	scorer = state_scorer(fcinfo, state);
	for (uint32 j = 0; j < state->n; j++)
		if (!ci_is_missing(state_cells(other)[j]))
			put_cell(scorer, state, (int) j, state_cells(other)[j]);
	PG_RETURN_POINTER(state);
}

Datum
ci_score_final(PG_FUNCTION_ARGS)
{
	CiState    *state = ci_state_take(&score_state, PG_GETARG_DATUM(0));
	CiScorer   *scorer;
	double		score;

	if (state->methodology_size == 0)
		PG_RETURN_NULL();
	scorer = state_scorer(fcinfo, state);
	for (uint32 j = 0; j < state->n; j++)
		if (isinf(state_cells(state)[j]))
			ci_state_reject(&score_state);
	memcpy(scorer->single.cells, state_cells(state), state->n * sizeof(double));
	score = ci_scorer_score(scorer);
	if (ci_is_missing(score))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(score);
}
