/*
 * sensitivity: which uncertain choices the variance of ranks is due to
 */
CREATE FUNCTION ci.sensitivity(panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 1000, seed int DEFAULT 1,
		period int DEFAULT NULL, unit text DEFAULT NULL, level float8 DEFAULT 0.9, errors ci.panel DEFAULT NULL,
		by_weight boolean DEFAULT false)
	RETURNS TABLE (period int, input text, first_order float8, first_order_lower float8, first_order_upper float8,
		total float8, total_lower float8, total_upper float8)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000000 ROWS 10
	AS 'MODULE_PATHNAME', 'ci_sensitivity';
COMMENT ON FUNCTION ci.sensitivity(ci.panel, ci.methodology, ci.uncertainty, int, int, int, text, float8, ci.panel, boolean) IS 'Sobol indices, first-order and total, of every uncertain choice for the mean rank shift, or for the rank of a unit, with bootstrap intervals';
