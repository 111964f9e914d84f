/*
 * unit_weigh.c
 *	  Weights and principal components, against formulas taken at their word.
 */
#include <stdlib.h>
#include <string.h>

#include "method/pca.h"
#include "unit.h"

#define MAX_UNITS 40
#define MAX_CHILDREN 9

static double cells[MAX_CHILDREN][MAX_UNITS];
static double scratch[2 * MAX_CHILDREN * MAX_CHILDREN + MAX_CHILDREN + MAX_UNITS];
static double weight[MAX_CHILDREN];
static int	directions[MAX_CHILDREN];

static size_t
sort_present(const double *x, size_t n, double *sorted)
{
	size_t		present = 0;

	for (size_t i = 0; i < n; i++)
		if (x[i] == x[i])
			sorted[present++] = x[i];
	sort(sorted, present);
	return present;
}

/* Turn rows and columns p and q of a, and those of v, so that a[p][q] becomes 0. */
static void
jacobi_turn(int n, double *a, double *v, int p, int q)
{
	double		angle = 0.5 * atan2(2 * a[p * n + q], a[q * n + q] - a[p * n + p]);
	double		c = cos(angle);
	double		s = sin(angle);

	for (int k = 0; k < n; k++)
	{
		double		x = a[k * n + p];
		double		y = a[k * n + q];

		a[k * n + p] = c * x - s * y;
		a[k * n + q] = s * x + c * y;
	}
	for (int k = 0; k < n; k++)
	{
		double		x = a[p * n + k];
		double		y = a[q * n + k];

		a[p * n + k] = c * x - s * y;
		a[q * n + k] = s * x + c * y;
		x = v[p * n + k];
		y = v[q * n + k];
		v[p * n + k] = c * x - s * y;
		v[q * n + k] = s * x + c * y;
	}
}

/* Eigenvectors by Jacobi's method, in place of LAPACK. */
static void
eigen(int n, double *matrix, double *value)
{
	double		v[MAX_CHILDREN * MAX_CHILDREN] = {0};

	for (int k = 0; k < n; k++)
		v[k * n + k] = 1;
	for (int sweep = 0; sweep < 60; sweep++)
		for (int p = 0; p < n; p++)
			for (int q = p + 1; q < n; q++)
				jacobi_turn(n, matrix, v, p, q);
	for (int k = 0; k < n; k++)
		value[k] = matrix[k * n + k];
	memcpy(matrix, v, sizeof(double) * (size_t) (n * n));
	for (int a = 0; a < n; a++)
		for (int b = a + 1; b < n; b++)
			if (value[b] > value[a])
			{
				double		x = value[a];

				value[a] = value[b];
				value[b] = x;
				for (int k = 0; k < n; k++)
				{
					x = matrix[a * n + k];
					matrix[a * n + k] = matrix[b * n + k];
					matrix[b * n + k] = x;
				}
			}
}

static void
check(void)
{
}

/* A weighing of random positive cells, some of them missing. */
static CiWeighing
random_weighing(const double **child, int n_children, size_t n, int missing)
{
	CiWeighing	w = {
		.n_children = n_children, .n = n, .child = child, .direction = directions,
		.scratch = scratch, .sort = sort_present, .eigen = eigen, .check = check, .weight = weight
	};

	for (int j = 0; j < n_children; j++)
	{
		child[j] = cells[j];
		directions[j] = random_below(2) ? 1 : -1;
		for (size_t i = 0; i < n; i++)
			cells[j][i] = random_below(100) < missing ? MISSING : 0.1 + random_share();
	}
	return w;
}

static double
sum_of(const double *x, int n)
{
	double		sum = 0;

	for (int i = 0; i < n; i++)
		sum += x[i];
	return sum;
}

/* Swap units, of all children alike. */
static void
shuffle_units(const CiWeighing *w)
{
	for (size_t i = w->n; i > 1; i--)
	{
		size_t		k = (size_t) random_below((int) i);

		for (int j = 0; j < w->n_children; j++)
		{
			double		x = cells[j][i - 1];

			cells[j][i - 1] = cells[j][k];
			cells[j][k] = x;
		}
	}
}

static void
test_sum_and_order(void)
{
	for (const CiWeighMethod *method = ci_weigh_methods; method->name; method++)
		for (int round = 0; round < 50; round++)
		{
			const double *child[MAX_CHILDREN];
			int			m = 1 + random_below(MAX_CHILDREN);
			CiWeighing	w = random_weighing(child, m, 30, 10);
			double		before[MAX_CHILDREN];

			if (ci_weigh_by(method, &w) != CI_OK)
			{
				CHECK(strcmp(method->name, "merec") == 0);	/* no unit has all */
				continue;
			}
			CHECK_NEAR(sum_of(weight, m), 1, 1e-15);
			memcpy(before, weight, sizeof(before));
			shuffle_units(&w);
			CHECK(ci_weigh_by(method, &w) == CI_OK);
			for (int j = 0; j < m; j++)
			{
				CHECK(weight[j] >= 0);
				CHECK_SAME(weight[j], before[j]);
			}
		}
}

/* A constant child has no weight; only merec lets others depend on it. */
static void
test_constant(void)
{
	for (const CiWeighMethod *method = ci_weigh_methods + 1; method->name; method++)
		for (int round = 0; round < 20; round++)
		{
			const double *child[MAX_CHILDREN];
			int			m = 2 + random_below(MAX_CHILDREN - 2);
			CiWeighing	w = random_weighing(child, m + 1, 20, 0);
			double		with[MAX_CHILDREN];

			for (size_t i = 0; i < w.n; i++)
				cells[m][i] = 0.1;
			CHECK(ci_weigh_by(method, &w) == CI_OK);
			CHECK_SAME(weight[m], 0);
			memcpy(with, weight, sizeof(with));
			w.n_children = m;
			CHECK(ci_weigh_by(method, &w) == CI_OK);
			for (int j = 0; j < m && strcmp(method->name, "merec") != 0; j++)
				CHECK_SAME(weight[j], with[j]);
			for (int j = 0; j < m; j++)
				for (size_t i = 0; i < w.n; i++)
					cells[j][i] = 0.3;
			CHECK(ci_weigh_by(method, &w) == CI_CONSTANT);
		}
}

static void
test_too_low(void)
{
	for (const CiWeighMethod *method = ci_weigh_methods; method->name; method++)
	{
		const double *child[MAX_CHILDREN];
		CiWeighing	w = random_weighing(child, 3, 10, 0);
		bool		takes_zero = strcmp(method->name, "merec") != 0;
		bool		takes_any = strcmp(method->name, "gini") != 0 &&
			strcmp(method->name, "entropy") != 0 && takes_zero;

		cells[1][4] = 0;
		CHECK(ci_weigh_by(method, &w) == (takes_zero ? CI_OK : CI_NONPOSITIVE));
		CHECK(takes_zero || (w.which == 1 && w.unit == 4));
		cells[2][7] = -1e-300;
		cells[1][4] = 1;
		CHECK(ci_weigh_by(method, &w) == (takes_any ? CI_OK : CI_NONPOSITIVE));
		CHECK(takes_any || (w.which == 2 && w.unit == 7));
	}
}

/* Removing a criterion from MEREC's sum, as the paper writes it. */
static void
test_merec_formula(void)
{
	const double *child[MAX_CHILDREN];
	CiWeighing	w = random_weighing(child, 5, 12, 0);
	double		effect[5] = {0};

	for (size_t i = 0; i < w.n; i++)
	{
		double		term[5];

		for (int j = 0; j < 5; j++)
		{
			double		least = cells[j][0];
			double		most = cells[j][0];

			for (size_t k = 0; k < w.n; k++)
			{
				least = fmin(least, cells[j][k]);
				most = fmax(most, cells[j][k]);
			}
			term[j] = fabs(log(directions[j] > 0 ? least / cells[j][i] : cells[j][i] / most));
		}
		for (int j = 0; j < 5; j++)
			effect[j] += fabs(log(1 + (sum_of(term, 5) - term[j]) / 5) - log(1 + sum_of(term, 5) / 5));
	}
	for (const CiWeighMethod *method = ci_weigh_methods; method->name; method++)
		if (strcmp(method->name, "merec") == 0)
			CHECK(ci_weigh_by(method, &w) == CI_OK);
	for (int j = 0; j < 5; j++)
		CHECK_NEAR(weight[j], effect[j] / sum_of(effect, 5), 1e-13);
}

/* The variance of squared loadings, relative to each child's length, over all factors. */
static double
varimax(const CiPca *pca, const double *loading)
{
	double		criterion = 0;

	for (int k = 0; k < pca->retained; k++)
	{
		double		squares = 0;
		double		fourths = 0;

		for (int j = 0; j < pca->m; j++)
		{
			double		length = 0;
			double		square = loading[k * pca->m + j] * loading[k * pca->m + j];

			for (int f = 0; f < pca->retained; f++)
				length += pca->loading[f * pca->m + j] * pca->loading[f * pca->m + j];
			squares += square / length;
			fourths += square * square / (length * length);
		}
		criterion += fourths / pca->m - squares * squares / (pca->m * pca->m);
	}
	return criterion;
}

static void
turn(double *x, double *y, int m, double angle)
{
	for (int j = 0; j < m; j++)
	{
		double		turned = x[j] * cos(angle) + y[j] * sin(angle);

		y[j] = y[j] * cos(angle) - x[j] * sin(angle);
		x[j] = turned;
	}
}

/* No rotation of two factors gives a larger criterion than what was found. */
static void
check_rotation(const CiPca *pca)
{
	double		best = varimax(pca, pca->rotated);
	double		turned[MAX_CHILDREN * MAX_CHILDREN];

	CHECK(best >= varimax(pca, pca->loading) - 1e-12);
	for (int a = 0; a < pca->retained; a++)
		for (int b = a + 1; b < pca->retained; b++)
			for (int step = 1; step < 32; step++)
			{
				memcpy(turned, pca->rotated, sizeof(double) * (size_t) (pca->m * pca->retained));
				turn(turned + a * pca->m, turned + b * pca->m, pca->m, 0.1 * step);
				CHECK(varimax(pca, turned) <= best + 1e-12);
			}
}

static void
test_pca(void)
{
	for (int round = 0; round < 100; round++)
	{
		const double *child[MAX_CHILDREN];
		int			numbers[MAX_CHILDREN];
		double		value[MAX_CHILDREN];
		double		loading[MAX_CHILDREN * MAX_CHILDREN];
		double		rotated[MAX_CHILDREN * MAX_CHILDREN];
		CiPca		pca = {0, numbers, value, loading, 0, rotated};
		CiWeighing	w = random_weighing(child, 2 + random_below(MAX_CHILDREN - 1), 40, 0);

		CHECK(ci_pca_find(&w, &pca) == CI_OK);
		CHECK(pca.m == w.n_children && pca.retained >= 1 && pca.retained <= pca.m);
		CHECK_NEAR(sum_of(value, pca.m), pca.m, 1e-12);
		for (int k = 0; k < pca.m; k++)
			CHECK(sum_of(loading + k * pca.m, pca.m) > -1e-9);
		for (int k = 0; k < pca.retained; k++)
			CHECK(sum_of(rotated + k * pca.m, pca.m) > -1e-9);
		for (int a = 0; a < pca.m; a++)
			for (int b = 0; b < a; b++)
			{
				double		sum = 0;
				double		r;

				for (int k = 0; k < pca.m; k++)
					sum += loading[k * pca.m + a] * loading[k * pca.m + b];
				CHECK(ci_weigh_correlation(&w, a, b, &r) == CI_OK);
				CHECK_NEAR(sum, r, 1e-12);
			}
		check_rotation(&pca);
	}
}

void
test_weigh(void)
{
	unit_run(test_sum_and_order);
	unit_run(test_constant);
	unit_run(test_too_low);
	unit_run(test_merec_formula);
	unit_run(test_pca);
}
