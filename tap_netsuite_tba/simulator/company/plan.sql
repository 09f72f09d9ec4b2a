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

-- NetSuite's names of a type, its part in the ledger and its sign: of the header's total.
CREATE OR REPLACE TEMP TABLE transaction_type AS
FROM (VALUES
    ('SalesOrd', 'salesorder', 'SALESORD', 'Sales Order', 'SO', 1, 'F', 111),
    ('CustInvc', 'invoice', 'INV', 'Invoice', 'INV', 1, 'T', 6),
    ('CustPymt', 'customerpayment', 'PYMT', 'Payment', 'PMT', 1, 'T', 116),
    ('PurchOrd', 'purchaseorder', 'PURCHORD', 'Purchase Order', 'PO', -1, 'F', 112),
    ('VendBill', 'vendorbill', 'BILL', 'Bill', NULL, -1, 'T', 25),
    ('VendPymt', 'vendorpayment', 'BILLPMT', 'Bill Payment', 'BP', -1, 'T', NULL),
    ('Journal', 'journalentry', 'GENJRNL', 'Journal', 'JE', 1, 'T', NULL)
) AS t(type, recordtype, abbrevtype, label, prefix, sign, posting, account);

-- The subsidiaries that trade, with their bank account and their usual rate of tax.
CREATE OR REPLACE TEMP TABLE territory AS
SELECT s.id AS subsidiary, s.country, s.currency AS base_currency, c.exchangerate AS base_rate,
       c.currencyprecision AS base_digits, t.bank, t.tax
FROM (VALUES
    (1, 1, 0.0825), (2, 201, 0.19), (3, 202, 0.20), (5, 203, 0.10), (6, 204, 0.16),
    (7, 205, 0.20)
) AS t(id, bank, tax)
JOIN subsidiary AS s USING (id) JOIN currency AS c ON c.id = s.currency;
