/*
 * method/aggregate.c
 *	  Aggregation: from columns of children's scores and their weights to a
 *	  column of means.
 *
 * Most methods are power means (Hardy, Littlewood and Polya, Inequalities,
 * chapter 2), which differ by their exponent: 1 arithmetic, 0 geometric, -1
 * harmonic, -Infinity the smallest, Infinity the largest child.
 */
#include <float.h>
#include <string.h>

#include "method/aggregate_row.h"
#include "method/stats.h"

/* Units that are summed up at once. */
#define BLOCK 256

/* Children that are looked at between checks, each more than once. */
#define STEPS_PER_CHECK 100000

double
ci_aggregate_weight_factor(const double *weight, int n_children)
{
	double		largest = 0;
	int			exponent;
	int			headroom;
	int			shift;

	for (int j = 0; j < n_children; j++)
		largest = fmax(largest, weight[j]);
	(void) frexp(largest, &exponent);
	(void) frexp(n_children, &headroom);
	shift = -(exponent + headroom);
	return ldexp(1, shift < 1000 ? shift : 1000);
}

static CiStatus
aggregate_arithmetic(CiAggregation *a)
{
	double		factor = ci_aggregate_weight_factor(a->weight, a->n_children);
	double		present[BLOCK];
	double		sum[BLOCK];

	for (size_t first = 0; first < a->n; first += BLOCK)
	{
		size_t		size = a->n - first < BLOCK ? a->n - first : BLOCK;

		memset(sum, 0, size * sizeof(double));
		memset(present, 0, size * sizeof(double));
		for (int j = 0; j < a->n_children; j++)
			if (a->weight[j] > 0)
				ci_add_weighted(a->child[j] + first, a->weight[j] * factor, size, sum, present);
		for (size_t i = 0; i < size; i++)
			a->out[first + i] = sum[i] / present[i];	/* 0 / 0 is missing */
	}
	return CI_OK;
}

/* The value up to which this exponent admits no child. */
static double
power_bar(double power)
{
	if (ci_is_missing(power) || isinf(power) || power == 1)
		return -HUGE_VAL;
	return power > 0 ? nextafter(0, -1) : 0;
}

double
ci_row_mean(const CiAggregateRow *row)
{
	double		sum = 0;
	double		present = 0;

	for (int j = 0; j < row->n_children; j++)
	{
		double		s = ci_row_value(row, j);

		if (ci_is_missing(s))
			continue;
		sum += ci_row_weight(row, j) * s;
		present += ci_row_weight(row, j);
	}
	return sum / present;
}

static int
smallest_child(const CiAggregateRow *row)
{
	int			smallest = -1;

	for (int j = 0; j < row->n_children; j++)
	{
		double		s = ci_row_value(row, j);

		if (!ci_is_missing(s) && (smallest < 0 || s < row->child[smallest][row->unit]))
			smallest = j;
	}
	return smallest;
}

/*
 * The first child that the exponent does not admit, or the one to blame for a
 * mean that cannot be divided by; -1 if there is none.
 */
static int
first_barred(const CiAggregateRow *row)
{
	if (row->spec->method->flags & CI_AGGREGATE_RATIO)
		return ci_row_mean(row) <= 0 && ci_row_extreme(row, -HUGE_VAL) <= 0 ?
			smallest_child(row) : -1;
	for (int j = 0; j < row->n_children; j++)
		if (row->weight[j] > 0 && row->child[j][row->unit] <= row->bar)
			return j;
	return -1;
}

static bool
can_be_barred(const CiAggregateRow *row)
{
	return row->bar > -HUGE_VAL || (row->spec->method->flags & CI_AGGREGATE_RATIO) != 0;
}

CiStatus
ci_aggregate_rows(CiAggregation *a)
{
	const CiAggregate *spec = a->spec;
	CiNonpositive policy = a->policy;
	bool		floors = policy.policy == CI_POLICY_FLOOR;
	size_t		steps = 0;
	CiAggregateRow row = {
		spec, a->child, a->weight, ci_aggregate_weight_factor(a->weight, a->n_children),
		a->n_children, 0, power_bar(spec->power), -HUGE_VAL, a->scratch
	};

	if (floors && can_be_barred(&row))
		row.floor = policy.floor;
	for (; row.unit < a->n; row.unit++)
	{
		int			barred = floors ? -1 : first_barred(&row);

		steps += (size_t) a->n_children;
		if (steps >= STEPS_PER_CHECK)
		{
			a->check();
			steps = 0;
		}
		if (barred < 0)
			a->out[row.unit] = spec->method->mean(&row, spec->power) + 0.0;
		else if (policy.policy == CI_POLICY_MISSING)
			a->out[row.unit] = CI_MISSING;
		else if (policy.policy == CI_POLICY_ZERO)
			a->out[row.unit] = 0;
		else
		{
			a->unit = row.unit;
			a->which = barred;
			return CI_NONPOSITIVE;
		}
	}
	return CI_OK;
}

static CiStatus
aggregate_power(CiAggregation *a)
{
	return a->spec->power == 1 ? aggregate_arithmetic(a) : ci_aggregate_rows(a);
}

double
ci_row_extreme(const CiAggregateRow *row, double power)
{
	double		extreme = CI_MISSING;

	for (int j = 0; j < row->n_children; j++)
	{
		double		s = ci_row_value(row, j);

		if (ci_is_missing(extreme) || (power > 0 ? s > extreme : s < extreme))
			extreme = s;
	}
	return extreme;
}

/* r * exp(d), also where exp(d) alone would leave the range of a double. */
static double
times_exp(double r, double d)
{
	return fabs(d) < 700 ? r * exp(d) : exp(log(r) + d);
}

/*
 * Logarithms are taken relative to the largest child, so that the mean of equal
 * children is just their value.
 */
static double
mean_geometric(const CiAggregateRow *row, double power)
{
	double		largest = ci_row_extreme(row, HUGE_VAL);
	double		origin = log(largest);
	double		sum = 0;
	double		present = 0;

	(void) power;
	if (!(largest > 0))
		return largest;			/* missing, or all are 0 */
	for (int j = 0; j < row->n_children; j++)
	{
		double		s = ci_row_value(row, j);

		if (ci_is_missing(s))
			continue;
		sum += ci_row_weight(row, j) * (log(s) - origin);
		present += ci_row_weight(row, j);
	}
	return times_exp(largest, sum / present);
}

static double
mean_harmonic(const CiAggregateRow *row, double power)
{
	double		smallest = ci_row_extreme(row, power);
	double		sum = 0;
	double		present = 0;

	for (int j = 0; j < row->n_children; j++)
	{
		double		s = ci_row_value(row, j);

		if (ci_is_missing(s))
			continue;
		sum += ci_row_weight(row, j) * (smallest / s);
		present += ci_row_weight(row, j);
	}
	return smallest * (present / sum);
}

/*
 * The mean for a finite exponent other than 0: r (sum w (s/r)^p)^(1/p), with r
 * the child that dominates, so that no term is above 1.  Under a small exponent
 * all terms are close to 1: then what they lack is summed up.
 */
static double
mean_exponent(const CiAggregateRow *row, double power)
{
	bool		small = fabs(power) < 0.05;
	double		dominant = ci_row_extreme(row, power);
	double		origin = log(dominant);
	double		sum = 0;
	double		present = 0;

	if (!(dominant > 0))
		return dominant;		/* missing, or all are 0 */
	for (int j = 0; j < row->n_children; j++)
	{
		double		s = ci_row_value(row, j);
		double		term = power * (log(s) - origin);

		if (ci_is_missing(s))
			continue;
		sum += ci_row_weight(row, j) * (small ? expm1(term) : exp(term));
		present += ci_row_weight(row, j);
	}
	sum /= present;
	return times_exp(dominant, (small ? log1p(sum) : log(sum)) / power);
}

/* Below 1e-30 the exponent makes no difference to a double. */
static double
mean_power(const CiAggregateRow *row, double power)
{
	if (isinf(power))
		return ci_row_extreme(row, power);
	if (fabs(power) < 1e-30)
		return mean_geometric(row, power);
	if (power == -1)
		return mean_harmonic(row, power);
	return mean_exponent(row, power);
}

/*
 * The smallest child, in the order that sign gives, up to which the weights
 * come to half; what is between low and high is still to be searched.
 */
static double
lower_median(const CiAggregateRow *row, double sign, double half)
{
	double		low = -HUGE_VAL;
	double		high = HUGE_VAL;

	for (;;)
	{
		double		pivot = CI_MISSING;
		double		upto = 0;

		for (int j = 0; j < row->n_children && ci_is_missing(pivot); j++)
		{
			double		s = sign * ci_row_value(row, j);

			if (s > low && s < high)
				pivot = s;
		}
		if (ci_is_missing(pivot))
			return high;
		for (int j = 0; j < row->n_children; j++)
			if (sign * ci_row_value(row, j) <= pivot)
				upto += ci_row_weight(row, j);
		if (upto >= half)
			high = pivot;
		else
			low = pivot;
	}
}

/*
 * The weighted median: where the weights up to a child come to just one half
 * (to within the rounding of weights like 0.1), the middle between it and the
 * next.
 */
static double
mean_median(const CiAggregateRow *row, double power)
{
	double		present = 0;
	double		half;
	double		lower;
	double		upper;

	(void) power;
	for (int j = 0; j < row->n_children; j++)
		if (!ci_is_missing(ci_row_value(row, j)))
			present += ci_row_weight(row, j);
	if (present == 0)
		return CI_MISSING;
	half = present / 2 * (1 - 1e-12);
	lower = lower_median(row, 1, half);
	upper = -lower_median(row, -1, half);
	return lower == upper ? lower : 0.5 * lower + 0.5 * upper;
}

/*
 * The family
 */

#define SCALE_PARAM {"scale", CI_PARAM_RANGE, offsetof(CiAggregate, scale), CI_SCALE_LIMITS, NULL}

static const CiParam mean_params[] = {
	SCALE_PARAM,
	{.name = NULL}
};

static const CiParam power_params[] = {
	{"p", CI_PARAM_EXPONENT, offsetof(CiAggregate, power), -HUGE_VAL, HUGE_VAL, NULL},
	SCALE_PARAM,
	{.name = NULL}
};

#define MEAN(name, params, power, aggregate, mean) \
	{name, params, CI_AGGREGATE_BETWEEN, power, aggregate, mean, NULL, NULL, NULL, NULL}

const CiAggregateMethod ci_aggregate_methods[] = {
	MEAN("arithmetic", mean_params, 1, aggregate_arithmetic, NULL),
	MEAN("geometric", mean_params, 0, ci_aggregate_rows, mean_geometric),
	MEAN("harmonic", mean_params, -1, ci_aggregate_rows, mean_harmonic),
	MEAN("power", power_params, 1, aggregate_power, mean_power),
	MEAN("median", mean_params, (double) NAN, ci_aggregate_rows, mean_median),
	MEAN("min", mean_params, -HUGE_VAL, ci_aggregate_rows, ci_row_extreme),
	MEAN("max", mean_params, HUGE_VAL, ci_aggregate_rows, ci_row_extreme),
	{.name = NULL}
};

/*
 * All families
 */

static const CiAggregateMethod *const families[] = {
	ci_aggregate_methods, ci_balance_methods, ci_outrank_methods, ci_mcda_methods, ci_bod_methods
};

#define N_FAMILIES (sizeof(families) / sizeof(families[0]))

const CiAggregateMethod *
ci_aggregate_next(const CiAggregateMethod *method)
{
	size_t		family = 0;

	if (method == NULL)
		return families[0];
	if ((++method)->name != NULL)
		return method;
	while (family < N_FAMILIES)
	{
		const CiAggregateMethod *end = families[family++];

		while (end->name != NULL)
			end++;
		if (end == method)
			return family < N_FAMILIES ? families[family] : NULL;
	}
	return NULL;
}

const CiAggregateMethod *
ci_aggregate_method(const char *name)
{
	const CiAggregateMethod *method = NULL;

	while ((method = ci_aggregate_next(method)) != NULL)
		if (strcmp(method->name, name) == 0)
			break;
	return method;
}

void
ci_aggregate_defaults(CiAggregate *spec, const CiAggregateMethod *method)
{
	*spec = (CiAggregate)
	{
		.method = method, .power = method->power,.scale =
		{
			CI_MISSING, CI_MISSING
		}
	};
	if (method->defaults != NULL)
		method->defaults(spec);
}

bool
ci_aggregate_needs_positive(const CiAggregate *spec)
{
	return power_bar(spec->power) == 0;
}

bool
ci_aggregate_is_arithmetic(const CiAggregate *spec)
{
	return (spec->method->aggregate == aggregate_arithmetic ||
			(spec->method->aggregate == aggregate_power && spec->power == 1)) &&
		ci_is_missing(spec->scale[0]);
}

bool
ci_aggregate_is_additive(const CiAggregate *spec)
{
	return spec->power == 1;
}

CiScale
ci_aggregate_scale(const CiAggregate *spec, CiScale children)
{
	if (spec->method->scale != NULL)
		return spec->method->scale(spec);
	return spec->method->flags & CI_AGGREGATE_BETWEEN ? children : CI_UNKNOWN_SCALE;
}
