"""The reader alone: what it asks for, in which order it gives it, and what it does with trouble."""

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.errors import ValueMismatch
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import MAX_PAGES_OF_TURN
from tap_netsuite_tba.extraction.groups import column_groups
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    ConnectionFailed,
    NetSuiteError,
    QueryRefused,
    RetriesExhausted,
    TimedOut,
)
from tap_netsuite_tba.netsuite.query import Fetch, Page, Query
from tap_netsuite_tba.tables import KeyValue

from .account import BEGIN, TABLE, MemoryAccount, of_many_columns
from .wide import small_pages

WORKERS = Workers(4)


def account_of(keys: range) -> MemoryAccount:
    return MemoryAccount(TABLE, {(key,): BEGIN for key in keys})


def reader(
    account: MemoryAccount, progress: Progress | None = None, fetch: Fetch | None = None
) -> Reader:
    selection = Selection(account.table, account.table.columns)
    return Reader(selection, fetch or account.fetch, WORKERS, progress or Progress())


def chunks_of(reading: Reader) -> Iterator[Chunk]:
    """The chunks of a reader, without its signs of life."""
    return filter(None, reading.chunks())


def keys_of(chunks: Iterable[Chunk]) -> list[int]:
    return [row["id"] for chunk in chunks for row in chunk.rows]


def asks_for_page_ends(query: Query) -> bool:
    return "ROW_NUMBER" in query.text


def test_chunks_cover_the_table_without_gap_and_without_overlap() -> None:
    chunks = list(chunks_of(reader(account_of(range(10_000)))))
    covered = sorted(
        (part for chunk in chunks for part in chunk.covered), key=lambda c: c.after or ()
    )
    assert covered[0].after is None
    assert all(one.up_to == other.after for one, other in pairwise(covered))
    assert covered[-1].up_to == (9999,)
    assert sorted(keys_of(chunks)) == list(range(10_000))


def test_each_chunk_holds_exactly_the_rows_that_it_covers() -> None:
    for chunk in chunks_of(reader(account_of(range(5000)))):
        inside = [k for k in range(5000) if any(part.holds((k,)) for part in chunk.covered)]
        assert keys_of([chunk]) == inside


def test_a_resumed_reading_asks_only_for_what_is_missing() -> None:
    account = account_of(range(10_000))
    progress = Progress((2999,), (Range((3500,), (9800,)),))
    found = keys_of(chunks_of(reader(account, progress)))
    assert sorted(found) == [*range(3000, 3501), *range(9801, 10_000)]
    assert len(account.queries) == 2


def test_a_plan_made_again_is_cut_at_what_has_been_read_beyond() -> None:
    account = account_of(range(10_000))
    progress = Progress(None, (Range((4000,), (6000,)),))
    found = keys_of(chunks_of(reader(account, progress)))
    assert sorted(found) == [*range(4001), *range(6001, 10_000)]


def test_an_empty_open_end_covers_nothing() -> None:
    [chunk] = chunks_of(reader(account_of(range(0))))
    assert chunk.covered == ()
    assert chunk.rows == []


def test_exactly_a_full_page_is_not_taken_for_the_end() -> None:
    chunks = list(chunks_of(reader(account_of(range(1000)))))
    assert sorted(keys_of(chunks)) == list(range(1000))


def test_more_rows_in_a_range_than_a_page_holds_are_all_read() -> None:
    account = account_of(range(9000))

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if asks_for_page_ends(query):
            return replace(page, items=b'[{"k":"8000"}]', count=1)
        return page

    assert sorted(keys_of(chunks_of(reader(account, fetch=fetch)))) == list(range(9000))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(-10, 120), max_size=20), max_size=4))
def test_every_row_comes_once_whatever_page_ends_netsuite_names(answers: list[list[int]]) -> None:
    account = account_of(range(100))
    left = list(answers)

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if asks_for_page_ends(query) and left:
            ends = [{"k": str(end)} for end in left.pop()]
            return replace(page, items=json.dumps(ends).encode(), count=len(ends))
        return page

    with small_pages():
        assert sorted(keys_of(chunks_of(reader(account, fetch=fetch)))) == list(range(100))


def most_pages_waiting(account: MemoryAccount) -> int:
    """The most pages that were asked for and not taken, each taken when all have arrived."""
    most, groups = 0, len(column_groups(account.table, account.table.columns))
    for taken, _ in enumerate(chunks_of(reader(account)), start=1):
        arrived = threading.Barrier(WORKERS.size + 1)
        for _ in range(WORKERS.size):
            WORKERS.submit(arrived.wait)
        arrived.wait(10)
        pages = sum("ROW_NUMBER" not in text for text in account.queries)
        most = max(most, pages - taken * groups)
    return most


@pytest.mark.parametrize("columns", [3, 15], ids=["1 group", "4 groups"])
def test_pages_that_wait_for_a_slow_loader_are_few(columns: int) -> None:
    table = of_many_columns(TABLE, columns)
    with small_pages():
        groups = len(column_groups(table, table.columns))
        most = most_pages_waiting(MemoryAccount(table, {(key,): BEGIN for key in range(1200)}))
    # Each page that is taken is one of each group.
    assert WORKERS.size <= most <= MAX_PAGES_OF_TURN + WORKERS.size - 1 + groups


def test_bytes_that_wait_for_a_slow_loader_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tap_netsuite_tba.extraction.budget.MAX_BYTES", 1)
    with small_pages():
        assert most_pages_waiting(account_of(range(600))) <= WORKERS.size


def test_a_reader_shows_that_it_lives_while_no_page_arrives(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tap_netsuite_tba.extraction.reader.IDLE_SECONDS", 0.01)
    account, asked_again = account_of(range(10)), threading.Event()

    def fetch(query: Query) -> Page:
        asked_again.wait(10)
        return account.fetch(query)

    chunks = reader(account, fetch=fetch).chunks()
    assert [next(chunks), next(chunks)] == [None, None]
    asked_again.set()
    assert keys_of(filter(None, chunks)) == list(range(10))


def test_a_page_that_takes_long_holds_up_no_other() -> None:
    account, others_read = account_of(range(20_000)), threading.Event()

    def fetch(query: Query) -> Page:
        if "t.id <= 1989" in query.text:
            others_read.wait(10)
        return account.fetch(query)

    keys = list[int]()
    for chunk in chunks_of(reader(account, fetch=fetch)):
        keys += keys_of([chunk])
        if len(keys) == 20_000 - 990:
            others_read.set()
    assert others_read.is_set()
    assert sorted(keys) == list(range(20_000))


def test_all_groups_of_columns_are_asked_for_at_once() -> None:
    table = of_many_columns(TABLE, 250)
    account, together = MemoryAccount(table, {(1,): BEGIN}), threading.Barrier(3)

    def fetch(query: Query) -> Page:
        together.wait(10)
        return account.fetch(query)

    assert keys_of(chunks_of(reader(account, fetch=fetch))) == [1]


def test_an_error_in_one_group_surfaces_while_another_is_on_its_way() -> None:
    table = of_many_columns(TABLE, 150)
    account, surfaced = MemoryAccount(table, {(1,): BEGIN}), threading.Event()

    def fetch(query: Query) -> Page:
        if "t.custbody_0," not in query.text:
            raise QueryRefused("Unknown identifier")
        surfaced.wait(10)
        return account.fetch(query)

    with pytest.raises(QueryRefused):
        list(chunks_of(reader(account, fetch=fetch)))
    assert account.queries == []
    surfaced.set()


def test_a_group_that_times_out_halves_the_range_for_all() -> None:
    account = MemoryAccount(of_many_columns(TABLE, 8), {(key,): BEGIN for key in range(100)})

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if page.count > 7 and "t.custbody_0" not in query.text and "ROW_NUMBER" not in query.text:
            raise TimedOut("no answer within 300 s", table=query.table)
        return page

    with small_pages():
        assert sorted(keys_of(chunks_of(reader(account, fetch=fetch)))) == list(range(100))


def test_a_short_page_with_more_rows_behind_it_is_not_taken_for_the_end() -> None:
    account = account_of(range(5000))

    def fetch(query: Query) -> Page:
        if asks_for_page_ends(query):
            return account.fetch(query)
        return account.fetch(replace(query, limit=400))

    assert sorted(keys_of(chunks_of(reader(account, fetch=fetch)))) == list(range(5000))


def test_nothing_is_asked_for_before_the_first_rows_are_taken() -> None:
    account = account_of(range(60_000))
    chunks = chunks_of(reader(account))
    assert account.queries == []
    next(chunks)
    assert len(account.queries) == 1


@pytest.mark.parametrize("items", [b'[{"K":"990"}]', b'[{"k":"abc"}]', b"[{}]"])
def test_page_ends_that_cannot_be_understood_are_no_end(items: bytes) -> None:
    account = account_of(range(5000))

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        return replace(page, items=items, count=1) if asks_for_page_ends(query) else page

    assert sorted(keys_of(chunks_of(reader(account, fetch=fetch)))) == list(range(5000))


def test_rows_that_are_refused_end_the_reading() -> None:
    account = account_of(range(3000))

    def fetch(query: Query) -> Page:
        if "t.id >" in query.text and not asks_for_page_ends(query):
            raise QueryRefused("Record 'transaction' was not found", table=query.table)
        return account.fetch(query)

    with pytest.raises(QueryRefused, match="was not found"):
        list(chunks_of(reader(account, fetch=fetch)))


def test_an_open_range_that_times_out_is_read_in_smaller_pages() -> None:
    account, limits = account_of(range(2000)), set[int]()

    def fetch(query: Query) -> Page:
        limits.add(query.limit)
        if query.limit > 300:
            raise TimedOut("no answer within 300 s", table=query.table)
        return account.fetch(query)

    assert sorted(keys_of(chunks_of(reader(account, fetch=fetch)))) == list(range(2000))
    assert limits >= {1000, 500, 250}


def test_a_single_row_that_times_out_surfaces() -> None:
    def fetch(query: Query) -> Page:
        raise TimedOut("no answer within 300 s", table=query.table)

    with pytest.raises(TimedOut):
        list(chunks_of(reader(account_of(range(10)), fetch=fetch)))


def test_a_page_that_was_out_of_order_once_is_read_again() -> None:
    account, spoilt = account_of(range(10)), list[str]()

    def fetch(query: Query) -> Page:
        page = account.fetch(query)
        if not spoilt:
            spoilt.append(query.text)
            return replace(page, items=b'[{"id":"2"},{"id":"1"}]', count=2)
        return page

    assert keys_of(chunks_of(reader(account, fetch=fetch))) == list(range(10))


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
        list(chunks_of(reader(account, fetch=fetch)))


def test_an_error_while_the_page_ends_are_named_surfaces() -> None:
    account = account_of(range(3000))

    def fetch(query: Query) -> Page:
        if asks_for_page_ends(query):
            raise NetSuiteError("strange", table=query.table)
        return account.fetch(query)

    with pytest.raises(NetSuiteError, match="strange"):
        list(chunks_of(reader(account, fetch=fetch)))


@pytest.mark.parametrize("progress", [Progress(), Progress((500,), (Range((700,), (2000,)),))])
def test_rows_of_one_chunk_ascend(progress: Progress) -> None:
    for chunk in islice(chunks_of(reader(account_of(range(5000)), progress)), 20):
        keys: list[KeyValue] = [(key,) for key in keys_of([chunk])]
        assert keys == sorted(set(keys))


@pytest.mark.parametrize("last", [ConnectionFailed("reset"), ConcurrencyLimitExceeded("busy")])
def test_trouble_of_the_account_while_the_page_ends_are_named_surfaces(last: NetSuiteError) -> None:
    account = account_of(range(3000))

    def fetch(query: Query) -> Page:
        if asks_for_page_ends(query):
            raise RetriesExhausted(last, seconds=900)
        return account.fetch(query)

    with pytest.raises(RetriesExhausted):
        list(chunks_of(reader(account, fetch=fetch)))
