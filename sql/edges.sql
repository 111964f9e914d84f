-- The ends of what may come in: nothing, one, all the same, all missing, huge, tiny, odd names; each public function, each method.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;
\pset null ~

-- NULL for a panel or a methodology: no rows, or NULL
CREATE TEMPORARY TABLE p AS SELECT ci.panel_agg(unit, 'x', value) AS panel FROM (VALUES ('A', 1), ('B', 3), ('C', 2)) AS v (unit, value);
CREATE TEMPORARY TABLE m AS SELECT '{"components": [{"code": "r"}, {"code": "x", "parent": "r", "normalise": {"method": "goalposts", "lower": 0, "upper": 10}}]}'::ci.methodology AS methodology;
SELECT (SELECT count(*) FROM ci.observations(NULL)) AS observations, (SELECT count(*) FROM ci.summary(NULL)) AS summary,
	(SELECT count(*) FROM ci.rank(NULL)) AS rank, (SELECT count(*) FROM ci.rank(NULL, methodology)) AS rank_p, (SELECT count(*) FROM ci.rank(panel, NULL)) AS rank_m,
	(SELECT count(*) FROM ci.scores(NULL, methodology)) AS scores_p, (SELECT count(*) FROM ci.scores(panel, NULL)) AS scores_m,
	(SELECT count(*) FROM ci.explain(NULL, methodology)) AS explain_p, (SELECT count(*) FROM ci.explain(panel, NULL, 'A', 0)) AS explain_m,
	(SELECT count(*) FROM ci.audit(NULL, methodology)) AS audit_p, (SELECT count(*) FROM ci.audit(panel, NULL)) AS audit_m,
	(SELECT count(*) FROM ci.components(NULL)) AS components
FROM p, m \gx
SELECT num_nonnulls(ci.units(NULL), ci.periods(NULL), ci.indicators(NULL), ci.digest(NULL::ci.panel), ci.subset(NULL, '{0}', '{A}', '{x}'), ci.fit(NULL, methodology), ci.fit(panel, NULL),
	ci.fit(panel, NULL, 0), ci.default_methodology(NULL), ci.default_methodology(NULL, '{x}'), ci.digest(NULL::ci.methodology), ci.amend(NULL, '{}'), ci.amend(methodology, NULL),
	ci.is_peer_independent(NULL), ci.score(NULL, '{5}', methodology), ci.score('{x}', NULL, methodology), ci.score('{x}', '{5}', NULL),
	ci.panel_eq(panel, NULL), ci.panel_cmp(NULL, panel), ci.panel_hash(NULL), ci.methodology_eq(NULL, methodology)) AS not_null
FROM p, m;
SELECT ci.score_agg('x', 5, NULL) AS no_methodology, ci.score_agg(i, v, methodology) AS no_rows FROM m, (VALUES ('x', 5)) AS c (i, v) WHERE v > 5;
-- a NULL value is a missing cell, a NULL unit or period of interest is all of them
SELECT ci.score('{x}', '{NULL}', methodology) AS missing, ci.score_agg('x', NULL, methodology) AS missing_row, ci.score_agg('z', 5, methodology) AS another_indicator
FROM m GROUP BY methodology;
SELECT count(*) = 2 * 3 AS all FROM p, m, ci.explain(panel, methodology, NULL, NULL);

-- Panels at the ends, of x and y
CREATE TEMPORARY TABLE panels AS
SELECT name, ci.panel_agg(unit, period, indicator, value) AS panel FROM (VALUES
	('one cell',       'A', 0,    'x', 5.0::float8), ('one cell', 'A', 0, 'y', NULL),
	('one unit',       'A', 2020, 'x', 1), ('one unit', 'A', 2020, 'y', 7), ('one unit', 'A', 2021, 'x', 2), ('one unit', 'A', 2021, 'y', 6),
	('all ties',       'A', 0,    'x', 5), ('all ties', 'B', 0, 'x', 5), ('all ties', 'C', 0, 'x', 5), ('all ties', 'A', 0, 'y', 5), ('all ties', 'B', 0, 'y', 5), ('all ties', 'C', 0, 'y', 5),
	('opposed',        'A', 0,    'x', 1), ('opposed', 'A', 0, 'y', 2), ('opposed', 'B', 0, 'x', 2), ('opposed', 'B', 0, 'y', 1),
	('all missing',    'A', 0,    'x', NULL), ('all missing', 'B', 0, 'y', NULL),
	('some missing',   'A', 0,    'x', 1), ('some missing', 'B', 0, 'y', 2), ('some missing', 'C', 0, 'x', NULL), ('some missing', 'D', 0, 'x', 3), ('some missing', 'D', 0, 'y', 3),
	('constant',       'A', 0,    'x', 7), ('constant', 'B', 0, 'x', 7), ('constant', 'A', 0, 'y', 1), ('constant', 'B', 0, 'y', 2),
	('signs',          'A', 0,    'x', -1), ('signs', 'B', 0, 'x', 0), ('signs', 'C', 0, 'x', 1), ('signs', 'A', 0, 'y', 2), ('signs', 'B', 0, 'y', -3), ('signs', 'C', 0, 'y', 0),
	('huge',           'A', 0,    'x', 1.7976931348623157e308), ('huge', 'B', 0, 'x', -1.7976931348623157e308), ('huge', 'C', 0, 'x', 0),
	('huge',           'A', 0,    'y', 1.7e308), ('huge', 'B', 0, 'y', 1.6e308), ('huge', 'C', 0, 'y', 1),
	('denormal',       'A', 0,    'x', 5e-324), ('denormal', 'B', 0, 'x', 1e-323), ('denormal', 'C', 0, 'x', 0),
	('denormal',       'A', 0,    'y', -5e-324), ('denormal', 'B', 0, 'y', 2e-308), ('denormal', 'C', 0, 'y', 1e-310)) AS v (name, unit, period, indicator, value)
GROUP BY name;

-- a methodology of both, the normalise stage of the root inherited
CREATE FUNCTION pg_temp.method(normalise jsonb, aggregate jsonb DEFAULT '"arithmetic"', on_constant jsonb DEFAULT '"error"', on_nonpositive jsonb DEFAULT '"error"', rescale jsonb DEFAULT '"none"')
RETURNS ci.methodology LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object('on_constant', on_constant, 'on_nonpositive', on_nonpositive, 'components', jsonb_build_array(
		jsonb_build_object('code', 'r', 'aggregate', aggregate, 'normalise', normalise, 'rescale', rescale),
		jsonb_build_object('code', 'x', 'parent', 'r'), jsonb_build_object('code', 'y', 'parent', 'r')))::ci.methodology $$;

-- No variation: x is 7 and 7.  Where a method needs some, nothing or the middle of its scale; the others give what they always give.
CREATE TEMPORARY TABLE way (n int, way text, normalise jsonb);
INSERT INTO way VALUES (1, 'minmax', '"minmax"'), (2, 'to [1, 10]', '{"to": [1, 10]}'), (3, 'quantiles', '{"lower": "p5", "upper": "p95"}'), (4, 'zscore', '"zscore"'), (5, 'population', '{"method": "zscore", "population": true, "to": [100, 10]}'),
	(6, 'normal_cdf', '"normal_cdf"'), (7, 'robust_z', '"robust_z"'), (8, 'percentile_rank', '"percentile_rank"'), (9, 'rank', '"rank"'), (10, 'borda', '"borda"'), (11, 'none', '"none"'),
	(12, 'goalposts', '{"method": "goalposts", "lower": 0, "upper": 10}');
SELECT way, policy, array_agg(DISTINCT s.score) AS scores_of_x
FROM panels, way, unnest('{missing,midpoint}'::text[]) AS policy, ci.scores(panel, pg_temp.method(normalise, on_constant => to_jsonb(policy))) AS s
WHERE name = 'constant' AND component = 'x' GROUP BY n, way, policy ORDER BY n, policy DESC;
-- one unit alone is the same case
SELECT way, policy, array_agg(DISTINCT s.score) AS scores_of_x
FROM panels, way, unnest('{missing,midpoint}'::text[]) AS policy, ci.scores(panel, pg_temp.method(normalise, on_constant => to_jsonb(policy))) AS s
WHERE name = 'one cell' AND component = 'x' GROUP BY n, way, policy ORDER BY n, policy DESC;

-- Ranks at the ends
SELECT name, period, unit, rank, n_ranked, score, previous_rank, rank_change, coverage, status
FROM panels, ci.rank(panel, pg_temp.method('"minmax"', on_constant => '"midpoint"')) WITH ORDINALITY AS r (period, unit, rank, n_ranked, score, previous_rank, rank_change, coverage, imputed_share, status, n)
WHERE name IN ('one cell', 'one unit', 'all ties', 'opposed', 'all missing', 'some missing', 'constant') ORDER BY name COLLATE "C", n;
SELECT name, period, unit, rank, n_ranked, score, coverage, status
FROM panels, ci.rank(panel, pg_temp.method('"minmax"', on_constant => '"missing"')) WITH ORDINALITY AS r (period, unit, rank, n_ranked, score, previous_rank, rank_change, coverage, imputed_share, status, n)
WHERE name IN ('one cell', 'all ties', 'constant') ORDER BY name COLLATE "C", n;
-- nothing observed, in every function
SELECT unit, component, raw, score, weight, effective_weight, contribution, flags FROM panels, ci.explain(panel, pg_temp.method('"minmax"')) WHERE name = 'all missing';
SELECT period, unit, component, score, rank, n_ranked, coverage, imputed_share FROM panels, ci.scores(panel, pg_temp.method('"minmax"')) WHERE name = 'all missing';
SELECT severity, finding, period, component, unit, value FROM panels, ci.audit(panel, pg_temp.method('"minmax"')) WHERE name = 'all missing';
SELECT indicator, n, missing, "distinct", min, max, mean, sd, median, skewness, kurtosis FROM panels, ci.summary(panel) WHERE name = 'all missing';
SELECT (f::jsonb #> '{components,1,normalise}') - '{method,to,transform,clamp}'::text[] AS fitted, ci.is_peer_independent(f), ci.score('{x,y}', '{1,2}', f)
FROM panels, ci.fit(panel, pg_temp.method('"minmax"')) AS f WHERE name = 'all missing';
-- ranked, without a score in a period, and ranked again: previous is the period before, whatever was in it
SELECT period, rank, score, previous_rank, rank_change, status
FROM ci.rank((SELECT ci.panel_agg(unit, period, 'x', value) FROM (VALUES ('A', 2020, 5), ('B', 2020, 3), ('A', 2021, NULL), ('B', 2021, 4), ('A', 2022, 1), ('B', 2022, 9), ('B', 2023, 9), ('A', 2024, 2), ('B', 2024, 1))
		AS v (unit, period, value)), '{"components": [{"code": "r", "normalise": "none"}, {"code": "x", "parent": "r"}]}')
WHERE unit = 'A';

-- Huge and tiny: 0, 1 and 2 times the least float8, and the largest, its opposite and 0, are as good as 0, 1, 2
SELECT name, way, array_agg(round(score::numeric, 6) ORDER BY unit) AS scores_of_x
FROM panels, (VALUES (1, 'minmax', '"minmax"'::jsonb), (2, 'zscore', '"zscore"'), (3, 'normal_cdf', '"normal_cdf"'), (4, 'percentile_rank', '"percentile_rank"'), (5, 'rank', '"rank"'), (6, 'median at 50', '{"lower": "p50"}'),
	(7, 'to [100, 0]', '{"to": [100, 0]}')) AS way (n, way, normalise), ci.scores(panel, pg_temp.method(normalise))
WHERE name IN ('huge', 'denormal') AND component = 'x' GROUP BY name, n, way ORDER BY name COLLATE "C" DESC, n;
-- the mean of two equal values is their value, to the least float8; that of opposite ones is 0; nothing on the way is out of range
SELECT value, aggregate, abs(score - v) <= 5e-324 AS itself
FROM (VALUES ('largest', 1.7976931348623157e308::float8), ('least', 5e-324)) AS value (value, v), unnest('{"arithmetic","geometric","harmonic","median","min","max"}'::text[]) AS aggregate,
	ci.score('{x,y}', ARRAY[v, v], pg_temp.method('"none"', to_jsonb(aggregate))) AS score
ORDER BY value, aggregate;
SELECT aggregate, ci.score('{x,y}', '{1.7976931348623157e308,-1.7976931348623157e308}', pg_temp.method('"none"', to_jsonb(aggregate))) AS opposite
FROM unnest('{"arithmetic","median"}'::text[]) AS aggregate ORDER BY aggregate;
SELECT round(ci.score('{x,y}', '{1e300,1e-300}', pg_temp.method('"none"', '"geometric"'))::numeric, 9) AS geometric;

-- Names: none at all, Chinese, quotes, and what JSON or a list of names could take for its own
CREATE TEMPORARY TABLE odd AS
SELECT ci.panel_agg(name, 2020, '指标', n) AS panel,
	jsonb_build_object('screen', jsonb_build_object('exclude', jsonb_build_array('{}')), 'components', jsonb_build_array(jsonb_build_object('code', '指数', 'label', 'say "hi"'),
		jsonb_build_object('code', E'a"\\,b', 'parent', '指数', 'indicator', '指标', 'normalise', jsonb_build_object('upper', jsonb_build_object('unit', '北京')))))::ci.methodology AS methodology
FROM (VALUES (0, ''), (1, 'Xi''an'), (2, '北京'), (3, 'a"b'), (4, E'tab\tnew\nline'), (5, '{}'), (6, 'NULL'), (7, E'\\')) AS v (n, name);
SELECT to_json(unit) AS unit, rank, score, status FROM odd, ci.rank(panel, methodology);
SELECT unit, component, parent, score, rank FROM odd, ci.scores(panel, methodology) WHERE unit IN ('', 'Xi''an', '北京', 'NULL');
SELECT unit, component, indicator, raw, score, contribution, flags FROM odd, ci.explain(panel, methodology, '');
SELECT unit, component, indicator, raw, score, contribution, flags FROM odd, ci.explain(panel, methodology, '北京', 2020);
SELECT severity, finding, component, unit FROM odd, ci.audit(panel, methodology);
SELECT ci.score('{指标}', '{2}', ci.fit(panel, methodology)) AS score, (SELECT ci.score_agg(i, v, ci.fit(panel, methodology)) FROM (VALUES ('指标', 3)) AS c (i, v)) AS score_agg FROM odd;
-- units that a methodology lists and the panel does not have: said by ci.audit, else passed over
SELECT severity, finding, component, unit, message FROM panels,
	ci.audit(panel, '{"screen": {"exclude": ["nobody", "B"]}, "components": [{"code": "r"}, {"code": "x", "parent": "r", "units": ["A", "北京"]}, {"code": "y", "parent": "r"}]}')
WHERE name = 'huge' AND finding = 'unknown_unit';
SELECT unit, rank, score, status FROM panels,
	ci.rank(panel, '{"screen": {"exclude": ["nobody", "B"]}, "components": [{"code": "r", "normalise": "none"}, {"code": "x", "parent": "r", "units": ["A", "北京"]}, {"code": "y", "parent": "r"}]}')
WHERE name = 'opposed';
-- a panel may hold an indicator without a name, but no methodology can name it
\set SHOW_CONTEXT never
SELECT ci.indicators(panel), ci.observations(panel) FROM (SELECT ci.panel_agg('A', '', 1) AS panel) AS p;
SELECT * FROM ci.rank((SELECT ci.panel_agg('A', '', 1)));

-- Every method by every aggregate, on every panel above, by three policies: what must hold of all functions whatever comes out
CREATE TEMPORARY TABLE aggregate (n int, aggregate jsonb);
INSERT INTO aggregate VALUES (1, '"arithmetic"'), (2, '"geometric"'), (3, '"median"'), (4, '{"method": "power", "p": -2}'), (5, '"harmonic"'), (6, '"min"'), (7, '"max"'),
	(8, '{"method": "power", "p": 0}'), (9, '{"method": "power", "p": 3}'), (10, '{"method": "power", "p": "Infinity"}'), (11, '{"method": "power", "p": "-Infinity"}'), (12, '{"method": "geometric", "scale": [1, 100]}');
CREATE TEMPORARY TABLE normalise (n int, normalise jsonb);
INSERT INTO normalise VALUES (1, '{"to": [1, 100]}'), (2, '{"to": [1, 100], "transform": "log"}'), (3, '{"to": [1, 100], "transform": {"method": "boxcox", "lambda": 0.5}, "clamp": true}'),
	(4, '{"to": [1, 100], "lower": "p5", "upper": "p95", "clamp": true}'), (5, '{"to": [1, 100], "lower": 0, "upper": {"unit": "A"}}'), (6, '{"method": "goalposts", "lower": 0, "upper": 10, "to": [1, 100]}'),
	(7, '"zscore"'), (8, '{"method": "zscore", "to": [100, 10], "clamp": [50, 150], "population": true}'), (9, '{"method": "zscore", "transform": "log"}'), (10, '{"method": "normal_cdf", "to": [1, 100]}'),
	(11, '"robust_z"'), (12, '{"method": "percentile_rank", "to": [1, 100]}'), (13, '"rank"'), (14, '"borda"'), (15, '"none"');
CREATE TEMPORARY TABLE policy (policy text, on_constant jsonb, on_nonpositive jsonb);
INSERT INTO policy VALUES ('error', '"error"', '"error"'), ('missing', '"missing"', '"missing"'), ('value', '"midpoint"', '0.001');

CREATE FUNCTION pg_temp.is_finite(x float8) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT x IS NULL OR x BETWEEN '-1.7976931348623157e308' AND '1.7976931348623157e308' $$;
CREATE FUNCTION pg_temp.same(a float8, b float8) RETURNS bool LANGUAGE sql IMMUTABLE AS $$ SELECT float8send(a) IS NOT DISTINCT FROM float8send(b) $$;
-- The SQLSTATE that ci.rank raises, or 00000; and the rules that are broken
CREATE FUNCTION pg_temp.outcome(panel ci.panel, m ci.methodology, OUT state text, OUT broken text[]) LANGUAGE plpgsql AS $$
DECLARE
	found text;
	fitted ci.methodology;
	p int;
BEGIN
	state := '00000';
	broken := '{}';
	BEGIN
		-- ranks are those of SQL on the rounded score; only what has a score is ranked, and only what is observed has a score
		SELECT concat_ws('/', CASE WHEN NOT bool_and(pg_temp.is_finite(score) AND coverage BETWEEN 0 AND 1) THEN 'range' END,
				CASE WHEN bool_or((rank IS NULL) <> (score IS NULL) OR (status = 'ranked') <> (score IS NOT NULL) OR score IS NOT NULL AND coverage = 0 AND imputed_share = 0 OR coverage + imputed_share > 1 + 1e-9) THEN 'unranked' END,
				CASE WHEN bool_or(rank <> expected_rank OR n_ranked <> expected_n) THEN 'ranks' END)
		INTO found
		FROM (SELECT *, rank() OVER (PARTITION BY period ORDER BY round(score::numeric, 9) DESC NULLS LAST) AS expected_rank, count(score) OVER (PARTITION BY period) AS expected_n
			FROM ci.rank(panel, m)) AS r;
		broken := broken || found;
		-- ci.scores and ci.explain say the same
		SELECT concat_ws('/', CASE WHEN bool_or(NOT pg_temp.same(r.score, s.score) OR r.rank IS DISTINCT FROM s.rank OR NOT pg_temp.same(r.score, e.score)) THEN 'differ' END)
		INTO found
		FROM ci.rank(panel, m) AS r FULL JOIN (SELECT * FROM ci.scores(panel, m) WHERE depth = 0) AS s USING (period, unit)
			FULL JOIN (SELECT * FROM ci.explain(panel, m) WHERE parent IS NULL) AS e USING (period, unit);
		broken := broken || found;
		SELECT concat_ws('/', CASE WHEN NOT bool_and(pg_temp.is_finite(score) AND pg_temp.is_finite(contribution) AND weight BETWEEN 0 AND 1 AND effective_weight BETWEEN 0 AND 1) THEN 'explain' END)
		INTO found FROM ci.explain(panel, m);
		broken := broken || found;
	EXCEPTION WHEN OTHERS THEN
		state := SQLSTATE;
	END;
	-- ci.audit does not raise, and has errors just where ci.rank does
	IF EXISTS (SELECT FROM ci.audit(panel, m) WHERE severity = 'error') <> (state <> '00000') THEN
		broken := broken || 'audit'::text;
	END IF;
	IF state = '00000' THEN
		-- the fitted methodology gives the same bits, unit by unit where units do not depend on each other
		FOREACH p IN ARRAY ci.periods(panel) LOOP
			fitted := ci.fit(panel, m, p);
			SELECT concat_ws('/', CASE WHEN bool_or(NOT pg_temp.same(r.score, f.score) OR r.rank IS DISTINCT FROM f.rank) THEN 'fit' END)
			INTO found
			FROM ci.rank(ci.subset(panel, ARRAY[p]), m) AS r FULL JOIN ci.rank(ci.subset(panel, ARRAY[p]), fitted) AS f USING (unit);
			broken := broken || found;
			IF ci.is_peer_independent(fitted) THEN
				SELECT concat_ws('/', CASE WHEN bool_or(NOT pg_temp.same(r.score, ci.score('{x,y}', cells, fitted))) THEN 'score' END)
				INTO found
				FROM ci.rank(panel, m) AS r JOIN (SELECT unit, array_agg(value ORDER BY indicator) AS cells FROM ci.observations(panel) WHERE period = p GROUP BY unit) AS o USING (unit)
				WHERE r.period = p;
				broken := broken || found;
			END IF;
		END LOOP;
	END IF;
	broken := array_remove(broken, '');
END $$;
-- statements in workers are another test's; here they would only take their time to start
SET max_parallel_workers_per_gather = 0;
CREATE TEMPORARY TABLE outcome AS
SELECT name, policy, normalise, aggregate, o.*
FROM panels, policy, normalise, aggregate, pg_temp.outcome(panel, pg_temp.method(normalise, aggregate, on_constant, on_nonpositive)) AS o
WHERE (aggregate.n <= 4 OR normalise.n IN (1, 8, 15)) AND NOT (aggregate.n = 12 AND normalise.n <> 1);
CREATE TEMPORARY TABLE rescaled AS
SELECT name, policy, normalise, rescale, o.*
FROM panels, policy, normalise, unnest('{"\"minmax\"","\"zscore\"","\"percentile_rank\"","{\"transform\": \"log\"}","{\"transform\": \"log\", \"clamp\": true, \"lower\": \"p10\"}","{\"method\": \"zscore\", \"transform\": \"log\"}"}'::jsonb[]) AS rescale,
	pg_temp.outcome(panel, pg_temp.method(normalise, '"arithmetic"', on_constant, on_nonpositive, rescale)) AS o
WHERE normalise.n IN (1, 6, 7, 12, 15);
-- prepared: the stages before normalise, inherited from the root
CREATE TEMPORARY TABLE prepared AS
SELECT name, policy, impute, treat, normalise, o.*
FROM panels, policy, normalise, unnest('{"\"none\"","\"mean\"","{\"method\": \"median\", \"scope\": {\"by\": \"y\"}}","{\"method\": \"constant\", \"value\": 1}"}'::jsonb[]) AS impute,
	unnest('{"\"none\"","\"trim\"","\"log\"","{\"method\": \"clip\", \"upper\": 2}","{\"method\": \"boxcox\", \"lambda\": -2, \"offset\": 4}","{\"method\": \"winsorise\", \"skewness\": 0, \"kurtosis\": -6, \"max_points\": 1, \"otherwise\": \"log_ct\"}"}'::jsonb[]) AS treat,
	LATERAL (SELECT ci.amend(pg_temp.method(normalise, '"arithmetic"', on_constant, on_nonpositive), jsonb_build_object('components', jsonb_build_array(jsonb_build_object('code', 'r', 'impute', impute, 'treat', treat),
		jsonb_build_object('code', 'x', 'denominator', CASE WHEN name = 'some missing' THEN 'y' ELSE 'none' END)))) AS m) AS a,
	pg_temp.outcome(panel, m) AS o
WHERE normalise.n IN (1, 7, 12) AND (impute, treat) IS DISTINCT FROM ('"none"', '"none"');
RESET max_parallel_workers_per_gather;
SELECT count(*) AS outcomes, count(*) FILTER (WHERE broken <> '{}') AS broken FROM prepared;
SELECT count(*) AS outcomes, count(*) FILTER (WHERE broken <> '{}') AS broken FROM outcome;
SELECT count(*) AS outcomes, count(*) FILTER (WHERE broken <> '{}') AS broken FROM rescaled;
SELECT * FROM outcome WHERE broken <> '{}' LIMIT 5;
SELECT * FROM rescaled WHERE broken <> '{}' LIMIT 5;
SELECT * FROM prepared WHERE broken <> '{}' LIMIT 5;
-- what is raised: data_exception (22000) only where the policy is to raise, and numeric_value_out_of_range (22003) only for what is huge
SELECT policy, state, array_agg(DISTINCT name) FILTER (WHERE state = '22003') AS panels
FROM (SELECT name, policy, state FROM outcome UNION ALL SELECT name, policy, state FROM rescaled UNION ALL SELECT name, policy, state FROM prepared) AS u GROUP BY policy, state ORDER BY policy, state;
