"""How many documents are asked for, and wait, whatever the order in which they come."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.extraction import document_reader
from tap_netsuite_tba.extraction.answers import Chunk
from tap_netsuite_tba.extraction.document_reader import MAX_BYTES, MAX_HELD, document_steps
from tap_netsuite_tba.extraction.documents import PIECE, PIECE_BYTES, DocumentChunk
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.extraction.waiting import Waiting
from tap_netsuite_tba.extraction.workers import Result, Workers
from tap_netsuite_tba.netsuite.errors import ConnectionFailed
from tap_netsuite_tba.netsuite.query import Document
from tap_netsuite_tba.tables import KeyValue

SIZE = 4
NOW = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


class Handed(Workers):
    """Workers that do what they were handed when they are told to.

    Attributes:
        waiting: What they were handed and did not do yet.
    """

    def __init__(self) -> None:
        super().__init__(SIZE)
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, call: Callable[[], Result]) -> Future[Result]:
        future: Future[Result] = Future()
        self.waiting.append((future, call))
        return future

    def work(self, place: int) -> None:
        future, call = self.waiting.pop(place)
        future.set_result(call())


def page_of(first: int, count: int) -> Chunk:
    keys: list[KeyValue] = [(key,) for key in range(first, first + count)]
    covered = (Range((first - 1,), (first + count - 1,)),)
    return Chunk([{"id": key[0]} for key in keys], keys, covered, NOW, None, 0)


class Reading:
    """Two pages of rows whose documents are of some size.

    Attributes:
        out: The ids whose documents are out.
        pages_taken: How many pages of rows were asked for.
    """

    def __init__(self, rows: int, size: int = 10) -> None:
        self.workers = Handed()
        self.out: list[int] = []
        self.pages_taken = 0
        self._size = size
        self._steps = document_steps(self._pages(rows), self._read, self.workers)

    def _pages(self, rows: int) -> Iterator[Chunk]:
        for first in (0, rows):
            self.pages_taken += 1
            yield page_of(first, rows)

    def _read(self, key: int) -> Document:
        return {"id": str(key), "memo": "x" * self._size}

    def go_on(self) -> bool:
        """Goes on until it must wait; whether it must."""
        for step in self._steps:
            if isinstance(step, Waiting):
                assert step.futures == {future for future, _ in self.workers.waiting}
                return True
            assert isinstance(step, DocumentChunk)
            assert len(step.documents) <= PIECE
            self.out += [key for key, _ in step.documents]
        return False


@settings(max_examples=15)
@given(data=st.data(), rows=st.integers(1, MAX_HELD + 50))
def test_documents_go_out_in_order_whatever_the_order_in_which_they_come(
    data: st.DataObject, rows: int
) -> None:
    reading = Reading(rows)
    order = data.draw(st.randoms(use_true_random=False))
    while reading.go_on():
        assert 0 < len(reading.workers.waiting) <= 2 * SIZE
        reading.workers.work(order.randrange(len(reading.workers.waiting)))
    assert reading.out == [*range(2 * rows)]


def last_ones_first(reading: Reading) -> int:
    """How many documents come while the first one does not."""
    come = 0
    while reading.go_on() and len(reading.workers.waiting) > 1:
        reading.workers.work(-1)
        come += 1
    return come


def test_behind_a_slow_one_only_so_many_wait() -> None:
    reading = Reading(MAX_HELD)
    assert last_ones_first(reading) == MAX_HELD - 1
    assert reading.out == []
    reading.workers.work(0)
    assert reading.go_on()
    assert reading.out == [*range(MAX_HELD)]


def test_few_large_ones_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    size = 10_000
    monkeypatch.setattr(document_reader, "MAX_BYTES", 20 * size)
    come = last_ones_first(Reading(MAX_HELD, size))
    # What was asked for while there was room comes on top.
    assert 20 <= come < 20 + SIZE


def test_a_document_larger_than_all_that_may_wait_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_reader, "MAX_BYTES", 5)
    reading = Reading(20)
    while reading.go_on():
        reading.workers.work(0)
    assert reading.out == [*range(40)]


def test_large_documents_go_out_before_they_are_too_many_to_ask_for_more() -> None:
    reading = Reading(30, PIECE_BYTES // 4)
    while reading.go_on():
        in_flight = len(reading.workers.waiting)
        assert in_flight >= SIZE or len(reading.out) + in_flight > 50
        reading.workers.work(0)
    assert reading.out == [*range(60)]


def test_what_waits_is_little_beside_the_memory_of_a_program() -> None:
    assert MAX_BYTES * 4.5 < 20e6


def test_documents_that_are_ready_but_not_out_count_for_what_may_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size = 10_000
    monkeypatch.setattr(document_reader, "MAX_BYTES", 20 * size)
    reading = Reading(MAX_HELD, size)
    come = 0
    while reading.go_on():
        assert come - len(reading.out) <= 20 + 2 * SIZE < PIECE
        reading.workers.work(0)
        come += 1
    assert reading.out == [*range(2 * MAX_HELD)]


def test_what_came_before_a_failure_goes_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_reader, "PIECE_SECONDS", 1e9)
    reading = Reading(20)
    assert reading.go_on()
    for _ in range(3):
        reading.workers.work(0)
    failed, _ = reading.workers.waiting.pop(0)
    failed.set_exception(ConnectionFailed("no way to the account"))
    with pytest.raises(ConnectionFailed):
        reading.go_on()
    assert reading.out == [0, 1, 2]


def test_the_next_page_of_ids_is_wanted_when_few_are_left() -> None:
    reading = Reading(2 * MAX_HELD)
    taken = []
    while reading.go_on():
        taken.append((reading.pages_taken, len(reading.out)))
        reading.workers.work(0)
    out_of_first = [out for pages, out in taken if pages == 1]
    assert 0 < max(out_of_first) < 2 * MAX_HELD - PIECE


def test_what_was_handed_over_is_taken_back_when_the_reading_is_given_up() -> None:
    workers = Handed()
    steps = document_steps(iter([page_of(0, 20)]), lambda _: {}, workers)
    next(steps)
    assert isinstance(next(steps), Waiting)
    assert len(workers.waiting) == 2 * SIZE
    del steps
    assert all(future.cancelled() for future, _ in workers.waiting)
