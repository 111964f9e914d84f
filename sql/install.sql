-- Creating and dropping the extension, and the schema that it lives in.
SET client_min_messages = warning;
\set SHOW_CONTEXT never

-- A schema "ci" in which somebody else has put something is refused
CREATE SCHEMA ci;
CREATE FUNCTION ci.mine() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE EXTENSION composite_indicator;
SELECT count(*) AS created FROM pg_extension WHERE extname = 'composite_indicator';
DROP FUNCTION ci.mine();

-- An empty one is taken
CREATE EXTENSION composite_indicator;
SELECT nspname AS schema, extrelocatable AS relocatable, extconfig IS NULL AS no_table_to_dump
FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace
WHERE extname = 'composite_indicator';

-- There is no other place for it
ALTER EXTENSION composite_indicator SET SCHEMA public;
DROP EXTENSION composite_indicator;
CREATE EXTENSION composite_indicator SCHEMA public;

-- Dropping leaves an empty schema, in which it can be created again, or which can go too
SELECT count(*) AS functions FROM pg_proc WHERE pronamespace = 'ci'::regnamespace;
SELECT count(*) AS types FROM pg_type WHERE typnamespace = 'ci'::regnamespace;
SELECT count(*) AS operators FROM pg_operator WHERE oprnamespace = 'ci'::regnamespace;
CREATE EXTENSION composite_indicator;
DROP EXTENSION composite_indicator;
DROP SCHEMA ci;
CREATE EXTENSION composite_indicator;

-- The extension owns no relation but row types
SELECT count(*) AS relations FROM pg_class WHERE relnamespace = 'ci'::regnamespace AND relkind <> 'c';

-- What somebody stores keeps it from being dropped
CREATE TABLE published (year int, panel ci.panel);
INSERT INTO published
SELECT 2020, ci.panel_agg(unit, 2020, 'gdp', value) FROM (VALUES ('A', 1), ('B', 3), ('C', 2)) AS v (unit, value);
DROP EXTENSION composite_indicator;
SELECT unit, rank, score FROM published, ci.rank(panel) ORDER BY rank;

-- With CASCADE the column goes, and nothing else
DROP EXTENSION composite_indicator CASCADE;
SELECT * FROM published;
DROP TABLE published;
CREATE EXTENSION composite_indicator;

-- Anybody may use it; nobody else may add to its schema
CREATE ROLE regress_ci_reader;
SET ROLE regress_ci_reader;
SELECT unit, rank, score
FROM ci.rank((SELECT ci.panel_agg(unit, 2020, 'gdp', value) FROM (VALUES ('A', 1), ('B', 3), ('C', 2)) AS v (unit, value)))
ORDER BY rank;
CREATE FUNCTION ci.trap() RETURNS int LANGUAGE sql AS 'SELECT 1';
RESET ROLE;
DROP ROLE regress_ci_reader;
