
# Who may create the extension, and a schema "ci" that somebody made before.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

# A database with two ordinary users; "analyst" may create in it.
sub new_database
{
	my ($name) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name; GRANT CREATE ON DATABASE $name TO analyst, mallory");
}

sub psql_as
{
	my ($role, $database, $statements) = @_;
	return $node->psql($database, $statements, extra_params => [ '-U', $role ]);
}

$node->safe_psql('postgres', 'CREATE ROLE analyst LOGIN; CREATE ROLE mallory LOGIN; CREATE ROLE reader LOGIN');

# trusted
new_database('ordinary');
my ($rc, $out, $err) = psql_as('analyst', 'ordinary', 'CREATE EXTENSION composite_indicator');
is($rc, 0, 'a user who may create in the database may create the extension') or diag $err;
($rc, $out, $err) = psql_as('reader', 'ordinary',
	q{SELECT rank, unit FROM ci.rank((SELECT ci.panel_agg(u, 1, 'i', v) FROM (VALUES ('a', 1), ('b', 2)) r (u, v)))});
is($out, "1|b\n2|a", 'anybody may rank') or diag $err;
($rc, $out, $err) = psql_as('reader', 'ordinary', 'CREATE EXTENSION composite_indicator CASCADE');
isnt($rc, 0, 'a user who may not create in the database may not create it');
($rc, $out, $err) = psql_as('mallory', 'ordinary', q{CREATE FUNCTION ci.trap() RETURNS int LANGUAGE sql AS 'SELECT 1'});
like($err, qr/permission denied for schema ci/, 'nobody else may add to the schema');

# A schema of mallory's, with every kind of object that the script might take for its own.
new_database('hostile');
($rc, $out, $err) = psql_as(
	'mallory', 'hostile', q{
	CREATE SCHEMA ci;
	CREATE TABLE ci.caught (by name, what text);
	GRANT USAGE ON SCHEMA ci TO PUBLIC;
	GRANT ALL ON ci.caught TO PUBLIC;
	CREATE FUNCTION ci.spring(what text) RETURNS bool LANGUAGE plpgsql AS
		$$ BEGIN INSERT INTO ci.caught VALUES (current_user, what); RETURN true; END $$;

	CREATE FUNCTION ci.oid_regnamespace(a oid, b regnamespace) RETURNS bool LANGUAGE sql AS $$ SELECT ci.spring('=') $$;
	CREATE OPERATOR ci.= (LEFTARG = oid, RIGHTARG = regnamespace, FUNCTION = ci.oid_regnamespace);
	CREATE FUNCTION ci.oid_regclass(a oid, b regclass) RETURNS bool LANGUAGE sql AS $$ SELECT ci.spring('=') $$;
	CREATE OPERATOR ci.= (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = ci.oid_regclass);
	CREATE OPERATOR ci.<> (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = ci.oid_regclass);
	CREATE FUNCTION ci.char_text(a "char", b text) RETURNS bool LANGUAGE sql AS $$ SELECT ci.spring('=') $$;
	CREATE OPERATOR ci.= (LEFTARG = "char", RIGHTARG = text, FUNCTION = ci.char_text);
	CREATE FUNCTION ci.regnamespace(text) RETURNS oid LANGUAGE sql AS $$ SELECT ci.spring('regnamespace')::int::oid $$;

	CREATE FUNCTION ci.rank(p text, m text) RETURNS bool LANGUAGE sql AS $$ SELECT ci.spring('rank') $$;
	CREATE FUNCTION ci.digest(text) RETURNS bool LANGUAGE sql AS $$ SELECT ci.spring('digest') $$;
	CREATE FUNCTION ci.on_ddl() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM ci.spring('trigger'); RETURN NEW; END $$;
	CREATE VIEW ci.pg_depend AS SELECT *, ci.spring('pg_depend') FROM pg_catalog.pg_depend;
	CREATE TYPE ci.ranking AS (a int);
	CREATE DOMAIN ci.name AS pg_catalog.text CHECK (ci.spring('name'));
	});
is($rc, 0, 'the traps are set') or diag $err;

foreach my $role ('analyst', undef)
{
	my $who = $role // 'a superuser';

	($rc, $out, $err) = $node->psql('hostile', 'CREATE EXTENSION composite_indicator',
		extra_params => defined $role ? [ '-U', $role ] : []);
	isnt($rc, 0, "$who is refused");
	like($err, qr/ERROR:  schema "ci" already contains objects/, '... and told why');
}
is($node->safe_psql('hostile', 'SELECT count(*) FROM ci.caught'), '0', 'no trap was sprung');
is($node->safe_psql('hostile', q{SELECT count(*) FROM pg_extension WHERE extname LIKE 'composite%'}),
	'0', 'nothing was created');

# What else may be in a schema without being a dependency of its own kind: each alone is enough.
my %object = (
	'function' => q{CREATE FUNCTION ci.x() RETURNS int LANGUAGE sql AS 'SELECT 1'},
	'operator' => 'CREATE OPERATOR ci.+ (RIGHTARG = int, FUNCTION = int4abs)',
	'table' => 'CREATE TABLE ci.x ()',
	'type' => q{CREATE TYPE ci.x AS ENUM ('a')},
	'collation' => 'CREATE COLLATION ci.x FROM "C"',
);
foreach my $kind (sort keys %object)
{
	my $database = "with_$kind";
	new_database($database);
	psql_as('mallory', $database, "CREATE SCHEMA ci; $object{$kind}");
	($rc, $out, $err) = $node->psql($database, 'CREATE EXTENSION composite_indicator');
	like($err, qr/ERROR:  schema "ci" already contains objects/, "a schema with a $kind is refused");
}

$node->stop;
done_testing();
