/*
 * methodology/tree.c
 *	  From a list of components to a tree: parents, order, children, weights.
 *
 * Nothing here recurses: a methodology may be a chain of any length.
 */
#include "postgres.h"

#include <math.h>

#include "methodology/tree.h"

#define DEPTH_UNKNOWN (-1)
#define DEPTH_BEING_FOUND (-2)

static int
compare_codes(const void *a, const void *b)
{
	return strcmp((*(CiComponent *const *) a)->code, (*(CiComponent *const *) b)->code);
}

static int
compare_places(const void *a, const void *b)
{
	const CiComponent *x = *(CiComponent *const *) a;
	const CiComponent *y = *(CiComponent *const *) b;

	if (x->depth != y->depth)
		return x->depth > y->depth ? -1 : 1;
	return compare_codes(a, b);
}

/* List the components in the order of compare. */
static CiComponent **
sorted(const CiMethodology *methodology, int (*compare) (const void *, const void *))
{
	CiComponent **list = palloc(methodology->n * sizeof(CiComponent *));

	for (int i = 0; i < methodology->n; i++)
		list[i] = &methodology->components[i];
	qsort(list, methodology->n, sizeof(CiComponent *), compare);
	return list;
}

/* Index of the component with this code, -1 if there is none. */
int
ci_methodology_find(const CiMethodology *methodology, const char *code)
{
	int			low = 0;
	int			high = methodology->n;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			index = methodology->by_code[middle];
		int			c = strcmp(methodology->components[index].code, code);

		if (c == 0)
			return index;
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

int
ci_methodology_find_named(const CiMethodology *methodology, const char *code)
{
	int			c = ci_methodology_find(methodology, code);
	const char **codes;

	if (c >= 0)
		return c;
	codes = palloc0((methodology->n + 1) * sizeof(char *));
	for (int i = 0; i < methodology->n; i++)
		codes[i] = methodology->components[i].code;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("methodology has no component \"%s\"", code),
			 ci_hint_nearest(ci_nearest(code, CI_NAMES(codes)))));
}

/* Fill by_code, and check that no two components share a code. */
static void
index_codes(CiMethodology *methodology)
{
	CiComponent **list = sorted(methodology, compare_codes);
	int		   *by_code = palloc(methodology->n * sizeof(int));

	for (int i = 0; i < methodology->n; i++)
	{
		if (i > 0 && strcmp(list[i - 1]->code, list[i]->code) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("methodology has two components \"%s\"", list[i]->code)));
		by_code[i] = (int) (list[i] - methodology->components);
	}
	methodology->by_code = by_code;
	pfree(list);
}

static void
fail_missing_parent(const CiMethodology *methodology, const CiComponent *component,
					const char *parent)
{
	const char **codes = palloc0((methodology->n + 1) * sizeof(char *));

	for (int i = 0; i < methodology->n; i++)
		codes[i] = methodology->components[i].code;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("methodology component \"%s\" has parent \"%s\", which is no component",
					component->code, parent),
			 ci_hint_nearest(ci_nearest(parent, CI_NAMES(codes)))));
}

static void
find_parents(CiMethodology *methodology)
{
	for (int i = 0; i < methodology->n; i++)
	{
		CiComponent *component = &methodology->components[i];
		const CiJson *parent = ci_json_get(component->json, "parent");

		component->depth = DEPTH_UNKNOWN;
		component->parent = parent ? ci_methodology_find(methodology, parent->text) : -1;
		if (parent != NULL && component->parent < 0)
			fail_missing_parent(methodology, component, parent->text);
	}
}

/* Report the way from a component up to itself. */
static void
fail_cycle(const CiMethodology *methodology, int start)
{
	StringInfoData path;
	int			at = start;

	initStringInfo(&path);
	do
	{
		appendStringInfo(&path, "\"%s\" has parent ", methodology->components[at].code);
		at = methodology->components[at].parent;
	} while (at != start && path.len < 400);
	appendStringInfo(&path, at == start ? "\"%s\"." : "\"%s\", and so on.",
					 methodology->components[at].code);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("methodology component \"%s\" is below itself",
					methodology->components[start].code),
			 errdetail_internal("%s", path.data)));
}

/* Count each component's steps to its root; walks every edge twice at most. */
static void
find_depths(CiMethodology *methodology)
{
	CiComponent *components = methodology->components;

	for (int i = 0; i < methodology->n; i++)
	{
		int			steps = 0;
		int			depth;
		int			at;

		for (at = i; at >= 0 && components[at].depth == DEPTH_UNKNOWN; at = components[at].parent)
		{
			components[at].depth = DEPTH_BEING_FOUND;
			steps++;
		}
		if (at >= 0 && components[at].depth == DEPTH_BEING_FOUND)
			fail_cycle(methodology, at);
		depth = (at >= 0 ? components[at].depth : -1) + steps;
		for (at = i; steps > 0; steps--, at = components[at].parent)
			components[at].depth = depth--;
	}
}

/* Without cycles there is a root; check that there is one only. */
static void
check_root(const CiMethodology *methodology)
{
	const CiComponent *root = NULL;

	for (int i = 0; i < methodology->n; i++)
	{
		const CiComponent *component = &methodology->components[i];

		if (component->parent >= 0)
			continue;
		if (root != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("methodology has two roots, \"%s\" and \"%s\"",
							root->code, component->code),
					 errhint("Every component but one needs a parent.")));
		root = component;
	}
}

/* Put the components into the order of evaluation, deepest first. */
static void
reorder(CiMethodology *methodology)
{
	int			n = methodology->n;
	CiComponent **list = sorted(methodology, compare_places);
	CiComponent *components = palloc(n * sizeof(CiComponent));
	int		   *moved = palloc(n * sizeof(int));	/* from order of display */
	int		   *by_code = palloc(n * sizeof(int));

	for (int i = 0; i < n; i++)
	{
		components[i] = *list[i];
		moved[list[i] - methodology->components] = i;
	}
	for (int i = 0; i < n; i++)
	{
		by_code[i] = moved[methodology->by_code[i]];
		if (components[i].parent >= 0)
			components[i].parent = moved[components[i].parent];
	}
	methodology->components = components;
	methodology->by_code = by_code;
	methodology->display = moved;
	methodology->root = n - 1;
	pfree(list);
}

/* List every component's children in bytewise order of code. */
static void
find_children(CiMethodology *methodology)
{
	CiComponent *components = methodology->components;
	int		   *space = palloc(methodology->n * sizeof(int));
	int		   *filled = palloc0(methodology->n * sizeof(int));
	const char **codes = palloc0(2 * methodology->n * sizeof(char *));

	for (int i = 0; i < methodology->root; i++)
		components[components[i].parent].n_children++;
	for (int i = 0; i < methodology->n; i++)
	{
		components[i].children = space;
		space += components[i].n_children;
		components[i].child_codes = codes;
		codes += components[i].n_children + 1;
	}
	for (int i = 0; i < methodology->n; i++)
	{
		int			child = methodology->by_code[i];
		int			parent = components[child].parent;

		if (parent < 0)
			continue;
		((const char **) components[parent].child_codes)[filled[parent]] = components[child].code;
		((int *) components[parent].children)[filled[parent]++] = child;
	}
	pfree(filled);
}

static void
count_leaves(CiMethodology *methodology)
{
	CiComponent *components = methodology->components;

	for (int i = 0; i < methodology->n; i++)
	{
		if (components[i].n_children == 0)
			components[i].n_leaves = 1;
		if (components[i].parent >= 0)
			components[components[i].parent].n_leaves += components[i].n_leaves;
	}
}

/* Check the weights of each component's children and share its own among them. */
static void
share_weights(CiMethodology *methodology)
{
	CiComponent *components = methodology->components;

	components[methodology->root].effective_weight = 1;
	for (int i = methodology->root; i >= 0; i--)
	{
		const CiComponent *parent = &components[i];
		double		sum = 0;

		if (parent->n_children == 0)
			continue;
		for (int j = 0; j < parent->n_children; j++)
			sum += components[parent->children[j]].weight;
		if (sum == 0 || !isfinite(sum))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("weights of the children of methodology component \"%s\" have sum %s",
							parent->code, sum == 0 ? "0" : "infinity"),
					 errdetail("Their sum must be a positive number.")));
		for (int j = 0; j < parent->n_children; j++)
		{
			CiComponent *child = &components[parent->children[j]];

			child->effective_weight = parent->effective_weight * (child->weight / sum);
		}
	}
}

void
ci_methodology_plant(CiMethodology *methodology)
{
	index_codes(methodology);
	find_parents(methodology);
	find_depths(methodology);
	check_root(methodology);
	reorder(methodology);
	find_children(methodology);
	count_leaves(methodology);
	share_weights(methodology);
}
