import itertools
import logging
from typing import NoReturn

import pytest

from tap_netsuite_tba.explanations import explanation_of
from tap_netsuite_tba.netsuite.errors import (
    CertificateRefused,
    ConcurrencyLimitExceeded,
    ConnectionFailed,
    HostUnreachable,
    LoginRefused,
    MalformedResponse,
    NetSuiteError,
    QueryRefused,
    RetriesExhausted,
    ServerFault,
    TimedOut,
)
from tap_netsuite_tba.netsuite.retries import LONGEST_DELAY, Patience, Retries, delays
from tests.netsuite.conftest import Time

OWN_FAULT = ServerFault(status=500, code="UNEXPECTED_ERROR")


@pytest.fixture
def patience(time: Time) -> Patience:
    return Patience(900, monotonic=time.monotonic)


def test_delays_have_full_jitter_below_ceilings_that_double(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("random.uniform", lambda low, high: low + high)
    ceilings = [1, 2, 4, 8, 16, 32, LONGEST_DELAY, LONGEST_DELAY]
    assert list(itertools.islice(delays(), 8)) == ceilings


@pytest.mark.parametrize(
    "kind", [ConcurrencyLimitExceeded, ServerFault, MalformedResponse, ConnectionFailed]
)
def test_temporary_trouble_is_waited_out(patience: Patience, kind: type[NetSuiteError]) -> None:
    assert patience.after(kind(), 3.5) == 3.5


@pytest.mark.parametrize("kind", [QueryRefused, LoginRefused, TimedOut, NetSuiteError])
def test_what_asking_again_does_not_help_is_raised_at_once(
    patience: Patience, kind: type[NetSuiteError]
) -> None:
    error = kind()
    with pytest.raises(kind) as raised:
        patience.after(error, 1)
    assert raised.value is error


def test_the_longer_of_the_delay_and_retry_after_is_waited(patience: Patience) -> None:
    asked = ConcurrencyLimitExceeded(retry_after=30)
    assert patience.after(asked, 3) == 30
    assert patience.after(asked, 40) == 40


def test_trouble_is_borne_as_long_as_the_timeout_says(patience: Patience, time: Time) -> None:
    began = time.now
    trouble = ServerFault("Bad gateway")

    def go_on() -> NoReturn:
        while True:
            time.now += patience.after(trouble, 7)

    with pytest.raises(RetriesExhausted) as raised:
        go_on()
    assert 900 - 7 <= time.now - began <= 900
    assert raised.value.last is trouble
    assert raised.value.seconds == time.now - began


def test_the_end_says_how_long_it_was_borne_and_what_was_met(
    patience: Patience, time: Time
) -> None:
    patience.after(MalformedResponse(), 1)
    patience.succeeded()
    for _ in range(3):
        patience.after(ConcurrencyLimitExceeded(), 1)
        time.now += 299
    with pytest.raises(RetriesExhausted) as raised:
        patience.after(ConnectionFailed("ConnectionResetError"), 30)
    assert raised.value.met == {ConcurrencyLimitExceeded: 3, ConnectionFailed: 1}
    limit, failed = ConcurrencyLimitExceeded.__name__, ConnectionFailed.__name__
    assert (
        f"no success for 897 s ({explanation_of(limit).what}: 3; "
        f"{explanation_of(failed).what}: 1). "
    ) in str(raised.value)


def test_any_success_on_the_account_begins_the_timeout_anew(patience: Patience, time: Time) -> None:
    for _ in range(10):
        patience.after(ServerFault(), 1)
        time.now += 800
        patience.succeeded()
    patience.after(ServerFault(), 1)


def test_a_long_pause_between_two_requests_uses_nothing_up(patience: Patience, time: Time) -> None:
    patience.succeeded()
    time.now += 10_000
    assert patience.after(ServerFault(), 1) == 1


def test_a_wait_that_netsuite_asks_for_beyond_the_timeout_is_not_begun(patience: Patience) -> None:
    with pytest.raises(RetriesExhausted, match="NetSuite asks to wait 3600 s"):
        patience.after(ConcurrencyLimitExceeded(retry_after=3600), 1)


def test_pages_that_keep_timing_out_end_it_too(patience: Patience, time: Time) -> None:
    for _ in range(3):
        with pytest.raises(TimedOut):
            patience.after(TimedOut(), 1)
        time.now += 299
    time.now += 300
    with pytest.raises(RetriesExhausted):
        patience.after(TimedOut(), 1)


def test_a_timeout_of_nothing_means_no_retry(time: Time) -> None:
    with pytest.raises(RetriesExhausted):
        Patience(0, monotonic=time.monotonic).after(ServerFault(), 0)


@pytest.mark.parametrize(
    "error", [HostUnreachable(), CertificateRefused(), MalformedResponse(status=404)]
)
def test_a_host_that_never_answered_as_netsuite_is_tried_three_times(
    patience: Patience, error: NetSuiteError
) -> None:
    for _ in range(2):
        assert patience.after(error, 1) == 1
    with pytest.raises(type(error)):
        patience.after(error, 1)


def test_a_page_of_a_gateway_is_waited_out_from_the_first_request_on(patience: Patience) -> None:
    for status in (200, 403, 503) * 5:
        assert patience.after(MalformedResponse(status=status), 1) == 1


def test_a_host_that_has_answered_before_is_tried_until_the_timeout(patience: Patience) -> None:
    patience.succeeded()
    for _ in range(20):
        assert patience.after(HostUnreachable(), 1) == 1


def test_each_kind_of_trouble_is_warned_of_once_a_minute(
    patience: Patience, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for _ in range(130):
        patience.after(ServerFault("Bad gateway", table="item"), 1)
        patience.after(ConcurrencyLimitExceeded(table="customer"), 1)
        time.now += 1
    warnings = [r.message for r in caplog.records if r.levelname == "WARNING"]
    assert len(warnings) == 6
    assert len(caplog.records) == 260
    assert warnings[0] == "NetSuite failed (item): Bad gateway. Asking again in 1.0 s."


def test_a_fault_may_be_taken_for_the_querys_own_while_others_succeed(
    patience: Patience, time: Time
) -> None:
    retries = Retries(patience, 10, monotonic=time.monotonic)
    began = time.now

    def go_on() -> NoReturn:
        while True:
            time.now += retries.pause_after(OWN_FAULT) + 0.1
            patience.succeeded()

    with pytest.raises(RetriesExhausted):
        go_on()
    assert 10 <= time.now - began < 11


@pytest.mark.parametrize(
    "trouble",
    [
        ConcurrencyLimitExceeded(),
        MalformedResponse(),
        ConnectionFailed(),
        ServerFault(status=500),
        ServerFault(status=503),
        ServerFault(status=503, code="UNEXPECTED_ERROR"),
        ServerFault(status=500, code="UNEXPECTED_ERROR", retry_after=1),
    ],
    ids=str,
)
def test_other_trouble_is_never_taken_for_the_querys_own(
    patience: Patience, time: Time, trouble: NetSuiteError
) -> None:
    retries = Retries(patience, 0, monotonic=time.monotonic)
    for _ in range(3):
        retries.pause_after(trouble)


def test_what_asks_to_wait_is_waited_for_however_short_the_patience_with_faults(
    patience: Patience, time: Time
) -> None:
    asked = ServerFault(status=500, code="UNEXPECTED_ERROR", retry_after=30)
    assert Retries(patience, 1, monotonic=time.monotonic).pause_after(asked) == 30


def test_only_faults_in_a_row_are_taken_for_the_querys_own(patience: Patience, time: Time) -> None:
    retries = Retries(patience, 1, monotonic=time.monotonic)
    retries.pause_after(OWN_FAULT)
    time.now += 20
    retries.pause_after(ServerFault(status=503))
    retries.pause_after(OWN_FAULT)
    time.now += 1
    with pytest.raises(RetriesExhausted):
        retries.pause_after(OWN_FAULT)


@pytest.mark.parametrize(
    "trouble",
    [MalformedResponse(), ConnectionFailed(), ServerFault(status=502), OWN_FAULT],
    ids=str,
)
def test_any_trouble_may_be_of_what_is_asked_for_while_others_succeed(
    patience: Patience, time: Time, trouble: NetSuiteError
) -> None:
    retries = Retries(patience, None, 120, monotonic=time.monotonic)
    began = time.now

    def go_on() -> NoReturn:
        while True:
            time.now += retries.pause_after(trouble) + 0.1
            patience.succeeded()

    with pytest.raises(RetriesExhausted) as raised:
        go_on()
    assert raised.value.last is trouble
    assert 120 <= raised.value.seconds < 121
    assert time.now - began == pytest.approx(raised.value.seconds)


def test_but_a_lack_of_room_is_of_nothing_that_is_asked_for(patience: Patience) -> None:
    retries = Retries(patience, None, 0)
    for _ in range(3):
        retries.pause_after(ConcurrencyLimitExceeded())
