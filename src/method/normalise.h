/*
 * method/normalise.h
 *	  Normalisation: from an indicator's own units to a common scale.
 *
 * Two steps, always: fit estimates a method's parameters from a pool of
 * values, apply maps a column through them.  A methodology whose parameters
 * are given goes through the same two steps, so fitting changes no bit.
 */
#ifndef CI_METHOD_NORMALISE_H
#define CI_METHOD_NORMALISE_H

#include "method/accumulator.h"
#include "method/method.h"

/* One end of a linear scale, in the indicator's own units. */
typedef enum CiPostKind
{
	CI_POST_NUMBER,				/* value: the goalpost, or CI_UNESTIMABLE */
	CI_POST_QUANTILE,			/* value: share in [0, 1]; 0 is min, 1 is max */
	CI_POST_UNIT				/* unit: whose value it is */
} CiPostKind;

typedef struct CiPost
{
	CiPostKind	kind;
	double		value;
	const char *unit;
} CiPost;

/* Bounds between bands: all numbers or all quantiles; at is NULL if not given. */
typedef struct CiPosts
{
	int			n;
	const CiPost *at;
} CiPosts;

/* A value to compare with: a number, a mean, or a unit's value. */
typedef enum CiReferenceKind
{
	CI_REFERENCE_MEAN,			/* of the pool, or of one period of it */
	CI_REFERENCE_NUMBER,		/* value */
	CI_REFERENCE_UNIT			/* unit: whose value it is */
} CiReferenceKind;

typedef struct CiReference
{
	CiReferenceKind kind;
	double		value;
	const char *unit;
	bool		has_period;
	int32_t		period;
} CiReference;

typedef enum CiTransformKind
{
	CI_TRANSFORM_NONE,
	CI_TRANSFORM_LOG,			/* ln(x + offset) */
	CI_TRANSFORM_BOXCOX			/* ((x + offset)^lambda - 1) / lambda */
} CiTransformKind;

typedef struct CiTransform
{
	CiTransformKind kind;
	double		offset;
	double		lambda;
} CiTransform;

typedef struct CiNormaliseMethod CiNormaliseMethod;

/* The parameters of any method of the family; a method uses some of them. */
typedef struct CiNormalise
{
	const CiNormaliseMethod *method;
	int			direction;		/* 1, or -1: less is better */
	CiPost		lower;
	CiPost		upper;
	double		centre;			/* mean or median; NaN: to be estimated */
	double		spread;			/* sd or mad; likewise, or CI_UNESTIMABLE */
	bool		population;		/* sd with n, not n - 1 */
	CiVector	about;			/* mean, rest and exponent of the centre that
								 * sd is estimated about; not given: found */
	bool		clamp;			/* to the goalposts, in natural units */
	double		bounds[2];		/* of a z-score's result, or -+INFINITY */
	CiTransform transform;
	double		to[2];			/* wanted scale, or wanted mean and sd */
	CiReference reference;		/* halfway between the goalposts */
	CiPosts		bounds_of_bands;
	CiVector	scores;			/* of bands */
} CiNormalise;

/* What the caller found for parameters that lie outside the pool; else NaN. */
typedef struct CiFound
{
	double		lower;			/* of a CI_POST_UNIT */
	double		upper;
	double		reference;		/* of a unit, or of a period */
} CiFound;

/*
 * What fit found.  "a" and "b" are what a fitted methodology holds: given again
 * as parameters they lead to the same status and the same scores.  Status:
 *
 * CI_NO_DATA: no value to estimate from, or a parameter is CI_UNESTIMABLE
 * CI_CONSTANT: the goalposts are equal or the spread is 0, also if given
 * CI_REVERSED: the lower goalpost lies above the upper
 * CI_NONPOSITIVE: a goalpost lies outside the domain of the transform
 * CI_OVERFLOW: a parameter, or a transformed value, exceeds the range of a double
 */
typedef struct CiNormaliseFit
{
	CiStatus	status;
	double		a;				/* lower goalpost, or centre; CI_UNESTIMABLE */
	double		b;				/* upper goalpost, or spread; CI_UNESTIMABLE */
	const double *sorted;		/* the pool, ascending, if apply needs it */
	size_t		n;				/* values estimated from, 0 if all is given */
} CiNormaliseFit;

#define CI_NORMALISE_PEERS		0x01	/* depends on the pool beyond a and b */
#define CI_NORMALISE_GIVEN		0x02	/* its goalposts have no default: NaN */
#define CI_NORMALISE_ORDER		0x04	/* estimates from the pool in order */
#define CI_NORMALISE_RECIPROCAL	0x08	/* a cost is divided by: it must be
										 * positive */

struct CiNormaliseMethod
{
	const char *name;
	const char *fitted;			/* name after fitting, NULL if it cannot be */
	const char *fitted_a;		/* the parameters that a and b become */
	const char *fitted_b;
	const CiParam *params;		/* ends with a NULL name */
	unsigned	flags;
	CiAccumulatorKind accumulator;	/* that is enough to estimate from */
	CiScaleKind scale;
	double		to[2];			/* default of "to" */

	/*
	 * Estimate the parameters from pool[0..n), which may hold missing values
	 * unless it is sorted.  scratch has room for n values.  No post is a
	 * CI_POST_UNIT here, nor a reference a unit, and fit->n is set.
	 */
	void		(*fit) (const CiNormalise *spec, const double *pool, size_t n,
						double *scratch, CiNormaliseFit *fit);

	/*
	 * Estimate them from an accumulator instead, and what of a value goes
	 * into it: NULL if none will do, and for the value itself.
	 */
	void		(*settle) (const CiNormalise *spec, const CiAccumulator *accumulator, CiNormaliseFit *fit);
	double		(*term) (const CiNormalise *spec, double x);

	/*
	 * Map x[0..n) to out (which may be x).  Only for a fit with status CI_OK.
	 */
	void		(*apply) (const CiNormalise *spec, const CiNormaliseFit *fit,
						  const double *x, size_t n, double *out);

	/* As ci_normalise_line; NULL if apply is never a line. */
	bool		(*line) (const CiNormalise *spec, const CiNormaliseFit *fit,
						 double *slope, double *intercept);
};

/* The family's table, ended by a NULL name, and a look-up in it. */
extern const CiNormaliseMethod ci_normalise_methods[];
extern const CiNormaliseMethod *ci_normalise_method(const char *name);

/* Set every parameter to the method's default. */
extern void ci_normalise_defaults(CiNormalise *spec, const CiNormaliseMethod *method);

/* Does fit want the pool in ascending order, without missing values? */
extern bool ci_normalise_wants_sorted(const CiNormalise *spec);

/* Is every parameter a number, so that no data is needed to apply it? */
extern bool ci_normalise_is_fitted(const CiNormalise *spec);

extern CiScale ci_normalise_scale(const CiNormalise *spec);

/* Estimate from the pool. */
extern void ci_normalise_fit(const CiNormalise *spec, const double *pool, size_t n,
							 const CiFound *found, double *scratch, CiNormaliseFit *fit);

/*
 * Estimating in a stream: the first parameter that no accumulator is enough for, NULL
 * if there is none; the accumulator to be kept now; and what of a value goes into it.
 */
extern const char *ci_normalise_unaccumulated(const CiNormalise *spec);
extern CiAccumulatorKind ci_normalise_accumulator(const CiNormalise *spec);
extern double ci_normalise_term(const CiNormalise *spec, double x);

/*
 * Estimate from that accumulator.  False if this only found about[], the centre that sd
 * is to be estimated about from another accumulator of the same values.
 */
#define CI_ABOUT_NUMBERS 3

extern bool ci_normalise_settle(const CiNormalise *spec, const CiAccumulator *accumulator,
								CiNormaliseFit *fit, double *about);

/* The centre that "about" stands for; it must be given. */
extern CiCentre ci_normalise_centre(const CiNormalise *spec);

/* A bound between bands, as it was fitted. */
extern double ci_normalise_bound(const CiNormalise *spec, const CiNormaliseFit *fit, int k);

extern void ci_normalise_apply(const CiNormalise *spec, const CiNormaliseFit *fit,
							   const double *x, size_t n, double *out);

/*
 * The score where there is no variation and the policy is midpoint: the middle
 * of a bounded scale, the centre of a centred one.
 */
extern double ci_normalise_midpoint(const CiNormalise *spec);

/* Are there values that have no score, but for the policy on them? */
extern bool ci_normalise_has_domain(const CiNormalise *spec);

/*
 * Bring x[0..n) into the domain of the method: clamp to goalposts that are
 * numbers, then apply the policy to what has no logarithm or reciprocal.
 * Returns CI_NONPOSITIVE, with its place in *where, if the policy is to raise.
 */
extern CiStatus ci_normalise_domain(const CiNormalise *spec, CiNonpositive policy,
									const double *x, size_t n, double *out, size_t *where);

/*
 * Is the score of x another for being clamped, to the fitted goalposts or, for
 * z-scores, to the bounds?  Never where the methodology does not clamp.
 */
extern bool ci_normalise_clamps(const CiNormalise *spec, const CiNormaliseFit *fit, double x);

/*
 * If apply is the line score = intercept + slope * x for every x, give it, as
 * near as rounding allows.
 */
extern bool ci_normalise_line(const CiNormalise *spec, const CiNormaliseFit *fit,
							  double *slope, double *intercept);

/*
 * Goalposts of a fit, as a map of single values: the share of the way from one
 * to the other, laid onto the scale that is wanted.
 */
typedef struct CiOnto
{
	double		start;
	double		end;
	double		way;
	bool		exact;			/* start + way is end */
} CiOnto;

typedef struct CiGoalposts
{
	double		low;			/* x is clamped to these */
	double		high;
	double		unit;			/* 1, or 0.5 where a difference would overflow */
	double		from;			/* in that unit, as is the length */
	double		length;
	CiOnto		onto;
} CiGoalposts;

static inline double
ci_clamped(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}

/* Both ends are met exactly, the map is monotone, and no score is -0. */
static inline double
ci_onto(const CiOnto *onto, double share)
{
	double		score = onto->start + onto->way * share;

	if (onto->exact)
		return score;
	if (share > 0 && share < 1)
		return onto->way < 0 ? ci_clamped(score, onto->end, onto->start) :
			ci_clamped(score, onto->start, onto->end);
	return share < 1 ? score : onto->end + onto->way * (share - 1);
}

static inline double
ci_posts_share(const CiGoalposts *posts, double x)
{
	return (x * posts->unit - posts->from) / posts->length;
}

/*
 * If apply maps each value through goalposts, without a transform, give them:
 * its score is then ci_onto(&posts->onto, share) of the share of x clamped.
 */
extern bool ci_normalise_posts(const CiNormalise *spec, const CiNormaliseFit *fit, CiGoalposts *posts);

static inline double
ci_posts_score(const CiGoalposts *posts, double x)
{
	return ci_onto(&posts->onto, ci_posts_share(posts, ci_clamped(x, posts->low, posts->high)));
}

/*
 * Transform one value.  False if that gives no finite number: NaN outside the
 * domain, an infinity where it overflows.
 */
extern bool ci_transform_value(const CiTransform *transform, double x, double *result);

#endif							/* CI_METHOD_NORMALISE_H */
