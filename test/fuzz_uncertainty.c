/*
 * fuzz_uncertainty.c
 *	  Any bytes into the reader of what is uncertain: an error, or draws of it in
 *	  which ranks are ranks.
 *
 * An input is JSON.  What was read is drawn from, over a small panel with a gap
 * and a methodology of two levels, one of whose weights is 0.
 */
#include "postgres.h"

#include "fuzz_lines.h"
#include "fuzz_server.h"
#include "methodology/methodology.h"
#include "simulate/simulate.h"

#define DRAWS 8
#define MAX_COMBINATIONS 64

extern Datum ci_methodology_in(PG_FUNCTION_ARGS);

static const char methodology[] = "{\"components\": [{\"code\": \"i\"},"
" {\"code\": \"d\", \"parent\": \"i\", \"weight\": 2}, {\"code\": \"a\", \"parent\": \"d\"},"
" {\"code\": \"b\", \"parent\": \"d\"}, {\"code\": \"c\", \"parent\": \"i\"},"
" {\"code\": \"e\", \"indicator\": \"d\", \"parent\": \"i\", \"weight\": 0}]}";

static const char lines[] = "1234\n5713\n.922\n8061";

static void
take_ranks(const CiSimulation *simulation, uint32 period, uint32 point, const int32 *rank)
{
	const CiPanelPeriod *at = &simulation->panel->periods[period];

	if (point >= simulation->draws)
		fuzz_fail("draw %u of %u", point, simulation->draws);
	for (uint32 i = 0; i < at->n; i++)
		if (rank[i] < 0 || rank[i] > (int32) at->n)
			fuzz_fail("rank %d of %u units", rank[i], at->n);
}

static void
read_uncertainty(const uint8 *data, size_t size)
{
	char	   *text = fuzz_text(data, size);
	CiSimulation simulation = {.draws = DRAWS, .seed = 1, .only = -1, .take = take_ranks};
	Datum		judge;
	Datum		panel;

	if (text == NULL)
		return;
	simulation.uncertainty =
		ci_uncertainty_read(ci_json_parse(text, (int) strlen(text), "uncertainty"));
	if (simulation.uncertainty->n_combinations > MAX_COMBINATIONS)
		return;
	judge = fuzz_call1(ci_methodology_in, CStringGetDatum(methodology));
	simulation.methodology = ci_methodology_open((CiMethodologyDatum *) DatumGetPointer(judge));
	if (!make_panel((const uint8 *) lines, (const uint8 *) lines + strlen(lines), -1, &panel))
		fuzz_fail("there is no panel");
	simulation.panel = ci_panel_open(panel);
	ci_simulation_run(&simulation);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_run(read_uncertainty, data, size);
}
