-- Panels: what goes in, what comes out, and that equal ones are equal.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
\set SHOW_CONTEXT never
\pset null ~

-- Two indicators of three units in two periods; no unit is in all of it
CREATE TABLE long (unit text, period int, indicator text, value float8);
INSERT INTO long VALUES
	('C', 2021, 'y', 5), ('A', 2020, 'y', 10), ('B', 2020, 'x', 2), ('A', 2021, 'x', 3),
	('C', 2021, 'x', NULL), ('B', 2020, 'y', NULL), ('A', 2020, 'x', 1);
CREATE TABLE p AS SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM long;

-- Text form
SELECT panel FROM p;

-- Accessors
SELECT ci.units(panel), ci.periods(panel), ci.indicators(panel) FROM p;
SELECT o.* FROM p, ci.observations(panel) AS o;

-- The five forms give one panel: for one period, which the short form calls 0 …
CREATE TABLE wide (unit text, period int, x float8, y float8);
INSERT INTO wide VALUES ('B', 2020, 2, NULL), ('C', 2021, NULL, 5), ('A', 2021, 3, NULL), ('A', 2020, 1, 10);
SELECT count(*) AS forms, count(DISTINCT panel) AS panels, count(DISTINCT ci.digest(panel)) AS digests, count(DISTINCT panel::text) AS texts
FROM (
	SELECT ci.panel_agg(unit, 0, indicator, value) AS panel FROM long WHERE period = 2020 UNION ALL
	SELECT ci.panel_agg(unit, indicator, value) FROM long WHERE period = 2020 UNION ALL
	SELECT ci.panel_agg(unit, 0, ARRAY['y', 'x'], ARRAY[y, x]) FROM wide WHERE period = 2020 UNION ALL
	SELECT ci.panel_agg(unit, 0, to_jsonb(w) - '{unit,period}'::text[]) FROM wide w WHERE period = 2020 UNION ALL
	SELECT ci.panel_agg(part) FROM (SELECT ci.panel_agg(unit, 0, indicator, value) AS part FROM long WHERE period = 2020 GROUP BY unit) u) f;
-- … and for several
SELECT count(*) AS forms, count(DISTINCT panel) AS panels, count(DISTINCT ci.digest(panel)) AS digests, count(DISTINCT panel::text) AS texts
FROM (
	SELECT panel FROM p UNION ALL
	SELECT ci.panel_agg(unit, period, ARRAY['x', 'y'], ARRAY[x, y]) FROM wide UNION ALL
	SELECT ci.panel_agg(unit, period, to_jsonb(w) - '{unit,period}'::text[]) FROM wide w UNION ALL
	SELECT ci.panel_agg(unit, period, cells) FROM (VALUES ('A', 2020, jsonb '{"x": 1, "y": 10}'),
		('A', 2021, '{"x": 3}'), ('B', 2020, '{"y": null, "x": 2}'), ('C', 2021, '{"y": 5}')) v (unit, period, cells) UNION ALL
	SELECT ci.panel_agg(part) FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS part FROM long GROUP BY period) u UNION ALL
	SELECT ci.panel_agg(part) FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS part FROM long GROUP BY indicator) u UNION ALL
	SELECT ci.panel_agg(o.unit, o.period, o.indicator, o.value) FROM p, ci.observations(panel) AS o) f;

-- Columns of ordinary types fit without a cast: each line is the panel A, 2020, x = 1
CREATE TABLE typed (unit varchar(10), unit_c char(1), unit_n name, small smallint, year int, day date,
	i int, big bigint, n numeric(10, 2), r real, f float8);
INSERT INTO typed VALUES ('A', 'A', 'A', 2020, 2020, '2020-06-30', 1, 1, 1, 1, 1);
SELECT count(*) AS calls, count(DISTINCT panel) AS panels, min(panel::text) AS panel
FROM (
	SELECT ci.panel_agg(unit, year, 'x', i) AS panel FROM typed UNION ALL
	SELECT ci.panel_agg(unit_c, year, 'x', big) FROM typed UNION ALL
	SELECT ci.panel_agg(unit_n, year, 'x', small - 2019) FROM typed UNION ALL
	SELECT ci.panel_agg(unit, small, 'x', n) FROM typed UNION ALL
	SELECT ci.panel_agg(unit, '2020', 'x', r) FROM typed UNION ALL
	SELECT ci.panel_agg(unit, 2020, 'x'::varchar, f) FROM typed UNION ALL
	SELECT ci.panel_agg(unit, extract(year FROM day)::int, 'x', 1) FROM typed UNION ALL
	SELECT ci.panel_agg('A', 2020, 'x', 1.0) UNION ALL
	SELECT ci.panel_agg(unit, small, '{x}', ARRAY[i]) FROM typed UNION ALL
	SELECT ci.panel_agg(unit, year, ARRAY['x'::varchar], ARRAY[n]) FROM typed UNION ALL
	SELECT ci.panel_agg(unit, '2020', ARRAY['x'], ARRAY[r]) FROM typed UNION ALL
	SELECT ci.panel_agg(unit, small, '{"x": 1}') FROM typed UNION ALL
	SELECT ci.panel_agg(unit, '2020', jsonb_build_object('x', n)) FROM typed UNION ALL
	SELECT ci.panel_agg(unit, extract(year FROM day)::int, jsonb_build_object('x', r)) FROM typed) c;
SELECT count(*) AS calls, count(DISTINCT panel) AS panels, min(panel::text) AS panel
FROM (
	SELECT ci.panel_agg(unit, 'x', i) AS panel FROM typed UNION ALL
	SELECT ci.panel_agg(unit, 'x'::varchar, n) FROM typed UNION ALL
	SELECT ci.panel_agg('A', 'x', r) FROM typed) c;

-- Names are in bytewise order, whatever the order of rows and the collation
SELECT ci.units(ci.panel_agg(u, 'i', 0)) AS units, ci.indicators(ci.panel_agg('u', u, 0)) AS indicators
FROM unnest('{z,é,B,"",a,Z,北京,aa,A}'::text[]) AS u;
SELECT ci.periods(ci.panel_agg('u', p, 'i', 0)) FROM unnest('{5,-2147483648,0,2147483647,-1}'::int[]) AS p;

-- -0 is stored as 0
SELECT form, float8send(value) FROM (
	SELECT 'long', ci.panel_agg('A', 2020, 'x', '-0'::float8) UNION ALL
	SELECT 'one period', ci.panel_agg('A', 'x', '-0'::float8) UNION ALL
	SELECT 'array', ci.panel_agg('A', 2020, '{x}', ARRAY['-0'::float8]) UNION ALL
	SELECT 'jsonb', ci.panel_agg('A', 2020, '{"x": -0.0}') UNION ALL
	SELECT 'text', '{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":2020,"units":[0],"cells":[[-0.0]]}]}') f (form, panel),
	ci.observations(panel)
ORDER BY form COLLATE "C";

-- NULL: the unit is known in that period, the cell is missing; a value may still follow, or have come before
SELECT ci.panel_agg('A', 2020, 'x', NULL::float8) AS long, ci.panel_agg('A', 2020, '{x}'::text[], NULL) AS array,
	ci.panel_agg('A', 2020, '{"x": null}') AS jsonb \gx
SELECT count(DISTINCT panel) AS panels, min(panel::text) AS panel
FROM (
	SELECT ci.panel_agg('A', 2020, 'x', v) AS panel FROM (VALUES (NULL), (7)) r (v) UNION ALL
	SELECT ci.panel_agg('A', 2020, 'x', v) FROM (VALUES (7), (NULL), (NULL)) r (v)) f;
-- a unit without indicators
SELECT ci.panel_agg('A', 2020, '{}'::text[], '{}') AS array, ci.panel_agg('A', 2020, '{}') AS jsonb,
	ci.panel_agg('A', 2020, NULL::jsonb) AS null \gx
-- no rows
SELECT ci.panel_agg(unit, period, indicator, value) AS long, ci.panel_agg(unit, indicator, value) AS one_period,
	ci.panel_agg(unit, period, ARRAY[indicator], ARRAY[value]) AS array, ci.panel_agg(unit, period, to_jsonb(long)) AS jsonb,
	ci.panel_agg(NULL::ci.panel) AS null_panels FROM long WHERE false;
SELECT ci.panel_agg(part) OPERATOR(ci.=) p.panel AS passed_over FROM p, LATERAL (VALUES (NULL), (p.panel), (NULL)) v (part) GROUP BY p.panel;

-- jsonb: true and false are 1 and 0; numbers are rounded as by a cast to float8; what is too small for one is 0
SELECT indicator, value, value IS NOT DISTINCT FROM expected AS as_expected
FROM ci.observations((SELECT ci.panel_agg('A', 2020,
		'{"t": true, "f": false, "n": null, "tenth": 0.1, "third": 0.333333333333333333333333333333, "big": 1e308, "tiny": 1e-400}')))
JOIN (VALUES ('t', 1), ('f', 0), ('n', NULL), ('tenth', 0.1::float8), ('third', 1 / 3::float8), ('big', 1e308), ('tiny', 0)) v (indicator, expected)
	USING (indicator)
ORDER BY indicator COLLATE "C";

-- Aggregated: DISTINCT, FILTER, groups, windows
SELECT ci.panel_agg(DISTINCT unit, period, indicator, value) OPERATOR(ci.=) (SELECT panel FROM p) AS distinct
FROM (TABLE long UNION ALL TABLE long) AS twice;
SELECT ci.units(ci.panel_agg(unit, period, indicator, value) FILTER (WHERE value > 2)) AS above_2,
	ci.panel_agg(unit, period, indicator, value) FILTER (WHERE value > 20) AS above_20 FROM long;
SELECT unit, period, indicator, value, ci.units(whole) AS whole, ci.units(so_far) AS so_far,
	(SELECT string_agg(concat(o.unit, o.indicator, o.value), ' ') FROM ci.observations(last_two) AS o WHERE o.value IS NOT NULL) AS last_two
FROM (SELECT *, ci.panel_agg(unit, period, indicator, value) OVER (PARTITION BY period) AS whole,
		ci.panel_agg(unit, period, indicator, value) OVER (PARTITION BY period ORDER BY unit, indicator) AS so_far,
		ci.panel_agg(unit, period, indicator, value) OVER (ORDER BY period, unit, indicator ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS last_two
	FROM long) AS w
ORDER BY period, unit, indicator;
-- many small groups, by hash and sorted: each has its unit, in each of 3 periods a value of 2 indicators
CREATE TABLE many AS
SELECT 'unit ' || u AS unit, period, indicator, u + period AS value
FROM generate_series(1, 5000) u, generate_series(1, 3) period, unnest('{x,y}'::text[]) indicator;
SET enable_sort = off;
SELECT count(*) AS groups, count(DISTINCT panel) AS panels,
	count(*) FILTER (WHERE ci.units(panel) <> ARRAY[unit] OR cardinality(ci.periods(panel)) <> 3) AS wrong
FROM (SELECT unit, ci.panel_agg(unit, period, indicator, value) AS panel FROM many GROUP BY unit) g;
RESET enable_sort;
SET enable_hashagg = off;
SELECT count(*) AS groups, sum(value) AS sum, (SELECT sum(value) FROM many) AS expected
FROM (SELECT unit, ci.panel_agg(unit, period, indicator, value) AS panel FROM many GROUP BY unit) g, ci.observations(panel);
RESET enable_hashagg;

-- Arrays of indicators may differ from row to row, in order and in shape; those without cells are known all the same
SELECT o.*
FROM (SELECT ci.panel_agg(unit, 1, indicators, cells ORDER BY unit) AS panel
	FROM (VALUES ('A', '{x,y}'::text[], '{1,2}'::float8[]), ('B', '{x,y}', '{NULL,3}'), ('C', '{y,x}', '{4,5}'), ('D', '[0:1]={x,y}', '{6,7}'), ('E', '{{x,y}}', '{{8,9}}'),
		('F', '{}', '{}'), ('G', '{x,y}', NULL), ('H', '{x,z}', '{10,11}'), ('I', '{x,z}', '[3:4]={12,NULL}'), ('J', '{x,y}', '{13,14}'), ('K', '{x}', '{NULL}'),
		('L', '{w}', NULL)) v (unit, indicators, cells)) p, ci.observations(panel) o
WHERE o.value IS NOT NULL OR o.unit IN ('F', 'L') ORDER BY unit, indicator;
SELECT ci.panel_agg(unit, 1, indicators, cells ORDER BY unit) FROM (VALUES ('A', '{x,y}'::text[], '{1,2}'::float8[]), ('B', '{x,y,x}', '{1,2,3}')) v (unit, indicators, cells);
SELECT ci.panel_agg(unit, 1, indicators, cells ORDER BY unit) FROM (VALUES ('A', '{x,y}'::text[], '{1,2}'::float8[]), ('B', '{x,NULL}', '{1,2}')) v (unit, indicators, cells);
SELECT ci.panel_agg(unit, 1, indicators, cells ORDER BY unit) FROM (VALUES ('A', '{x,y}'::text[], '{1,2}'::float8[]), ('B', '{x,y}', '{1,NaN}')) v (unit, indicators, cells);

-- 3000 units in each of 2 periods, four indicators: one from the first row on, one for the last units only, one with holes, one without values;
-- however the rows come, and merged, the same cells come out
CREATE TABLE tall AS
SELECT format('unit %s', u) AS unit, period, indicator,
	CASE indicator WHEN 'late' THEN nullif(u > 2500, false)::int WHEN 'holes' THEN nullif(u % 1500 < 100, false)::int WHEN 'all' THEN 1 END * (u + period / 10.0) AS value
FROM generate_series(1, 3000) u, generate_series(1, 2) period, unnest('{all,late,holes,none}'::text[]) indicator;
SELECT w.rows, count(*) AS cells, count(o.value) AS present, count(*) FILTER (WHERE o.value IS DISTINCT FROM t.value) AS wrong
FROM (SELECT 'as they are' AS rows, ci.panel_agg(unit, period, indicator, value) AS panel FROM tall
	UNION ALL SELECT 'by name', ci.panel_agg(unit, period, indicator, value ORDER BY unit COLLATE "C", period) FROM tall
	UNION ALL SELECT 'by indicator', ci.panel_agg(unit, period, indicator, value ORDER BY indicator, period DESC, length(unit) DESC) FROM tall
	UNION ALL SELECT 'shuffled', ci.panel_agg(unit, period, indicator, value ORDER BY md5(unit || period || indicator)) FROM tall
	UNION ALL SELECT 'merged', ci.panel_agg(panel ORDER BY part DESC) FROM (
		SELECT right(unit, 1) AS part, ci.panel_agg(unit, period, indicator, value) AS panel FROM tall GROUP BY 1) parts) w,
	ci.observations(panel) o JOIN tall t USING (unit, period, indicator)
GROUP BY w.rows ORDER BY w.rows COLLATE "C";
SELECT ci.panel_agg(unit, period, indicator, value ORDER BY unit, value) FROM (SELECT * FROM tall UNION ALL VALUES ('unit 2700', 2, 'late', 0.5)) twice;
DROP TABLE tall;

-- Merging leaves the parts as they were, also where the first is the state; a merged panel can be merged again
CREATE TABLE part AS SELECT period, ci.panel_agg(unit, period, indicator, value) AS panel FROM long GROUP BY period;
SELECT ci.panel_agg(part.panel ORDER BY period) OPERATOR(ci.=) p.panel AS merged, ci.panel_agg(part.panel ORDER BY period DESC) OPERATOR(ci.=) p.panel AS reversed
FROM part, p GROUP BY p.panel;
SELECT period, panel FROM part ORDER BY period;
SELECT ci.panel_agg(u.panel) AS with_another
FROM (SELECT panel FROM p UNION ALL SELECT ci.panel_agg('A', 2020, 'z', 9)) u;

-- Comparison: 300 panels, of which 100 differ
CREATE TABLE several AS
SELECT n, ci.panel_agg('u' || n % 10, 2000 + n % 5, 'x', n % 100) AS panel FROM generate_series(1, 300) n GROUP BY n;
SELECT count(*) AS rows, count(DISTINCT panel) AS distinct, count(DISTINCT ci.digest(panel)) AS digests FROM several;
SET enable_sort = off;
SELECT count(*) AS groups, min(size), max(size) FROM (SELECT count(*) AS size FROM several GROUP BY panel) g;
RESET enable_sort;
SET enable_hashagg = off;
SELECT count(*) AS groups, min(size), max(size) FROM (SELECT count(*) AS size FROM several GROUP BY panel) g;
RESET enable_hashagg;
SELECT (SELECT count(*) FROM (SELECT panel FROM several WHERE n <= 100 EXCEPT SELECT panel FROM several WHERE n > 230) e) AS except_,
	(SELECT count(*) FROM (SELECT panel FROM several WHERE n <= 50 INTERSECT SELECT panel FROM several WHERE n > 120 AND n <= 200) i) AS intersect_,
	(SELECT count(*) FROM (SELECT panel FROM several WHERE n <= 50 UNION SELECT panel FROM several WHERE n > 260) u) AS union_;
SELECT bool_and(before OPERATOR(ci.<=) panel) AS ascending,
	bool_and((before OPERATOR(ci.<) panel) = (before OPERATOR(ci.<>) panel)) AS consistent,
	bool_and((before OPERATOR(ci.>=) panel) = (before OPERATOR(ci.=) panel)) AS and_back,
	bool_or(before OPERATOR(ci.>) panel) AS descending,
	count(*) FILTER (WHERE before OPERATOR(ci.<) panel) AS steps
FROM (SELECT panel, lag(panel) OVER (ORDER BY panel) AS before FROM several) s;
SET enable_nestloop = off;
SET enable_mergejoin = off;
SELECT count(*) AS by_hash FROM several a JOIN several b ON a.panel OPERATOR(ci.=) b.panel;
RESET enable_mergejoin;
SET enable_hashjoin = off;
SELECT count(*) AS by_merge FROM several a JOIN several b ON a.panel OPERATOR(ci.=) b.panel;
RESET enable_hashjoin;
RESET enable_nestloop;
SELECT count(DISTINCT ci.panel_hash(panel)) AS hashes, bool_and(ci.panel_hash(panel) = ci.panel_hash_extended(panel, 0)::bit(32)::int) AS agree,
	bool_or(ci.panel_hash_extended(panel, 1) = ci.panel_hash_extended(panel, 0)) AS seed_ignored
FROM several;

-- A part of a panel: NULL is all; what was asked for stays, though nothing is observed of it
SELECT what, part FROM p, LATERAL (VALUES
	(1, 'all', ci.subset(panel)),
	(2, 'a period', ci.subset(panel, '{2020}')),
	(3, 'units', ci.subset(panel, units => '{C,A,C}')),
	(4, 'an indicator', ci.subset(panel, indicators => '{y}')),
	(5, 'one cell', ci.subset(panel, '{2020}', '{B}', '{y}')),
	(6, 'no indicator', ci.subset(panel, '{2020}', indicators => '{}')),
	(7, 'nothing', ci.subset(panel, '{2020}', '{C}')),
	(8, 'no period', ci.subset(panel, '{}')),
	(9, 'no unit', ci.subset(panel, units => '{}'))) v (n, what, part)
ORDER BY n;
-- the parts by period, unit or indicator make up the whole
SELECT (SELECT ci.panel_agg(ci.subset(panel, ARRAY[part])) FROM unnest(ci.periods(panel)) part) OPERATOR(ci.=) panel AS by_period,
	(SELECT ci.panel_agg(ci.subset(panel, units => ARRAY[part])) FROM unnest(ci.units(panel)) part) OPERATOR(ci.=) panel AS by_unit,
	(SELECT ci.panel_agg(ci.subset(panel, indicators => ARRAY[part])) FROM unnest(ci.indicators(panel)) part) OPERATOR(ci.=) panel AS by_indicator
FROM p;

-- Summary against SQL's own aggregates: 3 periods of 4 indicators of 50 units, an eighth of the cells missing
CREATE TABLE sample AS
SELECT 'u' || u AS unit, period, indicator, CASE WHEN (u * 7 + period + h) % 8 > 0 THEN ((u * u * 31 + u * h * 17 + period * 5) % 97) / (h + 2.0)::float8 END AS value
FROM generate_series(1, 50) u, generate_series(1, 3) period, (VALUES ('a', 1), ('b', 2), ('c', 3), ('d', 4)) i (indicator, h);
WITH expected AS (
	SELECT period, indicator, count(value) AS n, count(*) - count(value) AS missing, count(DISTINCT value) AS "distinct",
		min(value) AS min, max(value) AS max, avg(value::numeric) AS mean, stddev_samp(value::numeric) AS sd,
		percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median
	FROM sample GROUP BY period, indicator),
moment AS (
	SELECT period, indicator, e.n::numeric AS n, sum((value::numeric - mean) ^ 2) AS m2, sum((value::numeric - mean) ^ 3) AS m3, sum((value::numeric - mean) ^ 4) AS m4
	FROM sample JOIN expected e USING (period, indicator) WHERE value IS NOT NULL GROUP BY period, indicator, e.n)
SELECT count(*) AS rows,
	count(*) FILTER (WHERE (s.n, s.missing, s.distinct, s.min, s.max, s.median) IS DISTINCT FROM (e.n, e.missing, e.distinct, e.min, e.max, e.median)) AS wrong,
	max(abs(s.mean - e.mean)) < 1e-12 AND max(abs(s.sd - e.sd)) < 1e-12 AS moments,
	max(abs(s.skewness - m.n * sqrt(m.n - 1) / (m.n - 2) * m3 / (m2 * sqrt(m2)))) < 1e-12 AS skewness,
	max(abs(s.kurtosis - (m.n - 1) / ((m.n - 2) * (m.n - 3)) * ((m.n + 1) * (m.n * m4 / (m2 * m2) - 3) + 6))) < 1e-12 AS kurtosis
FROM (SELECT s.* FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM sample) x, ci.summary(panel) s) s
JOIN expected e USING (period, indicator) JOIN moment m USING (period, indicator);
-- By hand.  1 2 3 4 10: deviations -3 -2 -1 0 6, their powers sum to 50, 180, 1394; so sd = sqrt(50 / 4), skewness = 1.2 sqrt(2)
-- (Excel's SKEW: 1.697056) and kurtosis = 3.152 (KURT).  1 2 3 4: skewness 0, kurtosis -1.2.
SELECT indicator, n, missing, "distinct", min, max, mean, round(sd::numeric, 6) AS sd, median, round(skewness::numeric, 6) AS skewness, round(kurtosis::numeric, 6) AS kurtosis
FROM ci.summary((SELECT ci.panel_agg('u' || n, indicator, x)
	FROM (VALUES ('1 none', '{NULL,NULL}'::float8[]), ('2 one', '{5}'), ('3 two', '{1,2,NULL}'), ('4 three', '{1,2,6}'),
		('5 constant', '{7,7,7,7}'), ('6 four', '{1,2,3,4}'), ('7 five', '{1,2,3,4,10}'), ('8 mirrored', '{-1,-2,-3,-4,-10}'),
		('9 shifted', '{1000000000001,1000000000002,1000000000003,1000000000004,1000000000010}')) v (indicator, xs),
		unnest(xs) WITH ORDINALITY c (x, n)));
-- in each period the indicators of the panel, also where no unit has them
SELECT period, indicator, n, missing FROM p, ci.summary(panel);

-- Text: out and in again, bit by bit
CREATE TABLE extreme (n int, value float8);
INSERT INTO extreme VALUES (1, 5e-324), (2, 2.2250738585072014e-308), (3, 2.225073858507201e-308), (4, 1.7976931348623157e308), (5, -1.7976931348623157e308),
	(6, 0.1), (7, 1e22), (8, 1e23), (9, 9007199254740993), (10, 0.30000000000000004), (11, 100), (12, 1e15), (13, 123456789012345680), (14, 1e-5), (15, '-0'), (16, -1.5);
SELECT panel::text::ci.panel OPERATOR(ci.=) panel AS same, panel::text::ci.panel::text = panel::text AS same_text
FROM (SELECT ci.panel_agg(n::text, 'x', value) AS panel FROM extreme) p;
SELECT count(*) AS values, count(*) FILTER (WHERE float8send(o.value) <> float8send(e.value + 0)) AS differ
FROM extreme e JOIN ci.observations((SELECT ci.panel_agg(n::text, 'x', value)::text::ci.panel FROM extreme)) o ON o.unit = n::text;
SELECT ci.panel_agg('u', n::text, value) FROM extreme WHERE n <= 9;
-- whitespace and the ways to write a number do not matter
SELECT '
	{ "panel" : 1, "indicators" : [ "x" ] , "units" : ["\u0041", "B" ], "periods":
	[ { "period":-1,"units":[ 0, 1 ],"cells":[[1e1,0.00]] } ] }'::ci.panel;

-- nor does the order of units and indicators: what comes out is canonical
SELECT '{"panel":1,"indicators":["y","x"],"units":["C","A","B"],"periods":[{"period":2020,"units":[1,2],"cells":[[10,null],[1,2]]},{"period":2021,"units":[0,1],"cells":[[5,null],[null,3]]}]}'::ci.panel
	OPERATOR(ci.=) panel AS canonical FROM p;

-- Names of every kind, in text and out; the digest knows them apart
CREATE TABLE name (n int, name text);
INSERT INTO name VALUES (1, ''), (2, '北京'), (3, 'Xi''an'), (4, 'say "hi"'), (5, 'back\slash\\'), (6, E'new\nline\ttab\r'), (7, '{"a": [1]}'), (8, ' '), (9, '  '),
	(10, repeat('long ', 20000)), (11, repeat('long ', 19999) || 'lonf '), (12, 'é'), (13, U&'e\0301'), (14, E'\x01\x1f\x7f'), (15, '😀'), (16, 'NULL'), (17, '0');
SELECT count(*) AS names, count(o.unit) AS found FROM name
LEFT JOIN ci.observations((SELECT ci.panel_agg(name, name, n) FROM name)) o ON o.unit = name COLLATE "C" AND o.indicator = name COLLATE "C" AND o.value = n;
SELECT panel::text::ci.panel OPERATOR(ci.=) panel AS same, cardinality(ci.units(panel)) AS units, cardinality(ci.indicators(panel)) AS indicators,
	panel::text::jsonb -> 'units' = to_jsonb(ci.units(panel)) AS json
FROM (SELECT ci.panel_agg(name, name, n) AS panel FROM name) p;
SELECT count(DISTINCT ci.digest(panel)) AS digests, count(DISTINCT panel) AS panels
FROM (SELECT ci.panel_agg(name, 'x', 1) AS panel FROM name GROUP BY n UNION ALL SELECT ci.panel_agg('x', name, 1) FROM name GROUP BY n) p;
SELECT ci.panel_agg(name, name, n) FROM name WHERE n <= 6;

-- Binary form, byte by byte: version; indicators; units; periods, each with its units and cells, NaN if missing.  It is what is digested.
SELECT ci.panel_send(panel) = '\x01'::bytea
	|| '\x00000002' || '\x00000001' || '\x78' || '\x00000001' || '\x79'
	|| '\x00000003' || '\x00000001' || '\x41' || '\x00000001' || '\x42' || '\x00000001' || '\x43'
	|| '\x00000002'
	|| '\x000007e4' || '\x00000002' || '\x00000000' || '\x00000001'
	|| '\x3ff0000000000000' || '\x4000000000000000' || '\x4024000000000000' || '\x7ff8000000000000'
	|| '\x000007e5' || '\x00000002' || '\x00000000' || '\x00000002'
	|| '\x4008000000000000' || '\x7ff8000000000000' || '\x7ff8000000000000' || '\x4014000000000000' AS bytes,
	ci.digest(panel) = sha256(ci.panel_send(panel)) AS digest
FROM p;
-- a digest is for good
SELECT ci.digest(panel) FROM p;
-- through COPY
CREATE TABLE sent AS
SELECT 1 AS n, panel FROM p UNION ALL
SELECT 2, ci.panel_agg(n::text, 'x', value) FROM extreme UNION ALL
SELECT 3, ci.panel_agg(name, name, n) FROM name UNION ALL
SELECT 4, ci.panel_agg(unit, period, indicator, value) FROM sample;
CREATE TABLE received (n int, panel ci.panel);
\copy sent TO PROGRAM 'cat >"${PG_ABS_BUILDDIR:-.}/results/panel.bin"' (FORMAT binary)
\copy received FROM PROGRAM 'cat "${PG_ABS_BUILDDIR:-.}/results/panel.bin"; rm "${PG_ABS_BUILDDIR:-.}/results/panel.bin"' (FORMAT binary)
SELECT n, sent.panel OPERATOR(ci.=) received.panel AS same FROM sent JOIN received USING (n) ORDER BY n;

-- Storage: a panel of more than a page, compressed, out of line, both or neither, and a small one that nothing aligns
CREATE TABLE stored (flag bool, n int, extended ci.panel, external ci.panel, main ci.panel);
ALTER TABLE stored ALTER external SET STORAGE EXTERNAL, ALTER main SET STORAGE MAIN;
INSERT INTO stored SELECT true, 1, panel, panel, panel
FROM (SELECT ci.panel_agg('unit ' || u, 2020, 'x' || i, sqrt(u * 31 + i)) AS panel FROM generate_series(1, 300) u, generate_series(1, 10) i) p;
INSERT INTO stored SELECT true, 2, ci.panel_agg('A', 'x', 1), ci.panel_agg('B', 'x', 1), ci.panel_agg('C', 'x', 1);
CREATE TABLE before AS SELECT n, ci.digest(extended) AS a, ci.digest(external) AS b, ci.digest(main) AS c FROM stored;
SELECT n, pg_column_size(external) > 8192 AS more_than_a_page FROM stored ORDER BY n;
UPDATE stored SET flag = false;
VACUUM FULL stored;
UPDATE stored SET external = extended, main = external, extended = main WHERE n = 1;
SELECT n, ci.digest(extended) = a AS extended, ci.digest(external) = b AS external, ci.digest(main) = c AS main FROM stored JOIN before USING (n) ORDER BY n;
SELECT sum(cardinality(ci.units(main))) AS units FROM stored;

-- Bad text is an error, always of the same kind
CREATE FUNCTION pg_temp.refusal(input text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN 'accepted: ' || input::ci.panel;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE TABLE bad (n int GENERATED ALWAYS AS IDENTITY, input text);
INSERT INTO bad (input) VALUES
	(''), ('null'), ('1'), ('[]'), ('{}'), ('panel'), ('{"panel":1'), ('{"panel":1}}'), ('{"panel":1,}'),
	('{"panel":2,"indicators":[],"units":[],"periods":[]}'),
	('{"panel":"1","indicators":[],"units":[],"periods":[]}'),
	('{"panel":[1],"indicators":[],"units":[],"periods":[]}'),
	('{"panel":1,"indicators":[],"units":[],"periods":[]}'),
	('{"panel":1,"panel":1,"indicators":[],"units":[],"periods":[]}'),
	('{"indicators":[],"panel":1,"units":[],"periods":[]}'),
	('{"panel":1,"indicators":["x"],"units":["A"]}'),
	('{"panel":1,"indicators":{},"units":["A"],"periods":[]}'),
	('{"panel":1,"indicators":"x","units":["A"],"periods":[]}'),
	('{"panel":1,"indicators":[["x"]],"units":["A"],"periods":[]}'),
	('{"panel":1,"indicators":[{"x":1}],"units":["A"],"periods":[]}'),
	('{"panel":1,"indicators":[1],"units":["A"],"periods":[]}'),
	('{"panel":1,"indicators":[null],"units":["A"],"periods":[]}'),
	('{"panel":1,"indicators":["x","x"],"units":["A"],"periods":[]}'),
	('{"panel":1,"indicators":["x"],"units":["A","A"],"periods":[]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[1]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[[]]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"units":[0],"period":1,"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[1]],"more":1}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1.5,"units":[0],"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1e3,"units":[0],"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":"1","units":[0],"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":null,"units":[0],"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":2147483648,"units":[0],"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":99999999999999999999,"units":[0],"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[],"cells":[[]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[1],"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[-1],"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":["A"],"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A","B"],"periods":[{"period":1,"units":[1,0],"cells":[[1,2]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0,0],"cells":[[1,2]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A","B"],"periods":[{"period":1,"units":[0],"cells":[[1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[1],[2]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[1,2]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[1]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[[1]]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[["1"]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[true]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[NaN]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[1e999]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[+1]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[1]]},{"period":1,"units":[0],"cells":[[2]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":2,"units":[0],"cells":[[1]]},{"period":1,"units":[0],"cells":[[2]]}]}'),
	('{"panel":1,"indicators":["x"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[1]]}]} x'),
	('{"panel":1,"indicators":["x\u0000"],"units":["A"],"periods":[{"period":1,"units":[0],"cells":[[1]]}]}'),
	(repeat('[', 100000)), ('{"panel":' || repeat('[', 100000)), ('{"panel":1,"indicators":' || repeat('{"a":', 100000));
\pset tuples_only on
\pset format unaligned
SELECT pg_temp.refusal(input) || ' | ' || left(input, 160) FROM bad ORDER BY n;
\pset format aligned
\pset tuples_only off
-- every beginning of a good one is bad
SELECT count(*) AS beginnings, count(*) FILTER (WHERE pg_temp.refusal(left(panel::text, n)) NOT LIKE '22P02 invalid panel: %') AS not_refused
FROM p, generate_series(1, length(panel::text) - 1) n;

-- A function that takes a panel from the aggregate reads it as it was built, and as one that was stored: by seed, units in order or not, all else in none.
-- Of 131 units every seventh is in one period only, every third indicator begins in the last period, every eleventh cell is missing.
CREATE TABLE observed AS
SELECT format('u%s', lpad(u::text, 3, '0')) AS unit, period, format('i%s', i) AS indicator,
	CASE WHEN (u + 3 * period + 5 * i) % 11 > 0 THEN (u * 7919 + period * 104729 + i * 1299709) % 10007 END::float8 AS value
FROM generate_series(1, 131) u, generate_series(2019, 2021) period, generate_series(1, 9) i
WHERE (u % 7 > 0 OR period = 2020) AND (i % 3 > 0 OR period = 2021);
SELECT in_order, count(*) AS panels, count(DISTINCT digest) AS different, bool_and(digest = flat) AS read_the_same, bool_and(ranks = flat_ranks) AS rank_the_same
FROM (SELECT in_order, ci.digest(panel), ci.digest(panel::text::ci.panel) AS flat,
		(SELECT md5(string_agg(r::text, E'\n')) FROM ci.rank(panel) r) AS ranks,
		(SELECT md5(string_agg(r::text, E'\n')) FROM ci.rank(panel::text::ci.panel) r) AS flat_ranks
	FROM (SELECT in_order, seed, ci.panel_agg(unit, period, indicator, value ORDER BY CASE WHEN in_order THEN unit END COLLATE "C", md5(concat(seed, unit, period, indicator))) AS panel
		FROM observed, generate_series(1, 4) seed, (VALUES (true), (false)) AS o (in_order) GROUP BY in_order, seed OFFSET 0) AS p OFFSET 0) AS q
GROUP BY in_order ORDER BY in_order;
-- it goes on after it was read: each row of a window adds to the panel of the rows before, unless it is a missing cell of a row and an indicator that are there
SELECT count(*) AS panels, count(DISTINCT digest) = count(*) FILTER (WHERE adds) AS each_adds, bool_and(digest = again) AS same_as_anew
FROM (SELECT ci.digest(ci.panel_agg(unit, period, indicator, value) OVER (ORDER BY unit COLLATE "C", period DESC, indicator DESC ROWS UNBOUNDED PRECEDING)),
		value IS NOT NULL OR 1 IN (row_number() OVER (PARTITION BY unit, period ORDER BY indicator DESC), row_number() OVER (PARTITION BY indicator ORDER BY unit COLLATE "C", period DESC)) AS adds,
		(SELECT ci.digest(ci.panel_agg(unit, period, indicator, value)) FROM observed AS b
			WHERE (b.unit COLLATE "C", -b.period) < (a.unit, -a.period) OR (b.unit = a.unit AND b.period = a.period AND b.indicator >= a.indicator)) AS again
	FROM observed AS a WHERE unit <= 'u045') AS w;
-- and where it is put in order each time it is read
SELECT count(*) AS panels, count(DISTINCT digest) = count(*) FILTER (WHERE adds) AS each_adds, bool_and(digest = again) AS same_as_anew
FROM (SELECT ci.digest(ci.panel_agg(unit, period, indicator, value) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING)),
		value IS NOT NULL OR 1 IN (row_number() OVER (PARTITION BY unit, period ORDER BY place), row_number() OVER (PARTITION BY indicator ORDER BY place)) AS adds,
		(SELECT ci.digest(ci.panel_agg(unit, period, indicator, value)) FROM observed AS b WHERE md5(concat(b.unit, b.period, b.indicator)) <= place) AS again
	FROM observed AS a, md5(concat(unit, period, indicator)) AS place WHERE place < '5') AS w;
-- A panel of which every period has indicators of its own takes little more room than its flat form when it is read as it lies, whether units come in order or not.
BEGIN;
CREATE FUNCTION pg_temp.own(flip int) RETURNS ci.panel LANGUAGE sql
	RETURN (SELECT ci.panel_agg(format('u%s', abs(flip - unit)), period, format('%s of %s', i, period), i)
		FROM generate_series(1, 40) period, generate_series(1, 9) unit, generate_series(1, 20) i);
CREATE FUNCTION pg_temp.room(cursor refcursor) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	MOVE NEXT FROM cursor;
	RETURN (SELECT sum(total_bytes) FROM pg_backend_memory_contexts WHERE name = 'ci.panel');
END $$;
DECLARE ordered CURSOR FOR SELECT ci.units(ci.panel_agg(format('u%s', unit), period, format('%s of %s', i, period), i))
	FROM generate_series(1, 40) period, generate_series(1, 9) unit, generate_series(1, 20) i;
SELECT pg_temp.room('ordered') < 1.3 * pg_column_size(pg_temp.own(0)) AS little_more;
CLOSE ordered;
DECLARE disordered CURSOR FOR SELECT ci.units(ci.panel_agg(format('u%s', 10 - unit), period, format('%s of %s', i, period), i))
	FROM generate_series(1, 40) period, generate_series(1, 9) unit, generate_series(1, 20) i;
SELECT pg_temp.room('disordered') < 1.3 * pg_column_size(pg_temp.own(10)) AS little_more;
CLOSE disordered;
ROLLBACK;

DROP TABLE observed, long, p, wide, typed, many, part, several, sample, extreme, name, sent, received, stored, before, bad;
