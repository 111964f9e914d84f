/*
 * base/digest.h
 *	  SHA-256 with PostgreSQL's own implementation.
 */
#ifndef CI_DIGEST_H
#define CI_DIGEST_H

#define CI_DIGEST_LENGTH 32

typedef struct CiDigest CiDigest;

extern CiDigest *ci_digest_start(void);
extern void ci_digest_bytes(CiDigest *digest, const void *bytes, size_t n);
extern void ci_digest_uint32(CiDigest *digest, uint32 value);	/* network order */
extern void ci_digest_float8s(CiDigest *digest, const double *values, size_t n);	/* likewise */
extern void ci_digest_end(CiDigest *digest, uint8 result[CI_DIGEST_LENGTH]);

#endif							/* CI_DIGEST_H */
