-- What adding up several subsidiaries takes: their calendar, their taxes and rates of exchange.

CREATE TABLE fiscalcalendar AS
SELECT 1::BIGINT AS id, 'Standard Fiscal Calendar' AS name, 'JAN' AS fiscalmonth, 'T' AS isdefault,
       NULL::VARCHAR AS externalid;

CREATE TABLE accountingperiodfiscalcalendars AS
SELECT p.id AS accountingperiod, 1::BIGINT AS fiscalcalendar, p.parent,
       concat_ws(' : ', y.periodname, q.periodname, p.periodname) AS fullname
FROM accountingperiod AS p
LEFT JOIN accountingperiod AS q ON q.id = p.parent
LEFT JOIN accountingperiod AS y ON y.id = q.parent;

-- Of each subsidiary; it has its number.
CREATE TABLE nexus AS
SELECT id, country, state, name AS description, -3::BIGINT AS taxagency, isinactive
FROM subsidiary WHERE iselimination = 'F';

-- What a unit of another currency was worth in dollars at the beginning of each month.
CREATE TABLE currencyrate AS
SELECT 1000 * p.id + c.id AS id, 1::BIGINT AS basecurrency, c.id AS transactioncurrency,
       (c.exchangerate * (0.96 + draw(p.id * 10 + c.id, 'rate of month', 80000) / 1e6))
       ::DECIMAL(18, 8) AS exchangerate,
       p.startdate AS effectivedate, p.startdate + INTERVAL 9 HOUR AS lastmodifieddate
FROM accountingperiod AS p, currency AS c
WHERE p.isposting = 'T' AND p.startdate <= born() AND c.id <> 1
ORDER BY p.id, c.id;

-- From each subsidiary to itself and to those above it, in each month and book.
CREATE TABLE consolidatedexchangerate AS
WITH RECURSIVE line AS (
    SELECT id, id AS above FROM subsidiary
    UNION ALL
    SELECT line.id, s.parent FROM line JOIN subsidiary AS s ON s.id = above
    WHERE s.parent IS NOT NULL
), pair AS (
    SELECT f.id AS fromsubsidiary, t.id AS tosubsidiary, f.currency AS fromcurrency,
           t.currency AS tocurrency, x.exchangerate / y.exchangerate::DOUBLE AS rate
    FROM line JOIN subsidiary AS f ON f.id = line.id JOIN subsidiary AS t ON t.id = above
    JOIN currency AS x ON x.id = f.currency JOIN currency AS y ON y.id = t.currency
), monthly AS (
    SELECT p.id AS postingperiod, b.accountingbook, pair.*,
           CASE WHEN fromcurrency = tocurrency THEN 0
                ELSE draw(p.id * 10 + fromsubsidiary, 'rate of month', 80000) / 1e6 - 0.04 END
           AS drift
    FROM accountingperiod AS p, pair
    JOIN accountingbooksubsidiaries AS b ON b.subsidiary = fromsubsidiary
    WHERE p.isposting = 'T' AND p.startdate <= born()
)
SELECT 1000 * postingperiod + 100 * accountingbook + 10 * fromsubsidiary + tosubsidiary AS id,
       postingperiod, accountingbook, fromsubsidiary, tosubsidiary, fromcurrency, tocurrency,
       (rate * (1 + drift))::DECIMAL(18, 8) AS currentrate,
       (rate * (1 + drift / 2))::DECIMAL(18, 8) AS averagerate,
       rate::DECIMAL(18, 8) AS historicalrate, NULL::VARCHAR AS externalid
FROM monthly
ORDER BY id;
