/*
 * statistics/values.c
 *	  Statistics of values: the final functions of ci.weighted_mean, ci.gini,
 *	  ci.cronbach_alpha and the like.
 *
 * In: the rows that statistics/collect.c has collected, in any order.  Out: a number,
 * or NULL where the statistic is undefined.
 */
#include "postgres.h"

#include <math.h>

#include "base/interrupts.h"
#include "base/sort.h"
#include "method/means.h"
#include "method/stats.h"
#include "statistics/collect.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_weighted_mean_final);
PG_FUNCTION_INFO_V1(ci_geometric_mean_final);
PG_FUNCTION_INFO_V1(ci_harmonic_mean_final);
PG_FUNCTION_INFO_V1(ci_power_mean_final);
PG_FUNCTION_INFO_V1(ci_weighted_median_final);
PG_FUNCTION_INFO_V1(ci_skewness_final);
PG_FUNCTION_INFO_V1(ci_kurtosis_final);
PG_FUNCTION_INFO_V1(ci_gini_final);
PG_FUNCTION_INFO_V1(ci_cronbach_alpha_final);
PG_FUNCTION_INFO_V1(ci_cronbach_alpha_standardised_final);

/* The rows as a sample, a value alone with weight 1, in a copy that may be sorted. */
static CiSample
make_sample(const CiCollected *rows)
{
	CiWeighted *row = palloc_extended(rows->n * sizeof(CiWeighted), MCXT_ALLOC_HUGE);

	for (Size i = 0; i < rows->n; i++)
	{
		row[i].value = rows->row[i * rows->width];
		row[i].weight = rows->width == 1 ? 1 : rows->row[i * rows->width + 1];
		ci_check_at(ci_check_for_interrupts, i);
	}
	return (CiSample) {row, rows->n, ci_check_for_interrupts};
}

static CiSample
make_sorted_sample(const CiCollected *rows)
{
	CiSample	sample = make_sample(rows);

	ci_sort_pairs((double *) sample.row, sample.n);
	return sample;
}

static double
smallest_value(const CiSample *sample)
{
	double		smallest = sample->row[0].value;

	for (size_t i = 1; i < sample->n; i++)
		smallest = Min(smallest, sample->row[i].value);
	return smallest;
}

/* Refuse values that a statistic does not admit, of which this is the smallest. */
static void
reject_value(const char *statistic, double smallest, const char *bound)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("values have no %s", statistic),
			 errdetail("The smallest is %g.", smallest),
			 errhint("All must be %s 0: leave others out with FILTER, or bring them to a scale above it.", bound)));
}

#define VALUES (CI_KIND(CI_COLLECT_VALUE) | CI_KIND(CI_COLLECT_WEIGHTED))

Datum
ci_weighted_mean_final(PG_FUNCTION_ARGS)
{
	CiCollected rows;
	CiSample	sample;

	if (!ci_collected(fcinfo, CI_KIND(CI_COLLECT_WEIGHTED), &rows))
		PG_RETURN_NULL();
	sample = make_sample(&rows);
	return ci_statistic(fcinfo, ci_weighted_mean(&sample));
}

static Datum
mean_of_positive(FunctionCallInfo fcinfo, const char *name, double (*mean) (const CiSample *sample))
{
	CiCollected rows;
	CiSample	sample;
	double		smallest;

	if (!ci_collected(fcinfo, VALUES, &rows))
		PG_RETURN_NULL();
	sample = make_sample(&rows);
	smallest = smallest_value(&sample);
	if (smallest <= 0)
		reject_value(name, smallest, "above");
	return ci_statistic(fcinfo, mean(&sample));
}

Datum
ci_geometric_mean_final(PG_FUNCTION_ARGS)
{
	return mean_of_positive(fcinfo, "geometric mean", ci_geometric_mean);
}

Datum
ci_harmonic_mean_final(PG_FUNCTION_ARGS)
{
	return mean_of_positive(fcinfo, "harmonic mean", ci_harmonic_mean);
}

Datum
ci_power_mean_final(PG_FUNCTION_ARGS)
{
	CiCollected rows;
	CiSample	sample;
	double		smallest;

	if (!ci_collected(fcinfo, CI_KIND(CI_COLLECT_POWER) | CI_KIND(CI_COLLECT_WEIGHTED_POWER), &rows))
		PG_RETURN_NULL();
	sample = make_sample(&rows);
	smallest = smallest_value(&sample);
	if (!ci_power_admits(rows.parameter, smallest))
		reject_value(psprintf("power mean for p = %g", rows.parameter), smallest,
					 rows.parameter > 0 ? "at least" : "above");
	return ci_statistic(fcinfo, ci_power_mean(&sample, rows.parameter));
}

Datum
ci_weighted_median_final(PG_FUNCTION_ARGS)
{
	CiCollected rows;
	CiSample	sample;

	if (!ci_collected(fcinfo, CI_KIND(CI_COLLECT_WEIGHTED), &rows))
		PG_RETURN_NULL();
	sample = make_sorted_sample(&rows);
	return ci_statistic(fcinfo, ci_weighted_median(&sample));
}

Datum
ci_gini_final(PG_FUNCTION_ARGS)
{
	CiCollected rows;
	CiSample	sample;

	if (!ci_collected(fcinfo, VALUES, &rows))
		PG_RETURN_NULL();
	sample = make_sorted_sample(&rows);
	if (sample.row[0].value < 0)
		reject_value("Gini coefficient", sample.row[0].value, "at least");
	return ci_statistic(fcinfo, ci_gini(&sample));
}

static bool
find_moments(FunctionCallInfo fcinfo, CiMoments *moments)
{
	CiCollected rows;

	if (!ci_collected(fcinfo, CI_KIND(CI_COLLECT_VALUE), &rows))
		return false;
	ci_moments_checked(rows.row, rows.n, ci_check_for_interrupts, moments);
	return true;
}

Datum
ci_skewness_final(PG_FUNCTION_ARGS)
{
	CiMoments	moments;

	if (!find_moments(fcinfo, &moments))
		PG_RETURN_NULL();
	return ci_statistic(fcinfo, moments.skewness);
}

Datum
ci_kurtosis_final(PG_FUNCTION_ARGS)
{
	CiMoments	moments;

	if (!find_moments(fcinfo, &moments))
		PG_RETURN_NULL();
	return ci_statistic(fcinfo, moments.kurtosis);
}

static Datum
cronbach_alpha(FunctionCallInfo fcinfo, bool standardised)
{
	CiCollected rows;
	CiAnswers	answers;

	if (!ci_collected(fcinfo, CI_KIND(CI_COLLECT_ITEMS), &rows))
		PG_RETURN_NULL();
	answers.item = rows.row;
	answers.n = rows.n;
	answers.k = rows.width;
	answers.scratch = palloc_extended((rows.n + 2 * rows.width) * sizeof(double), MCXT_ALLOC_HUGE);
	answers.check = ci_check_for_interrupts;
	return ci_statistic(fcinfo, ci_cronbach_alpha(&answers, standardised));
}

Datum
ci_cronbach_alpha_final(PG_FUNCTION_ARGS)
{
	return cronbach_alpha(fcinfo, false);
}

Datum
ci_cronbach_alpha_standardised_final(PG_FUNCTION_ARGS)
{
	return cronbach_alpha(fcinfo, true);
}
