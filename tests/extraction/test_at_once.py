"""Queries that NetSuite takes only as they are written: all pages agree, or nothing is believed."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.errors import CountMismatch, Unreadable
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.passes import Pass, read_pass
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.own_queries import OwnQuery
from tap_netsuite_tba.tables import Column, ColumnType, Table

from .test_whole import TEXTS, WORKERS, Account, read, rows_of, statuses

ORDERED = "SELECT key, name FROM status ORDER BY key DESC"


def written(text: str = ORDERED, key: tuple[str, ...] = ()) -> Table:
    return replace(OwnQuery("status", text, key).as_written(TEXTS), name="status")


@pytest.mark.parametrize("count", [0, 1, 999])
def test_a_page_costs_one_request_and_equal_rows_come_all(count: int) -> None:
    account = Account(written(), [("S", "the same")] * count)
    assert rows_of(account) == [("S", "the same")] * count
    assert [query.text for query in account.queries] == [ORDERED]


@pytest.mark.parametrize("count", [1000, 1001, 2000, 2500])
@pytest.mark.parametrize("key", [(), ("key",)])
def test_more_come_in_its_own_order_and_full_pages_are_compared(
    count: int, key: tuple[str, ...]
) -> None:
    account = Account(written(key=key), statuses(count), refused="FROM (")
    assert rows_of(account) == sorted(statuses(count))  # DESC, of a collation that is backwards.
    assert {query.text for query in account.queries} == {ORDERED}
    pages = [*range(0, count, 1000)]
    again = [*range(0, count // 1000 * 1000, 1000)] if count > 1000 else []
    assert [query.offset for query in account.queries] == pages + again


def test_of_more_than_a_page_no_row_may_come_twice() -> None:
    account = Account(written(), [*statuses(1500), ("S7", "status 7")])
    with pytest.raises(CountMismatch, match="but two rows are the same"):
        rows_of(account)


def test_a_key_comes_once_on_one_page_too() -> None:
    account = Account(written(key=("key",)), [*statuses(10), ("S7", "another")])
    with pytest.raises(CountMismatch, match="came twice"):
        rows_of(account)


def test_columns_that_are_not_selected_tell_rows_apart_as_well() -> None:
    account = Account(written(), [(f"S{n}", "the same") for n in range(1500)])
    selection = Selection(account.table, account.table.columns[1:])
    pages = [chunk for chunk, _ in read_pass(selection, account.fetch, WORKERS, Pass(None))]
    assert sum(len(chunk.rows) for chunk in pages if chunk) == 1500


@settings(max_examples=15, deadline=None)
@given(
    count=st.integers(1001, 3100),
    number=st.integers(0, 8),
    places=st.tuples(st.floats(0, 0.999), st.floats(0, 0.999)),
    key=st.sampled_from([(), ("key",)]),
)
def test_no_row_is_lost_when_one_goes_as_another_comes(
    count: int, number: int, places: tuple[float, float], key: tuple[str, ...]
) -> None:
    rows = [(f"{n * 2:06}", "row") for n in range(count)]
    gone, new = (int(place * count) * 2 for place in places)
    account = Account(written(key=key), rows)

    def before(account: Account, query: int) -> None:
        if query == number:
            account.delete(f"{gone:06}")
            account.insert((f"{new + 1:06}", "new"))

    account.before = before
    found = [name for name, text in rows_of(account) if text == "row"]
    assert len(found) == len(set(found))
    assert set(found) >= {name for name, _ in rows} - {f"{gone:06}"}


def test_an_order_that_leaves_doubt_is_noticed() -> None:
    account = Account(written(), statuses(1500))

    def as_told(_: Query, page: Page) -> Page:
        rows, turn = json.loads(page.items), len(account.queries)
        return replace(page, items=json.dumps([*rows[turn:], *rows[:turn]]).encode())

    account.as_told = as_told
    with pytest.raises(CountMismatch, match="rows moved from one page to another"):
        list(read(account))


@pytest.mark.parametrize(
    ("total", "why"),
    [(100_000, "may have more"), (100_001, "of its 100001 rows"), (None, "how many rows")],
)
def test_more_rows_than_netsuite_reaches_are_refused_before_any_goes_out(
    total: int | None, why: str
) -> None:
    account = Account(written(), statuses(1000))
    account.as_told = lambda _, page: replace(page, total_results=total, has_more=True)
    out: list[Any] = []
    with pytest.raises(Unreadable, match=f"takes the query only as it is written.*{why}"):
        out += read(account)
    assert out == []


def test_a_short_page_is_all_whatever_its_total_says() -> None:
    account = Account(written(), statuses(10))
    account.as_told = lambda _, page: replace(page, total_results=11)
    assert len(rows_of(account)) == 10


@pytest.mark.parametrize("count", [0, 10, 1000])
def test_a_page_without_a_total_is_all_if_nothing_lies_behind(count: int) -> None:
    account = Account(written(), statuses(count))
    account.as_told = lambda _, page: replace(page, total_results=None)
    assert len(rows_of(account)) == count


@pytest.mark.parametrize(("count", "total"), [(999, 1001), (999, None), (1000, 2000), (1000, None)])
def test_a_page_that_announces_more_is_not_all(count: int, total: int | None) -> None:
    account = Account(written(), statuses(count))
    account.as_told = lambda _, page: replace(page, total_results=total, has_more=True)
    with pytest.raises((CountMismatch, Unreadable)):
        rows_of(account)


def test_rows_are_the_same_in_whatever_form_they_come_again() -> None:
    account = Account(written(), statuses(2100))

    def as_told(_: Query, page: Page) -> Page:
        if len(account.queries) % 2:
            return page
        rows = json.loads(page.items)
        odd = [{"links": [], "name": r["name"], "none": None, "key": r["key"]} for r in rows]
        return replace(page, items=json.dumps(odd).encode())

    account.as_told = as_told
    assert len(rows_of(account)) == 2100


def test_aliases_that_netsuite_does_not_honour_are_told_by_their_numbers() -> None:
    text = "SELECT UPPER(key) AS key, 'x' AS name FROM status"
    account = Account(written(text), statuses(2))
    account.as_told = lambda _, page: replace(
        page, items=b'[{"expr1": "S1", "expr2": "x"}, {"expr2": "x"}]'
    )
    assert rows_of(account) == [("S1", "x"), (None, "x")]


def test_as_many_columns_are_read_as_netsuite_gives() -> None:
    columns = tuple(Column(f"c{n}", ColumnType.TEXT) for n in range(100))
    selected = ", ".join(column.name for column in columns)
    text = f"SELECT {selected} FROM status"  # noqa: S608 - a test's own
    table = replace(OwnQuery("status", text).as_written(columns), name="status")
    assert rows_of(Account(table, [("x",) * 100])) == [("x",) * 100]
