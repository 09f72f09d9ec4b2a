"""Tables without a key of integers: one safe reading, or a refusal that says why."""

import json
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.decoding import Row
from tap_netsuite_tba.errors import CountMismatch, Unreadable, ValueMismatch
from tap_netsuite_tba.extraction import waiting
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.passes import Pass, read_pass
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import LoginRefused, QueryRefused
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.tables import Column, ColumnType, Table

from .account import BEGIN

WORKERS = Workers(2)
TEXTS = (Column("key", ColumnType.TEXT), Column("name", ColumnType.TEXT))
STATUS = Table("entitystatus", ("key",), TEXTS)
KEYLESS = Table("pricing", (), (Column("item", ColumnType.INTEGER), *TEXTS[1:]))
LINK = Table(
    "nexttransactionlinelink",
    ("previousdoc", "linktype"),
    (Column("previousdoc", ColumnType.INTEGER), Column("linktype", ColumnType.TEXT)),
)


@dataclass
class Account:
    """Rows of one table in SQLite, whose texts sort as no text sorts in Python.

    Attributes:
        before: May change the rows before the query of this number, from 0, is answered.
        refused: Queries with this in their text are refused.
        as_told: Changes a page on its way.
    """

    table: Table
    rows: list[tuple[Any, ...]]
    before: Callable[["Account", int], None] | None = None
    refused: str | None = None
    as_told: Callable[[Query, Page], Page] = lambda _, page: page
    queries: list[Query] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database = sqlite3.connect(":memory:", check_same_thread=False)
        weakref.finalize(self, self.database.close)
        self.database.row_factory = sqlite3.Row
        self.database.create_collation("backwards", lambda a, b: (a < b) - (a > b))
        self.database.create_function("MOD", 2, lambda number, by: number % by)
        names = ", ".join(f"{name} COLLATE backwards" for name in self.table.column_names)
        self.database.execute(f"CREATE TABLE {self.table.name} ({names})")
        self.insert(*self.rows)

    def insert(self, *rows: tuple[Any, ...]) -> None:
        marks = ", ".join("?" * len(self.table.columns))
        self.database.executemany(f"INSERT INTO {self.table.name} VALUES ({marks})", rows)  # noqa: S608 - marks only

    def delete(self, value: object) -> None:
        name, column = self.table.name, self.table.column_names[0]
        self.database.execute(f"DELETE FROM {name} WHERE {column} = ?", [value])  # noqa: S608 - names of ours

    def fetch(self, query: Query) -> Page:
        assert query.offset % query.limit == 0
        if self.before:
            self.before(self, len(self.queries))
        self.queries.append(query)
        if self.refused and self.refused in query.text:
            raise QueryRefused("Invalid or unsupported search.")
        rows = [dict(row) for row in self.database.execute(query.text)]
        wanted = rows[query.offset :][: query.limit]
        items = [{name: str(v) for name, v in row.items() if v is not None} for row in wanted]
        page = Page(
            items=json.dumps(items).encode(),
            count=len(wanted),
            has_more=len(rows) > query.offset + query.limit,
            total_results=len(rows),
            asked_at=BEGIN + timedelta(seconds=len(self.queries)),
        )
        return self.as_told(query, page)


def statuses(count: int) -> list[tuple[Any, ...]]:
    return [(f"S{n}", f"status {n}") for n in range(count)]


def read(
    account: Account, current: Pass | None = None, fetch: Fetch | None = None
) -> Iterator[tuple[list[Row], Pass]]:
    selection = Selection(account.table, account.table.columns)
    start = current or Pass(None)
    for chunk, after in read_pass(selection, fetch or account.fetch, WORKERS, start):
        if chunk:
            yield chunk.rows, after


def rows_of(account: Account) -> list[tuple[Any, ...]]:
    """The rows that came out, of the last reading."""
    readings: dict[object, list[tuple[Any, ...]]] = {}
    for rows, after in read(account):
        readings.setdefault(after.started, []).extend(tuple(row.values()) for row in rows)
    return list(readings.values())[-1]


@pytest.mark.parametrize("count", [0, 1, 999])
def test_a_table_that_fits_one_page_costs_one_request(count: int) -> None:
    account = Account(STATUS, statuses(count))
    assert sorted(rows_of(account)) == sorted(statuses(count))
    assert len(account.queries) == 1


@pytest.mark.parametrize("count", [1000, 1001, 2500, 3000])
def test_a_larger_table_comes_whole_in_netsuites_own_order(count: int) -> None:
    account = Account(STATUS, statuses(count))
    assert rows_of(account) == sorted(statuses(count), reverse=True)
    pages = [q.offset for q in account.queries if "COUNT" not in q.text and "MOD" not in q.text]
    assert pages == list(range(0, count, 1000))
    assert len(account.queries) <= len(pages) + 3


def test_a_key_may_be_of_integers_and_texts() -> None:
    rows = [(n // 3, f"type {n % 3}") for n in range(1200)]
    assert sorted(rows_of(Account(LINK, rows))) == rows


def test_without_a_key_rows_come_in_the_order_of_all_columns_and_equal_ones_all() -> None:
    rows = [(n % 700, "twice") for n in range(1400)]
    account = Account(KEYLESS, rows)
    assert sorted(rows_of(account)) == sorted(rows)
    assert account.queries[0].text.endswith(" ORDER BY t.item ASC, t.name ASC")


def test_columns_may_have_the_names_that_the_tap_gives_its_own() -> None:
    names = ("n", "k", "d", "sdc_n")
    table = Table("pricing", (), tuple(Column(name, ColumnType.INTEGER) for name in names))
    rows = [(7, number, 7, 7) for number in range(2100)]
    account = Account(table, rows)
    assert sorted(rows_of(account)) == rows
    assert "MOD" in account.queries[-1].text


def test_more_rows_than_netsuite_reaches_are_refused_before_any_goes_out() -> None:
    account = Account(STATUS, statuses(1000))
    out = []

    def as_told(query: Query, page: Page) -> Page:
        return replace(page, items=b'[{"n":"100001"}]') if "COUNT" in query.text else page

    account.as_told = as_told
    with pytest.raises(Unreadable, match=r"entitystatus has no key of integers.* 100001 rows"):
        out += list(read(account))
    assert out == []


@pytest.mark.parametrize(("total", "why"), [(100_000, "may have more"), (None, "how many rows")])
def test_a_table_that_cannot_be_counted_and_may_be_larger_is_refused(
    total: int | None, why: str
) -> None:
    account = Account(STATUS, statuses(1000), refused="COUNT")
    account.as_told = lambda _, page: replace(page, total_results=total)
    with pytest.raises(Unreadable, match=why):
        rows_of(account)


def test_a_table_that_cannot_be_counted_goes_by_its_total(caplog: pytest.LogCaptureFixture) -> None:
    account = Account(STATUS, statuses(1500), refused="COUNT")
    assert sorted(rows_of(account)) == sorted(statuses(1500))
    assert "could not be counted" in caplog.text


def test_more_columns_than_a_query_gives_are_refused() -> None:
    columns = tuple(Column(f"c{n}", ColumnType.TEXT) for n in range(100))
    with pytest.raises(Unreadable, match="99 of its 100 columns"):
        rows_of(Account(Table("pricing", (), columns), []))


def test_a_row_without_a_key_is_refused() -> None:
    with pytest.raises(ValueMismatch, match="without its key"):
        rows_of(Account(STATUS, [("S1", "one"), (None, "none")]))


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("change", ["insert", "delete", "both"])
def test_a_table_that_changes_once_is_read_once_more_or_is_whole(number: int, change: str) -> None:
    account = Account(STATUS, statuses(1500))

    def before(account: Account, query: int) -> None:
        if query == number and change != "insert":
            account.delete("S999")
        if query == number and change != "delete":
            account.insert(("S0000", "comes last"))

    account.before = before
    found = rows_of(account)
    assert len(set(found)) == len(found)
    assert set(found) >= set(statuses(1500)) - {("S999", "status 999")}


def test_a_table_that_never_stays_as_it_is_fails() -> None:
    account = Account(STATUS, statuses(2500))
    account.before = lambda account, query: account.insert((f"T{query}", "new"))
    with pytest.raises(CountMismatch, match="must not change while it is read"):
        rows_of(account)


@settings(max_examples=10, deadline=None)
@given(
    count=st.integers(1001, 3100),
    number=st.integers(0, 8),
    places=st.tuples(st.floats(0, 0.999), st.floats(0, 0.999)),
)
def test_no_row_is_lost_when_one_goes_as_another_comes(
    count: int, number: int, places: tuple[float, float]
) -> None:
    rows = [(n * 2, "row") for n in range(count)]
    gone, new = (int(place * count) * 2 for place in places)
    account = Account(KEYLESS, [(f"{n:06}", text) for n, text in rows])

    def before(account: Account, query: int) -> None:
        if query == number:
            account.delete(f"{gone:06}")
            account.insert((f"{new + 1:06}", "new"))

    account.before = before
    found = [item for item, text in rows_of(account) if text == "row"]
    assert len(found) == len(set(found))
    assert set(found) >= {n for n, _ in rows} - {gone}


def test_where_netsuite_does_not_number_rows_the_rest_must_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = Account(STATUS, statuses(1500), refused="ROW_NUMBER")
    assert len(rows_of(account)) == 1500
    assert "Whether rows of entitystatus moved" in caplog.text


def test_trouble_of_the_account_surfaces() -> None:
    account = Account(STATUS, statuses(1500))

    def fetch(query: Query) -> Page:
        if "ROW_NUMBER" in query.text:
            raise LoginRefused("no")
        return account.fetch(query)

    with pytest.raises(LoginRefused):
        list(read(account, fetch=fetch))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: replace(page, items=b"[]", count=0),
        lambda page: replace(page, count=3),
        lambda page: replace(page, total_results=7),
        lambda page: replace(page, has_more=True),
        lambda page: replace(page, items=page.items.replace(b'"S1"', b'"S2"')),
    ],
    ids=["no rows", "other count", "other total", "more behind the end", "a key twice"],
)
def test_a_page_that_does_not_fit_the_others_fails_the_table(
    spoil: Callable[[Page], Page],
) -> None:
    account = Account(STATUS, statuses(1500))
    account.as_told = lambda query, page: spoil(page) if query.offset else page
    with pytest.raises(CountMismatch):
        rows_of(account)


@pytest.mark.parametrize("ceiling", [1000, 1500, 2499])
def test_a_total_that_is_a_ceiling_decides_nothing(ceiling: int) -> None:
    account = Account(STATUS, statuses(2500))
    account.as_told = lambda _, page: replace(
        page, total_results=min(page.total_results or 0, ceiling)
    )
    assert sorted(rows_of(account)) == sorted(statuses(2500))


def test_a_first_page_whose_total_is_higher_than_the_count_fails_the_table() -> None:
    account = Account(STATUS, statuses(1500))
    account.as_told = lambda _, page: replace(page, total_results=1600)
    with pytest.raises(CountMismatch):
        rows_of(account)


def test_a_row_behind_the_last_page_is_noticed_by_the_count() -> None:
    account = Account(STATUS, statuses(1500))

    def before(account: Account, query: int) -> None:
        if query == 3:  # The count, behind two pages and the count before.
            account.insert(("A", "the last"))

    account.before = before
    assert len(rows_of(account)) == 1501


def test_a_short_page_that_announces_more_fails_the_table() -> None:
    account = Account(STATUS, statuses(12))
    account.as_told = lambda query, page: (
        page if "COUNT" in query.text else replace(page, items=b'[{"key":"S1"}]', count=1)
    )
    with pytest.raises(CountMismatch):
        rows_of(account)


def test_a_page_that_says_more_and_gives_nothing_fails_the_table() -> None:
    account = Account(STATUS, [])
    account.as_told = lambda _, page: replace(page, has_more=True)
    with pytest.raises(CountMismatch):
        rows_of(account)


def test_a_total_that_lies_about_one_page_is_no_reason_to_fail() -> None:
    account = Account(STATUS, statuses(10))
    account.as_told = lambda _, page: replace(page, total_results=11)
    assert len(rows_of(account)) == 10


def test_a_reading_that_was_cut_short_begins_anew() -> None:
    account = Account(STATUS, statuses(2500))
    _, current = next(read(account))
    assert (current.rows, current.progress.highest) == (1000, None)
    rest = list(read(account, current))
    assert sum(len(rows) for rows, _ in rest) == 2500
    assert {after.started for _, after in rest} == {BEGIN + timedelta(seconds=3)}
    assert rest[-1][1].rows == 2500


def test_a_page_that_is_slow_to_come_is_waited_for_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "IDLE_SECONDS", 0.001)
    account = Account(STATUS, statuses(3))
    goes_on = threading.Event()

    def fetch(query: Query) -> Page:
        goes_on.wait()
        return account.fetch(query)

    pages = read_pass(Selection(STATUS, TEXTS), fetch, WORKERS, Pass(None))
    chunk, current = next(pages)
    assert (chunk, current) == (None, Pass(None))
    goes_on.set()
    assert [len(chunk.rows) for chunk, _ in pages if chunk] == [3]
