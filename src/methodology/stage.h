/*
 * methodology/stage.h
 *	  Stages of a methodology between JSON and the kernel's structs.
 *
 * The kernel's tables say what parameters a method has and where each is
 * stored, so nothing here knows a method by name.
 */
#ifndef CI_METHODOLOGY_STAGE_H
#define CI_METHODOLOGY_STAGE_H

#include "base/read.h"
#include "methodology/methodology.h"

/*
 * methodology/param.c: one parameter.  given_only is set for a method whose
 * parameters are never estimated: its goalposts are numbers, or null for what
 * could not be estimated.  Writing gives NULL for a parameter that has no value
 * until it is estimated.
 */
extern void ci_param_read(const CiParam *param, const CiJson *value, const CiPlace *place,
						  bool given_only, void *spec);
extern CiJson *ci_param_write(const CiParam *param, const void *spec);

/* methodology/normalise.c: a goalpost, as it is written. */
extern CiJson *ci_post_write(const CiPost *post);

/*
 * methodology/param.c: give every child its standard; code lists them and ends with a
 * NULL.  Reading and writing a parameter by child need that.
 */
extern void ci_by_child_make(CiByChild *values, const CiElement *element, int n,
							 const char *const *code);

/* methodology/scope.c: sets of units, and scopes. */
extern void ci_units_read(CiUnits *units, const CiJson *value, const CiPlace *place);
extern void ci_units_read_list(CiUnits *units, const CiJson *value, const CiPlace *place);
extern CiJson *ci_units_write(const CiUnits *units);
extern bool ci_units_given(const CiUnits *units);
extern void ci_scope_read(CiScope *scope, const CiJson *value, const CiPlace *place);
extern CiJson *ci_scope_write(const CiScope *scope);

/*
 * methodology/stage.c: the stages of a component, whose parent (NULL for the
 * root) has its own already.
 */
extern void ci_stages_read(CiComponent *component, const CiComponent *parent,
						   const CiPlace *place);

/*
 * What the readers of all families share: the method that a stage names, NULL if
 * it names none; its parameters into the family's struct, with scope NULL for a
 * stage that has none; and the parameters back to JSON, those that differ from
 * the defaults if these are given.
 */
extern const void *ci_stage_method(CiNames methods, const CiJson *value, const CiPlace *place);
extern void ci_stage_read_params(const CiJson *value, const CiPlace *place, const char *method,
								 const CiParam *params, bool given_only, void *spec,
								 CiScope *scope);
extern void ci_stage_write_params(CiJson *json, const CiParam *params, const void *spec,
								  const void *defaults);

/*
 * methodology/prepare.c: the stages before normalise, as a row of the table of
 * stages, and what is wrong with those of a leaf.
 */
extern void ci_denominator_read(CiComponent *component, const CiComponent *parent,
								const CiJson *value, const CiPlace *place);
extern void ci_impute_read(CiComponent *component, const CiComponent *parent,
						   const CiJson *value, const CiPlace *place);
extern void ci_treat_read(CiComponent *component, const CiComponent *parent,
						  const CiJson *value, const CiPlace *place);
extern void ci_prepare_check(const CiComponent *leaf, const CiPlace *place);
extern CiJson *ci_stage_write_denominator(const CiDenominator *denominator, bool all);
extern CiJson *ci_stage_write_impute(const CiImputeStage *stage, bool all);
extern CiJson *ci_stage_write_treat(const CiTreatStage *stage, bool all);

/*
 * The JSON of a stage: all of it, or only what differs from the defaults, NULL
 * if nothing does.
 */
extern CiJson *ci_stage_write_normalise(const CiNormaliseStage *stage, bool all);
extern CiJson *ci_stage_write_aggregate(const CiAggregate *aggregate, bool all);

#endif							/* CI_METHODOLOGY_STAGE_H */
