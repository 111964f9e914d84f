/*
 * evaluate/units.c
 *	  Which units a stage, a component or the screen is about.
 *
 * In: an evaluation whose panel and methodology are set.  Out: a flag for each
 * row of a period, in the current memory context; NULL stands for all rows.
 */
#include "postgres.h"

#include "evaluate/evaluate.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "base/compat.h"

/* "a, b, c", no more than ten of them. */
static char *
list_indicators(const CiPanel *panel)
{
	StringInfoData out;

	initStringInfo(&out);
	for (uint32 j = 0; j < panel->n_indicators && j < 10; j++)
		appendStringInfo(&out, "%s%s", j > 0 ? ", " : "", text_to_cstring(panel->indicators[j]));
	if (panel->n_indicators > 10)
		appendStringInfo(&out, ", … (%u in all)", panel->n_indicators);
	return panel->n_indicators == 0 ? "none" : out.data;
}

/*
 * Column of an indicator that a component (NULL: the screen) names, -1 and a
 * problem if the panel has none.
 */
int
ci_find_indicator(const CiEvaluation *ev, const char *indicator, const CiComponent *component)
{
	int			column = ci_panel_indicator(ev->panel, indicator, (int) strlen(indicator));
	CiProblem	problem;

	if (column >= 0)
		return column;
	problem = ci_problem_about("missing_indicator", ERRCODE_UNDEFINED_OBJECT,
							   component == NULL ? NULL : component->code);
	problem.message = psprintf("panel has no indicator \"%s\"", indicator);
	problem.detail = component == NULL ?
		psprintf("The methodology's screen expects it; the panel has: %s.",
				 list_indicators(ev->panel)) :
		psprintf("Component \"%s\" of the methodology expects it; the panel has: %s.",
				 component->code, list_indicators(ev->panel));
	ci_problem(ev->sink, &problem);
	return -1;
}

static void
report_flag(const CiEvaluation *ev, const CiUnits *units, const CiPanelPeriod *period,
			uint32 row, double value, const CiComponent *component)
{
	CiProblem	problem = ci_problem_about("not_a_flag", ERRCODE_DATA_EXCEPTION,
										   component == NULL ? NULL : component->code);
	char	   *where = ci_problem_locate(&problem, ev->panel->units[period->unit[row]],
										  period->period);

	problem.value = value;
	problem.message = psprintf("indicator \"%s\" stands for a set of units but is neither 0 nor 1",
							   units->indicator);
	problem.detail = psprintf("%s: %.15g.", where, value);
	ci_problem(ev->sink, &problem);
}

static bool *
flagged_units(const CiEvaluation *ev, const CiUnits *units, uint32 period,
			  const CiComponent *component)
{
	const CiPanelPeriod *at = &ev->panel->periods[period];
	bool	   *result = palloc0(Max(at->n, 1));
	int			column = ci_find_indicator(ev, units->indicator, component);
	const double *flag;
	bool		reported = false;

	if (column < 0)
		return result;
	flag = ci_panel_column(at, (uint32) column);
	for (uint32 i = 0; i < at->n; i++)
	{
		result[i] = flag[i] == 1;
		if (!ci_is_missing(flag[i]) && flag[i] != 0 && flag[i] != 1 && !reported)
		{
			report_flag(ev, units, at, i, flag[i], component);
			reported = true;
		}
	}
	return result;
}

bool *
ci_units_in_period(const CiEvaluation *ev, const CiUnits *units, uint32 period,
				   const CiComponent *component)
{
	const CiPanelPeriod *at = &ev->panel->periods[period];
	bool	   *result;

	if (units->indicator != NULL)
		return flagged_units(ev, units, period, component);
	if (units->list == NULL)
		return NULL;
	result = palloc0(Max(at->n, 1));
	for (int k = 0; k < units->n; k++)
	{
		int			unit = ci_panel_unit(ev->panel, units->list[k], (int) strlen(units->list[k]));
		int64		row = unit < 0 ? -1 : ci_panel_row(at, (uint32) unit);

		if (row >= 0)
			result[row] = true;
	}
	return result;
}

/* Narrow a set of rows, NULL for all, by another, which may become the result. */
static bool *
narrow(bool *rows, bool *by, uint32 n)
{
	if (rows == NULL || by == NULL)
		return rows == NULL ? by : rows;
	for (uint32 i = 0; i < n; i++)
		by[i] &= rows[i];
	return by;
}

/* A component applies to its own units, if they are those of all above it. */
bool *
ci_component_applying(const CiEvaluation *ev, int component, uint32 period)
{
	bool	   *applies = NULL;

	for (int c = component; c >= 0; c = ev->methodology->components[c].parent)
	{
		const CiComponent *at = &ev->methodology->components[c];

		applies = narrow(applies, ci_units_in_period(ev, &at->units, period, at),
						 ev->panel->periods[period].n);
	}
	return applies;
}

/* The rows to which anything applies. */
static bool *
present_units(const CiEvaluation *ev, uint32 period)
{
	uint32		n = ev->panel->periods[period].n;
	bool	   *present;

	if (!ci_has_absent(ev, period))
		return NULL;
	present = palloc(Max(n, 1));
	for (uint32 i = 0; i < n; i++)
		present[i] = ci_screening(ev, period, i) != CI_ABSENT;
	return present;
}

bool	  **
ci_components_applying(const CiEvaluation *ev, uint32 period)
{
	const CiMethodology *m = ev->methodology;
	bool	  **applies = palloc(m->n * sizeof(bool *));

	for (int c = m->n - 1; c >= 0; c--)
	{
		const CiComponent *at = &m->components[c];

		applies[c] = narrow(at->parent < 0 ? present_units(ev, period) : applies[at->parent],
							ci_units_in_period(ev, &at->units, period, at),
							ev->panel->periods[period].n);
	}
	return applies;
}

/* What the shares of the screen are taken of, by row. */
typedef struct Shares
{
	uint32	   *leaves;
	uint32	   *observed;
	uint32	   *zeros;
} Shares;

static Shares
count_shares(const CiEvaluation *ev, uint32 period)
{
	const CiMethodology *m = ev->methodology;
	const CiPanelPeriod *at = &ev->panel->periods[period];
	bool	  **applies = ci_components_applying(ev, period);
	Shares		shares;

	shares.leaves = palloc0(Max(at->n, 1) * sizeof(uint32));
	shares.observed = palloc0(Max(at->n, 1) * sizeof(uint32));
	shares.zeros = palloc0(Max(at->n, 1) * sizeof(uint32));
	for (int c = 0; c < m->n; c++)
	{
		const double *x;
		const double *denominator;

		CHECK_FOR_INTERRUPTS();
		if (m->components[c].indicator == NULL)
			continue;
		x = ci_raw_cells(ev, c, period);
		denominator = ci_denominator_cells(ev, c, period);
		for (uint32 i = 0; i < at->n; i++)
		{
			if (applies[c] != NULL && !applies[c][i])
				continue;
			shares.leaves[i]++;
			if (!ci_is_observed(x, denominator, i))
				continue;
			shares.observed[i]++;
			shares.zeros[i] += x[i] == 0;
		}
	}
	return shares;
}

static bool
passes_shares(const CiScreen *screen, const Shares *shares, uint32 row)
{
	double		coverage = shares->leaves[row] == 0 ? 0 :
		(double) shares->observed[row] / shares->leaves[row];
	double		zeros = shares->observed[row] == 0 ? 0 :
		(double) shares->zeros[row] / shares->observed[row];

	return coverage >= screen->min_coverage - CI_SHARE_TOLERANCE &&
		zeros <= screen->max_zeros + CI_SHARE_TOLERANCE;
}

static uint8 *
screen_period(const CiEvaluation *ev, uint32 period)
{
	const CiScreen *screen = &ev->methodology->screen;
	uint32		n = ev->panel->periods[period].n;
	uint8	   *result = palloc(Max(n, 1));
	Shares		shares = count_shares(ev, period);
	bool	   *units = ci_units_in_period(ev, &screen->units, period, NULL);
	bool	   *include = ci_units_in_period(ev, &screen->include, period, NULL);
	bool	   *exclude = ci_units_in_period(ev, &screen->exclude, period, NULL);

	for (uint32 i = 0; i < n; i++)
	{
		if (exclude != NULL && exclude[i])
			result[i] = CI_EXCLUDED;
		else if (include != NULL && include[i])
			result[i] = CI_PASSED;
		else if (units != NULL && !units[i])
			result[i] = CI_EXCLUDED;
		else
			result[i] = passes_shares(screen, &shares, i) ? CI_PASSED : CI_SCREENED;
	}
	return result;
}

void
ci_screen_units(CiEvaluation *ev)
{
	ev->screening = palloc0(Max(ev->panel->n_periods, 1) * sizeof(uint8 *));
	if (!ev->methodology->screen.given)
		return;
	for (uint32 p = 0; p < ev->panel->n_periods; p++)
		ev->screening[p] = screen_period(ev, p);
}
