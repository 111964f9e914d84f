-- Reading the fivefold table.
SELECT sum(value), count(*) FROM fivefold
