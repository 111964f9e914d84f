-- Denominators: per head, per square kilometre, per unit of GDP.
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
CREATE TEMP TABLE towns AS SELECT pg_temp.panel('trade people area',
	'a 1 100 10 5; b 1 300 20 -; c 1 - 0 2; d 1 0 8 4; a 2 120 12 5; b 2 330 - 3') AS panel;

-- x / denominator * scale.  What is missing on either side is missing; 0 divides
-- nothing; a missing value over 0 is missing.
SELECT e.period, e.unit, e.raw, e.denominated, e.imputed, e.treated, e.score, e.flags
FROM towns, ci.explain(panel, pg_temp.methodology('"code": "trade", "denominator": {"indicator": "people", "scale": 1000}')) e
WHERE component = 'trade' ORDER BY period, unit;

-- Inherited; a string replaces it, an object without an indicator refines it.
SELECT c.code, c.denominator FROM ci.components(pg_temp.methodology('"code": "a"; "code": "b", "denominator": "area";
	"code": "c", "denominator": {"scale": 5}; "code": "d", "denominator": "none"; "code": "e", "denominator": {"indicator": "none"}',
	', "denominator": {"indicator": "people", "scale": 1000}')) c;
SELECT pg_temp.methodology('"code": "x", "denominator": {"scale": 2}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "denominator": {"indicator": "y", "scale": 0}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "denominator": {"indicator": "y", "scale": -1}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "denominator": {"indicator": "y", "factor": 1}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "denominator": 1000'); \echo :SQLSTATE
SELECT pg_temp.methodology('"code": "x", "denominator": ""'); \echo :SQLSTATE

-- The digest: the default scale says nothing; another scale or indicator does.
WITH d (n, digest) AS (SELECT n, ci.digest(pg_temp.methodology(c)) FROM (VALUES (1, '"code": "x"'), (2, '"code": "x", "denominator": "none"'),
	(3, '"code": "x", "denominator": "y"'), (4, '"code": "x", "denominator": {"scale": 1, "indicator": "y"}'),
	(5, '"code": "x", "denominator": {"indicator": "y", "scale": 2}'), (6, '"code": "x", "denominator": "z"')) v (n, c))
SELECT array_agg(n ORDER BY n) AS same FROM d GROUP BY digest ORDER BY 1;

-- 0 under a value is an error that names the cell; so is a quotient beyond a double.
SELECT r.* FROM ci.rank(pg_temp.panel('x n', 'a 1 1 2; b 1 5 0'), pg_temp.methodology('"code": "x", "denominator": "n"')) r; \echo :SQLSTATE
SELECT r.* FROM ci.rank(pg_temp.panel('x n', 'a 1 1 2; b 1 0 0'), pg_temp.methodology('"code": "x", "denominator": "n"')) r; \echo :SQLSTATE
SELECT r.* FROM ci.rank(pg_temp.panel('x n', 'a 1 1 2; b 1 1e200 1e-200'), pg_temp.methodology('"code": "x", "denominator": "n"')) r; \echo :SQLSTATE
SELECT r.* FROM ci.rank(pg_temp.panel('x', 'a 1 1; b 1 2'), pg_temp.methodology('"code": "x", "denominator": "n"')) r; \echo :SQLSTATE
-- An audit goes on, with the cell missing.
SELECT f.severity, f.finding, f.period, f.component, f.unit, f.value, f.message
FROM ci.audit(pg_temp.panel('x n', 'a 1 1 2; b 1 5 0; c 1 4 2; d 1 6 2; e 1 7 2'), pg_temp.methodology('"code": "x", "denominator": "n"')) f;
SELECT f.severity, f.finding, f.component, f.message FROM ci.audit(pg_temp.panel('x', 'a 1 1; b 1 2'), pg_temp.methodology('"code": "x", "denominator": "n"')) f;

-- A component that does not apply divides nothing.
SELECT e.unit, e.raw, e.denominated, e.score, e.flags FROM ci.explain(pg_temp.panel('x n eu', 'a 1 1 2 1; b 1 5 0 0; c 1 6 2 1'),
	pg_temp.methodology('"code": "x", "denominator": "n", "units": "eu"')) e WHERE component = 'x';

-- A negative denominator turns the sign: an audit says so.
SELECT e.unit, e.denominated FROM ci.explain(pg_temp.panel('x n', 'a 1 6 -2; b 1 0 -5; c 1 6 2'), pg_temp.methodology('"code": "x", "denominator": "n"')) e WHERE component = 'x';
SELECT f.severity, f.finding, f.component, f.value, f.message FROM ci.audit(pg_temp.panel('x n', 'a 1 6 -2; b 1 0 -5; c 1 6 2'), pg_temp.methodology('"code": "x", "denominator": "n"')) f;

-- Coverage, and the screen, are of cells that have both sides.
SELECT r.unit, r.rank, r.score, r.coverage, r.status FROM ci.rank(pg_temp.panel('x y n', 'a 1 1 1 2; b 1 5 1 -; c 1 6 1 2; d 1 - 1 3'),
	pg_temp.methodology('"code": "x", "denominator": "n"; "code": "y"', ', "min_coverage": 0.5', ', "screen": {"min_coverage": 1}')) r;

-- Goalposts are in the units of the quotient.
SELECT e.unit, e.denominated, e.score FROM ci.explain(pg_temp.panel('x n', 'a 1 20 2; b 1 5 4; c 1 60 2'),
	pg_temp.methodology('"code": "x", "denominator": "n", "normalise": {"method": "goalposts", "lower": 0, "upper": 20, "clamp": true}')) e WHERE component = 'x';

-- A unit on its own: the denominator is a cell like any other.
SELECT ci.is_peer_independent(m) AS independent, ci.score('{n,x}', '{4,5}', m) AS score, ci.score('{n,x}', '{NULL,5}', m) AS without
FROM pg_temp.methodology('"code": "x", "denominator": {"indicator": "n", "scale": 100}') m;
SELECT ci.score('{x}', '{5}', pg_temp.methodology('"code": "x", "denominator": "n"')); \echo :SQLSTATE
SELECT ci.score('{n,x}', '{0,5}', pg_temp.methodology('"code": "x", "denominator": "n"')); \echo :SQLSTATE
SELECT v.unit, ci.score_agg(v.i, v.x, pg_temp.methodology('"code": "x", "denominator": "n"')) AS score
FROM (VALUES ('a', 'x', 20), ('a', 'n', 4), ('b', 'n', 3), ('b', 'x', 6)) v (unit, i, x) GROUP BY 1 ORDER BY 1;

-- COINr's iMeta: rows of Type Denominator are columns of the panel.
SELECT c.code, c.denominator FROM ci.components((SELECT ci.methodology_agg(r) FROM jsonb_array_elements('[
	{"iCode": "goods", "Type": "Indicator", "Parent": "index", "Level": 1, "Denominator": "GDP"},
	{"iCode": "flights", "Type": "Indicator", "Parent": "index", "Level": 1, "Denominator": "Population", "ScaleFactor": 1000},
	{"iCode": "lpi", "Type": "Indicator", "Parent": "index", "Level": 1, "Denominator": null},
	{"iCode": "index", "Type": "Aggregate", "Level": 2},
	{"iCode": "GDP", "Type": "Denominator"}, {"iCode": "Population", "Type": "Denominator"}]') r)) c ORDER BY 1;
SELECT ci.methodology_agg('{"iCode": "goods", "Type": "Indicator", "ScaleFactor": 1000}'); \echo :SQLSTATE
