/*
 * method/sensitivity.h
 *	  Sobol indices: which share of the variance of a function of independent
 *	  inputs is due to each, alone and together with others.
 */
#ifndef CI_METHOD_SENSITIVITY_H
#define CI_METHOD_SENSITIVITY_H

#include "method/method.h"

/*
 * Values of the function at the points of Saltelli's design.  A row has k + 2 of
 * them: where all inputs are from sample A, where all are from B, and, for each
 * input, where it is from B and the others are from A.
 */
typedef struct CiSobolDesign
{
	size_t		n;				/* rows, at least 1 */
	size_t		k;				/* inputs */
	double	   *value;			/* at [row * (k + 2) + column] */
} CiSobolDesign;

typedef struct CiSobolIndex
{
	double		first;
	double		total;
} CiSobolIndex;

/* Take from all values their mean over A and B: fewer digits are lost. */
extern void ci_sobol_centre(CiSobolDesign *design);

/*
 * The indices of every input, in room for 3 * k numbers, from values that are
 * centred and finite.  times says how often each row counts, in all n times; NULL:
 * each once.  All are NaN if nothing varies.  check is called now and then.
 */
extern void ci_sobol_indices(const CiSobolDesign *design, const uint32_t *times,
							 void (*check) (void), double *room, CiSobolIndex *index);

/*
 * How often each of n rows, n < 2^32, is in a bootstrap sample: a function of the
 * numbers.  check is called now and then.
 */
extern void ci_sobol_resample(uint32_t seed, uint32_t sample, size_t n, void (*check) (void),
							  uint32_t *times);

#endif							/* CI_METHOD_SENSITIVITY_H */
