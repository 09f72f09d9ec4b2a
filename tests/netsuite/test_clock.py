from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_netsuite_tba.netsuite.clock import Clock

NOON = datetime(2026, 3, 12, 12, 0, 0, 900_000, tzinfo=UTC)


def test_the_clock_follows_the_latest_date_header() -> None:
    clock = Clock(NOON.timestamp)
    assert clock.now() == NOON.timestamp()
    for minutes in (-60, 7):
        netsuite = NOON + timedelta(minutes=minutes)
        clock.sent_at(format_datetime(netsuite, usegmt=True), elapsed=0.5)
        assert clock.now() == netsuite.replace(microsecond=0).timestamp()


@given(
    skew=st.floats(-1e7, 1e7),
    there=st.floats(0, 900),
    back=st.floats(0, 900),
    fraction=st.floats(0, 1, exclude_max=True),
)
def test_sent_at_is_never_later_than_true_and_close_below(
    skew: float, there: float, back: float, fraction: float
) -> None:
    sent = NOON.replace(microsecond=int(fraction * 1e6))
    answered = sent + timedelta(seconds=there)
    host_now = (answered + timedelta(seconds=back + skew)).timestamp()
    date = format_datetime(answered, usegmt=True)
    said = Clock(lambda: host_now).sent_at(date, elapsed=there + back)
    assert said.tzinfo is UTC
    assert sent - timedelta(seconds=back + 2) <= said <= sent


@pytest.mark.parametrize(
    "date",
    [None, "", "noon", "Thu, 99 Mar 2026 08:57:43 GMT", "Fri, 31 Dec 9999 23:59:59 -0200"],
)
def test_without_a_date_the_hosts_clock_stands_in_and_one_warning_says_so(
    date: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(NOON.timestamp)
    for _ in range(3):
        assert clock.sent_at(date, elapsed=2) == NOON - timedelta(seconds=3)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_missing_date_does_not_forget_what_was_learnt() -> None:
    clock = Clock(NOON.timestamp)
    clock.sent_at(format_datetime(NOON + timedelta(hours=1), usegmt=True), elapsed=0)
    assert clock.sent_at(None, elapsed=0) > NOON + timedelta(minutes=59)
