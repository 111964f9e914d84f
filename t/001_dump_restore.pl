
# Panels and methodologies in a table: dump and restore, COPY as text and binary.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

my $dir = PostgreSQL::Test::Utils::tempdir;

# What must be the same in every copy: the bytes, and the ranking bit by bit.
my $fingerprint = q{
	SELECT name, ci.digest(panel), ci.digest(methodology),
		(SELECT md5(string_agg(r::text, E'\n')) FROM ci.rank(panel, methodology) r)
	FROM published ORDER BY 1};

$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION composite_indicator;
	CREATE TABLE published (name text PRIMARY KEY, panel ci.panel NOT NULL, methodology ci.methodology NOT NULL);

	INSERT INTO published
	SELECT 'ordinary', ci.panel_agg('unit ' || u, y, i, CASE WHEN (u + y) % 7 > 0 THEN sqrt(u * 17 % 23 + y / 3.0) END),
		'{ "name": "ordinary", "rank": { "ties": "dense" },
		   "components": [
			{ "code": "all" },
			{ "code": "a", "parent": "all", "weight": 2 },
			{ "code": "b", "parent": "all", "direction": -1 } ] }'
	FROM generate_series(1, 40) u, generate_series(2018, 2021) y, unnest('{a,b}'::text[]) i;

	INSERT INTO published
	SELECT 'odd names', ci.panel_agg(unit, 2020, i, v),
		'{ "components": [ { "code": "指数" }, { "code": "a\"b\\\\c", "parent": "指数" }, { "code": "d", "parent": "指数" } ] }'
	FROM (VALUES ('北京', 1e-310), ('Xi''an', 1.7e308), ('', -0.1), (E'tab\tand\nline', 1 / 3.0::float8)) u (unit, v),
		unnest(ARRAY[E'a"b\\\\c', 'd']) i;
	});

my $original = $node->safe_psql('postgres', $fingerprint);
is(scalar(() = $original =~ /^o/mg), 2, 'two rows to compare');

# pg_dump and restore
foreach my $format ('plain', 'custom')
{
	my $dump = "$dir/dump.$format";
	$node->command_ok([ 'pg_dump', "--format=$format", "--file=$dump", '-d', $node->connstr('postgres') ],
		"pg_dump, $format");
	$node->safe_psql('postgres', "CREATE DATABASE restored_$format");
	$node->command_ok(
		$format eq 'plain'
		? [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr("restored_$format") ]
		: [ 'pg_restore', '--exit-on-error', '-d', $node->connstr("restored_$format"), $dump ],
		"restore, $format");
	is($node->safe_psql("restored_$format", $fingerprint), $original, "same digests and ranks, $format");
}

# COPY
foreach my $format ('text', 'csv', 'binary')
{
	$node->safe_psql(
		'postgres', qq{
		COPY published TO '$dir/copy.$format' (FORMAT $format);
		CREATE TABLE copied (LIKE published);
		COPY copied FROM '$dir/copy.$format' (FORMAT $format);});
	is($node->safe_psql('postgres', $fingerprint =~ s/published/copied/r),
		$original, "same digests and ranks, COPY as $format");
	$node->safe_psql('postgres', 'DROP TABLE copied');
}

# A binary file with a byte of the panel changed is an error or another panel,
# and never takes the server with it.
my $bytes = slurp_file("$dir/copy.binary");
my $refused = 0;
$node->safe_psql('postgres', 'CREATE TABLE damaged (LIKE published)');
foreach my $at (map { $_ * 7 } 3 .. 40)
{
	my $damaged = $bytes;
	substr($damaged, $at, 1) ^= "\xff";
	open my $fh, '>:raw', "$dir/damaged" or die;
	print $fh $damaged;
	close $fh;
	my ($rc, $out, $err) = $node->psql('postgres', "COPY damaged FROM '$dir/damaged' (FORMAT binary)");
	$refused++ if $rc != 0;
}
cmp_ok($refused, '>', 0, 'damaged bytes are refused');
is($node->safe_psql('postgres', $fingerprint), $original, 'the server is as it was');

$node->stop;
done_testing();
