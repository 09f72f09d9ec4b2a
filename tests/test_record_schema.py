"""The Singer schema of documents, from the shapes in which the metadata catalog describes them."""

import pytest
from singer_sdk.singerlib import Schema

from tap_netsuite_tba.record_schema import record_schema
from tests.described_documents import (
    CATALOG,
    ENUMERATION,
    LINKS_DESCRIBED,
    REFERENCE,
    Json,
    collected,
)

TEXT = {"type": ["string", "null"]}
IDENTIFIER = {"type": ["integer", "string", "null"]}
OF_A_RECORD = {
    "type": ["object", "null"],
    "properties": {"id": IDENTIFIER, "refName": TEXT, "externalId": TEXT},
}
INTEGER = {"type": ["integer", "null"], "minimum": -(2**63), "maximum": 2**63 - 1}
OF_MANY = {
    "type": ["object", "null"],
    "properties": {
        "count": INTEGER,
        "hasMore": {"type": ["boolean", "null"]},
        "items": {"type": ["array", "null"], "items": OF_A_RECORD},
        "offset": INTEGER,
        "totalResults": INTEGER,
    },
}
PARTS = {
    "order-linesCollection": collected({"$ref": "#/components/schemas/order-linesElement"}),
    "order-linesElement": {
        "type": "object",
        "properties": {
            "links": LINKS_DESCRIBED,
            "id": {"type": "string"},
            "quantity": {"title": "Quantity"},
            "country": ENUMERATION,
            "address": {"$ref": f"{CATALOG}order-lines-address"},
        },
    },
    "order-lines-address": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "parts": {"$ref": "x/order-linesCollection"}},
    },
}


def columns(described: Json, name: str = "some") -> Json:
    record = {"type": "object", "properties": {name: described}}
    schema = record_schema(record, PARTS.get)
    assert Schema.from_dict(schema).to_dict() == schema
    return schema["properties"]


@pytest.mark.parametrize(
    ("described", "column"),
    [
        ({"type": "string"}, TEXT),
        ({"type": "string", "pattern": "^a+$", "nullable": False}, TEXT),
        ({"type": "string", "format": "time"}, TEXT),
        ({"type": "string", "format": "date"}, TEXT | {"format": "date"}),
        ({"type": "string", "format": "date-time"}, TEXT | {"format": "date-time"}),
        ({"type": "number", "format": "float"}, {"type": ["number", "null"]}),
        ({"type": "integer", "format": "int64"}, INTEGER),
        ({"type": ["null", "boolean"], "readOnly": True}, {"type": ["boolean", "null"]}),
        ({"type": ["integer", "number"]}, {"type": ["number", "null"]}),
        ({"type": ["number", "string"]}, TEXT),
        ({"type": "null"}, TEXT),
        ({}, TEXT),
        (True, TEXT),
        (
            {"type": "string", "title": " A <b>B</b>", "description": "<p>One &amp; two.</p>"},
            TEXT | {"title": "A B", "description": "One & two."},
        ),
    ],
)
def test_a_scalar_is_of_one_type(described: Json, column: Json) -> None:
    assert columns(described)["some"] == column


@pytest.mark.parametrize(
    "described",
    [
        REFERENCE,
        {"properties": REFERENCE["properties"]},
        {"$ref": f"{CATALOG}nsResource"},
        {"$ref": f"{CATALOG}nsResource?select=all"},
        {"$ref": "#/components/schemas/nsResource", "nullable": True},
        {"$ref": f"{CATALOG}customer"},
        {"$ref": f"{CATALOG}transaction"},
        {"oneOf": [{"$ref": f"{CATALOG}nsResource"}]},
        {"anyOf": [{"type": "null"}, {"$ref": f"{CATALOG}nsResource"}, REFERENCE]},
        {"allOf": [{"$ref": f"{CATALOG}customer"}]},
    ],
)
def test_another_record_is_never_looked_into(described: Json) -> None:
    assert columns(described)["some"] == OF_A_RECORD


def test_what_stands_beside_a_reference_is_kept() -> None:
    described = {"$ref": f"{CATALOG}nsResource", "title": "Sales <i>Rep</i>"}
    assert columns(described)["some"] == OF_A_RECORD | {"title": "Sales Rep"}


@pytest.mark.parametrize(
    "described", [collected(REFERENCE), {"$ref": f"{CATALOG}nsResourceCollection"}]
)
def test_a_multiple_select_is_a_collection_of_records(described: Json) -> None:
    assert columns(described)["some"] == OF_MANY


def test_the_ids_of_an_enumeration_are_texts_and_inside_it_may_be_its_id_alone() -> None:
    choice = {"type": ["object", "null"], "properties": {"id": TEXT, "refName": TEXT}}
    assert columns(ENUMERATION)["some"] == choice
    parent = columns({"type": "object", "properties": {"country": ENUMERATION}})["some"]
    assert parent["properties"] == {"country": choice | {"type": ["object", "string", "null"]}}


@pytest.mark.parametrize(
    "described",
    [
        {"type": "string", "enum": ["30"]},
        {"enum": ["30"]},
        {"oneOf": [{"type": "string", "enum": ["30"]}]},
    ],
)
def test_a_text_with_choices_is_an_enumeration(described: Json) -> None:
    """Releases since 2021.1 give an object for it."""
    choice = {"type": ["object", "null"], "properties": {"id": TEXT, "refName": TEXT}}
    assert columns(described | {"title": "Form"})["some"] == choice | {"title": "Form"}
    identifier = {"type": "string", "enum": ["30"]}
    parent = columns({"type": "object", "properties": {"form": described, "id": identifier}})
    assert parent["some"]["properties"] == {
        "form": choice | {"type": ["object", "string", "null"]},
        "id": TEXT,
    }


def test_of_alternatives_all_are_taken() -> None:
    texts, numbers = ({"type": "array", "items": {"type": kind}} for kind in ("string", "number"))
    either = {"type": ["array", "null"], "items": {"type": ["number", "string", "null"]}}
    assert columns({"anyOf": [texts, numbers]})["some"] == either
    one = {"type": "object", "properties": {"a": {"type": "string", "format": "date"}}}
    other = {"type": "object", "properties": {"A": {"type": "string"}, "b": texts}}
    both = columns({"oneOf": [one, other]})["some"]["properties"]
    assert both == {"a": TEXT, "b": {"type": ["array", "null"], "items": TEXT}}


def test_ids_with_choices_are_texts_also_beside_links() -> None:
    named = {"id": {"type": "string", "enum": ["1"]}, "refName": {"type": "string"}}
    listed: Json = named | {"links": LINKS_DESCRIBED}
    column = columns({"type": "object", "properties": listed})["some"]
    assert column == {"type": ["object", "null"], "properties": {"id": TEXT, "refName": TEXT}}


def test_a_sublist_of_other_places_is_followed_down_and_never_around() -> None:
    lines = columns({"$ref": f"{CATALOG}order-linesCollection"})["some"]["properties"]["items"]
    line = lines["items"]["properties"]
    assert line["id"] == IDENTIFIER
    assert line["quantity"] == {
        "type": ["array", "boolean", "number", "object", "string", "null"],
        "title": "Quantity",
    }
    assert line["address"]["properties"] == {"city": TEXT, "parts": {"type": ["object", "null"]}}


def test_a_schema_inside_the_schema_is_found_there() -> None:
    record = {
        "properties": {"lines": {"$ref": "#/definitions/order-own"}},
        "definitions": {"order-own": {"type": "object", "properties": {"n": {"type": "integer"}}}},
    }
    lines = record_schema(record, PARTS.get)["properties"]["lines"]
    assert lines == {"type": ["object", "null"], "properties": {"n": INTEGER}}


@pytest.mark.parametrize("place", ["definitions", "$defs"])
def test_a_schema_inside_the_schema_needs_no_name_of_two(place: str) -> None:
    line = {"type": "object", "properties": {"n": {"type": "integer"}}}
    record = {
        "properties": {"lines": {"$ref": f"#/{place}/lineList"}},
        place: {"lineList": {"type": "array", "items": line}},
    }
    lines = record_schema(record, PARTS.get)["properties"]["lines"]
    assert lines["items"]["properties"] == {"n": INTEGER}


def test_a_record_type_among_the_components_is_a_reference() -> None:
    record: Json = {"type": "object", "properties": {"n": {"type": "integer"}}}
    own = {"$ref": "#/components/schemas/customer"}
    described = {"properties": {"parent": own}, "components": {"schemas": {"customer": record}}}
    assert record_schema(described, PARTS.get)["properties"]["parent"] == OF_A_RECORD


def test_links_are_no_column_at_any_depth() -> None:
    links = {"links": LINKS_DESCRIBED, "Links": LINKS_DESCRIBED}
    address = {"$ref": f"{CATALOG}nsLink?select=all"}
    record = {
        "type": "object",
        "properties": links
        | {"self": address, "part": {"type": "object", "properties": links | {"up": address}}},
    }
    schema = record_schema(record, PARTS.get)
    assert set(schema["properties"]) == {"id", "part", "_sdc_extra"}
    assert schema["properties"]["part"] == {"type": ["object", "null"], "properties": {}}


@pytest.mark.parametrize("name", ["a b", "größe", "1st", "_sdc_deleted_at", "", "x" * 64])
def test_what_no_warehouse_names_a_column_is_none(name: str) -> None:
    assert list(columns({"type": "string"}, name)) == ["id", "_sdc_extra"]


def test_the_id_comes_first_and_is_a_key_the_others_by_name() -> None:
    names = ["tranDate", "id", "custbody_x", "class"]
    record = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    schema = record_schema(record, PARTS.get, [{"memo": "x", "id": "5"}])
    names = ["id", "class", "custbody_x", "memo", "tranDate", "_sdc_extra"]
    assert list(schema["properties"]) == names
    assert schema["properties"]["id"] == INTEGER | {"type": "integer"}
    assert schema["required"] == ["id"]


def test_names_that_differ_in_case_are_one_column() -> None:
    record = {
        "type": "object",
        "properties": {"isinactive": {"type": "boolean"}, "isInactive": {"type": "boolean"}},
    }
    schema = record_schema(record, PARTS.get, [{"id": "5", "ISINACTIVE": True}])
    assert list(schema["properties"]) == ["id", "isInactive", "_sdc_extra"]
