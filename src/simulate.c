/*
 * simulate.c
 *	  ci.rank_intervals, ci.rank_acceptability, ci.pairwise: what ranks are worth
 *	  where weights, choices and data are uncertain.
 *
 * In: a panel, a methodology, what is uncertain.  Out: rows, in the order period,
 * rank without uncertainty, unit.  What is kept of draws is how often each unit
 * had each rank, or was ahead of each other.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "rows.h"
#include "simulate.h"
#include "utils/builtins.h"

#include "compat.h"

PG_FUNCTION_INFO_V1(ci_check_uncertainty);
PG_FUNCTION_INFO_V1(ci_rank_intervals);
PG_FUNCTION_INFO_V1(ci_rank_acceptability);
PG_FUNCTION_INFO_V1(ci_pairwise);

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

	if (draws < 1 || draws > CI_SIMULATE_MAX_DRAWS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("draws must be between 1 and %d, not %d", CI_SIMULATE_MAX_DRAWS, draws)));
	return (uint32) draws;
}

/* Is an argument null that must not be? */
static bool
lacks_argument(FunctionCallInfo fcinfo)
{
	for (int i = PANEL; i <= SEED; i++)
		if (PG_ARGISNULL(i))
			return true;
	return false;
}

static CiSimulation
simulation_args(FunctionCallInfo fcinfo, int errors)
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
	if (counts > CI_SIMULATE_MAX_COUNTS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many units to simulate"),
				 errdetail("The squares of the numbers of units come to " UINT64_FORMAT "; the limit is %d.",
						   counts, CI_SIMULATE_MAX_COUNTS),
				 errhint("Name a period, or take fewer units.")));
}

static uint32 *
new_counts(uint64 n)
{
	return palloc_extended(Max(n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static void
take_ranks(const CiSimulation *simulation, uint32 period, const int32 *rank)
{
	ci_rank_counts_add(&simulation->ranks[period], rank);
}

static void
take_pairs(const CiSimulation *simulation, uint32 period, const int32 *rank)
{
	ci_pair_counts_add(&simulation->pairs[period], rank);
}

static void
count_ranks(CiSimulation *simulation)
{
	const CiPanel *panel = simulation->panel;

	limit_counts(simulation);
	simulation->take = take_ranks;
	simulation->ranks = palloc0(Max(panel->n_periods, 1) * sizeof(CiRankCounts));
	for (uint32 p = 0; p < panel->n_periods; p++)
		if (ci_simulates(simulation, p))
			simulation->ranks[p] = (CiRankCounts)
		{
			panel->periods[p].n, new_counts((uint64) panel->periods[p].n * (panel->periods[p].n + 1))
		};
	ci_simulate(simulation);
}

static void
count_pairs(CiSimulation *simulation)
{
	const CiPanel *panel = simulation->panel;

	limit_counts(simulation);
	simulation->take = take_pairs;
	simulation->pairs = palloc0(Max(panel->n_periods, 1) * sizeof(CiPairCounts));
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		uint64		n = panel->periods[p].n;

		if (ci_simulates(simulation, p))
			simulation->pairs[p] = (CiPairCounts) {n, new_counts(n * n), new_counts(n * n)};
	}
	ci_simulate(simulation);
}

static CiValue
unit_name(const CiSimulation *simulation, uint32 period, uint32 row)
{
	return ci_text(simulation->panel->units[simulation->panel->periods[period].unit[row]]);
}

static void
put_interval(ReturnSetInfo *rows, const CiSimulation *simulation, uint32 period, uint32 row,
			 double level)
{
	const CiRankCounts *counts = &simulation->ranks[period];
	int32		rank = simulation->standing[period].rank[row];
	bool		ever = ci_rank_counts_ranked(counts, row) > 0;
	double		below = (1 - level) / 2;
	CiValue		values[] = {
		ci_int(simulation->panel->periods[period].period),
		unit_name(simulation, period, row),
		rank > 0 ? ci_int(rank) : ci_null(),
		ever ? ci_float(ci_rank_counts_mean(counts, row)) : ci_null(),
		ever ? ci_int(ci_rank_counts_quantile(counts, row, 0.5)) : ci_null(),
		ever ? ci_int(ci_rank_counts_quantile(counts, row, below)) : ci_null(),
		ever ? ci_int(ci_rank_counts_quantile(counts, row, 1 - below)) : ci_null()
	};

	ci_rows_put(rows, values, lengthof(values));
}

Datum
ci_rank_intervals(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiSimulation simulation;
	double		level;

	if (lacks_argument(fcinfo) || PG_ARGISNULL(LEVEL))
		return (Datum) 0;
	level = PG_GETARG_FLOAT8(LEVEL);
	if (!(level > 0 && level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("level must be above 0 and below 1, not %g", level)));
	simulation = simulation_args(fcinfo, LEVEL + 1);
	count_ranks(&simulation);
	for (uint32 p = 0; p < simulation.panel->n_periods; p++)
		for (uint32 k = 0; ci_simulates(&simulation, p) && k < simulation.panel->periods[p].n; k++)
			put_interval(rows, &simulation, p, simulation.standing[p].order[k], level);
	return (Datum) 0;
}

/* The ranks that a unit had in some draw; last, without a rank, that it had none. */
static void
put_acceptability(ReturnSetInfo *rows, const CiSimulation *simulation, uint32 period, uint32 row)
{
	const CiRankCounts *counts = &simulation->ranks[period];
	const uint32 *count = counts->count + row * (counts->n + 1);
	uint64		upto = 0;

	for (size_t k = 1; k <= counts->n + 1; k++)
	{
		size_t		rank = k <= counts->n ? k : 0;
		CiValue		values[] = {
			ci_int(simulation->panel->periods[period].period),
			unit_name(simulation, period, row),
			rank > 0 ? ci_int((int32) rank) : ci_null(),
			ci_float((double) count[rank] / simulation->draws),
			ci_float((double) (upto += count[rank]) / simulation->draws)
		};

		if (count[rank] > 0)
			ci_rows_put(rows, values, lengthof(values));
	}
}

Datum
ci_rank_acceptability(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiSimulation simulation;

	if (lacks_argument(fcinfo))
		return (Datum) 0;
	simulation = simulation_args(fcinfo, LEVEL);
	count_ranks(&simulation);
	for (uint32 p = 0; p < simulation.panel->n_periods; p++)
		for (uint32 k = 0; ci_simulates(&simulation, p) && k < simulation.panel->periods[p].n; k++)
			put_acceptability(rows, &simulation, p, simulation.standing[p].order[k]);
	return (Datum) 0;
}

static void
put_pairs(ReturnSetInfo *rows, const CiSimulation *simulation, uint32 period, uint32 row)
{
	const CiPairCounts *counts = &simulation->pairs[period];
	const CiNominal *standing = &simulation->standing[period];

	for (size_t k = 0; k < counts->n; k++)
	{
		uint32		other = standing->order[k];
		size_t		pair = row * counts->n + other;
		CiValue		values[] = {
			ci_int(simulation->panel->periods[period].period),
			unit_name(simulation, period, row),
			unit_name(simulation, period, other),
			ci_float((double) counts->ahead[pair] / simulation->draws),
			ci_float((double) counts->tied[pair] / simulation->draws)
		};

		if (other != row)
			ci_rows_put(rows, values, lengthof(values));
	}
}

Datum
ci_pairwise(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiSimulation simulation;

	if (lacks_argument(fcinfo))
		return (Datum) 0;
	simulation = simulation_args(fcinfo, LEVEL);
	count_pairs(&simulation);
	for (uint32 p = 0; p < simulation.panel->n_periods; p++)
		for (uint32 k = 0; ci_simulates(&simulation, p) && k < simulation.panel->periods[p].n; k++)
			put_pairs(rows, &simulation, p, simulation.standing[p].order[k]);
	return (Datum) 0;
}
