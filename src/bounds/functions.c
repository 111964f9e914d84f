/*
 * bounds/functions.c
 *	  ci.rank_bounds, ci.rank_bound_weights, ci.necessary_order: what holds for
 *	  all admissible weights.
 *
 * In: a panel, a methodology, by how much weights may vary, perhaps a period.
 * Out: a row for each unit with a rank; for each component of its best and worst
 * weights found; for each pair of units whose order never changes.  Each period
 * is computed in a context that is reset after it; interrupts are checked pair
 * by pair.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "base/interrupts.h"
#include "base/rows.h"
#include "bounds/bounds.h"
#include "miscadmin.h"
#include "solver/clp.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_rank_bounds);
PG_FUNCTION_INFO_V1(ci_rank_bound_weights);
PG_FUNCTION_INFO_V1(ci_necessary_order);

static double
share_arg(FunctionCallInfo fcinfo, int argno)
{
	double		share = PG_GETARG_FLOAT8(argno);

	if (!(share >= 0 && share < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("share must be at least 0 and less than 1"),
				 errdetail("It is %g; weights stay positive.", share)));
	return share;
}

/* Give one component an interval of its own. */
static void
bound_weight(const CiMethodology *m, const char *code, double lowest, double highest, bool *given,
			 CiWeightBounds *admissible)
{
	int			c = ci_methodology_find_named(m, code);
	double		weight = m->components[c].weight;

	if (c == m->root)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("component \"%s\" is the root, which has no weight", code)));
	if (given[c])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("component \"%s\" is given two intervals of weights", code)));
	if (!(lowest > 0 && lowest <= weight && weight <= highest && isfinite(highest)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("weights of component \"%s\" are not above 0 and around its own", code),
				 errdetail("The interval is %g to %g, the methodology has %g.", lowest, highest, weight)));
	given[c] = true;
	admissible->low[c] = lowest;
	admissible->high[c] = highest;
}

/* Components and their intervals: three arrays from argno on, or none of them. */
static void
bound_weights(FunctionCallInfo fcinfo, int argno, const CiMethodology *m,
			  CiWeightBounds *admissible)
{
	bool	   *given = palloc0(m->n * sizeof(bool));
	int			n_codes;
	int			n_lowest;
	int			n_highest;
	text	  **codes;
	double	   *lowest;
	double	   *highest;

	if (PG_ARGISNULL(argno) && PG_ARGISNULL(argno + 1) && PG_ARGISNULL(argno + 2))
		return;
	if (PG_ARGISNULL(argno) || PG_ARGISNULL(argno + 1) || PG_ARGISNULL(argno + 2))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("components, lowest and highest must be given together")));
	codes = ci_text_array_arg(fcinfo, argno, "components", &n_codes);
	lowest = ci_float_array_arg(fcinfo, argno + 1, "lowest", &n_lowest);
	highest = ci_float_array_arg(fcinfo, argno + 2, "highest", &n_highest);
	if (n_codes != n_lowest || n_codes != n_highest)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%d components, %d lowest and %d highest weights are given",
						n_codes, n_lowest, n_highest)));
	for (int i = 0; i < n_codes; i++)
		bound_weight(m, text_to_cstring(codes[i]), lowest[i], highest[i], given, admissible);
}

/* What all three functions are given; their arguments differ only in where they stand. */
typedef struct Question
{
	CiPanel    *panel;
	const CiMethodology *methodology;
	CiWeightBounds admissible;
	int			only;			/* number of the period, -1 for all */
	int			unit;			/* number of the unit, -1 for all */
	bool		weights;		/* asked for, not bounds */
	ReturnSetInfo *rows;
} Question;

/* False if an argument is NULL for which there are no rows. */
static bool
question_args(FunctionCallInfo fcinfo, int share, Question *question)
{
	const CiMethodology *m;
	double		f;

	question->rows = ci_rows_start(fcinfo);
	question->unit = -1;
	question->weights = false;
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(share))
		return false;
	question->panel = ci_panel_arg(fcinfo, 0);
	question->methodology = m = ci_methodology_arg(fcinfo, 1);
	question->only = PG_ARGISNULL(share + 1) ? -1 :
		ci_panel_period_named(question->panel, PG_GETARG_INT32(share + 1));
	f = share_arg(fcinfo, share);
	question->admissible.low = palloc(m->n * sizeof(double));
	question->admissible.high = palloc(m->n * sizeof(double));
	for (int c = 0; c < m->n; c++)
	{
		double		weight = m->components[c].weight;

		question->admissible.low[c] = weight == 0 ? 0 : fmin(weight, fmax(weight * (1 - f), DBL_MIN));
		question->admissible.high[c] = weight == 0 ? 0 : fmin(weight * (1 + f), DBL_MAX);
	}
	bound_weights(fcinfo, share + 2, m, &question->admissible);
	return true;
}

/* Both searches for a unit. */
typedef struct Extremes
{
	int32		best;			/* that no weights exceed */
	int32		worst;
	uint32	   *rival;
	CiBoundsSearch up;
	CiBoundsSearch down;
	int32		best_found;		/* at up.weight */
	int32		worst_found;
} Extremes;

static Extremes *
new_extremes(const CiStanding *standing)
{
	const CiBounds *bounds = &standing->bounds;
	Extremes   *extremes = palloc0(sizeof(Extremes));

	extremes->rival = palloc(Max(bounds->n, 1) * sizeof(uint32));
	extremes->up.up = true;
	extremes->up.rival = extremes->down.rival = extremes->rival;
	extremes->up.program = extremes->down.program = ci_program_make_optional();
	extremes->up.check = extremes->down.check = ci_check_for_interrupts;
	extremes->up.weight = palloc(bounds->tree->n * sizeof(double));
	extremes->down.weight = palloc(bounds->tree->n * sizeof(double));
	extremes->up.scratch = extremes->down.scratch =
		palloc_extended(Max(ci_bounds_search_room(bounds), 1) * sizeof(double), MCXT_ALLOC_HUGE);
	return extremes;
}

static int32
search(const CiStanding *standing, size_t unit, size_t n_rivals, int32 goal, CiBoundsSearch *s)
{
	const CiBounds *bounds = &standing->bounds;
	bool		all = ci_bounds_counts_groups(bounds->ties);

	s->unit = unit;
	s->goal = goal;
	s->n_rivals = n_rivals;
	s->ahead = all ? 0 : standing->tally[unit].ahead;
	s->level = all ? 0 : standing->tally[unit].level;
	return ci_bounds_search(bounds, s);
}

static void
find_extremes(const CiStanding *standing, size_t unit, Extremes *extremes)
{
	const CiBounds *bounds = &standing->bounds;
	size_t		n = ci_standing_rivals(standing, unit, extremes->rival);

	extremes->best = ci_bounds_best(bounds, &standing->tally[unit]);
	extremes->worst = ci_bounds_worst(bounds, &standing->tally[unit]);
	if (bounds->tree->n_nodes == 0) /* no weight varies */
		extremes->best = extremes->worst = bounds->rank[unit];
	extremes->best_found = search(standing, unit, n, extremes->best, &extremes->up);
	extremes->worst_found = search(standing, unit, n, extremes->worst, &extremes->down);
}

static const text *
unit_name(const Question *question, const CiStanding *standing, size_t unit)
{
	const CiPanelPeriod *at = &question->panel->periods[standing->outcome->period];

	return question->panel->units[at->unit[standing->row[unit]]];
}

static CiValue
period_value(const Question *question, const CiStanding *standing)
{
	return ci_int(question->panel->periods[standing->outcome->period].period);
}

static void
put_unit_bounds(const Question *question, const CiStanding *standing, size_t unit,
				const Extremes *extremes)
{
	CiValue		values[] = {
		period_value(question, standing),
		ci_text(unit_name(question, standing, unit)),
		ci_int(standing->bounds.rank[unit]),
		ci_int(extremes->best),
		ci_int(extremes->worst),
		ci_int(extremes->best_found),
		ci_int(extremes->worst_found),
		ci_bool(extremes->best == extremes->best_found && extremes->worst == extremes->worst_found)
	};

	ci_rows_put(question->rows, values, lengthof(values));
}

/* The weights of all components but the root: those of the tree as they were found. */
static void
put_weights(const Question *question, const CiStanding *standing, size_t unit, const char *bound,
			int32 rank, const double *found)
{
	const CiMethodology *m = question->methodology;
	double	   *weight = palloc(m->n * sizeof(double));

	for (int c = 0; c < m->n; c++)
		weight[c] = m->components[c].weight;
	for (int i = 0; i < standing->bounds.tree->n; i++)
		weight[standing->component[i]] = found[i] / standing->scale[i];
	for (int k = 0; k < m->n; k++)
	{
		CiValue		values[] = {
			period_value(question, standing),
			ci_text(unit_name(question, standing, unit)),
			ci_cstring(bound),
			ci_int(rank),
			ci_cstring(m->components[m->display[k]].code),
			ci_float(weight[m->display[k]])
		};

		if (m->display[k] != m->root)
			ci_rows_put(question->rows, values, lengthof(values));
	}
	pfree(weight);
}

/* Put the bounds of all units, or the weights of those asked for. */
static void
put_extremes(const Question *question, CiStanding *standing)
{
	const CiPanelPeriod *at = &question->panel->periods[standing->outcome->period];
	Extremes   *extremes;

	ci_standing_compare(standing);
	extremes = new_extremes(standing);
	for (size_t k = 0; k < standing->bounds.n; k++)
	{
		uint32		unit = standing->by_rank[k];

		if (question->unit >= 0 && at->unit[standing->row[unit]] != (uint32) question->unit)
			continue;
		find_extremes(standing, unit, extremes);
		if (!question->weights)
		{
			put_unit_bounds(question, standing, unit, extremes);
			continue;
		}
		put_weights(question, standing, unit, "best", extremes->best_found, extremes->up.weight);
		put_weights(question, standing, unit, "worst", extremes->worst_found, extremes->down.weight);
	}
}

/*
 * The leaves that count, with the sign that makes more of them better; returns
 * how many.
 */
typedef struct Direction
{
	const double *score;
	double		sign;
} Direction;

static int
find_directions(const CiStanding *standing, Direction *directions)
{
	const CiMethodology *m = standing->ev->methodology;
	double	   *sign = palloc0(m->n * sizeof(double));
	int			n = 0;

	sign[m->root] = ci_component_is_less(&m->components[m->root]) ? -1 : 1;
	for (int c = m->root; c >= 0; c--)
	{
		const CiComponent *at = &m->components[c];

		for (int k = 0; k < at->n_children; k++)
		{
			const CiComponent *child = &m->components[at->children[k]];

			sign[at->children[k]] = child->weight == 0 ? 0 :
				ci_component_is_less(child) ? -sign[c] : sign[c];
		}
		if (at->n_children == 0 && sign[c] != 0)
			directions[n++] = (Direction) {standing->outcome->score[c], sign[c]};
	}
	return n;
}

/* Is a unit at least as good in every leaf, and better in one? */
static bool
dominates(const Direction *directions, int n, uint32 a, uint32 b)
{
	bool		better = false;

	for (int k = 0; k < n; k++)
	{
		double		x = directions[k].score[a];
		double		y = directions[k].score[b];

		if (ci_is_missing(x) && ci_is_missing(y))
			continue;
		if (!(directions[k].sign * (x - y) >= 0))
			return false;
		better |= x != y;
	}
	return better;
}

static void
put_pair(const Question *question, const CiStanding *standing, size_t a, size_t b, double least_lead,
		 bool dominated)
{
	int			root = standing->bounds.tree->n - 1;
	CiValue		values[] = {
		period_value(question, standing),
		ci_text(unit_name(question, standing, a)),
		ci_text(unit_name(question, standing, b)),
		ci_float(standing->bounds.unit[a].score[root] - standing->bounds.unit[b].score[root]),
		ci_float(least_lead),
		ci_bool(dominated)
	};

	ci_rows_put(question->rows, values, lengthof(values));
}

static void
put_order(const Question *question, CiStanding *standing)
{
	const CiBounds *bounds = &standing->bounds;
	Direction  *directions = palloc(question->methodology->n * sizeof(Direction));
	int			n = find_directions(standing, directions);

	for (size_t a = 0; a < bounds->n; a++)
		for (size_t b = a + 1; b < bounds->n; b++)
		{
			CiBoundsOrder order = ci_bounds_order(bounds, a, b, standing->room);

			CHECK_FOR_INTERRUPTS();
			if (order == CI_BOUNDS_NOT_BEHIND || order == CI_BOUNDS_AHEAD)
				put_pair(question, standing, a, b,
						 ci_bounds_least_lead(bounds->tree, &bounds->unit[a], &bounds->unit[b],
											  standing->room),
						 dominates(directions, n, standing->row[a], standing->row[b]));
		}
}

/* Go through the periods asked for. */
static Datum
answer(const Question *question, void (*put) (const Question *, CiStanding *))
{
	CiEvaluation *ev = ci_evaluate_begin(question->panel, question->methodology, question->only, NULL);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.rank_bounds period",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	for (uint32 p = 0; p < question->panel->n_periods; p++)
	{
		if (question->only >= 0 && p != (uint32) question->only)
			continue;
		put(question, ci_standing_make(ev, p, &question->admissible));
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return (Datum) 0;
}

Datum
ci_rank_bounds(PG_FUNCTION_ARGS)
{
	Question	question;

	if (!question_args(fcinfo, 2, &question))
		return (Datum) 0;
	return answer(&question, put_extremes);
}

Datum
ci_rank_bound_weights(PG_FUNCTION_ARGS)
{
	Question	question;

	if (!question_args(fcinfo, 3, &question))
		return (Datum) 0;
	question.weights = true;
	if (!PG_ARGISNULL(2))
		question.unit = ci_panel_unit_arg(fcinfo, 2, question.panel);
	return answer(&question, put_extremes);
}

Datum
ci_necessary_order(PG_FUNCTION_ARGS)
{
	Question	question;

	if (!question_args(fcinfo, 2, &question))
		return (Datum) 0;
	return answer(&question, put_order);
}
