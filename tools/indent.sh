#!/bin/sh
# indent.sh [--check]
#	Format the C sources as pgindent does, or show what it would change.
#
# Needs pg_bsd_indent.  Its options, and what is done to the text before and after,
# are those of PostgreSQL's pgindent; so is the need to be told all type names: our
# own are read from the sources, those of PostgreSQL are in typedefs.list.  Exit
# status 1 if --check found something, 77 without the formatter.

set -eu
cd "$(dirname "$0")/.."
command -v pg_bsd_indent >/dev/null || { echo "skipped: pg_bsd_indent is not installed"; exit 77; }
tmp=$(mktemp -d "${TMPDIR:-/tmp}/composite_indicator.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
sources=$(find src test -name '*.[ch]' | LC_ALL=C sort)

# Print the types that the sources define: "} Name;", "typedef … Name;" and
# "typedef … (*Name) (…".
own_types() {
	sed -n -E -e 's/^\} ([A-Za-z_0-9]+);.*/\1/p' -e '/^typedef/{
		s/^.*\(\*([A-Za-z_0-9]+)\).*/\1/p
		s/^.*[ *]([A-Za-z_0-9]+);.*/\1/p
		s/^typedef (struct|union|enum) ([A-Za-z_0-9]+)$/\2/p
	}' $sources
}

# Hide from the formatter what it does not know: dashed comments; compound literals
# on one line, which it takes for blocks; variables named as the type "text"; byte
# 200, which UTF-8 has and it uses for itself.
hide() {
	LC_ALL=C sed -E -e 's,/\* +---,/*---X_X,' \
		-e 's/(\([A-Z][A-Za-z_]*(\[\])?\)) ?\{(([^{}]|\{[^{}]*\})+)\}/\1 X_X(\3, X_X)/g' \
		-e ':a' -e 's/(X_X\([^{}]*)\{([^{}]*)\}/\1X_X(\2, X_X)/; ta' \
		-e 's/\btext\b/t_xt/g' -e 's/\bt_xt([ \t]+\*)/text\1/g' |
		LC_ALL=C tr '\200' '\001'
}

# Undo that, and what pgindent undoes.
reveal() {
	LC_ALL=C tr '\001' '\200' |
		LC_ALL=C sed -E -e 's,/\*---X_X,/* ---,' -e 's/X_X\(/{/g' -e 's/, X_X\)/}/g' -e 's/\bt_xt\b/text/g' \
			-e 's/,(\.[a-z_]+ = )/, \1/g' -e 's,\*/(/\*.*\*/)$,*/\t\1,' -e 's/^([A-Za-z_][^ \t]*)[ \t]+\*$/\1 */'
}

# Indent the second line of an initialiser, as versions from 2.1.2 on do themselves.
continue_initialisers() {
	LC_ALL=C awk '{
		match($0, /^\t*/)
		if (open && RLENGTH == tabs && $0 != "")
			$0 = "\t" $0
		else if (!open)
			tabs = RLENGTH
		if (/;/ || /^#/)
			open = 0
		else if (!open)
			open = /^\t+[A-Za-z_][A-Za-z_0-9 \t*\[\]]* =( |$)/ && /[^,{}*\/\\]$/
		print
	}'
}

indent_once() {
	hide <"$1" |
		pg_bsd_indent -bad -bap -bbb -bc -bl -cli1 -cp33 -cdb -nce -d0 -di12 -nfc1 -i4 -l79 \
			-lp -lpl -nip -npro -sac -tpg -ts4 -U"$tmp/typedefs" |
		reveal | continue_initialisers
}

{ own_types; grep -v '^#' tools/typedefs.list; } | LC_ALL=C sort -u >"$tmp/typedefs"
rc=0
for file in $sources; do
	# twice: what one pass joins or splits, the next may move once more
	indent_once "$file" >"$tmp/once"
	indent_once "$tmp/once" >"$tmp/twice"
	cmp -s "$file" "$tmp/twice" && continue
	if grep -F '/**INDENT**' "$tmp/twice"; then
		echo "$file: the formatter cannot follow this"
		rc=1
	elif [ "${1:-}" = --check ]; then
		diff -u --label "$file" --label "$file" "$file" "$tmp/twice" || rc=1
	else
		cat "$tmp/twice" >"$file"
		echo "$file"
	fi
done
exit $rc
