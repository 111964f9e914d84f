/*
 * leave_one_out: what a ranking hangs on, one indicator, dimension or unit at a time
 */
CREATE FUNCTION ci.leave_one_out(panel ci.panel, methodology ci.methodology, elements text DEFAULT 'indicators', period int DEFAULT NULL)
	RETURNS TABLE (period int, left_out text, unit text, rank int, rank_without int, rank_change int, reversals int)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 1000
	AS 'MODULE_PATHNAME', 'ci_leave_one_out';
COMMENT ON FUNCTION ci.leave_one_out(ci.panel, ci.methodology, text, int) IS 'every unit''s rank without each of the indicators, components, dimensions (children of the root) or other units, one at a time, and how many units are then on the other side of it; null period: all';
