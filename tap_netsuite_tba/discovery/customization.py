"""What the account added to NetSuite: custom fields, record types, lists and segments."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import NamedTuple, TypeVar

from tap_netsuite_tba.decoding import Row, RowDecoder
from tap_netsuite_tba.discovery.columns import prove_columns
from tap_netsuite_tba.errors import ExtractionError
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused, is_fault, is_refusal
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, SHORT_PATIENCE, Fetch, Page, Query
from tap_netsuite_tba.netsuite.suiteql import select_rows
from tap_netsuite_tba.tables import Column, ColumnType, Table

# Accounts differ in which of the two ids a list shows.
_KEYS = ("internalid", "id")


@dataclass(frozen=True)
class CustomRecord:
    """A custom record type, or a custom list; texts as NetSuite gives them, empty for null.

    The names are those of NetSuite's columns, here and below.
    """

    internalid: str = ""
    scriptid: str = ""
    name: str = ""
    description: str = ""


@dataclass(frozen=True)
class CustomSegment:
    """A custom segment; its values are the records of a custom record type."""

    scriptid: str = ""
    name: str = ""
    recordtype: str = ""


@dataclass(frozen=True)
class CustomField:
    """A custom field.

    Attributes:
        scriptid: The name of its column, mostly in upper case.
        fieldtype: The family, in words that are not documented: BODY, COLUMN, OTHER…
        fieldvaluetype: What its values are: `Check Box`, `List/Record`…
        fieldvaluetyperecord: Of which list or record type its values are, as an id or a name.
        recordtype: The record type that it belongs to, likewise.
        isinactive: `T` or `F`.
    """

    scriptid: str = ""
    name: str = ""
    description: str = ""
    fieldtype: str = ""
    fieldvaluetype: str = ""
    fieldvaluetyperecord: str = ""
    recordtype: str = ""
    isinactive: str = ""


@dataclass(frozen=True)
class Customization:
    """What the account added to NetSuite, as far as the role may see it.

    Attributes:
        unseen: The lists that could not be read, each with NetSuite's words.
    """

    fields: tuple[CustomField, ...] = ()
    record_types: tuple[CustomRecord, ...] = ()
    lists: tuple[CustomRecord, ...] = ()
    segments: tuple[CustomSegment, ...] = ()
    unseen: Mapping[str, str] = field(default_factory=dict)


Entry = TypeVar("Entry", CustomField, CustomRecord, CustomSegment)


def read_customization(fetch: Fetch, workers: Workers) -> Customization:
    """Reads NetSuite's four lists at the same time, each in one request if it is short.

    Raises:
        NetSuiteError: NetSuite could not be asked.
        ExtractionError: A list could not be understood, not even when it was asked for again.
    """
    begun = {
        name: workers.submit(partial(_begin, name, entry, fetch)) for name, entry in _LISTS.items()
    }
    unseen: dict[str, str] = {}

    def entries(name: str, entry: type[Entry]) -> tuple[Entry, ...]:
        try:
            rows = _rows(begun[name].result(), fetch, workers)
        except NetSuiteError as error:
            if not is_refusal(error):
                raise
            unseen[name] = error.detail
            return ()
        found = (_entry(entry, row) for row in rows)
        return tuple(each for each in found if each.scriptid)

    return Customization(
        fields=entries("customfield", CustomField),
        record_types=entries("customrecordtype", CustomRecord),
        lists=entries("customlist", CustomRecord),
        segments=entries("customsegment", CustomSegment),
        unseen=unseen,
    )


_LISTS: Mapping[str, type] = {
    "customfield": CustomField,
    "customrecordtype": CustomRecord,
    "customlist": CustomRecord,
    "customsegment": CustomSegment,
}


class _Begun(NamedTuple):
    """The columns that the account shows of a list, the id among them, and the first page."""

    selection: Selection
    page: Page


def _begin(name: str, entry: type, fetch: Fetch) -> _Begun:
    """The first page of a list, with the columns that the account shows.

    Raises:
        RequestRefused: The list cannot be read.
        NetSuiteError: NetSuite could not be asked.
    """
    texts = tuple(Column(each.name, ColumnType.TEXT) for each in fields(entry))
    wished = tuple(column for column in texts if column.name not in _KEYS)
    keys = tuple(Column(key, ColumnType.INTEGER) for key in _KEYS)
    try:
        return _ask(Table(name, _KEYS[:1], (keys[0], *wished)), fetch)
    except NetSuiteError as error:
        if not (is_refusal(error) or is_fault(error)):
            raise
    asked = Table(name, ("scriptid",), (*keys, *wished))
    shown = prove_columns(asked, asked.columns, fetch).accepted
    if "scriptid" not in {column.name for column in shown}:
        raise QueryRefused("It does not show its script ids.", table=name)
    ids = tuple(column for column in shown if column.name in _KEYS)[:1]
    others = tuple(column for column in shown if column.name not in _KEYS)
    key = tuple(column.name for column in ids) or asked.key
    begun = _ask(Table(name, key, ids + others), fetch)
    if not (ids or _is_whole(begun.page)):
        raise QueryRefused("It does not show its ids, by which it could be read on.", table=name)
    return begun


def _ask(table: Table, fetch: Fetch) -> _Begun:
    # A column that NetSuite cannot read may be answered as a server's fault.
    text = select_rows(table, table.columns)
    page = fetch(Query(text, table=table.name, patience=SHORT_PATIENCE))
    return _Begun(Selection(table, table.columns), page)


def _rows(begun: _Begun, fetch: Fetch, workers: Workers) -> list[Row]:
    """All rows of a list; one that is not whole in its first page is read as tables are.

    Raises:
        NetSuiteError: A page could not be had.
        ExtractionError: A page could not be understood.
    """
    selection, page = begun
    if _is_whole(page):
        with suppress(ExtractionError):
            rows = _decoded(selection, page)
            if len(rows) == page.count:
                return rows
    chunks = Reader(selection, fetch, workers, Progress()).chunks()
    return [row for chunk in filter(None, chunks) for row in chunk.rows]


def _is_whole(page: Page) -> bool:
    is_counted = page.total_results in {None, page.count}
    return is_counted and not page.has_more and page.count < PAGE_ROWS


def _decoded(selection: Selection, page: Page) -> list[Row]:
    # Ids that are no integers are no reason to do without the list.
    texts = tuple(replace(column, type=ColumnType.TEXT) for column in selection.columns)
    return RowDecoder(selection.table.name, texts, ()).decode(page.items)


def _entry(entry: type[Entry], row: Row) -> Entry:
    found = {name: str(value) for name, value in row.items() if value is not None}
    if "id" in found:
        found["internalid"] = found.pop("id")
    return entry(**{each.name: found.get(each.name, "") for each in fields(entry)})
