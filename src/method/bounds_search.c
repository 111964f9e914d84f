/*
 * method/bounds_search.c
 *	  Weights that bring a unit up, or down.
 *
 * Ranks claimed for a weight vector allow for errors, so that evaluation gives
 * at least them.
 */
#include <string.h>

#include "method/bounds_search.h"
#include "method/order.h"

#define ROUNDS 6				/* of going on from the best weights so far */
#define NEAREST 4				/* rivals to surpass one by one */
#define PLAYS 40				/* against the same rivals */
#define TRIALS 1000				/* of weights, and … */
#define STEPS 200000			/* … terms of rivals, after which a search
								 * ends; half of them are for playing */
#define STEPS_PER_CHECK 1000000

size_t
ci_bounds_search_room(const CiBounds *bounds)
{
	return ci_bounds_room(bounds->tree) + 3 * (size_t) bounds->tree->n + 7 * bounds->n +
		ci_bounds_branch_room(bounds);
}

static size_t
search_budget(const CiBounds *bounds, const CiBoundsSearch *search)
{
	size_t		budget = TRIALS * search->n_rivals * (size_t) bounds->tree->n;

	return budget < STEPS ? budget : STEPS;
}

static CiBoundsState
start_search(const CiBounds *bounds, CiBoundsSearch *search)
{
	double	   *room = search->scratch;
	double	   *trial = room + ci_bounds_room(bounds->tree);
	double	   *delta = trial + bounds->tree->n;
	double	   *mean = delta + bounds->tree->n;
	double	   *score = mean + bounds->tree->n;

	return (CiBoundsState)
	{
		.bounds = bounds, .search = search, .room = room, .trial = trial, .delta = delta,
			.mean = mean, .score = score, .times = score + bounds->n, .groups = score + 2 * bounds->n,
			.budget = search_budget(bounds, search), .rank = bounds->rank[search->unit]
	};
}

void
ci_bounds_take_steps(CiBoundsState *state, size_t steps)
{
	state->spent += steps;
	state->unchecked += steps;
	if (state->unchecked < STEPS_PER_CHECK)
		return;
	state->unchecked = 0;
	state->search->check();
}

/* How many different rounded scores there are, at most (up) or at least. */
static size_t
count_groups(CiBoundsState *state, size_t n)
{
	const CiBounds *bounds = state->bounds;
	CiKeyed    *sorted = (CiKeyed *) (state->groups + bounds->n);
	size_t		groups = n > 0;
	double		last;

	ci_order_column(state->groups, n, sorted, sorted + n, state->search->check);
	last = n > 0 ? sorted[0].key : 0;
	for (size_t i = 1; i < n; i++)
	{
		if (state->search->up ? ci_bounds_surely_not_behind(bounds, last, sorted[i].key) :
			!ci_bounds_surely_ahead(bounds, sorted[i].key, last))
			continue;
		groups++;
		last = sorted[i].key;
	}
	return groups;
}

/* The rank at these weights: at most (up) or at least. */
static int32_t
rank_at(CiBoundsState *state, const double *weight)
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
		bool		is_ahead = search->up ? !ci_bounds_surely_not_behind(bounds, state->own, score) :
			ci_bounds_surely_ahead(bounds, score, state->own);

		ci_bounds_take_steps(state, (size_t) bounds->tree->n);
		state->score[i] = score;
		if (is_ahead)
		{
			ahead++;
			state->groups[n_groups++] = score;
		}
		else
			size += search->up ? !ci_bounds_surely_ahead(bounds, state->own, score) :
				ci_bounds_surely_not_behind(bounds, score, state->own);
	}
	return bounds->ties->rank(ahead, grouped ? count_groups(state, n_groups) : 0, size);
}

bool
ci_bounds_try(CiBoundsState *state)
{
	int32_t		rank = rank_at(state, state->trial);

	if (!ci_bounds_is_better(state, rank))
		return false;
	state->rank = rank;
	memcpy(state->search->weight, state->trial, (size_t) state->bounds->tree->n * sizeof(double));
	return true;
}

void
ci_bounds_answer(CiBoundsState *state, const CiBoundsTree *tree)
{
	ci_bounds_favour(tree, state->delta, state->trial, state->room);
}

void
ci_bounds_add_rival(CiBoundsState *state, size_t rival, double share)
{
	const CiBoundsTree *tree = state->bounds->tree;
	const double *own = state->bounds->unit[state->search->unit].filled;
	const double *other = state->bounds->unit[state->search->rival[rival]].filled;
	double		sign = state->search->up ? share : -share;

	ci_bounds_take_steps(state, (size_t) tree->n);
	for (int i = 0; i < tree->n_nodes; i++)
		for (int k = 0; k < tree->node[i].n; k++)
			state->delta[tree->node[i].term[k]] +=
				sign * (other[tree->node[i].term[k]] - own[tree->node[i].term[k]]);
}

void
ci_bounds_clear_delta(CiBoundsState *state)
{
	memset(state->delta, 0, (size_t) state->bounds->tree->n * sizeof(double));
}

/* Favour the unit against all rivals, those near it at the last trial the most. */
static void
favour_against_near(CiBoundsState *state, double width)
{
	ci_bounds_clear_delta(state);
	for (size_t i = 0; i < state->search->n_rivals; i++)
	{
		double		way = width == 0 ? 0 : (state->score[i] - state->own) / width;

		ci_bounds_add_rival(state, i, 1 / (1 + way * way));
	}
	ci_bounds_answer(state, state->bounds->tree);
}

static double
mean_distance(const CiBoundsState *state)
{
	double		sum = 0;

	for (size_t i = 0; i < state->search->n_rivals; i++)
		sum += fabs(state->score[i] - state->own) / (double) state->search->n_rivals;
	return sum;
}

/* Go from weights to those that favour the unit against who is near there. */
static void
descend(CiBoundsState *state)
{
	double		width = 0;

	for (int round = 0; round < ROUNDS && !ci_bounds_is_done(state); round++)
	{
		favour_against_near(state, width);
		(void) ci_bounds_try(state);
		width = ldexp(mean_distance(state), -round);
	}
}

/* Favour the unit against single rivals: those next to it by rank. */
static void
surpass_nearest(CiBoundsState *state)
{
	CiBoundsSearch *search = state->search;
	size_t		next = 0;

	while (next < search->n_rivals && search->rival[next] < search->unit)
		next++;
	for (size_t i = 0; i < NEAREST && !ci_bounds_is_done(state); i++)
	{
		size_t		rival = search->up ? next - 1 - i : next + i;

		if (rival >= search->n_rivals)
			break;
		ci_bounds_clear_delta(state);
		ci_bounds_add_rival(state, rival, 1);
		ci_bounds_answer(state, state->bounds->tree);
		(void) ci_bounds_try(state);
	}
}

/* The rival that is the furthest ahead at the last trial, of those still targeted. */
static size_t
hardest_rival(const CiBoundsState *state)
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
play(CiBoundsState *state)
{
	const CiBoundsTree *tree = state->bounds->tree;

	ci_bounds_clear_delta(state);
	memcpy(state->mean, tree->weight, (size_t) tree->n * sizeof(double));
	memcpy(state->trial, tree->weight, (size_t) tree->n * sizeof(double));
	for (int round = 1; round <= PLAYS && !ci_bounds_is_done(state) && state->spent < state->budget / 2; round++)
	{
		size_t		hardest;

		(void) ci_bounds_try(state);
		hardest = hardest_rival(state);
		state->times[hardest]++;
		ci_bounds_add_rival(state, hardest, 1);
		ci_bounds_answer(state, state->bounds->tree);
		(void) ci_bounds_try(state);
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
play_out(CiBoundsState *state)
{
	size_t		n = state->search->n_rivals;

	for (size_t i = 0; i < n; i++)
		state->times[i] = 0;
	for (size_t left = n; left > 0 && !ci_bounds_is_done(state) && state->spent < state->budget / 2; left--)
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
flip(CiBoundsState *state)
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

				if (ci_bounds_is_done(state) || state->spent >= state->budget / 2)
					return;
				memcpy(state->trial, state->search->weight, (size_t) tree->n * sizeof(double));
				state->trial[c] = state->trial[c] == tree->low[c] ? tree->high[c] : tree->low[c];
				better |= ci_bounds_try(state);
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
roam(CiBoundsState *state)
{
	const CiBoundsTree *tree = state->bounds->tree;
	uint64_t	seed = 88172645463325252;

	for (int round = 0; !ci_bounds_is_done(state) && state->spent < state->budget; round++)
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
		(void) ci_bounds_try(state);
	}
}

int32_t
ci_bounds_search(const CiBounds *bounds, CiBoundsSearch *search)
{
	CiBoundsState state = start_search(bounds, search);

	memcpy(search->weight, bounds->tree->weight, (size_t) bounds->tree->n * sizeof(double));
	memcpy(state.trial, bounds->tree->weight, (size_t) bounds->tree->n * sizeof(double));
	if (search->n_rivals == 0 || ci_bounds_is_done(&state))
		return state.rank;
	descend(&state);
	surpass_nearest(&state);
	flip(&state);
	play_out(&state);
	roam(&state);
	ci_bounds_branch(&state, search->scratch + ci_bounds_search_room(bounds) -
					 ci_bounds_branch_room(bounds));
	ci_bounds_exact(&state);
	return state.rank;
}
