/*
 * base/json.c
 *	  A JSON document as a tree: reading, changing, writing.
 *
 * Everything is allocated in the current memory context.  Nesting is limited
 * by the stack, which PostgreSQL's parser checks, and the recursive functions
 * here check again: a tree may also be built by hand.  Interrupts are checked
 * when a key is looked up, as an object may have any number of them.
 */
#include "postgres.h"

#include <errno.h>
#include <math.h>

#include "base/compat.h"
#include "base/json.h"
#include "common/shortest_dec.h"
#include "method/decimal.h"
#include "miscadmin.h"

/* A container that is being read, inside the one that it belongs to. */
typedef struct Frame
{
	CiJson	   *container;
	const char *key;			/* object: key of the member that comes next */
	struct Frame *outer;
} Frame;

typedef struct Parser
{
	const char *what;			/* name of the document, for errors */
	CiJson	   *root;
	Frame	   *open;			/* innermost container, NULL outside of any */
} Parser;

CiJson *
ci_json_new(CiJsonKind kind)
{
	CiJson	   *json = palloc0(sizeof(CiJson));

	json->kind = kind;
	return json;
}

CiJson *
ci_json_new_string(const char *text)
{
	CiJson	   *json = ci_json_new(CI_JSON_STRING);

	json->text = pstrdup(text);
	return json;
}

CiJson *
ci_json_new_number(double number)
{
	CiJson	   *json = ci_json_new(CI_JSON_NUMBER);
	StringInfoData text;

	initStringInfo(&text);
	ci_json_write_number(&text, number);
	json->text = text.data;
	json->number = number;
	return json;
}

/* Copy a tree, without its key and what follows it where it was. */
CiJson *
ci_json_copy(const CiJson *json)
{
	CiJson	   *copy = ci_json_new(json->kind);

	check_stack_depth();
	copy->number = json->number;
	if (json->text != NULL)
		copy->text = pstrdup(json->text);
	for (const CiJson *member = json->first; member != NULL; member = member->next)
		ci_json_append(copy, member->key, ci_json_copy(member));
	return copy;
}

/* Add a member at the end; it must not be in a container already. */
void
ci_json_append(CiJson *container, const char *key, CiJson *member)
{
	Assert((container->kind == CI_JSON_OBJECT) == (key != NULL));

	member->key = key ? pstrdup(key) : NULL;
	member->next = NULL;
	if (container->last != NULL)
		container->last->next = member;
	else
		container->first = member;
	container->last = member;
	container->n++;
}

/* Replace the member that has this key, in its place, or append it. */
void
ci_json_set(CiJson *object, const char *key, CiJson *member)
{
	CiJson	   *previous = NULL;

	CHECK_FOR_INTERRUPTS();
	for (CiJson *old = object->first; old != NULL; previous = old, old = old->next)
	{
		if (strcmp(old->key, key) != 0)
			continue;
		member->key = old->key;
		member->next = old->next;
		if (previous != NULL)
			previous->next = member;
		else
			object->first = member;
		if (object->last == old)
			object->last = member;
		return;
	}
	ci_json_append(object, key, member);
}

void
ci_json_remove(CiJson *object, const char *key)
{
	CiJson	   *previous = NULL;

	for (CiJson *old = object->first; old != NULL; previous = old, old = old->next)
	{
		if (strcmp(old->key, key) != 0)
			continue;
		if (previous != NULL)
			previous->next = old->next;
		else
			object->first = old->next;
		if (object->last == old)
			object->last = previous;
		object->n--;
		return;
	}
}

/* Return the member that has this key, NULL if there is none. */
CiJson *
ci_json_get(const CiJson *object, const char *key)
{
	CHECK_FOR_INTERRUPTS();
	if (object->kind != CI_JSON_OBJECT)
		return NULL;
	for (CiJson *member = object->first; member != NULL; member = member->next)
	{
		if (strcmp(member->key, key) == 0)
			return member;
	}
	return NULL;
}

bool
ci_json_is_string(const CiJson *json, const char *value)
{
	return json->kind == CI_JSON_STRING && strcmp(json->text, value) == 0;
}

/* Are two trees the same, numbers by value, members in the same order? */
bool
ci_json_equal(const CiJson *a, const CiJson *b)
{
	check_stack_depth();
	if (a->kind != b->kind || a->n != b->n)
		return false;
	if (a->kind == CI_JSON_NUMBER)
		return a->number == b->number;
	if (a->kind == CI_JSON_STRING)
		return strcmp(a->text, b->text) == 0;
	for (a = a->first, b = b->first; a != NULL; a = a->next, b = b->next)
	{
		if (a->key != NULL && strcmp(a->key, b->key) != 0)
			return false;
		if (!ci_json_equal(a, b))
			return false;
	}
	return true;
}

const char *
ci_json_kind_name(const CiJson *json)
{
	static const char *const names[] = {
		[CI_JSON_NULL] = "null",
		[CI_JSON_FALSE] = "false",
		[CI_JSON_TRUE] = "true",
		[CI_JSON_NUMBER] = "a number",
		[CI_JSON_STRING] = "a string",
		[CI_JSON_ARRAY] = "an array",
		[CI_JSON_OBJECT] = "an object"
	};

	return names[json->kind];
}

static void
add(Parser *parser, CiJson *json)
{
	Frame	   *open = parser->open;

	if (open == NULL)
		parser->root = json;
	else
		ci_json_append(open->container, open->key, json);
}

static void
open_container(Parser *parser, CiJsonKind kind)
{
	Frame	   *frame = palloc0(sizeof(Frame));

	frame->container = ci_json_new(kind);
	add(parser, frame->container);
	frame->outer = parser->open;
	parser->open = frame;
}

static void
close_container(Parser *parser)
{
	Frame	   *frame = parser->open;

	parser->open = frame->outer;
	pfree(frame);
}

/*
 * Report a key that an object has twice, with the "code" of the object or of
 * the nearest one around it, which tells a reader where to look.
 */
static void
fail_duplicate_key(const Parser *parser, const char *key)
{
	const CiJson *code = NULL;

	for (const Frame *frame = parser->open; frame != NULL && code == NULL; frame = frame->outer)
	{
		code = ci_json_get(frame->container, "code");
		if (code != NULL && code->kind != CI_JSON_STRING)
			code = NULL;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s has duplicate key \"%s\"", parser->what, key),
			 code ? errdetail("In the object with code \"%s\".", code->text) : 0));
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* Check that the object being read has no key twice. */
static void
check_keys(const Parser *parser)
{
	const CiJson *object = parser->open->container;
	const char **keys;
	int			n = 0;

	if (object->n < 2)
		return;
	keys = palloc(sizeof(keys[0]) * object->n);
	for (const CiJson *member = object->first; member != NULL; member = member->next)
		keys[n++] = member->key;
	qsort(keys, n, sizeof(keys[0]), compare_keys);
	for (int i = 1; i < n; i++)
	{
		if (strcmp(keys[i - 1], keys[i]) == 0)
			fail_duplicate_key(parser, keys[i]);
	}
	pfree(keys);
}

static CiJsonAction
object_start(void *parser)
{
	open_container(parser, CI_JSON_OBJECT);
	CI_JSON_ACTION_DONE();
}

static CiJsonAction
object_end(void *parser)
{
	check_keys(parser);
	close_container(parser);
	CI_JSON_ACTION_DONE();
}

static CiJsonAction
field_start(void *parser, char *key, bool isnull)
{
	((Parser *) parser)->open->key = key;
	CI_JSON_ACTION_DONE();
}

static CiJsonAction
array_start(void *parser)
{
	open_container(parser, CI_JSON_ARRAY);
	CI_JSON_ACTION_DONE();
}

static CiJsonAction
array_end(void *parser)
{
	close_container(parser);
	CI_JSON_ACTION_DONE();
}

double
ci_json_number(const char *token, const char *what)
{
	double		number;

	if (ci_decimal_read(token, &number))
		return number;
	errno = 0;
	number = strtod(token, NULL);
	if (isinf(number) || (errno == ERANGE && number == 0))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("number in %s is out of range for type double precision", what),
				 errdetail("The number is %s.", token)));
	return number;
}

static CiJson *
parse_number(const Parser *parser, char *token)
{
	CiJson	   *json = ci_json_new(CI_JSON_NUMBER);

	json->text = token;
	json->number = ci_json_number(token, parser->what);
	return json;
}

static CiJsonAction
scalar(void *parser, char *token, JsonTokenType type)
{
	CiJson	   *json;

	switch (type)
	{
		case JSON_TOKEN_NUMBER:
			json = parse_number(parser, token);
			break;
		case JSON_TOKEN_STRING:
			json = ci_json_new(CI_JSON_STRING);
			json->text = token;
			break;
		case JSON_TOKEN_TRUE:
			json = ci_json_new(CI_JSON_TRUE);
			break;
		case JSON_TOKEN_FALSE:
			json = ci_json_new(CI_JSON_FALSE);
			break;
		default:
			json = ci_json_new(CI_JSON_NULL);
			break;
	}
	add(parser, json);
	CI_JSON_ACTION_DONE();
}

CiJson *
ci_json_parse(const char *text, int len, const char *what)
{
	Parser		parser = {.what = what};
	JsonSemAction actions = {
		.semstate = &parser,
		.object_start = object_start,
		.object_end = object_end,
		.object_field_start = field_start,
		.array_start = array_start,
		.array_end = array_end,
		.scalar = scalar
	};
	JsonLexContext *lexer = ci_json_lexer(text, len);
	JsonParseErrorType fault = pg_parse_json(lexer, &actions);

	if (fault != JSON_SUCCESS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("%s is not valid JSON", what),
				 errdetail_internal("%s", json_errdetail(fault, lexer))));
	return parser.root;
}

/* Write a string as JSON: quoted, control characters escaped. */
void
ci_json_write_string(StringInfo out, const char *text)
{
	static const char *const escapes[] = {
		['"'] = "\\\"",['\\'] = "\\\\",['\b'] = "\\b",['\f'] = "\\f",
		['\n'] = "\\n",['\r'] = "\\r",['\t'] = "\\t"
	};

	appendStringInfoCharMacro(out, '"');
	for (const char *p = text; *p != '\0'; p++)
	{
		unsigned char c = *p;

		if (c < lengthof(escapes) && escapes[c] != NULL)
			appendStringInfoString(out, escapes[c]);
		else if (c < ' ')
			appendStringInfo(out, "\\u%04x", c);
		else
			appendStringInfoCharMacro(out, c);
	}
	appendStringInfoCharMacro(out, '"');
}

/* Write the shortest number that reads back as the same double precision. */
void
ci_json_write_number(StringInfo out, double number)
{
	char		digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	if (!isfinite(number))
		elog(ERROR, "JSON has no number for infinity or NaN");
	double_to_shortest_decimal_buf(number + 0.0, digits);	/* no -0 */
	appendStringInfoString(out, digits);
}

static void
write_members(StringInfo out, const CiJson *json, char opening, char closing)
{
	appendStringInfoCharMacro(out, opening);
	for (const CiJson *member = json->first; member != NULL; member = member->next)
	{
		if (member != json->first)
			appendStringInfoCharMacro(out, ',');
		if (member->key != NULL)
		{
			ci_json_write_string(out, member->key);
			appendStringInfoCharMacro(out, ':');
		}
		ci_json_write(out, member);
	}
	appendStringInfoCharMacro(out, closing);
}

void
ci_json_write(StringInfo out, const CiJson *json)
{
	check_stack_depth();
	switch (json->kind)
	{
		case CI_JSON_NULL:
			appendStringInfoString(out, "null");
			break;
		case CI_JSON_FALSE:
			appendStringInfoString(out, "false");
			break;
		case CI_JSON_TRUE:
			appendStringInfoString(out, "true");
			break;
		case CI_JSON_NUMBER:
			appendStringInfoString(out, json->text);
			break;
		case CI_JSON_STRING:
			ci_json_write_string(out, json->text);
			break;
		case CI_JSON_ARRAY:
			write_members(out, json, '[', ']');
			break;
		case CI_JSON_OBJECT:
			write_members(out, json, '{', '}');
			break;
	}
}
