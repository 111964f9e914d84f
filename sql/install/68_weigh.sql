/*
 * weigh: weights from data, from comparisons, from experts
 */
CREATE FUNCTION ci.weigh(panel ci.panel, methodology ci.methodology, method text,
						 parent text DEFAULT NULL, periods int[] DEFAULT NULL) RETURNS ci.methodology
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_weigh';
COMMENT ON FUNCTION ci.weigh(ci.panel, ci.methodology, text, text, int[]) IS 'the methodology with weights found by equal, standard_deviation, critic, gini, entropy, merec or pca for the children of a component (null: of each), from the data of these periods (null: all)';

CREATE FUNCTION ci.weigh(methodology ci.methodology, components text[], weights float8[]) RETURNS ci.methodology
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_weigh_given';
COMMENT ON FUNCTION ci.weigh(ci.methodology, text[], float8[]) IS 'the methodology with these weights of these components';

CREATE TYPE ci.principal_component AS (
	parent text,
	number int,
	eigenvalue float8,
	share float8,
	cumulative float8,
	retained boolean,
	component text,
	loading float8,
	rotated float8
);
COMMENT ON TYPE ci.principal_component IS 'a principal component of the children of parent, and its correlation with one of them: share is of their variance; rotated is the loading after varimax rotation of the components retained';

CREATE FUNCTION ci.pca(panel ci.panel, methodology ci.methodology, parent text DEFAULT NULL,
					   periods int[] DEFAULT NULL) RETURNS SETOF ci.principal_component
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100
	AS 'MODULE_PATHNAME', 'ci_pca';
COMMENT ON FUNCTION ci.pca(ci.panel, ci.methodology, text, int[]) IS 'principal components of the children of a component (null: of each), over these periods (null: all)';

CREATE TYPE ci.correlation AS (
	parent text,
	a text,
	b text,
	r float8,
	n int
);
COMMENT ON TYPE ci.correlation IS 'the correlation of two components, children of parent or parent itself, over the n units that have both';

CREATE FUNCTION ci.correlations(panel ci.panel, methodology ci.methodology, parent text DEFAULT NULL,
								periods int[] DEFAULT NULL, method text DEFAULT 'pearson') RETURNS SETOF ci.correlation
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100
	AS 'MODULE_PATHNAME', 'ci_correlations';
COMMENT ON FUNCTION ci.correlations(ci.panel, ci.methodology, text, int[], text) IS 'correlations, pearson or spearman, of the children of a component (null: of each) with one another and with it';

CREATE TYPE ci.priorities AS (
	weights float8[],
	lambda float8,
	consistency_index float8,
	consistency_ratio float8
);
COMMENT ON TYPE ci.priorities IS 'weights from pairwise comparisons, the principal eigenvalue, and how far the comparisons contradict one another: a ratio up to 0.1 is taken for consistent';

CREATE FUNCTION ci.ahp(matrix float8[]) RETURNS ci.priorities
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_ahp';
COMMENT ON FUNCTION ci.ahp(float8[]) IS 'weights by the analytic hierarchy process: row i, column j says how many times i is as important as j';

CREATE TYPE ci.allocation AS (
	period int,
	component text,
	weight float8,
	sd float8,
	lowest float8,
	highest float8,
	n_experts int
);
COMMENT ON TYPE ci.allocation IS 'what share of their points experts gave to a component: mean, standard deviation, extremes';

CREATE FUNCTION ci.budget(allocations ci.panel) RETURNS SETOF ci.allocation
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 50
	AS 'MODULE_PATHNAME', 'ci_budget';
COMMENT ON FUNCTION ci.budget(ci.panel) IS 'weights by budget allocation: units are experts, indicators what they allot points to, periods the rounds';
