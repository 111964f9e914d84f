/*
 * panel/load.h
 *	  A panel on its way in, from text or bytes that may be anything.
 */
#ifndef CI_PANEL_LOAD_H
#define CI_PANEL_LOAD_H

#include "method/method.h"
#include "panel/build.h"
#include "panel/flat.h"

typedef struct CiPanelLoad
{
	int			sqlstate;		/* of errors */
	CiPanelBuild *build;
	text	  **unit;			/* names, in the order given */
	uint32		n_units;
	uint32		units_capacity;
	bool	   *used;			/* is the unit in a period? */
	uint32		n_indicators;
	bool		any_period;
	int32		period;
	uint32	   *row;			/* of the period's units */
	uint32		n_rows;
	uint32		rows_capacity;
	int64		last_unit;		/* of the period */
} CiPanelLoad;

/* Errors have this SQLSTATE, here and where a reader rejects what it reads. */
extern void ci_panel_load_start(CiPanelLoad *load, int sqlstate);
pg_noreturn extern void ci_panel_reject(const CiPanelLoad *load, const char *reason);

/* Names first: they must differ. */
extern void ci_panel_load_indicator(CiPanelLoad *load, const char *name, int len);
extern void ci_panel_load_unit(CiPanelLoad *load, const char *name, int len);

/* Then the periods, ascending; of each its units by number, ascending, */
extern void ci_panel_load_period(CiPanelLoad *load, int32 period);
extern void ci_panel_load_row(CiPanelLoad *load, int64 unit);

/* and the cells of those, which may be missing. */
static inline void
ci_panel_load_cell(CiPanelLoad *load, uint32 indicator, uint32 row, double value)
{
	if (ci_is_missing(value))
		return;
	ci_panel_build_turn(load->build, load->row[row]);
	ci_panel_build_cell(load->build, indicator, value);
}

/* Every unit must have been in some period. */
extern CiPanelFlat *ci_panel_load_end(CiPanelLoad *load);

#endif							/* CI_PANEL_LOAD_H */
