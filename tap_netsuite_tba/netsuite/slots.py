"""The slots of an account: each is the right to have one request in flight."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Holder:
    """What keeps a slot from those who wait for one.

    Attributes:
        pid: The process that took it; None if it has not sent its request yet.
        seconds: How long ago its request was sent; None likewise.
        cools_for: In how many seconds NetSuite must have ended that request, which nobody waits
            for any more; None while somebody does.
    """

    pid: int | None = None
    seconds: float | None = None
    cools_for: float | None = None


class Slot(Protocol):
    """One that was taken."""

    def begin(self, began: float, until: float) -> None:
        """Take down that a request is sent.

        Args:
            began: When, by the clock of the slots.
            until: How long to let the slot cool if this process is killed meanwhile.
        """

    def give_back(self, until: float | None = None) -> None:
        """Let others have it.

        Args:
            until: When NetSuite must have ended the request; None if it has.
        """


class Slots(Protocol):
    """Those that a program may have; used by one thread at a time."""

    @property
    def folder(self) -> Path | None:
        """Where other programs find them too; None if they are of this process alone."""

    def take(self) -> Slot | None:
        """One of them, if it can be had now.

        Raises:
            OSError: They cannot be had at all.
        """

    def until_next_try(self) -> float | None:
        """Seconds until it is worth trying again; None if one must be given back here before."""

    def step_back(self) -> None:
        """Stop trying, so that others go first."""

    def holders(self) -> Sequence[Holder]:
        """What keeps the others from being taken, apart from this program's requests in flight.

        Raises:
            OSError: As `take`.
        """

    def close(self) -> None:
        """Let go of all but those that are in use, which follow as they are given back."""


class ProcessSlots:
    """Slots of this process alone.

    Args:
        number: How many there are.
        monotonic: The clock by which they cool down.
    """

    folder = None

    def __init__(self, number: int, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._free = number
        self._monotonic = monotonic
        self._cooling: list[float] = []

    def take(self) -> Slot | None:
        """One of them, if it can be had now."""
        now = self._monotonic()
        cool = [until for until in self._cooling if until > now]
        self._free += len(self._cooling) - len(cool)
        self._cooling = cool
        if not self._free:
            return None
        self._free -= 1
        return _ProcessSlot(self._give_back)

    def until_next_try(self) -> float | None:
        """Seconds until the next slot is cool; None if none is cooling."""
        return max(0.0, min(self._cooling) - self._monotonic()) if self._cooling else None

    def step_back(self) -> None:
        """Nobody else wants them."""

    def holders(self) -> Sequence[Holder]:
        """The slots that cool down."""
        now = self._monotonic()
        return [Holder(cools_for=until - now) for until in self._cooling if until > now]

    def close(self) -> None:
        """They need no closing."""

    def _give_back(self, until: float | None) -> None:
        if until is None:
            self._free += 1
        else:
            self._cooling.append(until)


class _ProcessSlot:
    def __init__(self, give_back: Callable[[float | None], None]) -> None:
        self._give_back = give_back

    def begin(self, began: float, until: float) -> None:
        """Nobody else has to know."""

    def give_back(self, until: float | None = None) -> None:
        self._give_back(until)
