-- Draws counted part by part are the draws of one run: the same bits, whoever counts them and however they are merged.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;
\pset null ~

-- A panel with ties, gaps, units that are screened or have no score, in two periods.
CREATE TABLE simulation_test AS
SELECT ci.panel_agg('u' || lpad(u::text, 2, '0'), p, 'x' || j, CASE WHEN (u * 7 + j * 3 + p) % 11 > 0 THEN 1 + (u * u * 31 + j * j * u * 17 + p * u) % 23 END::float8) AS panel,
	'{"screen": {"min_coverage": 0.7, "exclude": ["u03"]}, "rank": {"decimals": 0}, "components": [
		{"code": "i", "normalise": {"method": "minmax", "to": [1, 100]}}, {"code": "a", "parent": "i", "min_count": 2}, {"code": "b", "parent": "i", "weight": 2},
		{"code": "x1", "parent": "a"}, {"code": "x2", "parent": "a"}, {"code": "x3", "parent": "a", "direction": -1},
		{"code": "x4", "parent": "b"}, {"code": "x5", "parent": "b"}, {"code": "x6", "parent": "b", "weight": 3}]}'::ci.methodology AS methodology
FROM generate_series(1, 15) u, generate_series(1, 6) j, generate_series(1, 2) p;
CREATE TABLE simulation_case AS
SELECT name, uncertainty::ci.uncertainty, CASE WHEN name = 'errors' THEN (SELECT ci.panel_agg(unit, period, indicator, 1 + period) FROM simulation_test, ci.observations(panel)) END AS errors
FROM (VALUES ('weights', '{"weights": {"share": 0.25}}'), ('left out', '{"weights": "simplex", "omit": true}'), ('errors', '{"weights": {"method": "dirichlet", "concentration": 20}}'),
	('choices', '{"weights": {"share": 0.5}, "choices": [[{}, {"components": [{"code": "i", "aggregate": "geometric"}]}], [{}, {"components": [{"code": "x1", "weight": 0}]}]]}')) v (name, uncertainty);

-- One run of 210 draws, and the same in seven parts; a table in which every row is a page, so that workers share it.
CREATE TABLE simulation_run AS
SELECT name, ci.simulate(panel, methodology, uncertainty, 210, 7, errors => errors, pairs => true) AS simulation FROM simulation_test, simulation_case;
CREATE TABLE simulation_part WITH (fillfactor = 10, parallel_workers = 2) AS
SELECT name, first, n, ci.simulate(panel, methodology, uncertainty, n, 7, errors => errors, first_draw => first, pairs => true) AS simulation, rpad('', 500) AS filler
FROM simulation_test, simulation_case, (VALUES (1, 10), (11, 20), (31, 30), (61, 40), (101, 50), (151, 30), (181, 30)) v (first, n);
ANALYZE simulation_part;
SELECT first, s.draws, ranges, seed, periods, units, pairs, panel_digest = ci.digest(panel) AND methodology_digest = ci.digest(methodology) AS digests
FROM simulation_test, simulation_part, ci.simulation_summary(simulation) s WHERE name = 'weights' ORDER BY first;

-- in order, in any other, and some of them first
CREATE TEMP TABLE merged AS
SELECT name, 'ascending' AS way, ci.simulation_agg(simulation ORDER BY first) AS simulation FROM simulation_part GROUP BY name
UNION ALL SELECT name, 'descending', ci.simulation_agg(simulation ORDER BY first DESC) FROM simulation_part GROUP BY name
UNION ALL SELECT name, 'shuffled ' || k, ci.simulation_agg(simulation ORDER BY hashint4extended(first, k)) FROM simulation_part, generate_series(1, 20) k GROUP BY name, k
UNION ALL SELECT name, 'in two steps', ci.simulation_agg(third) FROM (SELECT name, ci.simulation_agg(simulation) AS third FROM simulation_part GROUP BY name, first % 3) s GROUP BY name
UNION ALL SELECT name, 'among nulls', ci.simulation_agg(simulation) FROM (SELECT name, simulation FROM simulation_part UNION ALL SELECT name, NULL FROM simulation_case, generate_series(1, 3)) s GROUP BY name;
SELECT name, count(*) AS ways, count(*) FILTER (WHERE m.simulation <> r.simulation) AS differ FROM merged m JOIN simulation_run r USING (name) GROUP BY name ORDER BY name;
-- by workers, who merge, or who simulate
CREATE FUNCTION pg_temp.steps(query text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	line text;
	steps text[] = '{}';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Aggregate|Parallel Seq Scan on simulation_part' THEN
			steps := steps || substring(line FROM '(?:-> +)?(\S.*?)(?: on .*)?$');
		END IF;
	END LOOP;
	RETURN steps;
END $$;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SELECT pg_temp.steps($$ SELECT ci.simulation_agg(simulation) FROM simulation_part WHERE name = 'weights' $$);
-- what all have in common comes from subqueries: a conversion to a domain is the leader's
\set simulated '(SELECT panel FROM simulation_test), (SELECT methodology FROM simulation_test), (SELECT uncertainty FROM simulation_case WHERE name = $$choices$$), n, 7, first_draw => first, pairs => true'
SELECT pg_temp.steps(format('SELECT ci.simulation_agg(ci.simulate(%s)) FROM simulation_part WHERE name = $$weights$$', :'simulated'));
SELECT r.name, r.simulation = (SELECT ci.simulation_agg(simulation) FROM simulation_part p WHERE p.name = r.name) AS same FROM simulation_run r ORDER BY name;
SELECT ci.simulation_agg(ci.simulate(:simulated)) = (SELECT simulation FROM simulation_run WHERE name = 'choices') AS same FROM simulation_part WHERE name = 'weights';
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
-- one after the other, in a window, and without an aggregate
SELECT first, s.ranges = int8multirange(int8range(1, first + n)) AS ranges, s.draws = first + n - 1 AS draws
FROM (SELECT first, n, ci.simulation_agg(simulation) OVER (ORDER BY first) AS simulation FROM simulation_part WHERE name = 'errors') w, ci.simulation_summary(simulation) s ORDER BY first;
SELECT first, int8multirange(int8range(1, 211)) - s.ranges = int8multirange(int8range(first, first + n)) AS without
FROM (SELECT first, n, ci.simulation_agg(simulation) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS simulation
	FROM simulation_part WHERE name = 'left out') w, ci.simulation_summary(simulation) s ORDER BY first;
SELECT ci.simulation_merge(a.simulation, b.simulation) = ci.simulation_merge(b.simulation, a.simulation) AS either_way, s.draws, s.ranges,
	ci.simulation_merge(a.simulation, NULL) = a.simulation AND ci.simulation_merge(NULL, b.simulation) = b.simulation AND ci.simulation_merge(NULL, NULL) IS NULL AS nulls
FROM simulation_part a JOIN simulation_part b USING (name), ci.simulation_summary(ci.simulation_merge(a.simulation, b.simulation)) s WHERE name = 'weights' AND a.first = 31 AND b.first = 181;

-- What they show is what the functions of docs/simulate.md do.
CREATE FUNCTION pg_temp.same(one text, other text) RETURNS TABLE (name text, rows bigint, differ bigint) LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE format('WITH one AS (SELECT name, r.*::text AS r FROM simulation_run, %s r), other AS (SELECT name, r.*::text AS r FROM simulation_test, simulation_case, %s r)
		SELECT name, count(*), count(*) FILTER (WHERE one.r IS DISTINCT FROM other.r)
		FROM (SELECT *, row_number() OVER (PARTITION BY name) AS n FROM one) one FULL JOIN (SELECT *, row_number() OVER (PARTITION BY name) AS n FROM other) other USING (name, n) GROUP BY name ORDER BY name', one, other);
END $$;
SELECT * FROM pg_temp.same('ci.simulation_intervals(simulation)', 'ci.rank_intervals(panel, methodology, uncertainty, 210, 7, errors => errors)');
SELECT * FROM pg_temp.same('ci.simulation_intervals(simulation, 0.5)', 'ci.rank_intervals(panel, methodology, uncertainty, 210, 7, NULL, 0.5, errors)');
SELECT * FROM pg_temp.same('ci.simulation_acceptability(simulation)', 'ci.rank_acceptability(panel, methodology, uncertainty, 210, 7, errors => errors)');
SELECT * FROM pg_temp.same('ci.simulation_pairwise(simulation)', 'ci.pairwise(panel, methodology, uncertainty, 210, 7, errors => errors)');
-- a period of several, and nothing of nothing
SELECT count(*) AS rows, count(*) FILTER (WHERE i IS DISTINCT FROM o) AS differ
FROM (SELECT i.* FROM simulation_test, ci.simulation_intervals(ci.simulate(panel, methodology, period => 2)) i) i
FULL JOIN (SELECT o.* FROM simulation_test, ci.rank_intervals(panel, methodology, period => 2) o) o USING (period, unit);
SELECT (SELECT ci.simulation_agg(simulation) FROM simulation_run WHERE false) AS aggregate, ci.simulate(panel, methodology, draws => NULL) AS draws, ci.simulate(panel, NULL) AS methodology,
	ci.simulate(panel, methodology, first_draw => NULL) AS first, ci.simulate(panel, methodology, pairs => NULL) AS pairs FROM simulation_test;
SELECT (SELECT count(*) FROM ci.simulation_intervals(NULL::ci.simulation)) + (SELECT count(*) FROM ci.simulation_acceptability(NULL::ci.simulation)) + (SELECT count(*) FROM ci.simulation_pairwise(NULL::ci.simulation))
	+ (SELECT count(*) FROM ci.simulation_summary(NULL)) + (SELECT count(*) FROM simulation_run, ci.simulation_intervals(simulation, NULL)) AS rows;
-- the last draw that there is
SELECT s.draws, s.ranges FROM simulation_test, ci.simulation_summary(ci.simulate(panel, methodology, draws => 2, first_draw => 2147483646)) s;

-- What is uncertain may be written in another way, as may the methodology unless patches change it; nothing else may be another.
CREATE FUNCTION pg_temp.merging(uncertainty ci.uncertainty, more jsonb DEFAULT '{}', draws int DEFAULT 5, seed int DEFAULT 1, period int DEFAULT NULL, errors ci.panel DEFAULT NULL, first int DEFAULT 11, pairs boolean DEFAULT false, panel ci.panel DEFAULT NULL)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM ci.simulation_merge(ci.simulate(t.panel, methodology, '{"weights": {"share": 0.25}, "choices": [[{}]]}', 10),
		ci.simulate(coalesce(merging.panel, t.panel), ci.amend(methodology, more), uncertainty, draws, seed, period, errors, first, pairs)) FROM simulation_test t;
	RETURN 'merged';
EXCEPTION WHEN invalid_parameter_value OR unique_violation THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END $$;
\set same '''{"weights": {"share": 0.25}, "choices": [[{}]]}'''
SELECT pg_temp.merging(:same) AS same, pg_temp.merging('{"choices": [[{}]], "weights": {"share": 2.50e-1}}') AS written, pg_temp.merging('{"weights": {"share": 0.26}, "choices": [[{}]]}') AS uncertainty,
	pg_temp.merging(:same, '{"name": "another"}') AS patched;
SELECT pg_temp.merging(:same, '{"rank": {"ties": "max"}}') AS methodology, pg_temp.merging(:same, seed => 2) AS seed, pg_temp.merging(:same, period => 2) AS period, pg_temp.merging(:same, pairs => true) AS pairs;
SELECT pg_temp.merging(:same, errors => (SELECT ci.panel_agg('u01', 1, 'x2', 1))) AS errors, pg_temp.merging(:same, seed => 3, panel => (SELECT ci.subset(panel, units => (ci.units(panel))[2:]) FROM simulation_test)) AS panel,
	pg_temp.merging(:same, first => 8) AS overlap, pg_temp.merging(:same, first => 3) AS within;

-- A value is bytes: they are compared and stored as such, and what is no simulation is not let in.
SELECT name, simulation::text::bytea::ci.simulation = simulation AS text, ci.check_simulation(simulation) FROM simulation_run ORDER BY name;
CREATE FUNCTION pg_temp.accepts(bytes bytea) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	RETURN length(bytes::ci.simulation) > 0;
EXCEPTION WHEN invalid_binary_representation OR character_not_in_repertoire THEN
	RETURN false;
END $$;
CREATE TEMP TABLE small AS
SELECT ci.simulate(ci.panel_agg(unit, 2020, i, v), '{"components": [{"code": "i"}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}', '{"weights": "simplex"}', 100, pairs => true)::bytea AS bytes
FROM (VALUES ('a', 'x', 1), ('a', 'y', 0), ('北', 'x', 0), ('北', 'y', 1), ('', 'x', 0.5), ('', 'y', 0.4)) v (unit, i, v);
-- cut anywhere, with more at its end, or with a byte changed: only where it says of what it is is another byte as good
SELECT length(bytes) AS bytes, (SELECT count(*) FROM generate_series(0, length(bytes) - 1) n WHERE pg_temp.accepts(substr(bytes, 1, n))) AS cut, pg_temp.accepts(bytes || '\x00') AS longer FROM small;
SELECT pg_temp.accepts(set_byte(bytes, 0, 2)) AS version, count(*) FILTER (WHERE n < 134 AND pg_temp.accepts(set_byte(bytes, n, get_byte(bytes, n) # 128))) AS source,
	array_agg(n ORDER BY n) FILTER (WHERE n >= 134 AND pg_temp.accepts(set_byte(bytes, n, get_byte(bytes, n) # 128))) AS beyond
FROM small, generate_series(0, length(bytes) - 1) n GROUP BY bytes;

-- A long run: chunks that are committed, a row to watch.
SELECT ci.create_simulation('simulation_long', panel, methodology, uncertainty, 210, 7, NULL, errors, true, 50) FROM simulation_test, simulation_case WHERE name = 'errors';
SELECT * FROM simulation_long_progress;
SELECT first_draw, draws, started_at, finished_at, simulation FROM simulation_long ORDER BY first_draw;
SELECT count(*) FROM simulation_long_intervals;
SELECT ci.simulate_chunk('simulation_long');
SELECT draws, done, share, started_at <= last_at AS in_time, expected_at > last_at AS later FROM simulation_long_progress;
SELECT count(*) AS rows, bool_and(i = r) AS same FROM simulation_long_intervals i JOIN (SELECT r.* FROM simulation_test, simulation_case, ci.rank_intervals(panel, methodology, uncertainty, 50, 7, errors => errors) r WHERE name = 'errors') r USING (period, unit);
BEGIN;
CALL ci.run_simulation('simulation_long');
ROLLBACK;
CALL ci.run_simulation('simulation_long');
SELECT draws, done, share, expected_at = last_at AS now FROM simulation_long_progress;
SELECT ci.simulation_agg(l.simulation) = r.simulation AS same FROM simulation_long l, simulation_run r WHERE name = 'errors' GROUP BY r.simulation;
SELECT (SELECT count(*) FROM simulation_long_intervals) AS intervals, (SELECT count(*) FROM simulation_long_acceptability) > 30 AS acceptability, (SELECT count(*) FROM simulation_long_pairwise) AS pairs;
SELECT ci.simulate_chunk('simulation_long') AS more;
CALL ci.run_simulation('simulation_long');
-- more draws are more chunks, but no draw is in two; nothing that is counted changes
INSERT INTO simulation_long (first_draw, draws) VALUES (211, 40);
CALL ci.run_simulation('simulation_long');
SELECT draws, done FROM simulation_long_progress;
\set VERBOSITY terse
INSERT INTO simulation_long (first_draw, draws) VALUES (250, 40);
UPDATE simulation_long SET simulation = NULL, started_at = NULL, finished_at = NULL;
UPDATE simulation_long_input SET seed = 8;
INSERT INTO simulation_long_input SELECT * FROM simulation_long_input;
\set VERBOSITY default
-- its parts
SELECT relkind, relname, obj_description(oid, 'pg_class') AS comment FROM pg_class WHERE relname ~ '^simulation_long' AND relkind IN ('r', 'v') ORDER BY relname COLLATE "C";
SET client_min_messages = warning;
DROP TABLE simulation_long, simulation_long_input CASCADE;
-- odd names; no pairs; the schema of the caller
CREATE SCHEMA "Odd ""schema""";
SET search_path = "Odd ""schema""", public;
SELECT ci.create_simulation('"it''s %I"', panel, methodology, draws => 3, chunk => 2) FROM simulation_test;
CALL ci.run_simulation('"it''s %I"');
SELECT draws, done FROM "it's %I_progress";
SELECT count(*) FROM "it's %I_intervals";
SELECT to_regclass('"it''s %I_pairwise"') AS pairs;
RESET search_path;
DROP SCHEMA "Odd ""schema""" CASCADE;
DROP TABLE simulation_test, simulation_case, simulation_run, simulation_part;
