/*
 * plan: what calls cost, for the planner
 *
 * In units of an operator on numbers, for twenty indicators, and for panels of
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
