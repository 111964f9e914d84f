-- Methodologies: text form, inheritance, digests, rows, changes, iMeta.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET search_path = public, ci;	-- for the operators
\pset null ~

-- Text form: compact, keys and numbers as they were written
SELECT '{ "name" : "A",
  "components" : [ {"code":"a", "weight": 1.50, "meta": {"z": 1e2, "a": [true, null, "\u0041\n\"\\"]}} ] }'::ci.methodology;
-- out and in again gives the same text; so do jsonb and back but for the order of keys
CREATE TEMPORARY TABLE hdi AS SELECT '{
  "name": "Human Development Index", "version": "2010",
  "rank": {"ties": "min", "decimals": 3}, "on_nonpositive": "zero",
  "components": [
    {"code": "hdi", "label": "Human development", "aggregate": "geometric", "min_coverage": 1,
     "normalise": {"method": "goalposts", "clamp": true, "to": [0, 1]}},
    {"code": "health",    "parent": "hdi", "indicator": "le", "normalise": {"lower": 20, "upper": 85}},
    {"code": "education", "parent": "hdi"},
    {"code": "eys",       "parent": "education", "normalise": {"lower": 0, "upper": 18}},
    {"code": "mys",       "parent": "education", "normalise": {"lower": 0, "upper": 15}},
    {"code": "income",    "parent": "hdi", "indicator": "gnipc",
     "normalise": {"lower": 100, "upper": 75000, "transform": "log"}}]}'::ci.methodology AS m;
SELECT m::text::ci.methodology::text = m::text AS text_again, m::jsonb::ci.methodology = m AS jsonb_again,
	ci.methodology_send(m) = '\x01'::bytea || convert_to(m::text, 'UTF8') AS binary_form
FROM hdi;
-- binary form, through COPY
\copy hdi TO PROGRAM 'cat >"${PG_ABS_BUILDDIR:-.}/results/methodology.bin"' (FORMAT binary)
CREATE TEMPORARY TABLE copied (m ci.methodology);
\copy copied FROM PROGRAM 'cat "${PG_ABS_BUILDDIR:-.}/results/methodology.bin"; rm "${PG_ABS_BUILDDIR:-.}/results/methodology.bin"' (FORMAT binary)
SELECT copied.m::text = hdi.m::text AS same_text, copied.m = hdi.m AS equal FROM copied, hdi;
-- of another version, or cut short: a row of one column, a length, and the bytes of a methodology
\copy copied FROM PROGRAM 'printf "PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\003\011{}\377\377"' (FORMAT binary)
\copy copied FROM PROGRAM 'printf "PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\002\001{\377\377"' (FORMAT binary)
\copy copied FROM PROGRAM 'printf "PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000\000\001\000\000\000\000\377\377"' (FORMAT binary)

-- Components: inheritance settled, defaults filled in
SELECT code, parent, label, indicator, depth, position, round(effective_weight::numeric, 4) AS share,
	min_coverage, min_count, aggregate
FROM hdi, ci.components(m);
SELECT code, normalise - '{clamp,to,scope}'::text[] AS normalise FROM hdi, ci.components(m) WHERE normalise IS NOT NULL;
SELECT DISTINCT normalise - '{lower,upper,transform}'::text[] AS inherited FROM hdi, ci.components(m) WHERE normalise IS NOT NULL;
-- a string or "method" replaces, an object without refines, "none" switches off; rescale, aggregate,
-- units are not inherited
SELECT code, normalise, rescale, aggregate, units, direction, weight, effective_weight AS share, meta
FROM ci.components('{"components": [
  {"code": "i", "normalise": {"upper": "p97.50", "scope": [2021, 2019, 2021]}, "rescale": "zscore", "units": "eu", "weight": 7},
  {"code": "inherits", "parent": "i", "meta": 1},
  {"code": "refines",  "parent": "i", "normalise": {"lower": 0, "scope": {"by": "region", "units": ["FRA", "DEU", "FRA"]}}, "weight": 2},
  {"code": "replaces", "parent": "i", "normalise": {"method": "minmax", "upper": {"unit": "DEU"}}, "units": ["FRA"], "weight": 0},
  {"code": "named",    "parent": "i", "normalise": "percentile_rank", "rescale": "none", "weight": 0},
  {"code": "raw",      "parent": "i", "normalise": "none", "rescale": {}, "weight": 0},
  {"code": "inner",    "parent": "i", "normalise": {"method": "zscore", "clamp": [-3, 3]}, "direction": -1, "rescale": {"to": [0, 100]}},
  {"code": "x",        "parent": "inner", "normalise": {"population": true, "mean": 5}},
  {"code": "y",        "parent": "inner", "normalise": {"transform": {"method": "boxcox", "lambda": 0.5, "offset": 1}}}]}') \gx

-- Equal digests: what judges alike, however it is spelled
CREATE FUNCTION pg_temp.doc(root text, leaf text DEFAULT '', top text DEFAULT '') RETURNS ci.methodology LANGUAGE sql
	RETURN ('{"components": [{"code": "i"' || root || '}, {"code": "a", "parent": "i"' || leaf
			|| '}, {"code": "b", "parent": "i"}]' || top || '}')::ci.methodology;
SELECT what, doc = pg_temp.doc('') AS equal FROM (VALUES
	('name, version',    pg_temp.doc('', '', ', "name": "x", "version": "1"')),
	('label, meta',      pg_temp.doc(', "label": "x"', ', "meta": 1')),
	('order',            '{"components": [{"code": "b", "parent": "i"}, {"parent": "i", "code": "a"}, {"code": "i"}]}'),
	('defaults',         pg_temp.doc(', "aggregate": "arithmetic", "min_coverage": 0, "min_count": 1, "direction": 1, "weight": 1.0',
									 ', "indicator": "a", "weight": 1e0, "rescale": "none", "impute": "none"',
									 ', "rank": {"ties": "min", "decimals": 9}, "on_constant": "error", "on_nonpositive": "error"')),
	('weight of root',   pg_temp.doc(', "weight": 5')),
	('inherited',        pg_temp.doc(', "normalise": {"method": "minmax", "lower": "p0", "upper": "p100.0", "to": [0, 1e2]}')),
	('own',              pg_temp.doc('', ', "normalise": {"lower": "min", "clamp": false, "transform": "none", "scope": {"periods": "period"}}')),
	('-0',               pg_temp.doc('', ', "normalise": {"to": [-0.0, 100]}')))
	v (what, doc);
-- Different digests: what can change a number
SELECT what, doc = pg_temp.doc('') AS equal FROM (VALUES
	('screen',           pg_temp.doc('', '', ', "screen": {}')),
	('ties',             pg_temp.doc('', '', ', "rank": {"ties": "max"}')),
	('decimals',         pg_temp.doc('', '', ', "rank": {"decimals": 3}')),
	('on_constant',      pg_temp.doc('', '', ', "on_constant": "missing"')),
	('on_nonpositive',   pg_temp.doc('', '', ', "on_nonpositive": 0.5')),
	('code',             '{"components": [{"code": "j"}, {"code": "a", "parent": "j"}, {"code": "b", "parent": "j"}]}'),
	('weight',           pg_temp.doc('', ', "weight": 1.0000000000000002')),
	('direction',        pg_temp.doc('', ', "direction": -1')),
	('direction, root',  pg_temp.doc(', "direction": -1')),
	('units',            pg_temp.doc('', ', "units": "eu"')),
	('units, listed',    pg_temp.doc('', ', "units": ["eu"]')),
	('indicator',        pg_temp.doc('', ', "indicator": "b"')),
	('rescale',          pg_temp.doc('', ', "rescale": "minmax"')),
	('aggregate',        pg_temp.doc(', "aggregate": "median"')),
	('min_coverage',     pg_temp.doc(', "min_coverage": 0.5')),
	('min_count',        pg_temp.doc(', "min_count": 2')),
	('clamp',            pg_temp.doc(', "normalise": {"clamp": true}')),
	('scope',            pg_temp.doc(', "normalise": {"scope": "panel"}')),
	('scope, by',        pg_temp.doc(', "normalise": {"scope": {"by": "region"}}')))
	v (what, doc);
-- a list in another order, and names that could run into each other
SELECT pg_temp.doc('', ', "units": ["x", "y", "x"]') = pg_temp.doc('', ', "units": ["y", "x"]') AS set_of_units,
	pg_temp.doc('', ', "units": ["x", "y"]') = pg_temp.doc('', ', "units": ["x\",\"y"]') AS quoted;
-- a digest is for good
SELECT m::text LIKE '%Human%' AS is_hdi, ci.digest(m), encode(ci.digest(pg_temp.doc('')), 'hex') AS default FROM hdi;

-- Comparison: by digest, so in an order that means nothing but is one
CREATE TEMPORARY TABLE several (n int, m ci.methodology);
INSERT INTO several SELECT n, pg_temp.doc('', format(', "weight": %s, "meta": %s', 1 + n % 3, n)) FROM generate_series(1, 12) n;
SELECT count(*), count(DISTINCT m) FROM several;
SELECT count(*) AS groups, sum(size) FROM (SELECT count(*) AS size FROM several GROUP BY m) s;
SELECT bool_and(before <= m) AS ascending, bool_and((before < m) = (before <> m)) AS consistent,
	bool_and((before >= m) = (before = m)) AS and_back, bool_or(before > m) AS descending
FROM (SELECT m, lag(m) OVER (ORDER BY m) AS before FROM several) s;
SET enable_hashjoin = off; SET enable_nestloop = off;
SELECT count(*) FROM several s JOIN several t USING (m);
RESET enable_hashjoin; SET enable_mergejoin = off;
SELECT count(*) FROM several s JOIN several t USING (m);
RESET enable_nestloop; RESET enable_mergejoin;
SELECT count(DISTINCT ci.methodology_hash(m)) AS hashes, count(DISTINCT ci.methodology_hash_extended(m, 1)) AS extended,
	bool_and(ci.methodology_hash(m) = ci.methodology_hash_extended(m, 0)::bit(32)::int) AS agree
FROM several;
CREATE INDEX ON several (m);
CREATE INDEX ON several USING hash (m);
SET enable_seqscan = off;
SELECT count(*) FROM several WHERE m = pg_temp.doc('', ', "weight": 2');
RESET enable_seqscan;

-- ci.amend: top keys replace, components merge by code, null removes
SELECT ci.amend(pg_temp.doc('', '', ', "name": "x", "rank": {"ties": "max", "decimals": 2}'),
	'{"name": null, "rank": {"decimals": 1}, "version": "2"}');
SELECT ci.amend(pg_temp.doc('', ', "weight": 2, "normalise": {"to": [0, 100], "clamp": true}'),
	'{"components": [{"code": "a", "weight": null, "normalise": {"lower": 0}, "label": "A"},
		{"code": "c", "parent": "i", "label": null, "weight": 3}, {"code": "b", "remove": true}]}');
-- removed and added again: as new, and last
SELECT ci.amend(pg_temp.doc('', ', "weight": 2'), '{"components": [{"code": "a", "remove": true}, {"code": "a", "parent": "i", "remove": false}]}');
-- a parent and its child at once; nothing
SELECT ci.amend(hdi.m, '{"components": [{"code": "education", "remove": true}, {"code": "eys", "parent": "hdi"}, {"code": "mys", "remove": true}]}')::jsonb
	#> '{components,2}' AS moved,
	ci.amend(m, '{}')::text = m::text AS nothing, ci.amend(m, '{"components": []}')::text = m::text AS no_component
FROM hdi;

-- ci.methodology_agg: the rows of ci.components give the methodology back, but for what is no component's
SELECT ci.amend(ci.methodology_agg(to_jsonb(c)), '{"rank": {"decimals": 3}, "on_nonpositive": "zero"}') = m AS same
FROM hdi, ci.components(m) c GROUP BY m;
CREATE TEMPORARY TABLE framework (line int, code text, parent text, weight numeric, direction smallint, units text[], normalise jsonb, min_count int);
INSERT INTO framework VALUES
	(1, 'i', NULL, NULL, NULL, NULL, '{"to": [0, 1]}', 2),
	(2, 'a', 'i', 2.5, 1, '{FRA,DEU}', NULL, NULL),
	(3, 'b', 'i', 1, -1, NULL, '"percentile_rank"', NULL),
	(4, 'c', 'i', 1, NULL, NULL, '{"method": "zscore", "mean": null, "to": [0.5, 0.2]}', NULL);
SELECT ci.methodology_agg(to_jsonb(f) - 'line' ORDER BY line) FROM framework f WHERE line < 3;
-- in the order of position if all rows have one
SELECT ci.methodology_agg(to_jsonb(f) - 'line' || jsonb_build_object('position', 10 - line, 'depth', 7) ORDER BY line) FROM framework f WHERE line < 3;
SELECT ci.methodology_agg(to_jsonb(f) - 'line' || jsonb_build_object('position', nullif(10 - line, 8)) ORDER BY line) FROM framework f WHERE line < 3;
-- no rows; grouped; in parallel
SELECT ci.methodology_agg(to_jsonb(f)) FROM framework f WHERE false;
SELECT ci.methodology_from_rows('{}');
SELECT set, ci.methodology_agg(to_jsonb(f) - 'line' || jsonb_build_object('weight', weight * set) ORDER BY line)::jsonb #> '{components,1,weight}' AS weight
FROM framework f, generate_series(1, 2) set WHERE line < 3 GROUP BY set ORDER BY set;
CREATE TABLE many AS SELECT to_jsonb(c) AS c FROM ci.components((
	SELECT ci.methodology_agg(jsonb_build_object('code', 'c' || n, 'parent', 'c' || nullif(n / 2, 0), 'position', n))
	FROM generate_series(1, 2000) n)) c;
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;
ALTER TABLE many SET (parallel_workers = 2);
EXPLAIN (COSTS OFF) SELECT ci.methodology_agg(c) FROM many;
CREATE TEMPORARY TABLE two AS SELECT ci.methodology_agg(c) AS parallel FROM many;
SET max_parallel_workers_per_gather = 0;
SELECT parallel::text = ci.methodology_agg(c)::text AS same, count(*) FROM two, many GROUP BY parallel::text;
RESET parallel_setup_cost; RESET parallel_tuple_cost; RESET min_parallel_table_scan_size; RESET max_parallel_workers_per_gather;
DROP TABLE many;

-- COINr's iMeta, as it is read from a file: the names folded by PostgreSQL or not
CREATE TEMPORARY TABLE imeta ("Level" int, "iCode" text, "iName" text, "Direction" int, "Weight" float8, "Unit" text, "Target" float8,
	"Denominator" text, "Parent" text, "Type" text, "Source" text);
INSERT INTO imeta VALUES
	(1, 'Goods', 'Trade in goods', 1, 1, 'Trillion USD', 1.76, NULL, 'Conn', 'Indicator', 'ITC'),
	(1, 'CO2', 'Emissions', -1, 0.5, 'Tonnes', NULL, NULL, 'Sust', 'Indicator', NULL),
	(1, 'Forest', 'Forest', 1, 1, '%', NULL, NULL, 'Sust', 'Indicator', NULL),
	(2, 'Conn', 'Connectivity', 1, 1, 'Score', NULL, NULL, 'Index', 'Aggregate', NULL),
	(2, 'Sust', 'Sustainability', 1, 1, 'Score', NULL, NULL, 'Index', 'Aggregate', NULL),
	(3, 'Index', 'Sustainable connectivity', 1, 1, 'Score', NULL, NULL, NULL, 'Aggregate', NULL),
	(NULL, 'Pop', 'Population', NULL, NULL, 'Millions', NULL, NULL, NULL, 'Denominator', NULL),
	(NULL, 'GDP_group', 'GDP group', NULL, NULL, NULL, NULL, NULL, NULL, 'Group', NULL),
	(NULL, 'Note', 'Note', NULL, NULL, NULL, NULL, NULL, NULL, 'Other', NULL);
SELECT code, parent, label, indicator, depth, weight, direction, effective_weight, meta
FROM ci.components((SELECT ci.methodology_agg(to_jsonb(i)) FROM imeta i));
SELECT ci.methodology_agg(to_jsonb(i) - 'Source' ORDER BY "iCode")::text
		= ci.methodology_agg((SELECT jsonb_object_agg(lower(key), value) FROM jsonb_each(to_jsonb(i) - 'Source')) ORDER BY "iCode")::text AS same
FROM imeta i;
-- parameters, as Normalise takes them with use_iMeta; a column that is a key of a component
SELECT code, normalise - '{method,scope,transform,population}'::text[] AS normalise, normalise ->> 'method' AS method
FROM ci.components((SELECT ci.methodology_agg(jsonb_build_object('iCode', 'x' || n, 'Type', 'Indicator', 'Parent', 'r', 'Level', 1) || j ORDER BY n)
	FROM (VALUES (1, jsonb '{"iCode": "r", "Parent": null, "Type": "Aggregate", "Level": 2, "aggregate": "median"}'),
		(2, '{"minmax_lower": 1, "minmax_upper": 10, "rescale": "minmax"}'),
		(3, '{"scaled_lower": 5, "scaled_upper": 50, "scale_factor": 10, "rescale": "minmax", "goalpost_scale": null}'),
		(4, '{"scaled_lower": 5, "scaled_upper": 50}'),
		(5, '{"goalpost_lower": 5, "goalpost_upper": 50, "goalpost_scale": 100, "goalpost_trunc2posts": false}'),
		(6, '{"goalpost_lower": 5, "goalpost_upper": 50, "goalpost_scale": 100, "goalpost_trunc2posts": null}'),
		(7, '{"zscore_mean": 10, "zscore_sd": 2, "rescale": "minmax"}'),
		(8, '{"normalise": {"lower": 0}}')) v (n, j)))
WHERE depth > 0;

-- ci.default_methodology: order of the panel or as listed; a free code for the root
CREATE TEMPORARY TABLE p AS
SELECT ci.panel_agg(unit, 0, indicator, length(unit)) AS panel FROM unnest('{x,yy}'::text[]) unit, unnest('{index,gdp,index_2}'::text[]) indicator;
SELECT ci.default_methodology(panel) FROM p;
SELECT ci.default_methodology(panel, '{index,gdp}') FROM p;
SELECT ci.default_methodology(panel, indicators => '{gdp}') FROM p;
SELECT code, weight, effective_weight, direction, normalise, aggregate FROM p, ci.components(ci.default_methodology(panel, '{gdp}'));

-- ci.is_peer_independent
SELECT what, ci.is_peer_independent(m) FROM (
	SELECT 'hdi', m FROM hdi
	UNION ALL VALUES
	('estimated',       pg_temp.doc('')),
	('numbers',         pg_temp.doc(', "normalise": {"lower": 0, "upper": 1}')),
	('one estimated',   pg_temp.doc(', "normalise": {"lower": 0, "upper": 1}', ', "normalise": {"upper": "max"}')),
	('a unit',          pg_temp.doc(', "normalise": {"lower": 0, "upper": 1}', ', "normalise": {"upper": {"unit": "FRA"}}')),
	('not estimable',   pg_temp.doc(', "normalise": {"method": "goalposts", "lower": null, "upper": null}')),
	('z-scores',        pg_temp.doc(', "normalise": {"method": "zscore", "mean": 0, "sd": 1}')),
	('sd estimated',    pg_temp.doc(', "normalise": {"method": "zscore", "mean": 0}')),
	('ranks',           pg_temp.doc(', "normalise": "rank"')),
	('as they are',     pg_temp.doc(', "normalise": "none"')),
	('rescaled',        pg_temp.doc(', "normalise": "none", "rescale": "minmax"')),
	('by group',        pg_temp.doc(', "normalise": {"lower": 0, "upper": 1, "scope": {"by": "region"}}')))
	v (what, m);

-- NULL gives NULL, or no rows
SELECT ci.amend(NULL, '{}') AS amend, ci.amend(pg_temp.doc(''), NULL) AS patch, ci.digest(NULL::ci.methodology) AS digest,
	ci.default_methodology(NULL) AS default, ci.is_peer_independent(NULL) AS independent, ci.methodology_from_rows(NULL) AS rows;
SELECT count(*) FROM ci.components(NULL);

-- A function keeps its methodology from call to call, and sees when another comes
SELECT n, ci.is_peer_independent(pg_temp.doc(CASE WHEN n % 3 = 0 THEN ', "normalise": "none"' ELSE '' END)) FROM generate_series(1, 7) n;

-- Large ones: a chain, a fan, a list; compressed, out of line, and nested as deep as the stack allows
SELECT depth, position, effective_weight FROM ci.components((
	SELECT ('{"components": [{"code": "c1"}' || string_agg(format(', {"code": "c%s", "parent": "c%s"}', n, n - 1), '' ORDER BY n) || ']}')::ci.methodology
	FROM generate_series(2, 65535) n)) ORDER BY position DESC LIMIT 1;
CREATE TEMPORARY TABLE fan AS
SELECT ('{"components": [{"code": "r"}' || string_agg(format(', {"code": "c%s", "parent": "r"}', n), '' ORDER BY n) || ']}')::ci.methodology AS m
FROM generate_series(2, 65535) n;
SELECT count(*), sum(effective_weight)::numeric(8, 6) FROM fan, ci.components(m);
SELECT pg_column_size(m) < length(m::text) / 2 AS compressed, ci.digest(m) = ci.digest(m::text::ci.methodology) AS same FROM fan;
SELECT jsonb_array_length(units) AS units, length(units ->> 0) AS longest
FROM ci.components(('{"components": [{"code": "a", "units": ["' || repeat('x', 100000) || '", "'
	|| (SELECT string_agg('u' || n, '", "') FROM generate_series(1, 10000) n) || '"]}]}')::ci.methodology);
SELECT length((('{"components": [{"code": "a", "meta": ' || repeat('[', 1000) || repeat(']', 1000) || '}]}')::ci.methodology)::text) AS nested;
