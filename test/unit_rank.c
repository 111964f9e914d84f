/*
 * unit_rank.c
 *	  Ties after rounding, and ranks.
 */
#include <stdio.h>
#include <string.h>

#include "method/rank.h"
#include "unit.h"

/*
 * Does a round to the decimal number b, as SQL prints it?  b holds 15 digits at
 * most, so that it survives the cast.
 */
static bool
rounds_to(double a, int decimals, double b)
{
	return ci_rank_same(a, b, decimals) && ci_rank_same(b, a, decimals) &&
		ci_rank_same(-a, -b, decimals);
}

/* Results of SELECT round(a::float8::numeric, decimals). */
static void
test_same_known(void)
{
	CHECK(rounds_to(0.0000000005, 9, 0.000000001));
	CHECK(!rounds_to(0.0000000005, 9, 0));
	CHECK(rounds_to(0.00000000049999999999999, 9, 0));
	CHECK(rounds_to(1.0000000005, 9, 1.000000001));
	CHECK(rounds_to(1.00000000049999, 9, 1));
	CHECK(!rounds_to(1.0000000005, 9, 1));
	CHECK(rounds_to(2.5, 0, 3));
	CHECK(!rounds_to(2.5, 0, 2));
	CHECK(rounds_to(3.5, 0, 4));
	CHECK(rounds_to(0.15, 1, 0.2));
	CHECK(rounds_to(0.25, 1, 0.3));
	CHECK(rounds_to(0.35, 1, 0.4));
	CHECK(rounds_to(1.005, 2, 1.01));
	CHECK(rounds_to(2.4999999999999996, 0, 3)); /* 2.5 to 15 digits */
	CHECK(rounds_to(0.49999999999999994, 0, 1));
	CHECK(rounds_to(9.9999999999999995, 30, 10));
	CHECK(rounds_to(9.95, 1, 10));
	CHECK(rounds_to(15, -1, 20));
	CHECK(rounds_to(14.99, -1, 10));
	CHECK(rounds_to(50, -2, 100));
	CHECK(rounds_to(49.9, -2, 0));
	CHECK(rounds_to(5e14, -15, 1e15));
	CHECK(rounds_to(4.9e14, -15, 0));
	CHECK(rounds_to(1e14, -16, 0));
	CHECK(rounds_to(1.2345678901234567, 30, 1.23456789012346));
	CHECK(!rounds_to(1.2345678901234567, 30, 1.23456789012345));
	CHECK(rounds_to(1e-300, 30, 0));
	CHECK(rounds_to(TINY, 30, 0));
	CHECK(rounds_to(5e-31, 30, 1e-30));
	CHECK(rounds_to(0.0, 9, -0.0));
	CHECK(!ci_rank_same(DBL_MAX, -DBL_MAX, -30));
	CHECK(!ci_rank_same(0.5, -0.5, 0));
	CHECK(ci_rank_same(0.4, -0.4, 0));
	CHECK(ci_rank_same(DBL_MAX, nextafter(DBL_MAX, 0), 9));
	CHECK(!ci_rank_same(1e300, 1.00000000000001e300, 9));
}

/* Digits of |x| with 400 places on both sides of the point, and a digit ahead. */
#define PLACES 400

typedef char Digits[2 * PLACES + 2];

static void
write_digits(double x, Digits digits)
{
	char		text[64];
	int			exponent;

	memset(digits, '0', 2 * PLACES + 1);
	digits[2 * PLACES + 1] = '\0';
	snprintf(text, sizeof(text), "%.14e", fabs(x));
	sscanf(strchr(text, 'e') + 1, "%d", &exponent);
	memmove(text + 1, text + 2, 14);
	memcpy(digits + PLACES - exponent, text, 15);
}

static void
round_digits(Digits digits, int decimals)
{
	int			cut = PLACES + 1 + decimals;
	bool		up = digits[cut] >= '5';

	memset(digits + cut, '0', (size_t) (2 * PLACES + 1 - cut));
	for (int i = cut - 1; up; i--)
	{
		up = digits[i] == '9';
		digits[i] = up ? '0' : (char) (digits[i] + 1);
	}
}

/* The same on paper: write out, add, compare. */
static bool
same_on_paper(double a, double b, int decimals)
{
	Digits		x;
	Digits		y;
	bool		zero;

	write_digits(a, x);
	write_digits(b, y);
	round_digits(x, decimals);
	round_digits(y, decimals);
	zero = strspn(x, "0") == strlen(x);
	return strcmp(x, y) == 0 && (zero || (a < 0) == (b < 0));
}

static void
test_same_oracle(void)
{
	for (int round = 0; round < 20000; round++)
	{
		int			decimals = random_below(61) - 30;
		double		a = random_double(-110, 110);
		double		b = a;

		if (random_below(2))	/* digits that end in a half */
		{
			decimals = random_below(14) - 2;
			a = (random_below(2000) - 1000 + 0.5) * pow(10, -decimals);
			b = a;
		}
		for (int steps = random_below(6); steps > 0; steps--)
			b = nextafter(b, random_below(2) ? INF : -INF);
		if (random_below(2))
			b += random_double(-4, 1) * pow(10, -decimals);
		CHECK(ci_rank_same(a, b, decimals) == same_on_paper(a, b, decimals));
		CHECK(ci_rank_same(b, a, decimals) == ci_rank_same(a, b, decimals));
	}
}

static void
test_assign(void)
{
	const double score[] = {70, 90.0000000001, 80, 90, 70, 60, 80, 70};
	const uint32_t order[] = {1, 3, 2, 6, 0, 4, 7, 5};
	const int32_t want[3][8] = {
		{5, 1, 3, 1, 5, 8, 3, 5},
		{7, 2, 4, 2, 7, 8, 4, 7},
		{3, 1, 2, 1, 3, 4, 2, 3}
	};
	const char *name[] = {"min", "max", "dense"};
	int32_t		rank[8];

	for (int t = 0; t < 3; t++)
	{
		const CiTiesMethod *ties = ci_ties_method(name[t]);

		ci_rank_assign(ties, 9, score, order, 8, rank);
		CHECK(memcmp(rank, want[t], sizeof(rank)) == 0);
		rank[0] = 42;
		ci_rank_assign(ties, 9, score, order, 0, rank);
		CHECK(rank[0] == 42);
	}
	ci_rank_assign(ci_ties_method("min"), 30, score, order, 8, rank);
	CHECK(rank[1] == 1 && rank[3] == 2);
	ci_rank_assign(ci_ties_method("dense"), -3, score, order, 8, rank);
	CHECK(rank[5] == 1);
	CHECK(!ci_ties_method("average"));
}

void
test_rank(void)
{
	unit_run(test_same_known);
	unit_run(test_same_oracle);
	unit_run(test_assign);
}
