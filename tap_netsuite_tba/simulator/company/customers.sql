-- Whom the company sells to: the customers of customer_due (k, version, edited_at), as they are
-- after `version` edits, the last at edited_at.

INSERT INTO customer BY NAME
WITH party AS (
    SELECT *, customer_id(k) AS id, customer_created_at(k) AS created,
           draw(k, 'is a person', 10) = 0 AS person,
           chosen([1, 1, 1, 2, 2, 3, 5, 6, 7], k, 'customer of') AS subsidiary
    FROM customer_due
), named AS (
    SELECT *,
           CASE subsidiary
               WHEN 5 THEN chosen(['山田', '東京', '北海道', '中村'], k, 'name')
                           || chosen(['製作所', '機械', '精密'], k, 'trade')
               WHEN 6 THEN chosen(['Talleres', 'Industrias', 'Maquinados'], k, 'trade') || ' '
                           || chosen(['Peña', 'Ibáñez', 'del Ángel'], k, 'name')
               WHEN 7 THEN chosen(['Ateliers', 'Usinage', 'Société'], k, 'trade') || ' '
                           || chosen(['Géraud', 'L''Hôpital', 'Forêt-Noire'], k, 'name')
               WHEN 2 THEN chosen(['Müller', 'Großmann', 'Çelik', 'Østergård'], k, 'name') || ' '
                           || chosen(['Zerspanung', 'Anlagenbau', '& Söhne'], k, 'trade')
               ELSE chosen(['Acorn', 'Smith & Sons', 'Blue "Ridge"', 'Δέλτα', 'Север'], k, 'name')
                    || ' ' || chosen(['Tools', 'Gears', 'Fabrication'], k, 'trade')
           END
           || ' ' || k || CASE subsidiary WHEN 5 THEN '株式会社' WHEN 2 THEN ' GmbH'
                          WHEN 7 THEN ' SA' WHEN 6 THEN ' S.A.' ELSE '' END AS company,
           chosen(['Ana', 'Søren', 'Chloë', '花子', 'Иван', 'Mehmet'], k, 'first') AS first,
           chosen(['O''Neill', 'Ñíguez', 'Weiß', '山本', 'Петров', 'Yıldız'], k, 'last') AS last
    FROM party
)
SELECT named.id, 'CUST' || (10000 + k) || CASE WHEN person THEN ' ' || first || ' ' || last
                                                ELSE ' ' || company END AS entityid,
       CASE WHEN k % 3 > 0 THEN 10000 + k END AS entitynumber,
       CASE WHEN person THEN first || ' ' || last ELSE company END AS entitytitle,
       CASE WHEN person THEN first || ' ' || last ELSE company END AS altname,
       CASE WHEN NOT person THEN company END AS companyname, flag(person) AS isperson,
       CASE WHEN person THEN first END AS firstname, CASE WHEN person THEN last END AS lastname,
       CASE WHEN draw(k, 'mail', 3) > 0 THEN 'purchasing' || k || '@customer.example' END AS email,
       CASE WHEN version > 0 OR draw(k, 'phone', 2) = 0
            THEN '+1 555 ' || lpad(((k + 37 * version) % 10000)::VARCHAR, 4, '0') END AS phone,
       CASE WHEN draw(k, 'url', 6) = 0 THEN 'https://c' || k || '.example/?a=1&b=ü' END AS url,
       CASE WHEN version > 0 THEN 'Called back, note ' || version || '.'
            WHEN draw(k, 'comment', 8) = 0
            THEN 'Deliver to gate 4.' || chr(13) || chr(10) || 'Ring twice; “no pallets”.' END
       AS comments,
       CASE WHEN draw(k, 'account number', 5) = 0 THEN 'D' || lpad(k::VARCHAR, 7, '0') END
       AS accountnumber,
       CASE WHEN draw(k, 'category', 2) = 0 THEN 1 + k % 6 END AS category,
       CASE WHEN k > 40 AND draw(k, 'child', 9) = 0 THEN customer_id(1 + draw(k, 'parent', 40)) END
       AS parent,
       named.subsidiary,
       CASE WHEN draw(k, 'abroad', 8) = 0 THEN chosen([1, 4, 2], k, 'their currency')
            ELSE s.currency END AS currency,
       chosen([2, 2, 2, 3, 4, 5, NULL, NULL], k, 'terms') AS terms,
       CASE WHEN draw(k, 'price level', 3) = 0 THEN 1 + k % 4 END AS pricelevel,
       CASE WHEN draw(k, 'sales rep', 2) = 0
            THEN employee_id(1 + 4 * draw(k, 'rep', getvariable('employees') // 4)) END AS salesrep,
       CASE WHEN draw(k, 'territory', 4) = 0 THEN -5 END AS territory,
       CASE WHEN draw(k, 'limit', 3) = 0 THEN round(pow(share(k, 'credit'), 3) * 500000, 2) END
       AS creditlimit,
       chosen(['AUTO', 'AUTO', 'ON', 'OFF'], k, 'hold') AS creditholdoverride,
       CASE WHEN draw(k, 'receivables', 12) = 0 THEN 7 END AS receivablesaccount,
       13 AS entitystatus, 'Customer' AS searchstage,
       CASE WHEN k % 6 > 0 THEN 200000 + 2 * k END AS defaultbillingaddress,
       CASE WHEN k % 4 > 0 THEN 200001 + 2 * k END AS defaultshippingaddress,
       CASE WHEN k % 5 = 0 THEN created::DATE END AS dateclosed,
       flag(one_in(14, k, 'gone') OR version % 7 = 6) AS isinactive,
       CASE WHEN draw(k, 'imported', 3) = 0 THEN 'crm-' || lpad(to_hex(k * 2654435761), 10, '0') END
       AS externalid,
       created AS datecreated,
       greatest(created, edited_at, mass_updated_at(named.id, created)) AS lastmodifieddate,
       CASE WHEN k % 3 = 0 THEN 1 + k % 5 END AS custentity_region,
       CASE WHEN k % 11 = 0 THEN created::DATE + 365 END AS custentity_credit_review,
       CASE WHEN k % 4 = 1 THEN draw(k, 'points', 90000) + 10 * version END
       AS custentity_loyalty_points,
       CASE WHEN draw(k, 'old code', 40) = 0 THEN 'X' || k END AS custentity14
FROM named JOIN subsidiary AS s ON s.id = named.subsidiary
ORDER BY k;
