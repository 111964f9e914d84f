/*
 * method/simulation.h
 *	  What is kept of draws, as bytes: read, checked, merged.
 *
 * The bytes are the same on every machine; numbers have 32 bits, the lowest byte
 * first.  In this order:
 *
 *	  version (one byte), whether pairs are counted (one byte), seed;
 *	  digests of panel, methodology, uncertainty and errors, 32 bytes each;
 *	  number of periods; for each, ascending: period, number of units n, n ranks
 *	  without uncertainty (0: none), n names, each its length and its bytes;
 *	  for each period: n * (n + 1) counts of ranks, as in CiRankCounts; if pairs are
 *	  counted n * n and n * n more, as in CiPairCounts;
 *	  to the end, ranges of the draws counted: first and last, ascending, with a gap
 *	  between each two.
 *
 * All before the counts is what draws must have in common to be merged, so equal
 * draws are equal bytes.
 */
#ifndef CI_METHOD_SIMULATION_H
#define CI_METHOD_SIMULATION_H

#include "method/method.h"

#define CI_SIMULATION_VERSION 1
#define CI_SIMULATION_MAX_DRAW 2147483647	/* number of the last draw there
											 * is */
#define CI_SIMULATION_DIGEST 32

/* Where the parts are that every value has. */
#define CI_SIMULATION_PAIRS 1
#define CI_SIMULATION_SEED 2
#define CI_SIMULATION_DIGESTS 6
#define CI_SIMULATION_PERIODS (CI_SIMULATION_DIGESTS + 4 * CI_SIMULATION_DIGEST)
#define CI_SIMULATION_HEAD (CI_SIMULATION_PERIODS + 4)

/* Where the parts of a value are whose lengths add up. */
typedef struct CiSimulationParts
{
	const uint8_t *bytes;
	bool		pairs;
	uint32_t	n_periods;
	size_t		counts;			/* where they begin */
	size_t		ranges;
	size_t		n_ranges;		/* at least 1 */
	uint64_t	draws;			/* in all ranges */
} CiSimulationParts;

/* A period of it. */
typedef struct CiSimulationPeriod
{
	int32_t		period;
	uint32_t	n;
	const uint8_t *rank;		/* n of 4 bytes */
	const uint8_t *name;		/* the first one's length */
	const uint8_t *ranks;		/* counts */
	const uint8_t *ahead;		/* NULL unless pairs are counted, as is the
								 * next */
	const uint8_t *tied;
} CiSimulationPeriod;

typedef struct CiDrawRange
{
	uint32_t	first;
	uint32_t	last;
} CiDrawRange;

static inline uint32_t
ci_simulation_number(const uint8_t *at)
{
	return at[0] | (uint32_t) at[1] << 8 | (uint32_t) at[2] << 16 | (uint32_t) at[3] << 24;
}

static inline void
ci_simulation_put_number(uint8_t *at, uint32_t number)
{
	at[0] = (uint8_t) number;
	at[1] = (uint8_t) (number >> 8);
	at[2] = (uint8_t) (number >> 16);
	at[3] = (uint8_t) (number >> 24);
}

/* Find the parts; returns NULL, or what is wrong with lengths and ranges. */
extern const char *ci_simulation_open(const uint8_t *bytes, size_t size,
									  CiSimulationParts *parts);

/* The first period, and the next after one; what is opened has them all. */
extern CiSimulationPeriod ci_simulation_first(const CiSimulationParts *parts);
extern CiSimulationPeriod ci_simulation_next(const CiSimulationParts *parts,
											 const CiSimulationPeriod *period);

/* Check a unit's rank and counts; returns NULL, or what is wrong with them. */
extern const char *ci_simulation_check_unit(const CiSimulationParts *parts,
											const CiSimulationPeriod *period, uint32_t unit);

extern CiDrawRange ci_simulation_range(const CiSimulationParts *parts, size_t k);

/*
 * Merge the ranges of two values into room for those of both, and give their
 * number; or 0, and in the first what both have.
 */
extern size_t ci_simulation_merge_ranges(const CiSimulationParts *a, const CiSimulationParts *b,
										 CiDrawRange *merged);

/* Add n counts to others. */
extern void ci_simulation_add(uint8_t *into, const uint8_t *counts, size_t n);

#endif							/* CI_METHOD_SIMULATION_H */
