#!/bin/sh
# roots.sh MAJOR COMMAND [ARGUMENT ...]
# roots.sh --fresh SUITE COMMAND [ARGUMENT ...]
#	Run a command on a copy of this tree inside a Debian root.
#
#	sh tools/roots.sh 18 sh tools/test.sh -s
#	sh tools/roots.sh --fresh trixie sh tools/demo.sh
#
# MAJOR is 15 (bookworm), 17 (trixie) or 18 (forky): the root has that server and
# what the tests need; it is made once, with mmdebstrap, in
# ${TMPDIR:-/tmp}/composite_indicator-roots, 0.6 GB each, and kept.  --fresh makes
# a bare root of a suite, without PostgreSQL, and removes it afterwards.
#
# Packages come from the mirror that this machine's apt uses.  The command has
# mounts and process ids of its own: nothing of it outlives it.  Needs root; exit
# status 77 where the machine does not allow it.

set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
cache=${TMPDIR:-/tmp}/composite_indicator-roots

not_here() {
	echo "skipped: $*"
	exit 77
}

fresh=
[ "$1" != --fresh ] || { fresh=yes; shift; }
major=$1 suite=$1
shift
if [ -z "$fresh" ]; then
	case $major in
		15) suite=bookworm ;;
		17) suite=trixie ;;
		18) suite=forky ;;
		*) not_here "no Debian suite is known for PostgreSQL $major" ;;
	esac
fi

[ "$(id -u)" = 0 ] || not_here "making a Debian root needs root"
unshare -m -p -f true 2>/dev/null || not_here "this machine does not allow private mounts"
command -v apt-get >/dev/null || not_here "no apt here"
if ! command -v mmdebstrap >/dev/null; then
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 \
		install -y -qq --no-install-recommends mmdebstrap; } </dev/null >/dev/null 2>&1 ||
		not_here "mmdebstrap cannot be installed"
fi
codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
	awk -v r="$codename" '$2 == r && $3 == "main" { print $1; exit }')
[ -n "$mirror" ] || not_here "apt has no Debian mirror"

child=
scratch=
clean_up() {
	rc=$?
	trap - EXIT
	trap '' INT TERM HUP
	# the first process of the root's process ids dies with its parent, the others with it
	[ -z "$child" ] || { kill -KILL "$child" 2>/dev/null || :; wait "$child" 2>/dev/null || :; }
	[ -z "$scratch" ] || rm -rf --one-file-system "$scratch" "$scratch.log" "$scratch.apt"
	exit $rc
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Make a root; the arguments are further ones of mmdebstrap.
make_root() {
	apt-config dump Acquire | grep -E '^Acquire::(Check-|Retries|ForceIP|[a-z]+::[Pp]roxy)' >"$scratch.apt" || :
	# a mirror may lag behind a testing suite's dates; its signatures are still checked
	echo 'Acquire::Check-Valid-Until "false";' >>"$scratch.apt"
	mmdebstrap --quiet --components=main --aptopt="$scratch.apt" \
		--customize-hook='cp -L /etc/resolv.conf /etc/hosts "$1/etc/"' \
		"$@" "$suite" "$scratch" "$mirror" </dev/null >"$scratch.log" 2>&1 &
	child=$!
	wait "$child" || { child=; tail -n 20 "$scratch.log"; not_here "mmdebstrap could not make a root of $suite"; }
	child=
}

mkdir -p "$cache"
[ "$(stat -c %u "$cache")" = 0 ] || not_here "$cache belongs to somebody else"
if [ -n "$fresh" ]; then
	scratch=$(mktemp -d "$cache/fresh.XXXXXX")
	root=$scratch
	make_root --variant=minbase
elif [ ! -d "$cache/$suite" ]; then
	scratch=$(mktemp -d "$cache/new.XXXXXX")
	# server-dev depends on a whole clang, for bitcode only: it is unpacked without
	make_root --variant=apt --aptopt='APT::Install-Recommends "false"' \
		--include="gcc,make,libc6-dev,liblapack-dev,coinor-libclp-dev,perl,libipc-run-perl,postgresql-$major" \
		--setup-hook='mkdir -p "$1/etc/postgresql-common/createcluster.d"' \
		--setup-hook='echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.d/none.conf"' \
		--customize-hook="chroot \"\$1\" sh -ec 'cd /tmp
			apt-get download -qq postgresql-server-dev-$major
			dpkg -x postgresql-server-dev-$major*.deb /
			rm -f *.deb'"
	chmod 755 "$scratch"
	mv -T "$scratch" "$cache/$suite" 2>/dev/null || [ -d "$cache/$suite" ]
fi
root=${root:-$cache/$suite}
chmod 755 "$root"

unshare -m -p -f --kill-child --mount-proc="$root/proc" -- sh -ec '
	root=$1 top=$2
	shift 2
	mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
	mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
	mkdir "$root/tmp/src"
	tar -C "$top" --exclude-vcs --exclude="*.o" --exclude="*.so" --exclude="*.bc" --exclude="./test/unit" -cf - . |
		tar -C "$root/tmp/src" --no-same-owner -xf -
	proxies=$(env | sed -n "s/^\([a-z]*_proxy=[^ ]*\)$/\1/p")
	exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 $proxies \
		sh -ec "cd /tmp/src; exec \"\$@\"" sh "$@"' sh "$root" "$top" "$@" </dev/null &
child=$!
rc=0
wait "$child" || rc=$?
child=
exit $rc
