-- Benefit of the doubt, against the OECD/JRC Handbook on Constructing Composite Indicators (2008), closed forms and identities.  (Needs Clp.)
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\o /dev/null
\i :example
\o
\set ECHO all
SET jit = off;
\pset null ~
CREATE FUNCTION pg_temp.bod(panel ci.panel, parameters jsonb DEFAULT '{}', scale jsonb DEFAULT '[0, 1]', top jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql
	RETURN ci.amend(ci.default_methodology(panel), top || jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', 'index',
		'normalise', jsonb_build_object('to', scale), 'aggregate', '{"method": "bod"}' || parameters)) || coalesce(top -> 'components', '[]')));
-- Units and criteria of a small matrix, as they are
CREATE FUNCTION pg_temp.matrix(cells text) RETURNS ci.panel LANGUAGE sql AS $$
	SELECT ci.panel_agg(left(l, 1), 0, ARRAY(SELECT 'c' || j FROM generate_series(1, cardinality(r)) AS j), r)
	FROM unnest(string_to_array(cells, '; ')) AS l, CAST(string_to_array(substr(l, 3), ' ', '-') AS float8[]) AS r $$;
CREATE FUNCTION pg_temp.plain(panel ci.panel, parameters jsonb DEFAULT '{}', top jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql
	RETURN ci.amend(pg_temp.bod(panel, parameters, '[0, 1]', top), '{"components": [{"code": "index", "normalise": "none"}]}');
CREATE FUNCTION pg_temp.scores(panel ci.panel, methodology ci.methodology) RETURNS text LANGUAGE sql
	RETURN (SELECT string_agg(unit || ' ' || coalesce(trim_scale(round(score::numeric, 6))::text, '~'), ', ' ORDER BY unit COLLATE "C") FROM ci.rank(panel, methodology));

-- Table 19, scores with every weight between 10 and 15 % of their sum, which the printed weights keep to, and Table 23, ranks
SELECT unit, printed, round(score::numeric, 3) AS score, abs(score - printed) <= 0.01 AS as_printed, printed_rank, rank
FROM tai_panel, ci.rank(panel, pg_temp.bod(panel, '{"weight_shares": [0.1, 0.15]}')) JOIN (VALUES
	('Finland', 1, 1), ('United States', 1, 1), ('Sweden', 1, 1), ('Japan', 0.87, 4), ('Korea', 0.80, 6), ('Netherlands', 0.75, 7), ('United Kingdom', 0.71, 9),
	('Canada', 0.73, 8), ('Australia', 0.66, 10), ('Singapore', 0.62, 12), ('Germany', 0.62, 11), ('Norway', 0.86, 5), ('Ireland', 0.60, 13), ('Belgium', 0.54, 15),
	('New Zealand', 0.58, 14), ('Austria', 0.52, 16), ('France', 0.51, 17), ('Israel', 0.49, 18), ('Spain', 0.34, 20), ('Italy', 0.38, 19),
	('Czech Republic', 0.31, 21), ('Hungary', 0.27, 23), ('Slovenia', 0.28, 22)) AS p (unit, printed, printed_rank) USING (unit)
ORDER BY rank, unit;
-- without restrictions 8 of 23 are best, and are so to the bit
SELECT count(*) FILTER (WHERE score = 1) AS best, count(*) FILTER (WHERE score > 0.999999) AS nearly, count(*) AS units FROM tai_panel, ci.rank(panel, pg_temp.bod(panel));

-- Two criteria: the best weights are at a corner of what is admissible, of which there are few.
CREATE TEMP TABLE point AS SELECT chr(64 + u) AS unit, (u * 37 % 23 + 1)::float8 AS c1, (u * u * 11 % 29)::float8 AS c2 FROM generate_series(1, 20) AS u;
CREATE TEMP TABLE corner AS
SELECT w1, w2 FROM (
	SELECT 1 / max(c1) AS w1, 0 AS w2 FROM point UNION ALL SELECT 0, 1 / max(c2) FROM point UNION ALL
	SELECT (b.c2 - a.c2) / d, (a.c1 - b.c1) / d FROM point AS a, point AS b, LATERAL (SELECT a.c1 * b.c2 - a.c2 * b.c1) AS l (d) WHERE abs(d) > 1e-9) AS c
WHERE w1 >= 0 AND w2 >= 0 AND NOT EXISTS (SELECT FROM point WHERE w1 * c1 + w2 * c2 > 1 + 1e-12);
SELECT count(*) AS units, count(*) FILTER (WHERE abs(score - best) < 1e-12) AS same, count(*) FILTER (WHERE score = 1) AS best
FROM (SELECT ci.panel_agg(unit, 0, '{c1,c2}', ARRAY[c1, c2]) AS panel FROM point) AS p, ci.rank(panel, pg_temp.plain(panel))
	JOIN (SELECT unit, max(w1 * c1 + w2 * c2) AS best FROM point, corner GROUP BY unit) AS b USING (unit);

-- Weights within a hair of equal give the mean relative to the largest mean; shares within a hair of equal the largest score by which all shares are 1/m.
CREATE TEMP TABLE random AS
SELECT ci.panel_agg('u' || u, 0, 'i' || i, 1 + (u * u * 7 + u * i * 13 + i * i * i * 5) % 97) AS panel FROM generate_series(1, 60) AS u, generate_series(1, 5) AS i;
SELECT count(*) AS units, max(abs(r.score - mean / max)) < 1e-6 AS same
FROM random, ci.rank(panel, pg_temp.plain(panel, '{"weight_shares": [0.19999999, 0.20000001]}')) AS r
	JOIN (SELECT unit, avg(value) AS mean, max(avg(value)) OVER () AS max FROM random, ci.observations(panel) GROUP BY unit) AS m USING (unit);
SELECT count(*) AS units, max(abs(r.score - s.score)) < 1e-6 AS same
FROM random, ci.rank(panel, pg_temp.plain(panel, '{"shares": [0.19999999, 0.20000001]}')) AS r
	JOIN (SELECT unit, 1 / max(by_peer) AS score FROM (SELECT a.unit, b.unit AS peer, avg(b.value / a.value) AS by_peer
		FROM random, ci.observations(panel) AS a JOIN ci.observations(panel) AS b USING (indicator) GROUP BY a.unit, b.unit) AS p GROUP BY unit) AS s USING (unit);
-- the wider the bounds, the better for everybody; no bounds is [0, 1]; bounds by child
SELECT bool_and(a.score <= b.score + 1e-12 AND b.score <= c.score + 1e-12) AS better, bool_and(c.score = d.score) AS same_bits, bool_and(e.score = f.score) AS same_by_child
FROM random, ci.rank(panel, pg_temp.plain(panel, '{"shares": [0.15, 0.3]}')) AS a JOIN ci.rank(panel, pg_temp.plain(panel, '{"shares": [0.1, 0.4]}')) AS b USING (unit)
	JOIN ci.rank(panel, pg_temp.plain(panel)) AS c USING (unit) JOIN ci.rank(panel, pg_temp.plain(panel, '{"shares": [0, 1], "weight_shares": [0, 1]}')) AS d USING (unit)
	JOIN ci.rank(panel, pg_temp.plain(panel, '{"weight_shares": [0.1, 0.3]}')) AS e USING (unit)
	JOIN ci.rank(panel, pg_temp.plain(panel, '{"weight_shares": {"i1": [0.1, 0.3], "i2": [0.1, 0.3], "i3": [0.1, 0.3], "i4": [0.1, 0.3], "i5": [0.1, 0.3]}}')) AS f USING (unit);
SELECT code, aggregate FROM random, ci.components(pg_temp.plain(panel, '{"shares": {"i2": [0.1, 0.5]}}')) WHERE aggregate IS NOT NULL;

-- Neither names nor the order of rows make a difference in a bit, nor do units of measurement where weights are free.
SELECT b.parameters, bool_and(x.score = y.score) AS same_bits, count(*) AS units
FROM random, (VALUES ('{}'::jsonb), ('{"shares": [0.1, 0.4]}'), ('{"weight_shares": [0.1, 0.4]}')) AS b (parameters),
	(SELECT ci.panel_agg(md5(unit), 0, indicator, value ORDER BY value, unit DESC) AS panel FROM random, ci.observations(panel)) AS renamed,
	ci.rank(random.panel, pg_temp.plain(random.panel, parameters)) AS x JOIN ci.rank(renamed.panel, pg_temp.plain(renamed.panel, parameters)) AS y ON y.unit = md5(x.unit)
GROUP BY b.parameters ORDER BY b.parameters;
SELECT b.parameters, max(abs(x.score - y.score)) < 1e-12 AS same
FROM random, (VALUES ('{}'::jsonb), ('{"shares": [0.1, 0.4]}')) AS b (parameters),
	(SELECT ci.panel_agg(unit, 0, indicator, value * CASE indicator WHEN 'i1' THEN 1000 WHEN 'i2' THEN 0.03 ELSE 1 END) AS panel FROM random, ci.observations(panel)) AS other,
	ci.rank(random.panel, pg_temp.plain(random.panel, parameters)) AS x JOIN ci.rank(other.panel, pg_temp.plain(other.panel, parameters)) AS y USING (unit)
GROUP BY b.parameters ORDER BY b.parameters;
-- A unit that another surpasses in everything makes no difference to the others.
SELECT max(abs(x.score - y.score)) < 1e-12 AS same
FROM random, (SELECT ci.panel_agg(p) AS panel FROM (SELECT panel FROM random UNION ALL SELECT ci.panel_agg('worst', 0, 'i' || i, 0.5) FROM generate_series(1, 5) AS i) AS parts (p)) AS more,
	ci.rank(random.panel, pg_temp.plain(random.panel)) AS x JOIN ci.rank(more.panel, pg_temp.plain(more.panel)) AS y USING (unit);

-- One unit, equal units, nothing but zeros, nothing at all
SELECT pg_temp.scores(panel, pg_temp.plain(panel)) AS scores
FROM unnest('{"a 3 0","a 3 5; b 3 5","a 1 2; b 0 0","a 0 0; b 0 0","a 1 2; b - -","a - -"}'::text[]) WITH ORDINALITY AS c (cells, i), pg_temp.matrix(cells) AS panel ORDER BY i;
-- What is missing gives a unit no credit, and is no obstacle to others; a child without weight is as missing for all.
SELECT pg_temp.scores(panel, pg_temp.plain(panel)) AS scores, pg_temp.scores(panel, pg_temp.plain(panel, '{}', '{"components": [{"code": "c2", "weight": 0}]}')) AS by_c1
FROM unnest('{"a 4 4; b 8 -; c 2 8","a 4 4; b 8 0; c 2 8"}'::text[]) WITH ORDINALITY AS c (cells, i), pg_temp.matrix(cells) AS panel ORDER BY i;
-- A unit that the screen keeps out is judged by the others, which may not limit it.
SELECT pg_temp.scores(panel, pg_temp.plain(panel, '{}', '{"screen": {"exclude": ["c"]}}')) AS scores
FROM unnest('{"a 4 4; b 8 2; c 16 2","a 4 0; b 8 0; c 1 1"}'::text[]) WITH ORDINALITY AS c (cells, i), pg_temp.matrix(cells) AS panel ORDER BY i;
-- No weights give each of two criteria a fifth of the score where one is 0: no score, which is a finding; a unit of zeros has the score 0.
SELECT pg_temp.scores(panel, pg_temp.plain(panel, '{"shares": [0.2, 1]}')) AS scores FROM pg_temp.matrix('a 4 4; b 8 0; c 0 0; d 1 2') AS panel;
SELECT severity, finding, component, unit, message FROM pg_temp.matrix('a 4 4; b 8 0; c 0 0; d 1 2') AS panel, ci.audit(panel, pg_temp.plain(panel, '{"shares": [0.2, 1]}')) WHERE finding IN ('infeasible', 'no_score');
-- nor where too few are present to make up the whole
SELECT pg_temp.scores(panel, pg_temp.plain(panel, '{"weight_shares": [0, 0.6]}')) AS scores FROM pg_temp.matrix('a 4 4; b 8 -; c 1 2') AS panel;
-- Values below 0 are met as a power mean meets them.
SELECT policy, pg_temp.scores(panel, pg_temp.plain(panel, '{}', jsonb_build_object('on_nonpositive', policy))) AS scores
FROM unnest('{"\"missing\"","\"zero\"","0.5"}'::jsonb[]) AS policy, pg_temp.matrix('a 4 4; b -8 9; c 1 2') AS panel;
SELECT pg_temp.scores(panel, pg_temp.plain(panel)) AS scores FROM pg_temp.matrix('a 4 4; b -8 9; c 1 2') AS panel;

-- Values of very different sizes
SELECT unit, round(score::numeric, 6) AS score, score > 0 AS above_0 FROM pg_temp.matrix('a 1e300 1e-300; b 5e299 1e-300; c 1e280 5e-301; d 0 1e-320') AS panel, ci.rank(panel, pg_temp.plain(panel)) AS r ORDER BY unit;

-- As a component of others its scale is [0, 1].
SELECT unit, round(score::numeric, 4) AS score FROM pg_temp.matrix('a 4 4 1; b 8 2 0; c 1 2 1') AS panel, ci.rank(panel, '{"components": [
	{"code": "i", "aggregate": {"method": "geometric", "scale": [1, 100]}}, {"code": "g", "parent": "i", "aggregate": "bod"},
	{"code": "c1", "parent": "g", "normalise": "none"}, {"code": "c2", "parent": "g", "normalise": "none"},
	{"code": "c3", "parent": "i", "direction": -1, "normalise": {"method": "goalposts", "lower": 0, "upper": 1, "to": [0, 1]}}]}');
SELECT ci.is_peer_independent(pg_temp.plain(panel)) FROM random;

-- It can be interrupted.
CREATE TEMP TABLE many AS
SELECT ci.panel_agg('u' || u, 0, 'i' || i, abs(hashint4(u * 100 + i)) % 100000) AS panel FROM generate_series(1, 6000) AS u, generate_series(1, 30) AS i;
SET statement_timeout = '300ms';
SELECT count(*) FROM many, ci.rank(panel, pg_temp.bod(panel));
RESET statement_timeout;

-- errors
SELECT count(*) FROM (SELECT ci.panel_agg('u' || u, 0, 'i', u) FROM generate_series(1, 20001) AS u) AS p (panel), ci.rank(panel, pg_temp.bod(panel));
SELECT ci.methodology_agg(c) IS NOT NULL FROM (SELECT '{"code": "index", "aggregate": {"method": "bod", "shares": [0, 0.5]}}'::jsonb AS c
	UNION ALL SELECT jsonb_build_object('code', 'i' || i, 'parent', 'index') FROM generate_series(1, 257) AS i) AS components;
SELECT pg_temp.plain(panel, '{"shares": [0.3, 1]}') FROM random;
SELECT pg_temp.plain(panel, '{"weight_shares": [0, 0.1]}') FROM random;
SELECT pg_temp.plain(panel, '{"shares": [-0.1, 0.5]}') FROM random;
SELECT pg_temp.plain(panel, '{"shares": [0.5, 0.1]}') FROM random;
SELECT pg_temp.plain(panel, '{"shares": 0.5}') FROM random;
SELECT pg_temp.plain(panel, '{"shares": {"i6": [0, 0.5]}}') FROM random;
SELECT pg_temp.plain(panel, '{"share": [0, 0.5]}') FROM random;
