/*
 * fit: estimated parameters become numbers
 */
CREATE FUNCTION ci.fit(panel ci.panel, methodology ci.methodology, period int DEFAULT NULL)
	RETURNS ci.methodology
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_fit';
COMMENT ON FUNCTION ci.fit(ci.panel, ci.methodology, int) IS 'the methodology with every estimated parameter replaced by its value in a period (null: where no parameter differs between periods)';

CREATE FUNCTION ci.fit_add(state bytea, unit text, period int, indicators text[], cells float8[],
						   methodology ci.methodology) RETURNS bytea
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20
	AS 'MODULE_PATHNAME', 'ci_fit_add';
COMMENT ON FUNCTION ci.fit_add(bytea, text, int, text[], float8[], ci.methodology) IS 'transition function of ci.fit_agg';

CREATE FUNCTION ci.fit_combine(bytea, bytea) RETURNS bytea
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_fit_combine';
COMMENT ON FUNCTION ci.fit_combine(bytea, bytea) IS 'combine function of ci.fit_agg';

CREATE FUNCTION ci.fit_final(state bytea) RETURNS ci.methodology
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 4000
	AS 'MODULE_PATHNAME', 'ci_fit_final';
COMMENT ON FUNCTION ci.fit_final(bytea) IS 'final function of ci.fit_agg';

CREATE AGGREGATE ci.fit_agg(unit text, period int, indicators text[], cells float8[], methodology ci.methodology) (
	SFUNC = ci.fit_add,
	STYPE = bytea,
	SSPACE = 16384,
	FINALFUNC = ci.fit_final,
	COMBINEFUNC = ci.fit_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.fit_agg(text, int, text[], float8[], ci.methodology) IS 'the methodology with what one pass over the rows estimates replaced by its value; the rows are not kept';
