/*
 * bounds: what holds for all admissible weights
 */
CREATE TYPE ci.rank_bound AS (
	period int,
	unit text,
	rank int,
	best_rank int,
	worst_rank int,
	best_found int,
	worst_found int,
	proven boolean
);
COMMENT ON TYPE ci.rank_bound IS 'ranks that a unit can have: by no admissible weights is it better than best_rank or worse than worst_rank; by some it is at least as good as best_found, by some at least as bad as worst_found; proven where these meet';

CREATE FUNCTION ci.rank_bounds(panel ci.panel, methodology ci.methodology, share float8 DEFAULT 0.25,
							   period int DEFAULT NULL, components text[] DEFAULT NULL,
							   lowest float8[] DEFAULT NULL, highest float8[] DEFAULT NULL) RETURNS SETOF ci.rank_bound
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 1000
	AS 'MODULE_PATHNAME', 'ci_rank_bounds';
COMMENT ON FUNCTION ci.rank_bounds(ci.panel, ci.methodology, float8, int, text[], float8[], float8[]) IS 'guaranteed ranks while each weight may vary by this share of itself, or, for the components named, from lowest to highest; null period: all';

CREATE TYPE ci.bound_weight AS (
	period int,
	unit text,
	bound text,
	rank int,
	component text,
	weight float8
);
COMMENT ON TYPE ci.bound_weight IS 'a component''s weight, relative to its siblings'', in the weights by which a unit has its best, or worst, rank that was found';

CREATE FUNCTION ci.rank_bound_weights(panel ci.panel, methodology ci.methodology, unit text DEFAULT NULL,
									  share float8 DEFAULT 0.25, period int DEFAULT NULL, components text[] DEFAULT NULL,
									  lowest float8[] DEFAULT NULL, highest float8[] DEFAULT NULL) RETURNS SETOF ci.bound_weight
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_rank_bound_weights';
COMMENT ON FUNCTION ci.rank_bound_weights(ci.panel, ci.methodology, text, float8, int, text[], float8[], float8[]) IS 'the weights by which a unit (null: each) has the ranks best_found and worst_found of ci.rank_bounds';

CREATE TYPE ci.ordered_pair AS (
	period int,
	ahead text,
	behind text,
	lead float8,
	least_lead float8,
	dominates boolean
);
COMMENT ON TYPE ci.ordered_pair IS 'two units whose order is the same for all admissible weights: by how much the scores differ, by how much at least, and whether one is as good in every indicator and better in one';

CREATE FUNCTION ci.necessary_order(panel ci.panel, methodology ci.methodology, share float8 DEFAULT 0.25,
								   period int DEFAULT NULL, components text[] DEFAULT NULL,
								   lowest float8[] DEFAULT NULL, highest float8[] DEFAULT NULL) RETURNS SETOF ci.ordered_pair
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_necessary_order';
COMMENT ON FUNCTION ci.necessary_order(ci.panel, ci.methodology, float8, int, text[], float8[], float8[]) IS 'the pairs of units of which one is ahead by all admissible weights, as ci.rank_bounds takes them';
