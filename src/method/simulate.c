/*
 * method/simulate.c
 *	  Uncertainty: weights drawn around those given, and ranks counted over draws.
 */
#include "method/aggregate.h"
#include "method/simulate.h"

/* Uniform between 1 - share and 1 + share times the weight. */
static double
draw_share(const CiSpread *spread, const CiStream *stream, double weight, double sum)
{
	CiRandom	random = ci_random(stream, 0);

	(void) sum;
	return weight * (1 + spread->share * (2 * ci_random_share(&random, 0) - 1));
}

/* Gamma deviates, taken relative to their sum, are a Dirichlet deviate. */
static double
draw_dirichlet(const CiSpread *spread, const CiStream *stream, double weight, double sum)
{
	return ci_random_log_gamma(stream, spread->concentration * (weight / sum));
}

/* Exponential deviates, relative to their sum, are uniform on the simplex. */
static double
draw_simplex(const CiSpread *spread, const CiStream *stream, double weight, double sum)
{
	CiRandom	random = ci_random(stream, 0);

	(void) spread;
	(void) weight;
	(void) sum;
	return -log(ci_random_share(&random, 0));
}

/* Uniform between the ends; where they are one, that. */
static double
draw_between(const CiSpread *spread, const CiStream *stream, double weight, double sum)
{
	CiRandom	random = ci_random(stream, 0);
	double		lowest = spread->lowest[stream->variable];
	double		highest = spread->highest[stream->variable];

	(void) weight;
	(void) sum;
	return fmin(lowest + ci_random_share(&random, 0) * (highest - lowest), highest);
}

static const CiParam share_params[] = {
	{"share", CI_PARAM_NUMBER, offsetof(CiSpread, share), 0, 1, NULL},
	{.name = NULL}
};

static const CiParam dirichlet_params[] = {
	{"concentration", CI_PARAM_POSITIVE, offsetof(CiSpread, concentration), 1e-3, 1e9, NULL},
	{.name = NULL}
};

static const CiParam no_params[] = {
	{.name = NULL}
};

const CiSpreadMethod ci_spread_methods[] = {
	{"share", share_params, "share", draw_share, false, false},
	{"dirichlet", dirichlet_params, "concentration", draw_dirichlet, true, false},
	{"simplex", no_params, NULL, draw_simplex, false, false},
	{"experts", no_params, "weights", draw_between, false, true},
	{.name = NULL}
};

/* From logarithms to numbers of which the greatest is 1. */
static void
raise(const double *nominal, int n, double *weight)
{
	double		greatest = -HUGE_VAL;

	for (int k = 0; k < n; k++)
		if (nominal[k] > 0)
			greatest = fmax(greatest, weight[k]);
	for (int k = 0; k < n; k++)
		if (nominal[k] > 0)
			weight[k] = exp(weight[k] - greatest);
}

void
ci_spread_weights(const CiSpread *spread, CiStream *stream, const uint32_t *variable,
				  const double *nominal, int n, double *weight)
{
	double		factor = ci_aggregate_weight_factor(nominal, n);
	double		sum = 0;

	for (int k = 0; k < n; k++)
		sum += nominal[k] * factor;
	for (int k = 0; k < n; k++)
	{
		weight[k] = 0;
		if (nominal[k] == 0)
			continue;
		stream->variable = variable[k];
		weight[k] = spread->method->draw(spread, stream, nominal[k] * factor, sum);
	}
	if (spread->method->logarithm)
		raise(nominal, n, weight);
}

void
ci_rank_counts_add(CiRankCounts *counts, const int32_t *rank)
{
	for (size_t i = 0; i < counts->n; i++)
		counts->count[i * (counts->n + 1) + (size_t) rank[i]]++;
}

uint64_t
ci_rank_counts_ranked(const CiRankCounts *counts, size_t unit)
{
	const uint32_t *count = counts->count + unit * (counts->n + 1);
	uint64_t	ranked = 0;

	for (size_t r = 1; r <= counts->n; r++)
		ranked += count[r];
	return ranked;
}

double
ci_rank_counts_mean(const CiRankCounts *counts, size_t unit)
{
	const uint32_t *count = counts->count + unit * (counts->n + 1);
	uint64_t	sum = 0;

	for (size_t r = 1; r <= counts->n; r++)
		sum += (uint64_t) count[r] * r;
	return (double) sum / (double) ci_rank_counts_ranked(counts, unit);
}

/* As SQL's percentile_disc; a share like 1 - 0.9 may be off by its rounding. */
int32_t
ci_rank_counts_quantile(const CiRankCounts *counts, size_t unit, double share)
{
	const uint32_t *count = counts->count + unit * (counts->n + 1);
	double		wanted = share * (double) ci_rank_counts_ranked(counts, unit) * (1 - 1e-12);
	uint64_t	upto = 0;
	size_t		r = 0;

	do
		upto += count[++r];
	while (r < counts->n && (upto == 0 || (double) upto < wanted));
	return (int32_t) r;
}

void
ci_pair_counts_add(CiPairCounts *counts, const int32_t *rank)
{
	for (size_t a = 0; a < counts->n; a++)
	{
		uint32_t   *ahead = counts->ahead + a * counts->n;
		uint32_t   *tied = counts->tied + a * counts->n;

		if (rank[a] == 0)
			continue;
		for (size_t b = 0; b < counts->n; b++)
		{
			ahead[b] += rank[a] < rank[b];
			tied[b] += rank[a] == rank[b];
		}
	}
}
