/*
 * base/sort.h
 *	  Sorting with PostgreSQL's own template: doubles, pairs of them, and units by
 *	  score.
 */
#ifndef CI_SORT_H
#define CI_SORT_H

/* Copy the values that are not missing, ascending; returns how many. */
extern size_t ci_sort_present(const double *values, size_t n, double *sorted);

/* Sort n pairs of numbers, one after the other, by the first, then the second. */
extern void ci_sort_pairs(double *pairs, size_t n);

/*
 * Put the numbers in order[0..n), which come ascending, into order of key,
 * descending or ascending, equal keys by number.
 */
extern void ci_sort_order(uint32 *order, size_t n, const double *key, bool descending);

/* The numbers 0 to n - 1 in the order of the things that they number. */
typedef int (*CiCompare) (const void *a, const void *b, void *things);

extern uint32 *ci_order(uint32 n, CiCompare compare, void *things);

#endif							/* CI_SORT_H */
