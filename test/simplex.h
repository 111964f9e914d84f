/*
 * simplex.h
 *	  A small solver of linear programs, in place of Clp: the textbook's
 *	  tableau, by Bland's rule, from scratch each time.
 */
#ifndef CI_TEST_SIMPLEX_H
#define CI_TEST_SIMPLEX_H

#include <math.h>
#include <string.h>

#include "method/program.h"

#define SIMPLEX_VARIABLES 32
#define SIMPLEX_ROWS 128
#define SIMPLEX_ZERO 1e-11

typedef struct Simplex
{
	CiProgram	program;
	int			n;
	int			m;
	double		given[SIMPLEX_ROWS][SIMPLEX_VARIABLES + 1];
	double		row[SIMPLEX_ROWS + 1][SIMPLEX_VARIABLES + 1];	/* the last: objective */
	int			basic[SIMPLEX_ROWS];	/* n and on: slack of row */
	int			other[SIMPLEX_VARIABLES];	/* variables that are 0, by column */
} Simplex;

static void
simplex_start(CiProgram *program, int n)
{
	Simplex    *s = (Simplex *) program;

	s->n = n;
	s->m = 0;
}

static void
simplex_add(CiProgram *program, const double *row, double bound)
{
	Simplex    *s = (Simplex *) program;

	if (s->m == SIMPLEX_ROWS)
		return;					/* a test with so many would fail */
	memcpy(s->given[s->m], row, sizeof(double) * (size_t) s->n);
	s->given[s->m++][s->n] = bound;
}

/* Exchange the basic variable of a row with that of a column. */
static void
simplex_pivot(Simplex *s, int r, int c)
{
	double		pivot = s->row[r][c];
	int			swapped = s->basic[r];

	for (int j = 0; j <= s->n; j++)
		s->row[r][j] = (j == c ? 1 : s->row[r][j]) / pivot;
	for (int i = 0; i <= s->m; i++)
	{
		double		factor = s->row[i][c];

		for (int j = 0; j <= s->n && i != r; j++)
			s->row[i][j] = (j == c ? 0 : s->row[i][j]) - factor * s->row[r][j];
	}
	s->basic[r] = s->other[c];
	s->other[c] = swapped;
}

static bool
simplex_maximise(CiProgram *program, const double *objective, double *x)
{
	Simplex    *s = (Simplex *) program;

	memcpy(s->row, s->given, sizeof(s->given[0]) * (size_t) s->m);
	memcpy(s->row[s->m], objective, sizeof(double) * (size_t) s->n);
	s->row[s->m][s->n] = 0;
	for (int i = 0; i < s->m; i++)
		s->basic[i] = s->n + i;
	for (int j = 0; j < s->n; j++)
		s->other[j] = j;
	for (;;)
	{
		int			enters = -1;
		int			leaves = -1;

		for (int j = 0; j < s->n; j++)
			if (s->row[s->m][j] > SIMPLEX_ZERO && (enters < 0 || s->other[j] < s->other[enters]))
				enters = j;
		if (enters < 0)
			break;
		for (int i = 0; i < s->m; i++)
		{
			double		difference;

			if (s->row[i][enters] <= SIMPLEX_ZERO)
				continue;
			difference = leaves < 0 ? -1 : s->row[i][s->n] / s->row[i][enters] -
				s->row[leaves][s->n] / s->row[leaves][enters];
			if (difference < 0 || (difference == 0 && s->basic[i] < s->basic[leaves]))
				leaves = i;
		}
		if (leaves < 0)
			return false;
		simplex_pivot(s, leaves, enters);
	}
	memset(x, 0, sizeof(double) * (size_t) s->n);
	for (int i = 0; i < s->m; i++)
		if (s->basic[i] < s->n)
			x[s->basic[i]] = fmax(s->row[i][s->n], 0);
	return true;
}

static void
simplex_make(Simplex *s)
{
	s->program = (CiProgram)
	{
		.start = simplex_start, .add = simplex_add, .maximise = simplex_maximise
	};
}

#endif							/* CI_TEST_SIMPLEX_H */
