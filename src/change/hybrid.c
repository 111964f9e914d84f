/*
 * change/hybrid.c
 *	  Scores of hybrids: some things of the edition before, others of the one
 *	  after.
 *
 * In: two editions whose panels are completed.  Out: for a hybrid its methodology,
 * and every unit's score from the cells of each edition.  Parameters are estimated
 * from the panel of the edition that the hybrid says, and applied to both.
 */
#include "postgres.h"

#include "change/change.h"

static void
ignore_problem(void *arg, const CiProblem *problem)
{
}

const CiProblemSink ci_hybrid_sink = {ignore_problem, NULL};

/* What a stage is called when its parameters are numbers. */
static const char *
fitted_name(const CiNormaliseMethod *method)
{
	return method->fitted == NULL ? method->name : method->fitted;
}

bool
ci_same_scale(CiScale a, CiScale b)
{
	return a.kind == b.kind &&
		(a.kind == CI_SCALE_UNKNOWN || (a.low == b.low && a.high == b.high));
}

/* Are two stages the same but for their parameters? */
static bool
stages_agree(const CiNormaliseStage *a, const CiNormaliseStage *b)
{
	if (a->spec.method == NULL || b->spec.method == NULL)
		return false;
	return strcmp(fitted_name(a->spec.method), fitted_name(b->spec.method)) == 0 &&
		a->spec.direction == b->spec.direction &&
		ci_same_scale(ci_normalise_scale(&a->spec), ci_normalise_scale(&b->spec));
}

/* Let a component have the stages of its counterpart, where they differ in parameters only. */
static void
exchange_stages(CiComponent *component, const CiComponent *other)
{
	if (component->indicator != NULL)
	{
		if (!stages_agree(&component->normalise, &other->normalise))
			return;
		component->denominator = other->denominator;
		component->impute = other->impute;
		component->treat = other->treat;
		component->normalise = other->normalise;
	}
	if (stages_agree(&component->rescale, &other->rescale))
		component->rescale = other->rescale;
}

/* The counterpart of a child, if it has the same parent; else -1. */
static int
counterpart_of_edge(const CiChange *change, int structure, int child)
{
	const CiEdition *own = &change->edition[structure];
	const CiEdition *other = &change->edition[1 - structure];
	int			parent = own->methodology->components[child].parent;
	int			k = own->counterpart[child];

	if (k < 0 || own->counterpart[parent] < 0 ||
		own->counterpart[parent] != other->methodology->components[k].parent)
		return -1;
	return k;
}

/* Are weights a[] and b[] in the same proportions, as far as rounding goes? */
static bool
same_proportions(const double *a, const double *b, int n)
{
	double		sum_a = 0;
	double		sum_b = 0;

	for (int i = 0; i < n; i++)
	{
		sum_a += a[i];
		sum_b += b[i];
	}
	for (int i = 0; i < n; i++)
		if (fabs(a[i] / sum_a - b[i] / sum_b) > 1e-12)
			return false;
	return true;
}

/*
 * Among the children of a node that both methodologies have there, share out their
 * weight in the proportions of the other one.  Children that only this one has
 * keep their part of the whole.
 */
static void
exchange_weights(const CiChange *change, int structure, CiMethodology *m, int node)
{
	const CiComponent *other = change->edition[1 - structure].methodology->components;
	const CiComponent *at = &m->components[node];
	double	   *own = palloc(at->n_children * sizeof(double));
	double	   *wanted = palloc(at->n_children * sizeof(double));
	int		   *shared = palloc(at->n_children * sizeof(int));
	double		sum = 0;
	double		sum_wanted = 0;
	int			n = 0;

	for (int k = 0; k < at->n_children; k++)
	{
		int			edge = counterpart_of_edge(change, structure, at->children[k]);

		if (edge < 0)
			continue;
		shared[n] = at->children[k];
		sum += own[n] = m->components[at->children[k]].weight;
		sum_wanted += wanted[n] = other[edge].weight;
		n++;
	}
	if (!(sum > 0 && sum_wanted > 0) || same_proportions(own, wanted, n))
		return;
	for (int k = 0; k < n; k++)
		m->components[shared[k]].weight = sum * (wanted[k] / sum_wanted);
}

CiMethodology *
ci_hybrid_methodology(const CiChange *change, const CiHybrid *hybrid)
{
	const CiEdition *own = &change->edition[hybrid->structure];
	const CiMethodology *other = change->edition[1 - hybrid->structure].methodology;
	CiMethodology *m = palloc(sizeof(CiMethodology));

	*m = *own->methodology;
	m->components = palloc(m->n * sizeof(CiComponent));
	memcpy(m->components, own->methodology->components, m->n * sizeof(CiComponent));
	if (hybrid->goalposts != hybrid->structure)
		for (int c = 0; c < m->n; c++)
			if (own->counterpart[c] >= 0)
				exchange_stages(&m->components[c], &other->components[own->counterpart[c]]);
	if (hybrid->weights != hybrid->structure)
		for (int c = 0; c < m->n; c++)
			exchange_weights(change, hybrid->structure, m, c);
	return m;
}

/*
 * Estimate a hybrid's parameters.  What only one methodology has keeps those of its
 * own edition, where the other one may have no data.
 */
static CiEvaluation *
fit_hybrid(const CiChange *change, const CiHybrid *hybrid, const CiMethodology *m)
{
	const CiEdition *tree = &change->edition[hybrid->structure];
	const CiEdition *data = &change->edition[hybrid->parameters];
	CiHeldFit  *fits = palloc0(m->n * sizeof(CiHeldFit));
	CiHeld		held = {data->ev, fits};

	for (int c = 0; c < m->n; c++)
		if (hybrid->structure != hybrid->parameters && tree->counterpart[c] < 0)
			fits[c] = (CiHeldFit) {tree->ev, c, tree->period};
	return ci_evaluate_held(data->completed, m, (int) data->period, &ci_hybrid_sink, &held);
}

/* Apply those parameters to the other edition's cells. */
static CiEvaluation *
apply_hybrid(const CiChange *change, const CiHybrid *hybrid, const CiMethodology *m,
			 const CiEvaluation *fit)
{
	const CiEdition *from = &change->edition[hybrid->parameters];
	const CiEdition *to = &change->edition[1 - hybrid->parameters];
	CiHeldFit  *fits = palloc(m->n * sizeof(CiHeldFit));
	CiHeld		held = {to->ev, fits};

	for (int c = 0; c < m->n; c++)
		fits[c] = (CiHeldFit) {fit, c, from->period};
	return ci_evaluate_held(to->completed, m, (int) to->period, &ci_hybrid_sink, &held);
}

/* The scores of an edition's units, by its rows. */
static const double *
score_rows(const CiChange *change, int side, const CiEvaluation *ev)
{
	return ci_evaluate_period(ev, change->edition[side].period, CI_KEEP_ROOT)->
		score[ev->methodology->root];
}

/* Data that are the same are scored where the parameters come from. */
void
ci_hybrid_scores(const CiChange *change, const CiHybrid *hybrid, const CiMethodology *methodology,
				 double *const *score)
{
	int			from = hybrid->parameters;
	CiEvaluation *fit = fit_hybrid(change, hybrid, methodology);
	const double *by_row[2];

	by_row[from] = score_rows(change, from, fit);
	by_row[1 - from] = change->same_data ? by_row[from] :
		score_rows(change, 1 - from, apply_hybrid(change, hybrid, methodology, fit));
	for (uint32 i = 0; i < change->n; i++)
	{
		const int64 *row = change->units[i].row;

		score[0][i] = row[0] >= 0 ? by_row[0][row[0]] : by_row[1][row[1]];
		score[1][i] = row[1] >= 0 ? by_row[1][row[1]] : score[0][i];
	}
}
