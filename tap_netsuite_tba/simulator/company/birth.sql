-- Everything that exists when the account is first started is due, unedited.

CREATE OR REPLACE TEMP TABLE due AS
SELECT n, 0 AS version, NULL::TIMESTAMP AS edited_at, n // getvariable('part_size') AS part
FROM (SELECT unnest(range(1, getvariable('transactions') + 1)) AS n);

CREATE OR REPLACE TEMP TABLE customer_due AS
SELECT k, 0 AS version, NULL::TIMESTAMP AS edited_at
FROM (SELECT unnest(range(1, getvariable('customers') + 1)) AS k);
