-- Chinese cities in AI computing: four published editions, and what they say.
--
--   psql -X -f examples/ai_city_editions.sql
--
-- The first ten of the "China AI Computing Power Development Assessment Report"
-- by IDC and Inspur.  The ranks of 2018, 2019 and 2021 are as the press reported
-- them; THOSE OF 2020 ARE FROM MEMORY: they agree with what was said of later
-- editions, but have not been read again.  Scores are not public.
--
-- Shown: a ledger of imported editions, movement, the sentences of a press
-- release, the share of a group in the first ten, growth.
--
-- Makes temporary tables only, may be run again.

\set quiet_before :QUIET
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;

DROP TABLE IF EXISTS pg_temp.city, pg_temp.city_input, pg_temp.city_standing, pg_temp.ledger, pg_temp.imported CASCADE;

CREATE TEMP TABLE ledger AS
SELECT ci.create_ledger('pg_temp.city') AS ledger;

-- listed: who is absent was below the tenth place.
CREATE TEMP TABLE imported AS
SELECT ci.import_edition(ledger, year::text, year, cities, '{1,2,3,4,5,6,7,8,9,10}', listed => 10) AS digest
FROM ledger, (VALUES
	(2018, '{Hangzhou,Beijing,Shenzhen,Shanghai,Hefei,Chengdu,Chongqing,Wuhan,Guangzhou,Guiyang}'::text[]),
	(2019, '{Beijing,Hangzhou,Shenzhen,Shanghai,Guangzhou,Hefei,Suzhou,Chongqing,Nanjing,Xi''an}'),
	(2020, '{Beijing,Shenzhen,Hangzhou,Shanghai,Chongqing,Guangzhou,Hefei,Suzhou,Xi''an,Nanjing}'),
	(2021, '{Beijing,Hangzhou,Shenzhen,Nanjing,Shanghai,Suzhou,Guangzhou,Jinan,Chengdu,Hefei}')) AS e (year, cities);

\echo
\echo Chinese cities in AI computing, 2021 (IDC, Inspur), with movement
\echo
SELECT rank, unit AS city, previous_rank AS previous, movement, rank_change AS up, best_rank AS best, editions_top10 AS times_in_top10
FROM city_latest ORDER BY rank, unit;

\echo What a press release says of it (2020 is from memory)
\echo
SELECT sentence, kind, since, count FROM ci.highlights('city', '2021') ORDER BY remarkable;

\echo How many of the eight national AI pilot zones are among the first ten?
\echo
SELECT count(rank) AS zones, count(*) AS of, string_agg(zone, ', ') FILTER (WHERE rank IS NULL) AS not_among_them
FROM unnest('{Shanghai,Shenzhen,Jinan,Beijing,Tianjin,Hangzhou,Guangzhou,Chengdu}'::text[]) AS zone
	LEFT JOIN city_latest ON unit = zone AND rank <= 10;

\echo World spending on AI, billion US dollars: compound annual growth (forecast by IDC, 2021)
\echo
SELECT round(100 * ci.cagr(billion, year)::numeric, 1) AS percent_a_year
FROM (VALUES (2021, 85.0), (2025, 204.5)) AS spending (year, billion);

RESET client_min_messages;
\set QUIET :quiet_before
