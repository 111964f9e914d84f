/*
 * method/bounds_exact.c
 *	  Weights that bring a unit up, or down, by linear programs, where weights and
 *	  rivals are few and no cell is missing.
 *
 * Let what siblings weigh together be given: a component's share x of the whole
 * is then between low * t and high * t, with one t for each node, and scores
 * are sums of leaves' x * score.  So are rounded scores' limits, by branch and bound:
 * who is in which cells of rounding is a program, which finds the weights that
 * are the furthest from leaving them.  If there are none the cells are out of
 * the question; if there are, the cells of some rival are parted in two.  A rank
 * is taken from weights that were found, never from a program.
 *
 * Where cells are too many, two stand for them: not above the unit, and above.
 */
#include <string.h>

#include "method/bounds_search.h"

#define MOST_COMPONENTS 32
#define MOST_RIVALS 32
#define MOST_CELLS 32
#define MOST_NUMBER 1e14		/* of a cell, so that there is a next one */
#define PROGRAMS 1000			/* for a search, and … */
#define ALL_PROGRAMS 4000		/* … for those of all units, if … */
#define FEWEST_PROGRAMS 20		/* … so many are left for each */
#define SHIFT 4.0				/* more than scores differ by, in their range */
#define CLOSE 1e-8				/* to what is possible, in the same */

/* Cells of rounding, by number: whole, but perhaps large. */
typedef struct Cells
{
	double		low;
	double		high;
} Cells;

typedef struct Exact
{
	CiBoundsState *state;
	CiProgram  *program;
	int			n;				/* rivals */
	bool		is_leaf[MOST_COMPONENTS];
	double		least;			/* score of a leaf */
	double		range;			/* of leaves' scores */
	bool		is_rounded;		/* cells are those of rounding */
	double		unit;			/* of rounding */
	double		slack;			/* by which weights may miss, in ranges */
	Cells		own;			/* that weights can give at all */
	Cells		possible[MOST_RIVALS];
	int			twin[MOST_RIVALS];	/* the first with the same data */
	double		cell;			/* of the unit, in what is explored */
	double		cut;			/* rivals count as above it from the next on */
	Cells		rival[MOST_RIVALS];
	int			left;			/* programs */
} Exact;

static const CiBoundsUnit *
own_unit(const Exact *exact)
{
	return &exact->state->bounds->unit[exact->state->search->unit];
}

static const CiBoundsUnit *
rival_unit(const Exact *exact, int i)
{
	return &exact->state->bounds->unit[exact->state->search->rival[i]];
}

/* Take a unit's leaves into the range; false if any is missing. */
static bool
take_leaves(const Exact *exact, const CiBoundsUnit *unit, Cells *range)
{
	for (int c = 0; c < exact->state->bounds->tree->n; c++)
	{
		if (!exact->is_leaf[c])
			continue;
		if (ci_is_missing(unit->score[c]))
			return false;
		range->low = fmin(range->low, unit->score[c]);
		range->high = fmax(range->high, unit->score[c]);
	}
	return true;
}

static bool
take_scores(Exact *exact)
{
	const CiBoundsTree *tree = exact->state->bounds->tree;
	Cells		range = {HUGE_VAL, -HUGE_VAL};

	for (int i = 0; i < tree->n_nodes; i++)
		for (int k = 0; k < tree->node[i].n; k++)
			exact->is_leaf[tree->node[i].term[k]] = true;
	for (int i = 0; i < tree->n_nodes; i++)
		exact->is_leaf[tree->node[i].component] = false;
	if (!take_leaves(exact, own_unit(exact), &range))
		return false;
	for (int i = 0; i < exact->n; i++)
		if (!take_leaves(exact, rival_unit(exact, i), &range))
			return false;
	exact->least = range.low;
	exact->range = range.high - range.low;
	return exact->range > 0 && isfinite(exact->range);
}

static bool
has_same_leaves(const Exact *exact, const CiBoundsUnit *a, const CiBoundsUnit *b)
{
	for (int c = 0; c < exact->state->bounds->tree->n; c++)
		if (exact->is_leaf[c] && a->score[c] != b->score[c])
			return false;
	return true;
}

static double
cell_of(const Exact *exact, double score)
{
	return floor(score / exact->unit + 0.5);
}

/* Cells that a unit's rounded score can be in, whatever the weights. */
static Cells
cells_of(const Exact *exact, const CiBoundsUnit *unit)
{
	int			root = exact->state->bounds->tree->n - 1;
	double		error = exact->state->bounds->error;

	return (Cells)
	{
		cell_of(exact, unit->least[root] - error), cell_of(exact, unit->greatest[root] + error)
	};
}

/* Are cells few, the unit's and, where rivals' count, theirs? */
static bool
has_few_cells(const Exact *exact)
{
	Cells		all = cells_of(exact, own_unit(exact));

	for (int i = 0; i < exact->n && ci_bounds_counts_groups(exact->state->bounds->ties); i++)
	{
		Cells		cells = cells_of(exact, rival_unit(exact, i));

		all.low = fmin(all.low, cells.low);
		all.high = fmax(all.high, cells.high);
	}
	return all.high - all.low < MOST_CELLS && fmax(-all.low, all.high) < MOST_NUMBER;
}

static void
take_cells(Exact *exact)
{
	const CiBounds *bounds = exact->state->bounds;

	exact->unit = pow(10, -bounds->decimals);
	exact->is_rounded = has_few_cells(exact);
	exact->slack = CLOSE + (exact->is_rounded ? 0 : bounds->clear / exact->range);
	exact->own = exact->is_rounded ? cells_of(exact, own_unit(exact)) : (Cells) {0, 0};
	for (int i = 0; i < exact->n; i++)
	{
		exact->possible[i] = exact->is_rounded ? cells_of(exact, rival_unit(exact, i)) :
			has_same_leaves(exact, rival_unit(exact, i), own_unit(exact)) ? (Cells) {0, 0} : (Cells) {0, 1};
		for (exact->twin[i] = 0; exact->twin[i] < i; exact->twin[i]++)
			if (has_same_leaves(exact, rival_unit(exact, i), rival_unit(exact, exact->twin[i])))
				break;
	}
}

static double
highest_sum(const CiBoundsTree *tree, const CiBoundsNode *node)
{
	double		sum = 0;

	for (int k = 0; k < node->n; k++)
		sum += tree->high[node->term[k]];
	return sum;
}

/* Rows for the weights: x of a component in its place, t of nodes behind all. */
static void
add_weights(const Exact *exact)
{
	const CiBoundsTree *tree = exact->state->bounds->tree;
	CiProgram  *program = exact->program;

	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];
		bool		is_root = node->component == tree->n - 1;
		double		sum[2 * MOST_COMPONENTS] = {0};
		double		highest = highest_sum(tree, node);

		for (int k = 0; k < node->n; k++)
		{
			int			c = node->term[k];
			double		row[2 * MOST_COMPONENTS] = {0};

			row[c] = sum[c] = 1;
			row[tree->n + i] = -tree->high[c] / highest;
			program->add(program, row, 0);
			row[c] = -1;
			row[tree->n + i] = tree->low[c] / highest;
			program->add(program, row, 0);
		}
		if (!is_root)
			sum[node->component] = -1;
		program->add(program, sum, is_root);
		for (int c = 0; c < tree->n && !is_root; c++)
			sum[c] = -sum[c];
		if (!is_root)
			program->add(program, sum, 0);
	}
}

/*
 * Add that one is below the other by the margin, which is what the root's place
 * holds less SHIFT.  NULL: the score is that of the border.
 */
static void
add_order(const Exact *exact, const CiBoundsUnit *below, const CiBoundsUnit *above, double border)
{
	const CiBoundsTree *tree = exact->state->bounds->tree;
	double		at = fmin(fmax(border, exact->least - exact->range), exact->least + 2 * exact->range);
	double		row[2 * MOST_COMPONENTS] = {0};

	for (int c = 0; c < tree->n; c++)
		if (exact->is_leaf[c])
			row[c] = ((below ? below->score[c] : at) - (above ? above->score[c] : at)) / exact->range -
				SHIFT;
	row[tree->n - 1] = 1;
	exact->program->add(exact->program, row, 0);
}

/* Add that a unit is in these cells, of those that it can be in. */
static void
add_cells(const Exact *exact, const CiBoundsUnit *unit, const Cells *cells, const Cells *possible)
{
	const CiBoundsUnit *border = exact->is_rounded ? NULL : own_unit(exact);

	if (cells->low > possible->low)
		add_order(exact, border, unit, (cells->low - 0.5) * exact->unit);
	if (cells->high < possible->high)
		add_order(exact, unit, border, (cells->high + 0.5) * exact->unit);
}

/* Put on trial the weights that a program found. */
static void
take_weights(const Exact *exact, const double *x)
{
	const CiBoundsTree *tree = exact->state->bounds->tree;

	for (int i = 0; i < tree->n_nodes; i++)
	{
		double		t = x[tree->n + i] / highest_sum(tree, &tree->node[i]);

		for (int k = 0; k < tree->node[i].n; k++)
		{
			int			c = tree->node[i].term[k];
			double		weight = t > 0 ? x[c] / t : tree->weight[c];

			exact->state->trial[c] = fmin(fmax(weight, tree->low[c]), tree->high[c]);
		}
	}
}

/* Put weights on trial that keep all in their cells; false if there are none. */
static bool
solve(const Exact *exact)
{
	const CiBoundsTree *tree = exact->state->bounds->tree;
	CiProgram  *program = exact->program;
	Cells		cell = {exact->cell, exact->cell};
	double		objective[2 * MOST_COMPONENTS] = {0};
	double		x[2 * MOST_COMPONENTS];

	program->start(program, tree->n + tree->n_nodes);
	add_weights(exact);
	objective[tree->n - 1] = 1;
	program->add(program, objective, 2 * SHIFT);
	add_cells(exact, own_unit(exact), &cell, &exact->own);
	for (int i = 0; i < exact->n; i++)
		add_cells(exact, rival_unit(exact, i), &exact->rival[i], &exact->possible[i]);
	if (!program->maximise(program, objective, x) || x[tree->n - 1] < SHIFT - exact->slack)
		return false;
	take_weights(exact, x);
	return true;
}

/* Of cells above the cut that rivals are sure to be in, how many there are at least. */
static size_t
fewest_groups(const Exact *exact)
{
	double		last = exact->cut;

	for (size_t groups = 0;; groups++)
	{
		double		next = HUGE_VAL;

		for (int i = 0; i < exact->n; i++)
			if (exact->rival[i].low > last)
				next = fmin(next, exact->rival[i].high);
		if (next == HUGE_VAL)
			return groups;
		last = next;
	}
}

/* Of cells above the cut that rivals can be in, how many there are at most. */
static size_t
most_groups(const Exact *exact)
{
	bool		used[MOST_RIVALS] = {false};
	double		last = exact->cut;
	size_t		groups = 0;

	for (int i = 0; i < exact->n; i++)
		last = fmax(last, exact->rival[i].high);
	for (double cell = exact->cut + 1; cell <= last; cell++)
	{
		int			first = -1;

		for (int i = 0; i < exact->n; i++)
			if (!used[i] && exact->rival[i].low <= cell && exact->rival[i].high >= cell &&
				(first < 0 || exact->rival[i].high < exact->rival[first].high))
				first = i;
		if (first < 0)
			continue;
		used[first] = true;
		groups++;
	}
	return groups;
}

/* The rank that no weights better by which all are in their cells. */
static int32_t
possible_rank(const Exact *exact)
{
	const CiBoundsSearch *search = exact->state->search;
	const CiTiesMethod *ties = exact->state->bounds->ties;
	bool		counted[MOST_RIVALS] = {false};
	size_t		ahead = 0;
	size_t		groups = 0;

	for (int i = 0; i < exact->n; i++)
	{
		bool		is_ahead = (search->up ? exact->rival[i].low : exact->rival[i].high) > exact->cut;

		ahead += is_ahead;
		groups += is_ahead && !counted[exact->twin[i]];
		counted[exact->twin[i]] |= is_ahead;
	}
	if (exact->is_rounded && ci_bounds_counts_groups(ties))
		groups = search->up ? fewest_groups(exact) : most_groups(exact);
	return ties->rank((size_t) search->ahead + ahead, groups, 1 + (size_t) search->level);
}

/* The rival's cell by the weights on trial. */
static double
tried_cell(const Exact *exact, int i)
{
	const CiBoundsState *state = exact->state;
	double		cell = exact->is_rounded ? cell_of(exact, state->score[i]) : state->score[i] > state->own;

	return fmin(fmax(cell, exact->rival[i].low), exact->rival[i].high);
}

/*
 * The rival to decide on, and the last cell of the first part: the one that
 * is the furthest on the wrong side of the cut, else, where cells count, one above
 * that may be in several.
 */
static int
choose(const Exact *exact, double *last)
{
	const CiBoundsState *state = exact->state;
	double		most = -HUGE_VAL;
	int			chosen = -1;

	for (int i = 0; i < exact->n; i++)
	{
		const Cells *cells = &exact->rival[i];
		double		lead = state->search->up ? state->score[i] - state->own : state->own - state->score[i];
		bool		is_above = tried_cell(exact, i) > exact->cut;

		if (cells->low > exact->cut || cells->high <= exact->cut || is_above != state->search->up ||
			lead <= most)
			continue;
		most = lead;
		chosen = i;
		*last = exact->cut;
	}
	if (!ci_bounds_counts_groups(state->bounds->ties))
		return chosen;
	for (int i = 0; i < exact->n && chosen < 0; i++)
	{
		const Cells *cells = &exact->rival[i];
		double		cell = tried_cell(exact, i);

		if (cells->low == cells->high || cell <= exact->cut)
			continue;
		chosen = i;
		*last = cell < cells->high ? cell : cell - 1;
	}
	return chosen;
}

static bool
can_better(const Exact *exact)
{
	return exact->left > 0 && !ci_bounds_is_done(exact->state) &&
		ci_bounds_is_better(exact->state, possible_rank(exact));
}

/* Solve, then part some rival's cells in two.  Goes as deep as there are such parts. */
static void
explore(Exact *exact)
{
	double		last;
	int			i;
	Cells		whole;

	if (!can_better(exact))
		return;
	exact->left--;
	exact->state->search->check();
	if (!solve(exact))
		return;
	(void) ci_bounds_try(exact->state);
	i = can_better(exact) ? choose(exact, &last) : -1;
	if (i < 0)
		return;
	whole = exact->rival[i];
	for (int part = 0; part < 2; part++)
	{
		exact->rival[i] = (part == 0) == exact->state->search->up ? (Cells) {whole.low, last} :
			(Cells) {last + 1, whole.high};
		explore(exact);
	}
	exact->rival[i] = whole;
}

void
ci_bounds_exact(CiBoundsState *state)
{
	const CiBounds *bounds = state->bounds;
	const CiBoundsSearch *search = state->search;
	bool		is_max = bounds->ties->rank(0, 0, 2) != bounds->ties->rank(0, 0, 1);
	size_t		programs = ALL_PROGRAMS / bounds->n;
	Exact		exact = {.state = state, .program = search->program, .n = (int) search->n_rivals};

	if (search->program == NULL || programs < FEWEST_PROGRAMS || ci_bounds_is_done(state) ||
		bounds->tree->n > MOST_COMPONENTS || search->n_rivals > MOST_RIVALS || !take_scores(&exact))
		return;
	exact.left = (int) (programs < PROGRAMS ? programs : PROGRAMS);
	take_cells(&exact);
	for (double k = exact.own.low; k <= exact.own.high; k++)
	{
		exact.cell = search->up ? exact.own.high - (k - exact.own.low) : k;
		exact.cut = exact.cell - (is_max && exact.is_rounded);
		memcpy(exact.rival, exact.possible, sizeof(exact.rival));
		explore(&exact);
	}
}
