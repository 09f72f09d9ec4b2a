"""The account's concurrency limit: how many requests it works on at once."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


class ConcurrencyLimitExceededError(Exception):
    """One request more than the account takes at once."""


@dataclass(frozen=True)
class Load:
    """How busy the account has been.

    Attributes:
        in_flight: requests that it works on now.
        peak: most requests in flight at one instant.
        mean: requests in flight, averaged from the first one's start to the last one's end.
        refused: requests over the limit.
    """

    in_flight: int
    peak: int
    mean: float
    refused: int


@dataclass(frozen=True)
class Visitors:
    """Other integrations that come and go.

    Attributes:
        places: that they take.
        since: when they come, in seconds of ``time.monotonic``.
        until: when they are gone again.
    """

    places: int
    since: float
    until: float


class Session:
    """One request in flight; closing it again does nothing.

    Attributes:
        at_close: what happens before its place is free again.
    """

    def __init__(self, governance: "Governance") -> None:
        self.at_close: Callable[[], None] | None = None
        self._governance = governance
        self._open = True

    def close(self) -> None:
        """Give the place back."""
        if self._open:
            self._open = False
            if self.at_close is not None:
                self.at_close()
            self._governance.leave()


class Governance:
    """Counts requests in flight over the whole account.

    Attributes:
        limit: how many the account takes at once.
        patience: seconds that a request over the limit is held, in case a place becomes free.
        allocation: places that this integration has for itself, and no more; None if it takes
            them from those that are not allocated.
        is_internal: whether this integration is one of NetSuite's own.
    """

    def __init__(self, limit: int, patience: float = 0.0) -> None:
        self.limit = limit
        self.patience = patience
        self.allocation: int | None = None
        self.is_internal = False
        self._room = threading.Condition()
        self._others = 0
        self._visitors: list[Visitors] = []
        self._is_closed = False
        self._in_flight = 0
        self._peak = 0
        self._refused = 0
        self._area = 0.0
        self._started: float | None = None
        self._changed = 0.0

    @property
    def others(self) -> int:
        """Places that other integrations of the account take now; set to those that stay."""
        now = time.monotonic()
        coming = sum(each.places for each in self._visitors if each.since <= now < each.until)
        return min(self.limit, self._others + coming)

    @others.setter
    def others(self, places: int) -> None:
        self._check(places)
        with self._room:
            self._others = places
            self._room.notify_all()

    def visit(self, places: int, since: float, until: float) -> None:
        """Let other integrations take more places for a while.

        Args:
            places: that they take, beside those of ``others``.
            since: when they come, in seconds from now.
            until: when they are gone again, in seconds from now.

        Raises:
            ValueError: these are more places than there are, or they are gone before they come.
        """
        self._check(places)
        if not 0 <= since < until:
            raise ValueError(f"other integrations come before they go, not at {since} and {until}")
        now = time.monotonic()
        with self._room:
            self._visitors.append(Visitors(places, now + since, now + until))
            self._room.notify_all()

    def _check(self, places: int) -> None:
        if not 0 <= places <= self.limit:
            raise ValueError(f"other integrations take 0 to {self.limit} places, not {places}")

    def enter(self) -> Session:
        """Begin a request.

        Raises:
            ConcurrencyLimitExceededError: ``limit`` requests are in flight, and stay so.
            ConnectionAbortedError: the simulator ends.
        """
        with self._room:
            self._wait_for_room(time.monotonic() + self.patience)
            if self._is_closed:
                raise ConnectionAbortedError
            if not self._has_room():
                self._refused += 1
                raise ConcurrencyLimitExceededError
            self._move(1)
            self._peak = max(self._peak, self._in_flight)
        return Session(self)

    def leave(self) -> None:
        """End a request."""
        with self._room:
            self._move(-1)
            self._room.notify()

    def close(self) -> None:
        """Hold nobody any more, and let nobody in."""
        with self._room:
            self._is_closed = True
            self._room.notify_all()

    @property
    def load(self) -> Load:
        """How busy the account has been so far."""
        with self._room:
            seconds = 0.0 if self._started is None else self._changed - self._started
            mean = self._area / seconds if seconds else 0.0
            return Load(self._in_flight, self._peak, mean, self._refused)

    def _wait_for_room(self, until: float) -> None:
        """Wait until there is a place, or ``until``; nobody wakes it when visitors go."""
        while (now := time.monotonic()) < until and not (self._is_closed or self._has_room()):
            goes = [each.until for each in self._visitors if each.until > now]
            self._room.wait(min([until, *goes]) - now)

    def _has_room(self) -> bool:
        own = self.limit if self.allocation is None else self.allocation
        return self._in_flight < min(own, self.limit - self.others)

    def _move(self, step: int) -> None:
        now = time.monotonic()
        if self._started is None:
            self._started = self._changed = now
        self._area += self._in_flight * (now - self._changed)
        self._changed = now
        self._in_flight += step
