/*
 * evaluate/pool.c
 *	  Fitting one stage of one component to the cells of its scope.
 *
 * In: an evaluation whose units are screened, and a stage whose earlier stages
 * are fitted.  Out: a CiFitSet for each period, in the current memory context.  A
 * pool is gathered only where it is not a whole column, in a context that is
 * deleted with the stage, unless it is what is fitted (peer-dependent methods).
 * Interrupts are checked once per column.
 */
#include "postgres.h"

#include "base/sort.h"
#include "evaluate/pool.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/compat.h"

/* A pool while it is gathered. */
typedef struct Gathering
{
	CiPool		pool;
	double	   *own;			/* its values, unless they are a column */
	double	   *by;				/* by value, NULL without "by" */
} Gathering;

const double *
ci_received(const CiFitting *fitting, uint32 period)
{
	if (fitting->column[period] == NULL)
	{
		CHECK_FOR_INTERRUPTS();
		fitting->column[period] = fitting->receive(fitting->ev, fitting->component, period);
	}
	return fitting->column[period];
}

/*
 * The periods that a scope pools for a period; returns how many.
 */
static uint32
pool_periods(const CiFitting *fitting, uint32 period, uint32 *periods)
{
	const CiScope *scope = fitting->scope;
	const CiPanel *panel = fitting->ev->panel;
	uint32		n = 0;

	switch (scope->kind)
	{
		case CI_SCOPE_PERIOD:
			periods[n++] = period;
			break;
		case CI_SCOPE_PANEL:
			for (uint32 p = 0; p < panel->n_periods; p++)
				periods[n++] = p;
			break;
		case CI_SCOPE_PERIODS:
			for (int k = 0; k < scope->n_periods; k++)
			{
				int			p = ci_panel_period(panel, scope->periods[k]);

				if (p >= 0)
					periods[n++] = (uint32) p;
			}
			break;
	}
	return n;
}

/* Add a period's cells to a pool that has room for them. */
static void
gather_period(const CiFitting *fitting, uint32 period, Gathering *gathering)
{
	const CiEvaluation *ev = fitting->ev;
	const CiComponent *component = &ev->methodology->components[fitting->component];
	const CiScope *scope = fitting->scope;
	const CiPanelPeriod *at = &ev->panel->periods[period];
	const double *x = ci_received(fitting, period);
	bool	   *applies = ci_component_applying(ev, fitting->component, period);
	bool	   *units = ci_units_in_period(ev, &scope->units, period, component);
	int			by = scope->by == NULL ? -1 : ci_find_indicator(ev, scope->by, component);

	for (uint32 i = 0; i < at->n; i++)
	{
		if (ci_is_missing(x[i]) || ci_screening(ev, period, i) != CI_PASSED ||
			(applies != NULL && !applies[i]) || (units != NULL && !units[i]))
			continue;
		if (gathering->by != NULL)
		{
			double		value = by < 0 ? CI_MISSING : ci_panel_column(at, (uint32) by)[i];

			if (ci_is_missing(value))
				continue;
			gathering->by[gathering->pool.n] = value;
		}
		gathering->own[gathering->pool.n++] = x[i];
	}
}

static Gathering
gather_pool(const CiFitting *fitting, const uint32 *periods, uint32 n_periods)
{
	const CiEvaluation *ev = fitting->ev;
	const CiScope *scope = fitting->scope;
	Gathering	gathering = {.pool.periods = periods,.pool.n_periods = n_periods};
	size_t		room = 0;

	if (n_periods == 1 && ev->screening[periods[0]] == NULL && scope->by == NULL &&
		scope->units.indicator == NULL && scope->units.list == NULL &&
		ci_component_applying(ev, fitting->component, periods[0]) == NULL)
	{
		gathering.pool.n = ev->panel->periods[periods[0]].n;
		gathering.pool.values = ci_received(fitting, periods[0]);
		return gathering;
	}
	for (uint32 k = 0; k < n_periods; k++)
		room += ev->panel->periods[periods[k]].n;
	gathering.own = ci_new_column(room);
	if (scope->by != NULL)
		gathering.by = ci_new_column(room);
	for (uint32 k = 0; k < n_periods; k++)
		gather_period(fitting, periods[k], &gathering);
	gathering.pool.values = gathering.own;
	return gathering;
}

CiPool
ci_gather_pool(const CiFitting *fitting, const uint32 *periods, uint32 n_periods)
{
	return gather_pool(fitting, periods, n_periods).pool;
}

static void *
fit_number(const CiFitting *fitting, const CiFitSet *set, int k)
{
	return (char *) set->fit + k * fitting->fit_size;
}

/* Make room for n fits. */
static void
size_set(const CiFitting *fitting, CiFitSet *set, int n)
{
	set->n = n;
	set->fit_size = fitting->fit_size;
	set->fit = MemoryContextAllocHuge(fitting->context, Max(n, 1) * fitting->fit_size);
}

/* One fit for each value of the pool's "by". */
static void
fit_groups(const CiFitting *fitting, const Gathering *gathering, CiFitSet *set)
{
	const CiPool *pool = &gathering->pool;
	uint32	   *order = palloc_extended(Max(pool->n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	double	   *values = ci_new_column(pool->n);
	CiPool		group = *pool;
	double	   *by;
	size_t		start = 0;
	int			n = 0;

	for (size_t i = 0; i < pool->n; i++)
		order[i] = (uint32) i;
	ci_sort_order(order, pool->n, gathering->by, false);
	for (size_t i = 0; i < pool->n; i++)
	{
		values[i] = gathering->own[order[i]];
		n += i == 0 || gathering->by[order[i]] != gathering->by[order[i - 1]];
	}
	size_set(fitting, set, n);
	set->by = by = MemoryContextAllocHuge(fitting->context, Max(n, 1) * sizeof(double));
	for (int k = 0; k < n; k++)
	{
		size_t		end = start;

		while (end < pool->n && gathering->by[order[end]] == gathering->by[order[start]])
			end++;
		by[k] = gathering->by[order[start]];
		group.values = values + start;
		group.n = end - start;
		fitting->fit(fitting, &group, fit_number(fitting, set, k));
		start = end;
	}
}

static void
fit_one(const CiFitting *fitting, const CiPool *pool, CiFitSet *set)
{
	size_set(fitting, set, 1);
	fitting->fit(fitting, pool, set->fit);
}

static CiFitSet *
fit_given(const CiFitting *fitting)
{
	CiFitSet   *set = MemoryContextAllocZero(fitting->context, sizeof(CiFitSet));
	CiPool		nothing = {NULL};

	fit_one(fitting, &nothing, set);
	return set;
}

static CiFitSet *
fit_period(const CiFitting *fitting, uint32 period)
{
	CiFitSet   *set = MemoryContextAllocZero(fitting->context, sizeof(CiFitSet));
	uint32		most = fitting->scope->kind == CI_SCOPE_PERIOD ? 1 : fitting->ev->panel->n_periods;
	uint32	   *periods = palloc(Max(most, 1) * sizeof(uint32));
	uint32		n_periods = pool_periods(fitting, period, periods);
	Gathering	gathering = gather_pool(fitting, periods, n_periods);

	if (fitting->find != NULL)
		fitting->find(fitting, &gathering.pool);
	if (gathering.by != NULL)
		fit_groups(fitting, &gathering, set);
	else
		fit_one(fitting, &gathering.pool, set);
	return set;
}

/* A scope whose periods are all absent would make everything missing, silently. */
static void
check_periods(const CiFitting *fitting)
{
	const CiEvaluation *ev = fitting->ev;
	const CiComponent *component = &ev->methodology->components[fitting->component];
	const CiScope *scope = fitting->scope;
	CiProblem	problem = ci_problem_about("missing_period", ERRCODE_UNDEFINED_OBJECT, component->code);

	if (scope->kind != CI_SCOPE_PERIODS)
		return;
	for (int k = 0; k < scope->n_periods; k++)
		if (ci_panel_period(ev->panel, scope->periods[k]) >= 0)
			return;
	problem.message = psprintf("panel has none of the periods in the scope of component \"%s\"",
							   component->code);
	problem.detail = psprintf("The first of them is %d.", scope->periods[0]);
	ci_problem(ev->sink, &problem);
}

void
ci_fit_stage(CiFitting *fitting, CiFitSet **sets)
{
	const CiEvaluation *ev = fitting->ev;
	bool		shared = fitting->given || fitting->scope->kind != CI_SCOPE_PERIOD;
	CiFitSet   *first = NULL;
	MemoryContext temporary = AllocSetContextCreate(CurrentMemoryContext, "ci fit",
													ALLOCSET_DEFAULT_SIZES);

	fitting->context = MemoryContextSwitchTo(temporary);
	fitting->column = palloc0(Max(ev->panel->n_periods, 1) * sizeof(double *));
	if (!fitting->given)
		check_periods(fitting);
	for (uint32 p = 0; p < ev->panel->n_periods; p++)
	{
		if (!ci_is_evaluated(ev, p))
			continue;
		if (shared && first != NULL)
			sets[p] = first;
		else
			sets[p] = first = fitting->given ? fit_given(fitting) : fit_period(fitting, p);
	}
	fitting->report(fitting, sets);
	MemoryContextSwitchTo(fitting->context);
	MemoryContextDelete(temporary);
}
