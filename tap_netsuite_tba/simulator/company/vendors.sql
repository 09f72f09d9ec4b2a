-- Whom the company buys from. NetSuite's own vendor has a negative id and no company name.

INSERT INTO vendor BY NAME
SELECT -3 AS id, 'Tax Agency' AS entityid, 'F' AS isperson, 'F' AS isinactive, 1 AS subsidiary,
       1 AS currency, in_history(0) AS datecreated, datecreated AS lastmodifieddate;

-- Nor has the customer of the web shop's visitors.
INSERT INTO customer BY NAME
SELECT -2 AS id, '-Anonymous Customer-' AS entityid, 'T' AS isperson, 'F' AS isinactive,
       1 AS subsidiary, 1 AS currency;

INSERT INTO vendor BY NAME
WITH party AS (
    SELECT k, vendor_id(k) AS id, draw(k, 'vendor is a person', 12) = 0 AS person,
           in_history(share(k, 'vendor created') - 0.5) AS created,
           chosen([1, 1, 2, 2, 3, 5, 6, 7], k, 'vendor of') AS subsidiary
    FROM (SELECT unnest(range(1, getvariable('vendors') + 1)) AS k)
), named AS (
    SELECT *,
           chosen(['Stahlhandel', 'Fonderie', 'Bearings', 'Aceros', '東亜', 'Huta', 'Toolworks',
                   'Schmierstoffe', 'Packaging'], k, 'trade')
           || ' ' || chosen(['Brandt', 'Delacroix', 'Åkesson', 'Núñez', 'Őri', 'Whitfield',
                             '工業', 'Şahin', 'Kraków'], k, 'house')
           || CASE WHEN k > 60 THEN ' ' || k ELSE '' END
           || chosen([' AG', ' SARL', ' Ltd.', ' S.L.', ', Inc.', ' AB', ''], k, 'form') AS company
    FROM party
)
SELECT named.id, CASE WHEN person THEN 'Vendor ' || k ELSE company END AS entityid,
       CASE WHEN k % 3 = 0 THEN k END AS entitynumber,
       CASE WHEN person THEN 'Vendor ' || k ELSE company END AS entitytitle,
       CASE WHEN NOT person THEN company END AS altname,
       CASE WHEN NOT person THEN company END AS companyname,
       CASE WHEN NOT person AND k % 3 = 0 THEN company END AS legalname,
       flag(person) AS isperson, CASE WHEN person THEN 'Ms.' END AS salutation,
       CASE WHEN person THEN 'Ewa' END AS firstname,
       CASE WHEN person THEN 'Wójcik ' || k END AS lastname,
       CASE WHEN draw(k, 'vendor mail', 3) > 0 THEN 'orders' || k || '@vendor.example' END AS email,
       CASE WHEN draw(k, 'vendor phone', 2) = 0
            THEN '+49 555 ' || lpad((k % 1000)::VARCHAR, 4, '0') END AS phone,
       CASE WHEN person THEN '0555 01' || k END AS mobilephone,
       CASE WHEN draw(k, 'vendor fax', 9) = 0 THEN '+49 555 9' || k END AS fax,
       CASE WHEN draw(k, 'vendor url', 5) = 0 THEN 'https://v' || k || '.example' END AS url,
       CASE WHEN draw(k, 'vendor comment', 9) = 0
            THEN 'Lead time: 6 weeks' || chr(13) || chr(10) || 'Ask for Jörg („Einkauf“).' END
       AS comments,
       CASE WHEN draw(k, 'vendor account', 4) = 0 THEN 'HG' || lpad(k::VARCHAR, 6, '0') END
       AS accountnumber,
       CASE WHEN draw(k, 'vendor category', 3) = 0 THEN 1 + k % 4 END AS category,
       named.subsidiary,
       CASE WHEN draw(k, 'vendor abroad', 5) = 0 THEN chosen([1, 4], k, 'their currency')
            ELSE s.currency END AS currency,
       chosen([2, 2, 3, 5, NULL], k, 'vendor terms') AS terms,
       CASE WHEN k % 6 = 0 THEN 1 + k % 11 END AS incoterm,
       CASE WHEN k % 8 = 0 THEN 1000.75 * k END AS creditlimit,
       CASE WHEN k % 4 = 0 THEN 70 + draw(k, 'expense', 9) END AS expenseaccount,
       CASE WHEN k % 7 = 0 THEN 25 END AS payablesaccount,
       CASE WHEN k % 10 = 0 THEN company END AS printoncheckas, 'F' AS isjobresourcevend,
       CASE WHEN k % 5 > 0 THEN 500000 + k END AS defaultbillingaddress,
       CASE WHEN k % 9 = 0 THEN 600000 + k END AS defaultshippingaddress,
       flag(one_in(10, k, 'vendor gone')) AS isinactive,
       CASE WHEN k % 3 = 1 THEN 'LIEF_' || k END AS externalid,
       created AS datecreated,
       coalesce(mass_updated_at(named.id, created), created) AS lastmodifieddate,
       CASE WHEN k % 4 = 0 THEN 1 + k % 5 END AS custentity_region,
       chosen(['SEPA', 'ACH', 'BACS', NULL, NULL], k, 'pays by') AS custentity_2663_payment_method
FROM named JOIN subsidiary AS s ON s.id = named.subsidiary;
