SELECT TO_CHAR(t.trandate, 'YYYY') || '-Q' || TO_CHAR(t.trandate, 'Q') AS quarter,
       NVL(BUILTIN.DF(t.custbody_channel), 'none') AS channel,
       COUNT(*) AS invoices, SUM(t.foreigntotal) AS total,
       MEDIAN(t.foreigntotal) AS median
FROM transaction t
WHERE t.type = 'CustInvc'
GROUP BY TO_CHAR(t.trandate, 'YYYY') || '-Q' || TO_CHAR(t.trandate, 'Q'),
         NVL(BUILTIN.DF(t.custbody_channel), 'none')
ORDER BY TO_CHAR(t.trandate, 'YYYY') || '-Q' || TO_CHAR(t.trandate, 'Q') DESC, 3 DESC
