/*
 * change/panel.c
 *	  An edition's panel, completed by what only the other edition has.
 *
 * A hybrid may have the tree of one edition and the cells of the other.  An
 * indicator that only one methodology uses has that edition's cells in both
 * panels, and so has one that the other panel does not have at all: for the units
 * that are in both, in the edition's period.
 */
#include "postgres.h"

#include "change/change.h"
#include "miscadmin.h"
#include "panel/flat.h"

/* A column of the completed panels. */
typedef struct Column
{
	text	   *name;
	int			number[2];		/* in each edition's panel, or -1 */
	bool		used[2];		/* by that edition's methodology */
} Column;

typedef struct Columns
{
	uint32		n;
	Column	   *column;			/* in bytewise order of name */
} Columns;

static int
compare_columns(const CiPanel *a, uint32 i, const CiPanel *b, uint32 j)
{
	if (i == a->n_indicators || j == b->n_indicators)
		return (i == a->n_indicators) - (j == b->n_indicators);
	return ci_name_compare(VARDATA_ANY(a->indicators[i]), VARSIZE_ANY_EXHDR(a->indicators[i]),
						   VARDATA_ANY(b->indicators[j]), VARSIZE_ANY_EXHDR(b->indicators[j]));
}

static void
mark(const Columns *columns, const CiPanel *panel, int side, const char *indicator)
{
	int			number = indicator == NULL ? -1 :
		ci_panel_indicator(panel, indicator, (int) strlen(indicator));

	for (uint32 j = 0; number >= 0 && j < columns->n; j++)
		if (columns->column[j].number[side] == number)
			columns->column[j].used[side] = true;
}

static void
mark_scope(const Columns *columns, const CiPanel *panel, int side, const CiScope *scope)
{
	mark(columns, panel, side, scope->by);
	mark(columns, panel, side, scope->units.indicator);
}

/* Mark what a methodology looks at; its screen is not asked again. */
static void
mark_used(const Columns *columns, const CiEdition *edition, int side)
{
	for (int c = 0; c < edition->methodology->n; c++)
	{
		const CiComponent *at = &edition->methodology->components[c];

		mark(columns, edition->panel, side, at->indicator);
		mark(columns, edition->panel, side, at->denominator.indicator);
		mark(columns, edition->panel, side, at->units.indicator);
		mark_scope(columns, edition->panel, side, &at->impute.scope);
		mark_scope(columns, edition->panel, side, &at->treat.scope);
		mark_scope(columns, edition->panel, side, &at->normalise.scope);
		mark_scope(columns, edition->panel, side, &at->rescale.scope);
	}
}

static Columns
merge_columns(const CiChange *change)
{
	const CiPanel *before = change->edition[0].panel;
	const CiPanel *after = change->edition[1].panel;
	Columns		columns = {0};
	uint32		i = 0;
	uint32		j = 0;

	columns.column = palloc0(((Size) before->n_indicators + after->n_indicators + 1) *
							 sizeof(Column));
	while (i < before->n_indicators || j < after->n_indicators)
	{
		int			c = compare_columns(before, i, after, j);
		Column	   *column = &columns.column[columns.n++];

		column->name = c <= 0 ? before->indicators[i] : after->indicators[j];
		column->number[0] = c <= 0 ? (int) i++ : -1;
		column->number[1] = c >= 0 ? (int) j++ : -1;
	}
	for (int side = 0; side < 2; side++)
		mark_used(&columns, &change->edition[side], side);
	return columns;
}

/* Does the panel of an edition have the other one's cells in this column? */
static bool
is_of_other(const Column *column, int side)
{
	if (column->number[1 - side] < 0)
		return false;
	return column->number[side] < 0 || (column->used[1 - side] && !column->used[side]);
}

static bool
has_all(const Columns *columns, int side)
{
	for (uint32 j = 0; j < columns->n; j++)
		if (columns->column[j].number[side] < 0 || is_of_other(&columns->column[j], side))
			return false;
	return true;
}

/* Replace the cells of an edition's period by those of the units' rows in the other. */
static void
take_cells(const CiChange *change, int side, const Column *column, double *cells)
{
	const CiEdition *other = &change->edition[1 - side];
	const double *from = ci_panel_column(&other->panel->periods[other->period],
										 (uint32) column->number[1 - side]);

	for (uint32 i = 0; i < change->n; i++)
	{
		const CiChangeUnit *unit = &change->units[i];

		if (unit->row[0] >= 0 && unit->row[1] >= 0)
			cells[unit->row[side]] = from[unit->row[1 - side]];
	}
}

static double *
complete_period(const CiChange *change, int side, const Columns *columns, uint32 period)
{
	const CiEdition *edition = &change->edition[side];
	const CiPanelPeriod *at = &edition->panel->periods[period];
	double	   *cells = palloc_extended(Max((Size) at->n * columns->n, 1) * sizeof(double),
										MCXT_ALLOC_HUGE);

	for (uint32 j = 0; j < columns->n; j++)
	{
		const Column *column = &columns->column[j];
		double	   *to = cells + (Size) at->n * j;

		CHECK_FOR_INTERRUPTS();
		if (column->number[side] >= 0)
			memcpy(to, ci_panel_column(at, (uint32) column->number[side]),
				   at->n * sizeof(double));
		else
			for (uint32 i = 0; i < at->n; i++)
				to[i] = CI_MISSING;
		if (period == edition->period && is_of_other(column, side))
			take_cells(change, side, column, to);
	}
	return cells;
}

const CiPanel *
ci_edition_complete(const CiChange *change, int side)
{
	const CiPanel *panel = change->edition[side].panel;
	Columns		columns = merge_columns(change);
	CiPanel    *completed;
	CiPanelPeriod *periods;

	if (has_all(&columns, side))
		return panel;
	completed = palloc(sizeof(CiPanel));
	*completed = *panel;
	completed->n_indicators = columns.n;
	completed->indicators = palloc(columns.n * sizeof(text *));
	for (uint32 j = 0; j < columns.n; j++)
		completed->indicators[j] = columns.column[j].name;
	completed->periods = periods = palloc(panel->n_periods * sizeof(CiPanelPeriod));
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		periods[p] = panel->periods[p];
		ci_panel_set_cells(&periods[p], complete_period(change, side, &columns, p));
	}
	return completed;
}
