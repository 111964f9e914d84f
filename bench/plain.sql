-- The same ranking in plain SQL: ends joined, a dimension is the mean of what is present.
WITH ends AS (
	SELECT period, indicator, (substr(indicator, 2)::int + 4) / 5 AS dimension,
		min(value) AS low, 100 / (max(value) - min(value)) AS slope
	FROM long GROUP BY 1, 2
), dimension AS (
	SELECT l.unit, l.period,
		avg(slope * (value - low)) FILTER (WHERE dimension = 1) AS d1,
		avg(slope * (value - low)) FILTER (WHERE dimension = 2) AS d2,
		avg(slope * (value - low)) FILTER (WHERE dimension = 3) AS d3,
		avg(slope * (value - low)) FILTER (WHERE dimension = 4) AS d4
	FROM long AS l JOIN ends USING (period, indicator)
	GROUP BY 1, 2
), score AS (
	SELECT unit, period,
		(4 * coalesce(d1, 0) + 3 * coalesce(d2, 0) + 2 * coalesce(d3, 0) + coalesce(d4, 0)) /
		(4 * (d1 IS NOT NULL)::int + 3 * (d2 IS NOT NULL)::int + 2 * (d3 IS NOT NULL)::int + (d4 IS NOT NULL)::int) AS score
	FROM dimension
)
SELECT period, unit, rank() OVER (PARTITION BY period ORDER BY score DESC) AS rank, score
FROM score
