/* composite_indicator: base script, made from sql/install/ by the Makefile */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION composite_indicator" to load this file. \quit

-- A trusted script runs with a superuser's rights: refuse to run among objects
-- that somebody else has put into the schema, where a name could be theirs.
DO LANGUAGE plpgsql $$
BEGIN
	IF EXISTS (SELECT FROM pg_catalog.pg_depend d
			   WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
				 AND d.refobjid OPERATOR(pg_catalog.=) 'ci'::pg_catalog.regnamespace
				 AND d.deptype OPERATOR(pg_catalog.=) 'n'
				 AND d.classid OPERATOR(pg_catalog.<>) 'pg_catalog.pg_extension'::pg_catalog.regclass)
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = 'schema "ci" already contains objects',
			HINT = 'Drop them or move them to another schema, then create the extension.';
	END IF;
END $$;

GRANT USAGE ON SCHEMA ci TO PUBLIC;
COMMENT ON SCHEMA ci IS 'composite indicators: panels, methodologies, and the rankings they give';
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

CREATE AGGREGATE ci.panel_agg(panel ci.panel) (
	SFUNC = ci.panel_add_panel,
	STYPE = ci.panel,
	SSPACE = 16384,
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
/*
 * methodology: how a panel is judged
 */
CREATE TYPE ci.methodology;

CREATE FUNCTION ci.methodology_in(cstring) RETURNS ci.methodology
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_in';
COMMENT ON FUNCTION ci.methodology_in(cstring) IS 'text form of a methodology, JSON';

CREATE FUNCTION ci.methodology_out(ci.methodology) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_out';
COMMENT ON FUNCTION ci.methodology_out(ci.methodology) IS 'text form of a methodology, JSON';

CREATE FUNCTION ci.methodology_recv(internal) RETURNS ci.methodology
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_recv';
COMMENT ON FUNCTION ci.methodology_recv(internal) IS 'binary form of a methodology';

CREATE FUNCTION ci.methodology_send(ci.methodology) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_send';
COMMENT ON FUNCTION ci.methodology_send(ci.methodology) IS 'binary form of a methodology';

CREATE TYPE ci.methodology (
	INPUT = ci.methodology_in,
	OUTPUT = ci.methodology_out,
	RECEIVE = ci.methodology_recv,
	SEND = ci.methodology_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);
COMMENT ON TYPE ci.methodology IS 'how a panel is judged: a tree of components with weights, methods and policies';

CREATE CAST (pg_catalog.jsonb AS ci.methodology) WITH INOUT;
COMMENT ON CAST (pg_catalog.jsonb AS ci.methodology) IS 'check a methodology and take it as one';

CREATE CAST (ci.methodology AS pg_catalog.jsonb) WITH INOUT;
COMMENT ON CAST (ci.methodology AS pg_catalog.jsonb) IS 'the JSON of a methodology';

-- Making one
CREATE FUNCTION ci.amend(methodology ci.methodology, patch jsonb) RETURNS ci.methodology
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_amend';
COMMENT ON FUNCTION ci.amend(ci.methodology, jsonb) IS 'a methodology with keys replaced, or removed by null; components merge by code, "remove": true drops one';

CREATE FUNCTION ci.methodology_from_rows(rows jsonb[]) RETURNS ci.methodology
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_from_rows';
COMMENT ON FUNCTION ci.methodology_from_rows(jsonb[]) IS 'a methodology from one JSON object for each component; final function of ci.methodology_agg';

CREATE FUNCTION ci.methodology_add_row(state jsonb[], component jsonb) RETURNS jsonb[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_add_row';
COMMENT ON FUNCTION ci.methodology_add_row(jsonb[], jsonb) IS 'transition function of ci.methodology_agg';

CREATE AGGREGATE ci.methodology_agg(component jsonb) (
	SFUNC = ci.methodology_add_row,
	STYPE = jsonb[],
	FINALFUNC = ci.methodology_from_rows,
	COMBINEFUNC = pg_catalog.array_cat,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.methodology_agg(jsonb) IS 'a methodology from a row for each component, to_jsonb(row): keys of a component as columns, or the columns of COINr''s iMeta';

CREATE FUNCTION ci.default_methodology(panel ci.panel, indicators text[] DEFAULT NULL) RETURNS ci.methodology
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_default_methodology';
COMMENT ON FUNCTION ci.default_methodology(ci.panel, text[]) IS 'equal weights, min-max to [0, 100] per period, arithmetic mean, more is better; indicators null: all of the panel';

-- Looking into one
CREATE TYPE ci.component AS (
	code text,
	parent text,
	label text,
	indicator text,
	depth int,
	position int,
	weight float8,
	effective_weight float8,
	direction int,
	units jsonb,
	aggregate jsonb,
	min_coverage float8,
	min_count int,
	denominator jsonb,
	impute jsonb,
	treat jsonb,
	normalise jsonb,
	rescale jsonb,
	meta jsonb
);
COMMENT ON TYPE ci.component IS 'a component of a methodology, inheritance and defaults settled';

CREATE FUNCTION ci.components(methodology ci.methodology) RETURNS SETOF ci.component
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 100
	AS 'MODULE_PATHNAME', 'ci_components';
COMMENT ON FUNCTION ci.components(ci.methodology) IS 'the components of a methodology in order of display, inheritance and defaults settled';

CREATE FUNCTION ci.is_peer_independent(methodology ci.methodology) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_is_peer_independent';
COMMENT ON FUNCTION ci.is_peer_independent(ci.methodology) IS 'does a unit''s score depend on that unit and the methodology alone?';

CREATE FUNCTION ci.digest(methodology ci.methodology) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_digest_methodology';
COMMENT ON FUNCTION ci.digest(ci.methodology) IS 'SHA-256 of what can change a number: not names, labels, meta or order';

-- Comparison
CREATE FUNCTION ci.methodology_eq(ci.methodology, ci.methodology) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_eq';
COMMENT ON FUNCTION ci.methodology_eq(ci.methodology, ci.methodology) IS 'implementation of the = operator';

CREATE FUNCTION ci.methodology_ne(ci.methodology, ci.methodology) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_ne';
COMMENT ON FUNCTION ci.methodology_ne(ci.methodology, ci.methodology) IS 'implementation of the <> operator';

CREATE FUNCTION ci.methodology_lt(ci.methodology, ci.methodology) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_lt';
COMMENT ON FUNCTION ci.methodology_lt(ci.methodology, ci.methodology) IS 'implementation of the < operator';

CREATE FUNCTION ci.methodology_le(ci.methodology, ci.methodology) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_le';
COMMENT ON FUNCTION ci.methodology_le(ci.methodology, ci.methodology) IS 'implementation of the <= operator';

CREATE FUNCTION ci.methodology_gt(ci.methodology, ci.methodology) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_gt';
COMMENT ON FUNCTION ci.methodology_gt(ci.methodology, ci.methodology) IS 'implementation of the > operator';

CREATE FUNCTION ci.methodology_ge(ci.methodology, ci.methodology) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_ge';
COMMENT ON FUNCTION ci.methodology_ge(ci.methodology, ci.methodology) IS 'implementation of the >= operator';

CREATE FUNCTION ci.methodology_cmp(ci.methodology, ci.methodology) RETURNS int
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_cmp';
COMMENT ON FUNCTION ci.methodology_cmp(ci.methodology, ci.methodology) IS 'less, equal or greater, by digest';

CREATE FUNCTION ci.methodology_hash(ci.methodology) RETURNS int
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_hash';
COMMENT ON FUNCTION ci.methodology_hash(ci.methodology) IS 'hash';

CREATE FUNCTION ci.methodology_hash_extended(ci.methodology, bigint) RETURNS bigint
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_methodology_hash_extended';
COMMENT ON FUNCTION ci.methodology_hash_extended(ci.methodology, bigint) IS 'hash with a seed';

CREATE OPERATOR ci.= (
	FUNCTION = ci.methodology_eq,
	LEFTARG = ci.methodology,
	RIGHTARG = ci.methodology,
	COMMUTATOR = OPERATOR(ci.=),
	NEGATOR = OPERATOR(ci.<>),
	RESTRICT = pg_catalog.eqsel,
	JOIN = pg_catalog.eqjoinsel,
	HASHES,
	MERGES
);
COMMENT ON OPERATOR ci.= (ci.methodology, ci.methodology) IS 'equal: the digests are, so both judge alike';

CREATE OPERATOR ci.<> (
	FUNCTION = ci.methodology_ne,
	LEFTARG = ci.methodology,
	RIGHTARG = ci.methodology,
	COMMUTATOR = OPERATOR(ci.<>),
	NEGATOR = OPERATOR(ci.=),
	RESTRICT = pg_catalog.neqsel,
	JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR ci.<> (ci.methodology, ci.methodology) IS 'not equal: the digests are not';

CREATE OPERATOR ci.< (
	FUNCTION = ci.methodology_lt,
	LEFTARG = ci.methodology,
	RIGHTARG = ci.methodology,
	COMMUTATOR = OPERATOR(ci.>),
	NEGATOR = OPERATOR(ci.>=),
	RESTRICT = pg_catalog.scalarltsel,
	JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR ci.< (ci.methodology, ci.methodology) IS 'less, by digest';

CREATE OPERATOR ci.<= (
	FUNCTION = ci.methodology_le,
	LEFTARG = ci.methodology,
	RIGHTARG = ci.methodology,
	COMMUTATOR = OPERATOR(ci.>=),
	NEGATOR = OPERATOR(ci.>),
	RESTRICT = pg_catalog.scalarlesel,
	JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR ci.<= (ci.methodology, ci.methodology) IS 'less or equal, by digest';

CREATE OPERATOR ci.> (
	FUNCTION = ci.methodology_gt,
	LEFTARG = ci.methodology,
	RIGHTARG = ci.methodology,
	COMMUTATOR = OPERATOR(ci.<),
	NEGATOR = OPERATOR(ci.<=),
	RESTRICT = pg_catalog.scalargtsel,
	JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR ci.> (ci.methodology, ci.methodology) IS 'greater, by digest';

CREATE OPERATOR ci.>= (
	FUNCTION = ci.methodology_ge,
	LEFTARG = ci.methodology,
	RIGHTARG = ci.methodology,
	COMMUTATOR = OPERATOR(ci.<=),
	NEGATOR = OPERATOR(ci.<),
	RESTRICT = pg_catalog.scalargesel,
	JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR ci.>= (ci.methodology, ci.methodology) IS 'greater or equal, by digest';

CREATE OPERATOR CLASS ci.methodology_ops DEFAULT FOR TYPE ci.methodology USING btree AS
	OPERATOR 1 ci.<,
	OPERATOR 2 ci.<=,
	OPERATOR 3 ci.=,
	OPERATOR 4 ci.>=,
	OPERATOR 5 ci.>,
	FUNCTION 1 ci.methodology_cmp(ci.methodology, ci.methodology);
COMMENT ON OPERATOR CLASS ci.methodology_ops USING btree IS 'sorting and grouping of methodologies, by digest';
COMMENT ON OPERATOR FAMILY ci.methodology_ops USING btree IS 'sorting and grouping of methodologies, by digest';

CREATE OPERATOR CLASS ci.methodology_ops DEFAULT FOR TYPE ci.methodology USING hash AS
	OPERATOR 1 ci.=,
	FUNCTION 1 ci.methodology_hash(ci.methodology),
	FUNCTION 2 ci.methodology_hash_extended(ci.methodology, bigint);
COMMENT ON OPERATOR CLASS ci.methodology_ops USING hash IS 'hashing of methodologies';
COMMENT ON OPERATOR FAMILY ci.methodology_ops USING hash IS 'hashing of methodologies';
/*
 * rank: the set-returning ranking function
 */
CREATE TYPE ci.ranking AS (
	period int,
	unit text,
	rank int,
	n_ranked int,
	score float8,
	previous_rank int,
	rank_change int,
	coverage float8,
	imputed_share float8,
	status text
);
COMMENT ON TYPE ci.ranking IS 'a unit''s place in a period: rank_change is positive where it went up; status is ranked, screened, excluded or no score';

CREATE FUNCTION ci.rank(panel ci.panel, methodology ci.methodology) RETURNS SETOF ci.ranking
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 1000
	AS 'MODULE_PATHNAME', 'ci_rank';
COMMENT ON FUNCTION ci.rank(ci.panel, ci.methodology) IS 'rank the units of a panel by a methodology, in every period';

CREATE FUNCTION ci.rank(panel ci.panel) RETURNS SETOF ci.ranking
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1000
	BEGIN ATOMIC
		SELECT * FROM ci.rank(panel, ci.default_methodology(panel));
	END;
COMMENT ON FUNCTION ci.rank(ci.panel) IS 'rank the units of a panel by ci.default_methodology: equal weights, min-max in each period, arithmetic mean, more is better';
/*
 * scores: every component
 */
CREATE TYPE ci.component_score AS (
	period int,
	unit text,
	component text,
	parent text,
	depth int,
	score float8,
	rank int,
	n_ranked int,
	coverage float8,
	imputed_share float8
);
COMMENT ON TYPE ci.component_score IS 'a unit''s score and rank on a component; the root has depth 0';

CREATE FUNCTION ci.scores(panel ci.panel, methodology ci.methodology) RETURNS SETOF ci.component_score
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_scores';
COMMENT ON FUNCTION ci.scores(ci.panel, ci.methodology) IS 'score and rank the units of a panel on every component of a methodology';
/*
 * explain: from the raw cell to the root
 */
CREATE TYPE ci.explanation AS (
	period int,
	unit text,
	component text,
	parent text,
	indicator text,
	raw float8,
	denominated float8,
	imputed float8,
	imputed_from int,
	treated float8,
	score float8,
	weight float8,
	effective_weight float8,
	contribution float8,
	flags text[]
);
COMMENT ON TYPE ci.explanation IS 'how a component''s score came about: an indicator''s value after each stage, its weight among what is present, and its contribution to the root''s score where all nodes on the way are arithmetic';

CREATE FUNCTION ci.explain(panel ci.panel, methodology ci.methodology, unit text DEFAULT NULL,
						   period int DEFAULT NULL) RETURNS SETOF ci.explanation
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_explain';
COMMENT ON FUNCTION ci.explain(ci.panel, ci.methodology, text, int) IS 'explain scores, component by component; null: all units, all periods';
/*
 * audit: what is worth knowing before a ranking is published
 */
CREATE TYPE ci.finding AS (
	severity text,
	finding text,
	period int,
	component text,
	unit text,
	value float8,
	message text
);
COMMENT ON TYPE ci.finding IS 'severity is error (evaluation would raise it), warning (numbers may be incomplete, or not what was meant) or note (advice on the design)';

CREATE FUNCTION ci.audit(panel ci.panel, methodology ci.methodology) RETURNS SETOF ci.finding
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 20
	AS 'MODULE_PATHNAME', 'ci_audit';
COMMENT ON FUNCTION ci.audit(ci.panel, ci.methodology) IS 'findings about a panel judged by a methodology, errors first; never raises for data itself';
/*
 * fit: estimated parameters become numbers
 */
CREATE FUNCTION ci.fit(panel ci.panel, methodology ci.methodology, period int DEFAULT NULL)
	RETURNS ci.methodology
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_fit';
COMMENT ON FUNCTION ci.fit(ci.panel, ci.methodology, int) IS 'the methodology with every estimated parameter replaced by its value in a period (null: where no parameter differs between periods)';
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
