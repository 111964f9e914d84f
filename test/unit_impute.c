/*
 * unit_impute.c
 *	  Imputation: one value from a pool, or a unit's own from other periods.
 */
#include "method/impute.h"
#include "unit.h"

#define MAX_SERIES 40

static CiImpute
spec_of(const char *name)
{
	CiImpute	spec;

	ci_impute_defaults(&spec, ci_impute_method(name));
	return spec;
}

static CiImputeFit
fit_of(const char *name, const double *pool, size_t n)
{
	CiImpute	spec = spec_of(name);
	CiImputeFit fit;

	ci_impute_fit(&spec, pool, n, NULL, &fit);
	return fit;
}

static void
test_methods(void)
{
	CHECK(ci_impute_method("mean") == &ci_impute_methods[0]);
	CHECK(ci_impute_method("hot_deck") == NULL);
	CHECK(ci_impute_method("previous")->estimate == NULL);
	CHECK(ci_impute_method("previous")->fill != NULL);
	CHECK(ci_impute_method("previous")->fitted == NULL);
}

static void
test_pool(void)
{
	double		pool[] = {1, MISSING, 2, 7, MISSING};
	double		sorted[] = {1, 2, 7};
	double		huge[] = {1.6e308, 1.6e308, 1.6e308};
	CiImputeFit fit = fit_of("mean", pool, 5);

	CHECK(fit.status == CI_OK);
	CHECK_SAME(fit.value, 10.0 / 3);
	CHECK_SAME(fit_of("median", sorted, 3).value, 2);
	CHECK_SAME(fit_of("median", sorted, 2).value, 1.5);
	CHECK_SAME(fit_of("mean", huge, 3).value, 1.6e308);
}

/* What there is nothing to estimate from leaves cells missing. */
static void
test_nothing(void)
{
	double		pool[] = {MISSING, MISSING};
	CiImpute	spec = spec_of("constant");
	CiImputeFit fit = fit_of("mean", pool, 2);

	CHECK(fit.status == CI_NO_DATA);
	CHECK_SAME(fit.value, CI_UNESTIMABLE);
	CHECK(fit_of("median", pool, 0).status == CI_NO_DATA);
	spec.value = CI_UNESTIMABLE;
	ci_impute_fit(&spec, NULL, 0, NULL, &fit);
	CHECK(fit.status == CI_NO_DATA);
	spec.value = 3;
	ci_impute_fit(&spec, pool, 2, NULL, &fit);
	CHECK(fit.status == CI_OK);
	CHECK_SAME(fit.value, 3);
}

static double filled[MAX_SERIES];
static size_t from[MAX_SERIES];

static void
fill(const char *name, double max_gap, const int32_t *period, const double *observed, size_t n)
{
	static int32_t at[MAX_SERIES];
	static double cell[MAX_SERIES];
	CiImpute	spec = spec_of(name);
	CiSeries	series = {n, at, cell, filled, from};

	for (size_t i = 0; i < n; i++)
	{
		at[i] = period[i];
		cell[i] = observed[i];
	}
	spec.max_gap = max_gap;
	spec.method->fill(&spec, &series);
}

static void
test_previous(void)
{
	int32_t		period[] = {-3, -1, 0, 2, 7};
	double		observed[] = {MISSING, 4, MISSING, MISSING, MISSING};

	fill("previous", MISSING, period, observed, 5);
	CHECK(ci_is_missing(filled[0]));
	CHECK_SAME(filled[1], 4);
	CHECK_SAME(filled[4], 4);
	CHECK(from[4] == 1);
	fill("previous", 3, period, observed, 5);
	CHECK_SAME(filled[3], 4);
	CHECK(ci_is_missing(filled[4]));
}

/* Periods between neighbours count, whether there are rows for them or not. */
static void
test_linear(void)
{
	int32_t		period[] = {INT32_MIN, 2000, 2001, 2003, 2004, INT32_MAX};
	double		observed[] = {MISSING, 10, MISSING, MISSING, 30, MISSING};

	fill("linear", MISSING, period, observed, 6);
	CHECK(ci_is_missing(filled[0]) && ci_is_missing(filled[5]));
	CHECK_SAME(filled[2], 15);
	CHECK_SAME(filled[3], 25);
	CHECK(from[2] == 1 && from[3] == 1);
	fill("linear", 3, period, observed, 6);
	CHECK_SAME(filled[2], 15);
	fill("linear", 2, period, observed, 6);
	CHECK(ci_is_missing(filled[2]) && ci_is_missing(filled[3]));
}

static void
test_far_ends(void)
{
	int32_t		period[] = {INT32_MIN, 0, INT32_MAX};
	double		observed[] = {-1.7e308, MISSING, 1.7e308};

	fill("linear", MISSING, period, observed, 3);
	CHECK(fabs(filled[1]) < 1e300);
	fill("previous", INT32_MAX, period, observed, 3);
	CHECK(ci_is_missing(filled[1]));
}

/*
 * What is observed stays; what is filled lies between its neighbours, or is the
 * last one, and none is filled beyond max_gap.
 */
static void
test_any_series(void)
{
	for (int round = 0; round < 2000; round++)
	{
		int32_t		period[MAX_SERIES];
		double		observed[MAX_SERIES];
		int			n = random_below(MAX_SERIES);
		double		gap = 1 + random_below(6);

		for (int i = 0; i < n; i++)
		{
			period[i] = (i > 0 ? period[i - 1] : 0) + 1 + random_below(3);
			observed[i] = random_below(3) == 0 ? random_double(-3, 3) : MISSING;
		}
		for (int linear = 0; linear < 2; linear++)
		{
			fill(linear ? "linear" : "previous", gap, period, observed, (size_t) n);
			for (int i = 0; i < n; i++)
			{
				int			before = i;
				int			after = i;
				double		low;
				double		high;
				bool		near;

				while (before >= 0 && ci_is_missing(observed[before]))
					before--;
				while (after < n && ci_is_missing(observed[after]))
					after++;
				near = before >= 0 && (linear ? after < n && (before == i || period[after] - period[before] - 1 <= gap)
									   : period[i] - period[before] <= gap);
				CHECK(ci_is_missing(filled[i]) == !near);
				if (!near)
					continue;
				low = linear ? fmin(observed[before], observed[after]) : observed[before];
				high = linear ? fmax(observed[before], observed[after]) : observed[before];
				CHECK(filled[i] >= low - 1e-12 && filled[i] <= high + 1e-12);
				CHECK(before == i || from[i] == (size_t) before);
			}
		}
	}
}

void
test_impute(void)
{
	unit_run(test_methods);
	unit_run(test_pool);
	unit_run(test_nothing);
	unit_run(test_previous);
	unit_run(test_linear);
	unit_run(test_far_ends);
	unit_run(test_any_series);
}
