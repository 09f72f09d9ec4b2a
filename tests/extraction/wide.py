"""Tables of many columns: accounts that hold them, and how their rows are read and recognised."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.passes import Pass, read_pass
from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Fetch, Query
from tap_netsuite_tba.netsuite.suiteql import Since
from tap_netsuite_tba.tables import Column, ColumnType, KeyValue, Table

from .account import BEGIN, WIDE_KEY, MemoryAccount, text_of

WORKERS = Workers(1)
"""One, so that what happens between two groups happens between them each time."""
MODIFIED = Column("lastmodifieddate", ColumnType.DATETIME)
WIDE_KEY_WITH_CURSOR = replace(
    WIDE_KEY, columns=(*WIDE_KEY.columns, MODIFIED), cursor=MODIFIED.name
)
KEYS_OF_THREE: list[KeyValue] = [
    (leading, line, book) for leading in range(40) for line in range(30) for book in (1, 2)
]


def account_of(table: Table, rows: int) -> MemoryAccount:
    keys = [(key,) for key in range(rows)] if len(table.key) == 1 else KEYS_OF_THREE[:rows]
    return MemoryAccount(table, dict.fromkeys(keys, BEGIN))


def rows_of(account: MemoryAccount, fetch: Fetch | None = None) -> list[Row]:
    selection = Selection(account.table, account.table.columns)
    reader = Reader(selection, fetch or account.fetch, WORKERS, Progress())
    return [row for chunk in reader.chunks() if chunk for row in chunk.rows]


def rows_of_pass(account: MemoryAccount, since: Since | None = None) -> list[Row]:
    selection = Selection(account.table, account.table.columns, since)
    start = Pass(since.instant if since else None)
    pages = read_pass(selection, account.fetch, WORKERS, start)
    return [row for chunk, _ in pages if chunk for row in chunk.rows]


def key_of(table: Table, row: Row) -> KeyValue:
    return tuple(row[name] for name in table.key)


def version(table: Table, key: KeyValue, modified: str | None) -> Row:
    """The row as it was when it was modified then."""
    row: Row = {column.name: text_of(column.name, key, modified) for column in table.columns}
    row |= zip(table.key, key, strict=True)
    return row | ({table.cursor: modified} if table.cursor else {})


def is_one_version(table: Table, row: Row) -> bool:
    assert table.cursor
    return row == version(table, key_of(table, row), row[table.cursor])


def group_of(query: Query) -> int:
    """Which of the two groups of a table a query for rows is about; 0 for other queries."""
    if "ROW_NUMBER" in query.text or "COUNT(*)" in query.text:
        return 0
    return 1 if "t.custbody_0," in query.text else 2


def range_of(query: Query) -> str:
    return query.text.partition(" WHERE ")[2]


@contextmanager
def small_pages(columns: int = 6, page: int = 20, step: int = 15) -> Iterator[None]:
    """Makes few columns many, and few rows several pages, so that many cases can be tried."""
    extraction = "tap_netsuite_tba.extraction"
    with (
        patch(f"{extraction}.groups.MAX_COLUMNS", columns),
        patch(f"{extraction}.reader.PAGE_ROWS", page),
        patch(f"{extraction}.spans.PAGE_ROWS", page),
        patch(f"{extraction}.asking.STEP", step),
    ):
        yield
