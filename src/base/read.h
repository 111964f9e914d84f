/*
 * base/read.h
 *	  Reading values out of JSON, each at a place that errors name.
 *
 * A fault is an error with SQLSTATE invalid_parameter_value.
 */
#ifndef CI_READ_H
#define CI_READ_H

#include "base/compat.h"
#include "base/json.h"
#include "base/report.h"
#include "method/method.h"

/* A key that an object may have, and what takes its value. */
typedef struct CiKey
{
	const char *name;
	void		(*read) (const CiJson *value, const CiPlace *place, void *target);
} CiKey;

/* Give each member of an object to its key; an unknown key is an error. */
extern void ci_read_object(const CiJson *value, const CiPlace *place,
						   const CiKey *keys, void *target);

extern double ci_read_number(const CiJson *value, const CiPlace *place,
							 double lowest, double highest);
extern int	ci_read_whole(const CiJson *value, const CiPlace *place, int lowest, int highest);
extern bool ci_read_bool(const CiJson *value, const CiPlace *place);

/* A string, and one that is not empty; the result belongs to the document. */
extern const char *ci_read_text(const CiJson *value, const CiPlace *place);
extern const char *ci_read_string(const CiJson *value, const CiPlace *place);

extern int	ci_read_choice(const CiJson *value, const CiPlace *place, const CiChoice *choices);

/* "read" of a key that is read elsewhere, or not at all. */
extern void ci_read_nothing(const CiJson *value, const CiPlace *place, void *target);

pg_noreturn extern void ci_fail_kind(const CiPlace *place, const char *expected,
									 const CiJson *found);

/* what: "key", "parameter", "method"; detail may be NULL */
pg_noreturn extern void ci_fail_unknown(const CiPlace *place, const char *what,
										const char *name, CiNames names, const char *detail);

#endif							/* CI_READ_H */
