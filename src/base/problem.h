/*
 * base/problem.h
 *	  What data can do to a methodology: raised as an error, or collected.
 *
 * Evaluation reports through a sink.  Without one a problem is an error;
 * ci.audit gives one that collects, and evaluation goes on with the score
 * missing.
 */
#ifndef CI_PROBLEM_H
#define CI_PROBLEM_H

typedef struct CiProblem
{
	const char *finding;		/* one word for it, as ci.audit names it */
	int			sqlstate;
	const char *component;		/* code, NULL if none */
	bool		has_period;
	int32		period;
	const text *unit;			/* NULL if none */
	double		value;			/* NaN if none */
	const char *message;
	const char *detail;			/* may be NULL, as may the hint */
	const char *hint;
} CiProblem;

typedef struct CiProblemSink
{
	void		(*put) (void *arg, const CiProblem *problem);
	void	   *arg;
} CiProblemSink;

/* One about a component, NULL if it is about none; the rest is to be filled in. */
extern CiProblem ci_problem_about(const char *finding, int sqlstate, const char *component);

/* Say where: returns "Unit "…", period …" for the detail. */
extern char *ci_problem_locate(CiProblem *problem, const text *unit, int32 period);

/* Raise it, or give it to the sink if there is one. */
extern void ci_problem(const CiProblemSink *sink, const CiProblem *problem);

#endif							/* CI_PROBLEM_H */
