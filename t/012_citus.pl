
# Aggregates in parts, as Citus computes them: the transition function makes a
# state on each shard, states travel as text or in binary, and the combine and
# final functions see nothing but those, each set up anew for every call.  For every
# aggregate that there is.  Then, that a methodology is not resolved anew every time.

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

use Cwd;

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init;
$node->start;
my $file = PostgreSQL::Test::Utils::tempdir . '/states';

# The library through which functions are called, beside the server and not installed.
my $pg_config = $ENV{PG_CONFIG} || 'pg_config';
chomp(my $pgxs = qx{"$pg_config" --pgxs});
my $folder = PostgreSQL::Test::Utils::tempdir;
system_or_bail('make', '-s', '-C', $folder, '-f', $pgxs, "PGXS=$pgxs", "PG_CONFIG=$pg_config",
	'VPATH=' . getcwd() . '/test', 'MODULES=call_anew', 'with_llvm=no', 'all');
my $library = "$folder/call_anew";

# What aggregates take, by the names of their arguments: a new name needs a column here.
$node->safe_psql('postgres', q{
	CREATE EXTENSION composite_indicator;
	CREATE TABLE cell AS
	SELECT 'unit ' || u AS unit, period, 'i' || i AS indicator,
		CASE WHEN (u + period + i) % 13 > 0 THEN 1 + ((u * 7919 + period * 104729 + i * 1299709) % 10007) / (i + 2.0)::float8 END AS value
	FROM generate_series(1, 40) u, generate_series(2020, 2022) period, generate_series(1, 5) i;
	CREATE TABLE datum AS
	SELECT cell.*, length(unit) / 3.0::float8 AS weight, 0.9::float8 AS p, 10 AS k, wide.*,
		row_number() OVER (ORDER BY md5(cell::text)) AS x, row_number() OVER (ORDER BY value, md5(cell::text)) AS y,
		ARRAY[coalesce(value, 2), cell.period % 3, length(unit)]::float8[] AS items,
		'{"components": [{"code": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 5000}},
			{"code": "i1", "parent": "index", "weight": 0.3}, {"code": "i2", "parent": "index", "direction": -1}, {"code": "i3", "parent": "index"}]}'::ci.methodology AS methodology,
		CASE WHEN cell.period = 2020 THEN jsonb_build_object('code', unit, 'position', substr(unit, 6)::int, 'parent', CASE WHEN unit <> 'unit 1' THEN 'unit 1' END) END AS component
	FROM cell JOIN (
		SELECT unit AS of, period AS at, array_agg(indicator ORDER BY indicator) AS indicators, array_agg(value ORDER BY indicator) AS cells,
			jsonb_object_agg(indicator, value) AS cells_of_jsonb, ci.panel_agg(unit, period, indicator, value) AS panel
		FROM cell GROUP BY unit, period) AS wide ON unit = of AND period = at;
	ALTER TABLE datum ADD simulation ci.simulation;
	UPDATE datum SET simulation = ci.simulate(three, methodology, draws => 2, first_draw => 2 * x::int)
	FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS three FROM cell WHERE unit IN ('unit 1', 'unit 2', 'unit 3') AND period = 2021) AS s
	WHERE indicator = 'i1';});

my @aggregates = map { [ split /\|/, $_, -1 ] } split /\n/, $node->safe_psql('postgres', q{
	SELECT proname, array_to_string(proargtypes::oid[]::regtype[], ','), array_to_string(proargnames, ','), format_type(aggtranstype, NULL), aggtransfn, aggcombinefn, coalesce(nullif(aggfinalfn, 0)::regproc::text, '~'), coalesce(agginitval, '~')
	FROM pg_proc JOIN pg_aggregate ON aggfnoid = pg_proc.oid
	WHERE pronamespace = 'ci'::regnamespace AND aggcombinefn <> 0 ORDER BY pg_proc.oid::regprocedure::text COLLATE "C"});

# Their functions, called anew, have the same names in schema anew.
$node->safe_psql('postgres', qq{
	CREATE SCHEMA anew;
	CREATE FUNCTION anew.calls_that_kept() RETURNS int LANGUAGE C AS '$library', 'calls_that_kept';
	DO \$\$
	DECLARE
		command text;
	BEGIN
		FOR command IN
			SELECT DISTINCT format('CREATE FUNCTION anew.%I(%s) RETURNS %s LANGUAGE C %s AS %L, %L', proname, oidvectortypes(proargtypes), format_type(prorettype, NULL), CASE WHEN proisstrict THEN 'STRICT' END, '$library', 'call_anew')
			FROM pg_aggregate, unnest(ARRAY[aggtransfn, aggcombinefn, aggfinalfn]) AS f JOIN pg_proc ON pg_proc.oid = f
			WHERE aggcombinefn <> 0 AND aggfnoid IN (SELECT oid FROM pg_proc WHERE pronamespace = 'ci'::regnamespace)
		LOOP
			EXECUTE command;
		END LOOP;
	END \$\$});
foreach my $aggregate (@aggregates) { s/^ci\./anew./ foreach @$aggregate[4 .. 6]; }
cmp_ok(scalar(@aggregates), '>', 20, scalar(@aggregates) . ' aggregates can be computed in parts');

# The rows that an aggregate may see at once: those that differ in what it is given.
sub rows_of
{
	my %given = map { $_ => 1 } @_;
	return q{indicator = 'i1' AND component IS NOT NULL} if $given{component};
	return q{indicator = 'i1'} if $given{panel} || $given{simulation};
	my %one = (unit => 'unit 7', period => 2021, indicator => 'i1');
	return 'true' if !grep { $given{$_} } keys %one;
	return join ' AND ', 'true', map { "$_ = '$one{$_}'" } grep { !$given{$_} } sort keys %one;
}

# What Citus makes of an aggregate: one that ends with a state, and one that
# begins with states.  The third combines without an end.
sub aggregates_of
{
	my ($types, $state, $transition, $combine, $final, $initial) = @_;
	my $start = "STYPE = $state" . ($initial eq '~' ? '' : ", INITCOND = '$initial'");
	my $end = $final eq '~' ? '' : ", FINALFUNC = $final";
	return qq{
		DROP SCHEMA IF EXISTS citus CASCADE;
		CREATE SCHEMA citus;
		CREATE AGGREGATE citus.worker ($types) (SFUNC = $transition, $start);
		CREATE AGGREGATE citus.coordinator ($state) (SFUNC = $combine, $start $end);
		CREATE AGGREGATE citus.combine ($state) (SFUNC = $combine, $start);};
}

# States of n shards and of an empty one, each from its rows in another order;
# what they come to in four ways: as they are, as text, in binary, and one after
# the other, in calls that know nothing of each other.
sub results_of
{
	my ($arguments, $rows, $state, $n) = @_;
	return qq{
		CREATE TABLE citus.state_$n AS
		SELECT s, (SELECT citus.worker($arguments) FROM (SELECT * FROM datum WHERE ($rows) AND y % $n = s ORDER BY md5($n || x::text)) AS r) AS state
		FROM generate_series(0, $n) AS s ORDER BY md5(s::text);
		CREATE TABLE citus.received_$n (LIKE citus.state_$n);
		COPY citus.state_$n TO '$file' (FORMAT binary);
		COPY citus.received_$n FROM '$file' (FORMAT binary);
		CREATE FUNCTION citus.in_turn_$n() RETURNS $state LANGUAGE plpgsql AS \$\$
		DECLARE
			done $state;
			next $state;
		BEGIN
			FOR next IN SELECT state FROM citus.state_$n ORDER BY s LOOP
				SELECT citus.combine(part) INTO done FROM (VALUES (1, done), (2, next)) AS p (n, part);
			END LOOP;
			RETURN done;
		END \$\$;
		INSERT INTO result SELECT '$n as they are', citus.coordinator(state)::text FROM citus.state_$n;
		INSERT INTO result SELECT '$n as text', citus.coordinator(state::text::$state)::text FROM citus.state_$n;
		INSERT INTO result SELECT '$n in binary', citus.coordinator(state)::text FROM citus.received_$n;
		INSERT INTO result SELECT '$n in turn', citus.coordinator(citus.in_turn_$n())::text;};
}

# States that are damaged, alone and with one that is not: many are refused, as
# any other bad input, and the others are states of something else.
sub damage
{
	my ($state) = @_;
	return qq{
		CREATE FUNCTION citus.damaged(t text, n int) RETURNS text LANGUAGE sql AS \$\$
			SELECT CASE n % 4
				WHEN 0 THEN left(t, at - at % 2)
				WHEN 1 THEN overlay(t PLACING left(md5(n::text), 2) FROM at)
				WHEN 2 THEN overlay(t PLACING CASE WHEN starts_with(t, '\\x') THEN 'ffff' ELSE ',' END FROM at)
				ELSE left(t, at - at % 2) || substr(t, at - at % 2 + 3) END
			FROM (SELECT 3 + 2 * (abs(hashint4(n)::bigint) % greatest(length(t) / 2 - 2, 1))::int) AS a (at) \$\$;
		CREATE FUNCTION citus.damage() RETURNS text LANGUAGE plpgsql AS \$\$
		DECLARE
			good text := (SELECT state::text FROM citus.state_2 WHERE s = 0);
			refused int := 0;
		BEGIN
			FOR n IN 1 .. 300 LOOP
				BEGIN
					PERFORM citus.coordinator(citus.damaged(good, n)::$state);
					PERFORM citus.coordinator(s::$state) FROM unnest(ARRAY[citus.damaged(good, n), (SELECT state::text FROM citus.state_2 WHERE s = 1)]) AS s;
				EXCEPTION WHEN others THEN
					refused := refused + 1;
					IF sqlstate = 'XX000' THEN
						RETURN sqlerrm;
					END IF;
				END;
			END LOOP;
			RETURN CASE WHEN refused > 20 THEN 'refused' ELSE refused || ' refused' END;
		END \$\$;};
}

foreach my $aggregate (@aggregates)
{
	my ($name, $types, $names, $state, $transition, $combine, $final, $initial) = @$aggregate;
	my @names = split /,/, $names;
	my @types = split /,/, $types;
	my $arguments = join ', ', map { ($names[$_] eq 'cells' && $types[$_] eq 'jsonb' ? 'cells_of_jsonb' : $names[$_]) . "::$types[$_]" } 0 .. $#names;
	my $rows = rows_of(@names);

	my $out = $node->safe_psql('postgres', join "\n", 'SET extra_float_digits = 1; SET client_min_messages = warning;',
		'CREATE TEMPORARY TABLE result (way text, result text);',
		aggregates_of($types, $state, $transition, $combine, $final, $initial),
		(map { results_of($arguments, $rows, $state, $_) } 1, 2, 7, 600),
		damage($state), qq{
		CREATE TABLE citus.plain AS
		SELECT ci.$name($arguments)::text AS result, ci.$name($arguments) FILTER (WHERE false)::text AS of_nothing FROM datum WHERE $rows;
		SELECT count(*), (SELECT result IS NULL FROM citus.plain) FROM result;
		SELECT way || ': ' || coalesce(result.result, 'null') FROM result, citus.plain WHERE result.result IS DISTINCT FROM plain.result;
		SELECT 'of nothing: ' || coalesce(c, 'null') FROM (SELECT citus.coordinator(state)::text FROM citus.state_2 WHERE s = 2) AS empty (c), citus.plain WHERE c IS DISTINCT FROM of_nothing;
		SELECT citus.damage();});
	is($out, "16|f\nrefused", "$name($types): the same in any parts");
}

# Two aggregates with all their functions called anew.
foreach my $aggregate (grep { $_->[0] =~ /^(fit|score)_agg$/ } @aggregates)
{
	my ($name, $types, $names, $state, $transition, $combine, $final) = @$aggregate;
	$node->safe_psql('postgres', "CREATE AGGREGATE anew.$name ($types) (SFUNC = $transition, STYPE = $state, FINALFUNC = $final)");
}
$node->safe_psql('postgres', q{
	CREATE TABLE wide AS
	SELECT unit, period, indicators, cells,
		'{"on_constant": "missing", "components": [{"code": "index", "normalise": {"scope": "panel"}}, {"code": "i1", "parent": "index"}, {"code": "i2", "parent": "index"}]}'::ci.methodology AS methodology,
		'{"on_constant": "missing", "components": [{"code": "index", "normalise": {"method": "zscore", "scope": "panel"}}, {"code": "i3", "parent": "index"}]}'::ci.methodology AS other
	FROM datum WHERE indicator = 'i1';
	CREATE TABLE goalposts AS
	SELECT n, jsonb_set(methodology::jsonb, '{components,0,normalise,lower}', to_jsonb(-n))::text::ci.methodology AS methodology
	FROM generate_series(1, 12) AS n, (SELECT methodology FROM datum LIMIT 1) AS d;
	CREATE TABLE long (methodology ci.methodology);
	ALTER TABLE long ALTER methodology SET STORAGE EXTERNAL;
	INSERT INTO long SELECT jsonb_set(methodology::jsonb, '{name}', to_jsonb(repeat('long ', 1000)))::text::ci.methodology FROM wide LIMIT 1;
	ANALYZE;});

# A query of aggregates in ci gives the same in anew; how many calls there prepared a
# methodology and kept what they had made.
sub prepared
{
	my ($what, $query, $expected, $setting) = @_;
	my $of_ci = "SELECT md5(string_agg(r::text, ' ' ORDER BY r::text)), count(*) FROM ($query) AS r";
	(my $of_anew = $of_ci) =~ s/\bci\.(fit_agg|score_agg)/anew.$1/g;
	my ($wanted, $before, $got, $calls) = split /\n/, $node->safe_psql('postgres',
		($setting // '') . "; $of_ci; SELECT anew.calls_that_kept(); $of_anew; SELECT anew.calls_that_kept();");
	is($got, $wanted, "$what: the same");
	is($calls, $expected, "$what: prepared as often as it has to be") if defined $expected;
}

my ($hashed, $sorted) = ('SET enable_sort = off', 'SET enable_hashagg = off');
my $fit = 'ci.fit_agg(unit, period, indicators, cells';
my $of_unit = 'FROM datum GROUP BY unit, period';
prepared('one group', "SELECT $fit, methodology) FROM wide", 1);
prepared('no methodology', "SELECT $fit, NULL) FROM wide", 0);
prepared('many groups at once', "SELECT unit, $fit, methodology) FROM wide GROUP BY unit", 1, $hashed);
prepared('many groups, one after the other', "SELECT unit, $fit, methodology) FROM wide GROUP BY unit", 40, $sorted);
prepared('windows', "SELECT unit, $fit, methodology) OVER (PARTITION BY unit ORDER BY period) FROM wide", 40);
prepared('sets of groups', "SELECT unit, period, $fit, methodology), $fit, other) FROM wide GROUP BY CUBE (unit, period)", undef, 'SET work_mem = 64');
prepared('two methodologies', "SELECT $fit, methodology), $fit, other) FILTER (WHERE period > 2020) FROM wide", 2);
prepared('a methodology for some groups', "SELECT period, $fit, CASE WHEN period > 2020 THEN methodology END) FROM wide GROUP BY period", 1, $hashed);
prepared('a methodology that is stored out of line', "SELECT period, $fit, long.methodology) FROM wide, long GROUP BY period", 1, $hashed);
prepared('scores', "SELECT unit, period, ci.score_agg(indicator, value, methodology) $of_unit", 1, $hashed);
prepared('scores and fits', "SELECT unit, period, ci.score_agg(indicator, value, methodology), $fit, methodology) $of_unit, indicators, cells", 2, $hashed);
prepared("scores by $_ methodologies at once", "SELECT unit, period, n, ci.score_agg(indicator, value, g.methodology) FROM datum, goalposts AS g WHERE n <= $_ GROUP BY unit, period, n",
	$_ <= 8 ? $_ : undef, $hashed) foreach (8, 12);

my ($rc, $out, $error) = $node->psql('postgres', 'SELECT anew.score_agg(indicator, value, g.methodology) FROM datum, goalposts AS g');
like($error, qr/methodology differs between the rows of a group/, 'two methodologies in one group are refused');

done_testing();
