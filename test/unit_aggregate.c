/*
 * unit_aggregate.c
 *	  Aggregation: from children's columns to a column of means.
 */
#include <string.h>

#include "method/aggregate.h"
#include "unit.h"

#define MAX_CHILDREN 40

static const CiNonpositive raise = {CI_POLICY_ERROR, 0};

/* Means alone: they lie between their children. */
#define EACH_MEAN(m) \
	(const CiAggregateMethod *m = ci_aggregate_methods; m->name; m++) \
		if (m->flags & CI_AGGREGATE_BETWEEN)

static CiAggregate
spec_of(const char *name)
{
	CiAggregate spec;

	ci_aggregate_defaults(&spec, ci_aggregate_method(name));
	return spec;
}

static CiAggregate
power_of(double p)
{
	CiAggregate spec = spec_of("power");

	spec.power = p;
	return spec;
}

/* Aggregate one unit whose children are s[0..k). */
static CiStatus
one_unit(const CiAggregate *spec, CiNonpositive policy, const double *s,
		 const double *weight, int k, double *out, int *which)
{
	const double *child[1000];
	double		scratch[4000];
	CiAggregation a = {
		.spec = spec, .policy = policy, .n_children = k, .n = 1, .child = child, .weight = weight,
		.scratch = scratch, .out = out, .unit = 99
	};
	CiStatus	status;

	for (int j = 0; j < k; j++)
		child[j] = s + j;
	CHECK(spec->method->scratch == NULL || spec->method->scratch(spec, k, 1) <= LENGTH(scratch));
	status = spec->method->aggregate(&a);
	*which = a.which;
	CHECK(status == CI_OK || a.unit == 0);
	return status;
}

static double
mean_of(const CiAggregate *spec, const double *s, const double *weight, int k)
{
	double		out = 42;
	int			which;

	CHECK(one_unit(spec, raise, s, weight, k, &out, &which) == CI_OK);
	return out;
}

static double
mean_by(const char *name, const double *s, const double *weight, int k)
{
	CiAggregate spec = spec_of(name);

	return mean_of(&spec, s, weight, k);
}

static double
mean_power(double p, const double *s, const double *weight, int k)
{
	CiAggregate spec = power_of(p);

	return mean_of(&spec, s, weight, k);
}

static const char *positive[] = {"geometric", "harmonic"};

static void
test_known(void)
{
	const double w[] = {1, 1, 1, 1};
	const double s[] = {1, 2, 4};
	const double seven[] = {1, 7};
	const double half[] = {4, 9};
	const double tilted[] = {1, 3, 0.5};

	CHECK_SAME(mean_by("arithmetic", s, w, 3), 7 / 3.0);
	CHECK_NEAR(mean_by("geometric", s, w, 3), 2, 1e-15);
	CHECK_NEAR(mean_by("harmonic", s, w, 3), 12 / 7.0, 1e-15);
	CHECK_SAME(mean_by("min", s, w, 3), 1.0);
	CHECK_SAME(mean_by("max", s, w, 3), 4.0);
	CHECK_SAME(mean_by("median", s, w, 3), 2.0);
	CHECK_NEAR(mean_power(2, seven, w, 2), 5, 1e-15);
	CHECK_NEAR(mean_power(0.5, half, w, 2), 6.25, 1e-14);
	CHECK_NEAR(mean_by("arithmetic", s, tilted, 3), 9 / 4.5, 1e-15);
	CHECK_NEAR(mean_by("harmonic", s, tilted, 3), 4.5 / 2.625, 1e-15);
}

/* Human Development Report 2023-24: Norway .966, Niger .394 in 2022. */
static void
test_hdi(void)
{
	const double w[] = {1, 1, 1};
	const double norway[] = {
		(83.393 - 20) / 65, (1 + 13.06234279 / 15) / 2, log(691.8976165) / log(750)
	};
	const double niger[] = {
		(62.08 - 20) / 65, (7.186131428 / 18 + 1.341352433 / 15) / 2, log(12.83309235) / log(750)
	};

	CHECK_NEAR(mean_by("geometric", norway, w, 3), 0.966, 0.0005);
	CHECK_NEAR(mean_by("geometric", niger, w, 3), 0.394, 0.0005);
}

static void
test_table(void)
{
	CiAggregate power = power_of(-2);

	for EACH_MEAN
		(m)
	{
		CiAggregate spec = spec_of(m->name);

		CHECK(spec.method == m && isnan(spec.scale[0]) && isnan(spec.scale[1]));
		CHECK(ci_aggregate_needs_positive(&spec) ==
			  (strcmp(m->name, positive[0]) == 0 || strcmp(m->name, positive[1]) == 0));
		CHECK(ci_aggregate_is_additive(&spec) ==
			  (strcmp(m->name, "arithmetic") == 0 || strcmp(m->name, "power") == 0));
	}
	CHECK(!ci_aggregate_method("mean"));
	for (const CiAggregateMethod *m = NULL; (m = ci_aggregate_next(m)) != NULL;)
		CHECK(ci_aggregate_method(m->name) == m);
	CHECK(ci_aggregate_method("owa") && ci_aggregate_method("borda"));
	CHECK(ci_aggregate_needs_positive(&power));
	power.power = 2;
	CHECK(!ci_aggregate_needs_positive(&power) && !ci_aggregate_is_additive(&power));
	power.power = -INF;
	CHECK(!ci_aggregate_needs_positive(&power));
}

/* What is missing, or has no weight, is as if it were not there. */
static void
test_missing(void)
{
	const double all[] = {3, MISSING, -5, 8, MISSING, 5};
	const double all_w[] = {1, 2, 0, 2, 0, 1};
	const double some[] = {3, 8, 5};
	const double some_w[] = {1, 2, 1};
	const double none_w[] = {0, 1, 0, 0, 1, 0};
	const double minus_zero = -0.0;

	for EACH_MEAN
		(m)
	{
		CHECK_SAME(mean_by(m->name, all, all_w, 6), mean_by(m->name, some, some_w, 3));
		CHECK(isnan(mean_by(m->name, all, none_w, 6)));
		CHECK(isnan(mean_by(m->name, all, none_w, 0)));
		CHECK_SAME(mean_by(m->name, some + 1, some_w, 1), 8.0);
	}
	CHECK_SAME(mean_by("min", &minus_zero, some_w, 1), 0.0);
}

static void
test_policy_of(const CiAggregate *spec, const double *s, int barred)
{
	const double w[] = {1, 0, 1, 2};
	CiNonpositive policy = {CI_POLICY_ERROR, 0.5};
	double		floored[4];
	double		out = 42;
	int			which = -1;

	CHECK(one_unit(spec, policy, s, w, 4, &out, &which) == CI_NONPOSITIVE);
	CHECK(which == barred);
	policy.policy = CI_POLICY_MISSING;
	CHECK(one_unit(spec, policy, s, w, 4, &out, &which) == CI_OK);
	CHECK(isnan(out));
	policy.policy = CI_POLICY_ZERO;
	CHECK(one_unit(spec, policy, s, w, 4, &out, &which) == CI_OK);
	CHECK_SAME(out, 0.0);
	policy.policy = CI_POLICY_FLOOR;
	CHECK(one_unit(spec, policy, s, w, 4, &out, &which) == CI_OK);
	for (size_t j = 0; j < LENGTH(floored); j++)
		floored[j] = fmax(s[j], 0.5);
	CHECK_SAME(out, mean_of(spec, floored, w, 4));
}

static void
test_policy(void)
{
	const double zero[] = {0.1, -1, 0, 4};
	const double negative[] = {3, -1, 2, -4};
	const double zeros[] = {0, 0};
	const double w[] = {1, 1, 1, 1};
	const double strict[] = {0, -1, -0.5, -30};
	const double loose[] = {0.5, 2, 30, 1e-12, 1e-300};

	for (size_t i = 0; i < LENGTH(strict); i++)
	{
		CiAggregate spec = power_of(strict[i]);

		test_policy_of(&spec, zero, 2);
		test_policy_of(&spec, negative, 3);
	}
	for (size_t i = 0; i < LENGTH(loose); i++)
	{
		CiAggregate spec = power_of(loose[i]);

		test_policy_of(&spec, negative, 3);
		CHECK(mean_of(&spec, zero + 2, w, 2) >= 0);
		CHECK_SAME(mean_of(&spec, zeros, w, 2), 0.0);
	}
	for (size_t i = 0; i < LENGTH(positive); i++)
	{
		CiAggregate spec = spec_of(positive[i]);

		test_policy_of(&spec, zero, 2);
		test_policy_of(&spec, negative, 3);
	}
	CHECK_SAME(mean_by("arithmetic", negative, w, 4), 0.0);
	CHECK_SAME(mean_by("median", negative, w, 4), 0.5);
	CHECK_SAME(mean_power(-INF, negative, w, 4), -4.0);
}

/* Special exponents are the named means, to the bit; others tend to them. */
static void
test_power_limits(void)
{
	double		s[8];
	double		w[8];

	for (int round = 0; round < 300; round++)
	{
		double		geometric;

		for (int j = 0; j < 8; j++)
		{
			s[j] = fabs(random_double(-4, 6));
			w[j] = random_share() + 0.1;
		}
		geometric = mean_by("geometric", s, w, 8);
		CHECK_SAME(mean_power(1, s, w, 8), mean_by("arithmetic", s, w, 8));
		CHECK_SAME(mean_power(0, s, w, 8), geometric);
		CHECK_SAME(mean_power(-1, s, w, 8), mean_by("harmonic", s, w, 8));
		CHECK_SAME(mean_power(INF, s, w, 8), mean_by("max", s, w, 8));
		CHECK_SAME(mean_power(-INF, s, w, 8), mean_by("min", s, w, 8));
		CHECK_NEAR(mean_power(1e-12, s, w, 8), geometric, 1e-10 * geometric);
		CHECK_NEAR(mean_power(-1e-12, s, w, 8), geometric, 1e-10 * geometric);
		CHECK_NEAR(mean_power(1e-300, s, w, 8), geometric, 1e-13 * geometric);
		CHECK_NEAR(mean_power(1e6, s, w, 8), mean_by("max", s, w, 8), 1e-4 * geometric * 100);
		CHECK_NEAR(mean_power(1 + 1e-12, s, w, 8), mean_by("arithmetic", s, w, 8), 1e-10 * s[0] + 1e-9);
	}
}

/* Means lie in order of their exponents, between the extremes. */
static void
test_power_monotone(void)
{
	const double p[] = {
		-INF, -1000, -50, -2, -1, -0.5, -1e-3, -1e-9, 0, 1e-9, 1e-3, 0.5, 1, 1.5, 2, 50, 1000, INF
	};
	double		s[MAX_CHILDREN];
	double		w[MAX_CHILDREN];

	for (int round = 0; round < 300; round++)
	{
		int			k = 1 + random_below(MAX_CHILDREN);
		double		last = 0;

		for (int j = 0; j < k; j++)
		{
			s[j] = fabs(random_double(-20, 20));
			w[j] = fabs(random_double(-5, 5));
		}
		for (size_t i = 0; i < LENGTH(p); i++)
		{
			double		mean = mean_power(p[i], s, w, k);

			CHECK(mean >= last * (1 - 1e-13));
			last = mean;
		}
		CHECK_NEAR(last, mean_by("max", s, w, k), 0);
	}
}

/* Against the definition, in long double. */
static void
test_power_oracle(void)
{
	double		s[MAX_CHILDREN];
	double		w[MAX_CHILDREN];

	for (int round = 0; round < 1000; round++)
	{
		int			k = 1 + random_below(MAX_CHILDREN);
		double		p = random_double(-9, 5);
		long double sum = 0;
		long double weight = 0;
		long double want;

		for (int j = 0; j < k; j++)
		{
			s[j] = fabs(random_double(-6, 7));
			w[j] = random_below(4) ? fabs(random_double(-20, 0)) : 0.25;
			sum += (long double) w[j] * powl((long double) s[j], (long double) p);
			weight += (long double) w[j];
		}
		want = powl(sum / weight, 1 / (long double) p);
		CHECK_NEAR(mean_power(p, s, w, k), (double) want, 1e-13 * (double) want);
	}
}

/* The mean of equal children is their value; weights count by their ratios. */
static void
test_equal_children(void)
{
	static const char *names[] = {"geometric", "harmonic", "median", "min", "max"};
	double		s[MAX_CHILDREN];
	double		w[MAX_CHILDREN];
	double		heavy[MAX_CHILDREN];

	for (int round = 0; round < 200; round++)
	{
		int			k = 1 + random_below(MAX_CHILDREN);
		double		value = fabs(random_double(-1000, 1000));
		int			shift = random_below(2) ? 900 : -900;

		for (int j = 0; j < k; j++)
		{
			s[j] = value;
			w[j] = random_share() + 0.01;
			heavy[j] = ldexp(w[j], shift);
		}
		for (size_t i = 0; i < LENGTH(names); i++)
			CHECK_SAME(mean_by(names[i], s, w, k), value);
		CHECK_SAME(mean_power(3.3, s, w, k), value);
		CHECK_SAME(mean_power(-3.3, s, w, k), value);
		CHECK_NEAR(mean_by("arithmetic", s, w, k), value, 4e-15 * value);
		for (int j = 0; j < k; j++)
			s[j] = fabs(random_double(-6, 6));
		for EACH_MEAN
			(m)
				CHECK_SAME(mean_by(m->name, s, heavy, k), mean_by(m->name, s, w, k));
	}
}

/* No mean overflows or underflows that is itself a double. */
static void
test_extreme(void)
{
	const double huge[] = {DBL_MAX, DBL_MAX, DBL_MAX};
	const double sides[] = {DBL_MAX, -DBL_MAX};
	const double both[] = {1e308, 1e-308};
	const double tiny[] = {TINY, TINY, TINY};
	const double small[] = {4e-308, 8e-308};
	const double w[] = {1, 1, 1};
	const double heavy[] = {1e308, 1e308, 1.5e308};
	const double light[] = {TINY, TINY, 4 * TINY};

	for EACH_MEAN
		(m)
	{
		CHECK_NEAR(mean_by(m->name, huge, heavy, 3) / DBL_MAX, 1, 1e-15);
		CHECK_NEAR(mean_by(m->name, huge, light, 3) / DBL_MAX, 1, 1e-15);
	}
	CHECK_SAME(mean_by("arithmetic", sides, w, 2), 0.0);
	CHECK_SAME(mean_by("median", sides, w, 2), 0.0);
	CHECK_NEAR(mean_by("geometric", both, w, 2), 1, 1e-12);
	CHECK_NEAR(mean_power(1e-12, both, w, 2), 1, 1e-6);
	CHECK_NEAR(mean_by("harmonic", both, w, 2), 2e-308, 1e-323);
	CHECK_SAME(mean_by("median", tiny, w, 3), TINY);
	CHECK_SAME(mean_by("geometric", tiny, w, 3), TINY);
	CHECK_NEAR(mean_power(300, small, w, 2) / 8e-308, pow(0.5, 1 / 300.0), 1e-14);
	CHECK_NEAR(mean_power(-300, both, w, 2) / 1e-308, pow(2, 1 / 300.0), 1e-14);
	CHECK_NEAR(mean_power(300, both, w, 2) / 1e308, pow(0.5, 1 / 300.0), 1e-14);
}

/* Whole weights stand for so many children of weight 1. */
static void
test_median_oracle(void)
{
	double		s[MAX_CHILDREN];
	double		w[MAX_CHILDREN];
	double		copies[MAX_CHILDREN * 5];

	for (int round = 0; round < 3000; round++)
	{
		int			k = 1 + random_below(MAX_CHILDREN);
		bool		equal = random_below(2);
		size_t		n = 0;

		for (int j = 0; j < k; j++)
		{
			int			times = equal ? 1 : 1 + random_below(5);

			s[j] = random_below(2) ? random_below(7) : random_double(-2, 2);
			w[j] = 0.1 * times;
			while (times-- > 0)
				copies[n++] = s[j];
		}
		sort(copies, n);
		CHECK_NEAR(mean_by("median", s, w, k), (copies[(n - 1) / 2] + copies[n / 2]) / 2, 1e-15);
	}
}

static void
test_median_many(void)
{
	static double s[1000];
	static double w[1000];

	for (int j = 0; j < 1000; j++)
	{
		s[j] = j;
		w[j] = 0.1;
	}
	CHECK_SAME(mean_by("median", s, w, 1000), 499.5);
	CHECK_SAME(mean_by("median", s, w, 999), 499.0);
	shuffle(s, 1000);
	CHECK_SAME(mean_by("median", s, w, 1000), 499.5);
}

/* Columns longer than a block give what units one by one give. */
static void
test_columns(void)
{
	static double column[5][700];
	const double *child[5];
	const double w[] = {0.3, 0, 2, 1, 0.7};
	CiAggregate geometric = spec_of("geometric");
	double		out[700];
	double		scratch[20];
	CiAggregation a = {
		.policy = raise, .n_children = 5, .n = 700, .child = child, .weight = w, .scratch = scratch, .out = out
	};

	for (int j = 0; j < 5; j++)
	{
		child[j] = column[j];
		for (int i = 0; i < 700; i++)
			column[j][i] = random_below(4) ? fabs(random_double(-3, 7)) : MISSING;
	}
	for EACH_MEAN
		(m)
	{
		CiAggregate spec = spec_of(m->name);

		a.spec = &spec;
		a.n = 700;
		CHECK(m->aggregate(&a) == CI_OK);
		for (int i = 0; i < 700; i++)
		{
			double		s[5];

			for (int j = 0; j < 5; j++)
				s[j] = column[j][i];
			CHECK_SAME(out[i], mean_of(&spec, s, w, 5));
		}
		a.n = 0;
		CHECK(m->aggregate(&a) == CI_OK);
	}
	column[3][600] = -1;
	column[0][601] = -1;
	column[1][599] = -1;		/* which has no weight */
	a.spec = &geometric;
	a.n = 700;
	CHECK(geometric.method->aggregate(&a) == CI_NONPOSITIVE);
	CHECK(a.unit == 600 && a.which == 3);
}

void
test_aggregate(void)
{
	unit_run(test_known);
	unit_run(test_hdi);
	unit_run(test_table);
	unit_run(test_missing);
	unit_run(test_policy);
	unit_run(test_power_limits);
	unit_run(test_power_monotone);
	unit_run(test_power_oracle);
	unit_run(test_equal_children);
	unit_run(test_extreme);
	unit_run(test_median_oracle);
	unit_run(test_median_many);
	unit_run(test_columns);
}
