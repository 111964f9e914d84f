/*
 * method/weigh.h
 *	  Weighting: from the data of a node's children to their weights.
 *
 * child[j][i] is child j of unit i, NaN if missing; units of several periods
 * may follow each other.  No result depends on the order of units.
 */
#ifndef CI_METHOD_WEIGH_H
#define CI_METHOD_WEIGH_H

#include "method/method.h"

/* A correlation over fewer common units is always 1 or -1. */
#define CI_WEIGH_MIN_UNITS 3

typedef struct CiWeighing
{
	int			n_children;
	size_t		n;				/* units */
	const double *const *child;
	const int  *direction;		/* by child: 1 more is better, -1 less */
	double	   *scratch;		/* room for ci_weigh_scratch() doubles */

	/* Sort the values that are not missing, ascending; returns how many. */
	size_t		(*sort) (const double *x, size_t n, double *sorted);

	/* As ci_linear_symmetric; only for methods with CI_WEIGH_EIGEN. */
	void		(*eigen) (int n, double *matrix, double *value);

	/* Called between columns; it may not return. */
	void		(*check) (void);

	double	   *weight;			/* out: they sum to 1 */
	int			which;			/* what an error is about: a child, */
	int			other;			/* a second one, */
	size_t		unit;			/* the unit */
} CiWeighing;

#define CI_WEIGH_NATURAL	0x01	/* of indicators: in their own units */
#define CI_WEIGH_SCALED		0x02	/* children must be on a known scale */
#define CI_WEIGH_EIGEN		0x04

typedef struct CiWeighMethod
{
	const char *name;
	unsigned	flags;
	double		lowest;			/* that a value may be */
	bool		above;			/* it must be above that */

	/*
	 * Find relative weights, >= 0.  CI_NO_DATA: child "which", or it and
	 * "other", has too few units.
	 */
	CiStatus	(*weigh) (CiWeighing *w);
} CiWeighMethod;

extern const CiWeighMethod ci_weigh_methods[];
extern size_t ci_weigh_scratch(int n_children, size_t n);

/*
 * Weigh by a method.  CI_NONPOSITIVE: the value of child "which", unit "unit"
 * is too low for it; CI_CONSTANT: it tells no child from another, as none
 * varies or all say the same; CI_OVERFLOW: values are too large.
 */
extern CiStatus ci_weigh_by(const CiWeighMethod *method, CiWeighing *w);

/*
 * Pearson's correlation of children a and b over the units that have both;
 * CI_NO_DATA if these are too few, or do not vary.
 */
extern CiStatus ci_weigh_correlation(CiWeighing *w, int a, int b, double *r);

#endif							/* CI_METHOD_WEIGH_H */
