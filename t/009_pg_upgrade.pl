
# pg_upgrade carries panels, methodologies and ledgers from one cluster to another.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $old = PostgreSQL::Test::Cluster->new('old');
$old->init;
$old->start;
my ($rc, $out, $err) = $old->psql('postgres', q{LOAD '$libdir/composite_indicator'});
plan skip_all => 'pg_upgrade looks for libraries in $libdir only, and this one is elsewhere' if $rc != 0;
$old->safe_psql(
	'postgres', q{
	CREATE EXTENSION composite_indicator;
	CREATE TABLE published AS
	SELECT ci.panel_agg('unit ' || u, y, i, sqrt(u * 17 % 23 + y / 3.0)) AS panel,
		'{"components": [{"code": "all"}, {"code": "a", "parent": "all", "weight": 2}, {"code": "b", "parent": "all", "direction": -1}]}'::ci.methodology AS methodology
	FROM generate_series(1, 40) u, generate_series(2018, 2021) y, unnest('{a,b}'::text[]) i;
	CREATE VIEW standing AS SELECT r.* FROM published, ci.rank(panel, methodology) AS r;
	SELECT ci.create_ledger('league');
	SELECT ci.publish('league', p::text, p, panel, methodology) FROM published, generate_series(2018, 2021) p;
	SELECT ci.retract('league', '2019', 'a test')});

my $content = q{
	SELECT ci.digest(panel), ci.digest(methodology) FROM published;
	TABLE standing;
	SELECT * FROM league ORDER BY edition; SELECT * FROM league_history ORDER BY period, rank, unit; SELECT * FROM ci.highlights('league', '2021');
	SELECT edition, bool_and(ok) FROM ci.verify('league') GROUP BY edition ORDER BY edition};
my $before = $old->safe_psql('postgres', $content);
$old->stop;

my $new = PostgreSQL::Test::Cluster->new('new');
$new->init;

# pg_upgrade writes into the folder that it runs in
chdir PostgreSQL::Test::Utils::tempdir_short() or die $!;
my $bin = $new->config_data('--bindir');
command_ok(
	[
		'pg_upgrade', '--no-sync', '-b', $bin, '-B', $bin, '-d', $old->data_dir, '-D', $new->data_dir,
		'-p', $old->port, '-P', $new->port, '-s', $new->host
	],
	'pg_upgrade')
  or diag map { slurp_file($_) } glob $new->data_dir . '/pg_upgrade_output.d/*/*.txt';
$new->start;
is($new->safe_psql('postgres', $content), $before, 'a panel, a view and a ledger are as they were');
($rc, $out, $err) = $new->psql('postgres', 'DELETE FROM league');
like($err, qr/published/, 'what is published is still guarded');
$new->stop;

done_testing();
