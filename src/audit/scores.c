/*
 * audit/scores.c
 *	  The checks of ci.audit on the scores of a period, and on its ranking.
 */
#include "postgres.h"

#include "audit/audit.h"
#include "method/stats.h"
#include "miscadmin.h"

#include "base/compat.h"

#define CORRELATION_ABOVE 0.9
#define CORRELATION_PAIRS 5		/* fewer say nothing */
#define TIED_ABOVE 0.1
#define IMPORTANCE_WITHIN 2.0	/* a factor */
#define IMPORTANCE_PAIRS 10

/* Units that pass the screen and yet have no score. */
void
ci_check_no_score(CiAudit *audit, const CiOutcome *outcome)
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

void
ci_check_redundant(CiAudit *audit, const CiOutcome *outcome)
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

void
ci_check_importance(CiAudit *audit, const CiOutcome *outcome)
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

void
ci_check_negative(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
		if (ci_audit_component(audit, c)->n_children > 1)
			check_against_parent(audit, outcome, c);
}

/* Units that the screen keeps out of the ranking. */
void
ci_check_screened(CiAudit *audit, const CiOutcome *outcome)
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
void
ci_check_ties(CiAudit *audit, const CiOutcome *outcome)
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
void
ci_check_not_proven(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
		if (ci_audit_component(audit, c)->indicator == NULL && outcome->optima[c] == 0)
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, CI_MISSING,
						 psprintf("order of units by component \"%s\" was found by local search: there may be a better one",
								  ci_audit_component(audit, c)->code));
}

void
ci_check_several_optima(CiAudit *audit, const CiOutcome *outcome)
{
	for (int c = 0; c < audit->ev->methodology->n; c++)
		if (ci_audit_component(audit, c)->indicator == NULL && outcome->optima[c] > 1)
			ci_audit_add(audit, outcome, ci_audit_component(audit, c), NULL, outcome->optima[c],
						 psprintf("component \"%s\" has several best orders of units: scores are mean places in them",
								  ci_audit_component(audit, c)->code));
}
