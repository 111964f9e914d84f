/*
 * module.c
 *	  What makes this library one that PostgreSQL loads.
 */
#include "postgres.h"

#include "fmgr.h"

#include "base/compat.h"

CI_MODULE_MAGIC;
