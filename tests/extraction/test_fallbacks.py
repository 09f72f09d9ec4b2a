"""What becomes of a reading when NetSuite does not name page ends, or not in time, or not DESC."""

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.extraction import plan, planner
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    NetSuiteError,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.tables import KeyValue, Table

from .account import BEGIN, TABLE, WIDE_KEY, MemoryAccount, of_many_columns
from .wide import WIDE_KEY_WITH_CURSOR, is_one_version, key_of, small_pages

WORKERS = Workers(4)
PAGE = 20
PATIENCE = 10.0
UNSUPPORTED = QueryRefused("Invalid or unsupported search")


@pytest.fixture(autouse=True, scope="module")
def pages_are_small() -> Iterator[None]:
    with small_pages(columns=6, page=PAGE, step=PAGE - 5):
        yield


def account_of(rows: int, table: Table = TABLE) -> MemoryAccount:
    return MemoryAccount(table, {(key,): BEGIN for key in range(rows)})


def chunks_of(
    account: MemoryAccount, fetch: Fetch, progress: Progress | None = None
) -> Iterator[Chunk]:
    selection = Selection(account.table, account.table.columns)
    return filter(None, Reader(selection, fetch, WORKERS, progress or Progress()).chunks())


def keys_of(
    account: MemoryAccount, fetch: Fetch, progress: Progress | None = None
) -> list[KeyValue]:
    chunks = chunks_of(account, fetch, progress)
    return [key_of(account.table, row) for chunk in chunks for row in chunk.rows]


def refusing(account: MemoryAccount, *texts: str, error: NetSuiteError = UNSUPPORTED) -> Fetch:
    """An account that does not answer queries with these texts in them."""

    def fetch(query: Query) -> Page:
        if any(text in query.text for text in texts):
            raise error
        return account.fetch(query)

    return fetch


@pytest.mark.parametrize(
    "error",
    [
        UNSUPPORTED,
        TimedOut("no answer within 300 s"),
        RetriesExhausted(ServerFault("An unexpected error", status=500), seconds=10),
    ],
)
@pytest.mark.parametrize("table", [TABLE, of_many_columns(TABLE, 8)], ids=["narrow", "wide"])
def test_without_page_ends_every_row_comes_once_from_both_ends(
    error: NetSuiteError, table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    account = account_of(5 * PAGE, table)
    keys = keys_of(account, refusing(account, "ROW_NUMBER", error=error))
    assert sorted(keys) == sorted(account.modified)
    assert any(" DESC" in text for text in account.queries)
    [message] = caplog.messages
    assert "does not name the page ends of transaction" in message
    assert error.detail in message
    assert "give the role the permission" not in message


def test_without_page_ends_all_workers_read_at_once() -> None:
    account = account_of(30 * PAGE)
    together = threading.Barrier(WORKERS.size)
    bounded = iter(range(WORKERS.size))

    def fetch(query: Query) -> Page:
        page = refusing(account, "ROW_NUMBER")(query)
        if "<=" in query.text and next(bounded, None) is not None:
            together.wait(PATIENCE)
        return page

    assert sorted(keys_of(account, fetch)) == sorted(account.modified)
    assert len(account.queries) <= 30 * 1.3 + 20


@pytest.mark.parametrize("error", [UNSUPPORTED, TimedOut("no answer within 300 s")])
def test_without_descending_order_one_page_follows_another(
    error: NetSuiteError, caplog: pytest.LogCaptureFixture
) -> None:
    account = account_of(5 * PAGE)
    keys = keys_of(account, refusing(account, "ROW_NUMBER", " DESC", error=error))
    assert keys == sorted(account.modified)
    assert len(account.queries) == 1 + 5
    assert ["page ends" in text for text in caplog.messages] == [True, False]
    assert "does not give transaction in descending order" in caplog.messages[1]


def test_an_order_that_is_not_the_descending_one_is_not_relied_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = account_of(5 * PAGE)

    def fetch(query: Query) -> Page:
        query = replace(query, text=query.text.replace(" DESC", " ASC"))
        return refusing(account, "ROW_NUMBER")(query)

    assert keys_of(account, fetch) == sorted(account.modified)
    assert "does not give transaction in descending order" in caplog.messages[-1]


def test_a_slow_question_for_page_ends_keeps_nobody_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(planner, "PATIENCE", 0.01)
    account, answered = account_of(5 * PAGE), threading.Event()
    late = threading.Event()

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if "ROW_NUMBER" in query.text:
            answered.wait(PATIENCE)
            late.set()
        return page

    chunks = chunks_of(account, fetch)
    first = [next(chunks) for _ in range(4)]
    assert not late.is_set()
    answered.set()
    assert late.wait(PATIENCE)
    rows = [row["id"] for chunk in (*first, *chunks) for row in chunk.rows]
    assert sorted(rows) == list(range(5 * PAGE))
    assert "ROW_NUMBER" in "".join(account.queries)
    [message] = caplog.messages
    assert "page ends of transaction" in message


def test_ranges_planned_before_a_refusal_are_read_as_planned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plan, "FIRST_HORIZON", 16)
    account = account_of(20 * PAGE)
    questions = iter([True])

    def fetch(query: Query) -> Page:
        if "ROW_NUMBER" in query.text and not next(questions, False):
            raise UNSUPPORTED
        return account.fetch(query)

    chunks = list(chunks_of(account, fetch))
    assert sorted(row["id"] for chunk in chunks for row in chunk.rows) == list(range(20 * PAGE))
    assert sum(len(chunk.rows) == PAGE - 5 for chunk in chunks) == 16


def test_a_wide_gap_of_a_resumed_pass_is_read_from_both_ends() -> None:
    account = account_of(20 * PAGE)
    progress = Progress((PAGE - 1,), (Range((18 * PAGE - 1,), (20 * PAGE - 1,)),))
    keys = keys_of(account, account.fetch, progress)
    assert sorted(keys) == [(key,) for key in range(PAGE, 18 * PAGE)]
    assert any(" DESC" in text for text in account.queries)
    assert len(account.queries) <= 17 * 1.3 + 5


@pytest.mark.parametrize("refused", [(), ("ROW_NUMBER",), ("ROW_NUMBER", " DESC")])
@pytest.mark.parametrize("most", [PAGE, PAGE // 2], ids=["full pages", "short pages"])
def test_what_is_read_beyond_the_place_of_a_pass_is_a_handful_of_ranges(
    refused: tuple[str, ...], most: int
) -> None:
    account, progress = account_of(100 * PAGE), Progress()

    def fetch(query: Query) -> Page:
        is_plan = "ROW_NUMBER" in query.text
        return refusing(account, *refused)(query if is_plan else replace(query, limit=most))

    for chunk in chunks_of(account, fetch):
        for part in chunk.covered:
            progress = progress.covering(part)
        assert len(progress.beyond) <= 10
    assert progress == Progress((100 * PAGE - 1,))


def test_rows_that_came_above_the_highest_one_meanwhile_are_seen() -> None:
    account = account_of(5 * PAGE)

    def insert(account: MemoryAccount, query: Query) -> None:
        if query.text.endswith(" DESC") and (9999,) not in account.modified:
            account.before_answer = None
            page = account.fetch(query)
            assert page.count
            account.modified[9999,] = account.now

    account.before_answer = insert
    assert (9999,) in keys_of(account, refusing(account, "ROW_NUMBER"))


def test_page_ends_that_cannot_be_understood_are_no_page_ends(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = account_of(5 * PAGE)

    def fetch(query: Query) -> Page:
        if "ROW_NUMBER" in query.text:
            raise ValueMismatch("a page end is no number", table=TABLE.name)
        return account.fetch(query)

    assert sorted(keys_of(account, fetch)) == sorted(account.modified)
    assert "a page end is no number" in caplog.text


KEYS: list[Callable[[random.Random], set[KeyValue]]] = [
    lambda random_: {(key,) for key in range(random_.randrange(300))},
    lambda random_: {(-(2**62) + 7 * key,) for key in range(random_.randrange(300))},
    lambda random_: {(random_.randrange(-(2**62), 2**62),) for _ in range(random_.randrange(300))},
    lambda random_: {(int(2 ** random_.uniform(0, 62)),) for _ in range(random_.randrange(300))},
    lambda random_: {(-(2**62),), *((key,) for key in range(random_.randrange(300))), (2**62,)},
]
KEYS_OF_THREE: list[Callable[[random.Random], set[KeyValue]]] = [
    lambda random_: {
        (leading, line, book)
        for leading in range(random_.randrange(-3, 9))
        for line in range(random_.choice([1, 3, 90]))
        for book in (-1, 1)
    },
    lambda random_: {(7, line, -(2**62)) for line in range(random_.randrange(200))},
]


@settings(max_examples=60, deadline=None)
@given(
    table=st.sampled_from([TABLE, WIDE_KEY, of_many_columns(WIDE_KEY_WITH_CURSOR, 12)]),
    seed=st.integers(),
    refused=st.sampled_from([(), ("ROW_NUMBER",), ("ROW_NUMBER", " DESC")]),
    total=st.sampled_from([None, 0, 100_000, "true"]),
    is_shown=st.booleans(),
)
def test_every_stable_row_comes_once_on_every_way_whatever_changes(
    table: Table, seed: int, refused: tuple[str, ...], total: int | str | None, *, is_shown: bool
) -> None:
    random_ = random.Random(seed)
    keys = random_.choice(KEYS if len(table.key) == 1 else KEYS_OF_THREE)(random_)
    account = MemoryAccount(table, dict.fromkeys(keys, BEGIN))
    stable = {key for key in keys if sum(key) % 2}

    def churn(account: MemoryAccount, query: Query) -> None:
        del query
        for _ in range(random_.randint(0, 3)):
            key = random_.choice(sorted(account.modified or keys or {(0,) * len(table.key)}))
            for changed in (key, (*key[:-1], key[-1] + 1)):
                if changed not in stable and random_.random() < 0.5:
                    account.modified.pop(changed, None)
                elif changed not in stable:
                    account.modified[changed] = account.now

    def fetch(query: Query) -> Page:
        page = refusing(account, *refused)(query)
        shown = page.total_results if total == "true" else total
        assert not isinstance(shown, str)
        return replace(page, total_results=shown, has_more=page.has_more and is_shown)

    account.before_answer = churn
    rows = [row for chunk in chunks_of(account, fetch) for row in chunk.rows]
    found = [key_of(table, row) for row in rows]
    assert len(found) == len(set(found))
    assert stable <= set(found)
    if table.cursor:
        assert all(is_one_version(table, row) for row in rows)
