-- How a score came about: stages, weights, contributions, flags.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;	-- the planner expects more rows than there are
\pset null ~

-- a: index = 2/4 harm' + 1/4 parks + 1/4 jobs, where harm' = 100 - harm and harm
-- is the mean of 30 and 10.  Contributions of harm's leaves: 1/2 of 1/2 of 100 - s.
-- b has no value for parks, so weights are 2/3 and 1/3; c has neither crime nor
-- noise, so harm has no score.
CREATE TEMP TABLE small AS
SELECT ci.panel_agg(unit, 7, '{crime,noise,parks,work}', cells) AS panel, '{"components": [
	{"code": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 100}},
	{"code": "harm", "parent": "index", "direction": -1, "weight": 2},
	{"code": "crime", "parent": "harm"}, {"code": "noise", "parent": "harm"},
	{"code": "parks", "parent": "index", "normalise": {"upper": 50}},
	{"code": "jobs", "parent": "index", "indicator": "work", "direction": -1}]}'::ci.methodology AS methodology
FROM (VALUES ('a', '{30,10,40,60}'::float8[]), ('b', '{10,20,NULL,70}'), ('c', '{NULL,NULL,10,20}')) v (unit, cells);
SELECT unit, component, indicator, raw, score, round(weight::numeric, 4) AS weight, round(effective_weight::numeric, 4) AS effective,
	round(contribution::numeric, 4) AS contribution, flags
FROM small, ci.explain(panel, methodology);
-- The stages before normalisation leave the value as it is in this version.
SELECT count(*) AS rows, count(raw) AS observed, count(*) FILTER (WHERE (denominated, imputed, treated) IS DISTINCT FROM (raw, raw, raw)
	OR imputed_from IS NOT NULL) AS changed
FROM small, ci.explain(panel, methodology);

-- One unit, one period, or both, are those rows of the whole.
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
CREATE TEMP TABLE random AS
SELECT ci.panel_agg('u' || u, p, 'i' || i, CASE WHEN pg_temp.noise(u + 100 * p, 10 + i) > 0.3 THEN 100 * pg_temp.noise(u + 100 * p, i) END) AS panel
FROM generate_series(1, 30) u, generate_series(1, 3) p, generate_series(1, 9) i WHERE (u + p) % 10 > 0;
CREATE TEMP TABLE ways AS
SELECT w.way, ci.amend(ci.default_methodology(panel), jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', 'index') || w.index))) AS methodology
FROM random, (VALUES ('default', '{}'::jsonb), ('pooled', '{"normalise": {"scope": "panel"}, "rescale": "zscore"}'),
	('rescaled pooled', '{"rescale": {"scope": [1, 3]}}')) w (way, index);
CREATE TEMP TABLE whole AS
SELECT way, row_number() OVER () AS n, e FROM random, ways, ci.explain(panel, methodology) e;
SELECT way, f.unit, f.period, cardinality(p.rows) AS rows, p.rows IS NOT DISTINCT FROM w.rows AS same
FROM random, ways, (VALUES ('u1', NULL::int), ('u1', 2), ('u30', 3), ('u8', 2), (NULL, 2), (NULL, NULL)) f (unit, period),
	LATERAL (SELECT array_agg(e) AS rows FROM ci.explain(panel, methodology, f.unit, f.period) e) p,
	LATERAL (SELECT array_agg(e ORDER BY n) AS rows FROM whole
		WHERE whole.way = ways.way AND (e).unit = coalesce(f.unit, (e).unit) AND (e).period = coalesce(f.period, (e).period)) w
ORDER BY way, f.unit, f.period;
SELECT ci.explain(panel, ci.default_methodology(panel), 'u31') FROM random; \echo :SQLSTATE
SELECT ci.explain(panel, ci.default_methodology(panel), 'u1', 4) FROM random; \echo :SQLSTATE
SELECT ci.explain(panel, ci.default_methodology(panel), NULL, 0) FROM random; \echo :SQLSTATE
SELECT count(*) FROM ci.explain(NULL, '{"components": [{"code": "x"}]}');
SELECT count(*) FROM random, ci.explain(panel, NULL, 'u31');

-- In trees of weighted sums, whatever is missing, turned, rescaled by a line, or
-- aggregated on another scale: contributions of leaves add up to the root's score
-- and to each component's contribution, effective weights of leaves to 1, and
-- weights below a component that has a score to 1.  Scores are those of ci.scores.
CREATE TEMP TABLE trees (tree text, index jsonb, a jsonb, b jsonb, leaf jsonb);
INSERT INTO trees VALUES
	('plain', '{}', '{}', '{}', '{}'),
	('turned', '{}', '{"direction": -1}', '{"direction": -1}', '{"direction": -1}'),
	('z-scores', '{"normalise": {"method": "zscore", "to": [100, 15]}}', '{"direction": -1}', '{}', '{"direction": -1}'),
	('rescaled', '{}', '{"rescale": {"to": [10, 0]}, "direction": -1}', '{"rescale": {"to": [10, 0], "scope": "panel"}}',
		'{"rescale": {"method": "goalposts", "lower": -20, "upper": 80}}'),
	('rescaled root', '{"rescale": "zscore"}', '{}', '{"direction": -1}', '{}'),
	('clamped leaf', '{}', '{}', '{}', '{"normalise": {"lower": "p25", "upper": "p75", "clamp": true}}'),
	('sums by other names', '{"aggregate": {"method": "power", "p": 1}}',
		'{"aggregate": {"method": "arithmetic", "scale": [1, 9]}}', '{"direction": -1}', '{}'),
	('coverage', '{"min_coverage": 0.6}', '{"min_count": 2}', '{"min_coverage": 0.75}', '{}'),
	('a weight of 0', '{}', '{"weight": 0}', '{}', '{"weight": 0}');
CREATE TEMP TABLE explained AS
SELECT t.tree, e.*
FROM random, trees t, ci.explain(panel, jsonb_build_object('components', jsonb_build_array(
	'{"code": "index"}'::jsonb || t.index,
	'{"code": "A", "parent": "index", "weight": 3}'::jsonb || t.a, '{"code": "B", "parent": "index"}'::jsonb || t.b,
	'{"code": "C", "parent": "B", "direction": -1, "weight": 0.5}'::jsonb,
	'{"code": "i1", "parent": "A"}'::jsonb, '{"code": "i2", "parent": "A", "weight": 2}'::jsonb || t.leaf, '{"code": "i3", "parent": "A"}'::jsonb,
	'{"code": "i4", "parent": "B"}'::jsonb, '{"code": "i5", "parent": "B", "weight": 0.1}'::jsonb,
	'{"code": "i6", "parent": "C"}'::jsonb || t.leaf, '{"code": "i7", "parent": "C"}'::jsonb,
	'{"code": "i8", "parent": "C", "weight": 4}'::jsonb))::ci.methodology) e;
CREATE FUNCTION pg_temp.differ(a float8, b float8) RETURNS boolean LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN a IS NULL OR b IS NULL THEN (a IS NULL) <> (b IS NULL)
		ELSE abs(a - b) > 1e-9 * (1 + abs(b)) END;
SELECT tree, count(*) AS units, count(score) < count(*) AS some_missing,
	count(*) FILTER (WHERE pg_temp.differ(contributions, score)) AS wrong_contributions,
	count(*) FILTER (WHERE score IS NOT NULL AND pg_temp.differ(weights, 1)) AS wrong_weights
FROM (SELECT tree, period, unit, max(score) FILTER (WHERE parent IS NULL) AS score,
		sum(contribution) FILTER (WHERE indicator IS NOT NULL) AS contributions,
		sum(effective_weight) FILTER (WHERE indicator IS NOT NULL AND score IS NOT NULL) AS weights
	FROM explained GROUP BY tree, period, unit) v
GROUP BY tree ORDER BY tree COLLATE "C";
SELECT count(*) AS inner_components, count(*) FILTER (WHERE pg_temp.differ(below.contributions, e.contribution)) AS wrong_contributions,
	count(*) FILTER (WHERE e.score IS NOT NULL AND pg_temp.differ(below.weights, 1)) AS wrong_weights,
	count(*) FILTER (WHERE pg_temp.differ(below.effective, e.effective_weight * below.weights)) AS wrong_effective_weights
FROM explained e JOIN (
	SELECT tree, period, unit, parent, sum(contribution) AS contributions, sum(weight) AS weights, sum(effective_weight) AS effective
	FROM explained WHERE parent IS NOT NULL GROUP BY tree, period, unit, parent) below
	ON (below.tree, below.period, below.unit, below.parent) = (e.tree, e.period, e.unit, e.component)
WHERE NOT (e.tree = 'a weight of 0' AND e.score IS NULL);
SELECT count(*) AS rows, count(*) FILTER (WHERE (weight = 0) <>
	(score IS NULL OR (tree = 'a weight of 0' AND component IN ('A', 'i2', 'i6')))) AS wrong
FROM explained WHERE parent IS NOT NULL;
SELECT count(*) AS rows, count(*) FILTER (WHERE (s.score, s.parent) IS DISTINCT FROM (e.score, e.parent)) AS differ
FROM random, ci.scores(panel, ci.default_methodology(panel)) s FULL JOIN (SELECT (e).* FROM whole WHERE way = 'default') e USING (period, unit, component);

-- Below a component that is no weighted sum, or is rescaled by what is no line,
-- nothing contributes; it itself does, and what is beside it.
SELECT t.node, string_agg(e.component, ' ' ORDER BY e.component COLLATE "C") FILTER (WHERE e.contribution IS NULL) AS without_contribution,
	CASE WHEN s.whole IS NOT NULL THEN NOT pg_temp.differ(s.whole, max(e.score) FILTER (WHERE e.parent IS NULL)) END AS adds_up
FROM small, (VALUES
	(1, 'index geometric', '{"aggregate": "geometric"}'::jsonb, '{}'::jsonb),
	(2, 'harm geometric', '{}', '{"aggregate": "geometric"}'),
	(3, 'harm power 2', '{}', '{"aggregate": {"method": "power", "p": 2}}'),
	(4, 'harm median', '{}', '{"aggregate": "median"}'),
	(5, 'harm clamped', '{}', '{"rescale": {"method": "goalposts", "lower": 0, "upper": 90, "clamp": true}}'),
	(6, 'harm normal_cdf', '{}', '{"rescale": {"method": "normal_cdf", "mean": 50, "sd": 20}}'),
	(7, 'harm log', '{}', '{"rescale": {"method": "goalposts", "lower": 1, "upper": 100, "transform": "log"}}'),
	(8, 'harm percentile_rank', '{}', '{"rescale": "percentile_rank"}'),
	(9, 'harm by a line', '{}', '{"rescale": {"method": "goalposts", "lower": 0, "upper": 50}}'),
	(10, 'index clamped', '{"rescale": {"method": "goalposts", "lower": 0, "upper": 90, "clamp": true}}', '{}')) t (n, node, index, harm),
	LATERAL (SELECT ci.amend(methodology, jsonb_build_object('components', jsonb_build_array(
		jsonb_build_object('code', 'index') || t.index, jsonb_build_object('code', 'harm') || t.harm))) AS methodology) m,
	ci.explain(panel, m.methodology, 'a') e,
	LATERAL (SELECT sum(contribution) AS whole FROM ci.explain(panel, m.methodology, 'a') x WHERE x.parent = 'index') s
GROUP BY t.n, t.node, s.whole ORDER BY t.n;

-- Flags
SELECT e.unit, e.component, e.raw, trim_scale(round(e.score::numeric, 3)) AS score, e.flags
FROM (SELECT ci.panel_agg(unit, 1, '{x,y,port,coastal,region}', cells) AS panel
	FROM (VALUES ('a', '{5,1,3,1,1}'::float8[]), ('b', '{15,0,NULL,0,1}'), ('c', '{NULL,2,NULL,1,2}'), ('d', '{-1,3,8,1,NULL}'),
		('e', '{NULL,NULL,NULL,0,1}')) v (unit, cells)) p,
	ci.explain(panel, '{"on_nonpositive": "missing", "on_constant": "midpoint", "screen": {"exclude": ["d"], "min_coverage": 0.2}, "components": [
		{"code": "index", "min_coverage": 0.5},
		{"code": "x",     "parent": "index", "normalise": {"lower": 0, "upper": 10, "clamp": true}},
		{"code": "z",     "parent": "index", "indicator": "x", "rescale": {"method": "goalposts", "lower": 0, "upper": 100},
			"normalise": {"method": "zscore", "mean": 5, "sd": 5, "clamp": [40, 60], "to": [50, 10]}},
		{"code": "ln y",  "parent": "index", "indicator": "y", "normalise": {"transform": "log"}},
		{"code": "port",  "parent": "index", "units": "coastal"},
		{"code": "by",    "parent": "index", "indicator": "x", "normalise": {"scope": {"by": "region"}}}]}') e
ORDER BY e.unit COLLATE "C", array_position('{index,x,z,ln y,port,by}', e.component);
