SELECT format('{}-Q{}', year(trandate), quarter(trandate)) AS quarter,
       coalesce(name, 'none') AS channel, count(*) AS invoices, sum(foreigntotal) AS total,
       median(foreigntotal) AS median
FROM transaction AS t LEFT JOIN customlist_sales_channel AS c ON c.id = custbody_channel
WHERE recordtype = 'invoice' GROUP BY ALL
