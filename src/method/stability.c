/*
 * method/stability.c
 *	  How far one weight may move, or all of them, before an order changes.
 */
#include "method/stability.h"

CiResponse
ci_response_none(double score)
{
	return (CiResponse) {score, 0, 1, 0};
}

CiResponse
ci_response(double score, double parent, double weight, double better, double others)
{
	double		present = others + (1 - others) * weight;

	return (CiResponse) {score, parent * others * better / present, present, 1 - others};
}

/* Take a root into account: the interval ends where the order turns. */
static void
narrow_to(double u, double *down, double *up)
{
	if (u > 0 && u < *up)
		*up = u;
	if (u < 0 && u > *down)
		*down = u;
}

/*
 * The difference of two responses, times their denominators, which are positive, is
 * n0 + n1 u + n2 u^2, n0 being above 0.
 */
void
ci_stability_narrow(const CiResponse *a, const CiResponse *b, double *down, double *up)
{
	double		lead = a->score - b->score;
	double		n0 = lead * a->present * b->present;
	double		n1 = lead * (a->present * b->absent + b->present * a->absent) +
		a->gain * b->present - b->gain * a->present;
	double		n2 = lead * a->absent * b->absent + a->gain * b->absent - b->gain * a->absent;
	double		discriminant = n1 * n1 - 4 * n0 * n2;
	double		q;

	if (n2 == 0)
	{
		if (n1 != 0)
			narrow_to(-n0 / n1, down, up);
		return;
	}
	if (discriminant < 0)
		return;
	q = -0.5 * (n1 + copysign(sqrt(discriminant), n1));
	narrow_to(q / n2, down, up);
	if (q != 0)
		narrow_to(n0 / q, down, up);
}

double
ci_robustness(double lead, double least)
{
	if (!(lead >= 0))
		return CI_MISSING;
	return least >= 0 ? 1 : lead / (lead - least);
}
