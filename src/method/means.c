/*
 * method/means.c
 *	  Weighted means and what else is summed up over weighted values.
 *
 * Products of values and weights may lie far beyond the range of a double, so
 * they are kept as mantissa and exponent, and added exactly relative to the
 * largest of them.  What is small enough to be lost by that is so by 2^1000.
 */
#include "method/means.h"
#include "method/stats.h"

#define LN_2 0.69314718055994530942

/* mantissa * 2^exponent */
typedef struct Wide
{
	double		mantissa;
	int			exponent;
} Wide;

/* What a term is made of, besides a value: an exponent, and a value to refer to. */
typedef struct Form
{
	double		p;
	double		origin;
} Form;

/* What the weight of a value is multiplied by. */
typedef Wide (*Term) (double value, const Form *form);

static Wide
wide(double x)
{
	Wide		w;

	w.mantissa = frexp(x, &w.exponent);
	return w;
}

static Wide
wide_product(Wide a, Wide b)
{
	return (Wide) {a.mantissa * b.mantissa, a.exponent + b.exponent};
}

static double
wide_quotient(Wide a, Wide b)
{
	return ldexp(a.mantissa / b.mantissa, a.exponent - b.exponent);
}

static Wide
term_one(double value, const Form *form)
{
	(void) value;
	(void) form;
	return wide(1);
}

static Wide
term_value(double value, const Form *form)
{
	(void) form;
	return wide(value);
}

static Wide
term_inverse(double value, const Form *form)
{
	Wide		w = wide(value);

	(void) form;
	return (Wide) {1 / w.mantissa, -w.exponent};
}

/* ln(value / origin), also where the quotient leaves the range of a double. */
static double
log_ratio(double value, double origin)
{
	Wide		v = wide(value);
	Wide		o = wide(origin);

	return log(v.mantissa / o.mantissa) + (v.exponent - o.exponent) * LN_2;
}

static Wide
term_log(double value, const Form *form)
{
	return wide(log_ratio(value, form->origin));
}

static Wide
term_power(double value, const Form *form)
{
	return wide(exp(form->p * log_ratio(value, form->origin)));
}

/* What the power lacks to 1. */
static Wide
term_power_less_one(double value, const Form *form)
{
	return wide(expm1(form->p * log_ratio(value, form->origin)));
}

/* The sum of weight * term over all rows. */
static Wide
weighted_sum(const CiSample *sample, Term term, const Form *form)
{
	const CiWeighted *row = sample->row;
	int			top = -100000;
	CiSum		sum;

	for (size_t i = 0; i < sample->n; i++)
	{
		Wide		product = wide_product(wide(row[i].weight), term(row[i].value, form));

		if (product.mantissa != 0 && product.exponent > top)
			top = product.exponent;
		ci_check_at(sample->check, i);
	}
	ci_sum_start(&sum);
	for (size_t i = 0; i < sample->n; i++)
	{
		Wide		a = wide(row[i].weight);
		Wide		b = term(row[i].value, form);
		Wide		product = wide_product(a, b);
		double		lost = fma(a.mantissa, b.mantissa, -product.mantissa);

		ci_sum_add(&sum, ldexp(product.mantissa, product.exponent - top));
		ci_sum_add(&sum, ldexp(lost, product.exponent - top));
		ci_check_at(sample->check, i);
	}
	return (Wide) {ci_sum_result(&sum), top};
}

/* The mean of a term over all rows, by weight. */
static double
mean_of(const CiSample *sample, Term term, const Form *form)
{
	return wide_quotient(weighted_sum(sample, term, form), weighted_sum(sample, term_one, form));
}

/* Smallest and largest value. */
static void
range_of(const CiSample *sample, double *min, double *max)
{
	*min = HUGE_VAL;
	*max = -HUGE_VAL;
	for (size_t i = 0; i < sample->n; i++)
	{
		*min = fmin(*min, sample->row[i].value);
		*max = fmax(*max, sample->row[i].value);
		ci_check_at(sample->check, i);
	}
}

/* A mean lies between the smallest and the largest value, whatever is rounded. */
static double
within(double mean, double min, double max)
{
	return fmin(fmax(mean, min), max) + 0.0;
}

/* r * exp(d), also where exp(d) alone would leave the range of a double. */
static double
times_exp(double r, double d)
{
	return fabs(d) < 700 ? r * exp(d) : r * exp(d / 2) * exp(d / 2);
}

double
ci_weighted_mean(const CiSample *sample)
{
	double		min;
	double		max;

	if (sample->n == 0)
		return CI_MISSING;
	range_of(sample, &min, &max);
	return within(mean_of(sample, term_value, NULL), min, max);
}

/* Logarithms are taken relative to a value, so that equal values give just it. */
double
ci_geometric_mean(const CiSample *sample)
{
	Form		form = {0, 0};
	double		min;

	if (sample->n == 0)
		return CI_MISSING;
	range_of(sample, &min, &form.origin);
	return within(times_exp(form.origin, mean_of(sample, term_log, &form)), min, form.origin);
}

double
ci_harmonic_mean(const CiSample *sample)
{
	double		min;
	double		max;

	if (sample->n == 0)
		return CI_MISSING;
	range_of(sample, &min, &max);
	return within(wide_quotient(weighted_sum(sample, term_one, NULL),
								weighted_sum(sample, term_inverse, NULL)), min, max);
}

bool
ci_power_admits(double p, double smallest)
{
	return isinf(p) || p == 1 || smallest > 0 || (p > 0 && smallest == 0);
}

/*
 * (sum w (x/r)^p)^(1/p) * r, with r the value that dominates, so that no power is
 * above 1.  Where all are close to 1, what they lack is summed up; where p makes
 * less of a difference than rounding, the mean is the geometric one.
 */
static double
mean_of_powers(const CiSample *sample, double p, double min, double max)
{
	Form		form = {p, p > 0 ? max : min};
	double		spread = log_ratio(max, min);
	double		log_mean;

	if (fabs(p) * spread * spread < 1e-17)
		return ci_geometric_mean(sample);
	if (fabs(p) * spread <= 1)
		log_mean = log1p(mean_of(sample, term_power_less_one, &form));
	else
		log_mean = log(mean_of(sample, term_power, &form));
	return within(times_exp(form.origin, log_mean / p), min, max);
}

double
ci_power_mean(const CiSample *sample, double p)
{
	double		min;
	double		max;

	if (sample->n == 0)
		return CI_MISSING;
	range_of(sample, &min, &max);
	if (!ci_power_admits(p, min))
		return CI_MISSING;
	if (isinf(p) || min == max)
		return (p > 0 ? max : min) + 0.0;
	if (p == 0)
		return ci_geometric_mean(sample);
	if (p == 1)
		return ci_weighted_mean(sample);
	if (p == -1)
		return ci_harmonic_mean(sample);
	return mean_of_powers(sample, p, min, max);
}

/* A power of two that brings the sum of all weights to at most 1. */
static int
weight_shift(const CiSample *sample)
{
	double		largest = 0;
	int			exponent;
	int			headroom;

	for (size_t i = 0; i < sample->n; i++)
	{
		largest = fmax(largest, sample->row[i].weight);
		ci_check_at(sample->check, i);
	}
	(void) frexp(largest, &exponent);
	(void) frexp((double) sample->n, &headroom);
	return -(exponent + headroom);
}

/*
 * A balance: the weights that have been passed less those that are ahead, exactly
 * added.  In the beginning all are ahead.
 */
static void
balance_start(CiSum *balance, const CiSample *sample, int shift)
{
	ci_sum_start(balance);
	for (size_t i = 0; i < sample->n; i++)
	{
		ci_sum_add(balance, -ldexp(sample->row[i].weight, shift));
		ci_check_at(sample->check, i);
	}
}

static double
middle(double a, double b)
{
	return isinf(b - a) ? a / 2 + b / 2 : a + (b - a) / 2;
}

/*
 * The value at which half of the weight is passed; between two, if it is passed
 * just between them, their mean.
 */
double
ci_weighted_median(const CiSample *sample)
{
	const CiWeighted *row = sample->row;
	int			shift = weight_shift(sample);
	CiSum		balance;

	balance_start(&balance, sample, shift);
	for (size_t i = 0; i < sample->n; i++)
	{
		double		weight = ldexp(row[i].weight, shift);
		double		passed;

		ci_sum_add(&balance, weight);
		ci_sum_add(&balance, weight);
		passed = ci_sum_result(&balance);
		if (passed == 0 && i + 1 < sample->n)
			return middle(row[i].value, row[i + 1].value) + 0.0;
		if (passed >= 0)
			return row[i].value + 0.0;
		ci_check_at(sample->check, i);
	}
	return CI_MISSING;
}

/*
 * sum w x (weight below less weight above) / (sum w * sum w x), which is half the
 * mean difference of two values relative to the mean value.
 */
double
ci_gini(const CiSample *sample)
{
	const CiWeighted *row = sample->row;
	int			shift = weight_shift(sample);
	Wide		total;
	Wide		weight;
	CiSum		balance;
	CiSum		sum;

	if (sample->n == 0 || row[sample->n - 1].value == 0)
		return CI_MISSING;
	if (row[0].value == row[sample->n - 1].value)
		return 0;
	total = weighted_sum(sample, term_value, NULL);
	weight = weighted_sum(sample, term_one, NULL);
	balance_start(&balance, sample, shift);
	ci_sum_start(&sum);
	for (size_t i = 0; i < sample->n; i++)
	{
		double		w = ldexp(row[i].weight, shift);
		Wide		product = wide_product(wide(row[i].value), wide(row[i].weight));
		Wide		place;
		double		term;

		ci_sum_add(&balance, w);
		place = wide(ci_sum_result(&balance));
		ci_sum_add(&balance, w);
		term = product.mantissa * place.mantissa;
		ci_sum_add(&sum, ldexp(term, product.exponent + place.exponent - total.exponent));
		ci_sum_add(&sum, ldexp(fma(product.mantissa, place.mantissa, -term),
							   product.exponent + place.exponent - total.exponent));
		ci_check_at(sample->check, i);
	}
	weight.exponent += shift;
	total.exponent = 0;
	return fmin(fmax(wide_quotient((Wide) {ci_sum_result(&sum), 0},
								   wide_product(total, weight)), 0), 1);
}

/*
 * Cronbach's alpha
 */

/* A power of two that brings the largest magnitude to at most 1. */
static int
answers_shift(const CiAnswers *answers)
{
	double		largest = 0;
	int			exponent;

	for (size_t i = 0; i < answers->n * answers->k; i++)
	{
		largest = fmax(largest, fabs(answers->item[i]));
		ci_check_at(answers->check, i);
	}
	(void) frexp(largest, &exponent);
	return -exponent;
}

/* Find mean and standard deviation of each item, scaled. */
static void
measure_items(const CiAnswers *answers, int shift, double *mean, double *sd)
{
	double	   *column = answers->scratch;

	for (size_t j = 0; j < answers->k; j++)
	{
		CiMoments	moments;

		for (size_t i = 0; i < answers->n; i++)
		{
			column[i] = ldexp(answers->item[i * answers->k + j], shift);
			ci_check_at(answers->check, i);
		}
		ci_mean_sd_checked(column, answers->n, answers->check, &moments);
		mean[j] = moments.mean;
		sd[j] = moments.sd;
	}
}

/* The variance of the rows' totals of (scaled item - mean) / unit. */
static double
variance_of_totals(const CiAnswers *answers, int shift, const double *mean, const double *unit)
{
	double	   *total = answers->scratch;
	const double *item = answers->item;
	CiMoments	moments;

	for (size_t i = 0; i < answers->n; i++)
	{
		CiSum		sum;

		ci_sum_start(&sum);
		for (size_t j = 0; j < answers->k; j++)
			ci_sum_add(&sum, (ldexp(*item++, shift) - mean[j]) / unit[j]);
		total[i] = ci_sum_result(&sum);
		if (i % (65536 / answers->k + 1) == 0)
			answers->check();
	}
	ci_mean_sd_checked(total, answers->n, answers->check, &moments);
	return moments.sd * moments.sd;
}

/*
 * k / (k - 1) * (1 - sum of the items' variances / variance of the totals).  For
 * standardised items that is k r / (1 + (k - 1) r), with r the mean correlation
 * of two of them.
 */
double
ci_cronbach_alpha(const CiAnswers *answers, bool standardised)
{
	double	   *mean = answers->scratch + answers->n;
	double	   *unit = mean + answers->k;
	double		k = (double) answers->k;
	int			shift = answers_shift(answers);
	double		largest = 0;
	double		of_totals;
	CiSum		of_items;
	int			exponent;

	if (answers->n < 2)
		return CI_MISSING;
	measure_items(answers, shift, mean, unit);
	for (size_t j = 0; j < answers->k; j++)
	{
		if (standardised && unit[j] == 0)
			return CI_MISSING;
		largest = fmax(largest, unit[j]);
	}
	(void) frexp(largest, &exponent);
	ci_sum_start(&of_items);
	for (size_t j = 0; j < answers->k; j++)
	{
		double		sd = standardised ? 1 : ldexp(unit[j], -exponent);

		ci_sum_add(&of_items, sd * sd);
		if (!standardised)
			unit[j] = ldexp(1, exponent);
	}
	of_totals = variance_of_totals(answers, shift, mean, unit);
	if (!(of_totals > 0))
		return CI_MISSING;
	return k / (k - 1) * (1 - ci_sum_result(&of_items) / of_totals);
}
