-- Who the company is: currencies, subsidiaries, departments, employees.

INSERT INTO dual VALUES ('X');

INSERT INTO currency BY NAME
SELECT *, symbol AS displaysymbol, 'Before Number' AS symbolplacement,
       flag(id = 1) AS isbasecurrency, flag(id = 8) AS isinactive,
       flag(id <> 1) AS includeinfxrateupdates,
       CASE WHEN id <> 1 THEN 'America/Los_Angeles' END AS fxrateupdatetimezone,
       CASE WHEN id > 4 THEN 'ISO-' || symbol END AS externalid,
       date_trunc('day', born()) - INTERVAL 90 DAY AS lastmodifieddate
FROM (VALUES
    (1, 'US Dollar', 'USD', 1.0, 2), (2, 'British Pound', 'GBP', 1.27135, 2),
    (3, 'Canadian Dollar', 'CAD', 0.7324, 2), (4, 'Euro', 'EUR', 1.08472, 2),
    (6, '日本円', 'JPY', 0.0066731, 0), (7, 'Peso mexicano', 'MXN', 0.05421, 2),
    (8, 'Schweizer Franken', 'CHF', 1.12874, 2)
) AS money(id, name, symbol, exchangerate, currencyprecision);

INSERT INTO subsidiary BY NAME
SELECT * EXCLUDE (path), coalesce(path || ' : ', '') || name AS fullname, name AS legalname,
       lower(country) || '@hallgrove.example' AS email,
       CASE WHEN id = 1 THEN 'https://hallgrove.example' END AS url,
       flag(id = 9) AS iselimination, flag(id = 4) AS isinactive,
       CASE WHEN id <> 9 THEN 40 + 2 * id END AS mainaddress,
       CASE WHEN id IN (1, 2) THEN 60 + 2 * id END AS shippingaddress,
       CASE WHEN id IN (2, 3) THEN 'sub-' || lower(country) END AS externalid,
       country AS edition, date_trunc('day', born()) - INTERVAL 400 DAY AS lastmodifieddate
FROM (VALUES
    (1, 'Hallgrove Manufacturing Inc.', NULL, NULL, 1, 'US', 'OH', NULL, 'US', 'en_US'),
    (2, 'Hallgrove Maschinenbau GmbH', 1, 'Hallgrove Manufacturing Inc.', 4, 'DE', NULL,
     'DE999999999', 'DE', 'de_DE'),
    (3, 'Hallgrove (UK) Ltd', 1, 'Hallgrove Manufacturing Inc.', 2, 'GB', NULL,
     'GB999999973', 'UK', NULL),
    (4, 'Hallgrove Canada ULC', 1, 'Hallgrove Manufacturing Inc.', 3, 'CA', 'ON', NULL, NULL,
     NULL),
    (5, 'ホールグローブ株式会社', 1, 'Hallgrove Manufacturing Inc.', 6, 'JP', NULL, NULL, 'JP',
     'ja_JP'),
    (6, 'Hallgrove de México, S.A. de C.V.', 1, 'Hallgrove Manufacturing Inc.', 7, 'MX', 'NLE',
     'XAXX010101000', 'MX', 'es_MX'),
    (7, 'Hallgrove Précision SAS', 2,
     'Hallgrove Manufacturing Inc. : Hallgrove Maschinenbau GmbH', 4, 'FR', NULL,
     'FR00999999999', 'FR', 'fr_FR'),
    (9, 'Consolidation (elimination)', 1, 'Hallgrove Manufacturing Inc.', 1, 'US', NULL, NULL,
     NULL, NULL)
) AS house(id, name, parent, path, currency, country, state, federalidnumber, tranprefix,
           languagelocale);

INSERT INTO department BY NAME
SELECT id, name, parent, coalesce(path || ' : ', '') || name AS fullname,
       CASE WHEN parent IS NULL THEN '1, 2, 3, 5, 6, 7' ELSE '1, 2' END AS subsidiary,
       'T' AS includechildren, flag(id = 14) AS isinactive,
       CASE WHEN id % 4 = 0 THEN 'DEPT-' || id END AS externalid,
       date_trunc('day', born()) - INTERVAL 700 DAY AS lastmodifieddate
FROM (VALUES
    (1, 'Sales', NULL, NULL), (2, 'Vertrieb DACH', 1, 'Sales'), (3, '営業部', 1, 'Sales'),
    (4, 'Ventas', 1, 'Sales'), (5, 'Production', NULL, NULL),
    (6, 'Fräserei', 5, 'Production'), (7, 'Montage', 5, 'Production'),
    (8, 'Contrôle qualité', 5, 'Production'), (10, 'Purchasing', NULL, NULL),
    (11, 'Finance & Administration', NULL, NULL), (12, 'IT', 11, 'Finance & Administration'),
    (13, 'Research', NULL, NULL), (14, 'Telesales (closed)', 1, 'Sales')
) AS part(id, name, parent, path);

-- NetSuite's own: it acts for scripts, and was neither created nor modified.
INSERT INTO employee BY NAME
SELECT -5 AS id, '-System-' AS entityid, '-System-' AS firstname, 1 AS subsidiary,
       'F' AS issalesrep, 'F' AS giveaccess, 'F' AS isinactive;

INSERT INTO employee BY NAME
WITH person AS (
    SELECT k, employee_id(k) AS id, one_in(9, k, 'left the company') AS gone,
           in_history(share(k, 'hired') * 1.2 - 0.3) AS hired,
           CASE WHEN k = 1 THEN 1 ELSE chosen([1, 1, 1, 2, 2, 3, 5, 6, 7], k, 'employer') END
           AS subsidiary
    FROM (SELECT unnest(range(1, getvariable('employees') + 1)) AS k)
), named AS (
    SELECT *,
           chosen(CASE subsidiary
                  WHEN 5 THEN ['健', '美咲', '翔太', '陽子', '大輔']
                  WHEN 6 THEN ['José', 'María', 'Íñigo', 'Lucía', 'Ángel']
                  WHEN 7 THEN ['Zoé', 'François', 'Hélène', 'Loïc', 'Aurélie']
                  WHEN 2 THEN ['Jürgen', 'Heike', 'Björn', 'Käthe', 'Özlem', 'Łukasz']
                  ELSE ['Mary', 'Siân', 'DeShawn', 'Olga', 'Niamh', 'Omar', 'Priya'] END,
                  k, 'first name') AS firstname,
           chosen(CASE subsidiary
                  WHEN 5 THEN ['佐藤', '鈴木', '高橋', '田中', '渡辺']
                  WHEN 6 THEN ['Núñez', 'García Peña', 'Muñoz', 'Ibáñez']
                  WHEN 7 THEN ['Lefèvre', 'D''Aubigné', 'Garçon', 'Noël']
                  WHEN 2 THEN ['Müller', 'Weiß', 'Schröder', 'Grünewald', 'Yılmaz']
                  ELSE ['O''Brien', 'Smith', 'Nguyễn', 'Иванова', 'Kowalczyk', 'Llewellyn'] END,
                  k, 'last name') AS lastname
    FROM person
)
SELECT named.id, 'E' || lpad(k::VARCHAR, 4, '0') || ' ' || firstname || ' ' || lastname AS entityid,
       firstname, lastname,
       CASE WHEN draw(k, 'middle name', 8) = 0 THEN chosen(['J.', 'Anne', 'von'], k, 'middle') END
       AS middlename,
       chosen(['Sales Representative', 'Buyer', 'Machinist', 'Accountant', 'Werkmeister',
               'Ingénieure qualité', NULL], k, 'title') AS title,
       'e' || k || '@hallgrove.example' AS email,
       CASE WHEN draw(k, 'phone', 3) > 0 THEN '+1 555 01' || lpad((k % 100)::VARCHAR, 2, '0') END
       AS phone,
       chosen([1, 1, 2, 3, 4, 5, 5, 6, 7, 8, 10, 11, 12, 13], k, 'department') AS department,
       subsidiary, 10 * subsidiary AS location,
       CASE WHEN k > 1 THEN employee_id(1 + draw(k, 'supervisor', least(k - 1, 9))) END
       AS supervisor,
       CASE WHEN draw(k, 'approver', 4) = 0 THEN employee_id(1) END AS purchaseorderapprover,
       CASE WHEN draw(k, 'time approver', 6) = 0 THEN employee_id(2) END AS timeapprover,
       s.currency,
       CASE WHEN draw(k, 'type', 2) = 0 THEN 1 + draw(k, 'employee type', 4) END AS employeetype,
       hired::DATE AS hiredate,
       CASE WHEN gone THEN (hired + INTERVAL 1 YEAR)::DATE END AS releasedate,
       flag(k % 4 = 1) AS issalesrep, flag(k % 7 = 0) AS giveaccess, flag(gone) AS isinactive,
       CASE WHEN k % 10 = 1 THEN 2500 * (1 + draw(k, 'limit', 8)) END AS approvallimit,
       CASE WHEN k % 3 = 0 THEN 500.5 + draw(k, 'expenses', 900) END AS expenselimit,
       CASE WHEN k % 6 = 0 THEN 10000 END AS purchaseorderlimit,
       CASE WHEN k % 12 = 0 THEN 50000 END AS purchaseorderapprovallimit,
       CASE WHEN k % 2 = 0 THEN 'HR-' || (70000 + k) END AS externalid,
       least(hired, born()) AS datecreated,
       coalesce(mass_updated_at(named.id, hired), least(hired, born())) AS lastmodifieddate,
       CASE WHEN draw(k, 'region', 3) = 0 THEN 1 + draw(k, 'region id', 5) END
       AS custentity_region
FROM named JOIN subsidiary AS s ON s.id = named.subsidiary;
