/*
 * result/reach.c
 *	  ci.reach: what a unit would have to reach to come to a rank.
 *
 * In: a panel, a methodology, a unit, a rank, perhaps indicators and a period.
 * Out: a row for each indicator.  The unit is evaluated alone, again and again,
 * with changed cells, by the parameters and against the scores of the whole
 * panel, which stay.  Each period is computed in a context that is reset
 * after it, each trial in one of its own.
 */
#include "postgres.h"

#include <math.h>

#include "base/rows.h"
#include "base/sort.h"
#include "evaluate/evaluate.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_reach);

#define MAX_DOUBLINGS 64		/* of the improvement, from 1/1024 of the
								 * range */
#define MAX_HALVINGS 200

typedef struct Question
{
	CiPanel    *panel;
	const CiMethodology *methodology;
	uint32		unit;
	int32		target;
	int			n;				/* indicators, by number in the panel */
	uint32	   *indicator;
	bool		together;
	ReturnSetInfo *rows;
} Question;

/* A unit alone in its period, and the scores that it is compared with. */
typedef struct Lone
{
	const Question *question;
	const CiPanelPeriod *at;	/* the period itself */
	uint32		row;
	int32		rank;			/* that it has */
	double	   *cells;			/* its own, by indicator, to be changed */
	const double *before;		/* as they are */
	uint32		n_others;
	double	   *other;			/* scores, from the best */
	uint32	   *groups;			/* different ones, rounded, ahead of each */
	CiComputation *computation;
	MemoryContext trial;
	bool		failed;			/* the last trial met a problem */
} Lone;

static void
note_problem(void *arg, const CiProblem *problem)
{
	((Lone *) arg)->failed = true;
}

static bool
is_better(const Lone *lone, double a, double b)
{
	const CiMethodology *m = lone->question->methodology;

	return ci_component_is_less(&m->components[m->root]) ? a < b : a > b;
}

/* The root's score with the cells as they are now; NaN if there is none. */
static double
score_now(Lone *lone)
{
	MemoryContext caller = MemoryContextSwitchTo(lone->trial);
	const CiOutcome *outcome;
	double		score;

	lone->failed = false;
	outcome = ci_compute(lone->computation);
	score = outcome->score[lone->question->methodology->root][0];
	MemoryContextSwitchTo(caller);
	MemoryContextReset(lone->trial);
	return lone->failed ? CI_MISSING : score;
}

/* How many of the others have rounded scores that are better, or (level) not worse. */
static uint32
count_ahead(const Lone *lone, double score, bool level)
{
	int			decimals = lone->question->methodology->decimals;
	uint32		low = 0;
	uint32		high = lone->n_others;

	while (low < high)
	{
		uint32		mid = low + (high - low) / 2;
		double		other = lone->other[mid];
		bool		same = ci_rank_same(other, score, decimals);

		if (same ? level : is_better(lone, other, score))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
has_rank(const Lone *lone, double score)
{
	uint32		ahead;

	if (ci_is_missing(score))
		return false;
	ahead = count_ahead(lone, score, false);
	return lone->question->methodology->ties->rank(ahead, lone->groups[ahead],
												   1 + count_ahead(lone, score, true) - ahead) <= lone->question->target;
}

/* One indicator to be improved. */
typedef struct Way
{
	uint32		indicator;
	double		step;			/* a unit of improvement, with its sign; 0: it
								 * has no effect */
} Way;

static void
move(Lone *lone, const Way *ways, int n, double steps)
{
	for (int i = 0; i < n; i++)
		lone->cells[ways[i].indicator] = lone->before[ways[i].indicator] + steps * ways[i].step;
}

static double
score_moved(Lone *lone, const Way *ways, int n, double steps)
{
	move(lone, ways, n, steps);
	return score_now(lone);
}

/*
 * The least number of steps by which the rank is reached; NaN if there is none.
 * Up to "low" it is not; from "high" on it is, or, as long as found is false, there is
 * no score any more.
 */
static double
least_steps(Lone *lone, const Way *ways, int n)
{
	double		low = 0;
	double		high = 1.0 / 1024;
	bool		found = false;

	for (int i = 0; i < MAX_DOUBLINGS; i++)
	{
		double		score = score_moved(lone, ways, n, high);

		found = has_rank(lone, score);
		if (found || ci_is_missing(score))
			break;
		low = high;
		high *= 2;
	}
	for (int i = 0; i < MAX_HALVINGS; i++)
	{
		double		mid = low + (high - low) / 2;
		double		score;

		if (mid <= low || mid >= high)
			break;
		score = score_moved(lone, ways, n, mid);
		if (has_rank(lone, score))
		{
			high = mid;
			found = true;
		}
		else if (ci_is_missing(score))
			high = mid;
		else
			low = mid;
	}
	return found ? high : CI_MISSING;
}

/* Greatest less least value of an indicator among the units in the ranking, or 1. */
static double
range_of(const Lone *lone, const CiEvaluation *ev, uint32 period, uint32 indicator)
{
	const double *column = ci_panel_column(lone->at, indicator);
	double		least = HUGE_VAL;
	double		greatest = -HUGE_VAL;

	for (uint32 i = 0; i < lone->at->n; i++)
	{
		if (ci_is_missing(column[i]) || ci_screening(ev, period, i) != CI_PASSED)
			continue;
		least = fmin(least, column[i]);
		greatest = fmax(greatest, column[i]);
	}
	return greatest > least && isfinite(greatest - least) ? greatest - least : 1;
}

/* Find out in which direction the unit becomes better. */
static void
find_direction(Lone *lone, double range, Way *way)
{
	double		now = score_now(lone);

	for (double steps = 1.0 / 1024; steps <= 1024; steps *= 1024)
		for (int sign = 1; sign >= -1; sign -= 2)
		{
			double		score;

			way->step = sign * range;
			score = score_moved(lone, way, 1, steps);
			move(lone, way, 1, 0);
			if (is_better(lone, score, now))
				return;
		}
	way->step = 0;
}

/* Take back what an indicator was improved by without effect: beyond a goalpost, say. */
static double
trim(Lone *lone, const Way *way)
{
	double		reached = lone->cells[way->indicator];
	double		score = score_now(lone);
	double		low = lone->before[way->indicator];
	double		high = reached;

	for (int i = 0; i < MAX_HALVINGS; i++)
	{
		double		mid = low + (high - low) / 2;

		if (mid == low || mid == high)
			break;
		lone->cells[way->indicator] = mid;
		if (score_now(lone) == score)
			high = mid;
		else
			low = mid;
	}
	lone->cells[way->indicator] = high;
	return high;
}

static void
put_row(const Lone *lone, uint32 indicator, double needed, const char *reason)
{
	const Question *question = lone->question;
	double		value = lone->before[indicator];
	CiValue		values[] = {
		ci_int(lone->at->period),
		ci_text(question->panel->units[question->unit]),
		ci_int(lone->rank),
		ci_int(question->target),
		ci_text(question->panel->indicators[indicator]),
		ci_float(value),
		ci_float(needed),
		ci_float(needed - value),
		ci_cstring(reason)
	};

	ci_rows_put(question->rows, values, lengthof(values));
}

/* Why an indicator does not bring the unit to the rank. */
static const char *
reason_of(const Lone *lone, const Way *way)
{
	return ci_is_missing(lone->before[way->indicator]) ? "missing" :
		way->step == 0 ? "no effect" : "out of reach";
}

/* Improve one indicator, the others as they are. */
static void
put_alone(Lone *lone, const CiEvaluation *ev, uint32 period, uint32 indicator)
{
	Way			way = {.indicator = indicator};
	double		steps = CI_MISSING;

	if (!ci_is_missing(lone->before[indicator]))
		find_direction(lone, range_of(lone, ev, period, indicator), &way);
	if (way.step != 0)
		steps = least_steps(lone, &way, 1);
	move(lone, &way, 1, 0);
	put_row(lone, indicator, lone->before[indicator] + steps * way.step,
			ci_is_missing(steps) ? reason_of(lone, &way) : NULL);
}

/* Improve all that can be, by the same share of each one's range. */
static void
put_together(Lone *lone, const CiEvaluation *ev, uint32 period)
{
	const Question *question = lone->question;
	Way		   *ways = palloc0(Max(question->n, 1) * sizeof(Way));
	bool		any = false;
	double		steps;

	for (int i = 0; i < question->n; i++)
	{
		Way		   *way = &ways[i];

		way->indicator = question->indicator[i];
		if (!ci_is_missing(lone->before[way->indicator]))
			find_direction(lone, range_of(lone, ev, period, way->indicator), way);
		any |= way->step != 0;
	}
	steps = any ? least_steps(lone, ways, question->n) : CI_MISSING;
	move(lone, ways, question->n, ci_is_missing(steps) ? 0 : steps);
	for (int i = 0; i < question->n; i++)
	{
		bool		moved = ways[i].step != 0 && !ci_is_missing(steps);

		put_row(lone, ways[i].indicator, moved ? trim(lone, &ways[i]) : CI_MISSING,
				moved ? NULL : reason_of(lone, &ways[i]));
	}
	move(lone, ways, question->n, 0);
}

/* The scores of the other units in the ranking. */
static void
take_others(Lone *lone, const CiEvaluation *ev, const CiOutcome *outcome, const uint32 *order,
			uint32 n)
{
	const CiMethodology *m = ev->methodology;
	const double *score = outcome->score[m->root];
	uint32	   *sorted = palloc(Max(n, 1) * sizeof(uint32));

	memcpy(sorted, order, n * sizeof(uint32));
	ci_sort_order(sorted, n, score, !ci_component_is_less(&m->components[m->root]));
	lone->other = palloc(Max(n, 1) * sizeof(double));
	lone->groups = palloc0((n + 1) * sizeof(uint32));
	for (uint32 i = 0; i < n; i++)
		if (sorted[i] != lone->row)
			lone->other[lone->n_others++] = score[sorted[i]];
	for (uint32 i = 0; i < lone->n_others; i++)
		lone->groups[i + 1] = lone->groups[i] +
			(i + 1 == lone->n_others ||
			 !ci_rank_same(lone->other[i], lone->other[i + 1], m->decimals));
}

/* What was imputed for the unit from other periods, as row 0. */
static CiFilled **
lone_filled(const Lone *lone, const CiEvaluation *ev, uint32 period)
{
	CiFilled  **filled = palloc0(ev->methodology->n * sizeof(CiFilled *));

	for (int c = 0; c < ev->methodology->n; c++)
	{
		const CiFilled *from;

		if (ev->filled[c] == NULL)
			continue;
		from = &ev->filled[c][period];
		filled[c] = palloc0(ev->panel->n_periods * sizeof(CiFilled));
		for (uint32 i = 0; i < from->n; i++)
			if (from->row[i] == lone->row)
			{
				CiFilled   *to = &filled[c][period];

				to->n = to->room = 1;
				to->row = palloc0(sizeof(uint32));
				to->value = &from->value[i];
				to->from = &from->from[i];
			}
	}
	return filled;
}

/* An evaluation in which the unit is alone in its period. */
static CiEvaluation *
lone_evaluation(Lone *lone, const CiEvaluation *ev, uint32 period, const CiProblemSink *sink)
{
	CiEvaluation *alone = palloc(sizeof(CiEvaluation));
	CiPanel    *panel = palloc(sizeof(CiPanel));
	CiPanelPeriod *periods = palloc(ev->panel->n_periods * sizeof(CiPanelPeriod));
	uint32		n = ev->panel->n_indicators;
	double	   *before = palloc(Max(n, 1) * sizeof(double));

	lone->cells = palloc(Max(n, 1) * sizeof(double));
	lone->before = before;
	for (uint32 j = 0; j < n; j++)
		before[j] = lone->cells[j] = ci_panel_column(lone->at, j)[lone->row];
	memcpy(periods, ev->panel->periods, ev->panel->n_periods * sizeof(CiPanelPeriod));
	periods[period].n = 1;
	periods[period].unit = &lone->question->unit;
	ci_panel_set_cells(&periods[period], lone->cells);
	*panel = *ev->panel;
	panel->periods = periods;
	*alone = *ev;
	alone->panel = panel;
	alone->sink = sink;
	alone->screening = palloc0(panel->n_periods * sizeof(uint8 *));
	alone->filled = lone_filled(lone, ev, period);
	return alone;
}

static void
put_period(const Question *question, const CiEvaluation *ev, uint32 period)
{
	const CiPanelPeriod *at = &question->panel->periods[period];
	int64		row = ci_panel_row(at, question->unit);
	CiOutcome  *outcome = ci_evaluate_period(ev, period, CI_KEEP_ROOT);
	int32	   *rank = palloc(Max(at->n, 1) * sizeof(int32));
	uint32	   *order = palloc(Max(at->n, 1) * sizeof(uint32));
	int			root = question->methodology->root;
	uint32		n = ci_rank_units(ev, outcome, root, rank, order);
	Lone	   *lone;
	CiProblemSink *sink;

	if (row < 0 || rank[row] == 0)
		return;
	lone = palloc0(sizeof(Lone));
	lone->question = question;
	lone->at = at;
	lone->row = (uint32) row;
	lone->rank = rank[row];
	take_others(lone, ev, outcome, order, n);
	sink = palloc(sizeof(CiProblemSink));
	*sink = (CiProblemSink) {note_problem, lone};
	lone->computation = ci_computation_make(lone_evaluation(lone, ev, period, sink), period, root,
											CI_KEEP_ROOT, true);
	lone->trial = AllocSetContextCreate(CurrentMemoryContext, "ci.reach trial", ALLOCSET_DEFAULT_SIZES);
	if (lone->rank <= question->target)
	{
		for (int i = 0; i < question->n; i++)
			put_row(lone, question->indicator[i], lone->before[question->indicator[i]], "reached");
		return;
	}
	if (question->together)
		put_together(lone, ev, period);
	for (int i = 0; i < question->n && !question->together; i++)
		put_alone(lone, ev, period, question->indicator[i]);
}

/* A unit's score must not depend on who else there is, but for fitted parameters. */
static void
check_methodology(const CiMethodology *m)
{
	for (int c = 0; c < m->n; c++)
		if (m->components[c].indicator == NULL &&
			(m->components[c].aggregate.method->flags & CI_AGGREGATE_PEERS) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					 errmsg("component \"%s\" compares units with each other", m->components[c].code),
					 errdetail("Under method \"%s\" all scores would change with one unit's values.",
							   m->components[c].aggregate.method->name),
					 errhint("Choose a method that takes units one by one.")));
}

/* Indicators of the methodology's leaves, each once, in order of display. */
static void
all_indicators(Question *question)
{
	const CiMethodology *m = question->methodology;
	bool	   *taken = palloc0(Max(question->panel->n_indicators, 1) * sizeof(bool));

	question->indicator = palloc(m->n * sizeof(uint32));
	for (int k = 0; k < m->n; k++)
	{
		const char *name = m->components[m->display[k]].indicator;
		int			number = name == NULL ? -1 :
			ci_panel_indicator(question->panel, name, (int) strlen(name));

		if (number < 0 || taken[number])
			continue;
		taken[number] = true;
		question->indicator[question->n++] = (uint32) number;
	}
}

static void
indicators_arg(FunctionCallInfo fcinfo, int argno, Question *question)
{
	int			n;
	text	  **names = ci_text_array_arg(fcinfo, argno, "indicators", &n);

	all_indicators(question);
	for (int i = 0; i < n; i++)
	{
		int			number = ci_panel_indicator(question->panel, VARDATA_ANY(names[i]),
												(int) VARSIZE_ANY_EXHDR(names[i]));
		int			k = 0;

		while (k < question->n && (number < 0 || question->indicator[k] != (uint32) number))
			k++;
		if (k == question->n)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("methodology has no component with indicator \"%s\" of the panel",
							text_to_cstring(names[i]))));
		for (int j = 0; j < i; j++)
			if (question->indicator[j] == (uint32) number)
				ereport(ERROR,
						(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						 errmsg("indicator \"%s\" is given twice", text_to_cstring(names[i]))));
		question->indicator[k] = question->indicator[i];
		question->indicator[i] = (uint32) number;
	}
	question->n = n;
}

Datum
ci_reach(PG_FUNCTION_ARGS)
{
	Question	question = {.n = 0};
	CiEvaluation *ev;
	MemoryContext context;
	MemoryContext caller;
	int			only;

	question.rows = ci_rows_start(fcinfo);
	for (int i = 0; i < 7; i++)
		if (PG_ARGISNULL(i) && i != 4 && i != 5)
			return (Datum) 0;
	question.panel = ci_panel_arg(fcinfo, 0);
	question.methodology = ci_methodology_arg(fcinfo, 1);
	question.unit = (uint32) ci_panel_unit_arg(fcinfo, 2, question.panel);
	question.target = PG_GETARG_INT32(3);
	if (question.target < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("rank must be at least 1"),
				 errdetail("It is %d.", question.target)));
	if (PG_ARGISNULL(4))
		all_indicators(&question);
	else
		indicators_arg(fcinfo, 4, &question);
	only = PG_ARGISNULL(5) ? -1 : ci_panel_period_named(question.panel, PG_GETARG_INT32(5));
	question.together = PG_GETARG_BOOL(6);
	check_methodology(question.methodology);
	ev = ci_evaluate_begin(question.panel, question.methodology, only, NULL);
	context = AllocSetContextCreate(CurrentMemoryContext, "ci.reach period", ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(context);
	for (uint32 p = 0; p < question.panel->n_periods; p++)
	{
		if (only >= 0 && p != (uint32) only)
			continue;
		put_period(&question, ev, p);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return (Datum) 0;
}
