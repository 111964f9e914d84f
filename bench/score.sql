-- Each row scored on its own, by the fitted methodology.
SELECT sum(ci.score(
		ARRAY['i01', 'i02', 'i03', 'i04', 'i05', 'i06', 'i07', 'i08', 'i09', 'i10', 'i11', 'i12', 'i13', 'i14',
		'i15', 'i16', 'i17', 'i18', 'i19', 'i20'],
		ARRAY[i01, i02, i03, i04, i05, i06, i07, i08, i09, i10, i11, i12, i13, i14, i15, i16, i17, i18, i19, i20],
		fitted))
FROM wide, fitted
