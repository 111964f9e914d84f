/*
 * methodology/compare.c
 *	  The digest of a methodology, and comparison and hashing by it.
 *
 * Only the head of a value is read, so a large one that is stored out of line
 * is not fetched whole.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "methodology/methodology.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_digest_methodology);
PG_FUNCTION_INFO_V1(ci_methodology_eq);
PG_FUNCTION_INFO_V1(ci_methodology_ne);
PG_FUNCTION_INFO_V1(ci_methodology_lt);
PG_FUNCTION_INFO_V1(ci_methodology_le);
PG_FUNCTION_INFO_V1(ci_methodology_gt);
PG_FUNCTION_INFO_V1(ci_methodology_ge);
PG_FUNCTION_INFO_V1(ci_methodology_cmp);
PG_FUNCTION_INFO_V1(ci_methodology_hash);
PG_FUNCTION_INFO_V1(ci_methodology_hash_extended);

static void
get_digest(Datum value, uint8 digest[CI_DIGEST_LENGTH])
{
	CiMethodologyDatum *head = (CiMethodologyDatum *)
		PG_DETOAST_DATUM_SLICE(value, 0, offsetof(CiMethodologyDatum, json) - VARHDRSZ);

	ci_methodology_check_head(head);
	memcpy(digest, head->digest, CI_DIGEST_LENGTH);
	pfree(head);
}

Datum
ci_digest_methodology(PG_FUNCTION_ARGS)
{
	bytea	   *result = palloc(VARHDRSZ + CI_DIGEST_LENGTH);

	SET_VARSIZE(result, VARHDRSZ + CI_DIGEST_LENGTH);
	get_digest(PG_GETARG_DATUM(0), (uint8 *) VARDATA(result));
	PG_RETURN_BYTEA_P(result);
}

static int
compare(FunctionCallInfo fcinfo)
{
	uint8		a[CI_DIGEST_LENGTH];
	uint8		b[CI_DIGEST_LENGTH];

	get_digest(PG_GETARG_DATUM(0), a);
	get_digest(PG_GETARG_DATUM(1), b);
	return memcmp(a, b, CI_DIGEST_LENGTH);
}

Datum
ci_methodology_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) == 0);
}

Datum
ci_methodology_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) != 0);
}

Datum
ci_methodology_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) < 0);
}

Datum
ci_methodology_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) <= 0);
}

Datum
ci_methodology_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) > 0);
}

Datum
ci_methodology_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare(fcinfo) >= 0);
}

Datum
ci_methodology_cmp(PG_FUNCTION_ARGS)
{
	int			c = compare(fcinfo);

	PG_RETURN_INT32((c > 0) - (c < 0));
}

Datum
ci_methodology_hash(PG_FUNCTION_ARGS)
{
	uint8		digest[CI_DIGEST_LENGTH];

	get_digest(PG_GETARG_DATUM(0), digest);
	return hash_any(digest, CI_DIGEST_LENGTH);
}

Datum
ci_methodology_hash_extended(PG_FUNCTION_ARGS)
{
	uint8		digest[CI_DIGEST_LENGTH];

	get_digest(PG_GETARG_DATUM(0), digest);
	return hash_any_extended(digest, CI_DIGEST_LENGTH, PG_GETARG_INT64(1));
}
