/*
 * evaluate/single.h
 *	  The panel of one unit at a time, whose cells come as arrays.
 */
#ifndef CI_SINGLE_H
#define CI_SINGLE_H

#include "methodology/methodology.h"
#include "panel/panel.h"
#include "utils/array.h"

typedef struct CiSingle
{
	CiPanel		panel;
	CiPanelPeriod period;
	text	   *unit;			/* NULL: not known, nor is the period */
	double	   *cells;			/* by indicator, of those the methodology uses */
	MemoryContext context;		/* of all of it */
	struct varlena *indicators; /* the array last seen … */
	int			n_indicators;
	int		   *target;			/* … and each one's cell, -1 if unused */
} CiSingle;

/*
 * Make it in the current memory context, which must stay: it has the indicators
 * of the components, those that they are divided by, and those of their units;
 * and others, n of them, which may be among these.
 */
extern void ci_single_make(CiSingle *single, const CiMethodology *methodology,
						   const char *const *others, int n);

/* Set the cells; NULL: all are missing. */
extern void ci_single_set(CiSingle *single, ArrayType *indicators, ArrayType *cells);

#endif							/* CI_SINGLE_H */
