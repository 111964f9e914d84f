/*
 * method/stats.c
 *	  Statistics of one column: from values to sums, moments and quantiles.
 *
 * Everything that adds up is added exactly and rounded once, so no result
 * depends on the order of the values.  Moments are taken of values scaled by a
 * power of two, which is exact, so that fourth powers of neither 1e308 nor
 * 1e-308 leave the range of a double.
 */
#include <string.h>

#include "method/stats.h"

/* Split a + b into its rounded sum and what the rounding lost (Knuth). */
static inline void
two_sum(double a, double b, double *sum, double *lost)
{
	double		s = a + b;
	double		b_taken = s - a;

	*lost = (a - (s - b_taken)) + (b - b_taken);
	*sum = s;
}

void
ci_sum_start(CiSum *sum)
{
	sum->n = 0;
}

/*
 * Rewrite the partial sums as few, from the top down and up again (Shewchuk's
 * Compress).  Neighbours are then at least 52 bits apart, so that the 2098 bits
 * of a double's range hold at most 41; without it, sums made to cancel could
 * leave many short ones.
 */
static void
sum_compress(CiSum *sum)
{
	int			first = sum->n;
	double		head = sum->partial[first - 1];

	for (int i = first - 2; i >= 0; i--)
	{
		double		lost;

		two_sum(head, sum->partial[i], &head, &lost);
		if (lost != 0)
		{
			sum->partial[--first] = head;
			head = lost;
		}
	}
	sum->partial[--first] = head;
	sum->n -= first;
	memmove(sum->partial, sum->partial + first, (size_t) sum->n * sizeof(double));
	if (sum->n == CI_SUM_PARTIALS)
	{
		sum->n = 1;				/* they were no such sums */
		sum->partial[0] = CI_MISSING;
	}
	ci_sum_add(sum, 0);
}

/*
 * Add one term, keeping what each rounding loses: partial sums stay in
 * ascending order and no two have a bit in common (Shewchuk 1997, Adaptive
 * Precision Floating-Point Arithmetic, Grow-Expansion).
 */
void
ci_sum_add(CiSum *sum, double x)
{
	int			kept = 0;

	if (sum->n == CI_SUM_PARTIALS)
		sum_compress(sum);
	for (int i = 0; i < sum->n; i++)
	{
		double		lost;

		two_sum(x, sum->partial[i], &x, &lost);
		sum->partial[kept] = lost;	/* a branch would be mispredicted */
		kept += lost != 0;
	}
	if (!isfinite(x))
		kept = 0;				/* beyond repair */
	if (x != 0)
		sum->partial[kept++] = x;
	sum->n = kept;
}

/*
 * Round the exact sum, half to even.  The first loss, from the top, is half a
 * unit at most; where it is just half, what lies below decides.
 */
double
ci_sum_result(const CiSum *sum)
{
	int			i = sum->n;
	double		total = 0;
	double		lost = 0;

	while (i > 0 && lost == 0)
		two_sum(total, sum->partial[--i], &total, &lost);
	if (i > 0 && (lost < 0) == (sum->partial[i - 1] < 0))
	{
		double		unit = 2 * lost;
		double		away = total + unit;

		if (away - total == unit)
			total = away;
	}
	return total;
}

static inline void
widen(double x, double *low, double *high)
{
	*low = x < *low ? x : *low;
	*high = x > *high ? x : *high;
}

/* Four ranges are widened in turn, so that no comparison waits for the last. */
bool
ci_range(const double *x, size_t n, double *min, double *max)
{
	double		low[4] = {HUGE_VAL, HUGE_VAL, HUGE_VAL, HUGE_VAL};
	double		high[4] = {-HUGE_VAL, -HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
	size_t		whole = n - n % 4;

	for (size_t i = 0; i < whole; i += 4)
	{
		widen(x[i], &low[0], &high[0]);
		widen(x[i + 1], &low[1], &high[1]);
		widen(x[i + 2], &low[2], &high[2]);
		widen(x[i + 3], &low[3], &high[3]);
	}
	for (size_t i = whole; i < n; i++)
		widen(x[i], low, high);
	for (int j = 1; j < 4; j++)
	{
		low[0] = fmin(low[0], low[j]);
		high[0] = fmax(high[0], high[j]);
	}
	*min = low[0] + 0.0;		/* never -0 */
	*max = high[0] + 0.0;
	return low[0] <= high[0];
}

/*
 * Not inlined, as it is in another file than its caller, where the compiler would
 * bring the branches back that it can do without here.
 */
void
ci_add_weighted(const double *x, double weight, size_t n, double *sum, double *present)
{
	for (size_t i = 0; i < n; i++)
	{
		sum[i] += weight * (ci_is_missing(x[i]) ? 0 : x[i]);
		present[i] += ci_is_missing(x[i]) ? 0 : weight;
	}
}

void
ci_centre_scale(CiCentre *centre, int exponent)
{
	centre->exponent = exponent;
	centre->factor[0] = ldexp(1, -(exponent / 2));
	centre->factor[1] = ldexp(1, exponent / 2 - exponent);
}

/* Where all values are the same, that is the mean. */
void
ci_centre_settle(CiCentre *centre, CiSum *sum)
{
	double		count = (double) centre->n;
	double		product;

	centre->mean = ci_scaled(centre, centre->min);
	centre->rest = 0;
	if (centre->min == centre->max)
		return;
	centre->mean = ci_sum_result(sum) / count;
	product = centre->mean * count;
	ci_sum_add(sum, -product);
	ci_sum_add(sum, -fma(centre->mean, count, -product));
	centre->rest = ci_sum_result(sum) / count;
}

/*
 * Find the centre of those x that are not missing and whose partner is not
 * (a column is its own partner).  False if there are none.
 */
static bool
find_centre(const double *x, const double *partner, size_t n, void (*check) (void),
			CiCentre *centre)
{
	CiSum		sum;
	int			exponent;

	centre->n = 0;
	centre->min = HUGE_VAL;
	centre->max = -HUGE_VAL;
	for (size_t i = 0; i < n; i++)
	{
		ci_check_at(check, i);
		if (ci_is_missing(x[i]) || ci_is_missing(partner[i]))
			continue;
		centre->n++;
		centre->min = x[i] < centre->min ? x[i] : centre->min;
		centre->max = x[i] > centre->max ? x[i] : centre->max;
	}
	if (centre->n == 0)
		return false;
	centre->min += 0.0;
	centre->max += 0.0;
	(void) frexp(fmax(-centre->min, centre->max), &exponent);
	ci_centre_scale(centre, exponent);
	ci_sum_start(&sum);
	for (size_t i = 0; i < n && centre->min < centre->max; i++)
	{
		ci_check_at(check, i);
		if (!ci_is_missing(x[i]) && !ci_is_missing(partner[i]))
			ci_sum_add(&sum, ci_scaled(centre, x[i]));
	}
	ci_centre_settle(centre, &sum);
	return true;
}

double
ci_centre_mean(const CiCentre *centre)
{
	return fmin(fmax(ldexp(centre->mean, centre->exponent), centre->min), centre->max);
}

double
ci_mean_checked(const double *x, size_t n, void (*check) (void))
{
	CiCentre	centre;

	return find_centre(x, x, n, check, &centre) ? ci_centre_mean(&centre) : CI_MISSING;
}

static const CiMoments no_moments = {
	0, CI_MISSING, CI_MISSING, CI_MISSING, CI_MISSING, CI_MISSING, CI_MISSING, CI_MISSING
};

void
ci_centre_moments(const CiCentre *centre, double square, CiMoments *result)
{
	*result = no_moments;
	if (centre->n == 0)
		return;
	result->n = centre->n;
	result->min = centre->min;
	result->max = centre->max;
	result->mean = ci_centre_mean(centre);
	result->sd_population = ldexp(sqrt(square / (double) centre->n), centre->exponent);
	if (centre->n > 1)
		result->sd = ldexp(sqrt(square / (double) (centre->n - 1)), centre->exponent);
}

/* The sum of squared (scaled) deviations. */
static double
squared_deviations(const CiCentre *centre, const double *x, size_t n, void (*check) (void))
{
	CiSum		sum;

	ci_sum_start(&sum);
	for (size_t i = 0; i < n; i++)
	{
		double		d = ci_deviation(centre, x[i]);

		ci_check_at(check, i);
		if (!ci_is_missing(d))
			ci_sum_add(&sum, d * d);
	}
	return ci_sum_result(&sum);
}

/*
 * Fill in all but skewness and kurtosis, and give the centre and the sum of
 * squared (scaled) deviations from it.  False if all values are missing.
 */
static bool
spread_moments(const double *x, size_t n, void (*check) (void), CiMoments *result,
			   CiCentre *centre, double *square)
{
	*result = no_moments;
	if (!find_centre(x, x, n, check, centre))
		return false;
	*square = squared_deviations(centre, x, n, check);
	ci_centre_moments(centre, *square, result);
	return true;
}

void
ci_mean_sd_checked(const double *x, size_t n, void (*check) (void), CiMoments *result)
{
	CiCentre	centre;
	double		square;

	(void) spread_moments(x, n, check, result, &centre, &square);
}

void
ci_mean_sd(const double *x, size_t n, CiMoments *result)
{
	ci_mean_sd_checked(x, n, NULL, result);
}

void
ci_mean_sd_about(const CiCentre *centre, const double *x, size_t n, CiMoments *result)
{
	CiCentre	about = *centre;

	about.n = 0;
	for (size_t i = 0; i < n; i++)
		about.n += !ci_is_missing(x[i]);
	(void) ci_range(x, n, &about.min, &about.max);
	ci_centre_moments(&about, squared_deviations(&about, x, n, NULL), result);
}

/*
 * Skewness and kurtosis are the sample estimates G1 and G2 of Joanes and Gill
 * (1998), which spreadsheets show too.
 */
void
ci_moments_checked(const double *x, size_t n, void (*check) (void), CiMoments *result)
{
	CiCentre	centre;
	CiSum		cubes;
	CiSum		fourths;
	double		square;
	double		count;

	if (!spread_moments(x, n, check, result, &centre, &square) || square == 0)
		return;
	ci_sum_start(&cubes);
	ci_sum_start(&fourths);
	for (size_t i = 0; i < n; i++)
	{
		double		d = ci_deviation(&centre, x[i]);

		ci_check_at(check, i);
		if (ci_is_missing(d))
			continue;
		ci_sum_add(&cubes, d * d * d);
		ci_sum_add(&fourths, d * d * d * d);
	}
	count = (double) centre.n;
	if (centre.n >= 3)
		result->skewness = sqrt(count * (count - 1)) / (count - 2)
			* sqrt(count) * ci_sum_result(&cubes) / (square * sqrt(square));
	if (centre.n >= 4)
		result->kurtosis = (count - 1) / ((count - 2) * (count - 3))
			* ((count + 1) * (count * ci_sum_result(&fourths) / (square * square) - 3) + 6);
}

void
ci_moments(const double *x, size_t n, CiMoments *result)
{
	ci_moments_checked(x, n, NULL, result);
}

double
ci_quantile_sorted(const double *x, size_t n, double share)
{
	double		place;
	double		part;
	size_t		i;

	if (n == 0)
		return CI_MISSING;
	place = share * (double) (n - 1);
	i = (size_t) floor(place);
	part = place - (double) i;
	if (part == 0)
		return x[i];
	if (isinf(x[i + 1] - x[i]))
		return x[i] * (1 - part) + x[i + 1] * part;
	return x[i] + part * (x[i + 1] - x[i]);
}

/* Walk outwards from the median, so that deviations come in ascending order. */
double
ci_mad_sorted(const double *x, size_t n, double median)
{
	size_t		above = ci_count_below(x, n, median);
	size_t		below = above;
	double		before = 0;
	double		last = 0;

	if (n == 0)
		return CI_MISSING;
	for (size_t taken = 0; taken <= n / 2; taken++)
	{
		before = last;
		if (below > 0 && (above == n || median - x[below - 1] <= x[above] - median))
			last = median - x[--below];
		else
			last = x[above++] - median;
	}
	return 1.4826 * (n % 2 == 1 ? last : before + (last - before) / 2);
}

size_t
ci_distinct_sorted(const double *x, size_t n)
{
	size_t		distinct = n > 0;

	for (size_t i = 1; i < n; i++)
		distinct += x[i] != x[i - 1];
	return distinct;
}

size_t
ci_count_below(const double *x, size_t n, double v)
{
	size_t		low = 0;
	size_t		high = n;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (x[middle] < v)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

double
ci_correlation(const double *x, const double *y, size_t n, size_t *pairs)
{
	CiCentre	cx,
				cy;
	CiSum		xx,
				yy,
				xy;
	double		spread;

	*pairs = 0;
	if (!find_centre(x, y, n, NULL, &cx) || !find_centre(y, x, n, NULL, &cy))
		return CI_MISSING;
	*pairs = cx.n;
	ci_sum_start(&xx);
	ci_sum_start(&yy);
	ci_sum_start(&xy);
	for (size_t i = 0; i < n; i++)
	{
		double		dx = ci_deviation(&cx, x[i]);
		double		dy = ci_deviation(&cy, y[i]);

		if (ci_is_missing(dx) || ci_is_missing(dy))
			continue;
		ci_sum_add(&xx, dx * dx);
		ci_sum_add(&yy, dy * dy);
		ci_sum_add(&xy, dx * dy);
	}
	spread = sqrt(ci_sum_result(&xx) * ci_sum_result(&yy));
	if (spread == 0)
		return CI_MISSING;
	return fmin(fmax(ci_sum_result(&xy) / spread, -1), 1);
}
