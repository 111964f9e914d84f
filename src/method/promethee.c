/*
 * method/promethee.c
 *	  PROMETHEE II: how much a unit is preferred to the others, on the whole.
 *
 * Brans and Vincke 1985, Brans, Vincke and Mareschal 1986.  The net flow of a
 * unit is the weighted mean, over its children, of what it gains in preference
 * over each opponent less what it loses; opponents in a child are the units
 * that have it.
 *
 * A column is put in order once.  Opponents whom a unit exceeds by more than a
 * threshold are then those up to a place that only moves on, and sums of their
 * differences are differences of running sums (Calders and Van Assche 2018):
 * n log n steps.  Only the gaussian function looks at every pair, but for those
 * so far apart that it is 1.
 */
#include <float.h>
#include <string.h>

#include "method/order.h"
#include "method/outrank.h"

/* From this many s on, the gaussian function is 1 in double precision. */
#define GAUSSIAN_REACH 9

/* Pairs between checks. */
#define STEPS_PER_CHECK 100000

/* Columns beyond that are scaled down, lest sums overflow. */
#define LARGE 1e280
#define SCALED_DOWN 0x1p-100

/* One child, its units in ascending order. */
typedef struct Column
{
	const CiAggregation *a;
	CiPreference preference;
	size_t		n;
	const CiKeyed *unit;
	double	   *counted;		/* of the first i, how many are opponents */
	double	   *sum;			/* of the values of those: with sum_rest,
								 * twice */
	double	   *sum_rest;		/* the precision of a double */
	double	   *net;			/* what each gains less what it loses */
} Column;

/*
 * Parameters
 */

/* A child's own function, or the common one, refined by what the child has. */
static CiPreference
preference_of(const CiAggregate *spec, int j)
{
	const CiPreference *own = spec->preference.at == NULL ? NULL :
		(const CiPreference *) spec->preference.at + j;
	CiPreference common = spec->common;

	if (own == NULL)
		return common;
	if (own->function != CI_PREFERENCE_COMMON)
		return *own;
	if (!ci_is_missing(own->q))
		common.q = own->q;
	if (!ci_is_missing(own->p))
		common.p = own->p;
	if (!ci_is_missing(own->s))
		common.s = own->s;
	return common;
}

static const char *
fault_of(const CiPreference *preference)
{
	static const struct
	{
		bool		q;
		bool		p;
		bool		s;
	}			takes[] = {
		[CI_PREFERENCE_USUAL] = {false, false, false},
		[CI_PREFERENCE_U_SHAPE] = {true, false, false},
		[CI_PREFERENCE_V_SHAPE] = {false, true, false},
		[CI_PREFERENCE_LEVEL] = {true, true, false},
		[CI_PREFERENCE_LINEAR] = {true, true, false},
		[CI_PREFERENCE_GAUSSIAN] = {false, false, true}
	};
	int			f = preference->function;
	bool		has_q = !ci_is_missing(preference->q);
	bool		has_p = !ci_is_missing(preference->p);
	bool		has_s = !ci_is_missing(preference->s);

	if (has_q > takes[f].q)
		return "has a q, which its preference function does not take";
	if (has_p > takes[f].p)
		return "has a p, which its preference function does not take";
	if (has_s > takes[f].s)
		return "has an s, which its preference function does not take";
	if (has_q < takes[f].q)
		return "needs q";
	if (has_p < takes[f].p)
		return "needs p";
	if (has_s < takes[f].s)
		return "needs s";
	if (has_q && has_p && preference->q >= preference->p)
		return "needs q below p";
	if (preference->p == 0 || preference->s == 0)
		return preference->p == 0 ? "needs p above 0" : "needs s above 0";
	return NULL;
}

const char *
ci_fault_promethee(const CiAggregate *spec, int n_children, int *which)
{
	for (int j = 0; j < n_children; j++)
	{
		CiPreference preference = preference_of(spec, j);
		const char *fault = fault_of(&preference);

		if (fault == NULL)
			continue;
		if (fault_of(&spec->common) != fault)
			*which = j;
		return fault;
	}
	return NULL;
}

void
ci_defaults_promethee(CiAggregate *spec)
{
	spec->common = (CiPreference) {CI_PREFERENCE_USUAL, CI_MISSING, CI_MISSING, CI_MISSING};
}

static const CiChoice functions[] = {
	{"usual", CI_PREFERENCE_USUAL},
	{"u-shape", CI_PREFERENCE_U_SHAPE},
	{"v-shape", CI_PREFERENCE_V_SHAPE},
	{"level", CI_PREFERENCE_LEVEL},
	{"linear", CI_PREFERENCE_LINEAR},
	{"gaussian", CI_PREFERENCE_GAUSSIAN},
	{.name = NULL}
};

#define ANY -HUGE_VAL, HUGE_VAL
#define NOT_NEGATIVE 0, HUGE_VAL

#define PREFERENCE_PARAMS(base) \
	{"function", CI_PARAM_WORD, (base) + offsetof(CiPreference, function), ANY, functions}, \
	{"q", CI_PARAM_NUMBER, (base) + offsetof(CiPreference, q), NOT_NEGATIVE, NULL}, \
	{"p", CI_PARAM_NUMBER, (base) + offsetof(CiPreference, p), NOT_NEGATIVE, NULL}, \
	{"s", CI_PARAM_NUMBER, (base) + offsetof(CiPreference, s), NOT_NEGATIVE, NULL}

static const CiParam preference_params[] = {
	PREFERENCE_PARAMS(0),
	{.name = NULL}
};

static const CiPreference not_given = {
	CI_PREFERENCE_COMMON, (double) NAN, (double) NAN, (double) NAN
};

static const CiElement preference_element = {preference_params, sizeof(CiPreference), &not_given, false};

const CiParam ci_promethee_params[] = {
	PREFERENCE_PARAMS(offsetof(CiAggregate, common)),
	{"preference", CI_PARAM_BY_CHILD, offsetof(CiAggregate, preference), ANY, &preference_element},
	{.name = NULL}
};

CiScale
ci_scale_promethee(const CiAggregate *spec)
{
	(void) spec;
	return (CiScale) {CI_SCALE_BOUNDED, -1, 1};
}

/*
 * One child
 */

/*
 * Does x exceed y by more than a threshold?  Not if only rounding says so: .4
 * does not exceed .3 by more than .1.
 */
static bool
exceeds(double x, double y, double threshold)
{
	double		slack = threshold > 0 ? 2 * DBL_EPSILON * (fabs(x) + fabs(y)) : 0;

	return x - y > threshold + slack;
}

/*
 * Add, to each unit's net, weight for every opponent that it exceeds by more
 * than the threshold, and take it away for every one that exceeds it.
 */
static void
add_step(const Column *column, double threshold, double weight)
{
	size_t		below = 0;
	size_t		above = 0;

	for (size_t i = 0; i < column->n; i++)
	{
		double		x = column->unit[i].key;

		while (below < i && exceeds(x, column->unit[below].key, threshold))
			below++;
		while (above < column->n && !exceeds(column->unit[above].key, x, threshold))
			above++;
		column->net[i] += weight *
			(column->counted[below] - (column->counted[column->n] - column->counted[above]));
	}
}

/* Add y to a sum kept in two doubles (Knuth). */
static void
add_exactly(double *sum, double *rest, double y)
{
	double		total = *sum + y;
	double		virtual = total - *sum;

	*rest += (*sum - (total - virtual)) + (y - virtual);
	*sum = total;
}

/*
 * The sum of x + shift - y over the opponents y from first to before end, in
 * twice the precision of a double, for it may be much smaller than its terms.
 */
static double
sum_of_differences(const Column *column, double x, double shift, size_t first, size_t end)
{
	double		n = column->counted[end] - column->counted[first];
	double		origin = x;
	double		rest = 0;
	double		sum;
	double		error;

	add_exactly(&origin, &rest, shift);
	sum = n * origin;
	error = fma(n, origin, -sum) + n * rest;
	add_exactly(&sum, &error, -column->sum[end]);
	add_exactly(&sum, &error, column->sum[first]);
	return sum + (error - column->sum_rest[end] + column->sum_rest[first]);
}

/* Running sums of the opponents' values. */
static void
sum_up(const Column *column)
{
	double		sum = 0;
	double		rest = 0;

	for (size_t i = 0; i < column->n; i++)
	{
		column->sum[i] = sum;
		column->sum_rest[i] = rest;
		if (column->counted[i + 1] > column->counted[i])
			add_exactly(&sum, &rest, column->unit[i].key);
	}
	column->sum[column->n] = sum;
	column->sum_rest[column->n] = rest;
}

static double
within(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}

/* From 0 where the difference is q to 1 where it is p. */
static void
add_line(const Column *column, double q, double p)
{
	const CiKeyed *unit = column->unit;
	const double *counted = column->counted;
	size_t		n = column->n;
	size_t		far_below = 0;
	size_t		below = 0;
	size_t		above = 0;
	size_t		far_above = 0;

	sum_up(column);
	for (size_t i = 0; i < n; i++)
	{
		double		x = unit[i].key;
		double		gain;
		double		loss;

		while (below < i && x - unit[below].key > q)
			below++;
		while (far_below < below && x - unit[far_below].key >= p)
			far_below++;
		while (above < n && !(unit[above].key - x > q))
			above++;
		while (far_above < n && (far_above < above || unit[far_above].key - x < p))
			far_above++;
		gain = below == far_below ? 0 :
			sum_of_differences(column, x, -q, far_below, below) / (p - q);
		loss = far_above == above ? 0 :
			-sum_of_differences(column, x, q, above, far_above) / (p - q);
		column->net[i] += counted[far_below] - (counted[n] - counted[far_above]) +
			within(gain, 0, counted[below] - counted[far_below]) -
			within(loss, 0, counted[far_above] - counted[above]);
	}
}

/* 1 - exp(-d^2 / 2 s^2); each pair is looked at once. */
static void
add_gaussian(const Column *column, double s)
{
	const CiKeyed *unit = column->unit;
	const double *counted = column->counted;
	size_t		n = column->n;
	size_t		near = 0;
	size_t		steps = 0;

	for (size_t i = 0; i < n; i++)
	{
		double		own = counted[i + 1] - counted[i];

		while (near < i && (unit[i].key - unit[near].key) / s > GAUSSIAN_REACH)
			near++;
		column->net[i] += counted[near];
		for (size_t k = near; k < i; k++)
		{
			double		d = (unit[i].key - unit[k].key) / s;
			double		preference = -expm1(-0.5 * (d * d));

			column->net[i] += preference * (counted[k + 1] - counted[k]);
			column->net[k] -= preference * own;
		}
		steps += i - near;
		if (steps >= STEPS_PER_CHECK)
		{
			column->a->check();
			steps = 0;
		}
	}
	for (size_t i = 0, far = 0; i < n; i++)
	{
		while (far < n && (unit[far].key - unit[i].key) / s <= GAUSSIAN_REACH)
			far++;
		column->net[i] -= counted[n] - counted[far];
	}
}

static void
add_preference(const Column *column)
{
	const CiPreference *preference = &column->preference;

	switch (preference->function)
	{
		case CI_PREFERENCE_U_SHAPE:
			add_step(column, preference->q, 1);
			break;
		case CI_PREFERENCE_V_SHAPE:
			add_line(column, 0, preference->p);
			break;
		case CI_PREFERENCE_LEVEL:
			add_step(column, preference->q, 0.5);
			add_step(column, preference->p, 0.5);
			break;
		case CI_PREFERENCE_LINEAR:
			add_line(column, preference->q, preference->p);
			break;
		case CI_PREFERENCE_GAUSSIAN:
			add_gaussian(column, preference->s);
			break;
		default:
			add_step(column, 0, 1);
	}
}

/* Keep products and sums of a column of large numbers within a double. */
static void
scale_down(Column *column, CiKeyed *unit)
{
	CiPreference *preference = &column->preference;

	if (column->n == 0 || fmax(fabs(unit[0].key), fabs(unit[column->n - 1].key)) < LARGE)
		return;
	for (size_t i = 0; i < column->n; i++)
		unit[i].key *= SCALED_DOWN;
	preference->q *= SCALED_DOWN;
	preference->p *= SCALED_DOWN;
	preference->s = fmax(preference->s * SCALED_DOWN, DBL_MIN);
}

/* Add a child's net flows, by weight, and its weight, to those who have it. */
static void
add_flows(const Column *column, int j, double weight, double *weights)
{
	const CiAggregation *a = column->a;

	for (size_t i = 0; i < column->n; i++)
	{
		size_t		unit = ci_keyed_unit(&column->unit[i]);
		double		own = column->counted[i + 1] - column->counted[i];
		double		opponents = column->counted[column->n] - own;

		if (opponents > 0)
			a->out[unit] += a->direction[j] * weight * (column->net[i] / opponents);
		weights[unit] += weight;
	}
}

/* Scratch: the units in order, room for the sort and then for sums, and so on. */
size_t
ci_scratch_promethee(const CiAggregate *spec, int n_children, size_t n)
{
	(void) spec;
	(void) n_children;
	return 2 * n + 2 * (n + 1) + (n + 1) + n + n;
}

static void
add_child(const CiAggregation *a, int j, double weight)
{
	CiKeyed    *unit = (CiKeyed *) a->scratch;
	double	   *room = a->scratch + 2 * a->n;
	Column		column = {a, preference_of(a->spec, j), 0, unit, NULL, room, NULL, NULL};

	column.sum_rest = column.sum + a->n + 1;
	column.counted = column.sum_rest + a->n + 1;
	column.net = column.counted + a->n + 1;
	column.n = ci_order_column(a->child[j], a->n, unit, (CiKeyed *) room, a->check);
	scale_down(&column, unit);
	column.counted[0] = 0;
	for (size_t i = 0; i < column.n; i++)
		column.counted[i + 1] = column.counted[i] +
			ci_aggregation_counts(a, ci_keyed_unit(&unit[i]));
	memset(column.net, 0, a->n * sizeof(double));
	add_preference(&column);
	add_flows(&column, j, weight, column.net + a->n);
	a->check();
}

CiStatus
ci_aggregate_promethee(CiAggregation *a)
{
	double		factor = ci_aggregate_weight_factor(a->weight, a->n_children);
	double	   *weights = a->scratch + ci_scratch_promethee(a->spec, a->n_children, a->n) - a->n;
	bool		any = ci_outrank_count_opponents(a) > 0;

	a->limit = CI_MOST_PAIRED;
	for (int j = 0; j < a->n_children; j++)
		if (a->n > a->limit && preference_of(a->spec, j).function == CI_PREFERENCE_GAUSSIAN)
			return CI_TOO_MANY;
	memset(a->out, 0, a->n * sizeof(double));
	memset(weights, 0, a->n * sizeof(double));
	for (int j = 0; j < a->n_children && any; j++)
		if (a->weight[j] > 0)
			add_child(a, j, a->weight[j] * factor);
	for (size_t i = 0; i < a->n; i++)
		a->out[i] = weights[i] > 0 ? within(a->out[i] / weights[i], -1, 1) + 0.0 : CI_MISSING;
	return CI_OK;
}
