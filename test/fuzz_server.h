/*
 * fuzz_server.h
 *	  What a fuzzer has in place of a server.
 *
 * A run is one input.  All that it allocates is freed at its end, and an error
 * ends it without a fault, unless nothing may fail any more: what a property
 * rules out aborts, with the message on standard error.
 */
#ifndef CI_FUZZ_SERVER_H
#define CI_FUZZ_SERVER_H

#include "base/compat.h"
#include "fmgr.h"

/* Run a target's body on an input; returns 0, as libFuzzer wants it. */
extern int	fuzz_run(void (*body) (const uint8 *data, size_t size),
					 const uint8 *data, size_t size);

/* From now on an error of this run is a fault; NULL: no longer. */
extern void fuzz_sure(const char *what);

/*
 * Call a function of the extension in a memory context that stays until the end
 * of the run; false if it raised an error.  The result must not be NULL if
 * isnull is.
 */
extern bool fuzz_try(PGFunction function, int n_args, const NullableDatum *args,
					 Datum *result, bool *isnull);

/* An argument, and one that is null. */
static inline NullableDatum
fuzz_given(Datum value)
{
	return (NullableDatum) {value, false};
}

static inline NullableDatum
fuzz_null(void)
{
	return (NullableDatum) {0, true};
}

/* The message of the last error. */
extern const char *fuzz_error(void);

/* The same where an error is one of the run, and no argument or result is NULL. */
extern Datum fuzz_call1(PGFunction function, Datum a);
extern Datum fuzz_call2(PGFunction function, Datum a, Datum b);

pg_noreturn extern void fuzz_fail(const char *format,...);

/* Two values of variable length must be the same bytes. */
extern void fuzz_same(Datum a, Datum b, const char *what);

/* Bytes as a value of variable length. */
extern Datum fuzz_value(const void *bytes, Size size);

/*
 * The same as it may come out of a tuple: aligned as for an int, and with a short
 * header if it is short; and a copy of a value as that.
 */
extern Datum fuzz_stored(const void *bytes, Size size, bool may_be_short);
extern Datum fuzz_stored_copy(Datum value, bool may_be_short);

/* Change bytes of a value by edits of three bytes each: where, and what. */
extern void fuzz_edit(Datum value, const uint8 *edits, const uint8 *end);

/*
 * The input as the server would hand it to a function: a string, or NULL if it
 * is not valid UTF-8; and a message.
 */
extern char *fuzz_text(const uint8 *data, size_t size);
extern struct StringInfoData *fuzz_message(const void *data, size_t size);

/*
 * Rows that the next function returns: how many columns they have, and who looks
 * at them, which may be NULL.
 */
extern void fuzz_expect_rows(int n_columns,
							 void (*look) (void *arg, const Datum *values, const bool *nulls),
							 void *arg);

#endif							/* CI_FUZZ_SERVER_H */
