-- What uncertainty costs: 51 units × 49 indicators in three levels, 10 000 draws; 1 000 units,
-- 1 000 draws; sensitivity to three choices by 10 000 evaluations; against one ranking.
-- Medians of seven rounds through all.
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
SELECT n, what, cells(units) AS panel, draws, inputs, uncertainty::ci.uncertainty FROM (VALUES
	(1, 'weights', 51, 10000, NULL::int, '{"weights": {"share": 0.25}}'),
	(2, 'weights, Dirichlet', 51, 10000, NULL, '{"weights": {"method": "dirichlet", "concentration": 50}}'),
	(3, 'weights × 2 normalisations × 2 aggregations', 51, 10000, NULL, '{"weights": {"share": 0.25}, "choices": [
		[{}, {"components": [{"code": "index", "normalise": {"method": "percentile_rank", "to": [1, 100]}}]}],
		[{}, {"components": [{"code": "index", "aggregate": "geometric"}, {"code": "a", "aggregate": "geometric"}, {"code": "b", "aggregate": "geometric"}]}]]}'),
	(4, '1 000 units', 1000, 1000, NULL, '{"weights": {"share": 0.25}}')) v (n, what, units, draws, inputs, uncertainty);
INSERT INTO contestant SELECT 5, 'sensitivity to these three', panel, draws, 3, uncertainty FROM contestant WHERE n = 3;
CREATE FUNCTION processor() RETURNS float8 LANGUAGE sql VOLATILE AS $$ SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e6 $$;
CREATE FUNCTION milliseconds(panel ci.panel, methodology ci.methodology, uncertainty ci.uncertainty, draws int, inputs int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	started float8 := processor();
BEGIN
	IF draws IS NULL THEN
		FOR i IN 1 .. 400 LOOP
			PERFORM sum(rank) FROM ci.rank(panel, methodology);
		END LOOP;
	ELSIF inputs IS NULL THEN
		PERFORM sum(mean_rank) FROM ci.rank_intervals(panel, methodology, uncertainty, draws);
	ELSE
		PERFORM sum(total) FROM ci.sensitivity(panel, methodology, uncertainty, draws / (inputs + 2));
	END IF;
	RETURN (processor() - started) / CASE WHEN draws IS NULL THEN 400 ELSE 1 END;
END $$;
SELECT what, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)) AS ms,
	round((1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) / draws)::numeric, 1) AS us_per_draw,
	round((1000 * percentile_cont(0.5) WITHIN GROUP (ORDER BY one))::numeric) AS us_per_ranking
FROM (SELECT n, what, draws, milliseconds(panel, methodology, uncertainty, draws, inputs) AS ms, milliseconds(panel, methodology, NULL, NULL, NULL) AS one
	FROM generate_series(1, 7) round, contestant, judged ORDER BY round, n) taken
GROUP BY n, what, draws ORDER BY n;
