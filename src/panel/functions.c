/*
 * panel/functions.c
 *	  What SQL can ask of a panel: its parts, its summary, a part of it, its
 *	  digest, and whether it equals another.
 *
 * All of it works on the open flat form and leaves it unchanged.
 */
#include "postgres.h"

#include "base/digest.h"
#include "base/rows.h"
#include "base/sort.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "method/stats.h"
#include "miscadmin.h"
#include "panel/build.h"
#include "panel/flat.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_units);
PG_FUNCTION_INFO_V1(ci_periods);
PG_FUNCTION_INFO_V1(ci_indicators);
PG_FUNCTION_INFO_V1(ci_observations);
PG_FUNCTION_INFO_V1(ci_summary);
PG_FUNCTION_INFO_V1(ci_subset);
PG_FUNCTION_INFO_V1(ci_digest_panel);
PG_FUNCTION_INFO_V1(ci_panel_eq);
PG_FUNCTION_INFO_V1(ci_panel_ne);
PG_FUNCTION_INFO_V1(ci_panel_lt);
PG_FUNCTION_INFO_V1(ci_panel_le);
PG_FUNCTION_INFO_V1(ci_panel_gt);
PG_FUNCTION_INFO_V1(ci_panel_ge);
PG_FUNCTION_INFO_V1(ci_panel_cmp);
PG_FUNCTION_INFO_V1(ci_panel_hash);
PG_FUNCTION_INFO_V1(ci_panel_hash_extended);

/*
 * Parts
 */

Datum
ci_units(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);

	return ci_text_array(panel->units, (int) panel->n_units);
}

Datum
ci_indicators(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);

	return ci_text_array(panel->indicators, (int) panel->n_indicators);
}

Datum
ci_periods(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);
	Datum	   *values = palloc(Max(panel->n_periods, 1) * sizeof(Datum));

	for (uint32 p = 0; p < panel->n_periods; p++)
		values[p] = Int32GetDatum(panel->periods[p].period);
	PG_RETURN_ARRAYTYPE_P(construct_array(values, (int) panel->n_periods, INT4OID,
										  sizeof(int32), true, TYPALIGN_INT));
}

/* A row for each cell, missing ones too, in canonical order. */
Datum
ci_observations(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);
	ReturnSetInfo *rows = ci_rows_start_many(fcinfo, panel->n_rows * panel->n_indicators);

	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		const CiPanelPeriod *period = &panel->periods[p];

		for (uint32 i = 0; i < period->n; i++)
			for (uint32 j = 0; j < panel->n_indicators; j++)
			{
				CiValue		row[] = {
					ci_text(panel->units[period->unit[i]]),
					ci_int(period->period),
					ci_text(panel->indicators[j]),
					ci_float(ci_panel_column(period, j)[i])
				};

				ci_rows_put(rows, row, lengthof(row));
			}
	}
	return (Datum) 0;
}

Datum
ci_summary(PG_FUNCTION_ARGS)
{
	CiPanel    *panel = ci_panel_arg(fcinfo, 0);
	ReturnSetInfo *rows = ci_rows_start(fcinfo);

	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		const CiPanelPeriod *period = &panel->periods[p];
		double	   *sorted = palloc_extended(Max(period->n, 1) * sizeof(double), MCXT_ALLOC_HUGE);

		for (uint32 j = 0; j < panel->n_indicators; j++)
		{
			const double *column = ci_panel_column(period, j);
			size_t		n = ci_sort_present(column, period->n, sorted);
			CiMoments	moments;

			ci_moments(sorted, n, &moments);
			{
				CiValue		row[] = {
					ci_int(period->period),
					ci_text(panel->indicators[j]),
					ci_int((int32) n),
					ci_int((int32) (period->n - n)),
					ci_int((int32) ci_distinct_sorted(sorted, n)),
					ci_float(moments.min),
					ci_float(moments.max),
					ci_float(moments.mean),
					ci_float(moments.sd),
					n == 0 ? ci_null() : ci_float(ci_quantile_sorted(sorted, n, 0.5)),
					ci_float(moments.skewness),
					ci_float(moments.kurtosis)
				};

				ci_rows_put(rows, row, lengthof(row));
			}
		}
		pfree(sorted);
	}
	return (Datum) 0;
}

/*
 * A part of a panel
 */

/* Mark the names of an argument; NULL, which means all, gives NULL. */
static bool *
chosen_names(FunctionCallInfo fcinfo, int argno, const char *what, uint32 n,
			 const CiPanel *panel, int (*find) (const CiPanel *, const char *, int))
{
	bool	   *chosen;
	text	  **names;
	int			n_names;

	if (PG_ARGISNULL(argno))
		return NULL;
	chosen = palloc0(Max(n, 1));
	names = ci_text_array_arg(fcinfo, argno, what, &n_names);
	for (int i = 0; i < n_names; i++)
	{
		int			at = find(panel, VARDATA_ANY(names[i]), (int) VARSIZE_ANY_EXHDR(names[i]));

		if (at < 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("panel has no \"%s\" among its %s", text_to_cstring(names[i]), what)));
		chosen[at] = true;
	}
	return chosen;
}

static bool *
chosen_periods(FunctionCallInfo fcinfo, int argno, const CiPanel *panel)
{
	bool	   *chosen;
	int32	   *periods;
	int			n;

	if (PG_ARGISNULL(argno))
		return NULL;
	chosen = palloc0(Max(panel->n_periods, 1));
	periods = ci_int_array_arg(fcinfo, argno, "periods", &n);
	for (int i = 0; i < n; i++)
		chosen[ci_panel_period_named(panel, periods[i])] = true;
	return chosen;
}

static void
copy_row(CiPanelBuild *build, const CiPanel *panel, const CiPanelPeriod *period, uint32 i,
		 const bool *indicators)
{
	ci_panel_build_row(build, panel->units[period->unit[i]], period->period);
	for (uint32 j = 0; j < panel->n_indicators; j++)
	{
		double		value = ci_panel_column(period, j)[i];
		uint32		number;

		if (indicators != NULL && !indicators[j])
			continue;
		number = ci_panel_build_indicator(build, panel->indicators[j]);
		if (!ci_is_missing(value))
			ci_panel_build_cell(build, number, value);
	}
}

Datum
ci_subset(PG_FUNCTION_ARGS)
{
	CiPanel    *panel;
	CiPanelBuild *build;
	bool	   *periods;
	bool	   *units;
	bool	   *indicators;
	bool		any = false;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	panel = ci_panel_arg(fcinfo, 0);
	periods = chosen_periods(fcinfo, 1, panel);
	units = chosen_names(fcinfo, 2, "units", panel->n_units, panel, ci_panel_unit);
	indicators = chosen_names(fcinfo, 3, "indicators", panel->n_indicators, panel,
							  ci_panel_indicator);
	build = ci_panel_build_new(CurrentMemoryContext);
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		const CiPanelPeriod *period = &panel->periods[p];

		if (periods != NULL && !periods[p])
			continue;
		for (uint32 i = 0; i < period->n; i++)
		{
			CHECK_FOR_INTERRUPTS();
			if (units != NULL && !units[period->unit[i]])
				continue;
			copy_row(build, panel, period, i, indicators);
			any = true;
		}
	}
	if (!any)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(ci_panel_build_flat(build));
}

/*
 * Digest and comparison
 */

static void
digest_names(CiDigest *digest, text **names, uint32 n)
{
	ci_digest_uint32(digest, n);
	for (uint32 i = 0; i < n; i++)
	{
		ci_digest_uint32(digest, VARSIZE_ANY_EXHDR(names[i]));
		ci_digest_bytes(digest, VARDATA_ANY(names[i]), VARSIZE_ANY_EXHDR(names[i]));
	}
}

/* Of what is digested: it stays what it is when the layout on disk changes. */
#define DIGEST_VERSION 1

void
ci_panel_digest(const CiPanel *panel, uint8 *result)
{
	CiDigest   *digest = ci_digest_start();
	uint8		version = DIGEST_VERSION;

	ci_digest_bytes(digest, &version, sizeof(version));
	digest_names(digest, panel->indicators, panel->n_indicators);
	digest_names(digest, panel->units, panel->n_units);
	ci_digest_uint32(digest, panel->n_periods);
	for (uint32 p = 0; p < panel->n_periods; p++)
	{
		const CiPanelPeriod *period = &panel->periods[p];

		ci_digest_uint32(digest, (uint32) period->period);
		ci_digest_uint32(digest, period->n);
		for (uint32 i = 0; i < period->n; i++)
			ci_digest_uint32(digest, period->unit[i]);
		for (uint32 j = 0; j < panel->n_indicators; j++)
		{
			CHECK_FOR_INTERRUPTS();
			ci_digest_float8s(digest, ci_panel_column(period, j), period->n);
		}
	}
	ci_digest_end(digest, result);
}

Datum
ci_digest_panel(PG_FUNCTION_ARGS)
{
	bytea	   *result = palloc(VARHDRSZ + CI_DIGEST_LENGTH);

	ci_panel_digest(ci_panel_arg(fcinfo, 0), (uint8 *) VARDATA(result));
	SET_VARSIZE(result, VARHDRSZ + CI_DIGEST_LENGTH);
	PG_RETURN_BYTEA_P(result);
}

/*
 * Order panels by their bytes: an order that means nothing but serves sorting.
 */
static int
compare_panels(FunctionCallInfo fcinfo)
{
	struct varlena *a = PG_GETARG_VARLENA_P(0);
	struct varlena *b = PG_GETARG_VARLENA_P(1);
	int			c = ci_name_compare(VARDATA(a), VARSIZE(a) - VARHDRSZ,
									VARDATA(b), VARSIZE(b) - VARHDRSZ);

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return c;
}

Datum
ci_panel_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_panels(fcinfo) == 0);
}

Datum
ci_panel_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_panels(fcinfo) != 0);
}

Datum
ci_panel_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_panels(fcinfo) < 0);
}

Datum
ci_panel_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_panels(fcinfo) <= 0);
}

Datum
ci_panel_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_panels(fcinfo) > 0);
}

Datum
ci_panel_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_panels(fcinfo) >= 0);
}

Datum
ci_panel_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_panels(fcinfo));
}

Datum
ci_panel_hash(PG_FUNCTION_ARGS)
{
	struct varlena *panel = PG_GETARG_VARLENA_P(0);
	Datum		hash = hash_any((unsigned char *) VARDATA(panel), (int) (VARSIZE(panel) - VARHDRSZ));

	PG_FREE_IF_COPY(panel, 0);
	return hash;
}

Datum
ci_panel_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *panel = PG_GETARG_VARLENA_P(0);
	Datum		hash = hash_any_extended((unsigned char *) VARDATA(panel),
										 (int) (VARSIZE(panel) - VARHDRSZ),
										 PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(panel, 0);
	return hash;
}
