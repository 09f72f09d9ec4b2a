WITH ordered AS (SELECT * FROM transaction WHERE recordtype = 'salesorder'),
line AS (
    SELECT o.id, o.entity, o.lastmodifieddate, l.quantity, l.netamount
    FROM ordered AS o, transactionline AS l
    WHERE l.transaction = o.id AND status IN ('A', 'B', 'D', 'E', 'F')
      AND l.mainline || l.taxline || l.isclosed = 'FFF'
)
SELECT c.id, c.entityid, c.email,
       (SELECT count(id) FROM ordered WHERE entity = c.id) AS orders_ever,
       count(DISTINCT line.id) AS open_orders, -sum(quantity) AS quantity,
       -sum(netamount) AS amount, max(line.lastmodifieddate) AS last_change
FROM line JOIN customer AS c ON line.entity = c.id GROUP BY ALL
