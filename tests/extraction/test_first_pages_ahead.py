"""First pages that were read ahead: taken at the turn as they are, or asked for once more."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget
from tap_netsuite_tba.extraction.passes import Means, Pass, Read, pass_steps
from tap_netsuite_tba.extraction.waiting import Waiting
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.tables import Table

from .account import BEGIN, TABLE, MemoryAccount
from .test_whole import STATUS, Account, statuses
from .wide import small_pages

PAGE = 20
NO_CURSOR = replace(TABLE, cursor=None)


@pytest.fixture(autouse=True)
def pages_are_small() -> Iterator[None]:
    with small_pages(columns=99, page=PAGE, step=PAGE - 2):
        yield


def account_of(rows: int, table: Table = TABLE) -> MemoryAccount:
    """Rows with even keys."""
    return MemoryAccount(table, {(key,): BEGIN for key in range(0, 2 * rows, 2)})


def read_ahead(table: Table, fetch: Fetch, meanwhile: Callable[[], None]) -> Iterator[Read]:
    """Reads ahead what may be, and the rest at the turn."""
    workers = Workers(4)
    turn = Budget(workers).turn(is_mine=False)
    steps = pass_steps(Selection(table, table.columns), Means(fetch, workers, turn), Pass(None))
    for step in steps:
        if isinstance(step, Waiting):
            if not turn.is_mine and not step.futures:
                meanwhile()
                turn.is_mine = True
                continue
            step.wait()
        else:
            assert turn.is_mine
            yield step
    workers.close()


def test_a_pass_begins_when_its_first_page_was_first_asked_for() -> None:
    account, asked_at, spoilt = account_of(PAGE * 6), list[datetime](), list[str]()

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if "ROW_NUMBER" in query.text or "COUNT" in query.text:
            return page
        asked_at.append(page.asked_at)
        if spoilt:
            return page
        spoilt.append(query.text)
        rows = page.items.split(b"}, {")
        items = b"}, {".join([rows[0], rows[2], rows[1], *rows[3:]])
        return replace(page, items=items)

    reads = list(read_ahead(TABLE, fetch, lambda: None))
    assert account.queries.count(spoilt[0]) == 1  # It is asked again up to its last key.
    assert {current.started for _, current in reads} == {asked_at[0]}
    chunks = [chunk for chunk, _ in reads if chunk]
    assert all(chunk.asked_at >= asked_at[0] for chunk in chunks)
    assert sorted(key for chunk in chunks for key in chunk.keys) == sorted(account.modified)


def test_rows_that_came_meanwhile_cause_no_second_reading_of_a_table_without_cursor(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = account_of(PAGE * 3, NO_CURSOR)

    def insert() -> None:
        account.modified |= {(3,): BEGIN, (PAGE * 6 + 1,): BEGIN}

    reads = list(read_ahead(NO_CURSOR, account.fetch, insert))
    keys = [key for chunk, _ in reads if chunk for key in chunk.keys]
    assert sorted(keys) == sorted(account.modified)
    assert Counter(account.queries)[account.queries[0]] == 2
    assert not caplog.records


def test_rows_that_came_meanwhile_cause_no_second_reading_of_a_table_with_a_text_for_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = Account(STATUS, statuses(1_500))
    reads = list(read_ahead(STATUS, account.fetch, lambda: account.insert(("S0a", "new"))))
    keys = [row["key"] for chunk, _ in reads if chunk for row in chunk.rows]
    assert len(keys) == len(set(keys)) == 1_501
    first, *others = account.queries
    assert others.count(first) == 1
    assert not caplog.records


@pytest.mark.parametrize("table", [TABLE, NO_CURSOR], ids=["cursor", "no cursor"])
def test_an_only_page_that_was_read_ahead_is_taken_as_it_is(table: Table) -> None:
    account = account_of(PAGE - 1, table)
    [(chunk, _)] = read_ahead(table, account.fetch, lambda: None)
    assert chunk
    assert len(chunk.rows) == PAGE - 1
    assert len(account.queries) == 1


def test_an_only_page_of_a_table_with_a_text_for_key_is_taken_as_it_is() -> None:
    account = Account(STATUS, statuses(999))
    [(chunk, _)] = read_ahead(STATUS, account.fetch, lambda: None)
    assert chunk
    assert len(chunk.rows) == 999
    assert len(account.queries) == 1
