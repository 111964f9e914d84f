/*
 * simulate/errors.c
 *	  Measurement error: a panel whose cells are drawn around those observed.
 *
 * In: a panel, and one of standard deviations for some of its cells.  Out: a panel
 * in memory, whose cells are drawn anew each time; a cell that is missing stays so.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "simulate/errors.h"
#include "utils/builtins.h"

#include "base/compat.h"

struct CiNoisyPanel
{
	const CiPanel *observed;
	double	  **sd;				/* by period: as its cells; 0 where exact */
	double	  **cells;
	CiPanel		panel;
};

static const char *
name_of(const text *name)
{
	return text_to_cstring(name);
}

static int
find(int found, const char *what, const text *name)
{
	if (found < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("errors have %s \"%s\" that the panel does not have", what, name_of(name))));
	return found;
}

static double *
new_cells(const CiPanel *panel, uint32 period)
{
	Size		n = (Size) panel->periods[period].n * panel->n_indicators;

	return palloc_extended(Max(n, 1) * sizeof(double), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* Row, in a period of the panel, of a unit of the errors. */
static int64
find_row(const CiPanel *panel, uint32 period, const text *name)
{
	int			unit = find(ci_panel_unit(panel, VARDATA_ANY(name), (int) VARSIZE_ANY_EXHDR(name)),
							"unit", name);
	int64		row = ci_panel_row(&panel->periods[period], (uint32) unit);

	if (row < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("errors have unit \"%s\" in period %d, where the panel does not have it",
						name_of(name), panel->periods[period].period)));
	return row;
}

/* Take over the standard deviations of one period. */
static void
take_deviations(CiNoisyPanel *noisy, const CiPanel *errors, const CiPanelPeriod *at,
				const int *indicator)
{
	const CiPanel *panel = noisy->observed;
	uint32		period = (uint32) ci_panel_period_named(panel, at->period);

	for (uint32 i = 0; i < at->n; i++)
	{
		const text *name = errors->units[at->unit[i]];
		int64		row = find_row(panel, period, name);

		CHECK_FOR_INTERRUPTS();
		for (uint32 j = 0; j < errors->n_indicators; j++)
		{
			double		sd = ci_panel_column(at, j)[i];

			if (sd < 0)
				ereport(ERROR,
						(errcode(ERRCODE_DATA_EXCEPTION),
						 errmsg("a standard deviation is below 0"),
						 errdetail("Unit \"%s\", period %d, indicator \"%s\": %.15g.", name_of(name),
								   at->period, name_of(errors->indicators[j]), sd)));
			if (!ci_is_missing(sd))
				noisy->sd[period][(Size) indicator[j] * panel->periods[period].n + row] = sd;
		}
	}
}

CiNoisyPanel *
ci_noisy_panel_make(const CiPanel *panel, const CiPanel *errors)
{
	CiNoisyPanel *noisy = palloc0(sizeof(CiNoisyPanel));
	CiPanelPeriod *periods = palloc(Max(panel->n_periods, 1) * sizeof(CiPanelPeriod));
	int		   *indicator = palloc(Max(errors->n_indicators, 1) * sizeof(int));

	noisy->observed = panel;
	noisy->panel = *panel;
	noisy->panel.periods = periods;
	noisy->sd = palloc(Max(panel->n_periods, 1) * sizeof(double *));
	noisy->cells = palloc(Max(panel->n_periods, 1) * sizeof(double *));
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		noisy->sd[p] = new_cells(panel, p);
		noisy->cells[p] = new_cells(panel, p);
		periods[p] = panel->periods[p];
		ci_panel_set_cells(&periods[p], noisy->cells[p]);
	}
	for (uint32 j = 0; j < errors->n_indicators; j++)
	{
		const text *name = errors->indicators[j];

		indicator[j] = find(ci_panel_indicator(panel, VARDATA_ANY(name),
											   (int) VARSIZE_ANY_EXHDR(name)), "indicator", name);
	}
	for (uint32 p = 0; p < errors->n_periods; p++)
		take_deviations(noisy, errors, &errors->periods[p], indicator);
	return noisy;
}

static double
draw_cell(const CiNoisyPanel *noisy, uint32 period, uint32 row, uint32 indicator, CiStream *stream)
{
	const CiPanelPeriod *at = &noisy->observed->periods[period];
	double		x = ci_panel_column(at, indicator)[row];
	double		sd = noisy->sd[period][(Size) indicator * at->n + row];
	CiRandom	random;

	if (ci_is_missing(x) || sd == 0)
		return x;
	stream->variable = at->unit[row];
	random = ci_random(stream, indicator);
	x += sd * ci_random_normal(&random);
	if (!isfinite(x))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("an observation with its error is out of range"),
				 errdetail("Unit \"%s\", period %d, indicator \"%s\".",
						   name_of(noisy->observed->units[at->unit[row]]), at->period,
						   name_of(noisy->observed->indicators[indicator]))));
	return x;
}

const CiPanel *
ci_noisy_panel_draw(CiNoisyPanel *noisy, CiStream stream)
{
	for (uint32 p = 0; p < noisy->observed->n_periods; p++)
	{
		const CiPanelPeriod *at = &noisy->observed->periods[p];

		stream.purpose = CI_RANDOM_ERROR + p;
		for (uint32 j = 0; j < noisy->observed->n_indicators; j++)
		{
			CHECK_FOR_INTERRUPTS();
			for (uint32 i = 0; i < at->n; i++)
				noisy->cells[p][(Size) j * at->n + i] = draw_cell(noisy, p, i, j, &stream);
		}
	}
	return &noisy->panel;
}
