/*
 * method/bounds_branch.c
 *	  Weights that bring a unit up, or down, where weights and rivals are few.
 *
 * Where scores are rounded to few decimals before they are compared, the weights
 * by which a unit has a rank are many small sets, which no line of descent leads
 * to.  So all edges of the box of weights are walked.  Then, by branch and bound,
 * the box is halved, and its halves are, until no weights of a part can give a
 * better rank than is known: what the units' scores are between there, and how far
 * apart, says so.  It is done to a depth, then to a greater one, until no part is
 * left or the steps are used up.
 */
#include <string.h>

#include "method/bounds_search.h"

#define MOST_VARYING 8			/* weights, for their edges to be walked */
#define EDGE_STEPS 16
#define DEEPER 3				/* than the time before */
#define DEEPEST 60
#define PART_STEPS 8			/* for each rival's components, at least */
#define FEWEST_PARTS 32			/* for which it is worth to begin */
#define STEPS 300000			/* for the edges, and for the parts; and */
#define ALL_STEPS 50000000		/* for all units */

typedef struct Branch
{
	CiBoundsState *state;
	CiBoundsTree part;			/* the tree with the limits of the part */
	double	   *low;
	double	   *high;
	CiBoundsUnit own;			/* the unit and a rival, in the part */
	CiBoundsUnit rival;
	bool		is_cut;			/* some part was not halved for its depth */
} Branch;

/* Who of the rivals is sure to be where, by all weights of a part. */
typedef struct Sure
{
	size_t		ahead;			/* or (down) behind, above which … */
	size_t		level;			/* … or level with it they are sure to be */
	size_t		groups;			/* of those ahead: how many are sure to differ */
} Sure;

size_t
ci_bounds_branch_room(const CiBounds *bounds)
{
	return 6 * (size_t) bounds->tree->n;
}

static Branch
start_branch(CiBoundsState *state, double *scratch)
{
	const CiBoundsTree *tree = state->bounds->tree;
	size_t		n = (size_t) tree->n;
	Branch		branch = {
		.state = state, .part = *tree, .low = scratch, .high = scratch + n,
		.own = {.least = scratch + 2 * n, .greatest = scratch + 3 * n},
		.rival = {.least = scratch + 4 * n, .greatest = scratch + 5 * n}
	};

	memcpy(branch.low, tree->low, n * sizeof(double));
	memcpy(branch.high, tree->high, n * sizeof(double));
	branch.part.low = branch.low;
	branch.part.high = branch.high;
	return branch;
}

static void
limit(const Branch *branch, CiBoundsUnit *unit, size_t i)
{
	unit->score = branch->state->bounds->unit[i].score;
	ci_bounds_limits(&branch->part, unit->score, unit->least, unit->greatest, branch->state->room);
}

/* Is one ahead of the other by all weights of the part, or not behind? */
static CiBoundsOrder
order_in_part(const Branch *branch, const CiBoundsUnit *a, const CiBoundsUnit *b)
{
	const CiBounds *bounds = branch->state->bounds;
	int			root = branch->part.n - 1;
	double		lead = ci_bounds_least_lead(&branch->part, a, b, branch->state->room);

	if (lead >= bounds->clear || ci_bounds_surely_ahead(bounds, a->least[root], b->greatest[root]))
		return CI_BOUNDS_AHEAD;
	if (lead >= bounds->error ||
		ci_bounds_surely_not_behind(bounds, a->least[root], b->greatest[root]))
		return CI_BOUNDS_NOT_BEHIND;
	return CI_BOUNDS_OPEN;
}

/*
 * How many of n rivals are sure to have different rounded scores: their least is in
 * groups, their greatest in times.
 */
static size_t
count_apart(const CiBoundsState *state, size_t n)
{
	double		last = 0;

	for (size_t groups = 0;; groups++)
	{
		double		next = HUGE_VAL;

		for (size_t i = 0; i < n; i++)
			if (state->times[i] < next &&
				(groups == 0 || ci_bounds_surely_ahead(state->bounds, state->groups[i], last)))
				next = state->times[i];
		if (next == HUGE_VAL)
			return groups;
		last = next;
	}
}

/* Count whose order is sure; the others make delta. */
static Sure
survey(Branch *branch)
{
	CiBoundsState *state = branch->state;
	const CiBoundsSearch *search = state->search;
	int			root = branch->part.n - 1;
	Sure		sure = {0, 0, 0};

	ci_bounds_clear_delta(state);
	limit(branch, &branch->own, search->unit);
	for (size_t i = 0; i < search->n_rivals; i++)
	{
		CiBoundsOrder order;

		limit(branch, &branch->rival, search->rival[i]);
		order = search->up ? order_in_part(branch, &branch->rival, &branch->own) :
			order_in_part(branch, &branch->own, &branch->rival);
		ci_bounds_take_steps(state, PART_STEPS * (size_t) branch->part.n);
		if (order == CI_BOUNDS_AHEAD)
		{
			state->groups[sure.ahead] = branch->rival.least[root];
			state->times[sure.ahead++] = branch->rival.greatest[root];
		}
		sure.level += order == CI_BOUNDS_NOT_BEHIND;
		if (order != CI_BOUNDS_AHEAD)
			ci_bounds_add_rival(state, i, 1);
	}
	if (search->up && ci_bounds_counts_groups(state->bounds->ties))
		sure.groups = count_apart(state, sure.ahead);
	return sure;
}

/* The rank that no weights of a part can better. */
static int32_t
possible_rank(const CiBoundsState *state, const Sure *sure)
{
	const CiBoundsSearch *search = state->search;
	const CiTiesMethod *ties = state->bounds->ties;
	size_t		ahead = (size_t) search->ahead + sure->ahead;
	size_t		size = 1 + (size_t) search->level + sure->level;

	if (!search->up)
		ahead = (size_t) search->ahead + search->n_rivals - sure->ahead - sure->level;
	return ties->rank(ahead, search->up ? sure->groups : ahead, size);
}

/*
 * Try the weights that favour the unit at their limits in the part; the same with the
 * middle for those that are not at limits of the whole; and the middle of the part.
 */
static void
try_part(Branch *branch)
{
	CiBoundsState *state = branch->state;
	const CiBoundsTree *tree = state->bounds->tree;

	ci_bounds_answer(state, &branch->part);
	(void) ci_bounds_try(state);
	for (int inside = 0; inside < 2; inside++)
	{
		for (int c = 0; c < tree->n; c++)
			if (inside || (state->trial[c] != tree->low[c] && state->trial[c] != tree->high[c]))
				state->trial[c] = branch->low[c] + 0.5 * (branch->high[c] - branch->low[c]);
		(void) ci_bounds_try(state);
	}
}

/* The weight with the widest interval for its size; -1: all are points. */
static int
widest(const Branch *branch)
{
	double		most = 1 + 1e-12;
	int			found = -1;

	for (int i = 0; i < branch->part.n_nodes; i++)
		for (int k = 0; k < branch->part.node[i].n; k++)
		{
			int			c = branch->part.node[i].term[k];

			if (branch->high[c] / branch->low[c] > most)
			{
				most = branch->high[c] / branch->low[c];
				found = c;
			}
		}
	return found;
}

static bool
is_over(const CiBoundsState *state)
{
	return ci_bounds_is_done(state) || state->spent >= state->budget;
}

static void explore(Branch *branch, int depth);

/* Explore the two halves of a part by a weight. */
static void
explore_halves(Branch *branch, int c, int depth)
{
	double		low = branch->low[c];
	double		high = branch->high[c];
	double		middle = low + 0.5 * (high - low);

	branch->high[c] = middle;
	explore(branch, depth);
	branch->high[c] = high;
	branch->low[c] = middle;
	explore(branch, depth);
	branch->low[c] = low;
}

static void
explore(Branch *branch, int depth)
{
	CiBoundsState *state = branch->state;
	int			c = widest(branch);
	Sure		sure;

	if (is_over(state))
		return;
	sure = survey(branch);
	if (!ci_bounds_is_better(state, possible_rank(state, &sure)))
		return;
	try_part(branch);
	branch->is_cut |= depth == 0;
	if (depth > 0 && c >= 0)
		explore_halves(branch, c, depth - 1);
}

/* Halve the box of weights to ever greater depths. */
static void
explore_parts(CiBoundsState *state, double *scratch)
{
	Branch		branch = start_branch(state, scratch);

	if (FEWEST_PARTS * PART_STEPS * state->search->n_rivals * (size_t) branch.part.n > state->budget)
		return;
	branch.is_cut = true;
	for (int depth = DEEPER; depth <= DEEPEST && branch.is_cut && !is_over(state); depth += DEEPER)
	{
		branch.is_cut = false;
		explore(&branch, depth);
	}
}

/* The weights that vary, if they are not too many to try all edges of their box; else -1. */
static int
list_varying(const CiBoundsTree *tree, int *varying)
{
	int			n = 0;

	for (int i = 0; i < tree->n_nodes; i++)
		for (int k = 0; k < tree->node[i].n; k++)
		{
			int			c = tree->node[i].term[k];

			if (tree->low[c] == tree->high[c])
				continue;
			if (n == MOST_VARYING)
				return -1;
			varying[n++] = c;
		}
	return n;
}

/* Try the vertices of the box of weights, and some weights along each of its edges. */
static void
walk_edges(CiBoundsState *state)
{
	const CiBoundsTree *tree = state->bounds->tree;
	int			varying[MOST_VARYING];
	int			n = list_varying(tree, varying);

	memcpy(state->trial, tree->low, (size_t) tree->n * sizeof(double));
	for (int edge = 0; n > 0 && edge < n << n; edge++)
	{
		int			along = edge % n;

		if ((edge / n) >> along & 1)
			continue;
		for (int k = 0; k < n; k++)
			state->trial[varying[k]] = (edge / n) >> k & 1 ? tree->high[varying[k]] : tree->low[varying[k]];
		for (int step = 0; step <= EDGE_STEPS; step++)
		{
			int			c = varying[along];

			if (is_over(state))
				return;
			state->trial[c] = fmin(tree->low[c] + (tree->high[c] - tree->low[c]) * step / EDGE_STEPS,
								   tree->high[c]);
			(void) ci_bounds_try(state);
		}
	}
}

void
ci_bounds_branch(CiBoundsState *state, double *scratch)
{
	size_t		budget = ALL_STEPS / state->bounds->n;

	state->budget = budget < STEPS ? budget : STEPS;
	state->spent = 0;
	walk_edges(state);
	state->spent = 0;
	explore_parts(state, scratch);
}
