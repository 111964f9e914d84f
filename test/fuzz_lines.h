/*
 * fuzz_lines.h
 *	  A panel in lines: one for each unit, a byte for each indicator's cell, an
 *	  empty line before the next period.
 *
 * A line that begins with "!" leaves its unit out.  Indicators are called a, b, …,
 * units A, B, …, periods 2000, 2001, …
 */
#ifndef CI_FUZZ_LINES_H
#define CI_FUZZ_LINES_H

#include "base/compat.h"
#include "panel/build.h"

#define FIRST_PERIOD 2000
#define MAX_PERIODS 4
#define MAX_UNITS 12
#define MAX_INDICATORS 8

static double
cell_of(uint8 byte)
{
	static const double notable[] = {
		1e308, -1e308, 1e300, -1e300, 5e-324, 1e-300, 0.1, 0.3, -0.0, 1e15, 1e15 + 1, 1 + 1e-15, 1e-9
	};

	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'A' && byte < 'A' + lengthof(notable))
		return notable[byte - 'A'];
	return (byte - 110) * 1.37;
}

static const text *
one_letter(char first, int number)
{
	char		letter = (char) (first + number);

	return cstring_to_text_with_len(&letter, 1);
}

/*
 * Add a line; returns what follows it.  One that is not wanted only makes its
 * indicators known.
 */
static const uint8 *
add_line(CiPanelBuild *build, const uint8 *line, const uint8 *end, bool wanted,
		 int period, int unit)
{
	wanted &= *line != '!';
	if (wanted)
		ci_panel_build_row(build, one_letter('A', unit), FIRST_PERIOD + period);
	for (int j = 0; line < end && *line != '\n'; j++, line++)
	{
		uint32		indicator;

		if (j >= MAX_INDICATORS)
			continue;
		indicator = ci_panel_build_indicator(build, one_letter('a', j));
		if (wanted && *line != '.')
			ci_panel_build_cell(build, indicator, cell_of(*line));
	}
	return line < end ? line + 1 : end;
}

/* The panel that lines describe, or only a period of it; false if it is empty. */
static bool
make_panel(const uint8 *line, const uint8 *end, int only, Datum *panel)
{
	CiPanelBuild *build = ci_panel_build_new(CurrentMemoryContext);
	bool		any = false;
	int			period = 0;
	int			unit = 0;

	while (line < end && period < MAX_PERIODS && unit < MAX_UNITS)
	{
		bool		wanted = only < 0 || period == only;

		if (*line == '\n')
		{
			line++;
			period++;
			unit = 0;
			continue;
		}
		any |= wanted && *line != '!';
		line = add_line(build, line, end, wanted, period, unit++);
	}
	*panel = PointerGetDatum(ci_panel_build_flat(build));
	return any;
}

#endif							/* CI_FUZZ_LINES_H */
