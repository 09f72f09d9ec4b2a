import threading
from concurrent.futures import Future, wait

import pytest

from tap_netsuite_tba.extraction.workers import Workers

PATIENCE = 10.0


def test_a_call_gives_its_result() -> None:
    assert Workers(2).submit(lambda: 42).result(PATIENCE) == 42


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), SystemExit(3)])
def test_whatever_a_call_raises_surfaces_where_its_result_is_wanted(error: BaseException) -> None:
    def call() -> None:
        raise error

    workers = Workers(1)
    with pytest.raises(type(error)):
        workers.submit(call).result(PATIENCE)
    assert workers.submit(lambda: "alive").result(PATIENCE) == "alive"


def test_calls_run_in_the_order_of_their_submission() -> None:
    workers, seen = Workers(1), list[int]()
    futures = [workers.submit(lambda number=number: seen.append(number)) for number in range(50)]  # type: ignore[misc]
    wait(futures, PATIENCE)
    assert seen == list(range(50))


def test_no_more_calls_run_at_once_than_there_are_workers() -> None:
    workers, release, begun = Workers(3), threading.Event(), threading.Semaphore(0)
    running, most, lock = 0, 0, threading.Lock()

    def call() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        begun.release()
        release.wait(PATIENCE)
        with lock:
            running -= 1

    futures = [workers.submit(call) for _ in range(9)]
    for _ in range(3):
        assert begun.acquire(timeout=PATIENCE)
    release.set()
    assert not wait(futures, PATIENCE).not_done
    assert most == 3


def test_a_call_that_was_cancelled_before_its_turn_does_not_run() -> None:
    workers, begun, release = Workers(1), threading.Event(), threading.Event()

    def block() -> None:
        begun.set()
        release.wait(PATIENCE)

    ran: list[int] = []
    first = workers.submit(block)
    assert begun.wait(PATIENCE)
    second: Future[None] = workers.submit(lambda: ran.append(1))
    assert second.cancel()
    release.set()
    workers.submit(first.result).result(PATIENCE)
    assert ran == []


def test_the_threads_end_with_the_process_whatever_they_wait_for() -> None:
    assert Workers(1).submit(lambda: threading.current_thread().daemon).result(PATIENCE)


def test_no_thread_begins_before_there_is_a_call() -> None:
    before = threading.active_count()
    Workers(50)
    assert threading.active_count() == before
