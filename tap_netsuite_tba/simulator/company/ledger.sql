-- The chart of accounts and the calendar of periods.

INSERT INTO account BY NAME
SELECT id, number AS acctnumber, accttype, parent, sspecacct, name AS description,
       coalesce(path || ' : ', '') || name AS fullname,
       number || ' ' || name AS accountsearchdisplayname, name AS accountsearchdisplaynamecopy,
       number || ' ' || coalesce(path || ' : ', '') || name AS displaynamewithhierarchy,
       currency, CASE WHEN currency IS NULL THEN '1, 2, 3, 5, 6, 7' ELSE house END AS subsidiary,
       CASE WHEN accttype IN ('Income', 'COGS', 'Expense', 'OthIncome', 'OthExpense')
            THEN 'AVERAGE' WHEN accttype = 'Equity' THEN 'HISTORICAL' ELSE 'CURRENT' END
       AS generalrate,
       CASE WHEN accttype NOT IN ('NonPosting', 'Stat') THEN 'AVERAGE' END AS cashflowrate,
       CASE WHEN id = 18 THEN 77 END AS deferralacct, flag(id IN (11, 12, 13)) AS inventory,
       flag(id IN (58, 131)) AS isinactive, flag(id IN (10, 15, 54, 66, 69)) AS issummary,
       flag(accttype IN ('Bank', 'AcctRec', 'AcctPay')) AS revalue,
       CASE WHEN id > 200 THEN 'GL-' || number END AS externalid,
       CASE WHEN accttype = 'FixedAsset' THEN 'T' END AS custrecord_fam_account_showinfixedasset,
       date_trunc('day', born()) - INTERVAL 300 DAY AS lastmodifieddate
FROM (VALUES
    (1, '1000', 'Checking Ohio', 'Bank', NULL, NULL, NULL, 1, '1'),
    (201, '1010', 'Hausbank Ulm', 'Bank', NULL, NULL, NULL, 4, '2'),
    (202, '1020', 'Bank Leeds', 'Bank', NULL, NULL, NULL, 2, '3'),
    (203, '1030', '当座預金', 'Bank', NULL, NULL, NULL, 6, '5'),
    (204, '1040', 'Banco Monterrey', 'Bank', NULL, NULL, NULL, 7, '6'),
    (205, '1050', 'Banque Lyon', 'Bank', NULL, NULL, NULL, 4, '7'),
    (6, '1100', 'Accounts Receivable', 'AcctRec', NULL, NULL, 'AcctRec', NULL, NULL),
    (7, '1110', 'Receivables, key accounts', 'AcctRec', NULL, NULL, NULL, NULL, NULL),
    (8, '1150', 'Unbilled Receivable', 'UnbilledRec', NULL, NULL, NULL, NULL, NULL),
    (116, '1190', 'Undeposited Funds', 'OthCurrAsset', NULL, NULL, 'UndepFunds', NULL, NULL),
    (10, '1200', 'Inventory', 'OthCurrAsset', NULL, NULL, NULL, NULL, NULL),
    (11, '1210', 'Raw Materials', 'OthCurrAsset', 10, 'Inventory', NULL, NULL, NULL),
    (12, '1220', 'Finished Goods', 'OthCurrAsset', 10, 'Inventory', 'InvtAsset', NULL, NULL),
    (13, '1230', 'Work in Process', 'OthCurrAsset', 10, 'Inventory', NULL, NULL, NULL),
    (18, '1300', 'Prepaid Expenses', 'DeferExpense', NULL, NULL, NULL, NULL, NULL),
    (15, '1500', 'Fixed Assets', 'FixedAsset', NULL, NULL, NULL, NULL, NULL),
    (16, '1510', 'Machinery & Equipment', 'FixedAsset', 15, 'Fixed Assets', NULL, NULL, NULL),
    (17, '1520', 'Acc. Depreciation', 'FixedAsset', 15, 'Fixed Assets', NULL, NULL, NULL),
    (19, '1900', 'Deposits', 'OthAsset', NULL, NULL, NULL, NULL, NULL),
    (25, '2000', 'Accounts Payable', 'AcctPay', NULL, NULL, 'AcctPay', NULL, NULL),
    (26, '2050', 'Accrued Purchases', 'OthCurrLiab', NULL, NULL, 'RecvNotBill', NULL, NULL),
    (31, '2100', 'Corporate Card', 'CredCard', NULL, NULL, NULL, NULL, NULL),
    (27, '2200', 'Sales Tax and VAT', 'OthCurrLiab', NULL, NULL, 'SalesTaxPay', NULL, NULL),
    (28, '2300', 'Löhne und Gehälter, offen', 'OthCurrLiab', NULL, NULL, NULL, NULL, NULL),
    (29, '2400', 'Deferred Revenue', 'DeferRevenue', NULL, NULL, NULL, NULL, NULL),
    (30, '2600', 'Loans', 'LongTermLiab', NULL, NULL, NULL, NULL, NULL),
    (36, '3000', 'Share Capital', 'Equity', NULL, NULL, NULL, NULL, NULL),
    (37, '3100', 'Retained Earnings', 'Equity', NULL, NULL, 'RetEarnings', NULL, NULL),
    (38, '3200', 'Opening Balance', 'Equity', NULL, NULL, 'OpeningBalEquity', NULL, NULL),
    (54, '4000', 'Sales', 'Income', NULL, NULL, NULL, NULL, NULL),
    (55, '4010', 'Machines', 'Income', 54, 'Sales', NULL, NULL, NULL),
    (56, '4020', 'Spare Parts', 'Income', 54, 'Sales', NULL, NULL, NULL),
    (57, '4030', 'Services', 'Income', 54, 'Sales', NULL, NULL, NULL),
    (58, '4090', 'Royalties (old)', 'Income', 54, 'Sales', NULL, NULL, NULL),
    (59, '4800', 'Sundry Income', 'OthIncome', NULL, NULL, NULL, NULL, NULL),
    (66, '5000', 'Cost of Sales', 'COGS', NULL, NULL, NULL, NULL, NULL),
    (67, '5010', 'Cost of Machines', 'COGS', 66, 'Cost of Sales', NULL, NULL, NULL),
    (68, '5020', 'Cost of Parts', 'COGS', 66, 'Cost of Sales', 'COGS', NULL, NULL),
    (81, '5090', 'Inventory Adjustments', 'COGS', 66, 'Cost of Sales', NULL, NULL, NULL),
    (69, '6000', 'Operating Expenses', 'Expense', NULL, NULL, NULL, NULL, NULL),
    (70, '6010', 'Salaries', 'Expense', 69, 'Operating Expenses', NULL, NULL, NULL),
    (71, '6020', 'Miete & Nebenkosten', 'Expense', 69, 'Operating Expenses', NULL, NULL, NULL),
    (72, '6030', 'Énergie', 'Expense', 69, 'Operating Expenses', NULL, NULL, NULL),
    (73, '6060', 'Depreciation', 'Expense', 69, 'Operating Expenses', NULL, NULL, NULL),
    (74, '6100', 'Travel', 'Expense', 69, 'Operating Expenses', NULL, NULL, NULL),
    (75, '6200', 'Marketing', 'Expense', 69, 'Operating Expenses', NULL, NULL, NULL),
    (76, '6300', 'Software', 'Expense', 69, 'Operating Expenses', NULL, NULL, NULL),
    (77, '6400', 'Insurance', 'Expense', 69, 'Operating Expenses', NULL, NULL, NULL),
    (78, '6500', 'Repairs', 'Expense', 69, 'Operating Expenses', NULL, NULL, NULL),
    (79, '8000', 'Interest', 'OthExpense', NULL, NULL, NULL, NULL, NULL),
    (80, '8100', 'Realized Gain/Loss', 'OthExpense', NULL, NULL, 'FxRealGain', NULL, NULL),
    (111, '9000', 'Sales Orders', 'NonPosting', NULL, NULL, 'SalesOrd', NULL, NULL),
    (112, '9010', 'Purchase Orders', 'NonPosting', NULL, NULL, 'PurchOrd', NULL, NULL),
    (113, '9020', 'Estimates', 'NonPosting', NULL, NULL, 'Estimate', NULL, NULL),
    (114, '9030', 'Return Authorizations', 'NonPosting', NULL, NULL, 'RtnAuth', NULL, NULL),
    (115, '9040', 'Transfer Orders', 'NonPosting', NULL, NULL, 'TrnfrOrd', NULL, NULL),
    (130, '9900', 'Headcount', 'Stat', NULL, NULL, NULL, NULL, NULL),
    (131, '9910', 'Floor space m²', 'Stat', NULL, NULL, NULL, NULL, NULL)
) AS chart(id, number, name, accttype, parent, path, sspecacct, currency, house);

-- From the year in which the history begins to two years after birth. NetSuite makes a year
-- with its quarters and months, so ids go in that order: 17 to a year.
INSERT INTO accountingperiod BY NAME
WITH year AS (
    SELECT y, row_number() OVER (ORDER BY y) * 17 + 80 AS first_id, make_date(y, 1, 1) AS startdate
    FROM (SELECT unnest(range(year(in_history(0)) - 1, year(born()) + 3)) AS y)
), period AS (
    SELECT first_id AS id, NULL AS parent, 'FY ' || y AS periodname, startdate,
           12 AS months FROM year
    UNION ALL
    SELECT first_id + 1 + 4 * (q - 1), first_id, 'Q' || q || ' ' || y,
           make_date(y, 3 * q - 2, 1), 3
    FROM year, (SELECT unnest(range(1, 5)) AS q)
    UNION ALL
    SELECT first_id + 1 + 4 * ((m - 1) // 3) + 1 + (m - 1) % 3, first_id + 1 + 4 * ((m - 1) // 3),
           strftime(make_date(y, m, 1), '%b %Y'), make_date(y, m, 1), 1
    FROM year, (SELECT unnest(range(1, 13)) AS m)
), ended AS (
    SELECT *, (startdate + to_months(months) - INTERVAL 1 DAY)::DATE AS enddate,
           date_diff('day', enddate, born()::DATE) AS age
    FROM period
)
SELECT id, parent, periodname, startdate, enddate, flag(months = 12) AS isyear,
       flag(months = 3) AS isquarter, flag(months = 1) AS isposting,
       flag(age > 60) AS closed, CASE WHEN age > 60 THEN enddate + 21 END AS closedondate,
       flag(age > 30) AS alllocked, flag(age > 10) AS aplocked, flag(age > 10) AS arlocked,
       flag(age <= 30) AS allownonglchanges,
       CASE WHEN age > 60 THEN (enddate + 21)::TIMESTAMP + to_seconds(64801 + id)
            ELSE date_trunc('day', born()) - INTERVAL 500 DAY END AS lastmodifieddate
FROM ended;
