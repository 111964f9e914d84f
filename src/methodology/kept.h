/*
 * methodology/kept.h
 *	  What functions make of a methodology, kept from call to call.
 */
#ifndef CI_KEPT_H
#define CI_KEPT_H

#include "methodology/methodology.h"

typedef struct CiKept CiKept;

/*
 * Make it in the current memory context, which stays for as long as it is kept,
 * as a struct that begins with a CiKept.  The datum stays too.
 */
typedef CiKept *(*CiKeptMake) (CiMethodologyDatum *datum);

/* Set by ci_kept. */
struct CiKept
{
	MemoryContext context;		/* of all of it */
	CiKeptMake	make;
	CiMethodologyDatum *datum;
	struct varlena *stored;		/* the same as it came, perhaps compressed */
};

/*
 * What a function makes of this methodology: of calls with the same methodology
 * only the first makes it.  It stays at least until the next such call.  The
 * function must not use fn_extra for anything else.
 */
extern CiKept *ci_kept(FunctionCallInfo fcinfo, Datum methodology, CiKeptMake make);

#endif							/* CI_KEPT_H */
