-- Ranks that linear programs find where the search alone finds fewer; without Clp they are left out.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\o /dev/null
\i :example
\o
\set ECHO all
SET client_min_messages = warning;

-- The Technology Achievement Index by dimensions, within 25 %.
SELECT unit, rank, best_rank, worst_rank, best_found, worst_found, proven
FROM tai_panel, tai_method, ci.rank_bounds(panel, methodology) WHERE name = 'equal';
-- Spain's worst rank is had by the weights found
CREATE FUNCTION pg_temp.had(panel ci.panel, methodology ci.methodology, of text, end_of text) RETURNS int LANGUAGE sql AS $$
	SELECT r.rank FROM (SELECT array_agg(component) AS components, array_agg(weight) AS weights FROM ci.rank_bound_weights(panel, methodology, of) WHERE bound = end_of) AS w,
		ci.rank(panel, ci.weigh(methodology, components, weights)) AS r WHERE r.unit = of $$;
SELECT pg_temp.had(panel, methodology, 'Spain', 'worst') FROM tai_panel, tai_method WHERE name = 'equal';

-- However ties are ranked, and however many decimals decide, all ranks are had, and no draw beats them.
SELECT ties, decimals, count(*) FILTER (WHERE best_had > best_found OR worst_had < worst_found) AS not_had, count(*) FILTER (WHERE best_drawn < best_found OR worst_drawn > worst_found) AS beaten
FROM tai_panel, tai_method, unnest('{min,max,dense}'::text[]) AS ties, unnest('{0,1,9}'::int[]) AS decimals,
	ci.amend(methodology, jsonb_build_object('rank', jsonb_build_object('ties', ties, 'decimals', decimals))) AS m, ci.subset(panel, NULL, '{Korea,Norway,Ireland,Belgium,Austria,Israel}') AS few,
	ci.rank_bounds(few, m) AS b,
	LATERAL (SELECT pg_temp.had(few, m, b.unit, 'best'), pg_temp.had(few, m, b.unit, 'worst')) AS h (best_had, worst_had),
	LATERAL (SELECT min(a.rank), max(a.rank) FROM ci.rank_acceptability(few, m, draws => 500) AS a WHERE a.unit = b.unit) AS d (best_drawn, worst_drawn)
WHERE name = 'equal' GROUP BY ties, decimals ORDER BY ties, decimals;
