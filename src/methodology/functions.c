/*
 * methodology/functions.c
 *	  ci.methodology as SQL sees it: the type, and the functions that make one,
 *	  change one or look into one.
 *
 * A value on disk was checked when it was made.  A function that follows a
 * methodology gets it resolved from ci_methodology_arg, which keeps it from call
 * to call.
 */
#include "postgres.h"

#include "base/report.h"
#include "base/rows.h"
#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "methodology/kept.h"
#include "methodology/stage.h"
#include "methodology/tree.h"
#include "panel/panel.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_methodology_in);
PG_FUNCTION_INFO_V1(ci_methodology_out);
PG_FUNCTION_INFO_V1(ci_methodology_recv);
PG_FUNCTION_INFO_V1(ci_methodology_send);
PG_FUNCTION_INFO_V1(ci_amend);
PG_FUNCTION_INFO_V1(ci_components);
PG_FUNCTION_INFO_V1(ci_methodology_add_row);
PG_FUNCTION_INFO_V1(ci_methodology_from_rows);
PG_FUNCTION_INFO_V1(ci_default_methodology);
PG_FUNCTION_INFO_V1(ci_is_peer_independent);

#define METHODOLOGY_VERSION 1	/* of the layout on disk */
#define WIRE_VERSION 1			/* of the binary form */

#define HEADER_SIZE offsetof(CiMethodologyDatum, json)

#define GET_METHODOLOGY(n) ((CiMethodologyDatum *) PG_GETARG_VARLENA_P(n))

/*
 * The value on disk
 */

static CiMethodologyDatum *
make_datum(const CiMethodology *methodology)
{
	StringInfoData out;
	CiMethodologyDatum *datum;

	initStringInfo(&out);
	appendStringInfoSpaces(&out, HEADER_SIZE);
	ci_json_write(&out, methodology->json);
	datum = (CiMethodologyDatum *) out.data;
	SET_VARSIZE(datum, out.len);
	datum->version = METHODOLOGY_VERSION;
	memcpy(datum->digest, methodology->digest, CI_DIGEST_LENGTH);
	return datum;
}

CiMethodologyDatum *
ci_methodology_make(const CiJson *json)
{
	return make_datum(ci_methodology_resolve(json));
}

static int
json_length(const CiMethodologyDatum *datum)
{
	return (int) (VARSIZE(datum) - HEADER_SIZE);
}

void
ci_methodology_check_head(const CiMethodologyDatum *head)
{
	if (VARSIZE(head) < HEADER_SIZE || head->version != METHODOLOGY_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("stored methodology has an unknown layout"),
				 errhint("It may have been written by a later version of composite_indicator.")));
}

static CiJson *
read_json(const CiMethodologyDatum *datum)
{
	ci_methodology_check_head(datum);
	return ci_json_parse(datum->json, json_length(datum), "methodology");
}

CiMethodology *
ci_methodology_open(const CiMethodologyDatum *datum)
{
	CiMethodology *methodology = ci_methodology_read(read_json(datum));

	memcpy(methodology->digest, datum->digest, CI_DIGEST_LENGTH);
	return methodology;
}

/* A methodology that calls have in common. */
typedef struct Resolved
{
	CiKept		kept;
	CiMethodology *methodology;
} Resolved;

static CiKept *
make_resolved(CiMethodologyDatum *datum)
{
	Resolved   *resolved = palloc(sizeof(Resolved));

	resolved->methodology = ci_methodology_open(datum);
	return &resolved->kept;
}

const CiMethodology *
ci_methodology_arg(FunctionCallInfo fcinfo, int argno)
{
	return ((Resolved *) ci_kept(fcinfo, PG_GETARG_DATUM(argno), make_resolved))->methodology;
}

/*
 * Input and output
 */

Datum
ci_methodology_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	CiJson	   *json = ci_json_parse(text, (int) strlen(text), "methodology");

	PG_RETURN_POINTER(ci_methodology_make(json));
}

Datum
ci_methodology_out(PG_FUNCTION_ARGS)
{
	CiMethodologyDatum *datum = GET_METHODOLOGY(0);

	PG_RETURN_CSTRING(pnstrdup(datum->json, json_length(datum)));
}

/* A byte for the version, then the text form. */
Datum
ci_methodology_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(message);
	char	   *text;
	int			length;

	if (version != WIRE_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid methodology: unknown version %d", version)));
	text = pq_getmsgtext(message, message->len - message->cursor, &length);
	PG_RETURN_POINTER(ci_methodology_make(ci_json_parse(text, length, "methodology")));
}

Datum
ci_methodology_send(PG_FUNCTION_ARGS)
{
	CiMethodologyDatum *datum = GET_METHODOLOGY(0);
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendint8(&message, WIRE_VERSION);
	pq_sendtext(&message, datum->json, json_length(datum));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/*
 * From and to jsonb
 */

CiJson *
ci_methodology_jsonb(Datum value, const char *what)
{
	Jsonb	   *jsonb = DatumGetJsonbP(value);
	char	   *text = JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb));

	return ci_json_parse(text, (int) strlen(text), what);
}

static CiValue
jsonb_value(const CiJson *json)
{
	StringInfoData text;

	if (json == NULL)
		return ci_null();
	initStringInfo(&text);
	ci_json_write(&text, json);
	return (CiValue) {DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data)), false};
}

/*
 * Functions
 */

Datum
ci_amend(PG_FUNCTION_ARGS)
{
	CiJson	   *json = read_json(GET_METHODOLOGY(0));
	CiJson	   *patch = ci_methodology_jsonb(PG_GETARG_DATUM(1), "patch");

	PG_RETURN_POINTER(ci_methodology_make(ci_methodology_amended(json, patch)));
}

/* A stage as resolved.  Written here, for many may share one long list of units. */
static CiValue
stage_value(const CiNormaliseStage *stage)
{
	return jsonb_value(stage->spec.method == NULL ? NULL : ci_normalise_stage_json(stage));
}

static void
put_component(ReturnSetInfo *rows, const CiMethodology *methodology,
			  const CiComponent *component)
{
	bool		is_leaf = component->n_children == 0;
	bool		has_units = ci_units_given(&component->units);
	CiValue		row[] = {
		ci_cstring(component->code),
		component->parent < 0 ? ci_null()
		: ci_cstring(methodology->components[component->parent].code),
		ci_cstring(component->label),
		ci_cstring(component->indicator),
		ci_int(component->depth),
		ci_int(component->position),
		ci_float(component->weight),
		ci_float(component->effective_weight),
		ci_int(component->direction),
		jsonb_value(has_units ? ci_units_write(&component->units) : NULL),
		jsonb_value(component->aggregate_json),
		is_leaf ? ci_null() : ci_float(component->min_coverage),
		is_leaf ? ci_null() : ci_int(component->min_count),
		jsonb_value(ci_denominator_json(&component->denominator)),
		jsonb_value(ci_impute_stage_json(&component->impute)),
		jsonb_value(ci_treat_stage_json(&component->treat)),
		stage_value(&component->normalise),
		stage_value(&component->rescale),
		jsonb_value(ci_json_get(component->json, "meta"))
	};

	ci_rows_put(rows, row, lengthof(row));
}

/* A row for each component, in order of display. */
Datum
ci_components(PG_FUNCTION_ARGS)
{
	const CiMethodology *methodology = ci_methodology_arg(fcinfo, 0);
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	MemoryContext row_context = AllocSetContextCreate(CurrentMemoryContext, "ci.component",
													  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(row_context);

	for (int i = 0; i < methodology->n; i++)
	{
		put_component(rows, methodology, &methodology->components[methodology->display[i]]);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(row_context);
	return (Datum) 0;
}

/* Transition of ci.methodology_agg: append a row to the state, in place. */
Datum
ci_methodology_add_row(PG_FUNCTION_ARGS)
{
	MemoryContext context = ci_aggregate_context(fcinfo, "ci.methodology_agg");
	MemoryContext caller;
	ExpandedArrayHeader *rows;
	int			index;

	if (PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("component of a methodology is null"),
				 errhint("Leave such rows out with FILTER.")));
	caller = MemoryContextSwitchTo(context);
	if (PG_ARGISNULL(0))
		rows = construct_empty_expanded_array(JSONBOID, context, NULL);
	else
		rows = PG_GETARG_EXPANDED_ARRAY(0);
	MemoryContextSwitchTo(caller);
	index = rows->ndims == 0 ? 1 : rows->lbound[0] + rows->dims[0];
	PG_RETURN_DATUM(array_set_element(EOHPGetRWDatum(&rows->hdr), 1, &index,
									  PG_GETARG_DATUM(1), false,
									  -1, -1, false, TYPALIGN_INT));
}

/* Final function of ci.methodology_agg. */
Datum
ci_methodology_from_rows(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	Datum	   *values;
	CiJson	  **rows;
	int			n;

	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("component of a methodology is null")));
	deconstruct_array(array, JSONBOID, -1, false, TYPALIGN_INT, &values, NULL, &n);
	if (n == 0)
		PG_RETURN_NULL();
	rows = palloc(n * sizeof(CiJson *));
	for (int i = 0; i < n; i++)
		rows[i] = ci_methodology_jsonb(values[i], "component of a methodology");
	PG_RETURN_POINTER(ci_methodology_make(ci_methodology_collected(rows, n)));
}

/* The indicators listed in argument 1, which the panel must have. */
static text **
listed_indicators(FunctionCallInfo fcinfo, const CiPanel *panel, int *n)
{
	text	  **names = ci_text_array_arg(fcinfo, 1, "indicators", n);

	for (int i = 0; i < *n; i++)
	{
		if (ci_panel_indicator(panel, VARDATA_ANY(names[i]), (int) VARSIZE_ANY_EXHDR(names[i])) < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("panel has no indicator \"%s\"", text_to_cstring(names[i]))));
	}
	return names;
}

Datum
ci_default_methodology(PG_FUNCTION_ARGS)
{
	CiPanel    *panel;
	text	  **names;
	const char **indicators;
	int			n;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	panel = ci_panel_arg(fcinfo, 0);
	if (PG_ARGISNULL(1))
	{
		names = panel->indicators;
		n = (int) panel->n_indicators;
	}
	else
		names = listed_indicators(fcinfo, panel, &n);
	if (n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a methodology needs at least one indicator")));
	indicators = palloc(n * sizeof(char *));
	for (int i = 0; i < n; i++)
		indicators[i] = text_to_cstring(names[i]);
	PG_RETURN_POINTER(ci_methodology_make(ci_methodology_standard(indicators, n)));
}

Datum
ci_is_peer_independent(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(ci_methodology_first_dependent(ci_methodology_arg(fcinfo, 0)) < 0);
}
