/*
 * unit.c
 *	  Runs the tests of the kernel; silent but for failures and a last line.
 *
 * What is expected comes from publications, from identities, or from an oracle
 * that computes the same in another way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

static long passed;
static long failed;
static long faults;				/* checks that failed */

void
unit_run(void (*test) (void))
{
	long		before = faults;

	test();
	if (faults == before)
		passed++;
	else
		failed++;
}

void
unit_check(bool ok, const char *what, const char *file, int line)
{
	if (ok)
		return;
	faults++;
	printf("%s:%d: %s\n", file, line, what);
}

void
unit_same(double got, double want, const char *what, const char *file, int line)
{
	bool		same = memcmp(&got, &want, sizeof(double)) == 0;

	if (same || (isnan(got) && isnan(want)))
		return;
	faults++;
	printf("%s:%d: %s is %.17g, not %.17g\n", file, line, what, got, want);
}

void
unit_near(double got, double want, double tolerance,
		  const char *what, const char *file, int line)
{
	if (fabs(got - want) <= tolerance)
		return;
	faults++;
	printf("%s:%d: %s is %.17g, not %.17g to within %g\n",
		   file, line, what, got, want, tolerance);
}

void
unit_no_check(void)
{
}

/* Marsaglia's xorshift64*. */
uint64_t
random_bits(void)
{
	static uint64_t state = 20211026;

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(2685821657736338717);
}

int
random_below(int n)
{
	return (int) ((random_bits() >> 33) % (uint64_t) n);
}

double
random_share(void)
{
	return (double) (random_bits() >> 11) / 9007199254740992.0;
}

double
random_double(int low, int high)
{
	double		x = 1 + random_share();

	x = ldexp(x, low + random_below(high - low + 1));
	return random_bits() >> 63 ? -x : x;
}

void
shuffle(double *x, size_t n)
{
	for (size_t i = n; i > 1; i--)
	{
		size_t		j = (size_t) random_below((int) i);
		double		swapped = x[i - 1];

		x[i - 1] = x[j];
		x[j] = swapped;
	}
}

static int
compare(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x > y) - (x < y);
}

void
sort(double *x, size_t n)
{
	if (n > 0)
		qsort(x, n, sizeof(double), compare);
}

int
main(void)
{
	test_stats();
	test_accumulator();
	test_impute();
	test_treat();
	test_normalise();
	test_aggregate();
	test_mcda();
	test_balance();
	test_outrank();
	test_rank();
	test_weigh();
	test_means();
	test_compare();
	test_bod();
	test_bounds();
	test_stability();
	test_simulate();
	test_sensitivity();
	test_decimal();
	test_simulation();
	printf("%ld passed, %ld failed\n", passed, failed);
	return failed > 0;
}
