"""Rows that are gone: named by NetSuite's log of deletions, and proven to be absent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tap_netsuite_tba.decoding import Row, RowDecoder
from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import select_deletions, select_present
from tap_netsuite_tba.tables import Column, ColumnType, Table

_LOG = RowDecoder(
    "deletedrecord",
    (
        Column("recordid", ColumnType.INTEGER),
        Column("type", ColumnType.TEXT),
        Column("scriptid", ColumnType.TEXT),
        Column("deleteddate", ColumnType.DATETIME),
    ),
    ("recordid", "deleteddate"),
    expressions=("deleteddate",),
)


@dataclass(frozen=True)
class Deletions:
    """What was deleted since an instant.

    Attributes:
        keys: Of the table's rows, each with the instant of its deletion.
        other_types: The types of records that the log names besides, as it calls them.
    """

    keys: dict[int, str]
    other_types: frozenset[str]


def find_deletions(table: Table, fetch: Fetch, since: datetime) -> Deletions:
    """The rows of a table that were deleted since an instant.

    The log names records by type and id. What its types are called is not documented, so a type
    counts if its name or its script id is one of the table's, and a key only if SuiteQL confirms
    that the table does not have it any more.

    Args:
        table: A table whose key is one column.
        fetch: Sends a query.
        since: Deletions at this instant or later.

    Raises:
        QueryRefused: The role may not see the log.
        OrderViolation: An answer is not whole.
        NetSuiteError: NetSuite could not be asked.
    """
    logged: dict[int, str] = {}
    other_types = set()
    for deletion in _log(fetch, since):
        names = [deletion["type"] or "", deletion["scriptid"] or ""]
        if table.deleted_types.intersection(map(normal_type, names)):
            logged[deletion["recordid"]] = deletion["deleteddate"]
        else:
            other_types.add(next(filter(None, names), "(unnamed)"))
    key = tuple(column for column in table.columns if column.name in table.key)
    decoder = RowDecoder(table.name, key, table.key)
    keys = sorted(logged)
    for start in range(0, len(keys), PAGE_ROWS):
        for present in _present(table, keys[start : start + PAGE_ROWS], decoder, fetch):
            del logged[present]
    return Deletions(logged, frozenset(other_types))


def _present(table: Table, keys: list[int], decoder: RowDecoder, fetch: Fetch) -> set[int]:
    """Which of the keys the table has: asked until an answer says that it has no more of them.

    An answer may be short of rows that are there, and they must not be buried alive.
    """
    present: set[int] = set()
    while missing := [key for key in keys if key not in present]:
        page = fetch(Query(select_present(table, missing), table=table.name))
        found = {row[table.key[0]] for row in decoder.decode(page.items)} & set(missing)
        if not found and (page.count or page.has_more or page.total_results):
            raise OrderViolation(
                f"NetSuite's answer to which of some rows {table.name} has is not whole. Nothing "
                f"was deleted; the next run asks again.",
                table=table.name,
            )
        if not found:
            break
        present |= found
    return present


def normal_type(name: str) -> str:
    """The name of a record type in lower-case letters and digits: `Sales Order` is `salesorder`."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _log(fetch: Fetch, since: datetime) -> Iterator[Row]:
    """The log in pages: each begins at the last id of the one before, whose rows may go on."""
    after = None
    while True:
        page = fetch(Query(select_deletions(since, after), table=_LOG.table))
        rows = _LOG.decode(page.items)
        ids = [row["recordid"] for row in rows]
        if len(rows) != page.count or ids != sorted(ids) or (page.has_more and not rows):
            raise OrderViolation(
                "A page of NetSuite's log of deletions is not whole or not in order. Nothing was "
                "deleted; the next run asks again.",
                table=_LOG.table,
            )
        yield from rows
        hinted = (page.total_results or 0) > len(rows)
        if not rows or (len(rows) < PAGE_ROWS and not page.has_more and not hinted):
            return
        last = ids[-1]
        if last == after and len(rows) < PAGE_ROWS:
            last += 1  # All of this id came again: on behind it.
        elif last == after:
            raise OrderViolation(
                f"NetSuite's log of deletions has {PAGE_ROWS} entries or more of the id {last}. "
                f"Nothing was deleted; the next run asks again.",
                table=_LOG.table,
            )
        after = last
