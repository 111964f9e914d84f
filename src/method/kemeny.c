/*
 * kemeny.c
 *	  The order of units that agrees best with all pairs: Condorcet, Kemeny,
 *	  Young and Levenglick (Young and Levenglick 1978; Handbook 6.13).
 *
 * An order's agreement is the sum, over all pairs, of the share of the weights
 * that is for the unit that comes first.  Units fall into blocks, each of which
 * beats every one after it: every best order keeps that order of blocks, so
 * each is searched on its own.  A block of up to MOST_EXACT units is solved by
 * going through its subsets, which also counts the best orders; a larger one by
 * moving units until no move of one improves on the order, which need not be
 * the best.
 *
 * The score is a unit's place, 1 for the first; of several best orders the mean
 * place.
 */
#include <string.h>

#include "outrank.h"

#define MOST_UNITS 2000			/* all pairs of them are kept */
#define MOST_EXACT 16

/* Agreements that differ by less are equal. */
#define WITHIN 1e-9

#define STEPS_PER_CHECK 65536

/*
 * The opponents, in an order that only their values decide: unit[i] is which of
 * the aggregation's units, margin[i * n + k] what share of the weights is for i
 * over k less what is against.
 */
typedef struct Tally
{
	CiAggregation *a;
	size_t		n;
	double	   *unit;
	double	   *margin;
	double	   *order;			/* numbers of units, the best first */
	double	   *place;			/* by number: its score */
	double	   *best;			/* by subset of a block */
	double	   *ways;
	double	   *ways_on;
} Tally;

static size_t
most_units(size_t n)
{
	return n < MOST_UNITS ? n : MOST_UNITS;
}

/* How many subsets the largest block has that is solved; more than units, too. */
static size_t
most_subsets(size_t n)
{
	return (size_t) 1 << (n < MOST_EXACT ? n : MOST_EXACT);
}

size_t
ci_scratch_kemeny(const CiAggregate *spec, int n_children, size_t n)
{
	size_t		m = most_units(n);

	(void) spec;
	(void) n_children;
	return 3 * m + m * m + 3 * most_subsets(n);
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
 * Small blocks: every subset, by the units that come first
 */

typedef struct Block
{
	int			n;
	double		margin[MOST_EXACT][MOST_EXACT];
} Block;

/* What it adds to have a unit after those of a subset. */
static double
gain_after(const Block *block, uint32_t subset, int unit)
{
	double		gain = 0;

	for (int i = 0; i < block->n; i++)
		if (subset >> i & 1)
			gain += block->margin[i][unit];
	return gain;
}

/* The best agreement within each subset, and in how many orders it is reached. */
static void
solve_subsets(const Tally *tally, const Block *block)
{
	tally->best[0] = 0;
	tally->ways[0] = 1;
	for (uint32_t subset = 1; subset >> block->n == 0; subset++)
	{
		double		with[MOST_EXACT];
		double		best = -HUGE_VAL;

		if (subset % STEPS_PER_CHECK == 0)
			tally->a->check();
		for (int i = 0; i < block->n; i++)
		{
			uint32_t	rest = subset & ~(UINT32_C(1) << i);

			if (rest == subset)
				continue;
			with[i] = tally->best[rest] + gain_after(block, rest, i);
			best = fmax(best, with[i]);
		}
		tally->best[subset] = best;
		tally->ways[subset] = 0;
		for (int i = 0; i < block->n; i++)
			if (subset >> i & 1 && with[i] >= best - WITHIN)
				tally->ways[subset] += tally->ways[subset & ~(UINT32_C(1) << i)];
	}
}

/*
 * From the whole back: in how many best orders a subset comes first, and at
 * which places its successors stand in them.  The numbers are whole and below
 * 2^53, so sums of them are exact.
 */
static void
place_successors(const Tally *tally, const Block *block, double *places)
{
	uint32_t	all = (UINT32_C(1) << block->n) - 1;

	tally->ways_on[all] = 1;
	for (uint32_t subset = all; subset-- > 0;)
	{
		int			place = 1;

		if (subset % STEPS_PER_CHECK == 0)
			tally->a->check();
		for (int i = 0; i < block->n; i++)
			place += subset >> i & 1;
		tally->ways_on[subset] = 0;
		for (int i = 0; i < block->n; i++)
		{
			uint32_t	with = subset | UINT32_C(1) << i;

			if (with == subset ||
				tally->best[subset] + gain_after(block, subset, i) < tally->best[with] - WITHIN)
				continue;
			tally->ways_on[subset] += tally->ways_on[with];
			places[i] += tally->ways[subset] * tally->ways_on[with] * place;
		}
	}
}

static void
solve_block(const Tally *tally, size_t start, size_t end)
{
	Block		block = {.n = (int) (end - start)};
	double		places[MOST_EXACT] = {0};
	const double *order = tally->order + start;
	double		ways;

	for (int i = 0; i < block.n; i++)
		for (int k = 0; k < block.n; k++)
			block.margin[i][k] = margin(tally, order[i], order[k]);
	solve_subsets(tally, &block);
	place_successors(tally, &block, places);
	ways = tally->ways[(UINT32_C(1) << block.n) - 1];
	for (int i = 0; i < block.n; i++)
		tally->place[(size_t) order[i]] = (double) start + places[i] / ways;
	tally->a->optima *= ways;
}

/*
 * Large blocks: local search
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

/* Give units with the same values, which stood together at first, the mean of their places. */
static void
level_equals(const Tally *tally, const double *first, size_t n)
{
	const double *unit = tally->unit;

	for (size_t start = 0, end; start < n; start = end)
	{
		double		sum = 0;

		for (end = start; end < n &&
			 compare_values(tally->a, (size_t) unit[(size_t) first[start]],
							(size_t) unit[(size_t) first[end]]) == 0; end++)
			sum += tally->place[(size_t) first[end]];
		for (size_t i = start; i < end; i++)
			tally->place[(size_t) first[i]] = sum / (double) (end - start);
	}
}

static void
search_block(const Tally *tally, size_t start, size_t end)
{
	double	   *first = tally->best;
	bool		moved = true;

	memcpy(first, tally->order + start, (end - start) * sizeof(double));
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
	level_equals(tally, first, end - start);
	tally->a->optima = 0;
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
		if (end - start <= MOST_EXACT)
			solve_block(tally, start, end);
		else
			search_block(tally, start, end);
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
	Tally		tally = {.a = a, .unit = room, .order = room + m, .place = room + 2 * m};

	a->limit = MOST_UNITS;
	a->optima = 1;
	if (ci_outrank_count_opponents(a) > a->limit)
		return CI_TOO_MANY;
	tally.best = room + 3 * m;
	tally.ways = tally.best + most_subsets(a->n);
	tally.ways_on = tally.ways + most_subsets(a->n);
	tally.margin = tally.ways_on + most_subsets(a->n);
	for (size_t i = 0; i < a->n; i++)
		if (ci_aggregation_counts(a, i) && ci_outrank_has_score(a, i))
			tally.unit[tally.n++] = (double) i;
	take_margins(&tally);
	start_order(&tally);
	place_opponents(&tally);
	for (size_t i = 0; i < a->n; i++)
		a->out[i] = ci_outrank_has_score(a, i) && !ci_aggregation_counts(a, i) && tally.n > 0 ?
			place_outside(&tally, i, tally.best) : CI_MISSING;
	for (size_t i = 0; i < tally.n; i++)
		a->out[(size_t) tally.unit[i]] = tally.place[i];
	return CI_OK;
}
