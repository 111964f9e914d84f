/*
 * statistics/collect.c
 *	  The state of the statistical aggregates: rows of numbers, as they come.
 *
 * A statistic must not depend on the order of the rows, so rows are kept until
 * the end, when they are put in order or added up exactly.  Aggregates that see
 * the same arguments share one state.
 *
 * The state is a bytea, so that it can be sent between processes and servers: a
 * header and rows of doubles, with room for more, twice as many whenever it is
 * full.  Before the first row it is empty.  Any user can hand any bytes to the
 * functions here, so every call checks the header, and a final function each
 * number.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "method/method.h"
#include "miscadmin.h"
#include "statistics/collect.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_collect_value);
PG_FUNCTION_INFO_V1(ci_collect_weighted);
PG_FUNCTION_INFO_V1(ci_collect_power);
PG_FUNCTION_INFO_V1(ci_collect_weighted_power);
PG_FUNCTION_INFO_V1(ci_collect_pair);
PG_FUNCTION_INFO_V1(ci_collect_lists);
PG_FUNCTION_INFO_V1(ci_collect_top);
PG_FUNCTION_INFO_V1(ci_collect_items);
PG_FUNCTION_INFO_V1(ci_collect_combine);

#define STATE_MAGIC 0x43494331	/* also tells a foreign byte order */
#define FIRST_NUMBERS 16

/* Less than the largest value by what a row of a table adds to it. */
#define MAX_STATE_SIZE (MaxAllocSize - 65536)

typedef struct RowState
{
	int32		vl_len_;
	uint32		magic;
	uint32		kind;
	uint32		width;
	uint64		n;
	double		parameter;
	double		row[FLEXIBLE_ARRAY_MEMBER];
} RowState;

/* The numbers of a row, by kind; 0: any number. */
static const struct
{
	uint32		width;
	bool		weighted;
	bool		may_miss;
	const char *parameter;
}			kinds[] = {
	[CI_COLLECT_VALUE] = {1, false, false, NULL},
	[CI_COLLECT_WEIGHTED] = {2, true, false, NULL},
	[CI_COLLECT_POWER] = {1, false, false, "p"},
	[CI_COLLECT_WEIGHTED_POWER] = {2, true, false, "p"},
	[CI_COLLECT_PAIR] = {2, false, false, NULL},
	[CI_COLLECT_LISTS] = {2, false, true, "p"},
	[CI_COLLECT_TOP] = {2, false, true, "k"},
	[CI_COLLECT_ITEMS] = {0, false, false, NULL}
};

static void
reject_state(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid state of a statistical aggregate")));
}

static Size
room_of(const RowState *state)
{
	return (VARSIZE(state) - offsetof(RowState, row)) / sizeof(double) / state->width;
}

/* Take a state from bytes that may be anything; NULL: no rows yet. */
static RowState *
check_state(Datum bytes)
{
	RowState   *state = (RowState *) PG_DETOAST_DATUM(bytes);

	if ((uintptr_t) state % MAXIMUM_ALIGNOF != 0)	/* it lies in a tuple */
		state = (RowState *) PG_DETOAST_DATUM_COPY(bytes);
	if (VARSIZE(state) == VARHDRSZ)
		return NULL;
	if (VARSIZE(state) < offsetof(RowState, row) || state->magic != STATE_MAGIC ||
		state->kind >= lengthof(kinds) || state->width == 0 ||
		(kinds[state->kind].width != 0 && kinds[state->kind].width != state->width) ||
		state->n > room_of(state))
		reject_state();
	return state;
}

static void
require_aggregate(FunctionCallInfo fcinfo)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("function called in non-aggregate context"),
				 errhint("It is a part of aggregates such as ci.weighted_mean.")));
}

/*
 * A state with room for more rows: the same, or a copy in the current context,
 * which the caller's caller takes over.
 */
static RowState *
make_room(RowState *state, const CiCollected *more)
{
	Size		n = state == NULL ? 0 : state->n;
	Size		most = (MAX_STATE_SIZE - offsetof(RowState, row)) / sizeof(double) / more->width;
	Size		room;
	RowState   *larger;

	if (state != NULL && more->n <= room_of(state) - n)
		return state;
	if (n > most || more->n > most - n)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many rows for a statistical aggregate"),
				 errdetail("It keeps at most %zu rows of this kind.", most),
				 errhint("Aggregate in smaller groups.")));
	room = Min(Max(Max(2 * n, n + more->n), FIRST_NUMBERS / more->width), most);
	larger = palloc0(offsetof(RowState, row) + room * more->width * sizeof(double));
	if (state != NULL)
		memcpy(larger, state, offsetof(RowState, row) + n * more->width * sizeof(double));
	SET_VARSIZE(larger, offsetof(RowState, row) + room * more->width * sizeof(double));
	larger->magic = STATE_MAGIC;
	larger->kind = more->kind;
	larger->width = (uint32) more->width;
	larger->parameter = more->parameter;
	return larger;
}

/* Refuse rows that do not go together with those of the state. */
static void
require_same(const RowState *state, const CiCollected *more)
{
	if (state->kind != more->kind)
		reject_state();
	if (state->width != more->width)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("items differ in number between the rows of a group"),
				 errdetail("%u and %u items.", (unsigned) Min(state->width, more->width),
						   (unsigned) Max(state->width, more->width))));
	if (state->parameter != more->parameter)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s differs between the rows of a group",
						kinds[state->kind].parameter == NULL ? "parameter" : kinds[state->kind].parameter),
				 errdetail("%g and %g.", Min(state->parameter, more->parameter),
						   Max(state->parameter, more->parameter))));
}

static Datum
add_rows(RowState *state, const CiCollected *more)
{
	if (state != NULL)
		require_same(state, more);
	state = make_room(state, more);
	memcpy(state->row + state->n * state->width, more->row,
		   more->n * more->width * sizeof(double));
	state->n += more->n;
	PG_RETURN_POINTER(state);
}

/* Add one row to the state that is argument 0. */
static Datum
add_row(FunctionCallInfo fcinfo, CiCollectKind kind, Size width, double parameter, const double *row)
{
	CiCollected rows = {kind, 1, width, parameter, row};

	require_aggregate(fcinfo);
	return add_rows(check_state(PG_GETARG_DATUM(0)), &rows);
}

/*
 * Transition functions
 */

/* A number that is an argument; -0 becomes 0. */
static double
number_arg(FunctionCallInfo fcinfo, int argno, const char *name)
{
	double		number = PG_GETARG_FLOAT8(argno);

	if (!isfinite(number))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("%s is not finite", name),
				 errdetail("It is %s.", isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity"),
				 errhint("Use NULL for a missing value.")));
	return number + 0.0;
}

static double
weight_arg(FunctionCallInfo fcinfo, int argno)
{
	double		weight = number_arg(fcinfo, argno, "weight");

	if (weight < 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("weight is negative"),
				 errdetail("It is %g.", weight),
				 errhint("A weight of 0 leaves a row out.")));
	return weight;
}

static double
exponent_arg(FunctionCallInfo fcinfo, int argno)
{
	double		p = PG_GETARG_FLOAT8(argno);

	if (isnan(p))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("p is not a number"),
				 errhint("The exponent of a power mean is a number, Infinity or -Infinity.")));
	return p + 0.0;
}

Datum
ci_collect_value(PG_FUNCTION_ARGS)
{
	double		row[] = {number_arg(fcinfo, 1, "value")};

	return add_row(fcinfo, CI_COLLECT_VALUE, lengthof(row), 0, row);
}

/* A row without weight is none. */
Datum
ci_collect_weighted(PG_FUNCTION_ARGS)
{
	double		row[] = {number_arg(fcinfo, 1, "value"), weight_arg(fcinfo, 2)};

	if (row[1] == 0)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	return add_row(fcinfo, CI_COLLECT_WEIGHTED, lengthof(row), 0, row);
}

Datum
ci_collect_power(PG_FUNCTION_ARGS)
{
	double		row[] = {number_arg(fcinfo, 1, "value")};

	return add_row(fcinfo, CI_COLLECT_POWER, lengthof(row), exponent_arg(fcinfo, 2), row);
}

Datum
ci_collect_weighted_power(PG_FUNCTION_ARGS)
{
	double		row[] = {number_arg(fcinfo, 1, "value"), weight_arg(fcinfo, 2)};
	double		p = exponent_arg(fcinfo, 3);

	if (row[1] == 0)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	return add_row(fcinfo, CI_COLLECT_WEIGHTED_POWER, lengthof(row), p, row);
}

Datum
ci_collect_pair(PG_FUNCTION_ARGS)
{
	double		row[] = {number_arg(fcinfo, 1, "x"), number_arg(fcinfo, 2, "y")};

	return add_row(fcinfo, CI_COLLECT_PAIR, lengthof(row), 0, row);
}

/* Add a unit that one list or both hold; a parameter that is null leaves it out. */
static Datum
collect_unit(FunctionCallInfo fcinfo, CiCollectKind kind, double parameter)
{
	double		row[2];

	row[0] = PG_ARGISNULL(1) ? CI_MISSING : number_arg(fcinfo, 1, "x");
	row[1] = PG_ARGISNULL(2) ? CI_MISSING : number_arg(fcinfo, 2, "y");
	if (ci_is_missing(row[0]) && ci_is_missing(row[1]))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	return add_row(fcinfo, kind, lengthof(row), parameter, row);
}

Datum
ci_collect_lists(PG_FUNCTION_ARGS)
{
	double		p;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(3))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	p = PG_GETARG_FLOAT8(3);
	if (!(p > 0 && p < 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("p is not between 0 and 1"),
				 errdetail("It is %g.", p),
				 errhint("The nearer it is to 1, the deeper the lists are compared: the first ranks up to 1 / (1 - p) matter most.")));
	return collect_unit(fcinfo, CI_COLLECT_LISTS, p);
}

Datum
ci_collect_top(PG_FUNCTION_ARGS)
{
	int32		k;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(3))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	k = PG_GETARG_INT32(3);
	if (k < 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k is less than 1"),
				 errdetail("It is %d.", k)));
	return collect_unit(fcinfo, CI_COLLECT_TOP, k);
}

/* A row with a missing item is left out, however many items it has. */
Datum
ci_collect_items(PG_FUNCTION_ARGS)
{
	ArrayType  *items = PG_GETARG_ARRAYTYPE_P(1);
	int			k = ArrayGetNItems(ARR_NDIM(items), ARR_DIMS(items));
	double	   *row;

	if (array_contains_nulls(items))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	if (ARR_NDIM(items) != 1 || k < 2)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("items are not an array of one dimension with two or more elements")));
	row = (double *) ARR_DATA_PTR(items);
	for (int j = 0; j < k; j++)
		if (!isfinite(row[j]))
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION),
					 errmsg("item is not finite"),
					 errdetail("Item %d is %s.", j + 1, isnan(row[j]) ? "NaN" : row[j] > 0 ? "Infinity" : "-Infinity"),
					 errhint("Use NULL for a missing value.")));
	return add_row(fcinfo, CI_COLLECT_ITEMS, k, 0, row);
}

Datum
ci_collect_combine(PG_FUNCTION_ARGS)
{
	RowState   *state;
	RowState   *other;
	CiCollected rows;

	require_aggregate(fcinfo);
	state = check_state(PG_GETARG_DATUM(0));
	other = check_state(PG_GETARG_DATUM(1));
	if (other == NULL)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	rows = (CiCollected) {(CiCollectKind) other->kind, other->n, other->width, other->parameter, other->row};
	return add_rows(state, &rows);
}

/*
 * What final functions see
 */

static bool
is_valid_parameter(CiCollectKind kind, double parameter)
{
	switch (kind)
	{
		case CI_COLLECT_POWER:
		case CI_COLLECT_WEIGHTED_POWER:
			return !isnan(parameter);
		case CI_COLLECT_LISTS:
			return parameter > 0 && parameter < 1;
		case CI_COLLECT_TOP:
			return parameter >= 1 && parameter <= PG_INT32_MAX;
		default:
			return true;
	}
}

bool
ci_collected(FunctionCallInfo fcinfo, uint32 kinds_wanted, CiCollected *rows)
{
	RowState   *state = check_state(PG_GETARG_DATUM(0));
	bool		valid = true;

	if (state == NULL || state->n == 0)
		return false;
	if ((CI_KIND(state->kind) & kinds_wanted) == 0 ||
		(state->kind == CI_COLLECT_ITEMS && state->width < 2) ||
		!is_valid_parameter((CiCollectKind) state->kind, state->parameter))
		reject_state();
	for (Size i = 0; i < state->n * state->width; i++)
	{
		double		x = state->row[i];

		valid &= isfinite(x) || (kinds[state->kind].may_miss && isnan(x));
		if (kinds[state->kind].weighted && i % 2 == 1)
			valid &= x > 0;
		if (i % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
	}
	if (!valid)
		reject_state();
	*rows = (CiCollected) {(CiCollectKind) state->kind, state->n, state->width, state->parameter, state->row};
	return true;
}
