/* composite_indicator: from 0.3.0 to 0.4.0 */

-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION composite_indicator UPDATE TO '0.4.0'" to load this file. \quit

/*
 * relation: tables and views of a user that functions find by name, those of
 * ledgers and simulations
 *
 * kind is a word for them: ci.create_<kind> makes them, and ci.<kind>_refuse is
 * the function of the trigger that the first of them is known by.
 */
CREATE FUNCTION ci.relation_part(relation regclass, part text, kind text, trigger text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	name text;
BEGIN
	IF relation IS NULL THEN
		RAISE null_value_not_allowed USING MESSAGE = format('%s must not be null', kind);
	END IF;
	IF NOT EXISTS (SELECT FROM pg_trigger
			WHERE tgrelid = relation AND tgname = trigger AND tgfoid = format('ci.%s_refuse', kind)::regproc) THEN
		RAISE wrong_object_type USING
			MESSAGE = format('%s is not a %s', relation, kind),
			HINT = format('Make one with ci.create_%s.', kind);
	END IF;
	SELECT format('%I.%I', nspname, relname || part) INTO name
	FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE pg_class.oid = relation;
	IF to_regclass(name) IS NULL THEN
		RAISE undefined_table USING
			MESSAGE = format('%s %s has no relation %s', kind, relation, name),
			HINT = format('The relations of a %s are renamed and moved together.', kind);
	END IF;
	RETURN name;
END $$;
COMMENT ON FUNCTION ci.relation_part(regclass, text, text, text) IS 'qualified name of what is named as the first relation of its kind, and part; behind ci.ledger_part and ci.simulation_part';

CREATE FUNCTION ci.relation_names(schema text, name text, parts text[], kind text) RETURNS text[]
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	path text[] := parse_ident(name);
	base text := path[cardinality(path)];
	longest_part text := (SELECT part FROM unnest(parts) AS part ORDER BY length(part) DESC LIMIT 1);
	longest int := current_setting('max_identifier_length')::int - length(longest_part);
BEGIN
	IF cardinality(path) > 2 THEN
		RAISE invalid_name USING MESSAGE = format('invalid name of a %s: %s', kind, name),
			HINT = 'Give a name, or a schema and a name.';
	ELSIF octet_length(base) > longest THEN
		RAISE name_too_long USING MESSAGE = format('name of a %s is too long: %s', kind, name),
			DETAIL = format('It may have %s bytes, as "%s" is appended to it.', longest, longest_part);
	END IF;
	schema := CASE WHEN cardinality(path) = 2 THEN path[1] ELSE schema END;
	IF schema IS NULL THEN
		RAISE invalid_schema_name USING MESSAGE = 'no schema has been selected to create in';
	END IF;
	RETURN ARRAY(SELECT format('%I.%I', schema, base || part) FROM unnest(parts) WITH ORDINALITY AS p (part, n) ORDER BY n);
END $$;
COMMENT ON FUNCTION ci.relation_names(text, text, text[], text) IS 'qualified names of what is to be made, in a schema unless name has one; behind ci.create_ledger and ci.create_simulation';

CREATE OR REPLACE FUNCTION ci.ledger_part(ledger regclass, part text) RETURNS text
	LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN ci.relation_part(ledger, part, 'ledger', 'ledger_edition');

CREATE OR REPLACE FUNCTION ci.ledger_create(schema text, name text, tops int[]) RETURNS regclass
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	relation text[];
BEGIN
	IF name IS NULL OR tops IS NULL OR EXISTS (SELECT FROM unnest(tops) AS k WHERE k IS NULL) THEN
		RAISE null_value_not_allowed USING MESSAGE = 'name and tops of a ledger must not be null';
	END IF;
	relation := ci.relation_names(schema, name, ARRAY['', '_input', '_standing', '_history', '_latest', '_component'], 'ledger');
	IF EXISTS (SELECT FROM unnest(tops) AS k GROUP BY k HAVING k < 1 OR count(*) > 1) THEN
		RAISE invalid_parameter_value USING MESSAGE = 'tops of a ledger must be different numbers from 1 on',
			DETAIL = format('They are %s.', tops);
	END IF;
	PERFORM ci.ledger_tables(relation);
	PERFORM ci.ledger_views(relation, tops);
	FOR i IN 1 .. 6 LOOP
		EXECUTE format('COMMENT ON %s %s IS %L', CASE WHEN i <= 3 THEN 'TABLE' ELSE 'VIEW' END, relation[i], (ARRAY[
			'published editions, retracted ones too',
			'what editions were computed from: panel, methodology, and this with its estimated parameters as numbers',
			'score and rank of every unit on every component, as published',
			'every unit in every live edition: rank, movement, and its run so far',
			'the newest live edition',
			'components of the methodologies of live editions'])[i]);
	END LOOP;
	RETURN relation[1]::regclass;
END $$;

CREATE OR REPLACE FUNCTION ci.simulation_part(simulation regclass, part text) RETURNS text
	LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN ci.relation_part(simulation, part, 'simulation', 'simulation_chunk');

CREATE OR REPLACE FUNCTION ci.simulation_create(schema text, name text, panel ci.panel, methodology ci.methodology, uncertainty ci.uncertainty,
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

CREATE FUNCTION ci.panel_final(state ci.panel) RETURNS ci.panel
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'ci_panel_final';
COMMENT ON FUNCTION ci.panel_final(ci.panel) IS 'final function of ci.panel_agg';

CREATE OR REPLACE AGGREGATE ci.panel_agg(panel ci.panel) (
	SFUNC = ci.panel_add_panel,
	STYPE = ci.panel,
	SSPACE = 16384,
	FINALFUNC = ci.panel_final,
	COMBINEFUNC = ci.panel_add_panel,
	PARALLEL = SAFE
);
CREATE OR REPLACE AGGREGATE ci.panel_agg(unit text, period int, indicator text, value float8) (
	SFUNC = ci.panel_add_cell,
	STYPE = ci.panel,
	SSPACE = 16384,
	FINALFUNC = ci.panel_final,
	COMBINEFUNC = ci.panel_add_panel,
	PARALLEL = SAFE
);
CREATE OR REPLACE AGGREGATE ci.panel_agg(unit text, indicator text, value float8) (
	SFUNC = ci.panel_add_cell,
	STYPE = ci.panel,
	SSPACE = 16384,
	FINALFUNC = ci.panel_final,
	COMBINEFUNC = ci.panel_add_panel,
	PARALLEL = SAFE
);
CREATE OR REPLACE AGGREGATE ci.panel_agg(unit text, period int, indicators text[], cells float8[]) (
	SFUNC = ci.panel_add_row,
	STYPE = ci.panel,
	SSPACE = 16384,
	FINALFUNC = ci.panel_final,
	COMBINEFUNC = ci.panel_add_panel,
	PARALLEL = SAFE
);
CREATE OR REPLACE AGGREGATE ci.panel_agg(unit text, period int, cells jsonb) (
	SFUNC = ci.panel_add_row,
	STYPE = ci.panel,
	SSPACE = 16384,
	FINALFUNC = ci.panel_final,
	COMBINEFUNC = ci.panel_add_panel,
	PARALLEL = SAFE
);
