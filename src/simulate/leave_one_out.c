/*
 * simulate/leave_one_out.c
 *	  ci.leave_one_out: how ranks hang on one indicator, component or unit.
 *
 * In: a panel, a methodology, what to leave out one by one, perhaps a period.  Out:
 * a row for each of these and each unit that has a rank with or without it, in the
 * order period, what is left out, rank, unit.  Without a component leaves are not
 * scored again; without a unit all parameters are estimated again.  Each trial has
 * a context of its own, within that of its period.  Interrupts are checked in each.
 */
#include "postgres.h"

#include "base/interrupts.h"
#include "base/report.h"
#include "base/rows.h"
#include "evaluate/evaluate.h"
#include "method/compare.h"
#include "miscadmin.h"
#include "simulate/weights.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_leave_one_out);

/* The ranks of a period: 0 for none; those that have one in order. */
typedef struct Standing
{
	int32	   *rank;
	uint32	   *order;
	uint32		n;
} Standing;

typedef struct Inquiry
{
	CiPanel    *panel;
	const CiMethodology *methodology;
	CiWeights  *weights;		/* a copy of it to be changed */
	int			only;			/* number of the one period, -1: all */
	int			n_components;	/* to be left out */
	int		   *component;
	int		   *target;			/* by each: whose weight becomes 0 */
	const CiHeld *held;			/* who passes the screen, for units left out */
	ReturnSetInfo *rows;
	MemoryContext trial;
} Inquiry;

/* One period, with everything and without something. */
typedef struct Comparison
{
	const Inquiry *inquiry;
	uint32		period;
	const CiOutcome *outcome;	/* with everything */
	Standing	with;
	Standing	without;
	int32	   *stay;			/* ranks if the order stayed; of units: among
								 * those that remain */
	uint32	   *reversals;
	uint32	   *tree;
	const char *kind;			/* of what is left out, for the context of
								 * errors */
	const text *left_out;
	int64		unit;			/* its row, -1: no unit */
} Comparison;

static bool
is_leaf(const CiMethodology *m, int c)
{
	return m->components[c].indicator != NULL;
}

static bool
is_inner(const CiMethodology *m, int c)
{
	return m->components[c].indicator == NULL && c != m->root;
}

static bool
is_dimension(const CiMethodology *m, int c)
{
	return m->components[c].parent == m->root;
}

/* What may be left out. */
typedef struct Elements
{
	const char *name;
	bool		(*includes) (const CiMethodology *m, int c);	/* this component; NULL:
																 * none, but units */
} Elements;

static const Elements elements_table[] = {
	{"indicators", is_leaf},
	{"components", is_inner},
	{"dimensions", is_dimension},
	{"units", NULL},
	{.name = NULL}
};

static const Elements *
elements_arg(FunctionCallInfo fcinfo, int argno)
{
	CiNames		names = CI_NAMES(elements_table);
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(argno));
	const Elements *elements = ci_names_find(names, name);

	if (elements == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("elements must not be \"%s\"", name),
				 errdetail("It is one of: %s.", ci_names_list(names)),
				 ci_hint_nearest(ci_nearest(name, names))));
	return elements;
}

/* List the components to be left out, in order of display. */
static void
find_components(Inquiry *inquiry, const Elements *elements)
{
	const CiMethodology *m = inquiry->methodology;

	inquiry->component = palloc(m->n * sizeof(int));
	inquiry->target = palloc(m->n * sizeof(int));
	for (int i = 0; i < m->n; i++)
	{
		int			c = m->display[i];

		if (!elements->includes(m, c))
			continue;
		inquiry->component[inquiry->n_components] = c;
		inquiry->target[inquiry->n_components++] = ci_weights_require_target(inquiry->weights, c);
	}
}

static void
describe(void *arg)
{
	const Comparison *comparison = arg;

	if (comparison->left_out != NULL)
		errcontext("without %s \"%s\"", comparison->kind, text_to_cstring(comparison->left_out));
}

static void *
new_numbers(uint32 n)
{
	return palloc_extended(Max(n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
}

static Standing
make_standing(uint32 n)
{
	return (Standing) {new_numbers(n), new_numbers(n), 0};
}

static void
rank_units(const CiEvaluation *ev, const CiOutcome *outcome, Standing *standing)
{
	standing->n = ci_rank_units(ev, outcome, ev->methodology->root, standing->rank,
								standing->order);
}

/* The ranks of the others if their order stays. */
static void
rank_those_that_remain(Comparison *comparison)
{
	const CiMethodology *m = comparison->inquiry->methodology;
	const Standing *with = &comparison->with;
	uint32	   *order = new_numbers(with->n);
	uint32		n = 0;

	for (uint32 k = 0; k < with->n; k++)
		if (with->order[k] != comparison->unit)
			order[n++] = with->order[k];
	ci_rank_assign(m->ties, m->decimals, comparison->outcome->score[m->root], order, n,
				   comparison->stay);
}

static CiValue
rank_value(int32 rank)
{
	return rank > 0 ? ci_int(rank) : ci_null();
}

static void
put_unit(const Comparison *comparison, uint32 row)
{
	const CiPanel *panel = comparison->inquiry->panel;
	const CiPanelPeriod *at = &panel->periods[comparison->period];
	int32		rank = comparison->with.rank[row];
	int32		without = comparison->without.rank[row];
	bool		both = rank > 0 && without > 0;
	CiValue		values[] = {
		ci_int(at->period),
		ci_text(comparison->left_out),
		ci_text(panel->units[at->unit[row]]),
		rank_value(rank),
		rank_value(without),
		both ? ci_int(comparison->stay[row] - without) : ci_null(),
		both ? ci_int((int32) comparison->reversals[row]) : ci_null()
	};

	ci_rows_put(comparison->inquiry->rows, values, lengthof(values));
}

/* Put the rows of what is left out, whose ranks are found. */
static void
put_comparison(const Comparison *comparison)
{
	const Standing *with = &comparison->with;
	CiReordering reordering = {
		.before = with->rank,
		.after = comparison->without.rank,
		.n = comparison->outcome->n,
		.order = with->order,
		.n_ordered = with->n,
		.check = ci_check_for_interrupts
	};

	ci_reversals(&reordering, comparison->tree, comparison->reversals);
	for (uint32 k = 0; k < with->n; k++)
	{
		ci_check_at(ci_check_for_interrupts, k);
		if (with->order[k] != comparison->unit)
			put_unit(comparison, with->order[k]);
	}
	for (uint32 i = 0; i < comparison->outcome->n; i++)
	{
		ci_check_at(ci_check_for_interrupts, i);
		if (with->rank[i] == 0 && comparison->without.rank[i] > 0)
			put_unit(comparison, i);
	}
}

/* Compare the ranks without what is left out, which have been found, in a trial's context. */
static void
end_trial(Comparison *comparison)
{
	put_comparison(comparison);
	comparison->left_out = NULL;
	MemoryContextReset(comparison->inquiry->trial);
}

/* Aggregate again with other weights; or evaluate, if parameters depend on weights. */
static void
rank_without_component(Comparison *comparison, const CiEvaluation *ev, CiComputation *computation)
{
	const Inquiry *inquiry = comparison->inquiry;
	int			period = (int) comparison->period;

	if (inquiry->weights->is_direct)
	{
		ci_compute_inner(computation);
		rank_units(ev, comparison->outcome, &comparison->without);
	}
	else
	{
		ev = ci_evaluate_begin(inquiry->panel, inquiry->weights->methodology, period, NULL);
		rank_units(ev, ci_evaluate_period(ev, comparison->period, CI_KEEP_ROOT),
				   &comparison->without);
	}
}

static void
leave_out_components(Comparison *comparison, const CiEvaluation *ev, CiComputation *computation)
{
	const Inquiry *inquiry = comparison->inquiry;
	const CiMethodology *m = inquiry->weights->methodology;

	comparison->kind = "component";
	comparison->stay = comparison->with.rank;
	for (int i = 0; i < inquiry->n_components; i++)
	{
		CHECK_FOR_INTERRUPTS();
		comparison->left_out = cstring_to_text(m->components[inquiry->component[i]].code);
		m->components[inquiry->target[i]].weight = 0;
		rank_without_component(comparison, ev, computation);
		end_trial(comparison);
		ci_weights_restore(inquiry->weights);
	}
}

/* Who passes the screen, as a copy to be changed. */
static CiEvaluation *
copy_screening(const CiEvaluation *ev)
{
	CiEvaluation *copy = palloc0(sizeof(CiEvaluation));

	copy->screening = palloc(Max(ev->panel->n_periods, 1) * sizeof(uint8 *));
	for (uint32 p = 0; p < ev->panel->n_periods; p++)
	{
		uint32		n = ev->panel->periods[p].n;

		copy->screening[p] = palloc0(Max(n, 1));
		if (ev->screening[p] != NULL)
			memcpy(copy->screening[p], ev->screening[p], n);
	}
	return copy;
}

/* Let a unit be absent from all periods, or (absent false) present again. */
static void
screen_unit(const CiEvaluation *ev, const CiEvaluation *screened, uint32 unit, bool absent)
{
	for (uint32 p = 0; p < ev->panel->n_periods; p++)
	{
		int64		row = ci_panel_row(&ev->panel->periods[p], unit);

		if (row >= 0)
			screened->screening[p][row] = absent ? CI_ABSENT : ci_screening(ev, p, (uint32) row);
	}
}

static void
leave_out_units(Comparison *comparison, const CiEvaluation *ev)
{
	const Inquiry *inquiry = comparison->inquiry;
	const uint32 *unit = inquiry->panel->periods[comparison->period].unit;

	comparison->kind = "unit";
	for (uint32 k = 0; k < comparison->with.n; k++)
	{
		uint32		row = comparison->with.order[k];
		const CiEvaluation *again;

		CHECK_FOR_INTERRUPTS();
		comparison->unit = row;
		comparison->left_out = inquiry->panel->units[unit[row]];
		screen_unit(ev, inquiry->held->screened, unit[row], true);
		again = ci_evaluate_held(inquiry->panel, inquiry->methodology, (int) comparison->period,
								 NULL, inquiry->held);
		rank_units(again, ci_evaluate_period(again, comparison->period, CI_KEEP_ROOT),
				   &comparison->without);
		rank_those_that_remain(comparison);
		end_trial(comparison);
		screen_unit(ev, inquiry->held->screened, unit[row], false);
	}
}

/* Compare the ranks of a period; everything but trials is in its context. */
static void
compare_period(Comparison *comparison, const CiEvaluation *ev, const Elements *elements)
{
	uint32		n = ev->panel->periods[comparison->period].n;
	CiComputation *computation = ci_computation_make(ev, comparison->period, ev->methodology->root,
													 CI_KEEP_ALL, true);
	MemoryContext period;

	comparison->outcome = ci_compute(computation);
	comparison->with = make_standing(n);
	comparison->without = make_standing(n);
	comparison->stay = new_numbers(n);
	comparison->reversals = new_numbers(n);
	comparison->tree = new_numbers(n + 1);
	comparison->unit = -1;
	rank_units(ev, comparison->outcome, &comparison->with);
	period = MemoryContextSwitchTo(comparison->inquiry->trial);
	if (elements->includes != NULL)
		leave_out_components(comparison, ev, computation);
	else
		leave_out_units(comparison, ev);
	MemoryContextSwitchTo(period);
}

static void
compare_periods(Inquiry *inquiry, Comparison *comparison, const Elements *elements)
{
	CiEvaluation *ev = ci_evaluate_begin(inquiry->panel, inquiry->weights->methodology,
										 inquiry->only, NULL);
	CiHeld		held = {copy_screening(ev), palloc0(ev->methodology->n * sizeof(CiHeldFit))};
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.leave_one_out period",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	inquiry->held = &held;
	inquiry->trial = AllocSetContextCreate(caller, "ci.leave_one_out trial",
										   ALLOCSET_DEFAULT_SIZES);
	for (comparison->period = 0; comparison->period < inquiry->panel->n_periods; comparison->period++)
	{
		if (inquiry->only >= 0 && comparison->period != (uint32) inquiry->only)
			continue;
		compare_period(comparison, ev, elements);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(inquiry->trial);
	MemoryContextDelete(context);
}

Datum
ci_leave_one_out(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	Inquiry		inquiry = {.rows = rows, .only = -1};
	Comparison	comparison = {.inquiry = &inquiry};
	ErrorContextCallback callback = {error_context_stack, describe, &comparison};
	const Elements *elements;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return (Datum) 0;
	inquiry.panel = ci_panel_arg(fcinfo, 0);
	inquiry.methodology = ci_methodology_arg(fcinfo, 1);
	inquiry.weights = ci_weights_make(inquiry.methodology);
	elements = elements_arg(fcinfo, 2);
	if (!PG_ARGISNULL(3))
		inquiry.only = ci_panel_period_named(inquiry.panel, PG_GETARG_INT32(3));
	if (elements->includes != NULL)
		find_components(&inquiry, elements);
	error_context_stack = &callback;
	compare_periods(&inquiry, &comparison, elements);
	error_context_stack = callback.previous;
	return (Datum) 0;
}
