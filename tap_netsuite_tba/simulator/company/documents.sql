-- The transactions of one part of `due` (n, version, edited_at, part), as they are at `until`:
-- what each is, to whom, in which money, and what came of it. Nothing is written yet.

CREATE OR REPLACE TEMP TABLE document AS
WITH placed AS (
    SELECT n, version, edited_at, (n - 1) // 20 AS block, created_at(n) AS created,
           s.* REPLACE (type_of(n, chain, type) AS type)
    FROM due JOIN slot AS s ON s.slot = slot_of(n)
    WHERE part = getvariable('part')
), linked AS (
    SELECT * EXCLUDE (slot, lag, first_slot, previous_slot, previous_lag, next_slot, next_lag,
                      ordered_slot, ordered_lag),
           -- The number of the first document of the chain stands for the whole deal. Deals older
           -- than the account's history have numbers below 1.
           number_of(block - coalesce(ordered_lag, lag), coalesce(ordered_slot, first_slot))
           AS deal,
           number_of(block - coalesce(ordered_lag, previous_lag),
                     coalesce(ordered_slot, previous_slot)) AS previous,
           number_of(block + next_lag, next_slot) AS next
    FROM placed LEFT JOIN delivery USING (type)
), settled AS (
    SELECT * EXCLUDE (next, next_at),
           CASE WHEN next_at <= getvariable('until') THEN next_at END AS next_at
    FROM (SELECT * REPLACE (CASE WHEN previous > 0 THEN previous END AS previous),
                 created_at(next) AS next_at FROM linked)
), dealt AS (
    SELECT s.*, t.* EXCLUDE (type),
           CASE party
               -- A third of all sales is to one customer.
               WHEN 'customer'
               THEN customer_id(CASE WHEN draw(deal, 'key account', 3) = 0 THEN 1 ELSE
                                1 + skewed(deal, 'customer', customers_before(deal)) END)
               WHEN 'vendor' THEN vendor_id(1 + skewed(deal, 'vendor', getvariable('vendors')))
               WHEN 'employee' THEN employee_id(1 + draw(n, 'claims', 20))
           END AS entity
    FROM settled AS s JOIN transaction_type AS t USING (type)
), met AS (
    SELECT d.*, coalesce(c.subsidiary, v.subsidiary, e.subsidiary,
                         chosen([1, 2, 3, 5, 6, 7], deal, 'journal of')) AS subsidiary,
           coalesce(c.currency, v.currency) AS entity_currency,
           coalesce(c.terms, v.terms) AS terms,
           coalesce(c.receivablesaccount, v.payablesaccount) AS entity_account,
           c.salesrep,
           type IN ('SalesOrd', 'PurchOrd') OR type = 'Journal' AND is_open(created) AS amendable
    FROM dealt AS d
    LEFT JOIN customer AS c ON c.id = d.entity AND party = 'customer'
    LEFT JOIN vendor AS v ON v.id = d.entity AND party = 'vendor'
    LEFT JOIN employee AS e ON e.id = d.entity AND party = 'employee'
)
SELECT m.* EXCLUDE (entity_currency, entity_account, account, applied, opened, done, alone,
                    amendable),
       transaction_id(n) AS id, applied IS NOT NULL AS pays,
       chosen(CASE WHEN single THEN alone WHEN next_at IS NULL THEN opened ELSE done END,
              n, 'progress') AS status,
       t.* EXCLUDE (subsidiary, tax), y.id AS currency, y.currencyprecision AS digits,
       CASE WHEN y.id = t.base_currency THEN 1
            ELSE round(y.exchangerate / t.base_rate * (0.96 + draw(deal, 'rate', 80000) / 1e6),
                       6 + draw(deal, 'rate digits', 3)::INTEGER) END::DECIMAL(18, 8)
       AS exchangerate,
       y.exchangerate AS usd_rate,
       CASE WHEN y.id <> t.base_currency OR party IS NULL OR party = 'employee'
                 OR type IN ('ItemShip', 'ItemRcpt') THEN 0
            WHEN country = 'US' AND draw(deal, 'taxed', 6) > 0 THEN 0
            ELSE t.tax END AS tax,
       CASE WHEN m.account IN (6, 25) THEN coalesce(entity_account, m.account)
            ELSE coalesce(m.account, t.bank) END AS account,
       CASE WHEN applied IN (6, 25) THEN coalesce(entity_account, applied) ELSE applied END
       AS applied_account,
       (created - to_days(CASE WHEN draw(n, 'backdated', 12) = 0 THEN draw(n, 'late by', 9)
                               ELSE 0 END::INTEGER))::DATE AS trandate,
       -- Orders and new journals are edited in their amounts, the others in their memo.
       CASE WHEN amendable THEN version ELSE 0 END AS revision,
       greatest(created, next_at, edited_at, mass_updated_at(n, created)) AS modified,
       greatest(created,
                CASE WHEN amendable THEN edited_at END, next_at) AS line_modified,
       chosen([1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13], deal, 'department') AS department
FROM met AS m
JOIN territory AS t USING (subsidiary)
JOIN currency AS y ON y.id = coalesce(m.entity_currency, t.base_currency);
