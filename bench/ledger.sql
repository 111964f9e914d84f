-- A ledger of 50 editions x :units units; some units come and go.
CREATE EXTENSION composite_indicator;

CREATE TABLE data AS
SELECT period, ci.panel_agg('unit ' || u, period, 'i' || i, 1000 * (hashint8extended((u::bigint * 50 + period) * 4 + i, 42)::float8 / 2 ^ 64 + 0.5)) AS panel
FROM generate_series(1, 50) AS period, generate_series(1, :units) AS u, generate_series(1, 4) AS i
WHERE (u * 31 + period * 17) % 97 > 1
GROUP BY period;

SELECT ci.create_ledger('city') \g /dev/null
SELECT ci.publish('city', 'edition ' || period, period, panel, ci.default_methodology(panel)) FROM data ORDER BY period \g /dev/null
VACUUM (FREEZE, ANALYZE);
