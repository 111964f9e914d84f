-- Outranking: the time of each ranker as a multiple of a sort of each column.
-- psql -f bench/outrank.sql, on a server that does nothing else.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET max_parallel_workers_per_gather = 0;
SET jit = off;
SET work_mem = '256MB';
SELECT setseed(0.5);
CREATE TEMP TABLE wide AS SELECT 'u' || u AS unit, array_agg(random()) AS cells FROM generate_series(1, 100000) u, generate_series(1, 10) GROUP BY u;
CREATE TEMP TABLE large AS SELECT ci.panel_agg(unit, 0, '{a,b,c,d,e,f,g,h,i,j}', cells) AS panel FROM wide;
CREATE TEMP TABLE small AS SELECT ci.panel_agg(unit, 0, '{a,b,c,d,e,f,g,h,i,j}', cells) AS panel FROM (SELECT * FROM wide LIMIT 400) v;

-- The fastest of five runs, in milliseconds.
CREATE FUNCTION pg_temp.took(statement text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
	fastest float8 := 'Infinity';
	start timestamptz;
BEGIN
	FOR i IN 1 .. 5 LOOP
		start := clock_timestamp();
		EXECUTE statement;
		fastest := least(fastest, 1000 * extract(epoch FROM clock_timestamp() - start));
	END LOOP;
	RETURN round(fastest::numeric, 1);
END $$;
CREATE FUNCTION pg_temp.ranker(panel text, aggregate text) RETURNS text LANGUAGE sql
	RETURN format('SELECT max(score) FROM %I, ci.rank(panel, ci.amend(ci.default_methodology(panel), %L))', panel,
		format('{"components": [{"code": "index", "normalise": "none", "aggregate": %s}]}', aggregate));

WITH base AS MATERIALIZED (
	SELECT pg_temp.took(pg_temp.ranker('large', '"arithmetic"')) AS mean,
		-- numbers alone, sorted where they lie
		pg_temp.took('SELECT (SELECT max(x) FROM (SELECT x FROM unnest(cells) x ORDER BY x OFFSET 0) s) FROM (SELECT array_agg(cells[k]) AS cells FROM wide, generate_series(1, 10) k GROUP BY k) c')
			- pg_temp.took('SELECT (SELECT max(x) FROM (SELECT x FROM unnest(cells) x OFFSET 0) s) FROM (SELECT array_agg(cells[k]) AS cells FROM wide, generate_series(1, 10) k GROUP BY k) c') AS sorts),
ranker AS MATERIALIZED (
	SELECT n, name, panel, pg_temp.took(pg_temp.ranker(panel, aggregate)) AS ms
	FROM (VALUES (1, 'promethee, usual', 'large', '"promethee"'),
		(2, 'promethee, linear', 'large', '{"method": "promethee", "function": "linear", "q": 0.1, "p": 0.5}'),
		(3, 'promethee, level', 'large', '{"method": "promethee", "function": "level", "q": 0.1, "p": 0.5}'),
		(4, 'borda', 'large', '"borda"'), (5, 'copeland', 'small', '"copeland"'), (6, 'kemeny', 'small', '"kemeny"')) r (n, name, panel, aggregate))
SELECT name, CASE panel WHEN 'large' THEN 100000 ELSE 400 END AS units, ms, sorts AS ms_of_sorts,
	CASE panel WHEN 'large' THEN round((ms - mean) / sorts, 2) END AS ratio, CASE WHEN name ~ 'promethee' THEN 'ratio at most 10' WHEN name = 'copeland' THEN 'under 20 ms' END AS goal
FROM ranker, base ORDER BY n;
