/*
 * methodology/methodology.h
 *	  How a panel is judged: a tree of components, resolved from its JSON.
 *
 * The value on disk is the digest and the checked JSON text.  Reading it gives
 * a CiMethodology, in which inheritance, defaults and order are settled, so
 * that evaluation only follows it.  Everything it points to lives in the memory
 * context that was current when it was read.
 */
#ifndef CI_METHODOLOGY_H
#define CI_METHODOLOGY_H

#include "base/json.h"
#include "fmgr.h"
#include "method/aggregate.h"
#include "method/impute.h"
#include "method/normalise.h"
#include "method/rank.h"
#include "method/treat.h"

#include "base/digest.h"

/* On disk.  The version is that of this layout. */
typedef struct CiMethodologyDatum
{
	int32		vl_len_;
	uint8		version;
	uint8		digest[CI_DIGEST_LENGTH];
	char		json[FLEXIBLE_ARRAY_MEMBER];	/* not terminated */
} CiMethodologyDatum;

/* A set of units: all, those whose 0/1 indicator is 1, or those listed. */
typedef struct CiUnits
{
	const char *indicator;		/* NULL unless a flag */
	const char **list;			/* NULL unless listed; ascending, distinct */
	int			n;
} CiUnits;

typedef enum CiScopeKind
{
	CI_SCOPE_PERIOD,			/* each period by itself */
	CI_SCOPE_PANEL,				/* all periods pooled */
	CI_SCOPE_PERIODS			/* the listed periods pooled */
} CiScopeKind;

/* Which cells a stage's parameters are estimated from. */
typedef struct CiScope
{
	CiScopeKind kind;
	int			n_periods;
	int32	   *periods;		/* ascending, distinct */
	CiUnits		units;
	const char *by;				/* indicator, NULL for none */
} CiScope;

/* What an indicator is divided by, to be multiplied by the scale. */
typedef struct CiDenominator
{
	const char *indicator;		/* NULL for none */
	double		scale;
} CiDenominator;

/* Stages: the method is NULL where there is none. */
typedef struct CiImputeStage
{
	CiImpute	spec;
	CiScope		scope;
} CiImputeStage;

typedef struct CiTreatStage
{
	CiTreat		spec;
	CiScope		scope;
} CiTreatStage;

/* Normalise or rescale. */
typedef struct CiNormaliseStage
{
	CiNormalise spec;
	CiScope		scope;
} CiNormaliseStage;

typedef struct CiComponent
{
	const char *code;
	const char *label;			/* NULL if not given */
	int			parent;			/* -1 for the root */
	int			depth;			/* root 0 */
	int			position;		/* 1, 2, … in order of display */
	double		weight;
	double		effective_weight;	/* share of the root's weight */
	int			direction;		/* 1 or -1 */
	CiUnits		units;			/* that it applies to */
	const char *indicator;		/* leaf; NULL for an inner component */
	CiDenominator denominator;	/* leaf, as are the next three */
	CiImputeStage impute;
	CiTreatStage treat;
	CiNormaliseStage normalise;
	CiNormaliseStage rescale;	/* any; spec.method is NULL if none */
	CiAggregate aggregate;		/* inner */
	const CiJson *aggregate_json;	/* inner: as resolved, for display */
	double		min_coverage;
	int			min_count;
	CiScale		scale;			/* of its own score, after rescale */
	int			n_children;
	const int  *children;		/* in bytewise order of code */
	const char *const *child_codes; /* theirs; ends with a NULL */
	int			n_leaves;		/* below it, or 1 for a leaf */
	const CiJson *json;			/* the component as given */
} CiComponent;

typedef struct CiScreen
{
	bool		given;
	double		min_coverage;
	double		max_zeros;
	CiUnits		units;
	CiUnits		include;		/* lists only */
	CiUnits		exclude;
} CiScreen;

typedef struct CiMethodology
{
	const char *name;			/* "" if not given */
	const char *version;
	CiScreen	screen;
	const CiTiesMethod *ties;
	int			decimals;
	CiPolicy	on_constant;	/* error, missing or midpoint */
	CiNonpositive on_nonpositive;
	int			n;				/* components */
	CiComponent *components;	/* children before parents, the root last */
	int			root;			/* n - 1 */
	const int  *display;		/* components in order of display */
	const int  *by_code;		/* components in bytewise order of code */
	const CiJson *json;			/* the whole, as given */
	uint8		digest[CI_DIGEST_LENGTH];
} CiMethodology;

/*
 * Is less of a component's own score better, so that it enters its parent
 * turned?  A leaf's score is turned already.
 */
static inline bool
ci_component_is_less(const CiComponent *component)
{
	return component->indicator == NULL &&
		(component->direction < 0) !=
		((component->aggregate.method->flags & CI_AGGREGATE_LESS) != 0);
}

/* Does a component's method take its children as they are, with their directions? */
static inline bool
ci_takes_directions(const CiComponent *component)
{
	return (component->aggregate.method->flags & (CI_AGGREGATE_NATURAL | CI_AGGREGATE_APART)) != 0;
}

/*
 * Resolve and check a document.  Any fault is an error that names the
 * component.
 */
extern CiMethodology *ci_methodology_resolve(const CiJson *json);

/* Make the value on disk from a document: resolve, digest, write. */
extern CiMethodologyDatum *ci_methodology_make(const CiJson *json);

/* Resolve a value; the result does not point into it. */
extern CiMethodology *ci_methodology_open(const CiMethodologyDatum *datum);

/* Raise that a value, or the head of one, has a layout that this code does not know. */
extern void ci_methodology_check_head(const CiMethodologyDatum *head);

/*
 * A copy of the document in which the stages of components under these keys are
 * replaced; n of them.  Each has an entry for each component, NULL where it is to
 * stay.  The stages become part of the copy.
 */
typedef struct CiStageChange
{
	const char *key;
	CiJson	  **stage;			/* by component */
} CiStageChange;

extern CiJson *ci_methodology_with_stages(const CiMethodology *methodology,
										  const CiStageChange *changes, int n);

/*
 * A copy of the document in which components have other weights; NaN where the
 * weight is to stay.
 */
extern CiJson *ci_methodology_with_weights(const CiMethodology *methodology, const double *weight);

/*
 * The JSON of a stage, method and all parameters that have a value; NULL where
 * there is none.
 */
extern CiJson *ci_denominator_json(const CiDenominator *denominator);
extern CiJson *ci_impute_stage_json(const CiImputeStage *stage);
extern CiJson *ci_treat_stage_json(const CiTreatStage *stage);
extern CiJson *ci_normalise_stage_json(const CiNormaliseStage *stage);

/*
 * The methodology that is argument argno of a function, resolved, and kept for
 * calls with the same (methodology/kept.h).
 */
extern const CiMethodology *ci_methodology_arg(FunctionCallInfo fcinfo, int argno);

/* A jsonb value as a document; what names it in errors. */
extern CiJson *ci_methodology_jsonb(Datum value, const char *what);

/*
 * Does every inner component rescale its score, if it does, by numbers that the
 * methodology gives, whatever the scores?
 */
extern bool ci_methodology_rescales_by_numbers(const CiMethodology *methodology);

/* Index of the component with this code, -1 if there is none. */
extern int	ci_methodology_find(const CiMethodology *methodology, const char *code);

/* The same for a component that must be there; else it is an error. */
extern int	ci_methodology_find_named(const CiMethodology *methodology, const char *code);

/*
 * The first component for which a unit's score depends on other units, -1 if
 * there is none: each unit can then be scored on its own.
 */
extern int	ci_methodology_first_dependent(const CiMethodology *methodology);

#endif							/* CI_METHODOLOGY_H */
