/*
 * method/accumulator.c
 *	  What is kept of a column whose values come one at a time.
 *
 * A column is scaled by its largest value before it is added up (stats.c), which
 * is not known here until the end.  So sums are scaled by the largest value so
 * far; that is exact, as they are rescaled by powers of two, unless the smallest
 * values fall out of the range of a double beside the largest.
 */
#include <float.h>
#include <string.h>

#include "method/accumulator.h"

/* Exponents of doubles lie within this. */
#define MAX_EXPONENT 1100

/* The square of no less than this is a normal number. */
#define SMALLEST_SQUARED 0x1p-511

void
ci_accumulator_start(CiAccumulator *accumulator, CiAccumulatorKind kind)
{
	memset(accumulator, 0, sizeof(*accumulator));
	accumulator->kind = kind;
	accumulator->min = HUGE_VAL;
	accumulator->max = -HUGE_VAL;
	accumulator->least = HUGE_VAL;
	ci_sum_start(&accumulator->sum);
}

static bool
is_scaled(const CiAccumulator *accumulator)
{
	return accumulator->kind == CI_ACCUMULATE_SUM || accumulator->kind == CI_ACCUMULATE_SQUARES;
}

static double
largest_magnitude(const CiAccumulator *accumulator)
{
	return fmax(-accumulator->min, accumulator->max);
}

static void
rescale(CiAccumulator *accumulator, int exponent)
{
	int			shift = accumulator->exponent - exponent;

	if (accumulator->kind == CI_ACCUMULATE_SQUARES)
		shift *= 2;
	for (int i = 0; i < accumulator->sum.n; i++)
		accumulator->sum.partial[i] = ldexp(accumulator->sum.partial[i], shift);
	accumulator->exponent = exponent;
}

/* Scale the sum by its largest value, once that is known to be this large. */
static void
scale_by(CiAccumulator *accumulator, double magnitude)
{
	int			exponent;

	if (!isfinite(magnitude))
		return;					/* nor will the sum be */
	(void) frexp(magnitude, &exponent);
	if (exponent != accumulator->exponent)
		rescale(accumulator, exponent);
}

static void
add_term(CiAccumulator *accumulator, const CiCentre *centre, double x)
{
	double		term;

	if (accumulator->kind == CI_ACCUMULATE_DEVIATIONS)
		term = ci_deviation(centre, x);
	else
		term = ldexp(x, -accumulator->exponent);
	ci_sum_add(&accumulator->sum, accumulator->kind == CI_ACCUMULATE_SUM ? term : term * term);
}

void
ci_accumulator_add(CiAccumulator *accumulator, const CiCentre *centre, double x)
{
	double		magnitude = fabs(x);

	if (ci_is_missing(x))
		return;
	if (is_scaled(accumulator) && magnitude > largest_magnitude(accumulator))
		scale_by(accumulator, magnitude);
	accumulator->n++;
	accumulator->min = x < accumulator->min ? x : accumulator->min;
	accumulator->max = x > accumulator->max ? x : accumulator->max;
	if (accumulator->kind == CI_ACCUMULATE_RANGE)
		return;
	if (magnitude > 0 && magnitude < accumulator->least)
		accumulator->least = magnitude;
	add_term(accumulator, centre, x);
}

void
ci_accumulator_merge(CiAccumulator *accumulator, const CiAccumulator *other)
{
	CiAccumulator added = *other;
	double		largest;

	accumulator->n += added.n;
	accumulator->min = fmin(accumulator->min, added.min);
	accumulator->max = fmax(accumulator->max, added.max);
	accumulator->least = fmin(accumulator->least, added.least);
	largest = largest_magnitude(accumulator);
	if (is_scaled(accumulator) && accumulator->n > 0)
	{
		scale_by(accumulator, largest);
		scale_by(&added, largest);
	}
	for (int i = 0; i < added.sum.n; i++)
		ci_sum_add(&accumulator->sum, added.sum.partial[i]);
}

bool
ci_accumulator_is_sound(const CiAccumulator *accumulator)
{
	return accumulator->kind >= CI_ACCUMULATE_RANGE && accumulator->kind <= CI_ACCUMULATE_DEVIATIONS &&
		accumulator->exponent >= -MAX_EXPONENT && accumulator->exponent <= MAX_EXPONENT &&
		accumulator->sum.n >= 0 && accumulator->sum.n <= CI_SUM_PARTIALS;
}

/* Scaling down makes values smaller, and squares smaller still. */
bool
ci_accumulator_is_exact(const CiAccumulator *accumulator)
{
	double		least = ldexp(accumulator->least, -accumulator->exponent);

	if (accumulator->kind == CI_ACCUMULATE_SQUARES)
		return least >= SMALLEST_SQUARED;
	return accumulator->kind != CI_ACCUMULATE_SUM || accumulator->exponent <= 0 || least >= DBL_MIN;
}

double
ci_accumulator_sum(const CiAccumulator *accumulator)
{
	return ldexp(ci_sum_result(&accumulator->sum), accumulator->exponent);
}

double
ci_accumulator_norm(const CiAccumulator *accumulator)
{
	return ldexp(sqrt(ci_sum_result(&accumulator->sum)), accumulator->exponent);
}

CiCentre
ci_accumulator_centre(const CiAccumulator *accumulator)
{
	CiCentre	centre = {.n = accumulator->n, .min = accumulator->min + 0.0, .max = accumulator->max + 0.0};
	CiSum		sum = accumulator->sum;

	ci_centre_scale(&centre, accumulator->exponent);
	ci_centre_settle(&centre, &sum);
	return centre;
}

double
ci_accumulator_mean(const CiAccumulator *accumulator)
{
	CiCentre	centre = ci_accumulator_centre(accumulator);

	return ci_centre_mean(&centre);
}

void
ci_accumulator_moments(const CiAccumulator *accumulator, const CiCentre *centre, CiMoments *result)
{
	CiCentre	about = *centre;

	about.n = accumulator->n;
	about.min = accumulator->min + 0.0;
	about.max = accumulator->max + 0.0;
	ci_centre_moments(&about, ci_sum_result(&accumulator->sum), result);
}
