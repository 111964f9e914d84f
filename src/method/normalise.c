/*
 * method/normalise.c
 *	  The methods of normalisation: from a pool of values to parameters (fit),
 *	  from a column of values and parameters to a column of scores (apply).
 *
 * Scores are computed from the parameters alone, however these came about, so
 * a methodology that holds them as numbers gives the same bits.  Formulas: the
 * OECD/JRC Handbook on Constructing Composite Indicators (2008), step 5.
 * What is asked of a normalisation whatever its method is in normalise_spec.c.
 */
#include <string.h>

#include "method/normalise_method.h"
#include "method/stats.h"

/* Beyond this a difference of two values may overflow: halves are taken. */
#define HUGE_POST 1e290

#define SQRT_HALF 0.70710678118654752440

bool
ci_transform_value(const CiTransform *transform, double x, double *result)
{
	double		y = x + transform->offset;
	double		power;

	if (transform->kind == CI_TRANSFORM_NONE)
		*result = x;
	else if (!(y > 0))
		*result = CI_MISSING;
	else if (transform->kind == CI_TRANSFORM_LOG || transform->lambda == 0)
		*result = log(y);
	else
	{
		power = transform->lambda * log(y);
		*result = (fabs(power) < 0.5 ? expm1(power) : pow(y, transform->lambda) - 1)
			/ transform->lambda;
	}
	return isfinite(*result);
}

static void
transform_column(const CiTransform *transform, const double *x, size_t n, double *out)
{
	for (size_t i = 0; i < n; i++)
		(void) ci_transform_value(transform, x[i], &out[i]);
}

static CiOnto
onto_scale(const double *to)
{
	CiOnto		onto = {.start = to[0] + 0.0, .end = to[1]};

	onto.way = onto.end - onto.start;
	onto.exact = onto.start + onto.way == onto.end;
	return onto;
}

/* Map shares t[0..n) of the way onto a scale, in place. */
static void
shares_onto(const double *to, double *t, size_t n)
{
	CiOnto		onto = onto_scale(to);

	if (onto.exact)
		for (size_t i = 0; i < n; i++)
			t[i] = onto.start + onto.way * t[i];
	else
		for (size_t i = 0; i < n; i++)
			t[i] = ci_onto(&onto, t[i]);
}

/*
 * Goalposts: minmax and goalposts.
 */

static CiGoalposts
posts_of(const CiNormalise *spec, const CiNormaliseFit *fit)
{
	CiGoalposts posts = {.low = -HUGE_VAL, .high = HUGE_VAL, .unit = 1};
	double		lower;
	double		upper;
	double		from;
	double		end;

	(void) ci_transform_value(&spec->transform, fit->a, &lower);
	(void) ci_transform_value(&spec->transform, fit->b, &upper);
	from = spec->direction < 0 ? upper : lower;
	end = spec->direction < 0 ? lower : upper;
	if (fmax(fabs(from), fabs(end)) > HUGE_POST)
		posts.unit = 0.5;
	posts.from = from * posts.unit;
	posts.length = end * posts.unit - posts.from;
	posts.onto = onto_scale(spec->to);
	if (spec->clamp)
	{
		posts.low = fit->a;
		posts.high = fit->b;
	}
	return posts;
}

static CiStatus
check_posts(const CiTransform *transform, double a, double b)
{
	double		lower;
	double		upper;

	if (!isfinite(a) || !isfinite(b))
		return CI_NO_DATA;
	if (a > b)
		return CI_REVERSED;
	if (!ci_transform_value(transform, a, &lower) ||
		!ci_transform_value(transform, b, &upper))
		return ci_is_missing(lower) ? CI_NONPOSITIVE : CI_OVERFLOW;
	return lower < upper ? CI_OK : CI_CONSTANT;
}

static double
post_value(const CiPost *post, const double *pool, size_t n, double min, double max)
{
	if (post->kind == CI_POST_NUMBER)
		return post->value;
	if (post->value == 0)
		return min;
	if (post->value == 1)
		return max;
	return ci_quantile_sorted(pool, n, post->value);
}

static void
fit_posts(const CiNormalise *spec, const double *pool, size_t n,
		  double *scratch, CiNormaliseFit *fit)
{
	double		min = CI_MISSING;
	double		max = CI_MISSING;

	(void) scratch;
	if (fit->n > 0)
		(void) ci_range(pool, n, &min, &max);
	fit->a = post_value(&spec->lower, pool, n, min, max);
	fit->b = post_value(&spec->upper, pool, n, min, max);
	fit->status = check_posts(&spec->transform, fit->a, fit->b);
}

static void
settle_posts(const CiNormalise *spec, const CiAccumulator *accumulator, CiNormaliseFit *fit)
{
	double		min = accumulator->n == 0 ? CI_MISSING : accumulator->min + 0.0;
	double		max = accumulator->n == 0 ? CI_MISSING : accumulator->max + 0.0;

	fit->a = post_value(&spec->lower, NULL, 0, min, max);
	fit->b = post_value(&spec->upper, NULL, 0, min, max);
	fit->status = check_posts(&spec->transform, fit->a, fit->b);
}

static void
apply_posts(const CiNormalise *spec, const CiNormaliseFit *fit,
			const double *x, size_t n, double *out)
{
	CiGoalposts posts = posts_of(spec, fit);

	if (spec->clamp)
	{
		for (size_t i = 0; i < n; i++)
			out[i] = ci_clamped(x[i], posts.low, posts.high);
		x = out;
	}
	if (spec->transform.kind != CI_TRANSFORM_NONE)
	{
		transform_column(&spec->transform, x, n, out);
		x = out;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = ci_posts_share(&posts, x[i]);
	shares_onto(spec->to, out, n);
}

/*
 * Adjusted Mazziotta-Pareto: goalposts half the range of the pool above and
 * below the reference.  Sums are halved, as the range may exceed a double.
 */
static void
shift_posts(const CiNormalise *spec, double mean, CiNormaliseFit *fit)
{
	double		reference = spec->reference.kind == CI_REFERENCE_MEAN ? mean : spec->reference.value;
	double		half = fit->b / 2 - fit->a / 2;

	if (fit->status != CI_OK && fit->status != CI_CONSTANT)
		return;
	fit->a = reference - half;
	fit->b = reference + half;
	if (ci_is_missing(reference))
		fit->status = CI_NO_DATA;
	else if (!isfinite(fit->a) || !isfinite(fit->b))
		fit->status = CI_OVERFLOW;
	else
		fit->status = check_posts(&spec->transform, fit->a, fit->b);
}

static void
fit_ampi(const CiNormalise *spec, const double *pool, size_t n,
		 double *scratch, CiNormaliseFit *fit)
{
	CiMoments	moments = {.mean = CI_MISSING};

	fit_posts(spec, pool, n, scratch, fit);
	if (spec->reference.kind == CI_REFERENCE_MEAN)
		ci_mean_sd(pool, n, &moments);
	shift_posts(spec, moments.mean, fit);
}

static void
settle_ampi(const CiNormalise *spec, const CiAccumulator *accumulator, CiNormaliseFit *fit)
{
	settle_posts(spec, accumulator, fit);
	shift_posts(spec, accumulator->n == 0 ? CI_MISSING : ci_accumulator_mean(accumulator), fit);
}

static bool
line_posts(const CiNormalise *spec, const CiNormaliseFit *fit,
		   double *slope, double *intercept)
{
	CiGoalposts posts = posts_of(spec, fit);

	*slope = (spec->to[1] - spec->to[0]) * posts.unit / posts.length;
	*intercept = spec->to[0] - (spec->to[1] - spec->to[0]) * (posts.from / posts.length);
	return !spec->clamp && spec->transform.kind == CI_TRANSFORM_NONE;
}

bool
ci_normalise_posts(const CiNormalise *spec, const CiNormaliseFit *fit, CiGoalposts *posts)
{
	if (spec->method->apply != apply_posts || spec->transform.kind != CI_TRANSFORM_NONE ||
		fit->status != CI_OK)
		return false;
	*posts = posts_of(spec, fit);
	return true;
}

/*
 * Centre and spread: zscore, normal_cdf and robust_z.
 */

/* Put in what is estimated where nothing is given, and judge it. */
static void
settle_centre(const CiNormalise *spec, double centre, double spread, CiNormaliseFit *fit)
{
	fit->a = ci_is_missing(spec->centre) ? centre : spec->centre;
	fit->b = ci_is_missing(spec->spread) ? spread : spec->spread;
	if (isfinite(fit->a) && isfinite(fit->b))
		fit->status = fit->b > 0 ? CI_OK : CI_CONSTANT;
	else if (fit->n == 0 || isinf(spec->centre) || isinf(spec->spread))
		fit->status = CI_NO_DATA;
	else
		fit->status = CI_OVERFLOW;
}

CiCentre
ci_normalise_centre(const CiNormalise *spec)
{
	CiCentre	centre = {.mean = spec->about.at[0], .rest = spec->about.at[1]};

	ci_centre_scale(&centre, (int) spec->about.at[2]);
	return centre;
}

/* One value alone has no spread; values that a transform made infinite have none that is known. */
static void
settle_spread(const CiNormalise *spec, const CiMoments *moments, CiNormaliseFit *fit)
{
	double		spread = spec->population ? moments->sd_population : moments->sd;

	if (moments->n == 1)
		spread = 0;
	if (!isfinite(moments->mean))
		spread = CI_MISSING;
	settle_centre(spec, moments->mean, spread, fit);
}

static double
term_transformed(const CiNormalise *spec, double x)
{
	(void) ci_transform_value(&spec->transform, x, &x);
	return x;
}

static void
fit_moments(const CiNormalise *spec, const double *pool, size_t n,
			double *scratch, CiNormaliseFit *fit)
{
	CiMoments	moments;

	if (spec->transform.kind != CI_TRANSFORM_NONE)
	{
		transform_column(&spec->transform, pool, n, scratch);
		pool = scratch;
	}
	if (ci_normalise_has_about(spec))
	{
		CiCentre	centre = ci_normalise_centre(spec);

		ci_mean_sd_about(&centre, pool, n, &moments);
	}
	else
		ci_mean_sd(pool, n, &moments);
	settle_spread(spec, &moments, fit);
}

/* From deviations; or from a sum, which gives the mean. */
static void
settle_moments(const CiNormalise *spec, const CiAccumulator *accumulator, CiNormaliseFit *fit)
{
	CiMoments	moments = {.mean = CI_MISSING, .sd = CI_MISSING, .sd_population = CI_MISSING};

	if (accumulator->kind == CI_ACCUMULATE_DEVIATIONS)
	{
		CiCentre	centre = ci_normalise_centre(spec);

		ci_accumulator_moments(accumulator, &centre, &moments);
	}
	else if (accumulator->n > 0)
		moments.mean = ci_accumulator_mean(accumulator);
	settle_spread(spec, &moments, fit);
}

static void
fit_median(const CiNormalise *spec, const double *pool, size_t n,
		   double *scratch, CiNormaliseFit *fit)
{
	double		median = ci_quantile_sorted(pool, n, 0.5);

	(void) scratch;
	settle_centre(spec, median, ci_mad_sorted(pool, n, median), fit);
}

/* Give the z-scores, turned by the direction. */
static void
standardise(const CiNormalise *spec, const CiNormaliseFit *fit,
			const double *x, size_t n, double *out)
{
	double		unit = fabs(fit->a) > HUGE_POST ? 0.5 : 1;
	double		whole = 1 / unit;
	double		centre = fit->a * unit;
	double		spread = fit->b * spec->direction;	/* half of it might be 0 */

	if (spec->transform.kind != CI_TRANSFORM_NONE)
	{
		transform_column(&spec->transform, x, n, out);
		x = out;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = (x[i] * unit - centre) / spread * whole;
}

static void
apply_centred(const CiNormalise *spec, const CiNormaliseFit *fit,
			  const double *x, size_t n, double *out)
{
	double		mean = spec->to[0] + 0.0;
	double		sd = spec->to[1];

	standardise(spec, fit, x, n, out);
	for (size_t i = 0; i < n; i++)
		out[i] = mean + sd * out[i];
	if (ci_normalise_is_bounded(spec))
		for (size_t i = 0; i < n; i++)
			out[i] = ci_clamped(out[i], spec->bounds[0], spec->bounds[1]) + 0.0;
}

static bool
line_centred(const CiNormalise *spec, const CiNormaliseFit *fit,
			 double *slope, double *intercept)
{
	*slope = spec->direction * spec->to[1] / fit->b;
	*intercept = spec->to[0] - spec->direction * spec->to[1] * (fit->a / fit->b);
	return !ci_normalise_is_bounded(spec) && spec->transform.kind == CI_TRANSFORM_NONE;
}

static void
apply_normal_cdf(const CiNormalise *spec, const CiNormaliseFit *fit,
				 const double *x, size_t n, double *out)
{
	standardise(spec, fit, x, n, out);
	for (size_t i = 0; i < n; i++)
		out[i] = 0.5 * erfc(-out[i] * SQRT_HALF);
	shares_onto(spec->to, out, n);
}

/*
 * Shares of a total: sum and vector.  A cost is taken by its reciprocal in a
 * sum, and by what it lacks of the whole in a vector (Jahan and Edwards 2015).
 */

static void
settle_total(const CiNormalise *spec, double total, CiNormaliseFit *fit)
{
	if (fit->n == 0 && !isfinite(spec->spread))
	{
		fit->status = CI_NO_DATA;
		return;
	}
	fit->b = ci_is_missing(spec->spread) ? total : spec->spread;
	if (!isfinite(fit->b))
		fit->status = CI_OVERFLOW;
	else if (fit->b < 0)
		fit->status = CI_NONPOSITIVE;
	else
		fit->status = fit->b > 0 ? CI_OK : CI_CONSTANT;
}

/*
 * The exponent of the largest of these values: a sum of values that are divided
 * by it first does not overflow on its way.
 */
static int
largest_exponent(const double *x, size_t n)
{
	double		min = 0;
	double		max = 0;
	int			exponent;

	(void) ci_range(x, n, &min, &max);
	(void) frexp(fmax(fabs(min), fabs(max)), &exponent);
	return exponent;
}

static double
term_of_sum(const CiNormalise *spec, double x)
{
	return spec->direction < 0 ? 1 / x : x;
}

static void
fit_sum(const CiNormalise *spec, const double *pool, size_t n,
		double *scratch, CiNormaliseFit *fit)
{
	int			exponent;
	CiSum		sum;

	for (size_t i = 0; i < n; i++)
		scratch[i] = term_of_sum(spec, pool[i]);
	exponent = largest_exponent(scratch, n);
	ci_sum_start(&sum);
	for (size_t i = 0; i < n; i++)
		if (!ci_is_missing(scratch[i]))
			ci_sum_add(&sum, ldexp(scratch[i], -exponent));
	settle_total(spec, ldexp(ci_sum_result(&sum), exponent), fit);
}

static void
settle_sum(const CiNormalise *spec, const CiAccumulator *accumulator, CiNormaliseFit *fit)
{
	settle_total(spec, ci_accumulator_sum(accumulator), fit);
}

static void
apply_sum(const CiNormalise *spec, const CiNormaliseFit *fit,
		  const double *x, size_t n, double *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (spec->direction < 0 ? 1 / x[i] : x[i]) / fit->b + 0.0;
}

/* The Euclidean norm. */
static void
fit_vector(const CiNormalise *spec, const double *pool, size_t n,
		   double *scratch, CiNormaliseFit *fit)
{
	int			exponent = largest_exponent(pool, n);
	CiSum		sum;

	(void) scratch;
	ci_sum_start(&sum);
	for (size_t i = 0; i < n; i++)
	{
		double		x = ldexp(pool[i], -exponent);

		if (!ci_is_missing(x))
			ci_sum_add(&sum, x * x);
	}
	settle_total(spec, ldexp(sqrt(ci_sum_result(&sum)), exponent), fit);
}

static void
settle_vector(const CiNormalise *spec, const CiAccumulator *accumulator, CiNormaliseFit *fit)
{
	settle_total(spec, ci_accumulator_norm(accumulator), fit);
}

static void
apply_vector(const CiNormalise *spec, const CiNormaliseFit *fit,
			 const double *x, size_t n, double *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (spec->direction < 0 ? 1 - x[i] / fit->b : x[i] / fit->b) + 0.0;
}

static bool
line_total(const CiNormalise *spec, const CiNormaliseFit *fit,
		   double *slope, double *intercept)
{
	bool		cost = spec->direction < 0;

	*slope = (cost ? -1 : 1) / fit->b;
	*intercept = cost ? 1 : 0;
	return !cost || !(spec->method->flags & CI_NORMALISE_RECIPROCAL);
}

/*
 * Order within the pool: percentile_rank, rank and borda.
 */

static void
fit_order(const CiNormalise *spec, const double *pool, size_t n,
		  double *scratch, CiNormaliseFit *fit)
{
	(void) spec;
	(void) scratch;
	fit->sorted = pool;
	fit->status = n > 0 ? CI_OK : CI_NO_DATA;
}

static void
fit_percentile(const CiNormalise *spec, const double *pool, size_t n,
			   double *scratch, CiNormaliseFit *fit)
{
	fit_order(spec, pool, n, scratch, fit);
	if (n > 0 && pool[0] == pool[n - 1])
		fit->status = CI_CONSTANT;
}

/* Count, for each x, the values of the pool that it surpasses. */
static void
apply_borda(const CiNormalise *spec, const CiNormaliseFit *fit,
			const double *x, size_t n, double *out)
{
	for (size_t i = 0; i < n; i++)
	{
		if (ci_is_missing(x[i]))
			out[i] = CI_MISSING;
		else if (spec->direction < 0)
			out[i] = (double) (fit->n -
							   ci_count_below(fit->sorted, fit->n, nextafter(x[i], HUGE_VAL)));
		else
			out[i] = (double) ci_count_below(fit->sorted, fit->n, x[i]);
	}
}

static void
apply_rank(const CiNormalise *spec, const CiNormaliseFit *fit,
		   const double *x, size_t n, double *out)
{
	apply_borda(spec, fit, x, n, out);
	for (size_t i = 0; i < n; i++)
		out[i] += 1;
}

/* A value that is not of the pool may surpass all n: that counts as n - 1. */
static void
apply_percentile(const CiNormalise *spec, const CiNormaliseFit *fit,
				 const double *x, size_t n, double *out)
{
	double		others = (double) (fit->n - 1);

	apply_borda(spec, fit, x, n, out);
	for (size_t i = 0; i < n; i++)
		out[i] = out[i] > others ? 1 : out[i] / others;
	shares_onto(spec->to, out, n);
}

/*
 * Categories: bands.  A value at a bound belongs to the better band.
 */

double
ci_normalise_bound(const CiNormalise *spec, const CiNormaliseFit *fit, int k)
{
	const CiPost *bound = &spec->bounds_of_bands.at[k];

	return bound->kind == CI_POST_NUMBER ? bound->value :
		ci_quantile_sorted(fit->sorted, fit->n, bound->value);
}

static void
fit_bands(const CiNormalise *spec, const double *pool, size_t n,
		  double *scratch, CiNormaliseFit *fit)
{
	(void) scratch;
	fit->sorted = spec->bounds_of_bands.at[0].kind == CI_POST_QUANTILE ? pool : NULL;
	fit->status = CI_OK;
	if (fit->sorted ? n == 0 : !isfinite(spec->bounds_of_bands.at[0].value))
		fit->status = CI_NO_DATA;
}

static void
apply_bands(const CiNormalise *spec, const CiNormaliseFit *fit,
			const double *x, size_t n, double *out)
{
	int			n_bounds = spec->bounds_of_bands.n;
	int			reached[CI_NORMALISE_PIECE] = {0};

	for (int k = 0; k < n_bounds; k++)
	{
		double		bound = ci_normalise_bound(spec, fit, k);

		for (size_t i = 0; i < n; i++)
			reached[i] += spec->direction < 0 ? x[i] <= bound : x[i] >= bound;
	}
	for (size_t i = 0; i < n; i++)
	{
		if (ci_is_missing(x[i]))
			out[i] = CI_MISSING;
		else if (spec->scores.at != NULL)
			out[i] = spec->scores.at[reached[i]] + 0.0;
		else
			out[i] = 100 * ((double) reached[i] / n_bounds);
	}
}

/*
 * The value itself: none.
 */

static void
fit_none(const CiNormalise *spec, const double *pool, size_t n,
		 double *scratch, CiNormaliseFit *fit)
{
	(void) spec;
	(void) pool;
	(void) n;
	(void) scratch;
	fit->status = CI_OK;
}

static void
apply_none(const CiNormalise *spec, const CiNormaliseFit *fit,
		   const double *x, size_t n, double *out)
{
	(void) fit;
	for (size_t i = 0; i < n; i++)
		out[i] = spec->direction * x[i] + 0.0;
}

static bool
line_none(const CiNormalise *spec, const CiNormaliseFit *fit,
		  double *slope, double *intercept)
{
	(void) fit;
	*slope = spec->direction;
	*intercept = 0;
	return true;
}

/*
 * The family.
 */

#define PARAM(name, kind, field, limits) {name, kind, offsetof(CiNormalise, field), limits, NULL}
#define PARAM_END {.name = NULL}
#define ANY -HUGE_VAL, HUGE_VAL
#define NOT_NEGATIVE 0, HUGE_VAL
#define EXPONENTS (-1100), 1100

static const CiParam post_params[] = {
	PARAM("lower", CI_PARAM_POST, lower, ANY),
	PARAM("upper", CI_PARAM_POST, upper, ANY),
	PARAM("clamp", CI_PARAM_BOOL, clamp, ANY),
	PARAM("transform", CI_PARAM_TRANSFORM, transform, ANY),
	PARAM("to", CI_PARAM_RANGE, to, CI_SCALE_LIMITS),
	PARAM_END
};

static const CiParam ampi_params[] = {
	PARAM("lower", CI_PARAM_POST, lower, ANY),
	PARAM("upper", CI_PARAM_POST, upper, ANY),
	PARAM("reference", CI_PARAM_REFERENCE, reference, ANY),
	PARAM("to", CI_PARAM_RANGE, to, CI_SCALE_LIMITS),
	PARAM_END
};

static const CiParam sum_params[] = {
	PARAM("total", CI_PARAM_FITTED, spread, NOT_NEGATIVE),
	PARAM_END
};

static const CiParam vector_params[] = {
	PARAM("norm", CI_PARAM_FITTED, spread, NOT_NEGATIVE),
	PARAM_END
};

static const CiParam bands_params[] = {
	PARAM("bounds", CI_PARAM_POSTS, bounds_of_bands, ANY),
	PARAM("scores", CI_PARAM_VECTOR, scores, CI_SCALE_LIMITS),
	PARAM_END
};

static const CiParam zscore_params[] = {
	PARAM("mean", CI_PARAM_FITTED, centre, ANY),
	PARAM("sd", CI_PARAM_FITTED, spread, NOT_NEGATIVE),
	PARAM("population", CI_PARAM_BOOL, population, ANY),
	PARAM("about", CI_PARAM_VECTOR, about, EXPONENTS),
	PARAM("clamp", CI_PARAM_BOUNDS, bounds, CI_SCALE_LIMITS),
	PARAM("transform", CI_PARAM_TRANSFORM, transform, ANY),
	PARAM("to", CI_PARAM_CENTRED, to, CI_SCALE_LIMITS),
	PARAM_END
};

static const CiParam normal_cdf_params[] = {
	PARAM("mean", CI_PARAM_FITTED, centre, ANY),
	PARAM("sd", CI_PARAM_FITTED, spread, NOT_NEGATIVE),
	PARAM("population", CI_PARAM_BOOL, population, ANY),
	PARAM("about", CI_PARAM_VECTOR, about, EXPONENTS),
	PARAM("transform", CI_PARAM_TRANSFORM, transform, ANY),
	PARAM("to", CI_PARAM_RANGE, to, CI_SCALE_LIMITS),
	PARAM_END
};

static const CiParam robust_z_params[] = {
	PARAM("median", CI_PARAM_FITTED, centre, ANY),
	PARAM("mad", CI_PARAM_FITTED, spread, NOT_NEGATIVE),
	PARAM("to", CI_PARAM_CENTRED, to, CI_SCALE_LIMITS),
	PARAM_END
};

static const CiParam percentile_params[] = {
	PARAM("to", CI_PARAM_RANGE, to, CI_SCALE_LIMITS),
	PARAM_END
};

static const CiParam no_params[] = {
	PARAM_END
};

const CiNormaliseMethod ci_normalise_methods[] = {
	{"minmax", "goalposts", "lower", "upper", post_params,
		0, CI_ACCUMULATE_RANGE, CI_SCALE_BOUNDED, {0, 100},
	fit_posts, settle_posts, NULL, apply_posts, line_posts},
	{"goalposts", "goalposts", "lower", "upper", post_params,
		CI_NORMALISE_GIVEN, CI_ACCUMULATE_RANGE, CI_SCALE_BOUNDED, {0, 100},
	fit_posts, settle_posts, NULL, apply_posts, line_posts},
	{"ampi", "goalposts", "lower", "upper", ampi_params,
		0, CI_ACCUMULATE_SUM, CI_SCALE_BOUNDED, {70, 130},
	fit_ampi, settle_ampi, NULL, apply_posts, line_posts},
	{"zscore", "zscore", "mean", "sd", zscore_params,
		0, CI_ACCUMULATE_DEVIATIONS, CI_SCALE_CENTRED, {0, 1},
	fit_moments, settle_moments, term_transformed, apply_centred, line_centred},
	{"normal_cdf", "normal_cdf", "mean", "sd", normal_cdf_params,
		0, CI_ACCUMULATE_DEVIATIONS, CI_SCALE_BOUNDED, {0, 100},
	fit_moments, settle_moments, term_transformed, apply_normal_cdf, NULL},
	{"robust_z", "robust_z", "median", "mad", robust_z_params,
		CI_NORMALISE_ORDER, CI_ACCUMULATE_NONE, CI_SCALE_CENTRED, {0, 1},
	fit_median, NULL, NULL, apply_centred, line_centred},
	{"percentile_rank", NULL, NULL, NULL, percentile_params,
		CI_NORMALISE_PEERS, CI_ACCUMULATE_NONE, CI_SCALE_BOUNDED, {0, 100},
	fit_percentile, NULL, NULL, apply_percentile, NULL},
	{"rank", NULL, NULL, NULL, no_params,
		CI_NORMALISE_PEERS, CI_ACCUMULATE_NONE, CI_SCALE_UNKNOWN, {0, 0},
	fit_order, NULL, NULL, apply_rank, NULL},
	{"borda", NULL, NULL, NULL, no_params,
		CI_NORMALISE_PEERS, CI_ACCUMULATE_NONE, CI_SCALE_UNKNOWN, {0, 0},
	fit_order, NULL, NULL, apply_borda, NULL},
	{"bands", "bands", NULL, NULL, bands_params,
		0, CI_ACCUMULATE_NONE, CI_SCALE_BOUNDED, {0, 100},
	fit_bands, NULL, NULL, apply_bands, NULL},
	{"sum", "sum", NULL, "total", sum_params,
		CI_NORMALISE_RECIPROCAL, CI_ACCUMULATE_SUM, CI_SCALE_UNKNOWN, {0, 0},
	fit_sum, settle_sum, term_of_sum, apply_sum, line_total},
	{"vector", "vector", NULL, "norm", vector_params,
		0, CI_ACCUMULATE_SQUARES, CI_SCALE_UNKNOWN, {0, 0},
	fit_vector, settle_vector, NULL, apply_vector, line_total},
	{"none", "none", NULL, NULL, no_params,
		0, CI_ACCUMULATE_NONE, CI_SCALE_UNKNOWN, {0, 0},
	fit_none, NULL, NULL, apply_none, line_none},
	{.name = NULL}
};

const CiNormaliseMethod *
ci_normalise_method(const char *name)
{
	for (const CiNormaliseMethod *method = ci_normalise_methods; method->name; method++)
		if (strcmp(method->name, name) == 0)
			return method;
	return NULL;
}
