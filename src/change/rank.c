/*
 * change/rank.c
 *	  ci.rank_change: why ranks changed from one edition to another.
 *
 * In: two editions.  Out: a row for each unit and cause, units by their rank after.
 * Causes are the players of a game whose coalitions are hybrids: those in the
 * coalition are as in the edition after.  Effects are Shapley values, and steps
 * along the order of the causes.  Hybrids are scored one after the other, each in a
 * context that is reset after it, so that memory grows with units only.
 */
#include "postgres.h"

#include "base/rows.h"
#include "base/sort.h"
#include "change/change.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "base/compat.h"

PG_FUNCTION_INFO_V1(ci_rank_change);

typedef enum Cause
{
	OWN_DATA,					/* or all data, where units are compared */
	OTHER_DATA,
	PARAMETERS,
	GOALPOSTS,
	WEIGHTS,
	STRUCTURE,
	UNITS,
	N_CAUSES
} Cause;

static const char *const cause_names[N_CAUSES] = {
	"own_data", "other_data", "parameters", "goalposts", "weights", "structure", "units"
};

/*
 * A game of some of the causes; others cannot make a difference.  A coalition is a
 * set of bits by cause.
 */
typedef struct Game
{
	uint32		players;		/* coalition of all */
	int			n;
	int64		joined[N_CAUSES + 1];	/* by size of a coalition: what it
										 * counts for its members … */
	int64		left[N_CAUSES + 1]; /* … and, negative, for the others */
	double		orders;			/* n! */
} Game;

/* What is found out of each unit. */
typedef struct Effects
{
	Game		ranks;
	Game		scores;
	int32	   *rank[2];		/* in the editions; 0: none */
	int64	   *rank_sum;		/* by unit and cause, times the orders */
	int32	   *rank_path;		/* by unit and number of causes that changed */
	double	   *score;			/* by unit and coalition of score_place */
} Effects;

static Game
make_game(uint32 players)
{
	Game		game = {players, 0, {0}, {0}, 1};
	int64		factorial[N_CAUSES + 1] = {1};

	for (int cause = 0; cause < N_CAUSES; cause++)
		game.n += (players >> cause) & 1;
	for (int k = 1; k <= game.n; k++)
		factorial[k] = factorial[k - 1] * k;
	for (int k = 0; k <= game.n; k++)
	{
		game.joined[k] = k == 0 ? 0 : factorial[k - 1] * factorial[game.n - k];
		game.left[k] = k == game.n ? 0 : -factorial[k] * factorial[game.n - k - 1];
	}
	game.orders = (double) factorial[game.n];
	return game;
}

static int
coalition_size(uint32 coalition)
{
	int			size = 0;

	for (; coalition != 0; coalition &= coalition - 1)
		size++;
	return size;
}

/* How a coalition counts for a cause: for nothing if it does not play. */
static int64
coalition_share(const Game *game, uint32 coalition, int size, int cause)
{
	if (((game->players >> cause) & 1) == 0)
		return 0;
	return ((coalition >> cause) & 1) != 0 ? game->joined[size] : game->left[size];
}

/* Is the coalition one of the steps in the order of the causes? */
static bool
is_step(const Game *game, uint32 coalition)
{
	uint32		rest = game->players & ~coalition;

	return rest == 0 || coalition < (rest & (~rest + 1));
}

static void *
new_array(Size n, Size size)
{
	return palloc_extended(Max(n, 1) * size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static bool
is_ranked_in_both(const Effects *effects, uint32 unit)
{
	return effects->rank[0][unit] > 0 && effects->rank[1][unit] > 0;
}

/* Count the ranks of a coalition. */
static void
count_ranks(const CiChange *change, uint32 coalition, const CiField *field,
			const double *own_score, Effects *effects)
{
	const Game *game = &effects->ranks;
	int			size = coalition_size(coalition);
	bool		step = is_step(game, coalition);

	for (uint32 i = 0; i < change->n; i++)
	{
		int32		rank;

		if (i % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		if (!is_ranked_in_both(effects, i))
			continue;
		rank = ci_field_rank(field, i, own_score[i]);
		for (int cause = 0; cause < N_CAUSES; cause++)
			effects->rank_sum[(Size) i * N_CAUSES + cause] -=
				coalition_share(game, coalition, size, cause) * rank;
		if (step)
			effects->rank_path[(Size) i * (N_CAUSES + 1) + size] = rank;
	}
}

static double
edition_score(const CiChange *change, int side, uint32 unit)
{
	const CiEdition *edition = &change->edition[side];
	int64		row = change->units[unit].row[side];

	return row < 0 ? CI_MISSING : edition->outcome->score[edition->methodology->root][row];
}

/* Other units make no difference to a score: the coalitions of the five other causes. */
#define SCORE_CAUSES (1u << OWN_DATA | 1u << PARAMETERS | 1u << GOALPOSTS | 1u << WEIGHTS | 1u << STRUCTURE)
#define SCORE_PLACES 32

static Size
score_place(uint32 unit, uint32 coalition)
{
	return (Size) unit * SCORE_PLACES + ((coalition & 1) | (coalition >> PARAMETERS) << 1);
}

/* Keep the scores of a coalition; a missing one counts as halfway between the editions'. */
static void
keep_scores(const CiChange *change, uint32 coalition, const double *score, Effects *effects)
{
	for (uint32 i = 0; i < change->n; i++)
		effects->score[score_place(i, coalition)] =
			ci_is_missing(score[i]) ?
			edition_score(change, 0, i) / 2 + edition_score(change, 1, i) / 2 : score[i];
}

/* The Shapley value of a cause in the game of scores: exactly 0 if it changes nothing. */
static double
score_effect(const Effects *effects, uint32 unit, int cause)
{
	const Game *game = &effects->scores;
	uint32		bit = 1u << cause;
	double		sum = 0;

	if ((game->players & bit) == 0)
		return 0;
	for (uint32 coalition = 0; coalition <= game->players; coalition++)
		if ((coalition & ~(game->players & ~bit)) == 0)
			sum += (double) game->joined[coalition_size(coalition) + 1] / game->orders *
				(effects->score[score_place(unit, coalition | bit)] -
				 effects->score[score_place(unit, coalition)]);
	return sum;
}

/* Causes that can make a difference. */
static uint32
find_players(const CiChange *change)
{
	uint32		players = (1 << N_CAUSES) - 1;

	if (change->compares_units)
		players &= ~(1u << OTHER_DATA);
	if (change->same_data)
		players &= ~(1u << OWN_DATA | 1u << OTHER_DATA);
	if (change->same_units)
		players &= ~(1u << UNITS);
	if (change->same_methodology)
		players &= ~(1u << GOALPOSTS | 1u << WEIGHTS | 1u << STRUCTURE);
	return players;
}

static int
side_of(uint32 coalition, Cause cause)
{
	return (coalition >> cause) & 1;
}

/* Go through the coalitions of own data, other data and units with this hybrid. */
static void
play_hybrid(const CiChange *change, uint32 base, const CiMethodology *m,
			double *const *score, Effects *effects)
{
	uint32		players = effects->ranks.players;
	uint32		last_data = (uint32) side_of(players, OWN_DATA);
	uint32		last_units = (uint32) side_of(players, UNITS);

	for (uint32 own = 0; own <= last_data; own++)
		keep_scores(change, base | own << OWN_DATA, score[own], effects);
	for (uint32 units = 0; units <= last_units; units++)
		for (uint32 other = 0; other <= last_data; other++)
		{
			MemoryContext field_context = AllocSetContextCreate(CurrentMemoryContext,
																"ci.rank_change field",
																ALLOCSET_DEFAULT_SIZES);
			MemoryContext caller = MemoryContextSwitchTo(field_context);
			CiField		field = ci_field_make(change, m, (int) units, score[other]);

			for (uint32 own = 0; own <= last_data; own++)
			{
				uint32		coalition = base | own << OWN_DATA | other << OTHER_DATA | units << UNITS;

				if (!change->compares_units || own == other)
					count_ranks(change, coalition & players, &field, score[own], effects);
			}
			MemoryContextSwitchTo(caller);
			MemoryContextDelete(field_context);
		}
}

/* Go through all coalitions. */
static void
play(const CiChange *change, Effects *effects)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "ci.rank_change hybrid",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);

	for (uint32 base = 0; base < 1 << UNITS; base += 1 << PARAMETERS)
	{
		CiHybrid	hybrid = {side_of(base, PARAMETERS), side_of(base, GOALPOSTS),
		side_of(base, WEIGHTS), side_of(base, STRUCTURE)};
		CiMethodology *m;
		double	   *score[2];

		if ((base & ~effects->ranks.players) != 0)
			continue;
		for (int side = 0; side < 2; side++)
			score[side] = new_array(change->n, sizeof(double));
		m = ci_hybrid_methodology(change, &hybrid);
		ci_hybrid_scores(change, &hybrid, m, score);
		play_hybrid(change, base, m, score, effects);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

/* Rank an edition by itself. */
static int32 *
rank_edition(const CiChange *change, int side)
{
	const CiEdition *edition = &change->edition[side];
	int32	   *by_row = new_array(edition->outcome->n, sizeof(int32));
	uint32	   *order = new_array(edition->outcome->n, sizeof(uint32));
	int32	   *rank = new_array(change->n, sizeof(int32));

	(void) ci_rank_units(edition->ev, edition->outcome, edition->methodology->root, by_row, order);
	for (uint32 i = 0; i < change->n; i++)
		if (change->units[i].row[side] >= 0)
			rank[i] = by_row[change->units[i].row[side]];
	return rank;
}

static Effects
make_effects(const CiChange *change)
{
	Effects		effects;
	uint32		players = find_players(change);

	effects.ranks = make_game(players);
	effects.scores = make_game(players & SCORE_CAUSES);
	for (int side = 0; side < 2; side++)
		effects.rank[side] = rank_edition(change, side);
	effects.rank_sum = new_array((Size) change->n * N_CAUSES, sizeof(int64));
	effects.rank_path = new_array((Size) change->n * (N_CAUSES + 1), sizeof(int32));
	effects.score = new_array((Size) change->n * SCORE_PLACES, sizeof(double));
	return effects;
}

static void
put_cause(ReturnSetInfo *rows, const CiChange *change, const Effects *effects, uint32 unit,
		  int cause)
{
	uint32		players = effects->ranks.players;
	bool		merged = change->compares_units && cause == OWN_DATA;
	Size		at = (Size) unit * N_CAUSES + cause;
	const int32 *path = effects->rank_path + (Size) unit * (N_CAUSES + 1);
	int			step = coalition_size(players & ((1u << cause) - 1));
	bool		plays = side_of(players, (Cause) cause);
	bool		ranked = is_ranked_in_both(effects, unit);
	double		before = edition_score(change, 0, unit);
	double		after = edition_score(change, 1, unit);
	bool		scored = !ci_is_missing(before) && !ci_is_missing(after);
	CiValue		values[] = {
		ci_text(change->units[unit].name),
		effects->rank[0][unit] > 0 ? ci_int(effects->rank[0][unit]) : ci_null(),
		effects->rank[1][unit] > 0 ? ci_int(effects->rank[1][unit]) : ci_null(),
		ci_float(before),
		ci_float(after),
		ci_cstring(merged ? "data" : cause_names[cause]),
		ranked ? ci_float((double) effects->rank_sum[at] / effects->ranks.orders) : ci_null(),
		ranked ? ci_int(plays ? path[step] - path[step + 1] : 0) : ci_null(),
		scored ? ci_float(score_effect(effects, unit, cause)) : ci_null()
	};

	ci_rows_put(rows, values, lengthof(values));
}

/* By rank after and before, those without one last, then by name. */
static int
compare_units(const void *a, const void *b, void *arg)
{
	const Effects *effects = arg;
	uint32		x = *(const uint32 *) a;
	uint32		y = *(const uint32 *) b;

	for (int side = 1; side >= 0; side--)
	{
		uint32		rank_x = (uint32) effects->rank[side][x] - 1;	/* none: the greatest */
		uint32		rank_y = (uint32) effects->rank[side][y] - 1;

		if (rank_x != rank_y)
			return rank_x < rank_y ? -1 : 1;
	}
	return x < y ? -1 : x > y;
}

Datum
ci_rank_change(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rows = ci_rows_start(fcinfo);
	CiChange   *change = ci_change_begin(fcinfo, CI_KEEP_ROOT);
	Effects		effects = make_effects(change);
	uint32	   *order = ci_order(change->n, compare_units, &effects);

	for (int side = 0; side < 2; side++)
		change->edition[side].completed = ci_edition_complete(change, side);
	play(change, &effects);
	for (uint32 k = 0; k < change->n; k++)
		for (int cause = 0; cause < N_CAUSES; cause++)
			if (cause != OTHER_DATA || !change->compares_units)
				put_cause(rows, change, &effects, order[k], cause);
	return (Datum) 0;
}
