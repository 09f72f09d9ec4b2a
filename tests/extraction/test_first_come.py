"""Whatever is read ahead, or was given up: the stream whose turn it is has what it needs."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from typing import Any

import pytest

from tap_netsuite_tba.extraction import ahead as ahead_module
from tap_netsuite_tba.extraction import budget, reader
from tap_netsuite_tba.extraction.ahead import ReadAhead
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import MAX_BYTES, MAX_PAGES_AHEAD, Budget, Turn
from tap_netsuite_tba.extraction.passes import Read, Steps
from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.waiting import Waiting
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import QueryRefused
from tap_netsuite_tba.netsuite.query import Query

from .account import BEGIN, TABLE, MemoryAccount
from .night import LONG, Night
from .wide import small_pages

PAGE = 20
SIZE = 4
MANY = 10_000


@pytest.fixture(autouse=True)
def pages_are_small() -> Iterator[None]:
    with small_pages(columns=99, page=PAGE, step=PAGE - 2):
        yield


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (ahead_module, reader):
        monkeypatch.setattr(module, "IDLE_SECONDS", 0.001)


def asks_for_page_ends(query: Query) -> bool:
    return "ROW_NUMBER" in query.text


@pytest.mark.parametrize(
    "sizes", [[1] * MAX_PAGES_AHEAD, [MAX_BYTES // 2], [MAX_BYTES]], ids=["pages", "half", "bytes"]
)
def test_what_waits_of_others_leaves_it_all_its_requests_at_once(sizes: list[int]) -> None:
    workers = Workers(SIZE)
    shared = Budget(workers)
    shared.turn(is_mine=False).hold(sizes)
    account = MemoryAccount(TABLE, {(key,): BEGIN for key in range(PAGE * 30)})
    selection = Selection(TABLE, TABLE.columns)
    mine = shared.turn(is_mine=True)
    chunks = Reader(selection, account.fetch, workers, Progress(), mine).chunks()
    assert next(chunks)
    for taken in range(2, 20):
        assert next(chunks)
        # A slow loader: all that was asked for has come before the next page is taken.
        wait(workers.under_way, LONG)
        asked = sum("ROW_NUMBER" not in text for text in account.queries)
        assert asked - taken >= SIZE
    workers.close()


class StuckAhead(Night):
    """Requests of other tables than "a" get no answer; all for pages behind its first are held."""

    def is_held(self, query: Query) -> bool:
        is_page = " WHERE " in query.text and not asks_for_page_ends(query)
        return query.table != "a" or (is_page and "COUNT" not in query.text)


def test_calls_of_others_that_are_stuck_leave_it_all_its_calls() -> None:
    sizes = {"a": PAGE * 12} | dict.fromkeys("bcdefgh", 3)
    night = StuckAhead(sizes, workers=Workers(SIZE, threads=2 * SIZE))
    found: list[Read | None] = []
    reading = night.ahead.read("a", night.begin("a"))
    found.append(next(reading))
    night.wait_for(lambda: len({*night.asked} - {"a"}) == SIZE)
    thread = threading.Thread(target=lambda: found.extend(reading))
    thread.start()
    # The first page, the page ends, and as many pages at once as there may be calls.
    night.wait_for(lambda: night.asked.count("a") == 2 + SIZE)
    assert len(night.asked) == 2 + SIZE + SIZE
    night.release()
    thread.join(LONG)
    assert sum(len(read[0].rows) for read in found if read and read[0]) == PAGE * 12
    night.ahead.close()
    night.workers.close()


class SlowPlans(Night):
    """Page ends, and the only page of "a", are not named before the release."""

    def is_held(self, query: Query) -> bool:
        return query.table == "a" or asks_for_page_ends(query)


@pytest.mark.usefixtures("short_waits")
def test_a_slow_question_for_page_ends_is_the_only_one_before_its_turn() -> None:
    night = SlowPlans({"a": 3} | dict.fromkeys("bcd", PAGE * 4), workers=Workers(7))
    reading = night.ahead.read("a", night.begin("a"))
    assert next(reading) is None
    # One request for each first page, and one question.
    for _ in range(MANY):
        if len(night.asked) >= 5:
            break
        assert next(reading) is None
    for _ in range(50):
        assert next(reading) is None
    assert sorted(night.asked) == ["a", "b", "b", "c", "d"]
    night.release()
    night.ahead.close()
    assert [len(read[0].rows) for read in reading if read and read[0]] == [3]
    for name in "bcd":
        assert sorted(night.keys(name)) == [(key,) for key in range(PAGE * 4)]
    night.workers.close()


def test_after_a_very_large_page_small_tables_are_read_ahead_as_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(budget, "MAX_BYTES", 2_000)
    night = Night({"large": PAGE - 1} | dict.fromkeys("bcde", 1), held={"b"})
    night.ahead.expect([])
    assert len(night.keys("large")) == PAGE - 1
    night.ahead.expect([(name, night.begin(name)) for name in "bcde"])
    reading = threading.Thread(target=night.keys, args=["b"])
    reading.start()
    night.wait_for(lambda: {*night.asked} >= {*"bcde"})
    night.release()
    reading.join(LONG)
    assert [len(night.keys(name)) for name in "cde"] == [1, 1, 1]
    night.workers.close()


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize("size", [3, PAGE * 6])
def test_requests_of_a_stream_that_failed_leave_the_next_one_all_its_calls(size: int) -> None:
    night = Night({"b": size}, workers=Workers(SIZE, threads=2 * SIZE))
    night.ahead.expect([])
    given_up = threading.Event()

    def begin(turn: Turn) -> Steps:
        assert turn.is_mine
        for _ in range(SIZE):
            night.workers.submit(lambda: given_up.wait(LONG))
        yield Waiting(seconds=0)
        raise QueryRefused("no", table="a")

    with pytest.raises(QueryRefused):
        list(night.ahead.read("a", begin))
    rows = idle = 0
    for read in night.ahead.read("b", night.begin("b")):
        rows += len(read[0].rows) if read and read[0] else 0
        idle += read is None
        assert idle < MANY, "it waits for what was given up"
    assert rows == size
    assert night.workers.outstanding == SIZE
    given_up.set()
    night.workers.close()


class Watched(Workers):
    """Workers whose only call ends when somebody looks for what may end."""

    def __init__(self) -> None:
        super().__init__(1)
        self.looked = threading.Event()

    @property
    def under_way(self) -> frozenset[Future[Any]]:
        found = super().under_way
        self.looked.set()
        return found


def test_who_waits_for_nothing_of_his_own_goes_on_when_any_call_has_ended() -> None:
    workers = Watched()
    stuck = workers.submit(lambda: workers.looked.wait(LONG))

    def begin(turn: Turn) -> Steps:
        assert turn.is_mine
        yield Waiting(seconds=LONG / 6)
        assert stuck.done()

    assert list(filter(None, ReadAhead(workers).read("a", begin))) == []
    assert workers.looked.is_set()
    workers.close()
