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
/*
 * weigh: weights from data, from comparisons, from experts
 */
CREATE FUNCTION ci.weigh(panel ci.panel, methodology ci.methodology, method text,
						 parent text DEFAULT NULL, periods int[] DEFAULT NULL) RETURNS ci.methodology
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_weigh';
COMMENT ON FUNCTION ci.weigh(ci.panel, ci.methodology, text, text, int[]) IS 'the methodology with weights found by equal, standard_deviation, critic, gini, entropy, merec or pca for the children of a component (null: of each), from the data of these periods (null: all)';

CREATE FUNCTION ci.weigh(methodology ci.methodology, components text[], weights float8[]) RETURNS ci.methodology
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_weigh_given';
COMMENT ON FUNCTION ci.weigh(ci.methodology, text[], float8[]) IS 'the methodology with these weights of these components';

CREATE TYPE ci.principal_component AS (
	parent text,
	number int,
	eigenvalue float8,
	share float8,
	cumulative float8,
	retained boolean,
	component text,
	loading float8,
	rotated float8
);
COMMENT ON TYPE ci.principal_component IS 'a principal component of the children of parent, and its correlation with one of them: share is of their variance; rotated is the loading after varimax rotation of the components retained';

CREATE FUNCTION ci.pca(panel ci.panel, methodology ci.methodology, parent text DEFAULT NULL,
					   periods int[] DEFAULT NULL) RETURNS SETOF ci.principal_component
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100
	AS 'MODULE_PATHNAME', 'ci_pca';
COMMENT ON FUNCTION ci.pca(ci.panel, ci.methodology, text, int[]) IS 'principal components of the children of a component (null: of each), over these periods (null: all)';

CREATE TYPE ci.correlation AS (
	parent text,
	a text,
	b text,
	r float8,
	n int
);
COMMENT ON TYPE ci.correlation IS 'the correlation of two components, children of parent or parent itself, over the n units that have both';

CREATE FUNCTION ci.correlations(panel ci.panel, methodology ci.methodology, parent text DEFAULT NULL,
								periods int[] DEFAULT NULL, method text DEFAULT 'pearson') RETURNS SETOF ci.correlation
	LANGUAGE C IMMUTABLE PARALLEL SAFE ROWS 100
	AS 'MODULE_PATHNAME', 'ci_correlations';
COMMENT ON FUNCTION ci.correlations(ci.panel, ci.methodology, text, int[], text) IS 'correlations, pearson or spearman, of the children of a component (null: of each) with one another and with it';

CREATE TYPE ci.priorities AS (
	weights float8[],
	lambda float8,
	consistency_index float8,
	consistency_ratio float8
);
COMMENT ON TYPE ci.priorities IS 'weights from pairwise comparisons, the principal eigenvalue, and how far the comparisons contradict one another: a ratio up to 0.1 is taken for consistent';

CREATE FUNCTION ci.ahp(matrix float8[]) RETURNS ci.priorities
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_ahp';
COMMENT ON FUNCTION ci.ahp(float8[]) IS 'weights by the analytic hierarchy process: row i, column j says how many times i is as important as j';

CREATE TYPE ci.allocation AS (
	period int,
	component text,
	weight float8,
	sd float8,
	lowest float8,
	highest float8,
	n_experts int
);
COMMENT ON TYPE ci.allocation IS 'what share of their points experts gave to a component: mean, standard deviation, extremes';

CREATE FUNCTION ci.budget(allocations ci.panel) RETURNS SETOF ci.allocation
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 50
	AS 'MODULE_PATHNAME', 'ci_budget';
COMMENT ON FUNCTION ci.budget(ci.panel) IS 'weights by budget allocation: units are experts, indicators what they allot points to, periods the rounds';
/*
 * statistics: what analysts ask of values and of two rankings
 */

-- Rows are collected in one kind of state, which is empty before the first
CREATE FUNCTION ci.collect_value(state bytea, value float8) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_collect_value';
COMMENT ON FUNCTION ci.collect_value(bytea, float8) IS 'transition function of aggregates of a value';

CREATE FUNCTION ci.collect_weighted(state bytea, value float8, weight float8) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_collect_weighted';
COMMENT ON FUNCTION ci.collect_weighted(bytea, float8, float8) IS 'transition function of aggregates of a value and its weight';

CREATE FUNCTION ci.collect_power(state bytea, value float8, p float8) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_collect_power';
COMMENT ON FUNCTION ci.collect_power(bytea, float8, float8) IS 'transition function of ci.power_mean of a value';

CREATE FUNCTION ci.collect_weighted_power(state bytea, value float8, weight float8, p float8) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_collect_weighted_power';
COMMENT ON FUNCTION ci.collect_weighted_power(bytea, float8, float8, float8) IS 'transition function of ci.power_mean of a value and its weight';

CREATE FUNCTION ci.collect_pair(state bytea, x float8, y float8) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_collect_pair';
COMMENT ON FUNCTION ci.collect_pair(bytea, float8, float8) IS 'transition function of aggregates that compare two rankings';

CREATE FUNCTION ci.collect_lists(state bytea, x float8, y float8, p float8) RETURNS bytea
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_collect_lists';
COMMENT ON FUNCTION ci.collect_lists(bytea, float8, float8, float8) IS 'transition function of ci.rank_biased_overlap';

CREATE FUNCTION ci.collect_top(state bytea, x float8, y float8, k int) RETURNS bytea
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_collect_top';
COMMENT ON FUNCTION ci.collect_top(bytea, float8, float8, int) IS 'transition function of ci.top_overlap';

CREATE FUNCTION ci.collect_items(state bytea, items float8[]) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_collect_items';
COMMENT ON FUNCTION ci.collect_items(bytea, float8[]) IS 'transition function of ci.cronbach_alpha and ci.cronbach_alpha_standardised';

CREATE FUNCTION ci.collect_combine(bytea, bytea) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_collect_combine';
COMMENT ON FUNCTION ci.collect_combine(bytea, bytea) IS 'combine function of the statistical aggregates';

-- Values
CREATE FUNCTION ci.weighted_mean_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_weighted_mean_final';
COMMENT ON FUNCTION ci.weighted_mean_final(bytea) IS 'final function of ci.weighted_mean';

CREATE AGGREGATE ci.weighted_mean(value float8, weight float8) (
	SFUNC = ci.collect_weighted,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.weighted_mean_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.weighted_mean(float8, float8) IS 'arithmetic mean of values by weight';

CREATE FUNCTION ci.geometric_mean_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_geometric_mean_final';
COMMENT ON FUNCTION ci.geometric_mean_final(bytea) IS 'final function of ci.geometric_mean';

CREATE AGGREGATE ci.geometric_mean(value float8) (
	SFUNC = ci.collect_value,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.geometric_mean_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.geometric_mean(float8) IS 'geometric mean of values above 0';

CREATE AGGREGATE ci.geometric_mean(value float8, weight float8) (
	SFUNC = ci.collect_weighted,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.geometric_mean_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.geometric_mean(float8, float8) IS 'geometric mean of values above 0, by weight';

CREATE FUNCTION ci.harmonic_mean_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_harmonic_mean_final';
COMMENT ON FUNCTION ci.harmonic_mean_final(bytea) IS 'final function of ci.harmonic_mean';

CREATE AGGREGATE ci.harmonic_mean(value float8) (
	SFUNC = ci.collect_value,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.harmonic_mean_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.harmonic_mean(float8) IS 'harmonic mean of values above 0';

CREATE AGGREGATE ci.harmonic_mean(value float8, weight float8) (
	SFUNC = ci.collect_weighted,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.harmonic_mean_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.harmonic_mean(float8, float8) IS 'harmonic mean of values above 0, by weight';

CREATE FUNCTION ci.power_mean_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_power_mean_final';
COMMENT ON FUNCTION ci.power_mean_final(bytea) IS 'final function of ci.power_mean';

CREATE AGGREGATE ci.power_mean(value float8, p float8) (
	SFUNC = ci.collect_power,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.power_mean_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.power_mean(float8, float8) IS 'power mean with exponent p: 1 arithmetic, 0 geometric, -1 harmonic, Infinity the largest, -Infinity the smallest value';

CREATE AGGREGATE ci.power_mean(value float8, weight float8, p float8) (
	SFUNC = ci.collect_weighted_power,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.power_mean_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.power_mean(float8, float8, float8) IS 'power mean with exponent p, by weight: 1 arithmetic, 0 geometric, -1 harmonic, Infinity the largest, -Infinity the smallest value';

CREATE FUNCTION ci.weighted_median_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_weighted_median_final';
COMMENT ON FUNCTION ci.weighted_median_final(bytea) IS 'final function of ci.weighted_median';

CREATE AGGREGATE ci.weighted_median(value float8, weight float8) (
	SFUNC = ci.collect_weighted,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.weighted_median_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.weighted_median(float8, float8) IS 'value below and above which lies half of the weight';

CREATE FUNCTION ci.skewness_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_skewness_final';
COMMENT ON FUNCTION ci.skewness_final(bytea) IS 'final function of ci.skewness';

CREATE AGGREGATE ci.skewness(value float8) (
	SFUNC = ci.collect_value,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.skewness_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.skewness(float8) IS 'skewness G1 of a sample, bias-corrected, of 3 or more values';

CREATE FUNCTION ci.kurtosis_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_kurtosis_final';
COMMENT ON FUNCTION ci.kurtosis_final(bytea) IS 'final function of ci.kurtosis';

CREATE AGGREGATE ci.kurtosis(value float8) (
	SFUNC = ci.collect_value,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.kurtosis_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.kurtosis(float8) IS 'excess kurtosis G2 of a sample, bias-corrected, of 4 or more values';

CREATE FUNCTION ci.gini_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_gini_final';
COMMENT ON FUNCTION ci.gini_final(bytea) IS 'final function of ci.gini';

CREATE AGGREGATE ci.gini(value float8) (
	SFUNC = ci.collect_value,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.gini_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.gini(float8) IS 'Gini coefficient of values of 0 or more: half their mean difference relative to their mean';

CREATE AGGREGATE ci.gini(value float8, weight float8) (
	SFUNC = ci.collect_weighted,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.gini_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.gini(float8, float8) IS 'Gini coefficient of values of 0 or more, by weight: half their mean difference relative to their mean';

-- Items
CREATE FUNCTION ci.cronbach_alpha_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_cronbach_alpha_final';
COMMENT ON FUNCTION ci.cronbach_alpha_final(bytea) IS 'final function of ci.cronbach_alpha';

CREATE AGGREGATE ci.cronbach_alpha(items float8[]) (
	SFUNC = ci.collect_items,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.cronbach_alpha_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.cronbach_alpha(float8[]) IS 'Cronbach''s alpha of items, a row for each unit; rows with a missing item are left out';

CREATE FUNCTION ci.cronbach_alpha_standardised_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_cronbach_alpha_standardised_final';
COMMENT ON FUNCTION ci.cronbach_alpha_standardised_final(bytea) IS 'final function of ci.cronbach_alpha_standardised';

CREATE AGGREGATE ci.cronbach_alpha_standardised(items float8[]) (
	SFUNC = ci.collect_items,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.cronbach_alpha_standardised_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.cronbach_alpha_standardised(float8[]) IS 'Cronbach''s alpha of standardised items, a row for each unit; rows with a missing item are left out';

-- Two rankings
CREATE FUNCTION ci.spearman_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_spearman_final';
COMMENT ON FUNCTION ci.spearman_final(bytea) IS 'final function of ci.spearman';

CREATE AGGREGATE ci.spearman(x float8, y float8) (
	SFUNC = ci.collect_pair,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.spearman_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.spearman(float8, float8) IS 'Spearman''s rank correlation: Pearson''s of mean ranks';

CREATE FUNCTION ci.kendall_tau_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_kendall_tau_final';
COMMENT ON FUNCTION ci.kendall_tau_final(bytea) IS 'final function of ci.kendall_tau';

CREATE AGGREGATE ci.kendall_tau(x float8, y float8) (
	SFUNC = ci.collect_pair,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.kendall_tau_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.kendall_tau(float8, float8) IS 'Kendall''s rank correlation tau-b, which allows for ties';

CREATE FUNCTION ci.weighted_spearman_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_weighted_spearman_final';
COMMENT ON FUNCTION ci.weighted_spearman_final(bytea) IS 'final function of ci.weighted_spearman';

CREATE AGGREGATE ci.weighted_spearman(x float8, y float8) (
	SFUNC = ci.collect_pair,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.weighted_spearman_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.weighted_spearman(float8, float8) IS 'weighted rank correlation r_w of Pinto da Costa and Soares, of ranks: agreement at the top counts more';

CREATE FUNCTION ci.ws_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_ws_final';
COMMENT ON FUNCTION ci.ws_final(bytea) IS 'final function of ci.ws';

CREATE AGGREGATE ci.ws(x float8, y float8) (
	SFUNC = ci.collect_pair,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.ws_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.ws(float8, float8) IS 'WS coefficient: how similar ranking y is to the reference x, of ranks: agreement at the top counts more';

CREATE FUNCTION ci.mean_rank_shift_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_mean_rank_shift_final';
COMMENT ON FUNCTION ci.mean_rank_shift_final(bytea) IS 'final function of ci.mean_rank_shift';

CREATE AGGREGATE ci.mean_rank_shift(x float8, y float8) (
	SFUNC = ci.collect_pair,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.mean_rank_shift_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.mean_rank_shift(float8, float8) IS 'mean absolute difference of mean ranks';

CREATE FUNCTION ci.rank_biased_overlap_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_rank_biased_overlap_final';
COMMENT ON FUNCTION ci.rank_biased_overlap_final(bytea) IS 'final function of ci.rank_biased_overlap';

CREATE AGGREGATE ci.rank_biased_overlap(x float8, y float8, p float8) (
	SFUNC = ci.collect_lists,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.rank_biased_overlap_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.rank_biased_overlap(float8, float8, float8) IS 'rank-biased overlap, extrapolated, of two lists of ranks; a unit that a list does not hold is null there; p is the persistence';

CREATE FUNCTION ci.top_overlap_final(state bytea) RETURNS float8
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_top_overlap_final';
COMMENT ON FUNCTION ci.top_overlap_final(bytea) IS 'final function of ci.top_overlap';

CREATE AGGREGATE ci.top_overlap(x float8, y float8, k int) (
	SFUNC = ci.collect_top,
	STYPE = bytea,
	SSPACE = 1024,
	INITCOND = '',
	FINALFUNC = ci.top_overlap_final,
	COMBINEFUNC = ci.collect_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.top_overlap(float8, float8, int) IS 'share of the first k of two lists of ranks that both have';

-- Dominance
CREATE FUNCTION ci.dominates(a float8[], b float8[], directions int[] DEFAULT NULL) RETURNS boolean
	LANGUAGE C IMMUTABLE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_dominates';
COMMENT ON FUNCTION ci.dominates(float8[], float8[], int[]) IS 'whether a Pareto-dominates b: nowhere worse and somewhere better, as directions (1 or -1) say; null if that hangs on missing values';
/*
 * change: why ranks and scores differ between two editions
 */
CREATE FUNCTION ci.rank_change(before_panel ci.panel, before_methodology ci.methodology, before_period int,
		after_panel ci.panel, after_methodology ci.methodology, after_period int)
	RETURNS TABLE (unit text, rank_before int, rank_after int, score_before float8, score_after float8,
		cause text, rank_effect float8, rank_effect_sequential int, score_effect float8)
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100000
	AS 'MODULE_PATHNAME', 'ci_rank_change';
COMMENT ON FUNCTION ci.rank_change(ci.panel, ci.methodology, int, ci.panel, ci.methodology, int) IS 'every unit''s change of rank and score between two editions, by cause; effects add up to the change';

CREATE FUNCTION ci.score_change(before_panel ci.panel, before_methodology ci.methodology, before_period int,
		after_panel ci.panel, after_methodology ci.methodology, after_period int, unit text DEFAULT NULL, other text DEFAULT NULL)
	RETURNS TABLE (unit text, component text, effect float8)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000
	AS 'MODULE_PATHNAME', 'ci_score_change';
COMMENT ON FUNCTION ci.score_change(ci.panel, ci.methodology, int, ci.panel, ci.methodology, int, text, text) IS 'a unit''s change of score between two editions, or the gap from one unit to another, split over indicators; effects add up to it';
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
/*
 * ledger: published editions
 *
 * A ledger is three tables and three views of a user.  Functions find them by
 * name and run with their caller's rights.  Their search_path is fixed, so what
 * a caller has on his decides nothing; the names of relations are qualified.
 */
CREATE FUNCTION ci.ledger_part(ledger regclass, part text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	name text;
BEGIN
	IF ledger IS NULL THEN
		RAISE null_value_not_allowed USING MESSAGE = 'ledger must not be null';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_trigger
			WHERE tgrelid = ledger AND tgname = 'ledger_edition' AND tgfoid = 'ci.ledger_refuse'::regproc) THEN
		RAISE wrong_object_type USING
			MESSAGE = format('%s is not a ledger', ledger),
			HINT = 'Make one with ci.create_ledger.';
	END IF;
	SELECT format('%I.%I', nspname, relname || part) INTO name
	FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = ledger;
	IF to_regclass(name) IS NULL THEN
		RAISE undefined_table USING
			MESSAGE = format('ledger %s has no relation %s', ledger, name),
			HINT = 'The relations of a ledger are renamed and moved together.';
	END IF;
	RETURN name;
END $$;
COMMENT ON FUNCTION ci.ledger_part(regclass, text) IS 'qualified name of a relation of a ledger: part is empty, _input, _standing, _history, _latest or _component';

CREATE FUNCTION ci.ledger_refuse() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RAISE restrict_violation USING
		MESSAGE = format('cannot %s published rows of %I.%I', lower(TG_OP), TG_TABLE_SCHEMA, TG_TABLE_NAME),
		DETAIL = CASE WHEN TG_LEVEL = 'ROW' THEN format('Edition "%s".', OLD.edition) ELSE 'All editions.' END,
		HINT = 'Retract the edition with ci.retract, and publish another.';
END $$;
COMMENT ON FUNCTION ci.ledger_refuse() IS 'trigger function of a ledger''s tables: what is published stays as it is';

-- Making one.  relation: the qualified names of L, _input, _standing, _history, _latest and _component, in this order
CREATE FUNCTION ci.ledger_tables(relation text[]) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$s (
			edition text COLLATE "C" PRIMARY KEY,
			period int NOT NULL,
			published_at timestamptz NOT NULL,
			published_by text NOT NULL,
			source text NOT NULL CHECK (source IN ('computed', 'imported')),
			listed int,
			n_ranked int,
			note text,
			panel_digest bytea,
			methodology_digest bytea,
			fitted_digest bytea,
			digest bytea NOT NULL,
			retracted_at timestamptz,
			retracted_by text,
			reason text,
			CHECK (num_nulls(panel_digest, methodology_digest, fitted_digest) = CASE source WHEN 'computed' THEN 0 ELSE 3 END),
			CHECK (num_nulls(retracted_at, retracted_by, reason) IN (0, 3))
		)$sql$, relation[1]);
	EXECUTE format('CREATE UNIQUE INDEX ON %s (period) WHERE retracted_at IS NULL', relation[1]);
	EXECUTE format($sql$
		CREATE TABLE %2$s (
			edition text COLLATE "C" PRIMARY KEY REFERENCES %1$s,
			panel ci.panel NOT NULL,
			methodology ci.methodology NOT NULL,
			fitted ci.methodology NOT NULL
		)$sql$, VARIADIC relation);
	EXECUTE format($sql$
		CREATE TABLE %3$s (
			edition text COLLATE "C" REFERENCES %1$s,
			period int NOT NULL,
			unit text COLLATE "C",
			component text COLLATE "C",
			parent text COLLATE "C",
			depth int NOT NULL,
			score float8,
			rank int,
			n_ranked int,
			coverage float8,
			imputed_share float8,
			status text NOT NULL,
			PRIMARY KEY (edition, component, unit)
		)$sql$, VARIADIC relation);
	-- the root's rows, by edition and by unit
	EXECUTE format('CREATE UNIQUE INDEX ON %s (edition, unit) INCLUDE (rank) WHERE depth = 0', relation[3]);
	EXECUTE format('CREATE INDEX ON %s (unit, edition) WHERE depth = 0', relation[3]);

	-- An edition may only be retracted, and once.
	EXECUTE format($sql$
		CREATE TRIGGER ledger_edition BEFORE UPDATE ON %s FOR EACH ROW
		WHEN (OLD.retracted_at IS NOT NULL OR NEW.retracted_at IS NULL
			OR (OLD.edition, OLD.period, OLD.published_at, OLD.published_by, OLD.source, OLD.listed, OLD.n_ranked,
				OLD.note, OLD.panel_digest, OLD.methodology_digest, OLD.fitted_digest, OLD.digest)
			IS DISTINCT FROM (NEW.edition, NEW.period, NEW.published_at, NEW.published_by, NEW.source, NEW.listed, NEW.n_ranked,
				NEW.note, NEW.panel_digest, NEW.methodology_digest, NEW.fitted_digest, NEW.digest))
		EXECUTE FUNCTION ci.ledger_refuse()$sql$, relation[1]);
	EXECUTE format('CREATE TRIGGER ledger_delete BEFORE DELETE ON %s FOR EACH ROW EXECUTE FUNCTION ci.ledger_refuse()', relation[1]);
	FOR i IN 2 .. 3 LOOP
		EXECUTE format('CREATE TRIGGER ledger_row BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION ci.ledger_refuse()', relation[i]);
	END LOOP;
	FOR i IN 1 .. 3 LOOP
		EXECUTE format('CREATE TRIGGER ledger_truncate BEFORE TRUNCATE ON %s EXECUTE FUNCTION ci.ledger_refuse()', relation[i]);
	END LOOP;
END $$;
COMMENT ON FUNCTION ci.ledger_tables(text[]) IS 'make the tables of a ledger, with what keeps their rows as they are; behind ci.create_ledger';

CREATE FUNCTION ci.ledger_views(relation text[], tops int[]) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	edition text;
	movement text;
	top_edition text;
	top_place text;
	top_run text;
	top_history text;
	top_latest text;
BEGIN
	-- Per K of tops: is a unit known to be among the first K, and what follows for its run so far?
	SELECT string_agg(format(', count(*) FILTER (WHERE listed < %1$s) OVER w AS short%1$s', k), '' ORDER BY n),
		string_agg(format(', CASE WHEN rank IS NOT NULL OR listed IS NULL OR listed >= %1$s'
			' THEN coalesce(rank <= %1$s, false) END AS in%1$s', k), '' ORDER BY n),
		string_agg(format(', count(*) FILTER (WHERE in%1$s) OVER w AS editions%1$s, ci.streak(in%1$s) OVER w AS streak%1$s,'
			' ci.longest_streak(in%1$s) OVER w AS longest%1$s, ci.first_time(in%1$s) OVER w AS first%1$s,'
			' count(rank) FILTER (WHERE listed < %1$s) OVER w AS seen%1$s', k), '' ORDER BY n),
		string_agg(format(', editions%1$s AS editions_top%1$s, CASE WHEN in%1$s IS NOT NULL THEN streak%1$s END AS streak_top%1$s,'
			' longest%1$s AS longest_top%1$s, CASE WHEN in%1$s IS NOT NULL AND (NOT first%1$s OR seen%1$s = short%1$s)'
			' THEN first%1$s END AS first_top%1$s', k), '' ORDER BY n),
		string_agg(format(', editions_top%1$s, streak_top%1$s, longest_top%1$s, first_top%1$s', k), '' ORDER BY n)
	INTO top_edition, top_place, top_run, top_history, top_latest
	FROM unnest(tops) WITH ORDINALITY AS t (k, n);
	edition := format($sql$
			SELECT edition, period, listed, n_ranked,
				lag(edition) OVER w AS previous_edition, lead(edition) OVER w AS next_edition,
				methodology_digest <> lag(methodology_digest) OVER w AS methodology_changed,
				fitted_digest = lag(fitted_digest) OVER w AS same_parameters%s
			FROM %s WHERE retracted_at IS NULL WINDOW w AS (ORDER BY period)
		$sql$, top_edition, relation[1]);
	movement := $sql$
			CASE WHEN %s IS NULL THEN NULL
				WHEN rank IS NULL THEN CASE WHEN previous_rank IS NOT NULL THEN 'out' END
				WHEN previous_rank IS NULL THEN CASE WHEN %s THEN 'back' ELSE 'new' END
				WHEN rank < previous_rank THEN 'up'
				WHEN rank > previous_rank THEN 'down'
				ELSE 'same' END AS movement
		$sql$;

	-- place: a row for each unit in an edition, and one in the edition that a unit has left
	EXECUTE format($sql$
		CREATE VIEW %4$s WITH (security_barrier) AS
		WITH edition AS (%7$s),
		place AS (
			SELECT edition, unit, component, score, rank, coverage, imputed_share, status FROM %3$s WHERE depth = 0
			UNION ALL
			SELECT e.next_edition, s.unit, NULL, NULL, NULL, NULL, NULL, 'not listed'
			FROM edition AS e JOIN %3$s AS s USING (edition)
			WHERE s.depth = 0 AND s.rank IS NOT NULL AND e.next_edition IS NOT NULL
				AND NOT EXISTS (SELECT FROM %3$s AS t WHERE t.edition = e.next_edition AND t.unit = s.unit AND t.depth = 0)),
		top AS (
			SELECT *%8$s
			FROM place JOIN edition USING (edition)),
		run AS (
			SELECT *,
				CASE WHEN lag(edition) OVER w = previous_edition THEN lag(rank) OVER w END AS previous_rank,
				count(rank) OVER w AS times_ranked, min(rank) OVER w AS best_rank, max(rank) OVER w AS worst_rank%9$s
			FROM top
			WINDOW w AS (PARTITION BY unit ORDER BY period ROWS UNBOUNDED PRECEDING))
		SELECT edition, period, unit, component, score, rank, n_ranked, coverage, imputed_share, status,
			previous_edition, previous_rank, previous_rank - rank AS rank_change, %10$s,
			methodology_changed, same_parameters AND independent AS scores_comparable, best_rank, worst_rank%11$s
		FROM run LEFT JOIN (
			SELECT edition, bool_and(ci.is_peer_independent(fitted)) AS independent FROM %2$s GROUP BY edition) AS f USING (edition)
		$sql$, VARIADIC relation || ARRAY[edition, top_place, top_run, format(movement, 'previous_edition', 'times_ranked > 1'), top_history]);
	-- The same of the newest edition.  What needs no history is read without it: the planner drops
	-- subqueries and joins that a query takes nothing from.
	EXECUTE format($sql$
		CREATE VIEW %5$s WITH (security_barrier) AS
		WITH edition AS (%7$s),
		latest AS (SELECT * FROM edition WHERE next_edition IS NULL),
		now AS NOT MATERIALIZED (SELECT * FROM %3$s WHERE edition = (SELECT edition FROM latest) AND depth = 0),
		before AS NOT MATERIALIZED (SELECT * FROM %3$s WHERE edition = (SELECT previous_edition FROM latest) AND depth = 0 AND rank IS NOT NULL),
		place AS (
			SELECT unit, component, score, rank, coverage, imputed_share, status, previous_rank
			FROM now LEFT JOIN (SELECT unit, min(rank) AS previous_rank FROM before GROUP BY unit) AS p USING (unit)
			UNION ALL
			SELECT unit, NULL, NULL, NULL, NULL, NULL, 'not listed', before.rank
			FROM before LEFT JOIN (SELECT unit FROM now ORDER BY unit) AS n USING (unit) WHERE n.unit IS NULL)
		SELECT (SELECT edition FROM latest) AS edition, (SELECT period FROM latest) AS period, unit, component, score, rank,
			(SELECT n_ranked FROM latest) AS n_ranked, coverage, imputed_share, status,
			(SELECT previous_edition FROM latest) AS previous_edition, previous_rank, previous_rank - rank AS rank_change, %8$s,
			(SELECT methodology_changed FROM latest) AS methodology_changed,
			(SELECT same_parameters AND ci.is_peer_independent(fitted) FROM latest LEFT JOIN %2$s USING (edition)) AS scores_comparable,
			best_rank, worst_rank%9$s
		FROM place LEFT JOIN (SELECT DISTINCT ON (unit) unit, best_rank, worst_rank%9$s
			FROM %4$s WHERE edition = (SELECT edition FROM latest)) AS h USING (unit)
		$sql$, VARIADIC relation || ARRAY[edition, format(movement, '(SELECT previous_edition FROM latest)', format(
			'coalesce((SELECT true FROM %1$s AS s JOIN %2$s AS l USING (edition)'
			' WHERE s.unit = place.unit AND s.depth = 0 AND s.rank IS NOT NULL'
			' AND l.retracted_at IS NULL AND l.period < (SELECT period FROM latest) LIMIT 1), false)',
			relation[3], relation[1])), top_latest]);
	EXECUTE format($sql$
		CREATE VIEW %6$s WITH (security_barrier) AS
		SELECT edition, c.* FROM %1$s JOIN %2$s USING (edition), ci.components(methodology) AS c
		WHERE retracted_at IS NULL$sql$, VARIADIC relation);
END $$;
COMMENT ON FUNCTION ci.ledger_views(text[], int[]) IS 'make the views of a ledger; behind ci.create_ledger';

CREATE FUNCTION ci.ledger_create(schema text, name text, tops int[]) RETURNS regclass
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	path text[] := parse_ident(name);
	base text := path[cardinality(path)];
	longest int := current_setting('max_identifier_length')::int - length('_component');
	relation text[];
BEGIN
	IF name IS NULL OR tops IS NULL OR EXISTS (SELECT FROM unnest(tops) AS k WHERE k IS NULL) THEN
		RAISE null_value_not_allowed USING MESSAGE = 'name and tops of a ledger must not be null';
	ELSIF cardinality(path) > 2 THEN
		RAISE invalid_name USING MESSAGE = format('invalid name of a ledger: %s', name),
			HINT = 'Give a name, or a schema and a name.';
	ELSIF octet_length(base) > longest THEN
		RAISE name_too_long USING MESSAGE = format('name of a ledger is too long: %s', name),
			DETAIL = format('It may have %s bytes, as "_component" is appended to it.', longest);
	ELSIF EXISTS (SELECT FROM unnest(tops) AS k GROUP BY k HAVING k < 1 OR count(*) > 1) THEN
		RAISE invalid_parameter_value USING MESSAGE = 'tops of a ledger must be different numbers from 1 on',
			DETAIL = format('They are %s.', tops);
	END IF;
	schema := CASE WHEN cardinality(path) = 2 THEN path[1] ELSE schema END;
	IF schema IS NULL THEN
		RAISE invalid_schema_name USING MESSAGE = 'no schema has been selected to create in';
	END IF;
	SELECT array_agg(format('%I.%I', schema, base || part) ORDER BY n) INTO relation
	FROM unnest(ARRAY['', '_input', '_standing', '_history', '_latest', '_component']) WITH ORDINALITY AS p (part, n);
	PERFORM ci.ledger_tables(relation);
	PERFORM ci.ledger_views(relation, tops);
	FOR i IN 1 .. 6 LOOP
		EXECUTE format('COMMENT ON %s %s IS %L', CASE WHEN i <= 3 THEN 'TABLE' ELSE 'VIEW' END, relation[i], (ARRAY[
			'published editions, retracted ones too',
			'what editions were computed from: panel, methodology, and this with its estimated parameters as numbers',
			'score and rank of every unit on every component, as published',
			'every unit in every live edition: rank, movement, and its run so far',
			'the newest live edition',
			'components of the methodologies of live editions'])[i]);
	END LOOP;
	RETURN relation[1]::regclass;
END $$;
COMMENT ON FUNCTION ci.ledger_create(text, text, int[]) IS 'make a ledger in a schema unless its name has one; behind ci.create_ledger';

-- Not in PL/pgSQL: the schema is the first of the caller's search_path.
CREATE FUNCTION ci.create_ledger(name text, tops int[] DEFAULT '{1,3,5,10}') RETURNS regclass
	LANGUAGE sql
	BEGIN ATOMIC
		SELECT ci.ledger_create(pg_catalog.current_schema(), name, tops);
	END;
COMMENT ON FUNCTION ci.create_ledger(text, int[]) IS 'make a ledger: tables and views of published editions, owned by the caller; tops are the k of its columns on the first k places';

-- Publishing
CREATE FUNCTION ci.ledger_results(panel ci.panel, methodology ci.methodology, period int)
	RETURNS TABLE (unit text, component text, parent text, depth int, score float8, rank int, n_ranked int,
		coverage float8, imputed_share float8, status text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10000
	BEGIN ATOMIC
		SELECT s.unit, s.component, s.parent, s.depth, s.score, s.rank, s.n_ranked, s.coverage, s.imputed_share,
			CASE WHEN s.rank IS NOT NULL THEN 'ranked' WHEN r.status IN ('screened', 'excluded') THEN r.status ELSE 'no score' END
		FROM ci.scores(ledger_results.panel, ledger_results.methodology) AS s
			JOIN ci.rank(ledger_results.panel, ledger_results.methodology) AS r ON r.unit = s.unit
		WHERE s.period = ledger_results.period AND r.period = ledger_results.period;
	END;
COMMENT ON FUNCTION ci.ledger_results(ci.panel, ci.methodology, int) IS 'what a ledger keeps of a period: ci.scores, each row with its status';

CREATE FUNCTION ci.ledger_bytes(unit text, component text, parent text, depth int, score float8, rank int, n_ranked int,
		coverage float8, imputed_share float8, status text) RETURNS bytea
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN convert_to(unit, 'UTF8') || E'\\x00' || convert_to(component, 'UTF8') || E'\\x00'
		|| coalesce(convert_to(parent, 'UTF8'), E'\\xff') || E'\\x00' || int4send(depth)
		|| coalesce(E'\\x01' || float8send(score), E'\\x00') || coalesce(E'\\x01' || int4send(rank), E'\\x00')
		|| coalesce(E'\\x01' || int4send(n_ranked), E'\\x00') || coalesce(E'\\x01' || float8send(coverage), E'\\x00')
		|| coalesce(E'\\x01' || float8send(imputed_share), E'\\x00') || convert_to(status, 'UTF8') || E'\\x00';
COMMENT ON FUNCTION ci.ledger_bytes(text, text, text, int, float8, int, int, float8, float8, text) IS 'a result as bytes, for an edition''s digest; they depend on no setting';

CREATE FUNCTION ci.ledger_digest(panel ci.panel, methodology ci.methodology, period int, listed int, n_ranked int, units bytea) RETURNS bytea
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN sha256(coalesce(ci.digest(panel), E'\\x') || coalesce(ci.digest(methodology), E'\\x') || int4send(period)
		|| coalesce(E'\\x01' || int4send(listed), E'\\x00') || coalesce(E'\\x01' || int4send(n_ranked), E'\\x00') || coalesce(units, E'\\x'));
COMMENT ON FUNCTION ci.ledger_digest(ci.panel, ci.methodology, int, int, int, bytea) IS 'digest of an edition; units are the digests of each unit''s results, in the order of units';

CREATE FUNCTION ci.ledger_add(ledger regclass, edition text, period int, panel ci.panel, methodology ci.methodology,
		units text[], ranks int[], scores float8[], listed int, note text, OUT digest bytea, OUT added boolean)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	editions text := ci.ledger_part(ledger, '');
	fitted ci.methodology := ci.fit(panel, methodology, period);
	ranked int;
	published bytea;
	retracted timestamptz;
	live text;
BEGIN
	-- One statement: what it inserts is there as a whole or not at all.
	EXECUTE format($sql$
		WITH result AS MATERIALIZED (
			SELECT * FROM ci.ledger_results($3, $4, $2)
			UNION ALL
			SELECT unit, 'index', NULL, 0, score, rank, CASE WHEN $8 IS NULL THEN cardinality($5) END, NULL, NULL, 'ranked'
			FROM unnest($5, $6, $7) AS u (unit, rank, score)),
		unit AS (
			SELECT unit, sha256(string_agg(ci.ledger_bytes(unit, component, parent, depth, score, rank, n_ranked, coverage, imputed_share, status),
				'' ORDER BY component COLLATE "C")) AS digest
			FROM result GROUP BY unit),
		ranking AS (
			SELECT count(rank)::int AS ranked, CASE WHEN $8 IS NULL THEN count(rank)::int END AS n_ranked FROM result WHERE depth = 0),
		edition AS (
			SELECT ranked, n_ranked, ci.ledger_digest($3, $4, $2, $8, n_ranked,
				(SELECT string_agg(digest, '' ORDER BY unit COLLATE "C") FROM unit)) AS digest
			FROM ranking),
		added AS (
			INSERT INTO %s (edition, period, published_at, published_by, source, listed, n_ranked, note,
				panel_digest, methodology_digest, fitted_digest, digest)
			SELECT $1, $2, now(), current_user, CASE WHEN $3 IS NULL THEN 'imported' ELSE 'computed' END, $8, n_ranked, $9, ci.digest($3), ci.digest($4), ci.digest($10), digest
			FROM edition WHERE ranked > 0
			ON CONFLICT DO NOTHING RETURNING edition),
		input AS (
			INSERT INTO %s (edition, panel, methodology, fitted)
			SELECT edition, $3, $4, $10 FROM added WHERE $3 IS NOT NULL),
		standing AS (
			INSERT INTO %s (edition, period, unit, component, parent, depth, score, rank, n_ranked, coverage, imputed_share, status)
			SELECT edition, $2, result.* FROM added, result ORDER BY depth, component COLLATE "C", unit COLLATE "C")
		SELECT digest, ranked, EXISTS (SELECT FROM added) FROM edition
		$sql$, editions, ci.ledger_part(ledger, '_input'), ci.ledger_part(ledger, '_standing'))
	INTO digest, ranked, added
	USING edition, period, panel, methodology, units, ranks, scores, listed, note, fitted;
	IF added THEN
		RETURN;
	END IF;

	EXECUTE format('SELECT digest, retracted_at FROM %s WHERE edition = $1', editions) INTO published, retracted USING edition;
	IF published = digest THEN
		IF retracted IS NOT NULL THEN
			RAISE WARNING USING MESSAGE = format('edition "%s" of ledger %s was retracted and stays so', edition, ledger);
		END IF;
		RETURN;
	ELSIF published IS NOT NULL THEN
		RAISE unique_violation USING
			MESSAGE = format('edition "%s" of ledger %s is already published', edition, ledger),
			DETAIL = format('Its digest is %s, not %s.', published, digest),
			HINT = 'Publish under another name; if the first is wrong, retract it with ci.retract.';
	ELSIF ranked = 0 THEN
		RAISE data_exception USING MESSAGE = format('edition "%s" has no ranked unit in period %s', edition, period);
	END IF;
	EXECUTE format('SELECT edition FROM %s WHERE period = $1 AND retracted_at IS NULL', editions) INTO live USING period;
	IF live IS NULL THEN
		RAISE serialization_failure USING MESSAGE = format('period %s of ledger %s was changed by another transaction', period, ledger),
			HINT = 'Publish again.';
	END IF;
	RAISE unique_violation USING
		MESSAGE = format('period %s of ledger %s already has edition "%s"', period, ledger, live),
		HINT = 'Retract that with ci.retract first.';
END $$;
COMMENT ON FUNCTION ci.ledger_add(regclass, text, int, ci.panel, ci.methodology, text[], int[], float8[], int, text) IS 'add an edition, or find it there; behind ci.publish and ci.import_edition, which check what they are given';

CREATE FUNCTION ci.publish(ledger regclass, edition text, period int, panel ci.panel, methodology ci.methodology,
		note text DEFAULT NULL, strict boolean DEFAULT false) RETURNS bytea
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	result record;
	warnings text;
BEGIN
	IF num_nulls(edition, period, methodology, strict) > 0 THEN
		RAISE null_value_not_allowed USING MESSAGE = 'name, period, methodology and strict of an edition must not be null';
	ELSIF panel IS NULL THEN
		RAISE null_value_not_allowed USING MESSAGE = format('panel of edition "%s" must not be null', edition),
			HINT = 'A panel of no rows is null.';
	END IF;
	result := ci.ledger_add(ledger, edition, period, panel, methodology, NULL, NULL, NULL, NULL, note);
	IF result.added AND strict THEN
		SELECT string_agg(f.finding || ': ' || f.message, E'\n') INTO warnings
		FROM ci.audit(publish.panel, publish.methodology) AS f
		WHERE f.severity <> 'note' AND coalesce(f.period, publish.period) = publish.period;
		IF warnings IS NOT NULL THEN
			RAISE data_exception USING
				MESSAGE = format('ci.audit warns of edition "%s"', edition),
				DETAIL = warnings,
				HINT = 'Correct the data or the methodology, or publish without strict.';
		END IF;
	END IF;
	RETURN result.digest;
END $$;
COMMENT ON FUNCTION ci.publish(regclass, text, int, ci.panel, ci.methodology, text, boolean) IS 'publish a period of a panel, judged by a methodology, as an edition of a ledger, and give its digest; strict: not if ci.audit warns';

CREATE FUNCTION ci.import_edition(ledger regclass, edition text, period int, units text[], ranks int[],
		scores float8[] DEFAULT NULL, listed int DEFAULT NULL) RETURNS bytea
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	wrong text;
BEGIN
	IF num_nulls(edition, period, units, ranks) > 0
			OR EXISTS (SELECT FROM unnest(units) AS unit WHERE unit IS NULL) OR EXISTS (SELECT FROM unnest(ranks) AS rank WHERE rank IS NULL) THEN
		RAISE null_value_not_allowed USING MESSAGE = 'name, period, units and ranks of an edition must not be null';
	ELSIF cardinality(ranks) <> cardinality(units) OR cardinality(scores) <> cardinality(units) THEN
		RAISE array_subscript_error USING MESSAGE = format('units, ranks and scores of edition "%s" differ in number', edition),
			DETAIL = format('They are %s, %s and %s.', cardinality(units), cardinality(ranks), coalesce(cardinality(scores)::text, 'null'));
	END IF;
	SELECT format('Unit "%s" has rank %s.', unit, rank) INTO wrong FROM unnest(units, ranks) AS u (unit, rank) WHERE rank < 1 LIMIT 1;
	IF wrong IS NOT NULL OR listed < 1 THEN
		RAISE invalid_parameter_value USING MESSAGE = format('ranks of edition "%s" must be at least 1', edition),
			DETAIL = coalesce(wrong, format('The edition lists %s.', listed));
	END IF;
	SELECT format('Unit "%s" has score %s.', unit, score) INTO wrong FROM unnest(units, scores) AS u (unit, score)
	WHERE score IN ('NaN', 'Infinity', '-Infinity') LIMIT 1;
	IF wrong IS NOT NULL THEN
		RAISE data_exception USING MESSAGE = format('scores of edition "%s" must be finite', edition), DETAIL = wrong,
			HINT = 'Use NULL for a score that is not known.';
	END IF;
	SELECT unit INTO wrong FROM unnest(units) AS u (unit) GROUP BY unit HAVING count(*) > 1 LIMIT 1;
	IF wrong IS NOT NULL THEN
		RAISE unique_violation USING MESSAGE = format('edition "%s" lists a unit twice', edition), DETAIL = format('Unit "%s".', wrong);
	END IF;
	RETURN (ci.ledger_add(ledger, edition, period, NULL, NULL, units, ranks, scores, listed, NULL)).digest;
END $$;
COMMENT ON FUNCTION ci.import_edition(regclass, text, int, text[], int[], float8[], int) IS 'enter an edition of which only ranks are known; listed => 10: absent means below 10';

CREATE FUNCTION ci.retract(ledger regclass, edition text, reason text) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	editions text := ci.ledger_part(ledger, '');
	known boolean;
BEGIN
	IF num_nulls(edition, reason) > 0 THEN
		RAISE null_value_not_allowed USING MESSAGE = 'edition and reason of a retraction must not be null';
	END IF;
	EXECUTE format('UPDATE %s SET retracted_at = now(), retracted_by = current_user, reason = $2
		WHERE edition = $1 AND retracted_at IS NULL RETURNING true', editions) INTO known USING edition, reason;
	IF known THEN
		RETURN;
	END IF;
	EXECUTE format('SELECT true FROM %s WHERE edition = $1', editions) INTO known USING edition;
	IF known THEN
		RAISE object_not_in_prerequisite_state USING MESSAGE = format('edition "%s" of ledger %s is already retracted', edition, ledger);
	END IF;
	RAISE undefined_object USING MESSAGE = format('ledger %s has no edition "%s"', ledger, edition);
END $$;
COMMENT ON FUNCTION ci.retract(regclass, text, text) IS 'mark an edition as retracted: it stays in the ledger, and is in no view';

-- Verifying
CREATE TYPE ci.verification AS (
	edition text,
	unit text,
	component text,
	stored text,
	recomputed text,
	kind text,
	difference float8,
	ok boolean
);
COMMENT ON TYPE ci.verification IS 'what is stored of an edition and what it should be; kind is digest, rank or score';

CREATE FUNCTION ci.verify(ledger regclass, edition text DEFAULT NULL, tolerance float8 DEFAULT 1e-9) RETURNS SETOF ci.verification
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET extra_float_digits = 1
	AS $$
#variable_conflict use_column
DECLARE
	standing text := ci.ledger_part(ledger, '_standing');
	e record;
	digest bytea;
BEGIN
	IF tolerance IS NULL OR tolerance NOT BETWEEN 0 AND 1e308 THEN
		RAISE invalid_parameter_value USING MESSAGE = 'tolerance must be a number from 0 on';
	END IF;
	FOR e IN EXECUTE format('SELECT * FROM %s LEFT JOIN %s USING (edition) WHERE $1 IS NULL OR edition = $1 ORDER BY period, edition',
		ci.ledger_part(ledger, ''), ci.ledger_part(ledger, '_input')) USING verify.edition
	LOOP
		-- What is stored is what was stored: a row of another period, which views would show, is no row that was.
		EXECUTE format($sql$
			WITH unit AS (
				SELECT unit, sha256(string_agg(CASE WHEN period = $4
						THEN ci.ledger_bytes(unit, component, parent, depth, score, rank, n_ranked, coverage, imputed_share, status) ELSE 'another period' END,
					'' ORDER BY component COLLATE "C")) AS digest
				FROM %s WHERE edition = $1 GROUP BY unit)
			SELECT ci.ledger_digest($2, $3, $4, $5, $6, string_agg(digest, '' ORDER BY unit COLLATE "C")) FROM unit
			$sql$, standing) INTO digest USING e.edition, e.panel, e.methodology, e.period, e.listed, e.n_ranked;
		RETURN QUERY
			SELECT e.edition, NULL, part, stored::text, recomputed::text, 'digest', NULL::float8, false
			FROM (VALUES (NULL, e.digest, digest), ('panel', e.panel_digest, ci.digest(e.panel)),
				('methodology', e.methodology_digest, ci.digest(e.methodology)), ('fitted', e.fitted_digest, ci.digest(e.fitted)))
				AS d (part, stored, recomputed)
			WHERE stored IS DISTINCT FROM recomputed;
		-- and is what panel and methodology give, if there are any
		IF e.panel_digest IS NULL THEN
			RETURN NEXT (e.edition, NULL, NULL, NULL, NULL, 'score', NULL, true)::ci.verification;
			CONTINUE;
		END IF;
		RETURN QUERY EXECUTE format($sql$
			WITH pair AS (
				SELECT unit, component, s.rank AS stored_rank, r.rank, s.score AS stored_score, r.score,
					CASE WHEN num_nulls(s.score, r.score) = 1 THEN 'Infinity' ELSE abs(r.score - s.score) END AS difference
				FROM (SELECT * FROM %s WHERE edition = $1) AS s FULL JOIN ci.ledger_results($2, $3, $4) AS r USING (unit, component)),
			numbered AS (
				SELECT *, row_number() OVER (ORDER BY difference DESC NULLS LAST, component, unit) = 1 AS largest FROM pair)
			SELECT $1, unit, component, stored_rank::text, rank::text, 'rank', (rank - stored_rank)::float8, false
			FROM pair WHERE rank IS DISTINCT FROM stored_rank
			UNION ALL
			SELECT $1, unit, component, stored_score::text, score::text, 'score', difference, coalesce(difference <= $5, true)
			FROM numbered WHERE largest OR difference > $5
			ORDER BY 6, 7 DESC NULLS LAST, 3, 2
			$sql$, standing) USING e.edition, e.panel, e.methodology, e.period, tolerance;
	END LOOP;
	IF verify.edition IS NOT NULL AND NOT FOUND THEN
		RAISE undefined_object USING MESSAGE = format('ledger %s has no edition "%s"', ledger, verify.edition);
	END IF;
END $$;
COMMENT ON FUNCTION ci.verify(regclass, text, float8) IS 'recompute an edition, or all, from what is stored: a row for each digest or rank that differs, for each score that does by more than the tolerance, and for the largest difference of scores';
/*
 * highlights: what a press release would say of an edition
 *
 * What each kind means, and which statements are left out because another says
 * as much, is in docs/highlights.md.
 */
CREATE TYPE ci.highlight AS (
	unit text,
	kind text,
	k int,
	since text,
	count int,
	remarkable int,
	sentence text
);
COMMENT ON TYPE ci.highlight IS 'a statement about a unit in an edition; the most remarkable is 1';

CREATE FUNCTION ci.highlight_sentence(unit text, kind text, k int, since text, count int, rank int, previous_rank int, listed boolean) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN unit || CASE kind
		WHEN 'streak_in_top' THEN CASE k WHEN 1 THEN ' is first' ELSE format(' is in the top %s', k) END
			|| format(' for the %s edition running', to_char(count, 'FM9999999999th'))
		WHEN 'first_in_top' THEN CASE k WHEN 1 THEN ' is first' ELSE format(' is in the top %s', k) END || ' for the first time'
		WHEN 'back_in_top' THEN CASE k WHEN 1 THEN ' is first again' ELSE format(' is back in the top %s', k) END
			|| format(', for the first time since edition %s', since)
		WHEN 'left_top' THEN CASE k WHEN 1 THEN ' is no longer first' ELSE format(' leaves the top %s', k) END
			|| CASE count WHEN 1 THEN ' after 1 edition' ELSE format(' after %s editions running', count) END
		WHEN 'new' THEN format(' is a new entry, in %s place', to_char(rank, 'FM9999999999th'))
		WHEN 'out' THEN format(', %s before, is no longer ', to_char(previous_rank, 'FM9999999999th')) || CASE WHEN listed THEN 'listed' ELSE 'ranked' END
		WHEN 'best_ever' THEN format(' is %s, its best place in %s editions', to_char(rank, 'FM9999999999th'), count)
		WHEN 'rise' THEN format(' is up %s, from %s to %s', k, to_char(previous_rank, 'FM9999999999th'), to_char(rank, 'FM9999999999th'))
		WHEN 'fall' THEN format(' is down %s, from %s to %s', k, to_char(previous_rank, 'FM9999999999th'), to_char(rank, 'FM9999999999th'))
		END || '.';
COMMENT ON FUNCTION ci.highlight_sentence(text, text, int, text, int, int, int, boolean) IS 'a highlight in words; listed: the edition names the first few only';

CREATE FUNCTION ci.highlights(ledger regclass, edition text) RETURNS SETOF ci.highlight
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	editions text := ci.ledger_part(ledger, '');
	history text := ci.ledger_part(ledger, '_history');
	live boolean;
	tops int[];
	columns text[];
BEGIN
	IF edition IS NULL THEN
		RAISE null_value_not_allowed USING MESSAGE = 'edition must not be null';
	END IF;
	EXECUTE format('SELECT retracted_at IS NULL FROM %s WHERE edition = $1', editions) INTO live USING edition;
	IF live IS NULL THEN
		RAISE undefined_object USING MESSAGE = format('ledger %s has no edition "%s"', ledger, edition);
	ELSIF NOT live THEN
		RAISE object_not_in_prerequisite_state USING MESSAGE = format('edition "%s" of ledger %s is retracted', edition, ledger);
	END IF;
	-- The view has columns for each k of the ledger: a unit's run now and before, whether it is its first, and the last edition of an earlier one
	SELECT array_agg(k ORDER BY k), ARRAY[
		string_agg(format('max(streak_top%s) FILTER (WHERE n = this)', k), ', ' ORDER BY k),
		string_agg(format('max(streak_top%s) FILTER (WHERE n = this - 1)', k), ', ' ORDER BY k),
		string_agg(format('bool_and(first_top%s) FILTER (WHERE n = this)', k), ', ' ORDER BY k),
		string_agg(format('max(n) FILTER (WHERE n < this AND rank <= %s)', k), ', ' ORDER BY k)]
	INTO tops, columns
	FROM (SELECT substr(attname, length('streak_top') + 1)::int AS k FROM pg_attribute
		WHERE attrelid = history::regclass AND attname ~ '^streak_top[0-9]+$') AS t;

	-- n counts live editions.  Each unit of this edition has its history in one row, and then a row for each k.
	RETURN QUERY EXECUTE format($sql$
		WITH edition AS MATERIALIZED (
			SELECT edition, listed, n, max(n) FILTER (WHERE edition = $1) OVER () AS this
			FROM (SELECT edition, listed, row_number() OVER (ORDER BY period) AS n FROM %1$s WHERE retracted_at IS NULL) AS e),
		unit AS MATERIALIZED (
			SELECT unit, this, max(rank) FILTER (WHERE n = this) AS rank, max(previous_rank) FILTER (WHERE n = this) AS previous_rank,
				max(movement) FILTER (WHERE n = this) AS movement, min(rank) FILTER (WHERE n < this) AS best_before,
				array_agg(n ORDER BY n) FILTER (WHERE n < this AND rank IS NOT NULL) AS ranked,
				ci.streak(rank IS NOT NULL ORDER BY n) FILTER (WHERE n < this) AS times_running,
				ARRAY[%3$s]::bigint[] AS streaks, ARRAY[%4$s]::bigint[] AS streaks_before, ARRAY[%5$s]::boolean[] AS firsts, ARRAY[%6$s]::bigint[] AS lasts
			FROM %2$s JOIN edition USING (edition)
			WHERE n <= this AND this > 1 GROUP BY unit, this HAVING bool_or(n = this)),
		top AS MATERIALIZED (
			SELECT unit, this, rank, previous_rank, ranked, t.*,
				max(streak) OVER (PARTITION BY unit ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS streak_above
			FROM unit, unnest($2, streaks, streaks_before, firsts, lasts) AS t (k, streak, streak_before, first, last)),
		entry AS (
			SELECT DISTINCT ON (unit) unit, rank, previous_rank, k, first, this, last
			FROM top
			WHERE streak = 1 AND (first OR NOT first AND NOT EXISTS (
				SELECT FROM edition AS e WHERE e.n > last AND e.n < e.this AND listed < k AND n <> ALL (ranked)))
			ORDER BY unit, k),
		departure AS (
			SELECT DISTINCT ON (unit) unit, rank, previous_rank, k, this - streak_before AS since, streak_before AS count
			FROM top WHERE streak = 0 AND previous_rank <= k ORDER BY unit, k DESC),
		move AS (
			SELECT unit, rank, previous_rank, previous_rank - rank AS change, this - 1 AS since,
				rank() OVER (ORDER BY previous_rank - rank DESC NULLS LAST) AS rises, rank() OVER (ORDER BY rank - previous_rank DESC NULLS LAST) AS falls
			FROM unit),
		statement AS (
			SELECT unit, rank, previous_rank, 'streak_in_top' AS kind, k, this - streak + 1 AS since, streak AS count
			FROM top WHERE streak > greatest(1, streak_above)
			UNION ALL
			SELECT unit, rank, previous_rank, 'first_in_top', k, this, 1 FROM entry WHERE first
			UNION ALL
			SELECT unit, rank, previous_rank, 'back_in_top', k, last, this - last - 1 FROM entry WHERE NOT first
			UNION ALL
			SELECT unit, rank, previous_rank, 'left_top', k, since, count FROM departure
			UNION ALL
			SELECT unit, rank, previous_rank, movement, NULL, this, 1 FROM unit WHERE movement = 'new'
			UNION ALL
			SELECT unit, rank, previous_rank, movement, NULL, this - times_running, times_running FROM unit WHERE movement = 'out'
			UNION ALL
			SELECT unit, rank, previous_rank, 'best_ever', NULL, ranked[1], cardinality(ranked) + 1
			FROM unit
			WHERE rank < best_before AND cardinality(ranked) > 1 AND (true = ANY (firsts)) IS NOT TRUE
				AND NOT EXISTS (SELECT FROM edition AS e WHERE n < e.this AND listed < rank AND n <> ALL (ranked))
			UNION ALL
			SELECT unit, rank, previous_rank, CASE WHEN change > 0 THEN 'rise' ELSE 'fall' END, abs(change), since, 1
			FROM move WHERE change >= 2 AND rises <= 3 OR change <= -2 AND falls <= 3),
		ordered AS (
			SELECT unit, kind, k, e.edition AS since, count::int, rank, previous_rank,
				row_number() OVER (ORDER BY CASE WHEN kind ~ '_top$' THEN k END NULLS LAST,
					array_position('{first_in_top,back_in_top,left_top,streak_in_top,rise,fall,best_ever,new,out}', kind),
					CASE WHEN kind !~ '_top$' THEN k END DESC, count DESC, rank, previous_rank, unit)::int AS remarkable
			FROM statement JOIN edition AS e ON n = since)
		SELECT unit, kind, k, since, count, remarkable, ci.highlight_sentence(unit, kind, k, since, count, rank, previous_rank,
			(SELECT listed IS NOT NULL FROM edition WHERE n = this))
		FROM ordered ORDER BY remarkable
		$sql$, VARIADIC ARRAY[editions, history] || CASE WHEN tops IS NULL THEN '{"","","",""}' ELSE columns END)
	USING edition, coalesce(tops, '{}');
END $$;
COMMENT ON FUNCTION ci.highlights(regclass, text) IS 'the statements that a press release would make about an edition of a ledger, most remarkable first';
/*
 * leave_one_out: what a ranking hangs on, one indicator, dimension or unit at a time
 */
CREATE FUNCTION ci.leave_one_out(panel ci.panel, methodology ci.methodology, elements text DEFAULT 'indicators', period int DEFAULT NULL)
	RETURNS TABLE (period int, left_out text, unit text, rank int, rank_without int, rank_change int, reversals int)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 1000
	AS 'MODULE_PATHNAME', 'ci_leave_one_out';
COMMENT ON FUNCTION ci.leave_one_out(ci.panel, ci.methodology, text, int) IS 'every unit''s rank without each of the indicators, components, dimensions (children of the root) or other units, one at a time, and how many units are then on the other side of it; null period: all';
/*
 * simulate: what ranks are worth where weights, choices and data are uncertain
 */
CREATE FUNCTION ci.check_uncertainty(uncertainty jsonb) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_check_uncertainty';
COMMENT ON FUNCTION ci.check_uncertainty(jsonb) IS 'true, or an error that says what is wrong; the condition of the domain ci.uncertainty';

CREATE DOMAIN ci.uncertainty AS jsonb
	CONSTRAINT uncertainty_check CHECK (ci.check_uncertainty(VALUE));
COMMENT ON DOMAIN ci.uncertainty IS 'what is uncertain about a methodology: weights, indicators left out, choices between patches';

CREATE FUNCTION ci.rank_intervals(panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 1000, seed int DEFAULT 1,
		period int DEFAULT NULL, level float8 DEFAULT 0.9, errors ci.panel DEFAULT NULL)
	RETURNS TABLE (period int, unit text, rank int, mean_rank float8, median_rank int, lower_rank int, upper_rank int)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 100
	AS 'MODULE_PATHNAME', 'ci_rank_intervals';
COMMENT ON FUNCTION ci.rank_intervals(ci.panel, ci.methodology, ci.uncertainty, int, int, int, float8, ci.panel) IS 'every unit''s rank, and mean, median and interval of its ranks over draws from what is uncertain; errors are standard deviations of observations';

CREATE FUNCTION ci.rank_acceptability(panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 1000, seed int DEFAULT 1,
		period int DEFAULT NULL, errors ci.panel DEFAULT NULL)
	RETURNS TABLE (period int, unit text, rank int, share float8, cumulative float8)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 1000
	AS 'MODULE_PATHNAME', 'ci_rank_acceptability';
COMMENT ON FUNCTION ci.rank_acceptability(ci.panel, ci.methodology, ci.uncertainty, int, int, int, ci.panel) IS 'the share of draws from what is uncertain in which a unit has a rank, for every rank that it has in some; null: in which it has none';

CREATE FUNCTION ci.pairwise(panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 1000, seed int DEFAULT 1,
		period int DEFAULT NULL, errors ci.panel DEFAULT NULL)
	RETURNS TABLE (period int, unit text, other text, ahead float8, tied float8)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000 ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_pairwise';
COMMENT ON FUNCTION ci.pairwise(ci.panel, ci.methodology, ci.uncertainty, int, int, int, ci.panel) IS 'the share of draws from what is uncertain in which a unit is ahead of another, or has the same rank';
/*
 * simulation: draws that are counted part by part, merged, and shown
 */
CREATE FUNCTION ci.check_simulation(simulation bytea) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000
	AS 'MODULE_PATHNAME', 'ci_check_simulation';
COMMENT ON FUNCTION ci.check_simulation(bytea) IS 'true, or an error that says what is wrong; the condition of the domain ci.simulation';

CREATE DOMAIN ci.simulation AS bytea
	CONSTRAINT simulation_check CHECK (ci.check_simulation(VALUE));
COMMENT ON DOMAIN ci.simulation IS 'what is kept of draws from what is uncertain: how often each unit had each rank';

CREATE FUNCTION ci.simulate(panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 1000, seed int DEFAULT 1,
		period int DEFAULT NULL, errors ci.panel DEFAULT NULL, first_draw int DEFAULT 1, pairs boolean DEFAULT false)
	RETURNS ci.simulation
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000
	AS 'MODULE_PATHNAME', 'ci_simulate';
COMMENT ON FUNCTION ci.simulate(ci.panel, ci.methodology, ci.uncertainty, int, int, int, ci.panel, int, boolean) IS 'the ranks of so many draws from the first on, counted; pairs: also how often a unit is ahead of another';

CREATE FUNCTION ci.simulation_merge(simulation ci.simulation, other ci.simulation) RETURNS ci.simulation
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000
	AS 'MODULE_PATHNAME', 'ci_simulation_merge';
COMMENT ON FUNCTION ci.simulation_merge(ci.simulation, ci.simulation) IS 'the draws of both, which must be different draws of the same; transition and combine function of ci.simulation_agg';

CREATE AGGREGATE ci.simulation_agg(simulation ci.simulation) (
	SFUNC = ci.simulation_merge,
	STYPE = ci.simulation,
	SSPACE = 65536,
	COMBINEFUNC = ci.simulation_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.simulation_agg(ci.simulation) IS 'simulations merged into one; draws that two have in common are an error';

CREATE FUNCTION ci.simulation_summary(simulation ci.simulation)
	RETURNS TABLE (draws int, ranges int8multirange, seed int, periods int[], units int[], pairs boolean, panel_digest bytea, methodology_digest bytea)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 1
	AS 'MODULE_PATHNAME', 'ci_simulation_summary';
COMMENT ON FUNCTION ci.simulation_summary(ci.simulation) IS 'which draws a simulation has counted, of what; units: their number in each period';

CREATE FUNCTION ci.simulation_intervals(simulation ci.simulation, level float8 DEFAULT 0.9)
	RETURNS TABLE (period int, unit text, rank int, mean_rank float8, median_rank int, lower_rank int, upper_rank int)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100
	AS 'MODULE_PATHNAME', 'ci_simulation_intervals';
COMMENT ON FUNCTION ci.simulation_intervals(ci.simulation, float8) IS 'every unit''s rank, and mean, median and interval of its ranks over the draws counted';

CREATE FUNCTION ci.simulation_acceptability(simulation ci.simulation)
	RETURNS TABLE (period int, unit text, rank int, share float8, cumulative float8)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 1000
	AS 'MODULE_PATHNAME', 'ci_simulation_acceptability';
COMMENT ON FUNCTION ci.simulation_acceptability(ci.simulation) IS 'the share of the draws counted in which a unit has a rank, for every rank that it has in some; null: in which it has none';

CREATE FUNCTION ci.simulation_pairwise(simulation ci.simulation)
	RETURNS TABLE (period int, unit text, other text, ahead float8, tied float8)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_simulation_pairwise';
COMMENT ON FUNCTION ci.simulation_pairwise(ci.simulation) IS 'the share of the draws counted in which a unit is ahead of another, or has the same rank; for simulations that count pairs';

-- Long runs: tables and views of a user, found by name, as those of a ledger are
CREATE FUNCTION ci.simulation_part(simulation regclass, part text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	name text;
BEGIN
	IF simulation IS NULL THEN
		RAISE null_value_not_allowed USING MESSAGE = 'simulation must not be null';
	END IF;
	IF NOT EXISTS (SELECT FROM pg_trigger
			WHERE tgrelid = simulation AND tgname = 'simulation_chunk' AND tgfoid = 'ci.simulation_refuse'::regproc) THEN
		RAISE wrong_object_type USING
			MESSAGE = format('%s is not a simulation', simulation),
			HINT = 'Make one with ci.create_simulation.';
	END IF;
	SELECT format('%I.%I', nspname, relname || part) INTO name
	FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = simulation;
	IF to_regclass(name) IS NULL THEN
		RAISE undefined_table USING
			MESSAGE = format('simulation %s has no relation %s', simulation, name),
			HINT = 'The relations of a simulation are renamed and moved together.';
	END IF;
	RETURN name;
END $$;
COMMENT ON FUNCTION ci.simulation_part(regclass, text) IS 'qualified name of a relation of a simulation: part is empty, or _input';

CREATE FUNCTION ci.simulation_refuse() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RAISE restrict_violation USING
		MESSAGE = format('cannot update what %I.%I has simulated', TG_TABLE_SCHEMA, TG_TABLE_NAME),
		HINT = 'Make another simulation with ci.create_simulation.';
END $$;
COMMENT ON FUNCTION ci.simulation_refuse() IS 'trigger function of a simulation''s tables: draws that are counted, and of what, stay as they are';

-- relation: the qualified names of S, _input, _progress, _intervals, _acceptability and _pairwise, in this order
CREATE FUNCTION ci.simulation_tables(relation text[]) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %s (
			first_draw int PRIMARY KEY CHECK (first_draw > 0),
			draws int NOT NULL CHECK (draws BETWEEN 1 AND 10000000),
			started_at timestamptz,
			finished_at timestamptz CHECK (finished_at >= started_at),
			simulation ci.simulation,
			CHECK (num_nulls(started_at, finished_at, simulation) IN (0, 3)),
			EXCLUDE USING gist (int8range(first_draw, first_draw::bigint + draws) WITH &&)
		)$sql$, relation[1]);
	EXECUTE format($sql$
		CREATE TRIGGER simulation_chunk BEFORE UPDATE ON %s FOR EACH ROW WHEN (OLD.simulation IS NOT NULL)
		EXECUTE FUNCTION ci.simulation_refuse()$sql$, relation[1]);
	EXECUTE format($sql$
		CREATE TABLE %s (
			panel ci.panel NOT NULL,
			methodology ci.methodology NOT NULL,
			uncertainty ci.uncertainty NOT NULL,
			seed int NOT NULL,
			period int,
			errors ci.panel,
			pairs boolean NOT NULL
		)$sql$, relation[2]);
	EXECUTE format('CREATE UNIQUE INDEX ON %s ((true))', relation[2]);
	EXECUTE format('CREATE TRIGGER simulation_input BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION ci.simulation_refuse()', relation[2]);
END $$;
COMMENT ON FUNCTION ci.simulation_tables(text[]) IS 'make the tables of a simulation; behind ci.create_simulation';

CREATE FUNCTION ci.simulation_views(relation text[], pairs boolean) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- Time that passed while some chunk was computed, not while none was.
	EXECUTE format($sql$
		CREATE VIEW %s AS
		WITH chunk AS (
			SELECT coalesce(sum(draws), 0) AS draws, coalesce(sum(draws) FILTER (WHERE simulation IS NOT NULL), 0) AS done,
				min(started_at) AS started_at, max(finished_at) AS last_at,
				range_agg(tstzrange(started_at, finished_at)) FILTER (WHERE simulation IS NOT NULL) AS busy
			FROM %s)
		SELECT draws, done, done::float8 / nullif(draws, 0) AS share, started_at, last_at,
			last_at + (SELECT sum(upper(run) - lower(run)) FROM unnest(busy) AS run) * ((draws - done)::float8 / nullif(done, 0)) AS expected_at
		FROM chunk$sql$, relation[3], relation[1]);
	FOR i IN 4 .. CASE WHEN pairs THEN 6 ELSE 5 END LOOP
		EXECUTE format('CREATE VIEW %s AS SELECT r.* FROM (SELECT ci.simulation_agg(simulation) AS simulation FROM %s) AS s, ci.%I(s.simulation) AS r',
			relation[i], relation[1], (ARRAY['simulation_intervals', 'simulation_acceptability', 'simulation_pairwise'])[i - 3]);
	END LOOP;
END $$;
COMMENT ON FUNCTION ci.simulation_views(text[], boolean) IS 'make the views of a simulation; behind ci.create_simulation';

CREATE FUNCTION ci.simulation_create(schema text, name text, panel ci.panel, methodology ci.methodology, uncertainty ci.uncertainty,
		draws int, seed int, period int, errors ci.panel, pairs boolean, chunk int) RETURNS regclass
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	path text[] := parse_ident(name);
	base text := path[cardinality(path)];
	longest int := current_setting('max_identifier_length')::int - length('_acceptability');
	relation text[];
BEGIN
	IF num_nulls(name, panel, methodology, uncertainty, draws, seed, pairs, chunk) > 0 THEN
		RAISE null_value_not_allowed USING MESSAGE = 'only period and errors of a simulation may be null';
	ELSIF cardinality(path) > 2 THEN
		RAISE invalid_name USING MESSAGE = format('invalid name of a simulation: %s', name),
			HINT = 'Give a name, or a schema and a name.';
	ELSIF octet_length(base) > longest THEN
		RAISE name_too_long USING MESSAGE = format('name of a simulation is too long: %s', name),
			DETAIL = format('It may have %s bytes, as "_acceptability" is appended to it.', longest);
	ELSIF draws < 1 THEN
		RAISE invalid_parameter_value USING MESSAGE = format('draws of a simulation must be at least 1, not %s', draws);
	ELSIF chunk NOT BETWEEN 1 AND 10000000 THEN
		RAISE invalid_parameter_value USING MESSAGE = format('chunk of a simulation must be between 1 and 10000000 draws, not %s', chunk);
	END IF;
	schema := CASE WHEN cardinality(path) = 2 THEN path[1] ELSE schema END;
	IF schema IS NULL THEN
		RAISE invalid_schema_name USING MESSAGE = 'no schema has been selected to create in';
	END IF;
	-- What is wrong with the arguments is told now, not hours later.
	PERFORM ci.simulate(panel, methodology, uncertainty, 1, seed, period, errors, 1, pairs);
	SELECT array_agg(format('%I.%I', schema, base || part) ORDER BY n) INTO relation
	FROM unnest(ARRAY['', '_input', '_progress', '_intervals', '_acceptability', '_pairwise']) WITH ORDINALITY AS p (part, n);
	PERFORM ci.simulation_tables(relation);
	PERFORM ci.simulation_views(relation, pairs);
	EXECUTE format('INSERT INTO %s VALUES ($1, $2, $3, $4, $5, $6, $7)', relation[2])
	USING panel, methodology, uncertainty, seed, period, errors, pairs;
	EXECUTE format('INSERT INTO %s (first_draw, draws) SELECT first, least($2, $1 - first + 1) FROM generate_series(1, $1, $2) AS first', relation[1])
	USING draws, chunk;
	FOR i IN 1 .. CASE WHEN pairs THEN 6 ELSE 5 END LOOP
		EXECUTE format('COMMENT ON %s %s IS %L', CASE WHEN i <= 2 THEN 'TABLE' ELSE 'VIEW' END, relation[i], (ARRAY[
			'chunks of draws, and what was counted in those that are done',
			'what is simulated',
			'how far the simulation is, and when it may be done',
			'intervals of ranks over the draws done so far',
			'acceptabilities of ranks over the draws done so far',
			'pairs of units over the draws done so far'])[i]);
	END LOOP;
	RETURN relation[1]::regclass;
END $$;
COMMENT ON FUNCTION ci.simulation_create(text, text, ci.panel, ci.methodology, ci.uncertainty, int, int, int, ci.panel, boolean, int) IS 'make a simulation in a schema unless its name has one; behind ci.create_simulation';

-- Not in PL/pgSQL: the schema is the first of the caller's search_path.
CREATE FUNCTION ci.create_simulation(name text, panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 10000, seed int DEFAULT 1,
		period int DEFAULT NULL, errors ci.panel DEFAULT NULL, pairs boolean DEFAULT false, chunk int DEFAULT 1000) RETURNS regclass
	LANGUAGE sql
	BEGIN ATOMIC
		SELECT ci.simulation_create(pg_catalog.current_schema(), name, panel, methodology, uncertainty, draws, seed, period, errors, pairs, chunk);
	END;
COMMENT ON FUNCTION ci.create_simulation(text, ci.panel, ci.methodology, ci.uncertainty, int, int, int, ci.panel, boolean, int) IS 'make a simulation that is run in chunks of draws: tables and views, owned by the caller';

CREATE FUNCTION ci.simulate_chunk(simulation regclass) RETURNS boolean
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	chunks text := ci.simulation_part(simulation, '');
	first int;
	n int;
	started timestamptz;
	counted ci.simulation;
BEGIN
	-- Locked until the transaction ends, and not waited for by another: each is taken once.
	EXECUTE format('SELECT first_draw, draws FROM %s WHERE simulation IS NULL ORDER BY first_draw LIMIT 1 FOR UPDATE SKIP LOCKED', chunks)
	INTO first, n;
	IF first IS NULL THEN
		RETURN false;
	END IF;
	started := clock_timestamp();
	EXECUTE format('SELECT ci.simulate(panel, methodology, uncertainty, $2, seed, period, errors, $1, pairs) FROM %s',
		ci.simulation_part(simulation, '_input')) INTO counted USING first, n;
	IF counted IS NULL THEN
		RAISE no_data_found USING
			MESSAGE = format('simulation %s has nothing to simulate', simulation),
			DETAIL = format('%s has no row that can be seen.', ci.simulation_part(simulation, '_input'));
	END IF;
	EXECUTE format('UPDATE %s SET started_at = $2, finished_at = $3, simulation = $4 WHERE first_draw = $1', chunks)
	USING first, started, greatest(started, clock_timestamp()), counted;
	RETURN true;
END $$;
COMMENT ON FUNCTION ci.simulate_chunk(regclass) IS 'take the next chunk of a simulation that is neither done nor taken, and count its draws; false if there is none';

-- A procedure that commits cannot have a search_path of its own: what it calls has.
CREATE PROCEDURE ci.run_simulation(simulation regclass)
	LANGUAGE plpgsql
	AS $$
BEGIN
	COMMIT;
	WHILE ci.simulate_chunk(simulation) LOOP
		COMMIT;
	END LOOP;
END $$;
COMMENT ON PROCEDURE ci.run_simulation(regclass) IS 'run what is left of a simulation, and commit after each chunk; several sessions share the chunks';
/*
 * bounds: what holds for all admissible weights
 */
CREATE TYPE ci.rank_bound AS (
	period int,
	unit text,
	rank int,
	best_rank int,
	worst_rank int,
	best_found int,
	worst_found int,
	proven boolean
);
COMMENT ON TYPE ci.rank_bound IS 'ranks that a unit can have: by no admissible weights is it better than best_rank or worse than worst_rank; by some it is at least as good as best_found, by some at least as bad as worst_found; proven where these meet';

CREATE FUNCTION ci.rank_bounds(panel ci.panel, methodology ci.methodology, share float8 DEFAULT 0.25,
							   period int DEFAULT NULL, components text[] DEFAULT NULL,
							   lowest float8[] DEFAULT NULL, highest float8[] DEFAULT NULL) RETURNS SETOF ci.rank_bound
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 1000
	AS 'MODULE_PATHNAME', 'ci_rank_bounds';
COMMENT ON FUNCTION ci.rank_bounds(ci.panel, ci.methodology, float8, int, text[], float8[], float8[]) IS 'guaranteed ranks while each weight may vary by this share of itself, or, for the components named, from lowest to highest; null period: all';

CREATE TYPE ci.bound_weight AS (
	period int,
	unit text,
	bound text,
	rank int,
	component text,
	weight float8
);
COMMENT ON TYPE ci.bound_weight IS 'a component''s weight, relative to its siblings'', in the weights by which a unit has its best, or worst, rank that was found';

CREATE FUNCTION ci.rank_bound_weights(panel ci.panel, methodology ci.methodology, unit text DEFAULT NULL,
									  share float8 DEFAULT 0.25, period int DEFAULT NULL, components text[] DEFAULT NULL,
									  lowest float8[] DEFAULT NULL, highest float8[] DEFAULT NULL) RETURNS SETOF ci.bound_weight
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_rank_bound_weights';
COMMENT ON FUNCTION ci.rank_bound_weights(ci.panel, ci.methodology, text, float8, int, text[], float8[], float8[]) IS 'the weights by which a unit (null: each) has the ranks best_found and worst_found of ci.rank_bounds';

CREATE TYPE ci.ordered_pair AS (
	period int,
	ahead text,
	behind text,
	lead float8,
	least_lead float8,
	dominates boolean
);
COMMENT ON TYPE ci.ordered_pair IS 'two units whose order is the same for all admissible weights: by how much the scores differ, by how much at least, and whether one is as good in every indicator and better in one';

CREATE FUNCTION ci.necessary_order(panel ci.panel, methodology ci.methodology, share float8 DEFAULT 0.25,
								   period int DEFAULT NULL, components text[] DEFAULT NULL,
								   lowest float8[] DEFAULT NULL, highest float8[] DEFAULT NULL) RETURNS SETOF ci.ordered_pair
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_necessary_order';
COMMENT ON FUNCTION ci.necessary_order(ci.panel, ci.methodology, float8, int, text[], float8[], float8[]) IS 'the pairs of units of which one is ahead by all admissible weights, as ci.rank_bounds takes them';
/*
 * stability: how much of the weights an order stands
 */
CREATE TYPE ci.weight_interval AS (
	period int,
	component text,
	parent text,
	kind text,
	weight float8,
	lower float8,
	upper float8
);
COMMENT ON TYPE ci.weight_interval IS 'from where to where a component''s weight, as a share of its siblings'', may move, the others sharing the rest in proportion, before the leader, the top or the order changes';

CREATE FUNCTION ci.weight_stability(panel ci.panel, methodology ci.methodology, component text DEFAULT NULL,
									top int DEFAULT 3, period int DEFAULT NULL) RETURNS SETOF ci.weight_interval
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100
	AS 'MODULE_PATHNAME', 'ci_weight_stability';
COMMENT ON FUNCTION ci.weight_stability(ci.panel, ci.methodology, text, int, int) IS 'intervals of a component''s weight (null: each''s) within which the leader, those in the top and the whole order stay; null period: all';

CREATE TYPE ci.lead AS (
	period int,
	ahead text,
	behind text,
	lead float8,
	robustness float8,
	weakest text,
	weakest_lead float8
);
COMMENT ON TYPE ci.lead IS 'by how much one unit leads another, which share of all weight may go elsewhere without ending that, and the component in which the lead is the least';

CREATE FUNCTION ci.lead_robustness(panel ci.panel, methodology ci.methodology, ahead text DEFAULT NULL,
								   behind text DEFAULT NULL, period int DEFAULT NULL) RETURNS SETOF ci.lead
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100
	AS 'MODULE_PATHNAME', 'ci_lead_robustness';
COMMENT ON FUNCTION ci.lead_robustness(ci.panel, ci.methodology, text, text, int) IS 'how robust the lead of one unit over another is; null: over all behind it, of all ahead of it, or of each over the next; null period: all';
/*
 * reach: what a unit would have to reach
 */
CREATE TYPE ci.improvement AS (
	period int,
	unit text,
	rank int,
	target int,
	indicator text,
	value float8,
	needed float8,
	change float8,
	reason text
);
COMMENT ON TYPE ci.improvement IS 'the value of an indicator by which a unit would come to the rank that is its target, all else as it is; NULL, with a reason, if there is none';

CREATE FUNCTION ci.reach(panel ci.panel, methodology ci.methodology, unit text, rank int, indicators text[] DEFAULT NULL,
						 period int DEFAULT NULL, together boolean DEFAULT false) RETURNS SETOF ci.improvement
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20000 ROWS 20
	AS 'MODULE_PATHNAME', 'ci_reach';
COMMENT ON FUNCTION ci.reach(ci.panel, ci.methodology, text, int, text[], int, boolean) IS 'what a unit would have to reach in each of these indicators (null: in each) to come to a rank: in it alone, or in all of them together, improved by the same share of their ranges; null period: all';
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
