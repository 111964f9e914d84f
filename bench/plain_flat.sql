-- The same in plain SQL if no cell may be missing: one sum with the weights multiplied out.
WITH ends AS (
	SELECT period, indicator, min(value) AS low,
		2 * (5 - (substr(indicator, 2)::int + 4) / 5) / (max(value) - min(value)) AS slope
	FROM long GROUP BY 1, 2
), score AS (
	SELECT l.unit, l.period, sum(slope * (value - low)) AS score
	FROM long AS l JOIN ends USING (period, indicator)
	GROUP BY 1, 2
)
SELECT period, unit, rank() OVER (PARTITION BY period ORDER BY score DESC) AS rank, score
FROM score
