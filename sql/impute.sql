-- Imputation: what fills a missing cell, and what is counted of it.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
\pset null ~

-- A panel from lines of unit, period, cells; - is missing.
CREATE FUNCTION pg_temp.panel(indicators text, lines text) RETURNS ci.panel LANGUAGE sql
	RETURN (SELECT ci.panel_agg(c[1], c[2]::int, string_to_array(indicators, ' '), string_to_array(array_to_string(c[3:], ' '), ' ', '-')::float8[])
		FROM regexp_split_to_table(lines, '\s*;\s*') line, string_to_array(line, ' ') c);
-- A methodology of a root and these components below it; no stage normalises.
CREATE FUNCTION pg_temp.methodology(components text, root text DEFAULT '', top text DEFAULT '') RETURNS ci.methodology LANGUAGE sql
	RETURN ('{"components": [{"code": "index", "normalise": "none"' || root || '}' || (
		SELECT string_agg(', {"parent": "index", ' || c || '}', '' ORDER BY n) FROM regexp_split_to_table(components, '\s*;\s*') WITH ORDINALITY v (c, n))
		|| ']' || top || '}')::ci.methodology;
-- What component x has after imputation, by period, in the order of units.
CREATE FUNCTION pg_temp.imputed(panel ci.panel, impute text, top text DEFAULT '', x text DEFAULT '') RETURNS TABLE (period int, cells text) LANGUAGE sql
	BEGIN ATOMIC
		SELECT e.period, string_agg(coalesce(round(e.imputed::numeric, 3)::float8::text, '-') || coalesce('<' || e.imputed_from, ''), ' ' ORDER BY e.unit)
		FROM ci.explain(panel, pg_temp.methodology('"code": "x", "impute": ' || impute || x, '', top)) e
		WHERE e.component = 'x' GROUP BY 1;
	END;
CREATE TEMP TABLE small AS SELECT pg_temp.panel('x region eu', 'a 1 1 1 1; b 1 2 1 1; c 1 - 1 0; d 1 10 2 1; e 1 - 2 1; f 1 - - 1; g 1 7 2 0;
	a 2 - 1 1; b 2 5 1 1; d 2 8 2 1') AS panel;

-- One value for all missing cells of the scope; nothing is brought into a period.
SELECT i.impute, x.* FROM small, (VALUES ('"mean"'), ('"median"'), ('{"method": "constant", "value": 0}'),
	('{"method": "mean", "scope": "panel"}'), ('{"method": "median", "scope": [2]}'),
	('{"method": "mean", "scope": {"units": "eu"}}'), ('{"method": "mean", "scope": {"units": ["a", "d"]}}'),
	('{"method": "mean", "scope": {"by": "region"}}'), ('{"method": "median", "scope": {"by": "region", "periods": "panel"}}'),
	('{"method": "mean", "scope": [2, 9]}'), ('{"method": "constant", "value": null}')) i (impute), pg_temp.imputed(panel, i.impute) x;
-- The same by SQL's own aggregates, over random cells.
CREATE TEMP TABLE many AS
SELECT 'u' || u AS unit, p AS period, (u * 7 + p) % 5 AS region,
	CASE WHEN hashint4(u * 100 + p) % 3 <> 0 THEN (hashint4(u * 1000 + p * 7) % 100000) / 64.0 END::float8 AS x
FROM generate_series(1, 200) u, generate_series(1, 6) p;
WITH means AS (
	SELECT m.*, avg(x::numeric) OVER (PARTITION BY period) AS mean, avg(x::numeric) OVER (PARTITION BY period, region) AS by_region,
		avg(x::numeric) OVER (PARTITION BY region) AS pooled FROM many m),
medians AS (SELECT period, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median FROM many GROUP BY 1),
wanted AS (SELECT * FROM means JOIN medians USING (period)),
panels AS (SELECT ci.panel_agg(unit, period, '{x,region}', ARRAY[x, region]) AS panel FROM many)
SELECT i.impute, count(*) AS cells, count(*) FILTER (WHERE 'imputed' = ANY (e.flags)) AS imputed,
	count(*) FILTER (WHERE e.imputed IS NULL) AS missing,
	count(*) FILTER (WHERE abs(e.imputed - coalesce(w.x, CASE i.n WHEN 1 THEN mean WHEN 2 THEN by_region WHEN 3 THEN pooled ELSE median END)) > 1e-9) AS wrong
FROM panels, (VALUES (1, '"mean"'), (2, '{"method": "mean", "scope": {"by": "region"}}'), (3, '{"method": "mean", "scope": {"by": "region", "periods": "panel"}}'),
	(4, '"median"')) i (n, impute), ci.explain(panel, pg_temp.methodology('"code": "x", "impute": ' || i.impute)) e
JOIN wanted w USING (unit, period) WHERE component = 'x' GROUP BY i.n, i.impute ORDER BY i.n;

-- From other periods of the unit: 2010, 2011, 2013, 2014, 2018.  previous carries an
-- observation forward, max_gap periods at most; linear joins neighbours with at most
-- max_gap periods between them, whether the panel has these or not.
CREATE TEMP TABLE series AS SELECT pg_temp.panel('x n', 'a 2010 1 1; a 2011 - 1; a 2013 4 1; a 2014 - 1; a 2018 14 1;
	b 2010 - 1; b 2011 5 1; b 2013 - 1; b 2014 - 1; b 2018 - 1; c 2010 3 1; c 2014 - 1; c 2018 9 1; d 2013 - 1') AS panel;
SELECT i.impute, x.* FROM series, (VALUES ('"previous"'), ('{"method": "previous", "max_gap": 1}'), ('{"method": "previous", "max_gap": 3}'),
	('"linear"'), ('{"method": "linear", "max_gap": 2}'), ('{"method": "linear", "max_gap": 4}'), ('{"method": "linear", "max_gap": 1}')) i (impute), pg_temp.imputed(panel, i.impute) x;
-- Carried forward by SQL, and interpolated by SQL.
WITH p AS (SELECT ci.panel_agg(unit, period, '{x}', ARRAY[x]) AS panel FROM many),
around AS (
	SELECT m.*, b.period AS b_period, b.x AS b_x, a.period AS a_period, a.x AS a_x
	FROM many m
	LEFT JOIN LATERAL (SELECT * FROM many o WHERE o.unit = m.unit AND o.period < m.period AND o.x IS NOT NULL ORDER BY o.period DESC LIMIT 1) b ON true
	LEFT JOIN LATERAL (SELECT * FROM many o WHERE o.unit = m.unit AND o.period > m.period AND o.x IS NOT NULL ORDER BY o.period LIMIT 1) a ON true)
SELECT i.impute, count(*) FILTER (WHERE 'imputed' = ANY (e.flags)) AS imputed, count(*) FILTER (WHERE e.imputed IS NULL) AS missing,
	count(*) FILTER (WHERE e.imputed IS DISTINCT FROM w.want OR e.imputed_from IS DISTINCT FROM CASE WHEN w.x IS NULL AND w.want IS NOT NULL THEN w.b_period END) AS wrong
FROM p, (VALUES ('"previous"', false, 99), ('{"method": "previous", "max_gap": 2}', false, 2), ('"linear"', true, 99), ('{"method": "linear", "max_gap": 2}', true, 2)) i (impute, linear, gap),
	ci.explain(panel, pg_temp.methodology('"code": "x", "impute": ' || i.impute)) e,
	LATERAL (SELECT a.x, a.b_period, CASE WHEN a.x IS NOT NULL THEN a.x WHEN linear AND a_period - b_period - 1 <= gap THEN b_x + (a_x - b_x) * ((a.period - b_period)::float8 / (a_period - b_period))
		WHEN NOT linear AND a.period - b_period <= gap THEN b_x END AS want FROM around a WHERE a.unit = e.unit AND a.period = e.period) w
WHERE component = 'x' GROUP BY 1 ORDER BY 1;

-- Denominated first: what is carried is the quotient.
SELECT e.period, e.raw, e.denominated, e.imputed, e.imputed_from FROM ci.explain(pg_temp.panel('x n', 'a 1 10 2; a 2 30 -; a 3 - 4; a 4 8 4'),
	pg_temp.methodology('"code": "x", "denominator": "n", "impute": "linear"')) e WHERE component = 'x';

-- Screened units take no part in a parameter, and are imputed themselves.
SELECT x.* FROM pg_temp.imputed(pg_temp.panel('x', 'a 1 1; b 1 3; c 1 -; d 1 100'), '"mean"', ', "screen": {"min_coverage": 0, "exclude": ["d", "c"]}') x;
-- A component is never imputed where it does not apply, nor takes from there.
SELECT x.* FROM small, pg_temp.imputed(panel, '"mean"', '', ', "units": "eu"') x;
SELECT x.* FROM pg_temp.imputed(pg_temp.panel('x eu', 'a 1 5 0; a 2 - 1; a 3 - 1; b 1 7 1; b 2 - 0; b 3 - 1'), '"previous"', '', ', "units": "eu"') x;

-- Counted before: coverage is of what is observed, imputed_share of what is filled.
CREATE TEMP TABLE counted AS SELECT pg_temp.panel('x y z', 'a 1 1 2 3; b 1 - 4 5; c 1 - - 7; d 1 - - -') AS panel, '{"components": [
	{"code": "index", "normalise": "none"}, {"code": "x", "parent": "index", "impute": "mean"}, {"code": "p", "parent": "index"},
	{"code": "y", "parent": "p", "impute": "median"}, {"code": "z", "parent": "p"}]}'::ci.methodology AS methodology;
SELECT r.unit, r.rank, r.score, round(r.coverage::numeric, 3) AS coverage, round(r.imputed_share::numeric, 3) AS imputed_share, r.status FROM counted, ci.rank(panel, methodology) r;
SELECT s.component, s.unit, s.score, s.coverage, s.imputed_share FROM counted, ci.scores(panel, methodology) s WHERE component <> 'index' ORDER BY component, unit;
SELECT r.unit, r.score, r.status FROM counted, ci.rank(panel, ci.amend(methodology, '{"components": [{"code": "index", "min_coverage": 0.5}], "screen": {"min_coverage": 0.3}}')) r;
SELECT f.severity, f.finding, f.component, f.unit, round(f.value::numeric, 3) AS value, f.message FROM counted, ci.audit(panel, methodology) f WHERE finding LIKE '%imputed';
SELECT f.finding, f.period, f.component, f.value, f.message FROM series, ci.audit(panel, pg_temp.methodology('"code": "x", "impute": {"method": "previous", "max_gap": 1}')) f
WHERE finding = 'not_imputed' ORDER BY period;

-- Inherited; a method replaces it, an object without one refines it.
SELECT c.code, c.impute FROM ci.components(pg_temp.methodology('"code": "a"; "code": "b", "impute": {"scope": "panel"}; "code": "c", "impute": "previous";
	"code": "d", "impute": "none"; "code": "e", "impute": {"method": "none"}; "code": "f", "impute": {"method": "constant", "value": 3}; "code": "g", "impute": {"method": "linear", "max_gap": 4}',
	', "impute": {"method": "median", "scope": {"by": "region", "units": "eu"}}')) c;
SELECT pg_temp.methodology('"code": "x", "impute": "average"'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "impute": {"scope": "panel"}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "impute": "constant"'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "impute": {"method": "constant", "value": "0"}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "impute": {"method": "mean", "max_gap": 1}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "impute": {"method": "previous", "scope": "panel"}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "impute": {"method": "previous", "max_gap": 0}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "impute": {"method": "linear", "max_gap": 1.5}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "impute": {"method": "none", "max_gap": 1}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "impute": 0'); \echo :SQLSTATE
SELECT r.* FROM small, ci.rank(panel, pg_temp.methodology('"code": "x", "impute": {"method": "mean", "scope": [8, 9]}')) r; \echo :SQLSTATE
WITH d (n, digest) AS (SELECT n, ci.digest(pg_temp.methodology(c)) FROM (VALUES (1, '"code": "x"'), (2, '"code": "x", "impute": "none"'),
	(3, '"code": "x", "impute": "mean"'), (4, '"code": "x", "impute": {"method": "mean", "scope": "period"}'),
	(5, '"code": "x", "impute": "median"'), (6, '"code": "x", "impute": {"method": "mean", "scope": "panel"}'),
	(7, '"code": "x", "impute": "previous"'), (8, '"code": "x", "impute": {"method": "previous", "max_gap": 2}')) v (n, c))
SELECT array_agg(n ORDER BY n) AS same FROM d GROUP BY digest ORDER BY 1;

-- Fitted: mean and median become a constant; by groups, and from other periods, stays.
SELECT i.impute, c.impute AS fitted, ci.is_peer_independent(f) AS independent
FROM small, (VALUES ('"mean"'), ('"median"'), ('{"method": "mean", "scope": [2]}'), ('{"method": "mean", "scope": {"by": "region"}}'),
	('"previous"'), ('"linear"'), ('{"method": "constant", "value": 3}'), ('"none"')) i (impute),
	ci.fit(panel, pg_temp.methodology('"code": "x", "impute": ' || i.impute), 1) f, ci.components(f) c WHERE c.code = 'x';
SELECT c.impute FROM ci.components(ci.fit(pg_temp.panel('x y', 'a 1 - 1'), pg_temp.methodology('"code": "x", "impute": "mean"; "code": "y"'))) c WHERE code = 'x';
SELECT ci.fit(panel, pg_temp.methodology('"code": "x", "impute": "mean"')) FROM small; \echo :SQLSTATE
SELECT ci.score('{x}', '{1}', pg_temp.methodology('"code": "x", "impute": "mean"')); \echo :SQLSTATE
SELECT ci.score('{x}', '{1}', pg_temp.methodology('"code": "x", "impute": "previous"')); \echo :SQLSTATE
SELECT ci.score('{x,y}', '{NULL,4}', pg_temp.methodology('"code": "x", "impute": {"method": "constant", "value": 2}; "code": "y"')) AS score;
