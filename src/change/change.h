/*
 * change/change.h
 *	  Two editions of a ranking, and the hybrids between them.
 *
 * An edition is one period of a panel, judged by a methodology.  In a hybrid
 * some causes of change are as in the edition before, others as in the one
 * after; docs/change.md defines which cells, parameters and components it has.
 * Numbers 0 and 1 stand for before and after everywhere.
 */
#ifndef CI_CHANGE_H
#define CI_CHANGE_H

#include "evaluate/evaluate.h"

typedef struct CiEdition
{
	CiPanel    *panel;
	CiMethodology *methodology;
	uint32		period;			/* its number in the panel */
	CiEvaluation *ev;
	CiOutcome  *outcome;
	const CiPanel *completed;	/* with the cells that only the other one has */
	int		   *counterpart;	/* by component: in the other one, or -1 */
} CiEdition;

/* A unit of either edition: its row in each, or -1. */
typedef struct CiChangeUnit
{
	const text *name;
	int64		row[2];
} CiChangeUnit;

typedef struct CiChange
{
	CiEdition	edition[2];
	uint32		n;				/* units */
	CiChangeUnit *units;		/* in bytewise order */
	bool		compares_units; /* scores depend on other units' cells */
	bool		same_units;		/* take part */
	bool		same_data;		/* as far as it makes a difference */
	bool		same_methodology;
} CiChange;

/* Of which edition these are in a hybrid. */
typedef struct CiHybrid
{
	int			parameters;
	int			goalposts;
	int			weights;
	int			structure;
} CiHybrid;

/*
 * Read and evaluate the editions that are arguments 0 to 5 of a function, none of
 * them NULL.  All is allocated in the current memory context.
 */
extern CiChange *ci_change_begin(FunctionCallInfo fcinfo, CiKeep keep);

/* The methodology of a hybrid. */
extern CiMethodology *ci_hybrid_methodology(const CiChange *change, const CiHybrid *hybrid);

/*
 * Score all units by it, from their cells before into score[0], after into
 * score[1]; who is in one edition only has the same score in both.
 */
extern void ci_hybrid_scores(const CiChange *change, const CiHybrid *hybrid,
							 const CiMethodology *methodology, double *const *score);

/* Is a unit in an edition, and passes its screen? */
extern bool ci_takes_part(const CiChange *change, int side, uint32 unit);

/* Units that compete, from the first to the last (change/field.c). */
typedef struct CiField
{
	const CiMethodology *methodology;
	uint32		n;
	uint32	   *order;
	double	   *score;			/* by place in order, as are groups */
	uint32	   *group;
	uint32	   *place;			/* by unit; n and more: does not compete */
	uint32		n_groups;
	uint32	   *start;			/* by group, and one more */
} CiField;

/* Let those of an edition compete, by scores of all units and a methodology's rules. */
extern CiField ci_field_make(const CiChange *change, const CiMethodology *methodology, int side,
							 const double *score);

/*
 * The rank that a unit would have with this score among the others of the field.
 * Without a score it comes after all of them.
 */
extern int32 ci_field_rank(const CiField *field, uint32 unit, double score);

/* Problems of hybrids are not errors: a score is missing. */
extern const CiProblemSink ci_hybrid_sink;

/* Add the other edition's columns to an edition's panel (change/panel.c). */
extern const CiPanel *ci_edition_complete(const CiChange *change, int side);

extern bool ci_same_scale(CiScale a, CiScale b);

/*
 * The tree of an edition, down to the components that a change is split over:
 * leaves, and components whose own scores depend on more than scores of the unit (change/tree.c).
 */
typedef struct CiTree CiTree;

extern CiTree *ci_tree_make(const CiEdition *edition);

/* Is a component one of those at the bottom of the tree? */
extern bool ci_tree_ends_at(const CiTree *tree, int component);

/* Is every mean in it geometric, so that the score is a product of powers? */
extern bool ci_tree_is_geometric(const CiTree *tree);

/* Does it turn the same scores into the same score, in whatever edition? */
extern bool ci_tree_is_fixed(const CiTree *tree);

/*
 * Split what the tree makes of the scores value[0] and value[1], by component and
 * only looked at where it ends, over these components: effects are Shapley values in
 * which a component moves with its siblings' in between.  total[0] and total[1] are
 * the scores of the tree.  Where there is none it counts as missing_score.
 */
extern void ci_tree_split(CiTree *tree, double *const *value, double missing_score,
						  double *effect, double *total);

/*
 * What a component of an edition contributes to its parent: its score, or reflected;
 * nothing if a component above has no score, for want of coverage say.
 */
extern double ci_tree_value(const CiTree *tree, int component, uint32 row);

#endif							/* CI_CHANGE_H */
