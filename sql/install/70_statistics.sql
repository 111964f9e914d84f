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
