"""Tables become schemas, and schemas become tables again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from singer_sdk.singerlib import CatalogEntry, MetadataMapping, Schema

from tap_netsuite_tba.catalog import json_schema, table_from_entry
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import PARENT_MODIFIED_AT, Column, ColumnType, Table

BIGINT = {"minimum": -9223372036854775808, "maximum": 9223372036854775807}


def entry_of(table: Table, schema: dict[str, Any] | None = None) -> CatalogEntry:
    return CatalogEntry(
        tap_stream_id=table.name,
        stream=table.name,
        schema=Schema.from_dict(schema or json_schema(table)),
        metadata=MetadataMapping(),
    )


def with_property(name: str, described: dict[str, Any] | None = None) -> CatalogEntry:
    """The catalog entry of the currencies with one more column."""
    schema = json_schema(shipped_tables()["currency"])
    schema["properties"][name] = described or {"type": ["string", "null"]}
    return entry_of(shipped_tables()["currency"], schema)


def complete(table: Table) -> Table:
    """A table with the column that lines get at discovery."""
    if not table.parent:
        return table
    return table.with_columns(
        (*table.columns, Column(PARENT_MODIFIED_AT, ColumnType.DATETIME, "When."))
    )


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        (ColumnType.INTEGER, {"type": ["integer", "null"], **BIGINT}),
        (ColumnType.DECIMAL, {"type": ["number", "null"]}),
        (ColumnType.BOOLEAN, {"type": ["boolean", "null"]}),
        (ColumnType.DATE, {"type": ["string", "null"], "format": "date"}),
        (ColumnType.DATETIME, {"type": ["string", "null"], "format": "date-time"}),
        (ColumnType.TEXT, {"type": ["string", "null"]}),
    ],
)
def test_each_type_has_its_schema(kind: ColumnType, schema: dict[str, Any]) -> None:
    table = Table("x", ("id",), (Column("id", ColumnType.INTEGER), Column("value", kind, "What.")))
    assert json_schema(table) == {
        "type": "object",
        "properties": {
            "id": {"type": "integer", **BIGINT},
            "value": {**schema, "description": "What."},
        },
        "required": ["id"],
    }


def test_a_key_may_be_of_texts() -> None:
    schema = json_schema(shipped_tables()["entitystatus"])
    assert schema["properties"]["key"]["type"] == "string"
    assert schema["required"] == ["key"]


def test_a_table_without_key_requires_nothing() -> None:
    schema = json_schema(shipped_tables()["pricing"])
    assert "required" not in schema
    assert all("null" in described["type"] for described in schema["properties"].values())


def test_every_type_has_a_schema_of_its_own() -> None:
    columns = tuple(Column(kind.value, kind) for kind in ColumnType)
    schemas = json_schema(Table("x", ("integer",), columns))["properties"].values()
    assert len({str(schema) for schema in schemas}) == len(ColumnType)


@pytest.mark.parametrize("table", shipped_tables().values(), ids=lambda table: table.name)
def test_a_table_comes_back_from_the_catalog_as_it_went(table: Table) -> None:
    Draft202012Validator.check_schema(json_schema(table))
    assert table_from_entry(entry_of(complete(table))) == complete(table)


@given(st.data())
def test_any_selection_and_types_of_columns_come_back(data: st.DataObject) -> None:
    table = complete(shipped_tables()["transactionaccountingline"])
    others = [column for column in table.columns if column.name not in table.key]
    kept = data.draw(st.sets(st.sampled_from(others)))
    kinds = data.draw(st.lists(st.sampled_from(ColumnType), min_size=9, max_size=9))
    custom = tuple(Column(f"custcol_{n}", kind) for n, kind in enumerate(kinds))
    chosen = tuple(c for c in table.columns if c.name in table.key or c in kept) + custom
    wanted = table.with_columns(chosen).without_missing_cursor()
    assert table_from_entry(entry_of(table.with_columns(chosen))) == wanted


def test_a_stream_that_is_unknown_is_refused() -> None:
    entry = entry_of(Table("opportunity", ("id",), (Column("id", ColumnType.INTEGER),)))
    with pytest.raises(ConfigurationError, match=r"stream opportunity, .* not know; .*--discover"):
        table_from_entry(entry)


@pytest.mark.parametrize(
    "name",
    [
        "id FROM currency; --",
        "name) FROM employee",
        "symbol, salary",
        "(SELECT 1)",
        "Symbol",
        "a.b",
        "",
        "x'",
        "name\n",
        "nämе",  # noqa: RUF001 - on purpose
    ],
)
def test_a_column_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="stream currency has columns that SuiteQL does"):
        table_from_entry(with_property(name))


def test_a_schema_without_the_key_is_refused() -> None:
    table = shipped_tables()["transactionaccountingline"]
    schema = json_schema(table)
    del schema["properties"]["accountingbook"]
    with pytest.raises(ConfigurationError, match="lacks its key accountingbook; discover"):
        table_from_entry(entry_of(table, schema))


def test_a_schema_without_properties_lacks_the_key() -> None:
    with pytest.raises(ConfigurationError, match="lacks its key id"):
        table_from_entry(entry_of(shipped_tables()["currency"], {"type": "object"}))


def test_a_table_whose_cursor_is_not_in_the_schema_is_read_whole() -> None:
    table = shipped_tables()["transaction"]
    assert table.cursor is not None
    schema = json_schema(table)
    del schema["properties"][table.cursor]
    found = table_from_entry(entry_of(table, schema))
    assert found.cursor is None
    assert found.replication_key is None


def test_lines_without_their_transactions_date_are_read_whole() -> None:
    found = table_from_entry(entry_of(shipped_tables()["transactionline"]))
    assert found.parent is None
    assert found.replication_key is None


@pytest.mark.parametrize(
    ("described", "kind"),
    [
        ({"type": ["null", "number"]}, ColumnType.DECIMAL),
        ({"type": "number"}, ColumnType.DECIMAL),
        ({"type": ["integer", "null"]}, ColumnType.INTEGER),
        ({"type": ["null", "string"], "format": "date-time"}, ColumnType.DATETIME),
        ({"type": "string", "format": "date"}, ColumnType.DATE),
        ({"type": "string", "format": "email"}, ColumnType.TEXT),
        ({"type": "string", "maxLength": 10}, ColumnType.TEXT),
        ({"description": "no type"}, ColumnType.TEXT),
        ({"type": ["null"]}, ColumnType.TEXT),
        ({"type": ["object", "null"]}, ColumnType.TEXT),
    ],
)
def test_a_schema_written_by_others_is_understood(
    described: dict[str, Any], kind: ColumnType
) -> None:
    found = table_from_entry(with_property("custrecord_x", described))
    assert found.columns[-1].name == "custrecord_x"
    assert found.columns[-1].type is kind


def test_an_entry_without_a_stream_goes_by_its_id() -> None:
    entry = entry_of(shipped_tables()["currency"])
    entry.stream = None
    assert table_from_entry(entry) == shipped_tables()["currency"]
