/*
 * simulate/simulation.c
 *	  ci.simulation: what is kept of draws, as a value: made from any range of
 *	  draws, merged, and shown as ranks' intervals, acceptabilities and pairs.
 *
 * In: a panel, a methodology, what is uncertain; or such values.  Out: a value, or
 * rows.  Its bytes are in method/simulation.h.  ci.simulation_agg adds to its state
 * in place.  Interrupts are checked in each draw, and between blocks of counts.
 */
#include "postgres.h"

#include "base/rows.h"
#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "method/simulation.h"
#include "miscadmin.h"
#include "simulate/rows.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/multirangetypes.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_check_simulation);
PG_FUNCTION_INFO_V1(ci_simulation_merge);
PG_FUNCTION_INFO_V1(ci_simulation_summary);
PG_FUNCTION_INFO_V1(ci_simulation_intervals);
PG_FUNCTION_INFO_V1(ci_simulation_acceptability);
PG_FUNCTION_INFO_V1(ci_simulation_pairwise);

#define COUNTS_BLOCK 65536		/* between checks for interrupts */

pg_noreturn static void
reject(const char *wrong)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid simulation: %s", wrong)));
}

static CiSimulationParts
open_simulation(const bytea *value)
{
	CiSimulationParts parts;
	const char *wrong = ci_simulation_open((const uint8 *) VARDATA_ANY(value),
										   VARSIZE_ANY_EXHDR(value), &parts);

	if (wrong != NULL)
		reject(wrong);
	return parts;
}

/* A name, from UTF-8; go on to the next. */
static text *
read_name(const uint8 **at)
{
	int			len = (int) ci_simulation_number(*at);
	const char *given = (const char *) *at + 4;
	const char *name = pg_any_to_server(given, len, PG_UTF8);

	*at += 4 + len;
	return cstring_to_text_with_len(name, name == given ? len : (int) strlen(name));
}

/* True, or an error: the condition of the domain ci.simulation. */
Datum
ci_check_simulation(PG_FUNCTION_ARGS)
{
	CiSimulationParts parts = open_simulation(PG_GETARG_BYTEA_PP(0));
	CiSimulationPeriod period;

	for (uint32 p = 0; p < parts.n_periods; p++)
	{
		const uint8 *name;

		period = p == 0 ? ci_simulation_first(&parts) : ci_simulation_next(&parts, &period);
		name = period.name;
		for (uint32 i = 0; i < period.n; i++)
		{
			const char *wrong = ci_simulation_check_unit(&parts, &period, i);

			if (wrong != NULL)
				reject(wrong);
			CHECK_FOR_INTERRUPTS();
			pfree(read_name(&name));
		}
	}
	PG_RETURN_BOOL(true);
}

/*
 * Merging
 */

/* Raise that values are not draws of the same, and in what they differ. */
static void
check_common(const CiSimulationParts *a, const CiSimulationParts *b)
{
	static const struct
	{
		const char *name;
		int			at;
		int			size;
	}			part[] = {
		{"pairs", CI_SIMULATION_PAIRS, 1},
		{"seed", CI_SIMULATION_SEED, 4},
		{"panel", CI_SIMULATION_DIGESTS, CI_SIMULATION_DIGEST},
		{"methodology", CI_SIMULATION_DIGESTS + CI_SIMULATION_DIGEST, CI_SIMULATION_DIGEST},
		{"uncertainty", CI_SIMULATION_DIGESTS + 2 * CI_SIMULATION_DIGEST, CI_SIMULATION_DIGEST},
		{"errors", CI_SIMULATION_DIGESTS + 3 * CI_SIMULATION_DIGEST, CI_SIMULATION_DIGEST}
	};
	StringInfoData names;

	if (a->counts == b->counts && memcmp(a->bytes, b->bytes, a->counts) == 0)
		return;
	initStringInfo(&names);
	for (size_t i = 0; i < lengthof(part); i++)
		if (memcmp(a->bytes + part[i].at, b->bytes + part[i].at, part[i].size) != 0)
			appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", part[i].name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("simulations differ in what they simulate"),
			 errdetail("They differ in: %s.", names.len > 0 ? names.data : "period"),
			 errhint("Only draws with the same arguments but for first_draw and draws can be merged.")));
}

static CiDrawRange *
merge_ranges(const CiSimulationParts *a, const CiSimulationParts *b, size_t *n)
{
	CiDrawRange *merged = palloc_extended((a->n_ranges + b->n_ranges) * sizeof(CiDrawRange),
										  MCXT_ALLOC_HUGE);

	*n = ci_simulation_merge_ranges(a, b, merged);
	if (*n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("simulations have draws in common"),
				 errdetail("Draws %u to %u are in both.", merged->first, merged->last),
				 errhint("Give each simulation draws of its own with first_draw.")));
	return merged;
}

static void
add_counts(uint8 *into, const uint8 *counts, size_t size)
{
	for (size_t n = size / 4; n > 0;)
	{
		size_t		block = Min(n, COUNTS_BLOCK);

		CHECK_FOR_INTERRUPTS();
		ci_simulation_add(into, counts, block);
		into += 4 * block;
		counts += 4 * block;
		n -= block;
	}
}

/* A value with room for so many ranges, otherwise a copy of another. */
static bytea *
copy_simulation(const CiSimulationParts *of, size_t n_ranges)
{
	size_t		size = VARHDRSZ + of->ranges + 8 * n_ranges;
	bytea	   *copy = palloc(size);

	SET_VARSIZE(copy, size);
	memcpy(VARDATA(copy), of->bytes, of->ranges);
	return copy;
}

/*
 * Add to a value another one; in an aggregate to its state, in place if ranges take
 * no more room.  An aggregate's state is a value that was returned from here.
 */
static bytea *
merge(FunctionCallInfo fcinfo, bytea *value, const CiSimulationParts *other)
{
	CiSimulationParts parts = open_simulation(value);
	uint8	   *bytes;
	CiDrawRange *ranges;
	size_t		n;

	check_common(&parts, other);
	ranges = merge_ranges(&parts, other, &n);
	if (n != parts.n_ranges || !AggCheckCallContext(fcinfo, NULL))
		value = copy_simulation(&parts, n);
	bytes = (uint8 *) VARDATA(value);
	add_counts(bytes + parts.counts, other->bytes + parts.counts, parts.ranges - parts.counts);
	bytes += parts.ranges;
	for (size_t k = 0; k < n; k++, bytes += 8)
	{
		ci_simulation_put_number(bytes, ranges[k].first);
		ci_simulation_put_number(bytes + 4, ranges[k].last);
	}
	pfree(ranges);
	return value;
}

/* Also transition and combine function of ci.simulation_agg. */
Datum
ci_simulation_merge(PG_FUNCTION_ARGS)
{
	CiSimulationParts other;

	if (PG_ARGISNULL(1) && PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	if (PG_ARGISNULL(0))
		PG_RETURN_BYTEA_P(PG_GETARG_BYTEA_P_COPY(1));
	other = open_simulation(PG_GETARG_BYTEA_PP(1));
	PG_RETURN_BYTEA_P(merge(fcinfo, PG_GETARG_BYTEA_P(0), &other));
}

/*
 * Showing
 */

static uint32 *
read_counts(const uint8 *at, size_t n)
{
	uint32	   *counts = palloc_extended(n * sizeof(uint32), MCXT_ALLOC_HUGE);

	for (size_t i = 0; i < n; i++)
	{
		if (i % COUNTS_BLOCK == 0)
			CHECK_FOR_INTERRUPTS();
		counts[i] = ci_simulation_number(at + 4 * i);
	}
	return counts;
}

static int
compare_places(const void *a, const void *b)
{
	uint64		x = *(const uint64 *) a;
	uint64		y = *(const uint64 *) b;

	return (x > y) - (x < y);
}

/* Order units by rank, those without one last, then by row. */
static CiNominalRanks
read_nominal_ranks(const CiSimulationPeriod *period)
{
	CiNominalRanks nominal = {
		palloc_extended(period->n * sizeof(int32), MCXT_ALLOC_HUGE),
		palloc_extended(period->n * sizeof(uint32), MCXT_ALLOC_HUGE)
	};
	uint64	   *place = palloc_extended(period->n * sizeof(uint64), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < period->n; i++)
	{
		uint32		rank = ci_simulation_number(period->rank + 4 * (size_t) i);

		nominal.rank[i] = (int32) rank;
		place[i] = (uint64) (rank == 0 ? PG_UINT32_MAX : rank) << 32 | i;
	}
	qsort(place, period->n, sizeof(uint64), compare_places);
	for (uint32 i = 0; i < period->n; i++)
		nominal.order[i] = (uint32) place[i];
	return nominal;
}

static CiTally
read_tally(const CiSimulationParts *parts, const CiSimulationPeriod *period, bool pairs)
{
	size_t		n = period->n;
	const uint8 *name = period->name;
	CiTally		tally = {
		.period = period->period,
		.n = period->n,
		.unit = palloc_extended(n * sizeof(text *), MCXT_ALLOC_HUGE),
		.nominal = read_nominal_ranks(period),
		.draws = parts->draws
	};

	for (uint32 i = 0; i < period->n; i++)
		tally.unit[i] = read_name(&name);
	tally.ranks.n = tally.pairs.n = n;
	if (pairs)
	{
		tally.pairs.ahead = read_counts(period->ahead, n * n);
		tally.pairs.tied = read_counts(period->tied, n * n);
	}
	else
		tally.ranks.count = read_counts(period->ranks, n * (n + 1));
	return tally;
}

/* Put the rows of all periods, one of which is in memory at a time. */
static void
put_periods(ReturnSetInfo *rows, const CiSimulationParts *parts, bool pairs, CiTallyPut put,
			double level)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.simulation period",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	CiSimulationPeriod period;

	for (uint32 p = 0; p < parts->n_periods; p++)
	{
		CiTally		tally;

		period = p == 0 ? ci_simulation_first(parts) : ci_simulation_next(parts, &period);
		tally = read_tally(parts, &period, pairs);
		put(rows, &tally, level);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/* ci.simulation_intervals(simulation, level) */
Datum
ci_simulation_intervals(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiSimulationParts parts;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	parts = open_simulation(PG_GETARG_BYTEA_PP(0));
	put_periods(rows, &parts, false, ci_tally_put_intervals, ci_level_arg(fcinfo, 1));
	return (Datum) 0;
}

/* ci.simulation_acceptability(simulation) */
Datum
ci_simulation_acceptability(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiSimulationParts parts;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	parts = open_simulation(PG_GETARG_BYTEA_PP(0));
	put_periods(rows, &parts, false, ci_tally_put_acceptability, 0);
	return (Datum) 0;
}

/* ci.simulation_pairwise(simulation) */
Datum
ci_simulation_pairwise(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiSimulationParts parts;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	parts = open_simulation(PG_GETARG_BYTEA_PP(0));
	if (!parts.pairs)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("simulation has not counted pairs"),
				 errhint("Make it with pairs => true.")));
	put_periods(rows, &parts, true, ci_tally_put_pairs, 0);
	return (Datum) 0;
}

/* The draws counted, as an int8multirange. */
static Datum
draw_ranges(const CiSimulationParts *parts)
{
	TypeCacheEntry *cache = lookup_type_cache(INT8MULTIRANGEOID, TYPECACHE_MULTIRANGE_INFO)->rngtype;
	RangeType **range = palloc_extended(parts->n_ranges * sizeof(RangeType *), MCXT_ALLOC_HUGE);

	for (size_t k = 0; k < parts->n_ranges; k++)
	{
		CiDrawRange draws = ci_simulation_range(parts, k);
		RangeBound	lower = {Int64GetDatum(draws.first), .inclusive = true, .lower = true};
		RangeBound	upper = {Int64GetDatum((int64) draws.last + 1)};

		range[k] = ci_make_range(cache, &lower, &upper);
	}
	return MultirangeTypePGetDatum(make_multirange(INT8MULTIRANGEOID, cache, (int32) parts->n_ranges,
												   range));
}

static CiValue
int_array(Datum *values, uint32 n)
{
	ArrayType  *array = construct_array(values, (int) n, INT4OID, sizeof(int32), true,
										TYPALIGN_INT);

	return (CiValue) {PointerGetDatum(array), false};
}

static CiValue
digest(const CiSimulationParts *parts, int k)
{
	bytea	   *value = palloc(VARHDRSZ + CI_SIMULATION_DIGEST);

	SET_VARSIZE(value, VARHDRSZ + CI_SIMULATION_DIGEST);
	memcpy(VARDATA(value), parts->bytes + CI_SIMULATION_DIGESTS + k * CI_SIMULATION_DIGEST,
		   CI_SIMULATION_DIGEST);
	return (CiValue) {PointerGetDatum(value), false};
}

static void
put_summary(ReturnSetInfo *rows, const CiSimulationParts *parts, Datum *periods, Datum *units)
{
	CiValue		values[] = {
		ci_int((int32) parts->draws),
		{draw_ranges(parts), false},
		ci_int((int32) ci_simulation_number(parts->bytes + CI_SIMULATION_SEED)),
		int_array(periods, parts->n_periods),
		int_array(units, parts->n_periods),
		ci_bool(parts->pairs),
		digest(parts, 0),
		digest(parts, 1)
	};

	ci_rows_put(rows, values, lengthof(values));
}

/* ci.simulation_summary(simulation) */
Datum
ci_simulation_summary(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiSimulationParts parts;
	CiSimulationPeriod period;
	Datum	   *periods;
	Datum	   *units;

	if (PG_ARGISNULL(0))
		return (Datum) 0;
	parts = open_simulation(PG_GETARG_BYTEA_PP(0));
	periods = palloc_extended(parts.n_periods * sizeof(Datum), MCXT_ALLOC_HUGE);
	units = palloc_extended(parts.n_periods * sizeof(Datum), MCXT_ALLOC_HUGE);
	for (uint32 p = 0; p < parts.n_periods; p++)
	{
		period = p == 0 ? ci_simulation_first(&parts) : ci_simulation_next(&parts, &period);
		periods[p] = Int32GetDatum(period.period);
		units[p] = Int32GetDatum((int32) period.n);
	}
	put_summary(rows, &parts, periods, units);
	return (Datum) 0;
}
