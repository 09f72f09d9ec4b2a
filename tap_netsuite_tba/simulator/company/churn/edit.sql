-- Edits of transactions (picked: id, moment). Only orders change in their amounts: the others may
-- lie in a closed period.

UPDATE transaction AS t
SET memo = 'Edited ' || strftime(moment, '%Y-%m-%d %H:%M:%S'),
    lastmodifieddate = greatest(lastmodifieddate, moment)
FROM picked WHERE t.id = picked.id;

CREATE OR REPLACE TEMP TABLE changed AS
SELECT id, moment FROM picked JOIN transaction USING (id) WHERE posting = 'F';

-- One more piece in its first line.
UPDATE transactionline AS l
SET quantity = more.quantity, linelastmodifieddate = moment, foreignamount = more.amount,
    netamount = CASE WHEN base_digits = 0 THEN round(more.amount * exchangerate, 0)
                     ELSE round(more.amount * exchangerate, 2) END
FROM (
    SELECT uniquekey, moment, l.quantity + sign(l.quantity) AS quantity, t.exchangerate,
           b.currencyprecision AS base_digits,
           CASE WHEN y.currencyprecision = 0 THEN round((l.quantity + sign(l.quantity)) * rate, 0)
                ELSE round((l.quantity + sign(l.quantity)) * rate, 2) END::DECIMAL(18, 2) AS amount
    FROM changed AS c JOIN transaction AS t ON t.id = c.id
    JOIN transactionline AS l ON l.transaction = c.id AND l.id = 1
    JOIN currency AS y ON y.id = t.currency
    JOIN subsidiary AS s ON s.id = l.subsidiary JOIN currency AS b ON b.id = s.currency
) AS more
WHERE l.uniquekey = more.uniquekey;
