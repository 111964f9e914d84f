/*
 * fuzz_evaluate.c
 *	  Any methodology over any panel: ranks are ranks, fitting changes no bit, and
 *	  only peers can reverse an order.
 *
 * An input is a methodology, byte 30, and the panel, in lines (fuzz_lines.h).
 */
#include "postgres.h"

#include "fuzz_lines.h"
#include "fuzz_server.h"
#include "methodology/methodology.h"

#define SEPARATOR 30

#define RANK_COLUMNS 10
#define SCORES_COLUMNS 10
#define EXPLAIN_COLUMNS 15
#define AUDIT_COLUMNS 7
#define LEAVE_ONE_OUT_COLUMNS 7

extern Datum ci_methodology_in(PG_FUNCTION_ARGS);
extern Datum ci_rank(PG_FUNCTION_ARGS);
extern Datum ci_scores(PG_FUNCTION_ARGS);
extern Datum ci_explain(PG_FUNCTION_ARGS);
extern Datum ci_audit(PG_FUNCTION_ARGS);
extern Datum ci_fit(PG_FUNCTION_ARGS);
extern Datum ci_leave_one_out(PG_FUNCTION_ARGS);

/*
 * What comes out
 */

/* Rows of ci.rank, in their order. */
typedef struct Ranking
{
	int			n;
	struct
	{
		int32		period;
		char		unit;
		int32		rank;		/* 0: none */
		bool		has_score;
		double		score;
	}			row[MAX_PERIODS * MAX_UNITS];
} Ranking;

static double
finite_or_null(Datum value, bool isnull, const char *what)
{
	if (isnull)
		return 0;
	if (!isfinite(DatumGetFloat8(value)))
		fuzz_fail("%s is %g", what, DatumGetFloat8(value));
	return DatumGetFloat8(value);
}

static void
check_share(Datum value, bool isnull, const char *what)
{
	if (finite_or_null(value, isnull, what) < 0 || finite_or_null(value, isnull, what) > 1)
		fuzz_fail("%s is %g", what, DatumGetFloat8(value));
}

static void
look_at_rank(void *arg, const Datum *value, const bool *null)
{
	Ranking    *ranking = arg;
	int			k = ranking->n++;
	int32		n_ranked = DatumGetInt32(value[3]);

	if (k == lengthof(ranking->row))
		fuzz_fail("there are more rows than units");
	ranking->row[k].period = DatumGetInt32(value[0]);
	ranking->row[k].unit = *VARDATA_ANY(DatumGetPointer(value[1]));
	ranking->row[k].rank = null[2] ? 0 : DatumGetInt32(value[2]);
	ranking->row[k].has_score = !null[4];
	ranking->row[k].score = finite_or_null(value[4], null[4], "a score");
	if (!null[2] && (null[4] || ranking->row[k].rank < 1 || ranking->row[k].rank > n_ranked))
		fuzz_fail("rank %d of %d", ranking->row[k].rank, n_ranked);
	if (!null[6] && DatumGetInt32(value[6]) != DatumGetInt32(value[5]) - ranking->row[k].rank)
		fuzz_fail("a change of rank is not the difference of ranks");
	check_share(value[7], null[7], "coverage");
	check_share(value[8], null[8], "a share of what is imputed");
	if (k > 0 && ranking->row[k].period == ranking->row[k - 1].period &&
		(ranking->row[k - 1].rank == 0 ? ranking->row[k].rank != 0 :
		 ranking->row[k].rank != 0 && ranking->row[k].rank < ranking->row[k - 1].rank))
		fuzz_fail("rows are not in the order of ranks");
}

static void
look_at_scores(void *arg, const Datum *value, const bool *null)
{
	finite_or_null(value[5], null[5], "a component's score");
	if (!null[6] && (null[5] || DatumGetInt32(value[6]) < 1 ||
					 DatumGetInt32(value[6]) > DatumGetInt32(value[7])))
		fuzz_fail("rank %d of %d", DatumGetInt32(value[6]), DatumGetInt32(value[7]));
	check_share(value[8], null[8], "a component's coverage");
	check_share(value[9], null[9], "a share of what is imputed");
}

static void
look_at_explain(void *arg, const Datum *value, const bool *null)
{
	finite_or_null(value[6], null[6], "a quotient");
	finite_or_null(value[7], null[7], "an imputed value");
	finite_or_null(value[9], null[9], "a treated value");
	finite_or_null(value[10], null[10], "an explained score");
	check_share(value[11], null[11], "a weight");
	check_share(value[12], null[12], "an effective weight");
}

/* Errors that are found are what evaluation raises. */
static void
look_at_audit(void *arg, const Datum *value, const bool *null)
{
	bool	   *any_error = arg;

	if (strcmp(text_to_cstring((text *) DatumGetPointer(value[0])), "error") == 0)
		*any_error = true;
	if (null[1] || null[6])
		fuzz_fail("a finding has no name or message");
}

/* Rank; false if that is an error. */
static bool
rank(Datum panel, Datum methodology, Ranking *ranking)
{
	NullableDatum args[] = {fuzz_given(panel), fuzz_given(methodology)};
	Datum		result;
	bool		isnull;

	ranking->n = 0;
	fuzz_expect_rows(RANK_COLUMNS, look_at_rank, ranking);
	return fuzz_try(ci_rank, lengthof(args), args, &result, &isnull);
}

/*
 * Fit to a period and rank that period alone: scores and ranks must be the same
 * bits.
 */
static void
check_fit(const uint8 *lines, const uint8 *end, int period, Datum panel, Datum methodology,
		  const Ranking *ranking)
{
	NullableDatum args[] = {
		fuzz_given(panel), fuzz_given(methodology), fuzz_given(Int32GetDatum(FIRST_PERIOD + period))
	};
	Datum		fitted;
	Datum		alone;
	bool		isnull;
	Ranking		again;
	int			n = 0;

	if (!make_panel(lines, end, period, &alone))
		return;
	if (!fuzz_try(ci_fit, lengthof(args), args, &fitted, &isnull) || isnull)
		fuzz_fail("what can be ranked cannot be fitted: %s", fuzz_error());
	if (!rank(alone, fitted, &again))
		fuzz_fail("what can be ranked cannot be ranked when it is fitted: %s", fuzz_error());
	for (int k = 0; k < ranking->n; k++)
	{
		if (ranking->row[k].period != FIRST_PERIOD + period)
			continue;
		if (n == again.n || again.row[n].unit != ranking->row[k].unit ||
			again.row[n].rank != ranking->row[k].rank ||
			again.row[n].has_score != ranking->row[k].has_score ||
			memcmp(&again.row[n].score, &ranking->row[k].score, sizeof(double)) != 0)
			fuzz_fail("fitted to period %d, unit %c has the score %.17g instead of %.17g",
					  FIRST_PERIOD + period, ranking->row[k].unit,
					  n < again.n ? again.row[n].score : NAN, ranking->row[k].score);
		n++;
	}
}

/* Are groups estimated that only the whole panel has? */
static bool
is_by_all(const CiScope *scope)
{
	return scope->kind != CI_SCOPE_PERIOD && scope->by != NULL;
}

/* Does a stage take what only the whole panel has: groups, or other periods? */
static bool
stays_estimated(const CiMethodology *m)
{
	for (int c = 0; c < m->n; c++)
	{
		const CiImputeMethod *impute = m->components[c].impute.spec.method;

		if ((impute != NULL && impute->fill != NULL) || is_by_all(&m->components[c].impute.scope) ||
			is_by_all(&m->components[c].treat.scope))
			return true;
	}
	for (int c = 0; c < m->n; c++)
	{
		const CiNormaliseStage *stages[] = {&m->components[c].normalise, &m->components[c].rescale};

		for (int i = 0; i < lengthof(stages); i++)
			if (stages[i]->spec.method != NULL &&
				stages[i]->scope.kind != CI_SCOPE_PERIOD &&
				(stages[i]->scope.by != NULL || stages[i]->spec.method->fitted == NULL))
				return true;
	}
	return false;
}

/* Without what is left out: rows and reversals, half of which are pairs. */
typedef struct LeftOut
{
	bool		may_reverse;
	int			n;
	int64		reversals;
} LeftOut;

static void
look_at_left_out(void *arg, const Datum *value, const bool *null)
{
	LeftOut    *left_out = arg;

	left_out->n++;
	if (null[3] && null[4])
		fuzz_fail("a unit has a rank neither with nor without something");
	if (null[5] != (null[3] || null[4]) || null[6] != null[5])
		fuzz_fail("a change of rank is not NULL as ranks are");
	if (null[5])
		return;
	if (DatumGetInt32(value[6]) < 0 || DatumGetInt32(value[6]) >= MAX_UNITS)
		fuzz_fail("a unit has %d reversals", DatumGetInt32(value[6]));
	if (!left_out->may_reverse && (DatumGetInt32(value[5]) != 0 || DatumGetInt32(value[6]) != 0))
		fuzz_fail("an order depends on peers that it does not depend on");
	left_out->reversals += DatumGetInt32(value[6]);
}

static void
check_left_out(Datum panel, Datum methodology, const char *elements, bool may_reverse)
{
	NullableDatum args[] = {
		fuzz_given(panel), fuzz_given(methodology),
		fuzz_given(PointerGetDatum(cstring_to_text(elements))), fuzz_null()
	};
	LeftOut		left_out = {.may_reverse = may_reverse};
	Datum		result;
	bool		isnull;

	fuzz_expect_rows(LEAVE_ONE_OUT_COLUMNS, look_at_left_out, &left_out);
	if (!fuzz_try(ci_leave_one_out, lengthof(args), args, &result, &isnull))
	{
		if (!may_reverse)
			fuzz_fail("what can be ranked cannot be ranked without a unit: %s", fuzz_error());
		return;
	}
	if (left_out.reversals % 2 != 0)
		fuzz_fail("one unit of a pair is reversed alone");
}

static void
evaluate(const uint8 *data, size_t size)
{
	const uint8 *lines = memchr(data, SEPARATOR, size);
	const uint8 *end = data + size;
	NullableDatum args[4] = {fuzz_null(), fuzz_null(), fuzz_null(), fuzz_null()};
	char	   *text;
	Datum		panel;
	Datum		result;
	Ranking		ranking;
	CiMethodology *m;
	bool		isnull;
	bool		ranked;
	bool		any_error = false;

	if (lines == NULL || (text = fuzz_text(data, lines - data)) == NULL)
		return;
	lines++;
	args[1] = fuzz_given(fuzz_call1(ci_methodology_in, CStringGetDatum(text)));
	if (!make_panel(lines, end, -1, &panel))
		return;
	args[0] = fuzz_given(panel);
	ranked = rank(panel, args[1].value, &ranking);
	fuzz_expect_rows(SCORES_COLUMNS, look_at_scores, NULL);
	if (!fuzz_try(ci_scores, 2, args, &result, &isnull) && ranked)
		fuzz_fail("what can be ranked has no scores: %s", fuzz_error());
	fuzz_expect_rows(EXPLAIN_COLUMNS, look_at_explain, NULL);
	if (!fuzz_try(ci_explain, 4, args, &result, &isnull) && ranked)
		fuzz_fail("what can be ranked cannot be explained: %s", fuzz_error());
	fuzz_expect_rows(AUDIT_COLUMNS, look_at_audit, &any_error);
	if (!fuzz_try(ci_audit, 2, args, &result, &isnull))
		fuzz_fail("an audit is an error: %s", fuzz_error());
	if (any_error == ranked)
		fuzz_fail(ranked ? "an audit finds errors where there are none" : "an audit misses an error");
	m = ci_methodology_open((CiMethodologyDatum *) DatumGetPointer(args[1].value));
	for (int p = 0; p < MAX_PERIODS && ranked && !stays_estimated(m); p++)
		check_fit(lines, end, p, panel, args[1].value, &ranking);
	if (!ranked)
		return;
	check_left_out(panel, args[1].value, "indicators", true);
	check_left_out(panel, args[1].value, "components", true);
	check_left_out(panel, args[1].value, "units", ci_methodology_first_dependent(m) >= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(evaluate, data, size);
}
