-- What happens in (since, until]. An account at an instant is a pure function of its company and
-- the instant: so all that was touched is found, forgotten, and written anew as it is at `until`.
-- That is why two steps leave the same rows as one.

-- Edits since birth: two a minute, mostly of recent transactions. An edit in the i-th half-minute
-- finds all that came before it: 30 * i / 24 of the new ones, for certain.
CREATE OR REPLACE TEMP TABLE edit AS
SELECT moment,
       CASE draw(i, 'edits old', 4) WHEN 0 THEN 1 + draw(i, 'edited', newest)
            ELSE newest - draw(i, 'edited', least(newest, 3000)) END AS n
FROM (SELECT *, getvariable('transactions') + i * 30 // 24 AS newest
      FROM ticks('edit', 30, born(), getvariable('until')));

-- Deletions since birth: one is drawn every 200 seconds, of documents on which no other builds.
-- Two of three stay: what is posted to a period that may be closed is not deleted.
CREATE OR REPLACE TEMP TABLE deletion AS
SELECT n, min(moment) AS moment
FROM (
    SELECT moment,
           number_of(draw(i, 'deleted', (getvariable('transactions') + i * 200 // 24) // 20),
                     chosen(slots, i, 'which')) AS n
    FROM ticks('deletion', 200, born(), getvariable('until')),
         (SELECT list(slot ORDER BY slot) AS slots FROM slot WHERE single)
)
JOIN slot ON slot.slot = slot_of(n)
JOIN transaction_type AS t ON t.type = type_of(n, chain, slot.type)
WHERE (n <= getvariable('transactions') OR created_at(n) < moment)
  AND (posting = 'F' OR is_open(created_at(n)))
GROUP BY n;

CREATE OR REPLACE TEMP TABLE touched AS
WITH arrived AS (
    SELECT getvariable('transactions') + 1 + i AS n
    FROM ticks('transaction', 24, getvariable('since'), getvariable('until'))
)
SELECT n FROM arrived
UNION
-- An order is closed by its invoice, an invoice by its payment.
SELECT number_of((n - 1) // 20 - previous_lag, previous_slot)
FROM arrived JOIN slot ON slot.slot = slot_of(n)
WHERE number_of((n - 1) // 20 - previous_lag, previous_slot) > 0
UNION
SELECT n FROM edit WHERE moment > getvariable('since')
UNION
SELECT n FROM deletion WHERE moment > getvariable('since');

DELETE FROM transaction WHERE id IN (SELECT transaction_id(n) FROM touched);
DELETE FROM transactionline WHERE transaction IN (SELECT transaction_id(n) FROM touched);
DELETE FROM transactionaccountingline
WHERE transaction IN (SELECT transaction_id(n) FROM touched);

CREATE OR REPLACE TEMP TABLE due AS
SELECT n, count(edit.moment) AS version, max(edit.moment) AS edited_at,
       row_number() OVER (ORDER BY n) // getvariable('part_size') AS part
FROM touched LEFT JOIN edit USING (n) ANTI JOIN deletion USING (n)
GROUP BY n;

INSERT INTO deletedrecord BY NAME
SELECT transaction_id(n) AS recordid, -30 AS recordtypeid, t.recordtype AS scriptid, label AS type,
       label || ' #' || prefix || (100000 + n) AS name, 'UIF' AS context,
       employee_id(1 + draw(n, 'deleted by', 20)) AS deletedby, moment AS deleteddate,
       'F' AS iscustomlist, 'F' AS iscustomrecord, 'F' AS iscustomtransaction
FROM deletion JOIN slot ON slot.slot = slot_of(n)
JOIN transaction_type AS t ON t.type = type_of(n, chain, slot.type)
WHERE moment > getvariable('since')
ORDER BY moment;

-- A customer is edited every five minutes, a new one comes every ten.
CREATE OR REPLACE TEMP TABLE customer_edit AS
SELECT moment, 1 + draw(i, 'customer edited', getvariable('customers') + i // 2) AS k
FROM ticks('customer edit', 300, born(), getvariable('until'));

CREATE OR REPLACE TEMP TABLE customer_due AS
SELECT k, count(moment) AS version, max(moment) AS edited_at
FROM (
    SELECT getvariable('customers') + 1 + i AS k
    FROM ticks('customer', 600, getvariable('since'), getvariable('until'))
    UNION
    SELECT k FROM customer_edit WHERE moment > getvariable('since')
) LEFT JOIN customer_edit USING (k)
GROUP BY k;

DELETE FROM customer WHERE id IN (SELECT customer_id(k) FROM customer_due);
