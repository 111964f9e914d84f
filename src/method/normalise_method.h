/*
 * method/normalise_method.h
 *	  What the methods of normalisation (normalise.c) share with what calls them
 *	  (normalise_spec.c).
 */
#ifndef CI_METHOD_NORMALISE_METHOD_H
#define CI_METHOD_NORMALISE_METHOD_H

#include "method/normalise.h"

/*
 * Values are mapped in pieces that stay in the cache from step to step: no
 * method's "apply" is given more at a time.
 */
#define CI_NORMALISE_PIECE 1024

/* Is the centre given that sd is estimated about? */
static inline bool
ci_normalise_has_about(const CiNormalise *spec)
{
	return spec->about.at != NULL && spec->about.n == CI_ABOUT_NUMBERS;
}

/* Is a z-score clamped? */
static inline bool
ci_normalise_is_bounded(const CiNormalise *spec)
{
	return spec->bounds[0] > -HUGE_VAL || spec->bounds[1] < HUGE_VAL;
}

#endif							/* CI_METHOD_NORMALISE_METHOD_H */
