-- Every error that data, arguments and stored values lead to: what it is called, and whether it says where.
-- (Those of a methodology's text are in methodology_errors; those of a panel's text in panel.)
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;

-- The SQLSTATE and the message of a statement, its detail and its hint, each on a line
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
	hint text;
BEGIN
	EXECUTE statement;
	RETURN NEXT 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN QUERY SELECT line FROM unnest(ARRAY[SQLSTATE || ': ' || message, nullif(detail, ''), nullif(hint, '')]) WITH ORDINALITY AS l (line, n)
		WHERE line IS NOT NULL ORDER BY n;
END $$;
\pset tuples_only on
\pset format unaligned

-- ci.panel_agg

SELECT pg_temp.error_of($$ SELECT ci.panel_agg(NULL::text, 2020, 'x', 1) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', NULL, 'x', 1) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, NULL::text, 1) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg(NULL::text, 'x', 1) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', NULL::text, 1) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg(NULL::text, 2020, '{x}'::text[], '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', NULL, '{x}'::text[], '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, NULL::text[], '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, '{x,NULL}'::text[], '{1,2}') $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg(NULL::text, 2020, '{"x": 1}'::jsonb) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', NULL, '{"x": 1}'::jsonb) $$);

SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, 'x', 'NaN'::float8) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 'x', 'Infinity'::float8) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('北京', -5, '{x,''}'::text[], '{1,-Infinity}') $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, '{"x": 1e400}'::jsonb) $$);

SELECT pg_temp.error_of($$ SELECT ci.panel_agg(unit, 2020, 'x', value) FROM (VALUES ('A', 30), ('B', 31), ('A', 32)) AS v (unit, value) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg(unit, 'x', 5) FROM (VALUES ('A'), ('A')) AS v (unit) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, '{x,y,x}'::text[], '{1,2,3}') $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, cells) FROM (VALUES (jsonb '{"x": 1}'), ('{"x": 2}')) AS v (cells) $$);
-- also where the two were in different panels, as those of workers are
SELECT pg_temp.error_of($$ SELECT ci.panel_agg(part) FROM (SELECT n, ci.panel_agg('u' || u, 2020, 'x', n * 100 + u) AS part
	FROM (VALUES (1, 7), (1, 8), (2, 8), (2, 9)) AS v (n, u) GROUP BY n ORDER BY n) AS parts $$);

SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, '{x,y}'::text[], '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, '{}'::text[], '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, '{"x": "1"}'::jsonb) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, to_jsonb(t)) FROM (SELECT 1 AS x, 'NaN'::float8 AS y) AS t $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, '{"x": 1, "y": [1]}'::jsonb) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, '{"x": {"y": 1}}'::jsonb) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, '[1]'::jsonb) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 2020, 'null'::jsonb) $$);
-- the period is an int: others are cast
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A'::text, 2020::bigint, 'x'::text, 1) $$) LIMIT 1;
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A'::text, extract(year FROM now()), 'x'::text, 1) $$) LIMIT 1;

SELECT pg_temp.error_of($$ SELECT ci.panel_add_cell(NULL, 'A', 2020, 'x', 1) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_add_cell(NULL, 'A', 'x', 1) $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_add_row(NULL, 'A', 2020, '{x}', '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_add_row(NULL, 'A', 2020, '{"x": 1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_add_panel(panel, panel) FROM (SELECT ci.panel_agg('A', 'x', 1) AS panel) AS p $$);

-- Too large: 65 535 indicators are the most; n units of n indicators, none of them observed, pass 1 GB at n = 11585,
-- for 11585 * (8 * 11585 + 4) = 1073744140 > 2^30 - 1.  It is said before any memory is taken for cells.
SELECT cardinality(ci.indicators(ci.panel_agg('A', 'i' || n, NULL::float8))) FROM generate_series(1, 65535) AS n;
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('A', 'i' || n, NULL::float8) FROM generate_series(1, 65536) AS n $$);
SELECT pg_temp.error_of($$ SELECT ci.panel_agg('u' || n, 'i' || n, NULL::float8) FROM generate_series(1, 20000) AS n $$);
-- n = 11584 is too large for its names: 11584 * (8 * 11584 + 4) + 2 * 135012 for the names + 2 * 4 * 11584 to find them + 40
SELECT pg_temp.error_of($$ SELECT ci.digest(ci.panel_agg('u' || n, 'i' || n, NULL::float8)) FROM generate_series(1, 11584) AS n $$);
-- a panel of one unit and 65 535 indicators with one of 200 000 units: refused before room is made for their rows
SELECT pg_temp.error_of($$ SELECT ci.panel_agg(panel ORDER BY part) FROM (SELECT 1 AS part, ci.panel_agg('A', 'i' || n, n) AS panel FROM generate_series(1, 65535) AS n
	UNION ALL SELECT 2, ci.panel_agg('u' || n, 'i1', n) FROM generate_series(1, 200000) AS n) AS parts $$);

-- Parts of a panel

CREATE TEMPORARY TABLE p AS SELECT ci.panel_agg(unit, period, indicator, value) AS panel
FROM (VALUES ('A', 2020, 'x', 1), ('B', 2020, 'x', 2), ('A', 2021, 'x', 3), ('B', 2021, 'x', 4), ('C', 2021, 'x', 5), ('A', 2020, 'y', 6), ('B', 2021, 'y', 6)) AS v (unit, period, indicator, value);
SELECT pg_temp.error_of($$ SELECT ci.subset(panel, '{2020,2022}') FROM p $$);
SELECT pg_temp.error_of($$ SELECT ci.subset(panel, units => '{A,Z}') FROM p $$);
SELECT pg_temp.error_of($$ SELECT ci.subset(panel, indicators => '{""}') FROM p $$);
SELECT pg_temp.error_of($$ SELECT ci.subset(panel, '{NULL}') FROM p $$);
SELECT pg_temp.error_of($$ SELECT ci.subset(panel, units => '{A,NULL}') FROM p $$);
SELECT pg_temp.error_of($$ SELECT ci.subset(panel, indicators => '{NULL}') FROM p $$);

-- Text and binary form

SELECT pg_temp.error_of($$ SELECT 'x'::ci.panel $$);
SELECT pg_temp.error_of($$ SELECT '[]'::ci.panel $$);
SELECT pg_temp.error_of($$ SELECT '{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":2020,"units":[0],"cells":[[-1e999]]}]}'::ci.panel $$);
-- bytes that go out as bytea and come in as a panel.  Byte 0 is the version, 1 the number of indicators, 9 x, 14 y, 15 the number of units, 23 A, 28 B, 33 C,
-- 34 the number of periods, 38 the first of them, 42 its number of units, 46 and 50 these, 54 their cells, 86 the second period; 154 bytes in all.
\set SHOW_CONTEXT never
CREATE TEMPORARY TABLE received (panel ci.panel);
CREATE TEMPORARY TABLE sent (bytes bytea);
CREATE FUNCTION pg_temp.bytes(at int, put bytea, cut int DEFAULT 154) RETURNS void LANGUAGE sql AS $$
	DELETE FROM sent;
	INSERT INTO sent SELECT substr(overlay(ci.panel_send(panel) PLACING put FROM at + 1), 1, cut) FROM p $$;
\set send '\\copy sent TO PROGRAM ''cat >"${PG_ABS_BUILDDIR:-.}/results/errors.bin"'' (FORMAT binary)'
\set receive '\\copy received FROM PROGRAM ''cat "${PG_ABS_BUILDDIR:-.}/results/errors.bin"; rm "${PG_ABS_BUILDDIR:-.}/results/errors.bin"'' (FORMAT binary)'
-- as they are: equal
SELECT pg_temp.bytes(0, '\x01') \g /dev/null
:send
:receive
SELECT received.panel OPERATOR(ci.=) p.panel FROM received, p;
-- an unknown version
SELECT pg_temp.bytes(0, '\x09') \g /dev/null
:send
:receive
-- nothing
SELECT pg_temp.bytes(0, '\x', 0) \g /dev/null
:send
:receive
-- too short
SELECT pg_temp.bytes(0, '\x01', 100) \g /dev/null
:send
:receive
-- more after the end
SELECT pg_temp.bytes(151, '\x00000000000000', 157) \g /dev/null
:send
:receive
-- 4294967295 indicators
SELECT pg_temp.bytes(1, '\xffffffff') \g /dev/null
:send
:receive
-- an indicator twice
SELECT pg_temp.bytes(14, '\x78') \g /dev/null
:send
:receive
-- a unit twice
SELECT pg_temp.bytes(28, '\x41') \g /dev/null
:send
:receive
-- a name longer than the rest
SELECT pg_temp.bytes(5, '\x00001000') \g /dev/null
:send
:receive
-- no period
SELECT pg_temp.bytes(34, '\x00000000', 38) \g /dev/null
:send
:receive
-- a period without units
SELECT pg_temp.bytes(34, '\x00000001000007e400000000', 46) \g /dev/null
:send
:receive
-- a second period that is not after the first
SELECT pg_temp.bytes(38, '\x000007e5') \g /dev/null
:send
:receive
-- a fourth unit of three
SELECT pg_temp.bytes(50, '\x00000003') \g /dev/null
:send
:receive
-- a unit twice in a period
SELECT pg_temp.bytes(50, '\x00000000') \g /dev/null
:send
:receive
-- a unit in no period
SELECT pg_temp.bytes(34, '\x00000001', 86) \g /dev/null
:send
:receive
-- an infinite cell
SELECT pg_temp.bytes(54, '\x7ff0000000000000') \g /dev/null
:send
:receive

-- Stored bytes that something else has written: seen and changed as hexadecimal text of a type that lies as a panel does.  The first byte is the version; there are
-- 32 of counts, 8 for each of 2 periods, 4 for each of 5 rows, 3 units and 2 indicators, 8 for each name, 8 for each of 10 cells: 208.
CREATE TYPE raw;
CREATE FUNCTION raw_in(cstring) RETURNS raw LANGUAGE internal IMMUTABLE STRICT AS 'byteain';
CREATE FUNCTION raw_out(raw) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'byteaout';
CREATE TYPE raw (INPUT = raw_in, OUTPUT = raw_out, ALIGNMENT = double, STORAGE = extended);
CREATE CAST (raw AS ci.panel) WITHOUT FUNCTION;
CREATE CAST (ci.panel AS raw) WITHOUT FUNCTION;
SELECT pg_temp.error_of($$ SELECT ci.units(overlay(panel::raw::text PLACING '07' FROM 3)::raw::ci.panel) FROM p $$);
SELECT pg_temp.error_of($$ SELECT ci.units('\x01020304'::raw::ci.panel) FROM p $$);
SELECT pg_temp.error_of($$ SELECT ci.units((panel::raw::text || '0000')::raw::ci.panel) FROM p $$);
DROP CAST (raw AS ci.panel);
DROP CAST (ci.panel AS raw);
DROP TYPE raw CASCADE;

-- Evaluation: ci.rank, ci.scores, ci.explain and ci.fit raise the same

-- a methodology of two leaves, x and y, with something added: to the top, to the root, to x
CREATE FUNCTION pg_temp.method(top text DEFAULT '', root text DEFAULT '', x text DEFAULT '') RETURNS ci.methodology LANGUAGE sql AS $$
	SELECT ('{"components": [{"code": "r"' || root || '}, {"code": "x", "parent": "r"' || x || '}, {"code": "y", "parent": "r"}]' || top || '}')::ci.methodology $$;
CREATE TEMPORARY TABLE q AS SELECT ci.panel_agg(unit, period, indicator, value) AS panel
FROM (VALUES ('A', 2020, 'x', 1), ('B', 2020, 'x', 2), ('A', 2021, 'x', 3), ('B', 2021, 'x', 0), ('A', 2020, 'y', 5), ('B', 2020, 'y', 6), ('A', 2021, 'y', 7), ('B', 2021, 'y', 9),
	('A', 2020, 'g', 1), ('B', 2020, 'g', 2), ('A', 2021, 'g', 1), ('B', 2021, 'g', 1)) AS v (unit, period, indicator, value);

-- an indicator that is not there: of a component, of its units, of a scope, of the screen
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "indicator": "z"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.scores(panel, pg_temp.method('', '', ', "indicator": "z"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.explain(panel, pg_temp.method('', '', ', "indicator": "z"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.fit(panel, pg_temp.method('', '', ', "indicator": "z"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "units": "z"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "normalise": {"scope": {"units": "z"}}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "normalise": {"scope": {"by": "z"}}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method(', "screen": {"units": "z"}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank((SELECT ci.panel_agg('A', 2020, '{}'::jsonb)), pg_temp.method()) $$);
SELECT pg_temp.error_of($$ SELECT ci.rank((SELECT ci.panel_agg('A', 'i' || n, n) FROM generate_series(1, 12) AS n), pg_temp.method()) $$);
SELECT pg_temp.error_of($$ SELECT ci.rank((SELECT ci.panel_agg('A', 2020, '{}'::jsonb))) $$);

-- no variation: in one period and in several, of one unit, of a group, between goalposts, of a component
SELECT pg_temp.error_of($$ SELECT ci.rank(ci.panel_agg(unit, period, 'x', value)) FROM (VALUES ('A', 2020, 7), ('B', 2020, 7), ('A', 2021, 7), ('B', 2021, 8)) AS v (unit, period, value) $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(ci.panel_agg(unit, period, 'x', value)) FROM (VALUES ('A', 2020, 7), ('B', 2020, 7), ('C', 2020, NULL), ('A', 2021, 7), ('B', 2021, 8),
	('A', 2022, 0.5), ('B', 2022, NULL), ('A', 2023, NULL)) AS v (unit, period, value) $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "normalise": {"method": "normal_cdf", "scope": {"by": "g"}}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "normalise": {"lower": {"unit": "A"}, "upper": {"unit": "B"}}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', ', "rescale": "minmax"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "rescale": {"lower": 100, "upper": "max"}')) FROM q $$);

-- some values differ, but not what the scale is made of: 0 0 0 4
SELECT pg_temp.error_of(format($$ SELECT ci.rank(ci.panel_agg('u' || n, 'x', CASE n WHEN 4 THEN 4 ELSE 0 END),
	'{"components": [{"code": "r"}, {"code": "x", "parent": "r", "normalise": %s}]}') FROM generate_series(1, 4) AS n $$, normalise))
FROM unnest('{"{\"lower\": 4}","{\"upper\": \"p50\"}","{\"lower\": \"p10\", \"upper\": \"p60\"}","{\"method\": \"robust_z\"}"}'::text[]) AS normalise;

-- a denominator that is not there, or 0; a quotient, or a treated value, beyond a float8; no logarithm; a transform that turns values round
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "denominator": "z"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.scores(panel, pg_temp.method('', '', ', "indicator": "y", "denominator": "x"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "denominator": {"indicator": "g", "scale": 1e308}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "treat": {"method": "boxcox", "lambda": 2000}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "treat": "log"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method(', "on_nonpositive": "zero"', '', ', "treat": {"method": "boxcox", "lambda": 1}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(ci.panel_agg('u' || n, 'x', n * n / 1000.0), '{"components": [{"code": "r"}, {"code": "x", "parent": "r", "treat": {"method": "winsorise", "skewness": 0, "kurtosis": -9, "max_points": 0, "otherwise": "log_gii"}}]}')
	FROM generate_series(1, 6) AS n $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(ci.panel_agg('u' || n, 'x', CASE n WHEN 1 THEN -1.7e308 ELSE n * 3e307 END), '{"components": [{"code": "r"}, {"code": "x", "parent": "r", "treat": {"method": "winsorise", "skewness": 0, "kurtosis": -9, "max_points": 0, "otherwise": "log_ct"}}]}')
	FROM generate_series(1, 5) AS n $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "impute": {"method": "mean", "scope": [1, 2]}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "impute": {"method": "mean", "scope": {"by": "z"}}')) FROM q $$);

-- no logarithm; no mean
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "normalise": {"transform": "log"}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "normalise": {"transform": {"method": "boxcox", "lambda": 0.5, "offset": -1.5}}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', ', "rescale": {"transform": "log"}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "rescale": {"lower": 1, "upper": 100, "transform": "log"}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', ', "aggregate": "geometric", "normalise": "none"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', ', "aggregate": "harmonic", "normalise": "none"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', ', "aggregate": {"method": "power", "p": -2}, "normalise": "none"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', ', "aggregate": {"method": "power", "p": 0.5}, "normalise": "zscore"')) FROM q $$);

-- what a ranker has no score for: a value, a child that does not vary, distances that are all 0
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', ', "aggregate": "waspas", "normalise": "none"', ', "direction": -1')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method(', "on_nonpositive": "zero"', ', "aggregate": "copras", "normalise": "none"', ', "direction": -1')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', ', "aggregate": "mabac", "normalise": "none"', ', "indicator": "g"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(ci.subset(panel, units => '{A}'), pg_temp.method('', ', "aggregate": "topsis", "normalise": "none"')) FROM q $$);

-- more units than can be compared in pairs
SELECT pg_temp.error_of($$ SELECT ci.rank(ci.panel_agg('u' || n, 'x', n), '{"components": [{"code": "r", "aggregate": "copeland"}, {"code": "x", "parent": "r"}]}')
	FROM generate_series(1, 20001) AS n $$);

-- neither 0 nor 1
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "units": "g"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "normalise": {"scope": {"units": "x"}}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method(', "screen": {"units": "g"}')) FROM q $$);

-- a reference unit, and the periods of a scope, that are not there
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "normalise": {"upper": {"unit": "Z"}}')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "normalise": {"scope": [2030, 2029]}')) FROM q $$);

-- beyond the range of a float8: a score, a standard deviation
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', '', ', "normalise": {"method": "goalposts", "lower": 0, "upper": 1e-320}')) FROM q $$);

CREATE TEMPORARY TABLE largest AS SELECT ci.panel_agg(unit, indicator, value) AS panel
FROM (VALUES ('A', 'x', 1.7976931348623157e308::float8), ('B', 'x', -1.7976931348623157e308), ('A', 'y', 1), ('B', 'y', 2)) AS v (unit, indicator, value);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', ', "normalise": "zscore"')) FROM largest $$);
SELECT pg_temp.error_of($$ SELECT ci.rank(panel, pg_temp.method('', ', "normalise": "none", "rescale": "zscore"', ', "weight": 1e20')) FROM largest $$);

-- ci.fit

SELECT pg_temp.error_of($$ SELECT ci.fit(panel, pg_temp.method()) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.fit(panel, pg_temp.method(), 2022) FROM q $$);

SELECT pg_temp.error_of($$ SELECT ci.fit(panel, pg_temp.method('', '', ', "impute": "mean"')) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.fit(panel, pg_temp.method('', '', ', "treat": "trim"')) FROM q $$);

-- ci.explain

SELECT pg_temp.error_of($$ SELECT ci.explain(panel, pg_temp.method(), 'Z') FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.explain(panel, pg_temp.method(), 'A', 2022) FROM q $$);

-- ci.score

CREATE FUNCTION pg_temp.fixed(top text DEFAULT '', x text DEFAULT '') RETURNS ci.methodology LANGUAGE sql AS $$
	SELECT pg_temp.method(top, ', "normalise": {"method": "goalposts", "lower": 0, "upper": 10}', x) $$;
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{1,2}', pg_temp.method()) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{1,2}', pg_temp.fixed('', ', "normalise": "rank"')) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{1,2}', pg_temp.fixed('', ', "impute": "linear"')) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{1,0}', pg_temp.fixed('', ', "denominator": "y"')) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{0,2}', pg_temp.fixed('', ', "treat": "log"')) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{1,2}', pg_temp.fixed('', ', "units": ["A"]')) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,NULL}', '{1,2}', pg_temp.fixed()) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y,x}', '{1,2,3}', pg_temp.fixed()) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,z}', '{1,2}', pg_temp.fixed()) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{1}', pg_temp.fixed()) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{1,NaN}', pg_temp.fixed()) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{1,-Infinity}', pg_temp.fixed()) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y,g}', '{1,2,3}', pg_temp.fixed('', ', "units": "g"')) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{0,2}', pg_temp.fixed('', ', "normalise": {"lower": 1, "transform": "log"}')) $$);
SELECT pg_temp.error_of($$ SELECT ci.score('{x,y}', '{1e300,2}', pg_temp.fixed('', ', "normalise": {"upper": 1e-300}')) $$);

-- ci.score_agg: by rows, and by states, which pass between workers and may be anything

SELECT pg_temp.error_of($$ SELECT ci.score_agg(i, v, pg_temp.method()) FROM (VALUES ('x', 1)) AS c (i, v) $$);
SELECT pg_temp.error_of($$ SELECT ci.score_agg(i, v, pg_temp.fixed()) FROM (VALUES ('x', 1), (NULL, 2)) AS c (i, v) $$);
SELECT pg_temp.error_of($$ SELECT ci.score_agg(i, v, pg_temp.fixed()) FROM (VALUES ('x', 1), ('y', 'NaN'::float8)) AS c (i, v) $$);
SELECT pg_temp.error_of($$ SELECT ci.score_agg(i, v, pg_temp.fixed()) FROM (VALUES ('x', 1), ('y', 3), ('x', 2)) AS c (i, v) $$);
SELECT pg_temp.error_of($$ SELECT ci.score_agg(i, v, CASE i WHEN 'x' THEN pg_temp.fixed() ELSE pg_temp.fixed(', "name": "other"') END) FROM (VALUES ('x', 1), ('y', 3)) AS c (i, v) $$);
SELECT pg_temp.error_of($$ SELECT ci.score_add(NULL, 'x', 1, pg_temp.fixed()) $$);
SELECT pg_temp.error_of($$ SELECT ci.score_combine('\x', '\x') $$);
SELECT pg_temp.error_of($$ SELECT ci.score_final('\x') $$);
SELECT pg_temp.error_of($$ SELECT ci.score_final(decode(repeat('ff', 200), 'hex')) $$);
CREATE AGGREGATE pg_temp.score_state(indicator text, value float8, methodology ci.methodology) (SFUNC = ci.score_add, STYPE = bytea);
CREATE AGGREGATE pg_temp.score_merge(state bytea) (SFUNC = ci.score_combine, STYPE = bytea, FINALFUNC = ci.score_final);
CREATE TEMPORARY TABLE state AS SELECT part, i, pg_temp.score_state(i, v, pg_temp.fixed(top)) AS state, length(pg_temp.score_state(i, v, pg_temp.fixed(top))) AS length
FROM (VALUES (1, 'x', 4, ''), (2, 'y', 8, ''), (3, 'x', 5, ''), (4, 'y', 8, ', "name": "other"')) AS c (part, i, v, top) GROUP BY part, i;
-- x = 4 and y = 8 of 10
SELECT pg_temp.score_merge(state) FROM state WHERE part IN (1, 2);
SELECT pg_temp.error_of($$ SELECT pg_temp.score_merge(state ORDER BY part) FROM state WHERE part IN (1, 3) $$);
SELECT pg_temp.error_of($$ SELECT pg_temp.score_merge(state ORDER BY part) FROM state WHERE part IN (1, 4) $$);
SELECT pg_temp.error_of($$ SELECT ci.score_final(substr(state, 1, length - 8)) FROM state WHERE part = 1 $$);
SELECT pg_temp.error_of($$ SELECT ci.score_final(state || '\x0000000000000000') FROM state WHERE part = 1 $$);
SELECT pg_temp.error_of($$ SELECT ci.score_final(overlay(state PLACING '\xfe' FROM 1)) FROM state WHERE part = 1 $$);
-- 3 cells for a methodology of two indicators; a cell that is Infinity
SELECT pg_temp.error_of($$ SELECT ci.score_final(set_byte(state, 4, 3) || '\x0000000000000000') FROM state WHERE part = 1 $$);
SELECT pg_temp.error_of($$ SELECT ci.score_final(substr(state, 1, length - 8) || '\x000000000000f07f') FROM state WHERE part = 1 $$);

-- the statistical aggregates: their arguments, what they are not defined for, and states that may be anything

SELECT pg_temp.error_of($$ SELECT ci.weighted_mean(v, w) FROM (VALUES (1::float8, 1::float8), ('NaN', 1)) AS c (v, w) $$);
SELECT pg_temp.error_of($$ SELECT ci.weighted_median(1, '-Infinity'::float8) $$);
SELECT pg_temp.error_of($$ SELECT ci.gini(1, -0.5) $$);
SELECT pg_temp.error_of($$ SELECT ci.skewness('Infinity'::float8) $$);
SELECT pg_temp.error_of($$ SELECT ci.spearman('NaN'::float8, 1) $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_biased_overlap(1, 'NaN'::float8, 0.9) $$);
SELECT pg_temp.error_of($$ SELECT ci.geometric_mean(v) FROM (VALUES (1), (0), (-2)) AS c (v) $$);
SELECT pg_temp.error_of($$ SELECT ci.harmonic_mean(0, 3) $$);
SELECT pg_temp.error_of($$ SELECT ci.power_mean(-1, 2) $$);
SELECT pg_temp.error_of($$ SELECT ci.power_mean(0, 1, -0.5) $$);
SELECT pg_temp.error_of($$ SELECT ci.power_mean(1, 'NaN'::float8) $$);
SELECT pg_temp.error_of($$ SELECT ci.power_mean(v, p) FROM (VALUES (1, 1), (1, 2)) AS c (v, p) $$);
SELECT pg_temp.error_of($$ SELECT ci.gini(-3) $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_biased_overlap(1, 1, 1) $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_biased_overlap(1, 1, p) FROM (VALUES (0.9), (0.8)) AS c (p) $$);
SELECT pg_temp.error_of($$ SELECT ci.top_overlap(1, 1, 0) $$);
SELECT pg_temp.error_of($$ SELECT ci.top_overlap(1, 1, k) FROM (VALUES (3), (5)) AS c (k) $$);
SELECT pg_temp.error_of($$ SELECT ci.cronbach_alpha(items) FROM (VALUES ('{1,2,3}'::float8[]), ('{1,2}')) AS c (items) $$);
SELECT pg_temp.error_of($$ SELECT ci.cronbach_alpha('{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.cronbach_alpha_standardised('{{1,2},{3,4}}') $$);
SELECT pg_temp.error_of($$ SELECT ci.cronbach_alpha('{1,NaN}') $$);
SELECT pg_temp.error_of($$ SELECT ci.collect_value('', 1) $$);
SELECT pg_temp.error_of($$ SELECT ci.collect_combine('', '') $$);
SELECT pg_temp.error_of($$ SELECT ci.gini_final('\x00') $$);
SELECT pg_temp.error_of($$ SELECT ci.spearman_final(decode(repeat('31434943', 20), 'hex')) $$);
CREATE AGGREGATE pg_temp.value_state(value float8) (SFUNC = ci.collect_value, STYPE = bytea, INITCOND = '');
CREATE AGGREGATE pg_temp.pair_state(x float8, y float8) (SFUNC = ci.collect_pair, STYPE = bytea, INITCOND = '');
CREATE AGGREGATE pg_temp.weighted_state(value float8, weight float8) (SFUNC = ci.collect_weighted, STYPE = bytea, INITCOND = '');
CREATE AGGREGATE pg_temp.items_state(items float8[]) (SFUNC = ci.collect_items, STYPE = bytea, INITCOND = '');
CREATE AGGREGATE pg_temp.lists_state(x float8, y float8, p float8) (SFUNC = ci.collect_lists, STYPE = bytea, INITCOND = '');
CREATE AGGREGATE pg_temp.rows_merge(state bytea) (SFUNC = ci.collect_combine, STYPE = bytea, INITCOND = '');
-- 28 bytes of header, the number of rows at 12, the parameter at 20; then rows, the first number of which is 1: 000000000000f03f
CREATE TEMPORARY TABLE rows AS SELECT 'value' AS kind, pg_temp.value_state(1) AS state UNION ALL SELECT 'pair', pg_temp.pair_state(1, 2) UNION ALL SELECT 'weighted', pg_temp.weighted_state(1, 2)
	UNION ALL SELECT '2 items', pg_temp.items_state('{1,2}') UNION ALL SELECT '3 items', pg_temp.items_state('{1,2,3}') UNION ALL SELECT 'p = .9', pg_temp.lists_state(1, 1, 0.9) UNION ALL SELECT 'p = .8', pg_temp.lists_state(1, 1, 0.8);
SELECT ci.gini_final(state), length(state) FROM rows WHERE kind = 'value';
SELECT pg_temp.error_of($$ SELECT ci.spearman_final(state) FROM rows WHERE kind = 'value' $$);
SELECT pg_temp.error_of($$ SELECT pg_temp.rows_merge(state) FROM rows WHERE kind IN ('value', 'pair') $$);
SELECT pg_temp.error_of($$ SELECT pg_temp.rows_merge(state ORDER BY kind) FROM rows WHERE kind IN ('2 items', '3 items') $$);
SELECT pg_temp.error_of($$ SELECT pg_temp.rows_merge(state ORDER BY kind) FROM rows WHERE kind IN ('p = .9', 'p = .8') $$);
-- more rows than there are; no number in a row; an unknown kind; a number that is Infinity; a weight of -2; p = 1.9
SELECT pg_temp.error_of($$ SELECT ci.gini_final(set_byte(state, 12, 99)) FROM rows WHERE kind = 'value' $$);
SELECT pg_temp.error_of($$ SELECT ci.gini_final(set_byte(state, 8, 0)) FROM rows WHERE kind = 'value' $$);
SELECT pg_temp.error_of($$ SELECT ci.gini_final(set_byte(state, 4, 99)) FROM rows WHERE kind = 'value' $$);
SELECT pg_temp.error_of($$ SELECT ci.gini_final(set_byte(state, 35, 127)) FROM rows WHERE kind = 'value' $$);
SELECT pg_temp.error_of($$ SELECT ci.weighted_mean_final(set_byte(state, 43, 192)) FROM rows WHERE kind = 'weighted' $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_biased_overlap_final(set_byte(state, 26, 254)) FROM rows WHERE kind = 'p = .9' $$);
-- ci.dominates
SELECT pg_temp.error_of($$ SELECT ci.dominates('{1,2}', '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.dominates('{1,2}', '{1,2}', '{1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.dominates('{1,2}', '{1,2}', '{1,0}') $$);
SELECT pg_temp.error_of($$ SELECT ci.dominates('{1,2}', '{1,2}', '{1,NULL}') $$);
SELECT pg_temp.error_of($$ SELECT ci.dominates('{1,2}', '{1,Infinity}') $$);

-- ci.rank_change and ci.score_change: what an edition itself raises, and what they ask for besides

SELECT pg_temp.error_of($$ SELECT ci.rank_change(panel, pg_temp.method(), 2020, panel, pg_temp.method('', ', "aggregate": "geometric", "normalise": "none"'), 2021) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_change(panel, pg_temp.method(), 2020, panel, pg_temp.method(), 1999) FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.score_change(panel, pg_temp.method(), 2020, panel, pg_temp.method(), 2020, 'Z') FROM q $$);
SELECT pg_temp.error_of($$ SELECT ci.score_change(panel, pg_temp.method(), 2020, panel, pg_temp.method(), 2020, NULL, 'A') FROM q $$);
-- orders of 21 indicators that all change; of 20 there is time enough
SELECT pg_temp.error_of($$ SELECT ci.score_change(panel, m, 1, panel, m, 2) FROM (
	SELECT ci.panel_agg('A', p, 'i' || i, p * i) AS panel, (SELECT ci.methodology_agg(jsonb_build_object('code', 'i' || i, 'parent', CASE WHEN i > 0 THEN 'i0' END, 'aggregate', CASE i WHEN 0 THEN 'median' END, 'normalise', CASE i WHEN 0 THEN 'none' END))
		FROM generate_series(0, 21) AS i) AS m FROM generate_series(1, 2) AS p, generate_series(1, 21) AS i) AS c $$);

-- ci.cagr, and states that may be anything

SELECT pg_temp.error_of($$ SELECT ci.cagr(v, p) FROM (VALUES (1.0, 2020), (2, NULL)) AS c (v, p) $$);
SELECT pg_temp.error_of($$ SELECT ci.cagr(v, p) FROM (VALUES (1.0, 2020), ('NaN', 2021)) AS c (v, p) $$);
SELECT pg_temp.error_of($$ SELECT ci.cagr(v, p) FROM (VALUES (0.0, 2020), (2, 2021)) AS c (v, p) $$);
SELECT pg_temp.error_of($$ SELECT ci.cagr(v, p) FROM (VALUES (-1.5, 2020), (2, 2021)) AS c (v, p) $$);
SELECT pg_temp.error_of($$ SELECT ci.cagr(v, p) FROM (VALUES (1.0, 2020), (2, 2021), (2, 2021)) AS c (v, p) $$);
SELECT pg_temp.error_of($$ SELECT ci.cagr(v, p) FROM (VALUES (1e-300, 2020), (1e300, 2021)) AS c (v, p) $$);
SELECT pg_temp.error_of($$ SELECT ci.cagr_add('{}', 1, 2020) $$);
SELECT pg_temp.error_of($$ SELECT ci.cagr_combine('{1,2,3,4,5,6}', '{1,2,3,4,5,NULL}') $$);
SELECT pg_temp.error_of($$ SELECT ci.cagr_final('{{1,2,3},{4,5,6}}') $$);
SELECT pg_temp.error_of($$ SELECT ci.cagr_final('{1,NaN,1,2,2,1}') $$);
SELECT pg_temp.error_of($$ SELECT ci.longest_streak_add('{1,2,3}', true) $$);
SELECT pg_temp.error_of($$ SELECT ci.longest_streak_final('{1,NULL}') $$);

-- ci.uncertainty, ci.rank_intervals, ci.rank_acceptability, ci.pairwise

SELECT pg_temp.error_of($$ SELECT '[]'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weight": 1}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": 0.25}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": {}}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": "dirichlet"}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": {"share": 1.5}}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": {"method": "dirichlet", "concentration": 0}}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": {"method": "simplex", "share": 0.1}}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": "simplices"}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": "experts"}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": {"method": "experts", "draw": "one"}}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": {"method": "experts", "weights": [{"x": 1}], "draw": "all"}}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"weights": {"method": "experts", "weights": [{"x": 1}], "share": 0.1}}'::ci.uncertainty $$);
SELECT pg_temp.error_of(format('SELECT %L::ci.uncertainty', jsonb_build_object('weights', jsonb_build_object('method', 'experts', 'weights', weights::jsonb))))
FROM unnest(ARRAY['{"x": 1}', '[]', '[{}]', '[1]', '[{"x": 1}, 2]', '[{"x": -1}]', '[{"x": null}]', '[{"x": 1, "y": 2}, {"x": 1}]', '[{"x": 1}, {"x": 1, "y": 2}]', '[{"x": 1}, {"y": 1}]']) weights;
SELECT pg_temp.error_of($$ SELECT '{"omit": "x"}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"omit": []}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"omit": ["x", 1]}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"omit": ["x", "y", "x"]}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"choices": {}}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"choices": [{}]}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"choices": [[{}], []]}'::ci.uncertainty $$);
SELECT pg_temp.error_of($$ SELECT '{"choices": [["geometric"]]}'::ci.uncertainty $$);
SELECT pg_temp.error_of(format('SELECT %L::ci.uncertainty', jsonb_build_object('choices', array_fill('[{}, {}]'::jsonb, '{13}'))));

CREATE TEMPORARY TABLE s AS
SELECT ci.panel_agg(u, 2020, '{x,y}', r) AS panel, '{"components": [{"code": "i"}, {"code": "x", "parent": "i"}, {"code": "n", "parent": "i"}, {"code": "y", "parent": "n"}]}'::ci.methodology AS m
FROM (VALUES ('A', '{1,2}'::float8[]), ('B', '{2,1e308}')) AS v (u, r);
SELECT pg_temp.error_of($$ SELECT ci.rank_intervals(panel, m, draws => 0) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_acceptability(panel, m, draws => 10000001) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_intervals(panel, m, level => 1) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_intervals(panel, m, level => 'NaN') FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.pairwise(panel, m, period => 2021) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.pairwise(panel, m, '{"omit": ["x", "Y"]}') FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.pairwise(panel, m, '{"omit": ["i"]}') FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.pairwise(panel, ci.amend(m, '{"components": [{"code": "x", "weight": 0}]}'), '{"omit": true}') FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.pairwise(panel, m, '{"choices": [[{"components": [{"code": "n", "remove": true}]}]]}') FROM s $$);
SELECT weights, pg_temp.error_of(format('SELECT ci.rank_intervals(panel, m, %L) FROM s', more || jsonb_build_object('weights', jsonb_build_object('method', 'experts', 'weights', weights) || draw)))
FROM (VALUES ('[{"x": 1, "N": 1}]'::jsonb, '{}'::jsonb, '{}'::jsonb), ('[{"x": 1}]', '{}', '{}'), ('[{"i": 1}]', '{}', '{}'), ('[{"x": 1, "n": 1}, {"x": 0, "n": 0}]', '{}', '{}'),
	('[{"x": 1, "n": 1}, {"x": 1, "n": 0}]', '{"omit": true}', '{}'), ('[{"x": 1, "n": 0}]', '{"omit": true}', '{"draw": "range"}')) v (weights, more, draw);
SELECT pg_temp.error_of($$ SELECT ci.rank_intervals(panel, m, errors => (SELECT ci.panel_agg('C', 2020, 'x', 1))) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_intervals(panel, m, errors => (SELECT ci.panel_agg('A', 2020, 'z', 1))) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_intervals(panel, m, errors => (SELECT ci.panel_agg('A', 2021, 'x', 1))) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_intervals((SELECT ci.panel_agg(p) FROM (SELECT panel UNION ALL SELECT ci.panel_agg('B', 2021, 'x', 1)) AS v (p)), ci.amend(m, '{"on_constant": "missing"}'), errors => (SELECT ci.panel_agg('A', 2021, 'x', 1))) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_intervals(panel, m, errors => (SELECT ci.panel_agg('A', 2020, 'x', -0.5))) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_intervals(panel, ci.amend(m, '{"components": [{"code": "y", "remove": true}, {"code": "n", "indicator": "y"}]}'), errors => (SELECT ci.panel_agg('B', 2020, 'y', 1e308))) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.pairwise(ci.panel_agg('u' || u, 2020, 'x', u), (SELECT ci.amend(m, '{"components": [{"code": "n", "remove": true}, {"code": "y", "remove": true}]}') FROM s)) FROM generate_series(1, 8192) AS u $$);

-- ci.sensitivity

SELECT pg_temp.error_of($$ SELECT ci.sensitivity(panel, m, draws => 0) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.sensitivity(panel, m, level => 0) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.sensitivity(panel, m, period => 2021) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.sensitivity(panel, m, unit => 'a') FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.sensitivity(panel, m, errors => (SELECT ci.panel_agg('C', 2020, 'x', 1))) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.sensitivity(panel, m, '{"omit": ["z"]}') FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.sensitivity(panel, m, '{"weights": "simplex", "choices": [[{"components": [{"code": "n", "remove": true}, {"code": "y", "remove": true}]}]]}', by_weight => true) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.sensitivity(panel, m, '{"weights": "simplex", "omit": ["x"]}', draws => 10000000) FROM s $$);

-- ci.simulation, ci.simulate, ci.simulation_agg, ci.create_simulation

SELECT pg_temp.error_of($$ SELECT ''::bytea::ci.simulation $$);
SELECT pg_temp.error_of($$ SELECT ci.simulate(panel, m, first_draw => 0) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.simulate(panel, m, draws => 2, first_draw => 2147483647) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.simulation_agg(ci.simulate(panel, m, seed => n)) FROM s, generate_series(1, 2) AS n $$);
SELECT pg_temp.error_of($$ SELECT ci.simulation_agg(ci.simulate(panel, m, draws => 10, first_draw => 2 * n)) FROM s, generate_series(1, 2) AS n $$);
SELECT pg_temp.error_of($$ SELECT ci.simulation_pairwise(ci.simulate(panel, m)) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.simulation_intervals(ci.simulate(panel, m), 2) FROM s $$);
-- the bytes of a simulation, and what is wrong with them: of one unit and one period, from byte 134 on
CREATE TEMPORARY TABLE b AS SELECT ci.simulate(ci.panel_agg('A', 2020, 'x', 1), '{"components": [{"code": "x", "normalise": "none"}]}', draws => 1, pairs => true)::bytea AS b;
SELECT substr(b, 135) FROM b;
SELECT w.at, pg_temp.error_of(format('SELECT %L::bytea::ci.simulation', CASE WHEN at < 0 THEN substr(b, 1, length(b) + at) ELSE overlay(b PLACING bytes FROM at + 1) END))
FROM b, (VALUES (0, '\x02'::bytea), (1, '\x02'), (134, '\x00'), (134, '\x02'), (134, '\x02000000e407000000'), (142, '\x00'), (142, '\xffffffff'), (146, '\x02'), (150, '\x02'), (154, '\xff'), (155, '\x01'), (159, '\x00'), (163, '\x01'), (167, '\x00'),
	(171, '\x00'), (171, '\x02'), (175, '\xffffffff'), (-1, NULL), (-8, NULL), (-9, NULL)) AS w (at, bytes);

SELECT pg_temp.error_of($$ SELECT ci.create_simulation('x', NULL, m) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.create_simulation('database.public.x', panel, m) FROM s $$);
SELECT pg_temp.error_of(format('SELECT ci.create_simulation(%L, panel, m) FROM s', repeat('x', 50)));
SELECT pg_temp.error_of($$ SELECT ci.create_simulation('x', panel, m, draws => 0) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.create_simulation('x', panel, m, chunk => 0) FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.create_simulation('x', panel, m, '{"omit": ["z"]}') FROM s $$);
SELECT pg_temp.error_of($$ SELECT ci.create_simulation('s', panel, m) FROM s $$) WHERE false;
SET search_path = '';
SELECT pg_temp.error_of($$ SELECT ci.create_simulation('x', panel, m) FROM pg_temp.s $$);
RESET search_path;
SELECT pg_temp.error_of($$ SELECT ci.simulate_chunk(NULL) $$);
SELECT pg_temp.error_of($$ SELECT ci.simulate_chunk('pg_class') $$);
SELECT ci.create_simulation('public.gone', panel, m) FROM s;
SELECT pg_temp.error_of($$ UPDATE gone_input SET seed = 2 $$);
DELETE FROM gone_input;
SELECT pg_temp.error_of($$ SELECT ci.simulate_chunk('gone') $$);
DROP TABLE gone_input;
SELECT pg_temp.error_of($$ SELECT ci.simulate_chunk('public.gone') $$);
DROP TABLE gone CASCADE;

-- ci.weigh, ci.pca, ci.correlations, ci.budget (those of ci.ahp are in ahp)

CREATE TEMPORARY TABLE w AS
SELECT ci.panel_agg(u, 2020, '{x,y,z}', r) AS panel, '{"components": [{"code": "i", "normalise": "none"}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}, {"code": "z", "parent": "i"}]}'::ci.methodology AS m
FROM (VALUES ('A', '{1,0,5}'::float8[]), ('B', '{2,-3,5}'), ('C', '{3,NULL,5}'), ('D', '{5,NULL,5}')) AS v (u, r);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'critics') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'principal components') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'equal', 'I') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'equal', 'x') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'equal', NULL, '{2021}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'equal', NULL, '{}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'equal', NULL, '{2020,NULL}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'standard_deviation') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'entropy') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'gini') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'merec') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, m, 'critic') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(panel, ci.amend(m, '{"components": [{"code": "x", "remove": true}, {"code": "y", "remove": true}, {"code": "a", "indicator": "z", "parent": "i"}]}'), 'critic') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(ci.panel_agg(u, 2020, '{x,y,z}', r), (SELECT m FROM w), 'merec') FROM (VALUES ('A', '{1,2,NULL}'::float8[]), ('B', '{2,3,4}')) AS v (u, r) $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(ci.panel_agg(u, 2020, '{x,y,z}', r), ci.amend((SELECT m FROM w), '{"components": [{"code": "i", "normalise": {"method": "goalposts", "lower": 0, "upper": 1, "to": [0, 1]}}]}'), 'standard_deviation')
	FROM (VALUES ('A', '{1,2,-1.7e308}'::float8[]), ('B', '{2,3,1.7e308}')) AS v (u, r) $$);
SELECT pg_temp.error_of($$ SELECT ci.pca(panel, m, 'j') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.correlations(panel, m, NULL, '{2019}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.correlations(panel, m, method => 'kendall') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.correlations(panel, m, method => 'spearmann') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(m, '{x,y}', '{1}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(m, '{x,Y}', '{1,2}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(m, '{x,x}', '{1,2}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(m, '{x,y}', '{1,NaN}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(m, '{x,y}', '{1,-1}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(m, '{x,y,z}', '{0,0,0}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(m, '{x,NULL}', '{0,0}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weigh(m, '{x,y}', '{0,NULL}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.budget(panel) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.budget(ci.panel_agg(e, c, p)) FROM (VALUES ('Ann', 'x', 10), ('Bea', 'x', 0), ('Bea', 'y', NULL)) AS v (e, c, p) $$);

-- Bounds.
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 1) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 'NaN') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 0.1, 1900) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 0.1, NULL, '{x}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 0.1, NULL, '{x,y}', '{1}', '{1,2}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 0.1, NULL, '{X}', '{1}', '{1}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 0.1, NULL, '{x}', '{NULL}', '{1}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 0.1, NULL, '{x}', '{0}', '{1}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 0.1, NULL, '{x}', '{1}', '{Infinity}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 0.1, NULL, '{x}', '{1.5}', '{2}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 0.1, NULL, '{x,x}', '{1,1}', '{1,1}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(panel, m, 0.1, NULL, ARRAY[(SELECT code FROM ci.components(m) WHERE parent IS NULL)], '{1}', '{1}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bound_weights(panel, m, 'nobody') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.necessary_order(panel, ci.amend(m, jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', (SELECT code FROM ci.components(m) WHERE parent IS NULL), 'aggregate', 'median'))))) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.necessary_order(panel, ci.amend(m, jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', (SELECT code FROM ci.components(m) WHERE parent IS NULL), 'rescale', 'minmax'))))) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.rank_bounds(ci.panel_agg('u' || u, 'x', u), '{"components": [{"code": "i"}, {"code": "x", "parent": "i"}]}') FROM generate_series(1, 10001) AS u $$);

-- Stability.
SELECT pg_temp.error_of($$ SELECT ci.weight_stability(panel, m, 'X') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weight_stability(panel, m, 'i') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weight_stability(panel, m, top => 0) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.weight_stability(panel, m, period => 1900) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.lead_robustness(panel, m, 'nobody') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.lead_robustness(panel, ci.amend(m, '{"components": [{"code": "i", "aggregate": "min"}]}')) FROM w $$);

-- Leaving one out.
SELECT pg_temp.error_of($$ SELECT ci.leave_one_out(panel, m, 'unit') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.leave_one_out(panel, m, 'units', 1900) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.leave_one_out(panel, '{"components": [{"code": "i"}, {"code": "x", "parent": "i"}]}') FROM w $$);

-- Reach.
SELECT pg_temp.error_of($$ SELECT ci.reach(panel, m, 'nobody', 1) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.reach(panel, m, 'A', 0) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.reach(panel, m, 'A', 1, '{i}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.reach(panel, m, 'A', 1, '{x,x}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.reach(panel, m, 'A', 1, '{NULL}') FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.reach(panel, m, 'A', 1, NULL, 1900) FROM w $$);
SELECT pg_temp.error_of($$ SELECT ci.reach(panel, ci.amend(m, '{"components": [{"code": "i", "aggregate": "topsis"}]}'), 'A', 1) FROM w $$);

-- A statement that fails leaves nothing behind: no table, no row, no memory.  2021 fails, though 2020 would not.
CREATE FUNCTION pg_temp.failing() RETURNS ci.methodology LANGUAGE sql AS $$
	SELECT pg_temp.method('', ', "aggregate": "geometric", "normalise": "none"') $$;
CREATE TEMPORARY TABLE made AS SELECT r.* FROM q, ci.rank(panel, pg_temp.failing()) AS r;
SELECT to_regclass('made') IS NULL;
SELECT r.* FROM q, ci.rank(panel, pg_temp.failing()) AS r LIMIT 1;
CREATE TEMPORARY TABLE filled (panel ci.panel);
INSERT INTO filled SELECT panel FROM q UNION ALL SELECT ci.panel_agg('A', 'x', 'NaN'::float8);
SELECT count(*) FROM filled;
SELECT count(*) FROM pg_backend_memory_contexts WHERE name ~ '^ci[. ]';
-- nor does a call that fails disturb the next one of the same expression
CREATE FUNCTION pg_temp.scores() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	methodology ci.methodology;
	good ci.methodology := pg_temp.fixed();
	bad ci.methodology := pg_temp.method();
BEGIN
	FOREACH methodology IN ARRAY ARRAY[good, bad, good, bad, bad, good] LOOP
		BEGIN
			RETURN NEXT ci.score('{x,y}', '{4,8}', methodology);
		EXCEPTION WHEN OTHERS THEN
			RETURN NEXT SQLSTATE;
		END;
	END LOOP;
END $$;
SELECT string_agg(score, ' ') FROM pg_temp.scores() AS score;
