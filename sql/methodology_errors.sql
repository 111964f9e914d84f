-- Every error of a methodology, with its SQLSTATE.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
\set SHOW_CONTEXT never

-- a methodology of one component "gdp" with these keys; one of a root "index"
-- with "gdp" and "life" below it; one with these keys beside that
CREATE FUNCTION pg_temp.leaf(keys text) RETURNS ci.methodology LANGUAGE sql
	RETURN ('{"components": [{"code": "gdp"' || keys || '}]}')::ci.methodology;
CREATE FUNCTION pg_temp.tree(root text, gdp text DEFAULT '', life text DEFAULT '', top text DEFAULT '')
	RETURNS ci.methodology LANGUAGE sql
	RETURN ('{"components": [{"code": "index"' || root || '}, {"code": "gdp", "parent": "index"' || gdp
			|| '}, {"code": "life", "parent": "index"' || life || '}]' || top || '}')::ci.methodology;
CREATE FUNCTION pg_temp.top(keys text) RETURNS ci.methodology LANGUAGE sql
	RETURN pg_temp.tree('', '', '', keys);

-- Without a fault
SELECT pg_temp.leaf('');
SELECT pg_temp.tree('');
SELECT pg_temp.top('');

-- JSON
SELECT (text '')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": [}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"name": "\u0000"}')::ci.methodology; \echo :SQLSTATE
SELECT (text '[]')::ci.methodology; \echo :SQLSTATE
SELECT (text 'null')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"name": "a", "name": "b"}')::ci.methodology; \echo :SQLSTATE
SELECT pg_temp.leaf(', "weight": 1, "weight": 2'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"clamp": true, "clamp": true}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "weight": 1e999'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "weight": 1e-999'); \echo :SQLSTATE
\set VERBOSITY terse
SELECT repeat('[', 1000000)::ci.methodology; \echo :SQLSTATE
SELECT pg_temp.leaf(', "meta": ' || repeat('{"a":', 1000000)); \echo :SQLSTATE
\set VERBOSITY default

-- Top keys
SELECT pg_temp.top(', "nmae": "x"'); \echo :SQLSTATE
SELECT pg_temp.top(', "something else": 1'); \echo :SQLSTATE
SELECT pg_temp.top(', "name": 1'); \echo :SQLSTATE
SELECT pg_temp.top(', "version": 2010'); \echo :SQLSTATE
SELECT (text '{}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": []}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": {"code": "a"}}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": ["a"]}')::ci.methodology; \echo :SQLSTATE
SELECT ('{"components": [' || repeat('1,', 65535) || '1]}')::ci.methodology; \echo :SQLSTATE
SELECT pg_temp.top(', "screen": true'); \echo :SQLSTATE
SELECT pg_temp.top(', "screen": {"min_coverag": 0.5}'); \echo :SQLSTATE
SELECT pg_temp.top(', "screen": {"min_coverage": 1.5}'); \echo :SQLSTATE
SELECT pg_temp.top(', "screen": {"min_coverage": "0.5"}'); \echo :SQLSTATE
SELECT pg_temp.top(', "screen": {"max_zeros": -0.1}'); \echo :SQLSTATE
SELECT pg_temp.top(', "screen": {"units": []}'); \echo :SQLSTATE
SELECT pg_temp.top(', "screen": {"units": 7}'); \echo :SQLSTATE
SELECT pg_temp.top(', "screen": {"include": "flag"}'); \echo :SQLSTATE
SELECT pg_temp.top(', "screen": {"exclude": ["FRA", 7]}'); \echo :SQLSTATE
SELECT pg_temp.top(', "rank": "min"'); \echo :SQLSTATE
SELECT pg_temp.top(', "rank": {"tie": "min"}'); \echo :SQLSTATE
SELECT pg_temp.top(', "rank": {"ties": "mean"}'); \echo :SQLSTATE
SELECT pg_temp.top(', "rank": {"ties": 1}'); \echo :SQLSTATE
SELECT pg_temp.top(', "rank": {"decimals": 2.5}'); \echo :SQLSTATE
SELECT pg_temp.top(', "rank": {"decimals": 31}'); \echo :SQLSTATE
SELECT pg_temp.top(', "rank": {"decimals": 1e300}'); \echo :SQLSTATE
SELECT pg_temp.top(', "rank": {"decimals": "3"}'); \echo :SQLSTATE
SELECT pg_temp.top(', "on_constant": "zero"'); \echo :SQLSTATE
SELECT pg_temp.top(', "on_constant": 0'); \echo :SQLSTATE
SELECT pg_temp.top(', "on_nonpositive": "midpoint"'); \echo :SQLSTATE
SELECT pg_temp.top(', "on_nonpositive": 0'); \echo :SQLSTATE
SELECT pg_temp.top(', "on_nonpositive": true'); \echo :SQLSTATE

-- The tree
SELECT (text '{"components": [{"parent": "a"}]}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": [{"code": ""}]}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": [{"code": 1}]}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": [{"code": "a"}, {"code": "a"}]}')::ci.methodology; \echo :SQLSTATE
SELECT pg_temp.leaf(', "parent": "gpd"'); \echo :SQLSTATE
SELECT (text '{"components": [{"code": "index"}, {"code": "a", "parent": "idnex"}]}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": [{"code": "index"}, {"code": "a", "parent": "other"}]}')::ci.methodology; \echo :SQLSTATE
SELECT pg_temp.leaf(', "parent": ""'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "parent": null'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "parent": "gdp"'); \echo :SQLSTATE
SELECT (text '{"components": [{"code": "a", "parent": "b"}, {"code": "b", "parent": "c"}, {"code": "c", "parent": "a"}]}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": [{"code": "r"}, {"code": "x", "parent": "a"}, {"code": "a", "parent": "b"}, {"code": "b", "parent": "a"}]}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": [{"code": "a"}, {"code": "b"}]}')::ci.methodology; \echo :SQLSTATE
SELECT pg_temp.tree('', ', "weight": 0', ', "weight": 0'); \echo :SQLSTATE
SELECT pg_temp.tree('', ', "weight": 1e308', ', "weight": 1e308'); \echo :SQLSTATE

-- Keys of a component
SELECT pg_temp.leaf(', "wieght": 1'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "weight": -1'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "weight": "1"'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "weight": null'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "direction": 0'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "direction": "down"'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "label": ["GDP"]'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "units": []'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "units": ""'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "units": {"flag": "eu"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "units": ["FRA", null]'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "indicator": 3'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "aggregate": "arithmetic"'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "min_count": 1'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "min_coverage": 1'); \echo :SQLSTATE
SELECT pg_temp.tree(', "indicator": "gdp"'); \echo :SQLSTATE
SELECT pg_temp.tree(', "min_coverage": 2'); \echo :SQLSTATE
SELECT pg_temp.tree(', "min_count": -1'); \echo :SQLSTATE
SELECT pg_temp.tree(', "min_count": 1.5'); \echo :SQLSTATE

-- Aggregate
SELECT pg_temp.tree(', "aggregate": "geometrik"'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": 1'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": 1}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "arithmetic", "power": 2}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"scope": "panel"}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "power", "p": "two"}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"scale": [1, 1]}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"scale": 100}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "topsis", "norm": "sum"}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "topsis", "norm": 1}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "topsis", "scale": [0, 1]}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "vikor", "v": 1.1}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "waspas", "lambda": -0.1}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "codas", "tau": -0.1}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "aras", "ideal": 3}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "aras", "ideal": {"gdq": 3}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "aras", "ideal": {"gdp": "high"}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "aras", "ideal": {"gdp": 3, "life": 0}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": "spotis"'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "spotis", "bounds": {"gdp": [0, 1]}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "spotis", "bounds": {"gdp": [1, 0]}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none", "aggregate": {"method": "spotis", "bounds": {"gdp": [0, 1], "life": [0, 9]}, "ideal": {"life": 10}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "mpi", "polarity": "minus"}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "mean_min", "alpha": 0.5}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "mean_min", "alpha": 1.5, "beta": 0}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": "owa"'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "owa", "weights": [1, 2], "quantifier": 2}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "owa", "weights": 1}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "owa", "weights": []}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "owa", "weights": [0.5, "0.5"]}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "owa", "weights": [1, -1]}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "owa", "weights": [0, 0]}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "owa", "quantifier": 0}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "copeland", "scale": [0, 1]}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "function": "lineal"}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "function": "linear"}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "function": "linear", "q": 1}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "function": "linear", "q": 2, "p": 2}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "q": 2}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "function": "u-shape", "q": -2}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "function": "gaussian", "s": 1, "p": 2}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "function": "gaussian", "s": 0}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "function": "v-shape", "p": 0}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "preference": "usual"}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "preference": {"gdp": "usual"}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "preference": {"gpd": {"function": "usual"}}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "preference": {"gdp": {"form": "usual"}}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "preference": {"gdp": {"function": "v-shape"}}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "preference": {"gdp": {"function": "gaussian"}}}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "promethee", "preference": {"gdp": {"function": "usual", "s": 1}}}'); \echo :SQLSTATE

-- Denominator, impute, treat: each has its own test for the rest
SELECT pg_temp.leaf(', "denominator": {"indicator": 1}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "denominator": {"scale": 1000}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "impute": "lineer"'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "impute": {"max_gap": 2}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "treat": "winsorise"', ', "treat": {"method": "clip", "otherwise": "log"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "treat": {"method": "winsorise", "otherwise": "boxcox"}'); \echo :SQLSTATE

-- Normalise, rescale: methods and parameters
SELECT pg_temp.leaf(', "normalise": "min-max"'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": "softmax"'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": ["minmax"]'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "z-score"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"mean": 0}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lowr": 0}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "rank", "to": [0, 1]}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "normalise": "none"', ', "normalise": {"lower": 0}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "rescale": "min"'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "rescale": {"too": [0, 1]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"clamp": 1}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": "minimum"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": "p101"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": "p1e1"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": "p-1"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": "p5."}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": null}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": {"unit": 1}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": {"unit": "A", "period": 1}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": {"uint": "A"}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "goalposts", "lower": "min", "upper": 1}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "goalposts", "lower": 0}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"to": [1]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"to": [1, "2"]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"to": [1, 1]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"to": [0, 1e301]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "zscore", "to": [0, 0]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "zscore", "clamp": [3, -3]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "zscore", "mean": "0"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "zscore", "sd": -1}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "zscore", "sd": 0}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "robust_z", "mad": 0}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"transform": "ln"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"transform": 10}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"transform": {"offset": 1}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"transform": {"method": "log", "lambda": 1}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"transform": {"method": "none", "offset": 1}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"transform": {"method": "log", "ofset": 1}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"transform": "boxcox"}'); \echo :SQLSTATE

-- Scope
SELECT pg_temp.leaf(', "normalise": {"scope": "year"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"scope": 2020}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"scope": []}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"scope": [2020.5]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"scope": ["2020"]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"scope": [3000000000]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"scope": {"period": "panel"}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"scope": {"units": []}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"scope": {"by": ["region"]}}'); \echo :SQLSTATE

-- Bounds and scores of bands, and a reference
SELECT pg_temp.leaf(', "normalise": {"method": "bands", "bounds": 1}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "bands", "bounds": []}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "bands", "bounds": [[1]]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "bands", "bounds": ["median"]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "bands", "bounds": [1], "scores": [1, "2"]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "ampi", "reference": null}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "ampi", "reference": "median"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "ampi", "reference": {}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "ampi", "reference": {"unit": "Italy", "year": 2010}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "ampi", "reference": {"period": 2010.5}}'); \echo :SQLSTATE

-- Ends that contradict each other, or the transform
SELECT pg_temp.leaf(', "normalise": "bands"'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "bands", "bounds": [2, 1]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "bands", "bounds": [2, "p80"]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "bands", "bounds": [1, 2], "scores": [0, 1]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "bands", "bounds": [1], "scores": [2, 1]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "bands", "bounds": [1], "scores": [2, 2]}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "ampi", "reference": {"period": 1}, "scope": {"by": "region"}}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"method": "vector", "norm": 0}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": 5, "upper": 2}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": 5, "upper": 5}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": "p90", "upper": "p12.5"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": "max", "upper": "max"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "rescale": {"lower": 5, "upper": 2}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"lower": 0, "transform": "log"}'); \echo :SQLSTATE
SELECT pg_temp.leaf(', "normalise": {"upper": -2, "transform": {"method": "boxcox", "lambda": 0.5, "offset": 1}}'); \echo :SQLSTATE
-- equal ends mean "constant" where the policy says what becomes of that
SELECT pg_temp.tree('', ', "normalise": {"method": "goalposts", "lower": 5, "upper": 5}', '', ', "on_constant": "missing"');
SELECT pg_temp.tree('', ', "normalise": {"lower": 5, "upper": 2}', '', ', "on_constant": "missing"'); \echo :SQLSTATE

-- Scales
SELECT pg_temp.tree('', ', "normalise": {"to": [0, 1]}'); \echo :SQLSTATE
SELECT pg_temp.tree('', ', "normalise": "zscore"'); \echo :SQLSTATE
SELECT pg_temp.tree('', ', "normalise": {"to": [100, 0]}'); \echo :SQLSTATE
SELECT pg_temp.tree('', ', "normalise": "zscore"', ', "normalise": {"method": "zscore", "to": [100, 10]}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"scale": [1, 100]}', ', "normalise": "none"'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"scale": [1, 100]}, "normalise": "zscore"'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": "topsis"'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": "topsis", "normalise": "none"', '', ', "rescale": "minmax"'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": "topsis", "normalise": "none"', '', ', "normalise": {"method": "goalposts", "lower": 0, "upper": 9}'); \echo :SQLSTATE
SELECT (text '{"components": [{"code": "r"}, {"code": "p", "parent": "r", "direction": -1}, {"code": "a", "parent": "p", "normalise": "rank"}]}')::ci.methodology; \echo :SQLSTATE
SELECT (text '{"components": [{"code": "r"}, {"code": "p", "parent": "r", "aggregate": "kemeny"}, {"code": "a", "parent": "p"}]}')::ci.methodology; \echo :SQLSTATE

-- 0 or less that is bound to come under a mean that needs positive scores
SELECT pg_temp.tree(', "aggregate": "geometric"'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": "harmonic", "normalise": {"to": [-1, 1]}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "power", "p": -2}, "normalise": {"lower": "p5"}'); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": {"method": "geometric", "scale": [0, 1]}', '', ''); \echo :SQLSTATE
SELECT pg_temp.tree(', "aggregate": "geometric", "normalise": {"lower": 0}', ', "direction": -1'); \echo :SQLSTATE

-- ci.amend
SELECT ci.amend(pg_temp.top(''), '[]'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"rnak": {"decimals": 3}}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"rnak": null}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": null}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [1]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"weight": 2}]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"code": 2}]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"code": "gdp", "wieght": 2}]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"code": "gdp", "wieght": null}]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"code": "gdp"}, {"code": "gdp"}]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"code": "pop", "parent": "index"}, {"code": "pop"}]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"code": "gpd", "remove": true}]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"code": "gdp", "remove": 1}]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"code": "gdp", "remove": true, "weight": 2}]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"code": "index", "remove": true}]}'); \echo :SQLSTATE
SELECT ci.amend(pg_temp.top(''), '{"components": [{"code": "pop", "parent": "idx"}]}'); \echo :SQLSTATE

-- ci.methodology_agg
CREATE FUNCTION pg_temp.rows(VARIADIC rows jsonb[]) RETURNS ci.methodology LANGUAGE sql
	RETURN (SELECT ci.methodology_agg(r ORDER BY n) FROM pg_catalog.unnest(rows) WITH ORDINALITY u (r, n));
SELECT pg_temp.rows(NULL::jsonb); \echo :SQLSTATE
SELECT pg_temp.rows('"gdp"'); \echo :SQLSTATE
SELECT pg_temp.rows('{"code": "gdp", "colour": "red"}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"code": "gdp", "position": "first"}'); \echo :SQLSTATE
SELECT ci.methodology_from_rows('{NULL}'); \echo :SQLSTATE
SELECT ci.methodology_add_row(NULL, '{}'); \echo :SQLSTATE

-- COINr's iMeta
SELECT pg_temp.rows('{"iCode": "gdp"}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicateur"}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Group"}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": null, "Type": "Indicator"}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicator", "Level": 2}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicator", "Level": "1"}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "index", "Type": "Aggregate", "Level": 1}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "index", "Type": "Aggregate", "Level": 2}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "index", "Type": "Indicator", "Level": 1}',
					'{"iCode": "gdp", "Type": "Indicator", "Level": 1, "Parent": "index"}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "index", "Type": "Aggregate", "Level": 2}',
					'{"iCode": "pillar", "Type": "Aggregate", "Level": 2, "Parent": "index"}',
					'{"iCode": "gdp", "Type": "Indicator", "Level": 1, "Parent": "pillar"}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicator", "Parent": "NA"}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicator", "Weight": 1, "weight": 2}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicator", "ScaleFactor": 1000}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicator", "minmax_lower": 0}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicator", "minmax_lower": 0, "minmax_upper": 1, "zscore_mean": 0, "zscore_sd": 1}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicator", "minmax_lower": 0, "minmax_upper": 1, "normalise": "rank"}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicator", "goalpost_lower": 0, "goalpost_upper": 1}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "gdp", "Type": "Indicator", "scaled_lower": "0", "scaled_upper": 1}'); \echo :SQLSTATE
SELECT pg_temp.rows('{"iCode": "index", "Type": "Aggregate", "zscore_mean": 0, "zscore_sd": 1}'); \echo :SQLSTATE

-- ci.default_methodology
CREATE TEMPORARY TABLE p AS SELECT ci.panel_agg('FRA'::text, 2020, 'gdp'::text, 1) AS panel;
SELECT ci.default_methodology(panel, '{gpd}') FROM p; \echo :SQLSTATE
SELECT ci.default_methodology(panel, '{gdp,gdp}') FROM p; \echo :SQLSTATE
SELECT ci.default_methodology(panel, '{gdp,NULL}') FROM p; \echo :SQLSTATE
SELECT ci.default_methodology(panel, '{}') FROM p; \echo :SQLSTATE
