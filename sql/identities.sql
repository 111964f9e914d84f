-- What holds of every method of a kind, over random panels.  The methods are those that the errors list, so that none is left out; what holds of
-- some only says of which.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
\pset null ~

-- Three panels of 24 units in two periods with four indicators: numbers from 1 to 6, so that there are ties and units that dominate others, and the
-- same with all their bits in use.  Every 13th cell is missing.
CREATE TEMP TABLE cell AS
SELECT seed, 'u' || u AS unit, period, i, CASE WHEN (7 * u + 3 * period + i + seed) % 13 > 0 THEN whole END AS whole,
	CASE WHEN (7 * u + 3 * period + i + seed) % 13 > 0 THEN whole + (n >> 8) % 100003 / 1e5 END AS x
FROM generate_series(1, 3) AS seed, generate_series(1, 24) AS u, generate_series(1, 2) AS period, generate_series(1, 4) AS i,
	LATERAL (SELECT hashint4extended(1000 * u + 10 * period + i, seed) & 4294967295) AS h (n), LATERAL (SELECT (1 + n % 6)::float8) AS w (whole);
CREATE TEMP TABLE panels AS
SELECT seed, ci.panel_agg(unit, period, 'i' || i, whole) AS whole, ci.panel_agg(unit, period, 'i' || i, x) AS panel,
	ci.panel_agg(md5(unit), period, 'i' || i, x ORDER BY md5(concat(unit, i, period))) AS renamed,
	ci.panel_agg(unit, period, 'i' || i, 3 * x) AS same_scaled, ci.panel_agg(unit, period, 'i' || i, 3 * x + 50) AS same_moved,
	ci.panel_agg(unit, period, 'i' || i, 7 ^ i * x) AS scaled, ci.panel_agg(unit, period, 'i' || i, 7 ^ i * x + 10 * i) AS moved
FROM cell GROUP BY seed;

-- A methodology by each method: "stage" and, if parameters are in units of the indicators, what they become when these are moved.
CREATE TEMP TABLE method (kind text, method text, stage jsonb, moved jsonb);
INSERT INTO method SELECT 'impute', method, to_jsonb(method) FROM unnest('{mean,median,previous,linear}'::text[]) AS method;
INSERT INTO method VALUES ('impute', 'constant', '{"method": "constant", "value": 3}'),
	('treat', 'winsorise', '{"method": "winsorise", "skewness": 0.1, "kurtosis": -1.5, "max_points": 3, "otherwise": "log_ct"}'),
	('treat', 'trim', '{"method": "trim", "lower": 0.1, "upper": 0.9}'), ('treat', 'clip', '{"method": "clip", "lower": 2, "upper": 5}'),
	('treat', 'log', '"log"'), ('treat', 'boxcox', '{"method": "boxcox", "lambda": 0.3}');
INSERT INTO method SELECT 'normalise', method, to_jsonb(method) FROM unnest('{minmax,ampi,zscore,normal_cdf,robust_z,percentile_rank,rank,borda,sum,vector,none}'::text[]) AS method;
INSERT INTO method VALUES ('normalise', 'goalposts', '{"method": "goalposts", "lower": 0, "upper": 7}', '{"method": "goalposts", "lower": 50, "upper": 71}'),
	('normalise', 'bands', '{"method": "bands", "bounds": ["p25", "p75"]}', NULL);
INSERT INTO method SELECT 'aggregate', method, to_jsonb(method)
FROM unnest('{arithmetic,geometric,harmonic,median,min,max,mpi,ampi,copeland,borda,kemeny,promethee,topsis,vikor,copras,moora,edas,aras,waspas,codas,mabac,bod}'::text[]) AS method;
INSERT INTO method VALUES ('aggregate', 'power', '{"method": "power", "p": 0.5}', NULL), ('aggregate', 'mean_min', '{"method": "mean_min", "alpha": 0.5, "beta": 0}', NULL),
	('aggregate', 'owa', '{"method": "owa", "weights": [0.2, 0.3, 0.5]}', NULL),
	('aggregate', 'spotis', '{"method": "spotis", "bounds": {"i1": [0, 8], "i2": [0, 8], "i3": [0, 8], "i4": [0, 8]}}',
		'{"method": "spotis", "bounds": {"i1": [10, 66], "i2": [20, 412], "i3": [30, 2774], "i4": [40, 19248]}}');
INSERT INTO method SELECT 'ties', method, to_jsonb(method) FROM unnest('{min,max,dense}'::text[]) AS method;
INSERT INTO method SELECT 'weigh', method FROM unnest('{equal,standard_deviation,critic,gini,entropy,merec,pca}'::text[]) AS method;

-- What the errors list and is not above, or the reverse: nothing.
CREATE FUNCTION pg_temp.listed(command text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	EXECUTE command;
EXCEPTION WHEN invalid_parameter_value THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN QUERY SELECT unnest(string_to_array(substring(detail FROM ': (.*)\.$'), ', '));
END $$;
CREATE TEMP TABLE listed AS
SELECT kind, pg_temp.listed(format('SELECT %L::ci.methodology', jsonb_build_object('components', '[{"code": "x", "parent": "index"}]'::jsonb || jsonb_build_object('code', 'index', kind, '?')))) AS method
FROM unnest('{impute,treat,normalise,aggregate}'::text[]) AS kind UNION ALL
SELECT 'ties', pg_temp.listed($$ SELECT '{"rank": {"ties": "?"}, "components": [{"code": "index"}, {"code": "x", "parent": "index"}]}'::ci.methodology $$) UNION ALL
SELECT 'weigh', pg_temp.listed($$ SELECT ci.weigh(ci.panel_agg('a', 'x', 1), '{"components": [{"code": "index"}, {"code": "x", "parent": "index"}]}', '?') $$);
SELECT kind, method, l.kind IS NULL AS not_listed FROM listed AS l FULL JOIN method AS m USING (kind, method) WHERE l.kind IS NULL OR m.kind IS NULL ORDER BY kind, method COLLATE "C";
SELECT kind, count(*) AS methods FROM listed GROUP BY kind ORDER BY kind;

-- Two methods need a library, which a build may lack.  They are in no count below, so that the counts are the same; they break a rule like any other.
CREATE FUNCTION pg_temp.available(command text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE command;
	RETURN true;
EXCEPTION WHEN feature_not_supported THEN
	RETURN false;
END $$;
DELETE FROM method WHERE method = 'bod' AND NOT pg_temp.available(
	$$ SELECT ci.rank(ci.panel_agg('a', 'x', 1), '{"components": [{"code": "index", "aggregate": "bod", "normalise": "none"}, {"code": "x", "parent": "index"}]}') $$);
DELETE FROM method WHERE method = 'pca' AND NOT pg_temp.available($$ SELECT ci.weigh(panel, ci.default_methodology(panel), 'pca') FROM panels $$);

-- Of four indicators with different weights the last is a cost, but to aggregates that have no directions.
CREATE FUNCTION pg_temp.judge(kind text, stage jsonb) RETURNS ci.methodology LANGUAGE sql IMMUTABLE AS $$
	SELECT (CASE kind WHEN 'ties' THEN jsonb_build_object('rank', jsonb_build_object('ties', stage)) ELSE '{"on_nonpositive": "missing"}' END || jsonb_build_object('components',
		'[{"code": "i1", "parent": "index", "weight": 2}, {"code": "i2", "parent": "index"}, {"code": "i3", "parent": "index", "weight": 0.7}]'::jsonb
		|| jsonb_build_object('code', 'i4', 'parent', 'index', 'weight', 1.3, 'direction', CASE WHEN kind <> 'aggregate' OR coalesce(stage ->> 'method', stage #>> '{}')
			= ANY ('{copeland,borda,kemeny,promethee,topsis,vikor,copras,moora,edas,aras,waspas,codas,mabac,spotis}') THEN -1 ELSE 1 END)
		|| ('{"code": "index"}' || CASE kind WHEN 'ties' THEN '{}' WHEN 'aggregate' THEN jsonb_build_object('normalise', 'none', kind, stage) ELSE jsonb_build_object(kind, stage) END)))::ci.methodology $$;
CREATE FUNCTION pg_temp.near(a float8, b float8) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT abs(a - b) <= 1e-9 * (1 + abs(b)) OR a IS NULL AND b IS NULL $$;

CREATE TEMP TABLE setting AS SELECT kind, method, pg_temp.judge(kind, stage) AS methodology, pg_temp.judge(kind, coalesce(moved, stage)) AS moved FROM method WHERE kind <> 'weigh';
CREATE TEMP TABLE result AS SELECT kind, method, seed, s.* FROM setting, panels, ci.scores(panel, methodology) AS s;
ANALYZE cell, result;

-- The order of rows and the names of units change no bit.
SELECT r.kind, count(*) FILTER (WHERE r.method <> 'bod') AS scores,
	array_agg(DISTINCT r.method) FILTER (WHERE (float8send(r.score), r.rank, r.coverage) IS DISTINCT FROM (float8send(o.score), o.rank, o.coverage)) AS broken
FROM (SELECT kind, method, seed, s.* FROM setting, panels, ci.scores(renamed, methodology) AS s) AS o
	FULL JOIN result AS r ON (r.kind, r.method, r.seed, r.period, r.component, md5(r.unit)) = (o.kind, o.method, o.seed, o.period, o.component, o.unit)
GROUP BY r.kind ORDER BY r.kind;

-- ci.fit changes no bit.
SELECT r.kind, count(*) FILTER (WHERE r.method <> 'bod') AS scores,
	array_agg(DISTINCT r.method) FILTER (WHERE (float8send(r.score), r.rank) IS DISTINCT FROM (float8send(o.score), o.rank)) AS broken
FROM (SELECT kind, method, seed, s.* FROM setting, panels, unnest('{1,2}'::int[]) AS p, ci.scores(panel, ci.fit(panel, methodology, p)) AS s WHERE s.period = p) AS o
	FULL JOIN result AS r USING (kind, method, seed, period, unit, component)
GROUP BY r.kind ORDER BY r.kind;

-- A unit that does not count changes nothing: one that the screen excludes, whatever the method, and any other where no unit depends on its peers.
SELECT kind, count(*) FILTER (WHERE method <> 'bod') AS scores, array_agg(DISTINCT method) FILTER (WHERE float8send(w.score) IS DISTINCT FROM float8send(o.score)) AS broken
FROM (SELECT kind, method, seed, s.* FROM setting, panels, LATERAL (SELECT (methodology::jsonb || '{"screen": {"min_coverage": 0, "exclude": ["u3", "u20"]}}')::ci.methodology AS screened) AS m,
		ci.scores(panel, screened) AS s WHERE unit NOT IN ('u3', 'u20')) AS w
	FULL JOIN (SELECT kind, method, seed, s.* FROM setting, panels, ci.scores(ci.subset(panel, units => array_remove(array_remove(ci.units(panel), 'u3'), 'u20')), methodology) AS s) AS o
	USING (kind, method, seed, period, unit, component)
GROUP BY kind ORDER BY kind;
CREATE TEMP TABLE fitted AS SELECT kind, method, seed, panel, ci.fit(panel, methodology, 1) AS methodology FROM setting, panels;
SELECT kind, count(*) FILTER (WHERE method <> 'bod') AS scores, array_agg(DISTINCT method) FILTER (WHERE float8send(w.score) IS DISTINCT FROM float8send(o.score)) AS broken
FROM (SELECT kind, method, seed, s.* FROM fitted, ci.scores(panel, methodology) AS s WHERE ci.is_peer_independent(methodology) AND unit = 'u7') AS w
	FULL JOIN (SELECT kind, method, seed, s.* FROM fitted, ci.scores(ci.subset(panel, units => '{u7}'), methodology) AS s WHERE ci.is_peer_independent(methodology)) AS o
	USING (kind, method, seed, period, unit, component)
GROUP BY kind ORDER BY kind;
SELECT kind, string_agg(DISTINCT method, ' ' ORDER BY method) FILTER (WHERE method <> 'bod') AS not_even_fitted FROM fitted WHERE NOT ci.is_peer_independent(methodology) GROUP BY kind ORDER BY kind;

-- More is not worse: of an indicator, after any treatment and normalisation.
SELECT kind, count(*) AS cells, array_agg(DISTINCT method) FILTER (WHERE score < best) AS broken
FROM (SELECT kind, method, score, max(score) OVER (PARTITION BY kind, method, r.seed, r.period, component ORDER BY CASE component WHEN 'i4' THEN -x ELSE x END) AS best
	FROM result AS r JOIN cell AS c ON (c.seed, c.unit, c.period, 'i' || c.i) = (r.seed, r.unit, r.period, r.component) WHERE kind IN ('treat', 'normalise') AND x IS NOT NULL) AS o
GROUP BY kind ORDER BY kind;
-- Who is nowhere behind another is not ranked behind it.  (mpi and ampi may punish a unit for one good value, and do so here; codas may do so too, as
-- mcda shows.)
CREATE TEMP TABLE dominated AS
SELECT a.seed, a.period, a.unit AS better, b.unit AS worse, d.direction
FROM cell AS a JOIN cell AS b USING (seed, period, i), unnest('{1,-1}'::int[]) AS d (direction)
WHERE a.unit <> b.unit GROUP BY a.seed, a.period, a.unit, b.unit, d.direction
HAVING bool_and(coalesce((a.whole - b.whole) * CASE a.i WHEN 4 THEN d.direction ELSE 1 END >= 0, false)) AND bool_or(a.whole <> b.whole);
CREATE TEMP TABLE ranked AS
SELECT kind, method, seed, direction, r.period, r.unit, r.rank FROM setting, panels, ci.rank(whole, methodology) AS r, ci.components(methodology) AS c WHERE kind = 'aggregate' AND c.code = 'i4';
ANALYZE dominated, ranked;
SELECT count(*) FILTER (WHERE a.method <> 'bod') AS pairs, count(DISTINCT a.method) FILTER (WHERE a.method <> 'bod') AS methods, array_agg(DISTINCT a.method) FILTER (WHERE a.rank > b.rank) AS reversed
FROM dominated AS d JOIN ranked AS a ON (a.seed, a.period, a.unit, a.direction) = (d.seed, d.period, d.better, d.direction)
	JOIN ranked AS b ON (b.seed, b.period, b.unit, b.method) = (d.seed, d.period, d.worse, a.method);

-- Units of measurement.  What changes no score: another factor, or another origin and factor, for each indicator; goalposts and bounds go along.  What
-- changes scores as it changes the indicators: the same factor, or origin and factor, for all.  "Origin" is the stronger of the two.
CREATE TEMP TABLE elsewhere AS
SELECT m.kind, m.method, seed, way, s.*
FROM setting AS m JOIN method AS g USING (kind, method), panels AS p, LATERAL (VALUES
		('factor', CASE WHEN g.moved IS NULL THEN scaled ELSE p.moved END, m.moved), ('origin', CASE WHEN m.kind = 'normalise' THEN same_moved ELSE p.moved END, m.moved),
		('same factor', same_scaled, methodology), ('same origin', same_moved, methodology)) AS w (way, other, judged),
	ci.scores(other, judged) AS s
WHERE m.kind IN ('normalise', 'aggregate') AND (s.component = 'index') = (m.kind = 'aggregate');
ANALYZE elsewhere;
CREATE TEMP TABLE measured AS
SELECT kind, method, way, bool_and(pg_temp.near(e.score, CASE way WHEN 'same factor' THEN 3 * r.score WHEN 'same origin' THEN 3 * r.score + 50 ELSE r.score END)) AS kept
FROM elsewhere AS e JOIN result AS r USING (kind, method, seed, period, unit, component)
GROUP BY kind, method, way;
SELECT kind, kept, string_agg(method, ' ' ORDER BY method COLLATE "C") AS methods
FROM (SELECT kind, method, coalesce(string_agg(way, ', ' ORDER BY way) FILTER (WHERE kept), 'nothing') AS kept FROM measured WHERE method <> 'bod' GROUP BY kind, method) AS k
GROUP BY kind, kept ORDER BY kind, kept COLLATE "C";
SELECT * FROM measured WHERE method = 'bod' AND way = 'factor' AND NOT kept;

-- What the indicators contribute adds up to the score where all means are arithmetic, whatever is imputed, treated or missing, and so do weights to 1.
CREATE TEMP TABLE tree AS
SELECT i.method AS impute, t.method AS treat, n.method AS normalise, jsonb_build_object('on_nonpositive', 'missing', 'components', '[
		{"code": "a", "parent": "index", "weight": 3}, {"code": "b", "parent": "index", "direction": -1, "weight": 0.4}, {"code": "i1", "parent": "a"},
		{"code": "i2", "parent": "a", "weight": 0.1, "direction": -1}, {"code": "i3", "parent": "b"}, {"code": "i4", "parent": "b", "weight": 7, "units": ["u1", "u2", "u3", "u5", "u8", "u13"]}]'::jsonb
	|| jsonb_build_object('code', 'index', 'impute', i.stage, 'treat', t.stage, 'normalise', n.stage))::ci.methodology AS methodology
FROM (SELECT * FROM method WHERE kind = 'impute' UNION ALL SELECT 'impute', 'none', '"none"', NULL) AS i, (SELECT * FROM method WHERE kind = 'treat' UNION ALL SELECT 'treat', 'none', '"none"', NULL) AS t,
	(SELECT * FROM method WHERE kind = 'normalise' AND method NOT IN ('rank', 'borda', 'sum', 'vector', 'none')) AS n;
SELECT count(*) AS scores, count(*) FILTER (WHERE imputed) AS with_imputed, count(*) FILTER (WHERE missing) AS with_missing, count(*) FILTER (WHERE treated) AS with_treated,
	count(*) FILTER (WHERE NOT pg_temp.near(contributions, score)) AS do_not_add_up, count(*) FILTER (WHERE NOT pg_temp.near(weights, 1)) AS weights_do_not
FROM (SELECT max(e.score) FILTER (WHERE parent IS NULL) AS score, sum(contribution) FILTER (WHERE indicator IS NOT NULL) AS contributions, sum(effective_weight) FILTER (WHERE indicator IS NOT NULL) AS weights,
		bool_or('imputed' = ANY (flags)) AS imputed, bool_or('missing' = ANY (flags)) AS missing, bool_or(flags && '{clipped,transformed}') AS treated
	FROM tree, panels, ci.explain(panel, methodology) AS e WHERE seed = 1 GROUP BY impute, treat, tree.normalise, period, unit) AS u
WHERE score IS NOT NULL;

-- Weights from data sum to 1 at every component, none is below 0, and neither rows nor names change a bit.
SELECT count(*) FILTER (WHERE method <> 'pca') AS sets, array_agg(DISTINCT method) FILTER (WHERE abs(total - 1) > 4e-15) AS not_1, array_agg(DISTINCT method) FILTER (WHERE least < 0) AS negative,
	array_agg(DISTINCT method) FILTER (WHERE NOT same) AS broken
FROM (SELECT method, seed, c.parent, sum(c.weight) AS total, min(c.weight) AS least, bool_and(float8send(c.weight) = float8send(o.weight)) AS same
	FROM method, panels, LATERAL (SELECT methodology FROM tree WHERE impute = 'none' AND treat = 'none' AND normalise = 'goalposts') AS t,
		LATERAL (SELECT ci.amend(methodology, '{"components": [{"code": "i4", "units": null}, {"code": "index", "impute": "median"}]}')) AS a (everywhere),
		ci.components(ci.weigh(panel, everywhere, method)) AS c JOIN ci.components(ci.weigh(renamed, everywhere, method)) AS o USING (code)
	WHERE kind = 'weigh' AND c.parent IS NOT NULL GROUP BY method, seed, c.parent) AS w;
