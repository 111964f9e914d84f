-- Highlights: every statement of a published press release, each kind on its own, and all against a definition in other words.
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/ai_city_editions.sql'
\set ECHO none
\i :example
\set ECHO all
SET client_min_messages = warning;
\pset null ~
\set SHOW_CONTEXT never

-- What the press release of 2021 says, each looked for in the rows: who, what, since when, and for how many editions.
WITH said (unit, kind, k, since, count) AS (VALUES
	('Beijing', 'streak_in_top', 3, '2018', 4), ('Hangzhou', 'streak_in_top', 3, '2018', 4), ('Shenzhen', 'streak_in_top', 3, '2018', 4),
	('Beijing', 'streak_in_top', 1, '2019', 3), ('Shanghai', 'streak_in_top', 5, '2018', 4),
	('Nanjing', 'first_in_top', 5, '2021', 1), ('Nanjing', 'rise', 6, '2020', 1),
	('Jinan', 'first_in_top', 10, '2021', 1), ('Jinan', 'new', NULL, '2021', 1))
SELECT said.*, h.sentence FROM said LEFT JOIN ci.highlights('city', '2021') AS h
	ON (h.unit, h.kind, h.since, h.count) = (said.unit, said.kind, said.since, said.count) AND h.k IS NOT DISTINCT FROM said.k
ORDER BY remarkable;
-- and nobody else is said to do the same
SELECT kind, k, string_agg(unit, ', ' ORDER BY remarkable) AS units FROM ci.highlights('city', '2021')
WHERE kind = 'left_top' OR kind = 'first_in_top' OR k <= 5 AND kind = 'streak_in_top' GROUP BY kind, k ORDER BY kind, k;
-- the editions before it; the first has none before it
SELECT remarkable, unit, kind, k, since, count, sentence FROM ci.highlights('city', '2019');
SELECT remarkable, unit, kind, k, since, count, sentence FROM ci.highlights('city', '2020');
SELECT count(*) FROM ci.highlights('city', '2018');
-- A year without an edition does nothing; a retracted edition is one that there is not.
SELECT ci.retract('city', '2020', 'from memory');
SELECT sentence, since FROM ci.highlights('city', '2021') WHERE unit IN ('Beijing', 'Chongqing', 'Nanjing', 'Xi''an', 'Jinan');

CREATE SCHEMA league;
SET search_path = league;
-- Edition n of a ledger is the n-th of these lists, the best first.
CREATE FUNCTION import(ledger regclass, lists text[], listed int[] DEFAULT '{}') RETURNS bigint LANGUAGE sql
	RETURN (SELECT count(ci.import_edition(ledger, 'e' || n, n::int, string_to_array(list, NULL),
			ARRAY(SELECT r FROM generate_series(1, length(list)) AS r), listed => listed[n]))
		FROM unnest(lists) WITH ORDINALITY AS l (list, n));

-- First again; no longer first; the strongest statement alone: who leaves the top 3 has left the first place too, who enters the top 3 the top 5.
SELECT ci.create_ledger('first', '{5,3,1}');
SELECT import('first', '{abcdef,bacdef,bcdefa,abcdef,fgbcdea}');
SELECT e, kind, k, since, count, sentence FROM generate_series(2, 5) AS e, ci.highlights('first', 'e' || e) WHERE kind IN ('first_in_top', 'back_in_top', 'left_top') ORDER BY e, remarkable;
-- a streak only if it is longer than that of every smaller k
SELECT e, k, since, count, sentence FROM generate_series(2, 5) AS e, ci.highlights('first', 'e' || e) WHERE kind = 'streak_in_top' AND unit IN ('a', 'b', 'c') ORDER BY e, remarkable;
-- the best place, of three editions or more, unless it is the first time in a top; equalled is not better
SELECT ci.create_ledger('best', '{1}');
SELECT import('best', '{abcdef,abcefd,abecdf,aecbdf,ecabdf}');
SELECT e, unit, since, count, sentence FROM generate_series(2, 5) AS e, ci.highlights('best', 'e' || e) WHERE kind = 'best_ever' ORDER BY e, remarkable;

-- The three largest moves and who shares the third, of two places or more
SELECT ci.create_ledger('moves', '{}');
SELECT import('moves', '{abcdefghijklmnop,eabcdifghmjklpno,eabcdifghmjklpon,fghijeabcdmnopkl}');
SELECT e, unit, kind, k, since, count, sentence FROM generate_series(2, 4) AS e, ci.highlights('moves', 'e' || e) WHERE kind IN ('rise', 'fall') ORDER BY e, remarkable;

-- Out: of a list, or of a ranking; who has no score is out too.  Ties are in the order of units.
SELECT ci.create_ledger('out', '{2}');
SELECT import('out', '{abcd,abd,dba}', '{4,3,NULL}');
SELECT ci.import_edition('out', 'e4', 4, '{x,d,y,b}', '{1,1,3,3}') IS NOT NULL AS imported;
SELECT e, unit, kind, k, since, count, sentence FROM generate_series(2, 4) AS e, ci.highlights('out', 'e' || e) ORDER BY e, remarkable;
SELECT ci.create_ledger('scores', '{2}');
SELECT count(ci.publish('scores', 'e' || period, period, panel, '{"on_constant": "missing", "components": [{"code": "all", "min_count": 2}, {"code": "x", "parent": "all"}, {"code": "y", "parent": "all"}]}'))
FROM generate_series(1, 3) AS period, (SELECT ci.panel_agg(unit, n, '{x,y}', ARRAY[x, CASE WHEN n <> 2 OR unit <> 'a' THEN x END]) AS panel
	FROM (VALUES ('a', 3), ('b', 2), ('c', 1)) AS v (unit, x), generate_series(1, 3) AS n) AS p;
SELECT e, unit, kind, k, since, count, sentence FROM generate_series(2, 3) AS e, ci.highlights('scores', 'e' || e) ORDER BY e, remarkable;

-- What is not known is not said.  The second edition lists one: nobody knows whether a and b were in its top two, so no streak, no return,
-- no departure; nor whether c, fourth and later third, was better then.
SELECT ci.create_ledger('short', '{1,2}');
SELECT import('short', '{abdc,x,abxc,xbca,xbca,y,aycb}', '{4,1,4,4,4,1,4}');
SELECT e, unit, kind, k, since, count, sentence FROM generate_series(2, 7) AS e, ci.highlights('short', 'e' || e) ORDER BY e, remarkable;

-- Random ledgers, some lists cut off, some editions retracted.  A unit's history is a string: t, f or ? in each edition for each k, and its ranks.
SELECT ci.create_ledger('random', '{1,4,20}');
CREATE FUNCTION noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
SELECT count(ci.import_edition('random', 'e' || e, e, units, ranks, listed => listed)) AS imported
FROM (SELECT e, listed, array_agg('u' || u ORDER BY u) AS units, array_agg(r::int ORDER BY u) AS ranks
	FROM (SELECT *, rank() OVER (PARTITION BY e ORDER BY floor(20 * noise(u, e) + u)) AS r, CASE WHEN e % 5 = 1 THEN 12 WHEN e % 5 = 2 THEN 3 END AS listed
		FROM generate_series(1, 25) AS e, generate_series(1, 30) AS u WHERE noise(u, 100 + e) > 0.15) AS x
	WHERE r <= coalesce(listed, 30) GROUP BY e, listed) AS editions;
SELECT count(*) AS retracted FROM generate_series(5, 25, 7) AS e, ci.retract('random', 'e' || e, 'x');

CREATE TABLE live AS
SELECT edition, listed, row_number() OVER (ORDER BY period) AS n FROM random WHERE retracted_at IS NULL;
CREATE TABLE history AS
SELECT e.edition, e.n, e.listed IS NOT NULL AS listed, u.unit, k,
	string_agg(CASE WHEN s.rank <= k THEN 't' WHEN s.rank IS NULL AND l.listed < k THEN '?' ELSE 'f' END, '' ORDER BY l.n) AS inside,
	string_agg(CASE WHEN s.rank IS NULL THEN '.' ELSE 'r' END, '' ORDER BY l.n) AS ranked,
	array_agg(s.rank ORDER BY l.n) AS ranks, array_agg(l.listed ORDER BY l.n) AS lists
FROM live AS e JOIN live AS l ON l.n <= e.n CROSS JOIN (SELECT DISTINCT unit FROM random_standing) AS u
	CROSS JOIN unnest('{1,4,20}'::int[]) AS k LEFT JOIN random_standing AS s ON s.edition = l.edition AND s.unit = u.unit
GROUP BY e.edition, e.n, e.listed, u.unit, k;
CREATE VIEW by_hand AS
WITH ended AS (
	SELECT *, length(substring(inside FROM 't*$')) AS streak, ranks[n] AS rank, ranks[n - 1] AS before, ranks[n - 1] - ranks[n] AS change FROM history WHERE n > 1),
entry AS (
	SELECT DISTINCT ON (edition, unit) *, CASE WHEN inside ~ '^f+t$' THEN 'first_in_top' ELSE 'back_in_top' END AS kind, length(substring(inside FROM '(f+)t$')) AS away
	FROM ended WHERE inside ~ '^f+t$' OR inside ~ 'tf+t$' ORDER BY edition, unit, k),
departure AS (
	SELECT DISTINCT ON (edition, unit) *, length(substring(inside FROM '(t+)f$')) AS stay FROM ended WHERE inside ~ 'tf$' ORDER BY edition, unit, k DESC),
unit AS (SELECT * FROM ended WHERE k = 1)
SELECT edition, unit, 'streak_in_top' AS kind, k, n - streak + 1 AS since, streak AS count FROM ended AS a
WHERE streak > 1 AND NOT EXISTS (SELECT FROM ended AS b WHERE (a.edition, a.unit) = (b.edition, b.unit) AND b.k < a.k AND b.streak >= a.streak)
UNION ALL SELECT edition, unit, kind, k, CASE kind WHEN 'first_in_top' THEN n ELSE n - away - 1 END, CASE kind WHEN 'first_in_top' THEN 1 ELSE away END FROM entry
UNION ALL SELECT edition, unit, 'left_top', k, n - stay, stay FROM departure
UNION ALL SELECT edition, unit, 'new', NULL, n, 1 FROM unit WHERE ranked ~ '^\.+r$'
UNION ALL SELECT edition, unit, 'out', NULL, n - length(substring(ranked FROM '(r+)\.$')), length(substring(ranked FROM '(r+)\.$')) FROM unit WHERE ranked ~ 'r\.$'
UNION ALL SELECT edition, unit, 'best_ever', NULL, position('r' IN ranked), length(replace(ranked, '.', '')) FROM unit AS u
	WHERE rank IS NOT NULL AND length(replace(ranked, '.', '')) > 2
		AND NOT EXISTS (SELECT FROM unnest(ranks, lists) WITH ORDINALITY AS o (r, l, i) WHERE i < n AND (r <= rank OR r IS NULL AND l < rank))
		AND NOT EXISTS (SELECT FROM entry AS e WHERE (e.edition, e.unit, e.kind) = (u.edition, u.unit, 'first_in_top'))
UNION ALL SELECT edition, unit, CASE WHEN change > 0 THEN 'rise' ELSE 'fall' END, abs(change), n - 1, 1 FROM unit AS u
	WHERE abs(change) > 1 AND 3 > (SELECT count(*) FROM unit AS v WHERE v.edition = u.edition AND sign(v.change) = sign(u.change) AND abs(v.change) > abs(u.change));
CREATE TABLE said AS
SELECT edition, n, h.* FROM live, ci.highlights('random', edition) AS h;
SELECT coalesce(s.kind, b.kind) AS kind, count(s.unit) AS said, count(b.unit) AS by_hand, count(*) FILTER (WHERE (s.since_n, s.count) = (b.since, b.count)) AS same
FROM (SELECT said.*, live.n AS since_n FROM said JOIN live ON live.edition = since) AS s
	FULL JOIN by_hand AS b ON (s.edition, s.unit, s.kind) = (b.edition, b.unit, b.kind) AND coalesce(s.k, 0) = coalesce(b.k, 0)
GROUP BY 1 ORDER BY 1;
-- each has its own place in the order, from 1 on
SELECT count(*) AS editions, bool_and(first = 1 AND last = highlights AND places = highlights) AS in_order
FROM (SELECT min(remarkable) AS first, max(remarkable) AS last, count(*) AS highlights, count(DISTINCT remarkable) AS places FROM said GROUP BY edition) AS e;

-- Ordinals
SELECT string_agg(left(split_part(ci.highlight_sentence('x', 'best_ever', NULL, NULL, 3, n, NULL, false), ' ', 3), -1), ' ' ORDER BY n) AS ordinals
FROM unnest('{1,2,3,4,10,11,12,13,14,21,22,23,101,111,112,113,1011,2147483647}'::int[]) AS n;

-- A ledger of none; of one
SELECT ci.create_ledger('empty');
SELECT ci.import_edition('empty', 'only', 1, '{a}', '{1}') IS NOT NULL AS imported;
SELECT count(*) FROM ci.highlights('empty', 'only');

-- Errors
SELECT * FROM ci.highlights(NULL, '1');
SELECT * FROM ci.highlights('live', '1');
SELECT * FROM ci.highlights('first', NULL);
SELECT * FROM ci.highlights('first', 'e9');
SELECT * FROM ci.highlights('random', 'e5');
DROP VIEW best_latest, best_history;
SELECT * FROM ci.highlights('best', 'e2');

-- Rights are the caller's: he needs to read the list of editions and the history, no more.  What is on his search_path decides nothing.
CREATE FUNCTION format(text, VARIADIC text[]) RETURNS text LANGUAGE sql RETURN 'stolen';
CREATE FUNCTION array_position(text[], text) RETURNS int LANGUAGE sql RETURN 1 / 0;
CREATE ROLE regress_highlights;
GRANT USAGE ON SCHEMA league TO regress_highlights;
GRANT SELECT ON first_history TO regress_highlights;
SET ROLE regress_highlights;
SELECT * FROM ci.highlights('first', 'e2');
RESET ROLE;
GRANT SELECT ON first TO regress_highlights;
SET ROLE regress_highlights;
CREATE TEMP VIEW first_history AS SELECT 'stolen' AS unit;
CREATE TEMP TABLE place AS SELECT 'stolen' AS unit;
SET search_path = pg_temp, league, pg_catalog, ci;
SELECT sentence FROM ci.highlights('league.first', 'e2') WHERE k = 1;
RESET ROLE;
RESET search_path;

DROP SCHEMA league CASCADE;
DROP OWNED BY regress_highlights;
DROP ROLE regress_highlights;
