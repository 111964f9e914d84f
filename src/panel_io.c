/*
 * panel_io.c
 *	  The text form of a panel (JSON) and its binary form (network byte order).
 *
 * In: any bytes at all.  Out: a flat panel, or an error.  Both readers build
 * the panel as an aggregate would, so that what they give is canonical; they
 * allocate no more than in proportion to what they have read.
 *
 * Text: {"panel": 1, "indicators": [name, …], "units": [name, …], "periods":
 * [{"period": 2020, "units": [unit's number, …], "cells": [[value or null for
 * each unit], … for each indicator]}, …]}, keys in this order.  Binary: the
 * same, names with their length, missing as NaN.
 */
#include "postgres.h"

#include "json.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "method/method.h"
#include "miscadmin.h"
#include "panel_build.h"
#include "panel_flat.h"
#include "utils/builtins.h"

#include "compat.h"

/* Of the two forms, whatever the layout on disk. */
#define TEXT_VERSION 1
#define WIRE_VERSION 1

PG_FUNCTION_INFO_V1(ci_panel_in);
PG_FUNCTION_INFO_V1(ci_panel_out);
PG_FUNCTION_INFO_V1(ci_panel_recv);
PG_FUNCTION_INFO_V1(ci_panel_send);

/* A panel on its way in, from either form. */
typedef struct Loader
{
	int			sqlstate;		/* of errors */
	CiPanelBuild *build;
	text	  **unit;			/* names, in the order given */
	uint32		n_units;
	uint32		units_capacity;
	bool	   *used;			/* is the unit in a period? */
	uint32		n_indicators;
	bool		any_period;
	int32		period;
	uint32	   *row;			/* of the period's units */
	uint32		n_rows;
	uint32		rows_capacity;
	int64		last_unit;		/* of the period */
} Loader;

pg_noreturn static void
reject(const Loader *load, const char *reason)
{
	ereport(ERROR,
			(errcode(load->sqlstate),
			 errmsg("invalid panel: %s", reason)));
}

static void
load_start(Loader *load, int sqlstate)
{
	memset(load, 0, sizeof(Loader));
	load->sqlstate = sqlstate;
	load->build = ci_panel_build_new(CurrentMemoryContext);
	load->units_capacity = load->rows_capacity = 16;
	load->unit = palloc(load->units_capacity * sizeof(text *));
	load->row = palloc(load->rows_capacity * sizeof(uint32));
}

static void
load_indicator(Loader *load, const char *name, int len)
{
	if (ci_panel_build_indicator(load->build, cstring_to_text_with_len(name, len)) !=
		load->n_indicators)
		reject(load, "an indicator is named twice");
	load->n_indicators++;
}

static void
load_unit(Loader *load, const char *name, int len)
{
	if (load->n_units == load->units_capacity)
	{
		load->units_capacity *= 2;
		load->unit = repalloc_huge(load->unit, (Size) load->units_capacity * sizeof(text *));
	}
	load->unit[load->n_units] = cstring_to_text_with_len(name, len);
	if (ci_panel_build_unit(load->build, load->unit[load->n_units]) != load->n_units)
		reject(load, "a unit is named twice");
	load->n_units++;
}

static void
load_period(Loader *load, int32 period)
{
	if (load->used == NULL)
		load->used = palloc_extended(Max(load->n_units, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (load->any_period && period <= load->period)
		reject(load, "periods are not in ascending order");
	load->any_period = true;
	load->period = period;
	load->n_rows = 0;
	load->last_unit = -1;
}

static void
load_row(Loader *load, int64 unit)
{
	if (unit <= load->last_unit || unit >= load->n_units)
		reject(load, "the units of a period are not ascending numbers of units");
	if (load->n_rows == load->rows_capacity)
	{
		load->rows_capacity *= 2;
		load->row = repalloc_huge(load->row, (Size) load->rows_capacity * sizeof(uint32));
	}
	ci_panel_build_row(load->build, load->unit[unit], load->period);
	load->row[load->n_rows++] = ci_panel_build_row_number(load->build);
	load->used[unit] = true;
	load->last_unit = unit;
}

static inline void
load_cell(Loader *load, uint32 indicator, uint32 row, double value)
{
	if (ci_is_missing(value))
		return;
	ci_panel_build_turn(load->build, load->row[row]);
	ci_panel_build_cell(load->build, indicator, value);
}

static CiPanelFlat *
load_end(Loader *load)
{
	if (!load->any_period)
		reject(load, "it has no periods");
	for (uint32 i = 0; i < load->n_units; i++)
		if (!load->used[i])
			reject(load, "a unit is in no period");
	return ci_panel_build_flat(load->build);
}

/*
 * Text
 */

enum TopKey
{
	TOP_PANEL, TOP_INDICATORS, TOP_UNITS, TOP_PERIODS, TOP_KEYS
};

enum PeriodKey
{
	PERIOD_PERIOD, PERIOD_UNITS, PERIOD_CELLS, PERIOD_KEYS
};

static const char *const top_keys[] = {"panel", "indicators", "units", "periods"};
static const char *const period_keys[] = {"period", "units", "cells"};

/* How deep arrays and objects of each kind begin. */
#define DEPTH_TOP 1
#define DEPTH_LIST 2			/* top key's array */
#define DEPTH_PERIOD 3
#define DEPTH_PERIOD_LIST 4
#define DEPTH_COLUMN 5

typedef struct Reader
{
	Loader		load;
	int			depth;
	int			top;			/* number of top keys seen */
	int			field;			/* number of the period's keys seen */
	bool		open;			/* the key's value is still to come */
	uint32		column;
	uint32		row;
} Reader;

pg_noreturn static void
misplaced(const Reader *reader)
{
	if (reader->depth >= DEPTH_PERIOD)
		reject(&reader->load, "a period is an object of \"period\", \"units\" and \"cells\", in this order");
	reject(&reader->load,
		   "it is an object of \"panel\", \"indicators\", \"units\" and \"periods\", in this order");
}

static CiJsonAction
read_object_start(void *state)
{
	Reader	   *reader = state;

	if (reader->depth == DEPTH_LIST && reader->top == TOP_PERIODS + 1)
		reader->field = 0;
	else if (reader->depth != 0)
		misplaced(reader);
	reader->depth++;
	CI_JSON_ACTION_DONE();
}

static CiJsonAction
read_object_end(void *state)
{
	Reader	   *reader = state;

	if (reader->depth == DEPTH_PERIOD ? reader->field != PERIOD_KEYS : reader->top != TOP_KEYS)
		misplaced(reader);
	reader->depth--;
	CI_JSON_ACTION_DONE();
}

static CiJsonAction
read_array_start(void *state)
{
	Reader	   *reader = state;

	if (reader->depth == DEPTH_PERIOD_LIST && reader->field == PERIOD_CELLS + 1)
		reader->row = 0;
	else if (reader->depth == DEPTH_PERIOD && reader->open && reader->field > PERIOD_PERIOD + 1)
		reader->column = 0;
	else if (reader->depth != DEPTH_TOP || !reader->open || reader->top == TOP_PANEL + 1)
		misplaced(reader);
	reader->open = false;
	reader->depth++;
	CI_JSON_ACTION_DONE();
}

static CiJsonAction
read_array_end(void *state)
{
	Reader	   *reader = state;

	CHECK_FOR_INTERRUPTS();
	if (reader->depth == DEPTH_COLUMN)
	{
		if (reader->row != reader->load.n_rows)
			reject(&reader->load, "the cells of an indicator do not match the period's units");
		reader->column++;
	}
	else if (reader->depth == DEPTH_PERIOD_LIST)
	{
		if (reader->field == PERIOD_UNITS + 1 && reader->load.n_rows == 0)
			reject(&reader->load, "a period has no units");
		if (reader->field == PERIOD_CELLS + 1 && reader->column != reader->load.n_indicators)
			reject(&reader->load, "the cells of a period do not match the indicators");
	}
	reader->depth--;
	CI_JSON_ACTION_DONE();
}

static CiJsonAction
read_field_start(void *state, char *name, bool isnull)
{
	Reader	   *reader = state;

	if (reader->depth == DEPTH_TOP)
	{
		if (reader->top == TOP_KEYS || strcmp(name, top_keys[reader->top]) != 0)
			misplaced(reader);
		reader->top++;
	}
	else
	{
		if (reader->field == PERIOD_KEYS || strcmp(name, period_keys[reader->field]) != 0)
			misplaced(reader);
		reader->field++;
	}
	reader->open = true;
	pfree(name);
	CI_JSON_ACTION_DONE();
}

static int64
whole_number(const Reader *reader, const char *token, JsonTokenType type)
{
	char	   *end;
	long		value;

	errno = 0;
	value = strtol(token, &end, 10);
	if (type != JSON_TOKEN_NUMBER || *end != '\0' || errno != 0 ||
		value < PG_INT32_MIN || value > PG_INT32_MAX)
		reject(&reader->load, "a period or a unit's number is not a whole number");
	return value;
}

static void
read_cell(Reader *reader, const char *token, JsonTokenType type)
{
	if (type != JSON_TOKEN_NUMBER && type != JSON_TOKEN_NULL)
		reject(&reader->load, "a cell is neither a number nor null");
	if (reader->row >= reader->load.n_rows)
		reject(&reader->load, "the cells of an indicator do not match the period's units");
	if (reader->column >= reader->load.n_indicators)
		reject(&reader->load, "the cells of a period do not match the indicators");
	if (type == JSON_TOKEN_NUMBER)
		load_cell(&reader->load, reader->column, reader->row, ci_json_number(token, "panel"));
	reader->row++;
}

static void
read_name(Reader *reader, const char *token, JsonTokenType type)
{
	if (type != JSON_TOKEN_STRING)
		reject(&reader->load, "a name is not a string");
	if (reader->top == TOP_INDICATORS + 1)
		load_indicator(&reader->load, token, (int) strlen(token));
	else
		load_unit(&reader->load, token, (int) strlen(token));
}

static CiJsonAction
read_scalar(void *state, char *token, JsonTokenType type)
{
	Reader	   *reader = state;

	if (reader->depth == DEPTH_COLUMN)
		read_cell(reader, token, type);
	else if (reader->depth == DEPTH_PERIOD_LIST && reader->field == PERIOD_UNITS + 1)
		load_row(&reader->load, whole_number(reader, token, type));
	else if (reader->depth == DEPTH_PERIOD && reader->field == PERIOD_PERIOD + 1)
		load_period(&reader->load, (int32) whole_number(reader, token, type));
	else if (reader->depth == DEPTH_LIST && reader->top <= TOP_UNITS + 1)
		read_name(reader, token, type);
	else if (reader->depth == DEPTH_TOP && reader->top == TOP_PANEL + 1)
	{
		if (whole_number(reader, token, type) != TEXT_VERSION)
			reject(&reader->load, "unknown version");
	}
	else
		misplaced(reader);
	reader->open = false;
	if (token != NULL)
		pfree(token);
	CI_JSON_ACTION_DONE();
}

Datum
ci_panel_in(PG_FUNCTION_ARGS)
{
	char	   *input = PG_GETARG_CSTRING(0);
	JsonLexContext *lexer = ci_json_lexer(input, (int) strlen(input));
	JsonParseErrorType error;
	JsonSemAction actions;
	Reader		reader;

	memset(&actions, 0, sizeof(actions));
	memset(&reader, 0, sizeof(reader));
	load_start(&reader.load, ERRCODE_INVALID_TEXT_REPRESENTATION);
	actions.semstate = &reader;
	actions.object_start = read_object_start;
	actions.object_end = read_object_end;
	actions.array_start = read_array_start;
	actions.array_end = read_array_end;
	actions.object_field_start = read_field_start;
	actions.scalar = read_scalar;
	error = pg_parse_json(lexer, &actions);
	if (error != JSON_SUCCESS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid panel: it is not JSON"),
				 errdetail_internal("%s", json_errdetail(error, lexer))));
	if (reader.top != TOP_KEYS)
		misplaced(&reader);
	PG_RETURN_POINTER(load_end(&reader.load));
}

static void
write_names(StringInfo out, const char *key, text **names, uint32 n)
{
	appendStringInfo(out, ",\"%s\":[", key);
	for (uint32 i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		ci_json_write_string(out, text_to_cstring(names[i]));
	}
	appendStringInfoChar(out, ']');
}

static void
write_column(StringInfo out, const double *cells, uint32 n)
{
	appendStringInfoChar(out, '[');
	for (uint32 i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		if (ci_is_missing(cells[i]))
			appendBinaryStringInfo(out, "null", 4);
		else
			ci_json_write_number(out, cells[i]);
	}
	appendStringInfoChar(out, ']');
}

static void
write_period(StringInfo out, const CiPanel *panel, const CiPanelPeriod *period)
{
	appendStringInfo(out, "{\"period\":%d,\"units\":[", period->period);
	for (uint32 i = 0; i < period->n; i++)
		appendStringInfo(out, i > 0 ? ",%u" : "%u", period->unit[i]);
	appendStringInfoString(out, "],\"cells\":[");
	for (uint32 j = 0; j < panel->n_indicators; j++)
	{
		CHECK_FOR_INTERRUPTS();
		if (j > 0)
			appendStringInfoChar(out, ',');
		write_column(out, ci_panel_column(period, j), period->n);
	}
	appendStringInfoString(out, "]}");
}

Datum
ci_panel_out(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "{\"panel\":%d", TEXT_VERSION);
	write_names(&out, "indicators", panel->indicators, panel->n_indicators);
	write_names(&out, "units", panel->units, panel->n_units);
	appendStringInfoString(&out, ",\"periods\":[");
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		if (p > 0)
			appendStringInfoChar(&out, ',');
		write_period(&out, panel, &panel->periods[p]);
	}
	appendStringInfoString(&out, "]}");
	PG_RETURN_CSTRING(out.data);
}

/*
 * Binary
 */

/* Read how many things follow, each of them at least so many bytes. */
static uint32
receive_count(const Loader *load, StringInfo in, Size each)
{
	uint32		count = pq_getmsgint(in, 4);

	if (count > (Size) (in->len - in->cursor) / each)
		reject(load, "it is shorter than it says");
	return count;
}

static void
receive_names(Loader *load, StringInfo in,
			  void (*add) (Loader *load, const char *name, int len))
{
	uint32		n = receive_count(load, in, 4);

	for (uint32 i = 0; i < n; i++)
	{
		uint32		len = receive_count(load, in, 1);
		int			converted;
		char	   *name = pq_getmsgtext(in, (int) len, &converted);

		add(load, name, converted);
		pfree(name);
	}
}

static void
receive_period(Loader *load, StringInfo in)
{
	int32		period = (int32) pq_getmsgint(in, 4);
	uint32		n = receive_count(load, in, 4 + (Size) load->n_indicators * 8);

	if (n == 0)
		reject(load, "a period has no units");
	load_period(load, period);
	for (uint32 i = 0; i < n; i++)
		load_row(load, pq_getmsgint(in, 4));
	for (uint32 j = 0; j < load->n_indicators; j++)
	{
		CHECK_FOR_INTERRUPTS();
		for (uint32 i = 0; i < n; i++)
			load_cell(load, j, i, pq_getmsgfloat8(in));
	}
}

Datum
ci_panel_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	Loader		load;
	uint32		n;
	int			version;

	load_start(&load, ERRCODE_INVALID_BINARY_REPRESENTATION);
	version = pq_getmsgbyte(in);
	if (version != WIRE_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid panel: unknown version %d", version)));
	receive_names(&load, in, load_indicator);
	receive_names(&load, in, load_unit);
	n = receive_count(&load, in, 8);
	for (uint32 p = 0; p < n; p++)
		receive_period(&load, in);
	PG_RETURN_POINTER(load_end(&load));
}

static void
send_names(StringInfo out, text **names, uint32 n)
{
	pq_sendint32(out, n);
	for (uint32 i = 0; i < n; i++)
	{
		char	   *name = text_to_cstring(names[i]);
		char	   *converted = pg_server_to_client(name, (int) strlen(name));

		pq_sendint32(out, (uint32) strlen(converted));
		pq_sendbytes(out, converted, (int) strlen(converted));
	}
}

static void
send_period(StringInfo out, const CiPanel *panel, const CiPanelPeriod *period)
{
	pq_sendint32(out, (uint32) period->period);
	pq_sendint32(out, period->n);
	for (uint32 i = 0; i < period->n; i++)
		pq_sendint32(out, period->unit[i]);
	for (uint32 j = 0; j < panel->n_indicators; j++)
	{
		const double *cells = ci_panel_column(period, j);

		CHECK_FOR_INTERRUPTS();
		for (uint32 i = 0; i < period->n; i++)
			pq_sendfloat8(out, cells[i]);
	}
}

Datum
ci_panel_send(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbyte(&out, WIRE_VERSION);
	send_names(&out, panel->indicators, panel->n_indicators);
	send_names(&out, panel->units, panel->n_units);
	pq_sendint32(&out, panel->n_periods);
	for (uint32 p = 0; p < panel->n_periods; p++)
		send_period(&out, panel, &panel->periods[p]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}
