/*
 * solver/linear.c
 *	  Eigenvalues, from LAPACK; without it in the build, an error.
 *
 * LAPACK's answer to arguments that are out of range is xerbla, which ends the
 * process: here they never are.  Nor does it see what is not finite, by which
 * it may not end at all.  Its implementations differ in the last bits.
 */
#include "postgres.h"

#include <math.h>

#include "solver/linear.h"

#include "base/compat.h"

#ifdef CI_LAPACK

/* By the conventions of Fortran: the lengths of strings come last. */
extern void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda,
				   double *w, double *work, const int *lwork, int *info,
				   size_t jobz_length, size_t uplo_length);
extern void dgeev_(const char *jobvl, const char *jobvr, const int *n, double *a, const int *lda,
				   double *wr, double *wi, double *vl, const int *ldvl, double *vr,
				   const int *ldvr, double *work, const int *lwork, int *info,
				   size_t jobvl_length, size_t jobvr_length);

static void
check_finite(int n, const double *matrix)
{
	for (int i = 0; i < n * n; i++)
		if (!isfinite(matrix[i]))
			elog(ERROR, "matrix is not finite");
}

static void
check_solved(const char *routine, int info)
{
	if (info != 0)
		elog(ERROR, "%s failed with %d", routine, info);
}

void
ci_linear_symmetric(int n, double *matrix, double *value)
{
	int			lwork = 34 * n; /* at least 3n - 1; for blocks of 32 */
	double	   *work = palloc(sizeof(double) * lwork);
	int			info;

	check_finite(n, matrix);
	dsyev_("V", "U", &n, matrix, &n, value, work, &lwork, &info, 1, 1);
	check_solved("dsyev", info);
	for (int a = 0, b = n - 1; a < b; a++, b--)
	{
		double		low = value[a];

		value[a] = value[b];
		value[b] = low;
		memcpy(work, matrix + a * n, sizeof(double) * n);
		memcpy(matrix + a * n, matrix + b * n, sizeof(double) * n);
		memcpy(matrix + b * n, work, sizeof(double) * n);
	}
	pfree(work);
}

double
ci_linear_principal(int n, const double *matrix, double *vector)
{
	int			lwork = 34 * n; /* at least 4n */
	int			one = 1;
	double	   *room = palloc(sizeof(double) * (2 * n * n + 2 * n + lwork));
	double	   *columns = room;
	double	   *right = room + n * n;
	double	   *real = right + n * n;
	double	   *imaginary = real + n;
	double	   *work = imaginary +n;
	int			largest = 0;
	double		sum = 0;
	double		value;
	int			info;

	check_finite(n, matrix);
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			columns[j * n + i] = matrix[i * n + j];
	dgeev_("N", "V", &n, columns, &n, real, imaginary, room, &one, right, &n, work, &lwork, &info, 1, 1);
	check_solved("dgeev", info);
	for (int k = 1; k < n; k++)
		if (real[k] > real[largest])
			largest = k;
	value = real[largest];
	for (int i = 0; i < n; i++)
		sum += right[largest * n + i];
	for (int i = 0; i < n; i++)
		vector[i] = right[largest * n + i] / sum;
	pfree(room);
	return value;
}

#else

pg_noreturn static void no_lapack(void);

static void
no_lapack(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("composite_indicator was built without LAPACK"),
			 errdetail("Principal components and the analytic hierarchy process need it."),
			 errhint("Install LAPACK (on Debian the package liblapack-dev) and build again.")));
}

void
ci_linear_symmetric(int n, double *matrix, double *value)
{
	no_lapack();
}

double
ci_linear_principal(int n, const double *matrix, double *vector)
{
	no_lapack();
}

#endif
