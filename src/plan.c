/*
 * plan.c
 *	  How many rows a call returns, for the planner.
 *
 * In: a call whose panel, and where it matters methodology, is known when it is
 * planned.  Out: the number of its rows, from the counts at the head of the panel.
 * Of any other call the planner takes what CREATE FUNCTION says.
 */
#include "postgres.h"

#include "base/compat.h"
#include "methodology/methodology.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "panel/build.h"
#include "panel/flat.h"
#include "utils/lsyscache.h"

PG_FUNCTION_INFO_V1(ci_plan_support);

/* What a function has a row for, and which argument, if it is not null, chooses. */
typedef struct Shape
{
	const char *function;
	bool		units;			/* each in every period; else each period */
	bool		indicators;
	bool		components;
	int			unit;			/* number of the argument, 0 if there is none */
	int			period;
} Shape;

static const Shape shapes[] = {
	{"observations", .units = true, .indicators = true},
	{"summary", .indicators = true},
	{"rank", .units = true},
	{"scores", .units = true, .components = true},
	{"explain", .units = true, .components = true, .unit = 2, .period = 3},
	{"rank_intervals", .units = true, .period = 5},
	{"rank_bounds", .units = true, .period = 3},
	{.function = NULL}
};

static const Shape *
find_shape(Oid function)
{
	const char *name = get_func_name(function);

	for (const Shape *shape = shapes; name != NULL && shape->function != NULL; shape++)
		if (strcmp(shape->function, name) == 0)
			return shape;
	return NULL;
}

/*
 * An argument's value, NULL if it is not known when the call is planned.  A stable
 * function is not called for it: one that builds a panel takes long, and may raise.
 */
static const Const *
known_argument(List *arguments, int argno)
{
	const Node *value = list_nth(arguments, argno);

	return IsA(value, Const) ? (const Const *) value : NULL;
}

/* Is one chosen by this argument?  If it is not known yet, it is taken for one. */
static bool
is_chosen(List *arguments, int argno)
{
	const		Const *value;

	if (argno == 0)
		return false;
	value = known_argument(arguments, argno);
	return value == NULL || !value->constisnull;
}

/* The counts at the head of a panel, of which no more is read. */
static CiPanelFlat
panel_counts(Datum panel)
{
	CiPanelFlat counts = {0};

	if (VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(panel)))
		ci_panel_build_counts((CiPanelBuild *) DatumGetEOHP(panel), &counts);
	else
	{
		struct varlena *head = PG_DETOAST_DATUM_SLICE(panel, 0, sizeof(counts) - VARHDRSZ);

		if (VARSIZE(head) == sizeof(counts))
			memcpy(&counts, head, sizeof(counts));
	}
	return counts;
}

/* How many rows the call returns; -1 if that cannot be told. */
static double
count_rows(const Shape *shape, List *arguments, const CiPanelFlat *panel)
{
	double		rows = panel->n_periods;

	if (shape->units && !is_chosen(arguments, shape->unit))
		rows = panel->n_rows;
	if (is_chosen(arguments, shape->period))
		rows /= Max(panel->n_periods, 1);
	if (shape->indicators)
		rows *= panel->n_indicators;
	if (shape->components)
	{
		const		Const *methodology = known_argument(arguments, 1);

		if (methodology == NULL || methodology->constisnull)
			return -1;
		rows *= ci_methodology_open((CiMethodologyDatum *) PG_DETOAST_DATUM(methodology->constvalue))->n;
	}
	return rows;
}

Datum
ci_plan_support(PG_FUNCTION_ARGS)
{
	SupportRequestRows *request = (SupportRequestRows *) PG_GETARG_POINTER(0);
	List	   *arguments;
	const Shape *shape;
	const		Const *panel;
	CiPanelFlat counts;

	if (!IsA(request, SupportRequestRows) || !is_funcclause(request->node))
		PG_RETURN_POINTER(NULL);
	arguments = ((FuncExpr *) request->node)->args;
	shape = find_shape(request->funcid);
	panel = known_argument(arguments, 0);
	if (shape == NULL || panel == NULL || panel->constisnull)
		PG_RETURN_POINTER(NULL);
	counts = panel_counts(panel->constvalue);
	request->rows = count_rows(shape, arguments, &counts);
	PG_RETURN_POINTER(request->rows < 0 ? NULL : request);
}
