"""Where the ids of a record type are: proven by the very queries that will read them."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest

from tap_netsuite_tba.decoding import Row, RowDecoder
from tap_netsuite_tba.discovery.columns import prove_columns
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    QueryRefused,
    is_refusal,
    is_unanswerable,
    said_by,
)
from tap_netsuite_tba.netsuite.query import SHORT_PATIENCE, Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import Since, expressions, select_rows
from tap_netsuite_tba.record_ids import is_known, ways_to_ids, with_columns
from tap_netsuite_tba.record_types import stream_of
from tap_netsuite_tba.tables import DELETED_AT, Column, Table

logger = logging.getLogger(__name__)

_OF_EITHER_END = 3
"""How many rows are looked at, newest and oldest ones."""


@dataclass(frozen=True)
class Ids:
    """Where the ids of a record type are, and a few of its rows, new and old ones in turn."""

    table: Table
    rows: tuple[Row, ...]

    @property
    def sample(self) -> tuple[int, ...]:
        """The ids of these rows."""
        return tuple(row[self.table.key[0]] for row in self.rows)

    @property
    def are_dated(self) -> bool:
        """Whether each of them has a modification date."""
        cursor = self.table.cursor
        return cursor is not None and all(row[cursor] for row in self.rows)


def proven_ids(name: str, fetch: Fetch, can_be_read: Callable[[Ids], bool]) -> Ids:
    """The first way to the ids of a record type that has rows, or else that NetSuite takes.

    Args:
        name: The record type.
        fetch: Sends a query.
        can_be_read: Whether the record service gives the first of such records.

    Raises:
        RequestRefused: It takes none.
        NetSuiteError: NetSuite could not be asked.
        ExtractionError: Its ids are no integers.
    """
    empty: Ids | None = None
    refused: NetSuiteError | None = None
    for way in ways_to_ids(name):
        try:
            table = _proven(way, fetch)
            ids = Ids(table, sampled_ids(table, fetch))
        except NetSuiteError as error:
            if not is_refusal(error):
                raise
            refused = refused or error
            continue
        if way.cursor and not is_known(name) and not ids.are_dated:
            continue  # Its date may be called otherwise, or tell nothing.
        # Where no row was of the type by its own name, one by another may be of a type like it.
        if ids.rows and (empty is None or can_be_read(ids)):
            return ids
        # That no transaction is of a type that nothing tells of proves no such type.
        if is_known(name) or not way.only:
            empty = empty or ids
    if empty:
        return empty
    raise refused or QueryRefused("It has no records.", table=stream_of(name))


def _proven(ids: Table, fetch: Fetch) -> Table:
    """The ids with their modification date, if NetSuite gives that as an instant."""
    proven = prove_columns(ids, ids.columns, fetch)
    accepted = ids.with_columns(proven.accepted)
    if not set(ids.key) <= set(accepted.column_names):
        raise QueryRefused(proven.refused[0].reason, table=ids.name, path=ids.key[0])
    dated = accepted.without_missing_cursor()
    if dated.cursor != ids.cursor:
        return with_columns(ids, None)
    return _with_proven_lines(dated, fetch) if dated.lines else dated


def _with_proven_lines(ids: Table, fetch: Fetch) -> Table:
    """The ids with the lines by which their records change, if NetSuite can tell these."""
    text = select_rows(ids, _selected(ids), since=Since(datetime.now(UTC)))
    query = Query(text, limit=1, table=ids.name, patience=SHORT_PATIENCE, is_optional=True)
    try:
        fetch(query)
    except NetSuiteError as error:
        if not is_unanswerable(error):
            raise
        logger.warning(
            "NetSuite does not tell which lines of %s changed by themselves, so a record is read "
            "again only if its own date moved. %s",
            ids.name,
            said_by(error),
        )
        return ids.without_line_cursor()
    return ids


def sampled_ids(ids: Table, fetch: Fetch) -> tuple[Row, ...]:
    """The newest row, the oldest, the newest but one, and so on."""
    newest = _some(ids, fetch, descending=True)
    if len(newest) < _OF_EITHER_END:
        return tuple(newest)
    oldest = _some(ids, fetch)
    in_turn = (row for pair in zip_longest(newest, oldest) for row in pair if row)
    return tuple({row[ids.key[0]]: row for row in in_turn}.values())


def _some(ids: Table, fetch: Fetch, *, descending: bool = False) -> list[Row]:
    columns = _selected(ids)
    text = select_rows(ids, columns, descending=descending)
    page = fetch(Query(text, limit=_OF_EITHER_END, table=ids.name))
    return RowDecoder(ids.name, columns, ids.key, expressions(columns)).decode(page.items)


def _selected(ids: Table) -> tuple[Column, ...]:
    return tuple(column for column in ids.columns if column.name != DELETED_AT)
