-- What a unit would have to reach: checked by ranking the panel with the value put in, and with a little less.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;
\getenv srcdir PG_ABS_SRCDIR
\set tai :srcdir '/examples/tai.sql'
\set ECHO none
\o /dev/null
\i :tai
\o
\set ECHO all
SET client_min_messages = warning;

-- A panel in which cells of a unit have other values; parameters do not move, for goalposts are numbers.
CREATE FUNCTION pg_temp.improved(panel ci.panel, who text, names text[], cells float8[]) RETURNS ci.panel LANGUAGE sql AS $$
	SELECT ci.panel_agg(unit, period, indicator, coalesce((SELECT cells[i] FROM generate_subscripts(names, 1) AS i WHERE unit = who AND names[i] = indicator), value)) FROM ci.observations(panel) $$;
CREATE FUNCTION pg_temp.rank_of(panel ci.panel, m ci.methodology, who text) RETURNS int LANGUAGE sql AS $$ SELECT rank FROM ci.rank(panel, m) WHERE unit = who $$;

-- Japan is fourth.  To come to the second place it has to reach, in one indicator (in closed form: the gap to the second, times 8, times the length of the scale):
SELECT indicator, value, round(needed::numeric, 4) AS needed, reason FROM tai_panel, tai_method, ci.reach(panel, methodology, 'Japan', 2) WHERE name = 'equal';
SELECT round((10 + 8 * gap * 11.2)::numeric, 4) AS schooling, round((10 + 8 * gap * 27.3)::numeric, 4) AS university
FROM (SELECT max(score) FILTER (WHERE unit = 'United States') - max(score) FILTER (WHERE unit = 'Japan') AS gap FROM tai_panel, tai_method, ci.rank(panel, methodology) WHERE name = 'equal') AS g;
-- for each unit and each rank above its own: the value gives the rank, and a little less does not
SELECT name, count(*) AS ways, count(*) FILTER (WHERE needed IS NULL) AS impossible,
	count(*) FILTER (WHERE needed IS NOT NULL AND pg_temp.rank_of(pg_temp.improved(panel, unit, ARRAY[indicator], ARRAY[needed]), methodology, unit) > target) AS missed,
	count(*) FILTER (WHERE pg_temp.rank_of(pg_temp.improved(panel, unit, ARRAY[indicator], ARRAY[needed - 1e-4 * change]), methodology, unit) <= target) AS too_much
FROM tai_panel, tai_method, LATERAL (SELECT unit, rank FROM ci.rank(panel, methodology) WHERE rank > 1) AS u (who, now), LATERAL (VALUES (1), (now - 1)) AS t (target_rank),
	ci.reach(panel, methodology, who, target_rank) WHERE name = 'equal' GROUP BY name;
-- together: by the same share of each one's range, no further than has an effect
SELECT indicator, value, round(needed::numeric, 4) AS needed, round(change::numeric, 4) AS change FROM tai_panel, tai_method, ci.reach(panel, methodology, 'Korea', 1, together => true) WHERE name = 'equal';
SELECT count(*) AS units, count(*) FILTER (WHERE pg_temp.rank_of(pg_temp.improved(panel, unit, names, needed), methodology, unit) > 1) AS missed,
	count(*) FILTER (WHERE pg_temp.rank_of(pg_temp.improved(panel, unit, names, less), methodology, unit) <= 1) AS too_much
FROM (SELECT panel, methodology, r.unit, array_agg(indicator) AS names, array_agg(needed) AS needed, array_agg(needed - 1e-4 * change) AS less
	FROM tai_panel, tai_method, ci.rank(panel, methodology) AS u, ci.reach(panel, methodology, u.unit, 1, '{patents,exports,schooling}', together => true) AS r
	WHERE name = 'equal' AND u.rank > 1 AND needed IS NOT NULL GROUP BY panel, methodology, r.unit) AS q;

-- Any method that takes units one by one, costs, logarithms, denominators; ties by max need to be passed, by min and dense only drawn level with.
CREATE TEMP TABLE mix AS SELECT ci.panel_agg(unit, 0, '{x,y,p}', cells) AS panel
FROM (VALUES ('a', '{80,2,10}'::float8[]), ('b', '{60,4,10}'), ('c', '{60,4,20}'), ('d', '{20,8,5}'), ('e', '{NULL,8,5}')) AS v (unit, cells);
SELECT ties, way, r.* FROM mix, unnest('{min,max,dense}'::text[]) AS ties,
	(VALUES ('geometric', '[{"code": "i", "aggregate": "geometric"}, {"code": "x", "parent": "i", "normalise": {"method": "goalposts", "lower": 0, "upper": 100}},
		{"code": "y", "parent": "i", "direction": -1, "normalise": {"method": "goalposts", "lower": 1, "upper": 10, "transform": "log", "clamp": true}}]'::jsonb),
	('per head', '[{"code": "i", "direction": -1, "normalise": "none"}, {"code": "x", "parent": "i", "denominator": "p"}, {"code": "y", "parent": "i"}]')) AS w (way, components),
	ci.reach(panel, jsonb_build_object('rank', jsonb_build_object('ties', ties, 'decimals', 2), 'components', components)::ci.methodology, 'd', 2) AS r ORDER BY way, ties, indicator;
-- reasons
SELECT r.* FROM mix, ci.reach(panel, '{"components": [{"code": "i", "normalise": {"method": "goalposts", "lower": 0, "upper": 100, "clamp": true}}, {"code": "x", "parent": "i", "weight": 0},
	{"code": "y", "parent": "i", "weight": 3}, {"code": "z", "parent": "i", "indicator": "p"}]}', 'a', 1) AS r;
SELECT r.* FROM mix, ci.reach(panel, '{"components": [{"code": "i", "normalise": {"method": "goalposts", "lower": 0, "upper": 100, "clamp": true}}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}', 'e', 1) AS r;
SELECT r.* FROM mix, ci.reach(panel, '{"components": [{"code": "i"}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}', 'a', 2, '{y}') AS r;
SELECT r.* FROM mix, ci.reach(panel, '{"components": [{"code": "i", "aggregate": "min", "normalise": "none"}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}', 'a', 1) AS r;
-- estimated parameters stay as they are: the best value itself may be passed
SELECT indicator, needed FROM mix, ci.reach(panel, '{"components": [{"code": "i"}, {"code": "x", "parent": "i"}]}', 'b', 1) AS r;
-- imputed, treated, in groups: by the parameters fitted to the panel as it is
CREATE TEMP TABLE city AS SELECT ci.panel_agg('u' || u, y, '{x,y,g,pop}', ARRAY[CASE WHEN y = 2020 OR u % 4 <> 1 THEN 10 + (37 * u + y) % 41 END, (13 * u * u) % 101 + 1, u % 2, 1 + u % 3]) AS panel,
	'{"components": [{"code": "i", "normalise": {"method": "goalposts", "lower": 0, "upper": 60}}, {"code": "x", "parent": "i", "impute": "previous", "denominator": "pop"},
	{"code": "d", "parent": "i", "aggregate": "harmonic", "normalise": {"method": "goalposts", "lower": 0, "upper": 120}}, {"code": "y", "parent": "d", "treat": {"method": "clip", "lower": 2, "upper": 90}, "direction": 1},
	{"code": "z", "indicator": "y", "parent": "i", "normalise": {"method": "zscore", "scope": {"by": "g"}}, "weight": 0.001, "rescale": {"method": "goalposts", "lower": -50, "upper": 50}}]}'::ci.methodology AS m
FROM generate_series(1, 12) AS u, generate_series(2020, 2021) AS y;
CREATE FUNCTION pg_temp.score_of(panel ci.panel, m ci.methodology, who text, y int) RETURNS float8 LANGUAGE sql AS $$ SELECT score FROM ci.rank(panel, m) WHERE unit = who AND period = y $$;
SELECT count(*) AS ways, count(*) FILTER (WHERE value IS NULL AND reason = 'missing') AS missing, count(*) FILTER (WHERE needed IS NOT NULL) AS reached,
	count(*) FILTER (WHERE needed IS NOT NULL AND abs(pg_temp.score_of(pg_temp.improved(panel, unit, ARRAY[indicator], ARRAY[needed]), flat, unit, 2021) - third) > 1e-8) AS wrong
FROM city, ci.amend(m, '{"components": [{"code": "z", "remove": true}]}') AS flat, LATERAL (SELECT unit FROM ci.rank(panel, flat) WHERE period = 2021 AND rank > 3) AS u (who),
	LATERAL (SELECT score FROM ci.rank(panel, flat) WHERE period = 2021 AND rank = 3) AS t (third), ci.reach(panel, flat, who, 3, NULL, 2021);
SELECT count(*), count(needed) FROM city, ci.rank(panel, m) AS k, ci.reach(panel, m, k.unit, 1, '{y}', k.period) WHERE k.rank > 1;

-- NULL: no rows, nor for a unit without a rank
SELECT count(*) FROM mix, ci.default_methodology(panel) AS m, LATERAL (SELECT ci.reach(NULL, m, 'a', 1) UNION ALL SELECT ci.reach(panel, NULL, 'a', 1) UNION ALL SELECT ci.reach(panel, m, NULL, 1)
	UNION ALL SELECT ci.reach(panel, m, 'a', NULL) UNION ALL SELECT ci.reach(panel, ci.amend(m, '{"screen": {"exclude": ["a"]}}'), 'a', 1)) AS q;
