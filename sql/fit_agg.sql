-- ci.fit_agg: fitted by rows that are not kept, the same bits as ci.fit of their panel; and what data beyond one value goes by.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;
\pset null ~

-- By hand: x is 2 4 4 10, mean 5, squared deviations 9 1 1 25: sd sqrt(36 / 4) = 3 of all.  A spread takes two passes.
CREATE TEMP TABLE small AS
SELECT * FROM (VALUES ('a', 1, 2), ('b', 1, 4), ('c', 1, 4), ('d', 1, 10), ('e', 1, NULL)) v (unit, period, x);
CREATE FUNCTION pg_temp.pass(methodology ci.methodology) RETURNS ci.methodology LANGUAGE sql
	RETURN (SELECT ci.fit_agg(unit, period, '{x}', ARRAY[x], methodology) FROM small);
SELECT n.normalise, ci.is_peer_independent(once.m) AS after_one, c.normalise - '{to,transform,clamp,population}'::text[] AS after_two
FROM (VALUES ('{"method": "minmax"}'::jsonb), ('{"upper": 20}'), ('{"method": "zscore", "population": true}'), ('{"method": "zscore", "sd": 2}'),
	('{"method": "zscore", "mean": 6, "population": true}'), ('{"method": "normal_cdf", "population": true}'), ('{"method": "ampi"}'), ('{"method": "ampi", "reference": 4}'), ('{"method": "sum"}'),
	('{"method": "vector"}'), ('{"method": "goalposts", "lower": 0, "upper": 5}'), ('{"method": "rank"}'), ('{"method": "none"}')) n (normalise),
	LATERAL (SELECT jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', 'x', 'normalise', n.normalise)))::ci.methodology) t (m),
	LATERAL (SELECT pg_temp.pass(t.m)) once (m), LATERAL ci.components(pg_temp.pass(once.m)) c;

-- Many units, with gaps, zeros, a flag and negative values; methodologies of every kind that can be fitted in a stream.
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
CREATE TABLE stream AS
SELECT 'u' || u AS unit, p AS period, CASE WHEN pg_temp.noise(u + 1000 * p, 1) > 0.15 THEN exp(9 * pg_temp.noise(u + 1000 * p, 2)) END AS x,
	CASE WHEN pg_temp.noise(u + 1000 * p, 3) > 0.2 THEN round(9 * pg_temp.noise(u + 1000 * p, 4)) END AS y,
	CASE WHEN pg_temp.noise(u + 1000 * p, 5) > 0.1 THEN (pg_temp.noise(u + 1000 * p, 6) - 0.3) / 3 END AS z,
	CASE WHEN pg_temp.noise(u + 1000 * p, 7) > 0.1 THEN 1e6 + pg_temp.noise(u + 1000 * p, 8) END AS w, (u % 3 > 0)::int::float8 AS flag
FROM generate_series(1, 400) u, generate_series(1, 3) p WHERE u < 390 OR p = 3;
CREATE TABLE stream_method AS SELECT name, methodology::ci.methodology FROM (VALUES
	('minmax', '{"components": [{"code": "index"}, {"code": "x", "parent": "index"}, {"code": "y", "parent": "index", "direction": -1}, {"code": "w", "parent": "index", "normalise": {"lower": 1, "transform": "log", "clamp": true}}]}'),
	('z-scores', '{"components": [{"code": "index", "normalise": "zscore"}, {"code": "x", "parent": "index", "normalise": {"transform": "log", "clamp": [-2, 2]}}, {"code": "w", "parent": "index", "weight": 2},
		{"code": "y", "parent": "index", "normalise": {"mean": 4}}, {"code": "z", "parent": "index", "direction": -1, "normalise": {"sd": 0.1, "population": true}}]}'),
	('distribution', '{"components": [{"code": "index", "normalise": {"method": "normal_cdf", "population": true}}, {"code": "x", "parent": "index"}, {"code": "w", "parent": "index"}]}'),
	('shares', '{"on_nonpositive": "missing", "components": [{"code": "index"}, {"code": "x", "parent": "index", "normalise": "sum"}, {"code": "w", "parent": "index", "direction": -1, "normalise": "sum"}, {"code": "z", "parent": "index", "normalise": "vector"}]}'),
	('ampi', '{"components": [{"code": "index", "aggregate": "ampi", "normalise": "ampi"}, {"code": "x", "parent": "index"}, {"code": "y", "parent": "index", "direction": -1, "normalise": {"upper": 12}}]}'),
	('screened', '{"screen": {"min_coverage": 0.7, "max_zeros": 0.3, "include": ["u3", "u4"], "exclude": ["u5", "u7"], "units": "flag"}, "components": [{"code": "index", "normalise": "zscore"},
		{"code": "x", "parent": "index"}, {"code": "y", "parent": "index"}, {"code": "z", "parent": "index"}, {"code": "w", "parent": "index", "normalise": "minmax", "rescale": "zscore"}]}'),
	('some units', '{"components": [{"code": "index", "normalise": {"scope": {"units": "flag"}}}, {"code": "x", "parent": "index", "units": "flag"},
		{"code": "y", "parent": "index", "normalise": {"scope": {"units": ["u1", "u10", "u100", "u101", "u102", "none"]}}}, {"code": "z", "parent": "index"}]}'),
	('prepared', '{"on_nonpositive": 0.5, "components": [{"code": "index", "normalise": "zscore", "impute": "mean"}, {"code": "x", "parent": "index", "denominator": {"indicator": "w", "scale": 1000}, "treat": {"method": "log", "offset": 1}},
		{"code": "y", "parent": "index", "treat": {"method": "clip", "lower": 1, "upper": 7}}, {"code": "z", "parent": "index", "normalise": {"scope": {"units": "flag"}}, "impute": {"method": "mean", "scope": {"units": "flag"}}}]}'),
	('levels', '{"components": [{"code": "index", "rescale": {"method": "normal_cdf"}}, {"code": "A", "parent": "index", "rescale": "zscore", "min_coverage": 0.6}, {"code": "x", "parent": "A", "rescale": {"to": [1, 9]}}, {"code": "y", "parent": "A", "impute": "mean", "normalise": {"to": [1, 9]}},
		{"code": "B", "parent": "index", "aggregate": {"method": "geometric", "scale": [1, 100]}, "direction": -1, "rescale": "zscore"}, {"code": "z", "parent": "B"}, {"code": "w", "parent": "B", "units": "flag"}]}'),
	('extremes', '{"on_constant": "midpoint", "components": [{"code": "index"}, {"code": "one", "indicator": "x", "parent": "index", "normalise": {"scope": {"units": ["u1"]}}}, {"code": "nobody", "indicator": "x", "parent": "index", "normalise": {"scope": {"units": ["none"]}}},
		{"code": "same", "indicator": "flag", "parent": "index", "normalise": {"scope": {"units": "flag"}}}, {"code": "reversed", "indicator": "y", "parent": "index", "normalise": {"lower": 20}}, {"code": "z", "parent": "index"}]}'),
	('no spread', '{"on_constant": "missing", "components": [{"code": "index", "normalise": "zscore"}, {"code": "one", "indicator": "x", "parent": "index", "normalise": {"scope": {"units": ["u1"]}}}, {"code": "nobody", "indicator": "x", "parent": "index", "normalise": {"scope": {"units": ["none"]}}},
		{"code": "same", "indicator": "flag", "parent": "index", "normalise": {"scope": {"units": "flag"}}}, {"code": "z", "parent": "index"}]}')) v (name, methodology);

-- Pass after pass, until none is left to do.  What is fitted is the methodology that ci.fit makes, to the letter, so every number is the same to the bit.
CREATE FUNCTION pg_temp.passes(methodology ci.methodology, rows text, OUT fitted ci.methodology, OUT passes int) LANGUAGE plpgsql AS $$
BEGIN
	fitted := methodology;
	FOR i IN 1 .. 9 LOOP
		EXIT WHEN ci.is_peer_independent(fitted);
		EXECUTE format('SELECT ci.fit_agg(unit, period, ''{x,y,z,w,flag}'', ARRAY[x, y, z, w, flag], $1) FROM %s', rows) INTO fitted USING fitted;
		passes := i;
	END LOOP;
END $$;
CREATE TEMP TABLE panels AS SELECT ci.panel_agg(unit, period, '{x,y,z,w,flag}', ARRAY[x, y, z, w, flag]) AS panel FROM stream;
CREATE TEMP TABLE fitted AS
SELECT name, panel, p.passes, p.fitted, ci.fit(panel, methodology, 2) AS by_panel, methodology
FROM panels, stream_method, pg_temp.passes(methodology, '(SELECT * FROM stream WHERE period = 2 ORDER BY unit) s') p;
SELECT name, passes, ci.is_peer_independent(fitted) AS independent, fitted::text = by_panel::text AS same, ci.digest(fitted) = ci.digest(by_panel) AS same_digest
FROM fitted ORDER BY name COLLATE "C";

-- … so a table scored row by row has the scores of the ranking of its panel, and one panel per period the standing of the whole.
SELECT f.name, count(*) AS units, count(r.score) < count(*) AS some_missing, count(DISTINCT r.score) > 100 AS different,
	count(*) FILTER (WHERE float8send(r.score) IS DISTINCT FROM float8send(ci.score('{x,y,z,w,flag}', ARRAY[x, y, z, w, s.flag], f.fitted))) AS other_scores
FROM fitted f, ci.rank(panel, by_panel) r JOIN stream s USING (unit, period)
GROUP BY f.name ORDER BY f.name COLLATE "C";
WITH one_by_one AS (
	SELECT f.name, r.* FROM fitted f, (SELECT period, ci.panel_agg(unit, period, '{x,y,z,w,flag}', ARRAY[x, y, z, w, flag]) AS panel FROM stream GROUP BY period) p, ci.rank(p.panel, f.fitted) r)
SELECT count(*) AS units, count(*) FILTER (WHERE (o.rank, o.n_ranked, float8send(o.score), o.coverage, o.imputed_share, o.status) IS DISTINCT FROM (r.rank, r.n_ranked, float8send(r.score), r.coverage, r.imputed_share, r.status)) AS other
FROM fitted f CROSS JOIN LATERAL ci.rank(f.panel, f.fitted) r FULL JOIN one_by_one o ON (o.name, o.period, o.unit) = (f.name, r.period, r.unit);

-- Scores also in the middle of it: a methodology between two passes gives those of the end, to the units that it was fitted to.
SELECT count(*) AS units, count(*) FILTER (WHERE float8send(a.score) IS DISTINCT FROM float8send(b.score)) AS other
FROM fitted, LATERAL (SELECT ci.subset(panel, '{2}')) p (panel), LATERAL (SELECT ci.fit_agg(unit, period, '{x,y,z,w,flag}', ARRAY[x, y, z, w, flag], methodology) FROM stream WHERE period = 2) once (m),
	LATERAL (SELECT * FROM ci.rank(p.panel, once.m)) a JOIN LATERAL (SELECT * FROM ci.rank(p.panel, methodology)) b USING (unit)
WHERE name IN ('z-scores', 'distribution', 'screened');

-- A group by itself for each period; all periods, or some, pooled.
SELECT period, count(*) AS methodologies, count(*) FILTER (WHERE m::text = ci.fit(panel, methodology, period)::text) AS same
FROM panels, (SELECT period, name, ci.fit_agg(unit, period, '{x,y,z,w,flag}', ARRAY[x, y, z, w, flag], methodology) AS m
	FROM stream, stream_method WHERE name IN ('minmax', 'shares', 'ampi') GROUP BY period, name) g JOIN stream_method USING (name)
GROUP BY period ORDER BY period;
SELECT scope, count(*) AS methodologies, max(p.passes) AS passes, count(*) FILTER (WHERE p.fitted::text = ci.fit(panel, m)::text) AS same
FROM panels, stream_method, (VALUES ('"panel"'), ('[3, 1, 2020]'), ('{"periods": [2], "units": "flag"}'), ('{"periods": "panel", "units": ["u7", "u8", "u9"]}')) v (scope),
	LATERAL (SELECT regexp_replace(methodology::text, '("(normalise|impute|rescale)":)"(\w+)"', '\1{"method":"\3"}', 'g')) o (text),
	LATERAL (SELECT regexp_replace(regexp_replace(text, '"scope":({[^{}]*}|"\w+"|\[[^]]*\])', '"scope":' || scope, 'g'), '("(?:normalise|impute|rescale)":{)(?![^{}]*"scope")', '\1"scope":' || scope || ',', 'g')) t (text),
	LATERAL (SELECT t.text::ci.methodology) q (m), pg_temp.passes(m, 'stream') p
WHERE name IN ('z-scores', 'shares', 'ampi', 'screened', 'distribution')
GROUP BY scope ORDER BY scope COLLATE "C";
-- Stages of one period wait where there are several, if others need not.
SELECT m::text::jsonb #>> '{components,1,normalise,method}' AS pooled, ci.is_peer_independent(m) AS done, ci.is_peer_independent(n) AS then_done, ci.fit(panel, methodology, 3)::text = n::text AS same
FROM panels, (VALUES ('{"components": [{"code": "index"}, {"code": "x", "parent": "index", "normalise": {"scope": "panel"}}, {"code": "y", "parent": "index"}]}'::ci.methodology)) v (methodology),
	LATERAL (SELECT ci.fit_agg(unit, period, '{x,y}', ARRAY[x, y], methodology) FROM stream) a (m), LATERAL (SELECT ci.fit_agg(unit, period, '{x,y}', ARRAY[x, y], m) FROM stream WHERE period = 3) b (n);
-- What ci.fit leaves is left, and nothing is left to do of what is fitted.
SELECT v.normalise, ci.fit(ci.subset(panel, '{1}'), m)::text = f::text AS same, m::text = f::text AS as_it_was
FROM panels, (VALUES ('"rank"'), ('{"method": "percentile_rank", "scope": "panel"}'), ('{"method": "zscore", "scope": {"by": "flag"}}'), ('{"lower": 0, "upper": 9}')) v (normalise),
	LATERAL (SELECT format('{"components": [{"code": "x", "normalise": %s}]}', v.normalise)::ci.methodology) t (m), LATERAL (SELECT ci.fit_agg(unit, period, '{x,flag}', ARRAY[x, flag], m) FROM stream WHERE period = 1) u (f);

-- The same bits in any order of the rows, by any number of workers, partition by partition.
CREATE FUNCTION pg_temp.passes_same(rows text) RETURNS boolean LANGUAGE sql
	RETURN (SELECT bool_and((pg_temp.passes(methodology, rows)).fitted::text = by_panel::text) FROM fitted WHERE name IN ('z-scores', 'shares', 'levels'));
SELECT pg_temp.passes_same('(SELECT * FROM stream WHERE period = 2 ORDER BY x DESC) s') AS by_x, pg_temp.passes_same('(SELECT * FROM stream WHERE period = 2 ORDER BY md5(unit)) s') AS shuffled;
CREATE TABLE stream_2 (LIKE stream) PARTITION BY HASH (unit);
CREATE TABLE stream_2a PARTITION OF stream_2 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE stream_2b PARTITION OF stream_2 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO stream_2 SELECT * FROM stream WHERE period = 2;
SET max_parallel_workers_per_gather = 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET enable_partitionwise_aggregate = on;
EXPLAIN (COSTS OFF) SELECT ci.fit_agg(unit, period, '{x,y,z,w,flag}', ARRAY[x, y, z, w, flag], '{"components": [{"code": "x"}]}') FROM stream_2;
SELECT pg_temp.passes_same('stream_2') AS in_parallel;
SET max_parallel_workers_per_gather = 0;
SELECT pg_temp.passes_same('stream_2') AS by_partition;
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET enable_partitionwise_aggregate;
-- over a frame, and from a long table
SELECT unit, ci.fit_agg(unit, period, '{x}', ARRAY[x], '{"components": [{"code": "x", "normalise": {"to": [0, 1]}}], "on_constant": "midpoint"}') OVER (ORDER BY unit)::text::jsonb #> '{components,0,normalise,upper}' AS upper FROM small;
SELECT m::text = ci.fit(panel, methodology, 2)::text AS from_long FROM panels, stream_method, LATERAL (
	SELECT ci.fit_agg(unit, period, indicators, cells, methodology) FROM (
		SELECT unit, period, array_agg(indicator) AS indicators, array_agg(value) AS cells FROM ci.observations(panel) WHERE period = 2 GROUP BY unit, period) u) t (m)
WHERE name = 'minmax';

-- Incremental: yesterday's panel, stored, and today's rows make the whole; today is ranked without yesterday.
CREATE TABLE yesterday AS SELECT ci.panel_agg(unit, period, '{x,y,z,w,flag}', ARRAY[x, y, z, w, flag]) AS panel FROM stream WHERE period < 3;
CREATE TEMP TABLE today AS SELECT ci.panel_agg(unit, period, '{x,y,z,w,flag}', ARRAY[x, y, z, w, flag]) AS panel FROM stream WHERE period = 3;
SELECT ci.panel_agg(part.panel) OPERATOR(ci.=) (SELECT panel FROM panels) AS the_whole FROM (SELECT panel FROM yesterday UNION ALL SELECT panel FROM today) part;
SELECT count(*) AS units, count(*) FILTER (WHERE (a.rank, a.n_ranked, float8send(a.score), a.status) IS DISTINCT FROM (b.rank, b.n_ranked, float8send(b.score), b.status)) AS other
FROM fitted CROSS JOIN today t CROSS JOIN LATERAL ci.rank(fitted.panel, fitted.fitted) a LEFT JOIN LATERAL (SELECT * FROM ci.rank(t.panel, fitted.fitted)) b USING (unit) WHERE a.period = 3;

-- No rows; rows without a methodology; a row without cells.
SELECT ci.fit_agg(unit, period, '{x}', ARRAY[x], '{"components": [{"code": "x"}]}') AS no_rows FROM small WHERE false;
SELECT ci.fit_agg(unit, period, '{x}', ARRAY[x], NULL) AS no_methodology FROM small;
SELECT ci.fit_agg('a', 1, '{x}', NULL, '{"components": [{"code": "x"}]}')::text::jsonb #> '{components,0,normalise,lower}' AS no_cells;

-- What a stream cannot do, and what is wrong with a call.
CREATE FUNCTION pg_temp.error_of(stages text, top text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	PERFORM ci.fit_agg(unit, period, '{x,flag}', ARRAY[x, flag], format('{%s "components": [{"code": "index"}, {"code": "x", "parent": "index", %s}]}', top, stages)::ci.methodology) FROM stream WHERE period = 1 AND x > 0;
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ': ' || SQLERRM, nullif(detail, ''), nullif(hint, ''));
END $$;
\pset format unaligned
\pset tuples_only on
SELECT pg_temp.error_of(stages, top) FROM (VALUES ('"normalise": "robust_z"', ''), ('"normalise": {"upper": "p90"}', ''), ('"normalise": {"lower": {"unit": "u1"}}', ''), ('"normalise": {"method": "ampi", "reference": {"period": 1}}', ''),
	('"normalise": {"method": "bands", "bounds": ["p50"]}', ''), ('"impute": "median"', ''), ('"treat": "winsorise"', ''), ('"treat": {"method": "trim", "scope": {"by": "flag"}}', ''), ('"impute": "previous"', ''),
	('"normalise": "percentile_rank", "rescale": "minmax"', ''), ('"normalise": {"scope": [2]}', ''), ('"normalise": {"scope": {"units": ["u1"]}}', ''), ('"indicator": "flag", "normalise": {"scope": {"units": "flag"}}', ''), ('"normalise": {"about": [0, 0, 1, 2], "method": "zscore"}', ''), ('"denominator": "flag"', '')) v (stages, top);
\pset tuples_only off
\pset format aligned
SELECT ci.fit_agg(unit, period, '{x}', ARRAY[x], '{"components": [{"code": "x"}]}') FROM stream; \echo :SQLSTATE
SELECT ci.fit_agg(unit, period, '{y}', ARRAY[x], '{"components": [{"code": "x"}]}') FROM small; \echo :SQLSTATE
SELECT ci.fit_agg(unit, period, '{x,x}', ARRAY[x, x], '{"components": [{"code": "x"}]}') FROM small; \echo :SQLSTATE
SELECT ci.fit_agg(unit, period, '{x}', ARRAY[x, x], '{"components": [{"code": "x"}]}') FROM small; \echo :SQLSTATE
SELECT ci.fit_agg(unit, period, NULL, ARRAY[x], '{"components": [{"code": "x"}]}') FROM small; \echo :SQLSTATE
SELECT ci.fit_agg(unit, NULL, '{x}', ARRAY[x], '{"components": [{"code": "x"}]}') FROM small; \echo :SQLSTATE
SELECT ci.fit_agg(NULL, period, '{x}', ARRAY[x], '{"components": [{"code": "x"}]}') FROM small; \echo :SQLSTATE
SELECT ci.fit_agg('a', 1, '{x}', '{NaN}', '{"components": [{"code": "x"}]}'); \echo :SQLSTATE
SELECT ci.fit_agg(unit, period, '{x}', ARRAY[x], format('{"components": [{"code": "x", "weight": %s}]}', x)::ci.methodology) FROM small; \echo :SQLSTATE
SELECT ci.fit_agg(u, 1, '{x}', ARRAY[x], '{"components": [{"code": "x", "normalise": "sum"}]}') FROM (VALUES ('a', 1e300::float8), ('b', 1e-300)) v (u, x); \echo :SQLSTATE
SELECT ci.fit_agg(u, 1, '{x}', ARRAY[x], '{"components": [{"code": "x", "direction": -1, "normalise": "sum"}]}') FROM (VALUES ('a', 1::float8), ('b', 4e-320)) v (u, x); \echo :SQLSTATE
\set square '{"on_constant": "midpoint", "components": [{"code": "x", "normalise": {"method": "zscore", "mean": 1, "transform": {"method": "boxcox", "lambda": 2}}}]}'
SELECT ci.fit_agg(u, 1, '{x}', ARRAY[x], :'square') FROM (VALUES ('a', 3::float8), ('b', 1e200)) v (u, x); \echo :SQLSTATE
SELECT ci.fit(ci.panel_agg(u, 1, '{x}', ARRAY[x]), :'square', 1) FROM (VALUES ('a', 3::float8), ('b', 1e200)) v (u, x); \echo :SQLSTATE
SELECT ci.fit_add(NULL, 'a', 1, '{x}', '{1}', NULL); \echo :SQLSTATE

-- The state is bytes that anyone may hand over.
CREATE AGGREGATE pg_temp.state_agg(text, int, text[], float8[], ci.methodology) (SFUNC = ci.fit_add, STYPE = bytea, COMBINEFUNC = ci.fit_combine);
CREATE AGGREGATE pg_temp.combine_agg(bytea) (SFUNC = ci.fit_combine, STYPE = bytea, FINALFUNC = ci.fit_final);
CREATE TEMP TABLE states AS SELECT unit, pg_temp.state_agg(unit, period, '{x}', ARRAY[x], '{"components": [{"code": "x", "normalise": "ampi"}]}') AS state FROM small GROUP BY unit;
SELECT count(DISTINCT length(state)) AS sizes, pg_temp.combine_agg(state ORDER BY unit)::text = pg_temp.combine_agg(state ORDER BY unit DESC)::text AS same, pg_temp.combine_agg(state)::text = pg_temp.pass('{"components": [{"code": "x", "normalise": "ampi"}]}')::text AS as_fitted FROM states;
SELECT pg_temp.combine_agg(substr(state, 1, length(state) - 1)) FROM states; \echo :SQLSTATE
SELECT pg_temp.combine_agg(set_byte(state, 0, 0)) FROM states; \echo :SQLSTATE
SELECT ci.fit_final('\x'); \echo :SQLSTATE
SELECT ci.fit_final(set_byte(state, length(state) - 432, 77)) FROM states WHERE unit = 'a'; \echo :SQLSTATE

DROP TABLE stream, stream_2, stream_method, yesterday;
