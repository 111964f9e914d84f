/*
 * fuzz_simulation.c
 *	  Any bytes as a simulation: an error, or a value that can be merged and shown;
 *	  and any ranks as draws: merged they are what counting all of them gives.
 *
 * An input that begins with an even byte is a simulation itself.  Any other has in its
 * bits 1 to 3 how many units there are, in bit 4 whether pairs are counted, and in the
 * next byte how many of the draws that follow, a byte for each unit's rank, are in the
 * first of two simulations; what follows byte 255 are edits, three bytes each: where,
 * and what.
 */
#include "postgres.h"

#include "fuzz_server.h"
#include "method/simulate.h"
#include "method/simulation.h"

#define MAX_UNITS 8
#define MAX_DRAWS 64

extern Datum ci_check_simulation(PG_FUNCTION_ARGS);
extern Datum ci_simulation_merge(PG_FUNCTION_ARGS);
extern Datum ci_simulation_intervals(PG_FUNCTION_ARGS);
extern Datum ci_simulation_acceptability(PG_FUNCTION_ARGS);
extern Datum ci_simulation_pairwise(PG_FUNCTION_ARGS);

static bool
is_valid(Datum value)
{
	NullableDatum args[] = {{value, false}};
	NullableDatum result;

	return fuzz_try(ci_check_simulation, 1, args, &result.value, &result.isnull);
}

/* Merge two, which are left as they are; false if it is an error. */
static bool
merge(Datum a, Datum b, Datum *merged)
{
	Datum		copy = fuzz_value(VARDATA_ANY(DatumGetPointer(a)), VARSIZE_ANY_EXHDR(DatumGetPointer(a)));
	NullableDatum args[] = {{copy, false}, {b, false}};
	bool		isnull;

	return fuzz_try(ci_simulation_merge, 2, args, merged, &isnull);
}

static void
show(PGFunction function, Datum value, int n_columns)
{
	NullableDatum args[] = {{value, false}, {Float8GetDatum(0.9), false}};
	NullableDatum result;

	fuzz_expect_rows(n_columns, NULL, NULL);
	(void) fuzz_try(function, lengthof(args), args, &result.value, &result.isnull);
}

/* What may be stored can be shown, and has draws that it cannot be given again. */
static void
try_value(Datum value)
{
	Datum		merged;

	show(ci_simulation_intervals, value, 7);
	show(ci_simulation_acceptability, value, 5);
	show(ci_simulation_pairwise, value, 5);
	if (merge(value, value, &merged))
		fuzz_fail("draws are counted twice");
}

static uint8 *
put_number(uint8 *at, uint32 number)
{
	ci_simulation_put_number(at, number);
	return at + 4;
}

static uint8 *
put_counts(uint8 *at, const uint32 *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		at = put_number(at, numbers[i]);
	return at;
}

/* The draws of some ranks, from first on; a rank is what remains of its byte. */
static Datum
count(const uint8 *rank, uint32 n, bool pairs, uint32 first, uint32 draws)
{
	uint8		bytes[4096] = {CI_SIMULATION_VERSION, pairs};
	uint32		ranks[MAX_UNITS * (MAX_UNITS + 1)] = {0};
	uint32		ahead[MAX_UNITS * MAX_UNITS] = {0};
	uint32		tied[MAX_UNITS * MAX_UNITS] = {0};
	CiRankCounts rank_counts = {n, ranks};
	CiPairCounts pair_counts = {n, ahead, tied};
	uint8	   *at = put_number(bytes + CI_SIMULATION_PERIODS, 1);

	at = put_number(put_number(at, 2020), n);
	for (uint32 i = 0; i < n; i++)
		at = put_number(at, i);
	for (uint32 i = 0; i < n; i++)
	{
		at = put_number(at, 1);
		*at++ = 'a' + i;
	}
	for (uint32 d = 0; d < draws; d++)
	{
		int32		place[MAX_UNITS];

		for (uint32 i = 0; i < n; i++)
			place[i] = rank[d * n + i] % (n + 1);
		ci_rank_counts_add(&rank_counts, place);
		ci_pair_counts_add(&pair_counts, place);
	}
	at = put_counts(at, ranks, n * (n + 1));
	if (pairs)
		at = put_counts(put_counts(at, ahead, n * n), tied, n * n);
	at = put_number(put_number(at, first), first + draws - 1);
	return fuzz_value(bytes, at - bytes);
}

static void
draw_bytes(const uint8 *data, size_t size)
{
	uint32		n = 1 + (data[0] >> 1) % MAX_UNITS;
	bool		pairs = (data[0] >> 4 & 1) != 0;
	const uint8 *rank = data + 2;
	const uint8 *end = memchr(rank, 255, size - 2);
	uint32		draws = Min(((end == NULL ? data + size : end) - rank) / n, MAX_DRAWS);
	uint32		half;
	Datum		all;
	Datum		merged;

	if (draws < 2)
		return;
	half = 1 + data[1] % (draws - 1);
	all = count(rank, n, pairs, 1, draws);
	for (int turn = 0; turn < 2; turn++)
	{
		Datum		a = count(rank, n, pairs, 1, half);
		Datum		b = count(rank + half * n, n, pairs, 1 + half, draws - half);

		if (!is_valid(a) || !is_valid(b) || !merge(turn == 0 ? a : b, turn == 0 ? b : a, &merged))
			fuzz_fail("draws cannot be merged: %s", fuzz_error());
		fuzz_same(merged, all, "draws merged and all draws");
	}
	try_value(all);
	if (end == NULL)
		return;
	fuzz_edit(all, end + 1, data + size);
	if (is_valid(all))
		try_value(all);
}

static void
simulation_bytes(const uint8 *data, size_t size)
{
	Datum		value;

	if (size < 2)
		return;
	if (data[0] % 2 == 1)
		draw_bytes(data, size);
	else
	{
		value = fuzz_value(data + 1, size - 1);
		if (is_valid(value))
			try_value(value);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(simulation_bytes, data, size);
}
