-- The lines of the documents, in money of the transaction (amount) and of its subsidiary (base);
-- debits are positive. Lines of a document add up to zero; its first repeats the header's total.

-- What was dealt in: most deals have one line. Orders change with each revision; at every
-- third they lack their last line.
CREATE OR REPLACE TEMP TABLE goods AS
WITH counted AS (
    SELECT *,
           CASE WHEN draw(deal, 'lines', 20) < 13 THEN 1
                WHEN draw(deal, 'lines', 20) < 17 THEN 2
                WHEN draw(deal, 'lines', 20) < 19 THEN 3
                ELSE 4 + draw(deal, 'more lines', 4) END AS dealt_lines
    FROM document WHERE type <> 'Journal'
), numbered AS (
    SELECT n, deal, type, sign, party = 'customer' AND type <> 'ItemShip' AS sells, pays, currency,
           digits, usd_rate, base_rate, base_digits, exchangerate, tax, revision, line,
           1 + skewed(deal * 8 + line, 'item', getvariable('items')) AS k
    FROM (SELECT *, unnest(range(1, 1 + greatest(1, dealt_lines
                                                  - CASE WHEN revision % 3 = 2 THEN 1 ELSE 0 END)))
                 AS line FROM counted)
), priced AS (
    SELECT n, line, k, g.type, sign, sells, pays, digits, base_digits, exchangerate, tax, deal,
           base_rate, i.id AS item, i.itemtype, i.assetaccount, i.incomeaccount, i.expenseaccount,
           i.averagecost,
           -- Some lines of a bill are expenses, of no item.
           g.type IN ('Check', 'ExpRept')
           OR g.type IN ('VendBill', 'VendPymt') AND draw(deal * 8 + line, 'expense', 4) = 0
           AS is_expense,
           (CASE WHEN i.itemtype = 'Service'
                 THEN 0.25 * (1 + draw(deal * 8 + line, 'quarters', 60))
                 ELSE 1 + skewed(deal * 8 + line, 'quantity', 60) END
            + CASE WHEN line = 1 THEN revision ELSE 0 END)::DECIMAL(9, 2) AS quantity,
           -- Now and then something comes free with the rest.
           round(CASE WHEN line > 1 AND draw(deal * 8 + line, 'free', 15) = 0 THEN 0
                      WHEN sells THEN list_price(k)
                      ELSE coalesce(i.cost, list_price(k)) END
                 / usd_rate::DOUBLE * (0.85 + draw(deal * 8 + line, 'discount', 151) / 1000.0),
                 CASE WHEN digits = 0 THEN 0 WHEN draw(deal * 8 + line, 'fine', 5) = 0 THEN 4
                      ELSE 2 END)::DECIMAL(14, 5) AS rate
    FROM numbered AS g JOIN item AS i ON i.id = item_id(k)
)
SELECT *, money(quantity * rate, digits) AS amount,
       money(money(quantity * rate, digits) * exchangerate::DECIMAL(18, 8), base_digits) AS base,
       CASE WHEN type IN ('CustInvc', 'CashSale') AND assetaccount IS NOT NULL
            THEN money(quantity * averagecost::DECIMAL(14, 5) / base_rate, base_digits) END AS cost
FROM priced;

CREATE OR REPLACE TEMP TABLE total AS
WITH net AS (
    SELECT n, sum(amount)::DECIMAL(18, 2) AS amount, sum(base)::DECIMAL(18, 2) AS base,
           sum(cost)::DECIMAL(18, 2) AS cost
    FROM goods GROUP BY n
)
SELECT n, amount, base, cost, money(amount * d.tax, digits) AS tax,
       money(money(amount * d.tax, digits) * exchangerate, base_digits) AS base_tax
FROM net JOIN document AS d USING (n);

CREATE OR REPLACE TEMP TABLE entry AS
WITH sided AS (
    SELECT t.*, d.sign, d.account, d.applied_account, d.pays,
           d.sign * (amount + t.tax) AS whole, d.sign * (base + base_tax) AS base_whole
    FROM total AS t JOIN document AS d USING (n)
), journal AS (
    SELECT n, line, 2 + draw(n, 'entries', 4) AS lines,
           money((CASE WHEN draw(n * 8 + line, 'side', 3) = 0 THEN -1 ELSE 1 END
                  * (10 + pow(share(n * 8 + line, 'value'), 4) * 60000) / usd_rate + revision)
                 ::DECIMAL(18, 6), digits) AS amount,
           chosen([70, 71, 72, 73, 74, 75, 76, 77, 78, 17, 18, 26, 28, 30], n * 8 + line, 'books')
           AS account
    FROM (SELECT *, unnest(range(0, 5)) AS line FROM document WHERE type = 'Journal')
), sums AS (
    SELECT n, lines, -sum(amount) AS amount FROM journal WHERE line < lines - 1 GROUP BY n, lines
), part AS (
    SELECT n, 0 AS line, 'main' AS role, NULL AS k, whole AS amount, base_whole AS base, account
    FROM sided
    UNION ALL
    SELECT n, 1, 'applied', NULL, -whole, -base_whole, applied_account FROM sided WHERE pays
    UNION ALL
    SELECT n, line, CASE WHEN is_expense THEN 'expense' ELSE 'item' END, line,
           -sign * amount, -sign * base,
           CASE WHEN sells THEN incomeaccount WHEN is_expense THEN 70 + k % 9
                ELSE coalesce(assetaccount, expenseaccount) END
    FROM goods WHERE NOT pays
    UNION ALL
    SELECT n, 8, 'tax', NULL, -sign * tax, -sign * base_tax, 27 FROM sided
    WHERE tax <> 0 AND NOT pays
    UNION ALL
    SELECT n, 8 + 2 * line - side, CASE side WHEN 1 THEN 'cogs' ELSE 'asset' END, line,
           (2 * side - 1) * money(cost / exchangerate, digits), (2 * side - 1) * cost,
           CASE side WHEN 1 THEN expenseaccount ELSE assetaccount END
    FROM goods, (VALUES (0), (1)) AS pair(side) WHERE cost IS NOT NULL
    UNION ALL
    SELECT n, line, 'journal', NULL, amount, amount, account FROM journal WHERE line < lines - 1
    UNION ALL
    SELECT n, lines - 1, 'journal', NULL, amount, amount, 28 FROM sums
)
SELECT * REPLACE (amount::DECIMAL(18, 2) AS amount, base::DECIMAL(18, 2) AS base)
FROM part ORDER BY n, line;
