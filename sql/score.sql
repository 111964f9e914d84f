-- Scores of single units: ci.score, ci.score_agg, and where they can stand.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;	-- the planner expects more rows than there are
\pset null ~

-- By hand: (20 + 2 × 30 + (100 - 50)) / 4 with everything; (20 + 50) / 2 without y.
SELECT v.indicators, v.cells, ci.score(v.indicators, v.cells, '{"components": [
	{"code": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 100}},
	{"code": "x", "parent": "index"}, {"code": "y", "parent": "index", "weight": 2}, {"code": "z", "parent": "index", "direction": -1}]}')
FROM (VALUES ('{x,y,z}'::text[], '{20,30,50}'::float8[]),
	('{z,x,y}', '{50,20,30}'),					-- the order of the names does not matter
	('{a,x,y,z,w}', '{7,20,30,50,NULL}'),		-- what the methodology does not use is ignored
	('{x,y,z}', '{20,NULL,50}'),
	('{x,y,z}', '{NULL,NULL,NULL}'),
	('{x,y,z}', NULL),
	(NULL, '{20,30,50}')) v (indicators, cells);
SELECT ci.score('{x}', '{1}', NULL) AS no_methodology;

-- Many units, with gaps and a flag that says to whom z applies; seven methodologies,
-- fitted to period 2.
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
CREATE TABLE score_test AS
SELECT 'u' || u AS unit, p AS period, CASE WHEN pg_temp.noise(u + 1000 * p, 1) > 0.2 THEN exp(3 * pg_temp.noise(u + 1000 * p, 2)) END AS x,
	CASE WHEN pg_temp.noise(u + 1000 * p, 3) > 0.2 THEN round(9 * pg_temp.noise(u + 1000 * p, 4)) + 1 END AS y,
	CASE WHEN pg_temp.noise(u + 1000 * p, 5) > 0.2 THEN pg_temp.noise(u + 1000 * p, 6) / 3 END AS z, CASE WHEN u % 5 > 0 THEN (u % 2)::float8 END AS flag
FROM generate_series(1, 600) u, generate_series(1, 3) p;
-- as rows, those of a unit far apart, most of them of no interest
CREATE TABLE score_test_long AS
SELECT unit, period, indicator, value
FROM (SELECT unit, period, indicator, value FROM score_test, LATERAL (VALUES ('x', x), ('y', y), ('z', z), ('flag', flag)) v (indicator, value)
	UNION ALL SELECT unit, period, 'unused', n FROM score_test, generate_series(1, 16) n) v
WHERE length(unit) < 4 ORDER BY pg_temp.noise(period, 8), indicator, unit COLLATE "C";
ANALYZE score_test_long;
CREATE TEMP TABLE panels AS SELECT ci.panel_agg(unit, period, '{x,y,z,flag}', ARRAY[x, y, z, flag]) AS panel FROM score_test;
CREATE TABLE score_test_methods AS
SELECT name, ci.fit(panel, methodology::ci.methodology, 2) AS methodology FROM panels, (VALUES
	('default', '{"components": [
		{"code": "index"}, {"code": "x", "parent": "index"}, {"code": "y", "parent": "index"}, {"code": "z", "parent": "index"}]}'),
	('nested', '{"components": [
		{"code": "index", "normalise": {"to": [-0.7, 0.1]}},
		{"code": "A", "parent": "index", "weight": 3}, {"code": "x", "parent": "A", "weight": 0.3, "normalise": {"lower": "p10", "upper": "p60", "clamp": true}},
		{"code": "unweighted", "indicator": "flag", "parent": "A", "weight": 0},
		{"code": "B", "parent": "index", "aggregate": "power"}, {"code": "y", "parent": "B", "direction": -1}, {"code": "z", "parent": "B", "weight": 0.1}]}'),
	('z-scores', '{"screen": {"exclude": ["u7"], "max_zeros": 0.5}, "components": [
		{"code": "index", "normalise": "zscore", "rescale": {"method": "normal_cdf", "scope": "panel"}},
		{"code": "x", "parent": "index", "weight": 0.1}, {"code": "y", "parent": "index", "weight": 0.7, "direction": -1},
		{"code": "z", "parent": "index", "weight": 0.2, "units": "flag"}]}'),
	('geometric', '{"components": [
		{"code": "index", "aggregate": "geometric", "min_coverage": 0.6, "normalise": {"to": [1, 100]}},
		{"code": "A", "parent": "index", "direction": -1, "aggregate": {"method": "power", "p": 0.5}},
		{"code": "x", "parent": "A", "normalise": {"transform": "log", "lower": "p5", "clamp": true}}, {"code": "y", "parent": "A"},
		{"code": "z", "parent": "index", "rescale": {"to": [1, 100]}}]}'),
	('policies', '{"on_nonpositive": 0.5, "on_constant": "midpoint", "components": [
		{"code": "index", "aggregate": {"method": "harmonic", "scale": [0, 1]}},
		{"code": "x", "parent": "index", "normalise": {"lower": 0}},
		{"code": "same", "indicator": "y", "parent": "index", "normalise": {"lower": "p99", "upper": {"unit": "u1"}}},
		{"code": "flag", "parent": "index", "normalise": "none", "rescale": {"to": [0, 100]}}]}'),
	('median', '{"components": [
		{"code": "index", "aggregate": "median", "min_count": 2, "normalise": "robust_z"},
		{"code": "x", "parent": "index"}, {"code": "y", "parent": "index"}, {"code": "z", "parent": "index"}]}'),
	('one', '{"components": [{"code": "x", "direction": -1, "normalise": {"method": "zscore", "clamp": [-2, 2]}}]}')) v (name, methodology);

-- The same bits as ci.rank, for every unit, whether it is ranked or screened.
CREATE TEMP TABLE ranked AS
SELECT m.name, r.* FROM panels, score_test_methods m, ci.rank(panel, m.methodology) r;
SELECT r.name, count(*) AS units, count(r.score) < count(*) AS some_missing, count(DISTINCT r.score) > 100 AS differ_from_each_other,
	count(*) FILTER (WHERE float8send(r.score) IS DISTINCT FROM float8send(s.score)) AS other_scores,
	count(*) FILTER (WHERE float8send(r.score) IS DISTINCT FROM float8send(s.in_other_order)) AS in_other_order
FROM ranked r JOIN (
	SELECT name, period, unit, ci.score('{x,y,z,flag}', ARRAY[x, y, z, flag], methodology) AS score,
		ci.score('{flag,w,z,x,y}', ARRAY[flag, 1, z, x, y], methodology) AS in_other_order
	FROM score_test, score_test_methods) s USING (name, period, unit)
GROUP BY r.name ORDER BY r.name COLLATE "C";

-- The same whatever came before it: methodologies one after the other, each as it
-- is, compressed, and out of line; arrays of the same size one after the other.
CREATE TABLE score_test_stored AS
SELECT name, how, CASE how WHEN 'plain' THEN methodology ELSE ci.amend(methodology, jsonb_build_object('components', jsonb_build_array(jsonb_build_object(
		'code', code, 'meta', CASE how WHEN 'compressed' THEN repeat('long ', 2000) ELSE incompressible END)))) END AS methodology
FROM score_test_methods, unnest('{plain,compressed,out of line}'::text[]) how,
	LATERAL (SELECT code FROM ci.components(methodology) ORDER BY position LIMIT 1) c,
	(SELECT string_agg(md5(n::text), '') AS incompressible FROM generate_series(1, 400) n) t;
SELECT how, min(pg_column_size(methodology)) > 10000 AS large, max(octet_length(methodology::text)) > 10000 AS long
FROM score_test_stored GROUP BY how ORDER BY how COLLATE "C";
WITH calls AS MATERIALIZED (
	SELECT name, how, period, unit, given, indicators, cells, methodology
	FROM score_test, score_test_stored, LATERAL (VALUES (1, '{x,y,z,flag}'::text[], ARRAY[x, y, z, flag]), (2, '{flag,z,y,x}', ARRAY[flag, z, y, x]),
		(3, '[0:3]={x,y,z,flag}', ARRAY[x, y, z, flag]), (4, '{{x,y},{z,flag}}', ARRAY[[x, y], [z, flag]])) v (given, indicators, cells)
	WHERE unit LIKE 'u1_'
	ORDER BY period, unit, given, name, how COLLATE "C")
SELECT c.how, count(*) AS scores, count(*) FILTER (WHERE float8send(ci.score(indicators, cells, methodology)) IS DISTINCT FROM float8send(r.score)) AS other
FROM calls c JOIN ranked r USING (name, period, unit) GROUP BY c.how ORDER BY c.how COLLATE "C";

-- … and ci.score_agg over rows: serial, sorted and hashed, and in parallel.
CREATE FUNCTION pg_temp.plan_has(query text, node text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line LIKE '%' || node || '%' THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;
CREATE VIEW score_test_by_rows AS
SELECT name, period, unit, ci.score_agg(indicator, value, methodology) AS score
FROM score_test_long, score_test_methods GROUP BY name, period, unit;
\set query 'SELECT * FROM score_test_by_rows'
SET max_parallel_workers_per_gather = 0;
SET enable_hashagg = off;
CREATE TEMP TABLE sorted AS :query;
RESET enable_hashagg;
SET enable_sort = off;
CREATE TEMP TABLE hashed AS :query;
RESET enable_sort;
SET max_parallel_workers_per_gather = 4;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0.01;
SET min_parallel_table_scan_size = 0;
ALTER TABLE score_test_long SET (parallel_workers = 4);
SELECT pg_temp.plan_has(:'query', 'Partial') AS in_parallel;
CREATE TEMP TABLE parallel AS :query;
SELECT count(*) AS scores, count(*) FILTER (WHERE float8send(s.score) IS DISTINCT FROM float8send(r.score)) AS sorted,
	count(*) FILTER (WHERE float8send(h.score) IS DISTINCT FROM float8send(r.score)) AS hashed,
	count(*) FILTER (WHERE float8send(p.score) IS DISTINCT FROM float8send(r.score)) AS parallel
FROM ranked r JOIN sorted s USING (name, period, unit) FULL JOIN hashed h USING (name, period, unit) FULL JOIN parallel p USING (name, period, unit);
-- ci.score in parallel
\set query 'SELECT count(ci.score(''{x,y,z,flag}'', ARRAY[x, y, z, flag], methodology)) FROM score_test, score_test_methods'
SELECT pg_temp.plan_has(:'query', 'Parallel Seq Scan') AS in_parallel, (:query) = (SELECT count(score) FROM ranked) AS same_count;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- Rows that say nothing: a null value, an indicator that is not used; none at all.
\set methodology '{"components": [{"code": "index", "normalise": "none"}, {"code": "x", "parent": "index"}, {"code": "y", "parent": "index"}]}'
SELECT v.n, ci.score_agg(v.indicator, v.value, :'methodology')
FROM (VALUES (1, 'x', 4), (1, 'y', 6), (2, 'y', 6), (2, 'x', NULL), (3, 'x', NULL), (4, 'w', 1),
	(5, 'x', 4), (5, 'w', 2), (5, 'y', NULL)) v (n, indicator, value)
GROUP BY v.n ORDER BY v.n;
SELECT ci.score_agg(indicator, value, methodology) FROM score_test_long, score_test_methods WHERE false;
SELECT ci.score_agg('x', 1, NULL::ci.methodology) AS no_methodology, ci.score_agg('x', 1, :'methodology') FILTER (WHERE false) AS no_row;
-- over a frame: each row adds its cell
SELECT n, ci.score_agg(indicator, value, :'methodology') OVER (ORDER BY n)
FROM (VALUES (1, 'w', 1), (2, 'x', 4), (3, 'y', 6)) v (n, indicator, value);

-- The best of a table by an expression index, those without a score at the end.
CREATE FUNCTION score_test_score(x float8, y float8, z float8) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ci.score('{x,y,z}', ARRAY[x, y, z], '{"components": [
		{"code": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 10}},
		{"code": "x", "parent": "index"}, {"code": "y", "parent": "index", "direction": -1}, {"code": "z", "parent": "index"}]}');
\set score 'score_test_score(x, y, z)'
CREATE INDEX score_test_index ON score_test ((:score) DESC NULLS LAST);
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT unit, period FROM score_test ORDER BY :score DESC NULLS LAST LIMIT 3;
CREATE TEMP TABLE top AS SELECT unit, period, :score AS score FROM score_test ORDER BY :score DESC NULLS LAST LIMIT 30;
RESET enable_seqscan;
SET enable_indexscan = off;
SELECT count(*) AS top, count(*) FILTER (WHERE t.score < o.best) AS not_the_best
FROM top t, (SELECT min(score) AS best FROM (SELECT :score AS score FROM score_test ORDER BY 1 DESC NULLS LAST LIMIT 30) v) o;
RESET enable_indexscan;

-- The call itself, by a methodology that was fitted, in plain descending order.
SELECT 'ci.score(''{x,y,z,flag}'', ARRAY[x, y, z, flag], ' || quote_literal(ci.fit(panel, (SELECT methodology FROM score_test_methods WHERE name = 'default'), 2)) || ')' AS call FROM panels \gset
CREATE INDEX score_test_call ON score_test ((:call));
SET enable_seqscan = off;
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query; END $$;
SELECT step FROM pg_temp.plan_of(format('SELECT unit, period FROM score_test ORDER BY %s DESC LIMIT 10', :'call')) AS step;
CREATE TEMP TABLE top_10 AS SELECT unit, period, :call AS score FROM score_test WHERE :call IS NOT NULL ORDER BY :call DESC LIMIT 10;
RESET enable_seqscan;
SELECT count(*) AS top, min(t.score) = min(o.least) AS the_best, count(*) FILTER (WHERE float8send(t.score) IS DISTINCT FROM float8send(r.score)) AS other_scores
FROM top_10 t JOIN ranked r USING (unit, period), (SELECT min(score) AS least FROM (SELECT score FROM ranked WHERE name = 'default' ORDER BY score DESC NULLS LAST LIMIT 10) v) o WHERE r.name = 'default';
DROP INDEX score_test_call;

-- A generated column follows its row.
CREATE TABLE score_test_generated (unit text, x float8, y float8,
	score float8 GENERATED ALWAYS AS (ci.score('{x,y}', ARRAY[x, y], '{"components": [{"code": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 10}},
		{"code": "x", "parent": "index"}, {"code": "y", "parent": "index", "direction": -1}]}')) STORED);
INSERT INTO score_test_generated (unit, x, y) VALUES ('a', 2, 4), ('b', 8, NULL), ('c', NULL, NULL);
UPDATE score_test_generated SET y = 0 WHERE unit = 'b';
SELECT unit, score FROM score_test_generated ORDER BY unit COLLATE "C";

-- What cannot be scored on its own, and what is wrong with a call.
SELECT ci.score('{x}', '{1}', '{"components": [{"code": "x"}]}'); \echo :SQLSTATE
SELECT ci.score('{x}', '{1}', '{"components": [{"code": "x", "normalise": "none", "rescale": "rank"}]}'); \echo :SQLSTATE
SELECT ci.score('{x}', '{1}', '{"components": [{"code": "x", "units": ["a"], "normalise": "none"}]}'); \echo :SQLSTATE
SELECT ci.score('{x}', '{1}', :'methodology'); \echo :SQLSTATE
SELECT ci.score('{}', '{}', :'methodology'); \echo :SQLSTATE
SELECT ci.score('{x,y,x}', '{1,2,3}', :'methodology'); \echo :SQLSTATE
SELECT ci.score('{x,y}', '{1}', :'methodology'); \echo :SQLSTATE
SELECT ci.score('{x,y,NULL}', '{1,2,3}', :'methodology'); \echo :SQLSTATE
SELECT ci.score('{x,y}', '{1,NaN}', :'methodology'); \echo :SQLSTATE
SELECT ci.score('{x,y}', '{1,-2}', ci.amend(:'methodology', '{"components": [{"code": "index", "aggregate": "geometric"}]}')); \echo :SQLSTATE
SELECT ci.score('{x,y}', '{1e308,-1e308}', '{"components": [{"code": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 1}},
	{"code": "x", "parent": "index"}, {"code": "y", "parent": "index"}]}'); \echo :SQLSTATE
SELECT ci.score_agg(indicator, value, :'methodology') FROM (VALUES ('x', 1), ('x', 2)) v (indicator, value); \echo :SQLSTATE
SELECT ci.score_agg(NULL, 1, :'methodology'); \echo :SQLSTATE
SELECT ci.score_agg('x', 'Infinity', :'methodology'); \echo :SQLSTATE
SELECT ci.score_agg('x', 1, m::ci.methodology)
FROM (VALUES ('{"components": [{"code": "x", "normalise": "none"}]}'), ('{"components": [{"code": "x", "normalise": "none", "direction": -1}]}')) v (m); \echo :SQLSTATE

DROP VIEW score_test_by_rows;
DROP TABLE score_test, score_test_long, score_test_methods, score_test_stored, score_test_generated;
DROP FUNCTION score_test_score;
