SELECT l.item, year(trandate) * 100 + month(trandate) AS month, itemid AS item_name,
       sum(abs(quantity)) AS quantity, -sum(netamount) AS revenue,
       round(sum(rate) / count(rate), 4) AS average_rate, count(*) AS sales
FROM transactionline AS l JOIN item ON item.id = l.item JOIN transaction AS t ON t.id = transaction
WHERE recordtype IN ('invoice', 'cashsale') AND 'T' NOT IN (mainline, taxline, iscogs)
GROUP BY ALL
