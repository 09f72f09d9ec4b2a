-- Writes the lines and what they post to the ledger.

INSERT INTO transactionline BY NAME
SELECT 32 * n + line + CASE WHEN n > getvariable('transactions') * 7 // 10 THEN 9000000 ELSE 0 END
       AS uniquekey,
       d.id AS transaction, line AS id, flag(role = 'main') AS mainline,
       flag(role = 'tax') AS taxline, flag(role IN ('cogs', 'asset')) AS iscogs,
       CASE WHEN role IN ('item', 'cogs', 'asset') THEN g.item END AS item,
       CASE WHEN role IN ('item', 'cogs', 'asset') THEN g.itemtype END AS itemtype,
       e.account,
       CASE WHEN role = 'item' THEN -d.sign * g.quantity END AS quantity,
       CASE WHEN role = 'item' THEN g.rate END AS rate,
       CASE WHEN role = 'item' AND party = 'customer' THEN chosen([1, 1, -1], n * 8 + line, 'price') END
       AS price,
       CASE WHEN role = 'item' AND g.assetaccount IS NOT NULL THEN 1 END AS units,
       e.amount AS foreignamount, e.base AS netamount,
       CASE WHEN role = 'main' AND type IN ('CustInvc', 'VendBill')
            THEN CASE WHEN next_at IS NULL THEN e.amount ELSE 0 END END AS foreignamountunpaid,
       CASE WHEN role = 'applied' THEN e.amount END AS fxamountlinked,
       CASE WHEN role = 'item' THEN g.cost END AS costestimate,
       CASE WHEN role = 'item' AND posting = 'F'
            THEN CASE WHEN next_at IS NULL THEN 0 ELSE g.quantity END END AS quantitybilled,
       CASE WHEN role IN ('expense', 'journal') THEN e.account END AS expenseaccount,
       CASE WHEN role <> 'tax' THEN entity END AS entity, subsidiary,
       CASE WHEN draw(deal, 'by department', 3) > 0 THEN department END AS department,
       CASE WHEN draw(n * 8 + line, 'line memo', 12) = 0
            THEN chosen(['Position lt. Angebot', 'à livrer séparément', '至急',
                         'as agreed' || chr(13) || chr(10) || 'see mail'], n * 8 + line, 'says') END
       AS memo,
       transaction_id(previous) AS createdfrom,
       flag(next_at IS NOT NULL OR single AND posting = 'F' AND status IN ('C', 'H')) AS isclosed,
       CASE WHEN role = 'item' THEN next_at::DATE END AS closedate,
       CASE WHEN type = 'PurchOrd' AND role = 'item' THEN trandate + 21 END AS expectedreceiptdate,
       CASE WHEN type = 'SalesOrd' AND role = 'item' THEN trandate + 5 END AS expectedshipdate,
       d.created AS linecreateddate, line_modified AS linelastmodifieddate,
       CASE WHEN role = 'item' AND draw(n * 8 + line, 'batch', 9) = 0 THEN 'CH-' || (n % 9999) END
       AS custcol_batch,
       CASE WHEN g.itemtype = 'Assembly' AND role = 'item'
            THEN round(share(n * 8 + line, 'hours') * 40, 3) END AS custcol_machine_hours,
       CASE WHEN role = 'item' AND draw(n * 8 + line, 'vehicle', 20) = 0
            THEN 1 + draw(n, 'which vehicle', 40) END AS custcol_vehicle
FROM entry AS e
JOIN document AS d USING (n)
LEFT JOIN (SELECT n, line AS k, item, itemtype, quantity, rate, cost, assetaccount FROM goods) AS g
     USING (n, k);

-- Book 1 is the primary one. The German subsidiary posts to a second, so that its sums over all
-- books are twice the truth. Rows from before 2023.1 have no modification date.
INSERT INTO transactionaccountingline BY NAME
SELECT d.id AS transaction, line AS transactionline, accountingbook, e.account, e.base AS amount,
       exchangerate, posting,
       CASE WHEN role = 'main' AND type IN ('CustInvc', 'VendBill')
            THEN CASE WHEN next_at IS NULL THEN e.base ELSE 0 END END AS amountunpaid,
       CASE WHEN line_modified >= TIMESTAMP '2023-02-01' THEN line_modified END AS lastmodifieddate
FROM entry AS e JOIN document AS d USING (n)
JOIN (VALUES (1), (2)) AS book(accountingbook)
     ON accountingbook = 1 OR (subsidiary = 2 AND posting = 'T');
