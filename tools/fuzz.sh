#!/bin/sh
# fuzz.sh [--keep] SECONDS [TARGET ...]
#	Run the fuzzers, test/fuzz_*.c, for so many seconds in all; prints TAP.
#
# A target is built by clang with libFuzzer, ASan, UBSan and assertions.  It is
# linked with what it uses of src/, test/fuzz_server.c, which stands
# in for the server, and the server's own static libraries.  What is then still
# unresolved it does not reach, or it crashes there.
#
# Inputs are tried from test/corpus/TARGET, words from test/corpus/TARGET.dict;
# --keep adds to the corpus what reaches code that nothing there does.  A crash, a
# hang of 10 s, or more than 256 MB allocated fails; the input is printed in base64.

set -eu
cd "$(dirname "$0")/.."
keep=
[ "$1" != --keep ] || { keep=yes; shift; }
seconds=$1
shift
pg_config=${PG_CONFIG:-pg_config}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/composite_indicator.XXXXXX")
child=
clean_up() {
	trap - EXIT
	trap '' INT TERM HUP
	[ -z "$child" ] || { kill "$child" 2>/dev/null && wait "$child" 2>/dev/null || :; }
	rm -rf "$tmp"
	exit "$1"
}
trap 'clean_up $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ $# = 0 ]; then
	for file in test/fuzz_*.c; do
		[ ! -e "$file" ] || [ "$file" = test/fuzz_server.c ] || set -- "$@" "$(basename "$file" .c)"
	done
fi
[ $# -gt 0 ] || { echo "1..0"; exit 0; }
echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return !d && n; }' |
	clang -fsanitize=fuzzer,address -xc -o "$tmp/try" - 2>/dev/null ||
	{ echo "skipped: no clang with libFuzzer"; exit 77; }

each=$((seconds / $#))
[ $each -gt 0 ] || each=1
number=0
failed=0
flags="-std=gnu99 -g -O1 -ffp-contract=off -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
	-DUSE_ASSERT_CHECKING -DCI_VERSION=NULL -Wall -Wno-ignored-attributes -Isrc -Itest -I$("$pg_config" --includedir-server)"

# In the background, so that a signal is obeyed at once.
wait_for() {
	"$@" >"$tmp/log" 2>&1 &
	child=$!
	rc=0
	wait "$child" || rc=$?
	child=
	return $rc
}

compile() {
	mkdir "$tmp/objects"
	printf '%s\n' src/*.c src/*/*.c test/fuzz_server.c |
		xargs -P "$(nproc 2>/dev/null || echo 1)" -I '{}' \
			sh -c 'clang '"$(echo $flags)"' -c "$1" -o "$2/$(echo "$1" | tr / _).o"' sh '{}' "$tmp/objects" &&
		ar rc "$tmp/all.a" "$tmp"/objects/*.o
}

build() {
	# -z now: with lazy binding, an unresolved symbol spoils the whole program
	clang $flags -o "$tmp/$1" "test/$1.c" "$tmp/all.a" \
		"-L$("$pg_config" --libdir)" "-L$("$pg_config" --pkglibdir)" -lpgcommon -lpgport -lm \
		-Wl,--unresolved-symbols=ignore-all -Wl,-z,now
}

fuzz() {
	mkdir -p "$tmp/$1.found"
	set -- "$1" "$tmp/$1.found"
	[ ! -d "test/corpus/$1" ] || set -- "$@" "test/corpus/$1"
	target=$1
	shift
	[ ! -e "test/corpus/$target.dict" ] || set -- "-dict=test/corpus/$target.dict" "$@"
	exec "$tmp/$target" -max_total_time="$each" -timeout=10 -malloc_limit_mb=300 -rss_limit_mb=2048 \
		-max_len=4096 -print_final_stats=1 -artifact_prefix="$tmp/" "$@"
}

wait_for compile || {
	tail -n 40 "$tmp/log" | sed 's/^/# /'
	echo "not ok 1 - the sources compile with clang"
	echo "1..1"
	exit 1
}
for target in "$@"; do
	number=$((number + 1))
	if wait_for build "$target" && wait_for fuzz "$target"; then
		echo "ok $number - $target, $(sed -n 's/^stat::number_of_executed_units: *//p' "$tmp/log") inputs"
		if [ -n "$keep" ]; then
			mkdir -p "test/corpus/$target"
			"$tmp/$target" -merge=1 -use_counters=0 "test/corpus/$target" "$tmp/$target.found" 2>/dev/null
		fi
	else
		echo "not ok $number - $target"
		tail -n 80 "$tmp/log" | sed 's/^/# /'
		failed=1
	fi
done
echo "1..$number"
exit $failed
