-- Statistics of values and of items, against published numbers, identities and themselves in another order.
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\o /dev/null
\i :example
\o
\set ECHO all
SET jit = off;
\pset null ~

-- Published: the columns agree, to the digits printed.

-- SAS Institute, SAS 9.3 Functions and CALL Routines, SKEWNESS and KURTOSIS; Microsoft, Excel, SKEW and KURT
SELECT v.data, v.skewness AS published, round(s.skewness::numeric, 9) AS skewness, v.kurtosis AS published, round(s.kurtosis::numeric, 9) AS kurtosis
FROM (VALUES ('{0,1,1}'::float8[], '-1.732050808', NULL), ('{2,4,6,3,1}', '0.5901286564', NULL), ('{2,0,0}', '1.7320508076', NULL),
	('{5,9,3,6}', NULL, '0.928'), ('{5,8,9,6,NULL}', NULL, '-3.3'), ('{8,9,6,1}', NULL, '1.5'), ('{8,1,6,1}', NULL, '-4.483379501'),
	('{3,4,5,2,3,4,5,6,4,7}', '0.359543', '-0.151799637')) AS v (data, skewness, kurtosis),
	LATERAL (SELECT ci.skewness(x), ci.kurtosis(x) FROM unnest(data) AS x) AS s;
-- World Bank, wbpip, md_compute_gini: 0.3331667 for the values 1 to 2000, which is (n - 1) / 3n
SELECT ci.gini(x), round(ci.gini(x, 7)::numeric, 7) AS published, ci.gini(x) = 1999 / 6000.0::float8 AS exact FROM generate_series(1, 2000) AS x;
-- Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, problem 9-2: .2 if each number is its own weight; its median is .1
SELECT ci.weighted_median(x, x), ci.weighted_median(x, 1) FROM unnest('{0.1,0.35,0.05,0.1,0.15,0.05,0.2}'::float8[]) AS x;
-- OECD/JRC, Handbook on Constructing Composite Indicators (2008), section 4.3: alpha of the standardised indicators of the Technology Achievement Index is .70;
-- Table 11: that without one of them, and the correlation of that one with the total of the others.  The table was made of more digits than its data are printed with: it agrees to .001, its correlations to .005
SELECT round(ci.cronbach_alpha_standardised(ARRAY[patents, royalties, internet, exports, telephones, electricity, schooling, university])::numeric, 4) AS alpha,
	ci.cronbach_alpha(ARRAY[patents, royalties, internet, exports, telephones, electricity, schooling, university]) < 0.4 AS in_units_that_differ
FROM tai;
CREATE TEMPORARY TABLE item AS
SELECT country, name, (value - avg(value) OVER w) / stddev_samp(value) OVER w AS value
FROM tai, LATERAL (SELECT key AS name, value::text::float8 FROM jsonb_each(to_jsonb(tai) - 'country')) AS i WINDOW w AS (PARTITION BY name);
SELECT t.name AS without, published, round(ci.cronbach_alpha_standardised(others)::numeric, 3) AS alpha, round(ci.cronbach_alpha(others)::numeric, 3) AS the_same, in_table, round(corr(value, total)::numeric, 3) AS correlation
FROM (VALUES ('patents', 0.704, 0.261), ('royalties', 0.645, 0.527), ('internet', 0.636, 0.566), ('exports', 0.774, -0.108),
		('telephones', 0.603, 0.701), ('electricity', 0.624, 0.614), ('schooling', 0.662, 0.451), ('university', 0.706, 0.249)) AS t (name, published, in_table),
	LATERAL (SELECT country, array_agg(i.value ORDER BY i.name) AS others, sum(i.value) AS total FROM item AS i WHERE i.name <> t.name GROUP BY country) AS o JOIN item USING (country)
WHERE item.name = t.name
GROUP BY t.name, published, in_table ORDER BY published;

-- By hand: of 2 and 8, 5, 4, 3.2 and the root of 34; of 2 once and 8 three times 6.5, the fourth root of 1024, 4 / (1/2 + 3/8) and the root of 49.
SELECT ci.weighted_mean(x, 1) AS a, round(ci.geometric_mean(x)::numeric, 12) AS g, ci.harmonic_mean(x) AS h, round((ci.power_mean(x, 2) ^ 2)::numeric, 12) AS p2_squared,
	round(ci.power_mean(x, 0.5)::numeric, 12) AS p05, ci.power_mean(x, 'Infinity') AS largest, ci.power_mean(x, '-Infinity') AS smallest
FROM (VALUES (2), (8)) AS v (x);
SELECT ci.weighted_mean(x, w) AS a, round((ci.geometric_mean(x, w) ^ 4)::numeric, 11) AS g_4, round((32 / ci.harmonic_mean(x, w))::numeric, 12) AS "32/h", round(ci.power_mean(x, w, 2)::numeric, 12) AS p2,
	ci.weighted_median(x, w) AS median, round(ci.gini(x, w)::numeric, 12) AS gini
FROM (VALUES (2, 1), (8, 3)) AS v (x, w);
-- items that are the same: 1; that are opposed, so that totals do not vary: none; without covariance: 0; that depend linearly: 1 once they are standardised
SELECT ci.cronbach_alpha(ARRAY[x, x, x]) AS same, ci.cronbach_alpha(ARRAY[x, -x]) AS opposed, round(ci.cronbach_alpha(ARRAY[x, x * x])::numeric, 12) AS unrelated, round(ci.cronbach_alpha(ARRAY[x, 100 * x - 7])::numeric, 12) AS alpha, ci.cronbach_alpha_standardised(ARRAY[x, 100 * x - 7]) AS linear
FROM generate_series(-1, 1) AS x;

-- Nothing, one, two, three values; constants; zeros; NULL in any place; weights of 0
SELECT n, ci.weighted_mean(x, 1) AS mean, round(ci.geometric_mean(x)::numeric, 12) AS geometric, round(ci.harmonic_mean(x)::numeric, 12) AS harmonic, round(ci.power_mean(x, 3)::numeric, 12) AS power, ci.weighted_median(x, 1) AS median, ci.gini(x),
	round(ci.skewness(x)::numeric, 9) AS skewness, round(ci.kurtosis(x)::numeric, 9) AS kurtosis, ci.cronbach_alpha(ARRAY[x, x])
FROM generate_series(0, 4) AS n LEFT JOIN LATERAL (SELECT 0.25::float8 * 2 ^ i AS x FROM generate_series(1, n) AS i) AS v ON true GROUP BY n ORDER BY n;
SELECT ci.weighted_mean(x, 0.3) AS mean, ci.geometric_mean(x, 0.3) AS geometric, ci.harmonic_mean(x, 0.3) AS harmonic, ci.power_mean(x, 0.3, 0.7) AS power, ci.weighted_median(x, 0.3) AS median, ci.gini(x), ci.skewness(x), ci.kurtosis(x),
	ci.cronbach_alpha(ARRAY[x, x]), ci.cronbach_alpha_standardised(ARRAY[x, i])
FROM (SELECT 0.1::float8 AS x, i FROM generate_series(1, 7) AS i) AS v;
SELECT ci.gini(0) AS gini_of_0, ci.power_mean(0, 2) AS power, ci.weighted_mean(0, 5) AS mean, ci.weighted_mean('-0'::float8, 5) AS negative_zero, ci.weighted_mean(7, 0) AS no_weight, ci.geometric_mean(-7, 0) AS nothing, ci.weighted_median(7, 0) AS median;
SELECT ci.weighted_mean(x, w) AS mean, ci.geometric_mean(x, w) AS geometric, ci.power_mean(x, w, p) AS power, ci.weighted_median(x, w) AS median, ci.gini(x, w)
FROM (VALUES (4, 1, 2), (4, NULL, 2), (NULL, 1, 2), (NULL, NULL, NULL), (-9, 0, 2), (4, 1, NULL)) AS v (x, w, p);
-- types that are cast, FILTER, DISTINCT, OVER
SELECT ci.harmonic_mean(x::smallint) AS smallint, ci.harmonic_mean(x::numeric) AS numeric, ci.harmonic_mean(x::real) AS real, ci.power_mean(x, 2::numeric) = ci.power_mean(x, 2) AS exponent, ci.harmonic_mean(x) FILTER (WHERE x > 2) AS filter, ci.harmonic_mean(DISTINCT x) AS distinct,
	ci.weighted_median(DISTINCT x, 1) AS distinct_median
FROM (VALUES (1), (1), (4), (16), (16)) AS v (x);
SELECT x, ci.gini(x) OVER (ORDER BY x) AS running, ci.gini(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS moving, ci.skewness(x) OVER (ORDER BY x) AS skewness, ci.power_mean(x, x % 2 + 1, 1) OVER (PARTITION BY x % 2 ORDER BY x) AS by_parity
FROM generate_series(1, 5) AS x ORDER BY x;

-- Identities.  400 values with all 53 bits in use, and whole weights; what they are compared with comes another way, so all but the last digits agree.
CREATE FUNCTION pg_temp.near(a float8, b float8) RETURNS boolean LANGUAGE sql RETURN abs(a - b) <= 1e-13 * greatest(abs(a), abs(b), 1e-3);
CREATE TABLE statistics_test AS
SELECT i, 1 + (i * 7919 % 10007) / (i % 7 + 3.0)::float8 AS x, (i * 104729 % 5)::float8 AS w, (i * 1299709 % 1009) / 7.0::float8 AS y, (i * 31 % 97) / 3.0::float8 AS z FROM generate_series(1, 400) AS i;
-- equal weights are none; a weight is that many rows; scaled weights are the same
SELECT pg_temp.near(ci.weighted_mean(x, 0.7), avg(x)) AS mean, ci.geometric_mean(x, 5) = ci.geometric_mean(x) AS geometric, pg_temp.near(ci.harmonic_mean(x, 5), ci.harmonic_mean(x)) AS harmonic, pg_temp.near(ci.power_mean(x, 5, 3), ci.power_mean(x, 3)) AS power,
	ci.weighted_median(x, 0.7) = percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median, pg_temp.near(ci.gini(x, 0.7), ci.gini(x)) AS gini
FROM statistics_test;
SELECT pg_temp.near(a.mean, b.mean) AS mean, pg_temp.near(a.geometric, b.geometric) AS geometric, pg_temp.near(a.harmonic, b.harmonic) AS harmonic, pg_temp.near(a.power, b.power) AS power, a.median = b.median AS median, pg_temp.near(a.gini, b.gini) AS gini,
	(a.*) = (c.*) AS times_1024
FROM (SELECT ci.weighted_mean(x, w) AS mean, ci.geometric_mean(x, w) AS geometric, ci.harmonic_mean(x, w) AS harmonic, ci.power_mean(x, w, -2.5) AS power, ci.weighted_median(x, w) AS median, ci.gini(x, w) FROM statistics_test) AS a,
	(SELECT avg(x) AS mean, ci.geometric_mean(x) AS geometric, ci.harmonic_mean(x) AS harmonic, ci.power_mean(x, -2.5) AS power, percentile_cont(0.5) WITHIN GROUP (ORDER BY x) AS median, ci.gini(x) FROM statistics_test, generate_series(1, w::int)) AS b,
	(SELECT ci.weighted_mean(x, w * 1024) AS mean, ci.geometric_mean(x, w * 1024) AS geometric, ci.harmonic_mean(x, w * 1024) AS harmonic, ci.power_mean(x, w * 1024, -2.5) AS power, ci.weighted_median(x, w * 1024) AS median, ci.gini(x, w * 1024) FROM statistics_test) AS c;
-- power means: the known ones, by the definition, continuous through 0, in the order of p
SELECT pg_temp.near(ci.power_mean(x, w, 1), ci.weighted_mean(x, w)) AS p1, ci.power_mean(x, w, 0) = ci.geometric_mean(x, w) AS p0, ci.power_mean(x, w, -1) = ci.harmonic_mean(x, w) AS p_1,
	pg_temp.near(ci.geometric_mean(x, w), exp(sum(w * ln(x)) / sum(w))) AS logs, pg_temp.near(ci.harmonic_mean(x, w), sum(w) / sum(w / x)) AS inverses, pg_temp.near(ci.power_mean(x, w, 3.5), (sum(w * x ^ 3.5) / sum(w)) ^ (1 / 3.5)) AS powers,
	ci.power_mean(x, w, 1e-300) = ci.geometric_mean(x, w) AS tiny, abs(ci.power_mean(x, w, 1e-9) / ci.geometric_mean(x, w) - 1) < 1e-8 AS small, ci.power_mean(x, w, 1e-9) > ci.geometric_mean(x, w) AS above, ci.power_mean(x, w, -1e-9) < ci.geometric_mean(x, w) AS below,
	ci.power_mean(x, w, 1e300) = max(x) FILTER (WHERE w > 0) AS huge
FROM statistics_test;
SELECT count(*) AS exponents, bool_and(mean > before) AS ascending
FROM (SELECT mean, lag(mean) OVER (ORDER BY p) AS before FROM (SELECT p, ci.power_mean(x, w, p) AS mean FROM statistics_test, unnest('{-100,-10,-3,-1.001,-1,-0.999,-0.1,-0.05,-1e-4,0,1e-4,0.05,0.1,0.5,0.999,1,1.001,2,10,100,1e6}'::float8[]) AS p GROUP BY p) AS m) AS o
WHERE before IS NOT NULL;
-- the Gini coefficient is half the mean difference relative to the mean; skewness and kurtosis are those of ci.summary
SELECT pg_temp.near(ci.gini(x, w), (SELECT sum(a.w * b.w * abs(a.x - b.x)) / (2 * sum(a.w * b.w) * (SELECT sum(w * x) / sum(w) FROM statistics_test)) FROM statistics_test AS a, statistics_test AS b)) AS gini FROM statistics_test;
SELECT (a.skewness, a.kurtosis) = (s.skewness, s.kurtosis) AS moments
FROM (SELECT ci.skewness(x), ci.kurtosis(x), ci.panel_agg(i::text, 'x', x) AS panel FROM statistics_test) AS a, ci.summary(panel) AS s;
-- alpha by its formula; standardised, by the mean correlation; without a row that lacks an item
SELECT abs(ci.cronbach_alpha(ARRAY[x, y, z]) - 1.5 * (1 - (var_samp(x) + var_samp(y) + var_samp(z)) / var_samp(x + y + z))) < 1e-13 AS alpha,
	abs(ci.cronbach_alpha_standardised(ARRAY[x, y, z]) - 3 * r / (1 + 2 * r)) < 1e-13 AS standardised,
	ci.cronbach_alpha(ARRAY[z, x, y]) = ci.cronbach_alpha(ARRAY[x, y, z]) AS other_order,
	ci.cronbach_alpha(ARRAY[x, y, nullif(z, 0)]) = ci.cronbach_alpha(ARRAY[x, y, z]) FILTER (WHERE z <> 0) AS listwise
FROM statistics_test, (SELECT (corr(x, y) + corr(x, z) + corr(y, z)) / 3 AS r FROM statistics_test) AS c GROUP BY r;

-- Largest and smallest numbers: no sum, product or power leaves the range
SELECT size, round((ci.weighted_mean(x, x) / size)::numeric, 9) AS mean, ci.weighted_mean(x, 2 ^ 1000) = ci.weighted_mean(x, 2 ^ -1000) AS weights, round((ci.geometric_mean(x) / size)::numeric, 9) AS geometric, round((ci.harmonic_mean(x) / size)::numeric, 9) AS harmonic,
	round((ci.power_mean(x, 7) / size)::numeric, 9) AS p7, round((ci.power_mean(x, -7) / size)::numeric, 9) AS p_7, ci.weighted_median(x, 1e308) / size AS median, round(ci.gini(x)::numeric, 9) AS gini,
	round(ci.skewness(x)::numeric, 9) AS skewness, round(ci.kurtosis(x)::numeric, 9) AS kurtosis, round(ci.cronbach_alpha(ARRAY[x, x / 2])::numeric, 9) AS alpha
FROM unnest('{1,8.98846567431158e307,1.0609978954826362e-314}'::float8[]) AS size, LATERAL (SELECT size * x AS x FROM unnest('{1,1,1.5,0.25}'::float8[]) AS x) AS v GROUP BY size ORDER BY size;
SELECT round(log(ci.geometric_mean(x))::numeric, 9) AS log_geometric, ci.harmonic_mean(x) AS harmonic, ci.power_mean(x, 0.001) > ci.geometric_mean(x) AS power, ci.gini(x), ci.weighted_mean(x, 1 / x) AS mean
FROM (VALUES (1e300::float8), (1e-300)) AS v (x);
SELECT ci.weighted_mean(x, 1) AS mean, ci.weighted_median(x, 1) AS median, ci.cronbach_alpha(ARRAY[x, -x / 2]) AS alpha FROM (VALUES (1.7976931348623157e308::float8), (-1.7976931348623157e308)) AS v (x);

-- The same bits in any order of the rows, by any number of workers, merged by partitions
CREATE TYPE statistics_row AS (mean float8, geometric float8, harmonic float8, power float8, median float8, gini float8, gini_weighted float8, skewness float8, kurtosis float8, alpha float8, standardised float8,
	spearman float8, kendall float8, weighted_spearman float8, ws float8, shift float8, rbo float8, top float8);
CREATE FUNCTION pg_temp.all_of(source text) RETURNS text LANGUAGE sql RETURN format('SELECT ROW(ci.weighted_mean(x, w), ci.geometric_mean(x), ci.harmonic_mean(x, w), ci.power_mean(x, w, 0.3), ci.weighted_median(y, w), ci.gini(x), ci.gini(y, w),
	ci.skewness(x), ci.kurtosis(x), ci.cronbach_alpha(ARRAY[x, y, z]), ci.cronbach_alpha_standardised(ARRAY[x, y, z]), ci.spearman(y, z), ci.kendall_tau(y, z), ci.weighted_spearman(y, z), ci.ws(y, z), ci.mean_rank_shift(y, z),
	ci.rank_biased_overlap(y, nullif(z, 2), 0.98), ci.top_overlap(nullif(y, 3), z, 100))::statistics_row AS result FROM %s', source);
CREATE TABLE statistics_result (way text, result statistics_row);
-- into a table of its own first, which may have workers to fill it
CREATE FUNCTION pg_temp.try(way text, source text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'CREATE TABLE statistics_once AS ' || pg_temp.all_of(source);
	EXECUTE format('INSERT INTO statistics_result SELECT %L, result FROM statistics_once', way);
	DROP TABLE statistics_once;
END $$;
SELECT pg_temp.try('as they are', 'statistics_test'), pg_temp.try('backwards', '(SELECT * FROM statistics_test ORDER BY i DESC OFFSET 0) AS t') \g /dev/null
SELECT count(pg_temp.try('shuffled ' || seed, format('(SELECT * FROM statistics_test ORDER BY md5(concat(i, %L)) OFFSET 0) AS t', seed))) AS shuffled FROM generate_series(1, 5) AS seed;
SELECT pg_temp.try('three groups', 'statistics_test, generate_series(1, 3) AS g GROUP BY g') \g /dev/null
CREATE TABLE statistics_parted (LIKE statistics_test) PARTITION BY HASH (i);
CREATE TABLE statistics_parted_0 PARTITION OF statistics_parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE statistics_parted_1 PARTITION OF statistics_parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO statistics_parted SELECT * FROM statistics_test;
ANALYZE statistics_parted, statistics_test;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET enable_partitionwise_aggregate = on;
ALTER TABLE statistics_test SET (parallel_workers = 4);
CREATE FUNCTION pg_temp.plan_has(what text, query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		IF line LIKE '%' || what || '%' THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;
SET max_parallel_workers_per_gather = 4;
SELECT pg_temp.plan_has('Partial Aggregate', pg_temp.all_of('statistics_test')) AS partial, pg_temp.plan_has('Gather', pg_temp.all_of('statistics_test')) AS parallel;
SELECT count(pg_temp.try('in parallel', 'statistics_test')) AS by_workers FROM generate_series(0, 4) AS workers, LATERAL (SELECT set_config('max_parallel_workers_per_gather', workers::text, false) OFFSET 0) AS s;
SET max_parallel_workers_per_gather = 0;
SELECT pg_temp.plan_has('Partial Aggregate', pg_temp.all_of('statistics_parted')) AS partial;
SELECT pg_temp.try('by partitions', 'statistics_parted') \g /dev/null
RESET ALL;
SELECT count(*) AS results, count(DISTINCT record_send(result)) AS different FROM statistics_result;

DROP TABLE statistics_test, statistics_parted, statistics_result;
DROP TYPE statistics_row;
