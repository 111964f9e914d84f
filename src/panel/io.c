/*
 * panel/io.c
 *	  The text form of a panel (JSON) and its binary form (network byte order).
 *
 * In: any bytes at all.  Out: a flat panel, or an error; see panel/load.c.
 *
 * Text: {"panel": 1, "indicators": [name, …], "units": [name, …], "periods":
 * [{"period": 2020, "units": [unit's number, …], "cells": [[value or null for
 * each unit], … for each indicator]}, …]}, keys in this order.  Binary: the
 * same, names with their length, missing as NaN.
 */
#include "postgres.h"

#include "base/json.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "panel/load.h"
#include "utils/builtins.h"

#include "base/compat.h"

/* Of the two forms, whatever the layout on disk. */
#define TEXT_VERSION 1
#define WIRE_VERSION 1

PG_FUNCTION_INFO_V1(ci_panel_in);
PG_FUNCTION_INFO_V1(ci_panel_out);
PG_FUNCTION_INFO_V1(ci_panel_recv);
PG_FUNCTION_INFO_V1(ci_panel_send);

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
	CiPanelLoad load;
	int			depth;
	int			n_top;			/* top keys seen */
	int			n_field;		/* the period's keys seen */
	bool		open;			/* the key's value is still to come */
	uint32		column;
	uint32		row;
} Reader;

/* Is this the key that was seen last, of the whole; of a period? */
static inline bool
at_key(const Reader *reader, enum TopKey key)
{
	return reader->n_top == key + 1;
}

static inline bool
at_period_key(const Reader *reader, enum PeriodKey key)
{
	return reader->n_field == key + 1;
}

pg_noreturn static void
misplaced(const Reader *reader)
{
	if (reader->depth >= DEPTH_PERIOD)
		ci_panel_reject(&reader->load, "a period is an object of \"period\", \"units\" and \"cells\", in this order");
	ci_panel_reject(&reader->load,
					"it is an object of \"panel\", \"indicators\", \"units\" and \"periods\", in this order");
}

static CiJsonAction
read_object_start(void *state)
{
	Reader	   *reader = state;

	if (reader->depth == DEPTH_LIST && at_key(reader, TOP_PERIODS))
		reader->n_field = 0;
	else if (reader->depth != 0)
		misplaced(reader);
	reader->depth++;
	CI_JSON_ACTION_DONE();
}

static CiJsonAction
read_object_end(void *state)
{
	Reader	   *reader = state;

	if (reader->depth == DEPTH_PERIOD ? reader->n_field != PERIOD_KEYS : reader->n_top != TOP_KEYS)
		misplaced(reader);
	reader->depth--;
	CI_JSON_ACTION_DONE();
}

static CiJsonAction
read_array_start(void *state)
{
	Reader	   *reader = state;

	if (reader->depth == DEPTH_PERIOD_LIST && at_period_key(reader, PERIOD_CELLS))
		reader->row = 0;
	else if (reader->depth == DEPTH_PERIOD && reader->open && !at_period_key(reader, PERIOD_PERIOD))
		reader->column = 0;
	else if (reader->depth != DEPTH_TOP || !reader->open || at_key(reader, TOP_PANEL))
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
			ci_panel_reject(&reader->load, "the cells of an indicator do not match the period's units");
		reader->column++;
	}
	else if (reader->depth == DEPTH_PERIOD_LIST)
	{
		if (at_period_key(reader, PERIOD_UNITS) && reader->load.n_rows == 0)
			ci_panel_reject(&reader->load, "a period has no units");
		if (at_period_key(reader, PERIOD_CELLS) && reader->column != reader->load.n_indicators)
			ci_panel_reject(&reader->load, "the cells of a period do not match the indicators");
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
		if (reader->n_top == TOP_KEYS || strcmp(name, top_keys[reader->n_top]) != 0)
			misplaced(reader);
		reader->n_top++;
	}
	else
	{
		if (reader->n_field == PERIOD_KEYS || strcmp(name, period_keys[reader->n_field]) != 0)
			misplaced(reader);
		reader->n_field++;
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
		ci_panel_reject(&reader->load, "a period or a unit's number is not a whole number");
	return value;
}

static void
read_cell(Reader *reader, const char *token, JsonTokenType type)
{
	if (type != JSON_TOKEN_NUMBER && type != JSON_TOKEN_NULL)
		ci_panel_reject(&reader->load, "a cell is neither a number nor null");
	if (reader->row >= reader->load.n_rows)
		ci_panel_reject(&reader->load, "the cells of an indicator do not match the period's units");
	if (reader->column >= reader->load.n_indicators)
		ci_panel_reject(&reader->load, "the cells of a period do not match the indicators");
	if (type == JSON_TOKEN_NUMBER)
		ci_panel_load_cell(&reader->load, reader->column, reader->row, ci_json_number(token, "panel"));
	reader->row++;
}

static void
read_name(Reader *reader, const char *token, JsonTokenType type)
{
	if (type != JSON_TOKEN_STRING)
		ci_panel_reject(&reader->load, "a name is not a string");
	if (at_key(reader, TOP_INDICATORS))
		ci_panel_load_indicator(&reader->load, token, (int) strlen(token));
	else
		ci_panel_load_unit(&reader->load, token, (int) strlen(token));
}

static CiJsonAction
read_scalar(void *state, char *token, JsonTokenType type)
{
	Reader	   *reader = state;

	if (reader->depth == DEPTH_COLUMN)
		read_cell(reader, token, type);
	else if (reader->depth == DEPTH_PERIOD_LIST && at_period_key(reader, PERIOD_UNITS))
		ci_panel_load_row(&reader->load, whole_number(reader, token, type));
	else if (reader->depth == DEPTH_PERIOD && at_period_key(reader, PERIOD_PERIOD))
		ci_panel_load_period(&reader->load, (int32) whole_number(reader, token, type));
	else if (reader->depth == DEPTH_LIST && !at_key(reader, TOP_PERIODS))
		read_name(reader, token, type);
	else if (reader->depth == DEPTH_TOP && at_key(reader, TOP_PANEL))
	{
		if (whole_number(reader, token, type) != TEXT_VERSION)
			ci_panel_reject(&reader->load, "unknown version");
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
	ci_panel_load_start(&reader.load, ERRCODE_INVALID_TEXT_REPRESENTATION);
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
	if (reader.n_top != TOP_KEYS)
		misplaced(&reader);
	PG_RETURN_POINTER(ci_panel_load_end(&reader.load));
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
receive_count(const CiPanelLoad *load, StringInfo in, Size each)
{
	uint32		count = pq_getmsgint(in, 4);

	if (count > (Size) (in->len - in->cursor) / each)
		ci_panel_reject(load, "it is shorter than it says");
	return count;
}

static void
receive_names(CiPanelLoad *load, StringInfo in,
			  void (*add) (CiPanelLoad *load, const char *name, int len))
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
receive_period(CiPanelLoad *load, StringInfo in)
{
	int32		period = (int32) pq_getmsgint(in, 4);
	uint32		n = receive_count(load, in, 4 + (Size) load->n_indicators * 8);

	if (n == 0)
		ci_panel_reject(load, "a period has no units");
	ci_panel_load_period(load, period);
	for (uint32 i = 0; i < n; i++)
		ci_panel_load_row(load, pq_getmsgint(in, 4));
	for (uint32 j = 0; j < load->n_indicators; j++)
	{
		CHECK_FOR_INTERRUPTS();
		for (uint32 i = 0; i < n; i++)
			ci_panel_load_cell(load, j, i, pq_getmsgfloat8(in));
	}
}

Datum
ci_panel_recv(PG_FUNCTION_ARGS)
{
	StringInfo	in = (StringInfo) PG_GETARG_POINTER(0);
	CiPanelLoad load;
	uint32		n;
	int			version;

	ci_panel_load_start(&load, ERRCODE_INVALID_BINARY_REPRESENTATION);
	version = pq_getmsgbyte(in);
	if (version != WIRE_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid panel: unknown version %d", version)));
	receive_names(&load, in, ci_panel_load_indicator);
	receive_names(&load, in, ci_panel_load_unit);
	n = receive_count(&load, in, 8);
	for (uint32 p = 0; p < n; p++)
		receive_period(&load, in);
	PG_RETURN_POINTER(ci_panel_load_end(&load));
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
