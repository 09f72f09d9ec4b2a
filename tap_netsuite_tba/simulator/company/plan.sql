-- How transactions follow one another. Twenty consecutive numbers are a block; each of its slots
-- holds one document of one chain, and a later document of a chain stands some blocks (some days'
-- worth of them) after the earlier. So each document finds its neighbours by arithmetic, and a
-- payment knows the total of its invoice, without anything being looked up.
CREATE OR REPLACE TEMP TABLE slot AS
WITH step AS (
    SELECT *, row_number() OVER (PARTITION BY chain ORDER BY days) AS step,
           step - 1 + round(days * getvariable('transactions') / 20 / 1826)::BIGINT AS lag
    FROM (VALUES
        (0, 'SalesOrd', 'quick', 0), (7, 'CustInvc', 'quick', 2), (12, 'CustPymt', 'quick', 11),
        (3, 'SalesOrd', 'usual', 0), (9, 'CustInvc', 'usual', 9), (17, 'CustPymt', 'usual', 40),
        (5, 'SalesOrd', 'late', 0), (2, 'CustInvc', 'late', 14), (10, 'CustPymt', 'late', 95),
        (8, 'SalesOrd', 'long', 0), (14, 'CustInvc', 'long', 120), (19, 'CustPymt', 'long', 151),
        (13, 'SalesOrd', 'unmet', 0),
        (1, 'PurchOrd', 'stock', 0), (6, 'VendBill', 'stock', 12), (15, 'VendPymt', 'stock', 41),
        (11, 'PurchOrd', 'import', 0), (4, 'VendBill', 'import', 60),
        (18, 'VendPymt', 'import', 75),
        (16, 'Journal', 'books', 0)
    ) AS document(slot, type, chain, days)
)
SELECT slot, type, chain, step, lag,
       first_value(slot) OVER chain AS first_slot,
       lag(slot) OVER chain AS previous_slot, lag - lag(lag) OVER chain AS previous_lag,
       lead(slot) OVER chain AS next_slot, lead(lag) OVER chain - lag AS next_lag,
       chain IN ('unmet', 'books') AS single
FROM step WINDOW chain AS (PARTITION BY chain ORDER BY step);

-- Each block is turned by a drawn number of places.
CREATE OR REPLACE TEMP MACRO turn(block) AS draw(block, 'turn', 20);
CREATE OR REPLACE TEMP MACRO slot_of(n) AS ((n - 1) % 20 + turn((n - 1) // 20)) % 20;
CREATE OR REPLACE TEMP MACRO number_of(block, slot) AS
    block * 20 + (slot - turn(block) + 20) % 20 + 1;

-- What stands alone is of many kinds.
CREATE OR REPLACE TEMP MACRO type_of(n, chain, type) AS CASE chain
    WHEN 'unmet' THEN chosen(['SalesOrd', 'SalesOrd', 'ItemShip', 'Estimate', 'Estimate', 'RtnAuth',
                              'CashSale', 'CashSale', 'CustCred', 'CustDep'], n, 'sells as')
    WHEN 'books' THEN chosen(['Journal', 'Journal', 'Journal', 'Check', 'ItemRcpt', 'Deposit',
                              'InvAdjst', 'ExpRept', 'VendCred', 'TrnfrOrd'], n, 'books as')
    ELSE type END;
-- But for these: a shipment is of an order that is invoiced long after, a receipt of one that is
-- billed long after. The order stands some blocks before.
CREATE OR REPLACE TEMP TABLE delivery AS
SELECT type, ordered_slot, 1 + round(5 * getvariable('transactions') / 20 / 1826)::BIGINT
       AS ordered_lag
FROM (VALUES ('ItemShip', 8), ('ItemRcpt', 11)) AS delivered(type, ordered_slot);

-- NetSuite's names of a type, whom it is with, the sign of the header's total, its part in the
-- ledger, and its statuses: while nothing builds on it, once something does, and without a chain.
CREATE OR REPLACE TEMP TABLE transaction_type AS
FROM (VALUES
    ('SalesOrd', 'salesorder', 'SALESORD', 'Sales Order', 'SO', 'customer', 1, 'F', 111, NULL,
     ['B', 'B', 'D', 'E', 'F'], ['G'], ['A', 'C', 'H']),
    ('CustInvc', 'invoice', 'INV', 'Invoice', 'INV', 'customer', 1, 'T', 6, NULL,
     ['A'], ['B'], NULL),
    ('CustPymt', 'customerpayment', 'PYMT', 'Payment', 'PMT', 'customer', 1, 'T', 116, 6,
     ['B', 'C'], NULL, NULL),
    ('PurchOrd', 'purchaseorder', 'PURCHORD', 'Purchase Order', 'PO', 'vendor', -1, 'F', 112, NULL,
     ['B', 'B', 'D', 'F'], ['G'], NULL),
    ('VendBill', 'vendorbill', 'BILL', 'Bill', NULL, 'vendor', -1, 'T', 25, NULL,
     ['A'], ['B'], NULL),
    ('VendPymt', 'vendorpayment', 'BILLPMT', 'Bill Payment', 'BP', 'vendor', -1, 'T', NULL, 25,
     ['F'], NULL, NULL),
    ('ItemShip', 'itemfulfillment', 'ITEM SHIP', 'Item Fulfillment', 'IF', 'customer', 1, 'T', 68,
     NULL, NULL, NULL, ['B', 'C', 'C']),
    ('ItemRcpt', 'itemreceipt', 'ITEM RCPT', 'Item Receipt', 'IR', 'vendor', -1, 'T', 26, NULL,
     NULL, NULL, ['Y']),
    ('Estimate', 'estimate', 'ESTIMATE', 'Estimate', 'EST', 'customer', 1, 'F', 113, NULL,
     NULL, NULL, ['A', 'B', 'C', 'X']),
    ('RtnAuth', 'returnauthorization', 'RTN AUTH', 'Return Authorization', 'RMA', 'customer', -1,
     'F', 114, NULL, NULL, NULL, ['B', 'F', 'G', 'H']),
    ('CashSale', 'cashsale', 'CASHSALE', 'Cash Sale', 'CS', 'customer', 1, 'T', 116, NULL,
     NULL, NULL, ['B', 'C']),
    ('CustCred', 'creditmemo', 'CREDMEM', 'Credit Memo', 'CM', 'customer', -1, 'T', 6, NULL,
     NULL, NULL, ['A', 'B']),
    ('CustDep', 'customerdeposit', 'CUSTDEP', 'Customer Deposit', 'CD', 'customer', 1, 'T', 116, 29,
     NULL, NULL, ['A', 'B', 'C']),
    ('VendCred', 'vendorcredit', 'BILLCRED', 'Bill Credit', 'BC', 'vendor', 1, 'T', 25, NULL,
     NULL, NULL, ['A', 'B']),
    ('Check', 'check', 'CHK', 'Check', 'CHK', 'vendor', -1, 'T', NULL, NULL,
     NULL, NULL, ['Z', 'Z', 'V']),
    ('Deposit', 'deposit', 'DEP', 'Deposit', 'DEP', NULL, 1, 'T', NULL, 116, NULL, NULL, ['Y']),
    ('ExpRept', 'expensereport', 'EXP REPT', 'Expense Report', 'EXP', 'employee', -1, 'T', 26, NULL,
     NULL, NULL, ['F', 'F', 'I']),
    ('InvAdjst', 'inventoryadjustment', 'INV ADJ', 'Inventory Adjustment', 'IA', NULL, -1, 'T', 81,
     NULL, NULL, NULL, ['Y']),
    ('TrnfrOrd', 'transferorder', 'TRFRORD', 'Transfer Order', 'TO', NULL, -1, 'F', 115, NULL,
     NULL, NULL, ['B', 'F', 'G', 'H']),
    ('Journal', 'journalentry', 'GENJRNL', 'Journal', 'JE', NULL, 1, 'T', NULL, NULL,
     NULL, NULL, ['B'])
) AS t(type, recordtype, abbrevtype, label, prefix, party, sign, posting, account, applied,
       opened, done, alone);

-- The subsidiaries that trade, with their bank account and their usual rate of tax.
CREATE OR REPLACE TEMP TABLE territory AS
SELECT s.id AS subsidiary, s.country, s.currency AS base_currency, c.exchangerate AS base_rate,
       c.currencyprecision AS base_digits, t.bank, t.tax
FROM (VALUES
    (1, 1, 0.0825), (2, 201, 0.19), (3, 202, 0.20), (5, 203, 0.10), (6, 204, 0.16),
    (7, 205, 0.20)
) AS t(id, bank, tax)
JOIN subsidiary AS s USING (id) JOIN currency AS c ON c.id = s.currency;
