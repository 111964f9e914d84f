/*
 * method/stats.h
 *	  Statistics of one column: sums that do not depend on the order of their
 *	  terms, moments, quantiles.
 *
 * Missing values (NaN) are skipped unless a function says that its input is
 * sorted, which implies that it has none.
 */
#ifndef CI_METHOD_STATS_H
#define CI_METHOD_STATS_H

#include "method/method.h"

/*
 * An exact sum: non-overlapping partial sums, rounded once at the end, so the
 * result does not depend on the order of the terms.  A running sum beyond the
 * range of a double makes the result infinite or NaN.
 */
#define CI_SUM_PARTIALS 48

typedef struct CiSum
{
	int			n;
	double		partial[CI_SUM_PARTIALS];
} CiSum;

extern void ci_sum_start(CiSum *sum);
extern void ci_sum_add(CiSum *sum, double x);
extern double ci_sum_result(const CiSum *sum);

/*
 * n = 0 leaves all NaN; sd, skewness, kurtosis are NaN where undefined, and sd
 * is infinite where it exceeds the range of a double.
 */
typedef struct CiMoments
{
	size_t		n;				/* not missing */
	double		min;
	double		max;
	double		mean;
	double		sd;				/* n - 1 */
	double		sd_population;	/* n */
	double		skewness;		/* G1, bias-corrected, n >= 3 */
	double		kurtosis;		/* G2, excess, bias-corrected, n >= 4 */
} CiMoments;

/*
 * What deviations are taken from.  Values are scaled by the largest, so that they
 * lie in [-1, 1].
 */
typedef struct CiCentre
{
	size_t		n;
	double		min;
	double		max;
	int			exponent;		/* values are scaled by 2^-exponent */
	double		factor[2];		/* whose product that is */
	double		mean;			/* of the scaled values, rounded */
	double		rest;			/* what that rounding lost */
} CiCentre;

/* Scale by 2^-exponent, which is that of the largest magnitude. */
extern void ci_centre_scale(CiCentre *centre, int exponent);

/* Find the mean: n, range, scale and the sum of the scaled values are known. */
extern void ci_centre_settle(CiCentre *centre, CiSum *sum);

/* The mean itself, not scaled. */
extern double ci_centre_mean(const CiCentre *centre);

/* Moments but skewness and kurtosis, from the sum of squared deviations. */
extern void ci_centre_moments(const CiCentre *centre, double square, CiMoments *result);

static inline double
ci_scaled(const CiCentre *centre, double x)
{
	return x * centre->factor[0] * centre->factor[1];
}

static inline double
ci_deviation(const CiCentre *centre, double x)
{
	return (ci_scaled(centre, x) - centre->mean) - centre->rest;
}

extern void ci_moments(const double *x, size_t n, CiMoments *result);

/* The same, for half the time, without skewness and kurtosis, which are NaN. */
extern void ci_mean_sd(const double *x, size_t n, CiMoments *result);

/* The same, about a centre that is known: mean, rest and scale. */
extern void ci_mean_sd_about(const CiCentre *centre, const double *x, size_t n, CiMoments *result);

/* Both, of columns so long that "check" is to be called now and then. */
extern void ci_moments_checked(const double *x, size_t n, void (*check) (void), CiMoments *result);
extern void ci_mean_sd_checked(const double *x, size_t n, void (*check) (void), CiMoments *result);

/* The mean alone, the same bits; NaN if all are missing. */
extern double ci_mean_checked(const double *x, size_t n, void (*check) (void));

/* Smallest and largest value; false if all are missing. */
extern bool ci_range(const double *x, size_t n, double *min, double *max);

/*
 * Add each weighted value to its place in sum, and the weight to that in present,
 * where there is a value.
 */
extern void ci_add_weighted(const double *x, double weight, size_t n, double *sum, double *present);

/* Quantile by linear interpolation, as SQL's percentile_cont; sorted input. */
extern double ci_quantile_sorted(const double *x, size_t n, double share);

/* 1.4826 times the median of |x - median|; sorted input. */
extern double ci_mad_sorted(const double *x, size_t n, double median);

extern size_t ci_distinct_sorted(const double *x, size_t n);

/* How many values of sorted x are below v. */
extern size_t ci_count_below(const double *x, size_t n, double v);

/* Pearson's correlation over pairs with both values; NaN if undefined. */
extern double ci_correlation(const double *x, const double *y, size_t n, size_t *pairs);

#endif							/* CI_METHOD_STATS_H */
