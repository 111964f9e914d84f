-- Rankers by reference points, against published tables; what they promise of
-- dominance, units of measurement and order; what becomes of cells that a formula
-- cannot use.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
SET jit = off;	-- the planner expects more rows than there are
\pset null ~

-- A root that aggregates indicators c01, c02, … as they are.
CREATE FUNCTION pg_temp.by(aggregate jsonb, directions int[], weights float8[], top jsonb DEFAULT '{}') RETURNS ci.methodology LANGUAGE sql
	RETURN (SELECT top || jsonb_build_object('components', jsonb_build_object('code', 'index', 'normalise', 'none', 'aggregate', aggregate) ||
			jsonb_agg(jsonb_build_object('code', 'c' || to_char(j, 'FM00'), 'parent', 'index', 'direction', d, 'weight', coalesce(weights[j], 1)) ORDER BY j))
		FROM unnest(directions) WITH ORDINALITY u (d, j))::ci.methodology;
-- The panel of rows of a matrix, unit A01, A02, …
CREATE FUNCTION pg_temp.matrix(cells float8[]) RETURNS ci.panel LANGUAGE sql
	RETURN (SELECT ci.panel_agg('A' || to_char(i, 'FM00'), 'c' || to_char(j, 'FM00'), cells[i][j])
		FROM generate_subscripts(cells, 1) i, generate_subscripts(cells, 2) j);

-- Published decision matrices …
CREATE TEMP TABLE example (name text, directions int[], cells float8[]);
INSERT INTO example VALUES
	('aircraft', '{1,1,1,-1,1,1}', '{{2,1500,20000,5.5,5,9},{2.5,2700,18000,6.5,3,5},{1.8,2000,21000,4.5,7,7},{2.2,1800,20000,5,5,5}}'),
	('chapter', '{1,1,1}', '{{5,8,4},{7,6,8},{8,8,6},{7,4,6}}'),
	('climb', '{-1,1}', '{{1,3000},{2,3750},{5,4500}}'),
	('dams', '{1,-1,1,1,-1,-1,-1,1}', '{{4184.3,2914,407.2,251,195,244,15,2.41},{5211.9,3630,501.7,308.3,282,346,21,1.41},
		{5021.3,3920.5,504,278.6,12,56,3,4.42},{5566.1,3957.9,559.5,335.3,167,268,16,3.36},{5060.5,3293.5,514.1,284.2,69,90,7,4.04},
		{4317.9,2925.9,432.8,239.3,12,55,3,4.36}}'),
	('assistants', '{1,1,1,1,-1,1,1}', '{{3.57,4,4,83.75,3,9,1},{3.07,3.95,4,83,3,1,3},{3.23,3.54,3.46,66,4,0,2},{3.42,3.96,4,70,5,5,7},
		{2.56,3.37,3.79,82,4,4,5}}'),
	('heating', '{-1,-1,-1,-1,1,-1,1}', '{{33.95,23.78,11.45,39.97,29.44,167.1,3.852},{38.9,4.17,6.32,0.01,4.29,132.52,25.184},
		{37.59,9.36,8.23,4.35,10.22,136.71,10.845},{30.44,37.59,13.91,74.08,45.1,198.34,2.186},{36.21,14.79,9.17,17.77,17.06,148.3,6.61},
		{37.8,8.55,7.97,2.35,9.25,134.83,11.935}}'),
	('energy', '{-1,-1,-1,1,1,-1,1,1}', '{{3873,39.55,0.27,0.87,150,0.07,12,2130},{5067,67.26,0.23,0.23,40,0.02,21,2200},
		{2213,24.69,0.08,0.17,200,0.04,35,570},{6243,132,0.07,0.25,100,0.04,16,100},{8312,460.47,0.05,0.21,25,0.1,25,200}}'),
	('computers', '{1,1,1,1,-1,-1}', '{{256,8,41,1.6,1.77,7347.16},{256,8,32,1,1.8,6919.99},{256,8,53,1.6,1.9,8400},{256,8,41,1,1.75,6808.9},
		{512,8,35,1.6,1.7,8479.99},{256,4,35,1.6,1.7,7499.99}}'),
	('candidates', '{1,1,1,1,1,1}', '{{4.64,3,3,3,2.88,3.63},{4,4,4.64,3.56,3.63,5},{3.3,4.31,3.3,4,3.3,4},{2.62,5,4.22,4.31,5,5}}'),
	('grassland', '{1,1,1,-1,-1,-1}', '{{957.5,190.1977,70,0.039592,2.166783,0.0141},{892.5,203.8013,53,0.025849,2.994347,0.016642},
		{1002.5,235.0942,75,0.015479,4.742146,0.019484},{1150,271.4,76,0.022,7.055962,0.022147},{1520,192.5579,70,0.025442,8.424319,0.024235},
		{1700,386.1619,90,0.029429,5.888983,0.022218},{1355,342.1966,80,0.0293,8.635847,0.024861},{2127.5,495.4876,90,0.038453,3.652983,0.020537},
		{3020,827.6948,97,0.031774,11.03944,0.024359},{2786,795,98,0.021151,8.952235,0.023349}}'),
	('machining', '{-1,-1,-1,1}', '{{581818,54.49,3,5500},{595454,49.73,3,4500},{586060,51.24,3,5000},{522727,45.71,3,5800},{561818,52.66,3,5200},
		{543030,74.46,4,5600},{522727,75.42,4,5800},{486970,62.62,4,5600},{509394,65.87,4,6400},{513333,70.67,4,6000}}'),
	('offices', '{1,1,1,1,-1,-1}', '{{7.6,46,18,390,0.1,11},{5.5,32,21,360,0.05,11},{5.3,32,21,290,0.05,11},{5.7,37,19,270,0.05,9},
		{4.2,38,19,240,0.1,8},{4.4,38,19,260,0.1,8},{3.9,42,16,270,0.1,5},{7.9,44,20,400,0.05,6},{8.1,44,20,380,0.05,6},{4.5,46,18,320,0.1,7},
		{5.7,48,20,320,0.05,11},{5.2,48,20,310,0.05,11},{7.1,49,19,280,0.1,12},{6.9,50,16,250,0.05,10}}'),
	('suppliers', '{1,-1,1,1}', '{{45,3600,45,0.9},{25,3800,60,0.8},{23,3100,35,0.9},{14,3400,50,0.7},{15,3300,40,0.8},{28,3000,30,0.6}}'),
	('forklifts', '{-1,1,1,1,-1,-1,1,1,1,1}', '{{22600,3800,2,5,1.06,3,3.5,2.8,24.5,6.5},{19500,4200,3,2,0.95,3,3.4,2.2,24,7},
		{21700,4000,1,3,1.25,3.2,3.3,2.5,24.5,7.3},{20600,3800,2,5,1.05,3.25,3.2,2,22.5,11},{22500,3800,4,3,1.35,3.2,3.7,2.1,23,6.3},
		{23250,4210,3,5,1.45,3.6,3.5,2.8,23.5,7},{20300,3850,2,5,0.9,3.25,3,2.6,21.5,6}}'),
	('numbers', '{1,-1,1}', '{{10.5,-3.1,1.7},{-4.7,0,3.4},{8.1,0.3,1.3},{3.2,7.3,-5.3}}'),
	('cars', '{-1,-1,-1,1,1}', '{{15000,4.3,99,42,737},{15290,5,116,42,892},{15350,5,114,45,952},{15490,5.3,123,45,1120}}');

-- … and what was published of them: the score, in some places times something.
CREATE TEMP TABLE published (source text, name text, aggregate jsonb, weights float8[], times text, scores numeric[]);
INSERT INTO published VALUES
	('Hwang and Yoon (1981), fighter aircraft', 'aircraft', '"topsis"', '{.2,.1,.1,.1,.2,.3}', '', '{.643,.268,.613,.312}'),
	('Tzeng and Huang (2011), chapter 5', 'chapter', '"topsis"', '{.3,.4,.3}', '', '{.5037,.6581,.7482,.3340}'),
	('Opricovic and Tzeng (2004), linear normalisation', 'climb', '{"method": "topsis", "norm": "minmax"}', '{.5,.5}', '', '{.500,.617,.500}'),
	('Opricovic and Tzeng (2004)', 'climb', '"vikor"', '{.5,.5}', '', '{1.000,.000,1.000}'),
	('Opricovic and Tzeng (2007), weights 1', 'dams', '"vikor"', '{1,1,1,1,1,1,1,1}', '', '{.991,1.000,.473,.670,.000,.578}'),
	('Opricovic and Tzeng (2007), weights 2', 'dams', '"vikor"', '{2,2,2,2,1,1,1,1}', '', '{1.000,.533,.552,.563,.000,.686}'),
	('Opricovic and Tzeng (2007), weights 3', 'dams', '"vikor"', '{1,1,1,1,2,2,2,2}', '', '{.684,1.000,.147,.554,.041,.191}'),
	('Opricovic and Tzeng (2007), weights 4', 'dams', '"vikor"', '{1,1,1,1,3.2,3.2,3.2,3.2}', '', '{.668,1.000,.051,.588,.058,.078}'),
	('Uysal and İnan (2022), utility', 'assistants', '"copras"', '{1,1,1,1,1,1,1}', '100 / largest', '{100.0000,78.8501,63.3837,98.6506,86.8878}'),
	('Kracka, Brauers and Zavadskas (2010), sum', 'heating', '"moora"', '{1,1,1,1,1,1,1}', '7', '{-1.62447867,-.25233889,-.84635037,-2.23363519,-1.18698242,-.77456208}'),
	('Yazdani et al. (2020)', 'energy', '"edas"', '{.131,.113,.126,.125,.126,.129,.132,.117}', '', '{.841,.632,.883,.457,.104}'),
	('Ersoy (2021)', 'computers', '"edas"', '{.405,.221,.134,.199,.007,.034}', '', '{.414,.130,.461,.212,.944,.043}'),
	('Stanujkic, Djordjevic and Karabasevic (2015)', 'candidates', '"aras"', '{.28,.25,.19,.15,.08,.04}', '', '{.74,.86,.78,.86}'),
	('Balezentiene and Kusta (2012)', 'grassland', '"aras"', '{1,1,1,1,1,1}', '', '{.599472,.531983,.564514,.491713,.453489,.551491,.475401,.635985,.689763,.722232}'),
	('Chakraborty, Zavadskas and Antucheviciene (2015), 2', 'machining', '{"method": "waspas", "lambda": 0}', '{.467,.160,.095,.278}', '', '{.8578,.8144,.8408,.9413,.8632,.8241,.8454,.8915,.8987,.8697}'),
	('Chakraborty, Zavadskas and Antucheviciene (2015), 2', 'machining', '"waspas"', '{.467,.160,.095,.278}', '', '{.8584,.8169,.8419,.9417,.8638,.8278,.8503,.8949,.9027,.8740}'),
	('Chakraborty, Zavadskas and Antucheviciene (2015), 2', 'machining', '{"method": "waspas", "lambda": 1}', '{.467,.160,.095,.278}', '', '{.8590,.8194,.8430,.9420,.8645,.8315,.8552,.8983,.9067,.8784}'),
	('Keshavarz Ghorabaee et al. (2016)', 'offices', '"codas"', '{.21,.16,.26,.17,.12,.08}', '', '{.768,.363,-.105,-.329,-2.384,-2.207,-2.043,2.929,2.890,-1.282,.568,.313,.157,.364}'),
	('Badi, Shetwan and Abdulshahed (2017)', 'suppliers', '"codas"', '{.2857,.3036,.2321,.1786}', '', '{1.3914,.3411,-.2170,-.5381,-.7292,-.2481}'),
	('Pamučar and Ćirović (2015)', 'forklifts', '"mabac"', '{.146,.144,.119,.121,.115,.101,.088,.068,.050,.048}', '', '{.0826,.2183,-.0488,.0246,-.0704,.0465,.0464}'),
	('Dezert et al. (2020), example 1', 'numbers', '{"method": "spotis", "bounds": {"c01": [-5, 12], "c02": [-6, 10], "c03": [-8, 5]}}', '{.2,.3,.5}', '', '{.1989,.3707,.3063,.7491}'),
	('Dezert et al. (2020), cars', 'cars', '{"method": "spotis", "bounds": {"c01": [14000, 16000], "c02": [3, 8], "c03": [80, 140], "c04": [35, 60], "c05": [650, 1300]}}',
		'{.2941,.2353,.2353,.0588,.1765}', '', '{.4779,.5781,.5558,.5801}'),
	('Dezert et al. (2020), cars, ideal given', 'cars', '{"method": "spotis", "bounds": {"c01": [14000, 16000], "c02": [3, 8], "c03": [80, 140], "c04": [35, 60], "c05": [650, 1300]},
		"ideal": {"c01": 15300, "c02": 4, "c03": 115, "c04": 50, "c05": 900}}', '{.2941,.2353,.2353,.0588,.1765}', '', '{.1841,.0734,.0842,.1920}');
-- Scores to the digits printed; "off": whose last digit is another in the table, and by how much.
-- There the paper rounded on the way: .6135 of the third aircraft is made of distances of three
-- digits, Balezentiene and Kusta's weights are .166667, Dezert et al. sum up rounded distances.
SELECT p.source, coalesce(p.aggregate ->> 'method', p.aggregate #>> '{}') AS method, s.scores, nullif(s.off, '{}') AS off
FROM (SELECT ROW_NUMBER() OVER () AS place, * FROM published) p JOIN example e USING (name), LATERAL (
	SELECT array_agg(round(x, digits) ORDER BY i) AS scores,
		array_agg(concat(unit, ' ', (round(x, digits) - want) * 10 ^ digits) ORDER BY i) FILTER (WHERE round(x, digits) <> want) AS off
	FROM (SELECT r.unit, w.i, w.want, scale(p.scores[1]) AS digits, r.score::numeric *
				CASE p.times WHEN '' THEN 1 WHEN '7' THEN 7 ELSE 100 / max(r.score::numeric) OVER () END AS x
			FROM ci.rank(pg_temp.matrix(e.cells), pg_temp.by(p.aggregate, e.directions, p.weights)) r
				JOIN unnest(p.scores) WITH ORDINALITY w (want, i) ON r.unit = 'A' || to_char(w.i, 'FM00')) u) s
ORDER BY p.place;

CREATE TEMP TABLE method AS
SELECT row_number() OVER () AS n, method, CASE method WHEN 'spotis' THEN '{"method": "spotis", "bounds": {"c01": [0, 10], "c02": [0, 10], "c03": [0, 10]}}' ELSE to_jsonb(method) END AS aggregate
FROM unnest('{topsis,vikor,copras,moora,edas,aras,waspas,codas,mabac,spotis}'::text[]) method;
INSERT INTO method VALUES (11, 'topsis, minmax', '{"method": "topsis", "norm": "minmax"}');
-- Scores by unit, to 4 decimals, or the error.
CREATE FUNCTION pg_temp.scores(cells float8[], methodology ci.methodology) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	RETURN (SELECT array_agg(trim_scale(round(r.score::numeric, 4)) ORDER BY r.unit COLLATE "C") FROM ci.rank(pg_temp.matrix(cells), methodology) r);
EXCEPTION WHEN data_exception THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN detail;
END $$;

-- What each is: of its own or of its peers, where it lies, which way it goes (the rank of
-- a unit that is best on everything and of one that is worst).
SELECT method, ci.is_peer_independent(m) AS independent, pg_temp.scores('{{3,9,2},{1,5,4},{4,2,2},{5,9,1}}', m) AS scores,
	(SELECT string_agg(rank::text, ' ' ORDER BY unit COLLATE "C") FROM ci.rank(pg_temp.matrix('{{3,9,2},{1,5,4},{4,2,2},{5,9,1}}'), m)) AS ranks
FROM method, pg_temp.by(aggregate, '{1,1,-1}', '{1,1,1}') m ORDER BY n;

-- All benefits, all costs.  For copras (1 2), (2 1), (3 3) are shares of 1/6 2/6, 2/6 1/6, 3/6 3/6:
-- S+ is 1/4 1/4 1/2; if that is S-, of 1 in all, and 1/S- is 4 4 2, then Q is 4 4 2 of 10.
SELECT method, pg_temp.scores('{{1,2,1},{2,1,1},{3,3,2}}', pg_temp.by(aggregate, '{1,1,1}', '{1,1,0}')) AS benefits,
	pg_temp.scores('{{1,2,1},{2,1,1},{3,3,2}}', pg_temp.by(aggregate, '{-1,-1,-1}', '{1,1,0}')) AS costs
FROM method ORDER BY n;

-- One unit; two that are the same; a criterion without variation: on_constant is asked
-- only where the formula divides by a range, or by distances that are all 0.
SELECT method, policy, pg_temp.scores('{{3,9,2}}', m) AS one, pg_temp.scores('{{3,9,2},{3,9,2}}', m) AS same,
	pg_temp.scores('{{3,9,2},{4,9,1},{5,9,4}}', m) AS criterion
FROM method, unnest('{error,missing,midpoint}'::text[]) WITH ORDINALITY p (policy, place),
	pg_temp.by(aggregate, '{1,1,-1}', '{1,1,1}', jsonb_build_object('on_constant', policy)) m
WHERE policy = 'error' OR method ~ 'topsis|vikor|edas|mabac' ORDER BY n, place;

-- Below 0, a cost of 0, benefits of 0 and a criterion that is 0 throughout.
SELECT method, pg_temp.scores('{{3,-9,2},{4,9,1},{5,8,4}}', m) AS negative, pg_temp.scores('{{3,9,0},{4,9,1},{5,8,4}}', m) AS zero_cost,
	pg_temp.scores('{{0,9,2},{4,0,1},{5,8,4}}', m) AS zero, pg_temp.scores('{{3,0,2},{4,0,1},{5,0,4}}', m) AS throughout
FROM method, pg_temp.by(aggregate, '{1,1,-1}', '{1,1,1}', '{"on_constant": "missing"}') m ORDER BY n;
-- on_nonpositive: A03 is left out altogether, so A01 and A02 are as without it; a floor; zero is
-- no score, as with logarithms.
SELECT method, pg_temp.scores('{{3,9,2},{4,7,1},{5,-8,4}}', (m || '{"on_nonpositive": "missing"}')::ci.methodology) AS missing,
	pg_temp.scores('{{3,9,2},{4,7,1}}', m::ci.methodology) AS without, pg_temp.scores('{{3,9,2},{4,7,1},{5,-8,4}}', (m || '{"on_nonpositive": 2}')::ci.methodology) AS floor,
	pg_temp.scores('{{3,9,2},{4,7,2},{5,2,4}}', m::ci.methodology) AS raised
FROM method, LATERAL (SELECT pg_temp.by(aggregate, '{1,1,-1}', '{1,1,1}')::jsonb) AS m (m)
WHERE method IN ('copras', 'edas', 'aras', 'waspas', 'codas') ORDER BY n;

-- A cell that is missing: the unit is judged by the others, with their weights; so are
-- aras' ideal, and copras without any cost.  A unit without any cell has no score.
SELECT method, pg_temp.scores('{{3,9,2},{4,7,NULL},{5,8,4},{NULL,NULL,NULL}}', pg_temp.by(aggregate, '{1,1,-1}', '{1,2,1}')) AS scores
FROM method ORDER BY n;
-- Of the one criterion that it has, the best unit has the best score.
SELECT method, pg_temp.scores('{{3,NULL,NULL},{2,7,1},{1,8,4}}', pg_temp.by(aggregate, '{1,1,-1}', '{1,2,1}')) AS scores
FROM method WHERE method ~ 'topsis|aras|waspas' ORDER BY n;

-- A unit that is screened changes no score and has one by what the others show; here the
-- same as A01, or beyond the best of them.
SELECT method, pg_temp.scores('{{3,9,2},{4,7,1},{5,8,4}}', pg_temp.by(aggregate, '{1,1,-1}', '{1,1,1}')) AS others,
	pg_temp.scores('{{3,9,2},{4,7,1},{5,8,4},{3,9,2},{9,10,0.5}}', screened) AS screened,
	(SELECT string_agg(coalesce(rank::text, '~'), ' ' ORDER BY unit COLLATE "C") FROM ci.rank(pg_temp.matrix('{{3,9,2},{4,7,1},{5,8,4},{3,9,2},{9,10,0.5}}'), screened)) AS ranks
FROM method, pg_temp.by(aggregate, '{1,1,-1}', '{1,1,1}', '{"screen": {"exclude": ["A04", "A05"]}}') AS screened ORDER BY n;

-- In a tree: vikor and spotis enter reflected, scores that are normalised may not enter a ranker,
-- but means of natural units may.
SELECT s.component, array_agg(trim_scale(round(s.score::numeric, 4)) ORDER BY s.unit COLLATE "C") AS scores, array_agg(s.rank ORDER BY s.unit COLLATE "C") AS ranks
FROM ci.scores(pg_temp.matrix('{{3,9,2},{4,7,1},{5,8,4}}'), '{"components": [{"code": "index", "normalise": "none"},
	{"code": "topsis", "parent": "index", "aggregate": "topsis"}, {"code": "c01", "parent": "topsis"}, {"code": "c02", "parent": "topsis"},
	{"code": "vikor", "parent": "index", "aggregate": "vikor"}, {"code": "1", "indicator": "c01", "parent": "vikor"}, {"code": "2", "indicator": "c02", "parent": "vikor"},
	{"code": "3", "indicator": "c03", "parent": "vikor", "direction": -1}]}') s
WHERE s.depth < 2 GROUP BY s.component, s.depth ORDER BY s.depth, s.component COLLATE "C";
SELECT s.component, array_agg(trim_scale(round(s.score::numeric, 4)) ORDER BY s.unit COLLATE "C") AS scores
FROM ci.scores(pg_temp.matrix('{{3,9,2},{4,7,1},{5,8,4}}'), '{"components": [{"code": "index", "normalise": "none", "aggregate": "waspas"},
	{"code": "mean", "parent": "index", "direction": -1}, {"code": "c01", "parent": "mean"}, {"code": "c02", "parent": "mean"}, {"code": "c03", "parent": "index"}]}') s
WHERE s.component IN ('index', 'mean') GROUP BY s.component ORDER BY s.component COLLATE "C";
SELECT '{"components": [{"code": "index", "aggregate": "topsis"}, {"code": "c01", "parent": "index"}, {"code": "c02", "parent": "index"}]}'::ci.methodology; \echo :SQLSTATE
-- on a root of direction -1 ranks go the other way
SELECT string_agg(unit || ' ' || rank, ', ' ORDER BY rank) FROM ci.rank(pg_temp.matrix('{{3,9},{4,7},{5,8}}'), '{"components": [{"code": "index", "normalise": "none", "aggregate": "vikor", "direction": -1},
	{"code": "c01", "parent": "index"}, {"code": "c02", "parent": "index"}]}');

-- spotis needs no peers: a row at a time, and nothing changes when a unit comes or goes
SELECT name, bool_and(ci.score(ARRAY(SELECT 'c' || to_char(j, 'FM00') FROM generate_subscripts(cells, 2) j),
		ARRAY(SELECT cells[i][j] FROM generate_subscripts(cells, 2) j), m) = r.score) AS rows,
	bool_and(alone.score = r.score) AS alone
FROM published p JOIN example e USING (name), pg_temp.by(p.aggregate, e.directions, p.weights) m, ci.rank(pg_temp.matrix(cells), m) r
	JOIN generate_subscripts(cells, 1) i ON r.unit = 'A' || to_char(i, 'FM00'), ci.rank(ci.subset(pg_temp.matrix(cells), units => ARRAY[r.unit]), m) alone
WHERE aggregate ->> 'method' = 'spotis' GROUP BY name, p.source ORDER BY p.source;
-- The others do: A01 and A02 change places when A04 comes.
SELECT method, (SELECT string_agg(unit, ' ' ORDER BY rank) FROM ci.rank(pg_temp.matrix('{{15,3},{5,9},{17,4}}'), m) WHERE unit <> 'A03') AS before,
	(SELECT string_agg(unit, ' ' ORDER BY rank) FROM ci.rank(pg_temp.matrix('{{15,3},{5,9},{17,4},{10,15}}'), m) WHERE unit IN ('A01', 'A02')) AS after
FROM method, pg_temp.by(CASE method WHEN 'spotis' THEN '{"method": "spotis", "bounds": {"c01": [0, 20], "c02": [0, 20]}}' ELSE aggregate END, '{1,1}', '{}') m
ORDER BY n;

-- Parameters are part of the digest, and are written as they were read.
SELECT count(*), count(DISTINCT ci.digest(m)) AS digests, bool_and(ci.digest(m::jsonb::ci.methodology) = ci.digest(m)) AS same
FROM unnest(ARRAY['"vikor"', '{"method": "vikor", "v": 0.4}', '"waspas"', '{"method": "waspas", "lambda": 0}', '"codas"', '{"method": "codas", "tau": 0}', '"topsis"',
	'{"method": "topsis", "norm": "minmax"}', '"aras"', '{"method": "aras", "ideal": {"c01": 9}}', '{"method": "aras", "ideal": {"c02": 9}}',
	'{"method": "spotis", "bounds": {"c01": [0, 9], "c02": [0, 8]}}', '{"method": "spotis", "bounds": {"c01": [0, 9], "c02": [0, 9]}}',
	'{"method": "spotis", "bounds": {"c01": [0, 9], "c02": [0, 9]}, "ideal": {"c02": 1}}']::jsonb[]) a, pg_temp.by(a, '{1,1}', '{}') m;
SELECT ci.digest(pg_temp.by('"vikor"', '{1,1}', '{}')) = ci.digest(pg_temp.by('{"method": "vikor", "v": 0.5}', '{1,1}', '{}')) AS default_given;

-- 240 units with 4 criteria of 6 values, the second a cost; with all, and with every tenth, which is
-- beyond the others, screened.
CREATE TEMP TABLE random AS
SELECT u, j, CASE WHEN j = 5 THEN (u % 10 > 0)::int ELSE 1 + (hashint4extended(u, j) & 1048575) % 6 + CASE WHEN u % 10 = 0 THEN 3 ELSE 0 END END::float8 AS x
FROM generate_series(1, 240) u, generate_series(1, 5) j;
CREATE FUNCTION pg_temp.random(label text DEFAULT '%s', factors float8[] DEFAULT '{1,1,1,1,1}') RETURNS ci.panel LANGUAGE sql
	RETURN (SELECT ci.panel_agg(CASE label WHEN 'other' THEN md5(u::text) ELSE u::text END, 0, 'c0' || j, x * factors[j]
		ORDER BY CASE label WHEN 'other' THEN md5(concat(u, j)) END) FROM random);
CREATE TEMP TABLE setting AS
SELECT n, method, screen ->> 'screen' IS NOT NULL AS screened, method IN ('vikor', 'spotis') AS less, pg_temp.by(CASE method
		WHEN 'spotis' THEN '{"method": "spotis", "bounds": {"c01": [0, 10], "c02": [0, 10], "c03": [0, 10], "c04": [0, 10]}}' ELSE aggregate END,
	'{1,-1,1,1}', '{.1,.2,.3,.4}', screen) AS methodology
FROM method, unnest(ARRAY['{}', '{"screen": {"units": "c05"}}']::jsonb[]) screen;
CREATE TEMP TABLE result AS SELECT n, method, screened, less, r.unit::int AS u, r.score FROM setting, ci.rank(pg_temp.random(), methodology) r;
CREATE TEMP TABLE dominated AS
SELECT a.u AS better, b.u AS worse FROM (SELECT u, array_agg(x ORDER BY j) AS x FROM random GROUP BY u) a, (SELECT u, array_agg(x ORDER BY j) AS x FROM random GROUP BY u) b
WHERE a.x[:4] <> b.x[:4] AND a.x[1] >= b.x[1] AND a.x[2] <= b.x[2] AND a.x[3] >= b.x[3] AND a.x[4] >= b.x[4];
ANALYZE random, result, dominated;
-- Who is nowhere worse than another has no worse score, the screened included, except by codas.
SELECT a.method, a.screened, count(*) AS pairs, count(*) FILTER (WHERE CASE WHEN a.less THEN a.score > b.score ELSE a.score < b.score END) AS reversed
FROM dominated d JOIN result a ON a.u = d.better JOIN result b ON b.u = d.worse AND b.n = a.n AND b.screened = a.screened
GROUP BY a.n, a.method, a.screened ORDER BY a.n, a.screened;
-- Codas reverses it in the smallest of cases: A03 is better than A02 but nearer to A01 than 0.02.
SELECT pg_temp.scores('{{14,20},{19,18},{20,18},{20,6}}', pg_temp.by('"codas"', '{1,1}', '{}')) AS codas,
	pg_temp.scores('{{14,20},{19,18},{20,18},{20,6}}', pg_temp.by('{"method": "codas", "tau": 0}', '{1,1}', '{}')) AS tau_0;

-- Other units of measurement (but for spotis, whose bounds would go along), other names and another
-- order of rows: the same scores, in the latter two to the bit.
SELECT r.method, r.screened, max(abs(r.score - m.score)) FILTER (WHERE r.method <> 'spotis') < 1e-13 AS measured, count(*) FILTER (WHERE float8send(r.score) <> float8send(o.score)) AS renamed
FROM setting s, LATERAL (SELECT unit::int AS u, score FROM ci.rank(pg_temp.random('%s', '{3.7,1e-6,1e9,0.3,1}'), methodology)) m,
	LATERAL (SELECT unit, score FROM ci.rank(pg_temp.random('other'), methodology)) o, result r
WHERE r.n = s.n AND r.screened = s.screened AND r.u = m.u AND o.unit = md5(m.u::text)
GROUP BY r.n, r.method, r.screened ORDER BY r.n, r.screened;

-- Codas by its definition, every pair, for three thresholds.
SELECT tau, screened, count(*), max(abs(c.score - d.score)) < 1e-10 AS same
FROM unnest('{0,0.02,0.5}'::float8[]) tau, unnest('{f,t}'::bool[]) screened, LATERAL (
	WITH counted AS (SELECT * FROM random r WHERE NOT screened OR u % 10 > 0), v AS (
		SELECT u, w * CASE j WHEN 2 THEN (SELECT min(x) FROM counted c WHERE c.j = r.j) / x ELSE x / (SELECT max(x) FROM counted c WHERE c.j = r.j) END
			- w * CASE j WHEN 2 THEN (SELECT min(x) / max(x) FROM counted c WHERE c.j = r.j) ELSE (SELECT min(x) / max(x) FROM counted c WHERE c.j = r.j) END AS d
		FROM random r JOIN unnest('{.1,.2,.3,.4}'::float8[]) WITH ORDINALITY w (w, j) USING (j)),
	s AS (SELECT u, sqrt(sum(greatest(d, 0) ^ 2)) AS e, sum(greatest(d, 0)) AS t FROM v GROUP BY u)
	SELECT a.u, sum(a.e - b.e + CASE WHEN abs(a.e - b.e) >= tau THEN a.t - b.t ELSE 0 END) AS score FROM s a, s b WHERE NOT screened OR b.u % 10 > 0 GROUP BY a.u) d
	JOIN LATERAL (SELECT unit::int AS u, score FROM ci.rank(pg_temp.random(), pg_temp.by(jsonb_build_object('method', 'codas', 'tau', tau), '{1,-1,1,1}', '{.1,.2,.3,.4}',
		CASE WHEN screened THEN '{"screen": {"units": "c05"}}' ELSE '{}' END::jsonb))) c USING (u)
GROUP BY tau, screened ORDER BY tau, screened;
