/*
 * audit/cells.c
 *	  The checks of ci.audit on the units and cells of a period, and what they look at.
 */
#include "postgres.h"

#include "audit/audit.h"
#include "method/stats.h"

#include "base/compat.h"

#define SKEWNESS_ABOVE 2.0
#define KURTOSIS_ABOVE 3.5
#define ZEROS_ABOVE 0.5

const double *
ci_audit_cells(const CiAudit *audit, const CiOutcome *outcome, int c, CiStep step, size_t *n)
{
	const CiEvaluation *ev = audit->ev;
	const double *raw = ci_raw_cells(ev, c, outcome->period);
	const bool *applies = outcome->applies[c];
	double	   *cells;

	*n = outcome->n;
	if (raw == NULL || (applies == NULL && !ci_is_prepared(ci_audit_component(audit, c))))
		return raw;
	cells = palloc_extended(Max(outcome->n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	ci_prepare_step(ev, c, applies, step, outcome->period, 0, outcome->n, cells);
	for (uint32 i = 0; applies != NULL && i < outcome->n; i++)
		*n -= !applies[i];
	return cells;
}

size_t
ci_audit_present(const double *x, size_t n)
{
	size_t		present = 0;

	for (size_t i = 0; i < n; i++)
		present += !ci_is_missing(x[i]);
	return present;
}

void
ci_check_empty(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		const CiComponent *leaf = ci_audit_component(audit, c);
		size_t		n;
		const double *x = ci_audit_cells(audit, outcome, c, CI_OBSERVED, &n);

		if (x != NULL && n > 0 && ci_audit_present(x, outcome->n) == 0)
			ci_audit_add(audit, outcome, leaf, NULL, 0,
						 psprintf("indicator \"%s\" has no value", leaf->indicator));
	}
}

void
ci_check_sparse(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		const CiComponent *leaf = ci_audit_component(audit, c);
		size_t		n;
		const double *x = ci_audit_cells(audit, outcome, c, CI_OBSERVED, &n);
		size_t		present = x == NULL ? 0 : ci_audit_present(x, outcome->n);

		if (present > 0 && present < CI_SPARSE_BELOW * n - CI_SHARE_TOLERANCE)
			ci_audit_add(audit, outcome, leaf, NULL, (double) present / n,
						 psprintf("indicator \"%s\" is observed for %zu of %zu units",
								  leaf->indicator, present, n));
	}
}

/* Units of the period before that are not in this one. */
void
ci_check_units_lost(CiAudit *audit, const CiOutcome *outcome)
{
	const CiPanel *panel = audit->ev->panel;
	const CiPanelPeriod *at = &panel->periods[outcome->period];
	const CiPanelPeriod *before;

	if (outcome->period == 0)
		return;
	before = at - 1;
	for (uint32 i = 0; i < before->n; i++)
		if (ci_panel_row(at, before->unit[i]) < 0)
			ci_audit_add(audit, outcome, NULL, panel->units[before->unit[i]], CI_MISSING,
						 psprintf("unit was in period %d and is not in this one", before->period));
}

/* Is a cell taken away because it has no parameter to be treated by? */
static bool
lacks_treatment(const CiEvaluation *ev, const CiOutcome *outcome, int c, uint32 row)
{
	const CiTreatStage *stage = &ev->methodology->components[c].treat;
	const CiTreatFit *fit;

	if (stage->spec.method == NULL)
		return false;
	fit = ci_fit_of_row(ev, &stage->scope, ci_fit_set(ev, ev->treat, c, outcome->period),
						outcome->period, row);
	return fit == NULL || fit->status == CI_NO_DATA;
}

/*
 * Values that have no score for want of a parameter: their unit is in no group
 * of the scope, or nothing is left to estimate from.
 */
void
ci_check_no_parameter(CiAudit *audit, const CiOutcome *outcome)
{
	const CiEvaluation *ev = audit->ev;

	for (int c = 0; c < ev->methodology->n; c++)
	{
		const CiComponent *leaf = ci_audit_component(audit, c);
		size_t		n;
		const double *x = ci_audit_cells(audit, outcome, c, CI_IMPUTED, &n);
		size_t		without = 0;

		if (x == NULL)
			continue;
		for (uint32 i = 0; i < outcome->n; i++)
		{
			const CiNormaliseFit *fit = ci_fit_of_row(ev, &leaf->normalise.scope,
													  ci_fit_set(ev, ev->normalise, c, outcome->period),
													  outcome->period, i);

			without += !ci_is_missing(x[i]) && (fit == NULL || fit->status == CI_NO_DATA ||
												lacks_treatment(ev, outcome, c, i));
		}
		if (without > 0)
			ci_audit_add(audit, outcome, leaf, NULL, (double) without,
						 psprintf("indicator \"%s\" has values without a parameter to %s them by: %zu",
								  leaf->indicator,
								  leaf->treat.spec.method == NULL ? "normalise" : "treat or normalise",
								  without));
	}
}

/* Values beyond goalposts that the methodology gives. */
void
ci_check_beyond_goalposts(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		const CiComponent *leaf = ci_audit_component(audit, c);
		const CiNormalise *spec = &leaf->normalise.spec;
		size_t		n;
		const double *x = ci_audit_cells(audit, outcome, c, CI_TREATED, &n);
		size_t		beyond = 0;

		if (x == NULL || spec->lower.kind != CI_POST_NUMBER || spec->upper.kind != CI_POST_NUMBER ||
			!isfinite(spec->lower.value) || !isfinite(spec->upper.value))
			continue;
		for (uint32 i = 0; i < outcome->n; i++)
			beyond += x[i] < spec->lower.value || x[i] > spec->upper.value;
		if (beyond > 0)
			ci_audit_add(audit, outcome, leaf, NULL, (double) beyond,
						 psprintf("indicator \"%s\" has values beyond its goalposts, %.15g and %.15g: %zu",
								  leaf->indicator, spec->lower.value, spec->upper.value, beyond));
	}
}

void
ci_check_skewed(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		const CiComponent *leaf = ci_audit_component(audit, c);
		size_t		n;
		const double *x = ci_audit_cells(audit, outcome, c, CI_TREATED, &n);
		CiMoments	moments;

		if (x == NULL)
			continue;
		ci_moments(x, outcome->n, &moments);
		if (fabs(moments.skewness) > SKEWNESS_ABOVE && moments.kurtosis > KURTOSIS_ABOVE)
			ci_audit_add(audit, outcome, leaf, NULL, moments.skewness,
						 psprintf("indicator \"%s\" has skewness %.3g and kurtosis %.3g%s",
								  leaf->indicator, moments.skewness, moments.kurtosis,
								  leaf->treat.spec.method == NULL ?
								  ": consider treating it" : " after its treatment"));
	}
}

void
ci_check_zeros(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		const CiComponent *leaf = ci_audit_component(audit, c);
		size_t		n;
		const double *x = ci_audit_cells(audit, outcome, c, CI_OBSERVED, &n);
		size_t		present;
		size_t		zeros = 0;

		if (x == NULL)
			continue;
		present = ci_audit_present(x, outcome->n);
		for (uint32 i = 0; i < outcome->n; i++)
			zeros += x[i] == 0;
		if (zeros > ZEROS_ABOVE * present)
			ci_audit_add(audit, outcome, leaf, NULL, (double) zeros / present,
						 psprintf("indicator \"%s\" is 0 for %zu of %zu units",
								  leaf->indicator, zeros, present));
	}
}
