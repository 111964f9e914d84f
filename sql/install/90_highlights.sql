/*
 * highlights: what a press release would say of an edition
 *
 * What each kind means, and which statements are left out because another says
 * as much, is in docs/highlights.md.
 */
CREATE TYPE ci.highlight AS (
	unit text,
	kind text,
	k int,
	since text,
	count int,
	remarkable int,
	sentence text
);
COMMENT ON TYPE ci.highlight IS 'a statement about a unit in an edition; the most remarkable is 1';

CREATE FUNCTION ci.highlight_sentence(unit text, kind text, k int, since text, count int, rank int, previous_rank int, listed boolean) RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN unit || CASE kind
		WHEN 'streak_in_top' THEN CASE k WHEN 1 THEN ' is first' ELSE format(' is in the top %s', k) END
			|| format(' for the %s edition running', to_char(count, 'FM9999999999th'))
		WHEN 'first_in_top' THEN CASE k WHEN 1 THEN ' is first' ELSE format(' is in the top %s', k) END || ' for the first time'
		WHEN 'back_in_top' THEN CASE k WHEN 1 THEN ' is first again' ELSE format(' is back in the top %s', k) END
			|| format(', for the first time since edition %s', since)
		WHEN 'left_top' THEN CASE k WHEN 1 THEN ' is no longer first' ELSE format(' leaves the top %s', k) END
			|| CASE count WHEN 1 THEN ' after 1 edition' ELSE format(' after %s editions running', count) END
		WHEN 'new' THEN format(' is a new entry, in %s place', to_char(rank, 'FM9999999999th'))
		WHEN 'out' THEN format(', %s before, is no longer ', to_char(previous_rank, 'FM9999999999th')) || CASE WHEN listed THEN 'listed' ELSE 'ranked' END
		WHEN 'best_ever' THEN format(' is %s, its best place in %s editions', to_char(rank, 'FM9999999999th'), count)
		WHEN 'rise' THEN format(' is up %s, from %s to %s', k, to_char(previous_rank, 'FM9999999999th'), to_char(rank, 'FM9999999999th'))
		WHEN 'fall' THEN format(' is down %s, from %s to %s', k, to_char(previous_rank, 'FM9999999999th'), to_char(rank, 'FM9999999999th'))
		END || '.';
COMMENT ON FUNCTION ci.highlight_sentence(text, text, int, text, int, int, int, boolean) IS 'a highlight in words; listed: the edition names the first few only';

CREATE FUNCTION ci.highlights(ledger regclass, edition text) RETURNS SETOF ci.highlight
	LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
	SET search_path = pg_catalog, pg_temp
	AS $$
DECLARE
	editions text := ci.ledger_part(ledger, '');
	history text := ci.ledger_part(ledger, '_history');
	live boolean;
	tops int[];
	columns text[];
BEGIN
	IF edition IS NULL THEN
		RAISE null_value_not_allowed USING MESSAGE = 'edition must not be null';
	END IF;
	EXECUTE format('SELECT retracted_at IS NULL FROM %s WHERE edition = $1', editions) INTO live USING edition;
	IF live IS NULL THEN
		RAISE undefined_object USING MESSAGE = format('ledger %s has no edition "%s"', ledger, edition);
	ELSIF NOT live THEN
		RAISE object_not_in_prerequisite_state USING MESSAGE = format('edition "%s" of ledger %s is retracted', edition, ledger);
	END IF;
	-- The view has columns for each k of the ledger: a unit's run now and before, whether it is its first, and the last edition of an earlier one
	SELECT array_agg(k ORDER BY k), ARRAY[
		string_agg(format('max(streak_top%s) FILTER (WHERE n = this)', k), ', ' ORDER BY k),
		string_agg(format('max(streak_top%s) FILTER (WHERE n = this - 1)', k), ', ' ORDER BY k),
		string_agg(format('bool_and(first_top%s) FILTER (WHERE n = this)', k), ', ' ORDER BY k),
		string_agg(format('max(n) FILTER (WHERE n < this AND rank <= %s)', k), ', ' ORDER BY k)]
	INTO tops, columns
	FROM (SELECT substr(attname, length('streak_top') + 1)::int AS k FROM pg_attribute
		WHERE attrelid = history::regclass AND attname ~ '^streak_top[0-9]+$') AS t;

	-- n counts live editions.  Each unit of this edition has its history in one row, and then a row for each k.
	RETURN QUERY EXECUTE format($sql$
		WITH edition AS MATERIALIZED (
			SELECT edition, listed, n, max(n) FILTER (WHERE edition = $1) OVER () AS this
			FROM (SELECT edition, listed, row_number() OVER (ORDER BY period) AS n FROM %1$s WHERE retracted_at IS NULL) AS e),
		unit AS MATERIALIZED (
			SELECT unit, this, max(rank) FILTER (WHERE n = this) AS rank, max(previous_rank) FILTER (WHERE n = this) AS previous_rank,
				max(movement) FILTER (WHERE n = this) AS movement, min(rank) FILTER (WHERE n < this) AS best_before,
				array_agg(n ORDER BY n) FILTER (WHERE n < this AND rank IS NOT NULL) AS ranked,
				ci.streak(rank IS NOT NULL ORDER BY n) FILTER (WHERE n < this) AS times_running,
				ARRAY[%3$s]::bigint[] AS streaks, ARRAY[%4$s]::bigint[] AS streaks_before, ARRAY[%5$s]::boolean[] AS firsts, ARRAY[%6$s]::bigint[] AS lasts
			FROM %2$s JOIN edition USING (edition)
			WHERE n <= this AND this > 1 GROUP BY unit, this HAVING bool_or(n = this)),
		top AS MATERIALIZED (
			SELECT unit, this, rank, previous_rank, ranked, t.*,
				max(streak) OVER (PARTITION BY unit ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS streak_above
			FROM unit, unnest($2, streaks, streaks_before, firsts, lasts) AS t (k, streak, streak_before, first, last)),
		entry AS (
			SELECT DISTINCT ON (unit) unit, rank, previous_rank, k, first, this, last
			FROM top
			WHERE streak = 1 AND (first OR NOT first AND NOT EXISTS (
				SELECT FROM edition AS e WHERE e.n > last AND e.n < e.this AND listed < k AND n <> ALL (ranked)))
			ORDER BY unit, k),
		departure AS (
			SELECT DISTINCT ON (unit) unit, rank, previous_rank, k, this - streak_before AS since, streak_before AS count
			FROM top WHERE streak = 0 AND previous_rank <= k ORDER BY unit, k DESC),
		move AS (
			SELECT unit, rank, previous_rank, previous_rank - rank AS change, this - 1 AS since,
				rank() OVER (ORDER BY previous_rank - rank DESC NULLS LAST) AS rises, rank() OVER (ORDER BY rank - previous_rank DESC NULLS LAST) AS falls
			FROM unit),
		statement AS (
			SELECT unit, rank, previous_rank, 'streak_in_top' AS kind, k, this - streak + 1 AS since, streak AS count
			FROM top WHERE streak > greatest(1, streak_above)
			UNION ALL
			SELECT unit, rank, previous_rank, 'first_in_top', k, this, 1 FROM entry WHERE first
			UNION ALL
			SELECT unit, rank, previous_rank, 'back_in_top', k, last, this - last - 1 FROM entry WHERE NOT first
			UNION ALL
			SELECT unit, rank, previous_rank, 'left_top', k, since, count FROM departure
			UNION ALL
			SELECT unit, rank, previous_rank, movement, NULL, this, 1 FROM unit WHERE movement = 'new'
			UNION ALL
			SELECT unit, rank, previous_rank, movement, NULL, this - times_running, times_running FROM unit WHERE movement = 'out'
			UNION ALL
			SELECT unit, rank, previous_rank, 'best_ever', NULL, ranked[1], cardinality(ranked) + 1
			FROM unit
			WHERE rank < best_before AND cardinality(ranked) > 1 AND (true = ANY (firsts)) IS NOT TRUE
				AND NOT EXISTS (SELECT FROM edition AS e WHERE n < e.this AND listed < rank AND n <> ALL (ranked))
			UNION ALL
			SELECT unit, rank, previous_rank, CASE WHEN change > 0 THEN 'rise' ELSE 'fall' END, abs(change), since, 1
			FROM move WHERE change >= 2 AND rises <= 3 OR change <= -2 AND falls <= 3),
		ordered AS (
			SELECT unit, kind, k, e.edition AS since, count::int, rank, previous_rank,
				row_number() OVER (ORDER BY CASE WHEN kind ~ '_top$' THEN k END NULLS LAST,
					array_position('{first_in_top,back_in_top,left_top,streak_in_top,rise,fall,best_ever,new,out}', kind),
					CASE WHEN kind !~ '_top$' THEN k END DESC, count DESC, rank, previous_rank, unit)::int AS remarkable
			FROM statement JOIN edition AS e ON n = since)
		SELECT unit, kind, k, since, count, remarkable, ci.highlight_sentence(unit, kind, k, since, count, rank, previous_rank,
			(SELECT listed IS NOT NULL FROM edition WHERE n = this))
		FROM ordered ORDER BY remarkable
		$sql$, VARIADIC ARRAY[editions, history] || CASE WHEN tops IS NULL THEN '{"","","",""}' ELSE columns END)
	USING edition, coalesce(tops, '{}');
END $$;
COMMENT ON FUNCTION ci.highlights(regclass, text) IS 'the statements that a press release would make about an edition of a ledger, most remarkable first';
