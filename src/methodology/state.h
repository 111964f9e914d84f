/*
 * methodology/state.h
 *	  States of aggregates that hold a methodology: a header, the methodology, and
 *	  items of one size.
 *
 * A state is a bytea, so that it can be sent between processes and servers.  Any
 * user can hand any bytes to the functions of an aggregate, so each takes its
 * states by ci_state_take.  A group whose methodology is NULL has neither
 * methodology nor items.
 */
#ifndef CI_STATE_H
#define CI_STATE_H

#include "base/compat.h"
#include "methodology/methodology.h"

/* The first members of the header; an aggregate may have more. */
typedef struct CiState
{
	int32		vl_len_;
	uint32		magic;			/* also tells a foreign byte order */
	uint32		n;				/* items */
	uint32		methodology_size;
} CiState;

typedef struct CiStateKind
{
	const char *aggregate;		/* as errors name it */
	uint32		magic;
	Size		header;			/* aligned, as the methodology after it is */
	Size		item;
} CiStateKind;

/* A new state whose items are zero bytes; methodology may be NULL. */
extern void *ci_state_make(const CiStateKind *kind, const CiMethodologyDatum *methodology, uint32 n);

/* A state from bytes that may be anything: aligned, and its sizes agree. */
extern void *ci_state_take(const CiStateKind *kind, Datum bytes);

extern void *ci_state_items(const CiStateKind *kind, void *state);

/* The methodology of a state that has one: text in the encoding of the database. */
extern CiMethodologyDatum *ci_state_methodology(const CiStateKind *kind, void *state);

/* Refuse another methodology than the state's; NULL is none. */
extern void ci_state_require(const CiStateKind *kind, const void *state,
							 const CiMethodologyDatum *methodology);

/* Refuse to merge states of different methodologies or numbers of items. */
extern void ci_state_require_alike(const CiStateKind *kind, const void *state, const void *other);

pg_noreturn extern void ci_state_reject(const CiStateKind *kind);

#endif							/* CI_STATE_H */
