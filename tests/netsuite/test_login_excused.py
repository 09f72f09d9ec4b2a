"""Refusals of a login that was good: NetSuite answers 401 where it has too many requests, too."""

from contextlib import ExitStack

import pytest

from tap_netsuite_tba.netsuite.allowance import Allowance
from tap_netsuite_tba.netsuite.errors import (
    ConcurrencyLimitExceeded,
    LoginRefused,
    MalformedResponse,
)
from tap_netsuite_tba.netsuite.login import EXCUSED_SLOW, LoginGate
from tests.netsuite.conftest import Time
from tests.netsuite.gates import CODE, gate_of, refuse, refuse_after, succeed


def test_a_refusal_of_a_login_that_was_good_is_told_as_too_many_requests() -> None:
    gate, time = gate_of(), Time()
    succeed(gate)
    with pytest.raises(ConcurrencyLimitExceeded, match="let in before") as raised:
        refuse_after(gate, time, 0)
    error = raised.value
    assert (error.status, error.code, error.table) == (401, CODE, "customer")
    with pytest.raises(LoginRefused):
        refuse_after(gate, time, 0)
    assert gate.shut


def test_of_a_login_that_was_good_a_slow_refusal_never_counts(time: Time) -> None:
    gate = LoginGate(Allowance(5), monotonic=time.monotonic)
    succeed(gate)
    for _ in range(20):
        with pytest.raises(ConcurrencyLimitExceeded, match=r"after 60\.0 s"):
            refuse_after(gate, time, 60)
    assert not gate.shut
    refuse(gate)
    refuse(gate)
    assert gate.shut


def test_of_one_that_was_never_good_two_slow_ones_are_excused_and_two_count(time: Time) -> None:
    gate = LoginGate(Allowance(5), monotonic=time.monotonic)
    for _ in range(EXCUSED_SLOW):
        with pytest.raises(ConcurrencyLimitExceeded, match="only after long"):
            refuse_after(gate, time, 60)
    for _ in range(2):
        assert not gate.shut
        with pytest.raises(LoginRefused, match=r"took long.* other programs"):
            refuse_after(gate, time, 60)
    assert gate.shut


def test_who_has_one_try_excuses_none(time: Time) -> None:
    gate = LoginGate(Allowance(5), max_refusals=1, monotonic=time.monotonic)
    with pytest.raises(LoginRefused, match=r"took long.* other programs"):
        refuse_after(gate, time, 60)
    assert gate.shut


def test_a_refusal_while_another_request_was_let_in_does_not_count(time: Time) -> None:
    gate = LoginGate(Allowance(5), monotonic=time.monotonic)
    succeed(gate)
    time.now += 1
    other = ExitStack()
    other.enter_context(gate.attempt())

    def refuse_when_the_other_is_let_in() -> None:
        with gate.attempt():
            time.now += 1
            other.close()
            raise LoginRefused(code=CODE)

    with pytest.raises(ConcurrencyLimitExceeded):
        refuse_when_the_other_is_let_in()
    refuse(gate)
    assert not gate.shut
    refuse(gate)
    assert gate.shut


def test_one_after_which_another_request_is_let_in_counts(time: Time) -> None:
    """For that one may have been let in before the token was revoked."""
    gate = LoginGate(Allowance(5), monotonic=time.monotonic)
    succeed(gate)
    time.now += 1
    with gate.attempt():
        refuse(gate)
        time.now += 1
    refuse(gate)
    assert gate.shut


@pytest.mark.parametrize("code", ["invalid_grant", "invalid_client"])
def test_a_refusal_by_the_endpoint_of_access_tokens_is_never_excused(time: Time, code: str) -> None:
    gate = LoginGate(Allowance(5), monotonic=time.monotonic)
    succeed(gate)
    for _ in range(2):
        with pytest.raises(LoginRefused):
            refuse_after(gate, time, 60, code)
    assert gate.shut


def refuse_by_page(gate: LoginGate) -> None:
    with gate.attempt():
        raise LoginRefused("a page titled '401'", status=401)


def test_of_a_login_that_was_good_a_gateways_refusal_never_counts() -> None:
    gate = gate_of()
    succeed(gate)
    for _ in range(20):
        with pytest.raises(MalformedResponse, match="not in NetSuite's words: a page titled"):
            refuse_by_page(gate)
    assert not gate.shut


@pytest.mark.parametrize("second_is_page", [False, True])
@pytest.mark.parametrize("first_is_page", [False, True])
def test_of_one_that_was_never_good_the_second_is_final_whoever_says_it(
    *, first_is_page: bool, second_is_page: bool
) -> None:
    gate = gate_of()
    for is_page in (first_is_page, second_is_page):
        assert not gate.shut
        with pytest.raises(LoginRefused):
            refuse_by_page(gate) if is_page else refuse_after(gate, Time(), 0)
    assert gate.shut


def test_of_one_that_was_never_good_a_single_page_is_got_over() -> None:
    gate = gate_of()
    with pytest.raises(LoginRefused):
        refuse_by_page(gate)
    succeed(gate)
    refuse(gate)
    assert not gate.shut
