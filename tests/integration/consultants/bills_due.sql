SELECT t.id, t.tranid, t.entity AS vendor, v.entityid AS vendor_name, t.trandate, t.duedate,
       t.terms, BUILTIN.DF(t.terms) AS terms_name, ABS(t.foreigntotal) AS total, t.exchangerate,
       ABS(t.foreigntotal * t.exchangerate) AS base_total, t.memo, t.lastmodifieddate
FROM transaction t
LEFT OUTER JOIN vendor v ON v.id = t.entity
WHERE t.type = 'VendBill'
