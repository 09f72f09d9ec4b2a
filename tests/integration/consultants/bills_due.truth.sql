SELECT t.id, tranid, entity AS vendor, v.entityid AS vendor_name, trandate, duedate, t.terms,
       term.name AS terms_name, abs(foreigntotal) AS total, exchangerate,
       abs(foreigntotal) * exchangerate AS base_total, memo, t.lastmodifieddate
FROM transaction AS t LEFT JOIN vendor AS v ON entity = v.id LEFT JOIN term ON term.id = t.terms
WHERE recordtype = 'vendorbill'
