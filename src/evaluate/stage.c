/*
 * evaluate/stage.c
 *	  A column's way through a normalise or rescale stage, once its parameters
 *	  are fitted.
 *
 * In: an evaluation, a stage's parameters, and rows of a period.  Out: what the
 * stage receives for them, and what it gives.  Nothing is allocated but what a
 * problem says.
 */
#include "postgres.h"

#include "evaluate/evaluate.h"
#include "utils/builtins.h"

#include "base/compat.h"

static void
report_outside(const CiEvaluation *ev, const CiComponent *component, const CiNormaliseStage *stage,
			   const CiPanelPeriod *at, size_t row, double value)
{
	bool		transforms = stage->spec.transform.kind != CI_TRANSFORM_NONE;
	const char *what = transforms ? "transform" : "reciprocal";
	CiProblem	problem = ci_problem_about("nonpositive", ERRCODE_DATA_EXCEPTION, component->code);
	char	   *where = ci_problem_locate(&problem, ev->panel->units[at->unit[row]], at->period);

	problem.value = value;
	problem.message = stage == &component->rescale ?
		psprintf("score of component \"%s\" has no %s", component->code, what) :
		psprintf("value of indicator \"%s\" has no %s", component->indicator, what);
	problem.detail = psprintf("%s: %.15g.", where, value);
	problem.hint = transforms ?
		"Give the transform an offset, clamp to goalposts, or set on_nonpositive." :
		"Normalise by another method, or set on_nonpositive.";
	ci_problem(ev->sink, &problem);
}

/*
 * Clamp x, which may be out, to the goalposts of each row's fit, as those of a
 * fitted methodology would: goalposts that came out reversed are equal there.
 */
static void
clamp_to_posts(const CiEvaluation *ev, const CiNormaliseStage *stage, const CiFitSet *set,
			   uint32 period, uint32 start, uint32 n, const double *x, double *out)
{
	for (uint32 i = 0; i < n; i++)
	{
		const CiNormaliseFit *fit = ci_fit_of_row(ev, &stage->scope, set, period, start + i);
		double		upper;

		out[i] = x[i];
		if (fit == NULL || (fit->status != CI_OK && !ci_fit_is_degenerate(fit)))
			continue;
		upper = fit->status == CI_REVERSED ? fit->a : fit->b;
		if (x[i] < fit->a)
			out[i] = fit->a;
		else if (x[i] > upper)
			out[i] = upper;
	}
}

/*
 * Bring what a stage receives for n rows from start on, cells or scores, into
 * the domain of its transform; out may be x.  set is NULL where parameters are
 * still to be estimated.
 */
static void
enter_domain(const CiEvaluation *ev, int component, const CiNormaliseStage *stage,
			 const CiFitSet *set, uint32 period, uint32 start, uint32 n,
			 const double *x, double *out)
{
	const CiComponent *at = &ev->methodology->components[component];
	CiNonpositive policy = ev->methodology->on_nonpositive;
	size_t		where;

	if (set != NULL && stage->spec.clamp)
	{
		clamp_to_posts(ev, stage, set, period, start, n, x, out);
		x = out;
	}
	if (ci_normalise_domain(&stage->spec, policy, x, n, out, &where) == CI_OK)
		return;
	report_outside(ev, at, stage, &ev->panel->periods[period], start + where, x[where]);
	policy.policy = CI_POLICY_MISSING;
	(void) ci_normalise_domain(&stage->spec, policy, x, n, out, &where);
}

bool
ci_cells_need_room(const CiEvaluation *ev, int component)
{
	const CiComponent *leaf = &ev->methodology->components[component];

	return ev->indicator[component] < 0 || ci_is_prepared(leaf) ||
		ci_normalise_has_domain(&leaf->normalise.spec);
}

/* Bring raw cells into the domain of the transform, where the leaf applies. */
static void
copy_cells(const CiEvaluation *ev, int component, const bool *applies, const CiFitSet *set,
		   uint32 period, uint32 start, uint32 n, double *buffer)
{
	const CiNormaliseStage *stage = &ev->methodology->components[component].normalise;
	const double *raw = ci_raw_cells(ev, component, period);

	for (uint32 i = 0; i < n; i++)
		buffer[i] = raw == NULL || (applies != NULL && !applies[start + i]) ?
			CI_MISSING : raw[start + i];
	enter_domain(ev, component, stage, set, period, start, n, buffer, buffer);
	for (uint32 i = 0; raw != NULL && applies != NULL && i < n; i++)
		if (!applies[start + i])
			buffer[i] = raw[start + i];
}

const double *
ci_prepare_cells(const CiEvaluation *ev, int component, const bool *applies,
				 const CiFitSet *set, uint32 period, uint32 start, uint32 n, double *buffer)
{
	const CiComponent *leaf = &ev->methodology->components[component];

	if (!ci_cells_need_room(ev, component))
		return ci_raw_cells(ev, component, period) + start;
	if (!ci_is_prepared(leaf))
	{
		copy_cells(ev, component, applies, set, period, start, n, buffer);
		return buffer;
	}
	ci_prepare_step(ev, component, applies, CI_TREATED, period, start, n, buffer);
	if (ci_normalise_has_domain(&leaf->normalise.spec))
		enter_domain(ev, component, &leaf->normalise, set, period, start, n, buffer, buffer);
	return buffer;
}

void
ci_prepare_scores(const CiEvaluation *ev, int component, const CiFitSet *set, uint32 period,
				  uint32 start, uint32 n, double *score)
{
	const CiNormaliseStage *stage = &ev->methodology->components[component].rescale;

	if (ci_normalise_has_domain(&stage->spec))
		enter_domain(ev, component, stage, set, period, start, n, score, score);
}

static void
apply_fit(const CiEvaluation *ev, const CiNormalise *spec, const CiNormaliseFit *fit,
		  const double *x, size_t n, double *out)
{
	double		score = CI_MISSING;

	if (fit != NULL && fit->status == CI_OK)
	{
		ci_normalise_apply(spec, fit, x, n, out);
		return;
	}
	if (fit != NULL && ci_fit_is_degenerate(fit) && ev->methodology->on_constant == CI_POLICY_MIDPOINT)
		score = ci_normalise_midpoint(spec);
	for (size_t i = 0; i < n; i++)
		out[i] = ci_is_missing(x[i]) ? CI_MISSING : score;
}

const void *
ci_fit_of_row(const CiEvaluation *ev, const CiScope *scope, const CiFitSet *set,
			  uint32 period, uint32 row)
{
	const char *fit = set->fit;
	int			column;
	double		value;
	int			low = 0;
	int			high = set->n;

	if (set->by == NULL)
		return fit;
	column = ci_panel_indicator(ev->panel, scope->by, (int) strlen(scope->by));
	value = column < 0 ? CI_MISSING :
		ci_panel_column(&ev->panel->periods[period], (uint32) column)[row];
	while (low < high)
	{
		int			mid = low + (high - low) / 2;

		if (set->by[mid] == value)
			return fit + mid * set->fit_size;
		if (set->by[mid] < value)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

void
ci_apply_stage(const CiEvaluation *ev, const CiNormaliseStage *stage, const CiFitSet *set,
			   uint32 period, uint32 start, uint32 n, const double *x, double *out)
{
	if (set->by == NULL)
	{
		apply_fit(ev, &stage->spec, set->fit, x, n, out);
		return;
	}
	for (uint32 i = 0; i < n; i++)
		apply_fit(ev, &stage->spec, ci_fit_of_row(ev, &stage->scope, set, period, start + i),
				  &x[i], 1, &out[i]);
}
