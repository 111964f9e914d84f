/*
 * methodology/edit.c
 *	  Documents from documents: amended, with other stages, the standard one.
 */
#include "postgres.h"

#include <math.h>

#include "methodology/tree.h"

static const CiPlace patch_place = {.name = "patch"};

/* A component of the document that is amended. */
typedef struct Slot
{
	const char *code;
	CiJson	   *component;
	bool		amended;
	bool		removed;
} Slot;

typedef struct Amendment
{
	CiJson	   *components;		/* of the document */
	Slot	   *slots;			/* in bytewise order of code */
	int			n;
} Amendment;

static int
compare_slots(const void *a, const void *b)
{
	return strcmp(((const Slot *) a)->code, ((const Slot *) b)->code);
}

static Slot *
find_slot(const Amendment *amendment, const char *code)
{
	Slot		key = {.code = code};

	return bsearch(&key, amendment->slots, amendment->n, sizeof(Slot), compare_slots);
}

/*
 * Replace, or remove if it is null, one key.  A key that does not exist cannot
 * be removed; what else is wrong with it comes up when the result is resolved.
 */
static void
apply_member(CiJson *object, const CiJson *member, const CiKey *keys, const CiPlace *place)
{
	if (member->kind != CI_JSON_NULL)
		ci_json_set(object, member->key, ci_json_copy(member));
	else if (ci_names_find(CI_NAMES(keys), member->key) != NULL)
		ci_json_remove(object, member->key);
	else
		ci_fail_unknown(place, "key", member->key, CI_NAMES(keys), NULL);
}

static const char *
read_code(const CiJson *item, int number)
{
	CiPlace		place = {.of = &patch_place, .number = number};
	CiPlace		code_place = {.of = &place, .name = "code"};
	const CiJson *code;

	if (item->kind != CI_JSON_OBJECT)
		ci_fail_kind(&place, "an object", item);
	code = ci_json_get(item, "code");
	if (code == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has no code", ci_place_name(&place))));
	return ci_read_string(code, &code_place);
}

static bool
read_remove(const CiJson *item, const CiPlace *place)
{
	const CiJson *remove = ci_json_get(item, "remove");
	CiPlace		here = {.of = place, .name = "remove"};

	if (remove == NULL || !ci_read_bool(remove, &here))
		return false;
	if (item->n > 2)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s removes the component and changes it", ci_place_name(place))));
	return true;
}

static void
remove_component(Amendment *amendment, Slot *slot, const char *code)
{
	const char **codes;

	if (slot != NULL && !slot->removed)
	{
		slot->removed = true;
		slot->component->kind = CI_JSON_NULL;	/* dropped at the end */
		return;
	}
	codes = palloc0((amendment->n + 1) * sizeof(char *));
	for (int i = 0; i < amendment->n; i++)
		codes[i] = amendment->slots[i].code;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("methodology has no component \"%s\"", code),
			 ci_hint_nearest(ci_nearest(code, CI_NAMES(codes)))));
}

static void
amend_component(Amendment *amendment, const CiJson *item, int number)
{
	const char *code = read_code(item, number);
	CiPlace		place = {.of = &patch_place, .component = code};
	Slot	   *slot = find_slot(amendment, code);
	CiJson	   *component;

	if (slot != NULL && slot->amended)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("patch has two components \"%s\"", code)));
	if (read_remove(item, &place))
	{
		remove_component(amendment, slot, code);
		return;
	}
	if (slot != NULL && !slot->removed)
	{
		component = slot->component;
		slot->amended = true;
	}
	else
	{
		component = ci_json_new(CI_JSON_OBJECT);
		ci_json_append(amendment->components, NULL, component);
	}
	for (const CiJson *member = item->first; member != NULL; member = member->next)
	{
		if (strcmp(member->key, "remove") != 0)
			apply_member(component, member, ci_component_keys, &place);
	}
}

static CiJson *
without_nulls(CiJson *components)
{
	CiJson	   *kept = ci_json_new(CI_JSON_ARRAY);
	CiJson	   *next;

	for (CiJson *member = components->first; member != NULL; member = next)
	{
		next = member->next;
		if (member->kind != CI_JSON_NULL)
			ci_json_append(kept, NULL, member);
	}
	return kept;
}

/* Merge the patch's components into the document's, by code. */
static void
amend_components(CiJson *document, const CiJson *items)
{
	CiPlace		place = {.of = &patch_place, .name = "components"};
	Amendment	amendment = {.components = ci_json_get(document, "components")};
	int			number = 0;

	if (items->kind != CI_JSON_ARRAY)
		ci_fail_kind(&place, "an array", items);
	amendment.slots = palloc0(amendment.components->n * sizeof(Slot));
	for (CiJson *member = amendment.components->first; member != NULL; member = member->next)
	{
		Slot	   *slot = &amendment.slots[amendment.n++];

		slot->code = ci_json_get(member, "code")->text;
		slot->component = member;
	}
	qsort(amendment.slots, amendment.n, sizeof(Slot), compare_slots);
	for (const CiJson *item = items->first; item != NULL; item = item->next)
		amend_component(&amendment, item, ++number);
	ci_json_set(document, "components", without_nulls(amendment.components));
}

/* json is a document that has been resolved once. */
CiJson *
ci_methodology_amended(const CiJson *json, const CiJson *patch)
{
	CiJson	   *document = ci_json_copy(json);

	if (patch->kind != CI_JSON_OBJECT)
		ci_fail_kind(&patch_place, "an object", patch);
	for (const CiJson *member = patch->first; member != NULL; member = member->next)
	{
		if (strcmp(member->key, "components") == 0)
			amend_components(document, member);
		else
			apply_member(document, member, ci_methodology_keys, &patch_place);
	}
	return document;
}

CiJson *
ci_methodology_with_stages(const CiMethodology *methodology, const CiStageChange *changes, int n)
{
	CiJson	   *document = ci_json_copy(methodology->json);
	CiJson	   *component = ci_json_get(document, "components")->first;

	for (int i = 0; i < methodology->n; i++, component = component->next)
	{
		int			index = methodology->display[i];

		for (int k = 0; k < n; k++)
			if (changes[k].stage[index] != NULL)
				ci_json_set(component, changes[k].key, changes[k].stage[index]);
	}
	return document;
}

CiJson *
ci_methodology_with_weights(const CiMethodology *methodology, const double *weight)
{
	CiJson	   *document = ci_json_copy(methodology->json);
	CiJson	   *component = ci_json_get(document, "components")->first;

	for (int i = 0; i < methodology->n; i++, component = component->next)
	{
		double		number = weight[methodology->display[i]];

		if (!isnan(number))
			ci_json_set(component, "weight", ci_json_new_number(number));
	}
	return document;
}

/* The k for which a name is the k-th choice of free_code, 0 if it is none. */
static int
choice_of_code(const char *name, const char *code, int last)
{
	size_t		length = strlen(code);
	int			k;

	if (strcmp(name, code) == 0)
		return 1;
	if (strncmp(name, code, length) != 0 || name[length] != '_' || strlen(name) > length + 7)
		return 0;
	k = atoi(name + length + 1);
	return k >= 2 && k <= last && strcmp(name, psprintf("%s_%d", code, k)) == 0 ? k : 0;
}

/* The code itself, or with "_2", … behind it if an indicator has that name. */
static const char *
free_code(const char *code, const char *const *indicators, int n)
{
	bool	   *taken = palloc0(n + 2);
	int			k = 1;

	for (int i = 0; i < n; i++)
		taken[choice_of_code(indicators[i], code, n)] = true;
	while (taken[k])
		k++;
	return k == 1 ? code : psprintf("%s_%d", code, k);
}

static CiJson *
new_component(const char *code)
{
	CiJson	   *component = ci_json_new(CI_JSON_OBJECT);

	ci_json_append(component, "code", ci_json_new_string(code));
	return component;
}

/* Equal weights, min-max per period, arithmetic mean, more is better. */
CiJson *
ci_methodology_standard(const char *const *indicators, int n)
{
	CiJson	   *document = ci_json_new(CI_JSON_OBJECT);
	CiJson	   *components = ci_json_new(CI_JSON_ARRAY);
	const char *root_code = free_code("index", indicators, n);
	CiJson	   *root = new_component(root_code);

	ci_json_append(root, "aggregate", ci_json_new_string("arithmetic"));
	ci_json_append(root, "normalise", ci_json_new_string("minmax"));
	ci_json_append(components, NULL, root);
	for (int i = 0; i < n; i++)
	{
		bool		nameless = indicators[i][0] == '\0';	/* which a code cannot
															 * be */
		CiJson	   *leaf = new_component(nameless ? free_code("indicator", indicators, n) :
										 indicators[i]);

		if (nameless)
			ci_json_append(leaf, "indicator", ci_json_new_string(""));
		ci_json_append(leaf, "parent", ci_json_new_string(root_code));
		ci_json_append(components, NULL, leaf);
	}
	ci_json_append(document, "components", components);
	return document;
}
