/*
 * result/explain.c
 *	  ci.explain: how a score came about, from the raw cell to the root.
 *
 * In: a panel, a methodology, and perhaps one unit and one period of interest.
 * Out: a row for each period, unit and component in order of display.  All
 * units are computed, since parameters depend on them; only those asked for
 * are given.
 */
#include "postgres.h"

#include "base/rows.h"
#include "catalog/pg_type.h"
#include "result/explain.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_explain);

/* Sum of the weights of the children that have a score. */
static double
present_weight(const CiEvaluation *ev, const CiOutcome *outcome, const CiComponent *node,
			   uint32 row)
{
	double		sum = 0;

	for (int k = 0; k < node->n_children; k++)
	{
		int			child = node->children[k];

		if (!ci_is_missing(outcome->score[child][row]))
			sum += ev->methodology->components[child].weight;
	}
	return sum;
}

/*
 * Pass a node's line on to a child, through the node's rescaling and the
 * child's reflection; false if they are no lines.
 */
static bool
pass_line(const CiEvaluation *ev, const CiOutcome *outcome, int c, uint32 row,
		  const CiComponent *child, const CiShare *above, CiShare *share)
{
	const CiComponent *node = &ev->methodology->components[c];
	double		slope = 1;
	double		intercept = 0;
	double		turn = 0;
	double		sign = 1;

	if (!above->additive || !ci_aggregate_is_additive(&node->aggregate))
		return false;
	if (node->rescale.spec.method != NULL)
	{
		const CiFitSet *set = ci_fit_set(ev, ev->rescale, c, outcome->period);
		const CiNormaliseFit *fit = ci_fit_of_row(ev, &node->rescale.scope, set, outcome->period, row);

		if (fit == NULL || fit->status != CI_OK ||
			!ci_normalise_line(&node->rescale.spec, fit, &slope, &intercept))
			return false;
	}
	if (ci_component_is_less(child))
	{
		sign = -1;
		turn = ci_scale_turn(&child->scale);
	}
	share->slope = above->slope * slope * sign;
	share->intercept = above->slope * (slope * turn + intercept) + above->intercept;
	return true;
}

void
ci_share_out(const CiEvaluation *ev, const CiOutcome *outcome, uint32 row, CiShare *shares)
{
	const CiMethodology *m = ev->methodology;
	double		whole = ci_is_missing(outcome->score[m->root][row]) ? 0 : 1;

	shares[m->root] = (CiShare) {whole, whole, true, 1, 0};
	for (int c = m->root; c >= 0; c--)
	{
		const CiComponent *node = &m->components[c];
		double		present = present_weight(ev, outcome, node, row);

		for (int k = 0; k < node->n_children; k++)
		{
			int			child = node->children[k];
			CiShare    *share = &shares[child];
			bool		missing = ci_is_missing(outcome->score[child][row]);

			share->weight = missing || present == 0 ? 0 : m->components[child].weight / present;
			share->effective = shares[c].effective * share->weight;
			share->additive = pass_line(ev, outcome, c, row, &m->components[child],
										&shares[c], share);
		}
		if (ci_is_missing(outcome->score[c][row]))
			for (int k = 0; k < node->n_children; k++)
				shares[node->children[k]].additive = false;
	}
}

static bool
below_min_count(const CiOutcome *outcome, const CiComponent *node, uint32 row)
{
	int			count = 0;

	for (int k = 0; k < node->n_children; k++)
		count += !ci_is_missing(outcome->score[node->children[k]][row]);
	return node->min_count > 1 && count < node->min_count;
}

/* Words about a component of a unit. */
#define MAX_FLAGS 8

typedef struct Flags
{
	text	   *word[MAX_FLAGS];
	int			n;
} Flags;

static void
add_flag(Flags *flags, const char *word)
{
	flags->word[flags->n++] = cstring_to_text(word);
}

/* A leaf's cell after each step. */
typedef struct Cell
{
	double		raw;
	double		observed;
	double		imputed;
	double		treated;
	const int32 *from;			/* period that it is imputed from, or NULL */
} Cell;

static Cell
cell_of(const CiEvaluation *ev, const CiOutcome *outcome, int c, uint32 row)
{
	const double *cells = ci_raw_cells(ev, c, outcome->period);
	const bool *applies = outcome->applies[c];
	Cell		cell = {.raw = cells == NULL ? CI_MISSING : cells[row]};

	cell.observed = cell.imputed = cell.treated = cell.raw;
	if (cells == NULL || !ci_is_prepared(&ev->methodology->components[c]))
		return cell;
	cell.observed = ci_prepared_cell(ev, c, applies, CI_OBSERVED, outcome->period, row);
	cell.imputed = ci_prepared_cell(ev, c, applies, CI_IMPUTED, outcome->period, row);
	cell.treated = ci_prepared_cell(ev, c, applies, CI_TREATED, outcome->period, row);
	cell.from = ci_filled_from(ev, c, outcome->period, row);
	return cell;
}

/* What happened to a cell on the way to normalise; false if it has no treated value. */
static bool
flag_prepared(Flags *flags, const CiEvaluation *ev, const CiOutcome *outcome, int c, uint32 row,
			  const Cell *cell)
{
	const CiTreatStage *stage = &ev->methodology->components[c].treat;
	const CiTreatFit *fit;

	if (ci_is_missing(cell->observed) && !ci_is_missing(cell->imputed))
		add_flag(flags, "imputed");
	if (stage->spec.method == NULL)
		return true;
	fit = ci_fit_of_row(ev, &stage->scope, ci_fit_set(ev, ev->treat, c, outcome->period),
						outcome->period, row);
	if (fit == NULL || fit->status == CI_NO_DATA)
		add_flag(flags, "no parameter");
	else if (ci_is_missing(cell->treated))
		add_flag(flags, "nonpositive");
	else if (fit->status == CI_CONSTANT)
		add_flag(flags, "untreated");
	else if (ci_treat_clips(fit, cell->imputed))
		add_flag(flags, "clipped");
	else if (fit->treat.method != NULL && (fit->treat.method->flags & CI_TREAT_TRANSFORMS) != 0)
		add_flag(flags, "transformed");
	return !ci_is_missing(cell->treated);
}

static void
flag_normalised(Flags *flags, const CiEvaluation *ev, const CiOutcome *outcome, int c, uint32 row,
				const Cell *cell)
{
	const CiComponent *leaf = &ev->methodology->components[c];
	const CiFitSet *set = ci_fit_set(ev, ev->normalise, c, outcome->period);
	const CiNormaliseFit *fit = ci_fit_of_row(ev, &leaf->normalise.scope, set,
											  outcome->period, row);

	if (fit == NULL || fit->status == CI_NO_DATA)
		add_flag(flags, "no parameter");
	else if (fit->status != CI_OK)
		add_flag(flags, "no variation");
	else if (ci_is_missing(outcome->score[c][row]))
		add_flag(flags, leaf->rescale.spec.method == NULL ? "nonpositive" : "not rescaled");
	else if (ci_normalise_clamps(&leaf->normalise.spec, fit, cell->treated))
		add_flag(flags, "clamped");
}

/* What is worth saying of a cell or a score. */
static Datum
flags_of(const CiEvaluation *ev, const CiOutcome *outcome, int c, uint32 row, const Cell *cell)
{
	const CiMethodology *m = ev->methodology;
	const CiComponent *component = &m->components[c];
	const bool *applies = outcome->applies[c];
	CiScreening screening = ci_screening(ev, outcome->period, row);
	Flags		flags = {.n = 0};

	if (c == m->root && screening != CI_PASSED)
		add_flag(&flags, screening == CI_EXCLUDED ? "excluded" : "screened");
	if (applies != NULL && !applies[row])
		add_flag(&flags, "not applicable");
	else if (component->indicator != NULL && ci_is_missing(cell->imputed))
		add_flag(&flags, "missing");
	else if (component->indicator == NULL && component->min_coverage > 0 &&
			 ci_coverage(ev, outcome, c, row) < component->min_coverage - CI_SHARE_TOLERANCE)
		add_flag(&flags, "below min_coverage");
	else if (component->indicator == NULL && below_min_count(outcome, component, row))
		add_flag(&flags, "below min_count");
	else if (component->indicator != NULL && flag_prepared(&flags, ev, outcome, c, row, cell))
		flag_normalised(&flags, ev, outcome, c, row, cell);
	if (component->indicator == NULL && !ci_is_missing(outcome->score[c][row]) &&
		outcome->optima[c] != 1)
		add_flag(&flags, outcome->optima[c] == 0 ? "not proven" : "several optima");
	return ci_text_array(flags.word, flags.n);
}

static void
put_component(ReturnSetInfo *rows, const CiEvaluation *ev, const CiOutcome *outcome, int c,
			  uint32 row, const CiShare *share)
{
	const CiMethodology *m = ev->methodology;
	const CiComponent *component = &m->components[c];
	const CiPanelPeriod *at = &ev->panel->periods[outcome->period];
	double		score = outcome->score[c][row];
	Cell		cell = cell_of(ev, outcome, c, row);
	CiValue		values[] = {
		ci_int(at->period),
		ci_text(ev->panel->units[at->unit[row]]),
		ci_cstring(component->code),
		component->parent < 0 ? ci_null() : ci_cstring(m->components[component->parent].code),
		ci_cstring(component->indicator),
		ci_float(cell.raw),
		ci_float(cell.observed),
		ci_float(cell.imputed),
		cell.from == NULL ? ci_null() : ci_int(*cell.from),
		ci_float(cell.treated),
		ci_float(score),
		ci_float(share->weight),
		ci_float(share->effective),
		share->additive ? ci_float(share->effective *
								   (share->slope * score + share->intercept)) : ci_null(),
		{flags_of(ev, outcome, c, row, &cell), false}
	};

	ci_rows_put(rows, values, lengthof(values));
}

/* Explain the rows first … end of a period. */
static void
put_rows(ReturnSetInfo *rows, const CiEvaluation *ev, uint32 period, uint32 first, uint32 end)
{
	const CiMethodology *m = ev->methodology;
	CiOutcome  *outcome = ci_evaluate_period(ev, period, CI_KEEP_ALL);
	CiShare    *shares = palloc(m->n * sizeof(CiShare));
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.explain unit",
												  ALLOCSET_DEFAULT_SIZES);

	for (uint32 row = first; row < end; row++)
	{
		MemoryContext caller = MemoryContextSwitchTo(context);

		ci_share_out(ev, outcome, row, shares);
		for (int k = 0; k < m->n; k++)
		{
			int			c = m->display[k];

			put_component(rows, ev, outcome, c, row, &shares[c]);
		}
		MemoryContextSwitchTo(caller);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}

Datum
ci_explain(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	const CiMethodology *m;
	CiPanel    *panel;
	CiEvaluation *ev;
	MemoryContext context;
	MemoryContext caller;
	int			unit;
	int			only;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		return (Datum) 0;
	panel = ci_panel_arg(fcinfo, 0);
	m = ci_methodology_arg(fcinfo, 1);
	unit = PG_ARGISNULL(2) ? -1 : ci_panel_unit_arg(fcinfo, 2, panel);
	only = PG_ARGISNULL(3) ? -1 : ci_panel_period_named(panel, PG_GETARG_INT32(3));
	ev = ci_evaluate_begin(panel, m, only, NULL);
	context = AllocSetContextCreate(CurrentMemoryContext, "ci.explain period",
									ALLOCSET_DEFAULT_SIZES);
	caller = MemoryContextSwitchTo(context);
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		const CiPanelPeriod *at = &panel->periods[p];
		int64		row = unit < 0 ? 0 : ci_panel_row(at, (uint32) unit);

		if (row < 0 || (only >= 0 && p != (uint32) only))
			continue;
		put_rows(rows, ev, p, (uint32) row, unit < 0 ? at->n : (uint32) row + 1);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return (Datum) 0;
}
