-- The Human Development Index: 24 countries, 2019-2022.
--
--   psql -X -f examples/hdi.sql
--
-- Makes temporary tables only, may be run again.
--
-- Data: UNDP, Human Development Report 2023-24, composite indices complete time
-- series (CC BY 3.0 IGO): life expectancy at birth, expected and mean years of
-- schooling, gross national income per head (2017 PPP $), and the index as
-- published.  A sample of countries: ranks below are ranks within it.
-- Method: UNDP, Technical notes 2023-24.  Indicators are brought to [0, 1] by
-- goalposts and clamped; education is the mean of its two; the index is the
-- geometric mean of three dimensions, published and ranked to three decimals.

\set quiet_before :QUIET
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;

DROP TABLE IF EXISTS pg_temp.hdi, pg_temp.hdi_index;

CREATE TEMP TABLE hdi (
	country text,				-- ISO 3166
	year int,
	le float8,					-- life expectancy, years
	eys float8,					-- expected years of schooling
	mys float8,					-- mean years of schooling
	gnipc float8,				-- gross national income per head
	published numeric(4, 3),	-- the index as UNDP printed it
	PRIMARY KEY (country, year)
);

INSERT INTO hdi VALUES
	('BRA', 2019, 75.338, 15.44937038, 8.128813955, 14290.61164, 0.764),
	('BRA', 2020, 74.009, 15.44596004, 8.278307638, 13814.60236, 0.758),
	('BRA', 2021, 72.75, 15.5788002, 8.278307638, 14342.1, 0.756),
	('BRA', 2022, 73.425, 15.5788002, 8.278307638, 14615.89235, 0.76),
	('CAF', 2019, 55.025, 7.139028099, 3.929589987, 930.6433366, 0.391),
	('CAF', 2020, 54.604, 7.285887393, 3.9531639, 900.8032793, 0.389),
	('CAF', 2021, 53.895, 7.285887393, 3.9531639, 900.4155606, 0.387),
	('CAF', 2022, 54.477, 7.285887393, 3.9531639, 869.11237, 0.387),
	('CHE', 2019, 83.78, 16.3445797, 13.85966015, 67530.73814, 0.96),
	('CHE', 2020, 83.067, 16.43366051, 13.90406622, 66266.62948, 0.957),
	('CHE', 2021, 83.987, 16.5837307, 13.90406622, 68550.38092, 0.965),
	('CHE', 2022, 84.255, 16.5837307, 13.90406622, 69432.78669, 0.967),
	('CHL', 2019, 80.326, 16.64357948, 10.9349663, 23892.70513, 0.859),
	('CHL', 2020, 79.377, 16.34049988, 11.11136804, 21509.35879, 0.849),
	('CHL', 2021, 78.944, 16.76792908, 11.11136804, 23852.84341, 0.856),
	('CHL', 2022, 79.519, 16.76792908, 11.11136804, 24430.99593, 0.86),
	('CHN', 2019, 77.968, 14.96151725, 7.960391283, 15933.62146, 0.775),
	('CHN', 2020, 78.077, 15.21793605, 8.106910446, 16167.83072, 0.781),
	('CHN', 2021, 78.211, 15.21793605, 8.106910446, 17499.16075, 0.785),
	('CHN', 2022, 78.587, 15.21793605, 8.106910446, 18024.88747, 0.788),
	('DNK', 2019, 81.434, 18.62013054, 12.91060019, 58453.58757, 0.946),
	('DNK', 2020, 81.545, 18.64031982, 12.96049023, 57324.1238, 0.946),
	('DNK', 2021, 81.375, 18.77403069, 12.96049023, 59993.31006, 0.947),
	('DNK', 2022, 81.882, 18.77403069, 12.96049023, 62018.95694, 0.952),
	('ESP', 2019, 83.532, 17.50081062, 10.37387514, 40854.13936, 0.904),
	('ESP', 2020, 82.289, 17.4695797, 10.60540009, 36075.60494, 0.894),
	('ESP', 2021, 83.01, 17.80905914, 10.60540009, 38132.73855, 0.904),
	('ESP', 2022, 83.912, 17.80905914, 10.60540009, 40043.33773, 0.911),
	('FRA', 2019, 82.731, 15.86798954, 11.61005974, 46907.18465, 0.905),
	('FRA', 2020, 82.21, 15.9334898, 11.68859246, 42890.70201, 0.9),
	('FRA', 2021, 82.499, 15.98756027, 11.68859246, 46321.88728, 0.906),
	('FRA', 2022, 83.229, 15.98756027, 11.68859246, 47378.74304, 0.91),
	('HKG', 2019, 85.273, 17.28801918, 12.22620964, 63276.56457, 0.953),
	('HKG', 2020, 85.197, 17.76877022, 12.26672967, 59536.61139, 0.955),
	('HKG', 2021, 85.473, 17.72920036, 12.3072497, 64150.85303, 0.959),
	('HKG', 2022, 84.315, 17.8495903, 12.34776974, 62485.50516, 0.956),
	('IND', 2019, 70.91, 11.35159016, 6.281380177, 6554.320413, 0.638),
	('IND', 2020, 70.15, 11.72447014, 6.494880199, 6089.656533, 0.638),
	('IND', 2021, 67.24, 12.00971031, 6.532790184, 6542.449788, 0.633),
	('IND', 2022, 67.744, 12.58370972, 6.570700169, 6950.526798, 0.644),
	('ISL', 2019, 82.404, 18.23498917, 13.72735977, 56452.94139, 0.958),
	('ISL', 2020, 82.576, 18.23974037, 13.76716995, 51984.12953, 0.955),
	('ISL', 2021, 82.678, 19.10672951, 13.76716995, 52671.00677, 0.957),
	('ISL', 2022, 82.815, 19.10672951, 13.76716995, 54688.37921, 0.959),
	('JPN', 2019, 84.426, 15.44126987, 12.65529737, 43276.34134, 0.918),
	('JPN', 2020, 84.688, 15.45631981, 12.66923046, 41445.74253, 0.917),
	('JPN', 2021, 84.784, 15.45631981, 12.66923046, 43008.1864, 0.92),
	('JPN', 2022, 84.82, 15.45631981, 12.66923046, 43643.86417, 0.92),
	('LIE', 2019, 84.309, 15.45131969, 12.30196427, 141141.5864, 0.94),
	('LIE', 2020, 82.797, 15.45862961, 12.351169, 138481.3712, 0.933),
	('LIE', 2021, 83.257, 15.46640015, 12.351169, 144002.9876, 0.936),
	('LIE', 2022, 84.656, 15.46640015, 12.351169, 146673.2415, 0.942),
	('LUX', 2019, 82.143, 14.18776035, 13.01519217, 77422.85283, 0.925),
	('LUX', 2020, 81.433, 14.19941044, 12.9600811, 76503.96475, 0.921),
	('LUX', 2021, 82.629, 14.19705009, 12.9600811, 78650.58786, 0.927),
	('LUX', 2022, 82.591, 14.19705009, 12.9600811, 78554.2364, 0.927),
	('NER', 2019, 62.897, 6.888123438, 1.293631241, 1271.732938, 0.39),
	('NER', 2020, 61.451, 7.186131428, 1.341352433, 1268.704238, 0.391),
	('NER', 2021, 61.576, 7.186131428, 1.341352433, 1208.85424, 0.389),
	('NER', 2022, 62.08, 7.186131428, 1.341352433, 1283.309235, 0.394),
	('NGA', 2019, 52.91, 10.13020498, 7.191969872, 4914.227713, 0.537),
	('NGA', 2020, 52.887, 10.32213749, 7.388969898, 4684.512077, 0.539),
	('NGA', 2021, 52.676, 10.51407, 7.585969925, 4716.009665, 0.542),
	('NGA', 2022, 53.633, 10.51407, 7.585969925, 4754.836408, 0.548),
	('NOR', 2019, 82.955, 18.23535919, 13.00362968, 66977.3741, 0.961),
	('NOR', 2020, 83.195, 18.3110199, 13.06234279, 66258.16613, 0.963),
	('NOR', 2021, 83.234, 18.63846016, 13.06234279, 67596.61386, 0.964),
	('NOR', 2022, 83.393, 18.63846016, 13.06234279, 69189.76165, 0.966),
	('QAT', 2019, 80.99, 13.19771957, 9.99601145, 88646.63743, 0.869),
	('QAT', 2020, 79.099, 13.26426983, 10.1317219, 87384.9076, 0.863),
	('QAT', 2021, 79.272, 13.26426983, 10.1317219, 91760.27693, 0.864),
	('QAT', 2022, 81.559, 13.26426983, 10.1317219, 95944.37754, 0.875),
	('SGP', 2019, 83.758, 16.74119949, 11.85017014, 86455.56452, 0.945),
	('SGP', 2020, 82.861, 16.78735924, 11.92488003, 81430.60411, 0.942),
	('SGP', 2021, 82.754, 16.90273094, 11.92488003, 88518.78332, 0.942),
	('SGP', 2022, 84.133, 16.90273094, 11.92488003, 88761.14559, 0.949),
	('SOM', 2019, 57.078, NULL, NULL, 1097.604619, NULL),
	('SOM', 2020, 55.967, NULL, NULL, 1058.094077, NULL),
	('SOM', 2021, 55.28, NULL, NULL, 1054.994848, NULL),
	('SOM', 2022, 56.107, 7.647232333, 1.900300026, 1072.201461, 0.38),
	('SSD', 2019, 55.912, 5.634770141, 5.726140022, 784.4743975, 0.391),
	('SSD', 2020, 55.48, 5.634770141, 5.726140022, 748.1979273, 0.386),
	('SSD', 2021, 54.975, 5.634770141, 5.726140022, 707.324608, 0.381),
	('SSD', 2022, 55.567, 5.634770141, 5.726140022, 690.6607575, 0.381),
	('TUR', 2019, 77.832, 19.18523026, 8.63313961, 27950.46628, 0.842),
	('TUR', 2020, 75.85, 19.29534912, 8.811284129, 28380.88549, 0.835),
	('TUR', 2021, 76.032, 19.68494987, 8.811284129, 31310.01246, 0.841),
	('TUR', 2022, 78.475, 19.68494987, 8.811284129, 32833.53512, 0.855),
	('USA', 2019, 79.138, 16.63553047, 13.59252501, 63654.31978, 0.933),
	('USA', 2020, 77.414, 16.62663078, 13.68342972, 61076.5013, 0.923),
	('USA', 2021, 77.198, 16.41274071, 13.57549953, 64483.56707, 0.921),
	('USA', 2022, 78.203, 16.41274071, 13.57549953, 65564.93798, 0.927),
	('ZAF', 2019, 66.175, 14.21393013, 11.37316036, 13506.04814, 0.741),
	('ZAF', 2020, 65.252, 13.98349953, 10.55465984, 12598.35718, 0.722),
	('ZAF', 2021, 62.341, 14.26364994, 11.60696983, 13047.6365, 0.721),
	('ZAF', 2022, 61.48, 14.26364994, 11.60696983, 13185.56419, 0.717);

-- What was observed and how it is judged, as two values.
CREATE TEMP TABLE hdi_index AS
SELECT ci.panel_agg(country, year, ARRAY['le', 'eys', 'mys', 'gnipc'], ARRAY[le, eys, mys, gnipc]) AS panel,
$$
{ "name": "Human Development Index", "version": "2010",
  "rank": { "ties": "min", "decimals": 3 }, "on_nonpositive": "zero",
  "components": [
    { "code": "hdi", "aggregate": "geometric", "min_coverage": 1,
      "normalise": { "method": "goalposts", "clamp": true, "to": [0, 1] } },
    { "code": "health",    "parent": "hdi", "indicator": "le", "normalise": { "lower": 20, "upper": 85 } },
    { "code": "education", "parent": "hdi" },
    { "code": "eys",       "parent": "education", "normalise": { "lower": 0, "upper": 18 } },
    { "code": "mys",       "parent": "education", "normalise": { "lower": 0, "upper": 15 } },
    { "code": "income",    "parent": "hdi", "indicator": "gnipc",
      "normalise": { "lower": 100, "upper": 75000, "transform": "log" } } ] }
$$::ci.methodology AS methodology
FROM hdi;

\echo
\echo Human Development Index 2022, with what UNDP published
\echo
SELECT r.rank, h.country, h.published, round(r.score::numeric, 3) AS score, r.rank_change AS up,
	max(round(s.score::numeric, 3)) FILTER (WHERE s.component = 'health') AS health,
	max(round(s.score::numeric, 3)) FILTER (WHERE s.component = 'education') AS education,
	max(round(s.score::numeric, 3)) FILTER (WHERE s.component = 'income') AS income
FROM hdi_index,
	ci.rank(panel, methodology) AS r
	JOIN ci.scores(panel, methodology) AS s USING (period, unit)
	JOIN hdi AS h ON h.country = unit AND h.year = period
WHERE period = 2022
GROUP BY r.rank, h.country, h.published, r.score, r.rank_change
ORDER BY r.rank, h.country COLLATE "C";

\echo Where an input is missing there is no index
\echo
SELECT period, unit, round(score::numeric, 3) AS score, rank, coverage, status
FROM hdi_index, ci.rank(panel, methodology)
WHERE unit = 'SOM'
ORDER BY period;

\echo Why .942?  Income beyond the goalpost of 75000 counts as 75000.
\echo
SELECT repeat('  ', c.depth) || c.code AS component, e.raw, round(e.score::numeric, 3) AS score,
	round(e.weight::numeric, 3) AS weight, e.flags
FROM hdi_index,
	ci.components(methodology) AS c
	JOIN ci.explain(panel, methodology, 'LIE', 2022) AS e ON e.component = c.code
ORDER BY c.position;

\echo The goalposts are fixed, so a row can be scored by itself
\echo
SELECT ci.is_peer_independent(methodology), count(h.published) AS published,
	count(*) FILTER (WHERE h.published = round(
		ci.score(ARRAY['le', 'eys', 'mys', 'gnipc'], ARRAY[le, eys, mys, gnipc], methodology)::numeric, 3)) AS reproduced
FROM hdi_index, hdi AS h
GROUP BY methodology;

RESET client_min_messages;
\set QUIET :quiet_before
