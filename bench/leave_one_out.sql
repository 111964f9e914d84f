-- What leaving one out costs: an index of 49 indicators in three levels, for 51 and for 1 000 units;
-- against one ranking.  Processor time, medians of seven rounds through all.
--     sh tools/server.sh psql -qf bench/leave_one_out.sql
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;
CREATE FUNCTION cells(units int) RETURNS ci.panel LANGUAGE sql
	RETURN (SELECT ci.panel_agg('u' || u, 0, 'x' || j, 1 + (hashint8extended(u, j) & 1048575))
		FROM generate_series(1, units) u, generate_series(1, 49) j);
CREATE TABLE judged AS
SELECT jsonb_build_object('components', '[{"code": "index", "normalise": {"method": "minmax", "to": [1, 100]}}, {"code": "a", "parent": "index"}, {"code": "b", "parent": "index"}]'::jsonb
	|| (SELECT jsonb_agg(jsonb_build_object('code', 'p' || k, 'parent', CASE WHEN k % 2 = 0 THEN 'a' ELSE 'b' END)) FROM generate_series(1, 8) k)
	|| (SELECT jsonb_agg(jsonb_build_object('code', 'x' || j, 'parent', 'p' || 1 + j % 8)) FROM generate_series(1, 49) j))::ci.methodology AS methodology;
CREATE TABLE contestant AS
SELECT n, units, elements, times, cells(units) AS panel FROM (VALUES
	(1, 51, 'indicators', 50), (2, 51, 'components', 100), (3, 51, 'units', 50), (4, 1000, 'indicators', 3), (5, 1000, 'units', 1)) v (n, units, elements, times);
CREATE FUNCTION processor() RETURNS float8 LANGUAGE sql VOLATILE AS $$ SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e6 $$;
CREATE FUNCTION milliseconds(panel ci.panel, methodology ci.methodology, elements text, times int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	started float8 := processor();
BEGIN
	FOR i IN 1 .. times LOOP
		IF elements IS NULL THEN
			PERFORM sum(rank) FROM ci.rank(panel, methodology);
		ELSE
			PERFORM sum(rank_without) FROM ci.leave_one_out(panel, methodology, elements);
		END IF;
	END LOOP;
	RETURN (processor() - started) / times;
END $$;
SELECT units, elements, round((percentile_cont(0.5) WITHIN GROUP (ORDER BY ms))::numeric, 2) AS ms, round((percentile_cont(0.5) WITHIN GROUP (ORDER BY one))::numeric, 3) AS ms_per_ranking,
	round((percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) / percentile_cont(0.5) WITHIN GROUP (ORDER BY one))::numeric, 1) AS rankings
FROM (SELECT n, units, elements, milliseconds(panel, methodology, elements, times) AS ms, milliseconds(panel, methodology, NULL, 20000 / units) AS one
	FROM generate_series(1, 7) round, contestant, judged ORDER BY round, n) taken
GROUP BY n, units, elements ORDER BY n;
