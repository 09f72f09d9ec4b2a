"""A question for page ends that takes long to be answered, and the tables behind it."""

import threading
from concurrent.futures import wait

import pytest

from tap_netsuite_tba.extraction import planner
from tap_netsuite_tba.extraction.asking import Selection
from tap_netsuite_tba.extraction.ranges import Progress
from tap_netsuite_tba.extraction.reader import Reader
from tap_netsuite_tba.extraction.workers import Workers
from tap_netsuite_tba.netsuite.query import Page, Query

from .account import BEGIN, TABLE, MemoryAccount

ROWS = 4000
LONG = 30.0


def test_while_a_question_is_not_answered_no_other_table_asks_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = MemoryAccount(TABLE, {(key,): BEGIN for key in range(ROWS)})
    answered, workers = threading.Event(), Workers(4)
    questions = []

    def fetch(query: Query) -> Page:
        if "ROW_NUMBER" in query.text:
            questions.append(query)
            assert answered.wait(LONG)
        return account.fetch(query)

    def questions_of_a_table() -> int:
        before = len(questions)
        selection = Selection(account.table, account.table.columns)
        chunks = Reader(selection, fetch, workers, Progress()).chunks()
        assert sum(len(chunk.rows) for chunk in chunks if chunk) == ROWS
        return len(questions) - before

    monkeypatch.setattr(planner, "PATIENCE", 0.2)
    assert [questions_of_a_table(), questions_of_a_table()] == [1, 0]
    assert workers.has_abandoned
    answered.set()
    wait(workers._abandoned, LONG)  # noqa: SLF001 - nothing else waits for them
    monkeypatch.setattr(planner, "PATIENCE", LONG)
    assert questions_of_a_table() == 1


def test_a_question_that_no_worker_has_begun_is_taken_back() -> None:
    begun, busy, workers = threading.Event(), threading.Event(), Workers(1)

    def work() -> bool:
        begun.set()
        return busy.wait(LONG)

    first = workers.submit(work)
    assert begun.wait(LONG)
    second = workers.submit(lambda: None)
    workers.abandon(second)
    seen = [second.cancelled(), workers.has_abandoned]
    workers.abandon(first)
    seen.append(workers.has_abandoned)
    busy.set()
    assert first.result(LONG)
    seen.append(workers.has_abandoned)
    assert seen == [True, False, True, False]
