"""The line of processes that wait for a slot."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from tap_netsuite_tba.netsuite.file_locks import LockFile

PLACES = 10
"""How many processes stand in line; further ones come to its end as it happens."""

PASSED_OVER_AFTER = 5.0
"""Seconds after which one who does not look any more, as a suspended program, keeps no slot."""

_LENGTH = 32
"""Bytes in a place's file, more than it needs."""


class Line:
    """A row of files, each a place that one process has locked.

    Who comes takes the last place and moves on to the next one whenever that is free; so nobody
    overtakes, and a place that a killed process leaves is filled by the one behind it. Only who
    comes just when the first has left goes before the second, which has not moved on yet.

    Each place says how many slots its process uses, and when it looked last. Those behind leave
    these slots to it, and may have the others: one who waits for the first slot holds nobody up.

    Args:
        folder: Where the files are.
        number: How many slots, the first ones, this process uses.
        monotonic: The clock, the same for all processes.
    """

    def __init__(self, folder: Path, number: int, monotonic: Callable[[], float]) -> None:
        self._places = [LockFile(folder / f"place-{n}") for n in range(1, PLACES + 1)]
        self._number = number
        self._monotonic = monotonic
        self._at: int | None = None
        self._is_crowded = False

    def advance(self) -> int:
        """Move on as far as possible; how many slots, the first ones, are for those before it.

        Raises:
            OSError: The files cannot be opened or locked.
        """
        if self._at is None:
            self._enter()
        while self._at and self._move_to(self._at - 1):
            pass
        if self._at is not None:
            self._sign(self._places[self._at])
        return max(map(self._kept_by, self._places[: self._at]), default=0)

    def leave(self, *, is_crowded: bool) -> None:
        """Give the place to others.

        Args:
            is_crowded: Whether others may be in line. One who had not to wait goes straight to the
                front the next time, which is locked if anyone else is there.
        """
        if self._at is not None:
            self._places[self._at].unlock()
        self._is_crowded = is_crowded or self._at != 0
        self._at = None

    def close(self) -> None:
        """Leave for good."""
        for place in self._places:
            place.close()

    def _enter(self) -> None:
        if self._is_crowded or not self._move_to(0):
            self._is_crowded = True
            self._move_to(len(self._places) - 1)

    def _move_to(self, place: int) -> bool:
        if not self._places[place].try_lock():
            return False
        if self._at is not None:
            self._places[self._at].unlock()
        self._at = place
        return True

    def _sign(self, place: LockFile) -> None:
        # Where it fails, as on a full disk, those behind do not wait: an order that is not kept.
        with contextlib.suppress(OSError):
            place.write(b"%2d %20.6f\n" % (self._number, self._monotonic()))

    def _kept_by(self, place: LockFile) -> int:
        """How many slots one is waiting for; none if there is nobody, or nobody who looks."""
        try:
            number, looked = place.read(_LENGTH).split()
            is_awake = abs(self._monotonic() - float(looked)) < PASSED_OVER_AFTER
            return int(number) if is_awake else 0
        except ValueError:
            return 0
