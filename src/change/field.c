/*
 * change/field.c
 *	  Where a unit ranks among others, also with a score that is not its own.
 *
 * In: two editions, and scores of their units.  Out: those that take part, in order
 * and in groups of equal rounded score, in the current memory context; and ranks
 * among them, each found by bisection.
 */
#include "postgres.h"

#include "base/sort.h"
#include "change/change.h"
#include "miscadmin.h"

bool
ci_takes_part(const CiChange *change, int side, uint32 unit)
{
	const CiEdition *edition = &change->edition[side];
	int64		row = change->units[unit].row[side];

	return row >= 0 && ci_screening(edition->ev, edition->period, (uint32) row) == CI_PASSED;
}

static void *
new_array(Size n, Size size)
{
	return palloc_extended(Max(n, 1) * size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

CiField
ci_field_make(const CiChange *change, const CiMethodology *m, int units, const double *score)
{
	CiField		field = {m, 0};
	uint32	   *order = field.order = new_array(change->n, sizeof(uint32));

	field.score = new_array(change->n, sizeof(double));
	field.group = new_array(change->n, sizeof(uint32));
	field.place = new_array(change->n, sizeof(uint32));
	field.start = new_array((Size) change->n + 1, sizeof(uint32));
	for (uint32 i = 0; i < change->n; i++)
	{
		field.place[i] = change->n;
		if (ci_takes_part(change, units, i) && !ci_is_missing(score[i]))
			order[field.n++] = i;
	}
	ci_sort_order(order, field.n, score, !ci_component_is_less(&m->components[m->root]));
	for (uint32 k = 0; k < field.n; k++)
	{
		if (k % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		field.place[order[k]] = k;
		field.score[k] = score[order[k]];
		if (k == 0 || !ci_rank_same(score[order[field.start[field.n_groups - 1]]], field.score[k],
									m->decimals))
			field.start[field.n_groups++] = k;
		field.group[k] = field.n_groups - 1;
	}
	field.start[field.n_groups] = field.n;
	return field;
}

/* The first place whose score is not better than this one; n if all are. */
static uint32
find_place(const CiField *field, double score)
{
	bool		less = ci_component_is_less(&field->methodology->components[field->methodology->root]);
	uint32		low = 0;
	uint32		high = field->n;

	while (low < high)
	{
		uint32		mid = low + (high - low) / 2;

		if (less ? field->score[mid] < score : field->score[mid] > score)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The group that a score is equal to, as far as ranks go; n_groups if there is none. */
static uint32
find_group(const CiField *field, uint32 place, double score)
{
	int			decimals = field->methodology->decimals;

	if (place < field->n && ci_rank_same(field->score[place], score, decimals))
		return field->group[place];
	if (place > 0 && ci_rank_same(field->score[place - 1], score, decimals))
		return field->group[place - 1];
	return field->n_groups;
}

int32
ci_field_rank(const CiField *field, uint32 unit, double score)
{
	uint32		own = field->place[unit];
	uint32		place = ci_is_missing(score) ? field->n : find_place(field, score);
	uint32		group = ci_is_missing(score) ? field->n_groups : find_group(field, place, score);
	size_t		ahead = group < field->n_groups ? field->start[group] : place;
	size_t		groups = group < field->n_groups ? group :
		place < field->n ? field->group[place] : field->n_groups;
	size_t		tied = group < field->n_groups ? field->start[group + 1] - field->start[group] : 0;

	if (own < field->n && own < ahead)
	{
		uint32		own_group = field->group[own];

		ahead--;
		groups -= field->start[own_group + 1] - field->start[own_group] == 1;
	}
	else if (own < field->n && own < ahead + tied)
		tied--;
	return field->methodology->ties->rank(ahead, groups, tied + 1);
}
