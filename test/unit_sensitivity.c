/*
 * unit_sensitivity.c
 *	  Sobol indices of functions with known ones: Ishigami's, Sobol's g, a sum.
 */
#include <string.h>

#include "method/rng.h"
#include "method/sensitivity.h"
#include "method/stats.h"
#include "unit.h"

#define ROWS 500
#define MOST_INPUTS 6
#define SAMPLES 200
#define SEEDS 20

static const double pi = 3.14159265358979323846;

/* A function of k shares, uniform between 0 and 1, and its indices. */
typedef struct Known
{
	double		(*function) (const double *x);
	size_t		k;
	CiSobolIndex index[MOST_INPUTS];
} Known;

static double
ishigami(const double *x)
{
	double		x1 = pi * (2 * x[0] - 1);
	double		x2 = pi * (2 * x[1] - 1);
	double		x3 = pi * (2 * x[2] - 1);

	return sin(x1) + 7 * sin(x2) * sin(x2) + 0.1 * pow(x3, 4) * sin(x1);
}

static const double g_coefficients[MOST_INPUTS] = {0, 0.5, 3, 9, 99, 99};

static double
sobol_g(const double *x)
{
	double		product = 1;

	for (size_t i = 0; i < MOST_INPUTS; i++)
		product *= (fabs(4 * x[i] - 2) + g_coefficients[i]) / (1 + g_coefficients[i]);
	return product;
}

static double
weighted_sum(const double *x)
{
	return x[0] + 2 * x[1] + 0 * x[2] - 4 * x[3] + 1e6;
}

/* Ishigami and Homma (1990), for a = 7 and b = 0.1. */
static const Known known_ishigami = {
	ishigami, 3, {{0.3139, 0.5576}, {0.4424, 0.4424}, {0, 0.2437}}
};

static const Known known_sum = {
	weighted_sum, 4, {{1.0 / 21, 1.0 / 21}, {4.0 / 21, 4.0 / 21}, {0, 0}, {16.0 / 21, 16.0 / 21}}
};

/* Sobol' (1993): the variance of a factor is 1 / (3 (1 + a)^2). */
static Known
known_g(void)
{
	Known		known = {.function = sobol_g, .k = MOST_INPUTS};
	double		variance = 1;

	for (size_t i = 0; i < MOST_INPUTS; i++)
		variance *= 1 + 1 / (3 * pow(1 + g_coefficients[i], 2));
	for (size_t i = 0; i < MOST_INPUTS; i++)
	{
		double		own = 1 / (3 * pow(1 + g_coefficients[i], 2));

		known.index[i].first = own / (variance - 1);
		known.index[i].total = own * variance / (1 + own) / (variance - 1);
	}
	return known;
}

/* The function at the points of the design. */
static void
evaluate(const Known *known, uint32_t seed, CiSobolDesign *design)
{
	for (uint32_t row = 0; row < design->n; row++)
		for (uint32_t column = 0; column < known->k + 2; column++)
		{
			CiVariables one = {{0, 0}, {column - 2, column - 2}};
			CiVariables all = {{0, UINT32_MAX}, {0, UINT32_MAX}};
			double		x[MOST_INPUTS];

			for (uint32_t i = 0; i < known->k; i++)
			{
				CiStream	stream = {.seed = seed, .draw = row, .variable = i};
				CiRandom	random;

				if (column > 0)
					stream.second = column == 1 ? &all : &one;
				random = ci_random(&stream, 0);
				x[i] = ci_random_share(&random, 0);
			}
			design->value[row * (known->k + 2) + column] = known->function(x);
		}
	ci_sobol_centre(design);
}

static double values[ROWS * (MOST_INPUTS + 2)];
static double room[3 * MOST_INPUTS];
static uint32_t times[ROWS];
static double firsts[MOST_INPUTS][SAMPLES];
static double totals[MOST_INPUTS][SAMPLES];

static void
bootstrap(const CiSobolDesign *design, uint32_t seed)
{
	for (uint32_t s = 0; s < SAMPLES; s++)
	{
		CiSobolIndex index[MOST_INPUTS];

		ci_sobol_resample(seed, s, design->n, unit_no_check, times);
		ci_sobol_indices(design, times, unit_no_check, room, index);
		for (size_t i = 0; i < design->k; i++)
		{
			firsts[i][s] = index[i].first;
			totals[i][s] = index[i].total;
		}
	}
}

/* Does the middle 95 % of a bootstrap distribution hold a number? */
static bool
holds(double *distribution, double x)
{
	sort(distribution, SAMPLES);
	return ci_quantile_sorted(distribution, SAMPLES, 0.025) <= x + 1e-12 &&
		ci_quantile_sorted(distribution, SAMPLES, 0.975) >= x - 1e-12;
}

/* Estimates are near the known indices; intervals of 95 % hold them about as often. */
static void
check_known(const Known *known)
{
	CiSobolDesign design = {ROWS, known->k, values};
	int			held = 0;

	for (uint32_t seed = 1; seed <= SEEDS; seed++)
	{
		CiSobolIndex index[MOST_INPUTS];

		evaluate(known, seed, &design);
		ci_sobol_indices(&design, NULL, unit_no_check, room, index);
		bootstrap(&design, seed);
		for (size_t i = 0; i < known->k; i++)
		{
			CHECK_NEAR(index[i].first, known->index[i].first, 0.25);
			CHECK_NEAR(index[i].total, known->index[i].total, 0.25);
			held += holds(firsts[i], known->index[i].first) + holds(totals[i], known->index[i].total);
		}
	}
	CHECK(held >= 0.85 * 2 * SEEDS * (double) known->k);
}

static void
test_known_indices(void)
{
	Known		g = known_g();

	check_known(&known_ishigami);
	check_known(&g);
	check_known(&known_sum);
}

/* Of a sum, inputs explain all; an input without effect, nothing, to the bit. */
static void
test_sum(void)
{
	CiSobolDesign design = {ROWS, known_sum.k, values};
	CiSobolIndex index[MOST_INPUTS];
	double		first = 0;
	double		total = 0;

	evaluate(&known_sum, 7, &design);
	ci_sobol_indices(&design, NULL, unit_no_check, room, index);
	for (size_t i = 0; i < known_sum.k; i++)
	{
		first += index[i].first;
		total += index[i].total;
	}
	CHECK_NEAR(first, 1, 0.15);
	CHECK_NEAR(total, 1, 0.05);
	CHECK_SAME(index[2].first, 0);
	CHECK_SAME(index[2].total, 0);
}

/* By hand: two rows, two inputs. */
static void
test_by_hand(void)
{
	/* A and B: 1, 3, 5, 7, of mean 4 and variance 5 */
	double		value[] = {1, 3, 2, 1, 5, 7, 7, 1};
	CiSobolDesign design = {2, 2, value};
	uint32_t	twice[] = {2, 0};
	CiSobolIndex index[2];

	ci_sobol_centre(&design);
	ci_sobol_indices(&design, NULL, unit_no_check, room, index);
	CHECK_NEAR(index[0].first, (-1 * 1 + 3 * 2) / 2.0 / 5, 1e-15);
	CHECK_NEAR(index[0].total, (1 + 4) / 2.0 / (2 * 5), 1e-15);
	CHECK_NEAR(index[1].first, (-1 * 0 + 3 * -4) / 2.0 / 5, 1e-15);
	CHECK_NEAR(index[1].total, (0 + 16) / 2.0 / (2 * 5), 1e-15);
	/* the first row alone: 1 and 3, of mean 2 and variance 1 */
	ci_sobol_indices(&design, twice, unit_no_check, room, index);
	CHECK_NEAR(index[0].first, 1, 1e-15);
	CHECK_NEAR(index[0].total, 1 / 2.0, 1e-15);
	CHECK_SAME(index[1].first, 0);
}

/* Nothing varies, whatever the number that does not: no index. */
static void
test_constant(void)
{
	static const double constants[] = {0, 1.0 / 3, 1e300, -7e-12};

	for (size_t c = 0; c < LENGTH(constants); c++)
	{
		CiSobolDesign design = {100, 1, values};
		CiSobolIndex index[1];

		for (size_t i = 0; i < 300; i++)
			values[i] = constants[c];
		ci_sobol_centre(&design);
		for (int bootstrapped = 0; bootstrapped < 2; bootstrapped++)
		{
			ci_sobol_resample(1, 1, 100, unit_no_check, times);
			ci_sobol_indices(&design, bootstrapped ? times : NULL, unit_no_check, room, index);
			CHECK_SAME(index->first, MISSING);
			CHECK_SAME(index->total, MISSING);
		}
	}
}

/* A sample has as many rows; a row is in it by a binomial distribution. */
static void
test_resample(void)
{
	uint32_t	again[ROWS];
	double		squares = 0;

	for (uint32_t s = 0; s < SAMPLES; s++)
	{
		uint32_t	all = 0;

		ci_sobol_resample(3, s, ROWS, unit_no_check, times);
		ci_sobol_resample(3, s, ROWS, unit_no_check, again);
		CHECK(memcmp(times, again, sizeof(times)) == 0);
		for (size_t row = 0; row < ROWS; row++)
		{
			all += times[row];
			squares += ((double) times[row] - 1) * ((double) times[row] - 1) / ROWS / SAMPLES;
		}
		CHECK(all == ROWS);
	}
	CHECK_NEAR(squares, 1 - 1.0 / ROWS, 0.03);
}

void
test_sensitivity(void)
{
	unit_run(test_known_indices);
	unit_run(test_sum);
	unit_run(test_by_hand);
	unit_run(test_constant);
	unit_run(test_resample);
}
