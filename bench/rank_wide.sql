-- The panel built from a wide table, and ranked.
SELECT r.*
FROM (
	SELECT ci.panel_agg(unit, period,
		ARRAY['i01', 'i02', 'i03', 'i04', 'i05', 'i06', 'i07', 'i08', 'i09', 'i10', 'i11', 'i12', 'i13', 'i14',
		'i15', 'i16', 'i17', 'i18', 'i19', 'i20'],
		ARRAY[i01, i02, i03, i04, i05, i06, i07, i08, i09, i10, i11, i12, i13, i14, i15, i16, i17, i18, i19, i20]) AS panel
	FROM wide
) AS p, method, ci.rank(panel, method) AS r
