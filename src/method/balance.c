/*
 * method/balance.c
 *	  Aggregates for which it matters how far a unit's children lie apart:
 *	  penalties for imbalance, and weights by place.
 */
#include "method/aggregate_row.h"

/*
 * Penalties for imbalance
 */

/* The standard deviation of the children around their mean. */
static double
row_spread(const CiAggregateRow *row, double mean)
{
	double		largest = 0;
	double		sum = 0;
	double		present = 0;

	for (int j = 0; j < row->n_children; j++)
	{
		double		s = ci_row_value(row, j);

		if (!ci_is_missing(s))
			largest = fmax(largest, fabs(s - mean));
	}
	for (int j = 0; j < row->n_children && largest > 0; j++)
	{
		double		s = ci_row_value(row, j);
		double		share = (s - mean) / largest;

		if (ci_is_missing(s))
			continue;
		sum += ci_row_weight(row, j) * (share * share);
		present += ci_row_weight(row, j);
	}
	return largest > 0 ? largest * sqrt(sum / present) : 0;
}

/*
 * The mean less, or for an unwelcome phenomenon plus, the standard deviation
 * times the coefficient of variation (De Muro, Mazziotta and Pareto 2011,
 * Mazziotta and Pareto 2016).  Both of n, not n - 1.
 */
static double
mean_mazziotta_pareto(const CiAggregateRow *row, double power)
{
	double		mean = ci_row_mean(row);
	double		spread = row_spread(row, mean);

	(void) power;
	return spread > 0 ? mean - row->spec->polarity * (spread * (spread / mean)) : mean;
}

/*
 * The mean less a share of its distance to the smallest child, the less so the
 * shorter it is than beta (Casadio Tarabusi and Guarini 2013):
 * alpha (sqrt(d^2 + beta^2) - beta).  All is halved lest it overflow.
 */
static double
mean_min(const CiAggregateRow *row, double power)
{
	double		smallest = ci_row_extreme(row, -HUGE_VAL);
	double		mean = fmax(ci_row_mean(row), smallest);
	double		distance = 0.5 * mean - 0.5 * smallest;
	double		beta = 0.5 * row->spec->beta;
	double		penalty;

	(void) power;
	if (!(distance > 0))
		return mean;
	penalty = distance * (distance / (hypot(distance, beta) + beta));
	return fmax(2 * (0.5 * mean - row->spec->alpha * penalty), smallest);
}

/*
 * Ordered weighted averaging
 */

/* A child's score and weight, two doubles of scratch. */
typedef struct Placed
{
	double		score;
	double		weight;
} Placed;

/* Move the child at top down a heap whose root has the smallest score. */
static void
sink(Placed *heap, size_t top, size_t n)
{
	Placed		moved = heap[top];

	for (size_t next; (next = 2 * top + 1) < n; top = next)
	{
		if (next + 1 < n && heap[next + 1].score < heap[next].score)
			next++;
		if (heap[next].score >= moved.score)
			break;
		heap[top] = heap[next];
	}
	heap[top] = moved;
}

/* List the children that are present, the greatest first; returns how many. */
static size_t
place_children(const CiAggregateRow *row, Placed *placed)
{
	size_t		n = 0;

	for (int j = 0; j < row->n_children; j++)
	{
		double		s = ci_row_value(row, j);

		if (!ci_is_missing(s))
			placed[n++] = (Placed) {s, ci_row_weight(row, j)};
	}
	for (size_t i = n / 2; i-- > 0;)
		sink(placed, i, n);
	for (size_t last = n; last-- > 1;)
	{
		Placed		smallest = placed[0];

		placed[0] = placed[last];
		placed[last] = smallest;
		sink(placed, 0, last);
	}
	return n;
}

/* On the way through the weights by place: those passed, and their sum. */
typedef struct Places
{
	const CiAggregate *spec;
	double		all;
	int			passed;
	double		sum;
} Places;

static Places
start_places(const CiAggregate *spec)
{
	Places		places = {spec, 0, 0, 0};

	for (int k = 0; k < spec->weights.n; k++)
		places.all += spec->weights.at[k];
	return places;
}

/*
 * The weight of the best children that make up this share of all, which is no
 * less than in the call before: the quantifier, or the line through the sums of
 * the weights by place.
 */
static double
weight_of_best(Places *places, double share)
{
	const CiVector *weights = &places->spec->weights;
	double		reached = share * weights->n;

	if (share >= 1)
		return 1;
	if (!ci_is_missing(places->spec->quantifier))
		return pow(share, places->spec->quantifier);
	while (reached >= places->passed + 1)
		places->sum += weights->at[places->passed++];
	return (places->sum + weights->at[places->passed] * (reached - places->passed)) / places->all;
}

/*
 * Yager's ordered weighted average (1988).  Children of unequal weight count as
 * so many (Torra 1997), and so do weights by place that are more or fewer than
 * the children: only shares matter.
 */
static double
mean_owa(const CiAggregateRow *row, double power)
{
	Placed	   *placed = (Placed *) row->scratch;
	size_t		n = place_children(row, placed);
	Places		places = start_places(row->spec);
	double		present = 0;
	double		upto = 0;
	double		before = 0;
	double		sum = 0;
	double		all = 0;

	(void) power;
	if (n == 0)
		return CI_MISSING;
	for (size_t i = 0; i < n; i++)
		present += placed[i].weight;
	for (size_t i = 0; i < n; i++)
	{
		double		weight;

		upto += placed[i].weight;
		weight = weight_of_best(&places, upto / present) - before;
		before += weight;
		sum += 0.5 * weight * placed[i].score;
		all += 0.5 * weight;
	}
	return fmin(fmax(sum / all, placed[n - 1].score), placed[0].score);
}

static size_t
scratch_owa(const CiAggregate *spec, int n_children, size_t n)
{
	(void) spec;
	(void) n;
	return 2 * (size_t) n_children;
}

static void
defaults_owa(CiAggregate *spec)
{
	spec->quantifier = CI_MISSING;
}

static const char *
fault_owa(const CiAggregate *spec, int n_children, int *which)
{
	double		sum = 0;

	(void) n_children;
	(void) which;
	if ((spec->weights.at == NULL) == ci_is_missing(spec->quantifier))
		return "needs either weights or a quantifier";
	if (spec->quantifier == 0)
		return "needs a quantifier above 0";
	for (int k = 0; k < spec->weights.n; k++)
		sum += spec->weights.at[k];
	return spec->weights.at != NULL && !(sum > 0 && isfinite(sum)) ?
		"needs weights with a sum above 0" : NULL;
}

static void
defaults_mazziotta_pareto(CiAggregate *spec)
{
	spec->polarity = 1;
}

static void
defaults_mean_min(CiAggregate *spec)
{
	spec->alpha = CI_MISSING;
	spec->beta = CI_MISSING;
}

static const char *
fault_mean_min(const CiAggregate *spec, int n_children, int *which)
{
	(void) n_children;
	(void) which;
	return ci_is_missing(spec->alpha) || ci_is_missing(spec->beta) ? "needs alpha and beta" : NULL;
}

/*
 * The family
 */

#define PARAM(name, kind, field, limits, more) \
	{name, kind, offsetof(CiAggregate, field), limits, more}
#define SCALE_PARAM PARAM("scale", CI_PARAM_RANGE, scale, CI_SCALE_LIMITS, NULL)
#define PARAM_END {.name = NULL}
#define SHARE 0, 1
#define NOT_NEGATIVE 0, HUGE_VAL

static const CiChoice polarities[] = {
	{"positive", 1},
	{"negative", -1},
	{.name = NULL}
};

static const CiParam mazziotta_pareto_params[] = {
	PARAM("polarity", CI_PARAM_WORD, polarity, SHARE, polarities),
	SCALE_PARAM,
	PARAM_END
};

static const CiParam mean_min_params[] = {
	PARAM("alpha", CI_PARAM_NUMBER, alpha, SHARE, NULL),
	PARAM("beta", CI_PARAM_NUMBER, beta, NOT_NEGATIVE, NULL),
	SCALE_PARAM,
	PARAM_END
};

static const CiParam owa_params[] = {
	PARAM("weights", CI_PARAM_VECTOR, weights, NOT_NEGATIVE, NULL),
	PARAM("quantifier", CI_PARAM_NUMBER, quantifier, NOT_NEGATIVE, NULL),
	SCALE_PARAM,
	PARAM_END
};

#define NO_POWER ((double) NAN)

const CiAggregateMethod ci_balance_methods[] = {
	{"mpi", mazziotta_pareto_params, CI_AGGREGATE_RATIO, NO_POWER, ci_aggregate_rows,
	mean_mazziotta_pareto, NULL, NULL, defaults_mazziotta_pareto, NULL},
	{"ampi", mazziotta_pareto_params, CI_AGGREGATE_RATIO, NO_POWER, ci_aggregate_rows,
	mean_mazziotta_pareto, NULL, NULL, defaults_mazziotta_pareto, NULL},
	{"mean_min", mean_min_params, CI_AGGREGATE_BETWEEN, NO_POWER, ci_aggregate_rows,
	mean_min, NULL, NULL, defaults_mean_min, fault_mean_min},
	{"owa", owa_params, CI_AGGREGATE_BETWEEN, NO_POWER, ci_aggregate_rows,
	mean_owa, scratch_owa, NULL, defaults_owa, fault_owa},
	{.name = NULL}
};
