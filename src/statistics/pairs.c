/*
 * statistics/pairs.c
 *	  How alike two rankings are: the final functions of ci.spearman and the like;
 *	  and ci.dominates.
 *
 * In: pairs of numbers, less being better where that matters.  They are ranked
 * here, 1 the smallest, so ranks with gaps or ties and any other numbers do.
 */
#include "postgres.h"

#include <math.h>

#include "base/interrupts.h"
#include "base/rows.h"
#include "base/sort.h"
#include "catalog/pg_type.h"
#include "method/compare.h"
#include "statistics/collect.h"
#include "utils/array.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_spearman_final);
PG_FUNCTION_INFO_V1(ci_weighted_spearman_final);
PG_FUNCTION_INFO_V1(ci_ws_final);
PG_FUNCTION_INFO_V1(ci_mean_rank_shift_final);
PG_FUNCTION_INFO_V1(ci_kendall_tau_final);
PG_FUNCTION_INFO_V1(ci_rank_biased_overlap_final);
PG_FUNCTION_INFO_V1(ci_top_overlap_final);
PG_FUNCTION_INFO_V1(ci_dominates);

static double *
make_column(Size n)
{
	return palloc_extended(Max(n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
}

static double *
copy_column(const CiCollected *rows, Size which)
{
	double	   *column = make_column(rows->n);

	for (Size i = 0; i < rows->n; i++)
	{
		column[i] = rows->row[i * rows->width + which];
		ci_check_at(ci_check_for_interrupts, i);
	}
	return column;
}

typedef void (*RankTies) (const uint32_t *order, size_t n, const double *key,
						  void (*check) (void), double *rank);

/* Replace what is not missing by its rank. */
static void
rank_column(double *column, Size n, RankTies rank_ties)
{
	uint32	   *order = palloc_extended(Max(n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	double	   *rank = make_column(n);
	Size		present = 0;

	for (Size i = 0; i < n; i++)
	{
		rank[i] = CI_MISSING;
		if (!ci_is_missing(column[i]))
			order[present++] = (uint32) i;
		ci_check_at(ci_check_for_interrupts, i);
	}
	ci_sort_order(order, present, column, false);
	rank_ties(order, present, column, ci_check_for_interrupts, rank);
	memcpy(column, rank, n * sizeof(double));
	pfree(order);
	pfree(rank);
}

static CiRankings
make_rankings(const CiCollected *rows, RankTies rank_ties)
{
	double	   *x = copy_column(rows, 0);
	double	   *y = copy_column(rows, 1);

	rank_column(x, rows->n, rank_ties);
	rank_column(y, rows->n, rank_ties);
	return (CiRankings) {x, y, rows->n, ci_check_for_interrupts};
}

static Datum
compare_rankings(FunctionCallInfo fcinfo, double (*compare) (const CiRankings *rankings))
{
	CiCollected rows;
	CiRankings	rankings;

	if (!ci_collected(fcinfo, CI_KIND(CI_COLLECT_PAIR), &rows))
		PG_RETURN_NULL();
	rankings = make_rankings(&rows, ci_mean_ranks);
	return ci_statistic(fcinfo, compare(&rankings));
}

Datum
ci_spearman_final(PG_FUNCTION_ARGS)
{
	return compare_rankings(fcinfo, ci_spearman);
}

Datum
ci_weighted_spearman_final(PG_FUNCTION_ARGS)
{
	return compare_rankings(fcinfo, ci_weighted_spearman);
}

Datum
ci_ws_final(PG_FUNCTION_ARGS)
{
	return compare_rankings(fcinfo, ci_ws);
}

Datum
ci_mean_rank_shift_final(PG_FUNCTION_ARGS)
{
	return compare_rankings(fcinfo, ci_mean_rank_shift);
}

Datum
ci_kendall_tau_final(PG_FUNCTION_ARGS)
{
	CiCollected rows;
	CiCollected sorted;
	double	   *pairs;
	CiRankings	rankings = {NULL, NULL, 0, ci_check_for_interrupts};

	if (!ci_collected(fcinfo, CI_KIND(CI_COLLECT_PAIR), &rows))
		PG_RETURN_NULL();
	pairs = make_column(rows.n * rows.width);
	memcpy(pairs, rows.row, rows.n * rows.width * sizeof(double));
	ci_sort_pairs(pairs, rows.n);
	sorted = rows;
	sorted.row = pairs;
	rankings.x = copy_column(&sorted, 0);
	rankings.y = copy_column(&sorted, 1);
	rankings.n = rows.n;
	return ci_statistic(fcinfo, ci_kendall_tau(&rankings, pairs, pairs + rows.n));
}

Datum
ci_rank_biased_overlap_final(PG_FUNCTION_ARGS)
{
	CiCollected rows;
	CiRankings	lists;

	if (!ci_collected(fcinfo, CI_KIND(CI_COLLECT_LISTS), &rows))
		PG_RETURN_NULL();
	lists = make_rankings(&rows, ci_first_ranks);
	return ci_statistic(fcinfo, ci_rank_biased_overlap(&lists, rows.parameter,
													   make_column(3 * (rows.n + 1))));
}

Datum
ci_top_overlap_final(PG_FUNCTION_ARGS)
{
	CiCollected rows;
	CiRankings	lists;

	if (!ci_collected(fcinfo, CI_KIND(CI_COLLECT_TOP), &rows))
		PG_RETURN_NULL();
	lists = make_rankings(&rows, ci_first_ranks);
	return ci_statistic(fcinfo, ci_top_overlap(&lists, rows.parameter));
}

/*
 * Dominance
 */

/* The numbers of an array, NULL as NaN. */
static double *
numbers_arg(FunctionCallInfo fcinfo, int argno, const char *name, int *n)
{
	Datum	   *elements;
	bool	   *nulls;
	double	   *numbers;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argno), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &elements, &nulls, n);
	numbers = make_column(*n);
	for (int i = 0; i < *n; i++)
	{
		numbers[i] = nulls[i] ? CI_MISSING : DatumGetFloat8(elements[i]);
		if (!nulls[i] && !isfinite(numbers[i]))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("%s is not finite", name),
					 errdetail("Element %d is %s.", i + 1, isnan(numbers[i]) ? "NaN" :
							   numbers[i] > 0 ? "Infinity" : "-Infinity"),
					 errhint("Use NULL for a missing value.")));
	}
	return numbers;
}

static void
require_as_many(const char *name, int n, int n_a)
{
	if (n != n_a)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("%s does not match a", name),
				 errdetail("%d elements for %d.", n, n_a)));
}

static int32 *
directions_arg(FunctionCallInfo fcinfo, int argno, int n_a)
{
	int			n;
	int32	   *directions;

	if (PG_ARGISNULL(argno))
		return NULL;
	directions = ci_int_array_arg(fcinfo, argno, "directions", &n);
	require_as_many("directions", n, n_a);
	for (int i = 0; i < n; i++)
		if (directions[i] != 1 && directions[i] != -1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("direction is neither 1 nor -1"),
					 errdetail("Element %d is %d.", i + 1, directions[i])));
	return directions;
}

/* ci.dominates(a, b, directions) */
Datum
ci_dominates(PG_FUNCTION_ARGS)
{
	double	   *a;
	double	   *b;
	int			n;
	int			n_b;
	CiDominance dominance;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	a = numbers_arg(fcinfo, 0, "a", &n);
	b = numbers_arg(fcinfo, 1, "b", &n_b);
	require_as_many("b", n_b, n);
	dominance = ci_dominance(a, b, directions_arg(fcinfo, 2, n), n);
	if (dominance == CI_DOMINATES_PERHAPS)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(dominance == CI_DOMINATES);
}
