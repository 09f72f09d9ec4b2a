-- What the company added to NetSuite: a list, two record types, fields, and their metadata.

CREATE TABLE customfield (
    id BIGINT, internalid BIGINT AS (id), name VARCHAR, scriptid VARCHAR, description VARCHAR,
    fieldtype VARCHAR, fieldvaluetype VARCHAR, fieldvaluetyperecord BIGINT, recordtype BIGINT,
    ismandatory VARCHAR, isstored VARCHAR, isshowinlist VARCHAR, isinactive VARCHAR,
    owner BIGINT, visibleontransactions VARCHAR, lastmodifieddate TIMESTAMP
);

CREATE TABLE customrecordtype (
    internalid BIGINT, name VARCHAR, scriptid VARCHAR, recordname VARCHAR, description VARCHAR,
    owner BIGINT, includename VARCHAR, showid VARCHAR, allowattachments VARCHAR,
    allowinlineediting VARCHAR, isinactive VARCHAR
);

CREATE TABLE customlist (
    internalid BIGINT, name VARCHAR, scriptid VARCHAR, description VARCHAR, owner BIGINT,
    isordered VARCHAR, isinactive VARCHAR
);

CREATE TABLE customlist_sales_channel (id BIGINT, name VARCHAR, isinactive VARCHAR);
CREATE TABLE customlist_certificate (id BIGINT, name VARCHAR, isinactive VARCHAR);
CREATE TABLE customlist_region (id BIGINT, name VARCHAR, isinactive VARCHAR);

CREATE TABLE customrecord_vehicle (
    id BIGINT, name VARCHAR, recordid BIGINT AS (id), scriptid VARCHAR, externalid VARCHAR,
    isinactive VARCHAR, owner BIGINT, created TIMESTAMP, lastmodified TIMESTAMP,
    lastmodifiedby BIGINT, parent BIGINT, custrecord_vehicle_plate VARCHAR,
    custrecord_vehicle_driver BIGINT, custrecord_vehicle_load_t DECIMAL(12, 4),
    custrecord_vehicle_inspected DATE, custrecord_vehicle_leased VARCHAR
);

CREATE TABLE customrecord_quality_check (
    id BIGINT, name VARCHAR, recordid BIGINT AS (id), scriptid VARCHAR, externalid VARCHAR,
    isinactive VARCHAR, owner BIGINT, created TIMESTAMP, lastmodified TIMESTAMP,
    lastmodifiedby BIGINT, parent BIGINT, custrecord_qc_item BIGINT,
    custrecord_qc_measured DECIMAL(18, 9), custrecord_qc_passed VARCHAR,
    custrecord_qc_checked_at TIMESTAMP, custrecord_qc_remark VARCHAR
);

INSERT INTO customlist_sales_channel VALUES
    (1, 'Fair / Messe', 'F'), (2, 'Web shop', 'F'), (3, '代理店', 'F'), (4, 'Téléphone', 'F'),
    (5, 'Fax', 'T');
INSERT INTO customlist_certificate VALUES
    (1, 'CE', 'F'), (2, 'ISO 9001', 'F'), (3, '3.1 nach EN 10204', 'F'), (4, 'RoHS', 'F'),
    (5, '輸出許可証', 'F');
INSERT INTO customlist_region VALUES
    (1, 'Midwest', 'F'), (2, 'Süd', 'F'), (3, 'Île-de-France', 'F'), (4, '関西', 'F'),
    (5, 'Norte', 'F');

INSERT INTO customlist
SELECT internalid, name, scriptid, description, employee_id(1) AS owner, 'T' AS isordered,
       isinactive
FROM (VALUES
    (41, 'Sales Channel', 'CUSTOMLIST_SALES_CHANNEL', 'Where an order came from', 'F'),
    (42, 'Certificate', 'CUSTOMLIST_CERTIFICATE', NULL, 'F'),
    (43, 'Région', 'CUSTOMLIST_REGION', 'Of customers, vendors and employees', 'F')
) AS list(internalid, name, scriptid, description, isinactive);

INSERT INTO customrecordtype
SELECT internalid, name, scriptid, name AS recordname, description, employee_id(1) AS owner,
       'T' AS includename, 'T' AS showid, 'F' AS allowattachments, 'T' AS allowinlineediting,
       'F' AS isinactive
FROM (VALUES
    (101, 'Vehicle', 'CUSTOMRECORD_VEHICLE', 'Fuhrpark'),
    (118, 'Quality Check', 'CUSTOMRECORD_QUALITY_CHECK', NULL)
) AS kind(internalid, name, scriptid, description);

-- Two of these are no columns of any table: a formula (not stored) and an inactive field. Entity
-- fields do not say to which kinds of entity they apply: some are columns of one table only.
INSERT INTO customfield BY NAME
SELECT * EXCLUDE (note), coalesce(note, name) AS description, 'F' AS ismandatory, flag(id <> 520) AS isstored,
       flag(id % 3 = 0) AS isshowinlist, flag(id = 521) AS isinactive, -5 AS owner,
       CASE WHEN fieldtype = 'BODY' THEN 'T' END AS visibleontransactions,
       date_trunc('day', born()) - to_days((900 - id)::INTEGER) AS lastmodifieddate
FROM (
    SELECT id, scriptid, fieldtype, fieldvaluetype, name, recordtype, fieldvaluetyperecord, note
    FROM (VALUES
    (501, 'CUSTBODY_CHANNEL', 'BODY', 'List/Record', 'Sales Channel', NULL, 41, NULL),
    (502, 'CUSTBODY_PROMISED_DATE', 'BODY', 'Date', 'Promised Date', NULL, NULL, NULL),
    (503, 'CUSTBODY_RUSH', 'BODY', 'Check Box', 'Rush', NULL, NULL, NULL),
    (504, 'CUSTBODY_MARGIN_PCT', 'BODY', 'Percent', 'Marge (%)', NULL, NULL, NULL),
    (505, 'CUSTBODY_CERTIFICATES', 'BODY', 'Multiple Select', 'Certificates', NULL, 42, NULL),
    (506, 'CUSTBODY12', 'BODY', 'Integer Number', 'Old counter', NULL, NULL, 'Made in the UI'),
    (507, 'CUSTBODY_SYNCED_AT', 'BODY', 'Date/Time', 'Synced at', NULL, NULL, NULL),
    (508, 'CUSTBODY_APPROVAL_NOTE', 'BODY', 'Text Area', 'Approval Note', NULL, NULL, NULL),
    (520, 'CUSTBODY_OPEN_BALANCE', 'BODY', 'Currency', 'Open Balance', NULL, NULL, 'Formula'),
    (530, 'CUSTCOL_BATCH', 'COLUMN', 'Free-Form Text', 'Charge', NULL, NULL, NULL),
    (531, 'CUSTCOL_MACHINE_HOURS', 'COLUMN', 'Decimal Number', 'Machine Hours', NULL, NULL, NULL),
    (532, 'CUSTCOL_VEHICLE', 'COLUMN', 'List/Record', 'Vehicle', NULL, 101, NULL),
    (533, 'CUSTCOL_INSPECTED', 'COLUMN', 'Check Box', 'Inspected', NULL, NULL, NULL),
    (540, 'CUSTENTITY_REGION', 'ENTITY', 'List/Record', 'Région', NULL, 43, NULL),
    (541, 'CUSTENTITY_CREDIT_REVIEW', 'ENTITY', 'Date', 'Credit Review', NULL, NULL, NULL),
    (542, 'CUSTENTITY_LOYALTY_POINTS', 'ENTITY', 'Integer Number', 'Points', NULL, NULL, NULL),
    (543, 'CUSTENTITY14', 'ENTITY', 'Free-Form Text', 'Old code', NULL, NULL, NULL),
    (544, 'CUSTENTITY_2663_PAYMENT_METHOD', 'ENTITY', 'Free-Form Text', 'Payment Method', NULL,
     NULL, 'Vendors only'),
    (521, 'CUSTENTITY_FAX_CODE', 'ENTITY', 'Free-Form Text', 'Fax code', NULL, NULL, NULL),
    (550, 'CUSTITEM_CARBON_KG', 'ITEM', 'Decimal Number', 'CO₂ (kg)', NULL, NULL, NULL),
    (551, 'CUSTITEM_DRAWING_NO', 'ITEM', 'Free-Form Text', 'Zeichnungs-Nr.', NULL, NULL, NULL),
    (552, 'CUSTITEM_HAZARDOUS', 'ITEM', 'Check Box', 'Hazardous', NULL, NULL, NULL),
    (553, 'CUSTITEM_CERTIFICATES', 'ITEM', 'Multiple Select', 'Certificates', NULL, 42, NULL),
    (560, 'CUSTRECORD_VEHICLE_PLATE', 'RECORD', 'Free-Form Text', 'Plate', 101, NULL, NULL),
    (561, 'CUSTRECORD_VEHICLE_DRIVER', 'RECORD', 'List/Record', 'Driver', 101, -4, NULL),
    (562, 'CUSTRECORD_VEHICLE_LOAD_T', 'RECORD', 'Decimal Number', 'Load (t)', 101, NULL, NULL),
    (563, 'CUSTRECORD_VEHICLE_INSPECTED', 'RECORD', 'Date', 'Inspected', 101, NULL, 'TÜV'),
    (564, 'CUSTRECORD_VEHICLE_LEASED', 'RECORD', 'Check Box', 'Leased', 101, NULL, NULL),
    (570, 'CUSTRECORD_QC_ITEM', 'RECORD', 'List/Record', 'Item', 118, -10, NULL),
    (571, 'CUSTRECORD_QC_MEASURED', 'RECORD', 'Decimal Number', 'Measured', 118, NULL, NULL),
    (572, 'CUSTRECORD_QC_PASSED', 'RECORD', 'Check Box', 'Passed', 118, NULL, NULL),
    (573, 'CUSTRECORD_QC_CHECKED_AT', 'RECORD', 'Date/Time', 'Checked at', 118, NULL, NULL),
    (574, 'CUSTRECORD_QC_REMARK', 'RECORD', 'Long Text', 'Remark', 118, NULL, NULL),
    (580, 'CUSTRECORD_FAM_ACCOUNT_SHOWINFIXEDASSET', 'OTHER', 'Check Box', 'Show in Fixed Assets',
     NULL, NULL, 'From a bundle; sits on the account')
    ) AS field(id, scriptid, fieldtype, fieldvaluetype, name, recordtype, fieldvaluetyperecord,
               note)
);

INSERT INTO customrecord_vehicle BY NAME
SELECT k AS id, chosen(['Gabelstapler', 'Lkw', 'Camionnette', 'フォークリフト'], k, 'vehicle')
       || ' ' || k AS name,
       'VAL_' || (80000 + k) AS scriptid, CASE WHEN k % 3 = 0 THEN 'fleet-' || k END AS externalid,
       flag(k % 10 = 0) AS isinactive, employee_id(1 + k % 5) AS owner,
       in_history(k / 60.0) AS created, in_history(k / 60.0 + 0.3) AS lastmodified,
       employee_id(2) AS lastmodifiedby, CASE WHEN k > 10 AND k % 8 = 0 THEN k % 10 + 1 END
       AS parent,
       CASE WHEN k % 4 > 0 THEN 'UL-HG ' || (100 + k) END AS custrecord_vehicle_plate,
       CASE WHEN k % 2 = 0 THEN employee_id(1 + k % 20) END AS custrecord_vehicle_driver,
       round(0.75 + share(k, 'load') * 22, 3) AS custrecord_vehicle_load_t,
       (created + INTERVAL 42 DAY)::DATE AS custrecord_vehicle_inspected,
       flag(k % 5 = 0) AS custrecord_vehicle_leased
FROM (SELECT unnest(range(1, 41)) AS k);

-- Twelve checks an item, many of them imported within one second.
INSERT INTO customrecord_quality_check BY NAME
WITH check_of AS (
    SELECT k, in_history(k / (12.0 * getvariable('items'))) AS created
    FROM (SELECT unnest(range(1, 12 * getvariable('items') + 1)) AS k)
)
SELECT spread(k, 12 * getvariable('items'), 'check id') AS id, NULL AS name,
       'VAL_' || (200000 + k) AS scriptid, 'F' AS isinactive, -5 AS owner, created,
       CASE WHEN draw(k, 'reviewed', 3) > 0 THEN date_trunc('day', born()) - INTERVAL 45 DAY
            ELSE created END AS lastmodified,
       employee_id(1 + draw(k, 'checked by', 20)) AS lastmodifiedby,
       item_id(1 + draw(k, 'checked', getvariable('items'))) AS custrecord_qc_item,
       round((share(k, 'measured') - 0.5) / 50, 9) AS custrecord_qc_measured,
       flag(draw(k, 'passed', 15) > 0) AS custrecord_qc_passed,
       created + INTERVAL 5 MINUTE AS custrecord_qc_checked_at,
       CASE WHEN draw(k, 'remark', 10) = 0
            THEN 'Grat an der Kante' || chr(13) || chr(10) || 'nachgearbeitet ✓' END
       AS custrecord_qc_remark
FROM check_of
WHERE created < born() - INTERVAL 46 DAY;

-- Some of the ids that are missing were deleted and logged: of transactions, customers and checks.
INSERT INTO deletedrecord BY NAME
WITH deleted AS (
    SELECT k, transaction_id(9 * k) - 1 AS recordid, -30 AS recordtypeid, 'salesorder' AS scriptid,
           'Sales Order' AS type, ' #SO' || (100000 + 9 * k) AS name,
           9 * k / getvariable('transactions') AS age
    FROM (SELECT unnest(range(1, getvariable('transactions') * 7 // 90)) AS k)
    WHERE draw(k, 'logged', 10) = 0
    UNION ALL
    SELECT k, customer_id(9 * k) - 3, -2, 'customer', 'Customer', ' CUST' || (10000 + 9 * k),
           9 * k / getvariable('customers')
    FROM (SELECT unnest(range(1, getvariable('customers') * 7 // 90)) AS k)
    UNION ALL
    SELECT k, spread(9 * k, 12 * getvariable('items'), 'check id') - 1, 118,
           'customrecord_quality_check', 'Quality Check', ' ' || k,
           9 * k / (12 * getvariable('items'))
    FROM (SELECT unnest(range(1, 12 * getvariable('items') * 7 // 90)) AS k)
    WHERE draw(k, 'logged check', 10) = 0
)
SELECT recordid, recordtypeid, scriptid, type, type || name AS name,
       chosen(['UIF', 'UIF', 'CSV', 'SCT'], k, 'deleted through') AS context,
       employee_id(1 + draw(k, 'deleted by', 20)) AS deletedby,
       least(in_history(age) + to_seconds(3600 + draw(k, 'deleted after', 90000)), born())
       AS deleteddate,
       'F' AS iscustomlist, flag(recordtypeid > 0) AS iscustomrecord, 'F' AS iscustomtransaction
FROM deleted;

-- NetSuite pairs records with what is selected in them; neither column alone is a key.
CREATE VIEW map_transaction_custbody_certificates AS
SELECT id AS mapone, unnest(string_split(custbody_certificates, ', '))::BIGINT AS maptwo
FROM transaction;

CREATE VIEW map_item_custitem_certificates AS
SELECT id AS mapone, unnest(string_split(custitem_certificates, ', '))::BIGINT AS maptwo FROM item;
