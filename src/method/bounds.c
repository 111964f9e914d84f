/*
 * bounds.c
 *	  Guarantees over all admissible weights of a tree of weighted means.
 *
 * The least of a mean over a box of weights is the fixed point of Dinkelbach's
 * iteration (Management Science 13, 1967): what lies below it has its highest
 * weight, what lies above its lowest.  It is reached in a few steps, without
 * sorting.  The difference of two means over the same terms is the mean of the
 * differences, so that children's least differences give their parent's.
 */
#include <float.h>
#include <string.h>

#include "bounds.h"
#include "order.h"

/* What enters a mean: values and intervals of weights. */
typedef struct Terms
{
	int			n;
	double	   *value;
	double	   *low;
	double	   *high;
} Terms;

static int
most_terms(const CiBoundsTree *tree)
{
	int			most = 0;

	for (int i = 0; i < tree->n_nodes; i++)
		if (tree->node[i].n > most)
			most = tree->node[i].n;
	return most;
}

size_t
ci_bounds_room(const CiBoundsTree *tree)
{
	return (size_t) tree->n + 3 * (size_t) most_terms(tree);
}

/* Terms in scratch, behind a value for each component. */
static Terms
terms_in(const CiBoundsTree *tree, double *scratch)
{
	int			most = most_terms(tree);
	double	   *room = scratch + tree->n;

	return (Terms) {0, room, room + most, room + 2 * (size_t) most};
}

static inline void
add_term(Terms *terms, const CiBoundsTree *tree, int component, double value)
{
	terms->value[terms->n] = value;
	terms->low[terms->n] = tree->low[component];
	terms->high[terms->n++] = tree->high[component];
}

/* The least of (more + sum of weight * value) / sum of weight. */
static double
least_mean(const Terms *terms, double more)
{
	double		least = HUGE_VAL;

	for (;;)
	{
		double		sum = more;
		double		present = 0;

		for (int k = 0; k < terms->n; k++)
		{
			double		weight = terms->value[k] < least ? terms->high[k] : terms->low[k];

			sum += weight * terms->value[k];
			present += weight;
		}
		if (!(sum / present < least))
			return least;
		least = sum / present;
	}
}

/* The least or the greatest mean of a node's terms; NaN if all are missing. */
static double
extreme_of_node(const CiBoundsTree *tree, const CiBoundsNode *node, const double *value,
				double sign, Terms *terms)
{
	terms->n = 0;
	for (int k = 0; k < node->n; k++)
		if (!ci_is_missing(value[node->term[k]]))
			add_term(terms, tree, node->term[k], sign * value[node->term[k]]);
	return terms->n == 0 ? CI_MISSING : sign * least_mean(terms, 0);
}

static double
mean_of_node(const CiBoundsNode *node, const double *weight, const double *value)
{
	double		sum = 0;
	double		present = 0;

	for (int k = 0; k < node->n; k++)
	{
		double		x = value[node->term[k]];

		if (ci_is_missing(x))
			continue;
		sum += weight[node->term[k]] * x;
		present += weight[node->term[k]];
	}
	return sum / present;
}

/* A node that has no score on entry keeps none. */
void
ci_bounds_prepare(const CiBoundsTree *tree, CiBoundsUnit *unit, double *scratch)
{
	Terms		terms = terms_in(tree, scratch);
	size_t		size = (size_t) tree->n * sizeof(double);

	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];

		if (!ci_is_missing(unit->score[node->component]))
			unit->score[node->component] = mean_of_node(node, tree->weight, unit->score);
	}
	memcpy(unit->least, unit->score, size);
	memcpy(unit->greatest, unit->score, size);
	memcpy(unit->filled, unit->score, size);
	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];

		if (ci_is_missing(unit->score[node->component]))
			continue;
		unit->least[node->component] = extreme_of_node(tree, node, unit->least, 1, &terms);
		unit->greatest[node->component] = extreme_of_node(tree, node, unit->greatest, -1, &terms);
	}
	for (int i = tree->n_nodes - 1; i >= 0; i--)
		for (int k = 0; k < tree->node[i].n; k++)
			if (ci_is_missing(unit->filled[tree->node[i].term[k]]))
				unit->filled[tree->node[i].term[k]] = unit->filled[tree->node[i].component];
}

/*
 * Evaluation and what is done here sum up at most all components' terms, none
 * above the largest; two scores are compared.
 */
double
ci_bounds_error(int n_components, double largest)
{
	return 8 * DBL_EPSILON * (n_components + 16.0) * largest;
}

/* Besides the unit of rounding: what the cast to 15 digits moves scores by. */
double
ci_bounds_clear(int decimals, double error, double largest)
{
	return pow(10, -decimals) * (1 + 1e-9) + error + 4e-14 * largest;
}

/* Collect what the two units' scores in a node's terms differ by; false if their gaps differ. */
static bool
collect_leads(const CiBoundsTree *tree, const CiBoundsNode *node, const CiBoundsUnit *a,
			  const CiBoundsUnit *b, const double *lead, Terms *terms)
{
	terms->n = 0;
	for (int k = 0; k < node->n; k++)
	{
		int			c = node->term[k];

		if (!ci_is_missing(lead[c]))
			add_term(terms, tree, c, lead[c]);
		else if (ci_is_missing(a->score[c]) != ci_is_missing(b->score[c]))
			return false;
	}
	return true;
}

/* Sums of the lowest and of the highest weights. */
typedef struct Interval
{
	double		low;
	double		high;
} Interval;

/*
 * Let the units' means be A / p and B / q, of the scores less some origin, p
 * and q being what their weights sum to.  Then A / p - B / q = (A - r B) / p
 * with r = p / q; dropping the condition on r leaves a lower bound, which is
 * concave in r, so that the least is at an end of its range.  This is the bound
 * at one end.
 */
static double
lead_at_ratio(const CiBoundsTree *tree, const CiBoundsNode *node, const CiBoundsUnit *a,
			  const CiBoundsUnit *b, const double *lead, double r, double origin, Terms *terms)
{
	double		more = 0;

	terms->n = 0;
	for (int k = 0; k < node->n; k++)
	{
		int			c = node->term[k];
		double		a_least = a->least[c] - origin;
		double		b_greatest = b->greatest[c] - origin;
		double		a_extreme = (r <= 1 ? a->least[c] : a->greatest[c]) - origin;
		double		b_extreme = (r <= 1 ? b->least[c] : b->greatest[c]) - origin;

		if (!ci_is_missing(lead[c]))
			add_term(terms, tree, c, fmax(a_least - r * b_greatest,
										  fmax(lead[c] + (1 - r) * b_extreme,
											   r * lead[c] + (1 - r) * a_extreme)));
		else if (!ci_is_missing(a->score[c]))
			add_term(terms, tree, c, a_least);
		else if (!ci_is_missing(b->score[c]))
			more -= r * b_greatest * (b_greatest > 0 ? tree->high[c] : tree->low[c]);
	}
	return terms->n == 0 ? -HUGE_VAL : least_mean(terms, more);
}

/* The same where the units do not have scores of the same terms. */
static double
lead_over_gaps(const CiBoundsTree *tree, const CiBoundsNode *node, const CiBoundsUnit *a,
			   const CiBoundsUnit *b, const double *lead, Terms *terms)
{
	int			at = node->component;
	double		origin = 0.5 * a->score[at] + 0.5 * b->score[at];
	Interval	both = {0, 0};
	Interval	a_only = {0, 0};
	Interval	b_only = {0, 0};
	double		r_least;
	double		r_greatest;

	for (int k = 0; k < node->n; k++)
	{
		int			c = node->term[k];
		Interval   *sum = !ci_is_missing(lead[c]) ? &both :
			!ci_is_missing(a->score[c]) ? &a_only : &b_only;

		if (ci_is_missing(a->score[c]) && ci_is_missing(b->score[c]))
			continue;
		sum->low += tree->low[c];
		sum->high += tree->high[c];
	}
	r_least = fmin((both.low + a_only.low) / (both.low + b_only.high),
				   (both.high + a_only.low) / (both.high + b_only.high));
	r_greatest = fmax((both.low + a_only.high) / (both.low + b_only.low),
					  (both.high + a_only.high) / (both.high + b_only.low));
	return fmax(a->least[at] - b->greatest[at],
				fmin(lead_at_ratio(tree, node, a, b, lead, r_least, origin, terms),
					 lead_at_ratio(tree, node, a, b, lead, r_greatest, origin, terms)));
}

double
ci_bounds_least_lead(const CiBoundsTree *tree, const CiBoundsUnit *a, const CiBoundsUnit *b,
					 double *scratch)
{
	Terms		terms = terms_in(tree, scratch);
	double	   *lead = scratch;

	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];

		for (int k = 0; k < node->n; k++)
			lead[node->term[k]] = a->score[node->term[k]] - b->score[node->term[k]];
	}
	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];
		int			at = node->component;

		if (ci_is_missing(a->score[at]) || ci_is_missing(b->score[at]))
			lead[at] = CI_MISSING;
		else
			lead[at] = collect_leads(tree, node, a, b, lead, &terms) ? least_mean(&terms, 0) :
				lead_over_gaps(tree, node, a, b, lead, &terms);
	}
	return tree->n_nodes == 0 ? a->score[tree->n - 1] - b->score[tree->n - 1] : lead[tree->n - 1];
}

double
ci_bounds_score(const CiBoundsTree *tree, const CiBoundsUnit *unit, const double *weight,
				double *scratch)
{
	double	   *score = scratch;

	for (int i = 0; i < tree->n_nodes; i++)
		for (int k = 0; k < tree->node[i].n; k++)
			score[tree->node[i].term[k]] = unit->score[tree->node[i].term[k]];
	for (int i = 0; i < tree->n_nodes; i++)
		if (!ci_is_missing(unit->score[tree->node[i].component]))
			score[tree->node[i].component] = mean_of_node(&tree->node[i], weight, score);
	return tree->n_nodes == 0 ? unit->score[tree->n - 1] : score[tree->n - 1];
}

static bool
is_same(double a, double b)
{
	return a == b || (ci_is_missing(a) && ci_is_missing(b));
}

/* Have two units the same scores wherever weights count? */
static bool
has_same_data(const CiBoundsTree *tree, const CiBoundsUnit *a, const CiBoundsUnit *b)
{
	for (int i = 0; i < tree->n_nodes; i++)
		for (int k = 0; k < tree->node[i].n; k++)
			if (!is_same(a->score[tree->node[i].term[k]], b->score[tree->node[i].term[k]]))
				return false;
	return true;
}

CiBoundsOrder
ci_bounds_order(const CiBounds *bounds, size_t a, size_t b, double *scratch)
{
	const CiBoundsUnit *x = &bounds->unit[a];
	const CiBoundsUnit *y = &bounds->unit[b];
	int			root = bounds->tree->n - 1;
	double		lead;

	if (x->score[root] == y->score[root] && has_same_data(bounds->tree, x, y))
		return CI_BOUNDS_LEVEL;
	lead = ci_bounds_least_lead(bounds->tree, x, y, scratch);
	return lead >= bounds->clear ? CI_BOUNDS_AHEAD :
		lead >= bounds->error ? CI_BOUNDS_NOT_BEHIND : CI_BOUNDS_OPEN;
}

void
ci_bounds_count(CiBoundsOrder order, CiBoundsTally *a, CiBoundsTally *b)
{
	if (order == CI_BOUNDS_OPEN)
		return;
	a->not_ahead++;
	b->not_behind++;
	if (order == CI_BOUNDS_LEVEL)
	{
		a->not_behind++;
		b->not_ahead++;
		a->level++;
		b->level++;
	}
	if (order == CI_BOUNDS_AHEAD)
	{
		a->behind++;
		b->ahead++;
		if (b->chain <= a->chain)
			b->chain = a->chain + 1;
	}
}

int32_t
ci_bounds_best(const CiBounds *bounds, const CiBoundsTally *tally)
{
	return bounds->ties->rank((size_t) tally->ahead, (size_t) tally->chain,
							  (size_t) (1 + tally->not_behind - tally->ahead));
}

int32_t
ci_bounds_worst(const CiBounds *bounds, const CiBoundsTally *tally)
{
	size_t		ahead = bounds->n - 1 - (size_t) tally->not_ahead;

	return bounds->ties->rank(ahead, ahead, (size_t) (1 + tally->not_ahead - tally->behind));
}

bool
ci_bounds_counts_groups(const CiTiesMethod *ties)
{
	return ties->rank(0, 1, 1) != ties->rank(0, 0, 1);
}

/*
 * Search
 *
 * Ranks claimed for a weight vector allow for errors, so that evaluation gives
 * at least them.
 */

#define ROUNDS 6				/* of going on from the best weights so far */
#define NEAREST 4				/* rivals to surpass one by one */
#define PLAYS 40				/* against the same rivals */
#define TRIALS 1000				/* of weights, and … */
#define STEPS 200000			/* … terms of rivals, after which a search
								 * ends; half of them are for playing */
#define STEPS_PER_CHECK 1000000

/* Where a search is: all arrays are scratch. */
typedef struct State
{
	const CiBounds *bounds;
	CiBoundsSearch *search;
	double	   *room;			/* for a tree */
	double	   *trial;			/* weights, by component */
	double	   *delta;			/* by component */
	double	   *score;			/* of rivals, by their place in the list */
	double	   *groups;
	double	   *times;			/* by rival: how often it was the hardest; -1:
								 * it is no longer targeted */
	double	   *mean;			/* weights, by component */
	double		own;			/* score of the unit */
	size_t		spent;			/* steps, of this budget */
	size_t		budget;
	size_t		unchecked;		/* since the last check */
	int32_t		rank;			/* best so far, at search->weight */
} State;

size_t
ci_bounds_search_room(const CiBounds *bounds)
{
	return ci_bounds_room(bounds->tree) + 3 * (size_t) bounds->tree->n + 7 * bounds->n;
}

static size_t
search_budget(const CiBounds *bounds, const CiBoundsSearch *search)
{
	size_t		budget = TRIALS * search->n_rivals * (size_t) bounds->tree->n;

	return budget < STEPS ? budget : STEPS;
}

static State
start_search(const CiBounds *bounds, CiBoundsSearch *search)
{
	double	   *room = search->scratch;
	double	   *trial = room + ci_bounds_room(bounds->tree);
	double	   *delta = trial + bounds->tree->n;
	double	   *mean = delta + bounds->tree->n;
	double	   *score = mean + bounds->tree->n;

	return (State)
	{
		.bounds = bounds, .search = search, .room = room, .trial = trial, .delta = delta,
			.mean = mean, .score = score, .times = score + bounds->n, .groups = score + 2 * bounds->n,
			.budget = search_budget(bounds, search), .rank = bounds->rank[search->unit]
	};
}

static void
take_steps(State *state, size_t steps)
{
	state->spent += steps;
	state->unchecked += steps;
	if (state->unchecked < STEPS_PER_CHECK)
		return;
	state->unchecked = 0;
	state->search->check();
}

static bool
surely_ahead(const CiBounds *bounds, double x, double y)
{
	double		error = bounds->error;

	return x - y >= bounds->clear ||
		(x - y > 2 * error && !ci_rank_same(x - error, y + error, bounds->decimals));
}

static bool
surely_not_behind(const CiBounds *bounds, double x, double y)
{
	double		error = bounds->error;

	return x - y >= error || (y - x < bounds->clear &&
							  ci_rank_same(x - error, y + error, bounds->decimals));
}

/* How many different rounded scores there are, at most (up) or at least. */
static size_t
count_groups(State *state, size_t n)
{
	const CiBounds *bounds = state->bounds;
	CiKeyed    *sorted = (CiKeyed *) (state->groups + bounds->n);
	size_t		groups = n > 0;
	double		last;

	ci_order_column(state->groups, n, sorted, sorted + n, state->search->check);
	last = n > 0 ? sorted[0].key : 0;
	for (size_t i = 1; i < n; i++)
	{
		if (state->search->up ? surely_not_behind(bounds, last, sorted[i].key) :
			!surely_ahead(bounds, sorted[i].key, last))
			continue;
		groups++;
		last = sorted[i].key;
	}
	return groups;
}

/* The rank at these weights: at most (up) or at least. */
static int32_t
rank_at(State *state, const double *weight)
{
	const CiBounds *bounds = state->bounds;
	CiBoundsSearch *search = state->search;
	bool		grouped = ci_bounds_counts_groups(bounds->ties);
	size_t		ahead = (size_t) search->ahead;
	size_t		size = 1 + (size_t) search->level;
	size_t		n_groups = 0;

	state->own = ci_bounds_score(bounds->tree, &bounds->unit[search->unit], weight, state->room);
	for (size_t i = 0; i < search->n_rivals; i++)
	{
		double		score = ci_bounds_score(bounds->tree, &bounds->unit[search->rival[i]], weight,
											state->room);
		bool		is_ahead = search->up ? !surely_not_behind(bounds, state->own, score) :
			surely_ahead(bounds, score, state->own);

		take_steps(state, (size_t) bounds->tree->n);
		state->score[i] = score;
		if (is_ahead)
		{
			ahead++;
			state->groups[n_groups++] = score;
		}
		else
			size += search->up ? !surely_ahead(bounds, state->own, score) :
				surely_not_behind(bounds, score, state->own);
	}
	return bounds->ties->rank(ahead, grouped ? count_groups(state, n_groups) : 0, size);
}

/* Keep the weights on trial if they are better; true if they are. */
static bool
try_weights(State *state)
{
	int32_t		rank = rank_at(state, state->trial);

	if (state->search->up ? rank >= state->rank : rank <= state->rank)
		return false;
	state->rank = rank;
	memcpy(state->search->weight, state->trial, (size_t) state->bounds->tree->n * sizeof(double));
	return true;
}

static bool
is_done(const State *state)
{
	return state->rank == state->search->goal;
}

/* Put on trial the weights that make the mean of delta least. */
static void
favour(State *state)
{
	const CiBoundsTree *tree = state->bounds->tree;
	Terms		terms = terms_in(tree, state->room);
	double	   *delta = state->delta;

	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];
		double		least = extreme_of_node(tree, node, delta, 1, &terms);

		for (int k = 0; k < node->n; k++)
			state->trial[node->term[k]] = delta[node->term[k]] < least ?
				tree->high[node->term[k]] : tree->low[node->term[k]];
		delta[node->component] = least;
	}
}

/* Add to delta what a rival is better in by (up), or worse. */
static void
add_rival(State *state, size_t rival, double share)
{
	const CiBoundsTree *tree = state->bounds->tree;
	const double *own = state->bounds->unit[state->search->unit].filled;
	const double *other = state->bounds->unit[state->search->rival[rival]].filled;
	double		sign = state->search->up ? share : -share;

	take_steps(state, (size_t) tree->n);
	for (int i = 0; i < tree->n_nodes; i++)
		for (int k = 0; k < tree->node[i].n; k++)
			state->delta[tree->node[i].term[k]] +=
				sign * (other[tree->node[i].term[k]] - own[tree->node[i].term[k]]);
}

static void
clear_delta(State *state)
{
	memset(state->delta, 0, (size_t) state->bounds->tree->n * sizeof(double));
}

/* Favour the unit against all rivals, those near it at the last trial the most. */
static void
favour_against_near(State *state, double width)
{
	clear_delta(state);
	for (size_t i = 0; i < state->search->n_rivals; i++)
	{
		double		way = width == 0 ? 0 : (state->score[i] - state->own) / width;

		add_rival(state, i, 1 / (1 + way * way));
	}
	favour(state);
}

static double
mean_distance(const State *state)
{
	double		sum = 0;

	for (size_t i = 0; i < state->search->n_rivals; i++)
		sum += fabs(state->score[i] - state->own) / (double) state->search->n_rivals;
	return sum;
}

/* Go from weights to those that favour the unit against who is near there. */
static void
descend(State *state)
{
	double		width = 0;

	for (int round = 0; round < ROUNDS && !is_done(state); round++)
	{
		favour_against_near(state, width);
		(void) try_weights(state);
		width = ldexp(mean_distance(state), -round);
	}
}

/* Favour the unit against single rivals: those next to it by rank. */
static void
surpass_nearest(State *state)
{
	CiBoundsSearch *search = state->search;
	size_t		next = 0;

	while (next < search->n_rivals && search->rival[next] < search->unit)
		next++;
	for (size_t i = 0; i < NEAREST && !is_done(state); i++)
	{
		size_t		rival = search->up ? next - 1 - i : next + i;

		if (rival >= search->n_rivals)
			break;
		clear_delta(state);
		add_rival(state, rival, 1);
		favour(state);
		(void) try_weights(state);
	}
}

/* The rival that is the furthest ahead at the last trial, of those still targeted. */
static size_t
hardest_rival(const State *state)
{
	size_t		hardest = state->search->n_rivals;
	double		most = -HUGE_VAL;

	for (size_t i = 0; i < state->search->n_rivals; i++)
	{
		double		lead = state->search->up ? state->score[i] - state->own : state->own - state->score[i];

		if (state->times[i] >= 0 && lead > most)
		{
			most = lead;
			hardest = i;
		}
	}
	return hardest;
}

/*
 * Fictitious play (Brown 1951) of weights against the rivals that are targeted: to the one that is
 * the hardest at the mean of all weights so far, weights answer that are the
 * best against all that were.  The mean comes near to weights that are the best against
 * all of them at once, which may be none of the extreme ones.
 */
static void
play(State *state)
{
	const CiBoundsTree *tree = state->bounds->tree;

	clear_delta(state);
	memcpy(state->mean, tree->weight, (size_t) tree->n * sizeof(double));
	memcpy(state->trial, tree->weight, (size_t) tree->n * sizeof(double));
	for (int round = 1; round <= PLAYS && !is_done(state) && state->spent < state->budget / 2; round++)
	{
		size_t		hardest;

		(void) try_weights(state);
		hardest = hardest_rival(state);
		state->times[hardest]++;
		add_rival(state, hardest, 1);
		favour(state);
		(void) try_weights(state);
		for (int c = 0; c < tree->n; c++)
		{
			state->mean[c] += (state->trial[c] - state->mean[c]) / round;
			state->mean[c] = fmin(fmax(state->mean[c], tree->low[c]), tree->high[c]);
			state->trial[c] = state->mean[c];
		}
	}
}

/* Play against all rivals, then without the one that was the hardest, and so on. */
static void
play_out(State *state)
{
	size_t		n = state->search->n_rivals;

	for (size_t i = 0; i < n; i++)
		state->times[i] = 0;
	for (size_t left = n; left > 0 && !is_done(state) && state->spent < state->budget / 2; left--)
	{
		size_t		hardest = n;

		play(state);
		for (size_t i = 0; i < n; i++)
			if (state->times[i] >= 0 && (hardest == n || state->times[i] > state->times[hardest]))
				hardest = i;
		for (size_t i = 0; i < n; i++)
			state->times[i] = i == hardest || state->times[i] < 0 ? -1 : 0;
	}
}

/* Change single weights of the best so far for as long as that helps. */
static void
flip(State *state)
{
	const CiBoundsTree *tree = state->bounds->tree;
	bool		better = true;

	while (better)
	{
		better = false;
		for (int i = 0; i < tree->n_nodes; i++)
			for (int k = 0; k < tree->node[i].n; k++)
			{
				int			c = tree->node[i].term[k];

				if (is_done(state) || state->spent >= state->budget / 2)
					return;
				memcpy(state->trial, state->search->weight, (size_t) tree->n * sizeof(double));
				state->trial[c] = state->trial[c] == tree->low[c] ? tree->high[c] : tree->low[c];
				better |= try_weights(state);
			}
	}
}

/* Numbers in [0, 1) that look like chance and are always the same: xorshift64*. */
static double
next_share(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return (double) ((*seed * UINT64_C(2685821657736338717)) >> 11) / 9007199254740992.0;
}

/*
 * Try weights from all over: in turn at the ends of intervals, anywhere in them,
 * and the best so far with one weight changed.
 */
static void
roam(State *state)
{
	const CiBoundsTree *tree = state->bounds->tree;
	uint64_t	seed = 88172645463325252;

	for (int round = 0; !is_done(state) && state->spent < state->budget; round++)
	{
		int			changed = (int) (next_share(&seed) * tree->n);

		for (int c = 0; c < tree->n; c++)
		{
			double		share = next_share(&seed);
			double		end = share < 0.5 ? tree->low[c] : tree->high[c];
			double		any = fmin(tree->low[c] + share * (tree->high[c] - tree->low[c]), tree->high[c]);

			state->trial[c] = round % 3 == 0 ? end : round % 3 == 1 || c == changed ? any :
				state->search->weight[c];
		}
		(void) try_weights(state);
	}
}

int32_t
ci_bounds_search(const CiBounds *bounds, CiBoundsSearch *search)
{
	State		state = start_search(bounds, search);

	memcpy(search->weight, bounds->tree->weight, (size_t) bounds->tree->n * sizeof(double));
	memcpy(state.trial, bounds->tree->weight, (size_t) bounds->tree->n * sizeof(double));
	if (search->n_rivals == 0 || is_done(&state))
		return state.rank;
	descend(&state);
	surpass_nearest(&state);
	flip(&state);
	play_out(&state);
	roam(&state);
	return state.rank;
}
