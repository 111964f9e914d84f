/*
 * solver/linear.h
 *	  Eigenvalues, from LAPACK.
 */
#ifndef CI_LINEAR_H
#define CI_LINEAR_H

/*
 * The eigenvalues of a symmetric matrix in descending order; its n rows are
 * replaced by the unit eigenvectors that belong to them, of either sign.
 */
extern void ci_linear_symmetric(int n, double *matrix, double *value);

/*
 * The largest eigenvalue of a matrix, given by rows, whose elements are all
 * above 0; vector becomes its eigenvector, which then is so too, of sum 1.
 */
extern double ci_linear_principal(int n, const double *matrix, double *vector);

#endif							/* CI_LINEAR_H */
