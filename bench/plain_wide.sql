-- The same ranking in plain SQL, if no cell may be missing.
WITH ends AS (
	SELECT period,
		min(i01) AS low01, max(i01) - min(i01) AS way01, min(i02) AS low02, max(i02) - min(i02) AS way02,
		min(i03) AS low03, max(i03) - min(i03) AS way03, min(i04) AS low04, max(i04) - min(i04) AS way04,
		min(i05) AS low05, max(i05) - min(i05) AS way05, min(i06) AS low06, max(i06) - min(i06) AS way06,
		min(i07) AS low07, max(i07) - min(i07) AS way07, min(i08) AS low08, max(i08) - min(i08) AS way08,
		min(i09) AS low09, max(i09) - min(i09) AS way09, min(i10) AS low10, max(i10) - min(i10) AS way10,
		min(i11) AS low11, max(i11) - min(i11) AS way11, min(i12) AS low12, max(i12) - min(i12) AS way12,
		min(i13) AS low13, max(i13) - min(i13) AS way13, min(i14) AS low14, max(i14) - min(i14) AS way14,
		min(i15) AS low15, max(i15) - min(i15) AS way15, min(i16) AS low16, max(i16) - min(i16) AS way16,
		min(i17) AS low17, max(i17) - min(i17) AS way17, min(i18) AS low18, max(i18) - min(i18) AS way18,
		min(i19) AS low19, max(i19) - min(i19) AS way19, min(i20) AS low20, max(i20) - min(i20) AS way20
	FROM wide GROUP BY 1
), score AS (
	SELECT unit, period, 2 * (
			4 * ((i01 - low01) / way01 + (i02 - low02) / way02 + (i03 - low03) / way03 + (i04 - low04) / way04 + (i05 - low05) / way05) +
			3 * ((i06 - low06) / way06 + (i07 - low07) / way07 + (i08 - low08) / way08 + (i09 - low09) / way09 + (i10 - low10) / way10) +
			2 * ((i11 - low11) / way11 + (i12 - low12) / way12 + (i13 - low13) / way13 + (i14 - low14) / way14 + (i15 - low15) / way15) +
			1 * ((i16 - low16) / way16 + (i17 - low17) / way17 + (i18 - low18) / way18 + (i19 - low19) / way19 + (i20 - low20) / way20)) AS score
	FROM wide JOIN ends USING (period)
)
SELECT period, unit, rank() OVER (PARTITION BY period ORDER BY score DESC) AS rank, score
FROM score
