WITH step AS (SELECT DISTINCT previousdoc AS source, nextdoc AS target, nexttype, linktype
              FROM nexttransactionlinelink)
SELECT o.id AS sales_order, i.id AS invoice, o.tranid AS order_number,
       strftime(o.trandate, '%Y-%m-%d') AS ordered_on, s.fullname AS order_status,
       (SELECT tranid FROM transaction WHERE id = f.target) AS fulfilment_number,
       i.tranid AS invoice_number, date_diff('day', o.trandate, i.trandate) AS days_to_invoice,
       p.target AS payment, if(p.target IS NULL, 'open', 'paid') AS state
FROM step AS b JOIN transaction AS o ON o.id = b.source AND o.recordtype = 'salesorder'
JOIN transaction AS i ON i.id = b.target AND i.recordtype = 'invoice'
JOIN transactionstatus AS s ON s.id = o.status AND s.trantype = 'SalesOrd'
LEFT JOIN step AS f ON f.source = o.id AND f.nexttype = 'ItemShip'
LEFT JOIN step AS p ON p.source = i.id AND p.linktype = 'Payment'
