/*
 * panel/names.h
 *	  The names of a panel that is being built: numbered as they come, found by
 *	  hash, written in order.
 */
#ifndef CI_PANEL_NAMES_H
#define CI_PANEL_NAMES_H

typedef struct CiPanelNames
{
	uint32		n;
	uint32		capacity;
	uint32		last;			/* looked up */
	uint32		step;			/* to it from the one before: 0 or 1 */
	Size		size;			/* when flat */
	bool		in_order;		/* did each come after those before? */
	text	  **name;			/* by number */
	struct ci_name_hash *hash;	/* NULL while names are in order */
} CiPanelNames;

static inline uint64
ci_load8(const char *bytes)
{
	uint64		word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static inline uint32
ci_load4(const char *bytes)
{
	uint32		word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/*
 * Is this the name that is kept, which has a header of four bytes?  Names are
 * short, and compared for every cell: most take two words, no call.
 */
static pg_attribute_always_inline bool
ci_same_name(const text *kept, const text *name)
{
	Size		len = VARSIZE(kept) - VARHDRSZ;
	const char *x = VARDATA(kept);
	const char *y = VARDATA_ANY(name);

	if (len != VARSIZE_ANY_EXHDR(name))
		return false;
	if (len >= 8 && len <= 16)
		return ci_load8(x) == ci_load8(y) && ci_load8(x + len - 8) == ci_load8(y + len - 8);
	if (len >= 4 && len < 8)
		return ci_load4(x) == ci_load4(y) && ci_load4(x + len - 4) == ci_load4(y + len - 4);
	if (len > 0 && len < 4)
		return x[0] == y[0] && x[len / 2] == y[len / 2] && x[len - 1] == y[len - 1];
	return memcmp(x, y, len) == 0;
}

extern void ci_panel_names_init(CiPanelNames *names, MemoryContext context);

extern uint32 ci_panel_names_find(CiPanelNames *names, const text *name, MemoryContext context);

/* The number so many steps, 0 or 1, after the last one, in a circle. */
static inline uint32
ci_panel_names_next(const CiPanelNames *names, uint32 step)
{
	uint32		next = names->last + step;

	return next < names->n ? next : 0;
}

/* The number of a name, which is copied into the context if it is new. */
static pg_attribute_always_inline uint32
ci_panel_names_number(CiPanelNames *names, const text *name, MemoryContext context)
{
	uint32		guess = ci_panel_names_next(names, names->step);

	if (guess < names->n && ci_same_name(names->name[guess], name))
		return names->last = guess;
	return ci_panel_names_find(names, name, context);
}

/* The numbers in bytewise order of the names. */
extern uint32 *ci_panel_names_order(const CiPanelNames *names);

/* Number the names anew, in that order. */
extern void ci_panel_names_sort(CiPanelNames *names, const uint32 *order);

/*
 * Write the names in order from to + offset on, and into at[] where each
 * begins; returns where the next ones go.
 */
extern Size ci_panel_names_flatten(const CiPanelNames *names, const uint32 *order, char *to,
								   Size offset, uint32 *at);

#endif							/* CI_PANEL_NAMES_H */
