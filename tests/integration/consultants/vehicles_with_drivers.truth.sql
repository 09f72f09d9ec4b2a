SELECT v.id, v.name, custrecord_vehicle_plate AS plate, e.entityid AS driver,
       e.email AS driver_email, 1000 * custrecord_vehicle_load_t AS load_kg,
       custrecord_vehicle_leased = 'T' AS leased, custrecord_vehicle_inspected AS inspected,
       CASE WHEN inspected IS NULL THEN 'never' WHEN inspected >= '2024-07-01' THEN 'fine'
            ELSE 'overdue' END AS inspection,
       (SELECT count(*) FROM transactionline WHERE custcol_vehicle = v.id) AS trips, v.lastmodified
FROM customrecord_vehicle AS v LEFT JOIN employee AS e ON e.id = custrecord_vehicle_driver
