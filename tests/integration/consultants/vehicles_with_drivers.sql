SELECT v.id, v.name, v.custrecord_vehicle_plate AS plate,
       BUILTIN.DF(v.custrecord_vehicle_driver) AS driver, e.email AS driver_email,
       v.custrecord_vehicle_load_t * 1000 AS load_kg, v.custrecord_vehicle_leased AS leased,
       v.custrecord_vehicle_inspected AS inspected,
       CASE WHEN v.custrecord_vehicle_inspected < ADD_MONTHS(DATE_NOW.d, -24) THEN 'overdue'
            WHEN v.custrecord_vehicle_inspected IS NULL THEN 'never' ELSE 'fine' END AS inspection,
       (SELECT COUNT(*) FROM transactionline l WHERE l.custcol_vehicle = v.id) AS trips,
       v.lastmodified
FROM customrecord_vehicle v
CROSS JOIN (SELECT TO_DATE('2026-07-01', 'YYYY-MM-DD') AS d FROM dual) date_now
LEFT JOIN employee e ON e.id = v.custrecord_vehicle_driver
