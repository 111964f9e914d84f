/*
 * score.c
 *	  ci.score: the score of one unit, from its own cells alone.
 *
 * In: indicators, their cells, and a methodology that is peer-independent.
 * Out: the score that ci.rank would give.  The methodology is resolved and
 * fitted once for a series of calls and kept, with a panel of one unit, in
 * fn_extra; what a call needs beyond that is freed before it returns.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "score.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"

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

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* Make the panel of one unit: the indicators that the methodology uses. */
static void
make_panel(CiScorer *scorer)
{
	const CiMethodology *m = &scorer->methodology;
	const char **names = palloc((3 * (Size) m->n) * sizeof(char *));
	uint32		n = 0;
	uint32		distinct = 0;

	for (int c = 0; c < m->n; c++)
	{
		if (m->components[c].indicator != NULL)
			names[n++] = m->components[c].indicator;
		if (m->components[c].denominator.indicator != NULL)
			names[n++] = m->components[c].denominator.indicator;
		if (m->components[c].units.indicator != NULL)
			names[n++] = m->components[c].units.indicator;
	}
	qsort(names, n, sizeof(char *), compare_names);
	scorer->panel.indicators = palloc(Max(n, 1) * sizeof(text *));
	for (uint32 j = 0; j < n; j++)
		if (j == 0 || strcmp(names[j], names[j - 1]) != 0)
			scorer->panel.indicators[distinct++] = cstring_to_text(names[j]);
	scorer->panel.n_indicators = distinct;
	scorer->panel.n_periods = scorer->panel.n_units = 1;
	scorer->panel.n_rows = 1;
	scorer->panel.units = palloc(sizeof(text *));
	scorer->panel.units[0] = cstring_to_text("");
	scorer->panel.periods = &scorer->period;
	scorer->period.n = 1;
	scorer->period.unit = palloc0(sizeof(uint32));
	scorer->period.cells = scorer->cells = palloc0(Max(distinct, 1) * sizeof(double));
}

static CiScorer *
make_scorer(Datum methodology, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "ci.score", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	CiScorer   *scorer = palloc0(sizeof(CiScorer));

	scorer->context = context;
	scorer->work = AllocSetContextCreate(context, "ci.score unit", ALLOCSET_DEFAULT_SIZES);
	scorer->datum = (CiMethodologyDatum *) PG_DETOAST_DATUM_COPY(methodology);
	scorer->stored = ci_methodology_stored(methodology);
	scorer->methodology = *ci_methodology_open(scorer->datum);
	/* who is screened is scored all the same */
	scorer->methodology.screen.given = false;
	require_own_cells(&scorer->methodology);
	make_panel(scorer);
	scorer->ev = ci_evaluate_begin(&scorer->panel, &scorer->methodology, -1, &raising);
	scorer->computation = ci_computation_make(scorer->ev, 0, scorer->methodology.root,
											  CI_KEEP_ROOT, true);
	scorer->additive = ci_additive_make(scorer->ev);
	MemoryContextSwitchTo(caller);
	return scorer;
}

CiScorer *
ci_scorer(FunctionCallInfo fcinfo, Datum methodology)
{
	CiScorer   *scorer = fcinfo->flinfo->fn_extra;
	struct varlena *datum;

	if (scorer != NULL && ci_methodology_is_stored(methodology, scorer->stored))
		return scorer;
	datum = PG_DETOAST_DATUM(methodology);
	if (scorer != NULL && VARSIZE(datum) == VARSIZE(scorer->datum) &&
		memcmp(datum, scorer->datum, VARSIZE(datum)) == 0)
		return scorer;
	fcinfo->flinfo->fn_extra = NULL;
	if (scorer != NULL)
		MemoryContextDelete(scorer->context);
	scorer = make_scorer(methodology, fcinfo->flinfo->fn_mcxt);
	fcinfo->flinfo->fn_extra = scorer;
	return scorer;
}

double
ci_scorer_score(CiScorer *scorer)
{
	MemoryContext caller;
	double		score;

	if (scorer->additive != NULL && ci_additive_score(scorer->additive, scorer->cells, &score))
		return score;
	caller = MemoryContextSwitchTo(scorer->work);
	score = ci_compute(scorer->computation)->score[scorer->methodology.root][0];

	MemoryContextSwitchTo(caller);
	MemoryContextReset(scorer->work);
	return score;
}

/* Find out which cell each of the indicators is, and keep that with the array. */
static void
match_indicators(CiScorer *scorer, ArrayType *indicators)
{
	const CiPanel *panel = &scorer->panel;
	bool	   *seen = palloc0(Max(panel->n_indicators, 1));
	Datum	   *names;
	bool	   *nulls;
	int		   *target;
	int		   *kept;
	struct varlena *copy;
	int			n;

	deconstruct_array(indicators, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &n);
	target = palloc(Max(n, 1) * sizeof(int));
	for (int i = 0; i < n; i++)
	{
		text	   *name = nulls[i] ? NULL : DatumGetTextPP(names[i]);

		if (name == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("indicators must not contain null")));
		target[i] = ci_panel_indicator(panel, VARDATA_ANY(name), (int) VARSIZE_ANY_EXHDR(name));
		if (target[i] >= 0 && seen[target[i]])
			ereport(ERROR,
					(errcode(ERRCODE_UNIQUE_VIOLATION),
					 errmsg("indicator \"%s\" is given twice", text_to_cstring(name))));
		if (target[i] >= 0)
			seen[target[i]] = true;
	}
	for (uint32 j = 0; j < panel->n_indicators; j++)
		if (!seen[j])
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("no indicator \"%s\" is given", text_to_cstring(panel->indicators[j])),
					 errdetail("The methodology expects it."),
					 errhint("Give it with a null cell if its value is missing.")));
	copy = MemoryContextAlloc(scorer->context, VARSIZE(indicators));
	memcpy(copy, indicators, VARSIZE(indicators));
	kept = MemoryContextAlloc(scorer->context, Max(n, 1) * sizeof(int));
	memcpy(kept, target, n * sizeof(int));
	if (scorer->indicators != NULL)
	{
		pfree(scorer->indicators);
		pfree(scorer->target);
	}
	scorer->indicators = copy;
	scorer->target = kept;
	scorer->n_indicators = n;
}

static void
set_cells(CiScorer *scorer, ArrayType *cells)
{
	const double *value = (const double *) ARR_DATA_PTR(cells);
	const bits8 *present = ARR_NULLBITMAP(cells);

	for (int i = 0; i < scorer->n_indicators; i++)
	{
		int			target = scorer->target[i];

		if (present != NULL && (present[i / 8] & (1 << (i % 8))) == 0)
		{
			if (target >= 0)
				scorer->cells[target] = CI_MISSING;
			continue;
		}
		if (target >= 0 && !isfinite(*value))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("value is not finite"),
					 errdetail("Indicator \"%s\": %g.",
							   text_to_cstring(scorer->panel.indicators[target]), *value),
					 errhint("Use NULL for a missing value.")));
		if (target >= 0)
			scorer->cells[target] = *value + 0.0;	/* -0 becomes 0 */
		value++;
	}
}

Datum
ci_score(PG_FUNCTION_ARGS)
{
	ArrayType  *indicators = PG_GETARG_ARRAYTYPE_P(0);
	ArrayType  *cells = PG_GETARG_ARRAYTYPE_P(1);
	CiScorer   *scorer = ci_scorer(fcinfo, PG_GETARG_DATUM(2));
	int			n_cells = ArrayGetNItems(ARR_NDIM(cells), ARR_DIMS(cells));
	double		score;

	if (scorer->indicators == NULL || VARSIZE(scorer->indicators) != VARSIZE(indicators) ||
		memcmp(scorer->indicators, indicators, VARSIZE(indicators)) != 0)
		match_indicators(scorer, indicators);
	if (n_cells != scorer->n_indicators)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("cells do not match indicators"),
				 errdetail("%d cells for %d indicators.", n_cells, scorer->n_indicators)));
	set_cells(scorer, cells);
	score = ci_scorer_score(scorer);
	if (ci_is_missing(score))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(score);
}
