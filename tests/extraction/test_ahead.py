"""Streams that are read ahead of their turn: what is asked for meanwhile, and what comes out."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.extraction import ahead as ahead_module
from tap_netsuite_tba.extraction import budget, reader
from tap_netsuite_tba.extraction.budget import Turn
from tap_netsuite_tba.extraction.passes import Steps
from tap_netsuite_tba.extraction.workers import Result, Workers
from tap_netsuite_tba.netsuite.errors import QueryRefused
from tap_netsuite_tba.tables import KeyValue

from .night import LONG, Night
from .wide import small_pages

PAGE = 20


@pytest.fixture(autouse=True)
def pages_are_small() -> Iterator[None]:
    with small_pages(columns=99, page=PAGE, step=PAGE - 2):
        yield


def all_keys(size: int) -> list[KeyValue]:
    return [(key,) for key in range(size)]


@given(sizes=st.lists(st.sampled_from([0, 1, PAGE - 1, PAGE, PAGE + 1, 95, 230]), max_size=12))
def test_each_stream_gives_its_rows_once_whatever_was_read_ahead(sizes: list[int]) -> None:
    night = Night({f"t{n}": size for n, size in enumerate(sizes)})
    for name, size in night.sizes.items():
        assert sorted(night.keys(name)) == all_keys(size)
    night.workers.close()


def test_while_the_first_stream_waits_the_next_ones_ask() -> None:
    night = Night(dict.fromkeys("abcdef", 3), held={"a"})
    reading = threading.Thread(target=night.keys, args=["a"])
    reading.start()
    night.wait_for(lambda: len(night.asked) == 6)
    assert sorted(night.asked) == list("abcdef")
    night.release()
    reading.join(LONG)
    assert [night.keys(name) for name in "bcdef"] == [all_keys(3)] * 5
    assert sorted(night.asked) == list("abcdef")


def test_a_large_table_is_planned_and_read_ahead() -> None:
    night = Night({"a": 3, "b": 10 * PAGE}, held={"a"})
    reading = threading.Thread(target=night.keys, args=["a"])
    reading.start()
    night.wait_for(lambda: night.asked.count("b") >= 10)
    assert any("ROW_NUMBER" in text for text in night.accounts["b"].queries)
    night.release()
    reading.join(LONG)
    assert sorted(night.keys("b")) == all_keys(10 * PAGE)


def test_behind_the_first_page_of_a_table_without_cursor_nothing_is_read_ahead() -> None:
    night = Night({"a": 3, "b": 10 * PAGE, "c": 3}, held={"a"}, cursor=None)
    reading = threading.Thread(target=night.keys, args=["a"])
    reading.start()
    night.wait_for(lambda: "c" in night.asked)
    night.release()
    reading.join(LONG)
    assert night.asked.count("b") == 1
    assert sorted(night.keys("b")) == all_keys(10 * PAGE)


@pytest.mark.parametrize("error", [QueryRefused("no", table="b"), ZeroDivisionError()])
def test_what_a_stream_meets_ahead_is_raised_at_its_turn_only(error: Exception) -> None:
    night = Night(dict.fromkeys("abc", 3), held={"a"}, errors={"b": error})
    reading = threading.Thread(target=night.keys, args=["a"])
    reading.start()
    night.wait_for(lambda: len(night.asked) == 3)
    night.release()
    reading.join(LONG)
    with pytest.raises(type(error)):
        night.keys("b")
    assert night.keys("c") == all_keys(3)


@pytest.mark.parametrize("error", [ConfigurationError("a state of no use"), ZeroDivisionError()])
def test_a_stream_that_cannot_even_begin_says_so_at_its_turn_only(error: Exception) -> None:
    night = Night(dict.fromkeys("abc", 3))
    begun = []

    def begin(turn: Turn) -> Steps:
        begun.append("b")
        if not night.errors:
            raise error
        yield from night.begin("b")(turn)

    night.ahead.expect([("a", night.begin("a")), ("b", begin), ("c", night.begin("c"))])
    assert night.keys("a") == all_keys(3)
    assert begun == ["b"]
    with pytest.raises(type(error)):
        list(night.ahead.read("b", begin))
    assert night.keys("c") == all_keys(3)


def test_no_more_pages_are_read_ahead_than_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_PAGES_AHEAD", 5)
    for module in (ahead_module, reader):
        monkeypatch.setattr(module, "IDLE_SECONDS", 0.001)
    night = Night(dict.fromkeys("abcdefghijklmnop", 3), held={"a"})
    reading = night.ahead.read("a", night.begin("a"))
    for _ in range(50):
        assert next(reading) is None
    assert 5 <= len(night.asked) <= 5 + night.workers.size
    night.release()
    assert sum(len(read[0].rows) for read in reading if read and read[0]) == 3


class OneBehind(Workers):
    """Workers that are done with a call as soon as the next one comes."""

    def __init__(self) -> None:
        super().__init__(4)
        self._do_last: Callable[[], None] | None = None

    @property
    def outstanding(self) -> int:
        return 1 if self._do_last else 0

    def submit(self, call: Callable[[], Result]) -> Future[Result]:
        if self._do_last:
            self._do_last()
        future: Future[Result] = Future()
        self._do_last = lambda: future.set_result(call())
        return future


def test_a_page_that_came_while_others_were_asked_for_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budget, "MAX_PAGES_AHEAD", 5)
    night = Night(dict.fromkeys("abcdefghijklmnop", 3), workers=OneBehind())
    assert night.keys("a") == all_keys(3)
    assert night.asked == list("abcde")  # Of those ahead one more is on its way.


def test_no_more_bytes_are_read_ahead_than_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_BYTES", 1)
    for module in (ahead_module, reader):
        monkeypatch.setattr(module, "IDLE_SECONDS", 0.001)
    night = Night(dict.fromkeys("abcdefghijklmnop", 3), held={"a"})
    reading = night.ahead.read("a", night.begin("a"))
    for _ in range(50):
        assert next(reading) is None
    assert len(night.asked) <= night.workers.size
    night.release()
    assert sum(len(read[0].rows) for read in reading if read and read[0]) == 3


def test_a_question_is_answered_while_others_are_read_ahead() -> None:
    night = Night(dict.fromkeys("ab", 3))

    def question() -> int:
        night.wait_for(lambda: len(night.asked) == 2)
        return 42

    asking = night.ahead.ask(question)
    with pytest.raises(StopIteration) as end:
        next(asking)
    assert end.value.value == 42


def test_at_the_end_nothing_that_was_read_ahead_is_gone_on_with() -> None:
    night = Night({"a": 3, "b": 30 * PAGE, "c": 3}, held={"b", "c"})
    assert night.keys("a") == all_keys(3)
    night.ahead.close()
    night.workers.close()
    night.release()
    asked = len(night.asked)
    assert asked <= 3
    assert sorted(night.keys("b")) == all_keys(30 * PAGE)
