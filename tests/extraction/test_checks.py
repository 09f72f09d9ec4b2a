"""What a page must be before a row of it is used."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.errors import OrderViolation
from tap_netsuite_tba.extraction.checks import check_page
from tap_netsuite_tba.extraction.ranges import Range
from tap_netsuite_tba.netsuite.query import Page
from tap_netsuite_tba.tables import KeyValue

from .account import TABLE, WIDE_KEY


def page(count: int, *, has_more: bool = False) -> Page:
    return Page(b"", count, has_more, None, datetime(2026, 1, 1, tzinfo=UTC), "op-1")


def check(keys: list[KeyValue], wanted: Range = Range(), count: int | None = None) -> None:  # noqa: B008 - frozen
    check_page(TABLE, wanted, page(len(keys) if count is None else count), keys)


def test_ascending_keys_inside_the_range_are_good() -> None:
    check([(6,), (7,), (10,)], Range((5,), (10,)))
    check([])
    check_page(WIDE_KEY, Range((7,), (8,)), page(2), [(8, -1, 2), (8, 0, 1)])


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ([(1,), (1,)], r"the row \(1,\) behind the row \(1,\)"),
        ([(1,), (3,), (2,)], r"the row \(2,\) behind the row \(3,\)"),
        ([(1,), (10,), (2,)], r"the row \(2,\) behind the row \(10,\)"),
    ],
)
def test_keys_that_repeat_or_descend_are_noticed(keys: list[KeyValue], found: str) -> None:
    with pytest.raises(OrderViolation, match=found):
        check(keys)


@pytest.mark.parametrize("keys", [[(5,)], [(5,), (6,)], [(11,)], [(9,), (11,)], [(4,), (11,)]])
def test_keys_outside_the_range_are_noticed(keys: list[KeyValue]) -> None:
    with pytest.raises(OrderViolation, match="begins with the row"):
        check(keys, Range((5,), (10,)))


@pytest.mark.parametrize("count", [0, 1, 3, 1000])
def test_another_count_than_announced_is_noticed(count: int) -> None:
    with pytest.raises(OrderViolation, match=f"announces {count} rows, and holds 2"):
        check([(1,), (2,)], count=count)


def test_more_rows_behind_an_empty_page_are_noticed() -> None:
    with pytest.raises(OrderViolation, match="announces 0 rows, and more, and holds 0"):
        check_page(TABLE, Range(), page(0, has_more=True), [])


def test_a_violation_says_where_and_what_to_do() -> None:
    with pytest.raises(OrderViolation) as caught:
        check([(2,), (1,)], Range((0,), (9,)))
    assert str(caught.value).startswith(
        "A page of transaction, asked for by id in (0, 9], has the row (1,) behind the row (2,). "
        "No row of it was used."
    )
    assert "request id op-1" in str(caught.value)
    assert caught.value.table == "transaction"


@given(st.lists(st.integers(0, 9).map(lambda key: (key,)), max_size=6), st.integers(0, 4))
def test_a_page_is_good_exactly_if_its_rows_are_those_of_the_range_in_order(
    keys: list[KeyValue], low: int
) -> None:
    wanted = Range((low,), (low + 4,))
    good = keys == sorted(set(keys)) and all(low < key[0] <= low + 4 for key in keys)
    if good:
        check(keys, wanted)
    else:
        with pytest.raises(OrderViolation):
            check(keys, wanted)
