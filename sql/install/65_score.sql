/*
 * score: one unit at a time
 */
CREATE FUNCTION ci.score(indicators text[], cells float8[], methodology ci.methodology) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_score';
COMMENT ON FUNCTION ci.score(text[], float8[], ci.methodology) IS 'the score of one unit from its own cells, by a methodology that depends on no peers (ci.fit makes one)';

CREATE FUNCTION ci.score_add(state bytea, indicator text, value float8, methodology ci.methodology)
	RETURNS bytea
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_score_add';
COMMENT ON FUNCTION ci.score_add(bytea, text, float8, ci.methodology) IS 'transition function of ci.score_agg';

CREATE FUNCTION ci.score_combine(bytea, bytea) RETURNS bytea
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_score_combine';
COMMENT ON FUNCTION ci.score_combine(bytea, bytea) IS 'combine function of ci.score_agg';

CREATE FUNCTION ci.score_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_score_final';
COMMENT ON FUNCTION ci.score_final(bytea) IS 'final function of ci.score_agg';

CREATE AGGREGATE ci.score_agg(indicator text, value float8, methodology ci.methodology) (
	SFUNC = ci.score_add,
	STYPE = bytea,
	SSPACE = 4096,
	FINALFUNC = ci.score_final,
	COMBINEFUNC = ci.score_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.score_agg(text, float8, ci.methodology) IS 'the score of one unit whose cells are rows, by a methodology that depends on no peers; an absent or null cell is missing';
