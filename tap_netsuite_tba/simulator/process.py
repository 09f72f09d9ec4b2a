"""The demo account: a simulator in a process of its own, which ends with the one that started it.

Importing this needs neither DuckDB nor sqlglot; the other process does (see demo.py).
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO

from tap_netsuite_tba.simulator.birth import remembered_birth

_SECONDS_TO_END = 10

_SETTINGS = "TAP_NETSUITE_TBA_"
"""How the variables begin that hold the tap's settings, an account's secrets among them."""


class DemoError(Exception):
    """The demo account did not start; the message says why and what to do."""


@dataclass(frozen=True)
class DemoConnection:
    """How to reach the demo account and what to log in with."""

    base_url: str
    account_id: str
    consumer_key: str
    consumer_secret: str = field(repr=False)
    token_id: str
    token_secret: str = field(repr=False)


class DemoAccount:
    """The demo account's process.

    It ends by ``stop``, at the end of a ``with``, and when this process is gone, however it went:
    the other side waits for the end of a pipe that only this process holds open.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> DemoConnection:
        """Start it and wait until it answers.

        Raises:
            DemoError: it did not start.
        """
        born = remembered_birth()
        # A session of its own: Ctrl-C is for us, who may have requests to finish.
        self._process = subprocess.Popen(  # noqa: S603  # our own module
            [sys.executable, "-m", "tap_netsuite_tba.simulator.demo", born.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(),
            start_new_session=True,
        )
        try:
            return self._connection(self._process.stdout)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it, if it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> DemoConnection:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @staticmethod
    def _connection(output: IO[bytes] | None) -> DemoConnection:
        line = b"" if output is None else output.readline()
        try:
            told = json.loads(line)
        except ValueError as error:
            raise DemoError("The demo account's process ended before it was ready.") from error
        if "error" in told:
            raise DemoError(told["error"])
        return DemoConnection(**told)


def _environment() -> dict[str, str]:
    """What the other process is told, which needs no way into any account."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)}
