/*
 * audit/functions.c
 *	  ci.audit: what is worth knowing before a ranking is published.
 *
 * In: a panel and a methodology.  Out: findings, errors first.  Errors are what
 * evaluation reports to its sink; the rest are the checks of audit/checks.c.
 * Data never raises here.  Findings are kept in a context of their own, each
 * period is computed in one that is reset after it.
 */
#include "postgres.h"

#include "audit/audit.h"
#include "base/rows.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_audit);

/* What a finding is about; what does not apply is NULL, or NaN. */
typedef struct Finding
{
	const CiCheck *check;
	bool		has_period;
	int32		period;
	const char *component;
	const text *unit;
	double		value;
	const char *message;
	int			number;			/* in the order found */
} Finding;

static const char *const severity_names[] = {"error", "warning", "note"};

static void
add(CiAudit *audit, const Finding *finding)
{
	MemoryContext caller = MemoryContextSwitchTo(audit->context);
	Finding    *copy = palloc(sizeof(Finding));

	*copy = *finding;
	copy->message = pstrdup(finding->message);
	copy->number = list_length(audit->findings);
	audit->findings = lappend(audit->findings, copy);
	MemoryContextSwitchTo(caller);
}

void
ci_audit_add(CiAudit *audit, const CiOutcome *outcome, const CiComponent *component,
			 const text *unit, double value, const char *message)
{
	Finding		finding = {audit->check};

	finding.has_period = outcome != NULL;
	if (outcome != NULL)
		finding.period = audit->ev->panel->periods[outcome->period].period;
	finding.component = component == NULL ? NULL : component->code;
	finding.unit = unit;
	finding.value = value;
	finding.message = message;
	add(audit, &finding);
}

static const CiCheck *
find_check(const char *finding)
{
	const CiCheck *check = ci_checks;

	while (check->finding != NULL && strcmp(check->finding, finding) != 0)
		check++;
	if (check->finding == NULL)
		elog(ERROR, "problem \"%s\" is in no table", finding);
	return check;
}

static bool
is_known(const CiAudit *audit, const Finding *finding)
{
	ListCell   *cell;

	foreach(cell, audit->findings)
	{
		const Finding *known = lfirst(cell);

		if (known->check == finding->check && known->component == finding->component &&
			known->has_period == finding->has_period && known->period == finding->period)
			return true;
	}
	return false;
}

/*
 * Keep a problem of evaluation: the first of its kind for a component and
 * period, as more of them would say no more.
 */
static void
collect_problem(void *arg, const CiProblem *problem)
{
	CiAudit    *audit = arg;
	Finding		finding = {find_check(problem->finding)};

	finding.has_period = problem->has_period;
	finding.period = problem->period;
	finding.component = problem->component;
	finding.unit = problem->unit;
	finding.value = problem->value;
	finding.message = problem->detail == NULL ? problem->message :
		psprintf("%s. %s", problem->message, problem->detail);
	if (!is_known(audit, &finding))
		add(audit, &finding);
}

static void
check_panel(CiAudit *audit)
{
	for (audit->check = ci_checks; audit->check->finding != NULL; audit->check++)
		if (audit->check->panel != NULL)
			audit->check->panel(audit);
}

static void
check_period(CiAudit *audit, uint32 period)
{
	CiOutcome  *outcome = ci_evaluate_period(audit->ev, period, CI_KEEP_ALL);

	for (audit->check = ci_checks; audit->check->finding != NULL; audit->check++)
	{
		CHECK_FOR_INTERRUPTS();
		if (audit->check->period != NULL)
			audit->check->period(audit, outcome);
	}
}

/*
 * Errors come in the order in which evaluation meets them, so the first is the
 * one that it would raise; others in the order of the table, then by period.
 */
static int
compare_findings(const ListCell *a, const ListCell *b)
{
	const Finding *x = lfirst(a);
	const Finding *y = lfirst(b);

	bool		errors = x->check->severity == CI_ERROR && y->check->severity == CI_ERROR;

	if (errors)
		return x->number < y->number ? -1 : 1;
	if (x->check != y->check)
		return x->check < y->check ? -1 : 1;
	if (x->has_period != y->has_period)
		return x->has_period ? 1 : -1;
	if (x->has_period && x->period != y->period)
		return x->period < y->period ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static void
put_finding(ReturnSetInfo *rows, const Finding *finding)
{
	CiValue		values[] = {
		ci_cstring(severity_names[finding->check->severity]),
		ci_cstring(finding->check->finding),
		finding->has_period ? ci_int(finding->period) : ci_null(),
		ci_cstring(finding->component),
		ci_text(finding->unit),
		ci_float(finding->value),
		ci_cstring(finding->message)
	};

	ci_rows_put(rows, values, lengthof(values));
}

Datum
ci_audit(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);
	const CiMethodology *m = ci_methodology_arg(fcinfo, 1);
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiAudit		audit = {NULL};
	CiProblemSink sink = {collect_problem, &audit};
	MemoryContext context;
	MemoryContext caller;
	ListCell   *cell;

	audit.context = CurrentMemoryContext;
	audit.ev = ci_evaluate_begin(panel, m, -1, &sink);
	context = AllocSetContextCreate(CurrentMemoryContext, "ci.audit period",
									ALLOCSET_DEFAULT_SIZES);
	check_panel(&audit);
	caller = MemoryContextSwitchTo(context);
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		check_period(&audit, p);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	list_sort(audit.findings, compare_findings);
	foreach(cell, audit.findings)
	{
		put_finding(rows, lfirst(cell));
	}
	return (Datum) 0;
}
