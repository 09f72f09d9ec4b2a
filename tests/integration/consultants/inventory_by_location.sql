/* Stock and its value where there is any, and what has to be ordered. */
SELECT
    inventoryitemlocations.item,
    inventoryitemlocations.location,
    item.itemid,
    item.displayname,
    BUILTIN.DF(inventoryitemlocations.location) AS location_name,
    NVL(inventoryitemlocations.quantityonhand, 0) AS on_hand,
    NVL(inventoryitemlocations.quantityavailable, 0) AS available,
    inventoryitemlocations.quantityonorder AS on_order,
    ROUND(inventoryitemlocations.quantityonhand * inventoryitemlocations.averagecostmli, 2) AS value,
    CASE
        WHEN inventoryitemlocations.quantityonhand < inventoryitemlocations.reorderpoint THEN 'T'
        ELSE 'F'
    END AS reorder_now,
    inventoryitemlocations.lastquantityavailablechange AS moved_at
FROM
    inventoryitemlocations,
    item
WHERE
    item.id = inventoryitemlocations.item
    AND item.isinactive = 'F'
    AND inventoryitemlocations.quantityonhand IS NOT NULL
