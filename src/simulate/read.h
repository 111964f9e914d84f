/*
 * simulate/read.h
 *	  What is uncertain: a value of the domain ci.uncertainty.
 */
#ifndef CI_SIMULATE_READ_H
#define CI_SIMULATE_READ_H

#include "base/json.h"
#include "base/report.h"
#include "method/simulate.h"

/* Of choices; their numbers are kept as uint16. */
#define CI_SIMULATE_MAX_COMBINATIONS 4096

/* Patches of which each draw takes one. */
typedef struct CiAlternatives
{
	int			n;
	const CiJson **patch;
} CiAlternatives;

/* Weights that experts give. */
typedef struct CiExperts
{
	int			n;
	int			n_codes;		/* components that each of them names */
	const char **code;
	double	   *weight;			/* expert by expert */
	bool		ranges;			/* a draw is between what they give, not one's */
} CiExperts;

typedef struct CiUncertainty
{
	CiSpread	spread;
	CiExperts	experts;		/* of a method that wants them */
	bool		omits_each;		/* each indicator, or those listed */
	int			n_omitted;
	const char **omitted;		/* codes of components */
	int			n_choices;
	CiAlternatives *choices;
	uint32		n_combinations; /* of choices, 1 if there are none */
} CiUncertainty;

/* From JSON; whatever is wrong is an error that names it. */
extern CiUncertainty *ci_uncertainty_read(const CiJson *json);

/* simulate/experts.c: the parameters of a method by experts. */
extern void ci_experts_read(const CiJson *value, const CiPlace *place, CiExperts *experts);

#endif							/* CI_SIMULATE_READ_H */
