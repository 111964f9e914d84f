/*
 * method/bod.c
 *	  Benefit of the doubt: each unit is judged by the weights that are best for
 *	  it.
 *
 * CI_c = max sum w_q y_cq with sum w_q y_kq <= 1 for every unit k that counts,
 * w >= 0 (Melyn and Moesen 1991; Cherchye, Moesen, Rogge and Van Puyenbroeck
 * 2007, An introduction to 'benefit of the doubt' composite indicators, Social
 * Indicators Research 82; Handbook 6.3).  Either the shares w_q y_cq / CI_c, or
 * the weights w_q / sum w, may be kept between bounds.
 *
 * All conditions but those <= 1 are unchanged if w is multiplied by a number.  So
 * whatever weights the linear program gives, the score is theirs relative to the
 * best unit by them, and the best is 1 to the bit.
 *
 * Of the conditions <= 1 few matter to a unit.  It starts with the unit itself
 * and the best unit on each child, and adds those that the weights found break,
 * until there are none.  Units are put in the order of their values first: the
 * program is then the same however units are named, and equal units are solved
 * once.
 */
#include <string.h>

#include "method/aggregate.h"
#include "method/program.h"

#define MOST_UNITS 20000

/* A bound of a share is a condition on all weights. */
#define MOST_BOUNDED 256

/* Conditions may be missed by so much. */
#define TOLERANCE 1e-12

/* A score that lacks no more than this has been rounded away from 1. */
#define ROUNDED 1e-12

/* Shares that are further beyond their bounds are no result. */
#define KEPT 1e-6

/* Conditions added at once. */
#define AT_ONCE 4

static const double any_share[2] = {0, 1};

static const CiParam share_params[] = {
	{"", CI_PARAM_BOUNDS, 0, 0, 1, NULL},
	{.name = NULL}
};

static const CiElement share_of_child = {share_params, sizeof(any_share), any_share, true};

static const CiParam bod_params[] = {
	{"shares", CI_PARAM_BY_CHILD, offsetof(CiAggregate, shares), .more = &share_of_child},
	{"weight_shares", CI_PARAM_BY_CHILD, offsetof(CiAggregate, weight_shares), .more = &share_of_child},
	{.name = NULL}
};

/*
 * What is made of the children.  Rows are of m values, each child's scaled by a
 * power of two to at most 1, weights by its inverse; in those of peers what is missing is 0 (Kuosmanen 2009, Data envelopment analysis
 * with missing data, Journal of the Operational Research Society 60): it can only
 * be to the other's advantage.
 */
typedef struct Bod
{
	CiAggregation *a;
	int			m;				/* children */
	size_t		n;				/* units */
	double	   *row;			/* by unit; NaN: missing */
	double	   *order;			/* units in the order of their rows */
	size_t		n_peers;
	double	   *peer;			/* rows of units that count, each once */
	double	   *taken;			/* by peer: its condition is in the program */
	double	   *best;			/* by child: the peer with the largest value */
	double	   *factor;			/* by child: of values; weights are x times it */

	/* The unit that is solved, of the n_used children that it has. */
	const double *own;
	double		largest;		/* of its values */
	int			n_used;
	double	   *used;			/* children */
	double	   *scale;			/* by child: of x, which is a weight by that */
	double	   *objective;
	double	   *condition;
	double	   *x;
	double	   *weight;			/* by child */
} Bod;

static size_t
scratch(const CiAggregate *spec, int n_children, size_t n)
{
	size_t		m = (size_t) n_children;

	(void) spec;
	return n > MOST_UNITS ? 0 : 2 * n * m + 2 * n + 8 * m;
}

static double *
take(double **room, size_t n)
{
	double	   *taken = *room;

	*room += n;
	return taken;
}

static Bod
lay_out(CiAggregation *a)
{
	size_t		m = (size_t) a->n_children;
	double	   *room = a->scratch;
	Bod			bod = {.a = a, .m = a->n_children, .n = a->n};

	bod.row = take(&room, a->n * m);
	bod.peer = take(&room, a->n * m);
	bod.order = take(&room, a->n);
	bod.taken = take(&room, a->n);
	bod.best = take(&room, m);
	bod.factor = take(&room, m);
	bod.used = take(&room, m);
	bod.scale = take(&room, m);
	bod.objective = take(&room, m);
	bod.condition = take(&room, m);
	bod.x = take(&room, m);
	bod.weight = take(&room, m);
	return bod;
}

static const double *
unit_row(const Bod *bod, size_t unit)
{
	return bod->row + unit * (size_t) bod->m;
}

/* Scale a child's values. */
static void
scale_child(Bod *bod, int j)
{
	double		largest = 0;
	int			exponent;

	for (size_t i = 0; i < bod->n; i++)
		largest = fmax(largest, bod->row[i * (size_t) bod->m + (size_t) j]);
	(void) frexp(largest, &exponent);
	bod->factor[j] = ldexp(1, exponent < -1000 ? 1000 : -exponent);
	for (size_t i = 0; i < bod->n; i++)
		bod->row[i * (size_t) bod->m + (size_t) j] *= bod->factor[j];
}

/*
 * Fill in the rows; a child without weight is as missing.  False if a value is
 * below 0 and the policy says to raise it; other policies leave it in.
 */
static bool
fill_rows(Bod *bod)
{
	CiAggregation *a = bod->a;

	for (int j = 0; j < bod->m; j++)
	{
		for (size_t i = 0; i < bod->n; i++)
		{
			double		y = a->weight[j] > 0 ? a->child[j][i] : CI_MISSING;

			if (y < 0 && a->policy.policy == CI_POLICY_ERROR)
			{
				a->unit = i;
				a->which = j;
				return false;
			}
			if (a->policy.policy == CI_POLICY_FLOOR && y < a->policy.floor)
				y = a->policy.floor;
			bod->row[i * (size_t) bod->m + (size_t) j] = y;
		}
		scale_child(bod, j);
	}
	return true;
}

/* Order of rows, child by child; what is missing comes first. */
static int
compare_rows(const double *x, const double *y, int m)
{
	for (int j = 0; j < m; j++)
	{
		bool		no_x = ci_is_missing(x[j]);
		bool		no_y = ci_is_missing(y[j]);

		if (no_x != no_y)
			return no_x ? -1 : 1;
		if (x[j] != y[j] && !no_x)
			return x[j] < y[j] ? -1 : 1;
	}
	return 0;
}

static int
compare_units(const Bod *bod, double a, double b)
{
	return compare_rows(unit_row(bod, (size_t) a), unit_row(bod, (size_t) b), bod->m);
}

/* Let the unit at a place sink to where none below it comes later (heap sort). */
static void
sift(const Bod *bod, size_t place, size_t n)
{
	double	   *order = bod->order;

	for (size_t child; (child = 2 * place + 1) < n; place = child)
	{
		double		unit = order[place];

		if (child + 1 < n && compare_units(bod, order[child], order[child + 1]) < 0)
			child++;
		if (compare_units(bod, unit, order[child]) >= 0)
			return;
		order[place] = order[child];
		order[child] = unit;
	}
}

static void
sort_units(const Bod *bod)
{
	double	   *order = bod->order;

	for (size_t i = 0; i < bod->n; i++)
		order[i] = (double) i;
	for (size_t i = bod->n / 2; i > 0; i--)
		sift(bod, i - 1, bod->n);
	for (size_t n = bod->n; n > 1; n--)
	{
		double		last = order[n - 1];

		order[n - 1] = order[0];
		order[0] = last;
		sift(bod, 0, n - 1);
	}
}

/* Where the units that are equal to the one at a place end. */
static size_t
end_of_equals(const Bod *bod, size_t place)
{
	size_t		end = place + 1;

	while (end < bod->n && compare_units(bod, bod->order[place], bod->order[end]) == 0)
		end++;
	return end;
}

static bool
has_negative(const Bod *bod, const double *row)
{
	for (int j = 0; j < bod->m; j++)
		if (row[j] < 0)
			return true;
	return false;
}

/* Make the rows of peers; one with a value below 0 is none. */
static void
fill_peers(Bod *bod)
{
	for (size_t first = 0, end; first < bod->n; first = end)
	{
		const double *row = unit_row(bod, (size_t) bod->order[first]);
		double	   *peer = bod->peer + bod->n_peers * (size_t) bod->m;
		bool		counts = false;

		end = end_of_equals(bod, first);
		for (size_t k = first; k < end; k++)
			counts |= ci_aggregation_counts(bod->a, (size_t) bod->order[k]);
		if (!counts || has_negative(bod, row))
			continue;
		for (int j = 0; j < bod->m; j++)
			peer[j] = ci_is_missing(row[j]) ? 0 : row[j];
		bod->n_peers++;
	}
	for (int j = 0; j < bod->m; j++)
	{
		size_t		best = 0;

		for (size_t k = 1; k < bod->n_peers; k++)
			if (bod->peer[k * (size_t) bod->m + (size_t) j] > bod->peer[best * (size_t) bod->m + (size_t) j])
				best = k;
		bod->best[j] = (double) best;
	}
}

static double
value_by(const double *row, const double *weight, int m)
{
	double		sum = 0;

	for (int j = 0; j < m; j++)
		sum += row[j] * weight[j];
	return sum;
}

/* Add the condition that a row has at most this value. */
static void
add_condition(const Bod *bod, const double *row, double bound)
{
	for (int k = 0; k < bod->n_used; k++)
	{
		int			j = (int) bod->used[k];

		bod->condition[k] = row[j] * bod->scale[j];
	}
	bod->a->program->add(bod->a->program, bod->condition, bound);
}

static void
add_peer(const Bod *bod, size_t peer)
{
	if (bod->taken[peer] != 0)
		return;
	bod->taken[peer] = 1;
	add_condition(bod, bod->peer + peer * (size_t) bod->m, 1);
}

/* The peer whose row is the unit's own, or n_peers. */
static size_t
own_peer(const Bod *bod)
{
	size_t		k = 0;

	for (; k < bod->n_peers; k++)
	{
		const double *peer = bod->peer + k * (size_t) bod->m;
		int			j = 0;

		while (j < bod->m && peer[j] == (ci_is_missing(bod->own[j]) ? 0 : bod->own[j]))
			j++;
		if (j == bod->m)
			break;
	}
	return k;
}

/* Bounds of one kind, two for each child, and what x is multiplied by for its share. */
typedef struct Shares
{
	const double *bounds;
	const double *value;
	double		factor;			/* of all values, in conditions */
} Shares;

/*
 * Keep each child's share between its bounds; false if no weights can do that
 * for this unit.
 */
static bool
are_feasible(const Bod *bod, const Shares *shares)
{
	double		least = 0;
	double		most = 0;

	for (int k = 0; k < bod->n_used; k++)
	{
		int			j = (int) bod->used[k];
		const double *bounds = shares->bounds + 2 * j;

		least += bounds[0];
		if (shares->value[j] > 0)
			most += bounds[1];
		else if (bounds[0] > 0)
			return false;
	}
	return least <= 1 + ROUNDED && most >= 1 - ROUNDED;
}

static double
scaled_value(const Bod *bod, const Shares *shares, int j)
{
	return shares->value[j] * bod->scale[j] * shares->factor;
}

/* A factor that brings the largest value to 1. */
static void
scale_shares(const Bod *bod, Shares *shares)
{
	double		largest = 0;

	shares->factor = 1;
	for (int k = 0; k < bod->n_used; k++)
		largest = fmax(largest, scaled_value(bod, shares, (int) bod->used[k]));
	if (largest > 0)
		shares->factor = 1 / largest;
}

/* Do the weights found keep them? */
static bool
are_kept(const Bod *bod, const Shares *shares)
{
	double		sum = 0;

	for (int k = 0; k < bod->n_used; k++)
		sum += shares->value[(int) bod->used[k]] * bod->weight[(int) bod->used[k]];
	for (int k = 0; k < bod->n_used; k++)
	{
		int			j = (int) bod->used[k];
		double		share = shares->value[j] * bod->weight[j] / sum;

		if (!(share >= shares->bounds[2 * j] - KEPT && share <= shares->bounds[2 * j + 1] + KEPT))
			return false;
	}
	return true;
}

static void
add_shares(const Bod *bod, Shares *shares)
{
	scale_shares(bod, shares);
	for (int k = 0; k < bod->n_used; k++)
		for (int upper = 0; upper < 2; upper++)
		{
			int			j = (int) bod->used[k];
			double		bound = shares->bounds[2 * j + upper];

			if (bound == any_share[upper])
				continue;
			for (int i = 0; i < bod->n_used; i++)
				bod->condition[i] = (upper ? -bound : bound) * scaled_value(bod, shares, (int) bod->used[i]);
			bod->condition[k] += (upper ? 1 : -1) * scaled_value(bod, shares, j);
			bod->a->program->add(bod->a->program, bod->condition, 0);
		}
}

/* Add the conditions that the weights break most; false if they break none. */
static bool
add_broken(const Bod *bod, double *largest)
{
	size_t		worst[AT_ONCE];
	double		value[AT_ONCE];
	int			n = 0;

	*largest = 0;
	for (size_t k = 0; k < bod->n_peers; k++)
	{
		double		v = value_by(bod->peer + k * (size_t) bod->m, bod->weight, bod->m);
		int			place;

		*largest = v > *largest ? v : *largest;
		if (v <= 1 + TOLERANCE || bod->taken[k] != 0)
			continue;
		if (n < AT_ONCE)
			n++;
		else if (v <= value[n - 1])
			continue;
		for (place = n - 1; place > 0 && v > value[place - 1]; place--)
		{
			worst[place] = worst[place - 1];
			value[place] = value[place - 1];
		}
		worst[place] = k;
		value[place] = v;
	}
	for (int i = 0; i < n; i++)
		add_peer(bod, worst[i]);
	return n > 0;
}

static bool
are_restricted(const CiByChild *shares, int n_children)
{
	const double *bounds = shares->at;

	for (int j = 0; j < n_children; j++)
		if (bounds[2 * j] != any_share[0] || bounds[2 * j + 1] != any_share[1])
			return true;
	return false;
}

/* Let x stand for the child's part of the unit's score. */
static void
scale_by_score(const Bod *bod)
{
	double		steepest = 0;

	for (int k = 0; k < bod->n_used; k++)
	{
		int			j = (int) bod->used[k];
		double		best = bod->peer[(size_t) bod->best[j] * (size_t) bod->m + (size_t) j];

		if (bod->own[j] > 0)
			steepest = fmax(steepest, best / bod->own[j]);
	}
	for (int k = 0; k < bod->n_used && steepest > 0 && isfinite(steepest); k++)
	{
		int			j = (int) bod->used[k];

		if (bod->own[j] > 0)
			bod->scale[j] = 1 / bod->own[j] / steepest;
	}
}

/* Let x stand for the weight of the child as it came. */
static void
scale_by_weight(const Bod *bod)
{
	double		least = HUGE_VAL;

	for (int j = 0; j < bod->m; j++)
		least = fmin(least, bod->factor[j]);
	for (int j = 0; j < bod->m; j++)
		bod->scale[j] = least / bod->factor[j];
}

/* Choose what x stands for so that it is of one size for all children. */
static void
choose_scale(const Bod *bod)
{
	const CiAggregate *spec = bod->a->spec;

	for (int j = 0; j < bod->m; j++)
		bod->scale[j] = 1;
	if (are_restricted(&spec->weight_shares, bod->m))
		scale_by_weight(bod);
	else if (are_restricted(&spec->shares, bod->m))
		scale_by_score(bod);
}

static void
start(Bod *bod)
{
	size_t		own = own_peer(bod);
	int			exponent;

	choose_scale(bod);
	bod->largest = 0;
	for (int k = 0; k < bod->n_used; k++)
		bod->largest = fmax(bod->largest, bod->own[(int) bod->used[k]] * bod->scale[(int) bod->used[k]]);
	(void) frexp(bod->largest, &exponent);
	bod->a->program->start(bod->a->program, bod->n_used);
	memset(bod->taken, 0, bod->n_peers * sizeof(double));
	memset(bod->weight, 0, (size_t) bod->m * sizeof(double));
	for (int k = 0; k < bod->n_used; k++)
	{
		int			j = (int) bod->used[k];

		bod->objective[k] = ldexp(bod->own[j] * bod->scale[j], -exponent);
		add_peer(bod, (size_t) bod->best[j]);
	}
	if (own < bod->n_peers)
		add_peer(bod, own);
}

/*
 * The score by the best weights that fulfil all conditions.  Without one there
 * are no such weights but 0, or no limit to the score.
 */
static double
solve(Bod *bod, bool *feasible)
{
	double		largest;
	double		own = 0;

	do
	{
		bod->a->check();
		if (!bod->a->program->maximise(bod->a->program, bod->objective, bod->x))
			*feasible = false;
		for (int k = 0; k < bod->n_used && *feasible; k++)
		{
			int			j = (int) bod->used[k];

			bod->weight[j] = fmax(bod->x[k], 0) * bod->scale[j];
		}
	} while (*feasible && add_broken(bod, &largest));
	if (!*feasible || !(largest > 0))
	{
		*feasible = false;
		return CI_MISSING;
	}
	for (int j = 0; j < bod->m; j++)
		own += ci_is_missing(bod->own[j]) ? 0 : bod->own[j] * bod->weight[j];
	own /= largest;
	return fabs(own - 1) <= ROUNDED ? 1 : own;
}

static bool
find_used(Bod *bod)
{
	bod->n_used = 0;
	bod->largest = 0;
	for (int j = 0; j < bod->m; j++)
		if (!ci_is_missing(bod->own[j]))
		{
			bod->used[bod->n_used++] = j;
			bod->largest = fmax(bod->largest, bod->own[j]);
		}
	return bod->largest > 0;
}

/* A unit's score; *feasible becomes false if there is none by its bounds. */
static double
score(Bod *bod, bool *feasible)
{
	const CiAggregate *spec = bod->a->spec;
	Shares		shares = {spec->shares.at, bod->own, 1};
	Shares		weights = {spec->weight_shares.at, bod->factor, 1};
	double		result;

	if (has_negative(bod, bod->own))
		return bod->a->policy.policy == CI_POLICY_ZERO ? 0 : CI_MISSING;
	if (!find_used(bod))
		return bod->n_used > 0 && bod->n_peers > 0 ? 0 : CI_MISSING;
	*feasible &= are_feasible(bod, &shares) && are_feasible(bod, &weights);
	if (!*feasible || bod->n_peers == 0)
		return CI_MISSING;
	start(bod);
	add_shares(bod, &shares);
	add_shares(bod, &weights);
	result = solve(bod, feasible);
	if (!*feasible || (are_kept(bod, &shares) && are_kept(bod, &weights)))
		return result;
	*feasible = false;
	return CI_MISSING;
}

static CiStatus
aggregate_bod(CiAggregation *a)
{
	Bod			bod = lay_out(a);
	CiStatus	status = CI_OK;

	a->limit = MOST_UNITS;
	if (a->n > a->limit)
		return CI_TOO_MANY;
	if (!fill_rows(&bod))
		return CI_NONPOSITIVE;
	sort_units(&bod);
	fill_peers(&bod);
	for (size_t first = 0, end; first < bod.n; first = end)
	{
		bool		feasible = true;
		double		result;

		end = end_of_equals(&bod, first);
		bod.own = unit_row(&bod, (size_t) bod.order[first]);
		result = score(&bod, &feasible);
		for (size_t k = first; k < end; k++)
			a->out[(size_t) bod.order[k]] = result;
		if (feasible)
			continue;
		a->unit = (size_t) bod.order[first];
		status = CI_INFEASIBLE;
	}
	return status;
}

static CiScale
scale_bod(const CiAggregate *spec)
{
	(void) spec;
	return (CiScale) {CI_SCALE_BOUNDED, 0, 1};
}

/* Can shares between these bounds sum to 1? */
static const char *
fault_shares(const CiByChild *shares, int n_children)
{
	const double *bounds = shares->at;
	double		least = 0;
	double		most = 0;

	for (int j = 0; j < n_children; j++)
	{
		least += bounds[2 * j];
		most += bounds[2 * j + 1];
	}
	if (least > 1 + ROUNDED)
		return "has lower bounds of shares that sum to more than 1";
	if (most < 1 - ROUNDED)
		return "has upper bounds of shares that sum to less than 1";
	return NULL;
}

static const char *
fault_bod(const CiAggregate *spec, int n_children, int *which)
{
	const char *fault = fault_shares(&spec->shares, n_children);

	(void) which;
	if (n_children > MOST_BOUNDED && (are_restricted(&spec->shares, n_children) ||
									  are_restricted(&spec->weight_shares, n_children)))
		return "has bounds of shares and more than 256 children";
	return fault != NULL ? fault : fault_shares(&spec->weight_shares, n_children);
}

const CiAggregateMethod ci_bod_methods[] = {
	{"bod", bod_params, CI_AGGREGATE_PEERS | CI_AGGREGATE_PROGRAM, (double) NAN, aggregate_bod, NULL,
	scratch, scale_bod, NULL, fault_bod},
	{.name = NULL}
};
