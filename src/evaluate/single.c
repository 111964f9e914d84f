/*
 * evaluate/single.c
 *	  The panel of one unit at a time, whose cells come as arrays.
 *
 * In: arrays of indicators and cells, row after row.  Out: a panel of one unit in
 * one period, open, with the indicators that a methodology uses.  As a rule rows
 * name the same indicators, so which cell each is, is kept with the array.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "evaluate/single.h"
#include "utils/builtins.h"

#include "base/compat.h"

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* List the indicators, ascending and distinct. */
static void
list_indicators(CiPanel *panel, const CiMethodology *m, const char *const *others, int n_others)
{
	const char **names = palloc((3 * (Size) m->n + n_others) * sizeof(char *));
	uint32		n = 0;
	uint32		distinct = 0;

	for (int c = 0; c < m->n; c++)
	{
		if (m->components[c].indicator != NULL)
			names[n++] = m->components[c].indicator;
		if (m->components[c].denominator.indicator != NULL)
			names[n++] = m->components[c].denominator.indicator;
		if (m->components[c].units.indicator != NULL)
			names[n++] = m->components[c].units.indicator;
	}
	for (int k = 0; k < n_others; k++)
		names[n++] = others[k];
	qsort(names, n, sizeof(char *), compare_names);
	panel->indicators = palloc(Max(n, 1) * sizeof(text *));
	for (uint32 j = 0; j < n; j++)
		if (j == 0 || strcmp(names[j], names[j - 1]) != 0)
			panel->indicators[distinct++] = cstring_to_text(names[j]);
	panel->n_indicators = distinct;
}

void
ci_single_make(CiSingle *single, const CiMethodology *methodology,
			   const char *const *others, int n)
{
	CiPanel    *panel = &single->panel;

	memset(single, 0, sizeof(*single));
	single->context = CurrentMemoryContext;
	list_indicators(panel, methodology, others, n);
	panel->n_periods = panel->n_units = 1;
	panel->n_rows = 1;
	panel->units = palloc(sizeof(text *));
	panel->units[0] = cstring_to_text("");
	panel->periods = &single->period;
	single->period.n = 1;
	single->period.unit = palloc0(sizeof(uint32));
	single->cells = palloc0(Max(panel->n_indicators, 1) * sizeof(double));
	ci_panel_set_cells(&single->period, single->cells);
}

/* Raise if the panel has an indicator that is not seen. */
static void
require_all(const CiPanel *panel, const bool *seen)
{
	for (uint32 j = 0; j < panel->n_indicators; j++)
		if (!seen[j])
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("no indicator \"%s\" is given", text_to_cstring(panel->indicators[j])),
					 errdetail("The methodology expects it."),
					 errhint("Give it with a null cell if its value is missing.")));
}

/* Find out which cell each of the indicators is. */
static int *
find_targets(const CiPanel *panel, ArrayType *indicators, int *n)
{
	bool	   *seen = palloc0(Max(panel->n_indicators, 1));
	Datum	   *names;
	bool	   *nulls;
	int		   *target;

	deconstruct_array(indicators, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, n);
	target = palloc(Max(*n, 1) * sizeof(int));
	for (int i = 0; i < *n; i++)
	{
		text	   *name = nulls[i] ? NULL : DatumGetTextPP(names[i]);

		if (name == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("indicators must not contain null")));
		target[i] = ci_panel_indicator(panel, VARDATA_ANY(name), (int) VARSIZE_ANY_EXHDR(name));
		if (target[i] >= 0 && seen[target[i]])
			ereport(ERROR,
					(errcode(ERRCODE_UNIQUE_VIOLATION),
					 errmsg("indicator \"%s\" is given twice", text_to_cstring(name))));
		if (target[i] >= 0)
			seen[target[i]] = true;
	}
	require_all(panel, seen);
	return target;
}

/* Keep which cell each of the indicators is with the array. */
static void
match_indicators(CiSingle *single, ArrayType *indicators)
{
	int			n;
	int		   *target = find_targets(&single->panel, indicators, &n);
	struct varlena *copy = MemoryContextAlloc(single->context, VARSIZE(indicators));
	int		   *kept = MemoryContextAlloc(single->context, Max(n, 1) * sizeof(int));

	memcpy(copy, indicators, VARSIZE(indicators));
	memcpy(kept, target, n * sizeof(int));
	if (single->indicators != NULL)
	{
		pfree(single->indicators);
		pfree(single->target);
	}
	single->indicators = copy;
	single->target = kept;
	single->n_indicators = n;
}

/* The unit and period at the beginning of a detail, if they are known. */
static char *
where(const CiSingle *single, const char *separator)
{
	return single->unit == NULL ? "" :
		psprintf("Unit \"%s\", period %d%s", text_to_cstring(single->unit),
				 single->period.period, separator);
}

static void
report_not_finite(const CiSingle *single, int indicator, double value)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("value is not finite"),
			 errdetail("%s%s \"%s\": %g.", where(single, ", "),
					   single->unit == NULL ? "Indicator" : "indicator",
					   text_to_cstring(single->panel.indicators[indicator]), value),
			 errhint("Use NULL for a missing value.")));
}

static void
set_cells(CiSingle *single, ArrayType *cells)
{
	const double *value = (const double *) ARR_DATA_PTR(cells);
	const bits8 *present = ARR_NULLBITMAP(cells);

	for (int i = 0; i < single->n_indicators; i++)
	{
		int			target = single->target[i];

		if (present != NULL && (present[i / 8] & (1 << (i % 8))) == 0)
		{
			if (target >= 0)
				single->cells[target] = CI_MISSING;
			continue;
		}
		if (target >= 0 && !isfinite(*value))
			report_not_finite(single, target, *value);
		if (target >= 0)
			single->cells[target] = *value + 0.0;	/* -0 becomes 0 */
		value++;
	}
}

static void
check_number(const CiSingle *single, int n_cells)
{
	if (n_cells != single->n_indicators)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("cells do not match indicators"),
				 errdetail("%s%d cells for %d indicators.", where(single, ": "), n_cells,
						   single->n_indicators)));
}

void
ci_single_set(CiSingle *single, ArrayType *indicators, ArrayType *cells)
{
	if (single->indicators == NULL || VARSIZE(single->indicators) != VARSIZE(indicators) ||
		memcmp(single->indicators, indicators, VARSIZE(indicators)) != 0)
		match_indicators(single, indicators);
	if (cells == NULL)
	{
		for (uint32 j = 0; j < single->panel.n_indicators; j++)
			single->cells[j] = CI_MISSING;
		return;
	}
	check_number(single, ArrayGetNItems(ARR_NDIM(cells), ARR_DIMS(cells)));
	set_cells(single, cells);
}
