-- The panel alone, built from a long table.
SELECT ci.panel_agg(unit, period, indicator, value) AS panel FROM long
