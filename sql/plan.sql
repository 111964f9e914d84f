-- Plans that the planner chooses by itself, and the same bits whichever it is.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;

CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
CREATE TABLE plan_test AS
SELECT 'unit ' || u AS unit, p AS period, pg_temp.noise(u, p) AS a, pg_temp.noise(u, 10 + p) AS b, pg_temp.noise(u, 20 + p) AS c, rpad('', 100) AS remark
FROM generate_series(1, 30000) u, generate_series(1, 2) p;
CREATE TABLE plan_test_long AS
SELECT unit, period, indicator, value FROM plan_test, LATERAL (VALUES ('a', a), ('b', b), ('c', c)) v (indicator, value);
ANALYZE plan_test, plan_test_long;
\set methodology '{"components": [{"code": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 1}}, {"code": "a", "parent": "index"}, {"code": "b", "parent": "index", "weight": 2}, {"code": "c", "parent": "index"}]}'

-- Is there a parallel plan, and which partial steps has it?
CREATE FUNCTION pg_temp.steps(query text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	line text;
	steps text[] = '{}';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line ~ 'Aggregate|Gather|Scan' THEN
			steps := steps || substring(line FROM '(?:-> +)?(\S.*?)(?: on .*)?$');
		END IF;
	END LOOP;
	RETURN steps;
END $$;
SELECT pg_temp.steps('SELECT ci.panel_agg(unit, period, indicator, value) FROM plan_test_long') AS long;
SELECT pg_temp.steps('SELECT ci.panel_agg(unit, period, ''{a,b,c}'', ARRAY[a, b, c]) FROM plan_test') AS wide;
SELECT pg_temp.steps(format('SELECT avg(ci.score(''{a,b,c}'', ARRAY[a, b, c], %L)) FROM plan_test', :'methodology')) AS score;

-- The same panel, ranking and scores on one core.
CREATE TEMP TABLE built AS
SELECT (SELECT ci.panel_agg(unit, period, indicator, value) FROM plan_test_long) AS long,
	(SELECT ci.panel_agg(unit, period, '{a,b,c}', ARRAY[a, b, c]) FROM plan_test) AS wide;
CREATE TEMP TABLE sums AS
SELECT sum(hashfloat8(ci.score('{a,b,c}', ARRAY[a, b, c], :'methodology'))) AS hashes FROM plan_test;
SET max_parallel_workers_per_gather = 0;
SELECT (SELECT ci.digest(ci.panel_agg(unit, period, indicator, value)) FROM plan_test_long) = ci.digest(long) AS long,
	ci.digest(wide) = ci.digest(long) AS wide
FROM built;
WITH ranking AS MATERIALIZED (SELECT r.* FROM built, ci.rank(long, :'methodology') r)
SELECT count(*) AS scores, count(*) FILTER (WHERE float8send(r.score) <> float8send(ci.score('{a,b,c}', ARRAY[a, b, c], :'methodology'))) AS differ
FROM ranking r JOIN plan_test t USING (unit, period);
SELECT sum(hashfloat8(ci.score('{a,b,c}', ARRAY[a, b, c], :'methodology'))) = (SELECT hashes FROM sums) AS same_scores FROM plan_test;
-- Of two conditions the cheap one comes first.
EXPLAIN (COSTS OFF) SELECT FROM plan_test WHERE ci.score('{a}', ARRAY[a], '{"components": [{"code": "a", "normalise": "none"}]}') > 0.5 AND period = 2;
RESET max_parallel_workers_per_gather;

-- The planner counts the rows of a call whose panel it knows: here 2 + 3 units in two periods, 2 indicators, 3 components.
SELECT ci.panel_agg(unit, period, '{a,b}', ARRAY[period + length(unit), ascii(unit) + period]) AS small
FROM (VALUES ('x', 1), ('yy', 1), ('x', 2), ('yy', 2), ('z', 2)) AS t (unit, period) \gset
\set pair '{"components": [{"code": "index", "normalise": "none"}, {"code": "a", "parent": "index"}, {"code": "b", "parent": "index"}]}'
CREATE FUNCTION pg_temp.planned(call text, panel ci.panel) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	EXECUTE 'EXPLAIN SELECT FROM ' || call INTO line USING panel;
	RETURN substring(line FROM 'rows=(\d+)');
END $$;
CREATE FUNCTION pg_temp.returned(call text, panel ci.panel) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
	n int;
BEGIN
	EXECUTE 'SELECT count(*) FROM ' || call INTO n USING panel;
	RETURN n;
END $$;
SELECT call, pg_temp.planned(known, :'small') AS planned, pg_temp.returned(known, :'small') AS returned
FROM (VALUES
	(1, 'ci.observations($1)'), (2, 'ci.summary($1)'), (3, 'ci.rank($1)'), (4, 'ci.rank($1, pair)'), (5, 'ci.rank(ci.subset($1, ''{1}''), pair)'),
	(6, 'ci.scores($1, pair)'), (7, 'ci.explain($1, pair)'), (8, 'ci.explain($1, pair, ''x'')'), (9, 'ci.explain($1, pair, ''x'', 2)'),
	(10, 'ci.rank_intervals($1, pair, draws => 10)'), (11, 'ci.rank_bounds($1, pair)')) AS c (n, call), replace(call, 'pair', quote_literal(:'pair')) AS known
ORDER BY n;
-- Of one period it takes the average, here 2.5 units.
SELECT pg_temp.planned(format('ci.explain($1, %L, period => 2)', :'pair'), :'small') AS explained;
-- Of a panel out of line no more than its head is read; one that the query is still to find is not known, nor is a methodology from a table.
CREATE TABLE plan_panel AS SELECT long AS panel, :'pair'::ci.methodology AS pair FROM built;
ANALYZE plan_panel;
SELECT pg_temp.planned('ci.rank($1, (SELECT pair FROM plan_panel))', panel) AS stored FROM plan_panel;
SELECT pg_temp.planned('ci.rank((SELECT panel FROM plan_panel), (SELECT pair FROM plan_panel))', NULL) AS of_a_subquery,
	pg_temp.planned('plan_panel AS p, ci.rank(p.panel, p.pair)', NULL) AS of_each_row,
	pg_temp.planned('ci.scores($1, (SELECT pair FROM plan_panel))', :'small') AS unknown_methodology;
-- Nor is one that a function is to build: it is not called when the call is planned.
CREATE FUNCTION pg_temp.build() RETURNS ci.panel LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE 'called'; END $$;
SELECT pg_temp.planned('ci.rank(pg_temp.build())', NULL) AS of_a_function;

DROP TABLE plan_test, plan_test_long, plan_panel;
