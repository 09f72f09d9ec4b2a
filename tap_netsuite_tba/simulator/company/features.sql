-- The account's features, a custom segment with its values, and a record type that was made
-- without a script id of its own: NetSuite numbers such types.

CREATE TABLE companyfeaturesetup (
    id VARCHAR, name VARCHAR, isavailable VARCHAR, isactive VARCHAR
);

INSERT INTO companyfeaturesetup VALUES
    ('ACCOUNTING', 'Accounting', 'T', 'T'), ('ADVINVENTORYMGMT', 'Advanced Inventory', 'T', 'F'),
    ('ASSEMBLIES', 'Assembly Items', 'T', 'T'), ('CLASSES', 'Classes', 'T', 'T'),
    ('CUSTOMRECORDS', 'Custom Records', 'T', 'T'), ('CUSTOMSEGMENTS', 'Custom Segments', 'T', 'T'),
    ('DEPARTMENTS', 'Departments', 'T', 'T'), ('JOBS', 'Projects', 'T', 'F'),
    ('LOCATIONS', 'Locations', 'T', 'T'), ('MULTIBOOK', 'Multi-Book Accounting', 'T', 'T'),
    ('MULTICURRENCY', 'Multiple Currencies', 'T', 'T'),
    ('MULTILOCINVT', 'Multi-Location Inventory', 'T', 'T'), ('OAUTH2', 'OAuth 2.0', 'T', 'F'),
    ('OPPORTUNITIES', 'Opportunities', 'T', 'F'),
    ('RESTWEBSERVICES', 'REST Web Services', 'T', 'T'),
    ('SUBSCRIPTIONBILLING', 'SuiteBilling', 'F', 'F'), ('SUBSIDIARIES', 'OneWorld', 'T', 'T'),
    ('TBA', 'Token-Based Authentication', 'T', 'T'),
    ('WEBSERVICESEXTERNAL', 'SOAP Web Services', 'T', 'F'),
    ('WORKBOOK', 'SuiteAnalytics Workbook', 'T', 'T');

CREATE TABLE customsegment (
    internalid BIGINT, name VARCHAR, scriptid VARCHAR, recordtype BIGINT, glimpact VARCHAR,
    balancing VARCHAR, displayorder BIGINT, internal VARCHAR, isinactive VARCHAR
);

-- The values of a segment are records of a type that NetSuite makes for it.
CREATE TABLE customrecord_cseg_product_line (
    id BIGINT, name VARCHAR, recordid BIGINT AS (id), scriptid VARCHAR, externalid VARCHAR,
    isinactive VARCHAR, owner BIGINT, created TIMESTAMP, lastmodified TIMESTAMP,
    lastmodifiedby BIGINT, parent BIGINT
);

CREATE TABLE customrecord49 (
    id BIGINT, name VARCHAR, recordid BIGINT AS (id), scriptid VARCHAR, externalid VARCHAR,
    isinactive VARCHAR, owner BIGINT, created TIMESTAMP, lastmodified TIMESTAMP,
    lastmodifiedby BIGINT, parent BIGINT, custrecord31 VARCHAR, custrecord32 BIGINT,
    custrecord33 DECIMAL(18, 2)
);

INSERT INTO customrecordtype
SELECT internalid, name, scriptid, name AS recordname, NULL AS description,
       employee_id(1) AS owner, 'T' AS includename, 'T' AS showid, 'F' AS allowattachments,
       'F' AS allowinlineediting, 'F' AS isinactive
FROM (VALUES
    (49, 'Reklamation', 'CUSTOMRECORD49'), (131, 'Product Line', 'CUSTOMRECORD_CSEG_PRODUCT_LINE')
) AS kind(internalid, name, scriptid);

INSERT INTO customsegment VALUES
    (1, 'Product Line', 'CSEG_PRODUCT_LINE', 131, 'T', 'F', 1, 'F', 'F');

INSERT INTO customfield BY NAME
SELECT id, scriptid, 'RECORD' AS fieldtype, fieldvaluetype, name, 49 AS recordtype,
       fieldvaluetyperecord, NULL AS description, 'F' AS ismandatory, 'T' AS isstored,
       'F' AS isshowinlist, 'F' AS isinactive, -5 AS owner,
       date_trunc('day', born()) - to_days((900 - id)::INTEGER) AS lastmodifieddate
FROM (VALUES
    (590, 'CUSTRECORD31', 'Long Text', 'Beschreibung', NULL),
    (591, 'CUSTRECORD32', 'List/Record', 'Kunde', -2),
    (592, 'CUSTRECORD33', 'Currency', 'Schaden', NULL)
) AS field(id, scriptid, fieldvaluetype, name, fieldvaluetyperecord);

INSERT INTO customrecord_cseg_product_line BY NAME
SELECT id, name, 'VAL_' || (300 + id) AS scriptid, parent, flag(id = 6) AS isinactive,
       -5 AS owner, in_history(0.1) AS created, created + to_days(91 * id) AS lastmodified,
       employee_id(1) AS lastmodifiedby
FROM (VALUES
    (1, 'Spindeln', NULL), (2, 'Motorspindeln', 1), (3, 'Riemenspindeln', 1),
    (4, 'Ersatzteile', NULL), (5, 'Service & Überholung', NULL), (6, 'Sondermaschinen', NULL)
) AS line(id, name, parent);

INSERT INTO customrecord49 BY NAME
SELECT k AS id, 'R-' || lpad(k::VARCHAR, 4, '0') AS name, 'VAL_' || (4000 + k) AS scriptid,
       'F' AS isinactive, employee_id(3) AS owner, in_history(k / 30.0) AS created,
       created + INTERVAL 28 DAY AS lastmodified, employee_id(3) AS lastmodifiedby,
       CASE WHEN k % 3 > 0 THEN 'Lager läuft trocken.' || chr(13) || chr(10) || 'Foto liegt bei'
            END AS custrecord31,
       customer_id(1 + draw(k, 'complains', 20)) AS custrecord32,
       CASE WHEN k % 2 = 0 THEN round(share(k, 'damage') * 9000, 2) END AS custrecord33
FROM (SELECT unnest(range(1, 25)) AS k);
