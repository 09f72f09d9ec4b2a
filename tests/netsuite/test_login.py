from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from tap_netsuite_tba.netsuite.errors import ClientClosed, LoginRefused, ServerFault
from tap_netsuite_tba.netsuite.login import LoginGate
from tests.netsuite.conftest import Skipping, Time, Waiting


def refused() -> None:
    raise LoginRefused


def refuse(gate: LoginGate) -> None:
    with pytest.raises(LoginRefused), gate.attempt():
        raise LoginRefused


def succeed(gate: LoginGate) -> None:
    with gate.attempt():
        pass


def test_at_first_one_request_goes_and_the_others_wait_for_its_success() -> None:
    waiting = Waiting()
    gate = LoginGate(waiting)
    with ThreadPoolExecutor(4) as threads, gate.attempt():
        others = [threads.submit(succeed, gate) for _ in range(4)]
        waiting.expect(threads=4)
        assert not any(other.done() for other in others)
    assert all(other.exception() is None for other in others)


def test_an_open_gate_lets_any_number_through() -> None:
    gate = LoginGate(Skipping(Time()))
    succeed(gate)
    with gate.attempt(), gate.attempt(), gate.attempt():
        succeed(gate)


def test_trouble_that_is_no_refusal_lets_the_next_one_try_alone() -> None:
    gate = LoginGate(Skipping(Time()))
    for _ in range(5):
        with pytest.raises(ServerFault), gate.attempt():
            raise ServerFault
    assert not gate.shut
    with gate.attempt(), pytest.raises(AssertionError, match="nothing would ever end this"):
        succeed(gate)


def test_two_refusals_in_a_row_shut_it_for_good() -> None:
    gate = LoginGate()
    refuse(gate)
    refuse(gate)
    assert gate.shut
    with pytest.raises(LoginRefused):
        succeed(gate)


def test_the_second_refusal_ends_the_waiting_of_all() -> None:
    waiting = Waiting()
    gate = LoginGate(waiting)
    refuse(gate)
    with ThreadPoolExecutor(4) as threads, suppress(LoginRefused), gate.attempt():
        others = [threads.submit(succeed, gate) for _ in range(4)]
        waiting.expect(threads=4)
        raise LoginRefused
    assert all(isinstance(other.exception(), LoginRefused) for other in others)


def test_a_success_forgives_a_refusal() -> None:
    gate = LoginGate()
    for _ in range(5):
        refuse(gate)
        succeed(gate)
    assert not gate.shut


def test_requests_in_flight_together_are_refused_as_one_and_one_tries_again() -> None:
    gate = LoginGate(Skipping(Time()))
    succeed(gate)
    with ExitStack() as in_flight:
        for _ in range(5):
            in_flight.enter_context(pytest.raises(LoginRefused))
            in_flight.enter_context(gate.attempt())
            in_flight.callback(refused)
    assert not gate.shut
    with gate.attempt(), pytest.raises(AssertionError, match="nothing would ever end this"):
        succeed(gate)


def test_a_late_success_does_not_open_a_gate_that_a_refusal_has_closed() -> None:
    gate = LoginGate(Skipping(Time()))
    succeed(gate)
    with gate.attempt():
        refuse(gate)
    with gate.attempt(), pytest.raises(AssertionError, match="nothing would ever end this"):
        succeed(gate)


def test_the_one_that_tries_again_waits_until_the_others_in_flight_have_ended() -> None:
    waiting = Waiting()
    gate = LoginGate(waiting)
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
    gate = LoginGate(waiting)
    with ThreadPoolExecutor(4) as threads, gate.attempt():
        others = [threads.submit(succeed, gate) for _ in range(4)]
        waiting.expect(threads=4)
        gate.close()
        assert all(isinstance(other.exception(timeout=30), ClientClosed) for other in others)
    with pytest.raises(ClientClosed):
        succeed(gate)


def test_a_refusal_that_shut_the_gate_is_told_also_after_it_was_closed() -> None:
    gate = LoginGate()
    refuse(gate)
    refuse(gate)
    gate.close()
    refuse(gate)
