/*
 * fuzz_panel.c
 *	  Any bytes into the readers of a panel: an error, or a canonical panel.
 *
 * What begins like text is read as text, all else as the binary form.  A panel
 * that was read is written in both forms, read again, and grown from its own
 * cells: each time it must be the same bytes.  What can be asked of it is asked.
 */
#include "postgres.h"

#include "fuzz_server.h"
#include "lib/stringinfo.h"
#include "panel/build.h"

extern Datum ci_panel_in(PG_FUNCTION_ARGS);
extern Datum ci_panel_out(PG_FUNCTION_ARGS);
extern Datum ci_panel_recv(PG_FUNCTION_ARGS);
extern Datum ci_panel_send(PG_FUNCTION_ARGS);

/* Send it and read that. */
static Datum
through_binary(Datum panel)
{
	bytea	   *bytes = (bytea *) DatumGetPointer(fuzz_call1(ci_panel_send, panel));

	return fuzz_call1(ci_panel_recv,
					  PointerGetDatum(fuzz_message(VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ)));
}

static Datum
through_text(Datum panel)
{
	return fuzz_call1(ci_panel_in, fuzz_call1(ci_panel_out, panel));
}

/* Grow a panel by all cells of one that is merged into it. */
static Datum
through_merge(Datum panel)
{
	CiPanelBuild *build = ci_panel_build_new(CurrentMemoryContext);

	ci_panel_build_merge(build, ci_panel_open(panel));
	return PointerGetDatum(pg_detoast_datum((struct varlena *)
											DatumGetPointer(ci_panel_build_datum(build))));
}

/* Everything that it holds must be found where it is. */
static void
check_names(const CiPanel *panel, text **names, uint32 n,
			int (*find) (const CiPanel *, const char *, int))
{
	for (uint32 i = 0; i < n; i++)
		if (find(panel, VARDATA_ANY(names[i]), (int) VARSIZE_ANY_EXHDR(names[i])) != (int) i)
			fuzz_fail("name %u of a panel is not found", i);
}

static void
check_period(const CiPanel *panel, uint32 number)
{
	const CiPanelPeriod *period = &panel->periods[number];

	if (ci_panel_period(panel, period->period) != (int) number)
		fuzz_fail("period %d of a panel is not found", period->period);
	for (uint32 i = 0; i < period->n; i++)
		if (period->unit[i] >= panel->n_units ||
			ci_panel_row(period, period->unit[i]) != (int64) i)
			fuzz_fail("row %u of period %d is not found", i, period->period);
	for (uint32 j = 0; j < panel->n_indicators; j++)
		for (uint32 i = 0; i < period->n; i++)
			if (isinf(ci_panel_column(period, j)[i]))
				fuzz_fail("a cell is infinite");
}

static void
read_panel(const uint8 *data, size_t size)
{
	Datum		panel;
	CiPanel    *open;
	char	   *text;

	if (size > 0 && data[0] >= ' ')
	{
		text = fuzz_text(data, size);
		if (text == NULL)
			return;
		panel = fuzz_call1(ci_panel_in, CStringGetDatum(text));
	}
	else
		panel = fuzz_call1(ci_panel_recv, PointerGetDatum(fuzz_message(data, size)));

	fuzz_sure("a panel that was read");
	fuzz_same(panel, through_text(panel), "a panel, written and read again,");
	fuzz_same(panel, through_binary(panel), "a panel, sent and received,");
	fuzz_same(panel, through_merge(panel), "a panel, merged into an empty one,");
	open = ci_panel_open(panel);
	check_names(open, open->units, open->n_units, ci_panel_unit);
	check_names(open, open->indicators, open->n_indicators, ci_panel_indicator);
	for (uint32 p = 0; p < open->n_periods; p++)
		check_period(open, p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(read_panel, data, size);
}
