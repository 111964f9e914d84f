-- Bounds of 1 000 units × 50 indicators, all in one mean: processor time in seconds, medians
-- of three.
--     sh tools/server.sh psql -qf bench/bounds.sql
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;
CREATE TABLE judged AS
SELECT panel, ci.default_methodology(panel) AS methodology
FROM (SELECT ci.panel_agg('u' || u, 'i' || i, hashint8extended(u, i) / 1e19 + 0.6 * (hashint8extended(u, 0) / 1e19)) AS panel
	FROM generate_series(1, 1000) u, generate_series(1, 50) i) p;
CREATE FUNCTION processor() RETURNS float8 LANGUAGE sql VOLATILE AS $$ SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e9 $$;
CREATE FUNCTION seconds(call text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	started float8 := processor();
BEGIN
	EXECUTE 'SELECT count(*) FROM judged, ' || call;
	RETURN processor() - started;
END $$;
SELECT name, round((percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds(call)))::numeric, 3) AS seconds
FROM (VALUES (2, 'ci.necessary_order', 'ci.necessary_order(panel, methodology)'),
	(3, 'ci.rank_bounds', 'ci.rank_bounds(panel, methodology)'),
	(4, 'ci.rank_bounds, 5 %', 'ci.rank_bounds(panel, methodology, 0.05)')) AS c (n, name, call), generate_series(1, 3)
GROUP BY n, name ORDER BY n;
