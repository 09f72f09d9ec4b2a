"""The sessions of a process: requests in flight, each of which holds one of the account's slots."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tap_netsuite_tba.netsuite.allowance import Allowance
from tap_netsuite_tba.netsuite.errors import ClientClosed, NetSuiteError
from tap_netsuite_tba.netsuite.slots import Holder, ProcessSlots, Slot, Slots
from tap_netsuite_tba.netsuite.waits import Waits

logger = logging.getLogger(__name__)

COOLING_SECONDS = 15 * 60 + 10
"""How long after its beginning a request may go on at NetSuite: 15 minutes, and time to connect."""

SHORTEST_COOLING = 5.0
"""Seconds from its beginning for which a request that was left to itself may count at least."""

UNKNOWN_COOLING = 60.0
"""The same, for a process that has had no answer yet."""

TIMES_LONGEST = 4
"""How much longer than the longest request of its process one that was left to itself may take."""

REMEMBERED = 50
"""Of so many requests, the last ones, the longest counts: one slow one hours ago tells nothing."""

LONGEST_LEFT = 120.0
"""Seconds for which the next run waits at most for what one that was stopped or killed has left."""


class Durations:
    """How long the last requests of a process took, from their beginning to their last byte."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.now = monotonic
        self._lock = threading.Lock()
        self._last: deque[float] = deque(maxlen=REMEMBERED)

    def took(self, seconds: float) -> None:
        """Take note of one that has ended."""
        with self._lock:
            self._last.append(seconds)

    def may_take(self, taken: float = 0.0) -> float:
        """How long one may take that nobody will hear of, which has taken some time already."""
        with self._lock:
            longest = max(self._last, default=0.0)
            is_unknown = not self._last
        if is_unknown and not taken:
            return UNKNOWN_COOLING
        likely = max(TIMES_LONGEST * max(longest, taken), SHORTEST_COOLING)
        return min(likely, taken + LONGEST_LEFT, COOLING_SECONDS)


class Session:
    """One request in flight, and the slot that it holds.

    Args:
        slot: The slot.
        durations: Those of the process.
        give_back: Gives the slot back.
    """

    def __init__(
        self,
        slot: Slot,
        durations: Durations,
        give_back: Callable[[Slot, float | None], None],
    ) -> None:
        self._slot = slot
        self._durations = durations
        self._give_back = give_back
        self._began: float | None = None
        self._has_ended = False

    def begin(self) -> None:
        """Say that the request is sent now."""
        self._began = self._durations.now()
        self._slot.begin(self._began, self._began + self._durations.may_take())

    def end(self) -> None:
        """Give the slot back: the last byte of the answer is here, or none will come."""
        if self._began is not None and not self._has_ended:
            self._durations.took(self._durations.now() - self._began)
        self._end(None)

    def abandon(self) -> None:
        """Give the slot back, unused until NetSuite must have ended what it did not answer."""
        self._end(None if self._began is None else self._began + COOLING_SECONDS)

    def leave(self) -> None:
        """Give the slot back, unused until NetSuite is likely to have ended what it was asked.

        That a program ends is no sign of a slow request: to let the slot rest for as long as one
        that timed out would cost the next run more than a refusal does.
        """
        if self._began is None:
            self._end(None)
        else:
            taken = self._durations.now() - self._began
            self._end(self._began + self._durations.may_take(taken))

    def _end(self, until: float | None) -> None:
        if not self._has_ended:
            self._has_ended = True
            self._give_back(self._slot, until)


@dataclass(eq=False)
class _Place:
    """One in the queue of those who wait for a slot.

    Attributes:
        since: When it came.
    """

    since: float


class SessionPool:
    """The sessions of this process, begun in the order in which they are asked for.

    Args:
        max_sessions: How many there are at most at once.
        slots: Those of the account; by default they are of this process alone.
        allowance: How many of them may be in use; all of them by default.
        longest_wait: Seconds without a slot, and with nothing in flight, after which waiting ends
            in an error, unless it is only for slots that rest; None for never.
        monotonic: The clock, by which slots cool down too.
        changed: What those who wait for a slot wait on.
    """

    def __init__(  # noqa: PLR0913 - what is put together here varies in tests
        self,
        max_sessions: int,
        *,
        slots: Slots | None = None,
        allowance: Allowance | None = None,
        longest_wait: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        changed: threading.Condition | None = None,
    ) -> None:
        self.max_sessions = max_sessions
        self.allowance = allowance or Allowance(max_sessions, monotonic=monotonic)
        self.peak = 0
        self._slots: Slots = slots or ProcessSlots(max_sessions, monotonic=monotonic)
        self._monotonic = monotonic
        self._durations = Durations(monotonic)
        self._waits = Waits(longest_wait, monotonic)
        self._changed = changed or threading.Condition()
        self._queue: deque[_Place] = deque()
        self._in_flight = 0
        self._is_closed = False

    @property
    def shared_in(self) -> Path | None:
        """The folder of the slots, where they are shared with other programs of this host."""
        return self._slots.folder

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Hold a slot, from before a request is sent until the session ends, here at the latest.

        An answer, or a connection that broke, ends the request. Whatever else ends the session,
        and the closing of the pool, leaves it to itself.

        Raises:
            ClientClosed: There are no slots any more.
            SessionsTaken: There was none for too long.
        """
        session = self._take()
        try:
            yield session
        except NetSuiteError:
            if self._is_closed:
                session.leave()
            raise
        except BaseException:
            session.leave()
            raise
        finally:
            session.end()

    def holders(self) -> tuple[Holder, ...]:
        """What keeps this program from slots, apart from its own requests in flight."""
        with self._changed:
            return self._holders()

    def close(self) -> None:
        """Give no slot any more, not even to those who wait for one."""
        with self._changed:
            self._is_closed = True
            self._slots.step_back()
            self._slots.close()
            self._changed.notify_all()

    def _take(self) -> Session:
        place = _Place(self._monotonic())
        with self._changed:
            self._queue.append(place)
            try:
                while (slot := self._slot_for(place)) is None:
                    self._changed.wait(self._until_next_try(place))
            except BaseException:
                if self._queue[0] is place:
                    self._slots.step_back()
                self._queue.remove(place)
                self._changed.notify_all()
                raise
            self._queue.popleft()
            self._in_flight += 1
            self.peak = max(self.peak, self._in_flight)
            self._waits.moved()
            self._changed.notify_all()
            return Session(slot, self._durations, self._give_back)

    def _give_back(self, slot: Slot, until: float | None) -> None:
        with self._changed:
            self._in_flight -= 1
            slot.give_back(until)
            self._waits.moved()
            self._changed.notify_all()

    def _slot_for(self, place: _Place) -> Slot | None:
        """A slot for a place in the queue, if there is one now."""
        if self._is_closed:
            raise ClientClosed
        if self._queue[0] is not place:
            return None
        if self._in_flight >= min(self.max_sessions, self.allowance.limit()):
            self._slots.step_back()
            return None
        slot = self._free_slot()
        if slot is None:
            self._waits.look(place.since, self._holders, is_idle=not self._in_flight)
        return slot

    def _free_slot(self) -> Slot | None:
        try:
            return self._slots.take()
        except OSError as error:
            logger.warning(
                "The slots of this host in %s cannot be used any more: %s. This process goes on "
                "with its own max_sessions, and other programs of the host do not know of them.",
                *(self._slots.folder, error),
            )
            self._slots.close()
            self._slots = ProcessSlots(self.max_sessions, monotonic=self._monotonic)
            return self._slots.take()

    def _holders(self) -> tuple[Holder, ...]:
        try:
            return tuple(self._slots.holders())
        except OSError:
            return ()  # Whoever tries to take one next is told.

    def _until_next_try(self, place: _Place) -> float | None:
        """Seconds for which to wait, unless something changes; None if only that helps."""
        if self._queue[0] is not place:
            return None
        if self._in_flight >= min(self.max_sessions, self.allowance.limit()):
            return self.allowance.until_more()
        return self._waits.until_next_look(place.since, self._slots.until_next_try())
