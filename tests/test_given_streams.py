"""What a given catalog is taken for, and which of its streams cannot be read."""

import pytest
from singer_sdk.singerlib import CatalogEntry, Metadata, MetadataMapping, Schema, StreamMetadata

from tap_netsuite_tba.catalog import json_schema
from tap_netsuite_tba.given_streams import found_in
from tap_netsuite_tba.settings import read_settings
from tap_netsuite_tba.shipped import shipped_tables

SETTINGS = read_settings({"demo": True})


def entry_of(stream: str, replication_key: str | None) -> CatalogEntry:
    """Of a table, or of a record type that has no more than an id."""
    table = shipped_tables().get(stream)
    schema = json_schema(table) if table else {"properties": {"id": {"type": "integer"}}}
    root: Metadata = StreamMetadata(replication_key=replication_key)
    return CatalogEntry(
        stream, MetadataMapping({(): root}), Schema.from_dict(schema), stream=stream
    )


@pytest.mark.parametrize("stream", ["currency", "transaction", "record_customer"])
def test_a_replication_key_that_cannot_be_used_leaves_out_its_stream_alone(stream: str) -> None:
    other = entry_of("department", None)
    found = found_in([entry_of(stream, "memo"), other], SETTINGS)
    assert [each.name for each in found.tables] == ["department"]
    assert found.records == ()
    [left_out] = found.left_out
    assert left_out.stream == stream
    assert f"stream {stream} has the replication key memo, and the tap can use" in left_out.reason


def test_a_replication_key_that_is_the_tables_own_is_used() -> None:
    found = found_in([entry_of("transaction", "lastmodifieddate")], SETTINGS)
    assert [each.replication_key for each in found.tables] == ["lastmodifieddate"]
    assert found.left_out == ()
