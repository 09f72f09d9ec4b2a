"""A table that is read by one page after another: nothing is planned, and nothing asked at once."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget
from tap_netsuite_tba.extraction.passes import Pass, read_pass
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.waiting import Waiting, patiently
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import TimedOut
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.tables import KeyValue, Table

from .account import BEGIN, LINES, TABLE, MemoryAccount
from .wide import key_of, small_pages

WORKERS = Workers(4)
PAGE = 20
SEQUENTIAL = replace(TABLE, is_sequential=True)
UNDATED = replace(SEQUENTIAL, cursor=None)
COUNTS = {SEQUENTIAL: 1, UNDATED: 2}
"""How often such a table is counted: at its end, and without a cursor at its start too."""


@pytest.fixture(autouse=True, scope="module")
def pages_are_small() -> Iterator[None]:
    with small_pages(columns=99, page=PAGE, step=PAGE - 2):
        yield


def account_of(rows: int, table: Table = SEQUENTIAL) -> MemoryAccount:
    return MemoryAccount(table, {(key,): BEGIN for key in range(rows)})


def keys_of(
    account: MemoryAccount, fetch: Fetch | None = None, begun: Pass | None = None
) -> list[KeyValue]:
    selection = Selection(account.table, account.table.columns)
    reading = read_pass(selection, fetch or account.fetch, WORKERS, begun or Pass(None))
    chunks = [chunk for chunk, _ in reading if chunk]
    return [key_of(account.table, row) for chunk in chunks for row in chunk.rows]


@pytest.mark.parametrize("table", [SEQUENTIAL, UNDATED], ids=["cursor", "no cursor"])
@pytest.mark.parametrize("pages", [2, 5, 30])
def test_it_costs_a_query_a_page_and_its_counts(pages: int, table: Table) -> None:
    account = account_of(pages * PAGE - 1, table)
    assert keys_of(account) == sorted(account.modified)
    assert len(account.queries) == pages + COUNTS[table]
    assert not any("ROW_NUMBER" in text or " DESC" in text for text in account.queries)


def test_a_single_page_costs_one_query() -> None:
    account = account_of(PAGE - 1)
    assert keys_of(account) == sorted(account.modified)
    assert len(account.queries) == 1


def test_never_are_two_of_its_queries_under_way() -> None:
    account = account_of(12 * PAGE)
    asking = threading.Lock()

    def fetch(query: Query) -> Page:
        assert asking.acquire(blocking=False), "another query is under way"
        page = account.fetch(query)
        asking.release()
        return page

    assert keys_of(account, fetch) == sorted(account.modified)


def test_pages_that_take_too_long_are_asked_for_in_parts_and_grow_again() -> None:
    account = account_of(10 * PAGE)

    def fetch(query: Query) -> Page:
        if query.limit == PAGE and "t.id > 39" in query.text:
            raise TimedOut("no answer within 300 s")
        return account.fetch(query)

    assert keys_of(account, fetch) == sorted(account.modified)
    assert len(account.queries) < 10 + 4


def test_before_its_turn_only_its_first_page_is_asked_for() -> None:
    account = account_of(5 * PAGE)
    turn = Budget(WORKERS).turn(is_mine=False)
    selection = Selection(account.table, account.table.columns)
    steps = Reader(selection, account.fetch, WORKERS, Progress(), turn).steps()
    for _ in range(4):
        step = next(steps)
        assert isinstance(step, Waiting)
        Waiting(step.futures, 0.01).wait()
    assert len(account.queries) == 1
    turn.is_mine = True
    rows = [row for chunk in patiently(steps) if chunk for row in chunk.rows]
    assert len(rows) == 5 * PAGE
    assert not any("ROW_NUMBER" in text for text in account.queries)


@given(
    after=st.integers(0, 100),
    beyond=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    rows=st.integers(1, 200),
)
def test_what_is_out_is_not_read_again(after: int, beyond: tuple[int, int], rows: int) -> None:
    start, end = after + 1 + beyond[0], after + 2 + sum(beyond)
    progress = Progress((after,), (Range((start,), (end,)),))
    left = [(n,) for n in range(rows) if after < n <= start or n > end]
    begun = Pass(None, started=BEGIN, progress=progress, rows=rows - len(left))
    assert keys_of(account_of(rows), begun=begun) == left


def test_keys_of_several_columns_come_once_too() -> None:
    table = replace(LINES, is_sequential=True, parent=None, columns=LINES.columns[:2])
    account = MemoryAccount(table, {(n // 7, n % 7): BEGIN for n in range(6 * PAGE)})
    assert keys_of(account) == sorted(account.modified)
    assert not any("ROW_NUMBER" in text for text in account.queries)
