SELECT c.id, c.entityid, c.companyname, c.isperson, c.datecreated,
       c.creditlimit, BUILTIN.DF(c.salesrep) AS sales_rep, BUILTIN.DF(c.custentity_region) AS region
FROM customer c
WHERE c.isinactive = 'F'
  AND NOT EXISTS (SELECT 1 FROM transaction t
                  WHERE t.entity = c.id
                    AND t.type = 'SalesOrd' -- whatever became of it
                    AND t.trandate >= ADD_MONTHS(TO_DATE('2026-07-01', 'YYYY-MM-DD'), -24))
