"""Who waits for a slot waits in line."""

from itertools import pairwise
from pathlib import Path

import pytest

from tap_netsuite_tba.netsuite.line import PLACES, Line


@pytest.fixture
def lines(tmp_path: Path) -> list[Line]:
    """Those of as many programs as find a place, and one more."""
    return [Line(tmp_path) for _ in range(PLACES + 1)]


def test_who_is_alone_is_at_the_front_at_once_and_again(lines: list[Line]) -> None:
    for _ in range(3):
        assert lines[0].advance()
        assert lines[0].advance()
        lines[0].leave(is_crowded=False)


def test_nobody_overtakes(lines: list[Line]) -> None:
    *standing, late = lines
    assert [line.advance() for line in standing] == [True] + [False] * (PLACES - 1)
    for ahead, (first, second) in enumerate(pairwise(standing), 1):
        assert not late.advance()
        first.leave(is_crowded=True)
        assert not late.advance()
        assert second.advance()
        assert not any(line.advance() for line in standing[ahead + 1 :])
    standing[-1].leave(is_crowded=True)
    assert late.advance()


def test_who_comes_back_goes_to_the_end(lines: list[Line]) -> None:
    first, second, third = lines[:3]
    assert [line.advance() for line in (first, second, third)] == [True, False, False]
    first.leave(is_crowded=True)
    assert not first.advance()  # Although the front is free: nobody has moved on yet.
    assert second.advance()
    assert not third.advance()
    second.leave(is_crowded=True)
    assert not first.advance()
    assert third.advance()
    third.leave(is_crowded=True)
    assert first.advance()


def test_the_place_of_one_who_is_gone_is_filled(lines: list[Line]) -> None:
    first, second, third = lines[:3]
    assert [line.advance() for line in (first, second, third)] == [True, False, False]
    second.close()
    first.leave(is_crowded=True)
    assert third.advance()


def test_who_does_not_wait_any_more_holds_nobody_up(lines: list[Line]) -> None:
    for line in lines[:3]:
        line.advance()
        line.leave(is_crowded=True)
    assert lines[3].advance()
