"""The slots for requests in flight, of which an account has few."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tap_netsuite_tba.netsuite.errors import ClientClosed

COOLING_SECONDS = 15 * 60 + 10
"""How long after its beginning a request may go on at NetSuite: 15 minutes, and time to connect."""


class Session:
    """One request in flight, and the slot that it holds."""

    def __init__(self, give_back: Callable[["Session"], None]) -> None:
        self.busy_until: float | None = None
        self._give_back = give_back
        self._has_ended = False

    def abandon(self, began: float) -> None:
        """Say that NetSuite may go on with the request, although nobody waits for it any more.

        Args:
            began: When the request was sent, by the pool's clock.
        """
        self.busy_until = began + COOLING_SECONDS

    def end(self) -> None:
        """Give the slot back: the last byte of the answer is here, or none will come."""
        if not self._has_ended:
            self._has_ended = True
            self._give_back(self)


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
        self._is_closed = False

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Hold a slot, from before a request is sent until the session ends, here at the latest.

        Raises:
            ClientClosed: There are no slots any more.
        """
        session = self._take()
        try:
            yield session
        finally:
            session.end()

    def close(self) -> None:
        """Give no slot any more, not even to those who wait for one."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _take(self) -> Session:
        place = object()
        with self._changed:
            self._queue.append(place)
            try:
                while not self._is_for(place):
                    self._changed.wait(self._until_cool())
            except BaseException:
                self._queue.remove(place)
                self._changed.notify_all()
                raise
            self._queue.popleft()
            self._in_flight += 1
            self.peak = max(self.peak, self._in_flight)
            self._changed.notify_all()
            return Session(self._give_back)

    def _give_back(self, session: Session) -> None:
        with self._changed:
            self._in_flight -= 1
            if session.busy_until is not None:
                self._cooling.append(session.busy_until)
            self._changed.notify_all()

    def _is_for(self, place: object) -> bool:
        """Whether there is a slot for a place in the queue."""
        if self._is_closed:
            raise ClientClosed
        return self._queue[0] is place and self._free() > 0

    def _free(self) -> int:
        now = self._monotonic()
        self._cooling = [until for until in self._cooling if until > now]
        return self.max_sessions - self._in_flight - len(self._cooling)

    def _until_cool(self) -> float | None:
        """Seconds until the next slot is cool; None if none is cooling."""
        return max(0.0, min(self._cooling) - self._monotonic()) if self._cooling else None
