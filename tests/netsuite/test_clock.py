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


def sent_at(clock: Clock, date: str | None, elapsed: float = 0) -> datetime:
    """What an answer says that arrives now, after so many seconds, while the clock stands still."""
    return clock.sent_at(date, signed=clock.now() - elapsed, elapsed=elapsed)


def test_the_clock_follows_the_latest_refused_login() -> None:
    clock = Clock(NOON.timestamp)
    assert clock.now() == NOON.timestamp()
    for minutes in (-60, 7):
        netsuite = NOON + timedelta(minutes=minutes)
        assert clock.learn(header(netsuite)) == NOON - netsuite.replace(microsecond=0)
        assert clock.now() == netsuite.replace(microsecond=0).timestamp()


@pytest.mark.parametrize("minutes", [-600, -4, 4, 600])
def test_an_accepted_login_proves_the_clock_whatever_its_date_says(minutes: int) -> None:
    clock = Clock(NOON.timestamp)
    sent_at(clock, header(NOON + timedelta(minutes=minutes)))
    assert clock.now() == NOON.timestamp()


def test_a_refused_login_without_a_date_teaches_nothing() -> None:
    clock = Clock(NOON.timestamp)
    clock.learn(header(NOON + timedelta(hours=1)))
    learnt = clock.now()
    assert clock.learn(None) is None
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
    said = sent_at(Clock(lambda: host_now), header(answered), elapsed=there + back)
    assert said.tzinfo is UTC
    assert sent - timedelta(seconds=back + 2) <= said <= sent


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
    assert sent_at(Clock(lambda: host_now), date, elapsed=there) <= sent


@pytest.mark.parametrize("seconds", [301, 3600, 1e7])
def test_a_later_date_is_not_believed_and_one_warning_says_so(
    seconds: float, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(NOON.timestamp)
    date = header(NOON + timedelta(seconds=seconds + 1))
    for _ in range(3):
        assert sent_at(clock, date, elapsed=2) == NOON - ALLOWED_SKEW - timedelta(seconds=3)
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert "more than five minutes from the time" in record.getMessage()


def test_an_earlier_date_counts_and_one_warning_says_so(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock(NOON.timestamp)
    cached = (NOON - timedelta(days=2)).replace(microsecond=0)
    for _ in range(3):
        assert sent_at(clock, header(cached)) == cached - ROUNDING
    [record] = caplog.records
    assert "more than five minutes from the time" in record.getMessage()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-298, "5.0 minutes ahead of NetSuite's"),
        (-62, "1.0 minutes ahead"),
        (-59, ""),
        (0, ""),
        (59, ""),
        (62, "1.0 minutes behind"),
        (298, "5.0 minutes behind NetSuite's"),
    ],
)
def test_a_date_within_five_minutes_is_netsuites_own_and_more_than_one_is_said_once(
    seconds: int, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    clock, date = Clock(NOON.timestamp), (NOON + timedelta(seconds=seconds)).replace(microsecond=0)
    for _ in range(2):
        assert sent_at(clock, header(date)) == date - ROUNDING
    assert [said in record.getMessage() for record in caplog.records] == [True] * bool(said)


def test_an_answer_that_took_long_does_not_make_the_clock_look_wrong(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for date in (NOON - timedelta(minutes=10), NOON - timedelta(minutes=5), NOON):
        sent_at(Clock(NOON.timestamp), header(date), elapsed=600)
    assert not caplog.records


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(minutes=12), "12.0 minutes ahead of NetSuite's"),
        (timedelta(minutes=-6), "6.0 minutes behind NetSuite's"),
        (timedelta(days=-1), "24.0 hours behind NetSuite's"),
    ],
)
def test_a_host_that_is_off_signs_by_netsuites_time_and_says_so_once(
    ahead: timedelta, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock((NOON + ahead).timestamp)
    for _ in range(2):
        learnt = clock.learn(header(NOON))
        assert learnt is not None
        assert abs(learnt - ahead) < ROUNDING
        assert abs(clock.now() - NOON.timestamp()) < 1
    sent_at(clock, header(NOON))
    [record] = caplog.records
    assert said in record.getMessage()
    assert "NTP" in record.getMessage()


def test_a_host_that_is_nearly_right_keeps_its_own_time_without_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock(NOON.timestamp)
    assert clock.learn(header(NOON - timedelta(seconds=58)))
    assert clock.now() == NOON.timestamp()
    assert not caplog.records


def test_a_host_whose_clock_is_set_right_is_believed_again() -> None:
    host = [(NOON + timedelta(hours=1)).timestamp()]
    clock = Clock(lambda: host[0])
    clock.learn(header(NOON))
    host[0] = NOON.timestamp()
    clock.learn(header(NOON))
    assert abs(clock.now() - NOON.timestamp()) < 1


def test_dates_that_were_wrong_teach_nothing_after_a_login_that_was_accepted() -> None:
    clock = Clock(NOON.timestamp)
    sent_at(clock, header(NOON + timedelta(hours=1)))
    assert clock.learn(header(NOON + timedelta(hours=1))) is None
    assert clock.now() == NOON.timestamp()


@pytest.mark.parametrize("step", [-3600, -61, 61, 3600])
def test_a_clock_that_is_set_while_the_run_goes_on_is_noticed_once(step: int) -> None:
    passed, host = [0.0], [NOON.timestamp()]
    clock = Clock(lambda: host[0], monotonic=lambda: passed[0])
    passed[0] += 900
    host[0] += 900
    assert not clock.jumped()
    host[0] += step
    assert clock.jumped()
    assert not clock.jumped()


def test_a_clock_that_drifts_is_not_one_that_was_set() -> None:
    passed, host = [0.0], [NOON.timestamp()]
    clock = Clock(lambda: host[0], monotonic=lambda: passed[0])
    for _ in range(100):
        passed[0] += 60
        host[0] += 61
        assert not clock.jumped()


@pytest.mark.parametrize("date", NO_DATES)
def test_without_a_date_the_hosts_clock_less_five_minutes_stands_in_and_one_warning_says_so(
    date: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock(NOON.timestamp)
    for _ in range(3):
        assert sent_at(clock, date, elapsed=2) == NOON - ALLOWED_SKEW - timedelta(seconds=3)
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert "without a Date header" in record.getMessage()


def test_a_missing_date_and_a_wrong_one_are_two_warnings(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock(NOON.timestamp)
    for date in (None, header(NOON + timedelta(hours=1))) * 2:
        sent_at(clock, date)
    assert len(caplog.records) == 2


def test_a_missing_date_does_not_forget_what_was_learnt() -> None:
    clock = Clock(NOON.timestamp)
    clock.learn(header(NOON + timedelta(hours=1)))
    said = sent_at(clock, None)
    assert NOON + timedelta(minutes=54, seconds=57) < said <= NOON + timedelta(minutes=55)
