/*
 * audit/prepare.c
 *	  The checks of ci.audit on what comes before normalise.
 */
#include "postgres.h"

#include "audit/audit.h"
#include "utils/builtins.h"

#include "base/compat.h"

/* Units whose scores rest on imputed values more than the sparse rule allows. */
void
ci_check_imputed(CiAudit *audit, const CiOutcome *outcome)
{
	const CiPanel *panel = audit->ev->panel;
	int			root = audit->ev->methodology->root;

	for (uint32 i = 0; i < outcome->n; i++)
	{
		double		share = ci_imputed_share(audit->ev, outcome, root, i);

		if (ci_screening(audit->ev, outcome->period, i) == CI_PASSED &&
			share > 1 - CI_SPARSE_BELOW + CI_SHARE_TOLERANCE)
			ci_audit_add(audit, outcome, ci_audit_component(audit, root),
						 panel->units[panel->periods[outcome->period].unit[i]], share,
						 psprintf("%.3g of the unit's indicators are imputed", share));
	}
}

/* Cells that are to be imputed and are not. */
void
ci_check_not_imputed(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		size_t		n;
		const double *x = ci_audit_cells(audit, outcome, c, CI_IMPUTED, &n);
		size_t		missing;

		if (x == NULL || ci_audit_component(audit, c)->impute.spec.method == NULL)
			continue;
		missing = n - ci_audit_present(x, outcome->n);
		if (missing > 0)
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, (double) missing,
						 psprintf("indicator \"%s\" has missing cells that could not be imputed: %zu",
								  ci_audit_component(audit, c)->indicator, missing));
	}
}

/* A negative denominator turns the sign, and with it the order. */
void
ci_check_negative_denominator(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		const double *denominator = ci_denominator_cells(audit->ev, c, outcome->period);
		const bool *applies = outcome->applies[c];
		size_t		negative = 0;

		if (denominator == NULL)
			continue;
		for (uint32 i = 0; i < outcome->n; i++)
			negative += denominator[i] < 0 && (applies == NULL || applies[i]);
		if (negative > 0)
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, (double) negative,
						 psprintf("denominator \"%s\" is negative for %zu of %u units",
								  ci_audit_component(audit, c)->denominator.indicator, negative, outcome->n));
	}
}

/* Columns that could not be judged, so that nothing was done to them. */
void
ci_check_untreated(CiAudit *audit, const CiOutcome *outcome)
{
	const CiEvaluation *ev = audit->ev;

	for (int c = 0; c < ev->methodology->n; c++)
	{
		const CiFitSet *set = ci_fit_set(ev, ev->treat, c, outcome->period);
		const CiTreatFit *fit = set == NULL ? NULL : set->fit;
		int			untreated = 0;

		for (int g = 0; set != NULL && g < set->n; g++)
			untreated += fit[g].status == CI_CONSTANT;
		if (untreated > 0)
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, CI_MISSING,
						 psprintf("indicator \"%s\" has too few values, or no variation, to be treated",
								  ci_audit_component(audit, c)->indicator));
	}
}
