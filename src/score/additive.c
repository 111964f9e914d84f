/*
 * score/additive.c
 *	  The score of one unit straight on, where a methodology is a tree of
 *	  weighted means over goalposts.
 *
 * In: a methodology fitted, and the cells of a unit.  Out: the score that
 * evaluation would give, to the bit, without its columns: most of the time that
 * evaluating a single unit takes goes into preparing what serves thousands.
 * Nothing is allocated but when it is made.
 */
#include "postgres.h"

#include "score/score.h"

#include "base/compat.h"

/* A component, children before parents; terms are numbers of components. */
typedef struct AdditiveNode
{
	int			cell;			/* leaf: its place among the cells; else -1 */
	CiGoalposts posts;			/* leaf */
	int			n_terms;
	const int  *term;
	const double *weight;
} AdditiveNode;

struct CiAdditive
{
	int			n;
	AdditiveNode *node;
	double	   *score;			/* by component, of the unit at hand */
};

/*
 * Keys that leave a methodology to be what is computed here, or do so with the
 * value that is checked.  Any other, known or to come, is left to evaluation.
 */
static const char *const plain_keys[] = {
	"name", "version", "components", "rank", "screen", "on_constant", "on_nonpositive",
	"code", "parent", "label", "meta", "weight", "direction", "indicator", "normalise",
	"aggregate", NULL
};

static bool
has_plain_keys(const CiJson *object)
{
	for (const CiJson *member = object->first; member != NULL; member = member->next)
	{
		const char *const *key = plain_keys;

		while (*key != NULL && strcmp(*key, member->key) != 0)
			key++;
		if (*key == NULL)
			return false;
	}
	return true;
}

static bool
make_leaf(const CiEvaluation *ev, int c, AdditiveNode *node)
{
	const CiComponent *leaf = &ev->methodology->components[c];
	const CiFitSet *set = ci_fit_set(ev, ev->normalise, c, 0);

	node->cell = ev->indicator[c];
	return node->cell >= 0 && set->by == NULL &&
		ci_normalise_posts(&leaf->normalise.spec, set->fit, &node->posts);
}

static bool
make_mean(const CiMethodology *m, int c, AdditiveNode *node)
{
	const CiComponent *inner = &m->components[c];
	double	   *weight = palloc(inner->n_children * sizeof(double));
	int		   *term = palloc(inner->n_children * sizeof(int));
	double		factor;

	for (int k = 0; k < inner->n_children; k++)
		weight[k] = m->components[inner->children[k]].weight;
	factor = ci_aggregate_weight_factor(weight, inner->n_children);
	node->cell = -1;
	node->term = term;
	node->weight = weight;
	for (int k = 0; k < inner->n_children; k++)
	{
		const CiComponent *child = &m->components[inner->children[k]];

		if (ci_component_is_less(child) && child->indicator == NULL)
			return false;		/* it enters reflected */
		if (child->weight == 0)
			continue;
		term[node->n_terms] = inner->children[k];
		weight[node->n_terms++] = child->weight * factor;
	}
	return ci_aggregate_is_arithmetic(&inner->aggregate);
}

CiAdditive *
ci_additive_make(const CiEvaluation *ev)
{
	const CiMethodology *m = ev->methodology;
	CiAdditive *additive = palloc0(sizeof(CiAdditive));

	additive->n = m->n;
	additive->node = palloc0(m->n * sizeof(AdditiveNode));
	additive->score = palloc(m->n * sizeof(double));
	if (!has_plain_keys(m->json))
		return NULL;
	for (int c = 0; c < m->n; c++)
	{
		if (!has_plain_keys(m->components[c].json))
			return NULL;
		if (!(m->components[c].indicator != NULL ? make_leaf(ev, c, &additive->node[c]) :
			  make_mean(m, c, &additive->node[c])))
			return NULL;
	}
	return additive;
}

bool
ci_additive_score(const CiAdditive *additive, const double *cells, double *score)
{
	bool		finite = true;

	for (int c = 0; c < additive->n; c++)
	{
		const AdditiveNode *node = &additive->node[c];
		CiMean		mean = {0, 0};

		for (int k = 0; k < node->n_terms; k++)
			ci_mean_add(&mean, additive->score[node->term[k]], node->weight[k]);
		additive->score[c] = node->cell < 0 ? ci_mean(&mean) :
			ci_posts_score(&node->posts, cells[node->cell]);
		finite &= !isinf(additive->score[c]);
	}
	*score = additive->score[additive->n - 1];
	return finite;
}
