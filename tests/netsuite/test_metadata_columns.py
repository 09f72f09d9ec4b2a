"""Which columns the schemas of the metadata catalog tell of."""

from collections.abc import Mapping
from typing import Any

import pytest

from tap_netsuite_tba.netsuite.metadata import columns_of, columns_of_lines
from tap_netsuite_tba.tables import Column, ColumnType, Source

PATH = "/services/rest/record/v1/metadata-catalog"
LINK = {"$ref": f"{PATH}/nsLink"}


@pytest.mark.parametrize(
    ("described", "kind"),
    [
        ({"type": "string"}, ColumnType.TEXT),
        ({"type": "string", "format": "date", "nullable": True}, ColumnType.DATE),
        ({"type": "string", "format": "date-time"}, ColumnType.DATETIME),
        ({"type": "string", "format": "email"}, ColumnType.TEXT),
        ({"type": "string", "enum": ["-5", "12"]}, ColumnType.TEXT),
        ({"type": "number", "format": "double"}, ColumnType.DECIMAL),
        ({"type": "number", "format": "float"}, ColumnType.DECIMAL),
        ({"type": "number"}, ColumnType.DECIMAL),
        ({"type": "integer", "format": "int64"}, ColumnType.INTEGER),
        ({"type": "boolean"}, ColumnType.BOOLEAN),
        ({"type": ["null", "integer"]}, ColumnType.INTEGER),
        ({"type": "null"}, ColumnType.TEXT),
        ({"title": "Quantity"}, ColumnType.TEXT),
        ({}, ColumnType.TEXT),
        (True, ColumnType.TEXT),
        ({"$ref": f"{PATH}/nsResource"}, ColumnType.INTEGER),
        ({"type": "object", "properties": {"id": {}, "links": LINK}}, ColumnType.INTEGER),
        (
            {"type": "object", "properties": {"id": {"enum": ["1", "-2"]}, "refName": {}}},
            ColumnType.INTEGER,
        ),
        (
            {"type": "object", "properties": {"id": {"enum": ["1", "US"]}, "links": LINK}},
            ColumnType.TEXT,
        ),
        ({"type": "object", "properties": {"id": {"type": "string"}}}, ColumnType.TEXT),
        ({"type": "object", "properties": {"addr1": {"type": "string"}}}, ColumnType.TEXT),
        ({"type": "object", "properties": None}, ColumnType.TEXT),
        ({"type": "string", "x-ns-custom-field": True}, ColumnType.TEXT),
    ],
)
def test_a_property_is_a_column_of_a_type(described: object, kind: ColumnType) -> None:
    (column,) = columns_of({"properties": {"theField": described}})
    assert (column.name, column.type, column.source) == ("thefield", kind, Source.METADATA)


@pytest.mark.parametrize(
    "properties",
    [
        {"links": {"type": "array", "items": LINK}},
        {"refName": {"type": "string"}},
        {"contactList": {"type": "array", "items": {"type": "object"}}},
        {"item": {"type": "object", "properties": {"links": {}, "items": {"type": "array"}}}},
        {"not a name": {"type": "string"}},
        {"überschrift": {"type": "string"}},
        {},
    ],
)
def test_what_suiteql_cannot_have_is_no_column(properties: Mapping[str, Any]) -> None:
    assert columns_of({"properties": properties}) == ()


def test_the_rows_of_sublists_have_columns_too() -> None:
    rows = {"type": "array", "items": {"properties": {"custcol_a": {}, "item": {"$ref": "x"}}}}
    sublist = {"type": "object", "properties": {"links": {}, "items": rows}}
    more = {"properties": {"items": {"items": {"properties": {"amount": {"type": "number"}}}}}}
    odd = {"properties": {"items": {"items": True}}}
    properties = {"item": sublist, "expense": more, "odd": odd, "flag": True, "memo": {}}
    columns = columns_of_lines({"properties": properties})
    assert {column.name: column.type for column in columns} == {
        "amount": ColumnType.DECIMAL,
        "custcol_a": ColumnType.TEXT,
        "item": ColumnType.INTEGER,
    }


@pytest.mark.parametrize("schema", [{}, {"properties": None}, {"properties": []}, {"name": "x"}])
def test_a_schema_without_properties_tells_of_no_columns(schema: Mapping[str, Any]) -> None:
    assert columns_of(schema) == ()


def test_labels_come_along_without_their_html() -> None:
    described = {
        "type": "string",
        "title": "Start Date",
        "description": "<p>Enter the date.</p><p>Customers &amp; leads</p>",
    }
    assert columns_of({"properties": {"startDate": described}}) == (
        Column(
            "startdate", ColumnType.TEXT, "Enter the date. Customers & leads", title="Start Date"
        ),
    )


def test_the_id_of_a_record_is_an_integer_although_records_have_it_as_text() -> None:
    (column,) = columns_of({"properties": {"id": {"type": "string"}}})
    assert column.type is ColumnType.INTEGER


def test_columns_are_in_order_and_there_once() -> None:
    kinds = {"zip": "string", "isInactive": "boolean", "isinactive": "string", "Id": "string"}
    properties = {name: {"type": kind} for name, kind in kinds.items()}
    columns = columns_of({"properties": properties})
    assert [column.name for column in columns] == ["id", "isinactive", "zip"]
