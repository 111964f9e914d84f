/*
 * unit_decimal.c
 *	  Decimal numbers, against strtod().
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "method/decimal.h"
#include "unit.h"

static void
check_read(const char *text)
{
	double		number = -1;

	CHECK(ci_decimal_read(text, &number));
	CHECK_SAME(number, strtod(text, NULL));
}

/* Write a number's digits with a point before the last places. */
static void
check_digits(uint64_t digits, int places)
{
	char		plain[32];
	char		text[64];
	int			n = snprintf(plain, sizeof(plain), "%020" PRIu64, digits);

	snprintf(text, sizeof(text), "%s%.*s.%s", digits % 2 == 0 ? "" : "-", n - places, plain, plain + n - places);
	check_read(text);
	if (places == 0)
		check_read(plain);
}

static void
reads_any_digits(void)
{
	for (int i = 0; i < 300000; i++)
	{
		uint64_t	digits = random_bits() % UINT64_C(10000000000000000000);

		check_digits(digits >> random_below(64), random_below(20));
	}
}

/* What a double prints is that double again. */
static void
reads_what_is_printed(void)
{
	for (int i = 0; i < 200000; i++)
	{
		char		text[400];

		snprintf(text, sizeof(text), "%.*g", 15 + random_below(3), random_double(-3, 50));
		if (strchr(text, 'e') == NULL)
			check_read(text);
	}
}

/* Halfway between two doubles, and next to it: the even one, and the nearer one. */
static void
rounds_halves(void)
{
	for (int i = 0; i < 100000; i++)
	{
		int			places = 1 + random_below(10);
		uint64_t	whole = (UINT64_C(1) << 53) + (random_bits() >> 12);
		uint64_t	five = 1;

		check_digits(whole | 1, 0); /* above 2^53 the last bit is a half */
		check_digits((whole | 3) - 1, 0);

		/*
		 * whole / 2^places in decimals: exact, and a half where it has 54
		 * bits
		 */
		for (int k = 0; k < places; k++)
			five *= 5;
		whole = ((UINT64_C(1) << 53) + (random_bits() >> 11)) | 1;
		if (whole <= UINT64_MAX / five && whole * five < UINT64_C(9999999999999999999))
		{
			check_digits(whole * five, places);
			check_digits(whole * five + 1, places);
			check_digits(whole * five - 1, places);
		}
	}
}

static void
leaves_others_alone(void)
{
	static const char *const other[] = {
		"1e5", "1E-5", "12345678901234567890", "0.00000000000000000001", "nan", "inf", "0x10", "1.2.3", " 1", "1 ", "+1", "--1"
	};
	double		number = 42;

	for (size_t i = 0; i < LENGTH(other); i++)
		CHECK(!ci_decimal_read(other[i], &number));
	CHECK_SAME(number, 42.0);
	check_read("0");
	check_read("-0");
	check_read("0.000");
	check_read("-0.0");
	check_read("0.1");
	check_read("9999999999999999999");
	check_read("0.9999999999999999999");
	check_read("0.0000000000000000001");
}

void
test_decimal(void)
{
	unit_run(reads_any_digits);
	unit_run(reads_what_is_printed);
	unit_run(rounds_halves);
	unit_run(leaves_others_alone);
}
