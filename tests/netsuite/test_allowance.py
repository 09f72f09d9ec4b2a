"""How a client makes room for other users of the account, and takes it again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.allowance import FIRST_WAIT, HOLD, LONGEST_WAIT, Allowance
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    ConnectionFailed,
    LoginRefused,
    NetSuiteError,
    QueryRefused,
    ServerFault,
    TimedOut,
)
from tests.netsuite.conftest import Time


@pytest.fixture
def allowance(time: Time) -> Allowance:
    return Allowance(5, monotonic=time.monotonic)


def refuse(allowance: Allowance) -> None:
    meet(allowance, ConcurrencyLimitExceeded())


def meet(allowance: Allowance, error: NetSuiteError) -> None:
    with pytest.raises(type(error)), allowance.request():
        raise error


def answer(allowance: Allowance) -> None:
    with allowance.request():
        pass


@contextmanager
def in_flight(allowance: Allowance, requests: int) -> Iterator[None]:
    """So many requests are sent now, and refused at the end."""
    with ExitStack() as stack:
        for _ in range(requests):
            stack.enter_context(pytest.raises(ConcurrencyLimitExceeded))
            stack.enter_context(allowance.request())
            stack.callback(_raise)
        yield


def _raise() -> None:
    raise ConcurrencyLimitExceeded


def test_it_begins_at_its_most_and_stays_there(allowance: Allowance, time: Time) -> None:
    for _ in range(3):
        answer(allowance)
        time.now += 100
    assert allowance.limit() == 5
    assert allowance.until_more() is None


def test_each_refusal_halves_it_and_one_always_remains(allowance: Allowance) -> None:
    limits = []
    for _ in range(4):
        refuse(allowance)
        limits.append(allowance.limit())
    assert limits == [2, 1, 1, 1]


def test_of_one_nothing_is_given_up_and_nothing_is_taken_again(time: Time) -> None:
    allowance = Allowance(1, monotonic=time.monotonic)
    refuse(allowance)
    assert (allowance.limit(), allowance.until_more()) == (1, None)


def test_requests_that_were_in_flight_at_a_fall_do_not_make_it_fall_again(
    allowance: Allowance,
) -> None:
    with in_flight(allowance, 4):
        refuse(allowance)
    assert allowance.limit() == 2


def test_it_climbs_by_one_step_after_the_other_that_holds(allowance: Allowance, time: Time) -> None:
    refuse(allowance)
    assert allowance.until_more() == FIRST_WAIT
    time.now += FIRST_WAIT - 1
    assert (allowance.limit(), allowance.until_more()) == (2, 1)
    for limit in (3, 4, 5):
        time.now += allowance.until_more() or 0
        assert allowance.limit() == limit
        assert allowance.until_more() == HOLD
        answer(allowance)
        assert allowance.until_more() == (HOLD if limit < 5 else None)


def test_a_step_waits_for_the_answer_of_its_first_request(allowance: Allowance, time: Time) -> None:
    """NetSuite may hold what is over its limit for a minute, while it answers others."""
    refuse(allowance)
    time.now += FIRST_WAIT
    assert allowance.limit() == 3
    with allowance.request():
        for _ in range(10):
            answer(allowance)
            time.now += HOLD
        assert allowance.limit() == 3
    assert allowance.limit() == 4


def test_a_step_that_fails_is_taken_back_and_the_next_waits_twice_as_long(
    allowance: Allowance, time: Time
) -> None:
    refuse(allowance)
    waits = []
    for _ in range(5):
        waits.append(allowance.until_more())
        time.now += allowance.until_more() or 0
        assert allowance.limit() == 3
        refuse(allowance)
        assert allowance.limit() == 2
    assert waits == [5, 10, 20, 40, LONGEST_WAIT]


def test_a_step_that_holds_forgets_those_that_failed(allowance: Allowance, time: Time) -> None:
    refuse(allowance)
    for _ in range(3):
        time.now += LONGEST_WAIT
        allowance.limit()
        refuse(allowance)
    time.now += LONGEST_WAIT
    assert allowance.limit() == 3
    answer(allowance)
    time.now += HOLD
    assert allowance.limit() == 4
    refuse(allowance)
    assert (allowance.limit(), allowance.until_more()) == (3, 2 * FIRST_WAIT)


def test_a_refusal_of_what_was_sent_before_a_step_is_none_of_the_step(
    allowance: Allowance, time: Time
) -> None:
    refuse(allowance)
    with in_flight(allowance, 1):
        time.now += FIRST_WAIT
        assert allowance.limit() == 3
    assert (allowance.limit(), allowance.until_more()) == (1, FIRST_WAIT)


@pytest.mark.parametrize(
    "error", [TimedOut(), ConnectionFailed(), ServerFault(status=503), LoginRefused()]
)
def test_what_tells_nothing_of_the_room_leaves_it_to_the_next_request(
    allowance: Allowance, time: Time, error: NetSuiteError
) -> None:
    refuse(allowance)
    time.now += FIRST_WAIT
    assert allowance.limit() == 3
    meet(allowance, error)
    assert (allowance.limit(), allowance.until_more()) == (3, HOLD)
    answer(allowance)
    assert allowance.until_more() == HOLD


def test_a_query_that_is_refused_had_room(allowance: Allowance, time: Time) -> None:
    refuse(allowance)
    time.now += FIRST_WAIT
    assert allowance.limit() == 3
    meet(allowance, QueryRefused())
    assert allowance.until_more() == HOLD


def test_while_one_only_goes_time_brings_no_more(allowance: Allowance, time: Time) -> None:
    refuse(allowance)
    allowance.one_only = True
    assert (allowance.limit(), allowance.until_more()) == (1, None)
    time.now += FIRST_WAIT
    allowance.one_only = False
    assert allowance.limit() == 3


@given(
    most=st.integers(1, 5),
    steps=st.lists(st.sampled_from(["send", "answer", "refuse", "lose", "wait"]), max_size=60),
)
def test_whatever_happens_it_stays_between_one_and_its_most_and_recovers(
    most: int, steps: list[str]
) -> None:
    time = Time()
    allowance = Allowance(most, monotonic=time.monotonic)
    sent: list[ExitStack] = []
    errors: dict[str, NetSuiteError | None] = {
        "answer": None,
        "refuse": ConcurrencyLimitExceeded(),
        "lose": TimedOut(),
    }
    for step in steps:
        if step == "wait":
            time.now += 7
        elif step == "send" and len(sent) < allowance.limit():
            sent.append(ExitStack())
            sent[-1].enter_context(allowance.request())
        elif step in errors and sent:
            end(sent.pop(0), errors[step])
        assert 1 <= allowance.limit() <= most
    for request in sent:
        end(request, None)
    began = time.now
    while allowance.limit() < most:
        answer(allowance)
        time.now += 1
    assert time.now - began <= LONGEST_WAIT + (most - 1) * (HOLD + 1)


def end(request: ExitStack, error: NetSuiteError | None) -> None:
    if error:
        with pytest.raises(type(error)), request:
            raise error
    else:
        request.close()
