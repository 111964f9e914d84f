/*
 * method/outrank.c
 *	  Outranking and voting rules: units compared with each other, child by
 *	  child.  Copeland's and Borda's are here; kemeny.c and promethee.c have the
 *	  longer ones.
 *
 * Each child is compared only with itself, so children may be on any scales.
 * Units outside the screen are compared with those inside, and are nobody's
 * opponents.
 */
#include <string.h>

#include "method/order.h"
#include "method/outrank.h"

/* A majority by less than this share of the weights is a tie: .1 + .2 against .3. */
#define TIE_WITHIN 1e-12

/* Units that another is compared with at once. */
#define BLOCK 512

static const CiParam no_params[] = {
	{.name = NULL}
};

bool
ci_outrank_has_score(const CiAggregation *a, size_t unit)
{
	for (int j = 0; j < a->n_children; j++)
		if (a->weight[j] > 0 && !ci_is_missing(a->child[j][unit]))
			return true;
	return false;
}

size_t
ci_outrank_count_opponents(const CiAggregation *a)
{
	size_t		n = 0;

	for (size_t i = 0; i < a->n; i++)
		n += ci_aggregation_counts(a, i) && ci_outrank_has_score(a, i);
	return n;
}

/*
 * Majorities
 */

/*
 * The weights of the children on which a unit is better, and worse, than each
 * of n others from first on.
 */
static void
compare_with(const CiAggregation *a, double factor, size_t unit, size_t first, size_t n,
			 double *better, double *worse)
{
	memset(better, 0, n * sizeof(double));
	memset(worse, 0, n * sizeof(double));
	for (int j = 0; j < a->n_children; j++)
	{
		double		weight = a->weight[j] * factor;
		const double *other = a->child[j] + first;
		double		x = a->child[j][unit];
		double	   *more = a->direction[j] > 0 ? better : worse;
		double	   *less = a->direction[j] > 0 ? worse : better;

		if (weight == 0 || ci_is_missing(x))
			continue;
		for (size_t i = 0; i < n; i++)
		{
			more[i] += x > other[i] ? weight : 0;
			less[i] += x < other[i] ? weight : 0;
		}
	}
}

int
ci_outrank_majority(double better, double worse)
{
	if (better > 0 && worse > 0 && fabs(better - worse) <= TIE_WITHIN * (better + worse))
		return 0;
	return (better > worse) - (better < worse);
}

/*
 * Copeland's rule: the units that a majority of the weights is for, less those
 * that it is against.  Handbook 6.13 has the shares e_ab, here against one half.
 */
static CiStatus
aggregate_copeland(CiAggregation *a)
{
	double		factor = ci_aggregate_weight_factor(a->weight, a->n_children);
	double		better[BLOCK];
	double		worse[BLOCK];

	a->limit = CI_MOST_PAIRED;
	if (a->n > a->limit)
		return CI_TOO_MANY;
	for (size_t i = 0; i < a->n; i++)
		a->out[i] = ci_outrank_has_score(a, i) ? 0 : CI_MISSING;
	for (size_t i = 0; i < a->n; i++)
	{
		a->check();
		for (size_t first = i + 1; first < a->n; first += BLOCK)
		{
			size_t		size = a->n - first < BLOCK ? a->n - first : BLOCK;

			compare_with(a, factor, i, first, size, better, worse);
			for (size_t k = 0; k < size; k++)
			{
				int			sign = ci_outrank_majority(better[k], worse[k]);

				if (ci_aggregation_counts(a, first + k))
					a->out[i] += sign;
				if (ci_aggregation_counts(a, i))
					a->out[first + k] -= sign;
			}
		}
	}
	return CI_OK;
}

/*
 * Borda
 */

/*
 * Add a child's points, one for each unit beaten and a half for each tied with.
 * Where a child has fewer units than there are, its points count the more; where
 * it has no other, the unit ties with all.
 */
static void
add_points(const CiAggregation *a, int j, double weight, size_t n_counted,
		   const CiKeyed *sorted, size_t present, double *sum, double *weights)
{
	double		opponents = (double) n_counted - 1;
	size_t		counted = 0;
	size_t		below = 0;

	for (size_t k = 0; k < present; k++)
		counted += ci_aggregation_counts(a, ci_keyed_unit(&sorted[k]));
	for (size_t first = 0, end; first < present; first = end)
	{
		size_t		equal = 0;

		for (end = first; end < present && sorted[end].key == sorted[first].key; end++)
			equal += ci_aggregation_counts(a, ci_keyed_unit(&sorted[end]));
		for (size_t k = first; k < end; k++)
		{
			size_t		unit = ci_keyed_unit(&sorted[k]);
			size_t		own = ci_aggregation_counts(a, unit);
			size_t		met = counted - own;
			double		beaten = (double) (a->direction[j] > 0 ? below : counted - below - equal);
			double		points = beaten + 0.5 * (double) (equal - own);

			if (met == 0)
				points = 0.5 * opponents;
			else if ((double) met != opponents)
				points *= opponents / (double) met;
			sum[unit] += weight * points;
			weights[unit] += weight;
		}
		below += equal;
	}
}

/*
 * Borda's rule: points summed over the children, whose weights are scaled to a
 * mean of 1.  Handbook 6.12.
 */
static CiStatus
aggregate_borda(CiAggregation *a)
{
	double		factor = ci_aggregate_weight_factor(a->weight, a->n_children);
	CiKeyed    *sorted = (CiKeyed *) a->scratch;
	CiKeyed    *room = sorted + a->n;
	double	   *weights = a->scratch + 4 * a->n;
	size_t		n_counted = ci_outrank_count_opponents(a);
	int			children = 0;

	memset(a->out, 0, a->n * sizeof(double));
	memset(weights, 0, a->n * sizeof(double));
	for (int j = 0; j < a->n_children && n_counted > 0; j++)
	{
		size_t		present;

		if (!(a->weight[j] > 0))
			continue;
		children++;
		present = ci_order_column(a->child[j], a->n, sorted, room, a->check);
		add_points(a, j, a->weight[j] * factor, n_counted, sorted, present, a->out, weights);
		a->check();
	}
	for (size_t i = 0; i < a->n; i++)
		a->out[i] = weights[i] > 0 ? children * (a->out[i] / weights[i]) : CI_MISSING;
	return CI_OK;
}

static size_t
scratch_borda(const CiAggregate *spec, int n_children, size_t n)
{
	(void) spec;
	(void) n_children;
	return 5 * n;
}

#define PAIRED (CI_AGGREGATE_PEERS | CI_AGGREGATE_APART)
#define NO_POWER ((double) NAN)

const CiAggregateMethod ci_outrank_methods[] = {
	{"copeland", no_params, PAIRED, NO_POWER, aggregate_copeland,
	NULL, NULL, NULL, NULL, NULL},
	{"borda", no_params, PAIRED, NO_POWER, aggregate_borda,
	NULL, scratch_borda, NULL, NULL, NULL},
	{"kemeny", no_params, PAIRED | CI_AGGREGATE_LESS, NO_POWER, ci_aggregate_kemeny,
	NULL, ci_scratch_kemeny, NULL, NULL, NULL},
	{"promethee", ci_promethee_params, PAIRED, NO_POWER, ci_aggregate_promethee,
		NULL, ci_scratch_promethee, ci_scale_promethee, ci_defaults_promethee,
	ci_fault_promethee},
	{.name = NULL}
};
