-- An AI city index: 34 Chinese cities, 2018-2021, 18 indicators, 5 dimensions.
--
--   psql -X -f examples/ai_city.sql      (a database with encoding UTF8)
--
-- THE INDICATOR VALUES ARE ILLUSTRATIVE.  They are made up by the rule below
-- and say nothing about the real cities, and neither do the ranks.
--
-- Shown: rows in (a long table of observations, a table of components), a
-- ranking with movement, dimensions, one explanation, an audit.  There are gaps,
-- cities that enter late, a dimension that is measured from 2020 on, and
-- indicators of which less is better.
--
-- Makes temporary tables only, may be run again.

\set quiet_before :QUIET
\set QUIET on
SET client_min_messages = warning;
SET client_encoding = 'UTF8';
CREATE EXTENSION IF NOT EXISTS composite_indicator;

DROP TABLE IF EXISTS pg_temp.city, pg_temp.component, pg_temp.observation, pg_temp.ai_city;

-- The cities.  class is a made-up class of size, since is the first year.
CREATE TEMP TABLE city (city text PRIMARY KEY, name text, region text, class int, since int DEFAULT 2018);
INSERT INTO city (city, name, region, class) VALUES
	('Beijing',      '北京',   'North',     1), ('Shanghai',  '上海',   'East',      1),
	('Shenzhen',     '深圳',   'South',     1), ('Guangzhou', '广州',   'South',     1),
	('Hangzhou',     '杭州',   'East',      2), ('Nanjing',   '南京',   'East',      2),
	('Suzhou',       '苏州',   'East',      2), ('Chengdu',   '成都',   'West',      2),
	('Chongqing',    '重庆',   'West',      2), ('Wuhan',     '武汉',   'Central',   2),
	('Tianjin',      '天津',   'North',     2), ('Xi''an',    '西安',   'West',      2),
	('Hefei',        '合肥',   'East',      3), ('Jinan',     '济南',   'East',      3),
	('Qingdao',      '青岛',   'East',      3), ('Ningbo',    '宁波',   'East',      3),
	('Wuxi',         '无锡',   'East',      3), ('Changsha',  '长沙',   'Central',   3),
	('Zhengzhou',    '郑州',   'Central',   3), ('Xiamen',    '厦门',   'East',      3),
	('Fuzhou',       '福州',   'East',      3), ('Dalian',    '大连',   'Northeast', 3),
	('Shenyang',     '沈阳',   'Northeast', 3), ('Foshan',    '佛山',   'South',     3),
	('Guiyang',      '贵阳',   'West',      4), ('Kunming',   '昆明',   'West',      4),
	('Nanchang',     '南昌',   'Central',   4), ('Harbin',    '哈尔滨', 'Northeast', 4),
	('Changchun',    '长春',   'Northeast', 4), ('Taiyuan',   '太原',   'North',     4),
	('Shijiazhuang', '石家庄', 'North',     4), ('Lanzhou',   '兰州',   'West',      4),
	('Wenzhou',      '温州',   'East',      4), ('Zhuhai',    '珠海',   'South',     4);
UPDATE city SET since = 2019 WHERE city IN ('Wuxi', 'Foshan');
UPDATE city SET since = 2020 WHERE city = 'Wenzhou';
UPDATE city SET since = 2021 WHERE city = 'Zhuhai';

-- The methodology as rows: a component each, columns named as the keys are.
CREATE TEMP TABLE component (position int GENERATED ALWAYS AS IDENTITY, code text PRIMARY KEY,
	parent text, label text, weight float8, direction int, normalise jsonb);
INSERT INTO component (code, parent, label, weight, direction, normalise) VALUES
	('index',        NULL,       'AI city index (illustrative)',              NULL, NULL, '"minmax"'),
	('macro',        'index',    'Macro-economy',                             20, NULL, NULL),
	('gdp',          'macro',    'GDP, billion yuan',                         30,    1, '{"transform": "log"}'),
	('gdp_per_head', 'macro',    'GDP per head, thousand yuan',               30,    1, NULL),
	('rd_share',     'macro',    'R&D, % of GDP',                             25,    1, NULL),
	('office_rent',  'macro',    'Office rent, yuan per square metre, month', 15,   -1, NULL),
	('technology',   'index',    'Technology maturity',                       25, NULL, NULL),
	('patents',      'technology', 'AI patents per million people',           35,    1, NULL),
	('papers',       'technology', 'AI papers per million people',            25,    1, NULL),
	('labs',         'technology', 'Key laboratories',                        20,    1, NULL),
	('adoption',     'technology', 'Firms that use AI, %',                    20,    1, NULL),
	('labour',       'index',    'AI labour supply',                          20, NULL, NULL),
	('engineers',    'labour',   'AI engineers per thousand employed',        50,    1, NULL),
	('graduates',    'labour',   'AI graduates per 100 000 people',           30,    1, NULL),
	('vacancy_days', 'labour',   'Days to fill a vacancy',                    20,   -1, NULL),
	('industry',     'index',    'Industry and geography',                    15, NULL, NULL),
	('ai_firms',     'industry', 'AI firms',                                  40,    1, NULL),
	('customers',    'industry', 'Large firms that may buy',                  20,    1, NULL),
	('power_price',  'industry', 'Electricity price, yuan per kWh',           20,   -1, NULL),
	('latency',      'industry', 'Latency to the backbone, ms',               20,   -1, NULL),
	('computing',    'index',    'Computing infrastructure',                  20, NULL, NULL),
	('capacity',     'computing', 'Computing capacity, petaflops per million people', 50, 1, NULL),
	('racks',        'computing', 'Server racks per thousand people',         30,    1, NULL),
	('pue',          'computing', 'Power usage effectiveness',                20,   -1,
		'{"method": "goalposts", "lower": 1.1, "upper": 1.9, "clamp": true}');

-- The values.  Rule: low + (high - low) * q, times 1 + growth for every year
-- since 2018, rounded, where
--   q = 0.15 * (4 - class) + 0.3 * share(city, indicator) + 0.25 * share(city, indicator, year)
-- and share(...) is the first two bytes of a SHA-256, as a number in [0, 1].
-- Left out: what was not measured yet, a city before its first year, half of
-- Zhuhai's first year, and the cells whose third byte is below 6.
CREATE TEMP TABLE observation AS
SELECT c.city, y.year, i.indicator, round(CASE WHEN get_byte(d.cell, 2) >= 6 THEN
		(low + (high - low) * (0.15 * (4 - class)
			+ 0.3 * (256 * get_byte(d.pair, 0) + get_byte(d.pair, 1)) / 65535
			+ 0.25 * (256 * get_byte(d.cell, 0) + get_byte(d.cell, 1)) / 65535))
		* (1 + growth * (y.year - 2018)) END, digits) AS value
FROM city AS c, generate_series(2018, 2021) AS y (year), (VALUES
	('gdp',            180, 4000,  0.07, 1, 2018), ('gdp_per_head',  50,  190,  0.05, 1, 2018),
	('rd_share',         1,  5.5,  0.03, 2, 2018), ('office_rent',   30,  250,  0.02, 0, 2018),
	('patents',         10,  900,  0.20, 0, 2018), ('papers',        20, 1500,  0.12, 0, 2018),
	('labs',             0,   60,  0.05, 0, 2018), ('adoption',       4,   30,  0.15, 1, 2018),
	('engineers',      0.5,   15,  0.10, 2, 2018), ('graduates',      5,   90,  0.08, 1, 2018),
	('vacancy_days',    70,   25,  0.02, 0, 2018), ('ai_firms',      10, 1500,  0.18, 0, 2018),
	('customers',        5,  400,  0.04, 0, 2018), ('power_price', 0.45, 0.85,  0.01, 3, 2018),
	('latency',         30,    6, -0.05, 1, 2018), ('capacity',       2,  300,  0.25, 0, 2020),
	('racks',            1,   25,  0.15, 1, 2020), ('pue',          2.3,  1.0, -0.01, 2, 2020)
) AS i (indicator, low, high, growth, digits, since), LATERAL (SELECT
	sha256(convert_to(concat_ws('/', c.city, i.indicator), 'UTF8')) AS pair,
	sha256(convert_to(concat_ws('/', c.city, i.indicator, y.year), 'UTF8')) AS cell) AS d
WHERE y.year >= c.since AND y.year >= i.since
	AND NOT (c.city = 'Zhuhai' AND get_byte(d.pair, 2) < 128);

-- Rows in: the panel and the methodology, each an aggregate over its rows.
-- Who has less than 65 % of the indicators is scored but not ranked.
CREATE TEMP TABLE ai_city AS
SELECT (SELECT ci.panel_agg(city, year, indicator, value) FROM observation) AS panel,
	(SELECT ci.amend(ci.methodology_agg(to_jsonb(c) - 'position' ORDER BY position),
			'{"name": "AI city index (illustrative)", "version": "1", "screen": {"min_coverage": 0.65}}')
	 FROM component AS c) AS methodology;

\echo
\echo AI city index 2021. ILLUSTRATIVE VALUES, made up by a rule: no statement about real cities.
\echo
SELECT r.rank, c.name, r.unit AS city, c.region, round(r.score::numeric, 2) AS score,
	r.previous_rank AS previous, r.rank_change AS up, round(r.coverage::numeric, 2) AS coverage, r.status
FROM ai_city, ci.rank(panel, methodology) AS r JOIN city AS c ON c.city = r.unit
WHERE r.period = 2021 AND (r.rank <= 12 OR r.status <> 'ranked')
ORDER BY r.rank, r.unit COLLATE "C";

\echo Rank in every year (illustrative)
\echo
SELECT c.name, r.unit AS city,
	max(rank) FILTER (WHERE period = 2018) AS "2018", max(rank) FILTER (WHERE period = 2019) AS "2019",
	max(rank) FILTER (WHERE period = 2020) AS "2020", max(rank) FILTER (WHERE period = 2021) AS "2021"
FROM ai_city, ci.rank(panel, methodology) AS r JOIN city AS c ON c.city = r.unit
GROUP BY c.name, r.unit
HAVING min(rank) <= 10
ORDER BY 6, r.unit COLLATE "C";

\echo The five dimensions of the first ten, 2021 (illustrative)
\echo
SELECT c.name, s.unit AS city,
	max(round(score::numeric, 1)) FILTER (WHERE component = 'index') AS index,
	max(round(score::numeric, 1)) FILTER (WHERE component = 'macro') AS macro,
	max(round(score::numeric, 1)) FILTER (WHERE component = 'technology') AS technology,
	max(round(score::numeric, 1)) FILTER (WHERE component = 'labour') AS labour,
	max(round(score::numeric, 1)) FILTER (WHERE component = 'industry') AS industry,
	max(round(score::numeric, 1)) FILTER (WHERE component = 'computing') AS computing
FROM ai_city, ci.scores(panel, methodology) AS s JOIN city AS c ON c.city = s.unit
WHERE period = 2021
GROUP BY c.name, s.unit
HAVING max(rank) FILTER (WHERE component = 'index') <= 10
ORDER BY max(rank) FILTER (WHERE component = 'index');

\echo Why is Shenzhen second in 2021? What is missing has no weight. (illustrative)
\echo
SELECT repeat('  ', c.depth) || c.code AS component, c.direction AS dir, e.raw,
	round(e.score::numeric, 1) AS score, round(e.effective_weight::numeric, 3) AS weight,
	round(e.contribution::numeric, 2) AS contribution, e.flags
FROM ai_city, ci.components(methodology) AS c
	JOIN ci.explain(panel, methodology, 'Shenzhen', 2021) AS e ON e.component = c.code
ORDER BY c.position;

\echo What does the audit say? (illustrative)
\echo
SELECT severity, finding, array_agg(DISTINCT period) AS periods, count(*), min(message COLLATE "C") AS "for instance"
FROM ai_city, ci.audit(panel, methodology)
GROUP BY severity, finding
ORDER BY array_position('{error,warning,note}'::text[], severity), finding COLLATE "C";

RESET client_encoding;
RESET client_min_messages;
\set QUIET :quiet_before
