import pytest

from tests.simulator.company.conftest import Ask


@pytest.mark.parametrize(
    ("table", "column", "target", "key"),
    [
        ("transactionline", "class", "classification", "id"),
        ("item", "class", "classification", "id"),
        ("transactionline", "location", "location", "id"),
        ("employee", "location", "location", "id"),
        ("transaction", "terms", "term", "id"),
        ("customer", "terms", "term", "id"),
        ("customer", "pricelevel", "pricelevel", "id"),
        ("transactionline", "price", "pricelevel", "id"),
        ("customer", "category", "customercategory", "id"),
        ("customer", "entitystatus::VARCHAR", "entitystatus", "key"),
        ("account", "accttype", "accounttype", "id"),
        ("transactionaccountingline", "accountingbook", "accountingbook", "id"),
        ("pricing", "item", "item", "id"),
        ("pricing", "pricelevel", "pricelevel", "id"),
        ("pricing", "currency", "currency", "id"),
        ("inventoryitemlocations", "item", "item", "id"),
        ("inventoryitemlocations", "location", "location", "id"),
        ("itemvendor", "item", "item", "id"),
        ("itemvendor", "vendor", "vendor", "id"),
        ("transaction", "entity", "entity", "id"),
        ("classification", "parent", "classification", "id"),
        ("location", "parent", "location", "id"),
        ("vendor", "category", "vendorcategory", "id"),
        ("subsidiary", "fiscalcalendar", "fiscalcalendar", "id"),
        ("transaction", "nexus", "nexus", "id"),
        ("transaction", "account", "account", "id"),
        ("transactionline", "account", "account", "id"),
        ("contact", "company", "customer", "id"),
        ("customersubsidiaryrelationship", "entity", "customer", "id"),
        ("customersubsidiaryrelationship", "subsidiary", "subsidiary", "id"),
        ("vendorsubsidiaryrelationship", "entity", "vendor", "id"),
        ("accountingperiodfiscalcalendars", "accountingperiod", "accountingperiod", "id"),
        ("consolidatedexchangerate", "postingperiod", "accountingperiod", "id"),
        ("consolidatedexchangerate", "tosubsidiary", "subsidiary", "id"),
        ("currencyrate", "transactioncurrency", "currency", "id"),
        ("customer", "defaultbillingaddress", "entityaddress", "nkey"),
        ("customer", "defaultshippingaddress", "customeraddressbookentityaddress", "nkey"),
        ("vendor", "defaultbillingaddress", "vendoraddressbookentityaddress", "nkey"),
        ("transaction", "shippingaddress", "transactionshippingaddress", "nkey"),
        ("transaction", "billingaddress", "transactionbillingaddress", "nkey"),
        ("subsidiary", "mainaddress", "subsidiarymainaddress", "nkey"),
        ("subsidiary", "shippingaddress", "subsidiaryshippingaddress", "nkey"),
        ("location", "mainaddress", "locationmainaddress", "nkey"),
        ("location", "returnaddress", "locationreturnaddress", "nkey"),
    ],
)
def test_what_is_referred_to_exists(
    ask: Ask, table: str, column: str, target: str, key: str
) -> None:
    lost = """
        SELECT count({column}) > 0, count({column}) FILTER (
            {column} NOT IN (SELECT {key} FROM {target})) FROM {table}
    """
    assert ask(lost, table=table, column=column, target=target, key=key) == [(True, 0)]


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("accountingbooksubsidiaries", ["accountingbook", "subsidiary"]),
        ("inventoryitemlocations", ["item", "location"]),
        ("itemvendor", ["item", "vendor"]),
    ],
)
def test_no_column_of_a_pair_is_a_key(ask: Ask, table: str, columns: list[str]) -> None:
    for column in columns:
        counted = "SELECT count(*) > count(DISTINCT {column}) FROM {table}"
        assert ask(counted, column=column, table=table) == [(True,)]


def test_an_item_has_one_price_at_each_level_and_in_each_currency(ask: Ask) -> None:
    priced = "SELECT count(*) FROM pricing GROUP BY item"
    [(levels,)] = ask("SELECT count(*) FROM pricelevel WHERE discountpct IS NOT NULL")
    [(currencies,)] = ask("SELECT count(*) FROM currency WHERE isinactive = 'F'")
    [(items,)] = ask("SELECT count(*) FROM item WHERE id > 0")
    assert ask(priced) == [(levels * currencies,)] * items


def test_a_level_discounts_the_base_price(ask: Ask) -> None:
    # Both are rounded, in yen to a whole one.
    wrong = """
        SELECT * FROM pricing AS p JOIN pricelevel AS l ON l.id = p.pricelevel
        JOIN pricing AS base ON base.item = p.item AND base.currency = p.currency
        WHERE base.pricelevel = 1
              AND abs(p.unitprice - base.unitprice * (1 + discountpct)) > 2
    """
    assert ask(wrong) == []
    varied = """
        SELECT count(DISTINCT unitprice) > 4, min(unitprice) > 0 FROM pricing
        WHERE currency = 1 GROUP BY item
    """
    assert set(ask(varied)) == {(True, True)}


def test_links_go_from_line_to_line_of_the_next_document(ask: Ask) -> None:
    wrong = """
        SELECT * FROM nexttransactionlinelink AS k
        ANTI JOIN transactionline AS l ON l.transaction = nextdoc AND l.id = nextline
             AND l.createdfrom = previousdoc
    """
    assert ask(wrong) == []
    kinds = "SELECT DISTINCT previoustype, nexttype FROM nexttransactionlinelink ORDER BY ALL"
    assert ask(kinds) == [
        ("CustInvc", "CustPymt"),
        ("PurchOrd", "ItemRcpt"),
        ("PurchOrd", "VendBill"),
        ("SalesOrd", "CustInvc"),
        ("SalesOrd", "ItemShip"),
        ("VendBill", "VendPymt"),
    ]


def test_deletions_of_several_types_are_logged_and_what_they_name_is_gone(ask: Ask) -> None:
    logged = """
        SELECT DISTINCT type, iscustomrecord FROM deletedrecord ORDER BY 1
    """
    assert ask(logged) == [("Customer", "F"), ("Quality Check", "T"), ("Sales Order", "F")]
    undead = """
        SELECT recordid FROM deletedrecord AS d WHERE CASE recordtypeid
            WHEN -30 THEN recordid IN (SELECT id FROM transaction)
            WHEN -2 THEN recordid IN (SELECT id FROM entity)
            ELSE recordid IN (SELECT id FROM customrecord_quality_check) END
    """
    assert ask(undead) == []
