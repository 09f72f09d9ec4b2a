SELECT c.id, c.entityid, c.companyname, c.isperson = 'T' AS isperson, c.datecreated, c.creditlimit,
       e.entityid AS sales_rep, r.name AS region
FROM customer AS c ANTI JOIN (
    SELECT entity FROM transaction WHERE recordtype = 'salesorder' AND trandate >= '2024-07-01'
) AS recent ON recent.entity = c.id
LEFT JOIN employee AS e ON e.id = c.salesrep LEFT JOIN customlist_region AS r ON r.id = c.custentity_region
WHERE c.isinactive <> 'T'
