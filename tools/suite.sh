#!/bin/sh
# suite.sh [-s]
#	All tests on one server; the last line is "N passed, N failed".
#
# Run by test.sh through server.sh: in a copy of the sources, beside a server,
# and not as root.  With -s only what depends on the server.

set -u
. tools/count.sh
server_only=${1:-}
diffs=regression.diffs

# Run pg_regress on the server with further settings.
regress() {
	rm -f "$diffs"
	PGOPTIONS="$1" make -s installcheck ISOLATION= REGRESS="$2" && return
	[ ! -s "$diffs" ] || head -n 400 "$diffs"
	return 1
}

whole=$(make -s with_llvm=no print-regress)

if [ -z "$server_only" ]; then
	run "kernel: unit tests" make -s unit
	run "house rules" sh tools/check.sh
fi

run "pg_regress" regress "" "$whole"

parallel=debug_parallel_query
psql -XAtqc "SHOW $parallel" >/dev/null 2>&1 || parallel=force_parallel_mode
run "pg_regress, all in parallel workers" regress "-c $parallel=regress -c parallel_setup_cost=0
	-c parallel_tuple_cost=0 -c min_parallel_table_scan_size=0" "$whole"

# Not methodology: to_jsonb of a row has keys in freed memory then, PostgreSQL's own fault.
if psql -XAtqc 'SET debug_discard_caches = 1' >/dev/null 2>&1; then
	run "pg_regress, caches discarded" regress "-c debug_discard_caches=1" "install panel methodology_errors rank"
else
	skip "pg_regress, caches discarded" "the server is not built for it"
fi

if ls specs/*.spec >/dev/null 2>&1; then
	run "isolation" make -s installcheck REGRESS=
fi

if ! ls t/*.pl >/dev/null 2>&1; then
	:
elif perl "-I$(dirname "$("$PG_CONFIG" --pgxs)")/../test/perl" -MPostgreSQL::Test::Cluster -e 1 2>/dev/null; then
	run "TAP" make -s tap PROVE_FLAGS=--verbose
else
	skip "TAP" "the server comes without PostgreSQL::Test::Cluster"
fi

run "examples and documents" sh tools/docs.sh

if [ -z "$server_only" ]; then
	run "fuzzers" sh tools/fuzz.sh 60
fi

total
