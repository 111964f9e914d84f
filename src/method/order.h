/*
 * method/order.h
 *	  Units in the order of a column's values.
 */
#ifndef CI_METHOD_ORDER_H
#define CI_METHOD_ORDER_H

#include "method/method.h"

/* A value and whose it is; the number is a double so that both fit into scratch. */
typedef struct CiKeyed
{
	double		key;
	double		unit;
} CiKeyed;

static inline size_t
ci_keyed_unit(const CiKeyed *keyed)
{
	return (size_t) keyed->unit;
}

/*
 * List the units that have a value, ascending by it and then by number; returns
 * how many.  sorted and room have room for n each.  check is called now and
 * then.
 */
extern size_t ci_order_column(const double *x, size_t n, CiKeyed *sorted, CiKeyed *room,
							  void (*check) (void));

#endif							/* CI_METHOD_ORDER_H */
