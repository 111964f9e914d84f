-- Guarantees over all weights: published bounds, weights that attain them, and what no sample may break.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\o /dev/null
\i :example
\o
\set ECHO all
SET client_min_messages = warning;

-- The Technology Achievement Index with eight equal weights, within 25 %.
CREATE TEMP TABLE flat AS
SELECT ci.amend(methodology, jsonb_build_object('components',
	(SELECT jsonb_agg(jsonb_build_object('code', code) || CASE WHEN aggregate IS NULL THEN '{"parent": "tai"}'::jsonb ELSE '{"remove": true}' END)
	 FROM ci.components(methodology) WHERE parent IS NOT NULL))) AS methodology
FROM tai_method WHERE name = 'equal';
SELECT unit, rank, best_rank, worst_rank, best_found, worst_found, proven FROM tai_panel, flat, ci.rank_bounds(panel, methodology);
SELECT count(*) AS ordered, round(100 * count(*) / 253.0, 1) AS "%", count(*) FILTER (WHERE dominates) AS dominated,
	round(100 * count(*) FILTER (WHERE dominates) / 253.0, 1) AS "%"
FROM tai_panel, flat, ci.necessary_order(panel, methodology);
-- the same from every vertex: of 2^8 weights none leaves the bounds
CREATE FUNCTION pg_temp.reweighed(m ci.methodology, codes text[], lowest float8[], highest float8[], vertex int) RETURNS ci.methodology LANGUAGE sql AS $$
	SELECT ci.weigh(m, codes, ARRAY(SELECT CASE (vertex >> (i - 1)) & 1 WHEN 1 THEN highest[i] ELSE lowest[i] END FROM generate_subscripts(codes, 1) AS i)) $$;
CREATE TEMP TABLE had AS
SELECT unit, min(rank) AS best, max(rank) AS worst
FROM tai_panel, flat, (SELECT array_agg(indicator) AS codes, array_agg(0.75::float8) AS lowest, array_agg(1.25::float8) AS highest
	FROM tai_panel, unnest(ci.indicators(panel)) AS indicator) AS c, generate_series(0, 255) AS vertex,
	ci.rank(panel, pg_temp.reweighed(methodology, codes, lowest, highest, vertex))
GROUP BY unit;
SELECT count(*) FILTER (WHERE best < best_rank OR worst > worst_rank) AS outside, count(*) FILTER (WHERE best < best_found OR worst > worst_found) AS beaten,
	count(*) FILTER (WHERE best > best_found OR worst < worst_found) AS beyond_vertices
FROM tai_panel, flat, ci.rank_bounds(panel, methodology) JOIN had USING (unit);

-- By dimensions there are more ways to vary (bounds_exact has what is found).  The ranks found are had by the weights found.
SELECT unit, rank, best_rank, worst_rank
FROM tai_panel, tai_method, ci.rank_bounds(panel, methodology) WHERE name = 'equal';
CREATE FUNCTION pg_temp.broken(panel ci.panel, methodology ci.methodology) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FILTER (WHERE CASE bound WHEN 'best' THEN r.rank > w.rank ELSE r.rank < w.rank END)
	FROM (SELECT period, unit, bound, rank, array_agg(component) AS components, array_agg(weight) AS weights
		FROM ci.rank_bound_weights(panel, methodology) GROUP BY period, unit, bound, rank) AS w,
		ci.rank(panel, ci.weigh(methodology, components, weights)) AS r WHERE (r.period, r.unit) = (w.period, w.unit) $$;
SELECT name, pg_temp.broken(panel, methodology) FROM tai_panel, tai_method WHERE name IN ('equal', 'budget');
-- the least lead is had, by weights at the ends of their intervals
SELECT count(*), max(abs(least_lead - had)) < 1e-14 AS had
FROM (SELECT o.ahead, o.behind, o.least_lead, min(a.score - b.score) AS had
	FROM tai_panel, flat, ci.necessary_order(panel, methodology) AS o,
		(SELECT array_agg(indicator) AS codes, array_agg(0.75::float8) AS lowest, array_agg(1.25::float8) AS highest
		 FROM tai_panel, unnest(ci.indicators(panel)) AS indicator) AS c, generate_series(0, 255) AS vertex,
		LATERAL (SELECT max(score) FILTER (WHERE unit = o.ahead) AS a, max(score) FILTER (WHERE unit = o.behind) AS b
			FROM ci.rank(panel, pg_temp.reweighed(methodology, codes, lowest, highest, vertex))) AS s (a, b),
		LATERAL (SELECT s.a) AS a (score), LATERAL (SELECT s.b) AS b (score)
	WHERE o.ahead IN ('Sweden', 'Korea') GROUP BY o.ahead, o.behind, o.least_lead) AS q;

-- With share 0 the bounds are the rank: any methodology, any ties, any direction.
SELECT name, count(*), count(*) FILTER (WHERE (best_rank, worst_rank, best_found, worst_found, proven) IS DISTINCT FROM (rank, rank, rank, rank, true)) AS wrong
FROM tai_panel, tai_method, ci.rank_bounds(panel, methodology, 0) GROUP BY name ORDER BY name;

-- Many small panels with gaps, directions, scales and rescaling: no draw of weights leaves the bounds.
CREATE FUNCTION pg_temp.random_panel(seed int, gaps int) RETURNS ci.panel LANGUAGE sql AS $$
	SELECT ci.panel_agg('u' || u, 0, 'x' || x, CASE WHEN abs(hashint8extended(100 * u + x, seed) % 100) >= gaps THEN abs(hashint8extended(u + 100 * x, seed) % 11) END)
	FROM generate_series(1, 7) AS u, generate_series(1, 5) AS x $$;
CREATE TEMP TABLE shape (shape text, methodology ci.methodology);
INSERT INTO shape VALUES
	('flat', '{"on_constant": "midpoint", "components": [{"code": "i"}, {"code": "x1", "parent": "i"}, {"code": "x2", "parent": "i", "weight": 2}, {"code": "x3", "parent": "i", "direction": -1},
		{"code": "x4", "parent": "i"}, {"code": "x5", "parent": "i", "weight": 0.5}]}'),
	('ties', '{"on_constant": "midpoint", "rank": {"ties": "max", "decimals": 0}, "components": [{"code": "i"}, {"code": "d", "parent": "i"}, {"code": "x1", "parent": "d"}, {"code": "x2", "parent": "d"},
		{"code": "x3", "parent": "i"}, {"code": "x4", "parent": "i"}, {"code": "x5", "parent": "i", "weight": 0}]}'),
	('dense', '{"on_constant": "midpoint", "rank": {"ties": "dense", "decimals": 0}, "components": [{"code": "i"}, {"code": "x1", "parent": "i"}, {"code": "x2", "parent": "i"}, {"code": "x3", "parent": "i"}]}'),
	('turned', '{"on_constant": "midpoint", "components": [{"code": "i", "direction": -1}, {"code": "d", "parent": "i", "weight": 3, "direction": -1, "aggregate": {"method": "arithmetic", "scale": [1, 10]}},
		{"code": "x1", "parent": "d"}, {"code": "x2", "parent": "d", "direction": -1}, {"code": "e", "parent": "i", "weight": 2, "aggregate": {"method": "power", "p": 1}},
		{"code": "x3", "parent": "e"}, {"code": "x4", "parent": "e", "weight": 2}, {"code": "x5", "parent": "e"}]}'),
	('rescaled', '{"on_constant": "midpoint", "components": [{"code": "i", "normalise": "zscore"}, {"code": "d", "parent": "i", "rescale": {"method": "zscore", "mean": 0.5, "sd": 0.25}},
		{"code": "x1", "parent": "d"}, {"code": "x2", "parent": "d"}, {"code": "x3", "parent": "i", "rescale": "zscore"}, {"code": "x4", "parent": "i"}]}'),
	('geometric', '{"on_constant": "midpoint", "components": [{"code": "i"}, {"code": "d", "parent": "i", "normalise": {"to": [1, 9]}, "aggregate": "geometric"},
		{"code": "x1", "parent": "d"}, {"code": "x2", "parent": "d"}, {"code": "e", "parent": "i", "normalise": {"to": [1, 9]}}, {"code": "x3", "parent": "e"}, {"code": "x4", "parent": "i", "normalise": {"to": [1, 9]}}]}');
CREATE FUNCTION pg_temp.drawn(m ci.methodology, seed int, share float8, fixed text[]) RETURNS ci.methodology LANGUAGE sql AS $$
	SELECT ci.weigh(m, array_agg(code), array_agg(weight * (1 + share * CASE WHEN code = ANY (fixed) THEN 0 ELSE (hashtextextended(code, seed) % 1001) / 1000.0 END)))
	FROM ci.components(m) WHERE parent IS NOT NULL $$;
SELECT shape, gaps, count(DISTINCT seed) AS panels, count(*) AS ranks, count(*) FILTER (WHERE r.rank < best_rank OR r.rank > worst_rank) AS outside,
	count(DISTINCT (seed, b.unit)) FILTER (WHERE proven) > 0 AS some_proven
FROM shape, unnest('{0,25}'::int[]) AS gaps, generate_series(1, 40) AS seed, pg_temp.random_panel(seed, gaps) AS panel,
	LATERAL (SELECT CASE shape WHEN 'geometric' THEN '{x1,x2}'::text[] END AS fixed) AS f,
	ci.rank_bounds(panel, methodology, 0.4, NULL, fixed, CASE WHEN fixed IS NOT NULL THEN '{1,1}'::float8[] END, CASE WHEN fixed IS NOT NULL THEN '{1,1}'::float8[] END) AS b,
	generate_series(1, 25) AS draw, ci.rank(panel, pg_temp.drawn(methodology, 1000 * seed + draw, 0.4, fixed)) AS r
WHERE r.unit = b.unit AND r.rank IS NOT NULL
GROUP BY shape, gaps ORDER BY shape, gaps;
SELECT shape, sum(pg_temp.broken(pg_temp.random_panel(seed, 20), methodology)) AS not_had
FROM shape, generate_series(1, 20) AS seed WHERE shape <> 'geometric' GROUP BY shape ORDER BY shape;
-- nor does it turn an order that is necessary
SELECT shape, count(*) > 0 AS any, count(*) FILTER (WHERE (a.score - b.score) * CASE shape WHEN 'turned' THEN -1 ELSE 1 END < least_lead - 1e-9) AS turned,
	count(*) FILTER (WHERE a.rank > b.rank) AS wrong
FROM shape, generate_series(1, 40) AS seed, pg_temp.random_panel(seed, 15) AS panel, ci.necessary_order(panel, methodology, 0.3) AS o, generate_series(1, 5) AS draw,
	ci.rank(panel, pg_temp.drawn(methodology, 1000 * seed + draw, 0.3, NULL)) AS a, ci.rank(panel, pg_temp.drawn(methodology, 1000 * seed + draw, 0.3, NULL)) AS b
WHERE shape <> 'geometric' AND a.unit = o.ahead AND b.unit = o.behind
GROUP BY shape ORDER BY shape;

-- Nor do draws of weights leave them, or beat what was found, however few decimals decide; and who is ahead by all weights is never behind in a draw.
SELECT 'tai' AS shape, count(*) AS ranks, count(*) FILTER (WHERE a.rank < best_rank OR a.rank > worst_rank) AS outside, count(*) FILTER (WHERE a.rank < best_found OR a.rank > worst_found) AS beaten
FROM tai_panel, flat, unnest('{1,2,9}'::int[]) AS decimals, ci.amend(methodology, jsonb_build_object('rank', jsonb_build_object('decimals', decimals))) AS m,
	ci.rank_bounds(panel, m) AS b JOIN LATERAL (SELECT * FROM ci.rank_acceptability(panel, m, draws => 2000)) AS a USING (unit)
UNION ALL
SELECT shape, count(*), count(*) FILTER (WHERE a.rank < best_rank OR a.rank > worst_rank), count(*) FILTER (WHERE a.rank < best_found OR a.rank > worst_found)
FROM shape, unnest('{0,1,9}'::int[]) AS decimals, unnest('{0,25}'::int[]) AS gaps, generate_series(41, 52) AS seed, pg_temp.random_panel(seed, gaps) AS panel,
	ci.amend(methodology, jsonb_build_object('rank', jsonb_build_object('decimals', decimals))) AS m,
	ci.rank_bounds(panel, m, 0.4) AS b JOIN LATERAL (SELECT * FROM ci.rank_acceptability(panel, m, '{"weights": {"share": 0.4}}', 300)) AS a USING (unit)
WHERE shape <> 'geometric' AND a.rank IS NOT NULL GROUP BY shape ORDER BY shape;
SELECT 'tai' AS shape, count(*) AS pairs, count(*) FILTER (WHERE p.ahead < 1) AS wrong, count(*) FILTER (WHERE p.tied > 0) AS ever_tied
FROM tai_panel, flat, ci.necessary_order(panel, methodology) AS o, LATERAL (SELECT * FROM ci.pairwise(panel, methodology, draws => 2000)) AS p WHERE (p.unit, p.other) = (o.ahead, o.behind)
UNION ALL
SELECT shape, count(*), count(*) FILTER (WHERE abs(p.ahead + p.tied - 1) > 1e-12), count(*) FILTER (WHERE p.tied > 0)
FROM shape, unnest('{0,9}'::int[]) AS decimals, generate_series(41, 52) AS seed, pg_temp.random_panel(seed, 15) AS panel,
	ci.amend(methodology, jsonb_build_object('rank', jsonb_build_object('decimals', decimals))) AS m,
	ci.necessary_order(panel, m, 0.4) AS o, LATERAL (SELECT * FROM ci.pairwise(panel, m, '{"weights": {"share": 0.4}}', 300)) AS p
WHERE shape <> 'geometric' AND (p.unit, p.other) = (o.ahead, o.behind) GROUP BY shape ORDER BY shape;

-- Intervals of single weights.
CREATE TEMP TABLE two AS SELECT ci.panel_agg(unit, period, '{x,y}', cells) AS panel,
	'{"components": [{"code": "i", "normalise": "none"}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}'::ci.methodology AS m
FROM (VALUES ('a', 1, '{10,0}'::float8[]), ('b', 1, '{4,5}'), ('c', 1, '{0,7}'), ('d', 1, '{NULL,4}'), ('twin', 1, '{4,5}'), ('a', 2, '{1,1}'), ('b', 2, '{2,2}'), ('none', 2, '{NULL,NULL}')) AS v (unit, period, cells);
SELECT b.* FROM two, ci.rank_bounds(panel, m, 0, 1, '{x}', '{1}', '{1.25}') AS b;
SELECT b.* FROM two, ci.rank_bounds(panel, m, 0, 1, '{x}', '{0.8}', '{1}') AS b;
SELECT b.* FROM two, ci.rank_bounds(panel, m, 0.9) AS b;
SELECT o.* FROM two, ci.necessary_order(panel, m, 0.2) AS o;
SELECT w.* FROM two, ci.rank_bound_weights(panel, m, 'c', 0.5, 1) AS w;
-- a component without weight has none; nothing depends on the scale of weights
SELECT count(*) FILTER (WHERE a IS DISTINCT FROM b) AS differ
FROM two, ci.weigh(m, '{x,y}', '{3e-200,6e-200}') AS small, ci.weigh(m, '{x,y}', '{1e300,2e300}') AS big,
	ci.rank_bounds(panel, small) AS a FULL JOIN ci.rank_bounds(panel, big) AS b USING (period, unit);

-- NULL: no rows.  One unit, no unit.
SELECT count(*) FROM two, ci.rank_bounds(NULL, m) UNION ALL SELECT count(*) FROM two, ci.rank_bounds(panel, NULL) UNION ALL SELECT count(*) FROM two, ci.rank_bounds(panel, m, NULL);
SELECT b.* FROM two, ci.rank_bounds(ci.subset(panel, NULL, '{none}'), m) AS b;
SELECT unit, best_rank, worst_rank, proven FROM two, ci.rank_bounds(ci.subset(panel, NULL, '{c}'), m) AS b;
