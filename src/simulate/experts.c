/*
 * simulate/experts.c
 *	  Weights between which experts differ: read, checked, and chosen for a draw.
 *
 * A draw takes the weights of one expert, or of each component one between the
 * lowest and the highest share that experts give it among its siblings.  What is
 * made belongs to the current memory context.  Interrupts are checked at each
 * expert.
 */
#include "postgres.h"

#include "base/read.h"
#include "method/aggregate.h"
#include "miscadmin.h"
#include "simulate/weights.h"

/* Name the components by those of the first expert. */
static void
read_codes(const CiJson *first, CiExperts *experts)
{
	experts->code = palloc(Max(first->n, 1) * sizeof(char *));
	for (const CiJson *member = first->first; member != NULL; member = member->next)
		experts->code[experts->n_codes++] = member->key;
}

pg_noreturn static void
fail_names(const CiPlace *place, const char *what, const char *code)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s %s \"%s\"", ci_place_name(place), what, code),
			 errhint("All experts name the same components; a weight may be 0.")));
}

/* A code that is not among those of the first expert. */
static const char *
strange_code(const CiJson *row, const CiJson *first)
{
	const CiJson *member = row->first;

	while (ci_json_get(first, member->key) != NULL)
		member = member->next;
	return member->key;
}

static void
read_expert(const CiJson *row, const CiJson *first, const CiPlace *place, CiExperts *experts)
{
	double	   *weight = experts->weight + (Size) experts->n++ * experts->n_codes;
	CiPlace		here = {.of = place, .name = psprintf("expert %d", experts->n)};
	const CiJson *next = row->first;

	CHECK_FOR_INTERRUPTS();
	if (row->kind != CI_JSON_OBJECT)
		ci_fail_kind(&here, "an object", row);
	for (int k = 0; k < experts->n_codes; k++)
	{
		const char *code = experts->code[k];
		const CiJson *member = next != NULL && strcmp(next->key, code) == 0 ? next :
			ci_json_get(row, code);
		CiPlace		component = {.of = &here, .name = code};

		if (member == NULL)
			fail_names(&here, "gives no weight to", code);
		weight[k] = ci_read_number(member, &component, 0, INFINITY);
		next = member->next;
	}
	if (row->n > experts->n_codes)
		fail_names(&here, "alone gives a weight to", strange_code(row, first));
}

static void
read_weights(const CiJson *value, const CiPlace *place, void *target)
{
	CiExperts  *experts = target;

	if (value->kind != CI_JSON_ARRAY)
		ci_fail_kind(place, "an array of objects", value);
	if (value->n > 0 && value->first->kind != CI_JSON_OBJECT)
		ci_fail_kind(place, "an array of objects", value->first);
	if (value->n == 0 || value->first->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be empty", ci_place_name(place)),
				 errhint("Give an object for each expert, whose keys are codes of components.")));
	read_codes(value->first, experts);
	experts->weight = palloc_extended((Size) value->n * experts->n_codes * sizeof(double),
									  MCXT_ALLOC_HUGE);
	for (const CiJson *row = value->first; row != NULL; row = row->next)
		read_expert(row, value->first, place, experts);
}

static void
read_draw(const CiJson *value, const CiPlace *place, void *target)
{
	static const CiChoice choices[] = {{"one", false}, {"range", true}, {0}};

	((CiExperts *) target)->ranges = ci_read_choice(value, place, choices);
}

void
ci_experts_read(const CiJson *value, const CiPlace *place, CiExperts *experts)
{
	static const CiKey keys[] = {
		{"method", ci_read_nothing},
		{"weights", read_weights},
		{"draw", read_draw},
		{.name = NULL}
	};

	ci_read_object(value, place, keys, experts);
}

/* Whoever names a component names its siblings. */
static void
check_siblings(const CiWeights *weights, int component, const bool *is_named)
{
	const CiMethodology *m = weights->methodology;
	const CiComponent *parent;

	if (component == m->root)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("experts give a weight to component \"%s\", which has no siblings",
						m->components[component].code)));
	parent = &m->components[m->components[component].parent];
	for (int k = 0; k < parent->n_children; k++)
		if (!is_named[parent->children[k]] && weights->nominal[parent->children[k]] > 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("experts give a weight to component \"%s\", but not to its sibling \"%s\"",
							m->components[component].code,
							m->components[parent->children[k]].code),
					 errhint("Weights are relative to those of siblings; a weight may be 0.")));
}

/* Find the components; returns which they are. */
static bool *
find_named(CiWeights *weights, const CiExperts *experts)
{
	const CiMethodology *m = weights->methodology;
	bool	   *is_named = palloc0(m->n * sizeof(bool));

	weights->named = palloc(experts->n_codes * sizeof(int));
	for (int k = 0; k < experts->n_codes; k++)
	{
		weights->named[k] = ci_methodology_find_named(m, experts->code[k]);
		is_named[weights->named[k]] = true;
	}
	for (int k = 0; k < experts->n_codes; k++)
		check_siblings(weights, weights->named[k], is_named);
	return is_named;
}

/* Intervals that hold a methodology's own weights, and none of those that experts name. */
static void
start_intervals(CiWeights *weights, const bool *is_named)
{
	int			n = weights->methodology->n;

	weights->lowest = palloc(n * sizeof(double));
	weights->highest = palloc(n * sizeof(double));
	for (int c = 0; c < n; c++)
	{
		weights->lowest[weights->variable[c]] = is_named[c] ? HUGE_VAL : weights->nominal[c];
		weights->highest[weights->variable[c]] = is_named[c] ? 0 : weights->nominal[c];
	}
}

/* Set the weights that an expert gives; a weight of 0 stays 0. */
static void
follow(CiWeights *weights, const CiExperts *experts, int expert)
{
	const double *weight = experts->weight + (Size) expert * experts->n_codes;

	for (int k = 0; k < experts->n_codes; k++)
		if (weights->nominal[weights->named[k]] > 0)
			weights->methodology->components[weights->named[k]].weight = weight[k];
}

/* Do experts give weights to a node's children, other than those whose weight is 0? */
static bool
is_asked(const CiWeights *weights, const CiComponent *node, const bool *is_named)
{
	for (int k = 0; k < node->n_children; k++)
		if (is_named[node->children[k]] && weights->nominal[node->children[k]] > 0)
			return true;
	return false;
}

/* Extend the intervals of a node's children by their present shares. */
static void
extend(CiWeights *weights, const CiComponent *node, int expert)
{
	const CiMethodology *m = weights->methodology;
	double		sum = 0;
	double		factor;

	for (int k = 0; k < node->n_children; k++)
		weights->given[k] = m->components[node->children[k]].weight;
	factor = ci_aggregate_weight_factor(weights->given, node->n_children);
	for (int k = 0; k < node->n_children; k++)
		sum += weights->given[k] * factor;
	if (sum == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("expert %d gives no weight to any child of \"%s\"", expert + 1, node->code)));
	for (int k = 0; k < node->n_children; k++)
	{
		uint32		v = weights->variable[node->children[k]];
		double		share = weights->given[k] * factor / sum;

		weights->lowest[v] = Min(weights->lowest[v], share);
		weights->highest[v] = Max(weights->highest[v], share);
	}
}

/*
 * Is anything left, by the present weights, without each component that may be left
 * out?  They are an expert's, or, if that is negative, all experts' highest.
 */
static void
check_omitted(const CiWeights *weights, int expert)
{
	const CiMethodology *m = weights->methodology;

	for (int i = 0; i < weights->n_targets; i++)
		if (ci_weights_target(weights, weights->target[i]) < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("nothing is left without component \"%s\"",
							m->components[weights->target[i]].code),
					 expert < 0 ? errdetail("No expert gives weight to anything else.") :
					 errdetail("Expert %d gives weight to nothing else.", expert + 1)));
}

void
ci_weights_ask(CiWeights *weights, const CiExperts *experts)
{
	const CiMethodology *m = weights->methodology;
	bool	   *is_named = find_named(weights, experts);

	start_intervals(weights, is_named);
	for (int expert = 0; expert < experts->n; expert++)
	{
		CHECK_FOR_INTERRUPTS();
		follow(weights, experts, expert);
		for (int c = 0; c < m->n; c++)
			if (is_asked(weights, &m->components[c], is_named))
				extend(weights, &m->components[c], expert);
		if (!experts->ranges)
			check_omitted(weights, expert);
	}
	if (experts->ranges)
	{
		for (int c = 0; c < m->n; c++)
			m->components[c].weight = weights->highest[weights->variable[c]];
		check_omitted(weights, -1);
	}
	ci_weights_restore(weights);
}

void
ci_weights_choose(CiWeights *weights, const CiExperts *experts, CiStream stream)
{
	CiRandom	random;

	if (experts->ranges)
		return;
	stream.variable = 0;
	random = ci_random(&stream, 0);
	follow(weights, experts, (int) ci_random_pick(ci_random_share(&random, 0), experts->n));
	for (int k = 0; k < experts->n_codes; k++)
	{
		uint32		v = weights->variable[weights->named[k]];

		weights->lowest[v] = weights->highest[v] =
			weights->methodology->components[weights->named[k]].weight;
	}
}
