/*
 * base/memory.c
 *	  Large blocks of memory: the only call to the operating system.
 *
 * In: a block that palloc gave.  Only pages that lie in it wholly are asked for,
 * so that nothing else is affected, and none that are not filled become resident.
 */
#include "postgres.h"

#include "base/memory.h"

#ifndef WIN32
#include <sys/mman.h>
#endif

#define HUGE_PAGE ((uintptr_t) 2 << 20)

void
ci_memory_huge(void *block, Size size)
{
#ifdef MADV_HUGEPAGE
	uintptr_t	start = TYPEALIGN(HUGE_PAGE, (uintptr_t) block);
	uintptr_t	end = TYPEALIGN_DOWN(HUGE_PAGE, (uintptr_t) block + size);

	/*
	 * The kernel may be built without: then it is an error that means
	 * nothing.
	 */
	if (start < end)
		(void) madvise((void *) start, end - start, MADV_HUGEPAGE);
#endif
}
