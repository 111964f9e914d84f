/*
 * base/json.h
 *	  A JSON document as a tree, read by PostgreSQL's own parser.
 *
 * jsonb is not used for this: it would reorder keys, lose duplicate ones
 * without a word, and limit what a fuzzer can reach without a server.
 */
#ifndef CI_JSON_H
#define CI_JSON_H

#include "lib/stringinfo.h"

typedef enum CiJsonKind
{
	CI_JSON_NULL,
	CI_JSON_FALSE,
	CI_JSON_TRUE,
	CI_JSON_NUMBER,
	CI_JSON_STRING,
	CI_JSON_ARRAY,
	CI_JSON_OBJECT
} CiJsonKind;

typedef struct CiJson CiJson;

struct CiJson
{
	CiJsonKind	kind;
	char	   *key;			/* in an object: its key */
	char	   *text;			/* string: its value; number: as written */
	double		number;			/* number: its value */
	int			n;				/* array, object: members */
	CiJson	   *first;
	CiJson	   *last;
	CiJson	   *next;			/* in an array or object: the next member */
};

/*
 * Parse text; "what" names it in errors ("methodology").  Errors: bad syntax
 * (invalid_text_representation), a key that an object has twice
 * (invalid_parameter_value), a number outside of double precision.
 */
extern CiJson *ci_json_parse(const char *text, int len, const char *what);

/* Read a number as float8in does: what double precision cannot hold is an error. */
extern double ci_json_number(const char *token, const char *what);

extern CiJson *ci_json_get(const CiJson *object, const char *key);
extern bool ci_json_is_string(const CiJson *json, const char *value);
extern bool ci_json_equal(const CiJson *a, const CiJson *b);	/* also in order */
extern const char *ci_json_kind_name(const CiJson *json);	/* "a number" */

/* Making and changing trees. */
extern CiJson *ci_json_new(CiJsonKind kind);
extern CiJson *ci_json_new_string(const char *text);
extern CiJson *ci_json_new_number(double number);
extern CiJson *ci_json_copy(const CiJson *json);
extern void ci_json_append(CiJson *container, const char *key, CiJson *member);
extern void ci_json_set(CiJson *object, const char *key, CiJson *member);	/* replace or append */
extern void ci_json_remove(CiJson *object, const char *key);

/* Writing, compact; numbers as they were written, or shortest exact. */
extern void ci_json_write(StringInfo out, const CiJson *json);
extern void ci_json_write_string(StringInfo out, const char *text);
extern void ci_json_write_number(StringInfo out, double number);

#endif							/* CI_JSON_H */
