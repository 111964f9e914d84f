-- Ledgers: every error, with its SQLSTATE, detail and hint; who may do what; and what is on the caller's search_path.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
\pset null ~

-- The SQLSTATE and the message of a statement, its detail and its hint, each on a line
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN QUERY SELECT line FROM unnest(ARRAY[SQLSTATE || ': ' || message, nullif(detail, ''), nullif(hint, '')]) WITH ORDINALITY AS l (line, n)
		WHERE line IS NOT NULL ORDER BY n;
END $$;
\pset tuples_only on
\pset format unaligned
CREATE SCHEMA league;
SET search_path = league, pg_temp;

CREATE TABLE data AS
SELECT version, ci.panel_agg(unit, 1, 'x', x + version * (unit = 'a')::int) AS panel, '{"components": [{"code": "x"}]}'::ci.methodology AS methodology
FROM (VALUES ('a', 1), ('b', 2), ('c', 3)) AS v (unit, x), generate_series(0, 1) AS version GROUP BY version;

-- ci.create_ledger
SELECT pg_temp.error_of($$ SELECT ci.create_ledger(NULL) $$);
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('x', NULL) $$);
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('x', '{1,NULL}') $$);
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('x', '{0,1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('x', '{3,3}') $$);
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('') $$);
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('two words') $$);
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('database.public.x') $$);
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('nowhere.x') $$);
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('pg_catalog.x') $$);
SELECT pg_temp.error_of(format('SELECT ci.create_ledger(%L)', repeat('x', 54)));
SELECT pg_temp.error_of(format('SELECT ci.create_ledger(%L)', '"' || repeat('界', 18) || '"'));
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('data') $$);
SET search_path = nowhere;
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('x') $$);
SET search_path = league, pg_temp;
-- nothing is left of a ledger that could not be made
CREATE VIEW half_latest AS SELECT 1;
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('half') $$);
SELECT to_regclass('half');

SELECT ci.create_ledger('city');
SELECT ci.create_ledger('Öld_Index');

-- What is no ledger
SELECT pg_temp.error_of($$ SELECT ci.publish('data', '1', 1, panel, methodology) FROM data $$);
SELECT pg_temp.error_of($$ SELECT ci.publish('city_standing', '1', 1, panel, methodology) FROM data $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city_input', '1', 1, '{a}', '{1}') $$);
SELECT pg_temp.error_of($$ SELECT * FROM ci.verify('city_latest') $$);
SELECT pg_temp.error_of($$ SELECT ci.retract('pg_class', '1', 'x') $$);
SELECT pg_temp.error_of($$ SELECT * FROM ci.verify('nowhere') $$);
SELECT pg_temp.error_of($$ SELECT * FROM ci.verify(4294967295::oid) $$);
SELECT pg_temp.error_of($$ SELECT * FROM ci.verify(NULL) $$);
CREATE TABLE copied (LIKE city);
CREATE FUNCTION pg_temp.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER ledger_edition BEFORE UPDATE ON copied FOR EACH ROW EXECUTE FUNCTION pg_temp.nothing();
SELECT pg_temp.error_of($$ SELECT ci.retract('copied', '1', 'x') $$);
ALTER TABLE "Öld_index" RENAME TO renamed;
SELECT pg_temp.error_of($$ SELECT ci.import_edition('renamed', '1', 1, '{a}', '{1}') $$);
DROP TABLE renamed, "Öld_index_input", "Öld_index_standing" CASCADE;

-- ci.publish
SELECT pg_temp.error_of($$ SELECT ci.publish('city', NULL, 1, panel, methodology) FROM data $$);
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '1', NULL, panel, methodology) FROM data $$);
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '1', 1, NULL, methodology) FROM data $$);
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '1', 1, panel, NULL) FROM data $$);
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '1', 1, panel, methodology, strict => NULL) FROM data $$);
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '1', 2, panel, methodology) FROM data $$);
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '1', 1, panel, ci.amend(methodology, '{"screen": {"exclude": ["a", "b", "c"]}, "on_constant": "missing"}')) FROM data $$);
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '1', 1, panel, ci.amend(methodology, '{"components": [{"code": "x", "indicator": "y"}]}')) FROM data $$);
-- another digest, with both; and a period that is taken
SELECT ci.publish('city', '1', 1, panel, methodology) FROM data WHERE version = 0;
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '1', 1, panel, methodology) FROM data WHERE version = 1 $$);
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '2', 1, panel, methodology) FROM data WHERE version = 0 $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '1', 1, '{a}', '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '2', 1, '{a}', '{1}') $$);
-- strict
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '3', 3, ci.panel_agg(unit, period, 'x', x), '{"components": [{"code": "x"}]}', strict => true)
	FROM (VALUES ('a', 2, 1), ('d', 2, 1), ('a', 3, 1), ('b', 3, 2), ('c', 3, NULL)) AS v (unit, period, x) $$);
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '3', 3, ci.panel_agg(unit, period, 'x', x), '{"on_constant": "missing", "components": [{"code": "x"}]}', strict => true)
	FROM (VALUES ('a', 2, 1), ('d', 2, 1), ('a', 3, 1), ('b', 3, 2), ('c', 3, NULL)) AS v (unit, period, x) $$);

-- ci.import_edition
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', NULL, 4, '{a}', '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', NULL, '{a}', '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, NULL, '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, '{a,NULL}', '{1,2}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, '{a,b}', '{1,NULL}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, '{a,b}', '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, '{a,b}', '{1,2}', '{0.5}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, '{{a,b}}', '{1,2}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, '{a,b}', '{0,1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, '{a,b}', '{1,2}', listed => 0) $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, '{a,b}', '{1,2}', '{1,NaN}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, '{a,b,a}', '{1,2,3}') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '4', 4, '{}', '{}') $$);

-- ci.verify, ci.retract
SELECT pg_temp.error_of($$ SELECT * FROM ci.verify('city', '4') $$);
SELECT pg_temp.error_of($$ SELECT * FROM ci.verify('city', tolerance => -1) $$);
SELECT pg_temp.error_of($$ SELECT * FROM ci.verify('city', tolerance => 'NaN') $$);
SELECT pg_temp.error_of($$ SELECT * FROM ci.verify('city', tolerance => NULL) $$);
SELECT pg_temp.error_of($$ SELECT ci.retract('city', '4', 'x') $$);
SELECT pg_temp.error_of($$ SELECT ci.retract('city', NULL, 'x') $$);
SELECT pg_temp.error_of($$ SELECT ci.retract('city', '1', NULL) $$);

-- What is published stays: no UPDATE, DELETE or TRUNCATE, of no column, by whatever command
SELECT column_name, e FROM information_schema.columns, pg_temp.error_of(format('UPDATE city SET %I = %s', column_name, CASE WHEN data_type = 'integer' THEN '7' WHEN data_type ~ '^time' THEN 'now() + ''1 day''' ELSE '''\x07''' END)) AS e
WHERE table_schema = 'league' AND table_name = 'city' AND e !~ '^(Failing|Retract)' ORDER BY ordinal_position;
SELECT pg_temp.error_of($$ UPDATE city_input SET panel = panel $$);
SELECT pg_temp.error_of($$ UPDATE city_standing SET rank = 1 $$);
SELECT pg_temp.error_of($$ INSERT INTO city_standing SELECT * FROM city_standing ON CONFLICT (edition, component, unit) DO UPDATE SET rank = 1 $$);
SELECT pg_temp.error_of($$ MERGE INTO city_standing AS t USING city_standing AS s ON t.unit = s.unit WHEN MATCHED THEN DELETE $$);
SELECT pg_temp.error_of($$ DELETE FROM city $$);
SELECT pg_temp.error_of($$ DELETE FROM city_input $$);
SELECT pg_temp.error_of($$ DELETE FROM city_standing $$);
SELECT pg_temp.error_of($$ TRUNCATE city_input $$);
SELECT pg_temp.error_of($$ TRUNCATE city_standing $$);
SELECT pg_temp.error_of($$ TRUNCATE city CASCADE $$);
-- marking is allowed by hand too, but whole, and once
SELECT pg_temp.error_of($$ UPDATE city SET retracted_at = now() $$) LIMIT 1;
SELECT pg_temp.error_of($$ UPDATE city SET retracted_at = now(), retracted_by = 'x', reason = 'y', note = 'z' $$);
SELECT ci.retract('city', '1', 'by mistake');
SELECT pg_temp.error_of($$ SELECT ci.retract('city', '1', 'again') $$);
SELECT pg_temp.error_of($$ UPDATE city SET reason = 'another' $$);
SELECT pg_temp.error_of($$ UPDATE city SET retracted_at = NULL, retracted_by = NULL, reason = NULL $$);
SELECT pg_temp.error_of($$ DELETE FROM city $$);
-- a retracted edition keeps its name
SELECT pg_temp.error_of($$ SELECT ci.publish('city', '1', 1, panel, methodology) FROM data WHERE version = 1 $$);
SELECT ci.publish('city', '1', 1, panel, methodology) IS NOT NULL FROM data WHERE version = 0;
SELECT ci.publish('city', '1b', 1, panel, methodology) IS NOT NULL FROM data WHERE version = 1;

-- Who may do what: functions run as their caller
CREATE ROLE regress_ledger_reader;
CREATE ROLE regress_ledger_publisher;
GRANT USAGE ON SCHEMA league TO regress_ledger_reader, regress_ledger_publisher;
GRANT SELECT ON data TO regress_ledger_publisher;
GRANT SELECT ON city_history, city_latest, city_component TO regress_ledger_reader;
GRANT SELECT, INSERT ON city TO regress_ledger_publisher;
GRANT INSERT ON city_input, city_standing TO regress_ledger_publisher;

SET ROLE regress_ledger_reader;
SELECT edition, unit, rank FROM city_latest ORDER BY rank;
SELECT count(*) FROM city_history;
SELECT edition, code FROM city_component;
SELECT pg_temp.error_of($$ SELECT * FROM city $$);
SELECT pg_temp.error_of($$ SELECT * FROM city_input $$);
SELECT pg_temp.error_of($$ SELECT * FROM city_standing $$);
SELECT pg_temp.error_of($$ SELECT * FROM ci.verify('city') $$);
SELECT pg_temp.error_of($$ SELECT ci.import_edition('city', '5', 5, '{a}', '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.retract('city', '1b', 'x') $$);
SELECT pg_temp.error_of($$ SELECT ci.create_ledger('mine') $$);
SELECT pg_temp.error_of($$ DELETE FROM city_latest $$);
-- and of a retracted edition not a row, even by a function that tells what it sees
CREATE FUNCTION pg_temp.tell(text) RETURNS bool LANGUAGE plpgsql COST 0.0001 AS $$ BEGIN RAISE WARNING 'seen: %', $1; RETURN true; END $$;
SELECT count(*) FROM city_history WHERE pg_temp.tell(edition) AND rank = 1;
SELECT count(*) FROM city_latest WHERE pg_temp.tell(edition) AND rank = 1;
SELECT count(*) FROM city_component WHERE pg_temp.tell(edition);
RESET ROLE;

SET ROLE regress_ledger_publisher;
SELECT ci.import_edition('city', '5', 5, '{a,b}', '{1,2}') IS NOT NULL;
SELECT ci.publish('city', '6', 1, panel, methodology) IS NOT NULL FROM data WHERE version = 9;
SELECT pg_temp.error_of($$ SELECT ci.retract('city', '5', 'x') $$);
RESET ROLE;
SELECT published_by FROM city WHERE edition = '5';
GRANT UPDATE (retracted_at, retracted_by, reason) ON city TO regress_ledger_publisher;
SET ROLE regress_ledger_publisher;
SELECT ci.retract('city', '5', 'withdrawn by its publisher');
SELECT retracted_by FROM city WHERE edition = '5';
RESET ROLE;

-- What is on the caller's search_path is not what runs: traps for names that the functions and views use, before pg_catalog and in pg_temp
CREATE SCHEMA trap;
CREATE TABLE trap.sprung (name text);
CREATE FUNCTION trap.spring(name text) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN INSERT INTO trap.sprung VALUES (name); RETURN true; END $$;
DO $$
DECLARE
	f record;
BEGIN
	-- functions, with the arguments that pg_catalog's have
	FOR f IN SELECT proname, pg_get_function_arguments(oid) AS arguments, pg_get_function_result(oid) AS result FROM pg_proc
		WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND provariadic = 0
			AND proname IN ('sha256', 'convert_to', 'int4send', 'float8send', 'parse_ident', 'to_regclass', 'current_schema', 'now', 'array_position',
				'octet_length', 'cardinality', 'array_ndims', 'abs', 'length', 'current_setting')
	LOOP
		EXECUTE format('CREATE FUNCTION trap.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', f.proname,
			regexp_replace(regexp_replace(f.arguments, ' DEFAULT [^,]*', '', 'g'), '\m(str|strict) ', '', 'g'), f.result,
			format('BEGIN PERFORM trap.spring(%L); RETURN NULL; END', f.proname));
	END LOOP;
	-- operators
	FOR f IN SELECT oprname, oprcode AS name, oprleft::regtype AS l, oprright::regtype AS r, oprresult::regtype AS result FROM pg_operator
		WHERE (oprname, oprleft, oprright) IN (('=', 'text'::regtype, 'text'::regtype), ('=', 'oid'::regtype, 'oid'::regtype), ('=', 'int4'::regtype, 'int4'::regtype),
			('<>', 'bytea'::regtype, 'bytea'::regtype), ('=', 'bytea'::regtype, 'bytea'::regtype), ('||', 'bytea'::regtype, 'bytea'::regtype),
			('||', 'text'::regtype, 'text'::regtype), ('<', 'int4'::regtype, 'int4'::regtype), ('>', 'int4'::regtype, 'int4'::regtype), ('=', 'name'::regtype, 'text'::regtype),
			('<=', 'int4'::regtype, 'int4'::regtype), ('-', 'float8'::regtype, 'float8'::regtype), ('-', 'int4'::regtype, 'int4'::regtype))
	LOOP
		EXECUTE format('CREATE FUNCTION trap.%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS %L', f.name, f.l, f.r, f.result,
			format('BEGIN PERFORM trap.spring(%L); RETURN NULL; END', f.name));
		EXECUTE format('CREATE OPERATOR trap.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = trap.%s)', f.oprname, f.l, f.r, f.name);
	END LOOP;
END $$;
SELECT count(*) > 30 FROM pg_proc WHERE pronamespace = 'trap'::regnamespace;
-- relations
CREATE TABLE trap.city AS SELECT * FROM league.city LIMIT 0;
CREATE TEMPORARY TABLE city AS SELECT * FROM league.city LIMIT 0;
CREATE TEMPORARY TABLE city_standing AS SELECT * FROM league.city_standing LIMIT 0;
CREATE TEMPORARY TABLE pg_trigger AS SELECT * FROM pg_catalog.pg_trigger LIMIT 0;
CREATE TEMPORARY TABLE pg_class AS SELECT * FROM pg_catalog.pg_class LIMIT 0;
-- a domain for a type
CREATE DOMAIN trap.text AS pg_catalog.text CHECK (trap.spring('text'));
CREATE DOMAIN trap.regclass AS pg_catalog.regclass CHECK (trap.spring('regclass'));
SELECT ci.create_ledger('league.plain') IS NOT NULL;
SELECT ci.publish('league.plain', '1', 1, panel, methodology) AS digest, version FROM data WHERE version = 0 \gset
-- (a statement's own operators and functions are the caller's choice, so these have none)
SET search_path = pg_temp, trap, pg_catalog, league;
SELECT ci.create_ledger('trapped');
SELECT ci.create_ledger('league.trapped');
SELECT ci.publish('league.trapped', '1', 1, panel, methodology), :'digest' AS plain FROM data ORDER BY version LIMIT 1;
SELECT ci.publish('league.trapped', '1', 1, panel, methodology), :'digest' AS plain FROM data ORDER BY version LIMIT 1;
SELECT ci.import_edition('league.trapped', '2', 2, '{a,b}', '{2,1}');
SELECT edition, unit, rank, previous_rank, movement, streak_top1 FROM league.trapped_latest ORDER BY unit;
SELECT edition, unit, rank, previous_rank, movement, streak_top1 FROM league.trapped_history ORDER BY edition, unit;
SELECT edition, code FROM league.trapped_component;
SELECT * FROM ci.verify('league.trapped');
SELECT ci.retract('league.trapped', '2', 'x');
UPDATE league.trapped SET note = 'x';
TRUNCATE league.trapped_standing;
SET search_path = league, pg_temp;
SELECT * FROM trap.sprung;
-- they would spring
SET search_path = trap, pg_catalog;
SELECT sha256('x'), 'x'::pg_catalog.text = 'y'::pg_catalog.text;
SET search_path = league, pg_temp;
SELECT name FROM trap.sprung ORDER BY name;

RESET search_path;
DROP SCHEMA league, trap CASCADE;
DROP TABLE pg_temp.pg_trigger, pg_temp.pg_class, pg_temp.city, pg_temp.city_standing CASCADE;
DROP OWNED BY regress_ledger_reader, regress_ledger_publisher;
DROP ROLE regress_ledger_reader, regress_ledger_publisher;
