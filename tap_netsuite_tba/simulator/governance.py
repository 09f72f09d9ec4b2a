"""The account's concurrency limit: how many requests it works on at once."""

import threading
import time
from dataclasses import dataclass


class ConcurrencyLimitExceededError(Exception):
    """One request more than the account takes at once."""


@dataclass(frozen=True)
class Load:
    """How busy the account has been.

    Attributes:
        peak: most requests in flight at one instant.
        mean: requests in flight, averaged from the first one's start to the last one's end.
        refused: requests over the limit.
    """

    peak: int
    mean: float
    refused: int


class Session:
    """One request in flight; closing it again does nothing."""

    def __init__(self, governance: "Governance") -> None:
        self._governance = governance
        self._open = True

    def close(self) -> None:
        """Give the place back."""
        if self._open:
            self._open = False
            self._governance.leave()


class Governance:
    """Counts requests in flight over the whole account.

    Attributes:
        limit: how many the account takes at once.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._in_flight = 0
        self._peak = 0
        self._refused = 0
        self._area = 0.0
        self._started: float | None = None
        self._changed = 0.0

    def enter(self) -> Session:
        """Begin a request.

        Raises:
            ConcurrencyLimitExceededError: ``limit`` requests are in flight already.
        """
        with self._lock:
            if self._in_flight >= self.limit:
                self._refused += 1
                raise ConcurrencyLimitExceededError
            self._move(1)
            self._peak = max(self._peak, self._in_flight)
        return Session(self)

    def leave(self) -> None:
        """End a request."""
        with self._lock:
            self._move(-1)

    @property
    def load(self) -> Load:
        """How busy the account has been so far."""
        with self._lock:
            seconds = 0.0 if self._started is None else self._changed - self._started
            return Load(self._peak, self._area / seconds if seconds else 0.0, self._refused)

    def _move(self, step: int) -> None:
        now = time.monotonic()
        if self._started is None:
            self._started = self._changed = now
        self._area += self._in_flight * (now - self._changed)
        self._changed = now
        self._in_flight += step
