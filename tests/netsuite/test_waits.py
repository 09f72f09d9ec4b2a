"""Waits for a slot that get long."""

import logging
from collections.abc import Callable, Sequence

import pytest

from tap_netsuite_tba.netsuite.errors import SessionsTaken, concerns_the_account
from tap_netsuite_tba.netsuite.sessions import COOLING_SECONDS, SessionPool
from tap_netsuite_tba.netsuite.slots import Holder, ProcessSlots, Slot
from tap_netsuite_tba.netsuite.waits import Waits, said_of
from tests.netsuite.conftest import Skipping, Time

HELD = "held by other programs on this host"
NOT_USED = (
    "not used for another 31 to 90 s, for NetSuite may still be at work on requests that were "
    "given up"
)


class Kept(ProcessSlots):
    """Slots that cannot be had, and what keeps them."""

    def __init__(self, holders: Callable[[], Sequence[Holder]]) -> None:
        super().__init__(2)
        self._kept_by = holders

    def take(self) -> Slot | None:
        return None

    def holders(self) -> Sequence[Holder]:
        return self._kept_by()

    def until_next_try(self) -> float:
        return 0.5


def waiting_pool(
    time: Time, longest_wait: float | None, holders: Callable[[], Sequence[Holder]]
) -> SessionPool:
    """A pool none of whose slots can be had."""
    return SessionPool(
        2,
        slots=Kept(holders),
        longest_wait=longest_wait,
        monotonic=time.monotonic,
        changed=Skipping(time),
    )


def cooling_pool(time: Time, longest_wait: float | None, max_sessions: int = 1) -> SessionPool:
    """A pool whose slots cool after time-outs."""
    pool = SessionPool(
        max_sessions,
        longest_wait=longest_wait,
        monotonic=time.monotonic,
        changed=Skipping(time),
    )
    for _ in range(max_sessions):
        with pool.session() as session:
            session.begin()
            session.abandon()
    return pool


def test_a_wait_that_gets_long_is_said_once_a_minute_with_what_is_waited_for(
    time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    pool, began = cooling_pool(time, longest_wait=None), time.now
    with pool.session():
        assert time.now == began + COOLING_SECONDS
    assert caplog.messages[0] == (
        "No session for 5 s, waiting: 1 slot is not used for another 905 s, for NetSuite may "
        "still be at work on requests that were given up."
    )
    assert len(caplog.messages) == 16
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


def test_a_wait_of_some_seconds_is_not_worth_a_word(
    time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    pool = cooling_pool(time, longest_wait=None)
    time.now += COOLING_SECONDS - 4
    with pool.session():
        assert not caplog.messages


def test_a_wait_for_those_before_it_is_said_too(
    time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    pool = waiting_pool(time, 6, list)
    with pytest.raises(SessionsTaken, match="other programs on this host are before it"):
        pool.session().__enter__()
    assert caplog.messages == [
        "No session for 5 s, waiting: other programs on this host are before it in line."
    ]


def test_a_wait_ends_when_it_has_lasted_as_long_as_trouble_is_borne(time: Time) -> None:
    pool, began = waiting_pool(time, 300, lambda: [Holder(41, 7.2), Holder(40, 2, 900)]), time.now
    with pytest.raises(SessionsTaken) as caught, pool.session():
        pass
    assert time.now == began + 300
    said = str(caught.value)
    assert said.startswith(
        "No session became free on this host: 1 slot is held by other programs on this host "
        "(process 41 for 7 s); 1 slot is not used for another 900 s"
    )
    assert "waited for 300 s" in said
    assert "retry_timeout_seconds" in said
    assert concerns_the_account(caught.value)


@pytest.mark.parametrize("longest_wait", [0, 300, 900])
def test_rests_end_so_a_wait_for_nothing_else_goes_on(
    time: Time, longest_wait: float, caplog: pytest.LogCaptureFixture
) -> None:
    pool, began = cooling_pool(time, longest_wait, max_sessions=2), time.now
    with pool.session():
        assert time.now == began + COOLING_SECONDS
    assert len(caplog.messages) == 16


def test_patience_with_others_begins_when_rests_are_over(time: Time) -> None:
    ends = time.now + 500

    def holders() -> list[Holder]:
        return [Holder(41, 7.2, ends - time.now) if time.now < ends else Holder(42, 1.0)]

    pool = waiting_pool(time, 300, holders)
    with pytest.raises(SessionsTaken, match=r"process 42 .*; waited for 600 s"):
        pool.session().__enter__()


def test_who_is_not_idle_waits_on(time: Time) -> None:
    pool = SessionPool(2, longest_wait=300, monotonic=time.monotonic, changed=Skipping(time))
    with pool.session() as session:
        session.begin()
        session.abandon()
    began = time.now
    with pool.session(), pool.session():
        assert time.now == began + COOLING_SECONDS


def test_a_wait_counts_from_the_last_slot_of_the_process(time: Time) -> None:
    waits, came = Waits(300, time.monotonic), time.now
    time.now += 400
    waits.moved()
    time.now += 299
    waits.look(came, list, is_idle=True)
    assert waits.until_next_look(came, 60) == 1
    time.now += 1
    with pytest.raises(SessionsTaken):
        waits.look(came, list, is_idle=True)


def test_no_patience_is_no_wait(time: Time) -> None:
    pool, began = waiting_pool(time, 0, lambda: [Holder(41, 7.2)]), time.now
    with pytest.raises(SessionsTaken), pool.session():
        pass
    assert time.now == began


@pytest.mark.parametrize(
    ("holders", "said"),
    [
        ([Holder(41, 7.2)], f"1 slot is {HELD} (process 41 for 7 s)"),
        (
            [Holder(41, 7.2), Holder()],
            f"2 slots are {HELD} (process 41 for 7 s, one that has sent nothing)",
        ),
        (
            [Holder(41, 7.2), Holder(41, 9.0, 31.0), Holder(40, 2.0, 90.0)],
            f"1 slot is {HELD} (process 41 for 7 s); 2 slots are {NOT_USED}",
        ),
        ([], "other programs on this host are before it in line"),
    ],
)
def test_what_is_waited_for_is_said_in_words(holders: list[Holder], said: str) -> None:
    assert said_of(holders) == said
