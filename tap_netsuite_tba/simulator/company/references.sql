-- Short tables that others refer to.

CREATE TABLE classification AS
SELECT id::BIGINT AS id, name, name AS namenohi, coalesce(path || ' : ', '') || name AS fullname,
       parent::BIGINT AS parent, '1, 2, 3, 5, 6, 7' AS subsidiary, 'T' AS includechildren,
       flag(id = 7) AS isinactive, CASE WHEN id % 3 = 0 THEN 'CLASS-' || id END AS externalid,
       date_trunc('day', born()) - INTERVAL 650 DAY AS lastmodifieddate
FROM (VALUES
    (1, 'Machines', NULL, NULL), (2, 'Spare Parts', NULL, NULL), (3, 'Services', NULL, NULL),
    (4, 'Drehmaschinen', 1, 'Machines'), (5, 'Fräsmaschinen', 1, 'Machines'),
    (6, 'Entretien & réparation', 3, 'Services'), (7, 'Rentals (old)', NULL, NULL)
) AS class(id, name, parent, path);

CREATE TABLE location AS
SELECT id::BIGINT AS id, name, name AS namenohi, coalesce(path || ' : ', '') || name AS fullname,
       parent::BIGINT AS parent, (id // 10)::BIGINT AS subsidiary,
       (60 + 2 * id)::BIGINT AS mainaddress,
       CASE WHEN id = 10 THEN 98::BIGINT END AS returnaddress,
       flag(parent IS NULL) AS makeinventoryavailable, 'F' AS makeinventoryavailablestore,
       'T' AS includechildren, 'T' AS includeinsupplyplanning, 'F' AS usebins,
       1::BIGINT AS locationtype, NULL::DECIMAL(9, 4) AS defaultallocationpriority,
       NULL::VARCHAR AS tranprefix, NULL::DECIMAL(12, 6) AS latitude,
       NULL::DECIMAL(12, 6) AS longitude, flag(id = 40) AS isinactive,
       CASE WHEN id < 30 THEN 'WH-' || id END AS externalid,
       date_trunc('day', born()) - INTERVAL 600 DAY AS lastmodifieddate
FROM (VALUES
    (10, 'Toledo', NULL, NULL), (20, 'Ulm', NULL, NULL), (21, 'Ulm, Außenlager', 20, 'Ulm'),
    (30, 'Leeds', NULL, NULL), (40, 'Hamilton (closed)', NULL, NULL), (50, '大阪', NULL, NULL),
    (60, 'Monterrey', NULL, NULL), (70, 'Lyon', NULL, NULL)
) AS place(id, name, parent, path);

CREATE TABLE term AS
SELECT id::BIGINT AS id, name, days::BIGINT AS daysuntilnetdue, flag(id = 6) AS isinactive,
       CASE WHEN id = 6 THEN 10::BIGINT END AS daysuntilexpiry,
       CASE WHEN id = 6 THEN 1::DECIMAL(9, 4) END AS discountpercent,
       NULL::BIGINT AS dayofmonthnetdue, NULL::BIGINT AS daydiscountexpires,
       NULL::DECIMAL(9, 4) AS discountpercentdatedriven, NULL::BIGINT AS duenextmonthifwithindays,
       NULL::VARCHAR AS externalid, flag(id = 2) AS preferred,
       date_trunc('day', born()) - INTERVAL 900 DAY AS lastmodifieddate
FROM (VALUES (1, 'Net 15', 15), (2, 'Net 30', 30), (3, 'Net 60', 60), (4, '14 Tage netto', 14),
             (5, 'Due on receipt', 0), (6, '1% 10 Net 30', 30)) AS term(id, name, days);

CREATE TABLE pricelevel AS
SELECT id::BIGINT AS id, name, discount::DECIMAL(9, 4) AS discountpct, 'F' AS isinactive,
       date_trunc('day', born()) - INTERVAL 900 DAY AS lastmodifieddate
FROM (VALUES (-1, 'Custom', NULL), (1, 'Base Price', 0), (2, 'Händler', -0.125),
             (3, 'Key account', -0.2), (4, 'Online Price', 0), (7, 'Employés', -0.3),
             (8, 'Export', 0.06), (9, '代理店価格', -0.275), (11, 'OEM', -0.35),
             (12, 'Aftermarket', 0.15)) AS level(id, name, discount);

-- What a piece of an item sells for, at each level and in each currency. As recorded, the item's
-- id stands there twice.
CREATE TABLE pricing AS
SELECT i.id AS item, i.id AS internalid, l.id AS pricelevel, c.id AS currency,
       1::BIGINT AS quantity, 1::BIGINT AS saleunit,
       money(i.price * (1 + l.discountpct) / c.exchangerate, c.currencyprecision) AS unitprice
FROM (SELECT item_id(k) AS id, list_price(k) AS price
      FROM (SELECT unnest(range(1, getvariable('items') + 1)) AS k)) AS i,
     pricelevel AS l, currency AS c
WHERE l.discountpct IS NOT NULL AND c.isinactive = 'F';

-- Without a modification date.
CREATE TABLE customercategory AS
SELECT id::BIGINT AS id, name, flag(id = 6) AS isinactive, NULL::VARCHAR AS externalid
FROM (VALUES (1, 'Automotive'), (2, 'Luft- und Raumfahrt'), (3, 'Énergie'), (4, '商社'),
             (5, 'Public'), (6, 'Fax customers')) AS category(id, name);

CREATE TABLE vendorcategory AS
SELECT id::BIGINT AS id, name, flag(id = 4) AS istaxagency, 'F' AS isinactive,
       NULL::VARCHAR AS externalid, date_trunc('day', born()) - INTERVAL 950 DAY AS lastmodifieddate
FROM (VALUES (1, 'Rohmaterial'), (2, 'Fournitures'), (3, '外注加工'), (4, 'Tax agency'))
     AS category(id, name);

-- Its key is a text, and not called id.
CREATE TABLE entitystatus AS
SELECT key, name, entitytype, probability::DECIMAL(9, 4) AS probability, inactive
FROM (VALUES
    ('6', 'Unqualified', 'LEAD', 0, 'F'), ('7', 'Qualified', 'LEAD', 10, 'F'),
    ('8', 'In Discussion', 'PROSPECT', 40, 'F'), ('13', 'Closed Won', 'CUSTOMER', 100, 'F'),
    ('14', 'Closed Lost', 'PROSPECT', 0, 'F'), ('16', 'Lost Customer', 'CUSTOMER', 0, 'T')
) AS status(key, name, entitytype, probability, inactive);

CREATE TABLE accounttype AS
SELECT id, number::BIGINT AS internalid, longname, is_left AS "left", balance AS balancesheet,
       number::BIGINT AS seqnum,
       CASE WHEN id NOT IN ('NonPosting', 'Stat') THEN 'AVERAGE' END AS defaultcashflowratetype,
       CASE WHEN balance = 'T' THEN 'CURRENT' ELSE 'AVERAGE' END AS defaultgeneralratetype,
       NULL::VARCHAR AS eliminationalgo, flag(balance = 'T') AS includeinrevaldefault,
       flag(balance = 'T') AS usercanchangerevaloption
FROM (VALUES
    ('Bank', 1, 'Bank', 'T', 'T'), ('AcctRec', 2, 'Accounts Receivable', 'T', 'T'),
    ('UnbilledRec', 3, 'Unbilled Receivable', 'T', 'T'),
    ('OthCurrAsset', 4, 'Other Current Asset', 'T', 'T'),
    ('FixedAsset', 5, 'Fixed Asset', 'T', 'T'), ('OthAsset', 6, 'Other Asset', 'T', 'T'),
    ('AcctPay', 7, 'Accounts Payable', 'F', 'T'), ('CredCard', 8, 'Credit Card', 'F', 'T'),
    ('OthCurrLiab', 9, 'Other Current Liability', 'F', 'T'),
    ('LongTermLiab', 10, 'Long Term Liability', 'F', 'T'), ('Equity', 11, 'Equity', 'F', 'T'),
    ('Income', 12, 'Income', 'F', 'F'), ('COGS', 13, 'Cost of Goods Sold', 'T', 'F'),
    ('Expense', 14, 'Expense', 'T', 'F'), ('OthIncome', 15, 'Other Income', 'F', 'F'),
    ('OthExpense', 16, 'Other Expense', 'T', 'F'), ('NonPosting', 17, 'Non Posting', 'T', 'F'),
    ('DeferRevenue', 18, 'Deferred Revenue', 'F', 'T'),
    ('DeferExpense', 19, 'Deferred Expense', 'T', 'T'), ('Stat', 20, 'Statistical', 'T', 'F')
) AS kind(id, number, longname, is_left, balance);

CREATE TABLE accountingbook AS
SELECT id::BIGINT AS id, name, flag(id = 1) AS isprimary, CASE WHEN id = 2 THEN 1::BIGINT END AS
       basebook, NULL::BIGINT AS effectiveperiod, 'F' AS isadjustmentonly, 'F' AS isconsolidated,
       'F' AS contingentrevenuehandling, 'F' AS twosteprevenueallocation,
       NULL::VARCHAR AS unbilledreceivablegrouping,
       subsidiaries AS subsidiariesstring, NULL::VARCHAR AS externalid,
       date_trunc('day', born()) - INTERVAL 1000 DAY AS lastmodifieddate
FROM (VALUES (1, 'Primary Accounting Book', '1, 2, 3, 5, 6, 7'), (2, 'HGB', '2'))
     AS book(id, name, subsidiaries);

-- Pairs: neither column alone is a key.
CREATE TABLE accountingbooksubsidiaries AS
SELECT id AS accountingbook, unnest(string_split(subsidiariesstring, ', '))::BIGINT AS subsidiary,
       'ACTIVE' AS status
FROM accountingbook;

CREATE TABLE itemvendor AS
SELECT item_id(k) AS item, vendor_id(1 + (k * 7 + place * 11) % getvariable('vendors')) AS vendor,
       flag(place = 0) AS preferredvendor, (list_price(k) * 0.55)::DECIMAL(18, 5) AS purchaseprice,
       CASE WHEN k % 4 = 0 THEN 'V/' || k END AS vendorcode, 1::BIGINT AS subsidiary,
       1::BIGINT AS vendorcurrency
FROM (SELECT unnest(range(1, getvariable('items') + 1)) AS k), (VALUES (0), (1)) AS t(place)
WHERE k % 3 > place;

-- One letter means another thing in each type.
CREATE TABLE transactionstatus AS
SELECT letter AS id, trantype, name, label || ' : ' || name AS fullname
FROM (
    SELECT trantype, label, unnest(letters) AS letter, unnest(names) AS name
    FROM (VALUES
        ('SalesOrd', 'Sales Order', ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'],
         ['Pending Approval', 'Pending Fulfillment', 'Cancelled', 'Partially Fulfilled',
          'Pending Billing/Partially Fulfilled', 'Pending Billing', 'Billed', 'Closed']),
        ('CustInvc', 'Invoice', ['A', 'B', 'V'], ['Open', 'Paid In Full', 'Voided']),
        ('CustPymt', 'Payment', ['B', 'C'], ['Not Deposited', 'Deposited']),
        ('PurchOrd', 'Purchase Order', ['A', 'B', 'D', 'E', 'F', 'G', 'H'],
         ['Pending Supervisor Approval', 'Pending Receipt', 'Partially Received',
          'Pending Billing/Partially Received', 'Pending Bill', 'Fully Billed', 'Closed']),
        ('VendBill', 'Bill', ['A', 'B', 'D'], ['Open', 'Paid In Full', 'Pending Approval']),
        ('VendPymt', 'Bill Payment', ['F', 'V'], ['Approved', 'Voided']),
        ('ItemShip', 'Item Fulfillment', ['A', 'B', 'C'], ['Picked', 'Packed', 'Shipped']),
        ('ItemRcpt', 'Item Receipt', ['Y'], ['Undefined']),
        ('Estimate', 'Estimate', ['A', 'B', 'C', 'X'], ['Open', 'Processed', 'Closed', 'Expired']),
        ('RtnAuth', 'Return Authorization', ['A', 'B', 'F', 'G', 'H'],
         ['Pending Approval', 'Pending Receipt', 'Pending Refund', 'Refunded', 'Closed']),
        ('CashSale', 'Cash Sale', ['B', 'C'], ['Not Deposited', 'Deposited']),
        ('CustCred', 'Credit Memo', ['A', 'B'], ['Open', 'Fully Applied']),
        ('CustDep', 'Customer Deposit', ['A', 'B', 'C'],
         ['Not Deposited', 'Deposited', 'Fully Applied']),
        ('VendCred', 'Bill Credit', ['A', 'B'], ['Open', 'Fully Applied']),
        ('Check', 'Check', ['V', 'Z'], ['Voided', 'Undefined']),
        ('Deposit', 'Deposit', ['Y'], ['Undefined']),
        ('ExpRept', 'Expense Report', ['F', 'I'], ['Approved by Accounting', 'Paid In Full']),
        ('InvAdjst', 'Inventory Adjustment', ['Y'], ['Undefined']),
        ('TrnfrOrd', 'Transfer Order', ['B', 'F', 'G', 'H'],
         ['Pending Fulfillment', 'Pending Receipt', 'Received', 'Closed']),
        ('Journal', 'Journal', ['A', 'B'], ['Pending Approval', 'Approved for Posting'])
    ) AS kind(trantype, label, letters, names)
);

-- A little of what the audit trail would hold; it has no key.
CREATE TABLE systemnote AS
SELECT transaction_id(1 + draw(k, 'noted', getvariable('transactions'))) AS recordid,
       -30::BIGINT AS recordtypeid, field, oldvalue, newvalue, 'UIF' AS context,
       date_trunc('day', born()) - to_hours(36 * k::INTEGER) AS date,
       employee_id(1 + draw(k, 'note by', 20)) AS name, 3::BIGINT AS role, 4::BIGINT AS type
FROM (SELECT unnest(range(1, 400)) AS k),
     (VALUES (0, 'TRANDOC.KSTATUS', 'Pending Approval', 'Pending Fulfillment'),
             (1, 'TRANDOC.STRMEMO', NULL, 'Bitte Teillieferung'))
     AS change(nth, field, oldvalue, newvalue)
WHERE k % 2 = nth;

-- From the lines of a document to those of the next in its chain; its key has five columns.
CREATE VIEW nexttransactionlinelink AS
SELECT earlier.transaction AS previousdoc, earlier.id AS previousline, later.transaction AS nextdoc,
       later.id AS nextline, p.type AS previoustype, n.type AS nexttype,
       CASE n.type WHEN 'CustPymt' THEN 'Payment' WHEN 'VendPymt' THEN 'Payment'
                   WHEN 'ItemShip' THEN 'ShipRcpt' WHEN 'ItemRcpt' THEN 'ShipRcpt'
                   ELSE 'OrdBill' END AS linktype,
       abs(later.foreignamount) AS foreignamount, later.linelastmodifieddate AS lastmodifieddate
FROM transactionline AS later
JOIN transactionline AS earlier
     ON earlier.transaction = later.createdfrom AND earlier.id = later.id
JOIN transaction AS p ON p.id = earlier.transaction
JOIN transaction AS n ON n.id = later.transaction
WHERE later.item IS NOT NULL AND later.iscogs = 'F' OR later.mainline = 'T';
