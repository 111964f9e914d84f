/*
 * fuzz_methodology.c
 *	  Any bytes into the readers of a methodology: an error, or a checked one.
 *
 * An input is JSON: a methodology, or an array of rows that make one.  What
 * follows a byte 30, if there is one, is a patch to it.  A methodology that was
 * read is written in both forms and read again: each time it must be the same
 * bytes, digest included.  So must its digest if it is made of its own
 * components.
 */
#include "postgres.h"

#include "fuzz_server.h"
#include "lib/stringinfo.h"
#include "methodology/tree.h"

#define SEPARATOR 30
#define COMPONENT_COLUMNS 19

extern Datum ci_methodology_in(PG_FUNCTION_ARGS);
extern Datum ci_methodology_out(PG_FUNCTION_ARGS);
extern Datum ci_methodology_recv(PG_FUNCTION_ARGS);
extern Datum ci_methodology_send(PG_FUNCTION_ARGS);
extern Datum ci_components(PG_FUNCTION_ARGS);

static CiJson *
parse(const char *text, const char *what)
{
	return ci_json_parse(text, (int) strlen(text), what);
}

/* As the aggregate makes one of rows. */
static Datum
from_rows(const CiJson *rows)
{
	CiJson	  **list = palloc(Max(rows->n, 1) * sizeof(CiJson *));
	int			n = 0;

	for (CiJson *row = rows->first; row != NULL; row = row->next)
		list[n++] = row;
	return PointerGetDatum(ci_methodology_make(ci_methodology_collected(list, n)));
}

static Datum
through_text(Datum methodology)
{
	return fuzz_call1(ci_methodology_in, fuzz_call1(ci_methodology_out, methodology));
}

static Datum
through_binary(Datum methodology)
{
	bytea	   *bytes = (bytea *) DatumGetPointer(fuzz_call1(ci_methodology_send, methodology));

	return fuzz_call1(ci_methodology_recv,
					  PointerGetDatum(fuzz_message(VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ)));
}

/* The tree must hold together. */
static void
check_tree(const CiMethodology *m)
{
	double		share = 0;

	for (int c = 0; c < m->n; c++)
	{
		const CiComponent *component = &m->components[c];

		if ((component->parent < 0) != (c == m->root) || (c != m->root && component->parent <= c))
			fuzz_fail("component \"%s\" is not before its parent", component->code);
		if ((component->indicator == NULL) != (component->n_children > 0))
			fuzz_fail("component \"%s\" is neither a leaf nor inner", component->code);
		if (ci_methodology_find(m, component->code) != c)
			fuzz_fail("component \"%s\" is not found", component->code);
		if (component->n_children == 0)
			share += component->effective_weight;
	}
	if (m->components[m->root].n_leaves < 1 || !(fabs(share - 1) < 1e-6))
		fuzz_fail("the weights of the leaves come to %g", share);
}

/* A key of a row, unless it is null; text of jsonb is put in as it is. */
static void
put_column(StringInfo out, const char *key, bool null, bool is_json, const char *value)
{
	if (null)
		return;
	appendStringInfo(out, "%s\"%s\":", out->data[out->len - 1] == '{' ? "" : ",", key);
	if (is_json)
		appendStringInfoString(out, value);
	else
		ci_json_write_string(out, value);
}

static void
put_number(StringInfo out, const char *key, bool null, double value)
{
	if (null)
		return;
	appendStringInfo(out, ",\"%s\":", key);
	ci_json_write_number(out, value);
}

/* Write a row of ci.components as to_jsonb would. */
static void
write_row(void *arg, const Datum *value, const bool *null)
{
	static const char *const json[] = {
		[9] = "units",[10] = "aggregate",[13] = "denominator",[14] = "impute",[15] = "treat",
		[16] = "normalise",[17] = "rescale",[18] = "meta"
	};
	StringInfo	out = arg;

	appendStringInfoString(out, out->len > 1 ? ",{" : "{");
	put_column(out, "code", null[0], false, text_to_cstring((text *) DatumGetPointer(value[0])));
	if (!null[1])
		put_column(out, "parent", false, false, text_to_cstring((text *) DatumGetPointer(value[1])));
	if (!null[3])
		put_column(out, "indicator", false, false, text_to_cstring((text *) DatumGetPointer(value[3])));
	put_number(out, "position", null[5], DatumGetInt32(value[5]));
	put_number(out, "weight", null[6], DatumGetFloat8(value[6]));
	put_number(out, "direction", null[8], DatumGetInt32(value[8]));
	put_number(out, "min_coverage", null[11], DatumGetFloat8(value[11]));
	put_number(out, "min_count", null[12], DatumGetInt32(value[12]));
	for (int i = 0; i < lengthof(json); i++)
		if (json[i] != NULL)
			put_column(out, json[i], null[i], true, DatumGetCString(value[i]));
	appendStringInfoChar(out, '}');
}

/* The methodology without its policies, made of the rows of its components. */
static void
check_rows(Datum methodology)
{
	CiMethodology *m = ci_methodology_open((CiMethodologyDatum *) DatumGetPointer(methodology));
	CiJson	   *document = ci_json_new(CI_JSON_OBJECT);
	StringInfo	rows = makeStringInfo();
	CiMethodologyDatum *own;
	CiMethodologyDatum *made;

	if (m->on_constant != CI_POLICY_ERROR || m->on_nonpositive.policy != CI_POLICY_ERROR)
		return;					/* what they allow may be an error without
								 * them */
	ci_json_append(document, "components", ci_json_copy(ci_json_get(m->json, "components")));
	own = ci_methodology_make(document);
	appendStringInfoChar(rows, '[');
	fuzz_expect_rows(COMPONENT_COLUMNS, write_row, rows);
	fuzz_call1(ci_components, methodology);
	appendStringInfoChar(rows, ']');
	made = (CiMethodologyDatum *) DatumGetPointer(from_rows(parse(rows->data, "rows")));
	if (memcmp(own->digest, made->digest, CI_DIGEST_LENGTH) != 0)
		fuzz_fail("the digest of a methodology is not that of its rows: %s", rows->data);
}

static void
read_methodology(const uint8 *data, size_t size)
{
	char	   *text = fuzz_text(data, size);
	char	   *patch = text == NULL ? NULL : strchr(text, SEPARATOR);
	Datum		methodology;

	if (text == NULL)
		return;
	if (patch != NULL)
		*patch++ = '\0';
	if (text[0] == '[')
		methodology = from_rows(parse(text, "rows"));
	else
		methodology = fuzz_call1(ci_methodology_in, CStringGetDatum(text));
	if (patch != NULL)
	{
		CiMethodology *m = ci_methodology_open((CiMethodologyDatum *) DatumGetPointer(methodology));

		methodology = PointerGetDatum(ci_methodology_make(
														  ci_methodology_amended(m->json, parse(patch, "patch"))));
	}

	fuzz_sure("a methodology that was read");
	fuzz_same(methodology, through_text(methodology), "a methodology, written and read again,");
	fuzz_same(methodology, through_binary(methodology), "a methodology, sent and received,");
	check_tree(ci_methodology_open((CiMethodologyDatum *) DatumGetPointer(methodology)));
	check_rows(methodology);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(read_methodology, data, size);
}
