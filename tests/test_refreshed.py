"""Columns that vanish while a table is read: no row is lost or doubled, and the others go on."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget
from tap_netsuite_tba.extraction.passes import Means, Pass, Read
from tap_netsuite_tba.extraction.waiting import patiently
from tap_netsuite_tba.netsuite.errors import (
    ConnectionFailed,
    LoginRefused,
    NetSuiteError,
    PermissionDenied,
    QueryRefused,
    RetriesExhausted,
)
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.refreshed import read_what_is_left
from tap_netsuite_tba.tables import DELETED_AT, Column, ColumnType, Table
from tests.discovery.columns import denied, staying_fault, unnamed
from tests.discovery.role import columns_of, hidden_table, unknown_identifier
from tests.extraction.account import BEGIN, TABLE, MemoryAccount, of_many_columns
from tests.extraction.wide import WORKERS, key_of, small_pages, version

LOCAL = re.compile(r"(SYS_EXTRACT_UTC)\(TO_TIMESTAMP\(TO_CHAR\((t\.\w+), '[^']*'\), '[^']*'\)\)")
Refusal = Callable[[str, str], NetSuiteError]


def unknown(table: str, name: str) -> NetSuiteError:
    return QueryRefused(unknown_identifier(name), table=table)


@dataclass
class Vanishing:
    """An account in memory that from some query on refuses columns.

    Attributes:
        gone: Those columns, or parts of the expressions that select them.
        when: How many queries it answers before.
        refusal: How it refuses the first of those that are asked for.
        proofs: How many queries asked for no rows.
        texts: The others, as the account was asked.
    """

    account: MemoryAccount
    gone: Sequence[str]
    when: int = 0
    refusal: Refusal = unknown
    answered: int = 0
    proofs: int = 0
    texts: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fetch(self, query: Query) -> Page:
        with self._lock:
            self.answered += 1
            if self.answered > self.when:
                selected = query.text.partition(" FROM ")[0]
                asked = columns_of(query)
                for gone in self.gone:
                    if gone in asked or (gone in selected and "(" in gone):
                        raise self.refusal(self.account.table.name, gone)
            if "IS NOT NULL" in query.text or not self.account.table.key:
                self.proofs += 1
                now = datetime.now(UTC)
                return Page(b"[]", 0, has_more=False, total_results=0, asked_at=now)
            self.texts.append(query.text)
            # To the account both expressions of an instant are one.
            return self.account.fetch(replace(query, text=LOCAL.sub(r"\1(\2)", query.text)))

    def read(self, table: Table | None = None) -> list[Row]:
        table = table or self.account.table
        selection = Selection(table, table.columns)
        pages = read_on(selection, self.fetch, self.told)
        return [row for chunk, _ in pages if chunk for row in chunk.rows]


def read_on(selection: Selection, fetch: Fetch, told: list[str]) -> Iterator[Read]:
    """The pages of a pass, some columns of which may vanish."""
    means = Means(fetch, WORKERS, Budget(WORKERS).turn(is_mine=True))
    steps = read_what_is_left(selection, means, Pass(None), told.extend)
    return (step for step in patiently(steps) if step)


def account_of(columns: int, rows: int) -> MemoryAccount:
    return MemoryAccount(of_many_columns(TABLE, columns), {(key,): BEGIN for key in range(rows)})


def values(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


@given(
    columns=st.integers(4, 14),
    gone=st.sets(st.integers(3, 13), min_size=1, max_size=5),
    when=st.integers(0, 14),
    refusal=st.sampled_from([unknown, unnamed, denied, staying_fault]),
)
def test_whatever_vanishes_the_rest_of_each_row_comes_once(
    columns: int, gone: set[int], when: int, refusal: Refusal
) -> None:
    account = account_of(columns, 70)
    names = [name for n, name in enumerate(account.table.column_names) if n in gone]
    vanishing = Vanishing(account, names, when, refusal)
    with small_pages():
        rows = vanishing.read()
    assert sorted(key_of(TABLE, row) for row in rows) == sorted(account.modified)
    for row in rows:
        assert row.keys() == set(account.table.column_names)
        true = version(account.table, key_of(TABLE, row), "2026-01-01T00:00:00Z")
        missing = {name for name, value in row.items() if value is None}
        assert missing in (set(), set(names))
        assert values(row) == {name: true[name] for name in true if name not in missing}
    is_seen = any(len(values(row)) < columns for row in rows)
    assert sorted(vanishing.told) == (sorted(names) if is_seen else [])


def test_several_columns_may_go_one_after_the_other() -> None:
    account = account_of(9, 100)
    vanishing = Vanishing(account, [])
    columns = account.table.column_names[3:]

    def go(account: MemoryAccount, query: Query) -> None:
        del query
        vanishing.gone = columns[: len(account.queries) // 3]

    account.before_answer = go
    with small_pages(columns=99):
        rows = vanishing.read()
    assert sorted(row["id"] for row in rows) == [*range(100)]
    assert 2 <= len(vanishing.told) == len(set(vanishing.told))


@pytest.mark.parametrize("name", ["id", "lastmodifieddate"])
@pytest.mark.parametrize("refusal", [unknown, unnamed, denied, staying_fault])
def test_a_table_without_its_key_or_cursor_cannot_be_read_on(name: str, refusal: Refusal) -> None:
    vanishing = Vanishing(account_of(4, 70), [name], when=2, refusal=refusal)
    with small_pages(), pytest.raises(NetSuiteError) as raised:
        vanishing.read()
    assert vanishing.told == []
    if name == TABLE.cursor:
        assert f"at {name}]" in str(raised.value)


def test_a_table_that_is_gone_is_not_asked_for_by_its_columns() -> None:
    vanishing = Vanishing(
        account_of(4, 70),
        ["id"],
        when=2,
        refusal=lambda table, _: QueryRefused(hidden_table(table), table=table),
    )
    with small_pages(), pytest.raises(QueryRefused, match="Record 'transaction' was not found"):
        vanishing.read()
    assert vanishing.proofs == 0


@pytest.mark.parametrize(
    "error", [LoginRefused("no"), RetriesExhausted(ConnectionFailed("reset"), seconds=900)]
)
def test_trouble_of_the_account_is_nobodys_column(error: NetSuiteError) -> None:
    vanishing = Vanishing(account_of(4, 5), ["memo"], refusal=lambda *_: error)
    with pytest.raises(type(error)):
        vanishing.read()
    assert (vanishing.proofs, vanishing.told) == (0, [])


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("refusal", [unknown, unnamed, staying_fault])
def test_a_page_that_is_refused_though_no_column_is_comes_again_once(
    times: int, refusal: Refusal, caplog: pytest.LogCaptureFixture
) -> None:
    account, left = account_of(4, 70), [None] * times

    def refuse(account: MemoryAccount, query: Query) -> None:
        if len(account.queries) > 2 and "ORDER BY" in query.text and left:
            left.pop()
            raise refusal(account.table.name, "memo")

    account.before_answer = refuse
    vanishing = Vanishing(account, [])
    with small_pages():
        if times == 1:
            assert sorted(row["id"] for row in vanishing.read()) == [*range(70)]
            assert "No column is refused" in caplog.text
        else:
            with pytest.raises(NetSuiteError):
                vanishing.read()
    assert vanishing.told == []


def test_an_instant_that_needs_another_expression_is_read_by_it() -> None:
    account = account_of(4, 70)
    vanishing = Vanishing(account, ["SYS_EXTRACT_UTC(t."], when=2, refusal=unnamed)
    with small_pages():
        rows = vanishing.read()
    assert [row["lastmodifieddate"] for row in rows] == ["2026-01-01T00:00:00Z"] * 70
    assert vanishing.told == []
    selected = [text.partition(" FROM ")[0] for text in vanishing.texts if "t.memo" in text]
    usual = ["SYS_EXTRACT_UTC(TO_TIMESTAMP(" not in text for text in selected]
    assert usual == sorted(usual, reverse=True)
    assert {*usual} == {True, False}


def test_a_column_that_changed_its_type_is_gone(caplog: pytest.LogCaptureFixture) -> None:
    """The schema of its values is out already."""
    due = Column("duedate", ColumnType.DATE)
    account = MemoryAccount(TABLE.with_columns((*TABLE.columns, due)), {(1,): BEGIN})
    vanishing = Vanishing(account, ["TO_CHAR(t.duedate"], refusal=unnamed)
    [row] = vanishing.read()
    assert row["duedate"] is None
    assert vanishing.told == ["duedate"]
    assert "it is of type text now" in caplog.text


@given(refused=st.sets(st.integers(1, 12), max_size=3), refusal=st.sampled_from([unnamed, denied]))
def test_three_refusals_that_pass_cost_no_value(refused: set[int], refusal: Refusal) -> None:
    """A page's own, and two of what the columns are proven by."""
    due = Column("duedate", ColumnType.DATE)
    account = MemoryAccount(TABLE.with_columns((*TABLE.columns, due)), {(1,): BEGIN})
    vanishing, asked = Vanishing(account, []), []

    def fetch(query: Query) -> Page:
        asked.append(query)
        if len(asked) in refused:
            raise refusal("transaction", "")
        return vanishing.fetch(query)

    selection = Selection(account.table, account.table.columns)
    pages = read_on(selection, fetch, vanishing.told)
    with suppress(QueryRefused, PermissionDenied):
        list(pages)
    assert vanishing.told == []


def test_a_date_that_is_refused_once_is_of_its_type(caplog: pytest.LogCaptureFixture) -> None:
    due = Column("duedate", ColumnType.DATE)
    account = MemoryAccount(TABLE.with_columns((*TABLE.columns, due)), {(1,): BEGIN})
    vanishing = Vanishing(account, [])
    refused: list[Query] = []

    def fetch(query: Query) -> Page:
        # The page, the whole of the columns, and the date when it is first met.
        if "t.duedate" in query.text and len(refused) < 3:
            refused.append(query)
            raise unnamed("transaction", "duedate")
        return vanishing.fetch(query)

    selection = Selection(account.table, account.table.columns)
    pages = read_on(selection, fetch, vanishing.told)
    assert len([row for chunk, _ in pages if chunk for row in chunk.rows]) == 1
    assert (len(refused), vanishing.told) == (3, [])
    assert "of type text" not in caplog.text


PAIRS = Table("pairs", (), (Column("a", ColumnType.TEXT), Column("b", ColumnType.TEXT)))


def test_a_table_without_key_is_read_without_what_is_gone() -> None:
    vanishing = Vanishing(MemoryAccount(PAIRS, {}), ["a"])

    def fetch(query: Query) -> Page:
        if "ORDER BY" in query.text and "t.a" not in query.text:
            items, now = b'[{"b": "x"}, {"b": "x"}]', datetime.now(UTC)
            return Page(items, 2, has_more=False, total_results=2, asked_at=now)
        return vanishing.fetch(query)

    pages = read_on(Selection(PAIRS, PAIRS.columns), fetch, vanishing.told)
    assert [row for chunk, _ in pages if chunk for row in chunk.rows] == [
        {"a": None, "b": "x"},
        {"a": None, "b": "x"},
    ]
    assert vanishing.told == ["a"]


@pytest.mark.parametrize("refusal", [unknown, unnamed, denied, staying_fault])
def test_a_table_of_which_nothing_is_left_cannot_be_read_on(refusal: Refusal) -> None:
    vanishing = Vanishing(MemoryAccount(PAIRS, {}), ["a", "b"], refusal=refusal)
    with pytest.raises(NetSuiteError):
        vanishing.read()
    assert vanishing.told == []


def test_the_column_of_tombstones_stays() -> None:
    table = TABLE.with_columns((*TABLE.columns, Column(DELETED_AT, ColumnType.DATETIME)))
    vanishing = Vanishing(MemoryAccount(table, {(1,): BEGIN}), ["memo"])
    [row] = vanishing.read()
    assert row == {
        "id": 1,
        "memo": None,
        "lastmodifieddate": "2026-01-01T00:00:00Z",
        DELETED_AT: None,
    }


def test_what_is_gone_is_said_once_with_netsuites_words(caplog: pytest.LogCaptureFixture) -> None:
    vanishing = Vanishing(account_of(6, 200), ["memo", "custbody_1"], when=3)
    with small_pages():
        vanishing.read()
    said = [message for message in caplog.messages if "any more" in message]
    assert len(said) == 1
    assert "transaction any more: memo (Unknown identifier 'memo'" in said[0]
    assert "custbody_1 (Unknown" in said[0]
    assert "--discover" in said[0]
