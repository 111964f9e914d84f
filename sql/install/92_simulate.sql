/*
 * simulate: what ranks are worth where weights, choices and data are uncertain
 */
CREATE FUNCTION ci.check_uncertainty(uncertainty jsonb) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_check_uncertainty';
COMMENT ON FUNCTION ci.check_uncertainty(jsonb) IS 'true, or an error that says what is wrong; the condition of the domain ci.uncertainty';

CREATE DOMAIN ci.uncertainty AS jsonb
	CONSTRAINT uncertainty_check CHECK (ci.check_uncertainty(VALUE));
COMMENT ON DOMAIN ci.uncertainty IS 'what is uncertain about a methodology: weights, indicators left out, choices between patches';

CREATE FUNCTION ci.rank_intervals(panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 1000, seed int DEFAULT 1,
		period int DEFAULT NULL, level float8 DEFAULT 0.9, errors ci.panel DEFAULT NULL)
	RETURNS TABLE (period int, unit text, rank int, mean_rank float8, median_rank int, lower_rank int, upper_rank int)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 100
	AS 'MODULE_PATHNAME', 'ci_rank_intervals';
COMMENT ON FUNCTION ci.rank_intervals(ci.panel, ci.methodology, ci.uncertainty, int, int, int, float8, ci.panel) IS 'every unit''s rank, and mean, median and interval of its ranks over draws from what is uncertain; errors are standard deviations of observations';

CREATE FUNCTION ci.rank_acceptability(panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 1000, seed int DEFAULT 1,
		period int DEFAULT NULL, errors ci.panel DEFAULT NULL)
	RETURNS TABLE (period int, unit text, rank int, share float8, cumulative float8)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 1000
	AS 'MODULE_PATHNAME', 'ci_rank_acceptability';
COMMENT ON FUNCTION ci.rank_acceptability(ci.panel, ci.methodology, ci.uncertainty, int, int, int, ci.panel) IS 'the share of draws from what is uncertain in which a unit has a rank, for every rank that it has in some; null: in which it has none';

CREATE FUNCTION ci.pairwise(panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 1000, seed int DEFAULT 1,
		period int DEFAULT NULL, errors ci.panel DEFAULT NULL)
	RETURNS TABLE (period int, unit text, other text, ahead float8, tied float8)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_pairwise';
COMMENT ON FUNCTION ci.pairwise(ci.panel, ci.methodology, ci.uncertainty, int, int, int, ci.panel) IS 'the share of draws from what is uncertain in which a unit is ahead of another, or has the same rank';
