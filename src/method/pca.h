/*
 * method/pca.h
 *	  Principal components of a node's children, and their rotation.
 */
#ifndef CI_METHOD_PCA_H
#define CI_METHOD_PCA_H

#include "method/weigh.h"

/*
 * Of m children that vary.  Columns are components in descending order of
 * eigenvalue: loading[k * m + j] is the correlation of child[j] with component
 * k.  The first "retained" components are rotated.
 */
typedef struct CiPca
{
	int			m;
	int		   *child;			/* numbers of these children */
	double	   *value;			/* eigenvalues of the correlation matrix */
	double	   *loading;
	int			retained;
	double	   *rotated;		/* as loading, of those retained */
} CiPca;

/* An eigenproblem cannot be interrupted: this many take some tenths of a second. */
#define CI_PCA_MAX 256

/*
 * The arrays are the caller's, for as many as n_children; scratch is not used.
 * CI_CONSTANT: no child varies; CI_NO_DATA as ci_weigh_correlation.
 */
extern CiStatus ci_pca_find(CiWeighing *w, CiPca *pca);

#endif							/* CI_METHOD_PCA_H */
