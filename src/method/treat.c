/*
 * method/treat.c
 *	  Treatment of outliers: from a pool of values to ends that clip, or to the
 *	  numbers of a transform (fit), and a column through them (apply).
 *
 * A column has outliers if its skewness and its kurtosis are both above their
 * thresholds: the rule of the JRC's audits.  Values at the end to which it is
 * skewed are then set to the next value inwards, end by end, until it has none
 * or enough points were changed; the column that is still skewed is transformed
 * instead, from its original values.
 */
#include <string.h>

#include "method/normalise.h"
#include "method/stats.h"
#include "method/treat.h"

/* Rows of the table that others turn into. */
#define CLIP (&ci_treat_methods[2])
#define LOG (&ci_treat_methods[3])
#define BOXCOX (&ci_treat_methods[4])

static CiTreat
clipping(double lower, double upper)
{
	CiTreat		treat;

	ci_treat_defaults(&treat, CLIP);
	treat.lower = lower;
	treat.upper = upper;
	return treat;
}

/*
 * Winsorise
 */

/* A column on its way to being winsorised. */
typedef struct Column
{
	double	   *value;
	size_t		n;
	CiMoments	moments;
	size_t		changed[2];		/* how many low and high values, so far */
} Column;

static bool
has_outliers(const CiTreat *spec, const CiMoments *moments)
{
	return fabs(moments->skewness) > spec->skewness && moments->kurtosis > spec->kurtosis;
}

/*
 * Set the values at one end to the next value inwards.  False, and nothing is
 * changed, if no variation would be left.
 */
static bool
pull_in(Column *column, bool high, void (*check) (void))
{
	double		end = high ? column->moments.max : column->moments.min;
	double		other = high ? column->moments.min : column->moments.max;
	double		next = other;

	for (size_t i = 0; i < column->n; i++)
	{
		double		x = column->value[i];

		ci_check_at(check, i);
		if (x != end && (high ? x > next : x < next))
			next = x;
	}
	if (next == other)
		return false;
	column->changed[high] = 0;
	for (size_t i = 0; i < column->n; i++)
		if (column->value[i] == end)
		{
			column->value[i] = next;
			column->changed[high]++;
		}
	return true;
}

/*
 * Pull in the skewed end until the column is cured; false if it is not to be.
 * A short column can take as many steps as it has values.
 */
static bool
winsorise(const CiTreat *spec, Column *column, void (*check) (void))
{
	while (has_outliers(spec, &column->moments))
	{
		if (check != NULL)
			check();
		if ((double) (column->changed[0] + column->changed[1]) >= spec->max_points ||
			!pull_in(column, column->moments.skewness >= 0, check))
			return false;
		ci_moments_checked(column->value, column->n, check, &column->moments);
	}
	return true;
}

/*
 * What is done otherwise: transforms of the original values, from min to max
 */

static void
settle_log(double scale, double offset, CiTreatFit *fit)
{
	ci_treat_defaults(&fit->treat, LOG);
	fit->treat.scale = scale;
	fit->treat.offset = offset;
	if (!isfinite(scale) || !isfinite(offset))
		fit->status = CI_OVERFLOW;
	else if (!(scale > 0))
		fit->status = CI_REVERSED;
}

static void
otherwise_log(const CiTreat *spec, double min, double max, CiTreatFit *fit)
{
	(void) spec;
	(void) min;
	(void) max;
	settle_log(1, 0, fit);
}

/* The COIN Tool's, as COINr has it: ln(x - min + 0.01 (max - min)). */
static void
otherwise_log_ct(const CiTreat *spec, double min, double max, CiTreatFit *fit)
{
	(void) spec;
	settle_log(1, 0.01 * (max - min) - min, fit);
}

/*
 * The Global Innovation Index's: ln((max - 1) (x - min) / (max - min) + 1), which
 * maps min to 0 and max to ln(max); a max below 1 would turn the order round.
 */
static void
otherwise_log_gii(const CiTreat *spec, double min, double max, CiTreatFit *fit)
{
	double		scale = (max - 1) / (max - min);

	(void) spec;
	settle_log(scale, 1 - scale * min, fit);
}

/* As COINr's boxcox: of x - min + 1. */
static void
otherwise_boxcox(const CiTreat *spec, double min, double max, CiTreatFit *fit)
{
	(void) max;
	ci_treat_defaults(&fit->treat, BOXCOX);
	fit->treat.lambda = spec->lambda;
	fit->treat.offset = 1 - min;
}

static void (*const transforms[]) (const CiTreat *spec, double min, double max, CiTreatFit *fit) =
{
	[CI_OTHERWISE_NONE] = NULL,
		[CI_OTHERWISE_LOG] = otherwise_log,
		[CI_OTHERWISE_LOG_CT] = otherwise_log_ct,
		[CI_OTHERWISE_LOG_GII] = otherwise_log_gii,
		[CI_OTHERWISE_BOXCOX] = otherwise_boxcox
};

const CiChoice ci_treat_otherwises[] = {
	{"none", CI_OTHERWISE_NONE},
	{"log", CI_OTHERWISE_LOG},
	{"log_ct", CI_OTHERWISE_LOG_CT},
	{"log_gii", CI_OTHERWISE_LOG_GII},
	{"boxcox", CI_OTHERWISE_BOXCOX},
	{.name = NULL}
};

static void
fit_winsorise(const CiTreat *spec, const CiTreatPool *pool, CiTreatFit *fit)
{
	Column		column = {.value = pool->scratch};
	double		min;
	double		max;
	bool		cured;

	for (size_t i = 0; i < pool->n; i++)
		if (!ci_is_missing(pool->value[i]))
			column.value[column.n++] = pool->value[i];
	ci_moments_checked(column.value, column.n, pool->check, &column.moments);
	fit->treat = (CiTreat) {.method = NULL};
	if (ci_is_missing(column.moments.kurtosis))
	{
		fit->status = CI_CONSTANT;
		return;
	}
	min = column.moments.min;
	max = column.moments.max;
	cured = winsorise(spec, &column, pool->check);
	if (!cured && transforms[spec->otherwise] != NULL)
		transforms[spec->otherwise] (spec, min, max, fit);
	else if (column.changed[0] + column.changed[1] > 0)
		fit->treat = clipping(column.changed[0] > 0 ? column.moments.min : CI_MISSING,
							  column.changed[1] > 0 ? column.moments.max : CI_MISSING);
}

/*
 * Trim
 */

static void
fit_trim(const CiTreat *spec, const CiTreatPool *pool, CiTreatFit *fit)
{
	if (pool->n == 0)
	{
		fit->status = CI_NO_DATA;
		fit->treat = clipping(CI_UNESTIMABLE, CI_UNESTIMABLE);
		return;
	}
	fit->treat = clipping(ci_quantile_sorted(pool->value, pool->n, spec->lower),
						  ci_quantile_sorted(pool->value, pool->n, spec->upper));
}

/*
 * What is done to cells.  An open end is NaN, to which nothing compares.
 */

static CiStatus
apply_clip(const CiTreat *spec, CiNonpositive policy, double *cells, size_t n,
		   CiTreatFault *fault)
{
	(void) policy;
	(void) fault;
	for (size_t i = 0; i < n; i++)
		cells[i] = cells[i] < spec->lower ? spec->lower :
			cells[i] > spec->upper ? spec->upper : cells[i];
	return CI_OK;
}

/* Transform one value, which is not missing; the result is NaN if it has none. */
static CiStatus
transform_value(const CiTreat *spec, CiNonpositive policy, double *x)
{
	CiTransform transform = {CI_TRANSFORM_LOG, 0, 0};
	double		argument = spec->scale * *x + spec->offset;

	if (spec->method == BOXCOX)
		transform = (CiTransform) {CI_TRANSFORM_BOXCOX, 0, spec->lambda};
	if (policy.policy == CI_POLICY_FLOOR && argument < policy.floor)
		argument = policy.floor;
	if (ci_transform_value(&transform, argument, x))
		return CI_OK;
	*x = CI_MISSING;
	if (argument > 0)
		return CI_OVERFLOW;
	return policy.policy == CI_POLICY_MISSING ? CI_OK : CI_NONPOSITIVE;
}

static CiStatus
apply_transform(const CiTreat *spec, CiNonpositive policy, double *cells, size_t n,
				CiTreatFault *fault)
{
	CiStatus	status = CI_OK;

	for (size_t i = 0; i < n; i++)
	{
		double		value = cells[i];
		CiStatus	found = ci_is_missing(value) ? CI_OK :
			transform_value(spec, policy, &cells[i]);

		if (status != CI_OK || found == CI_OK)
			continue;
		status = found;
		*fault = (CiTreatFault) {i, value};
	}
	return status;
}

/*
 * The family.
 */

#define PARAM(name, kind, field, limits) {name, kind, offsetof(CiTreat, field), limits, NULL}
#define PARAM_END {.name = NULL}
#define ANY -HUGE_VAL, HUGE_VAL
#define NOT_NEGATIVE 0, HUGE_VAL
#define SHARE 0, 1

static const CiParam winsorise_params[] = {
	PARAM("skewness", CI_PARAM_NUMBER, skewness, NOT_NEGATIVE),
	PARAM("kurtosis", CI_PARAM_NUMBER, kurtosis, ANY),
	PARAM("max_points", CI_PARAM_WHOLE, max_points, NOT_NEGATIVE),
	{"otherwise", CI_PARAM_WORD, offsetof(CiTreat, otherwise), ANY, ci_treat_otherwises},
	PARAM("lambda", CI_PARAM_NUMBER, lambda, ANY),
	PARAM_END
};

static const CiParam trim_params[] = {
	PARAM("lower", CI_PARAM_NUMBER, lower, SHARE),
	PARAM("upper", CI_PARAM_NUMBER, upper, SHARE),
	PARAM_END
};

static const CiParam clip_params[] = {
	PARAM("lower", CI_PARAM_FITTED, lower, ANY),
	PARAM("upper", CI_PARAM_FITTED, upper, ANY),
	PARAM_END
};

static const CiParam log_params[] = {
	PARAM("offset", CI_PARAM_NUMBER, offset, ANY),
	PARAM("scale", CI_PARAM_POSITIVE, scale, ANY),
	PARAM_END
};

static const CiParam boxcox_params[] = {
	PARAM("lambda", CI_PARAM_NUMBER, lambda, ANY),
	PARAM("offset", CI_PARAM_NUMBER, offset, ANY),
	PARAM_END
};

const CiTreatMethod ci_treat_methods[] = {
	{"winsorise", winsorise_params, 0,
	CI_MISSING, CI_MISSING, fit_winsorise, NULL},
	{"trim", trim_params, CI_TREAT_ORDER,
	0.025, 0.975, fit_trim, NULL},
	{"clip", clip_params, 0, CI_MISSING, CI_MISSING, NULL, apply_clip},
	{"log", log_params, CI_TREAT_TRANSFORMS, CI_MISSING, CI_MISSING, NULL, apply_transform},
	{"boxcox", boxcox_params, CI_TREAT_TRANSFORMS, CI_MISSING, CI_MISSING, NULL, apply_transform},
	{.name = NULL}
};

const CiTreatMethod *
ci_treat_method(const char *name)
{
	for (const CiTreatMethod *method = ci_treat_methods; method->name; method++)
		if (strcmp(method->name, name) == 0)
			return method;
	return NULL;
}

void
ci_treat_defaults(CiTreat *spec, const CiTreatMethod *method)
{
	*spec = (CiTreat)
	{
		.method = method, .skewness = 2, .kurtosis = 3.5, .max_points = 5,
			.otherwise = CI_OTHERWISE_NONE, .lower = method->lower, .upper = method->upper,
			.scale = 1, .lambda = CI_MISSING
	};
}

void
ci_treat_fit(const CiTreat *spec, const CiTreatPool *pool, CiTreatFit *fit)
{
	*fit = (CiTreatFit) {CI_OK, *spec};
	if (spec->method->fit != NULL)
		spec->method->fit(spec, pool, fit);
	else if (spec->method == CLIP && (isinf(spec->lower) || isinf(spec->upper)))
		fit->status = CI_NO_DATA;
}

CiStatus
ci_treat_apply(const CiTreatFit *fit, CiNonpositive policy, double *cells, size_t n,
			   CiTreatFault *fault)
{
	if (fit->status == CI_OK && fit->treat.method != NULL)
		return fit->treat.method->apply(&fit->treat, policy, cells, n, fault);
	for (size_t i = 0; i < n && fit->status != CI_OK && fit->status != CI_CONSTANT; i++)
		cells[i] = CI_MISSING;
	return CI_OK;
}

bool
ci_treat_clips(const CiTreatFit *fit, double x)
{
	return fit->status == CI_OK && fit->treat.method == CLIP &&
		(x < fit->treat.lower || x > fit->treat.upper);
}
