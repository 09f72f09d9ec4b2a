"""Who waits for a slot waits in line."""

from itertools import pairwise
from pathlib import Path

import pytest

from tap_netsuite_tba.netsuite.line import PASSED_OVER_AFTER, PLACES, Line
from tests.netsuite.conftest import Time


@pytest.fixture
def lines(tmp_path: Path, time: Time) -> list[Line]:
    """Those of as many programs as find a place, and one more."""
    return [Line(tmp_path, 5, time.monotonic) for _ in range(PLACES + 1)]


def is_first(line: Line) -> bool:
    return line.advance() == 0


def test_who_is_alone_is_at_the_front_at_once_and_again(lines: list[Line]) -> None:
    for _ in range(3):
        assert is_first(lines[0])
        assert is_first(lines[0])
        lines[0].leave(is_crowded=False)


def test_nobody_overtakes(lines: list[Line]) -> None:
    *standing, late = lines
    assert [is_first(line) for line in standing] == [True] + [False] * (PLACES - 1)
    for ahead, (first, second) in enumerate(pairwise(standing), 1):
        assert not is_first(late)
        first.leave(is_crowded=True)
        assert not is_first(late)
        assert is_first(second)
        assert not any(is_first(line) for line in standing[ahead + 1 :])
    standing[-1].leave(is_crowded=True)
    assert is_first(late)


def test_who_comes_back_goes_to_the_end(lines: list[Line]) -> None:
    first, second, third = lines[:3]
    assert [is_first(line) for line in (first, second, third)] == [True, False, False]
    first.leave(is_crowded=True)
    assert not is_first(first)  # Although the front is free: nobody has moved on yet.
    assert is_first(second)
    assert not is_first(third)
    second.leave(is_crowded=True)
    assert not is_first(first)
    assert is_first(third)
    third.leave(is_crowded=True)
    assert is_first(first)


def test_the_place_of_one_who_is_gone_is_filled(lines: list[Line]) -> None:
    first, second, third = lines[:3]
    assert [is_first(line) for line in (first, second, third)] == [True, False, False]
    second.close()
    first.leave(is_crowded=True)
    assert is_first(third)


def test_who_does_not_wait_any_more_holds_nobody_up(lines: list[Line]) -> None:
    for line in lines[:3]:
        line.advance()
        line.leave(is_crowded=True)
    assert is_first(lines[3])


def test_those_before_keep_the_slots_that_they_use_and_no_others(
    tmp_path: Path, time: Time
) -> None:
    one, three, five, two = (Line(tmp_path, number, time.monotonic) for number in (1, 3, 5, 2))
    assert [line.advance() for line in (one, three, five, two)] == [0, 1, 3, 5]
    three.leave(is_crowded=True)
    assert [line.advance() for line in (five, two)] == [1, 5]
    one.leave(is_crowded=True)
    assert [line.advance() for line in (five, two)] == [0, 5]


def test_who_finds_no_place_is_behind_all(tmp_path: Path, time: Time) -> None:
    *standing, late = (Line(tmp_path, 2, time.monotonic) for _ in range(PLACES + 1))
    assert [line.advance() for line in standing] == [0] + [2] * (PLACES - 1)
    assert late.advance() == 2


def test_who_does_not_come_for_some_seconds_is_passed_over_until_it_comes_again(
    lines: list[Line], time: Time
) -> None:
    """A suspended program keeps its place."""
    first, second, third = lines[:3]
    assert [line.advance() for line in (first, second, third)] == [0, 5, 5]
    time.now += PASSED_OVER_AFTER - 1
    assert [line.advance() for line in (second, third)] == [5, 5]
    time.now += 1
    assert [line.advance() for line in (second, third)] == [0, 5]
    assert [line.advance() for line in (first, second, third)] == [0, 5, 5]


@pytest.mark.parametrize("content", [b"", b"5 nan\n", b"5 inf\n", b"x y\n", b"\xff" * 40])
def test_a_place_with_anything_in_it_ends_no_run(
    lines: list[Line], tmp_path: Path, content: bytes
) -> None:
    assert [line.advance() for line in lines[:2]] == [0, 5]
    (tmp_path / "place-1").write_bytes(content)
    assert lines[1].advance() == 0
