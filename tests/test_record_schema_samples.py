"""What a few documents tell of a record type, beside the catalog or in its place."""

from decimal import Decimal
from typing import Any

import pytest

from tap_netsuite_tba.record_schema import record_schema
from tests.described_documents import ENUMERATION, LINKS, REFERENCE, Json

TEXT = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}
IDENTIFIER = {"type": ["integer", "string", "null"]}


def described(properties: dict[str, Any], *samples: dict[str, Any]) -> Json:
    record = {"type": "object", "properties": properties} if properties else {}
    return record_schema(record, lambda _: None, samples)["properties"]


@pytest.mark.parametrize(
    ("value", "column"),
    [
        ("12", TEXT),
        ("", TEXT),
        (True, {"type": ["boolean", "null"]}),
        (5, NUMBER),
        (Decimal("5.50"), NUMBER),
        ("2026-01-31", TEXT | {"format": "date"}),
        ("2026-02-31", TEXT),
        ("2026-01-31T23:59:59Z", TEXT | {"format": "date-time"}),
        ("2026-01-31T23:59:59", TEXT),
        ("23:59:59", TEXT),
        (
            {"links": LINKS, "id": "5", "refName": "Five"},
            {"type": ["object", "null"], "properties": {"id": IDENTIFIER, "refName": TEXT}},
        ),
        (
            {"links": [], "id": "5", "refName": "Five"},
            {"type": ["object", "null"], "properties": {"id": TEXT, "refName": TEXT}},
        ),
        ({}, {"type": ["object", "null"], "properties": {}}),
    ],
)
def test_a_name_that_the_catalog_lacks_has_the_type_of_its_value(value: Json, column: Json) -> None:
    assert described({}, {"id": "1", "custbody_x": value})["custbody_x"] == column


def test_a_property_without_type_is_of_the_type_of_its_value() -> None:
    assert described({"quantity": {"title": "Q"}}, {"quantity": 5})["quantity"] == {
        **NUMBER,
        "title": "Q",
    }


def test_lines_of_all_samples_tell_of_a_sublist() -> None:
    first = {"items": [{"links": LINKS, "id": 682940, "n": 1}, {"n": 2, "memo": "x"}]}
    found = described({}, {"item": first}, {"item": {"items": []}}, {"item": {"hasMore": False}})
    assert found["item"]["properties"] == {
        "hasMore": {"type": ["boolean", "null"]},
        "items": {
            "type": ["array", "null"],
            "items": {
                "type": ["object", "null"],
                "properties": {"id": IDENTIFIER, "memo": TEXT, "n": NUMBER},
            },
        },
    }


@pytest.mark.parametrize(
    ("catalogs", "value", "inside", "column"),
    [
        ({"type": "number"}, "five", {"type": ["number", "string", "null"]}, TEXT),
        ({"type": "number"}, "5.5", NUMBER, NUMBER),
        (
            {"type": "integer", "title": "N"},
            Decimal("5.5"),
            NUMBER | {"title": "N"},
            NUMBER | {"title": "N"},
        ),
        ({"type": "boolean"}, 2, {"type": ["boolean", "number", "null"]}, TEXT),
        ({"type": "boolean"}, "T", {"type": ["boolean", "null"]}, {"type": ["boolean", "null"]}),
        ({"type": "string", "format": "date"}, "1/31/2026", TEXT, TEXT),
        ({"type": "string"}, 5, TEXT, TEXT),
        (
            {"type": "string", "enum": ["30"]},
            {"id": "30", "refName": "Form"},
            {"type": ["object", "string", "null"], "properties": {"id": TEXT, "refName": TEXT}},
            {"type": ["object", "null"], "properties": {"id": TEXT, "refName": TEXT}},
        ),
        (
            ENUMERATION,
            "US",
            {"type": ["object", "string", "null"], "properties": {"id": TEXT, "refName": TEXT}},
            {"type": ["object", "null"], "properties": {"id": TEXT, "refName": TEXT}},
        ),
    ],
)
def test_a_type_that_a_sample_contradicts_is_widened(
    catalogs: Json, value: Json, inside: Json, column: Json
) -> None:
    part = {"type": "object", "properties": {"some": catalogs}}
    found = described({"part": part, "some": catalogs}, {"part": {"some": value}, "some": value})
    assert found["part"]["properties"]["some"] == inside
    assert found["some"] == column


def test_names_of_samples_are_those_of_the_catalog_whatever_their_case() -> None:
    found = described({"customForm": REFERENCE}, {"customform": {"id": "5"}})
    assert list(found) == ["id", "customForm", "_sdc_extra"]
