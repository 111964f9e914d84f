
# Publishing on schedule: examples/schedule.sql under pg_cron, where that is
# installed, and the crontab line of docs/schedule.md.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

# cron would give the command to a shell; the functions of the document publish.
my $document = slurp_file('docs/schedule.md');
my ($command) = $document =~ /^0 6 \* \* \*  (psql .*)$/m or die 'docs/schedule.md has no crontab line';
my ($job) = $document =~ /^```sql\n(CREATE EXTENSION.*?)^SELECT publish_newest/ms or die 'docs/schedule.md has no job';
$node->safe_psql('postgres', 'CREATE DATABASE rankings');
$node->safe_psql('rankings', $job);

local %ENV = (%ENV, PGHOST => $node->host, PGPORT => $node->port);
my $published = q{SELECT string_agg(edition || ' ' || note, ', ') FROM good_living};
my ($out, $err) = run_command([ 'sh', '-c', $command ]);
is("$out$err", '', 'the crontab line of the document says nothing when all is well');
is($node->safe_psql('rankings', $published), '2024 published by its job', '... and publishes');
is(system_log('sh', '-c', $command), 0, '... and may run again');
is($node->safe_psql('rankings', $published), '2024 published by its job', '... which is nothing');
$node->safe_psql('rankings', 'UPDATE observation SET value = value + 1');
($out, $err) = run_command([ 'sh', '-c', "$command || echo failed" ]);
is($out, 'failed', 'data that are revised afterwards make it fail');
like($err, qr/edition "2024" of ledger public.good_living is already published/, '... with a message for the mail');

SKIP:
{
	my ($directory) = run_command([ 'pg_config', '--pkglibdir' ]);
	skip "pg_cron is not installed in $directory", 5 unless -e "$directory/pg_cron.so";

	$node->append_conf(
		'postgresql.conf', q{
		shared_preload_libraries = 'pg_cron'
		cron.database_name = 'postgres'
		cron.use_background_workers = on
		});
	$node->restart;
	$node->command_ok([ 'psql', '-X', '-v', 'ON_ERROR_STOP=1', '-v', 'schedule=* * * * *', '-d', $node->connstr('postgres'), '-f', 'examples/schedule.sql' ],
		'the example schedules its jobs');
	my $runs = q{SELECT string_agg(DISTINCT jobname || ': ' || status, ', ') FROM cron.job_run_details JOIN cron.job USING (jobid)};
	ok( $node->poll_query_until('postgres', $runs, 'publish good living: succeeded, refresh good living: succeeded'),
		'both have run within a minute or two');
	is( $node->safe_psql('postgres', 'SELECT edition, source, note, published_by = current_user FROM good_living.edition'),
		'2024|computed|published by its job|t',
		'the edition is published');
	is($node->safe_psql('postgres', q{SELECT bool_and(ok) FROM ci.verify('good_living.edition')}), 't', '... and can be verified');
	is( $node->safe_psql('postgres', q{
		SELECT count(*) FILTER (WHERE l.score = p.score), count(*) FROM good_living.edition_latest AS l JOIN good_living.preliminary AS p USING (period, unit, rank)}),
		'4|4',
		'... and is what the data say');
}

done_testing();
