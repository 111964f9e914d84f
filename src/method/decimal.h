/*
 * method/decimal.h
 *	  Decimal numbers, as text, to the doubles nearest to them.
 */
#ifndef CI_METHOD_DECIMAL_H
#define CI_METHOD_DECIMAL_H

#include "method/method.h"

/*
 * Read what JSON takes for a number, to the same double as strtod(); false if it
 * is none of the plain ones, with at most 19 digits and no exponent.
 */
extern bool ci_decimal_read(const char *text, double *number);

#endif
