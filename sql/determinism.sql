-- One panel, and the same bits of every score, however the rows come.  Each line compares with the first way: true, or 0 that differ.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;
CREATE SCHEMA determinism;
SET search_path = determinism;

-- 60 units, the last 10 only in the last period; 4 periods, 12 indicators with all 53 bits in use, every 13th cell missing
CREATE TABLE long AS
SELECT format('unit %s', u) AS unit, period, format('i%s', i) AS indicator,
	CASE WHEN (u * 5 + period * 3 + i) % 13 > 0 THEN 1 + ((u * 7919 + period * 104729 + i * 1299709 + u * i * 31) % 10007) / (i + 2.0)::float8 END AS value
FROM generate_series(1, 60) u, generate_series(2018, 2021) period, generate_series(1, 12) i
WHERE u <= 50 OR period = 2021;
-- what depends on sums, on logarithms, on order, on groups, on rounding, on other periods
CREATE TABLE method AS SELECT '{"rank": {"decimals": 12}, "screen": {"exclude": ["unit 7"]},
	"components": [{"code": "index", "aggregate": {"method": "geometric", "scale": [1, 100]}},
		{"code": "sums", "parent": "index", "weight": 3, "treat": {"method": "winsorise", "skewness": 0.1, "kurtosis": -1.5, "max_points": 3, "otherwise": "log_ct"}, "normalise": "zscore", "rescale": {"method": "normal_cdf", "to": [0, 100]}},
		{"code": "i1", "parent": "sums"}, {"code": "i2", "parent": "sums", "direction": -1, "weight": 0.3}, {"code": "i3", "parent": "sums", "weight": 0.7, "impute": "median"},
		{"code": "logs", "parent": "index", "aggregate": {"method": "power", "p": 0.5}, "normalise": {"transform": "log"}},
		{"code": "i4", "parent": "logs"}, {"code": "i5", "parent": "logs", "denominator": {"indicator": "group", "scale": 1000}, "normalise": {"scope": "panel"}},
		{"code": "i6", "parent": "logs", "normalise": {"lower": "p2.5", "upper": "p97.5", "clamp": true}},
		{"code": "order", "parent": "index", "aggregate": "median", "impute": "linear", "normalise": "percentile_rank"},
		{"code": "i7", "parent": "order"}, {"code": "i8", "parent": "order", "direction": -1, "impute": {"method": "previous", "max_gap": 2}}, {"code": "i9", "parent": "order", "normalise": {"scope": [2018, 2020]}},
		{"code": "groups", "parent": "index", "impute": {"method": "mean", "scope": {"by": "group"}}, "treat": {"method": "trim", "scope": {"periods": "panel", "by": "group"}}, "normalise": {"method": "normal_cdf", "scope": {"by": "group"}}},
		{"code": "i10", "parent": "groups"}, {"code": "i11", "parent": "groups", "normalise": {"method": "robust_z", "scope": "panel"}, "rescale": "minmax"},
		{"code": "i12", "parent": "groups", "weight": 2}]}'::ci.methodology AS methodology;
INSERT INTO long SELECT DISTINCT unit, period, 'group', length(unit) + period % 2 FROM long;

-- Every result in its order, with the bits of every score
CREATE FUNCTION result_of(panel ci.panel) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT (SELECT md5(string_agg(concat_ws('|', r.period, r.unit, r.rank, r.n_ranked, float8send(r.score), r.previous_rank, r.rank_change, r.imputed_share, r.status), E'\n'))
			FROM ci.rank(panel, methodology) AS r)
		|| (SELECT md5(string_agg(concat_ws('|', s.period, s.unit, s.component, s.rank, s.n_ranked, float8send(s.score), float8send(s.coverage)), E'\n'))
			FROM ci.scores(panel, methodology) AS s)
	FROM determinism.method $$;
CREATE TABLE first AS SELECT panel, ci.digest(panel) AS digest, result_of(panel) AS result
FROM (SELECT ci.panel_agg(unit, period, indicator, value ORDER BY period, unit COLLATE "C", indicator COLLATE "C") AS panel FROM long) AS p;
SELECT period, n_ranked, count(*) AS units, count(score) AS scores, count(DISTINCT score) AS different, count(rank) AS ranks
FROM first, method, ci.rank(panel, methodology) GROUP BY period, n_ranked ORDER BY period;
CREATE FUNCTION same(panel ci.panel) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT concat('digest ', ci.digest(panel) = digest, ', result ', determinism.result_of(panel) = result) FROM determinism.first $$;

-- Order of rows
SELECT w.* FROM (
	SELECT 'by indicator', same(ci.panel_agg(unit, period, indicator, value ORDER BY indicator, period, unit)) FROM long UNION ALL
	SELECT 'by unit, else in none', same(ci.panel_agg(unit, period, indicator, value ORDER BY unit COLLATE "C", md5(concat_ws('/', period, indicator)))) FROM long UNION ALL
	SELECT 'backwards', same(ci.panel_agg(unit, period, indicator, value ORDER BY period DESC, unit DESC, indicator DESC)) FROM long UNION ALL
	SELECT 'as stored', same(ci.panel_agg(unit, period, indicator, value)) FROM long) AS w ("order", same)
ORDER BY "order" COLLATE "C";
SELECT seed, same(panel) AS shuffled
FROM (SELECT seed, ci.panel_agg(unit, period, indicator, value ORDER BY md5(concat_ws('/', seed, unit, period, indicator))) AS panel
	FROM long, generate_series(1, 5) seed GROUP BY seed) s
ORDER BY seed;

-- Form of rows: the numeric columns hold what float8 columns print
CREATE TABLE wide AS
SELECT unit, period, max(value) FILTER (WHERE indicator = 'group') AS "group",
	max(value) FILTER (WHERE indicator = 'i1') AS i1, max(value) FILTER (WHERE indicator = 'i2') AS i2, max(value) FILTER (WHERE indicator = 'i3') AS i3,
	max(value) FILTER (WHERE indicator = 'i4') AS i4, max(value) FILTER (WHERE indicator = 'i5') AS i5, max(value) FILTER (WHERE indicator = 'i6') AS i6,
	max(value) FILTER (WHERE indicator = 'i7') AS i7, max(value) FILTER (WHERE indicator = 'i8') AS i8, max(value) FILTER (WHERE indicator = 'i9') AS i9,
	max(value) FILTER (WHERE indicator = 'i10') AS i10, max(value) FILTER (WHERE indicator = 'i11') AS i11, max(value) FILTER (WHERE indicator = 'i12') AS i12
FROM long GROUP BY unit, period;
CREATE TABLE wide_numeric AS
SELECT unit, period, "group"::text::numeric, i1::text::numeric, i2::text::numeric, i3::text::numeric, i4::text::numeric, i5::text::numeric, i6::text::numeric,
	i7::text::numeric, i8::text::numeric, i9::text::numeric, i10::text::numeric, i11::text::numeric, i12::text::numeric
FROM wide;
SELECT w.* FROM (
	SELECT 'arrays', same(ci.panel_agg(unit, period, '{i12,group,i1,i2,i3,i4,i5,i6,i7,i8,i9,i10,i11}'::text[], ARRAY[i12, "group", i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11])) FROM wide UNION ALL
	SELECT 'arrays of numeric', same(ci.panel_agg(unit, period, '{i12,group,i1,i2,i3,i4,i5,i6,i7,i8,i9,i10,i11}'::text[], ARRAY[i12, "group", i1, i2, i3, i4, i5, i6, i7, i8, i9, i10, i11])) FROM wide_numeric UNION ALL
	SELECT 'jsonb of float8', same(ci.panel_agg(unit, period, to_jsonb(w) - '{unit,period}'::text[])) FROM wide w UNION ALL
	SELECT 'jsonb of numeric', same(ci.panel_agg(unit, period, to_jsonb(w) - '{unit,period}'::text[])) FROM wide_numeric w UNION ALL
	SELECT 'long, of numeric', same(ci.panel_agg(unit, period, indicator, value::text::numeric)) FROM long) AS w (form, same)
ORDER BY form COLLATE "C";

-- Merged from parts, and out and in again
SELECT w.* FROM (
	SELECT 'by period', same(ci.panel_agg(part)) FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS part FROM long GROUP BY period) p UNION ALL
	SELECT 'by unit', same(ci.panel_agg(part)) FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS part FROM long GROUP BY unit) p UNION ALL
	SELECT 'by indicator', same(ci.panel_agg(part)) FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS part FROM long GROUP BY indicator) p UNION ALL
	SELECT 'by cell', same(ci.panel_agg(part)) FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS part FROM long GROUP BY unit, period, indicator) p UNION ALL
	SELECT 'text', same(panel::text::ci.panel) FROM first UNION ALL
	SELECT 'observations', same(ci.panel_agg(unit, period, indicator, value)) FROM first, ci.observations(panel) UNION ALL
	SELECT 'subset', same(ci.subset(panel, ci.periods(panel), ci.units(panel), ci.indicators(panel))) FROM first) AS w (merged, same)
ORDER BY merged COLLATE "C";

-- 0 to 4 workers, with and without the leader
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
ALTER TABLE long SET (parallel_workers = 4);
ALTER TABLE wide SET (parallel_workers = 4);
SET max_parallel_workers_per_gather = 4;
EXPLAIN (COSTS OFF) SELECT ci.panel_agg(unit, period, indicator, value) FROM long;
CREATE TABLE built (workers int, leader bool, form text, panel ci.panel);
CREATE FUNCTION build(workers int, leader bool) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('max_parallel_workers_per_gather', workers::text, true), set_config('parallel_leader_participation', leader::text, true);
	CREATE TABLE by_long AS SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM determinism.long;
	CREATE TABLE by_wide AS SELECT ci.panel_agg(unit, period, to_jsonb(w) - '{unit,period}'::text[]) AS panel FROM determinism.wide AS w;
	CREATE TABLE by_period AS SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM determinism.long GROUP BY period;
	INSERT INTO determinism.built SELECT workers, leader, 'long', panel FROM by_long;
	INSERT INTO determinism.built SELECT workers, leader, 'jsonb', panel FROM by_wide;
	INSERT INTO determinism.built SELECT workers, leader, 'periods', ci.panel_agg(panel) FROM by_period;
	DROP TABLE by_long, by_wide, by_period;
END $$;
SELECT count(build(workers, leader)) AS builds FROM generate_series(0, 4) AS workers, unnest('{on,off}'::bool[]) AS leader;
SELECT workers, form, count(*) AS builds, min(same(panel)) AS worst FROM built GROUP BY workers, form ORDER BY workers, form;

-- ci.rank in workers, the leader taking no part
CREATE TABLE eight WITH (parallel_workers = 2) AS SELECT n, panel FROM first, generate_series(1, 8) AS n;
SET parallel_leader_participation = off;
EXPLAIN (COSTS OFF) SELECT count(result_of(panel)) FROM eight;
SELECT count(*) AS panels, count(DISTINCT result_of(panel)) AS results, min(same(panel)) AS worst FROM eight;
RESET parallel_leader_participation;

-- Partition-wise: a partial aggregate for each of 3 partitions, one after the other and in parallel
CREATE TABLE parted (LIKE long) PARTITION BY HASH (unit);
CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE parted_2 PARTITION OF parted FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO parted SELECT * FROM long;
ANALYZE parted;
SET enable_partitionwise_aggregate = on;
CREATE FUNCTION plan_has(what text, query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	line text;
	n bigint := 0;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		n := n + (line LIKE '%' || what || '%')::int;
	END LOOP;
	RETURN n;
END $$;
SELECT plan_has('Partial Aggregate', 'SELECT ci.panel_agg(unit, period, indicator, value) FROM determinism.parted') AS partial_aggregates;
SELECT same(ci.panel_agg(unit, period, indicator, value)) AS in_parallel FROM parted;
SET max_parallel_workers_per_gather = 0;
SELECT plan_has('Partial Aggregate', 'SELECT ci.panel_agg(unit, period, indicator, value) FROM determinism.parted') AS partial_aggregates;
SELECT same(ci.panel_agg(unit, period, indicator, value)) AS serially FROM parted;
RESET ALL;
SET client_min_messages = warning;
SET jit = off;
SET search_path = determinism;

-- Other names for the units, in another order: the same bits for each, and the same ranks
CREATE TABLE alias AS SELECT unit, md5(unit) AS other FROM long GROUP BY unit;
CREATE TABLE renamed AS SELECT ci.panel_agg(other, period, indicator, value) AS panel,
	ci.amend(methodology, jsonb_build_object('screen', jsonb_build_object('exclude', jsonb_build_array(md5('unit 7'))))) AS methodology
FROM long JOIN alias USING (unit), method GROUP BY methodology;
SELECT count(*) AS rows,
	count(*) FILTER (WHERE float8send(a.score) IS DISTINCT FROM float8send(b.score)) AS scores_that_differ,
	count(*) FILTER (WHERE (a.rank, a.n_ranked, a.previous_rank, a.rank_change, a.coverage, a.status)
		IS DISTINCT FROM (b.rank, b.n_ranked, b.previous_rank, b.rank_change, b.coverage, b.status)) AS ranks_that_differ
FROM (SELECT r.* FROM first, method, ci.rank(panel, methodology) AS r) AS a JOIN alias USING (unit)
FULL JOIN (SELECT r.* FROM renamed, ci.rank(panel, methodology) AS r) AS b ON b.unit = other AND b.period = a.period;
SELECT count(*) AS rows, count(*) FILTER (WHERE float8send(a.score) IS DISTINCT FROM float8send(b.score) OR a.rank IS DISTINCT FROM b.rank) AS differ
FROM (SELECT s.* FROM first, method, ci.scores(panel, methodology) AS s) AS a JOIN alias USING (unit)
FULL JOIN (SELECT s.* FROM renamed, ci.scores(panel, methodology) AS s) AS b ON b.unit = other AND b.period = a.period AND b.component = a.component;

-- Components in another order; other names for the indicators
SELECT count(*) AS rows, count(*) FILTER (WHERE float8send(a.score) IS DISTINCT FROM float8send(b.score) OR a.rank IS DISTINCT FROM b.rank) AS differ
FROM (SELECT s.* FROM first, method, ci.scores(panel, methodology) AS s) AS a
FULL JOIN (SELECT s.* FROM first, method, ci.scores(panel, (methodology::jsonb || jsonb_build_object('components',
	(SELECT jsonb_agg(c ORDER BY md5(c ->> 'code')) FROM jsonb_array_elements(methodology::jsonb -> 'components') AS c)))::ci.methodology) AS s) AS b
	USING (unit, period, component);
SELECT count(*) AS rows, count(*) FILTER (WHERE float8send(a.score) IS DISTINCT FROM float8send(b.score) OR a.rank IS DISTINCT FROM b.rank) AS differ
FROM (SELECT s.* FROM first, method, ci.scores(panel, methodology) AS s) AS a
FULL JOIN (SELECT s.* FROM (SELECT ci.panel_agg(unit, period, CASE indicator WHEN 'group' THEN indicator ELSE md5(indicator) END, value) AS panel FROM long) AS p,
		(SELECT ci.amend(methodology, jsonb_build_object('components', (SELECT jsonb_agg(jsonb_build_object('code', code, 'indicator', md5(code)))
			FROM ci.components(methodology) WHERE indicator IS NOT NULL))) AS methodology FROM method) AS m,
		ci.scores(panel, methodology) AS s) AS b
	USING (unit, period, component);

-- A fitted methodology gives the same bits in the period that it was fitted to; in others values may lie beyond its goalposts
SELECT f.period, count(*) AS units, count(*) FILTER (WHERE float8send(a.score) IS DISTINCT FROM float8send(b.score) OR a.rank IS DISTINCT FROM b.rank) AS differ
FROM first, (SELECT ci.amend(methodology, '{"on_nonpositive": "missing"}') AS methodology FROM method) AS m, unnest(ci.periods(panel)) AS f (period),
	ci.rank(panel, methodology) AS a, ci.rank(panel, ci.fit(panel, methodology, f.period)) AS b
WHERE a.period = f.period AND b.period = f.period AND a.unit = b.unit
GROUP BY f.period ORDER BY f.period;

SET search_path = public;
DROP SCHEMA determinism CASCADE;
