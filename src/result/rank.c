/*
 * result/rank.c
 *	  ci.rank: who comes first, in every period, and who moved.
 *
 * In: a panel and a methodology.  Out: a row for each unit and period, in the
 * order period, rank, unit, those without a rank last.  Each period is computed
 * in a context that is reset after it.
 */
#include "postgres.h"

#include "base/rows.h"
#include "evaluate/evaluate.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_rank);

static const char *
status_name(CiScreening screening, bool has_score)
{
	if (screening == CI_EXCLUDED)
		return "excluded";
	if (screening == CI_SCREENED)
		return "screened";
	return has_score ? "ranked" : "no score";
}

/* Their texts, made once: without and with a score. */
typedef struct StatusTexts
{
	const text *name[2][CI_EXCLUDED + 1];
} StatusTexts;

static StatusTexts
make_status_texts(void)
{
	StatusTexts texts;

	for (int has_score = 0; has_score < 2; has_score++)
		for (int s = CI_PASSED; s <= CI_EXCLUDED; s++)
			texts.name[has_score][s] = cstring_to_text(status_name((CiScreening) s, has_score));
	return texts;
}

static void
put_unit(ReturnSetInfo *rows, const CiEvaluation *ev, const CiOutcome *outcome, uint32 row,
		 int32 rank, uint32 n_ranked, int32 previous_rank, const StatusTexts *status)
{
	const CiPanelPeriod *at = &ev->panel->periods[outcome->period];
	int			root = ev->methodology->root;
	double		score = outcome->score[root][row];
	CiValue		values[] = {
		ci_int(at->period),
		ci_text(ev->panel->units[at->unit[row]]),
		rank > 0 ? ci_int(rank) : ci_null(),
		ci_int((int32) n_ranked),
		ci_float(score),
		previous_rank > 0 ? ci_int(previous_rank) : ci_null(),
		rank > 0 && previous_rank > 0 ? ci_int(previous_rank - rank) : ci_null(),
		ci_float(ci_coverage(ev, outcome, root, row)),
		ci_float(ci_imputed_share(ev, outcome, root, row)),
		ci_text(status->name[!ci_is_missing(score)][ci_screening(ev, outcome->period, row)])
	};

	ci_rows_put(rows, values, lengthof(values));
}

/*
 * Ask the cache for what put_unit reads of the units that follow in the order of
 * rank, which is not that of memory: a tenth of the time is spent waiting without
 * it.  Where a unit's name is can be asked only when its number has come, and
 * the name only after that.  It has to be inlined: gcc takes a function that does
 * nothing else for one without effect, and drops its calls.
 */
static pg_attribute_always_inline void
prefetch(const CiEvaluation *ev, const CiOutcome *outcome, const uint32 *order, uint32 n,
		 const int32 *rank, const int32 *previous)
{
	const uint32 *unit = ev->panel->periods[outcome->period].unit;
	int			root = ev->methodology->root;

	if (n <= 16)
		return;
	__builtin_prefetch(&unit[order[16]]);
	__builtin_prefetch(&rank[order[16]]);
	__builtin_prefetch(&outcome->score[root][order[16]]);
	if (outcome->applicable[root] != NULL)
	{
		__builtin_prefetch(&outcome->observed[root][order[16]]);
		__builtin_prefetch(&outcome->applicable[root][order[16]]);
	}
	__builtin_prefetch(&previous[unit[order[8]]]);
	__builtin_prefetch(&ev->panel->units[unit[order[8]]]);
	__builtin_prefetch(ev->panel->units[unit[order[4]]]);
}

/* Rank one period; previous[] holds each unit's last rank, and gets this one. */
static void
put_period(ReturnSetInfo *rows, const CiEvaluation *ev, uint32 period, int32 *previous,
		   const StatusTexts *status)
{
	const CiPanelPeriod *at = &ev->panel->periods[period];
	CiOutcome  *outcome = ci_evaluate_period(ev, period, CI_KEEP_ROOT);
	int32	   *rank = palloc(Max(at->n, 1) * sizeof(int32));
	uint32	   *order = palloc(Max(at->n, 1) * sizeof(uint32));
	uint32		n_ranked = ci_rank_units(ev, outcome, ev->methodology->root, rank, order);

	for (uint32 k = 0; k < n_ranked; k++)
	{
		prefetch(ev, outcome, order + k, n_ranked - k, rank, previous);
		put_unit(rows, ev, outcome, order[k], rank[order[k]], n_ranked,
				 previous[at->unit[order[k]]], status);
	}
	for (uint32 i = 0; i < at->n; i++)
		if (rank[i] == 0)
			put_unit(rows, ev, outcome, i, 0, n_ranked, previous[at->unit[i]], status);
	if (period > 0)
		for (uint32 i = 0; i < at[-1].n; i++)
			previous[at[-1].unit[i]] = 0;
	for (uint32 i = 0; i < at->n; i++)
		previous[at->unit[i]] = rank[i];
}

Datum
ci_rank(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);
	const CiMethodology *methodology = ci_methodology_arg(fcinfo, 1);
	ReturnSetInfo *rows = ci_rows_start_many(fcinfo, panel->n_rows);
	CiEvaluation *ev = ci_evaluate_begin(panel, methodology, -1, NULL);
	int32	   *previous = palloc0(Max(panel->n_units, 1) * sizeof(int32));
	StatusTexts status = make_status_texts();
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.rank period",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		put_period(rows, ev, p, previous, &status);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return (Datum) 0;
}
