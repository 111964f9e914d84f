#!/bin/sh
# setup.sh
#	Find a PostgreSQL server to build and test with, and install what is missing.
#
# Sourced by server.sh with want=build and by test.sh with want=test; run by hand,
# it sets up everything for the tests and prints the pg_config it chose.
#
# PG_CONFIG=… is used as it is.  Otherwise the newest server under
# /usr/lib/postgresql, a pg_config on PATH that has a server, or the one that
# Debian's package "postgresql" stands for.  As root with apt, missing packages
# are installed; for anybody else they are named.  Sets and exports PG_CONFIG.

want=${want:-test}

has() { command -v "$1" >/dev/null 2>&1; }
is_server() { [ -x "$1" ] && [ -x "$("$1" --bindir)/postgres" ]; }

# Print the pg_config of an installed server, if there is one.
find_server() {
	for c in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -nr); do
		[ -x "$c/postgres" ] && { echo "$c/pg_config"; return; }
	done
	c=$(command -v pg_config) && is_server "$c" && echo "$c"
	return 0
}

# Print a package that the tests do without where no repository has it.
optional() {
	if [ -n "${guess:-}" ] || { has apt-cache && apt-cache show "$1" >/dev/null 2>&1; }; then echo "$1"; fi
}

# Print the package of a server's header files: those of the installed server's own
# minor version where a repository still has them, else of the newest one of both.
development() {
	version=$(dpkg-query -W -f '${Version}' "postgresql-$1" 2>/dev/null || :)
	if [ -n "$version" ] && apt-cache madison "postgresql-server-dev-$1" | grep -qF "| $version |"; then
		echo "postgresql-server-dev-$1=$version"
	else
		echo "postgresql-$1" "postgresql-server-dev-$1"
	fi
}

# Does the linker find this function by these options?
links() { echo "int $1(void); int main(void) { return $1(); }" | cc -xc -o /dev/null - $2 2>/dev/null; }

# Print the packages that are missing, given the major version of a Debian
# server, or "" where PG_CONFIG names some other one.
missing() {
	has gcc || has cc || echo gcc libc6-dev
	has make || echo make
	if [ -n "$1" ]; then
		[ -x "/usr/lib/postgresql/$1/bin/postgres" ] || echo "postgresql-$1"
		[ -e "/usr/include/postgresql/$1/server/postgres.h" ] || development "$1"
	fi
	[ "$want" = test ] || return 0
	[ -z "$1" ] || [ -e "/usr/lib/postgresql/$1/lib/pg_cron.so" ] || optional "postgresql-$1-cron"
	links dsyev_ -llapack || optional liblapack-dev
	links Clp_newModel -lClp || optional coinor-libclp-dev
	perl -MTest::More -e 1 2>/dev/null || echo perl
	perl -MIPC::Run -e 1 2>/dev/null || echo libipc-run-perl
	[ -z "${server_only:-}" ] || return 0
	has pg_bsd_indent || optional pg-bsd-indent
	echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return !d && n; }' |
		clang -fsanitize=fuzzer,address -xc -o /dev/null - 2>/dev/null ||
		{ optional clang; optional libclang-rt-dev; }
	return 0
}

# Install packages.  A server that comes in by this makes no cluster of its own.
install_packages() (
	dropin=/etc/postgresql-common/createcluster.d/composite_indicator.conf
	log=$(mktemp)
	made=
	[ -d "${dropin%/*}" ] || made=yes
	trap 'rm -f "$dropin" "$log"; [ -z "$made" ] || rmdir "${dropin%/*}" 2>/dev/null' EXIT
	trap 'exit 1' INT TERM HUP
	mkdir -p "${dropin%/*}"
	echo "create_main_cluster = false" >"$dropin"
	DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq \
		--no-install-recommends "$@" </dev/null >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 1; }
)

# The major version of Debian's own package of PostgreSQL.
debian_major() {
	apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9]*\)$/\1/p' | head -n 1
}

set_up() {
	PG_CONFIG=${PG_CONFIG:-$(find_server)}
	major=
	case $PG_CONFIG in
		/usr/lib/postgresql/*/bin/pg_config)
			major=${PG_CONFIG#/usr/lib/postgresql/}
			major=${major%%/*} ;;
		'')
			major=$(debian_major)
			if [ -z "$major" ] && [ "$(id -u)" = 0 ] && has apt-get; then
				apt-get update -qq </dev/null
				major=$(debian_major)
			fi
			if [ -z "$major" ]; then
				echo "No PostgreSQL server found: set PG_CONFIG, or on Debian, as root:" >&2
				echo "apt-get update && apt-get install gcc make postgresql postgresql-server-dev-all" >&2
				return 1
			fi
			PG_CONFIG=/usr/lib/postgresql/$major/bin/pg_config ;;
	esac

	packages=$(missing "$major" | xargs)
	if [ "$(id -u)" = 0 ] && has apt-get && [ -n "$(guess=yes missing "$major")" ]; then
		apt-get update -qq </dev/null
		packages=$(missing "$major" | xargs)
		[ -z "$packages" ] || echo "Installing: $packages" >&2
		[ -z "$packages" ] || install_packages $packages || return 1
	elif [ -n "$packages" ]; then
		echo "Missing: $packages.  Install them first, as root: apt-get install $packages" >&2
		return 1
	fi
	is_server "$PG_CONFIG" || { echo "PG_CONFIG=$PG_CONFIG has no server." >&2; return 1; }
	for file in "$("$PG_CONFIG" --pgxs)" "$("$PG_CONFIG" --includedir-server)/postgres.h"; do
		[ -e "$file" ] || { echo "$file is missing: install the server's development files." >&2; return 1; }
	done
	export PG_CONFIG
}

set_up || exit 1
case $0 in *setup.sh) echo "$PG_CONFIG" ;; esac
