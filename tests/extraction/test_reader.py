"""The reader alone: what it asks for, in which order it gives it, and what it does with trouble."""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.reader import MAX_WAITING_PAGES, Chunk, Reader, Selection
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    ConnectionFailed,
    NetSuiteError,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.tables import KeyValue, Table

from .account import BEGIN, TABLE, MemoryAccount, of_many_columns

WORKERS = Workers(4)


def account_of(keys: range) -> MemoryAccount:
    return MemoryAccount(TABLE, {(key,): BEGIN for key in keys})


def reader(
    account: MemoryAccount, progress: Progress | None = None, fetch: Fetch | None = None
) -> Reader:
    selection = Selection(account.table, account.table.columns)
    return Reader(selection, fetch or account.fetch, WORKERS, progress or Progress())


def keys_of(chunks: list[Chunk]) -> list[int]:
    return [row["id"] for chunk in chunks for row in chunk.rows]


def asks_for_page_ends(query: Query) -> bool:
    return "ROW_NUMBER" in query.text


def test_chunks_cover_the_table_without_gap_and_without_overlap() -> None:
    chunks = list(reader(account_of(range(10_000))).chunks())
    covered = sorted(
        (chunk.covered for chunk in chunks if chunk.covered), key=lambda c: c.after or ()
    )
    assert covered[0].after is None
    assert all(one.up_to == other.after for one, other in pairwise(covered))
    assert covered[-1].up_to == (9999,)
    assert sorted(keys_of(chunks)) == list(range(10_000))


def test_each_chunk_holds_exactly_the_rows_that_it_covers() -> None:
    for chunk in reader(account_of(range(5000))).chunks():
        if chunk.covered:
            inside = [key for key in range(5000) if chunk.covered.holds((key,))]
            assert keys_of([chunk]) == inside


def test_a_resumed_reading_asks_only_for_what_is_missing() -> None:
    account = account_of(range(10_000))
    progress = Progress((2999,), (Range((3500,), (9800,)),))
    found = keys_of(list(reader(account, progress).chunks()))
    assert sorted(found) == [*range(3000, 3501), *range(9801, 10_000)]
    assert len(account.queries) == 2


def test_a_plan_made_again_is_cut_at_what_has_been_read_beyond() -> None:
    account = account_of(range(10_000))
    progress = Progress(None, (Range((4000,), (6000,)),))
    found = keys_of(list(reader(account, progress).chunks()))
    assert sorted(found) == [*range(4001), *range(6001, 10_000)]


def test_an_empty_open_end_covers_nothing() -> None:
    [chunk] = reader(account_of(range(0))).chunks()
    assert chunk.covered is None
    assert chunk.rows == []


def test_exactly_a_full_page_is_not_taken_for_the_end() -> None:
    chunks = list(reader(account_of(range(1000))).chunks())
    assert sorted(keys_of(chunks)) == list(range(1000))


def test_more_rows_in_a_range_than_a_page_holds_are_all_read() -> None:
    account = account_of(range(9000))

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if asks_for_page_ends(query):
            return replace(page, items=b'[{"k":"8000"}]', count=1)
        return page

    assert sorted(keys_of(list(reader(account, fetch=fetch).chunks()))) == list(range(9000))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(-10, 5000), max_size=20), max_size=4))
def test_every_row_comes_once_whatever_page_ends_netsuite_names(answers: list[list[int]]) -> None:
    account = account_of(range(4500))
    left = list(answers)

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if asks_for_page_ends(query) and left:
            ends = [{"k": str(end)} for end in left.pop()]
            return replace(page, items=json.dumps(ends).encode(), count=len(ends))
        return page

    assert sorted(keys_of(list(reader(account, fetch=fetch).chunks()))) == list(range(4500))


def most_pages_waiting(account: MemoryAccount) -> int:
    """The most pages that were asked for and not taken, each taken when all have arrived."""
    most = 0
    for taken, _ in enumerate(reader(account).chunks(), start=1):
        arrived = threading.Barrier(WORKERS.size + 1)
        for _ in range(WORKERS.size):
            WORKERS.submit(arrived.wait)
        arrived.wait(10)
        pages = sum("ROW_NUMBER" not in text for text in account.queries)
        most = max(most, pages - taken)
    return most


def test_pages_that_wait_for_a_slow_loader_are_few() -> None:
    most = most_pages_waiting(account_of(range(60_000)))
    assert WORKERS.size <= most <= MAX_WAITING_PAGES + WORKERS.size


def test_bytes_that_wait_for_a_slow_loader_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tap_netsuite_tba.extraction.reader.MAX_WAITING_BYTES", 1)
    assert most_pages_waiting(account_of(range(30_000))) <= WORKERS.size


def test_a_short_page_with_more_rows_behind_it_is_not_taken_for_the_end() -> None:
    account = account_of(range(5000))

    def fetch(query: Query) -> Page:
        if asks_for_page_ends(query):
            return account.fetch(query)
        return account.fetch(replace(query, limit=400))

    assert sorted(keys_of(list(reader(account, fetch=fetch).chunks()))) == list(range(5000))


def test_nothing_is_asked_for_before_the_first_rows_are_taken() -> None:
    account = account_of(range(60_000))
    chunks = reader(account).chunks()
    assert account.queries == []
    next(chunks)
    assert len(account.queries) == 1


@pytest.mark.parametrize("items", [b'[{"K":"990"}]', b'[{"k":"abc"}]', b"[{}]"])
def test_page_ends_that_cannot_be_understood_are_no_end(items: bytes) -> None:
    account = account_of(range(5000))

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        return replace(page, items=items, count=1) if asks_for_page_ends(query) else page

    assert sorted(keys_of(list(reader(account, fetch=fetch).chunks()))) == list(range(5000))


def test_rows_that_are_refused_end_the_reading() -> None:
    account = account_of(range(3000))

    def fetch(query: Query) -> Page:
        if "t.id >" in query.text and not asks_for_page_ends(query):
            raise QueryRefused("Record 'transaction' was not found", table=query.table)
        return account.fetch(query)

    with pytest.raises(QueryRefused, match="was not found"):
        list(reader(account, fetch=fetch).chunks())


def test_an_open_range_that_times_out_is_read_in_smaller_pages() -> None:
    account, limits = account_of(range(2000)), set[int]()

    def fetch(query: Query) -> Page:
        limits.add(query.limit)
        if query.limit > 300:
            raise TimedOut("no answer within 300 s", table=query.table)
        return account.fetch(query)

    assert sorted(keys_of(list(reader(account, fetch=fetch).chunks()))) == list(range(2000))
    assert limits >= {1000, 500, 250}


def test_a_single_row_that_times_out_surfaces() -> None:
    def fetch(query: Query) -> Page:
        raise TimedOut("no answer within 300 s", table=query.table)

    with pytest.raises(TimedOut):
        list(reader(account_of(range(10)), fetch=fetch).chunks())


def test_a_plan_that_times_out_is_replaced_by_one_page_after_another(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = account_of(range(5000))

    def fetch(query: Query) -> Page:
        if asks_for_page_ends(query):
            raise TimedOut("no answer within 300 s", table=query.table)
        return account.fetch(query)

    assert keys_of(list(reader(account, fetch=fetch).chunks())) == list(range(5000))
    assert "does not name the page ends of transaction" in caplog.text


def test_a_page_that_was_out_of_order_once_is_read_again() -> None:
    account, spoilt = account_of(range(10)), list[str]()

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if not spoilt:
            spoilt.append(query.text)
            return replace(page, items=b'[{"id":"2"},{"id":"1"}]', count=2)
        return page

    assert keys_of(list(reader(account, fetch=fetch).chunks())) == list(range(10))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda items: re.sub(rb'"id": "1500"', b'"id": "1e99"', items),
        lambda items: re.sub(
            rb'"lastmodifieddate": "[^"]*"', b'"lastmodifieddate": "1/1/26"', items
        ),
        lambda items: re.sub(rb'"id": "1500", ', b"", items),
    ],
)
def test_a_value_that_does_not_fit_ends_the_reading(spoil: Callable[[bytes], bytes]) -> None:
    account = account_of(range(3000))

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        return page if asks_for_page_ends(query) else replace(page, items=spoil(page.items))

    with pytest.raises(ValueMismatch):
        list(reader(account, fetch=fetch).chunks())


def test_an_error_while_the_page_ends_are_named_surfaces() -> None:
    account = account_of(range(3000))

    def fetch(query: Query) -> Page:
        if asks_for_page_ends(query):
            raise NetSuiteError("strange", table=query.table)
        return account.fetch(query)

    with pytest.raises(NetSuiteError, match="strange"):
        list(reader(account, fetch=fetch).chunks())


@pytest.mark.parametrize("progress", [Progress(), Progress((500,), (Range((700,), (2000,)),))])
def test_rows_of_one_chunk_ascend(progress: Progress) -> None:
    for chunk in islice(reader(account_of(range(5000)), progress).chunks(), 20):
        keys: list[KeyValue] = [(key,) for key in keys_of([chunk])]
        assert keys == sorted(set(keys))


@pytest.mark.parametrize("table", [TABLE, of_many_columns(TABLE, 105)], ids=["narrow", "wide"])
def test_a_plan_that_a_server_fault_answers_is_replaced_by_one_page_after_another(
    table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    account = MemoryAccount(table, {(key,): BEGIN for key in range(3000)})
    patience = set[tuple[bool, bool]]()

    def fetch(query: Query) -> Page:
        patience.add((asks_for_page_ends(query), query.patience is not None))
        if asks_for_page_ends(query):
            raise RetriesExhausted(ServerFault("An unexpected error", status=500), seconds=10)
        return account.fetch(query)

    assert keys_of(list(reader(account, fetch=fetch).chunks())) == list(range(3000))
    assert patience == {(False, False), (True, True)}
    assert len(caplog.messages) == 1
    assert "does not name the page ends of transaction" in caplog.text


@pytest.mark.parametrize("last", [ConnectionFailed("reset"), ConcurrencyLimitExceeded("busy")])
def test_trouble_of_the_account_while_the_page_ends_are_named_surfaces(last: NetSuiteError) -> None:
    account = account_of(range(3000))

    def fetch(query: Query) -> Page:
        if asks_for_page_ends(query):
            raise RetriesExhausted(last, seconds=900)
        return account.fetch(query)

    with pytest.raises(RetriesExhausted):
        list(reader(account, fetch=fetch).chunks())
