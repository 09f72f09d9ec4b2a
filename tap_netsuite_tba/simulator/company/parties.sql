-- The company's parties, as NetSuite offers them beside customers, vendors and employees.

-- Whom to ask for at every other company that buys.
CREATE VIEW contact AS
SELECT 30000002 + id AS id, firstname || ' ' || lastname AS entityid,
       firstname || ' ' || lastname AS entitytitle, firstname || ' ' || lastname AS altname,
       firstname, lastname, NULL::VARCHAR AS middlename, NULL::VARCHAR AS salutation, title,
       'c' || id || '@customer.example' AS email, phone, NULL::VARCHAR AS mobilephone,
       NULL::VARCHAR AS fax, NULL::VARCHAR AS comments, id AS company, subsidiary,
       'F' AS isprivate, isinactive, NULL::VARCHAR AS externalid, datecreated, lastmodifieddate
FROM (
    SELECT * REPLACE (
               ['Ana', 'Søren', 'Chloë', '花子', 'Иван', 'Mehmet', 'Grace'][1 + id % 7] AS firstname,
               ['O''Neill', 'Weiß', '山本', 'Yıldız', 'Ñíguez'][1 + id % 5] AS lastname,
               ['Purchasing', 'Einkauf', '購買部', NULL][1 + id % 4] AS title)
    FROM customer
)
WHERE companyname IS NOT NULL AND id % 2 = 1;

CREATE VIEW entity AS
SELECT id, entityid, entitynumber, entitytitle, altname, 'CustJob' AS type, isperson, salutation,
       firstname, middlename, lastname, title, email, altemail, phone, altphone, homephone,
       mobilephone, fax, comments, parent, coalesce(parent, id) AS toplevelparent, id AS customer,
       NULL::BIGINT AS vendor, NULL::BIGINT AS employee, NULL::BIGINT AS contact,
       NULL::BIGINT AS partner, NULL::BIGINT AS project, NULL::BIGINT AS othername,
       NULL::BIGINT AS projecttemplate, NULL::BIGINT AS genericresource,
       NULL::DECIMAL(18, 2) AS laborcost, isinactive, externalid, datecreated, lastmodifieddate
FROM customer
UNION ALL BY NAME
SELECT id, entityid, entitynumber, entitytitle, altname, 'Vendor' AS type, isperson, salutation,
       firstname, middlename, lastname, title, email, phone, mobilephone, fax, comments,
       id AS vendor, isinactive, externalid, datecreated, lastmodifieddate
FROM vendor
UNION ALL BY NAME
SELECT id, entityid, entityid AS entitytitle, 'Employee' AS type, 'T' AS isperson, firstname,
       middlename, lastname, title, email, phone, mobilephone, id AS employee, isinactive,
       externalid, datecreated, lastmodifieddate
FROM employee
UNION ALL BY NAME
SELECT id, entityid, entitytitle, altname, 'Contact' AS type, 'T' AS isperson, firstname, lastname,
       title, email, phone, id AS contact, isinactive, datecreated, lastmodifieddate
FROM contact;

-- Each party belongs to a subsidiary. Some German customers also buy in France, and so whoever
-- joins this to them finds them twice.
CREATE VIEW customersubsidiaryrelationship AS
SELECT 1000 + 2 * id AS id, id AS entity, subsidiary, 'T' AS isprimarysub,
       currency AS primarycurrency, NULL::DECIMAL(18, 2) AS balance,
       NULL::DECIMAL(18, 2) AS depositbalance, NULL::DECIMAL(18, 2) AS unbilledorders,
       NULL::VARCHAR AS externalid, lastmodifieddate
FROM customer
UNION ALL BY NAME
SELECT 1001 + 2 * id AS id, id AS entity, 7::BIGINT AS subsidiary, 'F' AS isprimarysub,
       currency AS primarycurrency, lastmodifieddate
FROM customer WHERE subsidiary = 2 AND id % 5 = 0;

CREATE VIEW vendorsubsidiaryrelationship AS
SELECT 1000 + 2 * id AS id, id AS entity, subsidiary, 'T' AS isprimarysub,
       currency AS primarycurrency, NULL::DECIMAL(18, 2) AS balance,
       NULL::DECIMAL(18, 2) AS balancebase, NULL::DECIMAL(18, 2) AS unbilledorders,
       NULL::DECIMAL(18, 2) AS prepaymentbalance, NULL::VARCHAR AS externalid, lastmodifieddate
FROM vendor;
