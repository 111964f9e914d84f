-- Aggregation: every method, weights, what is missing, scales, reflection and
-- units, on numbers that can be checked by hand; then a tree of three levels
-- against plain SQL.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;	-- the planner expects more rows than there are
\pset null ~

-- A methodology of a root and leaves x, y, z, whose scores are the values; from
-- what is said of the root and on top.
CREATE FUNCTION pg_temp.methodology(root jsonb, weights float8[] DEFAULT '{1,1,1}', top jsonb DEFAULT '{}')
	RETURNS ci.methodology LANGUAGE sql
	RETURN (jsonb_build_object('components', jsonb_build_array(
		'{"code": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 100}}'::jsonb || root,
		jsonb_build_object('code', 'x', 'parent', 'index', 'weight', weights[1]),
		jsonb_build_object('code', 'y', 'parent', 'index', 'weight', weights[2]),
		jsonb_build_object('code', 'z', 'parent', 'index', 'weight', weights[3]))) || top)::ci.methodology;
-- Scores of the root by unit, to 4 decimals.
CREATE FUNCTION pg_temp.scores(panel ci.panel, methodology ci.methodology) RETURNS numeric[] LANGUAGE sql
	RETURN (SELECT array_agg(trim_scale(round(r.score::numeric, 4)) ORDER BY r.unit COLLATE "C") FROM ci.rank(panel, methodology) r);

CREATE TEMP TABLE small AS
SELECT ci.panel_agg(unit, 1, '{x,y,z}', cells) AS panel
FROM (VALUES ('a', '{1,4,16}'::float8[]), ('b', '{1,4,NULL}'), ('c', '{NULL,NULL,16}'), ('d', '{NULL,NULL,NULL}'), ('e', '{9,9,9}')) v (unit, cells);

-- Means of 1 4 16, of 1 4, of 16, of nothing, and of 9 9 9: arithmetic 7, 2.5;
-- geometric 4, 2; harmonic 16/7, 8/5; with power 0.5 (7/3)^2, (3/2)^2; with 2
-- sqrt 91, sqrt 8.5; with -1000 3^(1/1000), with 1000 16/3^(1/1000).
SELECT a.aggregate, pg_temp.scores(panel, pg_temp.methodology(jsonb_build_object('aggregate', a.aggregate)))
FROM small, (VALUES
	('"arithmetic"'::jsonb),
	('"geometric"'),
	('"harmonic"'),
	('"median"'),
	('"min"'),
	('"max"'),
	('{"method": "power"}'),
	('{"method": "power", "p": 0.5}'),
	('{"method": "power", "p": 1}'),
	('{"method": "power", "p": 2}'),
	('{"method": "power", "p": 0}'),
	('{"method": "power", "p": 1e-12}'),
	('{"method": "power", "p": -1}'),
	('{"method": "power", "p": -1e3}'),
	('{"method": "power", "p": 1e3}'),
	('{"method": "power", "p": "Infinity"}'),
	('{"method": "power", "p": "-Infinity"}')) a (aggregate);

-- The Handbook's example (6.11): 21, 1, 1, 1 and 6, 6, 6, 6 have the same arithmetic
-- mean, and geometric means of 2.14 and 6.
SELECT a.aggregate, r.unit, round(r.score::numeric, 2) AS score
FROM (SELECT ci.panel_agg(unit, 1, '{a,b,c,d}', cells) AS panel
		FROM (VALUES ('first', '{21,1,1,1}'::float8[]), ('second', '{6,6,6,6}')) v (unit, cells)) p,
	(VALUES ('arithmetic'), ('geometric')) a (aggregate),
	ci.rank(panel, ci.amend(ci.default_methodology(panel), jsonb_build_object('components',
		jsonb_build_array(jsonb_build_object('code', 'index', 'normalise', 'none', 'aggregate', a.aggregate))))) r
ORDER BY a.aggregate, r.unit;

-- Weights are relative, and are renormalised over what is present: a has 1/4,
-- 2/4, 1/4, b 1/3, 2/3.  A child of weight 0 has no say, also if it is alone.
SELECT a.aggregate, w.weights, pg_temp.scores(panel, pg_temp.methodology(jsonb_build_object('aggregate', a.aggregate), w.weights))
FROM small, (VALUES ('{1,2,1}'::float8[]), ('{100,200,100}'), ('{1,1,0}'), ('{0.1,0.2,0.3}'), ('{3,1,1}')) w (weights),
	(VALUES ('arithmetic'), ('geometric'), ('harmonic'), ('median'), ('max')) a (aggregate)
ORDER BY a.aggregate, w.weights;

-- Each component has its own method; none is inherited.
-- ((1 × 4)^(1/2) + max(4, 16)) / 2 = 9; harmonic of 4 and 9 is 72/13.
SELECT s.component, trim_scale(round(s.score::numeric, 4)) AS score
FROM small, ci.scores(panel, '{"components": [
	{"code": "index", "aggregate": "harmonic", "normalise": "none"},
	{"code": "mid", "parent": "index"},
	{"code": "low", "parent": "mid", "aggregate": "geometric"},
	{"code": "x", "parent": "low"}, {"code": "y", "parent": "low"},
	{"code": "high", "parent": "mid", "aggregate": "max"},
	{"code": "y2", "parent": "high", "indicator": "y"}, {"code": "z", "parent": "high"},
	{"code": "y3", "parent": "index", "indicator": "y"}]}') s
WHERE s.unit = 'a';

-- on_nonpositive: 0 and below have no geometric or harmonic mean, nor one with a
-- power up to 0; below 0 there is none with another power but 1 and infinity.
CREATE TEMP TABLE zero AS
SELECT ci.panel_agg(unit, 1, '{x,y,z}', cells) AS panel
FROM (VALUES ('a', '{0,4,16}'::float8[]), ('b', '{-1,4,16}'), ('c', '{0.5,4,16}'), ('d', '{2,4,8}')) v (unit, cells);
SELECT a.aggregate, m.missing, m.zero, m.floor
FROM zero, (VALUES
	('"arithmetic"'::jsonb),
	('"geometric"'),
	('"harmonic"'),
	('{"method": "power", "p": 0}'),
	('{"method": "power", "p": -1}'),
	('{"method": "power", "p": -2}'),
	('{"method": "power", "p": 0.5}'),
	('{"method": "power", "p": 2}'),
	('{"method": "power", "p": "Infinity"}'),
	('"median"'),
	('"min"'),
	('"max"')) a (aggregate), LATERAL (
		SELECT pg_temp.scores(panel, pg_temp.methodology(root, '{1,1,1}', '{"on_nonpositive": "missing"}')) AS missing,
			pg_temp.scores(panel, pg_temp.methodology(root, '{1,1,1}', '{"on_nonpositive": "zero"}')) AS zero,
			pg_temp.scores(panel, pg_temp.methodology(root, '{1,1,1}', '{"on_nonpositive": 1}')) AS floor
		FROM jsonb_build_object('aggregate', a.aggregate) AS root) m;
SELECT ci.rank(panel, pg_temp.methodology('{"aggregate": "geometric"}')) FROM zero; \echo :SQLSTATE
SELECT ci.rank(panel, pg_temp.methodology('{"aggregate": "harmonic"}')) FROM zero; \echo :SQLSTATE
SELECT ci.rank(panel, pg_temp.methodology('{"aggregate": {"method": "power", "p": -0.5}}')) FROM zero; \echo :SQLSTATE
SELECT ci.rank(panel, pg_temp.methodology('{"aggregate": {"method": "power", "p": 2}}')) FROM zero; \echo :SQLSTATE
-- not where nothing enters: no weight, a missing value
SELECT pg_temp.scores(panel, pg_temp.methodology('{"aggregate": "geometric"}', '{0,1,1}')) FROM zero;

-- aggregate.scale: children are mapped onto [a, b], aggregated, mapped back.
-- 0 and 100 become 1 and 100, whose geometric mean 10 goes back to 900/99; on
-- [10, 1] they become 10 and 1, and sqrt(10) goes back to (10 - sqrt 10) / 0.09.
CREATE TEMP TABLE ends AS
SELECT ci.panel_agg(unit, 1, '{x,y,z}', cells) AS panel
FROM (VALUES ('a', '{0,100,NULL}'::float8[]), ('b', '{0,0,0}'), ('c', '{100,100,100}'), ('d', '{25,50,75}')) v (unit, cells);
SELECT a.aggregate, pg_temp.scores(panel, pg_temp.methodology(jsonb_build_object('aggregate', a.aggregate)))
FROM ends, (VALUES
	('{"method": "geometric", "scale": [1, 100]}'::jsonb),
	('{"method": "geometric", "scale": [10, 1]}'),
	('{"method": "harmonic", "scale": [1, 10]}'),
	('{"method": "power", "p": 2, "scale": [1, 0]}'),
	('{"method": "arithmetic", "scale": [1, 100]}'),
	('{"method": "min", "scale": [1, 0]}')) a (aggregate);
-- The children's own scale does not matter then, nor that it runs downwards.
SELECT t.scale_of_children, trim_scale(round(100 * ((r.score - t.low) / (t.high - t.low))::numeric, 4)) AS a
FROM ends, (VALUES ('[0, 100]', 0, 100), ('[0, 1]', 0, 1), ('[5, 1]', 5, 1), ('[-1, 1]', -1, 1)) t (scale_of_children, low, high),
	ci.rank(panel, pg_temp.methodology(jsonb_build_object('aggregate', '{"method": "geometric", "scale": [1, 100]}'::jsonb,
		'normalise', jsonb_build_object('method', 'goalposts', 'lower', 0, 'upper', 100, 'to', t.scale_of_children::jsonb)))) r
WHERE r.unit = 'a';

-- direction -1 of an inner component: it keeps its own score and enters
-- reflected: lo + hi - s, or 2m - s of z-scores; after rescaling, on that scale.
-- Both leaves of "harm" have a's 25, b's 75 and c's 0 before that.
CREATE TEMP TABLE harms AS
SELECT ci.panel_agg(unit, 1, '{x,y}', ARRAY[v, v]) AS panel FROM (VALUES ('a', 25), ('b', 75), ('c', 0)) t (unit, v);
SELECT t.normalise, t.harm, t.aggregate, s.component,
	array_agg(trim_scale(round(s.score::numeric, 4)) ORDER BY s.unit COLLATE "C") AS scores
FROM harms, (VALUES
	(1, '{"method": "goalposts", "lower": 0, "upper": 100}'::jsonb, '{}'::jsonb, '"arithmetic"'::jsonb),
	(2, '{"method": "goalposts", "lower": 0, "upper": 100, "to": [1, 7]}', '{}', '"geometric"'),
	(3, '{"method": "goalposts", "lower": 0, "upper": 100, "to": [7, 1]}', '{}', '"arithmetic"'),
	(4, '{"method": "zscore", "mean": 50, "sd": 25}', '{}', '"arithmetic"'),
	(5, '{"method": "zscore", "mean": 50, "sd": 25, "to": [100, 15]}', '{}', '"min"'),
	(6, '{"method": "goalposts", "lower": 0, "upper": 100}',
		'{"rescale": {"method": "goalposts", "lower": 0, "upper": 75, "to": [0, 3]}}', '"arithmetic"'),
	(7, '{"method": "none"}', '{"rescale": "percentile_rank"}', '"arithmetic"'),
	(8, '{"method": "goalposts", "lower": 0, "upper": 100}', '{}', '{"method": "geometric", "scale": [1, 100]}')) t (n, normalise, harm, aggregate),
	ci.scores(panel, jsonb_build_object('components', jsonb_build_array(
		jsonb_build_object('code', 'index', 'normalise', t.normalise, 'aggregate', t.aggregate),
		'{"code": "harm", "parent": "index", "direction": -1}'::jsonb || t.harm,
		'{"code": "x", "parent": "harm"}'::jsonb, '{"code": "y", "parent": "harm"}'::jsonb))::ci.methodology) s
WHERE s.depth < 2
GROUP BY t.n, t.normalise, t.harm, t.aggregate, s.component, s.depth ORDER BY t.n, s.depth DESC;

-- min_coverage is the share of indicators below that are observed, each counting
-- once; min_count is the number of children that have a score.  "one" has x and
-- y and z, "two" has v; weights do not count.
CREATE TEMP TABLE sparse AS
SELECT ci.panel_agg(unit, 1, '{x,y,z,v}', cells) AS panel
FROM (VALUES ('a', '{10,20,30,40}'::float8[]), ('b', '{10,20,NULL,40}'), ('c', '{10,NULL,NULL,40}'), ('d', '{NULL,NULL,NULL,40}'),
	('e', '{10,NULL,NULL,NULL}'), ('f', '{NULL,NULL,NULL,NULL}')) t (unit, cells);
SELECT t.index || t.one AS requirements, s.component,
	array_agg(trim_scale(round(s.score::numeric, 4)) ORDER BY s.unit COLLATE "C") AS scores,
	array_agg(trim_scale(round(s.coverage::numeric, 2)) ORDER BY s.unit COLLATE "C") AS coverage
FROM sparse, (VALUES
	(1, '{}'::jsonb, '{}'::jsonb),
	(2, '{"min_coverage": 0.5}', '{}'),
	(3, '{"min_coverage": 1}', '{}'),
	(4, '{"min_count": 2}', '{}'),
	(5, '{"min_count": 0}', '{}'),
	(6, '{}', '{"min_coverage": 0.6}'),
	(7, '{}', '{"min_count": 3}'),
	(8, '{"min_count": 2}', '{"min_coverage": 0.4}')) t (n, index, one),
	ci.scores(panel, jsonb_build_object('components', jsonb_build_array(
		'{"code": "index", "normalise": "none"}'::jsonb || t.index,
		'{"code": "one", "parent": "index"}'::jsonb || t.one,
		'{"code": "x", "parent": "one", "weight": 1}'::jsonb, '{"code": "y", "parent": "one"}'::jsonb, '{"code": "z", "parent": "one"}'::jsonb,
		'{"code": "two", "parent": "index"}'::jsonb,
		'{"code": "v", "parent": "two", "weight": 9}'::jsonb))::ci.methodology) s
WHERE s.component IN ('index', 'one')
GROUP BY t.n, t.index, t.one, s.component, s.depth ORDER BY t.n, s.depth;
-- A share that is met exactly is met: n of 20 indicators against n / 20.
SELECT count(*) AS shares, count(*) FILTER (WHERE at.score IS NULL) AS missed_at, count(*) FILTER (WHERE above.score IS NOT NULL) AS met_above
FROM generate_series(1, 20) n,
	LATERAL (SELECT ci.panel_agg('a', 1, 'i' || i, CASE WHEN i <= n THEN 1 END) AS panel FROM generate_series(1, 20) i) p,
	LATERAL (SELECT ci.amend(ci.default_methodology(panel), '{"components": [{"code": "index", "normalise": "none"}]}') AS plain) m,
	ci.rank(panel, ci.amend(plain, jsonb_build_object('components', jsonb_build_array(
		jsonb_build_object('code', 'index', 'min_coverage', n / 20.0))))) at,
	ci.rank(panel, ci.amend(plain, jsonb_build_object('components', jsonb_build_array(
		jsonb_build_object('code', 'index', 'min_coverage', least(1, n / 20.0 + 0.001)))))) above
WHERE n < 20;

-- units: where a component does not apply it has no score, no weight, and does
-- not count in coverage.  b has a value all the same, d's flag is missing.
CREATE TEMP TABLE ports AS
SELECT ci.panel_agg(unit, 1, '{gdp,life,harbour,fish,coastal}', cells) AS panel
FROM (VALUES ('a', '{10,20,60,30,1}'::float8[]), ('b', '{10,20,99,NULL,0}'), ('c', '{10,20,NULL,30,1}'),
	('d', '{10,20,NULL,NULL,NULL}')) t (unit, cells);
SELECT t.units, t.leaf_or_inner, s.component,
	array_agg(trim_scale(round(s.score::numeric, 4)) ORDER BY s.unit COLLATE "C") AS scores,
	array_agg(trim_scale(round(s.coverage::numeric, 4)) ORDER BY s.unit COLLATE "C") AS coverage
FROM ports, (VALUES
	(1, NULL::jsonb, 'leaf', '{}'::jsonb, '{}'::jsonb),
	(2, '"coastal"', 'leaf', '{}', '{"units": "coastal"}'),
	(3, '["a", "c"]', 'leaf', '{}', '{"units": ["a", "c"]}'),
	(4, '"coastal"', 'inner', '{"units": "coastal"}', '{}'),
	(5, '["c", "nobody"]', 'inner', '{"units": ["c", "nobody"]}', '{}'),
	(6, '"coastal"', 'inner, leaf ["b", "c"]', '{"units": "coastal"}', '{"units": ["b", "c"]}'),
	(7, '"coastal"', 'inner; the root wants all', '{"units": "coastal"}', '{}')) t (n, units, leaf_or_inner, sea, harbour),
	ci.scores(panel, jsonb_build_object('components', jsonb_build_array(
		'{"code": "index", "normalise": "none"}'::jsonb || CASE t.n WHEN 7 THEN '{"min_coverage": 1}'::jsonb ELSE '{}' END,
		'{"code": "gdp", "parent": "index"}'::jsonb, '{"code": "life", "parent": "index"}'::jsonb,
		'{"code": "sea", "parent": "index"}'::jsonb || t.sea,
		'{"code": "harbour", "parent": "sea"}'::jsonb || t.harbour, '{"code": "fish", "parent": "sea"}'::jsonb))::ci.methodology) s
WHERE s.component IN ('index', 'sea', 'harbour')
GROUP BY t.n, t.units, t.leaf_or_inner, s.component, s.depth ORDER BY t.n, s.depth;
SELECT ci.rank(panel, '{"components": [{"code": "gdp", "normalise": "none", "units": "life"}]}') FROM ports; \echo :SQLSTATE
SELECT ci.rank(panel, '{"components": [{"code": "gdp", "normalise": "none", "units": "islands"}]}') FROM ports; \echo :SQLSTATE

-- A tree of three levels against plain SQL: 60 and 600 units in 2 periods, 9 indicators,
-- a third of the cells missing, weights that differ, one inner component turned,
-- one aggregated on another scale, one that wants coverage.
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
CREATE FUNCTION pg_temp.differ(a float8, b float8) RETURNS boolean LANGUAGE sql IMMUTABLE
	RETURN CASE WHEN a IS NULL OR b IS NULL THEN (a IS NULL) <> (b IS NULL)
		ELSE abs(a - b) > 1e-9 * (1 + abs(b)) END;
CREATE TEMP TABLE random AS
SELECT 'u' || u AS unit, p AS period, i,
	CASE WHEN pg_temp.noise(u + 100 * p, 20 + i) > 0.35 THEN 1 + 99 * pg_temp.noise(u + 100 * p, i) END AS x
FROM generate_series(1, 2) p, generate_series(1, CASE p WHEN 1 THEN 60 ELSE 600 END) u, generate_series(1, 9) i;
ANALYZE random;
CREATE TEMP TABLE tree AS
SELECT ci.panel_agg(unit, period, 'i' || i, x) AS panel, '{"components": [
	{"code": "index", "aggregate": "geometric", "normalise": {"method": "goalposts", "lower": 0, "upper": 100}},
	{"code": "A", "parent": "index", "weight": 2, "aggregate": {"method": "power", "p": 0.5}},
	{"code": "i1", "parent": "A"}, {"code": "i2", "parent": "A", "weight": 3}, {"code": "i3", "parent": "A", "weight": 0.5},
	{"code": "B", "parent": "index", "weight": 1, "direction": -1, "aggregate": "harmonic", "min_coverage": 0.75},
	{"code": "i4", "parent": "B"}, {"code": "C", "parent": "B", "weight": 1.5},
	{"code": "i5", "parent": "C", "weight": 2}, {"code": "i6", "parent": "C"}, {"code": "i7", "parent": "C", "direction": -1},
	{"code": "D", "parent": "index", "weight": 0.25, "aggregate": {"method": "geometric", "scale": [1, 10]}},
	{"code": "i8", "parent": "D"}, {"code": "i9", "parent": "D", "weight": 4}]}'::ci.methodology AS methodology
FROM random;
WITH leaf AS (
	SELECT unit, period, i, x IS NOT NULL AS seen, CASE WHEN i = 7 THEN 100 - x ELSE x END AS s FROM random),
a AS (
	SELECT unit, period, power(sum(w * sqrt(s)) / sum(w), 2) AS s
	FROM leaf JOIN (VALUES (1, 1), (2, 3), (3, 0.5::float8)) v (i, w) USING (i) WHERE seen GROUP BY unit, period),
c AS (
	SELECT unit, period, sum(w * s) / sum(w) AS s
	FROM leaf JOIN (VALUES (5, 2), (6, 1), (7, 1)) v (i, w) USING (i) WHERE seen GROUP BY unit, period),
b AS (
	SELECT unit, period, sum(w) / sum(w / s) AS s
	FROM (SELECT unit, period, 1 AS w, s FROM leaf WHERE i = 4 AND seen UNION ALL SELECT unit, period, 1.5, s FROM c) v
	JOIN (SELECT unit, period FROM leaf WHERE i BETWEEN 4 AND 7 AND seen GROUP BY unit, period HAVING count(*) >= 3) w USING (unit, period)
	GROUP BY unit, period),
d AS (
	SELECT unit, period, 100 * (exp(sum(w * ln(1 + 9 * s / 100)) / sum(w)) - 1) / 9 AS s
	FROM leaf JOIN (VALUES (8, 1), (9, 4)) v (i, w) USING (i) WHERE seen GROUP BY unit, period),
pillar AS (
	SELECT unit, period, 'A' AS component, 2 AS w, s, s AS enters FROM a
	UNION ALL SELECT unit, period, 'B', 1, s, 100 - s FROM b
	UNION ALL SELECT unit, period, 'D', 0.25, s, s FROM d),
expected AS (
	SELECT unit, period, component, s FROM pillar
	UNION ALL SELECT unit, period, 'C', s FROM c
	UNION ALL SELECT unit, period, 'i' || i, s FROM leaf
	UNION ALL SELECT unit, period, 'index', exp(sum(w * ln(enters)) / sum(w)) FROM pillar GROUP BY unit, period)
SELECT r.component, count(*) AS scores, 2 * count(r.score) > count(*) AS most_present, bool_or(r.score IS NULL) AS some_missing,
	count(*) FILTER (WHERE pg_temp.differ(r.score, e.s)) AS wrong
FROM tree, ci.scores(panel, methodology) r LEFT JOIN expected e USING (unit, period, component)
WHERE r.depth < 3
GROUP BY r.component, r.depth ORDER BY r.depth, r.component COLLATE "C";

-- The same indicators under one component, by every mean.
CREATE TEMP TABLE means AS
SELECT a.aggregate, ci.amend(ci.default_methodology(panel), jsonb_build_object('components', jsonb_build_array(
	jsonb_build_object('code', 'index', 'aggregate', a.aggregate, 'normalise', '{"method": "goalposts", "lower": 0, "upper": 101}'::jsonb),
	'{"code": "i3", "weight": 2.5}'::jsonb, '{"code": "i8", "weight": 0}'::jsonb))) AS methodology
FROM tree, unnest('{"\"min\"","\"median\"","\"max\"","\"arithmetic\"","\"geometric\"","\"harmonic\"",
	"{\"method\": \"power\", \"p\": -3}","{\"method\": \"power\", \"p\": 0.5}","{\"method\": \"power\", \"p\": 2}",
	"{\"method\": \"geometric\", \"scale\": [10, 1]}"}'::jsonb[]) a (aggregate);

-- Dominance: a unit that improves in one indicator does not fall, by any of them.
CREATE TEMP TABLE better AS
SELECT ci.panel_agg(unit, period, 'i' || i, CASE WHEN i = 1 + (period + ascii(right(unit, 1))) % 9 THEN x + 1 ELSE x END) AS panel FROM random;
SELECT aggregate, count(*) AS units, count(*) FILTER (WHERE b.score > a.score) > 0 AS some_rise, count(*) FILTER (WHERE b.score < a.score) AS fall
FROM means, tree, better, ci.rank(tree.panel, means.methodology) a JOIN ci.rank(better.panel, means.methodology) b USING (unit, period)
GROUP BY aggregate ORDER BY aggregate::text COLLATE "C";

-- A child that is missing everywhere and a child of weight 0 are the same.
CREATE TEMP TABLE without AS
SELECT ci.panel_agg(unit, period, 'i' || i, CASE WHEN i <> 2 THEN x END) AS panel FROM random;
SELECT aggregate, count(*) AS units, count(*) FILTER (WHERE a.score IS DISTINCT FROM b.score) AS other_scores
FROM means, tree, without, ci.rank(without.panel, means.methodology) a
JOIN ci.rank(tree.panel, ci.amend(means.methodology, '{"components": [{"code": "i2", "weight": 0}]}')) b USING (unit, period)
GROUP BY aggregate ORDER BY aggregate::text COLLATE "C";

-- Power means rise with their exponent.
SELECT count(*) AS units, count(*) FILTER (WHERE NOT (s[1] <= s[2] AND s[2] <= s[3] AND s[3] <= s[4] AND s[4] <= s[5]
	AND s[5] <= s[6] AND s[6] <= s[7] AND s[7] <= s[8] AND s[8] <= s[9])) AS out_of_order
FROM (SELECT unit, period, array_agg(r.score ORDER BY p.n) AS s
	FROM tree, unnest('{"\"-Infinity\"",-5,-1,-0.01,0,0.01,1,3,"\"Infinity\""}'::jsonb[]) WITH ORDINALITY p (p, n),
		ci.rank(panel, ci.amend(ci.default_methodology(panel), jsonb_build_object('components', jsonb_build_array(
			jsonb_build_object('code', 'index', 'aggregate', jsonb_build_object('method', 'power', 'p', p.p), 'normalise', 'none'))))) r
	GROUP BY unit, period) v;

-- Only the ratio of weights counts: all times 8 the same bits, all times 0.3 the
-- same ranks.
CREATE TEMP TABLE scaled AS
SELECT k.factor, ci.amend(methodology, (SELECT jsonb_build_object('components',
	jsonb_agg(jsonb_build_object('code', c.code, 'weight', k.factor * c.weight))) FROM ci.components(methodology) c)) AS methodology
FROM tree, (VALUES (8), (0.3)) k (factor);
SELECT k.factor, count(*) AS scores, CASE k.factor WHEN 8 THEN count(*) FILTER (WHERE a.score IS DISTINCT FROM b.score) END AS other_bits,
	count(*) FILTER (WHERE pg_temp.differ(a.score, b.score)) AS other_scores, count(*) FILTER (WHERE a.rank IS DISTINCT FROM b.rank) AS other_ranks
FROM tree, scaled k, ci.scores(panel, tree.methodology) a JOIN ci.scores(panel, k.methodology) b USING (unit, period, component)
GROUP BY k.factor ORDER BY k.factor DESC;

-- Mazziotta-Pareto: M - S^2/M, S over n. 90 and 110 have 99, or 101 of what is unwelcome
-- (with n - 1, as Compind's ci_mpi, 98 and 102; its words for the sign are the other
-- way round); 70 and 130, 91; 80, 100 and 120, 100 - 266.67/100; 100 alone, 100.
CREATE TEMP TABLE balance AS
SELECT ci.panel_agg(unit, 1, '{x,y,z}', cells) AS panel
FROM (VALUES ('a', '{90,110,NULL}'::float8[]), ('b', '{70,130,NULL}'), ('c', '{80,100,120}'), ('d', '{NULL,100,NULL}'), ('e', '{NULL,NULL,NULL}')) v (unit, cells);
SELECT a.aggregate, pg_temp.scores(panel, pg_temp.methodology('{"normalise": "none"}'::jsonb || jsonb_build_object('aggregate', a.aggregate)))
FROM balance, unnest('{"\"mpi\"","{\"method\": \"mpi\", \"polarity\": \"negative\"}","\"ampi\""}'::jsonb[]) WITH ORDINALITY a (aggregate, n) ORDER BY n;
-- A weight of 2 is the child twice: 80, 100 and 120, 120 have the mean 105 and the variance 275.
SELECT pg_temp.scores(panel, pg_temp.methodology('{"normalise": "none", "aggregate": "mpi"}', '{1,1,2}')) FROM balance;
-- As published: columns standardised to 100 and 10 (population sd), or on 70 to 130
-- around a reference, here 8 and 17: half the range of each, 7, becomes 30.
SELECT r.unit, trim_scale(round(r.score::numeric, 4)) AS mpi, trim_scale(round(s.score::numeric, 4)) AS ampi
FROM (SELECT ci.panel_agg(unit, 1, '{x,y}', cells) AS panel FROM (VALUES ('a', '{1,10}'::float8[]), ('b', '{8,24}'), ('c', '{15,17}')) v (unit, cells)) v,
	ci.rank(panel, '{"components": [{"code": "index", "aggregate": "mpi", "normalise": {"method": "zscore", "population": true, "to": [100, 10]}}, {"code": "x", "parent": "index"}, {"code": "y", "parent": "index"}]}') r
JOIN ci.rank(panel, '{"components": [{"code": "index", "aggregate": "ampi", "normalise": {"method": "goalposts", "to": [70, 130]}},
	{"code": "x", "parent": "index", "normalise": {"lower": 1, "upper": 15}}, {"code": "y", "parent": "index", "normalise": {"lower": 10, "upper": 24}}]}') s USING (unit) ORDER BY 1;
-- Two children of equal weight: what is left is their harmonic mean.
SELECT count(*) AS units, count(*) FILTER (WHERE pg_temp.differ(a.score, b.score)) AS wrong
FROM (SELECT ci.panel_agg(unit, 'i' || i, x) AS panel FROM random WHERE period = 1 AND i < 3) v, ci.rank(panel, ci.amend(ci.default_methodology(panel), '{"components": [{"code": "index", "normalise": "none", "aggregate": "mpi"}]}')) a
JOIN ci.rank(panel, ci.amend(ci.default_methodology(panel), '{"components": [{"code": "index", "normalise": "none", "aggregate": "harmonic"}]}')) b USING (unit);
-- Without a mean above 0 there is no coefficient of variation.
SELECT policy, pg_temp.scores(panel, pg_temp.methodology('{"normalise": "none", "aggregate": "mpi"}', '{1,1,1}', jsonb_build_object('on_nonpositive', policy)))
FROM (SELECT ci.panel_agg(unit, 1, '{x,y,z}', cells) AS panel FROM (VALUES ('a', '{-1,1,-2}'::float8[]), ('b', '{-1,1,3}')) v (unit, cells)) v,
	unnest('{"\"missing\"","\"zero\"",1}'::jsonb[]) policy;

-- Mean-min: 10, 2 and 6 with alpha 1 and beta 3 lose sqrt(4^2 + 3^2) - 3 = 2 of 6.
CREATE TEMP TABLE place AS
SELECT ci.panel_agg(unit, 1, '{x,y,z}', cells) AS panel FROM (VALUES ('a', '{10,2,6}'::float8[]), ('b', '{10,2,NULL}'), ('c', '{NULL,2,NULL}')) v (unit, cells);
SELECT alpha, beta, pg_temp.scores(panel, pg_temp.methodology(jsonb_build_object('aggregate', jsonb_build_object('method', 'mean_min', 'alpha', alpha, 'beta', beta), 'normalise', 'none')))
FROM place, (VALUES (0, 3), (1, 0), (1, 3), (0.5, 3)) v (alpha, beta);

-- Ordered weighted averages: 10, 6, 2 by place; of 10 and 2 each counts half, so that
-- .5, .3, .2 are .65 and .35, and the better half is 10. Yager (1988): .4, .3, .2, .1 of
-- .7, 1, .3, .6 are .76. The quantifier t^2 gives 1/9, 3/9, 5/9; 1/4, 3/4.
SELECT a.owa, pg_temp.scores(panel, pg_temp.methodology(jsonb_build_object('aggregate', '{"method": "owa"}'::jsonb || a.owa, 'normalise', 'none')))
FROM place, unnest('{"{\"weights\": [0.5, 0.3, 0.2]}","{\"weights\": [1, 0, 0]}","{\"weights\": [0, 0, 1]}","{\"weights\": [2, 2]}","{\"weights\": [1, 0]}","{\"quantifier\": 1}","{\"quantifier\": 2}"}'::jsonb[]) WITH ORDINALITY a (owa, n) ORDER BY n;
SELECT trim_scale(round(score::numeric, 6)) AS yager FROM (SELECT ci.panel_agg('a', 1, '{a,b,c,d}'::text[], '{0.7,1,0.3,0.6}'::float8[]) AS panel) v,
	ci.rank(panel, ci.amend(ci.default_methodology(panel), '{"components": [{"code": "index", "normalise": "none", "aggregate": {"method": "owa", "weights": [0.4, 0.3, 0.2, 0.1]}}]}'));
-- A child of weight 2 is two of them (Torra 1997): 10, 2, 6, 6.
SELECT pg_temp.scores(panel, pg_temp.methodology('{"normalise": "none", "aggregate": {"method": "owa", "weights": [0.4, 0.3, 0.2, 0.1]}}', '{1,1,2}')) FROM place;
-- On a scale that is turned the greatest is the least, and back.
SELECT a.aggregate ->> 'method' AS method, pg_temp.scores(panel, pg_temp.methodology(jsonb_build_object('aggregate', a.aggregate || '{"scale": [100, 0]}')))
FROM place, unnest('{"{\"method\": \"owa\", \"weights\": [1, 0, 0]}","{\"method\": \"mean_min\", \"alpha\": 1, \"beta\": 0}"}'::jsonb[]) WITH ORDINALITY a (aggregate, n) ORDER BY n;

-- Scored one by one, and fitted, they give the same bits.
SELECT a.aggregate ->> 'method' AS method, ci.is_peer_independent(f.fitted) AS peer_independent,
	count(*) FILTER (WHERE r.score IS DISTINCT FROM ci.score('{x,y,z}', (SELECT array_agg(value ORDER BY indicator) FROM (VALUES ('x'), ('y'), ('z')) i (indicator) LEFT JOIN ci.observations(panel) o USING (indicator) WHERE o.unit = r.unit), f.fitted)) AS other_bits
FROM place, unnest('{"{\"method\": \"mpi\"}","{\"method\": \"owa\", \"quantifier\": 2}","{\"method\": \"mean_min\", \"alpha\": 0.5, \"beta\": 1}"}'::jsonb[]) WITH ORDINALITY a (aggregate, n),
	LATERAL (SELECT ci.amend(pg_temp.methodology(jsonb_build_object('aggregate', a.aggregate)), '{"on_constant": "midpoint", "components": [{"code": "index", "normalise": {"method": "minmax", "to": [70, 130]}}]}') AS methodology) m,
	LATERAL (SELECT ci.fit(panel, methodology) AS fitted) f, ci.rank(panel, methodology) r
GROUP BY n, 1, 2 ORDER BY n;
