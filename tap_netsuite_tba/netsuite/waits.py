"""Waits for a slot that get long: they are said, and they end."""

import logging
import math
from collections.abc import Callable, Sequence

from tap_netsuite_tba.netsuite.errors import SessionsTaken
from tap_netsuite_tba.netsuite.slots import Holder

logger = logging.getLogger(__name__)

SAID_AFTER = 5.0
"""Seconds without a slot after which that is said."""

SAID_EVERY = 60.0
"""Seconds between two such words."""


class Waits:
    """How long a process has had no slot.

    Args:
        longest: Seconds after which waiting ends in an error, unless it is only for slots that
            rest; None for never.
        monotonic: The clock.
    """

    def __init__(self, longest: float | None, monotonic: Callable[[], float]) -> None:
        self._longest = longest
        self._monotonic = monotonic
        self._moved_at = self._rested_at = monotonic()
        self._said_at: float | None = None

    def moved(self) -> None:
        """Take note that a slot was taken, or given back, by this process."""
        self._moved_at = self._monotonic()

    def look(self, since: float, holders: Callable[[], Sequence[Holder]], *, is_idle: bool) -> None:
        """Say how long the first in the queue has waited, if that is long, and on what.

        Args:
            since: When it came.
            holders: Tells what keeps it from a slot.
            is_idle: Whether this process has nothing in flight.

        Raises:
            SessionsTaken: It has waited for as long as is bearable, with nothing in flight.
        """
        now = self._monotonic()
        waited = now - max(since, self._moved_at)
        if is_idle and now >= self._patient_until(since):
            keep = holders()
            if not _only_rest(keep):
                raise SessionsTaken(f"{said_of(keep)}; waited for {waited:.0f} s")
            self._rested_at = now
        was_said = self._said_at is not None and now - self._said_at < SAID_EVERY
        if waited < SAID_AFTER or was_said:
            return
        self._said_at = now
        logger.warning("No session for %.0f s, waiting: %s.", waited, said_of(holders()))

    def until_next_look(self, since: float, pause: float | None) -> float | None:
        """Seconds for which to wait, no longer than until a wait must be looked at again."""
        if pause is None:
            return None
        now = self._monotonic()
        looks = [max(since, self._moved_at) + SAID_AFTER, self._patient_until(since)]
        if self._said_at is not None:
            looks.append(self._said_at + SAID_EVERY)
        return min([pause, *(look - now for look in looks if look > now)])

    def _patient_until(self, since: float) -> float:
        """When waiting for other programs ends."""
        if self._longest is None:
            return math.inf
        return max(since, self._moved_at, self._rested_at) + self._longest


def _only_rest(holders: Sequence[Holder]) -> bool:
    """Whether slots are kept, and each by nothing but a rest, which ends."""
    return bool(holders) and all(one.cools_for is not None for one in holders)


def said_of(holders: Sequence[Holder]) -> str:
    """Who or what keeps slots from those who wait, in the words of a message."""
    held = [one for one in holders if one.cools_for is None]
    cooling = sorted(round(one.cools_for) for one in holders if one.cools_for is not None)
    said = []
    if held:
        whose = ", ".join(map(_said_of_one, held))
        said.append(f"{_slots(len(held))} held by other programs on this host ({whose})")
    if cooling:
        seconds = " to ".join(map(str, sorted({cooling[0], cooling[-1]})))
        said.append(
            f"{_slots(len(cooling))} not used for another {seconds} s, for NetSuite may still "
            "be at work on requests that were given up"
        )
    return "; ".join(said) or "other programs on this host are before it in line"


def _slots(number: int) -> str:
    return "1 slot is" if number == 1 else f"{number} slots are"


def _said_of_one(holder: Holder) -> str:
    if holder.pid is None or holder.seconds is None:
        return "one that has sent nothing"
    return f"process {holder.pid} for {holder.seconds:.0f} s"
