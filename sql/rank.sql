-- Ranks: ties, decimals, movement, the screen, and what must not change them.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;	-- the planner expects more rows than there are
\pset null ~

-- A methodology whose score is the value of x, and what is said on top.
CREATE FUNCTION pg_temp.methodology(top jsonb DEFAULT '{}', root jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql
	RETURN (jsonb_build_object('components', jsonb_build_array('{"code": "index", "normalise": "none"}'::jsonb || root,
		'{"code": "x", "parent": "index"}'::jsonb)) || top)::ci.methodology;

-- Rows in the order period, rank, unit (bytewise: upper case first), those
-- without a rank last; ranks are ranks: 9, 8, 8, 7 are 1, 2, 2, 4.
CREATE TEMP TABLE small AS
SELECT ci.panel_agg(unit, period, 'x', x) AS panel
FROM (VALUES ('b', 1, 8), ('a', 1, 7), ('Z', 1, 8), ('d', 1, 9), ('e', 1, NULL), ('A', 1, NULL),
	('a', 3, 5), ('d', 3, 5), ('f', 3, 6), ('e', 3, -1), ('b', 3, NULL)) v (unit, period, x);
SELECT r.* FROM small, ci.rank(panel, pg_temp.methodology()) r;

-- Ties.  [2, 1, 1] descending is 1, 2, 2.
SELECT t.ties, v.x, array_agg(r.rank ORDER BY r.unit COLLATE "C") AS ranks
FROM (VALUES ('min'), ('max'), ('dense')) t (ties),
	(VALUES ('{2,1,1}'::float8[]), ('{3,1,2,2}'), ('{9,8,8,8,7,7,6}'), ('{5,5,5}'), ('{1}'), ('{1,NULL,2,NULL,2,1}')) v (x),
	LATERAL (SELECT ci.panel_agg(n::text, 'x', x) AS panel FROM unnest(v.x) WITH ORDINALITY u (x, n)) p,
	ci.rank(panel, pg_temp.methodology(jsonb_build_object('rank', jsonb_build_object('ties', t.ties)))) r
GROUP BY t.ties, v.x ORDER BY v.x DESC, t.ties;

-- Decimals: ties are those of round(score::numeric, decimals); 9 unless said
-- otherwise, and the score itself stays as it is.
SELECT r.unit, r.rank AS by_9, three.rank AS by_3, zero.rank AS by_0, ten.rank AS by_tens, r.score
FROM (SELECT ci.panel_agg(unit, 'x', x) AS panel
	FROM (VALUES ('a', 14.99951), ('b', 14.9995), ('c', 14.999500000001), ('d', 15.0), ('e', 14.4999999999), ('f', 4.9)) v (unit, x)) p,
	ci.rank(panel, pg_temp.methodology()) r
	JOIN ci.rank(panel, pg_temp.methodology('{"rank": {"decimals": 3}}')) three USING (unit)
	JOIN ci.rank(panel, pg_temp.methodology('{"rank": {"decimals": 0}}')) zero USING (unit)
	JOIN ci.rank(panel, pg_temp.methodology('{"rank": {"decimals": -1}}')) ten USING (unit)
ORDER BY unit;

-- Against SQL's window functions: 1200 scores, many of them on or beside a half
-- of the last decimal, of all magnitudes and both signs.
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
CREATE TEMP TABLE many AS
SELECT n || ':' || i AS unit, CASE WHEN i % 2 = 0 THEN -x ELSE x END AS x
FROM generate_series(1, 200) i, LATERAL (VALUES
	(1, round(1000 * pg_temp.noise(i, 1)) / 8),
	(2, (round(100 * pg_temp.noise(i, 2)) + 0.5) / 10 ^ (i % 12)),
	(3, (round(20 * pg_temp.noise(i, 3)) + 0.5) / 10 ^ (i % 6) + 1e-13 * round(3 * pg_temp.noise(i, 4))),
	(4, 10 ^ (40 * pg_temp.noise(i, 5) - 20)),
	(5, 100 + 1e-9 * round(10 * pg_temp.noise(i, 6))),
	(6, exp(pg_temp.noise(i, 7)))) v (n, x);
WITH panel AS (SELECT ci.panel_agg(unit, 1, 'x', x) AS panel FROM many),
rule AS MATERIALIZED (
	SELECT decimals, pg_temp.methodology(jsonb_build_object('rank', jsonb_build_object('decimals', decimals))) AS min,
		pg_temp.methodology(jsonb_build_object('rank', jsonb_build_object('decimals', decimals, 'ties', 'max'))) AS max,
		pg_temp.methodology(jsonb_build_object('rank', jsonb_build_object('decimals', decimals, 'ties', 'dense'))) AS dense
	FROM unnest('{-30,-5,-2,-1,0,1,2,3,4,5,6,9,12,13,14,15,20,30}'::int[]) decimals),
expected AS (
	SELECT decimals, unit, rank() OVER w AS min, dense_rank() OVER w AS dense,
		count(*) OVER (PARTITION BY decimals ORDER BY round(x::numeric, decimals) DESC RANGE UNBOUNDED PRECEDING) AS max
	FROM many, rule WINDOW w AS (PARTITION BY decimals ORDER BY round(x::numeric, decimals) DESC))
SELECT m.decimals, count(*) AS ranks, count(*) > count(DISTINCT e.min) AS some_tied,
	count(*) FILTER (WHERE a.rank IS DISTINCT FROM e.min) AS wrong_min,
	count(*) FILTER (WHERE b.rank IS DISTINCT FROM e.max) AS wrong_max, count(*) FILTER (WHERE c.rank IS DISTINCT FROM e.dense) AS wrong_dense
FROM panel, rule m, ci.rank(panel, m.min) a JOIN ci.rank(panel, m.max) b USING (unit) JOIN ci.rank(panel, m.dense) c USING (unit)
JOIN expected e USING (unit)
WHERE e.decimals = m.decimals
GROUP BY m.decimals ORDER BY m.decimals;

-- Many units are sorted otherwise than few.  10 000 scores of both signs and all
-- magnitudes, zeros of both signs and other ties among them, best first and last;
-- rows are in the order of rank, then unit.
WITH many AS MATERIALIZED (
	SELECT 'u' || n AS unit, CASE n % 5 WHEN 0 THEN 0 WHEN 1 THEN n % 100 - 50 ELSE 2 * pg_temp.noise(n, 1) - 1 END
		* CASE n % 5 WHEN 4 THEN 1e290 WHEN 3 THEN 1e-5 ELSE 1 END AS x
	FROM generate_series(1, 10000) n),
expected AS MATERIALIZED (
	SELECT direction, unit, rank, row_number() OVER (PARTITION BY direction ORDER BY rank, unit COLLATE "C") AS place
	FROM (SELECT direction, unit, rank() OVER (PARTITION BY direction ORDER BY round(direction * x::numeric, 9) DESC) AS rank
		FROM many, unnest('{1,-1}'::int[]) direction) ranks),
got AS MATERIALIZED (
	SELECT direction, r.*
	FROM (SELECT ci.panel_agg(unit, 1, 'x', x) AS panel FROM many) p, unnest('{1,-1}'::int[]) direction,
		ci.rank(panel, pg_temp.methodology('{}', jsonb_build_object('direction', direction)))
			WITH ORDINALITY r (period, unit, rank, n_ranked, score, previous_rank, rank_change, coverage, imputed_share, status, place))
SELECT direction, count(*) AS ranks, count(DISTINCT e.rank) AS different, count(*) FILTER (WHERE g.rank <> e.rank) AS wrong,
	count(*) FILTER (WHERE g.place <> e.place) AS misplaced
FROM expected e JOIN got g USING (direction, unit)
GROUP BY direction ORDER BY direction;

-- Movement: rank in the panel's preceding period less rank now.  b leaves after
-- period 1 and is back in 4, c enters in 2, d is there throughout and has no
-- value in 2; between 2 and 4 there is a gap.
SELECT r.period, r.unit, r.rank, r.n_ranked, r.previous_rank, r.rank_change
FROM (SELECT ci.panel_agg(unit, period, 'x', x) AS panel
	FROM (VALUES ('a', 1, 9), ('b', 1, 8), ('d', 1, 7), ('a', 2, 5), ('c', 2, 6), ('d', 2, NULL),
		('a', 4, 1), ('b', 4, 3), ('c', 4, 2), ('d', 4, 4), ('a', 5, 1), ('b', 5, 1), ('c', 5, 1), ('d', 5, 1)) v (unit, period, x)) p,
	ci.rank(panel, pg_temp.methodology()) r;

-- direction -1 of the root: rank 1 is the lowest.  (A leaf that is the root has
-- been turned already.)
SELECT r.unit, r.rank, r.score, r.status, leaf.rank AS leaf_rank, leaf.score AS leaf_score
FROM small, ci.rank(panel, pg_temp.methodology('{}', '{"direction": -1}')) r
JOIN ci.rank(panel, '{"components": [{"code": "x", "direction": -1, "normalise": "none"}]}') leaf USING (period, unit)
WHERE r.period = 1;

-- The screen: who is ranked, and whom parameters are estimated from.  Coverage
-- and zeros, of four indicators: a 4 of 4 and none, b 3 and none, c 2 and 1 of
-- these, d 4 and 3, e 0; f has everything, and a flag that is 0, g a flag that
-- is missing.
CREATE TEMP TABLE units (unit text, cells float8[], member float8);
INSERT INTO units VALUES
	('a', '{1,5,3,8}', 1), ('b', '{2,7,NULL,4}', 1), ('c', '{9,0,NULL,NULL}', 1), ('d', '{0,0,0,20}', 1),
	('e', '{NULL,NULL,NULL,NULL}', 1), ('f', '{30,3,5,6}', 0), ('g', '{3,2,1,1}', NULL);
CREATE TEMP TABLE screened AS
SELECT ci.panel_agg(unit, 1, '{i1,i2,i3,i4,member}', cells || member) AS panel FROM units;
CREATE FUNCTION pg_temp.screen(screen jsonb) RETURNS ci.methodology LANGUAGE sql
	RETURN (jsonb_build_object('components', '[{"code": "index"}, {"code": "i1", "parent": "index"}, {"code": "i2", "parent": "index"},
		{"code": "i3", "parent": "index"}, {"code": "i4", "parent": "index"}]'::jsonb, 'on_constant', 'midpoint')
		|| CASE WHEN screen IS NULL THEN '{}' ELSE jsonb_build_object('screen', screen) END)::ci.methodology;

SELECT s.screen, array_agg(r.unit || ' ' || r.status ORDER BY r.unit COLLATE "C") FILTER (WHERE r.status <> 'ranked') AS not_ranked,
	array_agg(r.unit || ' ' || r.rank ORDER BY r.rank, r.unit COLLATE "C") FILTER (WHERE r.status = 'ranked') AS ranked, max(r.n_ranked) AS n
FROM screened, (VALUES
	(1, NULL::jsonb),
	(2, '{}'),
	(3, '{"min_coverage": 0.75}'),
	(4, '{"min_coverage": 0.76}'),
	(5, '{"min_coverage": 0}'),
	(6, '{"min_coverage": 0, "max_zeros": 0.5}'),
	(7, '{"min_coverage": 0, "max_zeros": 0.75}'),
	(8, '{"min_coverage": 0, "max_zeros": 0}'),
	(9, '{"units": "member"}'),
	(10, '{"units": ["a", "b", "c", "nobody"]}'),
	(11, '{"include": ["c", "e"]}'),
	(12, '{"exclude": ["a", "c"]}'),
	(13, '{"units": "member", "include": ["c", "f"], "exclude": ["c", "d"]}'),
	(14, '{"exclude": ["a", "b", "d", "f", "g"]}')) s (n, screen),
	ci.rank(panel, pg_temp.screen(s.screen)) r
GROUP BY s.n, s.screen ORDER BY s.n;
SELECT ci.rank(panel, pg_temp.screen('{"units": "i4"}')) FROM screened; \echo :SQLSTATE
SELECT ci.rank(panel, pg_temp.screen('{"units": "i5"}')) FROM screened; \echo :SQLSTATE

-- Who does not pass is scored, has no rank, and takes no part: the ranked have
-- the very scores that they would have without the others in the panel.
SELECT s.screen, count(*) AS ranked, count(*) FILTER (WHERE a.score IS DISTINCT FROM b.score OR a.rank IS DISTINCT FROM b.rank) AS differ
FROM screened, (VALUES ('{}'::jsonb), ('{"units": "member"}'), ('{"exclude": ["f", "d"]}'), ('{"min_coverage": 1, "max_zeros": 0}')) s (screen),
	unnest('{minmax,zscore,percentile_rank}'::text[]) n (normalise),
	LATERAL (SELECT ci.amend(pg_temp.screen(s.screen), jsonb_build_object('components',
		jsonb_build_array(jsonb_build_object('code', 'index', 'normalise', n.normalise, 'rescale', n.normalise)))) AS methodology) m,
	LATERAL (SELECT ci.subset(panel, units => array_agg(r.unit)) AS passed FROM ci.rank(panel, methodology) r WHERE r.rank > 0) p,
	ci.rank(panel, methodology) a JOIN ci.rank(passed, methodology) b USING (unit)
GROUP BY s.screen ORDER BY s.screen::text COLLATE "C";
SELECT r.unit, r.rank, r.n_ranked, round(r.score::numeric, 2) AS score, r.coverage, r.imputed_share, r.status
FROM screened, ci.rank(panel, pg_temp.screen('{"exclude": ["f"]}')) r;
-- The screen is per period: f is screened in period 1, and so has no previous
-- rank in period 2.
SELECT r.period, r.unit, r.rank, r.previous_rank, r.rank_change, r.status
FROM (SELECT ci.panel_agg(unit, period, '{x,y}', cells) AS panel
	FROM (VALUES ('a', 1, '{1,1}'::float8[]), ('f', 1, '{2,NULL}'), ('b', 1, '{0,0}'),
		('a', 2, '{1,1}'), ('f', 2, '{2,2}'), ('b', 2, '{0,0}')) v (unit, period, cells)) p,
	ci.rank(panel, '{"screen": {}, "components": [{"code": "index"}, {"code": "x", "parent": "index"}, {"code": "y", "parent": "index"}]}') r;

-- Coverage: a component that does not apply does not count; there may be nothing
-- to cover.
SELECT r.unit, r.rank, r.score, r.coverage, r.imputed_share, r.status
FROM (SELECT ci.panel_agg(unit, 1, '{x,y,z,some,none}', cells) AS panel
	FROM (VALUES ('a', '{1,2,3,1,0}'::float8[]), ('b', '{4,NULL,9,0,0}'), ('c', '{NULL,NULL,NULL,0,0}')) v (unit, cells)) p,
	ci.rank(panel, '{"components": [{"code": "index", "normalise": "none"}, {"code": "x", "parent": "index"},
		{"code": "y", "parent": "index"}, {"code": "z", "parent": "index", "units": "some"}]}') r;
SELECT r.unit, r.rank, r.score, r.coverage, r.imputed_share, r.status
FROM (SELECT ci.panel_agg(unit, 1, '{x,none}', '{1,0}'::float8[]) AS panel FROM (VALUES ('a'), ('b')) v (unit)) p,
	ci.rank(panel, pg_temp.methodology('{}', '{"units": "none"}')) r;

-- A newcomer's first ranking: without a methodology it is by the default one.
CREATE TEMP TABLE random AS
SELECT 'u' || u AS unit, p AS period, 'i' || i AS indicator,
	CASE WHEN (u + p + i) % 6 > 0 THEN round(20 * pg_temp.noise(u + 100 * p, i)) END AS value
FROM generate_series(1, 50) u, generate_series(1, 3) p, generate_series(1, 6) i WHERE (u + p) % 10 > 0;
CREATE TEMP TABLE panels AS SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM random;
SELECT count(*) AS rows, count(*) FILTER (WHERE a IS DISTINCT FROM b) AS differ
FROM panels, ci.rank(panel) WITH ORDINALITY a FULL JOIN ci.rank(panel, ci.default_methodology(panel)) WITH ORDINALITY b USING (ordinality);
-- … which is the mean of what min-max gives in each period
WITH score AS (
	SELECT unit, period, avg(100 * (value - low) / (high - low)) AS score, count(value) / 6.0 AS coverage
	FROM random JOIN (SELECT period, indicator, min(value) AS low, max(value) AS high FROM random GROUP BY period, indicator) r USING (period, indicator)
	GROUP BY unit, period)
SELECT count(*) AS rows, count(*) FILTER (WHERE abs(r.score - s.score) > 1e-9) AS wrong_scores,
	count(*) FILTER (WHERE r.rank <> s.rank) AS wrong_ranks, count(*) FILTER (WHERE abs(r.coverage - s.coverage) > 1e-9) AS wrong_coverage
FROM panels, ci.rank(panel) r JOIN (
	SELECT *, rank() OVER (PARTITION BY period ORDER BY round(score::numeric, 9) DESC) AS rank FROM score) s USING (unit, period);

-- The same bits for any order of the rows, and for pieces that are sorted and merged.
CREATE TEMP TABLE methods AS
SELECT '{"components": [{"code": "index", "normalise": "zscore"},
	{"code": "i1", "parent": "index"}, {"code": "i2", "parent": "index", "weight": 0.1},
	{"code": "i3", "parent": "index", "weight": 0.3, "direction": -1}, {"code": "i4", "parent": "index", "weight": 0.7}]}'::ci.methodology AS methodology;
WITH other AS (
	SELECT 'descending' AS rows, ci.panel_agg(unit, period, indicator, value ORDER BY unit DESC, period DESC, indicator DESC) AS panel FROM random
	UNION ALL SELECT 'by value', ci.panel_agg(unit, period, indicator, value ORDER BY value, indicator) FROM random
	UNION ALL SELECT 'shuffled', ci.panel_agg(unit, period, indicator, value ORDER BY reverse(unit || indicator || period)) FROM random
	UNION ALL SELECT 'merged', ci.panel_agg(part ORDER BY indicator DESC)
		FROM (SELECT indicator, ci.panel_agg(unit, period, indicator, value) AS part FROM random GROUP BY indicator) v)
SELECT o.rows, count(*) AS ranks, count(*) FILTER (WHERE a IS DISTINCT FROM b) AS differ,
	bool_and(ci.digest(o.panel) = ci.digest(p.panel)) AS same_digest
FROM panels p, methods m, other o,
	ci.rank(p.panel, methodology) WITH ORDINALITY a FULL JOIN ci.rank(o.panel, methodology) WITH ORDINALITY b USING (ordinality)
GROUP BY o.rows ORDER BY o.rows COLLATE "C";

-- Nor do labels matter: units renamed, and so in another order.
SELECT count(*) AS ranks, count(*) FILTER (WHERE a.score IS DISTINCT FROM b.score OR a.rank IS DISTINCT FROM b.rank) AS differ
FROM panels, methods, (SELECT ci.panel_agg(reverse(unit), period, indicator, value) AS renamed FROM random) r,
	ci.rank(panel, methodology) a JOIN ci.rank(renamed, methodology) b ON b.period = a.period AND b.unit = reverse(a.unit);

-- Rank reversal.  By a methodology that does not depend on peers, dropping a unit
-- changes no score, and nobody's place among the others; by z-scores it may.
WITH method AS (
	SELECT 'as it is' AS name, methodology FROM methods
	UNION ALL SELECT 'fitted', ci.fit(ci.subset(panel, '{1}'), methodology) FROM methods, panels),
dropped AS MATERIALIZED (
	SELECT u.gone, ci.subset(panel, '{1}', units => array_remove(ci.units(panel), u.gone)) AS panel
	FROM panels, unnest(ci.units(panel)) u (gone) WHERE u.gone LIKE 'u1%')
SELECT m.name, ci.is_peer_independent(m.methodology), count(*) FILTER (WHERE a.score IS DISTINCT FROM b.score) > 0 AS other_scores,
	count(*) FILTER (WHERE b.rank <> a.rank - CASE WHEN g.rank < a.rank THEN 1 ELSE 0 END) > 0 AS other_places
FROM method m, panels p, dropped d, ci.rank(ci.subset(p.panel, '{1}'), m.methodology) a, ci.rank(d.panel, m.methodology) b,
	ci.rank(ci.subset(p.panel, '{1}'), m.methodology) g
WHERE a.unit = b.unit AND g.unit = d.gone
GROUP BY m.name, m.methodology ORDER BY m.name;

-- NULL is no panel and no methodology: no rows.
SELECT count(*) FROM ci.rank(NULL, pg_temp.methodology());
SELECT count(*) FROM small, ci.rank(panel, NULL);
SELECT count(*) FROM ci.rank(NULL);
