"""What time it is at NetSuite, learnt from the `Date` header of its answers."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

logger = logging.getLogger(__name__)

_ROUNDING = timedelta(seconds=1)
"""A `Date` header has whole seconds."""


class Clock:
    """NetSuite's clock: the host's, corrected by what the latest answer said.

    Signatures must carry NetSuite's time to within five minutes, so a host whose clock is wrong
    can log in only once it has learnt the difference.

    Args:
        now: The host's clock, in seconds since 1970 UTC.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._host_now = now
        self._offset = 0.0
        self._missed_a_date = False

    def now(self) -> float:
        """NetSuite's time, in seconds since 1970 UTC."""
        return self._host_now() + self._offset

    def sent_at(self, date: str | None, elapsed: float) -> datetime:
        """Learn from an answer that has just arrived, and tell when its request was sent.

        Args:
            date: The answer's `Date` header.
            elapsed: Seconds since just before the request was sent.

        Returns:
            An instant in UTC by NetSuite's clock, never later than the true one.
        """
        answered_at = _parse(date)
        if answered_at:
            self._offset = answered_at.timestamp() - self._host_now()
        else:
            self._warn_once()
            answered_at = datetime.fromtimestamp(self.now(), UTC)
        return answered_at - timedelta(seconds=elapsed) - _ROUNDING

    def _warn_once(self) -> None:
        if not self._missed_a_date:
            self._missed_a_date = True
            logger.warning(
                "An answer came without a Date header, so this machine's clock is taken for "
                "NetSuite's. If it is wrong by more than five minutes, the login fails: set it by "
                "NTP, and let the proxy on the way keep that header."
            )


def _parse(date: str | None) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(date or "")
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
