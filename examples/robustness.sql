-- How robust is a ranking?  Each function that answers has two views here, of
-- the Technology Achievement Index:
--   show_…  for psql: sorted, rounded, drawn with letters in 100 columns;
--   plot_…  for BI tools: plain types, one row for each mark to be plotted.
--
--   psql -X -f examples/robustness.sql
--
-- Makes temporary tables and views only, may be run again.  To keep them for a
-- BI tool, leave out TEMP and pg_temp; what is drawn takes its time at each
-- query, so make those materialised views.  What the functions say, in what
-- order to ask them, and these views' rows: docs/robustness.md.

\ir tai.sql

\set quiet_before :QUIET
\set QUIET on
SET client_min_messages = warning;

DROP TABLE IF EXISTS pg_temp.robust CASCADE;
DROP FUNCTION IF EXISTS pg_temp.bar;

-- The panel, how it is judged, and what is uncertain about that: weights by a
-- quarter, an indicator more or less, how far dimensions compensate each other.
CREATE TEMP TABLE robust AS
SELECT panel, methodology, '
{ "weights": { "share": 0.25 }, "omit": true,
  "choices": [ [ {}, { "components": [ { "code": "tai", "aggregate": { "method": "power", "p": 0.5 } } ] } ] ] }'::ci.uncertainty AS uncertainty
FROM tai_panel, tai_method WHERE name = 'equal';

-- "  ├──●─┤ ": an interval and a mark in so many places.
CREATE FUNCTION pg_temp.bar(lower int, mark int, upper int, places int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT string_agg(CASE WHEN i = mark THEN '●' WHEN i NOT BETWEEN lower AND upper THEN ' ' WHEN i = lower THEN '├' WHEN i = upper THEN '┤' ELSE '─' END, '' ORDER BY i)
	FROM generate_series(1, places) AS i
$$;

-- ci.rank_intervals: where nine tenths of a country's ranks lie.
CREATE TEMP VIEW plot_rank_intervals AS
SELECT period, unit, mark, value
FROM robust, ci.rank_intervals(panel, methodology, uncertainty) AS r,
	LATERAL (VALUES ('rank', r.rank::float8), ('mean', mean_rank), ('median', median_rank), ('lower', lower_rank), ('upper', upper_rank)) AS v (mark, value);
CREATE TEMP VIEW show_rank_intervals AS
SELECT r.rank, unit AS country, round(mean_rank::numeric, 1) AS mean, lower_rank AS from, upper_rank AS to,
	pg_temp.bar(lower_rank, r.rank, upper_rank, count(r.rank) OVER ()::int) AS ranks
FROM robust, ci.rank_intervals(panel, methodology, uncertainty) AS r
ORDER BY r.rank;

-- ci.rank_acceptability: how often a country has each rank; ranks that it never
-- has are given, as a heat map needs them.
CREATE TEMP VIEW plot_rank_acceptability AS
WITH a AS MATERIALIZED (SELECT a.* FROM robust, ci.rank_acceptability(panel, methodology, uncertainty) AS a)
SELECT n.period, n.unit, n.rank AS unit_rank, p.rank, coalesce(a.share, 0) AS share
FROM robust, ci.rank(panel, methodology) AS n CROSS JOIN LATERAL generate_series(1, n.n_ranked) AS p (rank) LEFT JOIN a ON (a.period, a.unit, a.rank) = (n.period, n.unit, p.rank);
CREATE TEMP VIEW show_rank_acceptability AS
SELECT unit_rank AS rank, unit AS country, string_agg(CASE WHEN share = 0 THEN '·' ELSE substr('░▒▓█', ceil(4 * share)::int, 1) END, '' ORDER BY rank) AS ranks,
	round(100 * max(share)) AS "most %", round(100 * sum(share) FILTER (WHERE rank <= 5)) AS "top 5 %", round(100 * sum(share) FILTER (WHERE rank <= 10)) AS "top 10 %"
FROM plot_rank_acceptability GROUP BY unit, unit_rank ORDER BY unit_rank;

-- ci.pairwise: how often a country is ahead of another.
CREATE TEMP VIEW plot_pairwise AS
SELECT p.period, p.unit, a.rank AS unit_rank, p.other, b.rank AS other_rank, p.ahead, p.tied
FROM robust, ci.pairwise(panel, methodology, uncertainty) AS p
	JOIN LATERAL (SELECT * FROM ci.rank(panel, methodology)) AS a USING (period, unit)
	JOIN LATERAL (SELECT * FROM ci.rank(panel, methodology)) AS b ON (b.period, b.unit) = (p.period, p.other);
CREATE TEMP VIEW show_pairwise AS
SELECT unit_rank AS rank, unit AS country, string_agg(CASE WHEN ahead = 1 THEN '  +' WHEN ahead = 0 THEN '  -' WHEN ahead IS NULL THEN '  \' ELSE to_char(least(100 * ahead, 99), '99') END, '' ORDER BY other_rank) AS "ahead of each in % (+ always, - never)"
FROM (SELECT unit, unit_rank, other_rank, ahead FROM plot_pairwise UNION ALL SELECT DISTINCT unit, unit_rank, unit_rank, NULL::float8 FROM plot_pairwise) AS p
GROUP BY unit, unit_rank ORDER BY unit_rank;

-- ci.sensitivity: which of what is uncertain it comes from.
CREATE TEMP VIEW plot_sensitivity AS
SELECT period, input, share, value, lower, upper
FROM robust, ci.sensitivity(panel, methodology, uncertainty) AS s,
	LATERAL (VALUES ('first order', first_order, first_order_lower, first_order_upper), ('total', total, total_lower, total_upper)) AS v (share, value, lower, upper);
CREATE TEMP VIEW show_sensitivity AS
SELECT input, share, round(value::numeric, 2) AS value, round(lower::numeric, 2) AS from, round(upper::numeric, 2) AS to,
	pg_temp.bar(1 + round(40 * greatest(lower, 0))::int, 1 + round(40 * greatest(value, 0))::int, 1 + round(40 * least(upper, 1))::int, 41) AS "0           share of variance           1"
FROM plot_sensitivity ORDER BY share, value DESC;

-- ci.leave_one_out: what a rank hangs on.
CREATE TEMP VIEW plot_leave_one_out AS
SELECT period, left_out, unit, rank, rank_without, rank_change, reversals
FROM robust, ci.leave_one_out(panel, methodology);
CREATE TEMP VIEW show_leave_one_out AS
SELECT rank, unit AS country, min(rank_without) AS from, max(rank_without) AS to, pg_temp.bar(min(rank_without), rank, max(rank_without), count(*) OVER ()::int) AS ranks,
	(array_agg(left_out ORDER BY rank_change DESC, left_out COLLATE "C") FILTER (WHERE rank_change > 0))[1] AS "best without", (array_agg(left_out ORDER BY rank_change, left_out COLLATE "C") FILTER (WHERE rank_change < 0))[1] AS "worst without"
FROM plot_leave_one_out GROUP BY rank, unit ORDER BY rank;

-- ci.rank_bounds: no weights within a quarter lead to other ranks.
CREATE TEMP VIEW plot_rank_bounds AS
SELECT period, unit, mark, value
FROM robust, ci.rank_bounds(panel, methodology) AS b,
	LATERAL (VALUES ('rank', b.rank), ('best guaranteed', best_rank), ('best found', best_found), ('worst found', worst_found), ('worst guaranteed', worst_rank)) AS v (mark, value);
CREATE TEMP VIEW show_rank_bounds AS
SELECT b.rank, unit AS country, best_rank AS from, worst_rank AS to, pg_temp.bar(best_rank, b.rank, worst_rank, count(*) OVER ()::int) AS ranks,
	CASE WHEN proven THEN 'reached' ELSE format('found %s to %s', best_found, worst_found) END AS extremes
FROM robust, ci.rank_bounds(panel, methodology) AS b
ORDER BY b.rank;

-- ci.necessary_order: who is ahead of whom by all such weights.  To plot, only
-- what does not follow from the rest: the edges of a diagram from best to worst.
CREATE TEMP VIEW plot_necessary_order AS
WITH o AS MATERIALIZED (SELECT o.* FROM robust, ci.necessary_order(panel, methodology) AS o)
SELECT period, ahead, behind, least_lead, dominates FROM o
WHERE NOT EXISTS (SELECT FROM o AS x JOIN o AS y ON (y.period, y.ahead) = (x.period, x.behind) WHERE (x.period, x.ahead, y.behind) = (o.period, o.ahead, o.behind));
CREATE TEMP VIEW show_necessary_order AS
WITH o AS MATERIALIZED (SELECT o.* FROM robust, ci.necessary_order(panel, methodology) AS o),
r AS MATERIALIZED (SELECT r.* FROM robust, ci.rank(panel, methodology) AS r)
SELECT rank, unit AS country, (SELECT count(*) FROM o WHERE ahead = unit) AS ahead_of, (SELECT count(*) FROM o WHERE behind = unit) AS behind,
	(SELECT string_agg(other.rank::text, ' ' ORDER BY other.rank) FROM r AS other
		WHERE other.unit <> r.unit AND NOT EXISTS (SELECT FROM o WHERE (ahead, behind) IN ((r.unit, other.unit), (other.unit, r.unit)))) AS "open against those ranked"
FROM r ORDER BY rank;

-- ci.weight_stability: how far one weight may move.
CREATE TEMP VIEW plot_weight_stability AS
SELECT period, parent, component, kind, mark, value
FROM robust, ci.weight_stability(panel, methodology) AS s, LATERAL (VALUES ('weight', s.weight), ('lower', lower), ('upper', upper)) AS v (mark, value);
CREATE TEMP VIEW show_weight_stability AS
SELECT component, kind, round(s.weight::numeric, 2) AS weight, round(lower::numeric, 2) AS from, round(upper::numeric, 2) AS to,
	pg_temp.bar(1 + round(40 * lower)::int, 1 + round(40 * s.weight)::int, 1 + round(40 * upper)::int, 41) AS "0                 weight                1"
FROM robust, ci.weight_stability(panel, methodology) AS s JOIN LATERAL (SELECT code, position FROM ci.components(methodology)) AS c ON code = component
WHERE kind <> 'order' ORDER BY position, kind;

-- ci.lead_robustness: how much of all weight may go elsewhere.
CREATE TEMP VIEW plot_lead_robustness AS
SELECT l.period, r.rank, ahead, behind, lead, robustness, weakest, weakest_lead
FROM robust, ci.lead_robustness(panel, methodology) AS l JOIN LATERAL (SELECT * FROM ci.rank(panel, methodology)) AS r ON (r.period, r.unit) = (l.period, l.ahead);
CREATE TEMP VIEW show_lead_robustness AS
SELECT rank, ahead, behind, round((100 * robustness)::numeric, 1) AS "%", repeat('█', ceil(100 * robustness)::int) AS "of all weight", weakest
FROM plot_lead_robustness ORDER BY rank;

-- ci.reach: what would bring a country one rank up, each indicator alone.
CREATE TEMP VIEW plot_reach AS
SELECT f.period, f.unit, f.rank, target, f.indicator, mark, v.value
FROM robust, ci.rank(panel, methodology) AS r, ci.reach(panel, methodology, r.unit, r.rank - 1) AS f,
	LATERAL (VALUES ('value', f.value), ('needed', needed)) AS v (mark, value)
WHERE r.rank > 1 AND needed IS NOT NULL;
CREATE TEMP VIEW show_reach AS
SELECT DISTINCT ON (rank) rank, unit AS country, indicator AS "nearest in", value, round(needed::numeric, 2) AS needed,
	round((100 * abs(needed - value) / (max - min))::numeric, 1) AS "% of range", ways
FROM (SELECT period, unit, rank, indicator, max(value) FILTER (WHERE mark = 'value') AS value, max(value) FILTER (WHERE mark = 'needed') AS needed, count(*) OVER (PARTITION BY unit) AS ways
	FROM plot_reach GROUP BY period, unit, rank, indicator) AS p
	JOIN (SELECT s.* FROM robust, ci.summary(panel) AS s) AS s USING (period, indicator)
ORDER BY rank, abs(needed - value) / (max - min);

\echo Nine tenths of the ranks, by uncertain weights, indicators and aggregation
\echo
TABLE show_rank_intervals;
\echo How often each rank (░ up to a quarter, ▒ ▓ █)
\echo
TABLE show_rank_acceptability;
\echo Who is ahead of whom
\echo
TABLE show_pairwise;
\echo What the uncertainty comes from
\echo
TABLE show_sensitivity;
\echo Without one indicator
\echo
TABLE show_leave_one_out;
\echo Guaranteed whatever the weights, within a quarter
\echo
TABLE show_rank_bounds;
TABLE show_necessary_order;
\echo How far one weight may move before the leader, or the top three, change
\echo
TABLE show_weight_stability;
\echo How much of all weight may go elsewhere before the next one is ahead
\echo
TABLE show_lead_robustness;
\echo One rank up: the indicator in which the least part of its range would do
\echo
TABLE show_reach;

RESET client_min_messages;
\set QUIET :quiet_before
