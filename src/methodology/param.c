/*
 * methodology/param.c
 *	  One parameter of a method, between JSON and struct.
 *
 * Each kind of parameter is a row of a table: how it is read, how written.  Those
 * that only normalise has are in methodology/normalise.c.
 */
#include "postgres.h"

#include <math.h>

#include "methodology/param.h"
#include "methodology/stage.h"

void
ci_param_fail(const CiParamReading *reading, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be %s", ci_place_name(reading->place), expected)));
}

double
ci_param_number(const CiParamReading *reading, const CiJson *value)
{
	return ci_read_number(value, reading->place, reading->param->lowest, reading->param->highest);
}

static void
read_number(const CiParamReading *reading, const CiJson *value, void *at)
{
	*(double *) at = ci_param_number(reading, value);
}

static CiJson *
write_number(const CiParam *param, const void *at)
{
	double		number = *(const double *) at;

	return ci_is_missing(number) ? NULL : ci_json_new_number(number);
}

static void
read_positive(const CiParamReading *reading, const CiJson *value, void *at)
{
	if (value->kind == CI_JSON_NUMBER && value->number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s must be above 0, not %s", ci_place_name(reading->place), value->text)));
	read_number(reading, value, at);
}

static void
read_whole(const CiParamReading *reading, const CiJson *value, void *at)
{
	*(double *) at = ci_read_whole(value, reading->place, (int) reading->param->lowest,
								   (int) Min(reading->param->highest, PG_INT32_MAX));
}

static void
read_fitted(const CiParamReading *reading, const CiJson *value, void *at)
{
	*(double *) at = value->kind == CI_JSON_NULL ? CI_UNESTIMABLE : ci_param_number(reading, value);
}

CiJson *
ci_param_write_fitted(const CiParam *param, const void *at)
{
	return isinf(*(const double *) at) ? ci_json_new(CI_JSON_NULL) : write_number(param, at);
}

static void
read_exponent(const CiParamReading *reading, const CiJson *value, void *at)
{
	if (ci_json_is_string(value, "Infinity"))
		*(double *) at = INFINITY;
	else if (ci_json_is_string(value, "-Infinity"))
		*(double *) at = -INFINITY;
	else if (value->kind == CI_JSON_NUMBER)
		*(double *) at = ci_param_number(reading, value);
	else
		ci_param_fail(reading, "a number, \"Infinity\" or \"-Infinity\"");
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
read_bool(const CiParamReading *reading, const CiJson *value, void *at)
{
	*(bool *) at = ci_read_bool(value, reading->place);
}

static CiJson *
write_bool(const CiParam *param, const void *at)
{
	return ci_json_new(*(const bool *) at ? CI_JSON_TRUE : CI_JSON_FALSE);
}

static void
read_pair(const CiParamReading *reading, const CiJson *value, double *pair)
{
	if (value->kind != CI_JSON_ARRAY || value->n != 2 ||
		value->first->kind != CI_JSON_NUMBER || value->last->kind != CI_JSON_NUMBER)
		ci_param_fail(reading, "an array of two numbers");
	pair[0] = ci_param_number(reading, value->first);
	pair[1] = ci_param_number(reading, value->last);
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
read_range(const CiParamReading *reading, const CiJson *value, void *at)
{
	double	   *range = at;

	read_pair(reading, value, range);
	if (range[0] == range[1])
		ci_param_fail(reading, "an array of two different numbers");
}

static void
read_bounds(const CiParamReading *reading, const CiJson *value, void *at)
{
	double	   *bounds = at;

	read_pair(reading, value, bounds);
	if (bounds[0] >= bounds[1])
		ci_param_fail(reading, "an array of two numbers, the first below the second");
}

static void
read_centred(const CiParamReading *reading, const CiJson *value, void *at)
{
	double	   *centred = at;

	read_pair(reading, value, centred);
	if (centred[1] <= 0)
		ci_param_fail(reading, "an array of two numbers, the second above 0");
}

static void
read_word(const CiParamReading *reading, const CiJson *value, void *at)
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
read_vector(const CiParamReading *reading, const CiJson *value, void *at)
{
	double	   *numbers;
	int			n = 0;

	if (value->kind != CI_JSON_ARRAY)
		ci_fail_kind(reading->place, "an array", value);
	if (value->n == 0)
		ci_param_fail(reading, "an array of one number at least");
	numbers = palloc(value->n * sizeof(double));
	for (const CiJson *member = value->first; member != NULL; member = member->next)
		numbers[n++] = ci_param_number(reading, member);
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
read_all_alike(const CiParamReading *reading, const CiJson *value, CiByChild *values)
{
	const CiElement *element = reading->param->more;

	for (int j = 0; j < values->n; j++)
		read_element(element, value, reading->place, (char *) values->at + j * element->size);
}

/* at has the codes and the standard of every child. */
static void
read_by_child(const CiParamReading *reading, const CiJson *value, void *at)
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
	void		(*read) (const CiParamReading *reading, const CiJson *value, void *at);
	CiJson	   *(*write) (const CiParam *param, const void *at);
}			kinds[] = {
	[CI_PARAM_NUMBER] = {read_number, write_number},
	[CI_PARAM_POSITIVE] = {read_positive, write_number},
	[CI_PARAM_WHOLE] = {read_whole, write_number},
	[CI_PARAM_FITTED] = {read_fitted, ci_param_write_fitted},
	[CI_PARAM_EXPONENT] = {read_exponent, write_exponent},
	[CI_PARAM_BOOL] = {read_bool, write_bool},
	[CI_PARAM_RANGE] = {read_range, write_pair},
	[CI_PARAM_BOUNDS] = {read_bounds, write_pair},
	[CI_PARAM_CENTRED] = {read_centred, write_pair},
	[CI_PARAM_POST] = {ci_param_read_post, ci_param_write_post},
	[CI_PARAM_POSTS] = {ci_param_read_posts, ci_param_write_posts},
	[CI_PARAM_REFERENCE] = {ci_param_read_reference, ci_param_write_reference},
	[CI_PARAM_TRANSFORM] = {ci_param_read_transform, ci_param_write_transform},
	[CI_PARAM_WORD] = {read_word, write_word},
	[CI_PARAM_VECTOR] = {read_vector, write_vector},
	[CI_PARAM_BY_CHILD] = {read_by_child, write_by_child}
};

void
ci_param_read(const CiParam *param, const CiJson *value, const CiPlace *place,
			  bool given_only, void *spec)
{
	CiParamReading reading = {.param = param, .place = place, .given_only = given_only};

	kinds[param->kind].read(&reading, value, (char *) spec + param->offset);
}

CiJson *
ci_param_write(const CiParam *param, const void *spec)
{
	return kinds[param->kind].write(param, (const char *) spec + param->offset);
}
