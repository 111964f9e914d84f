-- The panel built from five times the long table, and ranked.
SELECT r.*
FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM fivefold) AS p, method,
	ci.rank(panel, method) AS r
