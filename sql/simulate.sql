-- Ranks over draws from what is uncertain: published ranks, probabilities that can be computed, and what must hold of any draws.
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\i :example
\set ECHO all
SET jit = off;

-- Published ranks of the Technology Achievement Index (OECD/JRC Handbook, Table 23): by equal weights, by budget allocation.
CREATE TEMP TABLE published (country text, equal int, budget int);
INSERT INTO published VALUES ('Finland', 1, 1), ('United States', 2, 2), ('Sweden', 3, 3), ('Japan', 4, 5), ('Korea', 5, 4), ('Netherlands', 6, 8), ('United Kingdom', 7, 7), ('Singapore', 8, 6),
	('Canada', 9, 10), ('Australia', 10, 11), ('Germany', 11, 9), ('Norway', 12, 13), ('Ireland', 13, 12), ('Belgium', 14, 14), ('New Zealand', 15, 17), ('Austria', 16, 15), ('France', 17, 16),
	('Israel', 18, 18), ('Spain', 19, 19), ('Italy', 20, 21), ('Czech Republic', 21, 22), ('Hungary', 22, 20), ('Slovenia', 23, 23);
-- a choice between the two: every country has its two ranks, each as often as Japan, say, has its
CREATE TEMP TABLE choice AS
SELECT jsonb_build_object('choices', jsonb_build_array(jsonb_agg(methodology::jsonb - 'name' - 'version' ORDER BY name))) AS choices
FROM tai_method WHERE name IN ('equal', 'budget');
WITH drawn AS (
	SELECT a.* FROM tai_panel, tai_method m, choice, ci.rank_acceptability(panel, methodology, choices, 3000) a WHERE m.name = 'equal'),
japan AS (
	SELECT max(share) FILTER (WHERE rank = 4) AS equal, max(share) FILTER (WHERE rank = 5) AS budget FROM drawn WHERE unit = 'Japan'),
expected AS (
	SELECT country, v.rank, sum(v.share) AS share FROM published p, japan j, LATERAL (VALUES (p.equal, j.equal), (p.budget, j.budget)) v (rank, share) GROUP BY country, v.rank)
SELECT count(*) AS ranks, count(*) FILTER (WHERE (abs(e.share - d.share) < 1e-12) IS NOT TRUE) AS wrong,
	bool_and(abs(j.equal - 0.5) < 0.04 AND abs(j.equal + j.budget - 1) < 1e-12) AS each_a_half
FROM japan j, expected e FULL JOIN drawn d ON d.unit = e.country AND d.rank = e.rank;

-- Without uncertainty an interval is the rank.
SELECT m.name, u.uncertainty, count(*) AS countries,
	count(*) FILTER (WHERE (r.rank = i.rank AND i.rank = i.mean_rank AND i.rank = median_rank AND i.rank = lower_rank AND i.rank = upper_rank) IS NOT TRUE) AS wrong
FROM tai_panel, tai_method m, (VALUES ('{}'::ci.uncertainty), ('{"weights": {"share": 0}}'), ('{"omit": false, "choices": [[{}], [{}, {}]]}')) u (uncertainty),
	ci.rank_intervals(panel, methodology, uncertainty, 20) i FULL JOIN LATERAL (SELECT * FROM ci.rank(panel, methodology)) r USING (period, unit)
GROUP BY 1, 2 ORDER BY 1, 2;

-- Two units by two indicators: a has (1, 0), b has (t, t), so that a is ahead where the weight of x is above t.
CREATE FUNCTION pg_temp.two(t float8, more jsonb DEFAULT '{}') RETURNS TABLE (panel ci.panel, methodology ci.methodology) LANGUAGE sql AS $$
	SELECT ci.panel_agg(u, 0, '{x,y}', c), ('{"components": [{"code": "i", "normalise": {"method": "goalposts", "lower": 0, "upper": 1}}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}'::jsonb || more)::ci.methodology
	FROM (VALUES ('a', '{1,0}'::float8[]), ('b', ARRAY[t, t])) v (u, c) $$;
SELECT uncertainty, round(t, 3) AS t, round(probability, 3) AS probability, abs(ahead - probability) < 4 * sqrt(probability * (1 - probability) / 10000) AS near, tied
FROM (VALUES
	-- uniform on the simplex: 1 - t; Dirichlet of 2 × 1/2 × 4: Beta(2, 2)
	('{"weights": "simplex"}'::ci.uncertainty, 0.2, 0.8),
	('{"weights": {"method": "dirichlet", "concentration": 4}}', 0.3, 1 - 3 * 0.3 ^ 2 + 2 * 0.3 ^ 3),
	-- both weights uniform on [0.75, 1.25]: that the one exceeds 1.2 times the other is an area
	('{"weights": {"share": 0.25}}', 1.2 / 2.2, (1.25 * (1.25 / 1.2 - 0.75) - 0.6 * ((1.25 / 1.2) ^ 2 - 0.75 ^ 2)) / 0.25),
	('{"weights": {"share": 0.25}}', 0.5, 0.5),
	-- nothing, x or y is left out; or nothing or y; or one of four choices
	('{"omit": true}', 0.4, 2 / 3.0),
	('{"omit": ["x"]}', 0.4, 1 / 2.0),
	('{"choices": [[{}, {"components": [{"code": "x", "weight": 0}]}, {"components": [{"code": "y", "weight": 0}]}, {}]]}', 0.4, 3 / 4.0)) v (uncertainty, t, probability),
	pg_temp.two(t) p, ci.pairwise(p.panel, p.methodology, uncertainty, 10000) w WHERE unit = 'a';
-- an error of measurement of b's x, half of which counts: a is ahead if it is below 2 × 0.05
SELECT round(sd, 2) AS sd, round(probability, 4) AS probability, abs(ahead - probability) < 0.015 AS near
FROM (VALUES (0.1, 0.8413), (0.2, 0.6915), (0.05, 0.9772)) v (sd, probability), pg_temp.two(0.45) p,
	ci.pairwise(p.panel, p.methodology, '{}', 10000, errors => (SELECT ci.panel_agg('b', 0, 'x', s) FROM (VALUES (sd::float8)) e (s))) w WHERE unit = 'a';

-- A panel with ties, gaps, units that are screened or have no score, in two periods; less is better in the end.
CREATE TEMP TABLE league AS
SELECT ci.panel_agg('u' || lpad(u::text, 2, '0'), p, 'x' || j, CASE WHEN (u * 7 + j * 3 + p) % 11 > 0 THEN 1 + (u * u * 31 + j * j * u * 17 + p * u) % 23 END::float8) AS panel
FROM generate_series(1, 30) u, generate_series(1, 6) j, generate_series(1, 2) p;
CREATE FUNCTION pg_temp.judged(more jsonb DEFAULT '{}', root jsonb DEFAULT '{}', node jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql AS $$
	SELECT ('{"screen": {"min_coverage": 0.7, "exclude": ["u03"]}, "rank": {"decimals": 1}}'::jsonb || more || jsonb_build_object('components', jsonb_build_array(
		'{"code": "i", "direction": -1, "normalise": {"method": "minmax", "to": [1, 100]}}'::jsonb || root,
		'{"code": "a", "parent": "i", "min_count": 2, "direction": -1}'::jsonb || node, '{"code": "b", "parent": "i", "weight": 2}'::jsonb || node)
		|| (SELECT jsonb_agg(jsonb_build_object('code', 'x' || j, 'parent', CASE WHEN j < 4 THEN 'a' ELSE 'b' END, 'weight', j)) FROM generate_series(1, 6) j)))::ci.methodology $$;
CREATE TEMP TABLE judged AS
SELECT 'ties ' || ties AS name, pg_temp.judged(jsonb_build_object('rank', jsonb_build_object('ties', ties, 'decimals', 0))) AS methodology FROM unnest('{min,max,dense}'::text[]) ties
UNION ALL SELECT 'root ' || method, pg_temp.judged(root => jsonb_build_object('aggregate', method, 'direction', 1), node => '{"rescale": {"method": "goalposts", "lower": 0, "upper": 100, "to": [1, 100]}, "direction": 1}')
	FROM unnest('{geometric,harmonic,median,min,mpi,copeland,borda,kemeny,promethee}'::text[]) method
UNION ALL SELECT 'natural ' || method, ('{"on_nonpositive": 0.001, "components": [{"code": "i", "aggregate": "' || method || '", "normalise": "none"}, {"code": "x1", "parent": "i"}, {"code": "x2", "parent": "i"}, {"code": "x3", "parent": "i", "direction": -1}]}')::ci.methodology
	FROM unnest('{topsis,vikor,moora,edas}'::text[]) method
UNION ALL SELECT 'rescaled', pg_temp.judged(root => '{"aggregate": "geometric"}', node => '{"rescale": {"method": "minmax", "to": [1, 100]}}')
UNION ALL SELECT 'ranked', pg_temp.judged(root => '{"normalise": "percentile_rank"}')
UNION ALL SELECT 'pooled', pg_temp.judged(root => '{"normalise": {"method": "zscore", "scope": "panel"}}');
CREATE FUNCTION pg_temp.intervals(panel ci.panel, methodology ci.methodology, uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.5}, "omit": ["x1", "b"]}', errors ci.panel DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(i::text, E'\n' ORDER BY period, unit) FROM ci.rank_intervals(panel, methodology, uncertainty, 40, errors => errors) i $$;
-- certain weights: the rank; each draw an evaluation of its own, as for errors that are 0: the same as from leaves scored once
SELECT name,
	(SELECT count(*) FROM ci.rank_intervals(panel, methodology, '{}', 2) i FULL JOIN (SELECT * FROM ci.rank(panel, methodology)) r USING (period, unit)
		WHERE (i.rank, mean_rank, median_rank, lower_rank, upper_rank) IS DISTINCT FROM (r.rank, r.rank, r.rank, r.rank, r.rank)) AS not_the_rank,
	pg_temp.intervals(panel, methodology, '{"weights": {"share": 0.5}}') = pg_temp.intervals(panel, methodology, '{"weights": {"share": 0.5}}',
		(SELECT ci.panel_agg(unit, period, indicator, 0) FROM ci.observations(panel))) AS one_way_or_the_other
FROM league, judged ORDER BY name COLLATE "C";
-- one option is that methodology; leaving a component out is its weight 0
SELECT (SELECT array_agg(a ORDER BY a) FROM ci.rank_acceptability(panel, pg_temp.judged(), '{"weights": {"share": 0.5}, "choices": [[{"components": [{"code": "i", "aggregate": "median", "direction": null}]}]]}', 40) a) =
	(SELECT array_agg(a ORDER BY a) FROM ci.rank_acceptability(panel, pg_temp.judged(root => '{"aggregate": "median", "direction": 1}'), '{"weights": {"share": 0.5}}', 40) a) AS same_draws,
	(SELECT array_agg(DISTINCT a.rank ORDER BY a.rank) FROM ci.rank_acceptability(panel, pg_temp.judged(), '{"omit": ["b"]}', 50, period => 2) a WHERE unit = 'u10') =
	(SELECT array_agg(DISTINCT r.rank ORDER BY r.rank) FROM (VALUES (2), (0)) v (weight), ci.rank(panel, ci.amend(pg_temp.judged(), jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', 'b', 'weight', weight))))) r
		WHERE unit = 'u10' AND period = 2) AS left_out
FROM league;

-- Shares add up to 1; intervals are percentiles of them; a period alone is what it was among others.
CREATE TEMP TABLE draws AS SELECT name, a.* FROM league, judged, ci.rank_acceptability(panel, methodology, '{"weights": "simplex", "omit": true}', 200) a;
SELECT count(DISTINCT (name, period, unit)) AS units, count(*) FILTER (WHERE abs(s.share - 1) > 1e-12 OR s.last <> 1) AS wrong
FROM (SELECT name, period, unit, sum(share) AS share, max(cumulative) AS last FROM draws GROUP BY 1, 2, 3) s;
SELECT count(*) AS units, count(*) FILTER (WHERE (i.median_rank = d.middle AND i.lower_rank = d.low AND i.upper_rank = d.high AND abs(i.mean_rank - d.mean) < 1e-9) IS NOT TRUE) AS wrong
FROM league, judged j, ci.rank_intervals(panel, methodology, '{"weights": "simplex", "omit": true}', 200, level => 0.8) i, LATERAL (
	SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY rank) AS middle, percentile_disc(0.1) WITHIN GROUP (ORDER BY rank) AS low,
		percentile_disc(0.9) WITHIN GROUP (ORDER BY rank) AS high, avg(rank) AS mean
	FROM draws d, generate_series(1, round(200 * share)::int) WHERE d.name = j.name AND d.period = i.period AND d.unit = i.unit AND d.rank IS NOT NULL) d
WHERE i.mean_rank IS NOT NULL;
SELECT count(*) AS rows, count(*) FILTER (WHERE d.share IS DISTINCT FROM a.share) AS wrong
FROM (SELECT name, a.* FROM league, judged, ci.rank_acceptability(panel, methodology, '{"weights": "simplex", "omit": true}', 200, period => 2) a) a
FULL JOIN (SELECT * FROM draws WHERE period = 2) d ON (a.name, a.unit, coalesce(a.rank, 0)) = (d.name, d.unit, coalesce(d.rank, 0));
-- a draw does not depend on how many follow; another seed gives others
SELECT count(*) AS rows, count(*) FILTER (WHERE round(50 * few.share) > coalesce(round(200 * draws.share), 0)) AS lost
FROM (SELECT name, a.* FROM league, judged, ci.rank_acceptability(panel, methodology, '{"weights": "simplex", "omit": true}', 50) a) few
LEFT JOIN draws ON (few.name, few.period, few.unit, coalesce(few.rank, 0)) = (draws.name, draws.period, draws.unit, coalesce(draws.rank, 0));
SELECT pg_temp.intervals(panel, methodology) = (SELECT string_agg(i::text, E'\n' ORDER BY period, unit) FROM ci.rank_intervals(panel, methodology, '{"weights": {"share": 0.5}, "omit": ["x1", "b"]}', 40, 2) i) AS same
FROM league, judged WHERE name = 'ties min';

-- Of two that are always ranked, one is ahead or they are tied; who is better in everything is never behind.
SELECT count(*) AS pairs, count(*) FILTER (WHERE abs(p.ahead + q.ahead + p.tied - 1) > 1e-12 OR p.tied <> q.tied) AS wrong
FROM league, judged j, LATERAL ci.pairwise(panel, methodology, draws => 30) p, LATERAL ci.pairwise(panel, methodology, draws => 30) q
WHERE j.name = 'ties dense' AND (p.period, p.unit, p.other) = (q.period, q.other, q.unit)
	AND (SELECT count(*) FROM ci.rank(panel, methodology) r WHERE r.period = p.period AND unit IN (p.unit, p.other) AND status = 'ranked') = 2;
WITH pair AS (
	SELECT w.* FROM tai_panel, tai_method m, ci.pairwise(panel, methodology, '{"weights": "simplex", "choices": [[{}, {"components": [{"code": "tai", "aggregate": {"method": "power", "p": 0.5}}]}]]}', 500) w WHERE m.name = 'equal'),
score AS (
	SELECT unit, array_agg(score ORDER BY component) AS scores FROM tai_panel, tai_method m, ci.scores(panel, methodology) s
	WHERE m.name = 'equal' AND component IN (SELECT code FROM ci.components(methodology) WHERE indicator IS NOT NULL) GROUP BY unit)
SELECT count(*) > 20 AS dominant, min(ahead + tied) AS least FROM pair JOIN score a USING (unit) JOIN score b ON b.unit = other WHERE ci.dominates(a.scores, b.scores);

-- Without a panel, a methodology or another argument there are no rows.
SELECT count(*) FROM league, judged, ci.rank_intervals(NULL, methodology);
SELECT count(*) FROM league, judged, ci.rank_acceptability(panel, NULL);
SELECT count(*) FROM league, judged, ci.pairwise(panel, methodology, NULL);
SELECT count(*) FROM league, judged, ci.rank_intervals(panel, methodology, level => NULL);
SELECT count(*) FROM ci.rank_intervals(ci.subset((SELECT panel FROM league), units => '{}'), pg_temp.judged());

-- What a draw chose is said when it fails, and what is wrong with a choice before any.
SELECT count(*) FROM pg_temp.two(0.4) t, ci.rank_intervals(panel, methodology, '{"choices": [[{}, {"components": [{"code": "i", "aggregate": "geometric"}]}], [{}, {"version": "2"}]]}');
SELECT count(*) FROM pg_temp.two(0.4) t, ci.rank_intervals(panel, methodology, '{"omit": ["z"], "choices": [[{"components": [{"code": "z", "parent": "i"}]}, {}]]}');
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
SELECT pg_temp.context_of($$ SELECT count(*) FROM pg_temp.two(0.4) t, ci.rank_intervals(panel,
	ci.amend(methodology, '{"components": [{"code": "i", "aggregate": "geometric", "normalise": {"method": "goalposts", "lower": 0, "upper": 1, "to": [1, 2]}}]}'),
	'{"choices": [[{"version": "2"}]]}', errors => (SELECT ci.panel_agg('a', 0, 'x', 10))) $$);

-- The same bits in workers.
CREATE TABLE simulated WITH (parallel_workers = 2) AS SELECT name, panel, methodology FROM league, judged;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;
CREATE TEMP TABLE in_workers AS SELECT name, i.* FROM simulated, ci.rank_intervals(panel, methodology, '{"weights": {"method": "dirichlet", "concentration": 20}, "omit": true}', 30) i;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) AS rows, count(*) FILTER (WHERE w IS DISTINCT FROM a) AS wrong
FROM in_workers w FULL JOIN (SELECT name, i.* FROM simulated, ci.rank_intervals(panel, methodology, '{"weights": {"method": "dirichlet", "concentration": 20}, "omit": true}', 30) i) a USING (name, period, unit);
DROP TABLE simulated, tai, tai_panel, tai_method;
