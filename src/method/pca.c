/*
 * method/pca.c
 *	  Principal components: from correlations to loadings, and their varimax
 *	  rotation.
 *
 * After the OECD/JRC Handbook on Constructing Composite Indicators (2008), 6.1.
 * Components are retained that explain more than a tenth of the variance each,
 * and further ones until all together explain more than six tenths.  (The
 * Handbook also names an eigenvalue above 1, which its own example goes below.)
 */
#include <math.h>
#include <string.h>

#include "method/pca.h"
#include "method/stats.h"

#define SHARE_OF_ONE 0.1
#define SHARE_OF_ALL 0.6

/* Sums of loadings below this are taken for 0. */
#define NO_SIGN 1e-9

#define ROTATED_ENOUGH 1e-14
#define MAX_SWEEPS 1000

/* A constant has no correlations: it is left out. */
static void
find_varying(const CiWeighing *w, CiPca *pca)
{
	pca->m = 0;
	for (int j = 0; j < w->n_children; j++)
	{
		double		min;
		double		max;

		if (ci_range(w->child[j], w->n, &min, &max) && min < max)
			pca->child[pca->m++] = j;
	}
}

static CiStatus
fill_correlations(CiWeighing *w, CiPca *pca, double *matrix)
{
	int			m = pca->m;

	for (int a = 0; a < m; a++)
	{
		matrix[a * m + a] = 1;
		for (int b = 0; b < a; b++)
		{
			double		r;
			CiStatus	status = ci_weigh_correlation(w, pca->child[b], pca->child[a], &r);

			if (status != CI_OK)
				return status;
			matrix[a * m + b] = matrix[b * m + a] = r;
		}
	}
	return CI_OK;
}

/* Turn a column so that its mean is above 0; where that is 0, its first entry. */
static void
fix_sign(double *column, int m)
{
	double		lead = 0;
	int			j = 0;

	for (int i = 0; i < m; i++)
		lead += column[i];
	while (fabs(lead) < NO_SIGN && j < m)
		lead = column[j++];
	for (int i = 0; i < m && lead < 0; i++)
		column[i] = -column[i];
}

static int
count_retained(const CiPca *pca)
{
	double		explained = 0;
	int			k = 0;

	while (k < pca->m && pca->value[k] > 0 &&
		   (pca->value[k] > SHARE_OF_ONE * pca->m || explained <= SHARE_OF_ALL * pca->m))
		explained += pca->value[k++];
	return k;
}

/*
 * Rotate two factors in their plane so that the variance of squared loadings is
 * as large as it can be; returns the angle.  Loadings are relative to each
 * child's length (Kaiser 1958, The varimax criterion for analytic rotation in
 * factor analysis, Psychometrika 23).
 */
static double
rotate_pair(double *x, double *y, int m)
{
	double		a = 0,
				b = 0,
				c = 0,
				d = 0;
	double		angle;

	for (int j = 0; j < m; j++)
	{
		double		u = x[j] * x[j] - y[j] * y[j];
		double		v = 2 * x[j] * y[j];

		a += u;
		b += v;
		c += u * u - v * v;
		d += 2 * u * v;
	}
	angle = atan2(d - 2 * a * b / m, c - (a * a - b * b) / m) / 4;
	for (int j = 0; j < m; j++)
	{
		double		turned = x[j] * cos(angle) + y[j] * sin(angle);

		y[j] = y[j] * cos(angle) - x[j] * sin(angle);
		x[j] = turned;
	}
	return angle;
}

/* The length of a child's row of retained loadings. */
static double
row_length(const CiPca *pca, int j)
{
	double		square = 0;

	for (int k = 0; k < pca->retained; k++)
		square += pca->loading[k * pca->m + j] * pca->loading[k * pca->m + j];
	return sqrt(square);
}

static void
scale_rows(CiPca *pca, bool back)
{
	for (int j = 0; j < pca->m; j++)
	{
		double		length = row_length(pca, j);

		for (int k = 0; k < pca->retained && length > 0; k++)
			pca->rotated[k * pca->m + j] *= back ? length : 1 / length;
	}
}

static void
rotate(const CiWeighing *w, CiPca *pca)
{
	int			m = pca->m;
	double		largest = 1;

	memcpy(pca->rotated, pca->loading, sizeof(double) * (size_t) m * (size_t) pca->retained);
	scale_rows(pca, false);
	for (int sweep = 0; sweep < MAX_SWEEPS && largest > ROTATED_ENOUGH; sweep++)
	{
		largest = 0;
		w->check();
		for (int a = 0; a < pca->retained; a++)
			for (int b = a + 1; b < pca->retained; b++)
				largest = fmax(largest, fabs(rotate_pair(pca->rotated + a * m,
														 pca->rotated + b * m, m)));
	}
	scale_rows(pca, true);
	for (int k = 0; k < pca->retained; k++)
		fix_sign(pca->rotated + k * m, m);
}

CiStatus
ci_pca_find(CiWeighing *w, CiPca *pca)
{
	CiStatus	status;

	find_varying(w, pca);
	if (pca->m == 0)
		return CI_CONSTANT;
	status = fill_correlations(w, pca, pca->loading);
	if (status != CI_OK)
		return status;
	w->eigen(pca->m, pca->loading, pca->value);
	for (int k = 0; k < pca->m; k++)
	{
		for (int j = 0; j < pca->m; j++)
			pca->loading[k * pca->m + j] *= sqrt(fmax(pca->value[k], 0));
		fix_sign(pca->loading + k * pca->m, pca->m);
	}
	pca->retained = count_retained(pca);
	rotate(w, pca);
	return CI_OK;
}
