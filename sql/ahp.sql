-- The analytic hierarchy process, against published matrices.  (Needs LAPACK.)
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
SET jit = off;

-- A matrix from what is above the diagonal, row by row: 3 or 1/3.
CREATE FUNCTION pg_temp.comparisons(n int, upper text) RETURNS float8[] LANGUAGE sql AS $$
	WITH given AS (
		SELECT i, j, split_part(c, '/', 1)::float8 / coalesce(nullif(split_part(c, '/', 2), ''), '1')::float8 AS times
		FROM (SELECT i, j, row_number() OVER (ORDER BY i, j) AS k FROM generate_series(1, n) AS i, generate_series(1, n) AS j WHERE i < j) AS cell
			JOIN unnest(string_to_array(upper, ' ')) WITH ORDINALITY AS u (c, k) USING (k)),
		cell AS (SELECT * FROM given UNION ALL SELECT j, i, 1 / times FROM given UNION ALL SELECT i, i, 1 FROM generate_series(1, n) AS i),
		line AS (SELECT i, array_agg(times ORDER BY j) AS line FROM cell GROUP BY i)
	SELECT array_agg(line ORDER BY i) FROM line $$;

CREATE TEMP TABLE comparison (source text, matrix float8[], weights float8[], lambda numeric, consistency_index numeric, consistency_ratio numeric);
INSERT INTO comparison VALUES
	('Saaty 1990, buying a house', pg_temp.comparisons(8, '5 3 7 6 6 1/3 1/4 1/3 5 3 3 1/5 1/7 6 3 4 6 1/5 1/3 1/4 1/7 1/8 1/2 1/5 1/6 1/5 1/6 1/2'),
		'{0.173,0.054,0.188,0.018,0.031,0.036,0.167,0.333}', 9.669, 0.238, 0.169),
	('Wang, Chin 2011', pg_temp.comparisons(6, '4 3 1 3 4 7 3 1/5 1 1/5 1/5 1/6 1 1/3 3'), '{0.3208,0.1395,0.0348,0.1285,0.2374,0.1391}', NULL, NULL, NULL),
	('Handbook, Table 20', pg_temp.comparisons(8, '2 3 2 5 5 1 3 2 1/2 4 4 1/2 3 1/4 2 2 1/5 1/2 4 4 1/2 3 1 1/5 1/2 1/5 1/2 4'), NULL, NULL, NULL, NULL);
SELECT source, (SELECT string_agg(round(w::numeric, 4)::text, ' ') FROM unnest(a.weights) AS w) AS weights,
	(SELECT round(max(abs(w - p))::numeric, 5) FROM unnest(a.weights, c.weights) AS t (w, p)) AS off,
	round(a.lambda::numeric, 4) AS lambda, round(a.consistency_index::numeric, 4) AS ci, round(a.consistency_ratio::numeric, 4) AS cr
FROM comparison AS c, ci.ahp(matrix) AS a;

-- Weights are the eigenvector to that eigenvalue, above 0, of sum 1.
SELECT source, max(abs(product - a.lambda * a.weights[i])) < 1e-12 AS eigenvector, round(sum(a.weights[i])::numeric, 12) AS sum, min(a.weights[i]) > 0 AS positive
FROM comparison AS c, ci.ahp(matrix) AS a, generate_series(1, cardinality(a.weights)) AS i,
	LATERAL (SELECT sum(c.matrix[i][j] * a.weights[j]) AS product FROM generate_series(1, cardinality(a.weights)) AS j) AS p
GROUP BY source ORDER BY source;
-- Comparisons that agree give back the weights that they were made of, and are found consistent; 1/3 may be typed as 0.33.
SELECT n, max(abs(w - i / (n * (n + 1) / 2.0))) < 1e-14 AS same, round(min(lambda)::numeric, 12) AS lambda, min(consistency_index) < 1e-14 AS consistent, min(consistency_ratio) < 1e-13 AS ratio
FROM generate_series(1, 15) AS n, LATERAL (SELECT array_agg(line ORDER BY i) AS matrix
	FROM generate_series(1, n) AS i, LATERAL (SELECT array_agg(i::float8 / j ORDER BY j) AS line FROM generate_series(1, n) AS j) AS l) AS m,
	ci.ahp(matrix) AS a, unnest(weights) WITH ORDINALITY AS u (w, i)
GROUP BY n ORDER BY n;
SELECT round(weights[1]::numeric, 3) AS first, round(weights[2]::numeric, 3) AS second, consistency_ratio FROM ci.ahp('{{1,3},{0.33,1}}');
-- The order of what is compared makes no difference beyond rounding.
SELECT max(abs(a.weights[i] - b.weights[n + 1 - i])) < 1e-14 AS same
FROM comparison AS c, LATERAL (SELECT array_length(matrix, 1) AS n) AS l, LATERAL (SELECT array_agg(line ORDER BY i) AS reversed
	FROM generate_series(1, n) AS i, LATERAL (SELECT array_agg(matrix[n + 1 - i][n + 1 - j] ORDER BY j) AS line FROM generate_series(1, n) AS j) AS l) AS r,
	ci.ahp(matrix) AS a, ci.ahp(reversed) AS b, generate_series(1, n) AS i;
SELECT ci.ahp(NULL) IS NULL AS nothing;

-- into a methodology
SELECT code, round(weight::numeric, 3) AS weight
FROM ci.components(ci.weigh('{"components": [{"code": "i"}, {"code": "a", "parent": "i"}, {"code": "b", "parent": "i"}]}', '{b,a}', (ci.ahp('{{1,3},{0.33333333333333,1}}')).weights));

-- errors
SELECT ci.ahp('{}');
SELECT ci.ahp('{1,2}');
SELECT ci.ahp('{{1,2,3},{1,2,3}}');
SELECT ci.ahp('{{1,2},{0.5,NULL}}');
SELECT ci.ahp('{{1,-2},{-0.5,1}}');
SELECT ci.ahp('{{1,Infinity},{0,1}}');
SELECT ci.ahp('{{1,NaN},{1,1}}');
SELECT ci.ahp('{{1,1e101},{1e-101,1}}');
SELECT ci.ahp('{{1,2},{2,1}}');
SELECT ci.ahp('{{2,1},{1,2}}');
SELECT ci.ahp((SELECT array_agg(line) FROM generate_series(1, 16), LATERAL (SELECT array_agg(1::float8) AS line FROM generate_series(1, 16)) AS l));
