/*
 * panel/build.h
 *	  The expanded form of a panel: what grows, row by row.
 */
#ifndef CI_PANEL_BUILD_H
#define CI_PANEL_BUILD_H

#include "panel/panel.h"
#include "utils/expandeddatum.h"

/* It begins with an ExpandedObjectHeader, whose methods these are. */
typedef struct CiPanelBuild CiPanelBuild;
extern const ExpandedObjectMethods ci_panel_build_methods;

/* An empty one, in a new child of the context. */
extern CiPanelBuild *ci_panel_build_new(MemoryContext parent);

/* A copy of a panel, in a new child of the context. */
extern CiPanelBuild *ci_panel_build_copy(Datum panel, MemoryContext parent);

/*
 * The panel itself, if it is expanded, else NULL.  This is DatumGetEOHP without the
 * call, for it is asked for every row.
 */
static inline CiPanelBuild *
ci_panel_build_of(Datum panel)
{
	varatt_expanded pointer;

	if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(panel)))
		return NULL;
	memcpy(&pointer, VARDATA_EXTERNAL(DatumGetPointer(panel)), sizeof(pointer));
	return pointer.eohptr->eoh_methods == &ci_panel_build_methods ?
		(CiPanelBuild *) pointer.eohptr : NULL;
}

/* The same, but NULL unless it may be changed in place. */
static inline CiPanelBuild *
ci_panel_build_in_place(Datum panel)
{
	return VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(panel)) ? ci_panel_build_of(panel) : NULL;
}

/* The panel as a value that may be changed in place. */
static inline Datum
ci_panel_build_datum(CiPanelBuild *build)
{
	return EOHPGetRWDatum((ExpandedObjectHeader *) build);
}

/* The canonical flat form, in the current context. */
extern struct CiPanelFlat *ci_panel_build_flat(CiPanelBuild *build);

/* The counts at the head of its flat form. */
extern void ci_panel_build_counts(const CiPanelBuild *build, struct CiPanelFlat *counts);

/*
 * The panel as it lies, in the current context, while nothing is added to it: NULL
 * unless rows are in the order of units' names, and every period has cells for all
 * indicators, which settling sees to.  Rows have other numbers then.
 */
extern void ci_panel_build_settle(CiPanelBuild *build);
extern CiPanel *ci_panel_build_view(const CiPanelBuild *build);

/* Numbers of names, given when they are first seen. */
extern uint32 ci_panel_build_unit(CiPanelBuild *build, const text *name);
extern uint32 ci_panel_build_indicator(CiPanelBuild *build, const text *name);

/*
 * Turn to a unit in a period, which is thereby in the panel; cells that follow
 * are this unit's.
 */
extern void ci_panel_build_row(CiPanelBuild *build, const text *unit, int32 period);

/* The row turned to, and turning to another of the same period by number. */
extern uint32 ci_panel_build_row_number(const CiPanelBuild *build);
extern void ci_panel_build_turn(CiPanelBuild *build, uint32 row);

/*
 * Set a cell of the row turned to.  NaN is missing, which any other value
 * replaces; a second value is an error, as is one that is not finite.
 */
extern void ci_panel_build_cell(CiPanelBuild *build, uint32 indicator, double value);

/*
 * The numbers of the indicators in an array, if it is the one whose numbers were
 * kept last, else NULL.  Rows of a wide table come with the same array each.
 */
extern const uint32 *ci_panel_build_kept_numbers(const CiPanelBuild *build,
												 const struct varlena *array);
extern void ci_panel_build_keep_numbers(CiPanelBuild *build, const struct varlena *array,
										const uint32 *numbers, int n);

/*
 * Set n cells of the row turned to.  Those whose bit is not set in present, which
 * may be NULL, are null and not among the values.
 */
extern void ci_panel_build_cells(CiPanelBuild *build, const uint32 *indicators, int n,
								 const double *values, const bits8 *present);

/*
 * All three, in one call: turn to a row, find the indicator, set the cell if the
 * value, a float8, is not null.  It is made for every row of a long table.
 */
extern void ci_panel_build_observe(CiPanelBuild *build, const text *unit, int32 period,
								   const text *indicator, NullableDatum value);

/* Add all of a panel's cells. */
extern void ci_panel_build_merge(CiPanelBuild *build, const CiPanel *panel);

#endif							/* CI_PANEL_BUILD_H */
