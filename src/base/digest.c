/*
 * base/digest.c
 *	  SHA-256 with PostgreSQL's own implementation, over bytes that do not
 *	  depend on the machine.
 *
 * The context may belong to OpenSSL: it is freed by ci_digest_end, or with the
 * resource owner if an error comes between.
 */
#include "postgres.h"

#include "base/digest.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "miscadmin.h"
#include "port/pg_bswap.h"

struct CiDigest
{
	pg_cryptohash_ctx *hash;
};

static void
check(bool failed)
{
	if (failed)
		elog(ERROR, "could not compute a SHA-256 digest");
}

CiDigest *
ci_digest_start(void)
{
	CiDigest   *digest = palloc(sizeof(CiDigest));

	StaticAssertStmt(CI_DIGEST_LENGTH == PG_SHA256_DIGEST_LENGTH, "a digest is a SHA-256");
	digest->hash = pg_cryptohash_create(PG_SHA256);
	check(digest->hash == NULL || pg_cryptohash_init(digest->hash) < 0);
	return digest;
}

void
ci_digest_bytes(CiDigest *digest, const void *bytes, size_t n)
{
	check(pg_cryptohash_update(digest->hash, bytes, n) < 0);
}

void
ci_digest_uint32(CiDigest *digest, uint32 value)
{
	uint32		swapped = pg_hton32(value);

	ci_digest_bytes(digest, &swapped, sizeof(swapped));
}

void
ci_digest_float8s(CiDigest *digest, const double *values, size_t n)
{
	uint64		buffer[1024];

	while (n > 0)
	{
		size_t		chunk = Min(n, lengthof(buffer));

		memcpy(buffer, values, chunk * sizeof(uint64));
		for (size_t i = 0; i < chunk; i++)
			buffer[i] = pg_hton64(buffer[i]);
		ci_digest_bytes(digest, buffer, chunk * sizeof(uint64));
		values += chunk;
		n -= chunk;
	}
}

void
ci_digest_end(CiDigest *digest, uint8 result[CI_DIGEST_LENGTH])
{
	check(pg_cryptohash_final(digest->hash, result, CI_DIGEST_LENGTH) < 0);
	pg_cryptohash_free(digest->hash);
	pfree(digest);
}
