# composite_indicator: make, make install, make installcheck, with any PG_CONFIG.
# What a fresh machine needs first, and every other test, is in tools/test.sh.

EXTENSION  = composite_indicator
EXTVERSION = 0.4.0
MODULE_big = composite_indicator
OBJS       = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c src/*/*.c)))

# The base script is its fragments in order; upgrades are written by hand.
BASE       = $(EXTENSION)--$(EXTVERSION).sql
FRAGMENTS  = $(sort $(wildcard sql/install/*.sql))
DATA       = $(wildcard sql/upgrade/*.sql sql/released/*.sql)
DATA_built = $(BASE)

# Every sql/*.sql, in this order; each leaves nothing behind that the next needs.
REGRESS    = install panel methodology methodology_errors denominator impute treat \
             normalise aggregate outrank mcda identities peers rank scores explain audit fit fit_agg score weigh statistics \
             statistics_pairs bounds stability reach leave_one_out change history ledger ledger_errors highlights simulate simulate_experts simulation sensitivity errors edges catalog \
             determinism plan tai hdi ai_city asem
LAPACK_REGRESS = pca ahp
CLP_REGRESS = bod bounds_exact
ISOLATION  = $(patsubst specs/%.spec,%,$(sort $(wildcard specs/*.spec)))

# LAPACK and Clp, where the linker finds them; WITH_LAPACK=no and WITH_CLP=no
# build without.
finds        = $(shell echo 'int $(1)(void); int main(void) { return $(1)(); }' | \
                 $(CC) -xc -o /dev/null - $(2) 2>/dev/null && echo yes)
WITH_LAPACK ?= $(call finds,dsyev_,-llapack)
WITH_CLP    ?= $(call finds,Clp_newModel,-lClp)

# Contraction would make results depend on the machine; set for bitcode too.
PG_CPPFLAGS = -I$(srcdir)/src -ffp-contract=off -DCI_VERSION='"$(EXTVERSION)"'
ifeq ($(WITH_LAPACK), yes)
PG_CPPFLAGS += -DCI_LAPACK
SHLIB_LINK  += -llapack
REGRESS     += $(LAPACK_REGRESS)
endif
ifeq ($(WITH_CLP), yes)
PG_CPPFLAGS += -DCI_CLP
SHLIB_LINK  += -lClp
REGRESS     += $(CLP_REGRESS)
endif
EXTRA_CLEAN = test/unit test/fuzz tmp_check

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(OBJS): $(wildcard src/*/*.h)

# Columns are what the kernel loops over.  Calls within the library stay in it.
src/method/%.o src/evaluate/compute.o: CFLAGS += $(CFLAGS_VECTORIZE)
ifeq ($(PORTNAME), linux)
SHLIB_LINK += -Wl,-Bsymbolic-functions
endif

$(BASE): $(FRAGMENTS) Makefile
	cat $(FRAGMENTS) > $@

# Dump, restore, restart, roles: servers of their own, so not as root.
.PHONY: tap unit print-regress
tap:
	$(prove_installcheck)

# The kernel's tests need no server.
unit: test/unit
	test/unit

test/unit: $(wildcard test/unit*.c test/unit*.h src/method/*.c src/method/*.h)
	$(CC) -std=c99 -O1 -g -Wall -Wextra -ffp-contract=off -Isrc \
	  -fsanitize=address,undefined -fno-sanitize-recover=all \
	  -o $@ $(filter %.c,$^) -lm

print-regress:
	@echo $(REGRESS) $(filter-out $(REGRESS),$(LAPACK_REGRESS) $(CLP_REGRESS))
