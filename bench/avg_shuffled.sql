-- What any query over a long table in no order by unit and period has to do.
SELECT unit, period, avg(value) FROM shuffled GROUP BY 1, 2
