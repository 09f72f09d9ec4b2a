SELECT id, tranid, 'invoice' AS kind, entity, trandate, foreigntotal AS amount
FROM transaction WHERE type = 'CustInvc'
UNION ALL
SELECT id, tranid, 'payment' AS kind, entity, trandate, foreigntotal * -1 AS amount
FROM transaction WHERE type = 'CustPymt'
UNION ALL
SELECT id, tranid, 'credit' AS kind, entity, trandate, -ABS(foreigntotal) AS amount
FROM transaction WHERE type = 'CustCred'
