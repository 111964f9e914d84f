/*
 * methodology/state.c
 *	  States of aggregates that hold a methodology: making them, and taking them
 *	  from bytes that may be anything.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "methodology/state.h"

#include "base/compat.h"

static Size
state_size(const CiStateKind *kind, Size methodology_size, Size n)
{
	return kind->header + MAXALIGN(methodology_size) + n * kind->item;
}

static char *
methodology_of(const CiStateKind *kind, const void *state)
{
	return (char *) state + kind->header;
}

void
ci_state_reject(const CiStateKind *kind)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid state of %s", kind->aggregate)));
}

void *
ci_state_make(const CiStateKind *kind, const CiMethodologyDatum *methodology, uint32 n)
{
	Size		methodology_size = methodology == NULL ? 0 : VARSIZE(methodology);
	Size		size = state_size(kind, methodology_size, n);
	CiState    *state = palloc0(size);

	Assert(kind->header % MAXIMUM_ALIGNOF == 0);
	SET_VARSIZE(state, size);
	state->magic = kind->magic;
	state->n = n;
	state->methodology_size = (uint32) methodology_size;
	if (methodology != NULL)
		memcpy(methodology_of(kind, state), methodology, methodology_size);
	return state;
}

/* Is there a methodology in the state, or none and no items? */
static bool
holds_methodology(const CiStateKind *kind, const CiState *state)
{
	const char *methodology = methodology_of(kind, state);

	if (state->methodology_size == 0)
		return state->n == 0;
	return state->methodology_size >= offsetof(CiMethodologyDatum, json) &&
		VARATT_IS_4B_U(methodology) && VARSIZE(methodology) == state->methodology_size;
}

void *
ci_state_take(const CiStateKind *kind, Datum bytes)
{
	CiState    *state = (CiState *) PG_DETOAST_DATUM(bytes);

	if ((uintptr_t) state % MAXIMUM_ALIGNOF != 0)	/* it lies in a tuple */
		state = (CiState *) PG_DETOAST_DATUM_COPY(bytes);
	if (VARSIZE(state) < kind->header ||
		state->magic != kind->magic ||
		state_size(kind, state->methodology_size, state->n) != VARSIZE(state) ||
		!holds_methodology(kind, state))
		ci_state_reject(kind);
	return state;
}

void *
ci_state_items(const CiStateKind *kind, void *state)
{
	return methodology_of(kind, state) + MAXALIGN(((CiState *) state)->methodology_size);
}

CiMethodologyDatum *
ci_state_methodology(const CiStateKind *kind, void *state)
{
	CiMethodologyDatum *methodology = (CiMethodologyDatum *) methodology_of(kind, state);
	int			size = (int) (VARSIZE(methodology) - offsetof(CiMethodologyDatum, json));

	if (!pg_verifymbstr(methodology->json, size, true))
		ci_state_reject(kind);
	return methodology;
}

static void
require_same(const CiStateKind *kind, const void *state, const void *methodology, Size size)
{
	if (((const CiState *) state)->methodology_size != size ||
		memcmp(methodology_of(kind, state), methodology, size) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("methodology differs between the rows of a group")));
}

void
ci_state_require(const CiStateKind *kind, const void *state, const CiMethodologyDatum *methodology)
{
	if (methodology == NULL)
		require_same(kind, state, "", 0);
	else
		require_same(kind, state, methodology, VARSIZE(methodology));
}

void
ci_state_require_alike(const CiStateKind *kind, const void *state, const void *other)
{
	require_same(kind, state, methodology_of(kind, other),
				 ((const CiState *) other)->methodology_size);
	if (((const CiState *) other)->n != ((const CiState *) state)->n)
		ci_state_reject(kind);
}
