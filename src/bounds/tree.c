/*
 * bounds/tree.c
 *	  The units of a period as a tree of weighted means.
 *
 * In: an evaluation, a period, intervals of weights.  Out: what the kernel
 * compares, in the current memory context.  A component below which no weight
 * varies is a leaf of that tree, whatever its method; those above must be
 * weighted sums.  Reflections, scales and rescaling are lines, and a weighted
 * mean of lines is the line of the mean: so all are taken from the nodes and
 * applied to what enters at the leaves.
 */
#include "postgres.h"

#include <math.h>

#include "base/sort.h"
#include "bounds/bounds.h"
#include "miscadmin.h"

#include "base/compat.h"

/* More pairs than these units have take too long. */
#define MAX_UNITS 10000

pg_noreturn static void
fail_not_additive(const CiComponent *node)
{
	if (!ci_aggregate_is_additive(&node->aggregate))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("component \"%s\" is no weighted sum", node->code),
				 errdetail("It is aggregated by method \"%s\", and weights below it, or its own children's, vary.",
						   node->aggregate.method->name),
				 errhint("Aggregate it by method \"arithmetic\", or let only weights above it vary.")));
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("rescaling of component \"%s\" depends on weights", node->code),
			 errdetail("Its parameters are estimated, it is no line, or it differs between units."),
			 errhint("Fix estimated parameters with ci.fit, or remove the stage.")));
}

/* The line of a node's rescale stage; false if it is none, or moves with weights. */
static bool
rescale_line(const CiEvaluation *ev, int c, uint32 period, double *slope, double *intercept)
{
	const CiNormaliseStage *stage = &ev->methodology->components[c].rescale;
	const CiFitSet *set;

	*slope = 1;
	*intercept = 0;
	if (stage->spec.method == NULL)
		return true;
	set = ci_fit_set(ev, ev->rescale, c, period);
	return ci_normalise_is_fitted(&stage->spec) && set->by == NULL &&
		ci_normalise_line(&stage->spec, set->fit, slope, intercept);
}

/* What mapping a node's children to a scale and back can put into a sum. */
static double
scale_size(const CiComponent *node, const CiScale *children)
{
	const double *to = node->aggregate.scale;

	if (ci_is_missing(to[0]))
		return 0;
	return fabs(children->low) + fabs(children->high) + fabs(children->high - children->low) *
		((fabs(to[0]) + fabs(to[1])) / fabs(to[1] - to[0]));
}

/* Pass a node's line on to its children. */
static void
pass_line(const CiMethodology *m, int c, double slope, double intercept, CiLine *lines)
{
	const CiComponent *node = &m->components[c];
	const CiLine *above = &lines[c];

	for (int k = 0; k < node->n_children; k++)
	{
		const CiComponent *child = &m->components[node->children[k]];
		CiLine	   *line = &lines[node->children[k]];
		bool		turned = ci_component_is_less(child);
		double		turn = turned ? ci_scale_turn(&child->scale) : 0;

		line->exists = above->exists;
		line->slope = above->slope * slope * (turned ? -1 : 1);
		line->intercept = above->slope * (slope * turn + intercept) + above->intercept;
		line->size = fabs(above->slope) * (fabs(slope) * (fabs(turn) + scale_size(node, &child->scale)) +
										   fabs(intercept)) + above->size;
	}
}

CiLine *
ci_lines(const CiEvaluation *ev, uint32 period, const bool *needed)
{
	const CiMethodology *m = ev->methodology;
	CiLine	   *lines = palloc0(m->n * sizeof(CiLine));

	lines[m->root] = (CiLine) {true, ci_component_is_less(&m->components[m->root]) ? -1 : 1, 0, 0};
	for (int c = m->root; c >= 0; c--)
	{
		const CiComponent *node = &m->components[c];
		CiLine		kept = lines[c];
		double		slope = 1;
		double		intercept = 0;

		if (node->n_children == 0)
			continue;
		if (!ci_aggregate_is_additive(&node->aggregate) ||
			!rescale_line(ev, c, period, &slope, &intercept))
		{
			if (needed[c])
				fail_not_additive(node);
			lines[c].exists = false;
		}
		pass_line(m, c, slope, intercept, lines);
		lines[c] = kept;
	}
	return lines;
}

/* Do the weights of a node's children vary, to any effect? */
static bool
has_varying_children(const CiMethodology *m, int c, const CiWeightBounds *admissible)
{
	const CiComponent *node = &m->components[c];
	int			n = 0;
	bool		varies = false;

	for (int k = 0; k < node->n_children; k++)
	{
		int			child = node->children[k];

		n += m->components[child].weight > 0;
		varies |= admissible->low[child] < admissible->high[child];
	}
	return n > 1 && varies;
}

/* By component: does its score depend on weights that vary? */
static bool *
find_nodes(const CiMethodology *m, const CiWeightBounds *admissible)
{
	bool	   *is_node = palloc0(m->n * sizeof(bool));

	for (int c = 0; c < m->n; c++)
	{
		const CiComponent *at = &m->components[c];

		is_node[c] |= has_varying_children(m, c, admissible);
		if (is_node[c] && at->parent >= 0 && at->weight > 0)
			is_node[at->parent] = true;
	}
	return is_node;
}

/* By component: is it in the tree?  The root is, and what enters a node that is. */
static bool *
find_used(const CiMethodology *m, const bool *is_node)
{
	bool	   *used = palloc0(m->n * sizeof(bool));

	used[m->root] = true;
	for (int c = m->root; c >= 0; c--)
		for (int k = 0; used[c] && is_node[c] && k < m->components[c].n_children; k++)
		{
			int			child = m->components[c].children[k];

			used[child] = m->components[child].weight > 0;
		}
	return used;
}

/* Scale the weights of a node's children, exactly, so that their sum is no problem. */
static double
weight_scale(const CiMethodology *m, int c, const CiWeightBounds *admissible)
{
	const CiComponent *node = &m->components[c];
	double	   *highest = palloc(node->n_children * sizeof(double));

	for (int k = 0; k < node->n_children; k++)
		highest[k] = admissible->high[node->children[k]];
	return ci_aggregate_weight_factor(highest, node->n_children);
}

static void
add_node(const CiStanding *standing, int c, const int *number, CiBoundsNode *node)
{
	const CiComponent *at = &standing->ev->methodology->components[c];
	int		   *term = palloc(at->n_children * sizeof(int));

	node->component = number[c];
	node->n = 0;
	for (int k = 0; k < at->n_children; k++)
		if (number[at->children[k]] >= 0)
			term[node->n++] = number[at->children[k]];
	node->term = term;
}

static CiBoundsTree *
make_tree(CiStanding *standing, const bool *is_node, const bool *used,
		  const CiWeightBounds *admissible)
{
	const CiMethodology *m = standing->ev->methodology;
	CiBoundsTree *tree = palloc0(sizeof(CiBoundsTree));
	CiBoundsNode *nodes = palloc(m->n * sizeof(CiBoundsNode));
	double	   *weight = palloc(m->n * sizeof(double));
	double	   *low = palloc(m->n * sizeof(double));
	double	   *high = palloc(m->n * sizeof(double));
	int		   *number = palloc(m->n * sizeof(int));

	standing->component = palloc(m->n * sizeof(int));
	standing->scale = palloc(m->n * sizeof(double));
	for (int c = 0; c < m->n; c++)
	{
		double		scale;

		number[c] = -1;
		if (!used[c])
			continue;
		scale = c == m->root ? 1 : weight_scale(m, m->components[c].parent, admissible);
		number[c] = tree->n;
		standing->component[tree->n] = c;
		standing->scale[tree->n] = scale;
		weight[tree->n] = m->components[c].weight * scale;
		low[tree->n] = admissible->low[c] * scale;
		high[tree->n++] = admissible->high[c] * scale;
		if (is_node[c])
			add_node(standing, c, number, &nodes[tree->n_nodes++]);
	}
	tree->node = nodes;
	tree->weight = weight;
	tree->low = low;
	tree->high = high;
	return tree;
}

static double *
new_columns(size_t n)
{
	return palloc_extended(Max(n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
}

/*
 * Take a unit's scores to the root's units; *largest becomes the largest number that sums are made of.
 */
static void
take_unit(const CiStanding *standing, const CiLine *lines, uint32 row, double *columns,
		  CiBoundsUnit *unit, double *largest)
{
	const CiBoundsTree *tree = standing->bounds.tree;

	unit->score = columns;
	unit->least = columns + tree->n;
	unit->greatest = columns + 2 * tree->n;
	unit->filled = columns + 3 * tree->n;
	for (int i = 0; i < tree->n; i++)
	{
		int			c = standing->component[i];
		double		x = lines[c].slope * standing->outcome->score[c][row];

		unit->score[i] = x + lines[c].intercept;
		if (!ci_is_missing(x))
			*largest = fmax(*largest, fabs(x) + lines[c].size);
	}
	ci_bounds_prepare(tree, unit, standing->room);
}

/* List the units with a rank, by rank and by score. */
static int32 *
find_units(CiStanding *standing)
{
	const CiOutcome *outcome = standing->outcome;
	int			root = standing->ev->methodology->root;
	int32	   *rank = palloc(Max(outcome->n, 1) * sizeof(int32));
	uint32	   *order = palloc(Max(outcome->n, 1) * sizeof(uint32));
	uint32	   *place = palloc(Max(outcome->n, 1) * sizeof(uint32));
	uint32		n = ci_rank_units(standing->ev, outcome, root, rank, order);
	int32	   *ranks = palloc(Max(n, 1) * sizeof(int32));

	if (n > MAX_UNITS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many units to compare in period %d",
						standing->ev->panel->periods[outcome->period].period),
				 errdetail("%u units have a rank; at most %d can be compared.", n, MAX_UNITS),
				 errhint("Screen units, or compare a part of them with ci.subset.")));
	standing->bounds.n = n;
	standing->by_rank = palloc(Max(n, 1) * sizeof(uint32));
	standing->row = palloc(Max(n, 1) * sizeof(uint32));
	memcpy(standing->row, order, n * sizeof(uint32));
	ci_sort_order(standing->row, n, outcome->score[root],
				  !ci_component_is_less(&standing->ev->methodology->components[root]));
	for (uint32 i = 0; i < n; i++)
	{
		place[standing->row[i]] = i;
		ranks[i] = rank[standing->row[i]];
	}
	for (uint32 k = 0; k < n; k++)
		standing->by_rank[k] = place[order[k]];
	return ranks;
}

static void
take_units(CiStanding *standing, const CiLine *lines)
{
	CiBounds   *bounds = &standing->bounds;
	CiBoundsUnit *units = palloc_extended(Max(bounds->n, 1) * sizeof(CiBoundsUnit), MCXT_ALLOC_HUGE);
	double	   *columns = new_columns(4 * bounds->n * bounds->tree->n);
	double		largest = 0;

	for (uint32 i = 0; i < bounds->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		take_unit(standing, lines, standing->row[i],
				  columns + 4 * (size_t) i * bounds->tree->n, &units[i], &largest);
	}
	bounds->unit = units;
	bounds->error = ci_bounds_error(standing->ev->methodology->n, largest);
	bounds->clear = ci_bounds_clear(bounds->decimals, bounds->error, largest);
}

CiStanding *
ci_standing_make(const CiEvaluation *ev, uint32 period, const CiWeightBounds *admissible)
{
	const CiMethodology *m = ev->methodology;
	CiStanding *standing = palloc0(sizeof(CiStanding));
	bool	   *is_node = find_nodes(m, admissible);
	bool	   *used = find_used(m, is_node);
	CiLine	   *lines;

	for (int c = 0; c < m->n; c++)
		is_node[c] &= used[c];
	lines = ci_lines(ev, period, is_node);
	standing->ev = ev;
	standing->outcome = ci_evaluate_period(ev, period, CI_KEEP_ALL);
	standing->bounds.tree = make_tree(standing, is_node, used, admissible);
	standing->bounds.ties = m->ties;
	standing->bounds.decimals = m->decimals;
	standing->bounds.rank = find_units(standing);
	standing->room = new_columns(ci_bounds_room(standing->bounds.tree));
	take_units(standing, lines);
	return standing;
}

/* Pairs of units whose order depends on weights, as bits. */
static inline size_t
pair_bit(const CiStanding *standing, size_t a, size_t b)
{
	return a * standing->bounds.n + b;
}

static void
set_open(CiStanding *standing, size_t a, size_t b)
{
	size_t		bit = pair_bit(standing, a, b);

	standing->open[bit / BITS_PER_BYTE] |= 1 << bit % BITS_PER_BYTE;
}

void
ci_standing_compare(CiStanding *standing)
{
	const CiBounds *bounds = &standing->bounds;
	size_t		n = bounds->n;

	standing->tally = palloc0(Max(n, 1) * sizeof(CiBoundsTally));
	standing->open = palloc0(n * n / BITS_PER_BYTE + 1);
	for (size_t a = 0; a < n; a++)
		for (size_t b = a + 1; b < n; b++)
		{
			CiBoundsOrder order = ci_bounds_order(bounds, a, b, standing->room);

			CHECK_FOR_INTERRUPTS();
			ci_bounds_count(order, &standing->tally[a], &standing->tally[b]);
			if (order == CI_BOUNDS_AHEAD || order == CI_BOUNDS_LEVEL)
				continue;
			set_open(standing, a, b);
			set_open(standing, b, a);
		}
}

size_t
ci_standing_rivals(const CiStanding *standing, size_t unit, uint32 *rival)
{
	bool		all = ci_bounds_counts_groups(standing->bounds.ties);
	size_t		n = 0;

	for (size_t i = 0; i < standing->bounds.n; i++)
	{
		size_t		bit = pair_bit(standing, unit, i);

		if (i != unit && (all || (standing->open[bit / BITS_PER_BYTE] >> bit % BITS_PER_BYTE) & 1))
			rival[n++] = (uint32) i;
	}
	return n;
}
