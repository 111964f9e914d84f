/*
 * unit_mcda.c
 *	  Rankers: published tables, definitions written out in long double, what
 *	  must not matter, and where formulas have no value.
 */
#include <string.h>

#include "method/aggregate.h"
#include "unit.h"

#define MAX_UNITS 40
#define MAX_CHILDREN 8
#define ROOM (16 * MAX_CHILDREN + 8 * MAX_UNITS)

/* A decision matrix, and what a ranker makes of it. */
typedef struct Case
{
	CiAggregate spec;
	CiNonpositive policy;
	CiPolicy	on_constant;
	int			k;
	int			n;
	double		x[MAX_UNITS][MAX_CHILDREN];
	double		weight[MAX_CHILDREN];
	int			direction[MAX_CHILDREN];
	bool		counts[MAX_UNITS];
	double		ideal[MAX_CHILDREN];
	double		bounds[MAX_CHILDREN][2];
	double		out[MAX_UNITS];
	size_t		unit;
	int			which;
} Case;

static const char *const names[] = {
	"topsis", "vikor", "copras", "moora", "edas", "aras", "waspas", "codas", "mabac", "spotis"
};

static bool
is(const Case *c, const char *name)
{
	return strcmp(c->spec.method->name, name) == 0;
}

static void
no_check(void)
{
}

static void
set_method(Case *c, const char *name)
{
	ci_aggregate_defaults(&c->spec, ci_aggregate_method(name));
	c->spec.ideal = (CiByChild) {.n = c->k, .at = c->ideal};
	c->spec.bounds = (CiByChild) {.n = c->k, .at = c->bounds};
}

/* A case of equal weights, more is better, all counting. */
static void
start(Case *c, const char *name, int n, int k)
{
	memset(c, 0, sizeof(*c));
	c->n = n;
	c->k = k;
	for (int j = 0; j < MAX_CHILDREN; j++)
	{
		c->weight[j] = 1;
		c->direction[j] = 1;
		c->ideal[j] = MISSING;
		c->bounds[j][0] = -100;
		c->bounds[j][1] = 100;
	}
	for (int i = 0; i < MAX_UNITS; i++)
		c->counts[i] = true;
	set_method(c, name);
}

static void
set_rows(Case *c, const double *rows, const int *direction, const double *weight)
{
	for (int j = 0; j < c->k; j++)
	{
		c->direction[j] = direction[j];
		c->weight[j] = weight == NULL ? 1 : weight[j];
		for (int i = 0; i < c->n; i++)
			c->x[i][j] = rows[i * c->k + j];
	}
}

static CiStatus
run(Case *c)
{
	static double column[MAX_CHILDREN][MAX_UNITS];
	static double scratch[ROOM];
	const double *child[MAX_CHILDREN];
	CiAggregation a = {
		.spec = &c->spec, .policy = c->policy, .on_constant = c->on_constant,
		.n_children = c->k, .n = (size_t) c->n, .child = child, .weight = c->weight,
		.direction = c->direction, .counts = c->counts, .scratch = scratch,
		.check = no_check, .out = c->out
	};
	CiStatus	status;

	CHECK(c->spec.method->scratch(&c->spec, c->k, (size_t) c->n) <= ROOM);
	if (!(c->spec.method->flags & CI_AGGREGATE_PEERS))
		a.counts = NULL;
	for (int j = 0; j < c->k; j++)
	{
		child[j] = column[j];
		for (int i = 0; i < c->n; i++)
			column[j][i] = c->x[i][j];
	}
	status = c->spec.method->aggregate(&a);
	c->unit = a.unit;
	c->which = a.which;
	return status;
}

static void
check_scores(Case *c, const double *want, double tolerance)
{
	CHECK(run(c) == CI_OK);
	for (int i = 0; i < c->n; i++)
		CHECK_NEAR(c->out[i], want[i], tolerance);
}

/*
 * Published tables, to the digits printed
 */

/* Hwang and Yoon (1981), fighter aircraft; Tzeng and Huang (2011), chapter 5. */
static void
test_topsis_published(void)
{
	static const double aircraft[] = {
		2, 1500, 20000, 5.5, 5, 9,
		2.5, 2700, 18000, 6.5, 3, 5,
		1.8, 2000, 21000, 4.5, 7, 7,
		2.2, 1800, 20000, 5, 5, 5
	};
	static const int aircraft_directions[] = {1, 1, 1, -1, 1, 1};
	static const double aircraft_weights[] = {.2, .1, .1, .1, .2, .3};
	static const double aircraft_scores[] = {.643, .268, .613, .312};
	static const double tzeng[] = {5, 8, 4, 7, 6, 8, 8, 8, 6, 7, 4, 6};
	static const int more[] = {1, 1, 1};
	static const double tzeng_weights[] = {.3, .4, .3};
	static const double tzeng_scores[] = {.5037, .6581, .7482, .3340};
	Case		c;

	start(&c, "topsis", 4, 6);
	set_rows(&c, aircraft, aircraft_directions, aircraft_weights);
	check_scores(&c, aircraft_scores, .0006);
	start(&c, "topsis", 4, 3);
	set_rows(&c, tzeng, more, tzeng_weights);
	check_scores(&c, tzeng_scores, .00005);
}

/* Opricovic and Tzeng (2004), section 4: the climb, by VIKOR and by TOPSIS on a linear norm. */
static void
test_vikor_published(void)
{
	static const double climb[] = {1, 3000, 2, 3750, 5, 4500};
	static const int directions[] = {-1, 1};
	static const double vikor[] = {1, 0, 1};
	static const double topsis[] = {.5, .617, .5};
	Case		c;

	start(&c, "vikor", 3, 2);
	set_rows(&c, climb, directions, NULL);
	check_scores(&c, vikor, 1e-15);
	set_method(&c, "topsis");
	c.spec.norm = CI_NORM_MINMAX;
	check_scores(&c, topsis, .0005);
}

/* Keshavarz Ghorabaee et al. (2016), offices; the data are Zavadskas and Turskis's (2010). */
static void
test_codas_published(void)
{
	static const double offices[] = {
		7.6, 46, 18, 390, .1, 11, 5.5, 32, 21, 360, .05, 11, 5.3, 32, 21, 290, .05, 11,
		5.7, 37, 19, 270, .05, 9, 4.2, 38, 19, 240, .1, 8, 4.4, 38, 19, 260, .1, 8,
		3.9, 42, 16, 270, .1, 5, 7.9, 44, 20, 400, .05, 6, 8.1, 44, 20, 380, .05, 6,
		4.5, 46, 18, 320, .1, 7, 5.7, 48, 20, 320, .05, 11, 5.2, 48, 20, 310, .05, 11,
		7.1, 49, 19, 280, .1, 12, 6.9, 50, 16, 250, .05, 10
	};
	static const int directions[] = {1, 1, 1, 1, -1, -1};
	static const double weights[] = {.21, .16, .26, .17, .12, .08};
	static const double scores[] = {
		.768, .363, -.105, -.329, -2.384, -2.207, -2.043, 2.929, 2.890, -1.282, .568, .313, .157, .364
	};
	Case		c;

	start(&c, "codas", 14, 6);
	set_rows(&c, offices, directions, weights);
	check_scores(&c, scores, .0005);
}

/*
 * Definitions
 */

typedef long double Real;

typedef struct Oracle
{
	const Case *c;
	Real		r[MAX_UNITS][MAX_CHILDREN]; /* normalised; NaN: missing */
	Real		best[MAX_CHILDREN];
	Real		worst[MAX_CHILDREN];
	Real		first[MAX_UNITS];
	Real		second[MAX_UNITS];
} Oracle;

/* Over the values of a child that count: sum of f(x, p), count, least, largest. */
typedef struct Column
{
	Real		n;
	Real		sum;
	Real		squares;
	Real		inverses;
	Real		low;
	Real		high;
} Column;

static Column
column_of(const Case *c, int j)
{
	Column		result = {0, 0, 0, 0, (Real) INF, (Real) -INF};

	for (int i = 0; i < c->n; i++)
	{
		Real		x = (Real) c->x[i][j];

		if (!c->counts[i] || isnan(c->x[i][j]))
			continue;
		result.n += 1;
		result.sum += x;
		result.squares += x * x;
		result.inverses += 1 / x;
		result.low = fminl(result.low, x);
		result.high = fmaxl(result.high, x);
	}
	return result;
}

static Real
oracle_cell(const Case *c, const Column *column, int j, Real x)
{
	Real		d = c->direction[j];
	Real		reference = d > 0 ? column->high : column->low;

	if (is(c, "moora") || (is(c, "topsis") && c->spec.norm == CI_NORM_VECTOR))
		return d * x / sqrtl(column->squares);
	if (is(c, "topsis") || is(c, "vikor") || is(c, "mabac"))
		return (d > 0 ? x - column->low : column->high - x) / (column->high - column->low);
	if (is(c, "copras"))
		return x / column->sum;
	if (is(c, "edas"))
		return d * (x - column->sum / column->n) / (column->sum / column->n);
	if (is(c, "aras"))
	{
		Real		ideal = isnan(c->ideal[j]) ? reference : (Real) c->ideal[j];

		return d > 0 ? x / (column->sum + ideal) : (1 / x) / (column->inverses + 1 / ideal);
	}
	if (is(c, "waspas") || is(c, "codas"))
		return d > 0 ? x / column->high : column->low / x;
	return fabsl(x - (isnan(c->ideal[j]) ? (Real) c->bounds[j][d > 0] : (Real) c->ideal[j])) /
		((Real) c->bounds[j][1] - (Real) c->bounds[j][0]);
}

/* One or two sums of a unit; NaN without any value. */
static void
oracle_unit(Oracle *o, int i)
{
	const Case *c = o->c;
	Real		weights = 0;
	Real		sum[2] = {0, 0};
	Real		largest = (Real) -INF;
	Real		product = 1;
	Real		square[2] = {0, 0};

	for (int j = 0; j < c->k; j++)
		weights += isnan(c->x[i][j]) ? 0 : (Real) c->weight[j];
	for (int j = 0; j < c->k; j++)
	{
		Real		w = (Real) c->weight[j] / weights;
		Real		r = o->r[i][j];
		bool		minus = is(c, "copras") ? c->direction[j] < 0 : r < 0;

		if (isnan(c->x[i][j]) || c->weight[j] == 0)
			continue;
		if (is(c, "vikor"))
			sum[0] += w * (1 - r);
		else if (is(c, "edas") || is(c, "copras"))
			sum[minus] += w * fabsl(r);
		else if (is(c, "codas"))
			sum[1] += w * fmaxl(0, r - o->worst[j]);
		else if (is(c, "mabac"))
			sum[0] += w * (1 + r) - w * o->best[j];
		else
			sum[0] += w * r;
		if (is(c, "aras"))
			sum[1] += w * o->best[j];
		largest = fmaxl(largest, w * (1 - r));
		product *= powl(r, w);
		square[0] += w * w * powl(fmaxl(0, o->best[j] - r), 2);
		square[1] += w * w * powl(fmaxl(0, r - o->worst[j]), 2);
	}
	if (is(c, "topsis"))
		sum[0] = sqrtl(square[1]) / (sqrtl(square[0]) + sqrtl(square[1]));
	if (is(c, "vikor"))
		sum[1] = largest;
	if (is(c, "waspas"))
		sum[0] = (Real) c->spec.lambda * sum[0] + (1 - (Real) c->spec.lambda) * product;
	if (is(c, "codas"))
		sum[0] = sqrtl(square[1]);
	if (is(c, "aras"))
		sum[0] /= sum[1];
	o->first[i] = weights == 0 ? (Real) MISSING : sum[0];
	o->second[i] = sum[1];
}

/* The best and worst normalised value; for mabac best is the border, for aras the ideal. */
static void
oracle_child(Oracle *o, int j)
{
	const Case *c = o->c;
	Column		column = column_of(c, j);
	Real		border = 1;

	o->best[j] = oracle_cell(c, &column, j, c->direction[j] > 0 ? column.high : column.low);
	o->worst[j] = oracle_cell(c, &column, j, c->direction[j] > 0 ? column.low : column.high);
	for (int i = 0; i < c->n; i++)
	{
		o->r[i][j] = oracle_cell(c, &column, j, (Real) c->x[i][j]);
		if (c->counts[i] && !isnan(c->x[i][j]))
			border *= powl(1 + o->r[i][j], 1 / column.n);
	}
	if (is(c, "mabac"))
		o->best[j] = border;
	if (is(c, "aras") && !isnan(c->ideal[j]))
		o->best[j] = oracle_cell(c, &column, j, (Real) c->ideal[j]);
}

static Real
oracle_score(const Oracle *o, int i)
{
	const Case *c = o->c;
	Real		v = (Real) c->spec.v;
	Real		low[2] = {(Real) INF, (Real) INF};
	Real		high[2] = {(Real) -INF, (Real) -INF};
	Real		sum = 0;
	Real		inverses = 0;
	Real		codas = 0;

	for (int k = 0; k < c->n; k++)
	{
		Real		e = o->first[i] - o->first[k];

		if (!c->counts[k] || isnan((double) o->first[k]))
			continue;
		low[0] = fminl(low[0], o->first[k]);
		high[0] = fmaxl(high[0], o->first[k]);
		low[1] = fminl(low[1], o->second[k]);
		high[1] = fmaxl(high[1], o->second[k]);
		sum += o->second[k];
		inverses += o->second[k] == 0 ? 0 : 1 / o->second[k];
		codas += e + (fabsl(e) >= (Real) c->spec.tau ? o->second[i] - o->second[k] : 0);
	}
	if (is(c, "vikor"))
		return v * (o->first[i] - low[0]) / (high[0] - low[0]) +
			(1 - v) * (o->second[i] - low[1]) / (high[1] - low[1]);
	if (is(c, "copras"))
		return o->first[i] + (o->second[i] == 0 ? 0 : sum / (o->second[i] * inverses));
	if (is(c, "edas"))
		return (o->first[i] / high[0] + 1 - o->second[i] / high[1]) / 2;
	if (is(c, "codas"))
		return codas;
	return o->first[i];
}

static void
random_case(Case *c, const char *name, bool all_present)
{
	start(c, name, 3 + random_below(MAX_UNITS - 3), 1 + random_below(MAX_CHILDREN));
	c->spec.v = random_share();
	c->spec.lambda = random_share();
	c->spec.tau = random_below(5) ? 0.3 * random_share() : 0;
	c->spec.norm = random_below(2);
	for (int j = 0; j < c->k; j++)
	{
		c->weight[j] = j > 0 && random_below(8) == 0 ? 0 : 0.1 + random_share();
		c->direction[j] = random_below(3) ? 1 : -1;
		if (random_below(3) == 0)
			c->ideal[j] = 1 + 98 * random_share();
		for (int i = 0; i < c->n; i++)
			c->x[i][j] = !all_present && random_below(6) == 0 ? MISSING :
				random_below(2) ? 1 + random_below(9) : 0.5 + 20 * random_share();
		c->x[0][j] = 30;		/* so that no child is constant */
		c->x[1][j] = 0.25;
	}
	for (int i = 2; i < c->n && !all_present; i++)
	{
		c->counts[i] = random_below(5) > 0;
		for (int j = 0; j < c->k && !c->counts[i]; j++)
			c->x[i][j] *= random_below(2) ? 0.1 : 10;	/* beyond what counts */
	}
}

static void
test_definitions(void)
{
	static Oracle o;
	Case		c;

	for (size_t m = 0; m < LENGTH(names); m++)
		for (int round = 0; round < 400; round++)
		{
			random_case(&c, names[m], round % 2);
			o.c = &c;
			for (int j = 0; j < c.k; j++)
				oracle_child(&o, j);
			for (int i = 0; i < c.n; i++)
				oracle_unit(&o, i);
			CHECK(run(&c) == CI_OK);
			for (int i = 0; i < c.n; i++)
			{
				if (isnan((double) o.first[i]))
					CHECK(isnan(c.out[i]));
				else
					CHECK_NEAR(c.out[i], (double) oracle_score(&o, i), 2e-12);
			}
		}
}

/*
 * What must not matter
 */

static void
test_order_of_units(void)
{
	Case		c;
	Case		turned;

	for (size_t m = 0; m < LENGTH(names); m++)
		for (int round = 0; round < 100; round++)
		{
			random_case(&c, names[m], round % 2);
			turned = c;
			set_method(&turned, names[m]);
			turned.spec = c.spec;
			for (int i = 0; i < c.n; i++)
			{
				memcpy(turned.x[i], c.x[(7 * i + 3) % c.n], sizeof(c.x[i]));
				turned.counts[i] = c.counts[(7 * i + 3) % c.n];
			}
			if (c.n % 7 == 0)
				continue;
			CHECK(run(&c) == CI_OK && run(&turned) == CI_OK);
			for (int i = 0; i < c.n; i++)
				CHECK_SAME(turned.out[i], c.out[(7 * i + 3) % c.n]);
		}
}

/* Units of measurement: exactly so for powers of two, with bounds and ideals along. */
static void
test_units_of_measurement(void)
{
	Case		c;
	Case		scaled;

	for (size_t m = 0; m < LENGTH(names); m++)
		for (int round = 0; round < 100; round++)
		{
			bool		exact = round % 2;

			random_case(&c, names[m], true);
			scaled = c;
			scaled.spec.ideal.at = scaled.ideal;
			scaled.spec.bounds.at = scaled.bounds;
			for (int j = 0; j < c.k; j++)
			{
				double		factor = exact ? ldexp(1, random_below(1600) - 800) :
					0.01 + 100 * random_share();

				scaled.ideal[j] *= factor;
				scaled.bounds[j][0] *= factor;
				scaled.bounds[j][1] *= factor;
				for (int i = 0; i < c.n; i++)
					scaled.x[i][j] *= factor;
			}
			CHECK(run(&c) == CI_OK && run(&scaled) == CI_OK);
			for (int i = 0; i < c.n; i++)
				CHECK_NEAR(scaled.out[i], c.out[i], exact ? 0 : 1e-12);
		}
}

/* The origin does not matter where differences are compared. */
static void
test_origin(void)
{
	static const char *const differences[] = {"vikor", "mabac", "topsis"};
	Case		c;
	Case		moved;

	for (size_t m = 0; m < LENGTH(differences); m++)
		for (int round = 0; round < 100; round++)
		{
			random_case(&c, differences[m], false);
			c.spec.norm = CI_NORM_MINMAX;
			moved = c;
			for (int j = 0; j < c.k; j++)
				for (int i = 0; i < c.n; i++)
					moved.x[i][j] -= 1000;
			CHECK(run(&c) == CI_OK && run(&moved) == CI_OK);
			for (int i = 0; i < c.n; i++)
				CHECK(fabs(moved.out[i] - c.out[i]) < 1e-9 || isnan(c.out[i]));
		}
}

/* Weights count by their ratios; a child of weight 0 is as if it were not there. */
static void
test_weights(void)
{
	Case		c;
	Case		heavy;
	Case		without;

	for (size_t m = 0; m < LENGTH(names); m++)
		for (int round = 0; round < 100; round++)
		{
			random_case(&c, names[m], false);
			heavy = c;
			for (int j = 0; j < c.k; j++)
				heavy.weight[j] = ldexp(c.weight[j], round % 2 ? 1000 : -1000);
			CHECK(run(&c) == CI_OK && run(&heavy) == CI_OK);
			for (int i = 0; i < c.n; i++)
				CHECK_SAME(heavy.out[i], c.out[i]);
			if (c.k < 2)
				continue;
			c.weight[c.k - 1] = 0;
			for (int i = 0; i < c.n; i++)
				c.x[i][c.k - 1] = -5;
			without = c;
			without.k--;
			CHECK(run(&c) == CI_OK && run(&without) == CI_OK);
			for (int i = 0; i < c.n; i++)
				CHECK_SAME(c.out[i], without.out[i]);
		}
}

/* A unit outside changes no other's score, and is scored as if it were looked at alone. */
static void
test_counts(void)
{
	Case		c;
	Case		fewer;

	for (size_t m = 0; m < LENGTH(names) - 1; m++)
		for (int round = 0; round < 100; round++)
		{
			int			kept = 0;

			random_case(&c, names[m], false);
			fewer = c;
			for (int i = 0; i < c.n; i++)
				if (c.counts[i])
					memcpy(fewer.x[kept++], c.x[i], sizeof(c.x[i]));
			fewer.n = kept;
			memset(fewer.counts, true, sizeof(fewer.counts));
			CHECK(run(&c) == CI_OK && run(&fewer) == CI_OK);
			kept = 0;
			for (int i = 0; i < c.n; i++)
				if (c.counts[i])
					CHECK_SAME(fewer.out[kept++], c.out[i]);
			c.counts[0] = c.counts[1] = true;
			memcpy(c.x[c.n - 1], c.x[0], sizeof(c.x[0]));
			c.counts[c.n - 1] = false;
			CHECK(run(&c) == CI_OK);
			CHECK_SAME(c.out[c.n - 1], c.out[0]);
			memset(c.counts, false, sizeof(c.counts));
			CHECK(run(&c) == CI_OK);
			for (int i = 0; i < c.n; i++)
				CHECK(isnan(c.out[i]));
		}
}

/* Who is nowhere worse does not score worse: all but codas, and spotis with an ideal within. */
static void
test_dominance(void)
{
	Case		c;

	for (size_t m = 0; m < LENGTH(names); m++)
		for (int round = 0; round < 300; round++)
		{
			random_case(&c, names[m], true);
			if (is(&c, "codas"))
				break;
			for (int j = 0; j < c.k; j++)
			{
				if (is(&c, "spotis"))
					c.ideal[j] = MISSING;
				c.x[3 % c.n][j] = c.x[2][j];
				if (random_below(2))
					c.x[3 % c.n][j] += c.direction[j] * (random_below(2) ? c.x[2][j] * 1e-15 :
														 random_share() * c.x[2][j] * 0.9);
			}
			if (c.n < 4)
				continue;
			CHECK(run(&c) == CI_OK);
			if (c.spec.method->flags & CI_AGGREGATE_LESS)
				CHECK(c.out[3] <= c.out[2]);
			else
				CHECK(c.out[3] >= c.out[2]);
		}
}

/*
 * Codas can reverse dominance: the second unit is farther than tau from the
 * first, so the difference of their T counts, while the third, which is better
 * than the second in the first child, is not.
 */
static void
test_codas_dominance(void)
{
	static const double rows[] = {14, 20, 19, 18, 20, 18, 20, 6};
	static const int more[] = {1, 1};
	Case		c;

	start(&c, "codas", 4, 2);
	set_rows(&c, rows, more, NULL);
	CHECK(run(&c) == CI_OK);
	CHECK(c.out[1] > c.out[2]);
}

/*
 * Where formulas have no value
 */

static void
test_constant_child(void)
{
	static const char *const ranges[] = {"topsis", "vikor", "mabac"};
	static const double rows[] = {1, 7, 3, 2, 7, 1, 3, 7, 2};
	static const int directions[] = {1, -1, 1};
	Case		c;
	Case		without;

	for (size_t m = 0; m < LENGTH(ranges); m++)
	{
		start(&c, ranges[m], 3, 3);
		set_rows(&c, rows, directions, NULL);
		c.spec.norm = CI_NORM_MINMAX;
		CHECK(run(&c) == CI_CONSTANT && c.which == 1);
		c.on_constant = CI_POLICY_MISSING;
		CHECK(run(&c) == CI_OK);
		without = c;
		without.weight[1] = 0;
		CHECK(run(&without) == CI_OK);
		for (int i = 0; i < 3; i++)
			CHECK_SAME(c.out[i], without.out[i]);
		c.on_constant = CI_POLICY_MIDPOINT;
		CHECK(run(&c) == CI_OK);
		for (int i = 0; i < 3; i++)
			CHECK(isfinite(c.out[i]));
	}
}

/* One unit, or all the same: what has no variation to relate to is constant. */
static void
test_no_variation(void)
{
	static const struct
	{
		const char *name;
		double		score;		/* NaN: constant */
	}			want[] = {
		{"topsis", MISSING}, {"vikor", MISSING}, {"copras", MISSING}, {"moora", MISSING},
		{"edas", MISSING}, {"aras", 1}, {"waspas", 1}, {"codas", 0}, {"mabac", MISSING}
	};
	Case		c;

	for (size_t m = 0; m < LENGTH(want); m++)
		for (int n = 1; n <= 5; n++)
		{
			double		score = want[m].score;

			start(&c, want[m].name, n, 2);
			for (int i = 0; i < n; i++)
			{
				c.x[i][0] = 0.1;
				c.x[i][1] = 0.7;
			}
			c.direction[1] = -1;
			if (is(&c, "copras"))
				score = 1.0 / n;
			if (is(&c, "moora"))
				score = 0;
			if (isnan(score))
			{
				CHECK(run(&c) == CI_CONSTANT);
				c.on_constant = CI_POLICY_MISSING;
				CHECK(run(&c) == CI_CONSTANT || isnan(c.out[0]));
			}
			else
			{
				CHECK(run(&c) == CI_OK);
				for (int i = 0; i < n; i++)
					CHECK_NEAR(c.out[i], score, 1e-15);
			}
		}
}

/* A child that is 0 throughout is like one that is the same above 0 throughout. */
static void
test_zero_throughout(void)
{
	static const double rows[] = {1, 0, 3, 2, 0, 1, 3, 0, 2};
	static const int directions[] = {1, 1, 1};
	Case		c;
	Case		same;

	for (size_t m = 0; m < LENGTH(names) - 1; m++)
	{
		start(&c, names[m], 3, 3);
		if (is(&c, "vikor") || is(&c, "mabac"))
			continue;
		set_rows(&c, rows, directions, NULL);
		same = c;
		for (int i = 0; i < 3; i++)
			same.x[i][1] = 8;
		CHECK(run(&c) == CI_OK && run(&same) == CI_OK);
		for (int i = 0; i < 3; i++)
			CHECK_NEAR(c.out[i], same.out[i], 1e-15);
	}
}

/* Without any cost copras is S+ alone. */
static void
test_copras_benefits(void)
{
	static const double rows[] = {1, 3, 2, 1, 3, 2};
	static const int more[] = {1, 1};
	static const double scores[] = {(1 / 6.0 + 3 / 6.0) / 2, (2 / 6.0 + 1 / 6.0) / 2, (3 / 6.0 + 2 / 6.0) / 2};
	Case		c;

	start(&c, "copras", 3, 2);
	set_rows(&c, rows, more, NULL);
	check_scores(&c, scores, 1e-15);
}

/* If S is the same for all, only R tells; if R is too, nothing does. */
static void
test_vikor_same_s(void)
{
	static const double rows[] = {1, 0, 0, 1, .5, .5};
	static const int more[] = {1, 1};
	static const double scores[] = {.5, .5, 0};
	Case		c;

	start(&c, "vikor", 3, 2);
	set_rows(&c, rows, more, NULL);
	check_scores(&c, scores, 0);
	c.n = 2;
	CHECK(run(&c) == CI_CONSTANT && c.which == -1);
}

/* Which of value, zero and cost of zero a method refuses. */
static void
test_nonpositive(void)
{
	static const struct
	{
		const char *name;
		bool		negative;
		bool		zero_cost;
	}			refuses[] = {
		{"topsis", false, false}, {"vikor", false, false}, {"copras", true, true},
		{"moora", false, false}, {"edas", true, false}, {"aras", true, true},
		{"waspas", true, true}, {"codas", true, true}, {"mabac", false, false},
		{"spotis", false, false}
	};
	static const double rows[] = {1, 2, 2, 1, 4, 3, 3, 1, 5, 5};
	static const int directions[] = {1, -1};

	for (size_t m = 0; m < LENGTH(refuses); m++)
		for (int cost = 0; cost < 2; cost++)
		{
			bool		refused = cost ? refuses[m].zero_cost : refuses[m].negative;
			Case		c;
			Case		other;

			start(&c, refuses[m].name, 5, 2);
			set_rows(&c, rows, directions, NULL);
			c.x[3][cost] = cost ? 0 : -1;
			CHECK(run(&c) == (refused ? CI_NONPOSITIVE : CI_OK));
			if (!refused)
				continue;
			CHECK(c.unit == 3 && c.which == cost);
			c.policy.policy = CI_POLICY_ZERO;
			CHECK(run(&c) == CI_NONPOSITIVE);
			c.policy.policy = CI_POLICY_MISSING;
			CHECK(run(&c) == CI_OK && isnan(c.out[3]));
			other = c;
			other.n = 4;
			memcpy(other.x[3], c.x[4], sizeof(c.x[4]));
			CHECK(run(&other) == CI_OK);
			CHECK_SAME(other.out[0], c.out[0]);
			CHECK_SAME(other.out[3], c.out[4]);
			c.policy = (CiNonpositive) {CI_POLICY_FLOOR, 1.5};
			CHECK(run(&c) == CI_OK);
			other = c;
			for (int i = 0; i < 5; i++)
				for (int j = 0; j < 2; j++)
					other.x[i][j] = fmax(c.x[i][j], 1.5);
			other.policy.policy = CI_POLICY_ERROR;
			CHECK(run(&other) == CI_OK);
			for (int i = 0; i < 5; i++)
				CHECK_SAME(other.out[i], c.out[i]);
		}
}

/* Values at the ends of a double's range, whose scores are within it. */
static void
test_extreme(void)
{
	static const double sides[] = {DBL_MAX, -DBL_MAX, -DBL_MAX, DBL_MAX, 0, 0};
	static const double huge[] = {DBL_MAX, DBL_MAX / 2, DBL_MAX / 2, DBL_MAX, DBL_MAX / 4, DBL_MAX};
	static const double tiny[] = {TINY, 2 * TINY, 4 * TINY, TINY, 2 * TINY, 8 * TINY};
	static const double both[] = {DBL_MAX, TINY, TINY, DBL_MAX, 1, 1};
	static const double *const rows[] = {huge, tiny, both, sides};
	static const int directions[] = {1, -1};
	Case		c;

	for (size_t m = 0; m < LENGTH(names); m++)
		for (size_t k = 0; k < LENGTH(rows); k++)
		{
			start(&c, names[m], 3, 2);
			set_rows(&c, rows[k], directions, NULL);
			for (int j = 0; j < 2; j++)
			{
				c.bounds[j][0] = -1e300;
				c.bounds[j][1] = 1e300;
			}
			if (rows[k] == sides)
				c.policy = (CiNonpositive) {CI_POLICY_FLOOR, 1};
			CHECK(run(&c) == CI_OK);
			for (int i = 0; i < 3; i++)
				CHECK(isfinite(c.out[i]) && fabs(c.out[i]) < 1e9);
		}
}

/* No child, no unit, nothing present, no weight. */
static void
test_nothing(void)
{
	Case		c;

	for (size_t m = 0; m < LENGTH(names); m++)
	{
		start(&c, names[m], 0, 2);
		CHECK(run(&c) == CI_OK);
		start(&c, names[m], 3, 2);
		c.weight[0] = c.weight[1] = 0;
		CHECK(run(&c) == CI_OK && isnan(c.out[0]) && isnan(c.out[2]));
		start(&c, names[m], 3, 2);
		for (int i = 0; i < 3; i++)
			c.x[i][0] = c.x[i][1] = MISSING;
		CHECK(run(&c) == CI_OK && isnan(c.out[0]) && isnan(c.out[2]));
	}
}

static const char *
fault_of(Case *c, int *which)
{
	*which = -1;
	return c->spec.method->fault(&c->spec, c->k, which);
}

static void
test_faults(void)
{
	Case		c;
	int			which;

	start(&c, "spotis", 3, 2);
	CHECK(fault_of(&c, &which) == NULL);
	c.ideal[1] = 100;
	CHECK(fault_of(&c, &which) == NULL);
	c.ideal[1] = 101;
	CHECK(fault_of(&c, &which) != NULL && which == 1);
	c.ideal[1] = MISSING;
	c.bounds[0][0] = MISSING;
	CHECK(fault_of(&c, &which) != NULL && which == 0);
	c.spec.bounds.at = NULL;
	CHECK(fault_of(&c, &which) != NULL && which == 0);
	start(&c, "aras", 3, 2);
	CHECK(fault_of(&c, &which) == NULL);
	c.ideal[1] = 0;
	CHECK(fault_of(&c, &which) != NULL && which == 1);
	c.spec.ideal.at = NULL;
	CHECK(fault_of(&c, &which) == NULL);
}

void
test_mcda(void)
{
	unit_run(test_topsis_published);
	unit_run(test_vikor_published);
	unit_run(test_codas_published);
	unit_run(test_definitions);
	unit_run(test_order_of_units);
	unit_run(test_units_of_measurement);
	unit_run(test_origin);
	unit_run(test_weights);
	unit_run(test_counts);
	unit_run(test_dominance);
	unit_run(test_codas_dominance);
	unit_run(test_constant_child);
	unit_run(test_no_variation);
	unit_run(test_zero_throughout);
	unit_run(test_copras_benefits);
	unit_run(test_vikor_same_s);
	unit_run(test_nonpositive);
	unit_run(test_extreme);
	unit_run(test_nothing);
	unit_run(test_faults);
}
