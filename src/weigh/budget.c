/*
 * weigh/budget.c
 *	  ci.budget: weights from points that experts have allocated.
 *
 * In: a panel whose units are experts and whose indicators are what they
 * allocate points to.  Out: a row for each round and indicator: the mean and
 * the spread of the experts' shares.  Handbook 6.5.
 */
#include "postgres.h"

#include "base/rows.h"
#include "method/stats.h"
#include "miscadmin.h"
#include "panel/panel.h"
#include "utils/builtins.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_budget);

/* An indicator without points has got none. */
static double
points(const CiPanel *panel, const CiPanelPeriod *at, uint32 indicator, uint32 row)
{
	double		value = ci_panel_column(at, indicator)[row];

	if (value < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("points must not be negative"),
				 errdetail("Expert \"%s\", period %d, \"%s\": %.15g.",
						   text_to_cstring(panel->units[at->unit[row]]), at->period,
						   text_to_cstring(panel->indicators[indicator]), value)));
	return ci_is_missing(value) ? 0 : value;
}

/* All that an expert has allocated. */
static double
budget(const CiPanel *panel, const CiPanelPeriod *at, uint32 row)
{
	CiSum		sum;
	double		total;

	ci_sum_start(&sum);
	for (uint32 k = 0; k < panel->n_indicators; k++)
		ci_sum_add(&sum, points(panel, at, k, row));
	total = ci_sum_result(&sum);
	if (!(total > 0 && isfinite(total)))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("points of expert \"%s\" in period %d have no sum to share out",
						text_to_cstring(panel->units[at->unit[row]]), at->period),
				 errdetail("They sum to %.15g.", total)));
	return total;
}

static void
put_allocation(ReturnSetInfo *rows, const CiPanelPeriod *at, const text *indicator,
			   const CiMoments *shares)
{
	CiValue		values[] = {
		ci_int(at->period),
		ci_text(indicator),
		ci_float(shares->mean),
		ci_float(shares->sd),
		ci_float(shares->min),
		ci_float(shares->max),
		ci_int((int32) at->n)
	};

	ci_rows_put(rows, values, lengthof(values));
}

static void
put_indicator(ReturnSetInfo *rows, const CiPanel *panel, const CiPanelPeriod *at, uint32 indicator,
			  const double *total, double *share)
{
	CiMoments	moments;

	for (uint32 i = 0; i < at->n; i++)
		share[i] = points(panel, at, indicator, i) / total[i];
	ci_mean_sd(share, at->n, &moments);
	put_allocation(rows, at, panel->indicators[indicator], &moments);
}

static void
put_round(ReturnSetInfo *rows, const CiPanel *panel, const CiPanelPeriod *at)
{
	double	   *total = palloc_extended(Max(at->n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	double	   *share = palloc_extended(Max(at->n, 1) * sizeof(double), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < at->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		total[i] = budget(panel, at, i);
	}
	for (uint32 k = 0; k < panel->n_indicators; k++)
		put_indicator(rows, panel, at, k, total, share);
	pfree(total);
	pfree(share);
}

Datum
ci_budget(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);
	ReturnSetInfo *rows = ci_rows_start(fcinfo);

	for (uint32 p = 0; p < panel->n_periods; p++)
		put_round(rows, panel, &panel->periods[p]);
	return (Datum) 0;
}
