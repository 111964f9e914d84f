/*
 * simulate/rows.c
 *	  The rows of ci.rank_intervals, ci.rank_acceptability and ci.pairwise, from
 *	  what was counted in draws.
 *
 * In: a period's counts.  Out: its rows, in the order of ranks without uncertainty.
 */
#include "postgres.h"

#include "base/rows.h"
#include "simulate/rows.h"

double
ci_level_arg(FunctionCallInfo fcinfo, int argno)
{
	double		level = PG_GETARG_FLOAT8(argno);

	if (!(level > 0 && level < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("level must be above 0 and below 1, not %g", level)));
	return level;
}

static void
put_interval(ReturnSetInfo *rows, const CiTally *tally, uint32 row, double level)
{
	const CiRankCounts *counts = &tally->ranks;
	int32		rank = tally->nominal.rank[row];
	bool		ever = ci_rank_counts_ranked(counts, row) > 0;
	double		below = (1 - level) / 2;
	CiValue		values[] = {
		ci_int(tally->period),
		ci_text(tally->unit[row]),
		rank > 0 ? ci_int(rank) : ci_null(),
		ever ? ci_float(ci_rank_counts_mean(counts, row)) : ci_null(),
		ever ? ci_int(ci_rank_counts_quantile(counts, row, 0.5)) : ci_null(),
		ever ? ci_int(ci_rank_counts_quantile(counts, row, below)) : ci_null(),
		ever ? ci_int(ci_rank_counts_quantile(counts, row, 1 - below)) : ci_null()
	};

	ci_rows_put(rows, values, lengthof(values));
}

void
ci_tally_put_intervals(ReturnSetInfo *rows, const CiTally *tally, double level)
{
	for (uint32 k = 0; k < tally->n; k++)
		put_interval(rows, tally, tally->nominal.order[k], level);
}

/* The ranks that a unit had in some draw; last, without a rank, that it had none. */
static void
put_acceptability(ReturnSetInfo *rows, const CiTally *tally, uint32 row)
{
	const CiRankCounts *counts = &tally->ranks;
	const uint32 *count = counts->count + row * (counts->n + 1);
	uint64		upto = 0;

	for (size_t k = 1; k <= counts->n + 1; k++)
	{
		size_t		rank = k <= counts->n ? k : 0;
		CiValue		values[] = {
			ci_int(tally->period),
			ci_text(tally->unit[row]),
			rank > 0 ? ci_int((int32) rank) : ci_null(),
			ci_float((double) count[rank] / tally->draws),
			ci_float((double) (upto += count[rank]) / tally->draws)
		};

		if (count[rank] > 0)
			ci_rows_put(rows, values, lengthof(values));
	}
}

void
ci_tally_put_acceptability(ReturnSetInfo *rows, const CiTally *tally, double level)
{
	(void) level;
	for (uint32 k = 0; k < tally->n; k++)
		put_acceptability(rows, tally, tally->nominal.order[k]);
}

static void
put_pairs(ReturnSetInfo *rows, const CiTally *tally, uint32 row)
{
	const CiPairCounts *counts = &tally->pairs;

	for (size_t k = 0; k < counts->n; k++)
	{
		uint32		other = tally->nominal.order[k];
		size_t		pair = row * counts->n + other;
		CiValue		values[] = {
			ci_int(tally->period),
			ci_text(tally->unit[row]),
			ci_text(tally->unit[other]),
			ci_float((double) counts->ahead[pair] / tally->draws),
			ci_float((double) counts->tied[pair] / tally->draws)
		};

		if (other != row)
			ci_rows_put(rows, values, lengthof(values));
	}
}

void
ci_tally_put_pairs(ReturnSetInfo *rows, const CiTally *tally, double level)
{
	(void) level;
	for (uint32 k = 0; k < tally->n; k++)
		put_pairs(rows, tally, tally->nominal.order[k]);
}
