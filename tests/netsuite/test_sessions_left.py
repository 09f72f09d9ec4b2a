"""What becomes of a slot whose request nobody has heard the end of."""

from collections.abc import Callable, Sequence

import pytest

from tap_netsuite_tba.netsuite.errors import ClientClosed, ConnectionFailed
from tap_netsuite_tba.netsuite.sessions import (
    COOLING_SECONDS,
    LONGEST_LEFT,
    REMEMBERED,
    SHORTEST_COOLING,
    TIMES_LONGEST,
    UNKNOWN_COOLING,
    Session,
    SessionPool,
)
from tap_netsuite_tba.netsuite.slots import Holder, Slot
from tests.netsuite.conftest import Time

EXAMPLES = [
    ((), UNKNOWN_COOLING),
    ((0.2,), SHORTEST_COOLING),
    ((0.2, 20.0, 0.3), TIMES_LONGEST * 20.0),
    ((290.0,), LONGEST_LEFT),
    ((20.0, *[0.2] * (REMEMBERED - 2)), TIMES_LONGEST * 20.0),
    ((20.0, *[0.2] * REMEMBERED), SHORTEST_COOLING),
]


class OneSlot:
    """One slot, and what its holder says of it; in seconds from its request's beginning."""

    folder = None

    def __init__(self) -> None:
        self.said: list[float] = []
        self.given_back: list[float | None] = []
        self._began = 0.0

    def take(self) -> Slot:
        return self

    def begin(self, began: float, until: float) -> None:
        self._began = began
        self.said.append(until - began)

    def give_back(self, until: float | None = None) -> None:
        self.given_back.append(until and until - self._began)

    def until_next_try(self) -> float | None:
        return None

    def step_back(self) -> None:
        """Nobody else wants it."""

    def holders(self) -> Sequence[Holder]:
        return []

    def close(self) -> None:
        """It needs no closing."""


@pytest.fixture
def slot() -> OneSlot:
    return OneSlot()


@pytest.fixture
def pool(time: Time, slot: OneSlot) -> SessionPool:
    return SessionPool(1, slots=slot, monotonic=time.monotonic)


def ask(pool: SessionPool, time: Time, seconds: float) -> None:
    with pool.session() as session:
        session.begin()
        time.now += seconds


@pytest.mark.parametrize(("answered", "cooling"), EXAMPLES)
def test_the_slot_of_a_killed_process_cools_as_long_as_its_requests_are_likely_to_take(
    pool: SessionPool, slot: OneSlot, time: Time, answered: tuple[float, ...], cooling: float
) -> None:
    for seconds in (*answered, 0.0):
        ask(pool, time, seconds)
    assert slot.said[-1] == pytest.approx(cooling)


def fail(
    pool: SessionPool,
    how: type[BaseException],
    after: Callable[[Session], object] = Session.begin,
) -> None:
    """Take the slot, do something, and end the session by an exception."""
    with pool.session() as session:
        after(session)
        raise how


@pytest.mark.parametrize(("answered", "cooling"), EXAMPLES[1:])
def test_so_does_the_slot_of_one_that_ends_in_the_middle(
    pool: SessionPool, slot: OneSlot, time: Time, answered: tuple[float, ...], cooling: float
) -> None:
    for seconds in answered:
        ask(pool, time, seconds)
    with pytest.raises(KeyboardInterrupt):
        fail(pool, KeyboardInterrupt)
    assert slot.given_back[-1] == pytest.approx(cooling)


def test_one_that_ends_in_the_middle_of_its_longest_request_knows_how_long_it_takes(
    pool: SessionPool, slot: OneSlot, time: Time
) -> None:
    def last(session: Session) -> None:
        session.begin()
        time.now += 30.0

    ask(pool, time, 1.0)
    with pytest.raises(SystemExit):
        fail(pool, SystemExit, last)
    assert slot.given_back[-1] == pytest.approx(TIMES_LONGEST * 30.0)


@pytest.mark.parametrize(
    ("taken", "cooling"), [(200.0, 200.0 + LONGEST_LEFT), (850.0, COOLING_SECONDS)]
)
def test_the_next_one_waits_no_longer_than_two_minutes_for_what_one_that_ends_leaves(
    pool: SessionPool, slot: OneSlot, time: Time, taken: float, cooling: float
) -> None:
    def last(session: Session) -> None:
        session.begin()
        time.now += taken

    with pytest.raises(SystemExit):
        fail(pool, SystemExit, last)
    assert slot.given_back == [pytest.approx(cooling)]


@pytest.mark.parametrize("how", [KeyboardInterrupt, ConnectionFailed, ClientClosed])
def test_what_was_not_sent_leaves_nothing_behind(
    pool: SessionPool, slot: OneSlot, how: type[BaseException]
) -> None:
    with pytest.raises(how):
        fail(pool, how, lambda _: pool.close())
    assert slot.given_back == [None]
    assert not slot.said


def test_a_connection_that_broke_ends_its_request(pool: SessionPool, slot: OneSlot) -> None:
    with pytest.raises(ConnectionFailed):
        fail(pool, ConnectionFailed)
    assert slot.given_back == [None]


def test_a_connection_that_was_closed_does_not(
    pool: SessionPool, slot: OneSlot, time: Time
) -> None:
    def close(session: Session) -> None:
        session.begin()
        time.now += 5.0
        pool.close()

    with pytest.raises(ConnectionFailed):
        fail(pool, ConnectionFailed, close)
    assert slot.given_back == [pytest.approx(TIMES_LONGEST * 5.0)]


def test_an_answer_that_came_before_the_pool_was_closed_ends_its_request(
    pool: SessionPool, slot: OneSlot
) -> None:
    def end(session: Session) -> None:
        session.begin()
        session.end()
        pool.close()

    with pytest.raises(KeyboardInterrupt):
        fail(pool, KeyboardInterrupt, end)
    assert slot.given_back == [None]
