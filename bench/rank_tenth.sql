-- The panel built from a tenth of the long table, and ranked.
SELECT r.*
FROM (SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM tenth) AS p, method,
	ci.rank(panel, method) AS r
