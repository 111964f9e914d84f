/*
 * base/compat.h
 *	  Differences between PostgreSQL 15 and 18: the only file that looks at
 *	  PG_VERSION_NUM.
 */
#ifndef CI_COMPAT_H
#define CI_COMPAT_H

#include "common/jsonapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#if PG_VERSION_NUM < 150000
#error "composite_indicator needs PostgreSQL 15 or later"
#endif

/* From 18 on a module tells its name and version. */
#if PG_VERSION_NUM >= 180000
#define CI_MODULE_MAGIC PG_MODULE_MAGIC_EXT(.name = "composite_indicator", .version = CI_VERSION)
#else
#define CI_MODULE_MAGIC PG_MODULE_MAGIC
#endif

/* From 18 on this word stands before a declaration. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn pg_attribute_noreturn()
#endif

/* From 16 on the actions of the JSON parser return a status. */
#if PG_VERSION_NUM >= 160000
typedef JsonParseErrorType CiJsonAction;
#define CI_JSON_ACTION_DONE() return JSON_SUCCESS
#else
typedef void CiJsonAction;
#define CI_JSON_ACTION_DONE() return
#endif

/* From 17 on the lexer may be given, and its text is const. */
static inline JsonLexContext *
ci_json_lexer(const char *text, int len)
{
#if PG_VERSION_NUM >= 170000
	return makeJsonLexContextCstringLen(NULL, text, len, GetDatabaseEncoding(), true);
#else
	return makeJsonLexContextCstringLen(unconstify(char *, text), len, GetDatabaseEncoding(), true);
#endif
}

/* From 16 on a range may be made that is an error without raising it. */
#if PG_VERSION_NUM >= 160000
#define ci_make_range(cache, lower, upper) make_range(cache, lower, upper, false, NULL)
#else
#define ci_make_range(cache, lower, upper) make_range(cache, lower, upper, false)
#endif

#endif							/* CI_COMPAT_H */
