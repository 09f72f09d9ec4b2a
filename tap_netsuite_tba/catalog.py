"""Tables as Singer's catalog has them, and back."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from singer_sdk.singerlib import CatalogEntry
from singer_sdk.singerlib.catalog import StreamMetadata

from tap_netsuite_tba.decoding import INTEGER_MAX, INTEGER_MIN
from tap_netsuite_tba.discovery.customtables import FAMILIES_BY_PREFIX, RECORD
from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.extraction.logged import normal_type
from tap_netsuite_tba.labels import with_labels_told
from tap_netsuite_tba.own_queries import AS_WRITTEN_TOLD, OwnQuery
from tap_netsuite_tba.shipped import family, shipped_tables
from tap_netsuite_tba.tables import (
    PARENT_MODIFIED_AT,
    Column,
    ColumnType,
    Form,
    Group,
    Table,
    is_identifier,
)

_JSON_TYPES: Mapping[ColumnType, Mapping[str, Any]] = {
    # The bounds let loaders choose BIGINT.
    ColumnType.INTEGER: {"type": "integer", "minimum": INTEGER_MIN, "maximum": INTEGER_MAX},
    ColumnType.DECIMAL: {"type": "number"},
    ColumnType.BOOLEAN: {"type": "boolean"},
    ColumnType.DATE: {"type": "string", "format": "date"},
    ColumnType.DATETIME: {"type": "string", "format": "date-time"},
    ColumnType.TEXT: {"type": "string"},
    ColumnType.MULTISELECT: {"type": "array", "items": {"type": "integer"}},
}
_COLUMN_TYPES = {
    (described["type"], described.get("format")): kind for kind, described in _JSON_TYPES.items()
}

_WITHOUT_ZONE = "NetSuite keeps it without a time zone."
"""Tells in a column's description of its form, for which JSON Schema has no word."""


def json_schema(table: Table) -> dict[str, Any]:
    """The JSON Schema of a table's records; every column but the key may be null.

    A multiple select is an array of internal ids, which target-postgres loads as `bigint[]` and
    target-duckdb as JSON. Its mapping table has the same ids in rows.
    """
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            column.name: _described(column, nullable=column.name not in table.key)
            for column in table.columns
        },
    }
    if table.description:
        schema["description"] = table.description
    # An empty list is no JSON Schema before draft 6.
    return schema | ({"required": list(table.key)} if table.key else {})


def json_type(kind: ColumnType, *, nullable: bool = True) -> dict[str, Any]:
    """What JSON Schema calls values of a type."""
    described = dict(_JSON_TYPES[kind])
    return described | {"type": [described["type"], "null"]} if nullable else described


def table_from_entry(entry: CatalogEntry, include_labels: Collection[str]) -> Table:
    """The table that a catalog entry describes, without asking NetSuite.

    Read of the entry are `stream` or else `tap_stream_id`; of its schema `properties`, each with
    `type`, `format`, `title` and `description`. Of a table whose columns this package does not
    know also `key_properties` or else the metadata's `table-key-properties`; the metadata's
    `valid-replication-keys` or else `replication-key`, or the entry's `replication_key`.

    Args:
        entry: As `--discover` wrote it, or somebody else.
        include_labels: The setting: it tells which columns are labels.

    Raises:
        ConfigurationError: SuiteQL does not take a name, or the key is not among the columns.
    """
    name = entry.stream or entry.tap_stream_id
    if not is_identifier(name):
        raise unusable_catalog(f"has the stream {name!r}, which is no name that SuiteQL takes")
    properties = entry.schema.to_dict().get("properties", {})
    if unusable := [column for column in properties if not is_identifier(column)]:
        raise unusable_catalog(
            f"has columns that SuiteQL does not take: {', '.join(unusable)}", stream=name
        )
    base = _base(name)
    key = base.key if base.columns else _key(entry)
    if missing := [column for column in key if column not in properties]:
        raise unusable_catalog(f"lacks its key {', '.join(missing)}", stream=name)
    if not properties:
        raise unusable_catalog("has no columns", stream=name)
    table = base if base.columns else replace(base, key=key, cursor=_cursor(entry, properties))
    if table.parent is None and PARENT_MODIFIED_AT in properties:
        raise unusable_catalog("is of lines, and of which records is not known", stream=name)
    known = {column.name: column for column in table.columns}
    columns = tuple(
        _column(column, described, known.get(column)) for column, described in properties.items()
    )
    return with_labels_told(table.with_columns(columns), include_labels).without_missing_cursor()


def query_from_entry(entry: CatalogEntry, query: OwnQuery) -> Table:
    """The table that the result of a query is, with the columns of a catalog entry.

    Args:
        entry: As `--discover` wrote it; read of it are the properties of its schema.
        query: The query of its name, whose text the settings have.

    Raises:
        ConfigurationError: The entry does not fit the query, as when the setting was changed.
    """
    properties = entry.schema.to_dict().get("properties", {})
    if unusable := [column for column in properties if not is_identifier(column)]:
        raise unusable_catalog(
            f"has columns that SuiteQL does not take: {', '.join(unusable)}", stream=query.name
        )
    if _key(entry) != query.primary_keys:
        raise unusable_catalog(
            f"has the key {', '.join(_key(entry)) or 'none'}, and the setting queries gives it "
            f"{', '.join(query.primary_keys) or 'none'}",
            stream=query.name,
        )
    cursor = given_replication_key(entry)
    if cursor not in {None, query.replication_key}:
        raise unusable_catalog(
            f"has the replication key {cursor}, and the setting queries gives it "
            f"{query.replication_key or 'none'}",
            stream=query.name,
        )
    columns = tuple(_column(name, described, None) for name, described in properties.items())
    is_as_written = entry.schema.to_dict().get("description") == AS_WRITTEN_TOLD
    table = query.as_written(columns) if is_as_written else query.table(columns)
    needed = [*query.primary_keys, *filter(None, [query.replication_key])]
    if missing := [name for name in needed if name not in properties]:
        raise unusable_catalog(f"lacks its key {', '.join(missing)}", stream=query.name)
    if not columns or table.without_missing_cursor() != table:
        what = f"tells no instants by {query.replication_key}" if columns else "has no columns"
        raise unusable_catalog(what, stream=query.name)
    return table


def given_replication_key(entry: CatalogEntry) -> str | None:
    """The replication key that a catalog entry gives its stream; None if it gives none."""
    return entry.replication_key or _root(entry).replication_key


def _base(name: str) -> Table:
    """What this package knows of a table; of one that it does not ship neither key nor columns."""
    if shipped := shipped_tables().get(name):
        return shipped
    families = FAMILIES_BY_PREFIX.items()
    kind = next((kind for prefix, kind in families if name.startswith(prefix)), None)
    if kind is None:
        return Table(name, (), (), group=Group.DETAIL)
    deleted_types = frozenset({normal_type(name)} if kind == RECORD else ())
    return replace(family(kind), name=name, columns=(), deleted_types=deleted_types)


def _key(entry: CatalogEntry) -> tuple[str, ...]:
    return tuple(entry.key_properties or _root(entry).table_key_properties or ())


def _cursor(entry: CatalogEntry, properties: Collection[str]) -> str | None:
    root = _root(entry)
    named = [*(root.valid_replication_keys or []), root.replication_key, entry.replication_key]
    return next((name for name in named if name in properties), None)


def _root(entry: CatalogEntry) -> StreamMetadata:
    """What the metadata says of the stream itself; a look into it must add nothing to it."""
    root = entry.metadata.get(())
    return root if isinstance(root, StreamMetadata) else StreamMetadata()


def unusable_catalog(what: str, stream: str | None = None) -> ConfigurationError:
    """What is to be raised of a catalog that cannot be used.

    Args:
        what: What is wrong with it, as the end of a sentence.
        stream: The stream that it is wrong with.
    """
    where = f"The catalog's stream {stream}" if stream else "The catalog"
    return ConfigurationError(f"{where} {what}; discover a new catalog with --discover.")


def _described(column: Column, *, nullable: bool) -> dict[str, Any]:
    described = json_type(column.type, nullable=nullable)
    texts = {"title": column.title, "description": _description(column)}
    return described | {name: text for name, text in texts.items() if text}


def _description(column: Column) -> str:
    """What is known of a column, as sentences."""
    added = []
    named = re.findall(r"\w+", column.description.lower())
    if column.references and column.references not in named:
        rows = "ids of rows" if column.type is ColumnType.MULTISELECT else "id of a row"
        added.append(f"Internal {rows} of {column.references}.")
    if column.form is Form.LOCAL:
        added.append(_WITHOUT_ZONE)
    # What accounts say of their fields need not end as a sentence does.
    stop = "." if added and column.description[-1:].isalnum() else ""
    return " ".join(filter(None, [column.description + stop, *added]))


def _column(name: str, described: Mapping[str, Any], known: Column | None) -> Column:
    description = described.get("description", "")
    form = Form.LOCAL if description.endswith(_WITHOUT_ZONE) else Form.USUAL
    column = known or Column(
        name,
        ColumnType.TEXT,
        description.removesuffix(_WITHOUT_ZONE).strip(),
        title=described.get("title", ""),
    )
    return replace(column, type=_column_type(described), form=form)


def _column_type(described: Mapping[str, Any]) -> ColumnType:
    types = described.get("type", [])
    names = [types] if isinstance(types, str) else [name for name in types if name != "null"]
    name = names[0] if names else "string"
    return _COLUMN_TYPES.get((name, described.get("format")), ColumnType.TEXT)
