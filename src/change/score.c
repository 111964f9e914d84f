/*
 * change/score.c
 *	  ci.score_change: what each indicator has to do with a change of score, or with
 *	  the gap between two units.
 *
 * In: two editions, and one unit, two, or all that are in both.  Out: a row for each
 * unit and component over which the change is split.  Where all means of both trees
 * are arithmetic it is the difference of contributions; where all are geometric,
 * that of contributions to the logarithm, times the logarithmic mean of the scores;
 * elsewhere, Shapley values.  Each unit is split in a context that is reset after
 * it.
 */
#include "postgres.h"

#include "base/rows.h"
#include "change/change.h"
#include "miscadmin.h"
#include "result/explain.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_score_change);

/* A part of the change: a component at the end of either tree, or of both. */
typedef struct Part
{
	const char *code;
	int			component[2];	/* -1 if the edition has none */
} Part;

typedef struct Splitting
{
	const CiChange *change;
	CiTree	   *tree[2];
	int			n;
	Part	   *parts;
	bool		same_tree;		/* what differs are scores at its ends only */
	int			of_trees;		/* the part that the trees' own effect goes
								 * to, n if none */
	double	   *effect;			/* by part, and one more */
} Splitting;

static double
score_of(const CiEdition *edition, uint32 row)
{
	return edition->outcome->score[edition->methodology->root][row];
}

/* Add the ends of an edition's tree, but for those that are there already. */
static void
add_parts(Splitting *splitting, int side)
{
	const CiEdition *edition = &splitting->change->edition[side];
	const CiMethodology *m = edition->methodology;

	for (int k = 0; k < m->n; k++)
	{
		int			c = m->display[k];
		int			other = edition->counterpart[c];
		Part	   *part = &splitting->parts[splitting->n];

		if (!ci_tree_ends_at(splitting->tree[side], c))
			continue;
		if (other >= 0 && !ci_tree_ends_at(splitting->tree[1 - side], other))
			other = -1;
		if (side == 0 && other >= 0)
			continue;			/* it came with the edition after */
		part->code = m->components[c].code;
		part->component[side] = c;
		part->component[1 - side] = other;
		splitting->n++;
	}
}

/* The root, under whose code the trees' own effect goes: one that is split further. */
static const char *
root_code(const Splitting *splitting)
{
	const CiMethodology *before = splitting->change->edition[0].methodology;
	const CiMethodology *after = splitting->change->edition[1].methodology;

	return ci_tree_ends_at(splitting->tree[1], after->root) ?
		before->components[before->root].code : after->components[after->root].code;
}

static Splitting
make_splitting(const CiChange *change)
{
	Splitting	splitting = {change};
	int			most = change->edition[0].methodology->n + change->edition[1].methodology->n;

	for (int side = 0; side < 2; side++)
		splitting.tree[side] = ci_tree_make(&change->edition[side]);
	splitting.same_tree = change->same_methodology && ci_tree_is_fixed(splitting.tree[0]);
	splitting.parts = palloc(most * sizeof(Part));
	splitting.effect = palloc((most + 1) * sizeof(double));
	add_parts(&splitting, 1);
	add_parts(&splitting, 0);
	while (splitting.of_trees < splitting.n &&
		   strcmp(splitting.parts[splitting.of_trees].code, root_code(&splitting)) != 0)
		splitting.of_trees++;
	return splitting;
}

/*
 * Work out a unit's shares in both editions; true if its score is the sum of what the
 * parts contribute.
 */
static bool
share_out(const Splitting *splitting, const uint32 *row, CiShare *const *shares)
{
	bool		additive = true;

	for (int side = 0; side < 2; side++)
	{
		const CiEdition *edition = &splitting->change->edition[side];

		ci_share_out(edition->ev, edition->outcome, row[side], shares[side]);
		for (int i = 0; i < splitting->n; i++)
		{
			int			c = splitting->parts[i].component[side];

			if (c >= 0 && shares[side][c].effective != 0 && !shares[side][c].additive)
				additive = false;
		}
	}
	return additive;
}

/* A part's contribution to the score of one edition, or to its logarithm. */
static double
contribution(const Splitting *splitting, int side, int c, uint32 row, const CiShare *shares,
			 bool logarithmic)
{
	double		score;

	if (c < 0 || shares[c].effective == 0)
		return 0;
	score = splitting->change->edition[side].outcome->score[c][row];
	if (logarithmic)
		return shares[c].effective * log(score);
	return shares[c].effective * (shares[c].slope * score + shares[c].intercept);
}

/* Are all the scores that count positive, and as they were before any policy? */
static bool
is_product(const Splitting *splitting, const uint32 *row, CiShare *const *shares)
{
	for (int side = 0; side < 2; side++)
	{
		const CiEdition *edition = &splitting->change->edition[side];
		CiNonpositive policy = edition->methodology->on_nonpositive;
		double		least = policy.policy == CI_POLICY_FLOOR ? policy.floor : 0;

		if (!ci_tree_is_geometric(splitting->tree[side]))
			return false;
		for (int i = 0; i < splitting->n; i++)
		{
			int			c = splitting->parts[i].component[side];

			if (c < 0 || shares[side][c].effective == 0)
				continue;
			if (!(edition->outcome->score[c][row[side]] > 0 &&
				  edition->outcome->score[c][row[side]] >= least))
				return false;
		}
	}
	return true;
}

/* Near 1 the quotient loses all digits, but is near the geometric mean. */
static double
logarithmic_mean(double a, double b)
{
	double		ratio = isnormal(b / a) ? log(b / a) : log(b) - log(a);

	return fabs(ratio) < 1e-8 ? sqrt(a) * sqrt(b) : (b - a) / ratio;
}

/* Do the effects make up the change, but for rounding?  They do not where they overflow. */
static bool
add_up(const Splitting *splitting, double change)
{
	double		sum = 0;
	double		size = 1;

	for (int i = 0; i < splitting->n; i++)
	{
		sum += splitting->effect[i];
		size += fabs(splitting->effect[i]);
	}
	return isfinite(size) && fabs(sum - change) <= 1e-9 * size;
}

/* Split by contributions, to the score or to its logarithm; false if that fails. */
static bool
split_contributions(const Splitting *splitting, const uint32 *row, CiShare *const *shares,
					bool logarithmic)
{
	const CiEdition *edition = splitting->change->edition;
	double		before = score_of(&edition[0], row[0]);
	double		after = score_of(&edition[1], row[1]);
	double		factor = logarithmic ? logarithmic_mean(before, after) : 1;

	for (int i = 0; i < splitting->n; i++)
	{
		double		of[2];

		for (int side = 0; side < 2; side++)
			of[side] = contribution(splitting, side, splitting->parts[i].component[side],
									row[side], shares[side], logarithmic);
		splitting->effect[i] = factor * (of[1] - of[0]);
	}
	return add_up(splitting, after - before);
}

/*
 * The scores at the ends of one edition's tree, by its components, before and after: where
 * the other edition has no such component, or on another scale, its own both times.
 */
static void
collect_values(const Splitting *splitting, int side, const uint32 *row, double *const *value)
{
	const CiEdition *edition = splitting->change->edition;

	for (int i = 0; i < splitting->n; i++)
	{
		const int  *component = splitting->parts[i].component;
		int			c = component[side];
		bool		shared = component[0] >= 0 && component[1] >= 0 &&
			ci_same_scale(edition[0].methodology->components[component[0]].scale,
					  edition[1].methodology->components[component[1]].scale);

		if (c < 0)
			continue;
		for (int of = 0; of < 2; of++)
			value[of][c] = of == side || !shared ?
				ci_tree_value(splitting->tree[side], c, row[side]) :
				ci_tree_value(splitting->tree[of], component[of], row[of]);
	}
}

/*
 * Shapley values.  Scores and trees change in either order: effects of scores are the
 * mean of those in both trees, the rest of the change is the trees' own.
 */
static void
split_orders(const Splitting *splitting, const uint32 *row)
{
	const CiEdition *edition = splitting->change->edition;
	int			n_trees = splitting->same_tree ? 1 : 2;
	double		halfway = score_of(&edition[0], row[0]) / 2 + score_of(&edition[1], row[1]) / 2;
	double		total[2][2];

	for (int i = 0; i <= splitting->n; i++)
		splitting->effect[i] = 0;
	for (int side = 0; side < n_trees; side++)
	{
		int			n = edition[side].methodology->n;
		double	   *effect = palloc(n * sizeof(double));
		double	   *value[2] = {palloc(n * sizeof(double)), palloc(n * sizeof(double))};

		collect_values(splitting, side, row, value);
		ci_tree_split(splitting->tree[side], value, halfway, effect,
					  total[side]);
		for (int i = 0; i < splitting->n; i++)
			if (splitting->parts[i].component[side] >= 0)
				splitting->effect[i] += effect[splitting->parts[i].component[side]] / n_trees;
	}
	if (n_trees == 2)
		splitting->effect[splitting->of_trees] +=
			((total[1][0] - total[0][0]) + (total[1][1] - total[0][1])) / 2;
}

static void
put_part(ReturnSetInfo *rows, const text *unit, const char *code, CiValue effect)
{
	CiValue		values[] = {ci_text(unit), ci_cstring(code), effect};

	ci_rows_put(rows, values, lengthof(values));
}

/* Split one unit's change, or the gap to another, and give its rows. */
static void
split_unit(ReturnSetInfo *rows, const Splitting *splitting, const text *unit, const uint32 *row)
{
	const CiEdition *edition = splitting->change->edition;
	CiShare    *shares[2];
	bool		scored = true;
	bool		of_trees = false;

	for (int side = 0; side < 2; side++)
	{
		shares[side] = palloc(edition[side].methodology->n * sizeof(CiShare));
		scored &= !ci_is_missing(score_of(&edition[side], row[side]));
	}
	if (!scored)
		 /* nothing to split */ ;
	else if (share_out(splitting, row, shares) &&
			 split_contributions(splitting, row, shares, false))
		 /* a sum */ ;
	else if (is_product(splitting, row, shares) &&
			 split_contributions(splitting, row, shares, true))
		 /* a product */ ;
	else
	{
		split_orders(splitting, row);
		of_trees = !splitting->same_tree && splitting->of_trees == splitting->n;
	}
	for (int i = 0; i < splitting->n; i++)
		put_part(rows, unit, splitting->parts[i].code,
				 scored ? ci_float(splitting->effect[i]) : ci_null());
	if (of_trees)
		put_part(rows, unit, root_code(splitting), ci_float(splitting->effect[splitting->n]));
}

/* The row of the unit that is an argument. */
static uint32
unit_row(FunctionCallInfo fcinfo, int argno, const CiEdition *edition)
{
	const CiPanelPeriod *at = &edition->panel->periods[edition->period];
	text	   *name = PG_GETARG_TEXT_PP(argno);
	int			unit = ci_panel_unit(edition->panel, VARDATA_ANY(name),
									 (int) VARSIZE_ANY_EXHDR(name));
	int64		row = unit < 0 ? -1 : ci_panel_row(at, (uint32) unit);

	if (row < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("panel has no unit \"%s\" in period %d", text_to_cstring(name),
						at->period)));
	return (uint32) row;
}

static void
split_named(FunctionCallInfo fcinfo, ReturnSetInfo *rows, const Splitting *splitting)
{
	const CiEdition *edition = splitting->change->edition;
	uint32		row[2];

	row[0] = unit_row(fcinfo, 6, &edition[0]);
	row[1] = unit_row(fcinfo, PG_ARGISNULL(7) ? 6 : 7, &edition[1]);
	split_unit(rows, splitting, PG_GETARG_TEXT_PP(6), row);
}

static void
split_all(ReturnSetInfo *rows, const Splitting *splitting)
{
	const CiChange *change = splitting->change;
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.score_change unit",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	for (uint32 i = 0; i < change->n; i++)
	{
		uint32		row[2] = {(uint32) change->units[i].row[0], (uint32) change->units[i].row[1]};

		if (change->units[i].row[0] < 0 || change->units[i].row[1] < 0)
			continue;
		split_unit(rows, splitting, change->units[i].name, row);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

Datum
ci_score_change(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiChange   *change;
	Splitting	splitting;

	for (int i = 0; i < 6; i++)
		if (PG_ARGISNULL(i))
			return (Datum) 0;
	if (PG_ARGISNULL(6) && !PG_ARGISNULL(7))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("unit is null but other is not"),
				 errhint("Name both units of a gap.")));
	change = ci_change_begin(fcinfo, CI_KEEP_ALL);
	splitting = make_splitting(change);
	if (PG_ARGISNULL(6))
		split_all(rows, &splitting);
	else
		split_named(fcinfo, rows, &splitting);
	return (Datum) 0;
}
