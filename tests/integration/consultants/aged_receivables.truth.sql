SELECT entity AS customer, transaction.currency, any_value(customer.entityid) AS customer_name,
       any_value(currency.name) AS currency_name, count(*) AS open_invoices,
       min(duedate) AS oldest_due,
       coalesce(sum(owed) FILTER (age <= 0), 0) AS not_due,
       coalesce(sum(owed) FILTER (age > 0 AND age <= 30), 0) AS days_1_30,
       coalesce(sum(owed) FILTER (age > 30 AND age <= 60), 0) AS days_31_60,
       coalesce(sum(owed) FILTER (age > 60 AND age <= 90), 0) AS days_61_90,
       coalesce(sum(owed) FILTER (age > 90), 0) AS days_over_90, sum(owed) AS total
FROM (SELECT *, foreignamountunpaid AS owed, getvariable('today') - duedate AS age
      FROM transaction) AS transaction
LEFT JOIN customer ON customer.id = entity
LEFT JOIN currency ON currency.id = transaction.currency
WHERE recordtype = 'invoice' AND posting = 'T' AND voided = 'F' AND owed <> 0
GROUP BY entity, transaction.currency
