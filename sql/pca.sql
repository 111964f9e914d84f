-- Principal components and the weights by them, against the OECD/JRC Handbook on Constructing Composite Indicators (2008), section 6.1.
-- (Needs LAPACK.)
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\o /dev/null
\i :example
\o
\set ECHO all
SET jit = off;
CREATE TEMP TABLE flat AS
SELECT panel, ci.default_methodology(panel) AS methodology FROM tai_panel;

-- Table 16, eigenvalues; its data had more digits of the logarithms than Table A.2 prints
SELECT c.number, p.eigenvalue AS printed, round(c.eigenvalue::numeric, 2) AS eigenvalue, p.variance AS printed, round(100 * c.share::numeric, 1) AS variance,
	p.upto AS printed, round(100 * c.cumulative::numeric, 1) AS cumulative, c.retained
FROM flat, (SELECT DISTINCT number, eigenvalue, share, cumulative, retained FROM flat, ci.pca(panel, methodology)) AS c
	JOIN (VALUES (1, 3.3, 41.9, 41.9), (2, 1.7, 21.8, 63.7), (3, 1.0, 12.3, 76.0), (4, 0.9, 11.1, 87.2), (5, 0.5, 6.0, 93.2), (6, 0.3, 3.7, 96.9), (7, 0.2, 2.2, 99.1), (8, 0.1, 0.9, 100))
		AS p (number, eigenvalue, variance, upto) USING (number)
ORDER BY number;

-- Table 17, loadings after rotation, and how much of the variance each factor explains: to within 0.02
CREATE TEMP TABLE loading (component text, loading numeric[]);
INSERT INTO loading VALUES
	('patents',     '{0.07,0.97,0.06,0.06}'), ('royalties',   '{0.13,0.07,-0.07,0.93}'), ('internet',  '{0.79,-0.21,0.21,0.42}'), ('exports',    '{-0.64,0.56,-0.04,0.36}'),
	('telephones',  '{0.37,0.17,0.38,0.68}'), ('electricity', '{0.82,-0.04,0.25,0.35}'), ('schooling', '{0.88,0.23,-0.09,0.09}'), ('university', '{0.08,0.04,0.96,0.04}');
SELECT component, string_agg(round(rotated::numeric, 2)::text, ' ' ORDER BY number) AS rotated, max(abs(rotated::numeric - p.loading[number])) <= 0.02 AS as_printed
FROM flat, ci.pca(panel, methodology) JOIN loading AS p USING (component) WHERE retained GROUP BY component ORDER BY component;
SELECT number, printed, round(sum(rotated ^ 2)::numeric, 2) AS explained FROM flat, ci.pca(panel, methodology)
	JOIN (VALUES (1, 2.64), (2, 1.39), (3, 1.19), (4, 1.76)) AS p (number, printed) USING (number) GROUP BY number, printed ORDER BY number;

-- Table 18, weights: to within 0.01
SELECT code, printed, round(weight::numeric, 3) AS weight, abs(weight - printed) <= 0.01 AS as_printed
FROM flat, ci.components(ci.weigh(panel, methodology, 'pca')) JOIN (VALUES ('patents', 0.17), ('royalties', 0.15), ('internet', 0.11), ('exports', 0.07),
	('telephones', 0.08), ('electricity', 0.12), ('schooling', 0.14), ('university', 0.16)) AS p (code, printed) USING (code) ORDER BY position;
-- standardised Cronbach's alpha, from the mean correlation: 0.70 in section 4.2
SELECT round((8 * avg(r) / (1 + 7 * avg(r)))::numeric, 4) AS alpha FROM flat, ci.correlations(panel, methodology) WHERE b <> parent;

-- Loadings are correlations: before rotation their squares sum to the eigenvalue over children, and to 1 over components; rotation keeps what is explained
-- of each child and of all.  Signs are fixed: every mean loading is positive.  Components are uncorrelated with one another.
SELECT number, abs(sum(loading ^ 2) - min(eigenvalue)) < 1e-12 AS sums_to_eigenvalue, sum(loading) > 0 AND coalesce(sum(rotated) > 0, true) AS positive
FROM flat, ci.pca(panel, methodology) GROUP BY number ORDER BY number;
SELECT component, abs(sum(loading ^ 2) - 1) < 1e-12 AS sums_to_1, abs(sum(loading ^ 2) FILTER (WHERE retained) - sum(rotated ^ 2)) < 1e-12 AS kept
FROM flat, ci.pca(panel, methodology) GROUP BY component ORDER BY component;
SELECT max(abs(total)) < 1e-12 AS uncorrelated
FROM (SELECT sum(x.loading * y.loading) AS total FROM flat, ci.pca(panel, methodology) AS x JOIN ci.pca(panel, methodology) AS y USING (component)
	WHERE x.number < y.number GROUP BY x.number, y.number) AS product;
-- and from loadings the correlations come back
SELECT max(abs(s.r - c.r)) < 1e-12 AS same FROM flat, ci.correlations(panel, methodology) AS c JOIN LATERAL (
	SELECT sum(x.loading * y.loading) AS r FROM ci.pca(panel, methodology) AS x JOIN ci.pca(panel, methodology) AS y USING (number)
	WHERE x.component = c.a AND y.component = c.b) AS s ON c.b <> c.parent;

-- No weight is negative (peers that take the first component's loadings as they are give such), the sum is 1; neither the order of units nor their names
-- make a difference in a bit.
SELECT min(weight) > 0 AS positive, round(sum(weight)::numeric, 12) AS sum FROM flat, ci.components(ci.weigh(panel, methodology, 'pca')) WHERE parent IS NOT NULL;
SELECT ci.digest(ci.weigh(flat.panel, methodology, 'pca')) = ci.digest(ci.weigh(r.panel, methodology, 'pca')) AS same_bits
FROM flat, (SELECT ci.panel_agg(md5(o.unit), indicator, value ORDER BY value, md5(o.unit)) AS panel FROM tai_panel, ci.observations(panel) AS o) AS r;
-- a child that does not vary has no weight and is in no component; turning one or changing its scale changes no weight
CREATE TEMP TABLE with_constant AS
SELECT ci.panel_agg(p) AS panel FROM (SELECT panel FROM flat UNION ALL SELECT ci.panel_agg(country, 'constant', 5) FROM tai) AS part (p);
SELECT code, round(b.weight::numeric, 3) AS weight, a.weight IS NULL OR a.weight = b.weight AS same_bits
FROM flat, with_constant, ci.amend(methodology, '{"components": [{"code": "constant", "parent": "index", "normalise": {"method": "goalposts", "lower": 0, "upper": 10}}]}') AS more,
	ci.components(ci.weigh(with_constant.panel, more, 'pca')) AS b LEFT JOIN ci.components(ci.weigh((SELECT panel FROM flat), (SELECT methodology FROM flat), 'pca')) AS a USING (code)
WHERE b.parent IS NOT NULL ORDER BY b.position;
SELECT max(abs(a.weight - b.weight)) < 1e-12 AS same FROM flat, ci.components(ci.weigh(panel, methodology, 'pca')) AS a
	JOIN ci.components(ci.weigh(panel, ci.amend(methodology, '{"components": [{"code": "exports", "direction": -1}, {"code": "index", "normalise": "none", "aggregate": "median"}]}'), 'pca')) AS b USING (code)
WHERE a.parent IS NOT NULL;
-- two children, however they correlate, have equal weights; one has all
SELECT code, round(weight::numeric, 12) AS weight FROM tai_panel, tai_method, ci.components(ci.weigh(panel, methodology, 'pca')) WHERE name = 'equal' AND depth = 2 ORDER BY position;
SELECT parent, count(*) AS rows, count(DISTINCT number) AS components FROM tai_panel, tai_method, ci.pca(panel, methodology) WHERE name = 'equal' GROUP BY parent ORDER BY parent;
SELECT DISTINCT parent FROM tai_panel, tai_method, ci.pca(panel, methodology, 'skills') WHERE name = 'equal';
SELECT count(*) FROM flat, ci.pca(panel, NULL);

-- errors
SELECT ci.weigh(panel, ci.default_methodology(panel), 'pca') FROM (SELECT ci.panel_agg(u, i, v) FROM (VALUES ('a', 'x', 1), ('b', 'x', 2), ('a', 'y', 3), ('b', 'y', 5)) AS t (u, i, v)) AS two (panel);
SELECT count(*) FROM (SELECT ci.panel_agg('u' || u, 'i' || i, u) FROM generate_series(1, 5) AS u, generate_series(1, 257) AS i) AS wide (panel), ci.pca(panel, ci.default_methodology(panel));
SELECT ci.weigh(panel, ci.default_methodology(panel), 'pca') FROM (SELECT ci.panel_agg('u' || u, 'i' || i, u) FROM generate_series(1, 5) AS u, generate_series(1, 257) AS i) AS wide (panel);
SELECT ci.weigh(panel, ci.amend(ci.default_methodology(panel), '{"components": [{"code": "index", "normalise": "none"}]}'), 'pca') FROM (SELECT ci.panel_agg('u' || u, 'i' || i, 7) FROM generate_series(1, 5) AS u, generate_series(1, 3) AS i) AS same (panel);
