/*
 * panel/panel.h
 *	  What was observed: period x unit x indicator -> value or missing.
 *
 * The flat form is canonical, so equal panels are equal bytes: periods
 * ascending, units and indicators in bytewise order, per period only the units
 * seen in it, cells by indicator.  Its layout is in panel/flat.c.  The expanded
 * form, in panel/build.c, is what aggregates grow in place.
 */
#ifndef CI_PANEL_H
#define CI_PANEL_H

#include "base/compat.h"
#include "fmgr.h"

#define CI_PANEL_MAX_INDICATORS 65535

/* One period of an open panel. */
typedef struct CiPanelPeriod
{
	int32		period;
	uint32		n;				/* units in it */
	const uint32 *unit;			/* each row's unit, ascending */
	const double *cells;		/* by column: n, NaN if missing … */
	size_t		stride;			/* … and so many from one to the next */
	const uint32 *column;		/* each indicator's; NULL if they are in order */
} CiPanelPeriod;

/*
 * An open panel: pointers into a flat or an expanded one, which must stay.  Names
 * are text values that can be returned as they are.
 */
typedef struct CiPanel
{
	uint32		n_periods;
	uint32		n_units;
	uint32		n_indicators;
	uint64		n_rows;			/* units, added up over periods */
	const CiPanelPeriod *periods;
	text	  **units;
	text	  **indicators;
} CiPanel;

extern CiPanel *ci_panel_open(Datum panel);
extern CiPanel *ci_panel_arg(FunctionCallInfo fcinfo, int argno);

/* Have two panels the same units, periods, indicators and cells? */
extern bool ci_panel_same(const CiPanel *a, const CiPanel *b);

/* SHA-256 of what the binary form holds, names in the encoding of the database. */
extern void ci_panel_digest(const CiPanel *panel, uint8 *result);

/* Index of a name, or of a period; -1 if the panel has none. */
extern int	ci_panel_indicator(const CiPanel *panel, const char *name, int len);
extern int	ci_panel_unit(const CiPanel *panel, const char *name, int len);
extern int	ci_panel_period(const CiPanel *panel, int32 period);

/* The same for what must be there: else it is an error. */
extern int	ci_panel_period_named(const CiPanel *panel, int32 period);
extern int	ci_panel_unit_arg(FunctionCallInfo fcinfo, int argno, const CiPanel *panel);

/* Raise if a part of an observation is null; argument 1 is the unit, 2 the period. */
pg_noreturn extern void ci_report_null(FunctionCallInfo fcinfo, int argno, const char *name);

static inline void
ci_refuse_null(FunctionCallInfo fcinfo, int argno, const char *name)
{
	if (unlikely(PG_ARGISNULL(argno)))
		ci_report_null(fcinfo, argno, name);
}

/* Row of a unit in a period, -1 if it is not in it. */
extern int64 ci_panel_row(const CiPanelPeriod *period, uint32 unit);

/* Give a period other cells, of all indicators one after the other. */
static inline void
ci_panel_set_cells(CiPanelPeriod *period, const double *cells)
{
	period->cells = cells;
	period->stride = period->n;
	period->column = NULL;
}

static inline const double *
ci_panel_column(const CiPanelPeriod *period, uint32 indicator)
{
	return period->cells +
		period->stride * (period->column == NULL ? indicator : period->column[indicator]);
}

#endif							/* CI_PANEL_H */
