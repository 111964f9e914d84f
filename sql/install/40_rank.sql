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
