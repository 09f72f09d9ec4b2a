"""The slots of an account as file locks, shared by all programs of one user on one host.

A slot is a file that whoever holds it has locked; a killed process loses its locks at once. While a
request is in flight, the file says whose it is and until when it may count at NetSuite. A clean end
wipes that out; whoever finds it in a file that nobody has locked lets the slot cool until then.

Who waits stands in line: a row of files, of which each process holds at most one, moves on to the
next one when that is free, and tries only for slots that nobody before it uses: from the first
place, for all its own. Nobody sleeps with a lock that another one needs: all locks are tried for,
never waited for.
"""

import contextlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tap_netsuite_tba.netsuite.file_locks import LockFile
from tap_netsuite_tba.netsuite.line import Line
from tap_netsuite_tba.netsuite.private_folder import open_folder
from tap_netsuite_tba.netsuite.sessions import COOLING_SECONDS
from tap_netsuite_tba.netsuite.slots import Holder, Slot

SHORTEST_PAUSE, LONGEST_PAUSE = 0.002, 0.05
"""Seconds between two tries of one who waits: a sixteenth of its wait so far, within these."""


class HostSlots:
    """The slots of an account, shared with other programs on this host.

    Args:
        folder: Where their files are.
        number: How many of them this program uses: the first ones, so that programs with the same
            number share it.
        monotonic: The clock by which they cool down, the same for all processes.

    Raises:
        OSError: There can be no such folder.
    """

    def __init__(
        self, folder: Path, number: int, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        open_folder(folder)
        self.folder = folder
        self._monotonic = monotonic
        # From the last one on, to leave the first ones to programs that use no others.
        self._files = [LockFile(folder / f"slot-{n}") for n in range(number, 0, -1)]
        self._line = Line(folder, number, monotonic)
        self._own: set[LockFile] = set()
        self._waits_since: float | None = None
        self._is_closed = False

    def take(self) -> Slot | None:
        """One of them, if it is free and cool and nobody who waits for it came before.

        Raises:
            OSError: The files cannot be opened or locked.
        """
        if len(self._own) == len(self._files):
            self.step_back()
            return None
        file = self._free_file(kept=self._line.advance())
        if file is None:
            if self._waits_since is None:
                self._waits_since = self._monotonic()
            return None
        self._leave_line()
        self._own.add(file)
        return _HostSlot(file, self._give_back)

    def until_next_try(self) -> float | None:
        """Seconds until other programs may have given one back; None if they have none."""
        if self._waits_since is None:
            return None
        waited = self._monotonic() - self._waits_since
        return min(max(waited / 16, SHORTEST_PAUSE), LONGEST_PAUSE)

    def step_back(self) -> None:
        """Leave the line."""
        if self._waits_since is not None:
            self._leave_line()

    def holders(self) -> Sequence[Holder]:
        """What other programs hold of the slots, or have left to cool down.

        Raises:
            OSError: As `take`.
        """
        others = [file for file in self._files if file not in self._own]
        return [holder for file in others for holder in self._holder(file)]

    def close(self) -> None:
        """Close all files but those in use, which follow as they are given back."""
        self._is_closed = True
        self._line.close()
        for file in self._files:
            if file not in self._own:
                file.close()

    def _leave_line(self) -> None:
        self._line.leave(is_crowded=self._waits_since is not None)
        self._waits_since = None

    def _free_file(self, kept: int) -> LockFile | None:
        """One that is free and cool, locked; none of the first ones that are kept for others."""
        for file in self._files[: max(0, len(self._files) - kept)]:
            if file in self._own or not file.try_lock():
                continue
            left = _Request.read(file)
            if left is None:
                return file
            if not left.cools_for(self._monotonic()):
                file.write(_NOTHING)
                return file
            file.unlock()
        return None

    def _give_back(self, file: LockFile) -> None:
        self._own.discard(file)
        file.unlock()
        if self._is_closed:
            file.close()

    def _holder(self, file: LockFile) -> Iterator[Holder]:
        is_free = file.try_lock()
        request, now = _Request.read(file), self._monotonic()
        if is_free:
            file.unlock()
        seconds = now - request.began if request else None
        pid = request.pid if request else None
        if not is_free:
            yield Holder(pid, seconds)
        elif request and (cools_for := request.cools_for(now)):
            yield Holder(pid, seconds, cools_for)


class _HostSlot:
    """One whose file this process has locked."""

    def __init__(self, file: LockFile, give_back: Callable[[LockFile], None]) -> None:
        self._file = file
        self._give_back = give_back
        self._began: float | None = None

    def begin(self, began: float, until: float) -> None:
        """Write down that a request is sent."""
        self._began = began
        self._write(_Request(os.getpid(), began, until).written())

    def give_back(self, until: float | None = None) -> None:
        """Let others lock it."""
        if self._began is not None:
            request = until and _Request(os.getpid(), self._began, until)
            self._write(request.written() if request else _NOTHING)
        self._give_back(self._file)

    def _write(self, content: bytes) -> None:
        # Where it fails, as on a full disk, a killed process's slot may be used too early: a 429.
        with contextlib.suppress(OSError):
            self._file.write(content)


@dataclass(frozen=True)
class _Request:
    """What the file of a slot says of the request that is, or was last, in flight.

    Attributes:
        pid: The process that sent it.
        began: When, by the host's monotonic clock.
        until: How long it may count at NetSuite, if nobody hears how it ends.
    """

    pid: int
    began: float
    until: float

    @classmethod
    def read(cls, file: LockFile) -> "_Request | None":
        """That of a file; None if it ended well."""
        try:
            pid, began, until = file.read(len(_NOTHING)).split()
            return cls(int(pid), float(began), float(until))
        except ValueError:
            return None

    def written(self) -> bytes:
        """What `read` understands, always of one length."""
        return f"{self.pid:10d} {self.began:20.6f} {self.until:20.6f}\n".encode()

    def cools_for(self, now: float) -> float | None:
        """Seconds for which it may still count; None if it does not, or if that is impossible.

        The clock begins anew when the host does, and files may outlive that.
        """
        is_possible = self.began < now + 1 and self.until - self.began < COOLING_SECONDS + 1
        return self.until - now if is_possible and self.until > now else None


_NOTHING = b" " * 52 + b"\n"
"""What is written over a request that ended well."""
