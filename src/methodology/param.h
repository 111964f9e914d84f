/*
 * methodology/param.h
 *	  The kinds of parameters, between the files that read and write them.
 */
#ifndef CI_METHODOLOGY_PARAM_H
#define CI_METHODOLOGY_PARAM_H

#include "base/read.h"
#include "method/method.h"

/* What a reader of a parameter knows. */
typedef struct CiParamReading
{
	const CiParam *param;
	const CiPlace *place;
	bool		given_only;		/* what would be estimated must be a number */
} CiParamReading;

/* methodology/param.c */
pg_noreturn extern void ci_param_fail(const CiParamReading *reading, const char *expected);
extern double ci_param_number(const CiParamReading *reading, const CiJson *value);
extern CiJson *ci_param_write_fitted(const CiParam *param, const void *at);

/* methodology/normalise.c */
extern void ci_param_read_post(const CiParamReading *reading, const CiJson *value, void *at);
extern CiJson *ci_param_write_post(const CiParam *param, const void *at);
extern void ci_param_read_posts(const CiParamReading *reading, const CiJson *value, void *at);
extern CiJson *ci_param_write_posts(const CiParam *param, const void *at);
extern void ci_param_read_reference(const CiParamReading *reading, const CiJson *value, void *at);
extern CiJson *ci_param_write_reference(const CiParam *param, const void *at);
extern void ci_param_read_transform(const CiParamReading *reading, const CiJson *value, void *at);
extern CiJson *ci_param_write_transform(const CiParam *param, const void *at);

#endif							/* CI_METHODOLOGY_PARAM_H */
