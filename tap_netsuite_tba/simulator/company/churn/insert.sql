-- New orders and journals (id, model, moment): each takes over from an older one what it deals in,
-- and so it balances. `moment` is when it says that it was made.

INSERT INTO transaction BY NAME
WITH numbered AS (
    SELECT f.id, moment, moment::DATE AS trandate, (moment::DATE - t.trandate)::INTEGER AS later,
           regexp_replace(tranid, '[0-9]+$', '') AS prefix, t.* EXCLUDE (id, trandate)
    FROM fresh AS f JOIN transaction AS t ON t.id = f.model
)
SELECT n.id, type, recordtype, abbrevtype, prefix || n.id AS tranid,
       prefix || n.id AS transactionnumber,
       split_part(trandisplayname, ' #', 1) || ' #' || prefix || n.id AS trandisplayname,
       trandate, shipdate + later AS shipdate, reversaldate + later AS reversaldate,
       'B' AS status, approvalstatus, entity, employee, subsidiary, department, currency,
       exchangerate, foreigntotal, total, totalcostestimate, memo, otherrefnum, terms, account, posting,
       CASE WHEN posting = 'T' THEN p.id END AS postingperiod, journaltype, nexus,
       CASE WHEN billingaddress IS NOT NULL THEN 10000000 + 2 * n.id END AS billingaddress,
       CASE WHEN shippingaddress IS NOT NULL THEN 10000001 + 2 * n.id END AS shippingaddress,
       source, createdby, moment AS createddate, lastmodifiedby,
       moment AS lastmodifieddate, custbody_channel,
       custbody_promised_date + later AS custbody_promised_date, custbody_rush,
       custbody_margin_pct, custbody_certificates
FROM numbered AS n
LEFT JOIN accountingperiod AS p
     ON p.isposting = 'T' AND p.startdate = date_trunc('month', n.trandate)
ORDER BY n.id;

-- Far above the keys of lines that were there from the birth.
INSERT INTO transactionline BY NAME
SELECT 1000000000 + 32 * f.id + l.id AS uniquekey, f.id AS transaction, l.id, mainline, taxline,
       iscogs, item, itemtype, l.account, quantity, rate, price, units, foreignamount, netamount,
       costestimate, quantitybilled * 0 AS quantitybilled, expenseaccount, l.entity, l.subsidiary,
       l.department, l.memo, 'F' AS isclosed,
       expectedreceiptdate + (moment::DATE - t.trandate)::INTEGER AS expectedreceiptdate,
       expectedshipdate + (moment::DATE - t.trandate)::INTEGER AS expectedshipdate,
       moment AS linecreateddate, moment AS linelastmodifieddate, custcol_batch,
       custcol_machine_hours, custcol_vehicle
FROM fresh AS f JOIN transaction AS t ON t.id = f.model
JOIN transactionline AS l ON l.transaction = f.model
ORDER BY f.id, l.id;

INSERT INTO transactionaccountingline BY NAME
SELECT f.id AS transaction, transactionline, accountingbook, account, amount, exchangerate,
       posting, moment AS lastmodifieddate
FROM fresh AS f JOIN transactionaccountingline AS a ON a.transaction = f.model
ORDER BY f.id, transactionline, accountingbook;
