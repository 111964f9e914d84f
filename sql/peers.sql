-- What other tools get wrong: the cases that the tests of each stage do not have.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
\pset null ~
\set SHOW_CONTEXT never

CREATE FUNCTION pg_temp.methodology(root jsonb, leaf jsonb DEFAULT '{}', VARIADIC codes text[] DEFAULT '{x,y}') RETURNS ci.methodology LANGUAGE sql
	RETURN (SELECT jsonb_build_object('components', '[]'::jsonb || ('{"code": "index", "normalise": "none"}'::jsonb || root)
		|| jsonb_agg('{"parent": "index"}'::jsonb || leaf || jsonb_build_object('code', code)))::ci.methodology FROM unnest(codes) AS code);

-- COINr takes any character before an x out of names when it compares editions;
-- they come back as they went in.
CREATE TEMP TABLE edition AS
SELECT ci.panel_agg(unit, period, indicator, value) AS panel, pg_temp.methodology('{}', '{}', 'gdp.x', 'ax', 'x') AS methodology
FROM (VALUES ('a.x'), ('bx'), ('x')) u (unit), (VALUES ('gdp.x'), ('ax'), ('x')) i (indicator), generate_series(1, 2) period,
	LATERAL (SELECT (length(unit) * length(indicator) * period * 7 % 11)::float8) v (value);
SELECT array_agg(DISTINCT unit ORDER BY unit) AS units FROM edition, ci.rank_change(panel, methodology, 1, panel, methodology, 2);
SELECT array_agg(DISTINCT component ORDER BY component) AS components FROM edition, ci.score_change(panel, methodology, 1, panel, methodology, 2);

-- COINr's choice of periods fails for several and for one.
SELECT ci.periods(ci.subset(panel, ARRAY[1, 2])) AS several, ci.periods(ci.subset(panel, ARRAY[2])) AS one FROM edition;

-- COINr's growth is NaN where the sign changes: an error that says so.
SELECT ci.cagr(value, period) FROM (VALUES (-1, 2020), (1, 2022)) v (value, period); \echo :SQLSTATE

-- COINr's power mean is missing if any child is; Compind's is 1, or the mean of the
-- powers divided by p.  sqrt((9 + 16) / 2), also beside a gap.
SELECT unit, round(score::numeric, 12) AS score, round(sqrt(12.5), 12) AS formula
FROM (SELECT ci.panel_agg(unit, indicator, value) AS panel FROM (VALUES ('gap', 'x', 3), ('gap', 'y', 4), ('gap', 'z', NULL), ('whole', 'x', 3), ('whole', 'y', 4), ('whole', 'z', sqrt(12.5))) v (unit, indicator, value)) p,
	ci.rank(panel, pg_temp.methodology('{"aggregate": {"method": "power", "p": 2}}', '{}', 'x', 'y', 'z'))
ORDER BY unit;

-- Compind's AMPI has one sign for both polarities, rounds to three places, and
-- stops where a unit lacks a period.  90 and 110: mean 100, S 10, penalty 1; 100 and
-- 100 1/3: mean 601/6, S 1/6, penalty 1/3606.
CREATE TEMP TABLE unbalanced AS
SELECT ci.panel_agg(unit, period, '{x,y}', ARRAY[x, y]) AS panel
FROM (VALUES ('even', 1, 100, 100 + 1 / 3.0), ('even', 2, 100, 100), ('odd', 2, 90, 110)) v (unit, period, x, y);
SELECT period, unit, polarity, round(score::numeric, 9) AS score
FROM unbalanced, unnest('{positive,negative}'::text[]) AS polarity,
	ci.rank(panel, pg_temp.methodology(jsonb_build_object('aggregate', jsonb_build_object('method', 'ampi', 'polarity', polarity))))
ORDER BY period, unit, polarity;
SELECT round(601 / 6.0 - 1 / 3606.0, 9) AS positive, round(601 / 6.0 + 1 / 3606.0, 9) AS negative;

-- Compind refuses negative values under z-scores: -3, 0, 3 have sd 3.
SELECT unit, score FROM (SELECT ci.panel_agg(unit, 'x', x) AS panel FROM (VALUES ('a', -3), ('b', 0), ('c', 3)) v (unit, x)) p,
	ci.rank(panel, pg_temp.methodology('{"normalise": "zscore"}', '{}', 'x')) ORDER BY unit;

-- Indicator rounds all data when it imputes: what is observed keeps its bits.
SELECT period, raw, imputed, imputed = raw AS as_observed
FROM (SELECT ci.panel_agg('a', period, 'x', x) AS panel FROM (VALUES (1, 0.12345678901234567), (2, NULL), (3, 1e-300)) v (period, x)) p,
	ci.explain(panel, pg_temp.methodology('{"impute": "linear"}', '{}', 'x'))
WHERE component = 'x' ORDER BY period;
