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
