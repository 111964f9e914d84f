/*
 * unit_stats.c
 *	  Sums, moments, quantiles.
 */
#include <string.h>

#include "method/stats.h"
#include "unit.h"

#define MAX_TERMS 300

/*
 * An exact sum in fixed point: digit[k] counts 2^(32 k - 1074).  The oracle for
 * ci_sum.
 */
#define DIGITS 72

static void
fixed_add(int64_t *digit, double x)
{
	int			exponent;
	int64_t		bits = (int64_t) ldexp(frexp(x, &exponent), 53);
	int			place = exponent - 53 + 1074;

	if (place < 0)
	{
		bits /= INT64_C(1) << -place;	/* exact: these bits are 0 */
		place = 0;
	}
	for (int k = place / 32, shift = place % 32; bits != 0; k++, shift = 0)
	{
		int			width = 32 - shift;

		digit[k] += (bits % (INT64_C(1) << width)) * (INT64_C(1) << shift);
		bits /= INT64_C(1) << width;
	}
}

/* Make every digit's value lie in [0, 2^32), of the number's magnitude. */
static bool
fixed_settle(int64_t *digit)
{
	bool		negative = false;
	int64_t		carry;

	for (int pass = 0; pass < 2; pass++)
	{
		carry = 0;
		for (int k = 0; k < DIGITS; k++)
		{
			int64_t		d = digit[k] + carry;

			carry = d >= 0 ? d >> 32 : -((-d + 0xFFFFFFFF) >> 32);
			digit[k] = d - carry * (INT64_C(1) << 32);
		}
		if (carry >= 0)
			break;
		negative = true;
		for (int k = 0; k < DIGITS; k++)
			digit[k] = -digit[k];
		digit[DIGITS - 1] -= carry * (INT64_C(1) << 32);
	}
	return negative;
}

static int
fixed_bit(const int64_t *digit, int place)
{
	return place < 0 ? 0 : (int) (digit[place / 32] >> place % 32 & 1);
}

static double
fixed_result(int64_t *digit)
{
	bool		negative = fixed_settle(digit);
	int			top = DIGITS * 32 - 1;
	int64_t		bits = 0;
	bool		below = false;
	int			last;

	while (top >= 0 && !fixed_bit(digit, top))
		top--;
	last = top - 52 > 0 ? top - 52 : 0;
	for (int place = top; place >= last; place--)
		bits = bits * 2 + fixed_bit(digit, place);
	for (int place = 0; place < last - 1; place++)
		below = below || fixed_bit(digit, place);
	if (fixed_bit(digit, last - 1) && (below || bits % 2 == 1))
		bits++;
	return (negative ? -1 : 1) * ldexp((double) bits, last - 1074) + 0.0;
}

static double
fixed_sum(const double *x, size_t n)
{
	int64_t		digit[DIGITS] = {0};

	for (size_t i = 0; i < n; i++)
		fixed_add(digit, x[i]);
	return fixed_result(digit);
}

static double
sum_of(const double *x, size_t n)
{
	CiSum		sum;

	ci_sum_start(&sum);
	for (size_t i = 0; i < n; i++)
		ci_sum_add(&sum, x[i]);
	return ci_sum_result(&sum);
}

static void
test_sum_known(void)
{
	double		cancel[] = {1e100, 1, -1e100, 1e-100, 1e50, -1, -1e50};
	double		tenths[] = {.1, .1, .1, .1, .1, .1, .1, .1, .1, .1};
	double		tie_up[] = {9007199254740992.0, 1, TINY};
	double		tie_even[] = {9007199254740992.0, 1};
	double		tie_down[] = {9007199254740992.0, 1, -TINY};
	double		overflow[] = {DBL_MAX, DBL_MAX, 1, 2};

	CHECK_SAME(sum_of(NULL, 0), 0.0);
	CHECK_SAME(sum_of(cancel, LENGTH(cancel)), 1e-100);
	CHECK_SAME(sum_of(tenths, LENGTH(tenths)), 1.0);
	CHECK_SAME(sum_of(tie_up, 3), 9007199254740994.0);
	CHECK_SAME(sum_of(tie_even, 2), 9007199254740992.0);
	CHECK_SAME(sum_of(tie_down, 3), 9007199254740992.0);
	CHECK(!isfinite(sum_of(overflow, LENGTH(overflow))));
}

/* Against fixed point, over the whole range, with much cancellation. */
static void
test_sum_oracle(void)
{
	double		x[MAX_TERMS];

	for (int round = 0; round < 4000; round++)
	{
		size_t		n = (size_t) random_below(MAX_TERMS);
		int			middle = random_below(1900) - 1000;
		int			width = random_below(3) ? random_below(120) : 0;
		double		want;

		for (size_t i = 0; i < n; i++)
		{
			x[i] = random_double(middle, middle + width);
			if (i > 0 && random_below(3) == 0)
				x[i] = -x[random_below((int) i)];
			if (random_below(8) == 0)
				x[i] = random_double(-1070, 1000);
		}
		want = fixed_sum(x, n);
		CHECK_SAME(sum_of(x, n), want);
		shuffle(x, n);
		CHECK_SAME(sum_of(x, n), want);
	}
}

/*
 * Terms made to leave, at each of 33 levels, two partial sums of one bit: more
 * than a CiSum holds.
 */
static void
test_sum_many_partials(void)
{
	double		x[MAX_TERMS];
	size_t		n = 0;

	for (int level = -1060; level < 960; level += 61)
	{
		x[n++] = ldexp(1, level);
		x[n++] = ldexp(1, level + 60);
		x[n++] = ldexp(1, level + 7) - ldexp(1, level + 60);
		CHECK_SAME(sum_of(x, n), fixed_sum(x, n));
	}
	for (size_t i = n; i > 1; i--)
	{
		x[n++] = -x[i - 1];		/* down to what is left of the first */
		CHECK_SAME(sum_of(x, n), fixed_sum(x, n));
	}
	CHECK_SAME(sum_of(x, n), x[0]);
}

/* NIST Statistical Reference Datasets, NumAcc1 to NumAcc4. */
static void
test_moments_nist(void)
{
	double		x[1001] = {10000001, 10000003, 10000002};
	double		centre[] = {1.2, 1000000.2, 10000000.2};
	CiMoments	m;

	ci_moments(x, 3, &m);
	CHECK_SAME(m.mean, 10000002.0);
	CHECK_SAME(m.sd, 1.0);
	for (int set = 0; set < 3; set++)
	{
		double		c = centre[set];

		x[0] = c;
		for (int i = 1; i < 1001; i++)
			x[i] = i % 2 ? c - 0.1 : c + 0.1;
		ci_moments(x, 1001, &m);
		CHECK_SAME(m.mean, c);
		CHECK_NEAR(m.sd, 0.1, 1e-15 * c);
	}
}

/* The examples of the spreadsheet functions SKEW, KURT, STDEV.S and STDEV.P. */
static void
test_moments_published(void)
{
	double		x[] = {3, MISSING, 4, 5, 2, 3, 4, 5, 6, 4, MISSING, 7};
	double		strength[] = {1345, 1301, 1368, 1322, 1310, 1370, 1318, 1350, 1303, 1299};
	CiMoments	m;

	ci_moments(x, LENGTH(x), &m);
	CHECK(m.n == 10);
	CHECK_SAME(m.min, 2.0);
	CHECK_SAME(m.max, 7.0);
	CHECK_NEAR(m.skewness, 0.359543071, 5e-10);
	CHECK_NEAR(m.kurtosis, -0.151799637, 5e-10);
	ci_moments(strength, LENGTH(strength), &m);
	CHECK_NEAR(m.sd, 27.46391572, 5e-9);
	CHECK_NEAR(m.sd_population, 26.05455814, 5e-9);
}

/* Too few values for a moment, or no variation, leave it undefined. */
static void
test_moments_few(void)
{
	double		missing[] = {MISSING, MISSING};
	double		x[] = {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1};
	double		two[] = {1, 2, 4, 8};
	CiMoments	m;

	ci_moments(missing, 2, &m);
	CHECK(m.n == 0);
	CHECK(isnan(m.mean) && isnan(m.sd) && isnan(m.min) && isnan(m.kurtosis));
	ci_moments(NULL, 0, &m);
	CHECK(m.n == 0 && isnan(m.max));
	ci_moments(x, 1, &m);
	CHECK(m.n == 1 && isnan(m.sd));
	CHECK_SAME(m.mean, 0.1);
	CHECK_SAME(m.sd_population, 0.0);
	ci_moments(x, LENGTH(x), &m);
	CHECK_SAME(m.mean, 0.1);
	CHECK_SAME(m.sd, 0.0);
	CHECK(isnan(m.skewness) && isnan(m.kurtosis));
	ci_moments(two, 2, &m);
	CHECK(isnan(m.skewness));
	ci_moments(two, 3, &m);
	CHECK(!isnan(m.skewness) && isnan(m.kurtosis));
	ci_moments(two, 4, &m);
	CHECK(!isnan(m.kurtosis));
}

/* Powers of two scale mean and sd, and nothing else, up to both ends. */
static void
test_moments_extreme(void)
{
	double		x[] = {3, 4, 5, 2, 3, 4, 5, 6, 4, 7};
	double		y[LENGTH(x)];
	double		wide[] = {-DBL_MAX, DBL_MAX, 0};
	double		near[] = {1, 1 + DBL_EPSILON};
	int			exponents[] = {1020, 512, -300, -1000, -1040};
	CiMoments	m;
	CiMoments	scaled;

	ci_moments(x, LENGTH(x), &m);
	for (size_t k = 0; k < LENGTH(exponents); k++)
	{
		for (size_t i = 0; i < LENGTH(x); i++)
			y[i] = ldexp(x[i], exponents[k]);
		ci_moments(y, LENGTH(y), &scaled);
		CHECK_SAME(scaled.mean, ldexp(m.mean, exponents[k]));
		CHECK_SAME(scaled.sd, ldexp(m.sd, exponents[k]));
		CHECK_SAME(scaled.skewness, m.skewness);
		CHECK_SAME(scaled.kurtosis, m.kurtosis);
	}
	ci_moments(wide, 3, &scaled);
	CHECK_SAME(scaled.mean, 0.0);
	CHECK_SAME(scaled.sd, DBL_MAX);
	CHECK_SAME(scaled.skewness, 0.0);
	ci_moments(near, 2, &scaled);
	CHECK_SAME(scaled.sd_population, DBL_EPSILON / 2);
}

/* The same bits in every order, and what long double gives. */
static void
test_moments_oracle(void)
{
	double		x[MAX_TERMS];

	for (int round = 0; round < 300; round++)
	{
		size_t		n = 4 + (size_t) random_below(MAX_TERMS - 4);
		double		offset = random_below(2) ? 1000 * random_share() : 0;
		long double mean = 0;
		long double square = 0;
		CiMoments	first;
		CiMoments	again;

		for (size_t i = 0; i < n; i++)
			x[i] = offset + random_double(-5, 5);
		for (size_t i = 0; i < n; i++)
			mean += (long double) x[i];
		mean /= n;
		for (size_t i = 0; i < n; i++)
			square += ((long double) x[i] - mean) * ((long double) x[i] - mean);
		ci_moments(x, n, &first);
		ci_mean_sd(x, n, &again);
		CHECK_SAME(again.mean, first.mean);
		CHECK_SAME(again.sd, first.sd);
		CHECK(isnan(again.skewness) && isnan(again.kurtosis));
		CHECK_NEAR(first.mean, (double) mean, 1e-15 * (fabs((double) mean) + 1));
		CHECK_NEAR(first.sd, (double) sqrtl(square / (n - 1)), 1e-14 * first.sd);
		shuffle(x, n);
		ci_moments(x, n, &again);
		CHECK(memcmp(&first, &again, sizeof(first)) == 0);
		for (size_t i = 0; i < n; i++)
			x[i] = -x[i];
		ci_moments(x, n, &again);
		CHECK_SAME(again.sd, first.sd);
		CHECK_SAME(again.skewness, -first.skewness);
		CHECK_SAME(again.kurtosis, first.kurtosis);
	}
}

static void
test_range(void)
{
	double		x[] = {MISSING, 3, -0.0, MISSING, 2};
	double		min;
	double		max;

	CHECK(ci_range(x, LENGTH(x), &min, &max));
	CHECK_SAME(min, 0.0);
	CHECK_SAME(max, 3.0);
	CHECK(!ci_range(x, 1, &min, &max));
	CHECK(!ci_range(NULL, 0, &min, &max));
}

/* As SELECT percentile_cont(share) WITHIN GROUP (ORDER BY x) gives. */
static void
test_quantile(void)
{
	double		x[] = {1, 2, 3, 4, 10};
	double		wide[] = {-DBL_MAX, DBL_MAX};

	CHECK(isnan(ci_quantile_sorted(NULL, 0, 0.5)));
	CHECK_SAME(ci_quantile_sorted(x, 1, 0.3), 1.0);
	CHECK_SAME(ci_quantile_sorted(x, 4, 0.25), 1.75);
	CHECK_SAME(ci_quantile_sorted(x, 5, 0), 1.0);
	CHECK_SAME(ci_quantile_sorted(x, 5, 0.5), 3.0);
	CHECK_SAME(ci_quantile_sorted(x, 5, 0.9), 4 + (0.9 * 4 - 3) * 6);
	CHECK_SAME(ci_quantile_sorted(x, 5, 1), 10.0);
	CHECK_SAME(ci_quantile_sorted(wide, 2, 0.5), 0.0);
	CHECK_NEAR(ci_quantile_sorted(wide, 2, 0.25) / DBL_MAX, -0.5, 1e-15);
	CHECK_SAME(ci_quantile_sorted(wide, 2, 1), DBL_MAX);
}

/* 1, 1, 2, 2, 4, 6, 9 is the example of Wikipedia's article; then by sorting. */
static void
test_mad(void)
{
	double		x[MAX_TERMS] = {1, 1, 2, 2, 4, 6, 9};
	double		deviation[MAX_TERMS];

	CHECK(isnan(ci_mad_sorted(NULL, 0, MISSING)));
	CHECK_SAME(ci_mad_sorted(x, 1, 1), 0.0);
	CHECK_SAME(ci_mad_sorted(x, 7, 2), 1.4826);
	for (int round = 0; round < 500; round++)
	{
		size_t		n = 1 + (size_t) random_below(40);
		double		centre;

		for (size_t i = 0; i < n; i++)
			x[i] = random_below(2) ? random_below(9) : random_double(-3, 3);
		sort(x, n);
		centre = random_below(2) ? ci_quantile_sorted(x, n, 0.5) : random_double(-4, 4);
		for (size_t i = 0; i < n; i++)
			deviation[i] = fabs(x[i] - centre);
		sort(deviation, n);
		CHECK_NEAR(ci_mad_sorted(x, n, centre),
				   1.4826 * (deviation[(n - 1) / 2] + deviation[n / 2]) / 2, 1e-14);
	}
}

static void
test_counts(void)
{
	double		x[] = {-0.0, 0.0, 1, 1, 1, 5};

	CHECK(ci_distinct_sorted(x, 0) == 0);
	CHECK(ci_distinct_sorted(x, 2) == 1);
	CHECK(ci_distinct_sorted(x, LENGTH(x)) == 3);
	for (double v = -1; v <= 6; v += 0.5)
	{
		size_t		below = 0;

		for (size_t i = 0; i < LENGTH(x); i++)
			below += x[i] < v;
		CHECK(ci_count_below(x, LENGTH(x), v) == below);
	}
	CHECK(ci_count_below(NULL, 0, 1) == 0);
}

/* Anscombe's quartet (1973): 0.816 each, here to the digits of R's cor(). */
static void
test_correlation(void)
{
	double		x[] = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
	double		y[] = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
	double		x4[] = {8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8};
	double		y4[] = {6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89};
	double		z[LENGTH(x)];
	double		want;
	size_t		pairs;

	CHECK_NEAR(ci_correlation(x, y, LENGTH(x), &pairs), 0.81642051634484, 1e-14);
	CHECK(pairs == LENGTH(x));
	CHECK_NEAR(ci_correlation(x4, y4, LENGTH(x), &pairs), 0.81652143688850, 1e-14);
	for (size_t i = 0; i < LENGTH(x); i++)
		z[i] = -1e307 * y[i];
	CHECK_SAME(ci_correlation(y, y, LENGTH(x), &pairs), 1.0);
	CHECK_NEAR(ci_correlation(y, z, LENGTH(x), &pairs), -1, 1e-15);
	CHECK_NEAR(ci_correlation(x, z, LENGTH(x), &pairs), -0.81642051634484, 1e-14);
	CHECK(isnan(ci_correlation(x4, y4, 7, &pairs)));
	CHECK(pairs == 7);
	want = ci_correlation(x + 2, z + 2, LENGTH(x) - 2, &pairs);
	z[0] = x[1] = MISSING;
	CHECK_SAME(ci_correlation(x, z, LENGTH(x), &pairs), want);
	CHECK(pairs == LENGTH(x) - 2);
	CHECK(isnan(ci_correlation(x, z, 2, &pairs)));
	CHECK(pairs == 0);
}

void
test_stats(void)
{
	unit_run(test_sum_known);
	unit_run(test_sum_oracle);
	unit_run(test_sum_many_partials);
	unit_run(test_moments_nist);
	unit_run(test_moments_published);
	unit_run(test_moments_few);
	unit_run(test_moments_extreme);
	unit_run(test_moments_oracle);
	unit_run(test_range);
	unit_run(test_quantile);
	unit_run(test_mad);
	unit_run(test_counts);
	unit_run(test_correlation);
}
