"""The documents of records: each once, in the order of their ids, many asked for at once."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.extraction import document_reader
from tap_netsuite_tba.extraction.documents import PIECE, Unread
from tap_netsuite_tba.extraction.passes import Pass
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import (
    LoginRefused,
    NotFound,
    PermissionDenied,
    RequestRefused,
    RetriesExhausted,
    ServerFault,
)
from tap_netsuite_tba.netsuite.query import Page, Query

from .orders import Orders, ids_of
from .wide import small_pages

PAGE = 120
LONG = 30.0
REFUSED_AT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.fixture(autouse=True, scope="module")
def pages_are_small() -> Iterator[None]:
    with small_pages(columns=99, page=PAGE, step=PAGE - 2):
        yield


@pytest.mark.parametrize("count", [0, 1, PIECE, PIECE + 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE])
def test_each_document_comes_once_in_the_order_of_the_ids(count: int) -> None:
    chunks = Orders(count).chunks()
    assert ids_of(chunks) == [*range(count)]
    assert all(len(chunk.rows) <= PIECE for chunk in chunks)


def test_a_single_page_of_ids_costs_one_query_however_many_pieces_it_is() -> None:
    orders = Orders(PAGE - 1)
    assert len([chunk for chunk in orders.chunks() if chunk.rows]) == 3
    assert len(orders.account.queries) == 1


def test_ids_are_never_planned() -> None:
    orders = Orders(4 * PAGE)
    assert not orders.account.table.is_sequential
    orders.chunks()
    assert not any("ROW_NUMBER" in text for text in orders.account.queries)


def test_more_ids_are_counted_at_the_end() -> None:
    orders = Orders(2 * PAGE - 1)
    orders.chunks()
    assert ["COUNT(*)" in text for text in orders.account.queries] == [False, False, True]


def test_the_pass_has_begun_before_the_first_document_is_asked_for() -> None:
    orders = Orders(5)
    reading = orders.reading()
    first, current = next(reading)
    assert (first.rows, orders.asked) == ([], [])
    assert current.started is not None
    assert current.progress == Progress()
    assert len(list(reading)) == 1


def test_all_workers_ask_at_once() -> None:
    together = threading.Barrier(4)
    orders = Orders(40, before=lambda _: together.wait(LONG))
    assert ids_of(orders.chunks()) == [*range(40)]


def test_workers_go_on_while_a_piece_goes_out() -> None:
    went_on = threading.Event()
    orders = Orders(PAGE - 1)

    def before(key: int) -> None:
        if key >= PIECE + 6:
            went_on.set()

    orders.before = before
    pieces = (chunk for chunk, _ in orders.reading() if chunk.rows)
    assert len(next(pieces).rows) == PIECE
    assert went_on.wait(LONG)
    assert len(list(pieces)) == 2


def test_a_slow_document_holds_up_nothing_but_what_goes_out_behind_it() -> None:
    all_asked = threading.Event()
    orders = Orders(PAGE - 1)

    def before(key: int) -> None:
        if len(orders.asked) == orders.count:
            all_asked.set()
        if key == 3:
            assert all_asked.wait(LONG), "the others wait for it"

    orders.before = before
    assert ids_of(orders.chunks()) == [*range(PAGE - 1)]


def test_the_next_ids_are_asked_for_before_the_last_documents() -> None:
    asked_before: list[int] = []
    orders = Orders(3 * PAGE)

    def fetch(query: Query) -> Page:
        asked_before.append(len(orders.asked))
        return orders.account.fetch(query)

    orders.fetch = fetch
    orders.chunks()
    first, second, third, *_ = asked_before
    assert first == 0
    assert second < PAGE
    assert third < 2 * PAGE


@pytest.mark.parametrize(
    "error",
    [
        RequestRefused("locked by a user defined workflow", status=400, code="USER_ERROR"),
        PermissionDenied("no", status=403, code="INSUFFICIENT_PERMISSION"),
        NotFound("The record instance does not exist.", status=404, code="NONEXISTENT_ID"),
        RequestRefused("wrong method", status=405, code="INVALID_METHOD"),
    ],
)
def test_a_refused_record_is_told_of_and_the_others_come(error: RequestRefused) -> None:
    error.at = REFUSED_AT
    orders = Orders(PAGE - 1)

    def before(key: int) -> None:
        if key in {0, 60, PAGE - 2}:
            raise error

    orders.before = before
    read = [*orders.reading()]
    chunks = [chunk for chunk, _ in read]
    assert ids_of(chunks) == [key for key in range(PAGE - 1) if key not in {0, 60, PAGE - 2}]
    assert [each for chunk in chunks for each in chunk.unread] == [
        Unread(key, error.status, error.code, error.detail, REFUSED_AT) for key in (0, 60, PAGE - 2)
    ]
    _, done = read[-1]
    assert (done.rows, done.unread) == (PAGE - 1, 3)
    assert len(orders.account.queries) == 1


@pytest.mark.parametrize(
    "error",
    [
        LoginRefused("Invalid login attempt.", status=401, code="INVALID_LOGIN"),
        RetriesExhausted(ServerFault("An unexpected error", status=500), seconds=900),
        ValueError("an error of our own"),
    ],
)
def test_other_trouble_ends_the_reading_behind_what_came_before(error: Exception) -> None:
    orders = Orders(PAGE - 1)

    def before(key: int) -> None:
        if key == 70:
            raise error

    orders.before = before
    out: list[int] = []

    def read() -> None:
        for chunk, _ in orders.reading():
            out.extend(ids_of([chunk]))

    with pytest.raises(type(error)):
        read()
    assert out == [*range(70)]


def test_documents_that_come_slowly_go_out_before_a_piece_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(document_reader, "PIECE_SECONDS", 0.0)
    first_is_out = threading.Event()
    orders = Orders(20, workers=Workers(1))
    orders.before = lambda key: key < 1 or first_is_out.wait(LONG)
    for chunk, _ in orders.reading():
        if chunk.rows:
            first_is_out.set()
    assert first_is_out.is_set()


@settings(max_examples=25)
@given(kills=st.lists(st.integers(1, 5), max_size=6), count=st.integers(1, 3 * PAGE))
def test_a_reading_that_was_cut_short_goes_on_where_it_stood(kills: list[int], count: int) -> None:
    orders = Orders(count)
    out: list[int] = []
    current = Pass(None)
    for chunks in (*kills, None):
        for chunk, after in islice(orders.reading(current), chunks):
            out += ids_of([chunk])
            current = after
    assert out == [*range(count)]
    assert (current.rows, current.progress.beyond) == (count, ())


def test_documents_behind_what_is_already_out_are_read_alone() -> None:
    progress = Progress((9,), (Range((20,), (30,)),))
    orders = Orders(40)
    begun = Pass(None, started=REFUSED_AT, progress=progress, rows=20)
    ids = ids_of([chunk for chunk, _ in orders.reading(begun)])
    assert ids == [*range(10, 21), *range(31, 40)]
    assert sorted(orders.asked) == ids


def test_an_error_that_no_client_met_is_dated_by_the_page_of_its_id() -> None:
    def before(_key: int) -> None:
        raise NotFound("gone", status=404)

    orders = Orders(1, before=before)
    [_, chunk] = orders.chunks()
    assert [each.at for each in chunk.unread] == [chunk.asked_at]
