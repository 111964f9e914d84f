
# Big panels, out of line: after a crash, and on a hot standby.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $primary = PostgreSQL::Test::Cluster->new('primary');
$primary->init(allows_streaming => 1);
$primary->start;
$primary->backup('backup');

my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'backup', has_streaming => 1);
$standby->start;

$primary->safe_psql(
	'postgres', q{
	CREATE EXTENSION composite_indicator;
	CREATE TABLE big (storage text, panel ci.panel);
	INSERT INTO big
	SELECT 'extended', ci.panel_agg('unit ' || u, y, 'indicator ' || i, sqrt(u * 7919 % 10007 + y * i))
	FROM generate_series(1, 3000) u, generate_series(2018, 2021) y, generate_series(1, 10) i;
	ALTER TABLE big ALTER panel SET STORAGE EXTERNAL;
	INSERT INTO big SELECT 'external', ci.panel_agg(panel) FROM big;
	});
cmp_ok($primary->safe_psql('postgres', 'SELECT min(pg_column_size(panel)) FROM big'),
	'>', 100_000, 'stored out of line');

my $fingerprint = q{
	SELECT storage, ci.digest(panel), (SELECT md5(string_agg(r::text, E'\n')) FROM ci.rank(panel) r)
	FROM big ORDER BY 1};
my $before = $primary->safe_psql('postgres', $fingerprint);
my @digests = $before =~ /\|(.*)\|/g;
is($digests[0], $digests[1], 'the digest does not depend on storage');

$primary->wait_for_catchup($standby);
is($standby->safe_psql('postgres', $fingerprint), $before, 'same digests and ranks on a hot standby');

$primary->stop('immediate');
$primary->start;
is($primary->safe_psql('postgres', $fingerprint), $before, 'same digests and ranks after a crash');

$standby->stop;
$primary->stop;
done_testing();
