/*
 * plan: what calls cost and how many rows they return, for the planner
 *
 * Costs are in units of an operator on numbers, for twenty indicators, and for panels of
 * fifty units.
 */
ALTER FUNCTION ci.panel_add_cell(ci.panel, text, int, text, float8) COST 2;
ALTER FUNCTION ci.panel_add_cell(ci.panel, text, text, float8) COST 2;
ALTER FUNCTION ci.panel_add_row(ci.panel, text, int, text[], float8[]) COST 20;
ALTER FUNCTION ci.panel_add_row(ci.panel, text, int, jsonb) COST 200;
ALTER FUNCTION ci.score(text[], float8[], ci.methodology) COST 20;
ALTER FUNCTION ci.score_add(bytea, text, float8, ci.methodology) COST 30;
ALTER FUNCTION ci.rank(ci.panel, ci.methodology) COST 4000;
ALTER FUNCTION ci.scores(ci.panel, ci.methodology) COST 4000;
ALTER FUNCTION ci.explain(ci.panel, ci.methodology, text, int) COST 4000;
ALTER FUNCTION ci.audit(ci.panel, ci.methodology) COST 4000;
ALTER FUNCTION ci.fit(ci.panel, ci.methodology, int) COST 4000;

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
