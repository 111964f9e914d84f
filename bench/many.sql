-- 10 000 rankings of a small panel in one session; rankings per second, and memory that is left.
CREATE FUNCTION pg_temp.anonymous_kb() RETURNS bigint LANGUAGE sql
	RETURN substring(pg_read_file('/proc/self/status') FROM 'RssAnon:\s+(\d+)')::bigint;
CREATE FUNCTION pg_temp.rankings(n int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
	started timestamptz := clock_timestamp();
	total bigint;
BEGIN
	FOR i IN 1 .. n LOOP
		SELECT sum(r.rank) INTO total FROM small, method, ci.rank(panel, method) AS r;
	END LOOP;
	RETURN n / extract(epoch FROM clock_timestamp() - started);
END $$;
SELECT pg_temp.rankings(1000) \g /dev/null
SELECT pg_temp.anonymous_kb() AS before \gset
SELECT round(pg_temp.rankings(10000)) AS per_second \gset
SELECT :'per_second', pg_temp.anonymous_kb() - :before;
