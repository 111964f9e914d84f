/*
 * fit: estimated parameters become numbers
 */
CREATE FUNCTION ci.fit(panel ci.panel, methodology ci.methodology, period int DEFAULT NULL)
	RETURNS ci.methodology
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_fit';
COMMENT ON FUNCTION ci.fit(ci.panel, ci.methodology, int) IS 'the methodology with every estimated parameter replaced by its value in a period (null: where no parameter differs between periods)';
