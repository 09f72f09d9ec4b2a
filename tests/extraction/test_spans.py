"""Gaps read from both ends: every row once and few requests, whatever NetSuite says of them."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.extraction.asking import Request
from tap_netsuite_tba.extraction.ranges import Range, before
from tap_netsuite_tba.extraction.spans import Spans
from tap_netsuite_tba.tables import KeyValue

PAGE = 10
WORKERS = 5
Total = Callable[[int], int | None]

TRUE: Total = lambda rows: rows  # noqa: E731 - read as a value
LIES: Sequence[Total] = [
    lambda _: None,
    lambda _: 0,
    lambda rows: rows // 2,
    lambda rows: min(rows, 100),
    lambda rows: rows * 3,
    lambda _: 100_000,
]


@contextmanager
def small_pages() -> Iterator[None]:
    with patch("tap_netsuite_tba.extraction.spans.PAGE_ROWS", PAGE):
        yield


class Reading:
    """Rows that are read by spans, with as many requests at once as there are workers."""

    def __init__(self, keys: Sequence[KeyValue], total: Total = TRUE) -> None:
        self.keys = sorted(keys)
        self.total = total
        self.spans = Spans()
        self.asked: list[Request] = []
        self.history: list[Request] = []
        self.found: list[KeyValue] = []

    def next(self) -> Request | None:
        return self.spans.unattended() or self.spans.helping()

    @property
    def requests(self) -> int:
        return len(self.history)

    def ask(self) -> None:
        while len(self.asked) < WORKERS and (request := self.next()):
            self.asked.append(request)
            self.history.append(request)

    def answer(self, request: Request) -> None:
        self.asked.remove(request)
        inside = [key for key in self.keys if request.wanted.holds(key)]
        page = inside[-request.limit :] if request.descending else inside[: request.limit]
        total = self.total(len(inside))
        is_cut = len(page) == request.limit or (bool(page) and (total or 0) > len(page))
        left = None if total is None or total < len(page) else total - len(page)
        after, up_to = request.wanted.after, request.wanted.up_to
        if request.descending:
            up_to = up_to or (page[-1] if page else None)
            read = Range(before(page[0]) if is_cut else after, up_to)
        else:
            read = Range(after, page[-1] if is_cut else up_to)
        parts = self.spans.answered(request, read, left)
        self.found += [key for key in page if any(part.holds(key) for part in parts)]

    def read(self, unread: Range, order: random.Random) -> None:
        with small_pages():
            self.spans.add(unread, None, PAGE)
            self.ask()
            while self.asked:
                self.answer(order.choice(self.asked))
                self.ask()
        assert self.spans.unread == []


def single_keys() -> st.SearchStrategy[list[KeyValue]]:
    """Keys at any density: dense stretches, wide steps, single ones far away."""
    steps = st.sampled_from([1, 1, 1, 2, 1000, 10**9, 2**61])
    stretches = st.lists(st.tuples(steps, st.integers(1, 80)), max_size=6)

    def lay_out(laid: list[tuple[int, int]]) -> list[KeyValue]:
        keys, key = list[KeyValue](), -(2**62)
        for step, rows in laid:
            for _ in range(rows):
                key += step
                keys.append((key,))
        return keys

    return stretches.map(lay_out)


def pairs() -> st.SearchStrategy[list[KeyValue]]:
    """Keys of two integers, some leading ones with many more rows than a page."""
    sizes = st.lists(st.sampled_from([0, 1, 3, 3 * PAGE, 9 * PAGE]), max_size=12)
    return sizes.map(
        lambda rows: [(lead, line) for lead, count in enumerate(rows) for line in range(count)]
    )


@settings(max_examples=80, deadline=None)
@given(
    keys=single_keys() | pairs(),
    total=st.sampled_from([TRUE, *LIES]),
    order=st.randoms(use_true_random=False),
)
def test_every_row_comes_once_by_few_requests_whatever_the_totals(
    keys: list[KeyValue], total: Total, order: random.Random
) -> None:
    reading = Reading(keys, total)
    reading.read(Range(), order)
    assert sorted(reading.found) == sorted(keys)
    spare = 10 if total is TRUE else 25
    assert reading.requests <= len(keys) / PAGE * 1.3 + spare


@pytest.mark.parametrize("seed", range(12))
def test_keys_of_every_magnitude_cost_few_requests(seed: int) -> None:
    order = random.Random(seed)
    keys = {(int(2 ** order.uniform(0, 60)),) for _ in range(60 * PAGE)}
    reading = Reading([*keys])
    reading.read(Range(), order)
    assert sorted(reading.found) == reading.keys
    assert reading.requests <= len(keys) / PAGE * 1.3 + 20


@pytest.mark.parametrize("rows", [400, 4000])
def test_no_worker_is_idle_until_little_is_left(rows: int) -> None:
    order, reading = random.Random(rows), Reading([(7 * key,) for key in range(rows)])
    with small_pages():
        reading.spans.add(Range(), None, PAGE)
        reading.ask()
        assert [request.descending for request in reading.asked] == [False, True]
        for request in reading.asked[:]:
            reading.answer(request)
        while len(reading.found) < rows * 0.75:
            reading.ask()
            assert len(reading.asked) == WORKERS
            reading.answer(order.choice(reading.asked))


def test_a_gap_of_few_rows_has_one_reader() -> None:
    reading = Reading([(key,) for key in range(2 * PAGE)])
    with small_pages():
        reading.spans.add(Range((-1,), (1000,)), 2 * PAGE, PAGE)
        reading.ask()
    assert reading.asked == [Request(Range((-1,), (1000,)), PAGE, of_gap=True)]


def test_a_leading_value_of_many_pages_is_read_from_both_ends_only() -> None:
    reading = Reading([(7, line) for line in range(20 * PAGE)])
    with small_pages():
        reading.spans.add(Range((7, 3), (7,)), 20 * PAGE - 4, PAGE)
        reading.ask()
    assert [request.descending for request in reading.asked] == [False, True]
    assert {request.wanted for request in reading.asked} == {Range((7, 3), (7,))}


def test_what_lies_above_the_highest_row_is_asked_for_too() -> None:
    reading = Reading([(key,) for key in range(10 * PAGE)])
    with small_pages():
        reading.spans.add(Range(), None, PAGE)
        reading.ask()
        [from_top] = [request for request in reading.asked if request.descending]
        reading.answer(from_top)
        highest = 10 * PAGE - 1
        assert reading.spans.unread == [Range(None, (highest - PAGE,)), Range((highest,), None)]
        reading.keys.append((highest + 1,))
        while reading.asked:
            reading.answer(reading.asked[0])
            reading.ask()
    assert reading.spans.unread == []
    assert sorted(reading.found) == reading.keys
    # Nothing is worth a second reader there.
    assert [request for request in reading.history if not request.wanted.up_to][1:] == [
        from_top,
        Request(Range((highest,), None), PAGE, of_gap=True),
    ]


def test_where_pages_overlap_only_what_was_unread_is_new() -> None:
    spans = Spans()
    with small_pages():
        spans.add(Range((0,), (100,)), 50, PAGE)
        upwards, downwards = spans.unattended(), spans.helping()
        assert upwards
        assert downwards
        assert spans.answered(upwards, Range((0,), (60,)), 20) == [Range((0,), (60,))]
        assert spans.answered(downwards, Range((40,), (100,)), 20) == [Range((60,), (100,))]
    assert spans.unread == []


def test_without_descending_every_gap_is_read_upwards() -> None:
    reading = Reading([(key,) for key in range(30 * PAGE)])
    with small_pages():
        reading.spans.add(Range(), None, PAGE)
        reading.ask()
        [from_top] = [request for request in reading.asked if request.descending]
        reading.asked.remove(from_top)
        reading.spans.give_up_descending(from_top)
        while reading.asked:
            reading.answer(reading.asked[0])
            reading.ask()
            assert not any(request.descending for request in reading.asked)
    assert reading.found == reading.keys
    assert reading.requests == 1 + 30 + 1


def test_a_gap_remembers_that_pages_had_to_be_smaller() -> None:
    spans = Spans()
    with small_pages():
        spans.add(Range((0,), (1000,)), 100, PAGE)
        first = spans.unattended()
        assert first
        spans.answered(replace(first, limit=2), Range((0,), (2,)), 98)
        second = spans.unattended()
    assert second
    assert (second.wanted.after, second.limit) == ((2,), 4)
