/*
 * simulate/functions.c
 *	  ci.rank_intervals, ci.rank_acceptability, ci.pairwise: what ranks are worth
 *	  where weights, choices and data are uncertain.
 *
 * In: a panel, a methodology, what is uncertain.  Out: rows, in the order period,
 * rank without uncertainty, unit.  What is kept of draws is how often each unit
 * had each rank, or was ahead of each other.
 */
#include "postgres.h"

#include "base/rows.h"
#include "miscadmin.h"
#include "simulate/simulate.h"
#include "utils/builtins.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_check_uncertainty);
PG_FUNCTION_INFO_V1(ci_rank_intervals);
PG_FUNCTION_INFO_V1(ci_rank_acceptability);
PG_FUNCTION_INFO_V1(ci_pairwise);

#define MAX_DRAWS 10000000
#define MAX_COUNTS (64 * 1024 * 1024)	/* 4 bytes each */
#define COUNTS_BLOCK (1024 * 1024)	/* between checks for interrupts */

/* Their arguments. */
enum
{
	PANEL, METHODOLOGY, UNCERTAINTY, DRAWS, SEED, PERIOD, LEVEL
};

static CiUncertainty *
uncertainty_arg(FunctionCallInfo fcinfo, int argno)
{
	return ci_uncertainty_read(ci_methodology_jsonb(PG_GETARG_DATUM(argno), "uncertainty"));
}

/* True, or an error: the condition of the domain ci.uncertainty. */
Datum
ci_check_uncertainty(PG_FUNCTION_ARGS)
{
	(void) uncertainty_arg(fcinfo, 0);
	PG_RETURN_BOOL(true);
}

static uint32
draws_arg(FunctionCallInfo fcinfo)
{
	int32		draws = PG_GETARG_INT32(DRAWS);

	if (draws < 1 || draws > MAX_DRAWS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("draws must be between 1 and %d, not %d", MAX_DRAWS, draws)));
	return (uint32) draws;
}

bool
ci_simulation_lacks_argument(FunctionCallInfo fcinfo)
{
	for (int i = PANEL; i <= SEED; i++)
		if (PG_ARGISNULL(i))
			return true;
	return false;
}

CiSimulation
ci_simulation_args(FunctionCallInfo fcinfo, int errors)
{
	CiSimulation simulation = {
		.panel = ci_panel_arg(fcinfo, PANEL),
		.methodology = ci_methodology_arg(fcinfo, METHODOLOGY),
		.uncertainty = uncertainty_arg(fcinfo, UNCERTAINTY),
		.errors = PG_ARGISNULL(errors) ? NULL : ci_panel_arg(fcinfo, errors),
		.draws = draws_arg(fcinfo),
		.seed = (uint32) PG_GETARG_INT32(SEED),
		.only = -1
	};

	if (!PG_ARGISNULL(PERIOD))
		simulation.only = ci_panel_period_named(simulation.panel, PG_GETARG_INT32(PERIOD));
	return simulation;
}

/* Raise if counts of some numbers for each pair of units would take too much room. */
static void
limit_counts(const CiSimulation *simulation)
{
	uint64		counts = 0;

	for (uint32 p = 0; p < simulation->panel->n_periods; p++)
		if (ci_simulates(simulation, p))
			counts += (uint64) simulation->panel->periods[p].n * (simulation->panel->periods[p].n + 1);
	if (counts > MAX_COUNTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many units to simulate"),
				 errdetail("The squares of the numbers of units come to " UINT64_FORMAT "; the limit is %d.",
						   counts, MAX_COUNTS),
				 errhint("Name a period, or take fewer units.")));
}

/* Set to 0 block by block: it takes a while. */
static uint32 *
new_counts(uint64 n)
{
	uint32	   *counts = palloc_extended(Max(n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);

	for (uint64 i = 0; i < n; i += COUNTS_BLOCK)
	{
		CHECK_FOR_INTERRUPTS();
		memset(counts + i, 0, Min(n - i, COUNTS_BLOCK) * sizeof(uint32));
	}
	return counts;
}

static void
take(const CiSimulation *simulation, uint32 period, uint32 point, const int32 *rank)
{
	(void) point;
	if (simulation->ranks != NULL)
		ci_rank_counts_add(&simulation->ranks[period], rank);
	if (simulation->pairs != NULL)
		ci_pair_counts_add(&simulation->pairs[period], rank);
}

void
ci_simulation_count(CiSimulation *simulation, bool ranks, bool pairs)
{
	const CiPanel *panel = simulation->panel;
	Size		n_periods = Max(panel->n_periods, 1);

	limit_counts(simulation);
	simulation->take = take;
	simulation->ranks = ranks ? palloc0(n_periods * sizeof(CiRankCounts)) : NULL;
	simulation->pairs = pairs ? palloc0(n_periods * sizeof(CiPairCounts)) : NULL;
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		uint64		n = panel->periods[p].n;

		if (ranks && ci_simulates(simulation, p))
			simulation->ranks[p] = (CiRankCounts) {n, new_counts(n * (n + 1))};
		if (pairs && ci_simulates(simulation, p))
			simulation->pairs[p] = (CiPairCounts) {n, new_counts(n * n), new_counts(n * n)};
	}
	ci_simulation_run(simulation);
}

CiTally
ci_simulation_tally(const CiSimulation *simulation, uint32 period)
{
	const CiPanelPeriod *of = &simulation->panel->periods[period];
	CiTally		tally = {
		.period = of->period,
		.n = of->n,
		.unit = palloc_extended(Max(of->n, 1) * sizeof(text *), MCXT_ALLOC_HUGE),
		.nominal = simulation->nominal[period],
		.draws = simulation->draws
	};

	for (uint32 i = 0; i < of->n; i++)
		tally.unit[i] = simulation->panel->units[of->unit[i]];
	if (simulation->ranks != NULL)
		tally.ranks = simulation->ranks[period];
	if (simulation->pairs != NULL)
		tally.pairs = simulation->pairs[period];
	return tally;
}

/* Count over all draws, and put the rows of every period. */
static void
put_periods(ReturnSetInfo *rows, CiSimulation simulation, bool pairs, CiTallyPut put, double level)
{
	ci_simulation_count(&simulation, !pairs, pairs);
	for (uint32 p = 0; p < simulation.panel->n_periods; p++)
		if (ci_simulates(&simulation, p))
		{
			CiTally		tally = ci_simulation_tally(&simulation, p);

			put(rows, &tally, level);
		}
}

Datum
ci_rank_intervals(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	double		level;

	if (ci_simulation_lacks_argument(fcinfo) || PG_ARGISNULL(LEVEL))
		return (Datum) 0;
	level = ci_level_arg(fcinfo, LEVEL);
	put_periods(rows, ci_simulation_args(fcinfo, LEVEL + 1), false, ci_tally_put_intervals, level);
	return (Datum) 0;
}

Datum
ci_rank_acceptability(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);

	if (!ci_simulation_lacks_argument(fcinfo))
		put_periods(rows, ci_simulation_args(fcinfo, LEVEL), false, ci_tally_put_acceptability, 0);
	return (Datum) 0;
}

Datum
ci_pairwise(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);

	if (!ci_simulation_lacks_argument(fcinfo))
		put_periods(rows, ci_simulation_args(fcinfo, LEVEL), true, ci_tally_put_pairs, 0);
	return (Datum) 0;
}
