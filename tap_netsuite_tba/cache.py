"""Where things are kept over runs that can be made anew."""

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
