/*
 * method/aggregate.h
 *	  Aggregation: from the scores of a node's children to its own.
 *
 * A method works on columns: child[j][i] is what child j contributes for unit
 * i, NaN if missing.  Weights are relative; they are renormalised over what is
 * present.  A child of weight 0 has no influence; a unit without any child of
 * positive weight has no score.
 *
 * The methods stand in several tables, each in the file of its family:
 * aggregate.c power means and the median, balance.c what looks at how children
 * differ, outrank.c what compares units in pairs, mcda.c what compares them with
 * reference points.
 */
#ifndef CI_METHOD_AGGREGATE_H
#define CI_METHOD_AGGREGATE_H

#include "method/method.h"
#include "method/program.h"

typedef struct CiAggregateMethod CiAggregateMethod;
typedef struct CiAggregateRow CiAggregateRow;

/* How topsis normalises. */
typedef enum CiNorm
{
	CI_NORM_VECTOR,				/* by the Euclidean length */
	CI_NORM_MINMAX				/* by the range */
} CiNorm;

/* PROMETHEE: how a difference becomes a preference. */
typedef enum CiPreferenceFunction
{
	CI_PREFERENCE_COMMON,		/* of a child: that of all children */
	CI_PREFERENCE_USUAL,
	CI_PREFERENCE_U_SHAPE,
	CI_PREFERENCE_V_SHAPE,
	CI_PREFERENCE_LEVEL,
	CI_PREFERENCE_LINEAR,
	CI_PREFERENCE_GAUSSIAN
} CiPreferenceFunction;

typedef struct CiPreference
{
	int			function;		/* CiPreferenceFunction */
	double		q;				/* up to it, indifference; NaN: not given */
	double		p;				/* from it on, strict preference; likewise */
	double		s;				/* where the gaussian bends; likewise */
} CiPreference;

/* The parameters of any method; a method uses some of them. */
typedef struct CiAggregate
{
	const CiAggregateMethod *method;
	double		power;			/* exponent of the power mean; NaN: none */
	double		scale[2];		/* aggregate on this scale; NaN: as it is */
	int			norm;			/* topsis: a CiNorm */
	double		v;				/* vikor: weight of S, the rest is R's */
	double		lambda;			/* waspas: weight of the sum, the rest is the
								 * product's */
	double		tau;			/* codas: Euclidean distances nearer than that
								 * are the same */
	CiByChild	bounds;			/* spotis: double[2] */
	CiByChild	ideal;			/* aras, spotis: double; NaN: by direction */
	int			polarity;		/* mpi, ampi: 1, or -1 for what is unwelcome */
	double		alpha;			/* mean_min: share of the penalty */
	double		beta;			/* mean_min: how late the penalty sets in */
	CiVector	weights;		/* owa: by place, the greatest first */
	double		quantifier;		/* owa: exponent of it; NaN: by weights */
	CiPreference common;		/* promethee: of all children */
	CiByChild	preference;		/* promethee: CiPreference of those that
								 * differ */
	CiByChild	shares;			/* bod: double[2], of the score */
	CiByChild	weight_shares;	/* bod: double[2], of the weights */
} CiAggregate;

/* What is aggregated. */
typedef struct CiAggregation
{
	const CiAggregate *spec;
	CiNonpositive policy;
	CiPolicy	on_constant;	/* for what concerns one child or one unit */
	int			n_children;
	size_t		n;				/* units; all of a period for
								 * CI_AGGREGATE_PEERS */
	const double *const *child; /* columns */
	const double *weight;		/* finite, >= 0 */

	/*
	 * By child, 1 or -1: less is better.  Only CI_AGGREGATE_NATURAL and
	 * CI_AGGREGATE_APART meet a -1; for others children enter turned.
	 */
	const int  *direction;

	/*
	 * Units that parameters are estimated from, and that others are compared
	 * with; NULL if all are.  Those outside are scored all the same, against
	 * the others.  For CI_AGGREGATE_PEERS only.
	 */
	const bool *counts;
	double	   *scratch;		/* room for as much as the method wants */
	CiProgram  *program;		/* for CI_AGGREGATE_PROGRAM only */
	void		(*check) (void);	/* called every 10^6 steps or so; may not
									 * return */
	double	   *out;

	/*
	 * Set by a method that searches for the best of all orders: how many
	 * there are, 0 if it may not have found one.
	 */
	double		optima;

	/* Set if the status is not CI_OK. */
	size_t		unit;			/* CI_NONPOSITIVE: whose value it is;
								 * CI_INFEASIBLE: one without a score */
	int			which;			/* CI_NONPOSITIVE, CI_CONSTANT: the child; -1:
								 * all of them */
	size_t		limit;			/* CI_TOO_MANY: how many can be compared */
} CiAggregation;

#define CI_AGGREGATE_PEERS		0x01	/* a score depends on other units */
#define CI_AGGREGATE_NATURAL	0x02	/* normalises by itself: children come
										 * in natural units, with directions */
#define CI_AGGREGATE_APART		0x04	/* never adds one child to another:
										 * children may be on any scales, and
										 * come with directions */
#define CI_AGGREGATE_LESS		0x08	/* less of the score is better */
#define CI_AGGREGATE_BETWEEN	0x10	/* the score lies between the least
										 * and the greatest child, on their
										 * scale */

#define CI_AGGREGATE_RATIO		0x20	/* divides by the arithmetic mean of
										 * the children, which must be above 0 */
#define CI_AGGREGATE_PROGRAM	0x40	/* solves linear programs */

struct CiAggregateMethod
{
	const char *name;
	const CiParam *params;
	unsigned	flags;

	/*
	 * Exponent of the power mean that the method is, or the default of its
	 * parameter: 1 is a weighted sum, up to 0 children must be positive.  NaN
	 * if it is no power mean.
	 */
	double		power;

	/*
	 * Aggregate.  Status:
	 *
	 * CI_NONPOSITIVE: a value that the policy says to raise
	 *
	 * CI_CONSTANT: units do not differ, in one child or in all
	 *
	 * CI_TOO_MANY: more units count than the method can compare
	 *
	 * CI_INFEASIBLE: a unit can fulfil no conditions, it has no score
	 */
	CiStatus	(*aggregate) (CiAggregation *a);

	/* The mean of one unit, for an aggregate that takes units one by one. */
	double		(*mean) (const CiAggregateRow *row, double power);

	/* How many doubles of scratch it wants; NULL: none. */
	size_t		(*scratch) (const CiAggregate *spec, int n_children, size_t n);

	/*
	 * The scale of the score; NULL: that of the children if it lies between
	 * them, else unknown.
	 */
	CiScale		(*scale) (const CiAggregate *spec);

	/* Set the defaults of parameters of its own; NULL: all 0. */
	void		(*defaults) (CiAggregate *spec);

	/*
	 * What is wrong with the parameters, to follow the name of the stage as
	 * in "needs weights", NULL if nothing is.  *which is the child concerned,
	 * or stays as it is.  NULL: nothing can be wrong.
	 */
	const char *(*fault) (const CiAggregate *spec, int n_children, int *which);
};

/* The methods of all tables, one after the other: NULL gives the first, the last NULL. */
extern const CiAggregateMethod *ci_aggregate_next(const CiAggregateMethod *method);
extern const CiAggregateMethod *ci_aggregate_method(const char *name);
extern void ci_aggregate_defaults(CiAggregate *spec, const CiAggregateMethod *method);

/* Tables of the families, each ended by a NULL name. */
extern const CiAggregateMethod ci_aggregate_methods[];
extern const CiAggregateMethod ci_balance_methods[];
extern const CiAggregateMethod ci_outrank_methods[];
extern const CiAggregateMethod ci_mcda_methods[];
extern const CiAggregateMethod ci_bod_methods[];

/*
 * Does this spec need positive children (power does only for a finite exponent
 * <= 0)?  Other powers but 1 and infinity need children >= 0.
 */
extern bool ci_aggregate_needs_positive(const CiAggregate *spec);

/* Is this spec a weighted sum (a power mean with exponent 1 is)? */
extern bool ci_aggregate_is_additive(const CiAggregate *spec);

/*
 * Is it the plain weighted mean, on the scale of the children?  Its score is
 * then that of a CiMean to which children of positive weight, multiplied by
 * ci_aggregate_weight_factor, were added in order.
 */
extern bool ci_aggregate_is_arithmetic(const CiAggregate *spec);

typedef struct CiMean
{
	double		sum;
	double		present;		/* weight of what was not missing */
} CiMean;

static inline void
ci_mean_add(CiMean *mean, double score, double weight)
{
	bool		missing = ci_is_missing(score);

	mean->sum += missing ? 0 : weight * score;
	mean->present += missing ? 0 : weight;
}

static inline double
ci_mean(const CiMean *mean)
{
	return mean->present > 0 ? mean->sum / mean->present : CI_MISSING;
}

/* Its score's scale, given the one that all children share. */
extern CiScale ci_aggregate_scale(const CiAggregate *spec, CiScale children);

/*
 * A power of two that brings the sum of all weights to at most 1, so that no
 * weighted sum exceeds its largest term.
 */
extern double ci_aggregate_weight_factor(const double *weight, int n_children);

/* Does a unit take part in parameters and comparisons? */
static inline bool
ci_aggregation_counts(const CiAggregation *a, size_t unit)
{
	return a->counts == NULL || a->counts[unit];
}

#endif							/* CI_METHOD_AGGREGATE_H */
