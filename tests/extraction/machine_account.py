"""What the state machine reads: an account in SQLite, and workers that wait to be told.

What only Oracle has is imitated; instants are UTC text, as the queries print them.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from hypothesis import strategies as st

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.errors import ExtractionError
from tap_netsuite_tba.extraction.asking import ask_page_ends
from tap_netsuite_tba.extraction.counts import ask_extent, check_count, count_ahead
from tap_netsuite_tba.extraction.workers import Result, Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.tables import DELETED_AT, Column, ColumnType, KeyValue, Table

from .account import BEGIN, wire_instant

KEY_NAMES = ("id", "line", "book")
MODIFIED = Column("modified", ColumnType.DATETIME)

LEADING = st.one_of(
    st.integers(0, 60).flatmap(lambda low: st.integers(low, low + 40)),
    st.integers(-20, 20),
    st.integers(0, 8).map(lambda n: 10**n),
    st.integers(-(2**62), 2**62),
    st.sampled_from([-(2**62), 2**62, 2**53, 2**53 + 1, 0]),
)
LATER = st.integers(-2, 30)


def keys_of(width: int) -> st.SearchStrategy[list[KeyValue]]:
    """Dense, sparse, clustered, negative and huge keys; of leading values some with many rows."""
    single = st.tuples(*[LEADING, LATER, st.integers(1, 2)][:width])
    dense = st.builds(
        lambda low, size, step: [(low + n * step, 1, 1)[:width] for n in range(size)],
        st.sampled_from([-25, 0, 7, 2**62 - 100, -(2**62)]),
        st.sampled_from([0, 3, 5, 20, 30, 45, 60]),
        st.sampled_from([1, 3, 10**6]),
    )
    fat = st.builds(
        lambda low, size: [(low, n, 1)[:width] for n in range(size)], LEADING, st.integers(0, 25)
    )
    few = st.lists(single, max_size=12)
    return st.tuples(dense, fat, few).map(lambda parts: [key for part in parts for key in part])


def table_of(width: int, texts: int, *, has_cursor: bool) -> Table:
    """A table of so many key columns and texts; deletions are logged of one with single ids."""
    key = KEY_NAMES[:width]
    columns = [Column(name, ColumnType.INTEGER) for name in key]
    columns += [Column(f"text_{n}", ColumnType.TEXT) for n in range(texts)]
    if not has_cursor:
        return Table("machine", key, tuple(columns))
    columns.append(MODIFIED)
    if width > 1:
        return Table("machine", key, tuple(columns), cursor=MODIFIED.name)
    columns.append(Column(DELETED_AT, ColumnType.DATETIME))
    types = frozenset({"machine"})
    return Table("machine", key, tuple(columns), cursor=MODIFIED.name, deleted_types=types)


@dataclass
class SqlAccount:
    """The rows of one table, the account's clock, and what goes wrong with the next query.

    Attributes:
        refusals: The error for each query whose text contains a word.
        changed_at: When each row was last inserted, edited or deleted, whatever its date says.
        highest: The highest key that a row ever had.
        indistinct: The keys of which two versions had the same date.
        lie: What becomes of the next page of rows.
        error: What the next query meets instead of an answer.
    """

    table: Table
    refusals: Mapping[str, NetSuiteError] = field(default_factory=dict)
    now: datetime = BEGIN
    changed_at: dict[KeyValue, datetime] = field(default_factory=dict)
    highest: KeyValue | None = None
    indistinct: set[KeyValue] = field(default_factory=set)
    lie: "Lie | None" = None
    error: NetSuiteError | None = None

    def __post_init__(self) -> None:
        self._versions = count()
        self._dates: set[tuple[KeyValue, datetime | None]] = set()
        self._database = database = sqlite3.connect(":memory:")
        database.row_factory = sqlite3.Row
        database.create_function("MOD", 2, lambda number, by: number % by)
        database.create_function("SYS_EXTRACT_UTC", 1, lambda instant: instant)
        database.create_function("TO_CHAR", 2, lambda instant, _: instant)
        for name in ("TO_DATE", "TO_TIMESTAMP"):
            database.create_function(name, 2, _literal)
        self._columns = [name for name in self.table.column_names if name != DELETED_AT]
        database.execute(f"CREATE TABLE machine ({', '.join(self._columns)})")
        database.execute("CREATE TABLE deletedrecord (recordid, type, scriptid, deleteddate)")

    @property
    def tells_of_deletions(self) -> bool:
        """Whether a reader can find out which rows are gone."""
        is_logged = self.table.deleted_types and "COUNT(*)" not in self.refusals
        return bool(is_logged) or self.table.cursor is None

    def close(self) -> None:
        """Forgets everything."""
        self._database.close()

    def put(self, key: KeyValue, modified: datetime | None) -> None:
        """Inserts a row, or another version of it."""
        self._remove(key)
        version = next(self._versions)
        texts = [f"{name} {version}" for name in self.table.column_names if "text" in name]
        row = [*key, *texts, *([wire_instant(modified)] if self.table.cursor else [])]
        marks = ", ".join("?" * len(row))
        self._database.execute(f"INSERT INTO machine VALUES ({marks})", row)  # noqa: S608 - marks only
        self.highest = max(key, self.highest or key)
        if self.table.cursor is None or (key, modified) in self._dates:
            self.indistinct.add(key)
        self._dates.add((key, modified))

    def delete(self, key: KeyValue) -> None:
        """Removes a row for good, and logs that."""
        self._remove(key)
        entry = (key[0], "Machine", wire_instant(self.now))
        self._database.execute("INSERT INTO deletedrecord VALUES (?, ?, NULL, ?)", entry)

    def _remove(self, key: KeyValue) -> None:
        is_key = " AND ".join(f"{name} = ?" for name in self.table.key)
        self._database.execute(f"DELETE FROM machine WHERE {is_key}", key)  # noqa: S608 - marks only
        self.changed_at[key] = self.now

    def rows(self) -> dict[KeyValue, Row]:
        """The truth."""
        template: Row = dict.fromkeys(self.table.column_names)
        found = [template | dict(row) for row in self._database.execute("SELECT * FROM machine")]
        return {tuple(row[name] for name in self.table.key): row for row in found}

    def pass_time(self, seconds: int) -> None:
        """Moves the clock, which only shows whole seconds."""
        self.now += timedelta(seconds=seconds)

    def fetch(self, query: Query) -> Page:
        """Answers a query, once wrongly if it was told to."""
        for word, refusal in self.refusals.items():
            if word in query.text:
                raise refusal
        if error := self.error:
            self.error = None
            raise error
        rows = [dict(row) for row in self._database.execute(query.text)]
        page = page_of(rows[query.offset :][: query.limit], self.now)
        page = replace(
            page,
            has_more=len(rows) > query.offset + query.limit,
            total_results=len(rows),
        )
        if "COUNT(*)" not in query.text and (lie := self.lie):
            self.lie = None
            return lie(page, rows[query.offset :][: query.limit])
        return page


def new_keys(account: SqlAccount, where: str) -> st.SearchStrategy[list[KeyValue]]:
    """Keys of rows to insert: above all that ever were, beside some of them, or anywhere."""
    highest = account.highest
    if where in {"top", "no date"} and highest:
        return st.integers(1, 6).map(
            lambda most: [(highest[0] + n, *highest[1:]) for n in range(1, most + 1)]
        )
    if where == "beside" and highest:
        return st.builds(
            lambda near, steps: [(*near[:-1], near[-1] + step) for step in steps],
            st.sampled_from(sorted(account.changed_at)),
            st.lists(st.integers(-3, 3), max_size=6),
        )
    return st.lists(st.tuples(*[LEADING, LATER, LATER][: len(account.table.key)]))


AT_ONCE = (ask_extent, check_count, count_ahead)
"""What is asked between two pages, and answered rightly."""


class IdleWorkers(Workers):
    """Workers that do a call when they are told to."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    @property
    def outstanding(self) -> int:
        return sum(not future.done() for future, _ in self.waiting)

    def submit(self, call: Callable[[], Result]) -> Future[Result]:
        future: Future[Result] = Future()
        self.waiting.append((future, call))
        if isinstance(call, partial) and call.func in AT_ONCE:
            self.do(-1)
        elif isinstance(call, partial) and call.func is ask_page_ends:
            future.set_running_or_notify_cancel()  # Patience counts only then.
        return future

    def do(self, which: int) -> None:
        """Does one of the calls that wait."""
        future, call = self.waiting.pop(which % len(self.waiting))
        if future.running() or future.set_running_or_notify_cancel():
            try:
                future.set_result(call())
            except (NetSuiteError, ExtractionError) as error:
                future.set_exception(error)


def page_of(rows: list[Row], asked_at: datetime) -> Page:
    """A page as NetSuite writes it: values are texts, and nulls are not there."""
    items = [{name: str(value) for name, value in row.items() if value is not None} for row in rows]
    return Page(json.dumps(items).encode(), len(items), False, None, asked_at)  # noqa: FBT003 - has_more


Lie = Callable[[Page, list[Row]], Page]
"""Makes another page of the true one and its rows."""


def _page(keep: Callable[[list[Row]], list[Row]], **envelope: Any) -> Lie:  # noqa: ANN401 - fields of a page
    def lie(page: Page, rows: list[Row]) -> Page:
        items = page_of(keep(rows), page.asked_at)
        return replace(page, items=items.items, count=items.count, **envelope)

    return lie


def _half(rows: list[Row]) -> list[Row]:
    return rows[: (len(rows) + 1) // 2]


LIES: dict[str, Lie] = {
    "there is more": lambda page, _: replace(page, has_more=True),
    "there is no more": lambda page, _: replace(page, has_more=False, total_results=None),
    "a low total": lambda page, _: replace(page, total_results=0),
    "a high total": lambda page, _: replace(page, total_results=100),
    "half a page, and more": _page(_half, has_more=True, total_results=None),
    "half a page, and its total": lambda page, rows: _page(
        _half, has_more=False, total_results=page.total_results
    )(page, rows),
    "descending": _page(lambda rows: rows[::-1]),
    "a row twice": _page(lambda rows: [*rows, *rows[-1:]]),
    "an empty page": _page(lambda rows: rows[:0], has_more=True),
}


def _literal(text: str, _format: str) -> str:
    return text.replace(" ", "T") + "Z"
