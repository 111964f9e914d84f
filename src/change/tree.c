/*
 * change/tree.c
 *	  What a tree makes of scores that are partly of one edition, partly of another.
 *
 * In: an edition's tree and two scores for each component at its end.  Out: what
 * each of them has to do with the difference, as Shapley values.  The tree is
 * computed by evaluation itself: it becomes a methodology whose leaves take scores
 * as they are, and mixtures of scores become the units of a panel, a block of them at
 * a time.
 */
#include "postgres.h"

#include "change/change.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* Mixtures computed at a time. */
#define BLOCK 512

/* Of a family up to two to the power of this. */
#define MAX_BITS 20

/*
 * The children of a component that differ between the editions, and on the way up from
 * it the siblings that do: each a bit of a mixture.  Those of the children, the lowest
 * ones, share the effect; those above make the circumstances.
 */
typedef struct Family
{
	int			n;				/* bits */
	int			n_children;
	double	   *effect[MAX_BITS];	/* by child; NULL if it has a family
									 * itself */
	int			n_levels;		/* above */
	int			level[MAX_BITS];	/* by bit, of those above */
	int			size[MAX_BITS]; /* by level: siblings, with the one on the way */
	int		   *bit;			/* by number: of itself or what is above, or
								 * -1 */
} Family;

/* A mixture: of its family these have their score after. */
typedef struct Mixture
{
	const Family *family;		/* NULL: it is a total */
	uint32		set;
	double		weight;			/* of the circumstances */
	double	   *total;
} Mixture;

struct CiTree
{
	const CiEdition *edition;
	int		   *number;			/* by component: in m, -1 if it is below an
								 * end */
	int		   *component;		/* by number */
	CiMethodology m;
	CiPanel		panel;
	CiPanelPeriod period;
	double	   *cells;			/* by end, in order of number: its column */
	int		   *column;			/* by number; -1 if it is no end */
	CiComputation *computation;
	MemoryContext work;			/* of one computation */
	int			n;				/* mixtures in the block */
	Mixture		mixture[BLOCK];
	double		missing_score;
};

/*
 * Does a component's score depend on other units, or on its children in other ways than
 * by their scores?
 */
static bool
depends_on_more(const CiComponent *component)
{
	const CiNormaliseStage *rescale = &component->rescale;

	return component->indicator == NULL &&
		((component->aggregate.method->flags & CI_AGGREGATE_PEERS) != 0 ||
		 ci_takes_directions(component) ||
		 (rescale->spec.method != NULL &&
		  (rescale->scope.by != NULL || (rescale->spec.method->flags & CI_NORMALISE_PEERS) != 0)));
}

static bool
is_end(const CiComponent *component)
{
	return component->indicator != NULL || depends_on_more(component);
}

/* A leaf that takes its score as it is. */
static CiComponent
make_end(const CiComponent *from, int number)
{
	CiComponent end = {.code = from->code, .weight = from->weight, .direction = 1};

	end.indicator = psprintf("%06d", number);
	end.scale = from->scale;
	end.n_leaves = 1;
	ci_normalise_defaults(&end.normalise.spec, ci_normalise_method("none"));
	end.normalise.spec.direction = 1;
	return end;
}

/* An inner component, which asks nothing of its children but their scores. */
static CiComponent
make_inner(const CiTree *tree, const CiComponent *from)
{
	CiComponent inner = *from;
	int		   *children = palloc(from->n_children * sizeof(int));

	for (int k = 0; k < from->n_children; k++)
		children[k] = tree->number[from->children[k]];
	inner.children = children;
	inner.units = (CiUnits) {0};
	inner.min_coverage = 0;
	inner.min_count = 1;
	return inner;
}

static void
make_methodology(CiTree *tree)
{
	const CiMethodology *m = tree->edition->methodology;
	int			n = 0;

	tree->number = palloc(m->n * sizeof(int));
	tree->component = palloc(m->n * sizeof(int));
	tree->m = *m;
	tree->m.components = palloc0(m->n * sizeof(CiComponent));
	for (int c = 0; c < m->n; c++)
		tree->number[c] = -1;
	tree->number[m->root] = 0;
	for (int c = m->root - 1; c >= 0; c--)
	{
		int			parent = m->components[c].parent;

		if (tree->number[parent] >= 0 && !is_end(&m->components[parent]))
			tree->number[c] = 0;
	}
	for (int c = 0; c < m->n; c++)
	{
		if (tree->number[c] < 0)
			continue;
		tree->number[c] = n;
		tree->component[n] = c;
		tree->m.components[n] = is_end(&m->components[c]) ? make_end(&m->components[c], n) :
			make_inner(tree, &m->components[c]);
		n++;
	}
	for (int i = 0; i < n; i++)
	{
		int			parent = m->components[tree->component[i]].parent;

		tree->m.components[i].parent = parent < 0 ? -1 : tree->number[parent];
	}
	tree->m.n = n;
	tree->m.root = n - 1;
	tree->m.screen.given = false;
}

static void
make_panel(CiTree *tree)
{
	CiPanel    *panel = &tree->panel;

	tree->column = palloc(tree->m.n * sizeof(int));
	panel->indicators = palloc(tree->m.n * sizeof(text *));
	for (int i = 0; i < tree->m.n; i++)
	{
		bool		end = tree->m.components[i].indicator != NULL;

		tree->column[i] = end ? (int) panel->n_indicators : -1;
		if (end)
			panel->indicators[panel->n_indicators++] =
				cstring_to_text(tree->m.components[i].indicator);
	}
	tree->cells = palloc0((Size) panel->n_indicators * BLOCK * sizeof(double));
	tree->period.n = BLOCK;
	tree->period.unit = palloc0(BLOCK * sizeof(uint32));
	ci_panel_set_cells(&tree->period, tree->cells);
	panel->n_periods = panel->n_units = 1;
	panel->n_rows = BLOCK;
	panel->units = palloc(sizeof(text *));
	panel->units[0] = cstring_to_text("");
	panel->periods = &tree->period;
}

/* Inner components are rescaled by the edition's own parameters. */
static void
make_computation(CiTree *tree)
{
	CiHeldFit  *fits = palloc0(tree->m.n * sizeof(CiHeldFit));
	CiEvaluation screened = {.screening = palloc0(sizeof(uint8 *))};
	CiHeld		held = {&screened, fits};
	CiEvaluation *ev;

	for (int i = 0; i < tree->m.n; i++)
		if (tree->m.components[i].indicator == NULL)
			fits[i] = (CiHeldFit) {tree->edition->ev, tree->component[i], tree->edition->period};
	ev = ci_evaluate_held(&tree->panel, &tree->m, 0, &ci_hybrid_sink, &held);
	tree->computation = ci_computation_make(ev, 0, tree->m.root, CI_KEEP_ROOT, true);
	tree->work = AllocSetContextCreate(CurrentMemoryContext, "ci.score_change mixtures",
									   ALLOCSET_DEFAULT_SIZES);
}

CiTree *
ci_tree_make(const CiEdition *edition)
{
	CiTree	   *tree = palloc0(sizeof(CiTree));

	tree->edition = edition;
	make_methodology(tree);
	make_panel(tree);
	make_computation(tree);
	return tree;
}

bool
ci_tree_ends_at(const CiTree *tree, int component)
{
	int			number = tree->number[component];

	return number >= 0 && tree->column[number] >= 0;
}

bool
ci_tree_is_geometric(const CiTree *tree)
{
	for (int i = 0; i < tree->m.n; i++)
	{
		const CiComponent *at = &tree->m.components[i];

		if (at->indicator == NULL &&
			(at->aggregate.power != 0 || !ci_is_missing(at->aggregate.scale[0]) ||
			 at->rescale.spec.method != NULL ||
			 (ci_component_is_less(at) && i != tree->m.root)))
			return false;
	}
	return true;
}

bool
ci_tree_is_fixed(const CiTree *tree)
{
	for (int i = 0; i < tree->m.n; i++)
		if (tree->m.components[i].rescale.spec.method != NULL)
			return false;
	return true;
}

double
ci_tree_value(const CiTree *tree, int component, uint32 row)
{
	const CiMethodology *m = tree->edition->methodology;
	const CiComponent *at = &m->components[component];
	double		score = tree->edition->outcome->score[component][row];
	bool		reflected = ci_component_is_less(at) && at->parent >= 0;

	for (int above = at->parent; above >= 0; above = m->components[above].parent)
		if (ci_is_missing(tree->edition->outcome->score[above][row]))
			return CI_MISSING;
	return reflected ? ci_scale_turn(&at->scale) - score : score;
}

/* The share of the orders of n in which one comes after exactly these. */
static double
order_share(int n, int before)
{
	double		share = 1.0 / n;

	/* before! (n - 1 - before)! / n! */
	for (int k = 1; k <= before; k++)
		share *= (double) k / (n - k);
	return share;
}

/* Count a mixture's score for its family: for who is in it, against who is not. */
static void
count_mixture(const Mixture *mixture, double score)
{
	const Family *family = mixture->family;
	int			size = 0;

	if (family == NULL)
	{
		*mixture->total = score;
		return;
	}
	for (int k = 0; k < family->n_children; k++)
		size += (mixture->set >> k) & 1;
	for (int k = 0; k < family->n_children; k++)
	{
		if (family->effect[k] == NULL)
			continue;
		*family->effect[k] += mixture->weight * score * (((mixture->set >> k) & 1) != 0 ?
														 order_share(family->n_children, size - 1) :
														 -order_share(family->n_children, size));
	}
}

/* Compute the mixtures in the block, and count them. */
static void
flush(CiTree *tree)
{
	MemoryContext caller = MemoryContextSwitchTo(tree->work);
	const double *score = ci_compute(tree->computation)->score[tree->m.root];

	for (int row = 0; row < tree->n; row++)
		count_mixture(&tree->mixture[row],
					  ci_is_missing(score[row]) ? tree->missing_score : score[row]);
	tree->n = 0;
	MemoryContextSwitchTo(caller);
	MemoryContextReset(tree->work);
}

/* Is an end's score in a mixture that after, by its number? */
static int
side_in(const Mixture *mixture, int number)
{
	if (mixture->family == NULL)
		return (int) mixture->set;
	return mixture->family->bit[number] >= 0 &&
		((mixture->set >> mixture->family->bit[number]) & 1) != 0;
}

static void
add_mixture(CiTree *tree, double *const *value, Mixture mixture)
{
	if (tree->n == BLOCK)
		flush(tree);
	for (int i = 0; i < tree->m.n; i++)
		if (tree->column[i] >= 0)
			tree->cells[(Size) tree->column[i] * BLOCK + tree->n] =
				value[side_in(&mixture, i)][tree->component[i]];
	tree->mixture[tree->n++] = mixture;
}

/* Which components, by number, have a score below them that differs. */
static bool *
find_differing(const CiTree *tree, double *const *value)
{
	bool	   *differs = palloc0(tree->m.n * sizeof(bool));

	for (int i = 0; i < tree->m.n; i++)
	{
		double		before = value[0][tree->component[i]];
		double		after = value[1][tree->component[i]];

		if (tree->column[i] >= 0)
			differs[i] = before != after && !(ci_is_missing(before) && ci_is_missing(after));
		if (differs[i] && tree->m.components[i].parent >= 0)
			differs[tree->m.components[i].parent] = true;
	}
	return differs;
}

/* Give bits to the children of a component that differ, but for one; returns how many. */
static int
add_bits(const CiTree *tree, Family *family, int parent, int but, const bool *differs)
{
	const CiComponent *at = &tree->m.components[parent];
	int			first = family->n;

	for (int k = 0; k < at->n_children; k++)
	{
		int			child = at->children[k];

		if (child == but || !differs[child])
			continue;
		if (family->n == MAX_BITS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("too many components change for an exact split"),
					 errdetail("Below component \"%s\" and those above it are more than %d.",
							   at->code, MAX_BITS),
					 errhint("Trees of arithmetic means only, or of geometric means only, have no limit.")));
		family->level[family->n] = family->n_levels;
		family->bit[child] = family->n++;
	}
	return family->n - first;
}

static Family *
make_family(const CiTree *tree, int parent, const bool *differs, double *effect)
{
	Family	   *family = palloc0(sizeof(Family));

	family->bit = palloc(tree->m.n * sizeof(int));
	for (int i = 0; i < tree->m.n; i++)
		family->bit[i] = -1;
	family->n_children = add_bits(tree, family, parent, -1, differs);
	for (int i = 0; i < tree->m.n; i++)
		if (tree->m.components[i].parent == parent && tree->column[i] >= 0 && differs[i])
			family->effect[family->bit[i]] = &effect[tree->component[i]];
	for (int at = parent; at != tree->m.root; at = tree->m.components[at].parent)
	{
		int			siblings = add_bits(tree, family, tree->m.components[at].parent, at, differs);

		if (siblings > 0)
			family->size[family->n_levels++] = siblings + 1;
	}
	/* what is below a component follows it */
	for (int i = tree->m.root - 1; i >= 0; i--)
		if (family->bit[i] < 0)
			family->bit[i] = family->bit[tree->m.components[i].parent];
	return family;
}

/* The share of the orders in which the circumstances are these. */
static double
weigh_circumstances(const Family *family, uint32 set)
{
	int			before[MAX_BITS] = {0};
	double		weight = 1;

	for (int k = family->n_children; k < family->n; k++)
		before[family->level[k]] += (set >> k) & 1;
	for (int level = 0; level < family->n_levels; level++)
		weight *= order_share(family->size[level], before[level]);
	return weight;
}

/* Share out the effect of a component to its children that are ends. */
static void
split_family(CiTree *tree, double *const *value, const Family *family)
{
	for (uint32 set = 0; set < (uint32) 1 << family->n; set++)
		add_mixture(tree, value,
					(Mixture) {family, set, weigh_circumstances(family, set), NULL});
}

/* Is one of the children an end that differs? */
static bool
has_family(const CiTree *tree, int parent, const bool *differs)
{
	const CiComponent *at = &tree->m.components[parent];

	for (int k = 0; k < at->n_children; k++)
		if (tree->column[at->children[k]] >= 0 && differs[at->children[k]])
			return true;
	return false;
}

void
ci_tree_split(CiTree *tree, double *const *value, double missing_score, double *effect,
			  double *total)
{
	bool	   *differs = find_differing(tree, value);

	tree->missing_score = missing_score;
	tree->n = 0;
	for (uint32 side = 0; side < 2; side++)
		add_mixture(tree, value, (Mixture) {NULL, side, 1, &total[side]});
	for (int i = 0; i < tree->m.n; i++)
		if (tree->column[i] >= 0)
			effect[tree->component[i]] = 0;
	for (int i = 0; i < tree->m.n; i++)
		if (has_family(tree, i, differs))
			split_family(tree, value, make_family(tree, i, differs, effect));
	flush(tree);
}
