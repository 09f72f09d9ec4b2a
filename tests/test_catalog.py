"""Tables become schemas, and schemas become tables again."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from singer_sdk.singerlib import CatalogEntry, MetadataMapping, Schema
from singer_sdk.singerlib.catalog import StreamMetadata

from tap_netsuite_tba.catalog import json_schema, table_from_entry
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.labels import labelled
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import (
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    Form,
    Group,
    Table,
)

BIGINT = {"minimum": -9223372036854775808, "maximum": 9223372036854775807}


def entry_of(table: Table, schema: dict[str, Any] | None = None) -> CatalogEntry:
    """A table as the SDK writes it into a catalog."""
    return CatalogEntry(
        tap_stream_id=table.name,
        stream=table.name,
        schema=Schema.from_dict(schema or json_schema(table)),
        metadata=MetadataMapping(),
        key_properties=list(table.key),
        replication_key=table.replication_key,
    )


def from_entry(entry: CatalogEntry, *labels: str) -> Table:
    """The table of an entry, by way of JSON; with labels where the patterns say."""
    again = CatalogEntry.from_dict(json.loads(json.dumps(entry.to_dict())))
    return table_from_entry(again, labels)


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
        (ColumnType.MULTISELECT, {"type": ["array", "null"], "items": {"type": "integer"}}),
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


@pytest.mark.parametrize(
    ("column", "described"),
    [
        (Column("x", ColumnType.TEXT), {}),
        (Column("x", ColumnType.TEXT, title="Priority"), {"title": "Priority"}),
        (
            Column("x", ColumnType.INTEGER, "Who sells.", references="employee"),
            {"description": "Who sells. Internal id of a row of employee."},
        ),
        (
            Column("x", ColumnType.INTEGER, "Internal id of the Employee.", references="employee"),
            {"description": "Internal id of the Employee."},
        ),
        (
            Column("x", ColumnType.MULTISELECT, "Regions", references="location"),
            {"description": "Regions. Internal ids of rows of location."},
        ),
        (
            Column("x", ColumnType.INTEGER, references="item"),
            {"description": "Internal id of a row of item."},
        ),
        (
            Column("x", ColumnType.DATETIME, "When.", form=Form.LOCAL),
            {"description": "When. NetSuite keeps it without a time zone."},
        ),
    ],
)
def test_a_column_is_described_by_what_is_known_of_it(
    column: Column, described: dict[str, str]
) -> None:
    schema = json_schema(Table("x", (), (column,)))["properties"]["x"]
    texts = {name: schema[name] for name in ("title", "description") if name in schema}
    assert texts == described


def test_a_table_is_described_if_it_is_known() -> None:
    table = shipped_tables()["currency"]
    assert json_schema(table)["description"] == table.description
    assert "description" not in json_schema(replace(table, description=""))


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


@pytest.mark.parametrize(
    "table",
    [table for table in shipped_tables().values() if table.columns],
    ids=lambda table: table.name,
)
def test_a_table_comes_back_from_the_catalog_as_it_went(table: Table) -> None:
    Draft202012Validator.check_schema(json_schema(table))
    assert from_entry(entry_of(complete(table))) == complete(table)


@given(st.data())
def test_any_selection_and_types_of_columns_come_back(data: st.DataObject) -> None:
    table = complete(shipped_tables()["transactionaccountingline"])
    others = [column for column in table.columns if column.name not in table.key]
    kept = data.draw(st.sets(st.sampled_from(others)))
    kinds = data.draw(st.lists(st.sampled_from(ColumnType), min_size=9, max_size=9))
    forms = data.draw(st.lists(st.sampled_from(Form), min_size=9, max_size=9))
    custom = tuple(
        Column(f"custcol_{n}", kind, title=f"Field {n}", form=form)
        for n, (kind, form) in enumerate(zip(kinds, forms, strict=True))
    )
    chosen = tuple(c for c in table.columns if c.name in table.key or c in kept) + custom
    wanted = table.with_columns(chosen).without_missing_cursor()
    assert from_entry(entry_of(table.with_columns(chosen))) == wanted


ID = Column("id", ColumnType.INTEGER)
VEHICLE = Table(
    "customrecord_vehicle",
    ("id",),
    (
        ID,
        Column("lastmodified", ColumnType.DATETIME, "Last change.", form=Form.LOCAL),
        Column("custrecord_drivers", ColumnType.MULTISELECT, title="Drivers"),
        Column("custrecord_since", ColumnType.DATE, "In use since.", title="Since"),
    ),
    "lastmodified",
)


def test_a_custom_record_is_made_from_the_catalog_alone() -> None:
    table = from_entry(entry_of(VEHICLE))
    assert (table.key, table.cursor) == (("id",), "lastmodified")
    assert table.columns == VEHICLE.columns
    assert table.group is Group.CUSTOM
    assert table.deleted_types == {"customrecord_vehicle"}


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("customlist_colours", ("id",)),
        ("map_item_custitem_colours", ("mapone", "maptwo")),
        ("unheardof", ("code", "line")),
        ("unheardof", ()),
    ],
)
def test_any_other_table_is_made_from_the_catalog_alone(name: str, key: tuple[str, ...]) -> None:
    columns = (*(Column(k, ColumnType.INTEGER) for k in key), Column("x", ColumnType.DECIMAL))
    table = from_entry(entry_of(Table(name, key, columns)))
    assert (table.name, table.key, table.cursor) == (name, key, None)
    assert table.columns == columns
    assert table.group is Group.DETAIL
    assert not table.deleted_types


@pytest.mark.parametrize(
    "metadata",
    [
        StreamMetadata(table_key_properties=["id"], valid_replication_keys=["lastmodified"]),
        StreamMetadata(table_key_properties=["id"], replication_key="lastmodified"),
        StreamMetadata(
            table_key_properties=["id"],
            valid_replication_keys=["lastmodified"],
            replication_key="custrecord_since",
        ),
    ],
)
def test_key_and_cursor_are_found_in_the_metadata_too(metadata: StreamMetadata) -> None:
    entry = entry_of(VEHICLE)
    entry.key_properties = entry.replication_key = None
    entry.metadata[()] = metadata
    table = from_entry(entry)
    assert (table.key, table.cursor) == (("id",), "lastmodified")


def test_a_table_that_is_shipped_without_columns_has_its_key_from_the_catalog() -> None:
    [unknown, *_] = [table for table in shipped_tables().values() if not table.columns]
    table = from_entry(entry_of(replace(unknown, key=("id",), columns=(ID,))))
    assert (table.key, table.columns, table.group) == (("id",), (ID,), unknown.group)


@pytest.mark.parametrize("cursor", ["custrecord_since", "gone", "a b"])
def test_a_cursor_that_tells_no_instants_is_none(cursor: str) -> None:
    entry = entry_of(VEHICLE)
    entry.replication_key = cursor
    assert from_entry(entry).replication_key is None


def test_a_catalog_is_not_changed_by_being_read() -> None:
    entry = entry_of(VEHICLE)
    table_from_entry(entry, ())
    assert not entry.metadata


def test_labels_come_back_whatever_the_setting_names() -> None:
    vehicle = VEHICLE.with_columns((*VEHICLE.columns, Column("parent", ColumnType.INTEGER)))
    for table in (shipped_tables()["currency"], vehicle):
        with_labels = labelled(table, ["*.*"])
        assert with_labels != table
        assert from_entry(entry_of(with_labels), "*.*").columns == with_labels.columns
        assert from_entry(entry_of(with_labels)).columns == with_labels.columns


@pytest.mark.parametrize("name", ["", "a b", "currency; --", "Currency", "(SELECT 1)"])
def test_a_stream_whose_name_suiteql_does_not_take_is_refused(name: str) -> None:
    entry = entry_of(VEHICLE)
    entry.stream, entry.tap_stream_id = name, name or " "
    with pytest.raises(ConfigurationError, match=r"has the stream '.*', which is no name that"):
        table_from_entry(entry, ())


def test_a_key_that_is_no_name_is_refused() -> None:
    entry = entry_of(VEHICLE)
    entry.key_properties = ["id FROM employee"]
    with pytest.raises(ConfigurationError, match="lacks its key id FROM employee; discover"):
        from_entry(entry)


def test_a_stream_without_columns_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="stream unheardof has no columns; discover"):
        from_entry(entry_of(Table("unheardof", (), ())))


def test_lines_of_which_nobody_knows_the_owner_are_refused() -> None:
    columns = (ID, Column(PARENT_MODIFIED_AT, ColumnType.DATETIME))
    with pytest.raises(ConfigurationError, match="stream unheardof is of lines, and of which"):
        from_entry(entry_of(Table("unheardof", ("id",), columns)))


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
        from_entry(with_property(name))


def test_a_schema_without_the_key_is_refused() -> None:
    table = shipped_tables()["transactionaccountingline"]
    schema = json_schema(table)
    del schema["properties"]["accountingbook"]
    with pytest.raises(ConfigurationError, match="lacks its key accountingbook; discover"):
        from_entry(entry_of(table, schema))


def test_a_schema_without_properties_lacks_the_key() -> None:
    with pytest.raises(ConfigurationError, match="lacks its key id"):
        from_entry(entry_of(shipped_tables()["currency"], {"type": "object"}))


def test_a_table_whose_cursor_is_not_in_the_schema_is_read_whole() -> None:
    table = shipped_tables()["transaction"]
    assert table.cursor is not None
    schema = json_schema(table)
    del schema["properties"][table.cursor]
    found = from_entry(entry_of(table, schema))
    assert found.cursor is None
    assert found.replication_key is None


def test_lines_without_their_transactions_date_are_read_whole() -> None:
    found = from_entry(entry_of(shipped_tables()["transactionline"]))
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
        ({"type": ["null", "array"], "items": {"type": "integer"}}, ColumnType.MULTISELECT),
        ({"type": "array"}, ColumnType.MULTISELECT),
    ],
)
def test_a_schema_written_by_others_is_understood(
    described: dict[str, Any], kind: ColumnType
) -> None:
    found = from_entry(with_property("custrecord_x", described))
    assert found.columns[-1].name == "custrecord_x"
    assert found.columns[-1].type is kind


def test_an_entry_without_a_stream_goes_by_its_id() -> None:
    entry = entry_of(shipped_tables()["currency"])
    entry.stream = None
    assert from_entry(entry) == shipped_tables()["currency"]
