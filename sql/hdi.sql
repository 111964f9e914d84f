-- The Human Development Index against its published values.  Every query below
-- compares; what it prints are the differences.
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/hdi.sql'
\set ECHO none
\i :example
\set ECHO all

-- All published values, to the three decimals printed: 93, and 3 rows without.
SELECT count(h.published) AS published,
	count(*) FILTER (WHERE h.published IS DISTINCT FROM round(r.score::numeric, 3)) AS wrong,
	count(*) FILTER (WHERE h.published IS NULL AND r.score IS NULL AND r.rank IS NULL
		AND r.status = 'no score') AS without
FROM hdi_index, ci.rank(panel, methodology) r
JOIN hdi h ON h.country = r.unit AND h.year = r.period;

-- Competition ranks on the published value, and how many are ranked.
SELECT count(*) AS ranked,
	count(*) FILTER (WHERE r.rank IS DISTINCT FROM p.rank) AS wrong_ranks,
	count(*) FILTER (WHERE r.n_ranked IS DISTINCT FROM p.n) AS wrong_n,
	count(*) FILTER (WHERE p.ties > 1) AS tied
FROM hdi_index, ci.rank(panel, methodology) r
JOIN (SELECT country, year, rank() OVER (PARTITION BY year ORDER BY published DESC),
		count(*) OVER (PARTITION BY year) AS n,
		count(*) OVER (PARTITION BY year, published) AS ties
	FROM hdi WHERE published IS NOT NULL) p ON p.country = r.unit AND p.year = r.period;

-- Movement: the rank in the year before, less this year's.
SELECT count(*) AS ranked, count(r.previous_rank) AS with_previous,
	count(*) FILTER (WHERE r.previous_rank IS DISTINCT FROM p.rank
		OR r.rank_change IS DISTINCT FROM p.rank - r.rank) AS wrong
FROM hdi_index, ci.rank(panel, methodology) r
LEFT JOIN (SELECT country, year, rank() OVER (PARTITION BY year ORDER BY published DESC)
	FROM hdi WHERE published IS NOT NULL) p ON p.country = r.unit AND p.year = r.period - 1
WHERE r.rank IS NOT NULL;

-- The formula in SQL: (health * education * income)^(1/3).
SELECT count(*) AS scores, count(*) FILTER (WHERE abs(r.score - f.score) <= 1e-12) AS same
FROM hdi_index, ci.rank(panel, methodology) r
JOIN (SELECT country, year, cbrt(
		greatest(0, least(1, (le - 20) / 65))
		* (greatest(0, least(1, eys / 18)) + greatest(0, least(1, mys / 15))) / 2
		* greatest(0, least(1, (ln(gnipc) - ln(100)) / (ln(75000) - ln(100))))) AS score
	FROM hdi WHERE published IS NOT NULL) f ON f.country = r.unit AND f.year = r.period;

-- Row by row, by an aggregate, and fitted: the same score, bit for bit.
SELECT count(*) AS cases,
	count(*) FILTER (WHERE r.score IS DISTINCT FROM
		ci.score(ARRAY['le', 'eys', 'mys', 'gnipc'], ARRAY[le, eys, mys, gnipc], methodology)) AS differ_score,
	count(*) FILTER (WHERE r.score IS DISTINCT FROM a.score) AS differ_score_agg,
	count(*) FILTER (WHERE r.score IS DISTINCT FROM f.score) AS differ_fitted
FROM hdi_index, ci.rank(panel, methodology) r
JOIN hdi h ON h.country = r.unit AND h.year = r.period
JOIN (SELECT period, unit, ci.score_agg(indicator, value, methodology) AS score
	FROM hdi_index, ci.observations(panel) GROUP BY period, unit, methodology) a USING (period, unit)
JOIN (SELECT k.* FROM hdi_index, ci.rank(panel, ci.fit(panel, methodology)) k) f USING (period, unit);
