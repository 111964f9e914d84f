
# A ledger through dump and restore, a crash in the middle of a publication, on a standby, and through logical replication.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('primary');
$node->init(allows_streaming => 'logical');
$node->start;
$node->backup('backup');

my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'backup', has_streaming => 1);
$standby->start;

# Editions that are computed, imported and retracted, under odd names.
$node->safe_psql(
	'postgres', q{
	CREATE EXTENSION composite_indicator;
	CREATE SCHEMA "Öld";
	SELECT ci.create_ledger('"Öld"."Städte Index"', '{2,5}');
	CREATE TABLE data (panel ci.panel, methodology ci.methodology);
	INSERT INTO data
	SELECT ci.panel_agg('unit ' || u, y, i, CASE WHEN (u + y) % 7 > 0 THEN sqrt(u * 17 % 23 + y % 5) END),
		'{"components": [{"code": "all", "normalise": "zscore"}, {"code": "a", "parent": "all"}, {"code": "b", "parent": "all", "direction": -1}]}'
	FROM generate_series(1, 60) u, generate_series(2018, 2021) y, unnest('{a,b}'::text[]) i;
	SELECT ci.import_edition('"Öld"."Städte Index"', 'it''s 2017', 2017, '{"unit 1","北京"}', '{1,2}', '{0.1,1e-300}', 2);
	SELECT ci.publish('"Öld"."Städte Index"', y::text, y, panel, methodology, 'note') FROM data, generate_series(2018, 2020) y;
	SELECT ci.retract('"Öld"."Städte Index"', '2019', 'wrong');
	});

# All that there is of a ledger, read as whatever server reads it.
my $fingerprint = join ';', map { qq{SELECT md5(string_agg(r::text, E'\n' ORDER BY r::text COLLATE "C")), count(*) FROM "Öld"."Städte Index$_" r} }
	('', '_input', '_standing', '_history', '_latest', '_component');
my $verify = q{SELECT string_agg(edition || ' ' || kind || ' ' || ok, ', ' ORDER BY edition) FROM ci.verify('"Öld"."Städte Index"')};
my $verified = q{2018 score true, 2019 score true, 2020 score true, it's 2017 score true};

my $original = $node->safe_psql('postgres', $fingerprint);
is($node->safe_psql('postgres', $verify), $verified, 'all editions verify');

# The extension stays while a ledger uses it.
my ($rc, $out, $err) = $node->psql('postgres', 'DROP EXTENSION composite_indicator');
isnt($rc, 0, 'the extension cannot be dropped');
like($err, qr/column panel of table "Öld"."Städte Index_input" depends on type ci.panel/, '... because of the panels');
like($err, qr/view "Öld"."Städte Index_history" depends on function ci.first_time/, '... of the views');
like($err, qr/trigger ledger_edition on table "Öld"."Städte Index" depends on function ci.ledger_refuse/, '... and of the triggers');

# pg_dump and restore
foreach my $format ('plain', 'custom')
{
	my $dump = PostgreSQL::Test::Utils::tempdir . "/dump.$format";
	my $copy = "restored_$format";
	$node->command_ok([ 'pg_dump', "--format=$format", "--file=$dump", '-d', $node->connstr('postgres') ], "pg_dump, $format");
	$node->safe_psql('postgres', "CREATE DATABASE $copy");
	$node->command_ok(
		$format eq 'plain'
		? [ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr($copy) ]
		: [ 'pg_restore', '--exit-on-error', '-d', $node->connstr($copy), $dump ],
		"restore, $format");
	is($node->safe_psql($copy, $fingerprint), $original, 'the same rows');
	is($node->safe_psql($copy, $verify), $verified, 'all editions verify');
	($rc, $out, $err) = $node->psql($copy, 'DELETE FROM "Öld"."Städte Index_standing"');
	like($err, qr/ERROR:  cannot delete published rows/, 'published rows stay');
	is($node->safe_psql($copy, q{SELECT count(ci.publish('"Öld"."Städte Index"', y::text, y, panel, methodology)) FROM data, generate_series(2018, 2021) y}),
		'4', 'publishing goes on, what is there stays');
	is($node->safe_psql($copy, 'SELECT max(period), count(*) FROM "Öld"."Städte Index_latest"'), '2021|60', '... and is the latest');
}

# A hot standby reads everything, and writes nothing.
$node->wait_for_catchup($standby);
is($standby->safe_psql('postgres', $fingerprint), $original, 'the same rows on a standby');
is($standby->safe_psql('postgres', $verify), $verified, 'a standby verifies');
my %refused = (
	q{SELECT ci.publish('"Öld"."Städte Index"', '2021', 2021, panel, methodology) FROM data} => 'SELECT',
	q{SELECT ci.publish('"Öld"."Städte Index"', '2020', 2020, panel, methodology) FROM data} => 'SELECT',
	q{SELECT ci.import_edition('"Öld"."Städte Index"', '2021', 2021, '{a}', '{1}')} => 'SELECT',
	q{SELECT ci.retract('"Öld"."Städte Index"', '2020', 'x')} => 'UPDATE',
	q{SELECT ci.create_ledger('another')} => 'CREATE TABLE');
foreach my $statement (sort keys %refused)
{
	($rc, $out, $err) = $standby->psql('postgres', $statement);
	# (it is a SELECT that inserts)
	like($err, qr/ERROR:  cannot execute $refused{$statement} in a read-only transaction/, "refused on a standby: $refused{$statement}");
}

# The subscriber has the ledger's definition, of any origin; the rows come.  Its triggers do not stand in their way, but in that of others.
my $subscriber = PostgreSQL::Test::Cluster->new('subscriber');
$subscriber->init;
$subscriber->start;
$subscriber->safe_psql('postgres', q{
	CREATE EXTENSION composite_indicator; CREATE SCHEMA "Öld"; SELECT ci.create_ledger('"Öld"."Städte Index"', '{2,5}')});
$node->safe_psql('postgres', 'CREATE PUBLICATION ledger FOR TABLE "Öld"."Städte Index", "Öld"."Städte Index_input", "Öld"."Städte Index_standing"');
my $connection = $node->connstr('postgres') =~ s/'/''/gr;
$subscriber->safe_psql('postgres', qq{CREATE SUBSCRIPTION ledger CONNECTION '$connection' PUBLICATION ledger WITH (binary = true)});
$subscriber->poll_query_until('postgres', q{SELECT count(*) = 3 FROM pg_subscription_rel WHERE srsubstate IN ('r', 's')}) or die 'no initial copy';
is($subscriber->safe_psql('postgres', $fingerprint), $original, 'the same rows on a subscriber');
$node->safe_psql('postgres', q{
	SELECT ci.publish('"Öld"."Städte Index"', '2021', 2021, panel, methodology) FROM data;
	SELECT ci.retract('"Öld"."Städte Index"', '2020', 'wrong too')});
$node->wait_for_catchup('ledger');
is($subscriber->safe_psql('postgres', $fingerprint), $node->safe_psql('postgres', $fingerprint), '... and after another publication and a retraction');
is($subscriber->safe_psql('postgres', $verify), '2018 score true, 2019 score true, 2020 score true, 2021 score true, it\'s 2017 score true', 'a subscriber verifies');
($rc, $out, $err) = $subscriber->psql('postgres', 'TRUNCATE "Öld"."Städte Index_standing"');
like($err, qr/ERROR:  cannot truncate published rows/, 'published rows stay on a subscriber');
$subscriber->stop;
$standby->stop;
$node->safe_psql('postgres', q{SELECT pg_drop_replication_slot('ledger')});

# kill -9 of the server while it inserts the results of an edition: nothing is there of it.
$node->safe_psql(
	'postgres', q{
	SELECT ci.create_ledger('city');
	SELECT ci.publish('city', '2018', 2018, panel, methodology) FROM data;
	CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(3600); RETURN NEW; END $$;
	CREATE TRIGGER wait BEFORE INSERT ON city_standing FOR EACH ROW WHEN (NEW.unit = 'unit 30' AND NEW.component = 'b') EXECUTE FUNCTION wait()});
my $whole = $node->safe_psql('postgres', 'SELECT (SELECT count(*) FROM city), (SELECT count(*) FROM city_input), (SELECT count(*) FROM city_standing)');
my $publisher = IPC::Run::start(
	[ 'psql', '-X', '-d', $node->connstr('postgres'), '-c', q{SELECT ci.publish('city', '2019', 2019, panel, methodology) FROM data} ],
	'<', \undef, '>', '/dev/null', '2>', '/dev/null');
$node->poll_query_until('postgres', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'}) or die 'not publishing';
# rows of it are on disk, even
$node->safe_psql('postgres', 'CHECKPOINT');
my $backend = $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'});
my ($postmaster) = slurp_file($node->data_dir . '/postmaster.pid') =~ /^(\d+)/;
kill 'KILL', $backend;
$node->kill9;
$publisher->finish;
foreach my $pid ($postmaster, $backend)
{
	for (my $i = 0; $i < 600 && kill(0, $pid); $i++) { select(undef, undef, undef, 0.1); }
}
$node->start;
is($node->safe_psql('postgres', 'SELECT (SELECT count(*) FROM city), (SELECT count(*) FROM city_input), (SELECT count(*) FROM city_standing)'),
	$whole, 'nothing of an edition after a crash');
$node->safe_psql('postgres', q{DROP TRIGGER wait ON city_standing; SELECT ci.publish('city', '2019', 2019, panel, methodology) FROM data});
is($node->safe_psql('postgres', q{SELECT string_agg(edition || ' ' || ok, ', ' ORDER BY edition) FROM ci.verify('city')}), '2018 true, 2019 true', 'it can be published then');

$node->stop;
done_testing();
