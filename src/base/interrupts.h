/*
 * base/interrupts.h
 *	  What the kernel, which knows no server, calls in long loops.
 */
#ifndef CI_INTERRUPTS_H
#define CI_INTERRUPTS_H

#include "miscadmin.h"

static inline void
ci_check_for_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

#endif							/* CI_INTERRUPTS_H */
