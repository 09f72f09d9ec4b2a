-- Brings main line, accounting lines and header of orders (changed: id, moment) into line with
-- their other lines.

UPDATE transactionline AS l
SET foreignamount = -s.amount, netamount = -s.base, linelastmodifieddate = moment
FROM (
    SELECT transaction, moment, sum(foreignamount) AS amount, sum(netamount) AS base
    FROM transactionline JOIN changed ON changed.id = transaction
    WHERE mainline = 'F' GROUP BY ALL
) AS s
WHERE l.transaction = s.transaction AND mainline = 'T';

UPDATE transactionaccountingline AS a
SET amount = l.netamount, lastmodifieddate = greatest(lastmodifieddate, moment)
FROM changed JOIN transactionline AS l ON l.transaction = changed.id
WHERE a.transaction = l.transaction AND a.transactionline = l.id AND a.amount <> l.netamount;

UPDATE transaction AS t
SET foreigntotal = l.foreignamount, total = l.netamount,
    lastmodifieddate = greatest(lastmodifieddate, moment)
FROM changed JOIN transactionline AS l ON l.transaction = changed.id AND l.mainline = 'T'
WHERE t.id = changed.id;
