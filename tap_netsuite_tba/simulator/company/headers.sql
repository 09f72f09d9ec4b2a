-- Writes the headers.

INSERT INTO transaction BY NAME
WITH first_line AS (
    SELECT n, max(amount) FILTER (WHERE role = 'main') AS amount,
           max(base) FILTER (WHERE role = 'main') AS base,
           sum(amount) FILTER (WHERE role = 'journal' AND amount > 0) AS debits
    FROM entry GROUP BY n
), headed AS (
    SELECT d.* REPLACE (CASE WHEN draw(deal, 'by department', 3) > 0 THEN department END
                        AS department),
           coalesce(f.amount, f.debits, 0) AS foreigntotal, coalesce(f.base, f.debits, 0) AS total,
           money(t.cost / exchangerate, digits) AS totalcostestimate,
           CASE WHEN type = 'VendBill' THEN 'R ' || (deal * 7919 % 1000003)
                ELSE prefix || (100000 + n) END AS tranid
    FROM document AS d JOIN first_line AS f USING (n) LEFT JOIN total AS t USING (n)
)
SELECT h.id, type, recordtype, abbrevtype, tranid, prefix || n AS transactionnumber,
       label || ' #' || tranid AS trandisplayname, trandate,
       CASE WHEN type IN ('CustInvc', 'VendBill')
            THEN trandate + CASE terms WHEN 2 THEN 30 WHEN 3 THEN 60 WHEN 4 THEN 14 ELSE 0 END
       END AS duedate,
       CASE WHEN type <> 'Journal' THEN next_at::DATE END AS closedate,
       CASE WHEN type = 'SalesOrd' THEN trandate + 3 END AS shipdate,
       status,
       CASE WHEN type IN ('SalesOrd', 'PurchOrd', 'VendBill', 'Journal') THEN 2 END
       AS approvalstatus,
       CASE WHEN type = 'PurchOrd' AND next_at IS NULL THEN employee_id(1) END AS nextapprover,
       entity, CASE WHEN party = 'customer' THEN salesrep WHEN draw(deal, 'buyer', 2) = 0
                    THEN employee_id(2) END AS employee,
       currency, subsidiary, department, total, exchangerate, foreigntotal,
       CASE WHEN type IN ('CustInvc', 'VendBill')
            THEN CASE WHEN next_at IS NULL THEN foreigntotal ELSE 0 END END AS foreignamountunpaid,
       CASE WHEN pays AND party IS NOT NULL THEN foreigntotal END
       AS foreignpaymentamountused,
       totalcostestimate,
       CASE WHEN version > 0 THEN 'Amended, revision ' || version
            WHEN draw(n, 'memo', 5) > 1 THEN NULL
            ELSE chosen(['Bitte Teillieferung' || chr(13) || chr(10) || 'Rest folgt am 3.',
                         'Réf. client : n° 12/Ö', '見積書のとおり', 'Urgent – call before delivery',
                         'O''Hara said: "as last time"', '100% prepaid, 50 €', 'ñandú; a\b\tc',
                         ' leading and trailing blanks ', 'Срочно'], n, 'memo text') END AS memo,
       CASE WHEN type = 'SalesOrd' AND draw(deal, 'their number', 3) = 0
            THEN lpad((deal * 31 % 100000)::VARCHAR, 7, '0') END AS otherrefnum,
       CASE WHEN NOT pays THEN terms END AS terms,
       CASE WHEN type IN ('CustPymt', 'CashSale', 'CustDep') THEN 1 + draw(n, 'method', 6) END AS paymentmethod,
       CASE WHEN type <> 'Journal' THEN account END AS account,
       CASE WHEN type IN ('VendPymt', 'Check') AND draw(n, 'cheque', 4) = 0 THEN (5000 + n % 4000)::VARCHAR END
       AS accountbasednumber,
       CASE WHEN type = 'VendBill' THEN flag(draw(n, 'held', 30) = 0) END AS paymenthold,
       posting, CASE WHEN posting = 'T' THEN p.id END AS postingperiod,
       CASE WHEN type = 'Journal' THEN '-' END AS journaltype,
       CASE WHEN type = 'Journal' AND draw(n, 'reversed', 6) = 0
            THEN (date_trunc('month', trandate) + INTERVAL 1 MONTH)::DATE END AS reversaldate,
       CASE WHEN party IS NOT NULL THEN subsidiary END AS nexus,
       CASE WHEN type IN ('SalesOrd', 'CustInvc', 'PurchOrd') AND draw(deal, 'bill to', 5) > 0
            THEN 700000 + 3 * n END AS billingaddress,
       CASE WHEN type IN ('SalesOrd', 'CustInvc') AND draw(deal, 'ship to', 3) > 0
            THEN 700001 + 3 * n END AS shippingaddress,
       CASE WHEN draw(deal, 'from the shop', 4) = 0 AND type = 'SalesOrd' THEN 'CSV' END AS source,
       CASE WHEN draw(deal, 'from the shop', 4) = 0 AND type = 'SalesOrd'
            THEN 'WEB-' || (900000 + n) END AS externalid,
       employee_id(1 + draw(n, 'created by', 20)) AS createdby, created AS createddate,
       CASE WHEN modified > created AND draw(n, 'by script', 3) = 0 THEN -5
            ELSE employee_id(1 + draw(n, 'modified by', 20)) END AS lastmodifiedby,
       modified AS lastmodifieddate,
       CASE WHEN type IN ('SalesOrd', 'CustInvc') THEN 1 + draw(deal, 'channel', 5) END
       AS custbody_channel,
       CASE WHEN type = 'SalesOrd' AND draw(n, 'promises', 2) = 0 THEN trandate + 14 END
       AS custbody_promised_date,
       flag(draw(deal, 'rush', 15) = 0) AS custbody_rush,
       CASE WHEN type = 'SalesOrd' THEN round(0.05 + share(deal, 'margin') * 0.5,
                                              2 + draw(deal, 'margin digits', 5)::INTEGER) END
       AS custbody_margin_pct,
       CASE draw(deal, 'certificates', 12) WHEN 0 THEN '3' WHEN 1 THEN '1, 3, 5'
            WHEN 2 THEN '2, 4' END AS custbody_certificates,
       CASE WHEN draw(n, 'old field', 50) = 0 THEN n % 97 END AS custbody12,
       CASE WHEN draw(n, 'synced', 6) = 0 THEN created + INTERVAL 90 SECOND END
       AS custbody_synced_at,
       CASE WHEN type = 'PurchOrd' AND draw(n, 'note', 10) = 0
            THEN 'Genehmigt.' || chr(13) || chr(10) || 'Gruß, Zoë' END AS custbody_approval_note
FROM headed AS h
LEFT JOIN accountingperiod AS p
     ON p.isposting = 'T' AND p.startdate = date_trunc('month', h.trandate)
ORDER BY n;
