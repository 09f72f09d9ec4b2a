SELECT id, tranid, CASE type WHEN 'CustInvc' THEN 'invoice' WHEN 'CustPymt' THEN 'payment'
                             ELSE 'credit' END AS kind,
       entity, trandate, if(type = 'CustInvc', 1, -1) * abs(foreigntotal) AS amount
FROM transaction WHERE type IN ('CustInvc', 'CustPymt', 'CustCred')
