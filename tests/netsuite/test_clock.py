from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.clock import ALLOWED_SKEW, Clock

NOON = datetime(2026, 3, 12, 12, 0, 0, 900_000, tzinfo=UTC)
ROUNDING = timedelta(seconds=1)
NO_DATES = [None, "", "noon", "Thu, 99 Mar 2026 08:57:43 GMT", "Fri, 31 Dec 9999 23:59:59 -0200"]


def header(instant: datetime) -> str:
    return format_datetime(instant, usegmt=True)


def test_the_clock_follows_the_latest_refused_login() -> None:
    clock = Clock(NOON.timestamp)
    assert clock.now() == NOON.timestamp()
    for minutes in (-60, 7):
        netsuite = NOON + timedelta(minutes=minutes)
        clock.sent_at(header(netsuite), elapsed=0.5, refused=True)
        assert clock.now() == netsuite.replace(microsecond=0).timestamp()


@pytest.mark.parametrize("minutes", [-600, -4, 4, 600])
def test_an_accepted_login_proves_the_clock_whatever_its_date_says(minutes: int) -> None:
    clock = Clock(NOON.timestamp)
    clock.sent_at(header(NOON + timedelta(minutes=minutes)), elapsed=0)
    assert clock.now() == NOON.timestamp()


def test_a_refused_login_without_a_date_teaches_nothing() -> None:
    clock = Clock(NOON.timestamp)
    clock.sent_at(header(NOON + timedelta(hours=1)), elapsed=0, refused=True)
    learnt = clock.now()
    clock.sent_at(None, elapsed=0, refused=True)
    assert clock.now() == learnt


@given(
    skew=st.floats(-299, 299),
    there=st.floats(0, 900),
    back=st.floats(0, 900),
    fraction=st.floats(0, 1, exclude_max=True),
)
def test_sent_at_is_never_later_than_true_whatever_the_host_says(
    skew: float, there: float, back: float, fraction: float
) -> None:
    sent = NOON.replace(microsecond=int(fraction * 1e6))
    answered = sent + timedelta(seconds=there)
    host_now = (answered + timedelta(seconds=back + skew)).timestamp()
    said = Clock(lambda: host_now).sent_at(header(answered), elapsed=there + back)
    assert said.tzinfo is UTC
    # An answer that was long on its way looks like one with a wrong date.
    margin = ALLOWED_SKEW if back + abs(skew) >= ALLOWED_SKEW.total_seconds() - 1 else timedelta(0)
    assert sent - timedelta(seconds=back + 2) - margin <= said <= sent


@given(
    skew=st.floats(-300, 300),
    there=st.floats(0, 900),
    off=st.one_of(st.none(), st.floats(601, 1e7), st.floats(-1e7, -1)),
)
def test_a_date_that_something_on_the_way_wrote_never_makes_it_later_than_true(
    skew: float, there: float, off: float | None
) -> None:
    sent = NOON
    answered = sent + timedelta(seconds=there)
    date = None if off is None else header(answered + timedelta(seconds=off))
    host_now = (answered + timedelta(seconds=skew)).timestamp()
    assert Clock(lambda: host_now).sent_at(date, elapsed=there) <= sent


@pytest.mark.parametrize("seconds", [301, 3600, 1e7])
def test_a_later_date_is_not_believed_and_one_warning_says_so(
    seconds: float, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(NOON.timestamp)
    date = header(NOON + timedelta(seconds=seconds + 1))
    for _ in range(3):
        assert clock.sent_at(date, elapsed=2) == NOON - ALLOWED_SKEW - timedelta(seconds=3)
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert "more than five minutes from the time" in record.getMessage()


def test_an_earlier_date_counts_and_one_warning_says_so(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock(NOON.timestamp)
    cached = (NOON - timedelta(days=2)).replace(microsecond=0)
    for _ in range(3):
        assert clock.sent_at(header(cached), elapsed=0) == cached - ROUNDING
    [record] = caplog.records
    assert "more than five minutes from the time" in record.getMessage()


@pytest.mark.parametrize("seconds", [-298, 0, 298])
def test_a_date_within_five_minutes_is_netsuites_own(
    seconds: int, caplog: pytest.LogCaptureFixture
) -> None:
    date = (NOON + timedelta(seconds=seconds)).replace(microsecond=0)
    assert Clock(NOON.timestamp).sent_at(header(date), elapsed=0) == date - ROUNDING
    assert not caplog.records


@pytest.mark.parametrize("date", NO_DATES)
def test_without_a_date_the_hosts_clock_less_five_minutes_stands_in_and_one_warning_says_so(
    date: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(NOON.timestamp)
    for _ in range(3):
        assert clock.sent_at(date, elapsed=2) == NOON - ALLOWED_SKEW - timedelta(seconds=3)
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert "without a Date header" in record.getMessage()


def test_a_missing_date_and_a_wrong_one_are_two_warnings(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock(NOON.timestamp)
    for date in (None, header(NOON + timedelta(hours=1))) * 2:
        clock.sent_at(date, elapsed=0)
    assert len(caplog.records) == 2


def test_a_missing_date_does_not_forget_what_was_learnt() -> None:
    clock = Clock(NOON.timestamp)
    clock.sent_at(header(NOON + timedelta(hours=1)), elapsed=0, refused=True)
    said = clock.sent_at(None, elapsed=0)
    assert NOON + timedelta(minutes=54, seconds=57) < said <= NOON + timedelta(minutes=55)
