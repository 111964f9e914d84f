/*
 * fuzz_server.c
 *	  A server small enough to be linked into a fuzzer: memory contexts, errors,
 *	  messages, detoasting, sets.
 *
 * Only what the extension calls on the way of a target is here, and it behaves
 * as the server's own does in a UTF-8 database.  Faults are: an error without
 * SQLSTATE, memory that is out of proportion, a failed assertion, an error
 * where the target is sure that there can be none.
 */
#include "postgres.h"

#include <sanitizer/asan_interface.h>
#include <setjmp.h>

#include "base/compat.h"
#include "common/cryptohash.h"
#include "funcapi.h"
#include "fuzz_server.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "utils/array.h"
#include "utils/expandeddatum.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"
#include "utils/varlena.h"

/* Types that differ between versions. */
#if PG_VERSION_NUM >= 160000
typedef const void SentBytes;
#else
typedef const char SentBytes;
#endif
#if PG_VERSION_NUM >= 170000
typedef const Datum RowDatum;
typedef const bool RowBool;
#else
typedef Datum RowDatum;
typedef bool RowBool;
#endif

#define MEMORY_LIMIT ((Size) 256 * 1024 * 1024)
#define STACK_LIMIT 2000000

MemoryContext CurrentMemoryContext = NULL;
volatile	sig_atomic_t InterruptPending = false;
ErrorContextCallback *error_context_stack = NULL;

/*
 * Faults
 */

static const char *sure = NULL;

void
fuzz_sure(const char *what)
{
	sure = what;
}

void
fuzz_fail(const char *format,...)
{
	va_list		args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

#if PG_VERSION_NUM >= 160000
void
ExceptionalCondition(const char *condition, const char *file, int line)
#else
void
ExceptionalCondition(const char *condition, const char *kind, const char *file, int line)
#endif
{
	fuzz_fail("%s:%d: failed assertion %s", file, line, condition);
}

/*
 * Memory
 *
 * A context is a list of chunks and one of children.  Chunks are filled with
 * other bytes each time, so that what depends on them shows, and their headers
 * are poisoned for all but the functions here.
 */

#define MAY_TOUCH_HEADERS __attribute__((no_sanitize("address")))

typedef struct Chunk
{
	struct Chunk *next;
	struct Chunk **link;		/* what points to it */
	struct Context *context;
	Size		size;
} Chunk;

typedef struct Context
{
	MemoryContextData common;	/* of which only the callbacks are used */
	struct Context *parent;
	struct Context *sibling;
	struct Context *children;
	Chunk	   *chunks;
} Context;

static Context *top = NULL;
static Size allocated = 0;
static uint8 filler = 0;

MAY_TOUCH_HEADERS static void *
allocate(Context *context, Size size, int flags)
{
	Chunk	   *chunk;

	check_stack_depth();
	if (size > ((flags & MCXT_ALLOC_HUGE) != 0 ? MaxAllocHugeSize : MaxAllocSize))
		fuzz_fail("invalid memory alloc request size %zu", size);
	if (allocated + size > MEMORY_LIMIT)
		fuzz_fail("%zu bytes are allocated and %zu more asked for", allocated, size);
	chunk = malloc(sizeof(Chunk) + size);
	if (chunk == NULL)
		fuzz_fail("out of memory");
	memset(chunk + 1, (flags & MCXT_ALLOC_ZERO) != 0 ? 0 : ++filler, size);
	chunk->context = context;
	chunk->size = size;
	chunk->next = context->chunks;
	chunk->link = &context->chunks;
	if (chunk->next != NULL)
		chunk->next->link = &chunk->next;
	context->chunks = chunk;
	allocated += size;
	ASAN_POISON_MEMORY_REGION(chunk, sizeof(Chunk));
	return chunk + 1;
}

MAY_TOUCH_HEADERS static void
release(Chunk *chunk)
{
	*chunk->link = chunk->next;
	if (chunk->next != NULL)
		chunk->next->link = chunk->link;
	allocated -= chunk->size;
	free(chunk);
}

MAY_TOUCH_HEADERS static void *
reallocate(void *pointer, Size size, int flags)
{
	Chunk	   *old = (Chunk *) pointer - 1;
	void	   *result = allocate(old->context, size, flags);

	memcpy(result, pointer, Min(size, old->size));
	release(old);
	return result;
}

static Context *
new_context(Context *parent)
{
	Context    *context = calloc(1, sizeof(Context));

	context->parent = parent;
	if (parent != NULL)
	{
		context->sibling = parent->children;
		parent->children = context;
	}
	return context;
}

static void
unlink_context(Context *context)
{
	Context   **link;

	if (context->parent == NULL)
		return;
	for (link = &context->parent->children; *link != context; link = &(*link)->sibling)
		 /* until found */ ;
	*link = context->sibling;
}

MemoryContext
AllocSetContextCreateInternal(MemoryContext parent, const char *name,
							  Size min_size, Size initial_size, Size max_size)
{
	return (MemoryContext) new_context((Context *) parent);
}

void
MemoryContextReset(MemoryContext reset)
{
	Context    *context = (Context *) reset;

	while (context->children != NULL)
		MemoryContextDelete((MemoryContext) context->children);
	for (MemoryContextCallback *callback = reset->reset_cbs; callback != NULL; callback = callback->next)
		callback->func(callback->arg);
	reset->reset_cbs = NULL;
	while (context->chunks != NULL)
		release(context->chunks);
}

void
MemoryContextDelete(MemoryContext context)
{
	if (context == CurrentMemoryContext)
		fuzz_fail("the current memory context is deleted");
	MemoryContextReset(context);
	unlink_context((Context *) context);
	free(context);
}

void
MemoryContextSetParent(MemoryContext child, MemoryContext parent)
{
	Context    *context = (Context *) child;

	unlink_context(context);
	context->parent = (Context *) parent;
	context->sibling = context->parent->children;
	context->parent->children = context;
}

void
MemoryContextRegisterResetCallback(MemoryContext context, MemoryContextCallback *callback)
{
	callback->next = context->reset_cbs;
	context->reset_cbs = callback;
}

void *
MemoryContextAlloc(MemoryContext context, Size size)
{
	return allocate((Context *) context, size, 0);
}

void *
MemoryContextAllocZero(MemoryContext context, Size size)
{
	return allocate((Context *) context, size, MCXT_ALLOC_ZERO);
}

void *
MemoryContextAllocZeroAligned(MemoryContext context, Size size)
{
	return allocate((Context *) context, size, MCXT_ALLOC_ZERO);
}

void *
MemoryContextAllocHuge(MemoryContext context, Size size)
{
	return allocate((Context *) context, size, MCXT_ALLOC_HUGE);
}

void *
MemoryContextAllocExtended(MemoryContext context, Size size, int flags)
{
	return allocate((Context *) context, size, flags);
}

void *
palloc(Size size)
{
	return MemoryContextAlloc(CurrentMemoryContext, size);
}

void *
palloc0(Size size)
{
	return MemoryContextAllocZero(CurrentMemoryContext, size);
}

void *
palloc_extended(Size size, int flags)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, size, flags);
}

void *
repalloc(void *pointer, Size size)
{
	return reallocate(pointer, size, 0);
}

void *
repalloc_huge(void *pointer, Size size)
{
	return reallocate(pointer, size, MCXT_ALLOC_HUGE);
}

void
pfree(void *pointer)
{
	release((Chunk *) pointer - 1);
}

char *
pnstrdup(const char *string, Size len)
{
	char	   *copy;

	len = strnlen(string, len);
	copy = palloc(len + 1);
	memcpy(copy, string, len);
	copy[len] = '\0';
	return copy;
}

char *
pstrdup(const char *string)
{
	return pnstrdup(string, strlen(string));
}

/*
 * Errors
 *
 * Messages are made as the server makes them, so that what they show is read.
 */

static sigjmp_buf *handler = NULL;
static const char *stack_base = NULL;
static int	sqlstate;
static char message[1024];

bool
errstart(int level, const char *domain)
{
	sqlstate = ERRCODE_INTERNAL_ERROR;
	message[0] = '\0';
	return level >= ERROR;
}

bool
errstart_cold(int level, const char *domain)
{
	return errstart(level, domain);
}

void
errfinish(const char *file, int line, const char *function)
{
	if (sqlstate == ERRCODE_INTERNAL_ERROR)
		fuzz_fail("%s:%d: internal error: %s", file, line, message);
	if (sure != NULL)
		fuzz_fail("%s:%d: %s is an error: %s", file, line, sure, message);
	siglongjmp(*handler, 1);
}

int
errcode(int code)
{
	sqlstate = code;
	return 0;
}

/* Is it valid UTF-8 without a 0? */
bool
pg_verifymbstr(const char *string, int len, bool no_error)
{
	if (!no_error)
		fuzz_fail("not foreseen: pg_verifymbstr that raises");
	return pg_encoding_verifymbstr(PG_UTF8, string, len) == len;
}

static int
say(char *to, size_t size, const char *format, va_list args)
{
	pg_vsnprintf(to, size, format, args);
	if (strlen(to) < size - 1 && !pg_verifymbstr(to, (int) strlen(to), true))
		fuzz_fail("a message is not valid UTF-8: %s", to);
	return 0;
}

#define SAY(to, format) \
	do { \
		va_list		args; \
		va_start(args, format); \
		say(to, sizeof(to), format, args); \
		va_end(args); \
		return 0; \
	} while (0)

int
errmsg(const char *format,...)
{
	SAY(message, format);
}

int
errmsg_internal(const char *format,...)
{
	SAY(message, format);
}

int
errdetail(const char *format,...)
{
	char		detail[4096];

	SAY(detail, format);
}

int
errdetail_internal(const char *format,...)
{
	char		detail[4096];

	SAY(detail, format);
}

int
errhint(const char *format,...)
{
	char		hint[4096];

	SAY(hint, format);
}

const char *
fuzz_error(void)
{
	return message;
}

/* Frames under ASan are larger than the server's, so what is deep comes sooner. */
void
check_stack_depth(void)
{
	const char *here = __builtin_frame_address(0);

	if (stack_base - here > STACK_LIMIT)
	{
		stack_base = here;		/* for what reporting needs */
		ereport(ERROR,
				(errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
				 errmsg("stack depth limit exceeded")));
	}
}

void
ProcessInterrupts(void)
{
}

/*
 * Running
 */

int
fuzz_run(void (*body) (const uint8 *data, size_t size), const uint8 *data, size_t size)
{
	sigjmp_buf	caught;

	top = new_context(NULL);
	CurrentMemoryContext = (MemoryContext) top;
	stack_base = __builtin_frame_address(0);
	sure = NULL;
	handler = &caught;
	if (sigsetjmp(caught, 0) == 0)
		body(data, size);
	CurrentMemoryContext = (MemoryContext) top;
	error_context_stack = NULL;
	MemoryContextReset((MemoryContext) top);
	free(top);
	return 0;
}

static Datum
call(PGFunction function, int n_args, const NullableDatum *args, bool *isnull)
{
	LOCAL_FCINFO(fcinfo, FUNC_MAX_ARGS);
	FmgrInfo	info = {.fn_addr = function, .fn_mcxt = CurrentMemoryContext};
	ReturnSetInfo rows = {.type = T_ReturnSetInfo};
	Datum		result;

	InitFunctionCallInfoData(*fcinfo, &info, (short) n_args, InvalidOid, NULL,
							 (fmNodePtr) & rows);
	for (int i = 0; i < n_args; i++)
		fcinfo->args[i] = args[i];
	result = function(fcinfo);
	if (fcinfo->isnull && isnull == NULL)
		fuzz_fail("a function returned NULL");
	if (isnull != NULL)
		*isnull = fcinfo->isnull;
	return result;
}

bool
fuzz_try(PGFunction function, int n_args, const NullableDatum *args,
		 Datum *result, bool *isnull)
{
	MemoryContext caller = CurrentMemoryContext;
	sigjmp_buf *outer = handler;
	const char *base = stack_base;
	sigjmp_buf	caught;
	volatile bool done = false;

	handler = &caught;
	CurrentMemoryContext = (MemoryContext) new_context((Context *) caller);
	if (sigsetjmp(caught, 0) == 0)
	{
		*result = call(function, n_args, args, isnull);
		done = true;
	}
	CurrentMemoryContext = caller;
	error_context_stack = NULL;
	handler = outer;
	stack_base = base;
	return done;
}

Datum
fuzz_call1(PGFunction function, Datum a)
{
	NullableDatum args[] = {{a, false}};

	return call(function, 1, args, NULL);
}

Datum
fuzz_call2(PGFunction function, Datum a, Datum b)
{
	NullableDatum args[] = {{a, false}, {b, false}};

	return call(function, 2, args, NULL);
}

void
fuzz_same(Datum a, Datum b, const char *what)
{
	const struct varlena *x = (struct varlena *) DatumGetPointer(a);
	const struct varlena *y = (struct varlena *) DatumGetPointer(b);

	if (VARSIZE(x) != VARSIZE(y) || memcmp(x, y, VARSIZE(x)) != 0)
		fuzz_fail("%s differs: %u and %u bytes", what,
				  (unsigned) VARSIZE(x), (unsigned) VARSIZE(y));
}

/* States outlive calls, each of which sets up its function anew. */
int
AggCheckCallContext(FunctionCallInfo fcinfo, MemoryContext *context)
{
	if (context != NULL)
		*context = (MemoryContext) top;
	return AGG_CONTEXT_AGGREGATE;
}

/*
 * Values of variable length
 *
 * A header that says compressed or stored elsewhere is the target's doing if it
 * comes here: a server would follow it.
 */

static bool
is_plain(const struct varlena *value)
{
	return !VARATT_IS_EXTENDED(value);
}

static struct varlena *
copy_plain(const struct varlena *value)
{
	struct varlena *copy = palloc(VARSIZE(value));

	memcpy(copy, value, VARSIZE(value));
	return copy;
}

static struct varlena *
flattened(struct varlena *value)
{
	ExpandedObjectHeader *object = DatumGetEOHP(PointerGetDatum(value));
	Size		size = object->eoh_methods->get_flat_size(object);
	void	   *flat = palloc(size);

	object->eoh_methods->flatten_into(object, flat, size);
	return flat;
}

struct varlena *
pg_detoast_datum(struct varlena *value)
{
	struct varlena *plain;

	if (is_plain(value))
		return value;
	if (VARATT_IS_EXTERNAL_EXPANDED(value))
		return flattened(value);
	if (!VARATT_IS_SHORT(value))
		fuzz_fail("a compressed or external value is to be detoasted");
	plain = palloc(VARHDRSZ + VARSIZE_ANY_EXHDR(value));
	SET_VARSIZE(plain, VARHDRSZ + VARSIZE_ANY_EXHDR(value));
	memcpy(VARDATA(plain), VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
	return plain;
}

struct varlena *
pg_detoast_datum_packed(struct varlena *value)
{
	return VARATT_IS_SHORT(value) ? value : pg_detoast_datum(value);
}

struct varlena *
pg_detoast_datum_copy(struct varlena *value)
{
	return is_plain(value) ? copy_plain(value) : pg_detoast_datum(value);
}

struct varlena *
pg_detoast_datum_slice(struct varlena *value, int32 first, int32 count)
{
	struct varlena *slice = copy_plain(pg_detoast_datum(value));
	Size		size = VARSIZE(slice) - VARHDRSZ;

	if (first != 0)
		fuzz_fail("a slice does not begin at the start");
	SET_VARSIZE(slice, VARHDRSZ + Min(size, (Size) count));
	return slice;
}

Datum
fuzz_value(const void *bytes, Size size)
{
	bytea	   *value = palloc(VARHDRSZ + size);

	SET_VARSIZE(value, VARHDRSZ + size);
	memcpy(VARDATA(value), bytes, size);
	return PointerGetDatum(value);
}

Datum
fuzz_stored(const void *bytes, Size size, bool may_be_short)
{
	char	   *place = palloc(VARHDRSZ + VARHDRSZ + size);

	if (may_be_short && size + VARHDRSZ_SHORT <= VARATT_SHORT_MAX)
	{
		SET_VARSIZE_SHORT(place, size + VARHDRSZ_SHORT);
		memcpy(place + VARHDRSZ_SHORT, bytes, size);
		return PointerGetDatum(place);
	}
	place += VARHDRSZ;
	SET_VARSIZE(place, VARHDRSZ + size);
	memcpy(VARDATA(place), bytes, size);
	return PointerGetDatum(place);
}

Datum
fuzz_stored_copy(Datum value, bool may_be_short)
{
	return fuzz_stored(VARDATA(DatumGetPointer(value)),
					   VARSIZE(DatumGetPointer(value)) - VARHDRSZ, may_be_short);
}

void
fuzz_edit(Datum value, const uint8 *edits, const uint8 *end)
{
	for (; end - edits >= 3; edits += 3)
	{
		Size		at = (edits[0] << 8 | edits[1]) % (VARSIZE(DatumGetPointer(value)) - VARHDRSZ);

		VARDATA(DatumGetPointer(value))[at] = (char) edits[2];
	}
}

text *
cstring_to_text_with_len(const char *string, int len)
{
	return (text *) DatumGetPointer(fuzz_value(string, len));
}

text *
cstring_to_text(const char *string)
{
	return cstring_to_text_with_len(string, (int) strlen(string));
}

char *
text_to_cstring(const text *value)
{
	const text *plain = (const text *) pg_detoast_datum_packed(unconstify(text *, value));
	int			len = (int) VARSIZE_ANY_EXHDR(plain);
	char	   *result = palloc(len + 1);

	memcpy(result, VARDATA_ANY(plain), len);
	result[len] = '\0';
	return result;
}

void
EOH_init_header(ExpandedObjectHeader *object, const ExpandedObjectMethods *methods,
				MemoryContext context)
{
	varatt_expanded pointer = {object};

	object->vl_len_ = EOH_HEADER_MAGIC;
	object->eoh_methods = methods;
	object->eoh_context = context;
	SET_VARTAG_EXTERNAL(object->eoh_rw_ptr, VARTAG_EXPANDED_RW);
	memcpy(VARDATA_EXTERNAL(object->eoh_rw_ptr), &pointer, sizeof(pointer));
	SET_VARTAG_EXTERNAL(object->eoh_ro_ptr, VARTAG_EXPANDED_RO);
	memcpy(VARDATA_EXTERNAL(object->eoh_ro_ptr), &pointer, sizeof(pointer));
}

ExpandedObjectHeader *
DatumGetEOHP(Datum value)
{
	varatt_expanded pointer;

	memcpy(&pointer, VARDATA_EXTERNAL(DatumGetPointer(value)), sizeof(pointer));
	return pointer.eohptr;
}

/*
 * Text and messages, in UTF-8 on both sides
 */

int
GetDatabaseEncoding(void)
{
	return PG_UTF8;
}

char *
fuzz_text(const uint8 *data, size_t size)
{
	return pg_verifymbstr((const char *) data, (int) size, true) ?
		pnstrdup((const char *) data, size) : NULL;
}

StringInfo
fuzz_message(const void *data, size_t size)
{
	StringInfo	result = makeStringInfo();

	/* exactly as long as it is, so that no byte beyond is there to be read */
	result->data = palloc(size);
	memcpy(result->data, data, size);
	result->len = result->maxlen = (int) size;
	return result;
}

static const char *
take(StringInfo from, int n)
{
	const char *bytes = from->data + from->cursor;

	if (n < 0 || n > from->len - from->cursor)
		ereport(ERROR,
				(errcode(ERRCODE_PROTOCOL_VIOLATION),
				 errmsg("insufficient data left in message")));
	from->cursor += n;
	return bytes;
}

int
pq_getmsgbyte(StringInfo from)
{
	return (unsigned char) *take(from, 1);
}

static uint64
take_number(StringInfo from, int n)
{
	const char *bytes = take(from, n);
	uint64		number = 0;

	for (int i = 0; i < n; i++)
		number = number << 8 | (unsigned char) bytes[i];
	return number;
}

unsigned int
pq_getmsgint(StringInfo from, int n)
{
	return (unsigned int) take_number(from, n);
}

float8
pq_getmsgfloat8(StringInfo from)
{
	uint64		bits = take_number(from, 8);
	float8		number;

	memcpy(&number, &bits, sizeof(number));
	return number;
}

char *
pq_getmsgtext(StringInfo from, int len, int *converted)
{
	const char *bytes = take(from, len);
	char	   *result;

	if (!pg_verifymbstr(bytes, len, true))
		ereport(ERROR,
				(errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
				 errmsg("invalid byte sequence")));
	result = palloc(len + 1);
	memcpy(result, bytes, len);
	result[len] = '\0';
	*converted = len;
	return result;
}

char *
pg_server_to_client(const char *string, int len)
{
	return unconstify(char *, string);
}

/* Also what a server in UTF-8 does with text in UTF-8: it is only checked. */
char *
pg_any_to_server(const char *string, int len, int encoding)
{
	if (encoding != PG_UTF8)
		fuzz_fail("not foreseen: text in encoding %d", encoding);
	if (!pg_verifymbstr(string, len, true))
		ereport(ERROR,
				(errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
				 errmsg("invalid byte sequence")));
	return unconstify(char *, string);
}

void
pq_begintypsend(StringInfo to)
{
	initStringInfo(to);
	appendStringInfoSpaces(to, VARHDRSZ);
}

void
pq_sendbytes(StringInfo to, SentBytes *bytes, int len)
{
	appendBinaryStringInfo(to, bytes, len);
}

void
pq_sendtext(StringInfo to, const char *string, int len)
{
	appendBinaryStringInfo(to, string, len);
}

void
pq_sendfloat8(StringInfo to, float8 number)
{
	uint64		bits;

	memcpy(&bits, &number, sizeof(bits));
	pq_sendint64(to, bits);
}

bytea *
pq_endtypsend(StringInfo from)
{
	bytea	   *result = (bytea *) from->data;

	SET_VARSIZE(result, from->len);
	return result;
}

/* The JSON parser of libpgcommon has one of its own from 17 on. */
pg_attribute_unused() __attribute__((weak))
char *
json_errdetail(JsonParseErrorType error, JsonLexContext *lexer)
{
	return psprintf("JSON error %d", (int) error);
}

/*
 * Sets of rows, lists, arrays, jsonb
 *
 * Nothing reads an array, or a jsonb, that the extension makes: a jsonb is its
 * text, of an array only its place is taken.
 */

static struct
{
	int			n_columns;
	void		(*look) (void *arg, const Datum *values, const bool *nulls);
	void	   *arg;
}			rows;

void
fuzz_expect_rows(int n_columns,
				 void (*look) (void *arg, const Datum *values, const bool *nulls), void *arg)
{
	rows.n_columns = n_columns;
	rows.look = look;
	rows.arg = arg;
}

void
InitMaterializedSRF(FunctionCallInfo fcinfo, bits32 flags)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	result->setDesc = palloc0(sizeof(*result->setDesc));
	result->setDesc->natts = rows.n_columns;
}

void
tuplestore_putvalues(Tuplestorestate *store, TupleDesc columns,
					 RowDatum *values, RowBool *nulls)
{
	if (rows.look != NULL)
		rows.look(rows.arg, values, nulls);
}

List *
lappend(List *list, void *member)
{
	if (list == NIL)
	{
		list = palloc0(offsetof(List, initial_elements));
		list->type = T_List;
		list->elements = palloc(sizeof(ListCell));
	}
	else
		list->elements = repalloc(list->elements, (list->length + 1) * sizeof(ListCell));
	list->elements[list->length].ptr_value = member;
	list->max_length = ++list->length;
	return list;
}

void
list_sort(List *list, list_sort_comparator compare)
{
	typedef int (*comparator) (const void *, const void *);

	if (list != NIL)
		qsort(list->elements, list->length, sizeof(ListCell), (comparator) compare);
}

ArrayType *
construct_array(Datum *members, int n, Oid type, int len, bool by_value, char align)
{
	return (ArrayType *) cstring_to_text("");
}

int
ArrayGetNItems(int n_dims, const int *dims)
{
	return n_dims == 0 ? 0 : dims[0];
}

/* Of texts, none of them null, with aligned headers. */
void
deconstruct_array(ArrayType *array, Oid type, int len, bool by_value, char align,
				  Datum **members, bool **nulls, int *n)
{
	char	   *at = ARR_DATA_PTR(array);

	*n = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	*members = palloc(Max(*n, 1) * sizeof(Datum));
	*nulls = palloc0(Max(*n, 1));
	for (int i = 0; i < *n; i++)
	{
		(*members)[i] = PointerGetDatum(at);
		at += INTALIGN(VARSIZE(at));
	}
}

Datum
jsonb_in(PG_FUNCTION_ARGS)
{
	return PG_GETARG_DATUM(0);
}

Datum
DirectFunctionCall1Coll(PGFunction function, Oid collation, Datum a)
{
	return fuzz_call1(function, a);
}

/*
 * Algorithms
 */

void
qsort_interruptible(void *base, size_t n, size_t size, qsort_arg_comparator compare, void *arg)
{
	qsort_arg(base, n, size, compare, arg);
}

/* By bytes, as names in hints are short and mostly ASCII. */
int
varstr_levenshtein_less_equal(const char *source, int source_len,
							  const char *target, int target_len,
							  int insertion, int deletion, int substitution,
							  int most, bool trusted)
{
	int		   *cost = palloc((target_len + 1) * sizeof(int));

	for (int j = 0; j <= target_len; j++)
		cost[j] = j * insertion;
	for (int i = 1; i <= source_len; i++)
	{
		int			diagonal = cost[0];

		cost[0] = i * deletion;
		for (int j = 1; j <= target_len; j++)
		{
			int			replaced = diagonal +
				(source[i - 1] == target[j - 1] ? 0 : substitution);

			diagonal = cost[j];
			cost[j] = Min(replaced, Min(cost[j] + deletion, cost[j - 1] + insertion));
		}
	}
	return Min(cost[target_len], most + 1);
}

/* A digest that will do to tell texts apart: FNV-1a, each byte in all lanes. */
struct pg_cryptohash_ctx
{
	uint64		lane[4];
};

pg_cryptohash_ctx *
pg_cryptohash_create(pg_cryptohash_type type)
{
	return palloc(sizeof(pg_cryptohash_ctx));
}

int
pg_cryptohash_init(pg_cryptohash_ctx *hash)
{
	for (int i = 0; i < lengthof(hash->lane); i++)
		hash->lane[i] = UINT64CONST(0xcbf29ce484222325) + i;
	return 0;
}

int
pg_cryptohash_update(pg_cryptohash_ctx *hash, const uint8 *data, size_t len)
{
	for (size_t k = 0; k < len; k++)
		for (int i = 0; i < lengthof(hash->lane); i++)
			hash->lane[i] = (hash->lane[i] ^ data[k]) * UINT64CONST(0x100000001b3);
	return 0;
}

int
pg_cryptohash_final(pg_cryptohash_ctx *hash, uint8 *result, size_t len)
{
	memcpy(result, hash->lane, Min(len, sizeof(hash->lane)));
	return 0;
}

void
pg_cryptohash_free(pg_cryptohash_ctx *hash)
{
	pfree(hash);
}
