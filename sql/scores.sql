-- Scores and ranks of every component.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;	-- the planner expects more rows than there are
\pset null ~

-- All of it: components as the methodology lists them, by rank within each,
-- units without a rank last.  harm keeps its own score, and its rank 1 is the
-- lowest; it enters index as 100 - s.  wait is a leaf, so it is turned already.
-- d is excluded and c, in period 8, is screened: scores, but no rank anywhere.
CREATE TEMP TABLE small AS
SELECT ci.panel_agg(unit, period, '{crime,noise,parks,wait}', cells) AS panel, '{
	"screen": {"exclude": ["d"]},
	"components": [
		{"code": "parks", "parent": "index"},
		{"code": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 100}},
		{"code": "harm", "parent": "index", "direction": -1},
		{"code": "noise", "parent": "harm"},
		{"code": "crime", "parent": "harm"},
		{"code": "wait", "parent": "index", "direction": -1}]}'::ci.methodology AS methodology
FROM (VALUES ('a', 7, '{10,50,50,10}'::float8[]), ('b', 7, '{60,20,NULL,30}'), ('c', 7, '{60,20,80,60}'), ('d', 7, '{0,0,100,0}'),
	('c', 8, '{NULL,NULL,50,NULL}'), ('a', 8, '{NULL,NULL,NULL,NULL}')) v (unit, period, cells);
SELECT s.* FROM small, ci.scores(panel, methodology) s;

-- The root's rows are those of ci.rank.
SELECT count(*) AS rows, count(*) FILTER (WHERE (s.score, s.rank, s.n_ranked, s.coverage, s.imputed_share)
	IS DISTINCT FROM (r.score, r.rank, r.n_ranked, r.coverage, r.imputed_share)) AS differ
FROM small, ci.rank(panel, methodology) r FULL JOIN ci.scores(panel, methodology) s USING (period, unit) WHERE s.depth = 0;

-- Every component is ranked as the root of a methodology would be: by the rule
-- of ties and decimals, and against SQL's own ranks.  40 units × 3 periods.
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
CREATE TEMP TABLE random AS
SELECT ci.panel_agg('u' || u, p, 'i' || i,
		CASE WHEN pg_temp.noise(u + 100 * p, 10 + i) > 0.15 THEN round(20 * pg_temp.noise(u + 100 * p, i)) END) AS panel, '{
	"rank": {"ties": "max", "decimals": 0}, "screen": {"min_coverage": 0.8},
	"components": [
		{"code": "index", "direction": -1, "normalise": {"to": [10, 0]}},
		{"code": "B", "parent": "index", "direction": -1, "aggregate": "median"}, {"code": "A", "parent": "index", "rescale": {"to": [10, 0]}},
		{"code": "i1", "parent": "A"}, {"code": "i2", "parent": "A", "direction": -1}, {"code": "i3", "parent": "A"},
		{"code": "i4", "parent": "B"}, {"code": "i5", "parent": "B", "direction": -1}, {"code": "i6", "parent": "B"}]}'::ci.methodology AS methodology
FROM generate_series(1, 40) u, generate_series(1, 3) p, generate_series(1, 6) i;
CREATE TEMP TABLE scored AS
SELECT s.*, r.status FROM random, ci.scores(panel, methodology) WITH ORDINALITY s JOIN ci.rank(panel, methodology) r USING (period, unit);
WITH expected AS (
	SELECT period, component, unit, count(*) OVER w AS rank, count(*) OVER (PARTITION BY period, component) AS n
	FROM scored WHERE status = 'ranked' AND score IS NOT NULL
	WINDOW w AS (PARTITION BY period, component
		ORDER BY CASE WHEN component IN ('index', 'B') THEN 1 ELSE -1 END * round(score::numeric, 0) RANGE UNBOUNDED PRECEDING))
SELECT s.component, count(*) AS scores, count(s.rank) < count(s.score) AS some_screened, count(s.score) < count(*) AS some_missing,
	count(*) FILTER (WHERE s.rank IS DISTINCT FROM e.rank) AS wrong_ranks, count(*) FILTER (WHERE s.n_ranked IS DISTINCT FROM n.n) AS wrong_n
FROM scored s LEFT JOIN expected e USING (period, component, unit)
LEFT JOIN (SELECT DISTINCT period, component, n FROM expected) n USING (period, component)
GROUP BY s.component, s.parent, s.depth ORDER BY s.depth, s.component COLLATE "C";
-- … parent and depth are the tree's; the order is period, component, rank, unit
SELECT count(*) AS rows, count(*) FILTER (WHERE s.parent IS DISTINCT FROM c.parent OR s.depth IS DISTINCT FROM c.depth) AS wrong_place,
	count(*) FILTER (WHERE s.ordinality <> s.place) AS wrong_order
FROM random, ci.components(methodology) c JOIN (
	SELECT scored.*, row_number() OVER (ORDER BY period, position, rank NULLS LAST, unit COLLATE "C") AS place
	FROM scored JOIN random ON true JOIN ci.components(methodology) k ON k.code = component) s ON s.component = c.code;
-- … and coverage is the share of the indicators below that are observed
SELECT count(*) AS rows, count(*) FILTER (WHERE abs(s.coverage - o.share) > 1e-12 OR s.imputed_share <> 0) AS wrong
FROM scored s JOIN (
	SELECT period, unit, component, avg((value IS NOT NULL)::int) AS share
	FROM random, ci.observations(panel) JOIN (VALUES ('index', '{i1,i2,i3,i4,i5,i6}'::text[]), ('A', '{i1,i2,i3}'), ('B', '{i4,i5,i6}'),
		('i1', '{i1}'), ('i2', '{i2}'), ('i3', '{i3}'), ('i4', '{i4}'), ('i5', '{i5}'), ('i6', '{i6}')) b (component, below) ON indicator = ANY (below)
	GROUP BY period, unit, component) o USING (period, unit, component);

SELECT count(*) FROM ci.scores(NULL, '{"components": [{"code": "x"}]}');
SELECT count(*) FROM small, ci.scores(panel, NULL);
