-- The panel built from a long table in no order, and ranked.
SELECT r.*
FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM shuffled) AS p, method,
	ci.rank(panel, method) AS r
