/*
 * method/impute.h
 *	  Imputation: values for the missing cells of an indicator.
 *
 * A method either estimates one value from a pool, which then fills every
 * missing cell, or fills a unit's cells from what is observed of it in other
 * periods.
 */
#ifndef CI_METHOD_IMPUTE_H
#define CI_METHOD_IMPUTE_H

#include "method/accumulator.h"
#include "method/method.h"

typedef struct CiImputeMethod CiImputeMethod;

typedef struct CiImpute
{
	const CiImputeMethod *method;	/* NULL: nothing is imputed */
	double		value;			/* of every missing cell; NaN: to be estimated */
	double		max_gap;		/* in periods; NaN: any */
} CiImpute;

/* CI_NO_DATA: there was nothing to estimate from, cells stay missing. */
typedef struct CiImputeFit
{
	CiStatus	status;
	double		value;			/* CI_UNESTIMABLE if there is none */
} CiImputeFit;

/* A unit's cells, period by period.  What is observed stays as it is. */
typedef struct CiSeries
{
	size_t		n;
	int32_t    *period;			/* ascending, distinct */
	double	   *observed;
	double	   *filled;			/* result; NaN where nothing is near enough */
	size_t	   *from;			/* result: the (earlier) cell it comes from */
} CiSeries;

#define CI_IMPUTE_ORDER		0x01	/* estimates from the pool in order */

struct CiImputeMethod
{
	const char *name;
	const char *fitted;			/* name after fitting, NULL if it cannot be */
	const CiParam *params;		/* ends with a NULL name */
	unsigned	flags;

	/* The value that a pool gives; n > 0.  NULL if none is estimated. */
	double		(*estimate) (const double *pool, size_t n, void (*check) (void));

	/*
	 * The same from an accumulator that is enough, and which; NULL if none
	 * is.
	 */
	CiAccumulatorKind accumulator;
	double		(*settle) (const CiAccumulator *accumulator);

	/* Fill a unit's cells; NULL for a method that fills with one value. */
	void		(*fill) (const CiImpute *spec, CiSeries *series);
};

/* The family's table, ended by a NULL name, and a look-up in it. */
extern const CiImputeMethod ci_impute_methods[];
extern const CiImputeMethod *ci_impute_method(const char *name);

extern void ci_impute_defaults(CiImpute *spec, const CiImputeMethod *method);

/*
 * Estimate from the pool, which has no missing values if the method wants it in
 * order.  For a method that does not fill from other periods.  "check", or NULL, is
 * called now and then.
 */
extern void ci_impute_fit(const CiImpute *spec, const double *pool, size_t n,
						  void (*check) (void), CiImputeFit *fit);

/* Estimate from the accumulator that the method says is enough. */
extern void ci_impute_settle(const CiImpute *spec, const CiAccumulator *accumulator, CiImputeFit *fit);

#endif							/* CI_METHOD_IMPUTE_H */
