/*
 * fuzz_change.c
 *	  Any two methodologies over any panel: effects add up to the change.
 *
 * An input is two methodologies, each ended by byte 30, and the panel, in lines
 * (fuzz_lines.h).  The editions are its first and its last period.
 */
#include "postgres.h"

#include "fuzz_lines.h"
#include "fuzz_server.h"
#include "methodology/methodology.h"

#define SEPARATOR 30
#define MAX_LEAVES 10			/* whose orders are gone through in no time */

#define RANK_CHANGE_COLUMNS 9
#define SCORE_CHANGE_COLUMNS 3

extern Datum ci_methodology_in(PG_FUNCTION_ARGS);
extern Datum ci_rank_change(PG_FUNCTION_ARGS);
extern Datum ci_score_change(PG_FUNCTION_ARGS);

/* What has been seen of one unit. */
typedef struct Sum
{
	bool		out_of_range;	/* an effect is null */
	bool		has_rank;
	bool		has_score;
	int32		change;			/* of rank */
	int32		steps;
	double		ranks;
	double		score;			/* its change */
	double		scores;
	double		size;			/* of all effects on the score and both scores */
	int			n;
} Sum;

typedef struct Sums
{
	Sum			unit[MAX_UNITS];
} Sums;

static Sum *
sum_of(Sums *sums, Datum unit)
{
	return &sums->unit[*VARDATA_ANY(DatumGetPointer(unit)) - 'A'];
}

static void
look_at_rank_change(void *arg, const Datum *value, const bool *null)
{
	Sum		   *sum = sum_of(arg, value[0]);

	sum->has_rank = !null[1] && !null[2];
	sum->has_score = !null[3] && !null[4];
	if (null[6] == sum->has_rank || null[7] == sum->has_rank)
		fuzz_fail("an effect is null where the ranks are not, or the reverse");
	if (sum->has_rank)
	{
		sum->change = DatumGetInt32(value[1]) - DatumGetInt32(value[2]);
		sum->ranks += DatumGetFloat8(value[6]);
		sum->steps += DatumGetInt32(value[7]);
	}
	if (sum->has_score)
	{
		sum->score = DatumGetFloat8(value[4]) - DatumGetFloat8(value[3]);
		sum->size += fabs(DatumGetFloat8(value[4])) + fabs(DatumGetFloat8(value[3]));
		if (null[8])
			sum->has_score = false; /* out of range */
		else
		{
			sum->scores += DatumGetFloat8(value[8]);
			sum->size += fabs(DatumGetFloat8(value[8]));
		}
	}
	sum->n += !null[8];
}

static void
look_at_score_change(void *arg, const Datum *value, const bool *null)
{
	Sum		   *sum = sum_of(arg, value[0]);

	if (null[2])
	{
		sum->out_of_range = true;	/* or there is no score */
		return;
	}
	sum->n++;
	sum->scores += DatumGetFloat8(value[2]);
	sum->size += fabs(DatumGetFloat8(value[2]));
}

/* Are two numbers the same, but for the rounding of terms of this size? */
static bool
is_near(double a, double b, double size)
{
	return !isfinite(size) || fabs(a - b) <= 1e-9 * (1 + size);
}

static void
check_ranks(const Sums *sums)
{
	for (int i = 0; i < MAX_UNITS; i++)
	{
		const Sum  *sum = &sums->unit[i];

		if (sum->has_rank && (sum->change != sum->steps || fabs(sum->change - sum->ranks) > 1e-9))
			fuzz_fail("unit %c moves by %d, its causes by %d and %.17g", 'A' + i, sum->change,
					  sum->steps, sum->ranks);
		if (sum->has_score && sum->n >= 6 && !is_near(sum->score, sum->scores, sum->size))
			fuzz_fail("unit %c's score changes by %.17g, its causes by %.17g", 'A' + i,
					  sum->score, sum->scores);
	}
}

static void
check_scores(const Sums *ranks, const Sums *sums)
{
	for (int i = 0; i < MAX_UNITS; i++)
		if (ranks->unit[i].has_score && sums->unit[i].n > 0 && !sums->unit[i].out_of_range &&
			!is_near(ranks->unit[i].score, sums->unit[i].scores,
					 ranks->unit[i].size + sums->unit[i].size))
			fuzz_fail("unit %c's score changes by %.17g, its parts by %.17g", 'A' + i,
					  ranks->unit[i].score, sums->unit[i].scores);
}

static int
count_leaves(Datum methodology)
{
	const CiMethodology *m = ci_methodology_open((CiMethodologyDatum *) DatumGetPointer(methodology));

	return m->components[m->root].n_leaves;
}

static bool
read_methodology(const uint8 **data, const uint8 *end, NullableDatum *methodology)
{
	const uint8 *separator = memchr(*data, SEPARATOR, end - *data);
	char	   *text;

	if (separator == NULL || (text = fuzz_text(*data, separator - *data)) == NULL)
		return false;
	*methodology = fuzz_given(fuzz_call1(ci_methodology_in, CStringGetDatum(text)));
	*data = separator + 1;
	return true;
}

static void
compare(const uint8 *data, size_t size)
{
	const uint8 *end = data + size;
	NullableDatum args[8] = {[6] = fuzz_null(),[7] = fuzz_null()};
	CiPanel    *panel;
	Datum		flat;
	Datum		result;
	bool		isnull;
	Sums		ranks = {0};
	Sums		sums = {0};

	if (!read_methodology(&data, end, &args[1]) || !read_methodology(&data, end, &args[4]) ||
		!make_panel(data, end, -1, &flat))
		return;
	panel = ci_panel_open(flat);
	args[0] = args[3] = fuzz_given(flat);
	args[2] = fuzz_given(Int32GetDatum(panel->periods[0].period));
	args[5] = fuzz_given(Int32GetDatum(panel->periods[panel->n_periods - 1].period));
	fuzz_expect_rows(RANK_CHANGE_COLUMNS, look_at_rank_change, &ranks);
	if (!fuzz_try(ci_rank_change, 6, args, &result, &isnull))
		return;
	check_ranks(&ranks);
	if (count_leaves(args[1].value) > MAX_LEAVES || count_leaves(args[4].value) > MAX_LEAVES)
		return;
	fuzz_expect_rows(SCORE_CHANGE_COLUMNS, look_at_score_change, &sums);
	if (!fuzz_try(ci_score_change, 8, args, &result, &isnull))
		fuzz_fail("ranks can be explained but not scores: %s", fuzz_error());
	check_scores(&ranks, &sums);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(compare, data, size);
}
