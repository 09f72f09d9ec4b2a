SELECT s.id, s.fullname AS subsidiary, s.parent, p.fullname AS above,
       coalesce(sum(-l.netamount), 0) AS revenue,
       coalesce(sum(round(-l.netamount * r.averagerate, 2)), 0) AS in_dollars
FROM subsidiary AS s LEFT JOIN subsidiary AS p ON p.id = s.parent
LEFT JOIN (SELECT l.*, t.postingperiod FROM transactionline AS l JOIN transaction AS t ON t.id = transaction
           WHERE t.posting = 'T' AND accountinglinetype = 'INCOME') AS l ON l.subsidiary = s.id
LEFT JOIN consolidatedexchangerate AS r ON r.postingperiod = l.postingperiod AND fromsubsidiary = s.id
      AND tosubsidiary = 1 AND accountingbook = 1
GROUP BY ALL
