"""The line of processes that wait for a slot."""

from pathlib import Path

from tap_netsuite_tba.netsuite.file_locks import LockFile

PLACES = 10
"""How many processes stand in line; further ones come to its end as it happens."""


class Line:
    """A row of files, each a place that one process has locked.

    Who comes takes the last place and moves on to the next one whenever that is free; so nobody
    overtakes, and a place that a killed process leaves is filled by the one behind it.

    Args:
        folder: Where the files are.
    """

    def __init__(self, folder: Path) -> None:
        self._places = [LockFile(folder / f"place-{n}") for n in range(1, PLACES + 1)]
        self._at: int | None = None
        self._is_crowded = False

    def advance(self) -> bool:
        """Move on as far as possible; whether that is the front.

        Raises:
            OSError: The files cannot be opened or locked.
        """
        if self._at is None and not self._enter():
            return False
        while self._at and self._move_to(self._at - 1):
            pass
        return self._at == 0

    def leave(self, *, is_crowded: bool) -> None:
        """Give the place to others.

        Args:
            is_crowded: Whether others may be in line. One who had not to wait goes straight to the
                front the next time, which is locked if anyone else is there.
        """
        if self._at is not None:
            self._places[self._at].unlock()
            self._at = None
        self._is_crowded = is_crowded

    def close(self) -> None:
        """Leave for good."""
        for place in self._places:
            place.close()

    def _enter(self) -> bool:
        if not self._is_crowded and self._move_to(0):
            return True
        self._is_crowded = True
        return self._move_to(len(self._places) - 1)

    def _move_to(self, place: int) -> bool:
        if not self._places[place].try_lock():
            return False
        if self._at is not None:
            self._places[self._at].unlock()
        self._at = place
        return True
