/*
 * fuzz_kernel.c
 *	  Any numbers and parameters into the kernel: what comes out keeps what the
 *	  headers promise.
 *
 * The first byte of an input chooses the family; the others become a method,
 * its parameters as its table limits them, and columns of finite or missing
 * values.  A method that is added to a table is thereby tried.
 */
#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "method/aggregate.h"
#include "method/impute.h"
#include "method/normalise.h"
#include "method/rank.h"
#include "method/stats.h"
#include "method/treat.h"
#include "method/weigh.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define MAX_UNITS 48
#define MAX_CHILDREN 6

#define PROMISE(condition) \
	do { \
		if (!(condition)) \
			broken(#condition, __LINE__); \
	} while (0)

static void
broken(const char *condition, int line)
{
	fprintf(stderr, "fuzz_kernel.c:%d: not so: %s\n", line, condition);
	abort();
}

/*
 * Values from bytes
 */

typedef struct Input
{
	const uint8_t *next;
	size_t		left;
	double		last;			/* number taken */
} Input;

static unsigned
take_byte(Input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->next++;
}

static int
take_below(Input *in, int n)
{
	return (int) take_byte(in) % n;
}

/* A finite number: small, notable, next to the last one, or of any bits. */
static double
take_number(Input *in)
{
	static const double notable[] = {
		0, -1, 0.5, 0.1, 1e-9, 1e9, 1e15, -1e15, 1e290, -1e290, 1e300, -1e300,
		DBL_MAX, -DBL_MAX, DBL_MAX / 2, DBL_MIN, DBL_EPSILON, 4.9406564584124654e-324, -0.1, 100
	};
	unsigned	kind = take_byte(in);
	double		number = 0;
	uint8_t		bits[sizeof(double)];

	if (kind < 128)
		number = (double) kind - 16;
	else if (kind < 128 + LENGTH(notable))
		number = notable[kind - 128];
	else if (kind < 192)
		number = nextafter(in->last, kind < 170 ? -HUGE_VAL : HUGE_VAL);
	else if (kind < 216)
		number = ((double) take_byte(in) - 128) / 10;
	else
	{
		for (size_t i = 0; i < sizeof(bits); i++)
			bits[i] = (uint8_t) take_byte(in);
		memcpy(&number, bits, sizeof(number));
	}
	if (!isfinite(number))
		number = 1;
	return in->last = number + 0.0;
}

static double
take_within(Input *in, double low, double high)
{
	return fmin(fmax(take_number(in), low), high);
}

static double
take_share(Input *in)
{
	return take_byte(in) / 255.0;
}

/* Fill a column; returns its length. */
static size_t
take_column(Input *in, double *x)
{
	size_t		n = (size_t) take_below(in, MAX_UNITS + 1);

	for (size_t i = 0; i < n; i++)
		x[i] = take_below(in, 8) == 7 ? CI_MISSING : take_number(in);
	return n;
}

static CiNonpositive
take_policy(Input *in)
{
	static const CiPolicy policies[] = {
		CI_POLICY_ERROR, CI_POLICY_MISSING, CI_POLICY_ZERO, CI_POLICY_FLOOR
	};
	CiNonpositive policy = {policies[take_below(in, LENGTH(policies))], 0};

	if (policy.policy == CI_POLICY_FLOOR)
		policy.floor = take_within(in, DBL_TRUE_MIN, DBL_MAX);
	return policy;
}

static void
take_post(Input *in, const CiParam *param, bool given, CiPost *post)
{
	switch (take_below(in, given ? 4 : 8))
	{
		case 0:
			*post = (CiPost) {CI_POST_NUMBER, CI_UNESTIMABLE, NULL};
			break;
		case 1:
		case 2:
		case 3:
			*post = (CiPost) {CI_POST_NUMBER, take_within(in, param->lowest, param->highest), NULL};
			break;
		case 4:
			*post = (CiPost) {CI_POST_QUANTILE, take_share(in), NULL};
			break;
		case 5:
			*post = (CiPost) {CI_POST_UNIT, 0, "unit"};
			break;
		default:
			break;				/* the default */
	}
}

#define MAX_BOUNDS 4

/* Bounds between bands, ascending; the numbers may be unestimable. */
static void
take_posts(Input *in, CiPosts *posts)
{
	static CiPost at[MAX_BOUNDS];
	CiPostKind	kind = take_below(in, 2) == 0 ? CI_POST_NUMBER : CI_POST_QUANTILE;
	bool		unestimable = kind == CI_POST_NUMBER && take_below(in, 8) == 0;

	*posts = (CiPosts) {1 + take_below(in, MAX_BOUNDS), at};
	for (int i = 0; i < posts->n; i++)
	{
		double		value = kind == CI_POST_NUMBER ? take_number(in) : take_share(in);

		if (i > 0 && value < at[i - 1].value)
			value = at[i - 1].value;
		at[i] = (CiPost) {kind, unestimable ? CI_UNESTIMABLE : value, NULL};
	}
}

/* Scores of bands are one more than the bounds, ascending, not all the same. */
static void
settle_bands(Input *in, CiNormalise *spec)
{
	static double scores[MAX_BOUNDS + 1];

	if (spec->bounds_of_bands.n == 0)
		return;
	spec->scores = (CiVector) {0, NULL};
	if (take_below(in, 2) == 0)
		return;
	spec->scores = (CiVector) {spec->bounds_of_bands.n + 1, scores};
	scores[0] = take_within(in, -1e300, 1e300);
	for (int i = 1; i < spec->scores.n; i++)
		scores[i] = fmax(scores[i - 1], take_within(in, -1e300, 1e300));
	if (scores[0] == scores[spec->scores.n - 1])
		scores[0] = nextafter(scores[0], -HUGE_VAL);
}

static void
take_reference(Input *in, CiReference *reference)
{
	*reference = (CiReference)
	{
		(CiReferenceKind) take_below(in, 3), take_number(in), "unit",
			take_below(in, 2), 0
	};
	if (reference->kind == CI_REFERENCE_NUMBER)
		reference->has_period = false;
}

static void
take_pair(Input *in, const CiParam *param, double *pair)
{
	if (take_below(in, 2) == 0)
		return;
	pair[0] = take_within(in, param->lowest, param->highest);
	pair[1] = take_within(in, param->lowest, param->highest);
	if (param->kind == CI_PARAM_CENTRED && pair[1] <= 0)
		pair[1] = 1;
	if (param->kind == CI_PARAM_RANGE && pair[0] == pair[1])
		pair[1] = pair[0] < 0 ? 1 : -1;
	if (param->kind == CI_PARAM_BOUNDS && !(pair[0] < pair[1]))
		pair[1] = nextafter(pair[0], HUGE_VAL);
}

static void
take_transform(Input *in, CiTransform *transform)
{
	transform->kind = (CiTransformKind) take_below(in, 3);
	transform->offset = transform->kind == CI_TRANSFORM_NONE ? 0 : take_number(in);
	transform->lambda = transform->kind == CI_TRANSFORM_BOXCOX ? take_number(in) : 0;
}

static int
take_word(Input *in, const CiChoice *choices)
{
	int			n = 0;

	while (choices[n].name != NULL)
		n++;
	return choices[take_below(in, n)].value;
}

static void
take_vector(Input *in, const CiParam *param, CiVector *vector)
{
	static double numbers[MAX_CHILDREN + 2];

	if (take_below(in, 4) == 0)
		return;
	vector->n = 1 + take_below(in, (int) LENGTH(numbers));
	vector->at = numbers;
	for (int i = 0; i < vector->n; i++)
		numbers[i] = take_within(in, param->lowest, param->highest);
}

/*
 * Room for what the children have, of one parameter by child after the other;
 * as a double each, for alignment.
 */
typedef struct Elements
{
	double		at[1024];
	size_t		used;
} Elements;

static Elements elements;

static void take_params(Input *in, const CiParam *param, bool given, void *spec);

/* All children are there; some are given. */
static void
take_by_child(Input *in, const CiElement *element, CiByChild *values)
{
	static const char *const codes[] = {"a", "b", "c", "d", "e", "f", NULL};
	size_t		size = (element->size + sizeof(double) - 1) / sizeof(double);

	PROMISE(LENGTH(codes) == MAX_CHILDREN + 1);
	*values = (CiByChild) {MAX_CHILDREN, codes, elements.at + elements.used};
	elements.used += MAX_CHILDREN * size;
	PROMISE(elements.used <= LENGTH(elements.at));
	for (int j = 0; j < MAX_CHILDREN; j++)
	{
		void	   *at = (char *) values->at + (size_t) j * element->size;

		memcpy(at, element->standard, element->size);
		if (take_below(in, 3) > 0)
			take_params(in, element->params, false, at);
	}
}

/* Choose parameters as the reader of methodologies would let them through. */
static void
take_params(Input *in, const CiParam *param, bool given, void *spec)
{
	for (; param->name != NULL; param++)
	{
		void	   *at = (char *) spec + param->offset;

		switch (param->kind)
		{
			case CI_PARAM_NUMBER:
				*(double *) at = take_within(in, param->lowest, param->highest);
				break;
			case CI_PARAM_POSITIVE:
				*(double *) at = take_within(in, DBL_TRUE_MIN, DBL_MAX);
				break;
			case CI_PARAM_WHOLE:
				*(double *) at = floor(take_within(in, param->lowest, INT32_MAX));
				break;
			case CI_PARAM_FITTED:
				if (take_below(in, 3) == 0)
					*(double *) at = take_within(in, param->lowest, param->highest);
				else if (take_below(in, 8) == 0)
					*(double *) at = CI_UNESTIMABLE;
				break;
			case CI_PARAM_EXPONENT:
				*(double *) at = take_below(in, 8) == 0 ? HUGE_VAL : take_number(in);
				if (take_below(in, 2) == 0)
					*(double *) at = -*(double *) at;
				break;
			case CI_PARAM_BOOL:
				*(bool *) at = take_below(in, 2);
				break;
			case CI_PARAM_RANGE:
			case CI_PARAM_BOUNDS:
			case CI_PARAM_CENTRED:
				take_pair(in, param, at);
				break;
			case CI_PARAM_POST:
				take_post(in, param, given, at);
				break;
			case CI_PARAM_POSTS:
				take_posts(in, at);
				break;
			case CI_PARAM_REFERENCE:
				take_reference(in, at);
				break;
			case CI_PARAM_TRANSFORM:
				take_transform(in, at);
				break;
			case CI_PARAM_WORD:
				*(int *) at = take_word(in, param->more);
				break;
			case CI_PARAM_VECTOR:
				take_vector(in, param, at);
				break;
			case CI_PARAM_BY_CHILD:
				take_by_child(in, param->more, at);
				break;
		}
	}
}

static int
compare_numbers(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return x < y ? -1 : x > y;
}

/* Copy what is not missing, in order; returns how many. */
static size_t
sorted_present(const double *x, size_t n, double *sorted)
{
	size_t		present = 0;

	for (size_t i = 0; i < n; i++)
		if (!ci_is_missing(x[i]))
			sorted[present++] = x[i];
	qsort(sorted, present, sizeof(double), compare_numbers);
	return present;
}

static bool
same(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0 || (ci_is_missing(a) && ci_is_missing(b));
}

/*
 * Impute
 */

/* What is observed stays; what is filled lies between what it is filled from. */
static void
check_series(const CiImpute *spec, const CiSeries *series)
{
	bool		linear = strcmp(spec->method->name, "linear") == 0;

	for (size_t i = 0; i < series->n; i++)
	{
		double		x = series->filled[i];

		if (!ci_is_missing(series->observed[i]))
			PROMISE(same(x, series->observed[i]));
		else if (!ci_is_missing(x))
		{
			size_t		from = series->from[i];
			size_t		to = i;

			PROMISE(from < i && !ci_is_missing(series->observed[from]));
			PROMISE(ci_is_missing(spec->max_gap) || !(series->period[i] - (double) series->period[from] > spec->max_gap));
			while (linear && ci_is_missing(series->observed[to]))
				to++;
			if (linear)
				PROMISE(x >= fmin(series->observed[from], series->observed[to]) &&
						x <= fmax(series->observed[from], series->observed[to]));
			else
				PROMISE(same(x, series->observed[from]));
		}
	}
}

static void
fill_series(Input *in, const CiImpute *spec)
{
	int32_t		period[MAX_UNITS];
	double		observed[MAX_UNITS];
	double		filled[MAX_UNITS];
	size_t		from[MAX_UNITS];
	CiSeries	series = {take_column(in, observed), period, observed, filled, from};
	int64_t		at = INT32_MIN;

	for (size_t i = 0; i < series.n; i++)
	{
		period[i] = (int32_t) at;
		at += 1 + (take_below(in, 8) == 0 ? (int64_t) 100000000 : take_below(in, 4));
		if (at > INT32_MAX)
			series.n = i + 1;
	}
	spec->method->fill(spec, &series);
	check_series(spec, &series);
}

static void
fuzz_impute(Input *in)
{
	CiImpute	spec;
	CiImpute	given;
	CiImputeFit fit;
	CiImputeFit again;
	double		pool[MAX_UNITS];
	double		sorted[MAX_UNITS];
	double		low;
	double		high;
	size_t		n_methods = 0;
	size_t		n;

	while (ci_impute_methods[n_methods].name != NULL)
		n_methods++;
	ci_impute_defaults(&spec, &ci_impute_methods[take_below(in, (int) n_methods)]);
	take_params(in, spec.method->params, false, &spec);
	if (spec.method->fill != NULL)
	{
		fill_series(in, &spec);
		return;
	}
	n = take_column(in, pool);
	if (spec.method->flags & CI_IMPUTE_ORDER)
	{
		n = sorted_present(pool, n, sorted);
		memcpy(pool, sorted, n * sizeof(double));
	}
	ci_impute_fit(&spec, pool, n, NULL, &fit);
	PROMISE((fit.status == CI_OK) == (isfinite(fit.value) != 0));
	if (spec.method->estimate != NULL && fit.status == CI_OK)
		PROMISE(ci_range(pool, n, &low, &high) && fit.value >= low && fit.value <= high);
	ci_impute_defaults(&given, ci_impute_method(spec.method->fitted));
	given.value = fit.value;
	ci_impute_fit(&given, NULL, 0, NULL, &again);
	PROMISE(again.status == fit.status && same(again.value, fit.value));
}

/*
 * Treat
 */

static CiTreatFit
treat_fit(const CiTreat *spec, const double *x, size_t n)
{
	double		sorted[MAX_UNITS];
	double		scratch[MAX_UNITS];
	CiTreatPool pool = {x, n, scratch, NULL};
	CiTreatFit	fit;

	if (spec->method->flags & CI_TREAT_ORDER)
	{
		pool.n = sorted_present(x, n, sorted);
		pool.value = sorted;
	}
	ci_treat_fit(spec, &pool, &fit);
	return fit;
}

/* As the reader of methodologies would. */
static bool
is_treatment(const CiTreat *spec)
{
	const char *name = spec->method->name;

	if (strcmp(name, "clip") == 0 && ci_is_missing(spec->lower) && ci_is_missing(spec->upper))
		return false;
	return !(isfinite(spec->lower) && isfinite(spec->upper) && spec->lower > spec->upper);
}

/* No transform of a log or an end turns the order of values round. */
static void
check_treated(const CiTreatFit *fit, const double *x, const double *treated, size_t n)
{
	bool		exact = fit->treat.method == NULL || strcmp(fit->treat.method->name, "boxcox") != 0;

	for (size_t i = 0; i < n; i++)
	{
		PROMISE(!isinf(treated[i]));
		PROMISE(!ci_is_missing(x[i]) || ci_is_missing(treated[i]));
		PROMISE(!ci_treat_clips(fit, x[i]) || treated[i] != x[i]);
		for (size_t j = 0; exact && j < n; j++)
			PROMISE(!(x[i] <= x[j]) || !(treated[i] > treated[j]));
	}
}

static void
fuzz_treat(Input *in)
{
	CiTreat		spec;
	CiTreatFit	fit;
	CiTreatFit	again;
	CiTreatFault fault;
	CiNonpositive policy = take_policy(in);
	double		x[MAX_UNITS];
	double		backwards[MAX_UNITS];
	double		treated[MAX_UNITS];
	size_t		n_methods = 0;
	size_t		n;
	CiStatus	status;

	while (ci_treat_methods[n_methods].name != NULL)
		n_methods++;
	ci_treat_defaults(&spec, &ci_treat_methods[take_below(in, (int) n_methods)]);
	spec.lambda = take_number(in);
	take_params(in, spec.method->params, false, &spec);
	n = take_column(in, x);
	if (!is_treatment(&spec))
		return;
	for (size_t i = 0; i < n; i++)
		backwards[i] = x[n - 1 - i];
	fit = treat_fit(&spec, x, n);
	again = treat_fit(&spec, backwards, n);
	PROMISE(again.status == fit.status && again.treat.method == fit.treat.method);
	memcpy(treated, x, n * sizeof(double));
	status = ci_treat_apply(&fit, policy, treated, n, &fault);
	if (status != CI_OK)
		PROMISE(fault.where < n && same(fault.value, x[fault.where]) && ci_is_missing(treated[fault.where]));
	check_treated(&fit, x, treated, n);
	if (fit.treat.method == NULL || fit.status == CI_REVERSED || fit.status == CI_OVERFLOW)
		return;
	again = treat_fit(&fit.treat, NULL, 0);
	PROMISE(again.status == fit.status);
	PROMISE(ci_treat_apply(&again, policy, x, n, &fault) == status);
	for (size_t i = 0; i < n; i++)
		PROMISE(same(x[i], treated[i]));
}

/*
 * Normalise
 */

/* A fit, and the pool that it may point to. */
typedef struct Fitted
{
	CiNormaliseFit fit;
	double		pool[MAX_UNITS];
} Fitted;

static void
fit_to(const CiNormalise *spec, const double *x, size_t n, double low, double high, Fitted *fitted)
{
	double		scratch[MAX_UNITS];
	CiFound		found = {low, high, high};

	if (ci_normalise_wants_sorted(spec))
		n = sorted_present(x, n, fitted->pool);
	else if (n > 0)
		memcpy(fitted->pool, x, n * sizeof(double));
	ci_normalise_fit(spec, fitted->pool, n, &found, scratch, &fitted->fit);
}

/* Set a parameter that is a goalpost or is fitted. */
static void
set_param(CiNormalise *spec, const char *name, double value)
{
	for (const CiParam *param = spec->method->params; param->name != NULL; param++)
	{
		void	   *at = (char *) spec + param->offset;

		if (strcmp(param->name, name) != 0)
			continue;
		if (param->kind == CI_PARAM_POST)
			*(CiPost *) at = (CiPost) {CI_POST_NUMBER, value, NULL};
		else
			*(double *) at = value;
	}
}

/* The fitted parameters, given as numbers, lead to the same. */
static void
check_refit(const CiNormalise *spec, const Fitted *fitted, const double *x, size_t n,
			const double *score)
{
	const CiNormaliseFit *fit = &fitted->fit;
	CiNormalise given = *spec;
	CiPost		bounds[MAX_BOUNDS];
	Fitted		again;
	double		out[MAX_UNITS];

	if (spec->method->fitted == NULL)
		return;
	given.method = ci_normalise_method(spec->method->fitted);
	PROMISE(given.method != NULL);
	if (given.method->fitted_a != NULL)
		set_param(&given, spec->method->fitted_a, fit->a);
	if (given.method->fitted_b != NULL)
		set_param(&given, spec->method->fitted_b, fit->b);
	given.bounds_of_bands.at = bounds;
	for (int k = 0; k < spec->bounds_of_bands.n; k++)
		bounds[k] = (CiPost)
	{
			CI_POST_NUMBER, fit->status == CI_NO_DATA ? CI_UNESTIMABLE :
			ci_normalise_bound(spec, fit, k), NULL
	};
	PROMISE(ci_normalise_is_fitted(&given));
	fit_to(&given, NULL, 0, CI_MISSING, CI_MISSING, &again);
	if (fit->status == CI_OVERFLOW)
		PROMISE(again.fit.status != CI_OK);
	else
		PROMISE(again.fit.status == fit->status);
	if (fit->status != CI_OK)
		return;
	ci_normalise_apply(&given, &again.fit, x, n, out);
	for (size_t i = 0; i < n; i++)
		PROMISE(same(out[i], score[i]));
}

/* The order of the pool's values makes no difference. */
static void
check_order(const CiNormalise *spec, const Fitted *fitted, const double *x, size_t n,
			double low, double high)
{
	double		reversed[MAX_UNITS];
	Fitted		other;

	for (size_t i = 0; i < n; i++)
		reversed[i] = x[n - 1 - i];
	fit_to(spec, reversed, n, low, high, &other);
	PROMISE(other.fit.status == fitted->fit.status);
	PROMISE(same(other.fit.a, fitted->fit.a) && same(other.fit.b, fitted->fit.b));
}

/* More of an untransformed indicator never means the less. */
static void
check_monotone(const CiNormalise *spec, const double *x, size_t n, const double *score)
{
	bool		falls = spec->direction < 0;

	if (spec->transform.kind != CI_TRANSFORM_NONE || strcmp(spec->method->name, "normal_cdf") == 0)
		return;
	if (spec->method->scale == CI_SCALE_BOUNDED && spec->to[0] > spec->to[1])
		falls = !falls;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			if (x[i] < x[j])
				PROMISE(falls ? score[i] >= score[j] : score[i] <= score[j]);
}

/* Goalposts are met exactly; what is clamped, and what ranks the pool, stays on the scale. */
static void
check_scale(const CiNormalise *spec, const CiNormaliseFit *fit, const double *score, size_t n)
{
	bool		has_posts = spec->method->fitted_a && strcmp(spec->method->fitted_a, "lower") == 0;
	bool		stays = has_posts ? spec->clamp : spec->method->scale == CI_SCALE_BOUNDED;
	CiScale		scale = ci_normalise_scale(spec);
	double		low = fmin(scale.low, scale.high);
	double		high = fmax(scale.low, scale.high);

	if (has_posts)
	{
		double		ends[2] = {fit->a, fit->b};
		double		out[2];

		ci_normalise_apply(spec, fit, ends, 2, out);
		PROMISE(out[spec->direction < 0] == spec->to[0]);
		PROMISE(out[spec->direction > 0] == spec->to[1]);
	}
	for (size_t i = 0; i < n && stays; i++)
		PROMISE(ci_is_missing(score[i]) || (score[i] >= low && score[i] <= high));
	if (spec->method->scale == CI_SCALE_CENTRED)
		for (size_t i = 0; i < n; i++)
			PROMISE(!(score[i] < spec->bounds[0] || score[i] > spec->bounds[1]));
	if (strcmp(spec->method->name, "rank") == 0)
		for (size_t i = 0; i < n; i++)
			PROMISE(ci_is_missing(score[i]) || (score[i] >= 1 && score[i] <= (double) fit->n));
}

/* Is a number neither so small nor so large that products lose it? */
static bool
is_usual(double x)
{
	return x == 0 || (fabs(x) > 1e-140 && fabs(x) < 1e140);
}

static void
check_line(const CiNormalise *spec, const CiNormaliseFit *fit, const double *x, size_t n,
		   const double *score)
{
	double		slope;
	double		intercept;

	if (!ci_normalise_line(spec, fit, &slope, &intercept) || !is_usual(slope) ||
		!is_usual(fit->a) || !is_usual(fit->b) || !is_usual(spec->to[0]) || !is_usual(spec->to[1]))
		return;
	for (size_t i = 0; i < n; i++)
	{
		double		size = fabs(slope * x[i]) + fabs(intercept) + fabs(spec->to[0]);

		if (!ci_is_missing(x[i]) && is_usual(x[i]))
			PROMISE(fabs(intercept + slope * x[i] - score[i]) <= 1e-9 * size);
	}
}

/* A methodology refuses goalposts that have no transformed value. */
static bool
is_admitted(const CiNormalise *spec)
{
	const CiPost *posts[] = {&spec->lower, &spec->upper};

	for (int i = 0; i < 2; i++)
	{
		double		transformed;

		if (posts[i]->kind == CI_POST_NUMBER && isfinite(posts[i]->value) &&
			!ci_transform_value(&spec->transform, posts[i]->value, &transformed))
			return false;
	}
	return true;
}

static void
fuzz_normalise(Input *in)
{
	CiNormalise spec;
	CiNonpositive policy = take_policy(in);
	double		raw[MAX_UNITS];
	double		x[MAX_UNITS];
	double		score[MAX_UNITS];
	double		low;
	double		high;
	size_t		n_methods = 0;
	size_t		n;
	size_t		where = MAX_UNITS;
	Fitted		fitted;

	while (ci_normalise_methods[n_methods].name != NULL)
		n_methods++;
	ci_normalise_defaults(&spec, &ci_normalise_methods[take_below(in, (int) n_methods)]);
	spec.direction = take_below(in, 2) == 0 ? 1 : -1;
	take_params(in, spec.method->params, (spec.method->flags & CI_NORMALISE_GIVEN) != 0, &spec);
	settle_bands(in, &spec);
	n = take_column(in, raw);
	if (!is_admitted(&spec))
		return;

	if (ci_normalise_domain(&spec, policy, raw, n, x, &where) != CI_OK)
	{
		PROMISE(where < n && raw[where] + spec.transform.offset <= 0);
		policy.policy = CI_POLICY_MISSING;
		PROMISE(ci_normalise_domain(&spec, policy, raw, n, x, &where) == CI_OK);
	}
	for (size_t i = 0; i < n && ci_normalise_has_domain(&spec); i++)
		PROMISE(ci_is_missing(x[i]) || x[i] + spec.transform.offset > 0);
	low = n > 0 ? x[0] : CI_MISSING;
	high = n > 0 ? x[n - 1] : CI_MISSING;
	fit_to(&spec, x, n, low, high, &fitted);
	check_order(&spec, &fitted, x, n, low, high);
	(void) ci_normalise_midpoint(&spec);
	if (fitted.fit.status != CI_OK)
	{
		check_refit(&spec, &fitted, x, n, NULL);
		return;
	}
	ci_normalise_apply(&spec, &fitted.fit, x, n, score);
	for (size_t i = 0; i < n; i++)
	{
		PROMISE(ci_is_missing(score[i]) == ci_is_missing(x[i]));
		PROMISE(score[i] != 0 || !signbit(score[i]));
		(void) ci_normalise_clamps(&spec, &fitted.fit, x[i]);
	}
	check_refit(&spec, &fitted, x, n, score);
	check_monotone(&spec, x, n, score);
	check_scale(&spec, &fitted.fit, score, n);
	check_line(&spec, &fitted.fit, x, n, score);
}

/*
 * Aggregate
 */

/* Products with weights that are worlds apart may underflow. */
static bool
are_alike(const double *weight, int n_children)
{
	double		low = HUGE_VAL;
	double		high = 0;

	for (int j = 0; j < n_children; j++)
	{
		if (weight[j] > 0)
			low = fmin(low, weight[j]);
		high = fmax(high, weight[j]);
	}
	return high <= 1e12 * low;
}

/* One unit's mean lies between its smallest and its largest child. */
static void
check_mean(const CiAggregate *spec, CiNonpositive policy, double child[][MAX_UNITS],
		   const double *weight, int n_children, size_t unit, double mean)
{
	double		low = HUGE_VAL;
	double		high = -HUGE_VAL;
	double		bar = ci_aggregate_needs_positive(spec) ? 0 : nextafter(0, -1);
	bool		open = spec->power == 1 || isinf(spec->power) || ci_is_missing(spec->power);
	bool		barred = false;
	double		slack;

	for (int j = 0; j < n_children; j++)
	{
		double		s = child[j][unit];

		if (ci_is_missing(s) || weight[j] <= 0)
			continue;
		barred |= !open && s <= bar;
		if (!open && policy.policy == CI_POLICY_FLOOR)
			s = fmax(s, policy.floor);
		low = fmin(low, s);
		high = fmax(high, s);
	}
	if (low > high)
		PROMISE(ci_is_missing(mean));
	else if (barred && policy.policy != CI_POLICY_FLOOR)
		PROMISE(policy.policy == CI_POLICY_ZERO ? mean == 0 : ci_is_missing(mean));
	else
	{
		slack = 1e-9 * fmax(fabs(low), fabs(high)) + 1e-290;
		PROMISE(mean >= low - slack && mean <= high + slack);
	}
}

/* Children's columns, and room for what is aggregated of them. */
typedef struct Family
{
	CiAggregate spec;
	CiAggregation a;
	double		value[MAX_CHILDREN][MAX_UNITS];
	const double *column[MAX_CHILDREN];
	double		weight[MAX_CHILDREN];
	int			direction[MAX_CHILDREN];
	bool		counts[MAX_UNITS];
	double		out[MAX_UNITS];
} Family;

static void
check_nothing(void)
{
}

/* What an evaluation hands to a method; false if a methodology would refuse it. */
static bool
take_family(Input *in, const CiAggregateMethod *method, Family *family)
{
	int			n_children = 1 + take_below(in, MAX_CHILDREN);
	size_t		n = 1 + (size_t) take_below(in, method->flags & CI_AGGREGATE_PEERS ? 9 : 4);
	bool		directed = (method->flags & (CI_AGGREGATE_NATURAL | CI_AGGREGATE_APART)) != 0;
	bool		screened = (method->flags & CI_AGGREGATE_PEERS) && take_below(in, 3) == 0;
	double		sum = 0;
	int			which = -1;

	memset(family, 0, sizeof(*family));
	elements.used = 0;
	ci_aggregate_defaults(&family->spec, method);
	take_params(in, method->params, false, &family->spec);
	for (int j = 0; j < n_children; j++)
	{
		family->weight[j] = take_below(in, 4) == 0 ? 1 : fabs(take_number(in));
		family->direction[j] = directed && take_below(in, 2) ? -1 : 1;
		family->column[j] = family->value[j];
		sum += family->weight[j];
		for (size_t i = 0; i < n; i++)
			family->value[j][i] = take_below(in, 8) == 7 ? CI_MISSING : take_number(in);
	}
	for (size_t i = 0; i < n; i++)
		family->counts[i] = take_below(in, 4) > 0;
	family->a = (CiAggregation)
	{
		.spec = &family->spec, .policy = take_policy(in),
			.on_constant = (CiPolicy) take_below(in, 3), .n_children = n_children, .n = n,
			.child = family->column, .weight = family->weight, .direction = family->direction,
			.counts = screened ? family->counts : NULL, .check = check_nothing, .out = family->out
	};
	return sum > 0 && isfinite(sum) &&
		(method->fault == NULL || method->fault(&family->spec, n_children, &which) == NULL);
}

/* Aggregate in scratch memory that is just as large as the method wants. */
static CiStatus
run(CiAggregation *a)
{
	const CiAggregateMethod *method = a->spec->method;
	size_t		wanted = method->scratch == NULL ? 0 :
		method->scratch(a->spec, a->n_children, a->n);
	CiStatus	status;

	a->scratch = malloc((wanted + 1) * sizeof(double));
	for (size_t i = 0; i < wanted; i++)
		a->scratch[i] = CI_MISSING;
	status = method->aggregate(a);
	free(a->scratch);
	return status;
}

/* The order of units makes no difference to the bits. */
static void
check_unit_order(const Family *family, CiStatus status)
{
	static Family other;
	size_t		n = family->a.n;

	other = *family;
	other.a.out = other.out;
	other.a.child = other.column;
	other.a.counts = family->a.counts == NULL ? NULL : other.counts;
	for (size_t i = 0; i < n; i++)
	{
		other.counts[i] = family->counts[n - 1 - i];
		for (int j = 0; j < MAX_CHILDREN; j++)
		{
			other.column[j] = other.value[j];
			other.value[j][i] = family->value[j][n - 1 - i];
		}
	}
	PROMISE(run(&other.a) == status);
	for (size_t i = 0; i < n && status == CI_OK; i++)
		PROMISE(same(other.out[i], family->out[n - 1 - i]));
}

/* Of units that all count, scores lie on the scale, unless the ideal is given. */
static void
check_on_scale(const Family *family)
{
	CiScale		scale = ci_aggregate_scale(&family->spec, CI_UNKNOWN_SCALE);

	if (scale.kind != CI_SCALE_BOUNDED || family->a.counts != NULL ||
		family->spec.ideal.at != NULL)
		return;
	for (size_t i = 0; i < family->a.n; i++)
		PROMISE(ci_is_missing(family->out[i]) ||
				(family->out[i] >= scale.low - 1e-9 && family->out[i] <= scale.high + 1e-9));
}

static void
fuzz_aggregate(Input *in)
{
	static Family family;
	CiAggregation *a = &family.a;
	const CiAggregateMethod *method = NULL;
	CiStatus	status;
	int			n_methods = 0;
	int			chosen;

	while ((method = ci_aggregate_next(method)) != NULL)
		n_methods++;
	chosen = take_below(in, n_methods);
	do
		method = ci_aggregate_next(method);
	while (chosen-- > 0);
	if ((method->flags & CI_AGGREGATE_PROGRAM) || !take_family(in, method, &family))
		return;
	status = run(a);
	if (status == CI_NONPOSITIVE)
	{
		PROMISE(a->policy.policy == CI_POLICY_ERROR ||
				(a->policy.policy == CI_POLICY_ZERO && (method->flags & CI_AGGREGATE_NATURAL)));
		PROMISE(a->unit < a->n && a->which >= 0 && a->which < a->n_children);
		PROMISE(a->child[a->which][a->unit] <= 0 && a->weight[a->which] > 0);
		a->policy.policy = CI_POLICY_MISSING;
		status = run(a);
	}
	PROMISE(status == CI_OK || status == CI_CONSTANT);
	if (status == CI_CONSTANT)
		PROMISE(a->which >= -1 && a->which < a->n_children);
	if (method->flags & CI_AGGREGATE_PEERS)
		check_unit_order(&family, status);
	if (status == CI_OK)
		check_on_scale(&family);
	if (method->flags & CI_AGGREGATE_BETWEEN)
		for (size_t i = 0; i < a->n && are_alike(family.weight, a->n_children); i++)
			check_mean(&family.spec, a->policy, family.value, family.weight, a->n_children, i, a->out[i]);
}

/*
 * Rank
 */

static const double *keys;

static int
compare_units(const void *a, const void *b)
{
	uint32_t	x = *(const uint32_t *) a;
	uint32_t	y = *(const uint32_t *) b;

	if (keys[x] != keys[y])
		return keys[x] > keys[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void
fuzz_rank(Input *in)
{
	double		score[MAX_UNITS];
	uint32_t	order[MAX_UNITS];
	int32_t		rank[MAX_UNITS];
	size_t		n_methods = 0;
	const CiTiesMethod *ties;
	int			decimals = take_below(in, CI_DECIMALS_MAX - CI_DECIMALS_MIN + 1) + CI_DECIMALS_MIN;
	size_t		n;

	while (ci_ties_methods[n_methods].name != NULL)
		n_methods++;
	ties = &ci_ties_methods[take_below(in, (int) n_methods)];
	n = (size_t) take_below(in, MAX_UNITS + 1);
	for (size_t i = 0; i < n; i++)
	{
		score[i] = take_number(in);
		order[i] = (uint32_t) i;
	}
	keys = score;
	qsort(order, n, sizeof(order[0]), compare_units);
	ci_rank_assign(ties, decimals, score, order, n, rank);
	for (size_t k = 0; k < n; k++)
	{
		double		first = score[order[0]];
		double		here = score[order[k]];

		PROMISE(rank[order[k]] >= 1 && rank[order[k]] <= (int32_t) n);
		PROMISE(ci_rank_same(here, here, decimals));
		PROMISE(ci_rank_same(first, here, decimals) == ci_rank_same(here, first, decimals));
		PROMISE(ci_rank_same(first, here, decimals) == (rank[order[k]] == rank[order[0]]));
		if (k == 0)
			continue;
		PROMISE(rank[order[k]] >= rank[order[k - 1]]);
		PROMISE(ci_rank_same(score[order[k - 1]], here, decimals) ==
				(rank[order[k]] == rank[order[k - 1]]));
	}
}

/*
 * Stats
 */

static double
sum_of(const double *x, size_t n, bool backwards)
{
	CiSum		sum;

	ci_sum_start(&sum);
	for (size_t i = 0; i < n; i++)
		if (!ci_is_missing(x[i]))
			ci_sum_add(&sum, x[backwards ? n - 1 - i : i]);
	return ci_sum_result(&sum);
}

static void
check_moments(const CiMoments *moments, const double *sorted, size_t n)
{
	PROMISE(moments->n == n);
	if (n == 0)
	{
		PROMISE(ci_is_missing(moments->mean) && ci_is_missing(moments->min));
		return;
	}
	PROMISE(moments->min == sorted[0] && moments->max == sorted[n - 1]);
	PROMISE(moments->mean >= moments->min && moments->mean <= moments->max);
	PROMISE(moments->sd_population >= 0);
	PROMISE(n == 1 ? ci_is_missing(moments->sd) : moments->sd >= moments->sd_population);
	PROMISE((moments->sd_population == 0) == (moments->min == moments->max) ||
			moments->max - moments->min < DBL_MIN);
	PROMISE(!isinf(moments->skewness) && !isinf(moments->kurtosis));
}

static void
fuzz_stats(Input *in)
{
	double		x[MAX_UNITS];
	double		y[MAX_UNITS];
	double		sorted[MAX_UNITS];
	double		share = take_share(in);
	double		quantile;
	double		correlation;
	size_t		n = take_column(in, x);
	size_t		present;
	size_t		pairs;
	CiMoments	moments;
	CiMoments	fewer;

	for (size_t i = 0; i < n; i++)
		y[i] = take_below(in, 8) == 7 ? CI_MISSING : take_number(in);
	present = sorted_present(x, n, sorted);
	if (isfinite(sum_of(sorted, present, false)) && isfinite(sum_of(sorted, present, true)))
		PROMISE(sum_of(sorted, present, false) == sum_of(sorted, present, true));
	ci_moments(x, n, &moments);
	check_moments(&moments, sorted, present);
	ci_mean_sd(x, n, &fewer);
	PROMISE(same(fewer.mean, moments.mean) && same(fewer.sd, moments.sd));
	ci_moments(sorted, present, &fewer);
	PROMISE(same(fewer.mean, moments.mean) && same(fewer.sd, moments.sd) &&
			same(fewer.skewness, moments.skewness) && same(fewer.kurtosis, moments.kurtosis));

	quantile = ci_quantile_sorted(sorted, present, share);
	PROMISE(present == 0 ? ci_is_missing(quantile)
			: quantile >= sorted[0] && quantile <= sorted[present - 1]);
	if (present > 0)
	{
		size_t		below = ci_count_below(sorted, present, quantile);
		double		median = ci_quantile_sorted(sorted, present, 0.5);

		PROMISE(below == present || sorted[below] >= quantile);
		PROMISE(below == 0 || sorted[below - 1] < quantile);
		PROMISE(ci_mad_sorted(sorted, present, median) >= 0);
		PROMISE(ci_distinct_sorted(sorted, present) <= present);
	}
	correlation = ci_correlation(x, y, n, &pairs);
	PROMISE(pairs <= present);
	PROMISE(ci_is_missing(correlation) || fabs(correlation) <= 1);
	PROMISE(same(correlation, ci_correlation(y, x, n, &pairs)));
}

/*
 * Weigh: all methods but those that need LAPACK
 */

static void
no_check(void)
{
}

static const CiWeighMethod *
take_weigh_method(Input *in)
{
	int			n_methods = 0;
	const CiWeighMethod *method;

	while (ci_weigh_methods[n_methods].name != NULL)
		n_methods++;
	method = &ci_weigh_methods[take_below(in, n_methods)];
	return method->flags & CI_WEIGH_EIGEN ? ci_weigh_methods : method;
}

static void
check_weights(const CiWeighing *w)
{
	double		sum = 0;

	for (int j = 0; j < w->n_children; j++)
	{
		PROMISE(w->weight[j] >= 0 && w->weight[j] <= 1);
		sum += w->weight[j];
	}
	PROMISE(fabs(sum - 1) < 1e-14);
}

static void
fuzz_weigh(Input *in)
{
	static double value[MAX_CHILDREN][MAX_UNITS];
	static double backwards[MAX_CHILDREN][MAX_UNITS];
	static double scratch[MAX_UNITS + MAX_CHILDREN + 2 * MAX_CHILDREN * MAX_CHILDREN];
	const double *child[MAX_CHILDREN];
	const double *other[MAX_CHILDREN];
	int			direction[MAX_CHILDREN];
	double		weight[MAX_CHILDREN];
	double		again[MAX_CHILDREN];
	const CiWeighMethod *method = take_weigh_method(in);
	CiWeighing	w = {
		.n_children = 1 + take_below(in, MAX_CHILDREN), .n = (size_t) take_below(in, MAX_UNITS + 1),
		.child = child, .direction = direction, .scratch = scratch, .sort = sorted_present,
		.check = no_check, .weight = weight
	};
	CiStatus	status;

	for (int j = 0; j < w.n_children; j++)
	{
		direction[j] = take_below(in, 2) ? 1 : -1;
		child[j] = value[j];
		other[j] = backwards[j];
		for (size_t i = 0; i < w.n; i++)
		{
			value[j][i] = take_below(in, 8) == 7 ? CI_MISSING : take_number(in);
			backwards[j][w.n - 1 - i] = value[j][i];
		}
	}
	status = ci_weigh_by(method, &w);
	if (status == CI_NONPOSITIVE)
		PROMISE(value[w.which][w.unit] <= 0);
	if (status == CI_OK)
		check_weights(&w);
	w.child = other;
	w.weight = again;
	PROMISE(ci_weigh_by(method, &w) == status);
	for (int j = 0; j < w.n_children && status == CI_OK; j++)
		PROMISE(same(weight[j], again[j]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const families[]) (Input *) = {
		fuzz_normalise, fuzz_aggregate, fuzz_rank, fuzz_stats, fuzz_weigh, fuzz_impute, fuzz_treat
	};
	Input		in = {data, size, 1};

	families[take_below(&in, LENGTH(families))] (&in);
	return 0;
}
