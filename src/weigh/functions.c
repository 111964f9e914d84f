/*
 * weigh/functions.c
 *	  ci.weigh: a methodology with other weights.
 *
 * In: a panel, a methodology, a method, perhaps a node and periods; or weights
 * by code.  Out: the same document with other numbers as weights.  Nodes are
 * taken from the leaves to the root, level by level, so that the scores that a
 * node's weights are found from are those that the weights below it give.
 */
#include "postgres.h"

#include <math.h>

#include "base/report.h"
#include "base/rows.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "weigh/weigh.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_weigh);
PG_FUNCTION_INFO_V1(ci_weigh_given);

static const CiWeighMethod *
method_arg(FunctionCallInfo fcinfo, int argno)
{
	const char *name = text_to_cstring(PG_GETARG_TEXT_PP(argno));
	const CiWeighMethod *method = ci_names_find(CI_NAMES(ci_weigh_methods), name);

	if (method == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown weighting method \"%s\"", name),
				 errdetail("It is one of: %s.", ci_names_list(CI_NAMES(ci_weigh_methods))),
				 ci_hint_nearest(ci_nearest(name, CI_NAMES(ci_weigh_methods)))));
	return method;
}

/* Can the method be used for this node at all? */
static void
check_method(const CiWeighMethod *method, const CiMethodology *m, const CiComponent *node)
{
	if ((method->flags & CI_WEIGH_EIGEN) && node->n_children > CI_PCA_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("component \"%s\" has too many children for method \"%s\"",
						node->code, method->name),
				 errdetail("It has %d; at most %d are possible.", node->n_children, CI_PCA_MAX)));
	for (int k = 0; k < node->n_children && (method->flags & CI_WEIGH_SCALED); k++)
	{
		const CiComponent *child = &m->components[node->children[k]];

		if (node->n_children > 1 && child->scale.kind == CI_SCALE_UNKNOWN)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("component \"%s\" is on no known scale, which method \"%s\" needs",
							child->code, method->name),
					 errdetail("Its standard deviation would depend on units of measurement."),
					 errhint("Normalise it, or use method \"critic\".")));
	}
}

/* Weigh the children of a node in place. */
static void
weigh_node(const CiEvaluation *ev, int c, const CiWeighMethod *method, const CiPeriods *periods,
		   CiComponent *components)
{
	const CiComponent *node = &components[c];
	CiSample   *sample = ci_sample_make(ev, c, periods, (method->flags & CI_WEIGH_NATURAL) != 0);
	CiWeighing	w = ci_sample_weighing(sample);
	CiStatus	status = ci_weigh_by(method, &w);

	if (status == CI_CONSTANT && ev->methodology->on_constant != CI_POLICY_ERROR)
		status = ci_weigh_by(ci_names_find(CI_NAMES(ci_weigh_methods), "equal"), &w);
	if (status != CI_OK)
		ci_sample_fail(sample, &w, status, psprintf("method \"%s\"", method->name));
	for (int k = 0; k < node->n_children; k++)
		components[node->children[k]].weight = w.weight[k];
}

/* Weigh those of the nodes that have this depth. */
static void
weigh_level(const CiPanel *panel, const CiMethodology *m, const bool *nodes, int depth,
			const CiWeighMethod *method, const CiPeriods *periods)
{
	CiEvaluation *ev = NULL;

	for (int c = 0; c < m->n; c++)
	{
		if (!nodes[c] || m->components[c].depth != depth)
			continue;
		CHECK_FOR_INTERRUPTS();
		check_method(method, m, &m->components[c]);
		if (ev == NULL)
			ev = ci_evaluate_begin(panel, m, periods->only, NULL);
		weigh_node(ev, c, method, periods, m->components);
	}
}

/* The document in which the children of these nodes have the weights found. */
static CiMethodologyDatum *
make_weighed(const CiMethodology *m, const bool *nodes)
{
	double	   *weight = palloc(m->n * sizeof(double));

	for (int c = 0; c < m->n; c++)
		weight[c] = m->components[c].parent >= 0 && nodes[m->components[c].parent] ?
			m->components[c].weight : CI_MISSING;
	return ci_methodology_make(ci_methodology_with_weights(m, weight));
}

Datum
ci_weigh(PG_FUNCTION_ARGS)
{
	CiPanel    *panel;
	CiMethodology m;
	const CiWeighMethod *method;
	CiPeriods	periods;
	bool	   *nodes;
	int			deepest = 0;
	MemoryContext context;
	MemoryContext caller;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	panel = ci_panel_arg(fcinfo, 0);
	m = *ci_methodology_arg(fcinfo, 1);
	method = method_arg(fcinfo, 2);
	nodes = ci_nodes_arg(fcinfo, 3, &m);
	periods = ci_periods_arg(fcinfo, 4, panel);
	m.components = palloc(m.n * sizeof(CiComponent));	/* the original is
														 * shared */
	for (int c = 0; c < m.n; c++)
	{
		m.components[c] = ci_methodology_arg(fcinfo, 1)->components[c];
		deepest = Max(deepest, m.components[c].depth);
	}
	context = AllocSetContextCreate(CurrentMemoryContext, "ci.weigh level", ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(context);
	for (int depth = deepest; depth >= 0; depth--)
	{
		weigh_level(panel, &m, nodes, depth, method, &periods);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	PG_RETURN_POINTER(make_weighed(&m, nodes));
}

/*
 * Weights by code.  They are relative, as in the document; what is wrong with
 * a number comes up when the result is resolved.
 */
Datum
ci_weigh_given(PG_FUNCTION_ARGS)
{
	const CiMethodology *m = ci_methodology_arg(fcinfo, 0);
	double	   *weight = palloc(m->n * sizeof(double));
	int			n_codes;
	int			n_weights;
	text	  **codes = ci_text_array_arg(fcinfo, 1, "components", &n_codes);
	double	   *weights = ci_float_array_arg(fcinfo, 2, "weights", &n_weights);

	if (n_codes != n_weights)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d components and %d weights are given", n_codes, n_weights)));
	for (int c = 0; c < m->n; c++)
		weight[c] = CI_MISSING;
	for (int i = 0; i < n_codes; i++)
	{
		const char *code = text_to_cstring(codes[i]);
		int			c = ci_methodology_find_named(m, code);

		if (!isfinite(weights[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("weight of component \"%s\" is not finite", code)));
		if (!ci_is_missing(weight[c]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("component \"%s\" is given two weights", code)));
		weight[c] = weights[i];
	}
	PG_RETURN_POINTER(ci_methodology_make(ci_methodology_with_weights(m, weight)));
}
