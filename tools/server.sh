#!/bin/sh
# server.sh COMMAND [ARGUMENT ...]
#	Run a command beside a throw-away server that has the extension.
#
#	sh tools/server.sh psql
#	sh tools/server.sh make installcheck
#	PG_CONFIG=/opt/pg18/bin/pg_config sh tools/server.sh psql -f examples/tai.sql
#
# The source tree is copied to a temporary folder, built and installed there, and
# the command runs in that copy, with PGHOST and the like pointing to the server,
# PG_CONFIG to its pg_config and TEMP_CONFIG to the settings by which any other
# server of that installation finds the extension.  SERVER_CONF adds lines to
# postgresql.conf.  Nothing else is written, but for the files of a failed
# pg_regress, which are copied back to results/ and regression.diffs.
#
# The server listens on a socket in that folder only.  As root, it and the
# command run as an unprivileged user.  On exit, also by a signal, all is stopped
# and removed.

set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
want=${want:-build}
. "$top/tools/setup.sh"
bin=$("$PG_CONFIG" --bindir)

tmp=$(mktemp -d "${TMPDIR:-/tmp}/composite_indicator.XXXXXX")
[ ${#tmp} -lt 80 ] || { rmdir "$tmp"; tmp=$(mktemp -d /tmp/composite_indicator.XXXXXX); }
chmod 755 "$tmp"
child=

# A server does not run as root.
as=
user=
if [ "$(id -u)" = 0 ]; then
	user=postgres
	id postgres >/dev/null 2>&1 || user=nobody
	as="setpriv --reuid $user --regid $(id -gn $user) --init-groups --"
fi

# Stop every server under the temporary folder, those of TAP tests included.
clean_up() {
	rc=$?
	trap - EXIT
	trap '' INT TERM HUP
	if [ -n "$child" ]; then
		kill -TERM "-$child" 2>/dev/null || kill -TERM "$child" 2>/dev/null || :
		wait "$child" 2>/dev/null || :
	fi
	for pid in $(find "$tmp" -name postmaster.pid 2>/dev/null); do
		$as "$bin/pg_ctl" -D "${pid%/*}" -m immediate -w stop >/dev/null 2>&1 || :
	done
	if [ $rc != 0 ]; then
		if grep -qE 'PANIC|TRAP|terminated by signal' "$tmp/run/log" 2>/dev/null; then
			echo "-- server log"
			grep -E -B 2 -A 8 'PANIC|TRAP|terminated by signal' "$tmp/run/log" | tail -n 60
		fi >&2
		if [ -e "$tmp/src/regression.diffs" ]; then
			mkdir -p "$top/results" 2>/dev/null &&
				cp -r "$tmp/src/results/." "$top/results/" &&
				cp "$tmp/src/regression.diffs" "$top/" || :
		fi 2>/dev/null
	fi
	rm -rf "$tmp"
	exit $rc
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# What the caller has set for other servers must not reach this one.
for v in $(env | sed -n 's/^\(PG[A-Z]*\)=.*/\1/p'); do unset "$v"; done
export HOME="$tmp" LC_ALL=C.UTF-8

# Build a copy: objects in the tree may be another version's.
mkdir "$tmp/src" "$tmp/run"
tar -C "$top" --exclude-vcs --exclude='*.o' --exclude='*.so' --exclude='*.bc' --exclude='./results' \
	--exclude='./regression.*' --exclude='./tmp_check' --exclude='./test/unit' --exclude='./composite_indicator--*.sql' -cf - . |
	tar -C "$tmp/src" --no-same-owner -xf -
cd "$tmp/src"
# Without an expected file a test fails, and would stop those after it.
for t in sql/*.sql; do
	t=$(basename "$t" .sql)
	[ ! -e "sql/$t.sql" ] || [ -e "expected/$t.out" ] || : >"expected/$t.out"
done
jobs=$(nproc 2>/dev/null || echo 1)
make -s -j"$jobs" with_llvm=no </dev/null >"$tmp/make.log" 2>&1 || { cat "$tmp/make.log" >&2; exit 1; }
grep -i warning "$tmp/make.log" >&2 || :

# Debian's servers before 18 look for extensions in extension_destdir, every
# server from 18 on in extension_control_path.  What knows neither is a private
# build: its own prefix is the place.
guc=$("$bin/postgres" --describe-config </dev/null |
	sed -n 's/^\(extension_destdir\|extension_control_path\)	.*/\1/p' | head -n 1)
dest=
[ -z "$guc" ] || dest=$tmp/dest
make -s with_llvm=no DESTDIR="$dest" install </dev/null >"$tmp/make.log" 2>&1 || { cat "$tmp/make.log" >&2; exit 1; }
{
	[ -z "$dest" ] || echo "dynamic_library_path = '$dest$("$PG_CONFIG" --pkglibdir):\$libdir'"
	case $guc in
		extension_destdir) echo "extension_destdir = '$dest'" ;;
		extension_control_path) echo "extension_control_path = '$dest$("$PG_CONFIG" --sharedir):\$system'" ;;
	esac
} >"$tmp/extension.conf"
[ -z "$user" ] || chown -R "$user" "$tmp"

$as "$bin/initdb" -D "$tmp/run/data" -A trust -U postgres --no-sync --locale=C.UTF-8 -E UTF8 >/dev/null </dev/null
cat >>"$tmp/run/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$tmp/run'
fsync = off
include '$tmp/extension.conf'
${SERVER_CONF:-}
END
$as "$bin/pg_ctl" -D "$tmp/run/data" -w -l "$tmp/run/log" start >/dev/null </dev/null || {
	cat "$tmp/run/log" >&2
	exit 1
}

export PATH="$bin:$PATH" PGHOST="$tmp/run" PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
export TEMP_CONFIG="$tmp/extension.conf" TMPDIR="$tmp"

# In the background, so that a signal is obeyed at once; in a session of its own,
# so that what it started ends with it.
if [ -t 0 ]; then
	exec $as "$@" <&0 &
else
	exec $as setsid "$@" <&0 &
fi
child=$!
rc=0
wait "$child" || rc=$?
child=
exit $rc
