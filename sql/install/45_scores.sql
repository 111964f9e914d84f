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
