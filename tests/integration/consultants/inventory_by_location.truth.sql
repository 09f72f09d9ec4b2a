SELECT s.item, s.location, i.itemid, i.displayname, l.fullname AS location_name,
       s.quantityonhand AS on_hand, s.quantityavailable AS available,
       s.quantityonorder AS on_order, round(s.quantityonhand * s.averagecostmli, 2) AS value,
       s.quantityonhand < s.reorderpoint AS reorder_now, s.lastquantityavailablechange AS moved_at
FROM item AS i JOIN inventoryitemlocations AS s ON i.id = s.item JOIN location AS l ON l.id = s.location
WHERE i.isinactive <> 'T' AND s.quantityonhand >= 0
