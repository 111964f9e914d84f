-- Sobol indices of ranks: against indices that can be computed by enumerating all cases, and what must hold of any.
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\i :example
\set ECHO all
SET jit = off;

-- Of discrete inputs whose cases all have the same probability, from a function's value at every combination: the
-- variance of the means given an input, and the mean of the variances given the others, as shares of the variance.
CREATE TEMP TABLE point (name text, i1 int, i2 int, i3 int, value float8);
CREATE TEMP VIEW exact AS
WITH case_of AS (
	SELECT name, input, own, rest, value FROM point, LATERAL (VALUES (1, i1, ARRAY[i2, i3]), (2, i2, ARRAY[i1, i3]), (3, i3, ARRAY[i1, i2])) v (input, own, rest)),
whole AS (SELECT name, var_pop(value) AS variance FROM point GROUP BY name)
SELECT name, input, first_order / variance AS first_order, total / variance AS total
FROM whole
JOIN (SELECT name, input, var_pop(mean) AS first_order FROM (SELECT name, input, own, avg(value) AS mean FROM case_of GROUP BY name, input, own) m GROUP BY name, input) f USING (name)
JOIN (SELECT name, input, avg(variance) AS total FROM (SELECT name, input, rest, var_pop(value) AS variance FROM case_of GROUP BY name, input, rest) v GROUP BY name, input) t USING (name, input);

-- The Technology Achievement Index, flat: an indicator left out (none, or one of three), two normalisations, two aggregations.
CREATE TEMP TABLE flat AS
SELECT '{"components": [{"code": "tai", "normalise": {"method": "minmax", "to": [1, 100]}},
	{"code": "patents", "parent": "tai"}, {"code": "royalties", "parent": "tai"}, {"code": "internet", "parent": "tai"}, {"code": "exports", "parent": "tai"},
	{"code": "telephones", "parent": "tai"}, {"code": "electricity", "parent": "tai"}, {"code": "schooling", "parent": "tai"}, {"code": "university", "parent": "tai"}]}'::ci.methodology AS methodology,
	'{"omit": ["internet", "patents", "schooling"], "choices": [
	[{}, {"components": [{"code": "tai", "normalise": {"method": "percentile_rank", "to": [1, 100]}}]}],
	[{}, {"components": [{"code": "tai", "aggregate": "geometric"}]}]]}'::ci.uncertainty AS uncertainty;
CREATE TEMP TABLE cases AS
SELECT i1, i2, i3, r.unit, r.rank, nominal.rank AS nominal
FROM flat, tai_panel, (VALUES (0, '{}'::jsonb), (1, '{"components": [{"code": "internet", "weight": 0}]}'), (2, '{"components": [{"code": "patents", "weight": 0}]}'),
		(3, '{"components": [{"code": "schooling", "weight": 0}]}')) a (i1, omitted), generate_series(0, 1) i2, generate_series(0, 1) i3,
	ci.rank(panel, ci.amend(ci.amend(ci.amend(methodology, omitted), uncertainty::jsonb #> ARRAY['choices', '0', i2::text]), uncertainty::jsonb #> ARRAY['choices', '1', i3::text])) r
	JOIN LATERAL (SELECT * FROM ci.rank(panel, methodology)) nominal USING (unit);
INSERT INTO point SELECT NULL, i1, i2, i3, avg(abs(rank - nominal)) FROM cases GROUP BY i1, i2, i3 UNION ALL SELECT unit, i1, i2, i3, rank FROM cases WHERE unit IN ('Netherlands', 'Norway', 'Korea');
UPDATE point SET name = 'mean rank shift' WHERE name IS NULL;
-- By first orders, aggregation is before what is left out, and that before normalisation, as in the Handbook's own analysis (Table 39).
-- Of how many of 20 seeds the intervals of 90 % hold the exact indices, in percent, and how far off estimates are on average
SELECT p.name, s.input, round(e.first_order::numeric, 3) AS first_order, round(e.total::numeric, 3) AS total, round(100 * avg((e.first_order BETWEEN first_order_lower AND first_order_upper)::int)) AS held_first,
	round(100 * avg((e.total BETWEEN total_lower AND total_upper)::int)) AS held_total, round(avg(s.first_order - e.first_order)::numeric, 2) AS off_first, round(avg(s.total - e.total)::numeric, 2) AS off_total
FROM flat, tai_panel, (SELECT DISTINCT name FROM point) p, generate_series(1, 20) seed,
	ci.sensitivity(panel, methodology, uncertainty, 300, seed, unit => nullif(p.name, 'mean rank shift')) s JOIN exact e ON s.input = (ARRAY['omit', 'choices 1', 'choices 2'])[e.input]
WHERE e.name = p.name GROUP BY p.name, e.input, s.input, e.first_order, e.total ORDER BY p.name, e.input;
-- all that is uncertain by 2 000 draws: near, and within 99.9 %
SELECT count(*) AS indices, count(*) FILTER (WHERE (abs(s.first_order - e.first_order) < 0.08 AND abs(s.total - e.total) < 0.08
	AND e.first_order BETWEEN first_order_lower AND first_order_upper AND e.total BETWEEN total_lower AND total_upper) IS NOT TRUE) AS wrong
FROM flat, tai_panel, (SELECT DISTINCT name FROM point) p,
	ci.sensitivity(panel, methodology, uncertainty, 2000, unit => nullif(p.name, 'mean rank shift'), level => 0.999) s JOIN exact e ON s.input = (ARRAY['omit', 'choices 1', 'choices 2'])[e.input]
WHERE e.name = p.name;

-- Which of three experts gives the weights is one input, with by_weight too; between their weights, each has one.
CREATE TEMP TABLE asked AS
SELECT expert, weights, jsonb_build_object('components', (SELECT jsonb_agg(jsonb_build_object('code', key, 'weight', value)) FROM jsonb_each(weights))) AS patch
FROM (VALUES (0, '{"patents": 5, "royalties": 1, "internet": 1, "exports": 1, "telephones": 1, "electricity": 1, "schooling": 2, "university": 2}'::jsonb), (1, '{"patents": 1, "royalties": 6, "internet": 1, "exports": 2, "telephones": 1, "electricity": 2, "schooling": 1, "university": 1}'), (2, '{"patents": 1, "royalties": 1, "internet": 3, "exports": 4, "telephones": 2, "electricity": 2, "schooling": 0, "university": 3}')) v (expert, weights);
CREATE TEMP TABLE all_asked AS
SELECT uncertainty::jsonb - 'omit' || jsonb_build_object('weights', jsonb_build_object('method', 'experts', 'weights', (SELECT jsonb_agg(weights ORDER BY expert) FROM asked))) AS uncertainty FROM flat;
INSERT INTO point
SELECT 'experts', expert, i2, i3, avg(abs(r.rank - nominal.rank))
FROM flat, tai_panel, asked, generate_series(0, 1) i2, generate_series(0, 1) i3,
	ci.rank(panel, ci.amend(ci.amend(ci.amend(methodology, patch), uncertainty::jsonb #> ARRAY['choices', '0', i2::text]), uncertainty::jsonb #> ARRAY['choices', '1', i3::text])) r
	JOIN LATERAL (SELECT * FROM ci.rank(panel, methodology)) nominal USING (unit) GROUP BY expert, i2, i3;
SELECT by_weight, s.input, round(e.first_order::numeric, 3) AS first_order, round(e.total::numeric, 3) AS total, abs(s.first_order - e.first_order) < 0.06 AS near, e.first_order BETWEEN first_order_lower AND first_order_upper AS held,
	abs(s.total - e.total) < 0.06 AS near_total, e.total BETWEEN total_lower AND total_upper AS held_total
FROM flat, all_asked a, tai_panel, (VALUES (false), (true)) b (by_weight), ci.sensitivity(panel, methodology, a.uncertainty, 2000, level => 0.99, by_weight => by_weight) s
	JOIN exact e ON e.name = 'experts' AND s.input = (ARRAY['weights', 'choices 1', 'choices 2'])[e.input] ORDER BY by_weight, e.input;
SELECT array_agg(input) FROM flat, all_asked a, tai_panel, ci.sensitivity(panel, methodology, jsonb_set(a.uncertainty, '{weights,draw}', '"range"'), 2, by_weight => true) s;

-- Indices known without computing.  The first choice swaps a and b, the second c and d, the third turns e, f and g around: shifts of 2, 2 and 4, that add up.
CREATE TEMP TABLE swapped AS
SELECT ci.panel_agg(u, 1, '{main,x,y,z}', c) AS panel, '{"components": [{"code": "i", "normalise": {"method": "goalposts", "lower": 0, "upper": 10}},
	{"code": "main", "parent": "i"}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}, {"code": "z", "parent": "i"}]}'::ci.methodology AS methodology
FROM (VALUES ('a', '{9,1,0,0}'::float8[]), ('b', '{9,0,0,0}'), ('c', '{5,0,1,0}'), ('d', '{5,0,0,0}'), ('e', '{1,0,0,1}'), ('f', '{1,0,0,0.5}'), ('g', '{1,0,0,0}')) v (u, c);
CREATE FUNCTION pg_temp.turned(VARIADIC codes text[]) RETURNS ci.uncertainty LANGUAGE sql AS $$
	SELECT jsonb_build_object('choices', jsonb_agg(jsonb_build_array('{}'::jsonb, jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', code, 'direction', -1)))))) FROM unnest(codes) code $$;
SELECT input, round(share, 3) AS share, abs(first_order - share) < 0.1 AS near, share BETWEEN first_order_lower AND first_order_upper AS held,
	abs(total - share) < 0.05 AS near_total, share BETWEEN total_lower AND total_upper AS held_total
FROM swapped, ci.sensitivity(panel, methodology, pg_temp.turned('x', 'y', 'z'), 1500, level => 0.99) s JOIN (VALUES ('choices 1', 1 / 6.0), ('choices 2', 1 / 6.0), ('choices 3', 4 / 6.0)) v (input, share) USING (input);
-- each choice swaps a and b, and the other swaps them back: one says nothing without the other
SELECT input, abs(first_order) < 0.1 AS near_0, 0 BETWEEN first_order_lower AND first_order_upper AS held, abs(total - 1) < 0.1 AS near_1, 1 BETWEEN total_lower AND total_upper AS held_total
FROM swapped, ci.sensitivity(panel, ci.amend(methodology, '{"components": [{"code": "n", "parent": "i"}, {"code": "x", "parent": "n"}]}'), pg_temp.turned('x', 'n'), 1500, level => 0.99) s;
-- what has no effect has none, to the bit; without variation there are no indices; what is certain has no row
CREATE TEMP TABLE one AS SELECT ci.subset(panel, indicators => '{x}') AS panel, ci.amend(methodology, '{"components": [{"code": "main", "remove": true}, {"code": "y", "remove": true}, {"code": "z", "remove": true}]}') AS methodology FROM swapped;
SELECT input, round(first_order::numeric) AS first_order, round(total::numeric) AS total, ARRAY[first_order, first_order_lower, first_order_upper, total, total_lower, total_upper] = '{0,0,0,0,0,0}' AS nought
FROM one, ci.sensitivity(panel, methodology, '{"weights": "simplex", "omit": false}' || pg_temp.turned('i'), errors => (SELECT ci.panel_agg('a', 1, 'x', 0))) s;
SELECT s.* FROM one, ci.sensitivity(panel, methodology, '{"weights": "simplex", "choices": [[{}], [{}, {"version": "2"}]]}', 20) s;
SELECT count(*) FROM one, ci.sensitivity(panel, methodology, '{"choices": [[{"version": "2"}]]}') s;

-- Weights one by one.  A unit of (1, 0) is ahead of one of (t, t) where the weight of x is more than 1.1 times that of y, both uniform
-- between 0.75 and 1.25: indices from a grid.
WITH grid AS (SELECT x, y, (0.75 + (x - 0.5) / 800 > 1.1 * (0.75 + (y - 0.5) / 800))::int AS ahead FROM generate_series(1, 400) x, generate_series(1, 400) y)
INSERT INTO point SELECT 'weights', x, y, 0, ahead FROM grid;
SELECT s.input, round(e.first_order::numeric, 2) AS first_order, round(e.total::numeric, 2) AS total, abs(s.first_order - e.first_order) < 0.05 AS near, e.first_order BETWEEN first_order_lower AND first_order_upper AS held,
	abs(s.total - e.total) < 0.05 AS near_total, e.total BETWEEN total_lower AND total_upper AS held_total
FROM (SELECT ci.panel_agg(u, 0, '{x,y}', c) AS panel FROM (VALUES ('a', '{1,0}'::float8[]), ('b', ARRAY[1.1 / 2.1, 1.1 / 2.1])) v (u, c)) p,
	ci.sensitivity(panel, '{"components": [{"code": "i", "normalise": {"method": "goalposts", "lower": 0, "upper": 1}}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}', draws => 4000, by_weight => true) s
	JOIN exact e ON e.name = 'weights' AND e.input = CASE s.input WHEN 'weights x' THEN 1 ELSE 2 END
ORDER BY input;
-- 23 countries by 8 indicators in 4 dimensions: a row for every weight; what they do together is at least as much, and other inputs are what they were
CREATE TEMP TABLE by_weight AS
SELECT by_weight, s.* FROM tai_panel, tai_method, (VALUES (false), (true)) b (by_weight), ci.sensitivity(panel, methodology, '{"weights": {"share": 0.5}, "omit": ["old"]}', 1000, by_weight => by_weight) s WHERE name = 'equal';
SELECT input FROM by_weight WHERE by_weight;
SELECT (SELECT count(DISTINCT (first_order, first_order_lower, first_order_upper, total, total_lower, total_upper)) = 1 FROM by_weight WHERE input = 'omit') AS omit_is_what_it_was,
	(SELECT sum(first_order) FROM by_weight WHERE by_weight AND input <> 'omit') < (SELECT first_order_upper FROM by_weight WHERE input = 'weights') AS alone_no_more_than_together,
	(SELECT max(total) FROM by_weight WHERE by_weight AND input <> 'omit') < (SELECT total FROM by_weight WHERE input = 'weights') AS none_more_than_all;
-- a choice may change weights, also from 0, but not which components there are
SELECT array_agg(input) FROM swapped, ci.sensitivity(panel, ci.amend(methodology, '{"components": [{"code": "y", "weight": 0}, {"code": "z", "weight": 0}]}'),
	'{"weights": {"share": 0.1}, "choices": [[{}, {"components": [{"code": "z", "weight": 1}]}]]}', 2, by_weight => true);
SELECT count(*) FROM swapped, ci.sensitivity(panel, methodology, '{"weights": {"share": 0.1}, "choices": [[{}, {"components": [{"code": "n", "parent": "i", "indicator": "x"}]}]]}', 2, by_weight => true);
SELECT count(*) FROM swapped, ci.sensitivity(panel, methodology, '{"weights": {"share": 0.1}, "choices": [[{}, {"components": [{"code": "n", "parent": "i"}, {"code": "x", "parent": "n"}]}, {"components": [{"code": "x", "remove": true}]}]]}', 2, by_weight => true);

-- Two periods, one a year after the other, each estimated from both; u7 is in the second only.
CREATE TEMP TABLE league AS
SELECT ci.panel_agg('u' || u, p, 'x' || j, 1 + (u * u * 31 + j * j * u * 17 + p * u) % 23) AS panel,
	'{"components": [{"code": "i", "normalise": {"method": "zscore", "scope": "panel"}}, {"code": "x1", "parent": "i"}, {"code": "x2", "parent": "i"}, {"code": "x3", "parent": "i"}]}'::ci.methodology AS methodology,
	'{"weights": {"method": "dirichlet", "concentration": 20}, "omit": true, "choices": [[{}, {"components": [{"code": "i", "normalise": "percentile_rank"}]}]]}'::ci.uncertainty AS uncertainty
FROM generate_series(1, 12) u, generate_series(1, 3) j, generate_series(1, 2) p WHERE u <> 7 OR p = 2;
CREATE FUNCTION pg_temp.indices(unit text, period int, errors ci.panel DEFAULT NULL, by_weight boolean DEFAULT false) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT s::text FROM league, ci.sensitivity(panel, methodology, uncertainty, 50, 3, period, unit, errors => errors, by_weight => by_weight) s $$;
SELECT unit, (SELECT array_agg(DISTINCT left(i, 2)) FROM pg_temp.indices(unit, NULL) i) AS periods,
	ARRAY(SELECT i FROM pg_temp.indices(unit, NULL) i WHERE i LIKE '(2%') = ARRAY(SELECT pg_temp.indices(unit, 2)) AS second, ARRAY(SELECT i FROM pg_temp.indices(unit, NULL) i WHERE i LIKE '(1%') = ARRAY(SELECT pg_temp.indices(unit, 1)) AS first
FROM (VALUES (NULL), ('u3'), ('u7')) v (unit);
-- errors of 0 are an input without effect, and the others are what they were, though each draw is now an evaluation of its own
SELECT unit, by_weight, ARRAY(SELECT pg_temp.indices(unit, NULL, NULL, by_weight)) = ARRAY(SELECT i FROM pg_temp.indices(unit, NULL, errors, by_weight) i WHERE i NOT LIKE '%errors%') AS same,
	ARRAY(SELECT i FROM pg_temp.indices(unit, NULL, errors, by_weight) i WHERE i LIKE '%errors%') AS errors
FROM (SELECT ci.panel_agg(unit, period, indicator, 0) FROM league, ci.observations(panel)) e (errors), (VALUES (NULL), ('u3')) v (unit), (VALUES (false), (true)) b (by_weight);
-- that matter where they are large
SELECT i.* FROM league, LATERAL (SELECT ci.panel_agg(unit, period, indicator, 8) AS errors FROM ci.observations(panel)) e,
	LATERAL (SELECT period, input, total > 0.5 AS much FROM ci.sensitivity(panel, methodology, uncertainty, 50, errors => errors)) i;

-- A unit without a rank is one behind the last of the nominal ranking: g has rank 7 of 7, or counts as 8; or counts as 7 of 6, and has rank 7.
SELECT input, round(first_order::numeric) AS first_order, round(total::numeric) AS total
FROM swapped, ci.sensitivity(panel, methodology, '{"choices": [[{}, {"screen": {"exclude": ["g"]}}]]}', 2000, unit => 'g');
SELECT s.* FROM swapped, ci.sensitivity(panel, ci.amend(methodology, '{"screen": {"exclude": ["g"]}}'), '{"choices": [[{}, {"screen": null}]]}', 20, unit => 'g') s;
-- no unit is ranked both times
SELECT s.* FROM swapped, ci.sensitivity(panel, ci.amend(methodology, '{"screen": {"units": ["a"]}}'), '{"choices": [[{}, {"screen": {"units": ["b", "c"]}}]]}', 20) s;

-- A draw that fails says of which sample it is; without uncertainty, a panel, a methodology or another argument there are no rows.
CREATE FUNCTION pg_temp.context_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	context text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
	RETURN SQLSTATE || ': ' || substring(context FROM '^(.*)\nSQL statement');
END $$;
SELECT seed, pg_temp.context_of(format(statement, 'rank_intervals', seed)) AS rank_intervals, pg_temp.context_of(format(statement, 'sensitivity', seed)) AS sensitivity
FROM (VALUES ($$ SELECT count(*) FROM league, ci.%s(panel, '{"components": [{"code": "x1", "normalise": {"method": "goalposts", "lower": 1, "upper": 2, "transform": "log"}}]}', '{}', 100, %s,
	errors => (SELECT ci.panel_agg('u1', 1, 'x1', 2))) $$)) v (statement), generate_series(1, 5) seed;
SELECT count(*) FROM league, ci.sensitivity(panel, methodology, '{}');
SELECT count(*) FROM league, ci.sensitivity(NULL, methodology);
SELECT count(*) FROM league, ci.sensitivity(panel, NULL);
SELECT count(*) FROM league, ci.sensitivity(panel, methodology, NULL);
SELECT count(*) FROM league, ci.sensitivity(panel, methodology, draws => NULL);
SELECT count(*) FROM league, ci.sensitivity(panel, methodology, seed => NULL);
SELECT count(*) FROM league, ci.sensitivity(panel, methodology, level => NULL);
SELECT count(*) FROM league, ci.sensitivity(panel, methodology, by_weight => NULL);
SELECT count(*) FROM league, ci.sensitivity(panel, methodology, period => 1, unit => 'u7');
SELECT count(*) FROM ci.sensitivity(ci.subset((SELECT panel FROM league), units => '{}'), (SELECT methodology FROM league));
-- of one draw a sample is that draw
SELECT count(first_order) > 0 AS some, count(*) FILTER (WHERE (first_order, total) IS DISTINCT FROM (first_order_lower, total_upper)) AS wrong FROM league, generate_series(1, 10) seed, ci.sensitivity(panel, methodology, uncertainty, 1, seed);

-- The same bits in workers.
CREATE TABLE judged WITH (parallel_workers = 2) AS SELECT name, panel, methodology FROM tai_panel, tai_method;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;
CREATE TEMP TABLE in_workers AS SELECT name, s.* FROM judged, ci.sensitivity(panel, methodology, '{"weights": {"method": "dirichlet", "concentration": 20}, "omit": true}', 30) s;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) AS rows, count(*) FILTER (WHERE w IS DISTINCT FROM a) AS wrong
FROM in_workers w FULL JOIN (SELECT name, s.* FROM judged, ci.sensitivity(panel, methodology, '{"weights": {"method": "dirichlet", "concentration": 20}, "omit": true}', 30) s) a USING (name, period, input);
DROP TABLE judged, tai, tai_panel, tai_method;
