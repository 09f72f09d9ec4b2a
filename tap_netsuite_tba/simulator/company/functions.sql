-- The words in which the company is told. All of them are pure: of the company (variables
-- seed, born, transactions, customers, vendors, employees, items) and of their arguments.

-- A number in 0 .. size - 1, drawn by the seed for one key and one purpose.
CREATE OR REPLACE TEMP MACRO draw(key, purpose, size) AS
    (hash(key::BIGINT, purpose, getvariable('seed')) % size::UBIGINT)::BIGINT;
CREATE OR REPLACE TEMP MACRO share(key, purpose) AS draw(key, purpose, 1000000) / 1e6;
-- As draw, but a few low numbers come up most of the time.
CREATE OR REPLACE TEMP MACRO skewed(key, purpose, size) AS
    floor(size * pow(share(key, purpose), 2.2))::BIGINT;
-- Whether this is the one of so many successive keys: there is one in a small company too.
CREATE OR REPLACE TEMP MACRO one_in(size, key, purpose) AS
    key % size = draw(key // size, purpose, size);
CREATE OR REPLACE TEMP MACRO chosen(options, key, purpose) AS
    options[1 + draw(key, purpose, len(options))];

-- Internal ids: dense with gaps at first (9, 19, 29, ... are missing), then a jump of millions,
-- then sparse. Strictly ascending in k.
CREATE OR REPLACE TEMP MACRO spread(k, size, purpose) AS
    CASE WHEN k <= size * 7 // 10 THEN k + k // 9
         ELSE size + 4200000 + (k - size * 7 // 10) * 19 + draw(k, purpose, 19) END;
CREATE OR REPLACE TEMP MACRO transaction_id(n) AS
    spread(n, getvariable('transactions'), 'transaction id');
CREATE OR REPLACE TEMP MACRO item_id(k) AS spread(k, getvariable('items'), 'item id');
-- Customers, vendors and employees share one numbering, as entities do.
CREATE OR REPLACE TEMP MACRO customer_id(k) AS
    300 + 3 * spread(k, getvariable('customers'), 'customer id');
CREATE OR REPLACE TEMP MACRO vendor_id(k) AS
    301 + 3 * spread(k, getvariable('vendors'), 'vendor id');
CREATE OR REPLACE TEMP MACRO employee_id(k) AS 2 + 3 * k;

-- Five years of history end at birth. Whole weeks are squeezed into Monday to Friday,
-- 06:00 to 21:00 UTC; the week of the birth is left as it is. Monotone in its argument.
CREATE OR REPLACE TEMP MACRO born() AS getvariable('born');
CREATE OR REPLACE TEMP MACRO instant(seconds) AS make_timestamp((seconds * 1000000)::BIGINT);
CREATE OR REPLACE TEMP MACRO working(week, second) AS
    instant(345600 + week * 604800 + second // 120960 * 86400
            + 21600 + second % 120960 * 54000 // 120960);
-- The list of one spares writing the argument out five times, which costs time to plan.
CREATE OR REPLACE TEMP MACRO in_working_hours(seconds) AS
    list_transform([seconds], lambda s:
        CASE WHEN instant(s) >= date_trunc('week', born()) THEN instant(s)
             ELSE working((s - 345600) // 604800, (s - 345600) % 604800) END)[1];
CREATE OR REPLACE TEMP MACRO history_seconds() AS 5 * 31557600;
CREATE OR REPLACE TEMP MACRO in_history(fraction) AS
    in_working_hours(
        (epoch(born())::BIGINT - history_seconds()
         + floor(history_seconds() * pow(greatest(fraction, 0), 0.9)))::BIGINT);

-- The life after birth is made of clocks: tick i of a clock falls at a drawn second of the
-- i-th interval, which is (born + i * every, born + (i + 1) * every].
CREATE OR REPLACE TEMP MACRO tick(i, clock, every) AS
    born() + to_seconds(i * every + 1 + draw(i, clock, every));
CREATE OR REPLACE TEMP MACRO ticks(clock, every, since, until) AS TABLE
    SELECT i, tick(i, clock, every) AS moment
    FROM (SELECT unnest(range(epoch(since - born())::BIGINT // every,
                              epoch(until - born())::BIGINT // every + 1)) AS i)
    WHERE moment > since AND moment <= until;

-- When the n-th transaction and the k-th customer came: 150 transactions and 6 customers an
-- hour after birth.
CREATE OR REPLACE TEMP MACRO created_at(n) AS
    CASE WHEN n <= getvariable('transactions')
         THEN in_history((n - 0.5) / getvariable('transactions'))
         ELSE tick(n - getvariable('transactions') - 1, 'transaction', 24) END;
CREATE OR REPLACE TEMP MACRO customer_created_at(k) AS
    CASE WHEN k <= getvariable('customers')
         THEN in_history((k / getvariable('customers') - 0.3) / 0.7)
              - to_seconds(CASE WHEN k <= getvariable('customers') * 0.3
                                THEN 86400 + draw(k, 'customer age', 90000000) ELSE 0 END)
         ELSE tick(k - getvariable('customers') - 1, 'customer', 600) END;
-- How many customers there were, for certain, when the n-th transaction came.
CREATE OR REPLACE TEMP MACRO customers_before(n) AS
    CASE WHEN n <= getvariable('transactions')
         THEN greatest(1, floor(getvariable('customers')
              * (0.3 + 0.7 * greatest(n - 1, 0) / getvariable('transactions')))::BIGINT)
         ELSE getvariable('customers')
              + greatest(0, (n - getvariable('transactions')) // 25 - 1) END;

-- Whether what was entered then lies in a period that is still open, for certain.
CREATE OR REPLACE TEMP MACRO is_open(created) AS created > born() - INTERVAL 20 DAY;

-- Imports and scripts touched many old rows within one second.
CREATE OR REPLACE TEMP MACRO mass_updated_at(key, created) AS
    CASE WHEN created < born() - INTERVAL 6 DAY AND draw(key, 'mass update 3', 1000) < 35
         THEN date_trunc('day', born()) - INTERVAL 6 DAY + to_seconds(02 * 3600 + 00 * 60 + 07)
         WHEN created < born() - INTERVAL 120 DAY AND draw(key, 'mass update 2', 1000) < 60
         THEN date_trunc('day', born()) - INTERVAL 120 DAY + to_seconds(09 * 3600 + 31 * 60 + 44)
         WHEN created < born() - INTERVAL 3 YEAR AND draw(key, 'mass update 1', 1000) < 400
         THEN date_trunc('day', born()) - INTERVAL 800 DAY + to_seconds(23 * 3600 + 59 * 60 + 59)
    END;

-- Amounts have the decimals of their currency: two, or none (JPY).
CREATE OR REPLACE TEMP MACRO money(amount, digits) AS
    CASE WHEN digits = 0 THEN round(amount, 0) ELSE round(amount, 2) END::DECIMAL(18, 2);
-- What a piece of the k-th item sells for, in US dollars.
CREATE OR REPLACE TEMP MACRO list_price(k) AS
    (2 + 4000 * pow(share(k, 'list price'), 4))::DECIMAL(12, 2);
CREATE OR REPLACE TEMP MACRO flag(truth) AS CASE WHEN truth THEN 'T' ELSE 'F' END;
