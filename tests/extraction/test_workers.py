"""Threads that run calls: in which order, how many at once, and how many calls there are."""

import gc
import threading
import time
import weakref
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


def test_there_may_be_more_threads_than_calls_of_one_reading() -> None:
    workers, together = Workers(2, threads=4), threading.Barrier(4)
    futures = [workers.submit(lambda: together.wait(PATIENCE)) for _ in range(4)]
    assert sorted(future.result(PATIENCE) for future in futures) == [0, 1, 2, 3]
    assert workers.size == 2
    workers.close()


class Large:
    """What a call returns."""


def busy() -> tuple[Workers, threading.Event]:
    """One worker, in the middle of a call until the event is set."""
    workers, begun, go_on = Workers(1), threading.Event(), threading.Event()

    def work() -> bool:
        begun.set()
        return go_on.wait(PATIENCE)

    workers.submit(work)
    assert begun.wait(PATIENCE)
    return workers, go_on


def test_a_call_that_was_taken_back_is_not_outstanding() -> None:
    workers, go_on = busy()
    taken_back = workers.submit(lambda: None)
    assert taken_back.cancel()
    last = workers.submit(lambda: None)
    go_on.set()
    last.result(PATIENCE)
    assert workers.outstanding == 0
    workers.close()


def test_calls_that_wait_when_the_workers_are_closed_are_not_outstanding() -> None:
    workers, go_on = busy()
    waiting = workers.submit(lambda: None)
    assert workers.outstanding == 2
    workers.close()
    assert waiting.cancelled()
    assert workers.outstanding == 1
    go_on.set()


def test_calls_under_way_are_those_that_run_or_wait() -> None:
    workers, go_on = busy()
    [running] = workers.under_way
    waiting = workers.submit(lambda: None)
    assert workers.under_way == {running, waiting}
    go_on.set()
    assert waiting.result(PATIENCE) is None
    assert workers.under_way == frozenset()
    workers.close()


def test_whoever_hears_that_a_call_is_done_finds_room() -> None:
    workers, go_on = busy()
    room = []
    future = workers.submit(lambda: None)
    future.add_done_callback(lambda _: room.append(workers.outstanding))
    go_on.set()
    wait([future], PATIENCE)
    workers.submit(lambda: None).result(PATIENCE)
    assert room == [0]
    workers.close()


def test_a_worker_keeps_nothing_of_a_call_that_is_done() -> None:
    workers = Workers(1)
    future = workers.submit(Large)
    seen = weakref.ref(future.result(PATIENCE))
    del future
    last = time.monotonic() + PATIENCE
    while seen() is not None and time.monotonic() < last:
        gc.collect()
        time.sleep(0.001)
    assert seen() is None
    workers.close()


def test_calls_one_after_another_share_a_thread() -> None:
    workers = Workers(8)
    names = {
        workers.submit(lambda: threading.current_thread().name).result(PATIENCE) for _ in range(20)
    }
    assert len(names) == 1
    workers.close()


def test_all_threads_end_when_the_workers_are_closed() -> None:
    workers, together = Workers(3), threading.Barrier(3)

    def thread() -> threading.Thread:
        together.wait(PATIENCE)
        return threading.current_thread()

    threads = [call.result(PATIENCE) for call in [workers.submit(thread) for _ in range(3)]]
    workers.close()
    for ending in threads:
        ending.join(PATIENCE)
    assert not any(ending.is_alive() for ending in threads)
