-- Each subsidiary's revenue and what is below it, in the currency of the parent.
SELECT s.id, s.fullname AS subsidiary, s.parent, BUILTIN.HIERARCHY(s.parent, 'DISPLAY_JOINED') AS above,
       NVL(SUM(r.revenue), 0) AS revenue, NVL(SUM(r.in_dollars), 0) AS in_dollars
FROM subsidiary s
LEFT JOIN (
    SELECT tl.subsidiary, SUM(-tl.netamount) AS revenue,
           SUM(ROUND(-tl.netamount * rate.averagerate, 2)) AS in_dollars
    FROM transactionline tl
    INNER JOIN transaction t ON t.id = tl.transaction
    INNER JOIN consolidatedexchangerate rate
            ON rate.postingperiod = t.postingperiod AND rate.fromsubsidiary = tl.subsidiary
           AND rate.tosubsidiary = 1 AND rate.accountingbook = 1
    WHERE tl.accountinglinetype = 'INCOME' AND t.posting = 'T'
    GROUP BY tl.subsidiary
) r ON r.subsidiary = s.id
GROUP BY s.id, s.fullname, s.parent, BUILTIN.HIERARCHY(s.parent, 'DISPLAY_JOINED')
