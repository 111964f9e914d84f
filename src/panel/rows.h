/*
 * panel/rows.h
 *	  One period of a panel that is being built: its rows, each a unit's, and a
 *	  block of cells, column by column.
 *
 * Columns grow in place until their room, the stride, is used up; then all of them
 * move to a block of twice the room.  Columns are by number of the indicator, rows
 * by when their unit was first seen, until they are sorted.
 */
#ifndef CI_PANEL_ROWS_H
#define CI_PANEL_ROWS_H

typedef struct CiPanelRows
{
	int32		period;
	uint32		n;				/* rows */
	uint32		n_columns;
	uint32		last;			/* row turned to last … */
	const text *name;			/* … and its unit's, NULL before the first */
	bool		in_order;		/* was it the one after that before? */
	bool		is_ascending;	/* unit[] */
	uint32	   *unit;			/* each row's */
	double	   *cells;
	size_t		stride;			/* rows for which a column has room */
	uint32		filled;			/* rows whose cells are set, or missing */
	uint32		columns_capacity;
	struct ci_rows_hash *hash;	/* rows by unit; NULL while bisection finds
								 * them */
} CiPanelRows;

#define CI_NO_ROW PG_UINT32_MAX

extern void ci_panel_rows_init(CiPanelRows *rows, int32 period, MemoryContext context);

/* The row of a unit, CI_NO_ROW if it has none; and a row for one that has none. */
extern uint32 ci_panel_rows_find(CiPanelRows *rows, uint32 unit, MemoryContext context);
extern uint32 ci_panel_rows_add(CiPanelRows *rows, uint32 unit, MemoryContext context);

/* Make room for so many more rows at once. */
extern void ci_panel_rows_reserve(CiPanelRows *rows, uint32 n, MemoryContext context);

/* Make the columns that are not there yet of the first n, all of them missing. */
extern void ci_panel_rows_columns(CiPanelRows *rows, uint32 n, MemoryContext context);

/* The same, in no more room than they take: to be read, not to grow. */
extern void ci_panel_rows_settle(CiPanelRows *rows, uint32 n, MemoryContext context);

/*
 * The rows in the order of their units' places, which go to unit[]; NULL if that is
 * how they lie.  And the cells of a column in such an order.
 */
extern uint32 *ci_panel_rows_order(const CiPanelRows *rows, const uint32 *place, uint32 *unit);
extern void ci_panel_rows_gather(const CiPanelRows *rows, uint32 column, const uint32 *order,
								 double *cells);

/*
 * Lay the rows in that order, and number units by their places.  If it is interrupted
 * the panel is spoilt.
 */
extern void ci_panel_rows_sort(CiPanelRows *rows, const uint32 *place);

extern void ci_panel_make_missing(double *cell, size_t n);

static inline double *
ci_panel_rows_cell(const CiPanelRows *rows, uint32 column, uint32 row)
{
	return rows->cells + rows->stride * column + row;
}

#endif							/* CI_PANEL_ROWS_H */
