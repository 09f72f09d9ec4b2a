"""From the page ends that NetSuite names to ranges."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.extraction.plan import FIRST_HORIZON, MAX_HORIZON, QUICK_SECONDS, STEP, Plan
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.netsuite.query import PAGE_ROWS
from tap_netsuite_tba.tables import KeyValue

QUICK, SLOW = 0.1, QUICK_SECONDS


def ends_from(first: int, count: int, apart: int = 1) -> list[KeyValue]:
    return [(first + n * apart,) for n in range(count)]


def test_page_ends_become_the_ranges_between_them() -> None:
    ranges, plan = Plan(front=(5,), horizon=3).named([(10,), (20,), (30,)], QUICK)
    assert ranges == [Range((5,), (10,)), Range((10,), (20,)), Range((20,), (30,))]
    assert plan.front == (30,)
    assert not plan.complete


def test_fewer_ends_than_asked_for_complete_the_plan_with_an_open_range() -> None:
    ranges, plan = Plan(front=(5,), horizon=3).named([(10,), (20,)], QUICK)
    assert ranges == [Range((5,), (10,)), Range((10,), (20,)), Range((20,), None)]
    assert plan.complete


def test_no_ends_leave_one_open_range() -> None:
    ranges, plan = Plan(front=None).named([], QUICK)
    assert ranges == [Range()]
    assert plan.complete


def test_the_horizon_doubles_while_the_answer_is_quick_up_to_a_page() -> None:
    plan, horizons = Plan(front=None), []
    for question in range(10):
        horizons.append(plan.horizon)
        first = question * MAX_HORIZON
        _, plan = plan.named(ends_from(first, plan.horizon), QUICK)
    assert horizons == [256, 512, *[1000] * 8]
    assert horizons[0] == FIRST_HORIZON
    assert MAX_HORIZON == PAGE_ROWS


def test_the_horizon_stays_when_the_answer_is_slow() -> None:
    _, plan = Plan(front=None, horizon=16).named(ends_from(0, 16), SLOW)
    assert plan.horizon == 16


def test_a_range_may_end_amid_the_rows_of_a_leading_value() -> None:
    ends = [(7, 990), (7, 1980), (9, 3)]
    ranges, plan = Plan(front=(1, 8), horizon=3).named(ends, QUICK)
    assert ranges == [
        Range((1, 8), (7, 990)),
        Range((7, 990), (7, 1980)),
        Range((7, 1980), (9, 3)),
    ]
    assert plan.front == (9, 3)


def test_an_end_that_is_not_behind_the_front_bounds_nothing() -> None:
    ranges, _ = Plan(front=(7,), horizon=3).named([(6,), (7,), (8,)], QUICK)
    assert ranges == [Range((7,), (8,))]


def test_rows_of_a_half_read_leading_value_are_not_taken_for_read() -> None:
    ranges, _ = Plan(front=(7, 3), horizon=2).named([(7, 3), (7, 4)], QUICK)
    assert ranges == [Range((7, 3), (7, 4))]


def test_a_plan_that_is_given_up_leaves_all_that_is_left_as_one_range() -> None:
    ranges, plan = Plan(front=(30,), horizon=64).given_up()
    assert ranges == [Range((30,), None)]
    assert plan.complete


def test_a_range_leaves_room_in_its_page_for_rows_inserted_meanwhile() -> None:
    assert 0 < PAGE_ROWS - STEP < PAGE_ROWS / 20


@given(
    st.none() | st.tuples(st.integers(-50, 50)) | st.tuples(*[st.integers(-50, 50)] * 2),
    st.lists(
        st.lists(st.tuples(st.integers(-60, 60), st.integers(0, 3)), max_size=6),
        min_size=1,
        max_size=5,
    ),
    st.booleans(),
)
def test_ranges_follow_each_other_without_gap_whatever_the_ends(
    front: KeyValue | None,
    answers: list[list[KeyValue]],
    is_huge: bool,  # noqa: FBT001 - drawn
) -> None:
    plan = Plan(front, horizon=3, width=9 if is_huge else None, is_huge=is_huge)
    ranges = []
    for ends in answers:
        if plan.complete:
            break
        named, plan = plan.named(ends, SLOW)
        ranges += named
    if not plan.complete:
        named, plan = plan.given_up()
        ranges += named
    assert ranges[0].after == front
    assert ranges[-1].up_to is None
    assert all(one.up_to == other.after for one, other in pairwise(ranges))
    assert all(one.up_to is not None for one in ranges[:-1])
