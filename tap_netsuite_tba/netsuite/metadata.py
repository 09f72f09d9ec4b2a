"""The record types of an account, and their JSON Schemas, from its metadata catalog.

The catalog describes records of the record service, not tables of SuiteQL: names are written
another way, some properties are no columns, some columns are no properties. Some properties have
no type, and some references lead nowhere. A schema takes seconds.
"""

import html
import logging
import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    MalformedResponse,
    NetSuiteError,
    NotFound,
    RequestRefused,
    RetriesExhausted,
    TimedOut,
    is_refusal,
    said_by,
)
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Document, Get, Resource
from tap_netsuite_tba.tables import Column, ColumnType, Source, is_identifier

logger = logging.getLogger(__name__)

CATALOG = "metadata-catalog"
"""What the catalog is called, in messages too."""

FIRST_PATIENCE = 3.0
"""Seconds for which trouble is borne at one schema before something else is asked for."""

_PATH = f"/services/rest/record/v1/{CATALOG}"
_JSON = "application/json"
_SCHEMA = "application/schema+json"

_TYPES: Mapping[tuple[str, str], ColumnType] = {
    ("boolean", ""): ColumnType.BOOLEAN,
    ("integer", ""): ColumnType.INTEGER,
    ("number", ""): ColumnType.DECIMAL,
    ("string", "date"): ColumnType.DATE,
    ("string", "date-time"): ColumnType.DATETIME,
}
"""Column types by type, and format where it matters; all others are text."""

_OF_RECORDS_ONLY = frozenset({"links", "refname"})
# The schema says "string" of it.
_RECORD_ID = "id"
_INTEGER = re.compile(r"-?[0-9]+")
_TAG = re.compile(r"<[^>]*>")


class RecordCatalog:
    """Asks the metadata catalog of one account; may be used by many threads.

    Args:
        get: Gets a document.
    """

    def __init__(self, get: Get) -> None:
        self._get = get
        self._asking = threading.Lock()
        self._names: frozenset[str] | None = None
        self._schemas: dict[str, Document | None] = {}

    def names(self) -> frozenset[str]:
        """The record types that this role may see, in lower case; asked for once.

        Raises:
            RequestRefused: The role may not see the catalog.
            NetSuiteError: NetSuite could not be asked.
        """
        with self._asking:
            if self._names is None:
                self._names = self._list()
            return self._names

    def schema(self, name: str, wait_out: Callable[[], object] | None = None) -> Document | None:
        """The JSON Schema of a record type, asked for once; None if the catalog does not have it.

        Args:
            name: The record type.
            wait_out: Asks NetSuite for something else, which an outage keeps from coming; by
                default that is the list of record types.

        Raises:
            RequestRefused: The role may not see it, or NetSuite cannot make it.
            NetSuiteError: NetSuite could not be asked.
        """
        if name not in self._schemas:
            self._schemas[name] = self._asked_schema(name, wait_out)
        return self._schemas[name]

    def _asked_schema(self, name: str, wait_out: Callable[[], object] | None) -> Document | None:
        try:
            return self._schema(name, FIRST_PATIENCE)
        except NetSuiteError as error:
            if not _is_unable(error):
                raise
        # It is the schema's fault only if it comes again just after something else has answered, by
        # which an outage is waited out: soon, if the catalog itself has.
        with suppress(RequestRefused):
            (wait_out or self._list)()
        answers = wait_out is None or self._answers()
        try:
            return self._schema(name, FIRST_PATIENCE if answers else SHORT_PATIENCE)
        except NetSuiteError as error:
            if not _is_unable(error):
                raise
            logger.warning("%s It is done without.", said_by(error))
            raise RequestRefused(said_by(error)) from error

    def _schema(self, name: str, patience: float) -> Document | None:
        path, about = f"{_PATH}/{quote(name, safe='')}", f"{CATALOG}/{name}"
        try:
            return self._get(_optional(path, _SCHEMA, about, patience))
        except NotFound:
            return None

    def _answers(self) -> bool:
        """Whether the catalog has its list just now; asked once."""
        try:
            self._get(_optional(_PATH, _JSON, CATALOG, patience=0.0))
        except NetSuiteError as error:
            if not (_is_unable(error) or is_refusal(error) or isinstance(error, NotFound)):
                raise
            return not _is_unable(error)
        return True

    def _list(self) -> frozenset[str]:
        try:
            return _names(self._get(Resource(_PATH, _JSON, table=CATALOG)))
        except NotFound as error:
            raise RequestRefused(error.detail, status=error.status, table=CATALOG) from error


def _optional(path: str, media_type: str, about: str, patience: float) -> Resource:
    return Resource(
        path, media_type, table=about, patience=patience, is_optional=True, longest=patience
    )


def _is_unable(error: NetSuiteError) -> bool:
    """Whether trouble may be of one document: any but that there is no room for a request."""
    if isinstance(error, RetriesExhausted):
        return not isinstance(error.last, ConcurrencyLimitExceeded)
    return isinstance(error, TimedOut)


def _names(listed: Document) -> frozenset[str]:
    items = listed.get("items")
    if not isinstance(items, list):
        raise MalformedResponse("it is no list of record types", table=CATALOG)
    names = (item.get("name") for item in items if isinstance(item, dict))
    return frozenset(name.lower() for name in names if isinstance(name, str))


def columns_of(schema: Mapping[str, Any]) -> tuple[Column, ...]:
    """The properties of a record type that SuiteQL may have as columns, in alphabetical order.

    Args:
        schema: The JSON Schema.
    """
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return ()
    columns: dict[str, Column] = {}
    for name in sorted(properties):
        lowered = name.lower()
        is_column = is_identifier(lowered) and not _is_of_many(properties[name])
        if is_column and lowered not in _OF_RECORDS_ONLY:
            columns.setdefault(lowered, _column(lowered, properties[name]))
    return tuple(columns[name] for name in sorted(columns))


def columns_of_lines(schema: Mapping[str, Any]) -> tuple[Column, ...]:
    """The same of the rows of its sublists, such as the items of an order.

    Args:
        schema: The JSON Schema of the record type.
    """
    columns: dict[str, Column] = {}
    for sublist in _properties(schema).values():
        rows = _properties(sublist).get("items")
        row = rows.get("items") if isinstance(rows, dict) else None
        for column in columns_of(row) if isinstance(row, dict) else ():
            columns.setdefault(column.name, column)
    return tuple(columns[name] for name in sorted(columns))


def _is_of_many(described: object) -> bool:
    """Whether it is a sublist, or several records."""
    if not isinstance(described, dict):
        return False
    return "array" in _types(described) or "items" in _properties(described)


def _column(name: str, described: object) -> Column:
    if not isinstance(described, dict):
        return Column(name, ColumnType.TEXT, source=Source.METADATA)
    return Column(
        name,
        ColumnType.INTEGER if name == _RECORD_ID else _type(described),
        plain_words(described.get("description")),
        title=plain_words(described.get("title")),
        source=Source.METADATA,
    )


def _type(described: Mapping[str, Any]) -> ColumnType:
    if "$ref" in described:
        return ColumnType.INTEGER
    if "id" in _properties(described):
        return _type_of_reference(_properties(described))
    text_format = str(described.get("format"))
    for kind in _types(described):
        found = _TYPES.get((kind, text_format)) or _TYPES.get((kind, ""))
        if found:
            return found
    return ColumnType.TEXT


def _type_of_reference(properties: Mapping[str, Any]) -> ColumnType:
    """An integer; text if its ids, listed or of something that is no record, are words."""
    listed = properties["id"].get("enum") if isinstance(properties["id"], dict) else None
    if listed:
        are_integers = all(_INTEGER.fullmatch(str(each)) for each in listed)
    else:
        are_integers = "links" in properties
    return ColumnType.INTEGER if are_integers else ColumnType.TEXT


def _properties(described: object) -> Mapping[str, Any]:
    properties = described.get("properties") if isinstance(described, dict) else None
    return properties if isinstance(properties, dict) else {}


def _types(described: Mapping[str, Any]) -> list[str]:
    """The types that a value may have; JSON Schema takes one, several or none."""
    types = described.get("type")
    return [str(each) for each in types] if isinstance(types, list) else [str(types)]


def plain_words(text: object) -> str:
    """A text without its HTML, in one line."""
    plain = html.unescape(_TAG.sub(" ", text)) if isinstance(text, str) else ""
    return " ".join(plain.split())
