-- Reading the long table.
SELECT sum(value), count(*) FROM long
