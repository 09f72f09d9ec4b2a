import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tap_netsuite_tba.netsuite.allowance import FIRST_WAIT, Allowance
from tap_netsuite_tba.netsuite.errors import ClientClosed, ConcurrencyLimitExceeded
from tap_netsuite_tba.netsuite.sessions import COOLING_SECONDS, SessionPool
from tests.netsuite.conftest import Skipping, Time, Waiting


def test_slots_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    waiting = Waiting()
    pool = SessionPool(1, changed=waiting)
    order = []

    def take(number: int) -> None:
        with pool.session():
            order.append(number)

    with ThreadPoolExecutor(8) as threads, pool.session():
        for number in range(8):
            threads.submit(take, number)
            waiting.expect(threads=1)
    assert order == list(range(8))
    assert pool.peak == 1


def test_there_are_never_more_sessions_than_slots() -> None:
    waiting = Waiting()
    pool = SessionPool(5, changed=waiting)
    inside, leave = threading.Semaphore(0), threading.Event()

    def take() -> None:
        with pool.session():
            inside.release()
            leave.wait()

    with ThreadPoolExecutor(12) as threads:
        taken = [threads.submit(take) for _ in range(12)]
        waiting.expect(threads=7)
        for _ in range(5):
            assert inside.acquire(timeout=30)
        assert not inside.acquire(blocking=False)
        leave.set()
    assert all(future.exception() is None for future in taken)
    assert pool.peak == 5


def test_a_slot_comes_back_whatever_happens_inside() -> None:
    pool = SessionPool(1)
    for _ in range(3):
        with pytest.raises(KeyError), pool.session():
            raise KeyError
    with pool.session():
        assert pool.peak == 1


def test_an_abandoned_slot_is_used_again_fifteen_minutes_after_its_request_began(
    time: Time,
) -> None:
    pool = SessionPool(1, monotonic=time.monotonic, changed=Skipping(time))
    began = time.now
    with pool.session() as session:
        session.begin()
        time.now += 300
        session.abandon()
    with pool.session():
        assert time.now == began + COOLING_SECONDS
        assert time.now >= began + 15 * 60
    with pool.session():
        assert time.now == began + COOLING_SECONDS


def test_the_other_slots_go_on_while_one_cools(time: Time) -> None:
    pool = SessionPool(2, monotonic=time.monotonic, changed=Skipping(time))
    with pool.session() as session:
        session.begin()
        session.abandon()
    with pool.session():
        assert time.now == 1000
        with pool.session():
            assert time.now == 1000 + COOLING_SECONDS


def test_one_who_stops_waiting_leaves_the_queue() -> None:
    class Interrupted(BaseException):
        pass

    class Interrupting(threading.Condition):
        def wait(self, timeout: float | None = None) -> bool:
            raise Interrupted(timeout)

    pool = SessionPool(1, changed=Interrupting())
    with pool.session(), pytest.raises(Interrupted), pool.session():
        pass
    with pool.session():
        assert pool.peak == 1


def test_a_session_may_end_before_what_is_done_with_its_answer() -> None:
    pool = SessionPool(1, changed=Skipping(Time()))
    with pool.session() as session:
        session.end()
        with pool.session():
            assert pool.peak == 1
    # It was given back once, not twice.
    with pool.session(), pytest.raises(AssertionError, match="nothing would"), pool.session():
        pass


def test_room_that_is_heard_of_after_a_session_has_ended_is_used(time: Time) -> None:
    """An answer is read without a session, and only then known to be one."""

    class Reading(Skipping):
        def wait(self, timeout: float | None = None) -> bool:
            answer.close()
            return super().wait(timeout)

    allowance = Allowance(3, monotonic=time.monotonic)
    pool = SessionPool(3, allowance=allowance, monotonic=time.monotonic, changed=Reading(time))
    with pytest.raises(ConcurrencyLimitExceeded), allowance.request():
        raise ConcurrencyLimitExceeded
    time.now += FIRST_WAIT
    with ExitStack() as answer, pool.session():
        with pool.session() as probe:
            answer.enter_context(allowance.request())
            probe.end()
        with pool.session(), pool.session():
            assert (pool.peak, allowance.limit()) == (3, 3)


def test_a_pool_that_is_closed_ends_the_waiting_of_all_and_gives_no_slot() -> None:
    waiting = Waiting()
    pool = SessionPool(1, changed=waiting)

    def take() -> None:
        with pool.session():
            raise KeyError

    with ThreadPoolExecutor(4) as threads, pool.session():
        taken = [threads.submit(take) for _ in range(4)]
        waiting.expect(threads=4)
        pool.close()
        assert all(isinstance(one.exception(timeout=30), ClientClosed) for one in taken)
    with pytest.raises(ClientClosed):
        take()
    assert pool.peak == 1
