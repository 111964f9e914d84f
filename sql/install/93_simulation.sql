/*
 * simulation: draws that are counted part by part, merged, and shown
 */
CREATE FUNCTION ci.check_simulation(simulation bytea) RETURNS boolean
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000
	AS 'MODULE_PATHNAME', 'ci_check_simulation';
COMMENT ON FUNCTION ci.check_simulation(bytea) IS 'true, or an error that says what is wrong; the condition of the domain ci.simulation';

CREATE DOMAIN ci.simulation AS bytea
	CONSTRAINT simulation_check CHECK (ci.check_simulation(VALUE));
COMMENT ON DOMAIN ci.simulation IS 'what is kept of draws from what is uncertain: how often each unit had each rank';

CREATE FUNCTION ci.simulate(panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 1000, seed int DEFAULT 1,
		period int DEFAULT NULL, errors ci.panel DEFAULT NULL, first_draw int DEFAULT 1, pairs boolean DEFAULT false)
	RETURNS ci.simulation
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000
	AS 'MODULE_PATHNAME', 'ci_simulate';
COMMENT ON FUNCTION ci.simulate(ci.panel, ci.methodology, ci.uncertainty, int, int, int, ci.panel, int, boolean) IS 'the ranks of so many draws from the first on, counted; pairs: also how often a unit is ahead of another';

CREATE FUNCTION ci.simulation_merge(simulation ci.simulation, other ci.simulation) RETURNS ci.simulation
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000
	AS 'MODULE_PATHNAME', 'ci_simulation_merge';
COMMENT ON FUNCTION ci.simulation_merge(ci.simulation, ci.simulation) IS 'the draws of both, which must be different draws of the same; transition and combine function of ci.simulation_agg';

CREATE AGGREGATE ci.simulation_agg(simulation ci.simulation) (
	SFUNC = ci.simulation_merge,
	STYPE = ci.simulation,
	SSPACE = 65536,
	COMBINEFUNC = ci.simulation_merge,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE ci.simulation_agg(ci.simulation) IS 'simulations merged into one; draws that two have in common are an error';

CREATE FUNCTION ci.simulation_summary(simulation ci.simulation)
	RETURNS TABLE (draws int, ranges int8multirange, seed int, periods int[], units int[], pairs boolean, panel_digest bytea, methodology_digest bytea)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 1
	AS 'MODULE_PATHNAME', 'ci_simulation_summary';
COMMENT ON FUNCTION ci.simulation_summary(ci.simulation) IS 'which draws a simulation has counted, of what; units: their number in each period';

CREATE FUNCTION ci.simulation_intervals(simulation ci.simulation, level float8 DEFAULT 0.9)
	RETURNS TABLE (period int, unit text, rank int, mean_rank float8, median_rank int, lower_rank int, upper_rank int)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 100
	AS 'MODULE_PATHNAME', 'ci_simulation_intervals';
COMMENT ON FUNCTION ci.simulation_intervals(ci.simulation, float8) IS 'every unit''s rank, and mean, median and interval of its ranks over the draws counted';

CREATE FUNCTION ci.simulation_acceptability(simulation ci.simulation)
	RETURNS TABLE (period int, unit text, rank int, share float8, cumulative float8)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 1000
	AS 'MODULE_PATHNAME', 'ci_simulation_acceptability';
COMMENT ON FUNCTION ci.simulation_acceptability(ci.simulation) IS 'the share of the draws counted in which a unit has a rank, for every rank that it has in some; null: in which it has none';

CREATE FUNCTION ci.simulation_pairwise(simulation ci.simulation)
	RETURNS TABLE (period int, unit text, other text, ahead float8, tied float8)
	LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 ROWS 10000
	AS 'MODULE_PATHNAME', 'ci_simulation_pairwise';
COMMENT ON FUNCTION ci.simulation_pairwise(ci.simulation) IS 'the share of the draws counted in which a unit is ahead of another, or has the same rank; for simulations that count pairs';

-- Long runs: tables and views of a user, found by name, as those of a ledger are
CREATE FUNCTION ci.simulation_part(simulation regclass, part text) RETURNS text
	LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN ci.relation_part(simulation, part, 'simulation', 'simulation_chunk');
COMMENT ON FUNCTION ci.simulation_part(regclass, text) IS 'qualified name of a relation of a simulation: part is empty, or _input';

CREATE FUNCTION ci.simulation_refuse() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RAISE restrict_violation USING
		MESSAGE = format('cannot update what %I.%I has simulated', TG_TABLE_SCHEMA, TG_TABLE_NAME),
		HINT = 'Make another simulation with ci.create_simulation.';
END $$;
COMMENT ON FUNCTION ci.simulation_refuse() IS 'trigger function of a simulation''s tables: draws that are counted, and of what, stay as they are';

-- relation: the qualified names of S, _input, _progress, _intervals, _acceptability and _pairwise, in this order
CREATE FUNCTION ci.simulation_tables(relation text[]) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %s (
			first_draw int PRIMARY KEY CHECK (first_draw > 0),
			draws int NOT NULL CHECK (draws BETWEEN 1 AND 10000000),
			started_at timestamptz,
			finished_at timestamptz CHECK (finished_at >= started_at),
			simulation ci.simulation,
			CHECK (num_nulls(started_at, finished_at, simulation) IN (0, 3)),
			EXCLUDE USING gist (int8range(first_draw, first_draw::bigint + draws) WITH &&)
		)$sql$, relation[1]);
	EXECUTE format($sql$
		CREATE TRIGGER simulation_chunk BEFORE UPDATE ON %s FOR EACH ROW WHEN (OLD.simulation IS NOT NULL)
		EXECUTE FUNCTION ci.simulation_refuse()$sql$, relation[1]);
	EXECUTE format($sql$
		CREATE TABLE %s (
			panel ci.panel NOT NULL,
			methodology ci.methodology NOT NULL,
			uncertainty ci.uncertainty NOT NULL,
			seed int NOT NULL,
			period int,
			errors ci.panel,
			pairs boolean NOT NULL
		)$sql$, relation[2]);
	EXECUTE format('CREATE UNIQUE INDEX ON %s ((true))', relation[2]);
	EXECUTE format('CREATE TRIGGER simulation_input BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION ci.simulation_refuse()', relation[2]);
END $$;
COMMENT ON FUNCTION ci.simulation_tables(text[]) IS 'make the tables of a simulation; behind ci.create_simulation';

CREATE FUNCTION ci.simulation_views(relation text[], pairs boolean) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	-- Time that passed while some chunk was computed, not while none was.
	EXECUTE format($sql$
		CREATE VIEW %s AS
		WITH chunk AS (
			SELECT coalesce(sum(draws), 0) AS draws, coalesce(sum(draws) FILTER (WHERE simulation IS NOT NULL), 0) AS done,
				min(started_at) AS started_at, max(finished_at) AS last_at,
				range_agg(tstzrange(started_at, finished_at)) FILTER (WHERE simulation IS NOT NULL) AS busy
			FROM %s)
		SELECT draws, done, done::float8 / nullif(draws, 0) AS share, started_at, last_at,
			last_at + (SELECT sum(upper(run) - lower(run)) FROM unnest(busy) AS run) * ((draws - done)::float8 / nullif(done, 0)) AS expected_at
		FROM chunk$sql$, relation[3], relation[1]);
	FOR i IN 4 .. CASE WHEN pairs THEN 6 ELSE 5 END LOOP
		EXECUTE format('CREATE VIEW %s AS SELECT r.* FROM (SELECT ci.simulation_agg(simulation) AS simulation FROM %s) AS s, ci.%I(s.simulation) AS r',
			relation[i], relation[1], (ARRAY['simulation_intervals', 'simulation_acceptability', 'simulation_pairwise'])[i - 3]);
	END LOOP;
END $$;
COMMENT ON FUNCTION ci.simulation_views(text[], boolean) IS 'make the views of a simulation; behind ci.create_simulation';

CREATE FUNCTION ci.simulation_create(schema text, name text, panel ci.panel, methodology ci.methodology, uncertainty ci.uncertainty,
		draws int, seed int, period int, errors ci.panel, pairs boolean, chunk int) RETURNS regclass
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	relation text[];
BEGIN
	IF num_nulls(name, panel, methodology, uncertainty, draws, seed, pairs, chunk) > 0 THEN
		RAISE null_value_not_allowed USING MESSAGE = 'only period and errors of a simulation may be null';
	END IF;
	relation := ci.relation_names(schema, name, ARRAY['', '_input', '_progress', '_intervals', '_acceptability', '_pairwise'], 'simulation');
	IF draws < 1 THEN
		RAISE invalid_parameter_value USING MESSAGE = format('draws of a simulation must be at least 1, not %s', draws);
	ELSIF chunk NOT BETWEEN 1 AND 10000000 THEN
		RAISE invalid_parameter_value USING MESSAGE = format('chunk of a simulation must be between 1 and 10000000 draws, not %s', chunk);
	END IF;
	-- What is wrong with the arguments is told now, not hours later.
	PERFORM ci.simulate(panel, methodology, uncertainty, 1, seed, period, errors, 1, pairs);
	PERFORM ci.simulation_tables(relation);
	PERFORM ci.simulation_views(relation, pairs);
	EXECUTE format('INSERT INTO %s VALUES ($1, $2, $3, $4, $5, $6, $7)', relation[2])
	USING panel, methodology, uncertainty, seed, period, errors, pairs;
	EXECUTE format('INSERT INTO %s (first_draw, draws) SELECT first, least($2, $1 - first + 1) FROM generate_series(1, $1, $2) AS first', relation[1])
	USING draws, chunk;
	FOR i IN 1 .. CASE WHEN pairs THEN 6 ELSE 5 END LOOP
		EXECUTE format('COMMENT ON %s %s IS %L', CASE WHEN i <= 2 THEN 'TABLE' ELSE 'VIEW' END, relation[i], (ARRAY[
			'chunks of draws, and what was counted in those that are done',
			'what is simulated',
			'how far the simulation is, and when it may be done',
			'intervals of ranks over the draws done so far',
			'acceptabilities of ranks over the draws done so far',
			'pairs of units over the draws done so far'])[i]);
	END LOOP;
	RETURN relation[1]::regclass;
END $$;
COMMENT ON FUNCTION ci.simulation_create(text, text, ci.panel, ci.methodology, ci.uncertainty, int, int, int, ci.panel, boolean, int) IS 'make a simulation in a schema unless its name has one; behind ci.create_simulation';

-- Not in PL/pgSQL: the schema is the first of the caller's search_path.
CREATE FUNCTION ci.create_simulation(name text, panel ci.panel, methodology ci.methodology,
		uncertainty ci.uncertainty DEFAULT '{"weights": {"share": 0.25}}', draws int DEFAULT 10000, seed int DEFAULT 1,
		period int DEFAULT NULL, errors ci.panel DEFAULT NULL, pairs boolean DEFAULT false, chunk int DEFAULT 1000) RETURNS regclass
	LANGUAGE sql
	BEGIN ATOMIC
		SELECT ci.simulation_create(pg_catalog.current_schema(), name, panel, methodology, uncertainty, draws, seed, period, errors, pairs, chunk);
	END;
COMMENT ON FUNCTION ci.create_simulation(text, ci.panel, ci.methodology, ci.uncertainty, int, int, int, ci.panel, boolean, int) IS 'make a simulation that is run in chunks of draws: tables and views, owned by the caller';

CREATE FUNCTION ci.simulate_chunk(simulation regclass) RETURNS boolean
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	chunks text := ci.simulation_part(simulation, '');
	first int;
	n int;
	started timestamptz;
	counted ci.simulation;
BEGIN
	-- Locked until the transaction ends, and not waited for by another: each is taken once.
	EXECUTE format('SELECT first_draw, draws FROM %s WHERE simulation IS NULL ORDER BY first_draw LIMIT 1 FOR UPDATE SKIP LOCKED', chunks)
	INTO first, n;
	IF first IS NULL THEN
		RETURN false;
	END IF;
	started := clock_timestamp();
	EXECUTE format('SELECT ci.simulate(panel, methodology, uncertainty, $2, seed, period, errors, $1, pairs) FROM %s',
		ci.simulation_part(simulation, '_input')) INTO counted USING first, n;
	IF counted IS NULL THEN
		RAISE no_data_found USING
			MESSAGE = format('simulation %s has nothing to simulate', simulation),
			DETAIL = format('%s has no row that can be seen.', ci.simulation_part(simulation, '_input'));
	END IF;
	EXECUTE format('UPDATE %s SET started_at = $2, finished_at = $3, simulation = $4 WHERE first_draw = $1', chunks)
	USING first, started, greatest(started, clock_timestamp()), counted;
	RETURN true;
END $$;
COMMENT ON FUNCTION ci.simulate_chunk(regclass) IS 'take the next chunk of a simulation that is neither done nor taken, and count its draws; false if there is none';

-- A procedure that commits cannot have a search_path of its own: what it calls has.
CREATE PROCEDURE ci.run_simulation(simulation regclass)
	LANGUAGE plpgsql
	AS $$
BEGIN
	COMMIT;
	WHILE ci.simulate_chunk(simulation) LOOP
		COMMIT;
	END LOOP;
END $$;
COMMENT ON PROCEDURE ci.run_simulation(regclass) IS 'run what is left of a simulation, and commit after each chunk; several sessions share the chunks';
