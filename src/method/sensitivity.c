/*
 * method/sensitivity.c
 *	  Sobol indices by the estimators of Saltelli et al. (2010), first order, and
 *	  Jansen (1999), total.
 *
 * Sums are taken in the order of rows, which is that of draws: it is part of the
 * input.
 */
#include "method/rng.h"
#include "method/sensitivity.h"

/* A variance below this share of the mean square is rounding. */
#define NO_VARIANCE 1e-12

/* The second word of the key of resampling; those of samples are 0 and 1. */
#define RESAMPLING 2

/* So many rows are between two calls of check. */
#define CHECK_EVERY 65536

void
ci_sobol_centre(CiSobolDesign *design)
{
	size_t		columns = design->k + 2;
	double		sum = 0;
	double		mean;

	for (size_t row = 0; row < design->n; row++)
		sum += design->value[row * columns] + design->value[row * columns + 1];
	mean = sum / (2 * (double) design->n);
	for (size_t i = 0; i < design->n * columns; i++)
		design->value[i] -= mean;
}

/* Sums over rows, of A and B, and of how an input's values differ from A. */
typedef struct Sums
{
	double		sum;
	double		squares;
	double	   *difference;		/* by input */
	double	   *product;		/* with B */
	double	   *square;
} Sums;

static void
add_row(Sums *sums, const double *value, size_t k, double times)
{
	double		a = value[0];
	double		b = value[1];

	sums->sum += times * (a + b);
	sums->squares += times * (a * a + b * b);
	for (size_t i = 0; i < k; i++)
	{
		double		difference = value[2 + i] - a;

		sums->difference[i] += times * difference;
		sums->product[i] += times * (b * difference);
		sums->square[i] += times * (difference * difference);
	}
}

void
ci_sobol_indices(const CiSobolDesign *design, const uint32_t *times, void (*check) (void),
				 double *room, CiSobolIndex *index)
{
	double		n = (double) design->n;
	size_t		k = design->k;
	Sums		sums = {0, 0, room, room + k, room + 2 * k};
	double		mean;
	double		variance;

	for (size_t i = 0; i < 3 * k; i++)
		room[i] = 0;
	for (size_t row = 0; row < design->n; row++)
	{
		if (row % CHECK_EVERY == 0)
			check();
		if (times == NULL || times[row] > 0)
			add_row(&sums, design->value + row * (k + 2), k, times == NULL ? 1 : times[row]);
	}
	mean = sums.sum / (2 * n);
	variance = sums.squares / (2 * n) - mean * mean;
	if (!(variance > NO_VARIANCE * (sums.squares / (2 * n))))
		variance = NAN;
	for (size_t i = 0; i < k; i++)
	{
		index[i].first = (sums.product[i] - mean * sums.difference[i]) / n / variance;
		index[i].total = sums.square[i] / (2 * n) / variance;
	}
}

void
ci_sobol_resample(uint32_t seed, uint32_t sample, size_t n, void (*check) (void),
				  uint32_t *times)
{
	uint32_t	key[2] = {seed, RESAMPLING};

	for (size_t row = 0; row < n; row++)
		times[row] = 0;
	for (size_t i = 0; i < n; i += 4)
	{
		uint32_t	counter[4] = {(uint32_t) (i / 4), sample, 0, 0};
		CiRandom	random = ci_philox(counter, key);

		if (i % CHECK_EVERY == 0)
			check();
		for (size_t w = 0; w < 4 && i + w < n; w++)
			times[(uint64_t) random.word[w] * n >> 32]++;
	}
}
