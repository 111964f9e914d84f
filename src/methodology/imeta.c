/*
 * methodology/imeta.c
 *	  Rows of iMeta, the table of indicators of the R package COINr.
 *
 * Names of columns are compared without regard to case, as PostgreSQL may have
 * folded them.  What is neither a column of iMeta nor a key of a component is
 * kept in meta.
 */
#include "postgres.h"

#include "methodology/rows.h"
#include "methodology/tree.h"

/* A component being made from a row. */
typedef struct Making
{
	CiRow	   *row;
	const CiJson *json;
	CiPlace		place;
	CiJson	   *meta;
	int			n_normalise;	/* ways in which the row normalises */
} Making;

static const CiJson *
get_column(const CiJson *json, const char *name)
{
	for (const CiJson *column = json->first; column != NULL; column = column->next)
	{
		if (pg_strcasecmp(column->key, name) == 0 && column->kind != CI_JSON_NULL)
			return column;
	}
	return NULL;
}

/*
 * Columns that become a key, or a key of meta
 */

static const struct
{
	const char *name;
	const char *key;			/* of the component; NULL: read elsewhere */
	const char *meta;
}			columns[] = {
	{"iCode", "code", NULL},
	{"iName", "label", NULL},
	{"Parent", "parent", NULL},
	{"Direction", "direction", NULL},
	{"Weight", "weight", NULL},
	{"Denominator", "denominator", NULL},
	{"ScaleFactor", NULL, NULL},
	{"Unit", NULL, "unit"},
	{"Target", NULL, "target"},
	{"Type", NULL, NULL},
	{"Level", NULL, NULL},
	{NULL, NULL, NULL}
};

/*
 * Columns that normalise
 */

#define MAX_PARAMS 4

static CiJson *
new_stage(const char *method)
{
	CiJson	   *stage = ci_json_new(CI_JSON_OBJECT);

	ci_json_append(stage, "method", ci_json_new_string(method));
	return stage;
}

static CiJson *
pair(CiJson *a, CiJson *b)
{
	CiJson	   *json = ci_json_new(CI_JSON_ARRAY);

	ci_json_append(json, NULL, a);
	ci_json_append(json, NULL, b);
	return json;
}

static CiJson *
make_minmax(const CiJson *const *params)
{
	CiJson	   *stage = new_stage("minmax");

	ci_json_append(stage, "to", pair(ci_json_copy(params[0]), ci_json_copy(params[1])));
	return stage;
}

/* Lower and upper end, and the score of the upper one. */
static CiJson *
make_goalposts(const CiJson *const *params)
{
	CiJson	   *stage = new_stage("goalposts");
	CiJson	   *top = params[2] ? ci_json_copy(params[2]) : ci_json_new_number(100);

	ci_json_append(stage, "lower", ci_json_copy(params[0]));
	ci_json_append(stage, "upper", ci_json_copy(params[1]));
	ci_json_append(stage, "to", pair(ci_json_new_number(0), top));
	return stage;
}

/* As n_goalposts, which truncates unless it is told not to. */
static CiJson *
make_clamped_goalposts(const CiJson *const *params)
{
	CiJson	   *stage = make_goalposts(params);

	ci_json_append(stage, "clamp",
				   params[3] ? ci_json_copy(params[3]) : ci_json_new(CI_JSON_TRUE));
	return stage;
}

static CiJson *
make_zscore(const CiJson *const *params)
{
	CiJson	   *stage = new_stage("zscore");

	ci_json_append(stage, "to", pair(ci_json_copy(params[0]), ci_json_copy(params[1])));
	return stage;
}

/* What Normalise takes from iMeta with f_n_para = "use_iMeta". */
static const struct
{
	const char *params[MAX_PARAMS];
	int			n_needed;		/* of them, the first ones */
	CiJson	   *(*make) (const CiJson *const *params);
}			ways[] = {
	{{"minmax_lower", "minmax_upper"}, 2, make_minmax},
	{{"scaled_lower", "scaled_upper", "scale_factor"}, 2, make_goalposts},
	{{"goalpost_lower", "goalpost_upper", "goalpost_scale", "goalpost_trunc2posts"},
	3, make_clamped_goalposts},
	{{"zscore_mean", "zscore_sd"}, 2, make_zscore}
};

static bool
is_way_column(const char *name)
{
	for (size_t i = 0; i < lengthof(ways); i++)
		for (int j = 0; j < MAX_PARAMS && ways[i].params[j] != NULL; j++)
		{
			if (pg_strcasecmp(name, ways[i].params[j]) == 0)
				return true;
		}
	return false;
}

/* Add a member; two columns whose names differ in case alone are an error. */
static void
put(const Making *making, CiJson *object, const char *key, const CiJson *column)
{
	if (ci_json_get(object, key) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has two columns \"%s\"", ci_place_name(&making->place), column->key)));
	ci_json_append(object, key, ci_json_copy(column));
}

static void
add_normalise(Making *making, CiJson *stage)
{
	if (making->n_normalise++ > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is normalised in more than one way", ci_place_name(&making->place)),
				 errdetail("Only one of the groups of columns minmax_*, scaled_*, goalpost_*, zscore_* may hold values, and none if there is a column normalise.")));
	ci_json_append(making->row->component, "normalise", stage);
}

/* Add the stage that a group of columns stands for, if the row has values there. */
static void
collect_way(Making *making, size_t way)
{
	const CiJson *params[MAX_PARAMS] = {NULL};
	const char *missing = NULL;
	int			found = 0;

	for (int j = 0; j < MAX_PARAMS && ways[way].params[j] != NULL; j++)
	{
		const char *name = ways[way].params[j];

		params[j] = get_column(making->json, name);
		if (params[j] != NULL)
			found++;
		else if (missing == NULL && j < ways[way].n_needed)
			missing = name;
	}
	if (found == 0)
		return;
	if (missing != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s needs a value in column \"%s\"", ci_place_name(&making->place), missing)));
	if (strcmp(making->row->type, "Indicator") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is no indicator but has a value in column \"%s\"",
						ci_place_name(&making->place), ways[way].params[0])));
	add_normalise(making, ways[way].make(params));
}

/*
 * A row
 */

bool
ci_imeta_is_row(const CiJson *json)
{
	for (const CiJson *column = json->first; column != NULL; column = column->next)
	{
		if (pg_strcasecmp(column->key, "iCode") == 0)
			return true;
	}
	return false;
}

static void
collect_column(Making *making, const CiJson *column)
{
	CiJson	   *component = making->row->component;

	for (int i = 0; columns[i].name != NULL; i++)
	{
		if (pg_strcasecmp(column->key, columns[i].name) != 0)
			continue;
		if (columns[i].key != NULL)
			put(making, component, columns[i].key, column);
		else if (columns[i].meta != NULL)
			put(making, making->meta, columns[i].meta, column);
		return;
	}
	if (is_way_column(column->key))
		return;
	if (strcmp(column->key, "normalise") == 0)
		add_normalise(making, ci_json_copy(column));
	else if (strcmp(column->key, "meta") != 0 &&
			 ci_names_find(CI_NAMES(ci_component_keys), column->key) != NULL)
		put(making, component, column->key, column);
	else
		put(making, making->meta, column->key, column);
}

/* A column ScaleFactor is the scale of the row's denominator. */
static void
collect_scale(const Making *making)
{
	const CiJson *scale = get_column(making->json, "ScaleFactor");
	CiJson	   *denominator = ci_json_get(making->row->component, "denominator");
	CiJson	   *scaled;

	if (scale == NULL)
		return;
	if (denominator == NULL || denominator->kind != CI_JSON_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s needs a value in column \"Denominator\"", ci_place_name(&making->place)),
				 errdetail("Column \"ScaleFactor\" has one.")));
	scaled = ci_json_new(CI_JSON_OBJECT);
	ci_json_append(scaled, "indicator", ci_json_copy(denominator));
	ci_json_append(scaled, "scale", ci_json_copy(scale));
	ci_json_set(making->row->component, "denominator", scaled);
}

static const char *
read_type(const Making *making)
{
	static const CiChoice types[] = {
		{"Indicator", 0}, {"Aggregate", 1}, {"Group", 2}, {"Denominator", 3}, {"Other", 4}, {0}
	};
	const CiJson *type = get_column(making->json, "Type");
	CiPlace		place = {.of = &making->place, .name = "Type"};

	if (type == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s needs a value in column \"Type\"", ci_place_name(&making->place)),
				 errdetail("It is one of: %s.", ci_names_list(CI_NAMES(types)))));
	return types[ci_read_choice(type, &place, types)].name;
}

static int
read_level(const Making *making)
{
	const CiJson *level = get_column(making->json, "Level");
	CiPlace		place = {.of = &making->place, .name = "Level"};

	return level ? ci_read_whole(level, &place, 1, 1000) : 0;
}

bool
ci_imeta_collect(CiRow *row, const CiJson *json)
{
	const CiJson *code = get_column(json, "iCode");
	Making		making = {.row = row, .json = json, .meta = ci_json_new(CI_JSON_OBJECT)};

	making.place = (CiPlace) {.of = &ci_methodology_place, .number = row->number};
	if (code != NULL && code->kind == CI_JSON_STRING)
		making.place.component = code->text;
	row->type = read_type(&making);
	if (strcmp(row->type, "Indicator") != 0 && strcmp(row->type, "Aggregate") != 0)
		return false;
	row->level = read_level(&making);
	for (const CiJson *column = json->first; column != NULL; column = column->next)
	{
		if (column->kind != CI_JSON_NULL)
			collect_column(&making, column);
	}
	collect_scale(&making);
	for (size_t i = 0; i < lengthof(ways); i++)
		collect_way(&making, i);
	if (making.meta->n > 0)
		ci_json_append(row->component, "meta", making.meta);
	return true;
}

/*
 * The rows together
 */

static const char *
key_text(const CiRow *row, const char *key)
{
	const CiJson *value = ci_json_get(row->component, key);

	return value != NULL && value->kind == CI_JSON_STRING ? value->text : NULL;
}

static int
compare_codes(const void *a, const void *b)
{
	return strcmp(key_text(*(const CiRow *const *) a, "code"),
				  key_text(*(const CiRow *const *) b, "code"));
}

static void
fail_level(const CiRow *row, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("Level of methodology component \"%s\" is %d", key_text(row, "code"), row->level),
			 errdetail_internal("%s", expected)));
}

static void
check_levels(const CiRow *row, const CiRow *parent)
{
	if (row->level != 0 && (strcmp(row->type, "Indicator") == 0) != (row->level == 1))
		fail_level(row, "Level is 1 for indicators and higher for aggregates.");
	if (parent == NULL || parent->type == NULL)
		return;
	if (strcmp(parent->type, "Indicator") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("methodology component \"%s\" has Type \"Indicator\" but is the parent of \"%s\"",
						key_text(parent, "code"), key_text(row, "code"))));
	if (row->level != 0 && parent->level != 0 && parent->level <= row->level)
		fail_level(row, psprintf("Its parent \"%s\" has Level %d, which must be higher.",
								 key_text(parent, "code"), parent->level));
}

/* The row whose code is this row's parent, NULL if there is none. */
static const CiRow *
find_parent(const CiRow *row, const CiRow **by_code, int n)
{
	const char *parent = key_text(row, "parent");
	int			low = 0;
	int			high = parent ? n : 0;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			c = strcmp(key_text(by_code[middle], "code"), parent);

		if (c == 0)
			return by_code[middle];
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void
ci_imeta_check(const CiRow *rows, int n)
{
	const CiRow **by_code = palloc(Max(n, 1) * sizeof(CiRow *));
	bool	   *is_parent = palloc0(Max(n, 1) * sizeof(bool));
	int			n_codes = 0;

	for (int i = 0; i < n; i++)
	{
		if (key_text(&rows[i], "code") != NULL)
			by_code[n_codes++] = &rows[i];
	}
	qsort(by_code, n_codes, sizeof(CiRow *), compare_codes);
	for (int i = 0; i < n_codes; i++)
	{
		const CiRow *parent = find_parent(by_code[i], by_code, n_codes);

		if (parent != NULL)
			is_parent[parent - rows] = true;
		if (by_code[i]->type != NULL)
			check_levels(by_code[i], parent);
	}
	for (int i = 0; i < n; i++)
	{
		const char *type = rows[i].type;

		if (type != NULL && strcmp(type, "Aggregate") == 0 && !is_parent[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("methodology component \"%s\" has Type \"Aggregate\" but no row has it as Parent",
							key_text(&rows[i], "code"))));
	}
}
