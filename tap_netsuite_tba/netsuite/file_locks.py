"""Files that one process at a time may lock; the kernel ends the lock with its process."""

import contextlib
import os
from pathlib import Path

import portalocker
from portalocker import AlreadyLocked, LockException, LockFlags

from tap_netsuite_tba.netsuite.private_folder import open_folder

_AT_ONCE = LockFlags.EXCLUSIVE | LockFlags.NON_BLOCKING
_MODE = 0o600


class LockFile:
    """A file in a folder of the user's own, made when it is first wanted; for one thread at a time.

    Portalocker's `lock` and `unlock` are flock(2): a lock belongs to the open file, so two objects
    of one path exclude each other even in one process, while one object does not exclude itself.

    Args:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None
        self._number = 0

    def try_lock(self) -> bool:
        """Lock it, unless another one has; does not wait.

        Raises:
            OSError: There can be no such file, or its file system knows no locks.
        """
        while True:
            handle = self._opened()
            try:
                portalocker.lock(handle, _AT_ONCE)
            except AlreadyLocked:
                return False
            except LockException as error:
                raise OSError(f"it cannot be locked: {error}") from error
            if self._is_in_place():
                return True
            self.close()

    def unlock(self) -> None:
        """Let others lock it."""
        if self._handle is not None:
            portalocker.unlock(self._handle)

    def read(self, most: int) -> bytes:
        """Its first bytes, whoever has locked it."""
        return os.pread(self._opened(), most, 0)

    def write(self, content: bytes) -> None:
        """Put something in the place of its first bytes."""
        os.pwrite(self._opened(), content, 0)

    def close(self) -> None:
        """Close it, which also unlocks it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _opened(self) -> int:
        if self._handle is None:
            try:
                self._handle = self._open()
            except FileNotFoundError:
                open_folder(self.path.parent)  # Someone has tidied up.
                self._handle = self._open()
            self._number = os.fstat(self._handle).st_ino
        return self._handle

    def _open(self) -> int:
        return os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, _MODE)

    def _is_in_place(self) -> bool:
        """Whether its path still leads to it: what was removed, others lock anew."""
        with contextlib.suppress(FileNotFoundError):
            return os.stat(self.path).st_ino == self._number  # noqa: PTH116 - half as long as Path's
        return False
