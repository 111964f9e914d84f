/*
 * method/decimal.c
 *	  Decimal numbers, as text, to the doubles nearest to them.
 *
 * A panel that travels as text is mostly numbers of up to 17 digits, and a
 * strtod() that is ready for any number at all takes longer to read them than a
 * panel takes to be built.  These are a whole number of 64 bits over a power of
 * ten of as many: one division gives the bits and whether there are more, and
 * the conversion to a double rounds them, once.
 */
#include "method/decimal.h"

#define MAX_DIGITS 19			/* of which any number is less than 2^64 */

static const uint64_t power_of_ten[MAX_DIGITS + 1] = {
	UINT64_C(1), UINT64_C(10), UINT64_C(100), UINT64_C(1000), UINT64_C(10000),
	UINT64_C(100000), UINT64_C(1000000), UINT64_C(10000000), UINT64_C(100000000),
	UINT64_C(1000000000), UINT64_C(10000000000), UINT64_C(100000000000),
	UINT64_C(1000000000000), UINT64_C(10000000000000), UINT64_C(100000000000000),
	UINT64_C(1000000000000000), UINT64_C(10000000000000000),
	UINT64_C(100000000000000000), UINT64_C(1000000000000000000),
	UINT64_C(10000000000000000000)
};

/* Divide by 10^places, rounding once; digits is not 0. */
static bool
divide(uint64_t digits, int places, double *number)
{
	/* both are exact as doubles, so that their division rounds once */
	if (digits <= UINT64_C(1) << 53)
	{
		*number = (double) digits / (double) power_of_ten[places];
		return true;
	}
#ifdef __SIZEOF_INT128__
	{
		int			shift = __builtin_clzll(digits);
		int			other = __builtin_clzll(power_of_ten[places]);
		uint64_t	divisor = power_of_ten[places] << other;
		unsigned	__int128 dividend = (unsigned __int128) (digits << shift) << 63;
		uint64_t	quotient = (uint64_t) (dividend / divisor); /* at least 2^62 */

		/* a remainder is one bit more, far below those that are kept */
		if (dividend != (unsigned __int128) quotient * divisor)
			quotient |= 1;
		*number = ldexp((double) quotient, other - shift - 63);
		return true;
	}
#else
	return false;
#endif
}

bool
ci_decimal_read(const char *text, double *number)
{
	bool		negative = *text == '-';
	uint64_t	digits = 0;
	int			n = 0;			/* digits from the first that is not 0 */
	int			places = 0;		/* after the point */
	bool		point = false;

	for (text += negative; *text != '\0'; text++)
	{
		if (*text == '.' && !point)
		{
			point = true;
			continue;
		}
		if (*text < '0' || *text > '9')
			return false;
		digits = 10 * digits + (uint64_t) (*text - '0');
		n += digits != 0;
		places += point;
		if (n > MAX_DIGITS || places > MAX_DIGITS)
			return false;
	}
	if (digits == 0)
		*number = 0;
	else if (!divide(digits, places, number))
		return false;
	if (negative)
		*number = -*number;
	return true;
}
