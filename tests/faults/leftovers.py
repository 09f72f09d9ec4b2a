"""What a run that has ended could have left behind in this process."""

import contextlib
import threading
from pathlib import Path

_OPEN = {"01", "08"}
"""Connections that stand, or that only the other side has closed."""


def fetching() -> set[threading.Thread]:
    """The tap's threads that fetch pages."""
    return {thread for thread in threading.enumerate() if thread.name.startswith("fetch-")}


def connections_to(port: int) -> int:
    """How many connections of this process lead to a port of this host."""
    own = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # that of this very question is closed by now
            own.add(str(descriptor.readlink()))
    found = 0
    for line in Path("/proc/self/net/tcp").read_text().splitlines()[1:]:
        _, _, remote, state, *_, inode = line.split()[:10]
        is_there = int(remote.rpartition(":")[2], 16) == port and state in _OPEN
        found += is_there and f"socket:[{inode}]" in own
    return found
