-- The Technology Achievement Index against its published results.  Every query
-- below compares; what it prints are the differences.
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\i :example
\set ECHO all

-- Published: OECD/JRC, Handbook on Constructing Composite Indicators (2008):
-- Table 23, ranks by equal weights and by budget allocation; Table 38, rank by
-- the geometric mean; Table 15, mean years of schooling: rank from below,
-- z-score, min-max, ratio to the best and to the worst country.
CREATE TEMP TABLE published (country text, equal int, budget int, geometric int,
	low_rank int, z numeric, minmax numeric, to_best numeric, to_worst numeric);
INSERT INTO published VALUES
	('Finland',         1,  1,  2, 15,  0.26, 0.59, 0.83, 1.41),
	('United States',   2,  2,  1, 23,  1.52, 1.00, 1.00, 1.69),
	('Sweden',          3,  3,  3, 19,  1.14, 0.88, 0.95, 1.61),
	('Japan',           4,  5,  4, 12, -0.06, 0.49, 0.79, 1.34),
	('Korea',           5,  4, 16, 17,  0.76, 0.76, 0.90, 1.52),
	('Netherlands',     6,  8,  5,  9, -0.12, 0.47, 0.78, 1.32),
	('United Kingdom',  7,  7,  6,  9, -0.12, 0.47, 0.78, 1.32),
	('Singapore',       8,  6, 18,  1, -1.58, 0.00, 0.59, 1.00),
	('Canada',          9, 10, 13, 20,  1.27, 0.92, 0.97, 1.63),
	('Australia',      10, 11, 14, 18,  0.83, 0.78, 0.91, 1.54),
	('Germany',        11,  9,  8, 16,  0.38, 0.63, 0.85, 1.44),
	('Norway',         12, 13, 11, 22,  1.46, 0.98, 0.99, 1.68),
	('Ireland',        13, 12,  7,  9, -0.12, 0.47, 0.78, 1.32),
	('Belgium',        14, 14,  9,  8, -0.19, 0.45, 0.78, 1.31),
	('New Zealand',    15, 17, 17, 21,  1.33, 0.94, 0.98, 1.65),
	('Austria',        16, 15, 12,  6, -0.76, 0.27, 0.70, 1.18),
	('France',         17, 16, 10,  5, -1.08, 0.16, 0.66, 1.11),
	('Israel',         18, 18, 15, 14,  0.00, 0.51, 0.80, 1.35),
	('Spain',          19, 19, 19,  4, -1.46, 0.04, 0.61, 1.03),
	('Italy',          20, 21, 21,  3, -1.52, 0.02, 0.60, 1.01),
	('Czech Republic', 21, 22, 23, 12, -0.06, 0.49, 0.79, 1.34),
	('Hungary',        22, 20, 22,  7, -0.31, 0.41, 0.76, 1.28),
	('Slovenia',       23, 23, 20,  1, -1.58, 0.00, 0.59, 1.00);

-- Tables 23 and 38: 23 of 23 ranks by each method.
SELECT m.name, count(*) AS ranks, count(*) FILTER (WHERE r.rank IS DISTINCT FROM
	CASE m.name WHEN 'equal' THEN p.equal WHEN 'budget' THEN p.budget ELSE p.geometric END) AS wrong
FROM tai_panel, tai_method m, ci.rank(panel, methodology) r JOIN published p ON p.country = r.unit
WHERE m.name <> 'z-scores'
GROUP BY m.name ORDER BY m.name;

-- The eight indicators weighted directly, without dimensions, give the same
-- index: each dimension has two.
WITH flat AS (
	SELECT m.name, ci.amend(m.methodology, jsonb_build_object('components',
		(SELECT jsonb_agg(jsonb_build_object('code', c.code) ||
			CASE WHEN c.aggregate IS NULL THEN '{"parent": "tai"}'::jsonb ELSE '{"remove": true}' END)
		 FROM ci.components(m.methodology) c WHERE c.parent IS NOT NULL))) AS methodology
	FROM tai_method m WHERE m.name IN ('equal', 'budget'))
SELECT f.name, count(*) AS countries, max(abs(a.score - b.score)) < 1e-12 AS same_scores,
	count(*) FILTER (WHERE a.rank <> b.rank) AS ranks_that_differ
FROM tai_panel, tai_method m JOIN flat f USING (name),
	ci.rank(panel, m.methodology) a JOIN ci.rank(panel, f.methodology) b USING (unit)
GROUP BY f.name ORDER BY f.name;

-- Scores to .001.  UNDP printed .744 for Finland, where these data give .745.
SELECT s.country, s.score AS expected, r.score AS found
FROM (VALUES ('Finland', 0.744), ('Finland', 0.745), ('United States', 0.733), ('Sweden', 0.704),
	('Japan', 0.698), ('Korea', 0.666), ('Netherlands', 0.630), ('United Kingdom', 0.606),
	('Singapore', 0.597), ('Canada', 0.590), ('Australia', 0.588), ('Germany', 0.583),
	('Norway', 0.580), ('Slovenia', 0.459)) AS s (country, score)
LEFT JOIN (SELECT k.* FROM tai_panel, tai_method m, ci.rank(panel, methodology) k
	WHERE m.name = 'equal') r ON r.unit = s.country
WHERE (abs(r.score - s.score) <= 0.001) IS NOT TRUE;

-- Table 15: one indicator, normalised in five ways, to the two decimals printed.
WITH way (name, normalise) AS (VALUES
	('low_rank', '{"method": "rank"}'::jsonb),
	('z',        '{"method": "zscore"}'),
	('minmax',   '{"method": "minmax", "to": [0, 1]}'),
	('to_best',  '{"method": "minmax", "lower": 0, "to": [0, 1]}'),
	('to_worst', '{"method": "minmax", "lower": 0, "upper": "min", "to": [0, 1]}'))
SELECT way.name, count(*) AS countries,
	count(*) FILTER (WHERE (abs(s.score - (to_jsonb(p) ->> way.name)::float8) <= 0.005 + 1e-9) IS NOT TRUE) AS wrong
FROM way, tai_panel,
	ci.scores(panel, jsonb_build_object('components', jsonb_build_array(
		jsonb_build_object('code', 'all'),
		jsonb_build_object('code', 'schooling', 'parent', 'all', 'normalise', way.normalise)))::ci.methodology) s
	JOIN published p ON p.country = s.unit
WHERE s.component = 'schooling'
GROUP BY way.name ORDER BY way.name;

-- The z-score has mean 0 and standard deviation 1, with n - 1, in every indicator.
SELECT component, abs(avg(score)) < 1e-12 AS mean_0, abs(stddev_samp(score) - 1) < 1e-12 AS sd_1
FROM tai_panel, tai_method m, ci.scores(panel, methodology) s
WHERE m.name = 'z-scores' AND s.depth = 1
GROUP BY component ORDER BY component COLLATE "C";

-- Contributions add up to the score of every country; weights add up to 1.
SELECT m.name, count(DISTINCT unit) AS countries,
	count(DISTINCT unit) FILTER (WHERE abs(x.contributions - x.score) > 1e-12) AS wrong_contributions,
	count(DISTINCT unit) FILTER (WHERE abs(x.weights - 1) > 1e-12) AS wrong_weights
FROM tai_panel, tai_method m, LATERAL (
	SELECT unit, max(score) FILTER (WHERE parent IS NULL) AS score,
		sum(contribution) FILTER (WHERE indicator IS NOT NULL) AS contributions,
		sum(effective_weight) FILTER (WHERE indicator IS NOT NULL) AS weights
	FROM ci.explain(panel, methodology) GROUP BY unit) x
WHERE m.name <> 'geometric'
GROUP BY m.name ORDER BY m.name;

-- The example may be run again.
\set ECHO none
\o /dev/null
\i :example
\o
\set ECHO all
SELECT count(*) FROM tai;
