-- The extension looks at itself: what a release may not lack, and what cannot change without being seen.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
\pset null ~

CREATE TEMPORARY VIEW member AS
SELECT classid, objid, classid::regclass AS catalog, pg_describe_object(classid, objid, 0) AS object
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'composite_indicator')
	-- from 17 on, array types that come with others are members too
	AND NOT (classid = 'pg_type'::regclass AND objid IN (SELECT typarray FROM pg_type));
CREATE TEMPORARY VIEW function AS
SELECT p.*, proname ~ '^(ledger_|relation_|simulation_(part|refuse|tables|views|create)$)' OR proname IN ('create_ledger', 'create_simulation', 'simulate_chunk', 'run_simulation', 'publish', 'import_edition', 'retract', 'verify', 'highlights', 'highlight_sentence') AS of_ledgers
FROM pg_proc AS p JOIN member ON classid = 'pg_proc'::regclass AND objid = p.oid;

-- Each query below lists what breaks a rule: nothing.
-- every member has a comment
SELECT object AS without_comment FROM member
WHERE obj_description(objid, catalog::text) IS NULL ORDER BY object COLLATE "C";
-- everything in the schema is a member, and every member that is in a schema is in this one
SELECT pg_describe_object('pg_proc'::regclass, oid, 0) AS stranger FROM pg_proc
WHERE pronamespace = 'ci'::regnamespace AND oid NOT IN (SELECT oid FROM function);
SELECT object AS elsewhere FROM member, pg_identify_object(classid, objid, 0) AS i WHERE i.schema <> 'ci' ORDER BY object COLLATE "C";
-- functions run as their caller, and anybody may call them; they are immutable and parallel safe, and set nothing, but for those of ledgers and long simulations
SELECT oid::regprocedure AS function, prosecdef, proacl FROM function WHERE prosecdef OR proacl IS NOT NULL ORDER BY proname COLLATE "C";
SELECT oid::regprocedure AS function, provolatile, proparallel, proconfig FROM function
WHERE (provolatile <> 'i' OR proparallel <> 's' OR proconfig IS NOT NULL) AND NOT of_ledgers
ORDER BY proname COLLATE "C";
-- in PL/pgSQL the search_path is fixed, but for a procedure that commits, and nowhere else is there PL/pgSQL
SELECT f.oid::regprocedure AS function, lanname, proconfig FROM function AS f JOIN pg_language AS l ON l.oid = prolang
WHERE (lanname = 'plpgsql') <> coalesce(proconfig[1] = 'search_path=pg_catalog, pg_temp', false) AND prokind <> 'p' OR lanname = 'plpgsql' AND NOT of_ledgers;
-- symbols of C functions begin with ci_, and the library is this one's; SQL functions are bound to what they call
SELECT oid::regprocedure AS function, prosrc, probin FROM function
WHERE prolang = (SELECT oid FROM pg_language WHERE lanname = 'c') AND (prosrc !~ '^ci_' OR probin <> '$libdir/composite_indicator')
ORDER BY proname COLLATE "C";
SELECT oid::regprocedure AS function FROM function
WHERE prolang = (SELECT oid FROM pg_language WHERE lanname = 'sql') AND prosqlbody IS NULL
ORDER BY proname COLLATE "C";
SELECT f.oid::regprocedure AS function, lanname FROM function AS f JOIN pg_language AS l ON l.oid = prolang
WHERE prokind <> 'a' AND lanname NOT IN ('c', 'sql') AND NOT of_ledgers;
-- aggregates can be computed in parts, which need no serialising, but for those over rows in order, which workers do not keep
SELECT aggfnoid::regprocedure AS aggregate FROM pg_aggregate JOIN function AS f ON f.oid = aggfnoid
WHERE (aggcombinefn = 0) <> (f.proname IN ('streak', 'longest_streak', 'first_time')) OR aggtranstype = 'internal'::regtype ORDER BY f.proname COLLATE "C";
-- what distributed engines ask of them: states and arguments of types that are what they seem, and no arguments for the final function but the state
SELECT aggfnoid::regprocedure AS aggregate FROM pg_aggregate JOIN function AS f ON f.oid = aggfnoid
WHERE aggfinalextra OR EXISTS (SELECT FROM pg_type WHERE oid IN (aggtranstype, f.prorettype) AND typtype = 'p')
	OR EXISTS (SELECT FROM unnest(f.proargtypes) AS argument JOIN pg_type AS t ON t.oid = argument WHERE typtype = 'p') ORDER BY f.proname COLLATE "C";
-- base types go through binary protocols; they have a default way to sort and to hash
SELECT typname FROM pg_type JOIN member ON classid = 'pg_type'::regclass AND objid = pg_type.oid
WHERE typtype = 'b' AND typelem = 0 AND (typsend = 0 OR typreceive = 0
	OR (SELECT count(*) FROM pg_opclass WHERE opcintype = pg_type.oid AND opcdefault) <> 2);
-- operator classes are complete
SELECT opcname, amname FROM pg_opclass JOIN member ON classid = 'pg_opclass'::regclass AND objid = pg_opclass.oid JOIN pg_am ON pg_am.oid = opcmethod
WHERE NOT amvalidate(pg_opclass.oid);
-- operators have a commutator, a negator and estimators
SELECT pg_operator.oid::regoperator AS operator FROM pg_operator JOIN member ON classid = 'pg_operator'::regclass AND objid = pg_operator.oid
WHERE oprcom = 0 OR oprnegate = 0 OR oprrest = 0 OR oprjoin = 0;

-- What there is.
SELECT catalog, count(*) FROM member GROUP BY catalog ORDER BY catalog::text COLLATE "C";
\pset tuples_only on
\pset format unaligned
-- functions and aggregates
SELECT CASE prokind WHEN 'a' THEN 'aggregate ' ELSE '' END || proname || '(' || pg_get_function_arguments(oid) || ')' || coalesce(' -> ' || pg_get_function_result(oid), ', procedure')
	|| CASE WHEN prokind = 'f' AND NOT proisstrict THEN ', called on null' ELSE '' END
FROM function ORDER BY proname COLLATE "C", pg_get_function_arguments(oid) COLLATE "C";
-- those of ledgers and long simulations are what they are
SELECT proname || ': ' || lanname || ', ' || CASE provolatile WHEN 'v' THEN 'volatile' WHEN 's' THEN 'stable' ELSE 'immutable' END
	|| ', parallel ' || CASE proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END || coalesce(', ' || array_to_string(proconfig, ', '), '')
FROM function AS f JOIN pg_language AS l ON l.oid = prolang WHERE of_ledgers ORDER BY proname COLLATE "C";
-- rows
SELECT relname || ': ' || string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'ci'::regnamespace AND attnum > 0 GROUP BY relname ORDER BY relname COLLATE "C";
-- everything else
SELECT object FROM member WHERE catalog <> 'pg_proc'::regclass ORDER BY object COLLATE "C";
