/*
 * method/normalise_spec.c
 *	  What is asked of a normalisation whatever its method: its defaults, what it
 *	  needs of the data, and to estimate and to apply it.
 *
 * The methods are in normalise.c.
 */
#include <string.h>

#include "method/normalise_method.h"

void
ci_normalise_defaults(CiNormalise *spec, const CiNormaliseMethod *method)
{
	bool		given = method->flags & CI_NORMALISE_GIVEN;

	memset(spec, 0, sizeof(*spec));
	spec->method = method;
	spec->direction = 1;
	spec->lower.kind = spec->upper.kind = given ? CI_POST_NUMBER : CI_POST_QUANTILE;
	spec->lower.value = given ? CI_MISSING : 0;
	spec->upper.value = given ? CI_MISSING : 1;
	spec->centre = spec->spread = CI_MISSING;
	spec->bounds[0] = -HUGE_VAL;
	spec->bounds[1] = HUGE_VAL;
	spec->to[0] = method->to[0];
	spec->to[1] = method->to[1];
}

static const void *
param_of(const CiNormalise *spec, const CiParam *param)
{
	return (const char *) spec + param->offset;
}

/* Are there bounds that are estimated? */
static bool
has_quantiles(const CiPosts *posts)
{
	return posts->n > 0 && posts->at[0].kind == CI_POST_QUANTILE;
}

bool
ci_normalise_is_fitted(const CiNormalise *spec)
{
	for (const CiParam *param = spec->method->params; param->name; param++)
	{
		if (param->kind == CI_PARAM_POST &&
			((const CiPost *) param_of(spec, param))->kind != CI_POST_NUMBER)
			return false;
		if (param->kind == CI_PARAM_POSTS && has_quantiles(param_of(spec, param)))
			return false;
		if (param->kind == CI_PARAM_REFERENCE &&
			((const CiReference *) param_of(spec, param))->kind != CI_REFERENCE_NUMBER)
			return false;
		if (param->kind == CI_PARAM_FITTED &&
			ci_is_missing(*(const double *) param_of(spec, param)))
			return false;
	}
	return !(spec->method->flags & CI_NORMALISE_PEERS);
}

/* Is this end a quantile other than the smallest and the largest value? */
static bool
is_inner_quantile(const CiPost *post)
{
	return post->kind == CI_POST_QUANTILE && post->value > 0 && post->value < 1;
}

bool
ci_normalise_wants_sorted(const CiNormalise *spec)
{
	if (spec->method->flags & CI_NORMALISE_PEERS)
		return true;
	if (spec->method->flags & CI_NORMALISE_ORDER)
		return !ci_normalise_is_fitted(spec);
	return is_inner_quantile(&spec->lower) || is_inner_quantile(&spec->upper) ||
		has_quantiles(&spec->bounds_of_bands);
}

CiScale
ci_normalise_scale(const CiNormalise *spec)
{
	CiScale		scale = {spec->method->scale, CI_MISSING, CI_MISSING};

	if (scale.kind != CI_SCALE_UNKNOWN)
	{
		scale.low = spec->scores.at ? spec->scores.at[0] : spec->to[0];
		scale.high = spec->scores.at ? spec->scores.at[spec->scores.n - 1] : spec->to[1];
	}
	return scale;
}

/*
 * Estimating in a stream
 */

/* Is this a parameter that has to be estimated, and an accumulator of the method not enough? */
static bool
is_unaccumulated(const CiNormalise *spec, const CiParam *param)
{
	const void *at = param_of(spec, param);

	switch (param->kind)
	{
		case CI_PARAM_POST:
			return ((const CiPost *) at)->kind == CI_POST_UNIT || is_inner_quantile(at);
		case CI_PARAM_POSTS:
			return has_quantiles(at);
		case CI_PARAM_REFERENCE:
			return ((const CiReference *) at)->kind == CI_REFERENCE_UNIT ||
				((const CiReference *) at)->has_period;
		case CI_PARAM_FITTED:
			return spec->method->accumulator == CI_ACCUMULATE_NONE && ci_is_missing(*(const double *) at);
		default:
			return false;
	}
}

const char *
ci_normalise_unaccumulated(const CiNormalise *spec)
{
	const CiParam *param = spec->method->params;

	while (param->name != NULL && !is_unaccumulated(spec, param))
		param++;
	return param->name;
}

/* A mean needs no deviations, and comes before them. */
CiAccumulatorKind
ci_normalise_accumulator(const CiNormalise *spec)
{
	if (spec->method->accumulator == CI_ACCUMULATE_DEVIATIONS &&
		(!ci_normalise_has_about(spec) || !ci_is_missing(spec->spread)))
		return CI_ACCUMULATE_SUM;
	return spec->method->accumulator;
}

double
ci_normalise_term(const CiNormalise *spec, double x)
{
	return spec->method->term == NULL ? x : spec->method->term(spec, x);
}

bool
ci_normalise_settle(const CiNormalise *spec, const CiAccumulator *accumulator, CiNormaliseFit *fit,
					double *about)
{
	CiCentre	centre;

	*fit = (CiNormaliseFit) {CI_OK, CI_MISSING, CI_MISSING, NULL, accumulator->n};
	if (spec->method->accumulator == CI_ACCUMULATE_DEVIATIONS && accumulator->kind == CI_ACCUMULATE_SUM &&
		accumulator->n > 0 && ci_is_missing(spec->spread))
	{
		centre = ci_accumulator_centre(accumulator);
		about[0] = centre.mean;
		about[1] = centre.rest;
		about[2] = centre.exponent;
		fit->status = isfinite(centre.mean) && isfinite(centre.rest) ? CI_OK : CI_OVERFLOW;
		return false;
	}
	spec->method->settle(spec, accumulator, fit);
	if (spec->method->fitted_a && !isfinite(fit->a))
		fit->a = CI_UNESTIMABLE;
	if (spec->method->fitted_b && !isfinite(fit->b))
		fit->b = CI_UNESTIMABLE;
	return true;
}

double
ci_normalise_midpoint(const CiNormalise *spec)
{
	CiScale		scale = ci_normalise_scale(spec);

	return scale.kind == CI_SCALE_BOUNDED ? (scale.low + scale.high) / 2 : scale.low;
}

/* Make a number of a reference unit's value. */
static void
resolve_unit(CiPost *post, double value)
{
	if (post->kind == CI_POST_UNIT)
		*post = (CiPost) {CI_POST_NUMBER, value, NULL};
}

/* The same of a reference to a unit or a period. */
static void
resolve_reference(CiReference *reference, double value)
{
	if (reference->kind != CI_REFERENCE_UNIT && !reference->has_period)
		return;
	reference->kind = CI_REFERENCE_NUMBER;
	reference->value = value;
}

void
ci_normalise_fit(const CiNormalise *spec, const double *pool, size_t n,
				 const CiFound *found, double *scratch, CiNormaliseFit *fit)
{
	CiNormalise resolved = *spec;
	size_t		present = 0;

	resolve_unit(&resolved.lower, found->lower);
	resolve_unit(&resolved.upper, found->upper);
	resolve_reference(&resolved.reference, found->reference);
	if (ci_normalise_is_fitted(&resolved))
		n = 0;
	for (size_t i = 0; i < n; i++)
		if (!ci_is_missing(pool[i]))
			present++;
	*fit = (CiNormaliseFit) {CI_OK, CI_MISSING, CI_MISSING, NULL, present};
	spec->method->fit(&resolved, pool, n, scratch, fit);
	if (spec->method->fitted_a && !isfinite(fit->a))
		fit->a = CI_UNESTIMABLE;
	if (spec->method->fitted_b && !isfinite(fit->b))
		fit->b = CI_UNESTIMABLE;
}

void
ci_normalise_apply(const CiNormalise *spec, const CiNormaliseFit *fit,
				   const double *x, size_t n, double *out)
{
	for (size_t i = 0; i < n; i += CI_NORMALISE_PIECE)
		spec->method->apply(spec, fit, x + i, n - i < CI_NORMALISE_PIECE ? n - i : CI_NORMALISE_PIECE, out + i);
}

/* A goalpost that is known before fit, if it clamps. */
static double
clamping_post(const CiNormalise *spec, const CiPost *post, double otherwise)
{
	bool		known = post->kind == CI_POST_NUMBER && isfinite(post->value);

	return spec->clamp && known ? post->value : otherwise;
}

/* The nearest x that has a logarithm and whose x + offset is the floor. */
static double
floor_value(double floor, double offset)
{
	double		x = floor - offset;

	return x + offset > 0 ? x : nextafter(x, HUGE_VAL);
}

bool
ci_normalise_has_domain(const CiNormalise *spec)
{
	return spec->transform.kind != CI_TRANSFORM_NONE ||
		(spec->direction < 0 && (spec->method->flags & CI_NORMALISE_RECIPROCAL));
}

CiStatus
ci_normalise_domain(const CiNormalise *spec, CiNonpositive policy,
					const double *x, size_t n, double *out, size_t *where)
{
	double		offset = spec->transform.offset;
	double		low = clamping_post(spec, &spec->lower, -HUGE_VAL);
	double		high = clamping_post(spec, &spec->upper, HUGE_VAL);

	if (n > 0)
		memmove(out, x, n * sizeof(double));
	if (!ci_normalise_has_domain(spec))
		return CI_OK;
	for (size_t i = 0; i < n; i++)
	{
		out[i] = ci_clamped(out[i], low, high);
		if (policy.policy == CI_POLICY_FLOOR && out[i] + offset < policy.floor)
			out[i] = floor_value(policy.floor, offset);
		if (!(out[i] + offset <= 0))
			continue;
		if (policy.policy == CI_POLICY_MISSING)
			out[i] = CI_MISSING;
		else
		{
			*where = i;
			return CI_NONPOSITIVE;
		}
	}
	return CI_OK;
}

bool
ci_normalise_clamps(const CiNormalise *spec, const CiNormaliseFit *fit, double x)
{
	CiNormalise unbounded = *spec;
	double		score;

	if (!ci_normalise_is_bounded(spec))
		return spec->clamp && (x < fit->a || x > fit->b);
	unbounded.bounds[0] = -HUGE_VAL;
	unbounded.bounds[1] = HUGE_VAL;
	spec->method->apply(&unbounded, fit, &x, 1, &score);
	return score < spec->bounds[0] || score > spec->bounds[1];
}

bool
ci_normalise_line(const CiNormalise *spec, const CiNormaliseFit *fit,
				  double *slope, double *intercept)
{
	return fit->status == CI_OK && spec->method->line &&
		spec->method->line(spec, fit, slope, intercept);
}
