import json
from importlib.resources import files
from pathlib import Path

import pytest

from tests.simulator.company.conftest import Ask

SCHEMAS = Path(__file__).parents[3] / "schemas"
DUCKDB_TYPES = {
    "integer": "BIGINT",
    "decimal": "DECIMAL",
    "boolean": "VARCHAR",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "text": "VARCHAR",
    "multiselect": "VARCHAR",
}
TABLES = (
    "account",
    "accountingperiod",
    "currency",
    "customer",
    "department",
    "employee",
    "item",
    "subsidiary",
    "transaction",
    "transactionaccountingline",
    "transactionline",
    "vendor",
)


def columns_of(table: str) -> dict[str, str]:
    schema = json.loads((SCHEMAS / f"{table}.json").read_text(encoding="utf-8"))
    return {name: column["type"] for name, column in schema["columns"].items()}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_the_schema_is_there_with_its_type(ask: Ask, table: str) -> None:
    there = {name: kind.split("(")[0] for name, kind, *_ in ask("DESCRIBE {table}", table=table)}
    expected = {name: DUCKDB_TYPES[kind] for name, kind in columns_of(table).items()}

    assert {name: there.get(name) for name in expected} == expected


@pytest.mark.parametrize("table", TABLES)
def test_booleans_are_t_or_f(ask: Ask, table: str) -> None:
    for name, kind in columns_of(table).items():
        if kind == "boolean":
            values = ask(
                "SELECT DISTINCT {name} FROM {table} WHERE {name} IS NOT NULL",
                name=name,
                table=table,
            )
            assert {value for (value,) in values} <= {"T", "F"}, name


@pytest.mark.parametrize("table", [*TABLES, "customfield", "customrecord_vehicle"])
def test_no_name_has_an_upper_case_letter(ask: Ask, table: str) -> None:
    assert all(name == name.lower() for name, *_ in ask("DESCRIBE {table}", table=table))


@pytest.mark.parametrize(
    ("table", "key"),
    [
        *((table, "id") for table in TABLES if not table.endswith("line")),
        ("transactionline", "(transaction, id)"),
        ("transactionline", "uniquekey"),
        ("transactionaccountingline", "(transaction, transactionline, accountingbook)"),
        ("customrecord_vehicle", "id"),
        ("customrecord_quality_check", "id"),
        ("customlist_sales_channel", "id"),
        ("customrecord49", "id"),
        ("customrecord_cseg_product_line", "id"),
        ("customsegment", "internalid"),
        ("companyfeaturesetup", "id"),
        ("customfield", "scriptid"),
        ("deletedrecord", "(recordid, recordtypeid, scriptid)"),
        ("classification", "id"),
        ("location", "id"),
        ("term", "id"),
        ("entity", "id"),
        ("entitystatus", "key"),
        ("accountingbooksubsidiaries", "(accountingbook, subsidiary)"),
        ("inventoryitemlocations", "(item, location)"),
        ("itemvendor", "(item, vendor)"),
        ("pricing", "(item, pricelevel, currency)"),
        ("transactionstatus", "(id, trantype)"),
        ("accountingperiodfiscalcalendars", "(accountingperiod, fiscalcalendar)"),
        ("consolidatedexchangerate", "id"),
        ("contact", "id"),
        ("currencyrate", "id"),
        ("customeraddressbookentityaddress", "nkey"),
        ("customersubsidiaryrelationship", "id"),
        ("customlist_certificate", "id"),
        ("customlist_region", "id"),
        ("entityaddress", "nkey"),
        ("map_item_custitem_certificates", "(mapone, maptwo)"),
        ("map_transaction_custbody_certificates", "(mapone, maptwo)"),
        ("transactionbillingaddress", "nkey"),
        ("transactionshippingaddress", "nkey"),
        ("vendorcategory", "id"),
        ("vendorsubsidiaryrelationship", "id"),
        ("nexttransactionlinelink", "(previousdoc, previousline, nextdoc, nextline, linktype)"),
    ],
)
def test_keys_are_unique_and_never_null(ask: Ask, table: str, key: str) -> None:
    counted = "SELECT count(*), count(DISTINCT {key}) FROM {table}"
    [(rows, keys)] = ask(counted, key=key, table=table)

    assert rows == keys > 0


def test_there_are_no_other_tables(ask: Ask) -> None:
    others = {name for (name,) in ask("SHOW TABLES")} - set(TABLES)

    assert others == {
        "accountingbook",
        "accountingbooksubsidiaries",
        "accountingperiodfiscalcalendars",
        "accounttype",
        "classification",
        "companyfeaturesetup",
        "consolidatedexchangerate",
        "contact",
        "currencyrate",
        "customeraddressbookentityaddress",
        "customercategory",
        "customersubsidiaryrelationship",
        "customfield",
        "customlist",
        "customlist_certificate",
        "customlist_region",
        "customlist_sales_channel",
        "customrecord49",
        "customrecord_cseg_product_line",
        "customrecord_quality_check",
        "customrecord_vehicle",
        "customrecordtype",
        "customsegment",
        "deletedrecord",
        "dual",
        "entity",
        "entityaddress",
        "entitystatus",
        "fiscalcalendar",
        "inventoryitemlocations",
        "itemvendor",
        "location",
        "locationmainaddress",
        "locationreturnaddress",
        "map_item_custitem_certificates",
        "map_transaction_custbody_certificates",
        "nexttransactionlinelink",
        "nexus",
        "pricelevel",
        "pricing",
        "subsidiarymainaddress",
        "subsidiaryreturnaddress",
        "subsidiaryshippingaddress",
        "systemnote",
        "term",
        "transactionbillingaddress",
        "transactionshippingaddress",
        "transactionstatus",
        "vendoraddressbookentityaddress",
        "vendorcategory",
        "vendorsubsidiaryrelationship",
    }


# What is open to every role, as far as anybody knows.
OPEN = {"companyfeaturesetup", "dual", "systemnote"}


def test_every_table_needs_a_permission_or_is_open_to_all(ask: Ask) -> None:
    home = files("tap_netsuite_tba.simulator") / "roles"
    data = json.loads((home / "permissions.json").read_text(encoding="utf-8"))
    families = tuple(data["families"])
    tables = {name for (name,) in ask("SHOW TABLES")}

    open_ones = {name for name in tables - set(data["tables"]) if not name.startswith(families)}
    assert open_ones == OPEN


def test_a_feature_whose_tables_have_rows_is_on(ask: Ask) -> None:
    home = files("tap_netsuite_tba.simulator") / "roles"
    data = json.loads((home / "permissions.json").read_text(encoding="utf-8"))
    filled = {
        feature
        for feature, opens in data["features"].items()
        for table in opens["tables"]
        if ask("SELECT 1 FROM {table} LIMIT 1", table=table)
    }
    on = {name for (name,) in ask("SELECT name FROM companyfeaturesetup WHERE isactive = 'T'")}

    assert "Multi-Book Accounting" in filled
    assert filled <= on


def test_no_table_has_more_columns_than_a_query_may_ask_for(ask: Ask) -> None:
    # Connectors ask for all columns of a table and two of another.
    wide = """
        SELECT table_name FROM duckdb_columns() WHERE NOT internal GROUP BY 1 HAVING count(*) > 98
    """
    assert ask(wide) == []


def test_dual_has_one_row(ask: Ask) -> None:
    assert ask("SELECT * FROM dual") == [("X",)]
