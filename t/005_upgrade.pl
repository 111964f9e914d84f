
# An upgraded extension is the same as a fresh one, and what depends on it stays.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;

# Every member, with all that defines it, without object identifiers.
my $members = q{
	SET search_path = pg_catalog;
	CREATE TEMPORARY VIEW member AS
	SELECT classid, objid, pg_describe_object(classid, objid, 0) AS object
	FROM pg_depend
	WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
		AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'composite_indicator');

	SELECT object, obj_description(objid, classid::regclass::text) FROM member ORDER BY object COLLATE "C";

	SELECT object, to_jsonb(p) - '{oid,pronamespace,proowner,prolang,prorettype,proargtypes,proallargtypes,provariadic,prosupport,prosqlbody,proargdefaults,protrftypes}'::text[],
		pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), prosupport, lanname, pg_get_function_sqlbody(p.oid)
	FROM member JOIN pg_proc AS p ON classid = 'pg_proc'::regclass AND p.oid = objid JOIN pg_language AS l ON l.oid = prolang
	ORDER BY object COLLATE "C";

	SELECT object, aggkind, aggtransfn, aggfinalfn, aggcombinefn, aggserialfn, aggdeserialfn, aggmtransfn, aggminvtransfn, aggmfinalfn,
		aggfinalextra, aggmfinalextra, aggfinalmodify, aggsortop::regoperator, aggtranstype::regtype, aggtransspace, agginitval
	FROM member JOIN pg_aggregate ON classid = 'pg_proc'::regclass AND aggfnoid = objid
	ORDER BY object COLLATE "C";

	SELECT object, typlen, typbyval, typtype, typcategory, typispreferred, typinput, typoutput, typreceive, typsend, typanalyze,
		typalign, typstorage, typdefault, typacl,
		(SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnum, ', ' ORDER BY attnum)
		 FROM pg_attribute WHERE attrelid = typrelid AND attnum > 0 AND NOT attisdropped)
	FROM member JOIN pg_type AS t ON classid = 'pg_type'::regclass AND t.oid = objid
	ORDER BY object COLLATE "C";

	SELECT object, castfunc::regprocedure, castcontext, castmethod
	FROM member JOIN pg_cast AS c ON classid = 'pg_cast'::regclass AND c.oid = objid ORDER BY object COLLATE "C";

	SELECT object, oprcode, oprcom::regoperator, oprnegate::regoperator, oprrest, oprjoin, oprcanmerge, oprcanhash
	FROM member JOIN pg_operator AS o ON classid = 'pg_operator'::regclass AND o.oid = objid ORDER BY object COLLATE "C";

	SELECT object, opcdefault, opcintype::regtype,
		(SELECT string_agg(amopstrategy || ' ' || amopopr::regoperator, ', ' ORDER BY amopstrategy) FROM pg_amop WHERE amopfamily = opcfamily),
		(SELECT string_agg(amprocnum || ' ' || amproc::regprocedure, ', ' ORDER BY amprocnum) FROM pg_amproc WHERE amprocfamily = opcfamily)
	FROM member JOIN pg_opclass AS o ON classid = 'pg_opclass'::regclass AND o.oid = objid ORDER BY object COLLATE "C";

	SELECT extversion, extrelocatable, extnamespace::regnamespace, extconfig FROM pg_extension WHERE extname = 'composite_indicator';
	SELECT nspname, nspacl FROM pg_namespace WHERE nspname = 'ci';
};

# What a database holds that has used the extension.
my $objects = q{
	CREATE TABLE published (name text PRIMARY KEY, panel ci.panel NOT NULL, methodology ci.methodology NOT NULL);
	INSERT INTO published
	SELECT 'index', ci.panel_agg('unit ' || u, y, i, sqrt(u * 17 % 23 + y / 3.0)),
		'{"name": "index", "components": [{"code": "all"},
			{"code": "a", "parent": "all", "weight": 2, "normalise": {"method": "goalposts", "lower": 20, "upper": 30}},
			{"code": "b", "parent": "all", "direction": -1, "normalise": {"method": "goalposts", "lower": 20, "upper": 30}}]}'
	FROM generate_series(1, 40) u, generate_series(2018, 2021) y, unnest('{a,b}'::text[]) i;

	CREATE VIEW standing AS SELECT name, r.* FROM published, ci.rank(panel, methodology) AS r;
	CREATE VIEW anatomy AS SELECT name, e.*, c.weight AS given FROM published, ci.explain(panel, methodology) AS e,
		ci.components(methodology) AS c WHERE c.code = e.component;
	CREATE VIEW finding AS SELECT name, f.* FROM published, ci.audit(panel, methodology) AS f;
	CREATE MATERIALIZED VIEW frozen AS SELECT * FROM standing;
	CREATE TABLE city (a float8, b float8, score float8 GENERATED ALWAYS AS (ci.score('{a,b}', ARRAY[a, b],
		'{"components": [{"code": "all"},
			{"code": "a", "parent": "all", "normalise": {"method": "goalposts", "lower": 0, "upper": 9}},
			{"code": "b", "parent": "all", "normalise": {"method": "goalposts", "lower": 0, "upper": 9}}]}'::ci.methodology)) STORED);
	INSERT INTO city SELECT i % 10, i / 10 FROM generate_series(0, 99) i;
	CREATE FUNCTION leader(ci.panel) RETURNS text RETURN (SELECT min(unit) FROM ci.rank($1) WHERE rank = 1);
};

# A ledger with an edition, and a simulation that is half done, from the versions on
# that have them; and what must then go on.
my %made = (
	create_ledger => q{SELECT ci.create_ledger('league'); SELECT ci.publish('league', '2018', 2018, panel, methodology) FROM published},
	create_simulation => q{SELECT ci.create_simulation('run', panel, methodology, draws => 20, chunk => 10) FROM published; SELECT ci.simulate_chunk('run')});
my %goes_on = (
	create_ledger => [
		q{SELECT ci.publish('league', '2019', 2019, panel, methodology) IS NOT NULL FROM published;
			SELECT string_agg(edition || ' ' || kind || ' ' || ok, ', ' ORDER BY edition) FROM ci.verify('league');
			SELECT count(*), count(previous_rank) FROM league_latest; SELECT ci.retract('league', '2018', 'test')},
		"t\n2018 score true, 2019 score true\n40|40",
		q{DELETE FROM league_standing}, qr/cannot delete published rows of public.league_standing/],
	create_simulation => [
		q{SELECT ci.simulate_chunk('run'); SELECT ci.simulate_chunk('run'); SELECT done FROM run_progress;
			SELECT ci.simulation_agg(r.simulation) = ci.simulate(panel, methodology, draws => 20) FROM run AS r, published GROUP BY panel, methodology},
		"t\nf\n20\nt",
		q{UPDATE run SET draws = 1}, qr/cannot update what public.run has simulated/]);

my $fingerprint = q{
	SET extra_float_digits = 1;
	SELECT name, ci.digest(panel), ci.digest(methodology), panel::text, methodology::text FROM published;
	TABLE standing; TABLE anatomy; TABLE finding; SELECT * FROM city ORDER BY a, b;
	SELECT leader(panel) FROM published;
};

# The lines that only one of two texts has.
sub difference
{
	my ($one, $other) = @_;
	my %count;
	$count{$_}++ foreach split /\n/, $one;
	$count{$_}-- foreach split /\n/, $other;
	return join "\n", map { $count{$_} > 0 ? "upgraded: $_" : "fresh: $_" } grep { $count{$_} != 0 } sort keys %count;
}

my @scripts = map { /--([0-9.]+)\.sql$/ ? $1 : () } glob 'sql/released/*.sql';
ok(@scripts > 0, 'there are released versions');

$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'CREATE EXTENSION composite_indicator');
my $fresh = $node->safe_psql('fresh', $members);

foreach my $version (@scripts)
{
	(my $database = "from_$version") =~ s/\./_/g;

	$node->safe_psql('postgres', "CREATE DATABASE $database");
	$node->safe_psql($database, "CREATE EXTENSION composite_indicator VERSION '$version'");
	$node->safe_psql($database, $objects);
	my $before = $node->safe_psql($database, $fingerprint);
	my $plain = $node->safe_psql($database, 'TABLE frozen');
	my @made = grep { $node->safe_psql($database, "SELECT to_regproc('ci.$_') IS NOT NULL") eq 't' } sort keys %made;
	$node->safe_psql($database, $made{$_}) foreach @made;

	$node->safe_psql($database, 'ALTER EXTENSION composite_indicator UPDATE');
	is(difference($node->safe_psql($database, $members), $fresh), '', "$version upgraded is the same as a fresh install");
	is($node->safe_psql($database, $fingerprint), $before, "$version: what it holds, and its results, stay bit by bit");
	$node->safe_psql($database, 'REFRESH MATERIALIZED VIEW frozen; UPDATE city SET a = a');
	is($node->safe_psql($database, 'TABLE frozen'), $plain, "$version: views on it can be refreshed");

	foreach my $what (@made)
	{
		my ($work, $result, $change, $refused) = @{ $goes_on{$what} };
		like($node->safe_psql($database, $work), qr/^\Q$result\E\s*$/, "$version: what ci.$what has made goes on");
		like(($node->psql($database, $change))[2], $refused, "$version: ... and keeps what it has");
	}

	my ($rc, $out, $err) = $node->psql($database, 'DROP EXTENSION composite_indicator');
	like($err, qr/other objects depend on it/, "$version: it is not dropped from under them");
}

$node->stop;
done_testing();
