/*
 * unit_outrank.c
 *	  Units compared in pairs, against published profiles and plain definitions.
 */
#include <stdlib.h>
#include <string.h>

#include "method/outrank.h"
#include "unit.h"

#define MAX_UNITS 120
#define MAX_CHILDREN 12

/* A panel of one period, and what came of it. */
typedef struct Case
{
	CiAggregate spec;
	int			n_children;
	size_t		n;
	double		value[MAX_CHILDREN][MAX_UNITS];
	double		weight[MAX_CHILDREN];
	int			direction[MAX_CHILDREN];
	bool		counts[MAX_UNITS];
	CiPreference preference[MAX_CHILDREN];
	double		out[MAX_UNITS];
	double		optima;
} Case;

static Case
case_of(const char *method, int n_children, size_t n)
{
	Case		c = {.n_children = n_children, .n = n};

	ci_aggregate_defaults(&c.spec, ci_aggregate_method(method));
	for (int j = 0; j < MAX_CHILDREN; j++)
	{
		c.weight[j] = 1;
		c.direction[j] = 1;
		c.preference[j] = (CiPreference) {CI_PREFERENCE_COMMON, MISSING, MISSING, MISSING};
	}
	for (size_t i = 0; i < MAX_UNITS; i++)
		c.counts[i] = true;
	return c;
}

static CiStatus
run_all(Case *c)
{
	const double *child[MAX_CHILDREN];
	size_t		wanted = c->spec.method->scratch == NULL ? 0 :
		c->spec.method->scratch(&c->spec, c->n_children, c->n);
	CiAggregation a = {
		.spec = &c->spec, .n_children = c->n_children, .n = c->n, .child = child,
		.weight = c->weight, .direction = c->direction, .counts = c->counts,
		.check = unit_no_check, .out = c->out, .optima = 1
	};
	CiStatus	status;

	for (int j = 0; j < c->n_children; j++)
		child[j] = c->value[j];
	c->spec.preference.n = c->n_children;
	c->spec.preference.at = c->preference;
	a.scratch = malloc((wanted + 1) * sizeof(double));
	status = c->spec.method->aggregate(&a);
	free(a.scratch);
	c->optima = a.optima;
	return status;
}

static const double *
run(Case *c)
{
	CHECK(run_all(c) == CI_OK);
	return c->out;
}

/* Children put the units in these orders, the best first, each so many times. */
static Case
profile(const char *method, int n_orders, const int *times, const char *const *orders)
{
	Case		c = case_of(method, n_orders, strlen(orders[0]));

	for (int j = 0; j < n_orders; j++)
	{
		c.weight[j] = times[j];
		for (int place = 0; orders[j][place] != '\0'; place++)
			c.value[j][orders[j][place] - 'a'] = -place;
	}
	return c;
}

static Case
random_case(const char *method, int n_children, size_t n, bool gaps)
{
	Case		c = case_of(method, n_children, n);
	bool		coarse = random_below(2);

	for (int j = 0; j < n_children; j++)
	{
		c.weight[j] = random_below(3) == 0 ? random_below(4) : random_share();
		c.direction[j] = random_below(3) == 0 ? -1 : 1;
		for (size_t i = 0; i < n; i++)
			c.value[j][i] = gaps && random_below(5) == 0 ? MISSING :
				coarse ? random_below(4) : random_double(-4, 5);
	}
	c.weight[0] = 1;
	return c;
}

/* Handbook, Tables 25, 28 and 31. */
static const char *const orders_25[] = {"abcd", "acbd", "bdca", "cbda"};
static const int times_25[] = {3, 5, 7, 6};
static const char *const orders_28[] = {"abc", "bca", "bac", "cab", "cba"};
static const int times_28[] = {23, 17, 2, 10, 8};

static void
test_borda(void)
{
	Case		c = profile("borda", 4, times_25, orders_25);
	const double want_25[] = {24, 44, 38, 20};
	const double want_28[] = {58, 69, 53};

	run(&c);
	for (int i = 0; i < 4; i++)
		CHECK_NEAR(c.out[i] * 21 / 4, want_25[i], 1e-12);
	c = profile("borda", 5, times_28, orders_28);
	run(&c);
	for (int i = 0; i < 3; i++)
		CHECK_NEAR(c.out[i] * 60 / 5, want_28[i], 1e-12);
}

/* Ties share their points (sorting twice, as pyDecision does, splits them). */
static void
test_borda_ties(void)
{
	Case		c = case_of("borda", 2, 3);
	const double tied[] = {5, 5, 1};
	const double gap[] = {MISSING, 2, 3};

	memcpy(c.value[0], tied, sizeof(tied));
	memcpy(c.value[1], tied, sizeof(tied));
	run(&c);
	CHECK(c.out[0] == 3 && c.out[1] == 3 && c.out[2] == 0);
	memcpy(c.value[1], gap, sizeof(gap));
	run(&c);					/* one opponent that stands for two */
	CHECK(c.out[0] == 3 && c.out[1] == 1.5 && c.out[2] == 2 * (0 + 2) / 2.0);
	c.value[1][1] = MISSING;
	run(&c);					/* none: a tie with all */
	CHECK(c.out[2] == 1 && c.out[0] == 3);
}

/* pyDecision sums margins instead of majorities: 2, 2, -4 where it is 2, 0, -2. */
static void
test_copeland(void)
{
	static const char *const orders[] = {"abc", "bac", "abc"};
	static const int times[] = {1, 1, 1};
	const double want_25[] = {-3, 1, 3, -1};
	Case		c = profile("copeland", 3, times, orders);

	run(&c);
	CHECK(c.out[0] == 2 && c.out[1] == 0 && c.out[2] == -2);
	c = profile("copeland", 4, times_25, orders_25);
	run(&c);
	for (int i = 0; i < 4; i++)
		CHECK_SAME(c.out[i], want_25[i]);
	c = profile("copeland", 5, times_28, orders_28);
	run(&c);
	CHECK(c.out[0] == 0 && c.out[1] == 0 && c.out[2] == 0);
}

/* .1 + .2 for one and .3 for the other is a tie, .1 + .2 against nothing is none. */
static void
test_tied_majority(void)
{
	Case		c = case_of("copeland", 3, 2);
	const double first[] = {2, 1};
	const double second[] = {1, 2};

	memcpy(c.value[0], first, sizeof(first));
	memcpy(c.value[1], first, sizeof(first));
	memcpy(c.value[2], second, sizeof(second));
	c.weight[0] = 0.1;
	c.weight[1] = 0.2;
	c.weight[2] = 0.3;
	run(&c);
	CHECK(c.out[0] == 0 && c.out[1] == 0);
	c.value[0][1] = 2;
	c.value[1][1] = 2;
	c.weight[2] = 1e-30;
	run(&c);
	CHECK(c.out[0] == -1 && c.out[1] == 1);
	c.weight[2] = 0;
	run(&c);
	CHECK(c.out[0] == 0 && c.out[1] == 0);
}

static double
naive_copeland(const Case *c, size_t x)
{
	double		score = 0;

	for (size_t y = 0; y < c->n; y++)
	{
		double		won = 0;
		double		lost = 0;

		for (int j = 0; j < c->n_children; j++)
		{
			double		d = c->direction[j] * (c->value[j][x] - c->value[j][y]);

			won += d > 0 ? c->weight[j] : 0;
			lost += d < 0 ? c->weight[j] : 0;
		}
		if (c->counts[y] && fabs(won - lost) > 1e-9 * (won + lost))
			score += won > lost ? 1 : -1;
	}
	return score;
}

/* Points for every opponent that has the child, as if all had it. */
static double
naive_borda(const Case *c, size_t x)
{
	double		opponents = -1;
	double		children = 0;
	double		weights = 0;
	double		sum = 0;

	for (size_t y = 0; y < c->n; y++)
	{
		bool		any = false;

		for (int j = 0; j < c->n_children; j++)
			any |= c->weight[j] > 0 && !isnan(c->value[j][y]);
		opponents += any && c->counts[y];
	}
	for (int j = 0; j < c->n_children; j++)
	{
		double		met = 0;
		double		points = 0;

		if (c->weight[j] == 0)
			continue;
		children++;
		if (isnan(c->value[j][x]))
			continue;
		for (size_t y = 0; y < c->n; y++)
		{
			double		d = c->direction[j] * (c->value[j][x] - c->value[j][y]);

			if (y == x || !c->counts[y] || isnan(d))
				continue;
			met++;
			points += d > 0 ? 1 : d == 0 ? 0.5 : 0;
		}
		sum += c->weight[j] * opponents * (met > 0 ? points / met : 0.5);
		weights += c->weight[j];
	}
	return children * sum / weights;
}

static double
naive_preference(const CiPreference *p, double d)
{
	switch (p->function)
	{
		case CI_PREFERENCE_U_SHAPE:
			return d > p->q;
		case CI_PREFERENCE_V_SHAPE:
			return d <= 0 ? 0 : fmin(d / p->p, 1);
		case CI_PREFERENCE_LEVEL:
			return d <= p->q ? 0 : d <= p->p ? 0.5 : 1;
		case CI_PREFERENCE_LINEAR:
			return d <= p->q ? 0 : fmin((d - p->q) / (p->p - p->q), 1);
		case CI_PREFERENCE_GAUSSIAN:
			return d <= 0 ? 0 : 1 - exp(-d * d / (2 * p->s * p->s));
		default:
			return d > 0;
	}
}

static double
naive_promethee(const Case *c, size_t x)
{
	double		weights = 0;
	double		sum = 0;

	for (int j = 0; j < c->n_children; j++)
	{
		double		met = 0;
		double		net = 0;

		if (c->weight[j] == 0 || isnan(c->value[j][x]))
			continue;
		for (size_t y = 0; y < c->n; y++)
		{
			double		d = c->direction[j] * (c->value[j][x] - c->value[j][y]);

			if (y == x || !c->counts[y] || isnan(d))
				continue;
			met++;
			net += naive_preference(&c->preference[j], d) - naive_preference(&c->preference[j], -d);
		}
		sum += c->weight[j] * (met > 0 ? net / met : 0);
		weights += c->weight[j];
	}
	return sum / weights;
}

/* Thresholds off the grid of values, which rounding would decide. */
static void
random_preferences(Case *c)
{
	for (int j = 0; j < c->n_children; j++)
	{
		CiPreference *p = &c->preference[j];

		*p = (CiPreference)
		{
			CI_PREFERENCE_USUAL + random_below(6), MISSING, MISSING, MISSING
		};
		if (p->function == CI_PREFERENCE_U_SHAPE || p->function == CI_PREFERENCE_LEVEL ||
			p->function == CI_PREFERENCE_LINEAR)
			p->q = random_below(3) == 0 ? 0 : random_share() * 3;
		if (p->function == CI_PREFERENCE_V_SHAPE || p->function == CI_PREFERENCE_LEVEL ||
			p->function == CI_PREFERENCE_LINEAR)
			p->p = (isnan(p->q) ? 0 : p->q) + 0.01 + random_share() * 10;
		if (p->function == CI_PREFERENCE_GAUSSIAN)
			p->s = 0.1 + random_share() * 5;
	}
}

/* Every method against its definition: gaps, directions, weights, units outside. */
static void
test_definitions(void)
{
	static const struct
	{
		const char *name;
		double		(*naive) (const Case *c, size_t x);
	}			methods[] = {
		{"copeland", naive_copeland}, {"borda", naive_borda}, {"promethee", naive_promethee}
	};

	for (int round = 0; round < 600; round++)
	{
		int			which = round % 3;
		Case		c = random_case(methods[which].name, 1 + random_below(MAX_CHILDREN),
									1 + (size_t) random_below(40), random_below(2));
		int			outside = random_below(3);

		for (size_t i = 0; i < c.n; i++)
			c.counts[i] = outside == 0 || random_below(4) > 0;
		random_preferences(&c);
		run(&c);
		for (size_t i = 0; i < c.n; i++)
		{
			bool		any = false;
			bool		opponents = false;

			for (int j = 0; j < c.n_children; j++)
				any |= c.weight[j] > 0 && !isnan(c.value[j][i]);
			for (size_t y = 0; y < c.n; y++)
				opponents |= c.counts[y];
			if (!any)
				CHECK(isnan(c.out[i]));
			else if (opponents && !isnan(c.out[i]))
				CHECK_NEAR(c.out[i], methods[which].naive(&c, i), 1e-11 * (1 + fabs(c.out[i])));
		}
	}
}

/* Neither rows nor labels of units decide: any order of them gives the same bits. */
static void
test_unit_order(void)
{
	static const char *const methods[] = {"copeland", "borda", "promethee", "kemeny"};

	for (int round = 0; round < 200; round++)
	{
		Case		c = random_case(methods[round % 4], 1 + random_below(6),
									2 + (size_t) random_below(round % 4 == 3 ? 45 : 30), random_below(2));
		Case		other;
		size_t		from[MAX_UNITS];

		random_preferences(&c);
		other = c;
		for (size_t i = 0; i < c.n; i++)
			from[i] = i;
		for (size_t i = c.n - 1; i > 0; i--)
		{
			size_t		k = (size_t) random_below((int) i + 1);
			size_t		swap = from[i];

			from[i] = from[k];
			from[k] = swap;
		}
		for (size_t i = 0; i < c.n; i++)
		{
			c.counts[i] = random_below(5) > 0;
			for (int j = 0; j < c.n_children; j++)
				other.value[j][i] = c.value[j][from[i]];
		}
		for (size_t i = 0; i < c.n; i++)
			other.counts[i] = c.counts[from[i]];
		run(&c);
		run(&other);
		CHECK(c.optima == other.optima);
		for (size_t i = 0; i < c.n; i++)
			CHECK_SAME(other.out[i], c.out[from[i]]);
	}
}

/*
 * COINr counts a missing pair for the later row: 1, 0, -1, or in another order of
 * rows 2, 0, -2.  Here a and b have nothing in common: a tie.
 */
static void
test_nothing_in_common(void)
{
	Case		c = case_of("copeland", 2, 3);
	const double first[] = {3, MISSING, 2};
	const double second[] = {MISSING, 1, 0};

	memcpy(c.value[0], first, sizeof(first));
	memcpy(c.value[1], second, sizeof(second));
	run(&c);
	CHECK(c.out[0] == 1 && c.out[1] == 1 && c.out[2] == -2);
}

/* A unit at least as good on all children, and better on one, is not behind. */
static void
test_dominance(void)
{
	static const char *const methods[] = {"copeland", "borda", "promethee", "kemeny"};

	for (int round = 0; round < 400; round++)
	{
		Case		c = random_case(methods[round % 4], 1 + random_below(6),
									2 + (size_t) random_below(11), false);
		double		less = c.spec.method->flags & CI_AGGREGATE_LESS ? -1 : 1;

		random_preferences(&c);
		for (int j = 0; j < c.n_children; j++)
			c.value[j][1] = c.value[j][0] + c.direction[j] * (random_below(2) ? random_share() : 0);
		run(&c);
		CHECK(less * c.out[1] >= less * c.out[0] - 1e-12);
	}
}

/*
 * Brans, Vincke and Mareschal (1986): six hydroelectric projects, one criterion
 * of each type; printed flows are sums over the five opponents, to 3 decimals.
 */
static void
test_projects(void)
{
	static const double value[6][6] = {
		{80, 65, 83, 40, 52, 94}, {90, 58, 60, 80, 72, 96}, {6, 2, 4, 10, 6, 7},
		{5.4, 9.7, 7.2, 7.5, 2.0, 3.6}, {8, 1, 4, 7, 3, 5}, {5, 1, 7, 10, 8, 6}
	};
	static const int direction[] = {-1, 1, -1, -1, -1, 1};
	static const CiPreference preference[] = {
		{CI_PREFERENCE_U_SHAPE, 10, (double) NAN, (double) NAN},
		{CI_PREFERENCE_V_SHAPE, (double) NAN, 30, (double) NAN},
		{CI_PREFERENCE_LINEAR, 0.5, 5, (double) NAN},
		{CI_PREFERENCE_LEVEL, 1, 6, (double) NAN},
		{CI_PREFERENCE_COMMON, (double) NAN, (double) NAN, (double) NAN},
		{CI_PREFERENCE_GAUSSIAN, (double) NAN, (double) NAN, 5}
	};
	static const double printed[] = {-0.728, 0.085, -0.447, -0.102, 1.466, -0.274};
	Case		c = case_of("promethee", 6, 6);

	for (int j = 0; j < 6; j++)
	{
		memcpy(c.value[j], value[j], sizeof(value[j]));
		c.direction[j] = direction[j];
		c.preference[j] = preference[j];
	}
	run(&c);
	for (int i = 0; i < 6; i++)
		CHECK_NEAR(5 * c.out[i], printed[i], 0.0025);
}

/* .4 does not exceed .3 by more than .1, nor .3 exceed .2, whatever rounding says. */
static void
test_threshold(void)
{
	Case		c = case_of("promethee", 1, 4);

	for (int i = 0; i < 4; i++)
		c.value[0][i] = (i + 1) / 10.0;
	c.spec.common = (CiPreference) {CI_PREFERENCE_U_SHAPE, 0.1, MISSING, MISSING};
	run(&c);
	CHECK_SAME(c.out[0], -2 / 3.0);
	CHECK_SAME(c.out[1], -1 / 3.0);
	CHECK_SAME(c.out[2], 1 / 3.0);
	CHECK_SAME(c.out[3], 2 / 3.0);
	c.value[0][1] = nextafter(c.value[0][0], 1);
	c.spec.common = (CiPreference) {CI_PREFERENCE_USUAL, MISSING, MISSING, MISSING};
	run(&c);
	CHECK(c.out[1] > c.out[0]);
}

/* Differences that are small beside the values keep their digits. */
static void
test_far_from_zero(void)
{
	Case		c = case_of("promethee", 1, 100);
	Case		near = c;

	for (int round = 0; round < 50; round++)
	{
		c.spec.common = (CiPreference) {CI_PREFERENCE_LINEAR, 0.25, 4, MISSING};
		near.spec.common = c.spec.common;
		for (size_t i = 0; i < c.n; i++)
		{
			near.value[0][i] = random_below(64) / 8.0;
			c.value[0][i] = ldexp(1, 45) + near.value[0][i];
		}
		run(&c);
		run(&near);
		for (size_t i = 0; i < c.n; i++)
			CHECK_NEAR(c.out[i], near.out[i], 1e-14);
	}
}

/* Whatever the numbers, flows are in [-1, 1]. */
static void
test_extreme(void)
{
	static const double extremes[] = {DBL_MAX, -DBL_MAX, 1e290, 1, 0, TINY, -1e-300};
	Case		c = case_of("promethee", 6, LENGTH(extremes));

	for (int j = 0; j < 6; j++)
	{
		memcpy(c.value[j], extremes, sizeof(extremes));
		c.preference[j] = (CiPreference)
		{
			CI_PREFERENCE_USUAL + j, MISSING, MISSING, MISSING
		};
	}
	c.preference[1].q = c.preference[3].q = c.preference[4].q = 1e-300;
	c.preference[2].p = c.preference[3].p = c.preference[4].p = 2e-300;
	c.preference[5].s = 1e-300;
	run(&c);
	for (size_t i = 0; i < c.n; i++)
		CHECK(c.out[i] >= -1 && c.out[i] <= 1);
	CHECK(c.out[0] == 1 && c.out[1] == -1);
}

static const char *
fault_of(CiPreference common)
{
	Case		c = case_of("promethee", 2, 2);
	int			which = -1;
	const char *fault;

	c.spec.common = common;
	fault = c.spec.method->fault(&c.spec, 2, &which);
	CHECK(which == -1);
	return fault;
}

static void
test_faults(void)
{
	Case		c = case_of("promethee", 2, 2);
	int			which = -1;

	CHECK(!fault_of((CiPreference) {CI_PREFERENCE_USUAL, MISSING, MISSING, MISSING}));
	CHECK(fault_of((CiPreference) {CI_PREFERENCE_USUAL, 1, MISSING, MISSING}));
	CHECK(fault_of((CiPreference) {CI_PREFERENCE_U_SHAPE, MISSING, MISSING, MISSING}));
	CHECK(fault_of((CiPreference) {CI_PREFERENCE_U_SHAPE, 1, 2, MISSING}));
	CHECK(fault_of((CiPreference) {CI_PREFERENCE_LINEAR, 2, 2, MISSING}));
	CHECK(!fault_of((CiPreference) {CI_PREFERENCE_LINEAR, 1, 2, MISSING}));
	CHECK(fault_of((CiPreference) {CI_PREFERENCE_GAUSSIAN, MISSING, MISSING, MISSING}));
	CHECK(fault_of((CiPreference) {CI_PREFERENCE_V_SHAPE, MISSING, 1, 1}));
	c.preference[1].q = 3;
	c.spec.preference = (CiByChild) {2, NULL, c.preference};
	CHECK(c.spec.method->fault(&c.spec, 2, &which) && which == 1);
	c.spec.common.function = CI_PREFERENCE_U_SHAPE;
	c.spec.common.q = 1;
	CHECK(!c.spec.method->fault(&c.spec, 2, &which));
}

/*
 * Kemeny
 */

/* Handbook, Tables 28 and 37. */
static void
test_kemeny(void)
{
	Case		c = profile("kemeny", 5, times_28, orders_28);

	run(&c);					/* b c a, with 104 of 180 votes */
	CHECK(c.out[1] == 1 && c.out[2] == 2 && c.out[0] == 3 && c.optima == 1);
	c = profile("kemeny", 4, times_25, orders_25);
	run(&c);					/* the order of Condorcet: c b d a */
	CHECK(c.out[2] == 1 && c.out[1] == 2 && c.out[3] == 3 && c.out[0] == 4 && c.optima == 1);
}

/* How much an order agrees: shares of the weights for those before. */
static double
agreement(const Case *c, const int *order, int n)
{
	double		sum = 0;

	for (int x = 0; x < n; x++)
		for (int y = x + 1; y < n; y++)
		{
			double		won = 0;
			double		common = 0;

			for (int j = 0; j < c->n_children; j++)
			{
				double		d = c->direction[j] * (c->value[j][order[x]] - c->value[j][order[y]]);

				won += isnan(d) ? 0 : c->weight[j] * (d > 0 ? 1 : d == 0 ? 0.5 : 0);
				common += isnan(d) ? 0 : c->weight[j];
			}
			sum += common > 0 ? won / common : 0.5;
		}
	return sum;
}

typedef struct Best
{
	double		agreement;
	double		orders;
	double		places[8];
} Best;

/* Go through all orders of units k … n. */
static void
try_orders(const Case *c, int *order, int k, int n, Best *best)
{
	double		got;

	if (k < n)
	{
		for (int i = k; i < n; i++)
		{
			int			swap = order[k];

			order[k] = order[i];
			order[i] = swap;
			try_orders(c, order, k + 1, n, best);
			order[i] = order[k];
			order[k] = swap;
		}
		return;
	}
	got = agreement(c, order, n);
	if (got > best->agreement + 1e-9)
		*best = (Best) {.agreement = got};
	if (got < best->agreement - 1e-9)
		return;
	best->orders++;
	for (int i = 0; i < n; i++)
		best->places[order[i]] += i + 1;
}

/*
 * Handbook, Table 36: USA, Sweden, Finland on eight indicators; three orders
 * reach 6.375 of the ten pairs with Japan and Korea.
 */
static void
test_tai(void)
{
	static const double value[8][5] = {
		{187, 289, 271, 994, 779}, {125.6, 130, 156.6, 64.6, 9.8}, {200.2, 179.1, 125.8, 49, 4.8},
		{50.7, 66.2, 59.7, 80.8, 66.7}, {3.080, 2.997, 3.096, 3.003, 2.972},
		{4.150, 4.073, 4.145, 3.865, 3.653}, {10, 12, 11.4, 9.5, 10.8}, {27.4, 13.9, 15.3, 10, 23.2}
	};
	Case		c = case_of("kemeny", 8, 5);
	Best		best = {.agreement = 0};
	int			order[] = {0, 1, 2, 3, 4};

	for (int j = 0; j < 8; j++)
		memcpy(c.value[j], value[j], sizeof(value[j]));
	run(&c);
	try_orders(&c, order, 0, 5, &best);
	CHECK_SAME(best.agreement, 6.375);
	CHECK(c.optima == 3 && best.orders == 3);
	CHECK_NEAR(c.out[0], 8 / 3.0, 1e-15);	/* Finland: 3, 2, 3 */
	CHECK_NEAR(c.out[1], 2, 0); /* USA: 1, 3, 2 */
	CHECK_NEAR(c.out[2], 4 / 3.0, 1e-15);	/* Sweden: 2, 1, 1 */
	CHECK(c.out[3] == 4 && c.out[4] == 5);
}

/* Against all orders of up to seven units. */
static void
test_kemeny_exact(void)
{
	for (int round = 0; round < 300; round++)
	{
		int			n = 1 + random_below(round < 20 ? 7 : 6);
		Case		c = random_case("kemeny", 1 + random_below(7), (size_t) n, random_below(2));
		Best		best = {.agreement = -1};
		int			order[] = {0, 1, 2, 3, 4, 5, 6};
		bool		any[8] = {false};
		bool		all = true;

		for (int i = 0; i < n; i++)
		{
			for (int j = 0; j < c.n_children; j++)
				any[i] |= c.weight[j] > 0 && !isnan(c.value[j][i]);
			all &= any[i];
		}
		if (!all)
			continue;
		run(&c);
		try_orders(&c, order, 0, n, &best);
		CHECK(c.optima == best.orders);
		for (int i = 0; i < n; i++)
			CHECK_NEAR(c.out[i], best.places[i] / best.orders, 1e-12);
	}
}

/*
 * However many units do not go round, or only by threes, the order is proven; of
 * a hundred in no order at all it is not.
 */
static void
test_kemeny_sizes(void)
{
	Case		random = random_case("kemeny", 9, 100, false);

	for (int j = 0; j < 9; j++)
		for (size_t i = 0; i < 100; i++)
			random.value[j][i] = random_share();
	run(&random);
	CHECK(random.optima == 0);
	for (size_t n = 3; n <= 60; n += 3)
	{
		Case		c = case_of("kemeny", 3, n);

		for (int j = 0; j < 3; j++)
			for (size_t i = 0; i < n; i++)
				c.value[j][i] = (double) (3 * (i / 3) + (i + (size_t) j) % 3);
		run(&c);
		CHECK_NEAR(c.optima, pow(3, (double) n / 3), 1e-9 * c.optima);
		for (size_t i = 0; i < n; i++)
			CHECK_NEAR(c.out[i], (double) (n - 3 * (i / 3) - 1), 1e-12);
	}
	for (size_t n = 20; n <= MAX_UNITS; n += 50)
	{
		Case		c = case_of("kemeny", 3, n);

		for (int j = 0; j < 3; j++)
			for (size_t i = 0; i < n; i++)
				c.value[j][i] = -(double) (i % 3 == 0 && j < 2 && i + 1 < n ? i + 1 : i % 3 == 1 && j < 2 ? i - 1 : i);
		run(&c);
		CHECK(c.optima == 1);
		for (size_t i = 0; i < n; i++)
			CHECK_SAME(c.out[i], 1 - c.value[0][i]);
	}
}

/* What the search gives is no worse than Copeland's order, and equals share a place. */
static void
test_kemeny_search(void)
{
	for (int round = 0; round < 30; round++)
	{
		Case		c = random_case("kemeny", 5, 40, false);
		Case		copeland;
		int			order[2][40];

		for (int j = 0; j < c.n_children; j++)
			c.value[j][7] = c.value[j][23];
		copeland = c;
		ci_aggregate_defaults(&copeland.spec, ci_aggregate_method("copeland"));
		run(&c);
		run(&copeland);
		CHECK_SAME(c.out[7], c.out[23]);
		for (int i = 0; i < 40; i++)
		{
			int			before[2] = {0, 0};

			for (int k = 0; k < 40; k++)
			{
				before[0] += c.out[k] < c.out[i] || (c.out[k] == c.out[i] && k < i);
				before[1] += copeland.out[k] > copeland.out[i] || (copeland.out[k] == copeland.out[i] && k < i);
			}
			order[0][before[0]] = i;
			order[1][before[1]] = i;
		}
		CHECK(agreement(&c, order[0], 40) >= agreement(&c, order[1], 40) - 1);
	}
}

/* A unit outside takes the place at which it would stand, and moves nobody. */
static void
test_kemeny_outside(void)
{
	Case		c = case_of("kemeny", 1, 6);
	const double s[] = {10, 8, 8, 5, 9, 1};

	memcpy(c.value[0], s, sizeof(s));
	c.counts[4] = c.counts[5] = false;
	run(&c);
	CHECK(c.out[0] == 1 && c.out[1] == 2.5 && c.out[2] == 2.5 && c.out[3] == 4);
	CHECK(c.out[4] == 2 && c.out[5] == 5);
}

static void
test_too_many(void)
{
	static double value[CI_MOST_PAIRED + 1];
	static double out[CI_MOST_PAIRED + 1];
	static const char *const methods[] = {"copeland", "kemeny", "promethee"};
	const double *child[] = {value};
	const double weight[] = {1};
	const int	direction[] = {1};

	for (size_t i = 0; i < LENGTH(methods); i++)
	{
		CiAggregate spec;
		CiAggregation a = {
			.spec = &spec, .n_children = 1, .n = CI_MOST_PAIRED + 1, .child = child, .weight = weight,
			.direction = direction, .check = unit_no_check, .out = out
		};

		ci_aggregate_defaults(&spec, ci_aggregate_method(methods[i]));
		spec.common = (CiPreference) {CI_PREFERENCE_GAUSSIAN, MISSING, MISSING, 1};
		a.scratch = malloc(8 * (spec.method->scratch ? spec.method->scratch(&spec, 1, a.n) : 1));
		CHECK(spec.method->aggregate(&a) == CI_TOO_MANY);
		CHECK(a.limit > 0 && a.limit <= CI_MOST_PAIRED);
		free(a.scratch);
	}
}

void
test_outrank(void)
{
	unit_run(test_borda);
	unit_run(test_borda_ties);
	unit_run(test_copeland);
	unit_run(test_tied_majority);
	unit_run(test_definitions);
	unit_run(test_unit_order);
	unit_run(test_nothing_in_common);
	unit_run(test_dominance);
	unit_run(test_projects);
	unit_run(test_threshold);
	unit_run(test_far_from_zero);
	unit_run(test_extreme);
	unit_run(test_faults);
	unit_run(test_kemeny);
	unit_run(test_tai);
	unit_run(test_kemeny_exact);
	unit_run(test_kemeny_sizes);
	unit_run(test_kemeny_search);
	unit_run(test_kemeny_outside);
	unit_run(test_too_many);
}
