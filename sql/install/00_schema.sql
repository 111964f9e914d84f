/* composite_indicator: base script, made from sql/install/ by the Makefile */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION composite_indicator" to load this file. \quit

-- A trusted script runs with a superuser's rights: refuse to run among objects
-- that somebody else has put into the schema, where a name could be theirs.
DO LANGUAGE plpgsql $$
BEGIN
	IF EXISTS (SELECT FROM pg_catalog.pg_depend d
			   WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
				 AND d.refobjid OPERATOR(pg_catalog.=) 'ci'::pg_catalog.regnamespace
				 AND d.deptype OPERATOR(pg_catalog.=) 'n'
				 AND d.classid OPERATOR(pg_catalog.<>) 'pg_catalog.pg_extension'::pg_catalog.regclass)
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = 'schema "ci" already contains objects',
			HINT = 'Drop them or move them to another schema, then create the extension.';
	END IF;
END $$;

GRANT USAGE ON SCHEMA ci TO PUBLIC;
COMMENT ON SCHEMA ci IS 'composite indicators: panels, methodologies, and the rankings they give';
