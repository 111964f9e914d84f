-- Treatment of outliers: clipped ends, and transforms.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
\pset null ~

-- Units u01, u02, … with these values of x in one period.
CREATE FUNCTION pg_temp.column(x float8[], indicator text DEFAULT 'x') RETURNS ci.panel LANGUAGE sql
	RETURN (SELECT ci.panel_agg('u' || to_char(n, 'FM00'), 1, indicator, v) FROM unnest(x) WITH ORDINALITY u (v, n));
CREATE FUNCTION pg_temp.methodology(how text, x text DEFAULT '', top text DEFAULT '') RETURNS ci.methodology LANGUAGE sql
	RETURN ('{"components": [{"code": "index"}, {"code": "x", "parent": "index", "normalise": "none", "treat": ' || how || x || '}]' || top || '}')::ci.methodology;
CREATE FUNCTION pg_temp.treated(panel ci.panel, how text, top text DEFAULT '', x text DEFAULT '') RETURNS float8[] LANGUAGE sql
	RETURN (SELECT array_agg(e.treated ORDER BY e.period, e.unit) FROM ci.explain(panel, pg_temp.methodology(how, x, top)) e WHERE e.component = 'x');
CREATE FUNCTION pg_temp.fitted(panel ci.panel, how text, top text DEFAULT '') RETURNS jsonb LANGUAGE sql
	RETURN (SELECT coalesce(c.treat, '"none"') FROM ci.components(ci.fit(panel, pg_temp.methodology(how, '', top), 1)) c WHERE c.code = 'x');
-- Skewness, kurtosis and the rule, in SQL: the formulas of a spreadsheet's SKEW and KURT.
CREATE FUNCTION pg_temp.moments(x float8[], OUT skewness numeric, OUT kurtosis numeric) LANGUAGE sql
	BEGIN ATOMIC
		SELECT n / ((n - 1) * (n - 2)) * sum(((v - mean) / sd) ^ 3), n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * sum(((v - mean) / sd) ^ 4) - 3 * (n - 1) ^ 2 / ((n - 2) * (n - 3))
		FROM unnest(x::numeric[]) v, (SELECT count(*)::numeric AS n, avg(w) AS mean, stddev_samp(w) AS sd FROM unnest(x::numeric[]) w WHERE w IS NOT NULL) s
		WHERE v IS NOT NULL GROUP BY n;
	END;

-- The example of COINr's manual (article "Outlier Treatment"): 1 to 10, 30, 100 have
-- skewness 3.063241 and kurtosis 9.741391; with one point winsorised, 1.712038 and
-- 1.815781.
CREATE TEMP TABLE coinr AS SELECT '{1,2,3,4,5,6,7,8,9,10,30,100}'::float8[] AS x;
SELECT w.points, round(m.skewness, 6) AS skewness, round(m.kurtosis, 6) AS kurtosis, pg_temp.treated(pg_temp.column(x), w.treat) AS treated
FROM coinr, (VALUES (0, '{"method": "winsorise", "max_points": 0}'), (5, '"winsorise"')) w (points, treat),
	pg_temp.moments(pg_temp.treated(pg_temp.column(x), w.treat)) m;
SELECT treat, pg_temp.fitted(pg_temp.column(x), treat) AS fitted FROM coinr, (VALUES ('"winsorise"'), ('{"method": "winsorise", "max_points": 1}'),
	('{"method": "winsorise", "skewness": 4}'), ('{"method": "winsorise", "kurtosis": 10}'), ('{"method": "winsorise", "max_points": 0, "otherwise": "log"}')) t (treat);
-- Its tests: one outlier of eleven; two of which one may be changed, so all are logged.
SELECT pg_temp.treated(pg_temp.column('{1,2,3,4,5,6,7,8,9,10,100}'), '"winsorise"') AS one,
	(SELECT count(*) FILTER (WHERE abs(t - ln(v)) > 1e-15) FROM unnest(array_cat(a.x, '{100,200}'), pg_temp.treated(pg_temp.column(array_cat(a.x, '{100,200}')), '{"method": "winsorise", "max_points": 1, "otherwise": "log"}')) u (v, t)) AS wrong
FROM (SELECT array_agg(n::float8) AS x FROM generate_series(1, 20) n) a;

-- Skewed the other way, winsorised from below; ties count each, and may carry the
-- count past max_points, but no step begins at or beyond it.
SELECT v.points, pg_temp.treated(pg_temp.column(v.x), '{"method": "winsorise", "max_points": ' || v.points || '}') AS treated
FROM (VALUES (5, '{-100,-30,-10,-9,-8,-7,-6,-5,-4,-3,-2,-1}'::float8[]), (1, '{1,2,3,4,5,6,7,8,9,10,1,2,3,4,5,6,7,8,9,10,200,200}'), (1, '{1,2,3,4,5,6,7,8,9,10,1,2,3,4,5,6,7,8,9,10,150,200,200}'),
	(3, '{1,2,3,4,5,6,7,8,9,10,1,2,3,4,5,6,7,8,9,10,150,200,200}')) v (points, x);
-- A point is moved step by step and counts once: five points, ten steps and more.
SELECT pg_temp.fitted(pg_temp.column(array_agg(x)), '{"method": "winsorise", "max_points": 4}') AS four, pg_temp.fitted(pg_temp.column(array_agg(x)), '"winsorise"') AS five
FROM (SELECT n::float8 AS x FROM generate_series(1, 40) n UNION ALL SELECT unnest('{1000,2000,3000,4000,5000}'::float8[])) v;

-- The rule says above: 0 0 0 4, with skewness 2 and kurtosis 4, is not above 4; the
-- other column is above 1.9 and 3.
SELECT round(m.skewness, 9) AS skewness, round(m.kurtosis, 9) AS kurtosis, pg_temp.fitted(pg_temp.column('{0,0,0,4}'), '{"method": "winsorise", "kurtosis": 4, "skewness": 1}') AS at_kurtosis,
	pg_temp.fitted(pg_temp.column('{0,0,1,9}'), '{"method": "winsorise", "kurtosis": 3, "skewness": 1.9}') AS above FROM pg_temp.moments('{0,0,0,4}') m;

-- Every loop of the procedure in SQL, over columns of random shape.
CREATE FUNCTION pg_temp.winsorise(x float8[], max_points int) RETURNS float8[] LANGUAGE plpgsql AS $$
DECLARE
	m record;
	high int := 0;
	low int := 0;
	extreme float8;
	next float8;
BEGIN
	LOOP
		SELECT * INTO m FROM pg_temp.moments(x);
		EXIT WHEN NOT (abs(m.skewness) > 2 AND m.kurtosis > 3.5) OR high + low >= max_points;
		IF m.skewness >= 0 THEN
			SELECT max(v) INTO extreme FROM unnest(x) v;
			SELECT max(v) INTO next FROM unnest(x) v WHERE v < extreme;
			SELECT count(*) INTO high FROM unnest(x) v WHERE v = extreme;
		ELSE
			SELECT min(v) INTO extreme FROM unnest(x) v;
			SELECT min(v) INTO next FROM unnest(x) v WHERE v > extreme;
			SELECT count(*) INTO low FROM unnest(x) v WHERE v = extreme;
		END IF;
		SELECT array_agg(CASE WHEN v = extreme THEN next ELSE v END ORDER BY n) INTO x FROM unnest(x) WITH ORDINALITY u (v, n);
	END LOOP;
	RETURN x;
END $$;
CREATE TEMP TABLE shapes AS
SELECT s AS shape, array_agg((CASE WHEN s % 2 = 0 THEN 1 ELSE -1 END) * round((tan(abs(hashint4(s * 1000 + n) % 1000) / 1000.0 * (1.2 + s % 4 * 0.11)) * 100)::numeric, s % 3)::float8
	+ CASE WHEN n <= s % 3 THEN -5000 ELSE 0 END ORDER BY n) AS x
FROM generate_series(1, 24) s, generate_series(1, 40) n GROUP BY s;
SELECT points, count(*) AS columns, count(*) FILTER (WHERE wanted <> x) AS winsorised, count(*) FILTER (WHERE pg_temp.treated(pg_temp.column(x), '{"method": "winsorise", "max_points": ' || points || '}') <> wanted) AS wrong
FROM shapes, (VALUES (0), (1), (5), (12)) p (points), pg_temp.winsorise(x, points) AS wanted GROUP BY points ORDER BY points;

-- What else: from the original values, not from the winsorised ones.
CREATE TEMP TABLE heavy AS SELECT array_agg(x) AS x FROM (SELECT n::float8 AS x FROM generate_series(2, 41) n UNION ALL SELECT unnest('{1000,2000,3000,4000,5000,9000}'::float8[])) v;
SELECT o.otherwise, pg_temp.fitted(pg_temp.column(x), format('{"method": "winsorise", "max_points": 2, "otherwise": %s}', o.otherwise)) AS fitted,
	(SELECT max(abs(t - CASE o.n WHEN 1 THEN least(v, 4000) WHEN 2 THEN ln(v) WHEN 3 THEN ln(v - 2 + 0.01 * (9000 - 2)) WHEN 4 THEN ln((9000 - 1) * (v - 2) / (9000 - 2) + 1)
			WHEN 5 THEN (power(v - 2 + 1, 0.25) - 1) / 0.25 ELSE ln(v - 2 + 1) END)) < 1e-12
		FROM unnest(h.x, pg_temp.treated(pg_temp.column(h.x), format('{"method": "winsorise", "max_points": 2, "otherwise": %s}', o.otherwise))) u (v, t)) AS as_by_the_formula
FROM heavy h, (VALUES (1, '"none"'), (2, '"log"'), (3, '"log_ct"'), (4, '"log_gii"'), (5, '"boxcox", "lambda": 0.25'), (6, '"boxcox", "lambda": 0')) o (n, otherwise);
-- COINr's log_GII (1.1.14) gives its input back; this does not.  Where the largest value is 1 or less the
-- formula would reverse the order, or level it: an error.
SELECT count(*) FILTER (WHERE t = v) AS untouched FROM heavy, LATERAL unnest(x, pg_temp.treated(pg_temp.column(x), '{"method": "winsorise", "max_points": 2, "otherwise": "log_gii"}')) u (v, t);
SELECT pg_temp.treated(pg_temp.column(array_agg(v / 9000)), '{"method": "winsorise", "max_points": 2, "otherwise": "log_gii"}') FROM heavy, unnest(x) v; \echo :SQLSTATE
SELECT f.severity, f.finding, f.period, f.component, f.message FROM (SELECT pg_temp.column(array_agg(v / 9001)) AS panel FROM heavy, unnest(x) v) p,
	ci.audit(panel, pg_temp.methodology('{"method": "winsorise", "max_points": 2, "otherwise": "log_gii"}')) f WHERE severity = 'error';

-- Too few values, no variation, or none left after the next step: as they are.
SELECT v.x, pg_temp.treated(pg_temp.column(v.x), '{"method": "winsorise", "skewness": 0.1, "kurtosis": -9}') AS treated,
	(SELECT array_agg(DISTINCT e.flags::text) FROM ci.explain(pg_temp.column(v.x), pg_temp.methodology('{"method": "winsorise", "skewness": 0.1, "kurtosis": -9}')) e WHERE component = 'x') AS flags,
	(SELECT array_agg(f.severity || ': ' || f.message) FROM ci.audit(pg_temp.column(v.x), pg_temp.methodology('{"method": "winsorise", "skewness": 0.1, "kurtosis": -9}')) f WHERE finding = 'untreated') AS finding
FROM (VALUES ('{1,2,100}'::float8[]), ('{7,7,7,7,7}'), ('{NULL,NULL}'), ('{0,0,0,0,0,0,0,0,0,1}')) v (x);
SELECT pg_temp.treated(pg_temp.column('{0,0,0,0,0,0,0,0,0,1}'), '{"method": "winsorise", "otherwise": "log_ct"}') AS else_;

-- Trim: to quantiles, as percentile_cont gives them.  Clip: to numbers.
WITH c (x) AS (SELECT array_agg((hashint4(n) % 1000)::float8) FROM generate_series(1, 50) n)
SELECT t.treat, pg_temp.fitted(pg_temp.column(x), t.treat) = jsonb_build_object('method', 'clip', 'lower', q.lower, 'upper', q.upper) AS fitted,
	pg_temp.treated(pg_temp.column(x), t.treat) = (SELECT array_agg(least(greatest(v, q.lower), q.upper) ORDER BY n) FROM unnest(x) WITH ORDINALITY u (v, n)) AS treated
FROM c, (VALUES ('"trim"', 0.025, 0.975), ('{"method": "trim", "lower": 0.1, "upper": 1}', 0.1, 1), ('{"method": "trim", "lower": 0.5, "upper": 0.5}', 0.5, 0.5)) t (treat, l, u),
	LATERAL (SELECT percentile_cont(t.l) WITHIN GROUP (ORDER BY v) AS lower, percentile_cont(t.u) WITHIN GROUP (ORDER BY v) AS upper FROM unnest(x) v) q;
SELECT t.treat, pg_temp.treated(pg_temp.column('{-5,0,3,NULL,8,20}'), t.treat) AS treated, pg_temp.fitted(pg_temp.column('{-5,0,3,NULL,8,20}'), t.treat) AS fitted
FROM (VALUES ('{"method": "clip", "lower": 0, "upper": 10}'), ('{"method": "clip", "upper": 3}'), ('{"method": "clip", "lower": 3}'), ('{"method": "clip", "lower": 4, "upper": 4}'),
	('{"method": "clip", "lower": null, "upper": null}')) t (treat);

-- Logarithms and Box-Cox: ln(scale x + offset), ((x + offset)^lambda - 1) / lambda.
SELECT t.treat, array(SELECT round(v::numeric, 9) FROM unnest(pg_temp.treated(pg_temp.column('{0.5,1,3,7}'), t.treat)) v) AS treated, array(SELECT round(f::numeric, 9) FROM unnest(ARRAY[0.5,1,3,7]) x,
	LATERAL (SELECT CASE t.n WHEN 1 THEN ln(x) WHEN 2 THEN ln(x + 1) WHEN 3 THEN ln(100 * x + 2) WHEN 4 THEN (sqrt(x) - 1) / 0.5 WHEN 5 THEN ln(x) WHEN 6 THEN (power(x + 1, -2) - 1) / -2 ELSE x END AS f) v) AS formula
FROM (VALUES (1, '"log"'), (2, '{"method": "log", "offset": 1}'), (3, '{"method": "log", "scale": 100, "offset": 2}'), (4, '{"method": "boxcox", "lambda": 0.5}'), (5, '{"method": "boxcox", "lambda": 0}'),
	(6, '{"method": "boxcox", "lambda": -2, "offset": 1}'), (7, '{"method": "boxcox", "lambda": 1, "offset": 1}')) t (n, treat);
-- A value without a logarithm: error, missing, or raised to the floor.
SELECT pg_temp.treated(pg_temp.column('{-1,0,2}'), '"log"'); \echo :SQLSTATE
SELECT pg_temp.treated(pg_temp.column('{-1,0,2}'), '{"method": "boxcox", "lambda": 2, "offset": 1}'); \echo :SQLSTATE
SELECT pg_temp.treated(pg_temp.column('{-1,0,2}'), '"log"', ', "on_nonpositive": "zero"'); \echo :SQLSTATE
SELECT pg_temp.treated(pg_temp.column('{1e200,1,2}'), '{"method": "boxcox", "lambda": 9}'); \echo :SQLSTATE
SELECT o.policy, (SELECT array_agg(round(v::numeric, 6)) FROM unnest(pg_temp.treated(pg_temp.column('{-1,0,1,2}'), '{"method": "log", "scale": 2}', ', "on_nonpositive": ' || o.policy)) v) AS treated,
	(SELECT array_agg(e.flags::text) FROM ci.explain(pg_temp.column('{-1,0,1,2}'), pg_temp.methodology('{"method": "log", "scale": 2}', '', ', "on_nonpositive": ' || o.policy)) e WHERE component = 'x') AS flags
FROM (VALUES ('"missing"'), ('1'), ('0.5')) o (policy);
SELECT f.severity, f.finding, f.unit, f.value, f.message FROM ci.audit(pg_temp.column('{-1,0,2,5}'), pg_temp.methodology('"log"')) f WHERE severity = 'error';

-- Scopes: the ends are estimated from the pool, and hold for all.
CREATE TEMP TABLE pooled AS SELECT ci.panel_agg(unit, period, '{x,g}', ARRAY[x, g]) AS panel FROM (VALUES ('a', 1, 0::float8, 1), ('b', 1, 2, 1), ('c', 1, 4, 2), ('d', 1, 9, 2), ('e', 1, 5, NULL), ('a', 2, 10, 1), ('b', 2, 20, 1), ('c', 2, 30, 2)) v (unit, period, x, g);
SELECT s.scope, pg_temp.treated(panel, '{"method": "trim", "lower": 0, "upper": 0.5, "scope": ' || s.scope || '}') AS treated
FROM pooled, (VALUES ('"period"'), ('"panel"'), ('[2]'), ('{"units": ["a", "b"]}'), ('{"by": "g"}'), ('{"by": "g", "periods": "panel"}'), ('{"periods": [1], "units": ["c", "d"]}')) s (scope);
SELECT e.unit, e.raw, e.treated, e.flags FROM pooled, ci.explain(panel, pg_temp.methodology('{"method": "trim", "lower": 0, "upper": 0.5, "scope": {"by": "g"}}'), NULL, 1) e WHERE component = 'x';
SELECT e.unit, e.raw, e.treated, e.flags FROM pooled, ci.explain(panel, pg_temp.methodology('{"method": "trim", "lower": 0.5, "upper": 1}', '', ', "screen": {"min_coverage": 0, "exclude": ["a", "d"]}'), NULL, 1) e WHERE component = 'x';
SELECT pg_temp.treated(panel, '{"method": "trim", "scope": {"units": ["z"]}}') AS none FROM pooled;
SELECT f.severity, f.finding, f.period, f.component, f.value, f.message FROM pooled, ci.audit(panel, pg_temp.methodology('{"method": "trim", "scope": {"by": "g", "periods": "panel"}}')) f WHERE finding IN ('no_parameter', 'pooled_scope');

-- After imputation: imputed cells take part.
SELECT e.unit, e.imputed, e.treated, e.flags FROM ci.explain(pg_temp.column('{1,2,NULL,NULL,100}'), pg_temp.methodology('{"method": "trim", "lower": 0, "upper": 0.75}', ', "impute": {"method": "constant", "value": 60}')) e WHERE component = 'x';
-- A skewed column is reported as what normalise receives.
SELECT t.treat, (SELECT string_agg(f.message, '; ') FROM heavy, ci.audit(pg_temp.column(x), pg_temp.methodology(t.treat)) f WHERE finding = 'skewed') AS skewed
FROM (VALUES ('"none"'), ('{"method": "winsorise", "max_points": 2}'), ('{"method": "winsorise", "max_points": 2, "otherwise": "log_ct"}')) t (treat);

-- Inherited; a method replaces it, an object without one refines it.
SELECT c.code, c.treat FROM ci.components('{"components": [{"code": "index", "treat": {"method": "winsorise", "max_points": 3, "otherwise": "boxcox", "lambda": 0.5, "scope": {"by": "g"}}},
	{"code": "a", "parent": "index"}, {"code": "b", "parent": "index", "treat": {"scope": "panel", "otherwise": "boxcox"}}, {"code": "c", "parent": "index", "treat": "trim"}, {"code": "d", "parent": "index", "treat": "none"},
	{"code": "e", "parent": "index", "treat": {"method": "log", "offset": 1}}, {"code": "f", "parent": "index", "treat": {"method": "boxcox", "lambda": 2}}, {"code": "g", "parent": "index", "treat": {"method": "clip", "upper": 2}}]}') c;
SELECT pg_temp.methodology('"winsorize"'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"max_points": 3}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "winsorise", "max_points": 1.5}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "winsorise", "skewness": -1}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "winsorise", "otherwise": "ln"}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "winsorise", "otherwise": 1}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "winsorise", "otherwise": "boxcox"}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "winsorise", "otherwise": "log", "lambda": 0}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "trim", "upper": 97.5}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "trim", "lower": 0.5, "upper": 0.25}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"clip"'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "clip", "lower": "min"}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "clip", "lower": 2, "upper": 1}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "clip", "lower": 2, "scope": "panel"}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "log", "scale": 0}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "log", "scale": -1}'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "log", "offest": 1}'); \echo :SQLSTATE
SELECT pg_temp.methodology('"boxcox"'); \echo :SQLSTATE
SELECT pg_temp.methodology('{"method": "none", "scope": "panel"}'); \echo :SQLSTATE
SELECT pg_temp.methodology('2'); \echo :SQLSTATE
SELECT ci.fit(panel, pg_temp.methodology('"trim"')) FROM pooled; \echo :SQLSTATE
SELECT ci.score('{x}', '{1}', pg_temp.methodology('"winsorise"')); \echo :SQLSTATE
SELECT ci.score('{x}', ARRAY[v], pg_temp.methodology('{"method": "clip", "upper": 2}')) AS clipped, ci.score('{x}', ARRAY[v], pg_temp.methodology('{"method": "log", "offset": 1}')) AS logged FROM unnest('{0,1,5}'::float8[]) v;
