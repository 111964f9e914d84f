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
