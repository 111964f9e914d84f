-- The AI city example, and its scores recomputed in plain SQL.
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/ai_city.sql'
\set ECHO none
\i :example
\set ECHO all

-- What the example promises.
SELECT count(*) AS components, count(*) FILTER (WHERE aggregate IS NULL) AS indicators,
	count(*) FILTER (WHERE depth = 1) AS dimensions, count(*) FILTER (WHERE direction = -1) AS less_is_better
FROM ai_city, ci.components(methodology);
SELECT period, count(*) AS cities, count(rank) AS ranked, max(n_ranked) AS n_ranked,
	round(min(coverage)::numeric, 3) AS least_coverage, round(max(coverage)::numeric, 3) AS most_coverage
FROM ai_city, ci.rank(panel, methodology) GROUP BY period ORDER BY period;
SELECT count(*) AS observations, count(*) FILTER (WHERE value IS NULL) AS missing FROM observation;

-- The same index in SQL, from the rows that made panel and methodology.
CREATE TEMP VIEW by_hand AS
WITH observed AS (
	SELECT city, year, indicator, CASE indicator WHEN 'gdp' THEN ln(value::float8) ELSE value::float8 END AS x,
		count(value) OVER (PARTITION BY city, year) >= 0.65 * 18 AS passes
	FROM observation),
posts AS (
	SELECT *, min(x) FILTER (WHERE passes) OVER w AS least, max(x) FILTER (WHERE passes) OVER w AS most
	FROM observed WINDOW w AS (PARTITION BY year, indicator)),
leaf AS (
	SELECT p.city, p.year, p.passes, c.parent, c.weight, 100 * CASE
		WHEN c.code = 'pue' THEN (1.9 - greatest(1.1, least(1.9, x))) / (1.9 - 1.1)
		WHEN c.direction = 1 THEN (x - least) / (most - least)
		ELSE (most - x) / (most - least) END AS score
	FROM posts p JOIN component c ON c.code = p.indicator
	WHERE x IS NOT NULL),
dimension AS (
	SELECT city, year, passes, parent AS code, sum(weight * score) / sum(weight) AS score
	FROM leaf GROUP BY city, year, passes, parent),
root AS (
	SELECT city, year, passes, sum(c.weight * d.score) / sum(c.weight) AS score
	FROM dimension d JOIN component c USING (code) GROUP BY city, year, passes)
SELECT city, year, score, CASE WHEN passes THEN
	rank() OVER (PARTITION BY year, passes ORDER BY round(score::numeric, 9) DESC) END AS rank
FROM root;

SELECT count(*) AS cases, count(*) FILTER (WHERE abs(r.score - h.score) <= 1e-9) AS same_score,
	count(*) FILTER (WHERE r.rank IS NOT DISTINCT FROM h.rank) AS same_rank
FROM ai_city, ci.rank(panel, methodology) r
FULL JOIN by_hand h ON h.city = r.unit AND h.year = r.period;

-- Movement is the difference to the preceding year.
SELECT count(*) AS cases, count(r.previous_rank) AS with_previous,
	count(*) FILTER (WHERE r.previous_rank IS NOT DISTINCT FROM h.rank
		AND r.rank_change IS NOT DISTINCT FROM h.rank - r.rank) AS same
FROM ai_city, ci.rank(panel, methodology) r
LEFT JOIN by_hand h ON h.city = r.unit AND h.year = r.period - 1;

-- Contributions add up to the score, effective weights to 1.
SELECT count(*) AS cases, count(*) FILTER (WHERE abs(contributions - score) <= 1e-9) AS same_score,
	count(*) FILTER (WHERE abs(weights - 1) <= 1e-12) AS whole
FROM (SELECT period, unit, max(score) FILTER (WHERE parent IS NULL) AS score,
		sum(contribution) FILTER (WHERE indicator IS NOT NULL) AS contributions,
		sum(effective_weight) FILTER (WHERE indicator IS NOT NULL) AS weights
	FROM ai_city, ci.explain(panel, methodology) GROUP BY period, unit) x;

-- The order of the rows does not matter, of cities or of components.
SELECT ci.digest(a.panel) = (SELECT ci.digest(ci.panel_agg(city, year, indicator, value ORDER BY value, city DESC))
		FROM observation) AS same_panel,
	ci.digest(a.methodology) = (SELECT ci.digest(ci.amend(
		ci.methodology_agg(to_jsonb(c) - 'position' ORDER BY position DESC),
		'{"screen": {"min_coverage": 0.65}}')) FROM component c) AS same_methodology
FROM ai_city a;
