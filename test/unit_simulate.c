/*
 * unit_simulate.c
 *	  Random numbers against published ones, drawn weights against the moments of
 *	  their distributions, counts of ranks against what they count.
 */
#include <string.h>

#include "method/simulate.h"
#include "unit.h"

#define DRAWS 20000

/* Random123, tests/kat_vectors, philox4x32 10. */
static void
test_known_answers(void)
{
	static const struct
	{
		uint32_t	counter[4];
		uint32_t	key[2];
		uint32_t	answer[4];
	}			known[] = {
		{{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff},
		{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0},
		{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	};

	for (size_t i = 0; i < LENGTH(known); i++)
	{
		CiRandom	random = ci_philox(known[i].counter, known[i].key);

		CHECK(memcmp(random.word, known[i].answer, sizeof(random.word)) == 0);
	}
}

static void
test_ends_of_shares(void)
{
	CiRandom	lowest = {{0, 0, 0, 0}};
	CiRandom	highest = {{UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX}};
	double		almost = ci_random_share(&highest, 1);

	CHECK_SAME(ci_random_share(&lowest, 0), ldexp(1, -53));
	CHECK_SAME(almost, 1 - ldexp(1, -53));
	CHECK(isfinite(ci_random_normal(&lowest)) && isfinite(ci_random_normal(&highest)));
	for (size_t n = 1; n < 5000; n++)
	{
		CHECK(ci_random_pick(ci_random_share(&lowest, 0), n) == 0);
		CHECK(ci_random_pick(almost, n) == n - 1);
	}
}

/* Of a second sample: just the variables that are named. */
static void
test_second_sample(void)
{
	CiVariables some = {{CI_RANDOM_OMIT, CI_RANDOM_CHOICE}, {3, 4}};

	for (uint32_t purpose = CI_RANDOM_WEIGHT; purpose <= CI_RANDOM_ERROR + 1; purpose++)
		for (uint32_t v = 2; v < 6; v++)
		{
			CiStream	stream = {.seed = 5, .draw = 8, .purpose = purpose, .variable = v};
			CiRandom	first = ci_random(&stream, 1);
			CiRandom	random;
			bool		second = (purpose == 1 || purpose == 2) && (v == 3 || v == 4);

			stream.second = &some;
			random = ci_random(&stream, 1);
			CHECK((memcmp(&first, &random, sizeof(first)) != 0) == second);
		}
}

/* Mean and variance of a deviate over draws. */
typedef struct Moments
{
	double		mean;
	double		variance;
} Moments;

static Moments
moments(const double *x)
{
	Moments		m = {0, 0};

	for (int d = 0; d < DRAWS; d++)
		m.mean += x[d] / DRAWS;
	for (int d = 0; d < DRAWS; d++)
		m.variance += (x[d] - m.mean) * (x[d] - m.mean) / DRAWS;
	return m;
}

static double sample[DRAWS];

static void
test_deviates(void)
{
	static const double shapes[] = {0.05, 0.5, 1, 2.5, 400};
	Moments		m;

	for (uint32_t d = 0; d < DRAWS; d++)
	{
		CiStream	stream = {.seed = 7, .draw = d, .purpose = CI_RANDOM_ERROR, .variable = 3};
		CiRandom	random = ci_random(&stream, 0);

		sample[d] = ci_random_normal(&random);
	}
	m = moments(sample);
	CHECK_NEAR(m.mean, 0, 0.03);
	CHECK_NEAR(m.variance, 1, 0.05);
	for (size_t s = 0; s < LENGTH(shapes); s++)
	{
		for (uint32_t d = 0; d < DRAWS; d++)
		{
			CiStream	stream = {.seed = 7, .draw = d, .purpose = CI_RANDOM_WEIGHT, .variable = (uint32_t) s};

			sample[d] = exp(ci_random_log_gamma(&stream, shapes[s]));
		}
		m = moments(sample);
		CHECK_NEAR(m.mean / shapes[s], 1, 5 / sqrt(DRAWS * shapes[s]));
		CHECK_NEAR(m.variance / shapes[s], 1, 0.25);
	}
}

/* The share of the first weight, over draws. */
static Moments
first_share(const CiSpread *spread, const double *nominal, int n)
{
	static const uint32_t variable[] = {4, 2, 9, 11};

	for (uint32_t d = 0; d < DRAWS; d++)
	{
		CiStream	stream = {.seed = 1, .draw = d, .purpose = CI_RANDOM_WEIGHT};
		double		weight[4];
		double		sum = 0;

		ci_spread_weights(spread, &stream, variable, nominal, n, weight);
		for (int k = 0; k < n; k++)
		{
			CHECK((weight[k] > 0) == (nominal[k] > 0));
			sum += weight[k];
		}
		sample[d] = weight[0] / sum;
	}
	return moments(sample);
}

static const CiSpreadMethod *
spread_method(const char *name)
{
	for (const CiSpreadMethod *method = ci_spread_methods; method->name; method++)
		if (strcmp(method->name, name) == 0)
			return method;
	return NULL;
}

static void
test_weights(void)
{
	static const double nominal[] = {1e300, 2e300, 0, 1e300};
	CiSpread	spread = {.method = spread_method("share"), .share = 0.5, .concentration = 30};
	Moments		m = first_share(&spread, nominal, 2);

	for (int d = 0; d < DRAWS; d++)
		CHECK(sample[d] > 0.5 / 3.5 && sample[d] < 1.5 / 2.5);

	/*
	 * Dirichlet with parameters 7.5, 15, 7.5: mean 1/4, variance mean (1 -
	 * mean) / 31
	 */
	spread.method = spread_method("dirichlet");
	m = first_share(&spread, nominal, 4);
	CHECK_NEAR(m.mean, 0.25, 0.003);
	CHECK_NEAR(m.variance, 0.25 * 0.75 / 31, 0.0004);
	/* uniform on the simplex of three: Dirichlet with parameters 1, 1, 1 */
	spread.method = spread_method("simplex");
	m = first_share(&spread, nominal, 4);
	CHECK_NEAR(m.mean, 1.0 / 3, 0.01);
	CHECK_NEAR(m.variance, 2.0 / 36, 0.002);
}

static void
test_certain_weights(void)
{
	static const double nominal[] = {0.1, 0.7, 0.2};
	static const uint32_t variable[] = {0, 1, 2};
	CiSpread	spread = {.method = spread_method("share")};
	CiStream	stream = {.seed = 1, .draw = 5, .purpose = CI_RANDOM_WEIGHT};
	double		weight[3];

	ci_spread_weights(&spread, &stream, variable, nominal, 3, weight);
	for (int k = 0; k < 3; k++)
		CHECK_SAME(weight[k] / weight[0], nominal[k] / nominal[0]);
}

/* Between the ends that stand at a child's variable, or at them. */
static void
test_weights_by_experts(void)
{
	static const double nominal[] = {1, 1, 1, 0};
	static const uint32_t variable[] = {4, 2, 0, 1};
	static const double lowest[] = {0, 9, 3, 9, 0.2};
	static const double highest[] = {0, 9, 3, 9, 0.7};
	CiSpread	spread = {.method = spread_method("experts"), .lowest = lowest, .highest = highest};
	Moments		m;

	for (uint32_t d = 0; d < DRAWS; d++)
	{
		CiStream	stream = {.seed = 1, .draw = d, .purpose = CI_RANDOM_WEIGHT};
		double		weight[4];

		ci_spread_weights(&spread, &stream, variable, nominal, 4, weight);
		CHECK(weight[0] > 0.2 && weight[0] < 0.7);
		CHECK(weight[1] == 3 && weight[2] == 0 && weight[3] == 0);
		sample[d] = weight[0];
	}
	m = moments(sample);
	CHECK_NEAR(m.mean, 0.45, 0.005);
	CHECK_NEAR(m.variance, 0.25 / 12, 0.001);
}

static void
test_counts(void)
{
	static const int32_t rank[4][3] = {{1, 2, 3}, {1, 1, 3}, {2, 1, 0}, {3, 1, 2}};
	uint32_t	count[3 * 4] = {0};
	uint32_t	ahead[9] = {0};
	uint32_t	tied[9] = {0};
	CiRankCounts ranks = {3, count};
	CiPairCounts pairs = {3, ahead, tied};

	for (int d = 0; d < 4; d++)
	{
		ci_rank_counts_add(&ranks, rank[d]);
		ci_pair_counts_add(&pairs, rank[d]);
	}
	CHECK(ci_rank_counts_ranked(&ranks, 0) == 4 && ci_rank_counts_ranked(&ranks, 2) == 3);
	CHECK_SAME(ci_rank_counts_mean(&ranks, 0), 1.75);
	CHECK_SAME(ci_rank_counts_mean(&ranks, 2), 8.0 / 3);
	CHECK(ci_rank_counts_quantile(&ranks, 0, 0.5) == 1);
	CHECK(ci_rank_counts_quantile(&ranks, 0, 0.51) == 2);
	CHECK(ci_rank_counts_quantile(&ranks, 0, 0.75) == 2);
	CHECK(ci_rank_counts_quantile(&ranks, 0, 0.999) == 3);
	CHECK(ci_rank_counts_quantile(&ranks, 2, 1e-9) == 2);
	CHECK(ahead[0 * 3 + 1] == 1 && ahead[1 * 3 + 0] == 2 && tied[0 * 3 + 1] == 1);
	CHECK(ahead[0 * 3 + 2] == 2 && ahead[2 * 3 + 0] == 1 && tied[0 * 3 + 2] == 0);
}

void
test_simulate(void)
{
	unit_run(test_known_answers);
	unit_run(test_ends_of_shares);
	unit_run(test_second_sample);
	unit_run(test_deviates);
	unit_run(test_weights);
	unit_run(test_certain_weights);
	unit_run(test_weights_by_experts);
	unit_run(test_counts);
}
