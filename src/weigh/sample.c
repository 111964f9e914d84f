/*
 * weigh/sample.c
 *	  The data that weights, components and correlations are found from.
 *
 * In: an evaluation, a node, periods.  Out: columns in the current memory
 * context.  Each period is computed in a context of its own.
 */
#include "postgres.h"

#include "base/interrupts.h"
#include "base/report.h"
#include "base/rows.h"
#include "base/sort.h"
#include "miscadmin.h"
#include "solver/linear.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "weigh/weigh.h"

#include "base/compat.h"

CiPeriods
ci_periods_arg(FunctionCallInfo fcinfo, int argno, const CiPanel *panel)
{
	CiPeriods	periods = {-1, palloc0(Max(panel->n_periods, 1) * sizeof(bool))};
	int32	   *asked;
	int			n;

	if (PG_ARGISNULL(argno))
	{
		memset(periods.pooled, true, panel->n_periods);
		return periods;
	}
	asked = ci_int_array_arg(fcinfo, argno, "periods", &n);
	if (n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("periods must not be empty"),
				 errhint("Leave them out for all periods of the panel.")));
	for (int i = 0; i < n; i++)
		periods.pooled[ci_panel_period_named(panel, asked[i])] = true;
	if (n == 1)
		periods.only = ci_panel_period_named(panel, asked[0]);
	return periods;
}

bool *
ci_nodes_arg(FunctionCallInfo fcinfo, int argno, const CiMethodology *methodology)
{
	bool	   *nodes = palloc0(methodology->n * sizeof(bool));
	const char *code;
	int			c;

	if (PG_ARGISNULL(argno))
	{
		for (c = 0; c < methodology->n; c++)
			nodes[c] = methodology->components[c].n_children > 0;
		return nodes;
	}
	code = text_to_cstring(PG_GETARG_TEXT_PP(argno));
	c = ci_methodology_find_named(methodology, code);
	if (methodology->components[c].n_children == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("component \"%s\" has no children", code)));
	nodes[c] = true;
	return nodes;
}

static uint32 *
new_numbers(size_t n)
{
	return palloc_extended(Max(n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
}

/* List the units that take part. */
static void
find_units(CiSample *sample, const CiPeriods *periods)
{
	const CiEvaluation *ev = sample->ev;
	size_t		most = 0;

	for (uint32 p = 0; p < ev->panel->n_periods; p++)
		most += periods->pooled[p] ? ev->panel->periods[p].n : 0;
	sample->period = new_numbers(most);
	sample->row = new_numbers(most);
	for (uint32 p = 0; p < ev->panel->n_periods; p++)
		for (uint32 i = 0; periods->pooled[p] && i < ev->panel->periods[p].n; i++)
		{
			if (ci_screening(ev, p, i) != CI_PASSED)
				continue;
			sample->period[sample->n] = p;
			sample->row[sample->n++] = i;
		}
}

/* A child's column in a period, by row; in natural units as prepared. */
static void
take_child(const CiEvaluation *ev, const CiOutcome *outcome, int c, bool natural, double *column)
{
	const CiComponent *child = &ev->methodology->components[c];
	const bool *applies = outcome->applies[c];
	const double *score = outcome->score[c];
	bool		turned = !natural && child->indicator == NULL && ci_component_is_less(child);
	double		turn = ci_scale_turn(&child->scale);

	if (natural && ci_raw_cells(ev, c, outcome->period) != NULL)
	{
		ci_prepare_step(ev, c, applies, CI_TREATED, outcome->period, 0, outcome->n, column);
		score = column;
	}
	for (uint32 i = 0; i < outcome->n; i++)
		column[i] = applies != NULL && !applies[i] ? CI_MISSING : turned ? turn - score[i] : score[i];
}

/* With which direction it is in the column. */
static int
column_direction(const CiComponent *child, bool natural)
{
	bool		is_less = child->indicator != NULL ? child->direction < 0 : ci_component_is_less(child);

	return natural && is_less ? -1 : 1;
}

/* Fill in the columns of the units of a period, which are first to end. */
static void
take_period(CiSample *sample, size_t first, size_t end, bool natural)
{
	const CiEvaluation *ev = sample->ev;
	const CiComponent *node = sample->node;
	int			component = (int) (node - ev->methodology->components);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.weigh period",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	const CiOutcome *outcome = ci_compute(ci_computation_make(ev, sample->period[first], component,
															  CI_KEEP_ALL, true));
	double	   *column = ci_new_column(outcome->n);

	for (size_t i = first; i < end; i++)
		sample->score[i] = outcome->score[component][sample->row[i]];
	for (int k = 0; k < node->n_children; k++)
	{
		CHECK_FOR_INTERRUPTS();
		take_child(ev, outcome, node->children[k], natural, column);
		for (size_t i = first; i < end; i++)
			sample->child[k][i] = column[sample->row[i]];
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

CiSample *
ci_sample_make(const CiEvaluation *ev, int component, const CiPeriods *periods, bool natural)
{
	CiSample   *sample = palloc0(sizeof(CiSample));
	const CiComponent *node = &ev->methodology->components[component];
	size_t		end;

	sample->ev = ev;
	sample->node = node;
	find_units(sample, periods);
	sample->score = ci_new_column(sample->n);
	sample->child = palloc(node->n_children * sizeof(double *));
	sample->direction = palloc(node->n_children * sizeof(int));
	for (int k = 0; k < node->n_children; k++)
	{
		const CiComponent *child = &ev->methodology->components[node->children[k]];

		sample->child[k] = ci_new_column(sample->n);
		sample->direction[k] = column_direction(child, natural);
	}
	for (size_t first = 0; first < sample->n; first = end)
	{
		for (end = first + 1; end < sample->n && sample->period[end] == sample->period[first]; end++)
			 /* units of the same period */ ;
		take_period(sample, first, end, natural);
	}
	return sample;
}

CiWeighing
ci_sample_weighing(const CiSample *sample)
{
	int			n_children = sample->node->n_children;
	CiWeighing	w = {
		.n_children = n_children,
		.n = sample->n,
		.child = (const double *const *) sample->child,
		.direction = sample->direction,
		.scratch = ci_new_column(ci_weigh_scratch(n_children, sample->n)),
		.sort = ci_sort_present,
		.eigen = ci_linear_symmetric,
		.check = ci_check_for_interrupts,
		.weight = ci_new_column(n_children)
	};

	return w;
}

static const char *
child_code(const CiSample *sample, int k)
{
	return sample->ev->methodology->components[sample->node->children[k]].code;
}

void
ci_sample_fail(const CiSample *sample, const CiWeighing *w, CiStatus status, const char *what)
{
	const CiPanel *panel = sample->ev->panel;
	const CiPanelPeriod *at;

	if (status == CI_NONPOSITIVE)
	{
		at = &panel->periods[sample->period[w->unit]];
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("component \"%s\" has a value that is too low for %s",
						child_code(sample, w->which), what),
				 errdetail("Unit \"%s\", period %d: %.15g.",
						   text_to_cstring(panel->units[at->unit[sample->row[w->unit]]]), at->period,
						   w->child[w->which][w->unit]),
				 errhint("It is for quantities with a zero of their own: choose another method.")));
	}
	if (status == CI_NO_DATA && w->which < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("%s needs two units that have all children of component \"%s\"", what,
						sample->node->code)));
	if (status == CI_NO_DATA)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("components \"%s\" and \"%s\" have no correlation",
						child_code(sample, w->which), child_code(sample, w->other)),
				 errdetail("It needs %d units that have both and do not all have the same value.",
						   CI_WEIGH_MIN_UNITS)));
	if (status == CI_CONSTANT)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("%s tells no child of component \"%s\" from another", what,
						sample->node->code),
				 errdetail("No child varies, or all say the same."),
				 errhint("Set on_constant to missing or midpoint for equal weights in that case.")));
	if (status != CI_OVERFLOW)
		elog(ERROR, "unexpected status %d", status);
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("scores below component \"%s\" are out of range for %s", sample->node->code, what)));
}
