"""An answer may come at any moment: also just after somebody looked for it in vain."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.budget import Budget
from tap_netsuite_tba.extraction.document_reader import document_steps
from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.waiting import Waiting
from tap_netsuite_tba.extraction.whole import read_whole
from tap_netsuite_tba.extraction.workers import Result, Workers

from .account import BEGIN, TABLE, MemoryAccount

ROWS = 2200
SELECTION = Selection(TABLE, TABLE.columns)


class Sudden(Future[Result]):
    """Is done as soon as it has been seen so often that it is not."""

    def __init__(self, call: Callable[[], Result], looks: int) -> None:
        super().__init__()
        self._call = call
        self._looks = looks

    def done(self) -> bool:
        was_done = super().done()
        self._looks -= 1
        if self._looks == 0:
            self.set_result(self._call())
        return was_done


class SuddenWorkers(Workers):
    def __init__(self, looks: int) -> None:
        super().__init__(4)
        self._looks = looks

    def submit(self, call: Callable[[], Result]) -> Future[Result]:
        return Sudden(call, self._looks)


@pytest.fixture(params=range(1, 12))
def workers(request: pytest.FixtureRequest) -> SuddenWorkers:
    return SuddenWorkers(looks=request.param)


def found(steps: Iterator[Any]) -> int:
    """How many rows came, while nobody waited without knowing for what."""
    rows = 0
    for step in steps:
        if isinstance(step, Waiting):
            assert step.futures
        elif step:
            rows += len(step.rows)
    return rows


def test_a_reader_waits_for_none_that_has_come(workers: Workers) -> None:
    account = MemoryAccount(TABLE, {(key,): BEGIN for key in range(ROWS)})
    reader = Reader(SELECTION, account.fetch, workers, Progress())
    assert found(reader.steps()) == ROWS


def test_neither_do_documents(workers: Workers) -> None:
    account = MemoryAccount(TABLE, {(key,): BEGIN for key in range(150)})
    reader = Reader(SELECTION, account.fetch, workers, Progress())
    assert found(document_steps(reader.steps(), lambda _: {}, workers)) == 150


def test_nor_does_a_table_that_is_read_whole(workers: Workers) -> None:
    account = MemoryAccount(TABLE, {(key,): BEGIN for key in range(900)})
    turn = Budget(workers).turn(is_mine=True)
    assert found(read_whole(SELECTION, account.fetch, workers, turn)) == 900
