"""The tap again and again in one process, which tells its parent when it has come to rest.

A line on stdin is an order: a configuration, a state and a catalog. What the tap writes goes to
stdout, and after each run a line of its own, `{"type": "END", "code": …}`.
"""

import gc
import json
import sys
from typing import IO, Any

from tap_netsuite_tba.errors import TapNetSuiteError
from tap_netsuite_tba.netsuite import client, sessions
from tap_netsuite_tba.tap import TapNetSuite

READ_TIMEOUT = 3.0
"""Seconds; the account forgets a request that its client gave up, so its session need not cool."""


def sync(order: dict[str, Any]) -> int:
    """One run; returns its exit code."""
    try:
        tap = TapNetSuite(
            config=order["config"], state=order["state"] or {}, catalog=order["catalog"]
        )
        tap.sync()
    except SystemExit as error:
        return int(error.code or 0)
    except TapNetSuiteError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def main(orders: IO[str]) -> None:
    """Does what it is told to, until nobody tells it anything any more."""
    defaults = client.Client.__init__.__kwdefaults__
    assert defaults
    defaults["read_timeout"] = READ_TIMEOUT
    sessions.COOLING_SECONDS = 0
    for order in orders:
        code = sync(json.loads(order))
        gc.collect()  # What is only not collected yet is no leak.
        sys.stdout.write(json.dumps({"type": "END", "code": code}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.stdin)
