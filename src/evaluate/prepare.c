/*
 * evaluate/prepare.c
 *	  A leaf's cells before they are normalised: divided by a denominator,
 *	  imputed, treated.
 *
 * In: an evaluation whose units are screened.  Out: the parameters of the
 * stages, and any rows' cells after each of them.  Cells are computed from
 * parameters row by row whenever they are needed, so nothing is kept but what a
 * unit is given from its other periods.
 */
#include "postgres.h"

#include "base/interrupts.h"
#include "base/sort.h"
#include "evaluate/pool.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

static const CiComponent *
leaf_of(const CiEvaluation *ev, int component)
{
	return &ev->methodology->components[component];
}

/* A problem with the cell of a row. */
static CiProblem
cell_problem(const CiEvaluation *ev, int component, const char *finding, int sqlstate,
			 uint32 period, uint32 row, char **where)
{
	const CiPanelPeriod *at = &ev->panel->periods[period];
	CiProblem	problem = ci_problem_about(finding, sqlstate, leaf_of(ev, component)->code);

	*where = ci_problem_locate(&problem, ev->panel->units[at->unit[row]], at->period);
	return problem;
}

/*
 * Denominator
 */

static void
report_quotient(const CiEvaluation *ev, int component, uint32 period, uint32 row,
				double x, double denominator)
{
	const CiComponent *leaf = leaf_of(ev, component);
	bool		is_zero = denominator == 0;
	char	   *where;
	CiProblem	problem = cell_problem(ev, component, is_zero ? "zero_denominator" : "overflow",
									   is_zero ? ERRCODE_DIVISION_BY_ZERO :
									   ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, period, row, &where);

	problem.value = x;
	problem.message = is_zero ?
		psprintf("denominator \"%s\" of component \"%s\" is 0", leaf->denominator.indicator,
				 leaf->code) :
		psprintf("indicator \"%s\" divided by \"%s\" is out of range", leaf->indicator,
				 leaf->denominator.indicator);
	problem.detail = is_zero ? psprintf("%s.", where) :
		psprintf("%s: %.15g divided by %.15g, times %.15g.", where, x, denominator,
				 leaf->denominator.scale);
	problem.hint = is_zero ? "Use NULL for a missing value." : NULL;
	ci_problem(ev->sink, &problem);
}

static double
quotient(const CiEvaluation *ev, int component, uint32 period, uint32 row,
		 double x, double denominator)
{
	double		result = x / denominator * leaf_of(ev, component)->denominator.scale;

	if (ci_is_missing(x) || ci_is_missing(denominator))
		return CI_MISSING;
	if (isfinite(result))
		return result + 0.0;	/* never -0 */
	report_quotient(ev, component, period, row, x, denominator);
	return CI_MISSING;
}

static void
observe(const CiEvaluation *ev, int component, const bool *applies, uint32 period,
		uint32 start, uint32 n, double *cells)
{
	const double *raw = ci_raw_cells(ev, component, period);
	const double *denominator = ci_denominator_cells(ev, component, period);

	for (uint32 i = 0; i < n; i++)
	{
		uint32		row = start + i;

		if (raw == NULL || (applies != NULL && !applies[row]))
			cells[i] = CI_MISSING;
		else if (denominator == NULL)
			cells[i] = raw[row];
		else
			cells[i] = quotient(ev, component, period, row, raw[row], denominator[row]);
	}
}

/*
 * Impute
 */

/* First place among the filled rows of a period that is not before a row. */
static uint32
filled_at(const CiFilled *filled, uint32 row)
{
	uint32		low = 0;
	uint32		high = filled->n;

	while (low < high)
	{
		uint32		mid = low + (high - low) / 2;

		if (filled->row[mid] < row)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const int32 *
ci_filled_from(const CiEvaluation *ev, int component, uint32 period, uint32 row)
{
	const CiFilled *filled = ev->filled[component];
	uint32		at;

	if (filled == NULL)
		return NULL;
	at = filled_at(&filled[period], row);
	return at < filled[period].n && filled[period].row[at] == row ? &filled[period].from[at] : NULL;
}

static void
impute_filled(const CiFilled *filled, uint32 start, uint32 n, double *cells)
{
	for (uint32 k = filled_at(filled, start); k < filled->n && filled->row[k] - start < n; k++)
		cells[filled->row[k] - start] = filled->value[k];
}

static void
impute(const CiEvaluation *ev, int component, const bool *applies, uint32 period,
	   uint32 start, uint32 n, double *cells)
{
	const CiImputeStage *stage = &leaf_of(ev, component)->impute;
	const CiFitSet *set = ci_fit_set(ev, ev->impute, component, period);

	if (ev->filled[component] != NULL)
	{
		impute_filled(&ev->filled[component][period], start, n, cells);
		return;
	}
	for (uint32 i = 0; i < n; i++)
	{
		const CiImputeFit *fit;

		if (!ci_is_missing(cells[i]) || (applies != NULL && !applies[start + i]))
			continue;
		fit = ci_fit_of_row(ev, &stage->scope, set, period, start + i);
		if (fit != NULL && fit->status == CI_OK)
			cells[i] = fit->value;
	}
}

/*
 * Treat
 */

static void
report_untreated(const CiEvaluation *ev, int component, CiStatus status, const char *method,
				 uint32 period, uint32 row, double value)
{
	const CiComponent *leaf = leaf_of(ev, component);
	bool		overflow = status == CI_OVERFLOW;
	char	   *where;
	CiProblem	problem = cell_problem(ev, component, overflow ? "overflow" : "nonpositive",
									   overflow ? ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE :
									   ERRCODE_DATA_EXCEPTION, period, row, &where);

	problem.value = value;
	problem.message = psprintf("value of indicator \"%s\" cannot be treated by \"%s\"",
							   leaf->indicator, method);
	problem.detail = psprintf("%s: %.15g.", where, value);
	problem.hint = overflow ? NULL : "Give the treatment an offset, or set on_nonpositive.";
	ci_problem(ev->sink, &problem);
}

/* Treat n cells from row start on, which have one fit. */
static void
treat_by(const CiEvaluation *ev, int component, const CiTreatFit *fit, uint32 period,
		 uint32 start, uint32 n, double *cells)
{
	CiTreatFault fault;
	CiStatus	status = ci_treat_apply(fit, ev->methodology->on_nonpositive, cells, n, &fault);

	if (status != CI_OK && ci_screening(ev, period, start + (uint32) fault.where) != CI_ABSENT)
		report_untreated(ev, component, status, fit->treat.method->name, period,
						 start + (uint32) fault.where, fault.value);
}

static void
treat(const CiEvaluation *ev, int component, uint32 period, uint32 start, uint32 n, double *cells)
{
	const CiTreatStage *stage = &leaf_of(ev, component)->treat;
	const CiFitSet *set = ci_fit_set(ev, ev->treat, component, period);

	/*
	 * Only the first fault is told: that of an absent unit must not hide
	 * others.
	 */
	if (set->by == NULL && !ci_has_absent(ev, period))
	{
		treat_by(ev, component, set->fit, period, start, n, cells);
		return;
	}
	for (uint32 i = 0; i < n; i++)
	{
		const CiTreatFit *fit = ci_fit_of_row(ev, &stage->scope, set, period, start + i);

		if (fit == NULL)
			cells[i] = CI_MISSING;
		else
			treat_by(ev, component, fit, period, start + i, 1, &cells[i]);
	}
}

/*
 * Steps
 */

void
ci_prepare_step(const CiEvaluation *ev, int component, const bool *applies, CiStep step,
				uint32 period, uint32 start, uint32 n, double *cells)
{
	const CiComponent *leaf = leaf_of(ev, component);

	observe(ev, component, applies, period, start, n, cells);
	if (step >= CI_IMPUTED && leaf->impute.spec.method != NULL)
		impute(ev, component, applies, period, start, n, cells);
	if (step >= CI_TREATED && leaf->treat.spec.method != NULL)
		treat(ev, component, period, start, n, cells);
}

double
ci_prepared_cell(const CiEvaluation *ev, int component, const bool *applies, CiStep step,
				 uint32 period, uint32 row)
{
	double		cell;

	ci_prepare_step(ev, component, applies, step, period, row, 1, &cell);
	return cell;
}

/*
 * Fitting
 */

static const double *
receive(const CiEvaluation *ev, int component, CiStep step, uint32 period)
{
	uint32		n = ev->panel->periods[period].n;
	double	   *cells = ci_new_column(n);

	ci_prepare_step(ev, component, ci_component_applying(ev, component, period), step,
					period, 0, n, cells);
	return cells;
}

static const double *
receive_observed(const CiEvaluation *ev, int component, uint32 period)
{
	return receive(ev, component, CI_OBSERVED, period);
}

static const double *
receive_imputed(const CiEvaluation *ev, int component, uint32 period)
{
	return receive(ev, component, CI_IMPUTED, period);
}

static void
fit_impute_pool(const CiFitting *fitting, const CiPool *pool, void *fit)
{
	const CiImpute *spec = &((const CiImputeStage *) fitting->stage)->spec;
	const double *values = pool->values;
	size_t		n = pool->n;

	if (spec->method->flags & CI_IMPUTE_ORDER)
	{
		double	   *sorted = ci_new_column(n);

		n = ci_sort_present(values, n, sorted);
		values = sorted;
	}
	ci_impute_fit(spec, values, n, ci_check_for_interrupts, fit);
}

static void
report_nothing(const CiFitting *fitting, CiFitSet **sets)
{
}

static void
fit_impute(CiEvaluation *ev, int component)
{
	const CiImputeStage *stage = &leaf_of(ev, component)->impute;
	CiFitting	fitting = {
		.ev = ev, .component = component, .stage = stage, .scope = &stage->scope,
		.given = stage->spec.method->estimate == NULL, .fit_size = sizeof(CiImputeFit),
		.receive = receive_observed, .fit = fit_impute_pool, .report = report_nothing
	};

	ci_fit_stage(&fitting, &ev->impute[(size_t) component * ev->panel->n_periods]);
}

static void
fit_treat_pool(const CiFitting *fitting, const CiPool *pool, void *fit)
{
	const CiTreat *spec = &((const CiTreatStage *) fitting->stage)->spec;
	CiTreatPool treated = {pool->values, pool->n, ci_new_column(pool->n), ci_check_for_interrupts};

	if (spec->method->flags & CI_TREAT_ORDER)
	{
		double	   *sorted = ci_new_column(pool->n);

		treated.n = ci_sort_present(pool->values, pool->n, sorted);
		treated.value = sorted;
	}
	ci_treat_fit(spec, &treated, fit);
}

/* What is wrong with a transform that was found for a period. */
static CiProblem
transform_problem(const CiComponent *leaf, CiStatus status, int32 period)
{
	bool		overflow = status == CI_OVERFLOW;
	CiProblem	problem = ci_problem_about(overflow ? "overflow" : "untreatable",
										   overflow ? ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE :
										   ERRCODE_DATA_EXCEPTION, leaf->code);

	problem.has_period = true;
	problem.period = period;
	problem.message = psprintf("indicator \"%s\" cannot be treated by \"%s\" in period %d",
							   leaf->indicator, ci_treat_otherwises[leaf->treat.spec.otherwise].name,
							   period);
	problem.detail = overflow ? "The numbers of the transform are out of range." :
		"The transform would reverse the order of values that are not above 1.";
	problem.hint = overflow ? NULL :
		"Let \"otherwise\" be \"log_ct\", or give the indicator another scale.";
	return problem;
}

/* Raise that what winsorise does otherwise cannot be done. */
static void
report_transform(const CiFitting *fitting, CiFitSet **sets)
{
	const CiEvaluation *ev = fitting->ev;

	for (uint32 p = 0; p < ev->panel->n_periods; p++)
	{
		const CiTreatFit *fit;
		int			g = 0;
		CiProblem	problem;

		if (!ci_is_evaluated(ev, p))
			continue;
		fit = sets[p]->fit;
		while (g < sets[p]->n && fit[g].status != CI_REVERSED && fit[g].status != CI_OVERFLOW)
			g++;
		if (g == sets[p]->n)
			continue;
		problem = transform_problem(leaf_of(ev, fitting->component), fit[g].status,
									ev->panel->periods[p].period);
		ci_problem(ev->sink, &problem);
	}
}

static void
fit_treat(CiEvaluation *ev, int component)
{
	const CiTreatStage *stage = &leaf_of(ev, component)->treat;
	CiFitting	fitting = {
		.ev = ev, .component = component, .stage = stage, .scope = &stage->scope,
		.given = stage->spec.method->fit == NULL, .fit_size = sizeof(CiTreatFit),
		.receive = receive_imputed, .fit = fit_treat_pool, .report = report_transform
	};

	ci_fit_stage(&fitting, &ev->treat[(size_t) component * ev->panel->n_periods]);
}

/*
 * What units are given from their other periods
 */

/* The rows of a panel by unit: a unit's are together, by period. */
typedef struct UnitRows
{
	size_t	   *start;			/* by unit, and the end of the last */
	uint32	   *period;
	uint32	   *row;
} UnitRows;

static UnitRows
order_by_unit(const CiPanel *panel)
{
	UnitRows	rows;
	size_t	   *next;
	size_t		n = 0;

	rows.start = palloc_extended(((Size) panel->n_units + 1) * sizeof(size_t),
								 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint32 p = 0; p < panel->n_periods; p++)
		for (uint32 i = 0; i < panel->periods[p].n; i++, n++)
			rows.start[panel->periods[p].unit[i] + 1]++;
	for (uint32 u = 0; u < panel->n_units; u++)
		rows.start[u + 1] += rows.start[u];
	next = palloc_extended(Max(panel->n_units, 1) * sizeof(size_t), MCXT_ALLOC_HUGE);
	memcpy(next, rows.start, panel->n_units * sizeof(size_t));
	rows.period = palloc_extended(Max(n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	rows.row = palloc_extended(Max(n, 1) * sizeof(uint32), MCXT_ALLOC_HUGE);
	for (uint32 p = 0; p < panel->n_periods; p++)
		for (uint32 i = 0; i < panel->periods[p].n; i++)
		{
			size_t		at = next[panel->periods[p].unit[i]]++;

			rows.period[at] = p;
			rows.row[at] = i;
		}
	return rows;
}

static void
add_filled(CiFilled *filled, uint32 row, double value, int32 from)
{
	if (filled->n == filled->room)
	{
		Size		room = filled->room == 0 ? 16 : 2 * (Size) filled->room;

		filled->room = (uint32) Min(room, PG_UINT32_MAX);
		filled->row = filled->n == 0 ? MemoryContextAllocHuge(CurrentMemoryContext, room * sizeof(uint32))
			: repalloc_huge(filled->row, room * sizeof(uint32));
		filled->value = filled->n == 0 ? MemoryContextAllocHuge(CurrentMemoryContext, room * sizeof(double))
			: repalloc_huge(filled->value, room * sizeof(double));
		filled->from = filled->n == 0 ? MemoryContextAllocHuge(CurrentMemoryContext, room * sizeof(int32))
			: repalloc_huge(filled->from, room * sizeof(int32));
	}
	filled->row[filled->n] = row;
	filled->value[filled->n] = value;
	filled->from[filled->n++] = from;
}

/* What the leaf has observed, in all periods, and where it applies. */
typedef struct Observed
{
	const double **cells;		/* by period */
	bool	  **applies;
} Observed;

static Observed
observe_all(const CiEvaluation *ev, int component)
{
	const CiPanel *panel = ev->panel;
	Observed	observed;

	observed.cells = palloc(Max(panel->n_periods, 1) * sizeof(double *));
	observed.applies = palloc(Max(panel->n_periods, 1) * sizeof(bool *));
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		CHECK_FOR_INTERRUPTS();
		observed.applies[p] = ci_component_applying(ev, component, p);
		observed.cells[p] = receive_observed(ev, component, p);
	}
	return observed;
}

/* Room for the cells of any one unit. */
static CiSeries
new_series(const CiPanel *panel)
{
	Size		room = Max(panel->n_periods, 1);
	CiSeries	series = {
		.period = palloc_extended(room * sizeof(int32), MCXT_ALLOC_HUGE),
		.observed = ci_new_column(room), .filled = ci_new_column(room),
		.from = palloc_extended(room * sizeof(size_t), MCXT_ALLOC_HUGE)
	};

	return series;
}

/* Fill the cells of the unit whose rows are those from start to end. */
static void
fill_unit(const CiPanel *panel, const CiImpute *spec, const UnitRows *rows, size_t start,
		  size_t end, const Observed *observed, CiSeries *series, CiFilled *filled)
{
	series->n = end - start;
	for (size_t k = start; k < end; k++)
	{
		uint32		p = rows->period[k];

		series->period[k - start] = panel->periods[p].period;
		series->observed[k - start] = observed->cells[p][rows->row[k]];
	}
	spec->method->fill(spec, series);
	for (size_t i = 0; i < series->n; i++)
	{
		uint32		p = rows->period[start + i];
		uint32		row = rows->row[start + i];

		if (ci_is_missing(series->observed[i]) && !ci_is_missing(series->filled[i]) &&
			(observed->applies[p] == NULL || observed->applies[p][row]))
			add_filled(&filled[p], row, series->filled[i], series->period[series->from[i]]);
	}
}

/* Fill each unit's cells; units in ascending order, so rows come so too. */
static void
fill_units(CiEvaluation *ev, int component)
{
	const CiPanel *panel = ev->panel;
	const CiImpute *spec = &leaf_of(ev, component)->impute.spec;
	CiFilled   *filled = palloc0(Max(panel->n_periods, 1) * sizeof(CiFilled));
	MemoryContext kept = CurrentMemoryContext;
	MemoryContext temporary = AllocSetContextCreate(kept, "ci impute", ALLOCSET_DEFAULT_SIZES);
	UnitRows	rows;
	Observed	observed;
	CiSeries	series;

	MemoryContextSwitchTo(temporary);
	rows = order_by_unit(panel);
	observed = observe_all(ev, component);
	series = new_series(panel);
	MemoryContextSwitchTo(kept);
	for (uint32 u = 0; u < panel->n_units; u++)
	{
		CHECK_FOR_INTERRUPTS();
		fill_unit(panel, spec, &rows, rows.start[u], rows.start[u + 1], &observed, &series, filled);
	}
	MemoryContextDelete(temporary);
	ev->filled[component] = filled;
}

void
ci_fit_prepare(CiEvaluation *ev, int component)
{
	const CiComponent *leaf = leaf_of(ev, component);

	if (leaf->impute.spec.method != NULL && leaf->impute.spec.method->fill != NULL)
		fill_units(ev, component);
	else if (leaf->impute.spec.method != NULL && !ci_is_held(ev, ev->impute, component))
		fit_impute(ev, component);
	if (leaf->treat.spec.method != NULL && !ci_is_held(ev, ev->treat, component))
		fit_treat(ev, component);
}
