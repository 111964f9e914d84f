/*
 * method/stability.h
 *	  How far one weight may move, or all of them, before an order changes.
 */
#ifndef CI_METHOD_STABILITY_H
#define CI_METHOD_STABILITY_H

#include "method/method.h"

/*
 * A unit's score while one weight, as a share of its siblings', is u more than
 * it is and the others share the rest in proportion:
 * score + gain * u / (present + absent * u).
 */
typedef struct CiResponse
{
	double		score;
	double		gain;
	double		present;		/* share of the weights that the unit has
								 * children for */
	double		absent;			/* what the others lack, 0 without gaps */
} CiResponse;

/*
 * Of a unit without a child: its score does not move.  For others: the share
 * of the parent in the root's score, the weight's own, what the child is better
 * than the mean of the others that are present, and these ones' share among all
 * the others.
 */
extern CiResponse ci_response_none(double score);
extern CiResponse ci_response(double score, double parent, double weight, double better,
							  double others);

/*
 * Narrow [*down, *up], in which u lies, to where a, which is ahead at 0, stays ahead
 * of b or level with it.
 */
extern void ci_stability_narrow(const CiResponse *a, const CiResponse *b, double *down, double *up);

/*
 * The largest share of all weight that may be given to the indicator in which a lead is the
 * least, the rest as it is, so that the lead stays: lead / (lead - least), 1 if none is below 0
 * (Foster, McGillivray, Seth 2013).  NaN if there is no lead.
 */
extern double ci_robustness(double lead, double least);

#endif							/* CI_METHOD_STABILITY_H */
