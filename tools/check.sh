#!/bin/sh
# check.sh
#	The house rules that a program can check; prints TAP.
#
# A rule is a function that prints what breaks it.

set -u
cd "$(dirname "$0")/.." || exit
number=0
failed=0

# Print the files of a list that are not there.
absent() {
	for f in "$@"; do [ -e "$f" ] || echo "$f is missing"; done
}

version_tests() {
	grep -rnE 'PG_VERSION_NUM|pg_attribute_noreturn' src | grep -v '^src/base/compat\.h:'
}

kernel_headers() {
	grep -rnE '#include *[<"](postgres|c\.h|fmgr|utils/|common/|lib/|nodes/|access/|catalog/|port)' src/method
}

kernel_memory() {
	grep -rnE '\b[a-z_]*alloc(0|a|_array|_object)? *\(' src/method
	for f in src/method/*.c; do
		${CC:-cc} -std=c99 -Isrc -Wvla -fsyntax-only "$f" 2>&1 | grep -e -Wvla
	done
}

error_codes() {
	awk 'FNR == 1 { open = 0 }
		/ereport\((ERROR|FATAL)/ { call = ""; at = FILENAME ":" FNR; open = 1 }
		open { call = call $0 }
		open && /;[ \t]*$/ { if (call !~ /errcode/) print at; open = 0 }' $(find src -name '*.[ch]')
}

machine_flags() {
	grep -rInE 'march=|ffast-math|fassociative|ffp-contract=(fast|on)' Makefile src
}

tests_listed() {
	listed=" $(make -s print-regress) "
	for f in sql/*.sql; do
		t=$(basename "$f" .sql)
		case $listed in *" $t "*) ;; *) echo "$f is not in REGRESS" ;; esac
	done
	for t in $listed; do absent "sql/$t.sql" "expected/$t.out"; done
	for f in specs/*.spec; do [ ! -e "$f" ] || absent "expected/$(basename "$f" .spec).out"; done
	for f in expected/*.out; do
		t=$(basename "$f" .out)
		[ -e "sql/$t.sql" ] || [ -e "specs/$t.spec" ] || echo "$f belongs to no test"
	done
}

stage_words() {
	for f in sql/install/[1-9]*.sql; do
		word=$(basename "$f" .sql | sed 's/^[0-9]*_//')
		! grep -q MODULE_PATHNAME "$f" || ls -d "src/$word" "src/$word.c" "src/"*"/$word.c" 2>/dev/null | grep -q . || echo "no source is called $word"
		absent "sql/$word.sql" "docs/$word.md"
	done
}

map() {
	for f in $(cd src && find . -name '*.c' | sed 's,^\./,,'); do
		grep -qE "(^|[^a-z_/])${f#method/}" src/README.md || echo "$f"
	done
}

replacements() {
	grep -nwi 'OR REPLACE' sql/install/*.sql
}

symbols() {
	sed -n "s/.*'MODULE_PATHNAME', *'\([a-z0-9_]*\)'.*/\1/p" sql/install/*.sql | sort -u |
		while read -r f; do grep -qr "PG_FUNCTION_INFO_V1($f)" src || echo "$f is in no source"; done
	scripts=$(find sql/install sql/released sql/upgrade -name '*.sql')
	sed -n 's/^PG_FUNCTION_INFO_V1(\(.*\));.*/\1/p' $(find src -name '*.c') |
		while read -r f; do grep -q "'$f'" $scripts || echo "$f is in no script"; done
}

links() {
	for f in README.md CHANGELOG.md docs/*.md src/README.md; do
		grep -oE '\]\([^)]+\)' "$f" | sed 's/^](//; s/)$//' | grep -vE '^[a-z]+:' | while read -r link; do
			to=$f
			[ -z "${link%%#*}" ] || to=$(dirname "$f")/${link%%#*}
			[ -e "$to" ] || { echo "$f: $link"; continue; }
			case $link in
				*'#'*)
					grep -E '^#+ ' "$to" | sed 's/^#* *//' | tr '[:upper:]' '[:lower:]' |
						sed 's/[^[:alnum:] _-]//g; s/ /-/g' | grep -qxF "${link#*#}" || echo "$f: $link" ;;
			esac
		done
	done
}

# Print a kernel file's methods: the first word of each row of its tables.
methods_of() {
	awk '/^};/ { inside = 0 }
		inside && /^\t(\{"|[A-Z]+\("?)/ { sub(/^\t(\{|[A-Z]+\()"?/, ""); sub(/[^a-z_0-9-].*/, ""); print }
		/^const Ci[A-Za-z]*Method ci_[a-z]*_methods\[\] = \{/ { inside = 1 }' "$1"
}

methods_documented() {
	for file in $(grep -lE '^const Ci[A-Za-z]*Method ci_[a-z]*_methods\[\] = ' src/method/*.c); do
		family=$(basename "$file" .c)
		of=$family
		page=$family
		case $family in
			rank) of=ties ;;
			weigh) of=ci.weigh ;;
			simulate) of=weights ;;
			balance) of=aggregate page=aggregate ;;
			outrank | mcda | bod) of=aggregate ;;
		esac
		methods=$(methods_of "$file")
		[ -n "$methods" ] || echo "$file: no methods found"
		for m in $methods; do
			grep -q "^| \`$m\` | \`$of\`.* | \[$page\]($page\.md) |" docs/README.md || echo "docs/README.md: $m of $of"
			grep -qE "\`$m\`|\"$m\"" "docs/$page.md" || echo "docs/$page.md: $m"
		done
	done
}

# Functions behind aggregates, types, operators, ledgers, simulations and plans are not for users.
functions_documented() {
	sed -nE 's/^CREATE (FUNCTION|PROCEDURE|AGGREGATE|TYPE|DOMAIN) ci\.([a-z_]+).*/\2/p' sql/install/*.sql | sort -u |
		grep -vE '_(add(_[a-z]+)?|combine|final|in|out|recv|send|eq|ne|lt|le|gt|ge|cmp|hash(_extended)?|support)$|^(collect|ledger|relation)_|^simulation_(part|refuse|tables|views|create)$|^highlight_sentence$' |
		while read -r f; do
			pages=$(sed -nE "s/^\|.*\`ci\.$f(\([^\`]*\))?\`.*\|.*\| (\[.*\]\(.*\)) \|$/\2/p" docs/README.md |
				grep -oE '\([a-z]+\.md\)' | tr -d '()' | sort -u)
			[ -n "$pages" ] || { echo "docs/README.md: ci.$f"; continue; }
			(cd docs && grep -qE "(ci\.|\`)$f\>" $pages) || echo "no page of docs/ has ci.$f"
		done
}

versions() {
	v=$(sed -n 's/^EXTVERSION *= *//p' Makefile)
	grep -q "^default_version = '$v'" composite_indicator.control || echo "composite_indicator.control is not $v"
	[ "$(grep -c "\"version\": \"$v\"" META.json)" = 2 ] || echo "META.json is not $v"
	grep -q "^## $v" CHANGELOG.md || echo "CHANGELOG.md has no $v"
}

places() {
	grep -rInE '/(home|root|work|Users)/' . --exclude-dir=.git --exclude-dir=tmp_check --exclude-dir=results
}

blanks() {
	find Makefile composite_indicator.control src tools sql test t $(ls -d specs 2>/dev/null) \
		-name '*.[ch]' -o -name '*.sh' -o -name '*.sql' -o -name '*.p[lm]' -o -name '*.spec' -o -name Makefile |
		xargs grep -nE '[ 	]+$'
}

shell_syntax() {
	for f in tools/*.sh .ci/run; do sh -n "$f"; done
}

formatting() {
	sh tools/indent.sh --check
}

rule() {
	number=$((number + 1))
	found=$($1 2>&1)
	if [ -z "$found" ]; then
		echo "ok $number - $2"
	elif [ "${found#skipped: }" != "$found" ]; then
		echo "ok $number - $2 # SKIP ${found#skipped: }"
	else
		echo "not ok $number - $2"
		echo "$found" | sed 's/^/#   /'
		failed=1
	fi
}

rule version_tests "only compat.h looks at the version of PostgreSQL"
rule kernel_headers "the kernel includes no header of PostgreSQL"
rule kernel_memory "the kernel allocates nothing"
rule error_codes "every error has an errcode"
rule machine_flags "no flag makes results depend on the machine"
rule tests_listed "every test is run, and has one expected output"
rule stage_words "a stage's word names its source, fragment, test and page"
rule map "src/README.md names every source"
rule replacements "install scripts replace nothing"
rule symbols "scripts and sources name the same functions"
rule links "every local link leads somewhere"
rule methods_documented "docs/README.md and a page name every method"
rule functions_documented "docs/README.md and a page name every function and type"
rule versions "one version everywhere"
rule places "no file names a place on one machine"
rule blanks "no blanks at the ends of lines"
rule shell_syntax "the shell scripts parse"
rule formatting "the sources are formatted (tools/indent.sh)"
echo "1..$number"
exit $failed
