#!/bin/sh
# demo.sh
#	From nothing to rankings: set up what is missing, build, and run the examples.
#
# Each example runs in a database of its own on a throw-away server (server.sh);
# when it has been shown, nothing of it is left.

set -eu
cd "$(dirname "$0")/.."
exec sh tools/server.sh sh -ec '
	for example in tai hdi ai_city ai_city_editions; do
		echo
		echo "=== examples/$example.sql"
		createdb "$example"
		psql -X -q -P pager=off -v ON_ERROR_STOP=1 -d "$example" -f "examples/$example.sql"
	done'
