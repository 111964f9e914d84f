/*
 * methodology/kept.c
 *	  What functions make of a methodology, kept from call to call.
 *
 * It is kept in fn_extra, below the memory context of the calling expression: one,
 * for the methodology of the last call.  Callers that set up a function anew for
 * each row, as Citus does in worker_partial_agg and coord_combine_agg, lose
 * fn_extra with the row.  If it is an aggregate's function that they call, it is
 * kept on a shelf in the memory context of the states instead, which all groups and
 * all aggregates of a hashed or plain aggregation share, and which is reset between
 * the groups of a sorted one.
 */
#include "postgres.h"

#include "methodology/kept.h"
#include "utils/memutils.h"

#include "base/compat.h"

/* So many aggregates, or methodologies of groups, go side by side without being made again. */
#define SHELF_SIZE 8

typedef struct Shelf
{
	MemoryContextCallback callback; /* by which it is found */
	int			next;			/* the slot that is filled or replaced next */
	void	   *slot[SHELF_SIZE];
} Shelf;

/*
 * A copy of a methodology as it came, compressed or not; NULL for one that is
 * stored out of line, of which there are no bytes.
 */
static struct varlena *
copy_stored(Datum methodology)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(methodology);
	struct varlena *copy;

	if (VARATT_IS_EXTERNAL(value))
		return NULL;
	copy = palloc(VARSIZE_ANY(value));
	memcpy(copy, value, VARSIZE_ANY(value));
	return copy;
}

static inline bool
is_stored(Datum methodology, const struct varlena *stored)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(methodology);

	return stored != NULL && !VARATT_IS_EXTERNAL(value) &&
		VARSIZE_ANY(value) == VARSIZE_ANY(stored) &&
		memcmp(value, stored, VARSIZE_ANY(value)) == 0;
}

static bool
is_equal(Datum methodology, const CiMethodologyDatum *datum)
{
	struct varlena *value = PG_DETOAST_DATUM(methodology);
	bool		equal = VARSIZE(datum) == VARSIZE(value) && memcmp(datum, value, VARSIZE(value)) == 0;

	if (value != (struct varlena *) DatumGetPointer(methodology))
		pfree(value);
	return equal;
}

/* If the methodology came as the same bytes it is not decompressed to find out. */
static inline bool
is_of(const CiKept *kept, Datum methodology, CiKeptMake make)
{
	return kept != NULL && kept->make == make &&
		(is_stored(methodology, kept->stored) || is_equal(methodology, kept->datum));
}

/* Make it in a context of its own, which moves under the parent if that succeeds. */
static CiKept *
make_kept(Datum methodology, CiKeptMake make, MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.methodology",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	CiMethodologyDatum *datum = (CiMethodologyDatum *) PG_DETOAST_DATUM_COPY(methodology);
	CiKept	   *kept = make(datum);

	kept->context = context;
	kept->make = make;
	kept->datum = datum;
	kept->stored = copy_stored(methodology);
	MemoryContextSwitchTo(caller);
	MemoryContextSetParent(context, parent);
	return kept;
}

/* Make it, and put it in the place of what a slot holds. */
static CiKept *
replace(void **slot, Datum methodology, CiKeptMake make, MemoryContext parent)
{
	CiKept	   *old = *slot;

	*slot = make_kept(methodology, make, parent);
	if (old != NULL)
		MemoryContextDelete(old->context);
	return *slot;
}

/*
 * Tells a shelf from other callbacks of its context.  There is nothing to do: the
 * shelf, and what it holds, lie in the context and below it.
 */
static void
reset_shelf(void *shelf)
{
}

static Shelf *
shelf_in(MemoryContext context)
{
	Shelf	   *shelf;

	for (MemoryContextCallback *callback = context->reset_cbs; callback != NULL;
		 callback = callback->next)
		if (callback->func == reset_shelf)
			return callback->arg;
	shelf = MemoryContextAllocZero(context, sizeof(Shelf));
	shelf->callback.func = reset_shelf;
	shelf->callback.arg = shelf;
	MemoryContextRegisterResetCallback(context, &shelf->callback);
	return shelf;
}

static CiKept *
kept_on_shelf(MemoryContext context, Datum methodology, CiKeptMake make)
{
	Shelf	   *shelf = shelf_in(context);
	CiKept	   *kept;

	for (int k = 0; k < SHELF_SIZE; k++)
		if (is_of(shelf->slot[k], methodology, make))
			return shelf->slot[k];
	kept = replace(&shelf->slot[shelf->next], methodology, make, context);
	shelf->next = (shelf->next + 1) % SHELF_SIZE;
	return kept;
}

/* Find it on a shelf, or make it and keep it.  Apart, so that what is common is short. */
static pg_noinline CiKept *
keep(FunctionCallInfo fcinfo, Datum methodology, CiKeptMake make)
{
	FmgrInfo   *function = fcinfo->flinfo;
	MemoryContext states;

	if (function == NULL)
		return make_kept(methodology, make, CurrentMemoryContext);
	/* set up for this call alone? */
	if (function->fn_mcxt == CurrentMemoryContext && AggCheckCallContext(fcinfo, &states))
		return kept_on_shelf(states, methodology, make);
	return replace(&function->fn_extra, methodology, make, function->fn_mcxt);
}

CiKept *
ci_kept(FunctionCallInfo fcinfo, Datum methodology, CiKeptMake make)
{
	FmgrInfo   *function = fcinfo->flinfo;

	if (function != NULL && is_of(function->fn_extra, methodology, make))
		return function->fn_extra;
	return keep(fcinfo, methodology, make);
}
