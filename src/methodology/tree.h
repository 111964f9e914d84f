/*
 * methodology/tree.h
 *	  What the files that read and make methodologies share.
 */
#ifndef CI_METHODOLOGY_TREE_H
#define CI_METHODOLOGY_TREE_H

#include "base/read.h"
#include "methodology/methodology.h"

/* The place that is the methodology itself. */
extern const CiPlace ci_methodology_place;

static inline CiPlace
ci_component_place(const CiComponent *component)
{
	return (CiPlace) {.of = &ci_methodology_place, .component = component->code};
}

/*
 * methodology/read.c: the keys that a methodology and a component may have, the
 * defaults, and ci_methodology_resolve without the digest.
 */
extern const CiKey ci_methodology_keys[];
extern const CiKey ci_component_keys[];
extern const char *ci_policy_name(CiPolicy policy);
extern void ci_methodology_defaults(CiMethodology *methodology);
extern CiMethodology *ci_methodology_read(const CiJson *json);

/*
 * methodology/tree.c: from components in order of display, each with its code
 * and its JSON, to a checked tree: order, parents, children, weights.
 */
extern void ci_methodology_plant(CiMethodology *methodology);

/*
 * methodology/check.c: what only the whole tells: parameters that contradict
 * each other or the policies, and scales that do not go together.  Sets scales.
 */
extern void ci_methodology_check(CiMethodology *methodology);

/* methodology/digest.c: sets the digest. */
extern void ci_methodology_digest(CiMethodology *methodology);

/*
 * methodology/edit.c: documents from documents.  They are not resolved yet, so
 * a fault in what they say comes up when they are.
 */
extern CiJson *ci_methodology_amended(const CiJson *json, const CiJson *patch);
extern CiJson *ci_methodology_standard(const char *const *indicators, int n);

/* methodology/rows.c: a document from a row for each component. */
extern CiJson *ci_methodology_collected(CiJson *const *rows, int n);

#endif							/* CI_METHODOLOGY_TREE_H */
