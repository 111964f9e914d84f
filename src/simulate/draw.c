/*
 * simulate/draw.c
 *	  Ranks of every draw from what is uncertain.
 *
 * In: a panel, a methodology, what is uncertain.  Out: each draw's ranks, given to
 * the caller as they come.  Every combination of choices is checked first; then
 * points (draws, or their variants) are taken combination by combination, so that
 * each is resolved, and its leaves are scored, once.  What a draw is depends on the
 * seed and its number alone, and what becomes of it must not depend on the order.
 * Interrupts are checked in each draw.
 */
#include "postgres.h"

#include "evaluate/evaluate.h"
#include "methodology/tree.h"
#include "miscadmin.h"
#include "simulate/errors.h"
#include "simulate/simulate.h"
#include "utils/memutils.h"

#include "base/compat.h"

/* What is being done, for the context of errors. */
typedef struct Progress
{
	const CiSimulation *simulation;
	uint32		combination;
	int64		point;			/* -1: none yet */
} Progress;

static uint32
count_variants(const CiSimulation *simulation)
{
	return Max(simulation->n_variants, 1);
}

static uint32
count_points(const CiSimulation *simulation)
{
	return simulation->draws * count_variants(simulation);
}

/* The random numbers of a point. */
static CiStream
point_stream(const CiSimulation *simulation, uint32 point)
{
	uint32		variant = point % count_variants(simulation);

	return (CiStream)
	{
		.seed = simulation->seed,
			.draw = simulation->first + point / count_variants(simulation),
			.second = simulation->n_variants > 0 ? &simulation->variant[variant].second : NULL
	};
}

static uint32
next_option(uint32 *combination, const CiAlternatives *alternatives)
{
	uint32		option = *combination % alternatives->n;

	*combination /= alternatives->n;
	return option;
}

static void
describe_draw(const CiSimulation *simulation, uint32 point)
{
	errcontext("draw %u%s", point_stream(simulation, point).draw + 1,
			   simulation->n_variants == 0 ? "" :
			   simulation->variant[point % simulation->n_variants].label);
}

/* In errors: the draw, and what it chose. */
static void
describe(void *arg)
{
	const Progress *progress = arg;
	const CiUncertainty *uncertainty = progress->simulation->uncertainty;
	uint32		combination = progress->combination;
	StringInfoData chosen;

	initStringInfo(&chosen);
	for (int g = 0; g < uncertainty->n_choices; g++)
	{
		const CiAlternatives *alternatives = &uncertainty->choices[g];

		appendStringInfoString(&chosen, g == 0 ? "" : ", ");
		ci_json_write(&chosen, alternatives->patch[next_option(&combination, alternatives)]);
	}
	if (progress->point >= 0)
		describe_draw(progress->simulation, (uint32) progress->point);
	if (uncertainty->n_choices > 0)
		errcontext("choices %s", chosen.data);
}

/* The methodology of a combination, as one whose weights can be changed. */
static CiWeights *
resolve(const CiSimulation *simulation, uint32 combination)
{
	const CiUncertainty *uncertainty = simulation->uncertainty;
	const CiMethodology *methodology = simulation->methodology;
	const CiJson *json = methodology->json;
	CiWeights  *weights;

	for (int g = 0; g < uncertainty->n_choices; g++)
	{
		const CiAlternatives *alternatives = &uncertainty->choices[g];

		json = ci_methodology_amended(json, alternatives->patch[next_option(&combination,
																			alternatives)]);
	}
	if (uncertainty->n_choices > 0)
		methodology = ci_methodology_read(json);
	weights = ci_weights_make(methodology);
	ci_weights_omit(weights, uncertainty);
	if (uncertainty->spread.method != NULL && uncertainty->spread.method->by_experts)
		ci_weights_ask(weights, &uncertainty->experts);
	return weights;
}

void
ci_simulation_check(CiSimulation *simulation,
					void (*visit) (CiSimulation *simulation, const CiWeights *weights))
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.simulate check",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Progress	progress = {.simulation = simulation, .point = -1};
	ErrorContextCallback callback = {error_context_stack, describe, &progress};
	uint32		n = simulation->uncertainty->n_combinations;

	error_context_stack = &callback;
	for (progress.combination = 0; progress.combination < n; progress.combination++)
	{
		CiWeights  *weights = resolve(simulation, progress.combination);

		CHECK_FOR_INTERRUPTS();
		if (visit != NULL)
			visit(simulation, weights);
		MemoryContextReset(context);
	}
	error_context_stack = callback.previous;
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/* Which combination each point is of; NULL if there is just one. */
static uint16 *
draw_combinations(const CiSimulation *simulation)
{
	const CiUncertainty *uncertainty = simulation->uncertainty;
	uint32		n = count_points(simulation);
	uint16	   *combination;

	if (uncertainty->n_combinations == 1)
		return NULL;
	combination = palloc0(n * sizeof(uint16));
	for (uint32 point = 0; point < n; point++)
	{
		CiStream	stream = point_stream(simulation, point);
		uint32		multiple = 1;

		if (point % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		stream.purpose = CI_RANDOM_CHOICE;
		for (int g = 0; g < uncertainty->n_choices; g++)
		{
			CiRandom	random;

			stream.variable = (uint32) g;
			random = ci_random(&stream, 0);
			combination[point] += multiple * ci_random_pick(ci_random_share(&random, 0),
															uncertainty->choices[g].n);
			multiple *= uncertainty->choices[g].n;
		}
	}
	return combination;
}

/* The next point of a combination after this one, or the number of points. */
static uint32
next_point(const Progress *progress, const uint16 *combination, int64 point)
{
	uint32		n = count_points(progress->simulation);
	uint32		next = (uint32) (point + 1);

	while (next < n && combination != NULL && combination[next] != progress->combination)
		next++;
	return next;
}

/* What points of a combination share. */
typedef struct Run
{
	const CiSimulation *simulation;
	Progress   *progress;
	const uint16 *combination;
	CiWeights  *weights;
	CiNoisyPanel *noisy;		/* NULL: observations are exact */
	MemoryContext context;		/* reset after each point */
	int32	   *rank;
	uint32	   *order;
} Run;

static void
take_ranks(const Run *run, const CiEvaluation *ev, const CiOutcome *outcome)
{
	(void) ci_rank_units(ev, outcome, ev->methodology->root, run->rank, run->order);
	run->simulation->take(run->simulation, outcome->period, (uint32) run->progress->point,
						  run->rank);
}

/* Leaves are scored once, and each point only aggregates them. */
static void
run_period(const Run *run, const CiEvaluation *ev, uint32 period)
{
	const CiSimulation *simulation = run->simulation;
	uint32		n = count_points(simulation);
	CiComputation *computation;
	CiOutcome  *outcome;
	MemoryContext caller;

	ci_weights_restore(run->weights);
	computation = ci_computation_make(ev, period, ev->methodology->root, CI_KEEP_ALL, true);
	outcome = ci_compute(computation);
	caller = MemoryContextSwitchTo(run->context);
	for (uint32 at = next_point(run->progress, run->combination, -1); at < n;
		 at = next_point(run->progress, run->combination, at))
	{
		run->progress->point = at;
		ci_weights_draw(run->weights, simulation->uncertainty, point_stream(simulation, at));
		ci_compute_inner(computation);
		take_ranks(run, ev, outcome);
		MemoryContextReset(run->context);
	}
	run->progress->point = -1;
	MemoryContextSwitchTo(caller);
}

static void
run_inner(const Run *run)
{
	const CiSimulation *simulation = run->simulation;
	CiEvaluation *ev = ci_evaluate_begin(simulation->panel, run->weights->methodology,
										 simulation->only, NULL);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.simulate period",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	for (uint32 p = 0; p < simulation->panel->n_periods; p++)
	{
		if (!ci_simulates(simulation, p))
			continue;
		run_period(run, ev, p);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/* Parameters depend on weights or errors: each point is an evaluation of its own. */
static void
run_whole(const Run *run)
{
	const CiSimulation *simulation = run->simulation;
	uint32		n = count_points(simulation);
	MemoryContext caller = MemoryContextSwitchTo(run->context);

	for (uint32 at = next_point(run->progress, run->combination, -1); at < n;
		 at = next_point(run->progress, run->combination, at))
	{
		CiStream	stream = point_stream(simulation, at);
		const CiPanel *panel = simulation->panel;
		CiEvaluation *ev;

		run->progress->point = at;
		if (run->noisy != NULL)
			panel = ci_noisy_panel_draw(run->noisy, stream);
		ci_weights_draw(run->weights, simulation->uncertainty, stream);
		ev = ci_evaluate_begin(panel, run->weights->methodology, simulation->only, NULL);
		for (uint32 p = 0; p < panel->n_periods; p++)
			if (ci_simulates(simulation, p))
				take_ranks(run, ev, ci_evaluate_period(ev, p, CI_KEEP_ROOT));
		MemoryContextReset(run->context);
	}
	run->progress->point = -1;
	MemoryContextSwitchTo(caller);
}

static uint32
most_units(const CiPanel *panel)
{
	uint32		most = 1;

	for (uint32 p = 0; p < panel->n_periods; p++)
		most = Max(most, panel->periods[p].n);
	return most;
}

static void
run_combinations(const CiSimulation *simulation, Progress *progress, MemoryContext context)
{
	uint32		most = most_units(simulation->panel);
	Run			run = {
		.simulation = simulation,
		.progress = progress,
		.combination = draw_combinations(simulation),
		.noisy = simulation->errors == NULL ? NULL :
		ci_noisy_panel_make(simulation->panel, simulation->errors),
		.rank = palloc_extended(most * sizeof(int32), MCXT_ALLOC_HUGE),
		.order = palloc_extended(most * sizeof(uint32), MCXT_ALLOC_HUGE)
	};
	MemoryContext caller = MemoryContextSwitchTo(context);
	uint32		n = simulation->uncertainty->n_combinations;

	for (progress->combination = 0; progress->combination < n; progress->combination++)
	{
		if (next_point(progress, run.combination, -1) == count_points(simulation))
			continue;
		run.weights = resolve(simulation, progress->combination);
		run.context = AllocSetContextCreate(CurrentMemoryContext, "ci.simulate draw",
											ALLOCSET_DEFAULT_SIZES);
		if (run.noisy == NULL && run.weights->is_direct)
			run_inner(&run);
		else
			run_whole(&run);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
}

static CiNominalRanks
make_nominal_ranks(const CiEvaluation *ev, const CiOutcome *outcome)
{
	uint32		n = Max(outcome->n, 1);
	CiNominalRanks nominal = {
		palloc_extended(n * sizeof(int32), MCXT_ALLOC_HUGE),
		palloc_extended(n * sizeof(uint32), MCXT_ALLOC_HUGE)
	};
	uint32		end;

	end = ci_rank_units(ev, outcome, ev->methodology->root, nominal.rank,
						nominal.order);
	for (uint32 i = 0; i < outcome->n; i++)
		if (nominal.rank[i] == 0)
			nominal.order[end++] = i;
	return nominal;
}

static void
find_nominal_ranks(CiSimulation *simulation)
{
	const CiPanel *panel = simulation->panel;
	CiEvaluation *ev = ci_evaluate_begin(panel, simulation->methodology, simulation->only, NULL);

	simulation->nominal = palloc0(Max(panel->n_periods, 1) * sizeof(CiNominalRanks));
	for (uint32 p = 0; p < panel->n_periods; p++)
		if (ci_simulates(simulation, p))
			simulation->nominal[p] = make_nominal_ranks(ev, ci_evaluate_period(ev, p, CI_KEEP_ROOT));
}

void
ci_simulation_run(CiSimulation *simulation)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.simulate combination",
												  ALLOCSET_DEFAULT_SIZES);
	Progress	progress = {.simulation = simulation, .point = -1};
	ErrorContextCallback callback = {error_context_stack, describe, &progress};

	find_nominal_ranks(simulation);
	ci_simulation_check(simulation, NULL);
	error_context_stack = &callback;
	run_combinations(simulation, &progress, context);
	error_context_stack = callback.previous;
	MemoryContextDelete(context);
}
