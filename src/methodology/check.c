/*
 * methodology/check.c
 *	  What only the whole methodology tells: parameters that contradict each
 *	  other or the policies, and scales that do not go together.
 */
#include "postgres.h"

#include <math.h>

#include "methodology/stage.h"
#include "methodology/tree.h"

static bool
has_param(const CiNormalise *spec, size_t offset)
{
	for (const CiParam *param = spec->method->params; param->name != NULL; param++)
	{
		if (param->offset == offset)
			return true;
	}
	return false;
}

#define HAS_POSTS(spec) has_param(spec, offsetof(CiNormalise, lower))
#define HAS_SPREAD(spec) has_param(spec, offsetof(CiNormalise, spread))
#define HAS_ABOUT(spec) has_param(spec, offsetof(CiNormalise, about))
#define HAS_BANDS(spec) has_param(spec, offsetof(CiNormalise, bounds_of_bands))

static const char *
number_text(double number)
{
	return ci_json_new_number(number)->text;
}

/*
 * One stage
 */

static void
check_post(const CiNormalise *spec, const CiPost *post, const char *name,
		   const CiPlace *place)
{
	double		transformed;

	if (post->kind != CI_POST_NUMBER || isinf(post->value))
		return;
	if (ci_is_missing(post->value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s needs \"%s\"", ci_place_name(place), name),
				 errdetail("Method \"%s\" has no default for it.", spec->method->name)));
	if (!ci_transform_value(&spec->transform, post->value, &transformed))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of %s has no finite transformed value", name, ci_place_name(place)),
				 errdetail("%s is %s; with the transform's offset it is %s.", name,
						   number_text(post->value),
						   number_text(post->value + spec->transform.offset)),
				 errhint("Raise the end, or give the transform an offset.")));
}

/* Would equal ends only mean that nothing varied, as a fitted methodology may hold? */
static bool
constant_is_meant(CiPolicy on_constant)
{
	return on_constant == CI_POLICY_MISSING || on_constant == CI_POLICY_MIDPOINT;
}

static void
check_posts(const CiNormalise *spec, CiPolicy on_constant, const CiPlace *place)
{
	const CiPost *lower = &spec->lower;
	const CiPost *upper = &spec->upper;

	check_post(spec, lower, "lower", place);
	check_post(spec, upper, "upper", place);
	if (lower->kind != upper->kind || lower->kind == CI_POST_UNIT ||
		isinf(lower->value) || isinf(upper->value) || lower->value < upper->value)
		return;
	if (lower->kind == CI_POST_NUMBER && lower->value == upper->value &&
		constant_is_meant(on_constant))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("lower of %s must be below upper", ci_place_name(place)),
			 errdetail("lower is %s, upper is %s.",
					   ci_post_write(lower)->text, ci_post_write(upper)->text),
			 errhint("If less is better, give the component direction -1 and leave the ends in their natural order.")));
}

static void
check_spread(const CiNormalise *spec, CiPolicy on_constant, const CiPlace *place)
{
	if (spec->spread != 0 || constant_is_meant(on_constant))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s of %s must be above 0", spec->method->fitted_b, ci_place_name(place))));
}

/* What ci.fit_agg leaves between one pass and the next. */
static void
check_about(const CiNormalise *spec, const CiPlace *place)
{
	const CiVector *about = &spec->about;

	if (about->at == NULL ||
		(about->n == CI_ABOUT_NUMBERS && fabs(about->at[0]) <= 1 && fabs(about->at[1]) <= 1 &&
		 about->at[2] == rint(about->at[2])))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("about of %s is not a mean, what rounding it lost, and an exponent of 2",
					ci_place_name(place)),
			 errdetail("They are what ci.fit_agg has found so far."),
			 errhint("Leave it out.")));
}

static void
check_bounds(const CiPosts *bounds, const CiPlace *place)
{
	if (bounds->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s needs \"bounds\"", ci_place_name(place)),
				 errdetail("They are the values, or percentiles, at which a better band begins.")));
	for (int i = 1; i < bounds->n; i++)
	{
		const CiPost *low = &bounds->at[i - 1];
		const CiPost *high = &bounds->at[i];

		if (low->kind == high->kind && low->value <= high->value)
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("bounds of %s must ascend", ci_place_name(place)),
				 errdetail("%s is followed by %s.", ci_post_write(low)->text, ci_post_write(high)->text),
				 errhint("Give numbers only, or percentiles only, from the lowest on, for direction -1 too.")));
	}
}

static void
check_scores(const CiNormalise *spec, const CiPlace *place)
{
	const CiVector *scores = &spec->scores;

	if (scores->at == NULL)
		return;
	if (scores->n != spec->bounds_of_bands.n + 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s has %d bounds and %d scores", ci_place_name(place),
						spec->bounds_of_bands.n, scores->n),
				 errdetail("Each band has a score, which is one more than there are bounds between bands.")));
	for (int i = 1; i < scores->n; i++)
		if (scores->at[i - 1] > scores->at[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("scores of %s must ascend, from the worst band to the best",
							ci_place_name(place))));
	if (scores->at[0] == scores->at[scores->n - 1])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scores of %s are all the same", ci_place_name(place))));
}

static void
check_bands(const CiNormalise *spec, const CiPlace *place)
{
	check_bounds(&spec->bounds_of_bands, place);
	check_scores(spec, place);
}

/* One period's mean would have to be one for each value of "by". */
static void
check_reference(const CiNormaliseStage *stage, const CiPlace *place)
{
	const CiReference *reference = &stage->spec.reference;

	if (stage->scope.by != NULL && reference->kind == CI_REFERENCE_MEAN && reference->has_period)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("reference of %s cannot be the mean of a period where the scope has \"by\"",
						ci_place_name(place)),
				 errhint("Refer to a unit, or give the number.")));
}

static void
check_stage(const CiNormaliseStage *stage, CiPolicy on_constant,
			const CiComponent *component, const char *name)
{
	CiPlace		at = ci_component_place(component);
	CiPlace		place = {.of = &at, .name = name};

	if (stage->spec.method == NULL)
		return;
	if (HAS_POSTS(&stage->spec))
		check_posts(&stage->spec, on_constant, &place);
	if (HAS_SPREAD(&stage->spec))
		check_spread(&stage->spec, on_constant, &place);
	if (HAS_ABOUT(&stage->spec))
		check_about(&stage->spec, &place);
	if (HAS_BANDS(&stage->spec))
		check_bands(&stage->spec, &place);
	check_reference(stage, &place);
}

/*
 * Scales
 */

static bool
same_scale(CiScale a, CiScale b)
{
	return a.kind == b.kind && a.low == b.low && a.high == b.high;
}

static const char *
describe_scale(CiScale scale)
{
	return psprintf(scale.kind == CI_SCALE_BOUNDED ? "%s to %s" : "a centre of %s with spread %s",
					number_text(scale.low), number_text(scale.high));
}

/*
 * The scale that all children of a component share; unknown if that of one is.
 * Two known ones that differ are an error.
 */
static CiScale
scale_of_children(const CiMethodology *methodology, const CiComponent *parent)
{
	const CiComponent *known = NULL;
	CiScale		unknown = {.kind = CI_SCALE_UNKNOWN};
	bool		all = true;

	for (int j = 0; j < parent->n_children; j++)
	{
		const CiComponent *child = &methodology->components[parent->children[j]];

		if (child->scale.kind == CI_SCALE_UNKNOWN)
			all = false;
		else if (known == NULL)
			known = child;
		else if (!same_scale(known->scale, child->scale))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("children of methodology component \"%s\" are on different scales",
							parent->code),
					 errdetail("\"%s\" is on %s, \"%s\" on %s.",
							   known->code, describe_scale(known->scale),
							   child->code, describe_scale(child->scale)),
					 errhint("Give them the same \"to\", or rescale one of them.")));
	}
	return all ? known->scale : unknown;
}

/* Does a component's score have the units of what is below it? */
static bool
is_natural(const CiComponent *component)
{
	if (component->rescale.spec.method != NULL || component->scale.kind != CI_SCALE_UNKNOWN)
		return false;
	return component->n_children > 0 || strcmp(component->normalise.spec.method->name, "none") == 0;
}

/* A method that normalises by itself must not get what is normalised. */
static void
require_natural(const CiMethodology *methodology, const CiComponent *parent)
{
	for (int j = 0; j < parent->n_children; j++)
	{
		const CiComponent *child = &methodology->components[parent->children[j]];

		if (!is_natural(child))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("methodology component \"%s\" is normalised, and so is what \"%s\" aggregates",
							child->code, parent->code),
					 errdetail("Method \"%s\" normalises by itself.", parent->aggregate.method->name),
					 errhint("Set \"normalise\" to \"none\" below it.")));
	}
}

/* The scale on which a component's children are aggregated. */
static CiScale
entering_scale(const CiMethodology *methodology, const CiComponent *parent)
{
	const CiAggregate *aggregate = &parent->aggregate;
	CiScale		scale = CI_UNKNOWN_SCALE;

	if (aggregate->method->flags & CI_AGGREGATE_NATURAL)
		require_natural(methodology, parent);
	else if ((aggregate->method->flags & CI_AGGREGATE_APART) == 0)
		scale = scale_of_children(methodology, parent);
	if (!isnan(aggregate->scale[0]) && scale.kind != CI_SCALE_BOUNDED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("scale of aggregate of methodology component \"%s\" needs children on a known bounded scale",
						parent->code)));
	return scale;
}

/* Set the scale of a component's own score; its children have theirs. */
static void
set_scale(const CiMethodology *methodology, CiComponent *component)
{
	if (component->n_children == 0)
		component->scale = ci_normalise_scale(&component->normalise.spec);
	else
		component->scale = ci_aggregate_scale(&component->aggregate,
											  entering_scale(methodology, component));
	if (component->rescale.spec.method != NULL)
		component->scale = ci_normalise_scale(&component->rescale.spec);
}

/* What is to enter its parent turned needs a scale, unless the parent takes directions. */
static void
check_direction(const CiMethodology *methodology, const CiComponent *component)
{
	if (component->parent < 0 || !ci_component_is_less(component) ||
		component->scale.kind != CI_SCALE_UNKNOWN ||
		ci_takes_directions(&methodology->components[component->parent]))
		return;
	if (component->direction < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("methodology component \"%s\" has direction -1 but no known scale to be reflected on",
						component->code),
				 errhint("Normalise what is below it onto one scale, or rescale it.")));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("methodology component \"%s\" has no known scale to be reflected on",
					component->code),
			 errdetail("Less of what method \"%s\" gives is better.",
					   component->aggregate.method->name),
			 errhint("Rescale it.")));
}

/*
 * Positive children
 */

/* Does the least of the units always get the least of the scale? */
static bool
ranks_peers(const CiNormalise *spec)
{
	return (spec->method->flags & CI_NORMALISE_PEERS) != 0 &&
		spec->method->scale == CI_SCALE_BOUNDED;
}

/*
 * Is 0 or less bound to enter the parent's aggregate from this leaf?  It is if
 * the end that is mapped to the least score is estimated: some unit is there.
 * Names that end, and gives the score.
 */
static bool
reaches_zero(const CiComponent *leaf, const CiAggregate *aggregate,
			 const char **end, double *score)
{
	const CiNormalise *spec = &leaf->normalise.spec;
	const double *to = isnan(aggregate->scale[0]) ? spec->to : aggregate->scale;
	int			least = to[0] <= to[1] ? 0 : 1;
	bool		is_lower = (least == 0) == (leaf->direction == 1);
	const CiPost *post = is_lower ? &spec->lower : &spec->upper;

	*end = is_lower ? "lower" : "upper";
	*score = to[least];
	return leaf->n_children == 0 && leaf->weight > 0 && leaf->rescale.spec.method == NULL &&
		to[least] <= 0 &&
		((HAS_POSTS(spec) && post->kind != CI_POST_NUMBER) || ranks_peers(spec));
}

static void
check_positive(const CiMethodology *methodology, const CiComponent *parent)
{
	const char *end;
	double		score;

	if (methodology->on_nonpositive.policy != CI_POLICY_ERROR ||
		!ci_aggregate_needs_positive(&parent->aggregate))
		return;
	for (int j = 0; j < parent->n_children; j++)
	{
		const CiComponent *child = &methodology->components[parent->children[j]];

		if (reaches_zero(child, &parent->aggregate, &end, &score))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("methodology component \"%s\" is bound to reach %s under the %s mean of \"%s\"",
							child->code, number_text(score), parent->aggregate.method->name,
							parent->code),
					 errdetail("That is the score at its %s end, which is estimated from the data.", end),
					 errhint("Normalise \"to\" a range above 0, give the aggregate a \"scale\" such as [1, 100], or set on_nonpositive.")));
	}
}

void
ci_methodology_check(CiMethodology *methodology)
{
	for (int i = 0; i < methodology->n; i++)
	{
		CiComponent *component = &methodology->components[i];

		if (component->n_children == 0)
		{
			CiPlace		place = ci_component_place(component);

			ci_prepare_check(component, &place);
			check_stage(&component->normalise, methodology->on_constant, component, "normalise");
		}
		check_stage(&component->rescale, methodology->on_constant, component, "rescale");
		set_scale(methodology, component);
		check_direction(methodology, component);
		if (component->n_children > 0)
			check_positive(methodology, component);
	}
}
