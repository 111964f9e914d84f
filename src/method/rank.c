/*
 * method/rank.c
 *	  Ranking: from scores in order to ranks, ties decided on rounded scores.
 *
 * Rounding is SQL's, of a score cast to numeric: first to 15 significant
 * digits, then, halves away from zero, to the decimals wanted.  It is done on
 * the digits, for no binary arithmetic gives the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "method/rank.h"

#define DIGITS 15

#define LOG2_10 3.32192809488736234787

/* mantissa * 10^exponent; the mantissa is 0 or does not end in 0. */
typedef struct Decimal
{
	int64_t		mantissa;
	int			exponent;
} Decimal;

/* Read the digits of a finite number, whatever the locale puts among them. */
static Decimal
decimal_of(double x)
{
	char		text[40];
	const char *p = text;
	Decimal		decimal = {0, 0};

	snprintf(text, sizeof(text), "%.*e", DIGITS - 1, fabs(x));
	for (; *p != 'e'; p++)
		if (*p >= '0' && *p <= '9')
			decimal.mantissa = decimal.mantissa * 10 + (*p - '0');
	decimal.exponent = (int) strtol(p + 1, NULL, 10) - (DIGITS - 1);
	if (x < 0)
		decimal.mantissa = -decimal.mantissa;
	return decimal;
}

/* Drop the digits beyond the decimals: of more than 15, nothing is left. */
static Decimal
decimal_round(Decimal decimal, int decimals)
{
	int			drop = -decimals - decimal.exponent;
	int64_t		unit = 1;
	int64_t		half;

	if (drop > DIGITS)
		return (Decimal) {0, 0};
	for (int i = 0; i < drop; i++)
		unit *= 10;
	half = decimal.mantissa < 0 ? -(unit / 2) : unit / 2;
	decimal.mantissa = (decimal.mantissa + half) / unit;
	decimal.exponent += drop > 0 ? drop : 0;
	if (decimal.mantissa == 0)
		return (Decimal) {0, 0};
	for (; decimal.mantissa % 10 == 0; decimal.exponent++)
		decimal.mantissa /= 10;
	return decimal;
}

/*
 * Numbers further apart than the unit of rounding (and what the cast to 15
 * digits can move them) round to different ones.  The power of two above that
 * unit will do to see it at once.
 */
static double
rounding_unit(int decimals)
{
	return ldexp(1, 1 - (int) floor(decimals * LOG2_10));
}

static bool
is_same(double a, double b, int decimals, double unit)
{
	Decimal		x;
	Decimal		y;

	if (a == b)
		return true;
	if (fabs(a - b) > unit + 2e-14 * (fabs(a) + fabs(b)))
		return false;
	x = decimal_round(decimal_of(a), decimals);
	y = decimal_round(decimal_of(b), decimals);
	return x.mantissa == y.mantissa && x.exponent == y.exponent;
}

bool
ci_rank_same(double a, double b, int decimals)
{
	return is_same(a, b, decimals, rounding_unit(decimals));
}

static int32_t
rank_min(size_t ahead, size_t groups, size_t size)
{
	(void) groups;
	(void) size;
	return (int32_t) (ahead + 1);
}

static int32_t
rank_max(size_t ahead, size_t groups, size_t size)
{
	(void) groups;
	return (int32_t) (ahead + size);
}

static int32_t
rank_dense(size_t ahead, size_t groups, size_t size)
{
	(void) ahead;
	(void) size;
	return (int32_t) (groups + 1);
}

const CiTiesMethod ci_ties_methods[] = {
	{"min", rank_min},
	{"max", rank_max},
	{"dense", rank_dense},
	{.name = NULL}
};

const CiTiesMethod *
ci_ties_method(const char *name)
{
	for (const CiTiesMethod *method = ci_ties_methods; method->name; method++)
		if (strcmp(method->name, name) == 0)
			return method;
	return NULL;
}

/*
 * Each score is compared with the first of its group; as rounding keeps the
 * order, comparing neighbours would make the same groups.
 */
void
ci_rank_assign(const CiTiesMethod *ties, int decimals, const double *score,
			   const uint32_t *order, size_t n, int32_t *rank)
{
	double		unit = rounding_unit(decimals);
	size_t		groups = 0;
	size_t		end;

	for (size_t first = 0; first < n; first = end, groups++)
	{
		int32_t		shared;

		end = first + 1;
		while (end < n && is_same(score[order[first]], score[order[end]], decimals, unit))
			end++;
		shared = ties->rank(first, groups, end - first);
		for (size_t i = first; i < end; i++)
			rank[order[i]] = shared;
	}
}
