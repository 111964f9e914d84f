/*
 * unit_stability.c
 *	  Responses to one weight, against the mean computed anew.
 */
#include "method/stability.h"
#include "unit.h"

#define CHILDREN 4

/* A unit of one mean: the first child's share moves by u, the others keep their proportions. */
static double
moved_mean(const double *weight, const double *score, double u)
{
	double		others = 0;
	double		sum = 0;
	double		present = 0;

	for (int k = 1; k < CHILDREN; k++)
		others += weight[k];
	for (int k = 0; k < CHILDREN; k++)
	{
		double		first = weight[0] / (weight[0] + others) + u;
		double		share = k == 0 ? first : (1 - first) * weight[k] / others;

		if (score[k] != score[k])
			continue;
		sum += share * score[k];
		present += share;
	}
	return sum / present;
}

static CiResponse
response(const double *weight, const double *score)
{
	double		all = 0;
	double		sum = 0;
	double		present = 0;

	for (int k = 1; k < CHILDREN; k++)
	{
		all += weight[k];
		sum += score[k] != score[k] ? 0 : weight[k] * score[k];
		present += score[k] != score[k] ? 0 : weight[k];
	}
	return ci_response(moved_mean(weight, score, 0), 1, weight[0] / (weight[0] + all),
					   score[0] - sum / present, present / all);
}

static void
draw(double *score)
{
	for (int k = 0; k < CHILDREN; k++)
		score[k] = k > 1 && random_below(3) == 0 ? MISSING : random_share();
}

static void
responds_as_the_mean(void)
{
	for (int i = 0; i < 2000; i++)
	{
		double		weight[CHILDREN];
		double		score[CHILDREN];
		CiResponse	r;
		double		u;

		for (int k = 0; k < CHILDREN; k++)
			weight[k] = 0.1 + random_share();
		draw(score);
		r = response(weight, score);
		u = (random_share() - 0.5) / 10;
		CHECK_NEAR(r.score + r.gain * u / (r.present + r.absent * u), moved_mean(weight, score, u), 1e-13);
	}
}

/* Within the interval a is never behind, and just beyond an end it is. */
static void
narrows_to_the_turn(void)
{
	int			turns = 0;

	for (int i = 0; i < 3000; i++)
	{
		double		weight[CHILDREN] = {1, 1 + random_share(), 1, 2};
		double		x[CHILDREN];
		double		y[CHILDREN];
		CiResponse	a;
		CiResponse	b;
		double		first = 1 / (1 + weight[1] + weight[2] + weight[3]);
		double		down = -first;
		double		up = 1 - first;

		draw(x);
		draw(y);
		a = response(weight, x);
		b = response(weight, y);
		if (!(a.score > b.score))
			continue;
		ci_stability_narrow(&a, &b, &down, &up);
		for (int step = 0; step <= 50; step++)
		{
			double		u = down + (up - down) * (0.001 + 0.998 * step / 50);

			CHECK(moved_mean(weight, x, u) >= moved_mean(weight, y, u));
		}
		for (int end = 0; end < 2; end++)
		{
			double		u = end == 0 ? down - 1e-6 : up + 1e-6;

			if (u <= -first || u >= 1 - first)
				continue;
			turns++;
			CHECK(moved_mean(weight, x, u) < moved_mean(weight, y, u));
		}
	}
	CHECK(turns > 500);
}

static void
robust_leads(void)
{
	CHECK_SAME(ci_robustness(1, 0), 1);
	CHECK_SAME(ci_robustness(0, 0), 1);
	CHECK_SAME(ci_robustness(0, -1), 0);
	CHECK_SAME(ci_robustness(1, -3), 0.25);
	CHECK_SAME(ci_robustness(-1, -3), MISSING);
}

void
test_stability(void)
{
	unit_run(responds_as_the_mean);
	unit_run(narrows_to_the_turn);
	unit_run(robust_leads);
}
