"""Rows that are counted while the last pages of their table are on their way."""

import re
import threading
from collections.abc import Callable

from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget
from tap_netsuite_tba.extraction.passes import Means, Pass, pass_steps, read_pass
from tap_netsuite_tba.extraction.waiting import Waiting
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.tables import KeyValue

from .account import BEGIN, TABLE, MemoryAccount

WORKERS = Workers(7)


def account_of(rows: int) -> MemoryAccount:
    return MemoryAccount(TABLE, {(key,): BEGIN for key in range(rows)})


def all_keys(fetch: Fetch) -> list[KeyValue]:
    selection = Selection(TABLE, TABLE.columns)
    pages = read_pass(selection, fetch, WORKERS, Pass(None))
    return sorted(key for chunk, _ in pages if chunk for key in chunk.keys)


def is_last_page(query: Query) -> bool:
    return " WHERE " in query.text and not re.search("<=|ROW_NUMBER|COUNT", query.text)


class CountedEarly:
    """Answers for the last page only when the rows have been counted."""

    def __init__(self, change: Callable[[MemoryAccount, Query], None] | None = None) -> None:
        self.account = account_of(5000)
        self.account.before_answer = change
        self._counted = threading.Event()

    @property
    def counts(self) -> int:
        return sum("COUNT(*)" in text for text in self.account.queries)

    def fetch(self, query: Query) -> Page:
        if is_last_page(query):
            assert self._counted.wait(30), "the count waits for the last page"
        page = self.account.fetch(query)
        if "COUNT(*)" in query.text:
            self._counted.set()
        return page


def test_rows_are_counted_while_the_last_page_is_on_its_way() -> None:
    early = CountedEarly()
    assert all_keys(early.fetch) == [(key,) for key in range(5000)]
    assert early.counts == 1


def test_what_went_after_an_early_count_is_not_missed() -> None:
    def change(account: MemoryAccount, query: Query) -> None:
        if is_last_page(query):
            account.modified.pop((4999,))

    early = CountedEarly(change)
    assert all_keys(early.fetch) == [(key,) for key in range(4999)]
    assert early.counts == 2


def test_a_row_without_date_that_came_above_all_others_is_not_missed() -> None:
    def change(account: MemoryAccount, query: Query) -> None:
        account.modified.pop((6000,), None)
        if "COUNT(*)" in query.text and early.counts == 1:
            account.modified[6000,] = None

    early = CountedEarly(change)
    assert all_keys(early.fetch) == [(key,) for key in range(5000)]
    assert early.counts == 2


def test_an_early_count_is_taken_back_when_nobody_reads_on() -> None:
    account, workers = account_of(1500), Workers(2, threads=1)
    begun, go_on = threading.Event(), threading.Event()

    def fetch(query: Query) -> Page:
        if is_last_page(query):
            begun.set()
            assert go_on.wait(30)
        return account.fetch(query)

    means = Means(fetch, workers, Budget(workers).turn(is_mine=True))
    steps = pass_steps(Selection(TABLE, TABLE.columns), means, Pass(None))
    while not begun.is_set() or workers.outstanding < 2:
        step = next(steps)
        if isinstance(step, Waiting):
            Waiting(step.futures, 0.01).wait()
    steps.close()
    go_on.set()
    workers.submit(lambda: None).result(30)
    assert is_last_page(Query(account.queries[-1]))
    workers.close()
