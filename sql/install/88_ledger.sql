/*
 * ledger: published editions
 *
 * A ledger is three tables and three views of a user.  Functions find them by
 * name and run with their caller's rights.  Their search_path is fixed, so what
 * a caller has on his decides nothing; the names of relations are qualified.
 */
CREATE FUNCTION ci.ledger_part(ledger regclass, part text) RETURNS text
	LANGUAGE sql STABLE PARALLEL RESTRICTED
	RETURN ci.relation_part(ledger, part, 'ledger', 'ledger_edition');
COMMENT ON FUNCTION ci.ledger_part(regclass, text) IS 'qualified name of a relation of a ledger: part is empty, _input, _standing, _history, _latest or _component';

CREATE FUNCTION ci.ledger_refuse() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	RAISE restrict_violation USING
		MESSAGE = format('cannot %s published rows of %I.%I', lower(TG_OP), TG_TABLE_SCHEMA, TG_TABLE_NAME),
		DETAIL = CASE WHEN TG_LEVEL = 'ROW' THEN format('Edition "%s".', OLD.edition) ELSE 'All editions.' END,
		HINT = 'Retract the edition with ci.retract, and publish another.';
END $$;
COMMENT ON FUNCTION ci.ledger_refuse() IS 'trigger function of a ledger''s tables: what is published stays as it is';

-- Making one.  relation: the qualified names of L, _input, _standing, _history, _latest and _component, in this order
CREATE FUNCTION ci.ledger_tables(relation text[]) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
BEGIN
	EXECUTE format($sql$
		CREATE TABLE %1$s (
			edition text COLLATE "C" PRIMARY KEY,
			period int NOT NULL,
			published_at timestamptz NOT NULL,
			published_by text NOT NULL,
			source text NOT NULL CHECK (source IN ('computed', 'imported')),
			listed int,
			n_ranked int,
			note text,
			panel_digest bytea,
			methodology_digest bytea,
			fitted_digest bytea,
			digest bytea NOT NULL,
			retracted_at timestamptz,
			retracted_by text,
			reason text,
			CHECK (num_nulls(panel_digest, methodology_digest, fitted_digest) = CASE source WHEN 'computed' THEN 0 ELSE 3 END),
			CHECK (num_nulls(retracted_at, retracted_by, reason) IN (0, 3))
		)$sql$, relation[1]);
	EXECUTE format('CREATE UNIQUE INDEX ON %s (period) WHERE retracted_at IS NULL', relation[1]);
	EXECUTE format($sql$
		CREATE TABLE %2$s (
			edition text COLLATE "C" PRIMARY KEY REFERENCES %1$s,
			panel ci.panel NOT NULL,
			methodology ci.methodology NOT NULL,
			fitted ci.methodology NOT NULL
		)$sql$, VARIADIC relation);
	EXECUTE format($sql$
		CREATE TABLE %3$s (
			edition text COLLATE "C" REFERENCES %1$s,
			period int NOT NULL,
			unit text COLLATE "C",
			component text COLLATE "C",
			parent text COLLATE "C",
			depth int NOT NULL,
			score float8,
			rank int,
			n_ranked int,
			coverage float8,
			imputed_share float8,
			status text NOT NULL,
			PRIMARY KEY (edition, component, unit)
		)$sql$, VARIADIC relation);
	-- the root's rows, by edition and by unit
	EXECUTE format('CREATE UNIQUE INDEX ON %s (edition, unit) INCLUDE (rank) WHERE depth = 0', relation[3]);
	EXECUTE format('CREATE INDEX ON %s (unit, edition) WHERE depth = 0', relation[3]);

	-- An edition may only be retracted, and once.
	EXECUTE format($sql$
		CREATE TRIGGER ledger_edition BEFORE UPDATE ON %s FOR EACH ROW
		WHEN (OLD.retracted_at IS NOT NULL OR NEW.retracted_at IS NULL
			OR (OLD.edition, OLD.period, OLD.published_at, OLD.published_by, OLD.source, OLD.listed, OLD.n_ranked,
				OLD.note, OLD.panel_digest, OLD.methodology_digest, OLD.fitted_digest, OLD.digest)
			IS DISTINCT FROM (NEW.edition, NEW.period, NEW.published_at, NEW.published_by, NEW.source, NEW.listed, NEW.n_ranked,
				NEW.note, NEW.panel_digest, NEW.methodology_digest, NEW.fitted_digest, NEW.digest))
		EXECUTE FUNCTION ci.ledger_refuse()$sql$, relation[1]);
	EXECUTE format('CREATE TRIGGER ledger_delete BEFORE DELETE ON %s FOR EACH ROW EXECUTE FUNCTION ci.ledger_refuse()', relation[1]);
	FOR i IN 2 .. 3 LOOP
		EXECUTE format('CREATE TRIGGER ledger_row BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION ci.ledger_refuse()', relation[i]);
	END LOOP;
	FOR i IN 1 .. 3 LOOP
		EXECUTE format('CREATE TRIGGER ledger_truncate BEFORE TRUNCATE ON %s EXECUTE FUNCTION ci.ledger_refuse()', relation[i]);
	END LOOP;
END $$;
COMMENT ON FUNCTION ci.ledger_tables(text[]) IS 'make the tables of a ledger, with what keeps their rows as they are; behind ci.create_ledger';

CREATE FUNCTION ci.ledger_views(relation text[], tops int[]) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	edition text;
	movement text;
	top_edition text;
	top_place text;
	top_run text;
	top_history text;
	top_latest text;
BEGIN
	-- Per K of tops: is a unit known to be among the first K, and what follows for its run so far?
	SELECT string_agg(format(', count(*) FILTER (WHERE listed < %1$s) OVER w AS short%1$s', k), '' ORDER BY n),
		string_agg(format(', CASE WHEN rank IS NOT NULL OR listed IS NULL OR listed >= %1$s'
			' THEN coalesce(rank <= %1$s, false) END AS in%1$s', k), '' ORDER BY n),
		string_agg(format(', count(*) FILTER (WHERE in%1$s) OVER w AS editions%1$s, ci.streak(in%1$s) OVER w AS streak%1$s,'
			' ci.longest_streak(in%1$s) OVER w AS longest%1$s, ci.first_time(in%1$s) OVER w AS first%1$s,'
			' count(rank) FILTER (WHERE listed < %1$s) OVER w AS seen%1$s', k), '' ORDER BY n),
		string_agg(format(', editions%1$s AS editions_top%1$s, CASE WHEN in%1$s IS NOT NULL THEN streak%1$s END AS streak_top%1$s,'
			' longest%1$s AS longest_top%1$s, CASE WHEN in%1$s IS NOT NULL AND (NOT first%1$s OR seen%1$s = short%1$s)'
			' THEN first%1$s END AS first_top%1$s', k), '' ORDER BY n),
		string_agg(format(', editions_top%1$s, streak_top%1$s, longest_top%1$s, first_top%1$s', k), '' ORDER BY n)
	INTO top_edition, top_place, top_run, top_history, top_latest
	FROM unnest(tops) WITH ORDINALITY AS t (k, n);
	edition := format($sql$
			SELECT edition, period, listed, n_ranked,
				lag(edition) OVER w AS previous_edition, lead(edition) OVER w AS next_edition,
				methodology_digest <> lag(methodology_digest) OVER w AS methodology_changed,
				fitted_digest = lag(fitted_digest) OVER w AS same_parameters%s
			FROM %s WHERE retracted_at IS NULL WINDOW w AS (ORDER BY period)
		$sql$, top_edition, relation[1]);
	movement := $sql$
			CASE WHEN %s IS NULL THEN NULL
				WHEN rank IS NULL THEN CASE WHEN previous_rank IS NOT NULL THEN 'out' END
				WHEN previous_rank IS NULL THEN CASE WHEN %s THEN 'back' ELSE 'new' END
				WHEN rank < previous_rank THEN 'up'
				WHEN rank > previous_rank THEN 'down'
				ELSE 'same' END AS movement
		$sql$;

	-- place: a row for each unit in an edition, and one in the edition that a unit has left
	EXECUTE format($sql$
		CREATE VIEW %4$s WITH (security_barrier) AS
		WITH edition AS (%7$s),
		place AS (
			SELECT edition, unit, component, score, rank, coverage, imputed_share, status FROM %3$s WHERE depth = 0
			UNION ALL
			SELECT e.next_edition, s.unit, NULL, NULL, NULL, NULL, NULL, 'not listed'
			FROM edition AS e JOIN %3$s AS s USING (edition)
			WHERE s.depth = 0 AND s.rank IS NOT NULL AND e.next_edition IS NOT NULL
				AND NOT EXISTS (SELECT FROM %3$s AS t WHERE t.edition = e.next_edition AND t.unit = s.unit AND t.depth = 0)),
		top AS (
			SELECT *%8$s
			FROM place JOIN edition USING (edition)),
		run AS (
			SELECT *,
				CASE WHEN lag(edition) OVER w = previous_edition THEN lag(rank) OVER w END AS previous_rank,
				count(rank) OVER w AS times_ranked, min(rank) OVER w AS best_rank, max(rank) OVER w AS worst_rank%9$s
			FROM top
			WINDOW w AS (PARTITION BY unit ORDER BY period ROWS UNBOUNDED PRECEDING))
		SELECT edition, period, unit, component, score, rank, n_ranked, coverage, imputed_share, status,
			previous_edition, previous_rank, previous_rank - rank AS rank_change, %10$s,
			methodology_changed, same_parameters AND independent AS scores_comparable, best_rank, worst_rank%11$s
		FROM run LEFT JOIN (
			SELECT edition, bool_and(ci.is_peer_independent(fitted)) AS independent FROM %2$s GROUP BY edition) AS f USING (edition)
		$sql$, VARIADIC relation || ARRAY[edition, top_place, top_run, format(movement, 'previous_edition', 'times_ranked > 1'), top_history]);
	-- The same of the newest edition.  What needs no history is read without it: the planner drops
	-- subqueries and joins that a query takes nothing from.
	EXECUTE format($sql$
		CREATE VIEW %5$s WITH (security_barrier) AS
		WITH edition AS (%7$s),
		latest AS (SELECT * FROM edition WHERE next_edition IS NULL),
		now AS NOT MATERIALIZED (SELECT * FROM %3$s WHERE edition = (SELECT edition FROM latest) AND depth = 0),
		before AS NOT MATERIALIZED (SELECT * FROM %3$s WHERE edition = (SELECT previous_edition FROM latest) AND depth = 0 AND rank IS NOT NULL),
		place AS (
			SELECT unit, component, score, rank, coverage, imputed_share, status, previous_rank
			FROM now LEFT JOIN (SELECT unit, min(rank) AS previous_rank FROM before GROUP BY unit) AS p USING (unit)
			UNION ALL
			SELECT unit, NULL, NULL, NULL, NULL, NULL, 'not listed', before.rank
			FROM before LEFT JOIN (SELECT unit FROM now ORDER BY unit) AS n USING (unit) WHERE n.unit IS NULL)
		SELECT (SELECT edition FROM latest) AS edition, (SELECT period FROM latest) AS period, unit, component, score, rank,
			(SELECT n_ranked FROM latest) AS n_ranked, coverage, imputed_share, status,
			(SELECT previous_edition FROM latest) AS previous_edition, previous_rank, previous_rank - rank AS rank_change, %8$s,
			(SELECT methodology_changed FROM latest) AS methodology_changed,
			(SELECT same_parameters AND ci.is_peer_independent(fitted) FROM latest LEFT JOIN %2$s USING (edition)) AS scores_comparable,
			best_rank, worst_rank%9$s
		FROM place LEFT JOIN (SELECT DISTINCT ON (unit) unit, best_rank, worst_rank%9$s
			FROM %4$s WHERE edition = (SELECT edition FROM latest)) AS h USING (unit)
		$sql$, VARIADIC relation || ARRAY[edition, format(movement, '(SELECT previous_edition FROM latest)', format(
			'coalesce((SELECT true FROM %1$s AS s JOIN %2$s AS l USING (edition)'
			' WHERE s.unit = place.unit AND s.depth = 0 AND s.rank IS NOT NULL'
			' AND l.retracted_at IS NULL AND l.period < (SELECT period FROM latest) LIMIT 1), false)',
			relation[3], relation[1])), top_latest]);
	EXECUTE format($sql$
		CREATE VIEW %6$s WITH (security_barrier) AS
		SELECT edition, c.* FROM %1$s JOIN %2$s USING (edition), ci.components(methodology) AS c
		WHERE retracted_at IS NULL$sql$, VARIADIC relation);
END $$;
COMMENT ON FUNCTION ci.ledger_views(text[], int[]) IS 'make the views of a ledger; behind ci.create_ledger';

CREATE FUNCTION ci.ledger_create(schema text, name text, tops int[]) RETURNS regclass
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
COMMENT ON FUNCTION ci.ledger_create(text, text, int[]) IS 'make a ledger in a schema unless its name has one; behind ci.create_ledger';

-- Not in PL/pgSQL: the schema is the first of the caller's search_path.
CREATE FUNCTION ci.create_ledger(name text, tops int[] DEFAULT '{1,3,5,10}') RETURNS regclass
	LANGUAGE sql
	BEGIN ATOMIC
		SELECT ci.ledger_create(pg_catalog.current_schema(), name, tops);
	END;
COMMENT ON FUNCTION ci.create_ledger(text, int[]) IS 'make a ledger: tables and views of published editions, owned by the caller; tops are the k of its columns on the first k places';

-- Publishing
CREATE FUNCTION ci.ledger_results(panel ci.panel, methodology ci.methodology, period int)
	RETURNS TABLE (unit text, component text, parent text, depth int, score float8, rank int, n_ranked int,
		coverage float8, imputed_share float8, status text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10000
	BEGIN ATOMIC
		SELECT s.unit, s.component, s.parent, s.depth, s.score, s.rank, s.n_ranked, s.coverage, s.imputed_share,
			CASE WHEN s.rank IS NOT NULL THEN 'ranked' WHEN r.status IN ('screened', 'excluded') THEN r.status ELSE 'no score' END
		FROM ci.scores(ledger_results.panel, ledger_results.methodology) AS s
			JOIN ci.rank(ledger_results.panel, ledger_results.methodology) AS r ON r.unit = s.unit
		WHERE s.period = ledger_results.period AND r.period = ledger_results.period;
	END;
COMMENT ON FUNCTION ci.ledger_results(ci.panel, ci.methodology, int) IS 'what a ledger keeps of a period: ci.scores, each row with its status';

CREATE FUNCTION ci.ledger_bytes(unit text, component text, parent text, depth int, score float8, rank int, n_ranked int,
		coverage float8, imputed_share float8, status text) RETURNS bytea
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN convert_to(unit, 'UTF8') || E'\\x00' || convert_to(component, 'UTF8') || E'\\x00'
		|| coalesce(convert_to(parent, 'UTF8'), E'\\xff') || E'\\x00' || int4send(depth)
		|| coalesce(E'\\x01' || float8send(score), E'\\x00') || coalesce(E'\\x01' || int4send(rank), E'\\x00')
		|| coalesce(E'\\x01' || int4send(n_ranked), E'\\x00') || coalesce(E'\\x01' || float8send(coverage), E'\\x00')
		|| coalesce(E'\\x01' || float8send(imputed_share), E'\\x00') || convert_to(status, 'UTF8') || E'\\x00';
COMMENT ON FUNCTION ci.ledger_bytes(text, text, text, int, float8, int, int, float8, float8, text) IS 'a result as bytes, for an edition''s digest; they depend on no setting';

CREATE FUNCTION ci.ledger_digest(panel ci.panel, methodology ci.methodology, period int, listed int, n_ranked int, units bytea) RETURNS bytea
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN sha256(coalesce(ci.digest(panel), E'\\x') || coalesce(ci.digest(methodology), E'\\x') || int4send(period)
		|| coalesce(E'\\x01' || int4send(listed), E'\\x00') || coalesce(E'\\x01' || int4send(n_ranked), E'\\x00') || coalesce(units, E'\\x'));
COMMENT ON FUNCTION ci.ledger_digest(ci.panel, ci.methodology, int, int, int, bytea) IS 'digest of an edition; units are the digests of each unit''s results, in the order of units';

CREATE FUNCTION ci.ledger_add(ledger regclass, edition text, period int, panel ci.panel, methodology ci.methodology,
		units text[], ranks int[], scores float8[], listed int, note text, OUT digest bytea, OUT added boolean)
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	editions text := ci.ledger_part(ledger, '');
	fitted ci.methodology := ci.fit(panel, methodology, period);
	ranked int;
	published bytea;
	retracted timestamptz;
	live text;
BEGIN
	-- One statement: what it inserts is there as a whole or not at all.
	EXECUTE format($sql$
		WITH result AS MATERIALIZED (
			SELECT * FROM ci.ledger_results($3, $4, $2)
			UNION ALL
			SELECT unit, 'index', NULL, 0, score, rank, CASE WHEN $8 IS NULL THEN cardinality($5) END, NULL, NULL, 'ranked'
			FROM unnest($5, $6, $7) AS u (unit, rank, score)),
		unit AS (
			SELECT unit, sha256(string_agg(ci.ledger_bytes(unit, component, parent, depth, score, rank, n_ranked, coverage, imputed_share, status),
				'' ORDER BY component COLLATE "C")) AS digest
			FROM result GROUP BY unit),
		ranking AS (
			SELECT count(rank)::int AS ranked, CASE WHEN $8 IS NULL THEN count(rank)::int END AS n_ranked FROM result WHERE depth = 0),
		edition AS (
			SELECT ranked, n_ranked, ci.ledger_digest($3, $4, $2, $8, n_ranked,
				(SELECT string_agg(digest, '' ORDER BY unit COLLATE "C") FROM unit)) AS digest
			FROM ranking),
		added AS (
			INSERT INTO %s (edition, period, published_at, published_by, source, listed, n_ranked, note,
				panel_digest, methodology_digest, fitted_digest, digest)
			SELECT $1, $2, now(), current_user, CASE WHEN $3 IS NULL THEN 'imported' ELSE 'computed' END, $8, n_ranked, $9, ci.digest($3), ci.digest($4), ci.digest($10), digest
			FROM edition WHERE ranked > 0
			ON CONFLICT DO NOTHING RETURNING edition),
		input AS (
			INSERT INTO %s (edition, panel, methodology, fitted)
			SELECT edition, $3, $4, $10 FROM added WHERE $3 IS NOT NULL),
		standing AS (
			INSERT INTO %s (edition, period, unit, component, parent, depth, score, rank, n_ranked, coverage, imputed_share, status)
			SELECT edition, $2, result.* FROM added, result ORDER BY depth, component COLLATE "C", unit COLLATE "C")
		SELECT digest, ranked, EXISTS (SELECT FROM added) FROM edition
		$sql$, editions, ci.ledger_part(ledger, '_input'), ci.ledger_part(ledger, '_standing'))
	INTO digest, ranked, added
	USING edition, period, panel, methodology, units, ranks, scores, listed, note, fitted;
	IF added THEN
		RETURN;
	END IF;

	EXECUTE format('SELECT digest, retracted_at FROM %s WHERE edition = $1', editions) INTO published, retracted USING edition;
	IF published = digest THEN
		IF retracted IS NOT NULL THEN
			RAISE WARNING USING MESSAGE = format('edition "%s" of ledger %s was retracted and stays so', edition, ledger);
		END IF;
		RETURN;
	ELSIF published IS NOT NULL THEN
		RAISE unique_violation USING
			MESSAGE = format('edition "%s" of ledger %s is already published', edition, ledger),
			DETAIL = format('Its digest is %s, not %s.', published, digest),
			HINT = 'Publish under another name; if the first is wrong, retract it with ci.retract.';
	ELSIF ranked = 0 THEN
		RAISE data_exception USING MESSAGE = format('edition "%s" has no ranked unit in period %s', edition, period);
	END IF;
	EXECUTE format('SELECT edition FROM %s WHERE period = $1 AND retracted_at IS NULL', editions) INTO live USING period;
	IF live IS NULL THEN
		RAISE serialization_failure USING MESSAGE = format('period %s of ledger %s was changed by another transaction', period, ledger),
			HINT = 'Publish again.';
	END IF;
	RAISE unique_violation USING
		MESSAGE = format('period %s of ledger %s already has edition "%s"', period, ledger, live),
		HINT = 'Retract that with ci.retract first.';
END $$;
COMMENT ON FUNCTION ci.ledger_add(regclass, text, int, ci.panel, ci.methodology, text[], int[], float8[], int, text) IS 'add an edition, or find it there; behind ci.publish and ci.import_edition, which check what they are given';

CREATE FUNCTION ci.publish(ledger regclass, edition text, period int, panel ci.panel, methodology ci.methodology,
		note text DEFAULT NULL, strict boolean DEFAULT false) RETURNS bytea
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	result record;
	warnings text;
BEGIN
	IF num_nulls(edition, period, methodology, strict) > 0 THEN
		RAISE null_value_not_allowed USING MESSAGE = 'name, period, methodology and strict of an edition must not be null';
	ELSIF panel IS NULL THEN
		RAISE null_value_not_allowed USING MESSAGE = format('panel of edition "%s" must not be null', edition),
			HINT = 'A panel of no rows is null.';
	END IF;
	result := ci.ledger_add(ledger, edition, period, panel, methodology, NULL, NULL, NULL, NULL, note);
	IF result.added AND strict THEN
		SELECT string_agg(f.finding || ': ' || f.message, E'\n') INTO warnings
		FROM ci.audit(publish.panel, publish.methodology) AS f
		WHERE f.severity <> 'note' AND coalesce(f.period, publish.period) = publish.period;
		IF warnings IS NOT NULL THEN
			RAISE data_exception USING
				MESSAGE = format('ci.audit warns of edition "%s"', edition),
				DETAIL = warnings,
				HINT = 'Correct the data or the methodology, or publish without strict.';
		END IF;
	END IF;
	RETURN result.digest;
END $$;
COMMENT ON FUNCTION ci.publish(regclass, text, int, ci.panel, ci.methodology, text, boolean) IS 'publish a period of a panel, judged by a methodology, as an edition of a ledger, and give its digest; strict: not if ci.audit warns';

CREATE FUNCTION ci.import_edition(ledger regclass, edition text, period int, units text[], ranks int[],
		scores float8[] DEFAULT NULL, listed int DEFAULT NULL) RETURNS bytea
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	wrong text;
BEGIN
	IF num_nulls(edition, period, units, ranks) > 0
			OR EXISTS (SELECT FROM unnest(units) AS unit WHERE unit IS NULL) OR EXISTS (SELECT FROM unnest(ranks) AS rank WHERE rank IS NULL) THEN
		RAISE null_value_not_allowed USING MESSAGE = 'name, period, units and ranks of an edition must not be null';
	ELSIF cardinality(ranks) <> cardinality(units) OR cardinality(scores) <> cardinality(units) THEN
		RAISE array_subscript_error USING MESSAGE = format('units, ranks and scores of edition "%s" differ in number', edition),
			DETAIL = format('They are %s, %s and %s.', cardinality(units), cardinality(ranks), coalesce(cardinality(scores)::text, 'null'));
	END IF;
	SELECT format('Unit "%s" has rank %s.', unit, rank) INTO wrong FROM unnest(units, ranks) AS u (unit, rank) WHERE rank < 1 LIMIT 1;
	IF wrong IS NOT NULL OR listed < 1 THEN
		RAISE invalid_parameter_value USING MESSAGE = format('ranks of edition "%s" must be at least 1', edition),
			DETAIL = coalesce(wrong, format('The edition lists %s.', listed));
	END IF;
	SELECT format('Unit "%s" has score %s.', unit, score) INTO wrong FROM unnest(units, scores) AS u (unit, score)
	WHERE score IN ('NaN', 'Infinity', '-Infinity') LIMIT 1;
	IF wrong IS NOT NULL THEN
		RAISE data_exception USING MESSAGE = format('scores of edition "%s" must be finite', edition), DETAIL = wrong,
			HINT = 'Use NULL for a score that is not known.';
	END IF;
	SELECT unit INTO wrong FROM unnest(units) AS u (unit) GROUP BY unit HAVING count(*) > 1 LIMIT 1;
	IF wrong IS NOT NULL THEN
		RAISE unique_violation USING MESSAGE = format('edition "%s" lists a unit twice', edition), DETAIL = format('Unit "%s".', wrong);
	END IF;
	RETURN (ci.ledger_add(ledger, edition, period, NULL, NULL, units, ranks, scores, listed, NULL)).digest;
END $$;
COMMENT ON FUNCTION ci.import_edition(regclass, text, int, text[], int[], float8[], int) IS 'enter an edition of which only ranks are known; listed => 10: absent means below 10';

CREATE FUNCTION ci.retract(ledger regclass, edition text, reason text) RETURNS void
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	editions text := ci.ledger_part(ledger, '');
	known boolean;
BEGIN
	IF num_nulls(edition, reason) > 0 THEN
		RAISE null_value_not_allowed USING MESSAGE = 'edition and reason of a retraction must not be null';
	END IF;
	EXECUTE format('UPDATE %s SET retracted_at = now(), retracted_by = current_user, reason = $2
		WHERE edition = $1 AND retracted_at IS NULL RETURNING true', editions) INTO known USING edition, reason;
	IF known THEN
		RETURN;
	END IF;
	EXECUTE format('SELECT true FROM %s WHERE edition = $1', editions) INTO known USING edition;
	IF known THEN
		RAISE object_not_in_prerequisite_state USING MESSAGE = format('edition "%s" of ledger %s is already retracted', edition, ledger);
	END IF;
	RAISE undefined_object USING MESSAGE = format('ledger %s has no edition "%s"', ledger, edition);
END $$;
COMMENT ON FUNCTION ci.retract(regclass, text, text) IS 'mark an edition as retracted: it stays in the ledger, and is in no view';

-- Verifying
CREATE TYPE ci.verification AS (
	edition text,
	unit text,
	component text,
	stored text,
	recomputed text,
	kind text,
	difference float8,
	ok boolean
);
COMMENT ON TYPE ci.verification IS 'what is stored of an edition and what it should be; kind is digest, rank or score';

CREATE FUNCTION ci.verify(ledger regclass, edition text DEFAULT NULL, tolerance float8 DEFAULT 1e-9) RETURNS SETOF ci.verification
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	SET extra_float_digits = 1
	AS $$
#variable_conflict use_column
DECLARE
	standing text := ci.ledger_part(ledger, '_standing');
	e record;
	digest bytea;
BEGIN
	IF tolerance IS NULL OR tolerance NOT BETWEEN 0 AND 1e308 THEN
		RAISE invalid_parameter_value USING MESSAGE = 'tolerance must be a number from 0 on';
	END IF;
	FOR e IN EXECUTE format('SELECT * FROM %s LEFT JOIN %s USING (edition) WHERE $1 IS NULL OR edition = $1 ORDER BY period, edition',
		ci.ledger_part(ledger, ''), ci.ledger_part(ledger, '_input')) USING verify.edition
	LOOP
		-- What is stored is what was stored: a row of another period, which views would show, is no row that was.
		EXECUTE format($sql$
			WITH unit AS (
				SELECT unit, sha256(string_agg(CASE WHEN period = $4
						THEN ci.ledger_bytes(unit, component, parent, depth, score, rank, n_ranked, coverage, imputed_share, status) ELSE 'another period' END,
					'' ORDER BY component COLLATE "C")) AS digest
				FROM %s WHERE edition = $1 GROUP BY unit)
			SELECT ci.ledger_digest($2, $3, $4, $5, $6, string_agg(digest, '' ORDER BY unit COLLATE "C")) FROM unit
			$sql$, standing) INTO digest USING e.edition, e.panel, e.methodology, e.period, e.listed, e.n_ranked;
		RETURN QUERY
			SELECT e.edition, NULL, part, stored::text, recomputed::text, 'digest', NULL::float8, false
			FROM (VALUES (NULL, e.digest, digest), ('panel', e.panel_digest, ci.digest(e.panel)),
				('methodology', e.methodology_digest, ci.digest(e.methodology)), ('fitted', e.fitted_digest, ci.digest(e.fitted)))
				AS d (part, stored, recomputed)
			WHERE stored IS DISTINCT FROM recomputed;
		-- and is what panel and methodology give, if there are any
		IF e.panel_digest IS NULL THEN
			RETURN NEXT (e.edition, NULL, NULL, NULL, NULL, 'score', NULL, true)::ci.verification;
			CONTINUE;
		END IF;
		RETURN QUERY EXECUTE format($sql$
			WITH pair AS (
				SELECT unit, component, s.rank AS stored_rank, r.rank, s.score AS stored_score, r.score,
					CASE WHEN num_nulls(s.score, r.score) = 1 THEN 'Infinity' ELSE abs(r.score - s.score) END AS difference
				FROM (SELECT * FROM %s WHERE edition = $1) AS s FULL JOIN ci.ledger_results($2, $3, $4) AS r USING (unit, component)),
			numbered AS (
				SELECT *, row_number() OVER (ORDER BY difference DESC NULLS LAST, component, unit) = 1 AS largest FROM pair)
			SELECT $1, unit, component, stored_rank::text, rank::text, 'rank', (rank - stored_rank)::float8, false
			FROM pair WHERE rank IS DISTINCT FROM stored_rank
			UNION ALL
			SELECT $1, unit, component, stored_score::text, score::text, 'score', difference, coalesce(difference <= $5, true)
			FROM numbered WHERE largest OR difference > $5
			ORDER BY 6, 7 DESC NULLS LAST, 3, 2
			$sql$, standing) USING e.edition, e.panel, e.methodology, e.period, tolerance;
	END LOOP;
	IF verify.edition IS NOT NULL AND NOT FOUND THEN
		RAISE undefined_object USING MESSAGE = format('ledger %s has no edition "%s"', ledger, verify.edition);
	END IF;
END $$;
COMMENT ON FUNCTION ci.verify(regclass, text, float8) IS 'recompute an edition, or all, from what is stored: a row for each digest or rank that differs, for each score that does by more than the tolerance, and for the largest difference of scores';
