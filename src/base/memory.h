/*
 * base/memory.h
 *	  Large blocks of memory.
 */
#ifndef CI_MEMORY_H
#define CI_MEMORY_H

/*
 * Ask for huge pages for a block that is to be filled.  Touching it first takes
 * a page fault for each two megabytes then, not for each four kilobytes.  Says
 * nothing where there are none: the block is as it was.
 */
extern void ci_memory_huge(void *block, Size size);

#endif							/* CI_MEMORY_H */
