"""What time it is at NetSuite, learnt from the `Date` header of its answers."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

logger = logging.getLogger(__name__)

_ROUNDING = timedelta(seconds=1)
"""A `Date` header has whole seconds."""


ALLOWED_SKEW = timedelta(minutes=5)
"""How far from NetSuite's own time a signature's may be (Oracle's help on TBA errors)."""

_NO_DATE = (
    "An answer came without a Date header, so this machine's clock is taken for NetSuite's. If it "
    "is wrong by more than five minutes, the login fails: set it by NTP, and let the proxy on the "
    "way keep that header."
)
_WRONG_DATE = (
    "An answer's Date header is more than five minutes from the time by which NetSuite accepted "
    "the login; the earlier of the two counts. A proxy or a cache on the way may have written it."
)


class Clock:
    """NetSuite's clock: the host's, corrected by what a refused login's answer said.

    Signatures must carry NetSuite's time to within five minutes, so a host whose clock is wrong
    can log in only once it has learnt the difference. A login that was accepted proves the clock;
    a `Date` that is further off was not written by NetSuite, but by something on the way.

    Args:
        now: The host's clock, in seconds since 1970 UTC.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._host_now = now
        self._offset = 0.0
        self._warned: set[str] = set()

    def now(self) -> float:
        """NetSuite's time, in seconds since 1970 UTC."""
        return self._host_now() + self._offset

    def sent_at(self, date: str | None, elapsed: float, *, refused: bool = False) -> datetime:
        """Learn from an answer that has just arrived, and tell when its request was sent.

        Args:
            date: The answer's `Date` header.
            elapsed: Seconds since just before the request was sent.
            refused: Whether the login was refused, perhaps for this clock.

        Returns:
            An instant in UTC by NetSuite's clock, never later than the true one.
        """
        answered_at = _parse(date)
        if answered_at and refused:
            self._offset = answered_at.timestamp() - self._host_now()
        now = datetime.fromtimestamp(self.now(), UTC)
        if answered_at is None:
            self._warn_once(_NO_DATE)
            answered_at = now - ALLOWED_SKEW
        elif abs(answered_at - now) > ALLOWED_SKEW:
            self._warn_once(_WRONG_DATE)
            answered_at = min(answered_at, now - ALLOWED_SKEW)
        return answered_at - timedelta(seconds=elapsed) - _ROUNDING

    def _warn_once(self, text: str) -> None:
        if text not in self._warned:
            self._warned.add(text)
            logger.warning(text)


def _parse(date: str | None) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(date or "")
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
