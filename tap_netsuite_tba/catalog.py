"""Tables as Singer's catalog has them, and back."""

from collections.abc import Mapping
from typing import Any

from singer_sdk.singerlib import CatalogEntry

from tap_netsuite_tba.decoding import INTEGER_MAX, INTEGER_MIN
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.shipped import shipped_tables
from tap_netsuite_tba.tables import Column, ColumnType, Table, is_identifier

_JSON_TYPES: Mapping[ColumnType, Mapping[str, Any]] = {
    # The bounds let loaders choose BIGINT.
    ColumnType.INTEGER: {"type": "integer", "minimum": INTEGER_MIN, "maximum": INTEGER_MAX},
    ColumnType.DECIMAL: {"type": "number"},
    ColumnType.BOOLEAN: {"type": "boolean"},
    ColumnType.DATE: {"type": "string", "format": "date"},
    ColumnType.DATETIME: {"type": "string", "format": "date-time"},
    ColumnType.TEXT: {"type": "string"},
}
_COLUMN_TYPES = {
    (described["type"], described.get("format")): kind for kind, described in _JSON_TYPES.items()
}


def json_schema(table: Table) -> dict[str, Any]:
    """The JSON Schema of a table's records; every column but the key may be null."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            column.name: _described(column, nullable=column.name not in table.key)
            for column in table.columns
        },
    }
    # An empty list is no JSON Schema before draft 6.
    return schema | ({"required": list(table.key)} if table.key else {})


def table_from_entry(entry: CatalogEntry) -> Table:
    """The table that a catalog entry describes, without asking NetSuite.

    Raises:
        ConfigurationError: The entry is not of a table that this tap knows.
    """
    name = entry.stream or entry.tap_stream_id
    known = shipped_tables().get(name)
    if known is None:
        raise ConfigurationError(
            f"The catalog has the stream {name}, which this version does not know; discover a new "
            f"catalog with --discover."
        )
    properties = entry.schema.to_dict().get("properties", {})
    if unusable := [column for column in properties if not is_identifier(column)]:
        raise ConfigurationError(
            f"The catalog's stream {name} has columns that SuiteQL does not take: "
            f"{', '.join(unusable)}; discover a new catalog with --discover."
        )
    columns = tuple(
        Column(column, _column_type(described), described.get("description", ""))
        for column, described in properties.items()
    )
    if missing := [column for column in known.key if column not in properties]:
        raise ConfigurationError(
            f"The catalog's stream {name} lacks its key {', '.join(missing)}; discover a new "
            f"catalog with --discover."
        )
    return known.with_columns(columns).without_missing_cursor()


def _described(column: Column, *, nullable: bool) -> dict[str, Any]:
    described = dict(_JSON_TYPES[column.type])
    if nullable:
        described["type"] = [described["type"], "null"]
    return described | ({"description": column.description} if column.description else {})


def _column_type(described: Mapping[str, Any]) -> ColumnType:
    types = described.get("type", [])
    names = [types] if isinstance(types, str) else [name for name in types if name != "null"]
    name = names[0] if names else "string"
    return _COLUMN_TYPES.get((name, described.get("format")), ColumnType.TEXT)
