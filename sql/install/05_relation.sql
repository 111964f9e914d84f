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
