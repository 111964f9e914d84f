/*
 * simulate/weights.h
 *	  A methodology whose weights change from draw to draw, in place.
 */
#ifndef CI_SIMULATE_WEIGHTS_H
#define CI_SIMULATE_WEIGHTS_H

#include "methodology/methodology.h"
#include "simulate/read.h"

typedef struct CiWeights
{
	CiMethodology *methodology;
	double	   *nominal;		/* by component, as is the next */
	uint32	   *variable;		/* number by which random numbers know it */
	bool		is_direct;		/* no parameter depends on weights */
	double	   *given;			/* room for those of siblings */
	double	   *drawn;
	uint32	   *siblings;
	int			n_targets;		/* components that may be left out */
	int		   *target;
	int		   *named;			/* components, by the experts' codes */
	double	   *lowest;			/* what experts give, by variable */
	double	   *highest;
} CiWeights;

/* Make a copy, and set its weights back to the nominal ones. */
extern CiWeights *ci_weights_make(const CiMethodology *methodology);
extern void ci_weights_restore(CiWeights *weights);

/*
 * The component without which a draw is, if by the present weights this one is left
 * out: itself, or the one above it of which nothing else is left; -1 if nothing is left
 * at all.
 */
extern int	ci_weights_target(const CiWeights *weights, int component);

/* The same, but raise if nothing is left. */
extern int	ci_weights_require_target(const CiWeights *weights, int component);

/* Find the targets of what is uncertain. */
extern void ci_weights_omit(CiWeights *weights, const CiUncertainty *uncertainty);

/* Set the weights of the draw of a stream. */
extern void ci_weights_draw(CiWeights *weights, const CiUncertainty *uncertainty,
							CiStream stream);

/*
 * simulate/experts.c: find the components that experts name, once it is known what may
 * be left out; set the lowest and highest weights of a draw (which expert it is, is
 * variable 0).
 */
extern void ci_weights_ask(CiWeights *weights, const CiExperts *experts);
extern void ci_weights_choose(CiWeights *weights, const CiExperts *experts, CiStream stream);

#endif							/* CI_SIMULATE_WEIGHTS_H */
