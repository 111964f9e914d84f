-- Outranking and voting rules, against published tables: profiles of the OECD/JRC
-- Handbook on Constructing Composite Indicators (2008), sections 6.12 and 6.13.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;	-- the planner expects more rows than there are
\pset null ~

-- A root and the indicators of a panel, as they are.
CREATE FUNCTION pg_temp.by(panel ci.panel, aggregate jsonb, top jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql
	RETURN ci.amend(ci.default_methodology(panel), top || jsonb_build_object('components', jsonb_build_array(
		jsonb_build_object('code', 'index', 'normalise', 'none', 'aggregate', aggregate)) || coalesce(top -> 'components', '[]')));
-- Units with their scores, the best first.
CREATE FUNCTION pg_temp.ranking(panel ci.panel, methodology ci.methodology) RETURNS text LANGUAGE sql
	RETURN (SELECT string_agg(unit || ' ' || coalesce(trim_scale(round(score::numeric, 6))::text, '~'), ', ' ORDER BY rank, unit COLLATE "C") FROM ci.rank(panel, methodology));

-- Profiles: so many indicators put the units in this order, the best first. A panel
-- has an indicator for each of them, another one for each order.
CREATE TEMP TABLE profile (name text, n int, ranking text);
INSERT INTO profile VALUES
	('Table 25', 3, 'abcd'), ('Table 25', 5, 'acbd'), ('Table 25', 7, 'bdca'), ('Table 25', 6, 'cbda'),
	('Table 28', 23, 'abc'), ('Table 28', 17, 'bca'), ('Table 28', 2, 'bac'), ('Table 28', 10, 'cab'), ('Table 28', 8, 'cba'),
	('Table 31', 3, 'cbad'), ('Table 31', 2, 'badc'), ('Table 31', 2, 'adcb'),
	('Table 31 without d', 3, 'cba'), ('Table 31 without d', 2, 'bac'), ('Table 31 without d', 2, 'acb');
CREATE TEMP TABLE vote AS
SELECT name, ci.panel_agg(unit, 0, ranking || i, -place) AS panel,
	ci.panel_agg(unit, 0, ranking, -place) FILTER (WHERE i = 1) AS orders,
	(SELECT jsonb_build_object('components', jsonb_agg(jsonb_build_object('code', ranking, 'weight', n))) FROM profile q WHERE q.name = p.name) AS weights
FROM profile p, generate_series(1, n) i, string_to_table(ranking, NULL) WITH ORDINALITY u (unit, place)
GROUP BY name;

-- Table 25: Borda 44 b, 38 c, 24 a, 20 d; the Condorcet order is c b d a, which
-- Copeland's scores follow. Table 28: Borda 69 b, 58 a, 53 c; majorities go round.
-- Table 31: a 13, b 12, c 11, d 6; without d, whom all put behind a, c 8, b 7, a 6.
SELECT name, method, pg_temp.ranking(panel, pg_temp.by(panel, to_jsonb(method)))
FROM vote, unnest('{borda,copeland}'::text[]) method ORDER BY name COLLATE "C", method;

-- Indicators with weights count as so many: Borda's points are then those of
-- weights with a mean of 1.
SELECT name, method, bool_and(abs(a.score - CASE method WHEN 'borda' THEN k.n::float8 / k.kinds ELSE 1 END * b.score) < 1e-12) AS same
FROM vote JOIN (SELECT name, sum(n) AS n, count(*) AS kinds FROM profile GROUP BY name) k USING (name), unnest('{borda,copeland}'::text[]) method,
	ci.rank(panel, pg_temp.by(panel, to_jsonb(method))) a JOIN ci.rank(orders, pg_temp.by(orders, to_jsonb(method), weights)) b USING (unit)
GROUP BY name, method ORDER BY name COLLATE "C", method;

-- Kemeny's order. Table 25: Condorcet's, c b d a. Table 28: b c a, with 104 votes;
-- those of the other orders are 100, 94, 86, 80 and 76.
SELECT name, pg_temp.ranking(panel, pg_temp.by(panel, '"kemeny"')) FROM vote WHERE name IN ('Table 25', 'Table 28') ORDER BY name COLLATE "C";
WITH pair AS (
	SELECT x.unit AS a, y.unit AS b, sum(n) AS votes FROM profile, string_to_table(ranking, NULL) WITH ORDINALITY x (unit, place),
		string_to_table(ranking, NULL) WITH ORDINALITY y (unit, place) WHERE name = 'Table 28' AND x.place < y.place GROUP BY 1, 2)
SELECT o AS ranking, sum(votes) AS votes FROM unnest('{abc,bca,cab,bac,cba,acb}'::text[]) o, pair WHERE strpos(o, a) < strpos(o, b) GROUP BY o ORDER BY 2 DESC;

-- Tables 36 and 37: five units of the Technology Achievement Index. Three orders
-- agree best, with 6.375: USA SWE FIN, SWE FIN USA and SWE USA FIN, before JPN and KOR.
-- The scores are the mean places in them: 2, 4/3, 8/3, 4, 5.
CREATE TEMP TABLE tai AS
SELECT ci.panel_agg(unit, 0, '{patents,royalties,internet,exports,telephones,electricity,schooling,university}', cells) AS panel
FROM (VALUES ('FIN', '{187,125.6,200.2,50.7,3.080,4.150,10,27.4}'::float8[]), ('USA', '{289,130,179.1,66.2,2.997,4.073,12,13.9}'),
	('SWE', '{271,156.6,125.8,59.7,3.096,4.145,11.4,15.3}'), ('JPN', '{994,64.6,49,80.8,3.003,3.865,9.5,10}'), ('KOR', '{779,9.8,4.8,66.7,2.972,3.653,10.8,23.2}')) v (unit, cells);
SELECT pg_temp.ranking(panel, pg_temp.by(panel, '"kemeny"')) FROM tai;
SELECT severity, finding, component, value, message FROM tai, ci.audit(panel, pg_temp.by(panel, '"kemeny"')) WHERE finding IN ('several_optima', 'not_proven');
SELECT unit, score, contribution, flags FROM tai, ci.explain(panel, pg_temp.by(panel, '"kemeny"')) WHERE component = 'index' ORDER BY unit COLLATE "C";
WITH value AS (SELECT unit, indicator, value FROM tai, ci.observations(panel)),
e AS (SELECT x.unit AS a, y.unit AS b, avg(CASE WHEN x.value > y.value THEN 1 WHEN x.value = y.value THEN 0.5 ELSE 0 END) AS e
	FROM value x JOIN value y USING (indicator) WHERE x.unit <> y.unit GROUP BY 1, 2)
SELECT o AS ranking, sum(e) AS agreement FROM unnest('{USA SWE FIN JPN KOR,SWE FIN USA JPN KOR,SWE USA FIN JPN KOR,FIN USA SWE JPN KOR}'::text[]) o, e
WHERE strpos(o, a) < strpos(o, b) GROUP BY o ORDER BY 2 DESC, o COLLATE "C";

-- PROMETHEE II: six hydroelectric projects, one criterion of each type (Brans, Vincke
-- and Mareschal 1986). Printed: net flows, summed over the five others, of -.728,
-- .085, -.447, -.102, 1.466, -.274, made of preferences rounded to 3 decimals.
CREATE TEMP TABLE project AS
SELECT ci.panel_agg(unit, 0, '{manpower,power,cost,maintenance,villages,security}', cells) AS panel
FROM (VALUES ('1', '{80,90,6,5.4,8,5}'::float8[]), ('2', '{65,58,2,9.7,1,1}'), ('3', '{83,60,4,7.2,4,7}'),
	('4', '{40,80,10,7.5,7,10}'), ('5', '{52,72,6,2.0,3,8}'), ('6', '{94,96,7,3.6,5,6}')) v (unit, cells);
CREATE FUNCTION pg_temp.projects(panel ci.panel, more jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql
	RETURN pg_temp.by(panel, '{"method": "promethee", "preference": {"manpower": {"function": "u-shape", "q": 10}, "power": {"function": "v-shape", "p": 30},
		"cost": {"function": "linear", "q": 0.5, "p": 5}, "maintenance": {"function": "level", "q": 1, "p": 6}, "security": {"function": "gaussian", "s": 5}}}'::jsonb || more,
		'{"components": [{"code": "manpower", "direction": -1}, {"code": "cost", "direction": -1}, {"code": "maintenance", "direction": -1}, {"code": "villages", "direction": -1}]}');
SELECT r.unit, r.rank, round(5 * r.score::numeric, 4) AS net, p.printed, abs(5 * r.score - p.printed) < 0.0025 AS as_printed
FROM project, ci.rank(panel, pg_temp.projects(panel)) r
JOIN (VALUES ('1', -0.728), ('2', 0.085), ('3', -0.447), ('4', -0.102), ('5', 1.466), ('6', -0.274)) p (unit, printed) USING (unit);
SELECT jsonb_pretty(aggregate) FROM project, ci.components(pg_temp.projects(panel)) WHERE code = 'index';

-- A common function, refined by child; what the child has of its own replaces it.
SELECT c.name, pg_temp.ranking(project.panel, pg_temp.by(project.panel, c.aggregate))
FROM project, (VALUES (1, 'common', '{"method": "promethee", "function": "linear", "q": 1, "p": 9}'::jsonb),
	(2, 'refined', '{"method": "promethee", "function": "linear", "q": 1, "p": 9, "preference": {"power": {"p": 30}}}'),
	(3, 'replaced', '{"method": "promethee", "function": "linear", "q": 1, "p": 9, "preference": {"power": {"function": "linear", "q": 1, "p": 30}}}'),
	(4, 'usual', '"promethee"')) c (n, name, aggregate) ORDER BY n;

-- Panels with gaps, ties and weights that differ: the definitions in plain SQL, pair
-- by pair.
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
CREATE TEMP TABLE cell AS
SELECT 'u' || u AS unit, 'i' || i AS indicator, i, CASE WHEN pg_temp.noise(u, 20 + i) > 0.2 OR i = 1 THEN floor(CASE WHEN i < 3 THEN 4 ELSE 50 END * pg_temp.noise(u, i)) END AS x
FROM generate_series(1, 60) u, generate_series(1, 5) i;
CREATE TEMP TABLE random AS
SELECT ci.panel_agg(unit, 0, indicator, x) AS panel,
	ci.panel_agg(unit, 0, indicator, x ORDER BY unit DESC) AS backwards,
	ci.panel_agg('v' || 60 - substr(unit, 2)::int, 0, indicator, x) AS renamed,
	'{"components": [{"code": "i2", "weight": 2, "direction": -1}, {"code": "i3", "weight": 0.1}, {"code": "i4", "weight": 0.2}, {"code": "i5", "weight": 0}]}'::jsonb AS weights
FROM cell;
CREATE TEMP TABLE pair AS
SELECT x.unit, y.unit AS other, i, w, d * (x.x - y.x) AS d
FROM cell x JOIN cell y USING (i) JOIN (VALUES (1, 1, 1), (2, 2, -1), (3, 0.1, 1), (4, 0.2, 1)) v (i, w, d) USING (i)
WHERE x.unit <> y.unit AND x.x IS NOT NULL AND y.x IS NOT NULL;
WITH copeland AS (
	SELECT unit, sum(sign(e)) AS score FROM (SELECT unit, other, round(sum(w * sign(d))::numeric, 9) AS e FROM pair GROUP BY unit, other) v GROUP BY unit),
borda AS (
	SELECT unit, 4 * 59 * sum(w * share) / sum(w) AS score FROM (SELECT unit, i, w, avg(CASE WHEN d > 0 THEN 1 WHEN d = 0 THEN 0.5 ELSE 0 END) AS share FROM pair GROUP BY 1, 2, 3) v GROUP BY unit),
promethee AS (
	SELECT unit, sum(w * flow) / sum(w) AS score FROM (SELECT unit, i, w, avg(sign(d) * least(1, greatest(0, (abs(d) - 1.5) / 20))) AS flow FROM pair GROUP BY 1, 2, 3) v GROUP BY unit)
SELECT m.method, count(*) AS units, count(*) FILTER (WHERE abs(r.score - coalesce(c.score, b.score, p.score)) < 1e-9) AS same
FROM random CROSS JOIN (VALUES ('copeland', '"copeland"'::jsonb), ('borda', '"borda"'), ('promethee', '{"method": "promethee", "function": "linear", "q": 1.5, "p": 21.5}')) m (method, aggregate)
CROSS JOIN ci.rank(panel, pg_temp.by(panel, aggregate, weights)) r
LEFT JOIN copeland c ON m.method = 'copeland' AND c.unit = r.unit LEFT JOIN borda b ON m.method = 'borda' AND b.unit = r.unit LEFT JOIN promethee p ON m.method = 'promethee' AND p.unit = r.unit
GROUP BY m.method ORDER BY 1;

-- Neither the order of rows nor the names of units change a bit, also where Kemeny's
-- order is not proven, as for these units, which are in no order at all.
CREATE TEMP TABLE method (name text, aggregate jsonb);
INSERT INTO method VALUES ('copeland', '"copeland"'), ('borda', '"borda"'), ('kemeny', '"kemeny"'),
	('promethee', '{"method": "promethee", "function": "linear", "q": 1.5, "p": 21.5, "preference": {"i3": {"function": "gaussian", "s": 7}}}');
SELECT m.name, count(*) AS units, count(*) FILTER (WHERE a.score IS DISTINCT FROM b.score) AS other_by_rows, count(*) FILTER (WHERE a.score IS DISTINCT FROM c.score) AS other_by_name
FROM random, method m, ci.rank(panel, pg_temp.by(panel, aggregate, weights)) a JOIN ci.rank(backwards, pg_temp.by(backwards, aggregate, weights)) b USING (unit)
JOIN ci.rank(renamed, pg_temp.by(renamed, aggregate, weights)) c ON c.unit = 'v' || 60 - substr(a.unit, 2)::int
GROUP BY m.name ORDER BY 1;
SELECT severity, finding, component, value, message FROM random, ci.audit(panel, pg_temp.by(panel, '"kemeny"', weights)) WHERE finding IN ('several_optima', 'not_proven');

-- A missing pair counts for nobody (COINr counts it for the later row: 1, 0, -1 or, with
-- the rows the other way round, 2, 0, -2). Majorities, not sums of margins (pyDecision:
-- 2, 2, -4), and ties share points (its Borda splits them).
SELECT n, pg_temp.ranking(panel, pg_temp.by(panel, aggregate))
FROM (SELECT 1 AS n, '"copeland"'::jsonb AS aggregate, ci.panel_agg(unit, 0, '{x,y}', cells) AS panel FROM (VALUES ('a', '{3,NULL}'::float8[]), ('b', '{NULL,1}'), ('c', '{2,0}')) v (unit, cells)
	UNION ALL SELECT 2, '"copeland"', ci.panel_agg(unit, 0, '{x,y}', cells) FROM (VALUES ('c', '{3,NULL}'::float8[]), ('b', '{NULL,1}'), ('a', '{2,0}')) v (unit, cells)
	UNION ALL SELECT 3, '"copeland"', ci.panel_agg(unit, 0, '{x,y,z}', cells) FROM (VALUES ('a', '{3,2,3}'::float8[]), ('b', '{2,3,2}'), ('c', '{1,1,1}')) v (unit, cells)
	UNION ALL SELECT 4, '"borda"', ci.panel_agg(unit, 0, '{x,y}', cells) FROM (VALUES ('a', '{5,5}'::float8[]), ('b', '{5,5}'), ('c', '{1,1}'), ('d', '{NULL,NULL}')) v (unit, cells)) v
ORDER BY n;

-- Units outside the screen are compared with those inside and are nobody's
-- opponents: without them the others have the same scores.
SELECT m.name, count(*) AS units, count(*) FILTER (WHERE a.status = 'excluded') AS excluded, count(*) FILTER (WHERE a.status = 'excluded' AND a.score IS NOT NULL) AS scored,
	count(*) FILTER (WHERE a.status = 'ranked' AND a.score IS DISTINCT FROM b.score) AS other_scores
FROM random, method m, LATERAL (SELECT pg_temp.by(panel, aggregate, weights || '{"screen": {"min_coverage": 0, "exclude": ["u3", "u33", "u50"]}}') AS screened, ci.subset(panel, units =>
		(SELECT array_agg(unit) FROM unnest(ci.units(panel)) unit WHERE unit NOT IN ('u3', 'u33', 'u50'))) AS fewer) s,
	ci.rank(panel, screened) a LEFT JOIN ci.rank(fewer, pg_temp.by(fewer, aggregate, weights)) b USING (unit)
GROUP BY m.name ORDER BY 1;
-- A unit outside has the place that it would take in Kemeny's order: p the first, r
-- the last, q that of b or the one after c, which agree as well: their mean.
SELECT unit, score, rank, status FROM (SELECT ci.panel_agg(unit, 0, 'x', x) AS panel FROM (VALUES ('a', 9), ('b', 7), ('c', 7), ('d', 1), ('p', 10), ('q', 7), ('r', 0)) v (unit, x)) v,
	ci.rank(panel, pg_temp.by(panel, '"kemeny"', '{"screen": {"exclude": ["p", "q", "r"]}}'));

-- Less of Kemeny's score is better: it enters a parent turned, once it has a scale.
-- Directions of components are taken as they are, on any scales.
SELECT s.* FROM tai, LATERAL (SELECT component, string_agg(unit || ' ' || round(score::numeric, 3) || ' (' || rank || ')', ', ' ORDER BY rank, unit COLLATE "C") AS scores
	FROM ci.scores(panel, '{"components": [{"code": "index"}, {"code": "order", "parent": "index", "aggregate": "kemeny", "normalise": "none", "rescale": {"to": [0, 1]}},
		{"code": "patents", "parent": "order"}, {"code": "royalties", "parent": "order"}, {"code": "schooling", "parent": "order"},
		{"code": "net", "parent": "index", "weight": 0, "aggregate": "promethee", "direction": -1, "rescale": {"method": "goalposts", "lower": -1, "upper": 1, "to": [0, 1]}}, {"code": "exports", "parent": "net", "normalise": "zscore"}, {"code": "old", "parent": "net", "direction": -1, "normalise": "none"},
		{"code": "telephones", "parent": "old"}, {"code": "electricity", "parent": "old"}]}') WHERE depth < 2 GROUP BY component) s ORDER BY component COLLATE "C";

-- They depend on peers: no score of one unit alone, no contributions; fitting what is
-- below them changes no bit.
SELECT m.name, ci.is_peer_independent(pg_temp.by(panel, aggregate)) AS peer_independent FROM random, method m ORDER BY 1;
SELECT count(*) AS rows, count(contribution) FILTER (WHERE component <> 'index') AS contributions FROM random, ci.explain(panel, pg_temp.by(panel, '"borda"'));
SELECT m.name, count(*) FILTER (WHERE a.score IS DISTINCT FROM b.score) AS other_bits FROM random, method m,
	LATERAL (SELECT ci.amend(pg_temp.by(panel, aggregate, weights), '{"components": [{"code": "index", "normalise": "minmax"}]}') AS methodology) f,
	ci.rank(panel, methodology) a JOIN ci.rank(panel, ci.fit(panel, methodology)) b USING (unit) GROUP BY 1 ORDER BY 1;

-- One unit, all alike, nothing.
SELECT m.name, pg_temp.ranking(one.panel, pg_temp.by(one.panel, aggregate)) AS one, pg_temp.ranking(same.panel, pg_temp.by(same.panel, aggregate)) AS same,
	pg_temp.ranking(none.panel, pg_temp.by(none.panel, aggregate)) AS none
FROM (VALUES ('copeland', '"copeland"'::jsonb), ('borda', '"borda"'), ('kemeny', '"kemeny"'), ('promethee', '"promethee"')) m (name, aggregate),
	(SELECT ci.panel_agg('a', 0, 'x', 1) AS panel) one, (SELECT ci.panel_agg(unit, 0, 'x', 1) AS panel FROM unnest('{a,b,c}'::text[]) unit) same,
	(SELECT ci.panel_agg(unit, 0, 'x', NULL::float8) AS panel FROM unnest('{a,b}'::text[]) unit) none ORDER BY m.name;
