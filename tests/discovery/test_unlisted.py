"""Columns that no list of NetSuite's tells of."""

import pytest

from tap_netsuite_tba.discovery.customization import CustomField, Customization
from tap_netsuite_tba.discovery.families import DESCRIBED_BY, is_custom
from tap_netsuite_tba.discovery.fields import custom_columns
from tap_netsuite_tba.discovery.unlisted import told_by_fields
from tap_netsuite_tba.netsuite.errors import RetriesExhausted, ServerFault
from tap_netsuite_tba.netsuite.query import Document, Query
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Table

from .discovered import OWN, found
from .role import Role, Row

BLIND = frozenset({"customfield"})
ORDER: Row = {"id": "7", "custbody_rush": "T", "custbody_score": "1.5", "birthdate": "1/2/1970"}
RUSH: Document = {
    "properties": {
        "custbody_rush": {"type": "boolean", "title": "Rush", "x-ns-custom-field": True},
        "balance": {"type": "number"},
    }
}


def custom(table: Table) -> dict[str, ColumnType]:
    return {column.name: column.type for column in table.columns if is_custom(column.name)}


def samples(role: Role) -> list[str | None]:
    return [query.table for query in role.queries if query.text.startswith("SELECT t.*")]


def test_where_fields_are_listed_no_row_is_looked_at() -> None:
    role = Role(rows=OWN)
    found(role, "transaction", "customer", "customrecord_vehicle", "customlist_tag", "map_*")
    assert samples(role) == []


def test_a_record_type_of_which_no_field_is_listed_is_known_by_its_rows() -> None:
    rows: list[Row] = [{"id": "1", "custrecord31": "It ran dry.", "custrecord33": "8.50"}]
    role = Role(rows={**OWN, "customrecord49": rows})
    table = found(role, "customrecord49")["customrecord49"]
    assert custom(table) == {"custrecord31": ColumnType.TEXT, "custrecord33": ColumnType.DECIMAL}


def test_a_table_of_which_only_the_name_is_shipped_is_known_by_its_rows() -> None:
    [name] = [table.name for table in shipped_tables().values() if not table.columns]
    table = found(Role(rows={name: [{"id": "1", "note": "Printed"}]}), name)[name]
    assert table.column_names == ("id", "note")


def test_where_fields_are_not_listed_rows_tell_custom_columns_and_no_others() -> None:
    role = Role(hidden=BLIND, rows={"transaction": [ORDER]})
    table = found(role, "transaction")["transaction"]
    assert custom(table) == {
        "custbody_rush": ColumnType.BOOLEAN,
        "custbody_score": ColumnType.DECIMAL,
    }
    # A column that the file leaves out may be left out on purpose.
    assert "birthdate" not in table.column_names


def test_tables_to_which_no_account_adds_columns_are_not_looked_at() -> None:
    role = Role(hidden=BLIND)
    found(role, "transaction", "currency", "transactionstatus")
    assert samples(role) == ["transaction"]


@pytest.mark.parametrize("described", [DESCRIBED_BY["transaction"][0], "vendorbill"])
def test_where_no_row_tells_the_catalog_of_records_does(described: str) -> None:
    role = Role(hidden=BLIND, schemas={described: RUSH})
    table = found(role, "transaction")["transaction"]
    assert custom(table) == {"custbody_rush": ColumnType.BOOLEAN}
    assert table.column_names.count("balance") == shipped_tables()[
        "transaction"
    ].column_names.count("balance")


def test_lines_are_described_by_the_sublists_of_transactions() -> None:
    lines = {"custcol_hours": {"type": "number"}, "quantity": {"type": "number"}}
    rows = {"type": "array", "items": {"type": "object", "properties": lines}}
    item = {"type": "object", "properties": {"items": rows}}
    order: Document = {"properties": {**RUSH["properties"], "item": item, "links": [], "odd": None}}
    role = Role(hidden=BLIND, schemas={"salesorder": order})
    tables = found(role, "transaction", "transactionline")
    assert custom(tables["transactionline"]) == {"custcol_hours": ColumnType.DECIMAL}
    assert custom(tables["transaction"]) == {"custbody_rush": ColumnType.BOOLEAN}


def test_a_record_without_rows_is_described_by_its_own_schema() -> None:
    plate: Document = {"properties": {"custrecord_plate": {"type": "string"}}}
    role = Role(hidden=BLIND, rows=OWN, schemas={"customrecord49": plate})
    table = found(role, "customrecord49")["customrecord49"]
    assert custom(table) == {"custrecord_plate": ColumnType.TEXT}


def test_what_the_catalog_tells_is_proven_like_all() -> None:
    role = Role({"transaction": {"custbody_rush"}}, BLIND, schemas={"salesorder": RUSH})
    assert custom(found(role, "transaction")["transaction"]) == {}


def test_without_the_catalog_the_known_columns_are_left() -> None:
    role = Role(hidden=BLIND, record_names=None)
    assert custom(found(role, "transaction")["transaction"]) == {}


def test_trouble_with_a_sample_ends_discovery() -> None:
    def trouble(query: Query) -> None:
        if query.text.startswith(("SELECT t.*", "SELECT COUNT")):
            raise RetriesExhausted(ServerFault("down", status=503), seconds=10)

    with pytest.raises(RetriesExhausted):
        found(Role(hidden=BLIND, trouble=trouble), "transaction")


def test_fields_of_unknown_owners_are_looked_for_in_the_rows_of_all_records() -> None:
    axles: Row = {"internalid": "9", "scriptid": "CUSTRECORD_AXLES", "fieldvaluetype": "Percent"}
    account: list[Row] = [{"id": "1", "custrecord_axles": "2"}]
    role = Role(rows={**OWN, "customfield": [*OWN["customfield"], axles], "account": account})
    tables = found(role, "account", "currency", "customrecord_vehicle")
    told = {"custrecord_axles": ColumnType.DECIMAL}
    assert custom(tables["customrecord_vehicle"]) == {"custrecord_plate": ColumnType.TEXT, **told}
    assert custom(tables["account"]) == told
    assert {*samples(role)} == {"account", "customrecord_vehicle"}


@pytest.mark.parametrize(
    ("sampled", "said", "told"),
    [
        (ColumnType.INTEGER, "Currency", ColumnType.DECIMAL),
        (ColumnType.INTEGER, "Multiple Select", ColumnType.MULTISELECT),
        (ColumnType.DATETIME, "Date", ColumnType.DATE),
        (ColumnType.BOOLEAN, "Free-Form Text", ColumnType.TEXT),
        (ColumnType.TEXT, "Integer Number", ColumnType.TEXT),
        (ColumnType.DECIMAL, "Date", ColumnType.DECIMAL),
    ],
)
def test_what_a_field_says_is_believed_unless_a_sample_contradicts_it(
    sampled: ColumnType, said: str, told: ColumnType
) -> None:
    field = CustomField("CUSTRECORD_X", "Label", fieldvaluetype=said)
    columns = custom_columns(Customization(fields=(field,)))
    seen = (Column("custrecord_x", sampled), Column("custrecord_y", sampled))
    [known, unknown] = told_by_fields(Table("customrecord_a", ("id",), seen), columns).columns
    assert (known.type, known.title) == (told, "Label")
    assert unknown == seen[1]
