/*
 * unit_treat.c
 *	  Treatment: what is found in a pool, and what that does to cells.
 */
#include <string.h>

#include "method/stats.h"
#include "method/treat.h"
#include "unit.h"

#define MAX_POOL 200

static const CiNonpositive error = {CI_POLICY_ERROR, 0};

static CiTreat
spec_of(const char *name)
{
	CiTreat		spec;

	ci_treat_defaults(&spec, ci_treat_method(name));
	return spec;
}

static CiTreat
winsorise_else(CiTreatOtherwise otherwise, double max_points)
{
	CiTreat		spec = spec_of("winsorise");

	spec.max_points = max_points;
	spec.lambda = 0.5;
	spec.otherwise = (int) otherwise;
	return spec;
}

static CiTreatFit
fit_of(const CiTreat *spec, const double *pool, size_t n)
{
	double		scratch[MAX_POOL];
	CiTreatPool treated = {pool, n, scratch, NULL};
	CiTreatFit	fit;

	ci_treat_fit(spec, &treated, &fit);
	return fit;
}

static double
treated(const CiTreatFit *fit, double x)
{
	CiTreatFault fault;

	(void) ci_treat_apply(fit, error, &x, 1, &fault);
	return x;
}

static void
test_methods(void)
{
	CHECK(ci_treat_method("winsorise") == &ci_treat_methods[0]);
	CHECK(ci_treat_method("winsorize") == NULL);
	CHECK(ci_treat_method("winsorise")->apply == NULL);
	for (const CiTreatMethod *method = ci_treat_methods; method->name; method++)
		CHECK((method->fit == NULL) != (method->apply == NULL));
}

/* COINr's vignette: 1 to 10, 30 and 100. */
static void
test_winsorise(void)
{
	double		pool[] = {100, 1, 2, 3, MISSING, 4, 5, 6, 7, 8, 9, 10, 30};
	CiTreat		spec = spec_of("winsorise");
	CiTreatFit	fit = fit_of(&spec, pool, 13);

	CHECK(fit.status == CI_OK && fit.treat.method == ci_treat_method("clip"));
	CHECK_SAME(fit.treat.upper, 30);
	CHECK(ci_is_missing(fit.treat.lower));
	CHECK_SAME(treated(&fit, 100), 30);
	CHECK_SAME(treated(&fit, 31), 30);
	CHECK_SAME(treated(&fit, -1e9), -1e9);
	CHECK(ci_is_missing(treated(&fit, MISSING)));
	CHECK(ci_treat_clips(&fit, 31) && !ci_treat_clips(&fit, 30) && !ci_treat_clips(&fit, MISSING));
}

/* Both ends in turn: it goes where the skewness points after each step. */
static void
test_both_ends(void)
{
	double		pool[22];
	CiTreat		spec = spec_of("winsorise");
	CiTreatFit	fit;

	for (int i = 0; i < 20; i++)
		pool[i] = i;
	pool[20] = 1000;
	pool[21] = -900;
	spec.skewness = 0.1;
	fit = fit_of(&spec, pool, 22);
	CHECK_SAME(fit.treat.lower, 0);
	CHECK_SAME(fit.treat.upper, 19);
}

/* Ties are changed together, and no step begins once enough are. */
static void
test_points(void)
{
	double		pool[30] = {200, 200, 150};
	CiTreat		spec = spec_of("winsorise");
	CiTreatFit	fit;

	for (int i = 3; i < 30; i++)
		pool[i] = i;
	spec.max_points = 1;
	fit = fit_of(&spec, pool, 30);
	CHECK_SAME(fit.treat.upper, 150);
	spec.max_points = 2;
	CHECK_SAME(fit_of(&spec, pool, 30).treat.upper, 150);
	spec.max_points = 3;
	CHECK_SAME(fit_of(&spec, pool, 30).treat.upper, 29);
	spec.max_points = 0;
	CHECK(fit_of(&spec, pool, 30).treat.method == NULL);
}

/* Columns that cannot be judged, or would be flattened, stay as they are. */
static void
test_untreated(void)
{
	double		few[] = {1, 2, 100};
	double		same[] = {7, 7, 7, 7, 7};
	double		two[] = {0, 0, 0, 0, 0, 0, 0, 0, 1};
	CiTreat		spec = spec_of("winsorise");
	CiTreatFit	fit = fit_of(&spec, few, 3);

	CHECK(fit.status == CI_CONSTANT && fit.treat.method == NULL);
	CHECK_SAME(treated(&fit, 100), 100);
	CHECK(fit_of(&spec, same, 5).status == CI_CONSTANT);
	CHECK(fit_of(&spec, same, 0).status == CI_CONSTANT);
	fit = fit_of(&spec, two, 9);
	CHECK(fit.status == CI_OK && fit.treat.method == NULL);
	spec = winsorise_else(CI_OTHERWISE_LOG_CT, 5);
	CHECK(fit_of(&spec, two, 9).treat.method == ci_treat_method("log"));
}

/* 2 to 21, and heavy ones, of which none is to be changed. */
static size_t
heavy(double *pool, double divisor)
{
	double		tail[] = {1000, 2000, 3000, 4000, 9000};

	for (int i = 0; i < 20; i++)
		pool[i] = (i + 2) / divisor;
	for (int i = 0; i < 5; i++)
		pool[20 + i] = tail[i] / divisor;
	return 25;
}

static void
test_otherwise(void)
{
	double		pool[MAX_POOL];
	size_t		n = heavy(pool, 1);
	CiTreat		spec = winsorise_else(CI_OTHERWISE_LOG, 0);
	CiTreatFit	fit = fit_of(&spec, pool, n);

	CHECK_SAME(treated(&fit, 5), log(5));
	spec = winsorise_else(CI_OTHERWISE_LOG_CT, 0);
	fit = fit_of(&spec, pool, n);
	CHECK_NEAR(treated(&fit, 5), log(5 - 2 + 0.01 * 8998), 1e-14);
	CHECK_NEAR(treated(&fit, 2), log(89.98), 1e-14);
	spec = winsorise_else(CI_OTHERWISE_LOG_GII, 0);
	fit = fit_of(&spec, pool, n);
	CHECK_NEAR(treated(&fit, 5), log(8999.0 * 3 / 8998 + 1), 1e-14);
	CHECK_NEAR(treated(&fit, 2), 0, 1e-14);
	CHECK_NEAR(treated(&fit, 9000), log(9000), 1e-14);
	spec = winsorise_else(CI_OTHERWISE_BOXCOX, 0);
	fit = fit_of(&spec, pool, n);
	CHECK_NEAR(treated(&fit, 5), (sqrt(4) - 1) / 0.5, 1e-14);
	spec = winsorise_else(CI_OTHERWISE_NONE, 0);
	CHECK(fit_of(&spec, pool, n).treat.method == NULL);
}

/* The index's form reverses where the largest value is below 1, and levels at 1. */
static void
test_reversed(void)
{
	double		pool[MAX_POOL];
	CiTreat		spec = winsorise_else(CI_OTHERWISE_LOG_GII, 0);
	CiTreatFit	fit = fit_of(&spec, pool, heavy(pool, 9001));

	CHECK(fit.status == CI_REVERSED);
	CHECK(ci_is_missing(treated(&fit, 0.5)));
	CHECK(fit_of(&spec, pool, heavy(pool, 9000)).status == CI_REVERSED);
	CHECK(fit_of(&spec, pool, heavy(pool, 8999)).status == CI_OK);
}

static void
test_trim(void)
{
	double		sorted[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
	CiTreat		spec = spec_of("trim");
	CiTreatFit	fit = fit_of(&spec, sorted, 11);

	CHECK_SAME(fit.treat.lower, 0.25);
	CHECK_SAME(fit.treat.upper, 9.75);
	CHECK_SAME(treated(&fit, 10), 9.75);
	fit = fit_of(&spec, sorted, 0);
	CHECK(fit.status == CI_NO_DATA);
	CHECK(ci_is_missing(treated(&fit, 10)));
	fit = fit_of(&fit.treat, sorted, 11);
	CHECK(fit.status == CI_NO_DATA);	/* as given numbers, it says the same */
}

static void
test_transforms(void)
{
	CiTreat		spec = spec_of("log");
	CiTreatFit	fit;
	CiTreatFault fault;
	double		x[] = {3, -0.25, MISSING, -0.5, -1};

	spec.scale = 4;
	spec.offset = 2;
	fit = fit_of(&spec, NULL, 0);
	CHECK(ci_treat_apply(&fit, error, x, 5, &fault) == CI_NONPOSITIVE);
	CHECK(fault.where == 3);
	CHECK_SAME(fault.value, -0.5);
	CHECK_SAME(x[0], log(14));
	CHECK_SAME(x[1], 0);
	CHECK(ci_is_missing(x[2]) && ci_is_missing(x[3]) && ci_is_missing(x[4]));
	x[3] = -0.5;
	CHECK(ci_treat_apply(&fit, (CiNonpositive) {CI_POLICY_MISSING, 0}, x + 3, 1, &fault) == CI_OK);
	CHECK(ci_is_missing(x[3]));
	x[3] = -0.5;
	CHECK(ci_treat_apply(&fit, (CiNonpositive) {CI_POLICY_FLOOR, 0.5}, x + 3, 1, &fault) == CI_OK);
	CHECK_SAME(x[3], log(0.5));
	spec = spec_of("boxcox");
	spec.lambda = 3;
	fit = fit_of(&spec, NULL, 0);
	CHECK_SAME(treated(&fit, 2), 7.0 / 3);
	x[0] = 1e200;
	CHECK(ci_treat_apply(&fit, (CiNonpositive) {CI_POLICY_MISSING, 0}, x, 1, &fault) == CI_OVERFLOW);
	CHECK(fault.where == 0 && ci_is_missing(x[0]));
}

/* The order of the pool does not matter, and what was found finds itself. */
static void
test_any_pool(void)
{
	for (int round = 0; round < 1000; round++)
	{
		double		pool[MAX_POOL];
		int			n = random_below(60);
		CiTreat		spec = winsorise_else(round % 2 ? CI_OTHERWISE_LOG_CT : CI_OTHERWISE_NONE, random_below(8));
		CiTreatFit	fit;
		CiTreatFit	again;

		for (int i = 0; i < n; i++)
			pool[i] = random_below(8) == 0 ? MISSING : floor(random_double(0, 1 + round % 9) * 4);
		fit = fit_of(&spec, pool, (size_t) n);
		shuffle(pool, (size_t) n);
		again = fit_of(&spec, pool, (size_t) n);
		CHECK(again.treat.method == fit.treat.method);
		if (fit.treat.method == NULL)
			continue;
		CHECK_SAME(again.treat.upper, fit.treat.upper);
		CHECK_SAME(again.treat.lower, fit.treat.lower);
		CHECK_SAME(again.treat.offset, fit.treat.offset);
		again = fit_of(&fit.treat, pool, 0);
		for (int i = 0; i < n; i++)
			CHECK_SAME(treated(&again, pool[i]), treated(&fit, pool[i]));
	}
}

void
test_treat(void)
{
	unit_run(test_methods);
	unit_run(test_winsorise);
	unit_run(test_both_ends);
	unit_run(test_points);
	unit_run(test_untreated);
	unit_run(test_otherwise);
	unit_run(test_reversed);
	unit_run(test_trim);
	unit_run(test_transforms);
	unit_run(test_any_pool);
}
