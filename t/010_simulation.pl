
# A long simulation: cancelled, it keeps what is done; called again, it goes on;
# dumped half-way, it can go on elsewhere; and whatever happened, the bits are those
# of one run.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

my $dir = PostgreSQL::Test::Utils::tempdir;
my $draws = 60000;
my $progress = 'SELECT done > 0 AND done < draws, share > 0 AND share < 1, expected_at > last_at FROM run_progress';
my $same = qq{
	SELECT ci.simulation_agg(r.simulation) = ci.simulate(panel, methodology, '{"weights": {"share": 0.5}}', $draws), sum(r.draws)
	FROM run r, data GROUP BY panel, methodology};

$node->safe_psql(
	'postgres', qq{
	CREATE ROLE analyst LOGIN;
	GRANT CREATE ON SCHEMA public TO analyst;
	CREATE EXTENSION composite_indicator;
	SET ROLE analyst;
	CREATE TABLE data AS
	SELECT panel, ci.default_methodology(panel) AS methodology
	FROM (SELECT ci.panel_agg('u' || u, 2020, 'x' || i, sqrt(u * 7919 % 1009 + i)) AS panel FROM generate_series(1, 200) u, generate_series(1, 10) i) p;
	SELECT ci.create_simulation('run', panel, methodology, '{"weights": {"share": 0.5}}', $draws, chunk => 500) FROM data;
	});

# Call the run as who made it, in the background.
sub call_run
{
	my ($out, $err) = ('', '');
	my $harness = IPC::Run::start(
		[ 'psql', '-X', '-U', 'analyst', '-d', $node->connstr('postgres'), '-c', q{CALL ci.run_simulation('run')} ],
		'>', \$out, '2>', \$err);
	return ($harness, \$err);
}

# Cancelled from outside
my ($harness, $err) = call_run();
ok($node->poll_query_until('postgres', 'SELECT done > 0 FROM run_progress'), 'chunks are seen as they are done');
$node->safe_psql('postgres', q{SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query ~ '^CALL'});
$harness->finish;
like($$err, qr/canceling statement due to user request/, 'a run can be cancelled');
is($node->safe_psql('postgres', $progress), 't|t|t', '... and keeps what is done');
is($node->safe_psql('postgres', q{SELECT count(*) FROM run_intervals WHERE mean_rank IS NOT NULL}), '200', '... which can be looked at');

# Lost with its server, while another session holds the last chunk, so that it does
# not end before
my $holder = IPC::Run::start(
	[ 'psql', '-X', '-d', $node->connstr('postgres'), '-c', "SELECT pg_sleep(600) FROM (SELECT FROM run WHERE first_draw > $draws - 500 FOR UPDATE) AS last" ],
	'>', \my $held, '2>', \my $lost);
ok($node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'}), 'a chunk is held');
my $done = $node->safe_psql('postgres', 'SELECT done FROM run_progress');
($harness, $err) = call_run();
ok($node->poll_query_until('postgres', "SELECT done > $done FROM run_progress"), 'called again, it goes on');
$node->stop('immediate');
$_->finish foreach ($harness, $holder);
$node->start;
is($node->safe_psql('postgres', $progress), 't|t|t', 'a crash leaves what is done');

# Half-way into another database
$node->command_ok([ 'pg_dump', '--format=custom', "--file=$dir/dump", '-d', $node->connstr('postgres') ], 'pg_dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', $node->connstr('restored'), "$dir/dump" ], 'restore');
is($node->safe_psql('restored', $progress), 't|t|t', 'a copy is as far');

# Two sessions finish one, one the other.
my @runs = (call_run(), call_run());
$runs[$_]->finish foreach (0, 2);
is("${$runs[1]}${$runs[3]}", '', 'two sessions finish the run');
is($node->safe_psql('postgres', $same), "t|$draws", '... each draw is counted once, and the bits are those of one run');
my ($rc, $out, $stderr) = $node->psql('restored', q{CALL ci.run_simulation('run')}, extra_params => [ '-U', 'analyst' ]);
is("$rc$stderr", '0', 'the copy is finished by another');
is($node->safe_psql('restored', $same), "t|$draws", '... with the same bits');

# Who may not write the tables cannot run it.
$node->safe_psql('postgres', 'CREATE ROLE reader LOGIN; GRANT SELECT ON run, run_input, run_progress TO reader; INSERT INTO run (first_draw, draws) VALUES (100001, 1)');
($rc, $out, $stderr) = $node->psql('postgres', q{CALL ci.run_simulation('run')}, extra_params => [ '-U', 'reader' ]);
like($stderr, qr/permission denied for table run/, 'a reader cannot run it');

$node->stop;
done_testing();
