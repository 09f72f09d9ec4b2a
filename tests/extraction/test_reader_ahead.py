"""What a reader does before its turn, when it is given up, and when its plan runs low."""

import threading
from collections.abc import Callable, Iterator
from inspect import GEN_CLOSED, getgeneratorstate
from types import SimpleNamespace

import pytest

from tap_netsuite_tba.extraction import plan as plan_module
from tap_netsuite_tba.extraction import planner
from tap_netsuite_tba.extraction.ahead import ReadAhead
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget, Turn
from tap_netsuite_tba.extraction.passes import Means, Pass, Steps, pass_steps
from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.waiting import Waiting, patiently
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.errors import NetSuiteError, QueryRefused
from tap_netsuite_tba.netsuite.query import Page, Query

from .account import BEGIN, TABLE, MemoryAccount, of_many_columns
from .wide import small_pages

LONG = 30.0


def account_of(rows: int, columns: int = 3) -> MemoryAccount:
    return MemoryAccount(of_many_columns(TABLE, columns), {(key,): BEGIN for key in range(rows)})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the clock by which a planner is patient."""
    now = [0.0]
    monkeypatch.setattr(planner, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def advance(seconds: float) -> None:
        now[0] += seconds

    return advance


def step_until(asked: threading.Event, steps: Iterator[object]) -> None:
    """Goes on before the turn, which is only to wait."""
    while not asked.is_set():
        step = next(steps)
        assert isinstance(step, Waiting)
        Waiting(step.futures, 0.01).wait()


def test_a_question_that_was_asked_ahead_gets_its_whole_patience_at_the_turn(
    clock: Callable[[float], None], caplog: pytest.LogCaptureFixture
) -> None:
    account, workers = account_of(4_000), Workers(4)
    asked, answered = threading.Event(), threading.Event()

    def fetch(query: Query) -> Page:
        if "ROW_NUMBER" in query.text:
            asked.set()
            assert answered.wait(LONG)
        return account.fetch(query)

    turn = Budget(workers).turn(is_mine=False)
    selection = Selection(account.table, account.table.columns)
    steps = Reader(selection, fetch, workers, Progress(), turn).steps()
    step_until(asked, steps)
    clock(planner.PATIENCE * 10)
    assert isinstance(next(steps), Waiting)  # nobody waits for it yet
    turn.is_mine = True
    rows = 0
    for step in steps:
        answered.set()
        if isinstance(step, Waiting):
            step.wait()
        else:
            rows += len(step.rows)
    assert rows == 4_000
    assert not caplog.records
    workers.close()


def test_a_question_that_fails_ahead_waits_for_the_turn() -> None:
    account, workers = account_of(4_000), Workers(4)
    failed = threading.Event()
    error = NetSuiteError("no way to the account", table=TABLE.name)

    def fetch(query: Query) -> Page:
        if "ROW_NUMBER" in query.text:
            failed.set()
            raise error
        return account.fetch(query)

    turn = Budget(workers).turn(is_mine=False)
    selection = Selection(account.table, account.table.columns)
    steps = Reader(selection, fetch, workers, Progress(), turn).steps()
    step_until(failed, steps)
    for _ in range(3):
        step = next(steps)
        assert isinstance(step, Waiting)
        Waiting(step.futures, 0.01).wait()
    turn.is_mine = True
    with pytest.raises(NetSuiteError) as raised:
        list(patiently(steps))
    assert raised.value is error
    workers.close()


def test_page_ends_are_asked_for_again_while_ranges_are_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plan_module, "FIRST_HORIZON", 15)
    with small_pages(columns=99, page=20, step=18):
        account, workers = account_of(20 * 40), Workers(1)
        selection = Selection(account.table, account.table.columns)
        chunks = Reader(selection, account.fetch, workers, Progress()).chunks()
        assert sum(len(chunk.rows) for chunk in chunks if chunk) == 20 * 40
    plans = [n for n, text in enumerate(account.queries) if "ROW_NUMBER" in text]
    assert plans[1] - plans[0] < 15
    workers.close()


def test_who_gives_up_a_reading_takes_back_the_pages_that_nobody_has_begun_to_fetch() -> None:
    account, workers = account_of(50, columns=250), Workers(1)
    begun, go_on = threading.Event(), threading.Event()

    def fetch(query: Query) -> Page:
        begun.set()
        assert go_on.wait(LONG)
        return account.fetch(query)

    reader = Reader(Selection(account.table, account.table.columns), fetch, workers, Progress())
    steps = reader.steps()
    assert isinstance(next(steps), Waiting)
    assert begun.wait(LONG)
    steps.close()  # type: ignore[attr-defined]
    go_on.set()
    workers.submit(lambda: None).result(LONG)
    assert len(account.queries) == 1
    workers.close()


def test_where_a_group_is_refused_the_other_groups_are_taken_back() -> None:
    account, workers = account_of(50, columns=350), Workers(1)
    go_on, asked = threading.Event(), []

    def fetch(query: Query) -> Page:
        asked.append(query)
        if len(asked) == 1:
            raise QueryRefused("no", table=TABLE.name)
        assert go_on.wait(LONG)
        return account.fetch(query)

    reader = Reader(Selection(account.table, account.table.columns), fetch, workers, Progress())
    with pytest.raises(QueryRefused):
        list(reader.chunks())
    go_on.set()
    workers.submit(lambda: None).result(LONG)
    assert len(asked) <= 2
    workers.close()


def test_a_stream_that_is_left_in_its_middle_is_closed() -> None:
    with small_pages(columns=99, page=20, step=18):
        account, workers = account_of(20 * 30), Workers(4)
        ahead = ReadAhead(workers)
        begun: list[Steps] = []

        def begin(turn: Turn) -> Steps:
            selection = Selection(account.table, account.table.columns)
            begun.append(pass_steps(selection, Means(account.fetch, workers, turn), Pass(None)))
            return begun[-1]

        for name in ("a", "b", "c"):
            reading = ahead.read(name, begin)
            while not (read := next(reading)) or not read[0]:
                pass
            reading.close()
        assert all(getgeneratorstate(steps) == GEN_CLOSED for steps in begun)
    workers.close()


def test_at_the_end_the_readings_ahead_are_closed_and_none_begins_any_more() -> None:
    with small_pages(columns=99, page=20, step=18):
        account, workers = account_of(20 * 30), Workers(4)
        ahead = ReadAhead(workers)
        begun: list[Steps] = []

        def begin(turn: Turn) -> Steps:
            selection = Selection(account.table, account.table.columns)
            begun.append(pass_steps(selection, Means(account.fetch, workers, turn), Pass(None)))
            return begun[-1]

        ahead.expect([(name, begin) for name in "abcdefghijklmnop"])
        reading = ahead.read("a", begin)
        next(reading)
        assert 1 < len(begun) < 16
        reading.close()
        ahead.close()
        count = len(begun)
        assert all(getgeneratorstate(steps) == GEN_CLOSED for steps in begun)
        for _ in ahead.ask(lambda: 42):
            pass
        assert len(begun) == count
    workers.close()
