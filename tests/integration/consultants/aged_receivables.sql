-- What customers owe, by age; a row for each customer and currency.
SELECT
    t.entity AS customer,
    t.currency,
    BUILTIN.DF( t.entity ) AS customer_name,
    BUILTIN.DF( t.currency ) AS currency_name,
    COUNT(*) AS open_invoices,
    MIN( t.duedate ) AS oldest_due,
    SUM( CASE WHEN TRUNC( SYSDATE ) <= t.duedate THEN t.foreignamountunpaid ELSE 0 END ) AS not_due,
    SUM( CASE WHEN TRUNC( SYSDATE ) - t.duedate BETWEEN 1 AND 30 THEN t.foreignamountunpaid ELSE 0 END ) AS days_1_30,
    SUM( CASE WHEN TRUNC( SYSDATE ) - t.duedate BETWEEN 31 AND 60 THEN t.foreignamountunpaid ELSE 0 END ) AS days_31_60,
    SUM( CASE WHEN TRUNC( SYSDATE ) - t.duedate BETWEEN 61 AND 90 THEN t.foreignamountunpaid ELSE 0 END ) AS days_61_90,
    SUM( CASE WHEN TRUNC( SYSDATE ) - t.duedate > 90 THEN t.foreignamountunpaid ELSE 0 END ) AS days_over_90,
    SUM( t.foreignamountunpaid ) AS total
FROM
    transaction t
WHERE
    t.type = 'CustInvc'
    AND t.posting = 'T'
    AND t.voided = 'F'
    AND t.foreignamountunpaid <> 0
GROUP BY
    t.entity,
    t.currency,
    BUILTIN.DF( t.entity ),
    BUILTIN.DF( t.currency )
