-- Findings: each kind provoked by a small panel, and what the data would raise.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
\pset null ~

-- A panel from lines of unit, period, cells; - is missing.
CREATE FUNCTION pg_temp.panel(indicators text, lines text) RETURNS ci.panel LANGUAGE sql
	RETURN (SELECT ci.panel_agg(c[1], c[2]::int, string_to_array(indicators, ' '), string_to_array(array_to_string(c[3:], ' '), ' ', '-')::float8[])
		FROM regexp_split_to_table(lines, '\s*;\s*') line, string_to_array(line, ' ') c);
-- A methodology of a root and these components below it.
CREATE FUNCTION pg_temp.methodology(components text, root text DEFAULT '', top text DEFAULT '') RETURNS ci.methodology LANGUAGE sql
	RETURN ('{"components": [{"code": "index"' || root || '}' || (
		SELECT string_agg(', {"parent": "index", ' || c || '}', '' ORDER BY n) FROM regexp_split_to_table(components, '\s*;\s*') WITH ORDINALITY v (c, n))
		|| ']' || top || '}')::ci.methodology;

CREATE FUNCTION pg_temp.audit(indicators text, lines text, components text, root text DEFAULT '', top text DEFAULT '')
	RETURNS SETOF ci.finding LANGUAGE sql
	BEGIN ATOMIC
		SELECT * FROM ci.audit(pg_temp.panel(indicators, lines), pg_temp.methodology(components, root, top));
	END;

-- Nothing to say.
SELECT * FROM pg_temp.audit('x y', 'a 1 1 2; b 1 2 1; c 1 3 9; d 1 4 4; e 1 5 3', '"code": "x"; "code": "y"');

-- Errors: what evaluation would raise.
CREATE TEMP TABLE errors (n int PRIMARY KEY, panel ci.panel, methodology ci.methodology);
INSERT INTO errors VALUES
	(1, pg_temp.panel('x', 'a 1 1; b 1 2'), pg_temp.methodology('"code": "x"; "code": "gdp"')),
	(2, pg_temp.panel('x', 'a 1 1; b 1 2'), pg_temp.methodology('"code": "x"', ', "units": "eu"')),
	(3, pg_temp.panel('x', 'a 1 1; b 1 2'), pg_temp.methodology('"code": "x"', '', ', "screen": {"units": "eu"}')),
	(4, pg_temp.panel('x', 'a 1 1; b 1 2'), pg_temp.methodology('"code": "x", "normalise": {"scope": {"by": "region"}}')),
	(5, pg_temp.panel('x', 'a 1 1; b 1 2'), pg_temp.methodology('"code": "x", "normalise": {"upper": {"unit": "USA"}}')),
	(6, pg_temp.panel('x', 'a 1 1; b 1 2'), pg_temp.methodology('"code": "x", "normalise": {"scope": [2015, 2016]}')),
	(7, pg_temp.panel('x eu', 'a 1 1 1; b 1 2 0; c 1 3 2; d 1 4 0.5'), pg_temp.methodology('"code": "x", "units": "eu"')),
	(8, pg_temp.panel('x eu', 'a 1 1 1; b 1 2 0; c 1 3 2'), pg_temp.methodology('"code": "x"', '', ', "screen": {"units": "eu"}')),
	(9, pg_temp.panel('x', 'a 1 7; b 1 7; a 2 1; b 2 2; a 3 5'), pg_temp.methodology('"code": "x"')),
	(10, pg_temp.panel('x', 'a 1 1; b 1 2'), pg_temp.methodology('"code": "x", "normalise": {"lower": 3}')),
	(11, pg_temp.panel('x', 'a 1 1; b 1 2'), pg_temp.methodology('"code": "x"', ', "rescale": {"lower": "p50", "upper": {"unit": "a"}}')),
	(12, pg_temp.panel('x', 'a 1 1; b 1 0; c 1 -3'), pg_temp.methodology('"code": "x", "normalise": {"transform": "log"}')),
	(13, pg_temp.panel('x y', 'a 1 1 2; b 1 2 -2; c 1 -3 0'),
		pg_temp.methodology('"code": "x"; "code": "y"', ', "normalise": "none", "aggregate": "harmonic"')),
	(14, pg_temp.panel('x', 'a 1 1; b 1 1e300; c 1 2'), pg_temp.methodology('"code": "x", "normalise": {"method": "zscore", "mean": 0, "sd": 1e-300}')),
	(15, pg_temp.panel('x', 'a 1 1; b 1 1e300; c 1 2'),
		pg_temp.methodology('"code": "x", "normalise": {"transform": {"method": "boxcox", "lambda": 2}}'));
SELECT n, f.finding, f.period, f.component, f.unit, f.value, f.message
FROM errors, ci.audit(panel, methodology) f WHERE f.severity = 'error' ORDER BY n;

-- What ci.rank raises is among them, word for word.
CREATE FUNCTION pg_temp.raised(panel ci.panel, methodology ci.methodology) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
BEGIN
	PERFORM ci.rank(panel, methodology);
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN message || coalesce('. ' || nullif(detail, ''), '');
END $$;
SELECT count(*) AS panels, count(*) FILTER (WHERE (pg_temp.raised(panel, methodology) IN
	(SELECT f.message FROM ci.audit(panel, methodology) f WHERE f.severity = 'error')) IS NOT TRUE) AS other_words
FROM errors;
-- Under a policy that is not "error" there is none.
SELECT n, f.finding FROM errors, ci.audit(panel, ci.amend(methodology, '{"on_constant": "midpoint", "on_nonpositive": "missing"}')) f
WHERE f.severity = 'error' AND n BETWEEN 9 AND 13;

-- Several at once: each indicator once, evaluation goes on.
SELECT * FROM pg_temp.audit('x y z', 'a 1 0 7 -1; b 1 2 7 3; c 1 3 7 4',
	'"code": "x", "normalise": {"transform": "log"}; "code": "y"; "code": "z", "normalise": "none"; "code": "gdp"; "code": "life"',
	', "aggregate": "geometric", "normalise": {"to": [1, 10]}');

-- Warnings
-- all periods look like YYYYMM
SELECT * FROM pg_temp.audit('x', 'a 202011 1; b 202011 2; a 202012 1; b 202012 2; a 202101 3; b 202101 4', '"code": "x"');
SELECT * FROM pg_temp.audit('x', 'a 202012 1; b 202012 2; a 202013 1; b 202013 2', '"code": "x"');
SELECT * FROM pg_temp.audit('x', 'a 2020 1; b 2020 2', '"code": "x"');
-- a scope pools all periods, where that matters
SELECT * FROM pg_temp.audit('x y z', 'a 1 1 2 1; b 1 2 3 1; a 2 1 2 1; b 2 2 3 1', '
		"code": "x", "normalise": {"scope": "panel"};
		"code": "y", "normalise": {"scope": [1, 2]};
		"code": "z", "normalise": {"method": "goalposts", "lower": 0, "upper": 5, "scope": "panel"}',
	', "rescale": {"scope": {"periods": "panel", "units": ["a", "b"]}}');
-- lists name units that the panel has in no period
SELECT * FROM pg_temp.audit('x', 'a 1 1; b 1 2; c 1 3; d 2 4; b 2 2; c 2 3; a 2 5',
	'"code": "x", "units": ["a", "b", "c", "d", "A"], "normalise": {"scope": {"units": ["c", "y", "d"], "periods": [1, 2]}}',
	', "rescale": {"lower": 0, "scope": {"units": ["a", "b", "x"]}}',
	', "screen": {"units": ["a", "b", "c", "d", "B"], "include": ["C"], "exclude": ["D"]}')
WHERE finding = 'unknown_unit';
-- an indicator is empty, or is observed for less than 65 % of the units that it
-- applies to: x for 3 of 5; not y for 13 of 20, nor z for 2 of 3 coastal ones
SELECT * FROM pg_temp.audit('x y', 'a 1 1 -; b 1 2 -; c 1 3 -; d 1 - -; e 1 - -; a 2 1 1; b 2 2 2', '"code": "x"; "code": "y"');
SELECT * FROM pg_temp.audit('x y', (SELECT string_agg(format('u%s 1 %s %s', u, u, CASE WHEN u <= 13 THEN (u * 7 % 20)::text ELSE '-' END), '; ')
	FROM generate_series(1, 20) u), '"code": "x"; "code": "y"');
SELECT * FROM pg_temp.audit('x z coastal', 'a 1 1 1 1; b 1 2 2 1; c 1 3 - 1; d 1 4 - 0; e 1 5 - -', '"code": "x"; "code": "z", "units": "coastal"');
-- units lost: in the preceding period, not in this one
SELECT * FROM pg_temp.audit('x', 'a 1 1; b 1 2; c 1 3; a 3 1; b 3 2; d 3 3; b 5 1; c 5 2', '"code": "x"');
-- no score, though it passes the screen; the value is its coverage
SELECT * FROM pg_temp.audit('x y z', 'a 1 1 2 -; b 1 - - -; c 1 3 4 5; d 1 5 - 7', '"code": "x"; "code": "y"; "code": "z"', ', "min_coverage": 1')
WHERE finding = 'no_score';
-- values that have no parameter: no group, or nothing in the scope
SELECT * FROM pg_temp.audit('x y region', 'a 1 1 9 1; b 1 2 - 1; c 1 3 - -; d 1 4 - -; a 2 1 3 1; b 2 2 4 1; c 2 3 5 2; d 2 4 6 2', '
	"code": "x", "normalise": {"scope": {"by": "region"}};
	"code": "y", "normalise": {"scope": {"periods": [1], "units": ["b", "c"]}}')
WHERE finding = 'no_parameter';
-- beyond goalposts that the methodology gives, also where they clamp
SELECT * FROM pg_temp.audit('x y', 'a 1 -1 1; b 1 5 20; c 1 11 3; a 2 0 3; b 2 5 1; c 2 10 9', '
		"code": "x", "normalise": {"method": "goalposts", "lower": 0, "upper": 10, "clamp": true};
		"code": "y", "normalise": {"lower": 0, "upper": 10}');

-- Notes
-- an indicator counts in more than one component: said once
SELECT * FROM pg_temp.audit('x y', 'a 1 1 2; b 1 2 1', '"code": "x"; "code": "y"; "code": "x2", "indicator": "x"; "code": "x3", "indicator": "x"')
WHERE finding = 'double_counted';
-- weights that nearly add up to 1 or 100, not those that do, or do not nearly
SELECT w.weights, f.*
FROM (VALUES ('{0.5,0.49}'::float8[]), ('{0.5,0.5}'), ('{0.1,0.2,0.3,0.4}'), ('{0.5,0.54}'), ('{0.5,0.6}'),
		('{60,37}'), ('{33,33,33}'), ('{50,44}'), ('{1,1}')) w (weights),
	LATERAL (SELECT string_agg(format('"code": "c%s", "indicator": "x", "weight": %s', n, weight), '; ') AS components
		FROM unnest(weights) WITH ORDINALITY v (weight, n)) c,
	pg_temp.audit('x', 'a 1 1; b 1 2', components) f
WHERE f.finding = 'weights';
-- units that do not pass the screen's shares
SELECT * FROM pg_temp.audit('x y', 'a 1 1 2; b 1 2 -; c 1 3 5; d 1 4 7; e 1 - -', '"code": "x"; "code": "y"', '', ', "screen": {"exclude": ["d"]}')
WHERE finding <> 'sparse';
-- skewness above 2 with kurtosis above 3.5 (of nine 0 and one 10: sqrt 10 and 10);
-- more than half of the values are 0 (not of y, where it is half)
SELECT severity, finding, component, round(value::numeric, 4) AS value, message
FROM pg_temp.audit('x y', 'a 1 0 0; b 1 0 3; c 1 0 0; d 1 0 2; e 1 0 0; f 1 0 5; g 1 0 0; h 1 0 1; i 1 0 0; j 1 10 4', '"code": "x"; "code": "y"')
WHERE finding IN ('skewed', 'zero_heavy');
-- siblings that correlate with more than 0.9, either way (numbers and their
-- squares, 1 to 10, with .9746), not cousins
SELECT f.severity, f.finding, f.component, round(f.value::numeric, 4) AS value, f.message
FROM (SELECT ci.panel_agg('u' || u, 1, '{x,y,z,v}', ARRAY[u, u * u, -u, u * 7 % 11]) AS panel FROM generate_series(1, 10) u) p,
	ci.audit(panel, '{"components": [
	{"code": "index"}, {"code": "A", "parent": "index"}, {"code": "x", "parent": "A"}, {"code": "y", "parent": "A"}, {"code": "z", "parent": "A"},
	{"code": "B", "parent": "index"}, {"code": "v", "parent": "B"}, {"code": "x2", "parent": "B", "indicator": "x"}]}') f
WHERE f.finding = 'redundant';
-- … by the scores of those who pass the screen: the world makes any two agree
SELECT screen, finding, component, round(value::numeric, 4) AS value
FROM (VALUES (''), (', "screen": {"exclude": ["world"]}')) v (screen), pg_temp.audit('x y',
	'a 1 1 3; b 1 2 1; c 1 3 4; d 1 4 1.5; e 1 5 5; f 1 6 2; world 1 100 100', '"code": "x"; "code": "y"', '', screen)
WHERE finding = 'redundant';
-- importance, the share of squared correlations with the parent's score, less than
-- half of the weight or more than twice: of 12 units, x varies most
WITH scores (unit, x, y, z) AS (SELECT n, (n * 7 % 13) * 8, 50 + n * 5 % 12, 40 + n * 3 % 11 * 2 FROM generate_series(1, 12) n),
share AS (SELECT r.component, r.r2 / sum(r.r2) OVER () AS share FROM (
	SELECT corr(x, x + y + z) ^ 2 AS x, corr(y, x + y + z) ^ 2 AS y, corr(z, x + y + z) ^ 2 AS z FROM scores) c,
	LATERAL (VALUES ('x', x), ('y', y), ('z', z)) r (component, r2))
SELECT f.severity, f.finding, f.component, f.message, abs(f.value - s.share) < 1e-9 AS as_in_sql
FROM (SELECT ci.panel_agg('u' || unit, 1, '{x,y,z}', ARRAY[x, y, z]) AS panel FROM scores) p,
	ci.audit(panel, pg_temp.methodology('"code": "x"; "code": "y"; "code": "z"', ', "normalise": {"method": "goalposts", "lower": 0, "upper": 100}')) f
FULL JOIN share s ON s.component = f.component AND (s.share < 1 / 6.0 OR s.share > 2 / 3.0)
WHERE f.finding = 'importance' OR f.finding IS NULL;
-- a component that pulls against its parent: z falls with x and y, whose sum
-- outweighs it
WITH scores (unit, x, y, z) AS (SELECT n, n * 7 % 13, n * 7 % 13 + n % 2, 14 - n * 7 % 13 + n % 3 FROM generate_series(1, 12) n)
SELECT f.severity, f.finding, f.component, f.message, abs(f.value - (SELECT corr(z, x + y + z) FROM scores)) < 1e-9 AS as_in_sql
FROM (SELECT ci.panel_agg('u' || unit, 1, '{x,y,z}', ARRAY[x, y, z]) AS panel FROM scores) p,
	ci.audit(panel, pg_temp.methodology('"code": "x"; "code": "y"; "code": "z"', ', "normalise": {"method": "goalposts", "lower": 0, "upper": 100}')) f
WHERE f.finding = 'negative_correlation';
-- … and not where less of the parent is better and directions say so: a ranker by distance
WITH scores (unit, x, y) AS (SELECT n, n, -n - n % 2 FROM generate_series(1, 12) n)
SELECT f.finding, f.component FROM (SELECT ci.panel_agg('u' || unit, 1, '{x,y}', ARRAY[x, y]) AS panel FROM scores) p,
	ci.audit(panel, pg_temp.methodology('"code": "x"; "code": "y", "direction": -1', ', "aggregate": "vikor", "normalise": "none"')) f
WHERE f.finding = 'negative_correlation';
-- one indicator, better here and worse there: by its own direction, or its parent's
SELECT severity, finding, component, message FROM pg_temp.audit('x y', 'a 1 1 2; b 1 2 1', '"code": "x"; "code": "x2", "indicator": "x", "direction": -1; "code": "y"')
WHERE finding = 'direction_conflict';
SELECT f.severity, f.finding, f.component FROM ci.audit(pg_temp.panel('x', 'a 1 1; b 1 2'), '{"components": [
	{"code": "index"}, {"code": "good", "parent": "index"}, {"code": "x", "parent": "good"},
	{"code": "bad", "parent": "index", "direction": -1}, {"code": "x-", "parent": "bad", "indicator": "x", "direction": -1}, {"code": "x+", "parent": "bad", "indicator": "x"}]}') f
WHERE finding = 'direction_conflict';
-- a scale that starts at 0 or below under a geometric mean
SELECT m.root, f.severity, f.finding, f.component, f.value, f.message
FROM (VALUES (', "aggregate": "geometric"'), (', "aggregate": {"method": "harmonic", "scale": [1, 100]}'), (', "aggregate": {"method": "power", "p": -1, "scale": [-1, 1]}'),
		(', "aggregate": "arithmetic"')) m (root),
	pg_temp.audit('x y', 'a 1 1 2; b 1 2 1', '"code": "x", "normalise": {"method": "goalposts", "lower": 0, "upper": 4}; "code": "y", "weight": 0', m.root, ', "on_nonpositive": "zero"') f
WHERE f.finding = 'reaches_zero';
-- ranks that more than a tenth of the units share: 2 of 19, not 2 of 20
SELECT n, f.severity, f.finding, round(f.value::numeric, 4) AS value, f.message
FROM generate_series(19, 20) n, LATERAL (SELECT ci.panel_agg('u' || u, 1, 'x', greatest(u, 2)) AS panel FROM generate_series(1, n) u) p,
	ci.audit(panel, pg_temp.methodology('"code": "x"')) f;

-- The order: errors, warnings, notes; each by kind, then period.
SELECT severity, finding, period, component, unit
FROM pg_temp.audit('x y z', 'a 202001 0 5 -; b 202001 0 5 -; c 202001 9 5 -; d 202001 0 - -; a 202002 0 5 -; b 202002 0 4 -; c 202002 9 3 -', '
	"code": "y", "weight": 2;
	"code": "x", "weight": 0.5, "normalise": {"method": "goalposts", "lower": 0, "upper": 8};
	"code": "z", "weight": 98, "normalise": {"scope": "panel"};
	"code": "x2", "weight": 1, "indicator": "x"; "code": "w", "weight": 1');

SELECT count(*) FROM ci.audit(NULL, pg_temp.methodology('"code": "x"'));
SELECT count(*) FROM errors, ci.audit(panel, NULL);
