/*
 * simulate/simulation_make.c
 *	  ci.simulate: draws of a range, counted, as a value.
 *
 * In: a panel, a methodology, what is uncertain, which draws.  Out: the bytes of
 * method/simulation.h.  Interrupts are checked in each draw and between blocks of
 * counts.
 */
#include "postgres.h"

#include "base/digest.h"
#include "mb/pg_wchar.h"
#include "method/simulation.h"
#include "miscadmin.h"
#include "simulate/simulate.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_simulate);

#define COUNTS_BLOCK 65536		/* between checks for interrupts */

/* The arguments that are read here; simulate/functions.c reads those from panel to period. */
enum
{
	UNCERTAINTY = 2, ERRORS = 6, FIRST_DRAW, PAIRS
};

static void
put_number(StringInfo out, uint32 number)
{
	uint8		bytes[4];

	ci_simulation_put_number(bytes, number);
	appendBinaryStringInfo(out, (const char *) bytes, sizeof(bytes));
}

static void
put_digest(StringInfo out, const uint8 *digest)
{
	appendBinaryStringInfo(out, (const char *) digest, CI_DIGEST_LENGTH);
}

/* Write numbers by what they are, not as they were written. */
static void
canonise(CiJson *json)
{
	check_stack_depth();
	if (json->kind == CI_JSON_NUMBER)
		json->text = ci_json_new_number(json->number)->text;
	else if (json->kind == CI_JSON_ARRAY || json->kind == CI_JSON_OBJECT)
		for (CiJson *member = json->first; member != NULL; member = member->next)
			canonise(member);
}

/*
 * The digest of what is uncertain.  What a patch changes depends on how the
 * methodology is written: two that are resolved alike may be amended differently.
 */
static void
put_uncertainty(StringInfo out, const CiSimulation *simulation, Datum uncertainty)
{
	CiJson	   *json = ci_methodology_jsonb(uncertainty, "uncertainty");
	CiDigest   *digest = ci_digest_start();
	uint8		result[CI_DIGEST_LENGTH];
	StringInfoData text;

	initStringInfo(&text);
	canonise(json);
	ci_json_write(&text, json);
	if (simulation->uncertainty->n_choices > 0)
		ci_json_write(&text, simulation->methodology->json);
	ci_digest_bytes(digest, text.data, text.len);
	ci_digest_end(digest, result);
	put_digest(out, result);
}

static void
put_source(StringInfo out, const CiSimulation *simulation, Datum uncertainty)
{
	uint8		digest[CI_DIGEST_LENGTH] = {0};

	StaticAssertStmt(CI_SIMULATION_DIGEST == CI_DIGEST_LENGTH, "digests have one length");
	appendStringInfoChar(out, CI_SIMULATION_VERSION);
	appendStringInfoChar(out, simulation->pairs != NULL);
	put_number(out, simulation->seed);
	ci_panel_digest(simulation->panel, digest);
	put_digest(out, digest);
	put_digest(out, simulation->methodology->digest);
	put_uncertainty(out, simulation, uncertainty);
	memset(digest, 0, sizeof(digest));
	if (simulation->errors != NULL)
		ci_panel_digest(simulation->errors, digest);
	put_digest(out, digest);
}

static void
put_name(StringInfo out, const text *name)
{
	const char *given = VARDATA_ANY(name);
	int			len = (int) VARSIZE_ANY_EXHDR(name);
	const char *utf8 = pg_server_to_any(given, len, PG_UTF8);

	if (utf8 != given)
		len = (int) strlen(utf8);
	put_number(out, (uint32) len);
	appendBinaryStringInfo(out, utf8, len);
}

static void
put_period(StringInfo out, const CiTally *tally)
{
	put_number(out, (uint32) tally->period);
	put_number(out, tally->n);
	for (uint32 i = 0; i < tally->n; i++)
		put_number(out, (uint32) tally->nominal.rank[i]);
	for (uint32 i = 0; i < tally->n; i++)
		put_name(out, tally->unit[i]);
}

/* Write counts, unless they were not counted; returns where they end. */
static uint8 *
write_counts(uint8 *at, const uint32 *counts, size_t n)
{
	if (counts == NULL)
		return at;
	for (size_t i = 0; i < n; i++)
	{
		if (i % COUNTS_BLOCK == 0)
			CHECK_FOR_INTERRUPTS();
		ci_simulation_put_number(at + 4 * i, counts[i]);
	}
	return at + 4 * n;
}

/* The bytes, given all before the counts. */
static bytea *
write_simulation(const CiSimulation *simulation, StringInfo head, const CiTally *tally, uint32 n)
{
	uint64		size = VARHDRSZ + head->len + 8;
	bytea	   *result;
	uint8	   *at;

	for (uint32 p = 0; p < n; p++)
		size += 4 * ((uint64) tally[p].n * (tally[p].n + 1)) +
			(simulation->pairs == NULL ? 0 : 8 * ((uint64) tally[p].n * tally[p].n));
	if (!AllocSizeIsValid(size))
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("simulation exceeds the maximum size of a value"),
				 errhint("Name a period, or take fewer units.")));
	result = palloc(size);
	SET_VARSIZE(result, size);
	memcpy(VARDATA(result), head->data, head->len);
	at = (uint8 *) VARDATA(result) + head->len;
	for (uint32 p = 0; p < n; p++)
	{
		size_t		squared = (size_t) tally[p].n * tally[p].n;

		at = write_counts(at, tally[p].ranks.count, squared + tally[p].n);
		at = write_counts(at, tally[p].pairs.ahead, squared);
		at = write_counts(at, tally[p].pairs.tied, squared);
	}
	ci_simulation_put_number(at, simulation->first + 1);
	ci_simulation_put_number(at + 4, simulation->first + simulation->draws);
	return result;
}

/* Draws are numbered from 1 on. */
static uint32
first_draw_arg(FunctionCallInfo fcinfo, uint32 draws)
{
	int32		first = PG_GETARG_INT32(FIRST_DRAW);

	if (first < 1 || (int64) first + draws - 1 > CI_SIMULATION_MAX_DRAW)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("draws must have numbers between 1 and %d", CI_SIMULATION_MAX_DRAW),
				 errdetail("%u draws from number %d on.", draws, first)));
	return (uint32) first - 1;
}

Datum
ci_simulate(PG_FUNCTION_ARGS)
{
	CiSimulation simulation;
	StringInfoData head;
	CiTally    *tally;
	uint32		n = 0;

	if (ci_simulation_lacks_argument(fcinfo) || PG_ARGISNULL(FIRST_DRAW) || PG_ARGISNULL(PAIRS))
		PG_RETURN_NULL();
	simulation = ci_simulation_args(fcinfo, ERRORS);
	simulation.first = first_draw_arg(fcinfo, simulation.draws);
	ci_simulation_count(&simulation, true, PG_GETARG_BOOL(PAIRS));

	initStringInfo(&head);
	tally = palloc_extended(simulation.panel->n_periods * sizeof(CiTally), MCXT_ALLOC_HUGE);
	for (uint32 p = 0; p < simulation.panel->n_periods; p++)
		if (ci_simulates(&simulation, p))
			tally[n++] = ci_simulation_tally(&simulation, p);
	put_source(&head, &simulation, PG_GETARG_DATUM(UNCERTAINTY));
	put_number(&head, n);
	for (uint32 p = 0; p < n; p++)
		put_period(&head, &tally[p]);
	PG_RETURN_BYTEA_P(write_simulation(&simulation, &head, tally, n));
}
