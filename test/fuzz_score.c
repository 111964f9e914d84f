/*
 * fuzz_score.c
 *	  Any bytes as the state of ci.score_agg: an error or a score.
 *
 * An input is a methodology, byte 30, and a byte for each cell; what follows
 * another byte 30 are edits of the state, three bytes each: where, and what.
 * Without edits the score must be the same however the cells come together.  An
 * input that does not begin like JSON is the state itself.
 */
#include "postgres.h"

#include "fuzz_server.h"
#include "methodology/methodology.h"

#define SEPARATOR 30
#define MAX_CELLS 32

extern Datum ci_methodology_in(PG_FUNCTION_ARGS);
extern Datum ci_score_add(PG_FUNCTION_ARGS);
extern Datum ci_score_combine(PG_FUNCTION_ARGS);
extern Datum ci_score_final(PG_FUNCTION_ARGS);

/* The score of a state: false if it is an error. */
static bool
score_of(Datum state, NullableDatum *score)
{
	NullableDatum args[] = {{state, false}};

	if (!fuzz_try(ci_score_final, 1, args, &score->value, &score->isnull))
		return false;
	if (!score->isnull && !isfinite(DatumGetFloat8(score->value)))
		fuzz_fail("a score is %g", DatumGetFloat8(score->value));
	return true;
}

/* Add a cell to a state, which may be null. */
static NullableDatum
add(NullableDatum state, const char *indicator, double cell, Datum methodology)
{
	NullableDatum args[] = {
		state, fuzz_given(PointerGetDatum(cstring_to_text(indicator))),
		fuzz_given(Float8GetDatum(cell)), fuzz_given(methodology)
	};
	NullableDatum result;

	if (!fuzz_try(ci_score_add, lengthof(args), args, &result.value, &result.isnull) ||
		result.isnull)
		fuzz_fail("a cell cannot be added: %s", fuzz_error());
	return result;
}

static NullableDatum
combined(NullableDatum a, NullableDatum b)
{
	NullableDatum args[] = {a, b};
	NullableDatum result;

	if (!fuzz_try(ci_score_combine, lengthof(args), args, &result.value, &result.isnull))
		fuzz_fail("two states cannot be combined: %s", fuzz_error());
	return result;
}

static double
cell_of(uint8 byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	return byte < 200 ? (byte - 100) * 1.37 : ldexp(1, (byte - 228) * 36);
}

static bool
same_score(NullableDatum a, NullableDatum b)
{
	return a.isnull == b.isnull && (a.isnull || a.value == b.value);
}

/*
 * Give the cells to the leaves in order, all to one state and in turn to two
 * others; the combination of those must give the same score.
 */
static NullableDatum
fill(Datum methodology, const uint8 *cells, size_t n)
{
	CiMethodology *m = ci_methodology_open((CiMethodologyDatum *) DatumGetPointer(methodology));
	NullableDatum whole = fuzz_null();
	NullableDatum half[2] = {fuzz_null(), fuzz_null()};
	NullableDatum score;
	NullableDatum other;
	size_t		k = 0;

	for (int c = 0; c < m->n && k < n && k < MAX_CELLS; c++)
	{
		const char *indicator = m->components[c].indicator;
		bool		again = false;

		for (int before = 0; before < c && indicator != NULL; before++)
			again |= m->components[before].indicator != NULL &&
				strcmp(m->components[before].indicator, indicator) == 0;
		if (indicator == NULL || again || cells[k++] == '.')
			continue;
		whole = add(whole, indicator, cell_of(cells[k - 1]), methodology);
		half[k % 2] = add(half[k % 2], indicator, cell_of(cells[k - 1]), methodology);
	}
	if (whole.isnull)
		whole = add(whole, "none of them", 0, methodology);
	if (score_of(fuzz_stored_copy(whole.value, true), &score))
	{
		other = combined(half[0], half[1]);
		if (!other.isnull && (!score_of(other.value, &other) || !same_score(score, other)))
			fuzz_fail("the score depends on how cells are combined");
	}
	return whole;
}

static void
try_state(Datum state)
{
	NullableDatum args[] = {fuzz_given(fuzz_stored_copy(state, false)), fuzz_given(fuzz_stored_copy(state, true))};
	NullableDatum result;

	(void) score_of(fuzz_stored_copy(state, true), &result);
	if (fuzz_try(ci_score_combine, lengthof(args), args, &result.value, &result.isnull))
		(void) score_of(result.value, &result);
}

/* Whether a methodology can be tried: one that a first cell may be added to. */
static bool
is_usable(Datum methodology)
{
	NullableDatum args[] = {
		fuzz_null(), fuzz_given(PointerGetDatum(cstring_to_text("x"))), fuzz_null(), fuzz_given(methodology)
	};
	NullableDatum result;

	return fuzz_try(ci_score_add, lengthof(args), args, &result.value, &result.isnull);
}

static void
score_bytes(const uint8 *data, size_t size)
{
	const uint8 *cells = memchr(data, SEPARATOR, size);
	const uint8 *edits;
	char	   *text;
	Datum		methodology;
	Datum		state;

	if (size == 0 || data[0] != '{')
	{
		try_state(fuzz_stored(data, size, false));
		return;
	}
	text = fuzz_text(data, cells == NULL ? size : (size_t) (cells - data));
	if (text == NULL)
		return;
	methodology = fuzz_call1(ci_methodology_in, CStringGetDatum(text));
	if (!is_usable(methodology))
		return;
	cells = cells == NULL ? data + size : cells + 1;
	edits = memchr(cells, SEPARATOR, data + size - cells);
	state = fill(methodology, cells, (edits == NULL ? data + size : edits) - cells).value;
	state = fuzz_stored_copy(state, false);
	if (edits == NULL)
		return;
	fuzz_edit(state, edits + 1, data + size);
	try_state(state);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(score_bytes, data, size);
}
