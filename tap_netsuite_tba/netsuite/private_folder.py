"""The folder for what the programs of one user share while they run on one host."""

import contextlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

_SECONDS_KEPT = 24 * 3600


def runtime_folder() -> Path:
    """This user's folder among the host's temporary files; it may not be there yet.

    Not `XDG_RUNTIME_DIR`: jobs of cron have none, while those of a login shell have, so they would
    not meet.

    Raises:
        OSError: The system does not say which files are whose.
    """
    if not hasattr(os, "getuid"):
        raise OSError("this system has no folder that is known to be one user's alone")
    return Path(tempfile.gettempdir()) / f"tap-netsuite-tba-{os.getuid()}"


def open_folder(folder: Path) -> None:
    """Make a folder, and its parent, for their user alone, and mark them as in use.

    Raises:
        OSError: They cannot be made or written, or others could put files there.
    """
    for each in (folder.parent, folder):
        each.mkdir(mode=0o700, exist_ok=True)
        _check(each)
    os.utime(folder)


def sweep(pattern: str) -> None:
    """Remove old folders that nothing was done in for a day.

    Args:
        pattern: Which ones, of those in the runtime folder.
    """
    for folder in runtime_folder().glob(pattern):
        with contextlib.suppress(OSError):  # Another program sweeps at the same time.
            if time.time() - _last_used(folder) > _SECONDS_KEPT:
                shutil.rmtree(folder)


def _check(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise OSError(f"{folder} is no folder")
    if found.st_uid != os.getuid():
        raise OSError(f"{folder} belongs to another user")
    if found.st_mode & 0o077:
        raise OSError(f"{folder} is open to other users: remove it, or let its mode be 0700")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OSError(f"{folder} cannot be written")


def _last_used(folder: Path) -> float:
    return max(each.stat().st_mtime for each in (folder, *folder.iterdir()))
