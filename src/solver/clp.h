/*
 * solver/clp.h
 *	  Linear programs, solved by Clp.
 */
#ifndef CI_PROGRAM_H
#define CI_PROGRAM_H

#include "method/program.h"

/* A solver for the kernel, which lasts as long as the current memory context. */
extern CiProgram *ci_program_make(void);

/* One for what can be done without: it may fail; NULL if there is no Clp. */
extern CiProgram *ci_program_make_optional(void);

#endif							/* CI_PROGRAM_H */
