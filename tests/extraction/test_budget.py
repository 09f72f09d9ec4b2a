"""What may be asked for while pages wait: in pages, in bytes, and by the calls under way."""

import pytest

from tap_netsuite_tba.extraction.budget import (
    MAX_BYTES,
    MAX_PAGES_AHEAD,
    MAX_PAGES_OF_TURN,
    Budget,
    Turn,
)
from tap_netsuite_tba.extraction.workers import Workers

SIZE = 7


class Busy(Workers):
    """Workers with so many calls under way."""

    calls = 0

    @property
    def outstanding(self) -> int:
        return self.calls


@pytest.fixture
def workers() -> Busy:
    return Busy(SIZE)


@pytest.fixture
def budget(workers: Busy) -> Budget:
    return Budget(workers)


def holding(budget: Budget, sizes: list[int], *, is_mine: bool = False) -> Turn:
    turn = budget.turn(is_mine=is_mine)
    turn.hold(sizes)
    return turn


@pytest.mark.parametrize("in_flight", [0, 1, SIZE - 1])
def test_pages_in_flight_count_as_pages_that_wait(
    budget: Budget, workers: Busy, in_flight: int
) -> None:
    workers.calls = in_flight
    turn = holding(budget, [1] * (MAX_PAGES_AHEAD - in_flight - 1))
    assert turn.may_ask
    turn.hold([1] * (MAX_PAGES_AHEAD - in_flight))
    assert not turn.may_ask


def test_bytes_in_flight_are_taken_for_as_many_as_the_largest_page_had(
    budget: Budget, workers: Busy
) -> None:
    turn = holding(budget, [MAX_BYTES // 8])
    turn.hold([10])
    workers.calls = 3
    assert turn.may_ask
    workers.calls = 4
    assert not turn.may_ask


def test_a_large_page_counts_no_more_when_its_reading_has_ended(
    budget: Budget, workers: Busy
) -> None:
    large, turn = holding(budget, [MAX_BYTES], is_mine=True), budget.turn(is_mine=False)
    workers.calls = 1
    assert not turn.may_ask
    budget.end(large)
    assert turn.may_ask


def test_the_pages_of_all_readings_ahead_count(budget: Budget) -> None:
    first = holding(budget, [MAX_BYTES // 4])
    second = holding(budget, [MAX_BYTES // 4])
    assert not second.may_ask
    budget.end(first)
    assert second.may_ask


def test_what_the_current_reading_holds_leaves_the_others_their_half(budget: Budget) -> None:
    holding(budget, [MAX_BYTES] + [1] * MAX_PAGES_AHEAD, is_mine=True)
    assert budget.turn(is_mine=False).may_ask


def test_ahead_nothing_is_asked_while_the_workers_have_enough_to_do(
    budget: Budget, workers: Busy
) -> None:
    workers.calls = SIZE
    assert not budget.turn(is_mine=False).may_ask
    workers.calls = SIZE - 1
    assert budget.turn(is_mine=False).may_ask


@pytest.mark.parametrize(
    ("sizes", "calls"),
    [([MAX_BYTES], 0), ([1] * MAX_PAGES_AHEAD, 0), ([], SIZE)],
    ids=["bytes", "pages", "calls"],
)
def test_nothing_that_others_have_keeps_the_current_reading_from_asking(
    budget: Budget, workers: Busy, sizes: list[int], calls: int
) -> None:
    holding(budget, sizes)
    workers.calls = calls
    mine = budget.turn(is_mine=True)
    for running in range(SIZE):
        mine.hold([1] * min(running, MAX_PAGES_OF_TURN - 1), running=running)
        assert mine.may_ask
    mine.hold([], running=SIZE)
    assert not mine.may_ask


def test_of_the_current_reading_only_a_few_pages_wait(budget: Budget) -> None:
    mine = holding(budget, [1] * (MAX_PAGES_OF_TURN - 1), is_mine=True)
    assert mine.may_ask
    mine.hold([1] * MAX_PAGES_OF_TURN)
    assert not mine.may_ask


def test_of_the_current_reading_only_a_half_of_the_bytes_waits(budget: Budget) -> None:
    mine = holding(budget, [MAX_BYTES // 2 - 1], is_mine=True)
    assert mine.may_ask
    mine.hold([MAX_BYTES // 2])
    assert not mine.may_ask


def test_before_their_turn_only_one_reading_waits_for_page_ends(budget: Budget) -> None:
    first = budget.turn(is_mine=False)
    assert first.may_plan
    first.hold([], is_planning=True)
    assert not budget.turn(is_mine=False).may_plan
    first.is_mine = True
    assert budget.turn(is_mine=False).may_plan


def test_the_current_reading_need_not_wait_for_page_ends_of_others(budget: Budget) -> None:
    budget.turn(is_mine=False).hold([], is_planning=True)
    assert budget.turn(is_mine=True).may_plan
