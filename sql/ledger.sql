-- Ledgers: what is published stays, can be recomputed, and says how it differs from the edition before.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS composite_indicator;
RESET client_min_messages;
\set SHOW_CONTEXT never
\set VERBOSITY terse
\pset null ~
CREATE SCHEMA league;
SET search_path = league;

-- The ranking of cities by IDC and Inspur: only ranks are public, and only the first ten.
-- 2018, 2019 and 2021 are as the press reported them, 2020 is from memory.
SELECT ci.create_ledger('city');
SELECT ci.import_edition('city', year || ' edition', year, cities, '{1,2,3,4,5,6,7,8,9,10}', listed => 10) IS NOT NULL AS imported
FROM (VALUES (2018, '{Hangzhou,Beijing,Shenzhen,Shanghai,Hefei,Chengdu,Chongqing,Wuhan,Guangzhou,Guiyang}'::text[]),
	(2019, '{Beijing,Hangzhou,Shenzhen,Shanghai,Guangzhou,Hefei,Suzhou,Chongqing,Nanjing,Xi''an}'),
	(2021, '{Beijing,Hangzhou,Shenzhen,Nanjing,Shanghai,Suzhou,Guangzhou,Jinan,Chengdu,Hefei}'),
	(2020, '{Beijing,Shenzhen,Hangzhou,Shanghai,Chongqing,Guangzhou,Hefei,Suzhou,Xi''an,Nanjing}')) AS e (year, cities);

-- What the press release of 2021 said: Beijing, Hangzhou and Shenzhen in the top three for the fourth time running, Beijing first for the
-- third; Shanghai in the top five for the fourth; Nanjing for the first time in the top five, Jinan in the top ten; Chongqing and Xi'an left it.
SELECT rank, unit, previous_rank AS previous, rank_change AS change, movement, best_rank AS best, worst_rank AS worst,
	streak_top1 AS streak1, streak_top3 AS streak3, streak_top5 AS streak5, streak_top10 AS streak10, first_top5, first_top10
FROM city_latest ORDER BY rank, unit;
-- a city's history
SELECT edition, rank, previous_edition, previous_rank, movement, status, best_rank AS best, worst_rank AS worst,
	editions_top5, streak_top5, longest_top5, first_top5, streak_top10, longest_top10
FROM city_history WHERE unit = 'Chongqing' ORDER BY period;
SELECT edition, string_agg(unit, ', ' ORDER BY unit) FILTER (WHERE movement = 'new') AS new, string_agg(unit, ', ' ORDER BY unit) FILTER (WHERE movement = 'back') AS back,
	string_agg(unit, ', ' ORDER BY unit) FILTER (WHERE movement = 'out') AS out
FROM city_history GROUP BY edition, period ORDER BY period;
-- nothing is known of scores and methodologies
SELECT DISTINCT score, n_ranked, coverage, methodology_changed, scores_comparable FROM city_history;
SELECT edition, period, source, listed, n_ranked, panel_digest, fitted_digest, published_by = current_user AS by, published_at <= now() AS at FROM city ORDER BY period;
-- no more than the digest can be verified
SELECT * FROM ci.verify('city');

-- What is not listed is not always known: the third edition lists three, so whether d, fifth before and fourth after, was in its top five
-- is not known; nor whether e, which no edition but the last lists, is in the top five for the first time.
SELECT ci.create_ledger('short', '{3,5}');
SELECT ci.import_edition('short', n::text, n, units, ranks, listed => listed) IS NOT NULL AS imported
FROM (VALUES (1, '{a,b,c,x,d}'::text[], '{1,2,3,4,5}'::int[], NULL::int), (2, '{a,b,c,x,d}', '{1,2,3,4,5}', 5), (3, '{a,b,c}', '{1,2,3}', 3),
	(4, '{a,b,c,d,e}', '{1,2,3,4,5}', 5)) AS e (n, units, ranks, listed);
SELECT unit, edition, rank, movement, n_ranked, streak_top3, streak_top5, longest_top5, editions_top5, first_top3, first_top5
FROM short_history WHERE unit IN ('a', 'd', 'e') ORDER BY unit, period;

-- Computed editions.  Three dimensions at first; a fourth indicator, parks, is taken into account from 2022 on.
CREATE TABLE town (name text, year int, income float8, rent float8, parks float8);
INSERT INTO town VALUES
	('Avon', 2020, 30,  900, 4), ('Brook', 2020, 40, 1200, 6), ('Clay', 2020, 50, 1500, 9), ('Dale', 2020, 20,  600, 8),
	('Avon', 2021, 36,  900, 8), ('Brook', 2021, 40, 1100, 6), ('Clay', 2021, 52, 1600, 5), ('Elm', 2021, NULL, NULL, 7),
	('Avon', 2022, 38,  950, 8), ('Brook', 2022, 42, 1000, 6), ('Clay', 2022, 52, 1600, 5), ('Dale', 2022, 25, 700, 8), ('Elm', 2022, 44, 800, 7);
CREATE TABLE panel AS SELECT ci.panel_agg(name, year, to_jsonb(town) - '{name,year}'::text[]) AS panel FROM town;
CREATE TABLE methodology (version int PRIMARY KEY, methodology ci.methodology);
INSERT INTO methodology VALUES (1, '{"screen": {"min_coverage": 0.5}, "components": [
	{"code": "living", "normalise": {"method": "goalposts", "lower": 0, "upper": 100}},
	{"code": "money", "parent": "living"}, {"code": "income", "parent": "money"},
	{"code": "rent", "parent": "money", "direction": -1, "normalise": {"upper": 2000}}]}');
INSERT INTO methodology SELECT 2, ci.amend(methodology, '{"components": [{"code": "parks", "parent": "living", "normalise": {"upper": 10}}]}') FROM methodology;

SELECT ci.create_ledger('living', '{2}');
SELECT ci.publish('living', '2020', 2020, panel, methodology, 'the first') AS digest FROM panel, methodology WHERE version = 1 \gset
SELECT ci.publish('living', '2021', 2021, panel, methodology) IS NOT NULL AS published FROM panel, methodology WHERE version = 1;
SELECT ci.publish('living', '2022', 2022, panel, methodology) IS NOT NULL AS published FROM panel, methodology WHERE version = 2;
SELECT edition, source, listed, n_ranked, note, panel_digest = ci.digest(panel) AS panel, methodology_digest = ci.digest(methodology) AS methodology,
	fitted_digest = ci.digest(fitted) AND fitted_digest = ci.digest(ci.fit(panel, methodology, period)) AS fitted, retracted_at, retracted_by, reason
FROM living JOIN living_input USING (edition) ORDER BY period;
-- every component's result is stored
SELECT * FROM living_standing WHERE edition = '2021' ORDER BY depth, component, rank, unit;
SELECT count(*) AS stored, count(*) FILTER (WHERE (s.parent, s.depth, s.score, s.rank, s.n_ranked, s.coverage, s.imputed_share)
	IS NOT DISTINCT FROM (c.parent, c.depth, c.score, c.rank, c.n_ranked, c.coverage, c.imputed_share)) AS same
FROM living_standing AS s FULL JOIN (SELECT edition, c.* FROM living JOIN living_input USING (edition), ci.scores(panel, methodology) AS c WHERE c.period = living.period) AS c
	USING (edition, period, unit, component);
-- movement goes by what was published; Elm is listed in 2021 but screened, Dale is missing there
SELECT edition, unit, component, round(score::numeric, 2) AS score, rank, n_ranked, coverage, status, previous_edition AS previous, previous_rank, rank_change, movement,
	methodology_changed, scores_comparable, best_rank, worst_rank, editions_top2, streak_top2, longest_top2, first_top2
FROM living_history ORDER BY period, rank, unit;
SELECT edition, code, parent, effective_weight FROM living_component WHERE edition <> '2020' ORDER BY edition, position;

-- The digest is that of panel, methodology and results.  It is what docs/ledger.md says: the two digests, the period, listed, n_ranked, and for each unit the SHA-256 of its rows.
SELECT :'digest'::bytea = (SELECT sha256(ci.digest(panel) || ci.digest(methodology) || '\x000007e4' || '\x00' || '\x0100000004' || string_agg(unit, NULL ORDER BY name))
	FROM panel, methodology, (
		SELECT s.unit AS name, sha256(string_agg(convert_to(s.unit, 'UTF8') || '\x00' || convert_to(component, 'UTF8') || '\x00'
			|| CASE WHEN parent IS NULL THEN '\xff' ELSE convert_to(parent, 'UTF8') END || '\x00' || int4send(depth)
			|| '\x01' || float8send(s.score) || '\x01' || int4send(s.rank) || '\x0100000004' || '\x01' || float8send(1) || '\x01' || float8send(0)
			|| 'ranked' || '\x00', NULL ORDER BY component)) AS unit
		FROM panel, methodology, ci.scores(panel, methodology) AS s WHERE version = 1 AND s.period = 2020 GROUP BY s.unit) AS results
	WHERE version = 1 GROUP BY panel, methodology) AS as_documented;
-- Once more is nothing, with another note too; it is looked for before anything else, so strict does not matter.
SELECT ci.publish('living', '2020', 2020, panel, methodology, 'again', strict => true) = :'digest' AS same FROM panel, methodology WHERE version = 1;
SELECT count(*) AS editions, (SELECT note FROM living WHERE edition = '2020') FROM living;
-- neither role nor settings are in it
CREATE ROLE regress_ledger_owner;
GRANT ALL ON SCHEMA league TO regress_ledger_owner;
GRANT SELECT ON ALL TABLES IN SCHEMA league TO regress_ledger_owner;
SET ROLE regress_ledger_owner;
SET extra_float_digits = -15; SET client_encoding = 'LATIN1'; SET DateStyle = 'German'; SET bytea_output = 'escape';
SELECT ci.create_ledger('other');
SELECT ci.publish('other', 'another name', 2020, panel, methodology) = :'digest' AS same FROM panel, methodology WHERE version = 1;
RESET extra_float_digits; RESET client_encoding; RESET DateStyle; RESET bytea_output;
SELECT relname, relkind, pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relname ~ '^other' AND relkind IN ('r', 'v') ORDER BY relname;
SELECT published_by FROM other;
RESET ROLE;
-- it does not depend on what else is in the ledger
SELECT ci.publish('living', 'once more', 2020, panel, methodology) FROM panel, methodology WHERE version = 1;

-- Every kind of result in one: screened, excluded, without a score, missing components
SELECT ci.create_ledger('kinds');
SELECT ci.publish('kinds', '1', 1, ci.panel_agg(unit, 1, '{x,y}', cells), '{"screen": {"min_coverage": 0.5, "exclude": ["e"]}, "on_constant": "missing", "components": [
	{"code": "all", "min_count": 2, "normalise": "none"}, {"code": "x", "parent": "all"}, {"code": "y", "parent": "all", "weight": 0}]}') IS NOT NULL AS published
FROM (VALUES ('a', '{1,1}'::float8[]), ('b', '{2,2}'), ('c', '{3,NULL}'), ('d', '{NULL,NULL}'), ('e', '{5,5}')) AS v (unit, cells);
SELECT unit, component, depth, score, rank, n_ranked, status FROM kinds_standing ORDER BY depth, component, unit;
SELECT * FROM ci.verify('kinds');

-- strict: what ci.audit warns of is an error, for the period alone.  (2021 has lost Dale.)
\set VERBOSITY default
SELECT ci.create_ledger('strict');
SELECT ci.publish('strict', '2021', 2021, panel, methodology, strict => true) FROM panel, methodology WHERE version = 1;
SELECT ci.publish('strict', '2022', 2022, panel, methodology, strict => true) IS NOT NULL AS published FROM panel, methodology WHERE version = 1;
SELECT edition FROM strict;
\set VERBOSITY terse

-- Verifying: one row for an edition where all is well.
SELECT edition, kind, difference, ok, stored = recomputed AS same FROM ci.verify('living');
SELECT edition, kind, difference, ok FROM ci.verify('living', '2021', 0);
-- What an owner changes behind the ledger's back is found.
CREATE FUNCTION pg_temp.tamper(statement text, tolerance float8 DEFAULT 1e-9) RETURNS SETOF ci.verification LANGUAGE plpgsql AS $$
BEGIN
	ALTER TABLE living DISABLE TRIGGER USER;
	ALTER TABLE living_input DISABLE TRIGGER USER;
	ALTER TABLE living_standing DISABLE TRIGGER USER;
	BEGIN
		EXECUTE statement;
		RETURN QUERY SELECT * FROM ci.verify('living', '2020', tolerance);
		RAISE division_by_zero;
	EXCEPTION WHEN division_by_zero THEN	-- undone
	END;
	ALTER TABLE living ENABLE TRIGGER USER;
	ALTER TABLE living_input ENABLE TRIGGER USER;
	ALTER TABLE living_standing ENABLE TRIGGER USER;
END $$;
PREPARE tamper(text) AS SELECT unit, component, kind, left(stored, 8) AS stored, left(recomputed, 8) AS recomputed, round(difference::numeric, 10) AS difference, ok FROM pg_temp.tamper($1);
EXECUTE tamper('UPDATE living_standing SET rank = 2 WHERE edition = ''2020'' AND unit = ''Dale'' AND component = ''living''');
EXECUTE tamper('UPDATE living_standing SET score = score + 1e-8 WHERE edition = ''2020'' AND unit = ''Dale''');
-- a last bit is within the tolerance, but not what was published
EXECUTE tamper('UPDATE living_standing SET score = score + 1e-13 WHERE edition = ''2020'' AND unit = ''Dale'' AND component = ''rent''');
EXECUTE tamper('UPDATE living_standing SET coverage = 0.9 WHERE edition = ''2020'' AND unit = ''Dale'' AND component = ''living''');
EXECUTE tamper('UPDATE living_standing SET status = ''screened'' WHERE edition = ''2020'' AND unit = ''Dale'' AND component = ''living''');
EXECUTE tamper('DELETE FROM living_standing WHERE edition = ''2020'' AND unit = ''Dale'' AND component = ''living''');
EXECUTE tamper('INSERT INTO living_standing SELECT edition, period, ''Elm'', component, parent, depth, 99, 1, n_ranked, 1, 0, status
	FROM living_standing WHERE edition = ''2020'' AND unit = ''Dale'' AND component = ''living''');
EXECUTE tamper('UPDATE living_input SET panel = (SELECT ci.panel_agg(unit, period, indicator, value + (unit = ''Dale'' AND indicator = ''income'')::int) FROM ci.observations(panel)) WHERE edition = ''2020''');
EXECUTE tamper('UPDATE living_input SET methodology = ci.amend(methodology, ''{"rank": {"ties": "max"}}'') WHERE edition = ''2020''');
EXECUTE tamper('UPDATE living_input SET fitted = ci.amend(fitted, ''{"rank": {"ties": "max"}}'') WHERE edition = ''2020''');
EXECUTE tamper('DELETE FROM living_input WHERE edition = ''2020''');
EXECUTE tamper('UPDATE living SET digest = sha256(''x'') WHERE edition = ''2020''');
EXECUTE tamper('UPDATE living_standing SET period = 2019 WHERE edition = ''2020'' AND unit = ''Dale'' AND component = ''living''');
EXECUTE tamper('INSERT INTO living_standing SELECT edition, 2019, ''Elm'', component, parent, depth, 99, 1, n_ranked, 1, 0, status
	FROM living_standing WHERE edition = ''2020'' AND unit = ''Dale'' AND component = ''living''');
EXECUTE tamper('INSERT INTO living_standing SELECT edition, 2019, unit, ''parks'', component, 1, 99, 1, n_ranked, 1, 0, status
	FROM living_standing WHERE edition = ''2020'' AND unit = ''Dale'' AND component = ''living''');
EXECUTE tamper('UPDATE living SET n_ranked = 40 WHERE edition = ''2020''');
EXECUTE tamper('UPDATE living SET listed = 3 WHERE edition = ''2020''');
-- note, role and time are not part of it
EXECUTE tamper('UPDATE living SET note = ''x'', published_by = ''y'', published_at = now() WHERE edition = ''2020''');
-- nor does anything depend on how the session reads strings
SET standard_conforming_strings = off;
SELECT edition, kind, ok FROM ci.verify('living', '2020');
RESET standard_conforming_strings;
-- and the triggers are on again
SELECT count(*) AS triggers, count(*) FILTER (WHERE tgenabled = 'O') AS enabled FROM pg_trigger WHERE tgrelid IN ('living'::regclass, 'living_input'::regclass, 'living_standing'::regclass) AND NOT tgisinternal;

-- Retracting marks and keeps.  2020 is then the edition before 2022, and movement follows it.
SELECT ci.retract('living', '2021', 'rents were of 2020');
SELECT edition, retracted_at IS NOT NULL AS retracted, retracted_by = current_user AS by, reason FROM living ORDER BY period;
SELECT edition, unit, rank, previous_edition, previous_rank, movement, streak_top2 FROM living_history WHERE period > 2020 ORDER BY rank, unit;
SELECT DISTINCT edition FROM living_component ORDER BY edition;
-- it can be verified as before; its period is free, its name is not
SELECT edition, kind, ok FROM ci.verify('living');
\set VERBOSITY default
SELECT ci.publish('living', '2021', 2021, panel, methodology) IS NOT NULL AS nothing_published FROM panel, methodology WHERE version = 1;
\set VERBOSITY terse
SELECT ci.publish('living', '2021 revised', 2021, panel, methodology) IS NOT NULL AS published FROM panel, methodology WHERE version = 2;
SELECT edition, unit, previous_edition, movement, methodology_changed, scores_comparable FROM living_history WHERE unit = 'Avon' ORDER BY period;
-- the latest can be retracted, and then the one before it is
SELECT ci.retract('living', '2022', 'withdrawn');
SELECT DISTINCT edition, previous_edition FROM living_latest;

-- scores_comparable: the same methodology with the same parameters.  Goalposts that are given are the same in every period,
-- minima and maxima are not; a method that ranks peers has no parameters, but its scores depend on who else is there.
SELECT ci.create_ledger('given', '{}'), ci.create_ledger('estimated', '{}'), ci.create_ledger('peers', '{}');
SELECT ci.publish(ledger::regclass, year::text, year, panel, ('{"screen": {"min_coverage": 0.5}, "components": [{"code": "living", "normalise": ' || method || '},
	{"code": "income", "parent": "living"}, {"code": "parks", "parent": "living"}]}')::ci.methodology) IS NOT NULL AS published
FROM (VALUES ('given', '{"method": "goalposts", "lower": 0, "upper": 100}'), ('estimated', '{"method": "minmax"}'), ('peers', '{"method": "rank"}')) AS m (ledger, method),
	generate_series(2020, 2021) AS year, panel;
SELECT 'given' AS ledger, methodology_changed, scores_comparable FROM given_latest WHERE unit = 'Avon'
UNION ALL SELECT 'estimated', methodology_changed, scores_comparable FROM estimated_latest WHERE unit = 'Avon'
UNION ALL SELECT 'peers', methodology_changed, scores_comparable FROM peers_latest WHERE unit = 'Avon';

-- Both views are the same, and what they say is what a loop over the editions says: 30 units in and out of 12 editions, some retracted, some lists cut off.
SELECT ci.create_ledger('random', '{1,4,20}');
CREATE FUNCTION pg_temp.noise(key int, seed int) RETURNS float8 LANGUAGE sql IMMUTABLE
	RETURN (hashint4extended(key, seed) & 1048575) / 1048576.0::float8;
SELECT count(ci.import_edition('random', 'e' || e, e, units, ranks, listed => listed)) AS imported
FROM (SELECT e, listed, array_agg('u' || u ORDER BY r) AS units, array_agg(r::int ORDER BY r) AS ranks
	FROM (SELECT *, row_number() OVER (PARTITION BY e ORDER BY pg_temp.noise(u, e) + u / 20.0) AS r, CASE WHEN e % 4 = 1 THEN 10 WHEN e % 4 = 2 THEN 3 END AS listed
		FROM generate_series(1, 12) AS e, generate_series(1, 30) AS u WHERE pg_temp.noise(u, 100 + e) > 0.3) AS x
	WHERE r <= coalesce(listed, 30) GROUP BY e, listed) AS editions;
SELECT ci.retract('random', 'e5', 'x'), ci.retract('random', 'e11', 'x');
CREATE FUNCTION pg_temp.by_hand() RETURNS TABLE (edition text, unit text, rank int, previous_rank int, movement text, best_rank int, worst_rank int,
	streak_top4 bigint, longest_top4 bigint, editions_top4 bigint, first_top4 boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	u text; e record; last_edition text; unknown boolean; ranked int; inside boolean;
BEGIN
	FOR u IN SELECT DISTINCT unit FROM random_standing LOOP
		last_edition := NULL; unknown := false; ranked := 0; best_rank := NULL; worst_rank := NULL; streak_top4 := 0; longest_top4 := 0; editions_top4 := 0; previous_rank := NULL;
		FOR e IN SELECT * FROM random WHERE retracted_at IS NULL ORDER BY period LOOP
			rank := (SELECT s.rank FROM random_standing AS s WHERE s.edition = e.edition AND s.unit = u);
			inside := CASE WHEN rank IS NOT NULL THEN rank <= 4 WHEN e.listed < 4 THEN NULL ELSE false END;
			movement := CASE WHEN last_edition IS NULL THEN NULL WHEN rank IS NULL THEN 'out' WHEN previous_rank IS NULL AND ranked = 0 THEN 'new'
				WHEN previous_rank IS NULL THEN 'back' ELSE (ARRAY['down', 'same', 'up'])[2 + sign(previous_rank - rank)] END;
			best_rank := least(best_rank, rank); worst_rank := greatest(worst_rank, rank);
			streak_top4 := CASE WHEN inside THEN streak_top4 + 1 ELSE 0 END;
			longest_top4 := greatest(longest_top4, streak_top4);
			first_top4 := CASE WHEN inside AND editions_top4 = 0 THEN nullif(NOT unknown, false) WHEN inside IS NOT NULL THEN false END;
			editions_top4 := editions_top4 + coalesce(inside, false)::int;
			unknown := unknown OR inside IS NULL;
			edition := e.edition; unit := u;
			IF rank IS NOT NULL OR previous_rank IS NOT NULL THEN
				IF inside IS NULL THEN
					RETURN QUERY SELECT edition, unit, rank, previous_rank, movement, best_rank, worst_rank, NULL::bigint, longest_top4, editions_top4, first_top4;
				ELSE
					RETURN NEXT;
				END IF;
			END IF;
			ranked := ranked + (rank IS NOT NULL)::int; previous_rank := rank; last_edition := e.edition;
		END LOOP;
	END LOOP;
END $$;
SELECT count(*) AS rows, count(*) FILTER (WHERE h::text = b::text) AS same, count(*) FILTER (WHERE h.first_top4 IS NULL) AS unknown
FROM (SELECT edition, unit, rank, previous_rank, movement, best_rank, worst_rank, streak_top4, longest_top4, editions_top4, first_top4 FROM random_history) AS h
	FULL JOIN pg_temp.by_hand() AS b USING (edition, unit);
SELECT movement, count(*) FROM random_history GROUP BY movement ORDER BY movement COLLATE "C";
CREATE FUNCTION pg_temp.differ(ledger text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE n bigint;
BEGIN
	EXECUTE format('SELECT count(*) FROM (SELECT * FROM %1$s_history WHERE period = (SELECT max(period) FROM %1$s_history)) AS h
		FULL JOIN %1$s_latest AS l USING (unit) WHERE (h.*)::text IS DISTINCT FROM (l.*)::text', ledger) INTO n;
	RETURN n;
END $$;
SELECT pg_temp.differ('city') AS city, pg_temp.differ('short') AS short, pg_temp.differ('living') AS living, pg_temp.differ('kinds') AS kinds,
	pg_temp.differ('given') AS given, pg_temp.differ('peers') AS peers, pg_temp.differ('random') AS random;

-- A ledger of none
SELECT ci.create_ledger('empty');
SELECT count(*) FROM empty_history; SELECT count(*) FROM empty_latest; SELECT count(*) FROM empty_component; SELECT count(*) FROM ci.verify('empty');

-- Names: qualified, odd, as long as they may be; moved to another schema, and renamed
CREATE SCHEMA "Other";
SELECT ci.create_ledger('"Other"."Öld ""Index"""');
SELECT ci.import_edition('"Other"."Öld ""Index"""', 'it''s', 1, '{"a b","北京"}', '{1,1}') IS NOT NULL AS imported;
SELECT edition, unit, rank FROM "Other"."Öld ""Index""_latest" ORDER BY unit;
SELECT kind, ok FROM ci.verify('"Other"."Öld ""Index"""');
SELECT ci.create_ledger(repeat('x', 53));
SELECT ci.create_ledger('Folded');
-- (a view follows its tables by itself)
ALTER TABLE folded SET SCHEMA "Other"; ALTER TABLE folded_input SET SCHEMA "Other"; ALTER TABLE folded_standing SET SCHEMA "Other";
SELECT ci.import_edition('"Other".folded', '1', 1, '{a}', '{1}', '{0.5}') IS NOT NULL AS imported;
SELECT unit, rank, score, n_ranked, status FROM folded_latest;
-- of a session
SET search_path = pg_temp;
SELECT ci.create_ledger('passing') IS NOT NULL AS created;
SELECT ci.import_edition('passing', '1', 1, '{a}', '{1}') IS NOT NULL AS imported;
SELECT unit, rank FROM passing_latest;
SET search_path = league;

-- The extension owns none of it, and cannot go while it is used.
SELECT count(*) AS members FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' AND objid IN (SELECT oid FROM pg_class WHERE relname ~ '^living');
DROP EXTENSION composite_indicator;

RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA league, "Other" CASCADE;
DROP OWNED BY regress_ledger_owner;
DROP ROLE regress_ledger_owner;
