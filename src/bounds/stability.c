/*
 * bounds/stability.c
 *	  ci.weight_stability, ci.lead_robustness: how much of the weights an order
 *	  stands.
 *
 * In: a panel, a methodology, perhaps a component, units, a period.  Out: a row
 * for each component and kind of order; for each pair of units.  Both go by the
 * tree of weighted means that bounds go by (bounds/tree.c).  Each period is computed in
 * a context that is reset after it.
 */
#include "postgres.h"

#include "base/rows.h"
#include "bounds/bounds.h"
#include "method/stability.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_weight_stability);
PG_FUNCTION_INFO_V1(ci_lead_robustness);

typedef struct Question
{
	CiPanel    *panel;
	const CiMethodology *methodology;
	CiWeightBounds vary;
	int			component;		/* whose weight, -1 for all */
	int			top;
	int			ahead;			/* number of a unit, -1 for all */
	int			behind;
	ReturnSetInfo *rows;
} Question;

/* Let the weights of a node's children vary; of all nodes if it is -1. */
static CiWeightBounds
vary_children(const CiMethodology *m, int node)
{
	CiWeightBounds vary = {palloc(m->n * sizeof(double)), palloc(m->n * sizeof(double))};

	for (int c = 0; c < m->n; c++)
	{
		bool		varies = node < 0 || m->components[c].parent == node;

		vary.high[c] = m->components[c].weight;
		vary.low[c] = varies ? vary.high[c] / 2 : vary.high[c];
	}
	return vary;
}

static Datum
answer(const Question *question, int only, void (*put) (const Question *, const CiStanding *))
{
	CiEvaluation *ev = ci_evaluate_begin(question->panel, question->methodology, only, NULL);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.weight_stability period",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	for (uint32 p = 0; p < question->panel->n_periods; p++)
	{
		if (only >= 0 && p != (uint32) only)
			continue;
		put(question, ci_standing_make(ev, p, &question->vary));
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return (Datum) 0;
}

static CiValue
period_value(const Question *question, const CiStanding *standing)
{
	return ci_int(question->panel->periods[standing->outcome->period].period);
}

static const text *
unit_name(const Question *question, const CiStanding *standing, size_t unit)
{
	const CiPanelPeriod *at = &question->panel->periods[standing->outcome->period];

	return question->panel->units[at->unit[standing->row[unit]]];
}

/*
 * What a node's score weighs in the root's, for a unit: shares of what is
 * present, all the way up.  0 if the unit has no score there.
 */
static double
share_of_root(const CiBoundsTree *tree, const CiBoundsUnit *unit, int component)
{
	double		share = ci_is_missing(unit->score[component]) ? 0 : 1;

	for (int i = 0; i < tree->n_nodes && share > 0; i++)
	{
		const CiBoundsNode *node = &tree->node[i];
		double		present = 0;
		bool		below = false;

		for (int k = 0; k < node->n; k++)
		{
			present += ci_is_missing(unit->score[node->term[k]]) ? 0 : tree->weight[node->term[k]];
			below |= node->term[k] == component;
		}
		if (!below)
			continue;
		share = ci_is_missing(unit->score[node->component]) ? 0 :
			share * (tree->weight[component] / present);
		component = node->component;
	}
	return share;
}

/* How a unit's score responds to the weight of a node's term; weight is its share. */
static CiResponse
response_of(const CiBoundsTree *tree, const CiBoundsUnit *unit, const CiBoundsNode *node, int term,
			double weight)
{
	double		score = unit->score[tree->n - 1];
	double		sum = 0;
	double		present = 0;
	double		others = 0;

	for (int k = 0; k < node->n; k++)
	{
		int			c = node->term[k];

		if (c == term)
			continue;
		others += tree->weight[c];
		if (ci_is_missing(unit->score[c]))
			continue;
		present += tree->weight[c];
		sum += tree->weight[c] * unit->score[c];
	}
	if (ci_is_missing(unit->score[term]) || present == 0)
		return ci_response_none(score);
	return ci_response(score, share_of_root(tree, unit, node->component), weight,
					   unit->score[term] - sum / present, present / others);
}

/* Keep the units with ranks up to a limit ahead of all others. */
static void
keep_top(const CiStanding *standing, const CiResponse *response, int32 limit, double *down, double *up)
{
	const int32_t *rank = standing->bounds.rank;
	size_t		n = standing->bounds.n;

	for (size_t a = 0; a < n && rank[a] <= limit; a++)
		for (size_t b = n; b-- > 0 && rank[b] > limit;)
		{
			CHECK_FOR_INTERRUPTS();
			ci_stability_narrow(&response[a], &response[b], down, up);
		}
}

/*
 * Keep units with different ranks in their order: if those whose ranks follow each other
 * stay so, all do.
 */
static void
keep_order(const CiStanding *standing, const CiResponse *response, double *down, double *up)
{
	const int32_t *rank = standing->bounds.rank;
	size_t		n = standing->bounds.n;

	for (size_t a = 0; a < n; a++)
	{
		size_t		b = a + 1;
		int32		next;

		while (b < n && rank[b] == rank[a])
			b++;
		next = b < n ? rank[b] : 0;
		for (; b < n && rank[b] == next; b++)
		{
			CHECK_FOR_INTERRUPTS();
			ci_stability_narrow(&response[a], &response[b], down, up);
		}
	}
}

static void
put_interval(const Question *question, const CiStanding *standing, int c, const char *kind,
			 double weight, double down, double up)
{
	const CiComponent *component = &question->methodology->components[c];
	CiValue		values[] = {
		period_value(question, standing),
		ci_cstring(component->code),
		ci_cstring(question->methodology->components[component->parent].code),
		ci_cstring(kind),
		ci_float(weight),
		ci_float(down == -weight ? 0 : weight + down),
		ci_float(up == 1 - weight ? 1 : weight + up)
	};

	ci_rows_put(question->rows, values, lengthof(values));
}

/* The intervals of one term's weight. */
static void
put_intervals(const Question *question, const CiStanding *standing, const CiBoundsNode *node, int term)
{
	static const char *const kinds[] = {"leader", "top", "order"};
	const CiBounds *bounds = &standing->bounds;
	CiResponse *response = palloc(Max(bounds->n, 1) * sizeof(CiResponse));
	double		sum = 0;
	double		weight;

	for (int k = 0; k < node->n; k++)
		sum += bounds->tree->weight[node->term[k]];
	weight = bounds->tree->weight[term] / sum;
	for (size_t i = 0; i < bounds->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		response[i] = response_of(bounds->tree, &bounds->unit[i], node, term, weight);
	}
	for (int kind = 0; kind < lengthof(kinds); kind++)
	{
		double		down = -weight;
		double		up = 1 - weight;

		if (kind < 2)
			keep_top(standing, response, kind == 0 ? bounds->rank[0] : question->top, &down, &up);
		else
			keep_order(standing, response, &down, &up);
		put_interval(question, standing, standing->component[term], kinds[kind], weight, down, up);
	}
	pfree(response);
}

/* By component in order of display: those that have siblings with a weight. */
static void
put_stability(const Question *question, const CiStanding *standing)
{
	const CiMethodology *m = question->methodology;
	const CiBoundsTree *tree = standing->bounds.tree;

	for (int k = 0; k < m->n && standing->bounds.n > 0; k++)
		for (int i = 0; i < tree->n_nodes; i++)
			for (int j = 0; j < tree->node[i].n && tree->node[i].n > 1; j++)
			{
				int			term = tree->node[i].term[j];

				if (standing->component[term] == m->display[k] &&
					(question->component < 0 || question->component == m->display[k]))
					put_intervals(question, standing, &tree->node[i], term);
			}
}

Datum
ci_weight_stability(PG_FUNCTION_ARGS)
{
	Question	question = {.component = -1};
	const CiMethodology *m;

	question.rows = ci_rows_start(fcinfo);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(3))
		return (Datum) 0;
	question.panel = ci_panel_arg(fcinfo, 0);
	question.methodology = m = ci_methodology_arg(fcinfo, 1);
	question.top = PG_GETARG_INT32(3);
	if (question.top < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("top must be at least 1"),
				 errdetail("It is %d.", question.top)));
	if (!PG_ARGISNULL(2))
	{
		question.component = ci_methodology_find_named(m, text_to_cstring(PG_GETARG_TEXT_PP(2)));
		if (question.component == m->root)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("component \"%s\" is the root, which has no weight",
							m->components[m->root].code)));
	}
	question.vary = vary_children(m, question.component < 0 ? -1 : m->components[question.component].parent);
	return answer(&question, PG_ARGISNULL(4) ? -1 :
				  ci_panel_period_named(question.panel, PG_GETARG_INT32(4)), put_stability);
}

/*
 * The least difference of two units in a leaf of the tree, and which leaf; -1 if
 * they do not have the same leaves.
 */
static int
weakest_leaf(const CiBoundsTree *tree, const CiBoundsUnit *a, const CiBoundsUnit *b, double *least)
{
	int			root = tree->n - 1;
	int			weakest = tree->n_nodes == 0 ? root : -1;

	*least = tree->n_nodes == 0 ? a->score[root] - b->score[root] : HUGE_VAL;
	for (int i = 0; i < tree->n_nodes; i++)
		for (int k = 0; k < tree->node[i].n; k++)
		{
			int			c = tree->node[i].term[k];
			double		difference = a->score[c] - b->score[c];
			bool		inner = false;

			if (ci_is_missing(a->score[c]) != ci_is_missing(b->score[c]))
				return -1;
			for (int j = 0; j < i; j++)
				inner |= tree->node[j].component == c;
			if (inner || !(difference < *least))
				continue;
			*least = difference;
			weakest = c;
		}
	return weakest;
}

static void
put_lead(const Question *question, const CiStanding *standing, size_t a, size_t b)
{
	const CiBounds *bounds = &standing->bounds;
	const CiBoundsUnit *x = &bounds->unit[a];
	const CiBoundsUnit *y = &bounds->unit[b];
	int			root = bounds->tree->n - 1;
	double		lead = x->score[root] - y->score[root];
	double		least;
	int			weakest = weakest_leaf(bounds->tree, x, y, &least);
	CiValue		values[] = {
		period_value(question, standing),
		ci_text(unit_name(question, standing, a)),
		ci_text(unit_name(question, standing, b)),
		ci_float(lead),
		weakest < 0 ? ci_null() : ci_float(ci_robustness(lead, least)),
		weakest < 0 ? ci_null() :
		ci_cstring(question->methodology->components[standing->component[weakest]].code),
		weakest < 0 ? ci_null() : ci_float(least)
	};

	CHECK_FOR_INTERRUPTS();
	ci_rows_put(question->rows, values, lengthof(values));
}

static bool
is_unit(const Question *question, const CiStanding *standing, size_t unit, int asked)
{
	const CiPanelPeriod *at = &question->panel->periods[standing->outcome->period];

	return asked < 0 || at->unit[standing->row[unit]] == (uint32) asked;
}

/* Units next to each other; one and all behind it, or ahead of it; or just two. */
static void
put_leads(const Question *question, const CiStanding *standing)
{
	bool		neighbours = question->ahead < 0 && question->behind < 0;
	bool		both = question->ahead >= 0 && question->behind >= 0;
	size_t		n = standing->bounds.n;

	for (size_t i = 0; i < n; i++)
		for (size_t j = both ? 0 : i + 1; j < (neighbours ? Min(i + 2, n) : n); j++)
		{
			size_t		a = standing->by_rank[i];
			size_t		b = standing->by_rank[j];

			if (a != b && is_unit(question, standing, a, question->ahead) &&
				is_unit(question, standing, b, question->behind))
				put_lead(question, standing, a, b);
		}
}

Datum
ci_lead_robustness(PG_FUNCTION_ARGS)
{
	Question	question = {.component = -1};

	question.rows = ci_rows_start(fcinfo);
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	question.panel = ci_panel_arg(fcinfo, 0);
	question.methodology = ci_methodology_arg(fcinfo, 1);
	question.ahead = PG_ARGISNULL(2) ? -1 : ci_panel_unit_arg(fcinfo, 2, question.panel);
	question.behind = PG_ARGISNULL(3) ? -1 : ci_panel_unit_arg(fcinfo, 3, question.panel);
	question.vary = vary_children(question.methodology, -1);
	return answer(&question, PG_ARGISNULL(4) ? -1 :
				  ci_panel_period_named(question.panel, PG_GETARG_INT32(4)), put_leads);
}
