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
