/*
 * simulate/sensitivity.c
 *	  ci.sensitivity: which uncertain choices the variance of ranks is due to.
 *
 * In: a panel, a methodology, what is uncertain.  Out: a row for each period and
 * input.  Every draw is evaluated in variants: as it is, from a second sample, and
 * with one input after the other from there.  What is kept is one number for each of
 * these; interrupts are checked in each draw and in each bootstrap sample.
 */
#include "postgres.h"

#include <math.h>

#include "base/interrupts.h"
#include "base/rows.h"
#include "base/sort.h"
#include "method/sensitivity.h"
#include "method/stats.h"
#include "simulate/simulate.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_sensitivity);

#define MAX_VALUES (32 * 1024 * 1024)	/* 8 bytes each */
#define BOOTSTRAP_SAMPLES 1000

/* The arguments after those that all functions over draws share. */
enum
{
	PERIOD = 5, UNIT, LEVEL, ERRORS, BY_WEIGHT
};

typedef struct Sensitivity
{
	CiSimulation simulation;	/* first: take gets a pointer to it */
	int			unit;			/* -1: the mean rank shift */
	bool	   *weighs;			/* by code: is its weight above 0 in any
								 * combination? */
	int			n_inputs;
	const char **input;			/* names */
	CiVariant  *variant;		/* A, B, then by input */
	double	  **value;			/* by period, as of CiSobolDesign; NULL: none
								 * wanted */
} Sensitivity;

/* An input is all variables from the first to the last, of these purposes. */
static void
add_input(Sensitivity *s, const char *name, uint32 purpose, uint32 last_purpose,
		  uint32 variable, uint32 last_variable)
{
	CiVariant  *variant = &s->variant[2 + s->n_inputs];

	s->input[s->n_inputs++] = name;
	variant->label = psprintf(", %s of the second sample", name);
	variant->second = (CiVariables)
	{
		{
			purpose, last_purpose
		},
		{
			variable, last_variable
		}
	};
}

/* Note whose weights are above 0, if components are those of the methodology itself. */
static void
visit_combination(CiSimulation *simulation, const CiWeights *weights)
{
	Sensitivity *s = (Sensitivity *) simulation;
	const CiMethodology *expected = simulation->methodology;
	const CiMethodology *m = weights->methodology;

	for (int i = 0; i < Max(m->n, expected->n); i++)
	{
		if (m->n != expected->n || strcmp(m->components[m->by_code[i]].code,
										  expected->components[expected->by_code[i]].code) != 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("by_weight needs choices that neither add nor remove components"),
					 errhint("Without by_weight, all weights are one input.")));
		if (m->by_code[i] != m->root && weights->nominal[m->by_code[i]] > 0)
			s->weighs[i] = true;
	}
}

/* An input for each weight: its variable is the place of its code. */
static void
add_weights(Sensitivity *s)
{
	const CiMethodology *m = s->simulation.methodology;

	s->weighs = palloc0(m->n * sizeof(bool));
	ci_simulation_check(&s->simulation, visit_combination);
	for (int i = 0; i < m->n; i++)
		if (s->weighs[i])
			add_input(s, psprintf("weights %s", m->components[m->by_code[i]].code),
					  CI_RANDOM_WEIGHT, CI_RANDOM_WEIGHT, i, i);
}

/* Has each weight a random number of its own?  If an expert is drawn, there is one for all. */
static bool
has_weights(const CiUncertainty *uncertainty)
{
	const CiSpreadMethod *method = uncertainty->spread.method;

	return method != NULL && (!method->by_experts || uncertainty->experts.ranges);
}

static void
find_inputs(Sensitivity *s, bool by_weight)
{
	const CiUncertainty *uncertainty = s->simulation.uncertainty;
	int			most = s->simulation.methodology->n + uncertainty->n_choices + 3;

	s->input = palloc(most * sizeof(char *));
	s->variant = palloc0((2 + most) * sizeof(CiVariant));
	s->variant[0] = (CiVariant)
	{
		{
			{
				1, 0
			},
			{
				1, 0
			}
		}, ""
	};
	s->variant[1].second.purpose[1] = s->variant[1].second.variable[1] = PG_UINT32_MAX;
	s->variant[1].label = " of the second sample";
	if (by_weight && has_weights(uncertainty))
		add_weights(s);
	else if (uncertainty->spread.method != NULL)
		add_input(s, "weights", CI_RANDOM_WEIGHT, CI_RANDOM_WEIGHT, 0, PG_UINT32_MAX);
	if (uncertainty->omits_each || uncertainty->n_omitted > 0)
		add_input(s, "omit", CI_RANDOM_OMIT, CI_RANDOM_OMIT, 0, PG_UINT32_MAX);
	for (int g = 0; g < uncertainty->n_choices; g++)
		if (uncertainty->choices[g].n > 1)
			add_input(s, psprintf("choices %d", g + 1), CI_RANDOM_CHOICE, CI_RANDOM_CHOICE, g, g);
	if (s->simulation.errors != NULL)
		add_input(s, "errors", CI_RANDOM_ERROR, PG_UINT32_MAX, 0, PG_UINT32_MAX);
	s->simulation.variant = s->variant;
	s->simulation.n_variants = 2 + s->n_inputs;
}

static int64
row_of_unit(const Sensitivity *s, uint32 period)
{
	return ci_panel_row(&s->simulation.panel->periods[period], (uint32) s->unit);
}

static bool
is_wanted(const Sensitivity *s, uint32 period)
{
	return ci_simulates(&s->simulation, period) && (s->unit < 0 || row_of_unit(s, period) >= 0);
}

/* Make room for the values of all periods; false if there is nothing to find. */
static bool
make_values(Sensitivity *s)
{
	uint32		n_periods = s->simulation.panel->n_periods;
	uint64		points = (uint64) s->simulation.draws * s->simulation.n_variants;
	uint32		wanted = 0;

	for (uint32 p = 0; p < n_periods; p++)
		wanted += is_wanted(s, p);
	if (points * wanted > MAX_VALUES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many evaluations to keep"),
				 errdetail("%u draws, each in %u variants, of %u periods are " UINT64_FORMAT "; the limit is %d.",
						   s->simulation.draws, s->simulation.n_variants, wanted, points * wanted, MAX_VALUES),
				 errhint("Take fewer draws, or name a period.")));
	s->value = palloc0(Max(n_periods, 1) * sizeof(double *));
	for (uint32 p = 0; p < n_periods; p++)
		if (is_wanted(s, p))
			s->value[p] = palloc_extended(points * sizeof(double), MCXT_ALLOC_HUGE);
	return wanted > 0 && s->n_inputs > 0;
}

/* The mean over units that are ranked both times; 0 if there is none. */
static double
mean_shift(const int32 *nominal, const int32 *rank, uint32 n)
{
	uint64		shift = 0;
	uint32		both = 0;

	for (uint32 i = 0; i < n; i++)
		if (nominal[i] > 0 && rank[i] > 0)
		{
			shift += abs(rank[i] - nominal[i]);
			both++;
		}
	return both == 0 ? 0 : (double) shift / both;
}

/* A unit's rank; one behind the last of the nominal ranking if it has none. */
static double
rank_or_last(const int32 *nominal, int32 rank, uint32 n)
{
	uint32		last = 0;

	for (uint32 i = 0; rank == 0 && i < n; i++)
		last += nominal[i] > 0;
	return rank > 0 ? rank : last + 1.0;
}

static void
take(const CiSimulation *simulation, uint32 period, uint32 point, const int32 *rank)
{
	const Sensitivity *s = (const Sensitivity *) simulation;
	const int32 *nominal = simulation->nominal[period].rank;
	uint32		n = simulation->panel->periods[period].n;

	if (s->value[period] != NULL)
		s->value[period][point] = s->unit < 0 ? mean_shift(nominal, rank, n) :
			rank_or_last(nominal, rank[row_of_unit(s, period)], n);
}

/* Indices of bootstrap samples: of input i at [i * BOOTSTRAP_SAMPLES]. */
typedef struct Bootstrap
{
	double	   *first;
	double	   *total;
} Bootstrap;

static Bootstrap
resample(const Sensitivity *s, const CiSobolDesign *design, double *room)
{
	Bootstrap	bootstrap = {
		palloc(design->k * BOOTSTRAP_SAMPLES * sizeof(double)),
		palloc(design->k * BOOTSTRAP_SAMPLES * sizeof(double))
	};
	CiSobolIndex *index = palloc(design->k * sizeof(CiSobolIndex));
	uint32	   *times = palloc_extended(design->n * sizeof(uint32), MCXT_ALLOC_HUGE);

	for (uint32 sample = 0; sample < BOOTSTRAP_SAMPLES; sample++)
	{
		ci_sobol_resample(s->simulation.seed, sample, design->n, ci_check_for_interrupts, times);
		ci_sobol_indices(design, times, ci_check_for_interrupts, room, index);
		for (size_t i = 0; i < design->k; i++)
		{
			bootstrap.first[i * BOOTSTRAP_SAMPLES + sample] = index[i].first;
			bootstrap.total[i * BOOTSTRAP_SAMPLES + sample] = index[i].total;
		}
	}
	return bootstrap;
}

/* An index and its interval, over the samples in which something varies. */
static void
put_index(CiValue *values, double index, const double *samples, double level)
{
	double		sorted[BOOTSTRAP_SAMPLES];
	size_t		n = ci_sort_present(samples, BOOTSTRAP_SAMPLES, sorted);

	values[0] = ci_float(index);
	values[1] = isnan(index) || n == 0 ? ci_null() :
		ci_float(ci_quantile_sorted(sorted, n, (1 - level) / 2));
	values[2] = isnan(index) || n == 0 ? ci_null() :
		ci_float(ci_quantile_sorted(sorted, n, (1 + level) / 2));
}

static void
put_period(ReturnSetInfo *rows, const Sensitivity *s, uint32 period, double level)
{
	CiSobolDesign design = {s->simulation.draws, s->n_inputs, s->value[period]};
	CiSobolIndex *index = palloc(s->n_inputs * sizeof(CiSobolIndex));
	double	   *room = palloc(3 * s->n_inputs * sizeof(double));
	Bootstrap	bootstrap;

	ci_sobol_centre(&design);
	ci_sobol_indices(&design, NULL, ci_check_for_interrupts, room, index);
	bootstrap = resample(s, &design, room);
	for (int i = 0; i < s->n_inputs; i++)
	{
		CiValue		values[8] = {
			ci_int(s->simulation.panel->periods[period].period), ci_cstring(s->input[i])
		};

		put_index(values + 2, index[i].first, bootstrap.first + i * BOOTSTRAP_SAMPLES, level);
		put_index(values + 5, index[i].total, bootstrap.total + i * BOOTSTRAP_SAMPLES, level);
		ci_rows_put(rows, values, lengthof(values));
	}
}

static void
put_periods(ReturnSetInfo *rows, const Sensitivity *s, double level)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.sensitivity period",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	for (uint32 p = 0; p < s->simulation.panel->n_periods; p++)
	{
		if (s->value[p] == NULL)
			continue;
		put_period(rows, s, p, level);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

Datum
ci_sensitivity(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	Sensitivity s = {.unit = -1};
	double		level;

	if (ci_simulation_lacks_argument(fcinfo) || PG_ARGISNULL(LEVEL) || PG_ARGISNULL(BY_WEIGHT))
		return (Datum) 0;
	level = ci_level_arg(fcinfo, LEVEL);
	s.simulation = ci_simulation_args(fcinfo, ERRORS);
	s.simulation.take = take;
	if (!PG_ARGISNULL(UNIT))
		s.unit = ci_panel_unit_arg(fcinfo, UNIT, s.simulation.panel);
	find_inputs(&s, PG_GETARG_BOOL(BY_WEIGHT));
	if (!make_values(&s))
		return (Datum) 0;
	ci_simulation_run(&s.simulation);
	put_periods(rows, &s, level);
	return (Datum) 0;
}
