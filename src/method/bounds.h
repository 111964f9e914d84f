/*
 * method/bounds.h
 *	  Guarantees over all admissible weights of a tree of weighted means.
 *
 * A weight vector is admissible if each weight lies in its own interval
 * [low, high]; as in evaluation, weights are divided by their sum over what is
 * present.  The intervals of different nodes are independent, and so are those
 * of siblings before the division: the extremes of a mean are found node by
 * node, children first.
 */
#ifndef CI_METHOD_BOUNDS_H
#define CI_METHOD_BOUNDS_H

#include "method/program.h"
#include "method/rank.h"

/* A mean: the components that enter, of positive weight. */
typedef struct CiBoundsNode
{
	int			component;
	int			n;
	const int  *term;
} CiBoundsNode;

/*
 * Arrays by component hold a double for each of n, the last of which is the
 * root.  Components that are in no node and not the root are of no concern.
 */
typedef struct CiBoundsTree
{
	int			n;
	int			n_nodes;
	const CiBoundsNode *node;	/* children before parents; none: the scores
								 * are what they are */
	const double *weight;		/* 0 < low <= weight <= high, for those that
								 * enter */
	const double *low;
	const double *high;
} CiBoundsTree;

/*
 * A unit: what each component contributes, in the units of the root's score
 * and so that more is better; NaN where there is none.  ci_bounds_prepare makes
 * the rest from the scores of what is no node, and from where nodes have one.
 */
typedef struct CiBoundsUnit
{
	double	   *score;			/* at the weights given */
	double	   *least;			/* over all weights */
	double	   *greatest;
	double	   *filled;			/* score, that of its parent where missing */
} CiBoundsUnit;

/* Units, those with a rank, and how ranks come from scores. */
typedef struct CiBounds
{
	const CiBoundsTree *tree;
	size_t		n;
	const CiBoundsUnit *unit;	/* by score, from the best */
	const int32_t *rank;		/* at the weights given */
	const CiTiesMethod *ties;
	int			decimals;
	double		error;			/* that a difference of scores may have */
	double		clear;			/* from this difference on rounded scores
								 * differ */
} CiBounds;

/* How two units, a's score no lower than b's, stand over all admissible weights. */
typedef enum CiBoundsOrder
{
	CI_BOUNDS_OPEN,				/* nothing is known */
	CI_BOUNDS_LEVEL,			/* always the same score: they have the same
								 * data */
	CI_BOUNDS_NOT_BEHIND,		/* a's score is never below b's */
	CI_BOUNDS_AHEAD				/* and its rounded score is always above b's */
} CiBoundsOrder;

/* Doubles of scratch that the functions on a tree, and the search, want. */
extern size_t ci_bounds_room(const CiBoundsTree *tree);
extern size_t ci_bounds_search_room(const CiBounds *bounds);

extern void ci_bounds_prepare(const CiBoundsTree *tree, CiBoundsUnit *unit, double *scratch);

/* What scores have as their least and greatest over all weights, by component. */
extern void ci_bounds_limits(const CiBoundsTree *tree, const double *score, double *least,
							 double *greatest, double *scratch);

/*
 * The weights that make the mean of values least.  Those of leaves are given, nodes get
 * their least.
 */
extern void ci_bounds_favour(const CiBoundsTree *tree, double *value, double *weight,
							 double *scratch);

/* What the difference of two scores may be off, given the largest that enters. */
extern double ci_bounds_error(int n_components, double largest);

/* From which difference on two scores are sure to be rounded to different ones. */
extern double ci_bounds_clear(int decimals, double error, double largest);

/*
 * The least that a's score exceeds b's by over all admissible weights: exact where the two
 * have scores of the same components, else a lower bound.
 */
extern double ci_bounds_least_lead(const CiBoundsTree *tree, const CiBoundsUnit *a,
								   const CiBoundsUnit *b, double *scratch);

/* The unit's score at these weights, by component. */
extern double ci_bounds_score(const CiBoundsTree *tree, const CiBoundsUnit *unit,
							  const double *weight, double *scratch);

/* Is a rounded score above another, or not below it, even if both are off by the error? */
extern bool ci_bounds_surely_ahead(const CiBounds *bounds, double x, double y);
extern bool ci_bounds_surely_not_behind(const CiBounds *bounds, double x, double y);

extern CiBoundsOrder ci_bounds_order(const CiBounds *bounds, size_t a, size_t b, double *scratch);

/* What is known of a unit from its order with all others. */
typedef struct CiBoundsTally
{
	int32_t		ahead;			/* always ahead of it */
	int32_t		not_behind;		/* never behind it, those ahead included */
	int32_t		behind;			/* always behind it */
	int32_t		not_ahead;		/* never ahead of it, those behind included */
	int32_t		level;			/* always level with it */
	int32_t		chain;			/* longest row of units ahead of it, each
								 * ahead of the next */
} CiBoundsTally;

/*
 * Count how a and b stand.  The chain comes out if each unit has been b, after all
 * before it, before it is a.
 */
extern void ci_bounds_count(CiBoundsOrder order, CiBoundsTally *a, CiBoundsTally *b);

/* The best and the worst rank that no admissible weights exceed. */
extern int32_t ci_bounds_best(const CiBounds *bounds, const CiBoundsTally *tally);
extern int32_t ci_bounds_worst(const CiBounds *bounds, const CiBoundsTally *tally);

/* Do ranks depend on more than a unit's order with each other, so that all are rivals? */
extern bool ci_bounds_counts_groups(const CiTiesMethod *ties);

/*
 * Search for weights that bring a unit up, or down.  Returns a rank that it has,
 * or surpasses, at weight[], by component.
 */
typedef struct CiBoundsSearch
{
	size_t		unit;
	bool		up;
	int32_t		goal;			/* nothing better can be found */
	int32_t		ahead;			/* units always ahead that are no rivals */
	int32_t		level;			/* and always level */
	size_t		n_rivals;		/* whose order with it depends */
	const uint32_t *rival;
	CiProgram  *program;		/* NULL: none can be solved */
	void		(*check) (void);
	double	   *scratch;
	double	   *weight;
} CiBoundsSearch;

extern int32_t ci_bounds_search(const CiBounds *bounds, CiBoundsSearch *search);

#endif							/* CI_METHOD_BOUNDS_H */
