/*
 * panel/agg.c
 *	  ci.panel_agg: rows, whole or cell by cell, into a panel.
 *
 * The state is a panel, in its expanded form while the aggregate runs, in the
 * aggregate's memory context.  It becomes a flat panel whenever it is sent to
 * another process or stored, so there is nothing to serialise; a function in the
 * same query that takes it from the aggregate reads the expanded form.
 */
#include "postgres.h"

#include "base/report.h"
#include "catalog/pg_type.h"
#include "panel/build.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_panel_add_cell);
PG_FUNCTION_INFO_V1(ci_panel_add_cell_cross_section);
PG_FUNCTION_INFO_V1(ci_panel_add_row);
PG_FUNCTION_INFO_V1(ci_panel_add_row_jsonb);
PG_FUNCTION_INFO_V1(ci_panel_add_panel);
PG_FUNCTION_INFO_V1(ci_panel_final);

/* A state for the group of rows that begins: of the first panel, or empty. */
static CiPanelBuild *
start_state(FunctionCallInfo fcinfo)
{
	MemoryContext context = ci_aggregate_context(fcinfo, "ci.panel_agg");

	if (PG_ARGISNULL(0))
		return ci_panel_build_new(context);
	return ci_panel_build_copy(PG_GETARG_DATUM(0), context);
}

/* The state that argument 0 holds, if in place then without any call. */
static inline CiPanelBuild *
get_state(FunctionCallInfo fcinfo)
{
	CiPanelBuild *build = NULL;

	if (likely(!PG_ARGISNULL(0) && fcinfo->context != NULL &&
			   (IsA(fcinfo->context, AggState) || IsA(fcinfo->context, WindowAggState))))
		build = ci_panel_build_in_place(PG_GETARG_DATUM(0));
	return likely(build != NULL) ? build : start_state(fcinfo);
}

void
ci_report_null(FunctionCallInfo fcinfo, int argno, const char *name)
{
	const char *unit = argno == 1 ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1));

	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("%s of an observation is null", name),
			 argno == 1 ? 0 :
			 argno == 2 ? errdetail("Unit \"%s\".", unit) :
			 errdetail("Unit \"%s\", period %d.", unit, PG_GETARG_INT32(2)),
			 errhint("Leave such rows out with FILTER, or give them a name.")));
}

/* A name, which mostly needs no call to be read: it is short and in line. */
static inline const text *
name_arg(FunctionCallInfo fcinfo, int argno)
{
	const text *name = (const text *) PG_GETARG_POINTER(argno);

	return VARATT_IS_SHORT(name) && !VARATT_IS_EXTERNAL(name) ? name : PG_GETARG_TEXT_PP(argno);
}

/* ci.panel_agg(unit, period, indicator, value) */
Datum
ci_panel_add_cell(PG_FUNCTION_ARGS)
{
	CiPanelBuild *build = get_state(fcinfo);

	ci_refuse_null(fcinfo, 1, "unit");
	ci_refuse_null(fcinfo, 2, "period");
	ci_refuse_null(fcinfo, 3, "indicator");
	ci_panel_build_observe(build, name_arg(fcinfo, 1), PG_GETARG_INT32(2),
						   name_arg(fcinfo, 3), fcinfo->args[4]);
	return ci_panel_build_datum(build);
}

/* ci.panel_agg(unit, indicator, value) */
Datum
ci_panel_add_cell_cross_section(PG_FUNCTION_ARGS)
{
	CiPanelBuild *build = get_state(fcinfo);

	ci_refuse_null(fcinfo, 1, "unit");
	ci_refuse_null(fcinfo, 2, "indicator");
	ci_panel_build_observe(build, name_arg(fcinfo, 1), 0, name_arg(fcinfo, 2), fcinfo->args[3]);
	return ci_panel_build_datum(build);
}

/* Number the indicators of an array. */
static const uint32 *
number_indicators(FunctionCallInfo fcinfo, CiPanelBuild *build, ArrayType *indicators)
{
	Datum	   *names;
	bool	   *nulls;
	uint32	   *numbers;
	int			n;

	deconstruct_array(indicators, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &n);
	numbers = palloc(Max(n, 1) * sizeof(uint32));
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ci_report_null(fcinfo, 3, "indicator");
		numbers[i] = ci_panel_build_indicator(build, DatumGetTextPP(names[i]));
	}
	ci_panel_build_keep_numbers(build, (struct varlena *) indicators, numbers, n);
	return numbers;
}

/* ci.panel_agg(unit, period, indicators[], cells[]) */
Datum
ci_panel_add_row(PG_FUNCTION_ARGS)
{
	CiPanelBuild *build = get_state(fcinfo);
	ArrayType  *indicators;
	ArrayType  *cells = PG_ARGISNULL(4) ? NULL : PG_GETARG_ARRAYTYPE_P(4);
	const uint32 *numbers;
	int			n_indicators;
	int			n_cells;

	ci_refuse_null(fcinfo, 1, "unit");
	ci_refuse_null(fcinfo, 2, "period");
	ci_refuse_null(fcinfo, 3, "array of indicators");
	indicators = PG_GETARG_ARRAYTYPE_P(3);
	n_indicators = ArrayGetNItems(ARR_NDIM(indicators), ARR_DIMS(indicators));
	n_cells = cells == NULL ? n_indicators : ArrayGetNItems(ARR_NDIM(cells), ARR_DIMS(cells));
	if (n_cells != n_indicators)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("cells do not match indicators"),
				 errdetail("Unit \"%s\", period %d: %d cells for %d indicators.",
						   text_to_cstring(PG_GETARG_TEXT_PP(1)), PG_GETARG_INT32(2),
						   n_cells, n_indicators)));
	ci_panel_build_row(build, name_arg(fcinfo, 1), PG_GETARG_INT32(2));
	numbers = ci_panel_build_kept_numbers(build, (struct varlena *) indicators);
	if (numbers == NULL)
		numbers = number_indicators(fcinfo, build, indicators);
	if (cells != NULL)
		ci_panel_build_cells(build, numbers, n_cells, (const double *) ARR_DATA_PTR(cells),
							 ARR_NULLBITMAP(cells));
	return ci_panel_build_datum(build);
}

/* The number that a jsonb member stands for; false if it is null. */
static bool
member_value(const JsonbValue *member, const text *unit, const text *key, double *value)
{
	switch (member->type)
	{
		case jbvNull:
			return false;
		case jbvBool:
			*value = member->val.boolean ? 1 : 0;
			return true;
		case jbvNumeric:
			*value = DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
														NumericGetDatum(member->val.numeric)));
			return true;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("cell is not a number"),
					 errdetail("Unit \"%s\", key \"%s\".",
							   text_to_cstring(unit), text_to_cstring(key)),
					 errhint("Take keys that are no indicators away, as in "
							 "to_jsonb(t) - '{unit,period,name}'::text[], and use NULL for a missing value.")));
	}
}

/* ci.panel_agg(unit, period, cells jsonb) */
Datum
ci_panel_add_row_jsonb(PG_FUNCTION_ARGS)
{
	CiPanelBuild *build = get_state(fcinfo);
	text	   *unit;
	Jsonb	   *cells;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	member;

	ci_refuse_null(fcinfo, 1, "unit");
	ci_refuse_null(fcinfo, 2, "period");
	unit = PG_GETARG_TEXT_PP(1);
	ci_panel_build_row(build, unit, PG_GETARG_INT32(2));
	if (PG_ARGISNULL(3))
		return ci_panel_build_datum(build);
	cells = PG_GETARG_JSONB_P(3);
	if (!JB_ROOT_IS_OBJECT(cells))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("cells are not a JSON object"),
				 errdetail("Unit \"%s\", period %d.",
						   text_to_cstring(unit), PG_GETARG_INT32(2))));
	iterator = JsonbIteratorInit(&cells->root);
	while ((token = JsonbIteratorNext(&iterator, &member, true)) != WJB_DONE)
	{
		text	   *key;
		uint32		indicator;
		double		value;

		if (token != WJB_KEY)
			continue;
		key = cstring_to_text_with_len(member.val.string.val, member.val.string.len);
		indicator = ci_panel_build_indicator(build, key);
		(void) JsonbIteratorNext(&iterator, &member, true);
		if (member_value(&member, unit, key, &value))
			ci_panel_build_cell(build, indicator, value);
	}
	return ci_panel_build_datum(build);
}

/* ci.panel_agg(panel), and the combine function of all */
Datum
ci_panel_add_panel(PG_FUNCTION_ARGS)
{
	CiPanelBuild *build;

	if (PG_ARGISNULL(1) && PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	build = get_state(fcinfo);
	ci_panel_build_merge(build, ci_panel_arg(fcinfo, 1));
	return ci_panel_build_datum(build);
}

/*
 * Hand out the state to be read, without a copy.  That is its own address anew:
 * PostgreSQL 15 copies a result that is no chunk of the current memory context,
 * which would make it flat.  It is settled only for an aggregate, with which it ends
 * if that is interrupted.
 */
Datum
ci_panel_final(PG_FUNCTION_ARGS)
{
	CiPanelBuild *build = ci_panel_build_of(PG_GETARG_DATUM(0));
	void	   *pointer;

	if (build == NULL)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	if (AggCheckCallContext(fcinfo, NULL))
		ci_panel_build_settle(build);
	pointer = palloc(EXPANDED_POINTER_SIZE);
	memcpy(pointer, DatumGetPointer(EOHPGetRODatum((ExpandedObjectHeader *) build)),
		   EXPANDED_POINTER_SIZE);
	PG_RETURN_POINTER(pointer);
}
