/*
 * method/means.h
 *	  Statistics of weighted values: means, median, Gini coefficient; and of
 *	  items that are to measure one thing: Cronbach's alpha.
 *
 * Values are finite, weights are finite and above 0; a weight of 2 is the same
 * as the value twice.  Results are NaN where undefined, else finite for values of
 * any magnitude, and depend on nothing but the multiset of values.  "check" is
 * called at least every 65 536 rows and may not return.
 */
#ifndef CI_METHOD_MEANS_H
#define CI_METHOD_MEANS_H

#include "method/method.h"

typedef struct CiWeighted
{
	double		value;
	double		weight;
} CiWeighted;

typedef struct CiSample
{
	const CiWeighted *row;
	size_t		n;
	void		(*check) (void);
} CiSample;

extern double ci_weighted_mean(const CiSample *sample);

/* Values above 0. */
extern double ci_geometric_mean(const CiSample *sample);
extern double ci_harmonic_mean(const CiSample *sample);

/*
 * The mean for exponent p, which may be infinite: 0 geometric, 1 arithmetic, -1
 * harmonic.  False, and no mean, if p does not admit the smallest value.
 */
extern bool ci_power_admits(double p, double smallest);
extern double ci_power_mean(const CiSample *sample, double p);

/* In ascending order of value. */
extern double ci_weighted_median(const CiSample *sample);

/* In ascending order of value, none below 0; NaN if all are 0. */
extern double ci_gini(const CiSample *sample);

/*
 * Answers to items: row by row, n rows of k >= 2 items.  Standardised, every
 * item counts with a standard deviation of 1.  Scratch: n + 2 * k doubles.
 */
typedef struct CiAnswers
{
	const double *item;
	size_t		n;
	size_t		k;
	double	   *scratch;
	void		(*check) (void);
} CiAnswers;

extern double ci_cronbach_alpha(const CiAnswers *answers, bool standardised);

#endif							/* CI_METHOD_MEANS_H */
