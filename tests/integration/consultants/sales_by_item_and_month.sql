SELECT
    tl.item,
    TO_NUMBER(TO_CHAR(t.trandate, 'YYYYMM')) AS month,
    i.itemid AS item_name,
    SUM(ABS(tl.quantity)) AS quantity,
    SUM(-tl.netamount) AS revenue,
    ROUND(AVG(tl.rate), 4) AS average_rate,
    COUNT(*) AS sales
FROM transaction t
JOIN transactionline tl ON tl.transaction = t.id
JOIN item i ON i.id = tl.item
WHERE t.type IN ('CustInvc', 'CashSale')
  AND tl.mainline = 'F' AND tl.taxline = 'F' AND tl.iscogs = 'F'
GROUP BY tl.item, TO_NUMBER(TO_CHAR(t.trandate, 'YYYYMM')), i.itemid
