SELECT v.id,
       v.entityid AS vendor_name,
       NVL(BUILTIN.DF(v.category), 'none') AS category,
       NVL(SUM(DECODE(SIGN(30 - (TO_DATE('2026-06-30', 'YYYY-MM-DD') - t.trandate)),
                      -1, 0, ABS(t.foreignamountunpaid))), 0) AS recent,
       SUM(ABS(t.foreignamountunpaid)) AS owed,
       MAX(NVL(t.duedate, t.trandate)) AS last_due
FROM vendor v
INNER JOIN transaction t ON (t.entity = v.id)
WHERE t.recordtype = 'vendorbill' AND t.status IN ('A', 'D')
GROUP BY v.id, v.entityid, BUILTIN.DF(v.category)
HAVING SUM(ABS(t.foreignamountunpaid)) > 0
