"""Record types in a catalog, and back: a given catalog is enough to read by."""

import json
from dataclasses import replace
from typing import Any

import pytest
from singer_sdk.singerlib import CatalogEntry

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.record_entries import record_from_entry, schema_of_stream
from tap_netsuite_tba.record_ids import is_known, known_types, ways_to_ids, with_columns
from tap_netsuite_tba.record_types import RecordType, stream_of
from tap_netsuite_tba.tables import Form, Table

DOCUMENT = {
    "type": "object",
    "properties": {
        "id": {"type": ["string", "null"], "title": "Internal ID"},
        "lastModifiedDate": {"type": ["string", "null"], "format": "date-time"},
        "memo": {"type": ["string", "null"]},
    },
}


def entry(name: str, schema: dict[str, Any]) -> CatalogEntry:
    """As it comes from a file."""
    described = {"tap_stream_id": stream_of(name), "schema": json.loads(json.dumps(schema))}
    return CatalogEntry.from_dict(described | {"metadata": []})


def again(name: str, ids: Table) -> RecordType:
    return record_from_entry(entry(name, schema_of_stream(name, ids, DOCUMENT)))


def local(ids: Table) -> Table:
    columns = (
        replace(column, form=Form.LOCAL) if column.name == ids.cursor else column
        for column in ids.columns
    )
    return ids.with_columns(tuple(columns))


@pytest.mark.parametrize("name", ["salesorder", "inventoryitem", "customer", "customrecord_x", "y"])
def test_however_its_ids_were_found_they_are_found_again(name: str) -> None:
    for way in ways_to_ids(name):
        dated = (way, local(way), way.without_line_cursor(), local(way).without_line_cursor())
        undated = with_columns(way, None) if is_known(name) else ways_to_ids(name)[-1]
        for ids in (*dated, undated):
            record = again(name, ids)
            assert record.ids == ids
            assert record.schema == schema_of_stream(name, ids, DOCUMENT)


def test_a_schema_that_does_not_tell_it_has_the_likeliest() -> None:
    record = record_from_entry(entry("salesorder", DOCUMENT))
    assert record.ids == ways_to_ids("salesorder")[0]
    assert record.cursor == "lastModifiedDate"


def test_without_a_modification_date_it_is_read_whole() -> None:
    record = record_from_entry(entry("customer", {"properties": {"id": {"type": "integer"}}}))
    assert record.ids.cursor is None
    assert record.ids.column_names == ("id", "_sdc_deleted_at")


@pytest.mark.parametrize(("name", "schema"), [("sales order", DOCUMENT), ("customer", {})])
def test_what_is_no_record_type_is_refused(name: str, schema: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="discover a new catalog"):
        record_from_entry(entry(name, schema))


def test_the_id_is_an_integer_and_the_date_is_there_though_documents_lack_it() -> None:
    [ids] = ways_to_ids("customrecord_x")
    schema = schema_of_stream("customrecord_x", ids, {"properties": {"id": {"type": "string"}}})
    assert schema["properties"]["id"]["type"] == "integer"
    assert RecordType("customrecord_x", ids, schema).cursor == "lastmodified"


@pytest.mark.parametrize("name", known_types())
def test_each_known_type_is_some_rows_of_a_table(name: str) -> None:
    for ids in ways_to_ids(name):
        assert is_known(name)
        assert ids.source != name
        assert ids.cursor is None or ids.deleted_types
        assert ids.is_read_by_ranges
