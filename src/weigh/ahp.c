/*
 * weigh/ahp.c
 *	  ci.ahp: weights from pairwise comparisons, by the analytic hierarchy
 *	  process.
 *
 * In: a matrix, of which row i and column j say how many times i is as
 * important as j.  Out: a row.  Saaty 1980, The Analytic Hierarchy Process.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "solver/linear.h"
#include "utils/array.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_ahp);

/* Comparisons are often typed with two digits: 0.33 for a third. */
#define RECIPROCAL_TOLERANCE 0.05

/* Far beyond it, and below its inverse, LAPACK scales what is small to 0. */
#define MAX_COMPARISON 1e100

/* The consistency index of random matrices of each size (Saaty 1980). */
static const double random_index[] = {
	0, 0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59
};

#define MAX_SIZE ((int) lengthof(random_index) - 1)

static void
check_shape(ArrayType *matrix)
{
	const int  *dims = ARR_DIMS(matrix);

	if (ARR_NDIM(matrix) != 2 || dims[0] != dims[1])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("matrix of comparisons is not square"),
				 errdetail("It has a row and a column for each thing compared.")));
	if (dims[0] > MAX_SIZE)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("matrix of comparisons is too large"),
				 errdetail("It compares %d things; a random index is known for up to %d.",
						   dims[0], MAX_SIZE),
				 errhint("Compare within groups, and the groups with one another.")));
	if (array_contains_nulls(matrix))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("matrix must not contain null")));
}

static void
check_comparisons(int n, const double *a)
{
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
		{
			if (!isfinite(a[i * n + j]) || a[i * n + j] <= 0)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("comparison must be a number above 0"),
						 errdetail("Row %d, column %d: %.15g.", i + 1, j + 1, a[i * n + j])));
			if (a[i * n + j] > MAX_COMPARISON)
				ereport(ERROR,
						(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						 errmsg("comparison is out of range"),
						 errdetail("Row %d, column %d: %.15g.", i + 1, j + 1, a[i * n + j])));
			if (i <= j && !(fabs(a[i * n + j] * a[j * n + i] - 1) <= RECIPROCAL_TOLERANCE))
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("comparisons are not reciprocal"),
						 errdetail("Row %d, column %d: %.15g; row %d, column %d: %.15g.",
								   i + 1, j + 1, a[i * n + j], j + 1, i + 1, a[j * n + i]),
						 errhint("Each must be 1 divided by the other, and on the diagonal 1.")));
		}
}

static Datum
float_array(const double *values, int n)
{
	Datum	   *datums = palloc(n * sizeof(Datum));

	for (int i = 0; i < n; i++)
		datums[i] = Float8GetDatum(values[i]);
	return PointerGetDatum(construct_array(datums, n, FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
										   TYPALIGN_DOUBLE));
}

Datum
ci_ahp(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	const double *matrix;
	int			n;
	double		weight[lengthof(random_index)];
	double		lambda;
	double		index;
	TupleDesc	desc;
	Datum		values[4];
	bool		nulls[4] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	check_shape(array);
	n = ARR_DIMS(array)[0];
	matrix = (const double *) ARR_DATA_PTR(array);
	check_comparisons(n, matrix);
	lambda = ci_linear_principal(n, matrix, weight);
	index = n > 1 ? fmax((lambda - n) / (n - 1), 0) : 0;
	values[0] = float_array(weight, n);
	values[1] = Float8GetDatum(lambda);
	values[2] = Float8GetDatum(index);
	values[3] = Float8GetDatum(random_index[n] > 0 ? index / random_index[n] : 0);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}
