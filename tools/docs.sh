#!/bin/sh
# docs.sh [FILE ...]
#	Run the examples and what the documents show, on the server of the environment.
#
# Each of examples/*.sql, and of README.md and docs/*.md with its ```sql blocks one
# after the other, is run by psql in a database of its own, up to the first error.
# An example that the server cannot run says so: "skipped: " and the reason.
# A ```text block that follows a ```sql block is what psql prints for that block;
# blanks at the ends of lines do not count.
#
# Prints TAP, with differences as a patch that makes the documents right:
#	sh tools/server.sh sh tools/docs.sh | patch -p0

set -u
cd "$(dirname "$0")/.." || exit
tmp=$(mktemp -d "${TMPDIR:-/tmp}/composite_indicator.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Walk over a document.  With mode=script, print its psql script, line by line what
# the document has, so that an error names the line in it; block N prints to out.N.
# With mode=fill, print the document with the outputs in its ```text blocks.
walk() {
	awk -v mode="$1" -v tmp="$tmp" '
		function say(line) { if (mode == "fill") print line }
		function sql(line) { if (mode == "script") print line }
		function fill(file, lead,   line, blank) {
			blank = ""
			while ((getline line <file) > 0) {
				sub(/[ \t]+$/, "", line)
				if (line == "") { blank = blank "\n"; continue }
				printf "%s", blank
				blank = ""
				say(lead line)
			}
			close(file)
		}
		/^ *```/ && block {
			if (block == "text")
				fill(out, lead)
			if (block != "sql")
				out = ""
			block = ""
			sql(""); say($0)
			next
		}
		/^ *```/ {
			lead = substr($0, 1, match($0, /`/) - 1)
			block = substr($0, length(lead) + 4)
			sub(/ *$/, "", block)
			if (block == "sql")
				out = sprintf("%s/out.%03d", tmp, ++n)
			else if (block != "text" || !out)
				block = "other"
			sql(block == "sql" ? "\\o " out : ""); say($0)
			next
		}
		block == "text" { sql(""); next }
		/^#/ && !block { out = "" }
		{ sql(block == "sql" ? substr($0, length(lead) + 1) : ""); say($0) }' "$2"
}

check() {
	createdb "docs_$number" || return
	case $1 in
		*.sql)
			psql -X -q -v ON_ERROR_STOP=1 -d "docs_$number" -f "$1" >"$tmp/shown" || return
			sed -n 's/^skipped: / # SKIP /p' "$tmp/shown"
			return ;;
	esac
	rm -f "$tmp"/out.*
	walk script "$1" >"$tmp/script.sql"
	psql -X -q -v ON_ERROR_STOP=1 -d "docs_$number" -f "$tmp/script.sql" >/dev/null || return
	walk fill "$1" >"$tmp/filled"
	diff -u -Z --label "$1" --label "$1" "$1" "$tmp/filled"
}

[ $# -gt 0 ] || set -- examples/*.sql README.md docs/*.md
number=0
failed=0
for file in "$@"; do
	[ -e "$file" ] || continue
	case $file in *.md) grep -q '^ *```sql *$' "$file" || continue ;; esac
	number=$((number + 1))
	if check "$file" >"$tmp/log" 2>&1; then
		echo "ok $number - $file$(grep '^ # SKIP' "$tmp/log")"
	else
		echo "not ok $number - $file"
		sed "s,$tmp/script.sql,$file,; s/^psql/# psql/" "$tmp/log"
		failed=1
	fi
	dropdb --if-exists "docs_$number" 2>/dev/null
done
echo "1..$number"
exit $failed
