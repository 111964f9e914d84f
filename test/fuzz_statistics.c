/*
 * fuzz_statistics.c
 *	  Any bytes as the state of a statistical aggregate: an error or a number; and
 *	  any numbers as its rows: the same number in any order.
 *
 * After a first byte that is even comes the state itself.  Any other chooses an
 * aggregate; the next byte is its parameter, and then come rows: a byte or two for
 * each number, or eight after a byte of 255.
 */
#include "postgres.h"

#include <math.h>

#include "fuzz_server.h"

#define MAX_ROWS 200

extern Datum ci_collect_value(PG_FUNCTION_ARGS);
extern Datum ci_collect_weighted(PG_FUNCTION_ARGS);
extern Datum ci_collect_power(PG_FUNCTION_ARGS);
extern Datum ci_collect_weighted_power(PG_FUNCTION_ARGS);
extern Datum ci_collect_pair(PG_FUNCTION_ARGS);
extern Datum ci_collect_lists(PG_FUNCTION_ARGS);
extern Datum ci_collect_top(PG_FUNCTION_ARGS);
extern Datum ci_collect_combine(PG_FUNCTION_ARGS);
extern Datum ci_weighted_mean_final(PG_FUNCTION_ARGS);
extern Datum ci_geometric_mean_final(PG_FUNCTION_ARGS);
extern Datum ci_harmonic_mean_final(PG_FUNCTION_ARGS);
extern Datum ci_power_mean_final(PG_FUNCTION_ARGS);
extern Datum ci_weighted_median_final(PG_FUNCTION_ARGS);
extern Datum ci_skewness_final(PG_FUNCTION_ARGS);
extern Datum ci_kurtosis_final(PG_FUNCTION_ARGS);
extern Datum ci_gini_final(PG_FUNCTION_ARGS);
extern Datum ci_cronbach_alpha_final(PG_FUNCTION_ARGS);
extern Datum ci_cronbach_alpha_standardised_final(PG_FUNCTION_ARGS);
extern Datum ci_spearman_final(PG_FUNCTION_ARGS);
extern Datum ci_weighted_spearman_final(PG_FUNCTION_ARGS);
extern Datum ci_ws_final(PG_FUNCTION_ARGS);
extern Datum ci_mean_rank_shift_final(PG_FUNCTION_ARGS);
extern Datum ci_kendall_tau_final(PG_FUNCTION_ARGS);
extern Datum ci_rank_biased_overlap_final(PG_FUNCTION_ARGS);
extern Datum ci_top_overlap_final(PG_FUNCTION_ARGS);

/* What limits a result. */
typedef enum Limits
{
	ANY,
	MEAN,						/* the smallest and the largest value */
	SHARE,						/* 0 and 1 */
	CORRELATION					/* -1 and 1 */
} Limits;

typedef enum Parameter
{
	NONE,
	EXPONENT,
	PERSISTENCE,
	DEPTH
} Parameter;

static const struct Aggregate
{
	PGFunction	transition;
	PGFunction	final;
	int			numbers;
	bool		weighted;
	bool		positive;
	bool		may_miss;
	Parameter	parameter;
	Limits		limits;
}			aggregates[] = {
	{ci_collect_weighted, ci_weighted_mean_final, 2, true, false, false, NONE, MEAN},
	{ci_collect_value, ci_geometric_mean_final, 1, false, true, false, NONE, MEAN},
	{ci_collect_weighted, ci_geometric_mean_final, 2, true, true, false, NONE, MEAN},
	{ci_collect_value, ci_harmonic_mean_final, 1, false, true, false, NONE, MEAN},
	{ci_collect_weighted, ci_harmonic_mean_final, 2, true, true, false, NONE, MEAN},
	{ci_collect_power, ci_power_mean_final, 1, false, true, false, EXPONENT, MEAN},
	{ci_collect_weighted_power, ci_power_mean_final, 2, true, true, false, EXPONENT, MEAN},
	{ci_collect_weighted, ci_weighted_median_final, 2, true, false, false, NONE, MEAN},
	{ci_collect_value, ci_skewness_final, 1, false, false, false, NONE, ANY},
	{ci_collect_value, ci_kurtosis_final, 1, false, false, false, NONE, ANY},
	{ci_collect_value, ci_gini_final, 1, false, true, false, NONE, SHARE},
	{ci_collect_weighted, ci_gini_final, 2, true, true, false, NONE, SHARE},
	{ci_collect_pair, ci_spearman_final, 2, false, false, false, NONE, CORRELATION},
	{ci_collect_pair, ci_kendall_tau_final, 2, false, false, false, NONE, CORRELATION},
	{ci_collect_pair, ci_weighted_spearman_final, 2, false, false, false, NONE, CORRELATION},
	{ci_collect_pair, ci_ws_final, 2, false, false, false, NONE, SHARE},
	{ci_collect_pair, ci_mean_rank_shift_final, 2, false, false, false, NONE, ANY},
	{ci_collect_lists, ci_rank_biased_overlap_final, 2, false, false, true, PERSISTENCE, SHARE},
	{ci_collect_top, ci_top_overlap_final, 2, false, false, true, DEPTH, SHARE}
};

static const PGFunction others[] = {
	ci_cronbach_alpha_final, ci_cronbach_alpha_standardised_final
};

/* A state may be changed in place. */
static Datum
copied(Datum state)
{
	return fuzz_value(VARDATA(DatumGetPointer(state)), VARSIZE(DatumGetPointer(state)) - VARHDRSZ);
}

/* The final function's result; false if it raised an error. */
static bool
result_of(PGFunction final, Datum state, NullableDatum *result)
{
	NullableDatum args[] = {fuzz_given(state)};

	if (!fuzz_try(final, 1, args, &result->value, &result->isnull))
		return false;
	if (!result->isnull && !isfinite(DatumGetFloat8(result->value)))
		fuzz_fail("a result is %g", DatumGetFloat8(result->value));
	return true;
}

/* Give bytes that may be anything to every function. */
static void
try_state(const uint8 *data, size_t size)
{
	NullableDatum args[] = {fuzz_given(fuzz_value(data, size)), fuzz_given(fuzz_value(data, size))};
	NullableDatum result;

	for (size_t i = 0; i < lengthof(aggregates); i++)
		(void) result_of(aggregates[i].final, fuzz_value(data, size), &result);
	for (size_t i = 0; i < lengthof(others); i++)
		(void) result_of(others[i], fuzz_value(data, size), &result);
	if (fuzz_try(ci_collect_combine, lengthof(args), args, &result.value, &result.isnull))
		for (size_t i = 0; i < lengthof(aggregates); i++)
			(void) result_of(aggregates[i].final, copied(result.value), &args[1]);
}

typedef struct Input
{
	const uint8 *next;
	const uint8 *end;
} Input;

static int
take_byte(Input *in)
{
	return in->next < in->end ? *in->next++ : 0;
}

/* A number of moderate size, often the same, or of any bits. */
static double
take_number(Input *in)
{
	int			first = take_byte(in);
	double		x;

	if (first < 200)
		return (first - 64) / 4.0;
	if (first < 255 || in->end - in->next < 8)
		return ldexp(first - 190, (take_byte(in) - 128) * 8);
	memcpy(&x, in->next, sizeof(x));
	in->next += sizeof(x);
	return isfinite(x) ? x + 0.0 : 1;
}

/* Put the last argument of the transition function, which is the same for all rows. */
static void
take_parameter(Input *in, Parameter kind, NullableDatum *arg)
{
	static const double exponents[] = {
		0, 1, -1, 2, -2, 0.5, 1e-3, -1e-3, 1e-9, 1e-320, 700, -700, 1e300, -1e300, INFINITY, -INFINITY
	};
	int			byte = take_byte(in);

	if (kind == EXPONENT)
		*arg = fuzz_given(Float8GetDatum(exponents[byte % lengthof(exponents)]));
	else if (kind == PERSISTENCE)
		*arg = fuzz_given(Float8GetDatum((byte + 0.5) / 256));
	else if (kind == DEPTH)
		*arg = fuzz_given(Int32GetDatum(1 + byte));
}

typedef struct Rows
{
	int			n;
	double		smallest;
	double		largest;
	NullableDatum argument[MAX_ROWS][4];
} Rows;

static void
take_rows(Input *in, const struct Aggregate *aggregate, Rows *rows)
{
	NullableDatum parameter = fuzz_null();

	take_parameter(in, aggregate->parameter, &parameter);
	rows->smallest = INFINITY;
	rows->largest = -INFINITY;
	for (rows->n = 0; rows->n < MAX_ROWS && in->next < in->end; rows->n++)
	{
		NullableDatum *argument = rows->argument[rows->n];
		double		value = take_number(in);
		double		other = aggregate->numbers == 2 ? take_number(in) : 1;

		if (aggregate->positive)
			value = fmax(fabs(value), 4.9406564584124654e-324);
		if (aggregate->weighted)
			other = fabs(other);
		argument[1] = fuzz_given(Float8GetDatum(value));
		argument[2] = aggregate->numbers == 2 ? fuzz_given(Float8GetDatum(other)) : parameter;
		argument[3] = parameter;
		if (aggregate->may_miss && value == 0)
			argument[1].isnull = true;
		if (aggregate->may_miss && other == 0)
			argument[2].isnull = true;
		if (other > 0)
		{
			rows->smallest = fmin(rows->smallest, value);
			rows->largest = fmax(rows->largest, value);
		}
	}
}

/* Collect every step-th row from the first on, of all if step is 1 or -1. */
static Datum
collect(const struct Aggregate *aggregate, Rows *rows, int first, int step)
{
	Datum		state = fuzz_value("", 0);
	int			n_args = 1 + aggregate->numbers + (aggregate->parameter != NONE);

	for (int i = first; i >= 0 && i < rows->n; i += step)
	{
		bool		isnull;

		rows->argument[i][0] = fuzz_given(state);
		if (!fuzz_try(aggregate->transition, n_args, rows->argument[i], &state, &isnull) || isnull)
			fuzz_fail("a row cannot be added: %s", fuzz_error());
	}
	return state;
}

static void
check_limits(const struct Aggregate *aggregate, const Rows *rows, double result)
{
	double		low = aggregate->limits == MEAN ? rows->smallest : aggregate->limits == SHARE ? 0 : -1;
	double		high = aggregate->limits == MEAN ? rows->largest : 1;
	double		tolerance = aggregate->limits == MEAN ? 0 : 1e-12;

	if (aggregate->limits != ANY && !(result >= low - tolerance && result <= high + tolerance))
		fuzz_fail("%g is not in [%g, %g]", result, low, high);
}

/* In order, backwards, and in two parts, the second first: the same result. */
static void
try_rows(const struct Aggregate *aggregate, Rows *rows)
{
	NullableDatum parts[] = {fuzz_given(collect(aggregate, rows, 1, 2)), fuzz_given(collect(aggregate, rows, 0, 2))};
	NullableDatum results[3];
	Datum		merged;
	bool		isnull;

	if (!fuzz_try(ci_collect_combine, lengthof(parts), parts, &merged, &isnull) || isnull)
		fuzz_fail("two states cannot be combined: %s", fuzz_error());
	if (!result_of(aggregate->final, collect(aggregate, rows, 0, 1), &results[0]) ||
		!result_of(aggregate->final, collect(aggregate, rows, rows->n - 1, -1), &results[1]) ||
		!result_of(aggregate->final, merged, &results[2]))
		fuzz_fail("there is no result: %s", fuzz_error());
	for (int i = 1; i < 3; i++)
		if (results[i].isnull != results[0].isnull ||
			(!results[i].isnull && results[i].value != results[0].value))
			fuzz_fail("the result depends on the order of rows");
	if (!results[0].isnull)
		check_limits(aggregate, rows, DatumGetFloat8(results[0].value));
}

static void
statistics_bytes(const uint8 *data, size_t size)
{
	Input		in = {data, data + size};
	const struct Aggregate *aggregate;
	Rows	   *rows;

	if (size == 0)
		return;
	if (data[0] % 2 == 0)
	{
		try_state(data + 1, size - 1);
		return;
	}
	aggregate = &aggregates[take_byte(&in) / 2 % lengthof(aggregates)];
	rows = palloc(sizeof(Rows));
	take_rows(&in, aggregate, rows);
	try_rows(aggregate, rows);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(statistics_bytes, data, size);
}
