/*
 * method/rng.c
 *	  Random numbers that are a function of where they are used.
 */
#include "method/rng.h"

#define ROUNDS 10

#define TWO_PI 6.28318530717958647692

CiRandom
ci_philox(const uint32_t counter[4], const uint32_t key[2])
{
	CiRandom	x = {{counter[0], counter[1], counter[2], counter[3]}};
	uint32_t	k0 = key[0];
	uint32_t	k1 = key[1];

	for (int round = 0; round < ROUNDS; round++)
	{
		uint64_t	a = (uint64_t) 0xD2511F53 * x.word[0];
		uint64_t	b = (uint64_t) 0xCD9E8D57 * x.word[2];

		x = (CiRandom)
			{
			{
				(uint32_t) (b >> 32) ^ x.word[1] ^ k0, (uint32_t) b,
					(uint32_t) (a >> 32) ^ x.word[3] ^ k1, (uint32_t) a
			}
			};
		k0 += 0x9E3779B9;
		k1 += 0xBB67AE85;
	}
	return x;
}

static bool
is_second(const CiStream *stream)
{
	const CiVariables *second = stream->second;

	return second != NULL &&
		stream->purpose >= second->purpose[0] && stream->purpose <= second->purpose[1] &&
		stream->variable >= second->variable[0] && stream->variable <= second->variable[1];
}

CiRandom
ci_random(const CiStream *stream, uint32_t k)
{
	uint32_t	counter[4] = {k, stream->variable, stream->purpose, stream->draw};
	uint32_t	key[2] = {stream->seed, is_second(stream)};

	return ci_philox(counter, key);
}

/* The middle of one of 2^52 equal intervals: exact in a double. */
double
ci_random_share(const CiRandom *random, int which)
{
	uint64_t	bits = (uint64_t) random->word[2 * which] << 32 | random->word[2 * which + 1];

	return ldexp((double) (bits >> 12) + 0.5, -52);
}

size_t
ci_random_pick(double share, size_t n)
{
	size_t		i = (size_t) (share * (double) n);

	return i < n ? i : n - 1;
}

double
ci_random_normal(const CiRandom *random)
{
	return sqrt(-2 * log(ci_random_share(random, 0))) * cos(TWO_PI * ci_random_share(random, 1));
}

/*
 * Each try takes two of the stream's fours, so that it ends: the chance that a
 * try fails is below 1/20.  A shape below 1 is raised by 1, and the deviate
 * multiplied by a share to the power of 1 / shape.
 */
double
ci_random_log_gamma(const CiStream *stream, double shape)
{
	double		raised = shape < 1 ? shape + 1 : shape;
	double		d = raised - 1.0 / 3;
	double		c = 1 / sqrt(9 * d);

	for (uint32_t k = 0;; k += 2)
	{
		CiRandom	first = ci_random(stream, k);
		CiRandom	second = ci_random(stream, k + 1);
		double		x = ci_random_normal(&first);
		double		v = 1 + c * x;

		if (v <= 0)
			continue;
		v = v * v * v;
		if (log(ci_random_share(&second, 0)) >= 0.5 * x * x + d * (1 - v + log(v)))
			continue;
		return log(d * v) + (shape < 1 ? log(ci_random_share(&second, 1)) / shape : 0);
	}
}
