-- How alike two rankings are, and dominance: against published numbers and definitions.
\getenv srcdir PG_ABS_SRCDIR
\set example :srcdir '/examples/tai.sql'
\set ECHO none
\o /dev/null
\i :example
\o
\set ECHO all
SET jit = off;
\pset null ~

-- Published: the columns agree.

-- Salabun and Urbaniak, A New Coefficient of Rankings Similarity in Decision-Making Problems (2020): if two of five units change places, Spearman's coefficient is .9,
-- at the top as at the bottom.  By their formula WS is 1 - (1/2 * 1/4 + 1/4 * 1/3) = .7917 or 1 - (1/16 * 1/3 + 1/32 * 1/4) = .9714; r_w is 1 - 6 * 18 / 720 or 1 - 6 * 6 / 720.
SELECT y, ci.spearman(x, r) AS spearman, ci.weighted_spearman(x, r), round(ci.ws(x, r)::numeric, 4) AS ws
FROM (VALUES ('{2,1,3,4,5}'::int[]), ('{1,2,3,5,4}')) AS v (y), unnest(y) WITH ORDINALITY AS u (r, x) GROUP BY y ORDER BY y DESC;
-- Paradowski, Baczkiewicz and Watrobski, Towards proper consumer choices (2021): r_w .96, WS .90
SELECT round(ci.weighted_spearman(x, y)::numeric, 2) AS r_w, round(ci.ws(x, y)::numeric, 2) AS ws
FROM unnest('{7,11,2,1,4,9,6,3,5,10,8,12}'::int[], '{7,11,3,2,4,9,6,1,5,10,8,12}'::int[]) AS v (x, y);
-- Kendall, Rank Correlation Methods, chapter 3: 33 / sqrt(41 * 36) = .859 for two rankings with ties; SciPy, kendalltau: -.4714045207910317
SELECT round(ci.kendall_tau(x, y)::numeric, 3) AS tau_b, ci.kendall_tau(x, y) = 33 / sqrt(41 * 36.0::float8) AS exact
FROM unnest('{1,2.5,2.5,4.5,4.5,6.5,6.5,8,9.5,9.5}'::float8[], '{1,2,4.5,4.5,4.5,4.5,8,8,8,10}'::float8[]) AS v (x, y);
SELECT round(ci.kendall_tau(x, y)::numeric, 15) AS tau_b FROM unnest('{12,2,1,12,2}'::int[], '{1,4,7,1,0}'::int[]) AS v (x, y);
-- Corsi and Urbano, The Treatment of Ties in Rank-Biased Overlap (2024), test data of their implementation, variant w, extrapolated: some of the first lists; ties are in parentheses
CREATE FUNCTION pg_temp.ranks(list text) RETURNS TABLE (item text, rank bigint) LANGUAGE sql AS $$
	SELECT item, min(n) OVER (PARTITION BY tie)
	FROM (SELECT tie, item, row_number() OVER (ORDER BY tie) AS n
		FROM regexp_matches(list, '\(([^)]*)\)|(\S+)', 'g') WITH ORDINALITY AS m (part, tie), regexp_split_to_table(coalesce(part[1], part[2]), ' ') AS item) AS i $$;
CREATE TEMPORARY TABLE lists (x text, y text, p float8, published numeric);
INSERT INTO lists VALUES
	('red (blue green) yellow pink', '(blue red) white (yellow black purple) green', 0.95, 0.7068257),
	('(i5 i9 i13 i15 i16 i19 i20) (i3 i8)', 'i6 (i4 i18) i2 i7 i8 i17 i14 (i11 i12) i1', 0.958074765324023, 0.0816485573277354),
	('i13 (i1 i4 i5 i6)', 'i3 i14 i11 (i10 i15) i12 (i6 i9) i4 i2', 0.92238320668128, 0.117578490431637),
	('i11 (i8 i21) (i2 i18) (i6 i16 i20) (i4 i10)', 'i8 (i9 i20 i21) (i2 i3) i13 i1 i11 i14 i19', 0.93912403977192, 0.482369482292872),
	('(i3 i6) (i2 i7) i10', '(i3 i6 i7 i10) (i1 i2)', 0.965413635276732, 0.946064537517568),
	('i4 (i2 i14) i7 i5 i3', '(i9 i13) (i6 i8) i1 i5 i10 i15 i11', 0.986650551181127, 0.155835200392091),
	('(i1 i3 i6 i11 i15) i17 (i5 i8)', '(i1 i2 i3 i4 i5 i6 i7 i8 i9 i10 i11 i12)', 0.966485585840186, 0.647993254615828),
	('i21 i20 (i1 i16 i19) (i5 i10) i4', '(i12 i17) (i2 i3 i8 i11) (i15 i18) (i6 i13) (i7 i14) i9', 0.930074017489188, 0),
	('i3 (i1 i5 i7) i9', '(i1 i9) i7 i3 i4', 0.930093081332594, 0.697096710334179);
SELECT round(published, least(scale(published), 12)) AS published, round((SELECT ci.rank_biased_overlap(x.rank, y.rank, p) FROM pg_temp.ranks(x) AS x FULL JOIN pg_temp.ranks(y) AS y USING (item))::numeric, least(scale(published), 12)) AS rbo FROM lists;
-- Webber, Moffat and Zobel, A Similarity Measure for Indefinite Rankings (2010), equation 32, term by term: lists of 4 and 7 without ties
SELECT round(ci.rank_biased_overlap(x, y, 0.8)::numeric, 12) AS rbo, round((0.2 / 0.8 * (sum(xd / d * 0.8 ^ d) + sum(3 * (d - 4) / (4.0 * d) * 0.8 ^ d) FILTER (WHERE d > 4)) + ((4 - 3) / 7.0 + 3 / 4.0) * 0.8 ^ 7)::numeric, 12) AS equation
FROM (VALUES (1, 2, 1, 0.0), (2, 1, 2, 2), (3, NULL, 3, 2), (4, 3, 4, 3), (5, NULL, 5, 3), (6, 4, 6, 4), (7, NULL, 7, 4)) AS v (y, x, d, xd);

-- Negative tests: what others get wrong.  Spearman's coefficient is that of ranks, not of what is passed; Kendall's is tau-b.
SELECT ci.spearman(x, y), corr(x, y) > 0.5 AS pearson FROM (VALUES (1, 1), (2, 3), (100, 2)) AS v (x, y);
SELECT round(ci.kendall_tau(x, y)::numeric, 6) AS tau_b, 1 / 3.0 AS tau_a FROM (VALUES (1, 1), (1, 2), (2, 2)) AS v (x, y);

-- The Technology Achievement Index by linear and geometric aggregation (Handbook, Table 38): how much the choice matters
SELECT round(ci.spearman(a.rank, b.rank)::numeric, 3) AS spearman, round((1 - 6.0 * sum((a.rank - b.rank) ^ 2) / (23 * (23 * 23 - 1)))::numeric, 3) AS formula, round(ci.kendall_tau(a.rank, b.rank)::numeric, 3) AS kendall,
	round(ci.mean_rank_shift(a.rank, b.rank)::numeric, 3) AS shift, round(avg(abs(a.rank - b.rank)), 3) AS average_shift, ci.top_overlap(a.rank, b.rank, 5) AS top_5, ci.top_overlap(a.rank, b.rank, 10) AS top_10
FROM tai_panel, tai_method AS m, tai_method AS n, ci.rank(panel, m.methodology) AS a JOIN ci.rank(panel, n.methodology) AS b USING (unit) WHERE m.name = 'equal' AND n.name = 'geometric';

-- Agreement, opposition, one unit, none, ties only, a unit that is missing in one
SELECT what, ci.spearman(x, y), ci.kendall_tau(x, y) AS kendall, ci.weighted_spearman(x, y) AS r_w, round(ci.ws(x, y)::numeric, 6) AS ws, round(ci.mean_rank_shift(x, y)::numeric, 6) AS shift, round(ci.rank_biased_overlap(x, y, 0.9)::numeric, 6) AS rbo, ci.top_overlap(x, y, 2) AS top_2
FROM (VALUES ('the same', 1, 1), ('the same', 2, 2), ('the same', 3, 3), ('the same', 4, 4), ('opposed', 1, 4), ('opposed', 2, 3), ('opposed', 3, 2), ('opposed', 4, 1), ('one', 1, 1), ('none', NULL, NULL),
	('x tied', 1, 1), ('x tied', 1, 2), ('x tied', 1, 3), ('both tied', 1, 1), ('both tied', 1, 1), ('apart', 1, NULL), ('apart', NULL, 1), ('x only', 1, NULL), ('x only', 2, NULL),
	('missing', 1, 1), ('missing', 2, NULL), ('missing', 3, 2), ('missing', NULL, 3)) AS v (what, x, y)
GROUP BY what ORDER BY what COLLATE "C";

-- Identities, with and without ties
CREATE TABLE pairs_test AS SELECT i, i * 7919 % 397 AS x, i * 104729 % 401 AS y, i * 7919 % 23 AS x_ties, i * 104729 % 17 AS y_ties, nullif(i * 31 % 397, 5) AS part FROM generate_series(1, 396) AS i;
-- mean ranks; Spearman's is their correlation, for scores as for ranks, and turns with one of them
SELECT abs(ci.spearman(x, y) - (1 - 6 * sum((rx - ry) ^ 2) / (396 * (396 ^ 2 - 1)))) < 1e-14 AS without_ties, abs(ci.spearman(x_ties, y_ties) - corr(mx, my)) < 1e-14 AS with_ties,
	ci.spearman(exp(x / 100.0), y) = ci.spearman(x, y) AS scores, ci.spearman(-x, y_ties) = -ci.spearman(x, y_ties) AS turned, ci.spearman(x, y) = ci.spearman(y, x) AS symmetric
FROM (SELECT *, rank() OVER (ORDER BY x) AS rx, rank() OVER (ORDER BY y) AS ry, rank() OVER (ORDER BY x_ties) + (count(*) OVER (PARTITION BY x_ties) - 1) / 2.0 AS mx, rank() OVER (ORDER BY y_ties) + (count(*) OVER (PARTITION BY y_ties) - 1) / 2.0 AS my FROM pairs_test) AS r;
-- Kendall's tau-b by all pairs
SELECT abs(tau - s / sqrt(nx * ny)) < 1e-15 AS without_ties, abs(tau_ties - s_ties / sqrt(nx_ties * ny_ties)) < 1e-15 AS with_ties
FROM (SELECT ci.kendall_tau(x, y) AS tau, ci.kendall_tau(x_ties, y_ties) AS tau_ties FROM pairs_test) AS k,
	(SELECT sum(sign(a.x - b.x) * sign(a.y - b.y)) AS s, sum((a.x <> b.x)::int)::float8 AS nx, sum((a.y <> b.y)::int)::float8 AS ny,
		sum(sign(a.x_ties - b.x_ties) * sign(a.y_ties - b.y_ties)) AS s_ties, sum((a.x_ties <> b.x_ties)::int)::float8 AS nx_ties, sum((a.y_ties <> b.y_ties)::int)::float8 AS ny_ties
	FROM pairs_test AS a JOIN pairs_test AS b ON a.i < b.i) AS p;
-- r_w and WS by their formulas; gaps between ranks make no difference; WS has a reference
SELECT abs(ci.weighted_spearman(x, y) - (1 - 6 * sum((rx - ry) ^ 2 * (2 * n - rx - ry + 2)) / (n ^ 4 + n ^ 3 - n ^ 2 - n))) < 1e-14 AS r_w, abs(ci.ws(x, y) - (1 - sum(2 ^ -rx * abs(rx - ry) / greatest(abs(1 - rx), abs(n - rx))))) < 1e-14 AS ws,
	ci.ws(10 * x, y) = ci.ws(x, y) AS gaps, ci.ws(x, y) = ci.ws(y, x) AS symmetric, ci.weighted_spearman(x, y) = ci.weighted_spearman(y, x) AS r_w_symmetric
FROM (SELECT x, y, 396.0::float8 AS n, rank() OVER (ORDER BY x)::float8 AS rx, rank() OVER (ORDER BY y)::float8 AS ry FROM pairs_test) AS r GROUP BY n;
-- rank-biased overlap: symmetric, between 0 and 1, 1 of a list with itself; the overlap at the top is the agreement it sums up, so that it is the first one for small p
SELECT ci.rank_biased_overlap(x_ties, part, 0.97) = ci.rank_biased_overlap(part, x_ties, 0.97) AS symmetric, ci.rank_biased_overlap(x_ties, x_ties, 0.97) AS itself, ci.rank_biased_overlap(x_ties, part, 0.97) BETWEEN 0 AND 1 AS bounds,
	abs(ci.rank_biased_overlap(x_ties, y_ties, 1e-9) - ci.top_overlap(x_ties, y_ties, 1)) < 1e-8 AS small_p, round(ci.top_overlap(x, part, 1000)::numeric, 12) AS all_of_both
FROM pairs_test;
SELECT k, round(ci.top_overlap(x, y, k)::numeric, 12) AS overlap, round(2.0 * count(*) FILTER (WHERE rx <= k AND ry <= k) / nullif(count(*) FILTER (WHERE rx <= k) + count(*) FILTER (WHERE ry <= k), 0), 12) AS definition
FROM (SELECT x_ties AS x, y_ties AS y, rank() OVER (ORDER BY x_ties) AS rx, rank() OVER (ORDER BY y_ties) AS ry FROM pairs_test) AS r, unnest('{1,20,23,24,47,396,2147483647}'::int[]) AS k GROUP BY k ORDER BY k;
-- types, FILTER, DISTINCT, OVER; huge values
SELECT ci.spearman(x::numeric, y::real) = ci.spearman(x, y) AS types, ci.kendall_tau(x, y) FILTER (WHERE x < 2) AS filter, round(ci.mean_rank_shift(DISTINCT x_ties, -x_ties)::numeric, 12) AS distinct, ci.spearman(x * 1e305::float8, y * 1e-320::float8) IS NOT NULL AS huge FROM pairs_test;
SELECT i, ci.spearman(x, y) OVER (ORDER BY i ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving FROM pairs_test ORDER BY i LIMIT 5;
DROP TABLE pairs_test;

-- Dominance: nowhere worse and somewhere better; what is missing may leave it open
SELECT a, b, directions, ci.dominates(a, b, directions)
FROM (VALUES ('{1,2}'::float8[], '{1,1}'::float8[], NULL::int[]), ('{1,2}', '{1,2}', NULL), ('{1,2}', '{2,1}', NULL), ('{1,2}', '{1,1}', '{1,-1}'), ('{1,0}', '{1,1}', '{1,-1}'), ('{-0}', '{0}', NULL), ('{}', '{}', NULL),
	('{1,NULL}', '{0,1}', NULL), ('{1,NULL}', '{2,1}', NULL), ('{1,NULL}', '{1,NULL}', NULL), ('{1}', NULL, NULL), (NULL, '{1}', NULL), ('{1e308,5e-324}', '{-1e308,0}', NULL)) AS v (a, b, directions);
SELECT ci.dominates('{1,2}', '{1,1}') AS default;
-- Of the 253 pairs of the 23 countries of the Technology Achievement Index 30 are decided by dominance, 11.9 %; a country is efficient if none dominates it
CREATE TEMPORARY TABLE profile AS SELECT country, ARRAY[patents, royalties, internet, exports, telephones, electricity, schooling, university]::float8[] AS x FROM tai;
SELECT count(*) AS pairs, round(100.0 * count(*) / (23 * 11), 1) AS share FROM profile AS a, profile AS b WHERE ci.dominates(a.x, b.x);
SELECT count(*) AS efficient, string_agg(country, ', ' ORDER BY country COLLATE "C") FILTER (WHERE country IN ('Finland', 'Japan', 'Slovenia', 'Italy')) AS among_four
FROM profile AS b WHERE NOT EXISTS (SELECT FROM profile AS a WHERE ci.dominates(a.x, b.x));
-- it is irreflexive, asymmetric and transitive
SELECT count(*) FILTER (WHERE ci.dominates(a.x, a.x)) AS reflexive, count(*) FILTER (WHERE ci.dominates(a.x, b.x) AND ci.dominates(b.x, a.x)) AS symmetric,
	count(*) FILTER (WHERE ci.dominates(a.x, b.x) AND ci.dominates(b.x, c.x) AND NOT ci.dominates(a.x, c.x)) AS intransitive
FROM profile AS a, profile AS b, profile AS c;
