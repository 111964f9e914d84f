-- What uncertainty costs: 51 units × 49 indicators in three levels, 10 000 draws; 1 000 units,
-- 1 000 draws; against one ranking.  Medians of seven rounds through all.
--     sh tools/server.sh psql -qf bench/simulate.sql
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
SELECT n, what, cells(units) AS panel, draws, uncertainty::ci.uncertainty FROM (VALUES
	(1, 'weights', 51, 10000, '{"weights": {"share": 0.25}}'),
	(2, 'weights, Dirichlet', 51, 10000, '{"weights": {"method": "dirichlet", "concentration": 50}}'),
	(3, 'weights × 2 normalisations × 2 aggregations', 51, 10000, '{"weights": {"share": 0.25}, "choices": [
		[{}, {"components": [{"code": "index", "normalise": {"method": "percentile_rank", "to": [1, 100]}}]}],
		[{}, {"components": [{"code": "index", "aggregate": "geometric"}, {"code": "a", "aggregate": "geometric"}, {"code": "b", "aggregate": "geometric"}]}]]}'),
	(4, '1 000 units', 1000, 1000, '{"weights": {"share": 0.25}}')) v (n, what, units, draws, uncertainty);
CREATE FUNCTION milliseconds(panel ci.panel, methodology ci.methodology, uncertainty ci.uncertainty, draws int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz := clock_timestamp();
BEGIN
	IF draws IS NULL THEN
		PERFORM sum(rank) FROM ci.rank(panel, methodology);
	ELSE
		PERFORM sum(mean_rank) FROM ci.rank_intervals(panel, methodology, uncertainty, draws);
	END IF;
	RETURN 1000 * extract(epoch FROM clock_timestamp() - started);
END $$;
SELECT what, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)) AS ms,
	round((1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) / draws)::numeric, 1) AS us_per_draw,
	round((1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY one))::numeric) AS us_per_ranking
FROM (SELECT n, what, draws, milliseconds(panel, methodology, uncertainty, draws) AS ms, milliseconds(panel, methodology, NULL, NULL) AS one
	FROM generate_series(1, 7) round, contestant, judged ORDER BY round, n) taken
GROUP BY n, what, draws ORDER BY n;
