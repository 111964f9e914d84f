/*
 * method/treat.h
 *	  Treatment of outliers: cells are clipped, or all are transformed.
 *
 * Two steps, as in normalise.h: fit finds what is to be done with a column from
 * a pool of values, apply does it to any cells.
 */
#ifndef CI_METHOD_TREAT_H
#define CI_METHOD_TREAT_H

#include "method/method.h"

typedef struct CiTreatMethod CiTreatMethod;

/* What winsorise does with a column that it does not cure. */
typedef enum CiTreatOtherwise
{
	CI_OTHERWISE_NONE,			/* the column stays as far as it was clipped */
	CI_OTHERWISE_LOG,
	CI_OTHERWISE_LOG_CT,
	CI_OTHERWISE_LOG_GII,
	CI_OTHERWISE_BOXCOX
} CiTreatOtherwise;

/* The parameters of any method of the family; a method uses some of them. */
typedef struct CiTreat
{
	const CiTreatMethod *method;	/* NULL: nothing is treated */
	double		skewness;		/* winsorise: an outlier is above both ... */
	double		kurtosis;
	double		max_points;
	int			otherwise;		/* a CiTreatOtherwise */
	double		lower;			/* trim: shares; clip: NaN, open, or
								 * CI_UNESTIMABLE */
	double		upper;
	double		offset;			/* log, boxcox */
	double		scale;			/* log; above 0 */
	double		lambda;			/* boxcox, also of winsorise's otherwise; NaN:
								 * none */
} CiTreat;

/*
 * What fit found: a method whose parameters are numbers, or none.  Status:
 *
 * CI_NO_DATA: there was nothing to estimate from, every cell becomes missing
 * CI_CONSTANT: too few values, or no variation, to judge by: not treated
 * CI_REVERSED: the transform would reverse the order of values, or level it
 * CI_OVERFLOW: a parameter exceeds the range of a double
 */
typedef struct CiTreatFit
{
	CiStatus	status;
	CiTreat		treat;
} CiTreatFit;

/* A cell that has no treated value. */
typedef struct CiTreatFault
{
	size_t		where;
	double		value;
} CiTreatFault;

#define CI_TREAT_ORDER			0x01	/* wants the pool in order */
#define CI_TREAT_TRANSFORMS		0x02	/* gives every cell another value */

/* What fit works on. */
typedef struct CiTreatPool
{
	const double *value;		/* ascending, none missing, if wanted in order */
	size_t		n;
	double	   *scratch;		/* room for n values */
	void		(*check) (void);	/* to be called now and then; or NULL */
} CiTreatPool;

struct CiTreatMethod
{
	const char *name;
	const CiParam *params;		/* ends with a NULL name */
	unsigned	flags;
	double		lower;			/* default */
	double		upper;

	/* NULL for a method whose parameters are numbers. */
	void		(*fit) (const CiTreat *spec, const CiTreatPool *pool, CiTreatFit *fit);

	/*
	 * Treat cells in place.  NULL for a method that fitting turns into
	 * another.
	 */
	CiStatus	(*apply) (const CiTreat *spec, CiNonpositive policy, double *cells, size_t n,
						  CiTreatFault *fault);
};

/* The family's table, ended by a NULL name, a look-up in it, and words for otherwise. */
extern const CiTreatMethod ci_treat_methods[];
extern const CiTreatMethod *ci_treat_method(const char *name);
extern const CiChoice ci_treat_otherwises[];

extern void ci_treat_defaults(CiTreat *spec, const CiTreatMethod *method);

extern void ci_treat_fit(const CiTreat *spec, const CiTreatPool *pool, CiTreatFit *fit);

/*
 * Treat cells in place as fit found.  A cell that has no treated value becomes
 * missing: where that is not the policy, the first one is the fault, and the
 * status says which: CI_NONPOSITIVE, or CI_OVERFLOW.
 */
extern CiStatus ci_treat_apply(const CiTreatFit *fit, CiNonpositive policy,
							   double *cells, size_t n, CiTreatFault *fault);

/* Does a value change because it is clipped? */
extern bool ci_treat_clips(const CiTreatFit *fit, double x);

#endif							/* CI_METHOD_TREAT_H */
