/*
 * evaluate/aggregate.c
 *	  From the scores of a component's children to its own.
 *
 * In: a block of units whose children are computed.  Out: the component's
 * column of scores, in place.  What a method's status says is met here, by the
 * methodology's policies or as a problem.  Nothing is allocated but what a
 * problem says: room belongs to the computation.
 */
#include "postgres.h"

#include "base/interrupts.h"
#include "evaluate/block.h"
#include "utils/builtins.h"

#include "base/compat.h"

/*
 * What a child contributes to its parent: its score, reflected on its scale if
 * it is an inner component of which less is better, and mapped to the scale on
 * which the parent aggregates.  A parent that takes directions gets scores as
 * they are, and one that normalises by itself gets leaves as they were observed.
 */
static bool
is_reflected(const CiComponent *node, const CiComponent *child)
{
	return ci_component_is_less(child) && !ci_takes_directions(node);
}

static bool
is_turned_back(const CiComponent *node, const CiComponent *child)
{
	return child->indicator != NULL && child->direction < 0 &&
		(node->aggregate.method->flags & CI_AGGREGATE_NATURAL) != 0;
}

static bool
enters_as_is(const CiComponent *node, const CiComponent *child)
{
	return ci_is_missing(node->aggregate.scale[0]) && !is_reflected(node, child) &&
		!is_turned_back(node, child);
}

/* The direction with which a child enters: that of what it contributes. */
static int
entering_direction(const CiComponent *node, const CiComponent *child)
{
	if (is_turned_back(node, child))
		return -1;
	return ci_component_is_less(child) && ci_takes_directions(node) ? -1 : 1;
}

static void
enter(const CiComponent *node, const CiComponent *child, const double *score, uint32 n,
	  double *entered)
{
	bool		turned = is_reflected(node, child) || is_turned_back(node, child);
	double		turn = is_reflected(node, child) ? ci_scale_turn(&child->scale) : 0;
	double		from = child->scale.low;
	double		width = child->scale.high - child->scale.low;
	const double *to = node->aggregate.scale;

	for (uint32 i = 0; i < n; i++)
		entered[i] = turned ? turn - score[i] : score[i];
	if (!ci_is_missing(to[0]))
		for (uint32 i = 0; i < n; i++)
			entered[i] = to[0] + (to[1] - to[0]) * ((entered[i] - from) / width);
}

/* Map an aggregate back from the scale it was made on to the children's. */
static void
leave(const CiComponent *node, const CiScale *scale, uint32 n, double *score)
{
	const double *from = node->aggregate.scale;

	if (ci_is_missing(from[0]))
		return;
	for (uint32 i = 0; i < n; i++)
		score[i] = scale->low +
			(scale->high - scale->low) * ((score[i] - from[0]) / (from[1] - from[0]));
}

static void
report_nonpositive(const CiComputation *block, const CiComponent *node, const CiComponent *child,
				   size_t unit_in_block, double value)
{
	const CiPanel *panel = block->ev->panel;
	const CiPanelPeriod *at = &panel->periods[block->outcome->period];
	CiProblem	problem = ci_problem_about("nonpositive", ERRCODE_DATA_EXCEPTION, node->code);
	bool		is_mean = (node->aggregate.method->flags & (CI_AGGREGATE_NATURAL | CI_AGGREGATE_PROGRAM)) == 0;
	char	   *where = ci_problem_locate(&problem, panel->units[at->unit[block->start + unit_in_block]],
										  at->period);

	problem.value = value;
	problem.message = psprintf("component \"%s\" has no %s %s", node->code,
							   node->aggregate.method->name, is_mean ? "mean" : "score");
	problem.detail = psprintf("%s: component \"%s\" enters with %.15g.", where, child->code, value);
	problem.hint = is_mean ? "Aggregate on a scale above 0, normalise to one, or set on_nonpositive." :
		"Choose a method that admits such values, or set on_nonpositive to missing or a number.";
	ci_problem(block->ev->sink, &problem);
}

static void
report_constant(const CiComputation *block, const CiComponent *node, const CiComponent *child)
{
	CiProblem	problem = ci_problem_about("constant", ERRCODE_DATA_EXCEPTION, node->code);

	if (block->ev->methodology->on_constant != CI_POLICY_ERROR)
		return;
	problem.has_period = true;
	problem.period = block->ev->panel->periods[block->outcome->period].period;
	problem.message = psprintf("component \"%s\" has no variation to aggregate in period %d",
							   node->code, problem.period);
	problem.detail = child == NULL ?
		psprintf("Method \"%s\" finds no difference between units.", node->aggregate.method->name) :
		psprintf("All units have the same \"%s\".", child->code);
	problem.hint = "Remove what does not vary, or set on_constant.";
	ci_problem(block->ev->sink, &problem);
}

/* Give all units what on_constant says. */
static void
put_constant(const CiComputation *block, const CiComponent *node, double *score)
{
	CiScale		scale = ci_aggregate_scale(&node->aggregate, CI_UNKNOWN_SCALE);
	bool		midpoint = block->ev->methodology->on_constant == CI_POLICY_MIDPOINT &&
		scale.kind == CI_SCALE_BOUNDED;

	for (uint32 i = 0; i < block->n; i++)
	{
		bool		any = false;

		for (int k = 0; k < node->n_children && !any; k++)
			any = block->weight[k] > 0 && !ci_is_missing(block->child[k][i]);
		score[i] = any && midpoint ? 0.5 * scale.low + 0.5 * scale.high : CI_MISSING;
	}
}

static void
report_too_many(const CiComputation *block, const CiComponent *node, size_t limit)
{
	CiProblem	problem = ci_problem_about("too_many", ERRCODE_PROGRAM_LIMIT_EXCEEDED, node->code);

	problem.has_period = true;
	problem.period = block->ev->panel->periods[block->outcome->period].period;
	problem.message = psprintf("component \"%s\" has too many units to compare in period %d",
							   node->code, problem.period);
	problem.detail = psprintf("Method \"%s\" compares at most %zu units.",
							  node->aggregate.method->name, limit);
	problem.hint = "Rank fewer units, or choose another method.";
	ci_problem(block->ev->sink, &problem);
}

/* Units without a score are no error: only ci.audit is told. */
static void
report_infeasible(const CiComputation *block, const CiComponent *node, size_t unit_in_block)
{
	const CiPanel *panel = block->ev->panel;
	const CiPanelPeriod *at = &panel->periods[block->outcome->period];
	CiProblem	problem = ci_problem_about("infeasible", ERRCODE_DATA_EXCEPTION, node->code);

	if (block->ev->sink == NULL)
		return;
	problem.detail = psprintf("%s, for one: no weights keep its shares within their bounds, or its score has no limit.",
							  ci_problem_locate(&problem, panel->units[at->unit[block->start + unit_in_block]],
												at->period));
	problem.message = psprintf("component \"%s\" leaves units without a score", node->code);
	ci_problem(block->ev->sink, &problem);
}

/* Which units of the block, for a method that compares them, count. */
static const bool *
find_counted(const CiComputation *block, int c)
{
	const CiEvaluation *ev = block->ev;
	const bool *applies = block->outcome->applies[c];

	if (block->counts == NULL ||
		(applies == NULL && ev->screening[block->outcome->period] == NULL))
		return NULL;
	for (uint32 i = 0; i < block->n; i++)
		block->counts[i] = ci_screening(ev, block->outcome->period, block->start + i) == CI_PASSED &&
			(applies == NULL || applies[block->start + i]);
	return block->counts;
}

/* Collect what the children of a node contribute. */
static void
collect_children(const CiComputation *block, const CiComponent *node)
{
	const CiComponent *components = block->ev->methodology->components;

	for (int k = 0; k < node->n_children; k++)
	{
		const CiComponent *child = &components[node->children[k]];
		double	   *entered = block->entered + (Size) k * block->n;

		block->weight[k] = child->weight;
		block->direction[k] = entering_direction(node, child);
		block->child[k] = block->score[node->children[k]];
		if (enters_as_is(node, child))
			continue;
		enter(node, child, block->child[k], block->n, entered);
		block->child[k] = entered;
	}
}

void
ci_aggregate_children(const CiComputation *block, int c)
{
	const CiComponent *components = block->ev->methodology->components;
	const CiComponent *node = &components[c];
	const CiAggregateMethod *method = node->aggregate.method;
	CiAggregation a = {
		.spec = &node->aggregate,
		.policy = block->ev->methodology->on_nonpositive,
		.on_constant = block->ev->methodology->on_constant,
		.n_children = node->n_children,
		.n = block->n,
		.child = block->child,
		.weight = block->weight,
		.direction = block->direction,
		.counts = (method->flags & CI_AGGREGATE_PEERS) == 0 ? NULL : find_counted(block, c),
		.scratch = block->scratch,
		.program = block->program,
		.check = ci_check_for_interrupts,
		.out = block->score[c],
		.optima = 1
	};
	CiStatus	status;

	collect_children(block, node);
	status = method->aggregate(&a);
	if (status == CI_NONPOSITIVE)
	{
		report_nonpositive(block, node, &components[node->children[a.which]], a.unit,
						   block->child[a.which][a.unit]);
		a.policy.policy = CI_POLICY_MISSING;
		status = method->aggregate(&a);
	}
	if (status == CI_CONSTANT)
	{
		report_constant(block, node, a.which < 0 ? NULL : &components[node->children[a.which]]);
		put_constant(block, node, a.out);
	}
	if (status == CI_TOO_MANY)
	{
		report_too_many(block, node, a.limit);
		for (uint32 i = 0; i < block->n; i++)
			a.out[i] = CI_MISSING;
	}
	block->outcome->optima[c] = a.optima;
	if (status == CI_INFEASIBLE)
		report_infeasible(block, node, a.unit);
	leave(node, &components[node->children[0]].scale, block->n, a.out);
}
