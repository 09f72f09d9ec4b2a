"""The slots for requests in flight, of which an account has few."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

COOLING_SECONDS = 15 * 60 + 10
"""How long after its beginning a request may go on at NetSuite: 15 minutes, and time to connect."""


class Session:
    """One request in flight."""

    def __init__(self) -> None:
        self.busy_until: float | None = None

    def abandon(self, began: float) -> None:
        """Say that NetSuite may go on with the request, although nobody waits for it any more.

        Args:
            began: When the request was sent, by the pool's clock.
        """
        self.busy_until = began + COOLING_SECONDS


class SessionPool:
    """Slots for the requests of this process, given in the order in which they are asked for.

    Args:
        max_sessions: How many slots there are.
        monotonic: The clock by which slots cool down.
        changed: What those who wait for a slot wait on.
    """

    def __init__(
        self,
        max_sessions: int,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        changed: threading.Condition | None = None,
    ) -> None:
        self.max_sessions = max_sessions
        self.peak = 0
        self._monotonic = monotonic
        self._changed = changed or threading.Condition()
        self._queue: deque[object] = deque()
        self._in_flight = 0
        self._cooling: list[float] = []

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Hold a slot, from before a request is sent until the last byte of its answer."""
        session = self._take()
        try:
            yield session
        finally:
            self._give_back(session)

    def _take(self) -> Session:
        place = object()
        with self._changed:
            self._queue.append(place)
            try:
                while self._queue[0] is not place or not self._free():
                    self._changed.wait(self._until_cool())
            except BaseException:
                self._queue.remove(place)
                self._changed.notify_all()
                raise
            self._queue.popleft()
            self._in_flight += 1
            self.peak = max(self.peak, self._in_flight)
            self._changed.notify_all()
            return Session()

    def _give_back(self, session: Session) -> None:
        with self._changed:
            self._in_flight -= 1
            if session.busy_until is not None:
                self._cooling.append(session.busy_until)
            self._changed.notify_all()

    def _free(self) -> int:
        now = self._monotonic()
        self._cooling = [until for until in self._cooling if until > now]
        return self.max_sessions - self._in_flight - len(self._cooling)

    def _until_cool(self) -> float | None:
        """Seconds until the next slot is cool; None if none is cooling."""
        return max(0.0, min(self._cooling) - self._monotonic()) if self._cooling else None
