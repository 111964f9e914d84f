/* composite_indicator: from 0.2.0 to 0.3.0 */

-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION composite_indicator UPDATE TO '0.3.0'" to load this file. \quit

CREATE FUNCTION ci.plan_support(internal) RETURNS internal
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_plan_support';
COMMENT ON FUNCTION ci.plan_support(internal) IS 'for the planner: how many rows a call returns whose panel is a constant';

ALTER FUNCTION ci.observations(ci.panel) SUPPORT ci.plan_support;
ALTER FUNCTION ci.summary(ci.panel) SUPPORT ci.plan_support;
ALTER FUNCTION ci.rank(ci.panel, ci.methodology) SUPPORT ci.plan_support;
ALTER FUNCTION ci.scores(ci.panel, ci.methodology) SUPPORT ci.plan_support;
ALTER FUNCTION ci.explain(ci.panel, ci.methodology, text, int) SUPPORT ci.plan_support;
ALTER FUNCTION ci.rank_intervals(ci.panel, ci.methodology, ci.uncertainty, int, int, int, float8, ci.panel) SUPPORT ci.plan_support;
ALTER FUNCTION ci.rank_bounds(ci.panel, ci.methodology, float8, int, text[], float8[], float8[]) SUPPORT ci.plan_support;

/*
 * leave_one_out: what a ranking hangs on, one indicator, dimension or unit at a time
 */
CREATE FUNCTION ci.leave_one_out(panel ci.panel, methodology ci.methodology, elements text DEFAULT 'indicators', period int DEFAULT NULL)
	RETURNS TABLE (period int, left_out text, unit text, rank int, rank_without int, rank_change int, reversals int)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 1000
	AS 'MODULE_PATHNAME', 'ci_leave_one_out';
COMMENT ON FUNCTION ci.leave_one_out(ci.panel, ci.methodology, text, int) IS 'every unit''s rank without each of the indicators, components, dimensions (children of the root) or other units, one at a time, and how many units are then on the other side of it; null period: all';

-- fit
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
