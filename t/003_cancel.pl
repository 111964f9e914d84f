
# A cancel is obeyed within a second, wherever it comes, and nothing is left.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

# 4 million cells, not compressed, so that the time goes into our code.
$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION composite_indicator;
	CREATE TABLE long AS
	SELECT 'unit ' || u AS unit, y AS period, 'indicator ' || i AS indicator, sqrt(u * 7919 % 100003 + y * i) AS value
	FROM generate_series(1, 50000) u, generate_series(2018, 2021) y, generate_series(1, 20) i;
	CREATE TABLE wide (panel ci.panel);
	ALTER TABLE wide ALTER panel SET STORAGE EXTERNAL;
	INSERT INTO wide SELECT ci.panel_agg(unit, period, indicator, value) FROM long;
	});

# Run a statement with a timeout; return whether it was cancelled, and how many
# seconds after the timeout it ended.
sub run_limited
{
	my ($statement, $seconds) = @_;
	my $start = time();
	my ($rc, $out, $err) = $node->psql('postgres',
		'SET statement_timeout = ' . int(1000 * $seconds) . "; $statement");
	my $late = time() - $start - $seconds;

	die $err if $rc != 0 && $err !~ /canceling statement due to statement timeout/;
	return ($rc != 0, $late);
}

my %statement = (
	'panel_agg' => 'SELECT ci.digest(ci.panel_agg(unit, period, indicator, value)) FROM long',
	'panel_agg, shuffled' => 'SELECT ci.digest(ci.panel_agg(unit, period, indicator, value ORDER BY hashtext(unit || indicator))) FROM long',
	'merging' => 'SELECT ci.digest(ci.panel_agg(panel)) FROM wide, generate_series(1, 1)',
	'text' => 'SELECT length(panel::text) FROM wide',
	'reading text' => 'SELECT ci.digest(panel::text::ci.panel) FROM wide',
	'digest' => 'SELECT ci.digest(panel) FROM wide',
	'summary' => 'SELECT count(*) FROM wide, ci.summary(panel)',
	'observations' => 'SELECT count(*) FROM wide, ci.observations(panel)',
	'rank' => 'SELECT count(*) FROM wide, ci.rank(panel)',
	'scores' => 'SELECT count(*) FROM wide, ci.scores(panel, ci.default_methodology(panel))',
	'explain' => 'SELECT count(*) FROM wide, ci.explain(panel, ci.default_methodology(panel))',
	'audit' => 'SELECT count(*) FROM wide, ci.audit(panel, ci.default_methodology(panel))',
	'leave_one_out' => q{SELECT count(*) FROM wide, ci.leave_one_out(panel, ci.default_methodology(panel))},
	'leave_one_out, units' => q{SELECT count(*) FROM wide, ci.leave_one_out(panel, ci.default_methodology(panel), 'units', 2020)},
	'winsorise' => q{SELECT count(*) FROM (SELECT ci.panel_agg('unit ' || u, 'x', exp(u / 2000.0)) FROM generate_series(1, 40000) u) p (panel),
		ci.rank(panel, '{"components": [{"code": "i"}, {"code": "x", "parent": "i",
			"treat": {"method": "winsorise", "skewness": 0, "kurtosis": -3, "max_points": 40000}}]}')},
);

foreach my $name (sort keys %statement)
{
	my $cancelled = 0;
	my $latest = 0;

	foreach my $seconds (0.02, 0.1, 0.3, 0.8)
	{
		my ($was, $late) = run_limited($statement{$name}, $seconds);
		last if !$was;
		$cancelled++;
		$latest = $late if $late > $latest;
	}
	cmp_ok($latest, '<', 1, sprintf('%s: %d times cancelled, within %.2f s', $name, $cancelled, $latest));
}

is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'parallel worker'}),
	'0', 'no worker is left');
is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_ls_tmpdir()'), '0', 'no temporary file is left');

# In one session: what was cancelled leaves its memory free, and the next statement works.
my ($rc, $out, $err) = $node->psql(
	'postgres', q{
	SET statement_timeout = 100;
	SELECT count(*) FROM wide, ci.rank(panel);
	SELECT count(*) FROM wide, ci.rank(panel);
	SELECT count(*) FROM wide, ci.rank(panel);
	SET statement_timeout = 0;
	SELECT sum(used_bytes) < 20e6 FROM pg_backend_memory_contexts;
	SELECT count(*) FROM wide, ci.rank(panel);}, on_error_stop => 0);
like($out, qr/t\n200000$/, 'the session goes on, its memory free');

$node->stop;
done_testing();
