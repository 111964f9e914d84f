/*
 * panel/flat.h
 *	  The bytes of a flat panel.
 *
 * After the header, in this order: the periods (int32 each, ascending), how
 * many units each has (uint32), for each of those its unit (uint32, ascending
 * in a period), where each unit's and each indicator's name begins (uint32,
 * from the start of the names), the names (text values with a four-byte
 * header, each aligned, units first, both in bytewise order), and from the
 * next multiple of eight the cells: by period, in it by indicator, in it by
 * unit.  Unused bytes are zero and a missing cell is CI_MISSING, so that equal
 * panels are equal bytes.
 */
#ifndef CI_PANEL_FLAT_H
#define CI_PANEL_FLAT_H

#include "base/compat.h"
#include "panel/panel.h"

#define CI_PANEL_VERSION 1

typedef struct CiPanelFlat
{
	int32		vl_len_;
	uint8		version;
	uint8		unused[3];
	uint32		n_periods;
	uint32		n_units;
	uint32		n_indicators;
	uint32		n_rows;			/* units, added up over periods */
	uint32		names_size;
	uint32		unused2;
} CiPanelFlat;

/* Where the parts of a flat panel are, from its counts. */
typedef struct CiPanelLayout
{
	Size		periods;
	Size		period_units;
	Size		rows;
	Size		unit_at;
	Size		indicator_at;
	Size		names;
	Size		cells;
	Size		total;
} CiPanelLayout;

extern CiPanelLayout ci_panel_layout(const CiPanelFlat *header);

static inline Size
ci_panel_name_size(const text *name)
{
	return INTALIGN(VARHDRSZ + VARSIZE_ANY_EXHDR(name));
}

/* Bytewise order of names. */
static inline int
ci_name_compare(const char *a, Size a_len, const char *b, Size b_len)
{
	int			c = memcmp(a, b, Min(a_len, b_len));

	if (c == 0 && a_len != b_len)
		c = a_len < b_len ? -1 : 1;
	return c;
}

#endif							/* CI_PANEL_FLAT_H */
