SELECT
    Customer.id,
    Customer.entityid,
    Customer.email,
    ( SELECT COUNT(*) FROM transaction every WHERE every.entity = Customer.id AND every.type = 'SalesOrd' ) AS orders_ever,
    COUNT( DISTINCT SalesOrder.id ) AS open_orders,
    SUM( -1 * Line.quantity ) AS quantity,
    SUM( -1 * Line.netamount ) AS amount,
    MAX( SalesOrder.lastmodifieddate ) AS last_change
FROM
    Transaction AS SalesOrder
    INNER JOIN TransactionLine AS Line ON ( Line.transaction = SalesOrder.id )
    INNER JOIN Customer ON ( Customer.id = SalesOrder.entity )
WHERE
    ( SalesOrder.type = 'SalesOrd' )
    AND ( SalesOrder.status NOT IN ( 'C', 'G', 'H' ) )
    AND ( Line.mainline = 'F' )
    AND ( Line.taxline = 'F' )
    AND ( Line.isclosed = 'F' )
GROUP BY
    Customer.id,
    Customer.entityid,
    Customer.email
