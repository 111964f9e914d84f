/*
 * unit_bounds.c
 *	  Guarantees over all weights, against all vertices, and many samples from
 *	  edges, faces and anywhere.
 */
#include <stdlib.h>
#include <string.h>

#include "method/bounds.h"
#include "simplex.h"
#include "unit.h"

#define MAX_COMPONENTS 16
#define MAX_UNITS 6
#define CASES 500
#define SAMPLES 250

static CiBoundsNode node[MAX_COMPONENTS];
static int	term[MAX_COMPONENTS][MAX_COMPONENTS];
static double weight[MAX_COMPONENTS];
static double low[MAX_COMPONENTS];
static double high[MAX_COMPONENTS];
static double trial[MAX_COMPONENTS];
static double columns[MAX_UNITS][4][MAX_COMPONENTS];
static double scratch[1000];
static double found[MAX_COMPONENTS];
static int32_t rank[MAX_UNITS];
static uint32_t rival[MAX_UNITS];
static CiBoundsUnit unit[MAX_UNITS];
static CiBoundsTally tally[MAX_UNITS];
static CiBoundsTree tree;
static Simplex simplex;
static CiBounds bounds;
static int	searches;
static int	beaten;

static void
no_check(void)
{
}

static void
add_component(void)
{
	int			c = tree.n++;

	weight[c] = 1 + random_below(4);
	low[c] = weight[c] * (random_below(4) == 0 ? 1 : 1 - 0.9 * random_share());
	high[c] = weight[c] * (random_below(4) == 0 ? 1 : 1 + 2 * random_share());
}

/* Make a node over these many components that are in none. */
static void
add_node(int n, int *loose, int *n_loose)
{
	CiBoundsNode *at = &node[tree.n_nodes];

	at->term = term[tree.n_nodes++];
	at->n = n;
	memcpy(term[tree.n_nodes - 1], loose, (size_t) n * sizeof(int));
	memmove(loose, loose + n, (size_t) (*n_loose - n) * sizeof(int));
	*n_loose -= n;
	at->component = tree.n;
	loose[(*n_loose)++] = tree.n;
	add_component();
}

/* A tree of one level or up to four over three to five leaves. */
static void
make_tree(bool deep)
{
	int			loose[MAX_COMPONENTS];
	int			n_loose = 0;

	tree = (CiBoundsTree) {.node = node, .weight = weight, .low = low, .high = high};
	for (int n = 3 + random_below(3); n > 0; n--)
	{
		loose[n_loose++] = tree.n;
		add_component();
	}
	if (deep)
		add_node(1 + random_below(2), loose, &n_loose);
	while (deep && n_loose > 3)
		add_node(2 + random_below(2), loose, &n_loose);
	add_node(n_loose, loose, &n_loose);
}

/* Values on a grid, so that there are ties; has a node any term? */
static void
make_unit(int i, double gaps)
{
	double	   *score = columns[i][0];
	bool		twin = i > 0 && random_below(12) == 0;

	unit[i] = (CiBoundsUnit) {score, columns[i][1], columns[i][2], columns[i][3]};
	for (int c = 0; c < tree.n; c++)
		score[c] = random_share() < gaps ? MISSING : random_below(11) / 10.0;
	if (twin)
		memcpy(score, columns[i - 1][0], sizeof(columns[i][0]));
	for (int k = 0; k < tree.n_nodes; k++)
	{
		bool		any = false;

		for (int j = 0; j < node[k].n; j++)
			any |= !ci_is_missing(score[node[k].term[j]]);
		score[node[k].component] = any ? 0 : MISSING;
	}
	if (ci_is_missing(score[tree.n - 1]))
		make_unit(i, 0);
	else
		ci_bounds_prepare(&tree, &unit[i], scratch);
}

static int
compare_units(const void *a, const void *b)
{
	double		x = ((const CiBoundsUnit *) a)->score[tree.n - 1];
	double		y = ((const CiBoundsUnit *) b)->score[tree.n - 1];

	return (x < y) - (x > y);
}

static void
rank_by(const double *score, int32_t *result)
{
	uint32_t	order[MAX_UNITS];
	size_t		n = 0;

	for (uint32_t i = 0; i < bounds.n; i++)
	{
		size_t		at = n++;

		for (; at > 0 && score[order[at - 1]] < score[i]; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	ci_rank_assign(bounds.ties, bounds.decimals, score, order, n, result);
}

static void
rank_at(const double *weights, int32_t *result)
{
	double		score[MAX_UNITS];

	for (size_t i = 0; i < bounds.n; i++)
		score[i] = ci_bounds_score(&tree, &unit[i], weights, scratch);
	rank_by(score, result);
}

static void
make_case(bool deep, double gaps, const char *ties, int decimals)
{
	make_tree(deep);
	bounds = (CiBounds)
		{
		.tree = &tree, .n = 2 + (size_t) random_below(MAX_UNITS - 1), .unit = unit, .rank = rank,
			.ties = ci_ties_method(ties), .decimals = decimals, .error = ci_bounds_error(tree.n, 1)
		};
	bounds.clear = ci_bounds_clear(decimals, bounds.error, 1);
	for (size_t i = 0; i < bounds.n; i++)
		make_unit((int) i, gaps);
	qsort(unit, bounds.n, sizeof(CiBoundsUnit), compare_units);
	rank_at(weight, rank);
	memset(tally, 0, sizeof(tally));
	for (size_t a = 0; a < bounds.n; a++)
		for (size_t b = a + 1; b < bounds.n; b++)
			ci_bounds_count(ci_bounds_order(&bounds, a, b, scratch), &tally[a], &tally[b]);
}

/* Weights number i: the vertices first, then samples of edges, of faces and of the whole. */
static bool
next_weights(int i)
{
	int			n = tree.n - 1;
	int			along = random_below(n);

	if (i >= (1 << n) + SAMPLES)
		return false;
	for (int c = 0; c < n; c++)
	{
		bool		anywhere = i % 3 == 0 || (i % 3 == 1 ? c == along : random_below(2));
		double		share = i < 1 << n ? (i >> c) & 1 : anywhere ? random_share() : random_below(2);

		trial[c] = share == 1 ? high[c] : low[c] + share * (high[c] - low[c]);
	}
	return true;
}

/* No weights give a lead below the least; some give it where no cell is missing. */
static void
check_leads(bool gaps)
{
	for (size_t a = 0; a < bounds.n; a++)
		for (size_t b = 0; b < bounds.n; b++)
		{
			double		claimed = ci_bounds_least_lead(&tree, &unit[a], &unit[b], scratch);
			double		least = INF;

			for (int i = 0; next_weights(i); i++)
				least = fmin(least, ci_bounds_score(&tree, &unit[a], trial, scratch) -
							 ci_bounds_score(&tree, &unit[b], trial, scratch));
			CHECK(least >= claimed - 1e-13);
			if (!gaps)
				CHECK_NEAR(claimed, least, 1e-13);
		}
}

/* Search for one unit, perhaps by programs; the rank claimed is had at the weights found. */
static int32_t
search(size_t i, bool up, int32_t goal, bool solve)
{
	CiBoundsSearch s = {
		.unit = i, .up = up, .goal = goal, .rival = rival, .program = solve ? &simplex.program : NULL,
		.check = no_check, .scratch = scratch, .weight = found
	};
	int32_t		had[MAX_UNITS];
	int32_t		claimed;

	simplex_make(&simplex);
	for (size_t k = 0; k < bounds.n; k++)
	{
		CiBoundsOrder order = k == i ? CI_BOUNDS_LEVEL :
			ci_bounds_order(&bounds, k < i ? k : i, k < i ? i : k, scratch);

		if (k == i)
			continue;
		if (ci_bounds_counts_groups(bounds.ties) || order == CI_BOUNDS_OPEN ||
			order == CI_BOUNDS_NOT_BEHIND)
			rival[s.n_rivals++] = (uint32_t) k;
		else if (order == CI_BOUNDS_LEVEL)
			s.level++;
		else
			s.ahead += k < i;
	}
	claimed = ci_bounds_search(&bounds, &s);
	for (int c = 0; c < tree.n - 1; c++)
		CHECK(found[c] >= low[c] && found[c] <= high[c]);
	rank_at(found, had);
	CHECK(up ? had[i] <= claimed : had[i] >= claimed);
	return claimed;
}

/* The rank by these weights if the unit's score is off by more than errors can be. */
static int32_t
rank_if_off(const double *weights, size_t k, double off)
{
	double		score[MAX_UNITS];
	int32_t		result[MAX_UNITS];

	for (size_t i = 0; i < bounds.n; i++)
		score[i] = ci_bounds_score(&tree, &unit[i], weights, scratch) + (i == k ? off : -off);
	rank_by(score, result);
	return result[k];
}

/* Ranks that brute force finds: all, and those that no error of a score can undo. */
typedef struct Extremes
{
	int32_t		best;
	int32_t		worst;
	int32_t		sure_best;
	int32_t		sure_worst;
} Extremes;

static int32_t
lesser(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

static int32_t
greater(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static void
take_rank(Extremes *found, size_t k, int32_t had)
{
	found->best = lesser(found->best, had);
	found->worst = greater(found->worst, had);
	if (had < found->sure_best)
		found->sure_best = lesser(found->sure_best, rank_if_off(trial, k, -2 * bounds.error));
	if (had > found->sure_worst)
		found->sure_worst = greater(found->sure_worst, rank_if_off(trial, k, 2 * bounds.error));
}

/*
 * No weights leave the bounds.  Count the searches, and those after which some weights
 * bring the unit further than the weights found.
 */
static void
check_ranks(void)
{
	Extremes	found[MAX_UNITS];
	int32_t		had[MAX_UNITS];

	for (size_t k = 0; k < bounds.n; k++)
		found[k] = (Extremes) {rank[k], rank[k], rank[k], rank[k]};
	for (int i = 0; next_weights(i); i++)
	{
		rank_at(trial, had);
		for (size_t k = 0; k < bounds.n; k++)
			take_rank(&found[k], k, had[k]);
	}
	for (size_t k = 0; k < bounds.n; k++)
	{
		int32_t		outer_best = ci_bounds_best(&bounds, &tally[k]);
		int32_t		outer_worst = ci_bounds_worst(&bounds, &tally[k]);

		CHECK(outer_best <= found[k].best && found[k].worst <= outer_worst);
		beaten += search(k, true, outer_best, true) > found[k].sure_best;
		beaten += search(k, false, outer_worst, true) < found[k].sure_worst;
		searches += 2;
	}
}

static void
run_cases(bool deep, double gaps)
{
	static const char *const ties[] = {"min", "max", "dense"};
	static const int decimals[] = {9, 1, 0};

	searches = beaten = 0;
	for (int i = 0; i < CASES; i++)
	{
		make_case(deep, gaps, ties[i % 3], decimals[i / 3 % 3]);
		if (i % 10 == 0)
			check_leads(gaps > 0);
		check_ranks();
	}

	/*
	 * with gaps, where few decimals decide, sets of weights may be too small
	 * to be found
	 */
	CHECK(searches > 3000 && (gaps == 0 ? beaten == 0 : beaten * 2000 <= searches));
}

static void
one_level(void)
{
	run_cases(false, 0);
}

static void
several_levels(void)
{
	run_cases(true, 0);
}

static void
one_level_with_gaps(void)
{
	run_cases(false, 0.2);
}

static void
several_levels_with_gaps(void)
{
	run_cases(true, 0.2);
}

/* Programs find ranks that the search does not, and lose none. */
static void
programs_find_more(void)
{
	int			better = 0;

	for (int i = 0; i < CASES; i++)
	{
		make_case(i % 2, 0, i % 4 < 2 ? "dense" : "max", 1);
		for (size_t k = 0; k < bounds.n; k++)
		{
			int32_t		goal = ci_bounds_best(&bounds, &tally[k]);
			int32_t		searched = search(k, true, goal, false);
			int32_t		solved = search(k, true, goal, true);

			CHECK(solved <= searched);
			better += solved < searched;
		}
	}
	CHECK(better > 0);
}

static void
fixed_weights(void)
{
	make_case(true, 0.1, "min", 9);
	tree.low = tree.high = weight;
	for (size_t i = 0; i < bounds.n; i++)
	{
		ci_bounds_prepare(&tree, &unit[i], scratch);
		CHECK_NEAR(unit[i].least[tree.n - 1], unit[i].score[tree.n - 1], 1e-15);
		CHECK_NEAR(unit[i].greatest[tree.n - 1], unit[i].score[tree.n - 1], 1e-15);
	}
	for (size_t a = 0; a + 1 < bounds.n; a++)
		CHECK_NEAR(ci_bounds_least_lead(&tree, &unit[a], &unit[a + 1], scratch),
				   unit[a].score[tree.n - 1] - unit[a + 1].score[tree.n - 1], 1e-12);
}

void
test_bounds(void)
{
	unit_run(one_level);
	unit_run(several_levels);
	unit_run(one_level_with_gaps);
	unit_run(several_levels_with_gaps);
	unit_run(programs_find_more);
	unit_run(fixed_weights);
}
