#!/bin/sh
# bench.sh [UNITS]
#	Measure the speed and memory of the main job against plain SQL, and print
#	ratios.
#
# UNITS (100000) scales the tables of data.sql.  Everything is measured in one
# run on one throw-away server, five rounds through all queries in turn, each in
# a session of its own; medians are compared.  A time is the execution time that
# EXPLAIN (ANALYZE, TIMING OFF) reports: all rows are made, none are sent.  The ratio
# in brackets is that of processor times, which a busy machine disturbs less.  What
# is measured, and figures, are in README.md.

set -eu
cd "$(dirname "$0")/.."
units=${1:-100000}
rounds=5

if [ -z "${CI_BENCH_INSIDE:-}" ]; then
	memory_mb=$(($(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo) / 1024))
	export CI_BENCH_INSIDE=yes
	export SERVER_CONF="shared_buffers = $((memory_mb / 4))MB
work_mem = 256MB
maintenance_work_mem = 512MB
max_wal_size = 8GB
checkpoint_timeout = 1h
autovacuum = off
jit = off
synchronous_commit = off
max_parallel_workers_per_gather = 0"
	exec sh tools/server.sh sh bench/bench.sh "$units"
fi

tmp=$(mktemp -d "${TMPDIR:-/tmp}/composite_indicator.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
sql() { psql -XAtq -v ON_ERROR_STOP=1 "$@"; }

# Measure a query; the settings are those of its session.
measure() {
	PGOPTIONS=${3:-} sql -c "SELECT pg_read_file('/proc/self/schedstat')" \
		-c "EXPLAIN (ANALYZE, TIMING OFF) $(cat "bench/$1.sql")" \
		-c "SELECT pg_read_file('/proc/self/schedstat')" >"$tmp/plan"
	sed -n 's/^Execution Time: \([0-9.]*\) ms$/\1/p' "$tmp/plan" >>"$tmp/${2:-$1}.elapsed"
	awk '/^[0-9]+ [0-9]+ [0-9]+$/ { if (!first) first = $1; last = $1 }
		END { print (last - first) / 1e6 }' "$tmp/plan" >>"$tmp/${2:-$1}.processor"
}

median() { sort -n "$tmp/$1" | sed -n "$(((rounds + 1) / 2))p"; }

# report TITLE A B [GOAL]: medians of both, and A / B.  Of parallel queries the
# processor time is not known.
report() {
	awk -v title="$1" -v a="$(median "$2.elapsed")" -v b="$(median "$3.elapsed")" \
		-v p="$(median "$2.processor")" -v q="$(median "$3.processor")" \
		-v known="${3##*parallel}" -v goal="${4:-}" 'BEGIN {
		printf "%-55s %7.2f s / %6.2f s = %5.2f%s%s\n", title, a / 1000, b / 1000, a / b,
			known == "" ? "" : sprintf(" (%.2f)", p / q), goal == "" ? "" : "   goal: " goal }'
}

# growth TITLE SMALL LARGE TIMES: how much more time a row takes in a table that is
# so many times as large, for each tenfold.
growth() {
	awk -v title="$1" -v times="$4" -v a="$(median "$2.elapsed")" -v b="$(median "$3.elapsed")" \
		-v p="$(median "$2.processor")" -v q="$(median "$3.processor")" '
		function tenfold(x, y) { return (y / x / times) ^ (log(10) / log(times)) }
		BEGIN { printf "%-55s %7.2f s / %6.2f s = %5.2f (%.2f)   goal: at most 1.15\n",
			title, b / 1000, a / 1000, tenfold(a, b), tenfold(p, q) }'
}

# The most anonymous memory, in kB, that a backend has while it runs a query.
anonymous_of() {
	PGAPPNAME=bench_memory sql -c "$1" >/dev/null &
	client=$!
	pid=
	while [ -z "$pid" ]; do
		pid=$(sql -c "SELECT pid FROM pg_stat_activity WHERE application_name = 'bench_memory'")
	done
	most=0
	while now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
		[ "$now" -le "$most" ] || most=$now
		sleep 0.02
	done
	wait "$client"
	echo "$most"
}

memory() {
	base=$(anonymous_of "SELECT count(*) FROM method, ci.components(method); SELECT pg_sleep(1)")
	peak=$(anonymous_of "SELECT count(*) FROM ($(cat "bench/$1.sql")) AS q")
	awk -v title="$2" -v goal="${3:-}" -v k=$((peak - base)) -v cells=$((units * 100)) 'BEGIN {
		printf "%-55s %6.0f MB / %5.0f MB = %5.2f%s\n",
			title, k / 1024, cells * 8 / 1048576, k * 1024 / (cells * 8), goal }'
}

# Are the ranking and the one in plain SQL the same?  Ours takes scores for ties that
# are the same to nine decimals.
compare() {
	sql -c "CREATE TEMP TABLE ours AS $(cat bench/rank.sql)" \
		-c "CREATE TEMP TABLE theirs AS $(cat "bench/$1.sql")" \
		-c "SELECT format('$1: %s units, scores differ by%s at most, %s ranks differ', count(*),
				to_char(max(abs(o.score - t.score)), '9.9EEEE'), count(*) FILTER (WHERE o.rank IS DISTINCT FROM t.rank))
			FROM ours AS o FULL JOIN (
				SELECT period, unit, score,
					rank() OVER (PARTITION BY period ORDER BY round(score::numeric, 9) DESC) AS rank
				FROM theirs) AS t USING (period, unit)"
}

workers() {
	printf '%s' "-c max_parallel_workers_per_gather=$1 -c parallel_setup_cost=0 -c parallel_tuple_cost=0 -c min_parallel_table_scan_size=0"
}

echo "$(sql -c 'SHOW server_version'), $(nproc) cores, $((units * 100)) cells, $rounds rounds"
sql -c "SELECT format('  %s = %s', name, current_setting(name)) FROM pg_settings
	WHERE source = 'configuration file' AND name ~ 'fsync|commit|mem|buffers|jit|autovacuum|gather|max_wal_size|checkpoint'"
sql -v units="$units" -f bench/data.sql
for table in tenth long fivefold wide; do
	sql -c "SELECT format('$table: %s rows, %s', reltuples::bigint, pg_size_pretty(pg_table_size(oid))) FROM pg_class WHERE relname = '$table'"
done
for way in plain plain_flat; do compare $way; done

for round in $(seq $rounds); do
	for query in rank avg sum panel plain plain_flat rank_shuffled avg_shuffled rank_tenth sum_fivefold \
		rank_wide plain_wide score weighted_sum; do
		measure $query
	done
	measure rank_fivefold rank_fivefold "-c work_mem=1GB"
	for query in rank plain plain_flat; do measure $query ${query}_jit "-c jit=on"; done
	measure rank rank_parallel "$(workers 2)"
	measure avg avg_parallel "$(workers 2)"
	sql -f bench/many.sql >>"$tmp/many"
	printf '.' >&2
done
echo >&2

report "a  ranking / average by unit and period" rank avg "at most 0.8"
report "   the panel of it alone / the same" panel avg
report "   ranking / average, rows in no order" rank_shuffled avg_shuffled
report "b  plain SQL / ranking" plain rank "at least 8"
report "   the same, both with jit" plain_jit rank_jit "at least 4"
report "   plain SQL if nothing may be missing / ranking" plain_flat rank "at least 4"
report "   the same, both with jit" plain_flat_jit rank_jit "at least 4"
report "c  ranking / sum and count" rank sum "at most 2.5"
memory rank "d  peak memory of the ranking / cells" "   goal: under 4"
memory plain "   peak memory of plain SQL / cells"
report "e  ranking on one core / with two workers" rank rank_parallel "at least 1.5"
report "   average on one core / with two workers" avg avg_parallel
report "f  plain SQL / ranking, wide table" plain_wide rank_wide "at least 4"
report "g  ci.score row by row / sum written out" score weighted_sum "at most 1.5"
growth "h  ranking of the long table / of a tenth, by row" rank_tenth rank 10
growth "   ranking of five times the long table / of it" rank rank_fivefold 5
growth "   sum and count of the same" sum sum_fivefold 5
sort -t'|' -k1n "$tmp/many" | sed -n "$(((rounds + 1) / 2))p" |
	awk -F'|' '{ printf "i  %s rankings of 50 x 20 per second; memory grown by %s kB after 10 000   goal: 5000, none\n", $1, $2 }'
