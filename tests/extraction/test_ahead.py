"""Streams that are read ahead of their turn: what is asked for meanwhile, and what comes out."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.errors import ConfigurationError
from tap_netsuite_tba.extraction import ahead as ahead_module
from tap_netsuite_tba.extraction import budget, reader
from tap_netsuite_tba.extraction.ahead import ReadAhead
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Turn
from tap_netsuite_tba.extraction.passes import Means, Pass, Steps, pass_steps
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused
from tap_netsuite_tba.netsuite.query import Page, Query
from tap_netsuite_tba.tables import KeyValue

from .account import BEGIN, TABLE, MemoryAccount, of_many_columns
from .wide import small_pages

LONG = 30.0
PAGE = 20


@dataclass
class Night:
    """Some tables in memory, read one after another.

    Attributes:
        held: Tables whose first page is not given before `release` is called.
        errors: What the first page of a table meets instead.
        asked: The tables of all queries, in the order of their arrival.
    """

    sizes: dict[str, int]
    workers: Workers = field(default_factory=lambda: Workers(4))
    held: set[str] = field(default_factory=set)
    errors: dict[str, NetSuiteError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    cursor: str | None = TABLE.cursor
    _released: threading.Event = field(default_factory=threading.Event)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        table = replace(of_many_columns(TABLE, 3), cursor=self.cursor)
        self.accounts = {
            name: MemoryAccount(replace(table, name=name), {(key,): BEGIN for key in range(size)})
            for name, size in self.sizes.items()
        }
        self.ahead = ReadAhead(self.workers)
        self.ahead.expect([(name, self.begin(name)) for name in self.sizes])

    def begin(self, name: str) -> Callable[[Turn], Steps]:
        table = self.accounts[name].table
        selection = Selection(table, table.columns)
        return lambda turn: pass_steps(selection, Means(self.fetch, self.workers, turn), Pass(None))

    def fetch(self, query: Query) -> Page:
        assert query.table
        with self._arrived:
            is_first = query.table not in self.asked
            self.asked.append(query.table)
            self._arrived.notify_all()
        if is_first and query.table in self.held:
            assert self._released.wait(LONG)
        if query.table in self.errors:
            raise self.errors[query.table]
        return self.accounts[query.table].fetch(query)

    def release(self) -> None:
        self._released.set()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._arrived:
            assert self._arrived.wait_for(condition, LONG)

    def keys(self, name: str) -> list[KeyValue]:
        """Reads a stream at its turn."""
        found: list[KeyValue] = []
        for read in self.ahead.read(name, self.begin(name)):
            if read and read[0]:
                found += read[0].keys
        return found


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


def test_what_a_stream_meets_ahead_is_raised_at_its_turn() -> None:
    refused = QueryRefused("no", table="b")
    night = Night(dict.fromkeys("abc", 3), held={"a"}, errors={"b": refused})
    reading = threading.Thread(target=night.keys, args=["a"])
    reading.start()
    night.wait_for(lambda: len(night.asked) == 3)
    night.release()
    reading.join(LONG)
    with pytest.raises(QueryRefused):
        night.keys("b")
    assert night.keys("c") == all_keys(3)


def test_a_stream_that_cannot_even_begin_says_so_at_its_turn() -> None:
    night = Night(dict.fromkeys("abc", 3))
    begun = []

    def begin(turn: Turn) -> Steps:
        begun.append("b")
        if not night.errors:
            raise ConfigurationError("a state of no use")
        yield from night.begin("b")(turn)

    night.ahead.expect([("a", night.begin("a")), ("b", begin), ("c", night.begin("c"))])
    assert night.keys("a") == all_keys(3)
    assert begun == ["b"]
    with pytest.raises(ConfigurationError):
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
