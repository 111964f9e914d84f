/*
 * weigh/pca.c
 *	  ci.pca and ci.correlations: what weights by correlation rest on.
 *
 * In: a panel, a methodology, perhaps a node and periods.  Out: rows, node by
 * node in order of display.  Each node is done in a context of its own.
 */
#include "postgres.h"

#include "base/report.h"
#include "base/rows.h"
#include "base/sort.h"
#include "catalog/pg_type.h"
#include "method/stats.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "weigh/weigh.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_pca);
PG_FUNCTION_INFO_V1(ci_correlations);

/* What is done with each node. */
typedef void (*PutNode) (ReturnSetInfo *rows, const CiSample *sample, void *arg);

static void
for_each_node(FunctionCallInfo fcinfo, PutNode put, void *arg)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);
	const CiMethodology *m = ci_methodology_arg(fcinfo, 1);
	bool	   *nodes = ci_nodes_arg(fcinfo, 2, m);
	CiPeriods	periods = ci_periods_arg(fcinfo, 3, panel);
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiEvaluation *ev = ci_evaluate_begin(panel, m, periods.only, NULL);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.weigh node",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	for (int i = 0; i < m->n; i++)
		if (nodes[m->display[i]])
		{
			put(rows, ci_sample_make(ev, m->display[i], &periods, false), arg);
			MemoryContextReset(context);
		}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

static const char *
code_of(const CiSample *sample, int child)
{
	return sample->ev->methodology->components[sample->node->children[child]].code;
}

static void
put_component(ReturnSetInfo *rows, const CiSample *sample, const CiPca *pca, int k, double upto)
{
	for (int j = 0; j < pca->m; j++)
	{
		CiValue		values[] = {
			ci_cstring(sample->node->code),
			ci_int(k + 1),
			ci_float(pca->value[k]),
			ci_float(pca->value[k] / pca->m),
			ci_float(upto / pca->m),
			ci_bool(k < pca->retained),
			ci_cstring(code_of(sample, pca->child[j])),
			ci_float(pca->loading[k * pca->m + j]),
			ci_float(k < pca->retained ? pca->rotated[k * pca->m + j] : CI_MISSING)
		};

		ci_rows_put(rows, values, lengthof(values));
	}
}

static void
put_pca(ReturnSetInfo *rows, const CiSample *sample, void *arg)
{
	Size		m = sample->node->n_children;
	CiWeighing	w = ci_sample_weighing(sample);
	CiPca		pca = {0};
	CiStatus	status;
	double		upto = 0;

	if (m > CI_PCA_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("component \"%s\" has too many children for principal components",
						sample->node->code),
				 errdetail("It has %d; at most %d are possible.", (int) m, CI_PCA_MAX)));
	pca.child = palloc(m * sizeof(int));
	pca.value = palloc(m * sizeof(double));
	pca.loading = palloc(m * m * sizeof(double));
	pca.rotated = palloc(m * m * sizeof(double));
	status = ci_pca_find(&w, &pca);
	if (status == CI_CONSTANT)
		return;
	if (status != CI_OK)
		ci_sample_fail(sample, &w, status, "the correlation matrix");
	for (int k = 0; k < pca.m; k++)
	{
		upto += pca.value[k];
		put_component(rows, sample, &pca, k, upto);
	}
}

Datum
ci_pca(PG_FUNCTION_ARGS)
{
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1))
		for_each_node(fcinfo, put_pca, NULL);
	else
		(void) ci_rows_start(fcinfo);
	return (Datum) 0;
}

/* How a correlation is found from two columns. */
typedef double (*Correlate) (const double *x, const double *y, size_t n, size_t *pairs);

/*
 * Replace values by their ranks among those whose partner is there too; equal
 * ones share the mean of theirs.
 */
static double *
mid_ranks(const double *x, const double *partner, size_t n)
{
	double	   *paired = palloc_extended(Max(n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	double	   *sorted = palloc_extended(Max(n, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	size_t		present;

	for (size_t i = 0; i < n; i++)
		paired[i] = ci_is_missing(partner[i]) ? CI_MISSING : x[i];
	present = ci_sort_present(paired, n, sorted);
	for (size_t i = 0; i < n; i++)
	{
		size_t		below = ci_count_below(sorted, present, paired[i]);
		size_t		upto = ci_count_below(sorted, present, nextafter(paired[i], INFINITY));

		if (!ci_is_missing(paired[i]))
			paired[i] = ((double) (below + 1) + (double) upto) / 2;
	}
	pfree(sorted);
	return paired;
}

static double
spearman(const double *x, const double *y, size_t n, size_t *pairs)
{
	double	   *a = mid_ranks(x, y, n);
	double	   *b = mid_ranks(y, x, n);
	double		r = ci_correlation(a, b, n, pairs);

	pfree(a);
	pfree(b);
	return r;
}

static const struct Correlation
{
	const char *name;
	Correlate	correlate;
}			correlations[] = {
	{"pearson", ci_correlation},
	{"spearman", spearman},
	{NULL}
};

/* A row for two columns, or for a child and the node itself if b is the number of children. */
static void
put_correlation(ReturnSetInfo *rows, const CiSample *sample, int a, int b, Correlate correlate)
{
	bool		with_node = b == sample->node->n_children;
	size_t		pairs;
	double		r = correlate(sample->child[a], with_node ? sample->score : sample->child[b],
							  sample->n, &pairs);
	CiValue		values[] = {
		ci_cstring(sample->node->code),
		ci_cstring(code_of(sample, a)),
		ci_cstring(with_node ? sample->node->code : code_of(sample, b)),
		ci_float(pairs < CI_WEIGH_MIN_UNITS ? CI_MISSING : r),
		ci_int((int32) pairs)
	};

	ci_rows_put(rows, values, lengthof(values));
}

static void
put_correlations(ReturnSetInfo *rows, const CiSample *sample, void *arg)
{
	const struct Correlation *correlation = arg;

	for (int a = 0; a < sample->node->n_children; a++)
		for (int b = a + 1; b <= sample->node->n_children; b++)
			put_correlation(rows, sample, a, b, correlation->correlate);
}

static const struct Correlation *
correlation_arg(FunctionCallInfo fcinfo, int argno)
{
	const char *name = text_to_cstring(PG_GETARG_TEXT_PP(argno));
	const struct Correlation *correlation = ci_names_find(CI_NAMES(correlations), name);

	if (correlation == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown correlation \"%s\"", name),
				 errdetail("It is one of: %s.", ci_names_list(CI_NAMES(correlations))),
				 ci_hint_nearest(ci_nearest(name, CI_NAMES(correlations)))));
	return correlation;
}

Datum
ci_correlations(PG_FUNCTION_ARGS)
{
	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(4))
		for_each_node(fcinfo, put_correlations, unconstify(struct Correlation *, correlation_arg(fcinfo, 4)));
	else
		(void) ci_rows_start(fcinfo);
	return (Datum) 0;
}
