SELECT i.id AS item, itemid AS item_name, coalesce(c.fullname, '-') AS item_class,
       -sum(netamount) AS revenue,
       rank() OVER (PARTITION BY i.class ORDER BY sum(netamount)) AS place
FROM transaction AS t JOIN transactionline AS l ON t.id = l.transaction JOIN item AS i ON i.id = l.item
LEFT JOIN classification AS c ON c.id = i.class
WHERE recordtype = 'invoice' AND accountinglinetype = 'INCOME'
GROUP BY i.id, itemid, i.class, c.fullname QUALIFY place < 4
