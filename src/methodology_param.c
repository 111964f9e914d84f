/*
 * methodology_param.c
 *	  One parameter of a method, between JSON and struct.
 *
 * Each kind of parameter is a row of a table: how it is read, how written.
 */
#include "postgres.h"

#include <math.h>

#include "methodology_stage.h"

#define MAX_PERCENTILE_DECIMALS 12

/* What a reader of parameters knows. */
typedef struct Reading
{
	const CiParam *param;
	const CiPlace *place;
	bool		given_only;
} Reading;

pg_noreturn static void fail(const Reading *reading, const char *expected);

static void
fail(const Reading *reading, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be %s", ci_place_name(reading->place), expected)));
}

static double
number_in_limits(const Reading *reading, const CiJson *value)
{
	return ci_read_number(value, reading->place, reading->param->lowest, reading->param->highest);
}

static void
read_number(const Reading *reading, const CiJson *value, void *at)
{
	*(double *) at = number_in_limits(reading, value);
}

static CiJson *
write_number(const CiParam *param, const void *at)
{
	double		number = *(const double *) at;

	return ci_is_missing(number) ? NULL : ci_json_new_number(number);
}

static void
read_positive(const Reading *reading, const CiJson *value, void *at)
{
	if (value->kind == CI_JSON_NUMBER && value->number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be above 0, not %s", ci_place_name(reading->place), value->text)));
	read_number(reading, value, at);
}

static void
read_whole(const Reading *reading, const CiJson *value, void *at)
{
	*(double *) at = ci_read_whole(value, reading->place, (int) reading->param->lowest,
								   (int) Min(reading->param->highest, PG_INT32_MAX));
}

static void
read_fitted(const Reading *reading, const CiJson *value, void *at)
{
	*(double *) at = value->kind == CI_JSON_NULL ? CI_UNESTIMABLE : number_in_limits(reading, value);
}

static CiJson *
write_fitted(const CiParam *param, const void *at)
{
	return isinf(*(const double *) at) ? ci_json_new(CI_JSON_NULL) : write_number(param, at);
}

static void
read_exponent(const Reading *reading, const CiJson *value, void *at)
{
	if (ci_json_is_string(value, "Infinity"))
		*(double *) at = INFINITY;
	else if (ci_json_is_string(value, "-Infinity"))
		*(double *) at = -INFINITY;
	else if (value->kind == CI_JSON_NUMBER)
		*(double *) at = number_in_limits(reading, value);
	else
		fail(reading, "a number, \"Infinity\" or \"-Infinity\"");
}

static CiJson *
write_exponent(const CiParam *param, const void *at)
{
	double		number = *(const double *) at;

	if (isinf(number))
		return ci_json_new_string(number > 0 ? "Infinity" : "-Infinity");
	return write_number(param, at);
}

static void
read_bool(const Reading *reading, const CiJson *value, void *at)
{
	*(bool *) at = ci_read_bool(value, reading->place);
}

static CiJson *
write_bool(const CiParam *param, const void *at)
{
	return ci_json_new(*(const bool *) at ? CI_JSON_TRUE : CI_JSON_FALSE);
}

static void
read_pair(const Reading *reading, const CiJson *value, double *pair)
{
	if (value->kind != CI_JSON_ARRAY || value->n != 2 ||
		value->first->kind != CI_JSON_NUMBER || value->last->kind != CI_JSON_NUMBER)
		fail(reading, "an array of two numbers");
	pair[0] = number_in_limits(reading, value->first);
	pair[1] = number_in_limits(reading, value->last);
}

static CiJson *
write_pair(const CiParam *param, const void *at)
{
	const double *pair = at;
	CiJson	   *json;

	if (!isfinite(pair[0]) || !isfinite(pair[1]))
		return NULL;
	json = ci_json_new(CI_JSON_ARRAY);
	ci_json_append(json, NULL, ci_json_new_number(pair[0]));
	ci_json_append(json, NULL, ci_json_new_number(pair[1]));
	return json;
}

static void
read_range(const Reading *reading, const CiJson *value, void *at)
{
	double	   *range = at;

	read_pair(reading, value, range);
	if (range[0] == range[1])
		fail(reading, "an array of two different numbers");
}

static void
read_bounds(const Reading *reading, const CiJson *value, void *at)
{
	double	   *bounds = at;

	read_pair(reading, value, bounds);
	if (bounds[0] >= bounds[1])
		fail(reading, "an array of two numbers, the first below the second");
}

static void
read_centred(const Reading *reading, const CiJson *value, void *at)
{
	double	   *centred = at;

	read_pair(reading, value, centred);
	if (centred[1] <= 0)
		fail(reading, "an array of two numbers, the second above 0");
}

/*
 * The share that "p2.5" means; false if it is no such text.  Twelve decimals
 * are what a double holds, so that they can be written back.
 */
static bool
percentile(const char *text, double *share)
{
	const char *digits = text + 1;
	size_t		whole = text[0] == 'p' ? strspn(digits, "0123456789") : 0;
	size_t		length = whole;

	if (whole == 0 || whole > 3)
		return false;
	if (digits[whole] == '.')
	{
		size_t		decimals = strspn(digits + whole + 1, "0123456789");

		if (decimals == 0 || decimals > MAX_PERCENTILE_DECIMALS)
			return false;
		length += 1 + decimals;
	}
	*share = strtod(digits, NULL) / 100;
	return digits[length] == '\0' && *share <= 1;
}

/* A quantile; false if the text names none. */
static bool
is_quantile(const char *text, CiPost *post)
{
	post->kind = CI_POST_QUANTILE;
	if (strcmp(text, "min") != 0 && strcmp(text, "max") != 0)
		return percentile(text, &post->value);
	post->value = text[1] == 'a';
	return true;
}

static void
read_post_text(const Reading *reading, const char *text, CiPost *post)
{
	if (!is_quantile(text, post))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must not be \"%s\"", ci_place_name(reading->place), text),
				 errdetail("It is a number, \"min\", \"max\", \"p0\" to \"p100\", or {\"unit\": ...}.")));
}

static void
read_post_unit(const CiJson *value, const CiPlace *place, void *target)
{
	CiPost	   *post = target;

	post->kind = CI_POST_UNIT;
	post->unit = ci_read_string(value, place);
}

static void
read_post(const Reading *reading, const CiJson *value, void *at)
{
	static const CiKey keys[] = {{"unit", read_post_unit}, {0}};
	CiPost		post = {.kind = CI_POST_NUMBER, .value = CI_UNESTIMABLE};

	if (value->kind == CI_JSON_NUMBER)
		post.value = number_in_limits(reading, value);
	else if (reading->given_only && value->kind != CI_JSON_NULL)
		ci_fail_kind(reading->place, "a number", value);
	else if (value->kind == CI_JSON_STRING)
		read_post_text(reading, value->text, &post);
	else if (value->kind == CI_JSON_OBJECT && value->n == 1)
		ci_read_object(value, reading->place, keys, &post);
	else if (value->kind != CI_JSON_NULL || !reading->given_only)
		fail(reading, "a number, \"min\", \"max\", \"p0\" to \"p100\", or {\"unit\": ...}");
	*(CiPost *) at = post;
}

/* Name a quantile by the shortest percentile that reads back as it. */
static CiJson *
write_quantile(double share)
{
	char		text[32] = "p";

	if (share == 0 || share == 1)
		return ci_json_new_string(share == 0 ? "min" : "max");
	for (int digits = 0; digits <= MAX_PERCENTILE_DECIMALS; digits++)
	{
		snprintf(text + 1, sizeof(text) - 1, "%.*f", digits, share * 100);
		if (strtod(text + 1, NULL) / 100 == share)
			break;
	}
	return ci_json_new_string(text);
}

CiJson *
ci_post_write(const CiPost *post)
{
	CiJson	   *json;

	if (post->kind == CI_POST_NUMBER)
		return write_fitted(NULL, &post->value);
	if (post->kind == CI_POST_QUANTILE)
		return write_quantile(post->value);
	json = ci_json_new(CI_JSON_OBJECT);
	ci_json_append(json, "unit", ci_json_new_string(post->unit));
	return json;
}

static CiJson *
write_post(const CiParam *param, const void *at)
{
	return ci_post_write(at);
}

/* A bound that could not be estimated is null. */
static void
read_posts(const Reading *reading, const CiJson *value, void *at)
{
	CiPost	   *posts;
	int			n = 0;

	if (value->kind != CI_JSON_ARRAY)
		ci_fail_kind(reading->place, "an array", value);
	if (value->n == 0)
		fail(reading, "an array of one bound at least");
	posts = palloc0(value->n * sizeof(CiPost));
	for (const CiJson *member = value->first; member != NULL; member = member->next, n++)
	{
		if (member->kind == CI_JSON_NULL)
			posts[n].value = CI_UNESTIMABLE;
		else if (member->kind == CI_JSON_NUMBER)
			posts[n].value = number_in_limits(reading, member);
		else if (member->kind != CI_JSON_STRING || !is_quantile(member->text, &posts[n]))
			fail(reading, "an array of numbers or of percentiles such as \"p25\"");
	}
	*(CiPosts *) at = (CiPosts) {n, posts};
}

static CiJson *
write_posts(const CiParam *param, const void *at)
{
	const CiPosts *posts = at;
	CiJson	   *json = ci_json_new(CI_JSON_ARRAY);

	for (int i = 0; i < posts->n; i++)
		ci_json_append(json, NULL, ci_post_write(&posts->at[i]));
	return posts->at == NULL ? NULL : json;
}

static void
read_reference_unit(const CiJson *value, const CiPlace *place, void *target)
{
	CiReference *reference = target;

	reference->kind = CI_REFERENCE_UNIT;
	reference->unit = ci_read_string(value, place);
}

static void
read_reference_period(const CiJson *value, const CiPlace *place, void *target)
{
	CiReference *reference = target;

	reference->has_period = true;
	reference->period = ci_read_whole(value, place, PG_INT32_MIN, PG_INT32_MAX);
}

static void
read_reference(const Reading *reading, const CiJson *value, void *at)
{
	static const CiKey keys[] = {{"unit", read_reference_unit}, {"period", read_reference_period}, {0}};
	CiReference reference = {CI_REFERENCE_MEAN};

	if (value->kind == CI_JSON_NUMBER)
	{
		reference.kind = CI_REFERENCE_NUMBER;
		reference.value = number_in_limits(reading, value);
	}
	else if (value->kind == CI_JSON_OBJECT && value->n > 0)
		ci_read_object(value, reading->place, keys, &reference);
	else if (!ci_json_is_string(value, "mean"))
		fail(reading, "a number, \"mean\", or {\"unit\": ..., \"period\": ...}");
	*(CiReference *) at = reference;
}

static CiJson *
write_reference(const CiParam *param, const void *at)
{
	const CiReference *reference = at;
	CiJson	   *json;

	if (reference->kind == CI_REFERENCE_NUMBER)
		return ci_json_new_number(reference->value);
	if (reference->kind == CI_REFERENCE_MEAN && !reference->has_period)
		return ci_json_new_string("mean");
	json = ci_json_new(CI_JSON_OBJECT);
	if (reference->kind == CI_REFERENCE_UNIT)
		ci_json_append(json, "unit", ci_json_new_string(reference->unit));
	if (reference->has_period)
		ci_json_append(json, "period", ci_json_new_number(reference->period));
	return json;
}

static const CiChoice transforms[] = {
	{"none", CI_TRANSFORM_NONE},
	{"log", CI_TRANSFORM_LOG},
	{"boxcox", CI_TRANSFORM_BOXCOX},
	{0}
};

static void
read_transform_method(const CiJson *value, const CiPlace *place, void *target)
{
	((CiTransform *) target)->kind = ci_read_choice(value, place, transforms);
}

static void
read_transform_offset(const CiJson *value, const CiPlace *place, void *target)
{
	((CiTransform *) target)->offset = ci_read_number(value, place, -INFINITY, INFINITY);
}

static void
read_transform_lambda(const CiJson *value, const CiPlace *place, void *target)
{
	((CiTransform *) target)->lambda = ci_read_number(value, place, -INFINITY, INFINITY);
}

/* Check that the object's keys are those of its method. */
static void
check_transform(const Reading *reading, const CiJson *value, const CiTransform *transform)
{
	bool		has_lambda = ci_json_get(value, "lambda") != NULL;
	bool		has_offset = ci_json_get(value, "offset") != NULL;

	if (ci_json_get(value, "method") == NULL)
		fail(reading, "a method's name or an object with \"method\"");
	if (has_lambda && transform->kind != CI_TRANSFORM_BOXCOX)
		fail(reading, "\"boxcox\" to have a lambda");
	if (has_offset && transform->kind == CI_TRANSFORM_NONE)
		fail(reading, "\"log\" or \"boxcox\" to have an offset");
}

static void
read_transform(const Reading *reading, const CiJson *value, void *at)
{
	static const CiKey keys[] = {
		{"method", read_transform_method},
		{"offset", read_transform_offset},
		{"lambda", read_transform_lambda},
		{0}
	};
	CiTransform transform = {.lambda = CI_MISSING};

	if (value->kind == CI_JSON_STRING)
		transform.kind = ci_read_choice(value, reading->place, transforms);
	else if (value->kind == CI_JSON_OBJECT)
	{
		ci_read_object(value, reading->place, keys, &transform);
		check_transform(reading, value, &transform);
	}
	else
		ci_fail_kind(reading->place, "a string or an object", value);
	if (transform.kind != CI_TRANSFORM_BOXCOX)
		transform.lambda = 0;
	else if (ci_is_missing(transform.lambda))
		fail(reading, "an object with \"lambda\" if it is \"boxcox\"");
	*(CiTransform *) at = transform;
}

static CiJson *
write_transform(const CiParam *param, const void *at)
{
	const CiTransform *transform = at;
	CiJson	   *method = ci_json_new_string(transforms[transform->kind].name);
	CiJson	   *json;

	if (transform->kind == CI_TRANSFORM_NONE ||
		(transform->kind == CI_TRANSFORM_LOG && transform->offset == 0))
		return method;
	json = ci_json_new(CI_JSON_OBJECT);
	ci_json_append(json, "method", method);
	if (transform->kind == CI_TRANSFORM_BOXCOX)
		ci_json_append(json, "lambda", ci_json_new_number(transform->lambda));
	ci_json_append(json, "offset", ci_json_new_number(transform->offset));
	return json;
}

static void
read_word(const Reading *reading, const CiJson *value, void *at)
{
	*(int *) at = ci_read_choice(value, reading->place, reading->param->more);
}

static CiJson *
write_word(const CiParam *param, const void *at)
{
	for (const CiChoice *choice = param->more; choice->name != NULL; choice++)
		if (choice->value == *(const int *) at)
			return ci_json_new_string(choice->name);
	return NULL;
}

static void
read_vector(const Reading *reading, const CiJson *value, void *at)
{
	double	   *numbers;
	int			n = 0;

	if (value->kind != CI_JSON_ARRAY)
		ci_fail_kind(reading->place, "an array", value);
	if (value->n == 0)
		fail(reading, "an array of one number at least");
	numbers = palloc(value->n * sizeof(double));
	for (const CiJson *member = value->first; member != NULL; member = member->next)
		numbers[n++] = number_in_limits(reading, member);
	*(CiVector *) at = (CiVector) {n, numbers};
}

static CiJson *
write_vector(const CiParam *param, const void *at)
{
	const CiVector *vector = at;
	CiJson	   *json = ci_json_new(CI_JSON_ARRAY);

	for (int i = 0; i < vector->n; i++)
		ci_json_append(json, NULL, ci_json_new_number(vector->at[i]));
	return vector->at == NULL ? NULL : json;
}

/* Is what each child has just a value, not an object? */
static bool
is_plain(const CiElement *element)
{
	return element->params[0].name[0] == '\0';
}

static void
read_element(const CiElement *element, const CiJson *value, const CiPlace *place, void *at)
{
	CiNames		names = CI_NAMES(element->params);

	if (is_plain(element))
	{
		ci_param_read(element->params, value, place, false, at);
		return;
	}
	if (value->kind != CI_JSON_OBJECT)
		ci_fail_kind(place, "an object", value);
	for (const CiJson *member = value->first; member != NULL; member = member->next)
	{
		CiPlace		here = {.of = place, .name = member->key};
		const CiParam *param = ci_names_find(names, member->key);

		if (param == NULL)
			ci_fail_unknown(place, "key", member->key, names,
							psprintf("It has: %s.", ci_names_list(names)));
		ci_param_read(param, member, &here, false, at);
	}
}

static CiJson *
write_element(const CiElement *element, const void *at)
{
	CiJson	   *json;

	if (is_plain(element))
		return ci_param_write(element->params, at);
	json = ci_json_new(CI_JSON_OBJECT);
	for (const CiParam *param = element->params; param->name != NULL; param++)
	{
		CiJson	   *value = ci_param_write(param, at);

		if (value != NULL)
			ci_json_append(json, param->name, value);
	}
	return json;
}

static void
read_all_alike(const Reading *reading, const CiJson *value, CiByChild *values)
{
	const CiElement *element = reading->param->more;

	for (int j = 0; j < values->n; j++)
		read_element(element, value, reading->place, (char *) values->at + j * element->size);
}

/* at has the codes and the standard of every child. */
static void
read_by_child(const Reading *reading, const CiJson *value, void *at)
{
	const CiElement *element = reading->param->more;
	CiByChild  *values = at;

	if (element->shared && value->kind != CI_JSON_OBJECT)
	{
		read_all_alike(reading, value, values);
		return;
	}
	if (value->kind != CI_JSON_OBJECT)
		ci_fail_kind(reading->place, "an object", value);
	for (const CiJson *member = value->first; member != NULL; member = member->next)
	{
		CiNames		codes = CI_NAMES(values->code);
		CiPlace		here = {.of = reading->place, .name = psprintf("\"%s\"", member->key)};
		const char *const *code = ci_names_find(codes, member->key);

		if (code == NULL)
			ci_fail_unknown(reading->place, "child", member->key, codes,
							psprintf("The children are: %s.", ci_names_list(codes)));
		read_element(element, member, &here,
					 (char *) values->at + (code - values->code) * element->size);
	}
}

/* Those that differ from the standard; NULL if none does. */
static CiJson *
write_by_child(const CiParam *param, const void *at)
{
	const CiElement *element = param->more;
	const CiByChild *values = at;
	CiJson	   *json = ci_json_new(CI_JSON_OBJECT);
	CiJson	   *standard = write_element(element, element->standard);

	for (int j = 0; j < values->n; j++)
	{
		CiJson	   *value = write_element(element, (char *) values->at + j * element->size);

		if (value != NULL && !(standard != NULL && ci_json_equal(value, standard)))
			ci_json_append(json, values->code[j], value);
	}
	return json->n == 0 ? NULL : json;
}

void
ci_by_child_make(CiByChild *values, const CiElement *element, int n, const char *const *code)
{
	values->n = n;
	values->code = code;
	values->at = palloc_extended(Max(n, 1) * element->size, MCXT_ALLOC_HUGE);
	for (int j = 0; j < n; j++)
		memcpy((char *) values->at + j * element->size, element->standard, element->size);
}

static const struct
{
	void		(*read) (const Reading *reading, const CiJson *value, void *at);
	CiJson	   *(*write) (const CiParam *param, const void *at);
}			kinds[] = {
	[CI_PARAM_NUMBER] = {read_number, write_number},
	[CI_PARAM_POSITIVE] = {read_positive, write_number},
	[CI_PARAM_WHOLE] = {read_whole, write_number},
	[CI_PARAM_FITTED] = {read_fitted, write_fitted},
	[CI_PARAM_EXPONENT] = {read_exponent, write_exponent},
	[CI_PARAM_BOOL] = {read_bool, write_bool},
	[CI_PARAM_RANGE] = {read_range, write_pair},
	[CI_PARAM_BOUNDS] = {read_bounds, write_pair},
	[CI_PARAM_CENTRED] = {read_centred, write_pair},
	[CI_PARAM_POST] = {read_post, write_post},
	[CI_PARAM_POSTS] = {read_posts, write_posts},
	[CI_PARAM_REFERENCE] = {read_reference, write_reference},
	[CI_PARAM_TRANSFORM] = {read_transform, write_transform},
	[CI_PARAM_WORD] = {read_word, write_word},
	[CI_PARAM_VECTOR] = {read_vector, write_vector},
	[CI_PARAM_BY_CHILD] = {read_by_child, write_by_child}
};

void
ci_param_read(const CiParam *param, const CiJson *value, const CiPlace *place,
			  bool given_only, void *spec)
{
	Reading		reading = {.param = param, .place = place, .given_only = given_only};

	kinds[param->kind].read(&reading, value, (char *) spec + param->offset);
}

CiJson *
ci_param_write(const CiParam *param, const void *spec)
{
	return kinds[param->kind].write(param, (const char *) spec + param->offset);
}
