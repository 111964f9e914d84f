#!/bin/sh
# test.sh [-s] [MAJOR ...]
#	Set up what is missing and run all tests; the last line is "N passed, N failed".
#
# PG_CONFIG=… tests against another server.  With MAJORs, 17 and 18 say, the suite
# runs in Debian roots of those versions too (roots.sh).  With -s only what
# depends on the server: no unit tests, house rules and fuzzers.
#
# As root on Debian, packages are installed; beyond that nothing is written
# outside this tree and a temporary folder.

set -u
cd "$(dirname "$0")/.." || exit
server_only=
[ "${1:-}" != -s ] || { server_only=-s; shift; }
want=test
. tools/setup.sh
. tools/count.sh

run "$("$PG_CONFIG" --version)" sh tools/server.sh sh tools/suite.sh $server_only
for major in "$@"; do
	run "PostgreSQL $major in a Debian root" sh tools/roots.sh "$major" sh tools/test.sh -s
done
total
