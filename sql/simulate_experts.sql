-- Weights that experts give as what is uncertain: published ranks, exact enumeration, probabilities that can be computed, guaranteed bounds.
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\i :example
\set ECHO all
SET jit = off;

-- Weights by four methods and what ranks they give (OECD/JRC Handbook, Tables 22 and 23). Not all ranks follow from weights that are printed with two decimals: those of seven countries are left out.
CREATE TEMP TABLE weighting (method text, patents int, royalties int, internet int, exports int, telephones int, electricity int, schooling int, university int);
INSERT INTO weighting VALUES ('EW', 13, 13, 13, 13, 13, 13, 13, 13), ('FA', 17, 15, 11, 6, 8, 13, 13, 17), ('BAP', 11, 11, 11, 18, 10, 6, 15, 18), ('AHP', 9, 10, 7, 21, 5, 6, 18, 25);
CREATE TEMP TABLE published (country text, ranks int[]);
INSERT INTO published VALUES ('Finland', '{1,1,1,1}'), ('United States', '{2,2,2,3}'), ('Sweden', '{3,3,3,4}'), ('Japan', '{4,4,5,5}'), ('Korea', '{5,5,4,2}'), ('Netherlands', '{6,6,8,11}'),
	('United Kingdom', '{7,8,7,7}'), ('Australia', '{10,7,11,9}'), ('Germany', '{11,12,9,8}'), ('Norway', '{12,9,13,16}'), ('Ireland', '{13,14,12,12}'), ('Belgium', '{14,15,14,13}'),
	('Austria', '{16,16,15,15}'), ('France', '{17,17,16,14}'), ('Italy', '{20,20,21,21}'), ('Hungary', '{22,23,20,20}');
CREATE TEMP TABLE flat AS
SELECT panel, jsonb_build_object('components', '[{"code": "tai", "normalise": {"method": "goalposts", "clamp": true, "to": [0, 1]}}]'::jsonb
	|| (SELECT jsonb_agg(c - 'label' || '{"parent": "tai"}') FROM jsonb_array_elements(methodology::jsonb -> 'components') c WHERE c -> 'normalise' ? 'lower'))::ci.methodology AS methodology,
	(SELECT jsonb_build_object('weights', jsonb_build_object('method', 'experts', 'weights', jsonb_agg(to_jsonb(w) - 'method'))) FROM weighting w) AS uncertainty
FROM tai_panel, tai_method WHERE name = 'equal';
SELECT jsonb_pretty(methodology::jsonb -> 'components' -> 1) AS a_leaf, jsonb_pretty(uncertainty -> 'weights' -> 'weights' -> 1) AS an_expert FROM flat;
WITH drawn AS (SELECT a.* FROM flat, ci.rank_acceptability(panel, methodology, uncertainty, 4000) a),
	expected AS (SELECT country, rank, count(*) / 4.0 AS share FROM published, unnest(ranks) rank GROUP BY country, rank)
SELECT count(*) AS ranks, count(*) FILTER (WHERE e.share IS NULL OR d.share IS NULL) AS wrong, max(abs(e.share - d.share)) < 4 * sqrt(0.25 / 4000) AS near
FROM expected e FULL JOIN (SELECT * FROM drawn WHERE unit IN (SELECT country FROM published)) d ON d.unit = e.country AND d.rank = e.rank;

-- Two units by two indicators: a has (1, 0), b has (t, t), so that a is ahead where the weight of x is above t.
CREATE FUNCTION pg_temp.two(t float8) RETURNS TABLE (panel ci.panel, methodology ci.methodology) LANGUAGE sql AS $$
	SELECT ci.panel_agg(u, 0, '{x,y}', c), '{"components": [{"code": "i", "normalise": {"method": "goalposts", "lower": 0, "upper": 1}}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}'::ci.methodology
	FROM (VALUES ('a', '{1,0}'::float8[]), ('b', ARRAY[t, t])) v (u, c) $$;
SELECT t, draw, round(probability, 4) AS probability, abs(ahead - probability) <= 4 * sqrt(probability * (1 - probability) / 10000) AS near
FROM (VALUES
	-- shares of x: 0.2, 0.6, 0.6, 1
	(0.1, 'one', 1.0), (0.3, 'one', 0.75), (0.7, 'one', 0.25),
	-- x between 0.2 and 1, y between 0 and 0.8: x is above y, or thrice as great, in a part of that square
	(0.5, 'range', 1 - 0.6 ^ 2 / 2 / 0.8 ^ 2), (0.75, 'range', (0.2 / 3 + 1 / 3.0) / 2 / 0.8)) v (t, draw, probability),
	pg_temp.two(t) p, ci.pairwise(p.panel, p.methodology, jsonb_build_object('weights', jsonb_build_object('method', 'experts', 'draw', draw,
		'weights', '[{"x": 20, "y": 80}, {"x": 0.6, "y": 0.4}, {"x": 3, "y": 2}, {"x": 7e307, "y": 0}]'::jsonb)), 10000) w WHERE unit = 'a';

-- A panel with ties and gaps, a tree, and five experts on its dimensions and on the indicators of one of them.
CREATE TEMP TABLE league AS
SELECT ci.panel_agg('u' || lpad(u::text, 2, '0'), p, 'x' || j, CASE WHEN (u * 7 + j * 3 + p) % 11 > 0 THEN 1 + (u * u * 31 + j * j * u * 17 + p * u) % 23 END::float8) AS panel
FROM generate_series(1, 30) u, generate_series(1, 6) j, generate_series(1, 2) p;
CREATE TEMP TABLE judged AS
SELECT name, ('{"screen": {"min_coverage": 0.7}, "components": [' || root || ', {"code": "a", "parent": "i"}, {"code": "b", "parent": "i", "weight": 2},
	{"code": "x1", "parent": "a", "weight": 3}, {"code": "x2", "parent": "a"}, {"code": "x3", "parent": "a", "direction": -1},
	{"code": "x4", "parent": "b"}, {"code": "x5", "parent": "b"}, {"code": "x6", "parent": "b", "weight": 0}]}')::ci.methodology AS methodology
FROM (VALUES ('mean', '{"code": "i", "normalise": {"method": "minmax", "to": [1, 100]}}'), ('geometric', '{"code": "i", "normalise": {"method": "minmax", "to": [1, 100]}, "aggregate": "geometric"}'),
	('promethee', '{"code": "i", "normalise": {"method": "minmax", "to": [1, 100]}, "aggregate": "promethee"}')) v (name, root);
CREATE TEMP TABLE expert (expert int, component text, weight float8);
INSERT INTO expert SELECT e, component, abs(sin(e * 10 + ascii(right(component, 1)))) FROM generate_series(1, 5) e, unnest('{a,b,x1,x2,x3}'::text[]) component;
CREATE TEMP TABLE adviser AS
SELECT expert, jsonb_object_agg(component, weight) AS weights, array_agg(component ORDER BY component) AS components, array_agg(weight ORDER BY component) AS numbers FROM expert GROUP BY expert;
CREATE FUNCTION pg_temp.experts(weights jsonb, draw text DEFAULT 'one') RETURNS ci.uncertainty LANGUAGE sql AS $$
	SELECT jsonb_build_object('weights', jsonb_build_object('method', 'experts', 'weights', weights, 'draw', draw)) $$;

-- One expert: the ranking by those weights, whichever way they are drawn.
SELECT name, draw, count(*) AS units, count(*) FILTER (WHERE (i.mean_rank, i.median_rank, i.lower_rank, i.upper_rank) IS DISTINCT FROM (r.rank::float8, r.rank, r.rank, r.rank)) AS wrong
FROM league, judged, adviser, unnest('{one,range}'::text[]) draw,
	ci.rank_intervals(panel, methodology, pg_temp.experts(jsonb_build_array(weights), draw), 3) i
	FULL JOIN LATERAL (SELECT * FROM ci.rank(panel, ci.weigh(methodology, components, numbers))) r USING (period, unit)
GROUP BY name, draw ORDER BY name, draw;

-- Several: a rank's share is the share of experts by whom the unit has it.
WITH drawn AS (
	SELECT name, period, unit, coalesce(a.rank, 0) AS rank, share
	FROM league, judged, (SELECT pg_temp.experts(jsonb_agg(weights ORDER BY expert)) AS uncertainty FROM adviser) e, ci.rank_acceptability(panel, methodology, uncertainty, 2000) a),
expected AS (
	SELECT name, period, unit, coalesce(r.rank, 0) AS rank, count(*) / 5.0 AS share FROM league, judged, adviser, ci.rank(panel, ci.weigh(methodology, components, numbers)) r GROUP BY 1, 2, 3, 4)
SELECT name, count(*) AS ranks, count(*) FILTER (WHERE e.share IS NULL OR d.share IS NULL) AS wrong, max(abs(e.share - d.share)) < 4 * sqrt(0.25 / 2000) AS near
FROM expected e FULL JOIN drawn d USING (name, period, unit, rank) GROUP BY name ORDER BY name;

-- Between the lowest and the highest share of each, no rank is outside of what weights within these limits guarantee; any single expert's ranks are inside too.
WITH box AS (
	SELECT array_agg(component ORDER BY component) AS components, array_agg(lowest ORDER BY component) AS lowest, array_agg(highest ORDER BY component) AS highest, array_agg(middle ORDER BY component) AS middle
	FROM (SELECT component, min(share) AS lowest, max(share) AS highest, avg(share) AS middle
		FROM (SELECT component, weight / sum(weight) OVER (PARTITION BY expert, component LIKE 'x%') AS share FROM expert) s GROUP BY component) b),
bounds AS (
	SELECT b.* FROM league, judged, box, ci.rank_bounds(panel, ci.weigh(methodology, components, middle), 0, components => components, lowest => lowest, highest => highest) b WHERE name = 'mean'),
drawn AS (
	SELECT draw, period, unit, min(a.rank) AS best, max(a.rank) AS worst FROM league, judged, unnest('{one,range}'::text[]) draw,
		(SELECT jsonb_agg(weights) AS weights FROM adviser) e, ci.rank_acceptability(panel, methodology, pg_temp.experts(weights, draw), 1000) a WHERE name = 'mean' GROUP BY 1, 2, 3)
SELECT draw, count(*) AS units, count(*) FILTER (WHERE best < best_rank OR worst > worst_rank) AS outside, count(*) FILTER (WHERE best < worst) > 20 AS vary FROM drawn JOIN bounds USING (period, unit) GROUP BY draw ORDER BY draw;

-- A weight of 0 stays 0: x6 may be left out of what experts name, or be in it. Components that they do not name keep their weights; so does everything if they say what the methodology says.
SELECT name, bool_and(a.without = a.named) AS same, bool_and(certain = said) AS as_said
FROM (SELECT name,
	(SELECT array_agg(a ORDER BY a) FROM ci.rank_acceptability(panel, methodology, pg_temp.experts('[{"x4": 1, "x5": 5}, {"x4": 5, "x5": 1}]'), 50) a) AS without,
	(SELECT array_agg(a ORDER BY a) FROM ci.rank_acceptability(panel, methodology, pg_temp.experts('[{"x4": 1, "x5": 5, "x6": 3}, {"x4": 5, "x5": 1, "x6": 1}]'), 50) a) AS named,
	(SELECT array_agg(a ORDER BY a) FROM ci.rank_acceptability(panel, methodology, '{}', 50) a) AS certain,
	(SELECT array_agg(a ORDER BY a) FROM ci.rank_acceptability(panel, methodology, pg_temp.experts('[{"a": 2, "b": 4}, {"a": 0.25, "b": 0.5}]'), 50) a) AS said
	FROM league, judged) a GROUP BY name ORDER BY name;

-- Without the one indicator of a dimension that an expert counts, that dimension is left out.
SELECT count(*) AS rows, count(*) FILTER (WHERE d.share IS NULL OR e.rank IS NULL) AS wrong
FROM (SELECT DISTINCT a.period, a.unit, a.rank, 1 AS share FROM league, judged, ci.rank_acceptability(panel, methodology, '{"weights": {"method": "experts", "weights": [{"x1": 1, "x2": 0, "x3": 0}]}, "omit": ["x1"]}', 50) a WHERE name = 'mean' AND a.rank IS NOT NULL) d
FULL JOIN (SELECT DISTINCT r.period, r.unit, r.rank FROM league, judged, (VALUES (0), (1)) v (weight), ci.rank(panel, ci.weigh(methodology, '{x2,x3,a}', ARRAY[0, 0, weight])) r WHERE name = 'mean' AND r.rank IS NOT NULL) e USING (period, unit, rank);

-- Experts are asked about the methodology that a choice gives.
SELECT count(*) FROM league, judged, ci.rank_intervals(panel, methodology, '{"weights": {"method": "experts", "weights": [{"x4": 1, "x5": 0}]}, "choices": [[{}, {"components": [{"code": "x4", "weight": 0}]}]]}');
