"""Waits for what a server does in its own time."""

import time
from collections.abc import Callable

_LONGEST = 30.0


def wait_until(holds: Callable[[], bool]) -> None:
    """Return as soon as ``holds`` does.

    Raises:
        TimeoutError: it does not within 30 seconds.
    """
    last = time.monotonic() + _LONGEST
    while not holds():
        if time.monotonic() > last:
            raise TimeoutError
        time.sleep(0.002)
