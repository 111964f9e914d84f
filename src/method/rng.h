/*
 * method/rng.h
 *	  Random numbers that are a function of where they are used.
 *
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw, Parallel random numbers: as easy as
 * 1, 2, 3, SC 2011) turns a key and a counter into four random words.  The key is
 * the seed, the counter says which draw, for what, and for which variable, so that
 * no number depends on those that were drawn before.
 */
#ifndef CI_METHOD_RNG_H
#define CI_METHOD_RNG_H

#include "method/method.h"

typedef struct CiRandom
{
	uint32_t	word[4];
} CiRandom;

/* What a number is for. */
typedef enum CiPurpose
{
	CI_RANDOM_WEIGHT,
	CI_RANDOM_OMIT,
	CI_RANDOM_CHOICE,
	CI_RANDOM_ERROR				/* and from it on, by period */
} CiPurpose;

/* Variables, by what they are for and by number: from the first to the last of each. */
typedef struct CiVariables
{
	uint32_t	purpose[2];
	uint32_t	variable[2];
} CiVariables;

/*
 * Whose numbers they are: of a variable in a draw.  There is a second sample of all
 * variables, independent of the first; second says of which it is to be taken, NULL
 * of none.
 */
typedef struct CiStream
{
	uint32_t	seed;
	uint32_t	draw;
	const CiVariables *second;
	uint32_t	purpose;
	uint32_t	variable;
} CiStream;

/* The function itself: four words of the counter, two of the key. */
extern CiRandom ci_philox(const uint32_t counter[4], const uint32_t key[2]);

/* The k-th four words of a stream. */
extern CiRandom ci_random(const CiStream *stream, uint32_t k);

/* A number in (0, 1), neither end included, of two words: which is 0 or 1. */
extern double ci_random_share(const CiRandom *random, int which);

/* One of 0, …, n - 1 from a share. */
extern size_t ci_random_pick(double share, size_t n);

/* A normal deviate of four words (Box and Muller 1958). */
extern double ci_random_normal(const CiRandom *random);

/*
 * The logarithm of a gamma deviate with this shape, above 0, and scale 1
 * (Marsaglia and Tsang 2000).
 */
extern double ci_random_log_gamma(const CiStream *stream, double shape);

#endif							/* CI_METHOD_RNG_H */
