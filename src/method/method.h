/*
 * method/method.h
 *	  What every family of the kernel shares.
 *
 * The kernel (this folder) is plain C99: it includes no PostgreSQL header,
 * allocates nothing, holds no globals but constant tables, and reports by
 * status code.  Arrays belong to the caller.  A missing value is a NaN; every
 * other value that enters is finite.
 *
 * A family is one file with one table of methods.  A row of the table names
 * the method, its parameters (where each is stored in the family's struct of
 * parameters, so that the reader of methodologies needs to know none of them)
 * and its functions.  A new method is a function and a row.
 */
#ifndef CI_METHOD_H
#define CI_METHOD_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum CiStatus
{
	CI_OK = 0,
	CI_NO_DATA,					/* nothing to estimate from */
	CI_CONSTANT,				/* no variation to estimate from */
	CI_REVERSED,				/* the upper goalpost is below the lower; or a
								 * transform turns the order round */
	CI_NONPOSITIVE,				/* a value that has no logarithm or mean */
	CI_OVERFLOW,				/* the result is not finite */
	CI_TOO_MANY,				/* more units than can be compared */
	CI_INFEASIBLE				/* conditions that a unit cannot fulfil */
} CiStatus;

#define CI_MISSING ((double) NAN)

#define CI_UNESTIMABLE ((double) INFINITY)

static inline bool
ci_is_missing(double x)
{
	return x != x;
}

/* What is done where there is no variation, or no positive value. */
typedef enum CiPolicy
{
	CI_POLICY_ERROR,
	CI_POLICY_MISSING,
	CI_POLICY_MIDPOINT,			/* on_constant only */
	CI_POLICY_ZERO,				/* on_nonpositive only, as is the next */
	CI_POLICY_FLOOR
} CiPolicy;

typedef struct CiNonpositive
{
	CiPolicy	policy;
	double		floor;			/* CI_POLICY_FLOOR: what is less becomes it */
} CiNonpositive;

/*
 * Parameters of a method, as the methodology's JSON names them.  "offset" is
 * where the value goes in the family's struct of parameters.  Every number that
 * a parameter holds must lie in [lowest, highest]; a fitted parameter
 * (CI_PARAM_FITTED, or a goalpost) may be null there, which is stored as
 * CI_UNESTIMABLE: there was nothing to estimate it from, every score that needs
 * it is missing.
 */
typedef enum CiParamKind
{
	CI_PARAM_NUMBER,			/* double */
	CI_PARAM_POSITIVE,			/* double above 0 */
	CI_PARAM_WHOLE,				/* double: a whole number */
	CI_PARAM_FITTED,			/* double; NaN: to be estimated */
	CI_PARAM_EXPONENT,			/* double, also "Infinity" and "-Infinity" */
	CI_PARAM_BOOL,				/* bool */
	CI_PARAM_RANGE,				/* double[2]: two different numbers, any order */
	CI_PARAM_BOUNDS,			/* double[2]: the first below the second */
	CI_PARAM_CENTRED,			/* double[2]: centre, spread > 0 */
	CI_PARAM_POST,				/* CiPost: "min", "p2.5", a number … */
	CI_PARAM_POSTS,				/* CiPosts: several, ascending */
	CI_PARAM_REFERENCE,			/* CiReference: "mean", a number … */
	CI_PARAM_TRANSFORM,			/* CiTransform */
	CI_PARAM_WORD,				/* int: one of a table of CiChoice */
	CI_PARAM_VECTOR,			/* CiVector */
	CI_PARAM_BY_CHILD			/* CiByChild, what each child has: a CiElement */
} CiParamKind;

/* A word that a text may be, and what it stands for. */
typedef struct CiChoice
{
	const char *name;
	int			value;
} CiChoice;

/* Numbers; at is NULL if they are not given. */
typedef struct CiVector
{
	int			n;
	const double *at;
} CiVector;

/*
 * A value for each child of a component, in the order of the columns that are
 * aggregated; those not given are the element's standard, at NULL is so for all.
 */
typedef struct CiByChild
{
	int			n;
	const char *const *code;	/* as the methodology names the children */
	void	   *at;
} CiByChild;

/* Limits of a scale's numbers, so that its length is finite. */
#define CI_SCALE_LIMITS (-1e300), 1e300

typedef struct CiParam
{
	const char *name;
	CiParamKind kind;
	size_t		offset;
	double		lowest;
	double		highest;
	const void *more;			/* CI_PARAM_WORD: its words, BY_CHILD: its
								 * CiElement */
} CiParam;

/*
 * What a parameter by child holds for one: a struct, an object of these
 * parameters; or, if there is one and it has no name (""), just its value.
 */
typedef struct CiElement
{
	const CiParam *params;
	size_t		size;
	const void *standard;
	bool		shared;			/* just a value is that of all children */
} CiElement;

/*
 * The scale of a score, as far as it is known before any data is seen.
 * Bounded: from "low" to "high" (low may be the larger).  Centred: "low" is
 * the centre, "high" the unit of spread.
 */
typedef enum CiScaleKind
{
	CI_SCALE_UNKNOWN,
	CI_SCALE_BOUNDED,
	CI_SCALE_CENTRED
} CiScaleKind;

typedef struct CiScale
{
	CiScaleKind kind;
	double		low;
	double		high;
} CiScale;

#define CI_UNKNOWN_SCALE ((CiScale) {CI_SCALE_UNKNOWN, 0, 0})

/* Reflected on its scale, a score s becomes this less s. */
static inline double
ci_scale_turn(const CiScale *scale)
{
	return scale->kind == CI_SCALE_CENTRED ? 2 * scale->low : scale->low + scale->high;
}

/*
 * Give the server a chance to cancel, once in a while of a long loop; NULL: the
 * loop is none.
 */
static inline void
ci_check_at(void (*check) (void), size_t i)
{
	if (i % 65536 == 65535 && check != NULL)
		check();
}

#endif							/* CI_METHOD_H */
