/*
 * unit.h
 *	  Tests of the kernel that need no server: checks, and reproducible chance.
 */
#ifndef CI_TEST_UNIT_H
#define CI_TEST_UNIT_H

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define MISSING ((double) NAN)
#define INF HUGE_VAL
#define TINY 4.9406564584124654e-324	/* the smallest double above 0 */

/* The same number to the bit, or both NaN. */
#define CHECK_SAME(got, want) \
	unit_same((got), (want), #got, __FILE__, __LINE__)
#define CHECK_NEAR(got, want, tolerance) \
	unit_near((got), (want), (tolerance), #got, __FILE__, __LINE__)
#define CHECK(condition) \
	unit_check((condition), #condition, __FILE__, __LINE__)

/* Run a test; it passes if all its checks do. */
extern void unit_run(void (*test) (void));

extern void unit_check(bool ok, const char *what, const char *file, int line);
extern void unit_same(double got, double want, const char *what, const char *file, int line);
extern void unit_near(double got, double want, double tolerance,
					  const char *what, const char *file, int line);

/* Pseudo-random numbers, the same in every run; low, high: exponents of 2. */
extern uint64_t random_bits(void);
extern int	random_below(int n);
extern double random_share(void);	/* in [0, 1) */
extern double random_double(int low, int high); /* of either sign */

extern void shuffle(double *x, size_t n);
extern void sort(double *x, size_t n);

/* A "check" that never interrupts. */
extern void unit_no_check(void);

extern void test_stats(void);
extern void test_accumulator(void);
extern void test_impute(void);
extern void test_treat(void);
extern void test_normalise(void);
extern void test_aggregate(void);
extern void test_mcda(void);
extern void test_balance(void);
extern void test_outrank(void);
extern void test_rank(void);
extern void test_weigh(void);
extern void test_means(void);
extern void test_compare(void);
extern void test_decimal(void);
extern void test_bod(void);
extern void test_bounds(void);
extern void test_stability(void);
extern void test_simulate(void);
extern void test_sensitivity(void);
extern void test_simulation(void);

#endif							/* CI_TEST_UNIT_H */
