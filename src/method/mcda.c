/*
 * mcda.c
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

#include "aggregate.h"
#include "order.h"
#include "stats.h"

/* Steps between two calls of check. */
#define CHECK_STEPS 500000

/* A child, as it enters.  Of doubles only, for it lies in the scratch. */
typedef struct Criterion
{
	double		weight;			/* 0: left out */
	double		turn;			/* 1: more is better, -1 */
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

	/*
	 * Find how to normalise a child whose values are in column, and between
	 * low and high.  False if it has no range but needs one.
	 */
	bool		(*fit) (const Ranking *r, int j, double low, double high, Criterion *c);

	/*
	 * Set one or two sums over the children of a unit; present is the weight
	 * of those it has.
	 */
	void		(*sum) (const Ranking *r, size_t i, double present);

	/* Make scores of the sums; NULL if the first is it. */
	CiStatus	(*finish) (Ranking *r);
} Steps;

struct Ranking
{
	CiAggregation *a;
	const Steps *steps;
	Criterion  *criterion;
	double		floor;			/* that values are raised to */
	double	   *column;			/* room for one child */
	double	   *first;			/* by unit */
	double	   *second;
	size_t		taken;			/* steps since check was called */
};

static void
pause(Ranking *r, size_t steps)
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

/* A unit's normalised value; false if it has none, or the child is left out. */
static inline bool
take(const Ranking *r, int j, size_t i, double *value)
{
	const Criterion *c = &r->criterion[j];
	double		x = cell(r, j, i);

	if (c->weight == 0 || ci_is_missing(x))
		return false;
	*value = normalised(r, c, x);
	return true;
}

static inline double
square(double x)
{
	return x * x;
}

/* Scale by the larger magnitude of two. */
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
column_sum(const Ranking *r, const Criterion *c,
		   double (*f) (const Ranking *r, const Criterion *c, double x), double *count)
{
	CiSum		sum;

	*count = 0;
	ci_sum_start(&sum);
	for (size_t i = 0; i < r->a->n; i++)
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
set_ends(const Ranking *r, Criterion *c, double low, double high)
{
	c->best = normalised(r, c, c->turn > 0 ? high : low);
	c->worst = normalised(r, c, c->turn > 0 ? low : high);
}

/* (x - worst) / (best - worst) */
static bool
fit_range(const Ranking *r, int j, double low, double high, Criterion *c)
{
	(void) j;
	if (low == high)
		return false;
	c->origin = scaled(c, c->turn > 0 ? low : high);
	c->divisor = scaled(c, high) - scaled(c, low);
	set_ends(r, c, low, high);
	return true;
}

/* x / sqrt(sum of x^2), negative for a cost */
static bool
fit_vector(const Ranking *r, int j, double low, double high, Criterion *c)
{
	double		count;

	(void) j;
	c->divisor = sqrt(column_sum(r, c, square_of, &count));
	if (c->divisor == 0)
		c->flat = c->turn / sqrt(count);
	set_ends(r, c, low, high);
	return true;
}

/* x / (sum of x), for costs too */
static bool
fit_sum(const Ranking *r, int j, double low, double high, Criterion *c)
{
	double		count;

	(void) j;
	(void) low;
	c->turn = 1;
	c->divisor = column_sum(r, c, scaled_of, &count);
	if (high == 0)
		c->flat = 1 / count;
	return true;
}

/* (x - mean) / mean */
static bool
fit_mean(const Ranking *r, int j, double low, double high, Criterion *c)
{
	double		count;
	double		mean = column_sum(r, c, scaled_of, &count) / count;

	(void) j;
	c->divisor = fmin(fmax(mean, scaled(c, low)), scaled(c, high));
	c->origin = c->divisor;
	if (high == 0)
		c->flat = 0;
	return true;
}

/* x / largest, smallest / x for a cost */
static bool
fit_ratio(const Ranking *r, int j, double low, double high, Criterion *c)
{
	(void) j;
	c->reference = c->turn > 0 ? high : low;
	if (high == 0)
		c->flat = 1;
	set_ends(r, c, low, high);
	return true;
}

static double
given_ideal(const Ranking *r, int j)
{
	const double *ideal = r->a->spec->ideal.at;

	return ideal == NULL ? CI_MISSING : ideal[j];
}

/* x, or 1/x for a cost, by its sum over the units and the ideal */
static bool
fit_share(const Ranking *r, int j, double low, double high, Criterion *c)
{
	double		ideal = given_ideal(r, j);
	double		count;

	if (ci_is_missing(ideal))
		ideal = c->turn > 0 ? high : low;
	c->reference = c->turn > 0 ? fmax(high, ideal) : fmin(low, ideal);
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
fit_bounds(const Ranking *r, int j, double low, double high, Criterion *c)
{
	const double *bounds = (const double *) r->a->spec->bounds.at + 2 * j;
	double		ideal = given_ideal(r, j);

	(void) low;
	(void) high;
	set_unit(c, bounds[0], bounds[1]);
	if (ci_is_missing(ideal))
		ideal = bounds[c->turn > 0];
	c->origin = scaled(c, ideal);
	c->divisor = scaled(c, bounds[1]) - scaled(c, bounds[0]);
	return true;
}

/* As fit_range; and the border is the geometric mean of 1 + x, less 1. */
static bool
fit_border(const Ranking *r, int j, double low, double high, Criterion *c)
{
	double		count;
	double		sum;

	if (!fit_range(r, j, low, high, c))
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
		pause(r, (size_t) a->n_children);
	}
	return CI_OK;
}

/* Collect a child's values of the units that count; false if there are none. */
static bool
gather(Ranking *r, int j, double *low, double *high)
{
	const CiAggregation *a = r->a;

	for (size_t i = 0; i < a->n; i++)
		r->column[i] = ci_aggregation_counts(a, i) && !ci_is_missing(a->out[i]) ?
			cell(r, j, i) : CI_MISSING;
	pause(r, 8 * a->n);
	return ci_range(r->column, a->n, low, high);
}

/* Find how a child is normalised; false if on_constant says to raise it. */
static bool
fit_criterion(Ranking *r, int j, double factor)
{
	const CiAggregation *a = r->a;
	Criterion  *c = &r->criterion[j];
	double		low = 0;
	double		high = 0;

	*c = (Criterion)
	{
		.weight = a->weight[j] * factor, .turn = a->direction[j],
			.flat = CI_MISSING, .divisor = 1
	};
	if (c->weight == 0)
		return true;
	if (!r->steps->given && !gather(r, j, &low, &high))
	{
		c->weight = 0;
		return true;
	}
	set_unit(c, low, high);
	if (r->steps->fit(r, j, low, high, c))
		return true;
	if (a->on_constant == CI_POLICY_MISSING)
		c->weight = 0;
	c->flat = c->best = c->worst = c->border = 0.5;
	return a->on_constant != CI_POLICY_ERROR;
}

static void
sum_unit(Ranking *r, size_t i)
{
	const CiAggregation *a = r->a;
	double		present = 0;

	for (int j = 0; j < a->n_children; j++)
		if (!ci_is_missing(a->child[j][i]))
			present += r->criterion[j].weight;
	if (present == 0)
		r->first[i] = CI_MISSING;
	else
		r->steps->sum(r, i, present);
	pause(r, 4 * (size_t) a->n_children);
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
sum_topsis(const Ranking *r, size_t i, double present)
{
	double		best = 0;
	double		worst = 0;

	(void) present;
	for (int j = 0; j < r->a->n_children; j++)
	{
		const Criterion *c = &r->criterion[j];
		double		value;

		if (!take(r, j, i, &value))
			continue;
		best += square(c->weight * fmax(0, c->best - value));
		worst += square(c->weight * fmax(0, value - c->worst));
	}
	r->first[i] = sqrt(best);
	r->second[i] = sqrt(worst);
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
		.fit = fit_vector, .sum = sum_topsis, .finish = finish_topsis
	};
	static const Steps minmax = {
		.fit = fit_range, .sum = sum_topsis, .finish = finish_topsis
	};

	return take_steps(a, a->spec->norm == CI_NORM_MINMAX ? &minmax : &vector);
}

/*
 * VIKOR
 */

/* S, the sum of shortfalls from the best, and R, the largest of them. */
static void
sum_vikor(const Ranking *r, size_t i, double present)
{
	double		sum = 0;
	double		largest = -HUGE_VAL;

	for (int j = 0; j < r->a->n_children; j++)
	{
		double		value;
		double		shortfall;

		if (!take(r, j, i, &value))
			continue;
		shortfall = r->criterion[j].weight * (1 - value);
		sum += shortfall;
		largest = fmax(largest, shortfall);
	}
	r->first[i] = sum / present;
	r->second[i] = largest / present;
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
		double		s = low[0] == high[0] ? 0 : (r->first[i] - low[0]) / (high[0] - low[0]);
		double		m = low[1] == high[1] ? 0 : (r->second[i] - low[1]) / (high[1] - low[1]);

		if (!ci_is_missing(r->first[i]))
			r->first[i] = v * s + (1 - v) * m;
	}
	return CI_OK;
}

static CiStatus
vikor(CiAggregation *a)
{
	static const Steps steps = {.fit = fit_range, .sum = sum_vikor, .finish = finish_vikor};

	return take_steps(a, &steps);
}

/*
 * COPRAS
 */

/* S+ and S-, which is missing for a unit without costs. */
static void
sum_copras(const Ranking *r, size_t i, double present)
{
	double		plus = 0;
	double		minus = 0;
	bool		costs = false;

	for (int j = 0; j < r->a->n_children; j++)
	{
		double		value;

		if (!take(r, j, i, &value))
			continue;
		if (r->a->direction[j] > 0)
			plus += r->criterion[j].weight * value;
		else
			minus += r->criterion[j].weight * value;
		costs |= r->a->direction[j] < 0;
	}
	r->first[i] = plus / present;
	r->second[i] = costs ? fmax(minus / present, DBL_MIN) : CI_MISSING;
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

	if (!compared_range(r, r->second, &least, &most))
		return CI_OK;
	ci_sum_start(&sum);
	ci_sum_start(&inverses);
	for (size_t i = 0; i < r->a->n; i++)
	{
		if (ci_is_missing(r->column[i]))
			continue;
		ci_sum_add(&sum, r->column[i]);
		ci_sum_add(&inverses, least / r->column[i]);
	}
	pause(r, 8 * r->a->n);
	for (size_t i = 0; i < r->a->n; i++)
		if (!ci_is_missing(r->first[i]) && !ci_is_missing(r->second[i]))
			r->first[i] += ci_sum_result(&sum) / ci_sum_result(&inverses) *
				(least / r->second[i]);
	return CI_OK;
}

static CiStatus
copras(CiAggregation *a)
{
	static const Steps steps = {
		.nonnegative = true, .some_cost = true,
		.fit = fit_sum, .sum = sum_copras, .finish = finish_copras
	};

	return take_steps(a, &steps);
}

/*
 * MOORA, the ratio system
 */

static void
sum_mean(const Ranking *r, size_t i, double present)
{
	double		sum = 0;

	for (int j = 0; j < r->a->n_children; j++)
	{
		double		value;

		if (take(r, j, i, &value))
			sum += r->criterion[j].weight * value;
	}
	r->first[i] = sum / present;
}

static CiStatus
moora(CiAggregation *a)
{
	static const Steps steps = {.fit = fit_vector, .sum = sum_mean};

	return take_steps(a, &steps);
}

/*
 * EDAS
 */

/* Distances from the average, to the better side and to the worse. */
static void
sum_edas(const Ranking *r, size_t i, double present)
{
	double		better = 0;
	double		worse = 0;

	for (int j = 0; j < r->a->n_children; j++)
	{
		double		value;

		if (!take(r, j, i, &value))
			continue;
		if (value > 0)
			better += r->criterion[j].weight * value;
		else
			worse -= r->criterion[j].weight * value;
	}
	r->first[i] = better / present;
	r->second[i] = worse / present;
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
		.nonnegative = true, .fit = fit_mean, .sum = sum_edas, .finish = finish_edas
	};

	return take_steps(a, &steps);
}

/*
 * ARAS
 */

/* S / S0, both over the children that the unit has. */
static void
sum_aras(const Ranking *r, size_t i, double present)
{
	double		sum = 0;
	double		ideal = 0;

	(void) present;
	for (int j = 0; j < r->a->n_children; j++)
	{
		double		value;

		if (!take(r, j, i, &value))
			continue;
		sum += r->criterion[j].weight * value;
		ideal += r->criterion[j].weight * r->criterion[j].best;
	}
	r->first[i] = sum / ideal;
}

static CiStatus
aras(CiAggregation *a)
{
	static const Steps steps = {
		.ratio = true, .nonnegative = true, .positive = true,
		.fit = fit_share, .sum = sum_aras
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

static void
sum_waspas(const Ranking *r, size_t i, double present)
{
	double		lambda = r->a->spec->lambda;
	double		sum = 0;
	double		logs = 0;

	for (int j = 0; j < r->a->n_children; j++)
	{
		double		value;

		if (!take(r, j, i, &value))
			continue;
		sum += r->criterion[j].weight * value;
		logs += r->criterion[j].weight * log(value);
	}
	r->first[i] = lambda * (sum / present) + (1 - lambda) * exp(logs / present);
}

static CiStatus
waspas(CiAggregation *a)
{
	static const Steps steps = {
		.ratio = true, .nonnegative = true, .positive = true,
		.fit = fit_ratio, .sum = sum_waspas
	};

	return take_steps(a, &steps);
}

/*
 * CODAS
 */

/* Euclidean and taxicab distances from the worst that occurs; beyond it, 0. */
static void
sum_codas(const Ranking *r, size_t i, double present)
{
	double		squares = 0;
	double		sum = 0;

	for (int j = 0; j < r->a->n_children; j++)
	{
		const Criterion *c = &r->criterion[j];
		double		value;

		if (!take(r, j, i, &value))
			continue;
		value = fmax(0, value - c->worst);
		squares += square(c->weight * value);
		sum += c->weight * value;
	}
	r->first[i] = sqrt(squares) / present;
	r->second[i] = sum / present;
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
	for (size_t k = 0; k < n; k++)
	{
		add_far(r, &far, &sorted[k], 1);
		if (ci_aggregation_counts(r->a, ci_keyed_unit(&sorted[k])))
			ci_sum_add(&distances, sorted[k].key);
	}
	count = far.count;
	for (size_t k = 0; k < n; k++, pause(r, 64))
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
		.fit = fit_ratio, .sum = sum_codas, .finish = finish_codas
	};

	return take_steps(a, &steps);
}

/*
 * MABAC
 */

/* Distances from the border, which may be on either side. */
static void
sum_mabac(const Ranking *r, size_t i, double present)
{
	double		sum = 0;

	for (int j = 0; j < r->a->n_children; j++)
	{
		double		value;

		if (take(r, j, i, &value))
			sum += r->criterion[j].weight * (value - r->criterion[j].border);
	}
	r->first[i] = sum / present;
}

static CiStatus
mabac(CiAggregation *a)
{
	static const Steps steps = {.fit = fit_border, .sum = sum_mabac};

	return take_steps(a, &steps);
}

/*
 * SPOTIS
 */

static void
sum_spotis(const Ranking *r, size_t i, double present)
{
	double		sum = 0;

	for (int j = 0; j < r->a->n_children; j++)
	{
		double		value;

		if (take(r, j, i, &value))
			sum += r->criterion[j].weight * fabs(value);
	}
	r->first[i] = sum / present;
}

static CiStatus
spotis(CiAggregation *a)
{
	static const Steps steps = {.given = true, .fit = fit_bounds, .sum = sum_spotis};

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

static const CiElement number_of_child = {number, sizeof(double), not_given};
static const CiElement pair_of_child = {pair, 2 * sizeof(double), not_given};

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
