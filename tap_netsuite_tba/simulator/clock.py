"""The account's clock: real time unless a test sets it."""

import threading
from datetime import UTC, datetime, timedelta


class Clock:
    """NetSuite's own time; everything in the simulator asks it, nothing asks the host.

    It runs at the host's pace, shifted by what was set.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shift = timedelta()

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        with self._lock:
            return datetime.now(UTC) + self._shift

    def set(self, instant: datetime) -> None:
        """Let it be ``instant`` (with a time zone) now."""
        with self._lock:
            self._shift = instant.astimezone(UTC) - datetime.now(UTC)

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once; a negative number turns the clock back."""
        with self._lock:
            self._shift += timedelta(seconds=seconds)
