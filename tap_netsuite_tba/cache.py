"""Where things are kept over runs that can be made anew, for their user alone."""

import os
import tempfile
from pathlib import Path


def cache_folder() -> Path:
    """The tap's folder in the user's cache; it may not be there yet."""
    cache: str | Path | None = os.environ.get("XDG_CACHE_HOME")
    if not cache:
        try:
            cache = Path.home() / ".cache"
        except RuntimeError:  # a user without a home, as in some containers
            cache = tempfile.gettempdir()
    return Path(cache) / "tap-netsuite-tba"


def write_private(path: Path, content: bytes) -> None:
    """Replaces a file, at once and whole, by one that only its owner may read.

    Raises:
        OSError: It cannot be written.
    """
    make_private(path.parent)
    # Of several processes the last one wins, and nobody reads half a file.
    handle, written = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(written).replace(path)
    finally:
        Path(written).unlink(missing_ok=True)


def make_private(folder: Path) -> None:
    """Makes a folder, and those above it that are missing, for their owner alone.

    Raises:
        OSError: It cannot be made.
    """
    # With `parents`, mkdir gives its mode to the last one only.
    for each in (*reversed(folder.parents), folder):
        each.mkdir(mode=0o700, exist_ok=True)
