
# Foreign tables of postgres_fdw: with the extension declared, aggregates and
# scores are computed where the rows are, and the same bits come back.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my ($sharedir) = run_command([ 'pg_config', '--sharedir' ]);
plan skip_all => "postgres_fdw is not installed in $sharedir" unless -e "$sharedir/extension/postgres_fdw.control";

# Two servers with the halves of a table, and one that asks them.
my $rows = q{
	SELECT 'unit ' || u AS unit, period, 'i' || i AS indicator,
		CASE WHEN (u + period + i) % 13 > 0 THEN ((u * 7919 + period * 104729 + i * 1299709) % 10007) / (i + 2.0)::float8 END AS value
	FROM generate_series(1, 60) u, generate_series(2020, 2021) period, generate_series(1, 4) i};
my $methodology = q{'{"components": [{"code": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 4000}},
	{"code": "i1", "parent": "index", "weight": 0.3}, {"code": "i2", "parent": "index", "direction": -1}, {"code": "i3", "parent": "index"}]}'::ci.methodology};
my $fdw = 'CREATE EXTENSION composite_indicator; CREATE EXTENSION postgres_fdw;';

my $here = PostgreSQL::Test::Cluster->new('here');
$here->init;
$here->start;
$here->safe_psql('postgres', "$fdw CREATE TABLE observation AS $rows;");

my @shards = map { PostgreSQL::Test::Cluster->new($_) } qw(east west);
foreach my $i (0, 1)
{
	my $shard = $shards[$i];
	my $name = $shard->name;
	$shard->init;
	$shard->start;
	$shard->safe_psql('postgres', qq{
		CREATE EXTENSION composite_indicator;
		CREATE TABLE observation AS SELECT * FROM ($rows) AS r WHERE length(unit) % 2 = $i;
		CREATE TABLE wide AS
		SELECT unit, period, array_agg(indicator ORDER BY indicator) AS indicators, array_agg(value ORDER BY indicator) AS cells,
			jsonb_object_agg(indicator, value) AS object, ci.panel_agg(unit, period, indicator, value) AS panel,
			max(value) FILTER (WHERE indicator = 'i1') AS i1, max(value) FILTER (WHERE indicator = 'i2') AS i2, max(value) FILTER (WHERE indicator = 'i3') AS i3
		FROM observation GROUP BY unit, period;
		CREATE VIEW scored AS SELECT unit, period, ci.score('{i1,i2,i3}', ARRAY[i1, i2, i3], $methodology) AS score FROM wide;});
	$here->safe_psql('postgres', sprintf(q{
		CREATE SERVER %s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '%s', port '%s', dbname 'postgres', extensions 'composite_indicator', async_capable 'true');
		CREATE USER MAPPING FOR CURRENT_USER SERVER %1$s;
		CREATE SCHEMA %1$s;
		IMPORT FOREIGN SCHEMA public FROM SERVER %1$s INTO %1$s;}, $name, $shard->host, $shard->port));
}

sub plan_of
{
	my ($query, $settings) = @_;
	return $here->safe_psql('postgres', ($settings // '') . "; EXPLAIN (VERBOSE, COSTS OFF) $query");
}

# Is all of a query sent to the server, this being in what is sent, and is the
# result that of the server's own table?
sub is_shipped
{
	my ($query, $sent, $name, $settings) = @_;
	my $plan = plan_of($query, $settings);
	like($plan, qr/^(Foreign Scan|Sort\n.*?->  Foreign Scan)\b.*Remote SQL: .*$sent/s, "$name: shipped");
	unlike($plan, qr/(Aggregate|Filter:)\n/, '... whole');
	my $local = $query =~ s/\beast\.//gr;
	my $result = $here->safe_psql('postgres', $query);
	isnt($result, '', '... something comes back');
	is($result, $shards[0]->safe_psql('postgres', $local), '... bit by bit what it is there');
}

# Panels, in all five forms
is_shipped('SELECT ci.panel_agg(unit, period, indicator, value) FROM east.observation',
	'ci\.panel_agg\(unit, period, indicator, value\)', 'panel from cells');
is_shipped('SELECT ci.panel_agg(unit, indicator, value) FROM east.observation WHERE period = 2021',
	'ci\.panel_agg\(unit, indicator, value\).*WHERE', 'panel of one period');
is_shipped('SELECT ci.panel_agg(unit, period, indicators, cells) FROM east.wide', 'ci\.panel_agg\(unit, period, indicators, cells\)', 'panel from arrays');
is_shipped('SELECT ci.panel_agg(unit, period, object) FROM east.wide', 'ci\.panel_agg\(unit, period, object\)', 'panel from jsonb');
is_shipped('SELECT ci.panel_agg(panel) FROM east.wide', 'ci\.panel_agg\(panel\)', 'merged panel');
is_shipped("SELECT ci.panel_agg(unit, period, indicator, value) FILTER (WHERE indicator <> 'i4') FROM east.observation",
	'FILTER \(WHERE', 'panel with FILTER');
is_shipped('SELECT period, ci.panel_agg(unit, period, indicator, value) FROM east.observation GROUP BY period ORDER BY period',
	'GROUP BY', 'panel by period');

# Scores.  What takes text is shipped if its collation is that of a column, and a literal has none.
is_shipped("SELECT unit, ci.score(indicators, cells, $methodology) FROM east.wide
		WHERE ci.score(indicators, cells, $methodology) > 40 AND period = 2021 ORDER BY ci.score(indicators, cells, $methodology) DESC",
	'WHERE.*ci\.score\(.*ORDER BY.*ci\.score\(', 'ci.score in WHERE and ORDER BY', 'SET enable_sort = off');
is_shipped('SELECT unit, score FROM east.scored WHERE score > 40 AND period = 2021 ORDER BY score DESC', 'WHERE.*score > 40', 'ci.score behind a view');
my $literal = "SELECT unit, ci.score('{i1,i2,i3}', ARRAY[i1, i2, i3], $methodology) AS s FROM east.wide WHERE period = 2021 ORDER BY s DESC";
unlike(plan_of($literal), qr/Remote SQL:.*ci\.score/, 'ci.score of indicators that are a literal: computed here');
is($here->safe_psql('postgres', $literal), $shards[0]->safe_psql('postgres', $literal =~ s/east\.//r), '... bit by bit as there');
is_shipped("SELECT unit, ci.score_agg(indicator, value, $methodology) FROM east.observation WHERE period = 2021 GROUP BY unit ORDER BY unit",
	'ci\.score_agg\(indicator, value, .*GROUP BY', 'ci.score_agg by unit');

is_shipped(q{SELECT ci.fit_agg(unit, period, indicators, cells, '{"components": [{"code": "index"}, {"code": "i1", "parent": "index"}, {"code": "i2", "parent": "index"}]}'::ci.methodology)
		FROM east.wide WHERE period = 2021}, 'ci\.fit_agg\(unit, period, indicators, cells, ', 'ci.fit_agg');

# Statistics
is_shipped("SELECT $_ FROM east.wide", 'ci\.', $_)
  foreach 'ci.gini(i1, i2), ci.weighted_median(i1, i2), ci.kurtosis(i3)', 'ci.spearman(i1, i2), ci.kendall_tau(i1, i3)',
  'ci.cronbach_alpha(ARRAY[i1, i2, i3])', 'ci.power_mean(i1, 3)';
is_shipped('SELECT unit, ci.cagr(i1 + 1, period) FROM east.wide GROUP BY unit ORDER BY unit', 'ci\.cagr\(.*GROUP BY', 'ci.cagr by unit');

# What ranks is above what is shipped.
my $ranking = 'SELECT period, unit, rank, float8send(score) FROM ci.rank((SELECT ci.panel_agg(unit, period, indicator, value) FROM east.observation))';
like(plan_of($ranking), qr/InitPlan.*Foreign Scan.*Remote SQL: SELECT ci\.panel_agg/s, 'ci.rank of a panel made on the server');
is($here->safe_psql('postgres', $ranking), $shards[0]->safe_psql('postgres', $ranking =~ s/east\.//r), '... ranks as it does there');

# Without the option the rows come, and the result is the same.
my $digest = 'SELECT ci.digest(ci.panel_agg(unit, period, indicator, value)) FROM east.observation';
my $with = $here->safe_psql('postgres', $digest);
$here->safe_psql('postgres', 'ALTER SERVER east OPTIONS (DROP extensions)');
unlike(plan_of($digest), qr/Remote SQL: .*ci\./, 'not declared: not shipped');
is($here->safe_psql('postgres', $digest), $with, '... same panel');
$here->safe_psql('postgres', q{ALTER SERVER east OPTIONS (ADD extensions 'composite_indicator')});

# Two shards: each server builds its panel, at the same time, and they are merged.
my $whole = $here->safe_psql('postgres', 'SELECT ci.panel_agg(unit, period, indicator, value) FROM observation');
my ($merged) = slurp_file('docs/scale.md') =~ /^```\n(SELECT ci\.panel_agg\(panel\).*?);$/ms or die 'docs/scale.md does not merge panels';
$merged =~ s/observation_(east|west)/$1.observation/g;
my $plan = plan_of($merged);
is(scalar(() = $plan =~ /Async Foreign Scan.*?Remote SQL: SELECT ci\.panel_agg/gs), 2, 'two shards: both are asked for panels, asynchronously');
is($here->safe_psql('postgres', $merged), $whole, '... which are merged into the same panel');

# Partitions: a group by the partition key is shipped, one by less is not.
$here->safe_psql('postgres', q{
	CREATE TABLE sharded (shard text, unit text, period int, indicator text, value float8) PARTITION BY LIST (shard);
	CREATE FOREIGN TABLE sharded_east PARTITION OF sharded FOR VALUES IN ('east') SERVER east OPTIONS (table_name 'sharded');
	CREATE FOREIGN TABLE sharded_west PARTITION OF sharded FOR VALUES IN ('west') SERVER west OPTIONS (table_name 'sharded');});
$_->safe_psql('postgres', sprintf(q{CREATE VIEW sharded AS SELECT text '%s' AS shard, * FROM observation}, $_->name)) foreach @shards;
my $partitionwise = 'SET enable_partitionwise_aggregate = on';
my $by_shard = 'SELECT ci.panel_agg(panel) FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM sharded GROUP BY shard) AS s';
$plan = plan_of($by_shard, $partitionwise);
is(scalar(() = $plan =~ /Async Foreign Scan.*?Remote SQL: SELECT ci\.panel_agg/gs), 2, 'partitions: a panel for each is asked for');
is($here->safe_psql('postgres', "$partitionwise; $by_shard"), $whole, '... same panel');
my $at_once = 'SELECT ci.panel_agg(unit, period, indicator, value) FROM sharded';
unlike(plan_of($at_once, $partitionwise), qr/Remote SQL: SELECT ci\./, 'without the group rows are asked for: postgres_fdw ships no partial aggregates');
is($here->safe_psql('postgres', "$partitionwise; $at_once"), $whole, '... same panel');

done_testing();
