-- Publish on schedule, with pg_cron.
--
--   psql -X -f examples/schedule.sql
--   psql -X -v schedule='* * * * *' -f examples/schedule.sql     (every minute)
--
-- pg_cron has to be installed (Debian: postgresql-15-cron and the like) and
-- loaded; postgresql.conf, before a restart:
--
--   shared_preload_libraries = 'pg_cron'
--   cron.database_name = 'postgres'        the database of the jobs
--   cron.use_background_workers = on       jobs need no password
--
-- Shown: a job that publishes the newest year, another that refreshes the
-- ranking of the data as they are now.  Makes a schema, good_living; away with:
--
--   SELECT cron.unschedule(jobname::text) FROM cron.job WHERE jobname ~ 'good living';
--   DROP SCHEMA good_living CASCADE;

\set quiet_before :QUIET
\set QUIET on
SELECT current_setting('shared_preload_libraries') ~ '\mpg_cron\M' AND current_setting('cron.database_name', true) = current_database() AS loaded \gset
\if :loaded
\else
	\echo skipped: pg_cron is not loaded, or not for this database
	\q
\endif
\if :{?schedule}
\else
	\set schedule '0 6 * * *'
\endif

SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
CREATE EXTENSION IF NOT EXISTS pg_cron;

CREATE SCHEMA good_living;
SET search_path = good_living;

CREATE TABLE observation (town text, year int, indicator text, value float8, PRIMARY KEY (town, year, indicator));
INSERT INTO observation
SELECT town, year, indicator, value
FROM (VALUES ('Avon', 2023, 30, 900, 4), ('Brook', 2023, 40, 1200, 6), ('Clay', 2023, 50, 1500, 3), ('Dale', 2023, 20, 600, 8),
		('Avon', 2024, 36, 900, 8), ('Brook', 2024, 40, 1100, 6), ('Clay', 2024, 52, 1600, 5), ('Dale', 2024, 25, 700, 7)) AS t (town, year, income, rent, parks),
	LATERAL (VALUES ('income', income), ('rent', rent), ('parks', parks)) AS v (indicator, value);

CREATE TABLE methodology (methodology ci.methodology);
INSERT INTO methodology VALUES ('
{ "name": "Good living",
  "components": [
    { "code": "living", "normalise": { "method": "goalposts", "lower": 0, "upper": 100 } },
    { "code": "income", "parent": "living", "weight": 2 },
    { "code": "rent",   "parent": "living", "direction": -1, "normalise": { "upper": 2000 } },
    { "code": "parks",  "parent": "living", "normalise": { "upper": 10 } } ] }');

SELECT ci.create_ledger('edition') AS ledger \gset

-- What the job does: publish the newest year.  Once more is nothing; if a value
-- of a year that is published is revised, it is an error that names both digests.
CREATE FUNCTION publish_newest() RETURNS bytea
	LANGUAGE sql
	BEGIN ATOMIC
		SELECT ci.publish('good_living.edition', max(year)::text, max(year), ci.panel_agg(town, year, indicator, value),
			(SELECT methodology FROM methodology), 'published by its job', strict => true)
		FROM observation;
	END;

-- The ranking of the data as they are now, published or not.
CREATE MATERIALIZED VIEW preliminary AS
SELECT r.* FROM (SELECT ci.panel_agg(town, year, indicator, value) AS panel FROM observation) AS o, methodology, ci.rank(panel, methodology) AS r;
CREATE UNIQUE INDEX ON preliminary (period, unit);

SELECT cron.schedule('publish good living', :'schedule', 'SELECT good_living.publish_newest()') AS publish,
	cron.schedule('refresh good living', :'schedule', 'REFRESH MATERIALIZED VIEW CONCURRENTLY good_living.preliminary') AS refresh \gset

\echo
\echo What is scheduled
\echo
SELECT jobname, schedule, command, database, username FROM cron.job ORDER BY jobname;

\echo How it went, later:
\echo
\echo '    SELECT jobname, status, return_message, start_time FROM cron.job_run_details JOIN cron.job USING (jobid) ORDER BY start_time;'
\echo

RESET search_path;
RESET client_min_messages;
\set QUIET :quiet_before
