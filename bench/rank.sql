-- The panel built from a long table, and ranked.
SELECT r.*
FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM long) AS p, method,
	ci.rank(panel, method) AS r
