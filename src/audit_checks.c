/*
 * audit_checks.c
 *	  The checks of ci.audit, and their table.
 *
 * A check is a function and a row.  Thresholds are the ones of the field (JRC's
 * audits: 65 % of the data, skewness 2 with kurtosis 3.5, correlation .9).
 */
#include "postgres.h"

#include "audit.h"
#include "method/stats.h"
#include "miscadmin.h"
#include "sort.h"
#include "utils/builtins.h"

#include "compat.h"

#define SKEWNESS_ABOVE 2.0
#define KURTOSIS_ABOVE 3.5
#define ZEROS_ABOVE 0.5
#define CORRELATION_ABOVE 0.9
#define CORRELATION_PAIRS 5		/* fewer say nothing */
#define TIED_ABOVE 0.1
#define IMPORTANCE_WITHIN 2.0	/* a factor */
#define IMPORTANCE_PAIRS 10
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

static void
check_empty(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		size_t		n;
		const double *x = ci_audit_cells(audit, outcome, c, CI_OBSERVED, &n);

		if (x != NULL && n > 0 && ci_audit_present(x, outcome->n) == 0)
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, 0,
						 psprintf("indicator \"%s\" has no value", ci_audit_component(audit, c)->indicator));
	}
}

static void
check_sparse(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		size_t		n;
		const double *x = ci_audit_cells(audit, outcome, c, CI_OBSERVED, &n);
		size_t		present = x == NULL ? 0 : ci_audit_present(x, outcome->n);

		if (present > 0 && present < CI_SPARSE_BELOW * n - CI_SHARE_TOLERANCE)
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, (double) present / n,
						 psprintf("indicator \"%s\" is observed for %zu of %zu units",
								  ci_audit_component(audit, c)->indicator, present, n));
	}
}

/* Units of the period before that are not in this one. */
static void
check_units_lost(CiAudit *audit, const CiOutcome *outcome)
{
	const CiPanel *panel = audit->ev->panel;
	const CiPanelPeriod *at = &panel->periods[outcome->period];
	const CiPanelPeriod *before = at - 1;

	if (outcome->period == 0)
		return;
	for (uint32 i = 0; i < before->n; i++)
		if (ci_panel_row(at, before->unit[i]) < 0)
			ci_audit_add(audit, outcome, NULL, panel->units[before->unit[i]], CI_MISSING,
						 psprintf("unit was in period %d and is not in this one", before->period));
}

/* Units that pass the screen and yet have no score. */
static void
check_no_score(CiAudit *audit, const CiOutcome *outcome)
{
	const CiPanel *panel = audit->ev->panel;
	int			root = audit->ev->methodology->root;

	for (uint32 i = 0; i < outcome->n; i++)
		if (ci_screening(audit->ev, outcome->period, i) == CI_PASSED &&
			ci_is_missing(outcome->score[root][i]))
			ci_audit_add(audit, outcome, ci_audit_component(audit, root),
						 panel->units[panel->periods[outcome->period].unit[i]],
						 ci_coverage(audit->ev, outcome, root, i),
						 "unit has no score");
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
static void
check_no_parameter(CiAudit *audit, const CiOutcome *outcome)
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
static void
check_beyond_goalposts(CiAudit *audit, const CiOutcome *outcome)
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

static void
check_skewed(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
		size_t		n;
		const double *x = ci_audit_cells(audit, outcome, c, CI_TREATED, &n);
		CiMoments	moments;

		if (x == NULL)
			continue;
		ci_moments(x, outcome->n, &moments);
		if (fabs(moments.skewness) > SKEWNESS_ABOVE && moments.kurtosis > KURTOSIS_ABOVE)
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, moments.skewness,
						 psprintf("indicator \"%s\" has skewness %.3g and kurtosis %.3g%s",
								  ci_audit_component(audit, c)->indicator, moments.skewness, moments.kurtosis,
								  ci_audit_component(audit, c)->treat.spec.method == NULL ?
								  ": consider treating it" : " after its treatment"));
	}
}

static void
check_zeros(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
	{
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
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, (double) zeros / present,
						 psprintf("indicator \"%s\" is 0 for %zu of %zu units",
								  ci_audit_component(audit, c)->indicator, zeros, present));
	}
}

/* A component's scores, those of units that are not ranked taken out. */
static double *
ranked_scores(const CiAudit *audit, const CiOutcome *outcome, int c)
{
	double	   *scores = palloc_extended(Max(outcome->n, 1) * sizeof(double), MCXT_ALLOC_HUGE);

	for (uint32 i = 0; i < outcome->n; i++)
		scores[i] = ci_screening(audit->ev, outcome->period, i) == CI_PASSED ?
			outcome->score[c][i] : CI_MISSING;
	return scores;
}

/* Siblings that say the same. */
static void
check_siblings(CiAudit *audit, const CiOutcome *outcome, const CiComponent *node)
{
	double	  **scores = palloc(Max(node->n_children, 1) * sizeof(double *));

	for (int k = 0; k < node->n_children; k++)
		scores[k] = ranked_scores(audit, outcome, node->children[k]);
	for (int a = 0; a < node->n_children; a++)
		for (int b = a + 1; b < node->n_children; b++)
		{
			const CiComponent *x = ci_audit_component(audit, node->children[a]);
			const CiComponent *y = ci_audit_component(audit, node->children[b]);
			size_t		pairs;
			double		r;

			CHECK_FOR_INTERRUPTS();
			r = ci_correlation(scores[a], scores[b], outcome->n, &pairs);
			if (pairs >= CORRELATION_PAIRS && fabs(r) > CORRELATION_ABOVE)
				ci_audit_add(audit, outcome, x, NULL, r,
							 psprintf("components \"%s\" and \"%s\" correlate with %.3f",
									  x->code, y->code, r));
		}
	for (int k = 0; k < node->n_children; k++)
		pfree(scores[k]);
	pfree(scores);
}

static void
check_redundant(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
		check_siblings(audit, outcome, ci_audit_component(audit, c));
}

/*
 * Siblings whose importance is far from their weight: the share that each has
 * of the squared correlations with the parent's score (Paruolo, Saisana and
 * Saltelli 2013) is less than half of its weight, or more than twice.
 */
static void
check_importance_below(CiAudit *audit, const CiOutcome *outcome, int c)
{
	const CiComponent *node = ci_audit_component(audit, c);
	double	   *scores = ranked_scores(audit, outcome, c);
	double	   *importance = palloc(Max(node->n_children, 1) * sizeof(double));
	double		all = 0;
	double		weights = 0;
	size_t		pairs;

	for (int k = 0; k < node->n_children; k++)
	{
		double		r = ci_correlation(ranked_scores(audit, outcome, node->children[k]),
									   scores, outcome->n, &pairs);

		CHECK_FOR_INTERRUPTS();
		if (pairs < IMPORTANCE_PAIRS)
			return;
		importance[k] = ci_is_missing(r) ? 0 : r * r;	/* a constant has none */
		all += importance[k];
		weights += ci_audit_component(audit, node->children[k])->weight;
	}
	for (int k = 0; k < node->n_children && all > 0; k++)
	{
		const CiComponent *child = ci_audit_component(audit, node->children[k]);
		double		weight = child->weight / weights;
		double		share = importance[k] / all;

		if (weight > 0 && (share < weight / IMPORTANCE_WITHIN || share > weight * IMPORTANCE_WITHIN))
			ci_audit_add(audit, outcome, child, NULL, share,
						 psprintf("component \"%s\" has %.3f of the weight and %.3f of the importance",
								  child->code, weight, share));
	}
}

static void
check_importance(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
		if (ci_audit_component(audit, c)->n_children > 1)
			check_importance_below(audit, outcome, c);
}

/* Children that pull against what their parent measures. */
static void
check_against_parent(CiAudit *audit, const CiOutcome *outcome, int c)
{
	const CiComponent *node = ci_audit_component(audit, c);
	double	   *scores = ranked_scores(audit, outcome, c);
	bool		less = (node->aggregate.method->flags & CI_AGGREGATE_LESS) != 0;

	for (int k = 0; k < node->n_children; k++)
	{
		const CiComponent *child = ci_audit_component(audit, node->children[k]);
		size_t		pairs;
		double		r = ci_correlation(ranked_scores(audit, outcome, node->children[k]),
									   scores, outcome->n, &pairs);

		CHECK_FOR_INTERRUPTS();
		if (less != ci_component_is_less(child))
			r = -r;
		if (child->weight > 0 && pairs >= IMPORTANCE_PAIRS && r < 0)
			ci_audit_add(audit, outcome, child, NULL, r,
						 psprintf("component \"%s\" correlates with %.3f with its parent: is its direction right?",
								  child->code, r));
	}
}

static void
check_negative(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
		if (ci_audit_component(audit, c)->n_children > 1)
			check_against_parent(audit, outcome, c);
}

/* Units that the screen keeps out of the ranking. */
static void
check_screened(CiAudit *audit, const CiOutcome *outcome)
{
	const CiPanel *panel = audit->ev->panel;
	int			root = audit->ev->methodology->root;

	for (uint32 i = 0; i < outcome->n; i++)
		if (ci_screening(audit->ev, outcome->period, i) == CI_SCREENED)
			ci_audit_add(audit, outcome, ci_audit_component(audit, root),
						 panel->units[panel->periods[outcome->period].unit[i]],
						 ci_coverage(audit->ev, outcome, root, i),
						 "unit does not pass the screen");
}

/* Ranks that many units share. */
static void
check_ties(CiAudit *audit, const CiOutcome *outcome)
{
	int			root = audit->ev->methodology->root;
	int32	   *rank = palloc(Max(outcome->n, 1) * sizeof(int32));
	uint32	   *order = palloc(Max(outcome->n, 1) * sizeof(uint32));
	uint32		n = ci_rank_units(audit->ev, outcome, root, rank, order);
	uint32		tied = 0;

	for (uint32 k = 0; k < n; k++)
		tied += (k > 0 && rank[order[k]] == rank[order[k - 1]]) ||
			(k + 1 < n && rank[order[k]] == rank[order[k + 1]]);
	if (tied > TIED_ABOVE * n)
		ci_audit_add(audit, outcome, ci_audit_component(audit, root), NULL, (double) tied / n,
					 psprintf("%u of %u units share their rank with another", tied, n));
}

/* Orders of units that were searched for, and may not be the best. */
static void
check_not_proven(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
		if (ci_audit_component(audit, c)->indicator == NULL && outcome->optima[c] == 0)
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, CI_MISSING,
						 psprintf("order of units by component \"%s\" was found by local search: there may be a better one",
								  ci_audit_component(audit, c)->code));
}

static void
check_several_optima(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
		if (ci_audit_component(audit, c)->indicator == NULL && outcome->optima[c] > 1)
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, outcome->optima[c],
						 psprintf("component \"%s\" has several best orders of units: scores are mean places in them",
								  ci_audit_component(audit, c)->code));
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
	{"empty", CI_WARNING, NULL, check_empty},
	{"sparse", CI_WARNING, NULL, check_sparse},
	{"units_lost", CI_WARNING, NULL, check_units_lost},
	{"no_score", CI_WARNING, NULL, check_no_score},
	{"imputed", CI_WARNING, NULL, ci_check_imputed},
	{"not_imputed", CI_WARNING, NULL, ci_check_not_imputed},
	{"negative_denominator", CI_WARNING, NULL, ci_check_negative_denominator},
	{"no_parameter", CI_WARNING, NULL, check_no_parameter},
	{"beyond_goalposts", CI_WARNING, NULL, check_beyond_goalposts},
	{"not_proven", CI_WARNING, NULL, check_not_proven},
	{"double_counted", CI_NOTE, check_double_counted, NULL},
	{"direction_conflict", CI_NOTE, check_direction, NULL},
	{"reaches_zero", CI_NOTE, check_reaches_zero, NULL},
	{"weights", CI_NOTE, check_weights, NULL},
	{"screened", CI_NOTE, NULL, check_screened},
	{"skewed", CI_NOTE, NULL, check_skewed},
	{"untreated", CI_NOTE, NULL, ci_check_untreated},
	{"zero_heavy", CI_NOTE, NULL, check_zeros},
	{"redundant", CI_NOTE, NULL, check_redundant},
	{"importance", CI_NOTE, NULL, check_importance},
	{"negative_correlation", CI_NOTE, NULL, check_negative},
	{"ties", CI_NOTE, NULL, check_ties},
	{"several_optima", CI_NOTE, NULL, check_several_optima},
	{NULL}
};
