-- Why ranks and scores change: ci.rank_change, ci.score_change.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;
\pset null ~

-- By the definition, in SQL.  E enters and F leaves; goalposts, weights, the kind of mean and a dimension w change.
CREATE TEMP TABLE cell AS
SELECT * FROM (VALUES (1, 'A', 10, 7, 30, NULL::float8), (1, 'B', 42, 3, 22, NULL), (1, 'C', 25, 9, 41, NULL), (1, 'D', 38, 5, 35, NULL), (1, 'F', 30, 6, 25, NULL),
	(2, 'A', 22, 7, 28, 4), (2, 'B', 40, 4, 30, 9), (2, 'C', 26, 12, 33, 5), (2, 'D', 44, 5, 35, 2), (2, 'E', 48, 8, 20, 7)) AS c (period, unit, x, y, z, w);
CREATE TEMP TABLE change AS
SELECT ci.panel_agg(unit, period, '{x,y,z,w}', ARRAY[x, y, z, w]) AS panel,
	ARRAY['{"components": [{"code": "i", "normalise": {"to": [1, 100]}},
		{"code": "x", "parent": "i", "weight": 2, "normalise": {"method": "goalposts", "lower": 0, "upper": 50, "to": [1, 100]}},
		{"code": "y", "parent": "i"}, {"code": "z", "parent": "i", "direction": -1}]}',
	'{"on_nonpositive": 1, "components": [{"code": "i", "aggregate": {"method": "power", "p": -2}, "normalise": {"to": [1, 100]}},
		{"code": "x", "parent": "i", "normalise": {"method": "goalposts", "lower": 0, "upper": 60, "to": [1, 100]}},
		{"code": "y", "parent": "i", "weight": 3}, {"code": "z", "parent": "i", "direction": -1}, {"code": "w", "parent": "i"}]}']::ci.methodology[] AS methodology
FROM cell;
-- each hybrid's methodology: x's goalpost, the weights that x, y and z have within the tree (4 of 4, or 5 of 6), parameters from the
-- period of one edition, but w's from that after, since only that has it
CREATE TEMP TABLE hybrid AS
SELECT parameters, goalposts, weights, structure,
	ci.amend(ci.fit(panel, ci.amend(methodology[structure + 1], jsonb_build_object('components', jsonb_build_array(
			jsonb_build_object('code', 'x', 'weight', total * share[1], 'normalise', jsonb_build_object('method', 'goalposts', 'lower', 0, 'upper', 50 + 10 * goalposts, 'to', '[1, 100]'::jsonb)),
			jsonb_build_object('code', 'y', 'weight', total * share[2]), jsonb_build_object('code', 'z', 'weight', total * share[3])))), parameters + 1),
		CASE structure WHEN 1 THEN '{"components": [{"code": "w", "normalise": {"method": "goalposts", "lower": 2, "upper": 9, "to": [1, 100]}}]}' ELSE '{}' END::jsonb) AS methodology
FROM change, generate_series(0, 1) AS parameters, generate_series(0, 1) AS goalposts, generate_series(0, 1) AS weights, generate_series(0, 1) AS structure,
	LATERAL (SELECT 4 + structure AS total, CASE weights WHEN 0 THEN '{0.5,0.25,0.25}' ELSE '{0.2,0.6,0.2}' END::float8[] AS share) AS s;
-- each unit's score in it, from its cells before or after; w's are those after, E's and F's those they have
CREATE TEMP TABLE hybrid_score AS
SELECT h.parameters, h.goalposts, h.weights, h.structure, data, u.unit, ci.score('{x,y,z,w}', ARRAY[c.x, c.y, c.z, coalesce(a.w, c.w)], h.methodology) AS score
FROM hybrid AS h, generate_series(0, 1) AS data, (SELECT unit, min(period) AS first, max(period) AS last FROM cell GROUP BY unit) AS u
	JOIN LATERAL (SELECT * FROM cell WHERE unit = u.unit AND period = least(greatest(data + 1, first), last)) AS c ON true
	LEFT JOIN cell AS a ON a.unit = u.unit AND a.period = 2;
-- each rank in each of the 2^7 coalitions
CREATE TEMP TABLE coalition AS
SELECT s, length(replace(s::bit(7)::text, '0', '')) AS size, o.unit, o.score AS own_score,
	1 + (SELECT count(*) FROM hybrid_score AS h WHERE h.unit <> o.unit AND h.data = s >> 1 & 1
		AND (h.parameters, h.goalposts, h.weights, h.structure) = (o.parameters, o.goalposts, o.weights, o.structure)
		AND h.unit <> CASE s >> 6 WHEN 0 THEN 'E' ELSE 'F' END AND round(h.score::numeric, 9) > round(o.score::numeric, 9)) AS rank
FROM generate_series(0, 127) AS s JOIN hybrid_score AS o
	ON (o.data, o.parameters, o.goalposts, o.weights, o.structure) = (s & 1, s >> 2 & 1, s >> 3 & 1, s >> 4 & 1, s >> 5 & 1)
WHERE o.unit NOT IN ('E', 'F');
-- effects: over all orders, and along the order of the causes
CREATE TEMP TABLE cause AS SELECT cause, k::int - 1 AS k FROM unnest('{own_data,other_data,parameters,goalposts,weights,structure,units}'::text[]) WITH ORDINALITY AS c (cause, k);
CREATE TEMP TABLE expected AS
SELECT w.unit, cause, k, sum((w.rank - j.rank) * factorial(w.size) * factorial(6 - w.size) / factorial(7)) AS rank_effect,
	sum(w.rank - j.rank) FILTER (WHERE w.s = (1 << k) - 1) AS sequential,
	sum((j.own_score - w.own_score) * (factorial(w.size) * factorial(6 - w.size) / factorial(7))::float8) AS score_effect
FROM cause JOIN coalition AS w ON w.s >> k & 1 = 0 JOIN coalition AS j ON j.unit = w.unit AND j.s = w.s + (1 << k)
GROUP BY w.unit, cause, k;
CREATE TEMP TABLE rank_change AS
SELECT r.* FROM change, ci.rank_change(panel, methodology[1], 1, panel, methodology[2], 2) AS r;
SELECT unit, rank_before AS before, rank_after AS after, cause, round(r.rank_effect::numeric, 4) AS effect, round(e.rank_effect, 4) AS expected, rank_effect_sequential AS step, sequential AS expected,
	round(r.score_effect::numeric, 4) AS score, round(e.score_effect::numeric, 4) AS expected
FROM rank_change AS r JOIN expected AS e USING (unit, cause) ORDER BY rank_after, k;
SELECT count(*), max(abs(r.rank_effect - e.rank_effect)) < 1e-12 AS same, bool_and(rank_effect_sequential = sequential) AS same_steps, max(abs(r.score_effect - e.score_effect)) < 1e-9 AS same_score
FROM rank_change AS r JOIN expected AS e USING (unit, cause);
SELECT unit, rank_before, rank_after, round(score_before::numeric, 2) AS score_before, round(score_after::numeric, 2) AS score_after, count(*), count(rank_effect) + count(rank_effect_sequential) + count(score_effect) AS effects
FROM rank_change WHERE unit IN ('E', 'F') GROUP BY 1, 2, 3, 4, 5 ORDER BY 1;

-- Every pair of editions out of two random panels of three periods and 20 methodologies: units come and go, a third of the cells of some indicators are
-- missing; stages are estimated, given, pooled, by groups, of peers, prepare, are there or not; trees, means, weights, directions, screens, ties and policies differ.
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
CREATE TEMP TABLE random_panel AS
SELECT k, ci.panel_agg('u' || u, p, '{a,b,c,d,e,f,g,flag}', ARRAY[1 + round(20 * pg_temp.noise(n, 1)), CASE WHEN pg_temp.noise(n, 2) > 0.3 THEN 5 * pg_temp.noise(n, 3) + 1 END, exp(3 * pg_temp.noise(n, 4)),
	CASE WHEN p <> 2 AND pg_temp.noise(n, 5) > 0.3 THEN round(4 * pg_temp.noise(n, 6)) + 1 END, 10 * pg_temp.noise(n, 7) - 2, CASE WHEN p > 1 THEN pg_temp.noise(n, 8) END,
	floor(2 * pg_temp.noise(u, 9)), CASE WHEN pg_temp.noise(n, 10) > 0.1 THEN floor(2 * pg_temp.noise(n, 11)) END]) AS panel
FROM generate_series(1, 2) AS k, generate_series(1, 3) AS p, generate_series(1, 9) AS u, LATERAL (SELECT (k * 10 + p) * 100 + u) AS c (n)
WHERE pg_temp.noise(n, 12) > 0.2 GROUP BY k;
CREATE TEMP TABLE random_methodology (m int GENERATED ALWAYS AS IDENTITY, methodology ci.methodology);
INSERT INTO random_methodology (methodology) VALUES
	('{"components": [{"code": "i"}, {"code": "a", "parent": "i"}, {"code": "b", "parent": "i"}, {"code": "c", "parent": "i", "direction": -1}]}'),
	('{"rank": {"ties": "dense", "decimals": 0}, "components": [{"code": "i"}, {"code": "a", "parent": "i", "weight": 3}, {"code": "b", "parent": "i"}, {"code": "c", "parent": "i", "weight": 0, "direction": -1}, {"code": "d", "parent": "i"}]}'),
	('{"on_constant": "midpoint", "components": [{"code": "i", "normalise": "zscore"}, {"code": "j", "parent": "i", "weight": 2, "direction": -1}, {"code": "a", "parent": "j"}, {"code": "b", "parent": "j"}, {"code": "c", "parent": "i"}]}'),
	('{"on_nonpositive": "missing", "components": [{"code": "i", "aggregate": "geometric", "normalise": {"method": "goalposts", "lower": 0, "upper": 21, "to": [1, 100]}}, {"code": "a", "parent": "i"}, {"code": "b", "parent": "i", "weight": 2}, {"code": "c", "parent": "i"}]}'),
	('{"on_nonpositive": 1, "components": [{"code": "i", "aggregate": "geometric", "normalise": {"lower": "p10", "upper": "p90"}}, {"code": "j", "parent": "i", "aggregate": "arithmetic"}, {"code": "a", "parent": "j"}, {"code": "c", "parent": "j"},
		{"code": "b", "parent": "i"}, {"code": "e", "parent": "i"}]}'),
	('{"on_nonpositive": "zero", "components": [{"code": "i", "aggregate": {"method": "power", "p": 0.5}, "normalise": {"clamp": true, "scope": "panel"}}, {"code": "a", "parent": "i"}, {"code": "c", "parent": "i"}, {"code": "d", "parent": "i"}, {"code": "e", "parent": "i"}]}'),
	('{"rank": {"ties": "max"}, "components": [{"code": "i", "aggregate": "min", "normalise": "percentile_rank"}, {"code": "j", "parent": "i", "aggregate": "max"}, {"code": "a", "parent": "j"}, {"code": "d", "parent": "j"}, {"code": "c", "parent": "i"}]}'),
	('{"on_constant": "missing", "components": [{"code": "i", "direction": -1, "normalise": {"scope": {"by": "g"}}}, {"code": "a", "parent": "i"}, {"code": "c", "parent": "i"}, {"code": "e", "parent": "i"}]}'),
	('{"components": [{"code": "i", "rescale": "minmax"}, {"code": "j", "parent": "i", "rescale": {"method": "minmax", "scope": "panel"}}, {"code": "k", "parent": "i", "rescale": {"method": "minmax", "transform": {"method": "log", "offset": 50}}}, {"code": "a", "parent": "j"},
		{"code": "b", "parent": "j"}, {"code": "c", "parent": "k", "normalise": "rank"}, {"code": "e", "parent": "k", "normalise": "rank"}]}'),
	('{"screen": {"min_coverage": 0.7, "exclude": ["u3"]}, "components": [{"code": "i"}, {"code": "a", "parent": "i"}, {"code": "b", "parent": "i"}, {"code": "d", "parent": "i"}, {"code": "e", "parent": "i"}]}'),
	('{"components": [{"code": "i", "min_coverage": 0.75, "aggregate": "median"}, {"code": "b", "parent": "i"}, {"code": "c", "parent": "i"}, {"code": "d", "parent": "i"}, {"code": "a", "parent": "i", "normalise": {"lower": "min", "upper": 15, "clamp": true}}]}'),
	('{"components": [{"code": "other"}, {"code": "k", "parent": "other", "aggregate": "harmonic", "normalise": {"method": "normal_cdf", "to": [1, 10]}}, {"code": "a", "parent": "k"}, {"code": "b", "parent": "k"}, {"code": "c", "parent": "other", "normalise": {"method": "minmax", "to": [1, 10]}}]}'),
	('{"components": [{"code": "a", "normalise": "none"}]}'),
	('{"components": [{"code": "i", "aggregate": "copeland"}, {"code": "a", "parent": "i"}, {"code": "b", "parent": "i", "direction": -1}, {"code": "c", "parent": "i", "weight": 2}]}'),
	('{"components": [{"code": "i", "normalise": {"to": [0, 1]}}, {"code": "j", "parent": "i", "aggregate": "topsis", "normalise": "none"}, {"code": "a", "parent": "j"}, {"code": "b", "parent": "j"}, {"code": "c", "parent": "i"}]}'),
	('{"components": [{"code": "i", "rescale": "none"}, {"code": "j", "parent": "i", "rescale": {"method": "rank", "scope": "panel"}}, {"code": "a", "parent": "j"}, {"code": "b", "parent": "j"}, {"code": "k", "parent": "i", "rescale": {"method": "rank", "scope": "panel"}}, {"code": "g", "parent": "k"}, {"code": "flag", "parent": "k"}]}'),
	('{"components": [{"code": "i", "aggregate": {"method": "power", "p": 2}, "normalise": {"clamp": true}}, {"code": "a", "parent": "i"}, {"code": "j", "parent": "i", "min_coverage": 1}, {"code": "b", "parent": "j"}, {"code": "d", "parent": "j"},
		{"code": "k", "parent": "i", "min_count": 2}, {"code": "e", "parent": "k"}, {"code": "f", "parent": "k", "indicator": "d"}]}'),
	('{"components": [{"code": "i", "impute": "mean", "treat": {"method": "winsorise", "skewness": 0.5, "kurtosis": 0}}, {"code": "a", "parent": "i", "denominator": "c"}, {"code": "b", "parent": "i"}, {"code": "e", "parent": "i", "impute": {"method": "constant", "value": 3}}]}'),
	('{"components": [{"code": "i", "impute": "linear", "treat": {"method": "trim", "lower": 0.1, "upper": 0.8}, "normalise": {"scope": "panel"}}, {"code": "a", "parent": "i", "denominator": {"indicator": "c", "scale": 10}}, {"code": "b", "parent": "i", "impute": {"method": "median", "scope": "panel"}},
		{"code": "d", "parent": "i", "impute": "previous"}]}'),
	('{"components": [{"code": "i", "min_count": 2, "aggregate": {"method": "arithmetic", "scale": [1, 100]}}, {"code": "a", "parent": "i"}, {"code": "c", "parent": "i", "units": "flag"}, {"code": "x", "parent": "i", "indicator": "e"}]}');
UPDATE random_methodology SET methodology = ci.amend(methodology, '{"on_constant": "missing"}') WHERE NOT methodology::jsonb ? 'on_constant';
UPDATE random_methodology SET methodology = ci.amend(methodology, '{"on_nonpositive": "missing"}') WHERE NOT methodology::jsonb ? 'on_nonpositive';
CREATE TEMP TABLE pair AS
SELECT k, p.panel, m0.m AS m0, m0.methodology AS before, m1.m AS m1, m1.methodology AS after, p0, p1
FROM random_panel AS p, random_methodology AS m0, random_methodology AS m1, (VALUES (1, 3), (3, 2), (2, 2)) AS v (p0, p1);
CREATE TEMP TABLE forwards AS SELECT k, m0, m1, p0, p1, r.* FROM pair, ci.rank_change(panel, before, p0, panel, after, p1) AS r;
CREATE TEMP TABLE backwards AS SELECT k, m0, m1, p0, p1, r.* FROM pair, ci.rank_change(panel, after, p1, panel, before, p0) AS r;
-- the effects add up to the change, in places (up is positive) and in score; there is an effect where there are two ranks, or two scores
SELECT count(*) AS units, count(rank) AS ranked, count(score) AS scored, count(*) FILTER (WHERE rank <> steps OR abs(rank - effects) > 1e-9) AS other_ranks, count(*) FILTER (WHERE abs(score - score_effects) > 1e-9) AS other_scores,
	count(*) FILTER (WHERE n <> 6 + (causes[2] = 'other_data')::int OR n_rank <> CASE WHEN rank IS NULL THEN 0 ELSE 2 * n END OR n_score <> CASE WHEN score IS NULL THEN 0 ELSE n END) AS incomplete
FROM (SELECT rank_before - rank_after AS rank, score_after - score_before AS score, count(*) AS n, count(rank_effect) + count(rank_effect_sequential) AS n_rank, count(score_effect) AS n_score,
		sum(rank_effect_sequential) AS steps, sum(rank_effect) AS effects, sum(score_effect) AS score_effects, array_agg(cause ORDER BY cause) AS causes
	FROM forwards GROUP BY k, m0, m1, p0, p1, unit, rank_before, rank_after, score_before, score_after) AS u;
-- every cause occurs; whatever does not differ has no effect (the data of peers do, if others pass the screen: that of methodology 10)
SELECT cause, count(*) FILTER (WHERE rank_effect <> 0) > 100 AS in_ranks, count(*) FILTER (WHERE score_effect <> 0) > 100 AS in_scores FROM forwards GROUP BY cause ORDER BY cause COLLATE "C";
SELECT count(*), count(*) FILTER (WHERE rank_effect <> 0 OR rank_effect_sequential <> 0 OR score_effect <> 0) AS effects FROM forwards
WHERE (m0 = m1 AND cause IN ('goalposts', 'weights', 'structure')) OR (p0 = p1 AND cause IN ('data', 'own_data', 'other_data') AND (cause <> 'data' OR 10 NOT IN (m0, m1))) OR (m0 = m1 AND p0 = p1);
-- ranks and scores are those of ci.rank; read backwards, effects change their sign
SELECT count(*), count(*) FILTER (WHERE (f.rank_before, f.score_before) IS DISTINCT FROM (b.rank, b.score) OR (f.rank_after, f.score_after) IS DISTINCT FROM (a.rank, a.score)) AS other
FROM forwards AS f LEFT JOIN (SELECT k, m, r.* FROM random_panel, random_methodology, ci.rank(panel, methodology) AS r) AS b ON (b.k, b.m, b.period, b.unit) = (f.k, f.m0, f.p0, f.unit)
	LEFT JOIN (SELECT k, m, r.* FROM random_panel, random_methodology, ci.rank(panel, methodology) AS r) AS a ON (a.k, a.m, a.period, a.unit) = (f.k, f.m1, f.p1, f.unit);
SELECT count(*), count(*) FILTER (WHERE (f.rank_before, f.rank_after) IS DISTINCT FROM (b.rank_after, b.rank_before) OR f.rank_effect <> -b.rank_effect) AS other_ranks,
	count(*) FILTER (WHERE abs(f.score_effect + b.score_effect) > 1e-9) AS other_scores
FROM forwards AS f FULL JOIN backwards AS b USING (k, m0, m1, p0, p1, unit, cause);

-- ci.score_change on the same pairs: effects add up to the change of every unit that is in both; read backwards they change their sign.
CREATE TEMP TABLE split AS SELECT k, m0, m1, p0, p1, s.* FROM pair, ci.score_change(panel, before, p0, panel, after, p1) AS s;
CREATE TEMP TABLE split_backwards AS SELECT k, m0, m1, p0, p1, s.* FROM pair, ci.score_change(panel, after, p1, panel, before, p0) AS s;
SELECT count(*) AS units, count(score) AS scored, count(*) FILTER (WHERE abs(score - effects) > 1e-9) AS other_sums, count(*) FILTER (WHERE n_effects <> CASE WHEN score IS NULL THEN 0 ELSE n END) AS incomplete
FROM (SELECT DISTINCT k, m0, m1, p0, p1, unit, score_after - score_before AS score FROM forwards) AS c RIGHT JOIN (SELECT k, m0, m1, p0, p1, unit, count(*) AS n, count(effect) AS n_effects, sum(effect) AS effects FROM split GROUP BY k, m0, m1, p0, p1, unit) AS s USING (k, m0, m1, p0, p1, unit);
SELECT count(*) AS rows, count(*) FILTER (WHERE abs(f.effect + b.effect) > 1e-9) AS other FROM split AS f JOIN split_backwards AS b USING (k, m0, m1, p0, p1, unit, component);

-- What it says, by the definition.  An arithmetic tree, in which weights and a dimension change: the difference of what ci.explain calls contributions.
SELECT count(*), max(abs(effect - (coalesce(a.contribution, 0) - coalesce(b.contribution, 0)))) < 1e-12 AS same
FROM change, ci.score_change(panel, methodology[1], 1, panel, ci.amend(methodology[2], '{"components": [{"code": "i", "aggregate": "arithmetic"}]}'), 2) AS s
	LEFT JOIN ci.explain(panel, methodology[1], NULL, 1) AS b USING (unit, component)
	LEFT JOIN ci.explain(panel, ci.amend(methodology[2], '{"components": [{"code": "i", "aggregate": "arithmetic"}]}'), NULL, 2) AS a USING (unit, component);
-- A geometric tree: weight × log of the score, after less before, times the logarithmic mean of the root's scores.
\set geometric '{"on_nonpositive": "error", "components": [{"code": "i", "aggregate": "geometric", "normalise": {"method": "goalposts", "lower": 0, "upper": 60, "to": [1, 100]}}, {"code": "y", "normalise": {"upper": 20}}]}'
CREATE TEMP TABLE geometric AS
SELECT panel, ci.amend(methodology[1], :'geometric') AS before, ci.amend(ci.amend(methodology[2], :'geometric'), '{"components": [{"code": "w", "normalise": {"upper": 10}}]}') AS after
FROM change;
CREATE TEMP TABLE logarithm AS
SELECT edition, unit, component, effective_weight * ln(score) AS log, (SELECT score FROM ci.explain(panel, m, e.unit, edition) WHERE parent IS NULL) AS score
FROM geometric, LATERAL (VALUES (1, before), (2, after)) AS v (edition, m), ci.explain(panel, m, NULL, edition) AS e WHERE parent IS NOT NULL;
SELECT s.unit, s.component, round(effect::numeric, 4) AS effect, round((((a.score - o.score) / ln(a.score / o.score)) * (coalesce(a.log, 0) - coalesce(b.log, 0)))::numeric, 4) AS expected
FROM geometric, ci.score_change(panel, before, 1, panel, after, 2) AS s LEFT JOIN logarithm AS b ON (b.unit, b.component, b.edition) = (s.unit, s.component, 1)
	LEFT JOIN logarithm AS a ON (a.unit, a.component, a.edition) = (s.unit, s.component, 2) JOIN logarithm AS o ON (o.unit, o.component, o.edition) = (s.unit, 'x', 1)
ORDER BY s.unit, s.component;

-- Other trees: the mean over all orders in which siblings stay together.  The Human Development Index of China and Brazil as published, 2019 and 2022.
CREATE TEMP TABLE hdi AS
SELECT ci.panel_agg(country, year, '{le,eys,mys,gnipc}', ARRAY[le, eys, mys, gnipc]) AS panel,
	'{"components": [{"code": "hdi", "aggregate": "geometric", "min_coverage": 1, "normalise": {"method": "goalposts", "clamp": true, "to": [0, 1]}},
		{"code": "health", "parent": "hdi", "indicator": "le", "normalise": {"lower": 20, "upper": 85}}, {"code": "education", "parent": "hdi"},
		{"code": "eys", "parent": "education", "normalise": {"lower": 0, "upper": 18}}, {"code": "mys", "parent": "education", "normalise": {"lower": 0, "upper": 15}},
		{"code": "income", "parent": "hdi", "indicator": "gnipc", "normalise": {"lower": 100, "upper": 75000, "transform": "log"}}]}'::ci.methodology AS methodology
FROM (VALUES ('BRA', 2019, 75.338, 15.44937038, 8.128813955, 14290.61164), ('CHN', 2019, 77.968, 14.96151725, 7.960391283, 15933.62146),
	('CHN', 2022, 78.587, 15.21793605, 8.106910446, 18024.88747)) AS c (country, year, le, eys, mys, gnipc);
CREATE TEMP TABLE ordering AS
SELECT a || b || c || d AS o FROM unnest('{1,2,3,4}'::text[]) AS a, unnest('{1,2,3,4}'::text[]) AS b, unnest('{1,2,3,4}'::text[]) AS c, unnest('{1,2,3,4}'::text[]) AS d
WHERE (SELECT count(DISTINCT x) FROM unnest(ARRAY[a, b, c, d]) AS x) = 4 AND abs(position('2' IN a || b || c || d) - position('3' IN a || b || c || d)) = 1;
-- 1 le, 2 eys, 3 mys, 4 gnipc; a set of those that have their value after, as bits
CREATE TEMP TABLE mixture AS
SELECT gap, s, ci.score('{le,eys,mys,gnipc}', ARRAY(SELECT CASE WHEN s >> j::int - 1 & 1 = 1 THEN a.value ELSE b.value END
	FROM unnest('{le,eys,mys,gnipc}'::text[]) WITH ORDINALITY AS i (indicator, j) JOIN ci.observations(panel) AS b ON (b.unit, b.period, b.indicator) = (CASE gap WHEN 'years' THEN 'CHN' ELSE 'BRA' END, 2019, i.indicator)
		JOIN ci.observations(panel) AS a ON (a.unit, a.period, a.indicator) = ('CHN', CASE gap WHEN 'years' THEN 2022 ELSE 2019 END, i.indicator) ORDER BY j), methodology) AS score
FROM hdi, unnest('{years,countries}'::text[]) AS gap, generate_series(0, 15) AS s;
WITH expected AS (
	SELECT gap, ('{health,eys,mys,income}'::text[])[j] AS component, avg(w.score - b.score) AS effect
	FROM ordering, generate_series(1, 4) AS j, LATERAL (SELECT coalesce(sum(1 << l::int - 1), 0)::int AS s FROM string_to_table(split_part(o, j::text, 1), NULL) AS l) AS before,
		mixture AS b JOIN mixture AS w USING (gap) WHERE b.s = before.s AND w.s = before.s + (1 << j - 1) GROUP BY gap, j)
SELECT gap, component, round(s.effect::numeric, 6) AS effect, round(e.effect::numeric, 6) AS expected, round((sum(s.effect) OVER (PARTITION BY gap))::numeric, 6) AS of_all
FROM (SELECT 'years' AS gap, s.* FROM hdi, ci.score_change(panel, methodology, 2019, panel, methodology, 2022, 'CHN') AS s
	UNION ALL SELECT 'countries', s.* FROM hdi, ci.score_change(panel, methodology, 2019, panel, methodology, 2019, 'BRA', 'CHN') AS s) AS s JOIN expected AS e USING (gap, component) ORDER BY gap, component;
-- published: .775 to .788, and Brazil's .764
SELECT unit, period, round(score::numeric, 3) AS hdi FROM hdi, ci.rank(panel, methodology) ORDER BY 1, 2;

-- What depends on other units is not split further: all of a Copeland score; TOPSIS beside an indicator.
SELECT s.unit, component, round(effect::numeric, 4) AS effect
FROM random_panel, random_methodology, ci.score_change(panel, methodology, 1, panel, methodology, 2, 'u1') AS s WHERE k = 2 AND m IN (14, 15) ORDER BY m, component COLLATE "C";

-- Editions with nothing to compare: no panel, no unit in common.  NULL gives no rows.
SELECT count(*) FROM change, ci.rank_change(ci.subset(panel, '{1}', '{}'), methodology[1], 1, panel, methodology[2], 2);
SELECT unit, rank_before, rank_after, count(*), count(rank_effect) AS effects FROM change, ci.rank_change(ci.subset(panel, NULL, '{A,F}'), methodology[1], 1, ci.subset(panel, NULL, '{C,D}'), methodology[1], 2) GROUP BY 1, 2, 3 ORDER BY 1;
SELECT count(*) FROM change, ci.rank_change(NULL, methodology[1], 1, panel, methodology[2], 2);
SELECT count(*) FROM change, ci.score_change(panel, methodology[1], NULL, panel, methodology[2], 2);
SELECT ci.rank_change(panel, methodology[1], 3, panel, methodology[2], 2) FROM change; \echo :SQLSTATE
SELECT ci.rank_change(panel, methodology[1], 1, ci.subset(panel, NULL, NULL, '{x}'), methodology[2], 2) FROM change; \echo :SQLSTATE
SELECT ci.score_change(panel, methodology[1], 1, panel, methodology[2], 2, 'E') FROM change; \echo :SQLSTATE
SELECT ci.score_change(panel, methodology[1], 1, panel, methodology[2], 2, 'A', 'Z') FROM change; \echo :SQLSTATE
SELECT ci.score_change(panel, methodology[1], 1, panel, methodology[2], 2, NULL, 'A') FROM change; \echo :SQLSTATE
