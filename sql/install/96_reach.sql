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
