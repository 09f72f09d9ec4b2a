from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from tap_netsuite_tba.netsuite.allowance import Allowance
from tap_netsuite_tba.netsuite.errors import (
    ClientClosed,
    LoginRefused,
    NotFound,
    PermissionDenied,
    QueryRefused,
    RequestRefused,
    ServerFault,
)
from tap_netsuite_tba.netsuite.login import LoginGate
from tests.netsuite.conftest import Skipping, Time, Waiting
from tests.netsuite.gates import CODE, REFUSED, gate_of, refuse, refused, succeed


def test_at_first_one_request_goes_and_the_others_wait_for_its_success() -> None:
    waiting = Waiting()
    gate = gate_of(waiting)
    with ThreadPoolExecutor(4) as threads, gate.attempt():
        others = [threads.submit(succeed, gate) for _ in range(4)]
        waiting.expect(threads=4)
        assert not any(other.done() for other in others)
    assert all(other.exception() is None for other in others)


def test_an_open_gate_lets_any_number_through() -> None:
    gate = gate_of(Skipping(Time()))
    succeed(gate)
    with gate.attempt(), gate.attempt(), gate.attempt():
        succeed(gate)


def test_trouble_that_is_no_refusal_lets_the_next_one_try_alone() -> None:
    gate = gate_of(Skipping(Time()))
    for _ in range(5):
        with pytest.raises(ServerFault), gate.attempt():
            raise ServerFault
    assert not gate.shut
    with gate.attempt(), pytest.raises(AssertionError, match="nothing would ever end this"):
        succeed(gate)


def test_two_refusals_in_a_row_shut_it_for_good() -> None:
    gate = gate_of()
    refuse(gate)
    refuse(gate)
    assert gate.shut
    with pytest.raises(LoginRefused):
        succeed(gate)


def test_the_second_refusal_ends_the_waiting_of_all() -> None:
    waiting = Waiting()
    gate = gate_of(waiting)
    refuse(gate)
    with ThreadPoolExecutor(4) as threads, suppress(LoginRefused), gate.attempt():
        others = [threads.submit(succeed, gate) for _ in range(4)]
        waiting.expect(threads=4)
        raise LoginRefused(code=CODE)
    assert all(isinstance(other.exception(), LoginRefused) for other in others)


def test_a_success_forgives_a_refusal() -> None:
    gate = gate_of()
    for _ in range(5):
        refuse(gate)
        succeed(gate)
    assert not gate.shut


def test_requests_in_flight_together_are_refused_as_one_and_one_tries_again() -> None:
    gate = gate_of(Skipping(Time()))
    succeed(gate)
    with ExitStack() as in_flight:
        for _ in range(5):
            in_flight.enter_context(pytest.raises(REFUSED))
            in_flight.enter_context(gate.attempt())
            in_flight.callback(refused)
    assert not gate.shut
    with gate.attempt(), pytest.raises(AssertionError, match="nothing would ever end this"):
        succeed(gate)


def test_a_late_success_does_not_open_a_gate_that_a_refusal_has_closed() -> None:
    gate = gate_of(Skipping(Time()))
    succeed(gate)
    with gate.attempt():
        refuse(gate)
    with gate.attempt(), pytest.raises(AssertionError, match="nothing would ever end this"):
        succeed(gate)


def test_the_one_that_tries_again_waits_until_the_others_in_flight_have_ended() -> None:
    waiting = Waiting()
    gate = gate_of(waiting)
    succeed(gate)
    with ThreadPoolExecutor(1) as threads:
        with gate.attempt():
            refuse(gate)
            again = threads.submit(succeed, gate)
            waiting.expect(threads=1)
            assert not again.done()
        assert again.exception() is None
    assert not gate.shut


def test_a_gate_that_is_closed_ends_the_waiting_of_all() -> None:
    waiting = Waiting()
    gate = gate_of(waiting)
    with ThreadPoolExecutor(4) as threads, gate.attempt():
        others = [threads.submit(succeed, gate) for _ in range(4)]
        waiting.expect(threads=4)
        gate.close()
        assert all(isinstance(other.exception(timeout=30), ClientClosed) for other in others)
    with pytest.raises(ClientClosed):
        succeed(gate)


def test_a_refusal_that_shut_the_gate_is_told_also_after_it_was_closed() -> None:
    gate = gate_of()
    refuse(gate)
    refuse(gate)
    gate.close()
    refuse(gate)


@pytest.mark.parametrize("kind", [QueryRefused, PermissionDenied, NotFound])
def test_a_refusal_of_what_is_asked_proves_the_login(kind: type[RequestRefused]) -> None:
    gate = gate_of(Skipping(Time()))
    with pytest.raises(kind), gate.attempt():
        raise kind(code="INVALID_PARAMETER")
    with gate.attempt():
        succeed(gate)


def test_a_refusal_without_netsuites_own_code_does_not() -> None:
    gate = gate_of(Skipping(Time()))
    with pytest.raises(PermissionDenied), gate.attempt():
        raise PermissionDenied
    with gate.attempt(), pytest.raises(AssertionError, match="nothing would ever end this"):
        succeed(gate)


def test_while_the_login_is_tried_the_allowance_is_one() -> None:
    allowance = Allowance(5)
    gate = LoginGate(allowance)
    limits = [allowance.limit()]
    for step in (succeed, refuse, succeed):
        step(gate)
        limits.append(allowance.limit())
    gate.doubt()
    assert [*limits, allowance.limit()] == [1, 5, 1, 5, 1]


def test_a_gate_may_be_told_to_take_the_first_refusal_for_the_last() -> None:
    gate = LoginGate(Allowance(5), max_refusals=1)
    refuse(gate)
    assert gate.shut


def test_a_doubt_lets_one_try_while_the_others_wait() -> None:
    gate = gate_of(Skipping(Time()))
    succeed(gate)
    gate.doubt()
    with gate.attempt(), pytest.raises(AssertionError, match="nothing would ever end this"):
        succeed(gate)
    with gate.attempt():
        succeed(gate)
