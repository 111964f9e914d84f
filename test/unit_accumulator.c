/*
 * unit_accumulator.c
 *	  Values that come one at a time: the bits of a column.
 */
#include <string.h>

#include "method/impute.h"
#include "method/normalise.h"
#include "unit.h"

#define MAX_VALUES 200
#define MAX_PARTS 5

/* A column of some kind, with gaps; returns how many cells it has. */
static size_t
random_column(double *x)
{
	size_t		n = (size_t) random_below(MAX_VALUES) + 1;
	int			kind = random_below(6);
	double		level = random_double(-200, 200);

	for (size_t i = 0; i < n; i++)
	{
		x[i] = kind == 0 ? level :
			kind == 1 ? level + random_share() * level * 1e-14 :
			kind == 2 ? random_double(900, 1023) :
			kind == 3 ? random_double(-1070, -1000) :
			kind == 4 ? random_below(3) :
			random_double(-30, 30);
		if (random_below(8) == 0)
			x[i] = MISSING;
	}
	return n;
}

/* Accumulate a column in parts that take turns by chance, and merge them in any order. */
static void
accumulate_in_parts(CiAccumulator *accumulator, CiAccumulatorKind kind, const CiCentre *centre, const double *x, size_t n)
{
	CiAccumulator part[MAX_PARTS];
	int			parts = random_below(MAX_PARTS) + 1;

	for (int k = 0; k < parts; k++)
		ci_accumulator_start(&part[k], kind);
	for (size_t i = 0; i < n; i++)
		ci_accumulator_add(&part[random_below(parts)], centre, x[i]);
	for (int k = parts - 1; k > 0; k--)
	{
		int			other = random_below(k);

		CHECK(ci_accumulator_is_sound(&part[k]));
		ci_accumulator_merge(&part[other], &part[k]);
	}
	*accumulator = part[0];
}

static void
test_moments(void)
{
	double		x[MAX_VALUES];

	for (int round = 0; round < 5000; round++)
	{
		size_t		n = random_column(x);
		CiMoments	want;
		CiMoments	got;
		CiAccumulator sum;
		CiAccumulator deviations;
		CiCentre	centre;

		ci_mean_sd(x, n, &want);
		accumulate_in_parts(&sum, CI_ACCUMULATE_SUM, NULL, x, n);
		CHECK(sum.n == want.n);
		if (want.n == 0)
			continue;
		CHECK(ci_accumulator_is_exact(&sum));
		CHECK_SAME(sum.min, want.min);
		CHECK_SAME(sum.max, want.max);
		CHECK_SAME(ci_accumulator_mean(&sum), want.mean);
		centre = ci_accumulator_centre(&sum);
		accumulate_in_parts(&deviations, CI_ACCUMULATE_DEVIATIONS, &centre, x, n);
		ci_accumulator_moments(&deviations, &centre, &got);
		CHECK_SAME(got.mean, want.mean);
		CHECK_SAME(got.sd, want.sd);
		CHECK_SAME(got.sd_population, want.sd_population);
		ci_mean_sd_about(&centre, x, n, &got);
		CHECK_SAME(got.mean, want.mean);
		CHECK_SAME(got.sd, want.sd);
	}
}

/* Accumulate what a method wants, twice if it says so, and fit by that. */
static CiStatus
settle(CiNormalise *spec, const double *x, size_t n, CiNormaliseFit *fit)
{
	double		term[MAX_VALUES];
	double		about[CI_ABOUT_NUMBERS];
	CiAccumulator accumulator;
	CiCentre	centre;

	for (size_t i = 0; i < n; i++)
		term[i] = isnan(x[i]) ? x[i] : ci_normalise_term(spec, x[i]);
	accumulate_in_parts(&accumulator, ci_normalise_accumulator(spec), NULL, term, n);
	if (accumulator.n > 0 && !ci_accumulator_is_exact(&accumulator))
		return CI_TOO_MANY;
	if (ci_normalise_settle(spec, &accumulator, fit, about) || fit->status != CI_OK)
		return CI_OK;
	spec->about = (CiVector) {CI_ABOUT_NUMBERS, about};
	CHECK(ci_normalise_accumulator(spec) == CI_ACCUMULATE_DEVIATIONS);
	centre = ci_normalise_centre(spec);
	accumulate_in_parts(&accumulator, CI_ACCUMULATE_DEVIATIONS, &centre, term, n);
	CHECK(ci_normalise_settle(spec, &accumulator, fit, NULL));
	return CI_OK;
}

/* Every method whose parameters an accumulator is enough for, with what may be given or not. */
static void
test_methods(void)
{
	static const CiFound nothing = {MISSING, MISSING, MISSING};
	double		x[MAX_VALUES];
	double		scratch[MAX_VALUES];
	int			compared = 0;

	for (int round = 0; round < 3000; round++)
		for (const CiNormaliseMethod *method = ci_normalise_methods; method->name; method++)
		{
			size_t		n = random_column(x);
			CiNormalise spec;
			CiNormaliseFit want;
			CiNormaliseFit got;

			ci_normalise_defaults(&spec, method);
			spec.direction = random_below(2) ? 1 : -1;
			spec.population = random_below(2);
			if (random_below(4) == 0)
				spec.lower = (CiPost) {CI_POST_NUMBER, random_double(-5, 5), NULL};
			if (random_below(4) == 0)
				spec.centre = random_double(-5, 5);
			if (random_below(4) == 0)
				spec.transform = (CiTransform) {CI_TRANSFORM_LOG, 0, 0};
			for (size_t i = 0; i < n && ci_normalise_has_domain(&spec); i++)
				x[i] = fabs(x[i]) > 0 ? fabs(x[i]) : MISSING;
			if (method->accumulator == CI_ACCUMULATE_NONE || ci_normalise_is_fitted(&spec))
				continue;
			CHECK(ci_normalise_unaccumulated(&spec) == NULL);
			ci_normalise_fit(&spec, x, n, &nothing, scratch, &want);
			if (settle(&spec, x, n, &got) != CI_OK)
				continue;
			CHECK(got.status == want.status);
			CHECK(got.n == want.n);
			if (want.status == CI_OVERFLOW)
				continue;
			compared++;
			CHECK_SAME(got.a, want.a);
			CHECK_SAME(got.b, want.b);
		}
	CHECK(compared > 15000);
}

static void
test_unaccumulated(void)
{
	CiNormalise spec;

	ci_normalise_defaults(&spec, ci_normalise_method("minmax"));
	spec.upper.value = 0.9;
	CHECK(strcmp(ci_normalise_unaccumulated(&spec), "upper") == 0);
	spec.lower.kind = CI_POST_UNIT;
	CHECK(strcmp(ci_normalise_unaccumulated(&spec), "lower") == 0);
	ci_normalise_defaults(&spec, ci_normalise_method("robust_z"));
	CHECK(strcmp(ci_normalise_unaccumulated(&spec), "median") == 0);
	spec.centre = 1;
	CHECK(strcmp(ci_normalise_unaccumulated(&spec), "mad") == 0);
	ci_normalise_defaults(&spec, ci_normalise_method("ampi"));
	spec.reference.has_period = true;
	CHECK(strcmp(ci_normalise_unaccumulated(&spec), "reference") == 0);
}

static void
test_impute_mean(void)
{
	double		x[MAX_VALUES];

	for (int round = 0; round < 500; round++)
	{
		size_t		n = random_column(x);
		CiImpute	spec;
		CiImputeFit want;
		CiImputeFit got;
		CiAccumulator accumulator;

		ci_impute_defaults(&spec, ci_impute_method("mean"));
		ci_impute_fit(&spec, x, n, NULL, &want);
		accumulate_in_parts(&accumulator, spec.method->accumulator, NULL, x, n);
		ci_impute_settle(&spec, &accumulator, &got);
		CHECK(got.status == want.status);
		CHECK_SAME(got.value, want.value);
	}
}

/* Beside 1e300 a column loses digits of 1e-300: that is noticed, and not at 1e-7. */
static void
test_far_apart(void)
{
	static const struct
	{
		CiAccumulatorKind kind;
		double		x[2];
		bool		exact;
	}			cases[] = {
		{CI_ACCUMULATE_SUM, {1e300, 1e-7}, true},
		{CI_ACCUMULATE_SUM, {1e300, 1e-300}, false},
		{CI_ACCUMULATE_SUM, {0.5, 1e-310}, true},
		{CI_ACCUMULATE_SUM, {2, TINY}, false},
		{CI_ACCUMULATE_SUM, {0, 0}, true},
		{CI_ACCUMULATE_SQUARES, {1e150, 1}, true},
		{CI_ACCUMULATE_SQUARES, {1e155, 1}, false},
		{CI_ACCUMULATE_SQUARES, {1, 1e-155}, false},
		{CI_ACCUMULATE_RANGE, {1e300, 1e-300}, true}
	};

	for (size_t i = 0; i < LENGTH(cases); i++)
		for (int first = 0; first < 2; first++)
		{
			CiAccumulator accumulator;

			ci_accumulator_start(&accumulator, cases[i].kind);
			ci_accumulator_add(&accumulator, NULL, cases[i].x[first]);
			ci_accumulator_add(&accumulator, NULL, cases[i].x[1 - first]);
			CHECK(ci_accumulator_is_exact(&accumulator) == cases[i].exact);
		}
}

/* Bytes from elsewhere: what is sound ends, whatever its sums. */
static void
test_unsound(void)
{
	CiAccumulator accumulator;

	ci_accumulator_start(&accumulator, CI_ACCUMULATE_SUM);
	CHECK(ci_accumulator_is_sound(&accumulator));
	accumulator.sum.n = CI_SUM_PARTIALS;
	for (int i = 0; i < CI_SUM_PARTIALS; i++)
		accumulator.sum.partial[i] = i % 2 ? 1e300 : 1e-300;
	CHECK(ci_accumulator_is_sound(&accumulator));
	ci_accumulator_add(&accumulator, NULL, 1);
	ci_accumulator_merge(&accumulator, &accumulator);
	CHECK(ci_accumulator_is_sound(&accumulator));
	accumulator.sum.n++;
	accumulator.sum.n = CI_SUM_PARTIALS + 1;
	CHECK(!ci_accumulator_is_sound(&accumulator));
	accumulator.sum.n = -1;
	CHECK(!ci_accumulator_is_sound(&accumulator));
	ci_accumulator_start(&accumulator, CI_ACCUMULATE_SQUARES);
	accumulator.exponent = 5000;
	CHECK(!ci_accumulator_is_sound(&accumulator));
	ci_accumulator_start(&accumulator, CI_ACCUMULATE_NONE);
	CHECK(!ci_accumulator_is_sound(&accumulator));
}

void
test_accumulator(void)
{
	unit_run(test_moments);
	unit_run(test_methods);
	unit_run(test_unaccumulated);
	unit_run(test_impute_mean);
	unit_run(test_far_apart);
	unit_run(test_unsound);
}
