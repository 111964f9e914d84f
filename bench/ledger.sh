#!/bin/sh
# ledger.sh [UNITS]
#	Measure what it costs to read and to verify a ledger of 50 editions.
#
# UNITS (10000) are in each edition, with four indicators.  A figure is processor
# time of the server, in ms, as a busy machine disturbs it less: the median of five
# executions in one session, after one that does not count.  First with planning and
# all rows made, by EXPLAIN (ANALYZE, TIMING OFF); then with all rows sent to psql.

set -eu
cd "$(dirname "$0")/.."
units=${1:-10000}

if [ -z "${CI_BENCH_INSIDE:-}" ]; then
	export CI_BENCH_INSIDE=yes
	export SERVER_CONF="shared_buffers = 1GB
work_mem = 64MB
max_wal_size = 8GB
autovacuum = off
jit = off
max_parallel_workers_per_gather = 0"
	exec sh tools/server.sh sh bench/ledger.sh "$units"
fi

tmp=$(mktemp -d "${TMPDIR:-/tmp}/composite_indicator.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
sql() { psql -XAtq -v ON_ERROR_STOP=1 "$@"; }

# processor STATEMENT [SETTINGS]
processor() {
	{
		echo "${2:-}"
		for round in 0 1 2 3 4 5; do
			echo "SELECT pg_read_file('/proc/self/schedstat');"
			printf '\\o /dev/null\n%s;\n\\o\n' "$1"
		done
		echo "SELECT pg_read_file('/proc/self/schedstat');"
	} | sql >"$tmp/read"
	awk 'NF == 3 { if (n++ > 1) print ($1 - last) / 1e6; last = $1 }' "$tmp/read" | sort -n | sed -n 3p
}

# measure NAME QUERY [SETTINGS]: sets $made and $sent
measure() {
	made=$(processor "EXPLAIN (ANALYZE, TIMING OFF) $2" "${3:-}")
	sent=$(processor "$2" "${3:-}")
	printf '%-50s %9.2f ms %9.2f ms\n' "$1" "$made" "$sent"
}

ratio() {
	awk -v title="$1" -v a="$made" -v b="$2" -v c="$sent" -v d="$3" 'BEGIN {
		printf "%-50s %9.2f    %9.2f    goal: at most 2\n", title, a / b, c / d }'
}

echo "$(sql -c 'SHOW server_version'), $(nproc) cores, 50 editions x $units units"
sql -v units="$units" -f bench/ledger.sql
sql -c "SELECT format('city_standing: %s rows, %s, indexes %s', reltuples::bigint, pg_size_pretty(pg_table_size(oid)), pg_size_pretty(pg_indexes_size(oid)))
	FROM pg_class WHERE relname = 'city_standing'"
printf '%-50s %12s %12s\n' '' 'rows made' 'rows sent'

measure "history of one unit" "SELECT * FROM city_history WHERE unit = 'unit 77'"
measure "latest of one unit" "SELECT * FROM city_latest WHERE unit = 'unit 77'"

columns='edition, period, unit, component, score, rank, n_ranked, coverage, imputed_share, status'
index='SET enable_seqscan = off; SET enable_bitmapscan = off;'
measure "index scan of the two newest editions" \
	"SELECT $columns FROM city_standing WHERE edition IN ('edition 49', 'edition 50') AND depth = 0" "$index"
two=$made two_sent=$sent
measure "index scan of the newest edition" \
	"SELECT $columns FROM city_standing WHERE edition = 'edition 50' AND depth = 0" "$index"
one=$made one_sent=$sent
measure "latest standing of all units" "SELECT $columns FROM city_latest"
ratio "  against the newest edition" "$one" "$one_sent"
ratio "  against the two that it reads" "$two" "$two_sent"
measure "the same with previous rank and movement" "SELECT $columns, previous_rank, rank_change, movement FROM city_latest"
measure "the same with best ranks and streaks" "SELECT * FROM city_latest"
measure "history of all units" "SELECT * FROM city_history"
measure "highlights of the newest edition" "SELECT * FROM ci.highlights('city', 'edition 50')"
measure "ci.verify of one edition" "SELECT * FROM ci.verify('city', 'edition 50')"
