/*
 * unit_balance.c
 *	  Penalties for imbalance and ordered weighted averages, of one unit.
 */
#include "method/aggregate.h"
#include "unit.h"

#define MAX_CHILDREN 30

static CiAggregate
spec_of(const char *name)
{
	CiAggregate spec;

	ci_aggregate_defaults(&spec, ci_aggregate_method(name));
	return spec;
}

static CiStatus
aggregate(const CiAggregate *spec, CiNonpositive policy, const double *s, const double *weight,
		  int k, double *out, int *which)
{
	const double *child[MAX_CHILDREN];
	double		scratch[4 * MAX_CHILDREN];
	CiAggregation a = {
		.spec = spec, .policy = policy, .n_children = k, .n = 1, .child = child, .weight = weight,
		.scratch = scratch, .check = unit_no_check, .out = out
	};
	CiStatus	status;

	for (int j = 0; j < k; j++)
		child[j] = s + j;
	CHECK(spec->method->scratch == NULL || spec->method->scratch(spec, k, 1) <= LENGTH(scratch));
	status = spec->method->aggregate(&a);
	*which = a.which;
	return status;
}

static double
mean_of(const CiAggregate *spec, const double *s, const double *weight, int k)
{
	CiNonpositive raise = {CI_POLICY_ERROR, 0};
	double		out = 42;
	int			which;

	CHECK(aggregate(spec, raise, s, weight, k, &out, &which) == CI_OK);
	return out;
}

static double
arithmetic(const double *s, const double *weight, int k)
{
	CiAggregate spec = spec_of("arithmetic");

	return mean_of(&spec, s, weight, k);
}

static const double ones[MAX_CHILDREN] = {
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
};

static double
penalised(const char *name, int polarity, const double *s, const double *weight, int k)
{
	CiAggregate spec = spec_of(name);

	spec.polarity = polarity;
	return mean_of(&spec, s, weight, k);
}

/*
 * M -+ S^2/M, S of n (Compind's ci_mpi and Indicator take n - 1: 98 where it is
 * 99; Compind's words for the sign are the other way round).
 */
static void
test_mazziotta_pareto(void)
{
	const double sides[] = {90, 110};
	const double goalposts[] = {70, 130};
	const double three[] = {85, 100, 130, MISSING};
	const double weights[] = {1, 2};
	const double copies[] = {90, 110, 110};

	CHECK_SAME(penalised("mpi", 1, sides, ones, 2), 99.0);
	CHECK_SAME(penalised("mpi", -1, sides, ones, 2), 101.0);
	CHECK_SAME(penalised("ampi", 1, goalposts, ones, 2), 91.0);
	CHECK_SAME(penalised("ampi", -1, goalposts, ones, 2), 109.0);
	CHECK_NEAR(penalised("mpi", 1, three, ones, 4), 105 - 350 / 105.0, 1e-13);
	CHECK_NEAR(penalised("mpi", 1, sides, weights, 2), penalised("mpi", 1, copies, ones, 3), 1e-13);
	CHECK(spec_of("mpi").polarity == 1);
}

/* Two children of equal weight: what is left is their harmonic mean. */
static void
test_two_children(void)
{
	CiAggregate harmonic = spec_of("harmonic");

	for (int round = 0; round < 500; round++)
	{
		double		s[] = {fabs(random_double(-5, 9)), fabs(random_double(-5, 9))};
		double		want = mean_of(&harmonic, s, ones, 2);
		double		mean = (s[0] + s[1]) / 2;

		CHECK_NEAR(penalised("mpi", 1, s, ones, 2), want, 1e-14 * mean);
		CHECK_NEAR(penalised("ampi", -1, s, ones, 2), 2 * mean - want, 1e-14 * mean);
	}
}

/* Equal children have no penalty; a mean of 0 or less has no answer. */
static void
test_mpi_edges(void)
{
	const double equal[] = {107, 107, 107};
	const double nothing[] = {MISSING, MISSING};
	const double low[] = {3, -5, MISSING, 1};
	const double w[] = {1, 1, 1, 1, 1};
	const double huge[] = {DBL_MAX, DBL_MAX / 2};
	const double tiny[] = {TINY, TINY};
	CiNonpositive policy = {CI_POLICY_ERROR, 2};
	CiAggregate spec = spec_of("mpi");
	const double floored[] = {3, 2, MISSING, 2};
	double		out = 42;
	int			which = -1;

	CHECK_SAME(mean_of(&spec, equal, w, 3), 107.0);
	CHECK(isnan(mean_of(&spec, nothing, w, 2)));
	CHECK_NEAR(mean_of(&spec, huge, w, 2) / DBL_MAX, 2 / 3.0, 1e-15);
	CHECK(aggregate(&spec, policy, tiny, w, 2, &out, &which) == CI_OK);
	CHECK(aggregate(&spec, policy, low, w, 4, &out, &which) == CI_NONPOSITIVE);
	CHECK(which == 1);
	policy.policy = CI_POLICY_MISSING;
	CHECK(aggregate(&spec, policy, low, w, 4, &out, &which) == CI_OK && isnan(out));
	policy.policy = CI_POLICY_ZERO;
	CHECK(aggregate(&spec, policy, low, w, 4, &out, &which) == CI_OK && out == 0);
	policy.policy = CI_POLICY_FLOOR;
	CHECK(aggregate(&spec, policy, low, w, 4, &out, &which) == CI_OK);
	CHECK_SAME(out, mean_of(&spec, floored, w, 4));
}

static double
mean_min(double alpha, double beta, const double *s, const double *weight, int k)
{
	CiAggregate spec = spec_of("mean_min");

	spec.alpha = alpha;
	spec.beta = beta;
	return mean_of(&spec, s, weight, k);
}

/*
 * M - alpha (sqrt((M - min)^2 + beta^2) - beta): from the mean (alpha 0) to the
 * smallest (alpha 1, beta 0); 10, 2 and 6 lose sqrt(4^2 + 3^2) - 3 = 2 of 6.
 */
static void
test_mean_min(void)
{
	const double s[] = {10, 2, 6};
	const double wide[] = {DBL_MAX, -DBL_MAX};
	double		many[MAX_CHILDREN];
	double		w[MAX_CHILDREN];

	CHECK_SAME(mean_min(0, 3, s, ones, 3), 6.0);
	CHECK_SAME(mean_min(1, 0, s, ones, 3), 2.0);
	CHECK_SAME(mean_min(1, 3, s, ones, 3), 4.0);
	CHECK_SAME(mean_min(0.5, 3, s, ones, 3), 5.0);
	CHECK_SAME(mean_min(1, 0, wide, ones, 2), -DBL_MAX);
	for (int round = 0; round < 500; round++)
	{
		int			k = 1 + random_below(MAX_CHILDREN);
		double		alpha = random_share();
		double		beta = random_share() * 100;
		double		least = HUGE_VAL;
		double		mean;
		double		got;

		for (int j = 0; j < k; j++)
		{
			many[j] = random_double(-3, 7);
			w[j] = random_share() + 0.01;
			least = fmin(least, many[j]);
		}
		mean = arithmetic(many, w, k);
		got = mean_min(alpha, beta, many, w, k);
		CHECK(got >= least && got <= mean + 1e-12);
		CHECK_NEAR(got, mean - alpha * (sqrt((mean - least) * (mean - least) + beta * beta) - beta), 1e-11);
		CHECK_NEAR(mean_min(1, 0, many, w, k), least, 1e-13 * fabs(mean));
	}
}

static double
owa(const double *weights, int n, const double *s, const double *weight, int k)
{
	CiAggregate spec = spec_of("owa");

	spec.weights = (CiVector) {n, weights};
	return mean_of(&spec, s, weight, k);
}

/* Yager (1988): .4, .3, .2, .1 of .7, 1, .3, .6 are .76. */
static void
test_owa(void)
{
	const double yager[] = {0.4, 0.3, 0.2, 0.1};
	const double s[] = {0.7, 1, 0.3, 0.6};
	const double first[] = {5, 0, 0, 0};
	const double last[] = {0, 0, 0, 5};
	const double all[] = {2, 2, 2, 2, 2, 2, 2};
	const double gap[] = {MISSING, 1, 0.3, 0.6};
	const double half[] = {1, 0};
	const double w[] = {1, 2, 3, 4};

	CHECK_NEAR(owa(yager, 4, s, ones, 4), 0.76, 1e-15);
	CHECK_SAME(owa(first, 4, s, ones, 4), 1.0);
	CHECK_SAME(owa(last, 4, s, ones, 4), 0.3);
	CHECK_NEAR(owa(all, 7, s, w, 4), arithmetic(s, w, 4), 1e-15);
	CHECK_NEAR(owa(half, 2, s, ones, 4), 0.85, 1e-15);	/* the better half */
	CHECK_NEAR(owa(half, 2, gap, ones, 4), (1 + 0.5 * 0.6) / 1.5, 1e-15);
	CHECK(isnan(owa(half, 2, gap, ones, 1)));
	CHECK_SAME(owa(yager, 4, s, ones, 1), 0.7);
}

/* Whole weights stand for so many children of weight 1 (Torra 1997). */
static void
test_owa_copies(void)
{
	double		s[6];
	double		w[6];
	double		copies[MAX_CHILDREN];
	double		weights[9];

	for (int round = 0; round < 1000; round++)
	{
		int			k = 1 + random_below(6);
		int			n = 1 + random_below(9);
		int			m = 0;

		for (int i = 0; i < n; i++)
			weights[i] = random_share();
		for (int j = 0; j < k; j++)
		{
			int			times = 1 + random_below(5);

			s[j] = random_below(2) ? random_below(5) : random_double(-2, 4);
			w[j] = 0.3 * times;
			while (times-- > 0)
				copies[m++] = s[j];
		}
		CHECK_NEAR(owa(weights, n, s, w, k), owa(weights, n, copies, ones, m), 1e-13);
	}
}

/* t^a: 1 is the mean; its square leaves the worse half three quarters. */
static void
test_quantifier(void)
{
	const double s[] = {8, 4};
	CiAggregate spec = spec_of("owa");

	spec.quantifier = 1;
	CHECK_SAME(mean_of(&spec, s, ones, 2), 6.0);
	spec.quantifier = 2;
	CHECK_SAME(mean_of(&spec, s, ones, 2), 5.0);
	spec.quantifier = 0.5;
	CHECK_NEAR(mean_of(&spec, s, ones, 2), 4 + 4 * sqrt(0.5), 1e-15);
}

/* What a methodology must not let through. */
static void
test_faults(void)
{
	const double zeros[] = {0, 0};
	CiAggregate spec = spec_of("owa");
	int			which = -1;

	CHECK(spec.method->fault(&spec, 3, &which) != NULL);
	spec.quantifier = 2;
	CHECK(spec.method->fault(&spec, 3, &which) == NULL);
	spec.weights = (CiVector) {2, zeros};
	CHECK(spec.method->fault(&spec, 3, &which) != NULL);
	spec.quantifier = MISSING;
	CHECK(spec.method->fault(&spec, 3, &which) != NULL);
	spec.weights.at = ones;
	CHECK(spec.method->fault(&spec, 3, &which) == NULL);
	spec = spec_of("mean_min");
	CHECK(spec.method->fault(&spec, 3, &which) != NULL);
	spec.alpha = 0;
	CHECK(spec.method->fault(&spec, 3, &which) != NULL);
	spec.beta = 0;
	CHECK(spec.method->fault(&spec, 3, &which) == NULL);
	CHECK(which == -1);
}

void
test_balance(void)
{
	unit_run(test_mazziotta_pareto);
	unit_run(test_two_children);
	unit_run(test_mpi_edges);
	unit_run(test_mean_min);
	unit_run(test_owa);
	unit_run(test_owa_copies);
	unit_run(test_quantifier);
	unit_run(test_faults);
}
