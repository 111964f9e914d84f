/*
 * evaluate/block.h
 *	  What the files that compute scores share: a block of units on its way.
 */
#ifndef CI_EVALUATE_BLOCK_H
#define CI_EVALUATE_BLOCK_H

#include "evaluate/evaluate.h"

/*
 * A computation goes through the units of a period block by block.  The columns
 * here begin with the first unit of the block; where the outcome keeps a column
 * they lie in it, else they are used again for the next block.
 */
struct CiComputation
{
	const CiEvaluation *ev;
	CiOutcome  *outcome;
	int			component;		/* to compute, with what is below it */
	bool	   *below;
	bool		rescaled;		/* with its own rescale stage */
	bool		restricted;		/* components do not apply to all units */
	bool		whole;			/* all units at once, for they are compared */
	bool		imputes;		/* leaves below are imputed */
	uint32		size;			/* of blocks */
	uint32		start;			/* of this block */
	uint32		n;
	double	  **score;			/* by component */
	uint32	  **observed;		/* by inner component */
	uint32	  **imputed;		/* NULL throughout if none is */
	uint32	  **applicable;
	double	   *cells;			/* room for a leaf's prepared cells */
	double	   *entered;		/* room for what children contribute */
	const double **child;
	double	   *weight;
	int		   *direction;
	bool	   *counts;			/* by row, for a method that compares units */
	double	   *scratch;		/* room that methods want */
	CiProgram  *program;		/* NULL unless one solves programs */
};

/* Aggregate a component's children into its score, for the units of the block. */
extern void ci_aggregate_children(const CiComputation *block, int c);

#endif							/* CI_EVALUATE_BLOCK_H */
