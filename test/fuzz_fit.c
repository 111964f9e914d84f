/*
 * fuzz_fit.c
 *	  Any rows, and any bytes as the state of ci.fit_agg: an error, or what ci.fit
 *	  makes of a panel of the rows.
 *
 * An input is a methodology, byte 30, and rows: a byte for each cell.  What follows
 * another byte 30 are edits of a state, three bytes each: where, and what.  An
 * input that does not begin like JSON is the state itself.
 */
#include "postgres.h"

#include "fuzz_server.h"
#include "methodology/methodology.h"
#include "utils/array.h"

#define SEPARATOR 30
#define MAX_NAMES 24
#define MAX_ROWS 24
#define MAX_PASSES 20
#define PERIOD 7

extern Datum ci_methodology_in(PG_FUNCTION_ARGS);
extern Datum ci_panel_add_row(PG_FUNCTION_ARGS);
extern Datum ci_fit(PG_FUNCTION_ARGS);
extern Datum ci_fit_add(PG_FUNCTION_ARGS);
extern Datum ci_fit_combine(PG_FUNCTION_ARGS);
extern Datum ci_fit_final(PG_FUNCTION_ARGS);

/* Rows as arguments: the same indicators in each. */
typedef struct Rows
{
	int			n;
	Datum		unit[MAX_ROWS];
	Datum		cells[MAX_ROWS];
	Datum		indicators;
	int			n_names;
	const char *name[MAX_NAMES];
} Rows;

static void
add_name(Rows *rows, const char *name)
{
	for (int i = 0; i < rows->n_names; i++)
		if (name == NULL || strcmp(rows->name[i], name) == 0)
			return;
	if (name != NULL && rows->n_names < MAX_NAMES)
		rows->name[rows->n_names++] = name;
}

static void
add_names(Rows *rows, const CiMethodology *m)
{
	add_name(rows, "");
	add_name(rows, m->screen.units.indicator);
	for (int c = 0; c < m->n; c++)
	{
		const CiComponent *at = &m->components[c];

		add_name(rows, at->indicator);
		add_name(rows, at->denominator.indicator);
		add_name(rows, at->units.indicator);
		add_name(rows, at->impute.scope.units.indicator);
		add_name(rows, at->impute.scope.by);
		add_name(rows, at->treat.scope.units.indicator);
		add_name(rows, at->treat.scope.by);
		add_name(rows, at->normalise.scope.units.indicator);
		add_name(rows, at->normalise.scope.by);
		add_name(rows, at->rescale.scope.units.indicator);
		add_name(rows, at->rescale.scope.by);
	}
}

static ArrayType *
new_array(int n, Oid type, Size size, Size overhead)
{
	ArrayType  *array = palloc0(overhead + size);

	SET_VARSIZE(array, overhead + size);
	array->ndim = 1;
	array->elemtype = type;
	ARR_DIMS(array)[0] = n;
	ARR_LBOUND(array)[0] = 1;
	return array;
}

static Datum
array_of_names(const Rows *rows)
{
	ArrayType  *array;
	char	   *at;
	Size		size = 0;

	for (int i = 0; i < rows->n_names; i++)
		size += INTALIGN(VARHDRSZ + strlen(rows->name[i]));
	array = new_array(rows->n_names, 25, size, ARR_OVERHEAD_NONULLS(1));
	at = ARR_DATA_PTR(array);
	for (int i = 0; i < rows->n_names; i++)
	{
		SET_VARSIZE(at, VARHDRSZ + strlen(rows->name[i]));
		memcpy(VARDATA(at), rows->name[i], strlen(rows->name[i]));
		at += INTALIGN(VARSIZE(at));
	}
	return PointerGetDatum(array);
}

static double
cell_of(uint8 byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	return byte < 200 ? (byte - 100) * 1.37 : ldexp(1 + byte / 3.0, (byte - 228) * 3);
}

/* Cells of a row from bytes; '.' is missing. */
static Datum
array_of_cells(const Rows *rows, const uint8 *bytes)
{
	int			n = rows->n_names;
	ArrayType  *array = new_array(n, 701, n * sizeof(double), ARR_OVERHEAD_WITHNULLS(1, n));
	double	   *at;

	array->dataoffset = (int32) ARR_OVERHEAD_WITHNULLS(1, n);
	at = (double *) ARR_DATA_PTR(array);
	for (int i = 0; i < n; i++)
		if (bytes[i] != '.')
		{
			ARR_NULLBITMAP(array)[i / 8] |= (bits8) (1 << (i % 8));
			*at++ = cell_of(bytes[i]);
		}
	return PointerGetDatum(array);
}

static void
make_rows(Rows *rows, Datum methodology, const uint8 *bytes, size_t n)
{
	memset(rows, 0, sizeof(*rows));
	add_names(rows, ci_methodology_open((CiMethodologyDatum *) DatumGetPointer(methodology)));
	rows->indicators = array_of_names(rows);
	for (; rows->n < MAX_ROWS && n >= (size_t) rows->n_names; n -= rows->n_names)
	{
		char		unit[] = {'u', (char) ('a' + rows->n), '\0'};

		rows->unit[rows->n] = PointerGetDatum(cstring_to_text(unit));
		rows->cells[rows->n++] = array_of_cells(rows, bytes);
		bytes += rows->n_names;
	}
}

/* Add a row to a state, which may be null; false if that is an error. */
static bool
add(NullableDatum *state, const Rows *rows, int i, Datum methodology)
{
	NullableDatum args[] = {
		*state, fuzz_given(rows->unit[i]), fuzz_given(Int32GetDatum(PERIOD)), fuzz_given(rows->indicators),
		fuzz_given(rows->cells[i]), fuzz_given(methodology)
	};

	return fuzz_try(ci_fit_add, lengthof(args), args, &state->value, &state->isnull);
}

static bool
final(NullableDatum state, Datum *methodology)
{
	NullableDatum args[] = {state};
	bool		isnull;

	return !state.isnull && fuzz_try(ci_fit_final, 1, args, methodology, &isnull) && !isnull;
}

/*
 * One pass: all rows in one state, and in two that are combined, which must come to
 * the same.  Gives a state too.
 */
static bool
pass(Datum *methodology, const Rows *rows, NullableDatum *state)
{
	NullableDatum half[2] = {fuzz_null(), fuzz_null()};
	NullableDatum both;
	Datum		fitted;
	Datum		other;
	bool		done;

	*state = fuzz_null();
	for (int i = 0; i < rows->n; i++)
		if (!add(state, rows, i, *methodology))
			return false;
	for (int i = rows->n - 1; i >= 0; i--)
		if (!add(&half[i % 3 == 0], rows, i, *methodology))
			fuzz_fail("a row cannot be added: %s", fuzz_error());
	if (!fuzz_try(ci_fit_combine, 2, half, &both.value, &both.isnull))
		fuzz_fail("two states cannot be combined: %s", fuzz_error());
	done = final(*state, &fitted);
	if (done != final(both, &other))
		fuzz_fail("whether it can be fitted depends on how rows are combined");
	if (done)
		fuzz_same(fitted, other, "what is fitted");
	if (done)
		*methodology = fitted;
	return done;
}

static bool
same(Datum a, Datum b)
{
	return VARSIZE(DatumGetPointer(a)) == VARSIZE(DatumGetPointer(b)) &&
		memcmp(DatumGetPointer(a), DatumGetPointer(b), VARSIZE(DatumGetPointer(a))) == 0;
}

/* Fit in as many passes as it takes, and to a panel: both must come to the same. */
static void
compare(Datum methodology, const Rows *rows)
{
	NullableDatum panel = fuzz_null();
	NullableDatum state;
	Datum		fitted = methodology;
	Datum		before;
	Datum		by_panel;
	int			passes = 0;
	bool		isnull;

	do
	{
		before = fitted;
		if (!pass(&fitted, rows, &state))
			return;
		if (++passes > MAX_PASSES)
			fuzz_fail("it is not fitted after %d passes", passes);
	} while (!same(before, fitted));
	for (int i = 0; i < rows->n; i++)
	{
		NullableDatum args[] = {
			panel, fuzz_given(rows->unit[i]), fuzz_given(Int32GetDatum(PERIOD)), fuzz_given(rows->indicators),
			fuzz_given(rows->cells[i])
		};

		if (!fuzz_try(ci_panel_add_row, lengthof(args), args, &panel.value, &panel.isnull))
			fuzz_fail("a row cannot be added to a panel: %s", fuzz_error());
	}
	{
		NullableDatum args[] = {panel, fuzz_given(methodology), fuzz_given(Int32GetDatum(PERIOD))};

		if (fuzz_try(ci_fit, lengthof(args), args, &by_panel, &isnull))
			fuzz_same(fitted, by_panel, "what is fitted to a panel");
	}
}

static void
try_state(Datum state, const Rows *rows, Datum methodology)
{
	NullableDatum args[] = {fuzz_given(fuzz_stored_copy(state, false)), fuzz_given(fuzz_stored_copy(state, true))};
	NullableDatum result;
	Datum		fitted;

	(void) final(fuzz_given(fuzz_stored_copy(state, true)), &fitted);
	if (fuzz_try(ci_fit_combine, lengthof(args), args, &result.value, &result.isnull))
		(void) final(result, &fitted);
	result = fuzz_given(fuzz_stored_copy(state, false));
	if (rows != NULL && rows->n > 0 && add(&result, rows, 0, methodology))
		(void) final(result, &fitted);
}

static void
fit_bytes(const uint8 *data, size_t size)
{
	const uint8 *cells = memchr(data, SEPARATOR, size);
	const uint8 *edits;
	char	   *text;
	Datum		methodology;
	Rows		rows;
	NullableDatum state;
	Datum		changed;

	if (size == 0 || data[0] != '{')
	{
		try_state(fuzz_stored(data, size, false), NULL, 0);
		return;
	}
	text = fuzz_text(data, cells == NULL ? size : (size_t) (cells - data));
	if (text == NULL)
		return;
	methodology = fuzz_call1(ci_methodology_in, CStringGetDatum(text));
	cells = cells == NULL ? data + size : cells + 1;
	edits = memchr(cells, SEPARATOR, data + size - cells);
	make_rows(&rows, methodology, cells, (edits == NULL ? data + size : edits) - cells);
	compare(methodology, &rows);
	if (edits == NULL || !pass(&(Datum) {methodology}, &rows, &state))
		return;
	changed = fuzz_stored_copy(state.value, false);
	fuzz_edit(changed, edits + 1, data + size);
	try_state(changed, &rows, methodology);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(fit_bytes, data, size);
}
