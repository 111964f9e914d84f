/*
 * panel_build.h
 *	  The expanded form of a panel: what grows, row by row.
 */
#ifndef CI_PANEL_BUILD_H
#define CI_PANEL_BUILD_H

#include "panel.h"

typedef struct CiPanelBuild CiPanelBuild;

/* An empty one, in a new child of the context. */
extern CiPanelBuild *ci_panel_build_new(MemoryContext parent);

/*
 * The expanded form of a panel: the panel itself if it is one that may be
 * changed in place, else a copy in a new child of the context.
 */
extern CiPanelBuild *ci_panel_build_from(Datum panel, MemoryContext parent);

/* The panel as a value that may be changed in place. */
extern Datum ci_panel_build_datum(CiPanelBuild *build);

/* The canonical flat form, in the current context. */
extern struct CiPanelFlat *ci_panel_build_flat(CiPanelBuild *build);

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

/* Add all of a panel's cells. */
extern void ci_panel_build_merge(CiPanelBuild *build, const CiPanel *panel);

#endif							/* CI_PANEL_BUILD_H */
