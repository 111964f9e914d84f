/*
 * method/program.h
 *	  Linear programs, solved by somebody else: the kernel says what it wants.
 *
 * Find x >= 0 with row x <= bound for every row added, such that objective x is
 * as large as it can be.  Bounds are >= 0, so there always is such an x.
 */
#ifndef CI_METHOD_PROGRAM_H
#define CI_METHOD_PROGRAM_H

#include "method/method.h"

typedef struct CiProgram CiProgram;

struct CiProgram
{
	/* Begin a program of n variables, without rows. */
	void		(*start) (CiProgram *program, int n);

	/*
	 * Rows may be added after solving: what was found is where solving goes
	 * on.
	 */
	void		(*add) (CiProgram *program, const double *row, double bound);

	/*
	 * False if there is no largest value.  Any other failure does not return,
	 * unless it may fail: then it is false, too.
	 */
	bool		(*maximise) (CiProgram *program, const double *objective, double *x);
	bool		may_fail;
};

#endif							/* CI_METHOD_PROGRAM_H */
