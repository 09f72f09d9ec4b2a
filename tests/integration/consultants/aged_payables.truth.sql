FROM transaction
JOIN vendor ON vendor.id = entity
LEFT JOIN vendorcategory ON vendorcategory.id = category
SELECT vendor.id, any_value(vendor.entityid) AS vendor_name,
       coalesce(any_value(vendorcategory.name), 'none') AS category,
       coalesce(sum(abs(foreignamountunpaid)) FILTER (trandate >= DATE '2026-05-31'), 0) AS recent,
       sum(abs(foreignamountunpaid)) AS owed, max(coalesce(duedate, trandate)) AS last_due
WHERE transaction.type = 'VendBill' AND status <> 'B' AND foreignamountunpaid <> 0
GROUP BY vendor.id
