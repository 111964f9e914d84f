/*
 * unit_means.c
 *	  Means, median, Gini coefficient, Cronbach's alpha.
 */
#include <stdlib.h>
#include <string.h>

#include "method/means.h"
#include "method/stats.h"
#include "unit.h"

#define MAX_ROWS 60

static long checks;

static void
count_checks(void)
{
	checks++;
}

static int
compare_rows(const void *a, const void *b)
{
	const CiWeighted *x = a;
	const CiWeighted *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return (x->weight > y->weight) - (x->weight < y->weight);
}

static void
sort_rows(CiWeighted *row, size_t n)
{
	qsort(row, n, sizeof(CiWeighted), compare_rows);
}

static void
shuffle_rows(CiWeighted *row, size_t n)
{
	for (size_t i = n; i > 1; i--)
	{
		size_t		j = (size_t) random_below((int) i);
		CiWeighted	swapped = row[i - 1];

		row[i - 1] = row[j];
		row[j] = swapped;
	}
}

/* Values above 0, some of them equal; weights above 0. */
static size_t
random_rows(CiWeighted *row, int low, int high)
{
	size_t		n = 1 + (size_t) random_below(MAX_ROWS);

	for (size_t i = 0; i < n; i++)
	{
		row[i].value = i > 0 && random_below(4) == 0 ? row[i - 1].value : fabs(random_double(low, high));
		row[i].weight = random_below(2) == 0 ? 1 + random_below(3) : fabs(random_double(-3, 3));
	}
	return n;
}

/* Every mean of a sample. */
static void
all_means(const CiSample *sample, double mean[9])
{
	mean[0] = ci_power_mean(sample, -HUGE_VAL);
	mean[1] = ci_power_mean(sample, -7.5);
	mean[2] = ci_harmonic_mean(sample);
	mean[3] = ci_power_mean(sample, -0.01);
	mean[4] = ci_geometric_mean(sample);
	mean[5] = ci_power_mean(sample, 0.01);
	mean[6] = ci_weighted_mean(sample);
	mean[7] = ci_power_mean(sample, 3.25);
	mean[8] = ci_power_mean(sample, HUGE_VAL);
}

/* The same sums in long double; near enough for values of moderate size. */
static void
test_means_by_definition(void)
{
	CiWeighted	row[MAX_ROWS];

	for (int trial = 0; trial < 300; trial++)
	{
		CiSample	sample = {row, random_rows(row, -8, 8), count_checks};
		double		mean[9];
		long double w = 0,
					wx = 0,
					wlog = 0,
					winverse = 0,
					wcube = 0,
					wless = 0;

		for (size_t i = 0; i < sample.n; i++)
		{
			w += row[i].weight;
			wx += (long double) row[i].weight * row[i].value;
			wlog += row[i].weight * logl(row[i].value);
			winverse += row[i].weight / (long double) row[i].value;
			wcube += row[i].weight * powl(row[i].value, 3.25L);
			wless += row[i].weight * powl(row[i].value, -0.01L);
		}
		all_means(&sample, mean);
		CHECK_NEAR(mean[6], (double) (wx / w), 4e-16 * mean[6]);
		CHECK_NEAR(mean[4], (double) expl(wlog / w), 1e-14 * mean[4]);
		CHECK_NEAR(mean[2], (double) (w / winverse), 4e-16 * mean[2]);
		CHECK_NEAR(mean[7], (double) powl(wcube / w, 1 / 3.25L), 1e-14 * mean[7]);
		CHECK_NEAR(mean[3], (double) powl(wless / w, -100), 1e-13 * mean[3]);
	}
}

/* Power means ascend with the exponent, from the smallest to the largest value. */
static void
test_means_in_order(void)
{
	CiWeighted	row[MAX_ROWS];

	for (int trial = 0; trial < 300; trial++)
	{
		CiSample	sample = {row, random_rows(row, -1000, 1000), count_checks};
		double		mean[9];

		all_means(&sample, mean);
		for (int i = 0; i < 9; i++)
			CHECK(isfinite(mean[i]) && mean[i] >= mean[0] && mean[i] <= mean[8]);
		for (int i = 1; i < 9; i++)
			CHECK(mean[i] >= mean[i - 1] * (1 - 1e-12));
	}
}

/* No statistic depends on the order of rows, or on a power of two in the weights. */
static void
test_means_in_any_order(void)
{
	CiWeighted	row[MAX_ROWS];

	for (int trial = 0; trial < 200; trial++)
	{
		CiSample	sample = {row, random_rows(row, -30, 30), count_checks};
		double		before[9];
		double		after[9];
		double		median;
		double		gini;

		all_means(&sample, before);
		sort_rows(row, sample.n);
		median = ci_weighted_median(&sample);
		gini = ci_gini(&sample);
		for (size_t i = 0; i < sample.n; i++)
			row[i].weight = ldexp(row[i].weight, trial % 2 == 0 ? 900 : -900);
		CHECK_SAME(ci_weighted_median(&sample), median);
		CHECK_SAME(ci_gini(&sample), gini);
		shuffle_rows(row, sample.n);
		all_means(&sample, after);
		for (int i = 0; i < 9; i++)
			CHECK_SAME(after[i], before[i]);
	}
}

/* A power of two as unit changes no digit; weight 2 is the value twice. */
static void
test_means_of_scaled(void)
{
	CiWeighted	row[2 * MAX_ROWS];

	for (int trial = 0; trial < 200; trial++)
	{
		CiSample	sample = {row, random_rows(row, -8, 8), count_checks};
		size_t		n = sample.n;
		int			scale = trial % 2 == 0 ? 1000 : -1000;
		double		mean;
		double		gini;
		double		median;

		sort_rows(row, n);
		mean = ci_weighted_mean(&sample);
		gini = ci_gini(&sample);
		median = ci_weighted_median(&sample);
		for (size_t i = 0; i < n; i++)
			row[i].value = ldexp(row[i].value, scale);
		CHECK_SAME(ci_weighted_mean(&sample), ldexp(mean, scale));
		CHECK_SAME(ci_gini(&sample), gini);
		CHECK_SAME(ci_weighted_median(&sample), ldexp(median, scale));
		for (size_t i = 0; i < n; i++)
			row[n + i] = row[i];
		sample.n = 2 * n;
		sort_rows(row, 2 * n);
		CHECK_SAME(ci_weighted_mean(&sample), ldexp(mean, scale));
		CHECK_NEAR(ci_gini(&sample), gini, 1e-15);
		CHECK_SAME(ci_weighted_median(&sample), ldexp(median, scale));
	}
}

static double
median_of(const double *value, const double *weight, size_t n)
{
	CiWeighted	row[16];
	CiSample	sample = {row, n, count_checks};

	for (size_t i = 0; i < n; i++)
		row[i] = (CiWeighted) {value[i], weight[i]};
	return ci_weighted_median(&sample);
}

static void
test_weighted_median(void)
{
	double		value[] = {1, 2, 3, 4};
	double		equal[] = {1, 1, 1, 1};
	double		over_half[] = {0.1, 0.2, 0.3, 0.6}; /* as doubles: just above
													 * .6 before the last */
	double		heavy[] = {1e308, 1e308, 1e308, 1e308};
	double		light[] = {1e-320, 1e-320, 1e-320, 5e-320};
	double		huge[] = {-DBL_MAX, DBL_MAX};

	CHECK_SAME(median_of(value, equal, 4), 2.5);
	CHECK_SAME(median_of(value, equal, 3), 2);
	CHECK_SAME(median_of(value, over_half, 4), 3);
	CHECK_SAME(median_of(value, heavy, 4), 2.5);
	CHECK_SAME(median_of(value, light, 4), 4);
	CHECK_SAME(median_of(huge, equal, 2), 0);
	CHECK_SAME(median_of(value, equal, 1), 1);
	CHECK_SAME(median_of(value, equal, 0), MISSING);
}

/* Half the mean difference relative to the mean. */
static void
test_gini(void)
{
	CiWeighted	row[MAX_ROWS];
	CiSample	sample = {row, 2, count_checks};

	for (int trial = 0; trial < 200; trial++)
	{
		long double difference = 0;
		long double w = 0;
		long double wx = 0;

		sample.n = random_rows(row, -8, 8);
		sort_rows(row, sample.n);
		if (trial % 3 == 0)
			row[0].value = 0;
		for (size_t i = 0; i < sample.n; i++)
		{
			w += row[i].weight;
			wx += (long double) row[i].weight * row[i].value;
			for (size_t j = 0; j < sample.n; j++)
				difference += (long double) row[i].weight * row[j].weight * fabsl((long double) row[i].value - row[j].value);
		}
		if (wx > 0)
			CHECK_NEAR(ci_gini(&sample), (double) (difference / (2 * w * wx)), 1e-15);
		else
			CHECK_SAME(ci_gini(&sample), MISSING);
	}
	row[0] = (CiWeighted) {0, 1};
	row[1] = (CiWeighted) {DBL_MAX, 1};
	sample.n = 2;
	CHECK_SAME(ci_gini(&sample), 0.5);
	row[0] = row[1];
	CHECK_SAME(ci_gini(&sample), 0);
	sample.n = 0;
	CHECK_SAME(ci_gini(&sample), MISSING);
}

static void
test_power_admits(void)
{
	CiWeighted	row[] = {{-4, 1}, {0, 1}, {2, 1}};
	CiSample	sample = {row, 3, count_checks};

	CHECK(ci_power_admits(1, -4) && ci_power_admits(HUGE_VAL, -4) && ci_power_admits(-HUGE_VAL, -4));
	CHECK(!ci_power_admits(2, -4) && !ci_power_admits(0, -4) && !ci_power_admits(0.5, -TINY));
	CHECK(ci_power_admits(TINY, 0) && !ci_power_admits(0, 0) && !ci_power_admits(-1, 0));
	CHECK(ci_power_admits(-1e300, TINY));
	CHECK_SAME(ci_power_mean(&sample, 1), -2.0 / 3);
	CHECK_SAME(ci_power_mean(&sample, 2), MISSING);
	CHECK_SAME(ci_power_mean(&sample, -HUGE_VAL), -4);
	sample.row++;
	sample.n = 2;
	CHECK_NEAR(ci_power_mean(&sample, 2), sqrt(2), 1e-15);
	CHECK_NEAR(ci_power_mean(&sample, 0.5), 0.5, 1e-15);
	CHECK_SAME(ci_power_mean(&sample, TINY), 0);
	CHECK_SAME(ci_power_mean(&sample, 1e300), 2);
	sample.n = 0;
	CHECK_SAME(ci_power_mean(&sample, 2), MISSING);
	CHECK_SAME(ci_weighted_mean(&sample), MISSING);
	CHECK_SAME(ci_geometric_mean(&sample), MISSING);
	CHECK_SAME(ci_harmonic_mean(&sample), MISSING);
}

static double
variance(const double *x, size_t n, size_t step)
{
	long double sum = 0;
	long double square = 0;

	for (size_t i = 0; i < n; i++)
		sum += x[i * step];
	for (size_t i = 0; i < n; i++)
		square += (x[i * step] - sum / n) * (x[i * step] - sum / n);
	return (double) (square / (n - 1));
}

#define ROWS 30
#define ITEMS 4

static void
test_cronbach_alpha(void)
{
	double		item[ROWS * ITEMS];
	double		total[ROWS];
	double		scratch[ROWS + 2 * ITEMS];
	CiAnswers	answers = {item, ROWS, ITEMS, scratch, count_checks};

	for (int trial = 0; trial < 100; trial++)
	{
		double		of_items = 0;
		double		alpha;
		double		standardised;

		for (size_t i = 0; i < ROWS; i++)
		{
			double		common = random_share();

			total[i] = 0;
			for (size_t j = 0; j < ITEMS; j++)
				total[i] += item[i * ITEMS + j] = common + random_share() * (double) (j + 1);
		}
		for (size_t j = 0; j < ITEMS; j++)
			of_items += variance(item + j, ROWS, ITEMS);
		alpha = ci_cronbach_alpha(&answers, false);
		standardised = ci_cronbach_alpha(&answers, true);
		CHECK_NEAR(alpha, 4.0 / 3 * (1 - of_items / variance(total, ROWS, 1)), 1e-14);
		for (size_t j = 0; j < ITEMS; j++)
		{
			double		sd = sqrt(variance(item + j, ROWS, ITEMS));

			for (size_t i = 0; i < ROWS; i++)
				item[i * ITEMS + j] = item[i * ITEMS + j] / sd + 100 * (double) j;
		}
		CHECK_NEAR(ci_cronbach_alpha(&answers, true), standardised, 1e-12);
		CHECK_NEAR(ci_cronbach_alpha(&answers, false), standardised, 1e-12);
		for (size_t i = 0; i < ROWS * ITEMS; i++)
			item[i] = ldexp(item[i], trial % 2 == 0 ? 1010 : -1000);
		CHECK_NEAR(ci_cronbach_alpha(&answers, false), standardised, 1e-12);
	}
	for (size_t i = 0; i < ROWS; i++)
		item[i * ITEMS] = 7;
	CHECK(isfinite(ci_cronbach_alpha(&answers, false)));
	CHECK_SAME(ci_cronbach_alpha(&answers, true), MISSING);
	answers.n = 1;
	CHECK_SAME(ci_cronbach_alpha(&answers, false), MISSING);
}

/* A server can cancel in time. */
static void
test_checks(void)
{
	size_t		n = 200000;
	CiWeighted *row = malloc(n * sizeof(CiWeighted));
	CiSample	sample = {row, n, count_checks};

	for (size_t i = 0; i < n; i++)
		row[i] = (CiWeighted) {(double) (i + 1), 1};
	checks = 0;
	CHECK_SAME(ci_weighted_mean(&sample), 100000.5);
	CHECK(checks >= 9);
	checks = 0;
	CHECK_SAME(ci_weighted_median(&sample), 100000.5);
	CHECK(checks >= 6);
	checks = 0;
	CHECK_NEAR(ci_gini(&sample), (n - 1) / (3.0 * n), 1e-15);
	CHECK(checks >= 12);
	free(row);
}

static void
test_moments_checked(void)
{
	size_t		n = 200000;
	double	   *x = malloc(n * sizeof(double));
	CiMoments	moments;
	CiMoments	checked;

	for (size_t i = 0; i < n; i++)
		x[i] = random_double(-3, 3);
	ci_moments(x, n, &moments);
	checks = 0;
	ci_moments_checked(x, n, count_checks, &checked);
	CHECK(checks == 12);
	CHECK_SAME(checked.skewness, moments.skewness);
	CHECK_SAME(checked.kurtosis, moments.kurtosis);
	checks = 0;
	ci_mean_sd_checked(x, n, count_checks, &checked);
	CHECK(checks == 9);
	CHECK_SAME(checked.sd, moments.sd);
	free(x);
}

void
test_means(void)
{
	unit_run(test_means_by_definition);
	unit_run(test_means_in_order);
	unit_run(test_means_in_any_order);
	unit_run(test_means_of_scaled);
	unit_run(test_weighted_median);
	unit_run(test_gini);
	unit_run(test_power_admits);
	unit_run(test_cronbach_alpha);
	unit_run(test_checks);
	unit_run(test_moments_checked);
}
