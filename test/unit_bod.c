/*
 * unit_bod.c
 *	  Benefit of the doubt, against an enumeration of what is best.
 */
#include <stdlib.h>
#include <string.h>

#include "method/aggregate.h"
#include "simplex.h"
#include "unit.h"

#define MAX_UNITS 40
#define MAX_CHILDREN 5

static double cells[MAX_CHILDREN][MAX_UNITS];
static double out[MAX_UNITS];
static double scratch[2 * MAX_UNITS * MAX_CHILDREN + 2 * MAX_UNITS + 8 * MAX_CHILDREN];
static double bounds[2][MAX_CHILDREN][2];
static const double *child[MAX_CHILDREN];
static double weight[MAX_CHILDREN];
static CiAggregate spec;
static Simplex simplex;

static void
check(void)
{
}

/* An aggregation of whole numbers from 0 on, without bounds. */
static CiAggregation
random_aggregation(int n_children, size_t n, int below)
{
	CiAggregation a = {
		.spec = &spec, .n_children = n_children, .n = n, .child = child, .weight = weight,
		.scratch = scratch, .program = &simplex.program, .check = check, .out = out
	};

	simplex_make(&simplex);
	ci_aggregate_defaults(&spec, ci_aggregate_method("bod"));
	spec.shares.at = bounds[0];
	spec.weight_shares.at = bounds[1];
	for (int j = 0; j < n_children; j++)
	{
		child[j] = cells[j];
		weight[j] = 1;
		for (int kind = 0; kind < 2; kind++)
		{
			bounds[kind][j][0] = 0;
			bounds[kind][j][1] = 1;
		}
		for (size_t i = 0; i < n; i++)
			cells[j][i] = random_below(below);
	}
	CHECK(spec.method->scratch(&spec, n_children, n) <= LENGTH(scratch));
	return a;
}

/* The largest value of a unit by weights that give none more than 1, of two children. */
static double
best_of_two(size_t n, size_t unit)
{
	double		best = 0;

	for (size_t k = 0; k < n; k++)
		for (size_t l = 0; l <= n + 1; l++)
		{
			/* where unit k has the value 1, and l too, or one weight is 0 */
			double		a = l < n ? cells[0][l] : l == n;
			double		b = l < n ? cells[1][l] : l > n;
			double		d = cells[0][k] * b - cells[1][k] * a;
			double		x = (b - (l < n ? cells[1][k] : 0)) / d;
			double		y = ((l < n ? cells[0][k] : 0) - a) / d;
			bool		admissible = d != 0 && x >= 0 && y >= 0;

			for (size_t i = 0; i < n && admissible; i++)
				admissible = x * cells[0][i] + y * cells[1][i] <= 1 + 1e-12;
			if (admissible)
				best = fmax(best, x * cells[0][unit] + y * cells[1][unit]);
		}
	return best;
}

static void
test_two_children(void)
{
	for (int round = 0; round < 100; round++)
	{
		CiAggregation a = random_aggregation(2, 2 + (size_t) random_below(20), 30);

		cells[0][0] = cells[1][1] = 1;	/* both have a value above 0 */
		CHECK(spec.method->aggregate(&a) == CI_OK);
		for (size_t i = 0; i < a.n; i++)
			CHECK_NEAR(out[i], best_of_two(a.n, i), 1e-12);
	}
}

/* Somebody has 1 to the bit, nobody more; order makes no difference to a bit. */
static void
test_order(void)
{
	for (int round = 0; round < 60; round++)
	{
		CiAggregation a = random_aggregation(1 + random_below(MAX_CHILDREN), 30, round % 3 ? 100 : 3);
		double		before[MAX_UNITS];
		size_t		from[MAX_UNITS];
		double		largest = 0;

		if (round % 2)
			bounds[round % 4 / 2][0][0] = 0.1;
		(void) spec.method->aggregate(&a);
		memcpy(before, out, sizeof(before));
		for (size_t i = 0; i < a.n; i++)
		{
			largest = fmax(largest, out[i]);
			from[i] = (i * 7 + 3) % a.n;
		}
		CHECK_SAME(largest, 1);
		for (int j = 0; j < a.n_children; j++)
		{
			double		moved[MAX_UNITS];

			for (size_t i = 0; i < a.n; i++)
				moved[i] = cells[j][from[i]];
			memcpy(cells[j], moved, sizeof(moved));
		}
		(void) spec.method->aggregate(&a);
		for (size_t i = 0; i < a.n; i++)
			CHECK_SAME(out[i], before[from[i]]);
	}
}

/* No unit can reach bounds that are out of its reach. */
static void
test_infeasible(void)
{
	CiAggregation a = random_aggregation(2, 3, 2);
	static const double values[2][3] = {{4, 8, 0}, {4, 0, 0}};

	memcpy(cells[0], values[0], sizeof(values[0]));
	memcpy(cells[1], values[1], sizeof(values[1]));
	bounds[0][1][0] = 0.2;
	CHECK(spec.method->aggregate(&a) == CI_INFEASIBLE);
	CHECK(a.unit == 1);
	CHECK_SAME(out[0], 1);
	CHECK_SAME(out[1], MISSING);
	CHECK_SAME(out[2], 0);
	bounds[0][1][0] = 0;
	cells[0][2] = -1;
	CHECK(spec.method->aggregate(&a) == CI_NONPOSITIVE);
	CHECK(a.unit == 2 && a.which == 0);
}

void
test_bod(void)
{
	unit_run(test_two_children);
	unit_run(test_order);
	unit_run(test_infeasible);
}
