/*
 * method/weigh.c
 *	  Weighting: from columns of a node's children to the children's weights.
 *
 * A method gives relative weights, which are then made to sum to 1.  All sums
 * over units are exact, so that no weight depends on their order; a child that
 * does not vary has the weight 0 to the bit, by every method but "equal".
 */
#include <string.h>

#include "method/pca.h"
#include "method/stats.h"

/* What correlations that are 1 may lack for rounding. */
#define SAME 1e-12

static CiStatus
weigh_equal(CiWeighing *w)
{
	for (int j = 0; j < w->n_children; j++)
		w->weight[j] = 1;
	return CI_OK;
}

/* Does the child vary?  Then *top is a power of two that its values are below. */
static bool
varies(const CiWeighing *w, int j, double *top)
{
	double		min;
	double		max;
	int			exponent;

	w->check();
	if (!ci_range(w->child[j], w->n, &min, &max) || min == max)
		return false;
	(void) frexp(fmax(-min, max), &exponent);
	*top = ldexp(1, exponent > 1023 ? 1023 : exponent);
	return true;
}

/*
 * 1 - E with E = - sum p ln p / ln n, p = x / sum x over the n units that have
 * the child; 0 ln 0 is 0 (Shannon 1948; Zeleny 1982, Multiple Criteria Decision
 * Making, chapter 7).
 */
static double
divergence(const double *x, size_t n, double top)
{
	CiSum		sum;
	double		total;
	size_t		units = 0;

	ci_sum_start(&sum);
	for (size_t i = 0; i < n; i++)
	{
		if (ci_is_missing(x[i]))
			continue;
		ci_sum_add(&sum, x[i] / top);
		units++;
	}
	total = ci_sum_result(&sum);
	ci_sum_start(&sum);
	for (size_t i = 0; i < n; i++)
	{
		double		p = x[i] / top / total;

		if (p > 0)
			ci_sum_add(&sum, p * log(p));
	}
	return fmax(1 + ci_sum_result(&sum) / log((double) units), 0);
}

static CiStatus
weigh_entropy(CiWeighing *w)
{
	double		top;

	for (int j = 0; j < w->n_children; j++)
		w->weight[j] = varies(w, j, &top) ? divergence(w->child[j], w->n, top) : 0;
	return CI_OK;
}

static CiStatus
weigh_standard_deviation(CiWeighing *w)
{
	CiMoments	moments;
	double		top;

	for (int j = 0; j < w->n_children; j++)
	{
		ci_mean_sd(w->child[j], w->n, &moments);
		w->weight[j] = varies(w, j, &top) ? moments.sd : 0;
	}
	return CI_OK;
}

/*
 * Gini's coefficient, the mean difference of two units relative to twice their
 * mean: sum over i of (2i - n - 1) x_i / (n sum x), x ascending.
 */
static double
gini(const double *x, size_t n, double top)
{
	CiSum		ranked;
	CiSum		sum;

	ci_sum_start(&ranked);
	ci_sum_start(&sum);
	for (size_t i = 0; i < n; i++)
	{
		ci_sum_add(&ranked, (2 * (double) (i + 1) - (double) n - 1) * (x[i] / top));
		ci_sum_add(&sum, x[i] / top);
	}
	return fmax(ci_sum_result(&ranked), 0) / ((double) n * ci_sum_result(&sum));
}

static CiStatus
weigh_gini(CiWeighing *w)
{
	double		top;

	for (int j = 0; j < w->n_children; j++)
		w->weight[j] = varies(w, j, &top) ?
			gini(w->scratch, w->sort(w->child[j], w->n, w->scratch), top) : 0;
	return CI_OK;
}

CiStatus
ci_weigh_correlation(CiWeighing *w, int a, int b, double *r)
{
	size_t		pairs;

	w->check();
	w->which = a;
	w->other = b;
	*r = ci_correlation(w->child[a], w->child[b], w->n, &pairs);
	return pairs < CI_WEIGH_MIN_UNITS || ci_is_missing(*r) ? CI_NO_DATA : CI_OK;
}

/* The standard deviation of a child's values mapped onto [0, 1]. */
static double
contrast(const double *x, size_t n)
{
	CiMoments	moments;
	double		half;

	ci_mean_sd(x, n, &moments);
	half = moments.max / 2 - moments.min / 2;
	return half > 0 ? moments.sd / 2 / half : 0;
}

/*
 * C_j = sd_j sum over k of (1 - r_jk) (Diakoulaki, Mavrotas and Papayannakis
 * 1995, Determining objective weights in multiple criteria problems: the CRITIC
 * method, Computers & Operations Research 22).
 */
static CiStatus
weigh_critic(CiWeighing *w)
{
	double	   *contrasts = w->scratch;
	double	   *conflict = w->weight;

	for (int j = 0; j < w->n_children; j++)
	{
		contrasts[j] = contrast(w->child[j], w->n);
		conflict[j] = 0;
	}
	for (int a = 0; a < w->n_children; a++)
		for (int b = a + 1; b < w->n_children; b++)
		{
			CiStatus	status;
			double		r;

			if (contrasts[a] == 0 || contrasts[b] == 0)
				continue;
			status = ci_weigh_correlation(w, a, b, &r);
			if (status != CI_OK)
				return status;
			conflict[a] += 1 - r > SAME ? 1 - r : 0;
			conflict[b] += 1 - r > SAME ? 1 - r : 0;
		}
	for (int j = 0; j < w->n_children; j++)
		w->weight[j] = contrasts[j] * conflict[j];
	return CI_OK;
}

static bool
has_all(const CiWeighing *w, size_t unit)
{
	for (int j = 0; j < w->n_children; j++)
		if (ci_is_missing(w->child[j][unit]))
			return false;
	return true;
}

/*
 * Find the value that each child's are related to: the smallest, or the largest
 * where less is better.  Returns how many units have all children.
 */
static size_t
merec_references(const CiWeighing *w, double *reference)
{
	size_t		complete = 0;

	for (size_t i = 0; i < w->n; i++)
	{
		if (!has_all(w, i))
			continue;
		for (int j = 0; j < w->n_children; j++)
		{
			double		x = w->child[j][i];

			if (complete == 0 || (w->direction[j] > 0 ? x < reference[j] : x > reference[j]))
				reference[j] = x;
		}
		complete++;
	}
	return complete;
}

/*
 * E_j = sum over units of |S'_ij - S_i|; S_i = ln(1 + sum over j of |ln n_ij| /
 * m), S'_ij is the same without child j's term, and n is min / x, or x / max
 * where less is better (Keshavarz-Ghorabaee, Amiri, Zavadskas, Turskis and
 * Antucheviciene 2021, Determination of objective weights using a new method
 * based on the removal effects of criteria (MEREC), Symmetry 13).  S_i - S'_ij is
 * -ln(1 - |ln n_ij| / all), where all is m and that sum.  Only units that have
 * all children count.
 */
static CiStatus
weigh_merec(CiWeighing *w)
{
	double	   *reference = w->weight;
	double	   *all = w->scratch;

	if (merec_references(w, reference) < 2)
		return CI_NO_DATA;
	for (size_t i = 0; i < w->n; i++)
	{
		all[i] = w->n_children;
		for (int j = 0; j < w->n_children; j++)
			all[i] += fabs(log(w->child[j][i]) - log(reference[j]));
	}
	for (int j = 0; j < w->n_children; j++)
	{
		double		origin = log(reference[j]);
		CiSum		sum;

		w->check();
		ci_sum_start(&sum);
		for (size_t i = 0; i < w->n; i++)
			if (!ci_is_missing(all[i]))
				ci_sum_add(&sum, -log1p(-fabs(log(w->child[j][i]) - origin) / all[i]));
		w->weight[j] = ci_sum_result(&sum);
	}
	return CI_OK;
}

/*
 * Each child counts in the factor that it loads most on, by its squared loading
 * relative to the sum of squares of that factor, and the factor by that sum
 * relative to all (Handbook 6.1): the sum itself cancels out.
 */
static CiStatus
weigh_pca(CiWeighing *w)
{
	size_t		m = (size_t) w->n_children;
	int			child[CI_PCA_MAX];
	CiPca		pca = {0, child, w->scratch, w->scratch + m, 0, w->scratch + m + m * m};
	CiStatus	status = ci_pca_find(w, &pca);

	if (status != CI_OK)
		return status;
	for (int j = 0; j < w->n_children; j++)
		w->weight[j] = 0;
	for (int j = 0; j < pca.m; j++)
		for (int k = 0; k < pca.retained; k++)
		{
			double		loading = pca.rotated[k * pca.m + j];

			w->weight[child[j]] = fmax(w->weight[child[j]], loading * loading);
		}
	return CI_OK;
}

const CiWeighMethod ci_weigh_methods[] = {
	{"equal", 0, -HUGE_VAL, false, weigh_equal},
	{"standard_deviation", CI_WEIGH_SCALED, -HUGE_VAL, false, weigh_standard_deviation},
	{"critic", 0, -HUGE_VAL, false, weigh_critic},
	{"gini", 0, 0, false, weigh_gini},
	{"entropy", CI_WEIGH_NATURAL, 0, false, weigh_entropy},
	{"merec", CI_WEIGH_NATURAL, 0, true, weigh_merec},
	{"pca", CI_WEIGH_EIGEN, -HUGE_VAL, false, weigh_pca},
	{.name = NULL}
};

size_t
ci_weigh_scratch(int n_children, size_t n)
{
	size_t		m = (size_t) n_children;
	size_t		pca = m <= CI_PCA_MAX ? m + 2 * m * m : 0;

	return pca > n ? pca : n > m ? n : m;
}

static bool
find_too_low(const CiWeighMethod *method, CiWeighing *w)
{
	for (w->which = 0; w->which < w->n_children; w->which++)
		for (w->unit = 0; w->unit < w->n; w->unit++)
		{
			double		x = w->child[w->which][w->unit];

			if (x < method->lowest || (method->above && x == method->lowest))
				return true;
		}
	return false;
}

/* Make the weights sum to 1. */
static CiStatus
share_out(CiWeighing *w)
{
	CiSum		sum;
	double		total;

	ci_sum_start(&sum);
	for (int j = 0; j < w->n_children; j++)
		ci_sum_add(&sum, w->weight[j]);
	total = ci_sum_result(&sum);
	if (!isfinite(total))
		return CI_OVERFLOW;
	if (total == 0)
		return CI_CONSTANT;
	for (int j = 0; j < w->n_children; j++)
		w->weight[j] /= total;
	return CI_OK;
}

CiStatus
ci_weigh_by(const CiWeighMethod *method, CiWeighing *w)
{
	CiStatus	status;

	if (w->n_children == 1)
	{
		w->weight[0] = 1;
		return CI_OK;
	}
	if (isfinite(method->lowest) && find_too_low(method, w))
		return CI_NONPOSITIVE;
	w->which = w->other = -1;
	status = method->weigh(w);
	return status == CI_OK ? share_out(w) : status;
}
