/*
 * unit_simulation.c
 *	  The bytes of a simulation: opened, checked and merged as what they were made of;
 *	  damaged ones are never read beyond their end.
 */
#include <stdlib.h>
#include <string.h>

#include "method/simulation.h"
#include "unit.h"

#define DRAWS 64				/* numbers of draws are below */
#define MAX_SIZE 4096

/* Draws of two periods of 1 and of n units, which are counted where a bit is set. */
typedef struct Made
{
	uint8_t		bytes[MAX_SIZE];
	size_t		size;
} Made;

static void
put(Made *made, uint32_t number)
{
	ci_simulation_put_number(made->bytes + made->size, number);
	made->size += 4;
}

static void
put_period(Made *made, int32_t period, uint32_t n)
{
	put(made, (uint32_t) period);
	put(made, n);
	for (uint32_t i = 0; i < n; i++)
		put(made, i);
	for (uint32_t i = 0; i < n; i++)
	{
		put(made, 1);
		made->bytes[made->size++] = (uint8_t) ('a' + i);
	}
}

static int
count(uint64_t draws)
{
	int			n = 0;

	for (; draws != 0; draws &= draws - 1)
		n++;
	return n;
}

/* Unit i has rank 1 + (draw + i) % n, or no rank, in draws that 5 divides. */
static void
put_counts(Made *made, uint32_t n, uint64_t draws, bool pairs)
{
	uint32_t	ranks[8][9] = {{0}};
	uint32_t	ahead[8][8] = {{0}};
	uint32_t	tied[8][8] = {{0}};

	for (uint32_t d = 1; d < DRAWS; d++)
		for (uint32_t i = 0; i < n && (draws >> d & 1) != 0; i++)
		{
			ranks[i][d % 5 == 0 ? 0 : 1 + (d + i) % n]++;
			for (uint32_t j = 0; j < n && d % 5 != 0; j++)
			{
				ahead[i][j] += (d + i) % n < (d + j) % n;
				tied[i][j] += i == j;
			}
		}
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t r = 0; r <= n; r++)
			put(made, ranks[i][r]);
	for (uint32_t i = 0; i < n * n && pairs; i++)
		put(made, ahead[i / n][i % n]);
	for (uint32_t i = 0; i < n * n && pairs; i++)
		put(made, tied[i / n][i % n]);
}

static void
put_ranges(Made *made, uint64_t draws)
{
	for (uint32_t d = 1; d < DRAWS; d++)
		if ((draws >> d & 1) != 0)
		{
			put(made, d);
			while (d + 1 < DRAWS && (draws >> (d + 1) & 1) != 0)
				d++;
			put(made, d);
		}
}

static void
make(Made *made, uint32_t n, uint64_t draws, bool pairs)
{
	memset(made, 0, sizeof(Made));
	made->bytes[0] = CI_SIMULATION_VERSION;
	made->bytes[1] = pairs;
	made->size = CI_SIMULATION_PERIODS;
	put(made, 2);
	put_period(made, -1, 1);
	put_period(made, 7, n);
	put_counts(made, 1, draws, pairs);
	put_counts(made, n, draws, pairs);
	put_ranges(made, draws);
}

/* Open a copy that ends where it ends, and check it; is it a simulation? */
static bool
is_valid(const uint8_t *bytes, size_t size)
{
	uint8_t    *copy = malloc(size + (size == 0));
	CiSimulationParts parts;
	CiSimulationPeriod period;
	bool		valid;

	memcpy(copy, bytes, size);
	valid = ci_simulation_open(copy, size, &parts) == NULL;
	for (uint32_t p = 0; valid && p < parts.n_periods; p++)
	{
		period = p == 0 ? ci_simulation_first(&parts) : ci_simulation_next(&parts, &period);
		for (uint32_t i = 0; i < period.n && valid; i++)
			valid = ci_simulation_check_unit(&parts, &period, i) == NULL;
	}
	free(copy);
	return valid;
}

static uint64_t
random_draws(void)
{
	uint64_t	draws = random_bits() & random_bits() & ~(uint64_t) 1;

	return draws == 0 ? 2 : draws;
}

/* Who is ahead how often is not known but for its limits. */
static void
valid_until_damaged(void)
{
	for (int round = 0; round < 200; round++)
	{
		uint32_t	n = 1 + (uint32_t) random_below(8);
		bool		pairs = random_below(2) == 0;
		Made		made;

		make(&made, n, random_draws(), pairs);
		CHECK(is_valid(made.bytes, made.size));
		CHECK(!is_valid(made.bytes, (size_t) random_below((int) made.size - 8)));
		for (int k = 0; k < 100; k++)
		{
			size_t		at = (size_t) random_below((int) made.size);
			uint8_t		byte = made.bytes[at];
			size_t		counts = CI_SIMULATION_HEAD + 8 + 9 + 8 + 9 * n;
			size_t		ahead = counts + 8 + (pairs ? 8 : 0) + 4 * n * (n + 1);
			size_t		tied = ahead + 4 * n * n;

			made.bytes[at] ^= (uint8_t) (1 << random_below(8));
			if (is_valid(made.bytes, made.size))
				CHECK((at > 1 && at < counts) || (pairs && at >= ahead && at < tied));
			made.bytes[at] = byte;
		}
	}
}

/* Add the draws of b to those of a, which must give what was made of both. */
static void
check_merged(const Made *a, const Made *b, const Made *both)
{
	CiSimulationParts x;
	CiSimulationParts y;
	CiDrawRange merged[2 * DRAWS];
	Made		sum = *a;
	size_t		n;

	CHECK(ci_simulation_open(a->bytes, a->size, &x) == NULL);
	CHECK(ci_simulation_open(b->bytes, b->size, &y) == NULL);
	n = ci_simulation_merge_ranges(&x, &y, merged);
	CHECK(n > 0);
	ci_simulation_add(sum.bytes + x.counts, b->bytes + y.counts, (x.ranges - x.counts) / 4);
	sum.size = x.ranges;
	for (size_t k = 0; k < n; k++)
	{
		put(&sum, merged[k].first);
		put(&sum, merged[k].last);
	}
	CHECK(sum.size == both->size && memcmp(sum.bytes, both->bytes, sum.size) == 0);
}

static void
merged_as_made(void)
{
	for (int round = 0; round < 1000; round++)
	{
		uint64_t	draws = random_draws();
		uint64_t	more = random_draws();
		uint32_t	n = 1 + (uint32_t) random_below(8);
		bool		pairs = random_below(2) == 0;
		CiSimulationParts x;
		CiSimulationParts y;
		CiDrawRange common[2 * DRAWS];
		Made		a;
		Made		b;
		Made		both;

		make(&a, n, draws, pairs);
		make(&b, n, more, pairs);
		CHECK(ci_simulation_open(a.bytes, a.size, &x) == NULL && x.draws == (uint64_t) count(draws));
		CHECK(ci_simulation_open(b.bytes, b.size, &y) == NULL && y.draws == (uint64_t) count(more));
		if ((draws & more) != 0)
		{
			CHECK(ci_simulation_merge_ranges(&x, &y, common) == 0);
			for (uint32_t d = common[0].first; d <= common[0].last; d++)
				CHECK((draws & more) >> d & 1);
			more &= ~draws;
		}
		if (more == 0)
			continue;
		make(&b, n, more, pairs);
		make(&both, n, draws | more, pairs);
		check_merged(&a, &b, &both);
		check_merged(&b, &a, &both);
	}
}

void
test_simulation(void)
{
	unit_run(valid_until_damaged);
	unit_run(merged_as_made);
}
