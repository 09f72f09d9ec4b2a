-- What the company makes, buys and sells; and what NetSuite itself puts on lines.

INSERT INTO item BY NAME
SELECT id, itemid, itemid AS fullname, itemtype, 'F' AS isinactive
FROM (VALUES (-2, 'End of Group', 'EndGroup'), (-7, '-Not Taxable-', 'TaxItem'))
     AS own(id, itemid, itemtype);

INSERT INTO item BY NAME
WITH kind AS (
    SELECT k, item_id(k) AS id, list_price(k) AS price,
           chosen(['InvtPart', 'InvtPart', 'InvtPart', 'InvtPart', 'InvtPart', 'Assembly',
                   'Assembly', 'NonInvtPart', 'Service', 'OthCharge'], k, 'item type') AS itemtype,
           in_history(share(k, 'item created') - 0.4) AS created
    FROM (SELECT unnest(range(1, getvariable('items') + 1)) AS k)
), named AS (
    SELECT *, itemtype IN ('InvtPart', 'Assembly') AS stocked,
           upper(left(itemtype, 3)) || '-' || lpad(k::VARCHAR, 5, '0') AS itemid,
           CASE WHEN itemtype = 'Service'
                THEN chosen(['Wartung', 'Installation', 'Formation opérateur', '据付作業'],
                            k, 'service')
                ELSE chosen(['Spindle', 'Gehäuse', 'Écrou à billes', '軸受', 'Hydraulic pump',
                             'Tornillo M8×40', 'Kühlmittelschlauch ½"', 'Motor, 3-phase',
                             'Łożysko kulkowe', 'Ось', '"Quick" clamp', 'Gear 50% duty'],
                            k, 'part') || ' ' || chosen(['A', 'B2', 'C-17', 'Ø 12 mm', 'XL', 'µ'],
                            k, 'variant') END AS displayname
    FROM kind
)
SELECT id, itemid, itemid AS fullname, itemtype, displayname,
       CASE WHEN draw(k, 'describes', 3) = 0
            THEN displayname || chr(13) || chr(10) || 'See drawing; tolerances ±0.02 mm.' END
       AS description,
       CASE WHEN draw(k, 'buys', 4) = 0 THEN 'Bought as ' || displayname END
       AS purchasedescription,
       CASE WHEN itemtype IN ('NonInvtPart', 'Service', 'OthCharge')
            THEN chosen(['Sale', 'Purchase', 'Resale'], k, 'subtype') END AS subtype,
       CASE WHEN k > 20 AND draw(k, 'child', 12) = 0 THEN item_id(1 + draw(k, 'parent', 20)) END
       AS parent,
       CASE WHEN draw(k, 'local', 4) = 0 THEN '2' ELSE '1, 2, 3, 5, 6, 7' END AS subsidiary,
       CASE WHEN k % 5 > 0 THEN 1 + k % 7 END AS class,
       CASE WHEN k % 9 = 0 THEN 5 END AS department, CASE WHEN k % 8 = 0 THEN 20 END AS location,
       CASE itemtype WHEN 'Service' THEN 57 WHEN 'Assembly' THEN 55 ELSE 56 END AS incomeaccount,
       CASE WHEN stocked THEN CASE itemtype WHEN 'Assembly' THEN 12 ELSE 11 END END
       AS assetaccount,
       CASE WHEN itemtype = 'Assembly' THEN 67 WHEN stocked THEN 68
            ELSE 76 + draw(k, 'expense account', 3) END AS expenseaccount,
       CASE WHEN stocked AND k % 3 = 0 THEN 68 END AS gainlossaccount,
       CASE WHEN itemtype = 'Service' THEN 29 END AS deferredrevenueaccount,
       CASE WHEN itemtype <> 'OthCharge'
            THEN round(price * (40 + draw(k, 'margin', 35)) / 100.0, 4) END AS cost,
       CASE WHEN stocked
            THEN price * (0.40 + draw(k, 'margin', 35) / 100.0) * (1 + share(k, 'average') / 50)
       END AS averagecost,
       CASE WHEN stocked THEN round(price * 0.55, 2) END AS lastpurchaseprice,
       CASE WHEN stocked THEN chosen(['AVG', 'AVG', 'FIFO', 'STANDARD'], k, 'costing') END
       AS costingmethod,
       CASE WHEN stocked THEN 'AVGCOST' ELSE 'ITEMDEFINED' END AS costestimatetype,
       CASE WHEN stocked THEN chosen(['US', 'DE', 'JP', 'CN', NULL, NULL], k, 'origin') END
       AS countryofmanufacture,
       CASE WHEN draw(k, 'maker', 3) = 0 THEN chosen(['Škoda & syn', 'Nadel KG', '東洋部品'],
            k, 'manufacturer') END AS manufacturer,
       CASE WHEN draw(k, 'mpn', 3) = 0 THEN 'MPN/' || (k * 7919 % 100000) END AS mpn,
       CASE WHEN draw(k, 'upc', 4) = 0 THEN lpad((k * 104729 % 1000000)::VARCHAR, 12, '0') END
       AS upccode,
       CASE WHEN draw(k, 'vendor name', 7) = 0 THEN 'their ' || itemid END AS vendorname,
       CASE WHEN stocked THEN round(0.0005 + pow(share(k, 'weight'), 3) * 800,
                                    draw(k, 'digits', 5)::INTEGER) END AS weight,
       CASE WHEN stocked THEN 3 END AS weightunit, CASE WHEN stocked THEN 1 END AS unitstype,
       CASE WHEN stocked THEN 1 END AS purchaseunit, CASE WHEN stocked THEN 1 END AS saleunit,
       CASE WHEN stocked THEN 1 END AS stockunit, flag(stocked) AS isfulfillable,
       CASE WHEN stocked THEN 'F' END AS isdropshipitem,
       CASE WHEN stocked THEN 'F' END AS isspecialorderitem,
       CASE WHEN stocked THEN flag(k % 6 = 0) END AS islotitem,
       CASE WHEN stocked THEN flag(k % 11 = 0) END AS isserialitem,
       flag(k % 13 = 0) AS matchbilltoreceipt, flag(one_in(15, k, 'item retired')) AS isinactive,
       CASE WHEN k % 2 = 0 THEN 'PLM-' || k END AS externalid,
       created AS createddate,
       greatest(created, mass_updated_at(id, created),
                in_history(share(k, 'item edited') * 0.99)) AS lastmodifieddate,
       CASE WHEN stocked AND k % 4 = 0 THEN round(share(k, 'carbon') * 90, 6) END
       AS custitem_carbon_kg,
       CASE WHEN stocked AND k % 3 = 0 THEN 'DWG ' || k || '/' || chosen(['a', 'b', 'ß'], k, 'rev')
       END AS custitem_drawing_no,
       flag(draw(k, 'hazardous', 20) = 0) AS custitem_hazardous,
       CASE k % 10 WHEN 0 THEN '3' WHEN 1 THEN '3, 5' WHEN 2 THEN '1, 3, 5' END
       AS custitem_certificates
FROM named;
