"""The demo account's process: started by process.py, ended by the end of its standard input."""

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime

from tap_netsuite_tba.simulator.requirements import missing_requirements


def main(born: str) -> int:
    """Serve the demo company until standard input ends.

    One JSON line on standard output tells how to connect, or what is wrong.

    Args:
        born: the instant of the company's birth, in ISO 8601.
    """
    problem = missing_requirements()
    if problem is not None:
        _tell({"error": problem})
        return 2
    # Only now: without the extra this import fails.
    from tap_netsuite_tba.simulator.simulator import DEFAULT_TRANSACTIONS, Simulator  # noqa: PLC0415

    company = Simulator(DEFAULT_TRANSACTIONS, born=datetime.fromisoformat(born), alive=True)
    with company as account:
        with suppress(BrokenPipeError):  # Who asked may be gone before it was ready.
            _tell({"base_url": account.base_url, **asdict(account.credentials)})
        sys.stdin.buffer.read()
    return 0


def _tell(message: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
