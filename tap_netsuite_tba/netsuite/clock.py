"""What time it is at NetSuite, learnt from the `Date` header of its answers."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

logger = logging.getLogger(__name__)

_ROUNDING = timedelta(seconds=1)
"""A `Date` header has whole seconds."""

_NONE = timedelta(0)

ALLOWED_SKEW = timedelta(minutes=5)
"""How far from NetSuite's own time a signature's may be (Oracle's help on TBA errors)."""

NOTABLE_SKEW = timedelta(minutes=1)
"""How far this host may be from NetSuite before somebody ought to know."""

_NO_DATE = (
    "An answer came without a Date header, so this machine's clock is taken for NetSuite's. If it "
    "is wrong by more than five minutes, the login fails: set it by NTP, and let the proxy on the "
    "way keep that header."
)
_WRONG_DATE = (
    "An answer's Date header is more than five minutes from the time by which NetSuite accepted "
    "the login; the earlier of the two counts. A proxy or a cache on the way may have written it."
)
_SKEWED = (
    "This machine's clock is {off}, by the Date of its answers. NetSuite refuses logins from five "
    "minutes on: set the clock by NTP."
)
_CORRECTED = (
    "This machine's clock is {off}, by the Date of its answer. Requests are signed by NetSuite's "
    "time from now on; set the clock by NTP, or each run begins with a refused login."
)


class Clock:
    """NetSuite's clock: the host's, corrected by what a refused login's answer said.

    Signatures must carry NetSuite's time to within five minutes, so a host whose clock is wrong
    can log in only once it has learnt the difference. A login that was accepted proves the clock;
    a `Date` that is further off was not written by NetSuite, but by something on the way.

    Args:
        now: The host's clock, in seconds since 1970 UTC.
        monotonic: A clock that nobody sets, in seconds.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._host_now = now
        self._monotonic = monotonic
        self._offset = _NONE
        self._ahead_of_monotonic = now() - monotonic()
        self._dates_are_wrong = False
        self._warned: set[str] = set()

    def now(self) -> float:
        """NetSuite's time, in seconds since 1970 UTC."""
        return self._host_now() + self._offset.total_seconds()

    def learn(self, date: str | None) -> timedelta | None:
        """Take over NetSuite's time from an answer that has just arrived, if it is much another.

        Args:
            date: The answer's `Date` header.

        Returns:
            How far this host is ahead of NetSuite, negative if it is behind; None if unknown.
        """
        answered_at = _parse(date)
        if answered_at is None or self._dates_are_wrong:
            return None
        ahead = _instant(self._host_now()) - answered_at
        if abs(ahead + self._offset) > NOTABLE_SKEW:
            self._offset = -ahead
        if abs(ahead) > NOTABLE_SKEW:
            self._warn_once(_CORRECTED, off=_said(ahead))
        return ahead

    def sent_at(self, date: str | None, *, signed: float, elapsed: float) -> datetime:
        """When a request was sent whose login NetSuite accepted.

        Args:
            date: The answer's `Date` header.
            signed: When the request was sent, by this clock.
            elapsed: Seconds from then to the end of the answer.

        Returns:
            An instant in UTC by NetSuite's clock, never later than the true one.
        """
        took = timedelta(seconds=elapsed)
        sent_at, answered_at = _instant(signed), _parse(date)
        if answered_at is None:
            self._warn_once(_NO_DATE)
            return sent_at - ALLOWED_SKEW - _ROUNDING
        ahead = _outside(answered_at, sent_at - _ROUNDING, sent_at + took)
        if abs(ahead) > ALLOWED_SKEW:
            self._dates_are_wrong = True
            self._warn_once(_WRONG_DATE)
            answered_at = min(answered_at, sent_at + took - ALLOWED_SKEW)
        elif abs(ahead) > NOTABLE_SKEW:
            self._warn_once(_SKEWED, off=_said(ahead))
        return answered_at - took - _ROUNDING

    def jumped(self) -> bool:
        """Whether, since this was last asked, the host's clock was set, or the host slept."""
        ahead = self._host_now() - self._monotonic()
        jump = abs(ahead - self._ahead_of_monotonic)
        self._ahead_of_monotonic = ahead
        return jump > NOTABLE_SKEW.total_seconds()

    def _warn_once(self, text: str, **values: str) -> None:
        if text not in self._warned:
            self._warned.add(text)
            logger.warning("%s", text.format(**values))


def _parse(date: str | None) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(date or "")
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _outside(instant: datetime, first: datetime, last: datetime) -> timedelta:
    """How far an instant is before the first of two, or, negative, after the last."""
    return max(first - instant, _NONE) - max(instant - last, _NONE)


def _said(ahead: timedelta) -> str:
    """How far this host is ahead of NetSuite, in words."""
    seconds = abs(round(ahead.total_seconds()))
    minutes, hours = seconds / 60, seconds / 3600
    size = f"{minutes:.1f} minutes" if hours < 2 else f"{hours:.1f} hours"  # noqa: PLR2004
    return f"{size} {'ahead of' if ahead > _NONE else 'behind'} NetSuite's"
