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
