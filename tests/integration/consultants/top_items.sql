SELECT ranked.item, ranked.item_name, ranked.item_class, ranked.revenue, ranked.place
FROM (
    SELECT sold.item, sold.item_name, sold.item_class, sold.revenue,
           RANK() OVER (PARTITION BY sold.item_class ORDER BY sold.revenue DESC) AS place
    FROM (
        SELECT tl.item AS item, i.itemid AS item_name, NVL(BUILTIN.DF(i.class), '-') AS item_class,
               SUM(tl.netamount) * -1 AS revenue
        FROM transactionline tl
        JOIN transaction t ON t.id = tl.transaction
        JOIN item i ON i.id = tl.item
        WHERE t.type = 'CustInvc' AND tl.iscogs = 'F' AND tl.taxline = 'F' AND tl.mainline = 'F'
        GROUP BY tl.item, i.itemid, NVL(BUILTIN.DF(i.class), '-')
    ) sold
) ranked
WHERE ranked.place <= 3
