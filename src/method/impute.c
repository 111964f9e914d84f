/*
 * method/impute.c
 *	  Imputation: from a pool of values to the one that fills what is missing,
 *	  or from a unit's observed cells to those between and after them.
 *
 * Formulas: the OECD/JRC Handbook on Constructing Composite Indicators (2008),
 * step 3, unconditional mean and median imputation; the last observation
 * carried forward; linear interpolation in time.
 */
#include <string.h>

#include "method/impute.h"
#include "method/stats.h"

static double
estimate_median(const double *pool, size_t n, void (*check) (void))
{
	(void) check;
	return ci_quantile_sorted(pool, n, 0.5);
}

/* Periods from one cell to a later one. */
static double
steps(const CiSeries *series, size_t from, size_t to)
{
	return (double) series->period[to] - (double) series->period[from];
}

static bool
is_within(double gap, const CiImpute *spec)
{
	return ci_is_missing(spec->max_gap) || gap <= spec->max_gap;
}

/* Carry each observation forward, max_gap periods at most. */
static void
fill_previous(const CiImpute *spec, CiSeries *series)
{
	bool		any = false;
	size_t		last = 0;

	for (size_t i = 0; i < series->n; i++)
	{
		bool		observed = !ci_is_missing(series->observed[i]);

		if (observed)
			last = i;
		any |= observed;
		series->from[i] = last;
		series->filled[i] = any && is_within(steps(series, last, i), spec) ?
			series->observed[last] : CI_MISSING;
	}
}

/* The value at cell i of the line from cell a to cell b. */
static double
interpolate(const CiSeries *series, size_t a, size_t b, size_t i)
{
	double		start = series->observed[a];
	double		end = series->observed[b];
	double		share = steps(series, a, i) / steps(series, a, b);

	if (isinf(end - start))
		return start * (1 - share) + end * share;
	return start + (end - start) * share;
}

/*
 * Interpolate between observations that are next to each other, if at most
 * max_gap periods lie between them.
 */
static void
fill_linear(const CiImpute *spec, CiSeries *series)
{
	size_t		before = series->n;

	for (size_t i = 0; i < series->n; i++)
	{
		series->from[i] = i;
		series->filled[i] = series->observed[i];
		if (ci_is_missing(series->observed[i]))
			continue;
		if (before < series->n && is_within(steps(series, before, i) - 1, spec))
			for (size_t k = before + 1; k < i; k++)
			{
				series->from[k] = before;
				series->filled[k] = interpolate(series, before, i, k);
			}
		before = i;
	}
}

/*
 * The family.
 */

#define PARAM(name, kind, field, lowest, highest) \
	{name, kind, offsetof(CiImpute, field), lowest, highest, NULL}
#define PARAM_END {.name = NULL}

static const CiParam no_params[] = {
	PARAM_END
};

static const CiParam gap_params[] = {
	PARAM("max_gap", CI_PARAM_WHOLE, max_gap, 1, INT32_MAX),
	PARAM_END
};

static const CiParam value_params[] = {
	PARAM("value", CI_PARAM_FITTED, value, -HUGE_VAL, HUGE_VAL),
	PARAM_END
};

const CiImputeMethod ci_impute_methods[] = {
	{"mean", "constant", no_params, 0, ci_mean_checked, CI_ACCUMULATE_SUM, ci_accumulator_mean, NULL},
	{"median", "constant", no_params, CI_IMPUTE_ORDER, estimate_median, CI_ACCUMULATE_NONE, NULL, NULL},
	{"previous", NULL, gap_params, 0, NULL, CI_ACCUMULATE_NONE, NULL, fill_previous},
	{"linear", NULL, gap_params, 0, NULL, CI_ACCUMULATE_NONE, NULL, fill_linear},
	{"constant", "constant", value_params, 0, NULL, CI_ACCUMULATE_NONE, NULL, NULL},
	{.name = NULL}
};

const CiImputeMethod *
ci_impute_method(const char *name)
{
	for (const CiImputeMethod *method = ci_impute_methods; method->name; method++)
		if (strcmp(method->name, name) == 0)
			return method;
	return NULL;
}

void
ci_impute_defaults(CiImpute *spec, const CiImputeMethod *method)
{
	*spec = (CiImpute) {method, CI_MISSING, CI_MISSING};
}

static void
settle_value(double value, CiImputeFit *fit)
{
	fit->status = isfinite(value) ? CI_OK : CI_NO_DATA;
	fit->value = isfinite(value) ? value : CI_UNESTIMABLE;
}

void
ci_impute_fit(const CiImpute *spec, const double *pool, size_t n, void (*check) (void),
			  CiImputeFit *fit)
{
	double		value = spec->value;
	size_t		present = 0;

	for (size_t i = 0; i < n && spec->method->estimate; i++)
		present += !ci_is_missing(pool[i]);
	if (present > 0)
		value = spec->method->estimate(pool, n, check);
	settle_value(value, fit);
}

void
ci_impute_settle(const CiImpute *spec, const CiAccumulator *accumulator, CiImputeFit *fit)
{
	settle_value(accumulator->n == 0 ? CI_MISSING : spec->method->settle(accumulator), fit);
}
