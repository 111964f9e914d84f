/*
 * method/mcda.c
 *	  Rankers of multi-criteria decision analysis: from children in their
 *	  natural units to scores by distance from reference points.
 *
 * All take the same steps.  Each child is normalised by what the units that
 * count show of it; each unit's normalised values make one or two sums; in some
 * methods these are then related to the sums of the units that count.  A method
 * is a choice of steps.
 *
 * What is taken over units is an extreme or an exact sum, so that no score
 * depends on their order.  Values of a child are scaled by a power of two
 * before they are added or squared, so that neither leaves the range of a
 * double.  What is taken over the children of a unit comes from operations that
 * are monotone also when rounded: a unit that is nowhere worse than another
 * does not get a worse score (except by codas, whose formula allows it).
 *
 * Where a formula divides by the range, a child on which all units are the same
 * is met by on_constant.  Where it divides by a sum or an extreme, a child that
 * is 0 throughout is taken as one that is the same above 0 throughout.
 */
#include <float.h>
#include <string.h>

#include "method/aggregate.h"
#include "method/order.h"
#include "method/stats.h"

/* Steps between two calls of check. */
#define CHECK_STEPS 500000

/* A child, as it enters.  Of doubles only, for it lies in the scratch. */
typedef struct Criterion
{
	double		weight;			/* 0: left out */
	double		turn;			/* 1: more is better, -1 */
	double		low;			/* values of the units that count */
	double		high;
	double		flat;			/* its normalised value for all; NaN: it
								 * varies */
	double		unit[2];		/* values times both lie in [-1, 1] */
	double		reference;		/* from which a ratio is formed, … */
	double		origin;			/* … or a distance is taken, scaled, … */
	double		divisor;		/* … and this is what it is divided by */
	double		best;			/* normalised; for aras the ideal */
	double		worst;
	double		border;			/* normalised; for mabac */
} Criterion;

typedef struct Ranking Ranking;

typedef struct Steps
{
	bool		given;			/* parameters are given, no unit is looked at */
	bool		ratio;			/* normalise by a ratio, not by a distance */
	bool		nonnegative;	/* values below 0 are not admitted, … */
	bool		positive;		/* … nor costs of 0, … */
	bool		some_cost;		/* … nor units all whose costs are 0 */
	double		second;			/* what the second sum starts with */

	/*
	 * Find how to normalise the child that is in column.  False if it has no
	 * range but needs one.
	 */
	bool		(*fit) (Ranking *r, Criterion *c);

	/* Add a normalised value to a unit's two sums. */
	void		(*add) (const Criterion *c, double value, double *sum);

	/* Close the sums, given the weight of what the unit has. */
	void		(*close) (const Ranking *r, double present, double *sum);

	/* Make scores of the units' sums; NULL: the first is it. */
	CiStatus	(*finish) (Ranking *r);
} Steps;

struct Ranking
{
	CiAggregation *a;
	const Steps *steps;
	Criterion  *criterion;
	double		floor;			/* that values are raised to */
	double	   *column;			/* room for one child */
	double	   *first;			/* sums by unit; then scores */
	double	   *second;
	size_t		taken;			/* steps since check was called */
};

static void
tick(Ranking *r, size_t steps)
{
	r->taken += steps;
	if (r->taken < CHECK_STEPS)
		return;
	r->taken = 0;
	r->a->check();
}

/*
 * Values
 */

static inline double
cell(const Ranking *r, int j, size_t i)
{
	double		x = r->a->child[j][i];

	return x < r->floor ? r->floor : x;
}

static inline double
scaled(const Criterion *c, double x)
{
	return x * c->unit[0] * c->unit[1];
}

static inline double
normalised(const Ranking *r, const Criterion *c, double x)
{
	if (!ci_is_missing(c->flat))
		return c->flat;
	if (r->steps->ratio)
		return (c->turn > 0 ? x / c->reference : c->reference / x) / c->divisor;
	return c->turn * (scaled(c, x) - c->origin) / c->divisor;
}

static inline double
square(double x)
{
	return x * x;
}

/* Scale by the larger magnitude of two values. */
static void
set_unit(Criterion *c, double low, double high)
{
	int			exponent;

	(void) frexp(fmax(fabs(low), fabs(high)), &exponent);
	c->unit[0] = ldexp(1, -(exponent / 2));
	c->unit[1] = ldexp(1, exponent / 2 - exponent);
}

/* The exact sum of f over the column, and how many values there are. */
static double
column_sum(Ranking *r, const Criterion *c,
		   double (*f) (const Ranking *r, const Criterion *c, double x), double *count)
{
	CiSum		sum;

	*count = 0;
	ci_sum_start(&sum);
	for (size_t i = 0; i < r->a->n; i++, tick(r, 16))
	{
		if (ci_is_missing(r->column[i]))
			continue;
		ci_sum_add(&sum, f(r, c, r->column[i]));
		*count += 1;
	}
	return ci_sum_result(&sum);
}

static double
scaled_of(const Ranking *r, const Criterion *c, double x)
{
	(void) r;
	return scaled(c, x);
}

static double
square_of(const Ranking *r, const Criterion *c, double x)
{
	(void) r;
	return square(scaled(c, x));
}

static double
log1p_of(const Ranking *r, const Criterion *c, double x)
{
	return log1p(normalised(r, c, x));
}

/*
 * Normalisation
 */

static void
set_ends(const Ranking *r, Criterion *c)
{
	c->best = normalised(r, c, c->turn > 0 ? c->high : c->low);
	c->worst = normalised(r, c, c->turn > 0 ? c->low : c->high);
}

/* (x - worst) / (best - worst) */
static bool
fit_range(Ranking *r, Criterion *c)
{
	if (c->low == c->high)
		return false;
	c->origin = scaled(c, c->turn > 0 ? c->low : c->high);
	c->divisor = scaled(c, c->high) - scaled(c, c->low);
	set_ends(r, c);
	return true;
}

/* x / sqrt(sum of x^2), negative for a cost */
static bool
fit_vector(Ranking *r, Criterion *c)
{
	double		count;

	c->divisor = sqrt(column_sum(r, c, square_of, &count));
	if (c->divisor == 0)
		c->flat = c->turn / sqrt(count);
	set_ends(r, c);
	return true;
}

/* x / (sum of x), negative for a cost */
static bool
fit_sum(Ranking *r, Criterion *c)
{
	double		count;

	c->divisor = column_sum(r, c, scaled_of, &count);
	if (c->high == 0)
		c->flat = c->turn / count;
	return true;
}

/* (x - mean) / mean, negative where it is worse */
static bool
fit_mean(Ranking *r, Criterion *c)
{
	double		count;
	double		mean = column_sum(r, c, scaled_of, &count) / count;

	c->origin = fmin(fmax(mean, scaled(c, c->low)), scaled(c, c->high));
	c->divisor = c->origin;
	if (c->high == 0)
		c->flat = 0;
	return true;
}

/* x / largest, smallest / x for a cost */
static bool
fit_ratio(Ranking *r, Criterion *c)
{
	c->reference = c->turn > 0 ? c->high : c->low;
	if (c->high == 0)
		c->flat = 1;
	set_ends(r, c);
	return true;
}

static double
given_ideal(const Ranking *r, const Criterion *c)
{
	const double *ideal = r->a->spec->ideal.at;

	return ideal == NULL ? CI_MISSING : ideal[c - r->criterion];
}

/* x, or 1/x for a cost, by its sum over the units and the ideal */
static bool
fit_share(Ranking *r, Criterion *c)
{
	double		ideal = given_ideal(r, c);
	double		count;

	if (ci_is_missing(ideal))
		ideal = c->turn > 0 ? c->high : c->low;
	c->reference = c->turn > 0 ? fmax(c->high, ideal) : fmin(c->low, ideal);
	if (c->reference == 0)
		c->flat = 1;
	c->best = normalised(r, c, ideal);
	c->divisor = c->best + column_sum(r, c, normalised, &count);
	c->best /= c->divisor;
	if (c->reference == 0)
		c->flat = c->best;
	return true;
}

/* (x - ideal) / (upper - lower) */
static bool
fit_bounds(Ranking *r, Criterion *c)
{
	const double *bounds = (const double *) r->a->spec->bounds.at + 2 * (c - r->criterion);
	double		ideal = given_ideal(r, c);

	set_unit(c, bounds[0], bounds[1]);
	if (ci_is_missing(ideal))
		ideal = bounds[c->turn > 0];
	c->origin = scaled(c, ideal);
	c->divisor = scaled(c, bounds[1]) - scaled(c, bounds[0]);
	return true;
}

/* As fit_range; and the border is the geometric mean of 1 + x, less 1. */
static bool
fit_border(Ranking *r, Criterion *c)
{
	double		count;
	double		sum;

	if (!fit_range(r, c))
		return false;
	sum = column_sum(r, c, log1p_of, &count);
	c->border = expm1(sum / count);
	return true;
}

/*
 * Steps
 */

/* The first child whose value a unit must not have, -1 if there is none. */
static int
first_barred(const Ranking *r, size_t i)
{
	const CiAggregation *a = r->a;
	int			zero = -1;
	bool		costs = false;

	for (int j = 0; j < a->n_children; j++)
	{
		double		x = cell(r, j, i);

		if (a->weight[j] == 0 || ci_is_missing(x))
			continue;
		if (x < 0 || (x == 0 && r->steps->positive && a->direction[j] < 0))
			return j;
		if (a->direction[j] < 0 && x == 0 && zero < 0)
			zero = j;
		costs |= a->direction[j] < 0 && x > 0;
	}
	return r->steps->some_cost && !costs ? zero : -1;
}

/*
 * Mark, by a missing score, units with a value that is not admitted.  The zero
 * that on_nonpositive may ask for would be no worst score, so it is an error.
 */
static CiStatus
bar_units(Ranking *r)
{
	CiAggregation *a = r->a;

	for (size_t i = 0; i < a->n; i++)
	{
		int			barred = r->steps->nonnegative ? first_barred(r, i) : -1;

		a->out[i] = barred < 0 ? 0 : CI_MISSING;
		if (barred >= 0 && a->policy.policy != CI_POLICY_MISSING)
		{
			a->unit = i;
			a->which = barred;
			return CI_NONPOSITIVE;
		}
		tick(r, (size_t) a->n_children);
	}
	return CI_OK;
}

/* Collect a child's values of the units that count; false if there are none. */
static bool
gather(Ranking *r, int j)
{
	const CiAggregation *a = r->a;
	Criterion  *c = &r->criterion[j];

	for (size_t i = 0; i < a->n; i++)
		r->column[i] = ci_aggregation_counts(a, i) && !ci_is_missing(a->out[i]) ?
			cell(r, j, i) : CI_MISSING;
	tick(r, a->n);
	return ci_range(r->column, a->n, &c->low, &c->high);
}

/* Find how a child is normalised; false if on_constant says to raise it. */
static bool
fit_criterion(Ranking *r, int j, double factor)
{
	const CiAggregation *a = r->a;
	Criterion  *c = &r->criterion[j];

	memset(c, 0, sizeof(*c));
	c->turn = a->direction[j];
	c->flat = CI_MISSING;
	c->divisor = 1;
	if (a->weight[j] == 0 || !(r->steps->given || gather(r, j)))
		return true;
	c->weight = a->weight[j] * factor;
	set_unit(c, c->low, c->high);
	if (r->steps->fit(r, c))
		return true;
	if (a->on_constant == CI_POLICY_MISSING)
		c->weight = 0;
	c->flat = c->best = c->worst = c->border = 0.5;
	return a->on_constant != CI_POLICY_ERROR;
}

/* Divide both sums by the weights. */
static void
close_mean(const Ranking *r, double present, double *sum)
{
	(void) r;
	sum[0] /= present;
	sum[1] /= present;
}

static void
sum_unit(Ranking *r, size_t i)
{
	double		sum[2] = {0, r->steps->second};
	double		present = 0;

	for (int j = 0; j < r->a->n_children; j++)
	{
		const Criterion *c = &r->criterion[j];
		double		x = cell(r, j, i);

		if (c->weight == 0 || ci_is_missing(x))
			continue;
		r->steps->add(c, normalised(r, c, x), sum);
		present += c->weight;
	}
	tick(r, 4 * (size_t) r->a->n_children);
	r->steps->close(r, present, sum);
	r->first[i] = present > 0 ? sum[0] : CI_MISSING;
	r->second[i] = sum[1];
}

static CiStatus
take_steps(CiAggregation *a, const Steps *steps)
{
	Ranking		r = {.a = a, .steps = steps, .first = a->out};
	double		factor = ci_aggregate_weight_factor(a->weight, a->n_children);
	CiStatus	status;

	r.criterion = (Criterion *) a->scratch;
	r.column = (double *) (r.criterion + a->n_children);
	r.second = r.column + a->n;
	r.floor = steps->nonnegative && a->policy.policy == CI_POLICY_FLOOR ?
		a->policy.floor : -HUGE_VAL;
	status = bar_units(&r);
	if (status != CI_OK)
		return status;
	for (int j = 0; j < a->n_children; j++)
	{
		a->which = j;
		if (!fit_criterion(&r, j, factor))
			return CI_CONSTANT;
	}
	for (size_t i = 0; i < a->n; i++)
		if (!ci_is_missing(a->out[i]))
			sum_unit(&r, i);
	status = steps->finish == NULL ? CI_OK : steps->finish(&r);
	a->which = -1;
	for (size_t i = 0; i < a->n; i++)
		a->out[i] += 0.0;		/* never -0 */
	return status;
}

static size_t
scratch(const CiAggregate *spec, int n_children, size_t n)
{
	(void) spec;
	return (size_t) n_children * (sizeof(Criterion) / sizeof(double)) + 2 * n;
}

static size_t
scratch_codas(const CiAggregate *spec, int n_children, size_t n)
{
	return scratch(spec, n_children, n) + 2 * n * (sizeof(CiKeyed) / sizeof(double));
}

/* Does a unit with a score count? */
static bool
is_compared(const Ranking *r, size_t i)
{
	return !ci_is_missing(r->first[i]) && ci_aggregation_counts(r->a, i);
}

/* The range of sums over units that count; false if there are none. */
static bool
compared_range(const Ranking *r, const double *sums, double *low, double *high)
{
	for (size_t i = 0; i < r->a->n; i++)
		r->column[i] = is_compared(r, i) ? sums[i] : CI_MISSING;
	return ci_range(r->column, r->a->n, low, high);
}

static void
put_missing(Ranking *r)
{
	for (size_t i = 0; i < r->a->n; i++)
		r->first[i] = CI_MISSING;
}

/*
 * TOPSIS
 */

/*
 * Euclidean distances from the best and the worst that occurs.  A unit that does
 * not count may lie beyond, and is then as good as there.
 */
static void
add_topsis(const Criterion *c, double value, double *sum)
{
	sum[0] += square(c->weight * fmax(0, c->best - value));
	sum[1] += square(c->weight * fmax(0, value - c->worst));
}

static void
close_topsis(const Ranking *r, double present, double *sum)
{
	(void) r;
	(void) present;
	sum[0] = sqrt(sum[0]);
	sum[1] = sqrt(sum[1]);
}

/* D- / (D+ + D-), which is undefined where best and worst are the same. */
static CiStatus
finish_topsis(Ranking *r)
{
	for (size_t i = 0; i < r->a->n; i++)
	{
		if (ci_is_missing(r->first[i]))
			continue;
		if (r->second[i] > 0)
			r->first[i] = 1 / (1 + r->first[i] / r->second[i]);
		else if (r->first[i] > 0)
			r->first[i] = 0;
		else if (r->a->on_constant == CI_POLICY_ERROR)
			return CI_CONSTANT;
		else
			r->first[i] = r->a->on_constant == CI_POLICY_MIDPOINT ? 0.5 : CI_MISSING;
	}
	return CI_OK;
}

static CiStatus
topsis(CiAggregation *a)
{
	static const Steps vector = {
		.fit = fit_vector, .add = add_topsis, .close = close_topsis, .finish = finish_topsis
	};
	static const Steps minmax = {
		.fit = fit_range, .add = add_topsis, .close = close_topsis, .finish = finish_topsis
	};

	return take_steps(a, a->spec->norm == CI_NORM_MINMAX ? &minmax : &vector);
}

/*
 * VIKOR
 */

/* S, the sum of shortfalls from the best, and R, the largest of them. */
static void
add_vikor(const Criterion *c, double value, double *sum)
{
	double		shortfall = c->weight * (1 - value);

	sum[0] += shortfall;
	sum[1] = fmax(sum[1], shortfall);
}

/*
 * v (S - S*) / (S- - S*) + (1 - v) (R - R*) / (R- - R*).  Where all units have
 * the same S, or the same R, it tells nothing and its term is 0.
 */
static CiStatus
finish_vikor(Ranking *r)
{
	double		v = r->a->spec->v;
	double		low[2];
	double		high[2];

	if (!compared_range(r, r->first, &low[0], &high[0]))
	{
		put_missing(r);
		return CI_OK;
	}
	(void) compared_range(r, r->second, &low[1], &high[1]);
	if (low[0] == high[0] && low[1] == high[1])
		return CI_CONSTANT;
	for (size_t i = 0; i < r->a->n; i++)
	{
		double		q = 0;

		if (ci_is_missing(r->first[i]))
			continue;
		if (low[0] < high[0])
			q += v * ((r->first[i] - low[0]) / (high[0] - low[0]));
		if (low[1] < high[1])
			q += (1 - v) * ((r->second[i] - low[1]) / (high[1] - low[1]));
		r->first[i] = q;
	}
	return CI_OK;
}

static CiStatus
vikor(CiAggregation *a)
{
	static const Steps steps = {
		.second = -HUGE_VAL,
		.fit = fit_range, .add = add_vikor, .close = close_mean, .finish = finish_vikor
	};

	return take_steps(a, &steps);
}

/*
 * COPRAS
 */

/* S+ and S-, which is missing for a unit without costs. */
static void
add_copras(const Criterion *c, double value, double *sum)
{
	double		share = c->weight * c->turn * value;

	if (c->turn > 0)
		sum[0] += share;
	else
		sum[1] = ci_is_missing(sum[1]) ? fmax(share, DBL_MIN) : sum[1] + share;
}

/*
 * S+ + (sum of S-) / (S- (sum of 1/S-)), the latter in terms of (least S-) / S-
 * so that small S- do not overflow.
 */
static CiStatus
finish_copras(Ranking *r)
{
	CiSum		sum;
	CiSum		inverses;
	double		least;
	double		most;
	double		part;

	if (!compared_range(r, r->second, &least, &most))
		return CI_OK;
	ci_sum_start(&sum);
	ci_sum_start(&inverses);
	for (size_t i = 0; i < r->a->n; i++, tick(r, 16))
	{
		if (ci_is_missing(r->column[i]))
			continue;
		ci_sum_add(&sum, r->column[i]);
		ci_sum_add(&inverses, least / r->column[i]);
	}
	part = ci_sum_result(&sum) / ci_sum_result(&inverses);
	for (size_t i = 0; i < r->a->n; i++)
		if (!ci_is_missing(r->first[i]) && !ci_is_missing(r->second[i]))
			r->first[i] += part * (least / r->second[i]);
	return CI_OK;
}

static CiStatus
copras(CiAggregation *a)
{
	static const Steps steps = {
		.nonnegative = true, .some_cost = true, .second = (double) NAN,
		.fit = fit_sum, .add = add_copras, .close = close_mean, .finish = finish_copras
	};

	return take_steps(a, &steps);
}

/*
 * MOORA, the ratio system
 */

static void
add_moora(const Criterion *c, double value, double *sum)
{
	sum[0] += c->weight * value;
}

static CiStatus
moora(CiAggregation *a)
{
	static const Steps steps = {.fit = fit_vector, .add = add_moora, .close = close_mean};

	return take_steps(a, &steps);
}

/*
 * EDAS
 */

/* Distances from the average, to the better side and to the worse. */
static void
add_edas(const Criterion *c, double value, double *sum)
{
	sum[value < 0] += c->weight * fabs(value);
}

/* Of values next to their mean, rounded, one sum may be 0 for all. */
static double
share(double sum, double largest)
{
	return largest == 0 ? 0 : sum / largest;
}

/* (SP / largest SP + 1 - SN / largest SN) / 2 */
static CiStatus
finish_edas(Ranking *r)
{
	double		low;
	double		better;
	double		worse;

	if (!compared_range(r, r->first, &low, &better))
	{
		put_missing(r);
		return CI_OK;
	}
	(void) compared_range(r, r->second, &low, &worse);
	if (better == 0 && worse == 0)
		return CI_CONSTANT;
	for (size_t i = 0; i < r->a->n; i++)
		if (!ci_is_missing(r->first[i]))
			r->first[i] = (share(r->first[i], better) + (1 - share(r->second[i], worse))) / 2;
	return CI_OK;
}

static CiStatus
edas(CiAggregation *a)
{
	static const Steps steps = {
		.nonnegative = true,
		.fit = fit_mean, .add = add_edas, .close = close_mean, .finish = finish_edas
	};

	return take_steps(a, &steps);
}

/*
 * ARAS
 */

/* S / S0, both over the children that the unit has. */
static void
add_aras(const Criterion *c, double value, double *sum)
{
	sum[0] += c->weight * value;
	sum[1] += c->weight * c->best;
}

static void
close_aras(const Ranking *r, double present, double *sum)
{
	(void) r;
	(void) present;
	sum[0] /= sum[1];
}

static CiStatus
aras(CiAggregation *a)
{
	static const Steps steps = {
		.ratio = true, .nonnegative = true, .positive = true,
		.fit = fit_share, .add = add_aras, .close = close_aras
	};

	return take_steps(a, &steps);
}

static const char *
fault_aras(const CiAggregate *spec, int n_children, int *which)
{
	const double *ideal = spec->ideal.at;

	for (int j = 0; j < n_children && ideal != NULL; j++)
	{
		*which = j;
		if (ideal[j] <= 0)
			return "needs an ideal above 0";
	}
	return NULL;
}

/*
 * WASPAS
 */

/* A weighted sum, and the logarithm of a weighted product. */
static void
add_waspas(const Criterion *c, double value, double *sum)
{
	sum[0] += c->weight * value;
	sum[1] += c->weight * log(value);
}

static void
close_waspas(const Ranking *r, double present, double *sum)
{
	double		lambda = r->a->spec->lambda;

	sum[0] = lambda * (sum[0] / present) + (1 - lambda) * exp(sum[1] / present);
}

static CiStatus
waspas(CiAggregation *a)
{
	static const Steps steps = {
		.ratio = true, .nonnegative = true, .positive = true,
		.fit = fit_ratio, .add = add_waspas, .close = close_waspas
	};

	return take_steps(a, &steps);
}

/*
 * CODAS
 */

/* Euclidean and taxicab distances from the worst that occurs; beyond it, 0. */
static void
add_codas(const Criterion *c, double value, double *sum)
{
	double		distance = c->weight * fmax(0, value - c->worst);

	sum[0] += square(distance);
	sum[1] += distance;
}

static void
close_codas(const Ranking *r, double present, double *sum)
{
	(void) r;
	sum[0] = sqrt(sum[0]) / present;
	sum[1] /= present;
}

/* Units that count and are farther than tau: how many, and the sum of their T. */
typedef struct Far
{
	double		count;
	CiSum		sum;
} Far;

/* Take a unit in (sign 1) or out (-1), if it counts. */
static void
add_far(const Ranking *r, Far *far, const CiKeyed *keyed, double sign)
{
	size_t		unit = ci_keyed_unit(keyed);

	if (!ci_aggregation_counts(r->a, unit))
		return;
	far->count += sign;
	ci_sum_add(&far->sum, sign * r->second[unit]);
}

/*
 * The sum over units k that count of (E - E_k), and of (T - T_k) as well where
 * |E - E_k| is tau or more.  In the order of E those nearer than that are a
 * window, first to last, so only what enters or leaves it has to be added.
 */
static CiStatus
finish_codas(Ranking *r)
{
	CiKeyed    *sorted = (CiKeyed *) (r->second + r->a->n);
	size_t		n = ci_order_column(r->first, r->a->n, sorted, sorted + r->a->n, r->a->check);
	double		tau = r->a->spec->tau;
	size_t		first = 0;
	size_t		last = 0;
	double		count;
	CiSum		distances;
	Far			far;

	ci_sum_start(&distances);
	ci_sum_start(&far.sum);
	far.count = 0;
	for (size_t k = 0; k < n; k++, tick(r, 16))
	{
		add_far(r, &far, &sorted[k], 1);
		if (ci_aggregation_counts(r->a, ci_keyed_unit(&sorted[k])))
			ci_sum_add(&distances, sorted[k].key);
	}
	count = far.count;
	for (size_t k = 0; k < n; k++, tick(r, 64))
	{
		size_t		i = ci_keyed_unit(&sorted[k]);
		double		e = sorted[k].key;

		for (; last < n && sorted[last].key - e < tau; last++)
			add_far(r, &far, &sorted[last], -1);
		for (; first < last && e - sorted[first].key >= tau; first++)
			add_far(r, &far, &sorted[first], 1);
		r->first[i] = (count * e - ci_sum_result(&distances)) +
			(far.count * r->second[i] - ci_sum_result(&far.sum));
	}
	return CI_OK;
}

static CiStatus
codas(CiAggregation *a)
{
	static const Steps steps = {
		.ratio = true, .nonnegative = true, .positive = true,
		.fit = fit_ratio, .add = add_codas, .close = close_codas, .finish = finish_codas
	};

	return take_steps(a, &steps);
}

/*
 * MABAC
 */

/* Distances from the border, which may be on either side. */
static void
add_mabac(const Criterion *c, double value, double *sum)
{
	sum[0] += c->weight * (value - c->border);
}

static CiStatus
mabac(CiAggregation *a)
{
	static const Steps steps = {.fit = fit_border, .add = add_mabac, .close = close_mean};

	return take_steps(a, &steps);
}

/*
 * SPOTIS
 */

static void
add_spotis(const Criterion *c, double value, double *sum)
{
	sum[0] += c->weight * fabs(value);
}

static CiStatus
spotis(CiAggregation *a)
{
	static const Steps steps = {
		.given = true, .fit = fit_bounds, .add = add_spotis, .close = close_mean
	};

	return take_steps(a, &steps);
}

static const char *
fault_spotis(const CiAggregate *spec, int n_children, int *which)
{
	const double *bounds = spec->bounds.at;
	const double *ideal = spec->ideal.at;

	for (int j = 0; j < n_children; j++)
	{
		*which = j;
		if (bounds == NULL || ci_is_missing(bounds[2 * j]))
			return "needs bounds";
		if (ideal != NULL && (ideal[j] < bounds[2 * j] || ideal[j] > bounds[2 * j + 1]))
			return "needs an ideal within its bounds";
	}
	return NULL;
}

/*
 * The table
 */

static CiScale
unit_scale(const CiAggregate *spec)
{
	(void) spec;
	return (CiScale) {CI_SCALE_BOUNDED, 0, 1};
}

static void
defaults(CiAggregate *spec)
{
	spec->norm = CI_NORM_VECTOR;
	spec->v = 0.5;
	spec->lambda = 0.5;
	spec->tau = 0.02;
}

static const CiChoice norms[] = {
	{"vector", CI_NORM_VECTOR},
	{"minmax", CI_NORM_MINMAX},
	{.name = NULL}
};

static const CiParam number[] = {
	{"", CI_PARAM_NUMBER, 0, -HUGE_VAL, HUGE_VAL, NULL},
	{.name = NULL}
};

static const CiParam pair[] = {
	{"", CI_PARAM_BOUNDS, 0, CI_SCALE_LIMITS, NULL},
	{.name = NULL}
};

static const double not_given[2] = {(double) NAN, (double) NAN};

static const CiElement number_of_child = {number, sizeof(double), not_given, false};
static const CiElement pair_of_child = {pair, 2 * sizeof(double), not_given, false};

#define IDEAL_PARAM \
	{"ideal", CI_PARAM_BY_CHILD, offsetof(CiAggregate, ideal), .more = &number_of_child}

static const CiParam no_params[] = {
	{.name = NULL}
};

static const CiParam topsis_params[] = {
	{"norm", CI_PARAM_WORD, offsetof(CiAggregate, norm), .more = norms},
	{.name = NULL}
};

static const CiParam vikor_params[] = {
	{"v", CI_PARAM_NUMBER, offsetof(CiAggregate, v), 0, 1, NULL},
	{.name = NULL}
};

static const CiParam aras_params[] = {
	IDEAL_PARAM,
	{.name = NULL}
};

static const CiParam waspas_params[] = {
	{"lambda", CI_PARAM_NUMBER, offsetof(CiAggregate, lambda), 0, 1, NULL},
	{.name = NULL}
};

static const CiParam codas_params[] = {
	{"tau", CI_PARAM_NUMBER, offsetof(CiAggregate, tau), 0, HUGE_VAL, NULL},
	{.name = NULL}
};

static const CiParam spotis_params[] = {
	{"bounds", CI_PARAM_BY_CHILD, offsetof(CiAggregate, bounds), .more = &pair_of_child},
	IDEAL_PARAM,
	{.name = NULL}
};

#define RANKER(title, its_params, its_flags, ...) \
	{.name = #title, .params = its_params, .flags = CI_AGGREGATE_NATURAL | (its_flags), \
	 .power = (double) NAN, .aggregate = title, .defaults = defaults, __VA_ARGS__}

#define PEERS CI_AGGREGATE_PEERS
#define LESS CI_AGGREGATE_LESS

const CiAggregateMethod ci_mcda_methods[] = {
	RANKER(topsis, topsis_params, PEERS, .scale = unit_scale, .scratch = scratch),
	RANKER(vikor, vikor_params, PEERS | LESS, .scale = unit_scale, .scratch = scratch),
	RANKER(copras, no_params, PEERS, .scratch = scratch),
	RANKER(moora, no_params, PEERS, .scratch = scratch),
	RANKER(edas, no_params, PEERS, .scale = unit_scale, .scratch = scratch),
	RANKER(aras, aras_params, PEERS, .scale = unit_scale, .scratch = scratch,
		   .fault = fault_aras),
	RANKER(waspas, waspas_params, PEERS, .scale = unit_scale, .scratch = scratch),
	RANKER(codas, codas_params, PEERS, .scratch = scratch_codas),
	RANKER(mabac, no_params, PEERS, .scratch = scratch),
	RANKER(spotis, spotis_params, LESS, .scale = unit_scale, .scratch = scratch,
		   .fault = fault_spotis),
	{.name = NULL}
};
