
# A build without the libraries that are optional: everything else works, and what
# needs one says which.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# Build a copy, and make its objects by its script in an ordinary database: the
# server's extension is another build.
my $copy = PostgreSQL::Test::Utils::tempdir();
system_or_bail('sh', '-c', "tar --exclude=./tmp_check --exclude=./.git -cf - . | tar -C '$copy' -xf -");
unlink("$copy/src/solver/linear.o", "$copy/src/solver/clp.o", "$copy/composite_indicator.so");
delete local @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
my $pg_config = $ENV{PG_CONFIG} || 'pg_config';
my ($made, $error) = run_command([ 'make', '-s', '-C', $copy, "PG_CONFIG=$pg_config", 'with_llvm=no', 'WITH_LAPACK=no', 'WITH_CLP=no' ]);
is($error, '', 'builds without a warning');

my $script = slurp_file((glob("$copy/composite_indicator--*.*.*.sql"))[0]);
$script =~ s/^\\echo.*$//m;
$script =~ s/MODULE_PATHNAME/$copy\/composite_indicator.so/g;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
$node->safe_psql('postgres', "CREATE SCHEMA ci;\n$script");
$node->safe_psql('postgres', q{
	CREATE TABLE p AS SELECT ci.panel_agg(u, 2020, '{x,y,z}', c) AS panel
	FROM (VALUES ('a', '{1,2,3}'::float8[]), ('b', '{2,4,1}'), ('c', '{5,1,1}'), ('d', '{7,3,2}')) AS v (u, c)});

sub error_of
{
	my ($query) = @_;
	my ($rc, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\n$query");
	return $err;
}

for my $case (
	[ q{SELECT ci.weigh(panel, ci.default_methodology(panel), 'pca') FROM p}, 'LAPACK', 'liblapack-dev' ],
	[ q{SELECT * FROM p, ci.pca(panel, ci.default_methodology(panel))}, 'LAPACK', 'liblapack-dev' ],
	[ q{SELECT ci.ahp('{{1,2},{0.5,1}}')}, 'LAPACK', 'liblapack-dev' ],
	[ q{SELECT * FROM p, ci.rank(panel, ci.amend(ci.default_methodology(panel), '{"components": [{"code": "index", "aggregate": "bod"}]}'))},
		'Clp', 'coinor-libclp-dev' ])
{
	my ($query, $library, $package) = @$case;
	my $err = error_of($query);
	like($err, qr/ERROR:  0A000: .* without $library/, "$query: is not supported");
	like($err, qr/HINT: .* $package/, '... and says what to install');
}

is( $node->safe_psql(
		'postgres', q{
	SELECT string_agg(unit, ' ' ORDER BY rank, unit) FROM p, ci.rank(panel, ci.weigh(panel, ci.default_methodology(panel), 'critic'))}),
	'd a b c', 'other weights are found');

is( $node->safe_psql(
		'postgres', q{SELECT count(*) || ' ' || count(*) FILTER (WHERE best_found BETWEEN best_rank AND rank) FROM p, ci.rank_bounds(panel, ci.default_methodology(panel))}),
	'4 4', 'bounds of ranks are searched without programs');

done_testing();
