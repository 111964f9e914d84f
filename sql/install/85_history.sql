/*
 * history: runs over a sequence of editions, and growth
 *
 * Streaks and first times follow their rows' order.  Workers do not keep it, so
 * these aggregates have no combine function: they are never computed in parts.
 */
CREATE FUNCTION ci.streak_add(state bigint, condition boolean) RETURNS bigint
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_streak_add';
COMMENT ON FUNCTION ci.streak_add(bigint, boolean) IS 'transition function of ci.streak';

CREATE AGGREGATE ci.streak(condition boolean) (
	SFUNC = ci.streak_add,
	STYPE = bigint,
	INITCOND = '0',
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.streak(boolean) IS 'length of the run of true that ends with the last row; false and null end a run';

CREATE FUNCTION ci.longest_streak_add(state bigint[], condition boolean) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_longest_streak_add';
COMMENT ON FUNCTION ci.longest_streak_add(bigint[], boolean) IS 'transition function of ci.longest_streak';

CREATE FUNCTION ci.longest_streak_final(state bigint[]) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_longest_streak_final';
COMMENT ON FUNCTION ci.longest_streak_final(bigint[]) IS 'final function of ci.longest_streak';

CREATE AGGREGATE ci.longest_streak(condition boolean) (
	SFUNC = ci.longest_streak_add,
	STYPE = bigint[],
	INITCOND = '{0,0}',
	FINALFUNC = ci.longest_streak_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.longest_streak(boolean) IS 'length of the longest run of true; false and null end a run';

CREATE FUNCTION ci.first_time_add(state integer, condition boolean) RETURNS integer
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_first_time_add';
COMMENT ON FUNCTION ci.first_time_add(integer, boolean) IS 'transition function of ci.first_time';

CREATE FUNCTION ci.first_time_final(state integer) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_first_time_final';
COMMENT ON FUNCTION ci.first_time_final(integer) IS 'final function of ci.first_time';

CREATE AGGREGATE ci.first_time(condition boolean) (
	SFUNC = ci.first_time_add,
	STYPE = integer,
	INITCOND = '0',
	FINALFUNC = ci.first_time_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.first_time(boolean) IS 'whether the last row is the first that is true';

CREATE FUNCTION ci.cagr_add(state float8[], value float8, period int) RETURNS float8[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_cagr_add';
COMMENT ON FUNCTION ci.cagr_add(float8[], float8, int) IS 'transition function of ci.cagr';

CREATE FUNCTION ci.cagr_combine(float8[], float8[]) RETURNS float8[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_cagr_combine';
COMMENT ON FUNCTION ci.cagr_combine(float8[], float8[]) IS 'combine function of ci.cagr';

CREATE FUNCTION ci.cagr_final(state float8[]) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_cagr_final';
COMMENT ON FUNCTION ci.cagr_final(float8[]) IS 'final function of ci.cagr';

CREATE AGGREGATE ci.cagr(value float8, period int) (
	SFUNC = ci.cagr_add,
	STYPE = float8[],
	FINALFUNC = ci.cagr_final,
	COMBINEFUNC = ci.cagr_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.cagr(float8, int) IS 'compound annual growth rate from the first period to the last: (last / first) ^ (1 / periods between) - 1; null values are skipped';
