-- The ASEM Sustainable Connectivity index against published results: all stages
-- on real data, in one tree of four levels.
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/asem.sql'
\set ECHO none
\i :example
\set ECHO all

-- Published: data set ASEM_COIN of the R package COINr, which an earlier version of
-- it computed: scores of the index, its 2 sub-indexes and 8 pillars, to 5 decimals.
CREATE TEMP TABLE published (country text, score numeric[]);
\set QUIET on
COPY published FROM stdin DELIMITER '|';
AUT|{61.90180,55.43002,68.37359,41.14842,26.18662,78.22604,77.53696,54.05205,69.47511,72.76415,62.88150}
BEL|{63.53952,63.99016,63.08888,71.97166,48.22309,80.84063,75.59743,43.31801,53.00859,86.16783,50.09020}
BGR|{50.80759,44.71822,56.89696,28.43500,24.60829,67.51318,75.93526,27.09940,55.69922,53.30489,61.68677}
HRV|{55.63828,50.14188,61.13469,47.58921,24.57443,62.63594,76.83790,39.07191,75.28206,55.37482,52.74720}
CYP|{51.05697,51.77992,50.33402,29.47979,46.37446,48.65970,74.58122,59.80446,61.12208,62.32589,27.55407}
CZE|{56.64433,52.05146,61.23720,41.48412,33.78764,71.00755,74.38747,39.59051,51.16689,61.83318,70.71155}
DNK|{64.80408,57.09749,72.51067,50.52293,30.43358,78.13475,75.35274,51.04344,69.83387,86.40342,61.29472}
EST|{55.31892,53.50152,57.13632,42.46410,38.85052,55.40830,77.26825,53.51646,30.74929,70.75296,69.90672}
FIN|{58.78779,52.13550,65.44008,44.49856,24.14392,77.89299,75.08430,39.05773,48.47689,86.07301,61.77033}
FRA|{55.37056,50.90860,59.83252,42.43963,20.63319,87.60440,75.42880,28.43700,64.65530,63.77090,51.07136}
DEU|{60.75142,54.34936,67.15347,52.36711,18.76435,94.78918,76.46212,29.36405,62.34952,74.51411,64.59679}
GRC|{48.88631,45.31477,52.45785,32.65190,10.47046,74.66813,76.73466,32.04867,67.98836,52.21816,37.16702}
HUN|{55.39146,52.30598,58.47693,33.57789,39.66305,71.56094,77.07810,39.64994,60.53490,53.47320,61.42268}
IRL|{60.09294,55.23491,64.95096,46.53191,48.28970,67.63457,73.34479,40.37356,65.76972,72.39471,56.68846}
ITA|{52.38042,47.74366,57.01718,38.84085,13.08639,90.36873,77.46341,18.95890,71.29641,57.16317,42.59195}
LVA|{54.96860,47.98766,61.94953,41.71606,34.69205,54.18025,76.12623,33.22374,63.03093,57.30406,65.51360}
LTU|{57.07222,48.11059,66.03386,42.90941,31.64487,55.97050,76.32231,33.70584,63.78805,66.07935,68.23417}
LUX|{61.58348,66.55540,56.61155,56.28282,80.23222,51.16967,77.57499,67.51730,45.02967,83.69312,41.11188}
MLT|{60.35781,59.57819,61.13742,53.48771,62.71156,42.28745,76.87471,62.52953,65.81147,61.67662,55.92416}
NLD|{64.81952,61.93987,67.69916,64.86707,46.62061,84.55299,71.73738,41.92130,58.73488,86.58141,57.78120}
NOR|{64.46778,57.43551,71.50005,58.18400,25.70305,80.03208,89.45565,33.80275,70.90353,87.00280,56.59381}
POL|{54.02713,48.25187,59.80240,38.26084,20.30201,79.00398,77.32529,26.36725,55.22174,60.29587,63.88958}
PRT|{53.37866,49.09050,57.66681,40.95440,23.60113,74.48643,77.56549,28.84504,56.35614,68.88333,47.76097}
ROU|{54.56248,43.87602,65.24893,31.57432,20.77095,70.34508,76.53617,20.15360,72.94163,52.52074,70.28444}
SVK|{54.88084,50.40437,59.35732,39.45525,38.64664,64.75207,76.94499,32.22289,61.18450,57.07882,59.80863}
SVN|{60.30408,52.52774,68.08041,58.00958,30.46391,55.41596,76.34602,42.40325,64.01610,71.89399,68.33114}
ESP|{55.52372,51.49000,59.55745,43.78379,16.98539,87.91334,77.07360,31.69387,63.93776,65.16808,49.56650}
SWE|{62.99968,53.87474,72.12462,51.51385,23.87170,80.98293,74.50801,38.49720,66.36538,87.74301,62.26547}
CHE|{68.38372,62.78796,73.97949,63.40917,32.87184,74.78279,85.94296,56.93305,77.21188,87.84770,56.87888}
GBR|{57.76366,52.81044,62.71688,51.75284,21.16658,77.08271,76.61101,37.43908,64.87577,73.10058,50.17429}
AUS|{45.76625,38.36481,53.16769,34.76840,12.64896,52.52735,52.41120,39.46813,31.92211,71.88108,55.69987}
BGD|{39.04776,20.17216,57.92337,22.87799,13.26768,32.39986,26.46763,5.84761,81.66988,27.51138,64.58884}
BRN|{41.20718,40.04933,42.36503,44.89857,34.73674,18.73945,66.46941,35.40249,36.35272,35.77961,54.96277}
KHM|{42.15806,28.99346,55.32266,20.18087,51.25303,18.40409,43.32605,11.80327,67.07427,36.17173,62.72198}
CHN|{37.76855,28.23960,47.29750,33.66845,1.74394,54.50794,47.90021,3.37746,43.86633,32.54797,65.47819}
IND|{39.79204,28.59516,50.98892,18.77755,6.38079,51.90201,59.84107,6.07436,75.34173,22.74107,54.88397}
IDN|{40.20749,28.39190,52.02309,16.17342,6.35448,48.55170,67.88076,2.99915,70.20140,28.66314,57.20472}
JPN|{46.83796,36.96893,56.70698,43.79765,6.61894,75.86348,54.93275,3.63184,62.68578,54.10488,53.33028}
KAZ|{39.02628,31.26666,46.78590,21.59689,18.54475,33.79303,61.06333,21.33529,33.72597,46.41715,60.21457}
KOR|{50.10217,43.82714,56.37719,49.06739,12.93266,72.13891,73.01956,11.97719,44.77862,56.77002,67.58293}
LAO|{38.21305,24.42865,51.99746,13.28383,28.74311,14.43982,53.15992,12.51655,68.60402,34.31304,53.07532}
MYS|{41.34913,42.31693,40.38133,40.20599,37.36680,45.46313,59.24789,29.30081,35.45885,25.83344,59.85170}
MNG|{40.17612,30.84263,49.50961,19.66608,43.18843,23.71945,57.43946,10.19973,38.82248,55.77101,53.93532}
MMR|{41.03083,21.61333,60.44834,24.53079,24.90130,11.78587,40.32738,6.52131,87.79635,25.35281,68.19586}
NZL|{48.03907,39.23622,56.84192,33.64189,12.81031,45.90733,61.02228,42.79927,52.14366,65.69685,52.68524}
PAK|{37.63216,22.28503,52.97929,20.71148,7.33273,41.23011,35.98170,6.16913,85.19209,23.81468,49.93110}
PHL|{41.54637,27.12812,55.96462,16.80398,18.79868,36.48875,53.49429,10.05491,79.37443,30.03019,58.48923}
RUS|{35.65554,29.98585,41.32524,22.93299,6.61598,54.79103,54.87649,10.71274,36.85044,30.21792,56.90737}
SGP|{58.36628,61.90695,54.82561,77.47469,72.99144,32.30362,70.64405,56.12096,45.68357,59.00980,59.78345}
THA|{40.92091,31.99576,49.84605,28.95167,26.59452,46.36978,48.49728,9.56556,58.66251,34.85409,56.02156}
VNM|{43.20889,31.40054,55.01725,18.79508,44.25954,39.59387,45.86062,8.49359,57.47967,42.21737,65.35471}
\.
\set QUIET off
SELECT count(*) AS published, count(*) FILTER (WHERE abs(s.score::numeric - p.score[c.n]) <= 0.0000051) AS same, count(DISTINCT component) AS components
FROM asem_index, published p, unnest('{Index,Conn,Sust,Physical,ConEcFin,Political,Instit,P2P,Environ,Social,SusEcFin}'::text[]) WITH ORDINALITY c (code, n),
	ci.scores(panel, methodology) s WHERE s.unit = p.country AND s.component = c.code;
-- By these scores the ranks.
SELECT count(*) AS ranks, count(*) FILTER (WHERE r.rank = p.rank) AS same
FROM asem_index, ci.rank(panel, methodology) r JOIN (SELECT country, rank() OVER (ORDER BY score[1] DESC) FROM published) p ON p.country = r.unit;

-- Published there: 65 cells imputed, and how many points are winsorised, from below at FemLab, from above at the others.
SELECT count(*) FILTER (WHERE 'imputed' = ANY (flags)) AS imputed, count(*) FILTER (WHERE 'transformed' = ANY (flags)) AS logged FROM asem_index, ci.explain(panel, methodology);
SELECT count(*) AS indicators, sum(p.points) AS points, count(*) FILTER (WHERE e.points IS DISTINCT FROM p.points OR e.low IS DISTINCT FROM (code = 'FemLab')) AS wrong
FROM (VALUES ('Services', 4), ('FDI', 2), ('ForPort', 3), ('CostImpEx', 1), ('Tariff', 3), ('StMob', 2), ('CultServ', 3), ('Flights', 1), ('Bord', 3), ('Gas', 3),
	('Forest', 2), ('Poverty', 3), ('NGOs', 3), ('FemLab', 1), ('PubDebt', 1)) p (code, points)
FULL JOIN (SELECT component AS code, count(*) AS points, bool_and(treated > imputed) AS low FROM asem_index, ci.explain(panel, methodology) WHERE 'clipped' = ANY (flags) GROUP BY 1) e USING (code);

-- COINr's manual, article "Outlier Treatment": three of the indicators as they are, not denominated: skewness and kurtosis before and after.
WITH treated AS (
	SELECT p.before, e.component, e.unit, CASE WHEN p.before THEN e.imputed ELSE e.treated END AS x
	FROM asem_index, (VALUES (true), (false)) p (before), ci.explain(panel, '{"components": [{"code": "i", "treat": {"method": "winsorise", "otherwise": "log_ct"}},
		{"code": "Flights", "parent": "i"}, {"code": "Goods", "parent": "i"}, {"code": "Services", "parent": "i"}]}') e WHERE parent = 'i'),
panels AS (SELECT before, ci.panel_agg(unit, component, x) AS panel FROM treated GROUP BY 1)
SELECT s.indicator, before, round(s.skewness::numeric, 6) AS skewness, round(s.kurtosis::numeric, 6) AS kurtosis, p.skewness = round(s.skewness::numeric, 6) AND abs(p.kurtosis - s.kurtosis::numeric) <= 0.0000005 AS as_published
FROM panels, ci.summary(panel) s JOIN (VALUES ('Flights', true, 2.103287, 4.508879), ('Goods', true, 2.649973, 8.266610), ('Services', true, 1.701085, 2.375656),
	('Flights', false, 1.900658, 3.3360647), ('Goods', false, 1.140608, 0.1572047), ('Services', false, 1.701085, 2.375656)) p (indicator, b, skewness, kurtosis) ON p.indicator = s.indicator
WHERE p.b = before
ORDER BY 1, 2 DESC;

-- The formulas in SQL, from the raw cells to the leaves' scores: denominated, imputed by the mean of the continent,
-- scaled between the least and the greatest treated value.
WITH leaves AS (SELECT icode, direction, denominator, row_number() OVER (ORDER BY n) AS k FROM asem_imeta WHERE type = 'Indicator'),
denominators AS (SELECT icode AS by, 49 + row_number() OVER (ORDER BY n) AS d FROM asem_imeta WHERE type = 'Denominator'),
denominated AS (SELECT country, continent, icode, direction, CASE WHEN d IS NULL THEN cells[k] ELSE cells[k] / cells[d] END AS x
	FROM asem_wide CROSS JOIN leaves LEFT JOIN denominators ON by = denominator),
imputed AS (SELECT *, coalesce(x, avg(x::text::numeric) OVER (PARTITION BY icode, continent)) AS filled FROM denominated),
ends AS (SELECT component AS icode, min(treated) AS lower, max(treated) AS upper FROM asem_index, ci.explain(panel, methodology) WHERE indicator IS NOT NULL GROUP BY 1),
scored AS (SELECT *, (least(greatest(filled, lower), upper) - CASE WHEN direction > 0 THEN lower ELSE upper END) / (upper - lower) * 100 * direction AS wanted FROM imputed JOIN ends USING (icode))
SELECT count(*) AS cells, count(*) FILTER (WHERE abs(e.score - s.wanted) <= 1e-12 * greatest(abs(s.wanted), 1) AND e.denominated IS NOT DISTINCT FROM s.x) AS same
FROM asem_index, ci.explain(panel, methodology) e JOIN scored s ON s.country = e.unit AND s.icode = e.component;

-- Fitting changes no bit; by groups it stays as it is.
SELECT count(*) AS scores, count(*) FILTER (WHERE a.score IS DISTINCT FROM b.score) AS differ
FROM asem_index, ci.scores(panel, methodology) a JOIN LATERAL (SELECT * FROM ci.scores(panel, ci.fit(panel, methodology))) b USING (unit, component);
-- With one median for all, and logarithms where one point is not enough, a country is scored on its own, to the same bits.
CREATE TEMP TABLE own AS SELECT panel, ci.amend(methodology, '{"components": [{"code": "Index", "impute": "median", "treat": {"method": "winsorise", "max_points": 1, "otherwise": "log_ct"}}]}') AS methodology FROM asem_index;
SELECT ci.is_peer_independent(f) AS independent, count(*) AS countries, count(*) FILTER (WHERE ci.score(array_agg, cells, f) IS DISTINCT FROM r.score) AS differ
FROM own, ci.fit(panel, methodology) f, (SELECT unit, array_agg(indicator), array_agg(value) AS cells FROM own, ci.observations(panel) GROUP BY 1) o JOIN LATERAL (SELECT * FROM ci.rank(panel, methodology)) r USING (unit)
GROUP BY 1;
SELECT count(*) FILTER (WHERE 'transformed' = ANY (flags)) AS logged, count(*) FILTER (WHERE 'clipped' = ANY (flags)) AS winsorised FROM own, ci.explain(panel, methodology);
