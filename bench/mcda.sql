-- What each ranker costs: 100 000 units × 10 criteria, ranked, less the ranking of their
-- arithmetic mean, against percentile ranks of each criterion, which are a sort and a search
-- (less the same).  Medians of seven rounds through all.
--     sh tools/server.sh psql -qf bench/mcda.sql
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;
CREATE TABLE cells AS
SELECT ci.panel_agg('u' || u, 0, 'c' || j, 1 + (hashint8extended(u, j) & 1048575)) AS panel
FROM generate_series(1, 100000) u, generate_series(0, 9) j;
CREATE FUNCTION judged(aggregate jsonb, normalise text DEFAULT 'none') RETURNS ci.methodology LANGUAGE sql
	RETURN (SELECT jsonb_build_object('components', jsonb_build_object('code', 'index', 'normalise', normalise, 'aggregate', aggregate) ||
			jsonb_agg(jsonb_build_object('code', 'c' || j, 'parent', 'index', 'direction', CASE WHEN j % 3 = 0 THEN -1 ELSE 1 END)))::ci.methodology
		FROM generate_series(0, 9) j);
CREATE FUNCTION milliseconds(methodology ci.methodology) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz := clock_timestamp();
BEGIN
	PERFORM sum(rank) FROM cells, ci.rank(panel, methodology);
	RETURN 1000 * extract(epoch FROM clock_timestamp() - started);
END $$;
CREATE TABLE contestant AS
SELECT 0 AS n, 'arithmetic' AS method, judged('"arithmetic"') AS methodology
UNION ALL SELECT 1, 'sorts', judged('"arithmetic"', 'percentile_rank')
UNION ALL SELECT 1 + n, method, judged(to_jsonb(method))
	FROM unnest('{topsis,vikor,copras,moora,edas,aras,waspas,codas,mabac}'::text[]) WITH ORDINALITY m (method, n)
UNION ALL SELECT 11, 'spotis', judged(jsonb_build_object('method', 'spotis', 'bounds', (
	SELECT jsonb_object_agg('c' || j, '[0, 2e6]'::jsonb) FROM generate_series(0, 9) j)));
CREATE TABLE taken AS
SELECT n, method, milliseconds(methodology) FROM (SELECT * FROM generate_series(1, 7) round, contestant ORDER BY round, n) c;
SELECT method, round(ms) AS ms, round(((ms - least) / (sorts - least))::numeric, 2) AS of_sorts
FROM (SELECT n, method, percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds) AS ms FROM taken GROUP BY n, method) t,
	(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds) FILTER (WHERE n = 0) AS least,
		percentile_cont(0.5) WITHIN GROUP (ORDER BY milliseconds) FILTER (WHERE n = 1) AS sorts FROM taken) ends
ORDER BY n;
