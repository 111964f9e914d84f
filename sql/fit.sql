-- Fitted methodologies: parameters become numbers, and change no bit.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;	-- the planner expects more rows than there are
\pset null ~

-- What each stage becomes.  x is 2 4 4 10 in period 1 (mean 5, sd 3 of all,
-- median 4, mad 1.4826), 20 and 0 in period 2; "same" is 7, "nothing" is missing.
CREATE TEMP TABLE small AS
SELECT ci.panel_agg(unit, period, '{x,same,nothing,region}', cells) AS panel
FROM (VALUES ('a', 1, '{2,7,NULL,1}'::float8[]), ('b', 1, '{4,7,NULL,1}'), ('c', 1, '{4,7,NULL,2}'), ('d', 1, '{10,7,NULL,2}'),
	('a', 2, '{20,7,NULL,1}'), ('b', 2, '{0,7,NULL,2}')) v (unit, period, cells);
CREATE FUNCTION pg_temp.methodology(x jsonb, top jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql
	RETURN (jsonb_build_object('components', jsonb_build_array('{"code": "index"}'::jsonb,
		'{"code": "x", "parent": "index"}'::jsonb || x)) || top)::ci.methodology;
CREATE FUNCTION pg_temp.fitted(panel ci.panel, normalise jsonb, period int, indicator text DEFAULT 'x', policy text DEFAULT 'error')
	RETURNS jsonb LANGUAGE sql
	RETURN (SELECT (c.normalise - '{scope,to,transform,population}'::text[]) || CASE WHEN c.normalise -> 'scope' = '"period"' THEN '{}'
			ELSE jsonb_build_object('scope', c.normalise -> 'scope') END
		FROM ci.components(ci.fit(panel, pg_temp.methodology(jsonb_build_object('indicator', indicator, 'normalise', normalise),
			jsonb_build_object('on_constant', policy)), period)) c WHERE c.code = 'x');
SELECT n.normalise, pg_temp.fitted(panel, n.normalise, 1) AS period_1
FROM small, (VALUES
	('{"method": "minmax"}'::jsonb),
	('{"lower": 0, "upper": "p50", "clamp": true}'),
	('{"lower": {"unit": "b"}, "upper": "p75"}'),
	('{"scope": "panel"}'),
	('{"scope": [2]}'),
	('{"scope": {"units": ["a", "b"]}}'),
	('{"scope": {"by": "region", "periods": "panel"}}'),
	('{"method": "goalposts", "lower": 0, "upper": 5}'),
	('{"method": "zscore", "population": true}'),
	('{"method": "zscore", "population": true, "sd": 2, "clamp": [-1, 1]}'),
	('{"method": "normal_cdf", "population": true}'),
	('{"method": "robust_z"}'),
	('{"method": "robust_z", "mad": 2}'),
	('{"method": "percentile_rank"}'),
	('{"method": "rank", "scope": "panel"}'),
	('{"method": "borda"}'),
	('{"method": "none"}')) n (normalise);
-- Where nothing varies the parameters are equal, or the spread is 0, and the
-- policy goes on to say what that means; where there is nothing they are null.
SELECT f.indicator, n.normalise ->> 'method' AS method, pg_temp.fitted(panel, n.normalise, 1, f.indicator, 'midpoint') AS fitted
FROM small, (VALUES ('same'), ('nothing')) f (indicator), (VALUES ('{"method": "minmax"}'::jsonb), ('{"method": "zscore"}'),
	('{"method": "normal_cdf"}'), ('{"method": "robust_z"}')) n (normalise);

-- Without a period: only where no parameter differs between periods.
SELECT s.normalise, ci.is_peer_independent(ci.fit(panel, pg_temp.methodology(jsonb_build_object('normalise', s.normalise)))) AS independent
FROM small, (VALUES ('{"scope": "panel"}'::jsonb), ('{"scope": [1]}'), ('{"method": "zscore", "scope": {"periods": [1, 2], "units": ["a"]}}'),
	('{"lower": 0, "upper": 9}'), ('{"method": "none"}'), ('{"method": "rank"}'), ('{"scope": {"by": "region", "periods": "panel"}}')) s (normalise);
SELECT pg_temp.fitted(panel, '{}', NULL, 'same', 'midpoint') AS same, pg_temp.fitted(panel, '{}', NULL, 'nothing') AS nothing FROM small;
SELECT ci.fit(panel, pg_temp.methodology('{}')) FROM small; \echo :SQLSTATE
SELECT ci.fit(panel, pg_temp.methodology('{"normalise": {"scope": "panel"}}', '{"on_constant": "missing"}')) IS NOT NULL AS pooled,
	ci.fit(ci.subset(panel, '{2}'), pg_temp.methodology('{}')) IS NOT NULL AS one_period FROM small;
SELECT ci.fit(panel, pg_temp.methodology('{"normalise": {"scope": "panel"}, "rescale": "minmax"}')) FROM small; \echo :SQLSTATE
SELECT ci.fit(panel, pg_temp.methodology('{}'), 3) FROM small; \echo :SQLSTATE
SELECT ci.fit(panel, pg_temp.methodology('{"indicator": "same"}'), 1) FROM small; \echo :SQLSTATE
-- Only the period that is named has to have an answer, if it takes no others to fit
-- it.  The median of period 1 is the value of b; in period 2 it is 10.
SELECT pg_temp.fitted(panel, '{"lower": {"unit": "b"}, "upper": "p50"}', 2) AS period_2 FROM small;
SELECT ci.fit(panel, pg_temp.methodology('{"normalise": {"lower": {"unit": "b"}, "upper": "p50"}}'), 1) FROM small; \echo :SQLSTATE
SELECT ci.fit(panel, pg_temp.methodology('{"normalise": {"lower": {"unit": "b"}, "upper": "p50"}, "rescale": {"scope": "panel"}}'), 2) FROM small; \echo :SQLSTATE
SELECT ci.fit(NULL, pg_temp.methodology('{}'), 1) IS NULL AS no_panel, ci.fit(panel, NULL, 1) IS NULL AS no_methodology FROM small;

-- It is a version of the same methodology: name, labels, order, weights stay.
SELECT ci.fit(panel, '{"name": "A", "version": "1", "rank": {"ties": "max"}, "components": [
	{"code": "x", "parent": "index", "label": "X", "weight": 3, "meta": {"unit": "km"}, "normalise": {"to": [1, 7]}},
	{"code": "index", "aggregate": {"method": "geometric", "scale": [1, 10]}, "rescale": {"upper": 7, "clamp": true}}]}', 1) FROM small;

-- Fit, then rank: the same bits in every component, by every method, scope,
-- direction, transform, screen and rescaling, in each period by its own fit.
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
CREATE TEMP TABLE random AS
SELECT ci.panel_agg('u' || u, p, '{x,y,z,eu,region,same,empty,few}', ARRAY[
	CASE WHEN pg_temp.noise(u + 100 * p, 1) > 0.2 THEN exp(3 * pg_temp.noise(u + 100 * p, 2)) END,
	CASE WHEN pg_temp.noise(u + 100 * p, 3) > 0.2 THEN round(9 * pg_temp.noise(u + 100 * p, 4)) + 1 END,
	CASE WHEN pg_temp.noise(u + 100 * p, 5) > 0.2 THEN pg_temp.noise(u + 100 * p, 6) / 3 - 0.05 END,
	CASE WHEN u % 7 > 0 THEN u % 2 END, u % 3, 0.1, NULL, CASE WHEN u = p THEN u END]) AS panel
FROM generate_series(1, 40) u, generate_series(1, 3) p;
CREATE TEMP TABLE methods AS
SELECT n.name, s.scope, m.methodology, ci.is_peer_independent(m.methodology) AS independent
FROM (VALUES
	('minmax', '{"method": "minmax"}'::jsonb), ('minmax p7.5 p90, clamped', '{"lower": "p7.5", "upper": "p90", "clamp": true, "to": [0.1, 0.7]}'),
	('minmax log', '{"transform": "log"}'), ('minmax log, clamped', '{"lower": "p25", "clamp": true, "transform": "log"}'),
	('minmax log, floor', '{"upper": "p90", "transform": "log"}'),
	('minmax boxcox', '{"transform": {"method": "boxcox", "lambda": 0.3, "offset": 0.1}, "to": [7, 1]}'),
	('minmax one end', '{"lower": -1, "upper": "p33.3"}'), ('zscore', '{"method": "zscore", "to": [100, 15]}'),
	('zscore population', '{"method": "zscore", "population": true, "clamp": [-1, 2]}'), ('zscore log', '{"method": "zscore", "transform": "log"}'),
	('zscore one given', '{"method": "zscore", "mean": 0.7}'), ('normal_cdf', '{"method": "normal_cdf"}'), ('robust_z', '{"method": "robust_z"}'),
	('goalposts', '{"method": "goalposts", "lower": 0.1, "upper": 9}'), ('none', '{"method": "none"}'),
	('percentile_rank', '{"method": "percentile_rank"}'), ('rank', '{"method": "rank"}'), ('borda', '{"method": "borda"}')) n (name, normalise),
	(VALUES ('"period"'::jsonb), ('"panel"'), ('[1, 3]'), ('{"units": "eu"}'), ('{"by": "region"}'),
		('{"periods": "panel", "units": ["u1", "u4", "u9", "u20", "u31"]}')) s (scope),
	LATERAL (SELECT n.normalise || CASE WHEN n.name IN ('none', 'goalposts') THEN '{}' ELSE jsonb_build_object('scope', s.scope) END AS normalise) v,
	LATERAL (SELECT jsonb_build_object('on_constant', 'midpoint',
		'on_nonpositive', CASE WHEN n.name LIKE '%floor' THEN '0.02' ELSE '"missing"' END::jsonb,
		'screen', '{"min_coverage": 0.6, "exclude": ["u5"]}'::jsonb, 'components', jsonb_build_array(
		jsonb_build_object('code', 'index', 'normalise', v.normalise,
			'rescale', CASE WHEN n.name LIKE 'minmax%' THEN v.normalise - 'transform' ELSE '"zscore"' END),
		'{"code": "A", "parent": "index", "weight": 2, "rescale": "normal_cdf"}'::jsonb,
		'{"code": "x", "parent": "A"}'::jsonb, '{"code": "y", "parent": "A", "weight": 0.3}'::jsonb,
		'{"code": "B", "parent": "index", "rescale": {"lower": "p10"}, "direction": -1}'::jsonb, '{"code": "z", "parent": "B", "direction": -1}'::jsonb,
		'{"code": "same", "parent": "B"}'::jsonb, '{"code": "empty", "parent": "B"}'::jsonb, '{"code": "few", "parent": "A"}'::jsonb,
		'{"code": "C", "parent": "index", "rescale": {"method": "normal_cdf", "scope": {"units": "eu"}}}'::jsonb,
		'{"code": "z2", "indicator": "z", "parent": "C", "rescale": "robust_z"}'::jsonb))::ci.methodology AS methodology) m;
CREATE TEMP TABLE fits AS
SELECT m.*, p.period, ci.fit(panel, m.methodology, p.period) AS fitted FROM random, methods m, generate_series(1, 3) p (period);
SELECT f.name, count(*) AS scores, count(*) FILTER (WHERE float8send(a.score) IS DISTINCT FROM float8send(b.score)) AS other_scores,
	count(*) FILTER (WHERE (a.rank, a.n_ranked, a.coverage) IS DISTINCT FROM (b.rank, b.n_ranked, b.coverage)) AS other_ranks
FROM random, fits f, ci.scores(panel, f.fitted) a JOIN ci.scores(panel, f.methodology) b USING (period, unit, component)
WHERE a.period = f.period
GROUP BY f.name ORDER BY f.name COLLATE "C";

-- What is left depends on no peers, but for ranks among them and stages by group:
-- then units alone have the same bits.
SELECT f.name LIKE '%rank' OR f.name = 'borda' AS by_rank, f.scope ? 'by' AND f.name NOT IN ('none', 'goalposts') AS by_group,
	bool_or(f.independent) AS before, bool_and(ci.is_peer_independent(f.fitted)) AS all_after, bool_or(ci.is_peer_independent(f.fitted)) AS any_after
FROM fits f GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) AS scores, count(*) FILTER (WHERE float8send(a.score) IS DISTINCT FROM float8send(b.score)) AS other_scores
FROM random, fits f, LATERAL unnest('{u1,u5,u20}'::text[]) u (unit), ci.rank(panel, f.methodology) a
JOIN LATERAL (SELECT ci.subset(panel, '{1,2,3}', ARRAY[u.unit]) AS panel) p ON true, ci.rank(p.panel, f.fitted) b
WHERE ci.is_peer_independent(f.fitted) AND (a.period, a.unit) = (f.period, u.unit) AND (b.period, b.unit) = (f.period, u.unit);

-- Fitted once more, also to another period, it stays the same; so it does through
-- its text.  The digest says so, and the bits.
SELECT count(*) AS fitted, count(*) FILTER (WHERE ci.digest(ci.fit(panel, f.fitted, 1)) <> ci.digest(f.fitted)) AS changed,
	count(*) FILTER (WHERE ci.is_peer_independent(f.fitted) AND ci.digest(ci.fit(panel, f.fitted)) <> ci.digest(f.fitted)) AS changed_without_period,
	count(*) FILTER (WHERE ci.digest(f.fitted::text::ci.methodology) <> ci.digest(f.fitted)) AS changed_by_text,
	count(*) FILTER (WHERE ci.digest(f.fitted::jsonb::ci.methodology) <> ci.digest(f.fitted)) AS changed_by_jsonb,
	count(*) FILTER (WHERE ci.digest(f.fitted) = ci.digest(f.methodology)) AS nothing_to_fit
FROM random, fits f;

-- A scope of one period and a fit to that period are the same thing.
SELECT count(*) AS scores, count(*) FILTER (WHERE float8send(a.score) IS DISTINCT FROM float8send(b.score)) AS other_scores
FROM random, LATERAL (SELECT ci.default_methodology(panel, '{x,y,z}') AS plain) m,
	ci.scores(panel, ci.fit(panel, ci.amend(plain, '{"components": [{"code": "index", "normalise": "zscore"}]}'), 2)) a
	JOIN ci.scores(panel, ci.amend(plain, '{"components": [{"code": "index", "normalise": {"method": "zscore", "scope": [2]}}]}')) b
	USING (period, unit, component);

-- What could not be estimated stays missing, and what did not vary stays where
-- the policy put it, whatever the data of another panel are.
SELECT p.policy, s.component, array_agg(trim_scale(round(s.score::numeric, 3)) ORDER BY s.unit COLLATE "C") AS fitted_scores
FROM (VALUES ('missing'), ('midpoint')) p (policy),
	LATERAL (SELECT jsonb_build_object('on_constant', p.policy, 'components', '[{"code": "index"},
		{"code": "same", "parent": "index"},
		{"code": "z", "parent": "index", "indicator": "same", "normalise": {"method": "zscore", "to": [50, 10]},
			"rescale": {"method": "goalposts", "lower": 0, "upper": 100}},
		{"code": "reversed", "parent": "index", "indicator": "x", "normalise": {"lower": {"unit": "d"}, "upper": {"unit": "a"}}},
		{"code": "nothing", "parent": "index"},
		{"code": "rescaled", "parent": "index", "rescale": {"to": [0, 100]}},
		{"code": "twice", "parent": "rescaled", "indicator": "same", "normalise": {"method": "goalposts", "lower": 0, "upper": 10}}]'::jsonb)::ci.methodology AS m) m,
	(SELECT ci.panel_agg(unit, 1, '{x,same,nothing}', cells) AS base
		FROM (VALUES ('a', '{2,7,NULL}'::float8[]), ('b', '{4,7,NULL}'), ('d', '{10,7,NULL}')) v (unit, cells)) b,
	(SELECT ci.panel_agg(unit, 1, '{x,same,nothing}', cells) AS later
		FROM (VALUES ('a', '{3,1,5}'::float8[]), ('b', '{NULL,NULL,NULL}'), ('c', '{8,9,6}')) v (unit, cells)) l,
	ci.scores(later, ci.fit(base, m)) s
WHERE s.component <> 'twice'
GROUP BY p.policy, s.component ORDER BY p.policy, array_position('{same,z,reversed,nothing,rescaled,index}', s.component);

-- A base year: what is fitted to it judges every year, and years compare.
SELECT r.period, array_agg(round(r.score::numeric, 2) ORDER BY r.unit COLLATE "C") AS scores, array_agg(r.rank ORDER BY r.unit COLLATE "C") AS ranks
FROM small, ci.rank(panel, ci.fit(panel, pg_temp.methodology('{}'), 1)) r GROUP BY r.period ORDER BY r.period;

-- A stage by groups or of ranks that pools periods stays, and so does what is
-- estimated in each of them before it: below its component too.
CREATE TEMP TABLE pooled AS
SELECT ci.panel_agg('u' || u, p, jsonb_build_object('x', CASE WHEN (u + p) % 4 <> 0 THEN (u * 37 + p * p * 11) % 29 END, 'y', (u * 17 + p * 5) % 23, 'g', u % 2)) AS panel
FROM generate_series(1, 12) AS u, generate_series(1, 3) AS p;
SELECT m.key, count(*) FILTER (WHERE float8send(a.score) IS DISTINCT FROM float8send(b.score)) AS other_scores,
	jsonb_agg(DISTINCT c.stages) AS fitted_x
FROM pooled, (VALUES
		('impute', '{"impute": "mean", "normalise": {"scope": {"periods": "panel", "by": "g"}}}', '{}'),
		('impute, base year', '{"impute": "mean", "normalise": {"scope": {"periods": [1], "by": "g"}}}', '{}'),
		('impute, treat', '{"impute": "median", "treat": "trim", "normalise": {"method": "percentile_rank", "scope": "panel"}}', '{}'),
		('impute, treat by', '{"impute": "median", "treat": {"method": "trim", "scope": {"periods": [1, 2], "by": "g"}}}', '{}'),
		('normalise', '{}', '{"rescale": {"scope": {"periods": "panel", "by": "g"}}}'),
		('reference', '{"impute": "mean", "normalise": {"method": "ampi", "to": [0, 100], "reference": {"unit": "u2", "period": 2}, "scope": {"by": "g"}}}', '{}')) AS m (key, x, part),
	LATERAL (SELECT jsonb_build_object('components', jsonb_build_array('{"code": "index"}'::jsonb, '{"code": "y", "parent": "index"}'::jsonb,
		'{"code": "part", "parent": "index"}'::jsonb || m.part::jsonb, '{"code": "x", "parent": "part"}'::jsonb || m.x::jsonb))::ci.methodology AS whole) AS w,
	generate_series(1, 3) AS p (period), LATERAL (SELECT ci.fit(panel, whole, p.period) AS fitted) AS f,
	LATERAL (SELECT jsonb_build_array(impute -> 'method', treat -> 'method', normalise -> 'method') AS stages FROM ci.components(fitted) WHERE code = 'x') AS c,
	ci.scores(panel, whole) AS a JOIN ci.scores(panel, fitted) AS b USING (period, unit, component)
WHERE a.period = p.period
GROUP BY m.key ORDER BY m.key COLLATE "C";
