"""Tables that have no key of integers: one safe reading, or a refusal that says why.

How NetSuite sorts texts cannot be told here, so there are no ranges to read. Such a table comes in
pages of one total order, by its key or by all columns, each page a query of its own that begins at
a row number. It is as it was only if nothing moved meanwhile, so everything must agree: NetSuite's
count before and after, the totals of pages, their lengths, keys that come once. A total may be a
ceiling, below the count; it is the same on each page even so. A row that goes while another comes
leaves all that as it was; hence in the end the row behind which each page ended must still have the
same number.
"""

import logging
from collections.abc import Generator, Iterator
from functools import partial
from typing import Any

from tap_netsuite_tba.decoding import Row, RowDecoder, shape
from tap_netsuite_tba.errors import CountMismatch, Unreadable, ValueMismatch
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Turn
from tap_netsuite_tba.extraction.counts import count_rows
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.extraction.waiting import Waiting, outcome
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, SHORT_PATIENCE, Fetch, Page, Query
from tap_netsuite_tba.netsuite.suiteql import (
    expressions,
    select_count,
    select_every,
    select_rows,
)

logger = logging.getLogger(__name__)

MAX_ROWS = 100_000
"""NetSuite reaches no row behind this one, whatever the query."""

_Identity = tuple[Any, ...]
"""What tells a row from others: its key, or all its values."""


def read_whole(
    selection: Selection, fetch: Fetch, workers: Workers, turn: Turn
) -> Iterator[Chunk | Waiting]:
    """The pages of a table in its order; a table that fits one costs one request.

    Before its turn it asks for the first page only.

    Raises:
        Unreadable: The table is too large.
        CountMismatch: The table changed while it was read.
        ValueMismatch: A value does not fit its column.
        NetSuiteError: NetSuite could not be asked.
    """
    reading = _Reading(selection, fetch)
    page = yield from _first_page(reading, workers, turn)
    expected = page.count
    if page.has_more or page.count >= PAGE_ROWS or (page.total_results or 0) > page.count:
        expected = yield from outcome(workers, partial(reading.count_before, page))
    yield reading.take(page, 0, expected)
    for offset in range(PAGE_ROWS, expected, PAGE_ROWS):
        page = yield from outcome(workers, partial(reading.ask, offset))
        yield reading.take(page, offset, expected)
    if expected > PAGE_ROWS:
        yield from outcome(workers, partial(reading.check_end, expected))


def _first_page(
    reading: "_Reading", workers: Workers, turn: Turn
) -> Generator[Waiting, None, Page]:
    """The first page; one that was read ahead only if it is all, for nothing may have changed."""
    is_ahead, future = not turn.is_mine, workers.submit(partial(reading.ask, 0))
    try:
        while not (turn.is_mine and future.done()):
            if future.done() and not future.exception():
                turn.hold([len(future.result().items)])
            is_here = future.done() and not turn.is_mine
            yield Waiting(frozenset([] if is_here else [future]))
    finally:
        future.cancel()
        turn.hold([])
    page = future.result()
    is_all = page.total_results == page.count < PAGE_ROWS and not page.has_more
    if is_ahead and not is_all:
        return (yield from outcome(workers, partial(reading.ask, 0)))
    return page


class _Reading:
    """One reading of a table, and what must be true of it."""

    def __init__(self, selection: Selection, fetch: Fetch) -> None:
        self._table, self._columns = selection.table, selection.columns
        self._since = selection.since
        self._fetch = fetch
        if len(self._columns) > MAX_COLUMNS:
            raise self._unreadable(
                f"one query gives {MAX_COLUMNS} of its {len(self._columns)} columns. Deselect some."
            )
        self._decoder = RowDecoder(
            self._table.name, self._columns, self._table.key, expressions(self._columns)
        )
        key = tuple(column for column in self._columns if column.name in self._table.key)
        self._identity = key or self._columns
        self._total: int | None = None
        self._seen: set[_Identity] = set()
        self._page_ends: list[_Identity] = []

    def ask(self, offset: int) -> Page:
        text = select_rows(self._table, self._columns, since=self._since)
        return self._fetch(Query(text, table=self._table.name, offset=offset))

    def count_before(self, first: Page) -> int:
        """How many rows there are, of a table that does not fit one page."""
        counted = self._count()
        rows = first.total_results if counted is None else counted
        if rows is None:
            problem = "NetSuite does not tell how many rows it has"
        elif rows > MAX_ROWS or (counted is None and rows == MAX_ROWS):
            problem = f"NetSuite reaches only {MAX_ROWS} of its {rows} rows in another order"
        else:
            self._total = rows if first.total_results is None else min(rows, first.total_results)
            return rows
        raise self._unreadable(f"{problem}. Leave the table out.")

    def take(self, page: Page, offset: int, expected: int) -> Chunk:
        """The rows of a page."""
        rows = self._decoder.decode(page.items)
        due = min(PAGE_ROWS, expected - offset)
        goes_on = page.has_more and offset + due >= expected
        # Of a single page NetSuite's count, or its end, tells more than its total.
        other_total = expected > PAGE_ROWS and page.total_results not in {None, self._total}
        if (len(rows), page.count) != (due, due) or goes_on or other_total:
            raise self._changed(
                f"{len(rows)} rows of {page.total_results} came behind the row {offset}, where "
                f"{due} of {expected} were due"
            )
        self._remember(rows)
        return Chunk(rows, [], (), page.asked_at, page.total_results, len(page.items))

    def check_end(self, expected: int) -> None:
        """Whether the table is as it was."""
        counted = self._count()
        if counted not in {None, expected}:
            raise self._changed(f"it had {expected} rows before and has {counted} now")
        ends = self._page_ends_now()
        if ends is not None and ends != self._page_ends:
            raise self._changed("rows moved from one page to another")

    def _count(self) -> int | None:
        return count_rows(self._table, select_count(self._table, since=self._since), self._fetch)

    def _remember(self, rows: list[Row]) -> None:
        keys = [self._identity_of(row) for row in rows]
        if len(rows) == PAGE_ROWS:
            self._page_ends.append(keys[-1])
        if not self._table.key:
            return
        for key in keys:
            if key in self._seen:
                raise self._changed(f"the key {', '.join(map(shape, key))} came twice")
            self._seen.add(key)

    def _page_ends_now(self) -> list[_Identity] | None:
        """The rows behind which pages end now; None if NetSuite cannot number rows."""
        text = select_every(PAGE_ROWS, self._table, self._identity, since=self._since)
        decoder = RowDecoder(self._table.name, self._identity, self._table.key)
        try:
            page = self._fetch(Query(text, table=self._table.name, patience=SHORT_PATIENCE))
            return [self._identity_of(row) for row in decoder.decode(page.items)]
        except (NetSuiteError, ValueMismatch) as error:
            if isinstance(error, NetSuiteError) and not is_unanswerable(error):
                raise
            logger.warning(
                "Whether rows of %s moved while it was read could not be told. %s",
                self._table.name,
                said_by(error),
            )
            return None

    def _identity_of(self, row: Row) -> _Identity:
        return tuple(row[column.name] for column in self._identity)

    def _unreadable(self, why: str) -> Unreadable:
        return Unreadable(
            f"{self._table.name} has no key of integers, by which it could be read in parts, and "
            f"{why}",
            table=self._table.name,
        )

    def _changed(self, what: str) -> CountMismatch:
        return CountMismatch(
            f"{self._table.name} has no key of integers, so it must not change while it is read; "
            f"but {what}. Read it when nobody works on it, or leave the table out; if this comes "
            f"always, report it.",
            table=self._table.name,
        )
