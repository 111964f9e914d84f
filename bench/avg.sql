-- What any query over the long table by unit and period has to do.
SELECT unit, period, avg(value) FROM long GROUP BY 1, 2
