-- Outranking and voting rules, against published tables: profiles of the OECD/JRC
-- Handbook on Constructing Composite Indicators (2008), section 6.12.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;	-- the planner expects more rows than there are
\pset null ~

-- A root and the indicators of a panel, as they are.
CREATE FUNCTION pg_temp.by(panel ci.panel, aggregate jsonb, top jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql
	RETURN ci.amend(ci.default_methodology(panel), top || jsonb_build_object('components', jsonb_build_array(
		jsonb_build_object('code', 'index', 'normalise', 'none', 'aggregate', aggregate)) || coalesce(top -> 'components', '[]')));
-- Units with their scores, the best first.
CREATE FUNCTION pg_temp.ranking(panel ci.panel, methodology ci.methodology) RETURNS text LANGUAGE sql
	RETURN (SELECT string_agg(unit || ' ' || coalesce(trim_scale(round(score::numeric, 6))::text, '~'), ', ' ORDER BY rank, unit COLLATE "C") FROM ci.rank(panel, methodology));

-- Profiles: so many indicators put the units in this order, the best first. A panel
-- has an indicator for each of them, another one for each order.
CREATE TEMP TABLE profile (name text, n int, ranking text);
INSERT INTO profile VALUES
	('Table 25', 3, 'abcd'), ('Table 25', 5, 'acbd'), ('Table 25', 7, 'bdca'), ('Table 25', 6, 'cbda'),
	('Table 28', 23, 'abc'), ('Table 28', 17, 'bca'), ('Table 28', 2, 'bac'), ('Table 28', 10, 'cab'), ('Table 28', 8, 'cba'),
	('Table 31', 3, 'cbad'), ('Table 31', 2, 'badc'), ('Table 31', 2, 'adcb'),
	('Table 31 without d', 3, 'cba'), ('Table 31 without d', 2, 'bac'), ('Table 31 without d', 2, 'acb');
CREATE TEMP TABLE vote AS
SELECT name, ci.panel_agg(unit, 0, ranking || i, -place) AS panel,
	ci.panel_agg(unit, 0, ranking, -place) FILTER (WHERE i = 1) AS orders,
	(SELECT jsonb_build_object('components', jsonb_agg(jsonb_build_object('code', ranking, 'weight', n))) FROM profile q WHERE q.name = p.name) AS weights
FROM profile p, generate_series(1, n) i, string_to_table(ranking, NULL) WITH ORDINALITY u (unit, place)
GROUP BY name;

-- Table 25: Borda 44 b, 38 c, 24 a, 20 d; the Condorcet order is c b d a, which
-- Copeland's scores follow. Table 28: Borda 69 b, 58 a, 53 c; majorities go round.
-- Table 31: a 13, b 12, c 11, d 6; without d, whom all put behind a, c 8, b 7, a 6.
SELECT name, method, pg_temp.ranking(panel, pg_temp.by(panel, to_jsonb(method)))
FROM vote, unnest('{borda,copeland}'::text[]) method ORDER BY name COLLATE "C", method;

-- Indicators with weights count as so many: Borda's points are then those of
-- weights with a mean of 1.
SELECT name, method, bool_and(abs(a.score - CASE method WHEN 'borda' THEN k.n::float8 / k.kinds ELSE 1 END * b.score) < 1e-12) AS same
FROM vote JOIN (SELECT name, sum(n) AS n, count(*) AS kinds FROM profile GROUP BY name) k USING (name), unnest('{borda,copeland}'::text[]) method,
	ci.rank(panel, pg_temp.by(panel, to_jsonb(method))) a JOIN ci.rank(orders, pg_temp.by(orders, to_jsonb(method), weights)) b USING (unit)
GROUP BY name, method ORDER BY name COLLATE "C", method;
