/*
 * change/begin.c
 *	  Two editions, read and evaluated, unit beside unit and component beside
 *	  component.
 */
#include "postgres.h"

#include "change/change.h"
#include "miscadmin.h"
#include "panel/flat.h"

#include "base/compat.h"

/* Read an edition from the arguments from argno on. */
static void
read_edition(FunctionCallInfo fcinfo, int argno, CiKeep keep, CiEdition *edition)
{
	edition->panel = ci_panel_arg(fcinfo, argno);
	edition->methodology = ci_methodology_open((CiMethodologyDatum *)
											   PG_GETARG_VARLENA_P(argno + 1));
	edition->period = (uint32) ci_panel_period_named(edition->panel, PG_GETARG_INT32(argno + 2));
	edition->ev = ci_evaluate_begin(edition->panel, edition->methodology,
									(int) edition->period, NULL);
	edition->outcome = ci_evaluate_period(edition->ev, edition->period, keep);
}

static const text *
name_of_row(const CiEdition *edition, uint32 row)
{
	const CiPanelPeriod *at = &edition->panel->periods[edition->period];

	return row < at->n ? edition->panel->units[at->unit[row]] : NULL;
}

/* Compare names; NULL, after the last one, is the greatest. */
static int
compare_names(const text *a, const text *b)
{
	if (a == NULL || b == NULL)
		return (a == NULL) - (b == NULL);
	return ci_name_compare(VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a),
						   VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b));
}

/* Put the units of both editions side by side: in each, rows are in order. */
static void
pair_units(CiChange *change)
{
	Size		most = 0;
	uint32		next[2] = {0, 0};

	for (int side = 0; side < 2; side++)
		most += change->edition[side].outcome->n;
	change->units = palloc_extended(Max(most, 1) * sizeof(CiChangeUnit), MCXT_ALLOC_HUGE);
	for (;;)
	{
		const text *before = name_of_row(&change->edition[0], next[0]);
		const text *after = name_of_row(&change->edition[1], next[1]);
		int			c = compare_names(before, after);
		CiChangeUnit *unit = &change->units[change->n];

		if (before == NULL && after == NULL)
			break;
		if (change->n % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		unit->name = c <= 0 ? before : after;
		unit->row[0] = c <= 0 ? (int64) next[0]++ : -1;
		unit->row[1] = c >= 0 ? (int64) next[1]++ : -1;
		change->n++;
	}
}

/* The component that has the code of c; for a root whose code is gone, the new root. */
static int
find_by_code(const CiMethodology *m, int c, const CiMethodology *other)
{
	int			k = ci_methodology_find(other, m->components[c].code);

	if (k < 0 && c == m->root &&
		ci_methodology_find(m, other->components[other->root].code) < 0)
		return other->root;
	return k;
}

/* Components are the same if they have the same code and, as leaves, the same indicator. */
static int *
find_counterparts(const CiMethodology *m, const CiMethodology *other)
{
	int		   *counterpart = palloc(m->n * sizeof(int));

	for (int c = 0; c < m->n; c++)
	{
		int			k = find_by_code(m, c, other);
		const char *indicator = m->components[c].indicator;
		const char *found = k < 0 ? NULL : other->components[k].indicator;
		bool		same = indicator == NULL ? found == NULL :
			found != NULL && strcmp(indicator, found) == 0;

		counterpart[c] = same ? k : -1;
	}
	return counterpart;
}

static bool
stage_compares_units(const CiNormaliseStage *stage)
{
	return stage->spec.method != NULL && (stage->spec.method->flags & CI_NORMALISE_PEERS) != 0;
}

static bool
methodology_compares_units(const CiMethodology *m)
{
	for (int c = 0; c < m->n; c++)
	{
		const CiComponent *at = &m->components[c];

		if (stage_compares_units(&at->rescale) ||
			(at->indicator != NULL && stage_compares_units(&at->normalise)) ||
			(at->indicator == NULL && (at->aggregate.method->flags & CI_AGGREGATE_PEERS) != 0))
			return true;
	}
	return false;
}

static bool
have_same_units(const CiChange *change)
{
	for (uint32 i = 0; i < change->n; i++)
		if (ci_takes_part(change, 0, i) != ci_takes_part(change, 1, i))
			return false;
	return true;
}

static bool
is_same_data(const CiEdition *before, const CiEdition *after)
{
	return before->period == after->period &&
		ci_panel_same(before->panel, after->panel);
}

CiChange *
ci_change_begin(FunctionCallInfo fcinfo, CiKeep keep)
{
	CiChange   *change = palloc0(sizeof(CiChange));
	CiEdition  *before = &change->edition[0];
	CiEdition  *after = &change->edition[1];

	read_edition(fcinfo, 0, keep, before);
	read_edition(fcinfo, 3, keep, after);
	pair_units(change);
	before->counterpart = find_counterparts(before->methodology, after->methodology);
	after->counterpart = find_counterparts(after->methodology, before->methodology);
	change->same_methodology = memcmp(before->methodology->digest, after->methodology->digest,
									  CI_DIGEST_LENGTH) == 0;
	change->compares_units = methodology_compares_units(before->methodology) ||
		methodology_compares_units(after->methodology);
	change->same_units = have_same_units(change);
	change->same_data = is_same_data(before, after) &&
		(change->same_units || !change->compares_units);
	return change;
}
