-- From the order over fulfilment and invoice to the payment, one row for each invoice.
SELECT DISTINCT
    so.id AS sales_order,
    inv.id AS invoice,
    so.tranid AS order_number,
    TO_CHAR(so.trandate, 'YYYY-MM-DD') AS ordered_on,
    BUILTIN.DF(so.status) AS order_status,
    ful.tranid AS fulfilment_number,
    inv.tranid AS invoice_number,
    inv.trandate - so.trandate AS days_to_invoice,
    pay.id AS payment,
    NVL2(pay.id, 'paid', 'open') AS state
FROM transaction so
JOIN nexttransactionlinelink billed ON billed.previousdoc = so.id AND billed.nexttype = 'CustInvc'
JOIN transaction inv ON inv.id = billed.nextdoc
LEFT JOIN nexttransactionlinelink shipped
       ON shipped.previousdoc = so.id AND shipped.nexttype = 'ItemShip'
LEFT JOIN transaction ful ON ful.id = shipped.nextdoc
LEFT JOIN nexttransactionlinelink settled
       ON settled.previousdoc = inv.id AND settled.linktype = 'Payment'
LEFT JOIN transaction pay ON pay.id = settled.nextdoc
WHERE so.type = 'SalesOrd'
