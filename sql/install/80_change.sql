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
