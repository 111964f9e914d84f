-- Runs and first times over rows in order, and growth rates: ci.streak, ci.longest_streak, ci.first_time, ci.cagr.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
\pset null ~

-- Every short sequence of true, false and null, by the definition: what is counted are rows after the last one that is not true.
CREATE TEMP TABLE sequence AS
SELECT n, string_to_array(translate(substr(to_char(n, '000000'), 2), '012', 'tfn'), NULL) AS letters
FROM generate_series(0, 222222) n WHERE n::text !~ '[3-9]';
CREATE TEMP TABLE step AS
SELECT n, i, CASE letter WHEN 't' THEN true WHEN 'f' THEN false END AS condition
FROM sequence, unnest(letters) WITH ORDINALITY AS l (letter, i);
CREATE TEMP TABLE running AS
SELECT n, i, condition, ci.streak(condition) OVER w, ci.longest_streak(condition) OVER w, ci.first_time(condition) OVER w
FROM step WINDOW w AS (PARTITION BY n ORDER BY i);
SELECT count(*), count(*) FILTER (WHERE streak IS DISTINCT FROM i - coalesce(other, 0)) AS other_streaks,
	count(*) FILTER (WHERE longest_streak IS DISTINCT FROM longest) AS other_longest,
	count(*) FILTER (WHERE first_time IS DISTINCT FROM (condition IS TRUE AND trues = 1)) AS other_first
FROM (SELECT *, max(streak) OVER w AS longest, max(i) FILTER (WHERE condition IS NOT TRUE) OVER w AS other,
	count(*) FILTER (WHERE condition) OVER w AS trues FROM running WINDOW w AS (PARTITION BY n ORDER BY i)) AS r;
-- as plain aggregates over rows in order: the same as the last row of the window, from an input in any order
SELECT count(*), count(*) FILTER (WHERE (a.streak, a.longest, a.first_time) IS DISTINCT FROM (r.streak, r.longest_streak, r.first_time)) AS other
FROM running AS r JOIN (SELECT n, ci.streak(condition ORDER BY i) AS streak, ci.longest_streak(condition ORDER BY i) AS longest, ci.first_time(condition ORDER BY i) AS first_time
	FROM (SELECT * FROM step ORDER BY hashint8(i * 1000003 + n)) AS s GROUP BY n) AS a ON a.n = r.n AND r.i = 6;
-- one of them, to look at; over a frame that moves; with FILTER, which passes over rows
SELECT i, condition, ci.streak(condition) OVER w, ci.longest_streak(condition) OVER w, ci.first_time(condition) OVER w,
	ci.longest_streak(condition) OVER (ORDER BY i ROWS 1 PRECEDING) AS of_two, ci.streak(condition) FILTER (WHERE condition IS NOT NULL) OVER w AS of_known
FROM unnest('{f,t,t,NULL,t,t,t,f,t}'::boolean[]) WITH ORDINALITY AS s (condition, i) WINDOW w AS (ORDER BY i);
-- no rows
SELECT ci.streak(true) AS streak, ci.longest_streak(true) AS longest_streak, ci.first_time(true) AS first_time FROM generate_series(1, 0);
-- rows of equal order stand on the same level of a RANGE frame, as for every aggregate
SELECT i, ci.streak(true) OVER (ORDER BY i) FROM unnest('{1,2,2,3}'::int[]) AS s (i);

-- The published top tens of the AI computing assessment of Chinese cities; that of 2020 is from memory.
CREATE TEMP TABLE listed AS
SELECT edition, city, rank
FROM (VALUES (2018, '{Hangzhou,Beijing,Shenzhen,Shanghai,Hefei,Chengdu,Chongqing,Wuhan,Guangzhou,Guiyang}'::text[]),
	(2019, '{Beijing,Hangzhou,Shenzhen,Shanghai,Guangzhou,Hefei,Suzhou,Chongqing,Nanjing,Xi''an}'),
	(2020, '{Beijing,Shenzhen,Hangzhou,Shanghai,Chongqing,Guangzhou,Hefei,Suzhou,Xi''an,Nanjing}'),
	(2021, '{Beijing,Hangzhou,Shenzhen,Nanjing,Shanghai,Suzhou,Guangzhou,Jinan,Chengdu,Hefei}')) AS e (edition, cities),
	unnest(cities) WITH ORDINALITY AS c (city, rank);
-- in 2021: how long first, in the top three and five, and for the first time in the top five and ten; a city not listed has no rank
CREATE TEMP TABLE run AS
SELECT edition, city, rank, ci.streak(rank = 1) OVER w AS first, ci.streak(rank <= 3) OVER w AS top3, ci.streak(rank <= 5) OVER w AS top5, ci.longest_streak(rank <= 10) OVER w AS longest_top10,
	ci.first_time(rank <= 5) OVER w AS first_top5, ci.first_time(rank <= 10) OVER w AS first_top10
FROM (SELECT DISTINCT edition FROM listed) AS e CROSS JOIN (SELECT DISTINCT city FROM listed) AS c LEFT JOIN listed USING (edition, city)
WINDOW w AS (PARTITION BY city ORDER BY edition);
SELECT city, rank, first, top3, top5, longest_top10, first_top5, first_top10 FROM run WHERE edition = 2021 ORDER BY rank, city COLLATE "C";

-- World spending on AI, billion USD, four yearly steps: 24.5 %.
SELECT round(100 * ci.cagr(billion, year)::numeric, 1) AS percent FROM (VALUES (2021, 85.0), (2025, 204.5)) AS spending (year, billion);

-- The rate is that by which the first becomes the last: 100 × 1.1³ = 133.1 (and (-100) the same); 16 halved four times in two periods;
-- to nothing; rows between, null values and rows of no period but no value either do not matter.
SELECT name, round(ci.cagr(v, p)::numeric, 12) AS cagr
FROM (VALUES ('up', 100.0, 2020), ('up', 133.1, 2023), ('below zero', -100, 2020), ('below zero', -133.1, 2023),
	('down', 16, 1), ('down', 1, 3), ('constant', 7, -2147483648), ('constant', 7, 2147483647), ('to zero', 5, 2020), ('to zero', 0, 2021),
	('between', 1, 1), ('between', -50, 2), ('between', 0, 2), ('between', 9, 3), ('between', NULL, 0), ('between', NULL, 3), ('between', NULL, NULL),
	('one', 3, 2020), ('none', NULL, 2020)) AS c (name, v, p)
GROUP BY name ORDER BY name COLLATE "C";
SELECT ci.cagr(1, 2020) AS no_rows FROM generate_series(1, 0);
-- a ratio that no double holds: (1e300 / 1e-300) ^ (1 / 600) is 10
SELECT round(ci.cagr(v, p)::numeric, 9) AS up, round(ci.cagr(v, -p)::numeric, 9) AS down FROM (VALUES (1e-300, 0), (1e300, 600)) AS c (v, p);
-- over a window: since the beginning, and against the row before (a double's rounding taken off)
SELECT p, v, round(ci.cagr(v, p) OVER (ORDER BY p)::numeric, 12) AS since_2018, round(ci.cagr(v, p) OVER (ORDER BY p ROWS 1 PRECEDING)::numeric, 12) AS last_step
FROM (VALUES (2018, 100), (2019, 150), (2021, NULL), (2022, 216), (2023, 108)) AS c (p, v) ORDER BY p;

-- The same bits for every order of the rows and number of workers.
CREATE TABLE history_test AS
SELECT g, p, exp((hashint8(g * 100 + p) % 1000) / 100.0) AS v FROM generate_series(1, 40) g, generate_series(1, 60) p
ORDER BY hashint8(g * 77 + p);
ALTER TABLE history_test SET (parallel_workers = 4);
ANALYZE history_test;
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE forwards AS SELECT g, ci.cagr(v, p ORDER BY p) FROM history_test GROUP BY g;
CREATE TEMP TABLE backwards AS SELECT g, ci.cagr(v, p ORDER BY p DESC) FROM history_test GROUP BY g;
SET max_parallel_workers_per_gather = 4;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT ci.cagr(v, p) FROM history_test;
CREATE TEMP TABLE parallel AS SELECT g, ci.cagr(v, p) FROM history_test GROUP BY g;
SELECT count(*), count(DISTINCT f.cagr) AS different, count(*) FILTER (WHERE float8send(f.cagr) <> float8send(b.cagr)) AS backwards, count(*) FILTER (WHERE float8send(f.cagr) <> float8send(p.cagr)) AS parallel
FROM forwards AS f JOIN backwards AS b USING (g) JOIN parallel AS p USING (g);
-- against the formula in numeric, which carries more digits
SELECT max(abs(cagr - ((l.v::numeric / f.v::numeric) ^ (1.0 / 59) - 1))) < 1e-15 AS as_computed
FROM parallel JOIN history_test AS f USING (g) JOIN history_test AS l USING (g) WHERE f.p = 1 AND l.p = 60;
-- what follows the order of rows is not computed by workers, though it may be in one
EXPLAIN (COSTS OFF) SELECT ci.streak(v > 1), ci.longest_streak(v > 1), ci.first_time(v > 1) FROM history_test;
DROP TABLE history_test;
