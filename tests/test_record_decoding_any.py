"""Whatever the catalog describes and whatever NetSuite gives: nothing is lost, all validates."""

import string
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from singer_sdk.singerlib import Schema

from tap_netsuite_tba.record_decoding import EXTRA, DocumentDecoder
from tap_netsuite_tba.record_schema import record_schema
from tap_netsuite_tba.record_selection import (
    breadcrumbs,
    left_out,
    selected_part,
    selected_schema,
)
from tests.described_documents import ANY_JSON, RECORDS, Described, Json, leaves

MOST = st.data()


def swapped(name: str, *, is_swapped: bool) -> str:
    return name.swapcase() if is_swapped else name


def errors(schema: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    checker = Draft7Validator.FORMAT_CHECKER
    return [
        each.message for each in Draft7Validator(schema, format_checker=checker).iter_errors(row)
    ]


def is_without_links(value: Json) -> bool:
    if isinstance(value, dict):
        return "links" not in map(str.lower, value) and all(map(is_without_links, value.values()))
    return all(map(is_without_links, value)) if isinstance(value, list) else True


@given(RECORDS, st.data())
def test_of_a_document_that_the_catalog_describes_every_leaf_is_in_its_place(
    record: Described, data: st.DataObject
) -> None:
    document = data.draw(record.values) | {"id": "5"}
    schema = record_schema(record.schema, record.parts.get)
    row = DocumentDecoder("record", schema).decode(document)
    assert row[EXTRA] is None
    assert errors(schema, row) == []
    assert leaves(row) == leaves(document)
    assert is_without_links(row)
    again = {name: value for name, value in row.items() if value is not None}
    assert DocumentDecoder("record", schema).decode(again) == row


@given(RECORDS, st.data())
def test_what_is_deselected_is_nowhere_and_all_else_is_there(
    record: Described, data: st.DataObject
) -> None:
    document = data.draw(record.values) | {"id": "5"}
    schema = record_schema(record.schema, record.parts.get)
    places = [place for place in breadcrumbs(schema) if place[1] not in {"id", EXTRA}]
    gone = data.draw(st.sets(st.sampled_from(places))) if places else set()
    without = left_out(dict.fromkeys(gone, False))
    selected = selected_schema(schema, without)
    row = DocumentDecoder("record", selected).decode(selected_part(document, without))
    assert row[EXTRA] is None
    assert errors(selected, row) == []
    whole = DocumentDecoder("record", schema).decode(document)
    assert leaves(row) == leaves(selected_part(whole, without))
    assert gone.isdisjoint(breadcrumbs(selected))


@given(RECORDS)
def test_the_sdks_catalog_keeps_the_schema(record: Described) -> None:
    schema = record_schema(record.schema, record.parts.get)
    assert Schema.from_dict(schema).to_dict() == schema


@given(RECORDS, st.dictionaries(st.text(max_size=5), ANY_JSON, max_size=4), st.data())
def test_of_any_document_no_leaf_is_lost(
    record: Described, more: dict[str, Any], data: st.DataObject
) -> None:
    told = sorted(record.schema["properties"])
    names = st.sampled_from(
        [*told, *map(str.upper, told), *map(str.title, told), "links", "_sdc_x"]
    )
    document = data.draw(st.dictionaries(names, ANY_JSON, max_size=5)) | more | {"id": 5}
    schema = record_schema(record.schema, record.parts.get)
    row = DocumentDecoder("record", schema).decode(document)
    assert errors(schema, row) == []
    assert leaves(row) == leaves(document)
    assert is_without_links(row)


@given(RECORDS, st.data())
def test_samples_alone_describe_their_documents(record: Described, data: st.DataObject) -> None:
    samples = data.draw(st.lists(record.values.map(lambda each: each | {"id": "5"}), min_size=1))
    schema = record_schema({}, lambda _: None, samples)
    decoder = DocumentDecoder("record", schema)
    for document in samples:
        row = decoder.decode(document)
        assert row[EXTRA] is None
        assert errors(schema, row) == []
        assert leaves(row) == leaves(document)
    assert Schema.from_dict(schema).to_dict() == schema


@given(RECORDS, st.lists(st.dictionaries(st.text(string.ascii_letters), ANY_JSON), max_size=3))
def test_what_samples_contradict_is_widened_to_hold_both(
    record: Described, samples: list[dict[str, Any]]
) -> None:
    samples = [each | {"id": 5} for each in samples]
    schema = record_schema(record.schema, record.parts.get, samples)
    decoder = DocumentDecoder("record", schema)
    for document in samples:
        row = decoder.decode(document)
        assert errors(schema, row) == []
        assert leaves(row) == leaves(document)
