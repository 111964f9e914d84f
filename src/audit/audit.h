/*
 * audit/audit.h
 *	  What is worth knowing before a ranking is published.
 */
#ifndef CI_AUDIT_H
#define CI_AUDIT_H

#include "evaluate/evaluate.h"
#include "nodes/pg_list.h"

typedef enum CiSeverity
{
	CI_ERROR,					/* evaluation would raise it */
	CI_WARNING,					/* numbers may not be what was meant */
	CI_NOTE						/* advice on the design */
} CiSeverity;

typedef struct CiAudit CiAudit;

/*
 * A check looks at the panel and the methodology once, or at each period, whose
 * scores are in the outcome; it adds what it finds.  An error has no check: it
 * is what evaluation reports under that name.
 */
typedef struct CiCheck
{
	const char *finding;
	CiSeverity	severity;
	void		(*panel) (CiAudit *audit);
	void		(*period) (CiAudit *audit, const CiOutcome *outcome);
} CiCheck;

/* The table, in the order in which findings are given; ends with a NULL name. */
extern const CiCheck ci_checks[];

struct CiAudit
{
	const CiEvaluation *ev;
	const CiCheck *check;		/* the one that runs */
	MemoryContext context;		/* of the findings */
	List	   *findings;
};

extern void ci_audit_add(CiAudit *audit, const CiOutcome *outcome, const CiComponent *component,
						 const text *unit, double value, const char *message);

/* JRC's audits ask for this share of the data. */
#define CI_SPARSE_BELOW 0.65

static inline const CiComponent *
ci_audit_component(const CiAudit *audit, int c)
{
	return &audit->ev->methodology->components[c];
}

/*
 * audit/cells.c: a leaf's cells in a period after a step, those of units taken out to
 * which it does not apply; NULL for an inner component.  *n is to how many it applies.
 */
extern const double *ci_audit_cells(const CiAudit *audit, const CiOutcome *outcome, int c,
									CiStep step, size_t *n);

/* How many of x are not missing. */
extern size_t ci_audit_present(const double *x, size_t n);

/* Checks that audit/checks.c puts into the table: on cells, */
extern void ci_check_empty(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_sparse(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_units_lost(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_no_parameter(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_beyond_goalposts(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_skewed(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_zeros(CiAudit *audit, const CiOutcome *outcome);

/* on what becomes of them before normalise (audit/prepare.c), */
extern void ci_check_imputed(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_not_imputed(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_negative_denominator(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_untreated(CiAudit *audit, const CiOutcome *outcome);

/* and on scores (audit/scores.c). */
extern void ci_check_no_score(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_redundant(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_importance(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_negative(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_screened(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_ties(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_not_proven(CiAudit *audit, const CiOutcome *outcome);
extern void ci_check_several_optima(CiAudit *audit, const CiOutcome *outcome);

#endif							/* CI_AUDIT_H */
