-- What lies where: each stocked item has a row at each open location, most of them without stock.

CREATE TABLE inventoryitemlocations AS
WITH stocked AS (
    SELECT id, totalquantityonhand AS total, averagecost, lastpurchaseprice, lastmodifieddate
    FROM item WHERE assetaccount > 0
), place AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS seat, count(*) OVER () AS places
    FROM location WHERE isinactive = 'F'
), spread AS (
    -- Two thirds lie in an item's own warehouse, the rest in the next one.
    SELECT stocked.*, place.id AS location,
           CASE (place.seat - stocked.id % places + places) % places
               WHEN 0 THEN total - floor(total / 3) WHEN 1 THEN floor(total / 3) END AS onhand
    FROM stocked, place
)
SELECT id AS item, location, onhand::DECIMAL(14, 4) AS quantityonhand,
       (onhand - floor(onhand / 10))::DECIMAL(14, 4) AS quantityavailable,
       floor(onhand / 10)::DECIMAL(14, 4) AS quantitycommitted,
       CASE WHEN onhand = 0 THEN 5::DECIMAL(14, 4) END AS quantitybackordered,
       CASE WHEN onhand < 20 THEN 40::DECIMAL(14, 4) END AS quantityonorder,
       NULL::DECIMAL(14, 4) AS quantityintransit,
       CASE WHEN onhand IS NOT NULL THEN 20::DECIMAL(14, 4) END AS reorderpoint,
       CASE WHEN onhand IS NOT NULL THEN 60::DECIMAL(14, 4) END AS preferredstocklevel,
       CASE WHEN onhand > 0 THEN averagecost END AS averagecostmli,
       CASE WHEN onhand > 0 THEN lastpurchaseprice END AS lastpurchasepricemli,
       round(onhand * averagecost, 2)::DECIMAL(18, 2) AS onhandvaluemli,
       CASE WHEN onhand > 0 THEN 'Pending' END AS costaccountingstatus,
       CASE WHEN onhand IS NOT NULL THEN lastmodifieddate END AS lastquantityavailablechange
FROM spread;
