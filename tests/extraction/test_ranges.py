"""Ranges and progress against a model that knows every key of a small table."""

from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.extraction.ranges import Progress, Range, before, rank
from tap_netsuite_tba.tables import KeyValue

VALUES = range(-1, 4)
MAX_WIDTH = 3


def is_behind(key: KeyValue, position: KeyValue | None) -> bool:
    """The model: a position is compared with as many values of the key as it has."""
    return position is None or key[: len(position)] > position


def rows(interval: Range, width: int) -> set[KeyValue]:
    return {
        key
        for key in product(VALUES, repeat=width)
        if is_behind(key, interval.after)
        and (interval.up_to is None or not is_behind(key, interval.up_to))
    }


def read_rows(progress: Progress, width: int) -> set[KeyValue]:
    found = set()
    if progress.after_key is not None:
        found |= rows(Range(None, progress.after_key), width)
    return found.union(*(rows(part, width) for part in progress.beyond))


def positions(width: int) -> st.SearchStrategy[KeyValue]:
    return st.lists(st.sampled_from(VALUES), min_size=1, max_size=width).map(tuple)


@st.composite
def intervals(draw: st.DrawFn, width: int, *, bounded: bool = True) -> Range:
    after = draw(st.none() | positions(width))
    up_to = draw(positions(width) if bounded else st.none() | positions(width))
    if after is not None and up_to is not None and rank(after) > rank(up_to):
        after, up_to = up_to, after
    return Range(after, up_to)


@st.composite
def readings(draw: st.DrawFn) -> tuple[int, list[Range], Range]:
    """A key width, ranges that were read in this order, and one that is wanted."""
    width = draw(st.integers(1, MAX_WIDTH))
    done = draw(st.lists(intervals(width), max_size=8))
    return width, done, draw(intervals(width, bounded=False))


def progress_of(done: list[Range]) -> Progress:
    progress = Progress()
    for part in done:
        progress = progress.covering(part)
    return progress


@given(readings())
def test_progress_holds_exactly_the_rows_of_all_ranges_that_were_read(
    reading: tuple[int, list[Range], Range],
) -> None:
    width, done, _ = reading
    expected: set[KeyValue] = set().union(*(rows(part, width) for part in done))
    assert read_rows(progress_of(done), width) == expected


@given(readings())
def test_ranges_beyond_ascend_and_touch_neither_each_other_nor_what_is_before(
    reading: tuple[int, list[Range], Range],
) -> None:
    progress = progress_of(reading[1])
    ends = [
        progress.after_key,
        *(end for part in progress.beyond for end in (part.after, part.up_to)),
    ]
    if progress.after_key is None:
        ends = ends[1:]
    ranks = [rank(end) for end in ends]
    # A range that was empty may stay: it is behind what is before it all the same.
    assert all(one <= other for one, other in pairwise(ranks))
    gaps = [progress.after_key, *(part.up_to for part in progress.beyond)]
    for end, part in zip(gaps, progress.beyond, strict=False):
        assert rank(end) < rank(part.after)


@given(readings())
def test_missing_is_exactly_what_has_not_been_read_each_row_once_and_ascending(
    reading: tuple[int, list[Range], Range],
) -> None:
    width, done, wanted = reading
    progress = progress_of(done)
    missing = list(progress.missing(wanted))
    parts = [rows(part, width) for part in missing]
    assert set().union(*parts) == rows(wanted, width) - read_rows(progress, width)
    assert sum(map(len, parts)) == len(set().union(*parts))
    assert [key for part in parts for key in sorted(part)] == sorted(set().union(*parts))
    assert all(
        one.up_to is not None and rank(one.up_to) <= rank(other.after)
        for one, other in pairwise(missing)
    )


@given(readings())
def test_reading_what_is_missing_leaves_nothing_missing(
    reading: tuple[int, list[Range], Range],
) -> None:
    _, done, wanted = reading
    progress = progress_of(done)
    for part in list(progress.missing(wanted)):
        if part.up_to is not None:
            progress = progress.covering(part)
    assert all(part.up_to is None for part in progress.missing(wanted))


@given(readings(), st.randoms())
def test_the_order_of_reading_does_not_matter(
    reading: tuple[int, list[Range], Range],
    random: object,
) -> None:
    width, done, _ = reading
    shuffled = list(done)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert read_rows(progress_of(done), width) == read_rows(progress_of(shuffled), width)


@given(readings())
def test_a_range_holds_the_rows_of_the_model(reading: tuple[int, list[Range], Range]) -> None:
    width, _, wanted = reading
    assert {k for k in product(VALUES, repeat=width) if wanted.holds(k)} == rows(wanted, width)


@given(readings())
def test_the_highest_position_is_that_of_the_last_row_read(
    reading: tuple[int, list[Range], Range],
) -> None:
    width, done, _ = reading
    progress = progress_of(done)
    assert progress.highest == max((part.up_to for part in done), key=rank, default=None)
    assert all(not is_behind(key, progress.highest) for key in read_rows(progress, width))


@st.composite
def two_ranges(draw: st.DrawFn) -> tuple[int, Range, Range]:
    width = draw(st.integers(1, MAX_WIDTH))
    return width, draw(intervals(width, bounded=False)), draw(intervals(width, bounded=False))


@given(two_ranges())
def test_the_overlap_of_two_ranges_has_the_rows_of_both(
    ranges: tuple[int, Range, Range],
) -> None:
    width, one, other = ranges
    common = one.overlap(other)
    both = rows(one, width) & rows(other, width)
    assert both == (rows(common, width) if common else set())
    assert common is None or rank(common.after) < rank(common.up_to or (10**9,))


@given(two_ranges())
def test_a_range_without_another_has_its_other_rows_once_and_ascending(
    ranges: tuple[int, Range, Range],
) -> None:
    width, one, other = ranges
    parts = [rows(part, width) for part in one.without(other)]
    assert [key for part in parts for key in sorted(part)] == sorted(
        rows(one, width) - rows(other, width)
    )


@pytest.mark.parametrize("key", [(5,), (7, -3), (7, 2, 0), (-(2**62),)])
def test_between_the_position_before_a_row_and_the_row_lies_nothing_else(key: KeyValue) -> None:
    alone = Range(before(key), key)
    assert alone.holds(key)
    assert not alone.holds((*key[:-1], key[-1] - 1))
    assert not alone.holds((*key[:-1], key[-1] + 1))
    assert alone.holds_one_row(len(key))


@pytest.mark.parametrize(
    ("wanted", "width"),
    [
        (Range((5,), (7,)), 1),
        (Range((5,), (6,)), 2),
        (Range((5, 1), (6, 2)), 2),
        (Range((5, 1), (6,)), 2),
        (Range(None, (5,)), 1),
        (Range((5,), None), 1),
    ],
)
def test_more_than_one_row_may_lie_in_any_other_range(wanted: Range, width: int) -> None:
    assert not wanted.holds_one_row(width)


def test_nothing_read_means_everything_missing() -> None:
    assert list(Progress().missing(Range())) == [Range()]
    assert Progress().highest is None


def test_a_resumed_reading_asks_for_the_gaps_and_the_open_end() -> None:
    progress = Progress((5,), (Range((8,), (10,)), Range((20,), (30,))))
    assert list(progress.missing(Range())) == [
        Range((5,), (8,)),
        Range((10,), (20,)),
        Range((30,), None),
    ]


def test_a_gap_that_closes_moves_the_place_behind_all_that_is_read() -> None:
    progress = Progress((5,), (Range((8,), (10,)), Range((20,), (30,))))
    assert progress.covering(Range((5,), (8,))) == Progress((10,), (Range((20,), (30,)),))


def test_a_range_without_upper_bound_cannot_be_covered() -> None:
    with pytest.raises(ValueError, match="no upper bound"):
        Progress().covering(Range((1,)))


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**20), positions(2), positions(2))
def test_halves_cut_a_range_in_two_that_are_both_smaller(
    low: int, width: int, tail: KeyValue, other_tail: KeyValue
) -> None:
    whole = Range((low, *tail[1:]), (low + width, *other_tail[1:]))
    halves = whole.halves()
    if width < 2:
        assert halves is None
        return
    assert halves is not None
    lower, upper = halves
    assert (lower.after, upper.up_to) == (whole.after, whole.up_to)
    assert lower.up_to == upper.after
    assert lower.up_to is not None
    assert low < lower.up_to[0] < low + width
    assert abs((lower.up_to[0] - low) - (low + width - lower.up_to[0])) <= 1


@pytest.mark.parametrize("open_range", [Range(), Range((1,)), Range(None, (9,))])
def test_an_open_range_has_no_halves(open_range: Range) -> None:
    assert open_range.halves() is None


def test_a_range_within_one_leading_value_has_no_halves() -> None:
    assert Range((7, 1), (7, 900)).halves() is None


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (Range(), "(start, end]"),
        (Range((7,)), "(7, end]"),
        (Range(None, (7, 2)), "(start, 7, 2]"),
        (Range((-5,), (0,)), "(-5, 0]"),
    ],
)
def test_a_range_says_its_bounds(interval: Range, text: str) -> None:
    assert str(interval) == text


def test_keys_far_beyond_64_bits_are_compared_exactly() -> None:
    assert not Range((2**70,), None).holds((2**70,))
    assert Range((2**70,), None).holds((2**70 + 1,))
