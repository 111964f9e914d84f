-- The Technology Achievement Index: 23 countries, 8 indicators, 4 dimensions.
--
--   psql -X -f examples/tai.sql
--
-- Makes temporary tables only, may be run again.
--
-- Data: OECD/JRC, Handbook on Constructing Composite Indicators (2008), Table
-- A.2, first 23 countries; the values are those of UNDP, Human Development
-- Report 2001.  Telephones and electricity are given as logarithms (base 10).
-- Method: goalposts clamped to [0, 1], two indicators in each of four
-- dimensions, equal weights throughout.

\set quiet_before :QUIET
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;

DROP TABLE IF EXISTS pg_temp.tai, pg_temp.tai_panel, pg_temp.tai_method;

CREATE TEMP TABLE tai (
	country text PRIMARY KEY,
	patents numeric,			-- granted to residents, per million people, 1998
	royalties numeric,			-- and licence fees from abroad, US$ per 1000 people, 1999
	internet numeric,			-- hosts per 1000 people, 2000
	exports numeric,			-- of high and medium technology, % of goods exports, 1999
	telephones numeric,			-- lines per 1000 people, log10, 1999
	electricity numeric,		-- kWh per head, log10, 1998
	schooling numeric,			-- mean years, age 15 and above, 2000
	university numeric			-- gross enrolment in science at tertiary level, %, 1995-97
);

INSERT INTO tai VALUES
	('Finland',        187, 125.6, 200.2, 50.7, 3.08, 4.15, 10,   27.4),
	('United States',  289, 130,   179.1, 66.2, 3.00, 4.07, 12,   13.9),
	('Sweden',         271, 156.6, 125.8, 59.7, 3.10, 4.14, 11.4, 15.3),
	('Japan',          994, 64.6,  49,    80.8, 3.00, 3.86, 9.5,  10),
	('Korea',          779, 9.8,   4.8,   66.7, 2.97, 3.65, 10.8, 23.2),
	('Netherlands',    189, 151.2, 136,   50.9, 3.02, 3.77, 9.4,  9.5),
	('United Kingdom', 82,  134,   57.4,  61.9, 3.02, 3.73, 9.4,  14.9),
	('Canada',         31,  38.6,  108,   48.7, 2.94, 4.18, 11.6, 14.2),
	('Australia',      75,  18.2,  125.9, 16.2, 2.94, 3.94, 10.9, 25.3),
	('Singapore',      8,   25.5,  72.3,  74.9, 2.95, 3.83, 7.1,  24.2),
	('Germany',        235, 36.8,  41.2,  64.2, 2.94, 3.75, 10.2, 14.4),
	('Norway',         103, 20.2,  193.6, 19,   3.12, 4.39, 11.9, 11.2),
	('Ireland',        106, 110.3, 48.6,  53.6, 2.97, 3.68, 9.4,  12.3),
	('Belgium',        72,  73.9,  58.9,  47.6, 2.91, 3.86, 9.3,  13.6),
	('New Zealand',    103, 13,    146.7, 15.4, 2.86, 3.91, 11.7, 13.1),
	('Austria',        165, 14.8,  84.2,  50.3, 2.99, 3.79, 8.4,  13.6),
	('France',         205, 33.6,  36.4,  58.9, 2.97, 3.80, 7.9,  12.6),
	('Israel',         74,  43.6,  43.2,  45,   2.96, 3.74, 9.6,  11),
	('Spain',          42,  8.6,   21,    53.4, 2.86, 3.62, 7.3,  15.6),
	('Italy',          13,  9.8,   30.4,  51,   3.00, 3.65, 7.2,  13),
	('Czech Republic', 28,  4.2,   25,    51.7, 2.75, 3.68, 9.5,  8.2),
	('Hungary',        26,  6.2,   21.6,  63.5, 2.73, 3.46, 9.1,  7.7),
	('Slovenia',       105, 4,     20.3,  49.5, 2.84, 3.71, 7.1,  10.6);

-- What was observed: one panel of one period.
CREATE TEMP TABLE tai_panel AS
SELECT ci.panel_agg(country, 2001, to_jsonb(tai) - 'country') AS panel
FROM tai;

-- How it is judged.  The goalposts of telephones and electricity are log10 of
-- 1 and 901 lines, and of 22 and 6969 kWh.
CREATE TEMP TABLE tai_method (name text PRIMARY KEY, methodology ci.methodology);

INSERT INTO tai_method VALUES ('equal', $$
{ "name": "Technology Achievement Index", "version": "UNDP 2001",
  "components": [
    { "code": "tai",         "normalise": { "method": "goalposts", "clamp": true, "to": [0, 1] } },
    { "code": "creation",    "parent": "tai", "label": "Creation of technology" },
    { "code": "patents",     "parent": "creation", "normalise": { "lower": 0,   "upper": 994 } },
    { "code": "royalties",   "parent": "creation", "normalise": { "lower": 0,   "upper": 272.6 } },
    { "code": "recent",      "parent": "tai", "label": "Diffusion of recent innovations" },
    { "code": "internet",    "parent": "recent",   "normalise": { "lower": 0,   "upper": 232.4 } },
    { "code": "exports",     "parent": "recent",   "normalise": { "lower": 0,   "upper": 80.8 } },
    { "code": "old",         "parent": "tai", "label": "Diffusion of old innovations" },
    { "code": "telephones",  "parent": "old",      "normalise": { "lower": 0,   "upper": 2.954724790979063 } },
    { "code": "electricity", "parent": "old",      "normalise": { "lower": 1.3424226808222062, "upper": 3.843170464519898 } },
    { "code": "skills",      "parent": "tai", "label": "Human skills" },
    { "code": "schooling",   "parent": "skills",   "normalise": { "lower": 0.8, "upper": 12 } },
    { "code": "university",  "parent": "skills",   "normalise": { "lower": 0.1, "upper": 27.4 } } ] }
$$);

-- The same index with other weights: a budget of 100 points allocated by
-- experts (Handbook, Table 22, BAP).  A dimension weighs what its two
-- indicators weigh together.
INSERT INTO tai_method
SELECT 'budget', ci.amend(methodology, '{ "version": "budget allocation", "components": [
    { "code": "creation", "weight": 0.22 },
    { "code": "patents", "weight": 0.11 },    { "code": "royalties", "weight": 0.11 },
    { "code": "recent", "weight": 0.29 },
    { "code": "internet", "weight": 0.11 },   { "code": "exports", "weight": 0.18 },
    { "code": "old", "weight": 0.16 },
    { "code": "telephones", "weight": 0.10 }, { "code": "electricity", "weight": 0.06 },
    { "code": "skills", "weight": 0.33 },
    { "code": "schooling", "weight": 0.15 },  { "code": "university", "weight": 0.18 } ] }')
FROM tai_method WHERE name = 'equal';

-- Two indices without dimensions: the mean of the z-scores, and the geometric
-- mean of the values as they are (Handbook, Table 38, GME).
INSERT INTO tai_method
SELECT name, ci.amend(ci.default_methodology(panel), patch)
FROM tai_panel, (VALUES
	('z-scores',  '{ "components": [ { "code": "index", "normalise": "zscore" } ] }'::jsonb),
	('geometric', '{ "components": [ { "code": "index", "normalise": "none", "aggregate": "geometric" } ] }')
) AS flat (name, patch);

\echo
\echo Technology Achievement Index: rank, score and the four dimensions
\echo
SELECT r.rank, r.unit AS country, round(r.score::numeric, 3) AS score,
	max(round(s.score::numeric, 3)) FILTER (WHERE s.component = 'creation') AS creation,
	max(round(s.score::numeric, 3)) FILTER (WHERE s.component = 'recent') AS recent,
	max(round(s.score::numeric, 3)) FILTER (WHERE s.component = 'old') AS old,
	max(round(s.score::numeric, 3)) FILTER (WHERE s.component = 'skills') AS skills
FROM tai_panel, tai_method m,
	ci.rank(panel, methodology) AS r
	JOIN ci.scores(panel, methodology) AS s USING (period, unit)
WHERE m.name = 'equal'
GROUP BY r.rank, r.unit, r.score
ORDER BY r.rank;

\echo Why is Finland first? Contributions add up to its score.
\echo
SELECT repeat('  ', c.depth) || c.code AS component, e.raw, round(e.score::numeric, 3) AS score,
	e.effective_weight AS weight, round(e.contribution::numeric, 4) AS contribution, e.flags
FROM tai_panel, tai_method m,
	ci.components(methodology) AS c
	JOIN ci.explain(panel, methodology, 'Finland') AS e ON e.component = c.code
WHERE m.name = 'equal'
ORDER BY c.position;

\echo Four ways to judge the same data: ranks
\echo
SELECT r.unit AS country,
	max(rank) FILTER (WHERE m.name = 'equal') AS "equal weights",
	max(rank) FILTER (WHERE m.name = 'budget') AS "budget allocation",
	max(rank) FILTER (WHERE m.name = 'z-scores') AS "mean of z-scores",
	max(rank) FILTER (WHERE m.name = 'geometric') AS "geometric mean"
FROM tai_panel, tai_method m, ci.rank(panel, methodology) AS r
GROUP BY r.unit
ORDER BY 2;

RESET client_min_messages;
\set QUIET :quiet_before
