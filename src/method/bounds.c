/*
 * method/bounds.c
 *	  Guarantees over all admissible weights of a tree of weighted means.
 *
 * The least of a mean over a box of weights is the fixed point of Dinkelbach's
 * iteration (Management Science 13, 1967): what lies below it has its highest
 * weight, what lies above its lowest.  It is reached in a few steps, without
 * sorting.  The difference of two means over the same terms is the mean of the
 * differences, so that children's least differences give their parent's.
 */
#include <float.h>
#include <string.h>

#include "method/bounds.h"

/* What enters a mean: values and intervals of weights. */
typedef struct Terms
{
	int			n;
	double	   *value;
	double	   *low;
	double	   *high;
} Terms;

static int
most_terms(const CiBoundsTree *tree)
{
	int			most = 0;

	for (int i = 0; i < tree->n_nodes; i++)
		if (tree->node[i].n > most)
			most = tree->node[i].n;
	return most;
}

size_t
ci_bounds_room(const CiBoundsTree *tree)
{
	return (size_t) tree->n + 3 * (size_t) most_terms(tree);
}

/* Terms in scratch, behind a value for each component. */
static Terms
terms_in(const CiBoundsTree *tree, double *scratch)
{
	int			most = most_terms(tree);
	double	   *room = scratch + tree->n;

	return (Terms) {0, room, room + most, room + 2 * (size_t) most};
}

static inline void
add_term(Terms *terms, const CiBoundsTree *tree, int component, double value)
{
	terms->value[terms->n] = value;
	terms->low[terms->n] = tree->low[component];
	terms->high[terms->n++] = tree->high[component];
}

/* The least of (more + sum of weight * value) / sum of weight. */
static double
least_mean(const Terms *terms, double more)
{
	double		least = HUGE_VAL;

	for (;;)
	{
		double		sum = more;
		double		present = 0;

		for (int k = 0; k < terms->n; k++)
		{
			double		weight = terms->value[k] < least ? terms->high[k] : terms->low[k];

			sum += weight * terms->value[k];
			present += weight;
		}
		if (!(sum / present < least))
			return least;
		least = sum / present;
	}
}

/* The least or the greatest mean of a node's terms; NaN if all are missing. */
static double
extreme_of_node(const CiBoundsTree *tree, const CiBoundsNode *node, const double *value,
				double sign, Terms *terms)
{
	terms->n = 0;
	for (int k = 0; k < node->n; k++)
		if (!ci_is_missing(value[node->term[k]]))
			add_term(terms, tree, node->term[k], sign * value[node->term[k]]);
	return terms->n == 0 ? CI_MISSING : sign * least_mean(terms, 0);
}

static double
mean_of_node(const CiBoundsNode *node, const double *weight, const double *value)
{
	double		sum = 0;
	double		present = 0;

	for (int k = 0; k < node->n; k++)
	{
		double		x = value[node->term[k]];

		if (ci_is_missing(x))
			continue;
		sum += weight[node->term[k]] * x;
		present += weight[node->term[k]];
	}
	return sum / present;
}

void
ci_bounds_limits(const CiBoundsTree *tree, const double *score, double *least, double *greatest,
				 double *scratch)
{
	Terms		terms = terms_in(tree, scratch);

	memcpy(least, score, (size_t) tree->n * sizeof(double));
	memcpy(greatest, score, (size_t) tree->n * sizeof(double));
	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];

		if (ci_is_missing(score[node->component]))
			continue;
		least[node->component] = extreme_of_node(tree, node, least, 1, &terms);
		greatest[node->component] = extreme_of_node(tree, node, greatest, -1, &terms);
	}
}

void
ci_bounds_favour(const CiBoundsTree *tree, double *value, double *weight, double *scratch)
{
	Terms		terms = terms_in(tree, scratch);

	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];
		double		least = extreme_of_node(tree, node, value, 1, &terms);

		for (int k = 0; k < node->n; k++)
			weight[node->term[k]] = value[node->term[k]] < least ?
				tree->high[node->term[k]] : tree->low[node->term[k]];
		value[node->component] = least;
	}
}

/* A node that has no score on entry keeps none. */
void
ci_bounds_prepare(const CiBoundsTree *tree, CiBoundsUnit *unit, double *scratch)
{
	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];

		if (!ci_is_missing(unit->score[node->component]))
			unit->score[node->component] = mean_of_node(node, tree->weight, unit->score);
	}
	ci_bounds_limits(tree, unit->score, unit->least, unit->greatest, scratch);
	memcpy(unit->filled, unit->score, (size_t) tree->n * sizeof(double));
	for (int i = tree->n_nodes - 1; i >= 0; i--)
		for (int k = 0; k < tree->node[i].n; k++)
			if (ci_is_missing(unit->filled[tree->node[i].term[k]]))
				unit->filled[tree->node[i].term[k]] = unit->filled[tree->node[i].component];
}

/*
 * Evaluation and what is done here sum up at most all components' terms, none
 * above the largest; two scores are compared.
 */
double
ci_bounds_error(int n_components, double largest)
{
	return 8 * DBL_EPSILON * (n_components + 16.0) * largest;
}

/* Besides the unit of rounding: what the cast to 15 digits moves scores by. */
double
ci_bounds_clear(int decimals, double error, double largest)
{
	return pow(10, -decimals) * (1 + 1e-9) + error + 4e-14 * largest;
}

/* Collect what the two units' scores in a node's terms differ by; false if their gaps differ. */
static bool
collect_leads(const CiBoundsTree *tree, const CiBoundsNode *node, const CiBoundsUnit *a,
			  const CiBoundsUnit *b, const double *lead, Terms *terms)
{
	terms->n = 0;
	for (int k = 0; k < node->n; k++)
	{
		int			c = node->term[k];

		if (!ci_is_missing(lead[c]))
			add_term(terms, tree, c, lead[c]);
		else if (ci_is_missing(a->score[c]) != ci_is_missing(b->score[c]))
			return false;
	}
	return true;
}

/* Sums of the lowest and of the highest weights. */
typedef struct Interval
{
	double		low;
	double		high;
} Interval;

/*
 * Let the units' means be A / p and B / q, of the scores less some origin, p
 * and q being what their weights sum to.  Then A / p - B / q = (A - r B) / p
 * with r = p / q; dropping the condition on r leaves a lower bound, which is
 * concave in r, so that the least is at an end of its range.  This is the bound
 * at one end.
 */
static double
lead_at_ratio(const CiBoundsTree *tree, const CiBoundsNode *node, const CiBoundsUnit *a,
			  const CiBoundsUnit *b, const double *lead, double r, double origin, Terms *terms)
{
	double		more = 0;

	terms->n = 0;
	for (int k = 0; k < node->n; k++)
	{
		int			c = node->term[k];
		double		a_least = a->least[c] - origin;
		double		b_greatest = b->greatest[c] - origin;
		double		a_extreme = (r <= 1 ? a->least[c] : a->greatest[c]) - origin;
		double		b_extreme = (r <= 1 ? b->least[c] : b->greatest[c]) - origin;

		if (!ci_is_missing(lead[c]))
			add_term(terms, tree, c, fmax(a_least - r * b_greatest,
										  fmax(lead[c] + (1 - r) * b_extreme,
											   r * lead[c] + (1 - r) * a_extreme)));
		else if (!ci_is_missing(a->score[c]))
			add_term(terms, tree, c, a_least);
		else if (!ci_is_missing(b->score[c]))
			more -= r * b_greatest * (b_greatest > 0 ? tree->high[c] : tree->low[c]);
	}
	return terms->n == 0 ? -HUGE_VAL : least_mean(terms, more);
}

/* The same where the units do not have scores of the same terms. */
static double
lead_over_gaps(const CiBoundsTree *tree, const CiBoundsNode *node, const CiBoundsUnit *a,
			   const CiBoundsUnit *b, const double *lead, Terms *terms)
{
	int			at = node->component;
	double		origin = 0.5 * a->score[at] + 0.5 * b->score[at];
	Interval	both = {0, 0};
	Interval	a_only = {0, 0};
	Interval	b_only = {0, 0};
	double		r_least;
	double		r_greatest;

	for (int k = 0; k < node->n; k++)
	{
		int			c = node->term[k];
		Interval   *sum = !ci_is_missing(lead[c]) ? &both :
			!ci_is_missing(a->score[c]) ? &a_only : &b_only;

		if (ci_is_missing(a->score[c]) && ci_is_missing(b->score[c]))
			continue;
		sum->low += tree->low[c];
		sum->high += tree->high[c];
	}
	r_least = fmin((both.low + a_only.low) / (both.low + b_only.high),
				   (both.high + a_only.low) / (both.high + b_only.high));
	r_greatest = fmax((both.low + a_only.high) / (both.low + b_only.low),
					  (both.high + a_only.high) / (both.high + b_only.low));
	return fmax(a->least[at] - b->greatest[at],
				fmin(lead_at_ratio(tree, node, a, b, lead, r_least, origin, terms),
					 lead_at_ratio(tree, node, a, b, lead, r_greatest, origin, terms)));
}

double
ci_bounds_least_lead(const CiBoundsTree *tree, const CiBoundsUnit *a, const CiBoundsUnit *b,
					 double *scratch)
{
	Terms		terms = terms_in(tree, scratch);
	double	   *lead = scratch;

	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];

		for (int k = 0; k < node->n; k++)
			lead[node->term[k]] = a->score[node->term[k]] - b->score[node->term[k]];
	}
	for (int i = 0; i < tree->n_nodes; i++)
	{
		const CiBoundsNode *node = &tree->node[i];
		int			at = node->component;

		if (ci_is_missing(a->score[at]) || ci_is_missing(b->score[at]))
			lead[at] = CI_MISSING;
		else
			lead[at] = collect_leads(tree, node, a, b, lead, &terms) ? least_mean(&terms, 0) :
				lead_over_gaps(tree, node, a, b, lead, &terms);
	}
	return tree->n_nodes == 0 ? a->score[tree->n - 1] - b->score[tree->n - 1] : lead[tree->n - 1];
}

double
ci_bounds_score(const CiBoundsTree *tree, const CiBoundsUnit *unit, const double *weight,
				double *scratch)
{
	double	   *score = scratch;

	for (int i = 0; i < tree->n_nodes; i++)
		for (int k = 0; k < tree->node[i].n; k++)
			score[tree->node[i].term[k]] = unit->score[tree->node[i].term[k]];
	for (int i = 0; i < tree->n_nodes; i++)
		if (!ci_is_missing(unit->score[tree->node[i].component]))
			score[tree->node[i].component] = mean_of_node(&tree->node[i], weight, score);
	return tree->n_nodes == 0 ? unit->score[tree->n - 1] : score[tree->n - 1];
}

static bool
is_same(double a, double b)
{
	return a == b || (ci_is_missing(a) && ci_is_missing(b));
}

/* Have two units the same scores wherever weights count? */
static bool
has_same_data(const CiBoundsTree *tree, const CiBoundsUnit *a, const CiBoundsUnit *b)
{
	for (int i = 0; i < tree->n_nodes; i++)
		for (int k = 0; k < tree->node[i].n; k++)
			if (!is_same(a->score[tree->node[i].term[k]], b->score[tree->node[i].term[k]]))
				return false;
	return true;
}

bool
ci_bounds_surely_ahead(const CiBounds *bounds, double x, double y)
{
	double		error = bounds->error;

	return x - y >= bounds->clear ||
		(x - y > 2 * error && !ci_rank_same(x - error, y + error, bounds->decimals));
}

bool
ci_bounds_surely_not_behind(const CiBounds *bounds, double x, double y)
{
	double		error = bounds->error;

	return x - y >= error || (y - x < bounds->clear &&
							  ci_rank_same(x - error, y + error, bounds->decimals));
}

CiBoundsOrder
ci_bounds_order(const CiBounds *bounds, size_t a, size_t b, double *scratch)
{
	const CiBoundsUnit *x = &bounds->unit[a];
	const CiBoundsUnit *y = &bounds->unit[b];
	int			root = bounds->tree->n - 1;
	double		lead;

	if (x->score[root] == y->score[root] && has_same_data(bounds->tree, x, y))
		return CI_BOUNDS_LEVEL;
	lead = ci_bounds_least_lead(bounds->tree, x, y, scratch);
	return lead >= bounds->clear ? CI_BOUNDS_AHEAD :
		lead >= bounds->error ? CI_BOUNDS_NOT_BEHIND : CI_BOUNDS_OPEN;
}

void
ci_bounds_count(CiBoundsOrder order, CiBoundsTally *a, CiBoundsTally *b)
{
	if (order == CI_BOUNDS_OPEN)
		return;
	a->not_ahead++;
	b->not_behind++;
	if (order == CI_BOUNDS_LEVEL)
	{
		a->not_behind++;
		b->not_ahead++;
		a->level++;
		b->level++;
	}
	if (order == CI_BOUNDS_AHEAD)
	{
		a->behind++;
		b->ahead++;
		if (b->chain <= a->chain)
			b->chain = a->chain + 1;
	}
}

int32_t
ci_bounds_best(const CiBounds *bounds, const CiBoundsTally *tally)
{
	return bounds->ties->rank((size_t) tally->ahead, (size_t) tally->chain,
							  (size_t) (1 + tally->not_behind - tally->ahead));
}

int32_t
ci_bounds_worst(const CiBounds *bounds, const CiBoundsTally *tally)
{
	size_t		ahead = bounds->n - 1 - (size_t) tally->not_ahead;

	return bounds->ties->rank(ahead, ahead, (size_t) (1 + tally->not_ahead - tally->behind));
}

bool
ci_bounds_counts_groups(const CiTiesMethod *ties)
{
	return ties->rank(0, 1, 1) != ties->rank(0, 0, 1);
}
