/*
 * panel: what was observed
 */
CREATE TYPE ci.panel;

CREATE FUNCTION ci.panel_in(cstring) RETURNS ci.panel
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_in';
COMMENT ON FUNCTION ci.panel_in(cstring) IS 'text form of a panel, JSON';

CREATE FUNCTION ci.panel_out(ci.panel) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_out';
COMMENT ON FUNCTION ci.panel_out(ci.panel) IS 'text form of a panel, JSON';

CREATE FUNCTION ci.panel_recv(internal) RETURNS ci.panel
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_recv';
COMMENT ON FUNCTION ci.panel_recv(internal) IS 'binary form of a panel';

CREATE FUNCTION ci.panel_send(ci.panel) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_send';
COMMENT ON FUNCTION ci.panel_send(ci.panel) IS 'binary form of a panel';

CREATE TYPE ci.panel (
	INPUT = ci.panel_in,
	OUTPUT = ci.panel_out,
	RECEIVE = ci.panel_recv,
	SEND = ci.panel_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = double,
	STORAGE = extended
);
COMMENT ON TYPE ci.panel IS 'observations: period x unit x indicator -> value or missing';

-- Aggregates. The state is a panel, so partial ones can be sent, stored and merged.

CREATE FUNCTION ci.panel_add_panel(state ci.panel, panel ci.panel) RETURNS ci.panel
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_add_panel';
COMMENT ON FUNCTION ci.panel_add_panel(ci.panel, ci.panel) IS 'transition and combine function of ci.panel_agg';

CREATE FUNCTION ci.panel_final(state ci.panel) RETURNS ci.panel
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_final';
COMMENT ON FUNCTION ci.panel_final(ci.panel) IS 'final function of ci.panel_agg';

CREATE AGGREGATE ci.panel_agg(panel ci.panel) (
	SFUNC = ci.panel_add_panel,
	STYPE = ci.panel,
	SSPACE = 16384,
	FINALFUNC = ci.panel_final,
	COMBINEFUNC = ci.panel_add_panel,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.panel_agg(ci.panel) IS 'panels merged into one; two values for one cell are an error';

CREATE FUNCTION ci.panel_add_cell(state ci.panel, unit text, period int, indicator text, value float8) RETURNS ci.panel
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_add_cell';
COMMENT ON FUNCTION ci.panel_add_cell(ci.panel, text, int, text, float8) IS 'transition function of ci.panel_agg';

CREATE AGGREGATE ci.panel_agg(unit text, period int, indicator text, value float8) (
	SFUNC = ci.panel_add_cell,
	STYPE = ci.panel,
	SSPACE = 16384,
	FINALFUNC = ci.panel_final,
	COMBINEFUNC = ci.panel_add_panel,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.panel_agg(text, int, text, float8) IS 'rows into a panel, each a cell of a long table; a null value is missing';

CREATE FUNCTION ci.panel_add_cell(state ci.panel, unit text, indicator text, value float8) RETURNS ci.panel
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_add_cell_cross_section';
COMMENT ON FUNCTION ci.panel_add_cell(ci.panel, text, text, float8) IS 'transition function of ci.panel_agg';

CREATE AGGREGATE ci.panel_agg(unit text, indicator text, value float8) (
	SFUNC = ci.panel_add_cell,
	STYPE = ci.panel,
	SSPACE = 16384,
	FINALFUNC = ci.panel_final,
	COMBINEFUNC = ci.panel_add_panel,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.panel_agg(text, text, float8) IS 'rows into a panel, each a cell of a long table of one period, which is 0; a null value is missing';

CREATE FUNCTION ci.panel_add_row(state ci.panel, unit text, period int, indicators text[], cells float8[]) RETURNS ci.panel
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_add_row';
COMMENT ON FUNCTION ci.panel_add_row(ci.panel, text, int, text[], float8[]) IS 'transition function of ci.panel_agg';

CREATE AGGREGATE ci.panel_agg(unit text, period int, indicators text[], cells float8[]) (
	SFUNC = ci.panel_add_row,
	STYPE = ci.panel,
	SSPACE = 16384,
	FINALFUNC = ci.panel_final,
	COMBINEFUNC = ci.panel_add_panel,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.panel_agg(text, int, text[], float8[]) IS 'rows into a panel, each a row of a wide table, its columns named; a null value is missing';

CREATE FUNCTION ci.panel_add_row(state ci.panel, unit text, period int, cells jsonb) RETURNS ci.panel
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_add_row_jsonb';
COMMENT ON FUNCTION ci.panel_add_row(ci.panel, text, int, jsonb) IS 'transition function of ci.panel_agg';

CREATE AGGREGATE ci.panel_agg(unit text, period int, cells jsonb) (
	SFUNC = ci.panel_add_row,
	STYPE = ci.panel,
	SSPACE = 16384,
	FINALFUNC = ci.panel_final,
	COMBINEFUNC = ci.panel_add_panel,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.panel_agg(text, int, jsonb) IS 'rows into a panel, each a row of a wide table, as a JSON object; a null value is missing';

-- Parts
CREATE FUNCTION ci.units(panel ci.panel) RETURNS text[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_units';
COMMENT ON FUNCTION ci.units(ci.panel) IS 'the units of a panel, in bytewise order';

CREATE FUNCTION ci.periods(panel ci.panel) RETURNS int[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_periods';
COMMENT ON FUNCTION ci.periods(ci.panel) IS 'the periods of a panel, ascending';

CREATE FUNCTION ci.indicators(panel ci.panel) RETURNS text[]
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_indicators';
COMMENT ON FUNCTION ci.indicators(ci.panel) IS 'the indicators of a panel, in bytewise order';

CREATE FUNCTION ci.observations(panel ci.panel) RETURNS TABLE (unit text, period int, indicator text, value float8)
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_observations';
COMMENT ON FUNCTION ci.observations(ci.panel) IS 'the cells of a panel as rows, null where missing';

CREATE FUNCTION ci.summary(panel ci.panel)
	RETURNS TABLE (period int, indicator text, n int, missing int, "distinct" int,
				   min float8, max float8, mean float8, sd float8, median float8,
				   skewness float8, kurtosis float8)
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100
	AS 'MODULE_PATHNAME', 'ci_summary';
COMMENT ON FUNCTION ci.summary(ci.panel) IS 'statistics of each indicator in each period; sd with n - 1, skewness and excess kurtosis bias-corrected';

CREATE FUNCTION ci.subset(panel ci.panel, periods int[] DEFAULT NULL, units text[] DEFAULT NULL,
						  indicators text[] DEFAULT NULL) RETURNS ci.panel
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_subset';
COMMENT ON FUNCTION ci.subset(ci.panel, int[], text[], text[]) IS 'the part of a panel with these periods, units and indicators (null: all); peers and pools change with it';

CREATE FUNCTION ci.digest(panel ci.panel) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_digest_panel';
COMMENT ON FUNCTION ci.digest(ci.panel) IS 'SHA-256 of the canonical form of a panel';

-- Comparison
CREATE FUNCTION ci.panel_eq(ci.panel, ci.panel) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_eq';
COMMENT ON FUNCTION ci.panel_eq(ci.panel, ci.panel) IS 'implementation of the = operator';

CREATE FUNCTION ci.panel_ne(ci.panel, ci.panel) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_ne';
COMMENT ON FUNCTION ci.panel_ne(ci.panel, ci.panel) IS 'implementation of the <> operator';

CREATE FUNCTION ci.panel_lt(ci.panel, ci.panel) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_lt';
COMMENT ON FUNCTION ci.panel_lt(ci.panel, ci.panel) IS 'implementation of the < operator';

CREATE FUNCTION ci.panel_le(ci.panel, ci.panel) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_le';
COMMENT ON FUNCTION ci.panel_le(ci.panel, ci.panel) IS 'implementation of the <= operator';

CREATE FUNCTION ci.panel_gt(ci.panel, ci.panel) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_gt';
COMMENT ON FUNCTION ci.panel_gt(ci.panel, ci.panel) IS 'implementation of the > operator';

CREATE FUNCTION ci.panel_ge(ci.panel, ci.panel) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_ge';
COMMENT ON FUNCTION ci.panel_ge(ci.panel, ci.panel) IS 'implementation of the >= operator';

CREATE FUNCTION ci.panel_cmp(ci.panel, ci.panel) RETURNS int
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_cmp';
COMMENT ON FUNCTION ci.panel_cmp(ci.panel, ci.panel) IS 'less, equal or greater, by bytes';

CREATE FUNCTION ci.panel_hash(ci.panel) RETURNS int
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_hash';
COMMENT ON FUNCTION ci.panel_hash(ci.panel) IS 'hash';

CREATE FUNCTION ci.panel_hash_extended(ci.panel, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_hash_extended';
COMMENT ON FUNCTION ci.panel_hash_extended(ci.panel, bigint) IS 'hash with a seed';

CREATE OPERATOR ci.= (
	FUNCTION = ci.panel_eq,
	LEFTARG = ci.panel,
	RIGHTARG = ci.panel,
	COMMUTATOR = OPERATOR(ci.=),
	NEGATOR = OPERATOR(ci.<>),
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR ci.= (ci.panel, ci.panel) IS 'equal';

CREATE OPERATOR ci.<> (
	FUNCTION = ci.panel_ne,
	LEFTARG = ci.panel,
	RIGHTARG = ci.panel,
	COMMUTATOR = OPERATOR(ci.<>),
	NEGATOR = OPERATOR(ci.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR ci.<> (ci.panel, ci.panel) IS 'not equal';

CREATE OPERATOR ci.< (
	FUNCTION = ci.panel_lt,
	LEFTARG = ci.panel,
	RIGHTARG = ci.panel,
	COMMUTATOR = OPERATOR(ci.>),
	NEGATOR = OPERATOR(ci.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR ci.< (ci.panel, ci.panel) IS 'less, by bytes';

CREATE OPERATOR ci.<= (
	FUNCTION = ci.panel_le,
	LEFTARG = ci.panel,
	RIGHTARG = ci.panel,
	COMMUTATOR = OPERATOR(ci.>=),
	NEGATOR = OPERATOR(ci.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR ci.<= (ci.panel, ci.panel) IS 'less or equal, by bytes';

CREATE OPERATOR ci.> (
	FUNCTION = ci.panel_gt,
	LEFTARG = ci.panel,
	RIGHTARG = ci.panel,
	COMMUTATOR = OPERATOR(ci.<),
	NEGATOR = OPERATOR(ci.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR ci.> (ci.panel, ci.panel) IS 'greater, by bytes';

CREATE OPERATOR ci.>= (
	FUNCTION = ci.panel_ge,
	LEFTARG = ci.panel,
	RIGHTARG = ci.panel,
	COMMUTATOR = OPERATOR(ci.<=),
	NEGATOR = OPERATOR(ci.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR ci.>= (ci.panel, ci.panel) IS 'greater or equal, by bytes';

CREATE OPERATOR CLASS ci.panel_ops DEFAULT FOR TYPE ci.panel USING btree AS
	OPERATOR 1 ci.<,
	OPERATOR 2 ci.<=,
	OPERATOR 3 ci.=,
	OPERATOR 4 ci.>=,
	OPERATOR 5 ci.>,
	FUNCTION 1 ci.panel_cmp(ci.panel, ci.panel);
COMMENT ON OPERATOR CLASS ci.panel_ops USING btree IS 'sorting and grouping of panels, by bytes';
COMMENT ON OPERATOR FAMILY ci.panel_ops USING btree IS 'sorting and grouping of panels, by bytes';

CREATE OPERATOR CLASS ci.panel_ops DEFAULT FOR TYPE ci.panel USING hash AS
	OPERATOR 1 ci.=,
	FUNCTION 1 ci.panel_hash(ci.panel),
	FUNCTION 2 ci.panel_hash_extended(ci.panel, bigint);
COMMENT ON OPERATOR CLASS ci.panel_ops USING hash IS 'hashing of panels';
COMMENT ON OPERATOR FAMILY ci.panel_ops USING hash IS 'hashing of panels';
