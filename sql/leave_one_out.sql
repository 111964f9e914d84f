-- Rankings without one indicator, component or unit: what comes of it by the definitions, published rank reversals, and what must never reverse.
\getenv srcdir PG_ABS_SRCDIR
\set tai :srcdir '/examples/tai.sql'
\set hdi :srcdir '/examples/hdi.sql'
\set ECHO none
\o /dev/null
\i :tai
\i :hdi
\o
\set ECHO all
SET jit = off;
\pset null ~

-- Published rank reversals.  Borda points of the Handbook's Table 31: a 13, b 12, c 11, d 6; without d: a 6, b 7, c 8.
CREATE TEMP TABLE vote AS
SELECT panel, ci.amend(ci.default_methodology(panel), (SELECT jsonb_build_object('components', '[{"code": "index", "aggregate": "borda", "normalise": "none"}]' || jsonb_agg(jsonb_build_object('code', v::text, 'direction', -1))) FROM generate_series(1, 7) v)) AS methodology
FROM (SELECT ci.panel_agg(candidate, voter::text, place) AS panel
	FROM (VALUES (1, 3, '{c,b,a,d}'::text[]), (4, 5, '{b,a,d,c}'), (6, 7, '{a,d,c,b}')) AS v (first, last, candidates), generate_series(first, last) voter, unnest(candidates) WITH ORDINALITY AS c (candidate, place)) p;
SELECT l.left_out, l.unit, l.rank, rank_without, rank_change, reversals FROM vote, ci.leave_one_out(panel, methodology, 'units') l;
-- Belton and Gear (1983): A .45, B .47, C .08; with D, a copy of B: A .37, B .29, C .06, D .29.
CREATE TEMP TABLE copied AS
SELECT ci.panel_agg(unit, 0, '{a,b,c}', cells) AS panel, '{"components": [{"code": "i", "normalise": "sum"}, {"code": "a", "parent": "i"}, {"code": "b", "parent": "i"}, {"code": "c", "parent": "i"}]}'::ci.methodology AS methodology
FROM (VALUES ('A', '{1,9,8}'::float8[]), ('B', '{9,1,9}'), ('C', '{1,1,1}'), ('D', '{9,1,9}')) v (unit, cells);
SELECT r.unit, round(r.score::numeric, 2) AS score, round(w.score::numeric, 2) AS without_d FROM copied, ci.rank(panel, methodology) r
LEFT JOIN LATERAL (SELECT * FROM copied, ci.rank(ci.subset(panel, units => '{A,B,C}'), methodology)) w USING (unit) ORDER BY unit;
SELECT l.left_out, l.unit, l.rank, rank_without, rank_change, reversals FROM copied, ci.leave_one_out(panel, methodology, 'units') l WHERE left_out IN ('B', 'D');
-- By reference points (docs/mcda.md): A01 and A02 change places if A04 is left out, but for SPOTIS.
SELECT coalesce(aggregate ->> 'method', aggregate #>> '{}') AS method, array_agg(concat_ws(' ', l.unit, l.rank, rank_without, rank_change, reversals) ORDER BY l.unit) AS without_a04
FROM unnest(ARRAY['"topsis"', '"vikor"', '"copras"', '"moora"', '"edas"', '"aras"', '"waspas"', '"codas"', '"mabac"', '{"method": "spotis", "bounds": {"x1": [0, 20], "x2": [0, 20]}}']::jsonb[]) aggregate,
	ci.leave_one_out((SELECT ci.panel_agg(u, 0, '{x1,x2}', r) FROM (VALUES ('A01', '{15,3}'::float8[]), ('A02', '{5,9}'), ('A03', '{17,4}'), ('A04', '{10,15}')) v (u, r)),
		jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', 'index', 'normalise', 'none', 'aggregate', aggregate), '{"code": "x1", "parent": "index"}'::jsonb, '{"code": "x2", "parent": "index"}'::jsonb))::ci.methodology, 'units') l
WHERE left_out = 'A04' AND l.unit IN ('A01', 'A02') GROUP BY aggregate ORDER BY method;

-- By the definition: a component's weight becomes 0, or its parent's if nothing else is left there; a unit is not in the panel.
CREATE FUNCTION pg_temp.without_component(m ci.methodology, leaving text) RETURNS ci.methodology LANGUAGE sql AS $$
	WITH RECURSIVE c AS (SELECT code, parent, weight FROM ci.components(m)),
	up AS (
		SELECT 0 AS n, c.* FROM c WHERE code = leaving
		UNION ALL
		SELECT n + 1, p.* FROM up JOIN c p ON p.code = up.parent
		WHERE up.weight > 0 AND NOT EXISTS (SELECT FROM c s WHERE s.parent = up.parent AND s.code <> up.code AND s.weight > 0))
	SELECT ci.amend(m, jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', code, 'weight', 0)))) FROM (SELECT code FROM up ORDER BY n DESC LIMIT 1) last $$;
CREATE FUNCTION pg_temp.by_definition(panel ci.panel, m ci.methodology, elements text)
RETURNS TABLE (period int, left_out text, unit text, rank int, rank_without int, rank_change int, reversals int) LANGUAGE sql AS $$
	WITH r AS MATERIALIZED (SELECT r.period, r.unit, r.rank FROM ci.rank(panel, m) r),
	variant AS MATERIALIZED (
		SELECT code AS left_out, panel AS p, pg_temp.without_component(m, code) AS v FROM ci.components(m)
		WHERE CASE elements WHEN 'indicators' THEN indicator IS NOT NULL WHEN 'components' THEN indicator IS NULL AND parent IS NOT NULL WHEN 'dimensions' THEN depth = 1 END
		UNION ALL
		SELECT u.unit, ci.subset(panel, units => array_remove(ci.units(panel), u.unit)), m FROM (SELECT DISTINCT r.unit FROM r WHERE elements = 'units' AND r.rank IS NOT NULL) u),
	pair AS MATERIALIZED (
		SELECT r.period, v.left_out, r.unit, r.rank, w.rank AS rank_without FROM variant v, ci.rank(v.p, v.v) w JOIN r USING (period, unit)
		WHERE coalesce(r.rank, w.rank) IS NOT NULL AND (elements <> 'units' OR r.unit <> v.left_out AND (r.period, v.left_out) IN (SELECT r.period, r.unit FROM r WHERE r.rank IS NOT NULL)))
	SELECT p.period, p.left_out, p.unit, p.rank, p.rank_without,
		CASE WHEN elements <> 'units' OR p.rank IS NULL THEN p.rank ELSE (
			SELECT CASE m::jsonb #>> '{rank,ties}' WHEN 'max' THEN count(*) FILTER (WHERE o.rank <= p.rank) WHEN 'dense' THEN 1 + count(DISTINCT o.rank) FILTER (WHERE o.rank < p.rank) ELSE 1 + count(*) FILTER (WHERE o.rank < p.rank) END
			FROM r o WHERE o.period = p.period AND o.unit <> p.left_out) END - p.rank_without,
		CASE WHEN p.rank IS NOT NULL AND p.rank_without IS NOT NULL THEN (
			SELECT count(*) FROM pair o WHERE o.period = p.period AND o.left_out = p.left_out AND sign(o.rank - p.rank) * sign(o.rank_without - p.rank_without) < 0) END
	FROM pair p $$;
CREATE FUNCTION pg_temp.compare(panel ci.panel, m ci.methodology, elements text, OUT rows bigint, OUT wrong bigint, OUT moved bigint, OUT reversed bigint) LANGUAGE sql AS $$
	WITH l AS MATERIALIZED (SELECT * FROM ci.leave_one_out(panel, m, elements)), d AS MATERIALIZED (SELECT * FROM pg_temp.by_definition(panel, m, elements))
	SELECT count(*), (SELECT count(*) FROM (TABLE l EXCEPT ALL TABLE d) e) + (SELECT count(*) FROM (TABLE d EXCEPT ALL TABLE l) e),
		count(*) FILTER (WHERE rank_change <> 0), sum(reversals) / 2 FROM l $$;
SELECT name, elements, c.* FROM tai_method, tai_panel, unnest('{indicators,components,dimensions,units}'::text[]) elements, pg_temp.compare(panel, methodology, elements) c ORDER BY name, elements;
SELECT elements, c.* FROM hdi_index, unnest('{indicators,components,dimensions,units}'::text[]) elements, pg_temp.compare(panel, methodology, elements) c ORDER BY elements;

-- The same of a panel with ties, gaps, units that are screened or have no score, in two periods; less is better in the end; by many methods.
CREATE TEMP TABLE league AS
SELECT ci.panel_agg('u' || lpad(u::text, 2, '0'), p, 'x' || j, CASE WHEN (u * 7 + j * 3 + p) % 11 > 0 THEN 1 + (u * u * 31 + j * j * u * 17 + p * u) % 23 END::float8) AS panel
FROM generate_series(1, 16) u, generate_series(1, 6) j, generate_series(1, 2) p;
CREATE FUNCTION pg_temp.judged(more jsonb DEFAULT '{}', root jsonb DEFAULT '{}', node jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql AS $$
	SELECT ('{"screen": {"min_coverage": 0.7, "exclude": ["u03"]}, "rank": {"decimals": 1}}'::jsonb || more || jsonb_build_object('components', jsonb_build_array(
		'{"code": "i", "direction": -1, "normalise": {"method": "minmax", "to": [1, 100]}}'::jsonb || root,
		'{"code": "a", "parent": "i", "direction": -1}'::jsonb || node, '{"code": "b", "parent": "i", "weight": 2}'::jsonb || node, '{"code": "c", "parent": "b"}'::jsonb)
		|| (SELECT jsonb_agg(jsonb_build_object('code', 'x' || j, 'parent', CASE WHEN j < 4 THEN 'a' WHEN j < 6 THEN 'b' ELSE 'c' END, 'weight', j % 5)) FROM generate_series(1, 6) j)))::ci.methodology $$;
CREATE TEMP TABLE judged AS
SELECT 'ties ' || ties AS name, pg_temp.judged(jsonb_build_object('rank', jsonb_build_object('ties', ties, 'decimals', -1))) AS methodology FROM unnest('{min,max,dense}'::text[]) ties
UNION ALL SELECT 'root ' || method, pg_temp.judged(root => jsonb_build_object('aggregate', method, 'direction', 1), node => '{"direction": 1}')
	FROM unnest('{geometric,harmonic,median,min,mpi,copeland,borda,kemeny,promethee}'::text[]) method
UNION ALL SELECT 'natural ' || method, ('{"on_nonpositive": 0.001, "components": [{"code": "i", "aggregate": "' || method || '", "normalise": "none"}, {"code": "x1", "parent": "i"}, {"code": "x2", "parent": "i"}, {"code": "x3", "parent": "i", "direction": -1}]}')::ci.methodology
	FROM unnest('{topsis,vikor,moora,edas}'::text[]) method
UNION ALL SELECT 'plain', ci.default_methodology(panel) FROM league
UNION ALL SELECT 'present', pg_temp.judged(root => '{"min_coverage": 0.8}', node => '{"min_count": 2}')
UNION ALL SELECT 'nonpositive', pg_temp.judged('{"on_nonpositive": "missing"}', '{"normalise": {"method": "zscore"}, "aggregate": "arithmetic"}', '{"aggregate": {"method": "power", "p": -1}, "direction": 1}')
UNION ALL SELECT 'rescaled', pg_temp.judged(root => '{"aggregate": "geometric"}', node => '{"rescale": {"method": "minmax", "to": [1, 100], "clamp": true}}')
UNION ALL SELECT 'ranked', pg_temp.judged(root => '{"normalise": "percentile_rank"}')
UNION ALL SELECT 'pooled', pg_temp.judged(root => '{"normalise": {"method": "zscore", "scope": "panel"}}')
UNION ALL SELECT 'prepared', pg_temp.judged(root => '{"impute": {"method": "mean", "scope": "panel"}, "treat": {"method": "winsorise", "skewness": 0.1, "kurtosis": -1.5, "max_points": 2}, "normalise": {"method": "zscore", "scope": "panel"}}')
UNION ALL SELECT 'previous', pg_temp.judged(root => '{"impute": "previous"}');
SELECT name, elements, c.* FROM league, judged, unnest('{indicators,components,units}'::text[]) elements, pg_temp.compare(panel, methodology, elements) c ORDER BY name COLLATE "C", elements;
-- a unit left out is one that the screen excludes, but that it has no score either, which might be an error
SELECT name, count(*) AS rows, count(*) FILTER (WHERE l.rank_without IS DISTINCT FROM s.rank) AS wrong
FROM league, judged, ci.leave_one_out(panel, methodology, 'units') l, LATERAL (SELECT r.rank
	FROM ci.rank(panel, ci.amend(methodology, jsonb_build_object('screen', coalesce(methodology::jsonb -> 'screen', '{"min_coverage": 0}') || jsonb_build_object('exclude', coalesce(methodology::jsonb #> '{screen,exclude}', '[]') || to_jsonb(l.left_out))))) r
	WHERE r.period = l.period AND r.unit = l.unit) s
WHERE name IN ('ties min', 'root kemeny', 'natural topsis', 'pooled', 'prepared') GROUP BY name ORDER BY name COLLATE "C";
SELECT left_out, unit, rank, rank_without, rank_change FROM ci.leave_one_out((SELECT ci.panel_agg(u, 0, '{x,y}', r) FROM (VALUES ('a', '{4,3}'::float8[]), ('b', '{3,4}'), ('c', '{2,2}'), ('d', '{1,1}')) v (u, r)),
	'{"components": [{"code": "i", "aggregate": "geometric", "normalise": {"method": "minmax", "to": [1, 100]}}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i", "weight": 2}]}', 'units') WHERE left_out = 'd';
-- the unit that others are measured by stays that, though it is gone
SELECT left_out, unit, rank, rank_without, rank_change FROM ci.leave_one_out((SELECT ci.panel_agg(u, 0, 'x', r) FROM (VALUES ('a', 4::float8), ('b', 3), ('c', 2)) v (u, r)),
	'{"components": [{"code": "x", "normalise": {"method": "minmax", "lower": 0, "upper": {"unit": "a"}}}]}', 'units') WHERE left_out = 'a';

-- a unit left out may have no value by a treatment that is fitted to the others, which is no error
CREATE TEMP TABLE treated AS SELECT ci.panel_agg(u, 0, 'x', r) AS panel, ci.methodology
	'{"components": [{"code": "x", "normalise": "zscore", "treat": {"method": "winsorise", "skewness": 0.1, "kurtosis": -1.5, "max_points": 0, "otherwise": "log_ct"}}]}' AS methodology
FROM (VALUES ('a', 1::float8), ('b', 2), ('c', 10), ('d', 11), ('e', 12), ('f', 100)) v (u, r);
SELECT c.* FROM treated, pg_temp.compare(panel, methodology, 'units') c;

-- What scores each unit on its own has no rank reversals.
WITH fitted AS (
	SELECT name, panel, ci.fit(panel, methodology, 2) AS methodology FROM league, judged
	UNION ALL SELECT 'hdi', panel, methodology FROM hdi_index
	UNION ALL SELECT 'tai ' || name, panel, methodology FROM tai_panel, tai_method)
SELECT count(DISTINCT name) AS methodologies, count(*) AS rows, count(*) FILTER (WHERE rank_change <> 0 OR reversals <> 0) AS reversed
FROM fitted, ci.leave_one_out(panel, methodology, 'units') WHERE ci.is_peer_independent(methodology);

-- Rows are in order; indicators are the default; a period alone is what it was among others.
WITH l AS MATERIALIZED (
	SELECT name, elements, l.*, c.position, r.rank AS of_unit FROM league, judged, unnest('{indicators,components,units}'::text[]) elements,
		ci.leave_one_out(panel, methodology, elements) WITH ORDINALITY l LEFT JOIN LATERAL (SELECT * FROM ci.components(methodology)) c ON code = left_out
		LEFT JOIN LATERAL (SELECT * FROM ci.rank(panel, methodology)) r ON r.period = l.period AND r.unit = left_out
	WHERE name IN ('ties max', 'present'))
SELECT name, elements, count(*) AS rows, count(*) FILTER (WHERE ordinality <> place) AS wrong
FROM (SELECT *, row_number() OVER (PARTITION BY name, elements ORDER BY period, position, of_unit, left_out COLLATE "C", rank, unit COLLATE "C") AS place FROM l) o GROUP BY name, elements ORDER BY name, elements;
SELECT (SELECT array_agg(a) FROM ci.leave_one_out(panel, methodology) a) = (SELECT array_agg(b) FROM ci.leave_one_out(panel, methodology, 'indicators', NULL) b) AS indicators_by_default FROM league, judged WHERE name = 'present';
SELECT elements, bool_and(coalesce((SELECT array_agg(a) FROM ci.leave_one_out(panel, methodology, elements) a WHERE a.period = 2) = (SELECT array_agg(b) FROM ci.leave_one_out(panel, methodology, elements, 2) b), false)) AS same
FROM league, judged, unnest('{indicators,components,units}'::text[]) elements WHERE name IN ('pooled', 'previous', 'prepared', 'rescaled', 'ties min') GROUP BY elements ORDER BY elements;

-- All level; one unit; none; NULL.
SELECT elements, count(*) AS rows, min(rank) || '-' || max(rank) AS ranks, min(rank_without) || '-' || max(rank_without) AS without, max(abs(rank_change)) AS furthest, sum(reversals) AS reversals
FROM unnest('{indicators,units}'::text[]) elements, (SELECT ci.panel_agg('u' || u, 0, '{x,y}', '{5,5}'::float8[]) AS panel FROM generate_series(1, 5) u) p,
	ci.leave_one_out(panel, ci.amend(ci.default_methodology(panel), '{"on_constant": "midpoint"}'), elements) GROUP BY elements ORDER BY elements;
CREATE FUNCTION pg_temp.of(units int) RETURNS TABLE (panel ci.panel, methodology ci.methodology) LANGUAGE sql AS $$
	SELECT ci.subset(ci.panel_agg('u' || u, 0, '{x,y}', '{5,5}'::float8[]), units => (SELECT array_agg('u' || u) FROM generate_series(1, units) u)), ci.methodology '{"on_constant": "midpoint", "components": [{"code": "i"}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}' FROM generate_series(1, 3) u $$;
SELECT elements, l.* FROM unnest('{indicators,dimensions,components,units}'::text[]) elements, pg_temp.of(1), ci.leave_one_out(panel, methodology, elements) l;
SELECT count(*) FROM unnest('{indicators,dimensions,components,units}'::text[]) elements, pg_temp.of(3), ci.leave_one_out(ci.subset(panel, units => '{}'), methodology, elements) l;
SELECT count(*) FROM pg_temp.of(3), LATERAL (VALUES (NULL::ci.panel, methodology, 'units'), (panel, NULL, 'units'), (panel, methodology, NULL)) v (p, m, e), ci.leave_one_out(p, m, e);
-- a unit that has no score but for what is left out, and one that has none without it
SELECT l.left_out, l.unit, l.rank, rank_without, rank_change, reversals FROM ci.leave_one_out(
	(SELECT ci.panel_agg(u, 0, '{x,y}', r) FROM (VALUES ('a', '{4,2}'::float8[]), ('b', '{3,0}'), ('c', '{2,NULL}'), ('d', '{1,1}')) v (u, r)),
	'{"on_nonpositive": "missing", "components": [{"code": "i", "aggregate": "geometric", "normalise": "none"}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}') l;

-- Errors say without what.
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	context text;
	message text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT, message = MESSAGE_TEXT;
	RETURN SQLSTATE || ': ' || message || coalesce(' | ' || substring(context FROM '^(without .*)\nSQL statement'), '');
END $$;
SELECT pg_temp.error_of(statement) FROM (VALUES
	($$SELECT ci.leave_one_out(panel, methodology, 'unit') FROM pg_temp.of(3)$$),
	($$SELECT ci.leave_one_out(panel, methodology, 'units', 1) FROM pg_temp.of(3)$$),
	($$SELECT ci.leave_one_out(panel, ci.amend(methodology, '{"components": [{"code": "x", "remove": true}]}')) FROM pg_temp.of(3)$$),
	($$SELECT ci.leave_one_out(panel, ci.amend(methodology, '{"on_constant": "error"}')) FROM pg_temp.of(3)$$),
	($$SELECT ci.leave_one_out(panel, ci.amend(methodology, '{"on_constant": "error", "components": [{"code": "y", "remove": true}]}'), 'units') FROM (SELECT ci.panel_agg('u' || u, 0, 'x', u / 2) AS panel FROM generate_series(1, 3) u) p, (SELECT methodology FROM pg_temp.of(1)) m$$),
	($$SELECT ci.leave_one_out(panel, ci.amend(methodology, '{"components": [{"code": "x", "treat": {"method": "winsorise", "skewness": 0.1, "kurtosis": -1.5, "max_points": 0, "otherwise": "log_ct", "scope": {"units": ["a", "c", "d", "e", "f"]}}}]}'), 'units') FROM treated$$),
	($$SELECT ci.leave_one_out(panel, '{"components": [{"code": "i", "aggregate": "geometric", "normalise": "none"}, {"code": "n", "parent": "i"}, {"code": "x", "parent": "n"}, {"code": "y", "parent": "n"}, {"code": "z", "parent": "i"}]}', 'indicators') FROM (SELECT ci.panel_agg('u' || u, 0, '{x,y,z}', ARRAY[u, u - 1.5, 1]) AS panel FROM generate_series(1, 3) u) p$$)) s (statement);

-- The same bits in workers.
CREATE TABLE left_out WITH (parallel_workers = 2) AS SELECT name, panel, methodology FROM league, judged;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;
CREATE TEMP TABLE in_workers AS SELECT name, l.* FROM left_out, ci.leave_one_out(panel, methodology, 'units') l;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) AS rows, count(*) FILTER (WHERE w IS DISTINCT FROM a) AS wrong
FROM in_workers w FULL JOIN (SELECT name, l.* FROM left_out, ci.leave_one_out(panel, methodology, 'units') l) a USING (name, period, left_out, unit);
DROP TABLE left_out;
