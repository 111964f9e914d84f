/*
 * unit_normalise.c
 *	  Normalisation: parameters from a pool, scores from parameters.
 */
#include <string.h>

#include "method/normalise.h"
#include "method/stats.h"
#include "unit.h"

#define MAX_POOL 3000

static CiNormalise
spec_of(const char *name)
{
	CiNormalise spec;

	ci_normalise_defaults(&spec, ci_normalise_method(name));
	return spec;
}

static CiNormalise
spec_between(double lower, double upper)
{
	CiNormalise spec = spec_of("goalposts");

	spec.lower = (CiPost) {CI_POST_NUMBER, lower, NULL};
	spec.upper = (CiPost) {CI_POST_NUMBER, upper, NULL};
	return spec;
}

/* Fit as the caller must: an ordered pool without missing values if wanted. */
static CiNormaliseFit
fit_units(const CiNormalise *spec, const double *pool, size_t n, double low, double high)
{
	static double present[MAX_POOL];
	double		scratch[MAX_POOL];
	CiNormaliseFit fit;
	CiFound		found = {low, high, high};
	size_t		kept = 0;

	if (!ci_normalise_wants_sorted(spec))
	{
		ci_normalise_fit(spec, pool, n, &found, scratch, &fit);
		return fit;
	}
	for (size_t i = 0; i < n; i++)
		if (!ci_is_missing(pool[i]))
			present[kept++] = pool[i];
	sort(present, kept);
	ci_normalise_fit(spec, present, kept, &found, scratch, &fit);
	return fit;
}

static CiNormaliseFit
fit_of(const CiNormalise *spec, const double *pool, size_t n)
{
	return fit_units(spec, pool, n, MISSING, MISSING);
}

static double
score_of(const CiNormalise *spec, const CiNormaliseFit *fit, double x)
{
	double		score;

	ci_normalise_apply(spec, fit, &x, 1, &score);
	return score;
}

/* Score a column by its own parameters. */
static void
normalise(const CiNormalise *spec, const double *x, size_t n, double *out)
{
	CiNormaliseFit fit = fit_of(spec, x, n);

	CHECK(fit.status == CI_OK);
	ci_normalise_apply(spec, &fit, x, n, out);
}

/* The score of x between two numbers. */
static double
between(double lower, double upper, int direction, const double *to, double x)
{
	CiNormalise spec = spec_between(lower, upper);
	CiNormaliseFit fit;

	spec.direction = direction;
	spec.to[0] = to[0];
	spec.to[1] = to[1];
	fit = fit_of(&spec, NULL, 0);
	CHECK(fit.status == CI_OK);
	return score_of(&spec, &fit, x);
}

static void
test_table(void)
{
	for (const CiNormaliseMethod *m = ci_normalise_methods; m->name; m++)
	{
		CiNormalise spec = spec_of(m->name);

		CHECK(spec.method == m && spec.direction == 1 && !spec.clamp);
		CHECK(m->params && m->fit && m->apply);
		CHECK((m->fitted == NULL) == ((m->flags & CI_NORMALISE_PEERS) != 0));
		CHECK(!m->fitted || ci_normalise_method(m->fitted));
	}
	CHECK(!ci_normalise_method("max"));
	CHECK(isnan(spec_of("goalposts").lower.value));
	CHECK(spec_of("minmax").upper.value == 1);
	CHECK(!ci_normalise_is_fitted(&(CiNormalise) {.method = ci_normalise_method("rank")}));
}

static void
test_minmax(void)
{
	const double x[] = {30, MISSING, 10, 15, 20, 30};
	const double up[] = {100, MISSING, 0, 25, 50, 100};
	double		out[LENGTH(x)];
	CiNormalise spec = spec_of("minmax");

	normalise(&spec, x, LENGTH(x), out);
	for (size_t i = 0; i < LENGTH(x); i++)
		CHECK_SAME(out[i], up[i]);
	spec.direction = -1;
	normalise(&spec, x, LENGTH(x), out);
	for (size_t i = 0; i < LENGTH(x); i++)
		CHECK_SAME(out[i], 100 - up[i]);
	spec.lower.value = 0.25;
	spec.upper.value = 0.75;
	normalise(&spec, x, LENGTH(x), out);
	CHECK_SAME(out[3], 100.0);
	CHECK_SAME(out[0], 0.0);
	CHECK_NEAR(out[2], 400 / 3.0, 1e-12);
	spec.clamp = true;
	normalise(&spec, x, LENGTH(x), out);
	CHECK_SAME(out[2], 100.0);
}

/* Both ends exactly, in between and beyond monotone, never -0. */
static void
test_ends(void)
{
	const double scales[][2] = {
		{0, 100}, {1, 100}, {0.1, 0.7}, {10, 1}, {-0.0, 1}, {1, -0.0}, {-1, 1},
		{0.3, -0.1}, {1e300, -1e300}, {1e-320, 3e-320}
	};

	for (int round = 0; round < 400; round++)
	{
		const double *to = scales[random_below((int) LENGTH(scales))];
		double		random_to[2] = {random_double(-8, 8), random_double(-8, 8)};
		double		a = random_double(-20, 20);
		double		b = random_double(-20, 20);
		double		lower = fmin(a, b);
		double		upper = fmax(a, b);
		double		turn;
		double		last = -INF;

		if (round % 2)
			to = random_to;
		turn = to[0] < to[1] ? 1 : -1;
		CHECK_SAME(between(lower, upper, 1, to, lower), to[0] + 0.0);
		CHECK_SAME(between(lower, upper, 1, to, upper), to[1] + 0.0);
		CHECK_SAME(between(lower, upper, -1, to, lower), to[1] + 0.0);
		CHECK_SAME(between(lower, upper, -1, to, upper), to[0] + 0.0);
		for (int step = -20; step <= 120; step++)
		{
			double		x = lower + (upper - lower) * step / 100;
			double		score = between(lower, upper, 1, to, x);

			CHECK(turn * score >= last);
			CHECK(score != 0 || !signbit(score));
			CHECK_SAME(between(-upper, -lower, -1, to, -x), score);
			last = turn * score;
		}
		CHECK(turn * between(lower, upper, 1, to, nextafter(upper, lower)) <= turn * to[1]);
		CHECK(turn * between(lower, upper, 1, to, nextafter(upper, INF)) >= turn * to[1]);
	}
}

/* Ranges that overflow, or hold one denormal step. */
static void
test_extreme_ranges(void)
{
	const double to[] = {0, 100};
	double		x[] = {-DBL_MAX, DBL_MAX, 0, DBL_MAX / 2};
	double		out[LENGTH(x)];
	CiNormalise spec = spec_of("minmax");

	normalise(&spec, x, LENGTH(x), out);
	CHECK_SAME(out[0], 0.0);
	CHECK_SAME(out[1], 100.0);
	CHECK_SAME(out[2], 50.0);
	CHECK_SAME(out[3], 75.0);
	CHECK_SAME(between(-1e308, 0, 1, to, 1e308), 200.0);
	CHECK_SAME(between(-1e308, 0, -1, to, 1e308), -100.0);
	CHECK_SAME(between(0, TINY, 1, to, TINY), 100.0);
	CHECK_SAME(between(0, 4 * TINY, 1, to, TINY), 25.0);
	spec = spec_of("zscore");
	normalise(&spec, x, 3, out);
	CHECK_SAME(out[0], -1.0);
	CHECK_SAME(out[1], 1.0);
	CHECK_SAME(out[2], 0.0);
	spec.centre = DBL_MAX;
	spec.spread = DBL_MAX;
	normalise(&spec, x, 3, out);
	CHECK_SAME(out[0], -2.0);
}

/*
 * Indices of the Human Development Report 2023-24: life expectancy and income
 * of Norway and Liechtenstein (capped) in 2022, goalposts of its technical note.
 */
static void
test_goalposts_hdi(void)
{
	const double to[] = {0, 1};
	CiNormalise income = spec_between(100, 75000);
	CiNormaliseFit fit;

	CHECK_NEAR(between(20, 85, 1, to, 83.393), 0.97528, 5e-6);
	income.transform.kind = CI_TRANSFORM_LOG;
	income.clamp = true;
	income.to[1] = 1;
	fit = fit_of(&income, NULL, 0);
	CHECK(fit.status == CI_OK);
	CHECK_NEAR(score_of(&income, &fit, 69189.76165),
			   (log(69189.76165) - log(100)) / (log(75000) - log(100)), 1e-15);
	CHECK_SAME(score_of(&income, &fit, 146673.2415), 1.0);
	CHECK_SAME(score_of(&income, &fit, 100), 0.0);
	CHECK_SAME(score_of(&income, &fit, -5), 0.0);
	CHECK(isnan(score_of(&income, &fit, MISSING)));
}

/* OECD/JRC Handbook, Table 15: years of schooling of the 23 TAI countries. */
static void
test_zscore_handbook(void)
{
	const double schooling[] = {
		10, 12, 11.4, 9.5, 10.8, 9.4, 9.4, 11.6, 10.9, 7.1, 10.2, 11.9,
		9.4, 9.3, 11.7, 8.4, 7.9, 9.6, 7.3, 7.2, 9.5, 9.1, 7.1
	};
	double		out[LENGTH(schooling)];
	CiNormalise spec = spec_of("zscore");

	normalise(&spec, schooling, LENGTH(schooling), out);
	CHECK_NEAR(out[0], 0.26, 0.005);	/* Finland */
	CHECK_NEAR(out[1], 1.52, 0.005);	/* United States */
	CHECK_NEAR(out[4], 0.76, 0.005);	/* Korea */
	CHECK_NEAR(out[11], 1.46, 0.005);	/* Norway */
	spec.population = true;
	normalise(&spec, schooling, LENGTH(schooling), out);
	CHECK_NEAR(out[1], 1.56, 0.005);
	spec = spec_of("percentile_rank");
	normalise(&spec, schooling, LENGTH(schooling), out);
	CHECK_SAME(out[1], 100.0);
	CHECK_SAME(out[9], 0.0);
}

/* Mean 5, population sd 2. */
static void
test_zscore(void)
{
	const double x[] = {2, 4, 4, 4, MISSING, 5, 5, 7, 9};
	const double z[] = {-1.5, -.5, -.5, -.5, MISSING, 0, 0, 1, 2};
	double		out[LENGTH(x)];
	double		logs[LENGTH(x)];
	CiNormalise spec = spec_of("zscore");

	spec.population = true;
	normalise(&spec, x, LENGTH(x), out);
	for (size_t i = 0; i < LENGTH(x); i++)
		CHECK_SAME(out[i], z[i]);
	spec.direction = -1;
	spec.to[0] = 100;
	spec.to[1] = 10;
	spec.bounds[0] = 85;
	normalise(&spec, x, LENGTH(x), out);
	for (size_t i = 0; i < LENGTH(x); i++)
		CHECK_SAME(out[i], isnan(z[i]) ? MISSING : fmax(100 - 10 * z[i], 85));

	spec.to[0] = -0.0;			/* no score is -0 */
	spec.bounds[0] = -0.0;
	normalise(&spec, x, LENGTH(x), out);
	CHECK_SAME(out[5], 0.0);
	CHECK_SAME(out[8], 0.0);
	spec.bounds[0] = -INF;
	normalise(&spec, x, LENGTH(x), out);
	CHECK_SAME(out[5], 0.0);

	spec = spec_of("zscore");	/* of logarithms, both ways */
	for (size_t i = 0; i < LENGTH(x); i++)
		logs[i] = log(x[i] + 3);
	normalise(&spec, logs, LENGTH(x), logs);
	spec.transform = (CiTransform) {CI_TRANSFORM_LOG, 3, 0};
	normalise(&spec, x, LENGTH(x), out);
	for (size_t i = 0; i < LENGTH(x); i++)
		CHECK_SAME(out[i], logs[i]);
}

/* Quantiles of the normal distribution, as tabulated. */
static void
test_normal_cdf(void)
{
	CiNormalise spec = spec_of("normal_cdf");
	CiNormaliseFit fit;

	spec.centre = 10;
	spec.spread = 2;
	fit = fit_of(&spec, NULL, 0);
	CHECK_SAME(score_of(&spec, &fit, 10), 50.0);
	CHECK_NEAR(score_of(&spec, &fit, 10 + 2 * 1.959963984540054), 97.5, 1e-12);
	CHECK_NEAR(score_of(&spec, &fit, 10 - 2 * 2.326347874040841), 1, 1e-13);
	CHECK_SAME(score_of(&spec, &fit, 1000), 100.0);
	CHECK_SAME(score_of(&spec, &fit, -1000), 0.0);
	spec.direction = -1;
	CHECK_NEAR(score_of(&spec, &fit, 10 + 2 * 1.959963984540054), 2.5, 1e-13);
	CHECK(isnan(score_of(&spec, &fit, MISSING)));
}

/* Median 2, median absolute deviation 1. */
static void
test_robust_z(void)
{
	const double x[] = {9, 1, 6, 2, MISSING, 4, 1, 2};
	double		out[LENGTH(x)];
	CiNormalise spec = spec_of("robust_z");

	normalise(&spec, x, LENGTH(x), out);
	CHECK_SAME(out[3], 0.0);
	CHECK_SAME(out[0], 7 / 1.4826);
	spec.direction = -1;
	normalise(&spec, x, LENGTH(x), out);
	CHECK_SAME(out[0], -7 / 1.4826);
}

/* Against counting; values outside the pool too. */
static void
test_order(void)
{
	double		pool[40];

	for (int round = 0; round < 200; round++)
	{
		size_t		n = 2 + (size_t) random_below(38);
		int			direction = random_below(2) ? 1 : -1;
		CiNormalise borda = spec_of("borda");
		CiNormalise rank = spec_of("rank");
		CiNormalise percent = spec_of("percentile_rank");
		CiNormaliseFit fit;

		for (size_t i = 0; i < n; i++)
			pool[i] = random_below(10) - 5;
		pool[0] = -6;
		borda.direction = rank.direction = percent.direction = direction;
		fit = fit_of(&percent, pool, n);
		CHECK(fit.status == CI_OK);
		for (double x = -7; x <= 6; x += 0.5)
		{
			size_t		surpassed = 0;

			for (size_t i = 0; i < n; i++)
				surpassed += direction * pool[i] < direction * x;
			CHECK_SAME(score_of(&borda, &fit, x), (double) surpassed);
			CHECK_SAME(score_of(&rank, &fit, x), (double) surpassed + 1);
			CHECK_SAME(score_of(&percent, &fit, x),
					   fmin((double) surpassed / (double) (n - 1), 1) * 100);
		}
		CHECK(isnan(score_of(&rank, &fit, MISSING)));
		CHECK(isnan(score_of(&percent, &fit, MISSING)));
	}
}

static void
test_none(void)
{
	CiNormalise spec = spec_of("none");
	CiNormaliseFit fit = fit_of(&spec, NULL, 0);
	double		slope;
	double		intercept;

	CHECK(fit.status == CI_OK);
	CHECK_SAME(score_of(&spec, &fit, 3), 3.0);
	spec.direction = -1;
	CHECK_SAME(score_of(&spec, &fit, 3), -3.0);
	CHECK_SAME(score_of(&spec, &fit, 0), 0.0);
	CHECK_SAME(score_of(&spec, &fit, -0.0), 0.0);
	CHECK(isnan(score_of(&spec, &fit, MISSING)));
	CHECK(ci_normalise_line(&spec, &fit, &slope, &intercept));
	CHECK(slope == -1 && intercept == 0);
}

/* Give back what was fitted, as a methodology that holds numbers would. */
static CiNormalise
refitted(const CiNormalise *spec, const CiNormaliseFit *fit)
{
	CiNormalise given = *spec;

	given.method = ci_normalise_method(spec->method->fitted);
	given.lower = (CiPost) {CI_POST_NUMBER, fit->a, NULL};
	given.upper = (CiPost) {CI_POST_NUMBER, fit->b, NULL};
	given.centre = fit->a;
	given.spread = fit->b;
	return given;
}

static CiNormalise
random_spec(void)
{
	static const char *names[] = {"minmax", "zscore", "normal_cdf", "robust_z"};
	CiNormalise spec = spec_of(names[random_below(4)]);

	spec.direction = random_below(2) ? 1 : -1;
	if (random_below(2))
	{
		spec.lower.value = random_share() / 4;
		spec.upper.value = 1 - random_share() / 4;
	}
	spec.population = random_below(2);
	spec.clamp = spec.method == ci_normalise_method("minmax") && random_below(2);
	if (spec.method == ci_normalise_method("zscore") && random_below(2))
		spec.bounds[0] = -random_share();
	if (random_below(2))
	{
		spec.to[0] = random_double(-3, 6);
		spec.to[1] = fabs(random_double(-3, 6));
	}
	if (spec.method != ci_normalise_method("robust_z"))
	{
		spec.transform.kind = (CiTransformKind) random_below(3);
		spec.transform.offset = random_share();
		spec.transform.lambda = random_double(-3, 1);
	}
	return spec;
}

/* Fitting changes no bit; nor does the order of the pool, or mapping in place. */
static void
test_fitted(void)
{
	static double x[MAX_POOL];
	static double scores[MAX_POOL];
	static double again[MAX_POOL];

	for (int round = 0; round < 400; round++)
	{
		size_t		n = round % 50 ? 2 + (size_t) random_below(30) : MAX_POOL;
		CiNormalise spec = random_spec();
		CiNormalise given;
		CiNormaliseFit fit;
		CiNormaliseFit same;

		for (size_t i = 0; i < n; i++)
			x[i] = i > 1 && random_below(8) == 0 ? MISSING : fabs(random_double(-3, 9));
		fit = fit_of(&spec, x, n);
		CHECK(fit.status == CI_OK);
		CHECK(!ci_normalise_is_fitted(&spec));
		ci_normalise_apply(&spec, &fit, x, n, scores);
		given = refitted(&spec, &fit);
		CHECK(ci_normalise_is_fitted(&given));
		CHECK(!ci_normalise_wants_sorted(&given));
		same = fit_of(&given, NULL, 0);
		CHECK(same.status == CI_OK);
		ci_normalise_apply(&given, &same, x, n, again);
		CHECK(memcmp(scores, again, n * sizeof(double)) == 0);
		shuffle(x, n);
		same = fit_of(&spec, x, n);
		CHECK_SAME(same.a, fit.a);
		CHECK_SAME(same.b, fit.b);
		ci_normalise_apply(&spec, &fit, x, n, scores);
		ci_normalise_apply(&spec, &fit, x, n, x);
		CHECK(memcmp(scores, x, n * sizeof(double)) == 0);
	}
}

/* Units of measurement do not matter, and powers of two not to a bit. */
static void
test_affine(void)
{
	static const char *names[] = {"minmax", "zscore", "normal_cdf", "robust_z", "percentile_rank"};
	double		x[30];
	double		y[30];
	double		scores[30];
	double		again[30];

	for (size_t k = 0; k < LENGTH(names); k++)
		for (int round = 0; round < 50; round++)
		{
			CiNormalise spec = spec_of(names[k]);

			for (int i = 0; i < 30; i++)
				x[i] = random_double(-2, 5);
			normalise(&spec, x, 30, scores);
			for (int i = 0; i < 30; i++)
				y[i] = ldexp(x[i], -200);
			normalise(&spec, y, 30, again);
			CHECK(memcmp(scores, again, sizeof(scores)) == 0);
			for (int i = 0; i < 30; i++)
				y[i] = 32 + 1.8 * x[i];
			normalise(&spec, y, 30, again);
			for (int i = 0; i < 30; i++)
				CHECK_NEAR(again[i], scores[i], 1e-11);
		}
}

static CiStatus
status_of(const char *name, const double *pool, size_t n)
{
	CiNormalise spec = spec_of(name);

	return fit_of(&spec, pool, n).status;
}

static void
test_status(void)
{
	static const char *names[] = {
		"minmax", "zscore", "normal_cdf", "robust_z", "percentile_rank", "rank", "borda"
	};
	const double missing[] = {MISSING, MISSING};
	const double same[] = {7, MISSING, 7, 7};
	const double two[] = {1, 2};
	const double split[] = {1, 1, 1, 2};
	const double far[] = {-DBL_MAX, DBL_MAX};

	for (size_t k = 0; k < LENGTH(names); k++)
	{
		CiStatus	alike = k < 5 ? CI_CONSTANT : CI_OK;

		CHECK(status_of(names[k], NULL, 0) == CI_NO_DATA);
		CHECK(status_of(names[k], missing, 2) == CI_NO_DATA);
		CHECK(status_of(names[k], same, 1) == alike);
		CHECK(status_of(names[k], same, 4) == alike);
		CHECK(status_of(names[k], two, 2) == CI_OK);
	}
	CHECK(status_of("robust_z", split, 4) == CI_CONSTANT);
	CHECK(status_of("zscore", far, 2) == CI_OVERFLOW);
	CHECK(status_of("normal_cdf", two, 2) == CI_OK);
}

/* What is found holds when it is given again, whatever the status. */
static void
test_status_again(void)
{
	const double same[] = {7, 7, 7};
	static const char *names[] = {"minmax", "zscore", "normal_cdf", "robust_z"};

	for (size_t k = 0; k < LENGTH(names); k++)
		for (size_t n = 0; n <= 3; n++)
		{
			CiNormalise spec = spec_of(names[k]);
			CiNormaliseFit fit = fit_of(&spec, same, n);
			CiNormalise given = refitted(&spec, &fit);
			double		two[] = {1, 2};
			CiNormaliseFit again = fit_of(&given, two, 2);

			CHECK(again.status == fit.status);
			CHECK(n > 0 || isinf(fit.b));
			CHECK_SAME(again.a, fit.a);
			CHECK_SAME(again.b, fit.b);
		}
}

static void
test_status_given(void)
{
	const double pool[] = {3, 5};
	const double squares[] = {1e200, 3, 4};
	CiNormalise spec = spec_between(2, 2);

	CHECK(fit_of(&spec, NULL, 0).status == CI_CONSTANT);
	spec = spec_between(2, 1);
	CHECK(fit_of(&spec, NULL, 0).status == CI_REVERSED);
	spec = spec_between(2, CI_UNESTIMABLE);
	CHECK(fit_of(&spec, NULL, 0).status == CI_NO_DATA);
	spec = spec_between(0, 1);
	spec.transform.kind = CI_TRANSFORM_LOG;
	CHECK(fit_of(&spec, NULL, 0).status == CI_NONPOSITIVE);
	spec = spec_between(1e10, 1e40);
	spec.transform = (CiTransform) {CI_TRANSFORM_BOXCOX, 0, 10};
	CHECK(fit_of(&spec, NULL, 0).status == CI_OVERFLOW);
	spec = spec_of("zscore");	/* a square that is infinite, alone or not */
	spec.centre = 1;
	spec.transform = (CiTransform) {CI_TRANSFORM_BOXCOX, 0, 2};
	CHECK(fit_of(&spec, squares, 1).status == CI_OVERFLOW);
	CHECK(fit_of(&spec, squares, 2).status == CI_OVERFLOW);
	CHECK(fit_of(&spec, squares + 1, 2).status == CI_OK);

	spec = spec_of("minmax");	/* a target below the smallest value */
	spec.upper = (CiPost) {CI_POST_NUMBER, 2, NULL};
	CHECK(fit_of(&spec, pool, 2).status == CI_REVERSED);
	spec.upper = (CiPost) {CI_POST_UNIT, 0, "reference"};
	CHECK(!ci_normalise_is_fitted(&spec));
	CHECK(fit_of(&spec, pool, 2).status == CI_NO_DATA);
	CHECK_SAME(fit_units(&spec, pool, 2, MISSING, 4).b, 4.0);
	CHECK(fit_units(&spec, pool, 2, MISSING, 4).status == CI_OK);

	spec = spec_of("zscore");
	spec.spread = 0;
	CHECK(fit_of(&spec, pool, 2).status == CI_CONSTANT);
	CHECK_SAME(fit_of(&spec, pool, 2).a, 4.0);
	spec.spread = CI_UNESTIMABLE;
	CHECK(fit_of(&spec, pool, 2).status == CI_NO_DATA);
}

static void
test_wants_sorted(void)
{
	CiNormalise spec = spec_of("minmax");

	CHECK(!ci_normalise_wants_sorted(&spec));
	spec.lower.value = 0.1;
	CHECK(ci_normalise_wants_sorted(&spec));
	spec = spec_between(0, 0.5);
	CHECK(!ci_normalise_wants_sorted(&spec));
	spec = spec_of("robust_z");
	spec.centre = 1;
	CHECK(ci_normalise_wants_sorted(&spec));
	spec.spread = 1;
	CHECK(!ci_normalise_wants_sorted(&spec));
	spec = spec_of("rank");
	CHECK(ci_normalise_wants_sorted(&spec));
	spec = spec_of("zscore");
	CHECK(!ci_normalise_wants_sorted(&spec));
}

static void
test_scale(void)
{
	CiNormalise spec = spec_of("minmax");

	CHECK(ci_normalise_scale(&spec).kind == CI_SCALE_BOUNDED);
	CHECK_SAME(ci_normalise_scale(&spec).high, 100.0);
	spec.to[0] = 10;
	CHECK_SAME(ci_normalise_midpoint(&spec), 55.0);
	spec = spec_of("robust_z");
	CHECK(ci_normalise_scale(&spec).kind == CI_SCALE_CENTRED);
	CHECK_SAME(ci_normalise_midpoint(&spec), 0.0);
	spec = spec_of("borda");
	CHECK(ci_normalise_scale(&spec).kind == CI_SCALE_UNKNOWN);
	CHECK(isnan(ci_normalise_midpoint(&spec)));
}

static void
test_domain(void)
{
	const double x[] = {5, MISSING, -3, 0.5, -1, 200};
	double		out[LENGTH(x)];
	size_t		where = 99;
	CiNonpositive policy = {CI_POLICY_ERROR, 0};
	CiNormalise spec = spec_between(1, 100);

	CHECK(ci_normalise_domain(&spec, policy, x, LENGTH(x), out, &where) == CI_OK);
	CHECK(memcmp(x, out, sizeof(x)) == 0);
	CHECK(ci_normalise_domain(&spec, policy, NULL, 0, NULL, &where) == CI_OK);
	spec.transform = (CiTransform) {CI_TRANSFORM_LOG, 1, 0};
	CHECK(ci_normalise_domain(&spec, policy, x, LENGTH(x), out, &where) == CI_NONPOSITIVE);
	CHECK(where == 2);
	policy.policy = CI_POLICY_ZERO;
	CHECK(ci_normalise_domain(&spec, policy, x + 3, 3, out, &where) == CI_NONPOSITIVE);
	CHECK(where == 1);
	policy.policy = CI_POLICY_MISSING;
	CHECK(ci_normalise_domain(&spec, policy, x, LENGTH(x), out, &where) == CI_OK);
	CHECK(isnan(out[1]) && isnan(out[2]) && isnan(out[4]));
	CHECK_SAME(out[3], 0.5);
	policy = (CiNonpositive) {CI_POLICY_FLOOR, 0.25};
	CHECK(ci_normalise_domain(&spec, policy, x, LENGTH(x), out, &where) == CI_OK);
	CHECK_SAME(out[2], -0.75);
	CHECK_SAME(out[5], 200.0);
	CHECK(isnan(out[1]));
	policy.floor = 1e-40;		/* no x + 1 is as small as that */
	CHECK(ci_normalise_domain(&spec, policy, x, LENGTH(x), out, &where) == CI_OK);
	CHECK(out[4] + 1 > 0 && out[4] + 1 < 1e-15);
	spec.clamp = true;
	policy.policy = CI_POLICY_ERROR;
	CHECK(ci_normalise_domain(&spec, policy, x, LENGTH(x), out, &where) == CI_OK);
	CHECK_SAME(out[2], 1.0);
	CHECK_SAME(out[5], 100.0);
	spec.lower = (CiPost) {CI_POST_QUANTILE, 0, NULL};
	CHECK(ci_normalise_domain(&spec, policy, x, LENGTH(x), out, &where) == CI_NONPOSITIVE);
}

static void
test_transform(void)
{
	CiTransform t = {CI_TRANSFORM_BOXCOX, 0, 0.5};
	double		y;

	CHECK(ci_transform_value(&t, 100, &y));
	CHECK_SAME(y, 18.0);
	CHECK(!ci_transform_value(&t, 0, &y) && isnan(y));
	CHECK(!ci_transform_value(&t, MISSING, &y) && isnan(y));
	t.lambda = 1;
	t.offset = 2;
	CHECK(ci_transform_value(&t, 7, &y));
	CHECK_SAME(y, 8.0);
	t.lambda = 1e-9;
	CHECK(ci_transform_value(&t, 7, &y));
	CHECK_NEAR(y, log(9), 1e-8);
	t.lambda = 0;
	CHECK(ci_transform_value(&t, 7, &y));
	CHECK_SAME(y, log(9));
	t.lambda = 1000;
	CHECK(!ci_transform_value(&t, 7, &y) && isinf(y));
}

/* Whatever is a line, is; whatever is clamped, differs from what is not. */
static void
test_line_and_clamps(void)
{
	double		pool[20];
	double		slope;
	double		intercept;
	int			lines = 0;

	for (int round = 0; round < 500; round++)
	{
		CiNormalise spec = random_spec();
		CiNormalise open = spec;
		CiNormaliseFit fit;
		bool		line;

		for (int i = 0; i < 20; i++)
			pool[i] = fabs(random_double(-3, 9));
		fit = fit_of(&spec, pool, 20);
		open.clamp = false;
		open.bounds[0] = -INF;
		line = ci_normalise_line(&spec, &fit, &slope, &intercept);
		lines += line;
		CHECK(!line || (!spec.clamp && isinf(spec.bounds[0])));
		CHECK(line || spec.clamp || !isinf(spec.bounds[0]) ||
			  spec.transform.kind != CI_TRANSFORM_NONE || !spec.method->line);
		for (int i = 0; i < 20; i++)
		{
			double		score = score_of(&spec, &fit, pool[i]);

			if (line)
				CHECK_NEAR(intercept + slope * pool[i], score, 1e-9 * (fabs(score) + 1));
			CHECK(ci_normalise_clamps(&spec, &fit, pool[i]) ==
				  (score != score_of(&open, &fit, pool[i])));
		}
		CHECK(!ci_normalise_clamps(&spec, &fit, MISSING));
		fit.status = CI_CONSTANT;
		CHECK(!ci_normalise_line(&spec, &fit, &slope, &intercept));
	}
	CHECK(lines > 50);
}

void
test_normalise(void)
{
	unit_run(test_table);
	unit_run(test_minmax);
	unit_run(test_ends);
	unit_run(test_extreme_ranges);
	unit_run(test_goalposts_hdi);
	unit_run(test_zscore_handbook);
	unit_run(test_zscore);
	unit_run(test_normal_cdf);
	unit_run(test_robust_z);
	unit_run(test_order);
	unit_run(test_none);
	unit_run(test_fitted);
	unit_run(test_affine);
	unit_run(test_status);
	unit_run(test_status_again);
	unit_run(test_status_given);
	unit_run(test_wants_sorted);
	unit_run(test_scale);
	unit_run(test_domain);
	unit_run(test_transform);
	unit_run(test_line_and_clamps);
}
