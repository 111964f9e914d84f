-- Normalisation: every method, parameter, scope and policy, on numbers that can
-- be checked by hand; then all of them against the same formulas in plain SQL.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;	-- the planner expects more rows than there are
\pset null ~
\set SHOW_CONTEXT never

-- A methodology of a root and one indicator "x", from what is said of x.
CREATE FUNCTION pg_temp.methodology(x jsonb, top jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql
	RETURN (jsonb_build_object('components', jsonb_build_array('{"code": "index"}'::jsonb,
		'{"code": "x", "parent": "index"}'::jsonb || x)) || top)::ci.methodology;
-- Scores of x by unit, to 4 decimals.
CREATE FUNCTION pg_temp.scores(panel ci.panel, x jsonb, top jsonb DEFAULT '{}', period int DEFAULT 1)
	RETURNS numeric[] LANGUAGE sql
	RETURN (SELECT array_agg(trim_scale(round(s.score::numeric, 4)) ORDER BY s.unit COLLATE "C")
		FROM ci.scores(panel, pg_temp.methodology(x, top)) s WHERE s.component = 'x' AND s.period = $4);
-- … where more is better, where less is, and after ci.fit.
CREATE FUNCTION pg_temp.both(panel ci.panel, normalise jsonb, indicator text DEFAULT 'x', top jsonb DEFAULT '{}',
	OUT more_is_better numeric[], OUT less_is_better numeric[]) LANGUAGE sql
	BEGIN ATOMIC
		SELECT pg_temp.scores(panel, x, top), pg_temp.scores(panel, x || '{"direction": -1}', top)
		FROM jsonb_build_object('indicator', indicator, 'normalise', normalise) AS x;
	END;

-- Units a, b, c, d.
-- x: mean 5, median 4, squared deviations 9 + 1 + 1 + 25 = 36 (sd 3, or sqrt 12
-- with n - 1), absolute deviations from the median 0 0 2 6 (mad 1.4826).
CREATE TEMP TABLE cells (unit text, x float8, decades float8, squares float8, standard float8,
	zero float8, same float8, gap float8, alone float8, outlier float8, nothing float8);
INSERT INTO cells VALUES
	('a',  2,    1,  1, -1,      0, 7, NULL, NULL, 1, NULL),
	('b',  4,   10,  4,  0,      1, 7, 10,   5,    1, NULL),
	('c',  4,  100,  9,  1,     10, 7, 20,   NULL, 1, NULL),
	('d', 10, 1000, 16,  1.96, 100, 7, 30,   NULL, 9, NULL);
CREATE TEMP TABLE small AS
SELECT ci.panel_agg(unit, 1, to_jsonb(cells) - 'unit') AS panel FROM cells;

-- minmax: ends are the smallest and largest value, numbers, percentiles (as
-- percentile_cont: p10 2.6, p90 8.2, p2.5 2.15, p75 5.5) or a unit's value.
SELECT n.normalise, s.* FROM small, (VALUES
	('{"method": "minmax"}'::jsonb),
	('{"lower": 0}'),
	('{"upper": 6}'),
	('{"lower": "min", "upper": "max"}'),
	('{"lower": "p0", "upper": "p100"}'),
	('{"lower": "p10", "upper": "p90"}'),
	('{"lower": "p10", "upper": "p90", "clamp": true}'),
	('{"lower": "p2.5", "upper": "p75", "to": [0, 1]}'),
	('{"lower": "p50"}'),
	('{"upper": {"unit": "b"}}'),
	('{"upper": {"unit": "b"}, "clamp": true}'),
	('{"lower": {"unit": "c"}}'),
	('{"lower": 0, "upper": {"unit": "d"}}'),
	('{"to": [0, 1]}'),
	('{"to": [1, 7]}'),
	('{"to": [10, 0]}'),
	('{"to": [-1, 1]}')) n (normalise), pg_temp.both(panel, n.normalise) s;

-- goalposts stay in the indicator's own units and order where less is better.
SELECT n.normalise - 'method' AS goalposts, s.* FROM small, (VALUES
	('{"method": "goalposts", "lower": 0, "upper": 20}'::jsonb),
	('{"method": "goalposts", "lower": 3, "upper": 8}'),
	('{"method": "goalposts", "lower": 3, "upper": 8, "clamp": true}'),
	('{"method": "goalposts", "lower": 3, "upper": 8, "clamp": true, "to": [1, 10]}'),
	('{"method": "goalposts", "lower": -10, "upper": 10, "to": [100, 0]}')) n (normalise),
	pg_temp.both(panel, n.normalise) s;

-- zscore: sd with n - 1, or with n; "to" is the wanted mean and sd, "clamp" is
-- on the result.
SELECT n.normalise - 'method' AS zscore, s.* FROM small, (VALUES
	('{"method": "zscore"}'::jsonb),
	('{"method": "zscore", "population": true}'),
	('{"method": "zscore", "population": true, "to": [100, 15]}'),
	('{"method": "zscore", "population": true, "clamp": [-0.5, 1]}'),
	('{"method": "zscore", "population": true, "to": [50, 10], "clamp": [45, 55]}'),
	('{"method": "zscore", "mean": 10, "sd": 2}'),
	('{"method": "zscore", "mean": 4}'),
	('{"method": "zscore", "sd": 2}')) n (normalise), pg_temp.both(panel, n.normalise) s;

-- The Handbook's schooling of 23 countries: the United States' z-score is 1.52
-- with n - 1 (Table 15), and would be 1.56 with n.
SELECT z.normalise, round(s.score::numeric, 2) AS usa
FROM (VALUES ('{"method": "zscore"}'::jsonb), ('{"method": "zscore", "population": true}')) z (normalise),
	(SELECT ci.panel_agg(n::text, 1, 'x', years) AS panel
	 FROM unnest('{10,12,11.4,9.5,10.8,9.4,9.4,11.6,10.9,7.1,10.2,11.9,9.4,9.3,11.7,8.4,7.9,9.6,7.3,7.2,9.5,9.1,7.1}'::float8[])
		WITH ORDINALITY AS t (years, n)) p,
	ci.scores(panel, pg_temp.methodology(jsonb_build_object('normalise', z.normalise))) s
WHERE s.component = 'x' AND s.unit = '2';

-- normal_cdf: the normal distribution's table, .1587 .5 .8413 .9750; of x with
-- z = -1, -1/3, -1/3, 5/3: .1587 .3694 .3694 .9522.
SELECT n.indicator, n.normalise - 'method' AS normal_cdf, s.* FROM small, (VALUES
	('standard', '{"method": "normal_cdf", "mean": 0, "sd": 1}'::jsonb),
	('standard', '{"method": "normal_cdf", "mean": 0, "sd": 1, "to": [0, 1]}'),
	('standard', '{"method": "normal_cdf", "mean": 0, "sd": 1, "to": [1, 0]}'),
	('x', '{"method": "normal_cdf", "population": true}')) n (indicator, normalise),
	pg_temp.both(panel, n.normalise, n.indicator) s;

-- robust_z: (x - 4) / 1.4826; or with the median or the mad given.
SELECT n.normalise - 'method' AS robust_z, s.* FROM small, (VALUES
	('{"method": "robust_z"}'::jsonb),
	('{"method": "robust_z", "to": [50, 14.826]}'),
	('{"method": "robust_z", "median": 5}'),
	('{"method": "robust_z", "mad": 2}')) n (normalise), pg_temp.both(panel, n.normalise) s;

-- Order: with ties, percentile ranks are 0, 1/3, 1/3, 1, and ranks from below
-- 1, 2, 2, 4.  none is the value itself, turned.
SELECT n.normalise, s.* FROM small, (VALUES
	('{"method": "percentile_rank"}'::jsonb),
	('{"method": "percentile_rank", "to": [0, 1]}'),
	('{"method": "percentile_rank", "to": [5, 1]}'),
	('{"method": "rank"}'),
	('{"method": "borda"}'),
	('{"method": "none"}')) n (normalise), pg_temp.both(panel, n.normalise) s;

-- bands: a value at a bound belongs to the better band; scores are even from 0 to
-- 100 or given, from the worst band to the best.  p50 is 4.
SELECT n.normalise - 'method' AS bands, s.* FROM small, (VALUES
	('{"method": "bands", "bounds": [4, 10]}'::jsonb),
	('{"method": "bands", "bounds": [3, 5], "scores": [1, 2, 5]}'),
	('{"method": "bands", "bounds": [11], "scores": [-1, 1]}'),
	('{"method": "bands", "bounds": [4, 4]}'),
	('{"method": "bands", "bounds": ["p50"]}'),
	('{"method": "bands", "bounds": ["min", "p50", "max"], "scores": [9, 10, 20, 30]}')) n (normalise), pg_temp.both(panel, n.normalise) s;

-- sum: shares of 20; for a cost, of the sum of reciprocals, 1.1.  vector: the
-- norm is sqrt 136 = 11.6619.
SELECT n.normalise, s.* FROM small, (VALUES
	('{"method": "sum"}'::jsonb),
	('{"method": "sum", "total": 10}'),
	('{"method": "vector"}'),
	('{"method": "vector", "norm": 10}')) n (normalise), pg_temp.both(panel, n.normalise) s;
-- 0 has no reciprocal; a total of 0 or less divides nothing
SELECT pg_temp.both(panel, '{"method": "sum"}', 'zero') FROM small; \echo :SQLSTATE
SELECT s.* FROM small, pg_temp.both(panel, '{"method": "sum"}', 'zero', '{"on_nonpositive": "missing"}') s;
SELECT ci.rank(ci.panel_agg(u, 'x', x), pg_temp.methodology('{"normalise": "sum"}')) FROM (VALUES ('a', 0), ('b', 0)) v (u, x); \echo :SQLSTATE
SELECT ci.rank(ci.panel_agg(u, 'x', x), pg_temp.methodology('{"normalise": "sum"}')) FROM (VALUES ('a', 1), ('b', -2)) v (u, x); \echo :SQLSTATE

-- A missing value has no score and takes no part: 10, 20, 30 of b, c, d.
SELECT n.normalise, s.* FROM small, (VALUES
	('{"method": "minmax"}'::jsonb),
	('{"method": "goalposts", "lower": 0, "upper": 40}'),
	('{"method": "zscore"}'),
	('{"method": "normal_cdf", "mean": 20, "sd": 10}'),
	('{"method": "robust_z", "to": [0, 1.4826]}'),
	('{"method": "percentile_rank"}'),
	('{"method": "rank"}'),
	('{"method": "borda"}'),
	('{"method": "bands", "bounds": ["p50"]}'),
	('{"method": "sum"}'),
	('{"method": "vector", "norm": 20}'),
	('{"method": "none"}'),
	('{"lower": {"unit": "a"}}')) n (normalise), pg_temp.both(panel, n.normalise, 'gap') s;

-- Transforms: 1, 10, 100, 1000 are equally far apart by their logarithms, 1, 4,
-- 9, 16 by their square roots (Box-Cox with lambda 0.5), 0, 1, 10, 100 nearly by
-- ln(x + 1).
SELECT n.indicator, n.normalise, s.* FROM small, (VALUES
	('decades', '{"transform": "log"}'::jsonb),
	('decades', '{"transform": {"method": "boxcox", "lambda": 0}}'),
	('decades', '{"method": "goalposts", "lower": 10, "upper": 100, "transform": "log"}'),
	('decades', '{"method": "goalposts", "lower": 10, "upper": 100, "transform": "log", "clamp": true}'),
	('decades', '{"method": "zscore", "population": true, "transform": "log"}'),
	('decades', '{"method": "zscore", "mean": 0, "sd": 2.302585092994046, "transform": "log"}'),
	('squares', '{"transform": {"method": "boxcox", "lambda": 0.5}}'),
	('squares', '{"transform": {"method": "boxcox", "lambda": 1}}'),
	('squares', '{"transform": {"method": "boxcox", "lambda": 0.5, "offset": 9}}'),
	('squares', '{"method": "zscore", "mean": 0, "sd": 2, "transform": {"method": "boxcox", "lambda": 0.5}}'),
	('squares', '{"method": "normal_cdf", "mean": 4, "sd": 2, "transform": {"method": "boxcox", "lambda": 0.5}}'),
	('zero', '{"transform": {"method": "log", "offset": 1}, "to": [0, 4.61512051684126]}')) n (indicator, normalise),
	pg_temp.both(panel, n.normalise, n.indicator) s;

-- on_nonpositive: 0 has no logarithm.  "zero" is no way out, a floor is, to which
-- all that lies below is raised; clamping to a goalpost above 0 comes first.
SELECT pg_temp.both(panel, '{"transform": "log"}', 'zero') FROM small; \echo :SQLSTATE
SELECT pg_temp.both(panel, '{"transform": "log"}', 'zero', '{"on_nonpositive": "zero"}') FROM small; \echo :SQLSTATE
SELECT t.top ->> 'on_nonpositive' AS on_nonpositive, t.normalise, s.* FROM small, (VALUES
	('{"on_nonpositive": "missing"}'::jsonb, '{"transform": "log"}'::jsonb),
	('{"on_nonpositive": 0.1}', '{"transform": "log"}'),
	('{"on_nonpositive": 2}', '{"transform": "log"}'),
	('{"on_nonpositive": 0.01}', '{"transform": {"method": "log", "offset": -1}}'),
	('{}', '{"transform": "log", "lower": 1, "clamp": true}'),
	('{}', '{"transform": {"method": "boxcox", "lambda": 0}, "lower": 1, "upper": 10, "clamp": true}')) t (top, normalise),
	pg_temp.both(panel, t.normalise, 'zero', t.top) s;

-- on_constant: nothing varies, or one unit has a value, or a spread is 0 for
-- another reason.  The middle of the scale; a z-score's is its mean.
SELECT pg_temp.both(panel, '{}', 'same') FROM small; \echo :SQLSTATE
SELECT pg_temp.both(panel, '{}', 'alone') FROM small; \echo :SQLSTATE
SELECT n.indicator, n.normalise, missing.more_is_better AS missing, midpoint.* FROM small, (VALUES
	('same', '{"method": "minmax"}'::jsonb),
	('same', '{"to": [1, 7]}'),
	('same', '{"lower": "p10", "upper": "p90"}'),
	('same', '{"lower": 0}'),
	('same', '{"method": "goalposts", "lower": 0, "upper": 10}'),
	('same', '{"method": "zscore"}'),
	('same', '{"method": "zscore", "population": true, "to": [100, 15]}'),
	('same', '{"method": "zscore", "sd": 2}'),
	('same', '{"method": "normal_cdf"}'),
	('same', '{"method": "robust_z", "to": [50, 10]}'),
	('same', '{"method": "percentile_rank"}'),
	('same', '{"method": "ampi"}'),
	('same', '{"method": "bands", "bounds": ["p10", "p90"]}'),
	('same', '{"method": "sum"}'),
	('same', '{"method": "rank"}'),
	('same', '{"method": "borda"}'),
	('same', '{"method": "none"}'),
	('alone', '{"method": "minmax"}'),
	('alone', '{"method": "goalposts", "lower": 0, "upper": 10}'),
	('alone', '{"method": "zscore"}'),
	('alone', '{"method": "zscore", "population": true}'),
	('alone', '{"method": "normal_cdf"}'),
	('alone', '{"method": "robust_z"}'),
	('alone', '{"method": "percentile_rank"}'),
	('alone', '{"method": "rank"}'),
	('outlier', '{"method": "robust_z"}'),
	('outlier', '{"lower": "p10", "upper": "p50"}'),
	('x', '{"lower": 11}'),
	('x', '{"lower": {"unit": "d"}, "upper": {"unit": "a"}}'),
	('nothing', '{"method": "minmax"}'),
	('nothing', '{"method": "zscore"}'),
	('nothing', '{"method": "ampi"}'),
	('nothing', '{"method": "bands", "bounds": ["p50"]}'),
	('nothing', '{"method": "vector"}'),
	('nothing', '{"method": "percentile_rank"}')) n (indicator, normalise),
	pg_temp.both(panel, n.normalise, n.indicator, '{"on_constant": "missing"}') missing,
	pg_temp.both(panel, n.normalise, n.indicator, '{"on_constant": "midpoint"}') midpoint;

-- Scope: from which cells a parameter is estimated.  Smallest and largest value:
-- 0 and 10 in period 1, 5 and 20 in period 2, 10 and 40 in period 3.
CREATE TEMP TABLE years (unit text, period int, x float8, eu int, region int);
INSERT INTO years VALUES
	('a', 1, 0, 1, 1), ('b', 1, 10, 1, 1), ('c', 1, 4, 0, 2),  ('d', 1, 8, 0, 2),  ('e', 1, 2, NULL, NULL),
	('a', 2, 5, 1, 1), ('b', 2, 20, 1, 1), ('c', 2, 8, 0, 2),  ('d', 2, 16, 1, 2),
	('a', 3, 10, 1, 1), ('b', 3, 30, 1, 2), ('c', 3, 40, 0, 2), ('d', 3, 20, 1, 3), ('e', 3, 25, NULL, NULL);
CREATE TEMP TABLE panels AS
SELECT ci.panel_agg(unit, period, to_jsonb(years) - '{unit,period}'::text[]) AS panel FROM years;

SELECT s.scope, one, two, three FROM panels, (VALUES
	('"period"'::jsonb),
	('"panel"'),
	('[1]'),
	('[1, 2]'),
	('[2, 2020]'),
	('{"periods": "panel"}'),
	('{"periods": [3]}'),
	('{"units": ["a", "b"]}'),
	('{"units": ["c", "d", "nobody"]}'),
	('{"units": "eu"}'),
	('{"periods": "panel", "units": "eu"}'),
	('{"periods": [1, 2], "units": ["a", "d"]}'),
	('{"by": "region", "periods": "panel"}'),
	('{"by": "region", "periods": [1]}'),
	('{"by": "region", "periods": [1, 2], "units": "eu"}')) s (scope),
	LATERAL (SELECT jsonb_build_object('normalise', jsonb_build_object('scope', s.scope)) AS x) n,
	LATERAL (SELECT pg_temp.scores(panel, x, '{"on_constant": "midpoint"}', 1) AS one,
		pg_temp.scores(panel, x, '{"on_constant": "midpoint"}', 2) AS two,
		pg_temp.scores(panel, x, '{"on_constant": "midpoint"}', 3) AS three) t;
-- The same for other methods: rank among the cells of period 1, 0 2 4 8 10, a
-- mean and sd of them (4.8, population 3.7094), a unit's value, the least and the
-- greatest one where several periods are pooled.
SELECT s.normalise, one, three FROM panels, (VALUES
	('{"method": "rank", "scope": [1]}'::jsonb),
	('{"method": "percentile_rank", "scope": [1]}'),
	('{"method": "zscore", "population": true, "scope": [1]}'),
	('{"lower": {"unit": "a"}, "upper": {"unit": "d"}}'),
	('{"lower": {"unit": "a"}, "upper": {"unit": "d"}, "scope": "panel"}'),
	('{"method": "goalposts", "lower": 0, "upper": 100, "scope": [1]}')) s (normalise),
	LATERAL (SELECT pg_temp.scores(panel, jsonb_build_object('normalise', s.normalise), '{}', 1) AS one,
		pg_temp.scores(panel, jsonb_build_object('normalise', s.normalise), '{}', 3) AS three) t;

-- ampi: 100 is the reference, 30 half the range.  All periods range from 0 to 40;
-- the mean is 4.8 in period 1, 12.25 in period 2, 198/14 over all; unit a has 0, 5
-- and 10.  Period 3 alone: 10 to 40, mean 25.
SELECT s.normalise - 'method' AS ampi, one, three, less.three_less FROM panels, (VALUES
	('{"method": "ampi", "scope": "panel", "reference": {"period": 1}}'::jsonb),
	('{"method": "ampi", "scope": "panel", "reference": {"period": 2}}'),
	('{"method": "ampi", "scope": "panel", "reference": {"unit": "a", "period": 2}}'),
	('{"method": "ampi", "scope": "panel", "reference": {"unit": "a"}}'),
	('{"method": "ampi", "scope": "panel", "reference": {"unit": "e", "period": 2}}'),
	('{"method": "ampi", "scope": "panel", "reference": 10}'),
	('{"method": "ampi", "scope": "panel"}'),
	('{"method": "ampi", "scope": "panel", "lower": -10, "upper": 50, "reference": 20, "to": [0, 1]}'),
	('{"method": "ampi", "reference": {"period": 1}, "scope": {"units": ["a", "b"]}}'),
	('{"method": "ampi", "scope": [3]}')) s (normalise),
	LATERAL (SELECT pg_temp.scores(panel, jsonb_build_object('normalise', s.normalise), '{}', 1) AS one,
		pg_temp.scores(panel, jsonb_build_object('normalise', s.normalise), '{}', 3) AS three) t,
	LATERAL (SELECT pg_temp.scores(panel, jsonb_build_object('normalise', s.normalise, 'direction', -1), '{}', 3) AS three_less) less;
SELECT ci.rank(panel, '{"components": [{"code": "x", "normalise": {"method": "ampi", "reference": {"period": 4}}}]}') FROM panels; \echo :SQLSTATE
SELECT ci.rank(panel, '{"components": [{"code": "x", "normalise": {"method": "ampi", "reference": {"unit": "z"}}}]}') FROM panels; \echo :SQLSTATE
-- a rescaled component's reference is a score of that period, also for one period alone
SELECT e.period, e.unit, round(e.score::numeric, 4) AS score FROM panels, ci.explain(panel,
	'{"components": [{"code": "index", "rescale": {"method": "ampi", "reference": {"period": 1}, "scope": "panel"}}, {"code": "x", "parent": "index", "normalise": "none"}]}', NULL, 3) e
WHERE component = 'index' ORDER BY 2;

-- What ci.fit makes of them, and the same scores by it.
SELECT n.normalise, jsonb_path_query_first(fitted::jsonb, '$.components[1].normalise') AS fitted,
	(SELECT count(*) FROM ci.scores(panel, m) a JOIN ci.scores(panel, fitted) b USING (period, unit, component)
	 WHERE period = 3 AND a.score IS DISTINCT FROM b.score) AS differ, ci.is_peer_independent(fitted)
FROM panels, (VALUES
	('{"method": "ampi", "scope": "panel", "reference": {"period": 1}}'::jsonb),
	('{"method": "bands", "bounds": ["p25", "p75"], "scores": [1, 2, 3]}'),
	('{"method": "bands", "bounds": [7, 20]}'),
	('{"method": "sum"}'), ('{"method": "vector"}')) n (normalise),
	LATERAL (SELECT pg_temp.methodology(jsonb_build_object('normalise', n.normalise)) AS m) m,
	LATERAL (SELECT ci.fit(panel, m, 3) AS fitted) f;

-- The error lists all periods, and groups; what a scope names must be there.
SELECT ci.rank(panel, '{"components": [{"code": "x", "normalise": {"lower": "p50", "upper": {"unit": "c"}}}]}') FROM panels;
SELECT ci.rank(panel, '{"components": [{"code": "x", "normalise": {"scope": {"by": "region"}}}]}') FROM panels;
SELECT ci.rank(panel, '{"components": [{"code": "x", "normalise": {"scope": [2020, 2021]}}]}') FROM panels; \echo :SQLSTATE
SELECT ci.rank(panel, '{"components": [{"code": "x", "normalise": {"scope": {"by": "continent"}}}]}') FROM panels; \echo :SQLSTATE
SELECT ci.rank(panel, '{"components": [{"code": "x", "normalise": {"scope": {"units": "x"}}}]}') FROM panels; \echo :SQLSTATE
SELECT ci.rank(panel, '{"components": [{"code": "x", "normalise": {"upper": {"unit": "z"}}}]}') FROM panels; \echo :SQLSTATE

-- Rescale: a component's own score is normalised once more; direction has been
-- dealt with.  Leaf: 0, 25, 25, 100.  Inner component: the means of these and
-- of 0, 100/111, 1100/111, 100.
SELECT r.rescale, pg_temp.scores(panel, jsonb_build_object('rescale', r.rescale)) AS leaf,
	pg_temp.scores(panel, jsonb_build_object('rescale', r.rescale, 'direction', -1)) AS less_is_better,
	(SELECT array_agg(trim_scale(round(s.score::numeric, 4)) ORDER BY s.unit COLLATE "C")
	 FROM ci.scores(panel, jsonb_build_object('components', jsonb_build_array('{"code": "index"}'::jsonb,
		'{"code": "pillar", "parent": "index"}'::jsonb || jsonb_build_object('rescale', r.rescale),
		'{"code": "x", "parent": "pillar"}'::jsonb, '{"code": "decades", "parent": "pillar"}'::jsonb))::ci.methodology) s
	 WHERE s.component = 'pillar') AS inner_component
FROM small, (VALUES
	('"none"'::jsonb),
	('{"to": [0, 1]}'),
	('{"method": "goalposts", "lower": 0, "upper": 50}'),
	('{"method": "goalposts", "lower": 0, "upper": 50, "clamp": true}'),
	('"rank"'),
	('"percentile_rank"'),
	('{"method": "minmax", "lower": {"unit": "b"}}')) r (rescale);
-- A score of 0 has no logarithm either: the same policies, and clamping first.
SELECT pg_temp.scores(panel, '{"rescale": {"transform": "log"}}') FROM small; \echo :SQLSTATE
SELECT t.top ->> 'on_nonpositive' AS on_nonpositive, t.rescale, pg_temp.scores(panel, jsonb_build_object('rescale', t.rescale), t.top)
FROM small, (VALUES
	('{"on_nonpositive": "missing"}'::jsonb, '{"transform": "log"}'::jsonb),
	('{"on_nonpositive": 4}', '{"transform": "log"}'),
	('{}', '{"transform": "log", "lower": 1, "clamp": true, "to": [0, 2]}'),
	('{}', '{"transform": {"method": "boxcox", "lambda": 0.5, "offset": 44}, "lower": 0}')) t (top, rescale);
-- Rescaling of the root, and in its own scope: period 1 has root scores 0, 100, 40, 80, 20
SELECT r.rescale, s.period, array_agg(trim_scale(round(s.score::numeric, 4)) ORDER BY s.unit COLLATE "C") AS root
FROM panels, (VALUES
	(1, '"none"'::jsonb),
	(2, '{"upper": 50}'),
	(3, '{"lower": 10, "upper": 60, "scope": [1]}'),
	(4, '{"scope": {"periods": "panel", "units": ["c", "d"]}}')) r (n, rescale),
	ci.rank(panel, jsonb_build_object('components', jsonb_build_array(
		jsonb_build_object('code', 'index', 'rescale', r.rescale),
		'{"code": "x", "parent": "index"}'::jsonb))::ci.methodology) s
GROUP BY r.n, r.rescale, s.period ORDER BY r.n, s.period;

-- Against plain SQL: 40, 40 and 600 units in 3 periods with ties and gaps (every
-- seventh cell is missing), by every method, both directions, each period by
-- itself, all pooled, and by group.
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
-- Is it another number, or is one of them missing?
CREATE FUNCTION pg_temp.differ(a float8, b float8) RETURNS boolean LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN a IS NULL OR b IS NULL THEN (a IS NULL) <> (b IS NULL)
		ELSE abs(a - b) > 1e-9 * (1 + abs(b)) END;
-- The normal distribution, by its series: phi(z) (z + z^3/3 + z^5/(3 5) + …)
CREATE FUNCTION pg_temp.normal(z float8) RETURNS float8 LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	term float8 := z;
	sum float8 := z;
BEGIN
	FOR i IN 1 .. 100 LOOP
		term := term * z * z / (2 * i + 1);
		sum := sum + term;
		EXIT WHEN abs(term) < 1e-20;
	END LOOP;
	RETURN 0.5 + sum * exp(-z * z / 2) / sqrt(2 * pi());
END $$;

CREATE TEMP TABLE random AS
SELECT 'u' || u AS unit, p AS period, u % 3 AS grp,
	CASE WHEN (u + 40 * p) % 7 > 0 THEN round(100 * exp(2 * pg_temp.noise(u + 40 * p, 1)))::float8 END AS x
FROM generate_series(1, 3) p, generate_series(1, CASE p WHEN 3 THEN 600 ELSE 40 END) u;
ANALYZE random;

CREATE TEMP TABLE stages (name text, scope text, normalise jsonb);
INSERT INTO stages
SELECT s.name, c.scope, jsonb_build_object('method', split_part(s.name, ' ', 1), 'scope', c.json) || s.params
FROM (VALUES
	('minmax', '{}'::jsonb), ('minmax log', '{"transform": "log"}'),
	('minmax boxcox', '{"transform": {"method": "boxcox", "lambda": -1.5, "offset": 3}}'),
	('minmax p10 p90', '{"lower": "p10", "upper": "p90"}'),
	('minmax p2.5 p97.5', '{"lower": "p2.5", "upper": "p97.5", "clamp": true, "to": [1, 7]}'),
	('zscore', '{}'), ('zscore population', '{"population": true, "to": [50, 10]}'),
	('zscore log', '{"transform": "log", "clamp": [-1.5, 1.5]}'),
	('normal_cdf', '{}'), ('robust_z', '{}'),
	('percentile_rank', '{}'), ('rank', '{}'), ('borda', '{}'), ('ampi', '{}'),
	('bands', '{"bounds": ["p10", "p90"], "scores": [1, 2, 3]}'), ('sum', '{}'), ('vector', '{}'), ('none', '{}')) s (name, params),
	(VALUES ('period', '"period"'::jsonb), ('panel', '"panel"'), ('group', '{"by": "grp"}'),
		('group in panel', '{"by": "grp", "periods": "panel"}')) c (scope, json);

WITH pool AS (			-- each cell with the pools that it is in
	SELECT c.scope, c.key, r.unit, r.period, r.x
	FROM random r, LATERAL (VALUES ('period', r.period), ('panel', 0), ('group', 10 * r.period + r.grp),
		('group in panel', r.grp)) c (scope, key)
	WHERE r.x IS NOT NULL),
middle AS (
	SELECT scope, key, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median FROM pool GROUP BY scope, key),
fit AS (				-- what is estimated from each pool
	SELECT scope, key, min(x) AS low, max(x) AS high, avg(x) AS mean, stddev_samp(x) AS sd, stddev_pop(x) AS sd_n,
		sum(x) AS total, sum(1 / x) AS total_reciprocal, sqrt(sum(x * x)) AS norm, avg(ln(x)) AS mean_ln, stddev_samp(ln(x)) AS sd_ln, max(median) AS median,
		1.4826 * percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(x - median)) AS mad,
		percentile_cont('{0.1,0.9,0.025,0.975}'::float8[]) WITHIN GROUP (ORDER BY x) AS p
	FROM pool JOIN middle USING (scope, key) GROUP BY scope, key),
place AS (
	SELECT scope, key, unit, period, x, rank() OVER up AS up, rank() OVER down AS down, count(*) OVER (PARTITION BY scope, key) AS n
	FROM pool
	WINDOW up AS (PARTITION BY scope, key ORDER BY x), down AS (PARTITION BY scope, key ORDER BY x DESC)),
formula AS (			-- where more is better, and where less is
	SELECT s.name, s.scope, k.unit, k.period, f.more, f.less
	FROM place k JOIN fit USING (scope, key) JOIN stages s USING (scope), LATERAL (
		SELECT (x - low) / (high - low) AS share, (ln(x) - ln(low)) / (ln(high) - ln(low)) AS share_ln,
			(power(x + 3, -1.5) - power(low + 3, -1.5)) / (power(high + 3, -1.5) - power(low + 3, -1.5)) AS share_power,
			(x - p[1]) / (p[2] - p[1]) AS share_p10, (greatest(least(x, p[4]), p[3]) - p[3]) / (p[4] - p[3]) AS share_p25,
			(x - mean) / sd AS z, (x - mean) / sd_n AS z_n, (ln(x) - mean_ln) / sd_ln AS z_ln) v, LATERAL (VALUES
		('minmax', 100 * share, 100 * (1 - share)),
		('minmax log', 100 * share_ln, 100 * (1 - share_ln)),
		('minmax boxcox', 100 * share_power, 100 * (1 - share_power)),
		('minmax p10 p90', 100 * share_p10, 100 * (1 - share_p10)),
		('minmax p2.5 p97.5', 1 + 6 * share_p25, 7 - 6 * share_p25),
		('zscore', z, -z),
		('zscore population', 50 + 10 * z_n, 50 - 10 * z_n),
		('zscore log', greatest(-1.5, least(1.5, z_ln)), greatest(-1.5, least(1.5, -z_ln))),
		('normal_cdf', 100 * pg_temp.normal(z), 100 * pg_temp.normal(-z)),
		('robust_z', (x - median) / mad, (median - x) / mad),
		('percentile_rank', 100 * (up - 1) / (n - 1)::float8, 100 * (down - 1) / (n - 1)::float8),
		('rank', up, down),
		('borda', up - 1, down - 1),
		('ampi', 100 + 60 * (x - mean) / (high - low), 100 - 60 * (x - mean) / (high - low)),
		('bands', 1 + (x >= p[1])::int + (x >= p[2])::int, 1 + (x <= p[1])::int + (x <= p[2])::int),
		('sum', x / total, 1 / x / total_reciprocal),
		('vector', x / norm, 1 - x / norm),
		('none', x, -x)) f (name, more, less)
	WHERE f.name = s.name),
score AS (
	SELECT s.name, s.scope, d.direction, r.unit, r.period, r.score
	FROM stages s, (VALUES (1), (-1)) d (direction),
		(SELECT ci.panel_agg(unit, period, '{x,grp}', ARRAY[x, grp]) AS panel FROM random) p,
		ci.scores(panel, pg_temp.methodology(jsonb_build_object('normalise', s.normalise, 'direction', d.direction))) r
	WHERE r.component = 'x')
SELECT name, count(*) AS scores, count(s.score) < count(*) AS some_missing,
	count(*) FILTER (WHERE pg_temp.differ(s.score, CASE s.direction WHEN 1 THEN f.more ELSE f.less END)) AS wrong
FROM score s LEFT JOIN formula f USING (name, scope, unit, period)
GROUP BY name ORDER BY name COLLATE "C";

-- Ranks by min-max or z-scores do not depend on the unit of measurement: each
-- indicator by another positive factor, and moved; with direction -1 where the
-- factor is negative.  Nor do they on that of pooled periods.
CREATE TEMP TABLE affine AS
SELECT 'u' || u AS unit, p AS period, i, pg_temp.noise(u + 50 * p, i) AS x
FROM generate_series(1, 50) u, generate_series(1, 3) p, generate_series(1, 4) i WHERE (u + i + p) % 6 > 0;
WITH panel AS (
	SELECT ci.panel_agg(unit, period, 'i' || i, x) AS here,
		ci.panel_agg(unit, period, 'i' || i, 7 * i + (i - 2.5) * 10 ^ i * x) AS elsewhere
	FROM affine),
method AS (
	SELECT n.normalise ->> 'method' AS method, n.normalise ->> 'scope' AS scope,
		jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', 'index', 'normalise', n.normalise),
			'{"code": "i1", "parent": "index"}'::jsonb, '{"code": "i2", "parent": "index", "weight": 3}'::jsonb,
			'{"code": "i3", "parent": "index"}'::jsonb, '{"code": "i4", "parent": "index", "weight": 0.5}'::jsonb))::ci.methodology AS here
	FROM (VALUES ('{"method": "minmax", "scope": "period"}'::jsonb), ('{"method": "minmax", "scope": "panel"}'),
		('{"method": "zscore", "scope": "period"}'), ('{"method": "zscore", "scope": "panel"}'),
		('{"method": "robust_z", "scope": "period"}'), ('{"method": "percentile_rank", "scope": "panel"}')) n (normalise))
SELECT m.method, m.scope, count(*) AS ranks, count(*) FILTER (WHERE a.rank IS DISTINCT FROM b.rank) AS other_ranks,
	count(*) FILTER (WHERE pg_temp.differ(a.score, b.score)) AS other_scores
FROM panel p, method m, ci.rank(p.here, m.here) a
JOIN ci.rank(p.elsewhere, ci.amend(m.here,
	'{"components": [{"code": "i1", "direction": -1}, {"code": "i2", "direction": -1}]}')) b USING (period, unit)
GROUP BY m.method, m.scope ORDER BY m.method COLLATE "C", m.scope COLLATE "C";

-- A component does not judge units that it does not apply to: inland, 0 has no logarithm and 9 is no maximum.
SELECT unit, raw, round(score::numeric, 3) AS score, flags
FROM ci.explain((SELECT ci.panel_agg(unit, 2020, indicator, value)
		FROM (VALUES ('coast 1', 'x', 4), ('coast 2', 'x', 1), ('coast 3', 'x', 2), ('inland 1', 'x', 0), ('inland 2', 'x', 9),
			('coast 1', 'coastal', 1), ('coast 2', 'coastal', 1), ('coast 3', 'coastal', 1), ('inland 1', 'coastal', 0), ('inland 2', 'coastal', 0)) AS v (unit, indicator, value)),
	'{"components": [{"code": "index"}, {"code": "x", "parent": "index", "units": "coastal",
		"normalise": {"method": "minmax", "transform": "log"}}]}')
WHERE component = 'x';
