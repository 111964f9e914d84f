/*
 * result/scores.c
 *	  ci.scores: the score and rank of every component.
 *
 * In: a panel and a methodology.  Out: a row for each period, component in
 * order of display, and unit by rank.  Each period is computed in a context
 * that is reset after it.
 */
#include "postgres.h"

#include "base/rows.h"
#include "evaluate/evaluate.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_scores);

/* What is the same in all rows of a component. */
typedef struct Common
{
	CiValue		period;
	CiValue		code;
	CiValue		parent;
	CiValue		depth;
	CiValue		n_ranked;
} Common;

static void
put_score(ReturnSetInfo *rows, const CiEvaluation *ev, const CiOutcome *outcome, int component,
		  uint32 row, int32 rank, const Common *common)
{
	const CiPanelPeriod *at = &ev->panel->periods[outcome->period];
	CiValue		values[] = {
		common->period,
		ci_text(ev->panel->units[at->unit[row]]),
		common->code,
		common->parent,
		common->depth,
		ci_float(outcome->score[component][row]),
		rank > 0 ? ci_int(rank) : ci_null(),
		common->n_ranked,
		ci_float(ci_coverage(ev, outcome, component, row)),
		ci_float(ci_imputed_share(ev, outcome, component, row))
	};

	ci_rows_put(rows, values, lengthof(values));
}

static void
put_component(ReturnSetInfo *rows, const CiEvaluation *ev, const CiOutcome *outcome, int c)
{
	const CiMethodology *m = ev->methodology;
	const CiComponent *component = &m->components[c];
	int32	   *rank = palloc(Max(outcome->n, 1) * sizeof(int32));
	uint32	   *order = palloc(Max(outcome->n, 1) * sizeof(uint32));
	uint32		n_ranked = ci_rank_units(ev, outcome, c, rank, order);
	Common		common;

	common.period = ci_int(ev->panel->periods[outcome->period].period);
	common.code = ci_cstring(component->code);
	common.parent = component->parent < 0 ? ci_null() :
		ci_cstring(m->components[component->parent].code);
	common.depth = ci_int(component->depth);
	common.n_ranked = ci_int((int32) n_ranked);
	for (uint32 k = 0; k < n_ranked; k++)
		put_score(rows, ev, outcome, c, order[k], rank[order[k]], &common);
	for (uint32 i = 0; i < outcome->n; i++)
		if (rank[i] == 0)
			put_score(rows, ev, outcome, c, i, 0, &common);
	pfree(rank);
	pfree(order);
}

Datum
ci_scores(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);
	const CiMethodology *m = ci_methodology_arg(fcinfo, 1);
	ReturnSetInfo *rows = ci_rows_start_many(fcinfo, panel->n_rows * m->n);
	CiEvaluation *ev = ci_evaluate_begin(panel, m, -1, NULL);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.scores period",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		CiOutcome  *outcome = ci_evaluate_period(ev, p, CI_KEEP_ALL);

		for (int k = 0; k < m->n; k++)
			put_component(rows, ev, outcome, m->display[k]);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return (Datum) 0;
}
