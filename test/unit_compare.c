/*
 * unit_compare.c
 *	  Coefficients of two rankings, by their definitions; dominance.
 */
#include <stdlib.h>
#include <string.h>

#include "method/compare.h"
#include "unit.h"

#define MAX_UNITS 40

static long checks;

static void
count_checks(void)
{
	checks++;
}

/* The rank by its definition; NaN of NaN. */
static double
rank_of(const double *key, size_t n, size_t i, bool mean)
{
	double		below = 0;
	double		same = 0;

	if (isnan(key[i]))
		return MISSING;
	for (size_t j = 0; j < n; j++)
	{
		below += key[j] < key[i];
		same += key[j] == key[i];
	}
	return below + (mean ? (same + 1) / 2 : 1);
}

static size_t
random_column(double *x, size_t n, int ties)
{
	for (size_t i = 0; i < n; i++)
		x[i] = random_below(ties) - ties / 2;
	return n;
}

static const double *keys;

static int
compare_keys(const void *a, const void *b)
{
	double		x = keys[*(const uint32_t *) a];
	double		y = keys[*(const uint32_t *) b];

	return (x > y) - (x < y);
}

static void
test_ranks(void)
{
	double		x[MAX_UNITS];
	double		rank[MAX_UNITS];
	uint32_t	order[MAX_UNITS];

	for (int trial = 0; trial < 200; trial++)
	{
		size_t		n = random_column(x, (size_t) random_below(MAX_UNITS + 1), 1 + random_below(60));

		for (size_t i = 0; i < n; i++)
			order[i] = (uint32_t) i;
		keys = x;
		if (n > 0)
			qsort(order, n, sizeof(uint32_t), compare_keys);
		ci_mean_ranks(order, n, x, count_checks, rank);
		for (size_t i = 0; i < n; i++)
			CHECK_SAME(rank[i], rank_of(x, n, i, true));
		ci_first_ranks(order, n, x, count_checks, rank);
		for (size_t i = 0; i < n; i++)
			CHECK_SAME(rank[i], rank_of(x, n, i, false));
	}
}

/* Make two rankings of mean ranks, with ties or without. */
static CiRankings
random_rankings(double *x, double *y, int trial)
{
	double		a[MAX_UNITS];
	double		b[MAX_UNITS];
	size_t		n = 2 + (size_t) random_below(MAX_UNITS - 1);

	random_column(a, n, trial % 2 == 0 ? 1000000 : 2 + random_below(8));
	random_column(b, n, trial % 2 == 0 ? 1000000 : 2 + random_below(8));
	for (size_t i = 0; i < n; i++)
	{
		x[i] = rank_of(a, n, i, true);
		y[i] = rank_of(b, n, i, true);
	}
	return (CiRankings) {x, y, n, count_checks};
}

static void
test_coefficients(void)
{
	double		x[MAX_UNITS];
	double		y[MAX_UNITS];

	for (int trial = 0; trial < 300; trial++)
	{
		CiRankings	r = random_rankings(x, y, trial);
		double		n = (double) r.n;
		double		xx = 0,
					yy = 0,
					xy = 0,
					weighted = 0,
					ws = 0,
					shift = 0;

		for (size_t i = 0; i < r.n; i++)
		{
			xx += (x[i] - (n + 1) / 2) * (x[i] - (n + 1) / 2);
			yy += (y[i] - (n + 1) / 2) * (y[i] - (n + 1) / 2);
			xy += (x[i] - (n + 1) / 2) * (y[i] - (n + 1) / 2);
			weighted += (x[i] - y[i]) * (x[i] - y[i]) * ((n - x[i] + 1) + (n - y[i] + 1));
			ws += pow(2, -x[i]) * fabs(x[i] - y[i]) / fmax(fabs(1 - x[i]), fabs(n - x[i]));
			shift += fabs(x[i] - y[i]) / n;
		}
		if (xx == 0 || yy == 0)
			CHECK_SAME(ci_spearman(&r), MISSING);
		else
			CHECK_NEAR(ci_spearman(&r), xy / sqrt(xx * yy), 1e-15);
		CHECK_NEAR(ci_weighted_spearman(&r), 1 - 6 * weighted / (pow(n, 4) + pow(n, 3) - n * n - n), 1e-14);
		CHECK_NEAR(ci_ws(&r), 1 - ws, 1e-15);
		CHECK_NEAR(ci_mean_rank_shift(&r), shift, 1e-13);
		r.y = x;
		CHECK_SAME(ci_spearman(&r), xx == 0 ? MISSING : 1);
		CHECK_SAME(ci_weighted_spearman(&r), 1);
		CHECK_SAME(ci_ws(&r), 1);
		CHECK_SAME(ci_mean_rank_shift(&r), 0);
		for (size_t i = 0; i < r.n; i++)
			y[i] = n + 1 - x[i];
		r.y = y;
		CHECK_SAME(ci_spearman(&r), xx == 0 ? MISSING : -1);
	}
}

/* Ranks far down have no weight left, and cost nothing. */
static void
test_ws_of_many(void)
{
	size_t		n = 200000;
	double	   *x = malloc(n * sizeof(double));
	double	   *y = malloc(n * sizeof(double));
	CiRankings	r = {x, y, n, count_checks};

	for (size_t i = 0; i < n; i++)
	{
		x[i] = (double) (i + 1);
		y[i] = (double) (n - i);
	}
	checks = 0;
	CHECK(ci_ws(&r) > 0 && ci_ws(&r) < 1e-4);
	CHECK_SAME(ci_spearman(&r), -1);
	CHECK_NEAR(ci_weighted_spearman(&r), -1, 1e-12);
	CHECK(checks >= 12);
	free(x);
	free(y);
}

typedef struct Pair
{
	double		x;
	double		y;
} Pair;

static int
compare_pairs(const void *a, const void *b)
{
	const Pair *p = a;
	const Pair *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return (p->y > q->y) - (p->y < q->y);
}

/* By all pairs of units. */
static void
test_kendall(void)
{
	double		x[MAX_UNITS];
	double		y[MAX_UNITS];
	double		scratch[MAX_UNITS];
	double		scratch2[MAX_UNITS];
	Pair		pair[MAX_UNITS];

	for (int trial = 0; trial < 1000; trial++)
	{
		size_t		n = (size_t) random_below(MAX_UNITS + 1);
		CiRankings	r = {x, y, n, count_checks};
		double		s = 0;
		double		nx = 0;
		double		ny = 0;
		double		tau;

		random_column(x, n, 1 + random_below(30));
		random_column(y, n, 1 + random_below(30));
		for (size_t i = 0; i < n; i++)
			pair[i] = (Pair) {x[i], y[i]};
		qsort(pair, n, sizeof(Pair), compare_pairs);
		for (size_t i = 0; i < n; i++)
		{
			x[i] = pair[i].x;
			y[i] = pair[i].y;
			for (size_t j = 0; j < i; j++)
			{
				s += ((x[i] > x[j]) - (x[i] < x[j])) * ((y[i] > y[j]) - (y[i] < y[j]));
				nx += x[i] != x[j];
				ny += y[i] != y[j];
			}
		}
		tau = ci_kendall_tau(&r, scratch, scratch2);
		if (nx == 0 || ny == 0)
			CHECK_SAME(tau, MISSING);
		else
			CHECK_SAME(tau, s / sqrt(nx * ny));
	}
}

/* Tau of 100 000 units in reverse: as many exchanges as there are pairs. */
static void
test_kendall_of_many(void)
{
	size_t		n = 100000;
	double	   *x = malloc(4 * n * sizeof(double));
	CiRankings	r = {x, x + n, n, count_checks};

	for (size_t i = 0; i < n; i++)
	{
		x[i] = (double) i;
		x[n + i] = -(double) i;
	}
	checks = 0;
	CHECK_SAME(ci_kendall_tau(&r, x + 2 * n, x + 3 * n), -1);
	CHECK(checks >= 10);
	r.y = x;
	CHECK_SAME(ci_kendall_tau(&r, x + 2 * n, x + 3 * n), 1);
	free(x);
}

/* How many units are in the first d of a list, or of both. */
static double
down_to(const double *x, const double *y, size_t n, double d)
{
	double		count = 0;

	for (size_t i = 0; i < n; i++)
		count += x[i] <= d && y[i] <= d;
	return count;
}

/*
 * Equation 32 of Webber, Moffat and Zobel with 2 X / (|S| + |L|) for agreements, as
 * Corsi and Urbano complete it for ties, over the depths one by one.
 */
static double
overlap_by_definition(const double *x, const double *y, size_t n, double p)
{
	const double *s = x;
	const double *l = y;
	double		size_s = down_to(x, x, n, HUGE_VAL);
	double		size_l = down_to(y, y, n, HUGE_VAL);
	double		agreed;
	double		sum = 0;

	if (size_s > size_l)
		return overlap_by_definition(y, x, n, p);
	if (size_s == 0)
		return MISSING;
	agreed = 2 * down_to(s, l, n, size_s) / (down_to(s, s, n, size_s) + down_to(l, l, n, size_s));
	for (double d = 1; d <= size_l; d++)
	{
		double		both = down_to(s, l, n, d);

		if (d <= size_s)
			sum += pow(p, d) * 2 * both / (down_to(s, s, n, d) + down_to(l, l, n, d));
		else
			sum += pow(p, d) * 2 * (both + (d - size_s) * agreed) / (d + down_to(l, l, n, d));
	}
	return (1 - p) / p * sum +
		(down_to(s, l, n, size_l) + (size_l - size_s) * agreed) / size_l * pow(p, size_l);
}

static void
test_overlaps(void)
{
	double		x[MAX_UNITS];
	double		y[MAX_UNITS];
	double		a[MAX_UNITS];
	double		b[MAX_UNITS];
	double		scratch[3 * (MAX_UNITS + 1)];

	for (int trial = 0; trial < 500; trial++)
	{
		size_t		n = random_column(a, (size_t) random_below(MAX_UNITS + 1), 1 + random_below(60));
		CiRankings	lists = {x, y, n, count_checks};
		CiRankings	turned = {y, x, n, count_checks};
		double		p = 0.05 + 0.9 * random_share();
		double		k = 1 + random_below(MAX_UNITS);
		double		in_x;
		double		in_y;

		random_column(b, n, 1 + random_below(60));
		for (size_t i = 0; i < n; i++)
			*(random_below(2) == 0 ? &a[i] : &b[i]) = random_below(3) == 0 ? MISSING : 7;
		for (size_t i = 0; i < n; i++)
		{
			x[i] = rank_of(a, n, i, false);
			y[i] = rank_of(b, n, i, false);
		}
		if (isnan(overlap_by_definition(x, y, n, p)))
			CHECK_SAME(ci_rank_biased_overlap(&lists, p, scratch), MISSING);
		else
			CHECK_NEAR(ci_rank_biased_overlap(&lists, p, scratch), overlap_by_definition(x, y, n, p), 1e-13);
		CHECK_SAME(ci_rank_biased_overlap(&turned, p, scratch), ci_rank_biased_overlap(&lists, p, scratch));
		in_x = down_to(x, x, n, k);
		in_y = down_to(y, y, n, k);
		CHECK_SAME(ci_top_overlap(&lists, k), in_x == 0 || in_y == 0 ? MISSING : 2 * down_to(x, y, n, k) / (in_x + in_y));
		turned = (CiRankings) {x, x, n, count_checks};
		CHECK_SAME(ci_rank_biased_overlap(&turned, p, scratch), down_to(x, x, n, HUGE_VAL) == 0 ? MISSING : 1);
	}
}

/* Ranks of a random order with ties and gaps: "max", "min" or "dense". */
static void
random_ranks(int32_t *rank, uint32_t *order, size_t *n_ordered, size_t n)
{
	double		key[MAX_UNITS];
	int			ties = random_below(3);

	random_column(key, n, 1 + random_below(60));
	*n_ordered = 0;
	for (size_t i = 0; i < n; i++)
	{
		if (random_below(8) == 0)
			key[i] = HUGE_VAL;
		else
			order[(*n_ordered)++] = (uint32_t) i;
	}
	keys = key;
	qsort(order, *n_ordered, sizeof(uint32_t), compare_keys);
	memset(rank, 0, n * sizeof(int32_t));
	for (size_t k = 0; k < *n_ordered; k++)
	{
		int32_t		same = rank_of(key, n, order[k], false);
		size_t		last = k;

		while (last + 1 < *n_ordered && key[order[last + 1]] == key[order[k]])
			last++;
		if (ties == 2)
			same = k == 0 ? 1 : rank[order[k - 1]] + (key[order[k - 1]] < key[order[k]]);
		rank[order[k]] = ties == 1 ? (int32_t) last + 1 : same;
	}
}

static void
test_reversals(void)
{
	for (int round = 0; round < 3000; round++)
	{
		int32_t		before[MAX_UNITS];
		int32_t		after[MAX_UNITS];
		uint32_t	order[MAX_UNITS];
		uint32_t	ignored[MAX_UNITS];
		uint32_t	tree[MAX_UNITS];
		uint32_t	reversals[MAX_UNITS];
		size_t		n = random_below(MAX_UNITS + 1);
		CiReordering r = {.before = before, .after = after, .n = n, .order = order, .check = count_checks};
		size_t		n_after;

		random_ranks(after, ignored, &n_after, n);
		random_ranks(before, order, &r.n_ordered, n);
		ci_reversals(&r, tree, reversals);
		for (size_t i = 0; i < n; i++)
		{
			uint32_t	want = 0;

			for (size_t j = 0; j < n; j++)
				want += before[i] > 0 && before[j] > 0 && after[i] > 0 && after[j] > 0 &&
					((before[i] < before[j] && after[i] > after[j]) ||
					 (before[i] > before[j] && after[i] < after[j]));
			CHECK(reversals[i] == want);
		}
	}
}

/* Of all pairs of profiles of -1, 0, 1 and missing in two directions. */
static void
test_dominance(void)
{
	const double value[] = {-1, 0, 1, MISSING};
	const int32_t direction[] = {1, -1};

	for (int i = 0; i < 256; i++)
	{
		double		a[] = {value[i % 4], value[i / 4 % 4]};
		double		b[] = {value[i / 16 % 4], value[i / 64]};
		bool		worse = a[0] < b[0] || a[1] > b[1];
		bool		better = a[0] > b[0] || a[1] < b[1];
		bool		unknown = isnan(a[0]) || isnan(a[1]) || isnan(b[0]) || isnan(b[1]);
		CiDominance want = worse ? CI_DOMINATES_NOT : unknown ? CI_DOMINATES_PERHAPS :
			better ? CI_DOMINATES : CI_DOMINATES_NOT;

		CHECK(ci_dominance(a, b, direction, 2) == want);
		a[1] = -a[1];
		b[1] = -b[1];
		CHECK(ci_dominance(a, b, NULL, 2) == want);
	}
	CHECK(ci_dominance(value, value, NULL, 0) == CI_DOMINATES_NOT);
}

void
test_compare(void)
{
	unit_run(test_ranks);
	unit_run(test_coefficients);
	unit_run(test_ws_of_many);
	unit_run(test_kendall);
	unit_run(test_kendall_of_many);
	unit_run(test_overlaps);
	unit_run(test_reversals);
	unit_run(test_dominance);
}
