/*
 * panel/names.c
 *	  The names of a panel that is being built: numbered as they come, found by
 *	  hash, written in order.
 *
 * Names come mostly in some order again and again, so the last one looked up or
 * the one after it is tried, whichever was right before, before any hash is
 * computed.  There is no hash at all while each new name comes after those before.
 */
#include "postgres.h"

#include "base/compat.h"
#include "base/sort.h"
#include "common/hashfn.h"
#include "panel/flat.h"
#include "panel/names.h"

typedef struct NameEntry
{
	const text *name;
	uint32		hash;
	uint32		id;
	char		status;
} NameEntry;

#define SH_PREFIX ci_name
#define SH_ELEMENT_TYPE NameEntry
#define SH_KEY_TYPE const text *
#define SH_KEY name
#define SH_HASH_KEY(tb, key) \
	hash_bytes((const unsigned char *) VARDATA_ANY(key), (int) VARSIZE_ANY_EXHDR(key))
#define SH_EQUAL(tb, a, b) ci_same_name(a, b)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) (a)->hash
#define SH_SCOPE static inline
#define SH_DEFINE
#define SH_DECLARE
#include "lib/simplehash.h"

void
ci_panel_names_init(CiPanelNames *names, MemoryContext context)
{
	names->capacity = 16;
	names->in_order = true;
	names->name = MemoryContextAlloc(context, names->capacity * sizeof(text *));
}

/* Keep a copy of a name that is new. */
static void
add_name(CiPanelNames *names, const text *name, MemoryContext context)
{
	text	   *copy = MemoryContextAlloc(context, ci_panel_name_size(name));

	SET_VARSIZE(copy, VARHDRSZ + VARSIZE_ANY_EXHDR(name));
	memcpy(VARDATA(copy), VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	if (names->n == names->capacity)
	{
		names->capacity *= 2;
		names->name = repalloc_huge(names->name, (Size) names->capacity * sizeof(text *));
	}
	names->name[names->n] = copy;
	names->last = names->n++;
	names->size += ci_panel_name_size(name);
}

/* From now on find names by hash. */
static void
hash_names(CiPanelNames *names, MemoryContext context)
{
	bool		found;

	names->hash = ci_name_create(context, Max(16, names->n), NULL);
	for (uint32 i = 0; i < names->n; i++)
		ci_name_insert(names->hash, names->name[i], &found)->id = i;
}

static inline bool
comes_last(const CiPanelNames *names, const text *name)
{
	const text *last;

	if (names->n == 0)
		return true;
	last = names->name[names->n - 1];
	return ci_name_compare(VARDATA(last), VARSIZE(last) - VARHDRSZ,
						   VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)) < 0;
}

/*
 * Find a name that is not where the last step leads, and learn from where it is.
 * While names come in order, the one that comes last is new.
 */
uint32
ci_panel_names_find(CiPanelNames *names, const text *name, MemoryContext context)
{
	uint32		other = ci_panel_names_next(names, 1 - names->step);
	NameEntry  *entry;
	bool		found = false;

	if (other < names->n && ci_same_name(names->name[other], name))
	{
		names->step = 1 - names->step;
		return names->last = other;
	}
	if (names->hash == NULL && !comes_last(names, name))
		hash_names(names, context);
	if (names->hash == NULL)
	{
		add_name(names, name, context);
		return names->last;
	}
	entry = ci_name_insert(names->hash, name, &found);
	if (!found)
	{
		names->in_order = names->in_order && comes_last(names, name);
		add_name(names, name, context);
		entry->name = names->name[names->last];
		entry->id = names->last;
		return names->last;
	}
	return names->last = entry->id;
}

static int
compare_names(const void *a, const void *b, void *names)
{
	const text *x = ((text **) names)[*(const uint32 *) a];
	const text *y = ((text **) names)[*(const uint32 *) b];

	return ci_name_compare(VARDATA(x), VARSIZE(x) - VARHDRSZ,
						   VARDATA(y), VARSIZE(y) - VARHDRSZ);
}

uint32 *
ci_panel_names_order(const CiPanelNames *names)
{
	return ci_order(names->n, compare_names, names->name);
}

void
ci_panel_names_sort(CiPanelNames *names, const uint32 *order)
{
	Size		size = names->n * sizeof(text *);
	text	  **sorted = palloc_extended(Max(size, 1), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < names->n; i++)
		sorted[i] = names->name[order[i]];
	memcpy(names->name, sorted, size);
	pfree(sorted);
	if (names->hash != NULL)
		ci_name_destroy(names->hash);
	names->hash = NULL;
	names->last = 0;
	names->in_order = true;
}

Size
ci_panel_names_flatten(const CiPanelNames *names, const uint32 *order, char *to, Size offset,
					   uint32 *at)
{
	for (uint32 i = 0; i < names->n; i++)
	{
		const text *name = names->name[order[i]];

		at[i] = (uint32) offset;
		memcpy(to + offset, name, VARSIZE(name));
		offset += ci_panel_name_size(name);
	}
	return offset;
}
