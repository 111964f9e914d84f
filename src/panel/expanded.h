/*
 * panel/expanded.h
 *	  What the expanded form of a panel consists of, for those that grow and that
 *	  read it.
 */
#ifndef CI_PANEL_EXPANDED_H
#define CI_PANEL_EXPANDED_H

#include "panel/build.h"
#include "panel/names.h"
#include "panel/rows.h"

struct CiPanelBuild
{
	ExpandedObjectHeader header;
	CiPanelNames units;
	CiPanelNames indicators;
	uint32		n_periods;
	uint32		periods_capacity;
	CiPanelRows *periods;
	struct ci_period_hash *period_hash;
	uint64		n_rows;
	CiPanelRows *at;			/* the row turned to */
	uint32		row;
	struct varlena *array;		/* of indicators, whose numbers are kept */
	uint32	   *numbers;
};

/* Raise if a panel of so many rows and indicators is larger than a value. */
extern void ci_panel_check_size(const CiPanelBuild *build, uint64 n_rows, uint64 n_indicators);

#endif							/* CI_PANEL_EXPANDED_H */
