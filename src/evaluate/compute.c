/*
 * evaluate/compute.c
 *	  From a panel and a methodology to the scores of every component.
 *
 * In: an open panel and a resolved methodology.  Out: per period a column of
 * scores for each component that is kept.  Everything is allocated in the
 * current memory context; a caller that goes through periods resets one for
 * each.  Units are computed in blocks that fit into a cache; interrupts are
 * checked between blocks.
 */
#include "postgres.h"

#include "base/sort.h"
#include "evaluate/block.h"
#include "miscadmin.h"
#include "solver/clp.h"
#include "utils/builtins.h"

#include "base/compat.h"

/* Units computed at a time: the scores of all components fit into a cache. */
#define BLOCK 512

/*
 * Are parameters of one period estimated from what stages make of others, so that
 * all have to be computed?
 */
static bool
stages_are_pooled(const CiMethodology *methodology)
{
	for (int c = 0; c < methodology->n; c++)
	{
		const CiComponent *at = &methodology->components[c];

		if (at->rescale.spec.method != NULL &&
			(at->rescale.scope.kind != CI_SCOPE_PERIOD || at->rescale.spec.reference.has_period))
			return true;
		if (at->impute.spec.method != NULL && at->treat.scope.kind != CI_SCOPE_PERIOD)
			return true;
		if ((at->impute.spec.method != NULL || at->treat.spec.method != NULL) &&
			(at->normalise.scope.kind != CI_SCOPE_PERIOD || at->normalise.spec.reference.has_period))
			return true;
	}
	return false;
}

static CiFitSet **
new_fit_sets(const CiEvaluation *ev)
{
	Size		n = (Size) ev->methodology->n * ev->panel->n_periods;

	return palloc_extended(Max(n, 1) * sizeof(CiFitSet *), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* Find a component's indicator and denominator; it has no cells without either. */
static void
find_indicators(CiEvaluation *ev, int c)
{
	const CiComponent *component = &ev->methodology->components[c];
	const char *denominator = component->denominator.indicator;

	ev->indicator[c] = component->indicator == NULL ? -1 :
		ci_find_indicator(ev, component->indicator, component);
	ev->denominator[c] = denominator == NULL ? -1 :
		ci_find_indicator(ev, denominator, component);
	if (denominator != NULL && ev->denominator[c] < 0)
		ev->indicator[c] = -1;
}

/* Let all periods share the parameters that another evaluation found for a stage. */
static void
take_over(CiEvaluation *ev, CiFitSet **sets, int component, CiFitSet *held)
{
	for (uint32 p = 0; p < ev->panel->n_periods; p++)
		sets[(size_t) component * ev->panel->n_periods + p] = held;
}

static bool
compares_units(const CiNormaliseStage *stage)
{
	return stage->spec.method != NULL && (stage->spec.method->flags & CI_NORMALISE_PEERS) != 0;
}

static void
take_over_component(CiEvaluation *ev, int c, const CiHeldFit *held)
{
	const CiComponent *component = &ev->methodology->components[c];
	const CiEvaluation *from = held->ev;

	if (from == NULL)
		return;
	take_over(ev, ev->impute, c, ci_fit_set(from, from->impute, held->component, held->period));
	take_over(ev, ev->treat, c, ci_fit_set(from, from->treat, held->component, held->period));
	if (!compares_units(&component->normalise))
		take_over(ev, ev->normalise, c,
				  ci_fit_set(from, from->normalise, held->component, held->period));
	if (!compares_units(&component->rescale))
		take_over(ev, ev->rescale, c,
				  ci_fit_set(from, from->rescale, held->component, held->period));
}

/* Find the parameters of a component's stages that are not taken over. */
static void
fit_component(CiEvaluation *ev, int c)
{
	const CiComponent *component = &ev->methodology->components[c];

	if (component->indicator != NULL)
	{
		ci_fit_prepare(ev, c);
		if (!ci_is_held(ev, ev->normalise, c))
			ci_fit_normalise(ev, c);
	}
	if (component->rescale.spec.method != NULL && !ci_is_held(ev, ev->rescale, c))
		ci_fit_rescale(ev, c);
}

CiEvaluation *
ci_evaluate_held(const CiPanel *panel, const CiMethodology *methodology, int only,
				 const CiProblemSink *sink, const CiHeld *held)
{
	CiEvaluation *ev = palloc0(sizeof(CiEvaluation));

	ev->panel = panel;
	ev->methodology = methodology;
	ev->sink = sink;
	ev->only = stages_are_pooled(methodology) ? -1 : only;
	ev->indicator = palloc(methodology->n * sizeof(int));
	ev->denominator = palloc(methodology->n * sizeof(int));
	ev->filled = palloc0(methodology->n * sizeof(CiFilled *));
	ev->impute = new_fit_sets(ev);
	ev->treat = new_fit_sets(ev);
	ev->normalise = new_fit_sets(ev);
	ev->rescale = new_fit_sets(ev);
	for (int c = 0; c < methodology->n; c++)
		find_indicators(ev, c);
	if (held == NULL)
		ci_screen_units(ev);
	else
		ev->screening = held->screened->screening;
	for (int c = 0; c < methodology->n; c++)
	{
		if (held != NULL)
			take_over_component(ev, c, &held->fits[c]);
		fit_component(ev, c);
	}
	return ev;
}

CiEvaluation *
ci_evaluate_begin(const CiPanel *panel, const CiMethodology *methodology, int only,
				  const CiProblemSink *sink)
{
	return ci_evaluate_held(panel, methodology, only, sink, NULL);
}

static void
report_overflow(const CiComputation *block, int c, uint32 unit_in_block)
{
	const CiPanel *panel = block->ev->panel;
	const CiPanelPeriod *at = &panel->periods[block->outcome->period];
	const char *code = block->ev->methodology->components[c].code;
	CiProblem	problem = ci_problem_about("overflow", ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, code);
	char	   *where = ci_problem_locate(&problem, panel->units[at->unit[block->start + unit_in_block]],
										  at->period);

	problem.message = psprintf("score of component \"%s\" is out of range", code);
	problem.detail = psprintf("%s.", where);
	ci_problem(block->ev->sink, &problem);
}

/* Raise, or take out, scores that are not finite.  There are hardly ever any. */
static void
check_finite(const CiComputation *block, int c)
{
	double	   *score = block->score[c];
	uint32		infinite = 0;

	for (uint32 i = 0; i < block->n; i++)
		if (isinf(score[i]))
			infinite++;
	for (uint32 i = 0; infinite > 0 && i < block->n; i++)
	{
		if (!isinf(score[i]))
			continue;
		report_overflow(block, c, i);
		score[i] = CI_MISSING;
	}
}

static void
compute_leaf(const CiComputation *block, int c)
{
	const CiEvaluation *ev = block->ev;
	uint32		period = block->outcome->period;
	const bool *applies = block->outcome->applies[c];
	double	   *score = block->score[c];
	const CiFitSet *set = ci_fit_set(ev, ev->normalise, c, period);
	const double *x = ci_prepare_cells(ev, c, applies, set, period, block->start, block->n,
									   block->cells);

	ci_apply_stage(ev, &ev->methodology->components[c].normalise, set,
				   period, block->start, block->n, x, score);
	if (applies != NULL)
		for (uint32 i = 0; i < block->n; i++)
			if (!applies[block->start + i])
				score[i] = CI_MISSING;
}

/* Add to a count each unit that has a value. */
static void
count_present(const double *x, uint32 n, uint32 *count)
{
	for (uint32 i = 0; i < n; i++)
	{
		uint32		so_far = count[i];

		count[i] = ci_is_missing(x[i]) ? so_far : so_far + 1;
	}
}

/* Add to a count each unit of the block to which the leaf applies. */
static void
count_applicable(const CiComputation *block, int leaf, uint32 *applicable)
{
	const bool *applies = block->outcome->applies[leaf];
	uint32		n = block->n;

	if (applies == NULL)
		for (uint32 i = 0; i < n; i++)
			applicable[i]++;
	else
		for (uint32 i = 0; i < n; i++)
			applicable[i] += applies[block->start + i];
}

/* Likewise where it is observed. */
static void
count_observed(const CiComputation *block, int leaf, uint32 *observed)
{
	const CiEvaluation *ev = block->ev;
	const bool *applies = block->outcome->applies[leaf];
	const double *x = ci_raw_cells(ev, leaf, block->outcome->period);
	const double *denominator = ci_denominator_cells(ev, leaf, block->outcome->period);

	if (x == NULL)
		return;
	if (applies == NULL && denominator == NULL)
	{
		count_present(x + block->start, block->n, observed);
		return;
	}
	for (uint32 i = block->start; i < block->start + block->n; i++)
		observed[i - block->start] += ci_is_observed(x, denominator, i) &&
			(applies == NULL || applies[i]);
}

/* Likewise where it is imputed. */
static void
count_imputed(const CiComputation *block, int leaf, uint32 *imputed)
{
	const CiEvaluation *ev = block->ev;
	uint32		period = block->outcome->period;
	const double *x = ci_raw_cells(ev, leaf, period);
	const double *denominator = ci_denominator_cells(ev, leaf, period);

	if (ev->methodology->components[leaf].impute.spec.method == NULL)
		return;
	ci_prepare_step(ev, leaf, block->outcome->applies[leaf], CI_IMPUTED, period, block->start,
					block->n, block->cells);
	for (uint32 i = 0; i < block->n; i++)
		imputed[i] += !ci_is_missing(block->cells[i]) &&
			!ci_is_observed(x, denominator, block->start + i);
}

static void
add_counts(const uint32 *part, uint32 n, uint32 *count)
{
	for (uint32 i = 0; i < n; i++)
		count[i] += part[i];
}

/*
 * Count, for an inner component, the leaves below it that apply to each unit,
 * those of them that are observed and those that are imputed.
 */
static void
count_coverage(const CiComputation *block, int c)
{
	const CiComponent *node = &block->ev->methodology->components[c];
	uint32	   *observed = block->observed[c];
	uint32	   *imputed = block->imputed[c];
	uint32	   *applicable = block->applicable[c];

	memset(observed, 0, block->n * sizeof(uint32));
	if (block->imputes)
		memset(imputed, 0, block->n * sizeof(uint32));
	memset(applicable, 0, block->n * sizeof(uint32));
	for (int k = 0; k < node->n_children; k++)
	{
		int			child = node->children[k];

		if (block->ev->methodology->components[child].indicator != NULL)
		{
			count_applicable(block, child, applicable);
			count_observed(block, child, observed);
			count_imputed(block, child, imputed);
			continue;
		}
		add_counts(block->observed[child], block->n, observed);
		if (block->imputes)
			add_counts(block->imputed[child], block->n, imputed);
		add_counts(block->applicable[child], block->n, applicable);
	}
}

/* A count of leaves, NULL for none, as a share of those that apply. */
static double
share_of(const CiOutcome *outcome, const uint32 *count, int component, uint32 row)
{
	if (outcome->applicable[component][row] == 0)
		return CI_MISSING;
	return count == NULL ? 0 : (double) count[row] / outcome->applicable[component][row];
}

double
ci_coverage(const CiEvaluation *ev, const CiOutcome *outcome, int component, uint32 row)
{
	const bool *applies = outcome->applies[component];

	if (ev->methodology->components[component].indicator == NULL)
		return share_of(outcome, outcome->observed[component], component, row);
	if (applies != NULL && !applies[row])
		return CI_MISSING;
	return ci_is_observed(ci_raw_cells(ev, component, outcome->period),
						  ci_denominator_cells(ev, component, outcome->period), row);
}

double
ci_imputed_share(const CiEvaluation *ev, const CiOutcome *outcome, int component, uint32 row)
{
	const CiComponent *leaf = &ev->methodology->components[component];
	double		coverage;

	if (leaf->indicator == NULL)
		return share_of(outcome, outcome->imputed[component], component, row);
	coverage = ci_coverage(ev, outcome, component, row);
	if (leaf->impute.spec.method == NULL || coverage != 0)
		return ci_is_missing(coverage) ? CI_MISSING : 0;
	return !ci_is_missing(ci_prepared_cell(ev, component, outcome->applies[component], CI_IMPUTED,
										   outcome->period, row));
}

/* Take away the scores of units with too few children or too little coverage. */
static void
require_presence(const CiComputation *block, int c)
{
	const CiComponent *node = &block->ev->methodology->components[c];
	double	   *score = block->score[c];

	if (node->min_count > 1)
		for (uint32 i = 0; i < block->n; i++)
		{
			int			count = 0;

			for (int k = 0; k < node->n_children; k++)
				count += !ci_is_missing(block->score[node->children[k]][i]);
			if (count < node->min_count)
				score[i] = CI_MISSING;
		}
	if (node->min_coverage > 0)
		for (uint32 i = 0; i < block->n; i++)
			if (block->observed[c][i] <
				node->min_coverage * block->applicable[c][i] - CI_SHARE_TOLERANCE ||
				block->applicable[c][i] == 0)
				score[i] = CI_MISSING;
}

/* Compute what is below; or only inner components, whose leaves are as they were. */
static void
compute_block(const CiComputation *block, bool leaves)
{
	const CiEvaluation *ev = block->ev;
	uint32		period = block->outcome->period;

	for (int c = 0; c <= block->component; c++)
	{
		const CiComponent *node = &ev->methodology->components[c];

		if (!block->below[c] || (node->indicator != NULL && !leaves))
			continue;
		if (node->indicator != NULL)
			compute_leaf(block, c);
		else
		{
			ci_aggregate_children(block, c);
			if (leaves)
				count_coverage(block, c);
			require_presence(block, c);
		}
		check_finite(block, c);
		if (node->rescale.spec.method != NULL && (block->rescaled || c != block->component))
		{
			const CiFitSet *set = ci_fit_set(ev, ev->rescale, c, period);

			ci_prepare_scores(ev, c, set, period, block->start, block->n, block->score[c]);
			ci_apply_stage(ev, &node->rescale, set,
						   period, block->start, block->n, block->score[c], block->score[c]);
			check_finite(block, c);
		}
	}
}

/*
 * Find out what is to be computed, what it takes, and whether a component has to see all units
 * at once.
 */
static void
mark_below(CiComputation *block)
{
	const CiMethodology *m = block->ev->methodology;

	block->restricted = ci_has_absent(block->ev, block->outcome->period);
	block->below = palloc0(m->n * sizeof(bool));
	block->below[block->component] = true;
	for (int c = m->n - 1; c >= 0; c--)
	{
		const CiComponent *at = &m->components[c];

		block->restricted |= at->units.indicator != NULL || at->units.list != NULL;
		if (c < block->component && at->parent >= 0)
			block->below[c] = block->below[at->parent];
		block->imputes |= block->below[c] && at->impute.spec.method != NULL;
		if (block->below[c] && at->indicator == NULL)
			block->whole |= (at->aggregate.method->flags & CI_AGGREGATE_PEERS) != 0;
	}
}

static uint32 *
new_counts(uint32 n)
{
	return palloc_extended(Max(n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
}

/* Make a component's columns: of the outcome if they are kept, else of a block. */
static void
make_column(CiComputation *block, int c, bool kept)
{
	CiOutcome  *outcome = block->outcome;
	bool		inner = block->ev->methodology->components[c].indicator == NULL;
	uint32		n = kept ? outcome->n : block->size;

	block->score[c] = ci_new_column(n);
	block->observed[c] = inner ? new_counts(n) : NULL;
	block->imputed[c] = inner && block->imputes ? new_counts(n) : NULL;
	block->applicable[c] = inner ? new_counts(n) : NULL;
	if (!kept)
		return;
	outcome->score[c] = block->score[c];
	outcome->observed[c] = block->observed[c];
	outcome->imputed[c] = block->imputed[c];
	outcome->applicable[c] = block->applicable[c];
}

/* Make the outcome's columns, and room for blocks. */
static void
make_columns(CiComputation *block, CiKeep keep)
{
	const CiMethodology *m = block->ev->methodology;
	CiOutcome  *outcome = block->outcome;
	int			most_children = 1;
	size_t		scratch = 0;

	outcome->applies = palloc0(m->n * sizeof(bool *));
	outcome->score = palloc0(m->n * sizeof(double *));
	outcome->observed = palloc0(m->n * sizeof(uint32 *));
	outcome->imputed = palloc0(m->n * sizeof(uint32 *));
	outcome->applicable = palloc0(m->n * sizeof(uint32 *));
	outcome->optima = palloc(m->n * sizeof(double));
	block->score = palloc0(m->n * sizeof(double *));
	block->observed = palloc0(m->n * sizeof(uint32 *));
	block->imputed = palloc0(m->n * sizeof(uint32 *));
	block->applicable = palloc0(m->n * sizeof(uint32 *));
	for (int c = 0; c <= block->component; c++)
	{
		const CiComponent *component = &m->components[c];
		const CiAggregateMethod *method = component->aggregate.method;

		outcome->optima[c] = 1;
		if (!block->below[c])
			continue;
		make_column(block, c, keep == CI_KEEP_ALL || c == block->component);
		if (component->indicator != NULL)
			continue;
		most_children = Max(most_children, component->n_children);
		if ((method->flags & CI_AGGREGATE_PROGRAM) != 0 && block->program == NULL)
			block->program = ci_program_make();
		if (method->scratch != NULL)
			scratch = Max(scratch, method->scratch(&component->aggregate, component->n_children,
												   block->size));
	}
	block->cells = ci_new_column(block->size);
	block->entered = ci_new_column((size_t) most_children * block->size);
	block->child = palloc(most_children * sizeof(double *));
	block->weight = palloc(most_children * sizeof(double));
	block->direction = palloc(most_children * sizeof(int));
	block->scratch = ci_new_column(scratch);
	if (block->whole)
		block->counts = palloc_extended(Max(block->size, 1), MCXT_ALLOC_HUGE);
}

/* Begin a block: the columns that are kept go along. */
static void
start_block(CiComputation *block, uint32 start)
{
	const CiOutcome *outcome = block->outcome;

	block->start = start;
	block->n = Min(block->size, outcome->n - start);
	for (int c = 0; c <= block->component; c++)
	{
		if (outcome->score[c] == NULL)
			continue;
		block->score[c] = outcome->score[c] + start;
		if (outcome->observed[c] == NULL)
			continue;
		block->observed[c] = outcome->observed[c] + start;
		if (outcome->imputed[c] != NULL)
			block->imputed[c] = outcome->imputed[c] + start;
		block->applicable[c] = outcome->applicable[c] + start;
	}
}

CiComputation *
ci_computation_make(const CiEvaluation *ev, uint32 period, int component, CiKeep keep, bool rescaled)
{
	CiComputation *computation = palloc0(sizeof(CiComputation));
	CiOutcome  *outcome = palloc0(sizeof(CiOutcome));

	outcome->period = period;
	outcome->n = ev->panel->periods[period].n;
	computation->ev = ev;
	computation->outcome = outcome;
	computation->component = component;
	computation->rescaled = rescaled;
	mark_below(computation);
	computation->size = computation->whole ? outcome->n : Min(outcome->n, BLOCK);
	make_columns(computation, keep);
	return computation;
}

static void
compute_blocks(CiComputation *computation, bool leaves)
{
	for (uint32 start = 0; start < computation->outcome->n; start += computation->n)
	{
		CHECK_FOR_INTERRUPTS();
		start_block(computation, start);
		compute_block(computation, leaves);
	}
}

CiOutcome *
ci_compute(CiComputation *computation)
{
	CiOutcome  *outcome = computation->outcome;

	if (computation->restricted)
		outcome->applies = ci_components_applying(computation->ev, outcome->period);
	compute_blocks(computation, true);
	return outcome;
}

void
ci_compute_inner(CiComputation *computation)
{
	compute_blocks(computation, false);
}

CiOutcome *
ci_evaluate_period(const CiEvaluation *ev, uint32 period, CiKeep keep)
{
	return ci_compute(ci_computation_make(ev, period, ev->methodology->root, keep, true));
}

static int
compare_rows(const void *a, const void *b)
{
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	return x < y ? -1 : x > y;
}

/*
 * A leaf's score is already turned; an inner component's is its own, and the
 * lowest comes first where less is better.
 */
uint32
ci_rank_units(const CiEvaluation *ev, const CiOutcome *outcome, int component,
			  int32 *rank, uint32 *order)
{
	const CiMethodology *m = ev->methodology;
	const CiComponent *at = &m->components[component];
	const double *score = outcome->score[component];
	bool		highest_first = !ci_component_is_less(at);
	uint32		n = 0;

	for (uint32 i = 0; i < outcome->n; i++)
	{
		rank[i] = 0;
		if (ci_screening(ev, outcome->period, i) == CI_PASSED && !ci_is_missing(score[i]))
			order[n++] = i;
	}
	ci_sort_order(order, n, score, highest_first);
	ci_rank_assign(m->ties, m->decimals, score, order, n, rank);
	for (uint32 first = 0, end; first < n; first = end)
	{
		for (end = first + 1; end < n && rank[order[end]] == rank[order[first]]; end++)
			 /* units with the same rank */ ;
		qsort(order + first, end - first, sizeof(uint32), compare_rows);
	}
	return n;
}
