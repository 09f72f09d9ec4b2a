"""What must be true of a reading at once, of rows that no key of integers tells apart.

Each page is a query of its own that begins at a row number. All is as it was only if nothing moved
meanwhile, so everything must agree: NetSuite's count before and after, the totals of pages, their
lengths, keys that come once. A total may be a ceiling, below the count; it is the same on each page
even so. A row that goes while another comes leaves all that as it was; hence in the end the row
behind which each page ended must still have the same number.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tap_netsuite_tba.decoding import Row, RowDecoder, shape
from tap_netsuite_tba.errors import CountMismatch, Unreadable, ValueMismatch
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.counts import count_rows
from tap_netsuite_tba.extraction.groups import MAX_COLUMNS
from tap_netsuite_tba.netsuite.errors import NetSuiteError, is_unanswerable, said_by
from tap_netsuite_tba.netsuite.query import PAGE_ROWS, SHORT_PATIENCE, Fetch, Page, Query
from tap_netsuite_tba.netsuite.query_text import outline
from tap_netsuite_tba.netsuite.suiteql import (
    expressions,
    select_count,
    select_every,
    select_rows,
)
from tap_netsuite_tba.netsuite.trap_finders import MOST_COLUMNS

logger = logging.getLogger(__name__)

MAX_ROWS = 100_000
"""NetSuite reaches no row behind this one, whatever the query."""

_Identity = tuple[Any, ...]
"""What tells a row from others: its key, or all its values."""


class TableReading:
    """One reading of a table: it asks for pages, and raises if they do not agree."""

    _most_columns = MAX_COLUMNS
    _lack = "{} has no key of integers"
    _if_too_large = "Leave the table out."
    _if_it_moves = (
        "Read it when nobody works on it, or leave the table out; if this comes always, report it."
    )

    def __init__(self, selection: Selection, fetch: Fetch) -> None:
        self._table, self._columns = selection.table, selection.columns
        self._since = selection.since
        self._fetch = fetch
        if len(self._columns) > self._most_columns:
            wide = f"one query gives {self._most_columns} of its {len(self._columns)} columns"
            raise self._unreadable(f"{wide}. Deselect some.")
        self._decoder = RowDecoder(
            self._table.name, self._columns, self._table.key, self._expressions()
        )
        key = tuple(column for column in self._columns if column.name in self._table.key)
        self._identity = key or self._columns
        self._total: int | None = None
        self._seen: set[_Identity] = set()
        self._page_ends: list[_Identity] = []

    def ask(self, offset: int) -> Page:
        """The page that begins behind a row number."""
        return self._fetch(Query(self._text(), table=self._table.name, offset=offset))

    def count_before(self, first: Page) -> int:
        """How many rows there are, of a table that does not fit one page.

        Raises:
            Unreadable: More than NetSuite reaches, or it does not tell.
        """
        counted = self._count()
        rows = first.total_results if counted is None else counted
        if rows is None:
            problem = "NetSuite does not tell how many rows it has"
        elif counted is None and rows == MAX_ROWS:
            problem = (
                f"NetSuite tells a total of {rows} rows, the most that it may tell: it may have "
                f"more, and no row behind these is reached"
            )
        elif rows > MAX_ROWS:
            problem = f"NetSuite reaches only {MAX_ROWS} of its {rows} rows in another order"
        else:
            self._total = rows if first.total_results is None else min(rows, first.total_results)
            return rows
        raise self._unreadable(f"{problem}. {self._if_too_large}")

    def take(self, page: Page, offset: int, expected: int) -> Chunk:
        """The rows of a page.

        Raises:
            CountMismatch: It does not agree with those before.
            ValueMismatch: A value does not fit its column.
        """
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
        identities = self._identities(page, rows)
        if len(rows) == PAGE_ROWS:
            self._page_ends.append(identities[-1])
        if self._comes_once(expected):
            self._check_once(identities)
        return Chunk(rows, [], (), page.asked_at, page.total_results, len(page.items))

    def check_end(self, expected: int) -> None:
        """Whether the table is as it was.

        Raises:
            CountMismatch: It is not.
        """
        counted = self._count()
        if counted not in {None, expected}:
            raise self._changed(f"it had {expected} rows before and has {counted} now")
        ends = self._page_ends_now()
        if ends is not None and ends != self._page_ends:
            raise self._changed("rows moved from one page to another")

    def _text(self) -> str:
        return select_rows(self._table, self._columns, since=self._since)

    def _expressions(self) -> tuple[str, ...]:
        """The names of what the query computes, in its order."""
        return expressions(self._columns)

    def _count(self) -> int | None:
        return count_rows(self._table, select_count(self._table, since=self._since), self._fetch)

    def _identities(self, page: Page, rows: list[Row]) -> Sequence[_Identity]:
        """What tells each row of a page from others."""
        del page
        return [tuple(row[column.name] for column in self._identity) for row in rows]

    def _comes_once(self, expected: int) -> bool:
        """Whether no two rows may be alike in what tells them from others."""
        del expected
        return bool(self._table.key)

    def _check_once(self, identities: Sequence[_Identity]) -> None:
        for identity in identities:
            if identity in self._seen:
                raise self._changed(self._twice(identity))
            self._seen.add(identity)

    def _twice(self, identity: _Identity) -> str:
        return f"the key {', '.join(map(shape, identity))} came twice"

    def _page_ends_now(self) -> list[_Identity] | None:
        """The rows behind which pages end now; None if NetSuite cannot number rows."""
        text = select_every(PAGE_ROWS, self._table, self._identity, since=self._since)
        decoder = RowDecoder(self._table.name, self._identity, self._table.key)
        try:
            page = self._fetch(Query(text, table=self._table.name, patience=SHORT_PATIENCE))
            return [*self._identities(page, decoder.decode(page.items))]
        except (NetSuiteError, ValueMismatch) as error:
            if isinstance(error, NetSuiteError) and not is_unanswerable(error):
                raise
            logger.warning(
                "Whether rows of %s moved while it was read could not be told. %s",
                self._table.name,
                said_by(error),
            )
            return None

    def _unreadable(self, why: str) -> Unreadable:
        lack = self._lack.format(self._table.name)
        return Unreadable(
            f"{lack}, so it cannot be read in parts, and {why}", table=self._table.name
        )

    def _changed(self, what: str) -> CountMismatch:
        return CountMismatch(
            f"{self._lack.format(self._table.name)}, so it must not change while it is read; but "
            f"{what}. {self._if_it_moves}",
            table=self._table.name,
        )


class QueryReading(TableReading):
    """One reading of a query that NetSuite takes only as it is written.

    Nothing can be asked of it but its pages, so the pages that are full are asked for once more in
    the end. In what order its rows come is its author's; of more than a page each may come once
    only, for nothing else tells whether NetSuite gave one twice in the place of another.
    """

    _most_columns = MOST_COLUMNS
    _lack = "NetSuite takes the query only as it is written"
    _if_too_large = "Leave rows out by WHERE, or write it more simply."
    _if_it_moves = (
        "Select a column that tells its rows apart, and end it in an ORDER BY by that; read it "
        "when nobody works on them; or leave rows out by WHERE until it has no more than a page."
    )

    def count_before(self, first: Page) -> int:
        """As for a table; but a page is all, if NetSuite does not announce more.

        Of a full one a total must not tell otherwise.
        """
        is_full = first.count >= PAGE_ROWS
        has_other_total = is_full and first.total_results not in {None, first.count}
        if first.has_more or has_other_total:
            return super().count_before(first)
        return first.count

    def _text(self) -> str:
        return self._table.as_written

    def _expressions(self) -> tuple[str, ...]:
        return outline(self._table.as_written).computed

    def _count(self) -> None:
        """None: NetSuite does not count its rows, but tells a total with each page."""

    def _identities(self, page: Page, rows: list[Row]) -> Sequence[_Identity]:
        if self._table.key:
            return super()._identities(page, rows)
        # Of all columns, those too that are not selected.
        written = msgspec.json.decode(page.items, type=list[dict[str, msgspec.Raw]])
        return [(hash(_values(row)),) for row in written]

    def _comes_once(self, expected: int) -> bool:
        return bool(self._table.key) or expected > PAGE_ROWS

    def _twice(self, identity: _Identity) -> str:
        return super()._twice(identity) if self._table.key else "two rows are the same"

    def _page_ends_now(self) -> list[_Identity]:
        ends: list[_Identity] = []
        for number in range(len(self._page_ends)):
            page = self.ask(number * PAGE_ROWS)
            ends += self._identities(page, self._decoder.decode(page.items))[-1:]
        return ends


def _values(row: Mapping[str, msgspec.Raw]) -> frozenset[tuple[str, bytes]]:
    """What a row has, in whatever order; NetSuite may leave nulls out, and links are of no row."""
    values = {name: bytes(value) for name, value in row.items() if name != "links"}
    return frozenset(item for item in values.items() if item[1] != b"null")
