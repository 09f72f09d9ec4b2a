"""Whatever tables there are, and whatever goes wrong: what comes out is what was there."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.errors import QueryRefused, TimedOut
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.tables import Column, ColumnType, KeyValue, Table
from tap_netsuite_tba.tap import TapNetSuite
from tests.catalogs import rows_of
from tests.contract.tables import DATED, PAIRS, UNDATED, Kind, catalog_of, order_of
from tests.extraction.account import BEGIN, MemoryAccount, text_of, wire_instant
from tests.extraction.wide import small_pages
from tests.tap_process import run_tap, signals_kept

_TYPES = {"id": ColumnType.INTEGER, "owner": ColumnType.INTEGER, "line": ColumnType.INTEGER}
_LONGEST_HOLD = 0.05
"""Seconds: an answer that waits for others must not wait for those that never come."""


@dataclass(frozen=True)
class Described:
    """A table, and what goes wrong with it.

    Attributes:
        refused_from: Its queries are refused from this one on; None for never.
        timed_out: Which of its queries gets no answer; None for none.
        waits_for: How many queries of other tables come before its first answer, if they do.
    """

    kind: Kind
    rows: int
    refused_from: int | None = None
    timed_out: int | None = None
    waits_for: int = 0

    def account(self, name: str) -> MemoryAccount:
        """The table alone."""
        types = _TYPES | {self.kind.cursor: ColumnType.DATETIME}
        columns = [Column(each, types.get(each, ColumnType.TEXT)) for each in self.kind.columns]
        table = Table(name, self.kind.key, tuple(columns), cursor=self.kind.cursor)
        keys: list[KeyValue] = [(3 * row,) for row in range(self.rows)]
        if len(self.kind.key) > 1:
            keys = [(row // 7, row % 7) for row in range(self.rows)]
        return MemoryAccount(table, dict.fromkeys(keys, BEGIN))


class Account:
    """Tables in memory, asked by the tap's own threads."""

    def __init__(self, tables: dict[str, Described]) -> None:
        self.memories = {name: described.account(name) for name, described in tables.items()}
        self.asked = dict.fromkeys(tables, 0)
        self._tables = tables
        self._came = threading.Condition()

    def fetch(self, query: Query) -> Page:
        """Answers, or not."""
        name = query.table or ""
        described = self._tables[name]
        with self._came:
            number = self.asked[name]
            self.asked[name] += 1
            self._came.notify_all()
            if not number:
                wanted = sum(self.asked.values()) + described.waits_for
                self._came.wait_for(lambda: sum(self.asked.values()) >= wanted, _LONGEST_HOLD)
        if described.refused_from is not None and number >= described.refused_from:
            raise QueryRefused("Invalid or unsupported search", table=name)
        if number == described.timed_out and "COUNT(" not in query.text:
            raise TimedOut("no answer within 300 s", table=name)
        return self.memories[name].fetch(query)

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table, in the order of its key."""
        memory, kind = self.memories[name], self._tables[name].kind
        return [_row(kind, key) for key in sorted(memory.modified)]


def _row(kind: Kind, key: KeyValue) -> dict[str, Any]:
    modified = wire_instant(BEGIN)
    row: dict[str, Any] = {name: text_of(name, key, modified) for name in kind.columns}
    row |= zip(kind.key, key, strict=True)
    return row | ({kind.cursor: modified} if kind.cursor else {})


def in_order(kind: Kind, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by their key."""
    return sorted(rows, key=lambda row: [row[name] for name in kind.key])


described = st.builds(
    Described,
    kind=st.sampled_from([DATED, UNDATED, PAIRS]),
    rows=st.one_of(st.sampled_from([0, 1, 19, 20, 21, 40]), st.integers(0, 150)),
    refused_from=st.one_of(st.none(), st.none(), st.integers(0, 4)),
    timed_out=st.one_of(st.none(), st.none(), st.integers(0, 6)),
    waits_for=st.integers(0, 6),
)


@settings(max_examples=25)
@given(st.lists(described, min_size=1, max_size=9))
def test_what_comes_out_is_what_was_there(tables: list[Described]) -> None:
    named = {f"table_{place}": table for place, table in enumerate(tables)}
    account = Account(named)
    names = ("account_id", "consumer_key", "consumer_secret", "token_id", "token_secret")
    config = {**dict.fromkeys(names, "FAKE"), "tables": [*named]}
    catalog = catalog_of({name: table.kind for name, table in named.items()})
    with signals_kept():
        tap = TapNetSuite(config=config, catalog=catalog)
    tap.connection.fetch = account.fetch
    with small_pages(columns=99):
        messages, code, log = run_tap({}, tap=tap)
    assert order_of(messages) == [*named]
    failed = [name for name in named if f"{name} was not read to its end" in log]
    assert code == bool(failed)
    for name, table in named.items():
        true, out = account.rows(name), in_order(table.kind, rows_of(messages, name))
        if name in failed:
            assert table.refused_from is not None
            assert [row for row, _ in groupby(out)] == out
            assert all(row in true for row in out)
        else:
            assert out == true
