/*
 * method/simulation.c
 *	  What is kept of draws, as bytes: read, checked, merged.
 */
#include "method/simulation.h"

static const char *const too_short = "it is shorter than it says";

/* Find where names end that begin at a place; 0 if beyond the size. */
static size_t
skip_names(const uint8_t *bytes, size_t size, size_t at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
	{
		uint32_t	len;

		if (size - at < 4)
			return 0;
		len = ci_simulation_number(bytes + at);
		at += 4;
		if (size - at < len)
			return 0;
		at += len;
	}
	return at;
}

/* How many bytes the counts of n units take; n is no more than a size can hold. */
static uint64_t
counts_size(uint64_t n, bool pairs)
{
	return 4 * n * (n + 1) + (pairs ? 8 * n * n : 0);
}

static const char *
find_counts(size_t size, CiSimulationParts *parts)
{
	const uint8_t *bytes = parts->bytes;
	size_t		at = CI_SIMULATION_HEAD;
	uint64_t	counts = 0;
	int32_t		last = 0;

	for (uint32_t p = 0; p < parts->n_periods; p++)
	{
		int32_t		period;
		uint32_t	n;

		if (size - at < 8)
			return too_short;
		period = (int32_t) ci_simulation_number(bytes + at);
		n = ci_simulation_number(bytes + at + 4);
		at += 8;
		if (p > 0 && period <= last)
			return "its periods are not in ascending order";
		last = period;
		if (n == 0)
			return "a period has no units";
		if (n > (size - at) / 8)	/* a rank and a length each */
			return too_short;
		at = skip_names(bytes, size, at + 4 * (size_t) n, n);
		counts += counts_size(n, parts->pairs);
		if (at == 0 || counts > size - at)
			return too_short;
	}
	parts->counts = at;
	parts->ranges = at + (size_t) counts;
	return NULL;
}

CiDrawRange
ci_simulation_range(const CiSimulationParts *parts, size_t k)
{
	const uint8_t *at = parts->bytes + parts->ranges + 8 * k;

	return (CiDrawRange) {ci_simulation_number(at), ci_simulation_number(at + 4)};
}

static const char *
read_ranges(size_t size, CiSimulationParts *parts)
{
	uint64_t	last = 0;

	parts->n_ranges = (size - parts->ranges) / 8;
	if ((size - parts->ranges) % 8 != 0 || parts->n_ranges == 0)
		return "its ranges of draws are not pairs of numbers";
	parts->draws = 0;
	for (size_t k = 0; k < parts->n_ranges; k++)
	{
		CiDrawRange range = ci_simulation_range(parts, k);

		if (range.first < (k == 0 ? 1 : last + 2) || range.last < range.first ||
			range.last > CI_SIMULATION_MAX_DRAW)
			return "its ranges of draws are not apart, ascending, and of numbers from 1 on";
		last = range.last;
		parts->draws += (uint64_t) range.last - range.first + 1;
	}
	return NULL;
}

const char *
ci_simulation_open(const uint8_t *bytes, size_t size, CiSimulationParts *parts)
{
	const char *wrong;

	if (size < CI_SIMULATION_HEAD)
		return too_short;
	if (bytes[0] != CI_SIMULATION_VERSION)
		return "unknown version";
	if (bytes[CI_SIMULATION_PAIRS] > 1)
		return "pairs are counted, or they are not";
	parts->bytes = bytes;
	parts->pairs = bytes[CI_SIMULATION_PAIRS] == 1;
	parts->n_periods = ci_simulation_number(bytes + CI_SIMULATION_PERIODS);
	if (parts->n_periods == 0)
		return "it has no periods";
	wrong = find_counts(size, parts);
	return wrong != NULL ? wrong : read_ranges(size, parts);
}

static CiSimulationPeriod
read_period(const CiSimulationParts *parts, const uint8_t *at, const uint8_t *counts)
{
	uint32_t	n = ci_simulation_number(at + 4);
	size_t		squared = (size_t) n * n;
	CiSimulationPeriod period = {
		.period = (int32_t) ci_simulation_number(at),
		.n = n,
		.rank = at + 8,
		.name = at + 8 + 4 * (size_t) n,
		.ranks = counts
	};

	if (parts->pairs)
	{
		period.ahead = counts + 4 * (squared + n);
		period.tied = period.ahead + 4 * squared;
	}
	return period;
}

CiSimulationPeriod
ci_simulation_first(const CiSimulationParts *parts)
{
	return read_period(parts, parts->bytes + CI_SIMULATION_HEAD, parts->bytes + parts->counts);
}

CiSimulationPeriod
ci_simulation_next(const CiSimulationParts *parts, const CiSimulationPeriod *period)
{
	size_t		names = skip_names(parts->bytes, parts->counts, period->name - parts->bytes,
								   period->n);

	return read_period(parts, parts->bytes + names,
					   period->ranks + counts_size(period->n, parts->pairs));
}

/*
 * Pairs of a unit, which had a rank in so many draws, with each: ahead one way, the
 * other way, or tied, once in each draw in which both had ranks.
 */
static bool
pairs_add_up(const CiSimulationParts *parts, const CiSimulationPeriod *period, uint32_t unit,
			 uint64_t ranked)
{
	size_t		n = period->n;

	for (size_t other = 0; other < n; other++)
	{
		size_t		there = 4 * (unit * n + other);
		size_t		back = 4 * (other * n + unit);
		uint64_t	ahead = ci_simulation_number(period->ahead + there);
		uint64_t	behind = ci_simulation_number(period->ahead + back);
		uint64_t	tied = ci_simulation_number(period->tied + there);
		uint64_t	both = ahead + behind + tied;
		uint64_t	unranked = ci_simulation_number(period->ranks + 4 * other * (n + 1));

		if (other == unit ? ahead != 0 || tied != ranked :
			both > ranked || both + unranked > parts->draws || both + unranked < ranked ||
			tied != ci_simulation_number(period->tied + back))
			return false;
	}
	return true;
}

const char *
ci_simulation_check_unit(const CiSimulationParts *parts, const CiSimulationPeriod *period,
						 uint32_t unit)
{
	const uint8_t *count = period->ranks + 4 * unit * ((size_t) period->n + 1);
	uint64_t	ranked = 0;

	if (ci_simulation_number(period->rank + 4 * (size_t) unit) > period->n)
		return "a rank is greater than the number of units";
	for (size_t rank = 1; rank <= period->n; rank++)
		ranked += ci_simulation_number(count + 4 * rank);
	if (ranked + ci_simulation_number(count) != parts->draws)
		return "a unit's counts of ranks do not add up to the number of draws";
	if (parts->pairs && !pairs_add_up(parts, period, unit, ranked))
		return "a unit's counts of pairs do not add up";
	return NULL;
}

/* Append a range to others, or make the last one longer. */
static size_t
append_range(CiDrawRange *ranges, size_t n, CiDrawRange range)
{
	if (n > 0 && ranges[n - 1].last + 1 == range.first)
		ranges[n - 1].last = range.last;
	else
		ranges[n++] = range;
	return n;
}

size_t
ci_simulation_merge_ranges(const CiSimulationParts *a, const CiSimulationParts *b,
						   CiDrawRange *merged)
{
	size_t		i = 0;
	size_t		j = 0;
	size_t		n = 0;

	while (i < a->n_ranges || j < b->n_ranges)
	{
		bool		from_a = j == b->n_ranges ||
			(i < a->n_ranges &&
			 ci_simulation_range(a, i).first <= ci_simulation_range(b, j).first);
		CiDrawRange range = from_a ? ci_simulation_range(a, i++) : ci_simulation_range(b, j++);

		if (n > 0 && range.first <= merged[n - 1].last)
		{
			uint32_t	last = merged[n - 1].last < range.last ? merged[n - 1].last : range.last;

			merged[0] = (CiDrawRange) {range.first, last};
			return 0;
		}
		n = append_range(merged, n, range);
	}
	return n;
}

void
ci_simulation_add(uint8_t *into, const uint8_t *counts, size_t n)
{
	for (size_t i = 0; i < n; i++, into += 4, counts += 4)
		ci_simulation_put_number(into, ci_simulation_number(into) + ci_simulation_number(counts));
}
