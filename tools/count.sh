# count.sh
#	Run tests and count them; sourced by suite.sh and test.sh.
#
# run TITLE COMMAND …    shows what the command prints, and counts its tests
# skip TITLE REASON      says that a part was left out
# total                  prints "N passed, N failed"; fails if anything did
#
# Tests are the lines of TAP or of pg_regress before 16, or what a last line
# "N passed, N failed" says.  A command that fails without a failed test counts
# as one.

passed=0
failed=0
counted=$(mktemp -d "${TMPDIR:-/tmp}/composite_indicator.XXXXXX")
child=
end_count() {
	trap - EXIT
	trap '' INT TERM HUP
	[ -z "$child" ] || { kill -TERM "$child" 2>/dev/null && wait "$child" 2>/dev/null; }
	rm -rf "$counted"
	exit "$1"
}
trap 'end_count $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

run() {
	echo
	echo "== $1"
	shift
	mkfifo "$counted/pipe"
	tee "$counted/log" <"$counted/pipe" &
	tee=$!
	# in the background, so that a signal is obeyed at once
	"$@" >"$counted/pipe" 2>&1 &
	child=$!
	rc=0
	wait "$child" || rc=$?
	child=
	wait "$tee"
	rm "$counted/pipe"
	[ $rc != 77 ] || return 0
	set -- $(awk '
		/^[0-9]+ passed, [0-9]+ failed$/ { last = NR; lp = $1; lf = $3 }
		/^not ok/ && !/# TODO/ { f++ }
		/^ok / && !/# (skip|SKIP)/ { p++ }
		/^(test| ) .*[.][.][.] ok/ { p++ }
		/^(test| ) .*[.][.][.] FAILED/ { f++ }
		END { if (last && last == NR) { p = lp; f = lf } print p + 0, f + 0 }' "$counted/log")
	if [ $rc != 0 ] && [ "$2" = 0 ]; then
		echo "exit status $rc"
		set -- "$1" 1
	fi
	passed=$((passed + $1))
	failed=$((failed + $2))
}

skip() {
	echo
	echo "== $1"
	echo "skipped: $2"
}

total() {
	echo
	echo "$passed passed, $failed failed"
	[ "$failed" = 0 ]
}
