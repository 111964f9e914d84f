-- Weights from data: published tables, what does not change them, and the cases that other packages get wrong.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;

-- A panel of alternatives a1, a2, ... in the order of a published matrix, criteria c1, c2, ...
CREATE FUNCTION pg_temp.matrix(cells text) RETURNS ci.panel LANGUAGE sql AS $$
	SELECT ci.panel_agg('a' || lpad(i::text, 2, '0'), 0, ARRAY(SELECT 'c' || j FROM generate_series(1, cardinality(r)) AS j), r)
	FROM unnest(string_to_array(cells, ';')) WITH ORDINALITY AS l (line, i), CAST(regexp_split_to_array(trim(line, E' \n\t'), ' +') AS float8[]) AS r $$;
-- A methodology with one level; criteria of which less is better are named.
CREATE FUNCTION pg_temp.flat(panel ci.panel, normalise jsonb DEFAULT '"minmax"', less text[] DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql AS $$
	SELECT jsonb_build_object('components', '[{"code": "index"}]'::jsonb || jsonb_agg(jsonb_build_object('code', i, 'parent', 'index',
		'normalise', normalise, 'direction', CASE WHEN i = ANY (less) THEN -1 ELSE 1 END)))::ci.methodology
	FROM unnest(ci.indicators(panel)) AS i $$;
CREATE FUNCTION pg_temp.weights(methodology ci.methodology, digits int DEFAULT 4) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(round(weight::numeric, digits)::text, ' ' ORDER BY position) FROM ci.components(methodology) WHERE parent IS NOT NULL $$;

CREATE TEMP TABLE published (method text, source text, panel ci.panel, methodology ci.methodology, weights text, digits int);
INSERT INTO published
SELECT method, source, panel, pg_temp.flat(panel, normalise::jsonb, less::text[]), weights, digits
FROM (VALUES
	('critic', 'Diakoulaki, Mavrotas, Papayannakis 1995, eight firms', '"minmax"', '{}', '0.20 0.48 0.32', 2,
	 '61 1.08 4.33; 20.7 .26 4.34; 16.3 1.98 2.53; 9 3.29 1.65; 5.4 2.77 2.33; 4 4.12 1.21; -6.1 3.52 2.10; -34.6 3.31 .98'),
	('merec', 'Keshavarz-Ghorabaee et al. 2021, illustrative example', '"minmax"', '{c3,c4}', '0.5752 0.0141 0.4016 0.0091', 4,
	 '450 8000 54 145; 10 9100 2 160; 100 8200 31 153; 220 9300 1 162; 5 8400 23 158'),
	('entropy', 'Elsayed, Dawood, Karthikeyan 2017', '"minmax"', '{}', '0.104991 0.069124 0.071373 0.449937 0.304575', 6,
	 '7 312 1891 6613 163; 72 88 728 941804 1078; 10 252 2594 3466 117471; 10 145 980 2371 86329; 65 54 350 501 29897; 29 48 380 912 34051;
	  7 476 3300 78470 2212; 70 87 650 733 819000; 4 86 591 3015 103; 12 79 579 3240 96098; 21 45 261 1253 453; 1 72 530 4333 0.1048'),
	('standard_deviation', 'Jahan, Edwards 2013', '{"method": "goalposts", "lower": 0, "upper": 1}', '{}', '0.35 0.31 0.34', 2,
	 '0 0 0; .39 .3 .77; .17 .36 .8; .35 .29 .93; .3 .4 .94; .84 .71 1; 1 1 .99'),
	('gini', 'Aggarwal, Aggarwal, Bansal 2024, women vulnerability', '"none"', '{}', '0.1055 0.1122 0.1131 0.1076 0.1140 0.1169 0.1062 0.1136 0.1104', 4,
	 '28 38 34 265 39 10 25 226 541; 3 1 3 13 3 0 0 3 7; 12 17 106 153 28 8 12 77 223; 200 207 2373 1482 448 91 284 2347 3325;
	  24 20 306 272 73 11 30 279 497; 3 3 10 40 6 0 3 15 127; 26 39 276 356 67 13 19 261 488; 119 209 2800 2447 828 203 189 4164 4862;
	  14 18 135 166 18 6 14 145 307; 12 19 105 119 10 4 9 126 296; 62 57 773 556 148 44 73 769 1147; 42 93 474 603 59 11 33 372 1361;
	  10 25 112 203 16 1 10 132 458; 155 255 2256 1935 447 105 243 2273 3183; 133 153 1141 1561 235 28 108 1301 3329; 2 0 5 6 4 1 0 10 11;
	  1 2 4 16 5 0 0 6 25; 0 1 2 5 1 0 0 4 3; 0 0 0 5 7 0 0 2 2; 17 31 279 268 44 17 28 260 449; 37 68 827 688 116 23 32 780 1314;
	  235 319 2927 2466 1168 212 306 4220 3762; 0 2 3 10 1 0 0 3 8; 68 56 453 696 75 19 51 815 1498; 30 40 304 298 59 6 17 253 633;
	  2 0 13 19 2 0 1 12 30; 1425 3830 34370 21473 7234 2185 1484 38174 54931; 87 114 1121 875 176 65 105 958 1666;
	  47 69 459 656 100 27 51 587 1723; 2 2 3 28 0 0 0 5 16; 3 20 88 159 21 2 5 105 182; 1 3 2 9 3 0 1 9 19; 0 0 4 6 0 0 0 9 27; 0 0 1 2 0 0 0 1 4;
	  348 675 6164 5997 860 376 291 5902 12087; 2 3 24 48 5 2 3 35 54')) AS v (method, source, normalise, less, weights, digits, cells), pg_temp.matrix(cells) AS panel;

SELECT method, source, weights AS printed, pg_temp.weights(ci.weigh(panel, methodology, method), digits) AS computed FROM published ORDER BY method;

-- (The digits of gini's third criterion differ, for a misprint of the data or of the weight.)  Gini's coefficient is the mean difference of two units,
-- relative to twice the mean.
SELECT c.code, abs(c.weight - g.gini / sum(g.gini) OVER ()) < 1e-15 AS same
FROM published AS p, ci.components(ci.weigh(p.panel, p.methodology, 'gini')) AS c JOIN LATERAL (
	SELECT avg(abs(a.value - b.value)) / (2 * avg(a.value)) AS gini FROM ci.observations(p.panel) AS a JOIN ci.observations(p.panel) AS b USING (indicator)
	WHERE indicator = c.code) AS g ON true
WHERE p.method = 'gini' AND c.parent IS NOT NULL ORDER BY position;

-- Every method's weights sum to 1 at every node and are >= 0, whatever the data; whether units come in another order or under other names makes no
-- difference in a bit.  (pca has a test of its own.)
CREATE TEMP TABLE country AS
SELECT 'u' || u AS unit, period, 'i' || i AS indicator,
	CASE WHEN (u * 7 + i * 3 + period) % 11 > 0 THEN (u * 37 + i * i * 53 + u * i * 11 + period * 5) % 101 + i END AS value
FROM generate_series(1, 23) AS u, generate_series(1, 6) AS i, generate_series(2020, 2022) AS period;
CREATE TEMP TABLE nested AS
SELECT ci.panel_agg(unit, period, indicator, value) AS panel, '{ "components": [
	{ "code": "all", "normalise": { "to": [1, 100] } },
	{ "code": "a", "parent": "all" }, { "code": "i1", "parent": "a" }, { "code": "i2", "parent": "a", "direction": -1 }, { "code": "i3", "parent": "a" },
	{ "code": "b", "parent": "all", "direction": -1 }, { "code": "i4", "parent": "b" }, { "code": "i5", "parent": "b" },
	{ "code": "c", "parent": "all" }, { "code": "i6", "parent": "c" } ] }'::ci.methodology AS methodology
FROM country;
CREATE TEMP TABLE method (method) AS VALUES ('equal'), ('standard_deviation'), ('critic'), ('gini'), ('entropy'), ('merec');

SELECT method, parent, round(sum(weight)::numeric, 12) AS sum, min(weight) >= 0 AS positive, count(*)
FROM nested, method, ci.components(ci.weigh(panel, methodology, method))
WHERE parent IS NOT NULL GROUP BY method, parent ORDER BY method, parent;

SELECT method, bool_and(a.weight = b.weight AND a.weight = c.weight) AS same_bits
FROM nested, method,
	(SELECT ci.panel_agg(unit, period, indicator, value ORDER BY indicator, value, unit DESC) AS panel FROM country) AS reordered,
	(SELECT ci.panel_agg(md5(unit), period, indicator, value) AS panel FROM country) AS renamed,
	ci.components(ci.weigh(nested.panel, methodology, method)) AS a
	JOIN ci.components(ci.weigh(reordered.panel, methodology, method)) AS b USING (code)
	JOIN ci.components(ci.weigh(renamed.panel, methodology, method)) AS c USING (code)
GROUP BY method ORDER BY method;

-- Nodes are weighed from the leaves up, each by the scores that the new weights below it give: weighing again changes nothing, and is the same as
-- weighing node by node.
SELECT method, ci.digest(ci.weigh(panel, w, method)) = ci.digest(w) AS settled,
	ci.digest(ci.weigh(panel, ci.weigh(panel, ci.weigh(panel, ci.weigh(panel, methodology, method, 'b'), method, 'a'), method, 'c'), method, 'all')) = ci.digest(w) AS node_by_node
FROM nested, method, ci.weigh(panel, methodology, method) AS w ORDER BY method;
-- nothing else changes, and of one node only its children
SELECT method, ci.amend(w, '{"components": [{"code": "a", "weight": null}, {"code": "b", "weight": null}, {"code": "c", "weight": null}]}')::text = methodology::text AS same_text
FROM nested, method, ci.weigh(panel, methodology, method, 'all') AS w ORDER BY method;

-- Periods are pooled: of one period it is the weights of that part of the panel, of all of them those of units told apart.
SELECT method, w.periods,
	ci.digest(ci.weigh(panel, methodology, method, NULL, w.periods)) = ci.digest(ci.weigh(ci.subset(panel, w.periods), methodology, method)) AS part
FROM nested, method, (VALUES ('{2021}'::int[]), ('{2020,2022}'), ('{2022,2020,2022}')) AS w (periods) ORDER BY method, periods;
SELECT method, ci.digest(ci.weigh(nested.panel, fixed, method)) = ci.digest(ci.weigh(pooled.panel, fixed, method)) AS pooled
FROM nested, method, (SELECT ci.panel_agg(unit || period, 0, indicator, value) AS panel FROM country) AS pooled,
	ci.fit(nested.panel, ci.amend(methodology, '{"components": [{"code": "all", "normalise": {"to": [1, 100], "scope": "panel"}}]}')) AS fixed
ORDER BY method;

-- Units of measurement do not matter to critic, gini, entropy and merec; where one is a multiple of another by a power of 2, not in a bit
-- (but for merec, of which logarithms are rounded).
SELECT method, pg_temp.weights(ci.weigh(panel, methodology, method), 12) = pg_temp.weights(ci.weigh(thousands, methodology, method), 12) AS same,
	method = 'merec' OR ci.digest(ci.weigh(panel, methodology, method)) = ci.digest(ci.weigh(halves, methodology, method)) AS same_bits
FROM (VALUES ('critic'), ('gini'), ('entropy'), ('merec')) AS m (method),
	(SELECT ci.panel_agg(unit, indicator, value) AS panel, ci.panel_agg(unit, indicator, CASE indicator WHEN 'i1' THEN 1000 ELSE 1 END * value) AS thousands,
		ci.panel_agg(unit, indicator, CASE indicator WHEN 'i1' THEN 0.5 ELSE 1 END * value) AS halves
	 FROM country WHERE period = 2020) AS p, pg_temp.flat(panel, '"none"') AS methodology;
-- nor does a shift to critic and to standard deviations of min-max scores
SELECT method, pg_temp.weights(ci.weigh(panel, methodology, method), 12) = pg_temp.weights(ci.weigh(shifted, methodology, method), 12) AS same
FROM (VALUES ('critic'), ('standard_deviation')) AS m (method),
	(SELECT ci.panel_agg(unit, indicator, value) AS panel, ci.panel_agg(unit, indicator, value - 1000) AS shifted FROM country WHERE period = 2020) AS p,
	pg_temp.flat(panel) AS methodology;

-- critic knows directions: two criteria that go together are opposed where less of one is better.  (pymcdm ignores them.)
SELECT pg_temp.weights(ci.weigh(panel, pg_temp.flat(panel), 'critic')) AS more, pg_temp.weights(ci.weigh(panel, pg_temp.flat(panel, '"none"', '{c2}'), 'critic')) AS less
FROM pg_temp.matrix('1 2 9; 2 3 1; 3 5 4; 4 6 2') AS panel;

-- A criterion that does not vary has no weight, and the others have what they would have without it, but for merec, which divides by
-- their number.  (scikit-criteria's critic makes every weight NaN.)
SELECT method, pg_temp.weights(ci.weigh(with_constant, pg_temp.flat(with_constant, '{"method": "goalposts", "lower": 0, "upper": 10}'), method)) AS with_constant,
	pg_temp.weights(ci.weigh(without, pg_temp.flat(without, '{"method": "goalposts", "lower": 0, "upper": 10}'), method)) AS without
FROM method, pg_temp.matrix('1 2 9; 2 7 1; 3 5 4; 4 6 2') AS without, pg_temp.matrix('1 2 9 5; 2 7 1 5; 3 5 4 5; 4 6 2 5') AS with_constant
ORDER BY method;
-- where none does, on_constant says whether that is an error or weights are equal; one child has all the weight anyway
SELECT method, policy, pg_temp.weights(ci.weigh(panel, ci.amend(pg_temp.flat(panel, '{"method": "goalposts", "lower": 0, "upper": 10}'), jsonb_build_object('on_constant', policy)), method)) AS weights
FROM method, unnest('{missing,midpoint}'::text[]) AS policy, pg_temp.matrix('3 5 4 1; 3 5 4 1; 3 5 4 1') AS panel ORDER BY method, policy;
SELECT method, pg_temp.weights(ci.weigh(panel, pg_temp.flat(panel, '{"method": "goalposts", "lower": 0, "upper": 10}'), method)) AS weights
FROM method, pg_temp.matrix('3; 3; 3') AS panel ORDER BY method;
-- criteria that say the same tell critic nothing, exactly
SELECT method, pg_temp.weights(ci.weigh(panel, ci.amend(pg_temp.flat(panel), '{"on_constant": "missing"}'), method)) AS weights
FROM pg_temp.matrix('0.1 0.3; 0.7 2.1; 0.9 2.7; 1.1 3.3') AS panel, unnest('{critic}'::text[]) AS method;

-- 0 ln 0 is 0: entropy takes zeros, and the limit is met.  (pymcdm refuses them.)
SELECT pg_temp.weights(ci.weigh(zeros, pg_temp.flat(zeros), 'entropy'), 9) = pg_temp.weights(ci.weigh(nearly, pg_temp.flat(nearly), 'entropy'), 9) AS continuous,
	pg_temp.weights(ci.weigh(zeros, pg_temp.flat(zeros), 'entropy')) AS weights
FROM pg_temp.matrix('0 1; 1 2; 2 5; 7 9') AS zeros, pg_temp.matrix('1e-15 1; 1 2; 2 5; 7 9') AS nearly;
-- entropy and merec are of an indicator's own values, however it is normalised, and also where a method takes it in natural units
SELECT method, count(DISTINCT pg_temp.weights(ci.weigh(panel, pg_temp.flat(panel, normalise, '{c2}'), method), 15)) AS different
FROM unnest('{entropy,merec}'::text[]) AS method, unnest('{"\"minmax\"","\"zscore\"","\"rank\"","\"none\""}'::jsonb[]) AS normalise,
	pg_temp.matrix('1 2 9; 2 7 1; 3 5 4; 4 6 2') AS panel
GROUP BY method ORDER BY method;

-- Missing cells: critic correlates the units that have both; merec is of the units that have all; the others of those that have the child.
SELECT method, pg_temp.weights(ci.weigh(gaps, pg_temp.flat(gaps, '{"method": "goalposts", "lower": 0, "upper": 10}'), method)) AS with_gaps,
	pg_temp.weights(ci.weigh(complete, pg_temp.flat(complete, '{"method": "goalposts", "lower": 0, "upper": 10}'), method)) AS complete_units
FROM method, pg_temp.matrix('1 2 9; 2 7 1; 3 5 4; 4 6 2') AS complete,
	(SELECT ci.panel_agg(p) FROM (SELECT pg_temp.matrix('1 2 9; 2 7 1; 3 5 4; 4 6 2') UNION ALL SELECT ci.panel_agg('x', 'c3', 8)
		UNION ALL SELECT ci.panel_agg('y', 'c1', 9)) AS parts (p)) AS g (gaps)
ORDER BY method;
-- Units that the screen keeps out take no part, nor does a component where it does not apply.
SELECT method, ci.weigh(whole, ci.amend(m, '{"screen": {"exclude": ["a05"]}}'), method)::jsonb -> 'components' = ci.weigh(part, m, method)::jsonb -> 'components' AS same
FROM method, pg_temp.matrix('1 2 9; 2 7 1; 3 5 4; 4 6 2; 9 1 9') AS whole, pg_temp.matrix('1 2 9; 2 7 1; 3 5 4; 4 6 2') AS part,
	pg_temp.flat(part, '{"method": "goalposts", "lower": 0, "upper": 10}') AS m ORDER BY method;
SELECT method, pg_temp.weights(ci.weigh(whole, ci.amend(m, '{"components": [{"code": "c3", "units": ["a01", "a02", "a03", "a04"]}]}'), method), 12)
	= pg_temp.weights(ci.weigh(part, m, method), 12) AS same
FROM method, pg_temp.matrix('1 2 9; 2 7 1; 3 5 4; 4 6 2; 9 1 9') AS whole,
	(SELECT ci.panel_agg(unit, indicator, value) FROM ci.observations(pg_temp.matrix('1 2 9; 2 7 1; 3 5 4; 4 6 2; 9 1 9')) WHERE (unit, indicator) <> ('a05', 'c3')) AS o (part),
	pg_temp.flat(part, '{"method": "goalposts", "lower": 0, "upper": 10}') AS m ORDER BY method;

-- Extremes of the range of a double
SELECT method, pg_temp.weights(ci.weigh(panel, pg_temp.flat(panel, '"none"'), method)) AS weights
FROM (VALUES ('critic'), ('gini'), ('entropy'), ('merec')) AS m (method), pg_temp.matrix('1e308 1e-308 5; 1.7e308 3e-308 1; 1.2e308 2e-308 2') AS panel ORDER BY method;

-- Weights of other sources, by code; a null is not a default
SELECT code, weight, round(effective_weight::numeric, 3) AS effective
FROM nested, ci.components(ci.weigh(methodology, '{b,i1,a}', '{30,2,10}')) ORDER BY position;
SELECT ci.weigh(NULL, methodology, 'equal') IS NULL AND ci.weigh(panel, NULL, 'equal') IS NULL AND ci.weigh(panel, methodology, NULL) IS NULL
	AND ci.weigh(methodology, NULL, '{1}') IS NULL AS nothing FROM nested;

-- Correlations: of children with one another and with their parent, Pearson's and Spearman's; n counts the units that have both, r needs 3 of them
SELECT method, parent, a, b, round(r::numeric, 4) AS r, n FROM unnest('{pearson,spearman}'::text[]) AS method,
	pg_temp.matrix('1 10 2; 2 20 2; 3 40 1; 4 90 3') AS panel, ci.correlations(panel, pg_temp.flat(panel), method => method);
-- the same as SQL's own corr, over the pairs of units and periods; b enters its parent turned
SELECT count(*) AS pairs, max(abs(c.r - s.r)) < 1e-12 AS same, bool_and(c.n = s.n) AS same_n
FROM nested, ci.correlations(panel, methodology) AS c, LATERAL (
	SELECT corr(x.score, y.score) * CASE WHEN c.parent = 'all' AND 'b' IN (c.a, c.b) THEN -1 ELSE 1 END AS r, count(x.score + y.score) AS n
	FROM ci.scores(panel, methodology) AS x JOIN ci.scores(panel, methodology) AS y USING (period, unit)
	WHERE x.component = c.a AND y.component = c.b) AS s;
SELECT a, b, r, n FROM pg_temp.matrix('1 2; 2 7') AS panel, ci.correlations(panel, pg_temp.flat(panel), 'index', '{0}');
SELECT count(*) FROM ci.correlations(NULL, '{"components": [{"code": "i"}, {"code": "x", "parent": "i"}]}');

-- Budget allocation: shares of each expert's points, their mean and spread.  Who gives no points to something gives it 0; rounds stand apart.
CREATE TEMP TABLE budget (round int, expert text, component text, points numeric);
INSERT INTO budget VALUES (1, 'Ann', 'a', 60), (1, 'Ann', 'b', 40), (1, 'Bea', 'a', 1), (1, 'Bea', 'c', 3), (1, 'Cy', 'b', 100), (1, 'Cy', 'a', NULL),
	(2, 'Ann', 'a', 50), (2, 'Ann', 'b', 50);
CREATE TEMP TABLE allocation AS SELECT ci.panel_agg(expert, round, component, points) AS panel FROM budget;
SELECT period, component, round(weight::numeric, 4) AS weight, round(sd::numeric, 4) AS sd, lowest, highest, n_experts FROM allocation, ci.budget(panel);
-- the same in SQL
SELECT count(*) AS rows, max(abs(weight - mean)) < 1e-15 AS same_mean, max(abs(b.sd - s.sd)) < 1e-15 AS same_sd
FROM allocation, ci.budget(panel) AS b JOIN (
	SELECT round, component, avg(share) AS mean, stddev_samp(share) AS sd
	FROM (SELECT round, component, coalesce(points, 0)::float8 / sum(points) OVER (PARTITION BY round, expert) AS share
		FROM (SELECT DISTINCT round, expert FROM budget) AS e CROSS JOIN unnest('{a,b,c}'::text[]) AS component LEFT JOIN budget USING (round, expert, component)) AS shares
	GROUP BY round, component) AS s ON (s.round, s.component) = (b.period, b.component);
-- into a methodology
SELECT code, round(weight::numeric, 4) AS weight FROM nested, ci.components(
	(SELECT ci.weigh(methodology, array_agg(component), array_agg(weight)) FROM allocation, ci.budget(panel) WHERE period = 1)) WHERE parent = 'all';
SELECT count(*) FROM ci.budget(NULL);
