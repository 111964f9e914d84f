-- Rows that are not kept: what ci.fit_agg and ci.score take beside the same aggregates in
-- plain SQL; and what it takes to add a day to a stored panel, beside building the whole.
-- Processor time of one backend, in seconds, medians of three rounds through all.
--     sh tools/server.sh psql -v rows=200000 -qf bench/stream.sql
-- rows: of 20 columns, in each of 5 periods (200000: 20 million cells, half a minute).
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET work_mem = '1GB';
\if :{?rows} \else \set rows 200000 \endif

CREATE FUNCTION value_of(k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 1000 * (hashint8extended(k, 42)::float8 / 2 ^ 64 + 0.5);
CREATE FUNCTION columns(pattern text, separator text DEFAULT ', ') RETURNS text LANGUAGE sql
	RETURN (SELECT string_agg(replace(pattern, '?', lpad(i::text, 2, '0')), separator ORDER BY i) FROM generate_series(1, 20) i);
SELECT format('CREATE UNLOGGED TABLE wide AS
	SELECT ''u'' || lpad(u::text, 7, ''0'') AS unit, 2020 + p AS period, %s
	FROM generate_series(0, 4) AS p, generate_series(1, %s) AS u', columns('value_of((u::bigint * 5 + p) * 20 + ?) AS i?'), :rows) \gexec
VACUUM (FREEZE, ANALYZE) wide;
SELECT count(i01) FROM wide WHERE ctid > '(0,0)' \g /dev/null
CREATE FUNCTION methodology(method text) RETURNS ci.methodology LANGUAGE sql
	RETURN format('{"components": [{"code": "index", "normalise": "%s"}, {"code": "d1", "parent": "index", "weight": 4}, {"code": "d2", "parent": "index", "weight": 3}, {"code": "d3", "parent": "index", "weight": 2}, {"code": "d4", "parent": "index"}, %s]}',
		method, (SELECT string_agg(format('{"code": "i%s", "parent": "d%s"}', lpad(i::text, 2, '0'), (i + 4) / 5), ', ') FROM generate_series(1, 20) i))::ci.methodology;
CREATE TABLE minmax AS SELECT methodology('minmax') AS minmax;
CREATE TABLE zscore AS SELECT methodology('zscore') AS zscore;
CREATE TABLE goalposts (goalposts ci.methodology);
CREATE TABLE about (about ci.methodology);
ALTER TABLE goalposts ALTER goalposts SET STORAGE MAIN;	-- not out of line, as a methodology of this size may be
ALTER TABLE about ALTER about SET STORAGE MAIN;

-- One call for each row that the statement reads, its names and cells as arrays.
SELECT format('ARRAY[%s], ARRAY[%s]', columns('''i?'''), columns('i?')) AS row \gset
SELECT columns('min(i?), max(i?)') AS ranges, columns('avg(i?), stddev_samp(i?)') AS moments, columns('(i? - 1) / 998', ' + ') AS scores \gset
INSERT INTO goalposts SELECT ci.fit_agg(unit, period, :row, minmax) FROM wide, minmax WHERE period = 2020;
INSERT INTO about SELECT ci.fit_agg(unit, period, :row, zscore) FROM wide, zscore WHERE period = 2020;
CREATE TABLE stored AS SELECT ci.panel_agg(unit, period, :row) AS yesterday FROM wide WHERE period < 2024;
CREATE UNLOGGED TABLE today AS SELECT * FROM wide WHERE period = 2024;
VACUUM (FREEZE, ANALYZE) today;

CREATE FUNCTION processor() RETURNS float8 LANGUAGE sql VOLATILE
	RETURN split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9;
CREATE FUNCTION seconds(statement text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	started float8 := processor();
BEGIN
	EXECUTE statement;
	RETURN processor() - started;
END $$;
CREATE TABLE job (n int, what text, statement text);
INSERT INTO job VALUES
	(1, 'min, max by period', format('SELECT period, %s FROM wide GROUP BY period', :'ranges')),
	(2, 'ci.fit_agg by period', format('SELECT period, ci.fit_agg(unit, period, %s, minmax) FROM wide, minmax GROUP BY period', :'row')),
	(3, 'avg, stddev_samp by period', format('SELECT period, %s FROM wide GROUP BY period', :'moments')),
	(4, 'ci.fit_agg, z-scores, first pass', format('SELECT period, ci.fit_agg(unit, period, %s, zscore) FROM wide, zscore GROUP BY period', :'row')),
	(5, 'ci.fit_agg, z-scores, second pass', format('SELECT period, ci.fit_agg(unit, period, %s, about) FROM wide, about GROUP BY period', :'row')),
	(6, 'a sum written out', format('SELECT sum((%s) / 20) FROM wide', :'scores')),
	(7, 'ci.score', format('SELECT sum(ci.score(%s, goalposts)) FROM wide, goalposts', :'row')),
	(8, 'a panel of all rows', format('SELECT cardinality(ci.periods(ci.panel_agg(unit, period, %s))) FROM wide', :'row')),
	(9, 'a panel of today', format('SELECT cardinality(ci.periods(ci.panel_agg(unit, period, %s))) FROM today', :'row')),
	(10, 'yesterday''s panel and today', format('SELECT cardinality(ci.periods(ci.panel_agg(p))) FROM (SELECT yesterday FROM stored UNION ALL SELECT ci.panel_agg(unit, period, %s) FROM today) AS v (p)', :'row')),
	(11, 'a copy of yesterday''s panel', 'SELECT cardinality(ci.periods(ci.panel_agg(yesterday))) FROM stored');
CREATE TABLE taken AS
SELECT round, n, what, seconds(statement) AS seconds FROM generate_series(1, 3) AS round, job ORDER BY round, n;

SELECT n, what, round(seconds::numeric, 2) AS seconds, round((1e9 * seconds / (5 * :rows))::numeric) AS ns_per_row
FROM (SELECT n, what, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS seconds FROM taken GROUP BY n, what) t ORDER BY n;
SELECT r.what, round((percentile_cont(0.5) WITHIN GROUP (ORDER BY r.ratio))::numeric, 2) AS ratio
FROM (SELECT round, v.n, v.what, (SELECT sum(seconds) FROM taken t WHERE t.round = s.round AND t.n = ANY (ours)) / (SELECT sum(seconds) FROM taken t WHERE t.round = s.round AND t.n = ANY (theirs)) AS ratio
	FROM generate_series(1, 3) AS s (round), (VALUES (1, 'goalposts and scores / plain SQL', '{2,7}'::int[], '{1,6}'::int[]), (2, 'goalposts / min, max', '{2}', '{1}'), (3, 'ci.score / sum', '{7}', '{6}'),
		(4, 'mean and sd in two passes / avg, stddev_samp', '{4,5}', '{3}'), (5, 'yesterday and today / the whole', '{10}', '{8}')) AS v (n, what, ours, theirs)) r
GROUP BY r.n, r.what ORDER BY r.n;
