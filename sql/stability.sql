-- How much of the weights an order stands: published leads, intervals against re-ranking at their ends.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\o /dev/null
\i :example
\o
\set ECHO all
SET client_min_messages = warning;

-- The Technology Achievement Index: Sweden leads Japan only while 0.7 % of the weights go elsewhere.  Pareto dominance is a lead by all weights.
SELECT ahead, behind, round(lead::numeric, 4) AS lead, round(100 * robustness::numeric, 1) AS "%", weakest, round(weakest_lead::numeric, 4) AS weakest_lead
FROM tai_panel, tai_method, ci.lead_robustness(panel, methodology) WHERE name = 'equal';
SELECT round(100 * robustness::numeric, 1) AS "%", weakest FROM tai_panel, tai_method, ci.lead_robustness(panel, methodology, 'Sweden', 'Japan') WHERE name = 'equal';
-- a unit over all behind it, all ahead over it; a lead the other way round is none
SELECT count(*), count(*) FILTER (WHERE robustness = 1) AS dominated FROM tai_panel, tai_method, ci.lead_robustness(panel, methodology, 'Finland') WHERE name = 'equal';
SELECT count(*) FROM tai_panel, tai_method, ci.lead_robustness(panel, methodology, behind => 'Slovenia') WHERE name = 'equal';
SELECT ahead, behind, lead < 0 AS behind_indeed, robustness FROM tai_panel, tai_method, ci.lead_robustness(panel, methodology, 'Japan', 'Sweden') WHERE name = 'equal';
-- what robustness says: moved to the weakest indicator, that share of weight makes the two level
SELECT count(*), max(abs((1 - robustness) * lead + robustness * weakest_lead)) < 1e-15 AS level
FROM tai_panel, tai_method, ci.lead_robustness(panel, methodology) WHERE name = 'equal' AND robustness < 1;
SELECT count(*) AS pairs, count(*) FILTER (WHERE (robustness = 1) IS DISTINCT FROM dominates) AS differ
FROM tai_panel, tai_method, ci.necessary_order(panel, methodology, 0.99) AS o, ci.lead_robustness(panel, methodology, o.ahead, o.behind) WHERE name = 'equal';

-- Weights: within the interval nothing changes, just beyond it something does.
SELECT component, kind, weight, round(lower::numeric, 4) AS lower, round(upper::numeric, 4) AS upper
FROM tai_panel, tai_method, ci.weight_stability(panel, methodology) WHERE name = 'equal';
CREATE FUNCTION pg_temp.moved(m ci.methodology, moved_code text, moved_parent text, share float8) RETURNS ci.methodology LANGUAGE sql AS $$
	SELECT ci.weigh(m, array_agg(code), array_agg(CASE WHEN code = moved_code THEN share ELSE (1 - share) * weight / others END))
	FROM ci.components(m), (SELECT sum(weight) FROM ci.components(m) WHERE parent = moved_parent AND code <> moved_code) AS o (others)
	WHERE parent = moved_parent $$;
CREATE FUNCTION pg_temp.order_of(panel ci.panel, m ci.methodology, kind text, top int) RETURNS text LANGUAGE sql AS $$
	SELECT CASE kind WHEN 'leader' THEN string_agg(unit, ' ' ORDER BY unit) FILTER (WHERE rank = 1) WHEN 'top' THEN string_agg(unit, ' ' ORDER BY unit) FILTER (WHERE rank <= top)
		ELSE string_agg(unit, ' ' ORDER BY rank, unit) END FROM ci.rank(panel, m) $$;
CREATE FUNCTION pg_temp.check(panel ci.panel, m ci.methodology, top int, OUT intervals bigint, OUT ends bigint, OUT changed_within bigint, OUT kept_beyond bigint) LANGUAGE sql AS $$
	SELECT count(DISTINCT (component, kind)), count(*) FILTER (WHERE turn), count(*) FILTER (WHERE (SELECT pg_temp.order_of(panel, pg_temp.moved(m, component, parent, greatest(0, least(1, bound - side * 1e-6))), kind, top)) <> pg_temp.order_of(panel, m, kind, top)),
		count(*) FILTER (WHERE turn AND (SELECT pg_temp.order_of(panel, pg_temp.moved(m, component, parent, greatest(0, least(1, bound + side * 1e-6))), kind, top)) = pg_temp.order_of(panel, m, kind, top))
	FROM ci.weight_stability(panel, m, top => top), LATERAL (VALUES (lower, -1, lower > 0), (upper, 1, upper < 1)) AS e (bound, side, turn) $$;
SELECT name, c.* FROM tai_panel, tai_method, pg_temp.check(panel, methodology, 5) AS c WHERE name IN ('equal', 'budget') ORDER BY name;
SELECT count(*) AS panels, sum(intervals) AS intervals, sum(ends) > 0 AS ends, sum(changed_within) AS changed_within, sum(kept_beyond) AS kept_beyond
FROM generate_series(1, 30) AS seed, LATERAL (SELECT ci.panel_agg('u' || u, 'x' || x, CASE WHEN abs(hashint8extended(100 * u + x, seed) % 100) >= 15 OR x = 1 THEN abs(hashint8extended(u + 100 * x, seed) % 1000003) END) AS panel
	FROM generate_series(1, 6) AS u, generate_series(1, 4) AS x) AS p,
	pg_temp.check(panel, '{"components": [{"code": "i", "direction": -1}, {"code": "x1", "parent": "i", "weight": 2}, {"code": "d", "parent": "i", "direction": -1, "weight": 3}, {"code": "x2", "parent": "d"},
		{"code": "x3", "parent": "d"}, {"code": "x4", "parent": "i", "direction": -1}]}', 2);

-- Only one component; then only what is above it must be a sum.
CREATE TEMP TABLE g AS SELECT panel, ci.amend(methodology, '{"components": [{"code": "tai", "normalise": {"to": [1, 2]}}, {"code": "creation", "aggregate": "geometric"}]}') AS m FROM tai_panel, tai_method WHERE name = 'equal';
SELECT component, kind, round(lower::numeric, 3) AS lower, round(upper::numeric, 3) AS upper FROM g, ci.weight_stability(panel, m, 'creation', 1);
-- Gaps: two units that do not have the same indicators have no common measure.
CREATE TEMP TABLE two AS SELECT ci.panel_agg(unit, period, '{x,y}', cells) AS panel, '{"components": [{"code": "i", "normalise": "none"}, {"code": "x", "parent": "i"}, {"code": "y", "parent": "i"}]}'::ci.methodology AS m
FROM (VALUES ('a', 1, '{10,0}'::float8[]), ('b', 1, '{4,5}'), ('c', 1, '{4,NULL}'), ('d', 1, '{3,NULL}'), ('a', 2, '{1,1}'), ('b', 2, '{1,1}')) AS v (unit, period, cells);
SELECT l.* FROM two, ci.lead_robustness(panel, m) AS l;
SELECT s.* FROM two, ci.weight_stability(panel, m) AS s;
SELECT count(*) FROM two, ci.weight_stability(NULL, m) UNION ALL SELECT count(*) FROM two, ci.weight_stability(panel, NULL) UNION ALL SELECT count(*) FROM two, ci.lead_robustness(panel, NULL) UNION ALL SELECT count(*) FROM two, ci.weight_stability(panel, m, top => NULL);
SELECT count(*) FROM two, ci.lead_robustness(panel, '{"components": [{"code": "i", "normalise": "none"}, {"code": "x", "parent": "i"}]}', period => 1) WHERE robustness = 1 AND weakest = 'i';
