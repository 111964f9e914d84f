/*
 * method/kemeny.c
 *	  The order of units that agrees best with all pairs: Condorcet, Kemeny,
 *	  Young and Levenglick (Young and Levenglick 1978; Handbook 6.13).
 *
 * An order's agreement is the sum, over all pairs, of the share of the weights
 * that is for the unit that comes first.  Units fall into blocks, each of which
 * beats every one after it: every best order keeps that order of blocks, so
 * each is searched on its own.  First units are moved one by one until that
 * improves no more; then all orders are sought that are as good, by the sets of
 * units that may come first.  Where these sets are too many, the order found may
 * not be the best.
 *
 * The score is a unit's place, 1 for the first; of several best orders the mean
 * place.
 */
#include <string.h>

#include "method/outrank.h"

#define MOST_UNITS 2000			/* all pairs of them are kept */
#define MOST_SOLVED 64			/* units of a block: the bits of a set */
#define MOST_SETS ((size_t) 1 << 17)
#define MOST_CYCLES (MOST_SOLVED * (MOST_SOLVED - 1) / 2)

/* Agreements that differ by less are equal. */
#define WITHIN 1e-9

#define STEPS_PER_CHECK 256

/*
 * The opponents, in an order that only their values decide: unit[i] is which of
 * the aggregation's units, margin[i * n + k] what share of the weights is for i
 * over k less what is against.  Numbers are doubles to fit into scratch.
 */
typedef struct Tally
{
	CiAggregation *a;
	size_t		n;
	double	   *unit;
	double	   *margin;
	double	   *order;			/* numbers of units, the best first */
	double	   *start;			/* the order to start from; room for n + 1 */
	double	   *place;			/* by number: its score */
	double	   *sets;			/* room for Sets */
} Tally;

static size_t
most_units(size_t n)
{
	return n < MOST_UNITS ? n : MOST_UNITS;
}

static size_t
most_sets(size_t n)
{
	return n < 17 ? (size_t) 1 << n : MOST_SETS;
}

#define DOUBLES_PER_SET 6

size_t
ci_scratch_kemeny(const CiAggregate *spec, int n_children, size_t n)
{
	size_t		m = most_units(n);

	(void) spec;
	(void) n_children;
	return 4 * m + 1 + m * m + DOUBLES_PER_SET * most_sets(n);
}

static double
margin_of(const CiAggregation *a, size_t x, size_t y)
{
	double		factor = ci_aggregate_weight_factor(a->weight, a->n_children);
	double		better = 0;
	double		worse = 0;
	double		common = 0;

	for (int j = 0; j < a->n_children; j++)
	{
		double		weight = a->weight[j] * factor;
		double		d = a->direction[j] * (a->child[j][x] > a->child[j][y]) -
			a->direction[j] * (a->child[j][x] < a->child[j][y]);

		if (ci_is_missing(a->child[j][x]) || ci_is_missing(a->child[j][y]))
			continue;
		better += d > 0 ? weight : 0;
		worse += d < 0 ? weight : 0;
		common += weight;
	}
	return ci_outrank_majority(better, worse) == 0 ? 0 : (better - worse) / common;
}

static double
margin(const Tally *tally, double x, double y)
{
	return tally->margin[(size_t) x * tally->n + (size_t) y];
}

static void
take_margins(Tally *tally)
{
	for (size_t i = 0; i < tally->n; i++)
	{
		tally->a->check();
		tally->margin[i * tally->n + i] = 0;
		for (size_t k = i + 1; k < tally->n; k++)
		{
			double		m = margin_of(tally->a, (size_t) tally->unit[i], (size_t) tally->unit[k]);

			tally->margin[i * tally->n + k] = m;
			tally->margin[k * tally->n + i] = -m;
		}
	}
}

/*
 * The order to start from: Copeland's, which has the blocks one after the other,
 * then by values, so that neither rows nor labels of units decide.
 */

static double
turned(const CiAggregation *a, int j, size_t unit)
{
	double		x = a->child[j][unit];

	return ci_is_missing(x) ? -HUGE_VAL : a->direction[j] * x;
}

/* Below 0 if x has the greater values, 0 if both have the same. */
static int
compare_values(const CiAggregation *a, size_t x, size_t y)
{
	for (int j = 0; j < a->n_children; j++)
	{
		double		d = a->weight[j] > 0 ? turned(a, j, x) : 0;
		double		e = a->weight[j] > 0 ? turned(a, j, y) : 0;

		if (d != e)
			return d > e ? -1 : 1;
	}
	return 0;
}

static int
compare_numbers(const Tally *tally, const double *wins, double x, double y)
{
	double		d = wins[(size_t) x] - wins[(size_t) y];

	return d != 0 ? (d > 0 ? -1 : 1) :
		compare_values(tally->a, (size_t) tally->unit[(size_t) x], (size_t) tally->unit[(size_t) y]);
}

static void
start_order(Tally *tally)
{
	double	   *wins = tally->place;	/* filled later */

	for (size_t i = 0; i < tally->n; i++)
	{
		wins[i] = 0;
		for (size_t k = 0; k < tally->n; k++)
		{
			double		m = tally->margin[i * tally->n + k];

			wins[i] += (m > 0) - (m < 0);
		}
	}
	for (size_t i = 0; i < tally->n; i++)
	{
		size_t		at = i;

		tally->a->check();
		for (; at > 0 && compare_numbers(tally, wins, (double) i, tally->order[at - 1]) < 0; at--)
			tally->order[at] = tally->order[at - 1];
		tally->order[at] = (double) i;
	}
	memcpy(tally->start, tally->order, tally->n * sizeof(double));
}

/* The end of the block that starts here: all in it beat the unit there and all after it. */
static size_t
end_of_block(const Tally *tally, size_t start)
{
	size_t		end = start + 1;

	for (size_t i = start; i < end; i++)
		for (size_t k = tally->n - 1; k >= end; k--)
			if (margin(tally, tally->order[i], tally->order[k]) <= 0)
			{
				end = k + 1;
				break;
			}
	return end;
}

/*
 * A good order: local search
 */

/* Move the unit at one place of the order to another. */
static void
move(double *order, size_t from, size_t to)
{
	double		moved = order[from];

	for (; from > to; from--)
		order[from] = order[from - 1];
	for (; from < to; from++)
		order[from] = order[from + 1];
	order[to] = moved;
}

/* The place within the block that suits the unit at one best; the nearest of several. */
static size_t
best_place(const Tally *tally, size_t at, size_t start, size_t end)
{
	const double *order = tally->order;
	double		best_gain = WITHIN;
	double		gain = 0;
	size_t		best = at;

	for (size_t to = at; to-- > start;)
	{
		gain += margin(tally, order[at], order[to]);
		if (gain > best_gain)
		{
			best_gain = gain;
			best = to;
		}
	}
	gain = 0;
	for (size_t to = at + 1; to < end; to++)
	{
		gain += margin(tally, order[to], order[at]);
		if (gain > best_gain)
		{
			best_gain = gain;
			best = to;
		}
	}
	return best;
}

/* Give units with the same values, which stand together at the start, the mean of their places. */
static void
level_equals(const Tally *tally, size_t start, size_t end)
{
	const double *unit = tally->unit;
	const double *first = tally->start;

	for (size_t next; start < end; start = next)
	{
		double		sum = 0;

		for (next = start; next < end &&
			 compare_values(tally->a, (size_t) unit[(size_t) first[start]],
							(size_t) unit[(size_t) first[next]]) == 0; next++)
			sum += tally->place[(size_t) first[next]];
		for (size_t i = start; i < next; i++)
			tally->place[(size_t) first[i]] = sum / (double) (next - start);
	}
}

static void
search_block(const Tally *tally, size_t start, size_t end)
{
	bool		moved = true;

	while (moved)
	{
		moved = false;
		for (size_t at = start; at < end; at++)
		{
			size_t		to = best_place(tally, at, start, end);

			tally->a->check();
			if (to != at)
				move(tally->order, at, to);
			moved |= to != at;
		}
	}
	for (size_t at = start; at < end; at++)
		tally->place[(size_t) tally->order[at]] = (double) at + 1;
}

/*
 * The best orders of a block: sets of units that may come first
 */

/* Cyclic triples whose edges are shared out: each costs any order its weight. */
typedef struct Cycles
{
	int			n;
	uint8_t		unit[MOST_CYCLES][3];
	double		weight[MOST_CYCLES];
} Cycles;

typedef struct Block
{
	int			n;
	double		loss[MOST_SOLVED][MOST_SOLVED]; /* by which i beats k, or 0 */
	double		most;			/* what the order found loses, and a little */
	Cycles		cycles;
} Block;

/*
 * Sets that may come first in a best order, those of fewer units before.  table
 * finds them by their units.
 */
typedef struct Sets
{
	size_t		n;
	size_t		most;
	double	   *units;			/* the bits of a uint64_t */
	double	   *loss;			/* the least, of pairs with one unit in it */
	double	   *ways;			/* orders up to it that lose no more */
	double	   *ways_on;		/* best orders from it on */
	double	   *table;			/* 2 * most; a set's number + 1, or 0 */
} Sets;

static uint64_t
units_of(const Sets *sets, size_t i)
{
	uint64_t	units;

	memcpy(&units, &sets->units[i], sizeof(units));
	return units;
}

/* Where the set stands, or would stand, in the table. */
static double *
find_set(const Sets *sets, uint64_t units)
{
	size_t		size = 2 * sets->most;
	size_t		at = (size_t) ((units * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % size;

	while (sets->table[at] != 0 && units_of(sets, (size_t) sets->table[at] - 1) != units)
		at = (at + 1) % size;
	return &sets->table[at];
}

/* Add a set, or what it loses by another way to it; false if there are too many. */
static bool
reach_set(Sets *sets, uint64_t units, double loss)
{
	double	   *found = find_set(sets, units);

	if (*found != 0)
	{
		double	   *least = &sets->loss[(size_t) *found - 1];

		*least = fmin(*least, loss);
		return true;
	}
	if (sets->n == sets->most)
		return false;
	memcpy(&sets->units[sets->n], &units, sizeof(units));
	sets->loss[sets->n] = loss;
	*found = (double) ++sets->n;
	return true;
}

static Sets
start_sets(const Tally *tally, int n)
{
	size_t		most = most_sets((size_t) n);
	double	   *room = tally->sets;
	Sets		sets = {0, most, room, room + most, room + 2 * most, room + 3 * most, room + 4 * most};

	memset(sets.ways, 0, 2 * most * sizeof(double));
	for (size_t i = 0; i < 2 * most; i++)
		sets.table[i] = 0;
	return sets;
}

/* What it loses that a unit comes before the rest. */
static double
loss_before(const Block *block, int unit, uint64_t rest)
{
	double		loss = 0;

	for (int i = 0; i < block->n; i++)
		if (rest >> i & 1)
			loss += block->loss[i][unit];
	return loss;
}

/* Find cycles, each taking its weight away from its edges. */
static void
find_cycles(Block *block)
{
	static const int turns[2][3] = {{0, 1, 2}, {0, 2, 1}};
	double		left[MOST_SOLVED][MOST_SOLVED];
	Cycles	   *cycles = &block->cycles;

	memcpy(left, block->loss, sizeof(left));
	for (int i = 0; i < block->n; i++)
		for (int k = i + 1; k < block->n; k++)
			for (int l = k + 1; l < block->n; l++)
				for (int turn = 0; turn < 2; turn++)
				{
					int			unit[3] = {i, k, l};
					double	   *x = &left[unit[turns[turn][0]]][unit[turns[turn][1]]];
					double	   *y = &left[unit[turns[turn][1]]][unit[turns[turn][2]]];
					double	   *z = &left[unit[turns[turn][2]]][unit[turns[turn][0]]];
					double		weight = fmin(*x, fmin(*y, *z));

					if (weight <= WITHIN || cycles->n == MOST_CYCLES)
						continue;
					*x -= weight;
					*y -= weight;
					*z -= weight;
					for (int u = 0; u < 3; u++)
						cycles->unit[cycles->n][u] = (uint8_t) unit[u];
					cycles->weight[cycles->n++] = weight;
				}
}

/*
 * What any order of the rest loses at least, once one of its units is taken
 * away: by unit.
 */
static void
bound_without(const Block *block, uint64_t rest, double *bound)
{
	const Cycles *cycles = &block->cycles;
	double		all = 0;

	for (int i = 0; i < block->n; i++)
		bound[i] = 0;
	for (int c = 0; c < cycles->n; c++)
	{
		const uint8_t *unit = cycles->unit[c];

		if ((rest >> unit[0] & rest >> unit[1] & rest >> unit[2] & 1) == 0)
			continue;
		all += cycles->weight[c];
		for (int u = 0; u < 3; u++)
			bound[unit[u]] -= cycles->weight[c];
	}
	for (int i = 0; i < block->n; i++)
		bound[i] += all;
}

static uint64_t
all_units(const Block *block)
{
	return block->n == MOST_SOLVED ? ~UINT64_C(0) : (UINT64_C(1) << block->n) - 1;
}

/* Reach all sets that may come first; false if they are too many. */
static bool
reach_sets(const Tally *tally, const Block *block, Sets *sets)
{
	double		bound[MOST_SOLVED];

	(void) reach_set(sets, 0, 0);
	for (size_t i = 0; i < sets->n; i++)
	{
		uint64_t	units = units_of(sets, i);
		uint64_t	rest = all_units(block) & ~units;

		if (i % STEPS_PER_CHECK == 0)
			tally->a->check();
		bound_without(block, rest, bound);
		for (int k = 0; k < block->n; k++)
		{
			uint64_t	bit = UINT64_C(1) << k;
			double		loss;

			if ((rest & bit) == 0)
				continue;
			loss = sets->loss[i] + loss_before(block, k, rest & ~bit);
			if (loss + bound[k] <= block->most && !reach_set(sets, units | bit, loss))
				return false;
		}
	}
	return true;
}

/* The number of the set with one more unit, if no way to it loses less; else -1. */
static ptrdiff_t
next_set(const Block *block, const Sets *sets, size_t i, int unit)
{
	uint64_t	units = units_of(sets, i);
	uint64_t	bit = UINT64_C(1) << unit;
	uint64_t	rest = all_units(block) & ~units & ~bit;
	double		found = units & bit ? 0 : *find_set(sets, units | bit);

	if (found == 0 ||
		sets->loss[i] + loss_before(block, unit, rest) > sets->loss[(size_t) found - 1] + WITHIN)
		return -1;
	return (ptrdiff_t) found - 1;
}

/*
 * Count the best orders through each set, and sum up the places that units have
 * in them.
 */
static void
count_orders(const Tally *tally, const Block *block, const Sets *sets, double *places)
{
	sets->ways[0] = 1;
	for (size_t i = 0; i < sets->n; i++)
	{
		if (i % STEPS_PER_CHECK == 0)
			tally->a->check();
		for (int k = 0; k < block->n; k++)
		{
			ptrdiff_t	next = next_set(block, sets, i, k);

			if (next >= 0)
				sets->ways[next] += sets->ways[i];
		}
	}
	sets->ways_on[sets->n - 1] = 1;
	for (size_t i = sets->n - 1; i-- > 0;)
	{
		int			place = 1;

		if (i % STEPS_PER_CHECK == 0)
			tally->a->check();
		for (int k = 0; k < block->n; k++)
			place += units_of(sets, i) >> k & 1;
		for (int k = 0; k < block->n; k++)
		{
			ptrdiff_t	next = next_set(block, sets, i, k);

			if (next < 0)
				continue;
			sets->ways_on[i] += sets->ways_on[next];
			places[k] += sets->ways[i] * sets->ways_on[next] * place;
		}
	}
}

/* What the order found loses: the margins of those that come later and beat. */
static double
loss_of_order(const Tally *tally, size_t start, size_t end)
{
	double		loss = 0;

	for (size_t i = start; i < end; i++)
		for (size_t k = i + 1; k < end; k++)
			loss += fmax(0, margin(tally, tally->order[k], tally->order[i]));
	return loss;
}

/* Units are numbered in the order to start from; false if there is no proof. */
static bool
solve_block(const Tally *tally, size_t start, size_t end)
{
	const double *unit = tally->start + start;
	Block		block;
	Sets		sets;
	double		places[MOST_SOLVED] = {0};
	double		ways;

	if (end - start > MOST_SOLVED)
		return false;
	block.n = (int) (end - start);
	block.cycles.n = 0;
	for (int i = 0; i < block.n; i++)
		for (int k = 0; k < block.n; k++)
			block.loss[i][k] = fmax(0, margin(tally, unit[i], unit[k]));
	block.most = loss_of_order(tally, start, end) + WITHIN;
	find_cycles(&block);
	sets = start_sets(tally, block.n);
	if (!reach_sets(tally, &block, &sets))
		return false;
	count_orders(tally, &block, &sets, places);
	ways = sets.ways[sets.n - 1];
	for (int i = 0; i < block.n; i++)
		tally->place[(size_t) unit[i]] = (double) start + places[i] / ways;
	tally->a->optima *= ways;
	return true;
}

/*
 * All blocks, and those outside
 */

static void
sort_by_place(const Tally *tally, size_t start, size_t end)
{
	for (size_t i = start + 1; i < end; i++)
	{
		double		moved = tally->order[i];
		size_t		at = i;

		for (; at > start && tally->place[(size_t) tally->order[at - 1]] > tally->place[(size_t) moved]; at--)
			tally->order[at] = tally->order[at - 1];
		tally->order[at] = moved;
	}
}

static void
place_opponents(const Tally *tally)
{
	for (size_t start = 0, end; start < tally->n; start = end)
	{
		tally->a->check();
		end = end_of_block(tally, start);
		search_block(tally, start, end);
		if (!solve_block(tally, start, end))
			tally->a->optima = 0;
		level_equals(tally, start, end);
		sort_by_place(tally, start, end);
	}
	tally->a->optima = fmin(tally->a->optima, 1e300);
}

/* Do the units before and after this place of the order share theirs? */
static bool
parts_equals(const Tally *tally, size_t at)
{
	return at > 0 && at < tally->n &&
		tally->place[(size_t) tally->order[at - 1]] == tally->place[(size_t) tally->order[at]];
}

/*
 * The place that a unit outside would take among the others, whose order stays:
 * the one that agrees best, or the mean of several.  Others at the same place
 * are not parted.  agreement has room for n + 1.
 */
static double
place_outside(const Tally *tally, size_t unit, double *agreement)
{
	double		best = 0;
	double		sum = 0;
	double		several = 0;

	agreement[0] = 0;
	for (size_t i = 0; i < tally->n; i++)
	{
		size_t		other = (size_t) tally->unit[(size_t) tally->order[i]];

		agreement[i + 1] = agreement[i] + margin_of(tally->a, other, unit);
		if (!parts_equals(tally, i + 1))
			best = fmax(best, agreement[i + 1]);
	}
	for (size_t at = 0; at <= tally->n; at++)
	{
		if (parts_equals(tally, at) || agreement[at] < best - WITHIN)
			continue;
		sum += (double) at + 1;
		several++;
	}
	return sum / several;
}

CiStatus
ci_aggregate_kemeny(CiAggregation *a)
{
	size_t		m = most_units(a->n);
	double	   *room = a->scratch;
	Tally		tally = {
		a, 0, room, room + 4 * m + 1, room + m, room + 2 * m, room + 3 * m + 1, room + 4 * m + 1 + m * m
	};

	a->limit = MOST_UNITS;
	a->optima = 1;
	if (ci_outrank_count_opponents(a) > a->limit)
		return CI_TOO_MANY;
	for (size_t i = 0; i < a->n; i++)
		if (ci_aggregation_counts(a, i) && ci_outrank_has_score(a, i))
			tally.unit[tally.n++] = (double) i;
	take_margins(&tally);
	start_order(&tally);
	place_opponents(&tally);
	for (size_t i = 0; i < a->n; i++)
		a->out[i] = ci_outrank_has_score(a, i) && !ci_aggregation_counts(a, i) && tally.n > 0 ?
			place_outside(&tally, i, tally.start) : CI_MISSING;
	for (size_t i = 0; i < tally.n; i++)
		a->out[(size_t) tally.unit[i]] = tally.place[i];
	return CI_OK;
}
