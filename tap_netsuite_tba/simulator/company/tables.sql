-- The tables of the account. A column AS (...) is derived, and costs no memory: it is one that
-- this company never fills, or one that NetSuite itself derives from others of the row.

CREATE TABLE dual (dummy VARCHAR);

CREATE TABLE currency (
    id BIGINT, name VARCHAR, symbol VARCHAR, currencycode VARCHAR AS (symbol),
    displaysymbol VARCHAR, symbolplacement VARCHAR,
    exchangerate DECIMAL(18, 8), currencyprecision BIGINT, isbasecurrency VARCHAR,
    isinactive VARCHAR, includeinfxrateupdates VARCHAR, fxrateupdatetimezone VARCHAR,
    overridecurrencyformat VARCHAR AS ('F'), externalid VARCHAR, lastmodifieddate TIMESTAMP
);

CREATE TABLE subsidiary (
    id BIGINT, name VARCHAR, namenohi VARCHAR AS (name), fullname VARCHAR, legalname VARCHAR,
    parent BIGINT, currency BIGINT,
    country VARCHAR, state VARCHAR, email VARCHAR, url VARCHAR, fax VARCHAR,
    federalidnumber VARCHAR, tranprefix VARCHAR, fiscalcalendar BIGINT AS (1),
    iselimination VARCHAR, isinactive VARCHAR, mainaddress BIGINT, returnaddress BIGINT,
    shippingaddress BIGINT, externalid VARCHAR, edition VARCHAR, languagelocale VARCHAR,
    dropdownstate VARCHAR AS (state), showsubsidiaryname VARCHAR AS ('F'), ssnortin VARCHAR AS
    (NULL::VARCHAR), state1taxnumber VARCHAR AS (NULL::VARCHAR),
    purchaseorderamount DECIMAL(9, 4) AS (NULL::DECIMAL(9, 4)),
    purchaseorderquantity DECIMAL(9, 4) AS (NULL::DECIMAL(9, 4)),
    purchaseorderquantitydiff DECIMAL(14, 4) AS (NULL::DECIMAL(14, 4)),
    receiptamount DECIMAL(9, 4) AS (NULL::DECIMAL(9, 4)),
    receiptquantity DECIMAL(9, 4) AS (NULL::DECIMAL(9, 4)),
    receiptquantitydiff DECIMAL(14, 4) AS (NULL::DECIMAL(14, 4)),
    lastmodifieddate TIMESTAMP
);

CREATE TABLE department (
    id BIGINT, name VARCHAR, namenohi VARCHAR AS (name), fullname VARCHAR, parent BIGINT,
    subsidiary VARCHAR,
    includechildren VARCHAR, isinactive VARCHAR, externalid VARCHAR, lastmodifieddate TIMESTAMP
);

CREATE TABLE account (
    id BIGINT, acctnumber VARCHAR, accttype VARCHAR, fullname VARCHAR, description VARCHAR,
    accountsearchdisplayname VARCHAR, accountsearchdisplaynamecopy VARCHAR,
    -- One team queries it on a live account; others know the account's name as the line above.
    acctname VARCHAR AS (accountsearchdisplaynamecopy),
    displaynamewithhierarchy VARCHAR, parent BIGINT, currency BIGINT, subsidiary VARCHAR,
    class BIGINT AS (NULL::BIGINT), department BIGINT AS (NULL::BIGINT),
    location BIGINT AS (NULL::BIGINT), generalrate VARCHAR, cashflowrate VARCHAR,
    deferralacct BIGINT, sspecacct VARCHAR, includechildren VARCHAR AS ('T'),
    inventory VARCHAR, isinactive VARCHAR, issummary VARCHAR, eliminate VARCHAR AS ('F'),
    revalue VARCHAR, reconcilewithmatching VARCHAR AS ('F'), externalid VARCHAR,
    billableexpensesacct BIGINT AS (NULL::BIGINT), category1099misc VARCHAR AS (NULL::VARCHAR),
    sbankname VARCHAR AS (NULL::VARCHAR), sbankroutingnumber VARCHAR AS (NULL::VARCHAR),
    -- Put there by the fixed assets bundle: a record's prefix on a standard table.
    custrecord_fam_account_showinfixedasset VARCHAR, lastmodifieddate TIMESTAMP
);

CREATE TABLE accountingperiod (
    id BIGINT, periodname VARCHAR, startdate DATE, enddate DATE, parent BIGINT, isyear VARCHAR,
    isquarter VARCHAR, isposting VARCHAR, isadjust VARCHAR AS ('F'), isinactive VARCHAR AS ('F'),
    closed VARCHAR, closedondate DATE, alllocked VARCHAR, aplocked VARCHAR, arlocked VARCHAR,
    allownonglchanges VARCHAR, lastmodifieddate TIMESTAMP
);

CREATE TABLE employee (
    id BIGINT, entityid VARCHAR, firstname VARCHAR, middlename VARCHAR, lastname VARCHAR,
    title VARCHAR, email VARCHAR, phone VARCHAR, mobilephone VARCHAR, department BIGINT,
    subsidiary BIGINT, class BIGINT AS (NULL::BIGINT), location BIGINT, supervisor BIGINT,
    purchaseorderapprover BIGINT, timeapprover BIGINT, currency BIGINT, employeetype BIGINT,
    employeestatus BIGINT AS (NULL::BIGINT), hiredate DATE, releasedate DATE,
    issalesrep VARCHAR, giveaccess VARCHAR, isinactive VARCHAR,
    approvallimit DECIMAL(18, 2), expenselimit DECIMAL(18, 2),
    purchaseorderlimit DECIMAL(18, 2), purchaseorderapprovallimit DECIMAL(18, 2),
    externalid VARCHAR, datecreated TIMESTAMP, lastmodifieddate TIMESTAMP,
    custentity_region BIGINT
);

CREATE TABLE customer (
    id BIGINT, entityid VARCHAR, entitynumber BIGINT, entitytitle VARCHAR, altname VARCHAR,
    companyname VARCHAR, isperson VARCHAR, firstname VARCHAR, lastname VARCHAR, email VARCHAR,
    phone VARCHAR, url VARCHAR, comments VARCHAR, accountnumber VARCHAR, category BIGINT,
    parent BIGINT, subsidiary BIGINT, currency BIGINT, terms BIGINT, pricelevel BIGINT,
    salesrep BIGINT, territory BIGINT, partner BIGINT AS (NULL::BIGINT),
    creditlimit DECIMAL(18, 2), creditholdoverride VARCHAR, receivablesaccount BIGINT,
    entitystatus BIGINT, searchstage VARCHAR, defaultbillingaddress BIGINT,
    defaultshippingaddress BIGINT, dateclosed DATE, firstorderdate DATE AS (NULL::DATE),
    firstsaledate DATE AS (NULL::DATE), lastorderdate DATE AS (NULL::DATE),
    lastsaledate DATE AS (NULL::DATE), isinactive VARCHAR, externalid VARCHAR,
    altemail VARCHAR AS (NULL::VARCHAR), altphone VARCHAR AS (NULL::VARCHAR), fax VARCHAR AS
    (NULL::VARCHAR), homephone VARCHAR AS (NULL::VARCHAR), mobilephone VARCHAR AS (NULL::VARCHAR),
    middlename VARCHAR AS (NULL::VARCHAR), salutation VARCHAR AS (NULL::VARCHAR), title VARCHAR AS
    (NULL::VARCHAR), resalenumber VARCHAR AS (NULL::VARCHAR), printoncheckas VARCHAR AS
    (NULL::VARCHAR), sourcewebsite VARCHAR AS (NULL::VARCHAR), referrer VARCHAR AS (NULL::VARCHAR),
    keywords VARCHAR AS (NULL::VARCHAR), thirdpartyacct VARCHAR AS (NULL::VARCHAR),
    thirdpartycarrier VARCHAR AS (NULL::VARCHAR), thirdpartycountry VARCHAR AS (NULL::VARCHAR),
    thirdpartyzipcode VARCHAR AS (NULL::VARCHAR), assignedwebsite BIGINT AS (NULL::BIGINT),
    billingschedule BIGINT AS (NULL::BIGINT), leadsource BIGINT AS (NULL::BIGINT), campaignevent
    BIGINT AS (NULL::BIGINT), contact BIGINT AS (NULL::BIGINT), defaultorderpriority DECIMAL(9, 4)
    AS (NULL::DECIMAL(9, 4)), prefccprocessor BIGINT AS (NULL::BIGINT), shippingitem BIGINT AS
    (NULL::BIGINT), reminderdays BIGINT AS (NULL::BIGINT), buyingreason BIGINT AS (NULL::BIGINT),
    buyingtimeframe BIGINT AS (NULL::BIGINT), salesreadiness BIGINT AS (NULL::BIGINT),
    estimatedbudget DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)), startdate DATE AS (NULL::DATE),
    enddate DATE AS (NULL::DATE), firstvisit DATE AS (NULL::DATE), lastvisit DATE AS (NULL::DATE),
    balancesearch DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)), overduebalancesearch DECIMAL(18, 2) AS
    (NULL::DECIMAL(18, 2)), unbilledorderssearch DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)),
    consolbalancesearch DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)),
    consoloverduebalancesearch DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)),
    defaultaddress VARCHAR AS (NULL::VARCHAR),
    probability DECIMAL(9, 4) AS (100), globalsubscriptionstatus BIGINT AS (2), language VARCHAR AS
    ('en_US'), emailpreference VARCHAR AS ('DEFAULT'), shippingcarrier VARCHAR AS ('nonups'),
    oncredithold VARCHAR AS ('Auto'), billpay VARCHAR AS ('F'), duplicate VARCHAR AS ('F'),
    emailtransactions VARCHAR AS ('F'), faxtransactions VARCHAR AS ('F'), printtransactions VARCHAR
    AS ('F'), giveaccess VARCHAR AS ('F'), isbudgetapproved VARCHAR AS ('F'), shipcomplete VARCHAR
    AS ('F'), weblead VARCHAR AS ('F'),
    datecreated TIMESTAMP, lastmodifieddate TIMESTAMP,
    custentity_region BIGINT, custentity_credit_review DATE, custentity_loyalty_points BIGINT,
    custentity14 VARCHAR
);

CREATE TABLE vendor (
    id BIGINT, entityid VARCHAR, entitynumber BIGINT, entitytitle VARCHAR, altname VARCHAR,
    companyname VARCHAR, legalname VARCHAR, isperson VARCHAR, salutation VARCHAR,
    firstname VARCHAR, middlename VARCHAR AS (NULL::VARCHAR), lastname VARCHAR,
    title VARCHAR AS (NULL::VARCHAR), email VARCHAR, phone VARCHAR, mobilephone VARCHAR,
    fax VARCHAR, url VARCHAR, comments VARCHAR, accountnumber VARCHAR, category BIGINT,
    subsidiary BIGINT, currency BIGINT, terms BIGINT, incoterm BIGINT,
    creditlimit DECIMAL(18, 2), expenseaccount BIGINT, payablesaccount BIGINT,
    printoncheckas VARCHAR, isjobresourcevend VARCHAR, defaultbillingaddress BIGINT,
    defaultshippingaddress BIGINT, isinactive VARCHAR, externalid VARCHAR,
    altemail VARCHAR AS (NULL::VARCHAR), altphone VARCHAR AS (NULL::VARCHAR), homephone VARCHAR
    AS (NULL::VARCHAR), contact BIGINT AS (NULL::BIGINT), defaultbankaccount BIGINT AS
    (NULL::BIGINT), defaultvendorpaymentaccount BIGINT AS (NULL::BIGINT), workcalendar BIGINT AS
    (NULL::BIGINT), timeapprover BIGINT AS (NULL::BIGINT), balance DECIMAL(18, 2) AS
    (NULL::DECIMAL(18, 2)), balanceprimary DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)),
    unbilledorders DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)), unbilledordersprimary DECIMAL(18,
    2) AS (NULL::DECIMAL(18, 2)), laborcost DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)),
    globalsubscriptionstatus BIGINT AS (2), emailpreference VARCHAR AS ('DEFAULT'),
    subsidiaryedition VARCHAR AS (NULL::VARCHAR), billpay VARCHAR AS ('F'), duplicate VARCHAR AS
    ('F'), emailtransactions VARCHAR AS ('F'), faxtransactions VARCHAR AS ('F'),
    printtransactions VARCHAR AS ('F'), giveaccess VARCHAR AS ('F'),
    contactlist VARCHAR AS (NULL::VARCHAR), rolesforsearch VARCHAR AS (NULL::VARCHAR),
    purchaseorderamount DECIMAL(9, 4) AS (NULL::DECIMAL(9, 4)),
    purchaseorderquantity DECIMAL(9, 4) AS (NULL::DECIMAL(9, 4)),
    purchaseorderquantitydiff DECIMAL(14, 4) AS (NULL::DECIMAL(14, 4)),
    receiptamount DECIMAL(9, 4) AS (NULL::DECIMAL(9, 4)),
    receiptquantity DECIMAL(9, 4) AS (NULL::DECIMAL(9, 4)),
    receiptquantitydiff DECIMAL(14, 4) AS (NULL::DECIMAL(14, 4)),
    datecreated TIMESTAMP, lastmodifieddate TIMESTAMP,
    custentity_region BIGINT, custentity_2663_payment_method VARCHAR
);

CREATE TABLE item (
    id BIGINT, itemid VARCHAR, fullname VARCHAR, displayname VARCHAR, description VARCHAR,
    purchasedescription VARCHAR, itemtype VARCHAR,
    -- Most connectors read itemtype; one team says that type works on its live account.
    type VARCHAR AS (itemtype), subtype VARCHAR, parent BIGINT,
    subsidiary VARCHAR, class BIGINT, department BIGINT, location BIGINT,
    incomeaccount BIGINT, assetaccount BIGINT, expenseaccount BIGINT, gainlossaccount BIGINT,
    deferralaccount BIGINT AS (NULL::BIGINT), deferredrevenueaccount BIGINT,
    intercoexpenseaccount BIGINT AS (NULL::BIGINT), intercoincomeaccount BIGINT AS (NULL::BIGINT),
    baseprice DECIMAL(18, 5) AS (NULL::DECIMAL(18, 5)),
    cost DECIMAL(18, 5), averagecost DECIMAL(18, 8), lastpurchaseprice DECIMAL(18, 5),
    costingmethod VARCHAR, costestimatetype VARCHAR, countryofmanufacture VARCHAR,
    manufacturer VARCHAR, mpn VARCHAR, upccode VARCHAR, vendorname VARCHAR,
    weight DECIMAL(12, 4), weightunit BIGINT, unitstype BIGINT, purchaseunit BIGINT,
    saleunit BIGINT, stockunit BIGINT, isfulfillable VARCHAR, isdropshipitem VARCHAR,
    isspecialorderitem VARCHAR, islotitem VARCHAR, isserialitem VARCHAR,
    matchbilltoreceipt VARCHAR,
    totalquantityonhand DECIMAL(14, 4) AS (CASE WHEN assetaccount > 0 THEN id * 7919 % 400 END),
    includechildren VARCHAR AS ('F'), isinactive VARCHAR, externalid VARCHAR,
    createddate TIMESTAMP, lastmodifieddate TIMESTAMP,
    custitem_carbon_kg DECIMAL(12, 6), custitem_drawing_no VARCHAR, custitem_hazardous VARCHAR,
    custitem_certificates VARCHAR
);

CREATE TABLE transaction (
    id BIGINT, type VARCHAR, recordtype VARCHAR, abbrevtype VARCHAR, tranid VARCHAR,
    transactionnumber VARCHAR, trandisplayname VARCHAR, trandate DATE, duedate DATE,
    closedate DATE, shipdate DATE, startdate DATE AS (NULL::DATE), enddate DATE AS (NULL::DATE),
    status VARCHAR, approvalstatus BIGINT, nextapprover BIGINT, entity BIGINT, employee BIGINT,
    partner BIGINT AS (NULL::BIGINT), opportunity BIGINT AS (NULL::BIGINT), currency BIGINT,
    -- Disputed: one team queries these five on live accounts, other accounts refuse them.
    subsidiary BIGINT, department BIGINT, class BIGINT AS (NULL::BIGINT),
    location BIGINT AS (NULL::BIGINT), total DECIMAL(18, 2),
    exchangerate DECIMAL(18, 8), foreigntotal DECIMAL(18, 2),
    foreignamountunpaid DECIMAL(18, 2),
    foreignamountpaid DECIMAL(18, 2) AS (foreigntotal - foreignamountunpaid),
    foreignpaymentamountused DECIMAL(18, 2),
    foreignpaymentamountunused DECIMAL(18, 2) AS (foreigntotal - foreignpaymentamountused),
    estgrossprofit DECIMAL(18, 2) AS ((foreigntotal - totalcostestimate)::DECIMAL(18, 2)),
    estgrossprofitpercent DECIMAL(18, 8) AS (
        CASE WHEN foreigntotal <> 0
             THEN (1 - totalcostestimate::DOUBLE / foreigntotal::DOUBLE)::DECIMAL(18, 8) END),
    totalcostestimate DECIMAL(18, 2), memo VARCHAR, otherrefnum VARCHAR, terms BIGINT,
    paymentmethod BIGINT,
    -- That of the main line.
    account BIGINT, accountbasednumber VARCHAR, paymenthold VARCHAR, posting VARCHAR,
    postingperiod BIGINT, journaltype VARCHAR, isreversal VARCHAR AS ('F'),
    reversal BIGINT AS (NULL::BIGINT), reversaldate DATE, reversaldefer VARCHAR AS ('F'),
    intercoadj VARCHAR AS ('F'), isfinchrg VARCHAR AS ('F'), shipcomplete VARCHAR AS ('F'),
    void VARCHAR AS ('F'), voided VARCHAR AS ('F'), nexus BIGINT, billingaddress BIGINT,
    shippingaddress BIGINT, source VARCHAR, title VARCHAR AS (NULL::VARCHAR),
    number BIGINT AS (try_cast(regexp_extract(transactionnumber, '[0-9]+$') AS BIGINT)),
    typebaseddocumentnumber VARCHAR AS (tranid), daysopen BIGINT AS (closedate - trandate),
    visibletocustomer VARCHAR AS ('T'), billingstatus VARCHAR AS ('F'), ordpicked VARCHAR AS
    ('F'), printedpickingticket VARCHAR AS ('F'), userevenuearrangement VARCHAR AS ('F'),
    taxregoverride VARCHAR AS ('F'), taxdetailsoverride VARCHAR AS ('F'), balsegstatus BIGINT AS
    (NULL::BIGINT), customtype BIGINT AS (NULL::BIGINT), daysoverduesearch BIGINT AS
    (NULL::BIGINT), paymentoption BIGINT AS (NULL::BIGINT), taxpointdate DATE AS (NULL::DATE),
    actualshipdate DATE AS (NULL::DATE), email VARCHAR AS (NULL::VARCHAR),
    linkedtrackingnumberlist VARCHAR AS (NULL::VARCHAR),
    externalid VARCHAR, createdby BIGINT, createddate TIMESTAMP,
    createddatetime TIMESTAMP AS (createddate), lastmodifiedby BIGINT,
    lastmodifieddate TIMESTAMP,
    custbody_channel BIGINT, custbody_promised_date DATE, custbody_rush VARCHAR,
    custbody_margin_pct DECIMAL(12, 6), custbody_certificates VARCHAR, custbody12 BIGINT,
    custbody_synced_at TIMESTAMP, custbody_approval_note VARCHAR
);

CREATE TABLE transactionline (
    uniquekey BIGINT, transaction BIGINT, id BIGINT, linesequencenumber BIGINT AS (id),
    mainline VARCHAR, taxline VARCHAR, iscogs VARCHAR,
    accountinglinetype VARCHAR AS (
        CASE WHEN taxline = 'T' THEN 'TAX' WHEN iscogs = 'T' AND netamount > 0 THEN 'COGS'
             WHEN iscogs = 'T' THEN 'ASSET' WHEN item IS NOT NULL AND netamount < 0 THEN 'INCOME'
             WHEN expenseaccount IS NOT NULL THEN 'EXPENSE' END),
    transactionlinetype VARCHAR AS (
        CASE WHEN taxline = 'T' THEN 'TAX' WHEN iscogs = 'T' THEN 'COGS'
             WHEN mainline = 'F' AND item IS NOT NULL THEN 'ITEM' END),
    -- Connectors read itemtype from live accounts; one team says that it has none.
    item BIGINT, itemtype VARCHAR, account BIGINT, quantity DECIMAL(14, 4), rate DECIMAL(18, 5),
    price BIGINT, units BIGINT, foreignamount DECIMAL(18, 2), netamount DECIMAL(18, 2),
    amount DECIMAL(18, 2) AS (netamount),
    debitforeignamount DECIMAL(18, 2) AS (CASE WHEN foreignamount >= 0 THEN foreignamount END),
    creditforeignamount DECIMAL(18, 2) AS (
        CASE WHEN foreignamount < 0 THEN (-foreignamount)::DECIMAL(18, 2) END),
    foreignamountunpaid DECIMAL(18, 2),
    foreignamountpaid DECIMAL(18, 2) AS (foreignamount - foreignamountunpaid),
    fxamountlinked DECIMAL(18, 2), costestimate DECIMAL(18, 2),
    estgrossprofit DECIMAL(18, 2) AS ((-netamount - costestimate)::DECIMAL(18, 2)),
    quantitybilled DECIMAL(14, 4), quantityshiprecv DECIMAL(14, 4) AS (quantitybilled),
    quantitybackordered DECIMAL(14, 4) AS (NULL::DECIMAL(14, 4)),
    quantitycommitted DECIMAL(14, 4) AS (NULL::DECIMAL(14, 4)),
    quantityrejected DECIMAL(14, 4) AS (NULL::DECIMAL(14, 4)),
    expenseaccount BIGINT, category BIGINT AS (NULL::BIGINT), entity BIGINT, subsidiary BIGINT,
    department BIGINT, class BIGINT AS (CASE WHEN item % 5 <> 0 THEN 1 + item % 7 END),
    location BIGINT AS (CASE WHEN item IS NOT NULL THEN 10 * subsidiary END),
    memo VARCHAR, createdfrom BIGINT, isclosed VARCHAR, closedate DATE,
    isfullyshipped VARCHAR AS (CASE WHEN quantitybilled >= abs(quantity) THEN 'T' ELSE 'F' END),
    isinventoryaffecting VARCHAR AS (iscogs), isbillable VARCHAR AS ('F'),
    isrevrectransaction VARCHAR AS ('F'), revenueelement BIGINT AS (NULL::BIGINT),
    assemblycomponent VARCHAR AS ('F'), kitcomponent VARCHAR AS ('F'),
    matchbilltoreceipt VARCHAR AS ('F'), donotdisplayline VARCHAR AS (iscogs),
    eliminate VARCHAR AS ('F'), cleared VARCHAR AS ('F'), cleareddate DATE AS (NULL::DATE),
    billeddate DATE AS (NULL::DATE), actualshipdate DATE AS (NULL::DATE),
    expectedreceiptdate DATE, expectedshipdate DATE,
    hascostline VARCHAR AS (CASE WHEN units IS NOT NULL THEN 'T' ELSE 'F' END), commitmentfirm
    VARCHAR AS ('F'), oldcommitmentfirm VARCHAR AS ('F'), hasfulfillableitems VARCHAR AS ('F'),
    iscustomglline VARCHAR AS ('F'), isfxvariance VARCHAR AS ('F'), transactiondiscount VARCHAR
    AS ('F'), processedbyrevcommit VARCHAR AS ('F'), needsrevenueelement VARCHAR AS ('F'),
    landedcostperline VARCHAR AS ('F'), costestimatetype VARCHAR AS (CASE WHEN costestimate IS
    NOT NULL THEN 'AVGCOST' END), commitinventory VARCHAR AS (NULL::VARCHAR), revrecstartdate
    DATE AS (NULL::DATE), revrecenddate DATE AS (NULL::DATE), amortizstartdate DATE AS
    (NULL::DATE), amortizationenddate DATE AS (NULL::DATE), revrecterminmonths BIGINT AS
    (NULL::BIGINT), amortizationsched BIGINT AS (NULL::BIGINT), billingschedule BIGINT AS
    (NULL::BIGINT), subscription BIGINT AS (NULL::BIGINT), subscriptionline BIGINT AS
    (NULL::BIGINT), shipmethod BIGINT AS (NULL::BIGINT), paymentmethod BIGINT AS (NULL::BIGINT),
    quantitypacked DECIMAL(14, 4) AS (NULL::DECIMAL(14, 4)), quantitypicked DECIMAL(14, 4) AS
    (NULL::DECIMAL(14, 4)), quantityallocated DECIMAL(14, 4) AS (NULL::DECIMAL(14, 4)),
    costestimaterate DECIMAL(18, 5) AS (NULL::DECIMAL(18, 5)), blandedcost DECIMAL(18, 5) AS
    (NULL::DECIMAL(18, 5)), rateamount DECIMAL(18, 5) AS (rate), ratepercent DECIMAL(9, 6) AS
    (NULL::DECIMAL(9, 6)), createdpo BIGINT AS (NULL::BIGINT), dropship VARCHAR AS ('F'),
    specialorder VARCHAR AS ('F'), kitmemberof BIGINT AS (NULL::BIGINT),
    linecreateddate TIMESTAMP, linelastmodifieddate TIMESTAMP,
    custcol_batch VARCHAR, custcol_machine_hours DECIMAL(12, 4), custcol_vehicle BIGINT,
    custcol_inspected VARCHAR AS (CASE WHEN item IS NOT NULL THEN 'F' END)
);

CREATE TABLE transactionaccountingline (
    transaction BIGINT, transactionline BIGINT, accountingbook BIGINT, account BIGINT,
    -- One team names these five; nobody else does.
    id BIGINT AS (NULL::BIGINT), subsidiary BIGINT AS (NULL::BIGINT),
    department BIGINT AS (NULL::BIGINT), class BIGINT AS (NULL::BIGINT),
    location BIGINT AS (NULL::BIGINT),
    amount DECIMAL(18, 2), netamount DECIMAL(18, 2) AS (amount),
    debit DECIMAL(18, 2) AS (CASE WHEN amount >= 0 THEN amount END),
    credit DECIMAL(18, 2) AS (CASE WHEN amount < 0 THEN (-amount)::DECIMAL(18, 2) END),
    exchangerate DECIMAL(18, 8), posting VARCHAR, amountunpaid DECIMAL(18, 2),
    amountpaid DECIMAL(18, 2) AS (amount - amountunpaid),
    amountlinked DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)),
    paymentamountused DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)),
    paymentamountunused DECIMAL(18, 2) AS (NULL::DECIMAL(18, 2)),
    overheadparentitem BIGINT AS (NULL::BIGINT), processedbyrevcommit VARCHAR AS ('F'),
    lastmodifieddate TIMESTAMP
);

CREATE TABLE deletedrecord (
    recordid BIGINT, recordtypeid BIGINT, scriptid VARCHAR, type VARCHAR, name VARCHAR,
    context VARCHAR, deletedby BIGINT, deleteddate TIMESTAMP, iscustomlist VARCHAR,
    iscustomrecord VARCHAR, iscustomtransaction VARCHAR
);
