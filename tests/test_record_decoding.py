"""Documents as rows."""

import logging
from decimal import Decimal
from typing import Any

import pytest

from tap_netsuite_tba.record_decoding import DocumentDecoder
from tap_netsuite_tba.record_schema import record_schema
from tests.described_documents import (
    ENUMERATION,
    LINKS,
    LINKS_DESCRIBED,
    REFERENCE,
    Json,
    collected,
)

FORM = {"id": "30", "refName": "Form"}


def decoder(properties: dict[str, Any]) -> DocumentDecoder:
    schema = record_schema({"type": "object", "properties": properties}, lambda _: None)
    return DocumentDecoder("salesorder", schema)


def column(described: Json, value: Json) -> Json:
    """A value as it goes out in a column, and what is in `_sdc_extra`."""
    row = decoder({"some": described}).decode({"id": "5", "some": value})
    return row["some"], row["_sdc_extra"]


def part(described: Json, value: Json) -> Json:
    """The same inside an object, where it is absent unless it fits."""
    around = {"type": "object", "properties": {"some": described}}
    row = decoder({"part": around}).decode({"part": {"links": LINKS, "some": value}})
    return row["part"].get("some"), row["_sdc_extra"]


@pytest.mark.parametrize(
    ("described", "value", "decoded"),
    [
        ("string", "text", "text"),
        ("string", "", ""),
        ("string", 682940, "682940"),
        ("string", Decimal("1.10"), "1.10"),
        ("string", True, "T"),
        ("integer", 5, 5),
        ("integer", "-5", -5),
        ("integer", Decimal("5.0"), 5),
        ("integer", 2**63 - 1, 2**63 - 1),
        ("integer", "", None),
        ("number", Decimal("98765432109876.54321"), Decimal("98765432109876.54321")),
        ("number", 10**30, 10**30),
        ("number", "-1395.30", Decimal("-1395.30")),
        ("number", ".5", Decimal("0.5")),
        ("number", "", None),
        ("boolean", False, False),
        ("boolean", "T", True),
        ("boolean", "false", False),
        ("date", "2024-02-29", "2024-02-29"),
        ("date-time", "2026-01-31T23:59:59Z", "2026-01-31T23:59:59Z"),
        ("date-time", "2026-01-31T23:59:59.999Z", "2026-01-31T23:59:59Z"),
        ("date-time", "2026-01-31T23:30:00-08:00", "2026-02-01T07:30:00Z"),
        ("date-time", "2026-01-31T23:30+0200", "2026-01-31T21:30:00Z"),
    ],
)
def test_a_scalar_goes_out_as_its_type_wants_it(described: str, value: Json, decoded: Json) -> None:
    kind = {"type": "string", "format": described} if "date" in described else {"type": described}
    for found, extra in (column(kind, value), part(kind, value)):
        assert (found, type(found), extra) == (decoded, type(decoded), None)


@pytest.mark.parametrize(
    ("described", "value"),
    [
        ("string", {"id": "5"}),
        ("string", [1]),
        ("integer", "5.5"),
        ("integer", Decimal("5.5")),
        ("integer", 2**63),
        ("integer", "9223372036854775808"),
        ("integer", True),
        ("number", "five"),
        ("number", "1_000"),
        ("number", "NaN"),
        ("number", True),
        ("boolean", 1),
        ("boolean", "yes"),
        ("date", "2026-02-29"),
        ("date", "1/31/2026"),
        ("date", 5),
        ("date-time", "2026-01-31T23:59:59"),
        ("date-time", "2026-01-31"),
        ("date-time", "2026-01-31T25:59:59Z"),
        ("date-time", "0001-01-01T00:00:00+02:00"),
        ("date-time", 5),
        ("object", "text"),
        ("array", {"a": 1}),
    ],
)
def test_what_does_not_fit_is_kept_apart(described: str, value: Json) -> None:
    kind = {"type": "string", "format": described} if "date" in described else {"type": described}
    assert column(kind, value) == (None, {"some": value})
    assert part(kind, value) == (None, {"part.some": value})


@pytest.mark.parametrize(
    ("given", "identifier"),
    [
        ("5", 5),
        ("-3", -3),
        (682940, 682940),
        ("WY", "WY"),
        ("007", "007"),
        ("-0", "-0"),
        ("9223372036854775808", "9223372036854775808"),
    ],
)
def test_ids_of_records_are_integers_unless_they_are_words(given: Json, identifier: Json) -> None:
    found = column(REFERENCE, {"links": LINKS, "id": given, "refName": "12"})
    assert found == ({"id": identifier, "refName": "12"}, None)
    assert column(REFERENCE, {"id": given}) == ({"id": identifier}, None)


@pytest.mark.parametrize("value", [FORM, FORM | {"links": []}, FORM | {"links": LINKS}])
def test_ids_of_enumerations_are_texts(value: Json) -> None:
    assert column(ENUMERATION, value) == part(ENUMERATION, value) == (FORM, None)


def test_an_id_alone_is_an_object_in_a_column_and_stays_inside() -> None:
    assert column(ENUMERATION, "US") == ({"id": "US"}, None)
    assert part(ENUMERATION, "US") == ("US", None)
    assert column(REFERENCE, "5") == part(REFERENCE, "5") == ({"id": 5}, None)


@pytest.mark.parametrize("value", [FORM, FORM["id"], 30])
def test_a_text_with_choices_is_taken_as_an_object_too(value: Json) -> None:
    described = {"type": "string", "enum": ["30"]}
    expected = value if isinstance(value, dict) else {"id": str(value)}
    assert column(described, value) == (expected, None)
    assert part(described, value) == (expected if value is FORM else str(value), None)


@pytest.mark.parametrize(
    "value",
    [
        {"totalResults": 0},
        {"items": [], "totalResults": 0},
        {"items": [{"id": 5}, {"id": 6, "refName": "Six"}], "totalResults": 2},
        {"count": 1, "hasMore": False, "items": [{"id": 5}], "offset": 0, "totalResults": 1},
    ],
)
def test_a_collection_stays_as_netsuite_shows_it(value: Json) -> None:
    items = [each | {"id": str(each["id"]), "links": LINKS} for each in value.get("items", [])]
    given = value | {"links": LINKS} | ({"items": items} if "items" in value else {})
    assert column(collected(REFERENCE), given) == (value, None)


def test_links_are_dropped_at_every_depth_described_or_not() -> None:
    unknown = {"links": LINKS, "a": [{"Links": [], "b": {"links": LINKS, "c": 1}}]}
    record = {"line": collected({"type": "object", "properties": {"links": LINKS_DESCRIBED}})}
    line = {"links": LINKS, "unknown": unknown}
    row = decoder(record).decode(
        {"links": LINKS, "line": {"links": LINKS, "items": [line]}, "unknown": unknown}
    )
    kept = {"a": [{"b": {"c": 1}}]}
    assert row["line"] == {"items": [{"unknown": kept}]}
    assert row["_sdc_extra"] == {"unknown": kept}


def test_names_go_out_as_the_catalog_writes_them() -> None:
    address = {"type": "object", "properties": {"addressBook": {"type": "string"}}}
    row = decoder({"customForm": {"type": "string"}, "part": address}).decode(
        {"customform": "30", "PART": {"addressbook": "a", "Links": []}}
    )
    assert (row["customForm"], row["part"]) == ("30", {"addressBook": "a"})
    assert row["_sdc_extra"] is None


def test_of_names_that_differ_in_case_none_is_lost() -> None:
    inside = {"type": "object", "properties": {"x": {"type": "integer"}}}
    row = decoder({"x": {"type": "integer"}, "part": inside}).decode(
        {"X": 1, "x": "2", "part": {"X": "1", "x": "2"}}
    )
    assert (row["x"], row["_sdc_extra"], row["part"]) == (2, {"X": 1}, {"X": "1", "x": 2})


def test_every_column_is_there_and_absent_ones_are_null() -> None:
    row = decoder({"memo": {"type": "string"}, "total": {"type": "number"}}).decode({"id": "5"})
    assert row == {"id": 5, "memo": None, "total": None, "_sdc_extra": None}


def test_what_does_not_fit_is_told_by_where_it_stands() -> None:
    line = {"type": "object", "properties": {"a.b": {"type": "date"}, "q": {"type": "integer"}}}
    items = [{"q": 1}, {"q": "x", "a.b": 5}, {"q": {"links": LINKS}}]
    row = decoder({"item": collected(line)}).decode({"item": {"items": items}, "a.b": 1, "": 2})
    assert row["item"]["items"] == [{"q": 1}, {"a.b": 5}, {}]
    assert row["_sdc_extra"] == {
        "item.items[1].q": "x",
        "item.items[2].q": {},
        '["a.b"]': 1,
        '[""]': 2,
    }


def test_lines_keep_their_places_where_one_does_not_fit() -> None:
    row = decoder({"item": collected(REFERENCE)}).decode({"item": {"items": [5.5, {}, [1]]}})
    assert row["item"]["items"] == [{"id": "5.5"}, {}, None]
    assert row["_sdc_extra"] == {"item.items[2]": [1]}


def test_columns_of_our_own_take_nothing_of_netsuite() -> None:
    schema = record_schema({}, lambda _: None)
    schema["properties"]["_sdc_deleted_at"] = {"type": ["string", "null"]}
    given = {"_sdc_deleted_at": "x", "_sdc_extra": {"a": 1}}
    row = DocumentDecoder("salesorder", schema).decode(given)
    assert row == {"id": None, "_sdc_deleted_at": None, "_sdc_extra": given}


def test_a_catalog_that_somebody_wrote_is_enough() -> None:
    schema = {
        "properties": {
            "id": {"type": "integer"},
            "any": {},
            "one": {"type": "object", "properties": {"list": {"type": "array"}}},
        }
    }
    decode = DocumentDecoder("salesorder", schema).decode
    assert decode({"id": "5", "any": {"links": [], "a": 1}, "one": {"list": [{"links": 1}]}}) == {
        "id": 5,
        "any": {"a": 1},
        "one": {"list": [{}]},
        "_sdc_extra": None,
    }


def test_what_has_no_column_is_said_once_of_each_property(
    caplog: pytest.LogCaptureFixture,
) -> None:
    line = {"type": "object", "properties": {"q": {"type": "integer"}}}
    orders = decoder({"item": collected(line)})
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            orders.decode({"item": {"items": [{"q": "Ab1"}, {"q": "c"}]}, "custbody_x": "secret"})
    of_no_column, of_another_type = (each.getMessage() for each in caplog.records)
    assert "custbody_x of salesorder, which has no column. It goes into _sdc_ext" in of_no_column
    assert "item.items[].q of salesorder does not fit" in of_another_type
    assert "looks like 'AA9' (str, 3 characters)" in of_another_type


def test_what_has_no_column_is_said_to_be_lost_where_the_extra_one_is_not_selected(
    caplog: pytest.LogCaptureFixture,
) -> None:
    DocumentDecoder("salesorder", {"properties": {"id": {}}}).decode({"memo": "a"})
    assert "It is lost, for _sdc_extra is not selected." in caplog.text


def test_a_document_is_left_as_it_is() -> None:
    document = {"links": LINKS, "item": {"items": [{"links": LINKS, "id": "5"}]}, "ITEM": 1}
    decoder({"item": collected(REFERENCE)}).decode(document)
    assert document == {"links": LINKS, "item": {"items": [{"links": LINKS, "id": "5"}]}, "ITEM": 1}
