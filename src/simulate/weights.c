/*
 * simulate/weights.c
 *	  A methodology whose weights change from draw to draw.
 *
 * The copy shares with the methodology all but the components themselves, and is
 * in the current memory context.
 */
#include "postgres.h"

#include "simulate/weights.h"

CiWeights *
ci_weights_make(const CiMethodology *methodology)
{
	CiWeights  *weights = palloc0(sizeof(CiWeights));
	CiMethodology *copy = palloc(sizeof(CiMethodology));
	int			n = methodology->n;

	*copy = *methodology;
	copy->components = palloc(n * sizeof(CiComponent));
	memcpy(copy->components, methodology->components, n * sizeof(CiComponent));
	weights->methodology = copy;
	weights->is_direct = ci_methodology_rescales_by_numbers(copy);
	weights->nominal = palloc(n * sizeof(double));
	weights->variable = palloc(n * sizeof(uint32));
	weights->given = palloc(n * sizeof(double));
	weights->drawn = palloc(n * sizeof(double));
	weights->siblings = palloc(n * sizeof(uint32));
	for (int c = 0; c < n; c++)
		weights->nominal[c] = copy->components[c].weight;
	for (int i = 0; i < n; i++)
		weights->variable[copy->by_code[i]] = (uint32) i;
	return weights;
}

void
ci_weights_restore(CiWeights *weights)
{
	for (int c = 0; c < weights->methodology->n; c++)
		weights->methodology->components[c].weight = weights->nominal[c];
}

int
ci_weights_target(const CiWeights *weights, int component)
{
	const CiMethodology *m = weights->methodology;
	int			target = component;

	while (target != m->root && m->components[target].weight > 0)
	{
		int			parent = m->components[target].parent;
		const CiComponent *node = &m->components[parent];

		for (int k = 0; k < node->n_children; k++)
			if (node->children[k] != target && m->components[node->children[k]].weight > 0)
				return target;
		target = parent;
	}
	return target == m->root ? -1 : target;
}

int
ci_weights_require_target(const CiWeights *weights, int component)
{
	int			target = ci_weights_target(weights, component);

	if (target < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("nothing is left without component \"%s\"",
						weights->methodology->components[component].code)));
	return target;
}

static void
add_target(CiWeights *weights, int component)
{
	weights->target[weights->n_targets++] = ci_weights_require_target(weights, component);
}

void
ci_weights_omit(CiWeights *weights, const CiUncertainty *uncertainty)
{
	const CiMethodology *m = weights->methodology;

	weights->target = palloc((m->n + uncertainty->n_omitted) * sizeof(int));
	if (uncertainty->omits_each)
		for (int i = 0; i < m->n; i++)
			if (m->components[m->by_code[i]].indicator != NULL)
				add_target(weights, m->by_code[i]);
	for (int i = 0; i < uncertainty->n_omitted; i++)
		add_target(weights, ci_methodology_find_named(m, uncertainty->omitted[i]));
}

/* Draw the weights of a node's children. */
static void
draw_children(CiWeights *weights, const CiSpread *spread, CiStream *stream,
			  const CiComponent *node)
{
	for (int k = 0; k < node->n_children; k++)
	{
		weights->given[k] = weights->nominal[node->children[k]];
		weights->siblings[k] = weights->variable[node->children[k]];
	}
	ci_spread_weights(spread, stream, weights->siblings, weights->given, node->n_children,
					  weights->drawn);
	for (int k = 0; k < node->n_children; k++)
		weights->methodology->components[node->children[k]].weight = weights->drawn[k];
}

/* Leave out one of the targets, or none; what experts do not count may leave nothing beside it. */
static void
omit_one(CiWeights *weights, bool by_experts, CiStream stream)
{
	CiRandom	random;
	size_t		pick;
	int			target;

	stream.purpose = CI_RANDOM_OMIT;
	stream.variable = 0;
	random = ci_random(&stream, 0);
	pick = ci_random_pick(ci_random_share(&random, 0), weights->n_targets + 1);
	if (pick == 0)
		return;
	target = weights->target[pick - 1];
	if (by_experts)
		target = ci_weights_target(weights, target);
	weights->methodology->components[target].weight = 0;
}

void
ci_weights_draw(CiWeights *weights, const CiUncertainty *uncertainty, CiStream stream)
{
	CiMethodology *m = weights->methodology;
	CiSpread	spread = uncertainty->spread;
	bool		by_experts = spread.method != NULL && spread.method->by_experts;

	stream.purpose = CI_RANDOM_WEIGHT;
	if (by_experts)
	{
		ci_weights_choose(weights, &uncertainty->experts, stream);
		spread.lowest = weights->lowest;
		spread.highest = weights->highest;
	}
	if (spread.method == NULL)
		ci_weights_restore(weights);
	else
		for (int c = 0; c < m->n; c++)
			if (m->components[c].n_children > 0)
				draw_children(weights, &spread, &stream, &m->components[c]);
	if (weights->n_targets > 0)
		omit_one(weights, by_experts, stream);
}
