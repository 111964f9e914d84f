-- The tables of the benchmark; :units is how many units there are.
--
-- long      a row for each cell: units x 5 periods x 20 indicators
-- tenth     the same of a tenth of the units
-- fivefold  the same of five times as many
-- shuffled  the rows of long in no order
-- wide      a row for each of 10 x units, 20 cells in it; 5 periods
-- small     one panel of 50 units x 20 indicators
-- method    the methodology: 4 dimensions x 5 indicators, min-max in each period
-- fitted    the same, fitted to the wide table's first period
CREATE EXTENSION composite_indicator;

CREATE FUNCTION value_of(k bigint) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN 1000 * (hashint8extended(k, 42)::float8 / 2 ^ 64 + 0.5);

SELECT format('CREATE UNLOGGED TABLE %s AS
	SELECT ''u'' || lpad(u::text, 6, ''0'') AS unit, 2020 + p AS period, ''i'' || lpad(i::text, 2, ''0'') AS indicator,
		value_of((u::bigint * 5 + p) * 20 + i) AS value
	FROM generate_series(1, %s) AS u, generate_series(0, 4) AS p, generate_series(1, 20) AS i', name, n)
FROM (VALUES ('long', :units), ('tenth', :units / 10), ('fivefold', 5 * :units)) AS t (name, n) \gexec

CREATE UNLOGGED TABLE shuffled AS
SELECT * FROM long ORDER BY hashtextextended(unit || indicator, period);

SELECT format('CREATE UNLOGGED TABLE wide AS
	SELECT ''u'' || lpad(u::text, 7, ''0'') AS unit, 2020 + p AS period, %s
	FROM generate_series(1, %s) AS u, generate_series(0, 4) AS p',
	string_agg(format('value_of((u::bigint * 5 + p) * 20 + %s) AS i%s', i, lpad(i::text, 2, '0')), ', ' ORDER BY i),
	2 * :units)
FROM generate_series(1, 20) AS i \gexec

CREATE TABLE small AS
SELECT ci.panel_agg(unit, period, indicator, value) AS panel
FROM long WHERE unit <= 'u000050' AND period = 2020;

CREATE TABLE method AS
SELECT ('{"components": [{"code": "index"}, {"code": "d1", "parent": "index", "weight": 4},
	{"code": "d2", "parent": "index", "weight": 3}, {"code": "d3", "parent": "index", "weight": 2},
	{"code": "d4", "parent": "index", "weight": 1}, '
	|| string_agg(format('{"code": "i%s", "parent": "d%s"}', lpad(i::text, 2, '0'), (i + 4) / 5), ', ' ORDER BY i)
	|| ']}')::ci.methodology AS method
FROM generate_series(1, 20) AS i;

VACUUM (FREEZE, ANALYZE) long, tenth, fivefold, shuffled, wide, small, method;

CREATE TABLE fitted AS
SELECT ci.fit(panel, method, 2020) AS fitted
FROM (SELECT ci.panel_agg(unit, period, to_jsonb(w) - '{unit,period}'::text[]) AS panel
	FROM (SELECT * FROM wide LIMIT 1000) AS w) AS first, method;
VACUUM (FREEZE, ANALYZE) fitted;

-- Into the buffers: a scan of a large table reads what is not there already by way
-- of a few of them only; one from a place on does not.
SELECT count(value) FROM long WHERE ctid > '(0,0)' \g /dev/null
SELECT count(value) FROM tenth WHERE ctid > '(0,0)' \g /dev/null
SELECT count(value) FROM fivefold WHERE ctid > '(0,0)' \g /dev/null
SELECT count(value) FROM shuffled WHERE ctid > '(0,0)' \g /dev/null
SELECT count(i01) FROM wide WHERE ctid > '(0,0)' \g /dev/null
