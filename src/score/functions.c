/*
 * score/functions.c
 *	  ci.score: the score of one unit, from its own cells alone.
 *
 * In: indicators, their cells, and a methodology that is peer-independent.
 * Out: the score that ci.rank would give.  The methodology is resolved and
 * fitted once for a series of calls and kept (methodology/kept.c), with a panel of one unit;
 * what a call needs beyond that is freed before it returns.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "score/score.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_score);

/* Raise a problem without the unit and period, which the caller does not have. */
static void
raise_problem(void *arg, const CiProblem *problem)
{
	ereport(ERROR,
			(errcode(problem->sqlstate),
			 errmsg_internal("%s", problem->message),
			 problem->unit != NULL || problem->detail == NULL ? 0 :
			 errdetail_internal("%s", problem->detail),
			 problem->hint == NULL ? 0 : errhint("%s", problem->hint)));
}

static const CiProblemSink raising = {raise_problem, NULL};

static void
require_own_cells(const CiMethodology *m)
{
	int			c = ci_methodology_first_dependent(m);

	if (c >= 0 && m->components[c].impute.spec.method != NULL &&
		m->components[c].impute.spec.method->fill != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("methodology cannot score a unit on its own"),
				 errdetail("Component \"%s\" imputes from other periods.", m->components[c].code),
				 errhint("Score a panel with ci.scores, or impute a constant.")));
	if (c >= 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("methodology cannot score a unit on its own"),
				 errdetail("Component \"%s\" depends on other units.", m->components[c].code),
				 errhint("Fit the methodology to a panel with ci.fit; methods that rank peers cannot be fitted.")));
	for (c = 0; c < m->n; c++)
		if (m->components[c].units.list != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("methodology cannot score a unit without its name"),
					 errdetail("Component \"%s\" applies to a list of units.", m->components[c].code),
					 errhint("Let \"units\" be a 0/1 indicator.")));
}

static CiKept *
make_scorer(CiMethodologyDatum *datum)
{
	CiScorer   *scorer = palloc0(sizeof(CiScorer));

	scorer->work = AllocSetContextCreate(CurrentMemoryContext, "ci.score unit", ALLOCSET_DEFAULT_SIZES);
	scorer->methodology = *ci_methodology_open(datum);
	/* who is screened is scored all the same */
	scorer->methodology.screen.given = false;
	require_own_cells(&scorer->methodology);
	ci_single_make(&scorer->single, &scorer->methodology, NULL, 0);
	scorer->ev = ci_evaluate_begin(&scorer->single.panel, &scorer->methodology, -1, &raising);
	scorer->computation = ci_computation_make(scorer->ev, 0, scorer->methodology.root,
											  CI_KEEP_ROOT, true);
	scorer->additive = ci_additive_make(scorer->ev);
	return &scorer->kept;
}

CiScorer *
ci_scorer(FunctionCallInfo fcinfo, Datum methodology)
{
	return (CiScorer *) ci_kept(fcinfo, methodology, make_scorer);
}

double
ci_scorer_score(CiScorer *scorer)
{
	MemoryContext caller;
	double		score;

	if (scorer->additive != NULL && ci_additive_score(scorer->additive, scorer->single.cells, &score))
		return score;
	caller = MemoryContextSwitchTo(scorer->work);
	score = ci_compute(scorer->computation)->score[scorer->methodology.root][0];

	MemoryContextSwitchTo(caller);
	MemoryContextReset(scorer->work);
	return score;
}

Datum
ci_score(PG_FUNCTION_ARGS)
{
	ArrayType  *indicators = PG_GETARG_ARRAYTYPE_P(0);
	ArrayType  *cells = PG_GETARG_ARRAYTYPE_P(1);
	CiScorer   *scorer = ci_scorer(fcinfo, PG_GETARG_DATUM(2));
	double		score;

	ci_single_set(&scorer->single, indicators, cells);
	score = ci_scorer_score(scorer);
	if (ci_is_missing(score))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(score);
}
