"""Record types as Singer's catalog has them, and back."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from singer_sdk.singerlib import CatalogEntry

from tap_netsuite_tba.catalog import json_type, unusable_catalog
from tap_netsuite_tba.record_ids import ways_to_ids, with_columns
from tap_netsuite_tba.record_types import STREAM_PREFIX, RecordType, modified_property
from tap_netsuite_tba.tables import DELETED_AT, ColumnType, Form, Table, is_identifier

RECORD_ID = "id"
"""The property of documents that is the key of their stream."""


def schema_of_stream(name: str, ids: Table, documents: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON Schema of a stream of documents; its description tells how their ids are found.

    JSON Schema has no word for that, and a catalog is to be enough to read by.

    Args:
        name: The record type.
        ids: Its ids.
        documents: The JSON Schema of its documents.
    """
    properties = dict(documents.get("properties", {}))
    own = {RECORD_ID: properties.pop(RECORD_ID, {}) | json_type(ColumnType.INTEGER, nullable=False)}
    if ids.deleted_types:
        deleted = "When the record was deleted in NetSuite; null in records that are there."
        own[DELETED_AT] = json_type(ColumnType.DATETIME) | {"description": deleted}
    schema = {**documents, "properties": own | properties, "required": [RECORD_ID]}
    if ids.cursor and modified_property(schema, ids.cursor) is None:
        modified = "When the record was last changed."
        own[ids.cursor] = json_type(ColumnType.DATETIME) | {"description": modified}
        schema["properties"] = own | properties
    schema["description"] = f"Documents of the record type {name}. {_told(ids)}"
    return schema


def record_from_entry(entry: CatalogEntry) -> RecordType:
    """The record type that a catalog entry describes, without asking NetSuite.

    Read of the entry are its name and its schema. Where that does not tell how the ids are found,
    they are taken from where such types mostly have them.

    Raises:
        ConfigurationError: It is no record type, or has no id.
    """
    stream = entry.stream or entry.tap_stream_id
    name = stream.removeprefix(STREAM_PREFIX)
    if not is_identifier(name):
        raise unusable_catalog(f"has the stream {stream!r}, which is of no record type")
    schema = entry.schema.to_dict()
    if RECORD_ID not in schema.get("properties", {}):
        raise unusable_catalog(f"lacks its key {RECORD_ID}", stream=stream)
    ways = [*_ways(name)]
    description = schema.get("description", "")
    ids = next((way for way in ways if description.endswith(_told(way))), ways[0])
    if ids.cursor and modified_property(schema, ids.cursor) is None:
        ids = with_columns(ids, None)
    return RecordType(name, ids, schema)


def _told(ids: Table) -> str:
    """Where the ids of a record type are, in a sentence."""
    only = " and ".join(f"{column} = '{text}'" for column, text in ids.only)
    where = f" where {only}" if only else ""
    zone = " without a time zone" if ids.cursor_form is Form.LOCAL else ""
    changed = f", changed at {ids.cursor}{zone}" if ids.cursor else ""
    if ids.lines:
        changed += f" or {ids.lines.table}.{ids.lines.cursor}"
    return f"Its ids are {ids.source}.{ids.key[0]}{where}{changed}."


def _ways(name: str) -> Iterator[Table]:
    """All that may have been found of the ids of a record type."""
    ways = ways_to_ids(name)
    for way in ways:
        local = (
            replace(column, form=Form.LOCAL) if column.name == way.cursor else column
            for column in way.columns
        )
        dated = (way, way.with_columns(tuple(local)))
        yield from (each for table in dated for each in (table, table.without_line_cursor()))
    yield from (with_columns(way, None) for way in ways)
