/*
 * method/compare.c
 *	  Coefficients of two rankings, and Pareto dominance.
 *
 * Sums are exact or of integers, so that no coefficient depends on the order of
 * the units.
 */
#include <string.h>

#include "method/compare.h"
#include "method/stats.h"

static void
rank_ties(const uint32_t *order, size_t n, const double *key, bool mean,
		  void (*check) (void), double *rank)
{
	for (size_t first = 0, next; first < n; first = next)
	{
		double		shared = (double) (first + 1);

		for (next = first + 1; next < n && key[order[next]] == key[order[first]]; next++);
		if (mean)
			shared += (double) (next - first - 1) / 2;
		for (size_t i = first; i < next; i++)
		{
			rank[order[i]] = shared;
			ci_check_at(check, i);
		}
	}
}

void
ci_mean_ranks(const uint32_t *order, size_t n, const double *key, void (*check) (void),
			  double *rank)
{
	rank_ties(order, n, key, true, check, rank);
}

void
ci_first_ranks(const uint32_t *order, size_t n, const double *key, void (*check) (void),
			   double *rank)
{
	rank_ties(order, n, key, false, check, rank);
}

/* Pearson's correlation of ranks, whose mean is known: every term is exact. */
double
ci_spearman(const CiRankings *rankings)
{
	double		centre = ((double) rankings->n + 1) / 2;
	CiSum		xx,
				yy,
				xy;
	double		spread;

	ci_sum_start(&xx);
	ci_sum_start(&yy);
	ci_sum_start(&xy);
	for (size_t i = 0; i < rankings->n; i++)
	{
		double		dx = rankings->x[i] - centre;
		double		dy = rankings->y[i] - centre;

		ci_sum_add(&xx, dx * dx);
		ci_sum_add(&yy, dy * dy);
		ci_sum_add(&xy, dx * dy);
		ci_check_at(rankings->check, i);
	}
	spread = sqrt(ci_sum_result(&xx) * ci_sum_result(&yy));
	return spread == 0 ? CI_MISSING : ci_sum_result(&xy) / spread;
}

/* Pinto da Costa and Soares (2005): a difference counts by how near the top it is. */
double
ci_weighted_spearman(const CiRankings *rankings)
{
	double		n = (double) rankings->n;
	CiSum		sum;

	if (rankings->n < 2)
		return CI_MISSING;
	ci_sum_start(&sum);
	for (size_t i = 0; i < rankings->n; i++)
	{
		double		x = rankings->x[i];
		double		y = rankings->y[i];

		ci_sum_add(&sum, (x - y) * (x - y) * ((n - x + 1) + (n - y + 1)));
		ci_check_at(rankings->check, i);
	}
	return 1 - 6 * ci_sum_result(&sum) / (n * (n + 1) * (n + 1) * (n - 1));
}

/* 2^-x of a rank, which is a multiple of 1/2. */
static double
half_to(double x)
{
	double		whole = floor(x);

	return ldexp(x == whole ? 1 : 0.70710678118654752440, whole < 2000 ? -(int) whole : -2000);
}

/* Salabun and Urbaniak (2020). */
double
ci_ws(const CiRankings *rankings)
{
	double		n = (double) rankings->n;
	CiSum		sum;

	if (rankings->n < 2)
		return CI_MISSING;
	ci_sum_start(&sum);
	for (size_t i = 0; i < rankings->n; i++)
	{
		double		x = rankings->x[i];

		ci_sum_add(&sum, half_to(x) * fabs(x - rankings->y[i]) / fmax(x - 1, n - x));
		ci_check_at(rankings->check, i);
	}
	return 1 - ci_sum_result(&sum);
}

double
ci_mean_rank_shift(const CiRankings *rankings)
{
	CiSum		sum;

	ci_sum_start(&sum);
	for (size_t i = 0; i < rankings->n; i++)
	{
		ci_sum_add(&sum, fabs(rankings->x[i] - rankings->y[i]));
		ci_check_at(rankings->check, i);
	}
	return ci_sum_result(&sum) / (double) rankings->n;
}

/*
 * Kendall's tau-b
 */

static double
pairs_of(size_t n)
{
	return (double) n / 2 * ((double) n - 1);
}

/* How many pairs are tied in x, and in y as well unless that is NULL. */
static double
tied_pairs(const double *x, const double *y, size_t n)
{
	double		tied = 0;

	for (size_t first = 0, next; first < n; first = next)
	{
		for (next = first + 1; next < n && x[next] == x[first] &&
			 (y == NULL || y[next] == y[first]); next++);
		tied += pairs_of(next - first);
	}
	return tied;
}

/* Merge from[a..b) and from[b..c); how many pairs come in another order by that. */
static double
merge_runs(const double *from, double *to, size_t a, size_t b, size_t c,
		   void (*check) (void))
{
	size_t		left = a;
	size_t		right = b;
	double		exchanges = 0;

	for (size_t i = a; i < c; i++)
	{
		if (right < c && (left == b || from[right] < from[left]))
		{
			exchanges += (double) (b - left);
			to[i] = from[right++];
		}
		else
			to[i] = from[left++];
		ci_check_at(check, i);
	}
	return exchanges;
}

/* Sort x, which *sorted is then, or the scratch; how many pairs were in descending order. */
static double
sort_exchanges(double *x, size_t n, double *scratch, void (*check) (void), double **sorted)
{
	double		exchanges = 0;

	for (size_t run = 1; run < n; run *= 2)
	{
		double	   *swap = x;

		for (size_t a = 0; a < n; a += 2 * run)
		{
			size_t		b = a + run < n ? a + run : n;
			size_t		c = a + 2 * run < n ? a + 2 * run : n;

			exchanges += merge_runs(x, scratch, a, b, c, check);
		}
		x = scratch;
		scratch = swap;
	}
	*sorted = x;
	return exchanges;
}

/* By Knight's algorithm (1966): discordant pairs are exchanges of a sort by y. */
double
ci_kendall_tau(const CiRankings *rankings, double *scratch, double *scratch2)
{
	size_t		n = rankings->n;
	double		pairs = pairs_of(n);
	double		tied_x = tied_pairs(rankings->x, NULL, n);
	double		tied_both = tied_pairs(rankings->x, rankings->y, n);
	double	   *sorted;
	double		discordant;
	double		tied_y;

	if (n == 0)
		return CI_MISSING;
	memcpy(scratch, rankings->y, n * sizeof(double));
	discordant = sort_exchanges(scratch, n, scratch2, rankings->check, &sorted);
	tied_y = tied_pairs(sorted, NULL, n);
	if (tied_x == pairs || tied_y == pairs)
		return CI_MISSING;
	return (pairs - tied_x - tied_y + tied_both - 2 * discordant) /
		sqrt((pairs - tied_x) * (pairs - tied_y));
}

/*
 * Reversals: how many units with a rank up to r have been added so far is kept in a
 * binary indexed tree (Fenwick 1994), tree[r - 1] for those from r less its lowest bit.
 */
static void
tree_add(uint32_t *tree, size_t n, size_t rank)
{
	for (; rank <= n; rank += rank & (0 - rank))
		tree[rank - 1]++;
}

static uint32_t
tree_count(const uint32_t *tree, size_t rank)
{
	uint32_t	count = 0;

	for (; rank > 0; rank -= rank & (0 - rank))
		count += tree[rank - 1];
	return count;
}

/* The unit in a place of the order, counted from its front or its back. */
static uint32_t
unit_at(const CiReordering *r, size_t place, bool from_back)
{
	return r->order[from_back ? r->n_ordered - 1 - place : place];
}

/*
 * Add to the reversals of each unit those with the units ahead of it before, that are
 * behind it after; from the back, those with the units behind it.
 */
static void
count_reversals(const CiReordering *r, bool from_back, uint32_t *tree, uint32_t *reversals)
{
	uint32_t	added = 0;

	memset(tree, 0, r->n * sizeof(uint32_t));
	for (size_t first = 0, end; first < r->n_ordered; first = end)
	{
		int32_t		before = r->before[unit_at(r, first, from_back)];

		for (end = first; end < r->n_ordered && r->before[unit_at(r, end, from_back)] == before; end++)
		{
			uint32_t	unit = unit_at(r, end, from_back);
			size_t		after = (size_t) r->after[unit];

			ci_check_at(r->check, end);
			if (after > 0)
				reversals[unit] += from_back ? tree_count(tree, after - 1) :
					added - tree_count(tree, after);
		}
		for (size_t i = first; i < end; i++)
		{
			size_t		after = (size_t) r->after[unit_at(r, i, from_back)];

			ci_check_at(r->check, i);
			if (after == 0)
				continue;
			tree_add(tree, r->n, after);
			added++;
		}
	}
}

void
ci_reversals(const CiReordering *reordering, uint32_t *tree, uint32_t *reversals)
{
	memset(reversals, 0, reordering->n * sizeof(uint32_t));
	count_reversals(reordering, false, tree, reversals);
	count_reversals(reordering, true, tree, reversals);
}

/*
 * Rank-biased overlap
 */

/* How many of each list, and of both, are at a depth, or down to it. */
typedef struct Depths
{
	double	   *x;
	double	   *y;
	double	   *both;
} Depths;

/* Count down to each depth; how many units each list holds is found at depth n. */
static void
count_depths(const CiRankings *lists, Depths *depth)
{
	size_t		n = lists->n;

	for (size_t d = 0; d <= n; d++)
		depth->x[d] = depth->y[d] = depth->both[d] = 0;
	for (size_t i = 0; i < n; i++)
	{
		double		x = lists->x[i];
		double		y = lists->y[i];

		if (!ci_is_missing(x))
			depth->x[(size_t) x]++;
		if (!ci_is_missing(y))
			depth->y[(size_t) y]++;
		if (!ci_is_missing(x) && !ci_is_missing(y))
			depth->both[(size_t) (x > y ? x : y)]++;
		ci_check_at(lists->check, i);
	}
	for (size_t d = 1; d <= n; d++)
	{
		depth->x[d] += depth->x[d - 1];
		depth->y[d] += depth->y[d - 1];
		depth->both[d] += depth->both[d - 1];
		ci_check_at(lists->check, d);
	}
}

/*
 * Webber, Moffat and Zobel (2010), extrapolated, equation 32: beyond its end a
 * list goes on to agree as much as it did up to there.  Tied units are all at the
 * first of their ranks; how that extends to lists of different length is as in
 * Corsi and Urbano (2024), variant w.  The weights of the depths are summed up
 * likewise, so that rounding does not keep equal lists from 1.
 */
double
ci_rank_biased_overlap(const CiRankings *lists, double p, double *scratch)
{
	size_t		n = lists->n;
	Depths		depth = {scratch, scratch + n + 1, scratch + 2 * (n + 1)};
	double	   *longer;
	double		shortest;
	double		longest;
	double		agreement = 0;	/* at the end of the shorter list */
	double		weight = 1 - p;
	double		weights = 0;
	double		overlap = 0;

	count_depths(lists, &depth);
	shortest = fmin(depth.x[n], depth.y[n]);
	longest = fmax(depth.x[n], depth.y[n]);
	longer = depth.x[n] > depth.y[n] ? depth.x : depth.y;
	if (shortest == 0)
		return CI_MISSING;
	for (size_t d = 1; d <= (size_t) longest; d++)
	{
		double		at = 2 * depth.both[d] / (depth.x[d] + depth.y[d]);

		if ((double) d <= shortest)
			agreement = at;
		else
			at = 2 * (depth.both[d] + ((double) d - shortest) * agreement) /
				((double) d + longer[d]);
		overlap += weight * at;
		weights += weight;
		weight *= p;
		ci_check_at(lists->check, d);
	}
	weight /= 1 - p;			/* of all depths beyond */
	overlap += weight * ((depth.both[n] + (longest - shortest) * agreement) / longest);
	weights += weight;
	return overlap / weights;
}

/* The agreement at one depth: what both hold, relative to the mean of what they hold. */
double
ci_top_overlap(const CiRankings *lists, double k)
{
	size_t		x = 0;
	size_t		y = 0;
	size_t		both = 0;

	for (size_t i = 0; i < lists->n; i++)
	{
		bool		in_x = lists->x[i] <= k;
		bool		in_y = lists->y[i] <= k;

		x += in_x;
		y += in_y;
		both += in_x && in_y;
		ci_check_at(lists->check, i);
	}
	return x == 0 || y == 0 ? CI_MISSING : 2 * (double) both / (double) (x + y);
}

/*
 * Dominance
 */

CiDominance
ci_dominance(const double *a, const double *b, const int32_t *direction, size_t n)
{
	bool		better = false;
	bool		unknown = false;

	for (size_t i = 0; i < n; i++)
	{
		double		sign = direction == NULL ? 1 : direction[i];

		if (sign * a[i] < sign * b[i])
			return CI_DOMINATES_NOT;
		better = better || sign * a[i] > sign * b[i];
		unknown = unknown || ci_is_missing(a[i]) || ci_is_missing(b[i]);
	}
	if (unknown)
		return CI_DOMINATES_PERHAPS;
	return better ? CI_DOMINATES : CI_DOMINATES_NOT;
}
