/*
 * methodology/normalise.c
 *	  The parameters that only normalise has, between JSON and struct: goalposts,
 *	  bounds of bands, references, transforms.
 */
#include "postgres.h"

#include "methodology/param.h"
#include "methodology/stage.h"

#define MAX_PERCENTILE_DECIMALS 12

/*
 * The share that "p2.5" means; false if it is no such text.  Twelve decimals
 * are what a double holds, so that they can be written back.
 */
static bool
read_percentile(const char *text, double *share)
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
read_quantile(const char *text, CiPost *post)
{
	post->kind = CI_POST_QUANTILE;
	if (strcmp(text, "min") != 0 && strcmp(text, "max") != 0)
		return read_percentile(text, &post->value);
	post->value = text[1] == 'a';
	return true;
}

static void
read_post_text(const CiParamReading *reading, const char *text, CiPost *post)
{
	if (!read_quantile(text, post))
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

void
ci_param_read_post(const CiParamReading *reading, const CiJson *value, void *at)
{
	static const CiKey keys[] = {{"unit", read_post_unit}, {0}};
	CiPost		post = {.kind = CI_POST_NUMBER, .value = CI_UNESTIMABLE};

	if (value->kind == CI_JSON_NUMBER)
		post.value = ci_param_number(reading, value);
	else if (reading->given_only && value->kind != CI_JSON_NULL)
		ci_fail_kind(reading->place, "a number", value);
	else if (value->kind == CI_JSON_STRING)
		read_post_text(reading, value->text, &post);
	else if (value->kind == CI_JSON_OBJECT && value->n == 1)
		ci_read_object(value, reading->place, keys, &post);
	else if (value->kind != CI_JSON_NULL || !reading->given_only)
		ci_param_fail(reading, "a number, \"min\", \"max\", \"p0\" to \"p100\", or {\"unit\": ...}");
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
		return ci_param_write_fitted(NULL, &post->value);
	if (post->kind == CI_POST_QUANTILE)
		return write_quantile(post->value);
	json = ci_json_new(CI_JSON_OBJECT);
	ci_json_append(json, "unit", ci_json_new_string(post->unit));
	return json;
}

CiJson *
ci_param_write_post(const CiParam *param, const void *at)
{
	return ci_post_write(at);
}

/* A bound that could not be estimated is null. */
void
ci_param_read_posts(const CiParamReading *reading, const CiJson *value, void *at)
{
	CiPost	   *posts;
	int			n = 0;

	if (value->kind != CI_JSON_ARRAY)
		ci_fail_kind(reading->place, "an array", value);
	if (value->n == 0)
		ci_param_fail(reading, "an array of one bound at least");
	posts = palloc0(value->n * sizeof(CiPost));
	for (const CiJson *member = value->first; member != NULL; member = member->next, n++)
	{
		if (member->kind == CI_JSON_NULL)
			posts[n].value = CI_UNESTIMABLE;
		else if (member->kind == CI_JSON_NUMBER)
			posts[n].value = ci_param_number(reading, member);
		else if (member->kind != CI_JSON_STRING || !read_quantile(member->text, &posts[n]))
			ci_param_fail(reading, "an array of numbers or of percentiles such as \"p25\"");
	}
	*(CiPosts *) at = (CiPosts) {n, posts};
}

CiJson *
ci_param_write_posts(const CiParam *param, const void *at)
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

void
ci_param_read_reference(const CiParamReading *reading, const CiJson *value, void *at)
{
	static const CiKey keys[] = {{"unit", read_reference_unit}, {"period", read_reference_period}, {0}};
	CiReference reference = {CI_REFERENCE_MEAN};

	if (value->kind == CI_JSON_NUMBER)
	{
		reference.kind = CI_REFERENCE_NUMBER;
		reference.value = ci_param_number(reading, value);
	}
	else if (value->kind == CI_JSON_OBJECT && value->n > 0)
		ci_read_object(value, reading->place, keys, &reference);
	else if (!ci_json_is_string(value, "mean"))
		ci_param_fail(reading, "a number, \"mean\", or {\"unit\": ..., \"period\": ...}");
	*(CiReference *) at = reference;
}

CiJson *
ci_param_write_reference(const CiParam *param, const void *at)
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
check_transform(const CiParamReading *reading, const CiJson *value, const CiTransform *transform)
{
	bool		has_lambda = ci_json_get(value, "lambda") != NULL;
	bool		has_offset = ci_json_get(value, "offset") != NULL;

	if (ci_json_get(value, "method") == NULL)
		ci_param_fail(reading, "a method's name or an object with \"method\"");
	if (has_lambda && transform->kind != CI_TRANSFORM_BOXCOX)
		ci_param_fail(reading, "\"boxcox\" to have a lambda");
	if (has_offset && transform->kind == CI_TRANSFORM_NONE)
		ci_param_fail(reading, "\"log\" or \"boxcox\" to have an offset");
}

void
ci_param_read_transform(const CiParamReading *reading, const CiJson *value, void *at)
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
		ci_param_fail(reading, "an object with \"lambda\" if it is \"boxcox\"");
	*(CiTransform *) at = transform;
}

CiJson *
ci_param_write_transform(const CiParam *param, const void *at)
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
