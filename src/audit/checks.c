/*
 * audit/checks.c
 *	  The table of the checks of ci.audit, and those on the methodology.
 *
 * A check is a function and a row.  Thresholds, here and in the other files of
 * checks, are the ones of the field (JRC's audits: 65 % of the data, skewness 2 with
 * kurtosis 3.5, correlation .9).
 */
#include "postgres.h"

#include "audit/audit.h"
#include "utils/builtins.h"

#include "base/compat.h"

#define WEIGHTS_WITHIN 0.05

/* Names of units that the panel has in no period: typing errors, or units that left. */
static void
check_list(CiAudit *audit, const CiUnits *units, const CiComponent *at, const char *where)
{
	for (int k = 0; k < units->n; k++)
		if (ci_panel_unit(audit->ev->panel, units->list[k], (int) strlen(units->list[k])) < 0)
			ci_audit_add(audit, NULL, at, cstring_to_text(units->list[k]), CI_MISSING,
						 psprintf("panel has no such unit, which %s lists", where));
}

static void
check_unknown_unit(CiAudit *audit)
{
	const CiMethodology *m = audit->ev->methodology;

	check_list(audit, &m->screen.units, NULL, "the screen");
	check_list(audit, &m->screen.include, NULL, "the screen");
	check_list(audit, &m->screen.exclude, NULL, "the screen");
	for (int c = 0; c < m->n; c++)
	{
		const CiComponent *at = ci_audit_component(audit, c);

		check_list(audit, &at->units, at, "the component");
		check_list(audit, &at->impute.scope.units, at, "the scope of impute");
		check_list(audit, &at->treat.scope.units, at, "the scope of treat");
		if (at->normalise.spec.method != NULL && at->indicator != NULL)
			check_list(audit, &at->normalise.scope.units, at, "the scope of normalise");
		if (at->rescale.spec.method != NULL)
			check_list(audit, &at->rescale.scope.units, at, "the scope of rescale");
	}
}

/* Periods that look like YYYYMM are not equal steps. */
static void
check_yyyymm(CiAudit *audit)
{
	const CiPanel *panel = audit->ev->panel;

	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		int32		period = panel->periods[p].period;

		if (period < 180000 || period > 219999 || period % 100 < 1 || period % 100 > 12)
			return;
	}
	ci_audit_add(audit, NULL, NULL, NULL, panel->periods[0].period,
				 "periods look like YYYYMM, which are not equal steps: use 12 * year + month - 1");
}

static bool
is_pooled(const CiNormaliseStage *stage)
{
	return stage->spec.method != NULL && stage->scope.kind == CI_SCOPE_PANEL &&
		!ci_normalise_is_fitted(&stage->spec);
}

/* A stage has a scope only if it estimates something. */
static bool
is_any_pooled(const CiComponent *at)
{
	return at->impute.scope.kind == CI_SCOPE_PANEL || at->treat.scope.kind == CI_SCOPE_PANEL ||
		(at->indicator != NULL && is_pooled(&at->normalise)) || is_pooled(&at->rescale);
}

/* Parameters estimated over all periods change earlier scores with each new one. */
static void
check_pooled_scope(CiAudit *audit)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		const CiComponent *at = ci_audit_component(audit, c);

		if (is_any_pooled(at))
			ci_audit_add(audit, NULL, at, NULL, CI_MISSING,
						 psprintf("parameters of component \"%s\" pool all periods: a new period changes earlier scores",
								  at->code));
	}
}

/* One indicator in several leaves counts as often. */
static void
check_double_counted(CiAudit *audit)
{
	const CiMethodology *m = audit->ev->methodology;
	int		   *uses = palloc0(Max(audit->ev->panel->n_indicators, 1) * sizeof(int));

	for (int c = 0; c < m->n; c++)
		if (audit->ev->indicator[c] >= 0 && ++uses[audit->ev->indicator[c]] == 2)
			ci_audit_add(audit, NULL, ci_audit_component(audit, c), NULL, CI_MISSING,
						 psprintf("indicator \"%s\" serves more than one component",
								  ci_audit_component(audit, c)->indicator));
}

/* 1 if more of a leaf's indicator raises the root's rank, -1 if it lowers it. */
static int
sense_of(const CiAudit *audit, int leaf)
{
	int			sense = ci_audit_component(audit, leaf)->direction;

	for (int c = ci_audit_component(audit, leaf)->parent; c >= 0; c = ci_audit_component(audit, c)->parent)
		if (ci_component_is_less(ci_audit_component(audit, c)))
			sense = -sense;
	return sense;
}

/* More of an indicator cannot be both better and worse. */
static void
check_direction(CiAudit *audit)
{
	const CiMethodology *m = audit->ev->methodology;
	int		   *seen = palloc0(Max(audit->ev->panel->n_indicators, 1) * sizeof(int));

	for (int c = 0; c < m->n; c++)
	{
		int			indicator = audit->ev->indicator[c];
		int			sense;

		if (indicator < 0 || ci_audit_component(audit, c)->weight == 0)
			continue;
		sense = sense_of(audit, c);
		if (seen[indicator] == 0)
			seen[indicator] = sense;
		else if (seen[indicator] != sense)
			ci_audit_add(audit, NULL, ci_audit_component(audit, c), NULL, CI_MISSING,
						 psprintf("more of indicator \"%s\" is better in one component and worse in another",
								  ci_audit_component(audit, c)->indicator));
	}
}

/* Means that need positive children, over a scale that starts at 0 or below. */
static void
check_reaches_zero(CiAudit *audit)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		const CiComponent *at = ci_audit_component(audit, c);
		const CiComponent *parent = at->parent < 0 ? NULL : ci_audit_component(audit, at->parent);
		double		least = fmin(at->scale.low, at->scale.high);

		if (parent == NULL || at->weight == 0 || at->scale.kind != CI_SCALE_BOUNDED ||
			!ci_aggregate_needs_positive(&parent->aggregate))
			continue;
		if (!ci_is_missing(parent->aggregate.scale[0]))
			least = fmin(parent->aggregate.scale[0], parent->aggregate.scale[1]);
		if (least <= 0)
			ci_audit_add(audit, NULL, at, NULL, least,
						 psprintf("scale of component \"%s\" reaches %.15g under the %s mean of \"%s\"",
								  at->code, least, parent->aggregate.method->name, parent->code));
	}
}

static bool
nearly(double sum, double whole)
{
	return sum != whole && fabs(sum - whole) <= WEIGHTS_WITHIN * whole &&
		fabs(sum - whole) > 1e-9 * whole;
}

/* Weights that nearly add up to 1 or 100 were perhaps meant to. */
static void
check_weights(CiAudit *audit)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		const CiComponent *node = ci_audit_component(audit, c);
		double		sum = 0;

		for (int k = 0; k < node->n_children; k++)
			sum += ci_audit_component(audit, node->children[k])->weight;
		if (nearly(sum, 1) || nearly(sum, 100))
			ci_audit_add(audit, NULL, node, NULL, sum,
						 psprintf("weights below component \"%s\" add up to %.15g", node->code, sum));
	}
}

const CiCheck ci_checks[] = {
	{"missing_indicator", CI_ERROR, NULL, NULL},
	{"missing_unit", CI_ERROR, NULL, NULL},
	{"missing_period", CI_ERROR, NULL, NULL},
	{"not_a_flag", CI_ERROR, NULL, NULL},
	{"constant", CI_ERROR, NULL, NULL},
	{"nonpositive", CI_ERROR, NULL, NULL},
	{"overflow", CI_ERROR, NULL, NULL},
	{"too_many", CI_ERROR, NULL, NULL},
	{"zero_denominator", CI_ERROR, NULL, NULL},
	{"untreatable", CI_ERROR, NULL, NULL},
	{"infeasible", CI_WARNING, NULL, NULL},
	{"yyyymm", CI_WARNING, check_yyyymm, NULL},
	{"pooled_scope", CI_WARNING, check_pooled_scope, NULL},
	{"unknown_unit", CI_WARNING, check_unknown_unit, NULL},
	{"empty", CI_WARNING, NULL, ci_check_empty},
	{"sparse", CI_WARNING, NULL, ci_check_sparse},
	{"units_lost", CI_WARNING, NULL, ci_check_units_lost},
	{"no_score", CI_WARNING, NULL, ci_check_no_score},
	{"imputed", CI_WARNING, NULL, ci_check_imputed},
	{"not_imputed", CI_WARNING, NULL, ci_check_not_imputed},
	{"negative_denominator", CI_WARNING, NULL, ci_check_negative_denominator},
	{"no_parameter", CI_WARNING, NULL, ci_check_no_parameter},
	{"beyond_goalposts", CI_WARNING, NULL, ci_check_beyond_goalposts},
	{"not_proven", CI_WARNING, NULL, ci_check_not_proven},
	{"double_counted", CI_NOTE, check_double_counted, NULL},
	{"direction_conflict", CI_NOTE, check_direction, NULL},
	{"reaches_zero", CI_NOTE, check_reaches_zero, NULL},
	{"weights", CI_NOTE, check_weights, NULL},
	{"screened", CI_NOTE, NULL, ci_check_screened},
	{"skewed", CI_NOTE, NULL, ci_check_skewed},
	{"untreated", CI_NOTE, NULL, ci_check_untreated},
	{"zero_heavy", CI_NOTE, NULL, ci_check_zeros},
	{"redundant", CI_NOTE, NULL, ci_check_redundant},
	{"importance", CI_NOTE, NULL, ci_check_importance},
	{"negative_correlation", CI_NOTE, NULL, ci_check_negative},
	{"ties", CI_NOTE, NULL, ci_check_ties},
	{"several_optima", CI_NOTE, NULL, ci_check_several_optima},
	{NULL}
};
