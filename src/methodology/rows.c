/*
 * methodology/rows.c
 *	  A methodology from a row for each component, as JSON objects.
 *
 * A row is either our own, with the keys of a component as columns, or one of
 * COINr's iMeta, known by its column iCode.  A null column is an absent key.
 */
#include "postgres.h"

#include <math.h>

#include "methodology/rows.h"
#include "methodology/tree.h"

/* Columns of ci.component that are computed. */
static bool
is_computed(const char *column)
{
	return strcmp(column, "depth") == 0 || strcmp(column, "position") == 0 ||
		strcmp(column, "effective_weight") == 0;
}

static void
collect_own(CiRow *row, const CiJson *json)
{
	for (const CiJson *column = json->first; column != NULL; column = column->next)
	{
		if (column->kind == CI_JSON_NULL)
			continue;
		if (!is_computed(column->key))
			ci_json_append(row->component, column->key, ci_json_copy(column));
		else if (strcmp(column->key, "position") == 0)
		{
			CiPlace		at = {.of = &ci_methodology_place, .number = row->number};
			CiPlace		place = {.of = &at, .name = "position"};

			row->position = ci_read_number(column, &place, -INFINITY, INFINITY);
		}
	}
}

static int
compare_positions(const void *a, const void *b)
{
	const CiRow *x = a;
	const CiRow *y = b;

	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return x->number - y->number;
}

/* Put rows into the order of their positions if every one has one. */
static void
order_rows(CiRow *rows, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (isnan(rows[i].position))
			return;
	}
	qsort(rows, n, sizeof(CiRow), compare_positions);
}

CiJson *
ci_methodology_collected(CiJson *const *jsons, int n)
{
	CiRow	   *rows = palloc0(Max(n, 1) * sizeof(CiRow));
	CiJson	   *document = ci_json_new(CI_JSON_OBJECT);
	CiJson	   *components = ci_json_new(CI_JSON_ARRAY);
	int			n_rows = 0;

	for (int i = 0; i < n; i++)
	{
		CiRow	   *row = &rows[n_rows];
		CiPlace		place = {.of = &ci_methodology_place, .number = i + 1};

		if (jsons[i]->kind != CI_JSON_OBJECT)
			ci_fail_kind(&place, "an object", jsons[i]);
		*row = (CiRow) {.number = i + 1, .position = NAN};
		row->component = ci_json_new(CI_JSON_OBJECT);
		if (!ci_imeta_is_row(jsons[i]))
		{
			collect_own(row, jsons[i]);
			n_rows++;
		}
		else if (ci_imeta_collect(row, jsons[i]))
			n_rows++;
	}
	ci_imeta_check(rows, n_rows);
	order_rows(rows, n_rows);
	for (int i = 0; i < n_rows; i++)
		ci_json_append(components, NULL, rows[i].component);
	ci_json_append(document, "components", components);
	return document;
}
