/*
 * base/problem.c
 *	  Raising or collecting what data does to a methodology.
 */
#include "postgres.h"

#include "base/problem.h"
#include "method/method.h"
#include "utils/builtins.h"

#include "base/compat.h"

CiProblem
ci_problem_about(const char *finding, int sqlstate, const char *component)
{
	CiProblem	problem = {finding, sqlstate, component};

	problem.value = CI_MISSING;
	return problem;
}

char *
ci_problem_locate(CiProblem *problem, const text *unit, int32 period)
{
	problem->has_period = true;
	problem->period = period;
	problem->unit = unit;
	return psprintf("Unit \"%s\", period %d", text_to_cstring(unit), period);
}

void
ci_problem(const CiProblemSink *sink, const CiProblem *problem)
{
	if (sink != NULL)
		sink->put(sink->arg, problem);
	else
		ereport(ERROR,
				(errcode(problem->sqlstate),
				 errmsg_internal("%s", problem->message),
				 problem->detail == NULL ? 0 : errdetail_internal("%s", problem->detail),
				 problem->hint == NULL ? 0 : errhint("%s", problem->hint)));
}
