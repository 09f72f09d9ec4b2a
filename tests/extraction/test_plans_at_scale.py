"""Plans of tables of any size: the same queue, and work that grows as the table does.

Page ends are computed, not held: an account of ten million rows weighs nothing here.
"""

import random
from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tap_netsuite_tba.extraction import plan
from tap_netsuite_tba.extraction.asking import PageEnds, Selection
from tap_netsuite_tba.extraction.plan import FIRST_HORIZON, MAX_HORIZON, STEP, Plan, first_width
from tap_netsuite_tba.extraction.planner import Planner
from tap_netsuite_tba.extraction.ranges import Progress, Range
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import PAGE_ROWS
from tap_netsuite_tba.tables import KeyValue

from .account import BEGIN, TABLE, MemoryAccount
from .wide import small_pages

LOW = 10
"""So few ranges left, a reader asks for more."""
MILLION = 10**6
TOTALS: dict[str, Callable[[int], int | None]] = {
    "true": lambda rows: rows,
    "up to 100,000": lambda rows: min(rows, 100_000),
    "up to a million": lambda rows: min(rows, MILLION),
    "not told": lambda _: None,
    "wrong": lambda _: 0,
}
SPREADS: dict[str, Callable[[int], int]] = {
    "without gaps": lambda n: n,
    "sparse": lambda n: 1000 * n,
    "ever sparser": lambda n: n + n * n // 10**5,
    "ever denser": lambda n: (10**5 + 2) * n - n * n // 100,
    "with gaps": lambda n: n + n // 300_000 * 20 * MILLION,
    "one gap": lambda n: n + (10**15 if n > 2_500_000 else 0),
    "negative": lambda n: n - 2 * MILLION,
    "up to the last integer": lambda n: 2**63 - 6 * MILLION + n,
}


@dataclass
class Numbered:
    """A table whose n-th row has a key that can be computed.

    Attributes:
        numbered: How many rows NetSuite numbered to answer all questions.
        questions: How many these were.
    """

    rows: int
    key_of: Callable[[int], int]
    numbered: int = 0
    questions: int = 0

    def up_to(self, position: KeyValue | None) -> int:
        """How many rows there are up to a position."""
        if position is None:
            return self.rows
        return bisect_right(range(self.rows), position[0], key=self.key_of)

    def answer(self, asked: Plan) -> Future[PageEnds]:
        first, last = self.up_to(asked.front), self.up_to(asked.bound)
        self.questions += 1
        self.numbered += last - first
        last = min(last, first + asked.horizon * STEP)
        ends: list[KeyValue] = [(self.key_of(n - 1),) for n in range(first + STEP, last + 1, STEP)]
        future = Future[PageEnds]()
        future.set_result(PageEnds(ends, 0.1))
        return future


@dataclass
class Read:
    """What reading a table by a plan came to."""

    ranges: list[Range]
    longest_queue: int


def read(table: Numbered, total: int | None) -> Read:
    """Reads a table as the reader does: asks for more page ends when few ranges are left."""
    first_page: list[KeyValue] = [(table.key_of(n),) for n in range(PAGE_ROWS)]
    planner = Planner(table.answer)
    width = first_width(first_page, PAGE_ROWS, total)
    planner.begin(first_page[-1], width)
    queue, taken, longest = deque[Range](), list[Range](), 0
    while queue or planner.is_open:
        while planner.is_open and len(queue) < LOW:
            planner.ask()
            queue.extend(planner.take_answer())
        longest = max(longest, len(queue))
        taken.append(queue.popleft())
    return Read(taken, longest)


@pytest.mark.parametrize("total", TOTALS.values(), ids=TOTALS.keys())
@pytest.mark.parametrize("rows", [10_000, 10 * MILLION])
def test_requests_and_the_queue_are_bounded_whatever_the_size(
    rows: int, total: Callable[[int], int | None]
) -> None:
    table = Numbered(rows, lambda n: 3 * n)
    result = read(table, total(rows))
    requests = 1 + table.questions + len(result.ranges)
    assert requests <= 1.03 * rows / 1000 + 10
    assert result.longest_queue <= MAX_HORIZON + LOW
    assert table.numbered <= 3 * rows


@pytest.mark.long
def test_a_billion_rows_are_numbered_three_times_at_most() -> None:
    table = Numbered(10**9, lambda n: 3 * n)
    result = read(table, MILLION)
    assert table.questions + len(result.ranges) <= 1.03 * 10**6
    assert result.longest_queue <= MAX_HORIZON + LOW
    assert table.numbered <= 3 * 10**9


@pytest.mark.parametrize("key_of", SPREADS.values(), ids=SPREADS.keys())
def test_wherever_the_rows_lie_ranges_hold_a_page_each_and_little_is_numbered_again(
    key_of: Callable[[int], int],
) -> None:
    table = Numbered(5 * MILLION, key_of)
    ranges = read(table, None).ranges
    assert ranges[0].after == (key_of(PAGE_ROWS - 1),)
    assert all(one.up_to == other.after for one, other in pairwise(ranges))
    assert ranges[-1].up_to is None
    held = [table.up_to(each.up_to) - table.up_to(each.after) for each in ranges]
    assert set(held[:-1]) == {STEP}
    assert held[-1] < STEP
    assert table.questions <= 30
    assert table.numbered <= 5 * table.rows


def test_of_a_table_of_less_than_a_million_rows_all_are_looked_at_and_no_question_is_wasted() -> (
    None
):
    table = Numbered(150_000, lambda n: n + n * n)
    read(table, 150_000)
    assert table.questions == 1  # For 256 pages.


def test_a_bound_that_holds_no_rows_ends_no_plan() -> None:
    width = first_width([(1,), (1000,)], 1000, None)
    assert width == 2 * FIRST_HORIZON * STEP * 999 // 1000 + 1
    first = Plan((1000,), width=width, is_huge=True)
    assert first.bound == (1000 + width,)
    ranges, second = first.named([], 0.1)
    assert (ranges, second.bound, second.complete) == ([], None, False)
    ranges, last = second.named([(10**12,)], 0.1)
    assert ranges == [Range((1000,), (10**12,)), Range((10**12,))]
    assert last.complete


def test_a_bound_that_came_short_is_moved_far_up_once() -> None:
    first = Plan((1000,), width=500, is_huge=True)
    ranges, second = first.named([(1200,)], 0.1)
    assert (ranges, second.bound) == ([Range((1000,), (1200,))], (1200 + 16 * 500,))
    assert second.named([], 0.1)[1].bound is None


def clumps(seed: int) -> set[KeyValue]:
    """Rows that lie close together here and far apart there, and gaps."""
    random_, keys, key = random.Random(seed), set[KeyValue](), -500
    for _ in range(random_.randrange(1, 8)):
        apart = random_.choice([1, 1, 50, 10**4])
        for _ in range(random_.randrange(300)):
            key += random_.randint(1, apart)
            keys.add((key,))
        key += random_.choice([0, 10**3, 10**9])
    return keys


@settings(max_examples=25, deadline=None)
@given(st.integers())
def test_every_row_of_a_huge_table_comes_once_wherever_the_rows_lie(seed: int) -> None:
    account = MemoryAccount(TABLE, dict.fromkeys(clumps(seed), BEGIN))
    selection = Selection(TABLE, TABLE.columns)
    with small_pages(), patch.multiple(plan, _CEILINGS=(0, 1), STEP=15):
        chunks = Reader(selection, account.fetch, Workers(3), Progress()).chunks()
        found = Counter((row["id"],) for chunk in chunks if chunk for row in chunk.rows)
    assert found == Counter(account.modified.keys())
    questions = [text for text in account.queries if "ROW_NUMBER" in text]
    assert all(" AND t.id <= " in text for text in questions[:1])
