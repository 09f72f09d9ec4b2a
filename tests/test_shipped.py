import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tap_netsuite_tba.shipped import family, schemas_folder, shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Group, Parent, Table, is_identifier

SCHEMAS = Path(__file__).parents[1] / "schemas"
FILES = sorted(SCHEMAS.glob("*.json"))
META_SCHEMA = json.loads((SCHEMAS / "meta" / "table.schema.json").read_text(encoding="utf-8"))
FAMILIES = sorted((SCHEMAS / "families").glob("*.json"))
CORE = {
    "account",
    "accountingbook",
    "accountingperiod",
    "accounttype",
    "classification",
    "consolidatedexchangerate",
    "currency",
    "customer",
    "department",
    "employee",
    "entity",
    "item",
    "location",
    "subsidiary",
    "term",
    "transaction",
    "transactionaccountingline",
    "transactionline",
    "vendor",
}
# What warehouses are built of, as public connectors and their models name it.
WELL_KNOWN = """
    transaction transactionline transactionaccountingline account accounttype accountingperiod
    accountingperiodfiscalcalendars fiscalcalendar accountingbook accountingbooksubsidiaries
    consolidatedexchangerate currencyrate currency subsidiary department classification location
    locationmainaddress subsidiarymainaddress subsidiaryreturnaddress subsidiaryshippingaddress
    locationreturnaddress entity customer customersubsidiaryrelationship customercategory
    vendorcategory vendor vendorsubsidiaryrelationship employee contact partner job entityaddress
    customeraddressbookentityaddress vendoraddressbookentityaddress transactionshippingaddress
    transactionbillingaddress item itemprice pricing pricelevel itemvendor kititemmember
    inventoryitemlocations inventorynumber term billingschedule nexttransactionlinelink
    previoustransactionlinelink transactionstatus transactionhistory revenueelement subscription
    subscriptionline subscriptionplan pricebook priceplan pricetiers changeorderline
    subscriptionchangeorder salestaxitem taxitemtaxgroup taxtype nexus timebill charge
    expensecategory supportcase task calendarevent phonecall message deletedrecord customfield
    customrecordtype customlist customsegment role script scriptdeployment employeerolesforsearch
    file mediaitemfolder paymentmethod entitystatus budgetcategory companyfeaturesetup systemnote
    bom unitstype entitygroup invoicegroup jobtype contactcategory contactrole costcategory
    campaignresponse customermessage projecttask shipitem promotioncode
"""

every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
every_file_and_family = pytest.mark.parametrize(
    "file", [*FILES, *FAMILIES], ids=lambda file: file.stem
)


def described(file: Path) -> dict[str, Any]:
    """What a file says; a name that occurs twice fails."""

    def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        assert sorted(names) == sorted(set(names))
        return dict(pairs)

    content = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=without_repeats)
    assert isinstance(content, dict)
    return content


def types(table: Table) -> dict[str, ColumnType]:
    return {column.name: column.type for column in table.columns}


def breaches(description: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(META_SCHEMA).iter_errors(description)]


def test_the_meta_schema_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(META_SCHEMA)


@every_file_and_family
def test_each_file_obeys_the_meta_schema(file: Path) -> None:
    assert breaches(described(file)) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("source"),
        lambda d: d.update(comment="No such property."),
        lambda d: d.update(table="Transaction"),
        lambda d: d.update(group="other"),
        lambda d: d.pop("key"),
        lambda d: d.update(key=["id", "id"]),
        lambda d: d.update(parent={"table": "transaction", "column": "transaction"}),
        lambda d: d["columns"].update(Upper={"type": "text", "description": "A name."}),
        lambda d: d["columns"].update(amount={"type": "float", "description": "A type."}),
        lambda d: d["columns"].update(amount={"type": "decimal"}),
        lambda d: d["columns"]["entity"].update(references="Entity"),
        lambda d: d.update(permissions=["Find Transaction"]),
        lambda d: d.update(permissions=[]),
        lambda d: d.update(feature="Subscription Billing"),
        lambda d: d.update(group="custom"),
        lambda d: d["columns"].update(
            {f"c{n}": {"type": "text", "description": "One of many."} for n in range(90)}
        ),
    ],
    ids=[
        "no source",
        "unknown property",
        "upper case table",
        "unknown group",
        "no key",
        "repeated key",
        "cursor beside a parent",
        "upper case column",
        "unknown type",
        "no description",
        "reference that is no name",
        "permission without its menu",
        "no permission",
        "feature without its place",
        "group of custom records",
        "too many columns",
    ],
)
def test_the_meta_schema_refuses_a_spoilt_description(
    spoil: Callable[[dict[str, Any]], object],
) -> None:
    description = described(SCHEMAS / "transaction.json")
    spoil(description)
    assert breaches(description)


@every_file_and_family
def test_a_file_is_named_after_its_table(file: Path) -> None:
    assert described(file)["table"] == file.stem


def test_core_tables_are_those_that_a_warehouse_cannot_do_without() -> None:
    core = {table.name for table in shipped_tables().values() if table.group is Group.CORE}
    assert core == CORE


def test_all_well_known_tables_are_shipped() -> None:
    assert set(WELL_KNOWN.split()) - shipped_tables().keys() == set()


def test_every_file_becomes_a_table_and_no_family_does() -> None:
    assert list(shipped_tables()) == [file.stem for file in FILES]
    assert not {"customrecord", "mapping"} & shipped_tables().keys()


def test_every_table_says_which_permission_opens_it() -> None:
    assert [table.name for table in shipped_tables().values() if not table.permissions] == []


def test_a_reference_names_a_table_that_is_shipped_too() -> None:
    tables = [*shipped_tables().values(), *map(family, [file.stem for file in FAMILIES])]
    strays = {
        f"{table.name}.{column.name}": column.references
        for table in tables
        for column in table.columns
        if column.references and column.references not in shipped_tables()
    }
    assert strays == {}


def test_only_ids_and_codes_refer_to_another_table() -> None:
    kinds = {c.type for t in shipped_tables().values() for c in t.columns if c.references}
    assert kinds <= {ColumnType.INTEGER, ColumnType.MULTISELECT, ColumnType.TEXT}


def test_a_line_knows_which_tables_its_ids_are_of() -> None:
    references = {c.name: c.references for c in shipped_tables()["transactionline"].columns}
    assert references["transaction"] == "transaction"
    assert references["class"] == "classification"
    assert references["memo"] == ""


def test_a_header_is_asked_for_what_only_some_accounts_show_on_it() -> None:
    disputed = {"subsidiary", "department", "class", "location", "total"}
    assert disputed <= set(shipped_tables()["transaction"].column_names)


@pytest.mark.parametrize("name", ["fieldvaluetyperecord", "recordtype"])
def test_what_may_be_an_id_or_a_name_is_text(name: str) -> None:
    assert types(shipped_tables()["customfield"])[name] is ColumnType.TEXT


def test_the_work_tree_reads_its_own_descriptions() -> None:
    assert schemas_folder() == SCHEMAS


@every_file
def test_a_table_says_what_its_file_says(file: Path) -> None:
    description = described(file)
    table = shipped_tables()[file.stem]
    parent = table.parent and {
        "table": table.parent.table,
        "column": table.parent.column,
        "line_cursor": table.parent.line_cursor,
        "main_line": dict(table.parent.main_line),
    }
    assert list(table.key) == description["key"]
    assert table.cursor == description["cursor"]
    assert parent == description.get("parent")
    assert table.group == description["group"]
    assert table.description == description["description"]
    assert list(table.permissions) == description["permissions"]
    assert table.feature == description.get("feature", "")
    assert {
        column.name: {
            "type": column.type,
            "description": column.description,
            **({"references": column.references} if column.references else {}),
        }
        for column in table.columns
    } == description["columns"]


def test_lines_are_read_with_their_transaction() -> None:
    lines = shipped_tables()["transactionline"]
    assert lines.key == ("transaction", "id")
    assert lines.parent == Parent(
        "transaction", "transaction", line_cursor="linelastmodifieddate", main_line=(("id", 0),)
    )
    assert lines.group is Group.CORE
    assert lines.columns[0] == Column(
        "transaction",
        ColumnType.INTEGER,
        "Internal id of the transaction.",
        references="transaction",
    )


@every_file
def test_key_columns_come_first(file: Path) -> None:
    table = shipped_tables()[file.stem]
    assert table.column_names[: len(table.key)] == table.key


def test_keys_are_integers_but_for_links_and_small_tables_and_some_that_must_be_named() -> None:
    others = {t.name: t.group for t in shipped_tables().values() if not t.is_read_by_ranges}
    small = {name for name, group in others.items() if group is not Group.SYSTEM}
    links = {"nexttransactionlinelink", "previoustransactionlinelink"}
    prices = {"itemprice", "kititemmember", "pricing"}
    assert small - links - prices == {"accounttype", "entitystatus", "transactionstatus"}
    assert {"deletedrecord", "systemnote"} <= others.keys()


@every_file
def test_columns_after_the_key_are_in_alphabetical_order(file: Path) -> None:
    table = shipped_tables()[file.stem]
    others = table.column_names[len(table.key) :]
    assert list(others) == sorted(others)


def test_a_cursor_is_an_instant() -> None:
    tables = [table for table in shipped_tables().values() if table.cursor]
    cursors = {table.name: types(table)[table.cursor] for table in tables if table.cursor}
    assert set(cursors.values()) == {ColumnType.DATETIME}
    assert {"customer", "employee", "item", "term", "transaction", "vendor"} <= cursors.keys()


def test_a_table_without_known_columns_has_no_known_key() -> None:
    unknown = [table for table in shipped_tables().values() if not table.columns]
    assert [(table.name, table.key, table.cursor) for table in unknown] == [
        ("transactionhistory", (), None)
    ]


def test_only_tables_with_a_cursor_are_looked_for_in_the_log_of_deletions() -> None:
    whole = [t for t in shipped_tables().values() if t.replication_key is None]
    assert [table.name for table in whole if table.deleted_types] == []


def test_names_can_stand_in_a_query_as_they_are() -> None:
    names = {name for table in shipped_tables().values() for name in table.column_names}
    assert [name for name in names if not is_identifier(name)] == []


@pytest.mark.parametrize("name", ["transactionaccountingline", "transactionline"])
def test_the_parent_of_lines_has_the_key_and_the_cursor_that_they_rely_on(name: str) -> None:
    lines = shipped_tables()[name]
    assert lines.parent is not None
    parent = shipped_tables()[lines.parent.table]
    assert parent.key == ("id",)
    assert parent.cursor == lines.parent.cursor
    assert types(lines)[lines.parent.column] is ColumnType.INTEGER
    assert lines.key == (lines.parent.column, *dict(lines.parent.main_line))
    assert types(lines)[str(lines.parent.line_cursor)] is ColumnType.DATETIME


def test_what_the_log_of_deletions_names_has_one_integer_for_a_key_or_an_owner_that_has() -> None:
    for table in shipped_tables().values():
        if table.deleted_types:
            assert len(table.key) == 1 or table.parent, table.name
            assert types(table)[table.logged_column] is ColumnType.INTEGER


@pytest.mark.parametrize("name", ["transactionaccountingline", "transactionline"])
def test_lines_are_deleted_with_their_transaction(name: str) -> None:
    tables = shipped_tables()
    assert tables[name].deleted_types == tables["transaction"].deleted_types
    assert "salesorder" in tables[name].deleted_types


def test_only_lines_have_a_parent() -> None:
    owned = [table.name for table in shipped_tables().values() if table.parent]
    assert owned == ["transactionaccountingline", "transactionline"]
