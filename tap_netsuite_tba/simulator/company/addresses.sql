-- Addresses. NetSuite has one table for each place where an address stands, and calls their key
-- nkey; here all are read off the records that point to them.

CREATE MACRO address(places) AS TABLE
WITH town AS (
    FROM (VALUES
        (1, 0, 'Toledo', 'OH', '43604', 'US', 'Foundry Street'),
        (1, 1, 'San José', 'CA', '95112', 'US', 'N 1st St, Suite #400'),
        (2, 0, 'Ulm', NULL, '89073', 'DE', 'Münstergasse'),
        (2, 1, 'Saarbrücken', NULL, '66111', 'DE', 'Am Gußwerk'),
        (3, 0, 'Leeds', NULL, 'LS1 4DY', 'GB', 'Wellington Street'),
        (3, 1, 'Llanelli', NULL, 'SA15 1XX', 'GB', 'St. David''s Close'),
        (4, 0, 'Hamilton', 'ON', 'L8L 1A1', 'CA', 'Burlington St E'),
        (4, 1, 'Montréal', 'QC', 'H2Y 1C6', 'CA', 'rue Saint-Jacques'),
        (5, 0, '大阪市', '27', '530-0001', 'JP', '北区梅田'),
        (5, 1, '札幌市', '01', '060-0042', 'JP', '中央区大通西'),
        (6, 0, 'Monterrey', 'NLE', '64000', 'MX', 'Av. Constitución'),
        (6, 1, 'San Luis Potosí', 'SLP', '78000', 'MX', 'Calle 5 de Mayo'),
        (7, 0, 'Lyon', NULL, '69003', 'FR', 'rue de l''Épée'),
        (7, 1, 'Saint-Étienne', NULL, '42000', 'FR', 'place Jean-Jaurès')
    ) AS town(house, side, city, state, zip, country, street)
), address_of AS (
    SELECT 'customer' AS place, unnest([defaultbillingaddress, defaultshippingaddress]) AS nkey,
           id AS recordowner, altname AS addressee, subsidiary AS house, phone, lastmodifieddate
    FROM customer
    UNION ALL
    SELECT 'vendor', unnest([defaultbillingaddress, defaultshippingaddress]), id, altname,
           subsidiary, phone, lastmodifieddate
    FROM vendor
    UNION ALL
    SELECT 'shipping', shippingaddress, t.id, altname, nexus, NULL, createddate
    FROM transaction AS t LEFT JOIN customer AS c ON c.id = t.entity
    UNION ALL
    SELECT 'billing', billingaddress, t.id, coalesce(c.altname, v.altname), nexus, NULL, createddate
    FROM transaction AS t LEFT JOIN customer AS c ON c.id = t.entity
    LEFT JOIN vendor AS v ON v.id = t.entity
    UNION ALL
    SELECT unnest(['subsidiary main', 'subsidiary return', 'subsidiary shipping']),
           unnest([mainaddress, returnaddress, shippingaddress]), id, name, id, NULL,
           lastmodifieddate
    FROM subsidiary
    UNION ALL
    SELECT unnest(['location main', 'location return']), unnest([mainaddress, returnaddress]), id,
           name, subsidiary, NULL, lastmodifieddate
    FROM location
), placed AS (
    SELECT a.*, town.*, 1 + nkey % 97 || ' ' || street AS addr1
    FROM address_of AS a JOIN town ON town.house = a.house AND side = nkey % 2
    WHERE list_contains(places, place)
)
SELECT nkey, addressee, CASE WHEN nkey % 7 = 0 THEN 'Purchasing' END AS attention, addr1,
       CASE WHEN nkey % 5 = 0 THEN 'Gate 4' END AS addr2, NULL::VARCHAR AS addr3, city, state,
       state AS dropdownstate, zip, country, phone AS addrphone,
       concat_ws(chr(13) || chr(10), addressee, addr1, concat_ws(' ', city, state, zip), country)
       AS addrtext,
       'F' AS override, recordowner, lastmodifieddate
FROM placed;

CREATE VIEW customeraddressbookentityaddress AS FROM address(['customer']);
CREATE VIEW vendoraddressbookentityaddress AS FROM address(['vendor']);
CREATE VIEW entityaddress AS FROM address(['customer', 'vendor']);
CREATE VIEW transactionshippingaddress AS FROM address(['shipping']);
CREATE VIEW transactionbillingaddress AS FROM address(['billing']);

-- Those of the company itself stay as they are.
CREATE TABLE subsidiarymainaddress AS FROM address(['subsidiary main']);
CREATE TABLE subsidiaryreturnaddress AS FROM address(['subsidiary return']);
CREATE TABLE subsidiaryshippingaddress AS FROM address(['subsidiary shipping']);
CREATE TABLE locationmainaddress AS FROM address(['location main']);
CREATE TABLE locationreturnaddress AS FROM address(['location return']);
